/**
 * Logarithms: log, log1p, and the base-2 logarithm in double precision that powers need.
 *
 * x = 2ᵏ·m with √½ ≤ m < √2, log x = k·ln 2 + log m. With s = f/(2 + f), f = m − 1: log m = 2·artanh s, in the
 * arrangement of fdlibm `e_log.c` (f − (f²/2 − s·(f²/2 + R(s²)))), which loses nothing when k = 0. Polynomials: minimax,
 * computed with mpmath (Remez).
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { madd, select } from "../expr.ts";
import {
  add,
  and,
  bitsOf,
  cases,
  div,
  eq,
  floatOf,
  floatOfInteger,
  type FloatType,
  gt,
  leastNormal,
  like,
  lt,
  mantissaBits,
  mul,
  polynomial,
  shiftRight,
  sub,
} from "./arithmetic.ts";
import { addDouble, divideBy, type Double, doubleConstant, fastTwoSum, mulDouble, twoSum } from "./double.ts";
import { LN2 } from "./exp.ts";

/** (2·artanh(s) − 2s) / s³ in powers of s², |s| ≤ 3 − 2√2. */
export const ARTANH: Readonly<Record<FloatType, readonly number[]>> = {
  f32: [0.66666776, 0.39977577, 0.2987106],
  f64: [
    0.6666666666666734,
    0.3999999999941628,
    0.28571428742162025,
    0.22222198587083514,
    0.18183563968513244,
    0.15314052170652642,
    0.1479599696546587,
  ],
};

/** k (an integral float) and m with x = 2ᵏ·m, √½ ≤ m < √2, for finite x > 0; subnormals too. */
function splitExponent(x: Expr): { k: Expr; m: Expr } {
  const bits = mantissaBits(x.type);
  const subnormal = lt(x, like(x, leastNormal(x.type)));
  const word = bitsOf(select(subnormal, mul(x, like(x, 2 ** bits)), x)), root = bitsOf(like(x, Math.SQRT1_2));
  const offset = sub(word, root);
  const exponent = add(shiftRight(offset, bits), select(subnormal, like(word, -bits), like(word, 0)));
  const mask = x.type === "f32" ? 2 ** 23 - 1 : 2n ** 52n - 1n;
  return { k: floatOfInteger(exponent), m: floatOf(add(and(offset, like(word, mask)), root)) };
}

/** log x + c for finite x > 0 and a small c. */
function logPlus(x: Expr, c: Expr | null): Expr {
  const type = x.type as FloatType, [ln2Hi, ln2Lo] = LN2[type];
  const { k, m } = splitExponent(x);
  const f = sub(m, like(x, 1));
  const s = div(f, add(f, like(f, 2))), z = mul(s, s);
  const half = mul(mul(like(f, 0.5), f), f);
  // k·ln2Hi is exact; the small terms are summed first.
  const rest = mul(k, like(f, ln2Lo));
  const small = madd(s, madd(z, polynomial(z, ARTANH[type]), half), c === null ? rest : add(rest, c));
  return madd(k, like(f, ln2Hi), sub(f, sub(half, small)));
}

/** −∞ where x = `zero`, NaN below, x where it is ∞ or NaN, else y. */
function logCases(x: Expr, zero: Expr, y: Expr): Expr {
  const regular = and(gt(x, zero), lt(x, like(x, Infinity)));
  return cases([
    [regular, y],
    [eq(x, zero), like(x, -Infinity)],
    [lt(x, zero), like(x, NaN)],
  ], x);
}

/** log x where x is known to be positive and finite. */
export function logPositive(x: Expr): Expr {
  return logPlus(x, null);
}

/** Natural logarithm: −∞ at ±0, NaN below. */
export function log(x: Expr): Expr {
  return logCases(x, like(x, 0), logPlus(x, null));
}

/** log(hi + lo) for |lo| ≪ hi; hi positive and finite. */
export function logDouble({ hi, lo }: Double): Expr {
  return logPlus(hi, div(lo, hi));
}

/** log(1 + x). */
export function log1p(x: Expr): Expr {
  const u = twoSum(like(x, 1), x);
  const tiny = x.type === "f32" ? 2 ** -25 : 2 ** -54;
  const y = select(lt(mul(x, x), like(x, tiny * tiny)), x, logDouble(u));
  return logCases(x, like(x, -1), y);
}

/** (artanh(s) − s − s³/3) / s⁵, or in f64 (… − s⁵/5) / s⁷, in powers of s²: the terms beyond those kept in double. */
const ARTANH_TAIL: Readonly<Record<FloatType, readonly number[]>> = {
  f32: [1 / 5, 1 / 7, 1 / 9, 1 / 11],
  f64: [1 / 7, 1 / 9, 1 / 11, 1 / 13, 1 / 15, 1 / 17, 1 / 19, 1 / 21, 1 / 23],
};

/** log₂ x as a sum of two floats, good to about 1.4 times the precision, for finite x > 0. */
export function log2Double(x: Expr): Double {
  const { k, m } = splitExponent(x);
  const f = sub(m, like(x, 1));
  const s = divideBy(f, fastTwoSum(like(x, 2), f));
  const z = mulDouble(s, s);
  // artanh(s) = s·(1 + z·(1/3 + z·(1/5 + …))).
  const tail = mul(z.hi, polynomial(z.hi, ARTANH_TAIL[x.type as FloatType]));
  const third = doubleConstant(x, 1 / 3, 1.850371707708594e-17);
  const plusTail = (c: Double): Double => {
    const sum = fastTwoSum(c.hi, tail);
    return { hi: sum.hi, lo: add(sum.lo, c.lo) };
  };
  const series = x.type === "f32"
    ? plusTail(third)
    : addDouble(third, mulDouble(z, plusTail(doubleConstant(x, 1 / 5, -1.1102230246251566e-17))));
  const artanh = addDouble(s, mulDouble(s, mulDouble(z, series)));
  const log2 = mulDouble(artanh, doubleConstant(x, 2 * Math.LOG2E, 4.0710547481862066e-17));
  const sum = fastTwoSum(k, log2.hi);
  return { hi: sum.hi, lo: add(sum.lo, log2.lo) };
}
