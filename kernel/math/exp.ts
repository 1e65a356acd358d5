/**
 * Exponentials: exp, exp2, expm1 and the logistic function.
 *
 * eˣ = 2ⁿ·eʳ with n = ⌊x / ln 2⌉ and r = x − n·ln 2 in two pieces, so that n·ln2Hi is exact. Polynomials: minimax,
 * computed with mpmath (Remez).
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { madd, select } from "../expr.ts";
import {
  abs,
  add,
  bitsOf,
  cases,
  div,
  exponentBias,
  floatOf,
  type FloatType,
  gt,
  integerShift,
  le,
  like,
  lt,
  mantissaBits,
  mul,
  nearest,
  neg,
  polynomial,
  shiftLeft,
  sub,
} from "./arithmetic.ts";
import { type Double, fastTwoSum, twoSum } from "./double.ts";

/** ln 2 in two pieces, the first of few bits. */
export const LN2: Readonly<Record<FloatType, readonly [hi: number, lo: number]>> = {
  f32: [0.693359375, -2.12194440e-4],
  f64: [6.93147180369123816490e-01, 1.90821492927058770002e-10],
};

/** (eʳ − 1 − r) / r² on |r| ≤ ln(2)/2. */
const EXP: Readonly<Record<FloatType, readonly number[]>> = {
  f32: [0.5, 0.16666573, 0.041666362, 0.008363776, 0.0013942164],
  f64: [
    0.5000000000000001,
    0.16666666666666674,
    0.041666666666624164,
    0.008333333333322215,
    0.0013888888917197226,
    0.00019841269886563986,
    2.4801521321846184e-05,
    2.755724236754183e-06,
    2.7620076044750254e-07,
    2.5110038181383437e-08,
  ],
};

/** (2ʳ − 1) / r on |r| ≤ ½. */
const EXP2: Readonly<Record<FloatType, readonly number[]>> = {
  f32: [0.6931472, 0.2402265, 0.05550355, 0.009618027, 0.001339202, 0.00015471068],
  f64: [
    0.6931471805599453,
    0.240226506959101,
    0.055504108664821666,
    0.009618129107605098,
    0.001333355814639329,
    0.00015403530444714784,
    1.5252733856333997e-05,
    1.3215440790554234e-06,
    1.0178050326199334e-07,
    7.072941824661444e-09,
    4.4569007690297347e-10,
  ],
};

/** Beyond this magnitude exp is ∞ or 0 (before that it becomes so by rounding). */
const LIMIT: Readonly<Record<FloatType, number>> = { f32: 104, f64: 746 };

/** n and r = hi + lo with x = n·ln 2 + r, |r| ≤ ln(2)/2. */
function reduceExp(x: Expr): { n: Expr; hi: Expr; lo: Expr } {
  const [hi, lo] = LN2[x.type as FloatType];
  const n = nearest(mul(x, like(x, Math.LOG2E)));
  return { n, hi: madd(n, like(x, -hi), x), lo: mul(n, like(x, -lo)) };
}

/**
 * y·2^(n + offset) for y near 1 and an integral float n of the sign of x, in one rounding: over- and underflow happen in a
 * last multiplication. Where |x| > limit the result is ∞ or 0, where it is NaN, NaN.
 */
function scaled(y: Expr, n: Expr, offset: number, x: Expr, limit: number): Expr {
  const negative = lt(x, like(x, 0)), shift = integerShift(x.type), step = 64;
  const word = bitsOf(
    add(n, select(negative, like(x, shift + offset + step), like(x, shift + offset - step))),
  );
  const near = floatOf(add(bitsOf(y), shiftLeft(word, mantissaBits(x.type))));
  const last = select(negative, like(x, 2 ** -step), like(x, 2 ** step));
  const ends = select(negative, like(x, 0), mul(x, like(x, Infinity)));
  return select(le(abs(x), like(x, limit)), mul(near, last), ends);
}

/** 2^(n + offset) for an integral float n, in the normal range. */
function powerOfTwo(n: Expr, offset = 0): Expr {
  const word = bitsOf(add(n, like(n, integerShift(n.type) + exponentBias(n.type) + offset)));
  return floatOf(shiftLeft(word, mantissaBits(n.type)));
}

/** eˣ·2^offset. */
function expScaled(x: Expr, offset: number): Expr {
  const type = x.type as FloatType;
  const { n, hi, lo } = reduceExp(x);
  const r = add(hi, lo);
  const y = add(like(x, 1), madd(mul(r, r), polynomial(r, EXP[type]), r));
  return scaled(y, n, offset, x, LIMIT[type]);
}

/** eˣ. */
export function exp(x: Expr): Expr {
  return expScaled(x, 0);
}

/** eˣ where it is a normal number; no other x is allowed but NaN. */
export function expNormal(x: Expr): Expr {
  const type = x.type as FloatType;
  const { n, hi, lo } = reduceExp(x);
  const r = add(hi, lo);
  const y = add(like(x, 1), madd(mul(r, r), polynomial(r, EXP[type]), r));
  return mul(y, powerOfTwo(n));
}

/** eˣ / 2, which is finite for somewhat larger x than eˣ. */
export function halfExp(x: Expr): Expr {
  return expScaled(x, -1);
}

/** 2^(x.hi + x.lo). */
export function exp2Double({ hi, lo }: Double): Expr {
  const type = hi.type as FloatType;
  const n = nearest(hi), r = add(sub(hi, n), lo);
  const y = madd(r, polynomial(r, EXP2[type]), like(r, 1));
  return scaled(y, n, 0, hi, type === "f32" ? 151 : 1076);
}

/** 2ˣ. */
export function exp2(x: Expr): Expr {
  return exp2Double({ hi: x, lo: like(x, 0) });
}

/** eˣ − 1 as a sum of two floats; |x| ≤ 2⁻²⁶ (f32) or 2⁻⁵⁵ (f64) loses bits when subnormal. */
function expm1Parts(x: Expr): Double {
  const type = x.type as FloatType;
  const { n, hi, lo } = reduceExp(x);
  const r = fastTwoSum(hi, lo);
  const p = madd(mul(r.hi, r.hi), polynomial(r.hi, EXP[type]), r.lo);
  // 2ⁿ·(1 + r + p) − 1 is twice 2ⁿ⁻¹·(r + p) + (2ⁿ⁻¹ − ½); 2ⁿ itself may overflow.
  const scale = powerOfTwo(n, -1);
  const s = twoSum(sub(scale, like(x, 0.5)), mul(scale, r.hi));
  return { hi: s.hi, lo: madd(scale, p, s.lo) };
}

/** eˣ − 1. */
export function expm1(x: Expr): Expr {
  const { hi, lo } = expm1Parts(x);
  const single = x.type === "f32";
  return cases([
    [le(abs(x), like(x, single ? 2 ** -26 : 2 ** -55)), x],
    [gt(x, like(x, single ? 88.72283905206835 : 709.782712893384)), like(x, Infinity)],
    [lt(x, like(x, single ? -18 : -38)), like(x, -1)],
  ], mul(like(x, 2), add(hi, lo)));
}

/**
 * 1 / (1 + e⁻ˣ). With e^−|x| = y / T, T = 2ᵐ: y / (T + y) for negative x, T / (T + y) for others, y and the sum in double
 * precision. From m = 64 on the rest of the power of two is a factor, so that T stays finite.
 */
export function logistic(x: Expr): Expr {
  const type = x.type as FloatType, one = like(x, 1), limit = like(x, LIMIT[type]), most = like(x, 64);
  const ax = abs(x), negative = lt(x, like(x, 0));
  const { n, hi, lo } = reduceExp(neg(select(gt(ax, limit), limit, ax)));
  const r = fastTwoSum(hi, lo), head = fastTwoSum(one, r.hi);
  const tail = add(madd(mul(r.hi, r.hi), polynomial(r.hi, EXP[type]), r.lo), head.lo);
  const y = fastTwoSum(head.hi, tail);
  const m = neg(n), within = select(gt(m, most), most, m);
  const t = powerOfTwo(within), rest = powerOfTwo(add(n, within));
  const sum = twoSum(t, y.hi), sumLo = add(sum.lo, y.lo);
  const q = div(select(negative, y.hi, t), sum.hi);
  // First order in the low parts; 1/sum to a few bits is enough.
  const inverse = div(one, sum.hi);
  const correction = mul(inverse, madd(neg(q), sumLo, select(negative, y.lo, like(x, 0))));
  return mul(add(q, correction), select(negative, rest, one));
}
