import { errors, grad, jit, numpy as np, vmap } from "../../mod.ts";
import { assertAllClose, assertEquals, assertThrows } from "../assert.ts";

// deno-lint-ignore no-explicit-any -- wrong arguments are tried on purpose
type Any = any;

const text = (...xs: readonly np.Array[]): string => xs.map(String).join(" ");

Deno.test("statistics: histograms", () => {
  const x = np.array([0, 1, 1, 3, 5, -1]);
  assertEquals(text(...np.histogram(x, np.array([0, 1, 3]))), "[1. 3.] [0. 1. 3.]");
  assertEquals(text(...np.histogram(x, 2, [0, 4])), "[3. 1.] [0. 2. 4.]");
  assertEquals(
    text(...np.histogram(x, { bins: 2, range: [0, 4], density: true })),
    "[0.375 0.125] [0. 2. 4.]",
  );
  assertEquals(text(...np.histogram(x, 2, [0, 4], np.int32([1, 2, 3, 4, 5, 6]))), "[6. 4.] [0. 2. 4.]");
  assertEquals(np.histogramBinEdges(np.ones(3), 2).toArray(), [0.5, 1, 1.5]);
  assertEquals(np.histogramBinEdges(np.int32([1, 4]), 3).dtype, np.float32);
  assertThrows(() => np.histogram(x, "auto" as Any), errors.NotImplementedError, "string values for `bins`");
  assertThrows(() => np.histogram(x, 2.5), TypeError, "bins argument");
  assertThrows(() => np.histogram(x, np.ones([2, 2])), TypeError, "Only integer scalar arrays");
  assertThrows(() => np.histogram(x, 2, [0, 1, 2] as Any), errors.ValueError, "`range` must be");
  assertThrows(() => np.histogram(x, { weights: np.ones(2) }), errors.ValueError, "same shape as a");
});

Deno.test("statistics: histograms of several variables", () => {
  const x = np.array([0, 1, 2, 9]), y = np.array([0, 2, 2, 1]);
  const [counts, xEdges, yEdges] = np.histogram2d(x, y, [2, np.array([0, 1, 2])], [[0, 2], null]);
  assertEquals(text(counts, xEdges, yEdges), "[[1 0]\n [0 2]] [0. 1. 2.] [0. 1. 2.]");
  assertEquals(np.histogram2d(x, y, np.array([0, 1, 2, 3]))[0].shape, [3, 3]);
  const sample = np.array([[0, 0, 0], [1, 1, 1], [1, 0, 1]]);
  const [cells, edges] = np.histogramdd(sample, { bins: 2, weights: np.array([1, 2, 3]) });
  assertEquals([cells.shape, edges.length, cells.get(1, 0, 1).item()], [[2, 2, 2], 3, 3]);
  const [density] = np.histogramdd(sample.get(":", ":2"), { bins: 2, density: true });
  assertAllClose(density, [[4 / 3, 0], [4 / 3, 4 / 3]]);
  assertThrows(() => np.histogramdd(sample, { bins: [1, 2] }), errors.ValueError, "a bin for each dimension");
  assertThrows(() => np.histogramdd(sample, 2, [null]), errors.ValueError, "3 pairs or Nones");
  assertThrows(() => np.histogramdd(np.ones(3)), errors.ValueError, "[samples, variables]");
});

Deno.test("statistics: counts of integers", () => {
  assertEquals(np.bincount([0, 1, 1, 3]).toArray(), [1, 2, 0, 1]);
  assertEquals(np.bincount(np.int32([-1, 2]), { minlength: 5 }).toArray(), [1, 0, 1, 0, 0]);
  assertEquals(np.bincount(np.array([true, false, true])).toArray(), [1, 2]);
  assertEquals(np.bincount(np.zeros(0, "int32")).toArray(), []);
  const sums = jit((x: Any, w: Any) => np.bincount(x, w, { length: 2 }));
  assertEquals(sums(np.int32([0, 1, 5]), np.array([0.5, 1, 2])).toArray(), [0.5, 1]);
  assertThrows(() => np.bincount(np.array([1])), TypeError, "must have an integer type; got float32");
  assertThrows(() => np.bincount(np.int32([1]), np.ones(2)), errors.ValueError, "type of weights");
});

Deno.test("statistics: covariance", () => {
  const x = np.array([[0, 1, 2], [2, 1, 3]]);
  assertEquals(np.cov(x, { rowvar: false }).shape, [3, 3]);
  assertAllClose(np.cov(x, { bias: true }), [[2 / 3, 1 / 3], [1 / 3, 2 / 3]]);
  assertAllClose(np.cov(x.get(0), x.get(1)), [[1, 0.5], [0.5, 1]]);
  const repeated = np.array([[0, 1, 1, 2], [2, 1, 1, 3]]);
  assertAllClose(np.cov(x, { fweights: np.int32([1, 2, 1]) }), np.cov(repeated));
  const weights = np.array([0.5, 1, 0.25]);
  assertAllClose(np.cov(x.get(0), { aweights: weights, ddof: 0 }).item(), 0.408163, { rtol: 1e-5 });
  const z = np.array([{ re: 0, im: 1 }, { re: 2, im: 0 }]);
  assertEquals(np.cov(z).item(), { re: 2.5, im: 0 });
  assertAllClose(np.corrcoef(x), [[1, 0.5], [0.5, 1]]);
  assertEquals(np.cov(np.zeros([0, 2])).shape, [0, 0]);
  assertThrows(() => np.cov(np.ones([2, 2, 2])), errors.ValueError, "more than 2 dimensions");
  assertThrows(() => np.cov(x, { fweights: np.ones(3) }), TypeError, "fweights must be integer");
  assertThrows(() => np.cov(x, { aweights: np.ones(4) }), errors.RuntimeError, "incompatible numbers");
});

Deno.test("statistics: convolution", () => {
  const x = np.array([1, 2, 3]), y = np.array([0, 1, 0.5, 2]);
  assertEquals(np.convolve(x, y, "same").toArray(), np.convolve(y, x, "same").toArray());
  assertEquals(np.correlate(x, y, "full").toArray(), [2, 4.5, 8, 3.5, 3, 0]);
  assertEquals(np.correlate(y, x, "full").toArray(), [0, 3, 3.5, 8, 4.5, 2]);
  const z = np.array([{ re: 0, im: 1 }]);
  assertEquals(np.correlate(np.array([1]), z).toArray(), [{ re: 0, im: -1 }]);
  assertThrows(() => np.convolve(x, y, "bad" as Any), errors.ValueError, "mode must be one of");
  assertThrows(() => np.convolve(np.zeros(0), y), errors.ValueError, "inputs cannot be empty");
  assertAllClose(grad((x: Any) => np.convolve(x, x).sum())(x), [12, 12, 12]);
});

Deno.test("statistics: differences and integrals", () => {
  const x = np.array([1, 4, 9, 16]);
  assertEquals(np.diff(x, { n: 2, prepend: 0, append: np.array([25]) }).toArray(), [2, 2, 2, 2]);
  assertEquals(np.diff(np.array([true, true, false])).toArray(), [false, true]);
  assertEquals(np.diff(x, 7).shape, [0]);
  assertThrows(() => np.diff(x, -1), errors.ValueError, "order must be non-negative");
  assertThrows(() => np.diff(3), errors.ValueError, "at least one dimensional");
  assertEquals(np.ediff1d(np.int32([1, 4]), 7.9, -1).toArray(), [-1, 3, 7]);
  const uneven = np.array([0, 1, 3, 6]);
  assertAllClose(np.gradient(uneven.mul(uneven), uneven), [1, 2, 6, 9]);
  const [rows, columns] = np.gradient(np.array([[1, 2], [3, 5]]), 2, np.array([0, 4])) as np.Array[];
  assertEquals(text(rows!, columns!), "[[1.  1.5]\n [1.  1.5]] [[0.25 0.25]\n [0.5  0.5 ]]");
  assertThrows(() => np.gradient(x, 1, 2), TypeError, "Invalid number of spacing arguments 2");
  assertThrows(() => np.gradient(np.ones(1)), errors.ValueError, "at least 2 elements");
  assertThrows(() => np.gradient(x, { edgeOrder: 2 as Any }), errors.NotImplementedError, "edge_order");
  assertEquals(np.trapezoid(np.ones([2, 3]), { axis: 0, dx: 0.5 }).toArray(), [0.5, 0.5, 0.5]);
  assertEquals(np.trapezoid(np.ones([3, 2]), np.array([0, 1, 4]), { axis: 0 }).toArray(), [4, 4]);
});

Deno.test("statistics: polynomials", () => {
  const p = np.array([2, -3, 1]);
  assertEquals(np.polyval(np.int32([1, 2]), 3).item(), 5);
  assertEquals(np.polyval(np.array([[1, 2], [3, 4]]), np.array([1, 2])).toArray(), [4, 8]);
  assertAllClose(np.polyint(p, 2, { k: np.array([1, 2]) }), [1 / 6, -0.5, 0.5, 1, 2]);
  assertEquals(np.polyder(p, 3).toArray(), []);
  const [quotient, rest] = np.polydiv(p, np.array([1, -1]), { trimLeadingZeros: true });
  assertEquals(text(quotient, rest), "[ 2. -1.] []");
  assertEquals(np.polymul(np.array([0, 1]), p, { trimLeadingZeros: true }).toArray(), [2, -3, 1]);
  assertEquals(np.polyadd(np.int32([1]), np.int32([1, 2])).toArray(), [1, 3]);
  assertThrows(() => np.polyint(p, 2, { k: np.ones(3) }), errors.ValueError, "k must be a scalar");
  assertThrows(() => np.polyder(p, -1), errors.ValueError, "must be positive");
  assertAllClose(grad((p: Any) => np.polyval(p, 2))(p), [4, 2, 1]);
});

Deno.test("statistics: fits of polynomials", () => {
  const x = np.array([0, 1, 2, 3]), y = np.array([1, 2, 5, 10]);
  assertAllClose(np.polyfit(x, y, 2), [1, 0, 1], { atol: 1e-4 });
  const [c, residuals, rank, s] = np.polyfit(x, y, 1, { full: true });
  assertAllClose(c!, [3, 0], { atol: 1e-4 });
  assertAllClose(residuals!, [4], { rtol: 1e-4 });
  assertEquals([rank!.item(), s!.shape], [2, [2]]);
  const [, covariance] = np.polyfit(x, y, 1, { cov: true });
  assertAllClose(covariance!, [[0.4, -0.6], [-0.6, 1.4]], { rtol: 1e-4 });
  const [, unscaled] = np.polyfit(x, y, 1, { cov: "unscaled", w: np.ones(4) });
  assertAllClose(unscaled!, [[0.2, -0.3], [-0.3, 0.7]], { rtol: 1e-4 });
  assertAllClose(np.polyfit(x, y, 1, { w: np.array([1, 1, 0, 0]) }), [1, 1], { atol: 1e-4 });
  assertEquals(np.polyfit(x, np.ones([4, 3]), 1).shape, [2, 3]);
  assertThrows(() => np.polyfit(x, y, -1), errors.ValueError, "expected deg >= 0");
  assertThrows(() => np.polyfit(x, np.ones(3), 1), TypeError, "same length");
  assertThrows(() => np.polyfit(x, y, 3, { cov: true }), errors.ValueError, "must exceed order");
});

Deno.test("statistics: roots", () => {
  assertEquals(np.poly(np.array([1, 2])).toArray(), [1, -3, 2]);
  assertEquals(np.poly(np.zeros(0)).item(), 1);
  assertEquals(np.roots(np.array([5])).shape, [0]);
  const roots = np.sort(np.real(np.roots(np.array([0, 1, -3, 2]))));
  assertAllClose(roots, [1, 2], { atol: 1e-5 });
  const padded = jit((p: Any) => np.roots(p, { stripZeros: false }))(np.array([0, 1, -3, 2]));
  const found = np.real(padded).toArray<number[]>();
  assertEquals(found.length, 3);
  assertAllClose(found.slice(0, 2).sort(), [1, 2], { atol: 1e-5 });
  assertEquals(found[2], NaN);
  assertThrows(() => np.roots(np.ones([2, 2])), errors.ValueError, "rank-1");
});

Deno.test("statistics: windows and bits", () => {
  for (const name of ["bartlett", "blackman", "hamming", "hanning"] as const) {
    assertEquals([np[name](0).shape, np[name](1).toArray()], [[0], [1]]);
    assertAllClose(np[name](6), np.flip(np[name](6)), { atol: 1e-6 });
  }
  assertAllClose(np.kaiser(4, 14), [7.726867e-6, 0.4627165, 0.4627165, 7.726867e-6], { rtol: 1e-4 });
  assertThrows(() => np.hamming(2.5), TypeError, "M argument of jnp.hamming");
  const bits = np.array([[1, 0, 1], [0, 0, 1]], { dtype: "int32" });
  assertEquals(
    text(np.packbits(bits), np.packbits(bits, 1), np.packbits(bits, 0, "little")),
    [
      "[164]",
      "[[160]\n [ 32]]",
      "[[1 0 3]]",
    ].join(" "),
  );
  assertEquals(np.unpackbits(np.uint8([3]), { count: 10, bitorder: "little" }).toArray(), [
    1,
    1,
    ...Array(8).fill(0),
  ]);
  assertEquals(np.unpackbits(np.uint8([160]), null, -5).toArray(), [1, 0, 1]);
  assertThrows(() => np.packbits(np.ones(3)), TypeError, "integer or boolean");
  assertThrows(() => np.unpackbits(bits), TypeError, "unsigned byte");
});

Deno.test("statistics: whole arrays", () => {
  const x = np.array([1, NaN]);
  assertEquals([np.arrayEqual(x, x), np.arrayEqual(x, x, { equalNan: true })].map((y) => y.item()), [
    false,
    true,
  ]);
  assertEquals(np.arrayEqual([1, 2], np.int32([1, 2])).item(), true);
  assertEquals(np.arrayEqual(np.ones(2), 1).item(), false);
  assertEquals([np.arrayEquiv(np.ones(2), 1), np.arrayEquiv(np.ones(2), np.ones(3))].map((y) => y.item()), [
    true,
    false,
  ]);
});

Deno.test("statistics: vmap", () => {
  const rows = np.array([[1, 2, 1], [3, 9, 4]]);
  const functions: readonly ((x: np.Array) => np.Array)[] = [
    (x) => np.histogram(x, 3)[0],
    (x) => np.histogram2d(x, x, 2)[0],
    (x) => np.cov(x),
    (x) => np.corrcoef(x, x),
    (x) => np.convolve(x, np.ones(2)),
    (x) => np.gradient(x) as np.Array,
    (x) => np.diff(x, { prepend: 0 }),
    (x) => np.trapezoid(x),
    (x) => np.polyval(x, 2),
    (x) => np.polydiv(x, np.array([1, 1]))[0],
    (x) => np.polyfit(np.array([0, 1, 2]), x, 1),
    (x) => np.poly(x),
    (x) => np.packbits(x.astype("int32")),
    (x) => np.bincount(x.astype("int32"), { length: 5 }),
    (x) => np.kaiser(4, x.sum()),
  ];
  for (const f of functions) {
    assertAllClose(vmap(f)(rows), np.stack([f(rows.get(0)), f(rows.get(1))]), { atol: 1e-5 });
  }
});
