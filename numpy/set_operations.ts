/**
 * Functions of `jax.numpy` that take arrays as sets of their elements.
 *
 * How many elements a result has depends on the values. Under jit and other transformations that do not know them,
 * `size` must say how many to give.
 *
 * @module
 */
import { type ArrayLike, bind, checkOptions, type JaxArray, keywords, P, raw } from "../core/mod.ts";
import { flat, type OrOptions } from "./_arguments.ts";
import { known } from "./_concrete.ts";
import { promoteDTypes, toArrays } from "./convert.ts";
import {
  commonOfSize,
  exclusiveOfSize,
  filledFrom,
  membership,
  type MembershipMethod,
  one,
  repeats,
  sortedTogether,
} from "./_sets.ts";
import { countTrue, positions, rows, sizeHint, sizeOf, truePositions, uniqueSlices } from "./_unique.ts";
import type { SizeOptions } from "./unique.ts";

export type { MembershipMethod };

/** Why the values must be known, for the message. */
function context(name: string): string {
  return `The error arose in ${name}(). ${sizeHint.replace("jnp.unique()", `jnp.${name}()`)}`;
}

/** The sorted unique elements of an array with one axis. */
function uniqueOf(x: JaxArray, size: number | null = null, fillValue: JaxArray | null = null): JaxArray {
  const elements = size === null ? known(x, context("unique")) : x;
  return uniqueSlices(elements, { axis: 0, size, fillValue }).values;
}

/** Options of {@linkcode isin}. */
export interface IsinOptions {
  /** Whether neither array repeats an element. */
  readonly assumeUnique?: boolean;
  /** Ask which elements are not in the set. */
  readonly invert?: boolean;
  /** `"compare_all"` (the default), `"binary_search"` or `"sort"`. */
  readonly method?: MembershipMethod;
}

/**
 * For each element, whether it is one of a set.
 *
 * @param element an array of any shape
 * @param testElements the set: an array of any shape
 * @param rest assumeUnique, invert; in the options also method
 * @returns a boolean array of the shape of `element`
 * @throws {ValueError} for another method
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([1, 2, 3]);
 * if (String(np.isin(x, np.array([3, 1]))) !== "[ True False  True]") throw new Error();
 * ```
 */
export function isin(
  element: ArrayLike,
  testElements: ArrayLike,
  ...rest: OrOptions<[assumeUnique?: boolean, invert?: boolean], IsinOptions>
): JaxArray {
  const given = keywords<keyof IsinOptions>("isin", ["assumeUnique", "invert"], rest, ["method"]);
  const [x, set] = toArrays("isin", element, testElements);
  const [out] = membership([x!, set!], {
    assumeUnique: Boolean(given.assumeUnique),
    invert: Boolean(given.invert),
    method: (given.method ?? "auto") as MembershipMethod,
  });
  return raw.reshape(out!, x!.shape);
}

/**
 * The sorted elements that are in one of two arrays, or in both.
 *
 * @param ar1 an array of any shape
 * @param ar2 an array of any shape, promoted with `ar1`
 * @throws {ConcretizationTypeError} when the values are not known and `size` is not given
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.union1d(np.array([3, 1]), np.array([2, 3]))) !== "[1. 2. 3.]") throw new Error();
 * ```
 */
export function union1d(ar1: ArrayLike, ar2: ArrayLike, options: SizeOptions = {}): JaxArray {
  checkOptions("union1d", options, ["size", "fillValue"]);
  const size = sizeOf(options.size, "union1d"), { fillValue = null } = options;
  const given = toArrays("union1d", ar1, ar2);
  const arrays = size === null ? given.map((x) => known(x, context("union1d"))) : given;
  const all = raw.concatenate(promoteDTypes("union1d", arrays).map(flat), 0);
  return uniqueOf(all, size, fillValue === null ? null : toArrays("union1d", all, fillValue)[1]!);
}

/** Options of {@linkcode setdiff1d} and {@linkcode setxor1d}. */
export interface SetOptions extends SizeOptions {
  /** Whether neither array repeats an element. */
  readonly assumeUnique?: boolean;
}

type SetRest = OrOptions<[assumeUnique?: boolean], SetOptions>;

function setArguments(name: string, ar1: unknown, ar2: unknown, rest: readonly unknown[]): {
  arrays: JaxArray[];
  assumeUnique: boolean;
  size: number | null;
  fill: JaxArray | null;
} {
  const given = keywords<keyof SetOptions>(name, ["assumeUnique"], rest, ["size", "fillValue"]);
  const arrays = toArrays(name, ar1, ar2), { fillValue = null } = given;
  return {
    arrays,
    assumeUnique: Boolean(given.assumeUnique),
    size: sizeOf(given.size, name),
    fill: fillValue === null ? null : toArrays(name, arrays[0], fillValue)[1]!,
  };
}

/**
 * The elements of an array that are not in another, sorted unless `assumeUnique`.
 *
 * @param ar1 an array of any shape
 * @param ar2 an array of any shape
 * @param rest assumeUnique; in the options also size and fillValue (0)
 * @returns an array with one axis of the dtype of `ar1`
 * @throws {ConcretizationTypeError} when the values are not known and `size` is not given
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.setdiff1d(np.array([5, 1, 3, 1]), np.array([3]))) !== "[1. 5.]") throw new Error();
 * ```
 */
export function setdiff1d(ar1: ArrayLike, ar2: ArrayLike, ...rest: SetRest): JaxArray {
  const { arrays, assumeUnique, size, fill: given } = setArguments("setdiff1d", ar1, ar2, rest);
  let x = flat(size === null ? known(arrays[0]!, context("setdiff1d")) : arrays[0]!);
  const fill = given === null ? raw.scalar(0, x.dtype) : raw.convert(given, x.dtype);
  if (x.size === 0) return raw.broadcastInDim(fill, [size ?? 0], []);
  if (!assumeUnique) x = uniqueOf(x, size === null ? null : x.size);
  let mask = membership([x, flat(arrays[1]!)], { assumeUnique, invert: true, method: "auto" })[0]!;
  if (size === null) return x.get(mask);
  if (!assumeUnique) {
    // Beyond the unique elements there are copies of the first.
    const copies = countTrue(raw.eq(x, raw.squeeze(rows(x, 0, x.size - 1), [0])));
    mask = raw.and(mask, raw.lt(positions(x.size), raw.sub(raw.full([], x.size + 1, copies.dtype), copies)));
  }
  return filledFrom(countTrue(mask), x.get(truePositions(mask, size)), fill);
}

/**
 * The sorted elements that are in exactly one of two arrays.
 *
 * @param ar1 an array of any shape
 * @param ar2 an array of any shape, promoted with `ar1`
 * @param rest assumeUnique; in the options also size and fillValue (the least of the result)
 * @throws {ConcretizationTypeError} when the values are not known and `size` is not given
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.setxor1d(np.array([1, 2]), np.array([2, 3]))) !== "[1. 3.]") throw new Error();
 * ```
 */
export function setxor1d(ar1: ArrayLike, ar2: ArrayLike, ...rest: SetRest): JaxArray {
  const { arrays, assumeUnique, size, fill } = setArguments("setxor1d", ar1, ar2, rest);
  let [a, b] = promoteDTypes("setxor1d", arrays).map(flat) as [JaxArray, JaxArray];
  if (size !== null) return exclusiveOfSize([a, b, fill], assumeUnique, size)[0]!;
  if (!assumeUnique) [a, b] = [uniqueOf(a), uniqueOf(b)];
  const all = raw.concatenate([a, b], 0);
  if (all.size === 0) return all;
  const [sorted] = bind(P.sort, [all], { dimension: 0, isStable: true, numKeys: 1 });
  const edges = raw.concatenate([one(true), raw.not(repeats(sorted!)), one(true)], 0);
  return sorted!.get(raw.and(rows(edges, 1), rows(edges, 0, 1)));
}

/** Options of {@linkcode intersect1d}. */
export interface IntersectOptions extends SetOptions {
  /** Also give where the elements are first in each array. */
  readonly returnIndices?: boolean;
}

/**
 * The sorted elements that are in both of two arrays.
 *
 * @param ar1 an array of any shape
 * @param ar2 an array of any shape, promoted with `ar1`
 * @param rest assumeUnique, returnIndices; in the options also size and fillValue (the least of the result)
 * @returns an array with one axis; with `returnIndices` also the positions in both flat arrays
 * @throws {ConcretizationTypeError} when the values are not known and `size` is not given
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([4, 1, 2]), y = np.array([2, 4, 7]);
 * if (String(np.intersect1d(x, y)) !== "[2. 4.]") throw new Error();
 * const [, inX, inY] = np.intersect1d(x, y, { returnIndices: true });
 * if (String(inX) !== "[2 0]" || String(inY) !== "[0 1]") throw new Error();
 * ```
 */
export function intersect1d(
  ar1: ArrayLike,
  ar2: ArrayLike,
  options: IntersectOptions & { readonly returnIndices: true },
): [values: JaxArray, indices1: JaxArray, indices2: JaxArray];
export function intersect1d(
  ar1: ArrayLike,
  ar2: ArrayLike,
  assumeUnique: boolean,
  returnIndices: true,
  options?: SizeOptions,
): [values: JaxArray, indices1: JaxArray, indices2: JaxArray];
export function intersect1d(
  ar1: ArrayLike,
  ar2: ArrayLike,
  ...rest: OrOptions<[assumeUnique?: boolean, returnIndices?: boolean], IntersectOptions>
): JaxArray;
export function intersect1d(
  ar1: ArrayLike,
  ar2: ArrayLike,
  ...rest: unknown[]
): JaxArray | [JaxArray, JaxArray, JaxArray] {
  const names: ("assumeUnique" | "returnIndices")[] = ["assumeUnique", "returnIndices"];
  const given = keywords<keyof IntersectOptions>("intersect1d", names, rest, ["size", "fillValue"]);
  const arrays = toArrays("intersect1d", ar1, ar2), { fillValue = null } = given;
  const [a, b] = promoteDTypes("intersect1d", arrays).map(flat) as [JaxArray, JaxArray];
  const assumeUnique = Boolean(given.assumeUnique), returnIndices = Boolean(given.returnIndices);
  const size = sizeOf(given.size, "intersect1d");
  if (size !== null) {
    const fill = fillValue === null ? null : toArrays("intersect1d", a, fillValue)[1]!;
    const outs = commonOfSize([a, b, fill], { assumeUnique, size, returnIndices });
    return returnIndices ? [outs[0]!, outs[1]!, outs[2]!] : outs[0]!;
  }
  const first = assumeUnique
    ? null
    : uniqueSlices(known(a, context("intersect1d")), { axis: 0, index: true });
  const second = assumeUnique
    ? null
    : uniqueSlices(known(b, context("intersect1d")), { axis: 0, index: true });
  const x = first?.values ?? a;
  const [sorted, common, order] = sortedTogether([x, second?.values ?? b]) as [JaxArray, JaxArray, JaxArray];
  const values = rows(sorted, 0, 1).get(common);
  if (!returnIndices) return values;
  const in1 = rows(order, 0, 1).get(common), in2 = raw.sub(rows(order, 1).get(common), x.size);
  return [values, first ? first.index.get(in1) : in1, second ? second.index.get(in2) : in2];
}
