/**
 * The normal distribution, truncated to loc + scale [a, b], as in `jax.scipy.stats.truncnorm`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import * as np from "../../numpy/mod.ts";
import { logNdtr, logsumexp, ndtr } from "../special/mod.ts";
import { any, distribution, type LocScale, standardized } from "./_distribution.ts";
import * as norm from "./norm.ts";

/** log(e^x - e^y) */
function logDifference(x: JaxArray, y: JaxArray): JaxArray {
  const ones = raw.fullLike(x, 1);
  return logsumexp(np.stack([x, y]), { axis: 0, b: np.stack([ones, raw.neg(ones)]) });
}

/** log(Φ(b) - Φ(a)), from the tail that holds both bounds or, if none does, from the two tails outside. */
function logMass(a: JaxArray, b: JaxArray): JaxArray {
  const right = raw.gt(a, 0), central = raw.not(raw.or(raw.le(b, 0), right));
  const low = raw.where(right, raw.neg(b), a), high = raw.where(right, raw.neg(a), b);
  const tail = logDifference(logNdtr(high), logNdtr(low));
  return raw.where(central, raw.log1p(raw.sub(raw.neg(ndtr(a)), ndtr(raw.neg(b)))), tail);
}

/** log φ(z) - log scale - log(Φ(b) - Φ(a)) for a ≤ z = (x - loc)/scale ≤ b, else -∞ */
function logDensity(x: JaxArray, a: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const log = raw.sub(norm.logpdf(x, loc, scale), logMass(a, b)), z = standardized(x, loc, scale);
  const outside = any(raw.lt(z, a), raw.gt(z, b));
  return raw.where(raw.ge(a, b), NaN, raw.where(outside, -Infinity, log));
}

const logpdfOf = distribution("truncnorm.logpdf", { loc: 0, scale: 1 }, logDensity);
/**
 * The logarithm of the density: log φ(z) - log scale - log(Φ(b) - Φ(a)) for a ≤ z = (x - loc)/scale ≤ b, else -∞.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a The lower bound of (x - loc)/scale.
 * @param b The upper bound of (x - loc)/scale.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.truncnorm.logpdf(0.5, -1.0, 2.0).item() + 0.843772) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, a: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return logpdfOf([x, a, b], rest);
}

/** φ(z) / (scale (Φ(b) - Φ(a))) for a ≤ z = (x - loc)/scale ≤ b, else 0 */
function density(x: JaxArray, a: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logDensity(x, a, b, loc, scale));
}

const pdfOf = distribution("truncnorm.pdf", { loc: 0, scale: 1 }, density);
/**
 * The density: φ(z) / (scale (Φ(b) - Φ(a))) for a ≤ z = (x - loc)/scale ≤ b, else 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a The lower bound of (x - loc)/scale.
 * @param b The upper bound of (x - loc)/scale.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.truncnorm.pdf(0.5, -1.0, 2.0).item() - 0.430085) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, a: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return pdfOf([x, a, b], rest);
}

/** log(Φ(z) - Φ(a)) - log(Φ(b) - Φ(a)) for z = (x - loc)/scale */
function logCumulative(x: JaxArray, a: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = standardized(x, loc, scale), mass = logMass(a, b);
  const lower = raw.sub(logMass(a, z), mass), upper = raw.sub(logMass(z, b), mass);
  const inside = raw.where(
    raw.gt(lower, -0.1),
    raw.log1p(raw.neg(raw.exp(upper))),
    raw.where(raw.gt(z, a), lower, 0),
  );
  const log = raw.where(raw.ge(z, b), 0, raw.where(raw.le(z, a), -Infinity, inside));
  return raw.where(raw.ge(a, b), NaN, log);
}

const logcdfOf = distribution("truncnorm.logcdf", { loc: 0, scale: 1 }, logCumulative);
/**
 * The logarithm of the cumulative distribution function: log(Φ(z) - Φ(a)) - log(Φ(b) - Φ(a)) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a The lower bound of (x - loc)/scale.
 * @param b The upper bound of (x - loc)/scale.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.truncnorm.logcdf(0.5, -1.0, 2.0).item() + 0.429429) > 1e-4) throw new Error();
 * ```
 */
export function logcdf(x: ArrayLike, a: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return logcdfOf([x, a, b], rest);
}

/** (Φ(z) - Φ(a)) / (Φ(b) - Φ(a)) for z = (x - loc)/scale */
function cumulative(x: JaxArray, a: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logCumulative(x, a, b, loc, scale));
}

const cdfOf = distribution("truncnorm.cdf", { loc: 0, scale: 1 }, cumulative);
/**
 * The cumulative distribution function: (Φ(z) - Φ(a)) / (Φ(b) - Φ(a)) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a The lower bound of (x - loc)/scale.
 * @param b The upper bound of (x - loc)/scale.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.truncnorm.cdf(0.5, -1.0, 2.0).item() - 0.65088) > 1e-4) throw new Error();
 * ```
 */
export function cdf(x: ArrayLike, a: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return cdfOf([x, a, b], rest);
}

/** log(Φ(b) - Φ(z)) - log(Φ(b) - Φ(a)) for z = (x - loc)/scale */
function logSurvival(x: JaxArray, a: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return logCumulative(raw.neg(x), raw.neg(b), raw.neg(a), raw.neg(loc), scale);
}

const logsfOf = distribution("truncnorm.logsf", { loc: 0, scale: 1 }, logSurvival);
/**
 * The logarithm of the survival function: log(Φ(b) - Φ(z)) - log(Φ(b) - Φ(a)) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a The lower bound of (x - loc)/scale.
 * @param b The upper bound of (x - loc)/scale.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.truncnorm.logsf(0.5, -1.0, 2.0).item() + 1.05234) > 1e-4) throw new Error();
 * ```
 */
export function logsf(x: ArrayLike, a: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return logsfOf([x, a, b], rest);
}

/** (Φ(b) - Φ(z)) / (Φ(b) - Φ(a)) for z = (x - loc)/scale */
function survival(x: JaxArray, a: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logSurvival(x, a, b, loc, scale));
}

const sfOf = distribution("truncnorm.sf", { loc: 0, scale: 1 }, survival);
/**
 * The survival function 1 - F(x): (Φ(b) - Φ(z)) / (Φ(b) - Φ(a)) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a The lower bound of (x - loc)/scale.
 * @param b The upper bound of (x - loc)/scale.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.truncnorm.sf(0.5, -1.0, 2.0).item() - 0.34912) > 1e-4) throw new Error();
 * ```
 */
export function sf(x: ArrayLike, a: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return sfOf([x, a, b], rest);
}
