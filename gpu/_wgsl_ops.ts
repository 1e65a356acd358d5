/**
 * Scalar operations in WGSL: a table from type and operation to text, and the functions that it calls.
 *
 * WGSL leaves more open than `kernel/ir.ts` does: implementations may assume that there are no NaNs and infinities, and
 * may reassociate float arithmetic. So comparisons that must see NaNs look at bits, and a result that goes into further
 * arithmetic passes through `exact`: its bits, or a zero that no compiler knows to be one. `hidden` does the same in
 * another way, for operands that would still be seen to be equal or constant.
 *
 * @module
 */
import type { Expr, Op, ScalarType, StorageType } from "../kernel/ir.ts";

/** Types of scalars; those that are missing do not exist in WGSL. */
export const scalarTypes: Readonly<Partial<Record<ScalarType, string>>> = {
  bool: "bool",
  i32: "i32",
  u32: "u32",
  f32: "f32",
};

/** Types of stored elements: narrow ones are widened to four bytes. */
export const storedTypes: Readonly<Partial<Record<StorageType, string>>> = {
  bool: "u32",
  i8: "i32",
  u8: "u32",
  i16: "i32",
  u16: "u32",
  f16: "f32",
  bf16: "f32",
  i32: "i32",
  u32: "u32",
  f32: "f32",
};

type Render = (...args: string[]) => string;
type Table = Readonly<Partial<Record<Op, Render>>>;

const infix = (op: string): Render => (a, b) => `(${a} ${op} ${b})`;
const prefix = (op: string): Render => (a) => `(${op}${a})`;
const call = (name: string): Render => (...args) => `${name}(${args.join(", ")})`;
const same: Render = (a) => a!;

const comparisons: Table = {
  eq: infix("=="),
  ne: infix("!="),
  lt: infix("<"),
  le: infix("<="),
  gt: infix(">"),
  ge: infix(">="),
};

const integers: Table = {
  ...comparisons,
  add: infix("+"),
  sub: infix("-"),
  mul: infix("*"),
  and: infix("&"),
  or: infix("|"),
  xor: infix("^"),
  not: prefix("~"),
  min: call("min"),
  max: call("max"),
  clz: call("countLeadingZeros"),
  popcnt: call("countOneBits"),
};

/** Operations by the type of their first operand that is not a condition. */
export const operations: Readonly<Partial<Record<ScalarType, Table>>> = {
  i32: {
    ...integers,
    neg: prefix("-"),
    abs: call("abs"),
    div: call("div_i32"),
    rem: call("rem_i32"),
    shl: call("shl_i32"),
    shr: call("shr_i32"),
  },
  u32: {
    ...integers,
    neg: (a) => `(0u - ${a})`,
    abs: same,
    div: call("div_u32"),
    rem: call("rem_u32"),
    shl: call("shl_u32"),
    shr: call("shr_u32"),
  },
  f32: {
    ...comparisons,
    // Implementations are at odds over != of NaN.
    ne: (a, b) => `inverse(${a} == ${b})`,
    add: infix("+"),
    sub: infix("-"),
    mul: infix("*"),
    div: infix("/"),
    madd: call("fma"),
    rem: call("rem_f32"),
    min: call("min_f32"),
    max: call("max_f32"),
    copysign: call("copysign_f32"),
    neg: prefix("-"),
    abs: call("abs"),
    sqrt: call("sqrt"),
    floor: call("floor"),
    ceil: call("ceil"),
    trunc: call("trunc"),
    nearest: call("round"),
  },
  bool: {
    eq: infix("=="),
    ne: infix("!="),
    and: infix("&"),
    or: infix("|"),
    xor: infix("!="),
    not: call("inverse"),
    min: infix("&"),
    max: infix("|"),
    mul: infix("&"),
    add: infix("|"),
    sub: infix("!="),
  },
};

/** A value of one type as another. */
export function convertText(from: ScalarType, to: ScalarType, x: string): string {
  if (to === "bool") return from === "f32" ? `is_nonzero(${x})` : `(${x} != ${from === "u32" ? "0u" : "0"})`;
  return from === "f32" ? `${to}_of(${x})` : `${scalarTypes[to]}(${x})`;
}

const narrowing: Readonly<Partial<Record<StorageType, (x: string, type: ScalarType) => string>>> = {
  i8: (x, type) =>
    type === "i32" ? `((${x} << 24u) >> 24u)` : `bitcast<u32>((bitcast<i32>(${x}) << 24u) >> 24u)`,
  i16: (x, type) =>
    type === "i32" ? `((${x} << 16u) >> 16u)` : `bitcast<u32>((bitcast<i32>(${x}) << 16u) >> 16u)`,
  u8: (x, type) => type === "i32" ? `(${x} & 255)` : `(${x} & 255u)`,
  u16: (x, type) => type === "i32" ? `(${x} & 65535)` : `(${x} & 65535u)`,
  f16: (x) => `f16_of(${x})`,
  bf16: (x) => `bf16_of(${x})`,
};

/** A value brought into the range of a storage type. */
export function narrowText(storage: StorageType, type: ScalarType, x: string): string {
  return narrowing[storage]?.(x, type) ?? x;
}

const bits = new DataView(new ArrayBuffer(4));

/** The text of a constant. Special floats are made from bits that a compiler cannot see through. */
export function constantText(e: Expr): string {
  const value = e.attr as number | boolean;
  switch (e.type) {
    case "bool":
      return String(value);
    case "u32":
      return `${value}u`;
    case "i32":
      return value === -(2 ** 31) ? "(-2147483647 - 1)" : Number(value) < 0 ? `(${value})` : String(value);
    default:
      return floatText(value as number);
  }
}

function floatText(value: number): string {
  const special = !Number.isFinite(value) || Object.is(value, -0) ||
    value !== 0 && Math.abs(value) < 2 ** -126;
  if (special) {
    bits.setFloat32(0, value);
    return `bitcast<f32>(0x${bits.getUint32(0).toString(16)}u | zero)`;
  }
  const digits = String(value), text = /[.e]/.test(digits) ? `${digits}f` : `${digits}.0f`;
  return value < 0 ? `(${text})` : text;
}

/** Functions by name. */
const functions: Readonly<Record<string, string>> = {
  exact: "fn exact(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) | zero); }",
  hidden: "fn hidden(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) + zero); }",
  inverse: "fn inverse(x: bool) -> bool { return select(0u, 1u, x) == zero; }",
  is_nan: "fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }",
  is_nonzero: "fn is_nonzero(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) != 0u; }",
  order: `fn order(x: f32) -> i32 {
  let b = bitcast<i32>(x);
  return b ^ ((b >> 31u) & 0x7fffffff);
}`,
  min_f32: `fn min_f32(x: f32, y: f32) -> f32 {
  return select(select(y, x, order(x) < order(y) && !is_nan(y)), x, is_nan(x));
}`,
  max_f32: `fn max_f32(x: f32, y: f32) -> f32 {
  return select(select(y, x, order(x) > order(y) && !is_nan(y)), x, is_nan(x));
}`,
  copysign_f32: `fn copysign_f32(x: f32, y: f32) -> f32 {
  return bitcast<f32>((bitcast<u32>(x) & 0x7fffffffu) | (bitcast<u32>(y) & 0x80000000u));
}`,
  div_i32: `fn div_i32(x: i32, y: i32) -> i32 {
  if (y == 0) { return -1; }
  if (y == -1) { return -x; }
  return x / y;
}`,
  rem_i32: `fn rem_i32(x: i32, y: i32) -> i32 {
  if (y == 0) { return x; }
  if (y == -1) { return 0; }
  return x % y;
}`,
  div_u32: `fn div_u32(x: u32, y: u32) -> u32 {
  if (y == 0u) { return 0xffffffffu; }
  return x / y;
}`,
  rem_u32: `fn rem_u32(x: u32, y: u32) -> u32 {
  if (y == 0u) { return x; }
  return x % y;
}`,
  shl_i32: "fn shl_i32(x: i32, n: i32) -> i32 { return select(0, x << (u32(n) & 31u), u32(n) < 32u); }",
  shl_u32: "fn shl_u32(x: u32, n: u32) -> u32 { return select(0u, x << (n & 31u), n < 32u); }",
  shr_i32: "fn shr_i32(x: i32, n: i32) -> i32 { return x >> min(u32(n), 31u); }",
  shr_u32: "fn shr_u32(x: u32, n: u32) -> u32 { return select(0u, x >> (n & 31u), n < 32u); }",
  i32_of: `fn i32_of(x: f32) -> i32 {
  if (is_nan(x)) { return 0; }
  if (x >= 2147483648.0f) { return 2147483647; }
  if (x <= -2147483648.0f) { return -2147483647 - 1; }
  return i32(x);
}`,
  u32_of: `fn u32_of(x: f32) -> u32 {
  if (is_nan(x) || x <= 0.0f) { return 0u; }
  if (x >= 4294967296.0f) { return 0xffffffffu; }
  return u32(x);
}`,
  // Numbers below 2⁻¹⁴ are multiples of 2⁻²⁴, the spacing of float32 numbers at ½; the others lose 13 bits.
  f16_of: `fn f16_of(x: f32) -> f32 {
  let b = bitcast<u32>(x);
  let size = b & 0x7fffffffu;
  let sign = b & 0x80000000u;
  if (size > 0x7f800000u) { return x; }
  if (size >= 0x477ff000u) { return bitcast<f32>(sign | (0x7f800000u | zero)); }
  if (size < 0x38800000u) {
    let steps = bitcast<u32>(bitcast<f32>(size) + 0.5f) - 0x3f000000u;
    return bitcast<f32>(sign | bitcast<u32>(f32(steps) * 5.9604644775390625e-8f));
  }
  return bitcast<f32>(sign | ((size + 0xfffu + ((size >> 13u) & 1u)) & 0xffffe000u));
}`,
  bf16_of: `fn bf16_of(x: f32) -> f32 {
  let b = bitcast<u32>(x);
  if ((b & 0x7fffffffu) > 0x7f800000u) { return x; }
  return bitcast<f32>((b + 0x7fffu + ((b >> 16u) & 1u)) & 0xffff0000u);
}`,
  // Long division of significands, eight bits at a time: the remainder of C's fmod is exact.
  rem_f32: `fn rem_f32(x: f32, y: f32) -> f32 {
  let a = bitcast<u32>(x) & 0x7fffffffu;
  let b = bitcast<u32>(y) & 0x7fffffffu;
  if (a >= 0x7f800000u || b > 0x7f800000u || b == 0u) { return bitcast<f32>(0x7fc00000u | zero); }
  if (a < b) { return x; }
  var exponent_a = i32(a >> 23u);
  var exponent_b = i32(b >> 23u);
  var rest = (a & 0x7fffffu) | 0x800000u;
  var divisor = (b & 0x7fffffu) | 0x800000u;
  if (exponent_a == 0) {
    let shift = countLeadingZeros(a) - 8u;
    rest = a << shift;
    exponent_a = 1 - i32(shift);
  }
  if (exponent_b == 0) {
    let shift = countLeadingZeros(b) - 8u;
    divisor = b << shift;
    exponent_b = 1 - i32(shift);
  }
  rest = rest % divisor;
  var distance = exponent_a - exponent_b;
  while (distance > 0) {
    let step = min(distance, 8);
    rest = (rest << u32(step)) % divisor;
    distance -= step;
  }
  var result = 0u;
  if (rest != 0u) {
    let shift = countLeadingZeros(rest) - 8u;
    let exponent = exponent_b - i32(shift);
    result = rest << shift;
    if (exponent > 0) {
      result = (result & 0x7fffffu) | (u32(exponent) << 23u);
    } else {
      result = result >> u32(1 - exponent);
    }
  }
  return bitcast<f32>(result | (bitcast<u32>(x) & 0x80000000u));
}`,
};

/** The functions that a text calls, and those that these call, in the order of the table. */
export function functionsFor(text: string): string[] {
  const wanted = new Set<string>(), pending = [text];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const [, name] of next.matchAll(/\b(\w+)\(/g)) {
      if (!(name! in functions) || wanted.has(name!)) continue;
      wanted.add(name!);
      pending.push(functions[name!]!);
    }
  }
  return Object.keys(functions).filter((name) => wanted.has(name)).map((name) => functions[name]!);
}
