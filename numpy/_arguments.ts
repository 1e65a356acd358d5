/**
 * Arguments of reductions and statistics: what may be given in its position or by name, optional arrays, dtypes.
 *
 * @module
 */
import {
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

/** Arguments each of which may be `O` instead. */
type EachOr<T extends readonly unknown[], O> = { [I in keyof T]: T[I] | O | undefined };

/** Optional arguments `T`, each of which (and one more at the end) may be the options object `O` instead. */
export type OrOptions<T extends readonly unknown[], O> = EachOr<[...T, options?: O], O>;

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
