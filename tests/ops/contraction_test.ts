import { makeJaxpr } from "../../core/introspect.ts";
import type { JaxArray } from "../../core/array.ts";
import * as lax from "../../lax/mod.ts";
import { assertEquals, assertThrows } from "../assert.ts";
import { array, nested, type Operand, random, type Row, testRows, toArray } from "./_harness.ts";

const product: Row[] = [
  {
    name: "vectors",
    f: lax.dot,
    operands: [array([1, 2, 3]), array([4, 5, 6])],
    expected: 32,
  },
  {
    name: "matrices",
    f: lax.dot,
    operands: [array([[1, 2], [3, 4]]), array([[5, 6], [7, 8]])],
    expected: [[19, 22], [43, 50]],
  },
  { name: "a tall matrix and a vector", f: lax.dot, operands: [random([9, 5]), random([5], { seed: 1 })] },
  {
    name: "the left operand transposed",
    f: (a, b) => lax.dotGeneral(a, b, [[[0], [0]], [[], []]]),
    operands: [random([4, 9]), random([4, 3], { seed: 1 })],
  },
  {
    name: "the right operand transposed, few rows",
    f: (a, b) => lax.dotGeneral(a, b, [[[1], [1]], [[], []]]),
    operands: [random([3, 6]), random([5, 6], { seed: 1 })],
  },
  {
    name: "the right operand transposed, many rows",
    f: (a, b) => lax.dotGeneral(a, b, [[[1], [1]], [[], []]]),
    operands: [random([11, 6]), random([5, 6], { seed: 1 })],
  },
  {
    name: "batch axes in the middle, two contracted axes",
    f: (a, b) => lax.dotGeneral(a, b, [[[0, 3], [2, 0]], [[1], [1]]]),
    operands: [random([2, 3, 4, 2]), random([2, 3, 2, 3], { seed: 1 })],
  },
  {
    name: "no contracted axis",
    f: (a, b) => lax.dotGeneral(a, b, [[[], []], [[], []]]),
    operands: [random([2]), random([3], { seed: 1 })],
  },
  {
    name: "nothing to sum",
    f: lax.dot,
    operands: [array([[], []]), { dtype: "float32", shape: [0, 3], data: [] } as Operand],
    expected: [[0, 0, 0], [0, 0, 0]],
    order: 0,
  },
  {
    name: "complex",
    f: lax.dot,
    operands: [random([2, 3], { dtype: "complex64" }), random([3, 2], { dtype: "complex64", seed: 1 })],
    order: 1,
  },
  {
    name: "int8 wraps",
    f: lax.dot,
    operands: [array([100, 100], "int8"), array([2, 2], "int8")],
    expected: -112,
  },
  {
    name: "int8 summed in int32",
    f: (a, b) => lax.dot(a, b, { preferredElementType: "int32" }),
    operands: [array([100, 100], "int8"), array([2, 2], "int8")],
    expected: 400,
    dtype: "int32",
  },
  {
    name: "bool is or of and",
    f: lax.dot,
    operands: [array([[true, false], [false, false]], "bool"), array([[true, true], [true, false]], "bool")],
    expected: [[true, true], [false, false]],
  },
  {
    name: "bfloat16 is summed in float32",
    f: lax.dot,
    operands: [array([256, 1, 1], "bfloat16"), array([1, 1, 1], "bfloat16")],
    expected: 258,
    order: 0,
  },
  {
    name: "ragged rows",
    f: (a, b) => lax.raggedDot(a, b, new Int32Array([1, 0, 3])),
    operands: [random([5, 2]), random([3, 2, 2], { seed: 1 })],
    // The sizes of groups are not mapped.
    vmap: false,
  },
];
testRows("dot", product);

const conv =
  (options: Record<string, unknown>, strides = [1, 1], padding: unknown = "SAME") =>
  (x: JaxArray, w: JaxArray): JaxArray => lax.convGeneralDilated(x, w, strides, padding, options);

const image = random([2, 4, 5, 4]);
const convolutions: Row[] = [
  { name: "same", f: conv({}), operands: [image, random([3, 4, 3, 2], { seed: 1 })] },
  { name: "strides", f: conv({}, [2, 3], "VALID"), operands: [image, random([3, 4, 2, 2], { seed: 1 })] },
  {
    name: "explicit and negative padding",
    f: conv({}, [1, 1], [[2, -1], [0, 1]]),
    operands: [image, random([2, 4, 2, 2], { seed: 1 })],
  },
  {
    name: "dilation of both",
    f: conv({ lhsDilation: [2, 1], rhsDilation: [1, 2] }),
    operands: [image, random([2, 4, 2, 2], { seed: 1 })],
  },
  {
    name: "groups of features",
    f: conv({ featureGroupCount: 2 }),
    operands: [image, random([4, 2, 2, 2], { seed: 1 })],
  },
  {
    name: "depthwise",
    f: conv({ featureGroupCount: 4 }),
    operands: [image, random([8, 1, 2, 2], { seed: 1 })],
  },
  {
    name: "groups of the batch",
    f: conv({ batchGroupCount: 2 }),
    operands: [image, random([2, 4, 2, 2], { seed: 1 })],
  },
  {
    name: "channels last",
    f: conv({ dimensionNumbers: ["NHWC", "HWIO", "NHWC"] }),
    operands: [random([1, 4, 3, 2]), random([2, 2, 2, 3], { seed: 1 })],
  },
  {
    name: "one axis",
    f: (x, w) => lax.convGeneralDilated(x, w, [1], [[1, 1]]),
    operands: [array([[[1, 2, 3, 4]]]), array([[[1, 0, -1]]])],
    expected: [[[-2, -2, -2, 3]]],
  },
  {
    name: "transposed",
    f: (x, w) => lax.convTranspose(x, w, [2, 2], "SAME"),
    operands: [random([1, 3, 3, 2]), random([3, 3, 2, 2], { seed: 1 })],
  },
];
// Convolutions are bilinear: the second derivative adds nothing that the first does not check, and is slow.
testRows("conv", convolutions.map((row) => ({ ...row, order: 1 as const })));

Deno.test("dot: the jaxpr shows JAX's dimension numbers", () => {
  assertEquals(
    String(
      makeJaxpr((a: JaxArray, b: JaxArray) => lax.dot(a, b))(toArray(random([2, 3])), toArray(random([3]))),
    ),
    "{ lambda ; a:f32[2,3] b:f32[3]. let\n" +
      "    c:f32[2] = dot_general[\n" +
      "      dimension_numbers=(([1], [0]), ([], []))\n" +
      "      preferred_element_type=None\n" +
      "    ] a b\n" +
      "  in (c,) }",
  );
});

Deno.test("dot: shapes that do not fit are named", () => {
  assertThrows(() => lax.dot(toArray(random([2, 3])), toArray(random([2]))), TypeError, "(2, 3) and (2,)");
  const bad = () => lax.dotGeneral(toArray(random([3])), toArray(random([4])), [[[0], [0]], [[], []]]);
  assertThrows(bad, TypeError, "contracting dimensions to have the same shape, got (3,) and (4,)");
});

Deno.test("conv: channels that do not fit are named", () => {
  const bad = () => lax.conv(toArray(random([1, 2, 4, 4])), toArray(random([1, 3, 2, 2])), [1, 1], "SAME");
  assertThrows(bad, RangeError, "2 // 1 != 3");
});

Deno.test("dot: a large product agrees with sums of its columns", () => {
  const n = 70, a = random([n, n]), b = random([n, n], { seed: 1 });
  const got = nested(lax.dot(toArray(a), toArray(b))) as number[][];
  for (const [i, j] of [[0, 0], [69, 69], [3, 68], [64, 1]] as const) {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += (a.data[i * n + k] as number) * (b.data[k * n + j] as number);
    if (Math.abs(got[i]![j]! - sum) > 1e-3) throw new Error(`at ${i}, ${j}: ${got[i]![j]} instead of ${sum}`);
  }
});
