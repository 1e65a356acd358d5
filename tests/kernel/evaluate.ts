/**
 * Evaluates scalar expressions in plain JavaScript, with the semantics stated in `kernel/ir.ts`: the reference that the
 * functions of `kernel/math` are measured with.
 *
 * @module
 */
import type { Expr, ScalarType, StorageType, Variable } from "../../kernel/ir.ts";
import { float16Bits, float16FromBits } from "../../core/scalar.ts";

/** A scalar on the host: bigint for 64-bit integers. */
export type Value = number | bigint | boolean;

/** How `madd` rounds. */
export interface EvaluateOptions {
  /** One rounding instead of two. */
  readonly fused?: boolean;
}

const view = new DataView(new ArrayBuffer(8));

/** x rounded half to even. */
function nearest(x: number): number {
  if (!(Math.abs(x) < 2 ** 52)) return x;
  const shift = x < 0 || Object.is(x, -0) ? -(2 ** 52) : 2 ** 52;
  const y = x + shift - shift;
  return y === 0 ? (shift < 0 ? -0 : 0) : y;
}

/** a·b + c in float64 with one rounding, but for ties and underflow. */
function fma64(a: number, b: number, c: number): number {
  const p = a * b;
  if (!Number.isFinite(p) || !Number.isFinite(c) || Math.abs(a) > 2 ** 990 || Math.abs(b) > 2 ** 990) {
    return p + c;
  }
  const split = (x: number): [number, number] => {
    const t = 134217729 * x, h = t - (t - x);
    return [h, x - h];
  };
  const [ah, al] = split(a), [bh, bl] = split(b);
  const e = al * bl - (((p - ah * bh) - al * bh) - ah * bl);
  const s = p + c, z = s - p;
  return s + (((p - (s - z)) + (c - z)) + e);
}

function wrap(type: ScalarType, x: bigint): Value {
  switch (type) {
    case "i32":
      return Number(BigInt.asIntN(32, x));
    case "u32":
      return Number(BigInt.asUintN(32, x));
    case "i64":
      return BigInt.asIntN(64, x);
    default:
      return BigInt.asUintN(64, x);
  }
}

const isFloat = (type: ScalarType): boolean => type === "f32" || type === "f64";
const widthOf = (type: ScalarType): number => type.endsWith("64") ? 64 : 32;

/** The least and greatest integer of a type. */
function rangeOf(type: ScalarType): [bigint, bigint] {
  const n = BigInt(widthOf(type));
  return type.startsWith("u") ? [0n, (1n << n) - 1n] : [-(1n << (n - 1n)), (1n << (n - 1n)) - 1n];
}

function convertValue(to: ScalarType, from: ScalarType, x: Value): Value {
  if (to === "bool") return typeof x === "number" ? x !== 0 : Boolean(x);
  if (to === "f64") return Number(x);
  if (to === "f32") {
    if (typeof x !== "bigint") return Math.fround(Number(x));
    // Round to odd first, so that the second rounding is the only one that counts.
    const size = x < 0n ? -x : x, excess = BigInt(Math.max(0, size.toString(2).length - 50));
    const kept = (size >> excess) | ((size & ((1n << excess) - 1n)) ? 1n : 0n);
    return Math.fround(Number(kept) * 2 ** Number(excess) * (x < 0n ? -1 : 1));
  }
  if (!isFloat(from)) return wrap(to, BigInt(x));
  const value = x as number;
  if (value !== value) return wrap(to, 0n);
  const [lo, hi] = rangeOf(to);
  if (value >= Number(hi)) return wrap(to, hi);
  if (value <= Number(lo)) return wrap(to, lo);
  return wrap(to, BigInt(Math.trunc(value)));
}

function bitcastValue(to: ScalarType, from: ScalarType, x: Value): Value {
  const write: Record<string, () => void> = {
    f32: () => view.setFloat32(0, x as number),
    f64: () => view.setFloat64(0, x as number),
    i32: () => view.setInt32(0, x as number),
    u32: () => view.setUint32(0, x as number),
    i64: () => view.setBigInt64(0, x as bigint),
    u64: () => view.setBigUint64(0, x as bigint),
  };
  const read: Record<string, () => Value> = {
    f32: () => view.getFloat32(0),
    f64: () => view.getFloat64(0),
    i32: () => view.getInt32(0),
    u32: () => view.getUint32(0),
    i64: () => view.getBigInt64(0),
    u64: () => view.getBigUint64(0),
  };
  write[from]!();
  return read[to]!();
}

function narrowValue(storage: StorageType, x: number): number {
  switch (storage) {
    case "i8":
      return x << 24 >> 24;
    case "u8":
      return x & 0xff;
    case "i16":
      return x << 16 >> 16;
    case "u16":
      return x & 0xffff;
    case "f16":
      return float16FromBits(float16Bits(x));
    case "bf16": {
      if (x !== x) return x;
      view.setFloat32(0, x);
      const bits = view.getUint32(0);
      view.setUint32(0, (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
      return view.getFloat32(0);
    }
    default:
      return x;
  }
}

function unaryValue(op: string, type: ScalarType, x: Value): Value {
  if (type === "bool") return !x;
  if (isFloat(type)) {
    const v = x as number;
    switch (op) {
      case "neg":
        return -v;
      case "abs":
        return Math.abs(v);
      case "sqrt":
        return type === "f32" ? Math.fround(Math.sqrt(v)) : Math.sqrt(v);
      case "floor":
        return Math.floor(v);
      case "ceil":
        return Math.ceil(v);
      case "trunc":
        return Math.trunc(v);
      case "nearest":
        return nearest(v);
    }
  }
  const v = BigInt(x as number), bits = BigInt.asUintN(widthOf(type), v);
  switch (op) {
    case "neg":
      return wrap(type, -v);
    case "abs":
      return wrap(type, v < 0n ? -v : v);
    case "not":
      return wrap(type, ~v);
    case "clz":
      return wrap(type, BigInt(widthOf(type) - (bits === 0n ? 0 : bits.toString(2).length)));
    case "popcnt":
      return wrap(type, BigInt(bits.toString(2).replaceAll("0", "").length));
  }
  throw new TypeError(`${op} of ${type}`);
}

function floatValue(op: string, x: number, y: number): number {
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
    case "copysign":
      return (y < 0 || Object.is(y, -0)) ? -Math.abs(x) : Math.abs(x);
  }
  throw new TypeError(`${op} of floats`);
}

function integerValue(op: string, type: ScalarType, x: bigint, y: bigint): bigint {
  const bits = BigInt(widthOf(type));
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
  }
  throw new TypeError(`${op} of ${type}`);
}

function binaryValue(op: string, type: ScalarType, x: Value, y: Value): Value {
  if (type === "bool") {
    return op === "and" ? Boolean(x) && Boolean(y) : op === "or" ? Boolean(x) || Boolean(y) : x !== y;
  }
  if (type === "f32") return Math.fround(floatValue(op, x as number, y as number));
  if (type === "f64") return floatValue(op, x as number, y as number);
  return wrap(type, integerValue(op, type, BigInt(x as number), BigInt(y as number)));
}

function compareValue(op: string, x: Value, y: Value): boolean {
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
    default:
      return x >= y;
  }
}

type Cell = { v: Value };

/** The step that computes a node from its operands' cells. */
function step(e: Expr, args: readonly Cell[], out: Cell, fused: boolean): () => void {
  const [a, b, c] = args as [Cell, Cell, Cell], type = e.type, round = type === "f32" ? Math.fround : null;
  const n = (cell: Cell): number => cell.v as number;
  switch (e.op) {
    case "convert":
      return () => void (out.v = convertValue(type, e.args[0]!.type, a.v));
    case "bitcast":
      return () => void (out.v = bitcastValue(type, e.args[0]!.type, a.v));
    case "narrow":
      return () => void (out.v = narrowValue(e.attr as StorageType, n(a)));
    case "select":
    case "branch":
      return () => void (out.v = a.v ? b.v : c.v);
    case "madd":
      if (round) {
        return fused
          ? () => void (out.v = round(n(a) * n(b) + n(c)))
          : () => void (out.v = round(round(n(a) * n(b)) + n(c)));
      }
      return fused ? () => void (out.v = fma64(n(a), n(b), n(c))) : () => void (out.v = n(a) * n(b) + n(c));
    case "eq":
    case "ne":
    case "lt":
    case "le":
    case "gt":
    case "ge":
      return () => void (out.v = compareValue(e.op, a.v, b.v));
    case "neg":
    case "abs":
    case "sqrt":
    case "floor":
    case "ceil":
    case "trunc":
    case "nearest":
    case "not":
    case "clz":
    case "popcnt":
      return () => void (out.v = unaryValue(e.op, type, a.v));
    case "const":
    case "var":
    case "load":
      throw new TypeError(`${e.op} has no operands to evaluate`);
    default:
      if (isFloat(type)) return fastFloat(e.op, a, b, out, type === "f32");
      return () => void (out.v = binaryValue(e.op, type, a.v, b.v));
  }
}

/** The commonest operations without dispatch. */
function fastFloat(op: string, a: Cell, b: Cell, out: Cell, single: boolean): () => void {
  const n = (cell: Cell): number => cell.v as number;
  const f = Math.fround;
  if (op === "add") return single ? () => void (out.v = f(n(a) + n(b))) : () => void (out.v = n(a) + n(b));
  if (op === "sub") return single ? () => void (out.v = f(n(a) - n(b))) : () => void (out.v = n(a) - n(b));
  if (op === "mul") return single ? () => void (out.v = f(n(a) * n(b))) : () => void (out.v = n(a) * n(b));
  const type = single ? "f32" : "f64";
  return () => void (out.v = binaryValue(op, type, a.v, b.v));
}

/**
 * Prepares expressions of the given variables for evaluation.
 *
 * @returns A function of the variables' values, in order, that gives the values of the expressions.
 */
export function evaluator(
  outputs: readonly Expr[],
  inputs: readonly Variable[],
  { fused = false }: EvaluateOptions = {},
): (...values: Value[]) => Value[] {
  const cells = new Map<Expr, Cell>(), steps: (() => void)[] = [];
  const inputCells: Cell[] = inputs.map(() => ({ v: 0 }));
  const visit = (e: Expr): Cell => {
    const known = cells.get(e);
    if (known) return known;
    let cell: Cell;
    if (e.op === "const") cell = { v: e.attr as Value };
    else if (e.op === "var") cell = inputCells[inputs.indexOf(e.attr as Variable)]!;
    else {
      const args = e.args.map(visit);
      cell = { v: 0 };
      steps.push(step(e, args, cell, fused));
    }
    cells.set(e, cell);
    return cell;
  };
  const results = outputs.map(visit);
  return (...values) => {
    values.forEach((v, i) => inputCells[i]!.v = v);
    for (const run of steps) run();
    return results.map((cell) => cell.v);
  };
}

/** The number of operations (nodes that are neither constants nor variables) of expressions. */
export function operationCount(outputs: readonly Expr[]): number {
  const seen = new Set<Expr>();
  const visit = (e: Expr): void => {
    if (seen.has(e) || e.op === "const" || e.op === "var") return;
    seen.add(e);
    e.args.forEach(visit);
  };
  outputs.forEach(visit);
  return seen.size;
}
