/**
 * The gamma function, its logarithm, derivatives and incomplete integrals.
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
import { differentiable, elementwise, promoted } from "./elementwise.ts";
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
