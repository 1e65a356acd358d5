/**
 * Conversions between lane types, of which those between 32 and 64 bits change the number of parts.
 *
 * @module
 */
import type { Expr, ScalarType, StorageType } from "../../kernel/ir.ts";
import type { FunctionBuilder } from "../wasm/encoder.ts";
import type { Helpers } from "./helpers.ts";
import type { LaneEmitter } from "./lane_emitter.ts";
import { isFloat, isUnsigned, isWide } from "./scalar_ops.ts";
import { permute, vectorCompare, zeroVector } from "./vector_ops.ts";

/** Whether {@linkcode convertLanes} has a form of the conversion: all but those of 64-bit integers with floats. */
export function hasLaneConversion(from: ScalarType, to: ScalarType): boolean {
  const long = (type: ScalarType): boolean => type === "i64" || type === "u64";
  return from === "bool" || to === "bool" || !(long(from) && isFloat(to) || isFloat(from) && long(to));
}

/** Leaves part `part` of `x` converted to `to`. */
export function convertLanes(lanes: LaneEmitter, x: Expr, to: ScalarType, part: number): void {
  const { f } = lanes.state;
  const from = x.type;
  if (from === "bool") {
    lanes.emitMask(x, part, isWide(to) ? 64 : 32);
    if (to === "bool") return;
    if (to === "f32" || to === "f64") f.splat(to, 1);
    else f.splat(isWide(to) ? "i64" : "i32", 1);
    f.op("v128.and");
  } else if (to === "bool") {
    lanes.emit(x, part);
    zeroVector(f);
    vectorCompare(f, "ne", from);
  } else if (isWide(from) === isWide(to)) {
    lanes.emit(x, part);
    convertSameWidth(f, from, to);
  } else if (isWide(to)) {
    lanes.emitKept(x, part >> 1);
    widen(f, from, to, part % 2 === 1);
  } else {
    for (const half of [2 * part, 2 * part + 1]) {
      lanes.emit(x, half);
      if (from === "f64" && to === "f32") f.op("f32x4.demote_f64x2_zero");
      else if (from === "f64") f.op(`i32x4.trunc_sat_f64x2_${isUnsigned(to) ? "u" : "s"}_zero`);
    }
    permute(f, from === "f64" ? "even64" : "even32");
  }
}

function convertSameWidth(f: FunctionBuilder, from: ScalarType, to: ScalarType): void {
  if (isFloat(from) === isFloat(to)) return;
  if (to === "f32") f.op(`f32x4.convert_i32x4_${isUnsigned(from) ? "u" : "s"}`);
  else f.op(`i32x4.trunc_sat_f32x4_${isUnsigned(to) ? "u" : "s"}`);
}

function widen(f: FunctionBuilder, from: ScalarType, to: ScalarType, upper: boolean): void {
  const sign = isUnsigned(from) ? "u" : "s";
  if (to !== "f64") {
    f.op(`i64x2.extend_${upper ? "high" : "low"}_i32x4_${sign}`);
    return;
  }
  if (upper) {
    zeroVector(f);
    permute(f, "upper");
  }
  f.op(from === "f32" ? "f64x2.promote_low_f32x4" : `f64x2.convert_low_i32x4_${sign}`);
}

/** Wraps or rounds 32-bit lanes to a narrow storage type. */
export function narrowLanes(f: FunctionBuilder, helpers: Helpers, storage: StorageType): void {
  switch (storage) {
    case "i8":
    case "i16": {
      const shift = storage === "i8" ? 24 : 16;
      f.i32(shift).op("i32x4.shl").i32(shift).op("i32x4.shr_s");
      return;
    }
    case "u8":
    case "u16":
      f.splat("i32", storage === "u8" ? 0xff : 0xffff).op("v128.and");
      return;
    case "f16":
    case "bf16":
      f.call(helpers.roundHalf(storage));
      return;
    default:
      return;
  }
}
