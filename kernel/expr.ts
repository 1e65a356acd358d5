/**
 * Constructors of scalar expressions: they hash-cons, fold constants and simplify index arithmetic.
 *
 * @module
 */
import {
  type BinaryOp,
  type CompareOp,
  type Expr,
  loadedType,
  type Param,
  type ScalarType,
  type StorageType,
  type UnaryOp,
  type Variable,
} from "./ir.ts";
import { foldBinary, foldCompare, foldUnary } from "./fold.ts";
import { intern as node } from "./intern.ts";

export { resetExpressions } from "./intern.ts";

const isInt64 = (type: ScalarType): boolean => type === "i64" || type === "u64";
const isInt = (type: ScalarType): boolean => type === "i32" || type === "u32" || isInt64(type);

/** A constant. Numbers are wrapped or rounded to the type; 64-bit integers take bigint or integral number. */
export function constant(type: ScalarType, value: number | bigint | boolean): Expr {
  switch (type) {
    case "bool":
      return node("const", type, [], Boolean(value));
    case "i32":
      if (typeof value === "number" && value === (value | 0)) return node("const", type, [], value | 0);
      return node("const", type, [], Number(BigInt.asIntN(32, BigInt(value))));
    case "u32":
      if (typeof value === "number" && value === (value >>> 0)) return node("const", type, [], value >>> 0);
      return node("const", type, [], Number(BigInt.asUintN(32, BigInt(value))));
    case "i64":
      return node("const", type, [], BigInt.asIntN(64, BigInt(value)));
    case "u64":
      return node("const", type, [], BigInt.asUintN(64, BigInt(value)));
    case "f32":
      return node("const", type, [], Math.fround(Number(value)));
    case "f64":
      return node("const", type, [], Number(value));
  }
}

/** A 32-bit index constant. */
export function index(value: number): Expr {
  return node("const", "i32", [], value | 0);
}

/** The value of a variable. */
export function variable(v: Variable): Expr {
  return node("var", v.type, [], v);
}

/** Element `at` (i32) of a buffer, widened to its scalar type. */
export function load(param: Param, at: Expr): Expr {
  return node("load", loadedType[param.storage], [at], param);
}

/** True where the node is a constant, of that value when one is given. */
export function isConstant(e: Expr, value?: number | boolean): boolean {
  return e.op === "const" &&
    (value === undefined ||
      (typeof value === "boolean" ? e.attr === value : Number(e.attr) === value && !Object.is(e.attr, -0)));
}

/** A unary operation that keeps its operand's type. */
export function unary(op: Exclude<UnaryOp, "convert" | "bitcast" | "narrow">, x: Expr): Expr {
  if (x.op === "const") {
    const folded = foldUnary(op, x.type, x.attr as number | bigint | boolean);
    if (folded !== undefined) return constant(x.type, folded);
  }
  if ((op === "neg" || op === "not") && x.op === op) return x.args[0]!;
  return node(op, x.type, [x], null);
}

function sameType(op: string, x: Expr, y: Expr): void {
  if (x.type !== y.type) {
    throw new TypeError(`scalar ${op} of ${x.type} and ${y.type}: operands must have one type`);
  }
}

/** A binary operation of two expressions of one type. */
export function binary(op: BinaryOp, x: Expr, y: Expr): Expr {
  sameType(op, x, y);
  if (x.op === "const" && y.op === "const") {
    const folded = foldBinary(
      op,
      x.type,
      x.attr as number | bigint | boolean,
      y.attr as number | bigint | boolean,
    );
    if (folded !== undefined) return constant(x.type, folded);
  }
  if (isInt(x.type)) {
    const simpler = simplifyInt(op, x, y);
    if (simpler) return simpler;
  }
  return node(op, x.type, [x, y], null);
}

/** Identities that hold for wrapping integers (for floats they fail at -0 or NaN). */
function simplifyInt(op: BinaryOp, x: Expr, y: Expr): Expr | undefined {
  if (op === "add" || op === "mul") {
    // Constants to the right, so that chains of them meet and fold.
    if (x.op === "const") [x, y] = [y, x];
    if (isConstant(y, 0)) return op === "add" ? x : y;
    if (op === "mul" && isConstant(y, 1)) return x;
    if (y.op === "const" && x.op === op && x.args[1]!.op === "const") {
      return binary(op, x.args[0]!, binary(op, x.args[1]!, y));
    }
    if (op === "mul" && y.op === "const" && x.op === "add" && x.type === "i32") {
      return binary("add", binary("mul", x.args[0]!, y), binary("mul", x.args[1]!, y));
    }
    return node(op, x.type, [x, y], null);
  }
  if (op === "sub") {
    if (isConstant(y, 0)) return x;
    if (x === y) return constant(x.type, 0);
    if (y.op === "const") return binary("add", x, unary("neg", y));
  }
  if ((op === "div" || op === "rem") && x.type === "i32" && y.op === "const" && Number(y.attr) > 0) {
    return divideIndex(op, x, Number(y.attr));
  }
  return undefined;
}

/** Bounds of an i32 expression built from loop indices and constants, or null where unknown. */
export function bounds(e: Expr): readonly [number, number] | null {
  if (e.type !== "i32") return null;
  switch (e.op) {
    case "const":
      return [e.attr as number, e.attr as number];
    case "var": {
      const extent = (e.attr as Variable).extent;
      return extent === null ? null : [0, Math.max(0, extent - 1)];
    }
    case "add":
    case "sub":
    case "mul":
    case "min":
    case "max": {
      const a = bounds(e.args[0]!), b = bounds(e.args[1]!);
      if (!a || !b) return null;
      const combine = {
        add: (p: number, q: number) => p + q,
        sub: (p: number, q: number) => p - q,
        mul: (p: number, q: number) => p * q,
        min: Math.min,
        max: Math.max,
      }[e.op];
      const corners = [combine(a[0], b[0]), combine(a[0], b[1]), combine(a[1], b[0]), combine(a[1], b[1])];
      const range: [number, number] = [Math.min(...corners), Math.max(...corners)];
      return range[0] < -(2 ** 31) || range[1] >= 2 ** 31 ? null : range;
    }
    case "div":
    case "rem": {
      const a = bounds(e.args[0]!), d = e.args[1]!;
      if (!a || a[0] < 0 || d.op !== "const" || (d.attr as number) <= 0) return null;
      const c = d.attr as number;
      return e.op === "div" ? [Math.floor(a[0] / c), Math.floor(a[1] / c)] : [0, Math.min(a[1], c - 1)];
    }
    case "select": {
      const a = bounds(e.args[1]!), b = bounds(e.args[2]!);
      return a && b ? [Math.min(a[0], b[0]), Math.max(a[1], b[1])] : null;
    }
    default:
      return null;
  }
}

/** x div c and x rem c for c > 0: terms of x that are multiples of c leave when the rest stays in [0, c). */
function divideIndex(op: "div" | "rem", x: Expr, c: number): Expr | undefined {
  if (c === 1) return op === "div" ? x : index(0);
  const range = bounds(x);
  if (!range || range[0] < 0) return undefined;
  if (range[1] < c) return op === "div" ? index(0) : x;
  // Split the sum x into multiples of c and the rest; multiples can leave when both parts are non-negative.
  const multiples: Expr[] = [], rest: Expr[] = [];
  for (const term of terms(x)) (multipleOf(term, c) ? multiples : rest).push(term);
  if (multiples.length) {
    const restSum = sum(rest), restRange = bounds(restSum);
    const whole = sum(multiples.map((t) => dividedBy(t, c))), wholeRange = bounds(whole);
    if (restRange && restRange[0] >= 0 && wholeRange && wholeRange[0] >= 0) {
      if (op === "div") return binary("add", whole, binary("div", restSum, index(c)));
      return binary("rem", restSum, index(c));
    }
  }
  // (x div a) div c = x div (a c); (x rem a) rem c = x rem c when c divides a.
  if (op === "div" && x.op === "div" && x.args[1]!.op === "const" && (x.args[1]!.attr as number) > 0) {
    const product = c * (x.args[1]!.attr as number);
    if (product < 2 ** 31) return binary("div", x.args[0]!, index(product));
  }
  if (op === "rem" && x.op === "rem" && x.args[1]!.op === "const" && (x.args[1]!.attr as number) % c === 0) {
    return binary("rem", x.args[0]!, index(c));
  }
  return undefined;
}

/** The summands of a sum. */
function terms(e: Expr): Expr[] {
  return e.op === "add" ? [...terms(e.args[0]!), ...terms(e.args[1]!)] : [e];
}

function sum(parts: readonly Expr[]): Expr {
  return parts.reduce((a, b) => binary("add", a, b), index(0));
}

function multipleOf(e: Expr, c: number): boolean {
  if (e.op === "const") return (e.attr as number) % c === 0;
  return e.op === "mul" && e.args[1]!.op === "const" && (e.args[1]!.attr as number) % c === 0;
}

function dividedBy(e: Expr, c: number): Expr {
  if (e.op === "const") return index((e.attr as number) / c);
  return binary("mul", e.args[0]!, index((e.args[1]!.attr as number) / c));
}

/** A comparison; the result is bool. */
export function compare(op: CompareOp, x: Expr, y: Expr): Expr {
  sameType(op, x, y);
  if (x.op === "const" && y.op === "const") {
    return constant(
      "bool",
      foldCompare(op, x.attr as number | bigint | boolean, y.attr as number | bigint | boolean),
    );
  }
  if (x.type === "i32") {
    const a = bounds(x), b = bounds(y);
    if (a && b) {
      if (
        op === "lt" && a[1] < b[0] || op === "le" && a[1] <= b[0] || op === "gt" && a[0] > b[1] ||
        op === "ge" && a[0] >= b[1]
      ) return constant("bool", true);
      if (
        op === "lt" && a[0] >= b[1] || op === "le" && a[0] > b[1] || op === "gt" && a[1] <= b[0] ||
        op === "ge" && a[1] < b[0]
      ) return constant("bool", false);
    }
  }
  return node(op, "bool", [x, y], null);
}

/** `whenTrue` where the condition holds, else `whenFalse`; both are evaluated. */
export function select(condition: Expr, whenTrue: Expr, whenFalse: Expr): Expr {
  sameType("select", whenTrue, whenFalse);
  if (condition.op === "const") return condition.attr ? whenTrue : whenFalse;
  if (whenTrue === whenFalse) return whenTrue;
  return node("select", whenTrue.type, [condition, whenTrue, whenFalse], null);
}

/** As {@linkcode select}, evaluating only the side that is taken: for loads that would leave their buffer. */
export function branch(condition: Expr, whenTrue: Expr, whenFalse: Expr): Expr {
  sameType("branch", whenTrue, whenFalse);
  if (condition.op === "const") return condition.attr ? whenTrue : whenFalse;
  if (whenTrue === whenFalse) return whenTrue;
  return node("branch", whenTrue.type, [condition, whenTrue, whenFalse], null);
}

/** a·b + c, in one or two roundings. */
export function madd(a: Expr, b: Expr, c: Expr): Expr {
  sameType("madd", a, b);
  sameType("madd", a, c);
  if (a.type !== "f32" && a.type !== "f64") return binary("add", binary("mul", a, b), c);
  return node("madd", a.type, [a, b, c], null);
}

/** Value conversion to another scalar type. */
export function convert(type: ScalarType, x: Expr): Expr {
  if (x.type === type) return x;
  if (x.op === "const") {
    const value = x.attr as number | bigint | boolean;
    if (type === "bool") return constant("bool", Boolean(value) || Number.isNaN(value));
    if (type === "f32" || type === "f64") {
      return constant(type, type === "f32" && typeof value === "bigint" ? bigintToF32(value) : Number(value));
    }
    if (
      typeof value !== "number" ||
      Number.isInteger(value) && Math.abs(value) < 2 ** 31 &&
        !(value < 0 && (type === "u32" || type === "u64") && (x.type === "f32" || x.type === "f64"))
    ) {
      return constant(type, typeof value === "boolean" ? Number(value) : value);
    }
  }
  return node("convert", type, [x], null);
}

/** A 64-bit integer to float32 in one rounding (through float64 it would take two). */
function bigintToF32(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  const excess = magnitude.toString(2).length - 26;
  if (excess <= 0) return Number(value);
  // Keep 26 bits and a sticky bit, which float64 holds exactly; the rounding to float32 is then the only one.
  const kept = (magnitude >> BigInt(excess)) | ((magnitude & ((1n << BigInt(excess)) - 1n)) ? 1n : 0n);
  return Math.fround(Number(kept) * 2 ** excess) * (value < 0n ? -1 : 1);
}

/** The same bits as another type of the same width. */
export function bitcast(type: ScalarType, x: Expr): Expr {
  if (x.type === type) return x;
  if (x.op === "bitcast") return bitcast(type, x.args[0]!);
  return node("bitcast", type, [x], null);
}

/** Wraps an i32/u32 to 8 or 16 bits, or rounds an f32 to f16/bf16; other storage types leave x as it is. */
export function narrow(storage: StorageType, x: Expr): Expr {
  if (
    storage === "i8" || storage === "u8" || storage === "i16" || storage === "u16" || storage === "f16" ||
    storage === "bf16"
  ) {
    if (x.op === "load" && (x.attr as Param).storage === storage) return x;
    if (x.op === "narrow" && x.attr === storage) return x;
    return node("narrow", x.type, [x], storage);
  }
  return x;
}
