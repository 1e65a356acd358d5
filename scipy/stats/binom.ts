/**
 * The binomial distribution, as in `jax.scipy.stats.binom`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { gammaln, xlog1py, xlogy } from "../special/mod.ts";
import { distribution, type Loc } from "./_distribution.ts";

/** log C(n, y) + y log p + (n - y) log(1 - p) for y = k - loc within [0, n], else -∞ */
function logProbability(k: JaxArray, n: JaxArray, p: JaxArray, loc: JaxArray): JaxArray {
  const y = raw.sub(k, loc), rest = raw.sub(n, y);
  const choices = raw.sub(gammaln(raw.add(n, 1)), raw.add(gammaln(raw.add(y, 1)), gammaln(raw.add(rest, 1))));
  const linear = raw.add(xlogy(y, p), xlog1py(rest, raw.neg(p)));
  const certain = raw.or(raw.and(raw.eq(y, 0), raw.eq(n, 0)), raw.eq(linear, 0));
  const inside = raw.and(raw.ge(k, loc), raw.lt(k, raw.add(raw.add(loc, n), 1)));
  return raw.where(inside, raw.where(certain, 0, raw.add(choices, linear)), -Infinity);
}

const logpmfOf = distribution("binom.logpmf", { loc: 0 }, logProbability);
/**
 * The logarithm of the probability: log C(n, y) + y log p + (n - y) log(1 - p) for y = k - loc within [0, n], else -∞.
 *
 * @param k Array of numbers; integers and booleans become floats.
 * @param n As `k`, with which it broadcasts.
 * @param p Array of probabilities.
 * @param rest loc (0)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.binom.logpmf(2, 5, 0.25).item() + 1.33305) > 1e-4) throw new Error();
 * ```
 */
export function logpmf(k: ArrayLike, n: ArrayLike, p: ArrayLike, ...rest: Loc): JaxArray {
  return logpmfOf([k, n, p], rest);
}

/** C(n, y) p^y (1 - p)^(n - y) for y = k - loc within [0, n], else 0 */
function probability(k: JaxArray, n: JaxArray, p: JaxArray, loc: JaxArray): JaxArray {
  return raw.exp(logProbability(k, n, p, loc));
}

const pmfOf = distribution("binom.pmf", { loc: 0 }, probability);
/**
 * The probability: C(n, y) p^y (1 - p)^(n - y) for y = k - loc within [0, n], else 0.
 *
 * @param k Array of numbers; integers and booleans become floats.
 * @param n As `k`, with which it broadcasts.
 * @param p Array of probabilities.
 * @param rest loc (0)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.binom.pmf(2, 5, 0.25).item() - 0.263672) > 1e-4) throw new Error();
 * ```
 */
export function pmf(k: ArrayLike, n: ArrayLike, p: ArrayLike, ...rest: Loc): JaxArray {
  return pmfOf([k, n, p], rest);
}
