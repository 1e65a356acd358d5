/**
 * Reductions over segments: elements of an array along its first axis that have the same number.
 *
 * @module
 */
import {
  type ArrayLike,
  bool_,
  type DType,
  errors,
  iinfo,
  isInteger,
  JaxArray,
  keywords,
  raw,
  staticInteger,
  toArray,
  toIndexArray,
  Tracer,
  type UpdateOptions,
  ValueError,
} from "../core/mod.ts";
import type { GatherScatterMode } from "../lax/mod.ts";
import * as np from "../numpy/mod.ts";

/** Options of the segment reductions. */
export interface SegmentOptions {
  /** The number of segments; by default one more than the greatest id. Needed where the ids are traced. */
  readonly numSegments?: number | null;
  /** Whether the caller promises that the ids are sorted. */
  readonly indicesAreSorted?: boolean;
  /** Whether the caller promises that the ids are all different. */
  readonly uniqueIndices?: boolean;
  /** Reduce buckets of this many elements first, for less rounding. */
  readonly bucketSize?: number | null;
  /** What happens to ids out of bounds: `"drop"` (the default) leaves their elements out, `"clip"` moves them inside. */
  readonly mode?: GatherScatterMode | null;
}

/** The ids of segments: an integer array or nested lists of integers. */
export type SegmentIds = ArrayLike | readonly unknown[];

type SegmentRest = [
  numSegments?: number | null | SegmentOptions,
  indicesAreSorted?: boolean | SegmentOptions,
  uniqueIndices?: boolean | SegmentOptions,
  bucketSize?: number | null | SegmentOptions,
  mode?: GatherScatterMode | null | SegmentOptions,
  options?: SegmentOptions,
];

const names = ["numSegments", "indicesAreSorted", "uniqueIndices", "bucketSize", "mode"] as const;

/** How the elements of a segment are combined. */
interface Combination {
  readonly name: string;
  readonly update: "add" | "multiply" | "min" | "max";
  /** The reduction of the results of buckets. */
  readonly reduce: (x: JaxArray, options: { axis: number }) => JaxArray;
  /** What a segment without elements has; infinities are the extreme values of the dtype. */
  readonly identity: number;
}

function identityOf({ identity }: Combination, dtype: DType): number | bigint | boolean {
  if (dtype === bool_) return identity > 0;
  if (Number.isFinite(identity) || !isInteger(dtype)) return identity;
  return identity < 0 ? iinfo(dtype).min : iinfo(dtype).max;
}

function countOf(name: string, given: unknown, ids: JaxArray): number {
  if (given === undefined || given === null) {
    if (ids instanceof Tracer && ids.concrete() === null) {
      throw new errors.ConcretizationTypeError(
        `Abstract tracer value encountered where concrete value is expected: traced array with shape ${ids.aval}\n` +
          `The number of segments of ${name}() is one more than the greatest id, which is traced: give numSegments.`,
      );
    }
    return Number(np.max(ids).item()) + 1;
  }
  const count = staticInteger(given, `${name}() \`num_segments\` argument`);
  if (count < 0) throw new ValueError("num_segments must be non-negative.");
  return count;
}

function reduceSegments(
  combination: Combination,
  data: ArrayLike,
  segmentIds: SegmentIds,
  rest: readonly unknown[],
): JaxArray {
  const { name, update, reduce } = combination, given = keywords(name, names, rest);
  const x = toArray(data, name), ids = segmentIds instanceof JaxArray ? segmentIds : toIndexArray(segmentIds);
  const options: UpdateOptions = {
    mode: (given.mode ?? "fill") as GatherScatterMode,
    indicesAreSorted: Boolean(given.indicesAreSorted),
    uniqueIndices: Boolean(given.uniqueIndices),
    wrapNegativeIndices: false,
  };
  const count = countOf(name, given.numSegments, ids), sizes = [count, ...x.shape.slice(1)];
  const initial = (shape: readonly number[]): JaxArray =>
    raw.full(shape, identityOf(combination, x.dtype), x.dtype);
  if (given.bucketSize === undefined || given.bucketSize === null) {
    return initial(sizes).at(ids)[update](x, options);
  }
  const bucketSize = staticInteger(given.bucketSize, `${name}() \`bucket_size\` argument`);
  if (bucketSize < 1) throw new ValueError(`${name}() \`bucket_size\` must be positive, got ${bucketSize}.`);
  const empty = initial([Math.ceil(ids.size / bucketSize), ...sizes]);
  const buckets = np.floorDivide(np.arange(ids.shape[0] ?? 0), bucketSize);
  const partial = empty.at(buckets, np.expandDims(ids, 0))[update](x, options);
  return raw.convert(reduce(partial, { axis: 0 }), x.dtype);
}

/**
 * Sums over segments: result[i] is the sum of the elements of `data` whose id is i.
 *
 * @param data Array of any numeric dtype, of which the first axis is divided.
 * @param segmentIds Integers of the size of that axis, in any order; elements of ids out of bounds are left out.
 * @param rest {@linkcode SegmentOptions}: numSegments, indicesAreSorted, uniqueIndices, bucketSize, mode
 * @returns An array [numSegments, ...] of the dtype of `data`; 0 for segments without elements.
 * @throws {ConcretizationTypeError} For traced ids without numSegments.
 * @throws {ValueError} For a negative numSegments, and an id array that does not fit `data`.
 * @throws {TypeError} For ids that are no integers.
 *
 * @example
 * ```ts
 * import { numpy as np, ops } from "@jaxlet/jaxlet";
 * const data = np.arange(5);
 * if (String(ops.segmentSum(data, [0, 0, 1, 1, 2])) !== "[1 5 4]") throw new Error();
 * if (String(ops.segmentSum(data, [0, 0, 1, 1, 2], { numSegments: 4 })) !== "[1 5 4 0]") throw new Error();
 * ```
 */
export function segmentSum(data: ArrayLike, segmentIds: SegmentIds, ...rest: SegmentRest): JaxArray {
  return reduceSegments(
    { name: "segment_sum", update: "add", reduce: np.sum, identity: 0 },
    data,
    segmentIds,
    rest,
  );
}

/**
 * Products over segments. The arguments are those of {@linkcode segmentSum}.
 *
 * @returns An array [numSegments, ...] of the dtype of `data`; 1 for segments without elements.
 * @throws {ConcretizationTypeError} For traced ids without numSegments.
 *
 * @example
 * ```ts
 * import { numpy as np, ops } from "@jaxlet/jaxlet";
 * if (String(ops.segmentProd(np.arange(1, 5), [0, 0, 2, 2])) !== "[ 2  1 12]") throw new Error();
 * ```
 */
export function segmentProd(data: ArrayLike, segmentIds: SegmentIds, ...rest: SegmentRest): JaxArray {
  return reduceSegments(
    { name: "segment_prod", update: "multiply", reduce: np.prod, identity: 1 },
    data,
    segmentIds,
    rest,
  );
}

/**
 * Maxima over segments. The arguments are those of {@linkcode segmentSum}.
 *
 * @returns An array [numSegments, ...] of the dtype of `data`; -∞ or the least integer for segments without elements.
 * @throws {ConcretizationTypeError} For traced ids without numSegments.
 *
 * @example
 * ```ts
 * import { numpy as np, ops } from "@jaxlet/jaxlet";
 * if (String(ops.segmentMax(np.arange(4), [0, 1, 0, 1])) !== "[2 3]") throw new Error();
 * ```
 */
export function segmentMax(data: ArrayLike, segmentIds: SegmentIds, ...rest: SegmentRest): JaxArray {
  return reduceSegments(
    { name: "segment_max", update: "max", reduce: np.max, identity: -Infinity },
    data,
    segmentIds,
    rest,
  );
}

/**
 * Minima over segments. The arguments are those of {@linkcode segmentSum}.
 *
 * @returns An array [numSegments, ...] of the dtype of `data`; ∞ or the greatest integer for segments without elements.
 * @throws {ConcretizationTypeError} For traced ids without numSegments.
 *
 * @example
 * ```ts
 * import { numpy as np, ops } from "@jaxlet/jaxlet";
 * if (String(ops.segmentMin(np.arange(4), [0, 1, 0, 1])) !== "[0 1]") throw new Error();
 * ```
 */
export function segmentMin(data: ArrayLike, segmentIds: SegmentIds, ...rest: SegmentRest): JaxArray {
  return reduceSegments(
    { name: "segment_min", update: "min", reduce: np.min, identity: Infinity },
    data,
    segmentIds,
    rest,
  );
}
