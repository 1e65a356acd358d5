import { enableX64, errors, grad, jit, jvp, numpy as np, scipy, vmap } from "../../mod.ts";
import type { Array as JaxArray } from "../../mod.ts";
import { assert, assertAllClose, assertEquals, assertThrows } from "../assert.ts";

const S = scipy.special;
type Curve = (x: JaxArray) => JaxArray;

/** A parameter that stays fixed. */
const c = (x: number): JaxArray => np.float64(x);

/** Functions of one argument, by name, and where they are differentiated. */
const curves: readonly (readonly [name: string, f: Curve, at: number])[] = [
  ["digamma", S.digamma, 0.7],
  ["entr", S.entr, 0.4],
  ["erf", S.erf, 0.3],
  ["erfc", S.erfc, 0.3],
  ["erfcx", S.erfcx, 0.3],
  ["erfinv", S.erfinv, 0.3],
  ["exp1", S.exp1, 0.7],
  ["expi", S.expi, 0.7],
  ["expit", S.expit, 0.4],
  ["expn, series", (x) => S.expn(2, x), 0.7],
  ["expn, fraction", (x) => S.expn(3, x), 1.7],
  ["dawsn", S.dawsn, 0.8],
  ["factorial", (x) => S.factorial(x), 2.3],
  ["gamma", S.gamma, 2.2],
  ["gammaln", S.gammaln, 2.2],
  ["loggamma", S.loggamma, 2.2],
  ["i0", S.i0, 1.2],
  ["i0e", S.i0e, 1.2],
  ["i1", S.i1, 1.2],
  ["i1e", S.i1e, 1.2],
  ["logit", S.logit, 0.3],
  ["log_ndtr", (x) => S.logNdtr(x), -0.4],
  ["ndtr", S.ndtr, 0.3],
  ["ndtri", S.ndtri, 0.3],
  ["spence", S.spence, 0.3],
  ["sici, si", (x) => S.sici(x)[0], 1.3],
  ["sici, ci", (x) => S.sici(x)[1], 5.3],
  ["fresnel, s", (x) => S.fresnel(x)[0], 1.3],
  ["fresnel, c", (x) => S.fresnel(x)[1], 1.9],
  ["polygamma", (x) => S.polygamma(1n, x), 1.7],
  ["multigammaln", (x) => S.multigammaln(x, 3), 4.7],
  ["bessel_jn", (x) => S.besselJn(x, { v: 2 }).at(2).get(), 1.7],
  ["beta by a", (x) => S.beta(x, c(2.3)), 1.2],
  ["betaln by b", (x) => S.betaln(c(1.2), x), 9.3],
  ["betainc by x", (x) => S.betainc(c(1.2), c(2.3), x), 0.3],
  ["gammainc by a", (x) => S.gammainc(x, c(2.3)), 1.2],
  ["gammaincc by x", (x) => S.gammaincc(c(1.2), x), 2.3],
  ["kl_div by q", (x) => S.klDiv(c(0.3), x), 0.4],
  ["rel_entr by p", (x) => S.relEntr(x, c(0.3)), 0.4],
  ["xlogy by y", (x) => S.xlogy(c(0.3), x), 0.4],
  ["xlog1py by x", (x) => S.xlog1py(x, c(0.4)), 0.3],
  ["poch by z", (x) => S.poch(x, c(0.4)), 1.3],
  ["poch by m", (x) => S.poch(c(1.3), x), 0.4],
  ["boxcox", (x) => S.boxcox(x, c(0.4)), 1.3],
  ["boxcox1p by lambda", (x) => S.boxcox1p(c(1.3), x), 0.4],
  ["comb", (x) => S.comb(x, c(2.4)), 5.3],
  ["owens_t by h", (x) => S.owensT(x, c(0.4)), 0.3],
  ["owens_t by a", (x) => S.owensT(c(0.4), x), 1.3],
  ["zeta by x", (x) => S.zeta(x, c(1.4)), 2.3],
  ["zeta by q", (x) => S.zeta(c(2.3), x), 1.4],
  ["hyp1f1 by a", (x) => S.hyp1f1(x, c(2.3), c(0.7)), 1.2],
  ["hyp1f1 by x", (x) => S.hyp1f1(c(1.2), c(2.3), x), 0.7],
  ["hyp2f1 by c", (x) => S.hyp2f1(c(1.2), c(2.3), x, c(0.4)), 3.1],
  ["hyp2f1 by x", (x) => S.hyp2f1(c(1.2), c(2.3), c(3.1), x), 0.4],
];

for (const [name, f, at] of curves) {
  Deno.test(`scipy.special ${name}: derivatives, jit and vmap`, () =>
    enableX64(() => {
      const x = np.float64(at), h = 1e-6;
      const slope = (f(c(at + h)).item() - f(c(at - h)).item()) / (2 * h), value = f(x);
      assertAllClose(grad(f)(x), slope, { rtol: 1e-5, atol: 1e-7 });
      assertAllClose(jvp(f, [x], [c(1)])[1], slope, { rtol: 1e-5, atol: 1e-7 });
      assertAllClose(jit(f)(x), value, { rtol: 1e-12 });
      assertAllClose(vmap(f)(np.array([at, at])), np.stack([value, value]), { rtol: 1e-12 });
    }));
}

Deno.test("scipy.special: derivatives of associated Legendre functions", () =>
  enableX64(() => {
    const z = np.array([-0.5, 0.3, 0.8]), [, slopes] = S.lpmn(5, 5, z);
    const [, tangents] = jvp((x: JaxArray) => S.lpmnValues(5, 5, x, false), [z], [np.onesLike(z)]);
    assertAllClose(slopes, tangents, { rtol: 1e-9, atol: 1e-9 });
  }));

Deno.test("scipy.special: hypergeometric functions near 1, for polynomials and large arguments", () =>
  enableX64(() => {
    const one = np.float64(1);
    // ₂F₁(1, 1; 2; x) = -log(1 - x)/x
    assertAllClose(S.hyp2f1(one, one, c(2), c(0.95)), -Math.log(0.05) / 0.95, { rtol: 1e-12 });
    // ₂F₁(-2, b; b; x) = (1 - x)²
    assertAllClose(S.hyp2f1(c(-2), c(1.3), c(1.3), c(0.5)), 0.25, { rtol: 1e-12 });
    // ₁F₁(1; 2; x) = (eˣ - 1)/x
    assertAllClose(S.hyp1f1(one, c(2), c(150)), Math.expm1(150) / 150, { rtol: 1e-10 });
  }));

Deno.test("scipy.special: complex gamma functions satisfy Γ(z + 1) = z Γ(z) on both sides", () =>
  enableX64(() => {
    const z = np.array([{ re: 1.2, im: 0.3 }, { re: -1.5, im: 0.2 }, { re: 0.3, im: -4 }]);
    assertAllClose(np.abs(S.gamma(z.add(1)).sub(z.mul(S.gamma(z)))), [0, 0, 0], { atol: 1e-12 });
    assertAllClose(np.abs(np.exp(S.loggamma(z)).sub(S.gamma(z))), [0, 0, 0], { atol: 1e-12 });
  }));

Deno.test("scipy.special: higher derivatives", () => {
  assertAllClose(grad(grad((x: JaxArray) => S.xlogy(x, x)))(0.5), 2, { rtol: 1e-5 });
  assertAllClose(grad(grad(S.i0))(0.5), 0.5476947, { rtol: 1e-5 });
  assert(Number.isFinite(grad((x: JaxArray) => S.entr(x))(0.5).item()));
});

Deno.test("scipy.special: dtypes", () => {
  assertEquals(S.gammaln(np.arange(3)).dtype.name, "float32");
  assertEquals(S.xlogy(np.ones([2], { dtype: np.float16 }), 2).dtype.name, "float16");
  assertEquals(S.wofz(1).dtype.name, "complex64");
  assertEquals(S.betaln(np.ones([2, 1]), np.ones([3])).shape, [2, 3]);
});

Deno.test("scipy.special: errors", () => {
  assertThrows(() => S.ndtr(np.arange(3)), TypeError, "x.dtype=int32 is not supported");
  assertThrows(() => S.logNdtr(0, 31), errors.ValueError, "series_order must be <= 30.");
  assertThrows(
    () => S.entr(np.complex(1, 1)),
    errors.ValueError,
    "entr does not support complex-valued inputs.",
  );
  assertThrows(() => S.factorial(3, { exact: true }), errors.NotImplementedError, "exact=True");
  assertThrows(() => S.zeta(2), errors.NotImplementedError, "Riemann");
  assertThrows(() => S.polygamma(0.5, 1), errors.ValueError, "must be of integer type");
  assertThrows(() => S.lpmn(1, 2, np.ones([1])), errors.NotImplementedError, "m!=n");
  assertThrows(() => S.bernoulli(-1), errors.ValueError, "non-negative");
});
