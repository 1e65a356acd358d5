/**
 * Functions of `jax.numpy` that join arrays: concatenate, stack, block, append.
 *
 * @module
 */
import {
  canonicalAxis,
  type DTypeLike,
  JaxArray,
  keywords,
  raw,
  staticInteger,
  ValueError,
} from "../core/mod.ts";
import { stack as stackEqual } from "../lax/mod.ts";
import { flat, refuseOut } from "./_arguments.ts";
import { range } from "./axes.ts";
import { type ArrayLike, promoteDTypes, toArrays } from "./convert.ts";
import { staged } from "./_staged.ts";
import { wantedDType } from "./arrays.ts";

/** Arrays to join: a list of them, or an array whose rows they are. */
export type Arrays = readonly ArrayLike[] | JaxArray;

/** Options of {@linkcode stack}. */
export interface StackOptions {
  readonly axis?: number;
  /** Dtype of the result; default: the operands' common one. */
  readonly dtype?: DTypeLike | null;
  /** Not supported: arrays are immutable. */
  readonly out?: null;
}

/** Options of {@linkcode concatenate}. */
export interface ConcatenateOptions {
  /** The axis to join along; null joins the flattened arrays. */
  readonly axis?: number | null;
  /** Dtype of the result; default: the operands' common one. */
  readonly dtype?: DTypeLike | null;
}

function dtypeOf(x: JaxArray, dtype: unknown, name: string): JaxArray {
  const wanted = wantedDType(dtype, name);
  return wanted === undefined ? x : raw.convert(x, wanted);
}

/** Operands of one dtype: that wanted, or the common one. */
function operandsOf(name: string, arrays: readonly unknown[], dtype: unknown): JaxArray[] {
  const xs = toArrays(name, ...arrays), wanted = wantedDType(dtype, name);
  return wanted === undefined ? promoteDTypes(name, xs) : xs.map((x) => raw.convert(x, wanted));
}

/** The rows of an array joined along an axis of the rows. */
function concatenateRows(x: JaxArray, axis: number | null): JaxArray {
  if (x.ndim === 0 || x.shape[0] === 0) throw new ValueError("Need at least one array to concatenate.");
  if (axis === null) return flat(x);
  if (x.ndim === 1) throw new ValueError("Zero-dimensional arrays cannot be concatenated.");
  const at = canonicalAxis(axis, x.ndim - 1), [rows, ...sizes] = x.shape;
  const newSizes = sizes.map((n, i) => i === at ? rows! * n : n);
  if (at === 0) return raw.reshape(x, newSizes);
  const order = [...range(at).map((i) => i + 1), 0, ...range(x.ndim).slice(at + 1)];
  return raw.reshape(raw.transpose(x, order), newSizes);
}

function join(name: string, arrays: readonly unknown[], axis: number | null, dtype: unknown): JaxArray {
  if (arrays.length === 0) throw new ValueError("Need at least one array to concatenate.");
  const xs = operandsOf(name, arrays, dtype);
  if (axis === null) return raw.concatenate(xs.map(flat), 0);
  if (xs[0]!.ndim === 0) throw new ValueError("Zero-dimensional arrays cannot be concatenated.");
  return raw.concatenate(xs, canonicalAxis(axis, xs[0]!.ndim));
}

const axisOrNull = (axis: unknown): number | null => axis === null ? null : staticInteger(axis, "axis");

/**
 * Joins arrays along an axis that they have.
 *
 * @param arrays a list of arrays whose other axes agree, or an array of rows
 * @param axis default 0; null joins the flattened arrays
 * @returns an array of the common dtype, or `dtype`
 * @throws {ValueError} when the list is empty, or arrays have no axis
 * @throws {TypeError} when ranks or other axes differ
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.concatenate([np.arange(2), np.arange(3)])) !== "[0 1 0 1 2]") throw new Error();
 * ```
 */
export function concatenate(
  arrays: Arrays,
  ...rest: [axis?: number | null | ConcatenateOptions, dtype?: DTypeLike | null | ConcatenateOptions]
): JaxArray {
  const { axis = 0, dtype } = keywords("concatenate", ["axis", "dtype"], rest);
  if (arrays instanceof JaxArray) {
    return concatenateRows(dtypeOf(arrays, dtype, "concatenate"), axisOrNull(axis));
  }
  return join("concatenate", list("concatenate", arrays), axisOrNull(axis), dtype);
}

/** A list of arrays; anything else is the error that JAX raises for it. */
function list(name: string, arrays: unknown): readonly unknown[] {
  if (Array.isArray(arrays)) return arrays;
  throw new TypeError(`${name} requires a list of arrays, got ${String(arrays)}`);
}

/**
 * As {@linkcode concatenate}, the array API's name.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.ones([2, 2]);
 * if (String(np.concat([x, x], { axis: 1 }).shape) !== "2,4") throw new Error();
 * ```
 */
export function concat(
  arrays: Arrays,
  ...rest: [axis?: number | null | { readonly axis?: number | null }]
): JaxArray {
  const { axis = 0 } = keywords("concat", ["axis"], rest);
  return concatenate(arrays, axis as number | null);
}

/**
 * Joins arrays of one shape along a new axis.
 *
 * @param arrays a list of arrays, or an array of rows
 * @param axis the position of the new axis in the result, default 0
 * @throws {ValueError} when the list is empty or shapes differ
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.stack([np.arange(2), np.arange(2)], { axis: 1 })) !== "[[0 0]\n [1 1]]") throw new Error();
 * ```
 */
export function stack(
  arrays: Arrays,
  ...rest: [axis?: number | StackOptions, out?: null | StackOptions, dtype?: DTypeLike | null | StackOptions]
): JaxArray {
  const { axis = 0, out, dtype } = keywords("stack", ["axis", "out", "dtype"], rest);
  if (arrays.length === 0) throw new ValueError("Need at least one array to stack.");
  refuseOut(out, "stack");
  if (arrays instanceof JaxArray) {
    const at = canonicalAxis(axis, arrays.ndim);
    return concatenateRows(dtypeOf(raw.expandDims(arrays, [at + 1]), dtype, "stack"), at);
  }
  return stackEqual(operandsOf("stack", list("stack", arrays), dtype), axis as number);
}

/** Joins the rows of an array, or arrays, each with at least so many axes, along an axis. */
function stackWith(
  name: string,
  arrays: Arrays,
  dtype: unknown,
  convert: (shape: readonly number[]) => number[] | null,
  axisFor: (ndim: number) => number,
): JaxArray {
  const reshaped = (x: JaxArray, lead: readonly number[]): JaxArray => {
    const inserted = convert(x.shape.slice(lead.length));
    return inserted === null ? x : raw.expandDims(x, inserted.map((i) => i + lead.length));
  };
  if (arrays instanceof JaxArray) {
    if (arrays.ndim === 0) throw new ValueError("Need at least one array to concatenate.");
    const rows = reshaped(dtypeOf(arrays, dtype, name), [arrays.shape[0]!]);
    return concatenateRows(rows, axisFor(rows.ndim - 1));
  }
  const xs = toArrays(name, ...list(name, arrays)).map((x) => reshaped(x, []));
  return join(name, xs, axisFor(xs[0]?.ndim ?? 0), dtype);
}

/** Options of the stacks. */
export interface DTypeOption {
  /** Dtype of the result; default: the operands' common one. */
  readonly dtype?: DTypeLike | null;
}

type DTypeRest = [dtype?: DTypeLike | null | DTypeOption];

/**
 * Joins arrays as rows: along the first axis, those of one axis as `[1, n]`.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.vstack([np.arange(2), np.arange(2)])) !== "[[0 1]\n [0 1]]") throw new Error();
 * ```
 */
export function vstack(tup: Arrays, ...rest: DTypeRest): JaxArray {
  const { dtype } = keywords("vstack", ["dtype"], rest);
  return stackWith(
    "vstack",
    tup,
    dtype,
    (s) => s.length === 0 ? [0, 1] : s.length === 1 ? [0] : null,
    () => 0,
  );
}

/**
 * Joins arrays as columns: along the second axis, those of one axis along the first.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.hstack([np.arange(2), np.arange(2)])) !== "[0 1 0 1]") throw new Error();
 * ```
 */
export function hstack(tup: Arrays, ...rest: DTypeRest): JaxArray {
  const { dtype } = keywords("hstack", ["dtype"], rest);
  return stackWith("hstack", tup, dtype, (s) => s.length === 0 ? [0] : null, (n) => n === 1 ? 0 : 1);
}

/**
 * Joins arrays along the third axis: `[n]` counts as `[1, n, 1]`, `[m, n]` as `[m, n, 1]`.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.dstack([np.arange(3), np.arange(3)]).shape) !== "1,3,2") throw new Error();
 * ```
 */
export function dstack(tup: Arrays, ...rest: DTypeRest): JaxArray {
  const { dtype } = keywords("dstack", ["dtype"], rest);
  return stackWith("dstack", tup, dtype, (s) => [[0, 1, 2], [0, 2], [2]][s.length] ?? null, () => 2);
}

/**
 * Joins arrays of one axis as the columns of a matrix; those of two axes side by side.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.columnStack([np.arange(2), np.arange(2)])) !== "[[0 0]\n [1 1]]") throw new Error();
 * ```
 */
export function columnStack(tup: Arrays): JaxArray {
  const columns = (s: readonly number[]): number[] | null =>
    s.length === 0 ? [0, 1] : s.length === 1 ? [1] : null;
  return stackWith("column_stack", tup, null, columns, () => 1);
}

/** Nested lists of blocks. */
export type Blocks = ArrayLike | readonly Blocks[];

/** A list of blocks joined along their last axis but `depth`, and how deep it is. */
function joinBlocks(blocks: unknown): { array: JaxArray; depth: number } {
  if (!Array.isArray(blocks)) return { array: blocks as JaxArray, depth: 1 };
  if (blocks.length === 0) throw new ValueError("jax.numpy.block does not allow empty list arguments");
  const parts = blocks.map(joinBlocks), depth = parts[0]!.depth;
  if (parts.some((p) => p.depth !== depth)) throw new ValueError("Mismatched list depths in jax.numpy.block");
  const rank = Math.max(depth, ...parts.map((p) => p.array.ndim));
  const arrays = parts.map((p) => raw.expandDims(p.array, range(rank - p.array.ndim)));
  return { array: join("block", arrays, -depth, null), depth: depth + 1 };
}

/** The tree of blocks by position in a flat list: what a jitted function can take as static. */
type Positions = number | readonly Positions[];

const blockCall = staged("block", (xs: readonly JaxArray[], tree: Positions) => {
  const place = (node: Positions): unknown => typeof node === "number" ? xs[node] : node.map(place);
  return joinBlocks(place(tree)).array;
});

/**
 * One array from nested lists of blocks: the innermost lists are joined along the last axis, those around them along
 * the one before, ...
 *
 * @throws {ValueError} when a list is empty or depths differ
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.block([[np.ones([1, 1]), np.zeros([1, 2])], [np.full([1, 3], 2)]]);
 * if (String(x) !== "[[1. 0. 0.]\n [2. 2. 2.]]") throw new Error();
 * ```
 */
export function block(arrays: Blocks): JaxArray {
  const leaves: unknown[] = [];
  const positions = (x: unknown): Positions => Array.isArray(x) ? x.map(positions) : leaves.push(x) - 1;
  const tree = positions(arrays);
  return blockCall(toArrays("block", ...leaves), tree);
}

const appendCall = staged("append", ([x, y]: [JaxArray, JaxArray], axis: number | null) => {
  if (axis === null) return join("concatenate", [flat(x), flat(y)], 0, null);
  return join("concatenate", [x, y], axis, null);
});

/**
 * An array with values put after it: flattened without an axis, else along it.
 *
 * @param arr an array
 * @param values an array whose other axes agree with it
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.append(np.arange(2), np.arange(2))) !== "[0 1 0 1]") throw new Error();
 * ```
 */
export function append(
  arr: ArrayLike,
  values: ArrayLike,
  ...rest: [axis?: number | null | { readonly axis?: number | null }]
): JaxArray {
  const { axis = null } = keywords("append", ["axis"], rest);
  const [x, y] = toArrays("append", arr, values) as [JaxArray, JaxArray];
  return appendCall([x, y], axisOrNull(axis));
}
