/**
 * Splits an iteration space where computations branch on an index (concatenation, padding): within each box the
 * conditions are constant, so that the branches are gone and loops are plain.
 *
 * @module
 */
import { affine } from "./access.ts";
import type { Axes } from "./loops.ts";
import type { Expr, Variable } from "./ir.ts";

/** A part of an iteration space. */
export interface Box {
  readonly start: readonly number[];
  readonly shape: readonly number[];
}

/** More boxes, or smaller ones, cost more than the branches. */
const maxBoxes = 64;
const minBoxSize = 1024;

/** Boxes of the axes' space in which branches on single indices are decided; one box where that does not pay. */
export function splitBoxes(axes: Axes, exprs: readonly Expr[]): Box[] {
  const { shape } = axes, whole: Box = { start: shape.map(() => 0), shape };
  const cuts = new Map<Variable, Set<number>>();
  for (const v of axes.variables) if (v !== null) cuts.set(v, new Set());
  const seen = new Set<Expr>(), stack = [...exprs];
  for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
    if (e.args.length === 0 || seen.has(e)) continue;
    seen.add(e);
    if (e.op === "branch") collectCuts(e.args[0]!, cuts);
    stack.push(...e.args);
  }
  const bounds = axes.variables.map((v, k) => {
    const n = shape[k]!;
    const inside = v === null ? [] : [...cuts.get(v)!].filter((c) => c > 0 && c < n).sort((a, b) => a - b);
    return [0, ...inside, n];
  });
  const count = bounds.reduce((product, b) => product * (b.length - 1), 1);
  const size = shape.reduce((product, n) => product * n, 1);
  if (count === 1 || count > maxBoxes || size < count * minBoxSize) return [whole];
  let boxes: Box[] = [{ start: [], shape: [] }];
  for (const b of bounds) {
    boxes = boxes.flatMap((box) =>
      b.slice(1).map((end, i) => ({ start: [...box.start, b[i]!], shape: [...box.shape, end - b[i]!] }))
    );
  }
  return boxes;
}

/** Indices at which a condition may change. */
function collectCuts(condition: Expr, cuts: ReadonlyMap<Variable, Set<number>>): void {
  const [a, b] = condition.args;
  switch (condition.op) {
    case "and":
    case "or":
      collectCuts(a!, cuts);
      return collectCuts(b!, cuts);
    case "not":
      return collectCuts(a!, cuts);
    case "lt":
    case "le":
    case "gt":
    case "ge":
    case "eq":
    case "ne": {
      const x = indexPlusConstant(a!, cuts), y = indexPlusConstant(b!, cuts);
      if (x === null || y === null || (x.variable === null) === (y.variable === null)) return;
      const { variable, sign } = x.variable !== null ? x : y;
      // The sides meet where sign·v = difference; a condition can change there or one further.
      const meet = sign * (x.variable !== null ? y.offset - x.offset : x.offset - y.offset);
      const direction = sign * (x.variable !== null ? 1 : -1), set = cuts.get(variable!)!;
      const atMeet = condition.op === "lt" || condition.op === "ge", equality = /eq|ne/.test(condition.op);
      if (equality || atMeet === direction > 0) set.add(meet);
      if (equality || atMeet !== direction > 0) set.add(meet + 1);
    }
  }
}

interface Term {
  readonly variable: Variable | null;
  readonly sign: number;
  readonly offset: number;
}

/** An index expression as ±v + constant, or a constant. */
function indexPlusConstant(e: Expr, variables: ReadonlyMap<Variable, unknown>): Term | null {
  if (e.type !== "i32") return null;
  const offset = valueAtZero(e, variables);
  if (offset === null) return null;
  const terms = [...affine(e, new Set(variables.keys()), new Map()) ?? []].filter(([, c]) => c !== 0);
  if (terms.length === 0) return { variable: null, sign: 0, offset };
  const [variable, sign] = terms[0]!;
  return terms.length === 1 && Math.abs(sign) === 1 ? { variable, sign, offset } : null;
}

/** An affine expression's value where all the variables are 0; null when it depends on anything else. */
function valueAtZero(e: Expr, variables: ReadonlyMap<Variable, unknown>): number | null {
  if (e.op === "const") return e.attr as number;
  if (e.op === "var") return variables.has(e.attr as Variable) ? 0 : null;
  if (e.op !== "add" && e.op !== "sub" && e.op !== "mul" && e.op !== "neg") return null;
  const parts = e.args.map((arg) => valueAtZero(arg, variables));
  if (parts.includes(null)) return null;
  const [a, b] = parts as [number, number];
  return e.op === "add" ? a + b : e.op === "sub" ? a - b : e.op === "mul" ? a * b : -a;
}
