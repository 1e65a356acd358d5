/**
 * `branch` over lanes: a side runs if some lane takes it, with its loads guarded by the mask of the lanes that do.
 *
 * @module
 */
import type { Expr } from "../../kernel/ir.ts";
import { allOperands, postorder } from "./analysis.ts";
import type { LaneEmitter } from "./lane_emitter.ts";
import { extendMask, zeroVector } from "./vector_ops.ts";

/** Sides without loads and with fewer nodes than this are both computed. */
const CHEAP_SIDE_NODES = 12;

/** Leaves part `part` of a `branch` on the stack; all parts are computed at once and kept. */
export function emitBranch(lanes: LaneEmitter, e: Expr, part: number): void {
  const [condition, whenTrue, whenFalse] = e.args as [Expr, Expr, Expr];
  for (const node of lanes.state.analysis.commonValues(e)) lanes.prepare(node);
  if (!lanes.varies(condition)) emitUniform(lanes, e);
  else if (isCheap(lanes, whenTrue) && isCheap(lanes, whenFalse)) return lanes.emitSelect(e, part);
  else emitVarying(lanes, e);
  lanes.state.f.get(lanes.state.values.get(e, part)!);
}

function isCheap(lanes: LaneEmitter, e: Expr): boolean {
  const { analysis } = lanes.state;
  return !analysis.hasLoad(e) && analysis.height(e) < CHEAP_SIDE_NODES &&
    postorder([e], allOperands).length < CHEAP_SIDE_NODES;
}

/** A local for each part of a value. */
function resultLocals(lanes: LaneEmitter, e: Expr): number[] {
  return Array.from({ length: lanes.parts(e) }, () => lanes.state.f.local("v128"));
}

function setParts(lanes: LaneEmitter, e: Expr, side: Expr, results: readonly number[]): void {
  lanes.prepareStages(side);
  results.forEach((local, part) => {
    lanes.emitOperand(side, part, lanes.bits(e));
    lanes.state.f.set(local);
  });
}

function emitUniform(lanes: LaneEmitter, e: Expr): void {
  const { f, values } = lanes.state;
  const [condition, whenTrue, whenFalse] = e.args as [Expr, Expr, Expr];
  const results = resultLocals(lanes, e);
  lanes.scalar.emit(condition);
  f.if(
    () => values.scope(() => setParts(lanes, e, whenTrue, results)),
    () => values.scope(() => setParts(lanes, e, whenFalse, results)),
  );
  results.forEach((local, part) => values.add(e, part, local));
}

/** Masks of the active lanes in which the condition is true, and of those in which it is false. */
function conditionMasks(lanes: LaneEmitter, condition: Expr): { whenTrue: number[]; whenFalse: number[] } {
  const { f } = lanes.state;
  const outer = lanes.mask;
  const make = (negated: boolean): number[] =>
    Array.from({ length: lanes.context.lanes / 4 }, (_, part) => {
      const local = f.local("v128");
      lanes.emitMask(condition, part, 32);
      if (negated) f.op("v128.not");
      if (outer !== null) f.get(outer[part]!).op("v128.and");
      f.set(local);
      return local;
    });
  return { whenTrue: make(false), whenFalse: make(true) };
}

function emitVarying(lanes: LaneEmitter, e: Expr): void {
  const { f, values } = lanes.state;
  const [condition, whenTrue, whenFalse] = e.args as [Expr, Expr, Expr];
  const outer = lanes.mask;
  const results = resultLocals(lanes, e);
  const masks = conditionMasks(lanes, condition);
  const runIfAny = (mask: readonly number[], side: () => void): void => {
    mask.forEach((local, index) => index === 0 ? f.get(local) : f.get(local).op("v128.or"));
    f.op("v128.any_true").if(() => {
      lanes.mask = mask;
      values.scope(side);
    });
    lanes.mask = outer;
  };
  for (const local of results) {
    zeroVector(f);
    f.set(local);
  }
  runIfAny(masks.whenTrue, () => setParts(lanes, e, whenTrue, results));
  runIfAny(masks.whenFalse, () => {
    lanes.prepareStages(whenFalse);
    results.forEach((local, part) => {
      f.get(local);
      lanes.emitOperand(whenFalse, part, lanes.bits(e));
      if (lanes.bits(e) === 32) f.get(masks.whenTrue[part]!);
      else f.get(masks.whenTrue[part >> 1]!).op(extendMask(part));
      f.op("v128.bitselect").set(local);
    });
  });
  for (const local of [...masks.whenTrue, ...masks.whenFalse]) f.release(local);
  results.forEach((local, part) => values.add(e, part, local));
}
