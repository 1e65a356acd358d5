/**
 * Gather and scatter of `jax.lax`: windows of an array at starts that another array holds.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import { type ArrayLike, lift, toArray } from "../core/convert.ts";
import { checkOptions } from "../core/errors.ts";
import {
  type ElementFunction,
  type GatherDimensionNumbers as GatherNumbers,
  GatherScatterMode,
  gatherSlices,
  scatterApply as applyAt,
  type ScatterDimensionNumbers as ScatterNumbers,
  type ScatterKind,
  scatterWindows,
} from "../core/gather_scatter.ts";
import { canonicalShape, staticIntegers, toIndexArray } from "../core/static.ts";

export { GatherScatterMode };

/** Dimension numbers of a gather; the batching dimensions may be left out. */
export type GatherDimensionNumbersLike =
  & Omit<GatherNumbers, "operandBatchingDims" | "startIndicesBatchingDims">
  & Partial<Pick<GatherNumbers, "operandBatchingDims" | "startIndicesBatchingDims">>;

/**
 * How the axes of operand, indices and result of a gather correspond. An object literal with these properties does as
 * well.
 */
export class GatherDimensionNumbers implements GatherNumbers {
  /** Axes of the result that run over a slice. */
  readonly offsetDims: readonly number[];
  /** Axes of the operand of slice size 1 that the result does not have. */
  readonly collapsedSliceDims: readonly number[];
  /** The operand axis that component k of an index vector is the start of. */
  readonly startIndexMap: readonly number[];
  /** Axes of the operand that go along with `startIndicesBatchingDims`. */
  readonly operandBatchingDims: readonly number[];
  readonly startIndicesBatchingDims: readonly number[];

  constructor(numbers: GatherDimensionNumbersLike) {
    checkOptions("GatherDimensionNumbers", numbers, gatherNames);
    this.offsetDims = dims(numbers, "offsetDims");
    this.collapsedSliceDims = dims(numbers, "collapsedSliceDims");
    this.startIndexMap = dims(numbers, "startIndexMap");
    this.operandBatchingDims = dims(numbers, "operandBatchingDims", []);
    this.startIndicesBatchingDims = dims(numbers, "startIndicesBatchingDims", []);
  }
}

const gatherNames = [
  "offsetDims",
  "collapsedSliceDims",
  "startIndexMap",
  "operandBatchingDims",
  "startIndicesBatchingDims",
];

/** Dimension numbers of a scatter; the batching dimensions may be left out. */
export type ScatterDimensionNumbersLike =
  & Omit<ScatterNumbers, "operandBatchingDims" | "scatterIndicesBatchingDims">
  & Partial<Pick<ScatterNumbers, "operandBatchingDims" | "scatterIndicesBatchingDims">>;

/**
 * How the axes of operand, indices and updates of a scatter correspond. An object literal with these properties does as
 * well.
 */
export class ScatterDimensionNumbers implements ScatterNumbers {
  /** Axes of the updates that run over a window. */
  readonly updateWindowDims: readonly number[];
  /** Axes of the operand of window size 1 that the updates do not have. */
  readonly insertedWindowDims: readonly number[];
  /** The operand axis that component k of an index vector is the start of. */
  readonly scatterDimsToOperandDims: readonly number[];
  /** Axes of the operand that go along with `scatterIndicesBatchingDims`. */
  readonly operandBatchingDims: readonly number[];
  readonly scatterIndicesBatchingDims: readonly number[];

  constructor(numbers: ScatterDimensionNumbersLike) {
    checkOptions("ScatterDimensionNumbers", numbers, scatterNames);
    this.updateWindowDims = dims(numbers, "updateWindowDims");
    this.insertedWindowDims = dims(numbers, "insertedWindowDims");
    this.scatterDimsToOperandDims = dims(numbers, "scatterDimsToOperandDims");
    this.operandBatchingDims = dims(numbers, "operandBatchingDims", []);
    this.scatterIndicesBatchingDims = dims(numbers, "scatterIndicesBatchingDims", []);
  }
}

const scatterNames = [
  "updateWindowDims",
  "insertedWindowDims",
  "scatterDimsToOperandDims",
  "operandBatchingDims",
  "scatterIndicesBatchingDims",
];

function dims<T extends object>(numbers: T, name: keyof T & string, otherwise?: number[]): number[] {
  const given = numbers[name];
  if (given === undefined && otherwise) return otherwise;
  return staticIntegers(given, name);
}

/** Options of {@linkcode gather}. */
export interface GatherOptions {
  /** Slices do not overlap: a promise that may make derivatives faster. */
  readonly uniqueIndices?: boolean;
  readonly indicesAreSorted?: boolean;
  /** Default `"promise_in_bounds"`. */
  readonly mode?: GatherScatterMode | null;
  /** Value of slices out of bounds when the mode is `"fill"`; default NaN, the least or greatest integer, or true. */
  readonly fillValue?: unknown;
}

/**
 * Slices of an operand at starts that an integer array holds, as in XLA: the index vectors lie along its last axis.
 *
 * @param operand an array
 * @param startIndices integers
 * @param dimensionNumbers how the axes correspond
 * @param sliceSizes size of a slice on each axis of the operand
 * @throws {TypeError} when shapes and dimension numbers do not fit together
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const numbers = { offsetDims: [], collapsedSliceDims: [0], startIndexMap: [0] };
 * const x = lax.gather(np.array([10, 11, 12]), [[2], [0]], numbers, [1]);
 * if (String(x) !== "[12. 10.]") throw new Error();
 * ```
 */
export function gather(
  operand: ArrayLike,
  startIndices: unknown,
  dimensionNumbers: GatherDimensionNumbersLike,
  sliceSizes: readonly number[],
  options: GatherOptions = {},
): JaxArray {
  checkOptions("gather", options, ["uniqueIndices", "indicesAreSorted", "mode", "fillValue"]);
  const numbers = { ...new GatherDimensionNumbers(dimensionNumbers) };
  return gatherSlices(
    toArray(operand, "gather"),
    toIndexArray(startIndices),
    numbers,
    canonicalShape(sliceSizes),
    options,
  );
}

/** Options of the scatter functions. */
export interface ScatterOptions {
  readonly indicesAreSorted?: boolean;
  /** Windows do not overlap: a promise that lets them be written in any order. */
  readonly uniqueIndices?: boolean;
  /** Default `"drop"`. */
  readonly mode?: GatherScatterMode | null;
}

const scatterOptions = ["indicesAreSorted", "uniqueIndices", "mode"];

/** A scatter function. */
export type Scatter = (
  operand: ArrayLike,
  scatterIndices: unknown,
  updates: ArrayLike,
  dimensionNumbers: ScatterDimensionNumbersLike,
  options?: ScatterOptions,
) => JaxArray;

function scatterFunction(name: string, kind: ScatterKind): Scatter {
  return (operand, scatterIndices, updates, dimensionNumbers, options = {}) => {
    checkOptions(name, options, scatterOptions);
    const [x, y] = lift(name, operand, updates) as [JaxArray, JaxArray];
    const numbers = { ...new ScatterDimensionNumbers(dimensionNumbers) };
    return scatterWindows(kind, [x, toIndexArray(scatterIndices), y], numbers, options);
  };
}

/**
 * The operand with windows of updates put in at starts that an integer array holds. Of updates that meet, the last one
 * stays.
 *
 * @throws {TypeError} when shapes, dtypes and dimension numbers do not fit together
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const numbers = { updateWindowDims: [], insertedWindowDims: [0], scatterDimsToOperandDims: [0] };
 * const x = lax.scatter(np.zeros(3), [[1], [1]], np.array([5, 6]), numbers);
 * if (String(x) !== "[0. 6. 0.]") throw new Error();
 * ```
 */
export const scatter: Scatter = scatterFunction("scatter", "set");
/** As {@linkcode scatter}, adding the updates; all that meet are added. */
export const scatterAdd: Scatter = scatterFunction("scatter_add", "add");
/** As {@linkcode scatter}, subtracting the updates. */
export const scatterSub: Scatter = scatterFunction("scatter_sub", "sub");
/** As {@linkcode scatter}, multiplying by the updates. */
export const scatterMul: Scatter = scatterFunction("scatter_mul", "mul");
/** As {@linkcode scatter}, keeping the smaller value. */
export const scatterMin: Scatter = scatterFunction("scatter_min", "min");
/** As {@linkcode scatter}, keeping the larger value. */
export const scatterMax: Scatter = scatterFunction("scatter_max", "max");

/**
 * The operand with a function applied to the elements of windows, once for each time that an element is in one.
 *
 * @param func elementwise arithmetic from one element to one of the same dtype
 */
export function scatterApply(
  operand: ArrayLike,
  scatterIndices: unknown,
  func: ElementFunction,
  dimensionNumbers: ScatterDimensionNumbersLike,
  options: ScatterOptions & { readonly updateShape?: readonly number[] } = {},
): JaxArray {
  checkOptions("scatter_apply", options, [...scatterOptions, "updateShape"]);
  const numbers = { ...new ScatterDimensionNumbers(dimensionNumbers) };
  const updateShape = canonicalShape(options.updateShape ?? []);
  return applyAt(toArray(operand, "scatter_apply"), toIndexArray(scatterIndices), func, numbers, {
    ...options,
    updateShape,
  });
}
