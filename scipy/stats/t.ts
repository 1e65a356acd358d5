/**
 * Student's t distribution, as in `jax.scipy.stats.t`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { distribution, type LocScale, standardized } from "./_distribution.ts";

/** log Γ((df + 1)/2) - log Γ(df/2) - log(π df scale²)/2 - (df + 1)/2 log(1 + z²/df) */
function logDensity(x: JaxArray, df: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  const z = standardized(x, loc, scale), half = raw.div(df, 2), more = raw.add(half, 0.5);
  const constant = raw.div(raw.log(raw.mul(raw.mul(raw.mul(scale, scale), Math.PI), df)), 2);
  const normalizer = raw.sub(raw.add(raw.lgamma(half), constant), raw.lgamma(more));
  return raw.neg(raw.add(normalizer, raw.mul(more, raw.log1p(raw.div(raw.mul(z, z), df)))));
}

const logpdfOf = distribution("t.logpdf", { loc: 0, scale: 1 }, logDensity);
/**
 * The logarithm of the density: log Γ((df + 1)/2) - log Γ(df/2) - log(π df scale²)/2 - (df + 1)/2 log(1 + z²/df).
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
 * if (Math.abs(scipy.stats.t.logpdf(0.5, 3.0).item() + 1.16097) > 1e-4) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, df: ArrayLike, ...rest: LocScale): JaxArray {
  return logpdfOf([x, df], rest);
}

/** proportional to (1 + z²/df)^(-(df + 1)/2) for z = (x - loc)/scale */
function density(x: JaxArray, df: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.exp(logDensity(x, df, loc, scale));
}

const pdfOf = distribution("t.pdf", { loc: 0, scale: 1 }, density);
/**
 * The density: proportional to (1 + z²/df)^(-(df + 1)/2) for z = (x - loc)/scale.
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
 * if (Math.abs(scipy.stats.t.pdf(0.5, 3.0).item() - 0.313181) > 1e-4) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, df: ArrayLike, ...rest: LocScale): JaxArray {
  return pdfOf([x, df], rest);
}
