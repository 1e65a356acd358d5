/**
 * Arithmetic of polynomials in `jax.numpy`. A polynomial is the array of its coefficients, the highest power first:
 * `[1, 0, 2]` is x² + 2.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  broadcastShapes,
  checkOptions,
  finfo,
  type JaxArray,
  keywords,
  namedJit,
  P,
  raw,
  scalarArray,
  slice,
  staticInteger,
  ValueError,
} from "../core/mod.ts";
import { scan } from "../lax/mod.ts";
import type { OrOptions } from "./_arguments.ts";
import { known } from "./_concrete.ts";
import { promoteDTypes, promoteShapes, toArray, toArrays } from "./convert.ts";
import { staged } from "./_staged.ts";
import { convolve } from "./convolution.ts";
import { trimZeros } from "./edit.ts";

const evaluate = staged(
  "polyval",
  ([p, x]: readonly [JaxArray, JaxArray], unroll: number) => {
    const [coefficients, points] = promoteDTypes("polyval", [p, x]) as [JaxArray, JaxArray];
    const shape = broadcastShapes([coefficients.shape.slice(1), points.shape]);
    // Horner's rule.
    const step = (y: JaxArray, c: JaxArray): [JaxArray, []] => {
      const [value, at] = promoteShapes("multiply", [y, points]) as [JaxArray, JaxArray];
      const [shifted, next] = promoteShapes("add", [raw.mul(value, at), c]) as [JaxArray, JaxArray];
      return [raw.add(shifted, next), []];
    };
    return scan(step, raw.full(shape, 0, points.dtype), coefficients, { unroll })[0];
  },
);

/** Options of {@linkcode polyval}. */
export interface PolyvalOptions {
  /** How many steps the compiled loop takes at once. */
  readonly unroll?: number;
}

/**
 * The values of a polynomial.
 *
 * @param p the coefficients, along the first axis; further axes broadcast with `x`
 * @param x where to evaluate, promoted with `p`
 * @returns an array of the shape of `x`
 * @throws {ValueError} for shapes that do not broadcast
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const p = np.array([1, 0, 2]);
 * if (String(np.polyval(p, np.array([0, 1, 3]))) !== "[ 2.  3. 11.]") throw new Error();
 * ```
 */
export function polyval(p: ArrayLike, x: ArrayLike, options: PolyvalOptions = {}): JaxArray {
  checkOptions("polyval", options, ["unroll"]);
  const arrays = toArrays("polyval", p, x) as [JaxArray, JaxArray];
  return evaluate(arrays, staticInteger(options.unroll ?? 16, "the unroll argument of polyval"));
}

/** The sum of coefficients, aligned at the constant term. */
const sum = staged("polyadd", ([a1, a2]: readonly [JaxArray, JaxArray]) => {
  const [x, y] = promoteDTypes("polyadd", [a1, a2]) as [JaxArray, JaxArray];
  const [long, short] = y.shape[0]! <= x.shape[0]! ? [x, y] : [y, x];
  return short.shape[0] === 0 ? long : long.at(slice(-short.shape[0]!, null)).add(short);
});

const difference = staged("polysub", ([a1, a2]: readonly [JaxArray, JaxArray]) => {
  const [x, y] = promoteDTypes("polysub", [a1, a2]) as [JaxArray, JaxArray];
  return sum([x, raw.neg(y)]);
});

/**
 * The sum of two polynomials.
 *
 * @param a1 coefficients, an array with one axis
 * @param a2 coefficients, promoted with `a1`
 * @returns as many coefficients as the longer one has
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.polyadd(np.array([1, 2]), np.array([3, 0, 1]))) !== "[3. 1. 3.]") throw new Error();
 * ```
 */
export function polyadd(a1: ArrayLike, a2: ArrayLike): JaxArray {
  return sum(toArrays("polyadd", a1, a2) as [JaxArray, JaxArray]);
}

/**
 * The difference of two polynomials.
 *
 * @param a1 coefficients, an array with one axis
 * @param a2 coefficients, promoted with `a1`
 * @returns as many coefficients as the longer one has
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.polysub(np.array([1, 2]), np.array([1, 1]))) !== "[0. 1.]") throw new Error();
 * ```
 */
export function polysub(a1: ArrayLike, a2: ArrayLike): JaxArray {
  return difference(toArrays("polysub", a1, a2) as [JaxArray, JaxArray]);
}

/** Options of {@linkcode polymul} and {@linkcode polydiv}. */
export interface TrimOptions {
  /** Whether coefficients that are zero are left out in front; the values must be known. */
  readonly trimLeadingZeros?: boolean;
}

/**
 * The product of two polynomials.
 *
 * @param a1 coefficients, an array with one axis
 * @param a2 coefficients, promoted with `a1`
 * @returns coefficients of an inexact dtype, one less than both have together
 * @throws {ConcretizationTypeError} for `trimLeadingZeros` where the values are not known
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.polymul(np.array([1, 1]), np.array([1, -1]))) !== "[ 1.  0. -1.]") throw new Error();
 * ```
 */
export function polymul(a1: ArrayLike, a2: ArrayLike, options: TrimOptions = {}): JaxArray {
  checkOptions("polymul", options, ["trimLeadingZeros"]);
  let factors = promoteDTypes("polymul", toArrays("polymul", a1, a2), "inexact");
  if (options.trimLeadingZeros && factors.some((x) => x.size > 1)) {
    factors = factors.map((x) => trimZeros(x, { trim: "f" }));
  }
  const [x, y] = factors.map((factor) => factor.size ? factor : raw.full([1], 0, factor.dtype));
  return convolve(x!, y!, { mode: "full" });
}

/** Quotient and remainder by long division. */
const divide = namedJit("polydiv", ([u, v]) => {
  const m = u!.size - 1, n = v!.size - 1;
  const scale = raw.div(1, raw.squeeze(raw.slice(v!, [0], [1]), [0]));
  let rest = u!, quotient = raw.full([Math.max(m - n + 1, 1)], 0, u!.dtype);
  for (let k = 0; k <= m - n; k++) {
    const d = raw.mul(scale, raw.squeeze(raw.slice(rest, [k], [k + 1]), [0]));
    quotient = quotient.at(k).set(d);
    rest = rest.at(slice(k, k + n + 1)).add(raw.mul(raw.neg(d), v!));
  }
  return [quotient, rest];
}, { inline: true });

/** Without the coefficients in front that are smaller than the tolerance. */
function trimSmall(x: JaxArray, tolerance: number): JaxArray {
  const values = known(x, "Error arose in the `filt` argument of trim_zeros_tol()");
  const small = raw.lt(raw.abs(values), tolerance).dataSync();
  const start = Array.from(small as Uint8Array).indexOf(0);
  return start < 0 ? raw.full([0], 0, x.dtype) : raw.slice(x, [start], [x.size]);
}

/**
 * Quotient and remainder of two polynomials.
 *
 * @param u coefficients of the dividend, an array with one axis
 * @param v coefficients of the divisor, promoted with `u`; the first one is not zero
 * @returns the coefficients of the quotient, and of the remainder with zeros in front, as many as `u` has
 * @throws {ConcretizationTypeError} for `trimLeadingZeros` where the values are not known
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [quotient, remainder] = np.polydiv(np.array([1, 3, 5]), np.array([1, 1]));
 * if (String(quotient) !== "[1. 2.]" || String(remainder) !== "[0. 0. 3.]") throw new Error();
 * ```
 */
export function polydiv(
  u: ArrayLike,
  v: ArrayLike,
  options: TrimOptions = {},
): [quotient: JaxArray, remainder: JaxArray] {
  checkOptions("polydiv", options, ["trimLeadingZeros"]);
  const operands = promoteDTypes("polydiv", toArrays("polydiv", u, v), "inexact");
  const [quotient, remainder] = divide(operands) as [JaxArray, JaxArray];
  if (!options.trimLeadingZeros) return [quotient, remainder];
  return [quotient, trimSmall(remainder, Math.sqrt(finfo(remainder.dtype).eps))];
}

/** ∏ₖ (i − k) for i = start, ..., start + n − 1 and k = 0, ..., m − 1, with factors of at least `least`. */
function fallingFactorials(
  [start, n, m]: readonly [start: number, n: number, m: number],
  like: JaxArray,
  least: number | null,
): JaxArray {
  const { dtype } = like, column = raw.expandDims(raw.iota(dtype, [m], 0), [1]);
  const powers = raw.add(raw.iota(dtype, [n], 0), scalarArray(start, dtype));
  const factors = raw.sub(raw.expandDims(powers, [0]), column);
  return bind1(P.reduce_prod, [least === null ? factors : raw.max(least, factors)], { axes: [0] });
}

const derivative = staged("polyder", ([p]: readonly [JaxArray], m: number) => {
  const [x] = promoteDTypes("polyder", [p], "inexact") as [JaxArray];
  const n = Math.max(0, x.size - m);
  if (m === 0) return x;
  return raw.mul(raw.slice(x, [0], [n]), raw.rev(fallingFactorials([m, n, m], x, null), [0]));
});

/** Options of {@linkcode polyder}. */
export interface PolyderOptions {
  /** How often to differentiate (1). */
  readonly m?: number;
}

/**
 * The derivative of a polynomial.
 *
 * @param p coefficients, an array with one axis
 * @param rest m: how often (1)
 * @returns coefficients of an inexact dtype, m less
 * @throws {ValueError} for negative m
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.polyder(np.array([1, 2, 3]))) !== "[2. 2.]") throw new Error();
 * ```
 */
export function polyder(p: ArrayLike, ...rest: OrOptions<[m?: number], PolyderOptions>): JaxArray {
  const m = staticInteger(keywords("polyder", ["m"], rest).m ?? 1, "the 'm' argument of jnp.polyder");
  if (m < 0) throw new ValueError("Order of derivative must be positive");
  return derivative([toArray(p, "polyder")], m);
}

const antiderivative = staged("polyint", ([p, k]: readonly [JaxArray, JaxArray], m: number) => {
  const [x, constants] = promoteDTypes("polyint", [p, k], "inexact") as [JaxArray, JaxArray];
  const all = constants.size === 1 ? raw.broadcastInDim(raw.reshape(constants, []), [m], []) : constants;
  if (all.ndim !== 1 || all.size !== m) {
    throw new ValueError("k must be a scalar or a rank-1 array of length 1 or m.");
  }
  if (m === 0) return x;
  const divisors = raw.rev(fallingFactorials([0, x.size + m, m], x, 1), [0]);
  return raw.div(raw.concatenate([x, all], 0), divisors);
});

/** Options of {@linkcode polyint}. */
export interface PolyintOptions {
  /** How often to integrate (1). */
  readonly m?: number;
  /** The constants of integration: one for all (0), or one for each. */
  readonly k?: ArrayLike | null;
}

/**
 * The integral of a polynomial.
 *
 * @param p coefficients, an array with one axis
 * @param rest m: how often (1); k: the constants of integration (0)
 * @returns coefficients of an inexact dtype, m more
 * @throws {ValueError} for negative m, and another number of constants
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.polyint(np.array([6, 2]), { k: 5 })) !== "[3. 2. 5.]") throw new Error();
 * ```
 */
export function polyint(
  p: ArrayLike,
  ...rest: OrOptions<[m?: number, k?: ArrayLike | null], PolyintOptions>
): JaxArray {
  const given = keywords("polyint", ["m", "k"], rest);
  const m = staticInteger(given.m ?? 1, "the 'm' argument of jnp.polyint");
  if (m < 0) throw new ValueError("Order of integral must be positive (see polyder)");
  return antiderivative(toArrays("polyint", p, given.k ?? 0) as [JaxArray, JaxArray], m);
}
