/**
 * Start indices read from data, in kernels: clamped so that a window lies inside its operand, or compared with its
 * bounds. Both happen in the index's own type, so that no value wraps.
 *
 * @module
 */
import { binary, compare, constant, convert, index as constantIndex } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import { Pair, type Val } from "../../kernel/lowering.ts";

function integer(x: Val): Expr {
  if (x instanceof Pair) throw new TypeError("an index is an integer");
  return x;
}

const isSigned = (x: Expr): boolean => x.type === "i32" || x.type === "i64";

/** The index nearest to `x` in [0, upper], as i32. */
export function clampedIndex(x: Val, upper: number): Expr {
  if (upper <= 0) return constantIndex(0);
  const i = integer(x);
  const low = isSigned(i) ? binary("max", i, constant(i.type, 0)) : i;
  return convert("i32", binary("min", low, constant(i.type, upper)));
}

/** Whether `x` is in [0, upper]; two conditions, one for unsigned types. */
export function indexConditions(x: Val, upper: number): Expr[] {
  const i = integer(x);
  const high = compare("le", i, constant(i.type, upper));
  return isSigned(i) ? [compare("ge", i, constant(i.type, 0)), high] : [high];
}
