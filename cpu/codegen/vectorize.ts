/**
 * Which loops of a kernel run over lanes. On each path of nested loops at most one does: the one that an estimate of
 * the work finds cheapest, so that contiguous accesses meet vector loads and the rest stays scalar.
 *
 * @module
 */
import {
  type Expr,
  type Kernel,
  type Param,
  type Stmt,
  storageBytes,
  type Variable,
} from "../../kernel/ir.ts";
import { type Analysis, type Dependency, intersects, postorder } from "./analysis.ts";
import { hasLaneConversion } from "./lane_convert.ts";
import { isCompare } from "./scalar_emitter.ts";
import { isWide } from "./scalar_ops.ts";
import { hasVectorBinary, hasVectorUnary } from "./vector_ops.ts";

/** A loop statement: a counted loop or a reduction. */
export type LoopStmt = Extract<Stmt, { kind: "for" | "reduce" }>;

/** How a loop runs over lanes. */
export interface LaneChoice {
  readonly lanes: number;
  /** Vector operations for four lanes. */
  readonly work: number;
}

/** The loops of a kernel that run over lanes. */
export interface VectorPlan {
  /** The range, or null where it runs one by one. */
  readonly range: LaneChoice | null;
  readonly loops: ReadonlyMap<Stmt, LaneChoice>;
  /** Estimated work of the kernel, in vector operations. */
  readonly cost: number;
}

/** Iterations assumed of a loop whose bounds are not known. */
const UNKNOWN_TRIP = 64;

interface Choice {
  readonly cost: number;
  readonly loops: readonly (readonly [Stmt, LaneChoice])[];
}

/** Decides which loops of a kernel run over lanes. */
export function planVectorization(kernel: Kernel, analysis: Analysis): VectorPlan {
  const inside = chooseBody(analysis, kernel.body);
  if (kernel.range === null) return { range: null, loops: new Map(inside.loops), cost: inside.cost };
  const { variable, extent } = kernel.range;
  const cost = extent * (inside.cost + 2);
  const lanes = laneCost(analysis, { variable, body: kernel.body, trip: extent });
  if (lanes !== null && lanes.cost < cost) return { range: lanes, loops: new Map(), cost: lanes.cost };
  return { range: null, loops: new Map(inside.loops), cost };
}

/** Iterations of a counted loop, or null where its bounds are not constants. */
export function tripCount(stmt: LoopStmt): number | null {
  if (stmt.kind === "reduce") return stmt.extent;
  if (stmt.lo.op !== "const" || stmt.hi.op !== "const") return null;
  return Math.max(0, Number(stmt.hi.attr) - Number(stmt.lo.attr));
}

function assumedTrip(stmt: LoopStmt): number {
  return tripCount(stmt) ?? Math.min(stmt.variable.extent ?? UNKNOWN_TRIP, UNKNOWN_TRIP);
}

function chooseBody(analysis: Analysis, body: readonly Stmt[]): Choice {
  let cost = 0;
  const loops: (readonly [Stmt, LaneChoice])[] = [];
  const seen = new Set<Expr>();
  for (const stmt of body) {
    cost += scalarCost(stmt, seen);
    for (const choice of nestedChoices(analysis, stmt)) {
      cost += choice.cost;
      loops.push(...choice.loops);
    }
  }
  return { cost, loops };
}

function nestedChoices(analysis: Analysis, stmt: Stmt): Choice[] {
  if (stmt.kind === "if") return [chooseBody(analysis, stmt.then), chooseBody(analysis, stmt.else)];
  if (stmt.kind === "while") {
    const inside = chooseBody(analysis, stmt.body);
    return [{ cost: UNKNOWN_TRIP * inside.cost, loops: inside.loops }];
  }
  if (stmt.kind !== "for" && stmt.kind !== "reduce") return [];
  const trip = assumedTrip(stmt);
  const inside = stmt.kind === "for"
    ? chooseBody(analysis, stmt.body)
    : { cost: countNodes([stmt.value], new Set()), loops: [] };
  const scalar: Choice = { cost: trip * (inside.cost + 2), loops: inside.loops };
  if (stmt.kind === "for" && !stmt.independent) return [scalar];
  const body = stmt.kind === "for" ? stmt.body : reduceBody(stmt);
  const lanes = laneCost(analysis, {
    variable: stmt.variable,
    body,
    trip,
    ...(stmt.kind === "reduce" ? { accumulator: stmt.accumulator } : {}),
  });
  if (lanes === null || lanes.cost >= scalar.cost) return [scalar];
  return [{ cost: lanes.cost, loops: [[stmt, lanes]] }];
}

function reduceBody(stmt: Extract<Stmt, { kind: "reduce" }>): readonly Stmt[] {
  return [{ kind: "let", variable: stmt.accumulator, value: stmt.value }];
}

function scalarCost(stmt: Stmt, seen: Set<Expr>): number {
  switch (stmt.kind) {
    case "let":
    case "assign":
      return countNodes([stmt.value], seen);
    case "store":
      return 1 + countNodes([stmt.value], seen);
    case "if":
    case "while":
      return 1 + countNodes([stmt.condition], seen);
    default:
      return 0;
  }
}

function countNodes(roots: readonly Expr[], seen: Set<Expr>): number {
  let count = 0;
  const costed = (node: Expr): readonly Expr[] => node.op === "load" ? [] : node.args;
  for (const node of postorder(roots, costed, (node) => seen.has(node))) {
    seen.add(node);
    if (node.op === "const" || node.op === "var") continue;
    count += node.op === "div" || node.op === "rem" || node.op === "sqrt" ? 4 : 1;
  }
  return count;
}

interface LaneLoop {
  readonly variable: Variable;
  readonly body: readonly Stmt[];
  readonly trip: number;
  /** Of a reduction. */
  readonly accumulator?: Variable;
}

/** Variables that differ between lanes when `variable` runs over them, or null where the loop cannot be vectorised. */
export function varyingVariables(
  analysis: Analysis,
  variable: Variable,
  body: readonly Stmt[],
): ReadonlySet<Dependency> | null {
  const varying = new Set<Dependency>([variable]);
  const declared = new Set<Variable>();
  const varies = (e: Expr): boolean => intersects(analysis.dependencies(e), varying);
  let changed = true;
  const mark = (v: Variable): void => {
    if (varying.has(v)) return;
    varying.add(v);
    changed = true;
  };
  const propagate = (stmts: readonly Stmt[]): boolean =>
    stmts.every((stmt) => {
      switch (stmt.kind) {
        case "let":
          declared.add(stmt.variable);
          if (varies(stmt.value)) mark(stmt.variable);
          return true;
        case "assign":
          if (varies(stmt.value)) mark(stmt.variable);
          return declared.has(stmt.variable);
        case "reduce":
          if (varies(stmt.value)) mark(stmt.accumulator);
          return declared.has(stmt.accumulator);
        case "store":
          return varies(stmt.index);
        case "for":
          return !varies(stmt.lo) && !varies(stmt.hi) && propagate(stmt.body);
        case "if":
          return !varies(stmt.condition) && propagate(stmt.then) && propagate(stmt.else);
        case "while":
          return !varies(stmt.condition) && propagate(stmt.body);
      }
    });
  while (changed) {
    changed = false;
    if (!propagate(body)) return null;
  }
  return varying;
}

/** Estimated work of a loop over lanes, with the number of lanes to use. */
function laneCost(analysis: Analysis, loop: LaneLoop): (LaneChoice & { readonly cost: number }) | null {
  if (loop.trip < 4) return null;
  const varying = varyingVariables(analysis, loop.variable, loop.body);
  if (varying === null) return null;
  const estimate = new LaneEstimate(analysis, loop.variable, varying);
  const perFour = estimate.body(loop.body) + 2;
  const whole = Math.floor(loop.trip / 4);
  const surplus = loop.trip % 4 === 0 ? 0 : perFour + 4 * estimate.accesses;
  const lanes = chooseLanes(loop, estimate);
  return { cost: whole * perFour + surplus + 4 + estimate.constants.size / 2, lanes, work: estimate.work };
}

function chooseLanes(loop: LaneLoop, estimate: LaneEstimate): number {
  let lanes: number;
  if (estimate.carried > 0) {
    // Values carried by an inner loop should stay in the 16 vector registers, with room for operands.
    lanes = estimate.carried <= 3 ? 16 : estimate.carried <= 6 ? 8 : 4;
  } else {
    lanes = estimate.work <= 10 ? 16 : estimate.work <= 24 ? 8 : 4;
    if (estimate.wide) lanes = Math.max(4, lanes / 2);
  }
  if (loop.accumulator !== undefined && estimate.work <= 24) {
    lanes = Math.max(lanes, isWide(loop.accumulator.type) ? 8 : 16);
  }
  while (lanes > 4 && (lanes > loop.trip || loop.trip < 4 * lanes && loop.trip % lanes !== 0)) lanes /= 2;
  return lanes;
}

/** Adds up the work of four lanes of a loop body. */
class LaneEstimate {
  /** Vector operations of one pass over the body, for four lanes. */
  work = 0;
  /** Loads and stores that run with the lanes. */
  accesses = 0;
  /** Whether 64-bit lanes occur. */
  wide = false;
  /** Vectors, for four lanes, that inner loops carry from one iteration to the next. */
  carried = 0;
  /** What is spread over a vector before the loop. */
  readonly constants: Set<Expr> = new Set();
  readonly #analysis: Analysis;
  readonly #variable: Variable;
  readonly #varying: ReadonlySet<Dependency>;

  constructor(analysis: Analysis, variable: Variable, varying: ReadonlySet<Dependency>) {
    this.#analysis = analysis;
    this.#variable = variable;
    this.#varying = varying;
  }

  body(stmts: readonly Stmt[], nested = false): number {
    let cost = 0;
    const seen = new Set<Expr>();
    const carried = new Set<Variable>();
    for (const stmt of stmts) {
      if (stmt.kind === "let" || stmt.kind === "assign") cost += this.#nodes([stmt.value], seen);
      if (stmt.kind === "assign" && nested) carried.add(stmt.variable);
      if (stmt.kind === "store") {
        cost += this.#nodes([stmt.value], seen) + this.#access(stmt.param, stmt.index);
      }
      if (stmt.kind === "reduce") {
        cost += stmt.extent * (this.#nodes([stmt.value], new Set()) + 2);
        carried.add(stmt.accumulator);
      }
      if (stmt.kind === "for") cost += assumedTrip(stmt) * (this.body(stmt.body, true) + 2);
      if (stmt.kind === "while") cost += UNKNOWN_TRIP * (this.body(stmt.body, true) + 2);
      if (stmt.kind === "if") cost += 1 + this.body(stmt.then, nested) + this.body(stmt.else, nested);
    }
    for (const variable of carried) {
      if (this.#varying.has(variable)) this.carried += isWide(variable.type) ? 2 : 1;
    }
    return cost;
  }

  #varies(e: Expr): boolean {
    return intersects(this.#analysis.dependencies(e), this.#varying);
  }

  #nodes(roots: readonly Expr[], seen: Set<Expr>): number {
    let cost = 0;
    const uniform = (node: Expr): boolean => {
      if (seen.has(node)) return true;
      if (this.#varies(node)) return false;
      this.constants.add(node);
      return true;
    };
    const operands = (node: Expr): readonly Expr[] => {
      if (node.op !== "load") return node.args;
      return this.#stride(node.args[0]!) === null ? node.args : [];
    };
    for (const node of postorder(roots, operands, uniform)) {
      seen.add(node);
      const own = node.op === "load" ? this.#access(node.attr as Param, node.args[0]!) : laneNodeCost(node);
      if (isWide(node.type)) this.wide = true;
      cost += own;
    }
    this.work += cost;
    return cost;
  }

  /** Step of an index from lane to lane; null where it is not constant. */
  #stride(index: Expr): number | null {
    const form = this.#analysis.linear(index);
    const constant = form.terms.every(({ term }) => {
      return term.op === "var" && term.attr === this.#variable || !this.#varies(term);
    });
    return constant ? this.#analysis.coefficient(form, this.#variable) : null;
  }

  #access(param: Param, index: Expr): number {
    const stride = this.#stride(index);
    const parts = storageBytes[param.storage] === 8 ? 2 : 1;
    if (stride === 0) return 1;
    this.accesses++;
    if (stride === 1 || stride === -1) return parts;
    if (stride === 2) return 3 * parts;
    return stride === null ? 8 : 6;
  }
}

/** Vector operations that a node takes for four lanes. */
function laneNodeCost(node: Expr): number {
  const { op, type } = node;
  const x = node.args[0];
  if (op === "const" || op === "var" || op === "bitcast" || x === undefined) return 0;
  const parts = isWide(type) || isWide(x.type) ? 2 : 1;
  const lanewise = 14;
  if (op === "convert") return hasLaneConversion(x.type, type) ? parts : lanewise;
  if (op === "select") return 1.5 * parts;
  if (op === "branch") return 6 + parts;
  if (op === "madd" || op === "narrow" || isCompare(op)) return parts;
  if (op === "shl" || op === "shr") return node.args[1]!.op === "const" ? parts : lanewise;
  if (node.args.length === 1) {
    return hasVectorUnary(op as Parameters<typeof hasVectorUnary>[0], type) ? parts : lanewise;
  }
  if (!hasVectorBinary(op as Parameters<typeof hasVectorBinary>[0], type)) return 2 * lanewise;
  if (op === "div" || op === "rem") return type === "f32" || type === "f64" ? 3 * parts : 20;
  return parts;
}
