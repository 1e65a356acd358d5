/**
 * The generalized normal distribution, as in `jax.scipy.stats.gennorm`.
 *
 * @module
 */
import { type ArrayLike, bind1, type JaxArray, P, raw } from "../../core/mod.ts";
import { distribution } from "./_distribution.ts";

/** log(β/2) - log Γ(1/β) - |x|^β */
function logDensity(x: JaxArray, beta: JaxArray): JaxArray {
  const normalizer = raw.sub(raw.log(raw.mul(beta, 0.5)), raw.lgamma(raw.div(raw.fullLike(beta, 1), beta)));
  return raw.sub(normalizer, raw.pow(raw.abs(x), beta));
}

const logpdfOf = distribution("gennorm.logpdf", {}, logDensity);
/**
 * The logarithm of the density: log(β/2) - log Γ(1/β) - |x|^β.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param beta As `x`, with which it broadcasts.
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gennorm.logpdf(0.5, 2.0).item() + 0.822365) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, beta: ArrayLike): JaxArray {
  return logpdfOf([x, beta], []);
}

/** β e^(-|x|^β) / (2 Γ(1/β)) */
function density(x: JaxArray, beta: JaxArray): JaxArray {
  return raw.exp(logDensity(x, beta));
}

const pdfOf = distribution("gennorm.pdf", {}, density);
/**
 * The density: β e^(-|x|^β) / (2 Γ(1/β)).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param beta As `x`, with which it broadcasts.
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gennorm.pdf(0.5, 2.0).item() - 0.439391) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, beta: ArrayLike): JaxArray {
  return pdfOf([x, beta], []);
}

/** (1 + sign(x) P(1/β, |x|^β)) / 2 */
function cumulative(x: JaxArray, beta: JaxArray): JaxArray {
  const p = bind1(P.igamma, [raw.div(raw.fullLike(beta, 1), beta), raw.pow(raw.abs(x), beta)]);
  return raw.mul(raw.add(raw.mul(raw.sign(x), p), 1), 0.5);
}

const cdfOf = distribution("gennorm.cdf", {}, cumulative);
/**
 * The cumulative distribution function: (1 + sign(x) P(1/β, |x|^β)) / 2.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param beta As `x`, with which it broadcasts.
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gennorm.cdf(0.5, 2.0).item() - 0.76025) > 1e-4) throw new Error();
 * ```
 */
export function cdf(x: ArrayLike, beta: ArrayLike): JaxArray {
  return cdfOf([x, beta], []);
}
