/**
 * Wide products of unsigned integers.
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { add, and, like, mul, shiftRight } from "./arithmetic.ts";

/** High half of the product of two u32 or u64, from products of halves of the operands. */
export function mulhiUnsigned(a: Expr, b: Expr): Expr {
  const half = a.type === "u32" ? 16 : 32;
  const mask = like(a, a.type === "u32" ? 0xffff : 0xffffffff);
  const low = (x: Expr): Expr => and(x, mask), high = (x: Expr): Expr => shiftRight(x, half);
  const a0 = low(a), a1 = high(a), b0 = low(b), b1 = high(b);
  const t = add(mul(a1, b0), high(mul(a0, b0)));
  const u = add(mul(a0, b1), low(t));
  return add(mul(a1, b1), add(high(t), high(u)));
}
