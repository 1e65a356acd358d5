/**
 * The Gumbel distribution of minima, as in `jax.scipy.stats.gumbel_l`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { xlog1py, xlogy } from "../special/mod.ts";
import { distribution, type LocScale, standardized } from "./_distribution.ts";

/** z - e^z - log scale for z = (x - loc)/scale; NaN for scale ≤ 0 */
function logDensity(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = standardized(x, loc, scale);
  return raw.where(raw.gt(scale, 0), raw.add(xlogy(-1, scale), raw.sub(z, raw.exp(z))), NaN);
}

const logpdfOf = distribution("gumbelL.logpdf", { loc: 0, scale: 1 }, logDensity);
/**
 * The logarithm of the density: z - e^z - log scale for z = (x - loc)/scale; NaN for scale ≤ 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gumbelL.logpdf(0.5).item() + 1.14872) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logpdfOf([x], rest);
}

/** e^(z - e^z) / scale for z = (x - loc)/scale; NaN for scale ≤ 0 */
function density(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logDensity(x, loc, scale));
}

const pdfOf = distribution("gumbelL.pdf", { loc: 0, scale: 1 }, density);
/**
 * The density: e^(z - e^z) / scale for z = (x - loc)/scale; NaN for scale ≤ 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gumbelL.pdf(0.5).item() - 0.317042) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return pdfOf([x], rest);
}

/** log(1 - e^(-e^z)) for z = (x - loc)/scale; NaN for scale ≤ 0 */
function logCumulative(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const log = raw.log(raw.neg(raw.expm1(raw.neg(raw.exp(standardized(x, loc, scale))))));
  return raw.where(raw.gt(scale, 0), log, NaN);
}

const logcdfOf = distribution("gumbelL.logcdf", { loc: 0, scale: 1 }, logCumulative);
/**
 * The logarithm of the cumulative distribution function: log(1 - e^(-e^z)) for z = (x - loc)/scale; NaN for scale ≤ 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gumbelL.logcdf(0.5).item() + 0.213559) > 1e-4) throw new Error();
 * ```
 */
export function logcdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logcdfOf([x], rest);
}

/** 1 - e^(-e^z) for z = (x - loc)/scale; NaN for scale ≤ 0 */
function cumulative(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logCumulative(x, loc, scale));
}

const cdfOf = distribution("gumbelL.cdf", { loc: 0, scale: 1 }, cumulative);
/**
 * The cumulative distribution function: 1 - e^(-e^z) for z = (x - loc)/scale; NaN for scale ≤ 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gumbelL.cdf(0.5).item() - 0.807704) > 1e-4) throw new Error();
 * ```
 */
export function cdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return cdfOf([x], rest);
}

/** -e^z for z = (x - loc)/scale; NaN for scale ≤ 0 */
function logSurvival(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.where(raw.gt(scale, 0), raw.neg(raw.exp(standardized(x, loc, scale))), NaN);
}

const logsfOf = distribution("gumbelL.logsf", { loc: 0, scale: 1 }, logSurvival);
/**
 * The logarithm of the survival function: -e^z for z = (x - loc)/scale; NaN for scale ≤ 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gumbelL.logsf(0.5).item() + 1.64872) > 1e-4) throw new Error();
 * ```
 */
export function logsf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logsfOf([x], rest);
}

/** e^(-e^z) for z = (x - loc)/scale; NaN for scale ≤ 0 */
function survival(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logSurvival(x, loc, scale));
}

const sfOf = distribution("gumbelL.sf", { loc: 0, scale: 1 }, survival);
/**
 * The survival function 1 - F(x): e^(-e^z) for z = (x - loc)/scale; NaN for scale ≤ 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gumbelL.sf(0.5).item() - 0.192296) > 1e-4) throw new Error();
 * ```
 */
export function sf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return sfOf([x], rest);
}

/** loc + scale log(-log(1 - p)) for 0 < p < 1, else NaN */
function quantile(p: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = raw.log(xlog1py(-1, raw.neg(p)));
  return raw.where(raw.and(raw.gt(p, 0), raw.lt(p, 1)), raw.add(loc, raw.mul(scale, z)), NaN);
}

const ppfOf = distribution("gumbelL.ppf", { loc: 0, scale: 1 }, quantile);
/**
 * The quantile function, the inverse of the cumulative distribution function: loc + scale log(-log(1 - p)) for 0 < p < 1, else NaN.
 *
 * @param p Array of probabilities.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gumbelL.ppf(0.25).item() + 1.2459) > 1e-4) throw new Error();
 * ```
 */
export function ppf(p: ArrayLike, ...rest: LocScale): JaxArray {
  return ppfOf([p], rest);
}
