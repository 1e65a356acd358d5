/**
 * The beta distribution, as in `jax.scipy.stats.beta`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { betainc, betaln, xlog1py, xlogy } from "../special/mod.ts";
import { any, clamp, distribution, type LocScale, standardized } from "./_distribution.ts";

/** (a - 1) log z + (b - 1) log(1 - z) - log B(a, b) - log scale for z = (x - loc)/scale */
function logDensity(x: JaxArray, a: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = standardized(x, loc, scale);
  const kernel = raw.add(xlogy(raw.sub(a, 1), z), xlog1py(raw.sub(b, 1), raw.neg(z)));
  const log = raw.sub(raw.add(raw.neg(betaln(a, b)), kernel), raw.log(scale));
  const outside = any(raw.gt(x, raw.add(loc, scale)), raw.lt(x, loc));
  const invalid = any(raw.le(a, 0), raw.le(b, 0), raw.le(scale, 0));
  return raw.where(invalid, NaN, raw.where(outside, -Infinity, log));
}

const logpdfOf = distribution("beta.logpdf", { loc: 0, scale: 1 }, logDensity);
/**
 * The logarithm of the density: (a - 1) log z + (b - 1) log(1 - z) - log B(a, b) - log scale for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a As `x`, with which it broadcasts.
 * @param b As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.beta.logpdf(0.5, 2.0, 3.0).item() - 0.405466) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, a: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return logpdfOf([x, a, b], rest);
}

/** z^(a - 1) (1 - z)^(b - 1) / (B(a, b) scale) for z = (x - loc)/scale */
function density(x: JaxArray, a: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logDensity(x, a, b, loc, scale));
}

const pdfOf = distribution("beta.pdf", { loc: 0, scale: 1 }, density);
/**
 * The density: z^(a - 1) (1 - z)^(b - 1) / (B(a, b) scale) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a As `x`, with which it broadcasts.
 * @param b As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.beta.pdf(0.5, 2.0, 3.0).item() - 1.5) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, a: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return pdfOf([x, a, b], rest);
}

/** I(a, b, z), the regularized incomplete beta function */
function cumulative(x: JaxArray, a: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return betainc(a, b, clamp(standardized(x, loc, scale), 0, 1));
}

const cdfOf = distribution("beta.cdf", { loc: 0, scale: 1 }, cumulative);
/**
 * The cumulative distribution function: I(a, b, z), the regularized incomplete beta function.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a As `x`, with which it broadcasts.
 * @param b As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.beta.cdf(0.5, 2.0, 3.0).item() - 0.6875) > 1e-4) throw new Error();
 * ```
 */
export function cdf(x: ArrayLike, a: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return cdfOf([x, a, b], rest);
}

/** log I(a, b, z) */
function logCumulative(x: JaxArray, a: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.log(cumulative(x, a, b, loc, scale));
}

const logcdfOf = distribution("beta.logcdf", { loc: 0, scale: 1 }, logCumulative);
/**
 * The logarithm of the cumulative distribution function: log I(a, b, z).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a As `x`, with which it broadcasts.
 * @param b As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.beta.logcdf(0.5, 2.0, 3.0).item() + 0.374694) > 1e-4) throw new Error();
 * ```
 */
export function logcdf(x: ArrayLike, a: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return logcdfOf([x, a, b], rest);
}

/** I(b, a, 1 - z) */
function survival(x: JaxArray, a: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return betainc(b, a, raw.sub(1, clamp(standardized(x, loc, scale), 0, 1)));
}

const sfOf = distribution("beta.sf", { loc: 0, scale: 1 }, survival);
/**
 * The survival function 1 - F(x): I(b, a, 1 - z).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a As `x`, with which it broadcasts.
 * @param b As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.beta.sf(0.5, 2.0, 3.0).item() - 0.3125) > 1e-4) throw new Error();
 * ```
 */
export function sf(x: ArrayLike, a: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return sfOf([x, a, b], rest);
}

/** log I(b, a, 1 - z) */
function logSurvival(x: JaxArray, a: JaxArray, b: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.log(survival(x, a, b, loc, scale));
}

const logsfOf = distribution("beta.logsf", { loc: 0, scale: 1 }, logSurvival);
/**
 * The logarithm of the survival function: log I(b, a, 1 - z).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param a As `x`, with which it broadcasts.
 * @param b As `x`, with which it broadcasts.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.beta.logsf(0.5, 2.0, 3.0).item() + 1.16315) > 1e-4) throw new Error();
 * ```
 */
export function logsf(x: ArrayLike, a: ArrayLike, b: ArrayLike, ...rest: LocScale): JaxArray {
  return logsfOf([x, a, b], rest);
}
