/**
 * All elementwise functions on the GPU and on the CPU, with special values among the operands: float results agree to a
 * few units in the last place (division and square root may differ in the last bit), others exactly.
 */
import { lax, numpy as np } from "../../mod.ts";
import { compare, type Fn } from "./_compare.ts";
import { gpuTest } from "./_setup.ts";

const functions = lax as unknown as Record<string, Fn>;

// deno-fmt-ignore
const floats = [
  0, -0, 1, -1, 0.5, -0.5, 2, -2, 3.7, -3.7, 1e-3, 1e3, 1e5, -1e5, 3e9, 1e10, 1e20, -1e20, 1e30, 1e38, -1e38, 1e-20, 1e-38,
  1e-40, -1e-40, NaN, Infinity, -Infinity, 0.1, 0.9999, 1.0001, 10, 20, 50, 88, 89, 100, -88, -104, -150, 7.5, 2.5, 1.5,
  -1.5, 123456789, 16777217, 0.7853982, 1.5707964, 3.1415927, 0.25, -0.25, 4.5, 170,
];
// deno-fmt-ignore
const unaryFloat = [
  "neg", "sign", "abs", "floor", "ceil", "round", "isFinite", "exp", "exp2", "log", "expm1", "log1p", "tanh", "logistic",
  "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh", "sqrt", "rsqrt", "cbrt", "square",
  "reciprocal", "erf", "erfc", "erfInv", "lgamma", "digamma", "besselI0e", "besselI1e",
];
// deno-fmt-ignore
const binaryFloat = [
  "add", "sub", "mul", "div", "rem", "max", "min", "pow", "atan2", "nextafter", "eq", "ne", "lt", "le", "gt", "ge",
];
// deno-fmt-ignore
const integers = [
  0, 1, -1, 2, -2, 3, 7, -7, 31, 32, 33, 100, -100, 127, 128, 255, 256, 32767, 65535, 2147483647, -2147483648, 123456789,
];
const unaryInteger = ["neg", "sign", "bitwiseNot", "populationCount", "clz"];
// deno-fmt-ignore
const binaryInteger = [
  "add", "sub", "mul", "div", "rem", "max", "min", "bitwiseAnd", "bitwiseOr", "bitwiseXor", "shiftLeft",
  "shiftRightArithmetic", "shiftRightLogical", "eq", "lt", "ge", "mulhi",
];
// deno-fmt-ignore
const unaryComplex = [
  "neg", "abs", "exp", "log", "sin", "cos", "tan", "tanh", "sqrt", "rsqrt", "square", "sinh", "cosh", "asin", "acos", "atan",
  "asinh", "acosh", "atanh", "log1p", "expm1", "logistic", "conj", "real", "imag",
];

for (const dtype of ["float32", "float16", "bfloat16"]) {
  gpuTest(`elementwise functions of ${dtype}`, async () => {
    const x = np.array(floats).astype(dtype);
    for (const name of unaryFloat) await compare(name, functions[name]!, [x], { ulps: 4 });
    const a = np.repeat(x, floats.length), b = np.tile(x, floats.length);
    for (const name of binaryFloat) await compare(name, functions[name]!, [a, b], { ulps: 4 });
  });
}

for (const dtype of ["int32", "uint32", "int8", "uint8", "int16", "uint16"]) {
  gpuTest(`elementwise functions of ${dtype}`, async () => {
    const x = np.array(integers.map(BigInt)).astype(dtype);
    for (const name of unaryInteger) await compare(name, functions[name]!, [x]);
    const a = np.repeat(x, integers.length), b = np.tile(x, integers.length);
    for (const name of binaryInteger) await compare(name, functions[name]!, [a, b]);
  });
}

gpuTest("elementwise functions of complex64", async () => {
  const z = lax.complex(
    np.array(floats),
    np.array(floats.map((_, i) => floats[(i * 7 + 3) % floats.length]!)),
  );
  for (const name of unaryComplex) await compare(name, functions[name]!, [z], { ulps: 64 });
  for (const name of ["add", "sub", "mul", "div", "pow"]) {
    await compare(name, functions[name]!, [z, np.flip(z)], { ulps: 64 });
  }
});

gpuTest("conversions between dtypes", async () => {
  const dtypes = ["float32", "int32", "uint8", "bool", "float16", "bfloat16", "int16", "uint32", "int8"];
  for (const from of dtypes) {
    const x = np.array(floats).astype(from);
    for (const to of dtypes) await compare(`${from} to ${to}`, (v) => v.astype(to), [x], { tolerance: 0 });
  }
});

gpuTest("float arithmetic is not rearranged", async () => {
  const x = np.array([1, 1e8, 0.1, Infinity, NaN, -0, 3]), y = np.array([1e-8, 1, 0.2, 1, 2, 0, 1e8]);
  const exactly = { tolerance: 0 };
  await compare("(x + y) - x", (a, b) => a.add(b).sub(a), [x, y], exactly);
  await compare("x - x", (a) => a.sub(a), [x], exactly);
  await compare("x / x", (a) => a.div(a), [x], exactly);
  await compare("x * 0", (a) => a.mul(0), [x], exactly);
  await compare("(x + 1) - 1", (a) => a.add(1).sub(1), [y], exactly);
  await compare("x != x", (a) => a.ne(a), [x], exactly);
  await compare("not (x < y)", (a, b) => np.logicalNot(a.lt(b)), [x, y], exactly);
  await compare("where(x < y, x, y)", (a, b) => np.where(a.lt(b), a, b), [x, y], exactly);
});
