/**
 * Functions of `jax.numpy` that change the shape of an array: reshape, transpose, squeeze.
 *
 * @module
 */
import {
  bind1,
  canonicalAxis,
  canonicalShape,
  IndexError,
  type JaxArray,
  keywords,
  NotImplementedError,
  P,
  raw,
  staticInteger,
  staticIntegers,
  tuple,
  ValueError,
} from "../core/mod.ts";
import { integerList, movePermutation, product, range } from "./axes.ts";
import { type ArrayLike, toArray } from "./convert.ts";
import { tileToSize, withShape } from "./_movement.ts";
import { staged } from "./_staged.ts";

/** A shape: sizes of axes, or the size of a single one. */
export type Shape = number | readonly number[];

/** Options of {@linkcode reshape}. */
export interface ReshapeOptions {
  /** `"C"`: the last axis changes fastest (the default); `"F"`: the first one does. */
  readonly order?: string;
  /** Arrays are immutable, so that it makes no difference. */
  readonly copy?: boolean | null;
  readonly outSharding?: null;
}

/** The sizes that a shape with at most one −1 means for an array. */
function completeShape(x: JaxArray, shape: unknown): number[] {
  const sizes = canonicalShape(shape), unknown = sizes.indexOf(-1);
  if (unknown < 0) {
    if (product(sizes) !== x.size) {
      throw new TypeError(
        `cannot reshape array of shape ${tuple(x.shape)} (size ${x.size}) into shape ${tuple(sizes)} ` +
          `(size ${product(sizes)})`,
      );
    }
    return sizes;
  }
  if (sizes.lastIndexOf(-1) !== unknown) {
    throw new TypeError(`can only specify one unknown axis size with a \`-1\` value, got ${tuple(sizes)}`);
  }
  const others = product(sizes.filter((_, i) => i !== unknown));
  if (others === 0 || x.size % others !== 0) {
    throw new TypeError(
      `cannot reshape array of shape ${tuple(x.shape)} (size ${x.size}) into shape ${
        tuple(sizes)
      } because the ` +
        `product of specified axis sizes (${others}) does not evenly divide ${x.size}`,
    );
  }
  sizes[unknown] = x.size / others;
  return sizes;
}

/**
 * The same elements in another shape.
 *
 * @param a an array of any shape and dtype
 * @param shape the new sizes; one may be −1 and is found from the others
 * @param order `"C"` (row-major, the default) or `"F"` (column-major)
 * @throws {TypeError} when the number of elements differs
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.reshape(np.arange(4), [2, -1])) !== "[[0 1]\n [2 3]]") throw new Error();
 * ```
 */
export function reshape(
  a: ArrayLike,
  ...rest: [
    shape?: Shape | ReshapeOptions & { readonly shape?: Shape },
    order?: string | ReshapeOptions,
    options?: ReshapeOptions,
  ]
): JaxArray {
  const { shape, order = "C" } = keywords("reshape", ["shape", "order"], rest, ["copy", "outSharding"]);
  const x = toArray(a, "reshape"), sizes = completeShape(x, shape);
  switch (order) {
    case "C":
      return withShape(x, sizes);
    case "F": {
      const columnsFirst = raw.transpose(x, range(x.ndim).reverse());
      return raw.transpose(withShape(columnsFirst, sizes.toReversed()), range(sizes.length).reverse());
    }
    case "A":
      throw new NotImplementedError("np.reshape order=A is not implemented.");
    default:
      throw new ValueError(`Unexpected value for 'order' argument: ${String(order)}.`);
  }
}

/**
 * The elements as one axis.
 *
 * @param order `"C"` (row-major, the default) or `"F"` (column-major)
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.ravel(np.ones([2, 2]))) !== "[1. 1. 1. 1.]") throw new Error();
 * ```
 */
export function ravel(
  a: ArrayLike,
  ...rest: [order?: string | { readonly order?: string; readonly outSharding?: null }]
): JaxArray {
  const { order = "C" } = keywords("ravel", ["order"], rest, ["outSharding"]);
  if (order === "K") throw new NotImplementedError("Ravel not implemented for order='K'.");
  const x = toArray(a, "ravel");
  return reshape(x, [x.size], order as string);
}

/**
 * Permutes axes: axis i of the result is axis `axes[i]` of the array; without `axes` their order is reversed.
 *
 * @throws {ValueError} for an axis that the array does not have
 * @throws {TypeError} when `axes` is no permutation
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.zeros([2, 3, 4]);
 * if (String(np.transpose(x).shape) !== "4,3,2") throw new Error();
 * if (String(np.transpose(x, [1, 0, 2]).shape) !== "3,2,4") throw new Error();
 * ```
 */
export function transpose(
  a: ArrayLike,
  ...rest: [axes?: readonly number[] | null | { readonly axes?: readonly number[] | null }]
): JaxArray {
  const { axes } = keywords("transpose", ["axes"], rest);
  const x = toArray(a, "transpose");
  if (axes === undefined || axes === null) return raw.transpose(x, range(x.ndim).reverse());
  return permuted(x, integerList(axes, "axes").map((i) => canonicalAxis(i, x.ndim)));
}

function permuted(x: JaxArray, permutation: readonly number[]): JaxArray {
  if (permutation.length !== x.ndim) return bind1(P.transpose, [x], { permutation: [...permutation] });
  return raw.transpose(x, permutation);
}

/**
 * Permutes axes: axis i of the result is axis `axes[i]` of the array.
 *
 * @throws {TypeError} when `axes` is no permutation
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.permuteDims(np.zeros([2, 3]), [1, 0]).shape) !== "3,2") throw new Error();
 * ```
 */
export function permuteDims(
  a: ArrayLike,
  ...rest: [axes?: readonly number[] | { readonly axes?: readonly number[] }]
): JaxArray {
  const { axes } = keywords("permute_dims", ["axes"], rest);
  return permuted(toArray(a, "permute_dims"), staticIntegers(axes, "axes"));
}

/**
 * Exchanges the last two axes.
 *
 * @throws {ValueError} for an array of fewer than two axes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.matrixTranspose(np.zeros([5, 2, 3])).shape) !== "5,3,2") throw new Error();
 * ```
 */
export function matrixTranspose(x: ArrayLike): JaxArray {
  const array = toArray(x, "matrix_transpose"), n = array.ndim;
  if (n < 2) {
    throw new ValueError(`x must be at least two-dimensional for matrix_transpose; got ndim=${n}`);
  }
  return raw.transpose(array, [...range(n - 2), n - 1, n - 2]);
}

/**
 * Exchanges two axes.
 *
 * @throws {IndexError} for an axis that the array does not have
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.swapaxes(np.zeros([2, 3, 4]), 0, -1).shape) !== "4,3,2") throw new Error();
 * ```
 */
export function swapaxes(
  a: ArrayLike,
  ...rest: [
    axis1?: number | { readonly axis1?: number; readonly axis2?: number },
    axis2?: number | { readonly axis2?: number },
  ]
): JaxArray {
  const { axis1, axis2 } = keywords("swapaxes", ["axis1", "axis2"], rest);
  const x = toArray(a, "swapaxes"), n = x.ndim, permutation = range(n);
  const at = (axis: unknown): number => {
    const i = staticInteger(axis, "axis");
    if (i >= -n && i < n) return i < 0 ? i + n : i;
    throw new IndexError(`index ${i} is out of bounds for axis 0 with size ${n}`);
  };
  const i = at(axis1), j = at(axis2);
  permutation[i] = j;
  permutation[j] = i;
  return raw.transpose(x, permutation);
}

/**
 * Moves axes to new positions; the others keep their order.
 *
 * @param source an axis or a list of them
 * @param destination where each of them goes
 * @throws {ValueError} when the lists differ in length, or the array has no such axis
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.moveaxis(np.zeros([2, 3, 4]), 0, -1).shape) !== "3,4,2") throw new Error();
 * ```
 */
export function moveaxis(
  a: ArrayLike,
  source: number | readonly number[],
  destination: number | readonly number[],
): JaxArray {
  const x = toArray(a, "moveaxis");
  const from = integerList(source, "source").map((i) => canonicalAxis(i, x.ndim));
  const to = integerList(destination, "destination").map((i) => canonicalAxis(i, x.ndim));
  if (from.length !== to.length) {
    throw new ValueError(`Inconsistent number of elements: ${from.length} vs ${to.length}`);
  }
  return permuted(x, movePermutation(x.ndim, from, to));
}

/**
 * Moves an axis in front of the one at position `start`. {@linkcode moveaxis} is clearer.
 *
 * @throws {ValueError} for an axis or a start outside the array
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.rollaxis(np.zeros([2, 3, 4]), 2).shape) !== "4,2,3") throw new Error();
 * ```
 */
export function rollaxis(
  a: ArrayLike,
  axis: number,
  ...rest: [start?: number | { readonly start?: number }]
): JaxArray {
  const x = toArray(a, "rollaxis"), n = x.ndim, from = canonicalAxis(axis, n);
  const { start = 0 } = keywords("rollaxis", ["start"], rest);
  let to = staticInteger(start, "start");
  if (to < -n || to > n) throw new ValueError(`start=${to} must satisfy ${-n}<=start<=${n}`);
  if (to < 0) to += n;
  if (to > from) to--;
  return rollaxisCall([x], from, to);
}

const rollaxisCall = staged(
  "rollaxis",
  ([x]: [JaxArray], from: number, to: number) => raw.transpose(x, movePermutation(x.ndim, [from], [to])),
);

/**
 * Removes axes of size 1: those given, or all.
 *
 * @throws {ValueError} for an axis of another size
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.squeeze(np.zeros([1, 2, 1])).shape) !== "2") throw new Error();
 * if (String(np.squeeze(np.zeros([1, 2, 1]), 0).shape) !== "2,1") throw new Error();
 * ```
 */
export function squeeze(
  a: ArrayLike,
  ...rest: [
    axis?: number | readonly number[] | null | { readonly axis?: number | readonly number[] | null },
  ]
): JaxArray {
  const { axis } = keywords("squeeze", ["axis"], rest);
  const x = toArray(a, "squeeze");
  const axes = axis === undefined || axis === null
    ? x.shape.flatMap((n, i) => n === 1 ? [i] : [])
    : integerList(axis, "axis").map((i) => canonicalAxis(i, x.ndim));
  return raw.squeeze(x, axes.sort((p, q) => p - q));
}

/**
 * Inserts axes of size 1 at these positions of the result.
 *
 * @throws {ValueError} for positions that are repeated or out of bounds
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.expandDims(np.zeros(3), [0, 2]).shape) !== "1,3,1") throw new Error();
 * ```
 */
export function expandDims(
  a: ArrayLike,
  ...rest: [axis?: number | readonly number[] | { readonly axis?: number | readonly number[] }]
): JaxArray {
  const { axis } = keywords("expand_dims", ["axis"], rest);
  const x = toArray(a, "expand_dims"), given = integerList(axis, "axis");
  const axes = given.map((i) => canonicalAxis(i, x.ndim + given.length));
  if (new Set(axes).size !== axes.length) {
    throw new ValueError(`repeated axis in lax.expand_dims: ${tuple(given)}`);
  }
  return raw.expandDims(x, axes);
}

/**
 * Elements in row-major order, repeated as often as a shape needs; zeros for an empty array.
 *
 * @throws {ValueError} for a negative size
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.resize(np.arange(3), [2, 2])) !== "[[0 1]\n [2 0]]") throw new Error();
 * ```
 */
export function resize(a: ArrayLike, newShape: Shape): JaxArray {
  const shape = integerList(newShape, "new_shape"), size = product(shape);
  if (shape.some((n) => n < 0)) throw new ValueError("all elements of `new_shape` must be non-negative");
  const x = toArray(a, "resize");
  return x.size === 0 || size === 0 ? raw.full(shape, 0, x.dtype) : resizeCall([x], shape);
}

const resizeCall = staged(
  "resize",
  ([x]: [JaxArray], shape: readonly number[]) =>
    withShape(tileToSize(withShape(x, [x.size]), product(shape)), shape),
);
