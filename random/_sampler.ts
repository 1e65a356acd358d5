/**
 * What samplers have in common: their keys, shapes, dtypes and parameters, and their compilation as a whole.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  broadcastShapes,
  canonicalShape,
  defaultFloat,
  defaultInt,
  type DType,
  type DTypeLike,
  isKey,
  JaxArray,
  namedJit,
  type NamedJitOptions,
  NotImplementedError,
  P,
  randomSplit,
  raw,
  requestedDType,
  resultType,
  sameShape,
  settings,
  toArray,
  toInexact,
  tuple,
  typedArrayDType,
  TypePromotionError,
  ValueError,
} from "../core/mod.ts";

/** A typed key, or the two words of one as a uint32 array. */
export type KeyLike = JaxArray | Uint32Array;

/** A size, or a list of sizes. */
export type Shape = number | readonly number[];

/** Shape and dtype of samples. */
export interface SampleOptions {
  /** The shape of the result. */
  readonly shape?: Shape;
  /** The dtype of the result. */
  readonly dtype?: DTypeLike | null;
}

/** The trailing arguments of samplers without parameters: by position, or in one object at the end. */
export type SampleRest = readonly [
  shape?: Shape | SampleOptions,
  dtype?: DTypeLike | null | SampleOptions,
  options?: SampleOptions,
];

/** Shape and dtype of samples of a distribution with parameters. */
export interface ParameterizedOptions {
  /** The shape of the result; by default the parameters' common shape. */
  readonly shape?: Shape | null;
  /** The dtype of the result. */
  readonly dtype?: DTypeLike | null;
}

/** The trailing arguments of samplers with parameters: by position, or in one object at the end. */
export type ParameterizedRest = readonly [
  shape?: Shape | null | ParameterizedOptions,
  dtype?: DTypeLike | null | ParameterizedOptions,
  options?: ParameterizedOptions,
];

const implementations = ["threefry2x32"];
const others = ["rbg", "unsafe_rbg", "philox2x32", "philox4x32", "threefry4x32"];

/**
 * Checks the name of an implementation, or a key dtype; null is the configured one.
 *
 * @throws {NotImplementedError} for implementations that JAX has and jaxlet has not
 * @throws {ValueError} for other names
 */
export function checkImplementation(spec: unknown): void {
  const name = spec ?? settings.flags.defaultPrngImpl;
  if (typeof name === "function" && isKey(name as DType)) return;
  if (typeof name !== "string") {
    throw new TypeError(`unrecognized type ${typeof name} for specifying PRNG implementation.`);
  }
  if (implementations.includes(name)) return;
  if (others.includes(name)) {
    throw new NotImplementedError(
      `PRNG implementation "${name}" is not supported: keys are "threefry2x32"` +
        (spec === undefined || spec === null ? ". Set jax_default_prng_impl to it" : ""),
    );
  }
  throw new ValueError(
    `unrecognized PRNG implementation "${name}". Did you mean one of: ${
      implementations.map((n) => `"${n}"`).join(", ")
    }?`,
  );
}

/** An array as a typed key array. */
export function typedKey(key: unknown): JaxArray {
  if (key instanceof JaxArray && isKey(key.dtype)) return key;
  if (!(key instanceof JaxArray) && typedArrayDType(key) === undefined) {
    throw new TypeError(
      `unexpected PRNG key type ${key === null ? "null" : typeof key}. Make a key with random.key(seed)`,
    );
  }
  checkImplementation(null);
  return bind1(P.random_wrap, [toArray(key, "random_wrap")]);
}

/**
 * The one typed key that a function takes.
 *
 * @throws {ValueError} for an array of keys
 */
export function singleKey(name: string, key: unknown): JaxArray {
  const typed = typedKey(key);
  if (typed.ndim > 0) {
    throw new ValueError(
      `${name} accepts a single key, but was given a key array of shape ${
        tuple((key as JaxArray).shape ?? [(key as Uint32Array).length])
      } != (). Use jax.vmap for batching.`,
    );
  }
  return typed;
}

/** A key split into n. */
export function splitKey(key: JaxArray, n = 2): JaxArray[] {
  return unstacked(randomSplit(key, [n]));
}

/** A key that two methods draw from on purpose: each element takes the numbers of one of them. */
export function usedTwice(key: JaxArray): JaxArray {
  return settings.flags.debugKeyReuse ? bind1(P.random_clone, [key]) : key;
}

/** Two keys of one. */
export function splitTwo(key: JaxArray): [JaxArray, JaxArray] {
  return splitKey(key) as [JaxArray, JaxArray];
}

/**
 * The float dtype that a caller asks for; the default one where none is given.
 *
 * @throws {ValueError} for dtypes of other kinds
 */
export function floatDType(name: string, dtype: unknown, complex = false): DType {
  const wanted = asked(name, dtype) ?? defaultFloat();
  if (wanted.kind === "float" || complex && wanted.kind === "complex") return wanted;
  throw new ValueError(
    `dtype argument to \`${name}\` must be a float ${complex ? "or complex " : ""}dtype, got ${wanted.name}`,
  );
}

/** The dtype that a caller asks for, the default integer where none is given. */
export function intDType(name: string, dtype: unknown): DType {
  return asked(name, dtype) ?? defaultInt();
}

function asked(name: string, dtype: unknown): DType | undefined {
  return dtype === undefined || dtype === null ? undefined : requestedDType(dtype as DTypeLike, name);
}

/** A shape of sizes that are not negative; where none is given, a scalar's. */
export function shapeOr(shape: unknown, otherwise: readonly number[] = []): readonly number[] {
  if (shape === undefined || shape === null) return otherwise;
  const sizes = canonicalShape(shape);
  if (sizes.every((n) => n >= 0)) return sizes;
  throw new TypeError(`Only non-negative sizes are allowed in a shape, but got shape ${tuple(sizes)}.`);
}

/**
 * Checks that parameters of these shapes broadcast to the shape of the samples.
 *
 * @throws {ValueError} when they do not
 */
export function checkShape(
  name: string,
  shape: readonly number[],
  ...parameters: readonly (readonly number[])[]
): void {
  const common = broadcastShapes([shape, ...parameters]);
  if (sameShape(common, shape)) return;
  throw new ValueError(
    `${name} parameter shapes must be broadcast-compatible with shape argument, and the result of broadcasting the ` +
      `shapes must equal the shape argument, but got result ${tuple(common)} for shape argument ${
        tuple(shape)
      }.`,
  );
}

/** The shape of samples with these parameters, which they must fit. */
export function sampleShape(
  name: string,
  shape: unknown,
  ...parameters: readonly JaxArray[]
): readonly number[] {
  const shapes = parameters.map((x) => x.shape);
  if (shape === undefined || shape === null) return broadcastShapes(shapes);
  const wanted = shapeOr(shape);
  checkShape(name, wanted, ...shapes);
  return wanted;
}

/**
 * Checks that parameters lose nothing in the dtype of the samples.
 *
 * @throws {TypePromotionError} when one would
 */
export function checkSafeToCast(name: string, dtype: DType, ...parameters: readonly JaxArray[]): void {
  for (const x of parameters) {
    if (x.dtype === dtype || resultType([x, { dtype, weakType: false }]).dtype === dtype) continue;
    throw new TypePromotionError(
      `In arguments to ${name}, cannot safely cast argument of type ${x.dtype.name} to ${dtype.name}`,
    );
  }
}

/** Parameters as arrays; numbers are weakly typed floats. */
export function parameters(name: string, ...xs: readonly ArrayLike[]): JaxArray[] {
  return xs.map((x, i) => toArray(x, name, i + 1));
}

/** An array with leading axes of size 1 up to a rank. */
export function toRank(x: JaxArray, rank: number): JaxArray {
  return x.ndim >= rank ? x : raw.expandDims(x, Array.from({ length: rank - x.ndim }, (_, i) => i));
}

/** As {@linkcode toRank}, but scalars stay: arithmetic spreads them. */
export function aligned(x: JaxArray, rank: number): JaxArray {
  return x.ndim === 0 ? x : toRank(x, rank);
}

/** Two operands in the dtype and rank where they meet. */
export function meeting(x: JaxArray, y: JaxArray): [JaxArray, JaxArray] {
  const { dtype, weakType } = resultType([x, y]), rank = Math.max(x.ndim, y.ndim);
  const converted = (v: JaxArray): JaxArray => v.dtype === dtype ? v : raw.convert(v, dtype, weakType);
  return [aligned(converted(x), rank), aligned(converted(y), rank)];
}

/** A parameter as floats: integers in the default float dtype. */
export function asFloat(x: JaxArray): JaxArray {
  return x.dtype.kind === "float" ? x : raw.convert(x, toInexact(x.dtype), x.weakType);
}

/** An array in another shape, or as it is. */
export function reshaped(x: JaxArray, shape: readonly number[]): JaxArray {
  return sameShape(x.shape, shape) ? x : raw.reshape(x, shape);
}

/** The parts of an array along its first axis. */
export function unstacked(x: JaxArray): JaxArray[] {
  const [n = 0, ...rest] = x.shape, ones = x.shape.map(() => 1), zeros = rest.map(() => 0);
  return Array.from(
    { length: n },
    (_, i) => raw.squeeze(raw.slice(x, [i, ...zeros], [i + 1, ...rest], ones), [0]),
  );
}

/** Whether a condition holds anywhere. */
export function anywhere(x: JaxArray): JaxArray {
  return x.ndim ? bind1(P.reduce_or, [x], { axes: x.shape.map((_, i) => i) }) : x;
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/**
 * A sampler: compiled as a whole, so that an eager call is one program; a call of this name in jaxprs.
 *
 * @typeParam X the arrays it takes, as a tuple
 * @typeParam S the static values that follow them
 */
export function sampler<X extends readonly JaxArray[], S extends readonly unknown[]>(
  name: string,
  f: (xs: X, ...statics: S) => JaxArray,
  options: NamedJitOptions = {},
): (xs: X, ...statics: S) => JaxArray {
  const compiled = namedJit<S>(name, (xs, ...statics) => [f(xs as unknown as X, ...statics)], options);
  return (xs, ...statics) => compiled(xs, ...statics)[0]!;
}

/** A key. */
export type Key = [key: JaxArray];
/** A key and one parameter. */
export type Key1 = [key: JaxArray, a: JaxArray];
/** A key and two parameters. */
export type Key2 = [key: JaxArray, a: JaxArray, b: JaxArray];
/** A key and three parameters. */
export type Key3 = [key: JaxArray, a: JaxArray, b: JaxArray, c: JaxArray];
