/**
 * A growing byte buffer with the primitive encodings of the WebAssembly binary format: LEB128 integers,
 * little-endian floats, UTF-8 names and length-prefixed vectors.
 *
 * @module
 */

const utf8 = new TextEncoder();
const scratch = new DataView(new ArrayBuffer(16));
const scratchBytes = new Uint8Array(scratch.buffer);

/** Append-only byte buffer; capacity doubles as it fills. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Number of bytes written. */
  get length(): number {
    return this.#length;
  }

  /** View of the bytes written so far; later writes may move the buffer. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Copy of the bytes written so far. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(extra: number): void {
    const needed = this.#length + extra;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  bytes(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** Unsigned LEB128 of an integer in [0, 2^32). */
  u32(value: number): void {
    this.#reserve(5);
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Signed LEB128 of a 32-bit integer; values in [2^31, 2^32) are taken modulo 2^32. */
  i32(value: number): void {
    this.#reserve(5);
    let rest = value | 0;
    while (rest < -0x40 || rest > 0x3f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>= 7;
    }
    this.#bytes[this.#length++] = rest & 0x7f;
  }

  /** Signed LEB128 of a 64-bit integer, taken modulo 2^64. */
  i64(value: bigint): void {
    this.#reserve(10);
    let rest = BigInt.asIntN(64, value);
    while (rest < -0x40n || rest > 0x3fn) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest & 0x7fn);
  }

  /** Four bytes, little-endian, of an integer taken modulo 2^32. */
  u32Fixed(value: number): void {
    scratch.setUint32(0, value, true);
    this.#scratch(4);
  }

  /** Eight bytes, little-endian, of an integer taken modulo 2^64. */
  u64Fixed(value: bigint): void {
    scratch.setBigUint64(0, value, true);
    this.#scratch(8);
  }

  f32(value: number): void {
    scratch.setFloat32(0, value, true);
    this.#scratch(4);
  }

  f64(value: number): void {
    scratch.setFloat64(0, value, true);
    this.#scratch(8);
  }

  #scratch(count: number): void {
    this.#reserve(count);
    for (let i = 0; i < count; i++) this.#bytes[this.#length++] = scratchBytes[i]!;
  }

  /** Length-prefixed UTF-8 name. */
  name(text: string): void {
    this.sized(utf8.encode(text));
  }

  /** Bytes preceded by their count. */
  sized(content: Uint8Array): void {
    this.u32(content.length);
    this.bytes(content);
  }

  /**
   * Opcode: one byte, or `prefix << 16 | code` as the prefix byte and the code in LEB128.
   */
  opcode(code: number): void {
    if (code < 0x100) {
      this.byte(code);
    } else {
      this.byte(code >>> 16);
      this.u32(code & 0xffff);
    }
  }
}
