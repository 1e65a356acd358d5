/**
 * Statements of a kernel as WebAssembly, one by one or over lanes.
 *
 * @module
 */
import type { Expr, Param, Stmt, Variable } from "../../kernel/ir.ts";
import { type Bound, changedBy, type LoopBody, LoopEmitter, pushBound } from "./loops.ts";
import { LaneEmitter } from "./lane_emitter.ts";
import { isStorePair, storeLanes, storePairs } from "./lane_memory.ts";
import { emitReduceStep, ReductionLanes } from "./reductions.ts";
import { ScalarEmitter } from "./scalar_emitter.ts";
import { wasmTypes } from "./scalar_ops.ts";
import type { KernelState } from "./state.ts";
import { type LaneChoice, tripCount, varyingVariables, type VectorPlan } from "./vectorize.ts";

type For = Extract<Stmt, { kind: "for" }>;
type Reduce = Extract<Stmt, { kind: "reduce" }>;
type Store = Extract<Stmt, { kind: "store" }>;

/** Where a loop ends, whose index local holds its first value. */
export interface RangeBounds {
  readonly end: Bound;
  /** Iterations, where known. */
  readonly trip: number | null;
  /** What the number of iterations is a multiple of, whether or not it is known. */
  readonly multiple: number;
}

interface OpenLoop extends RangeBounds {
  readonly body: LoopBody;
}

/** Loops of at most this many iterations with much work in each are emitted once, with all lanes clamped. */
const SHORT_TRIP = 32;
const MUCH_WORK = 60;

/** Emits the statements of one kernel. */
export class StatementEmitter {
  readonly #state: KernelState;
  readonly #scalar: ScalarEmitter;
  readonly #loops: LoopEmitter;
  readonly #plan: VectorPlan;
  /** Buffers that some expression loads from: stores to others change no value. */
  readonly #loaded: ReadonlySet<Param>;
  #lanes: LaneEmitter | null = null;

  constructor(state: KernelState, plan: VectorPlan, loaded: ReadonlySet<Param>) {
    this.#state = state;
    this.#plan = plan;
    this.#loaded = loaded;
    this.#scalar = new ScalarEmitter(state);
    this.#loops = new LoopEmitter(state, this.#scalar);
  }

  /** Emits statements in order. */
  emit(stmts: readonly Stmt[]): void {
    for (let i = 0; i < stmts.length; i++) {
      const stmt = stmts[i]!, next = stmts[i + 1];
      if (stmt.kind === "store" && next?.kind === "store" && this.#emitPair(stmt, next)) i++;
      else this.#emitStatement(stmt);
    }
  }

  /** Two stores to neighbouring elements, such as the parts of complex numbers, as whole vectors. */
  #emitPair(first: Store, second: Store): boolean {
    const lanes = this.#lanes;
    if (lanes === null || !isStorePair(lanes, first, second)) return false;
    lanes.prepareStages(first.value);
    lanes.prepareStages(second.value);
    storePairs(lanes, first.param, first.index, [first.value, second.value]);
    if (this.#loaded.has(first.param)) this.#state.values.invalidate(new Set([first.param]));
    return true;
  }

  /** Emits iterations of a kernel's range; there is at least one, and the first is in its local. */
  emitRange(variable: Variable, stmts: readonly Stmt[], bounds: RangeBounds): void {
    const body = { variable, stmts, changed: changedBy(this.#state, variable, stmts) };
    const loop: OpenLoop = { body, ...bounds };
    if (this.#plan.range !== null) this.#emitLaneLoop(loop, this.#plan.range, () => this.emit(stmts));
    else this.#emitScalarLoop(loop, () => this.emit(stmts));
  }

  #emitStatement(stmt: Stmt): void {
    switch (stmt.kind) {
      case "let":
        return this.#emitLet(stmt.variable, stmt.value);
      case "assign":
        this.#setVariable(stmt.variable, stmt.value);
        return this.#state.values.invalidate(new Set([stmt.variable]));
      case "store":
        return this.#emitStore(stmt.param, stmt.index, stmt.value);
      case "for":
        return this.#emitFor(stmt);
      case "reduce":
        return this.#emitReduce(stmt);
      case "while":
        return this.#emitWhile(stmt);
      case "if":
        return this.#emitIf(stmt);
    }
  }

  #emitLet(variable: Variable, value: Expr): void {
    const { f, variables, values } = this.#state;
    const lanes = this.#lanes;
    const known = variables.has(variable) || lanes?.variables.has(variable);
    if (lanes !== null && lanes.context.varying.has(variable)) {
      if (!lanes.variables.has(variable)) {
        const parts = lanes.partsOfType(variable.type);
        lanes.variables.set(variable, Array.from({ length: parts }, () => f.local("v128")));
      }
    } else if (!variables.has(variable)) {
      variables.set(variable, f.local(wasmTypes[variable.type]));
    }
    this.#setVariable(variable, value);
    if (known) values.invalidate(new Set([variable]));
  }

  #setVariable(variable: Variable, value: Expr): void {
    const { f, variables } = this.#state;
    const locals = this.#lanes?.variables.get(variable);
    if (this.#lanes === null || locals === undefined) {
      this.#scalar.emitRoot(value);
      f.set(variables.get(variable)!);
      return;
    }
    const lanes = this.#lanes;
    lanes.prepareStages(value);
    locals.forEach((_, part) => {
      if (variable.type === "bool") lanes.emitMask(value, part, 32);
      else lanes.emit(value, part);
    });
    for (const local of [...locals].reverse()) f.set(local);
  }

  #emitStore(param: Param, index: Expr, value: Expr): void {
    if (this.#lanes === null) {
      this.#scalar.store(param, index, value);
    } else {
      this.#lanes.prepareStages(value);
      storeLanes(this.#lanes, param, index, value);
    }
    if (this.#loaded.has(param)) this.#state.values.invalidate(new Set([param]));
  }

  #emitIf(stmt: Extract<Stmt, { kind: "if" }>): void {
    const { f, values, analysis } = this.#state;
    this.#scalar.emitRoot(stmt.condition);
    f.if(
      () => values.scope(() => this.emit(stmt.then)),
      stmt.else.length > 0 ? () => values.scope(() => this.emit(stmt.else)) : undefined,
    );
    values.invalidate(new Set([...analysis.modified(stmt.then), ...analysis.modified(stmt.else)]));
  }

  #emitWhile(stmt: Extract<Stmt, { kind: "while" }>): void {
    const { f, values, analysis } = this.#state;
    values.invalidate(analysis.modified(stmt.body));
    f.block((done) => {
      f.loop((again) => {
        values.scope(() => {
          this.#scalar.emitRoot(stmt.condition);
          f.op("i32.eqz").brIf(done);
          this.emit(stmt.body);
        });
        f.br(again);
      });
    });
  }

  /** The local of a loop index, holding `lo`. */
  #openIndex(variable: Variable, lo: Expr | number): void {
    const { f, variables } = this.#state;
    if (!variables.has(variable)) variables.set(variable, f.local("i32"));
    if (typeof lo === "number") f.i32(lo);
    else this.#scalar.emitRoot(lo);
    f.set(variables.get(variable)!);
  }

  #emitFor(stmt: For): void {
    const { f, values, variables } = this.#state;
    const trip = tripCount(stmt);
    if (trip === 0) return;
    const body = {
      variable: stmt.variable,
      stmts: stmt.body,
      changed: changedBy(this.#state, stmt.variable, stmt.body),
    };
    let end: Bound;
    if (stmt.hi.op === "const") {
      end = { constant: Number(stmt.hi.attr) };
    } else {
      const local = f.local("i32");
      this.#scalar.emitRoot(stmt.hi);
      f.set(local);
      end = { local };
    }
    this.#openIndex(stmt.variable, stmt.lo);
    values.invalidate(body.changed);
    const run = (): void => {
      const lanes = this.#lanes === null ? this.#plan.loops.get(stmt) : undefined;
      const loop: OpenLoop = { body, end, trip, multiple: trip ?? 1 };
      if (lanes !== undefined) this.#emitLaneLoop(loop, lanes, () => this.emit(stmt.body));
      else this.#emitScalarLoop(loop, () => this.emit(stmt.body));
    };
    if (trip !== null) {
      run();
    } else {
      f.get(variables.get(stmt.variable)!);
      pushBound(this.#state, end);
      f.op("i32.lt_s").if(() => values.scope(run));
    }
    if ("local" in end) f.release(end.local);
  }

  #emitScalarLoop(loop: OpenLoop, iteration: () => void): void {
    const { body, end, trip } = loop;
    this.#state.values.scope(() => {
      this.#loops.hoist(body, this.#lanes);
      this.#loops.stretch({ body, step: 1, end, trip, lanes: this.#lanes }, iteration);
    });
  }

  /**
   * A loop over lanes: as many iterations of `lanes` lanes as fit, then of four, then one last of four lanes of which
   * the surplus ones repeat the last index.
   */
  #emitLaneLoop(loop: OpenLoop, { lanes, work }: LaneChoice, iteration: () => void): void {
    const { body } = loop;
    const varying = varyingVariables(this.#state.analysis, body.variable, body.stmts);
    if (varying === null) throw new Error("kernel: this loop cannot run over lanes");
    this.#state.values.scope(() => {
      const sizes = lanes > 4 ? [lanes, 4] : [4];
      if (loop.trip !== null && loop.trip <= SHORT_TRIP && loop.trip % 4 !== 0 && work > MUCH_WORK) {
        this.#emitClamped(loop, varying, loop.trip, iteration);
        return;
      }
      let hoisted = false;
      let rest = loop.trip;
      for (const size of sizes) {
        const whole = rest === null ? null : Math.floor(rest / size);
        if (whole === 0) continue;
        const emitter = new LaneEmitter(this.#state, this.#scalar, {
          variable: body.variable,
          lanes: size,
          varying,
          last: null,
        });
        if (!hoisted) this.#loops.hoist(body, emitter);
        hoisted = true;
        this.#emitWhole(loop, emitter, whole, iteration);
        if (rest !== null) rest -= whole! * size;
        else if (loop.multiple % size === 0) rest = 0;
      }
      if (rest === 0 || loop.multiple % 4 === 0) return;
      this.#emitClamped(loop, varying, rest, iteration);
    });
  }

  #withLanes(lanes: LaneEmitter, body: () => void): void {
    this.#lanes = lanes;
    body();
    this.#lanes = null;
  }

  /** The iterations that have all their lanes. */
  #emitWhole(loop: OpenLoop, lanes: LaneEmitter, whole: number | null, iteration: () => void): void {
    const { f, variables } = this.#state;
    const { body } = loop;
    const size = lanes.context.lanes;
    const index = variables.get(body.variable)!;
    const run = (end: Bound, trip: number | null): void =>
      this.#withLanes(lanes, () => this.#loops.stretch({ body, step: size, end, trip, lanes }, iteration));
    const end = f.local("i32");
    f.get(index);
    pushBound(this.#state, loop.end);
    f.get(index).op("i32.sub").i32(-size).op("i32.and").op("i32.add").set(end);
    if (whole !== null) {
      run({ local: end }, whole);
    } else {
      f.get(index).get(end).op("i32.lt_s").if(() =>
        this.#state.values.scope(() => run({ local: end }, null))
      );
    }
    f.release(end);
  }

  /**
   * What is left of the iterations, in groups of four lanes of which surplus ones repeat the last index: up to three
   * where their number is not known.
   */
  #emitClamped(
    loop: OpenLoop,
    varying: LaneEmitter["context"]["varying"],
    rest: number | null,
    iteration: () => void,
  ): void {
    const { f, variables, values } = this.#state;
    const { body } = loop;
    const index = variables.get(body.variable)!;
    const last = f.local("i32");
    pushBound(this.#state, loop.end);
    f.i32(1).op("i32.sub").set(last);
    const lanes = new LaneEmitter(this.#state, this.#scalar, {
      variable: body.variable,
      lanes: 4,
      varying,
      last,
    });
    const run = (): void => {
      this.#loops.hoist(body, lanes);
      const stretch = { body, step: 4, end: loop.end, trip: rest === null ? 1 : Math.ceil(rest / 4), lanes };
      this.#withLanes(lanes, () => this.#loops.stretch(stretch, iteration));
    };
    if (rest !== null) run();
    else f.get(index).get(last).op("i32.le_s").if(() => values.scope(run));
    f.release(last);
  }

  #emitReduce(stmt: Reduce): void {
    const { values, variables } = this.#state;
    if (stmt.extent === 0) return;
    const stmts: readonly Stmt[] = [{ kind: "let", variable: stmt.accumulator, value: stmt.value }];
    const body = { variable: stmt.variable, stmts, changed: changedBy(this.#state, stmt.variable, stmts) };
    this.#openIndex(stmt.variable, 0);
    values.invalidate(body.changed);
    const loop: OpenLoop = { body, end: { constant: stmt.extent }, trip: stmt.extent, multiple: stmt.extent };
    const choice = this.#lanes === null ? this.#plan.loops.get(stmt) : undefined;
    if (choice !== undefined) {
      const reduction = new ReductionLanes(this.#state, stmt, choice.lanes);
      reduction.begin();
      this.#emitLaneLoop(loop, choice, () => reduction.step(this.#lanes!));
      reduction.finish(variables.get(stmt.accumulator)!);
    } else {
      this.#emitScalarLoop(loop, () => emitReduceStep(this.#state, this.#scalar, this.#lanes, stmt));
    }
    values.invalidate(body.changed);
  }
}
