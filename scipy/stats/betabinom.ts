/**
 * The beta-binomial distribution, as in `jax.scipy.stats.betabinom`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { betaln } from "../special/mod.ts";
import { any, distribution, type Loc } from "./_distribution.ts";

/** log(C(n, y) B(y + a, n - y + b) / B(a, b)) for y = ⌊k⌋ - loc */
function logProbability(k: JaxArray, n: JaxArray, a: JaxArray, b: JaxArray, loc: JaxArray): JaxArray {
  const y = raw.sub(raw.floor(k), loc), rest = raw.sub(n, y);
  const choices = raw.neg(raw.add(raw.log1p(n), betaln(raw.add(rest, 1), raw.add(y, 1))));
  const betas = raw.sub(betaln(raw.add(y, a), raw.add(rest, b)), betaln(a, b));
  const certain = raw.and(raw.eq(y, 0), raw.eq(n, 0));
  const log = raw.where(certain, 0, raw.add(choices, betas));
  const outside = any(raw.lt(y, raw.neg(loc)), raw.gt(y, n), raw.le(raw.add(y, a), 0));
  const invalid = any(raw.lt(n, 0), raw.le(a, 0), raw.le(b, 0));
  return raw.where(invalid, NaN, raw.where(outside, -Infinity, log));
}

const logpmfOf = distribution("betabinom.logpmf", { loc: 0 }, logProbability);
/**
 * The logarithm of the probability: log(C(n, y) B(y + a, n - y + b) / B(a, b)) for y = ⌊k⌋ - loc.
 *
 * @param k Array of numbers; integers and booleans become floats.
 * @param n As `k`, with which it broadcasts.
 * @param a As `k`, with which it broadcasts.
 * @param b As `k`, with which it broadcasts.
 * @param rest loc (0)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.betabinom.logpmf(2, 5, 2.0, 3.0).item() + 1.43508) > 1e-4) throw new Error();
 * ```
 */
export function logpmf(k: ArrayLike, n: ArrayLike, a: ArrayLike, b: ArrayLike, ...rest: Loc): JaxArray {
  return logpmfOf([k, n, a, b], rest);
}

/** C(n, y) B(y + a, n - y + b) / B(a, b) for y = ⌊k⌋ - loc */
function probability(k: JaxArray, n: JaxArray, a: JaxArray, b: JaxArray, loc: JaxArray): JaxArray {
  return raw.exp(logProbability(k, n, a, b, loc));
}

const pmfOf = distribution("betabinom.pmf", { loc: 0 }, probability);
/**
 * The probability: C(n, y) B(y + a, n - y + b) / B(a, b) for y = ⌊k⌋ - loc.
 *
 * @param k Array of numbers; integers and booleans become floats.
 * @param n As `k`, with which it broadcasts.
 * @param a As `k`, with which it broadcasts.
 * @param b As `k`, with which it broadcasts.
 * @param rest loc (0)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.betabinom.pmf(2, 5, 2.0, 3.0).item() - 0.238095) > 1e-4) throw new Error();
 * ```
 */
export function pmf(k: ArrayLike, n: ArrayLike, a: ArrayLike, b: ArrayLike, ...rest: Loc): JaxArray {
  return pmfOf([k, n, a, b], rest);
}
