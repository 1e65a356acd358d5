/**
 * Roots: reciprocal square root, cube root, and the length of a vector of two components.
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { madd, select, unary } from "../expr.ts";
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
  floatOfInteger,
  gt,
  integerOf,
  isInfinite,
  isNaN,
  leastNormal,
  like,
  lt,
  mantissaBits,
  mul,
  ne,
  or,
  polynomial,
  powerOfTwo,
  shiftRight,
  sqrt,
  sub,
} from "./arithmetic.ts";
import { leadingHalf } from "./double.ts";

/** 1 / √x. */
export function rsqrt(x: Expr): Expr {
  return div(like(x, 1), sqrt(x));
}

/** ∛m on [1, 2) to 2⁻¹³; minimax, computed with mpmath (Remez). */
const CBRT_SEED = [0.55282354, 0.58711404, -0.16296951, 0.023104932];

/**
 * Cube root: x = 2^(3q + r)·m gives a seed, improved by Halley's iteration; in the last step t² is exact because t has
 * half of its bits, as in FreeBSD `s_cbrt.c`.
 */
export function cbrt(x: Expr): Expr {
  const ax = abs(x), bits = mantissaBits(x.type), single = x.type === "f32";
  const subnormal = lt(ax, like(x, leastNormal(x.type)));
  const scaled = select(subnormal, mul(ax, like(x, 2 ** (single ? 24 : 54))), ax);
  const word = bitsOf(scaled), one = bitsOf(like(x, 1));
  const bias = exponentBias(x.type);
  const e = sub(floatOfInteger(shiftRight(word, bits)), like(x, bias));
  const q = unary("floor", madd(e, like(x, 1 / 3), like(x, 1 / 6)));
  const r = madd(q, like(x, -3), e);
  const mask = single ? 2 ** 23 - 1 : 2n ** 52n - 1n;
  const significand = floatOf(or(and(word, like(word, mask)), one));
  const factor = cases([[eq(r, like(x, 1)), like(x, 2)], [eq(r, like(x, 2)), like(x, 4)]], like(x, 1));
  const rootFactor = cases(
    [[eq(r, like(x, 1)), like(x, Math.cbrt(2))], [eq(r, like(x, 2)), like(x, Math.cbrt(4))]],
    like(x, 1),
  );
  const m = mul(significand, factor);
  let t = mul(polynomial(significand, CBRT_SEED), rootFactor);
  if (!single) {
    const t3 = mul(mul(t, t), t);
    t = sub(t, mul(t, div(sub(t3, m), add(add(t3, t3), m))));
  }
  t = leadingHalf(t);
  const w = div(m, mul(t, t));
  t = madd(t, div(sub(w, t), add(add(t, t), w)), t);
  const shift = select(subnormal, like(x, single ? 8 : 18), like(x, 0));
  const root = mul(t, powerOfTwo(integerOf(sub(q, shift))));
  return select(and(ne(ax, like(x, 0)), lt(ax, like(x, Infinity))), copysign(root, x), x);
}

/** √(x² + y²) without overflow or underflow of the squares: ∞ if either is infinite, even with a NaN. */
export function hypot(x: Expr, y: Expr): Expr {
  const ax = abs(x), ay = abs(y), single = x.type === "f32";
  const larger = select(gt(ax, ay), ax, ay);
  const [edge, down, up] = single ? [2 ** 40, 2 ** -70, 2 ** 100] : [2 ** 400, 2 ** -600, 2 ** 700];
  const big = gt(larger, like(x, edge)), small = lt(larger, like(x, 1 / edge));
  const scale = cases([[big, like(x, down)], [small, like(x, up)]], like(x, 1));
  const back = cases([[big, like(x, 1 / down)], [small, like(x, 1 / up)]], like(x, 1));
  const a = mul(ax, scale), b = mul(ay, scale);
  const length = mul(sqrt(madd(a, a, mul(b, b))), back);
  return cases([
    [or(isInfinite(x), isInfinite(y)), like(x, Infinity)],
    [or(isNaN(x), isNaN(y)), like(x, NaN)],
  ], length);
}
