/**
 * Products with logarithms that are right at zero, entropies, the logistic function and Box-Cox transforms.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { all, differentiable, elementwise, isNan, withTangent } from "./elementwise.ts";

/** x · log, but 0 where x is 0 and y is no NaN. */
function timesLog(x: JaxArray, y: JaxArray, log: JaxArray): JaxArray {
  return raw.where(raw.or(raw.ne(x, 0), isNan(y)), raw.mul(x, log), 0);
}

/** d(x log y) = log y dx + x/y dy */
const xTimesLogY = differentiable(
  "xlogy",
  (x, y) => timesLog(x!, y!, raw.log(y!)),
  ([dx, dy], [x, y]) => raw.add(raw.mul(dx!, raw.log(y!)), raw.div(raw.mul(dy!, x!), y!)),
);

const xlogyOf = elementwise("xlogy", xTimesLogY, { complex: true });

/**
 * x log y, which is 0 for x = 0 (but NaN for y NaN), with derivatives that are defined there.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param y As `x`, with which it broadcasts.
 * @returns An array of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (scipy.special.xlogy(0, 0).item() !== 0) throw new Error();
 * ```
 */
export function xlogy(x: ArrayLike, y: ArrayLike): JaxArray {
  return xlogyOf(x, y);
}

/** d(x log(1 + y)) = log(1 + y) dx + x/(1 + y) dy */
const xlog1pyOf = withTangent(
  "xlog1py",
  (x, y) => timesLog(x!, y!, raw.log1p(y!)),
  ([dx, dy], [x, y]) => raw.add(raw.mul(dx!, raw.log1p(y!)), raw.div(raw.mul(dy!, x!), raw.add(y!, 1))),
  { complex: true },
);

/**
 * x log(1 + y), which is 0 for x = 0 (but NaN for y NaN), with derivatives that are defined there.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param y As `x`, with which it broadcasts.
 * @returns An array of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (scipy.special.xlog1py(0, -1).item() !== 0) throw new Error();
 * ```
 */
export function xlog1py(x: ArrayLike, y: ArrayLike): JaxArray {
  return xlog1pyOf(x, y);
}

/** d(x log x) = (log x + 1) dx */
const xTimesLogX = differentiable(
  "_xlogx",
  (x) => xTimesLogY(x!, x!),
  ([dx], [x]) => raw.mul(dx!, raw.add(raw.log(x!), 1)),
);

const entrOf = elementwise(
  "entr",
  (x) => raw.where(raw.lt(x!, 0), -Infinity, raw.neg(xTimesLogX(x!))),
);

/**
 * The terms -x log x of an entropy: 0 at 0, -∞ for negative x.
 *
 * @param x Real array; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (String(scipy.special.entr(np.array([-1, 0])).sum()) !== "-inf") throw new Error();
 * ```
 */
export function entr(x: ArrayLike): JaxArray {
  return entrOf(x);
}

/** p log(p/q); 0 for p = 0 ≤ q, ∞ where either is negative or q alone is 0. */
function relativeEntropy(p: JaxArray, q: JaxArray): JaxArray {
  const both = all(raw.gt(p, 0), raw.gt(q, 0)), none = all(raw.eq(p, 0), raw.ge(q, 0));
  const safeP = raw.where(both, p, 1), safeQ = raw.where(both, q, 1);
  const log = raw.sub(xTimesLogX(safeP), xTimesLogY(safeP, safeQ));
  return raw.where(both, log, raw.where(none, raw.fullLike(log, 0), Infinity));
}

const relEntrOf = elementwise("rel_entr", (p, q) => relativeEntropy(p!, q!));

/**
 * The terms p log(p/q) of a relative entropy: 0 for p = 0 ≤ q, ∞ outside of p ≥ 0, q > 0.
 *
 * @param p Real array; integers and booleans become floats.
 * @param q As `p`, with which it broadcasts.
 * @returns An array of the common shape.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (scipy.special.relEntr(1, 1).item() !== 0) throw new Error();
 * ```
 */
export function relEntr(p: ArrayLike, q: ArrayLike): JaxArray {
  return relEntrOf(p, q);
}

const klDivOf = elementwise("kl_div", (p, q) => raw.add(raw.sub(relativeEntropy(p!, q!), p!), q!));

/**
 * The terms p log(p/q) - p + q of a Kullback-Leibler divergence; ∞ outside of p ≥ 0, q > 0, but q for p = 0.
 *
 * @param p Real array; integers and booleans become floats.
 * @param q As `p`, with which it broadcasts.
 * @returns An array of the common shape.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (scipy.special.klDiv(0, 2).item() !== 2) throw new Error();
 * ```
 */
export function klDiv(p: ArrayLike, q: ArrayLike): JaxArray {
  return klDivOf(p, q);
}

/** d logit x = dx / (x (1 - x)) */
const logitOf = withTangent(
  "logit",
  (x) => raw.log(raw.div(x!, raw.sub(1, x!))),
  ([dx], [x]) => raw.div(dx!, raw.mul(x!, raw.sub(1, x!))),
  { complex: true },
);

/**
 * The logarithm of the odds, log(x / (1 - x)): the inverse of {@linkcode expit}.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (scipy.special.logit(0.5).item() !== 0) throw new Error();
 * ```
 */
export function logit(x: ArrayLike): JaxArray {
  return logitOf(x);
}

const expitOf = elementwise("expit", (x) => raw.logistic(x!), { complex: true });

/**
 * The logistic function 1 / (1 + e⁻ˣ).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (scipy.special.expit(0).item() !== 0.5) throw new Error();
 * ```
 */
export function expit(x: ArrayLike): JaxArray {
  return expitOf(x);
}

/** (e^(λ log) - 1) / λ, the logarithm itself for λ = 0. */
function transform(log: JaxArray, lambda: JaxArray): JaxArray {
  const zero = raw.eq(lambda, 0), safe = raw.where(zero, 1, lambda);
  return raw.where(zero, log, raw.div(raw.expm1(raw.mul(safe, log)), safe));
}

const boxcoxOf = elementwise("boxcox", (x, lambda) => transform(raw.log(x!), lambda!), { complex: true });

/**
 * The Box-Cox transform (x^λ - 1) / λ, log x for λ = 0; NaN for negative x.
 *
 * @param x Real array; integers and booleans become floats.
 * @param lmbda As `x`, with which it broadcasts.
 * @returns An array of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.boxcox(3, 2).item() - 4) > 1e-5) throw new Error();
 * ```
 */
export function boxcox(x: ArrayLike, lmbda: ArrayLike): JaxArray {
  return boxcoxOf(x, lmbda);
}

const boxcox1pOf = elementwise("boxcox1p", (x, lambda) => transform(raw.log1p(x!), lambda!), {
  complex: true,
});

/**
 * The Box-Cox transform of 1 + x, ((1 + x)^λ - 1) / λ, log(1 + x) for λ = 0; NaN for x < -1.
 *
 * @param x Real array; integers and booleans become floats.
 * @param lmbda As `x`, with which it broadcasts.
 * @returns An array of the common shape.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.boxcox1p(2, 2).item() - 4) > 1e-5) throw new Error();
 * ```
 */
export function boxcox1p(x: ArrayLike, lmbda: ArrayLike): JaxArray {
  return boxcox1pOf(x, lmbda);
}
