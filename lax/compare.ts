/**
 * Comparison and selection, elementwise and without promotion.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import { type ArrayLike, lift, liftIntegers } from "../core/convert.ts";
import { ValueError } from "../core/errors.ts";
import { P } from "../core/prims.ts";
import { bind1 } from "../core/trace.ts";
import { nary, unary } from "./_bind.ts";

/**
 * Comparison `x == y`: an array of booleans.
 *
 * @param x Array of any dtype.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.eq(new Float32Array([1, 2]), 2).toArray(), [false, true]);
 * ```
 */
export function eq(x: ArrayLike, y: ArrayLike): JaxArray {
  return nary(P.eq, x, y);
}

/**
 * Comparison `x != y`: an array of booleans.
 *
 * @param x Array of any dtype.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.ne(new Float32Array([1, 2]), 2).toArray(), [true, false]);
 * ```
 */
export function ne(x: ArrayLike, y: ArrayLike): JaxArray {
  return nary(P.ne, x, y);
}

/**
 * Comparison `x < y`: an array of booleans.
 *
 * @param x Array of booleans, integers or floats.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.lt(new Float32Array([1, 2]), 2).toArray(), [true, false]);
 * ```
 */
export function lt(x: ArrayLike, y: ArrayLike): JaxArray {
  return nary(P.lt, x, y);
}

/**
 * Comparison `x <= y`: an array of booleans.
 *
 * @param x Array of booleans, integers or floats.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.le(new Float32Array([1, 2]), 2).toArray(), [true, true]);
 * ```
 */
export function le(x: ArrayLike, y: ArrayLike): JaxArray {
  return nary(P.le, x, y);
}

/**
 * Comparison `x > y`: an array of booleans.
 *
 * @param x Array of booleans, integers or floats.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.gt(new Float32Array([1, 2]), 2).toArray(), [false, false]);
 * ```
 */
export function gt(x: ArrayLike, y: ArrayLike): JaxArray {
  return nary(P.gt, x, y);
}

/**
 * Comparison `x >= y`: an array of booleans.
 *
 * @param x Array of booleans, integers or floats.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.ge(new Float32Array([1, 2]), 2).toArray(), [false, true]);
 * ```
 */
export function ge(x: ArrayLike, y: ArrayLike): JaxArray {
  return nary(P.ge, x, y);
}

/**
 * Whether each element is neither infinite nor NaN.
 *
 * @param x Array of floats.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.isFinite(new Float32Array([1, Infinity, NaN])).toArray(), [true, false, false]);
 * ```
 */
export function isFinite(x: ArrayLike): JaxArray {
  return unary(P.is_finite, x);
}

/**
 * `x` limited to `[min, max]`.
 *
 * @param min Lower bound: a scalar, or of the shape of `x`.
 * @param x Array of booleans, integers or floats.
 * @param max Upper bound: a scalar, or of the shape of `x`.
 * @throws {TypeError} When the dtypes differ, or a bound has another shape.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.clamp(0, new Float32Array([-1, 0.5, 2]), 1).toArray(), [0, 0.5, 1]);
 * ```
 */
export function clamp(min: ArrayLike, x: ArrayLike, max: ArrayLike): JaxArray {
  return nary(P.clamp, min, x, max);
}

/**
 * `onTrue` where `pred` holds, else `onFalse`.
 *
 * @param pred Booleans: a scalar, or of the shape of the cases.
 * @param onTrue Array of any dtype.
 * @param onFalse Array of the same shape and dtype.
 * @throws {TypeError} When `pred` is not of booleans or integers, or shapes or dtypes differ.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * const x = new Float32Array([-1, 2]);
 * assert.deepEqual(lax.select(lax.gt(x, 0), x, new Float32Array([0, 0])).toArray(), [0, 2]);
 * ```
 */
export function select(pred: ArrayLike, onTrue: ArrayLike, onFalse: ArrayLike): JaxArray {
  const [yes, no] = lift("select", onTrue, onFalse) as [JaxArray, JaxArray];
  return bind1(P.select_n, [...liftIntegers("select", pred), no, yes]);
}

/**
 * `cases[which]`, elementwise.
 *
 * @param which Booleans (of two cases) or integers: a scalar, or of the shape of the cases. Numbers beyond the
 * cases take the first or last.
 * @param cases Arrays of one shape and dtype.
 * @throws {TypeError} When `which` is not of booleans or integers, or shapes or dtypes differ.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.selectN(new Int32Array([0, 2, 1]), new Int32Array([1, 2, 3]), new Int32Array([10, 20, 30]), new Int32Array([7, 8, 9])).toArray(), [1, 8, 30]);
 * ```
 */
export function selectN(which: ArrayLike, ...cases: ArrayLike[]): JaxArray {
  if (cases.length === 0) throw new ValueError("select_n() must have at least one case");
  return bind1(P.select_n, [...liftIntegers("select_n", which), ...lift("select_n", ...cases)]);
}
