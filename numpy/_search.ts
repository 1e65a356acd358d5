/**
 * Binary search in sorted arrays, for the functions of this folder.
 *
 * Elements are compared in the order of sorting: −0 equals 0, NaN is greatest and equals NaN, complex numbers compare by
 * real, then imaginary part.
 *
 * @module
 */
import {
  bind,
  bind1,
  int32,
  isComplex,
  isFloating,
  type JaxArray,
  P,
  type Primitive,
  raw,
  uint32,
  ValueError,
} from "../core/mod.ts";
import { scan } from "../lax/mod.ts";
import { flat, isNaNMask } from "./_arguments.ts";
import { range } from "./axes.ts";
import { staged, type StagedFunction } from "./_staged.ts";

/** How to search: by halving, by comparing with all elements, or by sorting both arrays together. */
export type SearchMethod = "scan" | "scan_unrolled" | "sort" | "compare_all";

/** On which side of equal elements a value goes. */
export type Side = "left" | "right";

/** A float whose total order is that of sorting: one zero, one NaN. */
function canonicalFloat(x: JaxArray): JaxArray {
  const oneZero = raw.selectN(raw.eq(x, 0), x, raw.fullLike(x, 0));
  return raw.selectN(isNaNMask(x), oneZero, raw.fullLike(x, NaN));
}

/** The numbers that elements are compared by, the most significant first. */
function keysOf(x: JaxArray): JaxArray[] {
  if (isComplex(x.dtype)) return [raw.real(x), raw.imag(x)].map(canonicalFloat);
  return [isFloating(x.dtype) ? canonicalFloat(x) : x];
}

/** The lexicographic comparison of keys whose last step is `last`. */
function compare(last: Primitive, xs: readonly JaxArray[], ys: readonly JaxArray[]): JaxArray {
  let result = bind1(last, [xs.at(-1)!, ys.at(-1)!]);
  for (let i = xs.length - 2; i >= 0; i--) {
    const less = bind1(P.lt_to, [xs[i]!, ys[i]!]), equal = bind1(P.eq_to, [xs[i]!, ys[i]!]);
    result = raw.or(less, raw.and(equal, result));
  }
  return result;
}

/** Elements at positions that are within bounds. */
function elementsAt(x: JaxArray, positions: JaxArray): JaxArray {
  return x.at(positions).get({ mode: "promise_in_bounds", wrapNegativeIndices: false });
}

/** Halving: `low` and `high` close in on the place; all queries at once. */
const byHalving: StagedFunction<[JaxArray, JaxArray], [Side, boolean]> = staged(
  "_searchsorted_scan_impl",
  ([sorted, query], side, unrolled) => {
    const n = sorted.size;
    if (n === 0) return raw.full(query.shape, 0, int32);
    const keys = keysOf(sorted), wanted = keysOf(query);
    const halve = ([low, high]: [JaxArray, JaxArray]): [[JaxArray, JaxArray], []] => {
      const middle = raw.add(low, raw.div(raw.sub(high, low), 2));
      const found = keys.map((key) => elementsAt(key, middle));
      const left = compare(side === "left" ? P.le_to : P.lt_to, wanted, found);
      return [[raw.selectN(left, middle, low), raw.selectN(left, high, middle)], []];
    };
    const levels = Math.ceil(Math.log2(n + 1));
    const start = [raw.full(query.shape, 0, uint32), raw.full(query.shape, n, uint32)];
    const [[, place]] = scan(halve, start, null, { length: levels, unroll: unrolled ? levels : 1 });
    return raw.convert(place, int32);
  },
);

/** The place is the number of elements that come before. */
const byComparing: StagedFunction<[JaxArray, JaxArray], [Side]> = staged(
  "_searchsorted_compare_all_impl",
  ([sorted, query], side) => {
    const column = raw.expandDims(sorted, range(query.ndim).map((i) => i + 1));
    const row = raw.expandDims(query, [0]);
    const before = compare(side === "left" ? P.lt_to : P.le_to, keysOf(column), keysOf(row));
    return raw.reduceSum(raw.convert(before, int32), [0]);
  },
);

/** The position of each element in the sorted order of all. */
function ranks(x: JaxArray): JaxArray {
  const positions = raw.iota(int32, x.shape, 0);
  const [, order] = bind(P.sort, [x, positions], { dimension: 0, isStable: true, numKeys: 1 });
  return raw.fullLike(positions, 0).at(order!).set(positions);
}

/** The rank among all less the rank among the queries is the number of elements before. */
const bySorting: StagedFunction<[JaxArray, JaxArray], [Side]> = staged(
  "_searchsorted_sort_impl",
  ([sorted, query], side) => {
    const queries = flat(query), n = sorted.size, count = queries.size;
    const together = side === "left"
      ? raw.slice(ranks(raw.concatenate([queries, sorted], 0)), [0], [count])
      : raw.slice(ranks(raw.concatenate([sorted, queries], 0)), [n], [n + count]);
    return raw.reshape(raw.sub(together, ranks(queries)), query.shape);
  },
);

/**
 * Where values go in a sorted array of the same dtype, as int32.
 *
 * @throws {ValueError} for another side or method
 */
export function search(
  sorted: JaxArray,
  query: JaxArray,
  { side, method }: { readonly side: Side; readonly method: SearchMethod },
): JaxArray {
  if (side !== "left" && side !== "right") {
    throw new ValueError(`invalid argument side='${side}', expected 'left' or 'right'`);
  }
  switch (method) {
    case "scan":
    case "scan_unrolled":
      return byHalving([sorted, query], side, method === "scan_unrolled");
    case "compare_all":
      return byComparing([sorted, query], side);
    case "sort":
      return bySorting([sorted, query], side);
    default:
      throw new ValueError(
        `invalid argument method='${method}', expected one of ['compare_all', 'scan', 'scan_unrolled', 'sort']`,
      );
  }
}
