/**
 * The Gumbel distribution of maxima, as in `jax.scipy.stats.gumbel_r`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { log1mexp } from "../../nn/mod.ts";
import { xlogy } from "../special/mod.ts";
import { distribution, type LocScale, standardized } from "./_distribution.ts";

/** -z - e^-z - log scale for z = (x - loc)/scale; NaN for scale ≤ 0 */
function logDensity(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = raw.neg(standardized(x, loc, scale));
  return raw.where(raw.gt(scale, 0), raw.add(xlogy(-1, scale), raw.sub(z, raw.exp(z))), NaN);
}

const logpdfOf = distribution("gumbelR.logpdf", { loc: 0, scale: 1 }, logDensity);
/**
 * The logarithm of the density: -z - e^-z - log scale for z = (x - loc)/scale; NaN for scale ≤ 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gumbelR.logpdf(0.5).item() + 1.10653) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logpdfOf([x], rest);
}

/** e^(-z - e^-z) / scale for z = (x - loc)/scale; NaN for scale ≤ 0 */
function density(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logDensity(x, loc, scale));
}

const pdfOf = distribution("gumbelR.pdf", { loc: 0, scale: 1 }, density);
/**
 * The density: e^(-z - e^-z) / scale for z = (x - loc)/scale; NaN for scale ≤ 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gumbelR.pdf(0.5).item() - 0.330704) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return pdfOf([x], rest);
}

/** -e^-z for z = (x - loc)/scale; NaN for scale ≤ 0 */
function logCumulative(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.where(raw.gt(scale, 0), raw.neg(raw.exp(raw.neg(standardized(x, loc, scale)))), NaN);
}

const logcdfOf = distribution("gumbelR.logcdf", { loc: 0, scale: 1 }, logCumulative);
/**
 * The logarithm of the cumulative distribution function: -e^-z for z = (x - loc)/scale; NaN for scale ≤ 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gumbelR.logcdf(0.5).item() + 0.606531) > 1e-4) throw new Error();
 * ```
 */
export function logcdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logcdfOf([x], rest);
}

/** e^(-e^-z) for z = (x - loc)/scale; NaN for scale ≤ 0 */
function cumulative(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logCumulative(x, loc, scale));
}

const cdfOf = distribution("gumbelR.cdf", { loc: 0, scale: 1 }, cumulative);
/**
 * The cumulative distribution function: e^(-e^-z) for z = (x - loc)/scale; NaN for scale ≤ 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gumbelR.cdf(0.5).item() - 0.545239) > 1e-4) throw new Error();
 * ```
 */
export function cdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return cdfOf([x], rest);
}

/** log(1 - e^(-e^-z)) for z = (x - loc)/scale; NaN for scale ≤ 0 */
function logSurvival(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.where(raw.gt(scale, 0), log1mexp(raw.exp(standardized(loc, x, scale))), NaN);
}

const logsfOf = distribution("gumbelR.logsf", { loc: 0, scale: 1 }, logSurvival);
/**
 * The logarithm of the survival function: log(1 - e^(-e^-z)) for z = (x - loc)/scale; NaN for scale ≤ 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gumbelR.logsf(0.5).item() + 0.787984) > 1e-4) throw new Error();
 * ```
 */
export function logsf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logsfOf([x], rest);
}

/** 1 - e^(-e^-z) for z = (x - loc)/scale; NaN for scale ≤ 0 */
function survival(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const lower = raw.exp(raw.neg(raw.exp(standardized(loc, x, scale))));
  return raw.where(raw.gt(scale, 0), raw.sub(1, lower), NaN);
}

const sfOf = distribution("gumbelR.sf", { loc: 0, scale: 1 }, survival);
/**
 * The survival function 1 - F(x): 1 - e^(-e^-z) for z = (x - loc)/scale; NaN for scale ≤ 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gumbelR.sf(0.5).item() - 0.454761) > 1e-4) throw new Error();
 * ```
 */
export function sf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return sfOf([x], rest);
}

/** loc - scale log(-log p) for 0 < p < 1, else NaN */
function quantile(p: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = raw.log(xlogy(-1, p));
  return raw.where(raw.and(raw.gt(p, 0), raw.lt(p, 1)), raw.sub(loc, raw.mul(scale, z)), NaN);
}

const ppfOf = distribution("gumbelR.ppf", { loc: 0, scale: 1 }, quantile);
/**
 * The quantile function, the inverse of the cumulative distribution function: loc - scale log(-log p) for 0 < p < 1, else NaN.
 *
 * @param p Array of probabilities.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gumbelR.ppf(0.25).item() + 0.326634) > 1e-4) throw new Error();
 * ```
 */
export function ppf(p: ArrayLike, ...rest: LocScale): JaxArray {
  return ppfOf([p], rest);
}
