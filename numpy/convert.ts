/**
 * From what callers of `jax.numpy` give to arrays, and the promotion of operands that meet.
 *
 * @module
 */
import {
  type ArrayLike,
  bool_,
  broadcastShapes,
  castScalar,
  type Complex,
  convertScalar,
  defaultComplex,
  defaultFloat,
  defaultInt,
  type DType,
  flags,
  float0,
  fromHost,
  isComplexScalar,
  isInexact,
  JaxArray,
  NotImplementedError,
  parseArray,
  raw,
  resultType,
  scalarArray,
  toInexact,
  tuple,
  typedArrayDType,
  ValueError,
} from "../core/mod.ts";

export type { ArrayLike };

/** A number, bigint, boolean or complex number. */
export type HostScalar = number | bigint | boolean | Complex;

/** Whether a value is a scalar of the language. */
export function isHostScalar(x: unknown): x is HostScalar {
  return typeof x === "number" || typeof x === "boolean" || typeof x === "bigint" || isComplexScalar(x);
}

/** Python's text of the class of a value, for messages. */
export function className(x: unknown): string {
  if (x === null || x === undefined) return "<class 'NoneType'>";
  if (Array.isArray(x)) return "<class 'list'>";
  switch (typeof x) {
    case "string":
      return "<class 'str'>";
    case "function":
      return "<class 'function'>";
    case "object": {
      const name = (x as { constructor?: { name?: string } }).constructor?.name ?? "Object";
      return `<class '${name === "Object" ? "dict" : name}'>`;
    }
    default:
      return `<class '${typeof x}'>`;
  }
}

/** JAX's error for an operand that is no array. */
function notAnArray(name: string, x: unknown, position: number): TypeError {
  const hint = Array.isArray(x) ? " Make an array of it first: np.array(...)." : "";
  return new TypeError(
    `${name} requires ndarray or scalar arguments, got ${className(x)} at position ${position}.${hint}`,
  );
}

/** A 0-d array of a scalar: weakly typed, but for booleans. An integral number is an int where `integers` says so. */
export function weakArray(x: HostScalar, integers: boolean): JaxArray {
  switch (typeof x) {
    case "number":
      if (integers && Number.isInteger(x)) return weakInt(x);
      return scalarArray(convertScalar(x, defaultFloat()), defaultFloat(), true);
    case "boolean":
      return scalarArray(x, bool_);
    case "bigint":
      return weakInt(x);
    default:
      return scalarArray(convertScalar(x, defaultComplex()), defaultComplex(), true);
  }
}

function weakInt(x: number | bigint): JaxArray {
  const dtype = defaultInt();
  return scalarArray(convertScalar(x, dtype), dtype, true);
}

/**
 * The array that one argument stands for: an array, a scalar (a number is a weak float) or a typed array.
 *
 * @param name The function, for the message.
 * @param position Which argument it is, for the message.
 * @throws {TypeError} For nested arrays, strings, objects and null: they are no arrays.
 */
export function toArray(x: unknown, name: string, position = 0): JaxArray {
  if (x instanceof JaxArray) return x;
  if (isHostScalar(x)) return weakArray(x, false);
  if (typedArrayDType(x) !== undefined) return fromHost(parseArray(x));
  throw notAnArray(name, x, position);
}

/**
 * The arrays that operands stand for, not promoted. Beside integer or boolean arrays alone an integral number is a weak
 * int; else a number is a weak float.
 *
 * @throws {TypeError} For nested arrays, strings, objects and null: they are no arrays.
 */
export function toArrays(name: string, ...xs: readonly unknown[]): JaxArray[] {
  return liftAll(name, xs, false);
}

/** As {@linkcode toArrays}, for functions of integers: an integral number is an int also with no array beside it. */
export function toIntegerArrays(name: string, ...xs: readonly unknown[]): JaxArray[] {
  return liftAll(name, xs, true);
}

function liftAll(name: string, xs: readonly unknown[], alone: boolean): JaxArray[] {
  const arrays: JaxArray[] = new Array(xs.length);
  let scalars = false, exact = alone, inexact = false;
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i];
    if (isHostScalar(x)) {
      scalars = true;
      continue;
    }
    const array = toArray(x, name, i);
    arrays[i] = array;
    if (isInexact(array.dtype)) inexact = true;
    else exact = true;
  }
  if (scalars) {
    const integers = exact && !inexact;
    for (let i = 0; i < xs.length; i++) arrays[i] ??= weakArray(xs[i] as HostScalar, integers);
  }
  return arrays;
}

/** What a function does with a promoted dtype. */
type Widening = "keep" | "inexact" | "numeric";

function widen(dtype: DType, widening: Widening): DType {
  switch (widening) {
    case "inexact":
      return toInexact(dtype);
    case "numeric":
      return dtype === bool_ ? defaultInt() : dtype;
    default:
      return dtype;
  }
}

/** A value of a dtype; what the host knows is converted there. */
function converted(x: JaxArray, dtype: DType, weakType: boolean): JaxArray {
  return x.dtype === dtype && x.weakType === weakType ? x : raw.convert(x, dtype, weakType);
}

function checkOperands(name: string, xs: readonly JaxArray[]): void {
  const kinds = new Set(xs.map((x) => x.dtype));
  for (const { dtype } of xs) {
    if (dtype === float0) {
      throw new TypeError(
        `Called ${name} with a float0 array. float0s do not support any operations by design because they are not ` +
          `compatible with non-trivial vector spaces. No implicit dtype conversion is done. You can use ` +
          `np.zerosLike(arr, { dtype: np.float32 }) to cast a float0 array to a regular zeros array. \nIf you didn't ` +
          `expect to get a float0 you might have accidentally taken a gradient with respect to an integer argument.`,
      );
    }
    if (dtype.kind === "key" && kinds.size > 1) {
      throw new TypeError(
        `${name} does not accept dtypes ${xs.map((x) => x.dtype.name).join(", ")}.`,
      );
    }
  }
}

/** Operands of one dtype, weakly typed if all are weak scalars. */
export function promoteDTypes(
  name: string,
  xs: readonly JaxArray[],
  widening: Widening = "keep",
): JaxArray[] {
  for (const { dtype } of xs) {
    if (dtype.num < 0) {
      checkOperands(name, xs);
      break;
    }
  }
  const first = xs[0]!;
  if (xs.length === 1 && widening === "keep" || first.dtype.num < 0) return [...xs];
  const { dtype, weakType } = xs.length === 1 ? first : resultType(xs);
  const to = widen(dtype, widening);
  return xs.map((x) => converted(x, to, weakType));
}

/** Operands of one rank, or scalars: lower ranks get leading axes of size 1. */
export function promoteShapes(name: string, xs: readonly JaxArray[]): readonly JaxArray[] {
  let rank = 0, mixed = false;
  for (const { ndim } of xs) {
    if (ndim === 0 || ndim === rank) continue;
    if (rank > 0) mixed = true;
    if (ndim > rank) rank = ndim;
  }
  if (!mixed) return xs;
  if (flags.rankPromotion !== "allow") rankPromotion(name, xs);
  broadcastShapes(xs.map((x) => x.shape));
  return xs.map((x) => raw.expandDims(x, Array.from({ length: rank - x.ndim }, (_, i) => i)));
}

/** Warns of, or refuses, operands of different ranks, as `jax_numpy_rank_promotion` asks. */
function rankPromotion(name: string, xs: readonly JaxArray[]): void {
  const shapes = xs.map((x) => tuple(x.shape)).join(" ");
  const page = "for more information, see https://docs.jax.dev/en/latest/rank_promotion_warning.html.";
  if (flags.rankPromotion === "raise") {
    throw new ValueError(
      `Operands could not be broadcast together for ${name} on shapes ${shapes} and with the config option ` +
        `jax_numpy_rank_promotion='raise'. F${page.slice(1)}`,
    );
  }
  console.warn(
    `Following NumPy automatic rank promotion for ${name} on shapes ${shapes}. Set the jax_numpy_rank_promotion ` +
      `config option to 'allow' to disable this warning; ${page}`,
  );
}

/** Operands of an elementwise operation: of one dtype, and of shapes that the primitives broadcast. */
export function promote(name: string, ...xs: readonly unknown[]): readonly JaxArray[] {
  return promoteShapes(name, promoteDTypes(name, toArrays(name, ...xs)));
}

/** As {@linkcode promote}, for functions of floats and complex numbers: integers and booleans become floats. */
export function promoteInexact(name: string, ...xs: readonly unknown[]): readonly JaxArray[] {
  return promoteShapes(name, promoteDTypes(name, toArrays(name, ...xs), "inexact"));
}

/** As {@linkcode promote}, for functions of numbers: booleans become ints. */
export function promoteNumeric(name: string, ...xs: readonly unknown[]): readonly JaxArray[] {
  return promoteShapes(name, promoteDTypes(name, toArrays(name, ...xs), "numeric"));
}

/** A 0-d constant of the dtype of an array, not weakly typed, cast as `astype` does. */
export function constantLike(x: JaxArray, value: number): JaxArray {
  return scalarArray(castScalar(value, defaultFloat(), x.dtype), x.dtype);
}

/** As {@linkcode constantLike}; a constant beside a weakly typed scalar is a number of the language: weakly typed. */
export function literalLike(x: JaxArray, value: number): JaxArray {
  const { dtype } = x;
  return scalarArray(castScalar(value, defaultFloat(), dtype), dtype, x.weakType && x.ndim === 0);
}

/** An options object where a function has none. */
export function refuseOptions(name: string, options: unknown): void {
  if (typeof options !== "object" || options === null) return;
  const prototype = Object.getPrototypeOf(options);
  if (prototype !== Object.prototype && prototype !== null) return;
  const [key] = Object.keys(options);
  if (key === undefined || key === "re") return;
  if (key === "out") {
    throw new NotImplementedError(
      `out argument of <jnp.ufunc '${name}'>: arrays are immutable; use the result that the function returns`,
    );
  }
  throw new TypeError(`${name}() got an unexpected keyword argument '${key}' (it has no options)`);
}
