/**
 * Scalar expressions as WebAssembly. A node with several uses is kept in a local, and addresses come from the
 * pointers that the innermost loop advances.
 *
 * @module
 */
import {
  type BinaryOp,
  type CompareOp,
  type Expr,
  type Param,
  storageBytes,
  type StorageType,
  type UnaryOp,
  type Variable,
} from "../../kernel/ir.ts";
import { bounds } from "../../kernel/expr.ts";
import { type Analysis, eagerOperands, isTrivial, type LinearForm, postorder } from "./analysis.ts";
import {
  type DivisionHints,
  rawStore,
  scalarBinary,
  scalarBitcast,
  scalarCompare,
  scalarConst,
  scalarConvert,
  scalarLoad,
  scalarNarrow,
  scalarPack,
  scalarUnary,
  wasmTypes,
} from "./scalar_ops.ts";
import type { KernelState } from "./state.ts";

/** Expressions deeper than this are computed in stages. */
const MAX_DEPTH = 100;

/** Emits scalar expressions of one kernel. */
export class ScalarEmitter {
  readonly #state: KernelState;

  constructor(state: KernelState) {
    this.#state = state;
  }

  /** Leaves the value of a statement's expression or of a branch side on the stack. */
  emitRoot(e: Expr): void {
    for (const node of stages(this.#state.analysis, e)) this.prepare(node);
    this.emit(e);
  }

  /** Leaves the value of an expression on the stack. */
  emit(e: Expr): void {
    const { f, values } = this.#state;
    const known = values.get(e, "scalar");
    if (known !== undefined) {
      f.get(known);
      return;
    }
    this.#emitNode(e);
    if (this.keeps(e)) this.#keep(e);
  }

  /** Computes the value into a local, where later uses in this scope find it. */
  prepare(e: Expr): void {
    const { f, values } = this.#state;
    if (isTrivial(e) || values.get(e, "scalar") !== undefined) return;
    this.emit(e);
    if (values.get(e, "scalar") === undefined) this.#keep(e);
    f.op("drop");
  }

  /** Whether a value is used more than once and worth a local. */
  keeps(e: Expr): boolean {
    return !isTrivial(e) && (this.#state.uses.get(e) ?? 0) > 1;
  }

  #keep(e: Expr): void {
    const { f, values } = this.#state;
    const local = f.local(wasmTypes[e.type]);
    f.tee(local);
    values.add(e, "scalar", local);
  }

  #emitNode(e: Expr): void {
    const { f, helpers, variables } = this.#state;
    const [x, y, z] = e.args as [Expr, Expr, Expr];
    switch (e.op) {
      case "const":
        return scalarConst(f, e.type, e.attr as number | bigint | boolean);
      case "var": {
        const local = variables.get(e.attr as Variable);
        if (local === undefined) {
          throw new Error(`kernel: variable v${(e.attr as Variable).id} has no value here`);
        }
        f.get(local);
        return;
      }
      case "load": {
        const param = e.attr as Param;
        return scalarLoad(f, helpers, param.storage, this.address(param, this.#state.analysis.linear(x)));
      }
      case "select":
        this.emit(y);
        this.emit(z);
        this.emit(x);
        f.op("select");
        return;
      case "branch":
        return this.#emitBranch(e);
      case "madd":
        this.emit(x);
        this.emit(y);
        f.op(e.type === "f64" ? "f64.mul" : "f32.mul");
        this.emit(z);
        f.op(e.type === "f64" ? "f64.add" : "f32.add");
        return;
      default:
        for (const arg of e.args) this.emit(arg);
        this.applyOperator(e);
    }
  }

  /** Applies the operator of a node to its operands on the stack. */
  applyOperator(e: Expr): void {
    const { f, helpers } = this.#state;
    const [x, y] = e.args as [Expr, Expr];
    if (e.op === "convert") scalarConvert(f, x.type, e.type);
    else if (e.op === "bitcast") scalarBitcast(f, x.type, e.type);
    else if (e.op === "narrow") scalarNarrow(f, helpers, e.attr as StorageType);
    else if (isCompare(e.op)) scalarCompare(f, e.op, x.type);
    else if (e.args.length === 1) {
      scalarUnary(f, e.op as Exclude<UnaryOp, "convert" | "bitcast" | "narrow">, e.type);
    } else scalarBinary(f, helpers, e.op as BinaryOp, e.type, divisionHints(x, y));
  }

  /** A branch and those on its false side, one after the other: the first condition that holds decides. */
  #emitBranch(e: Expr): void {
    const { f, values, analysis } = this.#state;
    const result = f.local(wasmTypes[e.type]);
    f.block((done) =>
      values.scope(() => {
        let last = e;
        for (let at = e; at === e || at.op === "branch" && !this.keeps(at); at = at.args[2]!) {
          last = at;
          for (const node of analysis.commonValues(at)) this.prepare(node);
          this.emit(at.args[0]!);
          f.if(() => {
            values.scope(() => this.emitRoot(at.args[1]!));
            f.set(result).br(done);
          });
        }
        this.emitRoot(last.args[2]!);
        f.set(result);
      })
    );
    f.get(result);
    f.release(result);
  }

  /**
   * Leaves an address on the stack that, together with the returned offset, is that of the element with index
   * `form + extra`. In a vectorised loop the index is that of lane 0.
   */
  address(param: Param, form: LinearForm, extra = 0): number {
    const { f } = this.#state;
    const size = storageBytes[param.storage];
    const pointer = this.#state.pointers.get(param)?.get(form.key);
    const constant = form.constant + extra;
    if (pointer !== undefined && constant >= pointer.base) {
      f.get(pointer.local);
      return (constant - pointer.base) * size;
    }
    return this.pointerTo(param, form, constant);
  }

  /** As {@linkcode address}, computed from the parameter's base, for an index `form` with another constant. */
  pointerTo(param: Param, form: LinearForm, constant: number): number {
    const { f, params } = this.#state;
    const size = storageBytes[param.storage];
    const base = params.get(param);
    if (base === undefined) throw new Error(`kernel: buffer "${param.name}" is no parameter of it`);
    f.get(base);
    let ascending = constant >= 0;
    for (const { term, coefficient } of form.terms) {
      this.emit(term);
      scaleBy(this.#state, coefficient * size);
      f.op("i32.add");
      if (coefficient < 0 || (bounds(term)?.[0] ?? -1) < 0) ascending = false;
    }
    const bytes = constant * size;
    // An offset may stand for the constant only where the rest cannot lie below the buffer.
    if (ascending && bytes < 2 ** 31) return bytes;
    if (bytes !== 0) f.i32(bytes | 0).op("i32.add");
    return 0;
  }

  /** Stores a value. */
  store(param: Param, index: Expr, value: Expr): void {
    const { f, helpers, analysis } = this.#state;
    const offset = this.address(param, analysis.linear(index));
    this.emitRoot(value);
    scalarPack(f, helpers, param.storage);
    rawStore(f, param.storage, offset);
  }
}

/**
 * Values to compute before a deep expression, in order, so that emission never recurses much further than
 * {@linkcode MAX_DEPTH} levels: those that a node uses across a multiple of it.
 */
export function stages(analysis: Analysis, root: Expr): readonly Expr[] {
  if (analysis.height(root) <= MAX_DEPTH) return [];
  const level = (node: Expr): number => Math.floor(analysis.height(node) / MAX_DEPTH);
  const staged = new Set<Expr>();
  for (const node of postorder([root])) {
    for (const arg of eagerOperands(node)) {
      if (level(arg) < level(node) && analysis.height(arg) > MAX_DEPTH / 2) staged.add(arg);
    }
  }
  return [...staged];
}

/** Whether the operation is a comparison. */
export function isCompare(op: Expr["op"]): op is CompareOp {
  return op === "eq" || op === "ne" || op === "lt" || op === "le" || op === "gt" || op === "ge";
}

/** Multiplies the i32 on the stack by a constant. */
export function scaleBy({ f }: KernelState, factor: number): void {
  if (factor === 1) return;
  const log = Math.log2(factor);
  if (Number.isInteger(log)) f.i32(log).op("i32.shl");
  else f.i32(factor | 0).op("i32.mul");
}

function divisionHints(x: Expr, y: Expr): DivisionHints {
  const low = bounds(x)?.[0] ?? -1;
  const divisorLow = bounds(y)?.[0] ?? -1;
  return {
    nonNegative: low >= 0 && divisorLow >= 0,
    ...(y.op === "const" ? { divisor: y.attr as number | bigint } : {}),
  };
}
