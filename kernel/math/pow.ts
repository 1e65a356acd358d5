/**
 * Powers: pow with floating exponents.
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { select, unary } from "../expr.ts";
import { abs, and, bitsOf, cases, eq, gt, isInfinite, like, lt, mul, neg, not, or } from "./arithmetic.ts";
import { mulSingle } from "./double.ts";
import { exp2Double } from "./exp.ts";
import { log2Double } from "./log.ts";

/** xʸ with the special cases of IEEE 754 and C: x⁰ = 1ʸ = 1 also for NaN, (−1)^±∞ = 1, odd integers keep the sign. */
export function pow(x: Expr, y: Expr): Expr {
  const zero = like(x, 0), one = like(x, 1), inf = like(x, Infinity);
  const ax = abs(x), log2 = log2Double(ax);
  // With log₂ 0 = −∞ and log₂ ∞ = ∞ the products have the right limits; NaN stays.
  const hi = select(lt(ax, inf), select(eq(ax, zero), neg(inf), log2.hi), ax);
  const magnitude = exp2Double(mulSingle({ hi, lo: log2.lo }, y));
  const halfY = mul(y, like(x, 0.5));
  const isInteger = eq(unary("floor", y), y), isEven = eq(unary("floor", halfY), halfY);
  const isNegative = lt(bitsOf(x), like(bitsOf(x), 0));
  const signed = select(and(isNegative, and(isInteger, not(isEven))), neg(magnitude), magnitude);
  const undefinedHere = and(and(lt(x, zero), gt(x, neg(inf))), not(isInteger));
  const isOne = or(or(eq(y, zero), eq(x, one)), and(eq(x, neg(one)), isInfinite(y)));
  return cases([[isOne, one], [undefinedHere, like(x, NaN)]], signed);
}
