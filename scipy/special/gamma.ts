/**
 * The gamma function and its relatives.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  isInteger,
  JaxArray,
  keywords,
  namedJit,
  NotImplementedError,
  P,
  raw,
  staticInteger,
  toArray,
  typedArrayDType,
  ValueError,
} from "../../core/mod.ts";
import * as np from "../../numpy/mod.ts";
import { all, differentiable, elementwise, promoted } from "./_elementwise.ts";
import { gammaSign, realGamma } from "./_gamma.ts";
import { complexGamma, complexLoggamma } from "./_complex_gamma.ts";

const gammalnOf = elementwise("gammaln", (x) => raw.lgamma(x!), { complex: true });

/**
 * log |Γ(x)|, the logarithm of the absolute value of the gamma function.
 *
 * @param x Real array; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {TypeError} For complex numbers, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (String(scipy.special.gammaln(np.array([1, 2]))) !== "[0. 0.]") throw new Error();
 * ```
 */
export function gammaln(x: ArrayLike): JaxArray {
  return gammalnOf(x);
}

const loggammaOf = elementwise("loggamma", (x) => {
  if (x!.dtype.kind === "complex") return complexLoggamma(x!);
  return raw.where(raw.gt(x!, 0), raw.lgamma(x!), NaN);
}, { complex: true });

/**
 * The principal branch of log Γ(x): NaN for negative floats; for complex numbers the branch cut is the negative real axis.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (!Number.isNaN(scipy.special.loggamma(-0.5).item())) throw new Error();
 * ```
 */
export function loggamma(x: ArrayLike): JaxArray {
  return loggammaOf(x);
}

const gammasgnOf = elementwise("gammasgn", (x) => gammaSign(x!));

/**
 * The sign of the gamma function: ±1, NaN at the negative integers; at zero the sign of the zero.
 *
 * @param x Real array; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (String(scipy.special.gammasgn(np.array([0.5, -0.5, -1.5]))) !== "[ 1. -1.  1.]") throw new Error();
 * ```
 */
export function gammasgn(x: ArrayLike): JaxArray {
  return gammasgnOf(x);
}

const gammaOf = elementwise("gamma", (x) => x!.dtype.kind === "complex" ? complexGamma(x!) : realGamma(x!), {
  complex: true,
});

/**
 * The gamma function, (x - 1)! for positive integers.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @returns An array of the shape of `x`; NaN at the negative integers.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.gamma(5).item() - 24) > 1e-4) throw new Error();
 * ```
 */
export function gamma(x: ArrayLike): JaxArray {
  return gammaOf(x);
}

const factorialOf = elementwise(
  "factorial",
  (n) => raw.where(raw.lt(n!, 0), 0, raw.exp(raw.lgamma(raw.add(n!, 1)))),
  { complex: true },
);

/** Options of {@linkcode factorial}. */
export interface FactorialOptions {
  /** Exact integers: not there, as in JAX. */
  readonly exact?: boolean;
}

/**
 * The factorial n! = Γ(n + 1), 0 for negative n.
 *
 * @param n Real array; integers and booleans become floats.
 * @param rest exact (false)
 * @returns An array of the shape of `n`.
 * @throws {NotImplementedError} For `exact`.
 * @throws {TypeError} For complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.factorial(4).item() - 24) > 1e-4) throw new Error();
 * ```
 */
export function factorial(n: ArrayLike, ...rest: [exact?: boolean | FactorialOptions]): JaxArray {
  const { exact } = keywords("factorial", ["exact"], rest);
  if (exact) throw new NotImplementedError("factorial with exact=True: use floats, exact: false");
  return factorialOf(n);
}

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

const digammaOf = elementwise("digamma", (x) => raw.digamma(x!), { complex: true });

/**
 * The digamma function, the derivative of log Γ.
 *
 * @param x Real array; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {TypeError} For complex numbers, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.digamma(1).item() + 0.5772157) > 1e-6) throw new Error();
 * ```
 */
export function digamma(x: ArrayLike): JaxArray {
  return digammaOf(x);
}

const gammaincOf = elementwise("gammainc", (a, x) => bind1(P.igamma, [a!, x!]), { complex: true });

/**
 * The regularized lower incomplete gamma function P(a, x).
 *
 * @param a Real array, positive; integers and booleans become floats.
 * @param x As `a`, with which it broadcasts; not negative.
 * @returns An array of the common shape.
 * @throws {TypeError} For complex numbers, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.gammainc(1, 2).item() - (1 - Math.exp(-2))) > 1e-6) throw new Error();
 * ```
 */
export function gammainc(a: ArrayLike, x: ArrayLike): JaxArray {
  return gammaincOf(a, x);
}

const gammainccOf = elementwise("gammaincc", (a, x) => bind1(P.igammac, [a!, x!]), { complex: true });

/**
 * The regularized upper incomplete gamma function Q(a, x) = 1 - P(a, x).
 *
 * @param a Real array, positive; integers and booleans become floats.
 * @param x As `a`, with which it broadcasts; not negative.
 * @returns An array of the common shape.
 * @throws {TypeError} For complex numbers, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.gammaincc(1, 2).item() - Math.exp(-2)) > 1e-6) throw new Error();
 * ```
 */
export function gammaincc(a: ArrayLike, x: ArrayLike): JaxArray {
  return gammainccOf(a, x);
}

const polygammaOf = elementwise("polygamma", (n, x) => bind1(P.polygamma, [n!, x!]));

/** Whether an argument has an integer type; integral numbers have. */
function integerTyped(x: ArrayLike): boolean {
  if (x instanceof JaxArray) return isInteger(x.dtype);
  if (typeof x === "number") return Number.isInteger(x);
  const dtype = typedArrayDType(x);
  return typeof x === "bigint" || dtype !== undefined && isInteger(dtype);
}

/**
 * The polygamma function: derivative number n of digamma.
 *
 * @param n Array of integers, not negative.
 * @param x Real array that broadcasts with `n`; integers and booleans become floats.
 * @returns An array of floats of the common shape.
 * @throws {ValueError} For an `n` that is not of an integer type, and complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.polygamma(1, 1).item() - Math.PI ** 2 / 6) > 1e-5) throw new Error();
 * ```
 */
export function polygamma(n: ArrayLike, x: ArrayLike): JaxArray {
  if (!integerTyped(n)) {
    const { dtype } = toArray(n, "polygamma");
    throw new ValueError(`Argument \`n\` to polygamma must be of integer type. Got dtype ${dtype.name}.`);
  }
  return polygammaOf(n, x);
}

const multigammalnOf = namedJit("multigammaln", (xs, d: number): JaxArray[] => {
  const [a] = promoted("multigammaln", xs, true), { dtype } = a!;
  const halves = raw.div(np.arange(d, { dtype }), 2);
  const row = raw.reshape(halves, [...a!.shape.map(() => 1), d]);
  const logs = raw.lgamma(raw.sub(raw.expandDims(a!, [a!.ndim]), row));
  return [raw.add(raw.reduceSum(logs, [a!.ndim]), 0.25 * d * (d - 1) * Math.log(Math.PI))];
}, { inline: true });

/** Options of {@linkcode multigammaln}. */
export interface MultigammalnOptions {
  /** The dimension. */
  readonly d: number;
}

/**
 * The logarithm of the multivariate gamma function of dimension d, log(π^(d(d-1)/4) Πᵢ Γ(a - i/2)), i = 0 ... d - 1.
 *
 * @param a Real array; integers and booleans become floats.
 * @param d An integer that is known when tracing.
 * @returns An array of the shape of `a`.
 * @throws {TypeError} For complex numbers, and a `d` that is traced.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * const { gammaln, multigammaln } = scipy.special;
 * if (Math.abs(multigammaln(3, 1).item() - gammaln(3).item()) > 1e-6) throw new Error();
 * ```
 */
export function multigammaln(a: ArrayLike, ...rest: [d: number | MultigammalnOptions]): JaxArray {
  const { d } = keywords("multigammaln", ["d"], rest);
  return multigammalnOf([toArray(a, "multigammaln")], staticInteger(d, "d argument of multigammaln"))[0]!;
}

/** Γ(z + m) / Γ(z); d/dz = (ψ(z + m) - ψ(z)) (z)ₘ and d/dm = ψ(z + m) (z)ₘ. */
const pochhammer = differentiable(
  "poch",
  (z, m) => raw.where(raw.eq(m!, 0), 1, raw.div(realGamma(raw.add(z!, m!)), realGamma(z!))),
  ([dz, dm], [z, m], out) => {
    const psi = raw.digamma(raw.add(z!, m!));
    return raw.add(
      raw.mul(raw.mul(raw.sub(psi, raw.digamma(z!)), out), dz!),
      raw.mul(raw.mul(psi, out), dm!),
    );
  },
);

const pochOf = elementwise("poch", pochhammer);

/**
 * The Pochhammer symbol (z)ₘ = Γ(z + m) / Γ(z), the rising factorial.
 *
 * @param z Real array; integers and booleans become floats.
 * @param m As `z`, with which it broadcasts.
 * @returns An array of the common shape.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.poch(3, 2).item() - 12) > 1e-4) throw new Error();
 * ```
 */
export function poch(z: ArrayLike, m: ArrayLike): JaxArray {
  return pochOf(z, m);
}
