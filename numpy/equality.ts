/**
 * Functions of `jax.numpy` that compare whole arrays.
 *
 * @module
 */
import {
  bool_,
  broadcastShapes,
  type JaxArray,
  keywords,
  raw,
  sameShape,
  scalarArray,
  ValueError,
} from "../core/mod.ts";
import { isNaNMask, type OrOptions } from "./_arguments.ts";
import { promote } from "./convert.ts";
import { allKind, reduceArray } from "./_reduction.ts";
import { asarray, type NestedArrayLike } from "./arrays.ts";

/** Whether promoted arrays are equal everywhere. */
function allEqual(a: JaxArray, b: JaxArray, equalNan: boolean): JaxArray {
  const [x, y] = promote("equal", a, b) as [JaxArray, JaxArray];
  const equal = raw.eq(x, y);
  const same = equalNan ? raw.or(equal, raw.and(isNaNMask(x), isNaNMask(y))) : equal;
  return reduceArray(allKind, same, { axes: null });
}

/**
 * Whether two arrays have the same shape and equal elements.
 *
 * @param a1 an array, or nested arrays of numbers
 * @param a2 an array, or nested arrays of numbers
 * @param rest equalNan: whether NaN equals NaN (they do not)
 * @returns a 0-d boolean array
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (!np.arrayEqual(np.arange(3), np.array([0, 1, 2])).item()) throw new Error();
 * ```
 */
export function arrayEqual(
  a1: NestedArrayLike,
  a2: NestedArrayLike,
  ...rest: OrOptions<[equalNan?: boolean], { readonly equalNan?: boolean }>
): JaxArray {
  const { equalNan } = keywords("array_equal", ["equalNan"], rest);
  const x = asarray(a1), y = asarray(a2);
  if (!sameShape(x.shape, y.shape)) return scalarArray(false, bool_);
  return allEqual(x, y, Boolean(equalNan));
}

/**
 * Whether two arrays broadcast to the same shape, and then have equal elements.
 *
 * @param a1 an array, or nested arrays of numbers
 * @param a2 an array, or nested arrays of numbers
 * @returns a 0-d boolean array
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (!np.arrayEquiv(np.ones([2, 3]), 1).item()) throw new Error();
 * ```
 */
export function arrayEquiv(a1: NestedArrayLike, a2: NestedArrayLike): JaxArray {
  const x = asarray(a1), y = asarray(a2);
  try {
    broadcastShapes([x.shape, y.shape]);
  } catch (error) {
    if (error instanceof ValueError) return scalarArray(false, bool_);
    throw error;
  }
  return allEqual(x, y, false);
}
