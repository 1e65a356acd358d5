/**
 * Functions of `jax.numpy` that find where values belong in sorted arrays.
 *
 * @module
 */
import { int32, type JaxArray, keywords, raw, toIndexArray, ValueError } from "../core/mod.ts";
import { optionalJit, type OrOptions } from "./_arguments.ts";
import { type ArrayLike, promoteDTypes, toArray, toArrays } from "./convert.ts";
import { search, type SearchMethod, type Side } from "./_search.ts";
import { staged } from "./_staged.ts";
import { where as select } from "./_where.ts";

export type { SearchMethod, Side };

/** Options of {@linkcode searchsorted}. */
export interface SearchsortedOptions {
  /** Before (`"left"`, the default) or after equal elements. */
  readonly side?: Side;
  /** Positions that sort `a`, as `argsort` gives them, where it is not sorted. */
  readonly sorter?: ArrayLike | readonly number[] | null;
  /** `"scan"` halves (the default), `"scan_unrolled"` without a loop, `"sort"` sorts, `"compare_all"` compares all. */
  readonly method?: SearchMethod;
}

interface Search {
  readonly side: Side;
  readonly method: SearchMethod;
}

const searchsortedCall = optionalJit<[Search]>("searchsorted", ([a, v, sorter], how) => {
  const [sorted, query] = promoteDTypes("searchsorted", [a!, v!]);
  return [search(sorter ? sorted!.get(sorter) : sorted!, query!, how)];
});

/**
 * Where values are to be inserted in a sorted array so that it stays sorted. NaN is greatest.
 *
 * @param a an array with one axis, in ascending order
 * @param v values of any shape, promoted with `a`
 * @param rest side, sorter; in the options also method
 * @returns int32 positions from 0 to the size of `a`, of the shape of `v`
 * @throws {ValueError} when `a` has not one axis, and for another side or method
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const a = np.array([1, 3, 3, 5]);
 * if (np.searchsorted(a, 3).item() !== 1) throw new Error();
 * if (String(np.searchsorted(a, np.array([0, 3, 9]), { side: "right" })) !== "[0 3 4]") throw new Error();
 * ```
 */
export function searchsorted(
  a: ArrayLike,
  v: ArrayLike,
  ...rest: OrOptions<[side?: Side, sorter?: ArrayLike | readonly number[] | null], SearchsortedOptions>
): JaxArray {
  const { side = "left", sorter, method = "scan" } = keywords<keyof SearchsortedOptions>(
    "searchsorted",
    ["side", "sorter"],
    rest,
    ["method"],
  );
  const [sorted, query] = toArrays("searchsorted", a, v);
  if (sorted!.ndim !== 1) throw new ValueError("a should be 1-dimensional");
  const order = sorter === undefined || sorter === null ? null : toIndexArray(sorter);
  return searchsortedCall([sorted!, query!, order], {
    side: side as Side,
    method: method as SearchMethod,
  })[0]!;
}

/** Options of {@linkcode digitize}. */
export interface DigitizeOptions {
  /** Whether bins hold their upper edge instead of the lower one. */
  readonly right?: boolean;
  /** As for {@linkcode searchsorted}. */
  readonly method?: SearchMethod | null;
}

const digitizeCall = staged(
  "digitize",
  ([x, bins]: [JaxArray, JaxArray], right: boolean, method: SearchMethod) => {
    const n = bins.shape[0]!;
    if (n === 0) return raw.full(x.shape, 0, int32);
    const how = { side: right ? "left" as const : "right" as const, method };
    const first = raw.squeeze(raw.slice(bins, [0], [1]), [0]);
    const last = raw.squeeze(raw.slice(bins, [n - 1], [n]), [0]);
    const ascending = searchsortedCall([bins, x, null], how)[0]!;
    const descending = searchsortedCall([raw.rev(bins, [0]), x, null], how)[0]!;
    return select(raw.ge(last, first), ascending, raw.sub(n, descending));
  },
);

/**
 * The number of the bin that each value is in: i where `bins[i − 1] ≤ x < bins[i]`, 0 below and the number of bins above
 * all of them.
 *
 * @param x values of any shape
 * @param bins an array with one axis, in ascending or descending order
 * @param rest right: `bins[i − 1] < x ≤ bins[i]` instead; in the options also method
 * @returns int32 numbers of the shape of `x`
 * @throws {ValueError} when `bins` has not one axis
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const bins = np.array([0, 1, 2.5]);
 * if (String(np.digitize(np.array([-1, 0, 1.5, 3]), bins)) !== "[0 1 2 3]") throw new Error();
 * ```
 */
export function digitize(
  x: ArrayLike,
  bins: ArrayLike,
  ...rest: OrOptions<[right?: boolean], DigitizeOptions>
): JaxArray {
  const { right, method } = keywords<keyof DigitizeOptions>("digitize", ["right"], rest, ["method"]);
  const edges = toArray(bins, "digitize", 1);
  if (edges.ndim !== 1) {
    throw new ValueError(`digitize: bins must be a 1-dimensional array; got bins=${edges}`);
  }
  return digitizeCall(
    [toArrays("digitize", x, edges)[0]!, edges],
    Boolean(right),
    (method ?? "scan") as SearchMethod,
  );
}
