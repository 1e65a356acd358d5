/**
 * Inverse trigonometric and hyperbolic functions of complex numbers, after W. Kahan, "Branch cuts for complex elementary
 * functions" (1987), with the values of C (Annex G) at infinities and zeros.
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { madd, select } from "../expr.ts";
import { Pair } from "../lowering.ts";
import {
  abs,
  add,
  and,
  cases,
  copysign,
  div,
  eq,
  gt,
  isInfinite,
  isNaN,
  like,
  lt,
  mul,
  neg,
  or,
  sub,
} from "./arithmetic.ts";
import { addComplex, divComplex, overI, sqrtComplex, squareComplex, timesI } from "./complex.ts";
import { logComplex } from "./complex_exp.ts";
import { asinh } from "./hyperbolic.ts";
import { atan2 } from "./inverse_trig.ts";
import { log, log1p } from "./log.ts";

/** Beyond this magnitude 1 ± z = ±z, and further terms of the expansions at infinity vanish. */
function huge(z: Pair): Expr {
  const limit = like(z.re, z.re.type === "f32" ? 2 ** 40 : 2 ** 200);
  return or(gt(abs(z.re), limit), gt(abs(z.im), limit));
}

/** Re(u·v), Im(ū·v) of two numbers. */
const realProduct = (u: Pair, v: Pair): Expr => sub(mul(u.re, v.re), mul(u.im, v.im));
const imagProduct = (u: Pair, v: Pair): Expr => sub(mul(u.re, v.im), mul(u.im, v.re));

/** Arc sine. */
export function asinComplex(z: Pair): Pair {
  const x = z.re, y = z.im, one = like(x, 1);
  const far = huge(z), bounded = new Pair(select(far, one, x), select(far, one, y));
  const u = sqrtComplex(new Pair(sub(one, bounded.re), neg(bounded.im)));
  const v = sqrtComplex(new Pair(add(one, bounded.re), bounded.im));
  const infinity = logTwice(z);
  const realAxis = and(eq(x, like(x, 0)), isNaN(y));
  return new Pair(
    cases([[far, atan2(x, abs(y))], [realAxis, x]], atan2(bounded.re, realProduct(u, v))),
    copysign(select(far, infinity, asinh(imagProduct(u, v))), y),
  );
}

/** log |2z| for huge z: ∞ if a part is, even with a NaN. */
function logTwice(z: Pair): Expr {
  return add(logComplex(z).re, like(z.re, Math.LN2));
}

/** Inverse hyperbolic sine: −i·asin(i z). */
export function asinhComplex(z: Pair): Pair {
  return overI(asinComplex(timesI(z)));
}

/** Arc cosine. */
export function acosComplex(z: Pair): Pair {
  const x = z.re, y = z.im, one = like(x, 1), zero = like(x, 0);
  const far = huge(z), bounded = new Pair(select(far, one, x), select(far, one, y));
  const u = sqrtComplex(new Pair(sub(one, bounded.re), neg(bounded.im)));
  const v = sqrtComplex(new Pair(add(one, bounded.re), bounded.im));
  const angle = mul(like(x, 2), atan2(u.re, v.re));
  const realAxis = and(eq(x, zero), isNaN(y));
  return new Pair(
    cases([[far, atan2(abs(y), x)], [realAxis, like(x, Math.PI / 2)]], angle),
    select(far, copysign(logTwice(z), neg(y)), asinh(imagProduct(v, u))),
  );
}

/** Inverse hyperbolic cosine, ±i·acos z with non-negative real part. */
export function acoshComplex(z: Pair): Pair {
  const w = acosComplex(z);
  return new Pair(abs(w.im), copysign(w.re, z.im));
}

/** Inverse hyperbolic tangent. */
export function atanhComplex(z: Pair): Pair {
  const x = z.re, y = z.im, zero = like(x, 0), one = like(x, 1), ax = abs(x), ay = abs(y);
  const single = x.type === "f32";
  const d = sub(one, ax), y2 = mul(y, y);
  const general = mul(like(x, 0.25), log1p(div(mul(like(x, 4), ax), madd(d, d, y2))));
  // Close above and below 1 the square of y may vanish: ½·log(2 / |y|).
  const atPole = and(eq(ax, one), lt(ay, like(x, single ? 2 ** -20 : 2 ** -50)));
  const pole = mul(like(x, 0.5), sub(like(x, Math.LN2), log(ay)));
  const angle = mul(like(x, 0.5), atan2(add(y, y), sub(mul(d, add(one, ax)), y2)));
  const far = huge(z), infinite = or(isInfinite(x), isInfinite(y));
  const reciprocal = divComplex(new Pair(one, zero), z).re;
  const re = cases([
    [infinite, zero],
    [far, abs(reciprocal)],
    [atPole, pole],
    [and(eq(x, zero), isNaN(y)), zero],
  ], general);
  const quarter = copysign(like(x, Math.PI / 2), y);
  const im = cases([
    [and(eq(y, zero), lt(ax, one)), y],
    [infinite, select(isNaN(y), y, quarter)],
    [far, add(quarter, add(sub(x, x), sub(y, y)))],
    [and(eq(y, zero), eq(ax, one)), y],
  ], angle);
  return new Pair(copysign(re, x), im);
}

/** Arc tangent: −i·atanh(i z). */
export function atanComplex(z: Pair): Pair {
  return overI(atanhComplex(timesI(z)));
}

/** −i·log((x + iy) / √(x² + y²)), the complex extension of the angle. */
export function atan2Complex(y: Pair, x: Pair): Pair {
  const norm = sqrtComplex(addComplex(squareComplex(x), squareComplex(y)));
  return overI(logComplex(divComplex(addComplex(x, timesI(y)), norm)));
}
