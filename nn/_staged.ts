/**
 * What the functions of `jax.nn` have in common: compilation under JAX's names, and scalars beside arrays.
 *
 * @module
 */
import {
  type ArrayLike,
  bool_,
  current,
  customJvp,
  defaultFloat,
  defaultInt,
  evalTrace,
  isInteger,
  type JaxArray,
  namedJit,
  type NamedJitOptions,
  scalarArray,
  toArray,
} from "../core/mod.ts";

/** A function of arrays, of which some may be absent, and of static values. */
export type OptionalArrays<S extends readonly unknown[]> = (
  xs: readonly (JaxArray | null)[],
  ...statics: S
) => readonly JaxArray[];

/** Compiles a function of which some array arguments may be absent. */
export function optionalJit<S extends readonly unknown[]>(
  name: string,
  f: OptionalArrays<S>,
  options?: NamedJitOptions,
): OptionalArrays<S> {
  const jitted = namedJit<[given: readonly boolean[], ...S]>(name, (xs, given, ...statics) => {
    let next = 0;
    return f(given.map((here) => here ? xs[next++]! : null), ...statics as unknown as S);
  }, options);
  return (xs, ...statics) => jitted(xs.filter((x) => x !== null), xs.map((x) => x !== null), ...statics);
}

/** Compiles an elementwise function of one array. */
export function staged(
  name: string,
  f: (x: JaxArray) => JaxArray,
  options?: NamedJitOptions,
): (x: JaxArray) => JaxArray {
  const jitted = namedJit(name, ([x]) => [f(x!)], options);
  return (x) => jitted([x])[0]!;
}

/** Compiles an elementwise function of an array and of a parameter that may be absent. */
export function stagedWith(
  name: string,
  f: (x: JaxArray, parameter: JaxArray | undefined) => JaxArray,
): (x: JaxArray, parameter?: JaxArray) => JaxArray {
  const jitted = namedJit(name, ([x, parameter]) => [f(x!, parameter)]);
  return (x, parameter) => jitted(parameter === undefined ? [x] : [x, parameter])[0]!;
}

/** A compiled function of one array whose tangent is `rule(tangent, x)`. */
export function withTangent(
  name: string,
  f: (x: JaxArray) => JaxArray,
  rule: (tangent: JaxArray, x: JaxArray) => JaxArray,
): (x: JaxArray) => JaxArray {
  const inner = staged(name, f);
  const custom = customJvp(Object.defineProperty((x: JaxArray) => inner(x), "name", { value: name }));
  custom.defjvps((t: JaxArray, _out: JaxArray, x: JaxArray) => rule(t, x));
  // Where nothing is traced there is nothing to differentiate.
  return (x) => current() === evalTrace ? inner(x) : custom(x);
}

/** A weak float, as a number with a fraction or a point is in Python. */
export function float(value: number): JaxArray {
  return scalarArray(value, defaultFloat(), true);
}

/** The array of a parameter beside x: an integral number is an int beside integers. */
export function parameter(name: string, x: JaxArray, value: ArrayLike, position: number): JaxArray {
  const integers = isInteger(x.dtype) || x.dtype === bool_;
  if (typeof value === "number" && integers && Number.isInteger(value)) {
    return scalarArray(value, defaultInt(), true);
  }
  return toArray(value, name, position);
}

/** An array argument that may be null. */
export function optionalArray(name: string, value: unknown, position: number): JaxArray | null {
  return value === undefined || value === null ? null : toArray(value, name, position);
}
