/**
 * The Laplace distribution, as in `jax.scipy.stats.laplace`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { distribution, type LocScale, standardized } from "./_distribution.ts";

/** -|x - loc|/scale - log(2 scale) */
function logDensity(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const linear = raw.div(raw.abs(raw.sub(x, loc)), scale);
  return raw.neg(raw.add(linear, raw.log(raw.mul(scale, 2))));
}

const logpdfOf = distribution("laplace.logpdf", { loc: 0, scale: 1 }, logDensity);
/**
 * The logarithm of the density: -|x - loc|/scale - log(2 scale).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.laplace.logpdf(0.5).item() + 1.19315) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logpdfOf([x], rest);
}

/** exp(-|x - loc|/scale) / (2 scale) */
function density(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logDensity(x, loc, scale));
}

const pdfOf = distribution("laplace.pdf", { loc: 0, scale: 1 }, density);
/**
 * The density: exp(-|x - loc|/scale) / (2 scale).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.laplace.pdf(0.5).item() - 0.303265) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return pdfOf([x], rest);
}

/** e^z / 2 for z = (x - loc)/scale ≤ 0, else 1 - e^-z / 2 */
function cumulative(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = standardized(x, loc, scale);
  return raw.where(raw.le(z, 0), raw.mul(raw.exp(z), 0.5), raw.sub(1, raw.mul(raw.exp(raw.neg(z)), 0.5)));
}

const cdfOf = distribution("laplace.cdf", { loc: 0, scale: 1 }, cumulative);
/**
 * The cumulative distribution function: e^z / 2 for z = (x - loc)/scale ≤ 0, else 1 - e^-z / 2.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.laplace.cdf(0.5).item() - 0.696735) > 1e-4) throw new Error();
 * ```
 */
export function cdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return cdfOf([x], rest);
}
