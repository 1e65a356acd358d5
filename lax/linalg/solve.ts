/**
 * Systems of equations with triangular and tridiagonal matrices.
 *
 * @module
 */
import type { JaxArray } from "../../core/array.ts";
import { type ArrayLike, toArray } from "../../core/convert.ts";
import { checkOptions } from "../../core/errors.ts";
import { triangularSolve as bindTriangular } from "../../core/ops/linalg_triangular.ts";
import { tridiagonalSolve as bindTridiagonal } from "../../core/ops/linalg_tridiagonal_solve.ts";
import * as raw from "../../core/raw.ts";

/** Options of {@linkcode triangularSolve}; all are false by default. */
export interface TriangularSolveOptions {
  /** op(A) X = B, else X op(A) = B. */
  readonly leftSide?: boolean;
  /** A is its lower triangle, else its upper one; the other is not read. */
  readonly lower?: boolean;
  readonly transposeA?: boolean;
  readonly conjugateA?: boolean;
  /** The diagonal of A is taken to be ones. */
  readonly unitDiagonal?: boolean;
}

/**
 * Solves systems with a triangular matrix.
 *
 * @param a matrices `[..., m, m]` of floats or complex numbers
 * @param b right sides, `[..., m, n]` with `leftSide`, else `[..., n, m]`; or vectors `[..., m]`
 * @returns X, of the shape of b
 * @throws {ValueError} when the sizes differ
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const x = lax.linalg.triangularSolve(np.array([[2, 0], [1, 1]]), np.array([2, 3]), { leftSide: true, lower: true });
 * if (String(x) !== "[1. 2.]") throw new Error();
 * ```
 */
export function triangularSolve(a: ArrayLike, b: ArrayLike, options: TriangularSolveOptions = {}): JaxArray {
  checkOptions("triangular_solve", options, [
    "leftSide",
    "lower",
    "transposeA",
    "conjugateA",
    "unitDiagonal",
  ]);
  const matrix = toArray(a, "triangular_solve"), right = toArray(b, "triangular_solve", 1);
  const leftSide = options.leftSide === true,
    params = {
      leftSide,
      lower: options.lower === true,
      transposeA: options.transposeA === true,
      conjugateA: options.conjugateA === true,
      unitDiagonal: options.unitDiagonal === true,
    };
  if (right.ndim !== matrix.ndim - 1) return bindTriangular(matrix, right, params);
  const axis = leftSide ? right.ndim : right.ndim - 1;
  return raw.squeeze(bindTriangular(matrix, raw.expandDims(right, [axis]), params), [axis]);
}

/**
 * Solves systems with a tridiagonal matrix, by elimination with exchanges of rows.
 *
 * @param dl what is below the diagonal, `[..., m]`; its first element is not used
 * @param d the diagonal
 * @param du what is above the diagonal; its last element is not used
 * @param b right sides `[..., m, n]`
 * @param options `perturbSingular`: move pivots near zero away from it, instead of giving NaN for a singular matrix
 * @returns X, of the shape of b
 * @throws {TypeError} when the sizes differ
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const [one, zero] = [np.ones([2]), np.zeros([2])];
 * const x = lax.linalg.tridiagonalSolve(zero, one, zero, np.array([[1], [2]]));
 * if (String(x) !== "[[1.]\n [2.]]") throw new Error();
 * ```
 */
export function tridiagonalSolve(
  dl: ArrayLike,
  d: ArrayLike,
  du: ArrayLike,
  b: ArrayLike,
  options: { readonly perturbSingular?: boolean } = {},
): JaxArray {
  checkOptions("tridiagonal_solve", options, ["perturbSingular"]);
  const [below, diagonal, above] = [dl, d, du].map((x, i) => toArray(x, "tridiagonal_solve", i)) as [
    JaxArray,
    JaxArray,
    JaxArray,
  ];
  const right = toArray(b, "tridiagonal_solve", 3);
  return bindTridiagonal([below, diagonal, above], right, {
    perturbSingular: options.perturbSingular === true,
  });
}
