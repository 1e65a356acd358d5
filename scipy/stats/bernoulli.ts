/**
 * The Bernoulli distribution, as in `jax.scipy.stats.bernoulli`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { xlog1py, xlogy } from "../special/mod.ts";
import { any, distribution, type Loc, ofProbability } from "./_distribution.ts";

/** y log p + (1 - y) log(1 - p) for y = k - loc within [0, 1], else -∞ */
function logProbability(k: JaxArray, p: JaxArray, loc: JaxArray): JaxArray {
  const y = raw.sub(k, loc), log = raw.add(xlogy(y, p), xlog1py(raw.sub(1, y), raw.neg(p)));
  return raw.where(any(raw.lt(y, 0), raw.gt(y, 1)), -Infinity, log);
}

const logpmfOf = distribution("bernoulli.logpmf", { loc: 0 }, logProbability);
/**
 * The logarithm of the probability: y log p + (1 - y) log(1 - p) for y = k - loc within [0, 1], else -∞.
 *
 * @param k Array of numbers; integers and booleans become floats.
 * @param p Array of probabilities.
 * @param rest loc (0)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.bernoulli.logpmf(1, 0.25).item() + 1.38629) > 1e-4) throw new Error();
 * ```
 */
export function logpmf(k: ArrayLike, p: ArrayLike, ...rest: Loc): JaxArray {
  return logpmfOf([k, p], rest);
}

/** p^y (1 - p)^(1 - y) for y = k - loc within [0, 1], else 0 */
function probability(k: JaxArray, p: JaxArray, loc: JaxArray): JaxArray {
  return raw.exp(logProbability(k, p, loc));
}

const pmfOf = distribution("bernoulli.pmf", { loc: 0 }, probability);
/**
 * The probability: p^y (1 - p)^(1 - y) for y = k - loc within [0, 1], else 0.
 *
 * @param k Array of numbers; integers and booleans become floats.
 * @param p Array of probabilities.
 * @param rest loc (0)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.bernoulli.pmf(1, 0.25).item() - 0.25) > 1e-4) throw new Error();
 * ```
 */
export function pmf(k: ArrayLike, p: ArrayLike, ...rest: Loc): JaxArray {
  return pmfOf([k, p], rest);
}

/** 0 for k < 0, 1 - p for k < 1, else 1; NaN where p is no probability */
function cumulative(k: JaxArray, p: JaxArray): JaxArray {
  const steps = raw.where(raw.lt(k, 0), 0, raw.where(raw.lt(k, 1), raw.sub(1, p), 1));
  return raw.where(raw.ne(k, k), NaN, ofProbability(p, steps));
}

const cdfOf = distribution("bernoulli.cdf", {}, cumulative);
/**
 * The cumulative distribution function: 0 for k < 0, 1 - p for k < 1, else 1; NaN where p is no probability.
 *
 * @param k Array of numbers; integers and booleans become floats.
 * @param p Array of probabilities.
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.bernoulli.cdf(1, 0.25).item() - 1) > 1e-4) throw new Error();
 * ```
 */
export function cdf(k: ArrayLike, p: ArrayLike): JaxArray {
  return cdfOf([k, p], []);
}

/** 0 for q ≤ 1 - p, else 1; NaN where p or q is no probability */
function quantile(q: JaxArray, p: JaxArray): JaxArray {
  const step = raw.convert(raw.gt(q, raw.sub(1, p)), q.dtype, q.weakType);
  return ofProbability(q, ofProbability(p, step));
}

const ppfOf = distribution("bernoulli.ppf", {}, quantile);
/**
 * The quantile function, the inverse of the cumulative distribution function: 0 for q ≤ 1 - p, else 1; NaN where p or q is no probability.
 *
 * @param q Array of probabilities.
 * @param p Array of probabilities.
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (scipy.stats.bernoulli.ppf(0.25, 0.25).item() !== 0) throw new Error();
 * ```
 */
export function ppf(q: ArrayLike, p: ArrayLike): JaxArray {
  return ppfOf([q, p], []);
}
