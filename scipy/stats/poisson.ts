/**
 * The Poisson distribution, as in `jax.scipy.stats.poisson`.
 *
 * @module
 */
import { type ArrayLike, broadcastTo, type JaxArray, keywords, namedJit, raw } from "../../core/mod.ts";
import { promoteDTypes, toArrays } from "../../numpy/convert.ts";
import * as np from "../../numpy/mod.ts";
import { entr, gammaincc, gammaln, xlogy } from "../special/mod.ts";
import { any, distribution, type Loc } from "./_distribution.ts";

/** y log μ - log y! - μ for y = k - loc, -∞ where that is no natural number */
function logProbability(k: JaxArray, mu: JaxArray, loc: JaxArray): JaxArray {
  const y = raw.sub(k, loc);
  const log = raw.sub(raw.sub(xlogy(y, mu), gammaln(raw.add(y, 1))), mu);
  return raw.where(any(raw.lt(y, 0), raw.ne(np.round(k), k)), -Infinity, log);
}

const logpmfOf = distribution("poisson.logpmf", { loc: 0 }, logProbability);

/**
 * The logarithm of the probability: y log μ - log y! - μ for y = k - loc, -∞ where that is no natural number.
 *
 * @param k Array of numbers; integers and booleans become floats.
 * @param mu As `k`, with which it broadcasts.
 * @param rest loc (0)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.poisson.logpmf(2, 1).item() + Math.log(2) + 1) > 1e-5) throw new Error();
 * ```
 */
export function logpmf(k: ArrayLike, mu: ArrayLike, ...rest: Loc): JaxArray {
  return logpmfOf([k, mu], rest);
}

const pmfOf = distribution(
  "poisson.pmf",
  { loc: 0 },
  (k: JaxArray, mu: JaxArray, loc: JaxArray) => raw.exp(logProbability(k, mu, loc)),
);

/**
 * The probability: μ^y e^-μ / y! for y = k - loc, 0 where that is no natural number.
 *
 * @param k Array of numbers; integers and booleans become floats.
 * @param mu As `k`, with which it broadcasts.
 * @param rest loc (0)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.poisson.pmf(2, 1).item() - Math.exp(-1) / 2) > 1e-5) throw new Error();
 * ```
 */
export function pmf(k: ArrayLike, mu: ArrayLike, ...rest: Loc): JaxArray {
  return pmfOf([k, mu], rest);
}

const cdfOf = distribution("poisson.cdf", { loc: 0 }, (k: JaxArray, mu: JaxArray, loc: JaxArray) => {
  const y = raw.sub(k, loc);
  return raw.where(raw.lt(y, 0), 0, gammaincc(raw.floor(raw.add(y, 1)), mu));
});

/**
 * The cumulative distribution function: Q(⌊y⌋ + 1, μ) for y = k - loc ≥ 0, else 0.
 *
 * @param k Array of numbers; integers and booleans become floats.
 * @param mu As `k`, with which it broadcasts.
 * @param rest loc (0)
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.poisson.cdf(1, 1).item() - 2 * Math.exp(-1)) > 1e-5) throw new Error();
 * ```
 */
export function cdf(k: ArrayLike, mu: ArrayLike, ...rest: Loc): JaxArray {
  return cdfOf([k, mu], rest);
}

/** Σ -p log p over the k below `terms` that are less than `bound`. */
function entropySum(mu: JaxArray, terms: number, bound: JaxArray): JaxArray {
  const k = np.arange(terms, { dtype: mu.dtype }).reshape(terms, 1);
  const p = pmf(k, mu, 0), below = np.less(k, np.expandDims(np.ceil(bound), 0));
  return np.sum(entr(np.where(below, p, 0)), { axis: 0 });
}

const entropyOf = namedJit("entropy", ([given, loc]) => {
  const [all, shift] = promoteDTypes("poisson.entropy", [given!, loc!], "inexact") as [JaxArray, JaxArray];
  const mu = np.ravel(all);
  const small = entropySum(mu, 35, raw.add(mu, 20));
  const medium = entropySum(mu, 250, raw.add(raw.add(mu, raw.mul(raw.sqrt(mu), 10)), 20));
  const large = raw.sub(
    raw.mul(raw.log(raw.mul(mu, 2 * Math.PI * Math.E)), 0.5),
    raw.div(raw.fullLike(mu, 1), raw.mul(mu, 12)),
  );
  const sums = raw.where(raw.lt(mu, 10), small, raw.where(raw.lt(mu, 100), medium, large));
  const entropies = raw.where(raw.eq(mu, 0), 0, sums).reshape(all.shape);
  return [broadcastTo(entropies, np.broadcastShapes(all.shape, shift.shape))];
});

/**
 * The entropy -Σ p log p, summed for μ < 100; its asymptotic series log(2πeμ)/2 - 1/(12μ) beyond.
 *
 * @param mu Array of numbers; integers and booleans become floats.
 * @param rest loc (0), which matters for the shape only
 * @returns Floats of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.poisson.entropy(1).item() - 1.30484) > 1e-4) throw new Error();
 * ```
 */
export function entropy(mu: ArrayLike, ...rest: Loc): JaxArray {
  const { loc = 0 } = keywords("poisson.entropy", ["loc"], rest);
  return entropyOf(toArrays("poisson.entropy", mu, loc))[0]!;
}
