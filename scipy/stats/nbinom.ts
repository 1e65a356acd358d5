/**
 * The negative binomial distribution, as in `jax.scipy.stats.nbinom`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { gammaln, xlogy } from "../special/mod.ts";
import { distribution, type Loc } from "./_distribution.ts";

/** log(Γ(y + n) / (Γ(n) y!)) + n log p + y log(1 - p) for y = k - loc ≥ 0, else -∞ */
function logProbability(k: JaxArray, n: JaxArray, p: JaxArray, loc: JaxArray): JaxArray {
  const y = raw.sub(k, loc);
  const choices = raw.sub(raw.sub(gammaln(raw.add(y, n)), gammaln(n)), gammaln(raw.add(y, 1)));
  const linear = raw.add(xlogy(n, p), xlogy(y, raw.sub(1, p)));
  return raw.where(raw.lt(k, loc), -Infinity, raw.add(choices, linear));
}

const logpmfOf = distribution("nbinom.logpmf", { loc: 0 }, logProbability);
/**
 * The logarithm of the probability: log(Γ(y + n) / (Γ(n) y!)) + n log p + y log(1 - p) for y = k - loc ≥ 0, else -∞.
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
 * if (Math.abs(scipy.stats.nbinom.logpmf(2, 5, 0.25).item() + 4.79879) > 1e-4) throw new Error();
 * ```
 */
export function logpmf(k: ArrayLike, n: ArrayLike, p: ArrayLike, ...rest: Loc): JaxArray {
  return logpmfOf([k, n, p], rest);
}

/** Γ(y + n) / (Γ(n) y!) p^n (1 - p)^y for y = k - loc ≥ 0, else 0 */
function probability(k: JaxArray, n: JaxArray, p: JaxArray, loc: JaxArray): JaxArray {
  return raw.exp(logProbability(k, n, p, loc));
}

const pmfOf = distribution("nbinom.pmf", { loc: 0 }, probability);
/**
 * The probability: Γ(y + n) / (Γ(n) y!) p^n (1 - p)^y for y = k - loc ≥ 0, else 0.
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
 * if (Math.abs(scipy.stats.nbinom.pmf(2, 5, 0.25).item() - 0.00823975) > 1e-4) throw new Error();
 * ```
 */
export function pmf(k: ArrayLike, n: ArrayLike, p: ArrayLike, ...rest: Loc): JaxArray {
  return pmfOf([k, n, p], rest);
}
