import { errors, grad, jit, makeJaxpr, numpy as np, vmap } from "../../mod.ts";
import { assertAllClose, assertEquals, assertThrows } from "../assert.ts";

// deno-lint-ignore no-explicit-any -- functions are taken by name, wrong arguments are tried on purpose
type Any = any;

const type = (x: np.Array): string => `${x.aval}${x.weakType ? " weak" : ""}`;
const jaxpr = (f: Any, ...args: Any[]): string => String(makeJaxpr(f)(...args));

Deno.test("reductions: dtypes", () => {
  const dtypes = ["bool", "int8", "uint8", "int32", "float16", "bfloat16", "float32", "complex64"] as const;
  const of = (f: (x: np.Array) => np.Array): string =>
    dtypes.map((dtype) => f(np.ones(3, dtype)).dtype.name).join(" ");
  const wide = "int32 int32 uint32 int32 float16 bfloat16 float32 complex64";
  assertEquals([np.sum, np.prod, np.nansum].map((f) => of((x) => f(x))), [wide, wide, wide]);
  assertEquals(
    of((x) => np.sum(x, { promoteIntegers: false })),
    "int32 int8 uint8 int32 float16 bfloat16 float32 complex64",
  );
  const inexact = "float32 float32 float32 float32 float16 bfloat16 float32 complex64";
  assertEquals([np.mean, np.nanmean, np.average].map((f) => of((x) => f(x))), [inexact, inexact, inexact]);
  const real = "float32 float32 float32 float32 float16 bfloat16 float32 float32";
  assertEquals([np.var, np.std, np.nanvar].map((f) => of((x) => f(x))), [real, real, real]);
  assertEquals(of((x) => np.max(x)), dtypes.join(" "));
  assertEquals(
    of((x) => np.cumsum(x)),
    "int32 int8 uint8 int32 float16 bfloat16 float32 complex64",
  );
  assertEquals(of((x) => np.cumulativeSum(x)), wide);
  assertEquals([np.sum(2), np.max(2), np.mean(2n), np.cumsum(2)].map(type), [
    "float32[]",
    "float32[]",
    "float32[]",
    "float32[1]",
  ]);
});

Deno.test("reductions: positional arguments and options", () => {
  const x = np.arange(6).reshape(2, 3), mask = x.gt(1);
  assertEquals(np.sum(x, 0, "float32", null, true, 1, mask).toArray(), [[4, 5, 8]]);
  assertEquals(np.sum(x, 0, { keepdims: true, where: mask, initial: 1 }).toArray(), [[4, 5, 8]]);
  assertEquals(np.mean(x, { axis: [0, -1] }).item(), 2.5);
  assertEquals(np.max(x, { where: mask, initial: -1, axis: 1 }).toArray(), [2, 5]);
  assertEquals(np.sum(x, []).toArray(), x.toArray());
  assertEquals(np.sum(x, { axis: np.array([0n, 1n]) as Any }).item(), 15);
  assertThrows(() => np.sum(x, 0, { axis: 1 }), TypeError, "multiple values for argument 'axis'");
  assertThrows(() => np.sum(x, { axes: 0 } as Any), TypeError, 'did you mean "axis"');
  assertThrows(() => np.sum(x, { out: x } as Any), errors.NotImplementedError, "'out' argument to jnp.sum");
  assertThrows(() => np.all(x, 0, null, true, mask as Any), TypeError, "at most 3 optional arguments");
  assertThrows(() => jit((x: Any, axis: Any) => np.sum(x, axis))(x, 0), errors.TracerIntegerConversionError);
  assertThrows(() => np.mean(x, { where: x }), errors.ValueError, "must be None or a boolean array");
  assertThrows(() => np.max(x, { where: mask }), errors.ValueError, "does not have an identity");
  assertThrows(() => np.sum(x, { initial: x }), errors.ValueError, "initial value must be a scalar");
  assertThrows(
    () => np.min(np.zeros([0, 2])),
    errors.ValueError,
    "zero-size array to reduction operation min",
  );
  assertThrows(() => np.var(x, { ddof: 1, correction: 1 }), errors.ValueError, "simultaneously");
  assertThrows(() => np.argmax(x, 2), errors.IndexError, "tuple index out of range");
});

Deno.test("reductions: an initial value keeps all bits beside integers", () => {
  assertEquals(np.sum(np.int32([1]), { initial: 16777217 }).item(), 16777218);
  assertEquals(np.max(np.int32([1]), { initial: 2.9 }).item(), 2);
  assertEquals(np.min(np.uint8([9, 7]), { initial: 3, where: np.array([true, false]) }).item(), 3);
});

Deno.test("reductions: infinities stand for the extreme integers under a mask", () => {
  const none = np.array([false, false]);
  assertEquals(np.max(np.int8([1, 2]), { where: none, initial: -128 }).item(), -128);
  assertEquals(np.min(np.uint16([1, 2]), { where: none, initial: 65535 }).item(), 65535);
  assertEquals(np.max(np.array([true, true]), { where: none, initial: false }).item(), false);
});

Deno.test("reductions: half precision and many elements are accurate", () => {
  assertEquals(np.mean(np.full([4096], 300, "float16")).item(), 300);
  assertEquals(np.sum(np.ones(4096, "bfloat16")).item(), 4096);
  assertAllClose(np.std(np.array([1e3, 1e3 + 1, 1e3 + 2], { dtype: "float16" })).item(), Math.sqrt(2 / 3), {
    rtol: 1e-3,
  });
  assertAllClose(np.sum(np.full([1_000_000], 0.1)).item(), 1e5, { rtol: 1e-6 });
});

Deno.test("reductions: variance of complex numbers, and where the divisor is not positive", () => {
  const z = np.array([{ re: 1, im: 2 }, { re: 0, im: 0 }]);
  assertEquals(np.var(z).item(), 1.25);
  assertThrows(() => np.var(z, { dtype: "float32" }), errors.ValueError, "real dtype parameters");
  assertEquals(np.var(np.array([1]), { ddof: 1 }).item(), NaN);
  assertEquals(np.nanvar(np.array([1, NaN]), { ddof: 1 }).item(), NaN);
  assertAllClose(np.var(np.array([1, 2, 4]), { correction: 0.5 }).item(), 14 / 3 / 2.5);
  assertAllClose(np.std(np.array([1, 2, 4]), { mean: np.array([0]) }).item(), Math.sqrt(7));
  assertThrows(() => np.std(z, { dtype: "int32" }), errors.ValueError, "must be inexact");
});

Deno.test("reductions: averages", () => {
  const x = np.arange(6).reshape(2, 3);
  assertAllClose(np.average(x, { axis: 1, weights: np.array([1, 2, 3]) }), [8 / 6, 26 / 6]);
  const [mean, total] = np.average(x, { axis: 0, weights: np.array([3, 1]), returned: true });
  assertEquals([mean.toArray(), total.toArray()], [[0.75, 1.75, 2.75], [4, 4, 4]]);
  const [, count] = np.average(x, 1, null, true);
  assertEquals(count.toArray(), [3, 3]);
  assertThrows(() => np.average(x, { weights: np.ones(3) }), errors.ValueError, "Axis must be specified");
  assertThrows(() => np.average(x, 0, np.ones(3)), errors.ValueError, "consistent with shape of a");
});

Deno.test("reductions: NaN", () => {
  const x = np.array([[1, NaN, 3], [NaN, NaN, NaN]]);
  assertEquals(np.nansum(x, 1).toArray(), [4, 0]);
  assertEquals(np.nanprod(x, 1).toArray(), [3, 1]);
  assertEquals(np.nanmax(x, 1).toArray(), [3, NaN]);
  assertEquals(np.nanmin(x, { axis: 1, initial: 2 }).toArray(), [1, 2]);
  assertEquals(np.nanmean(x, 1).toArray(), [2, NaN]);
  assertEquals(np.nanargmax(x, 1).toArray(), [2, -1]);
  assertEquals(np.nanargmin(x, 1, { keepdims: true }).toArray(), [[0], [-1]]);
  assertEquals(np.nanmedian(x, 1).toArray(), [2, NaN]);
  assertEquals(np.nancumsum(x, 1).toArray(), [[1, 1, 4], [0, 0, 0]]);
  assertEquals([np.max(x), np.argmax(x), np.median(x)].map((y) => y.item()), [NaN, 1, NaN]);
});

Deno.test("reductions: cumulative ones begin with nothing, and need an axis", () => {
  const x = np.arange(1, 5).reshape(2, 2);
  assertEquals(np.cumulativeProd(x, { axis: 0, includeInitial: true }).toArray(), [[1, 1], [1, 2], [3, 8]]);
  assertEquals(np.cumsum(x, { dtype: "bool" }).toArray(), [true, true, true, true]);
  assertThrows(() => np.cumulativeSum(x), errors.ValueError, "axis was not set to an explicit value");
  assertThrows(() => np.cumulativeSum(1), errors.ValueError, "must be non-scalar");
});

Deno.test("reductions: jaxprs", () => {
  const x = np.ones(4);
  const flat = (text: string): string => text.replace(/\s+/g, " ");
  assertEquals(
    flat(jaxpr((x: Any) => np.sum(x, { where: x.gt(0) }), x)),
    "{ lambda ; a:f32[4]. let b:bool[4] = gt a 0.0:f32[] c:f32[4] = jit[ name=_where jaxpr={ lambda ; b:bool[4] " +
      "a:f32[4] d:f32[]. let e:f32[4] = broadcast_in_dim d c:f32[4] = select_n b e a in (c,) } ] b a 0.0:f32[] " +
      "f:f32[] = reduce_sum[axes=(0,) out_sharding=None] c in (f,) }",
  );
  assertEquals(
    flat(jaxpr((x: Any) => np.max(x, { initial: 3 }), x)),
    "{ lambda ; a:f32[4]. let b:f32[] = reduce_max[axes=(0,)] a c:f32[] = max 3.0:f32[] b in (c,) }",
  );
  assertEquals(
    flat(jaxpr(np.cumulativeSum, np.ones(3, "int8"))),
    "{ lambda ; a:i8[3]. let b:i32[3] = jit[ name=_cumsum_with_promotion jaxpr={ lambda ; a:i8[3]. let " +
      "c:i32[3] = convert_element_type[new_dtype=int32 weak_type=False] a b:i32[3] = cumsum[axis=0 reverse=False] c " +
      "in (b,) } ] a in (b,) }",
  );
  assertEquals(
    flat(jaxpr((x: Any) => np.sum(x, { dtype: "bool" }), np.ones(3, "int32"))),
    "{ lambda ; a:i32[3]. let b:bool[3] = convert_element_type[new_dtype=bool weak_type=False] a " +
      "c:bool[] = reduce_or[axes=(0,)] b in (c,) }",
  );
});

Deno.test("reductions: gradients and vmap", () => {
  const x = np.array([1, 2, 4]);
  assertAllClose(grad((x: Any) => np.std(x))(x), [-0.35634834, -0.08908708, 0.44543537]);
  assertAllClose(grad((x: Any) => np.mean(x, { where: x.gt(1) }))(x), [0, 0.5, 0.5]);
  assertAllClose(grad((x: Any) => np.nanvar(x))(np.array([1, NaN, 4])), [-1.5, 0, 1.5]);
  assertAllClose(grad((x: Any) => np.average(x, { weights: x }))(x), [-0.142857, 0.142857, 0.714286], {
    rtol: 1e-4,
  });
  assertAllClose(grad((x: Any) => np.prod(x))(np.array([2, 0, 4])), [0, 8, 0]);
  const rows = np.array([[1, 2, NaN], [3, 9, 3]]);
  for (const name of ["nansum", "nanmax", "nanmean", "nanstd", "nanargmin", "cumsum", "ptp", "median"]) {
    const f = (np as Any)[name] as (x: np.Array) => np.Array;
    assertAllClose(vmap(f)(rows), np.stack([f(rows.get(0)), f(rows.get(1))]));
  }
});
