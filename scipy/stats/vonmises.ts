/**
 * The von Mises distribution, as in `jax.scipy.stats.vonmises`.
 *
 * @module
 */
import { type ArrayLike, bind1, type JaxArray, P, raw } from "../../core/mod.ts";
import { distribution } from "./_distribution.ts";

/** κ cos x - log(2π I₀(κ)); NaN for κ ≤ 0 */
function logDensity(x: JaxArray, kappa: JaxArray): JaxArray {
  const normalizer = raw.log(raw.mul(bind1(P.bessel_i0e, [kappa]), 2 * Math.PI));
  return raw.where(raw.gt(kappa, 0), raw.sub(raw.mul(kappa, raw.sub(raw.cos(x), 1)), normalizer), NaN);
}

const logpdfOf = distribution("vonmises.logpdf", {}, logDensity);
/**
 * The logarithm of the density: κ cos x - log(2π I₀(κ)); NaN for κ ≤ 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param kappa The concentration, which broadcasts with `x`.
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.vonmises.logpdf(0.5, 2.0).item() + 0.906705) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, kappa: ArrayLike): JaxArray {
  return logpdfOf([x, kappa], []);
}

/** e^(κ cos x) / (2π I₀(κ)); NaN for κ ≤ 0 */
function density(x: JaxArray, kappa: JaxArray): JaxArray {
  return raw.exp(logDensity(x, kappa));
}

const pdfOf = distribution("vonmises.pdf", {}, density);
/**
 * The density: e^(κ cos x) / (2π I₀(κ)); NaN for κ ≤ 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param kappa The concentration, which broadcasts with `x`.
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.vonmises.pdf(0.5, 2.0).item() - 0.403853) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, kappa: ArrayLike): JaxArray {
  return pdfOf([x, kappa], []);
}
