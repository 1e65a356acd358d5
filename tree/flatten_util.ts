/**
 * `jax.flatten_util`: trees of arrays as one vector.
 *
 * @module
 */
import { flattenArrays, invalidArgument } from "../core/argument.ts";
import type { JaxArray } from "../core/array.ts";
import { tuple } from "../core/avals.ts";
import { float32, resultType } from "../core/dtypes.ts";
import { ValueError } from "../core/errors.ts";
import { unflatten } from "../core/pytree.ts";
import * as raw from "../core/raw.ts";

/**
 * All leaves of a tree as one vector, and the function that makes the tree from such a vector.
 *
 * @returns `[flat, unravel]`: a 1-d array of the promoted dtype of the leaves, and its inverse, which gives each leaf its
 *   shape and dtype back
 * @throws ValueError when `unravel` is given a vector of another length
 *
 * @example
 * ```ts
 * import { flattenUtil, numpy as np } from "@jaxlet/jaxlet";
 * const [flat, unravel] = flattenUtil.ravelPytree({ b: np.ones([2]), a: np.zeros([1, 2]) });
 * if (String(flat) !== "[0. 0. 1. 1.]") throw new Error();
 * if (unravel(flat).a.shape.join() !== "1,2") throw new Error();
 * ```
 */
// deno-lint-ignore no-explicit-any -- the tree that was given
export function ravelPytree<T>(pytree: T): [flat: JaxArray, unravel: (flat: JaxArray) => any] {
  const { arrays, treedef } = flattenArrays(pytree, invalidArgument("ravel_pytree"));
  const total = arrays.reduce((n, x) => n + x.size, 0);
  const dtype = arrays.length ? resultType(arrays).dtype : float32;
  const flat = arrays.length
    ? raw.concatenate(arrays.map((x) => raw.reshape(raw.convert(x, dtype), [x.size])), 0)
    : raw.full([0], 0, dtype);
  const leaves = arrays.map((x) => ({ shape: x.shape, dtype: x.dtype, size: x.size }));
  const unravel = (vector: JaxArray): unknown => {
    if (vector.ndim !== 1 || vector.shape[0] !== total) {
      throw new ValueError(
        `unravel function given array of shape ${tuple(vector.shape)}, but expected shape ${tuple([total])}`,
      );
    }
    let start = 0;
    const parts = leaves.map(({ shape, dtype, size }) => {
      const piece = raw.sliceInDim(vector, start, start + size, 0);
      start += size;
      return raw.convert(raw.reshape(piece, shape), dtype);
    });
    return unflatten(treedef, parts);
  };
  return [flat, unravel];
}
