/**
 * From indices to what computes them: a static slice, a dynamic slice, or a gather (and the scatter that mirrors it).
 *
 * @module
 */
import {
  arrayEntry,
  DynamicSlice,
  expandEllipsis,
  type Parsed,
  sliceIndices,
  type WrapArray,
  wrapNegative,
} from "./_index.ts";
import { JaxArray } from "./array.ts";
import { broadcastArrays } from "./broadcasting.ts";
import { fromHost, scalarArray } from "./concrete.ts";
import { int32 } from "./dtypes.ts";
import { IndexError } from "./errors.ts";
import type { GatherDimensionNumbers } from "./gather_scatter.ts";
import { dynamicSlice } from "./ops/dynamic.ts";
import * as raw from "./raw.ts";

const wrapArray: WrapArray = (index, size) =>
  raw.selectN(raw.lt(index, 0), index, raw.add(index, raw.like(index, size)));

function emptyAxis(axis: number): IndexError {
  return new IndexError(`index is out of bounds for axis ${axis} with size 0`);
}

/** Reversed axes, axes to drop and axes to insert after a slice. */
interface After {
  readonly reversed: number[];
  readonly squeezed: number[];
  readonly inserted: number[];
}

function finish(x: JaxArray, { reversed, squeezed, inserted }: After): JaxArray {
  return raw.expandDims(raw.squeeze(raw.rev(x, reversed), squeezed), inserted);
}

/**
 * x[index] as a slice with static bounds, or null when the index is not made of integers and slices alone. Integers are
 * clipped when `clip`; else one out of bounds gives null.
 */
export function staticSlice(
  x: JaxArray,
  index: readonly Parsed[],
  { clip, wrap }: { readonly clip: boolean; readonly wrap: boolean },
): JaxArray | null {
  const starts: number[] = [], limits: number[] = [], strides: number[] = [];
  const after: After = { reversed: [], squeezed: [], inserted: [] };
  for (const e of expandEllipsis(index, x.ndim)) {
    const axis = e.axes[0]!, size = x.shape[axis]!;
    if (e.kind === "none") {
      after.inserted.push(starts.length - after.squeezed.length + after.inserted.length);
    } else if (e.kind === "integer") {
      if (size === 0) throw emptyAxis(axis);
      const i = wrap && e.value < 0 ? e.value + size : e.value;
      if (!clip && (i < 0 || i >= size)) return null;
      const start = Math.min(Math.max(i, 0), size - 1);
      starts.push(start);
      limits.push(start + 1);
      strides.push(1);
      after.squeezed.push(axis);
    } else if (e.kind === "slice") {
      const { start, stop, step } = sliceIndices(e, size);
      if (step < 0) {
        const first = Math.min(size, stop + 1 + modulo(Math.abs(start - stop - 1), -step));
        starts.push(first);
        limits.push(Math.max(first, start + 1));
        after.reversed.push(axis);
      } else {
        starts.push(start);
        limits.push(Math.max(start, stop));
      }
      strides.push(Math.abs(step));
    } else return null;
  }
  const whole = strides.every((s) => s === 1);
  const trivial = whole && starts.every((s, i) => s === 0 && limits[i] === x.shape[i]);
  return finish(trivial ? x : raw.slice(x, starts, limits, whole ? null : strides), after);
}

const modulo = (a: number, n: number): number => ((a % n) + n) % n;

/**
 * x[index] as a slice with dynamic starts, or null when the index has arrays with axes, booleans, or steps other than 1
 * and -1. Starts out of bounds are moved inside.
 */
export function dynamicSliceOf(x: JaxArray, index: readonly Parsed[], wrap: boolean): JaxArray | null {
  const starts: (number | JaxArray)[] = [], sizes: number[] = [];
  const after: After = { reversed: [], squeezed: [], inserted: [] };
  for (const e of expandEllipsis(index, x.ndim)) {
    const axis = e.axes[0]!, size = x.shape[axis]!;
    const at = (start: number | JaxArray): number | JaxArray => wrapStart(start, size, wrap);
    if (e.kind === "none") {
      after.inserted.push(starts.length - after.squeezed.length + after.inserted.length);
    } else if (e.kind === "integer" || e.kind === "array" && e.array.ndim === 0) {
      if (size === 0) throw emptyAxis(axis);
      starts.push(at(e.kind === "integer" ? e.value : e.array));
      sizes.push(1);
      after.squeezed.push(axis);
    } else if (e.kind === "slice") {
      const { start, stop, step } = sliceIndices(e, size);
      if (Math.abs(step) !== 1) return null;
      if (step < 0) after.reversed.push(axis);
      starts.push(step < 0 ? stop + 1 : start);
      sizes.push(Math.max(0, step < 0 ? start - stop : stop - start));
    } else if (e.kind === "dynamic" && e.slice.stride === 1) {
      starts.push(at(e.slice.start));
      sizes.push(e.slice.size);
    } else return null;
  }
  const dtype = starts.length > 1
    ? int32
    : starts.find((s): s is JaxArray => s instanceof JaxArray)?.dtype ?? int32;
  const arrays = starts.map((s) => s instanceof JaxArray ? s : scalarArray(s, dtype));
  return finish(dynamicSlice(x, arrays, sizes), after);

  function wrapStart(start: number | JaxArray, size: number, negative: boolean): number | JaxArray {
    if (!(start instanceof JaxArray)) return negative && start < 0 ? start + size : start;
    const i = x.ndim > 1 ? raw.convert(start, int32) : start;
    return negative && start.dtype.kind === "int" ? wrapArray(i, size) : i;
  }
}

/** A gather (or the scatter that mirrors it) that an index means. */
export interface IndexGather {
  /** Shape of x[index]. */
  readonly shape: readonly number[];
  readonly sliceSizes: readonly number[];
  readonly indices: JaxArray;
  readonly dimensionNumbers: GatherDimensionNumbers;
  /** There are no index arrays, so that no two slices can overlap. */
  readonly unique: boolean;
  /** Axes of the gather's result to reverse. */
  readonly reversed: readonly number[];
  /** Axes of size 1 to insert into the gather's result. */
  readonly inserted: readonly number[];
  /** Axes of size 1 that scalar booleans insert into x first. */
  readonly operandInserted: readonly number[];
}

/** Scalar booleans as indices 0 .. int(value) of new axes of size 1; gives also the shape with those axes. */
function expandScalarBooleans(index: readonly Parsed[], shape: readonly number[]): {
  entries: Parsed[];
  shape: number[];
  axes: number[];
} {
  const entries: Parsed[] = [], sizes: number[] = [], axes: number[] = [];
  for (const e of index) {
    const first = sizes.length;
    if (e.kind === "boolean") {
      const length = Number((e.array as unknown as { literal: boolean }).literal);
      const host = { shape: [length], dtype: int32, weakType: false, data: new Int32Array(length) };
      entries.push({ ...arrayEntry(host), axes: [first] });
      axes.push(first);
      sizes.push(1);
    } else {
      entries.push({ ...e, axes: e.axes.map((_, i) => first + i) });
      sizes.push(...e.axes.map((axis) => shape[axis]!));
    }
  }
  return { entries, shape: sizes, axes };
}

const isAdvanced = (e: Parsed): boolean => e.kind === "array" || e.kind === "integer";

/** Whether the entries that are integers or integer arrays stand side by side. */
function areContiguous(index: readonly Parsed[]): boolean {
  const places = index.flatMap((e, i) => isAdvanced(e) ? [i] : []);
  return places.every((p, k) => k === 0 || p === places[k - 1]! + 1);
}

/**
 * The gather that an index without boolean arrays means. Index arrays are broadcast together; their axes stand where
 * the first of them does, or in front when there is something between them (NumPy's rule).
 */
export function indexGather(
  index: readonly Parsed[],
  xShape: readonly number[],
  wrap: boolean,
): IndexGather {
  const contiguous = areContiguous(index);
  const { entries: plain, shape, axes: operandInserted } = expandScalarBooleans(
    expandEllipsis(index, xShape.length),
    xShape,
  );
  const entries = wrap ? plain.map((e) => wrapNegative(e, shape, wrapArray)) : plain;
  const advanced = entries.some((e) => e.kind === "array" && e.array.ndim > 0);
  const places = advanced ? entries.flatMap((e, i) => isAdvanced(e) ? [i] : []) : [];

  const columns: Column[] = [], indexShape: number[] = [];
  const outShape: number[] = [], inserted: number[] = [], reversed: number[] = [], sliceSizes: number[] = [];
  const offsetDims: number[] = [], collapsed: number[] = [], map: number[] = [];
  // Axes of x[index], counted with and without the inserted ones.
  let axis = 0, gathered = 0;

  const placeArrays = (): void => {
    const arrays = broadcastArrays(places.map((p) => asIndexArray(entries[p]!)));
    const common = arrays[0]!.shape;
    places.forEach((p, k) => {
      columns.push({ array: raw.convert(arrays[k]!, int32), at: indexShape.length });
      map.push(entries[p]!.axes[0]!);
      collapsed.push(entries[p]!.axes[0]!);
    });
    indexShape.push(...common);
    outShape.push(...common);
    axis += common.length;
    gathered += common.length;
  };
  const start = (x: number | JaxArray): void => {
    columns.push({
      array: x instanceof JaxArray ? raw.convert(x, int32) : scalarArray(x, int32),
      at: indexShape.length,
    });
  };

  entries.forEach((e, i) => {
    if (places.length > 0 && i === (contiguous ? places[0]! : 0)) placeArrays();
    const x = e.axes[0]!, size = shape[x]!;
    if (places.includes(i)) {
      sliceSizes.push(1);
    } else if (e.kind === "integer" || e.kind === "array") {
      if (size === 0) throw emptyAxis(x);
      start(e.kind === "integer" ? e.value : e.array);
      collapsed.push(x);
      sliceSizes.push(1);
      map.push(x);
    } else if (e.kind === "none") {
      outShape.push(1);
      inserted.push(axis++);
    } else if (e.kind === "slice" || e.kind === "dynamic") {
      const { first, step, count } = rangeOf(e, size);
      outShape.push(count);
      if (step === 1) {
        if (count !== size) {
          start(first);
          map.push(x);
        }
        sliceSizes.push(count);
        offsetDims.push(gathered);
      } else {
        if (step < 0) reversed.push(gathered);
        columns.push({ array: progression(first, step, count), at: indexShape.length });
        map.push(x);
        indexShape.push(count);
        collapsed.push(x);
        sliceSizes.push(1);
      }
      axis++;
      gathered++;
    }
  });
  return {
    shape: outShape,
    sliceSizes,
    indices: joinColumns(columns, indexShape),
    dimensionNumbers: {
      offsetDims,
      collapsedSliceDims: collapsed.sort((a, b) => a - b),
      startIndexMap: map,
      operandBatchingDims: [],
      startIndicesBatchingDims: [],
    },
    unique: places.length === 0,
    reversed,
    inserted,
    operandInserted,
  };
}

/** One component of the index vectors, whose axes start at axis `at` of the positions. */
interface Column {
  readonly array: JaxArray;
  readonly at: number;
}

function asIndexArray(e: Parsed): JaxArray {
  if (e.kind === "integer") return scalarArray(e.value, int32);
  return (e as { array: JaxArray }).array;
}

function rangeOf(e: Parsed, size: number): { first: number | JaxArray; step: number; count: number } {
  if (e.kind === "dynamic") return { first: e.slice.start, step: e.slice.stride, count: e.slice.size };
  const { start, stop, step } = sliceIndices(e as Parsed & { kind: "slice" }, size);
  return { first: start, step, count: Math.max(0, Math.ceil((stop - start) / step)) };
}

/** first, first + step, ... in ascending order. */
function progression(first: number | JaxArray, step: number, count: number): JaxArray {
  if (!(first instanceof JaxArray)) {
    const data = Int32Array.from({ length: count }, (_, i) => first + step * (step < 0 ? count - 1 - i : i));
    return fromHost({ shape: [count], dtype: int32, weakType: false, data });
  }
  const steps = raw.mul(raw.iota(int32, [count], 0), step);
  return raw.add(raw.broadcastInDim(raw.convert(first, int32), [count], []), steps);
}

/** The index vectors along a last axis. */
function joinColumns(columns: readonly Column[], shape: readonly number[]): JaxArray {
  if (columns.length === 0) {
    return fromHost({ shape: [0], dtype: int32, weakType: false, data: new Int32Array(0) });
  }
  if (columns.length === 1) return raw.expandDims(columns[0]!.array, [columns[0]!.array.ndim]);
  const full = [...shape, 1];
  const spread = columns.map(({ array, at }) =>
    raw.broadcastInDim(array, full, array.shape.map((_, i) => at + i))
  );
  return raw.concatenate(spread, shape.length);
}

export { DynamicSlice };
