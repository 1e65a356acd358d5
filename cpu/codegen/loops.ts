/**
 * Loops: what does not change in a loop is computed before it, and addresses that are linear in its index are kept in
 * pointers that advance with it.
 *
 * @module
 */
import { type Expr, type Param, type Stmt, storageBytes, type Variable } from "../../kernel/ir.ts";
import {
  type Dependency,
  eagerOperands,
  intersects,
  isTrivial,
  type LinearForm,
  nestedBodies,
  ownExpressions,
  postorder,
} from "./analysis.ts";
import type { LaneEmitter } from "./lane_emitter.ts";
import { isPaired, strideOf } from "./lane_memory.ts";
import type { ScalarEmitter } from "./scalar_emitter.ts";
import type { InductionPointer, KernelState } from "./state.ts";
import { tripCount } from "./vectorize.ts";

/** A loop about to be emitted. */
export interface LoopBody {
  readonly variable: Variable;
  /** Own statements of an iteration, for what they load and store. */
  readonly stmts: readonly Stmt[];
  /** Everything that changes from one iteration to the next. */
  readonly changed: ReadonlySet<Dependency>;
}

/** End of a loop: a constant, or the local that holds it. */
export type Bound = { readonly constant: number } | { readonly local: number };

/** Pushes a bound. */
export function pushBound({ f }: KernelState, bound: Bound): void {
  if ("constant" in bound) f.i32(bound.constant);
  else f.get(bound.local);
}

/** One stretch of a loop: index from its present value by `step` to `end`, which it reaches exactly. */
export interface Stretch {
  readonly body: LoopBody;
  readonly step: number;
  readonly end: Bound;
  /** Iterations, where known. */
  readonly trip: number | null;
  /** Lanes that the iterations run over, or null. */
  readonly lanes: LaneEmitter | null;
}

/** Emits loops of one kernel. */
export class LoopEmitter {
  readonly #state: KernelState;
  readonly #scalar: ScalarEmitter;

  constructor(state: KernelState, scalar: ScalarEmitter) {
    this.#state = state;
    this.#scalar = scalar;
  }

  /**
   * Computes what an iteration evaluates in any case and no iteration changes. With `lanes`, values that the lanes
   * share are spread over vectors here too.
   */
  hoist(body: LoopBody, lanes: LaneEmitter | null): void {
    const { values, analysis } = this.#state;
    const invariant = (e: Expr): boolean => !intersects(analysis.dependencies(e), body.changed);
    const prepare = (e: Expr, user: Expr | null): void => {
      if (lanes === null) {
        if (!isTrivial(e)) this.#scalar.prepare(e);
      } else if (lanes.varies(e)) {
        lanes.prepare(e);
      } else {
        const spread = user === null || lanes.varies(user) && user.op !== "load" &&
            !(isShift(user) && e === user.args[1]) && !(user.op === "branch" && e === user.args[0]);
        if (spread) lanes.prepareSpread(e);
        else if (!isTrivial(e)) this.#scalar.prepare(e);
      }
    };
    const visit = (stmts: readonly Stmt[], mayNotRun: boolean): void => {
      const roots = stmts.flatMap((stmt) => evaluated(stmt));
      const operands = (e: Expr): readonly Expr[] =>
        e.op === "load" && this.#inductive(e.args[0]!, body, lanes) ? [] : eagerOperands(e);
      const hoistable = (e: Expr): boolean => invariant(e) && !(mayNotRun && analysis.hasLoad(e));
      for (const root of roots) {
        if (hoistable(root) && values.get(root, "scalar") === undefined) prepare(root, null);
      }
      for (const node of postorder(roots, operands, invariant)) {
        for (const arg of operands(node)) if (hoistable(arg)) prepare(arg, node);
      }
      for (const stmt of stmts) {
        if (stmt.kind === "for") visit(stmt.body, mayNotRun || (tripCount(stmt) ?? 0) === 0);
      }
    };
    visit(body.stmts, false);
  }

  /** Whether the address of an access can be kept in a pointer that advances with the loop. */
  #inductive(index: Expr, body: LoopBody, lanes: LaneEmitter | null): boolean {
    const { analysis } = this.#state;
    const form = analysis.linear(index);
    if (lanes !== null && lanes.varies(index) && strideOf(lanes, form) === "gather") return false;
    return form.terms.every(({ term }) =>
      term.op === "var" && term.attr === body.variable ||
      !intersects(analysis.dependencies(term), body.changed)
    );
  }

  /** Emits a stretch that has at least one iteration; `iteration` emits what one iteration does. */
  stretch(stretch: Stretch, iteration: () => void): void {
    const { f, values, variables } = this.#state;
    const { body, step, end, trip, lanes } = stretch;
    const index = variables.get(body.variable)!;
    const outer = this.#state.pointers;
    if (trip === 1) {
      this.#state.pointers = new Map();
      values.scope(iteration);
      this.#state.pointers = outer;
      f.get(index).i32(step).op("i32.add").set(index);
      return;
    }
    const { pointers, advances } = this.#makePointers(body, lanes);
    this.#state.pointers = pointers;
    f.loop((again) => {
      values.scope(iteration);
      for (const { local, bytes } of advances) f.get(local).i32(bytes * step).op("i32.add").set(local);
      f.get(index).i32(step).op("i32.add").tee(index);
      pushBound(this.#state, end);
      f.op("i32.lt_s").brIf(again);
    });
    this.#state.pointers = outer;
    for (const group of pointers.values()) for (const { local } of group.values()) f.release(local);
  }

  #makePointers(body: LoopBody, lanes: LaneEmitter | null): {
    pointers: Map<Param, Map<string, InductionPointer>>;
    advances: { local: number; bytes: number }[];
  } {
    const { f, analysis } = this.#state;
    const groups = new Map<Param, Map<string, { form: LinearForm; base: number }>>();
    for (const { param, index } of this.#accesses(body)) {
      if (!this.#inductive(index, body, lanes)) continue;
      const form = analysis.linear(index);
      const base = form.constant + leastExtra(param, form, lanes);
      let group = groups.get(param);
      if (group === undefined) groups.set(param, group = new Map());
      const known = group.get(form.key);
      if (known === undefined || base < known.base) group.set(form.key, { form, base });
    }
    const pointers = new Map<Param, Map<string, InductionPointer>>();
    const advances: { local: number; bytes: number }[] = [];
    this.#state.pointers = new Map();
    for (const [param, group] of groups) {
      const made = new Map<string, InductionPointer>();
      pointers.set(param, made);
      for (const [key, { form, base }] of group) {
        const local = f.local("i32");
        const offset = this.#scalar.pointerTo(param, form, base);
        if (offset !== 0) f.i32(offset).op("i32.add");
        f.set(local);
        made.set(key, { local, base });
        const bytes = analysis.coefficient(form, body.variable) * storageBytes[param.storage];
        if (bytes !== 0) advances.push({ local, bytes });
      }
    }
    return { pointers, advances };
  }

  /** Accesses that every iteration makes itself; what no iteration changes was loaded before. */
  #accesses(body: LoopBody): { param: Param; index: Expr }[] {
    const { analysis } = this.#state;
    const accesses: { param: Param; index: Expr }[] = [];
    for (const stmt of body.stmts) {
      if (stmt.kind === "store") accesses.push({ param: stmt.param, index: stmt.index });
      for (const root of evaluated(stmt)) {
        for (const load of analysis.eagerLoads(root)) {
          if (!intersects(analysis.dependencies(load), body.changed)) continue;
          accesses.push({ param: load.attr as Param, index: load.args[0]! });
        }
      }
    }
    return accesses;
  }
}

/** Expressions that a statement evaluates in any case when it is reached, apart from those of the loops in it. */
function evaluated(stmt: Stmt): readonly Expr[] {
  if (stmt.kind === "reduce") return [];
  return stmt.kind === "store" ? [stmt.value, ...storeIndexRoots(stmt.index)] : ownExpressions(stmt);
}

/** A store's index is part of its address, computed apart; only what is not linear in it counts as a value. */
function storeIndexRoots(index: Expr): readonly Expr[] {
  return index.op === "load" || index.op === "div" || index.op === "rem" ? [index] : [];
}

/** Least constant, relative to that of the form, of the addresses that an access of several lanes makes. */
function leastExtra(param: Param, form: LinearForm, lanes: LaneEmitter | null): number {
  if (lanes === null) return 0;
  const stride = strideOf(lanes, form);
  if (stride === "gather") return 0;
  if (stride === 2 && isPaired(param, form)) return -Math.abs(form.constant % 2);
  return stride < 0 ? stride * (lanes.context.lanes - 1) : 0;
}

function isShift(e: Expr): boolean {
  return e.op === "shl" || e.op === "shr";
}

/** Everything that the iterations of a loop change: what its statements do, and its index. */
export function changedBy(
  state: KernelState,
  variable: Variable,
  stmts: readonly Stmt[],
): ReadonlySet<Dependency> {
  return new Set([...state.analysis.modified(stmts), variable]);
}

/** Whether a statement list contains loops. */
export function hasLoops(stmts: readonly Stmt[]): boolean {
  return stmts.some((stmt) =>
    stmt.kind === "reduce" || nestedBodies(stmt).some((nested) => nested.length > 0)
  );
}
