import type { JaxArray } from "../../core/array.ts";
import { withConfig } from "../../core/config.ts";
import type { AnyFunction } from "../../core/differentiate.ts";
import { grad } from "../../core/grad.ts";
import type { DTypeName } from "../../core/dtypes.ts";
import { NotImplementedError, ValueError } from "../../core/errors.ts";
import { makeJaxpr } from "../../core/introspect.ts";
import "../../core/jaxpr_print.ts";
import { jacfwd } from "../../core/jacobian.ts";
import { jit } from "../../core/jit.ts";
import { vmap } from "../../core/vmap.ts";
import * as lax from "../../lax/mod.ts";
import { assertAllClose, assertEquals, assertThrows } from "../assert.ts";
import { array, elements, nested, type Operand, random, type Row, testRows, toArray } from "./_harness.ts";

const real = (seed = 0) => random([2, 3, 4], { seed });
const ints = (dtype: DTypeName, seed = 0) => random([2, 3], { dtype, seed, low: 0, high: 100 });
const sumAll = (x: JaxArray): JaxArray => lax.reduceSum(x, x.shape.map((_, i) => i));
const total = ({ data }: Operand, from: number, count: number): number =>
  (data as number[]).slice(from, from + count).reduce((a, b) => a + b, 0);

const reductions: Row[] = [
  {
    name: "sum of the last axis",
    f: (x) => lax.reduceSum(x, [2]),
    operands: [real()],
    expected: [0, 1].map((i) => [0, 1, 2].map((j) => total(real(), 12 * i + 4 * j, 4))),
  },
  { name: "sum of the first axis", f: (x) => lax.reduceSum(x, [0]), operands: [real(1)] },
  { name: "sum of axes in any order", f: (x) => lax.reduceSum(x, [2, 0]), operands: [real(2)] },
  { name: "sum of no axis", f: (x) => lax.reduceSum(x, []), operands: [real(3)] },
  {
    name: "sum of complex numbers",
    f: (x) => lax.reduceSum(x, [0]),
    operands: [array([{ re: 1, im: 2 }, { re: 3, im: -5 }], "complex64")],
    expected: { re: 4, im: -3 },
  },
  {
    name: "sum of int8 wraps",
    f: (x) => lax.reduceSum(x, [0]),
    operands: [array([100, 100], "int8")],
    expected: -56,
  },
  {
    name: "sum of bfloat16 adds up in float32",
    f: (x) => lax.reduceSum(x, [0]),
    operands: [array(new Array(1000).fill(1), "bfloat16")],
    expected: 1000,
    vmap: false, // 3000 elements say nothing more.
    order: 0,
  },
  {
    name: "sum of nothing",
    f: (x) => lax.reduceSum(x, [0]),
    operands: [array([])],
    expected: 0,
    vmap: false,
  },
  { name: "prod", f: (x) => lax.reduceProd(x, [1]), operands: [random([2, 3])] },
  {
    name: "prod of 7 elements and two axes",
    f: (x) => lax.reduceProd(x, [0, 2]),
    operands: [random([7, 2, 1])],
  },
  {
    name: "prod of complex numbers",
    f: (x) => lax.reduceProd(x, [0]),
    operands: [random([3], { dtype: "complex64" })],
  },
  {
    name: "prod of uint8 wraps",
    f: (x) => lax.reduceProd(x, [0]),
    operands: [array([20, 20], "uint8")],
    expected: 144,
  },
  {
    name: "prod of nothing",
    f: (x) => lax.reduceProd(x, [0]),
    operands: [array([])],
    expected: 1,
    vmap: false,
  },
  { name: "max", f: (x) => lax.reduceMax(x, [1]), operands: [real(4)] },
  { name: "min", f: (x) => lax.reduceMin(x, [0, 2]), operands: [real(5)] },
  {
    name: "max with NaN",
    f: (x) => lax.reduceMax(x, [0]),
    operands: [array([1, NaN, 3])],
    expected: NaN,
    order: 0,
  },
  {
    name: "max of complex numbers",
    f: (x) => lax.reduceMax(x, [0]),
    operands: [array([{ re: 3, im: 0 }, { re: 1, im: 9 }, { re: 3, im: 1 }], "complex64")],
    expected: { re: 3, im: 1 },
    order: 0, // Equal real parts are where the maximum is not continuous.
  },
  {
    name: "max of booleans",
    f: (x) => lax.reduceMax(x, [0]),
    operands: [array([false, true], "bool")],
    expected: true,
  },
  {
    name: "min of booleans",
    f: (x) => lax.reduceMin(x, [0]),
    operands: [array([false, true], "bool")],
    expected: false,
  },
  {
    name: "max of no floats",
    f: (x) => lax.reduceMax(x, [0]),
    operands: [array([])],
    expected: -Infinity,
    vmap: false,
    order: 0,
  },
  {
    name: "min of no integers",
    f: (x) => lax.reduceMin(x, [0]),
    operands: [array([], "int16")],
    expected: 32767,
    vmap: false,
  },
  {
    name: "max of no integers",
    f: (x) => lax.reduceMax(x, [0]),
    operands: [array([], "uint32")],
    expected: 0,
    vmap: false,
  },
  {
    name: "and",
    f: (x) => lax.reduceAnd(x, [0]),
    operands: [array([[6, 7], [3, 12]], "int32")],
    expected: [2, 4],
  },
  {
    name: "and of nothing",
    f: (x) => lax.reduceAnd(x, [0]),
    operands: [array([], "uint8")],
    expected: 255,
    vmap: false,
  },
  {
    name: "or",
    f: (x) => lax.reduceOr(x, [1]),
    operands: [array([[6, 8], [3, 0]], "uint8")],
    expected: [14, 3],
  },
  {
    name: "xor",
    f: (x) => lax.reduceXor(x, [0]),
    operands: [array([true, true, true], "bool")],
    expected: true,
  },
];
testRows("reduce", reductions);

const positions: Row[] = [
  {
    name: "argmax takes the first NaN",
    f: (x) => lax.argmax(x, 0, "int32"),
    operands: [array([1, NaN, 3, NaN])],
    expected: 1,
    dtype: "int32",
  },
  {
    name: "argmin takes the first NaN",
    f: (x) => lax.argmin(x, 0, "int32"),
    operands: [array([1, NaN, 0])],
    expected: 1,
  },
  {
    name: "argmax takes the first of equals",
    f: (x) => lax.argmax(x, 1, "uint8"),
    operands: [array([[1, 3, 3], [0, -0, 0]])],
    expected: [1, 0],
    dtype: "uint8",
  },
  { name: "argmin of integers", f: (x) => lax.argmin(x, 0, "int32"), operands: [ints("uint8")] },
  {
    name: "argmax of infinities",
    f: (x) => lax.argmax(x, 0, "int32"),
    operands: [array([-Infinity, -Infinity])],
    expected: 0,
  },
  {
    name: "argmax of booleans",
    f: (x) => lax.argmax(x, 0, "int32"),
    operands: [array([false, true, true], "bool")],
    expected: 1,
  },
  {
    name: "argmax along the middle axis",
    f: (x) => lax.argmax(x, { axis: 1, indexDtype: "int32" }),
    operands: [real()],
  },
];
testRows("positions", positions);

const cumulative: Row[] = [
  { name: "cumsum", f: (x) => lax.cumsum(x), operands: [array([1, 2, 3, -1])], expected: [1, 3, 6, 5] },
  {
    name: "cumsum in reverse along an inner axis",
    f: (x) => lax.cumsum(x, { axis: 1, reverse: true }),
    operands: [random([2, 5, 3])],
  },
  { name: "cumsum along the last axis", f: (x) => lax.cumsum(x, 2), operands: [random([3, 3, 5])] },
  {
    name: "cumsum of uint8 wraps",
    f: (x) => lax.cumsum(x),
    operands: [array([200, 100, 1], "uint8")],
    expected: [200, 44, 45],
  },
  {
    name: "cumsum of complex numbers",
    f: (x) => lax.cumsum(x),
    operands: [random([4], { dtype: "complex64" })],
  },
  {
    name: "cumsum of float16 along an outer axis",
    f: (x) => lax.cumsum(x),
    operands: [array([[2048, 1], [1, 1], [1, 1]], "float16")],
    expected: [[2048, 1], [2048, 2], [2050, 3]],
    order: 0,
  },
  { name: "cumsum of nothing", f: (x) => lax.cumsum(x), operands: [array([])], expected: [], vmap: false },
  {
    name: "cumprod",
    f: (x) => lax.cumprod(x),
    operands: [array([2, -1, 3, 0.5])],
    expected: [2, -2, -6, -3],
  },
  { name: "cumprod along an axis", f: (x) => lax.cumprod(x, 1), operands: [random([2, 5, 2])] },
  { name: "cumprod in reverse", f: (x) => lax.cumprod(x, { reverse: true }), operands: [random([5])] },
  {
    name: "cumprod of complex numbers",
    f: (x) => lax.cumprod(x),
    operands: [random([3], { dtype: "complex64" })],
  },
  { name: "cummax", f: (x) => lax.cummax(x), operands: [random([6, 2])] },
  {
    name: "cummax with NaN",
    f: (x) => lax.cummax(x),
    operands: [array([1, NaN, 3])],
    expected: [1, NaN, NaN],
    order: 0,
  },
  { name: "cummin in reverse", f: (x) => lax.cummin(x, 0, true), operands: [random([6])] },
  {
    name: "cummin of int8",
    f: (x) => lax.cummin(x),
    operands: [array([[3, 1], [-5, 2]], "int8")],
    expected: [[3, 1], [-5, 1]],
  },
  { name: "cumlogsumexp", f: (x) => lax.cumlogsumexp(x), operands: [random([5])], rtol: 1e-5 },
  { name: "cumlogsumexp along an axis", f: (x) => lax.cumlogsumexp(x, 1), operands: [random([2, 4, 3])] },
  {
    name: "cumlogsumexp of infinities",
    f: (x) => lax.cumlogsumexp(x),
    operands: [array([-Infinity, -Infinity, 1, 2, Infinity, 3, Infinity])],
    expected: [-Infinity, -Infinity, 1, 2.3132617, Infinity, Infinity, Infinity],
    order: 0,
  },
  {
    name: "cumlogsumexp of complex numbers",
    f: (x) => lax.cumlogsumexp(x),
    operands: [array([{ re: 1, im: 2 }, { re: 3, im: 0 }, { re: 2, im: 4 }], "complex64")],
    expected: [{ re: 1, im: 2 }, { re: 2.9504638, im: 0.12967253 }, { re: 2.671738, im: -0.21742368 }],
    rtol: 1e-5,
    derivativeTolerance: 1e-5,
  },
];
testRows("cumulative", cumulative);

const computed: Row[] = [
  {
    name: "affine combination",
    f: (x) => lax.reduce(x, 0, (a, b) => lax.add(lax.mul(a, 0.5), b), [1]),
    operands: [array([[1, 2], [4, 8]])],
    expected: [2.5, 10],
    order: 0,
  },
  {
    name: "product without its own primitive",
    f: (x) => lax.reduce(x, 1, (a, b) => lax.mul(lax.mul(a, b), 1), [0, 2]),
    operands: [random([2, 3, 3])],
  },
  {
    name: "two operands",
    f: (x, y) =>
      lax.reduce(
        [x, y],
        [-Infinity, 0],
        ([a, p], [b, q]) => [lax.max(a, b), lax.select(lax.ge(a, b), p, q)],
        [0],
      ),
    operands: [array([1, 5, 2]), array([10, 20, 30], "int32")],
    expected: [5, 20],
  },
  {
    name: "a captured constant",
    f: (x) => {
      const half = lax.convertElementType(lax.exp(0), x.dtype);
      return lax.reduce(x, 0, (a, b) => lax.add(a, lax.mul(b, half)), [0]);
    },
    operands: [random([4])],
    jit: false, // A constant of the computation may not be traced.
    order: 0,
  },
  {
    name: "control flow in the computation",
    f: (x) => lax.reduce(x, -10, (a, b) => lax.cond(lax.gt(a, b), () => a, () => b), [1]),
    operands: [random([2, 5])],
    order: 1,
  },
];
testRows("reduce with a computation", computed);

Deno.test("reduce: known monoids become their primitives", () => {
  const x = toArray(random([2, 3]));
  const primitiveOf = (f: AnyFunction): string => {
    const { eqns } = makeJaxpr(f)(x);
    return eqns.map((e: { primitive: { name: string } }) => e.primitive.name).join();
  };
  assertEquals(primitiveOf((y) => lax.reduce(y, 0, lax.add, [0])), "reduce_sum");
  assertEquals(primitiveOf((y) => lax.reduce(y, 0, (a, b) => lax.add(b, a), [0])), "reduce_sum");
  assertEquals(primitiveOf((y) => lax.reduce(y, 1, lax.mul, [0])), "reduce_prod");
  assertEquals(primitiveOf((y) => lax.reduce(y, -Infinity, lax.max, [0])), "reduce_max");
  assertEquals(primitiveOf((y) => lax.reduce(y, Infinity, jit(lax.min), [0])), "reduce_min");
  assertEquals(primitiveOf((y) => lax.reduce(y, 1, lax.add, [0])), "reduce");
  assertEquals(primitiveOf((y) => lax.reduce(y, 0, (a) => lax.add(a, a), [0])), "reduce");
});

Deno.test("reduce: a mapped initial value", () => {
  const f = vmap((init: JaxArray) =>
    lax.reduce(toArray(array([1, 2, 3])), init, (a, b) => lax.add(lax.add(a, b), 0), [0])
  );
  assertEquals(nested(f(toArray(array([10, 20]))) as JaxArray), [16, 26]);
});

Deno.test("derivatives where elements are equal or zero", () => {
  const gradient = (f: AnyFunction, x: number[] | number[][]): unknown =>
    nested(grad(f)(toArray(array(x))) as unknown as JaxArray);
  assertEquals(gradient((x) => sumAll(lax.reduceMax(x, [1])), [[3, 1, 2], [1, 3, 3]]), [[1, 0, 0], [
    0,
    0.5,
    0.5,
  ]]);
  assertEquals(gradient((x) => lax.reduceProd(x, [0]), [2, 0, 3, 4]), [0, 24, 0, 0]);
  assertEquals(gradient((x) => lax.reduceProd(x, [0]), [2, 0, 3, 0]), [0, 0, 0, 0]);
  const jacobian = (f: AnyFunction, x: number[]): unknown =>
    nested(jacfwd(f)(toArray(array(x))) as unknown as JaxArray);
  assertEquals(jacobian((x) => lax.cummax(x), [2, 2, 1, 3, 3]), [
    [1, 0, 0, 0, 0],
    [0.5, 0.5, 0, 0, 0],
    [0.5, 0.5, 0, 0, 0],
    [0, 0, 0, 1, 0],
    [0, 0, 0, 0.5, 0.5],
  ]);
  assertEquals(jacobian((x) => lax.cumprod(x), [2, 0, 3, 4]), [
    [1, 0, 0, 0],
    [0, 2, 0, 0],
    [0, 6, 0, 0],
    [0, 24, 0, 0],
  ]);
});

Deno.test("long sums are accurate", () => {
  const n = 100_000, x = toArray(array(new Array(n).fill(0.1)));
  assertAllClose(elements(lax.reduceSum(x, [0])), [n * Math.fround(0.1)], { rtol: 1e-6 });
  const last = elements(lax.cumsum(x)).at(-1) as number;
  assertAllClose(last, n * Math.fround(0.1), { rtol: 1e-6 });
  const columns = toArray({ ...array(new Array(2000).fill(0.1)), shape: [1000, 2] });
  assertAllClose(elements(lax.cumsum(columns)).at(-1), 1000 * Math.fround(0.1), { rtol: 1e-6 });
});

Deno.test("64-bit integers", () => {
  withConfig({ jax_enable_x64: true }, () => {
    const x = toArray(array([2n ** 62n, -1n, 2n ** 62n], "int64"));
    assertEquals(elements(lax.reduceSum(x, [0])), [-(2n ** 63n) + 2n ** 63n + 2n ** 63n - 1n]);
    assertEquals(elements(lax.reduceMax(x, [0])), [2n ** 62n]);
    assertEquals(elements(lax.cummin(x)), [2n ** 62n, -1n, -1n]);
    assertEquals(elements(lax.argmin(x, 0, "int64")), [1n]);
  });
});

Deno.test("reductions refuse what JAX refuses, with its messages", () => {
  const x = toArray(random([2, 3])), mask = toArray(array([true, false], "bool"));
  assertThrows(
    () => lax.reduceSum(x, [2]),
    ValueError,
    "reduction axes (2,) contains out-of-bounds indices for float32[2,3].",
  );
  assertThrows(() => lax.reduceSum(x, [0, 0]), ValueError, "duplicate value in 'axes' of reduction: (0, 0)");
  assertThrows(() => lax.reduceSum(mask, [0]), TypeError, "reduce_sum does not accept dtype bool.");
  assertThrows(
    () => lax.reduceAnd(x, [0]),
    TypeError,
    "logical reduction requires operand dtype bool or int, got float32.",
  );
  assertThrows(() => lax.argmax(x, 2, "int32"), ValueError, "Invalid axis 2 for operand shape (2, 3)");
  assertThrows(
    () => lax.argmax(toArray({ ...array([]), shape: [0, 3] }), 0, "int32"),
    ValueError,
    "argmin and argmax require non-empty reduced dimension. operand.shape=(0, 3) axis=0",
  );
  assertThrows(
    () => lax.argmax(x, 0, "float32"),
    TypeError,
    "index_dtype must be an integer type, but got float32",
  );
  assertThrows(() => lax.cumsum(x, -1), ValueError, "XLA operations do not allow negative axes");
  assertThrows(() => lax.cumsum(x, 2), ValueError, "axis 2 is out of bounds for array of shape (2, 3)");
  assertThrows(() => lax.cummax(mask), TypeError, "cummax does not accept dtype bool.");
  const affine = (a: JaxArray, b: JaxArray): JaxArray => lax.add(lax.mul(a, b), 1);
  assertThrows(
    () => lax.reduce(x, toArray(array([0])), affine, [0]),
    ValueError,
    "non-scalar initial value: [(1,)]",
  );
  assertThrows(
    () => lax.reduce(x, toArray(array(0, "int32")), affine, [0]),
    TypeError,
    "reduce operand dtypes should match corresponding initial value dtypes, got operands=[ShapedArray(float32[2,3])] " +
      "and initial_values=[ShapedArray(int32[])]",
  );
  assertThrows(() => lax.reduce([x, x], 0, affine, [0]), ValueError, "same tree structure as init_values");
  assertThrows(
    () => grad((y: JaxArray) => lax.reduce(y, sumAll(y), affine, [0, 1]))(x as never),
    NotImplementedError,
    "non-zero tangents for initial values",
  );
});

Deno.test("jaxprs show reductions as JAX does", () => {
  const x = toArray(random([2, 3]));
  const line = (f: AnyFunction): string => String(makeJaxpr(f)(x)).split("\n")[1]!.trim();
  assertEquals(line((y) => lax.reduceSum(y, [0])), "b:f32[3] = reduce_sum[axes=(0,) out_sharding=None] a");
  assertEquals(line((y) => lax.argmax(y, 0, "int32")), "b:i32[3] = argmax[axes=(0,) index_dtype=int32] a");
  assertEquals(
    line((y) => lax.cumlogsumexp(y, { axis: 1, reverse: true })),
    "b:f32[2,3] = cumlogsumexp[axis=1 reverse=True] a",
  );
  assertEquals(
    line((y) => lax.sort([y, y])),
    "b:f32[2,3] c:f32[2,3] = sort[dimension=1 is_stable=True num_keys=1] a a",
  );
  assertEquals(line((y) => lax.topK(y, 2)), "b:f32[2,2] c:i32[2,2] = top_k[axis=1 k=2] a");
});
