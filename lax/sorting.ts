/**
 * Functions of `jax.lax` that order elements: sorting, the greatest elements.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import { type ArrayLike, toArray } from "../core/convert.ts";
import { checkOptions, ValueError } from "../core/errors.ts";
import { approxTopK } from "../core/ops/top_k.ts";
import type { Primitive } from "../core/primitive.ts";
import { P } from "../core/prims.ts";
import { canonicalAxis, keywords, staticInteger } from "../core/static.ts";
import { bind } from "../core/trace.ts";

/** Options of {@linkcode sort}. */
export interface SortOptions {
  /** The axis to sort along; the last by default. */
  readonly dimension?: number;
  /** Whether equal elements must keep their order; they do in any case. */
  readonly isStable?: boolean;
  /** How many of the operands are keys, the most significant first; 1 by default. */
  readonly numKeys?: number;
}

type SortRest = [
  dimension?: number | SortOptions,
  isStable?: boolean | SortOptions,
  numKeys?: number | SortOptions,
];

/**
 * Sorts along an axis, in ascending order and stably. -0 and 0 are equal, NaN are last and equal; complex numbers
 * compare by real, then imaginary part. Integers, and floats by their bits, are sorted by radix.
 *
 * @param operand an array, or a list of equally shaped arrays: the first `numKeys` of them are compared, and all are
 * put in that order
 * @returns an array, or a list of them, as given
 * @throws {TypeError} when shapes differ
 * @throws {ValueError} when the axis is not there, or there are fewer operands than keys
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const [keys, values] = lax.sort([np.array([3, 1, 2]), np.arange(3)]);
 * if (String(keys) !== "[1. 2. 3.]" || String(values) !== "[1 2 0]") throw new Error();
 * ```
 */
export function sort(operand: ArrayLike, ...rest: SortRest): JaxArray;
export function sort(operand: readonly ArrayLike[], ...rest: SortRest): JaxArray[];
export function sort(operand: ArrayLike | readonly ArrayLike[], ...rest: SortRest): JaxArray | JaxArray[] {
  const given = keywords("sort", ["dimension", "isStable", "numKeys"], rest);
  const isStable = given.isStable !== false, numKeys = staticInteger(given.numKeys ?? 1, "num_keys");
  const many = Array.isArray(operand), operands = many ? operand as readonly ArrayLike[] : [operand];
  if (operands.length === 0) throw new TypeError("Sort requires at least one operand");
  if (many && !(1 <= numKeys && numKeys <= operands.length)) {
    throw new ValueError(`num_keys=${numKeys} must be between 1 and len(operand)=${operands.length}`);
  }
  if (!many && numKeys !== 1) throw new ValueError(`num_keys=${numKeys} must equal 1 for a single operand.`);
  const xs = operands.map((x, i) => toArray(x, "sort", i));
  const dimension = canonicalAxis(given.dimension ?? -1, xs[0]!.ndim);
  const outs = bind(P.sort, xs, { dimension, isStable, numKeys });
  return many ? [...outs] : outs[0]!;
}

/** Options of {@linkcode sortKeyVal}. */
export type SortKeyValOptions = Omit<SortOptions, "numKeys">;

/**
 * Sorts keys along an axis and puts values in the same order. See {@linkcode sort}.
 *
 * @returns the sorted keys, and the values
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const [, values] = lax.sortKeyVal(np.array([3, 1, 2]), np.array([30, 10, 20]));
 * if (String(values) !== "[10. 20. 30.]") throw new Error();
 * ```
 */
export function sortKeyVal(
  keys: ArrayLike,
  values: ArrayLike,
  ...rest: [dimension?: number | SortKeyValOptions, isStable?: boolean | SortKeyValOptions]
): [JaxArray, JaxArray] {
  const { dimension = -1, isStable = true } = keywords("sort_key_val", ["dimension", "isStable"], rest);
  const xs = [toArray(keys, "sort_key_val"), toArray(values, "sort_key_val", 1)];
  const outs = bind(P.sort, xs, {
    dimension: canonicalAxis(dimension, xs[0]!.ndim),
    isStable: isStable !== false,
    numKeys: 1,
  });
  return [outs[0]!, outs[1]!];
}

/** Options of {@linkcode topK}. */
export interface TopKOptions {
  /** The axis; the last by default. */
  readonly axis?: number;
  /** Whether the first of equal elements must come first; it does in any case. */
  readonly isStable?: boolean;
}

/**
 * The k greatest elements along an axis in descending order, and their positions. Of equal elements the first comes
 * first; NaN are greatest, and 0 is greater than -0.
 *
 * @param operand array of real numbers or booleans
 * @param k how many
 * @returns the elements, and their positions as int32
 * @throws {ValueError} for complex numbers, and when k is negative or greater than the axis
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const [values, positions] = lax.topK(np.array([9, 3, 6, 4, 10]), 3);
 * if (String(values) !== "[10.  9.  6.]" || String(positions) !== "[4 0 2]") throw new Error();
 * ```
 */
export function topK(
  operand: ArrayLike,
  k: number | bigint,
  options: TopKOptions = {},
): [JaxArray, JaxArray] {
  checkOptions("top_k", options, ["axis", "isStable"]);
  const x = toArray(operand, "top_k"), count = staticInteger(k, "k argument to top_k");
  if (count < 0) throw new ValueError(`k argument to top_k must be nonnegative, got ${count}`);
  const [values, positions] = bind(P.top_k, [x], {
    k: count,
    axis: canonicalAxis(options.axis ?? -1, x.ndim),
  });
  return [values!, positions!];
}

/** Options of {@linkcode approxMaxK} and {@linkcode approxMinK}. */
export interface ApproxTopKOptions {
  /** The axis; the last by default. */
  readonly reductionDimension?: number;
  /** Wanted share of the true elements among those found. */
  readonly recallTarget?: number;
  /** Number of elements that the recall is computed for, when it is positive. */
  readonly reductionInputSizeOverride?: number;
  /** Whether exactly k elements are returned, or all candidates that the recall asks for. */
  readonly aggregateToTopk?: boolean;
}

type ApproxRest = [
  reductionDimension?: number | ApproxTopKOptions,
  recallTarget?: number | ApproxTopKOptions,
  reductionInputSizeOverride?: number | ApproxTopKOptions,
  aggregateToTopk?: boolean | ApproxTopKOptions,
];

function approximate(name: string, operand: ArrayLike, k: unknown, isMaxK: boolean, rest: ApproxRest): [
  JaxArray,
  JaxArray,
] {
  const given = keywords(
    name,
    ["reductionDimension", "recallTarget", "reductionInputSizeOverride", "aggregateToTopk"],
    rest,
  );
  const x = toArray(operand, name);
  const outs = bind(approxTopK as Primitive, [x], {
    k: staticInteger(k, `k of ${name}`),
    reductionDimension: staticInteger(given.reductionDimension ?? -1, `reduction_dimension of ${name}`),
    recallTarget: given.recallTarget ?? 0.95,
    isMaxK,
    reductionInputSizeOverride: staticInteger(
      given.reductionInputSizeOverride ?? -1,
      `reduction_input_size_override of ${name}`,
    ),
    aggregateToTopk: given.aggregateToTopk !== false,
  });
  return [outs[0]!, outs[1]!];
}

/**
 * The k greatest elements along an axis, which an accelerator may find approximately; here they are exact.
 *
 * @param operand array of floats
 * @param k how many
 * @returns the elements, and their positions as int32
 * @throws {ValueError} for other dtypes, and when k is not positive or greater than the axis
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const [values] = lax.approxMaxK(np.array([1, 5, 2, 4]), 2);
 * if (String(values) !== "[5. 4.]") throw new Error();
 * ```
 */
export function approxMaxK(
  operand: ArrayLike,
  k: number | bigint,
  ...rest: ApproxRest
): [JaxArray, JaxArray] {
  return approximate("approx_max_k", operand, k, true, rest);
}

/**
 * The k least elements along an axis, which an accelerator may find approximately; here they are exact. The arguments
 * are those of {@linkcode approxMaxK}.
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const [values] = lax.approxMinK(np.array([1, 5, 2, 4]), 2);
 * if (String(values) !== "[1. 2.]") throw new Error();
 * ```
 */
export function approxMinK(
  operand: ArrayLike,
  k: number | bigint,
  ...rest: ApproxRest
): [JaxArray, JaxArray] {
  return approximate("approx_min_k", operand, k, false, rest);
}
