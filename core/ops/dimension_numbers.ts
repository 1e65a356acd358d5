/**
 * Dimension numbers of gather and scatter: how axes of operand, indices and result (or updates) correspond.
 *
 * @module
 */
import { type ShapedArray, tuple } from "../avals.ts";
import { Verbatim } from "./_print.ts";

/** How a gather's axes correspond. The index vectors lie along the last axis of the indices. */
export interface GatherDimensionNumbers {
  /** Axes of the result that run over a slice. */
  readonly offsetDims: readonly number[];
  /** Axes of the operand of slice size 1 that the result does not have. */
  readonly collapsedSliceDims: readonly number[];
  /** The operand axis that component k of an index vector is the start of. */
  readonly startIndexMap: readonly number[];
  /** Axes of the operand that go along with `startIndicesBatchingDims`. */
  readonly operandBatchingDims: readonly number[];
  readonly startIndicesBatchingDims: readonly number[];
}

/** How a scatter's axes correspond; the mirror image of a gather's. */
export interface ScatterDimensionNumbers {
  /** Axes of the updates that run over a window. */
  readonly updateWindowDims: readonly number[];
  /** Axes of the operand of window size 1 that the updates do not have. */
  readonly insertedWindowDims: readonly number[];
  /** The operand axis that component k of an index vector is the start of. */
  readonly scatterDimsToOperandDims: readonly number[];
  /** Axes of the operand that go along with `scatterIndicesBatchingDims`. */
  readonly operandBatchingDims: readonly number[];
  readonly scatterIndicesBatchingDims: readonly number[];
}

/** What happens out of bounds: the window is moved inside, is filled or dropped, or the caller promises it is inside. */
export type IndexMode = "clip" | "fill" | "promise_in_bounds";

/** The mode as jaxprs show it. */
export function modeText(mode: IndexMode): Verbatim {
  const name = { clip: "CLIP", fill: "FILL_OR_DROP", promise_in_bounds: "PROMISE_IN_BOUNDS" }[mode];
  return new Verbatim(`GatherScatterMode.${name}`);
}

/** Dimension numbers as jaxprs show them: Python's text of the named tuple. */
export function dimensionNumbersText(
  numbers: GatherDimensionNumbers | ScatterDimensionNumbers,
): Verbatim {
  if ("offsetDims" in numbers) {
    return new Verbatim(
      `GatherDimensionNumbers(offset_dims=${tuple(numbers.offsetDims)}, ` +
        `collapsed_slice_dims=${tuple(numbers.collapsedSliceDims)}, ` +
        `start_index_map=${tuple(numbers.startIndexMap)}, ` +
        `operand_batching_dims=${tuple(numbers.operandBatchingDims)}, ` +
        `start_indices_batching_dims=${tuple(numbers.startIndicesBatchingDims)})`,
    );
  }
  return new Verbatim(
    `ScatterDimensionNumbers(update_window_dims=${tuple(numbers.updateWindowDims)}, ` +
      `inserted_window_dims=${tuple(numbers.insertedWindowDims)}, ` +
      `scatter_dims_to_operand_dims=${tuple(numbers.scatterDimsToOperandDims)}, ` +
      `operand_batching_dims=${tuple(numbers.operandBatchingDims)}, ` +
      `scatter_indices_batching_dims=${tuple(numbers.scatterIndicesBatchingDims)})`,
  );
}

/** The scatter whose windows are a gather's slices. */
export function toScatter(numbers: GatherDimensionNumbers): ScatterDimensionNumbers {
  return {
    updateWindowDims: numbers.offsetDims,
    insertedWindowDims: numbers.collapsedSliceDims,
    scatterDimsToOperandDims: numbers.startIndexMap,
    operandBatchingDims: numbers.operandBatchingDims,
    scatterIndicesBatchingDims: numbers.startIndicesBatchingDims,
  };
}

/** The gather whose slices are a scatter's windows. */
export function toGather(numbers: ScatterDimensionNumbers): GatherDimensionNumbers {
  return {
    offsetDims: numbers.updateWindowDims,
    collapsedSliceDims: numbers.insertedWindowDims,
    startIndexMap: numbers.scatterDimsToOperandDims,
    operandBatchingDims: numbers.operandBatchingDims,
    startIndicesBatchingDims: numbers.scatterIndicesBatchingDims,
  };
}

/** Size of a scatter's window along each axis of the operand. */
export function windowSizes(
  rank: number,
  updatesShape: readonly number[],
  numbers: ScatterDimensionNumbers,
): number[] {
  let next = 0;
  return Array.from(
    { length: rank },
    (_, i) =>
      numbers.insertedWindowDims.includes(i) || numbers.operandBatchingDims.includes(i)
        ? 1
        : updatesShape[numbers.updateWindowDims[next++]!]!,
  );
}

/** Axes [0, rank) that are not in the list. */
export function otherDims(rank: number, dims: readonly number[]): number[] {
  return Array.from({ length: rank }, (_, i) => i).filter((i) => !dims.includes(i));
}

function sorted(dims: readonly number[], op: string, name: string): void {
  if (dims.some((d, i) => i > 0 && d < dims[i - 1]!)) {
    throw new TypeError(`${name} in ${op} op must be sorted; got ${tuple(dims)}`);
  }
}

function inRange(dims: readonly number[], rank: number, op: string, name: string): void {
  for (const d of dims) {
    if (!(d >= 0 && d < rank)) {
      throw new TypeError(`Invalid ${name} set in ${op} op; valid range is [0, ${rank}); got: ${d}.`);
    }
  }
}

function unique(dims: readonly number[], op: string, name: string): void {
  if (new Set(dims).size !== dims.length) {
    throw new TypeError(`${name} in ${op} op must not repeat; got: ${tuple(dims)}.`);
  }
}

function disjoint(
  op: string,
  [aName, a]: readonly [string, readonly number[]],
  [bName, b]: readonly [string, readonly number[]],
): void {
  if (a.some((d) => b.includes(d))) {
    throw new TypeError(
      `${aName} and ${bName} in ${op} op must be disjoint; got: ${tuple(a)} and ${tuple(b)}.`,
    );
  }
}

const equalLists = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** What gather and scatter check alike, under each one's names. */
interface Common {
  readonly op: "gather" | "scatter";
  readonly collapsed: readonly [name: string, dims: readonly number[]];
  readonly map: readonly [name: string, dims: readonly number[]];
  readonly operandBatching: readonly number[];
  readonly indicesBatching: readonly [name: string, dims: readonly number[]];
}

function checkCommon(operand: ShapedArray, indices: ShapedArray, c: Common): void {
  const { op } = c, title = op === "gather" ? "Gather" : "Scatter", vectorDim = indices.ndim - 1;
  const [collapsedName, collapsed] = c.collapsed, [mapName, map] = c.map;
  const [batchingName, indicesBatching] = c.indicesBatching, operandBatching = c.operandBatching;
  sorted(collapsed, op, collapsedName);
  inRange(collapsed, operand.ndim, op, collapsedName);
  unique(collapsed, op, collapsedName);
  unique(operandBatching, op, "operand_batching_dims");
  sorted(operandBatching, op, "operand_batching_dims");
  inRange(operandBatching, operand.ndim, op, "operand_batching_dims");
  disjoint(op, c.collapsed, ["operand_batching_dims", operandBatching]);
  disjoint(op, [mapName, map], ["operand_batching_dims", operandBatching]);
  unique(indicesBatching, op, batchingName);
  inRange(indicesBatching, indices.ndim, op, batchingName);
  if (indicesBatching.includes(vectorDim)) {
    throw new TypeError(
      `${title} op cannot have the index vector dimension as a batching dimension; got ${
        tuple(indicesBatching)
      }.`,
    );
  }
  if (operandBatching.length !== indicesBatching.length) {
    throw new TypeError(
      `${title} op requires equal numbers of operand_batching_dims and ${batchingName}, got ` +
        `${tuple(operandBatching)} and ${tuple(indicesBatching)}.`,
    );
  }
  const a = operandBatching.map((d) => operand.shape[d]!), b = indicesBatching.map((d) => indices.shape[d]!);
  if (!equalLists(a, b)) {
    throw new TypeError(
      `${title} op requires operand batching dimensions and indices batching dimensions to have the same shape, ` +
        `got ${tuple(a)} and ${tuple(b)}.`,
    );
  }
}

function checkIndexVectors(indices: ShapedArray, op: "Gather" | "Scatter"): void {
  if (indices.ndim === 0) {
    throw new TypeError(
      `${op} index leaf dimension must be within [0, rank(indices) + 1). rank(indices) is 0 and ` +
        `${op.toLowerCase()} index leaf dimension is -1.`,
    );
  }
}

/** Raises JAX's errors, or gives the shape of a gather's result. */
export function gatherShape(
  operand: ShapedArray,
  indices: ShapedArray,
  numbers: GatherDimensionNumbers,
  sliceSizes: readonly number[],
): number[] {
  const { offsetDims, collapsedSliceDims, startIndexMap, operandBatchingDims } = numbers;
  checkIndexVectors(indices, "Gather");
  const vectorDim = indices.ndim - 1, rank = offsetDims.length + vectorDim;
  sorted(offsetDims, "gather", "offset_dims");
  unique(offsetDims, "gather", "offset_dims");
  offsetDims.forEach((d, i) => {
    if (d >= 0 && d < rank) return;
    throw new TypeError(
      `Offset dimension ${i} in gather op is out of bounds; got ${d}, but should have been in [0, ${rank})`,
    );
  });
  if (startIndexMap.length !== indices.shape[vectorDim]) {
    throw new TypeError(
      `Gather op has ${startIndexMap.length} elements in start_index_map and the bound of dimension ` +
        `index_vector_dim=${vectorDim} of indices is ${
          indices.shape[vectorDim]
        }. These two numbers must be equal.`,
    );
  }
  startIndexMap.forEach((d, i) => {
    if (d >= 0 && d < operand.ndim) return;
    throw new TypeError(`Invalid start_index_map; domain is [0, ${operand.ndim}), got: ${i}->${d}.`);
  });
  unique(startIndexMap, "gather", "start_index_map");
  checkCommon(operand, indices, {
    op: "gather",
    collapsed: ["collapsed_slice_dims", collapsedSliceDims],
    map: ["start_index_map", startIndexMap],
    operandBatching: operandBatchingDims,
    indicesBatching: ["start_indices_batching_dims", numbers.startIndicesBatchingDims],
  });
  if (operand.ndim !== sliceSizes.length) {
    throw new TypeError(
      `Gather op must have one slice size for every input dimension; got: len(slice_sizes)=${sliceSizes.length}, ` +
        `input_shape.rank=${operand.ndim}`,
    );
  }
  if (sliceSizes.length !== offsetDims.length + collapsedSliceDims.length + operandBatchingDims.length) {
    throw new TypeError(
      `All components of the offset index in a gather op must either be a offset dimension or explicitly ` +
        `collapsed/batching; got len(slice_sizes)=${sliceSizes.length}, output_slice_sizes=${
          tuple(offsetDims)
        }, ` +
        `collapsed_slice_dims=${tuple(collapsedSliceDims)}, operand_batching_dims=${
          tuple(operandBatchingDims)
        }.`,
    );
  }
  sliceSizes.forEach((n, i) => {
    const bound = operand.shape[i]!;
    if (indices.size === 0 || n >= 0 && n <= bound) return;
    throw new TypeError(
      `Slice size at index ${i} in gather op is out of range, must be within [0, ${bound} + 1), got ${n}.`,
    );
  });
  collapsedSliceDims.forEach((d, i) => {
    if (sliceSizes[d] === 1) return;
    throw new TypeError(
      `Gather op can only collapse slice dims with bound 1, but bound is ${
        sliceSizes[d]
      } for index ${d} at ` +
        `position ${i}.`,
    );
  });
  operandBatchingDims.forEach((d, i) => {
    if (sliceSizes[d]! <= 1) return;
    throw new TypeError(
      `Gather op can only have operand batching dims with bound 0/1, but bound is ${
        sliceSizes[d]
      } for index ${d} ` +
        `at position ${i}.`,
    );
  });
  const windows = sliceSizes.filter((_, i) =>
    !collapsedSliceDims.includes(i) && !operandBatchingDims.includes(i)
  );
  let window = 0, position = 0;
  return Array.from(
    { length: rank },
    (_, i) => offsetDims.includes(i) ? windows[window++]! : indices.shape[position++]!,
  );
}

/** Raises JAX's errors for a scatter whose operands do not fit together. */
export function checkScatter(
  operand: ShapedArray,
  indices: ShapedArray,
  updates: ShapedArray,
  numbers: ScatterDimensionNumbers,
): void {
  const { updateWindowDims, insertedWindowDims, scatterDimsToOperandDims, operandBatchingDims } = numbers;
  checkIndexVectors(indices, "Scatter");
  const vectorDim = indices.ndim - 1, rank = vectorDim + updateWindowDims.length;
  if (updates.ndim !== rank) {
    throw new TypeError(`Updates tensor must be of rank ${rank}; got ${updates.ndim}.`);
  }
  sorted(updateWindowDims, "scatter", "update_window_dims");
  unique(updateWindowDims, "scatter", "update_window_dims");
  inRange(updateWindowDims, updates.ndim, "scatter", "update_window_dims");
  checkCommon(operand, indices, {
    op: "scatter",
    collapsed: ["inserted_window_dims", insertedWindowDims],
    map: ["scatter_dims_to_operand_dims", scatterDimsToOperandDims],
    operandBatching: operandBatchingDims,
    indicesBatching: ["scatter_indices_batching_dims", numbers.scatterIndicesBatchingDims],
  });
  const window = updateWindowDims.length + insertedWindowDims.length + operandBatchingDims.length;
  if (operand.ndim !== window) {
    throw new TypeError(
      `Scatter op has window of size ${window}; doesn't match operand of rank ${operand.ndim}.`,
    );
  }
  if (scatterDimsToOperandDims.length !== indices.shape[vectorDim]) {
    throw new TypeError(
      `Scatter op has ${scatterDimsToOperandDims.length} elements in scatter_dims_to_operand_dims and the bound of ` +
        `dimension index_vector_dim=${vectorDim} of indices is ${
          indices.shape[vectorDim]
        }. These two numbers must ` +
        `be equal`,
    );
  }
  scatterDimsToOperandDims.forEach((d, i) => {
    if (d >= 0 && d < operand.ndim) return;
    throw new TypeError(
      `Invalid scatter_dims_to_operand_dims mapping; domain is [0, ${operand.ndim}), got: ${i}->${d}.`,
    );
  });
  unique(scatterDimsToOperandDims, "scatter", "scatter_dims_to_operand_dims");
  const most = operand.shape.filter((_, i) =>
    !insertedWindowDims.includes(i) && !operandBatchingDims.includes(i)
  );
  updateWindowDims.forEach((d, i) => {
    if (updates.shape[d]! <= most[i]!) return;
    throw new TypeError(
      `Bounds of the window dimensions of updates must not exceed the bounds of the corresponding dimensions of ` +
        `operand. For dimension ${d}, updates bound is ${updates.shape[d]}, operand bound is ${most[i]}.`,
    );
  });
  otherDims(updates.ndim, updateWindowDims).forEach((d, i) => {
    if (updates.shape[d] === indices.shape[i]) return;
    throw new TypeError(
      `Bounds of the scatter dimensions of updates must be the same as the bounds of the corresponding dimensions ` +
        `of scatter indices. For scatter dimension ${d}, updates bound is ${
          updates.shape[d]
        }, indices bound is ` +
        `${indices.shape[i]}.`,
    );
  });
}
