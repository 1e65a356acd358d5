/**
 * Operations of the kernel IR on one 128-bit vector of lanes: four of 32 bits or two of 64. Each emitter takes its
 * operands from the stack and leaves its result there; `has…` says where SIMD has no form of the operation. Booleans are lane masks, all bits set or none, as wide as the lanes they were made from.
 *
 * @module
 */
import type { BinaryOp, CompareOp, ScalarType, UnaryOp } from "../../kernel/ir.ts";
import type { FunctionBuilder, PlainOpcode } from "../wasm/encoder.ts";
import type { Helpers } from "./helpers.ts";
import { isFloat, isUnsigned, isWide, withLocal } from "./scalar_ops.ts";

/** Interpretation of a vector's lanes. */
export type LaneShape = "i32x4" | "i64x2" | "f32x4" | "f64x2";

/** Lane interpretation of a scalar type; booleans are 32 bits wide here. */
export function shapeOf(type: ScalarType): LaneShape {
  if (isWide(type)) return type === "f64" ? "f64x2" : "i64x2";
  return type === "f32" ? "f32x4" : "i32x4";
}

/** Opcodes that move a scalar of the type into or out of lanes. */
export const laneOpcodes: Readonly<
  Record<LaneShape, { splat: PlainOpcode; extract: LaneAccess; replace: LaneAccess }>
> = {
  i32x4: { splat: "i32x4.splat", extract: "i32x4.extract_lane", replace: "i32x4.replace_lane" },
  i64x2: { splat: "i64x2.splat", extract: "i64x2.extract_lane", replace: "i64x2.replace_lane" },
  f32x4: { splat: "f32x4.splat", extract: "f32x4.extract_lane", replace: "f32x4.replace_lane" },
  f64x2: { splat: "f64x2.splat", extract: "f64x2.extract_lane", replace: "f64x2.replace_lane" },
};
type LaneAccess = `${LaneShape}.${"extract" | "replace"}_lane`;

const SHUFFLES = {
  /** Even 32-bit lanes of two vectors. */
  even32: [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27],
  /** Odd 32-bit lanes of two vectors. */
  odd32: [4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31],
  /** Even 64-bit lanes of two vectors. */
  even64: [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23],
  /** Odd 64-bit lanes of two vectors. */
  odd64: [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31],
  /** Lanes of two vectors in turn: of their lower halves, of their upper halves. */
  interleaveLow32: [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23],
  interleaveHigh32: [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31],
  interleaveLow64: [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23],
  interleaveHigh64: [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31],
  /** Lanes in reverse. */
  reverse32: [12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3],
  reverse64: [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7],
  /** The upper half of the first vector moved down. */
  upper: [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15],
  /** Second 32-bit lane to the front. */
  second32: [4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7],
  /** Low bytes of the 32-bit lanes of two vectors, in the low 8 bytes. */
  bytes: [0, 4, 8, 12, 16, 20, 24, 28, 0, 4, 8, 12, 16, 20, 24, 28],
  /** Low halves of the 32-bit lanes of two vectors. */
  halves: [0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29],
} as const;

/** Permutes the bytes of the two vectors on the stack in a named pattern. */
export function permute(f: FunctionBuilder, pattern: keyof typeof SHUFFLES): void {
  f.shuffle(SHUFFLES[pattern]);
}

/** Whether {@linkcode vectorUnary} has a form of the operation. */
export function hasVectorUnary(op: UnaryOp, type: ScalarType): boolean {
  return !(isWide(type) && (op === "clz" || op === "popcnt"));
}

/** A unary operation that keeps its type; one of those that {@linkcode hasVectorUnary} allows. */
export function vectorUnary(
  f: FunctionBuilder,
  op: Exclude<UnaryOp, "convert" | "bitcast" | "narrow">,
  type: ScalarType,
): void {
  if (type === "bool") {
    if (op === "not") f.op("v128.not");
    return;
  }
  const shape = shapeOf(type);
  if (isFloat(type)) {
    f.op(`${shape}.${op}` as PlainOpcode);
    return;
  }
  switch (op) {
    case "not":
      f.op("v128.not");
      return;
    case "neg":
      f.op(`${shape}.neg` as PlainOpcode);
      return;
    case "abs":
      if (!isUnsigned(type)) f.op(`${shape}.abs` as PlainOpcode);
      return;
    case "clz":
      // Ones below the leading one; what is left are the leading zeros.
      withLocal(f, "v128", (x) => {
        for (const shift of [1, 2, 4, 8, 16]) f.tee(x).get(x).i32(shift).op("i32x4.shr_u").op("v128.or");
      });
      f.op("v128.not");
      lanePopcount(f);
      return;
    case "popcnt":
      lanePopcount(f);
  }
}

function lanePopcount(f: FunctionBuilder): void {
  f.op("i8x16.popcnt").op("i16x8.extadd_pairwise_i8x16_u").op("i32x4.extadd_pairwise_i16x8_u");
}

/** Whether {@linkcode vectorBinary} has a form of the operation (shifts are by one scalar count, and apart). */
export function hasVectorBinary(op: BinaryOp, type: ScalarType): boolean {
  if (type === "bool") return true;
  if (op === "shl" || op === "shr") return false;
  if (op === "rem") return !isFloat(type) && !isWide(type);
  return op !== "div" || isFloat(type) || !isWide(type);
}

/** A binary operation; one of those that {@linkcode hasVectorBinary} allows. */
export function vectorBinary(f: FunctionBuilder, helpers: Helpers, op: BinaryOp, type: ScalarType): void {
  if (op === "and" || op === "or" || op === "xor") {
    f.op(`v128.${op}`);
    return;
  }
  if (type === "bool") {
    if (op === "min" || op === "mul") f.op("v128.and");
    else if (op === "max" || op === "add") f.op("v128.or");
    else f.op("v128.xor");
    return;
  }
  const shape = shapeOf(type);
  if (op === "copysign") {
    if (shape === "f32x4") f.splat("i32", 0x7fff_ffff);
    else f.splat("i64", 0x7fff_ffff_ffff_ffffn);
    f.op("v128.bitselect");
  } else if (isFloat(type) || op === "add" || op === "sub" || op === "mul") {
    f.op(`${shape}.${op}` as PlainOpcode);
  } else if (op === "div" || op === "rem") {
    f.call(helpers.laneDivision(op, type === "u32"));
  } else if (shape === "i32x4") {
    f.op(`i32x4.${op as "min" | "max"}_${type === "u32" ? "u" : "s"}`);
  } else {
    withLocal(f, "v128", (y) =>
      withLocal(f, "v128", (x) => {
        f.set(y).tee(x).get(y).get(x).get(y);
        vectorCompare(f, op === "min" ? "lt" : "gt", type);
        f.op("v128.bitselect");
      }));
  }
}

/** A comparison of lanes of `type`; the mask is as wide as they are. */
export function vectorCompare(f: FunctionBuilder, op: CompareOp, type: ScalarType): void {
  if (type === "bool") return maskCompare(f, op);
  const shape = shapeOf(type);
  if (isFloat(type) || op === "eq" || op === "ne") {
    f.op(`${shape}.${op}` as PlainOpcode);
  } else if (type === "u64") {
    // Unsigned order is signed order with the top bit flipped.
    withLocal(f, "v128", (y) => {
      f.splat("i64", -(2n ** 63n)).op("v128.xor").set(y);
      f.splat("i64", -(2n ** 63n)).op("v128.xor").get(y);
    });
    f.op(`i64x2.${op}_s`);
  } else {
    f.op(`${shape}.${op}_${type === "u32" ? "u" : "s"}` as PlainOpcode);
  }
}

function maskCompare(f: FunctionBuilder, op: CompareOp): void {
  if (op === "eq") f.op("v128.xor").op("v128.not");
  else if (op === "ne") f.op("v128.xor");
  else if (op === "gt") f.op("v128.andnot");
  else if (op === "le") f.op("v128.andnot").op("v128.not");
  else {
    // x < y is y and not x.
    withLocal(f, "v128", (y) => withLocal(f, "v128", (x) => f.set(y).set(x).get(y).get(x).op("v128.andnot")));
    if (op === "ge") f.op("v128.not");
  }
}

/** x·y + z of the three vectors on the stack, fused where the engine has relaxed SIMD. */
export function vectorMadd(f: FunctionBuilder, type: ScalarType, relaxed: boolean): void {
  const shape = type === "f64" ? "f64x2" : "f32x4";
  if (relaxed) {
    f.op(`${shape}.relaxed_madd`);
    return;
  }
  withLocal(f, "v128", (z) => f.set(z).op(`${shape}.mul`).get(z).op(`${shape}.add`));
}

/** A zero vector. */
export function zeroVector(f: FunctionBuilder): void {
  f.splat("i32", 0);
}

/** From the 32-bit mask on the stack, opcode to one part of the 64-bit mask. */
export function extendMask(part: number): PlainOpcode {
  return part % 2 === 0 ? "i64x2.extend_low_i32x4_s" : "i64x2.extend_high_i32x4_s";
}
