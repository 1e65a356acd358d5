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
  neg,
  or,
  polynomial,
  sqrt,
  sub,
} from "./arithmetic.ts";
import { leadingHalf } from "./double.ts";

/** (atan u − u) / u³ in powers of u², |u| ≤ 1 (f32) or 0.41 (f64). */
const ATAN: Readonly<Record<FloatType, readonly number[]>> = {
  f32: [
    -0.333333,
    0.1999853,
    -0.14264043,
    0.109512806,
    -0.08401568,
    0.0579419,
    -0.031178627,
    0.01092232,
    -0.00179643,
  ],
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

/** u + u³·p(u²). */
function odd(u: Expr): Expr {
  const z = mul(u, u);
  return madd(mul(u, z), polynomial(z, ATAN[u.type as FloatType]), u);
}

/** atan(num / den) for 0 ≤ num ≤ den, den > 0, both finite. */
function atanFraction(num: Expr, den: Expr): Expr {
  if (num.type === "f32") return odd(div(num, den));
  // atan t = atan b + atan((t − b) / (1 + b·t)), b = 0, ½ or 1; scaled lest the sum overflow.
  const middle = gt(num, mul(den, like(den, 0.4))), upper = gt(num, mul(den, like(den, 0.7)));
  const choose = (one: number, half: number): Expr =>
    cases([[upper, like(num, one)], [middle, like(num, half)]], like(num, 0));
  const b = choose(1, 0.5);
  const scale = select(gt(den, like(den, 2 ** 1000)), like(den, 0.25), like(den, 1));
  const n = mul(num, scale), d = mul(den, scale);
  const a = odd(div(madd(neg(b), d, n), madd(b, n, d)));
  return add(
    choose(PI.f64[0] / 4, 0.4636476090008061),
    add(a, choose(PI.f64[1] / 4, 2.2698777452961687e-17)),
  );
}

/** atan(y / x) for y, x ≥ 0, not both zero or infinite. */
function atanRatio(y: Expr, x: Expr): Expr {
  const [piHi, piLo] = PI[x.type as FloatType];
  const swap = gt(y, x);
  const a = atanFraction(select(swap, x, y), select(swap, y, x));
  return select(swap, add(like(a, piHi / 2), sub(like(a, piLo / 2), a)), a);
}

/** Arc tangent. */
export function atan(x: Expr): Expr {
  const ax = abs(x), most = like(x, x.type === "f32" ? 2 ** 60 : 2 ** 500);
  return copysign(atanRatio(select(gt(ax, most), most, ax), like(x, 1)), x);
}

/** The angle of the point (x, y), in [−π, π], with the signs of zeros as in C. */
export function atan2(y: Expr, x: Expr): Expr {
  const [piHi, piLo] = PI[x.type as FloatType];
  const zero = like(x, 0), one = like(x, 1);
  const xInfinite = isInfinite(x), yInfinite = isInfinite(y), far = or(xInfinite, yInfinite);
  const origin = and(eq(x, zero), eq(y, zero));
  const ay = select(far, select(yInfinite, one, zero), abs(y));
  const ax = cases([[far, select(xInfinite, one, zero)], [origin, one]], abs(x));
  const a = atanRatio(ay, ax);
  const left = lt(bitsOf(x), like(bitsOf(x), 0));
  const angle = copysign(select(left, add(like(x, piHi), sub(like(x, piLo), a)), a), y);
  return select(or(isNaN(x), isNaN(y)), add(x, y), angle);
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
