import { errors, grad, jit, numpy as np, ops } from "../../mod.ts";
import { assertArrayEquals, assertEquals, assertThrows } from "../assert.ts";
import { random, type Row, testRows } from "../ops/_harness.ts";

const ids = np.array([2n, 0n, 2n, 2n]), full = np.array([2n, 0n, 2n, 1n]);
const x = random([4, 3]);
const rows: Row[] = [
  { name: "sum", f: (x) => ops.segmentSum(x, ids, 3), operands: [x] },
  {
    name: "sum by buckets",
    f: (x) => ops.segmentSum(x.get(":", 0), ids, 3, { bucketSize: 3 }),
    operands: [x],
  },
  {
    name: "product",
    f: (x) => ops.segmentProd(x, np.array([2n, 0n, 1n, 3n]), 4, false, true),
    operands: [x],
  },
  { name: "maximum", f: (x) => ops.segmentMax(x, full, { numSegments: 3 }), operands: [x] },
  { name: "minimum", f: (x) => ops.segmentMin(x, full, { numSegments: 3 }), operands: [x] },
];
testRows("segments", rows);

Deno.test("segments: empty ones have the identity", () => {
  const floats = np.array([5, 3]), ints = np.array([5n, 3n]), at = [0, 2];
  assertArrayEquals(ops.segmentSum(floats, at), [5, 0, 3]);
  assertArrayEquals(ops.segmentProd(ints, at), [5, 1, 3]);
  assertArrayEquals(ops.segmentMax(floats, at), [5, -Infinity, 3]);
  assertArrayEquals(ops.segmentMin(floats, at), [5, Infinity, 3]);
  assertArrayEquals(ops.segmentMax(ints, at), [5, -2147483648, 3]);
  assertArrayEquals(ops.segmentMin(ints.astype("uint8"), at), [5, 255, 3]);
  assertArrayEquals(ops.segmentMin(np.array([false, true]), at), [false, true, true]);
  assertEquals(ops.segmentSum(ints.astype("int8"), at).dtype.name, "int8");
});

Deno.test("segments: ids out of bounds", () => {
  const data = np.arange(1, 5), ids = [-1, 0, 1, 2];
  assertArrayEquals(ops.segmentSum(data, ids, 2), [2, 3]);
  assertArrayEquals(ops.segmentSum(data, ids, 2, { mode: "clip" }), [3, 7]);
  assertArrayEquals(grad((x) => ops.segmentSum(x, ids, 2).sum())(data.astype("float32")), [0, 1, 1, 0]);
});

Deno.test("segments: traced ids need a number of segments", () => {
  const data = np.ones([4]);
  assertThrows(() => jit(ops.segmentSum)(data, ids), errors.ConcretizationTypeError, "give numSegments");
  assertArrayEquals(jit((x, i) => ops.segmentSum(x, i, 3))(data, ids), [1, 0, 3]);
});

Deno.test("segments: errors", () => {
  const data = np.ones([2]);
  assertThrows(
    () => ops.segmentSum(data, [0, 1], -1),
    errors.ValueError,
    "num_segments must be non-negative.",
  );
  assertThrows(() => ops.segmentSum(data, [0, 0.5], 1), TypeError, "Indexer must have integer");
  assertThrows(() => ops.segmentSum(data, [0, 1], { bucketSize: 0 }), errors.ValueError, "must be positive");
});
