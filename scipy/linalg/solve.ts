/**
 * Linear systems by factors of their matrices, as in `jax.scipy.linalg`. Leading axes are batches; integers become floats.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, keywords, raw, ValueError } from "../../core/mod.ts";
import {
  lu as luPrimitive,
  luPivotsToPermutation,
  luSolve as luSolvePrimitive,
} from "../../core/ops/linalg_lu.ts";
import { type TriangularParams, triangularSolve } from "../../core/ops/linalg_triangular.ts";
import { customLinearSolve, stopGradient } from "../../lax/mod.ts";
import * as np from "../../numpy/mod.ts";
import { vectorize } from "../../numpy/vectorize.ts";
import { eachSystem, inexactArrays } from "./_inexact.ts";
import { cholesky } from "./factor.ts";

/** X of op(A) X = B, where B is a vector or a matrix. */
function solveOne(a: JaxArray, b: JaxArray, params: Partial<TriangularParams>): JaxArray {
  const options = { ...params, leftSide: true };
  if (b.ndim === 2) return triangularSolve(a, b, options);
  return raw.squeeze(triangularSolve(a, raw.expandDims(b, [1]), options), [1]);
}

/** Which matrix is solved with: A (0, "N"), its transpose (1, "T") or its adjoint (2, "C"). */
export type Trans = 0 | 1 | 2 | "N" | "T" | "C";

function transOf(trans: unknown): 0 | 1 | 2 {
  const i = typeof trans === "number" ? trans : typeof trans === "string" ? "NTC".indexOf(trans) : -1;
  if (trans === "" || i !== 0 && i !== 1 && i !== 2) throw new ValueError(`Invalid 'trans' value ${trans}`);
  return i;
}

/** Options of {@linkcode solveTriangular}. */
export interface SolveTriangularOptions {
  readonly trans?: Trans;
  /** A is its lower triangle (false: the upper one); the other one is not read. */
  readonly lower?: boolean;
  /** The diagonal of A is taken to be ones (false). */
  readonly unitDiagonal?: boolean;
  readonly overwriteB?: boolean;
  readonly debug?: unknown;
  readonly checkFinite?: boolean;
}

/**
 * The solution X of A X = B for a triangular matrix A.
 *
 * @param a Matrices `[..., n, n]`.
 * @param b A vector `[n]`, or matrices `[..., n, k]`.
 * @param rest trans (0; 1 for Aᵀ, 2 for Aᴴ), lower (false), unitDiagonal (false)
 * @throws {ValueError} When the shapes do not fit, and for another `trans`.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const x = scipy.linalg.solveTriangular(np.array([[2, 0], [0, 4]]), np.array([2, 2]));
 * if (String(x) !== "[1.  0.5]") throw new Error();
 * ```
 */
export function solveTriangular(
  a: ArrayLike,
  b: ArrayLike,
  ...rest: [
    trans?: Trans | SolveTriangularOptions,
    lower?: boolean | SolveTriangularOptions,
    unitDiagonal?: boolean | SolveTriangularOptions,
  ]
): JaxArray {
  const given = keywords(
    "solve_triangular",
    ["trans", "lower", "unitDiagonal", "overwriteB", "debug", "checkFinite"],
    rest,
  );
  const trans = transOf(given.trans ?? 0);
  const params = {
    lower: Boolean(given.lower),
    unitDiagonal: Boolean(given.unitDiagonal),
    transposeA: trans > 0,
    conjugateA: trans === 2,
  };
  const [x, y] = inexactArrays("solve_triangular", a, b) as [JaxArray, JaxArray];
  return eachSystem(x, y, (matrix, side) => solveOne(matrix, side, params));
}

/** Factors of a matrix and the row exchanges. */
export type LuFactors = [lu: JaxArray, pivots: JaxArray];

/**
 * The factors of P A = L U in one matrix (the ones on the diagonal of L are not stored), and the row that each row was
 * exchanged with.
 *
 * @param a Matrices `[..., m, n]`.
 * @throws {ValueError} For fewer than two axes.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const [lu] = scipy.linalg.luFactor(np.eye(2));
 * if (String(lu) !== "[[1. 0.]\n [0. 1.]]") throw new Error();
 * ```
 */
export function luFactor(
  a: ArrayLike,
  options: { readonly overwriteA?: boolean; readonly checkFinite?: boolean } = {},
): LuFactors {
  keywords("lu_factor", ["overwriteA", "checkFinite"], [options]);
  const [factors, pivots] = luPrimitive(inexactArrays("lu_factor", a)[0]!);
  return [factors, pivots];
}

/** Options of {@linkcode luSolve}. */
export interface LuSolveOptions {
  readonly trans?: Trans;
  readonly overwriteB?: boolean;
  readonly checkFinite?: boolean;
}

/**
 * The solution X of A X = B from {@linkcode luFactor}.
 *
 * @param luAndPiv Factors `[..., n, n]` and pivots.
 * @param b A vector `[n]`, or matrices `[..., n, k]`.
 * @param rest trans (0; 1 for Aᵀ, 2 for Aᴴ)
 * @throws {ValueError} When the shapes do not fit.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const x = scipy.linalg.luSolve(scipy.linalg.luFactor(np.eye(2)), np.array([2, 3]));
 * if (String(x) !== "[2. 3.]") throw new Error();
 * ```
 */
export function luSolve(
  luAndPiv: readonly [JaxArray, ArrayLike],
  b: ArrayLike,
  ...rest: [trans?: Trans | LuSolveOptions]
): JaxArray {
  const trans = transOf(keywords("lu_solve", ["trans", "overwriteB", "checkFinite"], rest).trans ?? 0);
  const [factors, y] = inexactArrays("lu_solve", luAndPiv[0], b) as [JaxArray, JaxArray];
  const permutation = luPivotsToPermutation(np.asarray(luAndPiv[1]), factors.shape.at(-2)!);
  const vector = y.ndim === 1 || factors.ndim === y.ndim + 1 && factors.shape.at(-1) === y.shape.at(-1);
  const solve = (matrix: JaxArray, order: JaxArray, side: JaxArray): JaxArray => {
    if (side.ndim === 2) return luSolvePrimitive([matrix, order], side, trans);
    return raw.squeeze(luSolvePrimitive([matrix, order], raw.expandDims(side, [1]), trans), [1]);
  };
  const signature = vector ? "(n,n),(n),(n)->(n)" : "(n,n),(n),(n,k)->(n,k)";
  return vectorize(solve, { signature })(factors, permutation, y);
}

/**
 * The solution X of A X = B from {@linkcode choFactor}.
 *
 * @param cAndLower The Cholesky factor `[..., n, n]`, and whether it is the lower one.
 * @param b A vector `[n]`, or matrices `[..., n, k]`.
 * @throws {ValueError} When the shapes do not fit.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const x = scipy.linalg.choSolve(scipy.linalg.choFactor(np.eye(2)), np.array([2, 3]));
 * if (String(x) !== "[2. 3.]") throw new Error();
 * ```
 */
export function choSolve(
  cAndLower: readonly [ArrayLike, boolean],
  b: ArrayLike,
  options: { readonly overwriteB?: boolean; readonly checkFinite?: boolean } = {},
): JaxArray {
  keywords("cho_solve", ["overwriteB", "checkFinite"], [options]);
  const lower = Boolean(cAndLower[1]);
  const [c, y] = inexactArrays("cho_solve", cAndLower[0], b) as [JaxArray, JaxArray];
  return eachSystem(c, y, (factor, side) => {
    const first = solveOne(factor, side, { lower, transposeA: !lower, conjugateA: !lower });
    return solveOne(factor, first, { lower, transposeA: lower, conjugateA: lower });
  });
}

/** Options of {@linkcode solve}. */
export interface SolveOptions {
  readonly lower?: boolean;
  readonly overwriteA?: boolean;
  readonly overwriteB?: boolean;
  readonly debug?: boolean;
  readonly checkFinite?: boolean;
  /** What is known of the matrices: `"pos"` solves by the Cholesky factor. */
  readonly assumeA?: "gen" | "sym" | "her" | "pos";
}

/**
 * The solution X of A X = B.
 *
 * @param a Matrices `[..., n, n]`.
 * @param b A vector `[n]`, or matrices `[..., n, k]`.
 * @param rest lower (false: which triangle a positive definite matrix is read from), assumeA ("gen", "sym", "her", "pos")
 * @throws {ValueError} When the shapes do not fit, and for another `assumeA`.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const x = scipy.linalg.solve(np.array([[2, 0], [0, 4]]), np.array([2, 2]), { assumeA: "pos" });
 * if (!np.allclose(x, np.array([1, 0.5])).item()) throw new Error();
 * ```
 */
export function solve(
  a: ArrayLike,
  b: ArrayLike,
  ...rest: [lower?: boolean | SolveOptions, options?: SolveOptions]
): JaxArray {
  const names = ["lower", "overwriteA", "overwriteB", "debug", "checkFinite", "assumeA"] as const;
  const { lower = false, assumeA = "gen" } = keywords("solve", names, rest);
  if (!["gen", "sym", "her", "pos"].includes(assumeA as string)) {
    throw new ValueError(`Expected assume_a to be one of ['gen', 'sym', 'her', 'pos']; got '${assumeA}'`);
  }
  if (assumeA !== "pos") return np.linalg.solve(a, b);
  const [x, y] = inexactArrays("solve", a, b) as [JaxArray, JaxArray];
  return eachSystem(x, y, (matrix, side) => {
    const factor = cholesky(stopGradient(matrix) as JaxArray, { lower: Boolean(lower) });
    return customLinearSolve(
      (v: JaxArray) => np.matmul(matrix, v),
      side,
      (_: unknown, v: JaxArray) => choSolve([factor, Boolean(lower)], v),
      { symmetric: true },
    ) as JaxArray;
  });
}
