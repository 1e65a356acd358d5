/**
 * Unevaluated sums of two floats, which carry about twice the precision of one.
 *
 * T. J. Dekker, "A floating-point technique for extending the available precision" (1971); D. E. Knuth, The Art of
 * Computer Programming, vol. 2, 4.2.2. Nothing here depends on a fused multiply-add.
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { add, and, bitsOf, div, floatOf, like, mul, neg, sub } from "./arithmetic.ts";
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

/** x·y exactly, unless it underflows. */
export function twoProduct(x: Expr, y: Expr): Double {
  const hi = mul(x, y);
  const xh = leadingHalf(x), xl = sub(x, xh), yh = leadingHalf(y), yl = sub(y, yh);
  const lo = madd(xl, yl, madd(xl, yh, madd(xh, yl, madd(xh, yh, neg(hi)))));
  return { hi, lo };
}

/** a + b. */
export function addDouble(a: Double, b: Double): Double {
  const s = twoSum(a.hi, b.hi);
  return fastTwoSum(s.hi, add(s.lo, add(a.lo, b.lo)));
}

/** a + x. */
export function addSingle(a: Double, x: Expr): Double {
  const s = twoSum(a.hi, x);
  return fastTwoSum(s.hi, add(s.lo, a.lo));
}

/** a·b. */
export function mulDouble(a: Double, b: Double): Double {
  const p = twoProduct(a.hi, b.hi);
  return fastTwoSum(p.hi, add(p.lo, add(mul(a.hi, b.lo), mul(a.lo, b.hi))));
}

/** a·x. */
export function mulSingle(a: Double, x: Expr): Double {
  const p = twoProduct(a.hi, x);
  return fastTwoSum(p.hi, madd(a.lo, x, p.lo));
}

/** a / b. */
export function divDouble(a: Double, b: Double): Double {
  const q = div(a.hi, b.hi);
  const p = twoProduct(q, b.hi);
  const rest = sub(add(sub(sub(a.hi, p.hi), p.lo), a.lo), mul(q, b.lo));
  return fastTwoSum(q, div(rest, b.hi));
}

/** The value in one float. */
export function single(a: Double): Expr {
  return add(a.hi, a.lo);
}

/** A constant in the type of x: `value + rest` where float64 itself is too short. */
export function doubleConstant(x: Expr, value: number, rest = 0): Double {
  if (x.type === "f64") return { hi: like(x, value), lo: like(x, rest) };
  const hi = Math.fround(value);
  return { hi: like(x, hi), lo: like(x, value - hi) };
}
