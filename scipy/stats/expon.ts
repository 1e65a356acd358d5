/**
 * The exponential distribution, as in `jax.scipy.stats.expon`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { distribution, type LocScale, ofProbability, standardized } from "./_distribution.ts";

/** -z - log scale for z = (x - loc)/scale ≥ 0, else -∞ */
function logDensity(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const log = raw.neg(raw.add(standardized(x, loc, scale), raw.log(scale)));
  return raw.where(raw.lt(x, loc), -Infinity, log);
}

const logpdfOf = distribution("expon.logpdf", { loc: 0, scale: 1 }, logDensity);
/**
 * The logarithm of the density: -z - log scale for z = (x - loc)/scale ≥ 0, else -∞.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.expon.logpdf(0.5).item() + 0.5) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logpdfOf([x], rest);
}

/** e^-z / scale for z = (x - loc)/scale ≥ 0, else 0 */
function density(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logDensity(x, loc, scale));
}

const pdfOf = distribution("expon.pdf", { loc: 0, scale: 1 }, density);
/**
 * The density: e^-z / scale for z = (x - loc)/scale ≥ 0, else 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.expon.pdf(0.5).item() - 0.606531) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return pdfOf([x], rest);
}

/** 1 - e^-z for z = (x - loc)/scale ≥ 0, else 0 */
function cumulative(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = raw.div(raw.sub(loc, x), scale);
  return raw.where(raw.lt(x, loc), 0, raw.neg(raw.expm1(z)));
}

const cdfOf = distribution("expon.cdf", { loc: 0, scale: 1 }, cumulative);
/**
 * The cumulative distribution function: 1 - e^-z for z = (x - loc)/scale ≥ 0, else 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.expon.cdf(0.5).item() - 0.393469) > 1e-4) throw new Error();
 * ```
 */
export function cdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return cdfOf([x], rest);
}

/** -z for z = (x - loc)/scale ≥ 0, else 0 */
function logSurvival(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.where(raw.lt(x, loc), 0, raw.div(raw.sub(loc, x), scale));
}

const logsfOf = distribution("expon.logsf", { loc: 0, scale: 1 }, logSurvival);
/**
 * The logarithm of the survival function: -z for z = (x - loc)/scale ≥ 0, else 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.expon.logsf(0.5).item() + 0.5) > 1e-4) throw new Error();
 * ```
 */
export function logsf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logsfOf([x], rest);
}

/** e^-z for z = (x - loc)/scale ≥ 0, else 1 */
function survival(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logSurvival(x, loc, scale));
}

const sfOf = distribution("expon.sf", { loc: 0, scale: 1 }, survival);
/**
 * The survival function 1 - F(x): e^-z for z = (x - loc)/scale ≥ 0, else 1.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.expon.sf(0.5).item() - 0.606531) > 1e-4) throw new Error();
 * ```
 */
export function sf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return sfOf([x], rest);
}

/** log(1 - e^-z) for z = (x - loc)/scale ≥ 0, else -∞ */
function logCumulative(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.log1p(raw.neg(survival(x, loc, scale)));
}

const logcdfOf = distribution("expon.logcdf", { loc: 0, scale: 1 }, logCumulative);
/**
 * The logarithm of the cumulative distribution function: log(1 - e^-z) for z = (x - loc)/scale ≥ 0, else -∞.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.expon.logcdf(0.5).item() + 0.932752) > 1e-4) throw new Error();
 * ```
 */
export function logcdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logcdfOf([x], rest);
}

/** loc - scale log(1 - q); NaN outside of 0 ≤ q ≤ 1 */
function quantile(q: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return ofProbability(q, raw.sub(loc, raw.mul(scale, raw.log1p(raw.neg(q)))));
}

const ppfOf = distribution("expon.ppf", { loc: 0, scale: 1 }, quantile);
/**
 * The quantile function, the inverse of the cumulative distribution function: loc - scale log(1 - q); NaN outside of 0 ≤ q ≤ 1.
 *
 * @param q Array of probabilities.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.expon.ppf(0.25).item() - 0.287682) > 1e-4) throw new Error();
 * ```
 */
export function ppf(q: ArrayLike, ...rest: LocScale): JaxArray {
  return ppfOf([q], rest);
}
