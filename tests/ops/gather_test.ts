import "../../core/jaxpr_print.ts";
import type { JaxArray } from "../../core/array.ts";
import { makeJaxpr } from "../../core/introspect.ts";
import { vjp } from "../../core/differentiate.ts";
import { grad } from "../../core/grad.ts";
import { type ConcreteArray, fromHost } from "../../core/concrete.ts";
import { keyDType } from "../../core/dtypes.ts";
import { jit } from "../../core/jit.ts";
import { vmap } from "../../core/vmap.ts";
import { broadcast, concatenate, reshape, rev, transpose } from "../../lax/shapes.ts";
import * as raw from "../../core/raw.ts";
import {
  type Scatter,
  scatter,
  scatterAdd,
  scatterApply,
  type ScatterDimensionNumbersLike,
  scatterMax,
  scatterMin,
  scatterMul,
  type ScatterOptions,
  scatterSub,
} from "../../lax/gather.ts";
import { gather, type GatherDimensionNumbersLike, type GatherOptions } from "../../lax/gather.ts";
import * as slicing from "../../lax/slicing.ts";
import { assertAllClose, assertEquals, assertThrows } from "../assert.ts";
import { array, elements, nested, random, testRows, toArray } from "./_harness.ts";

const ints = (
  values: number[] | number[][] | number,
  dtype: "int32" | "int8" | "uint8" | "int64" = "int32",
) => array(values, dtype);
/** Rows of a matrix. */
const rows: GatherDimensionNumbersLike = { offsetDims: [1], collapsedSliceDims: [0], startIndexMap: [0] };
/** Single elements of a vector. */
const points: GatherDimensionNumbersLike = { offsetDims: [], collapsedSliceDims: [0], startIndexMap: [0] };
/** Windows of a matrix, both starts given, the second first. */
const windows: GatherDimensionNumbersLike = {
  offsetDims: [0, 2],
  collapsedSliceDims: [],
  startIndexMap: [1, 0],
};
/** Row b of the operand at the position in row b of the indices. */
const batched: GatherDimensionNumbersLike = {
  offsetDims: [2],
  collapsedSliceDims: [1],
  startIndexMap: [1],
  operandBatchingDims: [0],
  startIndicesBatchingDims: [1],
};
const at = (numbers: GatherDimensionNumbersLike, sizes: number[], options: GatherOptions = {}) =>
(
  x: JaxArray,
  i: JaxArray,
) => gather(x, i, numbers, sizes, options);

const matrix = array([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);

testRows("gather", [
  {
    name: "rows",
    f: at(rows, [1, 3]),
    operands: [matrix, ints([[2], [0], [2]])],
    expected: [[7, 8, 9], [1, 2, 3], [7, 8, 9]],
  },
  {
    name: "clip",
    f: at(points, [1], { mode: "clip" }),
    operands: [array([1, 2, 3]), ints([[-5], [1], [9]])],
    expected: [1, 2, 3],
  },
  {
    name: "promise",
    f: at(points, [1]),
    operands: [array([1, 2, 3]), ints([[-5], [1], [9]])],
    expected: [1, 2, 3],
    order: 0,
  },
  {
    name: "fill",
    f: at(points, [1], { mode: "fill", fillValue: 7 }),
    operands: [array([1, 2, 3]), ints([[-5], [1], [9]])],
    expected: [7, 2, 7],
  },
  {
    name: "fill by default",
    f: at(points, [1], { mode: "fill" }),
    operands: [array([1, 2, 3], "uint8"), ints([[3]])],
    expected: [255],
  },
  { name: "windows", f: at(windows, [2, 2]), operands: [matrix, ints([[0, 1], [1, 0]])] },
  {
    name: "windows that are cut",
    f: at(windows, [2, 2], { mode: "clip" }),
    operands: [matrix, ints([[9, -1], [2, 2]])],
  },
  {
    name: "windows that are filled",
    f: at(windows, [2, 2], { mode: "fill", fillValue: 0 }),
    operands: [matrix, ints([[9, -1], [1, 1]])],
  },
  {
    name: "batching",
    f: at(batched, [1, 1, 2]),
    operands: [random([3, 4, 2]), array([[[0], [1], [2]], [[3], [3], [0]]], "int32")],
  },
  {
    name: "complex",
    f: at(rows, [1, 3]),
    operands: [random([3, 3], { dtype: "complex64" }), ints([[1], [1]])],
  },
  {
    name: "narrow indices",
    f: at(points, [1], { mode: "clip" }),
    operands: [random([300]), ints([[-1], [127]], "int8")],
  },
  {
    name: "wide elements of bytes",
    f: at(points, [1], { mode: "clip" }),
    operands: [random([9]), ints([[200], [3]], "uint8")],
  },
  {
    name: "no positions",
    f: at(rows, [1, 3]),
    operands: [matrix, array([], "int32")].map((x, i) => i ? { ...x, shape: [0, 1] } : x),
    expected: [],
    vmap: false,
  },
]);

testRows("dynamic_slice", [
  {
    name: "inside",
    f: (x, i, j) => slicing.dynamicSlice(x, [i, j], [2, 1]),
    operands: [matrix, ints(1), ints(0)],
    expected: [[4], [7]],
  },
  {
    name: "moved inside",
    f: (x, i, j) => slicing.dynamicSlice(x, [i, j], [2, 2]),
    operands: [matrix, ints(2), ints(-1)],
    expected: [[5, 6], [8, 9]],
  },
  {
    name: "bytes",
    f: (x, i) => slicing.dynamicSlice(x, [i], [2]),
    operands: [random([5]), ints(250, "uint8")],
  },
  {
    name: "in one axis",
    f: (x, i) => slicing.dynamicSliceInDim(x, i, 2, 1),
    operands: [matrix, ints(1)],
    expected: [[2, 3], [5, 6], [8, 9]],
  },
  {
    name: "one index",
    f: (x, i) => slicing.dynamicIndexInDim(x, i, 1, false),
    operands: [matrix, ints(-1)],
    expected: [3, 6, 9],
  },
  {
    name: "complex",
    f: (x, i) => slicing.dynamicSlice(x, [i], [2]),
    operands: [random([5], { dtype: "complex64" }), ints(2)],
  },
]);

testRows("dynamic_update_slice", [
  {
    name: "inside",
    f: (x, y, i) => slicing.dynamicUpdateSlice(x, y, [i, 1]),
    operands: [matrix, array([[0, 0]]), ints(1)],
    expected: [[1, 2, 3], [4, 0, 0], [7, 8, 9]],
  },
  {
    name: "moved inside",
    f: (x, y, i) => slicing.dynamicUpdateSlice(x, y, [i]),
    operands: [array([1, 2, 3]), array([8, 9]), ints(7)],
    expected: [1, 8, 9],
  },
  {
    name: "one index",
    f: (x, y, i) => slicing.dynamicUpdateIndexInDim(x, y, i, 1),
    operands: [matrix, array([0, 1, 2]), ints(-1)],
    expected: [[1, 2, 0], [4, 5, 1], [7, 8, 2]],
  },
  {
    name: "nothing",
    f: (x, y) => slicing.dynamicUpdateSlice(x, y, [1]),
    operands: [array([1, 2, 3]), array([])],
    expected: [1, 2, 3],
    vmap: false,
  },
  {
    name: "complex",
    f: (x, y, i) => slicing.dynamicUpdateSliceInDim(x, y, i, 0),
    operands: [
      random([4, 2], { dtype: "complex64" }),
      random([2, 2], { dtype: "complex64", seed: 1 }),
      ints(1),
    ],
  },
]);

Deno.test("dynamic_update_slice: a long one", () => {
  const n = 40960, x = raw.full([n + 3], 1, toArray(random([])).dtype);
  const out = slicing.dynamicUpdateSlice(x, raw.full([n], 2, x.dtype), [2]);
  const data = elements(out) as number[];
  assertEquals([data.slice(0, 3), data.slice(n, n + 3), data.filter((v) => v === 2).length], [[1, 1, 2], [
    2,
    2,
    1,
  ], n]);
});

const into: ScatterDimensionNumbersLike = {
  updateWindowDims: [],
  insertedWindowDims: [0],
  scatterDimsToOperandDims: [0],
};
const intoRows: ScatterDimensionNumbersLike = {
  updateWindowDims: [1],
  insertedWindowDims: [0],
  scatterDimsToOperandDims: [0],
};
const intoWindows: ScatterDimensionNumbersLike = {
  updateWindowDims: [1, 2],
  insertedWindowDims: [],
  scatterDimsToOperandDims: [1, 0],
};
const intoBatches: ScatterDimensionNumbersLike = {
  updateWindowDims: [],
  insertedWindowDims: [1],
  scatterDimsToOperandDims: [1],
  operandBatchingDims: [0],
  scatterIndicesBatchingDims: [1],
};
const put = (f: Scatter, numbers: ScatterDimensionNumbersLike, options: ScatterOptions = {}) =>
(
  x: JaxArray,
  i: JaxArray,
  y: JaxArray,
) => f(x, i, y, numbers, options);

const vector = array([1, 2, 3, 4]);

testRows("scatter", [
  {
    name: "set, the last one stays",
    f: put(scatter, into),
    operands: [vector, ints([[1], [3], [1]]), array([7, 8, 9])],
    expected: [1, 9, 3, 8],
  },
  {
    name: "set, unique",
    f: put(scatter, into, { uniqueIndices: true }),
    operands: [vector, ints([[1], [3]]), array([7, 8])],
    expected: [1, 7, 3, 8],
  },
  {
    name: "drop",
    f: put(scatter, into),
    operands: [vector, ints([[-1], [3], [4]]), array([7, 8, 9])],
    expected: [1, 2, 3, 8],
  },
  {
    name: "clip",
    f: put(scatter, into, { mode: "clip" }),
    operands: [vector, ints([[-1], [2], [4]]), array([7, 8, 9])],
    expected: [7, 2, 8, 9],
  },
  { name: "rows", f: put(scatter, intoRows), operands: [matrix, ints([[2], [0], [2]]), random([3, 3])] },
  {
    name: "windows",
    f: put(scatter, intoWindows),
    operands: [matrix, ints([[0, 1], [1, 1], [5, 0]]), random([3, 2, 2])],
  },
  {
    name: "windows that are moved",
    f: put(scatter, intoWindows, { mode: "clip" }),
    operands: [matrix, ints([[0, 1], [9, 9]]), random([2, 2, 2])],
  },
  {
    name: "batching",
    f: put(scatter, intoBatches),
    operands: [
      random([3, 4]),
      array([[[0], [1], [2]], [[0], [3], [2]]], "int32"),
      random([2, 3], { seed: 1 }),
    ],
  },
  {
    name: "complex",
    f: put(scatter, into),
    operands: [
      random([4], { dtype: "complex64" }),
      ints([[1], [1]]),
      random([2], { dtype: "complex64", seed: 1 }),
    ],
  },
  {
    name: "add",
    f: put(scatterAdd, into),
    operands: [vector, ints([[1], [3], [1]]), array([7, 8, 9])],
    expected: [1, 18, 3, 12],
  },
  {
    name: "add rows",
    f: put(scatterAdd, intoRows),
    operands: [matrix, ints([[2], [0], [2]]), random([3, 3])],
  },
  {
    name: "add windows",
    f: put(scatterAdd, intoWindows),
    operands: [matrix, ints([[0, 1], [1, 1], [5, 0]]), random([3, 2, 2])],
  },
  {
    name: "add with batching",
    f: put(scatterAdd, intoBatches),
    operands: [
      random([3, 4]),
      array([[[0], [1], [2]], [[0], [3], [2]]], "int32"),
      random([2, 3], { seed: 1 }),
    ],
  },
  {
    name: "add complex",
    f: put(scatterAdd, into),
    operands: [
      random([4], { dtype: "complex64" }),
      ints([[1], [1]]),
      random([2], { dtype: "complex64", seed: 1 }),
    ],
  },
  {
    name: "add half precision",
    f: put(scatterAdd, into),
    operands: [array([1, 2], "float16"), ints([[1], [1]]), array([0.5, 0.25], "float16")],
    expected: [1, 2.75],
    order: 0,
  },
  {
    name: "add bytes, wrapping",
    f: put(scatterAdd, into),
    operands: [array([100], "int8"), ints([[0], [0]]), array([100, 1], "int8")],
    expected: [-55],
  },
  {
    name: "subtract",
    f: put(scatterSub, into),
    operands: [vector, ints([[1], [1]]), array([7, 8])],
    expected: [1, -13, 3, 4],
  },
  {
    name: "multiply",
    f: put(scatterMul, into, { uniqueIndices: true }),
    operands: [vector, ints([[1], [2]]), array([7, 8])],
    expected: [1, 14, 24, 4],
  },
  {
    name: "multiply again",
    f: put(scatterMul, into),
    operands: [vector, ints([[1], [1]]), array([7, 8])],
    expected: [1, 112, 3, 4],
    argnums: [0],
  },
  {
    name: "min",
    f: put(scatterMin, into),
    operands: [vector, ints([[1], [3], [1]]), array([7, -8, -9])],
    expected: [1, -9, 3, -8],
  },
  {
    name: "max",
    f: put(scatterMax, into),
    operands: [vector, ints([[1], [3], [1]]), array([7, -8, 9])],
    expected: [1, 9, 3, 4],
  },
  {
    name: "max of booleans",
    f: put(scatterMax, into),
    operands: [array([true, false], "bool"), ints([[1]]), array([true], "bool")],
    expected: [true, true],
  },
  {
    name: "apply",
    f: (x, i) => scatterApply(x, i, (v) => raw.add(raw.mul(v, 2), 1), into, { updateShape: [2] }),
    operands: [vector, ints([[1], [1]])],
    expected: [1, 11, 3, 4],
    order: 0,
  },
]);

Deno.test("scatter_max: tied elements share the tangent", () => {
  const x = toArray(array([2, 1])), y = toArray(array([2, 2])), i = toArray(ints([[0], [0]]));
  const [, pull] = vjp((a: JaxArray, b: JaxArray) => scatterMax(a, i, b, into), x, y) as unknown as [
    JaxArray,
    (ct: JaxArray) => JaxArray[],
  ];
  const [dx, dy] = pull(toArray(array([3, 5])));
  assertAllClose([nested(dx!), nested(dy!)], [[1, 5], [1, 1]]);
});

Deno.test("gather: its derivative adds up under jit", () => {
  const table = toArray(random([4, 2])), i = toArray(ints([[1], [1], [3]]));
  const f = jit(grad((t: JaxArray) => raw.reduceSum(gather(t, i, rows, [1, 2]), [0, 1])));
  assertEquals(nested(f(table) as JaxArray), [[0, 0], [2, 2], [0, 0], [1, 1]]);
});

Deno.test("gather and scatter: jaxprs read as in JAX", () => {
  const i = toArray(ints([[0], [1]]));
  const f = (a: JaxArray) => scatterAdd(gather(a, i, points, [1], { mode: "fill" }), i, a, into);
  const text = String(makeJaxpr(f)(toArray(random([2]))));
  for (
    const part of [
      "dimension_numbers=GatherDimensionNumbers(offset_dims=(), collapsed_slice_dims=(0,), start_index_map=(0,), " +
      "operand_batching_dims=(), start_indices_batching_dims=())",
      "fill_value=nan",
      "mode=GatherScatterMode.FILL_OR_DROP",
      "slice_sizes=(1,)",
      "dimension_numbers=ScatterDimensionNumbers(update_window_dims=(), inserted_window_dims=(0,), " +
      "scatter_dims_to_operand_dims=(0,), operand_batching_dims=(), scatter_indices_batching_dims=())",
      "update_jaxpr={ lambda ; e:f32[] f:f32[]. let g:f32[] = add e f in (g,) }",
    ]
  ) {
    if (!text.includes(part)) throw new Error(`${part} is not in\n${text}`);
  }
});

const x = toArray(random([3, 4])), v = toArray(random([5]));
const i = toArray(ints([[0]])), floats = toArray(random([1, 1]));
const cases: [string, () => unknown, string, string][] = [
  [
    "gather",
    () => gather(x, floats, rows, [1, 4]),
    "TypeError",
    "Indexer must have integer or boolean type, got indexer with type float32",
  ],
  [
    "slice sizes",
    () => gather(x, i, rows, [2, 4]),
    "TypeError",
    "Gather op can only collapse slice dims with bound 1, but bound is 2 for index 0 at position 0.",
  ],
  [
    "start index map",
    () => gather(x, i, { ...rows, startIndexMap: [0, 1] }, [1, 4]),
    "TypeError",
    "Gather op has 2 elements in start_index_map and the bound of dimension index_vector_dim=1 of indices is 1. These two numbers must be equal.",
  ],
  [
    "mode",
    () => gather(x, i, rows, [1, 4], { mode: "bogus" as never }),
    "ValueError",
    'Unknown gather mode "bogus" (modes: "clip", "fill", "drop", "promise_in_bounds")',
  ],
  ["scatter rank", () => scatterAdd(v, i, x, into), "TypeError", "Updates tensor must be of rank 1; got 2."],
  [
    "scatter window",
    () => scatter(x, i, toArray(random([1, 5])), intoRows),
    "TypeError",
    "Bounds of the window dimensions of updates must not exceed the bounds of the corresponding dimensions of operand. For dimension 1, updates bound is 5, operand bound is 4.",
  ],
  [
    "scatter_add of booleans",
    () => scatterAdd(toArray(array([true], "bool")), i, toArray(array([true], "bool")), into),
    "TypeError",
    "add does not accept dtype bool at position 0. Accepted dtypes at position 0 are subtypes of integer, floating, complexfloating.",
  ],
  [
    "dynamic_slice length",
    () => slicing.dynamicSlice(v, [0, 0], [2]),
    "ValueError",
    "Length of slice indices must match number of operand dimensions (2 vs (5,))",
  ],
  [
    "dynamic_slice sizes",
    () => slicing.dynamicSlice(x, [0, 0], [9, 9]),
    "TypeError",
    "slice slice_sizes must be less than or equal to operand shape, got slice_sizes (9, 9) for operand shape (3, 4).",
  ],
  [
    "dynamic_slice dtypes",
    () => slicing.dynamicSlice(x, [toArray(ints(0)), toArray(ints(0, "int8"))], [1, 1]),
    "TypeError",
    "index arguments to dynamic_slice must be integers of the same type, got: int32, int8",
  ],
  [
    "dynamic_slice negative",
    () => slicing.dynamicSlice(x, [-1, 0], [1, 1], { allowNegativeIndices: false }),
    "ValueError",
    "Index -1 is out of bounds for dimension 3 if allow_negative_indices=False",
  ],
  [
    "dynamic_update_slice rank",
    () => slicing.dynamicUpdateSlice(x, v, [0, 0]),
    "TypeError",
    "dynamic_update_slice update must have the same rank as operand, got update shape (5,) for operand shape (3, 4).",
  ],
  [
    "dynamic_update_slice shape",
    () => slicing.dynamicUpdateSlice(x, toArray(random([9, 9])), [0, 0]),
    "TypeError",
    "dynamic_update_slice update shape must be smaller than operand shape, got update shape (9, 9) for operand shape (3, 4).",
  ],
  [
    "index_in_dim",
    () => slicing.indexInDim(x, 7),
    "IndexError",
    "index 7 is out of bounds for axis 0 with size 3",
  ],
];

for (const [name, f, error, message] of cases) {
  Deno.test(`gather errors: ${name}`, () => {
    const caught = assertThrows(f) as Error;
    assertEquals([caught.name, caught.message], [error, message]);
  });
}

Deno.test("random keys move as other elements do", () => {
  const dtype = keyDType("threefry2x32"), data = Uint32Array.from({ length: 8 }, (_, k) => k);
  const keys = fromHost({ shape: [4], dtype, weakType: false, data });
  const words = (x: JaxArray): number[] => Array.from((x as ConcreteArray).dataSync() as Uint32Array);
  const two = toArray(ints([[2], [0]]));
  assertEquals(words(gather(keys, two, points, [1])), [4, 5, 0, 1]);
  const filled = gather(keys, toArray(ints([[9]])), points, [1], { mode: "fill" });
  assertEquals(words(filled), [2 ** 32 - 1, 2 ** 32 - 1]);
  const last = slicing.dynamicSlice(keys, [9], [1]);
  assertEquals(words(scatter(keys, toArray(ints([[1]])), last, into)), [0, 1, 6, 7, 4, 5, 6, 7]);
  assertEquals(words(slicing.dynamicUpdateSlice(keys, last, [0])), [6, 7, 2, 3, 4, 5, 6, 7]);
  assertEquals(words(concatenate([last, keys], 0)), [6, 7, 0, 1, 2, 3, 4, 5, 6, 7]);
  assertEquals(words(transpose(reshape(keys, [2, 2]), [1, 0])), [0, 1, 4, 5, 2, 3, 6, 7]);
  assertEquals(words(slicing.slice(rev(keys, [0]), [0], [4], [3])), [6, 7, 0, 1]);
  assertEquals(words(jit((k: JaxArray) => vmap((a: JaxArray) => broadcast(a, [2]))(k))(last)), [6, 7, 6, 7]);
});
