/**
 * The Cauchy distribution, as in `jax.scipy.stats.cauchy`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { distribution, type LocScale, standardized } from "./_distribution.ts";

/** -log(π scale) - log(1 + z²) for z = (x - loc)/scale */
function logDensity(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = standardized(x, loc, scale);
  return raw.neg(raw.add(raw.log(raw.mul(scale, Math.PI)), raw.log1p(raw.mul(z, z))));
}

const logpdfOf = distribution("cauchy.logpdf", { loc: 0, scale: 1 }, logDensity);
/**
 * The logarithm of the density: -log(π scale) - log(1 + z²) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.cauchy.logpdf(0.5).item() + 1.36787) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logpdfOf([x], rest);
}

/** 1 / (π scale (1 + z²)) for z = (x - loc)/scale */
function density(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logDensity(x, loc, scale));
}

const pdfOf = distribution("cauchy.pdf", { loc: 0, scale: 1 }, density);
/**
 * The density: 1 / (π scale (1 + z²)) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.cauchy.pdf(0.5).item() - 0.254648) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return pdfOf([x], rest);
}

/** 1/2 + arctan(z)/π for z = (x - loc)/scale */
function cumulative(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const angle = raw.atan(standardized(x, loc, scale));
  return raw.add(raw.mul(angle, raw.div(raw.like(x, 1), Math.PI)), 0.5);
}

const cdfOf = distribution("cauchy.cdf", { loc: 0, scale: 1 }, cumulative);
/**
 * The cumulative distribution function: 1/2 + arctan(z)/π for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.cauchy.cdf(0.5).item() - 0.647584) > 1e-4) throw new Error();
 * ```
 */
export function cdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return cdfOf([x], rest);
}

/** log(1/2 + arctan(z)/π) for z = (x - loc)/scale */
function logCumulative(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.log(cumulative(x, loc, scale));
}

const logcdfOf = distribution("cauchy.logcdf", { loc: 0, scale: 1 }, logCumulative);
/**
 * The logarithm of the cumulative distribution function: log(1/2 + arctan(z)/π) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.cauchy.logcdf(0.5).item() + 0.434507) > 1e-4) throw new Error();
 * ```
 */
export function logcdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logcdfOf([x], rest);
}

/** 1/2 - arctan(z)/π for z = (x - loc)/scale */
function survival(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return cumulative(raw.neg(x), raw.neg(loc), scale);
}

const sfOf = distribution("cauchy.sf", { loc: 0, scale: 1 }, survival);
/**
 * The survival function 1 - F(x): 1/2 - arctan(z)/π for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.cauchy.sf(0.5).item() - 0.352416) > 1e-4) throw new Error();
 * ```
 */
export function sf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return sfOf([x], rest);
}

/** log(1/2 - arctan(z)/π) for z = (x - loc)/scale */
function logSurvival(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return logCumulative(raw.neg(x), raw.neg(loc), scale);
}

const logsfOf = distribution("cauchy.logsf", { loc: 0, scale: 1 }, logSurvival);
/**
 * The logarithm of the survival function: log(1/2 - arctan(z)/π) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.cauchy.logsf(0.5).item() + 1.04294) > 1e-4) throw new Error();
 * ```
 */
export function logsf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logsfOf([x], rest);
}

/** loc + scale tan(π/2 - πq) */
function inverseSurvival(q: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = raw.tan(raw.sub(Math.PI / 2, raw.mul(q, Math.PI)));
  return raw.add(raw.mul(z, scale), loc);
}

const isfOf = distribution("cauchy.isf", { loc: 0, scale: 1 }, inverseSurvival);
/**
 * The inverse of the survival function: loc + scale tan(π/2 - πq).
 *
 * @param q Array of probabilities.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.cauchy.isf(0.25).item() - 1) > 1e-4) throw new Error();
 * ```
 */
export function isf(q: ArrayLike, ...rest: LocScale): JaxArray {
  return isfOf([q], rest);
}

/** loc + scale tan(πq - π/2) */
function quantile(q: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = raw.tan(raw.sub(raw.mul(q, Math.PI), Math.PI / 2));
  return raw.add(raw.mul(z, scale), loc);
}

const ppfOf = distribution("cauchy.ppf", { loc: 0, scale: 1 }, quantile);
/**
 * The quantile function, the inverse of the cumulative distribution function: loc + scale tan(πq - π/2).
 *
 * @param q Array of probabilities.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.cauchy.ppf(0.25).item() + 1) > 1e-4) throw new Error();
 * ```
 */
export function ppf(q: ArrayLike, ...rest: LocScale): JaxArray {
  return ppfOf([q], rest);
}
