/**
 * Index helpers of `jax.numpy`: `ix`, `mgrid`, `ogrid`, `r`, `c`, `s`, `indexExp`.
 *
 * Where Python writes `np.r_[1:4, 0]`, a function takes the items: `np.r("1:4", 0)`. A slice is text or made by
 * {@linkcode slice}; an imaginary step, `"0:1:5j"`, is a number of points that includes the stop.
 *
 * @module
 */
import {
  type Index,
  isComplexScalar,
  type JaxArray,
  NotImplementedError,
  raw,
  Slice,
  toIndexArray,
  tuple,
  ValueError,
} from "../core/mod.ts";
import { range } from "./axes.ts";
import { type ArrayLike, promoteDTypes } from "./convert.ts";
import { withRank } from "./_movement.ts";
import { asarray, type NestedArrayLike } from "./arrays.ts";
import { concatenate, stack } from "./join.ts";
import { meshgrid } from "./mesh.ts";
import { arange, linspace } from "./ranges.ts";

/**
 * Arrays of one axis as an open mesh: `x.get(...np.ix(rows, columns))` is the part of x at these rows and columns.
 *
 * @param args integers of one axis each
 * @returns the arrays, the i-th along axis i
 * @throws {ValueError} for an array of another number of axes
 * @throws {NotImplementedError} for booleans
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(9).reshape(3, 3);
 * if (String(x.get(...np.ix([0, 2], [1]))) !== "[[1]\n [7]]") throw new Error();
 * ```
 */
export function ix(...args: readonly (ArrayLike | readonly unknown[])[]): JaxArray[] {
  return args.map((arg, axis) => {
    const x = Array.isArray(arg) ? toIndexArray(arg) : asarray(arg as ArrayLike);
    if (x.ndim !== 1) {
      throw new ValueError(`Arguments to jax.numpy.ix_ must be 1-dimensional, got shape ${tuple(x.shape)}`);
    }
    if (x.dtype.kind === "bool") {
      throw new NotImplementedError("Boolean arguments to jax.numpy.ix_ are not implemented");
    }
    return raw.broadcastInDim(x, args.map((_, i) => i === axis ? x.size : 1), [axis]);
  });
}

/** A slice of numbers: text such as `"0:5"` or `"0:1:5j"`, or a {@linkcode Slice}. */
export type GridSlice = string | Slice;

const number = "[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?";
const pattern = new RegExp(`^\\s*(${number})?\\s*:\\s*(${number})?\\s*(?::\\s*(${number}j?)?\\s*)?$`);

/** The slice that text stands for, or null. */
function parseSlice(text: string): Slice | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const bound = (digits: string | undefined): unknown =>
    digits === undefined
      ? null
      : digits.endsWith("j")
      ? { re: 0, im: Number(digits.slice(0, -1)) }
      : Number(digits);
  return new Slice(bound(match[1]), bound(match[2]), bound(match[3]));
}

function toSlice(x: GridSlice, name: string): Slice {
  const slice = typeof x === "string" ? parseSlice(x) : x;
  if (slice instanceof Slice) return slice;
  throw new TypeError(`${name} takes slices such as "0:5:2" or slice(0, 5, 2), got ${String(x)}`);
}

/** The numbers of a slice: integers unless a bound is fractional. */
function numbersOf(x: GridSlice, name: string): JaxArray {
  const { start, stop, step } = toSlice(x, name);
  const first = (start ?? 0) as number;
  if (isComplexScalar(step)) {
    return linspace(first, stop as number, Math.trunc(Math.hypot(step.re, step.im)));
  }
  return arange(first, stop as number, (step ?? 1) as number);
}

function grid(name: string, slices: readonly GridSlice[], sparse: boolean): JaxArray[] {
  const numbers = promoteDTypes(name, slices.map((s) => numbersOf(s, name)));
  return meshgrid(...numbers, { indexing: "ij", sparse });
}

/**
 * A dense mesh: for each slice the coordinate of every point.
 *
 * @returns an array of shape `[slices, ...sizes]`; the numbers alone when there is one slice
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.mgrid("0:2", "0:2")) !== "[[[0 0]\n  [1 1]]\n\n [[0 1]\n  [0 1]]]") throw new Error();
 * if (String(np.mgrid("0:1:3j")) !== "[0.  0.5 1. ]") throw new Error();
 * ```
 */
export function mgrid(...slices: readonly GridSlice[]): JaxArray {
  if (slices.length === 1) return numbersOf(slices[0]!, "mgrid");
  if (slices.length === 0) return arange(0);
  return stack(grid("mgrid", slices, false), 0);
}

/**
 * An open mesh: for each slice its numbers along an axis of their own.
 *
 * @returns a list of arrays that broadcast together; the numbers alone when there is one slice
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [rows, columns] = np.ogrid("0:2", "0:3") as np.Array[];
 * if (String(np.add(rows!, columns!)) !== "[[0 1 2]\n [1 2 3]]") throw new Error();
 * ```
 */
export function ogrid(...slices: readonly GridSlice[]): JaxArray | JaxArray[] {
  return slices.length === 1 ? numbersOf(slices[0]!, "ogrid") : grid("ogrid", slices, true);
}

/** An item of {@linkcode r} and {@linkcode c}: a slice, values, or (first) a directive such as `"0,2"`. */
export type Item = NestedArrayLike | GridSlice;

/** How items are joined: the axis, the least number of axes, where the axes of items with fewer start, matrix. */
type Directive = [axis: number, ndmin: number, trans1d: number, matrix: number];

function parseDirective(text: string, otherwise: Directive): Directive {
  if (text === "r" || text === "c") return otherwise.with(3, text === "r" ? 0 : 1) as Directive;
  const parts = text.split(",").map((part) => part.trim());
  const values = parts.slice(0, 3).map(Number);
  if (values.some((v, i) => !Number.isInteger(v) || parts[i] === "")) {
    throw new ValueError(`could not understand directive '${text}'`);
  }
  return [...values, ...otherwise.slice(values.length)] as Directive;
}

/** An array with axes of size 1 in front, or where trans1d says that its own axes start. */
function placed(x: JaxArray, ndim: number, ndmin: number, trans1d: number): JaxArray {
  const full = withRank(x, ndmin);
  if (trans1d === -1 || ndmin - ndim <= 0) return full;
  const shift = ndmin - ((Math.abs(ndmin + trans1d + 1)) % ndmin), order = range(ndmin);
  return raw.transpose(full, [...order.slice(shift), ...order.slice(0, shift)]);
}

function joinItems(name: string, items: readonly Item[], defaults: Directive): JaxArray {
  let directive = defaults, list = items;
  if (typeof items[0] === "string" && parseSlice(items[0]) === null) {
    directive = parseDirective(items[0], defaults);
    list = items.slice(1);
  }
  const [axis, ndmin, trans1d, matrix] = directive;
  const parts = list.map((item) => {
    if (typeof item === "string" && parseSlice(item) === null) {
      throw new ValueError("string directive must be placed at the beginning");
    }
    const isSlice = typeof item === "string" || item instanceof Slice;
    const x = isSlice ? numbersOf(item, name) : values(item as NestedArrayLike);
    return placed(x, isSlice ? 0 : x.ndim, ndmin, trans1d);
  });
  const joined = concatenate(parts, axis);
  return matrix !== -1 && joined.ndim === 1 ? raw.expandDims(joined, [matrix]) : joined;
}

/** Values as an array; integral numbers are ints, as in slices. */
function values(item: NestedArrayLike): JaxArray {
  const leaves = (Array.isArray(item) ? item.flat(Infinity) : [item]) as unknown[];
  return leaves.length > 0 && leaves.every((v) => typeof v === "number" && Number.isInteger(v))
    ? toIndexArray(item)
    : asarray(item);
}

/**
 * Values and slices joined along the first axis: `np.r_[...]` in Python.
 *
 * @param items slices and values; a text `"axis,ndmin,trans1d"` in front changes how they are joined
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.r("1:4", 0, [7, 8])) !== "[1 2 3 0 7 8]") throw new Error();
 * ```
 */
export function r(...items: readonly Item[]): JaxArray {
  return joinItems("r_", items, [0, 1, -1, -1]);
}

/**
 * Values and slices as columns, joined along the last axis: `np.c_[...]` in Python.
 *
 * @param items slices and values; a text `"axis,ndmin,trans1d"` in front changes how they are joined
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.c([1, 2], [3, 4])) !== "[[1 3]\n [2 4]]") throw new Error();
 * ```
 */
export function c(...items: readonly Item[]): JaxArray {
  return joinItems("c_", items, [-1, 2, 0, -1]);
}

/** An entry of an index, slice text parsed. */
function indexEntry(x: Index): Index {
  return (typeof x === "string" ? parseSlice(x) : null) ?? x;
}

/**
 * An index as a value: `np.s_[...]` in Python.
 *
 * @returns the entry, or a list of several
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const evens = np.s("::2");
 * if (String(np.arange(5).get(evens as string)) !== "[0 2 4]") throw new Error();
 * ```
 */
export function s(...index: readonly Index[]): Index | Index[] {
  return index.length === 1 ? indexEntry(index[0]!) : index.map(indexEntry);
}

/**
 * An index as a list of entries: `np.index_exp[...]` in Python.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const corner = np.indexExp(":2", ":2");
 * if (String(np.ones([3, 3]).get(...corner).shape) !== "2,2") throw new Error();
 * ```
 */
export function indexExp(...index: readonly Index[]): Index[] {
  return index.map(indexEntry);
}
