/**
 * Scalar operations of the reference backend. Integers to 32 bits and floats are numbers, 64-bit integers bigints.
 *
 * @module
 */
import { bfloat16Bits, bfloat16FromBits, float16Bits, float16FromBits } from "../core/scalar.ts";
import type { ScalarType } from "./ir.ts";

const words = new DataView(new ArrayBuffer(8));

/** Half to even. */
function nearest(x: number): number {
  if (!(Math.abs(x) < 2 ** 52)) return x;
  const down = Math.floor(x), rest = x - down;
  const rounded = rest < 0.5 || rest === 0.5 && down % 2 === 0 ? down : down + 1;
  return rounded === 0 && (x < 0 || Object.is(x, -0)) ? -0 : rounded;
}

function negative(x: number): boolean {
  words.setFloat64(0, x);
  return words.getUint8(0) >= 128;
}

/** Float to integer: truncates, saturates, NaN to 0. */
function saturate(x: number, lo: number, hi: number): number {
  return x !== x ? 0 : x <= lo ? lo : x >= hi ? hi : Math.trunc(x) + 0;
}

function saturateBig(x: number, lo: bigint, hi: bigint): bigint {
  if (x !== x) return 0n;
  return x <= Number(lo) ? lo : x >= Number(hi) ? hi : BigInt(Math.trunc(x));
}

/** A 64-bit integer to float32 in one rounding. */
function bigToF32(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  const excess = Math.max(0, magnitude.toString(2).length - 26), low = (1n << BigInt(excess)) - 1n;
  const kept = magnitude >> BigInt(excess) | (magnitude & low ? 1n : 0n);
  return Math.fround(Number(kept) * 2 ** excess) * (value < 0n ? -1 : 1);
}

function bitcast(from: ScalarType, to: ScalarType, x: number | bigint): number | bigint {
  switch (from) {
    case "i32":
    case "u32":
      words.setInt32(0, x as number);
      break;
    case "f32":
      words.setFloat32(0, x as number);
      break;
    case "f64":
      words.setFloat64(0, x as number);
      break;
    default:
      words.setBigInt64(0, x as bigint);
  }
  switch (to) {
    case "i32":
      return words.getInt32(0);
    case "u32":
      return words.getUint32(0);
    case "f32":
      return words.getFloat32(0);
    case "f64":
      return words.getFloat64(0);
    case "u64":
      return words.getBigUint64(0);
    default:
      return words.getBigInt64(0);
  }
}

function popcount(x: number): number {
  let n = 0;
  for (let bits = x >>> 0; bits; bits &= bits - 1) n++;
  return n;
}

function check(at: number, size: number): void {
  if (!(at >= 0 && at < size)) throw new RangeError(`element ${at} of a buffer of ${size}`);
}

/** What the generated source of a kernel calls. */
export const helpers: Readonly<Record<string, unknown>> = {
  check,
  nearest,
  copysign: (x: number, sign: number): number => negative(x) === negative(sign) ? x : -x,
  saturate,
  saturateBig,
  bigToF32,
  bitcast,
  popcount,
  popcountBig: (x: bigint): bigint =>
    BigInt(popcount(Number(x & 0xffffffffn)) + popcount(Number((x >> 32n) & 0xffffffffn))),
  clzBig: (x: bigint): bigint => x === 0n ? 64n : BigInt(64 - x.toString(2).length),
  f16Bits: float16Bits,
  f16FromBits: float16FromBits,
  bf16Bits: bfloat16Bits,
  bf16FromBits: bfloat16FromBits,
};
