/** Calls that array libraries are known to answer wrongly without a word. */
import { grad, jit, jvp, lax, nn, numpy as np, tree, withConfig } from "../../mod.ts";
import { assert, assertAllClose, assertEquals, assertThrows } from "../assert.ts";

const f32 = (x: number[]): np.Array => np.array(x);
const x64 = <T>(f: () => T): T => withConfig({ jax_enable_x64: true }, f);

Deno.test("a static function argument is part of the cache key", () => {
  const apply = jit((x: np.Array, f: (x: np.Array) => np.Array) => f(x), { staticArgnums: [1] });
  assertAllClose(apply(np.float32(1), np.sin), Math.sin(1), { rtol: 1e-6 });
  assertAllClose(apply(np.float32(1), np.exp), Math.exp(1), { rtol: 1e-6 });
});

Deno.test("dtype and weak type of arguments are part of the cache key", () => {
  const half = jit((x: np.Array) => x.mul(0.5));
  assertEquals(half(np.float32(3)).dtype, np.float32);
  assertEquals(half(np.array([3], { dtype: "float16" })).dtype, np.float16);
  const three = jit((x: np.Array) => x.add(np.array(3)));
  assertEquals(three(np.int8(1)).dtype, np.float32);
  assertEquals(jit((x: np.Array) => x.add(3n as unknown as number))(np.int8(1)).dtype, np.int8);
});

Deno.test("an integer array and a fraction give floats", () => {
  const y = np.arange(3).add(0.5);
  assertEquals(y.dtype, np.float32);
  assertAllClose(y, [0.5, 1.5, 2.5]);
});

Deno.test("the right shift of signed integers keeps the sign", () => {
  assertEquals(np.array([-8n, 8n]).rshift(1).toArray(), [-4, 4]);
});

Deno.test("the remainder of integers has no tangent", () => {
  const [y, t] = jvp(
    (x: np.Array) => np.mod(x.astype(np.int32), 3).astype(np.float32).add(x),
    [f32([4, 5])],
    [f32([1, 1])],
  );
  assertAllClose(y, [5, 7]);
  assertAllClose(t, [1, 1]);
});

Deno.test("tree.map pairs entries by key", () => {
  assertEquals(tree.map((a: number, b: number) => a - b, { x: 1, y: 2 }, { y: 20, x: 10 }), {
    x: -9,
    y: -18,
  });
});

Deno.test("argmax gives the first NaN", () => {
  assertEquals(np.argmax(f32([1, NaN, 3])).item(), 1);
  assertEquals(np.argmin(f32([1, NaN, 3])).item(), 1);
});

Deno.test("indices outside never read a neighbour", () => {
  const m = np.arange(6).reshape([2, 3]);
  assertEquals(m.get(np.array([5n]), 0).toArray(), [3]); // clamped to the last row
  assert(Number.isNaN(np.take(f32([1, 2]), np.array([7n])).get(0).item()));
  assertEquals(f32([1, 2]).at(np.array([7n])).set(9).toArray(), [1, 2]); // dropped
});

Deno.test("a traced condition raises instead of taking a branch", () => {
  assertThrows(
    () => jit((x: np.Array) => (x.gt(0) as unknown as number) > 0 ? x : x.neg())(np.float32(1)),
    TypeError,
  );
  assertThrows(
    () => jit((x: np.Array) => (x as unknown as number) > 0 ? x : x.neg())(np.float32(1)),
    TypeError,
  );
});

Deno.test("the gradient of an integer raises", () => {
  assertThrows(() => grad((x: np.Array) => x.mul(2))(np.int32(3)), TypeError, "int32");
});

Deno.test("a product with a zero has finite gradients", () => {
  assertAllClose(grad((x: np.Array) => np.prod(x))(f32([2, 0, 3])), [0, 6, 0]);
  assertAllClose(grad((x: np.Array) => np.prod(x))(f32([0, 0, 3])), [0, 0, 0]);
});

Deno.test("relu is flat at zero", () => {
  assertEquals(grad(nn.relu)(0).item(), 0);
});

Deno.test("ties of max share the gradient", () => {
  assertAllClose(grad((x: np.Array) => np.max(x))(f32([2, 2, 1])), [0.5, 0.5, 0]);
  assertAllClose(grad((x: np.Array) => np.maximum(x, 2))(2), 0.5);
});

Deno.test("elementary functions keep their digits", () => {
  const near = f32([0.9999, 1.0001, 1.9999, 2.0001, 0.50001]);
  const want = (near.toArray() as number[]).map(Math.log);
  assertAllClose(np.log(near), want, { rtol: 2e-7, atol: 0 });
  assertAllClose(np.exp(np.float32(88.5)), 2.7230e38, { rtol: 1e-4 });
  assertAllClose(np.sin(np.float32(1e5)), Math.sin(1e5), { rtol: 1e-6 });
  assertAllClose(np.tanh(np.float32(1e-8)), 1e-8, { rtol: 1e-6, atol: 0 });
  assertAllClose(np.hypot(np.float32(3e20), np.float32(4e20)), 5e20, { rtol: 1e-6 });
  assertEquals(np.arctan2(np.float32(0), np.float32(0)).item(), 0);
});

Deno.test("powers and quotients are exact where they can be", () => {
  assertEquals(np.power(np.float32(-3), 3).item(), -27);
  assertEquals(np.power(np.array([2n, -3n]), 3).toArray(), [8, -27]);
  const n = np.arange(1, 200).astype(np.float32);
  assert(np.all(n.div(n).eq(1)).item());
});

Deno.test("a long sum of float32 keeps its digits", () => {
  const n = 20_000_000;
  assertAllClose(np.sum(np.full([n], 0.1, { dtype: "float32" })), n * Math.fround(0.1), { rtol: 1e-6 });
});

Deno.test("float64 functions are computed in float64", () => {
  x64(() => assertAllClose(np.sin(np.float64(1)), Math.sin(1), { rtol: 1e-15, atol: 0 }));
});

Deno.test("singular values far below the largest keep their digits", () => {
  x64(() => {
    const s = np.linalg.svd(np.array([[1, 1], [0, 1e-10]]), { computeUv: false }) as np.Array;
    assertAllClose(s.get(1), 1e-10 / Math.SQRT2, { rtol: 1e-5, atol: 0 });
  });
});

Deno.test("transforms of prime length are right", () => {
  const n = 97, x = np.sin(np.arange(n).astype(np.float32));
  assertAllClose(np.real(np.fft.ifft(np.fft.fft(x))), x, { atol: 1e-5 });
});

Deno.test("a literal's dtype belongs to the program", () => {
  const jaxpr = String(lax.add(np.float32(1), 2).dtype);
  assertEquals(jaxpr, "float32");
});
