/**
 * Functions of `jax.numpy` that give arrays more axes: broadcasting, least numbers of axes.
 *
 * @module
 */
import {
  broadcastArrays as spread,
  broadcastShapes as commonShape,
  broadcastTo as spreadTo,
  canonicalShape,
  type JaxArray,
  keywords,
  raw,
} from "../core/mod.ts";
import { type ArrayLike, toArray } from "./convert.ts";
import { withRank } from "./_movement.ts";
import { staged } from "./_staged.ts";
import type { Shape } from "./shape.ts";

/**
 * Spreads an array to a shape by NumPy's rules: axes of size 1 and missing leading axes stretch.
 *
 * @throws {ValueError} when the shape has fewer axes, or sizes that do not fit
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.broadcastTo(np.arange(2), [2, 2])) !== "[[0 1]\n [0 1]]") throw new Error();
 * ```
 */
export function broadcastTo(
  array: ArrayLike,
  ...rest: [shape?: Shape | { readonly shape?: Shape }, options?: { readonly outSharding?: null }]
): JaxArray {
  const { shape } = keywords("broadcast_to", ["shape"], rest, ["outSharding"]);
  return spreadTo(toArray(array, "broadcast_to"), canonicalShape(shape));
}

/**
 * Arrays spread to the shape that they broadcast to.
 *
 * @throws {ValueError} when the shapes do not fit together
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [x, y] = np.broadcastArrays(np.ones([2, 1]), np.ones(3));
 * if (String(x!.shape) !== "2,3" || String(y!.shape) !== "2,3") throw new Error();
 * ```
 */
export function broadcastArrays(...args: readonly ArrayLike[]): JaxArray[] {
  return spread(args.map((x, i) => toArray(x, "broadcast_arrays", i)));
}

/**
 * The shape that arrays of these shapes broadcast to.
 *
 * @throws {ValueError} when they do not fit together
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.broadcastShapes([2, 1], 3)) !== "2,3") throw new Error();
 * ```
 */
export function broadcastShapes(...shapes: readonly Shape[]): number[] {
  return commonShape(shapes.map(canonicalShape));
}

/** One array, or a list for several arguments. */
interface AtLeast {
  (x: ArrayLike): JaxArray;
  (...arrays: readonly ArrayLike[]): JaxArray[];
}

function atLeast(name: string, rank: number, convert: (x: JaxArray) => JaxArray): AtLeast {
  const call = staged(name, ([x]: [JaxArray]) => convert(x));
  return ((...arrays: readonly ArrayLike[]) => {
    const results = arrays.map((given, i) => {
      const x = toArray(given, name, i);
      return x.ndim < rank ? call([x]) : x;
    });
    return results.length === 1 ? results[0]! : results;
  }) as AtLeast;
}

/**
 * Each array with at least one axis.
 *
 * @returns an array, or a list of them unless one is given
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.atleast1d(2).shape) !== "1") throw new Error();
 * ```
 */
export const atleast1d: AtLeast = atLeast("atleast_1d", 1, (x) => withRank(x, 1));

/**
 * Each array with at least two axes; new ones come first.
 *
 * @returns an array, or a list of them unless one is given
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.atleast2d(np.arange(3)).shape) !== "1,3") throw new Error();
 * ```
 */
export const atleast2d: AtLeast = atLeast("atleast_2d", 2, (x) => withRank(x, 2));

/**
 * Each array with at least three axes: `[n]` becomes `[1, n, 1]`, `[m, n]` becomes `[m, n, 1]`.
 *
 * @returns an array, or a list of them unless one is given
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.atleast3d(np.arange(3)).shape) !== "1,3,1") throw new Error();
 * ```
 */
export const atleast3d: AtLeast = atLeast(
  "atleast_3d",
  3,
  (x) => raw.expandDims(x, [[0, 1, 2], [0, 2], [2]][x.ndim] ?? []),
);
