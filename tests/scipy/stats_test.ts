/** `scipy.stats` against properties of the distributions: derivatives, normalisation, inverses. */
import { grad, jit, numpy as np, random, scipy, vmap } from "../../mod.ts";
import { assertAllClose, assertEquals, assertThrows } from "../assert.ts";

const { stats } = scipy;

Deno.test("stats: location and scale by position and by name", () => {
  const x = np.array([0.5, 2]);
  assertAllClose(stats.norm.logpdf(x, 1, 2), stats.norm.logpdf(x, { loc: 1, scale: 2 }));
  assertAllClose(stats.norm.logpdf(x, 1, 2), stats.norm.logpdf(x.sub(1).div(2)).sub(Math.log(2)));
  assertThrows(() => stats.norm.logpdf(x, { mean: 1 } as never), TypeError, "mean");
});

Deno.test("stats: densities are derivatives of distribution functions", () => {
  const x = np.linspace(0.2, 1.8, 5);
  const pairs = [
    [(v: typeof x) => stats.norm.cdf(v), stats.norm.pdf(x)],
    [(v: typeof x) => stats.logistic.cdf(v), stats.logistic.pdf(x)],
    [(v: typeof x) => stats.cauchy.cdf(v), stats.cauchy.pdf(x)],
    [(v: typeof x) => stats.gamma.cdf(v, 2.5), stats.gamma.pdf(x, 2.5)],
    [(v: typeof x) => stats.chi2.cdf(v, 3), stats.chi2.pdf(x, 3)],
    [(v: typeof x) => stats.truncnorm.cdf(v, -1, 2), stats.truncnorm.pdf(x, -1, 2)],
    [(v: typeof x) => stats.gumbelR.cdf(v), stats.gumbelR.pdf(x)],
  ] as const;
  for (const [cdf, pdf] of pairs) {
    assertAllClose(vmap(grad(cdf as (v: typeof x) => typeof x))(x), pdf, { rtol: 1e-3, atol: 1e-4 });
  }
});

Deno.test("stats: probabilities sum to 1", () => {
  const k = np.arange(40);
  for (
    const p of [
      stats.poisson.pmf(k, 3.5),
      stats.binom.pmf(k, 12, 0.3),
      stats.nbinom.pmf(k, 5, 0.6),
      stats.geom.pmf(k, 0.5),
      stats.betabinom.pmf(k, 10, 2, 3),
    ]
  ) assertAllClose(p.sum(), 1, { rtol: 1e-4 });
});

Deno.test("stats: quantiles invert distribution functions", () => {
  const q = np.linspace(0.1, 0.9, 5);
  for (const d of [stats.norm, stats.cauchy, stats.logistic, stats.expon, stats.gumbelL, stats.uniform]) {
    assertAllClose(d.cdf(d.ppf(q)), q, { rtol: 1e-4, atol: 1e-5 });
  }
});

Deno.test("stats: multivariate normal of a diagonal covariance is a product", () => {
  const x = np.array([[0.5, -1], [2, 0]]), variances = np.array([0.5, 2]);
  const got = jit((v: typeof x) => stats.multivariateNormal.logpdf(v, np.zeros(2), np.diag(variances)))(x);
  assertAllClose(got, stats.norm.logpdf(x, 0, np.sqrt(variances)).sum(-1), { rtol: 1e-5, atol: 1e-5 });
});

Deno.test("stats: kernel density estimate", () => {
  const kde = stats.gaussianKde(np.array([-1, 0, 1.5, 2]));
  assertAllClose(kde.integrateBox1d(-30, 30), 1, { rtol: 1e-5 });
  assertAllClose(kde.logpdf(np.array([0, 1])), np.log(kde.pdf(np.array([0, 1]))), { rtol: 1e-4 });
  assertEquals(kde.resample(random.key(0), [3]).shape, [1, 3]);
});

Deno.test("stats: ranks", () => {
  assertAllClose(stats.rankdata(np.array([0, 2, 3, 2])), np.array([1, 2.5, 4, 2.5]));
  assertThrows(() => stats.rankdata(np.array([1, 2]), "mean" as never), RangeError, "unknown method 'mean'");
});
