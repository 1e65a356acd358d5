/**
 * Scalar operations of the kernel IR as WebAssembly: each emitter takes its operands from the stack and leaves its
 * result there. Booleans are i32 0 or 1.
 *
 * @module
 */
import type { BinaryOp, CompareOp, ScalarType, StorageType, UnaryOp } from "../../kernel/ir.ts";
import type { FunctionBuilder, MemoryOpcode, PlainOpcode, ValueType } from "../wasm/encoder.ts";
import type { Helpers } from "./helpers.ts";

/** WebAssembly type of each scalar type. */
export const wasmTypes: Readonly<Record<ScalarType, "i32" | "i64" | "f32" | "f64">> = {
  bool: "i32",
  i32: "i32",
  u32: "i32",
  i64: "i64",
  u64: "i64",
  f32: "f32",
  f64: "f64",
};

/** Whether the type takes 64 bits. */
export function isWide(type: ScalarType): boolean {
  return type === "i64" || type === "u64" || type === "f64";
}

/** Whether the type is f32 or f64. */
export function isFloat(type: ScalarType): boolean {
  return type === "f32" || type === "f64";
}

/** Whether the type is an unsigned integer. */
export function isUnsigned(type: ScalarType): boolean {
  return type === "u32" || type === "u64";
}

/** Whether elements are stored as they are computed with, in 32 or 64 bits. */
export function isFullWidth(storage: StorageType): boolean {
  return storage === "f32" || storage === "i32" || storage === "u32" || storage === "f64" ||
    storage === "i64" ||
    storage === "u64";
}

/** Calls `body` with a local that is free again afterwards. */
export function withLocal(f: FunctionBuilder, type: ValueType, body: (local: number) => void): void {
  const local = f.local(type);
  body(local);
  f.release(local);
}

/** A constant of a scalar type. */
export function scalarConst(f: FunctionBuilder, type: ScalarType, value: number | bigint | boolean): void {
  const wasm = wasmTypes[type];
  if (wasm === "i32") f.i32(Number(value));
  else if (wasm === "i64") f.i64(BigInt(value));
  else if (wasm === "f32") f.f32(Number(value));
  else f.f64(Number(value));
}

/** What is known of the operands of an integer division. */
export interface DivisionHints {
  /** The divisor, when it is a constant. */
  readonly divisor?: number | bigint;
  /** Neither operand is negative. */
  readonly nonNegative?: boolean;
}

/** A unary operation that keeps its type. */
export function scalarUnary(
  f: FunctionBuilder,
  op: Exclude<UnaryOp, "convert" | "bitcast" | "narrow">,
  type: ScalarType,
): void {
  const wasm = wasmTypes[type];
  if (type === "bool") {
    if (op === "not") f.op("i32.eqz");
    return;
  }
  if (wasm === "f32" || wasm === "f64") {
    if (op === "not" || op === "clz" || op === "popcnt") throw new TypeError(`kernel: ${op} of ${type}`);
    f.op(`${wasm}.${op}`);
    return;
  }
  switch (op) {
    case "neg":
      scalarConst(f, type, -1);
      f.op(`${wasm}.mul`);
      return;
    case "not":
      scalarConst(f, type, -1);
      f.op(`${wasm}.xor`);
      return;
    case "clz":
    case "popcnt":
      f.op(`${wasm}.${op}`);
      return;
    case "abs":
      if (isUnsigned(type)) return;
      withLocal(f, wasm, (x) => {
        // (x xor s) - s with s = x >> (bits - 1)
        f.tee(x).get(x);
        scalarConst(f, type, wasm === "i32" ? 31 : 63);
        f.op(`${wasm}.shr_s`).tee(x).op(`${wasm}.xor`).get(x).op(`${wasm}.sub`);
      });
      return;
    default: // Integers are whole already: floor, ceil, trunc and nearest leave them as they are.
      if (op === "sqrt") throw new TypeError(`kernel: sqrt of ${type}`);
  }
}

function booleanBinary(f: FunctionBuilder, op: BinaryOp): void {
  if (op === "and" || op === "min" || op === "mul") f.op("i32.and");
  else if (op === "or" || op === "max" || op === "add") f.op("i32.or");
  else if (op === "xor" || op === "sub") f.op("i32.xor");
  else throw new TypeError(`kernel: ${op} of bool`);
}

/** A binary operation. */
export function scalarBinary(
  f: FunctionBuilder,
  helpers: Helpers,
  op: BinaryOp,
  type: ScalarType,
  hints: DivisionHints = {},
): void {
  if (type === "bool") return booleanBinary(f, op);
  const wasm = wasmTypes[type];
  if (wasm === "f32" || wasm === "f64") {
    if (op === "rem") {
      if (wasm === "f64") {
        f.call(helpers.fmod());
      } else {
        withLocal(f, "f32", (y) => f.set(y).op("f64.promote_f32").get(y).op("f64.promote_f32"));
        f.call(helpers.fmod()).op("f32.demote_f64");
      }
      return;
    }
    if (op === "and" || op === "or" || op === "xor" || op === "shl" || op === "shr") {
      throw new TypeError(`kernel: ${op} of ${type}`);
    }
    f.op(`${wasm}.${op}`);
    return;
  }
  switch (op) {
    case "div":
    case "rem":
      return integerDivision(f, op, type, hints);
    case "min":
    case "max":
      withLocal(f, wasm, (y) =>
        withLocal(f, wasm, (x) => {
          f.set(y).tee(x).get(y).get(x).get(y);
          f.op(`${wasm}.${op === "min" ? "lt" : "gt"}_${isUnsigned(type) ? "u" : "s"}`).op("select");
        }));
      return;
    case "shl":
    case "shr":
      return integerShift(f, op, type, hints.divisor);
    case "copysign":
      throw new TypeError(`kernel: copysign of ${type}`);
    default:
      f.op(`${wasm}.${op}`);
  }
}

function integerDivision(
  f: FunctionBuilder,
  op: "div" | "rem",
  type: ScalarType,
  hints: DivisionHints,
): void {
  const wasm = wasmTypes[type] as "i32" | "i64";
  const signed = !isUnsigned(type) && !hints.nonNegative;
  const raw: PlainOpcode = `${wasm}.${op}_${signed ? "s" : "u"}`;
  const divisor = hints.divisor;
  const special = divisor === undefined || Number(divisor) === 0 || (signed && Number(divisor) === -1);
  if (!special) {
    f.op(raw);
    return;
  }
  withLocal(f, wasm, (y) =>
    withLocal(f, wasm, (x) => {
      f.set(y).set(x);
      f.get(y);
      if (signed && op === "div") {
        // y is 0 or -1: x / 0 = -1 and x / -1 = -x.
        scalarConst(f, type, 1);
        f.op(`${wasm}.add`);
        scalarConst(f, type, 2);
        f.op(`${wasm}.lt_u`).if(() => {
          scalarConst(f, type, -1);
          scalarConst(f, type, 0);
          f.get(x).op(`${wasm}.sub`).get(y).op(`${wasm}.eqz`).op("select");
        }, () =>
          f.get(x).get(y).op(raw), wasm);
      } else {
        f.op(`${wasm}.eqz`).if(() => {
          if (op === "div") {
            scalarConst(f, type, -1);
          } else f.get(x);
        }, () =>
          f.get(x).get(y).op(raw), wasm);
      }
    }));
}

function integerShift(
  f: FunctionBuilder,
  op: "shl" | "shr",
  type: ScalarType,
  count: number | bigint | undefined,
): void {
  const wasm = wasmTypes[type] as "i32" | "i64";
  const bits = wasm === "i32" ? 32 : 64;
  const raw: PlainOpcode = op === "shl" ? `${wasm}.shl` : `${wasm}.shr_${isUnsigned(type) ? "u" : "s"}`;
  if (count !== undefined && count >= 0 && count < bits) {
    f.op(raw);
    return;
  }
  withLocal(f, wasm, (n) => {
    f.set(n);
    if (op === "shr" && !isUnsigned(type)) {
      // Counts out of range shift by bits - 1, which leaves the sign.
      f.get(n);
      scalarConst(f, type, bits - 1);
      f.get(n);
      scalarConst(f, type, bits);
      f.op(`${wasm}.lt_u`).op("select").op(raw);
    } else {
      f.get(n).op(raw);
      scalarConst(f, type, 0);
      f.get(n);
      scalarConst(f, type, bits);
      f.op(`${wasm}.lt_u`).op("select");
    }
  });
}

/** A comparison of two scalars of `type`. */
export function scalarCompare(f: FunctionBuilder, op: CompareOp, type: ScalarType): void {
  const wasm = wasmTypes[type];
  if (wasm === "f32" || wasm === "f64") {
    f.op(`${wasm}.${op}`);
  } else if (op === "eq" || op === "ne") {
    f.op(`${wasm}.${op}`);
  } else {
    f.op(`${wasm}.${op}_${isUnsigned(type) || type === "bool" ? "u" : "s"}`);
  }
}

/** Value conversion from one scalar type to another. */
export function scalarConvert(f: FunctionBuilder, from: ScalarType, to: ScalarType): void {
  const source = wasmTypes[from], target = wasmTypes[to];
  if (to === "bool") {
    if (from === "bool") return;
    scalarConst(f, from, 0);
    f.op(`${source}.ne`);
    return;
  }
  const sourceSign = isUnsigned(from) || from === "bool" ? "u" : "s";
  if (source === target) return;
  if (source === "f32" && target === "f64") f.op("f64.promote_f32");
  else if (source === "f64" && target === "f32") f.op("f32.demote_f64");
  else if (source === "i64" && target === "i32") f.op("i32.wrap_i64");
  else if (source === "i32" && target === "i64") f.op(`i64.extend_i32_${sourceSign}`);
  else if ((source === "i32" || source === "i64") && (target === "f32" || target === "f64")) {
    f.op(`${target}.convert_${source}_${sourceSign}`);
  } else if ((source === "f32" || source === "f64") && (target === "i32" || target === "i64")) {
    f.op(`${target}.trunc_sat_${source}_${isUnsigned(to) ? "u" : "s"}`);
  }
}

/** The same bits as another type of the same width. */
export function scalarBitcast(f: FunctionBuilder, from: ScalarType, to: ScalarType): void {
  const source = wasmTypes[from], target = wasmTypes[to];
  if (source === target) return;
  if (isWide(from) !== isWide(to)) throw new TypeError(`kernel: bitcast of ${from} to ${to}: widths differ`);
  f.op(`${target}.reinterpret_${source}` as PlainOpcode);
}

/** Wraps or rounds a wide scalar to a narrow storage type. */
export function scalarNarrow(f: FunctionBuilder, helpers: Helpers, storage: StorageType): void {
  switch (storage) {
    case "i8":
      f.op("i32.extend8_s");
      return;
    case "i16":
      f.op("i32.extend16_s");
      return;
    case "u8":
      f.i32(0xff).op("i32.and");
      return;
    case "u16":
      f.i32(0xffff).op("i32.and");
      return;
    case "f16":
    case "bf16":
      f.op("f32x4.splat").call(helpers.roundHalf(storage)).lane("f32x4.extract_lane", 0);
      return;
    default:
      return;
  }
}

const loadOpcodes: Readonly<Record<StorageType, MemoryOpcode>> = {
  bool: "i32.load8_u",
  i8: "i32.load8_s",
  u8: "i32.load8_u",
  i16: "i32.load16_s",
  u16: "i32.load16_u",
  f16: "i32.load16_u",
  bf16: "i32.load16_u",
  i32: "i32.load",
  u32: "i32.load",
  i64: "i64.load",
  u64: "i64.load",
  f32: "f32.load",
  f64: "f64.load",
};

const storeOpcodes: Readonly<Record<StorageType, MemoryOpcode>> = {
  bool: "i32.store8",
  i8: "i32.store8",
  u8: "i32.store8",
  i16: "i32.store16",
  u16: "i32.store16",
  f16: "i32.store16",
  bf16: "i32.store16",
  i32: "i32.store",
  u32: "i32.store",
  i64: "i64.store",
  u64: "i64.store",
  f32: "f32.store",
  f64: "f64.store",
};

/** Loads the stored form of one element as i32, i64, f32 or f64, without widening half floats. */
export function rawLoad(f: FunctionBuilder, storage: StorageType, offset: number): void {
  f.memory(loadOpcodes[storage], offset);
}

/** Loads one element at the address on the stack. */
export function scalarLoad(f: FunctionBuilder, helpers: Helpers, storage: StorageType, offset: number): void {
  rawLoad(f, storage, offset);
  if (storage === "bf16") f.i32(16).op("i32.shl").op("f32.reinterpret_i32");
  if (storage === "f16") f.op("i32x4.splat").call(helpers.unpackF16()).lane("f32x4.extract_lane", 0);
}

/** From a value to its stored form, for half floats. */
export function scalarPack(f: FunctionBuilder, helpers: Helpers, storage: StorageType): void {
  if (storage === "bf16" || storage === "f16") {
    f.op("f32x4.splat").call(helpers.packHalf(storage)).lane("i32x4.extract_lane", 0);
  }
}

/** Stores the value on the stack, already packed, at the address below it. */
export function rawStore(f: FunctionBuilder, storage: StorageType, offset: number): void {
  f.memory(storeOpcodes[storage], offset);
}
