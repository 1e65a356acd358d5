/**
 * Arc sine, arc cosine, arc tangent of one and of two arguments. Polynomials: minimax, computed with mpmath (Remez).
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { madd, select } from "../expr.ts";
import {
  abs,
  add,
  and,
  bitsOf,
  cases,
  copysign,
  div,
  eq,
  type FloatType,
  gt,
  isInfinite,
  isNaN,
  like,
  lt,
  mul,
  or,
  polynomial,
  sqrt,
  sub,
} from "./arithmetic.ts";
import { leadingHalf } from "./double.ts";

/** (atan u − u) / u³ in powers of u², |u| ≤ tan(π/8). */
const ATAN: Readonly<Record<FloatType, readonly number[]>> = {
  f32: [-0.3333295, 0.19977729, -0.13877824, 0.08054058],
  f64: [
    -0.333333333333332,
    0.19999999999953658,
    -0.14285714280197276,
    0.1111111078335527,
    -0.09090897753065164,
    0.07692060123935915,
    -0.06663103047467378,
    0.05847882709022629,
    -0.050392792226099,
    0.038064037473440455,
    -0.01790678237873247,
  ],
};

/** (asin u − u) / u³ in powers of u², |u| ≤ ½. */
const ASIN: Readonly<Record<FloatType, readonly number[]>> = {
  f32: [0.16666752, 0.074953094, 0.045469154, 0.024184741, 0.0421584],
  f64: [
    0.1666666666666676,
    0.07499999999970866,
    0.0446428571745612,
    0.030381942709841455,
    0.022372214936846165,
    0.017351612832143287,
    0.013980811599338859,
    0.011398979799382924,
    0.010779900021553119,
    0.0037076589144489224,
    0.021704575500832938,
    -0.02099520580387876,
    0.03262632431417894,
  ],
};

/** π in two pieces. */
const PI: Readonly<Record<FloatType, readonly [hi: number, lo: number]>> = {
  f32: [Math.fround(Math.PI), Math.PI - Math.fround(Math.PI)],
  f64: [Math.PI, 1.2246467991473532e-16],
};

/** atan(y / x) for y, x ≥ 0, not both zero or infinite. */
function atanRatio(y: Expr, x: Expr): Expr {
  const type = x.type as FloatType, [piHi, piLo] = PI[type];
  const swap = gt(y, x);
  const num = select(swap, x, y), den = select(swap, y, x);
  const t = div(num, den);
  // atan t = π/4 + atan((t − 1) / (t + 1)) keeps the argument below tan(π/8).
  const upper = gt(t, like(t, Math.SQRT2 - 1));
  const u = select(upper, div(sub(t, like(t, 1)), add(t, like(t, 1))), t);
  const z = mul(u, u);
  const a = madd(mul(u, z), polynomial(z, ATAN[type]), u);
  const b = select(upper, add(like(t, piHi / 4), add(a, like(t, piLo / 4))), a);
  return select(swap, add(like(t, piHi / 2), sub(like(t, piLo / 2), b)), b);
}

/** Arc tangent. */
export function atan(x: Expr): Expr {
  const y = select(isInfinite(x), like(x, Math.PI / 2), atanRatio(abs(x), like(x, 1)));
  return select(eq(x, like(x, 0)), x, copysign(y, x));
}

/** The angle of the point (x, y), in [−π, π], with the signs of zeros as in C. */
export function atan2(y: Expr, x: Expr): Expr {
  const [piHi, piLo] = PI[x.type as FloatType];
  const zero = like(x, 0), one = like(x, 1);
  const bothInfinite = and(isInfinite(x), isInfinite(y));
  const bothZero = and(eq(x, zero), eq(y, zero));
  const ay = cases([[bothInfinite, one], [bothZero, zero]], abs(y));
  const ax = select(or(bothInfinite, bothZero), one, abs(x));
  const a = atanRatio(ay, ax);
  const left = lt(bitsOf(x), like(bitsOf(x), 0));
  const angle = select(left, add(like(x, piHi), sub(like(x, piLo), a)), a);
  return select(or(isNaN(x), isNaN(y)), add(x, y), copysign(angle, y));
}

/** The parts of asin |x| = base ± (head + tail): |x| itself up to ½, beyond it twice asin √((1 − |x|)/2). */
function asinParts(x: Expr): { upper: Expr; head: Expr; tail: Expr } {
  const ax = abs(x), half = like(x, 0.5);
  const upper = gt(ax, half);
  const z = select(upper, mul(half, sub(like(x, 1), ax)), mul(x, x));
  const root = sqrt(z), h = leadingHalf(root);
  // The root as head + rest, to twice the precision.
  const rest = select(eq(root, like(x, 0)), root, div(sub(z, mul(h, h)), add(root, h)));
  const u = select(upper, root, ax);
  const p = mul(mul(u, z), polynomial(z, ASIN[x.type as FloatType]));
  return { upper, head: select(upper, h, ax), tail: select(upper, add(rest, p), p) };
}

/** Arc sine; NaN outside [−1, 1]. */
export function asin(x: Expr): Expr {
  const [piHi, piLo] = PI[x.type as FloatType];
  const { upper, head, tail } = asinParts(x);
  const two = like(x, 2), h = mul(two, head);
  const far = add(sub(like(x, piHi / 2), h), sub(like(x, piLo / 2), mul(two, tail)));
  return copysign(select(upper, far, add(head, tail)), x);
}

/** Arc cosine; NaN outside [−1, 1]. */
export function acos(x: Expr): Expr {
  const [piHi, piLo] = PI[x.type as FloatType];
  const { upper, head, tail } = asinParts(x);
  const negative = lt(x, like(x, 0)), two = like(x, 2);
  // π/2 ∓ asin |x|, 2·asin √…, or π minus that.
  const twice = select(upper, two, like(x, 1));
  const h = mul(twice, head), t = mul(twice, tail);
  const minus = add(sub(like(x, piHi / 2), h), sub(like(x, piLo / 2), t));
  const plus = add(h, add(like(x, piHi / 2), add(t, like(x, piLo / 2))));
  const middle = select(negative, plus, minus);
  const far = select(
    negative,
    add(sub(like(x, piHi), h), sub(like(x, piLo), t)),
    add(h, t),
  );
  return select(upper, far, middle);
}
