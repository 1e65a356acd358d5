/**
 * The gamma distribution, as in `jax.scipy.stats.gamma`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { gammainc, gammaincc, gammaln, xlogy } from "../special/mod.ts";
import { clamp, distribution, type LocScale, standardized } from "./_distribution.ts";

/** (a - 1) log z - z - log Γ(a) - log scale for z = (x - loc)/scale */
function logDensity(x: JaxArray, a: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const inside = raw.ge(x, loc), z = raw.where(inside, standardized(x, loc, scale), 1);
  const kernel = raw.sub(xlogy(raw.sub(a, 1), z), z);
  return raw.where(inside, raw.sub(kernel, raw.add(gammaln(a), raw.log(scale))), -Infinity);
}

const logpdfOf = distribution("gamma.logpdf", { loc: 0, scale: 1 }, logDensity);
/**
 * The logarithm of the density: (a - 1) log z - z - log Γ(a) - log scale for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gamma.logpdf(1.5, 2.0).item() + 1.09453) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, a: ArrayLike, ...rest: LocScale): JaxArray {
  return logpdfOf([x, a], rest);
}

/** z^(a - 1) e^-z / (Γ(a) scale) for z = (x - loc)/scale */
function density(x: JaxArray, a: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logDensity(x, a, loc, scale));
}

const pdfOf = distribution("gamma.pdf", { loc: 0, scale: 1 }, density);
/**
 * The density: z^(a - 1) e^-z / (Γ(a) scale) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gamma.pdf(1.5, 2.0).item() - 0.334695) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, a: ArrayLike, ...rest: LocScale): JaxArray {
  return pdfOf([x, a], rest);
}

/** P(a, z), the regularized lower incomplete gamma function */
function cumulative(x: JaxArray, a: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return gammainc(a, clamp(standardized(x, loc, scale), 0, Infinity));
}

const cdfOf = distribution("gamma.cdf", { loc: 0, scale: 1 }, cumulative);
/**
 * The cumulative distribution function: P(a, z), the regularized lower incomplete gamma function.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gamma.cdf(1.5, 2.0).item() - 0.442175) > 1e-4) throw new Error();
 * ```
 */
export function cdf(x: ArrayLike, a: ArrayLike, ...rest: LocScale): JaxArray {
  return cdfOf([x, a], rest);
}

/** log P(a, z) */
function logCumulative(x: JaxArray, a: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.log(cumulative(x, a, loc, scale));
}

const logcdfOf = distribution("gamma.logcdf", { loc: 0, scale: 1 }, logCumulative);
/**
 * The logarithm of the cumulative distribution function: log P(a, z).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gamma.logcdf(1.5, 2.0).item() + 0.816051) > 1e-4) throw new Error();
 * ```
 */
export function logcdf(x: ArrayLike, a: ArrayLike, ...rest: LocScale): JaxArray {
  return logcdfOf([x, a], rest);
}

/** Q(a, z), the regularized upper incomplete gamma function */
function survival(x: JaxArray, a: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = standardized(x, loc, scale);
  return raw.where(raw.lt(z, 0), 1, gammaincc(a, z));
}

const sfOf = distribution("gamma.sf", { loc: 0, scale: 1 }, survival);
/**
 * The survival function 1 - F(x): Q(a, z), the regularized upper incomplete gamma function.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gamma.sf(1.5, 2.0).item() - 0.557825) > 1e-4) throw new Error();
 * ```
 */
export function sf(x: ArrayLike, a: ArrayLike, ...rest: LocScale): JaxArray {
  return sfOf([x, a], rest);
}

/** log Q(a, z) */
function logSurvival(x: JaxArray, a: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.log(survival(x, a, loc, scale));
}

const logsfOf = distribution("gamma.logsf", { loc: 0, scale: 1 }, logSurvival);
/**
 * The logarithm of the survival function: log Q(a, z).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.gamma.logsf(1.5, 2.0).item() + 0.583709) > 1e-4) throw new Error();
 * ```
 */
export function logsf(x: ArrayLike, a: ArrayLike, ...rest: LocScale): JaxArray {
  return logsfOf([x, a], rest);
}
