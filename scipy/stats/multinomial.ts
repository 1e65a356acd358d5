/**
 * The multinomial distribution, as in `jax.scipy.stats.multinomial`.
 *
 * @module
 */
import { type ArrayLike, isInteger, type JaxArray, namedJit, raw, ValueError } from "../../core/mod.ts";
import { promoteInexact, promoteNumeric, toIntegerArrays } from "../../numpy/convert.ts";
import * as np from "../../numpy/mod.ts";
import { gammaln, xlogy } from "../special/mod.ts";

const logpmfOf = namedJit("multinomial.logpmf", ([counts, trials, p]) => {
  const x = raw.convert(counts!, p!.dtype), n = raw.convert(trials!, p!.dtype);
  const terms = np.subtract(xlogy(x, p!), gammaln(raw.add(x, 1)));
  const log = np.add(gammaln(raw.add(n, 1)), np.sum(terms, { axis: -1 }));
  return [np.where(np.equal(np.sum(x), n), log, -Infinity)];
}, { inline: true });

/**
 * The logarithm of the probability: log n! + Σ (xᵢ log pᵢ - log xᵢ!), -∞ where the counts do not sum to n.
 *
 * @param x Array of integers, the counts along its last axis.
 * @param n Array of integers, the number of trials.
 * @param p Array of probabilities along its last axis.
 * @returns Floats of the dtype of `p`.
 * @throws {ValueError} For counts that are no integers.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const log = scipy.stats.multinomial.logpmf(np.arange(2), 1, np.array([0.5, 0.5]));
 * if (Math.abs(log.item() - Math.log(0.5)) > 1e-5) throw new Error();
 * ```
 */
export function logpmf(x: ArrayLike, n: ArrayLike, p: ArrayLike): JaxArray {
  const [probabilities] = promoteInexact("multinomial.logpmf", p) as [JaxArray];
  const [counts, trials] = promoteNumeric(
    "multinomial.logpmf",
    ...toIntegerArrays("multinomial.logpmf", x, n),
  ) as [JaxArray, JaxArray];
  if (!isInteger(counts.dtype)) {
    throw new ValueError(
      `x and n must be of integer type; got x.dtype=${counts.dtype.name}, n.dtype=${trials.dtype.name}`,
    );
  }
  return logpmfOf([counts, trials, probabilities])[0]!;
}

/**
 * The probability: n! Π pᵢ^xᵢ / xᵢ!, 0 where the counts do not sum to n.
 *
 * @param x Array of integers, the counts along its last axis.
 * @param n Array of integers, the number of trials.
 * @param p Array of probabilities along its last axis.
 * @returns Floats of the dtype of `p`.
 * @throws {ValueError} For counts that are no integers.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const p = scipy.stats.multinomial.pmf(np.arange(2), 1, np.array([0.5, 0.5]));
 * if (Math.abs(p.item() - 0.5) > 1e-5) throw new Error();
 * ```
 */
export function pmf(x: ArrayLike, n: ArrayLike, p: ArrayLike): JaxArray {
  return raw.exp(logpmf(x, n, p));
}
