import * as jax from "../../mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

const { extend, numpy: np, random, vmap, withConfig } = jax;
const published = JSON.parse(Deno.readTextFileSync(new URL("published.json", import.meta.url)));
const words = (key: jax.Array): number[] => [...random.keyData(key).dataSync() as Uint32Array];

Deno.test("threefry gives the published values of Random123", () => {
  for (const { key, count, out } of published.threefry as Record<string, string[]>[]) {
    const u32 = (hex: readonly string[]) => new Uint32Array(hex.map(Number));
    const got = extend.random.threefry2x32(u32(key!), u32(count!));
    assertEquals([...got.dataSync() as Uint32Array], out!.map(Number));
  }
});

Deno.test("keys of seeds are the published ones", () => {
  for (const [seed, data] of published.seeds32) assertEquals(words(random.key(seed)), data);
  withConfig({ jax_enable_x64: true }, () => {
    for (const [seed, data] of published.seeds64) {
      assertEquals(words(random.key(seed)), data);
      assertEquals(words(random.key(BigInt(seed))), data);
    }
    assertEquals(words(random.key(2n ** 40n + 5n)), [256, 5]);
  });
});

Deno.test("a seed on the device gives the key of the same seed on the host", () => {
  const seeds = [0, 7, -1, 2147483647];
  const mapped = vmap((s: jax.Array) => random.key(s))(np.array(seeds.map(BigInt)));
  assertEquals(
    [...random.keyData(mapped).dataSync() as Uint32Array],
    seeds.flatMap((s) => words(random.key(s))),
  );
});

Deno.test("the seed offset is added", () => {
  withConfig({ jax_random_seed_offset: 10 }, () => {
    assertEquals(words(random.key(32)), [0, 42]);
    assertEquals(words(random.key(np.int32(32) as jax.Array)), [0, 42]);
  });
});

Deno.test("split and foldIn agree: key i of a split is i folded in", () => {
  const key = random.key(3), keys = random.split(key, 5);
  for (let i = 0; i < 5; i++) assertEquals(words(keys.get(i)), words(random.foldIn(key, i)));
  assertEquals([...random.split(key, [2, 3]).shape], [2, 3]);
  assertEquals(random.split(key, { num: 4 }).shape.length, 1);
  const mapped = vmap((i: jax.Array) => random.foldIn(key, i))(np.arange(5));
  assertEquals(words(mapped), words(keys));
});

Deno.test("old keys are taken everywhere, and give old keys", () => {
  const old = random.PRNGKey(5), key = random.key(5);
  assertEquals(old.dtype.name, "uint32");
  assertEquals([...old.dataSync() as Uint32Array], words(key));
  for (const f of [(k: jax.Array) => random.split(k), (k: jax.Array) => random.foldIn(k, 3), random.clone]) {
    assertEquals(f(old).dtype.name, "uint32");
    assertEquals([...f(old).dataSync() as Uint32Array], words(f(key)));
  }
  assertEquals(String(random.normal(old, [3])), String(random.normal(key, [3])));
  assertEquals(String(random.normal(new Uint32Array([0, 5]), [3])), String(random.normal(key, [3])));
});

Deno.test("options may be given by position or by name", () => {
  const key = random.key(0), x = String(random.uniform(key, [2], "float16", -1, 1));
  assertEquals(String(random.uniform(key, { shape: [2], dtype: "float16", minval: -1, maxval: 1 })), x);
  assertEquals(String(random.uniform(key, [2], { dtype: "float16", minval: -1, maxval: 1 })), x);
  assertEquals(random.uniform(key, 3).shape.length, 1);
  assertThrows(() => random.uniform(key, { shpae: [2] } as object), TypeError, "shape");
  assertThrows(() => random.normal(key, [2], { shape: [3] }), TypeError, "multiple values");
});

const key = random.key(0);
// deno-lint-ignore no-explicit-any -- calls with arguments that the types refuse
const any = random as any;
const errors: [string, () => unknown, string, string][] = [
  ["several keys", () => random.normal(random.split(key), [2]), "ValueError", "Use jax.vmap"],
  ["no key", () => any.normal(5, [3]), "TypeError", "random.key(seed)"],
  ["words of another length", () => random.normal(new Uint32Array(3)), "TypeError", "end with (2,)"],
  ["words of another dtype", () => random.wrapKeyData(np.zeros([2])), "TypeError", "dtype = uint32"],
  ["scalar words", () => random.wrapKeyData(np.zeros([], { dtype: "uint32" })), "TypeError", "ndim >= 1"],
  ["a seed that is no integer", () => random.key(1.5), "TypeError", "must be an integer"],
  ["several seeds", () => random.key(np.arange(2)), "TypeError", "scalar seed"],
  ["a key as a seed", () => random.key(key), "TypeError", "PRNG key"],
  ["an inexact seed", () => random.key(2 ** 60), "ValueError", "bigint"],
  ["a traced number as a seed", () => jax.jit((s: number) => random.key(s))(1), "TypeError", "static"],
  ["a negative number folded in", () => random.foldIn(key, -1), "OverflowError", "uint32"],
  ["several numbers folded in", () => random.foldIn(key, np.arange(2)), "TypeError", "scalar"],
  ["a negative size", () => random.normal(key, [-1]), "TypeError", "non-negative"],
  ["an unknown implementation", () => random.key(0, { impl: "nope" }), "ValueError", "threefry2x32"],
  ["rbg", () => random.key(0, { impl: "rbg" }), "NotImplementedError", "rbg"],
  ["both impl and dtype", () => random.key(0, { impl: "threefry2x32", dtype: "rbg" }), "ValueError", "both"],
  [
    "a dtype that is no float",
    () => random.uniform(key, [2], "int32"),
    "ValueError",
    "must be a float dtype",
  ],
  ["bits of a signed dtype", () => random.bits(key, [2], "int32"), "ValueError", "unsigned"],
  ["randint of floats", () => random.randint(key, [3], 0, 5, "float32"), "TypeError", "only accepts integer"],
  ["limits that do not fit", () => random.randint(key, [3], np.zeros([2]), 3), "ValueError", "broadcasting"],
  [
    "a parameter of more axes",
    () => random.gamma(key, np.ones([2, 3]), [3]),
    "ValueError",
    "parameter shapes",
  ],
  [
    "a parameter that is cut",
    () => random.beta(key, np.float32(1) as jax.Array, 2, { dtype: "float16" }),
    "TypePromotionError",
    "float32",
  ],
  ["probabilities of integers", () => random.bernoulli(key, np.arange(2)), "TypeError", "floating"],
  ["an unknown mode", () => any.bernoulli(key, 0.5, { mode: "x" }), "ValueError", "'high' or 'low'"],
  ["an unknown Gumbel mode", () => any.gumbel(key, { mode: "zz" }), "ValueError", "zz"],
  ["too large a sample", () => random.choice(key, 3, [5], false), "ValueError", "larger sample"],
  ["a shape that is no list", () => any.choice(key, 5, 3), "TypeError", "sequence"],
  ["p of another size", () => random.choice(key, 5, [2], { p: np.ones([3]) }), "ValueError", "same size"],
  ["nothing to choose", () => random.choice(key, 0), "ValueError", "greater than 0"],
  ["a fractional permutation", () => random.permutation(key, 2.5), "TypeError", "integer"],
  ["scalar alpha", () => random.dirichlet(key, 2), "ValueError", "alpha.ndim >= 1"],
  [
    "a covariance of another size",
    () => random.multivariateNormal(key, np.zeros([3]), np.eye(2)),
    "ValueError",
    "n=3",
  ],
  [
    "an unknown factor",
    () => any.multivariateNormal(key, np.zeros([2]), np.eye(2), { method: "q" }),
    "ValueError",
    "method",
  ],
  ["another algorithm", () => any.gamma(key, 1, { method: "fast" }), "ValueError", "exact"],
];

for (const [what, f, name, part] of errors) {
  Deno.test(`refused: ${what}`, () => {
    let error: unknown = null;
    try {
      f();
    } catch (e) {
      error = e;
    }
    assert(error instanceof Error, "nothing was raised");
    assert(error.name === name && error.message.includes(part), `got ${error.name}: ${error.message}`);
  });
}
