/**
 * Functions of one result that are compiled under JAX's name for them, so that jaxprs show the same calls.
 *
 * @module
 */
import { type JaxArray, namedJit, type NamedJitOptions } from "../core/mod.ts";

/** A function from arrays and static values to an array. */
export type StagedFunction<A extends readonly JaxArray[], S extends readonly unknown[]> = (
  xs: A,
  ...statics: S
) => JaxArray;

/**
 * As {@linkcode namedJit}, for functions of one result.
 *
 * @param name what jaxprs call it
 * @param f from arrays and static values, which compare by value, to an array
 */
export function staged<A extends readonly JaxArray[], S extends readonly unknown[]>(
  name: string,
  f: StagedFunction<A, S>,
  options?: NamedJitOptions,
): StagedFunction<A, S> {
  const jitted = namedJit<S>(name, (xs, ...statics) => [f(xs as unknown as A, ...statics)], options);
  return (xs, ...statics) => jitted(xs, ...statics)[0]!;
}
