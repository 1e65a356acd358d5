/**
 * Functions of `jax.numpy` that take elements out and put others in: delete, insert, trimZeros.
 *
 * @module
 */
import {
  bool_,
  broadcastTo,
  canonicalAxis,
  defaultInt,
  IndexError,
  isInteger,
  type JaxArray,
  keywords,
  raw,
  Slice,
  staticInteger,
  toIndexArray,
  tuple,
  ValueError,
} from "../core/mod.ts";
import { sort } from "../lax/mod.ts";
import { flat } from "./_arguments.ts";
import { axisList, moveOne, product, range } from "./axes.ts";
import { integerArray, integersOf, known, nonzeroFlags } from "./_concrete.ts";
import { type ArrayLike, toArray, toArrays } from "./convert.ts";
import { withRank } from "./_movement.ts";
import { takeAlong } from "./_take.ts";
import { where } from "./_where.ts";
import { nonzero } from "./nonzero.ts";

/** What to delete or where to insert: an integer, a slice, or integers (for delete also booleans). */
export type Places = ArrayLike | Slice | readonly unknown[];

/** Options of `delete`. */
export interface DeleteOptions {
  /** The axis to delete along; null (the default) deletes from the flattened array. */
  readonly axis?: number | null;
  /** No index is given twice; then they may be traced. */
  readonly assumeUniqueIndices?: boolean;
}

/** Slices of an array along an axis at indices that the host has. */
function keep(x: JaxArray, indices: readonly number[], axis: number): JaxArray {
  return takeAlong(x, integerArray(indices), axis);
}

/** The elements from `start` up to `stop` of one axis. */
function part(x: JaxArray, start: number, stop: number, axis: number): JaxArray {
  return raw.slice(x, x.shape.map((_, i) => i === axis ? start : 0), x.shape.with(axis, stop));
}

/** The indices that a slice stands for, by Python's rules. */
function sliceRange(slice: Slice, size: number): number[] {
  const bound = (x: unknown, otherwise: number, low: number): number => {
    if (x === null || x === undefined) return otherwise;
    const i = staticInteger(x, "a slice's bound");
    return Math.min(Math.max(i < 0 ? i + size : i, low), size + low);
  };
  const step = slice.step === null || slice.step === undefined
    ? 1
    : staticInteger(slice.step, "a slice's step");
  const low = step < 0 ? -1 : 0;
  const start = bound(slice.start, step < 0 ? size - 1 : 0, low),
    stop = bound(slice.stop, step < 0 ? -1 : size, low);
  return range(Math.max(0, Math.ceil((stop - start) / step))).map((i) => start + i * step);
}

/** x without the elements at traced indices, none of which is given twice. */
function deleteTraced(x: JaxArray, obj: JaxArray, axis: number): JaxArray {
  const size = x.shape[axis]!, index = flat(obj), { dtype } = index, count = index.size;
  const wrapped = dtype.kind === "uint" ? index : where(raw.lt(index, 0), raw.add(index, size), index);
  const clipped = raw.min(raw.max(wrapped, 0), size);
  // The k-th deleted index less k is the number of kept elements before it: as many are skipped.
  const before = raw.sub(sort(clipped, { dimension: 0 }), raw.iota(dtype, [count], 0));
  const kept = raw.iota(dtype, [Math.max(0, size - count)], 0);
  const skipped = raw.ge(raw.expandDims(kept, [0]), raw.expandDims(before, [1]));
  return takeAlong(x, raw.add(kept, raw.reduceSum(raw.convert(skipped, dtype), [0])), axis);
}

/**
 * An array without some elements, or slices along an axis.
 *
 * @param arr an array
 * @param obj the indices that go: an integer, a slice, integers, or booleans of the axis
 * @throws {IndexError} for an index out of bounds
 * @throws {ConcretizationTypeError} when the indices are traced and not assumed unique
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.delete(np.arange(4), 1)) !== "[0 2 3]") throw new Error();
 * if (String(np.delete(np.arange(4), [0, -1])) !== "[1 2]") throw new Error();
 * ```
 */
function deleteAt(
  arr: ArrayLike,
  obj: Places,
  ...rest: [axis?: number | null | DeleteOptions, options?: DeleteOptions]
): JaxArray {
  const { axis, assumeUniqueIndices = false } = keywords("delete", ["axis"], rest, ["assumeUniqueIndices"]);
  const given = toArray(arr, "delete"), flatten = axis === undefined || axis === null;
  const x = flatten ? flat(given) : given, at = flatten ? 0 : canonicalAxis(axis, x.ndim);
  const size = x.shape[at]!;
  if (obj instanceof Slice) {
    const gone = new Set(sliceRange(obj, size));
    return keep(x, range(size).filter((i) => !gone.has(i)), at);
  }
  const index = toIndexArray(obj);
  if (index.ndim === 0 && isInteger(index.dtype) && index.concrete() !== null) {
    const i = canonicalAxis(index, size);
    return raw.concatenate([part(x, 0, i, at), part(x, i + 1, size, at)], at);
  }
  if (isInteger(index.dtype) && assumeUniqueIndices) return deleteTraced(x, index, at);
  const concrete = known(index, "'obj' array argument of jnp.delete()");
  if (index.dtype === bool_) {
    if (index.ndim !== 1 || index.size !== size) {
      throw new ValueError(
        "np.delete(arr, obj): for boolean indices, obj must be one-dimensional with length matching specified axis.",
      );
    }
    const gone = nonzeroFlags(concrete);
    return keep(x, range(size).filter((i) => !gone[i]), at);
  }
  const gone = new Set(
    integersOf(concrete).map((i) => {
      if (i >= -size && i < size) return i < 0 ? i + size : i;
      throw new IndexError(`index ${i} is out of bounds for axis ${at} with size ${size}`);
    }),
  );
  return keep(x, range(size).filter((i) => !gone.has(i)), at);
}

/** Where each of the inserted values comes to stand, when the indices are known. */
function insertedPlaces(indices: readonly number[]): number[] {
  const order = range(indices.length).sort((a, b) => indices[a]! - indices[b]! || a - b);
  const places: number[] = new Array(indices.length);
  order.forEach((i, k) => places[i] = indices[i]! + k);
  return places;
}

/** x with values (as many as indices) inserted before known indices. */
function insertKnown(x: JaxArray, values: JaxArray, indices: readonly number[], axis: number): JaxArray {
  const size = x.shape[axis]!, first = indices[0]!;
  if (indices.every((i) => i === first)) {
    return raw.concatenate(
      [part(x, 0, first, axis), values, part(x, first, size, axis)],
      axis,
    );
  }
  const source = new Map(insertedPlaces(indices).map((place, i) => [place, size + i]));
  let next = 0;
  const order = range(size + indices.length).map((place) => source.get(place) ?? next++);
  return keep(raw.concatenate([x, values], axis), order, axis);
}

/** As {@linkcode insertKnown} for traced indices. */
function insertTraced(x: JaxArray, values: JaxArray, obj: JaxArray, axis: number): JaxArray {
  const size = x.shape[axis]!, count = values.shape[axis]!, dtype = defaultInt();
  const wide = raw.convert(obj, dtype), wrapped = where(raw.lt(wide, 0), raw.add(wide, size), wide);
  const index = raw.min(raw.max(broadcastTo(wrapped, [count]), 0), size);
  const steps = raw.iota(dtype, [count], 0);
  const [, order] = sort([index, steps], { dimension: 0, numKeys: 1 });
  const places = index.at(order!).add(steps);
  const old = raw.full([size + count], true, bool_).at(places).set(false);
  const [rest] = nonzero(old, { size });
  const lead = new Array<string>(axis).fill(":");
  const shape = x.shape.map((n, i) => i === axis ? n + count : n);
  return raw.full(shape, 0, x.dtype).at(...lead, places).set(values).at(...lead, rest!).set(x);
}

/**
 * An array with values inserted before indices.
 *
 * @param arr an array
 * @param obj before which elements of `arr`: an integer, a slice, or integers; negative ones count from the end
 * @param values cast to the dtype of `arr`; they broadcast along the other axes
 * @throws {ValueError} when the indices are no integers, or have more than one axis
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.insert(np.arange(3), 1, 9)) !== "[0 9 1 2]") throw new Error();
 * if (String(np.insert(np.zeros([2, 1]), 1, 5, 1)) !== "[[0. 5.]\n [0. 5.]]") throw new Error();
 * ```
 */
export function insert(
  arr: ArrayLike,
  obj: Places,
  values: ArrayLike,
  ...rest: [axis?: number | null | { readonly axis?: number | null }]
): JaxArray {
  const { axis } = keywords("insert", ["axis"], rest);
  const [given, inserted] = toArrays("insert", arr, values) as [JaxArray, JaxArray];
  const flatten = axis === undefined || axis === null, x = flatten ? flat(given) : given;
  const at = flatten ? 0 : canonicalAxis(axis, x.ndim), size = x.shape[at]!;
  const index = obj instanceof Slice ? integerArray(sliceRange(obj, size)) : toIndexArray(obj);
  if (index.ndim > 1) {
    throw new ValueError(
      `jnp.insert(): obj must be a slice, a one-dimensional array, or a scalar; got shape ${
        tuple(index.shape)
      }`,
    );
  }
  if (!isInteger(index.dtype)) {
    throw new ValueError(`jnp.insert(): index array must be integer typed; got ${index.aval}`);
  }
  let block = withRank(raw.convert(inserted, x.dtype, x.weakType), x.ndim);
  if (index.ndim === 0) block = moveOne(block, 0, at);
  const count = index.size === 1 ? block.shape[at]! : Math.max(index.size, index.size === 0 ? 0 : 1);
  if (![1, count].includes(block.shape[at]!)) {
    throw new ValueError(
      `jnp.insert(): ${
        block.shape[at]
      } values cannot be inserted at ${index.size} indices; got values of shape ` +
        tuple(inserted.shape),
    );
  }
  const spread = broadcastTo(block, x.shape.map((n, i) => i === at ? count : n));
  if (count === 0) return x;
  if (index.concrete() === null) return insertTraced(x, spread, flat(index), at);
  const places = integersOf(index.concrete()!).map((i) => Math.min(Math.max(i < 0 ? i + size : i, 0), size));
  const all = places.length === 1 ? new Array<number>(count).fill(places[0]!) : places;
  return insertKnown(x, spread, all, at);
}

/** Options of {@linkcode trimZeros}. */
export interface TrimZerosOptions {
  /** Which ends: `"f"` the front, `"b"` the back, `"fb"` both (default). */
  readonly trim?: string;
  /** The axes, default all. */
  readonly axis?: number | readonly number[] | null;
}

/**
 * An array without the leading and trailing slices that are all zero.
 *
 * @throws {ConcretizationTypeError} when the array is traced
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.trimZeros(np.array([0, 1, 2, 0]))) !== "[1. 2.]") throw new Error();
 * ```
 */
export function trimZeros(
  filt: ArrayLike,
  ...rest: [trim?: string | TrimZerosOptions, axis?: number | readonly number[] | null | TrimZerosOptions]
): JaxArray {
  const { trim = "fb", axis } = keywords("trim_zeros", ["trim", "axis"], rest);
  const x = toArray(filt, "trim_zeros"), ends = String(trim).toLowerCase();
  const flags = nonzeroFlags(known(x, "Error arose in the `filt` argument of trim_zeros()"));
  const axes = axisList(axis, x.ndim);
  if (axes.length === 0 || !/[fb]/.test(ends)) return x;
  const starts = x.shape.map(() => 0), limits = [...x.shape];
  for (const at of axes) {
    const inner = product(x.shape.slice(at + 1)), n = x.shape[at]!;
    let first = n, last = -1;
    for (let i = 0; i < flags.length; i++) {
      if (!flags[i]) continue;
      const place = Math.floor(i / inner) % n;
      first = Math.min(first, place);
      last = Math.max(last, place);
    }
    if (last < 0) limits[at] = 0;
    else {
      if (ends.includes("f")) starts[at] = first;
      if (ends.includes("b")) limits[at] = last + 1;
    }
  }
  return raw.slice(x, starts, limits);
}

export { deleteAt as delete };
