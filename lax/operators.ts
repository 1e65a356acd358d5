/**
 * Arithmetic and rounding, elementwise and without promotion.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import { type ArrayLike, lift, liftIntegers, toArray } from "../core/convert.ts";
import { type DTypeLike, requestedDType } from "../core/dtypes.ts";
import { checkOptions, ValueError } from "../core/errors.ts";
import { P } from "../core/prims.ts";
import { convert } from "../core/raw.ts";
import { staticInteger } from "../core/static.ts";
import { bind1 } from "../core/trace.ts";
import { type AccuracyOptions, elementary, integers, nary, unary } from "./_bind.ts";

/**
 * Negation `-x`; integers wrap.
 *
 * @param x Array of integers, floats or complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.neg(new Float32Array([1, -2])).toArray(), [-1, 2]);
 * ```
 */
export function neg(x: ArrayLike): JaxArray {
  return unary(P.neg, x);
}

/**
 * Absolute value `|x|`; the modulus, a float, of a complex number.
 *
 * @param x Array of signed integers, floats or complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.abs({ re: 3, im: -4 }).toArray(), 5);
 * ```
 */
export function abs(x: ArrayLike): JaxArray {
  return unary(P.abs, x);
}

/**
 * Sign: -1, 0 or 1, NaN and -0 as they are; `z / |z|` for complex numbers.
 *
 * @param x Array of integers, floats or complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.sign(new Float32Array([-3, 0, 7])).toArray(), [-1, 0, 1]);
 * ```
 */
export function sign(x: ArrayLike): JaxArray {
  return unary(P.sign, x);
}

/**
 * Greatest integer not above `x`.
 *
 * @param x Array of floats.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.floor(new Float32Array([1.5, -1.5])).toArray(), [1, -2]);
 * ```
 */
export function floor(x: ArrayLike): JaxArray {
  return unary(P.floor, x);
}

/**
 * Least integer not below `x`.
 *
 * @param x Array of floats.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.ceil(new Float32Array([1.5, -1.5])).toArray(), [2, -1]);
 * ```
 */
export function ceil(x: ArrayLike): JaxArray {
  return unary(P.ceil, x);
}

/** How {@linkcode round} treats halves. */
export const RoundingMethod: { readonly AWAY_FROM_ZERO: 0; readonly TO_NEAREST_EVEN: 1 } = Object.freeze({
  AWAY_FROM_ZERO: 0,
  TO_NEAREST_EVEN: 1,
});

/**
 * Nearest integer.
 *
 * @param x Array of floats.
 * @param roundingMethod Where halves go: {@linkcode RoundingMethod}`.AWAY_FROM_ZERO` (the default) or
 * `.TO_NEAREST_EVEN`.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.round(new Float32Array([0.5, 1.5, -2.5])).toArray(), [1, 2, -3]);
 * assert.deepEqual(lax.round(new Float32Array([0.5, 1.5, -2.5]), lax.RoundingMethod.TO_NEAREST_EVEN).toArray(), [0, 2, -2]);
 * ```
 */
export function round(
  x: ArrayLike,
  roundingMethod: number | { readonly roundingMethod?: number } = RoundingMethod.AWAY_FROM_ZERO,
): JaxArray {
  let method = roundingMethod;
  if (typeof method === "object") {
    checkOptions("round", method, ["roundingMethod"]);
    method = method.roundingMethod ?? RoundingMethod.AWAY_FROM_ZERO;
  }
  if (method !== 0 && method !== 1) throw new ValueError(`${method} is not a valid RoundingMethod`);
  return unary(P.round, x, { roundingMethod: method });
}

/**
 * Sum `x + y`.
 *
 * @param x Array of integers, floats or complex numbers.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.add(new Int32Array([1, 2]), 10).toArray(), [11, 12]);
 * ```
 */
export function add(x: ArrayLike, y: ArrayLike): JaxArray {
  return nary(P.add, x, y);
}

/**
 * Difference `x - y`.
 *
 * @param x Array of integers, floats or complex numbers.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.sub(new Int32Array([1, 2]), 10).toArray(), [-9, -8]);
 * ```
 */
export function sub(x: ArrayLike, y: ArrayLike): JaxArray {
  return nary(P.sub, x, y);
}

/**
 * Product `x * y`.
 *
 * @param x Array of integers, floats or complex numbers.
 * @param y As `x`, of the same dtype unless `outDtype` is given; axes of size 1 and scalars stretch.
 * @param options `outDtype`: the dtype to multiply in.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.mul(new Int32Array([1, 2]), 10).toArray(), [10, 20]);
 * ```
 */
export function mul(
  x: ArrayLike,
  y: ArrayLike,
  options: { readonly outDtype?: DTypeLike | null } = {},
): JaxArray {
  checkOptions("mul", options, ["outDtype"]);
  const { outDtype } = options;
  if (outDtype === undefined || outDtype === null) return nary(P.mul, x, y);
  const dtype = requestedDType(outDtype, "mul");
  return bind1(P.mul, lift("mul", x, y).map((a) => convert(a, dtype)));
}

/**
 * Quotient `x / y`; integers are truncated towards zero, and `x / 0` is -1.
 *
 * @param x Array of integers, floats or complex numbers.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.div(new Int32Array([7, -7]), 2).toArray(), [3, -3]);
 * ```
 */
export function div(x: ArrayLike, y: ArrayLike): JaxArray {
  return nary(P.div, x, y);
}

/**
 * Remainder of the truncated division: it has the sign of `x`.
 *
 * @param x Array of integers or floats.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.rem(new Float32Array([7.5, -7.5]), 2).toArray(), [1.5, -1.5]);
 * ```
 */
export function rem(x: ArrayLike, y: ArrayLike): JaxArray {
  return nary(P.rem, x, y);
}

/**
 * The larger one; NaN if either is. Complex numbers compare lexicographically.
 *
 * @param x Array.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.max(new Float32Array([1, 5]), 3).toArray(), [3, 5]);
 * ```
 */
export function max(x: ArrayLike, y: ArrayLike): JaxArray {
  return nary(P.max, x, y);
}

/**
 * The smaller one; NaN if either is. Complex numbers compare lexicographically.
 *
 * @param x Array.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.min(new Float32Array([1, 5]), 3).toArray(), [1, 3]);
 * ```
 */
export function min(x: ArrayLike, y: ArrayLike): JaxArray {
  return nary(P.min, x, y);
}

/**
 * Power `x ** y`.
 *
 * @param x Array of floats or complex numbers.
 * @param y Exponent: of the dtype of `x`, or integers.
 * @throws {TypeError} For other dtypes, inexact dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.pow(new Float32Array([1, 2, 3]), 2).toArray(), [1, 4, 9]);
 * ```
 */
export function pow(x: ArrayLike, y: ArrayLike): JaxArray {
  // An integral number is an integer exponent, whose derivative exists at x = 0.
  if (typeof y === "number" && Number.isInteger(y)) {
    return bind1(P.pow, [toArray(x, "pow"), ...liftIntegers("pow", y)]);
  }
  const integral = typeof y === "bigint";
  return bind1(P.pow, integral ? [toArray(x, "pow"), toArray(y, "pow", 1)] : lift("pow", x, y));
}

/**
 * Power `x ** y` for a constant integer `y`, by repeated multiplication.
 *
 * @param x Array of integers, floats or complex numbers.
 * @param y The exponent; not negative for integers `x`.
 * @throws {TypeError} For other dtypes, an exponent that is no integer, or a negative one for integers.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.integerPow(new Int32Array([1, 2, 3]), 3).toArray(), [1, 8, 27]);
 * ```
 */
export function integerPow(x: ArrayLike, y: number | bigint): JaxArray {
  return unary(P.integer_pow, x, { y: staticInteger(y, "the exponent of integer_pow") });
}

/**
 * Square `x * x`.
 *
 * @param x Array of integers, floats or complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.square(new Int32Array([1, -3])).toArray(), [1, 9]);
 * ```
 */
export function square(x: ArrayLike): JaxArray {
  return unary(P.square, x);
}

/**
 * Square root; the principal one of complex numbers.
 *
 * @param x Array of floats or complex numbers.
 * @param options `accuracy`: see {@linkcode AccuracyOptions}.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.sqrt(new Float32Array([4, 9])).toArray(), [2, 3]);
 * ```
 */
export function sqrt(x: ArrayLike, options?: AccuracyOptions): JaxArray {
  return elementary(P.sqrt, x, options);
}

/**
 * Reciprocal square root `1 / sqrt(x)`.
 *
 * @param x Array of floats or complex numbers.
 * @param options `accuracy`: see {@linkcode AccuracyOptions}.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.rsqrt(new Float32Array([4, 16])).toArray(), [0.5, 0.25]);
 * ```
 */
export function rsqrt(x: ArrayLike, options?: AccuracyOptions): JaxArray {
  return elementary(P.rsqrt, x, options);
}

/**
 * Cube root.
 *
 * @param x Array of floats.
 * @param options `accuracy`: see {@linkcode AccuracyOptions}.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.cbrt(new Float32Array([8, -27])).toArray(), [2, -3]);
 * ```
 */
export function cbrt(x: ArrayLike, options?: AccuracyOptions): JaxArray {
  return elementary(P.cbrt, x, options);
}

/**
 * Reciprocal `1 / x`.
 *
 * @param x Array of floats or complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.reciprocal(new Float32Array([2, 4])).toArray(), [0.5, 0.25]);
 * ```
 */
export function reciprocal(x: ArrayLike): JaxArray {
  return unary(P.integer_pow, x, { y: -1 });
}

/**
 * The next representable number after `x1` in the direction of `x2`.
 *
 * @param x1 Array of floats.
 * @param x2 As `x1`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.nextafter(1, 2).toArray(), 1 + 2 ** -23);
 * ```
 */
export function nextafter(x1: ArrayLike, x2: ArrayLike): JaxArray {
  return nary(P.nextafter, x1, x2);
}

/**
 * High half of the product: `x * y` in twice the bits, shifted right by the bits of the dtype.
 *
 * @param x Array of integers.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.mulhi(new Int32Array([1073741824]), 8).toArray(), [2]);
 * ```
 */
export function mulhi(x: ArrayLike, y: ArrayLike): JaxArray {
  return integers(P.mulhi, x, y);
}
