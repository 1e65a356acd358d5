/**
 * The wrapped Cauchy distribution, as in `jax.scipy.stats.wrapcauchy`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { distribution } from "./_distribution.ts";

/** log((1 - c²) / (2π (1 + c² - 2c cos x))) for 0 ≤ x ≤ 2π, else -∞; NaN outside of 0 < c < 1 */
function logDensity(x: JaxArray, c: JaxArray): JaxArray {
  const square = raw.mul(c, c);
  const kernel = raw.log(raw.sub(raw.add(square, 1), raw.mul(raw.mul(c, 2), raw.cos(x))));
  const log = raw.sub(raw.sub(raw.log(raw.sub(1, square)), Math.log(2 * Math.PI)), kernel);
  const inside = raw.and(raw.ge(x, 0), raw.le(x, 2 * Math.PI)), valid = raw.and(raw.gt(c, 0), raw.lt(c, 1));
  return raw.where(valid, raw.where(inside, log, -Infinity), NaN);
}

const logpdfOf = distribution("wrapcauchy.logpdf", {}, logDensity);
/**
 * The logarithm of the density: log((1 - c²) / (2π (1 + c² - 2c cos x))) for 0 ≤ x ≤ 2π, else -∞; NaN outside of 0 < c < 1.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param c The concentration, which broadcasts with `x`.
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.wrapcauchy.logpdf(0.5, 0.25).item() + 1.43034) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, c: ArrayLike): JaxArray {
  return logpdfOf([x, c], []);
}

/** (1 - c²) / (2π (1 + c² - 2c cos x)) for 0 ≤ x ≤ 2π, else 0; NaN outside of 0 < c < 1 */
function density(x: JaxArray, c: JaxArray): JaxArray {
  return raw.exp(logDensity(x, c));
}

const pdfOf = distribution("wrapcauchy.pdf", {}, density);
/**
 * The density: (1 - c²) / (2π (1 + c² - 2c cos x)) for 0 ≤ x ≤ 2π, else 0; NaN outside of 0 < c < 1.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param c The concentration, which broadcasts with `x`.
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.wrapcauchy.pdf(0.5, 0.25).item() - 0.239227) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, c: ArrayLike): JaxArray {
  return pdfOf([x, c], []);
}
