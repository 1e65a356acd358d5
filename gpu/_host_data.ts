/**
 * Array data between the host, where narrow types are packed, and a GPU, where every scalar takes four bytes.
 *
 * @module
 */
import { bfloat16Bits } from "../core/scalar.ts";
import { storageBytes, type StorageType } from "../kernel/ir.ts";

type Words = Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** How packed scalars are seen on the host, and what they become. */
interface Widening {
  readonly packed: new (
    buffer: ArrayBuffer,
    byteOffset: number,
    length: number,
  ) => ArrayLike<number> & ArrayBufferView;
  readonly words: new (length: number) => Words;
}

const widenings: Readonly<Partial<Record<StorageType, Widening>>> = {
  bool: { packed: Uint8Array, words: Uint32Array },
  i8: { packed: Int8Array, words: Int32Array },
  u8: { packed: Uint8Array, words: Uint32Array },
  i16: { packed: Int16Array, words: Int32Array },
  u16: { packed: Uint16Array, words: Uint32Array },
  f16: { packed: Float16Array, words: Float32Array },
  bf16: { packed: Uint16Array, words: Float32Array },
};

function aligned(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  return (bytes.byteOffset % size === 0 ? bytes : bytes.slice()) as Uint8Array<ArrayBuffer>;
}

/** Packed scalars as words. */
export function widen(bytes: Uint8Array, storage: StorageType): Uint8Array<ArrayBuffer> {
  const { packed, words } = widenings[storage] ?? {};
  if (packed === undefined || words === undefined) return aligned(bytes, 4);
  const length = bytes.byteLength / storageBytes[storage], from = aligned(bytes, storageBytes[storage]);
  const data = new packed(from.buffer, from.byteOffset, length);
  const wide = new words(length);
  if (storage === "bf16") {
    const bits = new Uint32Array(wide.buffer);
    for (let i = 0; i < length; i++) bits[i] = data[i]! << 16;
  } else wide.set(data);
  return new Uint8Array(wide.buffer);
}

/** Words as packed scalars. */
export function pack(wide: ArrayBuffer, storage: StorageType): Uint8Array {
  const { packed, words } = widenings[storage] ?? {};
  if (packed === undefined || words === undefined) return new Uint8Array(wide);
  const length = wide.byteLength / 4, bytes = new ArrayBuffer(length * storageBytes[storage]);
  const data = new packed(bytes, 0, length) as unknown as Uint16Array;
  if (storage === "bf16") {
    const floats = new Float32Array(wide);
    for (let i = 0; i < length; i++) data[i] = bfloat16Bits(floats[i]!);
  } else if (storage === "f16") data.set(new Float32Array(wide));
  else data.set(new Int32Array(wide));
  return new Uint8Array(bytes);
}
