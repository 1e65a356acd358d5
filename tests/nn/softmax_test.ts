import { errors, grad, nn, numpy as np, vmap } from "../../mod.ts";
import { assertAllClose, assertArrayEquals, assertEquals, assertThrows } from "../assert.ts";
import { array, random, type Row, testRows } from "../ops/_harness.ts";

const mask = np.array([[true, false, true], [true, true, false]]);
const x = random([2, 3]), weights = random([3], { seed: 1, low: 0.5, high: 2 });

const rows: Row[] = [
  { name: "softmax", f: (x) => nn.softmax(x), operands: [x] },
  { name: "softmax over two axes", f: (x) => nn.softmax(x, [0, -1]), operands: [x] },
  { name: "softmax of some", f: (x) => nn.softmax(x, { axis: null, where: mask }), operands: [x] },
  { name: "log softmax", f: (x) => nn.logSoftmax(x, 0), operands: [x] },
  { name: "logsumexp", f: (x) => nn.logsumexp(x), operands: [x] },
  { name: "logsumexp of some", f: (x) => nn.logsumexp(x, { axis: 1, where: mask }), operands: [x] },
  {
    name: "logsumexp with factors",
    f: (x, b) => nn.logsumexp(x, { axis: -1, b, keepdims: true }),
    operands: [x, weights],
  },
  {
    name: "logsumexp of complex numbers",
    f: (x) => nn.logsumexp(x, 0),
    operands: [random([3, 2], { dtype: "complex64" })],
    order: 1, // The maximum of real parts has no second derivatives to compare with.
  },
  { name: "logmeanexp", f: (x) => nn.logmeanexp(x, 1), operands: [x] },
  { name: "standardize", f: (x) => nn.standardize(x, { epsilon: 0.1 }), operands: [x] },
  {
    name: "standardize in two passes",
    f: (x) => nn.standardize(x, { axis: 0, algorithm: "stable", epsilon: 0.1 }),
    operands: [x],
  },
  {
    name: "standardize by known moments",
    f: (x, m, v) => nn.standardize(x, -1, m, v),
    operands: [x, array(0.5), array([[1], [2]])],
  },
];
testRows("nn", rows);

Deno.test("nn: softmax of extremes", () => {
  const rows = np.array([[1000, 1000], [-Infinity, 0], [0, -1e5]]);
  assertArrayEquals(nn.softmax(rows), [[0.5, 0.5], [0, 1], [1, 0]]);
  assertAllClose(nn.logSoftmax(rows), [[-Math.LN2, -Math.LN2], [-Infinity, 0], [0, -1e5]]);
  assertArrayEquals(nn.softmax(np.array([-Infinity, -Infinity])), [NaN, NaN]);
  assertArrayEquals(nn.softmax(np.array([1, 2]), { where: np.array([false, true]) }), [0, 1]);
  assertArrayEquals(nn.softmax(np.array([1n, 1n])), [0.5, 0.5]);
  assertEquals(nn.softmax(np.zeros([2, 0])).shape.join(), "2,0");
});

Deno.test("nn: logsumexp of extremes", () => {
  const f = (...xs: number[]): unknown => nn.logsumexp(np.array(xs)).toArray();
  assertArrayEquals(f(-Infinity, -Infinity), -Infinity);
  assertArrayEquals(f(Infinity, 0), Infinity);
  assertArrayEquals(f(NaN, 0), NaN);
  assertArrayEquals(nn.logsumexp(np.zeros([0])), -Infinity);
  assertArrayEquals(grad(nn.logsumexp)(np.array([-Infinity, 1])), [0, 1]);
  const [log, sign] = nn.logsumexp(np.array([0, 0]), { b: np.array([1, -3]), returnSign: true });
  assertAllClose([log, sign].map((y) => y.toArray()), [Math.LN2, -1]);
  assertArrayEquals(nn.logsumexp(np.array([0, 0]), { b: np.array([1, -3]) }), NaN);
});

Deno.test("nn: oneHot", () => {
  assertArrayEquals(nn.oneHot([0, 3, -1], 3), [[1, 0, 0], [0, 0, 0], [0, 0, 0]]);
  assertArrayEquals(nn.oneHot(np.array([1n, 0n]), 2, { axis: 0, dtype: np.bool }), [[false, true], [
    true,
    false,
  ]]);
  assertEquals(nn.oneHot(np.zeros([2, 3], { dtype: "int8" }), 4, { axis: 1 }).shape.join(), "2,4,3");
  const along = vmap((i) => nn.oneHot(i, 3, { axis: "classes" }), {
    axisName: "classes",
    axisSize: 3,
    inAxes: null,
    outAxes: 1,
  });
  assertArrayEquals(along(np.array([0n, 2n])), [[1, 0, 0], [0, 0, 1]]);
  assertThrows(() => nn.oneHot([0], 2.5), TypeError, "must be an integer, got 2.5");
  assertThrows(() => nn.oneHot([0.5], 2), TypeError, "Indexer must have integer");
  assertThrows(() => nn.oneHot([0], 2, { axis: 2 }), errors.ValueError, "axis 2 is out of bounds");
});

Deno.test("nn: errors of normalizations", () => {
  const x = np.ones([2, 3]);
  assertThrows(() => nn.softmax(x, 2), errors.ValueError, "axis 2 is out of bounds for array of dimension 2");
  assertThrows(() => nn.softmax(x, { where: x }), errors.ValueError, "where must be None or a boolean array");
  assertThrows(
    () => nn.standardize(x, { algorithm: "slow" } as never),
    errors.ValueError,
    "Unknown algorithm 'slow'",
  );
});
