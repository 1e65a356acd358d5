import * as jax from "../../mod.ts";
import { assert, assertThrows } from "../assert.ts";

const { errors, grad, jit, lax, numpy: np, random, vmap, withConfig } = jax;
type Key = jax.Array;

const twice = (f: (key: Key) => unknown) => () => {
  const key = random.key(0);
  f(key);
  f(key);
};
const zero = np.float32(0) as jax.Array;
const normals = vmap((k: Key) => random.normal(k));
const added = (k: Key) => (_: unknown, x: jax.Array) => x.add(random.normal(k));

const reused: Record<string, () => unknown> = {
  "a sampler twice": twice((k) => random.normal(k)),
  "bits twice": twice((k) => random.bits(k)),
  "split twice": twice((k) => random.split(k)),
  "an old part": () => {
    const key = random.key(0);
    random.split(key);
    random.normal(key);
  },
  "an element twice": () => {
    const keys = random.split(random.key(0));
    random.normal(keys.get(0));
    random.normal(keys.get(0));
  },
  "mapped keys twice": () => {
    const keys = random.split(random.key(0));
    normals(keys);
    normals(keys);
  },
  "inside of jit": () => jit((k: Key) => random.normal(k).add(random.uniform(k)))(random.key(0)),
  "a compiled function twice": twice(jit((k: Key) => random.normal(k))),
  "captured by two compiled functions": twice((k) => jit((x: jax.Array) => x.add(random.normal(k)))(zero)),
  "captured by a loop": () => lax.foriLoop(0, 3, added(random.key(0)), zero),
  "carried by a scan": () => lax.scan((k: Key) => [k, random.normal(k)], random.key(0), null, { length: 3 }),
  "captured by a while loop": () => {
    const key = random.key(0), step = added(key);
    lax.whileLoop((x: jax.Array) => x.lt(3), (x: jax.Array) => step(0, x).add(1), zero);
  },
  "scanned twice": () => {
    const keys = random.split(random.key(0), 3);
    for (let i = 0; i < 2; i++) lax.scan((c: jax.Array, k: Key) => [c, random.normal(k)], zero, keys);
  },
  "after a branch": () => {
    const key = random.key(0);
    lax.cond(true, (k: Key) => random.normal(k), () => zero, key);
    random.normal(key);
  },
  "poisson twice": twice((k) => random.poisson(k, 3)),
  "binomial twice": twice((k) => random.binomial(k, 10, 0.3)),
  "poisson, then another, in one program": () =>
    jit((k: Key) => [random.poisson(k, 3), random.normal(k)])(random.key(0)),
};

const allowed: Record<string, () => unknown> = {
  "parts of a split": () => [...random.split(random.key(0))].map((k) => random.normal(k)),
  "distinct elements": () => {
    const keys = random.split(random.key(0));
    random.normal(keys.get(0));
    random.normal(keys.get(1));
  },
  "numbers folded in": twice((k) => random.foldIn(k, 1)),
  "reading the words": twice((k) => random.keyData(k)),
  "a clone": () => {
    const key = random.key(0);
    random.normal(key);
    random.normal(random.clone(key));
  },
  "comparing": () => {
    const key = random.key(0);
    key.eq(key);
    random.normal(key);
  },
  "a compiled function that does not use it": twice(jit((_: Key) => zero)),
  "either branch": () =>
    lax.cond(true, (k: Key) => random.normal(k), (k: Key) => random.uniform(k), random.key(0)),
  "a loop that folds in": () => {
    const key = random.key(0),
      step = (i: jax.Array, x: jax.Array) => x.add(random.normal(random.foldIn(key, i)));
    lax.foriLoop(0, 3, step, zero);
  },
  "a scan that carries the rest": () =>
    lax.scan(
      (k: Key) => {
        const [next, now] = random.split(k);
        return [next, random.normal(now!)];
      },
      random.key(0),
      null,
      { length: 3 },
    ),
  "a gradient": () => grad((a: jax.Array) => random.gamma(random.key(0), a))(np.float32(2) as jax.Array),
  poisson: () => random.poisson(random.key(0), 3),
  binomial: () => random.binomial(random.key(0), 10, 0.3),
  multinomial: () => random.multinomial(random.key(0), 10, np.array([0.5, 0.5])),
  ball: () => random.ball(random.key(0), 3),
  permutation: () => random.permutation(random.key(0), np.zeros([4, 2])),
};

for (const [name, f] of Object.entries(reused)) {
  Deno.test(`key reuse is found: ${name}`, () => {
    const error = assertThrows(() => withConfig({ jax_debug_key_reuse: true }, f));
    assert(error instanceof errors.KeyReuseError, String(error));
    f();
  });
}

for (const [name, f] of Object.entries(allowed)) {
  Deno.test(`no key reuse: ${name}`, () => {
    withConfig({ jax_debug_key_reuse: true }, f);
  });
}
