/**
 * Loads and stores of lanes: whole vectors where the index runs with the lanes, element by element elsewhere.
 *
 * @module
 */
import { type Expr, type Param, type Stmt, storageBytes, type StorageType } from "../../kernel/ir.ts";
import type { LinearForm } from "./analysis.ts";
import type { LaneEmitter } from "./lane_emitter.ts";
import { scaleBy } from "./scalar_emitter.ts";
import { isFullWidth, isWide, rawLoad, withLocal } from "./scalar_ops.ts";
import { permute } from "./vector_ops.ts";

/** How the index of an access runs with the lanes. */
export type Stride = "gather" | number;

/** The step of an index from lane to lane, or "gather" where it is not constant. */
export function strideOf(lanes: LaneEmitter, form: LinearForm): Stride {
  const { variable, last } = lanes.context;
  if (last !== null) return "gather";
  for (const { term } of form.terms) {
    if (!(term.op === "var" && term.attr === variable) && lanes.varies(term)) return "gather";
  }
  return lanes.state.analysis.coefficient(form, variable);
}

/** Whether element pairs of the buffer can be read as a whole at an index that has this form with a stride of 2. */
export function isPaired(param: Param, form: LinearForm): boolean {
  return isFullWidth(param.storage) && param.size % 2 === 0 &&
    form.terms.every((t) => t.coefficient % 2 === 0);
}

/** Leaves part `part` of a load whose index varies. */
export function loadLanes(lanes: LaneEmitter, e: Expr, part: number): void {
  const { f, analysis, helpers } = lanes.state;
  const param = e.attr as Param;
  const form = analysis.linear(e.args[0]!);
  const stride = strideOf(lanes, form);
  if (lanes.mask !== null) {
    if (stride === 1) {
      f.get(lanes.mask[isWide(e.type) ? part >> 1 : part]!).op("i32x4.all_true").if(
        () => lanes.state.values.scope(() => loadContiguous(lanes, param, form, part)),
        () => lanes.state.values.scope(() => gather(lanes, e, part)),
        "v128",
      );
    } else {
      gather(lanes, e, part);
    }
  } else if (stride === "gather") gather(lanes, e, part);
  else if (stride === 1) loadContiguous(lanes, param, form, part);
  else if (stride === -1 && isFullWidth(param.storage)) loadReversed(lanes, param, form, part);
  else if (stride === 2 && isPaired(param, form)) loadPaired(lanes, param, form, part);
  else loadStrided(lanes, param, form, { part, stride });
  widenLoaded(param.storage);

  function widenLoaded(storage: StorageType): void {
    if (storage === "bool") f.op("i32x4.neg");
    else if (storage === "bf16") f.i32(16).op("i32x4.shl");
    else if (storage === "f16") f.call(helpers.unpackF16());
  }
}

function lanesPerPart(storage: StorageType): number {
  return storageBytes[storage] === 8 ? 2 : 4;
}

function loadContiguous(lanes: LaneEmitter, param: Param, form: LinearForm, part: number): void {
  const { f } = lanes.state;
  const offset = lanes.scalar.address(param, form, part * lanesPerPart(param.storage));
  switch (param.storage) {
    case "bool":
    case "u8":
      f.memory("v128.load32_zero", offset).op("i16x8.extend_low_i8x16_u").op("i32x4.extend_low_i16x8_u");
      return;
    case "i8":
      f.memory("v128.load32_zero", offset).op("i16x8.extend_low_i8x16_s").op("i32x4.extend_low_i16x8_s");
      return;
    case "i16":
      f.memory("v128.load16x4_s", offset);
      return;
    case "u16":
    case "f16":
    case "bf16":
      f.memory("v128.load16x4_u", offset);
      return;
    default:
      f.memory("v128.load", offset);
  }
}

function loadReversed(lanes: LaneEmitter, param: Param, form: LinearForm, part: number): void {
  const { f } = lanes.state;
  const count = lanesPerPart(param.storage);
  f.memory("v128.load", lanes.scalar.address(param, form, -(part * count + count - 1)));
  withLocal(f, "v128", (x) => f.tee(x).get(x));
  permute(f, count === 4 ? "reverse32" : "reverse64");
}

/** Every second element: two vectors of whole pairs, of which one component is taken. */
function loadPaired(lanes: LaneEmitter, param: Param, form: LinearForm, part: number): void {
  const { f } = lanes.state;
  const count = lanesPerPart(param.storage);
  const odd = Math.abs(form.constant % 2);
  for (const half of [0, count]) {
    f.memory("v128.load", lanes.scalar.address(param, form, 2 * part * count + half - odd));
  }
  permute(f, `${odd ? "odd" : "even"}${count === 4 ? 32 : 64}`);
}

function loadStrided(
  lanes: LaneEmitter,
  param: Param,
  form: LinearForm,
  { part, stride }: { part: number; stride: number },
): void {
  const first = part * lanesPerPart(param.storage);
  assemble(lanes, param, (lane) => lanes.scalar.address(param, form, (first + lane) * stride));
}

/** Loads element by element; under a mask, inactive lanes read element 0, which any buffer that is read has. */
function gather(lanes: LaneEmitter, e: Expr, part: number): void {
  const { f, params } = lanes.state;
  const param = e.attr as Param, index = e.args[0]!;
  const count = lanesPerPart(param.storage);
  const pushElement = (emitIndex: () => void): number => {
    f.get(params.get(param)!);
    emitIndex();
    scaleBy(lanes.state, storageBytes[param.storage]);
    f.op("i32.add");
    return 0;
  };
  const first = part * count;
  if (lanes.mask === null) {
    assemble(lanes, param, (lane) => pushElement(() => lanes.emitLane(index, first + lane)));
    return;
  }
  const four = first >> 2;
  withLocal(f, "v128", (masked) => {
    lanes.emit(index, four);
    f.get(lanes.mask![four]!).op("v128.and").set(masked);
    assemble(
      lanes,
      param,
      (lane) => pushElement(() => f.get(masked).lane("i32x4.extract_lane", (first + lane) % 4)),
    );
  });
}

/** A vector of elements whose addresses `address` leaves on the stack, with the offset that it returns. */
function assemble(lanes: LaneEmitter, param: Param, address: (lane: number) => number): void {
  const { f } = lanes.state;
  const count = lanesPerPart(param.storage);
  withLocal(f, "v128", (result) => {
    for (let lane = 0; lane < count; lane++) {
      if (isFullWidth(param.storage)) {
        const offset = address(lane);
        if (lane === 0) f.memory(count === 4 ? "v128.load32_zero" : "v128.load64_zero", offset);
        else f.get(result).laneMemory(count === 4 ? "v128.load32_lane" : "v128.load64_lane", lane, offset);
      } else {
        if (lane > 0) f.get(result);
        rawLoad(f, param.storage, address(lane));
        if (lane === 0) f.op("i32x4.splat");
        else f.lane("i32x4.replace_lane", lane);
      }
      f.set(result);
    }
    f.get(result);
  });
}

/** Stores all lanes of a value. */
export function storeLanes(lanes: LaneEmitter, param: Param, index: Expr, value: Expr): void {
  const { analysis } = lanes.state;
  const form = analysis.linear(index);
  const stride = strideOf(lanes, form);
  if (stride === 1) storeContiguous(lanes, param, form, value);
  else scatter(lanes, param, { index, form, stride }, value);
}

/** Whether two stores write neighbouring elements of pairs, and the second value does not read what the first writes. */
export function isStorePair(
  lanes: LaneEmitter,
  first: Extract<Stmt, { kind: "store" }>,
  second: Extract<Stmt, { kind: "store" }>,
): boolean {
  const { analysis } = lanes.state;
  const { param } = first;
  if (second.param !== param || !isFullWidth(param.storage)) return false;
  const a = analysis.linear(first.index), b = analysis.linear(second.index);
  return a.key === b.key && b.constant === a.constant + 1 && strideOf(lanes, a) === 2 &&
    !analysis.dependencies(second.value).has(param);
}

/** Stores the lanes of two values in turn: value 0 at even distances from `index`, value 1 after each. */
export function storePairs(
  lanes: LaneEmitter,
  param: Param,
  index: Expr,
  values: readonly [Expr, Expr],
): void {
  const { f, analysis } = lanes.state;
  const form = analysis.linear(index);
  const perPart = lanesPerPart(param.storage);
  const bits = perPart === 4 ? 32 : 64;
  for (let part = 0; part < lanes.context.lanes / perPart; part++) {
    const locals = values.map((value) => {
      const local = f.local("v128");
      lanes.emit(value, part);
      f.set(local);
      return local;
    });
    for (const half of ["Low", "High"] as const) {
      const extra = 2 * part * perPart + (half === "High" ? perPart : 0);
      const offset = lanes.scalar.address(param, form, extra);
      for (const local of locals) f.get(local);
      permute(f, `interleave${half}${bits}`);
      f.memory("v128.store", offset);
    }
    for (const local of locals) f.release(local);
  }
}

/** Leaves part `part` of a value in its stored form: 32 or 64-bit lanes of which the low bytes count. */
function emitStored(lanes: LaneEmitter, storage: StorageType, value: Expr, part: number): void {
  const { f, helpers } = lanes.state;
  if (storage === "bool") {
    lanes.emitMask(value, part, 32);
    f.splat("i32", 1).op("v128.and");
    return;
  }
  lanes.emit(value, part);
  if (storage === "f16" || storage === "bf16") f.call(helpers.packHalf(storage));
}

function storeContiguous(lanes: LaneEmitter, param: Param, form: LinearForm, value: Expr): void {
  const { f } = lanes.state;
  const size = storageBytes[param.storage];
  const parts = lanes.context.lanes / lanesPerPart(param.storage);
  const perPart = lanesPerPart(param.storage);
  if (isFullWidth(param.storage)) {
    for (let part = 0; part < parts; part++) {
      const offset = lanes.scalar.address(param, form, part * perPart);
      lanes.emit(value, part);
      f.memory("v128.store", offset);
    }
    return;
  }
  for (let part = 0; part < parts; part += 2) {
    const pair = part + 1 < parts;
    const offset = lanes.scalar.address(param, form, part * perPart);
    emitStored(lanes, param.storage, value, part);
    if (pair) emitStored(lanes, param.storage, value, part + 1);
    else withLocal(f, "v128", (x) => f.tee(x).get(x));
    permute(f, size === 1 ? "bytes" : "halves");
    if (size === 1) f.laneMemory(pair ? "v128.store64_lane" : "v128.store32_lane", 0, offset);
    else if (pair) f.memory("v128.store", offset);
    else f.laneMemory("v128.store64_lane", 0, offset);
  }
}

const laneStores = {
  1: "v128.store8_lane",
  2: "v128.store16_lane",
  4: "v128.store32_lane",
  8: "v128.store64_lane",
} as const;

/** All parts are computed before any is stored: surplus lanes of a last iteration must not read what others wrote. */
function scatter(
  lanes: LaneEmitter,
  param: Param,
  { index, form, stride }: { index: Expr; form: LinearForm; stride: Stride },
  value: Expr,
): void {
  const { f, params } = lanes.state;
  const size = storageBytes[param.storage];
  const perPart = lanesPerPart(param.storage);
  const parts = Array.from({ length: lanes.context.lanes / perPart }, (_, part) => {
    const local = f.local("v128");
    emitStored(lanes, param.storage, value, part);
    f.set(local);
    return local;
  });
  if (stride === "gather") lanes.prepare(index);
  parts.forEach((local, part) => {
    for (let lane = 0; lane < perPart; lane++) {
      const element = part * perPart + lane;
      let offset = 0;
      if (stride === "gather") {
        f.get(params.get(param)!);
        lanes.emitLane(index, element);
        scaleBy(lanes.state, size);
        f.op("i32.add");
      } else {
        offset = lanes.scalar.address(param, form, element * stride);
      }
      f.get(local);
      f.laneMemory(laneStores[size as 1 | 2 | 4 | 8], size < 4 ? lane * 4 / size : lane, offset);
    }
    f.release(local);
  });
}
