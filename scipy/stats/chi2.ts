/**
 * The chi-squared distribution, as in `jax.scipy.stats.chi2`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { gammainc, gammaincc } from "../special/mod.ts";
import { clamp, distribution, type LocScale, standardized } from "./_distribution.ts";

/** (df/2 - 1) log z - z/2 - (df/2) log 2 - log Γ(df/2) - log scale for z = (x - loc)/scale */
function logDensity(x: JaxArray, df: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = standardized(x, loc, scale), half = raw.div(df, 2);
  const kernel = raw.sub(raw.mul(raw.sub(half, 1), raw.log(z)), raw.div(z, 2));
  const constant = raw.neg(raw.add(raw.lgamma(half), raw.div(raw.mul(df, Math.LN2), 2)));
  return raw.where(raw.lt(x, loc), -Infinity, raw.add(raw.sub(constant, raw.log(scale)), kernel));
}

const logpdfOf = distribution("chi2.logpdf", { loc: 0, scale: 1 }, logDensity);
/**
 * The logarithm of the density: (df/2 - 1) log z - z/2 - (df/2) log 2 - log Γ(df/2) - log scale for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param df As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.chi2.logpdf(1.5, 3.0).item() + 1.46621) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, df: ArrayLike, ...rest: LocScale): JaxArray {
  return logpdfOf([x, df], rest);
}

/** proportional to z^(df/2 - 1) e^(-z/2) for z = (x - loc)/scale */
function density(x: JaxArray, df: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logDensity(x, df, loc, scale));
}

const pdfOf = distribution("chi2.pdf", { loc: 0, scale: 1 }, density);
/**
 * The density: proportional to z^(df/2 - 1) e^(-z/2) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param df As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.chi2.pdf(1.5, 3.0).item() - 0.230799) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, df: ArrayLike, ...rest: LocScale): JaxArray {
  return pdfOf([x, df], rest);
}

/** P(df/2, z/2), the regularized lower incomplete gamma function */
function cumulative(x: JaxArray, df: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return gammainc(raw.div(df, 2), clamp(raw.div(raw.sub(x, loc), raw.mul(scale, 2)), 0, Infinity));
}

const cdfOf = distribution("chi2.cdf", { loc: 0, scale: 1 }, cumulative);
/**
 * The cumulative distribution function: P(df/2, z/2), the regularized lower incomplete gamma function.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param df As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.chi2.cdf(1.5, 3.0).item() - 0.31773) > 1e-4) throw new Error();
 * ```
 */
export function cdf(x: ArrayLike, df: ArrayLike, ...rest: LocScale): JaxArray {
  return cdfOf([x, df], rest);
}

/** log P(df/2, z/2) */
function logCumulative(x: JaxArray, df: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.log(cumulative(x, df, loc, scale));
}

const logcdfOf = distribution("chi2.logcdf", { loc: 0, scale: 1 }, logCumulative);
/**
 * The logarithm of the cumulative distribution function: log P(df/2, z/2).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param df As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.chi2.logcdf(1.5, 3.0).item() + 1.14655) > 1e-4) throw new Error();
 * ```
 */
export function logcdf(x: ArrayLike, df: ArrayLike, ...rest: LocScale): JaxArray {
  return logcdfOf([x, df], rest);
}

/** Q(df/2, z/2), the regularized upper incomplete gamma function */
function survival(x: JaxArray, df: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return gammaincc(raw.div(df, 2), clamp(raw.div(raw.sub(x, loc), raw.mul(scale, 2)), 0, Infinity));
}

const sfOf = distribution("chi2.sf", { loc: 0, scale: 1 }, survival);
/**
 * The survival function 1 - F(x): Q(df/2, z/2), the regularized upper incomplete gamma function.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param df As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.chi2.sf(1.5, 3.0).item() - 0.68227) > 1e-4) throw new Error();
 * ```
 */
export function sf(x: ArrayLike, df: ArrayLike, ...rest: LocScale): JaxArray {
  return sfOf([x, df], rest);
}

/** log Q(df/2, z/2) */
function logSurvival(x: JaxArray, df: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.log(survival(x, df, loc, scale));
}

const logsfOf = distribution("chi2.logsf", { loc: 0, scale: 1 }, logSurvival);
/**
 * The logarithm of the survival function: log Q(df/2, z/2).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param df As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.chi2.logsf(1.5, 3.0).item() + 0.382329) > 1e-4) throw new Error();
 * ```
 */
export function logsf(x: ArrayLike, df: ArrayLike, ...rest: LocScale): JaxArray {
  return logsfOf([x, df], rest);
}
