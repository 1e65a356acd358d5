import type { JaxArray } from "../../core/array.ts";
import { withConfig } from "../../core/config.ts";
import type { AnyFunction } from "../../core/differentiate.ts";
import { grad } from "../../core/grad.ts";
import { asDType, type DTypeName } from "../../core/dtypes.ts";
import { ValueError } from "../../core/errors.ts";
import type { Scalar } from "../../core/host.ts";
import * as lax from "../../lax/mod.ts";
import { assertEquals, assertThrows } from "../assert.ts";
import { array, elements, nested, type Operand, random, type Row, testRows, toArray } from "./_harness.ts";

const sumAll = (x: JaxArray): JaxArray => lax.reduceSum(x, x.shape.map((_, i) => i));
const iota = (n: number): Operand => array(Array.from({ length: n }, (_, i) => i), "int32");

const sorts: Row[] = [
  { name: "floats", f: (x) => lax.sort(x), operands: [array([3, -1, 2.5])], expected: [-1, 2.5, 3] },
  {
    name: "NaN last, zeros in their order",
    f: (x) => lax.sort(x),
    operands: [array([NaN, 1, -Infinity, Infinity, 0, -0, 0, -0, NaN, -3])],
    expected: [-Infinity, -3, 0, -0, 0, -0, 1, Infinity, NaN, NaN],
    rtol: 0,
    order: 0,
  },
  { name: "along an axis", f: (x) => lax.sort(x, 0), operands: [random([4, 3])] },
  { name: "along a middle axis", f: (x) => lax.sort(x, { dimension: 1 }), operands: [random([2, 5, 2])] },
  {
    name: "keys and values",
    f: (k, v) => lax.sortKeyVal(k, v),
    operands: [array([2, 1, 2, 1, 0], "int32"), random([5])],
  },
  {
    name: "the order of equal elements stays",
    f: (x, y) => lax.sort([x, y]),
    operands: [array([1, 1, 0, 0, 1], "uint8"), iota(5)],
    expected: [[0, 0, 1, 1, 1], [2, 3, 0, 1, 4]],
  },
  {
    name: "several followers",
    f: (x, y, z) => lax.sort([x, y, z]),
    operands: [random([4]), random([4], { seed: 1 }), random([4], { dtype: "complex64", seed: 2 })],
  },
  {
    name: "several keys",
    f: (x, y, z) => lax.sort([x, y, z], { numKeys: 2 }),
    operands: [array([1, 1, 0, 0], "int32"), array([3, 1, 2, 1]), iota(4)],
    expected: [[0, 0, 1, 1], [1, 2, 1, 3], [3, 2, 1, 0]],
    order: 1,
  },
  {
    name: "complex numbers",
    f: (x) => lax.sort(x),
    operands: [array([{ re: 1, im: 2 }, { re: 1, im: -2 }, { re: -3, im: 0 }], "complex64")],
    expected: [{ re: -3, im: 0 }, { re: 1, im: -2 }, { re: 1, im: 2 }],
    order: 0, // Equal real parts are where sorting is not continuous.
  },
  { name: "nothing", f: (x) => lax.sort(x), operands: [array([])], expected: [], vmap: false },
];
testRows("sort", sorts);

const tops: Row[] = [
  {
    name: "greatest elements",
    f: (x) => lax.topK(x, 3),
    operands: [array([9, 3, 6, 4, 10])],
    expected: [[10, 9, 6], [4, 0, 2]],
  },
  {
    name: "NaN first, 0 before -0, the first of equals first",
    f: (x) => lax.topK(x, 6),
    operands: [array([-0, 0, NaN, -0, 0, Infinity])],
    expected: [[NaN, Infinity, 0, 0, -0, -0], [2, 5, 1, 4, 0, 3]],
    rtol: 0,
    order: 0,
  },
  { name: "along an axis", f: (x) => lax.topK(x, 2, { axis: 0 }), operands: [random([4, 3])] },
  {
    name: "integers",
    f: (x) => lax.topK(x, 4),
    operands: [array([1, 1, 2, 2, 1, -128], "int8")],
    expected: [[2, 2, 1, 1], [2, 3, 0, 1]],
  },
  {
    name: "booleans",
    f: (x) => lax.topK(x, 2),
    operands: [array([true, false, true], "bool")],
    expected: [[true, true], [0, 2]],
  },
  { name: "none", f: (x) => lax.topK(x, 0), operands: [random([4])], vmap: false, order: 0 },
  {
    name: "more than are kept in order",
    f: (x) => lax.topK(x, 70),
    operands: [random([80], { high: 1000 })],
  },
  { name: "approximately", f: (x) => lax.approxMaxK(x, 2), operands: [random([2, 4])] },
  {
    name: "least elements",
    f: (x) => lax.approxMinK(x, 2),
    operands: [array([3, NaN, 1, 2])],
    expected: [[1, 2], [2, 3]],
    order: 0,
  },
];
testRows("topK", tops);

/** Elements as JAX orders them, with their positions; the comparison is stable. */
function sorted(xs: readonly Scalar[]): [Scalar, number][] {
  const nanLast = (x: Scalar): number => Number.isNaN(x) ? 1 : 0;
  return xs.map((x, i): [Scalar, number] => [x, i]).sort(([x], [y]) =>
    nanLast(x) - nanLast(y) || (x < y ? -1 : x > y ? 1 : 0)
  );
}

const dtypes: readonly DTypeName[] = [
  "bool",
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
];

Deno.test("sort agrees with a stable comparison sort at every length and dtype", () => {
  withConfig({ jax_enable_x64: true }, () => {
    for (const dtype of [...dtypes, "bfloat16", "float16", "float32", "float64"] as DTypeName[]) {
      const signed = asDType(dtype).kind !== "uint", wide = Math.min(2 ** (asDType(dtype).bits - 1), 2 ** 40);
      const float = asDType(dtype).kind === "float";
      for (const n of [1, 2, 63, 65, 300, 9000]) {
        const operand = random([n], {
          dtype,
          seed: n,
          low: float ? -50 : signed ? -wide : 0,
          high: float ? 50 : wide,
        });
        const x = toArray(operand), positions = toArray(iota(n)), want = sorted(elements(x));
        assertEquals(elements(lax.sort(x)), want.map(([v]) => v), `${dtype}[${n}]`);
        const [keys, order] = lax.sort([x, positions]);
        assertEquals(elements(keys!), want.map(([v]) => v), `${dtype}[${n}], keys`);
        assertEquals(elements(order!), want.map(([, i]) => i), `${dtype}[${n}], positions`);
      }
    }
  });
});

Deno.test("sort of many lines and of two long keys", () => {
  const n = 200, x = random([n, 30], { low: 0, high: 5, dtype: "int32" });
  const rows = nested(toArray(x)) as number[][];
  const columns = Array.from({ length: 30 }, (_, j) => rows.map((r) => r[j]!).sort((a, b) => a - b));
  const got = nested(lax.sort(toArray(x), 0)) as number[][];
  assertEquals(Array.from({ length: 30 }, (_, j) => got.map((r) => r[j]!)), columns);

  const first = random([500], { low: 0, high: 7, dtype: "int32" }), second = random([500], { seed: 1 });
  const [, , order] = lax.sort([toArray(first), toArray(second), toArray(iota(500))], { numKeys: 2 });
  const want = Array.from({ length: 500 }, (_, i) => i).sort((i, j) =>
    (first.data[i] as number) - (first.data[j] as number) ||
    Math.fround(second.data[i] as number) - Math.fround(second.data[j] as number) || i - j
  );
  assertEquals(elements(order!), want);
});

Deno.test("topK agrees with sorting", () => {
  const x = random([1000]), want = sorted(elements(toArray(x))).reverse();
  for (const k of [1, 5, 64, 65, 1000]) {
    const [values, positions] = lax.topK(toArray(x), k);
    assertEquals(elements(values!), want.slice(0, k).map(([v]) => v));
    const at = elements(toArray(x));
    assertEquals((elements(positions!) as number[]).map((i) => at[i]), want.slice(0, k).map(([v]) => v));
  }
});

Deno.test("approxMaxK without aggregation returns as many candidates as JAX", () => {
  const count = (shape: number[], k: number, options = {}): number =>
    lax.approxMaxK(toArray(random(shape)), k, { aggregateToTopk: false, ...options })[0].shape.at(-1)!;
  assertEquals(count([300], 1), 300);
  assertEquals(count([2, 300], 1), 128);
  assertEquals(count([1, 5000], 3), 256);
  assertEquals(count([5000], 3), 2048);
  assertEquals(count([2, 1024], 50, { recallTarget: 0.99, reductionInputSizeOverride: 10240 }), 512);
});

Deno.test("gradients follow the elements", () => {
  const gradient = (f: AnyFunction): unknown =>
    nested(grad(f)(toArray(array([2, 5, 3, 5]))) as unknown as JaxArray);
  const weights = toArray(array([1, 2, 3, 4]));
  assertEquals(gradient((x) => sumAll(lax.mul(lax.sort(x), weights))), [1, 3, 2, 4]);
  const two = toArray(array([1, 10]));
  assertEquals(gradient((x) => sumAll(lax.mul(lax.topK(x, 2)[0], two))), [0, 1, 0, 10]);
});

Deno.test("sorting refuses what JAX refuses, with its messages", () => {
  const x = toArray(array([1, 2, 3])), y = toArray(array([1, 2]));
  assertThrows(() => lax.sort([x, y]), TypeError, "Arguments to sort must have equal shapes, got: (3,) (2,)");
  assertThrows(() => lax.sort([]), TypeError, "Sort requires at least one operand");
  assertThrows(
    () => lax.sort([x, x], { numKeys: 3 }),
    ValueError,
    "num_keys=3 must be between 1 and len(operand)=2",
  );
  assertThrows(
    () => lax.sort(x, { numKeys: 3 }),
    ValueError,
    "num_keys=3 must equal 1 for a single operand.",
  );
  assertThrows(() => lax.sort(x, 1), ValueError, "axis 1 is out of bounds for array of dimension 1");
  assertThrows(() => lax.topK(x, -1), ValueError, "k argument to top_k must be nonnegative, got -1");
  assertThrows(
    () => lax.topK(x, 4),
    ValueError,
    "k argument to top_k must be no larger than size along axis; got k=4 with shape=[3] and axis=0",
  );
  assertThrows(
    () => lax.topK(toArray(array([{ re: 1, im: 2 }], "complex64")), 1),
    ValueError,
    "top_k is not compatible with complex inputs.",
  );
  assertThrows(() => lax.approxMaxK(x, 0), ValueError, "k must be positive, got 0");
  assertThrows(
    () => lax.approxMaxK(x, 4),
    ValueError,
    "k must be smaller than the size of reduction_dim 3, got 4",
  );
  assertThrows(() => lax.approxMaxK(toArray(iota(3)), 1), ValueError, "operand must be a floating type");
});
