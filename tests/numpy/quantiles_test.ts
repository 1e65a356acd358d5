import { errors, grad, jit, numpy as np, vmap } from "../../mod.ts";
import { assertAllClose, assertEquals, assertThrows } from "../assert.ts";

const x = np.array([[3, 1, 4], [1, 5, 9]]);

Deno.test("quantiles: methods", () => {
  const at = (method: Parameters<typeof np.quantile>[2]): number =>
    np.quantile(np.arange(5), 0.4, method).item();
  assertAllClose(at({ method: "linear" }), 1.6);
  assertEquals(at({ method: "lower" }), 1);
  assertEquals(at({ method: "higher" }), 2);
  assertEquals(at({ method: "midpoint" }), 1.5);
  assertEquals(at({ method: "nearest" }), 2);
  assertEquals(at({ method: "inverted_cdf" }), 1);
});

Deno.test("quantiles: axes and shapes", () => {
  const q = np.array([0, 0.5, 1]);
  assertEquals(np.quantile(x, q).toArray(), [1, 3.5, 9]);
  assertEquals(np.quantile(x, q, 1).shape, [3, 2]);
  assertEquals(np.quantile(x, q, { axis: 1, keepdims: true }).shape, [3, 2, 1]);
  assertEquals(np.quantile(x, q, { axis: [0, 1], keepdims: true }).shape, [3, 1, 1]);
  assertEquals(np.quantile(x, 0.5, { axis: [1, 0] }).item(), 3.5);
  assertEquals(np.nanquantile(x, q, { keepdims: true }).shape, [3, 1, 1]);
  assertEquals(np.median(np.int32([1, 2])).item(), 1.5);
  assertThrows(() => np.quantile(x, np.ones([2, 2])), errors.ValueError, "rank <= 1");
  assertThrows(() => np.quantile(x, 0.5, [0, 0]), errors.ValueError, "repeated axis");
  assertThrows(() => np.quantile(x, 0.5, 2), errors.ValueError, "out of bounds");
});

Deno.test("quantiles: weights", () => {
  const values = np.array([4, 1, 3, 2]), weights = np.array([1, 1, 1, 7]);
  const options = { method: "inverted_cdf", weights } as const;
  assertEquals(np.quantile(values, np.array([0.1, 0.5, 0.85, 1]), options).toArray(), [1, 2, 3, 4]);
  assertEquals(np.percentile(values, 50, options).item(), 2);
  const columns = { method: "inverted_cdf", weights: np.array([1, 0, 3]), axis: 1 } as const;
  assertEquals(np.quantile(x, 0.5, columns).toArray(), [4, 9]);
  assertEquals(np.quantile(values, 0.5, { ...options, weights: weights.neg() }).item(), NaN);
  assertThrows(
    () => np.quantile(values, 0.5, { weights }),
    errors.NotImplementedError,
    "Only method 'inverted_cdf' supports weights",
  );
  assertThrows(
    () => np.quantile(values, 0.5, { ...options, weights: np.ones(3) }),
    errors.ValueError,
    "must match 'a' shape",
  );
});

Deno.test("quantiles: NaN", () => {
  const y = np.array([[1, NaN, 3], [2, 4, 6]]);
  assertEquals(np.quantile(y, 0.5, 1).toArray(), [NaN, 4]);
  assertEquals(np.nanquantile(y, 0.5, 1).toArray(), [2, 4]);
  assertEquals(np.nanpercentile(y, np.array([0, 100]), 1).toArray(), [[1, 2], [3, 6]]);
  assertEquals(np.nanquantile(y, 1, { axis: 1, method: "inverted_cdf" }).toArray(), [3, 6]);
  assertEquals(np.quantile(y, 1, { axis: 1, method: "inverted_cdf" }).toArray(), [NaN, 6]);
});

Deno.test("quantiles: refusals", () => {
  // deno-lint-ignore no-explicit-any -- wrong arguments on purpose
  type Any = any;
  assertThrows(() => np.percentile(x, 50, { method: "bad" as Any }), errors.ValueError, "method can only be");
  assertThrows(() => np.percentile(x, [50, 60] as Any), TypeError, "got <class 'list'> at position 1");
  assertThrows(() => np.median(x, { overwriteInput: true }), errors.ValueError, "overwrite_input");
  assertThrows(() => np.quantile(np.array([{ re: 1, im: 0 }]), 0.5), errors.ValueError, "complex");
});

Deno.test("quantiles: transformations", () => {
  assertAllClose(grad((x: np.Array) => np.quantile(x, 0.3))(np.array([1, 2, 4])), [0.4, 0.6, 0]);
  assertEquals(vmap((q: np.Array) => np.percentile(np.arange(5), q))(np.array([25, 50])).toArray(), [1, 2]);
  assertEquals(jit((x: np.Array) => np.nanmedian(x, 0))(x).toArray(), [2, 3, 6.5]);
  assertEquals(vmap((x: np.Array) => np.median(x))(x).toArray(), [3, 5]);
});
