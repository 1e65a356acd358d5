/**
 * How long the loops of a kernel are: Mesa's software GPU ends every loop once an invocation has made 65535 iterations,
 * without a word.
 *
 * @module
 */
import { bounds } from "../kernel/expr.ts";
import type { Expr, Stmt } from "../kernel/ir.ts";

/** What is taken for loops of unknown length: those of searches and rejection, which are short. */
const unknown = 1000;

/** About how many iterations of loops one run of these statements makes at most. */
export function iterationsOf(body: readonly Stmt[]): number {
  let total = 0;
  for (const stmt of body) {
    if (stmt.kind === "for") total += extentOf(stmt.lo, stmt.hi) * (1 + iterationsOf(stmt.body));
    else if (stmt.kind === "reduce") total += stmt.extent;
    else if (stmt.kind === "while") total += unknown * (1 + iterationsOf(stmt.body));
    else if (stmt.kind === "if") total += Math.max(iterationsOf(stmt.then), iterationsOf(stmt.else));
  }
  return total;
}

function extentOf(lo: Expr, hi: Expr): number {
  if (hi.op === "add" && hi.args[0] === lo) hi = hi.args[1]!;
  else if (hi.op === "min") return Math.min(...hi.args.map((e) => extentOf(lo, e)));
  const [from] = bounds(lo) ?? [0], [, to] = bounds(hi) ?? [0, unknown];
  return Math.max(0, to - from);
}
