/**
 * Exponentially scaled modified Bessel functions of the first kind.
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { select } from "../expr.ts";
import { abs, chebyshev, copysign, div, le, like, mul, sqrt, sub } from "./arithmetic.ts";
import { I0_FAR, I0_NEAR, I1_FAR, I1_NEAR } from "./bessel_coefficients.ts";

/** Chebyshev series in x/2 − 2 on [0, 8], and in 32/x − 2 of √x·f beyond, in the scheme of Cephes. */
function scaled(ax: Expr, near: readonly number[], far: readonly number[], factor: Expr): Expr {
  const two = like(ax, 2);
  const low = mul(factor, chebyshev(sub(mul(like(ax, 0.5), ax), two), near));
  const high = div(chebyshev(sub(div(like(ax, 32), ax), two), far), sqrt(ax));
  return select(le(ax, like(ax, 8)), low, high);
}

/** e^−|x|·I₀(x). */
export function besselI0e(x: Expr): Expr {
  const type = x.type as "f32" | "f64";
  return scaled(abs(x), I0_NEAR[type], I0_FAR[type], like(x, 1));
}

/** e^−|x|·I₁(x). */
export function besselI1e(x: Expr): Expr {
  const type = x.type as "f32" | "f64";
  const ax = abs(x);
  return copysign(scaled(ax, I1_NEAR[type], I1_FAR[type], ax), x);
}
