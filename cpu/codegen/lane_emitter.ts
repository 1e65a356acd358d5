/**
 * Expressions over vector lanes: `lanes` consecutive values of the vectorised index at once, in parts of 128 bits.
 *
 * An expression of a 32-bit type has `lanes / 4` parts, one of a 64-bit type `lanes / 2`. A boolean is a mask with
 * the lane width of what it was compared from. What does not differ between lanes is computed as a scalar and spread
 * over a vector; what SIMD cannot do is done lane by lane.
 *
 * @module
 */
import type { BinaryOp, Expr, Param, ScalarType, StorageType, UnaryOp, Variable } from "../../kernel/ir.ts";
import { isCompare, type ScalarEmitter, stages } from "./scalar_emitter.ts";
import { type Dependency, intersects } from "./analysis.ts";
import { convertLanes, hasLaneConversion, narrowLanes } from "./lane_convert.ts";
import { emitBranch } from "./lane_branch.ts";
import { loadLanes } from "./lane_memory.ts";
import { isFullWidth, isWide } from "./scalar_ops.ts";
import type { KernelState } from "./state.ts";
import {
  extendMask,
  hasVectorBinary,
  hasVectorUnary,
  laneOpcodes,
  permute,
  shapeOf,
  vectorBinary,
  vectorCompare,
  vectorMadd,
  vectorUnary,
  zeroVector,
} from "./vector_ops.ts";

/** Lane width of a mask. */
export type MaskBits = 32 | 64;

/** A vectorised stretch of a loop. */
export interface LaneContext {
  /** The index whose consecutive values are the lanes. */
  readonly variable: Variable;
  /** Number of lanes: a multiple of 4. */
  readonly lanes: number;
  /** Variables whose value differs between lanes. */
  readonly varying: ReadonlySet<Dependency>;
  /** Local with the greatest index of the loop, for a last iteration whose surplus lanes repeat it; else null. */
  readonly last: number | null;
}

/** Emits expressions over lanes, for one stretch of a loop. */
export class LaneEmitter {
  readonly state: KernelState;
  readonly scalar: ScalarEmitter;
  readonly context: LaneContext;
  /** Locals of variables that differ between lanes, by part. */
  readonly variables: Map<Variable, readonly number[]> = new Map();
  /** Lanes that are active inside sides of branches: 32-bit masks for each four lanes; null: all. */
  mask: readonly number[] | null = null;
  readonly #maskBits = new Map<Expr, MaskBits>();
  readonly #varies = new Map<Expr, boolean>();

  constructor(state: KernelState, scalar: ScalarEmitter, context: LaneContext) {
    this.state = state;
    this.scalar = scalar;
    this.context = context;
  }

  /** Whether the value differs between lanes. */
  varies(e: Expr): boolean {
    let varies = this.#varies.get(e);
    if (varies === undefined) {
      varies = intersects(this.state.analysis.dependencies(e), this.context.varying);
      this.#varies.set(e, varies);
    }
    return varies;
  }

  /** Lane width of a value. */
  bits(e: Expr): MaskBits {
    return e.type === "bool" ? this.maskBits(e) : isWide(e.type) ? 64 : 32;
  }

  /** Number of vectors that hold all lanes of a value. */
  parts(e: Expr): number {
    return this.context.lanes * this.bits(e) / 128;
  }

  /** Number of vectors that hold all lanes of a variable of the type; booleans are 32-bit masks there. */
  partsOfType(type: ScalarType): number {
    return this.context.lanes * (isWide(type) ? 64 : 32) / 128;
  }

  /** Lane width of a boolean's mask. */
  maskBits(e: Expr): MaskBits {
    const known = this.#maskBits.get(e);
    if (known !== undefined) return known;
    let bits: MaskBits = 32;
    if (this.varies(e)) {
      if (isCompare(e.op) || e.op === "convert") bits = this.bits(e.args[0]!);
      else if (e.op === "select" || e.op === "branch") bits = this.maskBits(e.args[1]!);
      else if (e.op !== "var" && e.op !== "load" && e.op !== "const") bits = this.maskBits(e.args[0]!);
    }
    this.#maskBits.set(e, bits);
    return bits;
  }

  /** Leaves part `part` of the value on the stack. */
  emit(e: Expr, part: number): void {
    if (!this.varies(e)) return this.spread(e);
    const { f, values } = this.state;
    const known = values.get(e, part);
    if (known !== undefined) {
      f.get(known);
      return;
    }
    this.#emitNode(e, part);
    if (this.scalar.keeps(e) && values.get(e, part) === undefined) this.#keep(e, part);
  }

  /** As {@linkcode emit}, keeping the part in a local whatever its number of uses. */
  emitKept(e: Expr, part: number): void {
    this.emit(e, part);
    if (this.varies(e) && e.op !== "const" && this.state.values.get(e, part) === undefined) {
      this.#keep(e, part);
    }
  }

  /** Computes what has to come before the parts of a statement's expression or of a branch side. */
  prepareStages(e: Expr): void {
    for (const node of stages(this.state.analysis, e)) this.prepare(node);
  }

  /** Computes all parts into locals. */
  prepare(e: Expr): void {
    if (!this.varies(e)) return this.scalar.prepare(e);
    for (let part = 0; part < this.parts(e); part++) {
      this.emitKept(e, part);
      this.state.f.op("drop");
    }
  }

  #keep(e: Expr, part: number): void {
    const local = this.state.f.local("v128");
    this.state.f.tee(local);
    this.state.values.add(e, part, local);
  }

  /** Leaves a vector on the stack with a value that all lanes share. */
  spread(e: Expr): void {
    const { f, values } = this.state;
    const known = values.get(e, "splat");
    if (known !== undefined) {
      f.get(known);
      return;
    }
    if (e.op === "const") return spreadConst(this.state, e);
    if (e.type === "bool") {
      f.i32(0);
      this.scalar.emit(e);
      f.op("i32.sub").op("i32x4.splat");
    } else {
      this.#spreadScalar(e);
    }
    const local = f.local("v128");
    f.tee(local);
    values.add(e, "splat", local);
  }

  /** Spreads a value that all lanes share into a local of its own, unless making it again costs nothing. */
  prepareSpread(e: Expr): void {
    const { f, values } = this.state;
    if (values.get(e, "splat") !== undefined || e.op === "const" && isZeroBits(e)) return;
    this.spread(e);
    if (values.get(e, "splat") === undefined) {
      const local = f.local("v128");
      f.tee(local);
      values.add(e, "splat", local);
    }
    f.op("drop");
  }

  #spreadScalar(e: Expr): void {
    const { f, values, analysis } = this.state;
    const param = e.attr as Param;
    if (e.op === "load" && isFullWidth(param.storage) && values.get(e, "scalar") === undefined) {
      const offset = this.scalar.address(param, analysis.linear(e.args[0]!));
      f.memory(isWide(e.type) ? "v128.load64_splat" : "v128.load32_splat", offset);
      return;
    }
    this.scalar.emit(e);
    f.op(laneOpcodes[shapeOf(e.type)].splat);
  }

  /** Leaves a mask for a part of a value with lanes of `bits` bits. */
  emitMask(e: Expr, part: number, bits: MaskBits): void {
    if (!this.varies(e)) return this.spread(e);
    const have = this.maskBits(e);
    if (have === bits) {
      this.emit(e, part);
    } else if (bits === 64) {
      this.emitKept(e, part >> 1);
      this.state.f.op(extendMask(part));
    } else {
      this.emit(e, 2 * part);
      this.emit(e, 2 * part + 1);
      permute(this.state.f, "even32");
    }
  }

  /** Leaves lane `lane` of a value on the stack as a scalar. */
  emitLane(e: Expr, lane: number): void {
    if (!this.varies(e)) return this.scalar.emit(e);
    const { f, variables } = this.state;
    const { variable, last } = this.context;
    if (e.op === "var" && e.attr === variable && last === null) {
      f.get(variables.get(variable)!);
      if (lane !== 0) f.i32(lane).op("i32.add");
      return;
    }
    const perPart = 128 / this.bits(e);
    this.emitKept(e, Math.floor(lane / perPart));
    const within = lane % perPart;
    if (e.type === "bool") f.lane("i32x4.extract_lane", within * 4 / perPart).i32(1).op("i32.and");
    else f.lane(laneOpcodes[shapeOf(e.type)].extract, within);
  }

  #emitNode(e: Expr, part: number): void {
    const { f, helpers } = this.state;
    const [x, y, z] = e.args as [Expr, Expr, Expr];
    const { op, type } = e;
    if (op === "var") return this.#emitVariable(e, part);
    if (op === "load") return loadLanes(this, e, part);
    if (op === "branch") return emitBranch(this, e, part);
    if (op === "select") return this.emitSelect(e, part);
    if (op === "madd") {
      for (const arg of [x, y, z]) this.emit(arg, part);
      return vectorMadd(f, type, this.state.relaxed);
    }
    if (op === "bitcast") return this.emit(x, part);
    if (op === "narrow") {
      this.emit(x, part);
      return narrowLanes(f, helpers, e.attr as StorageType);
    }
    if (op === "convert") {
      return hasLaneConversion(x.type, type)
        ? convertLanes(this, x, type, part)
        : this.#emitLanewise(e, part);
    }
    if (isCompare(op)) {
      this.emitOperand(x, part, this.bits(x));
      this.emitOperand(y, part, this.bits(x));
      return vectorCompare(f, op, x.type);
    }
    if (e.args.length === 1) {
      if (!hasVectorUnary(op as UnaryOp, type)) return this.#emitLanewise(e, part);
      this.emit(x, part);
      return vectorUnary(f, op as Exclude<UnaryOp, "convert" | "bitcast" | "narrow">, type);
    }
    if (op === "shl" || op === "shr") return this.#emitShift(e, part);
    if (!hasVectorBinary(op as BinaryOp, type)) return this.#emitLanewise(e, part);
    this.emitOperand(x, part, this.bits(e));
    this.emitOperand(y, part, this.bits(e));
    vectorBinary(f, helpers, op as BinaryOp, type);
  }

  /** As {@linkcode emit}; of a boolean, the mask for lanes of `bits` bits. */
  emitOperand(e: Expr, part: number, bits: MaskBits): void {
    if (e.type === "bool") this.emitMask(e, part, bits);
    else this.emit(e, part);
  }

  #emitVariable(e: Expr, part: number): void {
    const { f, variables } = this.state;
    const { variable, last } = this.context;
    const local = this.variables.get(e.attr as Variable)?.[part];
    if (local !== undefined) {
      f.get(local);
      return;
    }
    if (e.attr !== variable) {
      throw new Error(`kernel: variable v${(e.attr as Variable).id} has no lanes here`);
    }
    f.get(variables.get(variable)!).op("i32x4.splat");
    f.v128(new Uint8Array(Int32Array.from([0, 1, 2, 3], (lane) => 4 * part + lane).buffer)).op("i32x4.add");
    if (last !== null) f.get(last).op("i32x4.splat").op("i32x4.min_s");
    this.#keep(e, part);
  }

  /** Leaves a selection of both sides, for `select` and for a `branch` whose sides are cheap. */
  emitSelect(e: Expr, part: number): void {
    const [condition, whenTrue, whenFalse] = e.args as [Expr, Expr, Expr];
    const bits = this.bits(e);
    this.emitOperand(whenTrue, part, bits);
    this.emitOperand(whenFalse, part, bits);
    this.emitMask(condition, part, bits);
    this.state.f.op("v128.bitselect");
  }

  #emitShift(e: Expr, part: number): void {
    const { f } = this.state;
    const [x, count] = e.args as [Expr, Expr];
    if (this.varies(count)) return this.#emitLanewise(e, part);
    const shape = isWide(e.type) ? "i64x2" : "i32x4";
    const bits = isWide(e.type) ? 64 : 32;
    const logical = e.op === "shl" || e.type === "u32" || e.type === "u64";
    this.emit(x, part);
    const opcode = e.op === "shl" ? `${shape}.shl` as const : `${shape}.shr_${logical ? "u" : "s"}` as const;
    if (count.op === "const") {
      const value = Number(count.attr);
      const inRange = value >= 0 && value < bits;
      if (!inRange && logical) {
        f.op("drop");
        zeroVector(f);
      } else {
        f.i32(inRange ? value : bits - 1).op(opcode);
      }
      return;
    }
    const wasm = bits === 32 ? "i32" : "i64";
    const outside = (): void => {
      this.scalar.emit(count);
      if (wasm === "i32") f.i32(bits);
      else f.i64(BigInt(bits));
      f.op(`${wasm}.lt_u`);
    };
    const emitCount = (): void => {
      this.scalar.emit(count);
      if (wasm === "i64") f.op("i32.wrap_i64");
    };
    if (logical) {
      emitCount();
      f.op(opcode).i32(0);
      outside();
      f.op("i32.sub").op("i32x4.splat").op("v128.and");
    } else {
      emitCount();
      f.i32(bits - 1);
      outside();
      f.op("select").op(opcode);
    }
  }

  #emitLanewise(e: Expr, part: number): void {
    const { f } = this.state;
    const perPart = isWide(e.type) ? 2 : 4;
    const opcodes = laneOpcodes[shapeOf(e.type)];
    for (let lane = 0; lane < perPart; lane++) {
      for (const arg of e.args) this.emitLane(arg, part * perPart + lane);
      this.scalar.applyOperator(e);
      if (lane === 0) f.op(opcodes.splat);
      else f.lane(opcodes.replace, lane);
    }
  }
}

/** Whether a constant is all zero bits, which engines make without a load. */
function isZeroBits(e: Expr): boolean {
  return Number(e.attr) === 0 && !Object.is(e.attr, -0);
}

function spreadConst({ f }: KernelState, e: Expr): void {
  const type: ScalarType = e.type;
  if (type === "bool") f.splat("i32", e.attr ? -1 : 0);
  else if (type === "f32" || type === "f64") f.splat(type, e.attr as number);
  else f.splat(isWide(type) ? "i64" : "i32", e.attr as number | bigint);
}
