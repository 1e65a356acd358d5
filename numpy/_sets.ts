/**
 * Arrays as sets, for the functions of this folder: membership, and the operations that give a known number of elements.
 *
 * @module
 */
import {
  bind,
  bool_,
  defaultInt,
  type FlatFunctionOf,
  int32,
  type JaxArray,
  namedJit,
  P,
  raw,
  ValueError,
} from "../core/mod.ts";
import { dynamicUpdateSlice } from "../lax/mod.ts";
import { flat, type OptionalArraysFunction, optionalJit } from "./_arguments.ts";
import { promoteDTypes, weakArray } from "./convert.ts";
import { allKind, anyKind, maxKind, minKind, reduceArray } from "./_reduction.ts";
import { search } from "./_search.ts";
import { countTrue, positions, rows, truePositions, uniqueSlices } from "./_unique.ts";
import { where as select } from "./_where.ts";

/** Where elements equal the one after. */
export function repeats(x: JaxArray): JaxArray {
  return raw.eq(rows(x, 1), rows(x, 0, 1));
}

/** An array of one truth value. */
export function one(value: boolean): JaxArray {
  return raw.full([1], value, bool_);
}

/** `x` at the first places, the fill value from `count` on. */
export function filledFrom(count: JaxArray, x: JaxArray, fill: JaxArray): JaxArray {
  return select(raw.lt(positions(x.shape[0]!), raw.convert(count, defaultInt())), x, fill);
}

/** Elements at positions, 0 out of bounds. */
function elementsOrZero(x: JaxArray, index: JaxArray): JaxArray {
  if (x.size === 0) return raw.full(index.shape, 0, x.dtype);
  return x.at(index).get({ mode: "fill", fillValue: x.dtype.kind === "bool" ? false : 0 });
}

/** Elements beyond the first `count` become the fill value, or without one the least of the others. */
function padded(count: JaxArray, x: JaxArray, fill: JaxArray | null): JaxArray {
  if (fill !== null) return filledFrom(count, x, fill);
  // The greatest first, so that what is there now is not the least.
  const high = filledFrom(count, x, reduceArray(maxKind, x, { axes: null }));
  return filledFrom(count, high, reduceArray(minKind, high, { axes: null }));
}

/** How membership is found out. */
export type MembershipMethod = "auto" | "compare_all" | "binary_search" | "sort";

export interface Membership {
  readonly assumeUnique: boolean;
  readonly invert: boolean;
  readonly method: MembershipMethod;
}

export const membership: FlatFunctionOf<[Membership]> = namedJit<[Membership]>(
  "_in1d",
  ([a, b], { assumeUnique, invert, method }) => {
    const [promotedA, promotedB] = promoteDTypes("in1d", [a!, b!]);
    const x = flat(promotedA!), set = flat(promotedB!), n = x.size;
    if (n === 0 || set.size === 0) return [raw.full([n], invert, bool_)];
    const compare = invert ? raw.ne : raw.eq;
    switch (method) {
      case "auto":
      case "compare_all": {
        const table = compare(raw.expandDims(x, [1]), raw.expandDims(set, [0]));
        return [reduceArray(invert ? allKind : anyKind, table, { axes: [1] })];
      }
      case "binary_search": {
        const sorted = bind(P.sort, [set], { dimension: 0, isStable: true, numKeys: 1 })[0]!;
        const place = search(sorted, x, { side: "left", method: "scan" });
        return [compare(x, sorted.get(place))];
      }
      case "sort": {
        const distinct = assumeUnique ? null : uniqueSlices(x, {
          axis: 0,
          inverse: true,
          size: n,
          fillValue: reduceArray(maxKind, set, { axes: null }),
        });
        const all = raw.concatenate([distinct?.values ?? x, set], 0);
        const [sorted, order] = bind(P.sort, [all, positions(n + set.size)], {
          dimension: 0,
          isStable: true,
          numKeys: 1,
        });
        const found = compare(rows(sorted!, 1), rows(sorted!, 0, 1));
        const out = raw.full([n], invert, bool_).at(rows(order!, 0, 1)).set(found, { mode: "drop" });
        return [distinct ? out.get(distinct.inverse) : out];
      }
      default:
        throw new ValueError(
          `method='${method}' is not implemented; options are 'compare_all', 'binary_search', 'sort', and 'auto'`,
        );
    }
  },
);

/** The unique elements of two arrays, one after the other, and their numbers; zeros after them. */
function joinUnique(a: JaxArray, b: JaxArray): { all: JaxArray; counts: [JaxArray, JaxArray] } {
  const first = uniqueSlices(a, { axis: 0, size: a.size, fillValue: raw.scalar(0, a.dtype) });
  const second = uniqueSlices(b, { axis: 0, size: b.size, fillValue: raw.scalar(0, b.dtype) });
  let all = raw.full([a.size + b.size], 0, a.dtype);
  all = dynamicUpdateSlice(all, first.values, [0]);
  all = dynamicUpdateSlice(all, second.values, [first.count]);
  return { all, counts: [first.count, second.count] };
}

export const exclusiveOfSize: OptionalArraysFunction<[assumeUnique: boolean, size: number]> = optionalJit<
  [assumeUnique: boolean, size: number]
>(
  "_setxor1d_size",
  ([a, b, fill], assumeUnique, size) => {
    let sorted: JaxArray, flags: JaxArray;
    if (assumeUnique) {
      [sorted] = bind(P.sort, [raw.concatenate([a!, b!], 0)], {
        dimension: 0,
        isStable: true,
        numKeys: 1,
      }) as [JaxArray];
      flags = raw.concatenate([one(sorted.size > 0), raw.not(repeats(sorted)), one(true)], 0);
    } else {
      const { all, counts } = joinUnique(a!, b!), n = all.size;
      const count = raw.convert(raw.add(...counts), defaultInt());
      const within = raw.lt(positions(n + 1), raw.add(count, 1));
      [, sorted] = bind(P.sort, [raw.not(rows(within, 1)), all], {
        dimension: 0,
        isStable: true,
        numKeys: 2,
      }) as [JaxArray, JaxArray];
      const edges = raw.concatenate([one(n > 0), raw.not(repeats(sorted)), one(false)], 0);
      flags = raw.and(within, edges.at(count).set(true));
    }
    const alone = raw.and(rows(flags, 1), rows(flags, 0, 1));
    const count = countTrue(alone);
    const values = sorted.size
      ? elementsOrZero(sorted, truePositions(alone, size, sorted.size))
      : raw.full([size], 0, sorted.dtype);
    return [size === 0 ? values : padded(count, values, fill!)];
  },
);

/** Both arrays sorted together, where an element equals the next, and where they come from. */
export const sortedTogether: FlatFunctionOf<[]> = namedJit("_intersect1d_sorted_mask", ([a, b]) => {
  const all = raw.concatenate([a!, b!], 0);
  const [sorted, order] = bind(P.sort, [all, raw.iota(int32, [all.size], 0)], {
    dimension: 0,
    isStable: true,
    numKeys: 1,
  });
  return [sorted!, repeats(sorted!), order!];
});

export interface Intersection {
  readonly assumeUnique: boolean;
  readonly size: number;
  readonly returnIndices: boolean;
}

/** The elements, and for each array its unique elements, where they are first, and their number. */
function uniqueWithIndex(
  x: JaxArray,
  assumeUnique: boolean,
): { values: JaxArray; index: JaxArray; count: JaxArray } {
  if (assumeUnique) return { values: x, index: positions(x.size), count: raw.scalar(x.size, defaultInt()) };
  return uniqueSlices(x, { axis: 0, size: x.size, index: true, fillValue: raw.scalar(0, x.dtype) });
}

export const commonOfSize: OptionalArraysFunction<[Intersection]> = optionalJit<[Intersection]>(
  "_intersect1d_size",
  ([a, b, fill], { assumeUnique, size, returnIndices }) => {
    const first = uniqueWithIndex(a!, assumeUnique), second = uniqueWithIndex(b!, assumeUnique);
    const n1 = a!.size, n2 = b!.size, n = n1 + n2;
    let all = raw.full([n], 0, a!.dtype);
    all = dynamicUpdateSlice(all, first.values, [0]);
    all = dynamicUpdateSlice(all, second.values, [first.count]);
    const total = raw.convert(raw.add(first.count, second.count), defaultInt());
    const within = raw.lt(positions(n), total);
    const [, sorted, order] = bind(P.sort, [raw.not(within), all, positions(n)], {
      dimension: 0,
      isStable: true,
      numKeys: 2,
    }) as [JaxArray, JaxArray, JaxArray];
    const common = raw.and(repeats(sorted), rows(within, 1)), count = countTrue(common);
    const places = truePositions(common, size, n);
    const found = size === 0 ? rows(sorted, n) : padded(count, elementsOrZero(sorted, places), fill!);
    if (!returnIndices) return [found];
    const at = (index: JaxArray, source: JaxArray, limit: number): JaxArray =>
      filledFrom(count, assumeUnique ? index : elementsOrZero(source, index), weakArray(limit, true));
    const from1 = elementsOrZero(order, places);
    const offset = raw.convert(first.count, defaultInt());
    const from2 = raw.sub(elementsOrZero(order, raw.add(places, 1)), raw.broadcastInDim(offset, [size], []));
    return [found, at(from1, first.index, n1), at(from2, second.index, n2)];
  },
);
