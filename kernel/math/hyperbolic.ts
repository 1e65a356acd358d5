/**
 * Hyperbolic functions and their inverses. Polynomials: minimax, computed with mpmath (Remez).
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { madd, select } from "../expr.ts";
import {
  abs,
  add,
  cases,
  copysign,
  div,
  eq,
  type FloatType,
  gt,
  like,
  lt,
  mul,
  polynomial,
  sqrt,
  sub,
} from "./arithmetic.ts";
import { fastTwoSum, twoSum } from "./double.ts";
import { expNormal, halfExp } from "./exp.ts";
import { ARTANH, log1p, logDouble } from "./log.ts";

/** (sinh x − x) / x³ in powers of x², |x| ≤ 1. */
const SINH: Readonly<Record<FloatType, readonly number[]>> = {
  f32: [0.16666667, 0.0083333105, 0.00019842896, 2.7822132e-06],
  f64: [
    0.16666666666666666,
    0.008333333333333573,
    0.0001984126984106116,
    2.755731931009119e-06,
    2.5052089412419403e-08,
    1.606133924727399e-10,
    7.503257270140247e-13,
    6.475631378188349e-15,
  ],
};

/** (tanh x − x) / x³ in powers of x², |x| ≤ 0.625. */
const TANH: Readonly<Record<FloatType, readonly number[]>> = {
  f32: [-0.3333328, 0.13331406, -0.053736515, 0.020628167, -0.005692296],
  f64: [
    -0.33333333333333315,
    0.1333333333332996,
    -0.05396825396614945,
    0.021869488470699378,
    -0.008863234338755993,
    0.00359211422244417,
    -0.0014557272097882195,
    0.0005894566186119761,
    -0.00023702398833970012,
    9.157831170540603e-05,
    -3.020587772616619e-05,
    6.050155053906954e-06,
  ],
};

/** x + x³·p(x²). */
function odd(x: Expr, c: readonly number[]): Expr {
  const z = mul(x, x);
  return madd(mul(x, z), polynomial(z, c), x);
}

/** (eˣ − e⁻ˣ) / 2. */
export function sinh(x: Expr): Expr {
  const ax = abs(x), h = halfExp(ax);
  const far = sub(h, div(like(x, 0.25), h));
  return copysign(select(gt(ax, like(x, 1)), far, odd(ax, SINH[x.type as FloatType])), x);
}

/** (eˣ + e⁻ˣ) / 2. */
export function cosh(x: Expr): Expr {
  const h = halfExp(abs(x));
  return add(h, div(like(x, 0.25), h));
}

/** (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ). */
export function tanh(x: Expr): Expr {
  const ax = abs(x), one = like(x, 1), two = like(x, 2);
  const most = like(x, 20), bounded = select(gt(ax, most), most, ax);
  const far = sub(one, div(two, add(expNormal(mul(two, bounded)), one)));
  return copysign(select(gt(ax, like(x, 0.625)), far, odd(ax, TANH[x.type as FloatType])), x);
}

/** Above this, √(x² ± 1) = x to the last bit. */
const LARGE: Readonly<Record<FloatType, number>> = { f32: 2 ** 14, f64: 2 ** 28 };

/** log(1 + a), or log(2x) where x is large. */
function log1pOrTwice(x: Expr, a: { hi: Expr; lo: Expr }): Expr {
  const large = gt(x, like(x, LARGE[x.type as FloatType]));
  const u = twoSum(like(x, 1), a.hi);
  const y = logDouble({
    hi: select(large, x, u.hi),
    lo: select(large, like(x, 0), add(u.lo, a.lo)),
  });
  const sum = add(y, select(large, like(x, Math.LN2), like(x, 0)));
  return select(lt(x, like(x, Infinity)), sum, x);
}

/** log(x + √(x² + 1)). */
export function asinh(x: Expr): Expr {
  const ax = abs(x), one = like(x, 1), a2 = mul(ax, ax);
  const y = log1pOrTwice(ax, fastTwoSum(ax, div(a2, add(one, sqrt(add(a2, one))))));
  const tiny = lt(ax, like(x, x.type === "f32" ? 2 ** -13 : 2 ** -28));
  return select(tiny, x, copysign(y, x));
}

/** log(x + √(x² − 1)), NaN below 1. */
export function acosh(x: Expr): Expr {
  const one = like(x, 1), t = sub(x, one);
  const root = sqrt(madd(t, t, add(t, t)));
  const y = log1pOrTwice(x, fastTwoSum(root, t));
  return select(lt(x, one), like(x, NaN), y);
}

/** ½ log((1 + x) / (1 − x)), ±∞ at ±1, NaN beyond; its series where that converges fast. */
export function atanh(x: Expr): Expr {
  const ax = abs(x), one = like(x, 1), z = mul(x, x);
  const near = madd(mul(mul(x, like(x, 0.5)), z), polynomial(z, ARTANH[x.type as FloatType]), x);
  const far = mul(like(x, 0.5), log1p(div(mul(like(x, 2), ax), sub(one, ax))));
  return cases([
    [lt(ax, like(x, 3 - 2 * Math.SQRT2)), near],
    [lt(ax, one), copysign(far, x)],
    [eq(ax, one), mul(x, like(x, Infinity))],
  ], like(x, NaN));
}
