/**
 * Functions of `jax.numpy` that read and write elements at indices along an axis: take, takeAlongAxis, putAlongAxis.
 *
 * @module
 */
import {
  broadcastShapes,
  broadcastTo,
  canonicalAxis,
  int32,
  isInteger,
  type JaxArray,
  keywords,
  raw,
  toIndexArray,
  tuple,
  ValueError,
} from "../core/mod.ts";
import { gather, type GatherDimensionNumbersLike } from "../lax/mod.ts";
import { range } from "./axes.ts";
import { type ArrayLike, toArray } from "./convert.ts";
import { refuseInPlace, takeCall } from "./_take.ts";
import { staged } from "./_staged.ts";
import { refuseOut } from "./_arguments.ts";

/** Indices: an array of integers, an integer, or nested lists of them. */
export type Indices = ArrayLike | readonly unknown[];

/** Options of {@linkcode take}. */
export interface TakeOptions {
  /** The axis to take along; null (the default) takes from the flattened array. */
  readonly axis?: number | null;
  /** Not supported: arrays are immutable. */
  readonly out?: null;
  /** Out of bounds: `"fill"` (default) gives NaN (or `fillValue`), `"clip"` the nearest element, `"wrap"` counts around. */
  readonly mode?: string | null;
  readonly uniqueIndices?: boolean;
  readonly indicesAreSorted?: boolean;
  /** A scalar for `"fill"`; default NaN, the least (or greatest unsigned) integer, or true. */
  readonly fillValue?: unknown;
}

/**
 * Elements at indices: of the flattened array, or slices along an axis.
 *
 * @param a an array of any dtype
 * @param indices integers of any shape, which takes the place of the axis in the result; negative ones count from the end
 * @throws {TypeError} when the indices are no integers
 * @throws {IndexError} when something is taken from an empty axis
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.take(np.arange(5), [3, -1])) !== "[3 4]") throw new Error();
 * if (String(np.take(np.eye(2), [1], 0)) !== "[[0. 1.]]") throw new Error();
 * ```
 */
export function take(
  a: ArrayLike,
  indices: Indices,
  ...rest: [axis?: number | null | TakeOptions, out?: null | TakeOptions, mode?: string | null | TakeOptions]
): JaxArray {
  const names = ["axis", "out", "mode", "uniqueIndices", "indicesAreSorted", "fillValue"] as const;
  const given = keywords("take", names, rest);
  refuseOut(given.out, "take");
  let x = toArray(a, "take");
  const index = toIndexArray(indices), flatten = given.axis === undefined || given.axis === null;
  if (flatten && x.ndim !== 1) x = raw.reshape(x, [x.size]);
  return takeCall([x, index], {
    axis: flatten ? 0 : canonicalAxis(given.axis, x.ndim),
    mode: (given.mode ?? null) as string | null,
    uniqueIndices: Boolean(given.uniqueIndices),
    indicesAreSorted: Boolean(given.indicesAreSorted),
    fillValue: given.fillValue ?? null,
  });
}

/** Options of {@linkcode takeAlongAxis}. */
export interface TakeAlongAxisOptions {
  /** The axis of the indices, default −1; null takes from the flattened array. */
  readonly axis?: number | null;
  /** Out of bounds: `"fill"` (default), `"clip"` or `"promise_in_bounds"`. */
  readonly mode?: string | null;
  readonly fillValue?: unknown;
  /** Negative indices count from the end (default unless the mode is `"promise_in_bounds"`). */
  readonly wrapNegativeIndices?: boolean | null;
}

interface AlongStatics {
  readonly axis: number;
  readonly mode: string | null;
  readonly fillValue: unknown;
  readonly wrap: boolean;
}

/** Which axes of the operand the gather of takeAlongAxis slices, batches and drops. */
function alongNumbers(
  shape: readonly number[],
  indexShape: readonly number[],
  axis: number,
): { squeezed: number[]; sliceSizes: number[]; numbers: GatherDimensionNumbersLike } {
  const squeezed: number[] = [], sliceSizes: number[] = [], offsetDims: number[] = [];
  const batching: number[] = [], indexBatching: number[] = [], indexed: number[] = [];
  let operandAxis = 0, indexAxis = 0;
  shape.forEach((n, i) => {
    if (i === axis) {
      sliceSizes.push(1);
      indexed.push(operandAxis++);
      indexAxis++;
    } else if (indexShape[i] === 1) {
      offsetDims.push(i);
      sliceSizes.push(n);
      operandAxis++;
    } else if (n === 1) {
      squeezed.push(i);
      indexAxis++;
    } else {
      sliceSizes.push(n === 0 ? 0 : 1);
      batching.push(operandAxis++);
      indexBatching.push(indexAxis++);
    }
  });
  return {
    squeezed,
    sliceSizes,
    numbers: {
      offsetDims,
      collapsedSliceDims: indexed,
      startIndexMap: indexed,
      operandBatchingDims: batching,
      startIndicesBatchingDims: indexBatching,
    },
  };
}

const alongCall = staged("take_along_axis", ([x, indices]: [JaxArray, JaxArray], options: AlongStatics) => {
  const { axis, mode, fillValue, wrap } = options, size = x.shape[axis]!;
  const others = x.shape.map((n, i) => i === axis ? 1 : n);
  const shape = broadcastShapes([indices.shape, others]);
  if (size === 0) return raw.full(shape, 0, x.dtype);
  let index = indices.dtype.bits < 32 ? raw.convert(indices, int32) : indices;
  if (wrap && index.dtype.kind === "int") {
    index = raw.selectN(raw.lt(index, 0), index, raw.add(index, size));
  }
  const kept = range(x.ndim).filter((i) => i === axis || indices.shape[i] !== 1);
  const { squeezed, sliceSizes, numbers } = alongNumbers(x.shape, indices.shape, axis);
  return gather(
    raw.squeeze(x, squeezed),
    raw.reshape(index, [...kept.map((i) => shape[i]!), 1]),
    numbers,
    sliceSizes,
    { mode: (mode ?? "fill") as "fill", fillValue },
  );
});

/** The indices along an axis, with the ranks checked. */
function alongOperands(
  name: string,
  arr: JaxArray,
  indices: unknown,
  axis: unknown,
): { x: JaxArray; index: JaxArray; axis: number } {
  const index = toIndexArray(indices);
  if (!isInteger(index.dtype)) {
    throw new TypeError(`${name} indices must be of integer type, got ${index.dtype.name}`);
  }
  if (axis !== null) {
    if (arr.ndim !== index.ndim) {
      throw new ValueError(
        `${name}: indices and arr must have the same number of dimensions; ${index.ndim} vs. ${arr.ndim}`,
      );
    }
    return { x: arr, index, axis: canonicalAxis(axis, arr.ndim) };
  }
  if (index.ndim !== 1) {
    throw new ValueError(`${name} indices must be 1D if axis=None, got shape ${tuple(index.shape)}`);
  }
  return { x: arr.ndim === 1 ? arr : raw.reshape(arr, [arr.size]), index, axis: 0 };
}

/**
 * Elements at indices that hold, for each place of the result, where to look along one axis: as `argsort` and `argmax`
 * give them.
 *
 * @param arr an array of any dtype
 * @param indices integers with as many axes; the other axes broadcast
 * @throws {ValueError} when the numbers of axes differ
 * @throws {TypeError} when the indices are no integers
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[3, 1, 2]]);
 * if (String(np.takeAlongAxis(x, np.argsort(x), 1)) !== "[[1. 2. 3.]]") throw new Error();
 * ```
 */
export function takeAlongAxis(
  arr: ArrayLike,
  indices: Indices,
  ...rest: [
    axis?: number | null | TakeAlongAxisOptions,
    mode?: string | null | TakeAlongAxisOptions,
    fillValue?: unknown,
  ]
): JaxArray {
  const names = ["axis", "mode", "fillValue"] as const;
  const { axis = -1, mode = null, fillValue = null, wrapNegativeIndices } = keywords(
    "take_along_axis",
    names,
    rest,
    ["wrapNegativeIndices"],
  );
  const operands = alongOperands("take_along_axis", toArray(arr, "take_along_axis"), indices, axis);
  return alongCall([operands.x, operands.index], {
    axis: operands.axis,
    mode: mode as string | null,
    fillValue,
    wrap: wrapNegativeIndices === undefined || wrapNegativeIndices === null
      ? mode !== "promise_in_bounds"
      : Boolean(wrapNegativeIndices),
  });
}

/** Options of {@linkcode putAlongAxis}. */
export interface PutAlongAxisOptions {
  /** Must be false: arrays are immutable, and a new one is returned. */
  readonly inplace?: boolean;
  /** Out of bounds: `"drop"` (default) or `"clip"`. */
  readonly mode?: string | null;
}

/**
 * An array with values put at indices along an axis, the counterpart of {@linkcode takeAlongAxis}.
 *
 * @param arr an array
 * @param indices integers with as many axes
 * @param values broadcast to the shape of the indices
 * @param axis the axis of the indices; null for the flattened array
 * @param inplace must be false
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.putAlongAxis(np.zeros([2, 2]), [[1], [0]], 5, 1, { inplace: false });
 * if (String(x) !== "[[0. 5.]\n [5. 0.]]") throw new Error();
 * ```
 */
export function putAlongAxis(
  arr: ArrayLike,
  indices: Indices,
  values: ArrayLike,
  ...rest: [
    axis?: number | null | ({ readonly axis?: number | null } & PutAlongAxisOptions),
    inplace?: boolean | PutAlongAxisOptions,
    options?: PutAlongAxisOptions,
  ]
): JaxArray {
  const given = keywords("put_along_axis", ["axis", "inplace"], rest, ["mode"]);
  refuseInPlace("put_along_axis", given.inplace);
  const original = toArray(arr, "put_along_axis");
  const { x, index, axis } = alongOperands("put_along_axis", original, indices, given.axis ?? null);
  const value = toArray(values, "put_along_axis", 2);
  if (value.ndim > index.ndim) {
    throw new ValueError(
      "put_along_axis argument 'values' must be broadcastable to 'indices'. Got values.shape=" +
        `${tuple(value.shape)} and indices.shape=${tuple(index.shape)}.`,
    );
  }
  const places = x.shape.map((n, i) =>
    i === axis
      ? index
      : raw.broadcastInDim(raw.iota(int32, [n], 0), x.shape.map((_, k) => k === i ? n : 1), [i])
  );
  const mode = (given.mode ?? null) as "drop" | "clip" | null;
  const result = x.at(...places).set(broadcastTo(value, index.shape), { mode });
  return result.ndim === original.ndim ? result : raw.reshape(result, original.shape);
}
