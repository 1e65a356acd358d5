/**
 * How long the loops of a kernel are: Mesa's software GPU ends every loop once an invocation has made 65535 iterations,
 * without a word.
 *
 * @module
 */
import { bounds } from "../kernel/expr.ts";
import type { Expr, Stmt, Variable } from "../kernel/ir.ts";

/** What is taken for loops of unknown length: those of searches and rejection, which are short. */
const unknown = 200;

type Lets = Map<Variable, Expr>;

/** About how many iterations of loops one run of these statements makes at most. */
export function iterationsOf(body: readonly Stmt[], lets: Lets = new Map()): number {
  let total = 0;
  for (const stmt of body) {
    if (stmt.kind === "let" && !stmt.variable.mutable) lets.set(stmt.variable, stmt.value);
    else if (stmt.kind === "for") {
      total += extentOf(stmt.lo, stmt.hi, lets) * (1 + iterationsOf(stmt.body, lets));
    } else if (stmt.kind === "reduce") total += stmt.extent;
    else if (stmt.kind === "while") total += unknown * (1 + iterationsOf(stmt.body, lets));
    else if (stmt.kind === "if") {
      total += Math.max(iterationsOf(stmt.then, lets), iterationsOf(stmt.else, lets));
    }
  }
  return total;
}

/** What a variable stands for. */
function meaning(e: Expr, lets: Lets): Expr {
  while (e.op === "var") {
    const value = lets.get(e.attr as Variable);
    if (value === undefined) break;
    e = value;
  }
  return e;
}

function extentOf(first: Expr, last: Expr, lets: Lets): number {
  const lo = meaning(first, lets), hi = meaning(last, lets);
  if (hi.op === "min") return Math.min(...hi.args.map((e) => extentOf(lo, e, lets)));
  const [base, from] = split(lo), [top, to] = split(hi);
  if (top !== null && top === first) return Math.max(0, to);
  if (base === top) return Math.max(0, to - from);
  const least = bounds(lo)?.[0] ?? 0, most = bounds(hi)?.[1] ?? unknown;
  return Math.max(0, most - least);
}

/** An expression as another one and a constant added to it. */
function split(e: Expr): [base: Expr | null, rest: number] {
  if (e.op === "const") return [null, Number(e.attr)];
  const last = e.args[1];
  return e.op === "add" && last?.op === "const" ? [e.args[0]!, Number(last.attr)] : [e, 0];
}
