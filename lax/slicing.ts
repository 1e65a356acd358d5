/**
 * Functions of `jax.lax` that read and write parts of arrays: slices, gather and scatter.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import { tuple } from "../core/avals.ts";
import { ConcreteArray, scalarArray } from "../core/concrete.ts";
import { type ArrayLike, lift, toArray } from "../core/convert.ts";
import { defaultInt, type DType, isUnsigned } from "../core/dtypes.ts";
import { checkOptions, IndexError, ValueError } from "../core/errors.ts";
import { integerRange } from "../core/host.ts";
import { dynamicSlice as sliceAt, dynamicUpdateSlice as updateAt } from "../core/ops/dynamic.ts";
import * as raw from "../core/raw.ts";
import { canonicalAxis, keywords, staticInteger, staticIntegers, toIndexArray } from "../core/static.ts";
import { gather } from "./gather.ts";

/**
 * A part of an array with static bounds: on each axis the elements from a start up to a limit, by a stride.
 *
 * @throws {TypeError} when the bounds do not fit the operand
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(12).reshape(3, 4);
 * if (String(lax.slice(x, [0, 0], [3, 4], [1, 2]).get(0)) !== "[0 2]") throw new Error();
 * ```
 */
export function slice(
  operand: ArrayLike,
  startIndices: readonly number[],
  limitIndices: readonly number[],
  ...rest: [strides?: readonly number[] | null | { readonly strides?: readonly number[] | null }]
): JaxArray {
  const { strides } = keywords("slice", ["strides"], rest);
  return raw.slice(
    toArray(operand, "slice"),
    staticIntegers(startIndices, "start_indices"),
    staticIntegers(limitIndices, "limit_indices"),
    strides === undefined || strides === null ? null : staticIntegers(strides, "strides"),
  );
}

/** Options of {@linkcode sliceInDim}. */
export interface SliceInDimOptions {
  readonly stride?: number;
  readonly axis?: number;
}

/** Elements `startIndex` up to `limitIndex` of one axis; null stands for its ends, negative ones count from there. */
export function sliceInDim(
  operand: ArrayLike,
  startIndex: number | null,
  limitIndex: number | null,
  ...rest: [stride?: number | SliceInDimOptions, axis?: number | SliceInDimOptions]
): JaxArray {
  const { stride = 1, axis = 0 } = keywords("slice_in_dim", ["stride", "axis"], rest);
  const x = toArray(operand, "slice_in_dim"), at = axisOf(axis, x.ndim), n = x.shape[at]!;
  const bound = (i: number | null, otherwise: number): number => {
    const index = i === null ? otherwise : staticInteger(i, "a bound of slice_in_dim");
    return index < 0 ? index + n : index;
  };
  const starts = x.shape.map((_, i) => i === at ? bound(startIndex, 0) : 0);
  const limits = x.shape.map((m, i) => i === at ? bound(limitIndex, n) : m);
  const step = staticInteger(stride, "stride");
  return raw.slice(x, starts, limits, x.shape.map((_, i) => i === at ? step : 1));
}

/** An axis of an array; JAX raises IndexError here where it raises ValueError elsewhere. */
function axisOf(axis: unknown, ndim: number): number {
  const n = staticInteger(axis, "axis");
  if (n < -ndim || n >= ndim) {
    throw new IndexError(`axis ${n} is out of bounds for array of dimension ${ndim}`);
  }
  return canonicalAxis(n, ndim);
}

/** Options of {@linkcode indexInDim}. */
export interface IndexInDimOptions {
  readonly axis?: number;
  readonly keepdims?: boolean;
}

/**
 * The elements at one static index of an axis, by default with that axis.
 *
 * @throws {IndexError} when the index is out of bounds
 */
export function indexInDim(
  operand: ArrayLike,
  index: number,
  ...rest: [axis?: number | IndexInDimOptions, keepdims?: boolean | IndexInDimOptions]
): JaxArray {
  const { axis = 0, keepdims = true } = keywords("index_in_dim", ["axis", "keepdims"], rest);
  const x = toArray(operand, "index_in_dim"), at = axisOf(axis, x.ndim), n = x.shape[at]!;
  const i = staticInteger(index, "index"), wrapped = i < 0 ? i + n : i;
  if (!(wrapped >= 0 && wrapped < n)) {
    throw new IndexError(`index ${i} is out of bounds for axis ${at} with size ${n}`);
  }
  const part = sliceInDim(x, wrapped, wrapped + 1, { axis: at });
  return keepdims ? part : raw.squeeze(part, [at]);
}

/** Options of the functions with dynamic starts. */
export interface DynamicOptions {
  /** Negative starts count from the end (the default); for one axis or all. */
  readonly allowNegativeIndices?: boolean | readonly boolean[];
}

/** Starts of slices: scalars, or one array of them. */
export type StartIndices = readonly ArrayLike[] | JaxArray;

/** Start indices as 0-d arrays of one integer dtype, negative ones counted from the end where that is allowed. */
function startArrays(
  x: JaxArray,
  starts: StartIndices,
  allowNegative: unknown = true,
): JaxArray[] {
  const list = Array.isArray(starts) ? starts : elementsOf(starts as JaxArray);
  if (list.length !== x.ndim) {
    throw new ValueError(
      `Length of slice indices must match number of operand dimensions (${list.length} vs ${tuple(x.shape)})`,
    );
  }
  const arrays = list.map((i) => typeof i === "number" || typeof i === "bigint" ? null : toArray(i, "start"));
  const dtype = staticDType(arrays, list);
  return list.map((start, axis) => {
    const n = x.shape[axis]!, array = arrays[axis];
    const negative = Array.isArray(allowNegative) ? Boolean(allowNegative[axis]) : Boolean(allowNegative);
    if (array === null || array === undefined) {
      const i = staticInteger(start, "a start index");
      if (i < 0 && !negative) {
        throw new ValueError(
          `Index ${i} is out of bounds for dimension ${n} if allow_negative_indices=False`,
        );
      }
      return scalarArray(i < 0 ? i + n : i, dtype);
    }
    if (!negative || array.dtype.kind !== "int") return array;
    if (array instanceof ConcreteArray && array.ndim === 0 && array.literal !== undefined) {
      const i = Number(array.literal);
      return i < 0 ? scalarArray(i + n, array.dtype) : array;
    }
    return raw.selectN(raw.lt(array, 0), array, raw.add(array, n));
  });
}

/** The dtype of static starts: that of the other starts where it holds them, as they must agree. */
function staticDType(arrays: readonly (JaxArray | null)[], list: readonly unknown[]): DType {
  const dtype = arrays.find((a) => a !== null)?.dtype;
  if (dtype === undefined || dtype.kind !== "int" && !isUnsigned(dtype)) return defaultInt();
  const [low, high] = integerRange(dtype);
  const fits = list.every((i, k) =>
    arrays[k] !== null || BigInt(i as number) >= low && BigInt(i as number) <= high
  );
  return fits ? dtype : defaultInt();
}

/** The elements of a one-dimensional array as 0-d arrays. */
function elementsOf(indices: JaxArray): JaxArray[] {
  if (indices.ndim !== 1) {
    throw new ValueError(`Slice indices must be a 1D sequence, got ${tuple(indices.shape)}`);
  }
  return Array.from(
    { length: indices.shape[0]! },
    (_, i) => raw.squeeze(raw.sliceInDim(indices, i, i + 1, 0), [0]),
  );
}

/**
 * A part of static size at starts that may be traced; one that would leave the operand is moved inside.
 *
 * @param operand an array
 * @param startIndices an integer scalar for each axis
 * @param sliceSizes the shape of the result
 * @throws {TypeError} when the sizes exceed the operand's, or the starts are no integers of one dtype
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const x = lax.dynamicSlice(np.arange(5), [4], [2]);
 * if (String(x) !== "[3 4]") throw new Error();
 * ```
 */
export function dynamicSlice(
  operand: ArrayLike,
  startIndices: StartIndices,
  sliceSizes: readonly number[],
  options: DynamicOptions = {},
): JaxArray {
  checkOptions("dynamic_slice", options, ["allowNegativeIndices"]);
  const x = toArray(operand, "dynamic_slice");
  const starts = startArrays(x, startIndices, options.allowNegativeIndices);
  return sliceAt(x, starts, staticIntegers(sliceSizes, "slice_sizes"));
}

/** Options of the functions with a dynamic start on one axis. */
export interface InDimOptions {
  readonly axis?: number;
  readonly allowNegativeIndices?: boolean;
}

function startsInDim(x: JaxArray, start: ArrayLike, axis: number): ArrayLike[] {
  return x.shape.map((_, i) => i === axis ? start : 0);
}

/** Elements of one axis from a start that may be traced. */
export function dynamicSliceInDim(
  operand: ArrayLike,
  startIndex: ArrayLike,
  sliceSize: number,
  ...rest: [axis?: number | InDimOptions, options?: InDimOptions]
): JaxArray {
  const { axis = 0, allowNegativeIndices = true } = keywords("dynamic_slice_in_dim", ["axis"], rest, [
    "allowNegativeIndices",
  ]);
  const x = toArray(operand, "dynamic_slice_in_dim"), at = axisOf(axis, x.ndim);
  const sizes = x.shape.map((n, i) => i === at ? staticInteger(sliceSize, "slice_size") : n);
  return sliceAt(x, startArrays(x, startsInDim(x, startIndex, at), allowNegativeIndices), sizes);
}

/** Options of {@linkcode dynamicIndexInDim}. */
export interface DynamicIndexInDimOptions extends IndexInDimOptions {
  readonly allowNegativeIndices?: boolean;
}

/** The elements at one index of an axis that may be traced, by default with that axis. */
export function dynamicIndexInDim(
  operand: ArrayLike,
  index: ArrayLike,
  ...rest: [
    axis?: number | DynamicIndexInDimOptions,
    keepdims?: boolean | DynamicIndexInDimOptions,
    options?: DynamicIndexInDimOptions,
  ]
): JaxArray {
  const { axis = 0, keepdims = true, allowNegativeIndices = true } = keywords(
    "dynamic_index_in_dim",
    [
      "axis",
      "keepdims",
    ],
    rest,
    ["allowNegativeIndices"],
  );
  const x = toArray(operand, "dynamic_index_in_dim"), at = axisOf(axis, x.ndim);
  const part = dynamicSliceInDim(x, index, 1, {
    axis: at,
    allowNegativeIndices: allowNegativeIndices as boolean,
  });
  return keepdims ? part : raw.squeeze(part, [at]);
}

/**
 * The operand with a part replaced by `update`, at starts that may be traced.
 *
 * @throws {TypeError} when update and operand differ in rank or dtype, or the update is larger
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const x = lax.dynamicUpdateSlice(np.zeros(4), np.ones(2), [1]);
 * if (String(x) !== "[0. 1. 1. 0.]") throw new Error();
 * ```
 */
export function dynamicUpdateSlice(
  operand: ArrayLike,
  update: ArrayLike,
  startIndices: StartIndices,
  options: DynamicOptions = {},
): JaxArray {
  checkOptions("dynamic_update_slice", options, ["allowNegativeIndices"]);
  const [x, y] = lift("dynamic_update_slice", operand, update) as [JaxArray, JaxArray];
  return updateAt(x, y, startArrays(x, startIndices, options.allowNegativeIndices));
}

/** The operand with a part of one axis replaced. */
export function dynamicUpdateSliceInDim(
  operand: ArrayLike,
  update: ArrayLike,
  startIndex: ArrayLike,
  axis: number,
  options: { readonly allowNegativeIndices?: boolean } = {},
): JaxArray {
  checkOptions("dynamic_update_slice_in_dim", options, ["allowNegativeIndices"]);
  const [x, y] = lift("dynamic_update_slice_in_dim", operand, update) as [JaxArray, JaxArray];
  const at = axisOf(axis, x.ndim);
  return updateAt(x, y, startArrays(x, startsInDim(x, startIndex, at), options.allowNegativeIndices));
}

/** The operand with the elements at one index of an axis replaced; the update may lack that axis. */
export function dynamicUpdateIndexInDim(
  operand: ArrayLike,
  update: ArrayLike,
  index: ArrayLike,
  axis: number,
  options: { readonly allowNegativeIndices?: boolean } = {},
): JaxArray {
  const [x, y] = lift("dynamic_update_index_in_dim", operand, update) as [JaxArray, JaxArray];
  const at = axisOf(axis, x.ndim);
  const whole = y.ndim === x.ndim ? y : raw.expandDims(y, [at]);
  return dynamicUpdateSliceInDim(x, whole, index, at, options);
}

/**
 * Elements of an array at index vectors: `idxs[k]` holds indices of axis `axes[k]`, which wrap around.
 */
export function indexTake(
  src: ArrayLike,
  idxs: readonly ArrayLike[],
  axes: readonly number[],
): JaxArray {
  const x = toArray(src, "index_take"), dims = staticIntegers(axes, "axes");
  const columns = idxs.map((list, k) => {
    const i = toIndexArray(list), n = x.shape[dims[k]!]!;
    const remainder = raw.rem(i, n);
    return raw.expandDims(raw.where(raw.lt(remainder, 0), raw.add(remainder, n), remainder), [1]);
  });
  const indices = raw.concatenate(columns, 1);
  const offsetDims = Array.from({ length: x.ndim - dims.length }, (_, i) => i + 1);
  return gather(
    x,
    indices,
    { offsetDims, collapsedSliceDims: dims, startIndexMap: dims },
    x.shape.map((n, i) => dims.includes(i) ? 1 : n),
  );
}
