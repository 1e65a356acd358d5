/**
 * Products of `jax.numpy.linalg`: those of `jax.numpy` for stacks of vectors and matrices.
 *
 * @module
 */
import {
  type DTypeLike,
  type JaxArray,
  keywords,
  raw,
  staticInteger,
  tuple,
  ValueError,
} from "../../core/mod.ts";
import { type ProductOptions, productOptions } from "../_contract.ts";
import { range } from "../axes.ts";
import { type ArrayLike, promote, toArray, toArrays } from "../convert.ts";
import { diagonal as diagonalOf, trace as traceOf } from "../diagonal.ts";
import { einsum, type EinsumOptions } from "../einsum.ts";
import { cross as crossOf } from "../outer_products.ts";
import {
  matmul as matmulOf,
  tensordot as tensordotOf,
  type TensordotOptions,
  vecdot as vecdotOf,
  type VecdotOptions,
} from "../products.ts";

/**
 * The matrix product over the last two axes; the axes before them broadcast. As {@linkcode numpy.matmul}.
 *
 * @throws {TypeError} when the contracted axes differ in size
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.linalg.matmul(np.ones([1, 2]), np.ones([2, 1]))) !== "[[2.]]") throw new Error();
 * ```
 */
export function matmul(x1: ArrayLike, x2: ArrayLike, options?: ProductOptions): JaxArray {
  return matmulOf(x1, x2, options);
}

/**
 * Inner products of vectors along an axis, the first ones conjugated. As {@linkcode numpy.vecdot}.
 *
 * @throws {ValueError} when the axes differ in size
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.linalg.vecdot(np.ones([2, 3]), np.ones(3))) !== "[3. 3.]") throw new Error();
 * ```
 */
export function vecdot(x1: ArrayLike, x2: ArrayLike, options?: VecdotOptions): JaxArray {
  return vecdotOf(x1, x2, options);
}

/**
 * Sums products over axes of two arrays. As {@linkcode numpy.tensordot}.
 *
 * @throws {TypeError} when the axes do not fit
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.linalg.tensordot(np.ones([2, 3]), np.ones([3, 2]), { axes: 1 });
 * if (String(x.shape) !== "2,2") throw new Error();
 * ```
 */
export function tensordot(x1: ArrayLike, x2: ArrayLike, options: TensordotOptions = {}): JaxArray {
  return tensordotOf(x1, x2, options);
}

/**
 * All products of an element of one vector and one of another.
 *
 * @throws {ValueError} for arrays of another number of axes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.linalg.outer(np.ones(2), np.arange(2))) !== "[[0. 1.]\n [0. 1.]]") throw new Error();
 * ```
 */
export function outer(x1: ArrayLike, x2: ArrayLike): JaxArray {
  const [x, y] = toArrays("jnp.linalg.outer", x1, x2) as [JaxArray, JaxArray];
  if (x.ndim !== 1 || y.ndim !== 1) {
    throw new ValueError(
      `Input arrays must be one-dimensional, but they are x1.ndim=${x.ndim} x2.ndim=${y.ndim}`,
    );
  }
  const [column, row] = promote("outer", raw.expandDims(x, [1]), raw.expandDims(y, [0]));
  return raw.mul(column!, row!);
}

/**
 * Cross products of vectors of 3 elements.
 *
 * @throws {ValueError} for vectors of other sizes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.linalg.cross(np.array([1, 0, 0]), np.array([0, 1, 0]));
 * if (String(x) !== "[0. 0. 1.]") throw new Error();
 * ```
 */
export function cross(x1: ArrayLike, x2: ArrayLike, options: { readonly axis?: number } = {}): JaxArray {
  const { axis = -1 } = keywords("cross", [], [options], ["axis"]);
  const [x, y] = toArrays("jnp.linalg.outer", x1, x2) as [JaxArray, JaxArray];
  const at = staticInteger(axis, "axis"), m = x.shape.at(at), n = y.shape.at(at);
  if (m !== 3 || n !== 3) {
    throw new ValueError(
      "Both input arrays must be (arrays of) 3-dimensional vectors, but they have " +
        `x1.shape[axis]=${m} and x2.shape[axis]=${n}`,
    );
  }
  return crossOf(x, y, { axis: at });
}

/**
 * Exchanges the last two axes.
 *
 * @throws {ValueError} for an array of fewer than two axes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.linalg.matrixTranspose(np.ones([2, 3])).shape) !== "3,2") throw new Error();
 * ```
 */
export function matrixTranspose(x: ArrayLike): JaxArray {
  const array = toArray(x, "jnp.linalg.matrix_transpose"), n = array.ndim;
  if (n < 2) throw new ValueError(`matrix_transpose requires at least 2 dimensions; got ndim=${n}`);
  return raw.transpose(array, [...range(n - 2), n - 1, n - 2]);
}

/**
 * A diagonal of matrices.
 *
 * @param options `offset`: which diagonal, 0 the main one
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.linalg.diagonal(np.ones([4, 2, 3])).shape) !== "4,2") throw new Error();
 * ```
 */
export function diagonal(x: ArrayLike, options: { readonly offset?: number } = {}): JaxArray {
  const { offset = 0 } = keywords("diagonal", [], [options], ["offset"]);
  return diagonalOf(x, offset as number, -2, -1);
}

/**
 * Sums of a diagonal of matrices.
 *
 * @param options `offset`: which diagonal, 0 the main one; `dtype`: to sum in and return
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.linalg.trace(np.eye(3)).item() !== 3) throw new Error();
 * ```
 */
export function trace(
  x: ArrayLike,
  options: { readonly offset?: number; readonly dtype?: DTypeLike | null } = {},
): JaxArray {
  const { offset = 0, dtype = null } = keywords("trace", [], [options], ["offset", "dtype"]);
  return traceOf(x, offset as number, -2, -1, dtype as DTypeLike | null);
}

/**
 * The product of several matrices, multiplied in the cheapest order. The first and the last may be vectors.
 *
 * @param arrays at least two arrays
 * @throws {ValueError} when the shapes do not fit
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.linalg.multiDot([np.ones([2, 5]), np.ones([5, 5]), np.ones(5)]);
 * if (String(x) !== "[25. 25.]") throw new Error();
 * ```
 */
export function multiDot(
  arrays: readonly ArrayLike[],
  options: Pick<ProductOptions, "precision"> = {},
): JaxArray {
  const { precision } = keywords("multi_dot", [], [options], productOptions) as EinsumOptions;
  const xs = toArrays("jnp.linalg.multi_dot", ...arrays), last = xs.length - 1;
  const shapes = `[${xs.map((x) => tuple(x.shape)).join(", ")}]`;
  if (xs.length < 2) {
    throw new ValueError(`multi_dot requires at least two arrays; got len(arrays)=${xs.length}`);
  }
  if (xs.some((x, i) => x.ndim !== 2 && !(x.ndim === 1 && (i === 0 || i === last)))) {
    throw new ValueError(
      "multi_dot: input arrays must all be two-dimensional, except for the first and last array which may be 1 or 2 " +
        `dimensional. Got array shapes ${shapes}`,
    );
  }
  if (xs.some((x, i) => i < last && x.shape.at(-1) !== xs[i + 1]!.shape[0])) {
    throw new ValueError(
      "multi_dot: last dimension of each array must match first dimension of following array. Got array shapes " +
        shapes,
    );
  }
  const labels = xs.map((x, i) => x.ndim === 2 ? [i, i + 1] : i === 0 ? [1] : [i]);
  const choice: EinsumOptions = { optimize: "auto", ...(precision === undefined ? {} : { precision }) };
  return einsum(...xs.flatMap((x, i) => [x, labels[i]!]), choice);
}
