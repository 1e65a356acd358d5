/**
 * Index arithmetic between multi-indices and row-major offsets, and what is known of index expressions.
 *
 * @module
 */
import { binary, index, isConstant } from "./expr.ts";
import type { Expr, Variable } from "./ir.ts";

/** Number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** Multi-index of a row-major offset into a shape. */
export function delinearize(shape: readonly number[], offset: Expr): Expr[] {
  const result: Expr[] = new Array(shape.length);
  let stride = 1;
  for (let k = shape.length - 1; k >= 0; k--) {
    const n = shape[k]!;
    if (n === 1) {
      result[k] = index(0);
      continue;
    }
    result[k] = binary("rem", binary("div", offset, index(stride)), index(n));
    stride *= n;
  }
  // The leading digit needs no remainder: the offset is within bounds.
  const leading = shape.findIndex((n) => n !== 1);
  if (leading >= 0) result[leading] = binary("div", offset, index(stride / shape[leading]!));
  return result;
}

/** A run of adjacent axes that one index expression stands for. */
interface Run {
  readonly at: Expr;
  readonly extent: number;
}

/** One index for two adjacent digits when they come from one expression: (e div n, e rem n) is e. */
function joinDigits(high: Run, low: Run): Run | null {
  const n = low.extent, extent = high.extent * n;
  if (low.at.op === "rem" && isConstant(low.at.args[1]!, n)) {
    const whole = low.at.args[0]!;
    const upper = binary("div", whole, index(n));
    if (high.at === upper) return { at: whole, extent };
    if (high.at.op === "add" && high.at.args[0] === upper && isConstant(high.at.args[1]!)) {
      return { at: binary("add", whole, binary("mul", high.at.args[1]!, index(n))), extent };
    }
    if (high.at.op === "rem" && high.at.args[0] === upper && isConstant(high.at.args[1]!, high.extent)) {
      return { at: binary("rem", whole, index(extent)), extent };
    }
  }
  if (isConstant(high.at, 0) && isConstant(low.at, 0)) return { at: index(0), extent };
  return null;
}

/**
 * Row-major offset of a multi-index. Size-1 axes are read at 0, whatever index they are given, and digits of one
 * flat index join to it again. A shape of rank 0 has offset 0.
 */
export function linearize(at: readonly Expr[], shape: readonly number[]): Expr {
  const runs: Run[] = [];
  for (let k = 0; k < shape.length; k++) {
    if (shape[k] === 1) continue;
    let run: Run = { at: at[k]!, extent: shape[k]! };
    for (let last = runs.at(-1); last !== undefined; last = runs.at(-1)) {
      const joined = joinDigits(last, run);
      if (joined === null) break;
      runs.pop();
      run = joined;
    }
    runs.push(run);
  }
  let offset = index(0), stride = 1;
  for (let k = runs.length - 1; k >= 0; k--) {
    offset = binary("add", binary("mul", runs[k]!.at, index(stride)), offset);
    stride *= runs[k]!.extent;
  }
  return offset;
}

/** A sum of multiples of loop variables, beside terms that do not depend on them. */
export type Affine = ReadonlyMap<Variable, number>;

const noTerms: Affine = new Map();

/** Whether an expression depends on any of the variables. */
export function dependsOn(e: Expr, variables: ReadonlySet<Variable>, memo: Map<Expr, boolean>): boolean {
  if (e.op === "var") return variables.has(e.attr as Variable);
  if (e.args.length === 0) return false;
  const known = memo.get(e);
  if (known !== undefined) return known;
  let depends = false;
  for (const arg of e.args) if (dependsOn(arg, variables, memo)) depends = true;
  memo.set(e, depends);
  return depends;
}

/** Coefficients of an i32 expression in the variables, or null when it is not affine in them. */
export function affine(
  e: Expr,
  variables: ReadonlySet<Variable>,
  memo: Map<Expr, boolean>,
): Affine | null {
  if (e.type !== "i32") return null;
  if (!dependsOn(e, variables, memo)) return noTerms;
  switch (e.op) {
    case "var":
      return new Map([[e.attr as Variable, 1]]);
    case "neg":
      return combine(noTerms, affine(e.args[0]!, variables, memo), -1);
    case "add":
    case "sub":
      return combine(
        affine(e.args[0]!, variables, memo),
        affine(e.args[1]!, variables, memo),
        e.op === "add" ? 1 : -1,
      );
    case "mul": {
      const [a, b] = e.args as [Expr, Expr];
      if (b.op === "const") return combine(noTerms, affine(a, variables, memo), b.attr as number);
      if (a.op === "const") return combine(noTerms, affine(b, variables, memo), a.attr as number);
      return null;
    }
    default:
      return null;
  }
}

function combine(a: Affine | null, b: Affine | null, scale: number): Affine | null {
  if (a === null || b === null) return null;
  const sum = new Map(a);
  for (const [v, c] of b) sum.set(v, (sum.get(v) ?? 0) + scale * c);
  return sum;
}

/** Distinct operations in expressions. */
export function countNodes(exprs: readonly Expr[]): number {
  const seen = new Set<Expr>(), stack = [...exprs];
  for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
    if (e.op === "const" || e.op === "var" || seen.has(e)) continue;
    seen.add(e);
    stack.push(...e.args);
  }
  return seen.size;
}
