/**
 * The normal distribution, as in `jax.scipy.stats.norm`.
 *
 * @module
 */
import { type ArrayLike, defaultFloat, type JaxArray, keywords, namedJit, raw } from "../../core/mod.ts";
import { toArrays } from "../../numpy/convert.ts";
import * as np from "../../numpy/mod.ts";
import { logNdtr, ndtr, ndtri } from "../special/mod.ts";
import { distribution, type LocScale, standardized } from "./_distribution.ts";

/** -z²/2 - log(2π scale²)/2 for z = (x - loc)/scale */
function logDensity(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const variance = raw.square(scale), normalizer = raw.log(raw.mul(variance, 2 * Math.PI));
  return raw.div(raw.add(normalizer, raw.div(raw.square(raw.sub(x, loc)), variance)), -2);
}

const logpdfOf = distribution("norm.logpdf", { loc: 0, scale: 1 }, logDensity);
/**
 * The logarithm of the density: -z²/2 - log(2π scale²)/2 for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.norm.logpdf(0.5).item() + 1.04394) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logpdfOf([x], rest);
}

/** exp(-z²/2) / √(2π scale²) for z = (x - loc)/scale */
function density(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logDensity(x, loc, scale));
}

const pdfOf = distribution("norm.pdf", { loc: 0, scale: 1 }, density);
/**
 * The density: exp(-z²/2) / √(2π scale²) for z = (x - loc)/scale.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.norm.pdf(0.5).item() - 0.352065) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return pdfOf([x], rest);
}

/** Φ((x - loc)/scale) */
function cumulative(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return ndtr(standardized(x, loc, scale));
}

const cdfOf = distribution("norm.cdf", { loc: 0, scale: 1 }, cumulative);
/**
 * The cumulative distribution function: Φ((x - loc)/scale).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.norm.cdf(0.5).item() - 0.691462) > 1e-4) throw new Error();
 * ```
 */
export function cdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return cdfOf([x], rest);
}

/** log Φ((x - loc)/scale), precise in the tails too */
function logCumulative(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return logNdtr(standardized(x, loc, scale));
}

const logcdfOf = distribution("norm.logcdf", { loc: 0, scale: 1 }, logCumulative);
/**
 * The logarithm of the cumulative distribution function: log Φ((x - loc)/scale), precise in the tails too.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.norm.logcdf(0.5).item() + 0.368946) > 1e-4) throw new Error();
 * ```
 */
export function logcdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logcdfOf([x], rest);
}

/** Φ((loc - x)/scale) */
function survival(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return cumulative(raw.neg(x), raw.neg(loc), scale);
}

const sfOf = distribution("norm.sf", { loc: 0, scale: 1 }, survival);
/**
 * The survival function 1 - F(x): Φ((loc - x)/scale).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.norm.sf(0.5).item() - 0.308538) > 1e-4) throw new Error();
 * ```
 */
export function sf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return sfOf([x], rest);
}

/** log Φ((loc - x)/scale) */
function logSurvival(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return logCumulative(raw.neg(x), raw.neg(loc), scale);
}

const logsfOf = distribution("norm.logsf", { loc: 0, scale: 1 }, logSurvival);
/**
 * The logarithm of the survival function: log Φ((loc - x)/scale).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.norm.logsf(0.5).item() + 1.17591) > 1e-4) throw new Error();
 * ```
 */
export function logsf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logsfOf([x], rest);
}

const quantile = namedJit(
  "norm.ppf",
  ([q, loc, scale]) => [
    raw.convert(np.add(np.multiply(ndtri(q!), scale!), loc!), defaultFloat()),
  ],
  { inline: true },
);

function quantileOf(name: string, q: JaxArray, rest: LocScale): JaxArray {
  const { loc = 0, scale = 1 } = keywords(name, ["loc", "scale"], rest);
  return quantile([q, ...toArrays(name, loc, scale)])[0]!;
}

/**
 * The quantile function, the inverse of the cumulative distribution function: loc + scale Φ⁻¹(q).
 *
 * @param q Array of probabilities, float32 or float64.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the default precision, of the common shape.
 * @throws {TypeError} For other dtypes, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.norm.ppf(0.975).item() - 1.95996) > 1e-4) throw new Error();
 * ```
 */
export function ppf(q: ArrayLike, ...rest: LocScale): JaxArray {
  return quantileOf("norm.ppf", toArrays("norm.ppf", q)[0]!, rest);
}

/**
 * The inverse of the survival function: loc + scale Φ⁻¹(1 - q).
 *
 * @param q Array of probabilities, float32 or float64.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the default precision, of the common shape.
 * @throws {TypeError} For other dtypes, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.norm.isf(0.025).item() - 1.95996) > 1e-4) throw new Error();
 * ```
 */
export function isf(q: ArrayLike, ...rest: LocScale): JaxArray {
  return quantileOf("norm.isf", raw.sub(1, toArrays("norm.isf", q)[0]!), rest);
}
