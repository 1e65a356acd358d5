import type { JaxArray } from "../../core/array.ts";
import { asDType, type DTypeName } from "../../core/dtypes.ts";
import { P } from "../../core/prims.ts";
import * as raw from "../../core/raw.ts";
import { bind1 } from "../../core/trace.ts";
import * as lax from "../../lax/mod.ts";
import { array, random, type Row, testRows } from "./_harness.ts";

interface Complex {
  re: number;
  im: number;
}

const inf = Infinity, nan = NaN;
const real = (options: { seed?: number; low?: number; high?: number } = {}) => random([2, 3], options);
const complex = (seed = 0) => random([2, 2], { dtype: "complex64", seed });
const ints = (seed = 0) => random([2, 3], { dtype: "int32", seed, low: -20, high: 20 });
const naturals = (seed = 0) => random([2, 3], { dtype: "uint8", seed, low: 0, high: 200 });

const compared = [array([1, 2, NaN, -0]), array([2, 2, NaN, 0])];
const whole = (p: typeof P.eq) => (x: JaxArray, y: JaxArray): JaxArray => bind1(p, [x, y]);
testRows("comparison", [
  { name: "eq", f: lax.eq, operands: compared, dtype: "bool", expected: [false, true, false, true] },
  { name: "ne", f: lax.ne, operands: compared, expected: [true, false, true, false] },
  { name: "lt", f: lax.lt, operands: compared, expected: [true, false, false, false] },
  { name: "le", f: lax.le, operands: compared, expected: [true, true, false, true] },
  { name: "gt", f: lax.gt, operands: compared, expected: [false, false, false, false] },
  { name: "ge", f: lax.ge, operands: compared, expected: [false, true, false, true] },
  {
    name: "lt uint8",
    f: lax.lt,
    operands: [array([200, 1], "uint8"), array([100, 2], "uint8")],
    expected: [false, true],
  },
  {
    name: "lt bool",
    f: lax.lt,
    operands: [array([true, false], "bool"), array([true, true], "bool")],
    expected: [false, true],
  },
  { name: "eq complex", f: lax.eq, operands: [complex(), complex()], expected: () => true },
  {
    name: "ne, stretched",
    f: lax.ne,
    operands: [random([2, 1]), random([1, 3])],
    expected: (x: number, y: number) => x !== y,
  },
  { name: "eq_to", f: whole(P.eq_to), operands: compared, expected: [false, true, true, false] },
  {
    name: "lt_to",
    f: whole(P.lt_to),
    operands: [array([nan, -0, -inf, 1]), array([inf, 0, -1, nan])],
    expected: [false, true, true, true],
  },
  {
    name: "le_to",
    f: whole(P.le_to),
    operands: [array([nan, 1, -0, 0]), array([1, nan, 0, -0])],
    expected: [false, true, true, false],
  },
  {
    name: "isFinite",
    f: lax.isFinite,
    operands: [array([1, inf, -inf, nan])],
    dtype: "bool",
    expected: [true, false, false, false],
  },
]);

testRows("selection", [
  {
    name: "select",
    f: (x, y) => lax.select(lax.gt(x, y), x, y),
    operands: [real(), real({ seed: 1 })],
    expected: Math.max,
  },
  {
    name: "select by a scalar",
    f: (p, x, y) => lax.select(lax.gt(p, 0), x, y),
    operands: [array(0.5), real(), real({ seed: 1 })],
    argnums: [1, 2],
    expected: (_p: number, x: number) => x,
  },
  {
    name: "select between scalars",
    f: (p, x, y) => lax.select(lax.gt(p, 0), x, y),
    operands: [array(-0.5), array(1), array(2)],
    argnums: [1, 2],
    expected: 2,
  },
  {
    name: "selectN of integers",
    f: lax.selectN,
    operands: [
      array([0, 1, 2, 7, -7, 1], "int32"),
      random([6]),
      random([6], { seed: 1 }),
      random([6], { seed: 2 }),
    ],
  },
  {
    name: "selectN by a scalar",
    f: lax.selectN,
    operands: [array(2, "int32"), real(), real({ seed: 1 }), real({ seed: 2 })],
    expected: (_i: number, _x: number, _y: number, z: number) => z,
  },
  {
    name: "selectN complex",
    f: (p, x, y) => lax.selectN(lax.gt(p, 0), x, y),
    operands: [random([2, 2], { seed: 5 }), complex(), complex(1)],
    argnums: [1, 2],
  },
  {
    name: "selectN bool cases",
    f: lax.selectN,
    operands: [array([true, false], "bool"), array([true, true], "bool"), array([false, false], "bool")],
    expected: [false, true],
  },
  {
    name: "clamp",
    f: lax.clamp,
    operands: [array(-0.5), real(), array(0.7)],
    expected: (a: number, x: number, b: number) => Math.min(Math.max(x, a), b),
  },
  {
    name: "clamp by arrays",
    f: lax.clamp,
    operands: [real({ seed: 1, low: -2, high: -0.5 }), real(), real({ seed: 2, low: 0.5, high: 2 })],
    expected: (a: number, x: number, b: number) => Math.min(Math.max(x, a), b),
  },
  {
    name: "clamp int8",
    f: lax.clamp,
    operands: [array(-3, "int8"), array([-10, 0, 10], "int8"), array(5, "int8")],
    expected: [-3, 0, 5],
  },
]);

testRows("bits", [
  { name: "not", f: lax.bitwiseNot, operands: [ints()], expected: (x: number) => ~x },
  { name: "not uint8", f: lax.bitwiseNot, operands: [array([0, 5], "uint8")], expected: [255, 250] },
  { name: "not bool", f: lax.bitwiseNot, operands: [array([true, false], "bool")], expected: [false, true] },
  {
    name: "and",
    f: lax.bitwiseAnd,
    operands: [ints(), ints(1)],
    expected: (x: number, y: number) => x & y,
  },
  {
    name: "or",
    f: lax.bitwiseOr,
    operands: [ints(), ints(1)],
    expected: (x: number, y: number) => x | y,
  },
  {
    name: "xor",
    f: lax.bitwiseXor,
    operands: [ints(), ints(1)],
    expected: (x: number, y: number) => x ^ y,
  },
  {
    name: "xor bool",
    f: lax.bitwiseXor,
    operands: [array([true, false], "bool"), array([true, true], "bool")],
    expected: [false, true],
  },
  {
    name: "and uint8",
    f: lax.bitwiseAnd,
    operands: [naturals(), naturals(1)],
    expected: (x: number, y: number) => x & y,
  },
  {
    name: "shiftLeft int8",
    f: lax.shiftLeft,
    operands: [array([1, 1, 64], "int8"), array([3, 9, 1], "int8")],
    expected: [8, 0, -128],
  },
  {
    name: "shiftRightLogical int8",
    f: lax.shiftRightLogical,
    operands: [array([-1, -1], "int8"), array([1, 8], "int8")],
    expected: [127, 0],
  },
  {
    name: "shiftRightArithmetic int8",
    f: lax.shiftRightArithmetic,
    operands: [array([-8, -8], "int8"), array([1, 9], "int8")],
    expected: [-4, -1],
  },
  {
    name: "shiftLeft by a number",
    f: (x) => lax.shiftLeft(x, 2),
    operands: [ints()],
    expected: (x: number) => x << 2,
  },
  { name: "clz", f: lax.clz, operands: [array([1, 0, -1], "int8")], expected: [7, 8, 0] },
  { name: "populationCount", f: lax.populationCount, operands: [array([7, -1], "int8")], expected: [3, 8] },
  {
    name: "reducePrecision",
    f: (x) => lax.reducePrecision(x, 8, 4),
    operands: [array([1.01, 3, -1.97])],
    order: 0,
    expected: [1, 3, -2],
  },
  {
    name: "bitcast float32 to int32",
    f: (x) => lax.bitcastConvertType(x, "int32"),
    operands: [array([1, -2, 0])],
    dtype: "int32",
    expected: [0x3f800000, -0x40000000, 0],
  },
  {
    name: "bitcast float16 to uint16",
    f: (x) => lax.bitcastConvertType(x, "uint16"),
    operands: [array([1, -2, 2 ** -24, inf, 65504, -0], "float16")],
    expected: [0x3c00, 0xc000, 1, 0x7c00, 0x7bff, 0x8000],
  },
  {
    name: "bitcast uint16 to float16",
    f: (x) => lax.bitcastConvertType(x, "float16"),
    operands: [array([0x3c00, 0xc000, 1, 0x7c00, 0x7bff, 0x8000, 0x3ff], "uint16")],
    expected: [1, -2, 2 ** -24, inf, 65504, -0, 1023 * 2 ** -24],
    rtol: 0,
    atol: 0,
  },
  {
    name: "bitcast bfloat16 to int16",
    f: (x) => lax.bitcastConvertType(x, "int16"),
    operands: [array([1, -2], "bfloat16")],
    expected: [0x3f80, -0x4000],
  },
  {
    name: "bitcast int32 to int8",
    f: (x) => lax.bitcastConvertType(x, "int8"),
    operands: [array([0x01020304, -1], "int32")],
    expected: [[4, 3, 2, 1], [-1, -1, -1, -1]],
  },
  {
    name: "bitcast uint8 to float32",
    f: (x) => lax.bitcastConvertType(x, "float32"),
    operands: [array([[0, 0, 0x80, 0x3f], [0, 0, 0, 0xc0]], "uint8")],
    expected: [1, -2],
  },
  {
    name: "bitcast uint16 to uint32",
    f: (x) => lax.bitcastConvertType(x, "uint32"),
    operands: [array([[0x1234, 0x5678]], "uint16")],
    expected: [0x56781234],
  },
]);

const converted: [from: DTypeName, to: DTypeName, values: (number | boolean)[], expected: unknown[]][] = [
  ["float32", "int8", [1e10, -1e10, nan, 3.7, -0.3, 300], [127, -128, 0, 3, 0, 127]],
  ["float32", "uint8", [300, -1, 7.9, nan], [255, 0, 7, 0]],
  ["float32", "int32", [1e10, -1e10, nan, -3.7], [2147483647, -2147483648, 0, -3]],
  ["float32", "uint32", [1e10, -1, 3e9], [4294967295, 0, 3000000000]],
  ["int32", "int8", [300, -1, 128], [44, -1, -128]],
  ["int32", "uint32", [-1], [4294967295]],
  ["int32", "float16", [3, 70000], [3, inf]],
  ["float32", "bool", [0, -0, 0.5, nan], [false, false, true, true]],
  ["bool", "float32", [true, false], [1, 0]],
  ["float32", "complex64", [1.5], [{ re: 1.5, im: 0 }]],
  ["float32", "bfloat16", [1.00390625, 1.01171875], [1, 1.015625]],
];
testRows("conversion", [
  ...converted.map(([from, to, values, expected]): Row => ({
    name: `${from} to ${to}`,
    f: (x) => lax.convertElementType(x, to),
    operands: [array(values, from)],
    expected,
    dtype: to,
    rtol: 0,
    atol: 0,
    order: 0,
  })),
  {
    name: "complex64 to float32",
    f: (x) => raw.convert(x, asDType(x.dtype.name === "complex64" ? "float32" : "float64")),
    operands: [complex()],
    expected: (z: Complex) => z.re,
  },
  {
    name: "float to complex, differentiated",
    f: (x) => raw.convert(x, asDType(x.dtype.name === "float32" ? "complex64" : "complex128")),
    operands: [real()],
  },
  { name: "real", f: lax.real, operands: [complex()], dtype: "float32", expected: (z: Complex) => z.re },
  { name: "imag", f: lax.imag, operands: [complex()], expected: (z: Complex) => z.im },
  { name: "conj", f: lax.conj, operands: [complex()], expected: (z: Complex) => ({ re: z.re, im: -z.im }) },
  {
    name: "conj of reals",
    f: lax.conj,
    operands: [real()],
    dtype: "complex64",
    expected: (x: number) => ({ re: x, im: 0 }),
  },
  {
    name: "complex",
    f: lax.complex,
    operands: [real(), real({ seed: 1 })],
    dtype: "complex64",
    expected: (re: number, im: number) => ({ re, im }),
  },
  {
    name: "complex, a scalar",
    f: lax.complex,
    operands: [real(), random([])],
    expected: (re: number, im: number) => ({ re, im }),
  },
  { name: "copy", f: (x) => bind1(P.copy, [x]), operands: [real()], expected: (x: number) => x },
  {
    name: "optimizationBarrier",
    f: (x, y) => lax.optimizationBarrier([x, lax.sin(y)]),
    operands: [real(), real({ seed: 1 })],
  },
]);
