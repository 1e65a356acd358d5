/**
 * Arithmetic, roots and absolute values of complex numbers, with the values of C (Annex G) at infinities and zeros.
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
  bitsOf,
  cases,
  copysign,
  div,
  eq,
  exponentBias,
  floatOf,
  ge,
  gt,
  isInfinite,
  isNaN,
  like,
  lt,
  mantissaBits,
  mul,
  neg,
  or,
  shiftLeft,
  shiftRight,
  sqrt,
  sub,
} from "./arithmetic.ts";
import { hypot } from "./roots.ts";

/** z·i. */
export function timesI(z: Pair): Pair {
  return new Pair(neg(z.im), z.re);
}

/** z / i. */
export function overI(z: Pair): Pair {
  return new Pair(z.im, neg(z.re));
}

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

/** z². */
export function squareComplex(z: Pair): Pair {
  const p = mul(z.re, z.im);
  return new Pair(mul(sub(z.re, z.im), add(z.re, z.im)), add(p, p));
}

/** The larger of |x| and |y|; the second where one is NaN. */
function largerMagnitude(x: Expr, y: Expr): Expr {
  const ax = abs(x), ay = abs(y);
  return select(gt(ax, ay), ax, ay);
}

/** 2⁻ᵉ for x ≥ 0 with exponent e, kept in the normal range; 1 for 0, ∞ and NaN. */
function inverseScale(x: Expr): Expr {
  const bits = mantissaBits(x.type), bias = exponentBias(x.type);
  const exponent = shiftRight(bitsOf(x), bits), top = like(exponent, 2 * bias);
  const least = select(eq(exponent, like(exponent, 0)), like(exponent, 1), exponent);
  const scale = floatOf(
    shiftLeft(sub(top, select(gt(least, sub(top, like(top, 1))), sub(top, like(top, 1)), least)), bits),
  );
  return select(and(gt(x, like(x, 0)), lt(x, like(x, Infinity))), scale, like(x, 1));
}

/** Quotient: the divisor is scaled by a power of two, the dividend where its products would overflow or lose bits. */
export function divComplex(x: Pair, y: Pair): Pair {
  const single = x.re.type === "f32", one = like(x.re, 1);
  const s = inverseScale(largerMagnitude(y.re, y.im));
  const c = mul(y.re, s), d = mul(y.im, s);
  const size = largerMagnitude(x.re, x.im);
  const big = gt(size, like(size, single ? 2 ** 120 : 2 ** 1000));
  const small = lt(size, like(size, single ? 2 ** -60 : 2 ** -500));
  const [down, up] = single ? [2 ** -8, 2 ** 64] : [2 ** -24, 2 ** 512];
  const sx = cases([[big, like(size, down)], [small, like(size, up)]], one);
  const a = mul(x.re, sx), b = mul(x.im, sx);
  const norm = madd(c, c, mul(d, d));
  const back = mul(s, select(small, like(s, 1 / up), one)), grow = select(big, like(s, 1 / down), one);
  const finish = (n: Expr): Expr => mul(mul(div(n, norm), back), grow);
  const q = new Pair(finish(add(mul(a, c), mul(b, d))), finish(sub(mul(b, c), mul(a, d))));
  return divCases(x, y, q);
}

/** C99 G.5.1: infinities and zero divisors, where the formula gives NaN + i·NaN. */
function divCases(x: Pair, y: Pair, q: Pair): Pair {
  const zero = like(x.re, 0), one = like(x.re, 1), inf = like(x.re, Infinity);
  const isZero = and(eq(y.re, zero), eq(y.im, zero));
  const xInfinite = or(isInfinite(x.re), isInfinite(x.im)),
    yInfinite = or(isInfinite(y.re), isInfinite(y.im));
  const isFinite = (z: Pair): Expr => and(lt(abs(z.re), inf), lt(abs(z.im), inf));
  const box = (v: Expr): Expr => copysign(select(isInfinite(v), one, zero), v);
  const dot = (a: Pair, b: Pair): Expr => add(mul(a.re, b.re), mul(a.im, b.im));
  const cross = (a: Pair, b: Pair): Expr => sub(mul(a.im, b.re), mul(a.re, b.im));
  const times = (f: Expr, a: Pair, b: Pair): Pair => new Pair(mul(f, dot(a, b)), mul(f, cross(a, b)));
  const infinity = copysign(inf, y.re);
  const overZero = new Pair(mul(infinity, x.re), mul(infinity, x.im));
  const infinite = times(inf, new Pair(box(x.re), box(x.im)), y);
  const vanishing = times(zero, x, new Pair(box(y.re), box(y.im)));
  const overInfinite = and(yInfinite, isFinite(x)), ofInfinite = and(xInfinite, isFinite(y));
  const pick = (f: (p: Pair) => Expr): Expr =>
    cases([[isZero, f(overZero)], [ofInfinite, f(infinite)], [overInfinite, f(vanishing)]], f(q));
  return new Pair(pick((p) => p.re), pick((p) => p.im));
}

/** |z|. */
export function absComplex(z: Pair): Expr {
  return hypot(z.re, z.im);
}

/** z / |z|, 0 at 0. */
export function signComplex(z: Pair): Pair {
  const s = inverseScale(largerMagnitude(z.re, z.im));
  const re = mul(z.re, s), im = mul(z.im, s), r = hypot(re, im);
  const zero = eq(r, like(r, 0));
  return new Pair(select(zero, z.re, div(re, r)), select(zero, z.im, div(im, r)));
}

/** Square root with non-negative real part; the branch cut is the negative real axis. */
export function sqrtComplex(z: Pair): Pair {
  const x = z.re, y = z.im, zero = like(x, 0), inf = like(x, Infinity), half = like(x, 0.5);
  const ax = abs(x), ay = abs(y), larger = select(gt(ax, ay), ax, ay);
  // A factor 4ᵏ brings the larger component near 1; 2ᵏ is taken out of the root.
  const big = x.type === "f32" ? 2 ** 100 : 2 ** 1000, root = Math.sqrt(big);
  const isBig = gt(larger, like(x, root)), isSmall = lt(larger, like(x, 1 / root));
  const down = cases([[isBig, like(x, 1 / big)], [isSmall, like(x, big)]], like(x, 1));
  const up = cases([[isBig, like(x, root)], [isSmall, like(x, 1 / root)]], like(x, 1));
  const sx = mul(ax, down), sy = mul(ay, down);
  const wide = mul(sqrt(mul(half, add(sx, hypot(sx, sy)))), up);
  const thin = div(ay, add(wide, wide));
  const right = ge(x, zero), origin = and(eq(x, zero), eq(y, zero));
  const infinite = isInfinite(x), yInfinite = isInfinite(y);
  // √(±∞ + i y): the component that vanishes is NaN when y is.
  const vanishing = select(isNaN(y), y, zero);
  const re = cases([
    [yInfinite, inf],
    [origin, zero],
    [infinite, select(right, inf, vanishing)],
  ], select(or(right, isNaN(x)), wide, thin));
  const im = cases([
    [yInfinite, inf],
    [origin, zero],
    [infinite, select(right, vanishing, inf)],
  ], select(right, thin, wide));
  return new Pair(re, copysign(im, y));
}

/** 1 / √z. */
export function rsqrtComplex(z: Pair): Pair {
  return divComplex(new Pair(like(z.re, 1), like(z.re, 0)), sqrtComplex(z));
}
