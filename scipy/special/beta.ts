/**
 * The beta function and binomial coefficients.
 *
 * @module
 */
import { type ArrayLike, bind1, type JaxArray, keywords, P, raw } from "../../core/mod.ts";
import { all, elementwise } from "./elementwise.ts";
import { gammaSign } from "./_gamma.ts";

/** The binomial coefficient; 0 outside 0 ≤ k ≤ N. */
function binomial(n: JaxArray, k: JaxArray): JaxArray {
  const inside = all(raw.le(k, n), raw.ge(n, 0), raw.ge(k, 0));
  const safeN = raw.where(inside, n, 0), safeK = raw.where(inside, k, 0), n1 = raw.add(safeN, 1);
  const log = raw.sub(
    raw.sub(raw.lgamma(n1), raw.lgamma(raw.add(safeK, 1))),
    raw.lgamma(raw.sub(n1, safeK)),
  );
  return raw.where(inside, raw.exp(log), 0);
}

const combOf = elementwise("comb", (n, k) => binomial(n!, k!));
const multisets = elementwise("comb", (n, k) => {
  const one = all(raw.eq(k!, 0), raw.ge(n!, 0));
  return raw.where(one, 1, binomial(raw.sub(raw.add(n!, k!), 1), k!));
});

/** Options of {@linkcode comb}. */
export interface CombOptions {
  /** Count choices with repetition. */
  readonly repetition?: boolean;
}

/**
 * The number of choices of k among N things, as floats.
 *
 * @param N Real array; integers and booleans become floats.
 * @param k As `N`, with which it broadcasts.
 * @param rest repetition (false)
 * @returns An array of the common shape; 0 outside 0 ≤ k ≤ N.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.comb(5, 2).item() - 10) > 1e-4) throw new Error();
 * ```
 */
export function comb(N: ArrayLike, k: ArrayLike, options: CombOptions = {}): JaxArray {
  const { repetition } = keywords("comb", ["repetition"], [options]);
  return repetition ? multisets(N, k) : combOf(N, k);
}

/**
 * log Γ(b) - log Γ(a + b) for b ≥ 8 and a ≤ b: `algdiv` of CDFLIB, by the difference of the series that remain after
 * Stirling's formula.
 */
function algdiv(a: JaxArray, b: JaxArray): JaxArray {
  const h = raw.div(a, b), c = raw.div(h, raw.add(h, 1)), c2 = raw.mul(c, c);
  // Sums of 1, c, ..., cⁿ⁻¹ for odd n.
  const sums = [raw.fullLike(c, 1)];
  for (let i = 0; i < 5; i++) sums.push(raw.add(raw.add(c, raw.mul(c2, sums[i]!)), 1));
  const reciprocal = raw.div(raw.like(b, 1), b), t = raw.mul(reciprocal, reciprocal);
  const coefficients = [
    0.0833333333333333,
    -0.00277777777760991,
    0.00079365066682539,
    -0.00059520293135187,
    0.000837308034031215,
    -0.00165322962780713,
  ];
  let w = raw.mul(sums[5]!, coefficients[5]!);
  for (let i = 4; i >= 0; i--) w = raw.add(raw.mul(w, t), raw.mul(sums[i]!, coefficients[i]!));
  w = raw.mul(w, raw.div(c, b));
  const u = raw.mul(raw.add(b, raw.sub(a, 0.5)), raw.log1p(h));
  const v = raw.mul(a, raw.sub(raw.log(b), 1));
  // The smaller is subtracted first.
  return raw.where(raw.le(u, v), raw.sub(raw.sub(w, v), u), raw.sub(raw.sub(w, u), v));
}

function logBeta(x: JaxArray, y: JaxArray): JaxArray {
  const a = raw.min(x, y), b = raw.max(x, y), log = raw.lgamma(a);
  const small = raw.add(log, raw.sub(raw.lgamma(b), raw.lgamma(raw.add(a, b))));
  return raw.where(raw.lt(b, 8), small, raw.add(log, algdiv(a, b)));
}

const betalnOf = elementwise("betaln", (a, b) => logBeta(a!, b!), { complex: true });

/**
 * log |B(a, b)|, the logarithm of the absolute value of the beta function, after `betaln` of CDFLIB.
 *
 * @param a Real array; integers and booleans become floats.
 * @param b As `a`, with which it broadcasts.
 * @returns An array of the common shape.
 * @throws {TypeError} For complex numbers, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.betaln(2, 3).item() + Math.log(12)) > 1e-5) throw new Error();
 * ```
 */
export function betaln(a: ArrayLike, b: ArrayLike): JaxArray {
  return betalnOf(a, b);
}

const betaOf = elementwise("beta", (a, b) => {
  const signs = raw.mul(raw.mul(gammaSign(a!), gammaSign(b!)), gammaSign(raw.add(a!, b!)));
  return raw.mul(signs, raw.exp(logBeta(a!, b!)));
});

/**
 * The beta function Γ(a) Γ(b) / Γ(a + b).
 *
 * @param a Real array; integers and booleans become floats.
 * @param b As `a`, with which it broadcasts.
 * @returns An array of the common shape.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.beta(2, 3).item() - 1 / 12) > 1e-6) throw new Error();
 * ```
 */
export function beta(a: ArrayLike, b: ArrayLike): JaxArray {
  return betaOf(a, b);
}

const betaincOf = elementwise(
  "betainc",
  (a, b, x) => bind1(P.regularized_incomplete_beta, [a!, b!, x!]),
);

/**
 * The regularized incomplete beta function; differentiable with respect to `x` alone.
 *
 * @param a Real array; integers and booleans become floats.
 * @param b As `a`, with which it broadcasts.
 * @param x As `a`; within [0, 1].
 * @returns An array of the common shape.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.betainc(1, 2, 0.5).item() - 0.75) > 1e-6) throw new Error();
 * ```
 */
export function betainc(a: ArrayLike, b: ArrayLike, x: ArrayLike): JaxArray {
  return betaincOf(a, b, x);
}
