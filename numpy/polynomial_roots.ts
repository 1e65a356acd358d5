/**
 * Functions of `jax.numpy` from polynomials to their roots and back, and the fit of polynomials to data. A polynomial is
 * the array of its coefficients, the highest power first.
 *
 * @module
 */
import {
  type ArrayLike,
  checkOptions,
  complexDType,
  defaultInt,
  finfo,
  type JaxArray,
  keywords,
  raw,
  staticInteger,
  ValueError,
} from "../core/mod.ts";
import { sortKeyVal } from "../lax/mod.ts";
import { optionalJit, type OrOptions } from "./_arguments.ts";
import { known } from "./_concrete.ts";
import { promoteDTypes, toArray, toArrays } from "./convert.ts";
import { minKind, reduceArray, sumOf } from "./_reduction.ts";
import { staged } from "./_staged.ts";
import { where as select } from "./_where.ts";
import { convolve } from "./convolution.ts";
import { vander } from "./diagonal.ts";
import { eigvals, inv, lstsq } from "./linalg/mod.ts";
import { dot } from "./products.ts";
import { roll } from "./rearrange.ts";

/** A float or complex array with at least one axis. */
function coefficients(name: string, x: unknown): JaxArray {
  const [a] = promoteDTypes(name, [toArray(x, name)], "inexact") as [JaxArray];
  return a.ndim ? a : raw.reshape(a, [1]);
}

const fromRoots = staged("poly", ([zeros]: readonly [JaxArray]) => {
  const [n, m] = zeros.shape;
  const square = zeros.ndim === 2 && n === m && n !== 0;
  const roots = square ? eigvals(zeros) : zeros, { dtype } = roots;
  if (roots.ndim !== 1) throw new ValueError("input must be 1d or non-empty square 2d array.");
  if (roots.size === 0) return raw.scalar(1, dtype);
  const one = raw.full([1], 1, dtype);
  let out = one;
  for (let k = 0; k < roots.size; k++) {
    const factor = raw.concatenate([one, raw.neg(raw.slice(roots, [k], [k + 1]))], 0);
    out = convolve(out, factor, { mode: "full" });
  }
  return out;
});

/**
 * The polynomial with given roots, or the characteristic polynomial of a matrix: ∏ₖ (x − rₖ).
 *
 * @param seqOfZeros the roots, an array with one axis; or a square matrix, whose eigenvalues are the roots
 * @returns the coefficients, one more than roots, of an inexact dtype; complex for a matrix
 * @throws {ValueError} for arrays of other shapes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.poly(np.array([1, 2]))) !== "[ 1. -3.  2.]") throw new Error();
 * ```
 */
export function poly(seqOfZeros: ArrayLike): JaxArray {
  return fromRoots([coefficients("poly", seqOfZeros)]);
}

/** Eigenvalues of the companion matrix. */
const rootsOf = staged("_roots_no_zeros", ([p]: readonly [JaxArray]) => {
  const n = p.size - 1;
  if (n < 1) return raw.full([0], 0, complexDType(p.dtype));
  const first = raw.div(raw.neg(raw.slice(p, [1], [n + 1])), raw.slice(p, [0], [1]));
  const row = raw.iota(defaultInt(), [n, n], 0), column = raw.iota(defaultInt(), [n, n], 1);
  const below = raw.convert(raw.eq(row, raw.add(column, 1)), p.dtype);
  return eigvals(raw.selectN(raw.eq(row, 0), below, raw.broadcastInDim(first, [n, n], [1])));
});

/** As {@linkcode rootsOf}, with NaN at the end for as many roots as there are zeros in front. */
const rootsAndNaN = staged("_roots_with_zeros", ([p, zeros]: readonly [JaxArray, JaxArray]) => {
  const allZero = raw.eq(zeros, p.size);
  const turned = roll(select(allZero, raw.fullLike(p, 1), p), raw.neg(zeros));
  const found = rootsOf([turned]), n = found.size;
  // The zeros that were moved to the end give roots that are zero.
  const [, ordered] = sortKeyVal(raw.eq(found, 0), found);
  const valid = raw.lt(raw.iota(defaultInt(), [n], 0), raw.sub(n, zeros));
  return select(valid, ordered, raw.scalar({ re: NaN, im: NaN }, found.dtype));
});

/** Number of zeros in front. */
function leadingZeros(p: JaxArray): JaxArray {
  const nonzero = raw.ne(p, 0), n = p.size;
  const place = raw.selectN(nonzero, raw.full([n], n, defaultInt()), raw.iota(defaultInt(), [n], 0));
  return reduceArray(minKind, place, { axes: null });
}

/**
 * The roots of a polynomial: the eigenvalues of its companion matrix.
 *
 * @param p the coefficients, an array with one axis
 * @param options stripZeros: whether zeros in front are left out (they are), for which the values must be known. If not,
 * each of them stands for a root that is NaN.
 * @returns complex roots, one less than coefficients, in any order
 * @throws {ValueError} for several axes
 * @throws {ConcretizationTypeError} when the values are not known and `stripZeros` is not false
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const roots = np.sort(np.real(np.roots(np.array([1, -3, 2]))));
 * if (!np.allclose(roots, np.array([1, 2]), { atol: 1e-4 }).item()) throw new Error();
 * ```
 */
export function roots(p: ArrayLike, options: { readonly stripZeros?: boolean } = {}): JaxArray {
  checkOptions("roots", options, ["stripZeros"]);
  const x = coefficients("roots", p);
  if (x.ndim !== 1) throw new ValueError("Input must be a rank-1 array.");
  if (x.size < 2) return raw.full([0], 0, complexDType(x.dtype));
  const zeros = leadingZeros(x);
  if (options.stripZeros === false) return rootsAndNaN([x, zeros]);
  const count = known(
    zeros,
    "The error occurred in the jnp.roots() function. To use this within a JIT-compiled context, pass " +
      "strip_zeros=False, but be aware that leading zeros will result in some returned roots being set to NaN.",
  );
  return rootsOf([raw.slice(x, [Number(count.item())], [x.size])]);
}

/** Options of {@linkcode polyfit}. */
export interface PolyfitOptions {
  /** Singular values smaller than this, relative to the greatest, count as zero. */
  readonly rcond?: number | null;
  /** Also give how good the fit is. */
  readonly full?: boolean;
  /** Weights of the residuals of the points. */
  readonly w?: ArrayLike | null;
  /** Also give the covariance matrix of the coefficients, scaled by the residuals or `"unscaled"`. */
  readonly cov?: boolean | "unscaled";
}

interface Fit {
  readonly deg: number;
  readonly rcond: number;
  readonly full: boolean;
  readonly cov: boolean | "unscaled";
}

/** The product with weights of the rows. */
function weighted(x: JaxArray, weights: JaxArray): JaxArray {
  const [a, w] = promoteDTypes("multiply", [x, weights]) as [JaxArray, JaxArray];
  return raw.mul(a, a.ndim === 2 ? raw.expandDims(w, [1]) : w);
}

const fit = optionalJit<[Fit]>("polyfit", ([x, y, w], { deg, rcond, full, cov }) => {
  let matrix = vander(x!, deg + 1), target = y!;
  if (w) {
    const [weights] = promoteDTypes("polyfit", [w], "inexact") as [JaxArray];
    matrix = weighted(matrix, weights);
    target = weighted(target, weights);
  }
  // Columns of length one keep the condition number low.
  const scale = raw.sqrt(sumOf(raw.mul(matrix, matrix), { axes: [0] }));
  matrix = raw.div(matrix, raw.expandDims(scale, [0]));
  const [solution, residuals, rank, s] = lstsq(matrix, target, rcond);
  const unscale = (c: JaxArray): JaxArray => {
    const [a, b] = promoteDTypes("true_divide", [c, scale]) as [JaxArray, JaxArray];
    return raw.div(a, a.ndim > 1 ? raw.expandDims(b, [1]) : b);
  };
  const c = unscale(solution);
  if (full) return [c, residuals, rank, s, toArray(rcond, "polyfit")];
  if (!cov) return [c];
  const column = raw.expandDims(scale, [1]), row = raw.expandDims(scale, [0]);
  const base = raw.div(inv(dot(raw.transpose(matrix, [1, 0]), matrix)), raw.mul(column, row));
  const points = x!.size, order = deg + 1;
  if (cov !== "unscaled" && points <= order) {
    throw new ValueError("the number of data points must exceed order to scale the covariance matrix");
  }
  const factor = cov === "unscaled" ? raw.full([1], 1, base.dtype) : raw.div(residuals, points - order);
  const matrices = target.ndim === 1 ? base : raw.expandDims(base, [2]);
  return [c, raw.mul(matrices, raw.expandDims(factor, matrices.ndim === 2 ? [0] : [0, 1]))];
});

/**
 * The polynomial of a degree that fits points best: that with the least sum of squared residuals.
 *
 * @param x coordinates of N points, an array with one axis of floats
 * @param y values at them: of shape [N], or [N, K] for K polynomials
 * @param deg the degree
 * @param rest rcond (N times the precision of the dtype), full, w, cov
 * @returns the coefficients, of shape [deg + 1] or [deg + 1, K]; with `full` a list of them, the sums of squared
 * residuals, the rank and the singular values of the scaled Vandermonde matrix, and rcond; with `cov` a list of them and
 * the covariance matrix
 * @throws {ValueError} for a negative degree, and for too few points to scale a covariance matrix
 * @throws {TypeError} for arrays of other shapes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const c = np.polyfit(np.array([0, 1, 2, 3]), np.array([1, 3, 5, 7]), 1);
 * if (!np.allclose(c, np.array([2, 1]), { atol: 1e-4 }).item()) throw new Error();
 * ```
 */
export function polyfit(
  x: ArrayLike,
  y: ArrayLike,
  deg: number | bigint,
  options: PolyfitOptions & ({ readonly full: true } | { readonly cov: true | "unscaled" }),
): JaxArray[];
export function polyfit(
  x: ArrayLike,
  y: ArrayLike,
  deg: number | bigint,
  ...rest: OrOptions<
    [rcond?: number | null, full?: boolean, w?: ArrayLike | null, cov?: boolean | "unscaled"],
    PolyfitOptions
  >
): JaxArray;
export function polyfit(
  x: ArrayLike,
  y: ArrayLike,
  deg: number | bigint,
  ...rest: unknown[]
): JaxArray | JaxArray[] {
  const given = keywords("polyfit", ["rcond", "full", "w", "cov"], rest), { rcond = null, w = null } = given;
  const [points, values, weights] = w === null
    ? [toArray(x, "polyfit"), toArray(y, "polyfit", 1), null]
    : toArrays("polyfit", x, y, w) as [JaxArray, JaxArray, JaxArray];
  const degree = staticInteger(deg, "deg");
  if (degree < 0) throw new ValueError("expected deg >= 0");
  if (points.ndim !== 1) throw new TypeError("expected 1D vector for x");
  if (points.size === 0) throw new TypeError("expected non-empty vector for x");
  if (values.ndim < 1 || values.ndim > 2) throw new TypeError("expected 1D or 2D array for y");
  if (points.shape[0] !== values.shape[0]) throw new TypeError("expected x and y to have same length");
  if (weights && weights.ndim !== 1) throw new TypeError("expected a 1-d array for weights");
  if (weights && weights.shape[0] !== values.shape[0]) {
    throw new TypeError("expected w and y to have the same length");
  }
  const full = Boolean(given.full), cov = (given.cov ?? false) as boolean | "unscaled";
  const outs = fit([points, values, weights], {
    deg: degree,
    rcond: rcond === null ? points.size * finfo(points.dtype).eps : Number(rcond),
    full,
    cov,
  });
  return full || cov ? [...outs] : outs[0]!;
}
