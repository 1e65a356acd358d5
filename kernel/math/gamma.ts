/**
 * Logarithm of the gamma function, and its derivative. Polynomials: minimax, computed with mpmath (Remez).
 *
 * Large arguments: Stirling's series. Small ones: the recurrence leads to an interval where a polynomial holds, which
 * vanishes where the function does. Negative ones: the reflection formula.
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { madd, select, unary } from "../expr.ts";
import {
  abs,
  add,
  and,
  cases,
  div,
  eq,
  type FloatType,
  ge,
  isInfinite,
  le,
  like,
  lt,
  mul,
  nearest,
  neg,
  or,
  polynomial,
  sub,
} from "./arithmetic.ts";
import { logPositive } from "./log.ts";
import { sinCosPi } from "./trig.ts";

interface GammaConstants {
  /** From here on Stirling's series is used. */
  readonly from: number;
  /** The series in powers of 1/x², without the factor 1/x (lgamma) or 1/x² (digamma). */
  readonly series: readonly number[];
  /** lgamma(2 + y) / y on |y| ≤ ½; digamma(1.5 + y) / (1.5 + y − root) there. */
  readonly polynomial: readonly number[];
}

const LGAMMA: Readonly<Record<FloatType, GammaConstants>> = {
  f32: {
    from: 4.5,
    series: [0.08333333, -0.0027770447, 0.0007528786],
    polynomial: [
      0.42278433,
      0.32246703,
      -0.06735222,
      0.020581603,
      -0.007387425,
      0.0028790503,
      -0.0011778617,
      0.0005698391,
      -0.00026980264,
    ],
  },
  f64: {
    from: 8.5,
    series: [
      0.08333333333333333,
      -0.002777777777775936,
      0.0007936507914971051,
      -0.0005952371485538882,
      0.0008415516700251885,
      -0.0018957778910393761,
      0.005198811175370773,
    ],
    polynomial: [
      0.42278433509846713,
      0.3224670334241133,
      -0.06735230105319576,
      0.020580808427765992,
      -0.007385551028925725,
      0.002890510331839506,
      -0.0011927539013105446,
      0.0005096694951787324,
      -0.0002231549725866896,
      9.945794316020188e-05,
      -4.492376892152513e-05,
      2.0503552829827567e-05,
      -9.456094188183309e-06,
      4.393477888321311e-06,
      -1.974786156372792e-06,
      9.000110156253805e-07,
      -5.806551632674949e-07,
      2.97592559477713e-07,
    ],
  },
};

const DIGAMMA: Readonly<Record<FloatType, GammaConstants>> = {
  f32: {
    from: 4,
    series: [0.083333336, -0.008333003, 0.0039406307, -0.0034026653],
    polynomial: [
      0.9510559,
      -0.42362747,
      0.24053839,
      -0.14839996,
      0.095117405,
      -0.06204,
      0.03936181,
      -0.025872365,
      0.023924347,
      -0.016221315,
    ],
  },
  f64: {
    from: 8,
    series: [
      0.08333333333333333,
      -0.008333333333331732,
      0.0039682539660698445,
      -0.004166665528389019,
      0.007575464824343101,
      -0.021051520452788214,
      0.08004473386792837,
      -0.2998154628306567,
    ],
    polynomial: [
      0.951055876031833,
      -0.4236274212814606,
      0.24054248424077398,
      -0.14840492305389005,
      0.09498872445497233,
      -0.061922133274696846,
      0.040760833810820296,
      -0.026975796691219755,
      0.017907252481228403,
      -0.011908219419996606,
      0.00792694402036252,
      -0.005279946251726546,
      0.0035190121100697597,
      -0.0023454208074888726,
      0.0015565995435014683,
      -0.001036842056913554,
      0.0007234363770616157,
      -0.00048473046851376565,
      0.00022702615445147474,
      -0.00014697757775775853,
      0.0002598507317726034,
      -0.000176563016516129,
    ],
  },
};

/** The positive zero of digamma in three pieces, the first two short enough for exact differences. */
const DIGAMMA_ROOT: Readonly<Record<FloatType, readonly [number, number, number]>> = {
  f32: [1.46142578125, 0.00020635128021240234, 1.2438149938918909e-08],
  f64: [1.4616321437060833, 1.2622790434430042e-09, 9.016312093258695e-20],
};

/** log Γ(x) for x ≥ −½ that is not 0. */
function lgammaRight(x: Expr): Expr {
  const c = LGAMMA[x.type as FloatType], one = like(x, 1);
  const n = nearest(x), y = sub(x, n);
  // Γ(x) = Γ(2 + y)·p, or Γ(2 + y)/p below 3/2.
  let p = one;
  for (let i = 1; i <= c.from - 2; i++) p = select(ge(n, like(x, i + 2)), mul(p, sub(x, like(x, i))), p);
  const below = le(n, one);
  p = select(below, mul(x, select(le(n, like(x, 0)), add(x, one), one)), p);
  const large = ge(x, like(x, c.from));
  const log = logPositive(abs(select(large, x, p)));
  const small = madd(y, polynomial(y, c.polynomial), select(below, neg(log), log));
  const inverse = div(one, x);
  const tail = madd(inverse, polynomial(mul(inverse, inverse), c.series), like(x, 0.4189385332046727));
  return select(lt(x, like(x, c.from)), small, madd(sub(x, like(x, 0.5)), sub(log, one), tail));
}

/** log |Γ(x)|; +∞ at zero, the negative integers and ±∞. */
export function lgamma(x: Expr): Expr {
  const reflect = lt(x, like(x, -0.5));
  const z = select(reflect, neg(x), x);
  const right = lgammaRight(z);
  // Γ(−z)·Γ(z) = −π / (z·sin πz).
  const { sin } = sinCosPi(abs(sub(z, nearest(z))));
  const left = sub(logPositive(div(like(x, Math.PI), mul(z, sin))), right);
  const pole = and(le(x, like(x, 0)), eq(unary("floor", x), x));
  return select(or(pole, isInfinite(x)), like(x, Infinity), select(reflect, left, right));
}

/** digamma for x > 0. */
function digammaRight(x: Expr): Expr {
  const c = DIGAMMA[x.type as FloatType], [r1, r2, r3] = DIGAMMA_ROOT[x.type as FloatType];
  const one = like(x, 1), zero = like(x, 0);
  const b = add(sub(x, unary("floor", x)), one);
  // ψ(x) − ψ(b): Σ 1/(x − i) as one quotient, or −1/x below 1.
  const below = lt(x, one);
  let num = select(below, neg(one), zero), den = select(below, x, one);
  for (let i = 1; i < c.from - 1; i++) {
    const active = ge(x, like(x, i + 1)), term = sub(x, like(x, i));
    num = select(active, madd(num, term, den), num);
    den = select(active, mul(den, term), den);
  }
  const distance = sub(sub(sub(b, like(x, r1)), like(x, r2)), like(x, r3));
  const small = madd(distance, polynomial(sub(b, like(x, 1.5)), c.polynomial), div(num, den));
  const inverse = div(one, x), w = mul(inverse, inverse);
  const tail = madd(w, polynomial(w, c.series), mul(like(x, 0.5), inverse));
  return select(lt(x, like(x, c.from)), small, sub(logPositive(x), tail));
}

/** d log Γ(x) / dx; NaN at zero, the negative integers and −∞. */
export function digamma(x: Expr): Expr {
  const zero = like(x, 0), reflect = lt(x, zero);
  const y = digammaRight(select(reflect, sub(like(x, 1), x), x));
  // ψ(x) = ψ(1 − x) − π·cot πx.
  const fraction = sub(x, nearest(x));
  const { sin, cos } = sinCosPi(abs(fraction));
  const cotangent = div(mul(like(x, Math.PI), cos), select(lt(fraction, zero), neg(sin), sin));
  const pole = and(le(x, zero), eq(unary("floor", x), x));
  return cases([
    [pole, like(x, NaN)],
    [eq(x, like(x, Infinity)), x],
  ], select(reflect, sub(y, cotangent), y));
}
