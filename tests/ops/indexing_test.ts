import "../../core/jaxpr_print.ts";
import type { JaxArray } from "../../core/array.ts";
import { grad } from "../../core/grad.ts";
import {
  ds,
  getIndex,
  type GetOptions,
  IndexUpdateRef,
  slice,
  type SliceBound,
  type UpdateOptions,
} from "../../core/indexing.ts";
import { makeJaxpr } from "../../core/introspect.ts";
import { jit } from "../../core/jit.ts";
import * as raw from "../../core/raw.ts";
import { vmap } from "../../core/vmap.ts";
import { assertEquals, assertThrows } from "../assert.ts";
import { array, nested, random, testRows, toArray } from "./_harness.ts";

const at = (x: JaxArray, ...index: unknown[]): IndexUpdateRef => new IndexUpdateRef(x, index);
const get = (...index: unknown[]) => (x: JaxArray): JaxArray => getIndex(x, index);
const matrix = array([[1, 2, 3], [4, 5, 6]]), vector = array([1, 2, 3, 4]), cube = random([2, 3, 4]);

testRows("x.get", [
  { name: "an integer", f: get(1), operands: [matrix], expected: [4, 5, 6] },
  { name: "a negative integer", f: get(-1, -2), operands: [matrix], expected: 5 },
  { name: "a bigint", f: get(1n), operands: [vector], expected: 2 },
  { name: "an integer out of bounds is clipped", f: get(9), operands: [vector], expected: 4 },
  { name: "text", f: get(":", "1:"), operands: [matrix], expected: [[2, 3], [5, 6]] },
  { name: "a step", f: get("::2"), operands: [vector], expected: [1, 3] },
  { name: "backwards", f: get("::-1"), operands: [vector], expected: [4, 3, 2, 1] },
  { name: "backwards by two", f: get(slice(-1, null, -2)), operands: [vector], expected: [4, 2] },
  { name: "a slice", f: get(slice(3), slice(0, 2)), operands: [matrix], expected: [[1, 2], [4, 5]] },
  { name: "nothing", f: get("3:1"), operands: [vector], expected: [] },
  { name: "new axes", f: get(null, "...", null), operands: [vector], expected: [[[1], [2], [3], [4]]] },
  { name: "an ellipsis", f: get("...", 0), operands: [cube] },
  { name: "an array", f: get([2, 0, -1]), operands: [vector], expected: [3, 1, 4] },
  { name: "a matrix of indices", f: get([[0, 1], [3, 3]]), operands: [vector], expected: [[1, 2], [4, 4]] },
  { name: "two arrays", f: get([0, 1], [2, 0]), operands: [matrix], expected: [3, 4] },
  {
    name: "arrays that broadcast",
    f: get([[0], [1]], [2, 0]),
    operands: [matrix],
    expected: [[3, 1], [6, 4]],
  },
  {
    name: "arrays side by side stay in place",
    f: (x) => getIndex(x, [":", [0, 1, 1], [0, 1, 2]]),
    operands: [cube],
  },
  { name: "arrays apart go in front", f: (x) => getIndex(x, [[0, 1, 1], ":", [0, 1, 2]]), operands: [cube] },
  { name: "an array and an integer apart", f: (x) => getIndex(x, [0, ":", [0, 1, 2]]), operands: [cube] },
  {
    name: "an array and a reversed slice",
    f: get("::-1", [0, 2]),
    operands: [matrix],
    expected: [[4, 6], [1, 3]],
  },
  { name: "an empty array", f: get([]), operands: [vector], expected: [] },
  { name: "booleans", f: get([true, false, true, false]), operands: [vector], expected: [1, 3] },
  {
    name: "a mask of all axes",
    f: get([[true, false, true], [false, true, false]]),
    operands: [matrix],
    expected: [1, 3, 5],
  },
  { name: "true", f: get(true), operands: [vector], expected: [[1, 2, 3, 4]] },
  { name: "false", f: get(false, 0), operands: [vector], expected: [] },
  {
    name: "a new axis and true",
    f: get(null, true),
    operands: [matrix],
    expected: [[[[1, 2, 3], [4, 5, 6]]]],
  },
  {
    name: "a dynamic index",
    f: (x, i) => getIndex(x, [i]),
    operands: [matrix, array(-1, "int32")],
    expected: [4, 5, 6],
  },
  {
    name: "dynamic and static",
    f: (x, i) => getIndex(x, [i, ":", null, 2]),
    operands: [cube, array(1, "int32")],
  },
  {
    name: "a dynamic index among arrays",
    f: (x, i) => getIndex(x, [[0, 1], i]),
    operands: [matrix, array(2, "int32")],
    expected: [3, 6],
  },
  {
    name: "a list with a dynamic index",
    f: (x, i) => getIndex(x, [[i, 0]]),
    operands: [vector, array(2, "int32")],
    expected: [3, 1],
  },
  {
    name: "a dynamic slice",
    f: (x, i) => getIndex(x, [ds(i, 2)]),
    operands: [vector, array(3, "int32")],
    expected: [3, 4],
  },
  {
    name: "a bytes index",
    f: (x, i) => getIndex(x, [i]),
    operands: [vector, array([200, 1], "uint8")],
    expected: [4, 2],
    // Out of bounds, reads are clipped and their cotangents dropped, as in JAX.
    order: 0,
  },
]);

const read = (options: GetOptions, ...index: unknown[]) => (x: JaxArray): JaxArray =>
  at(x, ...index).get(options);
testRows("x.at().get", [
  {
    name: "fill",
    f: read({ mode: "fill", fillValue: 0 }, [5, -1, -5]),
    operands: [vector],
    expected: [0, 4, 0],
  },
  {
    name: "fill by default",
    f: read({ mode: "fill" }, 9),
    operands: [array([1, 2], "int32")],
    expected: -2147483648,
  },
  { name: "clip", f: read({ mode: "clip" }, [5, -9]), operands: [vector], expected: [4, 1] },
  {
    name: "no wrapping",
    f: read({ mode: "fill", fillValue: 7, wrapNegativeIndices: false }, [-1, 1]),
    operands: [vector],
    expected: [7, 2],
  },
]);

const update = (
  method: "set" | "add" | "subtract" | "multiply" | "mul" | "divide" | "power" | "min" | "max",
  index: unknown[],
  options: UpdateOptions = {},
) =>
(x: JaxArray, y: JaxArray): JaxArray => at(x, ...index)[method](y, options);
testRows("x.at().set and others", [
  { name: "set", f: update("set", [1]), operands: [vector, array(9)], expected: [1, 9, 3, 4] },
  {
    name: "set a row",
    f: update("set", [0]),
    operands: [matrix, array([7, 8, 9])],
    expected: [[7, 8, 9], [4, 5, 6]],
  },
  {
    name: "set a column",
    f: update("set", [":", -1]),
    operands: [matrix, array([8, 9])],
    expected: [[1, 2, 8], [4, 5, 9]],
  },
  {
    name: "set backwards",
    f: update("set", ["::-1"]),
    operands: [vector, array([7, 8, 9, 0])],
    expected: [0, 9, 8, 7],
  },
  {
    name: "set by two",
    f: update("set", ["::2"]),
    operands: [vector, array([7, 8])],
    expected: [7, 2, 8, 4],
  },
  { name: "set all", f: update("set", ["..."]), operands: [vector, array(0)], expected: [0, 0, 0, 0] },
  {
    name: "set with a new axis",
    f: update("set", [null, 0]),
    operands: [matrix, array([[7, 8, 9]])],
    expected: [[7, 8, 9], [4, 5, 6]],
  },
  {
    name: "set by a mask",
    f: update("set", [[true, false, true, false]]),
    operands: [vector, array([7, 8])],
    expected: [7, 2, 8, 4],
  },
  { name: "set nothing", f: update("set", ["2:2"]), operands: [vector, array(0)], expected: [1, 2, 3, 4] },
  {
    name: "set out of bounds",
    f: update("set", [[9, 1]]),
    operands: [vector, array([7, 8])],
    expected: [1, 8, 3, 4],
  },
  { name: "set true", f: update("set", [true, 1]), operands: [vector, array(9)], expected: [1, 9, 3, 4] },
  {
    name: "set apart",
    f: (x, y) => at(x, [0, 1], ":", [0, 2]).set(y),
    operands: [cube, random([2, 3], { seed: 1 })],
  },
  {
    name: "add, repeated",
    f: update("add", [[1, 1, 0]]),
    operands: [vector, array([1, 2, 3])],
    expected: [4, 5, 3, 4],
  },
  {
    name: "add rows",
    f: update("add", [[1, 1]]),
    operands: [matrix, array(1)],
    expected: [[1, 2, 3], [6, 7, 8]],
  },
  { name: "subtract", f: update("subtract", [0]), operands: [vector, array(3)], expected: [-2, 2, 3, 4] },
  { name: "multiply", f: update("multiply", [0]), operands: [vector, array(3)], expected: [3, 2, 3, 4] },
  {
    name: "mul, repeated",
    f: update("mul", [[0, 0]]),
    operands: [vector, array(3)],
    expected: [9, 2, 3, 4],
    argnums: [0],
  },
  {
    name: "divide",
    f: update("divide", [[0, 1]], { uniqueIndices: true }),
    operands: [vector, array(4)],
    expected: [0.25, 0.5, 3, 4],
  },
  {
    name: "divide integers",
    f: (x) => at(x, 1).divide(4),
    operands: [array([1, 2], "int32")],
    expected: [1, 0.5],
    dtype: "float32",
  },
  { name: "power", f: update("power", [1]), operands: [vector, array(3)], expected: [1, 8, 3, 4] },
  {
    name: "power of integers",
    f: (x) => at(x, 1).power(3),
    operands: [array([1, 2, 0], "int32")],
    expected: [1, 8, 0],
  },
  { name: "min", f: update("min", [[0, 3]]), operands: [vector, array(2)], expected: [1, 2, 3, 2] },
  { name: "max", f: update("max", ["1:"]), operands: [vector, array(3.5)], expected: [1, 3.5, 3.5, 4] },
  {
    name: "apply, repeated",
    f: (x) => at(x, [1, 1]).apply((v) => raw.add(v, 10)),
    operands: [vector],
    expected: [1, 22, 3, 4],
    order: 0,
  },
  {
    name: "apply to a column",
    f: (x) => at(x, ":", 0).apply((v) => raw.neg(v)),
    operands: [matrix],
    expected: [[-1, 2, 3], [-4, 5, 6]],
    order: 0,
  },
  {
    name: "a dynamic index",
    f: (x, i) => at(x, i).add(1),
    operands: [matrix, array(-1, "int32")],
    expected: [[1, 2, 3], [5, 6, 7]],
  },
  {
    name: "clip",
    f: update("set", [9], { mode: "clip" }),
    operands: [vector, array(0)],
    expected: [1, 2, 3, 0],
  },
  {
    name: "numbers beside integers",
    f: (x) => at(x, 0).set(7),
    operands: [array([1, 2], "int8")],
    expected: [7, 2],
    dtype: "int8",
  },
  {
    name: "nested values",
    f: (x) => at(x, "1:3").set([8, 9]),
    operands: [array([1, 2, 3], "int32")],
    expected: [1, 8, 9],
    dtype: "int32",
  },
]);

const x = toArray(matrix), v = toArray(vector), integer = toArray(array(1, "int32"));
const jitted = <T>(f: (x: JaxArray, y: JaxArray) => T) => (): unknown => (jit(f) as typeof f)(x, integer);
const cases: [string, () => unknown, string, string][] = [
  [
    "too many",
    () => getIndex(v, [0, 0]),
    "IndexError",
    "Too many indices: array is 1-dimensional, but 2 were indexed",
  ],
  [
    "two ellipses",
    () => getIndex(x, ["...", "..."]),
    "IndexError",
    "an index can only have a single ellipsis ('...')",
  ],
  [
    "a fraction",
    () => getIndex(v, [1.5]),
    "TypeError",
    "Indexer must have integer or boolean type, got indexer with type float64",
  ],
  [
    "floats",
    () => getIndex(v, [v]),
    "TypeError",
    "Indexer must have integer or boolean type, got indexer with type float32",
  ],
  [
    "nested floats",
    () => getIndex(v, [[0.5, 1]]),
    "TypeError",
    "Indexer must have integer or boolean type, got indexer with type float32",
  ],
  [
    "text",
    () => getIndex(v, ["a"]),
    "TypeError",
    `JAX does not support string indexing; got idx='a'. A string is "...", or a slice such as ":" or "1:5:2"`,
  ],
  [
    "a mask of another shape",
    () => getIndex(x, [[true, false, true]]),
    "IndexError",
    "boolean index did not match shape of indexed array in index 0: got (3,), expected [2]",
  ],
  [
    "arrays that do not broadcast",
    () => getIndex(x, [[0, 1], [0, 1, 2]]),
    "ValueError",
    "Incompatible shapes for broadcasting: shapes=[(2,), (3,)]",
  ],
  [
    "no elements",
    () => getIndex(raw.full([0], 0, v.dtype), [0]),
    "IndexError",
    "index is out of bounds for axis 0 with size 0",
  ],
  ["a step of zero", () => getIndex(v, [slice(0, 1, 0)]), "ValueError", "slice step cannot be zero"],
  [
    "values of another shape",
    () => at(v, [0, 1]).set([1, 2, 3]),
    "ValueError",
    "Incompatible types for broadcasting: input type=float32[3] and requested type=float32[2]",
  ],
  [
    "a fill value with axes",
    () => at(v, [0]).get({ mode: "fill", fillValue: v }),
    "ValueError",
    "fill_value argument to indexed get() must be a scalar",
  ],
  [
    "an option",
    () => at(v, 0).set(1, { mod: "clip" } as never),
    "TypeError",
    `set() got an unexpected keyword argument 'mod'; did you mean "mode"? (options: indicesAreSorted, uniqueIndices, mode, wrapNegativeIndices, outSharding)`,
  ],
];
for (const [name, f, error, message] of cases) {
  Deno.test(`indexing errors: ${name}`, () => {
    const caught = assertThrows(f) as Error;
    assertEquals([caught.name, caught.message], [error, message]);
  });
}

const traced: [string, () => unknown, string, string][] = [
  [
    "a mask",
    jitted((a) => getIndex(a, [raw.gt(a, 0)])),
    "NonConcreteBooleanIndexError",
    "Array boolean indices must be concrete; got bool[2,3]",
  ],
  [
    "a slice",
    jitted((a, i) => getIndex(a, [slice(i, 2 as SliceBound)])),
    "IndexError",
    "Slice entries must be static integers. Got slice(JitTracer(int32[]), 2, None) at position 0",
  ],
];
for (const [name, f, error, message] of traced) {
  Deno.test(`indexing errors: ${name} under jit`, () => {
    const caught = assertThrows(f) as Error;
    assertEquals([caught.name, caught.message.slice(0, message.length)], [error, message]);
  });
}

Deno.test("indexing: a number given to jit is no index, and the error says what to do", () => {
  const caught = assertThrows(() =>
    jit((a: JaxArray, i: JaxArray) => getIndex(a, [i]))(v, 1 as never)
  ) as Error;
  assertEquals(caught.name, "TypeError");
  for (const part of ["float32", "staticArgnums", "np.int32(i)", "1n"]) {
    assertEquals(caught.message.includes(part), true, part);
  }
});

Deno.test("indexing: jaxprs read as in JAX", () => {
  const text = (f: (a: JaxArray) => unknown, a: JaxArray): string =>
    String(makeJaxpr(f as never)(a as never));
  const four = toArray(random([4]));
  assertEquals(
    text(get(0), four),
    "{ lambda ; a:f32[4]. let\n    b:f32[1] = slice[limit_indices=(1,) start_indices=(0,) strides=None] a\n" +
      "    c:f32[] = squeeze[dimensions=(0,)] b\n  in (c,) }",
  );
  assertEquals(
    text((a) => at(a, 0).set(1), four),
    "{ lambda ; a:f32[4]. let\n    b:i32[1] = broadcast_in_dim 0:i32[]\n    c:f32[4] = scatter[\n" +
      "      dimension_numbers=ScatterDimensionNumbers(update_window_dims=(), inserted_window_dims=(0,), " +
      "scatter_dims_to_operand_dims=(0,), operand_batching_dims=(), scatter_indices_batching_dims=())\n" +
      "      indices_are_sorted=True\n      mode=GatherScatterMode.FILL_OR_DROP\n      unique_indices=True\n" +
      "      update_consts=()\n      update_jaxpr=None\n    ] a b 1.0:f32[]\n  in (c,) }",
  );
  const indices = toArray(array([0, 1], "int32"));
  assertEquals(
    text((a) => getIndex(a, [indices]), four),
    "{ lambda a:i32[2]; b:f32[4]. let\n    c:bool[2] = lt a 0:i32[]\n    d:i32[2] = add a 4:i32[]\n" +
      "    e:i32[2] = select_n c a d\n    f:i32[2,1] = broadcast_in_dim[broadcast_dimensions=(0,)] e\n" +
      "    g:f32[2] = gather[\n" +
      "      dimension_numbers=GatherDimensionNumbers(offset_dims=(), collapsed_slice_dims=(0,), " +
      "start_index_map=(0,), operand_batching_dims=(), start_indices_batching_dims=())\n" +
      "      fill_value=None\n      indices_are_sorted=False\n      mode=GatherScatterMode.PROMISE_IN_BOUNDS\n" +
      "      slice_sizes=(1,)\n      unique_indices=False\n    ] b f\n  in (g,) }",
  );
});

Deno.test("indexing: a mask under grad is concrete", () => {
  const f = (a: JaxArray): JaxArray => raw.reduceSum(getIndex(a, [raw.gt(a, 2)]), [0]);
  assertEquals(nested(grad(f)(v) as JaxArray), [0, 0, 1, 1]);
});

Deno.test("indexing: vmap over an index is one gather", () => {
  const rows = toArray(array([2, 0], "int32"));
  assertEquals(nested(vmap((a: JaxArray, i: JaxArray) => getIndex(a, [i]))(x, rows)), [3, 4]);
});
