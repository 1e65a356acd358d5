/**
 * Arithmetic and functions on {@linkcode Val}: scalars of every dtype, real, complex or random key.
 *
 * Results are in the widened scalar type; an operation's lowering narrows them with `narrowVal`. Functions
 * whose result depends on the width of a narrow dtype take that dtype last and give narrowed results. Functions of
 * float values expect f32, f64 or complex values; a combination that has no meaning throws TypeError.
 *
 * @module
 */
import { type DType, float32, float64 } from "../core/dtypes.ts";
import type { BinaryOp, CompareOp, Expr } from "./ir.ts";
import { binary, compare, constant, select as selectExpr, unary } from "./expr.ts";
import { Pair, type Val } from "./lowering.ts";
import * as bessel from "./math/bessel.ts";
import * as complex from "./math/complex.ts";
import * as complexExp from "./math/complex_exp.ts";
import * as complexInverse from "./math/complex_inverse.ts";
import * as erfs from "./math/erf.ts";
import { erfInv as realErfInv } from "./math/erf_inv.ts";
import * as exps from "./math/exp.ts";
import * as gammas from "./math/gamma.ts";
import * as hyperbolic from "./math/hyperbolic.ts";
import * as integer from "./math/integer.ts";
import * as inverse from "./math/inverse_trig.ts";
import * as logs from "./math/log.ts";
import * as pows from "./math/pow.ts";
import * as roots from "./math/roots.ts";
import * as trig from "./math/trig.ts";
import { like } from "./math/arithmetic.ts";

export { constVal, convertVal, narrowVal, oneOf, zeroOf } from "./math/convert.ts";
export { scalarTypeOf } from "./layout.ts";

/** The expression of a real value. */
function realOf(name: string, x: Val): Expr {
  if (x instanceof Pair) {
    throw new TypeError(`scalar ${name} of a complex number or key: it needs a real operand`);
  }
  return x;
}

/** The pair of a complex value; reals get a zero imaginary part. */
function pairOf(x: Val): Pair {
  return x instanceof Pair ? x : new Pair(x, like(x, 0));
}

function unaryOf(
  name: string,
  onReal: (x: Expr) => Expr,
  onComplex?: (z: Pair) => Val,
): (x: Val) => Val {
  return (x) => x instanceof Pair && onComplex ? onComplex(x) : onReal(realOf(name, x));
}

function binaryOf(
  name: string,
  onReal: (x: Expr, y: Expr) => Expr,
  onComplex?: (x: Pair, y: Pair) => Val,
): (x: Val, y: Val) => Val {
  return (x, y) =>
    onComplex && (x instanceof Pair || y instanceof Pair)
      ? onComplex(pairOf(x), pairOf(y))
      : onReal(realOf(name, x), realOf(name, y));
}

/** Arithmetic that is logical on booleans. */
function arithmetic(op: BinaryOp, onBool: BinaryOp): (x: Expr, y: Expr) => Expr {
  return (x, y) => binary(x.type === "bool" ? onBool : op, x, y);
}

const isUnsigned = (x: Expr): boolean => x.type === "u32" || x.type === "u64" || x.type === "bool";
const isFloat = (x: Expr): boolean => x.type === "f32" || x.type === "f64";
const each = (f: (x: Expr) => Expr): (z: Pair) => Pair => (z) => new Pair(f(z.re), f(z.im));

/** −x. */
export const neg: (x: Val) => Val = unaryOf("neg", (x) => unary("neg", x), each((x) => unary("neg", x)));
/** |x|; a real number for complex x. */
export const abs: (x: Val) => Val = unaryOf(
  "abs",
  (x) => isUnsigned(x) ? x : unary("abs", x),
  complex.absComplex,
);
/** −1, 0 or 1, NaN and signed zeros as they are; z / |z| for complex z. */
export const sign: (x: Val) => Val = unaryOf("sign", realSign, complex.signComplex);

function realSign(x: Expr): Expr {
  if (x.type === "bool") return x;
  const zero = like(x, 0), one = like(x, 1);
  if (isUnsigned(x)) return binary("min", x, one);
  const unit = isFloat(x) ? binary("copysign", one, x) : selectExpr(compare("lt", x, zero), like(x, -1), one);
  // Zeros and NaN are neither below nor above zero.
  const nonzero = binary("or", compare("lt", x, zero), compare("gt", x, zero));
  return selectExpr(nonzero, unit, x);
}

const rounding = (op: "floor" | "ceil" | "trunc" | "nearest"): (x: Val) => Val =>
  unaryOf(op, (x) => isFloat(x) ? unary(op, x) : x);
/** Greatest integer not above x. */
export const floor: (x: Val) => Val = rounding("floor");
/** Least integer not below x. */
export const ceil: (x: Val) => Val = rounding("ceil");
/** x without its fraction. */
export const trunc: (x: Val) => Val = rounding("trunc");
/** Nearest integer, ties to even. */
export const roundHalfEven: (x: Val) => Val = rounding("nearest");
/** Nearest integer, ties away from zero. */
export const roundHalfAway: (x: Val) => Val = unaryOf("round", (x) => {
  if (!isFloat(x)) return x;
  const whole = unary("trunc", x), rest = unary("abs", binary("sub", x, whole));
  const step = selectExpr(compare("ge", rest, like(x, 0.5)), like(x, 1), like(x, 0));
  return binary("copysign", binary("add", unary("abs", whole), step), x);
});

/** Square root. */
export const sqrt: (x: Val) => Val = unaryOf("sqrt", (x) => unary("sqrt", x), complex.sqrtComplex);
/** 1 / √x. */
export const rsqrt: (x: Val) => Val = unaryOf("rsqrt", roots.rsqrt, complex.rsqrtComplex);
/** Cube root. */
export const cbrt: (x: Val) => Val = unaryOf("cbrt", roots.cbrt);
/** x². */
export const square: (x: Val) => Val = unaryOf("square", (x) => realMul(x, x), complex.squareComplex);
/** eˣ. */
export const exp: (x: Val) => Val = unaryOf("exp", exps.exp, complexExp.expComplex);
/** 2ˣ. */
export const exp2: (x: Val) => Val = unaryOf("exp2", exps.exp2, complexExp.exp2Complex);
/** eˣ − 1. */
export const expm1: (x: Val) => Val = unaryOf("expm1", exps.expm1, complexExp.expm1Complex);
/** Natural logarithm. */
export const log: (x: Val) => Val = unaryOf("log", logs.log, complexExp.logComplex);
/** log(1 + x). */
export const log1p: (x: Val) => Val = unaryOf("log1p", logs.log1p, complexExp.log1pComplex);
/** 1 / (1 + e⁻ˣ). */
export const logistic: (x: Val) => Val = unaryOf("logistic", exps.logistic, complexExp.logisticComplex);
/** Sine. */
export const sin: (x: Val) => Val = unaryOf("sin", trig.sin, complexExp.sinComplex);
/** Cosine. */
export const cos: (x: Val) => Val = unaryOf("cos", trig.cos, complexExp.cosComplex);
/** Tangent. */
export const tan: (x: Val) => Val = unaryOf("tan", trig.tan, complexExp.tanComplex);
/** Arc sine. */
export const asin: (x: Val) => Val = unaryOf("asin", inverse.asin, complexInverse.asinComplex);
/** Arc cosine. */
export const acos: (x: Val) => Val = unaryOf("acos", inverse.acos, complexInverse.acosComplex);
/** Arc tangent. */
export const atan: (x: Val) => Val = unaryOf("atan", inverse.atan, complexInverse.atanComplex);
/** Angle of the point (x, y). */
export const atan2: (y: Val, x: Val) => Val = binaryOf("atan2", inverse.atan2, complexInverse.atan2Complex);
/** Hyperbolic sine. */
export const sinh: (x: Val) => Val = unaryOf("sinh", hyperbolic.sinh, complexExp.sinhComplex);
/** Hyperbolic cosine. */
export const cosh: (x: Val) => Val = unaryOf("cosh", hyperbolic.cosh, complexExp.coshComplex);
/** Hyperbolic tangent. */
export const tanh: (x: Val) => Val = unaryOf("tanh", hyperbolic.tanh, complexExp.tanhComplex);
/** Inverse hyperbolic sine. */
export const asinh: (x: Val) => Val = unaryOf("asinh", hyperbolic.asinh, complexInverse.asinhComplex);
/** Inverse hyperbolic cosine. */
export const acosh: (x: Val) => Val = unaryOf("acosh", hyperbolic.acosh, complexInverse.acoshComplex);
/** Inverse hyperbolic tangent. */
export const atanh: (x: Val) => Val = unaryOf("atanh", hyperbolic.atanh, complexInverse.atanhComplex);
/** Error function. */
export const erf: (x: Val) => Val = unaryOf("erf", erfs.erf);
/** 1 − erf x. */
export const erfc: (x: Val) => Val = unaryOf("erfc", erfs.erfc);
/** Inverse of the error function. */
export const erfInv: (x: Val) => Val = unaryOf("erfInv", realErfInv);
/** log |Γ(x)|. */
export const lgamma: (x: Val) => Val = unaryOf("lgamma", gammas.lgamma);
/** Derivative of log Γ. */
export const digamma: (x: Val) => Val = unaryOf("digamma", gammas.digamma);
/** e^−|x| I₀(x). */
export const besselI0e: (x: Val) => Val = unaryOf("besselI0e", bessel.besselI0e);
/** e^−|x| I₁(x). */
export const besselI1e: (x: Val) => Val = unaryOf("besselI1e", bessel.besselI1e);

const realMul = arithmetic("mul", "and");

/** x + y; on booleans: or. */
export const add: (x: Val, y: Val) => Val = binaryOf("add", arithmetic("add", "or"), complex.addComplex);
/** x − y; on booleans: exclusive or. */
export const sub: (x: Val, y: Val) => Val = binaryOf("sub", arithmetic("sub", "xor"), complex.subComplex);
/** x·y; on booleans: and. */
export const mul: (x: Val, y: Val) => Val = binaryOf("mul", realMul, complex.mulComplex);
/** x / y; integers are truncated. */
export const div: (x: Val, y: Val) => Val = binaryOf("div", arithmetic("div", "div"), complex.divComplex);
/** Remainder of the truncated quotient: it has the sign of x. */
export const rem: (x: Val, y: Val) => Val = binaryOf("rem", arithmetic("rem", "rem"));
/** Power of floats. */
export const pow: (x: Val, y: Val) => Val = binaryOf("pow", pows.pow, complexExp.powComplex);

/** xⁿ for a constant integer n, by repeated squaring; the reciprocal of x⁻ⁿ for negative n. */
export function integerPow(x: Val, n: number): Val {
  const one = (like_: Val): Val => like_ instanceof Pair ? pairOf(like(like_.re, 1)) : like(like_, 1);
  if (n === 0) return one(x);
  let result: Val | null = null, power = x;
  for (let k = Math.abs(n); k > 0; k = Math.floor(k / 2)) {
    if (k % 2 === 1) result = result === null ? power : mul(result, power);
    if (k > 1) power = mul(power, power);
  }
  return n < 0 ? div(one(x), result!) : result!;
}

/** The smaller one, NaN if either is; on booleans: and; complex numbers lexicographically. */
export const min: (x: Val, y: Val) => Val = binaryOf(
  "min",
  arithmetic("min", "and"),
  (x, y) => select(ltComplex(x, y), x, y),
);
/** The larger one, NaN if either is; on booleans: or; complex numbers lexicographically. */
export const max: (x: Val, y: Val) => Val = binaryOf(
  "max",
  arithmetic("max", "or"),
  (x, y) => select(ltComplex(y, x), x, y),
);

/** Both real parts are equal and the imaginary parts ordered, or the real parts are ordered. */
export function ltComplex(x: Pair, y: Pair): Expr {
  return selectBool(compare("eq", x.re, y.re), compare("lt", x.im, y.im), compare("lt", x.re, y.re));
}

/** As {@linkcode ltComplex}, or equal. */
export function leComplex(x: Pair, y: Pair): Expr {
  return selectBool(compare("eq", x.re, y.re), compare("le", x.im, y.im), compare("lt", x.re, y.re));
}

function selectBool(condition: Expr, a: Expr, b: Expr): Expr {
  return binary("or", binary("and", condition, a), binary("and", unary("not", condition), b));
}

/** Comparison of reals; booleans as false < true. */
function compareReal(op: CompareOp, x: Expr, y: Expr): Expr {
  if (x.type !== "bool") return compare(op, x, y);
  const no = (e: Expr): Expr => unary("not", e);
  switch (op) {
    case "eq":
      return no(binary("xor", x, y));
    case "ne":
      return binary("xor", x, y);
    case "lt":
      return binary("and", no(x), y);
    case "le":
      return binary("or", no(x), y);
    case "gt":
      return binary("and", x, no(y));
    case "ge":
      return binary("or", x, no(y));
  }
}

/** x = y; complex numbers and keys in both components. */
export function eq(x: Val, y: Val): Expr {
  if (!(x instanceof Pair) && !(y instanceof Pair)) return compareReal("eq", x, y);
  const [p, q] = [pairOf(x), pairOf(y)];
  return binary("and", compare("eq", p.re, q.re), compare("eq", p.im, q.im));
}

/** x ≠ y; complex numbers and keys in either component. */
export function ne(x: Val, y: Val): Expr {
  if (!(x instanceof Pair) && !(y instanceof Pair)) return compareReal("ne", x, y);
  const [p, q] = [pairOf(x), pairOf(y)];
  return binary("or", compare("ne", p.re, q.re), compare("ne", p.im, q.im));
}

/** x < y, for reals. */
export function lt(x: Val, y: Val): Expr {
  return compareReal("lt", realOf("lt", x), realOf("lt", y));
}

/** x ≤ y, for reals. */
export function le(x: Val, y: Val): Expr {
  return compareReal("le", realOf("le", x), realOf("le", y));
}

/** x > y, for reals. */
export function gt(x: Val, y: Val): Expr {
  return compareReal("gt", realOf("gt", x), realOf("gt", y));
}

/** x ≥ y, for reals. */
export function ge(x: Val, y: Val): Expr {
  return compareReal("ge", realOf("ge", x), realOf("ge", y));
}

/** `whenTrue` where the condition holds, else `whenFalse`. */
export function select(condition: Expr, whenTrue: Val, whenFalse: Val): Val {
  if (!(whenTrue instanceof Pair) && !(whenFalse instanceof Pair)) {
    return whenTrue.type === "bool"
      ? selectBool(condition, whenTrue, whenFalse)
      : selectExpr(condition, whenTrue, whenFalse);
  }
  const [p, q] = [pairOf(whenTrue), pairOf(whenFalse)];
  return new Pair(selectExpr(condition, p.re, q.re), selectExpr(condition, p.im, q.im));
}

const bitwise = (op: "and" | "or" | "xor"): (x: Val, y: Val) => Val =>
  binaryOf(op, (x, y) => binary(op, x, y));
/** Conjunction, bitwise on integers. */
export const and: (x: Val, y: Val) => Val = bitwise("and");
/** Disjunction, bitwise on integers. */
export const or: (x: Val, y: Val) => Val = bitwise("or");
/** Exclusive or, bitwise on integers. */
export const xor: (x: Val, y: Val) => Val = bitwise("xor");

type WidthUnary = (x: Val, dtype: DType) => Val;
type WidthBinary = (x: Val, y: Val, dtype: DType) => Val;
const widthUnary = (name: string, f: (x: Expr, dtype: DType) => Expr): WidthUnary => (x, dtype) =>
  f(realOf(name, x), dtype);
const widthBinary =
  (name: string, f: (x: Expr, y: Expr, dtype: DType) => Expr): WidthBinary => (x, y, dtype) =>
    f(realOf(name, x), realOf(name, y), dtype);
/** Complement, bitwise on integers. */
export const not: WidthUnary = widthUnary("not", integer.not);
/** Shift to the left; 0 for counts outside the width. */
export const shl: WidthBinary = widthBinary("shl", integer.shl);
/** Shift to the right that copies the highest bit. */
export const shrArithmetic: WidthBinary = widthBinary("shrArithmetic", integer.shrArithmetic);
/** Shift to the right that fills with zeros. */
export const shrLogical: WidthBinary = widthBinary("shrLogical", integer.shrLogical);
/** Number of leading zero bits. */
export const clz: WidthUnary = widthUnary("clz", integer.clz);
/** Number of one bits. */
export const popcnt: WidthUnary = widthUnary("popcnt", integer.popcnt);
/** High half of the product of integers. */
export const mulhi: WidthBinary = widthBinary("mulhi", integer.mulhi);
/** Next representable number after x towards y. */
export const nextafter: WidthBinary = widthBinary("nextafter", integer.nextafter);

/**
 * x rounded to a float format of `exponentBits` and `mantissaBits`, in each component. The dtype matters for the 16-bit
 * floats; by default it is that of x's scalar type.
 */
export function reducePrecision(
  x: Val,
  exponentBits: number,
  mantissaBits: number,
  dtype: DType = (x instanceof Pair ? x.re : x).type === "f64" ? float64 : float32,
): Val {
  const component = dtype.kind === "complex" ? dtype.bits === 64 ? float32 : float64 : dtype;
  const f = (e: Expr): Expr => integer.reducePrecision(e, exponentBits, mantissaBits, component);
  return x instanceof Pair ? each(f)(x) : f(x);
}

/** Neither infinite nor NaN. */
export function isFinite(x: Val): Expr {
  if (x instanceof Pair) return binary("and", isFinite(x.re), isFinite(x.im));
  return isFloat(x) ? compare("lt", unary("abs", x), like(x, Infinity)) : constant("bool", true);
}

/** Complex conjugate. */
export function conj(x: Val): Val {
  return x instanceof Pair ? new Pair(x.re, unary("neg", x.im)) : x;
}

/** Real part. */
export function real(x: Val): Expr {
  return x instanceof Pair ? x.re : x;
}

/** Imaginary part. */
export function imag(x: Val): Expr {
  return x instanceof Pair ? x.im : like(x, 0);
}

/** re + i·im. */
export function complexOf(re: Val, im: Val): Pair {
  return new Pair(realOf("complex", re), realOf("complex", im));
}

/** |z|, without overflow of the squares. */
export function absComplex(z: Val): Expr {
  return complex.absComplex(pairOf(z));
}

/** √(x² + y²) of reals, without overflow of the squares. */
export function hypot(x: Val, y: Val): Expr {
  return roots.hypot(realOf("hypot", x), realOf("hypot", y));
}
