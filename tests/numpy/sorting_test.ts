import { errors, grad, jit, numpy as np, vmap } from "../../mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

// deno-lint-ignore no-explicit-any -- wrong arguments are tried on purpose
type Any = any;

const text = (...xs: np.Array[]): string => xs.map(String).join(" ");

Deno.test("sorting: order of equal elements, zeros and NaN", () => {
  const x = np.array([NaN, 1, -0, 0, -Infinity, 1]);
  assertEquals(np.argsort(x).toArray(), [4, 2, 3, 1, 5, 0]);
  assertEquals(np.argsort(x, { descending: true }).toArray(), [0, 1, 5, 2, 3, 4]);
  assertEquals(np.sort(x, { descending: true }).toArray<number[]>().map(String), [
    "NaN",
    "1",
    "1",
    "0",
    "0",
    "-Infinity",
  ]);
  assertEquals(np.argsort(x, { dtype: "uint8" }).dtype, np.uint8);
  assertEquals(np.sort(np.array([[3, 1], [2, 4]]), { axis: null }).toArray(), [1, 2, 3, 4]);
  assertThrows(
    () => np.sort(x, { kind: "quicksort" }),
    TypeError,
    "'kind' argument to sort is not supported",
  );
  assertThrows(() => np.argsort(x, 1), errors.ValueError, "axis 1 is out of bounds");
});

Deno.test("sorting: partitions", () => {
  for (const dtype of ["float32", "int32", "uint8"] as const) {
    const x = np.array([9, 1, 7, 3, 5, 0], { dtype }), y = np.partition(x, 2);
    assertEquals(y.get(2).item(), 3);
    assert(np.max(y.get(":2")).item() <= 3 && np.min(y.get("3:")).item() >= 3);
    assertEquals(x.get(np.argpartition(x, 2)).get(2).item(), 3);
  }
  const rows = np.array([[3, 1, 2], [9, 8, 7]]);
  assertEquals(np.partition(rows, -1, 0).get(1).toArray(), [9, 8, 7]);
  assertThrows(() => np.partition(rows, 3), errors.ValueError, "out of bounds");
  assertThrows(() => np.partition(np.array([{ re: 1, im: 0 }]), 0), errors.NotImplementedError, "complex");
});

Deno.test("sorting: keys, and the greatest elements", () => {
  assertEquals(np.lexsort([np.array([1, 2, 1]), np.array([3, 3, 0])]).toArray(), [2, 0, 1]);
  assertThrows(() => np.lexsort([]), TypeError, "need sequence of keys");
  assertEquals(text(...np.topK(np.array([[1, 5, 3], [9, 2, 9]]), 2)), "[[5. 3.]\n [9. 9.]] [[1 2]\n [0 2]]");
  assertEquals(
    text(...np.topK(np.array([[1, 5], [9, 2]]), 1, { axis: 0, mode: "smallest" })),
    "[[1. 2.]] [[0 1]]",
  );
  assertThrows(() => np.topK(np.ones(3), 4), errors.ValueError, "no larger than size along axis 0");
  assertThrows(() => np.topK(np.ones(3), 1, { mode: "big" as Any }), errors.ValueError, "mode must be");
});

Deno.test("sorting: search by every method", () => {
  const a = np.array([-Infinity, 0, 0, 2, NaN]), v = np.array([[-1, 0], [-0, NaN], [2, 3]]);
  for (const method of ["scan", "scan_unrolled", "sort", "compare_all"] as const) {
    assertEquals(np.searchsorted(a, v, { method }).toArray(), [[1, 1], [1, 4], [3, 4]]);
    assertEquals(np.searchsorted(a, v, "right", { method }).toArray(), [[1, 3], [3, 5], [4, 4]]);
    const rows = vmap((a: Any, v: Any) => np.searchsorted(a, v, { method }));
    assertEquals(rows(np.array([[0, 1], [2, 3]]), np.array([[0.5, 9], [2, 2.5]])).toArray(), [[1, 2], [
      0,
      1,
    ]]);
    const none = np.searchsorted(np.zeros(0), v, { method });
    assertEquals(none.toArray(), [[0, 0], [0, 0], [0, 0]]);
  }
  const z = np.array([{ re: 1, im: 0 }, { re: 1, im: 2 }, { re: 3, im: 0 }]);
  assertEquals(np.searchsorted(z, { re: 1, im: 1 }).item(), 1);
  assertEquals(np.searchsorted(np.array([3, 1, 2]), 2, { sorter: [1, 2, 0] }).item(), 1);
  assertEquals(np.searchsorted(np.int32([1, 2]), 1.5).item(), 1);
  assertThrows(
    () => np.searchsorted(a, 1, { side: "up" as Any }),
    errors.ValueError,
    "invalid argument side='up'",
  );
  assertThrows(() => np.searchsorted(a, 1, { method: "x" as Any }), errors.ValueError, "method='x'");
  assertThrows(() => np.searchsorted(np.ones([2, 2]), 1), errors.ValueError, "1-dimensional");
});

Deno.test("sorting: bins in descending order", () => {
  const x = np.array([0.2, 6.4, 3, 1.6]);
  assertEquals(np.digitize(x, np.array([10, 4, 2.5, 1, 0])).toArray(), [4, 1, 2, 3]);
  assertEquals(np.digitize(np.array([1, 4]), np.array([0, 1, 4]), true).toArray(), [1, 2]);
  assertEquals(np.digitize(1, np.zeros(0)).item(), 0);
});

Deno.test("sorting: unique slices", () => {
  const x = np.array([[1, 2], [0, 9], [1, 2]]);
  const [rows, index, inverse, counts] = np.unique(x, true, true, true, 0) as Any;
  assertEquals(text(rows, index, inverse, counts), "[[0. 9.]\n [1. 2.]] [1 0] [1 0 1] [1 2]");
  assertEquals(np.unique(x, { returnInverse: true })[1]!.shape, [3, 2]);
  assertEquals(np.unique(np.array([NaN, 1, NaN])).toArray(), [1, NaN]);
  assertEquals(np.unique(np.array([NaN, 1, NaN]), { equalNan: false }).toArray(), [1, NaN, NaN]);
  assertEquals(np.unique(np.zeros([3, 0])).toArray(), []);
  const padded = np.unique(np.array([3, 1, 3]), { size: 4, returnCounts: true, returnIndex: true });
  assertEquals(text(...padded), "[1. 3. 1. 1.] [1 0 1 1] [1 2 0 0]");
  assertThrows(
    () => np.unique(np.zeros(0), { size: 2 }),
    errors.ValueError,
    "fill_value must be specified",
  );
});

Deno.test("sorting: parts of unique elements have names", () => {
  const all = np.uniqueAll(np.array([[7, 5], [7, 7]]));
  assertEquals(text(all.values, all.indices, all.counts), "[5. 7.] [1 0] [1 3]");
  assertEquals(all.inverseIndices.toArray(), [[1, 0], [1, 1]]);
  const [values, counts] = np.uniqueCounts(np.array([2, 2]));
  assertEquals(text(values, counts), "[2.] [2]");
  assertEquals(Object.keys(np.uniqueInverse(np.ones(2))), ["0", "1"]);
  assertEquals(np.uniqueValues(np.array([2, 1, 2]), { size: 4, fillValue: 9 }).toArray(), [1, 2, 9, 9]);
});

Deno.test("sorting: sets", () => {
  const x = np.int32([5, 1, 3, 1]), y = np.int32([3, 4, 5]);
  assertEquals(
    text(np.union1d(x, y), np.intersect1d(x, y), np.setdiff1d(x, y), np.setxor1d(x, y)),
    [
      "[1 3 4 5]",
      "[3 5]",
      "[1]",
      "[1 4]",
    ].join(" "),
  );
  const [common, inX, inY] = np.intersect1d(x, y, { returnIndices: true });
  assertEquals(text(common, inX, inY), "[3 5] [2 0] [0 2]");
  assertEquals(
    text(...np.intersect1d(x, y, false, true, { size: 3, fillValue: -1 })),
    "[ 3  5 -1] [2 0 4] [0 2 3]",
  );
  const sized = jit((x: Any, y: Any) => [
    np.union1d(x, y, { size: 5, fillValue: 0 }),
    np.setdiff1d(x, y, { size: 2 }),
    np.setxor1d(x, y, { size: 3 }),
    np.setxor1d(x, y, { size: 3, fillValue: 9 }),
  ]);
  assertEquals(text(...sized(x, y)), "[1 3 4 5 0] [1 0] [1 4 1] [1 4 9]");
  for (const method of ["auto", "compare_all", "binary_search", "sort"] as const) {
    assertEquals(np.isin(x, y, { method }).toArray(), [true, false, true, false]);
    assertEquals(np.isin(x, y, { method, invert: true }).toArray(), [false, true, false, true]);
  }
  assertEquals(np.isin(np.ones([2, 2]), np.zeros(0)).toArray(), [[false, false], [false, false]]);
});

Deno.test("sorting: results of a size that depends on values need it under jit", () => {
  const x = np.array([1, 2, 1]);
  const functions: readonly (readonly [string, (x: np.Array) => unknown])[] = [
    ["size", (x) => np.unique(x)],
    ["size", (x) => np.uniqueCounts(x)],
    ["size", (x) => np.union1d(x, x)],
    ["size", (x) => np.intersect1d(x, x)],
    ["size", (x) => np.setdiff1d(x, x)],
    ["size", (x) => np.setxor1d(x, x)],
    ["length", (x) => np.bincount(x.astype("int32"))],
    ["strip_zeros=False", (x) => np.roots(x)],
  ];
  for (const [hint, f] of functions) {
    assertThrows(() => jit(f as Any)(x), errors.ConcretizationTypeError, hint);
  }
});

Deno.test("sorting: transformations", () => {
  const x = np.array([3, 1, 2]), weights = np.arange(3);
  assertEquals(grad((x: Any) => np.sort(x).mul(weights).sum())(x).toArray(), [2, 0, 1]);
  assertEquals(grad((x: Any) => np.partition(x, 1).get(1))(x).toArray(), [0, 0, 1]);
  const rows = np.array([[1, 2, 1], [3, 9, 3]]);
  assertEquals(vmap((x: Any) => np.unique(x, { size: 2 }))(rows).toArray(), [[1, 2], [3, 9]]);
  assertEquals(vmap((x: Any) => np.argpartition(x, 1))(rows).toArray(), [[0, 2, 1], [0, 2, 1]]);
  assertEquals(
    vmap((x: Any) => np.setxor1d(x, np.array([1, 5]), { size: 4, fillValue: 0 }))(rows).toArray(),
    [[2, 5, 0, 0], [1, 3, 5, 9]],
  );
});
