/**
 * Reductions with a known monoid: over lanes with several accumulators that are combined pairwise at the end, or one
 * element after the other.
 *
 * @module
 */
import type { BinaryOp, Expr, Monoid, ScalarType, Stmt } from "../../kernel/ir.ts";
import type { LaneEmitter } from "./lane_emitter.ts";
import type { ScalarEmitter } from "./scalar_emitter.ts";
import { isWide, scalarBinary } from "./scalar_ops.ts";
import type { KernelState } from "./state.ts";
import { laneOpcodes, permute, shapeOf, vectorBinary, vectorMadd } from "./vector_ops.ts";

type Reduce = Extract<Stmt, { kind: "reduce" }>;

/** The operation on two scalars or lanes that a monoid stands for. */
function monoidOp({ monoid }: Reduce): BinaryOp {
  return monoid;
}

/** Whether a value is a product that the accumulation can take into one multiply-add. */
function isProduct(state: KernelState, stmt: Reduce): boolean {
  const { value } = stmt;
  return stmt.monoid === "add" && value.op === "mul" && (value.type === "f32" || value.type === "f64") &&
    (state.uses.get(value) ?? 0) <= 1;
}

/** A reduction whose own loop runs over lanes. */
export class ReductionLanes {
  readonly #state: KernelState;
  readonly #stmt: Reduce;
  readonly #accumulators: readonly number[];

  constructor(state: KernelState, stmt: Reduce, lanes: number) {
    this.#state = state;
    this.#stmt = stmt;
    const parts = lanes * (isWide(stmt.accumulator.type) ? 64 : 32) / 128;
    this.#accumulators = Array.from({ length: parts }, () => state.f.local("v128"));
  }

  get #type(): ScalarType {
    return this.#stmt.accumulator.type;
  }

  #pushIdentity(): void {
    const { f } = this.#state;
    const type = this.#type;
    const identity = monoidIdentity(this.#stmt.monoid, type);
    if (type === "bool") f.splat("i32", identity ? -1 : 0);
    else if (type === "f32" || type === "f64") f.splat(type, identity as number);
    else f.splat(isWide(type) ? "i64" : "i32", identity as number | bigint);
  }

  /** Starts all accumulators at the identity. */
  begin(): void {
    for (const local of this.#accumulators) {
      this.#pushIdentity();
      this.#state.f.set(local);
    }
  }

  /** Takes in the lanes of one iteration. */
  step(lanes: LaneEmitter): void {
    const { f, helpers, relaxed } = this.#state;
    const { value } = this.#stmt;
    const op = monoidOp(this.#stmt);
    const parts = lanes.partsOfType(this.#type);
    lanes.prepareStages(value);
    for (let part = 0; part < parts; part++) {
      const local = this.#accumulators[part]!;
      if (lanes.context.last === null && isProduct(this.#state, this.#stmt)) {
        lanes.emit(value.args[0]!, part);
        lanes.emit(value.args[1]!, part);
        f.get(local);
        vectorMadd(f, this.#type, relaxed);
      } else {
        f.get(local);
        this.#emitValue(lanes, value, part);
        vectorBinary(f, helpers, op, this.#type);
      }
      f.set(local);
    }
  }

  #emitValue(lanes: LaneEmitter, value: Expr, part: number): void {
    const { f, variables } = this.#state;
    if (this.#type === "bool") lanes.emitMask(value, part, 32);
    else lanes.emit(value, part);
    const { variable, last } = lanes.context;
    if (last === null) return;
    // Surplus lanes repeat the last element: they contribute the identity instead.
    this.#pushIdentity();
    const perPart = isWide(this.#type) ? 2 : 4;
    const numbers = Int32Array.from(
      { length: 4 },
      (_, lane) => part * perPart + Math.floor(lane * perPart / 4),
    );
    f.v128(new Uint8Array(numbers.buffer));
    f.get(last).get(variables.get(variable)!).op("i32.sub").op("i32x4.splat").op("i32x4.le_s");
    f.op("v128.bitselect");
  }

  /** Combines the accumulators into the scalar in `accumulator`. */
  finish(accumulator: number): void {
    const { f, helpers } = this.#state;
    const type = this.#type;
    const op = monoidOp(this.#stmt);
    let partial = [...this.#accumulators];
    while (partial.length > 1) {
      const half = partial.length / 2;
      for (let i = 0; i < half; i++) {
        f.get(partial[i]!).get(partial[i + half]!);
        vectorBinary(f, helpers, op, type);
        f.set(partial[i]!);
      }
      partial = partial.slice(0, half);
    }
    const total = partial[0]!;
    const fold = (pattern: "upper" | "second32"): void => {
      f.get(total).get(total).get(total);
      permute(f, pattern);
      vectorBinary(f, helpers, op, type);
      f.set(total);
    };
    fold("upper");
    if (!isWide(type)) fold("second32");
    f.get(accumulator).get(total).lane(laneOpcodes[shapeOf(type)].extract, 0);
    if (type === "bool") f.i32(1).op("i32.and");
    scalarBinary(f, helpers, op, type);
    f.set(accumulator);
    for (const local of this.#accumulators) f.release(local);
  }
}

/** One step of a reduction whose loop runs one by one, on a scalar or on lanes of an outer loop. */
export function emitReduceStep(
  state: KernelState,
  scalar: ScalarEmitter,
  lanes: LaneEmitter | null,
  stmt: Reduce,
): void {
  const { f, helpers, variables } = state;
  const { accumulator, value } = stmt;
  const op = monoidOp(stmt);
  const locals = lanes?.variables.get(accumulator);
  if (lanes === null || locals === undefined) {
    const local = variables.get(accumulator)!;
    f.get(local);
    scalar.emitRoot(value);
    scalarBinary(f, helpers, op, accumulator.type);
    f.set(local);
    return;
  }
  lanes.prepareStages(value);
  locals.forEach((local, part) => {
    if (isProduct(state, stmt)) {
      lanes.emit(value.args[0]!, part);
      lanes.emit(value.args[1]!, part);
      f.get(local);
      vectorMadd(f, accumulator.type, state.relaxed);
    } else {
      f.get(local);
      if (accumulator.type === "bool") lanes.emitMask(value, part, 32);
      else lanes.emit(value, part);
      vectorBinary(f, helpers, op, accumulator.type);
    }
    f.set(local);
  });
}

/** The element that leaves others as they are under a monoid. */
function monoidIdentity(monoid: Monoid, type: ScalarType): number | bigint | boolean {
  const float = type === "f32" || type === "f64";
  const long = type === "i64" || type === "u64";
  if (type === "bool") return monoid === "mul" || monoid === "and" || monoid === "min";
  switch (monoid) {
    case "add":
      return float ? -0 : long ? 0n : 0;
    case "or":
    case "xor":
      return long ? 0n : 0;
    case "mul":
      return long ? 1n : 1;
    case "and":
      return long ? -1n : -1;
    case "min":
      return float ? Infinity : extremes[type as keyof typeof extremes][1];
    case "max":
      return float ? -Infinity : extremes[type as keyof typeof extremes][0];
  }
}

const extremes = {
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, -1],
  i64: [-(2n ** 63n), 2n ** 63n - 1n],
  u64: [0n, -1n],
} as const;
