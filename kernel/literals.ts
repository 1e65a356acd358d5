/**
 * Constants: host scalars and bytes as expressions, and the other way round.
 *
 * @module
 */
import type { ShapedArray } from "../core/avals.ts";
import type { ScalarValue } from "../core/jaxpr.ts";
import { bfloat16Bits, bfloat16FromBits, float16Bits, float16FromBits } from "../core/scalar.ts";
import { constant } from "./expr.ts";
import { type Expr, loadedType, storageBytes, type StorageType } from "./ir.ts";
import { bytesOf, layoutOf } from "./layout.ts";
import { Pair, type Val } from "./lowering.ts";

/** A host scalar as an element of a dtype. */
export function literalVal(aval: ShapedArray, value: ScalarValue): Val {
  const { storage, components } = layoutOf(aval.dtype);
  const part = (x: number | bigint | boolean): Expr => storedConstant(storage, x);
  if (components !== 2) return part(typeof value === "object" ? value.re : value);
  return typeof value === "object"
    ? new Pair(part(value.re), part(value.im))
    : new Pair(part(value), part(0));
}

/** A constant as it would be read back after a store. */
function storedConstant(storage: StorageType, x: number | bigint | boolean): Expr {
  const type = loadedType[storage];
  switch (storage) {
    case "f16":
      return constant(type, float16FromBits(float16Bits(Number(x))));
    case "bf16":
      return constant(type, bfloat16FromBits(bfloat16Bits(Number(x))));
    case "i8":
    case "i16":
      return constant(type, BigInt.asIntN(8 * storageBytes[storage], BigInt(x)));
    case "u8":
    case "u16":
      return constant(type, BigInt.asUintN(8 * storageBytes[storage], BigInt(x)));
    default:
      return constant(type, x);
  }
}

/** The one element of an array, from its bytes. */
export function valOfBytes(aval: ShapedArray, bytes: Uint8Array): Val {
  const { storage, components } = layoutOf(aval.dtype);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const part = (i: number): Expr =>
    constant(loadedType[storage], readScalar(view, storage, i * storageBytes[storage]));
  if (components === 0) return constant(loadedType[storage], 0);
  return components === 2 ? new Pair(part(0), part(1)) : part(0);
}

/** A stored scalar at a byte offset. */
export function readScalar(view: DataView, storage: StorageType, at: number): number | bigint | boolean {
  switch (storage) {
    case "bool":
      return view.getUint8(at) !== 0;
    case "i8":
      return view.getInt8(at);
    case "u8":
      return view.getUint8(at);
    case "i16":
      return view.getInt16(at, true);
    case "u16":
      return view.getUint16(at, true);
    case "f16":
      return float16FromBits(view.getUint16(at, true));
    case "bf16":
      return bfloat16FromBits(view.getUint16(at, true));
    case "i32":
      return view.getInt32(at, true);
    case "u32":
      return view.getUint32(at, true);
    case "f32":
      return view.getFloat32(at, true);
    case "f64":
      return view.getFloat64(at, true);
    case "i64":
      return view.getBigInt64(at, true);
    case "u64":
      return view.getBigUint64(at, true);
  }
}

function writeScalar(view: DataView, storage: StorageType, at: number, x: number | bigint | boolean): void {
  switch (storage) {
    case "bool":
    case "i8":
    case "u8":
      return view.setUint8(at, Number(x));
    case "i16":
    case "u16":
      return view.setUint16(at, Number(x), true);
    case "f16":
      return view.setUint16(at, float16Bits(Number(x)), true);
    case "bf16":
      return view.setUint16(at, bfloat16Bits(Number(x)), true);
    case "i32":
    case "u32":
      return view.setUint32(at, Number(x), true);
    case "f32":
      return view.setFloat32(at, Number(x), true);
    case "f64":
      return view.setFloat64(at, Number(x), true);
    case "i64":
    case "u64":
      return view.setBigUint64(at, BigInt.asUintN(64, BigInt(x)), true);
  }
}

/** Bytes of an array whose elements all are a constant. */
export function literalBytes(aval: ShapedArray, value: Val): Uint8Array {
  const { storage, components } = layoutOf(aval.dtype);
  const bytes = new Uint8Array(bytesOf(aval)), width = storageBytes[storage];
  if (bytes.length === 0) return bytes;
  const view = new DataView(bytes.buffer);
  const parts = value instanceof Pair ? [value.re, value.im] : [value];
  parts.forEach((e, i) => writeScalar(view, storage, i * width, e.attr as number | bigint | boolean));
  for (let filled = components * width; filled < bytes.length; filled *= 2) {
    bytes.copyWithin(filled, 0, Math.min(filled, bytes.length - filled));
  }
  return bytes;
}
