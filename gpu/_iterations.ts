/**
 * How long the loops of a kernel are: Mesa's software GPU ends every loop once an invocation has made 65535 iterations,
 * without a word.
 *
 * @module
 */
import type { Expr, Stmt, Variable } from "../kernel/ir.ts";

/** What is taken for loops of unknown length: those of searches and rejection, which are short. */
const unknown = 200;

/** Values of variables that are never assigned. */
type Lets = Map<Variable, Expr>;
type Interval = readonly [least: number, most: number];
const anything: Interval = [-Infinity, Infinity];

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

/** At most so many numbers are in [first, last). */
function extentOf(first: Expr, last: Expr, lets: Lets): number {
  const hi = meaning(last, lets);
  if (hi.op === "min") return Math.min(...hi.args.map((e) => extentOf(first, e, lets)));
  const [base, from] = split(first, lets), [top, to] = split(last, lets);
  if (base === top) return Math.max(0, to - from);
  const extent = intervalOf(last, lets)[1] - Math.max(0, intervalOf(first, lets)[0]);
  return Number.isFinite(extent) ? Math.max(0, extent) : unknown;
}

/** What a variable stands for. */
function meaning(e: Expr, lets: Lets): Expr {
  const value = e.op === "var" ? lets.get(e.attr as Variable) : undefined;
  return value === undefined ? e : meaning(value, lets);
}

/** An expression as another one and a constant added to it. */
function split(e: Expr, lets: Lets): [base: Expr | null, rest: number] {
  const value = meaning(e, lets);
  if (value.op === "const") return [null, Number(value.attr)];
  const last = value.args[1];
  if (value.op !== "add" || last?.op !== "const") return [value, 0];
  const [base, rest] = split(value.args[0]!, lets);
  return [base, rest + Number(last.attr)];
}

/** Where the value of an index lies. */
function intervalOf(e: Expr, lets: Lets): Interval {
  if (e.op === "const") return [Number(e.attr), Number(e.attr)];
  if (e.op === "var") {
    const { extent } = e.attr as Variable, value = lets.get(e.attr as Variable);
    if (extent !== null) return [0, Math.max(0, extent - 1)];
    return value === undefined ? anything : intervalOf(value, lets);
  }
  if (e.op === "select" || e.op === "branch") {
    const [a, b] = [intervalOf(e.args[1]!, lets), intervalOf(e.args[2]!, lets)];
    return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
  }
  if (e.args.length !== 2) return anything;
  const [a, b] = e.args.map((x) => intervalOf(x, lets)) as [Interval, Interval];
  switch (e.op) {
    case "add":
      return [a[0] + b[0], a[1] + b[1]];
    case "sub": {
      const [base, from] = split(e.args[1]!, lets), [top, to] = split(e.args[0]!, lets);
      return base === top ? [to - from, to - from] : [a[0] - b[1], a[1] - b[0]];
    }
    case "shr":
      return b[0] === b[1] && b[0] >= 0 && b[0] < 32 ? [a[0] / 2 ** b[0], a[1] / 2 ** b[0]] : anything;
    case "mul":
      return a[0] >= 0 && b[0] >= 0 ? [a[0] * b[0], a[1] * b[1]] : anything;
    case "div":
      return a[0] >= 0 && b[0] > 0 ? [Math.floor(a[0] / b[1]), Math.floor(a[1] / b[0])] : anything;
    case "min":
      return [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
    case "max":
      return [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
    default:
      return anything;
  }
}
