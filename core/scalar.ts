/**
 * Single elements of flat host data: reading, writing and converting them.
 *
 * Flat data holds a bool as `Uint8Array`, float16 as `Float16Array`, bfloat16 as a `Uint16Array` of its bits, 64-bit
 * integers as `BigInt64Array`/`BigUint64Array` and complex numbers interleaved, real part first.
 *
 * @module
 */
import type { DType, TypedArray } from "./dtypes.ts";
import { OverflowError, ValueError } from "./errors.ts";

/** A complex number on the host. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** One element on the host: a boolean, a number, a bigint (64-bit integers) or a complex number. */
export type Scalar = boolean | number | bigint | Complex;

const wordF32 = new Float32Array(1);
const wordU32 = new Uint32Array(wordF32.buffer);
const wordF16 = new Float16Array(1);
const wordU16 = new Uint16Array(wordF16.buffer);

/** The bits of a number rounded to float16, ties to even. */
export function float16Bits(x: number): number {
  wordF16[0] = x;
  return wordU16[0]!;
}

/** The number that these float16 bits stand for. */
export function float16FromBits(bits: number): number {
  wordU16[0] = bits;
  return wordF16[0]!;
}

/** The bits of a number rounded to float32 and then to bfloat16, ties to even, as JAX converts Python floats. */
export function bfloat16Bits(x: number): number {
  wordF32[0] = x;
  const bits = wordU32[0]!;
  if (x !== x) return ((bits >>> 16) & 0x8000) | 0x7fc0;
  // Adding just under half a unit, and one more when the kept part is odd, carries exactly when rounding goes up.
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** The number that these bfloat16 bits stand for. */
export function bfloat16FromBits(bits: number): number {
  wordU32[0] = bits << 16;
  return wordF32[0]!;
}

/** Whether the dtype's elements are bigints on the host. */
export function isBigDType(dtype: DType): boolean {
  return (dtype.kind === "int" || dtype.kind === "uint") && dtype.bits === 64;
}

/** Whether a value is a complex number `{ re, im }`. */
export function isComplexScalar(x: unknown): x is Complex {
  return typeof x === "object" && x !== null && typeof (x as Complex).re === "number" &&
    typeof (x as Complex).im === "number";
}

/** Element `i` of flat data: a boolean, bigint, `{ re, im }` or number, by the dtype. */
export function scalarAt(data: TypedArray, dtype: DType, i: number): Scalar {
  switch (dtype.kind) {
    case "bool":
      return data[i] !== 0;
    case "float0":
      return false;
    case "complex":
      return { re: data[2 * i] as number, im: data[2 * i + 1] as number };
    case "float":
      return dtype.name === "bfloat16" ? bfloat16FromBits(data[i] as number) : data[i]!;
    default:
      return data[i]!;
  }
}

/** Writes a value that fits the dtype (see {@linkcode convertScalar}) as element `i` of flat data. */
export function setScalar(data: TypedArray, dtype: DType, i: number, value: Scalar): void {
  if (dtype.kind === "complex") {
    data[2 * i] = realPart(value);
    data[2 * i + 1] = isComplexScalar(value) ? value.im : 0;
  } else if (isBigDType(dtype)) {
    data[i] = typeof value === "bigint" ? value : BigInt(realPart(value));
  } else if (dtype.name === "bfloat16") {
    data[i] = bfloat16Bits(realPart(value));
  } else if (dtype.kind === "bool") {
    data[i] = isTruthy(value) ? 1 : 0;
  } else {
    data[i] = realPart(value);
  }
}

/**
 * A literal of the language as an element of the dtype, by NumPy's rules for Python scalars: fractions are cut for
 * integer dtypes, anything but zero is true.
 *
 * @throws OverflowError if an integer does not fit
 * @throws ValueError if NaN is given for an integer dtype
 * @throws TypeError if a complex number is given for a real dtype
 */
export function convertScalar(value: Scalar, dtype: DType): Scalar {
  if (dtype.kind === "bool") return isTruthy(value);
  if (dtype.kind === "complex") {
    const { re, im } = isComplexScalar(value) ? value : { re: toFloat(value, dtype), im: 0 };
    return dtype.bits === 64 ? { re: Math.fround(re), im: Math.fround(im) } : { re, im };
  }
  if (isComplexScalar(value)) {
    const wanted = dtype.kind === "float" ? "float() argument must be a string or" : "int() argument must be";
    throw new TypeError(
      `${wanted} a real number, not 'complex' (${complexText(value)} to ${dtype.name}); take .re`,
    );
  }
  if (dtype.kind === "float") return roundFloat(toFloat(value, dtype), dtype);
  return toInteger(value, dtype);
}

/**
 * An element of the dtype `from` as an element of `to`, by the rules of `astype`: integers wrap, floats are cut and
 * saturate at the ends of an integer dtype, NaN gives 0, complex numbers lose their imaginary part.
 */
export function castScalar(value: Scalar, from: DType, to: DType): Scalar {
  if (to.kind === "bool" || to.kind === "complex") return convertScalar(value, to);
  const real = isComplexScalar(value) ? value.re : value;
  if (to.kind === "float") return roundFloat(toFloat(real, to), to);
  if (from.kind !== "float" && from.kind !== "complex") return wrap(BigInt(real), to);
  const x = Number(real);
  if (Number.isNaN(x)) return narrow(0n, to);
  if (to.bits <= 32) return Math.min(Math.max(Math.trunc(x) + 0, leastNumber(to)), greatestNumber(to));
  const [low, high] = integerRange(to);
  if (x >= Number(high)) return narrow(high, to);
  if (x <= Number(low)) return narrow(low, to);
  return narrow(BigInt(Math.trunc(x)), to);
}

/** The least and the greatest value of an integer dtype. */
export function integerRange(dtype: DType): [lo: bigint, hi: bigint] {
  const bits = BigInt(dtype.bits);
  return dtype.kind === "uint" ? [0n, (1n << bits) - 1n] : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
}

function greatestNumber(dtype: DType): number {
  return 2 ** (dtype.kind === "uint" ? dtype.bits : dtype.bits - 1) - 1;
}

function leastNumber(dtype: DType): number {
  return dtype.kind === "uint" ? 0 : -(2 ** (dtype.bits - 1));
}

/** A number rounded to a float dtype, ties to even. */
export function roundFloat(x: number, dtype: DType): number {
  switch (dtype.name) {
    case "float16":
      return Math.f16round(x);
    case "bfloat16":
      return bfloat16FromBits(bfloat16Bits(x));
    case "float32":
      return Math.fround(x);
    default:
      return x;
  }
}

/** Python's text of a complex number: `(1+2j)`. */
export function complexText({ re, im }: Complex): string {
  return `(${re}${im < 0 || Object.is(im, -0) ? "-" : "+"}${Math.abs(im)}j)`;
}

function isTruthy(value: Scalar): boolean {
  return isComplexScalar(value) ? value.re !== 0 || value.im !== 0 : Number(value) !== 0;
}

function realPart(value: Scalar): number {
  return isComplexScalar(value) ? value.re : Number(value);
}

function toInteger(value: boolean | number | bigint, dtype: DType): number | bigint {
  if (typeof value === "boolean") return narrow(value ? 1n : 0n, dtype);
  if (typeof value === "number") {
    if (Number.isNaN(value)) {
      throw new ValueError(`cannot convert float NaN to integer (dtype ${dtype.name})`);
    }
    if (!Number.isFinite(value)) {
      throw new OverflowError(`cannot convert float infinity to integer (dtype ${dtype.name})`);
    }
  }
  if (typeof value === "number" && dtype.bits <= 32) {
    const cut = Math.trunc(value) + 0;
    if (cut >= leastNumber(dtype) && cut <= greatestNumber(dtype)) return cut;
  }
  const integer = typeof value === "bigint" ? value : BigInt(Math.trunc(value));
  const [lo, hi] = integerRange(dtype);
  if (integer < lo || integer > hi) {
    throw new OverflowError(`Python integer ${integer} out of bounds for ${dtype.name}`);
  }
  return narrow(integer, dtype);
}

function toFloat(value: boolean | number | bigint, dtype: DType): number {
  if (typeof value !== "bigint") return Number(value);
  const result = roundToOdd(value);
  if (!Number.isFinite(result)) {
    throw new OverflowError(`int too large to convert to float (dtype ${dtype.name})`);
  }
  return dtype.bits === 64 && dtype.kind === "float" || dtype.bits === 128 ? Number(value) : result;
}

/**
 * An integer rounded to 53 bits so that its last bit is set if any bit is lost: rounding the result again, to a
 * narrower dtype, then equals one rounding of the integer.
 */
function roundToOdd(value: bigint): number {
  const size = value < 0n ? -value : value;
  if (size <= 9007199254740991n) return Number(value);
  const shift = BigInt(size.toString(2).length - 53);
  let kept = size >> shift;
  if (kept << shift !== size) kept |= 1n;
  const result = Number(kept) * 2 ** Number(shift);
  return value < 0n ? -result : result;
}

function wrap(value: bigint, dtype: DType): number | bigint {
  const wrapped = dtype.kind === "uint"
    ? BigInt.asUintN(dtype.bits, value)
    : BigInt.asIntN(dtype.bits, value);
  return narrow(wrapped, dtype);
}

function narrow(value: bigint, dtype: DType): number | bigint {
  return isBigDType(dtype) ? value : Number(value);
}
