/**
 * Arguments of reductions and statistics: what may be given in its position or by name, optional arrays, values that
 * must be known while tracing.
 *
 * @module
 */
import {
  broadcastArrays,
  ConcretizationTypeError,
  defaultInt,
  defaultUint,
  type DType,
  type DTypeLike,
  float32,
  isBool,
  isInteger,
  type JaxArray,
  namedJit,
  type NamedJitOptions,
  NotImplementedError,
  raw,
  requestedDType,
} from "../core/mod.ts";
import { promoteDTypes } from "./_convert.ts";

/** Optional arguments `T`, each of which (and one more at the end) may be the options object `O` instead. */
export type OrOptions<T extends readonly unknown[], O> = {
  [I in keyof [...T, options?: O]]: [...T, options?: O][I] | O | undefined;
};

/** Refuses an `out` argument: arrays are immutable. */
export function refuseOut(out: unknown, name: string): void {
  if (out !== undefined && out !== null) {
    throw new NotImplementedError(`The 'out' argument to jnp.${name} is not supported.`);
  }
}

/** The dtype that a caller asks for, or null for none. */
export function optionalDType(dtype: unknown, name: string): DType | null {
  return dtype === undefined || dtype === null ? null : requestedDType(dtype as DTypeLike, name);
}

/**
 * An array whose values are known now.
 *
 * @param context what needs them and what to do, for the message
 * @throws {ConcretizationTypeError} when it is traced
 */
export function concreteArray(x: JaxArray, context: string): JaxArray {
  const concrete = x.concrete();
  if (concrete !== null) return concrete;
  throw new ConcretizationTypeError(
    `Abstract tracer value encountered where concrete value is expected: traced array with shape ${x.aval}\n${context}`,
  );
}

/** A function of arrays, of which some may be absent, and of static values. */
export type OptionalArraysFunction<S extends readonly unknown[]> = (
  xs: readonly (JaxArray | null)[],
  ...statics: S
) => readonly JaxArray[];

/** As {@linkcode namedJit}, for functions of which some array arguments may be absent. */
export function optionalJit<S extends readonly unknown[]>(
  name: string,
  f: OptionalArraysFunction<S>,
  options?: NamedJitOptions,
): OptionalArraysFunction<S> {
  const inner = namedJit<[given: string, ...S]>(name, (xs, given, ...statics) => {
    let next = 0;
    return f(Array.from(given, (mark) => mark === "x" ? xs[next++]! : null), ...statics as unknown as S);
  }, options);
  return (xs, ...statics) =>
    inner(xs.filter((x) => x !== null), xs.map((x) => x === null ? "-" : "x").join(""), ...statics);
}

const selection = namedJit("_where", ([condition, x, y]) => {
  const mask = isBool(condition!.dtype) ? condition! : raw.ne(condition!, 0);
  const [whenTrue, whenFalse] = promoteDTypes("where", [x!, y!]);
  if (mask.ndim === 0) {
    const [a, b] = broadcastArrays([whenTrue!, whenFalse!]);
    return [raw.selectN(mask, b!, a!)];
  }
  const [c, a, b] = broadcastArrays([mask, whenTrue!, whenFalse!]);
  return [raw.selectN(c!, b!, a!)];
});

/** `x` where the condition holds, else `y`, promoted and broadcast; a call of `_where` in jaxprs, as `numpy.where`. */
export function choose(condition: JaxArray, x: JaxArray, y: JaxArray): JaxArray {
  return selection([condition, x, y])[0]!;
}

/** Where elements are NaN. */
export function isNaNMask(x: JaxArray): JaxArray {
  return raw.ne(x, x);
}

/** The elements as one axis. */
export function flat(x: JaxArray): JaxArray {
  return x.ndim === 1 ? x : raw.reshape(x, [x.size]);
}

/** The dtype that integers are accumulated in: no narrower than the default integer; others stay. */
export function accumulatorDType(dtype: DType): DType {
  if (isBool(dtype)) return defaultInt();
  if (!isInteger(dtype)) return dtype;
  const wide = dtype.kind === "uint" ? defaultUint() : defaultInt();
  return dtype.bits < wide.bits ? wide : dtype;
}

/** The dtype to compute in: float32 for half precision, else itself. */
export function computationDType(dtype: DType): DType {
  return dtype.kind === "float" && dtype.bits === 16 ? float32 : dtype;
}
