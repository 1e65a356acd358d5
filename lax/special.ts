/**
 * Special functions, elementwise and without promotion.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import type { ArrayLike } from "../core/convert.ts";
import { P } from "../core/prims.ts";
import { nary, unary } from "./_bind.ts";

/**
 * Error function.
 *
 * @param x Array of floats.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.erf(0.5).item()) - 0.5204998778) < 1e-6);
 * ```
 */
export function erf(x: ArrayLike): JaxArray {
  return unary(P.erf, x);
}

/**
 * Complementary error function `1 - erf(x)`, exact for large `x`.
 *
 * @param x Array of floats.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.erfc(0.5).item()) - 0.4795001222) < 1e-6);
 * ```
 */
export function erfc(x: ArrayLike): JaxArray {
  return unary(P.erfc, x);
}

/**
 * Inverse of the error function.
 *
 * @param x Array of floats.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.erfInv(0.5).item()) - 0.4769362762) < 1e-6);
 * ```
 */
export function erfInv(x: ArrayLike): JaxArray {
  return unary(P.erf_inv, x);
}

/**
 * Logarithm of the absolute value of the gamma function.
 *
 * @param x Array of floats.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.lgamma(5).item()) - Math.log(24)) < 1e-6);
 * ```
 */
export function lgamma(x: ArrayLike): JaxArray {
  return unary(P.lgamma, x);
}

/**
 * Digamma function: the derivative of `lgamma`.
 *
 * @param x Array of floats.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.digamma(1).item()) - -0.5772156649) < 1e-6);
 * ```
 */
export function digamma(x: ArrayLike): JaxArray {
  return unary(P.digamma, x);
}

/**
 * Exponentially scaled modified Bessel function of order 0: `exp(-|x|) I0(x)`.
 *
 * @param x Array of floats.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.besselI0e(1).item()) - 0.4657596076) < 1e-6);
 * ```
 */
export function besselI0e(x: ArrayLike): JaxArray {
  return unary(P.bessel_i0e, x);
}

/**
 * Exponentially scaled modified Bessel function of order 1: `exp(-|x|) I1(x)`.
 *
 * @param x Array of floats.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.besselI1e(1).item()) - 0.2079104154) < 1e-6);
 * ```
 */
export function besselI1e(x: ArrayLike): JaxArray {
  return unary(P.bessel_i1e, x);
}

/**
 * Regularized lower incomplete gamma function `P(a, x)`.
 *
 * @param a Array of floats.
 * @param x As `a`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.igamma(1, 2).item()) - (1 - Math.exp(-2))) < 1e-6);
 * ```
 */
export function igamma(a: ArrayLike, x: ArrayLike): JaxArray {
  return nary(P.igamma, a, x);
}

/**
 * Regularized upper incomplete gamma function `Q(a, x) = 1 - P(a, x)`.
 *
 * @param a Array of floats.
 * @param x As `a`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.igammac(1, 2).item()) - Math.exp(-2)) < 1e-6);
 * ```
 */
export function igammac(a: ArrayLike, x: ArrayLike): JaxArray {
  return nary(P.igammac, a, x);
}

/**
 * Derivative of `igamma(a, x)` with respect to `a`.
 *
 * @param a Array of floats.
 * @param x As `a`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.igammaGradA(1, 2).item()) - -0.2208254) < 1e-6);
 * ```
 */
export function igammaGradA(a: ArrayLike, x: ArrayLike): JaxArray {
  return nary(P.igamma_grad_a, a, x);
}

/**
 * Derivative of a sample `x` of `Gamma(a, 1)` with respect to `a`, its probability `P(a, x)` being fixed.
 *
 * @param a Array of floats.
 * @param x As `a`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.randomGammaGrad(1, 2).item()) - 1.631691) < 1e-6);
 * ```
 */
export function randomGammaGrad(a: ArrayLike, x: ArrayLike): JaxArray {
  return nary(P.random_gamma_grad, a, x);
}

/**
 * Hurwitz zeta function: the sum of `(q + n) ** -x` over n = 0, 1, ...
 *
 * @param x Array of floats.
 * @param q As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.zeta(2, 1).item()) - Math.PI ** 2 / 6) < 1e-6);
 * ```
 */
export function zeta(x: ArrayLike, q: ArrayLike): JaxArray {
  return nary(P.zeta, x, q);
}

/**
 * Polygamma function: derivative number `m` of digamma.
 *
 * @param m Array of floats.
 * @param x As `m`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.polygamma(1, 1).item()) - Math.PI ** 2 / 6) < 1e-6);
 * ```
 */
export function polygamma(m: ArrayLike, x: ArrayLike): JaxArray {
  return nary(P.polygamma, m, x);
}

/**
 * Regularized incomplete beta function; differentiable with respect to `x` only.
 *
 * @param a Array of floats.
 * @param b As `a`, of the same dtype; axes of size 1 and scalars stretch.
 * @param x As `a`; within [0, 1].
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert(Math.abs(Number(lax.betainc(1, 2, 0.5).item()) - 0.75) < 1e-6);
 * ```
 */
export function betainc(a: ArrayLike, b: ArrayLike, x: ArrayLike): JaxArray {
  return nary(P.regularized_incomplete_beta, a, b, x);
}
