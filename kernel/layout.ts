/**
 * How arrays of a dtype lie in memory: the storage type of their scalars and how many scalars make one element.
 *
 * @module
 */
import type { ShapedArray } from "../core/avals.ts";
import { NotImplementedError } from "../core/errors.ts";
import { loadedType, type ScalarType, storageBytes, type StorageType } from "./ir.ts";

/** Memory layout of one element. */
export interface Layout {
  readonly storage: StorageType;
  /** Scalars to an element: 2 for complex numbers and keys (interleaved), 0 for float0, else 1. */
  readonly components: 0 | 1 | 2;
}

const layouts: Readonly<Record<string, Layout>> = {
  bool: { storage: "bool", components: 1 },
  int8: { storage: "i8", components: 1 },
  int16: { storage: "i16", components: 1 },
  int32: { storage: "i32", components: 1 },
  int64: { storage: "i64", components: 1 },
  uint8: { storage: "u8", components: 1 },
  uint16: { storage: "u16", components: 1 },
  uint32: { storage: "u32", components: 1 },
  uint64: { storage: "u64", components: 1 },
  float16: { storage: "f16", components: 1 },
  bfloat16: { storage: "bf16", components: 1 },
  float32: { storage: "f32", components: 1 },
  float64: { storage: "f64", components: 1 },
  complex64: { storage: "f32", components: 2 },
  complex128: { storage: "f64", components: 2 },
  float0: { storage: "bool", components: 0 },
};
const keyLayout: Layout = { storage: "u32", components: 2 };

/** The layout of a dtype. */
export function layoutOf(dtype: { readonly name: string }): Layout {
  const found = layouts[dtype.name] ?? (dtype.name.startsWith("key<") ? keyLayout : undefined);
  if (found === undefined) {
    throw new NotImplementedError(`arrays of dtype ${dtype.name} cannot be computed with`);
  }
  return found;
}

/** The type that a dtype's components are computed in. */
export function scalarTypeOf(dtype: { readonly name: string }): ScalarType {
  return loadedType[layoutOf(dtype).storage];
}

/** Indices and byte offsets are 32-bit: an array and an arena must stay below this. */
export const maxBytes: number = 2 ** 31 - 1;

/** Bytes of an array; raises when they cannot be addressed. */
export function bytesOf(aval: ShapedArray): number {
  const { storage, components } = layoutOf(aval.dtype);
  const bytes = aval.size * components * storageBytes[storage];
  if (bytes > maxBytes) {
    throw new RangeError(
      `${aval} takes ${bytes} bytes, and an array can have at most ${maxBytes}: compute it in smaller blocks, ` +
        `for example with lax.map over its leading axis`,
    );
  }
  return bytes;
}
