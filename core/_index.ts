/**
 * Indices as NumPy has them, as callers write them here, parsed against the shape of an array.
 *
 * @module
 */
import { JaxArray } from "./array.ts";
import { tuple } from "./avals.ts";
import { ConcreteArray, fromHost } from "./concrete.ts";
import { bool_, int32 } from "./dtypes.ts";
import { IndexError, NonConcreteBooleanIndexError, ValueError } from "./errors.ts";
import { type HostArray, parseArray, typedArrayDType } from "./host.ts";
import { indexerTypeError, staticInteger, toIndexArray } from "./static.ts";
import { Tracer } from "./trace.ts";

/** A range of indices, `start:stop:step` in Python. Made by {@linkcode slice}. */
export class Slice {
  readonly start: unknown;
  readonly stop: unknown;
  readonly step: unknown;

  constructor(start: unknown, stop: unknown, step: unknown) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  toString(): string {
    const text = (x: unknown): string => x === null ? "None" : String(x);
    return `slice(${text(this.start)}, ${text(this.stop)}, ${text(this.step)})`;
  }
}

/** `size` indices from a start that may be traced. Made by {@linkcode ds}. */
export class DynamicSlice {
  readonly start: number | JaxArray;
  readonly size: number;
  readonly stride: number;

  constructor(start: number | JaxArray, size: number, stride: number) {
    if (stride < 0) throw new ValueError("`stride` must be >= 0.");
    this.start = start;
    this.size = size;
    this.stride = stride;
  }
}

/** A bound of a slice: a static integer, or null for the end of the axis. */
type Bound = number | null;

/** What an entry of an index is, and the axes of the array that it takes. */
export type Parsed = { readonly axes: readonly number[] } & Entry;

/** An entry of an index. */
export type Entry =
  | { readonly kind: "none" | "ellipsis" }
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "slice"; readonly start: Bound; readonly stop: Bound; readonly step: Bound }
  | { readonly kind: "dynamic"; readonly slice: DynamicSlice }
  | { readonly kind: "boolean"; readonly array: JaxArray }
  /** Integers; `host` is their value when the caller gave it, so that negative ones can be wrapped at once. */
  | { readonly kind: "array"; readonly array: JaxArray; readonly host: HostArray | null };

const fullSlice: Entry = { kind: "slice", start: null, stop: null, step: null };
const slicePattern = /^\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?\s*)?$/;

function parseText(text: string): Entry {
  if (text === "...") return { kind: "ellipsis" };
  const match = slicePattern.exec(text);
  if (!match) {
    throw new TypeError(
      `JAX does not support string indexing; got idx='${text}'. A string is "...", or a slice such as ":" or "1:5:2"`,
    );
  }
  const bound = (digits: string | undefined): Bound => digits === undefined ? null : Number(digits);
  return sliceEntry(bound(match[1]), bound(match[2]), bound(match[3]));
}

function sliceEntry(start: Bound, stop: Bound, step: Bound): Entry {
  if (step === 0) throw new ValueError("slice step cannot be zero");
  return { kind: "slice", start, stop, step };
}

function parseSlice(s: Slice, position: number): Entry {
  const bounds = [s.start, s.stop, s.step].map((x): Bound => {
    if (x === null || x === undefined) return null;
    if (x instanceof Tracer && x.concrete() === null) {
      throw new IndexError(
        `Slice entries must be static integers. Got ${s} at position ${position}. ` +
          `Use ds(start, size) or lax.dynamicSlice for a start that is traced`,
      );
    }
    return staticInteger(x, "a slice's bound");
  });
  return sliceEntry(bounds[0]!, bounds[1]!, bounds[2]!);
}

/** Nested arrays or a typed array: their value is known here. */
function parseHost(x: unknown): Entry {
  if (Array.isArray(x) && x.length === 0) return arrayEntry(parseArray([], int32));
  const array = toIndexArray(x);
  if (array.dtype === bool_) return { kind: "boolean", array };
  if (!(array instanceof ConcreteArray) || array.dtype.bits === 64) {
    return { kind: "array", array, host: null };
  }
  return arrayEntry({
    shape: [...array.shape],
    dtype: array.dtype,
    weakType: false,
    data: array.dataSync(),
  });
}

/** Integers whose value is known here. */
export function arrayEntry(host: HostArray): Entry {
  return { kind: "array", array: fromHost(host), host };
}

function parseEntry(x: unknown, position: number): Entry {
  switch (typeof x) {
    case "number":
      if (!Number.isInteger(x)) throw indexerTypeError("float64", false);
      return { kind: "integer", value: x };
    case "bigint":
      return { kind: "integer", value: Number(x) };
    case "boolean":
      return { kind: "boolean", array: toIndexArray(x) };
    case "string":
      return parseText(x);
  }
  if (x === null) return { kind: "none" };
  if (x instanceof Slice) return parseSlice(x, position);
  if (x instanceof DynamicSlice) return { kind: "dynamic", slice: x };
  if (x instanceof JaxArray) {
    const array = toIndexArray(x);
    return array.dtype === bool_ ? { kind: "boolean", array } : { kind: "array", array, host: null };
  }
  if (Array.isArray(x) || typedArrayDType(x) !== undefined) return parseHost(x);
  throw new IndexError(
    "only integers, slices (`:`), ellipsis (`...`), newaxis (`null`) and integer or boolean arrays are valid indices. " +
      `Got ${x === undefined ? "undefined" : typeof x === "object" ? JSON.stringify(x) : String(x)}`,
  );
}

/**
 * The entries of an index into an array of a shape.
 *
 * @throws {IndexError} when there are more entries than axes, more than one ellipsis, or an entry is no index
 * @throws {TypeError} when an entry is an array of another dtype, or text
 */
export function parseIndex(indices: readonly unknown[], shape: readonly number[]): Parsed[] {
  const entries = indices.map(parseEntry);
  const takes = entries.map((e) =>
    e.kind === "none" || e.kind === "ellipsis" ? 0 : e.kind === "boolean" ? e.array.ndim : 1
  );
  if (entries.filter((e) => e.kind === "ellipsis").length > 1) {
    throw new IndexError("an index can only have a single ellipsis ('...')");
  }
  const total = takes.reduce((a, b) => a + b, 0);
  if (total > shape.length) {
    throw new IndexError(
      `Too many indices: array is ${shape.length}-dimensional, but ${total} were indexed`,
    );
  }
  let axis = 0;
  return entries.map((entry, i) => {
    const count = entry.kind === "ellipsis" ? shape.length - total : takes[i]!;
    return { ...entry, axes: Array.from({ length: count }, () => axis++) };
  });
}

/** The entries with a full slice for each axis that an ellipsis or no entry takes. */
export function expandEllipsis(entries: readonly Parsed[], ndim: number): Parsed[] {
  const expanded = entries.flatMap((e): Parsed[] =>
    e.kind === "ellipsis" ? e.axes.map((axis) => ({ ...fullSlice, axes: [axis] })) : [e]
  );
  const taken = expanded.reduce((n, e) => n + e.axes.length, 0);
  for (let axis = taken; axis < ndim; axis++) expanded.push({ ...fullSlice, axes: [axis] });
  return expanded;
}

/** A concrete boolean array's value. */
function concreteMask(array: JaxArray): ConcreteArray {
  const concrete = array instanceof Tracer ? array.concrete() : array;
  if (concrete instanceof ConcreteArray) return concrete;
  throw new NonConcreteBooleanIndexError(
    `Array boolean indices must be concrete; got ${array.aval}. ` +
      `Use numpy.where(mask, a, b) where the shape of the result may not depend on the mask`,
  );
}

/**
 * The entries with integer arrays, where its true elements are, in place of each boolean array; scalar booleans stay.
 *
 * @throws {NonConcreteBooleanIndexError} when a boolean array is traced
 * @throws {IndexError} when a boolean array's shape is not that of the axes it takes
 */
export function expandBooleans(entries: readonly Parsed[], shape: readonly number[]): Parsed[] {
  return entries.flatMap((e, position): Parsed[] => {
    if (e.kind !== "boolean") return [e];
    const mask = concreteMask(e.array);
    if (mask.ndim === 0) return [{ ...e, array: mask }];
    const expected = e.axes.map((axis) => shape[axis]!);
    if (mask.shape.some((n, i) => n !== 0 && n !== expected[i])) {
      throw new IndexError(
        `boolean index did not match shape of indexed array in index ${position}: got ${
          tuple(mask.shape)
        }, ` +
          `expected [${expected.join(", ")}]`,
      );
    }
    const places = nonzero(mask);
    return e.axes.map((axis, i) => ({
      ...arrayEntry({ shape: [places[i]!.length], dtype: int32, weakType: false, data: places[i]! }),
      axes: [axis],
    }));
  });
}

/** For each axis, the indices of the true elements in row-major order. */
function nonzero(mask: ConcreteArray): Int32Array[] {
  const data = mask.dataSync();
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i]) count++;
  const offsets = new Int32Array(count);
  for (let i = 0, next = 0; i < data.length; i++) if (data[i]) offsets[next++] = i;
  if (mask.ndim === 1) return [offsets];
  let stride = mask.size;
  return mask.shape.map((n) => {
    stride = n === 0 ? 0 : stride / n;
    return offsets.map((offset) => Math.floor(offset / stride) % n);
  });
}

/** Python's `slice.indices`: start, stop and step of a slice of `size` elements. */
export function sliceIndices(
  { start, stop, step }: { readonly start: Bound; readonly stop: Bound; readonly step: Bound },
  size: number,
): { start: number; stop: number; step: number } {
  const by = step ?? 1, [low, high] = by < 0 ? [-1, size - 1] : [0, size];
  const clamp = (i: number): number => Math.min(Math.max(i < 0 ? i + size : i, low), high);
  return {
    start: start === null ? (by < 0 ? high : low) : clamp(start),
    stop: stop === null ? (by < 0 ? low : high) : clamp(stop),
    step: by,
  };
}

/** The entry with negative integers counted from the end of its axis. */
export function wrapNegative(entry: Parsed, shape: readonly number[], wrapArray: WrapArray): Parsed {
  if (entry.kind !== "integer" && entry.kind !== "array") return entry;
  const size = shape[entry.axes[0]!]!;
  if (entry.kind === "integer") {
    return entry.value < 0 ? { ...entry, value: entry.value + size } : entry;
  }
  const { host, array } = entry;
  if (array.dtype.kind !== "int") return entry;
  if (host === null) return { ...entry, array: wrapArray(array, size) };
  const data = host.data.slice() as Int32Array;
  for (let i = 0; i < data.length; i++) if (data[i]! < 0) data[i]! += size;
  return { ...arrayEntry({ ...host, data }), axes: entry.axes };
}

/** Counts negative elements of a traced index from the end of an axis. */
export type WrapArray = (index: JaxArray, size: number) => JaxArray;
