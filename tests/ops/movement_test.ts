import { P } from "../../core/prims.ts";
import type { JaxArray } from "../../core/array.ts";
import { bind } from "../../core/trace.ts";
import * as shapes from "../../lax/shapes.ts";
import * as slicing from "../../lax/slicing.ts";
import { assertEquals, assertThrows } from "../assert.ts";
import { array, random, testRows, toArray } from "./_harness.ts";

const x = array([[1, 2, 3], [4, 5, 6]]);
const complex = random([2, 3], { dtype: "complex64" });

testRows("broadcast_in_dim", [
  {
    name: "new axes",
    f: (a) => shapes.broadcast(a, [2]),
    operands: [array([1, 2])],
    expected: [[1, 2], [1, 2]],
  },
  {
    name: "stretched axes",
    f: (a) => shapes.broadcastInDim(a, [2, 3], [0, 1]),
    operands: [array([[1], [2]])],
    expected: [[1, 1, 1], [2, 2, 2]],
  },
  {
    name: "axes between",
    f: (a) => shapes.broadcastInDim(a, [2, 2, 3], [0, 2]),
    operands: [x],
    expected: [[[1, 2, 3], [1, 2, 3]], [[4, 5, 6], [4, 5, 6]]],
  },
  { name: "complex", f: (a) => shapes.broadcast(a, [2]), operands: [complex] },
  { name: "no elements", f: (a) => shapes.broadcast(a, [0]), operands: [x], expected: [] },
]);

testRows("reshape", [
  { name: "matrix", f: (a) => shapes.reshape(a, [3, 2]), operands: [x], expected: [[1, 2], [3, 4], [5, 6]] },
  {
    name: "with permutation",
    f: (a) => shapes.reshape(a, [2, 3], [1, 0]),
    operands: [x],
    expected: [[1, 4, 2], [5, 3, 6]],
  },
  { name: "to a scalar", f: (a) => shapes.reshape(a, []), operands: [array([[7]])], expected: 7 },
  { name: "collapse", f: (a) => shapes.collapse(a, 1), operands: [random([2, 3, 2])] },
  { name: "no elements", f: (a) => shapes.reshape(a, [3, 0]), operands: [array([])], expected: [[], [], []] },
]);

testRows("transpose", [
  {
    name: "matrix",
    f: (a) => shapes.transpose(a, [1, 0]),
    operands: [x],
    expected: [[1, 4], [2, 5], [3, 6]],
  },
  { name: "three axes", f: (a) => shapes.transpose(a, [2, 0, 1]), operands: [random([2, 3, 4])] },
  { name: "complex", f: (a) => shapes.transpose(a, [1, 0]), operands: [complex] },
]);

testRows("squeeze and expand_dims", [
  {
    name: "squeeze",
    f: (a) => shapes.squeeze(a, [0, -1]),
    operands: [array([[[1], [2]]])],
    expected: [1, 2],
  },
  {
    name: "expand_dims",
    f: (a) => shapes.expandDims(a, [0, 2]),
    operands: [array([1, 2])],
    expected: [[[1], [2]]],
  },
]);

testRows("slice", [
  { name: "part", f: (a) => slicing.slice(a, [0, 1], [1, 3]), operands: [x], expected: [[2, 3]] },
  {
    name: "strides",
    f: (a) => slicing.slice(a, [1, 0], [8, 1], [3, 1]),
    operands: [random([9, 2])],
  },
  {
    name: "stride of the last axis",
    f: (a) => slicing.slice(a, [0, 0], [2, 3], [1, 2]),
    operands: [x],
    expected: [[1, 3], [4, 6]],
  },
  { name: "nothing", f: (a) => slicing.slice(a, [1, 1], [1, 3]), operands: [x], expected: [] },
  {
    name: "slice_in_dim",
    f: (a) => slicing.sliceInDim(a, -2, null, { axis: 1 }),
    operands: [x],
    expected: [[2, 3], [5, 6]],
  },
  { name: "index_in_dim", f: (a) => slicing.indexInDim(a, -1, 1, false), operands: [x], expected: [3, 6] },
]);

testRows("rev, tile, iota", [
  { name: "rev", f: (a) => shapes.rev(a, [1]), operands: [x], expected: [[3, 2, 1], [6, 5, 4]] },
  {
    name: "tile",
    f: (a) => shapes.tile(a, [2, 2]),
    operands: [array([[1, 2]])],
    expected: [[1, 2, 1, 2], [1, 2, 1, 2]],
  },
  {
    name: "iota",
    f: () => shapes.broadcastedIota("int32", [2, 3], 1),
    operands: [array(0)],
    expected: [[0, 1, 2], [0, 1, 2]],
    vmap: false,
  },
  {
    name: "iota wraps",
    f: () => slicing.slice(shapes.iota("int8", 130), [126], [129]),
    operands: [array(0)],
    expected: [126, 127, -128],
    vmap: false,
  },
]);

testRows("pad", [
  {
    name: "all sides and between",
    f: (a, v) => shapes.pad(a, v, [[1, 0, 1], [0, 2, 0]]),
    operands: [array([[1, 2], [3, 4]]), array(9)],
    expected: [[9, 9, 9, 9], [1, 2, 9, 9], [9, 9, 9, 9], [3, 4, 9, 9]],
  },
  {
    name: "negative",
    f: (a, v) => shapes.pad(a, v, [[-1, 2, 0]]),
    operands: [array([1, 2, 3]), array(0.5)],
    expected: [2, 3, 0.5, 0.5],
  },
  {
    name: "negative with interior",
    f: (a, v) => shapes.pad(a, v, [[-1, -2, 2]]),
    operands: [array([1, 2, 3]), array(0)],
    expected: [0, 0, 2, 0],
  },
  {
    name: "of nothing",
    f: (a, v) => shapes.pad(a, v, [[1, 1, 3]]),
    operands: [array([]), array(4)],
    expected: [4, 4],
  },
  {
    name: "complex",
    f: (a, v) => shapes.pad(a, v, [[1, 0, 0], [0, 0, 1]]),
    operands: [complex, random([], { dtype: "complex64" })],
  },
  {
    name: "bool",
    f: (a, v) => shapes.pad(a, v, [[1, 1, 0]]),
    operands: [array([true, false], "bool"), array(true, "bool")],
    expected: [true, true, false, true],
  },
]);

testRows("concatenate, stack, split", [
  {
    name: "three of them, one empty",
    f: (a, b, c) => shapes.concatenate([a, b, c], 0),
    operands: [array([1, 2]), array([]), array([3])],
    expected: [1, 2, 3],
  },
  { name: "last axis", f: (a, b) => shapes.concatenate([a, b], 1), operands: [x, random([2, 2])] },
  {
    name: "five",
    f: (...xs) => shapes.concatenate(xs, 0),
    operands: [1, 2, 3, 1, 2].map((n, seed) => random([n, 2], { seed })),
  },
  { name: "complex", f: (a, b) => shapes.concatenate([a, b], 0), operands: [complex, complex] },
  {
    name: "stack",
    f: (a, b) => shapes.stack([a, b], 1),
    operands: [array([1, 2]), array([3, 4])],
    expected: [[1, 3], [2, 4]],
  },
  {
    name: "split",
    f: (a) => shapes.split(a, [1, 0, 2], { axis: 1 }),
    operands: [x],
    expected: [[[1], [4]], [[], []], [[2, 3], [5, 6]]],
  },
  { name: "unstack", f: (a) => shapes.unstack(a, 1), operands: [x], expected: [[1, 4], [2, 5], [3, 6]] },
]);

const a = toArray(random([3, 4]));
const cases: [string, () => unknown, string, string][] = [
  [
    "reshape",
    () => shapes.reshape(a, [7, 11]),
    "TypeError",
    "cannot reshape array of shape (3, 4) (size 12) into shape (7, 11) (size 77)",
  ],
  [
    "slice",
    () => slicing.slice(a, [0, 0], [1, 9]),
    "TypeError",
    "slice limit_indices must be less than or equal to operand shape, got limit_indices (1, 9) for operand shape (3, 4).",
  ],
  [
    "transpose",
    () => shapes.transpose(a, [0, 0]),
    "TypeError",
    "transpose permutation isn't a permutation of operand dimensions, got permutation (0, 0) for operand shape (3, 4).",
  ],
  ["rev", () => shapes.rev(a, [0, 0]), "TypeError", "rev dimensions must be unique, got (0, 0)."],
  [
    "squeeze",
    () => shapes.squeeze(a, [0]),
    "ValueError",
    "cannot select an axis to squeeze out which has size not equal to one, got shape=(3, 4) and dimensions=(0,)",
  ],
  [
    "broadcast_in_dim",
    () => shapes.broadcastInDim(a, [3], [0, 1]),
    "TypeError",
    "broadcast_in_dim target broadcast shape must have equal or higher rank to the operand shape; got operand ndim 2 and target broadcast ndim 1.",
  ],
  [
    "concatenate",
    () => shapes.concatenate([a, slicing.slice(a, [0, 0], [3, 3])], 0),
    "TypeError",
    "Cannot concatenate arrays with shapes that differ in dimensions other than the one being concatenated: concatenating along dimension 0 for shapes (3, 4), (3, 3).",
  ],
  [
    "concatenate nothing",
    () => shapes.concatenate([], 0),
    "ValueError",
    "concatenate requires a non-empty sequences of arrays",
  ],
  [
    "pad interior",
    () => shapes.pad(a, 0, [[0, 0, -1], [0, 0, 0]]),
    "ValueError",
    "interior padding in padding_config must be nonnegative, got padding_config ((0, 0, -1), (0, 0, 0))",
  ],
  [
    "pad dtype",
    () => bind(P.pad, [a, toArray(array(0, "int32"))], { paddingConfig: [] }),
    "TypeError",
    "pad operand and padding_value must be same dtype: got float32 and int32.",
  ],
  [
    "iota",
    () => shapes.iota("int32", -1),
    "TypeError",
    "iota shape must have every element be nonnegative, got (-1,).",
  ],
  [
    "split",
    () => shapes.split(a, [1, 1]),
    "ValueError",
    "Sum of sizes 2 must be equal to dimension 0 of the operand shape [3, 4]",
  ],
  [
    "shape",
    () => shapes.full([2.5], 1),
    "TypeError",
    "Shapes must be 1D sequences of concrete values of integer type, got (2.5,).",
  ],
  ["axis", () => shapes.expandDims(a, [9]), "ValueError", "axis 9 is out of bounds for array of dimension 3"],
  ["twice", () => shapes.expandDims(a, [0, 0]), "ValueError", "repeated axis in lax.expand_dims: (0, 0)"],
  [
    "full",
    () => shapes.full([2], a),
    "TypeError",
    "full must be called with scalar fill_value, got fill_value.shape (3, 4).",
  ],
  [
    "collapse",
    () => shapes.collapse(a, 2, 1),
    "ValueError",
    "Invalid dimension range passed to collapse: (3, 4)[2:1]",
  ],
  [
    "broadcast_shapes",
    () => shapes.broadcastShapes([2], [3]),
    "ValueError",
    "Incompatible shapes for broadcasting: shapes=[(2,), (3,)]",
  ],
];

for (const [name, f, error, message] of cases) {
  Deno.test(`movement errors: ${name}`, () => {
    const caught = assertThrows(f) as Error;
    assertEquals([caught.name, caught.message], [error, message]);
  });
}

Deno.test("full, full_like, broadcast_shapes", () => {
  assertEquals(String(shapes.full([2], 7, "int32").aval), "int32[2]");
  assertEquals(String(shapes.fullLike(a, 1).aval), "float32[3,4]");
  assertEquals(String(shapes.fullLike(a, 1, { dtype: "int8", shape: [2] }).aval), "int8[2]");
  assertEquals(shapes.full([], 2).weakType, true);
  assertEquals(shapes.broadcastShapes([2, 1], [3], []), [2, 3]);
  assertEquals((shapes.empty(3, "bool") as JaxArray).shape, [3]);
});
