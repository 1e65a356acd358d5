/**
 * Exponentials, logarithms, powers, trigonometric and hyperbolic functions of complex numbers, with the values of C
 * (Annex G) at infinities and zeros.
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
  not,
  or,
  sqrt,
  sub,
} from "./arithmetic.ts";
import { divComplex, mulComplex, overI, timesI } from "./complex.ts";
import { doubleConstant, mulSingle, twoProduct, twoSum } from "./double.ts";
import { exp, exp2, expm1, halfExp } from "./exp.ts";
import { sinh } from "./hyperbolic.ts";
import { atan2 } from "./inverse_trig.ts";
import { log, log1p } from "./log.ts";
import { hypot } from "./roots.ts";
import { cos, sin, tan } from "./trig.ts";

/** From here on a modulus is made of two factors, the second applied after the angle, lest it overflow alone. */
const LARGE = { f32: 80, f64: 700 } as const;

/** f(x) for an exponential f, as a product of two factors; `ratio` is eˣ/f(x) (for 2ˣ, 2ˣ/f(x)). */
function splitModulus(x: Expr, f: (x: Expr) => Expr, ratio: number): { modulus: Expr; factor: Expr } {
  const large = gt(x, like(x, LARGE[x.type as "f32" | "f64"]));
  const modulus = f(select(large, mul(x, like(x, 0.5)), x));
  return { modulus, factor: select(large, mul(modulus, like(x, ratio)), like(x, 1)) };
}

/** f(x)·e^(i·(angle + rest)) for an exponential f and a rest that counts to first order, with the rules for x = ±∞ and angle = 0, ±∞, NaN. */
function polar(x: Expr, angle: Expr, f: (x: Expr) => Expr, rest: Expr | null = null): Pair {
  const { modulus, factor } = splitModulus(x, f, 1);
  const zero = like(x, 0), cosine = cos(angle), sine = sin(angle);
  const c = rest === null ? cosine : madd(neg(rest), sine, cosine);
  const s = rest === null ? sine : madd(rest, cosine, sine);
  const noAngle = isNaN(c), infinite = isInfinite(x), realAxis = eq(angle, zero);
  const ends = select(gt(x, zero), x, zero);
  const re = cases([
    [and(infinite, noAngle), ends],
    [realAxis, mul(modulus, factor)],
  ], mul(mul(modulus, c), factor));
  const im = cases([
    [realAxis, angle],
    [and(infinite, and(noAngle, lt(x, zero))), zero],
  ], mul(mul(modulus, s), factor));
  return new Pair(re, im);
}

/** e^z. */
export function expComplex(z: Pair): Pair {
  return polar(z.re, z.im, exp);
}

/** 2^z. */
export function exp2Complex(z: Pair): Pair {
  const angle = mulSingle(doubleConstant(z.im, Math.LN2, 2.3190468138462996e-17), z.im);
  const moderate = lt(abs(z.im), like(z.im, z.im.type === "f32" ? 2 ** 12 : 2 ** 26));
  return polar(z.re, angle.hi, exp2, select(moderate, angle.lo, like(z.im, 0)));
}

/** e^z − 1. */
export function expm1Complex(z: Pair): Pair {
  const s = sin(mul(z.im, like(z.im, 0.5))), e = expComplex(z);
  // e^x·cos y − 1 = (e^x − 1)·cos y − 2 sin²(y/2).
  const near = sub(mul(expm1(z.re), cos(z.im)), mul(mul(s, s), like(s, 2)));
  const close = and(lt(abs(z.re), like(z.re, 1)), lt(abs(z.im), like(z.im, Infinity)));
  const realAxis = eq(z.im, like(z.im, 0));
  return new Pair(cases([[realAxis, expm1(z.re)], [close, near]], sub(e.re, like(s, 1))), e.im);
}

/** (|z|² − 1) for |z| near 1, z = (1 or 0) + x + iy, from exact squares. */
function squaredLess1(x: Expr, y: Expr, shifted: boolean): Expr {
  const x2 = twoProduct(x, x), y2 = twoProduct(y, y);
  const s = twoSum(shifted ? add(x, x) : sub(x2.hi, like(x, 1)), y2.hi);
  const t = shifted ? twoSum(s.hi, x2.hi) : { hi: s.hi, lo: like(x, 0) };
  return add(t.hi, add(add(s.lo, t.lo), add(x2.lo, y2.lo)));
}

/** log |z| + i arg z. */
export function logComplex(z: Pair): Pair {
  const ax = abs(z.re), ay = abs(z.im), swap = gt(ay, ax);
  const big = select(swap, ay, ax), small = select(swap, ax, ay);
  const large = gt(big, like(big, 1)), scale = select(large, like(big, 0.5), like(big, 1));
  const far = add(
    log(hypot(mul(big, scale), mul(small, scale))),
    select(large, like(big, Math.LN2), like(big, 0)),
  );
  const near = mul(like(big, 0.5), log1p(squaredLess1(big, small, false)));
  const close = and(gt(big, like(big, 0.6)), lt(big, like(big, 1.5)));
  return new Pair(select(close, near, far), atan2(z.im, z.re));
}

/** log(1 + z). */
export function log1pComplex(z: Pair): Pair {
  const x = z.re, y = z.im, u = add(x, like(x, 1));
  const near = mul(like(x, 0.5), log1p(squaredLess1(x, y, true)));
  const far = logComplex(new Pair(u, y));
  const close = and(lt(abs(x), like(x, 0.5)), lt(abs(y), like(x, 2)));
  return new Pair(select(close, near, far.re), far.im);
}

/** Half of sinh |x| and cosh x over a factor: their common large part does not overflow. */
function sinhCosh(x: Expr): { sinh: Expr; cosh: Expr; factor: Expr } {
  const { modulus: h, factor } = splitModulus(abs(x), halfExp, 2);
  const inverse = div(like(x, 0.25), h);
  const far = copysign(sub(h, inverse), x);
  return { sinh: select(gt(abs(x), like(x, 1)), far, sinh(x)), cosh: add(h, inverse), factor };
}

/** Hyperbolic sine. */
export function sinhComplex(z: Pair): Pair {
  const x = z.re, y = z.im, c = cos(y), s = sin(y), h = sinhCosh(x);
  const axis = or(eq(x, like(x, 0)), isInfinite(x));
  const re = select(and(isNaN(c), axis), x, mul(mul(h.sinh, c), h.factor));
  const im = select(eq(y, like(y, 0)), y, mul(mul(h.cosh, s), h.factor));
  return new Pair(re, im);
}

/** Hyperbolic cosine. */
export function coshComplex(z: Pair): Pair {
  const x = z.re, y = z.im, c = cos(y), s = sin(y), h = sinhCosh(x);
  const re = select(and(isNaN(c), isInfinite(x)), abs(x), mul(mul(h.cosh, c), h.factor));
  const im = cases([
    [eq(y, like(y, 0)), mul(y, copysign(like(x, 1), x))],
    [and(isNaN(s), eq(x, like(x, 0))), x],
  ], mul(mul(h.sinh, s), h.factor));
  return new Pair(re, im);
}

/** Hyperbolic tangent (W. Kahan, "Branch cuts for complex elementary functions", 1987). */
export function tanhComplex(z: Pair): Pair {
  const x = z.re, y = z.im, one = like(x, 1), zero = like(x, 0);
  const large = gt(abs(x), like(x, x.type === "f32" ? 11 : 22));
  const bounded = select(large, one, x);
  const t = tan(y), beta = madd(t, t, one), s = sinh(bounded), rho = sqrt(madd(s, s, one));
  const denominator = madd(beta, mul(s, s), one);
  const decay = mul(mul(like(x, 4), mul(sin(y), cos(y))), exp(mul(like(x, -2), abs(x))));
  const tiny = select(and(isInfinite(x), isNaN(t)), copysign(zero, y), decay);
  const re = cases([
    [and(isNaN(t), eq(x, zero)), x],
    [and(large, or(isInfinite(x), not(isNaN(t)))), copysign(one, x)],
  ], div(mul(mul(beta, rho), s), denominator));
  const im = select(large, tiny, div(t, denominator));
  return new Pair(re, select(eq(y, zero), y, im));
}

/** Sine: −i sinh(i z). */
export function sinComplex(z: Pair): Pair {
  return overI(sinhComplex(timesI(z)));
}

/** Cosine: cosh(i z). */
export function cosComplex(z: Pair): Pair {
  return coshComplex(timesI(z));
}

/** Tangent: −i tanh(i z). */
export function tanComplex(z: Pair): Pair {
  return overI(tanhComplex(timesI(z)));
}

/** 1 / (1 + e^−z). */
export function logisticComplex(z: Pair): Pair {
  const one = like(z.re, 1), zero = like(z.re, 0);
  // e^−z where its modulus is at most 1, else e^z / (1 + e^z).
  const right = not(lt(z.re, zero));
  const e = expComplex(new Pair(neg(abs(z.re)), select(right, neg(z.im), z.im)));
  const denominator = new Pair(add(one, e.re), e.im);
  return divComplex(new Pair(select(right, one, e.re), select(right, zero, e.im)), denominator);
}

/** x^y = e^(y·log x); x⁰ = 1^y = 1, and 0^y = 0 for Re y > 0. */
export function powComplex(x: Pair, y: Pair): Pair {
  const zero = like(x.re, 0), one = like(x.re, 1);
  const p = expComplex(mulComplex(y, logComplex(x)));
  const realBase = eq(x.im, zero);
  const isOne = or(and(eq(y.re, zero), eq(y.im, zero)), and(eq(x.re, one), realBase));
  const vanishes = and(and(eq(x.re, zero), realBase), gt(y.re, zero));
  return new Pair(
    cases([[isOne, one], [vanishes, zero]], p.re),
    select(or(isOne, vanishes), zero, p.im),
  );
}
