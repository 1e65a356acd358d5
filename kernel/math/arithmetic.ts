/**
 * Short names for the scalar operations that the functions of this folder are written in.
 *
 * Every function here takes and gives expressions of one float type, f32 or f64, unless it says otherwise. The f32
 * forms use 32-bit types only (so that they fill SIMD lanes, and run on GPUs), the f64 forms no conversion between
 * f64 and i64 (SIMD has none). `madd` may round once or twice, so exact products are made of halves of significands.
 *
 * @module
 */
import { binary, bitcast, compare, constant, convert, madd, select, unary } from "../expr.ts";
import type { Expr, ScalarType } from "../ir.ts";

/** A float type. */
export type FloatType = "f32" | "f64";

/** x + y. */
export const add = (x: Expr, y: Expr): Expr => binary("add", x, y);
/** x − y. */
export const sub = (x: Expr, y: Expr): Expr => binary("sub", x, y);
/** x·y. */
export const mul = (x: Expr, y: Expr): Expr => binary("mul", x, y);
/** x / y. */
export const div = (x: Expr, y: Expr): Expr => binary("div", x, y);
/** −x. */
export const neg = (x: Expr): Expr => unary("neg", x);
/** |x|. */
export const abs = (x: Expr): Expr => unary("abs", x);
/** Square root. */
export const sqrt = (x: Expr): Expr => unary("sqrt", x);
/** Nearest integer, ties to even. */
export const nearest = (x: Expr): Expr => unary("nearest", x);
/** Magnitude of x, sign of y. */
export const copysign = (x: Expr, y: Expr): Expr => binary("copysign", x, y);
/** x = y. */
export const eq = (x: Expr, y: Expr): Expr => compare("eq", x, y);
/** x ≠ y. */
export const ne = (x: Expr, y: Expr): Expr => compare("ne", x, y);
/** x < y. */
export const lt = (x: Expr, y: Expr): Expr => compare("lt", x, y);
/** x ≤ y. */
export const le = (x: Expr, y: Expr): Expr => compare("le", x, y);
/** x > y. */
export const gt = (x: Expr, y: Expr): Expr => compare("gt", x, y);
/** x ≥ y. */
export const ge = (x: Expr, y: Expr): Expr => compare("ge", x, y);
/** Conjunction of booleans, or bitwise. */
export const and = (x: Expr, y: Expr): Expr => binary("and", x, y);
/** Disjunction of booleans, or bitwise. */
export const or = (x: Expr, y: Expr): Expr => binary("or", x, y);
/** Exclusive or. */
export const xor = (x: Expr, y: Expr): Expr => binary("xor", x, y);
/** Complement. */
export const not = (x: Expr): Expr => unary("not", x);

/** The constant `value` in the type of `x`. */
export function like(x: Expr, value: number | bigint): Expr {
  return constant(x.type, value);
}

/** Shift to the left by a constant number of bits. */
export function shiftLeft(x: Expr, bits: number): Expr {
  return binary("shl", x, like(x, bits));
}

/** Shift to the right by a constant number of bits. */
export function shiftRight(x: Expr, bits: number): Expr {
  return binary("shr", x, like(x, bits));
}

/** Whether x is NaN. */
export function isNaN(x: Expr): Expr {
  return ne(x, x);
}

/** |x| = ∞. */
export function isInfinite(x: Expr): Expr {
  return eq(abs(x), like(x, Infinity));
}

/** The first case whose condition holds, else the last value; all are evaluated. */
export function cases(list: readonly (readonly [condition: Expr, value: Expr])[], otherwise: Expr): Expr {
  return list.reduceRight((rest, [condition, value]) => select(condition, value, rest), otherwise);
}

/** c[0] + c[1]·x + c[2]·x² + …, by Horner's rule. */
export function polynomial(x: Expr, c: readonly number[]): Expr {
  let y = like(x, c[c.length - 1]!);
  for (let i = c.length - 2; i >= 0; i--) y = madd(y, x, like(x, c[i]!));
  return y;
}

/**
 * A polynomial whose coefficients depend on conditions: `c[k]` holds where `conditions[k]` is the first that is true, the
 * last list where none is. One evaluation serves all intervals.
 */
export function piecewisePolynomial(
  x: Expr,
  conditions: readonly Expr[],
  c: readonly (readonly number[])[],
): Expr {
  const terms = Math.max(...c.map((list) => list.length));
  const coefficient = (i: number): Expr => {
    const values = c.map((list) => like(x, list[i] ?? 0));
    return cases(conditions.map((condition, k) => [condition, values[k]!]), values[values.length - 1]!);
  };
  let y = coefficient(terms - 1);
  for (let i = terms - 2; i >= 0; i--) y = madd(y, x, coefficient(i));
  return y;
}

/** Σ′ c[k]·T_{n−1−k}(x / 2), half the last term: Clenshaw's recurrence as in Cephes `chbevl`. */
export function chebyshev(x: Expr, c: readonly number[]): Expr {
  let b0 = like(x, c[0]!), b1 = like(x, 0), b2 = like(x, 0);
  for (const ck of c.slice(1)) {
    b2 = b1;
    b1 = b0;
    b0 = madd(x, b1, sub(like(x, ck), b2));
  }
  return mul(like(x, 0.5), sub(b0, b2));
}

/** The signed integer type as wide as a float type. */
export function wordType(type: ScalarType): "i32" | "i64" {
  return type === "f32" ? "i32" : "i64";
}

const view = new DataView(new ArrayBuffer(8));

/** The bits of a float, as a signed integer. */
export function bitsOf(x: Expr): Expr {
  if (x.op !== "const") return bitcast(wordType(x.type), x);
  if (x.type === "f32") {
    view.setFloat32(0, x.attr as number);
    return constant("i32", view.getInt32(0));
  }
  view.setFloat64(0, x.attr as number);
  return constant("i64", view.getBigInt64(0));
}

/** The float that these bits (i32 or i64) stand for. */
export function floatOf(bits: Expr): Expr {
  if (bits.op !== "const") return bitcast(bits.type === "i32" ? "f32" : "f64", bits);
  if (bits.type === "i32") {
    view.setInt32(0, bits.attr as number);
    return constant("f32", view.getFloat32(0));
  }
  view.setBigInt64(0, bits.attr as bigint);
  return constant("f64", view.getFloat64(0));
}

/** Explicit bits of the significand. */
export function mantissaBits(type: ScalarType): number {
  return type === "f32" ? 23 : 52;
}

/** The exponent's bias. */
export function exponentBias(type: ScalarType): number {
  return type === "f32" ? 127 : 1023;
}

/** The least positive normal number. */
export function leastNormal(type: ScalarType): number {
  return type === "f32" ? 2 ** -126 : 2 ** -1022;
}

/** A power of two that, added to a small integral float, leaves that integer in the low bits. */
export function integerShift(type: ScalarType): number {
  return type === "f32" ? 1.5 * 2 ** 23 : 1.5 * 2 ** 52;
}

/** An integral float, |n| ≤ 2²² or 2⁵¹, as an integer. */
export function integerOf(n: Expr): Expr {
  const shift = like(n, integerShift(n.type));
  return binary("sub", bitsOf(add(n, shift)), bitsOf(shift));
}

/** An integer, for i64 with |n| ≤ 2⁵¹, as a float. */
export function floatOfInteger(n: Expr): Expr {
  if (n.type === "i32") return convert("f32", n);
  const shift = constant("f64", integerShift("f64"));
  return sub(floatOf(add(n, bitsOf(shift))), shift);
}

/** 2ⁿ for an integer n in the normal range. */
export function powerOfTwo(n: Expr): Expr {
  const type = n.type === "i32" ? "f32" : "f64";
  return floatOf(shiftLeft(add(n, like(n, exponentBias(type))), mantissaBits(type)));
}
