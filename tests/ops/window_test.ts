import type { JaxArray } from "../../core/array.ts";
import type { AnyFunction } from "../../core/differentiate.ts";
import { grad } from "../../core/grad.ts";
import { NotImplementedError, RuntimeError } from "../../core/errors.ts";
import { makeJaxpr } from "../../core/introspect.ts";
import { selectAndGatherAdd, selectAndScatterAdd } from "../../core/ops/window_select.ts";
import * as lax from "../../lax/mod.ts";
import { assertEquals, assertThrows } from "../assert.ts";
import { array, nested, type Operand, random, type Row, testRows, toArray } from "./_harness.ts";

const sumAll = (x: JaxArray): JaxArray => lax.reduceSum(x, x.shape.map((_, i) => i));
const sample: Operand = array([1, 3, 2, 5, 5, 4]);

const windows: Row[] = [
  {
    name: "sum",
    f: (x) => lax.reduceWindow(x, 0, lax.add, [2]),
    operands: [sample],
    expected: [4, 5, 7, 10, 9],
  },
  {
    name: "sum with strides, padding and both dilations",
    f: (x) => lax.reduceWindow(x, 0, lax.add, [2], [2], [[1, 0]], [2], [3]),
    operands: [sample],
    expected: [3, 2, 5, 5, 4],
  },
  {
    name: "sum with negative padding",
    f: (x) => lax.reduceWindow(x, 0, lax.add, [2], { padding: [[-1, -1]] }),
    operands: [sample],
    expected: [5, 7, 10],
  },
  {
    name: "sum over two axes",
    f: (x) => lax.reduceWindow(x, 0, lax.add, [2, 3], { windowStrides: [1, 2], padding: "SAME" }),
    operands: [random([3, 5])],
  },
  {
    name: "sum of uint8 wraps",
    f: (x) => lax.reduceWindow(x, 0, lax.add, [2]),
    operands: [array([200, 100, 1], "uint8")],
    expected: [44, 101],
  },
  {
    name: "no windows",
    f: (x) => lax.reduceWindow(x, 0, lax.add, [9]),
    operands: [sample],
    expected: [],
    vmap: false,
    order: 0,
  },
  {
    name: "max",
    f: (x) => lax.reduceWindow(x, -Infinity, lax.max, [3], [2], [[1, 1]]),
    operands: [sample],
    expected: [3, 5, 5],
    order: 0, // Equal elements are where the maximum is not smooth.
  },
  {
    name: "max over two axes",
    f: (x) => lax.reduceWindow(x, -Infinity, lax.max, [1, 2, 2, 1], [1, 2, 1, 1], "SAME"),
    operands: [random([2, 4, 3, 2])],
  },
  {
    name: "max with base dilation",
    f: (x) => lax.reduceWindow(x, -Infinity, lax.max, [3], { baseDilation: [2] }),
    operands: [random([5])],
  },
  {
    name: "max with window dilation",
    f: (x) => lax.reduceWindow(x, -Infinity, lax.max, [2], { windowDilation: [2] }),
    operands: [random([5])],
    // The transpose with window dilation is not defined, as in JAX.
    order: 0,
  },
  {
    name: "max of integers",
    f: (x) => lax.reduceWindow(x, -128, lax.max, [2], { padding: [[1, 0]] }),
    operands: [array([-5, 3, 1], "int8")],
    expected: [-5, 3, 3],
  },
  {
    name: "min",
    f: (x) => lax.reduceWindow(x, Infinity, lax.min, [3], { padding: "SAME_LOWER" }),
    operands: [random([6])],
  },
  {
    name: "product",
    f: (x) => lax.reduceWindow(x, 1, lax.mul, [3], { padding: [[1, 1]] }),
    operands: [array([1, 2, 3, 4, 5])],
    expected: [2, 6, 24, 60, 20],
  },
  {
    name: "product over two axes",
    f: (x) => lax.reduceWindow(x, 1, lax.mul, [2, 2], { windowStrides: [1, 2] }),
    operands: [random([3, 4])],
  },
  {
    name: "two operands",
    f: (x, y) =>
      lax.reduceWindow(
        [x, y],
        [-Infinity, 0],
        ([a, p]: JaxArray[], [b, q]: JaxArray[]) => [lax.max(a!, b!), lax.select(lax.ge(a!, b!), p!, q!)],
        [2],
      ) as unknown as JaxArray[],
    operands: [random([5]), random([5], { seed: 1 })],
  },
  {
    name: "control flow in the computation",
    f: (x) => lax.reduceWindow(x, -10, (a, b) => lax.cond(lax.gt(a, b), () => a, () => b), [2]),
    operands: [random([5])],
    order: 1,
  },
];
testRows("reduceWindow", windows);

Deno.test("reduceWindow: known monoids become their primitives", () => {
  const x = toArray(sample);
  const primitiveOf = (f: AnyFunction): string => makeJaxpr(f)(x).eqns[0].primitive.name;
  assertEquals(primitiveOf((y) => lax.reduceWindow(y, 0, lax.add, [2])), "reduce_window_sum");
  assertEquals(primitiveOf((y) => lax.reduceWindow(y, -Infinity, lax.max, [2])), "reduce_window_max");
  assertEquals(primitiveOf((y) => lax.reduceWindow(y, Infinity, lax.min, [2])), "reduce_window_min");
  assertEquals(primitiveOf((y) => lax.reduceWindow(y, 0, lax.max, [2])), "reduce_window");
});

Deno.test("gradients of extrema of windows go to the first of equal elements", () => {
  const weights = toArray(array([1, 10, 100]));
  const gradient = (f: AnyFunction): unknown => nested(grad(f)(toArray(sample)) as unknown as JaxArray);
  assertEquals(
    gradient((y) => sumAll(lax.mul(lax.reduceWindow(y, -Infinity, lax.max, [3], [2], [[1, 1]]), weights))),
    [0, 1, 0, 110, 0, 0],
  );
  assertEquals(
    gradient((y) => sumAll(lax.mul(lax.reduceWindow(y, Infinity, lax.min, [3], [2], "SAME"), weights))),
    [1, 0, 10, 0, 0, 100],
  );
});

const plain = (n: number) => ({
  windowDimensions: [n],
  windowStrides: [1],
  padding: [[0, 0]] as [number, number][],
  baseDilation: [1],
  windowDilation: [1],
});

testRows("selection in windows", [
  {
    name: "gather",
    f: (t, x) => selectAndGatherAdd(t, x, "ge", plain(2)),
    operands: [array([10, 20, 30, 40]), array([1, 3, 2, 2])],
    expected: [20, 20, 30],
    argnums: [0],
  },
  {
    name: "scatter",
    f: (s, x) => {
      const { windowDimensions, windowStrides, padding } = plain(2);
      return selectAndScatterAdd(s, x, { selectPrim: "le", windowDimensions, windowStrides, padding });
    },
    operands: [array([10, 20, 30]), array([1, 3, 2, 2])],
    expected: [10, 0, 50, 0],
    argnums: [0],
  },
]);

Deno.test("padding by name", () => {
  assertEquals(lax.padtypeToPads([5], [3], [2], "SAME"), [[1, 1]]);
  assertEquals(lax.padtypeToPads([5], [2], [2], "SAME"), [[0, 1]]);
  assertEquals(lax.padtypeToPads([5], [2], [2], "SAME_LOWER"), [[1, 0]]);
  assertEquals(lax.padtypeToPads([5, 4], [2, 2], [2, 1], "valid"), [[0, 0], [0, 0]]);
  assertThrows(
    () => lax.padtypeToPads([5], [2], [2], "X"),
    RuntimeError,
    "Unrecognized padding type: expected 'VALID', 'SAME', or 'SAME_LOWER', got X.",
  );
  assertEquals(lax.reduceWindowShapeTuple([6], [2], [2], [[1, 0]], [2], [3]), [5]);
});

Deno.test("windows refuse what JAX refuses, with its messages", () => {
  const x = toArray(random([2, 3]));
  assertThrows(
    () => lax.reduceWindow(x, 0, lax.add, [2]),
    TypeError,
    "reduce_window got the wrong number of window_dimensions for operand: got operand shape (2, 3) with " +
      "window_dimensions (2,).",
  );
  assertThrows(
    () => lax.reduceWindow(x, 0, lax.add, [2, 0]),
    TypeError,
    "reduce_window window_dimensions must have every element be strictly positive, got (2, 0).",
  );
  assertThrows(
    () => lax.reduceWindow(x, 0, lax.add, [2, 1], [1]),
    TypeError,
    "reduce_window got inconsistent window_strides and window_dimensions: got window_strides (1,) and " +
      "window_dimensions (2, 1).",
  );
  assertThrows(
    () => lax.reduceWindow(x, toArray(array(0, "int32")), lax.mul, [1, 1]),
    TypeError,
    "reduce_window got inconsistent dtypes for operands and init_values: got operand dtypes [dtype('float32')] and " +
      "init_value dtypes [dtype('int32')].",
  );
  assertThrows(
    () => lax.reduceWindow(toArray(array([true], "bool")), false, lax.bitwiseOr, [2], { padding: "FULL" }),
    RuntimeError,
    "Unrecognized padding type",
  );
  assertThrows(
    () =>
      grad((y: JaxArray) =>
        sumAll(lax.reduceWindow(y, -Infinity, lax.max, [1, 2], { windowDilation: [1, 2] }))
      )(
        x as never,
      ),
    NotImplementedError,
    "VJP not implemented for select_and_gather (MaxPool) with window dilation, got window_dilation=(1, 2).",
  );
});
