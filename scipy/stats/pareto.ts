/**
 * The Pareto distribution, as in `jax.scipy.stats.pareto`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { distribution, type LocScale, ofProbability, standardized } from "./_distribution.ts";

/** log b - log scale - (b + 1) log z for z = (x - loc)/scale ≥ 1, else -∞ */
function logDensity(x: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const kernel = raw.mul(raw.add(b, 1), raw.log(standardized(x, loc, scale)));
  const log = raw.neg(raw.add(raw.log(raw.div(scale, b)), kernel));
  return raw.where(raw.lt(x, raw.add(loc, scale)), -Infinity, log);
}

const logpdfOf = distribution("pareto.logpdf", { loc: 0, scale: 1 }, logDensity);
/**
 * The logarithm of the density: log b - log scale - (b + 1) log z for z = (x - loc)/scale ≥ 1, else -∞.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param b As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.pareto.logpdf(1.5, 2.0).item() + 0.523248) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return logpdfOf([x, b], rest);
}

/** b z^(-b - 1) / scale for z = (x - loc)/scale ≥ 1, else 0 */
function density(x: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logDensity(x, b, loc, scale));
}

const pdfOf = distribution("pareto.pdf", { loc: 0, scale: 1 }, density);
/**
 * The density: b z^(-b - 1) / scale for z = (x - loc)/scale ≥ 1, else 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param b As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.pareto.pdf(1.5, 2.0).item() - 0.592593) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return pdfOf([x, b], rest);
}

/** 1 - z^-b for z = (x - loc)/scale ≥ 1, else 0 */
function cumulative(x: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const power = raw.pow(standardized(x, loc, scale), raw.neg(b));
  return raw.where(raw.lt(x, raw.add(loc, scale)), 0, raw.sub(1, power));
}

const cdfOf = distribution("pareto.cdf", { loc: 0, scale: 1 }, cumulative);
/**
 * The cumulative distribution function: 1 - z^-b for z = (x - loc)/scale ≥ 1, else 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param b As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.pareto.cdf(1.5, 2.0).item() - 0.555556) > 1e-4) throw new Error();
 * ```
 */
export function cdf(x: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return cdfOf([x, b], rest);
}

/** log(1 - z^-b) for z = (x - loc)/scale ≥ 1, else -∞ */
function logCumulative(x: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const power = raw.pow(standardized(x, loc, scale), raw.neg(b));
  return raw.where(raw.lt(x, raw.add(loc, scale)), -Infinity, raw.log1p(raw.neg(power)));
}

const logcdfOf = distribution("pareto.logcdf", { loc: 0, scale: 1 }, logCumulative);
/**
 * The logarithm of the cumulative distribution function: log(1 - z^-b) for z = (x - loc)/scale ≥ 1, else -∞.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param b As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.pareto.logcdf(1.5, 2.0).item() + 0.587787) > 1e-4) throw new Error();
 * ```
 */
export function logcdf(x: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return logcdfOf([x, b], rest);
}

/** -b log z for z = (x - loc)/scale ≥ 1, else 0 */
function logSurvival(x: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const log = raw.neg(raw.mul(b, raw.log(standardized(x, loc, scale))));
  return raw.where(raw.lt(x, raw.add(loc, scale)), 0, log);
}

const logsfOf = distribution("pareto.logsf", { loc: 0, scale: 1 }, logSurvival);
/**
 * The logarithm of the survival function: -b log z for z = (x - loc)/scale ≥ 1, else 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param b As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.pareto.logsf(1.5, 2.0).item() + 0.81093) > 1e-4) throw new Error();
 * ```
 */
export function logsf(x: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return logsfOf([x, b], rest);
}

/** z^-b for z = (x - loc)/scale ≥ 1, else 1 */
function survival(x: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logSurvival(x, b, loc, scale));
}

const sfOf = distribution("pareto.sf", { loc: 0, scale: 1 }, survival);
/**
 * The survival function 1 - F(x): z^-b for z = (x - loc)/scale ≥ 1, else 1.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param b As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.pareto.sf(1.5, 2.0).item() - 0.444444) > 1e-4) throw new Error();
 * ```
 */
export function sf(x: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return sfOf([x, b], rest);
}

/** loc + scale (1 - q)^(-1/b); NaN outside of 0 ≤ q ≤ 1 */
function quantile(q: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = raw.pow(raw.sub(1, q), raw.neg(raw.div(raw.fullLike(b, 1), b)));
  return ofProbability(q, raw.add(loc, raw.mul(scale, z)));
}

const ppfOf = distribution("pareto.ppf", { loc: 0, scale: 1 }, quantile);
/**
 * The quantile function, the inverse of the cumulative distribution function: loc + scale (1 - q)^(-1/b); NaN outside of 0 ≤ q ≤ 1.
 *
 * @param q Array of probabilities.
 * @param b As `q`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.pareto.ppf(0.25, 2.0).item() - 1.1547) > 1e-4) throw new Error();
 * ```
 */
export function ppf(q: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return ppfOf([q, b], rest);
}
