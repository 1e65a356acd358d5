/**
 * Results with several named parts, as Python's named tuples: arrays whose elements are also properties.
 *
 * @module
 */
import type { JaxArray } from "../core/mod.ts";

/** An array of results, of which each is also the property of its name. */
export type Named<T extends readonly unknown[], K extends string> = T & { readonly [Name in K]: JaxArray };

/** Gives names to the elements of an array of results. */
export function namedTuple<T extends readonly JaxArray[], K extends string>(
  names: readonly K[],
  values: T,
): Named<T, K> {
  const properties = names.map((name, i) => [name, { value: values[i] }] as const);
  return Object.defineProperties(values, Object.fromEntries(properties)) as Named<T, K>;
}
