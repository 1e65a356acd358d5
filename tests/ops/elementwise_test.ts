import type { JaxArray } from "../../core/array.ts";
import type { DTypeName } from "../../core/dtypes.ts";
import { P } from "../../core/prims.ts";
import { bind1 } from "../../core/trace.ts";
import * as lax from "../../lax/mod.ts";
import { array, random, type Row, testRows } from "./_harness.ts";

interface Complex {
  re: number;
  im: number;
}

const real = (options: { seed?: number; low?: number; high?: number } = {}) => random([2, 3], options);
const complex = (seed = 0) => random([2, 2], { dtype: "complex64", seed });
const positive = (seed = 0) => random([2, 3], { seed, low: 0.2, high: 3 });
const unit = (seed = 0) => random([2, 3], { seed, low: -0.9, high: 0.9 });
const mulComplex = (a: Complex, b: Complex): Complex => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});
const expComplex = (z: Complex): Complex => ({
  re: Math.exp(z.re) * Math.cos(z.im),
  im: Math.exp(z.re) * Math.sin(z.im),
});

const arithmetic: Row[] = [
  { name: "neg", f: lax.neg, operands: [real()], expected: (x: number) => -x },
  {
    name: "neg of unsigned integers wraps",
    f: lax.neg,
    operands: [array([1, 0], "uint8")],
    expected: [255, 0],
  },
  {
    name: "neg complex",
    f: lax.neg,
    operands: [complex()],
    expected: (z: Complex) => ({ re: -z.re, im: -z.im }),
  },
  {
    name: "add",
    f: lax.add,
    operands: [real(), real({ seed: 1 })],
    expected: (x: number, y: number) => x + y,
  },
  {
    name: "add, a scalar",
    f: lax.add,
    operands: [real(), random([], { seed: 1 })],
    expected: (x: number, y: number) => x + y,
  },
  {
    name: "add, stretched axes",
    f: lax.add,
    operands: [random([2, 1]), random([1, 3], { seed: 1 })],
    expected: (x: number, y: number) => x + y,
  },
  {
    name: "add int8 wraps",
    f: lax.add,
    operands: [array([100, -100], "int8"), array([100, -100], "int8")],
    expected: [-56, 56],
  },
  {
    name: "add of no elements",
    f: lax.add,
    operands: [random([0, 2]), random([0, 2])],
    order: 0,
    vmap: false,
    expected: [],
  },
  {
    name: "sub",
    f: lax.sub,
    operands: [real(), real({ seed: 1 })],
    expected: (x: number, y: number) => x - y,
  },
  {
    name: "sub from a scalar",
    f: lax.sub,
    operands: [random([]), real({ seed: 1 })],
    expected: (x: number, y: number) => x - y,
  },
  {
    name: "sub complex",
    f: lax.sub,
    operands: [complex(), complex(1)],
    expected: (a: Complex, b: Complex) => ({ re: a.re - b.re, im: a.im - b.im }),
  },
  {
    name: "mul",
    f: lax.mul,
    operands: [real(), real({ seed: 1 })],
    expected: (x: number, y: number) => x * y,
  },
  {
    name: "mul, stretched axes",
    f: lax.mul,
    operands: [random([2, 1, 2]), random([1, 3, 1], { seed: 1 })],
    expected: (x: number, y: number) => x * y,
  },
  { name: "mul complex", f: lax.mul, operands: [complex(), complex(1)], expected: mulComplex },
  {
    name: "mul int32 wraps",
    f: lax.mul,
    operands: [array([65536], "int32"), array([65536], "int32")],
    expected: [0],
  },
  { name: "div", f: lax.div, operands: [real(), positive(1)], expected: (x: number, y: number) => x / y },
  { name: "div complex", f: lax.div, operands: [complex(), complex(1)] },
  {
    name: "div int32 truncates",
    f: lax.div,
    operands: [array([7, -7, 7, -2147483648], "int32"), array([2, 2, 0, -1], "int32")],
    expected: [3, -3, -1, -2147483648],
  },
  {
    name: "rem",
    f: lax.rem,
    operands: [array([5.5, -4.25, 1.5]), array([2, 1.5, 4])],
    expected: (x: number, y: number) => x % y,
  },
  {
    name: "rem int32",
    f: lax.rem,
    operands: [array([7, -7, 7, -2147483648], "int32"), array([3, 3, 0, -1], "int32")],
    expected: [1, -1, 7, 0],
  },
  { name: "max", f: lax.max, operands: [real(), real({ seed: 1 })], expected: Math.max },
  { name: "min", f: lax.min, operands: [real(), random([], { seed: 1 })], expected: Math.min },
  {
    name: "max of NaN",
    f: lax.max,
    operands: [array([NaN, 1, -0]), array([1, NaN, 0])],
    order: 0,
    expected: [NaN, NaN, 0],
  },
  {
    name: "max bool",
    f: lax.max,
    operands: [array([true, false], "bool"), array([false, false], "bool")],
    expected: [true, false],
  },
  {
    name: "min complex is lexicographic",
    f: lax.min,
    operands: [array([{ re: 1, im: 2 }], "complex64"), array([{ re: 1, im: 1 }], "complex64")],
    order: 0,
    expected: [{ re: 1, im: 1 }],
  },
  { name: "abs", f: lax.abs, operands: [real()], expected: Math.abs },
  {
    name: "abs complex",
    f: lax.abs,
    operands: [complex()],
    dtype: "float32",
    expected: (z: Complex) => Math.hypot(z.re, z.im),
  },
  { name: "abs int8", f: lax.abs, operands: [array([-5, 5, -128], "int8")], expected: [5, 5, -128] },
  { name: "sign", f: lax.sign, operands: [array([-2, 3, 0.5])], expected: Math.sign },
  {
    name: "sign of special values",
    f: lax.sign,
    operands: [array([NaN, 0, -0, Infinity])],
    order: 0,
    expected: [NaN, 0, -0, 1],
  },
  { name: "sign uint8", f: lax.sign, operands: [array([0, 7], "uint8")], expected: [0, 1] },
  { name: "floor", f: lax.floor, operands: [real()], expected: Math.floor },
  { name: "ceil", f: lax.ceil, operands: [real()], expected: Math.ceil },
  {
    name: "round away from zero",
    f: (x) => lax.round(x),
    operands: [array([0.5, 1.5, -0.5, -2.5, 1.2])],
    order: 0,
    expected: [1, 2, -1, -3, 1],
  },
  {
    name: "round to even",
    f: (x) => lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN),
    operands: [array([0.5, 1.5, -0.5, -2.5, 1.2])],
    order: 0,
    expected: [0, 2, -0, -2, 1],
  },
  { name: "sqrt", f: (x) => lax.sqrt(x), operands: [positive()], expected: Math.sqrt },
  { name: "sqrt complex", f: (x) => lax.sqrt(x), operands: [complex()] },
  {
    name: "rsqrt",
    f: (x) => lax.rsqrt(x),
    operands: [positive()],
    expected: (x: number) => 1 / Math.sqrt(x),
  },
  { name: "cbrt", f: (x) => lax.cbrt(x), operands: [real({ seed: 4 })], expected: Math.cbrt },
  { name: "square", f: lax.square, operands: [real()], expected: (x: number) => x * x },
  {
    name: "square complex",
    f: lax.square,
    operands: [complex()],
    expected: (z: Complex) => mulComplex(z, z),
  },
  ...[0, 1, 2, 3, 5, -1, -3].map((n): Row => ({
    name: `integerPow ${n}`,
    f: (x) => lax.integerPow(x, n),
    operands: [positive()],
    expected: (x: number) => x ** n,
  })),
  {
    name: "integerPow int32",
    f: (x) => lax.integerPow(x, 3),
    operands: [random([2, 3], { dtype: "int32", low: -20, high: 20 })],
    expected: (x: number) => x ** 3,
  },
  { name: "reciprocal complex", f: lax.reciprocal, operands: [complex()] },
  { name: "pow", f: lax.pow, operands: [positive(), real({ seed: 1 })], expected: Math.pow },
  {
    name: "pow of integers",
    f: lax.pow,
    operands: [positive(), random([2, 3], { dtype: "int32", low: -3, high: 4 })],
    expected: Math.pow,
  },
  { name: "pow of a number", f: (x) => lax.pow(x, 3), operands: [real()], expected: (x: number) => x ** 3 },
  { name: "pow complex", f: lax.pow, operands: [complex(), complex(1)] },
  {
    name: "nextafter",
    f: lax.nextafter,
    operands: [array([1, 0, -1]), array([2, -1, -1])],
    order: 0,
    expected: [1 + 2 ** -23, -(2 ** -149), -1],
    rtol: 0,
    atol: 0,
  },
  {
    name: "mulhi",
    f: lax.mulhi,
    operands: [array([-100, 100, 127], "int8"), array([100, 100, 127], "int8")],
    expected: [-40, 39, 63],
  },
  {
    name: "add_any",
    f: (x, y) => bind1(P.add_any, [x, y]),
    operands: [real(), real({ seed: 1 })],
    expected: (x: number, y: number) => x + y,
  },
];
testRows("arithmetic", arithmetic);

/** A real operation with its reference, and whether it has a complex form. */
type Elementary = [
  name: keyof typeof lax,
  reference: (x: number) => number,
  operand: Row["operands"][number],
  complex: boolean,
];

const transcendental: Elementary[] = [
  ["exp", Math.exp, real(), true],
  ["exp2", (x) => 2 ** x, real(), true],
  ["expm1", Math.expm1, real(), true],
  ["log", Math.log, positive(), true],
  ["log1p", Math.log1p, unit(), true],
  ["logistic", (x) => 1 / (1 + Math.exp(-x)), real(), true],
  ["sin", Math.sin, real(), true],
  ["cos", Math.cos, real(), true],
  ["tan", Math.tan, unit(), true],
  ["asin", Math.asin, unit(), true],
  ["acos", Math.acos, unit(), true],
  ["atan", Math.atan, real(), true],
  ["sinh", Math.sinh, real(), true],
  ["cosh", Math.cosh, real(), true],
  ["tanh", Math.tanh, real(), true],
  ["asinh", Math.asinh, real(), true],
  ["acosh", Math.acosh, random([2, 3], { low: 1.2, high: 4 }), true],
  ["atanh", Math.atanh, unit(), true],
];
testRows(
  "transcendental",
  transcendental.flatMap(([name, reference, operand, hasComplex]): Row[] => {
    const f = (x: JaxArray): JaxArray => (lax[name] as (x: JaxArray) => JaxArray)(x);
    const rows: Row[] = [{ name, f, operands: [operand], expected: reference }];
    // acosh' is taken on one sheet only, as in JAX: that of the right half plane.
    const z = name === "acosh" ? random([2, 2], { dtype: "complex64", low: 0.5, high: 2 }) : complex(3);
    if (hasComplex) rows.push({ name: `${name} complex`, f, operands: [z] });
    return rows;
  }),
);
testRows("transcendental", [
  {
    name: "exp complex against its parts",
    f: (x) => lax.exp(x),
    operands: [complex()],
    order: 0,
    expected: expComplex,
  },
  { name: "atan2", f: lax.atan2, operands: [real(), real({ seed: 1 })], expected: Math.atan2 },
  {
    name: "atan2, a scalar",
    f: lax.atan2,
    operands: [random([], { seed: 2 }), real({ seed: 1 })],
    expected: Math.atan2,
  },
  ...["float16", "bfloat16"].map((dtype): Row => ({
    name: `tanh ${dtype}`,
    f: (x) => lax.tanh(x),
    operands: [random([5], { dtype: dtype as DTypeName })],
    expected: Math.tanh,
    dtype: dtype as DTypeName,
    rtol: 1e-2,
    order: 0,
  })),
]);
