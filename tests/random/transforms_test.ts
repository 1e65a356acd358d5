import * as jax from "../../mod.ts";
import { assert, assertAllClose, assertEquals } from "../assert.ts";

const { grad, jit, jvp, lax, numpy: np, random, vmap } = jax;
type Sampler = (key: jax.Array) => jax.Array;
const alpha = np.array([0.5, 1, 3]), logits = np.array([[0.1, 2, -1], [0, 0, 1]]);

const samplers: Record<string, Sampler> = {
  bits: (k) => random.bits(k, [3], "uint8"),
  uniform: (k) => random.uniform(k, [2, 2]),
  normal: (k) => random.normal(k, [3]),
  "complex normal": (k) => random.normal(k, [3], "complex64"),
  truncatedNormal: (k) => random.truncatedNormal(k, -1, 2, [3]),
  lognormal: (k) => random.lognormal(k, 0.5, [3]),
  maxwell: (k) => random.maxwell(k, [3]),
  doubleSidedMaxwell: (k) => random.doubleSidedMaxwell(k, 1, 2, [3]),
  wald: (k) => random.wald(k, 2, [3]),
  randint: (k) => random.randint(k, [4], -3, 9),
  bernoulli: (k) => random.bernoulli(k, 0.4, [4]),
  rademacher: (k) => random.rademacher(k, [4]),
  geometric: (k) => random.geometric(k, 0.3, [4]),
  categorical: (k) => random.categorical(k, logits),
  "categorical without replacement": (k) => random.categorical(k, logits, { shape: [2, 2], replace: false }),
  permutation: (k) => random.permutation(k, 6),
  "permutation of rows": (k) => random.permutation(k, logits),
  choice: (k) => random.choice(k, 5, [3], { p: np.array([0.1, 0.2, 0.3, 0.2, 0.2]) }),
  "choice without replacement": (k) => random.choice(k, 5, [3], false),
  gumbel: (k) => random.gumbel(k, [3]),
  "finest gumbel": (k) => random.gumbel(k, [3], { mode: "highest" }),
  exponential: (k) => random.exponential(k, [3]),
  laplace: (k) => random.laplace(k, [3]),
  logistic: (k) => random.logistic(k, [3]),
  cauchy: (k) => random.cauchy(k, [3]),
  pareto: (k) => random.pareto(k, 3, [3]),
  rayleigh: (k) => random.rayleigh(k, 2, [3]),
  weibullMin: (k) => random.weibullMin(k, 1, 2, [3]),
  triangular: (k) => random.triangular(k, 0, 1, 3, [3]),
  gamma: (k) => random.gamma(k, 0.7, [3]),
  loggamma: (k) => random.loggamma(k, 2, [3]),
  beta: (k) => random.beta(k, 2, 0.5, [3]),
  chisquare: (k) => random.chisquare(k, 3, [3]),
  dirichlet: (k) => random.dirichlet(k, alpha, [2]),
  t: (k) => random.t(k, 3, [3]),
  f: (k) => random.f(k, 3, 5, [3]),
  generalizedNormal: (k) => random.generalizedNormal(k, 3, [3]),
  poisson: (k) => random.poisson(k, np.array([0.5, 4, 40])),
  binomial: (k) => random.binomial(k, np.array([5, 60]), 0.4),
  multinomial: (k) => random.multinomial(k, 12, np.array([0.2, 0.3, 0.5])),
  multivariateNormal: (k) => random.multivariateNormal(k, np.zeros([2]), np.array([[2, 0.5], [0.5, 1]]), [2]),
  orthogonal: (k) => random.orthogonal(k, 3),
  ball: (k) => random.ball(k, 3),
  foldIn: (k) => random.keyData(random.foldIn(k, 4)),
  split: (k) => random.keyData(random.split(k, 3)),
  clone: (k) => random.keyData(random.clone(k)),
};

for (const [name, f] of Object.entries(samplers)) {
  // Compiled together, products and sums may round once less.
  const near = { rtol: 2e-5, atol: 2e-6 };
  Deno.test(`${name}: jit and vmap give the samples of single calls`, () => {
    const keys = random.split(random.key(8), 3), single = [0, 1, 2].map((i) => f(keys.get(i)));
    assertAllClose(jit(f)(keys.get(0)), single[0]!, near);
    const mapped = vmap(f)(keys);
    assertEquals([...mapped.shape], [3, ...single[0]!.shape]);
    assertEquals(mapped.dtype.name, single[0]!.dtype.name);
    single.forEach((x, i) => assertAllClose(mapped.get(i), x, near));
    const grid = vmap(vmap(f))(keys.reshape(3, 1));
    single.forEach((x, i) => assertAllClose(grid.get(i, 0), x, near));
  });
}

Deno.test("keys are mapped along any axis, and in loops", () => {
  const keys = random.split(random.key(1), [2, 3]);
  const columns = vmap((k: jax.Array) => vmap((x: jax.Array) => random.normal(x))(k), { inAxes: 1 })(keys);
  assertAllClose(columns.get(2, 1), random.normal(keys.get(1, 2)));
  const [last, drawn] = lax.scan(
    (k: jax.Array) => {
      const [next, now] = random.split(k);
      return [next, random.normal(now!)];
    },
    random.key(4),
    null,
    { length: 3 },
  );
  let key = random.key(4);
  for (let i = 0; i < 3; i++) {
    const [next, now] = random.split(key);
    assertAllClose(drawn.get(i), random.normal(now!), { rtol: 1e-6 });
    key = next!;
  }
  assertEquals(String(random.keyData(last)), String(random.keyData(key)));
});

const parameterized: [string, (key: jax.Array, a: jax.Array) => jax.Array, number][] = [
  ["uniform", (k, a) => random.uniform(k, [4], { minval: a, maxval: a.add(2) }), 0.5],
  ["lognormal", (k, a) => random.lognormal(k, a, [4]), 0.5],
  ["truncatedNormal", (k, a) => random.truncatedNormal(k, a.neg(), a, [4]), 1.2],
  ["pareto", (k, a) => random.pareto(k, a, [4]), 3],
  ["weibullMin", (k, a) => random.weibullMin(k, 1, a, [4]), 2],
  ["triangular", (k, a) => random.triangular(k, 0, a, 3, [4]), 1],
];

// With the same key the sample is a smooth function of its parameter, but for gamma numbers, which are differentiated
// along their distribution function instead.
for (const [name, f, at] of parameterized) {
  Deno.test(`${name} is differentiable by its parameter`, () => {
    jax.withConfig({ jax_enable_x64: true }, () => {
      const key = random.key(2), a = np.float64(at) as jax.Array, h = 1e-6;
      const one = np.float64(1) as jax.Array;
      const [, slope] = jvp((x: jax.Array) => f(key, x), [a], [one]);
      const difference = f(key, a.add(h)).sub(f(key, a.sub(h))).div(2 * h);
      assertAllClose(slope, difference, { rtol: 1e-5, atol: 1e-6 });
    });
  });
}

Deno.test("gamma numbers are differentiated along their distribution function", () => {
  jax.withConfig({ jax_enable_x64: true }, () => {
    const key = random.key(3), h = 1e-5;
    for (const at of [0.3, 1, 2.5, 20]) {
      const a = np.float64(at) as jax.Array, x = random.gamma(key, a);
      // F(x(a), a) is constant: dx/da = −F_a / F_x.
      const fa = lax.igamma(a.add(h), x).sub(lax.igamma(a.sub(h), x)).div(2 * h);
      const fx = lax.igamma(a, x.add(h)).sub(lax.igamma(a, x.sub(h))).div(2 * h);
      const wanted = fa.div(fx).neg().item();
      assertAllClose(grad((b: jax.Array) => random.gamma(key, b))(a).item(), wanted, { rtol: 1e-4 });
      const log = grad((b: jax.Array) => random.loggamma(key, b))(a).item();
      assertAllClose(log, wanted / x.item<number>(), { rtol: 1e-4 });
    }
  });
});

Deno.test("gradients of mapped gamma numbers are those of single ones", () => {
  const keys = random.split(random.key(5), 3), a = np.array([0.5, 2, 9]);
  const slope = (k: jax.Array, b: jax.Array) => grad((c: jax.Array) => random.gamma(k, c))(b);
  const mapped = vmap(slope)(keys, a);
  for (let i = 0; i < 3; i++) assertAllClose(mapped.get(i), slope(keys.get(i), a.get(i)), { rtol: 1e-5 });
  const shared = vmap((b: jax.Array) => random.gamma(keys.get(0), b))(a);
  for (let i = 0; i < 3; i++) {
    assertAllClose(shared.get(i), random.gamma(keys.get(0), a.get(i)), { rtol: 1e-6 });
  }
});

Deno.test("samplers show as calls of their names in jaxprs", () => {
  const text = String(jax.makeJaxpr((k: jax.Array) => random.normal(k, [3]))(random.key(0)));
  for (
    const part of [
      "name=_normal",
      "name=_normal_real",
      "name=_uniform",
      "random_bits[bit_width=32 shape=(3,)]",
    ]
  ) {
    assert(text.includes(part), text);
  }
});

Deno.test("samples have the moments of their distributions", () => {
  const n = 200_000;
  const moments: [string, jax.Array, number, number][] = [
    ["uniform", random.uniform(random.key(1), [n]), 0.5, 1 / 12],
    ["normal", random.normal(random.key(2), [n]), 0, 1],
    ["exponential", random.exponential(random.key(3), [n]), 1, 1],
    ["gumbel", random.gumbel(random.key(4), [n]), 0.5772157, Math.PI ** 2 / 6],
    ["gamma", random.gamma(random.key(5), 2.5, [n]), 2.5, 2.5],
    ["small gamma", random.gamma(random.key(6), 0.4, [n]), 0.4, 0.4],
    ["beta", random.beta(random.key(7), 2, 3, [n]), 0.4, 0.04],
    ["poisson", random.poisson(random.key(8), 3, [n]), 3, 3],
    ["large poisson", random.poisson(random.key(9), 40, [n]), 40, 40],
    ["binomial", random.binomial(random.key(10), 10, 0.3, [n]), 3, 2.1],
    ["large binomial", random.binomial(random.key(11), 100, 0.7, [n]), 70, 21],
    ["randint", random.randint(random.key(12), [n], 0, 10), 4.5, 8.25],
    ["geometric", random.geometric(random.key(13), 0.25, [n]), 4, 12],
  ];
  for (const [name, x, mean, variance] of moments) {
    const y = x.astype("float32"), m = y.mean().item<number>(), v = y.sub(mean).pow(2).mean().item<number>();
    assert(Math.abs(m - mean) < 6 * Math.sqrt(variance / n), `${name}: mean ${m}, wanted ${mean}`);
    assert(Math.abs(v / variance - 1) < 0.04, `${name}: variance ${v}, wanted ${variance}`);
  }
});
