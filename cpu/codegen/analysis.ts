/**
 * Facts about expressions and statements that code generation asks for: what they depend on, how deep they are, how
 * often they are used, and which index expressions are linear in their variables.
 *
 * @module
 */
import { type Expr, type Kernel, Param, type Stmt, Variable } from "../../kernel/ir.ts";

/** What a value can change with: variables it reads and buffers it loads from. */
export type Dependency = Variable | Param;

/** `constant + Σ coefficient · term` of an i32 expression; terms are variables and whatever is not linear. */
export interface LinearForm {
  readonly constant: number;
  readonly terms: readonly { readonly term: Expr; readonly coefficient: number }[];
  /** Equal for forms that differ in the constant only. */
  readonly key: string;
}

/** The operands that are evaluated whenever the node is: all but the sides of a `branch`. */
export function eagerOperands(node: Expr): readonly Expr[] {
  return node.op === "branch" ? node.args.slice(0, 1) : node.args;
}

/**
 * The nodes of expressions, operands first, each once, by an explicit stack (expressions can be thousands deep).
 * `operands` says where to go on from a node; nodes for which `skip` holds are left out with what is below them.
 */
export function postorder(
  roots: readonly Expr[],
  operands: (node: Expr) => readonly Expr[] = eagerOperands,
  skip?: (node: Expr) => boolean,
): Expr[] {
  const order: Expr[] = [];
  const entered = new Set<Expr>();
  const stack: (Expr | null)[] = [...roots].reverse();
  const open: Expr[] = [];
  while (stack.length > 0) {
    const node = stack.pop();
    if (node === undefined) break;
    if (node === null) {
      order.push(open.pop()!);
      continue;
    }
    if (entered.has(node) || skip?.(node)) continue;
    entered.add(node);
    open.push(node);
    stack.push(null);
    const next = operands(node);
    for (let i = next.length - 1; i >= 0; i--) stack.push(next[i]!);
  }
  return order;
}

/** All operands of a node. */
export function allOperands(node: Expr): readonly Expr[] {
  return node.args;
}

/** Nodes of a sum that are taken apart; what is beyond them stays one term. */
const LINEAR_NODES = 200;

const NONE: ReadonlySet<Dependency> = new Set();

function union(a: ReadonlySet<Dependency>, b: ReadonlySet<Dependency>): ReadonlySet<Dependency> {
  if (a === b || b.size === 0) return a;
  if (a.size === 0) return b;
  const [large, small] = a.size >= b.size ? [a, b] : [b, a];
  let merged: Set<Dependency> | undefined;
  for (const item of small) {
    if (large.has(item)) continue;
    merged ??= new Set(large);
    merged.add(item);
  }
  return merged ?? large;
}

/** Whether the sets have a common element. */
export function intersects(a: ReadonlySet<Dependency>, b: ReadonlySet<Dependency>): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  for (const item of small) if (large.has(item)) return true;
  return false;
}

/** The expressions that a statement evaluates itself, without those of statements nested in it. */
export function ownExpressions(stmt: Stmt): readonly Expr[] {
  switch (stmt.kind) {
    case "let":
    case "assign":
      return [stmt.value];
    case "store":
      return [stmt.index, stmt.value];
    case "for":
      return [stmt.lo, stmt.hi];
    case "reduce":
      return [stmt.value];
    case "while":
    case "if":
      return [stmt.condition];
  }
}

/** The statement lists nested in a statement. */
export function nestedBodies(stmt: Stmt): readonly (readonly Stmt[])[] {
  if (stmt.kind === "for" || stmt.kind === "while") return [stmt.body];
  return stmt.kind === "if" ? [stmt.then, stmt.else] : [];
}

/** All expressions of a statement list, nested statements included. */
export function allExpressions(body: readonly Stmt[], into: Expr[] = []): Expr[] {
  for (const stmt of body) {
    into.push(...ownExpressions(stmt));
    for (const nested of nestedBodies(stmt)) allExpressions(nested, into);
  }
  return into;
}

/** Memoised facts about the expressions and statements of one program. */
export class Analysis {
  readonly #dependencies = new Map<Expr, ReadonlySet<Dependency>>();
  readonly #heights = new Map<Expr, number>();
  readonly #loads = new Map<Expr, boolean>();
  readonly #linear = new Map<Expr, LinearForm>();
  readonly #modified = new Map<readonly Stmt[], ReadonlySet<Dependency>>();
  readonly #common = new Map<Expr, readonly Expr[]>();
  readonly #eagerLoads = new Map<Expr, readonly Expr[]>();

  /** Everything that the value of an expression depends on. */
  dependencies(e: Expr): ReadonlySet<Dependency> {
    return this.#dependencies.get(e) ?? (this.#measure(e), this.#dependencies.get(e)!);
  }

  /** Length of the longest path to a leaf. */
  height(e: Expr): number {
    return this.#heights.get(e) ?? (this.#measure(e), this.#heights.get(e)!);
  }

  /** Whether a load occurs in the expression. */
  hasLoad(e: Expr): boolean {
    return this.#loads.get(e) ?? (this.#measure(e), this.#loads.get(e)!);
  }

  #measure(root: Expr): void {
    const known = (node: Expr): boolean => this.#heights.has(node);
    for (const node of postorder([root], allOperands, known)) {
      let dependencies = NONE;
      let height = 0;
      let loads = node.op === "load";
      if (node.attr instanceof Variable || node.attr instanceof Param) dependencies = new Set([node.attr]);
      for (const arg of node.args) {
        dependencies = union(dependencies, this.#dependencies.get(arg)!);
        height = Math.max(height, this.#heights.get(arg)! + 1);
        loads ||= this.#loads.get(arg)!;
      }
      this.#dependencies.set(node, dependencies);
      this.#heights.set(node, height);
      this.#loads.set(node, loads);
    }
  }

  /** Variables assigned and buffers stored to anywhere in a statement list. */
  modified(body: readonly Stmt[]): ReadonlySet<Dependency> {
    const known = this.#modified.get(body);
    if (known !== undefined) return known;
    const result = new Set<Dependency>();
    for (const stmt of body) {
      if (stmt.kind === "let" || stmt.kind === "assign" || stmt.kind === "for") result.add(stmt.variable);
      else if (stmt.kind === "store") result.add(stmt.param);
      else if (stmt.kind === "reduce") result.add(stmt.variable).add(stmt.accumulator);
      for (const nested of nestedBodies(stmt)) {
        for (const item of this.modified(nested)) result.add(item);
      }
    }
    this.#modified.set(body, result);
    return result;
  }

  /** The linear form of an i32 index. */
  linear(e: Expr): LinearForm {
    const known = this.#linear.get(e);
    if (known !== undefined) return known;
    const coefficients = new Map<Expr, number>();
    let constant = 0;
    let budget = LINEAR_NODES;
    const add = (node: Expr, scale: number): void => {
      const [x, y] = node.args;
      if (budget-- <= 0) {
        coefficients.set(node, (coefficients.get(node) ?? 0) + scale);
        return;
      }
      if (node.op === "const") constant += scale * Number(node.attr);
      else if (node.op === "add") add(x!, scale), add(y!, scale);
      else if (node.op === "sub") add(x!, scale), add(y!, -scale);
      else if (node.op === "neg") add(x!, -scale);
      else if (node.op === "mul" && y!.op === "const") add(x!, scale * Number(y!.attr));
      else if (node.op === "mul" && x!.op === "const") add(y!, scale * Number(x!.attr));
      else coefficients.set(node, (coefficients.get(node) ?? 0) + scale);
    };
    add(e, 1);
    const terms = [...coefficients].filter(([, coefficient]) => coefficient !== 0)
      .map(([term, coefficient]) => ({ term, coefficient }))
      .sort((a, b) => a.term.id - b.term.id);
    const key = terms.map(({ term, coefficient }) => `${term.id}*${coefficient}`).join("+");
    const form = { constant, terms, key };
    this.#linear.set(e, form);
    return form;
  }

  /** Loads that the evaluation of an expression makes in any case. */
  eagerLoads(e: Expr): readonly Expr[] {
    let loads = this.#eagerLoads.get(e);
    if (loads === undefined) {
      loads = this.hasLoad(e)
        ? postorder([e], eagerOperands, (node) => !this.hasLoad(node)).filter(isLoad)
        : [];
      this.#eagerLoads.set(e, loads);
    }
    return loads;
  }

  /** The largest values that both sides of a `branch` compute in any case: they are computed once, before it. */
  commonValues(branch: Expr): readonly Expr[] {
    let common = this.#common.get(branch);
    if (common === undefined) {
      common = commonValues(branch.args[1]!, branch.args[2]!);
      this.#common.set(branch, common);
    }
    return common;
  }

  /** Coefficient of a variable in a linear form; 0 where it does not occur as a term of its own. */
  coefficient(form: LinearForm, variable: Variable): number {
    for (const { term, coefficient } of form.terms) {
      if (term.op === "var" && term.attr === variable) return coefficient;
    }
    return 0;
  }
}

function isLoad(e: Expr): boolean {
  return e.op === "load";
}

/** Whether the node is a constant or a variable, which cost nothing to use again. */
export function isTrivial(e: Expr): boolean {
  return e.op === "const" || e.op === "var";
}

/** Sides of a branch with more nodes than this are not searched for common values. */
const MAX_COMMON_NODES = 2000;

function commonValues(whenTrue: Expr, whenFalse: Expr): readonly Expr[] {
  if (isTrivial(whenTrue) || isTrivial(whenFalse)) return [];
  const left = new Set(postorder([whenTrue]));
  if (left.size > MAX_COMMON_NODES) return [];
  const common: Expr[] = [];
  const covered = new Set<Expr>();
  const right = postorder([whenFalse]);
  for (const node of right.reverse()) {
    if (!left.has(node) || isTrivial(node)) continue;
    if (!covered.has(node)) common.push(node);
    for (const arg of node.args) covered.add(arg);
  }
  return common;
}

/** Number of distinct parents (nodes and statements) that use each node of a kernel. */
export function useCounts(kernel: Kernel): Map<Expr, number> {
  const roots = allExpressions(kernel.body);
  const counts = new Map<Expr, number>();
  for (const root of roots) counts.set(root, (counts.get(root) ?? 0) + 1);
  for (const node of postorder(roots, allOperands)) {
    for (const arg of new Set(node.args)) {
      const uses = node.args.length > 1 && node.args[0] === node.args[1] && arg === node.args[0] ? 2 : 1;
      counts.set(arg, (counts.get(arg) ?? 0) + uses);
    }
  }
  return counts;
}

/** Buffers that some expression of a statement list loads from. */
export function loadedParams(body: readonly Stmt[]): ReadonlySet<Param> {
  const loaded = new Set<Param>();
  for (const node of postorder(allExpressions(body), allOperands)) {
    if (node.op === "load") loaded.add(node.attr as Param);
  }
  return loaded;
}
