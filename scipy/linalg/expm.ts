/**
 * The exponential of matrices, as in `jax.scipy.linalg`.
 *
 * @module
 */
import {
  type ArrayLike,
  complex128,
  complex64,
  float32,
  float64,
  type JaxArray,
  jvp,
  keywords,
  raw,
  tuple,
  ValueError,
} from "../../core/mod.ts";
import { cond, foriLoop, switch as switchBranches } from "../../lax/mod.ts";
import { identity, matmul } from "../../numpy/linalg/matrices.ts";
import * as np from "../../numpy/mod.ts";
import { vectorize } from "../../numpy/vectorize.ts";
import { inexactArrays } from "./_inexact.ts";
import { solveTriangular } from "./solve.ts";

/** Coefficients of the numerators of diagonal Padé approximants of e^x, that of the lowest power first. */
const pade: readonly (readonly number[])[] = [
  [120, 60, 12, 1],
  [30240, 15120, 3360, 420, 30, 1],
  [17297280, 8648640, 1995840, 277200, 25200, 1512, 56, 1],
  [17643225600, 8821612800, 2075673600, 302702400, 30270240, 2162160, 110880, 3960, 90, 1],
  [
    64764752532480000,
    32382376266240000,
    7771770303897600,
    1187353796428800,
    129060195264000,
    10559470521600,
    670442572800,
    33522128640,
    1323241920,
    40840800,
    960960,
    16380,
    182,
    1,
  ],
];

/** The 1-norms below which each approximant is exact to rounding, and the norm to scale to for the last one. */
const single = { bounds: [4.258730016922831e-1, 1.880152677804762], maxNorm: 3.92572478313866 };
const double = {
  bounds: [1.495585217958292e-2, 2.53939833006323e-1, 9.504178996162932e-1, 2.097847961257068],
  maxNorm: 5.371920351148152,
};

/** Σ cᵢ Mᵢ */
function combination(coefficients: readonly number[], matrices: readonly JaxArray[]): JaxArray {
  return coefficients.map((c, i) => raw.mul(matrices[i]!, c)).reduce((x, y) => raw.add(x, y));
}

/** The odd and the even part of the numerator with these coefficients. */
function parts(b: readonly number[], a: JaxArray): JaxArray[] {
  const odd = b.filter((_, i) => i % 2), even = b.filter((_, i) => i % 2 === 0);
  const square = matmul(a, a), powers = [identity(a.shape[0]!, a.dtype), square];
  if (b.length < 14) {
    while (powers.length < odd.length) powers.push(matmul(powers.at(-1)!, square));
    return [matmul(a, combination(odd, powers)), combination(even, powers)];
  }
  // Powers up to the sixth serve for all others.
  powers.push(matmul(square, square));
  powers.push(matmul(powers[2]!, square));
  const high = (c: readonly number[]): JaxArray => {
    const upper = combination(c.slice(4), powers.slice(1));
    return raw.add(matmul(powers[3]!, upper), combination(c.slice(0, 4), powers));
  };
  return [matmul(a, high(odd)), high(even)];
}

function exponential(a: JaxArray, upperTriangular: boolean, maxSquarings: number): JaxArray {
  const wide = a.dtype === float64 || a.dtype === complex128, { bounds, maxNorm } = wide ? double : single;
  const norm = np.linalg.norm(a, 1);
  const squarings = np.maximum(0, np.floor(np.log2(raw.div(norm, maxNorm))));
  const scaled = np.divide(a, np.power(2, squarings).astype(a.dtype));
  const index = bounds.map((bound) => raw.ge(norm, bound).astype("int32")).reduce((x, y) => raw.add(x, y));
  const branches = pade.slice(0, bounds.length + 1).map((b) => (x: JaxArray) => parts(b, x));
  const [u, v] = switchBranches(index, branches, scaled) as [JaxArray, JaxArray];
  const compute = (p: JaxArray, q: JaxArray): JaxArray => {
    const r = upperTriangular ? solveTriangular(q, p) : np.linalg.solve(q, p);
    const square = (i: JaxArray, x: JaxArray): JaxArray =>
      cond(
        raw.lt(raw.convert(i, squarings.dtype), squarings),
        (y: JaxArray) => matmul(y, y),
        (y: JaxArray) => y,
        x,
      ) as JaxArray;
    return foriLoop(0, maxSquarings, square, r) as JaxArray;
  };
  const tooLarge = raw.gt(squarings, maxSquarings);
  const nan = (p: JaxArray): JaxArray => raw.fullLike(p, NaN);
  return cond(tooLarge, nan, compute, raw.add(u, v), raw.sub(v, u)) as JaxArray;
}

/** Options of {@linkcode expm}. */
export interface ExpmOptions {
  /** The matrices are upper triangular (false). */
  readonly upperTriangular?: boolean;
  /** Beyond so many squarings the result is NaN (16). */
  readonly maxSquarings?: number;
}

/**
 * The exponential Σ Aⁿ/n! of matrices, by scaling, a Padé approximant and squaring (N. J. Higham, The scaling and squaring
 * method for the matrix exponential revisited, 2005).
 *
 * @param A Matrices `[..., n, n]`; integers become floats.
 * @throws {ValueError} For matrices that are not square.
 * @throws {TypeError} For half precision.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (String(scipy.linalg.expm(np.zeros([2, 2]))) !== "[[1. 0.]\n [0. 1.]]") throw new Error();
 * ```
 */
export function expm(A: ArrayLike, options: ExpmOptions = {}): JaxArray {
  const { upperTriangular = false, maxSquarings = 16 } = keywords("expm", [], [options], [
    "upperTriangular",
    "maxSquarings",
  ]);
  const [x] = inexactArrays("expm", A) as [JaxArray];
  if (x.ndim < 2 || x.shape.at(-1) !== x.shape.at(-2)) {
    throw new ValueError(`Expected A to be a (batched) square matrix, got A.shape=${tuple(x.shape)}.`);
  }
  if (![float32, float64, complex64, complex128].includes(x.dtype)) {
    throw new TypeError(`A.dtype=${x.dtype.name} is not supported.`);
  }
  const one = (a: JaxArray): JaxArray => exponential(a, Boolean(upperTriangular), maxSquarings as number);
  return x.ndim === 2 ? one(x) : vectorize(one, { signature: "(n,n)->(n,n)" })(x);
}

/** Options of {@linkcode expmFrechet}. */
export interface ExpmFrechetOptions {
  readonly method?: "SPS" | "blockEnlarge" | null;
  /** Give the exponential too (true). */
  readonly computeExpm?: boolean;
}

/**
 * The exponential of a matrix and its Fréchet derivative, the linear map from a change of the matrix to that of its
 * exponential.
 *
 * @param A Matrix `[n, n]`; integers become floats.
 * @param E The change, of the shape of `A`.
 * @returns The exponential and the derivative; the derivative alone without `computeExpm`.
 * @throws {ValueError} For matrices that are not square, or not of one shape.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const [, d] = scipy.linalg.expmFrechet(np.zeros([2, 2]), np.eye(2));
 * if (!np.allclose(d, np.eye(2)).item()) throw new Error();
 * ```
 */
export function expmFrechet(
  A: ArrayLike,
  E: ArrayLike,
  options: ExpmFrechetOptions & { readonly computeExpm: false },
): JaxArray;
export function expmFrechet(
  A: ArrayLike,
  E: ArrayLike,
  options?: ExpmFrechetOptions,
): [expm: JaxArray, derivative: JaxArray];
export function expmFrechet(
  A: ArrayLike,
  E: ArrayLike,
  options: ExpmFrechetOptions = {},
): JaxArray | [JaxArray, JaxArray] {
  const { computeExpm = true } = keywords("expm_frechet", [], [options], ["method", "computeExpm"]);
  const [a, e] = inexactArrays("expm_frechet", A, E) as [JaxArray, JaxArray];
  if (a.ndim !== 2 || a.shape[0] !== a.shape[1]) throw new ValueError("expected A to be a square matrix");
  if (e.ndim !== 2 || e.shape[0] !== e.shape[1]) throw new ValueError("expected E to be a square matrix");
  if (a.shape[0] !== e.shape[0]) throw new ValueError("expected A and E to be the same shape");
  const [exponentialOfA, derivative] = jvp((x: JaxArray) => expm(x), [a], [e]) as [JaxArray, JaxArray];
  return computeExpm ? [exponentialOfA, derivative] : derivative;
}
