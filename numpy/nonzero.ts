/**
 * Functions of `jax.numpy` that find elements that are not zero, take them, and replace elements by a mask or flat
 * indices.
 *
 * @module
 */
import {
  canonicalAxis,
  defaultInt,
  type JaxArray,
  keywords,
  NotImplementedError,
  raw,
  staticInteger,
  toIndexArray,
  ValueError,
} from "../core/mod.ts";
import { cumsum } from "../lax/mod.ts";
import { flat, refuseOut } from "./_arguments.ts";
import { moveOne, range } from "./axes.ts";
import { integerArray, known, knownPositions } from "./_concrete.ts";
import { type ArrayLike, toArray } from "./convert.ts";
import { floorMod } from "./_modulo.ts";
import { tileToSize } from "./_movement.ts";
import { refuseInPlace, takeAlong } from "./_take.ts";
import { toBool, where } from "./_where.ts";
import type { NonzeroOptions } from "./selection.ts";

const sizeMessage =
  "The size argument of jnp.nonzero must be statically specified to use jnp.nonzero within JAX " +
  "transformations.";

/**
 * Flat indices of the first `size` true elements, zeros where there are fewer; and how many there are. The number of true
 * elements up to each one is its place in the result.
 */
function firstPositions(mask: JaxArray, size: number): { positions: JaxArray; count: JaxArray } {
  const dtype = defaultInt(), n = mask.size, counts = cumsum(raw.convert(flat(mask), dtype), 0);
  const places = raw.where(flat(mask), raw.sub(counts, 1), raw.like(counts, size));
  const positions = raw.full([size], 0, dtype).at(places).set(raw.iota(dtype, [n], 0), {
    mode: "drop",
    wrapNegativeIndices: false,
  });
  return { positions, count: raw.squeeze(raw.slice(counts, [n - 1], [n]), [0]) };
}

/** The index along each axis of flat indices. */
function indicesAlong(positions: JaxArray, shape: readonly number[]): JaxArray[] {
  let stride = shape.reduce((a, b) => a * b, 1);
  return shape.map((n, axis) => {
    const outer = axis === 0;
    stride /= n;
    const rows = stride === 1 ? positions : raw.div(positions, stride);
    return outer ? rows : raw.rem(rows, n);
  });
}

/**
 * Indices of the elements that are not zero, in row-major order.
 *
 * @returns one array of integers for each axis: `x.get(...np.nonzero(x))` are the elements
 * @throws {ValueError} for an array without axes
 * @throws {ConcretizationTypeError} when the array is traced and there is no `size`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [rows, columns] = np.nonzero(np.eye(2));
 * if (String(rows) !== "[0 1]" || String(columns) !== "[0 1]") throw new Error();
 * ```
 */
export function nonzero(a: ArrayLike, options: NonzeroOptions = {}): JaxArray[] {
  const { size, fillValue } = keywords("nonzero", [], [options], ["size", "fillValue"]);
  const x = toArray(a, "nonzero"), dtype = defaultInt();
  if (x.ndim === 0) {
    throw new ValueError(
      "Calling nonzero on 0d arrays is not allowed. Use jnp.atleast_1d(scalar).nonzero() instead.",
    );
  }
  if (size === undefined || size === null) {
    const found = knownPositions(known(x, sizeMessage));
    let stride = x.size;
    return x.shape.map((n) => {
      stride = n === 0 ? 0 : stride / n;
      return integerArray(found.map((i) => Math.floor(i / stride) % n), [found.length], dtype);
    });
  }
  const count = staticInteger(size, "size");
  if (x.size === 0 || count === 0) return x.shape.map(() => raw.full([count], 0, dtype));
  const mask = toBool(x), { positions, count: total } = firstPositions(mask, count);
  const indices = indicesAlong(positions, x.shape);
  if (fillValue === undefined || fillValue === null) return indices;
  const fills = Array.isArray(fillValue) ? fillValue : new Array(x.ndim).fill(fillValue);
  const values = fills.map((v) => toFill(v));
  if (values.length !== x.ndim || values.some((v) => v.ndim !== 0)) {
    throw new ValueError(
      `fill_value must be a scalar or a tuple of length ${x.ndim}; got ${String(fillValue)}`,
    );
  }
  const missing = raw.ge(raw.iota(dtype, [count], 0), total);
  return indices.map((index, i) => where(missing, values[i]!, index));
}

/** A value that fills indices. */
function toFill(value: unknown): JaxArray {
  return typeof value === "number" && Number.isInteger(value)
    ? toIndexArray(value)
    : toArray(value, "nonzero");
}

/**
 * Indices into the flattened array of the elements that are not zero.
 *
 * @throws {ConcretizationTypeError} when the array is traced and there is no `size`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.flatnonzero(np.eye(2))) !== "[0 3]") throw new Error();
 * ```
 */
export function flatnonzero(a: ArrayLike, options: NonzeroOptions = {}): JaxArray {
  return nonzero(flat(toArray(a, "ravel")), options)[0]!;
}

/**
 * Indices of the elements that are not zero, as rows.
 *
 * @returns an array of shape `[count, a.ndim]`
 * @throws {ConcretizationTypeError} when the array is traced and there is no `size`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.argwhere(np.eye(2))) !== "[[0 0]\n [1 1]]") throw new Error();
 * ```
 */
export function argwhere(a: ArrayLike, options: NonzeroOptions = {}): JaxArray {
  const x = toArray(a, "argwhere");
  const columns = nonzero(x.ndim === 0 ? raw.expandDims(x, [0]) : x, options);
  if (x.ndim === 0) return raw.full([columns[0]!.size, 0], 0, columns[0]!.dtype);
  return raw.concatenate(columns.map((c) => raw.expandDims(c, [1])), 1);
}

/** Options of {@linkcode extract}. */
export interface ExtractOptions {
  /** How many elements to give. Needed under jit. */
  readonly size?: number | null;
  /** What fills places beyond those that are taken, default 0. */
  readonly fillValue?: ArrayLike;
}

/** Options of {@linkcode compress}. */
export interface CompressOptions extends ExtractOptions {
  /** The axis of the slices; null (the default) takes from the flattened array. */
  readonly axis?: number | null;
  /** Not supported: arrays are immutable. */
  readonly out?: null;
}

/** Conditions: an array, or nested lists of booleans. */
export type Condition = ArrayLike | readonly unknown[];

const conditionArray = (condition: unknown, name: string): JaxArray =>
  Array.isArray(condition) ? toIndexArray(condition) : toArray(condition, name);

/**
 * The slices along an axis where a condition holds.
 *
 * @param condition booleans of one axis; if it is shorter than the axis the rest counts as false
 * @throws {ValueError} when the condition has another number of axes or is true out of bounds
 * @throws {NonConcreteBooleanIndexError} when it is traced and there is no `size`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.compress([true, false, true], np.arange(3));
 * if (String(x) !== "[0 2]") throw new Error();
 * ```
 */
export function compress(
  condition: Condition,
  a: ArrayLike,
  ...rest: [axis?: number | null | CompressOptions, options?: CompressOptions]
): JaxArray {
  const given = keywords("compress", ["axis"], rest, ["size", "fillValue", "out"]);
  const { axis, size, fillValue = 0 } = given;
  refuseOut(given.out, "compress");
  const which = conditionArray(condition, "compress"), x = toArray(a, "compress", 1);
  if (which.ndim !== 1) throw new ValueError("condition must be a 1D array");
  const at = axis === undefined || axis === null ? null : canonicalAxis(axis, x.ndim);
  const rows = at === null ? flat(x) : moveOne(x, at, 0);
  const result = size === undefined || size === null
    ? keptRows(which, rows)
    : firstRows(toBool(which), rows, staticInteger(size, "size"), toArray(fillValue, "compress", 2));
  return moveOne(result, 0, at ?? 0);
}

/** The rows where a condition holds. */
function keptRows(which: JaxArray, rows: JaxArray): JaxArray {
  const value = which.concrete();
  // A traced condition is the error that indexing raises.
  if (value === null) return rows.get(toBool(which));
  const kept = knownPositions(value);
  if (kept.some((i) => i >= rows.shape[0]!)) {
    throw new ValueError("condition contains entries that are out of bounds");
  }
  return takeAlong(rows, integerArray(kept), 0);
}

/** The first `size` rows where a condition holds, then fill values. */
function firstRows(which: JaxArray, rows: JaxArray, size: number, fillValue: JaxArray): JaxArray {
  const n = rows.shape[0]!, m = Math.min(n, which.size);
  if (size < 0 || size > m) {
    throw new ValueError(
      `size must be positive and not greater than the size of the array axis; got size=${size} for a.shape[axis]=${m}`,
    );
  }
  if (size === 0) return raw.sliceInDim(rows, 0, 0, 0);
  const { positions, count } = firstPositions(raw.slice(which, [0], [m]), size);
  const valid = raw.lt(raw.iota(positions.dtype, [size], 0), count);
  const mask = raw.expandDims(valid, range(rows.ndim - 1).map((i) => i + 1));
  return where(mask, takeAlong(rows, positions, 0), raw.convert(fillValue, rows.dtype));
}

/**
 * The elements of the flattened array where a condition holds.
 *
 * @throws {NonConcreteBooleanIndexError} when the condition is traced and there is no `size`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(6);
 * if (String(np.extract(x.gt(3), x)) !== "[4 5]") throw new Error();
 * ```
 */
export function extract(condition: Condition, arr: ArrayLike, options: ExtractOptions = {}): JaxArray {
  const given = keywords("extract", [], [options], ["size", "fillValue"]) as ExtractOptions;
  return compress(flat(conditionArray(condition, "extract")), flat(toArray(arr, "extract", 1)), given);
}

/** The option of functions that NumPy has in place. */
export interface InPlaceOption {
  /** Must be false: arrays are immutable, and a new one is returned. */
  readonly inplace: boolean;
}

/**
 * An array with values put where a mask holds, in turn and again from the first when there are too few.
 *
 * @param arr an array
 * @param mask as many elements; true where it is not zero
 * @param vals values, cast to the dtype of `arr`
 * @throws {ValueError} when sizes differ, there are no values, or `inplace` is not false
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(4);
 * if (String(np.place(x, x.gt(1), 9, { inplace: false })) !== "[0 1 9 9]") throw new Error();
 * ```
 */
export function place(arr: ArrayLike, mask: ArrayLike, vals: ArrayLike, options?: InPlaceOption): JaxArray {
  const { inplace = true } = keywords("place", [], [options], ["inplace"]);
  const x = toArray(arr, "place"), which = flat(toBool(toArray(mask, "place", 1)));
  const values = flat(toArray(vals, "place", 2));
  refuseInPlace("place", inplace);
  if (x.size !== which.size) throw new ValueError("place: arr and mask must be the same size");
  if (values.size === 0) throw new ValueError("Cannot place values from an empty array");
  if (x.size === 0) return x;
  // The number of true elements before one is the number of its value.
  const turn = raw.sub(cumsum(raw.convert(which, defaultInt()), 0), 1);
  const chosen = takeAlong(raw.convert(values, x.dtype, x.weakType), floorMod(turn, values.size), 0);
  return raw.reshape(raw.selectN(which, flat(x), chosen), x.shape);
}

/** Options of {@linkcode put}. */
export interface PutOptions extends InPlaceOption {
  /**
   * Out of bounds: values go to the nearest element; `"wrap"` counts around. Negative indices count from the end unless
   * it is `"clip"`.
   */
  readonly mode?: string | null;
}

/**
 * An array with values put at indices into the flattened array.
 *
 * @param a an array
 * @param ind integers of any shape
 * @param v values, repeated in turn when there are too few
 * @throws {ValueError} when `inplace` is not false
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.put(np.zeros(3), [0, 2], 5, { inplace: false });
 * if (String(x) !== "[5. 0. 5.]") throw new Error();
 * ```
 */
export function put(
  a: ArrayLike,
  ind: ArrayLike | readonly unknown[],
  v: ArrayLike,
  ...rest: [mode?: string | null | PutOptions, options?: PutOptions]
): JaxArray {
  const { mode, inplace = true } = keywords("put", ["mode"], rest, ["inplace"]);
  refuseInPlace("put", inplace);
  const x = toArray(a, "put"), values = flat(toArray(v, "put", 2));
  let index = flat(toIndexArray(ind));
  if (x.size === 0 || index.size === 0 || values.size === 0) return x;
  switch (mode) {
    case undefined:
    case null:
      if (index.dtype.kind === "int") index = where(raw.lt(index, 0), raw.add(index, x.size), index);
      break;
    case "clip":
      break;
    case "wrap":
      index = floorMod(index, x.size);
      break;
    case "raise":
      throw new NotImplementedError("The 'raise' mode to jnp.put is not supported.");
    default:
      throw new ValueError(`mode should be one of 'wrap' or 'clip'; got mode='${String(mode)}'`);
  }
  index = raw.min(raw.max(index, 0), x.size - 1);
  return raw.reshape(flat(x).at(index).set(tileToSize(values, index.size), { mode: "drop" }), x.shape);
}
