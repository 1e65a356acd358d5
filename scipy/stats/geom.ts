/**
 * The geometric distribution, as in `jax.scipy.stats.geom`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { xlog1py } from "../special/mod.ts";
import { distribution, type Loc } from "./_distribution.ts";

/** (y - 1) log(1 - p) + log p for y = k - loc > 0, else -∞ */
function logProbability(k: JaxArray, p: JaxArray, loc: JaxArray): JaxArray {
  const y = raw.sub(k, loc), log = raw.add(xlog1py(raw.sub(y, 1), raw.neg(p)), raw.log(p));
  return raw.where(raw.le(y, 0), -Infinity, log);
}

const logpmfOf = distribution("geom.logpmf", { loc: 0 }, logProbability);
/**
 * The logarithm of the probability: (y - 1) log(1 - p) + log p for y = k - loc > 0, else -∞.
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
 * if (Math.abs(scipy.stats.geom.logpmf(2, 0.25).item() + 1.67398) > 1e-4) throw new Error();
 * ```
 */
export function logpmf(k: ArrayLike, p: ArrayLike, ...rest: Loc): JaxArray {
  return logpmfOf([k, p], rest);
}

/** (1 - p)^(y - 1) p for y = k - loc > 0, else 0 */
function probability(k: JaxArray, p: JaxArray, loc: JaxArray): JaxArray {
  return raw.exp(logProbability(k, p, loc));
}

const pmfOf = distribution("geom.pmf", { loc: 0 }, probability);
/**
 * The probability: (1 - p)^(y - 1) p for y = k - loc > 0, else 0.
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
 * if (Math.abs(scipy.stats.geom.pmf(2, 0.25).item() - 0.1875) > 1e-4) throw new Error();
 * ```
 */
export function pmf(k: ArrayLike, p: ArrayLike, ...rest: Loc): JaxArray {
  return pmfOf([k, p], rest);
}
