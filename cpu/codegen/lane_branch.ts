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
  const varying = lanes.varies(condition);
  if (varying && isCheap(lanes, whenTrue) && isCheap(lanes, whenFalse)) {
    for (const node of lanes.state.analysis.commonValues(e)) lanes.prepare(node);
    return lanes.emitSelect(e, part);
  }
  if (varying) emitVarying(lanes, e);
  else emitUniform(lanes, e);
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

/** The first branch and those that follow on its false side, as long as `continues` holds of them. */
function chainOf(lanes: LaneEmitter, e: Expr, continues: (condition: Expr) => boolean): Expr[] {
  const chain = [e];
  for (let next = e.args[2]!; next.op === "branch"; next = next.args[2]!) {
    if (lanes.scalar.keeps(next) || !continues(next.args[0]!)) break;
    chain.push(next);
  }
  return chain;
}

/** Conditions that all lanes share: the first that holds decides. */
function emitUniform(lanes: LaneEmitter, e: Expr): void {
  const { f, values, analysis } = lanes.state;
  const chain = chainOf(lanes, e, (condition) => !lanes.varies(condition));
  const results = resultLocals(lanes, e);
  f.block((done) =>
    values.scope(() => {
      for (const branch of chain) {
        const [condition, whenTrue] = branch.args as [Expr, Expr, Expr];
        for (const node of analysis.commonValues(branch)) lanes.prepare(node);
        lanes.scalar.emit(condition);
        f.if(() => {
          values.scope(() => setParts(lanes, e, whenTrue, results));
          f.br(done);
        });
      }
      setParts(lanes, e, chain.at(-1)!.args[2]!, results);
    })
  );
  results.forEach((local, part) => values.add(e, part, local));
}

/** Masks of four lanes each. */
type Mask = readonly number[];

function pushAny(lanes: LaneEmitter, mask: Mask): void {
  const { f } = lanes.state;
  mask.forEach((local, index) => index === 0 ? f.get(local) : f.get(local).op("v128.or"));
  f.op("v128.any_true");
}

/** Conditions that differ between lanes: each side takes the lanes that are left over by the ones before. */
function emitVarying(lanes: LaneEmitter, e: Expr): void {
  const { f, values, analysis } = lanes.state;
  const outer = lanes.mask;
  const chain = chainOf(lanes, e, (condition) => lanes.varies(condition));
  const results = resultLocals(lanes, e);
  const makeMask = (): Mask => Array.from({ length: lanes.context.lanes / 4 }, () => f.local("v128"));
  const taken = makeMask(), left = makeMask();
  for (const local of results) {
    zeroVector(f);
    f.set(local);
  }
  f.block((done) =>
    values.scope(() => {
      chain.forEach((branch, position) => {
        const [condition, whenTrue] = branch.args as [Expr, Expr, Expr];
        lanes.mask = position === 0 ? outer : left;
        for (const node of analysis.commonValues(branch)) lanes.prepare(node);
        takeLanes(lanes, condition, taken, left);
        pushAny(lanes, taken);
        f.if(() => {
          lanes.mask = taken;
          values.scope(() => mergeParts(lanes, e, whenTrue, results));
        });
        pushAny(lanes, left);
        f.op("i32.eqz").brIf(done);
      });
      lanes.mask = left;
      mergeParts(lanes, e, chain.at(-1)!.args[2]!, results);
    })
  );
  lanes.mask = outer;
  for (const local of [...taken, ...left]) f.release(local);
  results.forEach((local, part) => values.add(e, part, local));
}

/** Splits the active lanes into those where the condition holds and those that are left. */
function takeLanes(lanes: LaneEmitter, condition: Expr, taken: Mask, left: Mask): void {
  const { f } = lanes.state;
  const active = lanes.mask;
  taken.forEach((_, part) => lanes.emitMask(condition, part, 32));
  for (let part = taken.length - 1; part >= 0; part--) {
    f.set(taken[part]!);
    if (active === null) {
      f.get(taken[part]!).op("v128.not").set(left[part]!);
    } else {
      f.get(active[part]!).get(taken[part]!).op("v128.andnot");
      f.get(taken[part]!).get(active[part]!).op("v128.and").set(taken[part]!);
      f.set(left[part]!);
    }
  }
}

/** Takes the active lanes of a side into the results. */
function mergeParts(lanes: LaneEmitter, e: Expr, side: Expr, results: readonly number[]): void {
  const { f } = lanes.state;
  const bits = lanes.bits(e), mask = lanes.mask!;
  lanes.prepareStages(side);
  results.forEach((local, part) => {
    lanes.emitOperand(side, part, bits);
    f.get(local);
    if (bits === 32) f.get(mask[part]!);
    else f.get(mask[part >> 1]!).op(extendMask(part));
    f.op("v128.bitselect").set(local);
  });
}
