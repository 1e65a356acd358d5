/**
 * Functions of complex numbers, with the values of C (Annex G) at infinities and zeros.
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { madd, select, unary } from "../expr.ts";
import { Pair } from "../lowering.ts";
import * as a from "./arithmetic.ts";
import {
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
import * as real from "./exp.ts";
import * as logs from "./log.ts";
import * as trig from "./trig.ts";
import * as hyp from "./hyperbolic.ts";
import { atan2 } from "./inverse_trig.ts";
import { hypot } from "./roots.ts";

/** z·i. */
const timesI = (z: Pair): Pair => new Pair(neg(z.im), z.re);
/** z / i. */
const overI = (z: Pair): Pair => new Pair(z.im, neg(z.re));

/** Sum. */
export function addComplex(x: Pair, y: Pair): Pair {
  return new Pair(add(x.re, y.re), add(x.im, y.im));
}

/** Difference. */
export function subComplex(x: Pair, y: Pair): Pair {
  return new Pair(sub(x.re, y.re), sub(x.im, y.im));
}

/** Product. */
export function mulComplex(x: Pair, y: Pair): Pair {
  return new Pair(
    sub(mul(x.re, y.re), mul(x.im, y.im)),
    add(mul(x.re, y.im), mul(x.im, y.re)),
  );
}

/** A power of two near 1/|x|, finite and normal, for |x| of any size; 1 for 0, ∞ and NaN. */
function inverseScale(x: Expr): Expr {
  const bits = a.mantissaBits(x.type), bias = a.exponentBias(x.type);
  const word = a.bitsOf(a.abs(x));
  const exponent = a.shiftRight(word, bits);
  const bounded = select(gt(exponent, like(word, 2 * bias - 2)), like(word, 2 * bias - 2), exponent);
  const scale = a.floatOf(
    a.shiftLeft(sub(like(word, 2 * bias), select(eq(bounded, like(word, 0)), like(word, 1), bounded)), bits),
  );
  return select(or(eq(x, like(x, 0)), isInfinite(x)), like(x, 1), scale);
}

/** Quotient; scaled so that neither the denominator nor the products overflow or vanish. */
export function divComplex(x: Pair, y: Pair): Pair {
  const larger = select(gt(a.abs(y.re), a.abs(y.im)), y.re, y.im);
  const s = inverseScale(larger);
  const c = mul(y.re, s), d = mul(y.im, s);
  const norm = madd(c, c, mul(d, d));
  const re = mul(div(madd(x.re, c, mul(x.im, d)), norm), s);
  const im = mul(div(sub(mul(x.im, c), mul(x.re, d)), norm), s);
  return divCases(x, y, new Pair(re, im));
}

/** C99 G.5.1: infinities and zero divisors, where the formula gives NaN + i NaN. */
function divCases(x: Pair, y: Pair, q: Pair): Pair {
  const zero = like(x.re, 0), one = like(x.re, 1), inf = like(x.re, Infinity);
  const isZero = and(eq(y.re, zero), eq(y.im, zero));
  const xInfinite = or(isInfinite(x.re), isInfinite(x.im)),
    yInfinite = or(isInfinite(y.re), isInfinite(y.im));
  const xFinite = and(lt(a.abs(x.re), inf), lt(a.abs(x.im), inf));
  const yFinite = and(lt(a.abs(y.re), inf), lt(a.abs(y.im), inf));
  const nan = and(isNaN(q.re), isNaN(q.im));
  const box = (v: Expr): Expr => copysign(select(isInfinite(v), one, zero), v);
  const a1 = box(x.re), b1 = box(x.im), c1 = box(y.re), d1 = box(y.im);
  const signedInf = copysign(inf, y.re);
  const overZero = new Pair(mul(signedInf, x.re), mul(signedInf, x.im));
  const infinite = new Pair(
    mul(inf, add(mul(a1, y.re), mul(b1, y.im))),
    mul(inf, sub(mul(b1, y.re), mul(a1, y.im))),
  );
  const vanishing = new Pair(
    mul(zero, add(mul(x.re, c1), mul(x.im, d1))),
    mul(zero, sub(mul(x.im, c1), mul(x.re, d1))),
  );
  const pick = (f: (p: Pair) => Expr): Expr =>
    cases([
      [isZero, f(overZero)],
      [and(nan, and(xInfinite, yFinite)), f(infinite)],
      [and(yInfinite, xFinite), f(vanishing)],
    ], f(q));
  return new Pair(pick((p) => p.re), pick((p) => p.im));
}

/** |z|. */
export function absComplex(z: Pair): Expr {
  return hypot(z.re, z.im);
}

/** z / |z|, 0 at 0. */
export function signComplex(z: Pair): Pair {
  const s = inverseScale(select(gt(a.abs(z.re), a.abs(z.im)), z.re, z.im));
  const re = mul(z.re, s), im = mul(z.im, s), r = hypot(re, im);
  const zero = eq(r, like(r, 0));
  return new Pair(select(zero, z.re, div(re, r)), select(zero, z.im, div(im, r)));
}

/** z². */
export function squareComplex(z: Pair): Pair {
  const p = mul(z.re, z.im);
  return new Pair(mul(sub(z.re, z.im), add(z.re, z.im)), add(p, p));
}

/** e^z; the modulus is split in two factors where it alone would overflow. */
export function expComplex(z: Pair): Pair {
  const zero = like(z.re, 0), one = like(z.re, 1);
  const split = like(z.re, 64), large = gt(z.re, split);
  const modulus = real.exp(select(large, sub(z.re, split), z.re));
  const factor = select(large, like(z.re, Math.exp(64)), one);
  const c = trig.cos(z.im), s = trig.sin(z.im);
  const vanishes = eq(z.re, like(z.re, -Infinity));
  const realAxis = eq(z.im, zero);
  const finite = lt(a.abs(z.im), like(z.im, Infinity));
  const infinite = eq(z.re, like(z.re, Infinity));
  const re = cases([
    [and(vanishes, isNotFinite(finite)), zero],
    [and(infinite, isNotFinite(finite)), z.re],
    [realAxis, mul(modulus, factor)],
  ], mul(mul(modulus, c), factor));
  const im = cases([
    [realAxis, z.im],
    [and(vanishes, isNotFinite(finite)), zero],
  ], mul(mul(modulus, s), factor));
  return new Pair(re, im);
}

const isNotFinite = (finite: Expr): Expr => unary("not", finite);

/** log |z| + i arg z. */
export function logComplex(z: Pair): Pair {
  const half = like(z.re, 0.5);
  const r = hypot(mul(z.re, half), mul(z.im, half));
  const far = add(logs.log(r), like(r, Math.LN2));
  const ax = a.abs(z.re), ay = a.abs(z.im), one = like(r, 1);
  const big = select(gt(ax, ay), ax, ay), small = select(gt(ax, ay), ay, ax);
  const near = mul(half, logs.log1p(madd(sub(big, one), add(big, one), mul(small, small))));
  const close = and(gt(r, like(r, 0.35)), lt(r, like(r, 0.75)));
  return new Pair(select(close, near, far), atan2(z.im, z.re));
}

/** log(1 + z). */
export function log1pComplex(z: Pair): Pair {
  const x = z.re, y = z.im, one = like(x, 1);
  const near = mul(like(x, 0.5), logs.log1p(madd(x, add(x, like(x, 2)), mul(y, y))));
  const far = logComplex(new Pair(add(x, one), y));
  const small = and(lt(a.abs(x), like(x, 0.5)), lt(a.abs(y), like(x, 0.5)));
  return new Pair(select(small, near, far.re), atan2(y, add(x, one)));
}

/** e^z − 1. */
export function expm1Complex(z: Pair): Pair {
  const s = trig.sin(mul(z.im, like(z.im, 0.5)));
  const e = expComplex(z);
  const near = sub(mul(real.expm1(z.re), trig.cos(z.im)), mul(like(s, 2), mul(s, s)));
  const close = lt(a.abs(z.re), like(z.re, 1));
  return new Pair(select(close, near, sub(e.re, like(s, 1))), e.im);
}

/** Square root with non-negative real part; the branch cut is the negative real axis. */
export function sqrtComplex(z: Pair): Pair {
  const x = z.re, y = z.im, zero = like(x, 0), inf = like(x, Infinity), half = like(x, 0.5);
  const ax = a.abs(x), ay = a.abs(y);
  const larger = select(gt(ax, ay), ax, ay);
  // A factor 4ᵏ that brings the larger component near 1, taken out as 2ᵏ.
  const big = x.type === "f32" ? 2 ** 100 : 2 ** 1000, root = Math.sqrt(big);
  const isBig = gt(larger, like(x, root)), isSmall = lt(larger, like(x, 1 / root));
  const down = cases([[isBig, like(x, 1 / big)], [isSmall, like(x, big)]], like(x, 1));
  const up = cases([[isBig, like(x, root)], [isSmall, like(x, 1 / root)]], like(x, 1));
  const sx = mul(ax, down), sy = mul(ay, down);
  const w = a.sqrt(mul(half, add(sx, hypot(sx, sy))));
  const v = div(mul(half, sy), w);
  const wide = mul(w, up), narrow = mul(v, up);
  const right = a.ge(x, zero);
  const origin = eq(larger, zero);
  const re = cases([
    [isInfinite(y), inf],
    [origin, zero],
    [eq(x, inf), inf],
    [eq(x, neg(inf)), select(isNaN(y), y, zero)],
  ], select(right, wide, narrow));
  const im = cases([
    [isInfinite(y), inf],
    [origin, zero],
    [eq(x, inf), select(isNaN(y), y, zero)],
    [eq(x, neg(inf)), inf],
  ], select(right, narrow, wide));
  return new Pair(re, copysign(im, y));
}

/** 1 / √z. */
export function rsqrtComplex(z: Pair): Pair {
  return divComplex(new Pair(like(z.re, 1), like(z.re, 0)), sqrtComplex(z));
}

/** Hyperbolic sine. */
export function sinhComplex(z: Pair): Pair {
  const c = trig.cos(z.im), s = trig.sin(z.im);
  return new Pair(mul(hyp.sinh(z.re), c), mul(hyp.cosh(z.re), s));
}

/** Hyperbolic cosine. */
export function coshComplex(z: Pair): Pair {
  const c = trig.cos(z.im), s = trig.sin(z.im);
  return new Pair(mul(hyp.cosh(z.re), c), mul(hyp.sinh(z.re), s));
}

/** Hyperbolic tangent (W. Kahan, "Branch cuts for complex elementary functions", 1987). */
export function tanhComplex(z: Pair): Pair {
  const x = z.re, y = z.im, one = like(x, 1);
  const t = trig.tan(y), beta = madd(t, t, one), s = hyp.sinh(x), rho = a.sqrt(madd(s, s, one));
  const denominator = madd(beta, mul(s, s), one);
  const large = gt(a.abs(x), like(x, x.type === "f32" ? 11 : 22));
  const e = real.exp(mul(like(x, -2), a.abs(x)));
  const tiny = mul(like(x, 4), mul(mul(trig.sin(y), trig.cos(y)), e));
  return new Pair(
    select(large, copysign(one, x), div(mul(mul(beta, rho), s), denominator)),
    select(large, tiny, div(t, denominator)),
  );
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

/** Inverse hyperbolic sine. */
export function asinhComplex(z: Pair): Pair {
  const one = like(z.re, 1);
  const u = sqrtComplex(new Pair(add(one, z.im), neg(z.re)));
  const v = sqrtComplex(new Pair(sub(one, z.im), z.re));
  return new Pair(
    hyp.asinh(sub(mul(u.re, v.im), mul(v.re, u.im))),
    atan2(z.im, sub(mul(u.re, v.re), mul(u.im, v.im))),
  );
}

/** Arc sine: −i asinh(i z). */
export function asinComplex(z: Pair): Pair {
  return overI(asinhComplex(timesI(z)));
}

/** Arc cosine (Kahan). */
export function acosComplex(z: Pair): Pair {
  const one = like(z.re, 1);
  const u = sqrtComplex(new Pair(sub(one, z.re), neg(z.im)));
  const v = sqrtComplex(new Pair(add(one, z.re), z.im));
  return new Pair(
    mul(like(z.re, 2), atan2(u.re, v.re)),
    hyp.asinh(sub(mul(v.re, u.im), mul(v.im, u.re))),
  );
}

/** Inverse hyperbolic cosine (Kahan). */
export function acoshComplex(z: Pair): Pair {
  const one = like(z.re, 1);
  const u = sqrtComplex(new Pair(sub(z.re, one), z.im));
  const v = sqrtComplex(new Pair(add(z.re, one), z.im));
  return new Pair(
    hyp.asinh(madd(u.re, v.re, mul(u.im, v.im))),
    mul(like(z.re, 2), atan2(u.im, v.re)),
  );
}

/** Inverse hyperbolic tangent. */
export function atanhComplex(z: Pair): Pair {
  const x = z.re, y = z.im, one = like(x, 1);
  const y2 = mul(y, y), d = sub(one, a.abs(x));
  const re = mul(like(x, 0.25), logs.log1p(div(mul(like(x, 4), a.abs(x)), madd(d, d, y2))));
  const im = mul(like(x, 0.5), atan2(mul(like(x, 2), y), sub(mul(d, add(one, a.abs(x))), y2)));
  return new Pair(copysign(re, x), im);
}

/** Arc tangent: −i atanh(i z). */
export function atanComplex(z: Pair): Pair {
  return overI(atanhComplex(timesI(z)));
}

/** 1 / (1 + e^−z). */
export function logisticComplex(z: Pair): Pair {
  const one = like(z.re, 1), e = expComplex(new Pair(neg(z.re), neg(z.im)));
  return divComplex(new Pair(one, like(z.re, 0)), new Pair(add(one, e.re), e.im));
}

/** x^y = e^(y log x); 0⁰ = 1, 0^y = 0 for Re y > 0. */
export function powComplex(x: Pair, y: Pair): Pair {
  const zero = like(x.re, 0), one = like(x.re, 1);
  const p = expComplex(mulComplex(y, logComplex(x)));
  const base0 = and(eq(x.re, zero), eq(x.im, zero));
  const exponent0 = and(eq(y.re, zero), eq(y.im, zero));
  const vanishes = and(base0, gt(y.re, zero));
  return new Pair(
    cases([[exponent0, one], [vanishes, zero]], p.re),
    cases([[or(exponent0, vanishes), zero]], p.im),
  );
}

/** 2^z. */
export function exp2Complex(z: Pair): Pair {
  const ln2 = like(z.re, Math.LN2);
  return expComplex(new Pair(mul(z.re, ln2), mul(z.im, ln2)));
}

/** −i log((x + iy) / √(x² + y²)), the complex extension of the angle. */
export function atan2Complex(y: Pair, x: Pair): Pair {
  const norm = sqrtComplex(addComplex(squareComplex(x), squareComplex(y)));
  return overI(logComplex(divComplex(addComplex(x, timesI(y)), norm)));
}
