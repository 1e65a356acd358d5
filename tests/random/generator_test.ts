import * as jax from "../../mod.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { readLines, under } from "./_cases.ts";

const { jit, lax, numpy: np, vmap } = jax;

interface GeneratorCase {
  readonly x64: boolean;
  readonly kd: "uint32" | "uint64";
  readonly key: readonly (number | string)[];
  readonly algo: number;
  readonly shape: readonly number[];
  readonly dt: "uint8" | "uint16" | "uint32" | "uint64";
  readonly state: readonly string[];
  readonly bits: readonly string[];
}

const text = (x: jax.Array): string[] => Array.from(x.dataSync() as Uint32Array, String);

Deno.test("rngBitGenerator gives the bits and the states of XLA", () => {
  const cases = readLines<GeneratorCase>("generator.jsonl");
  for (const c of cases) {
    under(c, () => {
      const key = np.array(c.key.map((x) => BigInt(x)), { dtype: c.kd });
      const [state, bits] = lax.rngBitGenerator(key, c.shape, c.dt, c.algo);
      const where = JSON.stringify({ ...c, bits: undefined, state: undefined });
      assertEquals(text(state), [...c.state], where);
      assertEquals(text(bits), [...c.bits], where);
      assertEquals([bits.dtype.name, ...bits.shape], [c.dt, ...c.shape], where);
    });
  }
  assert(cases.length > 100);
});

Deno.test("a mapped rngBitGenerator draws from the first state, as JAX's", () => {
  const states = np.array([[1n, 2n, 3n, 4n], [5n, 6n, 7n, 8n]], { dtype: "uint32" });
  const [next, bits] = vmap((k: jax.Array) => lax.rngBitGenerator(k, [2]))(states);
  assertEquals(text(next), ["1", "2", "4", "4", "5", "6", "7", "8"]);
  assertEquals(text(bits), ["512747620", "1298009047", "1267190206", "761827841"]);
});

Deno.test("rngBitGenerator refuses other states, dtypes and algorithms", () => {
  const state = np.zeros([4], { dtype: "uint32" });
  assertThrows(() => lax.rngBitGenerator(np.zeros([2], { dtype: "uint32" }), [3]), TypeError, "uint32[4]");
  assertThrows(() => lax.rngBitGenerator(state, [3], "float32"), TypeError, "unsupported dtype");
  assertThrows(() => lax.rngBitGenerator(state, [3], { algorithm: 7 }), RangeError, "RNG_THREE_FRY");
});

Deno.test("rngUniform gives other numbers at each run, of compiled programs too", () => {
  const f = jit(() => lax.rngUniform(2, 3, [50]));
  const x = f(), y = f();
  assert(String(x) !== String(y), "the same numbers twice");
  for (const z of [x, y]) assert(z.min().item<number>() >= 2 && z.max().item<number>() < 3);
  assertThrows(() => lax.rngUniform(np.zeros([2]), 1, [2]), RangeError, "must be scalars");
  assertThrows(
    () => lax.rngUniform(np.int32(0) as jax.Array, np.int32(3) as jax.Array, [2]),
    TypeError,
    "randint",
  );
});
