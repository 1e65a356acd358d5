/**
 * How the elements of a dtype are stored and computed with.
 *
 * @module
 */
import type { DType } from "../../core/dtypes.ts";
import { loadedType, type ScalarType, type StorageType } from "../ir.ts";

const STORAGE: Readonly<Record<string, StorageType>> = {
  bool: "bool",
  int8: "i8",
  int16: "i16",
  int32: "i32",
  int64: "i64",
  uint8: "u8",
  uint16: "u16",
  uint32: "u32",
  uint64: "u64",
  float16: "f16",
  bfloat16: "bf16",
  float32: "f32",
  float64: "f64",
  complex64: "f32",
  complex128: "f64",
};

/** Storage type of an element, or of each component of a complex number or key. float0 is stored as bool. */
export function storageOf(dtype: DType): StorageType {
  const storage = STORAGE[dtype.name];
  if (storage !== undefined) return storage;
  return dtype.kind === "key" ? "u32" : "bool";
}

/** The type that elements (or components) of a dtype are computed in. */
export function scalarTypeOf(dtype: DType): ScalarType {
  return loadedType[storageOf(dtype)];
}

/** Whether a value of the dtype is a Pair: complex numbers and keys. */
export function isPairDType(dtype: DType): boolean {
  return dtype.kind === "complex" || dtype.kind === "key";
}
