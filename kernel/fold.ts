/**
 * Constant folding of scalar operations, with the semantics stated in `ir.ts`. `undefined`: leave it to the backend.
 *
 * @module
 */
import type { BinaryOp, CompareOp, ScalarType, UnaryOp } from "./ir.ts";

type Value = number | bigint | boolean;

const truncated = (x: number): number => x < 0 ? Math.ceil(x) : Math.floor(x);

/** Folds operations on integers and booleans, and the exact ones on floats. */
export function foldUnary(op: UnaryOp, type: ScalarType, x: Value): Value | undefined {
  if (typeof x === "boolean") return op === "not" ? !x : undefined;
  switch (op) {
    case "neg":
      return -x;
    case "abs":
      return x < 0 || Object.is(x, -0) ? -x : x;
    case "not":
      return type === "f32" || type === "f64" ? undefined : typeof x === "bigint" ? ~x : ~x;
    case "sqrt":
      return typeof x === "number" ? Math.sqrt(x) : undefined;
    case "floor":
      return typeof x === "number" ? Math.floor(x) : undefined;
    case "ceil":
      return typeof x === "number" ? Math.ceil(x) : undefined;
    case "trunc":
      return typeof x === "number" ? truncated(x) : undefined;
    default:
      return undefined;
  }
}

function foldFloat(op: BinaryOp, x: number, y: number): number | undefined {
  switch (op) {
    case "add":
      return x + y;
    case "sub":
      return x - y;
    case "mul":
      return x * y;
    case "div":
      return x / y;
    case "rem":
      return x % y;
    case "min":
      return Math.min(x, y);
    case "max":
      return Math.max(x, y);
    default:
      return undefined;
  }
}

function foldInteger(op: BinaryOp, x: bigint, y: bigint, bits: bigint): bigint | undefined {
  switch (op) {
    case "add":
      return x + y;
    case "sub":
      return x - y;
    case "mul":
      return x * y;
    case "div":
      return y === 0n ? -1n : x / y;
    case "rem":
      return y === 0n ? x : x % y;
    case "min":
      return x < y ? x : y;
    case "max":
      return x > y ? x : y;
    case "and":
      return x & y;
    case "or":
      return x | y;
    case "xor":
      return x ^ y;
    case "shl":
      return y < 0n || y >= bits ? 0n : x << y;
    case "shr":
      return y < 0n || y >= bits ? (x < 0n ? -1n : 0n) : x >> y;
    default:
      return undefined;
  }
}

/** Folds a binary operation of two constants of one type. */
export function foldBinary(op: BinaryOp, type: ScalarType, x: Value, y: Value): Value | undefined {
  if (type === "bool") {
    if (op === "and" || op === "min" || op === "mul") return Boolean(x) && Boolean(y);
    if (op === "or" || op === "max" || op === "add") return Boolean(x) || Boolean(y);
    return op === "xor" ? x !== y : undefined;
  }
  if (type === "f32" || type === "f64") return foldFloat(op, x as number, y as number);
  return foldInteger(op, BigInt(x), BigInt(y), type === "i64" || type === "u64" ? 64n : 32n);
}

/** Folds a comparison of two constants of one type. */
export function foldCompare(op: CompareOp, x: Value, y: Value): boolean {
  switch (op) {
    case "eq":
      return x === y;
    case "ne":
      return x !== y;
    case "lt":
      return x < y;
    case "le":
      return x <= y;
    case "gt":
      return x > y;
    case "ge":
      return x >= y;
  }
}
