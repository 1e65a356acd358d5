/**
 * Exponential, logarithmic, trigonometric and hyperbolic functions, elementwise and without promotion.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import type { ArrayLike } from "../core/convert.ts";
import { P } from "../core/prims.ts";
import { type AccuracyOptions, elementary, nary, unary } from "./_bind.ts";

/**
 * Exponential `e ** x`.
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
 * assert(Math.abs(Number(lax.exp(1).item()) - Math.E) < 1e-6);
 * ```
 */
export function exp(x: ArrayLike, options?: AccuracyOptions): JaxArray {
  return elementary(P.exp, x, options);
}

/**
 * Power of two `2 ** x`.
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
 * assert(Math.abs(Number(lax.exp2(3).item()) - 8) < 1e-6);
 * ```
 */
export function exp2(x: ArrayLike, options?: AccuracyOptions): JaxArray {
  return elementary(P.exp2, x, options);
}

/**
 * `exp(x) - 1`, exact for small `x`.
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
 * assert(Math.abs(Number(lax.expm1(1e-3).item()) - Math.expm1(1e-3)) < 1e-6);
 * ```
 */
export function expm1(x: ArrayLike, options?: AccuracyOptions): JaxArray {
  return elementary(P.expm1, x, options);
}

/**
 * Natural logarithm.
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
 * assert(Math.abs(Number(lax.log(10).item()) - Math.LN10) < 1e-6);
 * ```
 */
export function log(x: ArrayLike, options?: AccuracyOptions): JaxArray {
  return elementary(P.log, x, options);
}

/**
 * `log(1 + x)`, exact for small `x`.
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
 * assert(Math.abs(Number(lax.log1p(1e-3).item()) - Math.log1p(1e-3)) < 1e-6);
 * ```
 */
export function log1p(x: ArrayLike, options?: AccuracyOptions): JaxArray {
  return elementary(P.log1p, x, options);
}

/**
 * Logistic function `1 / (1 + exp(-x))`.
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
 * assert(Math.abs(Number(lax.logistic(0).item()) - 0.5) < 1e-6);
 * ```
 */
export function logistic(x: ArrayLike, options?: AccuracyOptions): JaxArray {
  return elementary(P.logistic, x, options);
}

/**
 * Sine.
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
 * assert(Math.abs(Number(lax.sin(1).item()) - Math.sin(1)) < 1e-6);
 * ```
 */
export function sin(x: ArrayLike, options?: AccuracyOptions): JaxArray {
  return elementary(P.sin, x, options);
}

/**
 * Cosine.
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
 * assert(Math.abs(Number(lax.cos(1).item()) - Math.cos(1)) < 1e-6);
 * ```
 */
export function cos(x: ArrayLike, options?: AccuracyOptions): JaxArray {
  return elementary(P.cos, x, options);
}

/**
 * Tangent.
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
 * assert(Math.abs(Number(lax.tan(1).item()) - Math.tan(1)) < 1e-6);
 * ```
 */
export function tan(x: ArrayLike, options?: AccuracyOptions): JaxArray {
  return elementary(P.tan, x, options);
}

/**
 * Hyperbolic tangent.
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
 * assert(Math.abs(Number(lax.tanh(1).item()) - Math.tanh(1)) < 1e-6);
 * ```
 */
export function tanh(x: ArrayLike, options?: AccuracyOptions): JaxArray {
  return elementary(P.tanh, x, options);
}

/**
 * Arc sine.
 *
 * @param x Array of floats or complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.asin(0.5).item()) - Math.asin(0.5)) < 1e-6);
 * ```
 */
export function asin(x: ArrayLike): JaxArray {
  return unary(P.asin, x);
}

/**
 * Arc cosine.
 *
 * @param x Array of floats or complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.acos(0.5).item()) - Math.acos(0.5)) < 1e-6);
 * ```
 */
export function acos(x: ArrayLike): JaxArray {
  return unary(P.acos, x);
}

/**
 * Arc tangent.
 *
 * @param x Array of floats or complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.atan(0.5).item()) - Math.atan(0.5)) < 1e-6);
 * ```
 */
export function atan(x: ArrayLike): JaxArray {
  return unary(P.atan, x);
}

/**
 * Hyperbolic sine.
 *
 * @param x Array of floats or complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.sinh(1).item()) - Math.sinh(1)) < 1e-6);
 * ```
 */
export function sinh(x: ArrayLike): JaxArray {
  return unary(P.sinh, x);
}

/**
 * Hyperbolic cosine.
 *
 * @param x Array of floats or complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.cosh(1).item()) - Math.cosh(1)) < 1e-6);
 * ```
 */
export function cosh(x: ArrayLike): JaxArray {
  return unary(P.cosh, x);
}

/**
 * Inverse hyperbolic sine.
 *
 * @param x Array of floats or complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.asinh(1).item()) - Math.asinh(1)) < 1e-6);
 * ```
 */
export function asinh(x: ArrayLike): JaxArray {
  return unary(P.asinh, x);
}

/**
 * Inverse hyperbolic cosine.
 *
 * @param x Array of floats or complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.acosh(2).item()) - Math.acosh(2)) < 1e-6);
 * ```
 */
export function acosh(x: ArrayLike): JaxArray {
  return unary(P.acosh, x);
}

/**
 * Inverse hyperbolic tangent.
 *
 * @param x Array of floats or complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.atanh(0.5).item()) - Math.atanh(0.5)) < 1e-6);
 * ```
 */
export function atanh(x: ArrayLike): JaxArray {
  return unary(P.atanh, x);
}

/**
 * Angle of the point with ordinate `x` and abscissa `y`: `atan(x / y)` in the right quadrant.
 *
 * @param x Array of floats or complex numbers.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.atan2(1, -1).item()) - 3 * Math.PI / 4) < 1e-6);
 * ```
 */
export function atan2(x: ArrayLike, y: ArrayLike): JaxArray {
  return nary(P.atan2, x, y);
}
