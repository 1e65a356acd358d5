/**
 * The uniform distribution, as in `jax.scipy.stats.uniform`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { any, distribution, type LocScale, ofProbability, standardized } from "./_distribution.ts";

/** -log scale for loc ≤ x ≤ loc + scale, else -∞ */
function logDensity(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const outside = any(raw.gt(x, raw.add(loc, scale)), raw.lt(x, loc));
  return raw.where(outside, -Infinity, raw.neg(raw.log(scale)));
}

const logpdfOf = distribution("uniform.logpdf", { loc: 0, scale: 1 }, logDensity);
/**
 * The logarithm of the density: -log scale for loc ≤ x ≤ loc + scale, else -∞.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.uniform.logpdf(0.5).item() + 0) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return logpdfOf([x], rest);
}

/** 1/scale for loc ≤ x ≤ loc + scale, else 0 */
function density(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logDensity(x, loc, scale));
}

const pdfOf = distribution("uniform.pdf", { loc: 0, scale: 1 }, density);
/**
 * The density: 1/scale for loc ≤ x ≤ loc + scale, else 0.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.uniform.pdf(0.5).item() - 1) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return pdfOf([x], rest);
}

/** (x - loc)/scale, within 0 and 1 */
function cumulative(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const end = raw.add(loc, scale), inside = raw.and(raw.ge(x, loc), raw.le(x, end));
  const within = raw.where(inside, standardized(x, loc, scale), 0);
  return raw.where(raw.lt(x, loc), 0, raw.where(raw.gt(x, end), 1, within));
}

const cdfOf = distribution("uniform.cdf", { loc: 0, scale: 1 }, cumulative);
/**
 * The cumulative distribution function: (x - loc)/scale, within 0 and 1.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.uniform.cdf(0.5).item() - 0.5) > 1e-4) throw new Error();
 * ```
 */
export function cdf(x: ArrayLike, ...rest: LocScale): JaxArray {
  return cdfOf([x], rest);
}

/** loc + scale q; NaN outside of 0 ≤ q ≤ 1 */
function quantile(q: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return ofProbability(q, raw.add(loc, raw.mul(scale, q)));
}

const ppfOf = distribution("uniform.ppf", { loc: 0, scale: 1 }, quantile);
/**
 * The quantile function, the inverse of the cumulative distribution function: loc + scale q; NaN outside of 0 ≤ q ≤ 1.
 *
 * @param q Array of probabilities.
 * @param rest loc (0) and scale (1)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.uniform.ppf(0.25).item() - 0.25) > 1e-4) throw new Error();
 * ```
 */
export function ppf(q: ArrayLike, ...rest: LocScale): JaxArray {
  return ppfOf([q], rest);
}
