/**
 * Bit operations whose result depends on the width of a dtype, and rounding to fewer bits.
 *
 * Narrow integers arrive sign- or zero-extended in i32 or u32, narrow floats as f32; so do the results.
 *
 * @module
 */
import type { DType } from "../../core/dtypes.ts";
import type { Expr, ScalarType } from "../ir.ts";
import { binary, compare, constant, convert, narrow, select, unary } from "../expr.ts";
import {
  add,
  and,
  bitsOf,
  cases,
  eq,
  floatOf,
  gt,
  isInfinite,
  isNaN,
  le,
  like,
  lt,
  ne,
  or,
  sub,
} from "./arithmetic.ts";
import { exponentBias, mantissaBits, shiftLeft, shiftRight, wordType } from "./arithmetic.ts";
import { mulhiUnsigned } from "./multiply.ts";
import { layoutOf } from "../layout.ts";

const unsignedType = (x: Expr): ScalarType => x.type === "i64" || x.type === "u64" ? "u64" : "u32";
const signedType = (x: Expr): ScalarType => x.type === "i64" || x.type === "u64" ? "i64" : "i32";

/** The bits of a value, zero-extended from the width of its dtype. */
function unsignedBits(x: Expr, dtype: DType): Expr {
  const u = convert(unsignedType(x), x);
  return dtype.bits >= 32 ? u : and(u, like(u, 2 ** dtype.bits - 1));
}

/** An unsigned result in the scalar type and width of a dtype. */
function restore(u: Expr, x: Expr, dtype: DType): Expr {
  return narrow(layoutOf(dtype).storage, convert(x.type, u));
}

/** x·2ⁿ, dropping high bits; 0 for n outside [0, bits). */
export function shl(x: Expr, n: Expr, dtype: DType): Expr {
  return narrow(layoutOf(dtype).storage, binary("shl", x, n));
}

/** Shift to the right that fills with the highest bit, also for unsigned dtypes. */
export function shrArithmetic(x: Expr, n: Expr, dtype: DType): Expr {
  const type = signedType(x);
  if (x.type === type) return binary("shr", x, n);
  let s = convert(type, x);
  // A narrow unsigned value has its highest bit below the register's: move it there.
  const free = dtype.bits < 32 ? 32 - dtype.bits : 0;
  if (free) s = shiftRight(shiftLeft(s, free), free);
  return restore(binary("shr", s, convert(type, n)), x, dtype);
}

/** Shift to the right that fills with zeros; 0 for n outside [0, bits). */
export function shrLogical(x: Expr, n: Expr, dtype: DType): Expr {
  const u = unsignedBits(x, dtype);
  const shifted = binary("shr", u, convert(u.type, n));
  return restore(shifted, x, dtype);
}

/** Number of leading zero bits of the dtype's width. */
export function clz(x: Expr, dtype: DType): Expr {
  const zeros = unary("clz", unsignedBits(x, dtype));
  const result = dtype.bits < 32 ? sub(zeros, like(zeros, 32 - dtype.bits)) : zeros;
  return restore(result, x, dtype);
}

/** Number of one bits. */
export function popcnt(x: Expr, dtype: DType): Expr {
  return restore(unary("popcnt", unsignedBits(x, dtype)), x, dtype);
}

/** Bitwise complement, or logical for bool. */
export function not(x: Expr, dtype: DType): Expr {
  return narrow(layoutOf(dtype).storage, unary("not", x));
}

/** The high half of the product of two integers of a dtype. */
export function mulhi(x: Expr, y: Expr, dtype: DType): Expr {
  if (dtype.bits < 32) {
    return narrow(layoutOf(dtype).storage, binary("shr", binary("mul", x, y), like(x, dtype.bits)));
  }
  const a = convert(unsignedType(x), x), b = convert(unsignedType(x), y);
  const high = mulhiUnsigned(a, b);
  if (dtype.kind === "uint") return high;
  // Two's complement: x = a − 2ᴺ·[x < 0].
  const zero = like(a, 0);
  const signX = compare("lt", x, like(x, 0)), signY = compare("lt", y, like(y, 0));
  return convert(x.type, sub(sub(high, select(signX, b, zero)), select(signY, a, zero)));
}

/** The next representable value of the dtype after x in the direction of y; y itself when they are equal. */
export function nextafter(x: Expr, y: Expr, dtype: DType): Expr {
  const up = gt(y, x), zero = like(x, 0);
  const away = eq(up, gt(x, zero));
  const word = bitsOf(x);
  const step = dtype.name === "bfloat16" ? 1 << 16 : dtype.name === "float16" ? 1 << 13 : 1;
  const moved = floatOf(add(word, select(away, like(word, step), like(word, -step))));
  let next: Expr, least: number;
  if (dtype.name === "float16") {
    // Below 2⁻¹⁴ float16 has the spacing 2⁻²⁴; the bits of float32 do not tell its infinity from 2¹⁶.
    const edge = like(x, 2 ** -14), magnitude = unary("abs", x);
    const fine = or(lt(magnitude, edge), and(eq(magnitude, edge), ne(away, constant("bool", true))));
    const delta = select(up, like(x, 2 ** -24), like(x, -(2 ** -24)));
    const small = binary("copysign", add(x, delta), x);
    const largest = binary("copysign", like(x, 65504), x);
    next = cases([
      [fine, small],
      [isInfinite(x), largest],
    ], narrow("f16", moved));
    least = 2 ** -24;
  } else {
    next = moved;
    least = dtype.name === "bfloat16" ? 2 ** -133 : dtype.name === "float64" ? 5e-324 : 2 ** -149;
  }
  return cases([
    [or(isNaN(x), isNaN(y)), like(x, NaN)],
    [eq(x, y), y],
    [eq(x, zero), binary("copysign", like(x, least), y)],
  ], next);
}

/** The bits of exponent and significand that a float dtype has. */
const FORMATS: Readonly<Record<string, readonly [exponent: number, mantissa: number]>> = {
  float16: [5, 10],
  bfloat16: [8, 7],
  float32: [8, 23],
  float64: [11, 52],
};

/**
 * x, of a float dtype, rounded (to nearest even) to a float format of this many bits. Where the format has fewer bits of
 * exponent than the dtype, its subnormals are flushed to zero.
 */
export function reducePrecision(x: Expr, exponentBits: number, mantissa: number, dtype: DType): Expr {
  const [ownExponent, ownMantissa] = FORMATS[dtype.name]!;
  const type = wordType(x.type), bits = mantissaBits(x.type);
  const c = (value: bigint): Expr => constant(type, value);
  let word = bitsOf(x);
  if (mantissa < ownMantissa) {
    const last = 1n << BigInt(bits - mantissa);
    const odd = and(binary("shr", word, c(BigInt(bits - mantissa))), c(1n));
    word = and(add(word, add(odd, c(last / 2n - 1n))), c(-last));
    if (dtype.name === "float16") {
      // float16 is computed with as float32, whose numbers below 2⁻¹⁴ have more bits: round those at a fixed place.
      const unit = like(x, 2 ** (-14 - mantissa)), inverse = like(x, 2 ** (14 + mantissa));
      const fixed = binary("mul", unary("nearest", binary("mul", x, inverse)), unit);
      word = select(lt(unary("abs", x), like(x, 2 ** -14)), bitsOf(fixed), word);
    }
  }
  if (exponentBits < ownExponent) {
    const signMask = -(1n << BigInt(type === "i32" ? 31 : 63));
    const sign = and(bitsOf(x), c(signMask));
    const reducedBias = (1n << BigInt(exponentBits - 1)) - 1n, bias = BigInt(exponentBias(x.type));
    const infinity = (2n * bias + 1n) << BigInt(bits);
    const exponent = and(word, c(infinity));
    const overflow = gt(exponent, c((bias + reducedBias) << BigInt(bits)));
    const underflow = le(exponent, c((bias - reducedBias) << BigInt(bits)));
    word = cases([[overflow, or(sign, c(infinity))], [underflow, sign]], word);
  }
  return select(isNaN(x), x, floatOf(word));
}
