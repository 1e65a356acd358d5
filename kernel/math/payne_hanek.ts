/**
 * Reduction of huge angles by multiplication with enough bits of 2/π, in integers (M. Payne and R. Hanek, "Radian
 * reduction for trigonometric functions", 1983).
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { binary, bitcast, constant, convert, select } from "../expr.ts";
import {
  add,
  and,
  exponentBias,
  floatOfInteger,
  type FloatType,
  like,
  mantissaBits,
  mul,
  ne,
  or,
  shiftLeft,
  shiftRight,
  sub,
} from "./arithmetic.ts";
import { type Double, doubleConstant, fastTwoSum, mulDouble } from "./double.ts";
import { mulhiUnsigned } from "./multiply.ts";

/** An angle within π/4 of a multiple of π/2: the number of quarter turns (its low two bits count) and the rest. */
export interface Reduced {
  readonly quadrant: Expr;
  readonly r: Double;
}

/** The bits of (2/π)/4 behind the point in words of 64, after a word of zeros. */
const TWO_OVER_PI: readonly bigint[] = [
  0n,
  0x28be60db9391054an,
  0x7f09d5f47d4d3770n,
  0x36d8a5664f10e410n,
  0x7f9458eaf7aef158n,
  0x6dc91b8e909374b8n,
  0x01924bba82746487n,
  0x3f877ac72c4a69cfn,
  0xba208d7d4baed121n,
  0x3a671c09ad17df90n,
  0x4e64758e60d4ce7dn,
  0x272117e2ef7e4a0en,
  0xc7fe25fff7816603n,
  0xfbcbc462d6829b47n,
  0xdb4d9fb3c9f2c26dn,
  0xd3d18fd9a797fa8bn,
  0x5d49eeb1faf97c5en,
  0xcf41ce7de294a4ban,
  0x9afed7ec47e35742n,
  0x1580cc11bf1edaean,
  0xfc33ef0826bd0d87n,
];

/** The words as long as the float type; four words from the one that holds an exponent's bits are needed. */
const WORDS: Readonly<Record<FloatType, readonly bigint[]>> = {
  f32: [0n, ...TWO_OVER_PI.slice(1, 5).flatMap((w) => [w >> 32n, w & 0xffffffffn])],
  f64: TWO_OVER_PI,
};

/** `count` consecutive words from word number `at`: one bit of the number after the other halves the choice. */
function wordsAt(words: readonly bigint[], at: Expr, bits: number, count: number): Expr[] {
  let choice = words.map((w) => constant(at.type, w));
  for (let bit = bits - 1; bit >= 0; bit--) {
    const set = ne(and(at, like(at, 2 ** bit)), like(at, 0));
    const step = 2 ** bit, kept = count + step - 1;
    const zero = constant(at.type, 0);
    choice = Array.from(
      { length: kept },
      (_, i) => select(set, choice[i + step] ?? zero, choice[i] ?? zero),
    );
  }
  return choice;
}

/** 2^s for an integer s in [0, bits of its type). */
function integerPowerOfTwo(s: Expr, bits: number): Expr {
  let power = like(s, 1);
  for (let k = 1; k < bits; k *= 2) {
    power = select(ne(and(s, like(s, k)), like(s, 0)), shiftLeft(power, k), power);
  }
  return power;
}

/** The product with 2/π modulo 4, times 2^(bits − 2), as two words. */
function turns(x: Expr): { high: Expr; low: Expr } {
  const type = x.type as FloatType, word = type === "f32" ? "u32" : "u64";
  const bits = type === "f32" ? 32 : 64, mantissa = mantissaBits(type);
  const at = bitcast(word, x), exponent = shiftRight(at, mantissa);
  const significand = or(
    and(at, constant(word, (1n << BigInt(mantissa)) - 1n)),
    constant(word, 1n << BigInt(mantissa)),
  );
  const a = shiftLeft(significand, bits - 1 - mantissa);
  // x = a·2^(e − bits); the bits of 2/π that matter start at bit e of the stream.
  const e = sub(exponent, like(exponent, exponentBias(type) - 1));
  const [w0, w1, w2, w3] = wordsAt(
    WORDS[type],
    shiftRight(e, type === "f32" ? 5 : 6),
    type === "f32" ? 3 : 5,
    4,
  ) as [Expr, Expr, Expr, Expr];
  const scale = integerPowerOfTwo(and(e, like(e, bits - 1)), bits);
  const shifted = (high: Expr, low: Expr): Expr => add(mul(high, scale), mulhiUnsigned(low, scale));
  const b2 = shifted(w0, w1), b1 = shifted(w1, w2), b0 = shifted(w2, w3);
  const p = mul(a, b1), q = mulhiUnsigned(a, b0), low = add(p, q);
  // The carry of p + q, from the highest bits.
  const carry = shiftRight(or(and(p, q), and(or(p, q), binary("xor", low, constant(word, -1)))), bits - 1);
  return { high: add(add(mul(a, b2), mulhiUnsigned(a, b1)), carry), low };
}

/** The angle modulo 2π of a float x ≥ 2; NaN for ∞ and NaN. */
export function reduceHuge(x: Expr): Reduced {
  const type = x.type as FloatType, signed = type === "f32" ? "i32" : "i64";
  const bits = type === "f32" ? 32 : 64, half = type === "f32" ? 12 : 24;
  const { high, low } = turns(x);
  const quarter = shiftRight(add(high, constant(high.type, 1n << BigInt(bits - 3))), bits - 2);
  const fraction = sub(high, shiftLeft(quarter, bits - 2));
  // The fraction (a signed number of two words) in three pieces that floats hold exactly.
  const top = shiftRight(convert(signed, fraction), half);
  const middle = or(
    shiftLeft(and(fraction, like(fraction, 2 ** half - 1)), half),
    shiftRight(low, bits - half),
  );
  const bottom = and(low, constant(low.type, (1n << BigInt(bits - half)) - 1n));
  const float = (n: Expr, exponent: number): Expr =>
    mul(floatOfInteger(convert(signed, n)), like(x, 2 ** exponent));
  const s = fastTwoSum(float(top, half + 2 - bits), float(middle, 2 - half - bits));
  const turn = fastTwoSum(s.hi, add(s.lo, float(bottom, 2 - 2 * bits)));
  const r = mulDouble(turn, doubleConstant(x, Math.PI / 2, 6.123233995736766e-17));
  // NaN for infinite x.
  return { quadrant: convert(signed, quarter), r: { hi: add(r.hi, sub(x, x)), lo: r.lo } };
}
