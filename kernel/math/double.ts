/**
 * Unevaluated sums of two floats, which carry about twice the precision of one.
 *
 * T. J. Dekker, "A floating-point technique for extending the available precision" (1971); D. E. Knuth, The Art of
 * Computer Programming, vol. 2, 4.2.2. Nothing here depends on a fused multiply-add.
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { add, and, bitsOf, div, floatOf, like, mul, sub } from "./arithmetic.ts";
import { madd } from "../expr.ts";

/** The sum `hi + lo`, where |lo| is at most about half a unit in the last place of `hi`. */
export interface Double {
  readonly hi: Expr;
  readonly lo: Expr;
}

/** x + y exactly, when |x| ≥ |y| or x = 0. */
export function fastTwoSum(x: Expr, y: Expr): Double {
  const hi = add(x, y);
  return { hi, lo: sub(y, sub(hi, x)) };
}

/** x + y exactly. */
export function twoSum(x: Expr, y: Expr): Double {
  const hi = add(x, y), z = sub(hi, x);
  return { hi, lo: add(sub(x, sub(hi, z)), sub(y, z)) };
}

/** The leading half of a significand: 12 of 24 bits, or 26 of 53. Products of two of them are exact. */
export function leadingHalf(x: Expr): Expr {
  const bits = bitsOf(x);
  return floatOf(and(bits, like(bits, x.type === "f32" ? -(2 ** 12) : -(2n ** 27n))));
}

/** x·y, exactly in f32 and to 2⁻¹⁰⁴ in f64, unless it underflows. */
export function twoProduct(x: Expr, y: Expr): Double {
  const hi = mul(x, y);
  const xh = leadingHalf(x), xl = sub(x, xh), yh = leadingHalf(y), yl = sub(y, yh);
  const lo = madd(xl, yl, madd(xl, yh, madd(xh, yl, sub(mul(xh, yh), hi))));
  return { hi, lo };
}

/** a + b, for |a| ≥ |b| or a = 0. */
export function addDouble(a: Double, b: Double): Double {
  const s = fastTwoSum(a.hi, b.hi);
  return { hi: s.hi, lo: add(s.lo, add(a.lo, b.lo)) };
}

/** a·b; the parts may overlap by a few bits. */
export function mulDouble(a: Double, b: Double): Double {
  const p = twoProduct(a.hi, b.hi);
  return { hi: p.hi, lo: madd(a.lo, b.hi, madd(a.hi, b.lo, p.lo)) };
}

/** a·x; the parts may overlap by a few bits. */
export function mulSingle(a: Double, x: Expr): Double {
  const p = twoProduct(a.hi, x);
  return { hi: p.hi, lo: madd(a.lo, x, p.lo) };
}

/** x / a. */
export function divideBy(x: Expr, a: Double): Double {
  const inverse = div(like(x, 1), a.hi), q = mul(x, inverse);
  const p = twoProduct(q, a.hi);
  const rest = sub(sub(sub(x, p.hi), p.lo), mul(q, a.lo));
  return fastTwoSum(q, mul(rest, inverse));
}

/** A constant in the type of x: `value + rest` where float64 itself is too short. */
export function doubleConstant(x: Expr, value: number, rest = 0): Double {
  if (x.type === "f64") return { hi: like(x, value), lo: like(x, rest) };
  const hi = Math.fround(value);
  return { hi: like(x, hi), lo: like(x, value - hi) };
}
