/**
 * Powers: pow with floating exponents.
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { select, unary } from "../expr.ts";
import {
  abs,
  add,
  and,
  bitsOf,
  cases,
  eq,
  gt,
  isInfinite,
  isNaN,
  like,
  lt,
  mul,
  ne,
  neg,
  not,
  or,
  xor,
} from "./arithmetic.ts";
import { mulSingle } from "./double.ts";
import { exp2Double } from "./exp.ts";
import { log2Double } from "./log.ts";

/** xʸ with the special cases of IEEE 754 and C: x⁰ = 1ʸ = 1 also for NaN, (−1)^±∞ = 1, odd integers keep the sign. */
export function pow(x: Expr, y: Expr): Expr {
  const zero = like(x, 0), one = like(x, 1), inf = like(x, Infinity);
  const ax = abs(x);
  const isInteger = eq(unary("floor", y), y);
  const halfY = mul(y, like(x, 0.5));
  const isOdd = and(isInteger, ne(unary("floor", halfY), halfY));
  const log2 = log2Double(ax);
  // |y| so large that the result over- or underflows anyway is cut, which keeps the product finite.
  const limit = x.type === "f32" ? 2 ** 33 : 2 ** 66;
  const cut = cases([[gt(y, like(x, limit)), like(x, limit)], [lt(y, like(x, -limit)), like(x, -limit)]], y);
  const magnitude = exp2Double(mulSingle(log2, cut));
  const grows = xor(gt(ax, one), lt(y, zero));
  const extreme = or(or(eq(ax, zero), isInfinite(x)), isInfinite(y));
  const general = cases([
    [and(isInfinite(y), eq(ax, one)), one],
    [extreme, select(grows, inf, zero)],
  ], magnitude);
  const signed = select(and(isOdd, lt(bitsOf(x), like(bitsOf(x), 0))), neg(general), general);
  return cases([
    [or(eq(y, zero), eq(x, one)), one],
    [or(isNaN(x), isNaN(y)), add(x, y)],
    [and(and(lt(x, zero), not(isInteger)), and(not(isInfinite(x)), not(isInfinite(y)))), like(x, NaN)],
  ], signed);
}
