/**
 * The logistic distribution, as in `jax.scipy.stats.logistic`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import * as np from "../../numpy/mod.ts";
import { expit, logit } from "../special/mod.ts";
import { distribution, type LocScale, standardized } from "./_distribution.ts";

/** -2 log(e^(z/2) + e^(-z/2)) - log scale for z = (x - loc)/scale */
function logDensity(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const half = raw.div(standardized(x, loc, scale), 2);
  return raw.sub(raw.mul(np.logaddexp(half, raw.neg(half)), -2), raw.log(scale));
}

const logpdfOf = distribution("logistic.logpdf", { loc: 0, scale: 1 }, logDensity);
/**
 * The logarithm of the density: -2 log(e^(z/2) + e^(-z/2)) - log scale for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.logistic.logpdf(0.5).item() + 1.44815) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logpdfOf([x], rest);
}

/** 1 / (scale (e^(z/2) + e^(-z/2))²) for z = (x - loc)/scale */
function density(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logDensity(x, loc, scale));
}

const pdfOf = distribution("logistic.pdf", { loc: 0, scale: 1 }, density);
/**
 * The density: 1 / (scale (e^(z/2) + e^(-z/2))²) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.logistic.pdf(0.5).item() - 0.235004) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return pdfOf([x], rest);
}

/** 1 / (1 + e^-z) for z = (x - loc)/scale */
function cumulative(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return expit(standardized(x, loc, scale));
}

const cdfOf = distribution("logistic.cdf", { loc: 0, scale: 1 }, cumulative);
/**
 * The cumulative distribution function: 1 / (1 + e^-z) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.logistic.cdf(0.5).item() - 0.622459) > 1e-4) throw new Error();
 * ```
 */
export function cdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return cdfOf([x], rest);
}

/** 1 / (1 + e^z) for z = (x - loc)/scale */
function survival(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return expit(raw.neg(standardized(x, loc, scale)));
}

const sfOf = distribution("logistic.sf", { loc: 0, scale: 1 }, survival);
/**
 * The survival function 1 - F(x): 1 / (1 + e^z) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.logistic.sf(0.5).item() - 0.377541) > 1e-4) throw new Error();
 * ```
 */
export function sf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return sfOf([x], rest);
}

/** loc + scale log(x / (1 - x)) */
function quantile(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.add(raw.mul(logit(x), scale), loc);
}

const ppfOf = distribution("logistic.ppf", { loc: 0, scale: 1 }, quantile);
/**
 * The quantile function, the inverse of the cumulative distribution function: loc + scale log(x / (1 - x)).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.logistic.ppf(0.25).item() + 1.09861) > 1e-4) throw new Error();
 * ```
 */
export function ppf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return ppfOf([x], rest);
}

/** loc - scale log(x / (1 - x)) */
function inverseSurvival(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.add(raw.mul(raw.neg(logit(x)), scale), loc);
}

const isfOf = distribution("logistic.isf", { loc: 0, scale: 1 }, inverseSurvival);
/**
 * The inverse of the survival function: loc - scale log(x / (1 - x)).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.logistic.isf(0.25).item() - 1.09861) > 1e-4) throw new Error();
 * ```
 */
export function isf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return isfOf([x], rest);
}
