/**
 * Factorisations: Cholesky, LU, QR, and products of reflectors.
 *
 * @module
 */
import type { JaxArray } from "../../core/array.ts";
import { type ArrayLike, toArray } from "../../core/convert.ts";
import { checkOptions } from "../../core/errors.ts";
import { lowerTriangle, symmetrize, transposeMatrix } from "../../core/ops/linalg.ts";
import { cholesky as bindCholesky } from "../../core/ops/linalg_cholesky.ts";
import { lu as bindLu, luPivotsToPermutation as bindPermutation } from "../../core/ops/linalg_lu.ts";
import { householderProduct as bindProduct, ormqr as ormqrPrimitive } from "../../core/ops/linalg_qr.ts";
import {
  choleskyUpdate as bindUpdate,
  symmetricProduct as symmetricProductPrimitive,
} from "../../core/ops/linalg_updates.ts";
import type { Primitive } from "../../core/primitive.ts";
import { P } from "../../core/prims.ts";
import * as raw from "../../core/raw.ts";
import { staticInteger } from "../../core/static.ts";
import { bind, bind1 } from "../../core/trace.ts";

/** Options of {@linkcode cholesky}. */
export interface CholeskyOptions {
  /** Take half of the sum of the matrix and its adjoint (default); else the lower triangle alone is read. */
  readonly symmetrizeInput?: boolean;
}

/**
 * The Cholesky factor: the lower triangular L with L Lᴴ = A. Rows are worked on in blocks, so that the inner loops are
 * products of matrices.
 *
 * @param x Hermitian positive definite matrices, `[..., n, n]`, of floats or complex numbers
 * @returns matrices of the same shape and dtype; NaN on and below the diagonal where a matrix is not positive definite
 * @throws {ValueError} for matrices that are not square
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const l = lax.linalg.cholesky(np.array([[4, 2], [2, 2]]));
 * if (String(l) !== "[[2. 0.]\n [1. 1.]]") throw new Error();
 * ```
 */
export function cholesky(x: ArrayLike, options: CholeskyOptions = {}): JaxArray {
  checkOptions("cholesky", options, ["symmetrizeInput"]);
  const a = toArray(x, "cholesky");
  return lowerTriangle(bindCholesky(options.symmetrizeInput === false ? a : symmetrize(a)));
}

/**
 * The Cholesky factor after an update by a matrix of rank one, in n² operations: the upper triangular factor of
 * Rᵀ R + w wᵀ.
 *
 * @param rMatrix upper triangular R, `[n, n]`, of floats
 * @param wVector w, `[n]`
 * @throws {ValueError} when the sizes differ
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const r = lax.linalg.choleskyUpdate(np.array([[3, 0], [0, 1]]), np.array([4, 0]));
 * if (r.get(0, 0).item() !== 5) throw new Error();
 * ```
 */
export function choleskyUpdate(rMatrix: ArrayLike, wVector: ArrayLike): JaxArray {
  return bindUpdate(toArray(rMatrix, "cholesky_update"), toArray(wVector, "cholesky_update", 1));
}

/**
 * LU factorisation with partial pivoting: P A = L U.
 *
 * @param x matrices `[..., m, n]` of floats or complex numbers
 * @returns L below the diagonal (its diagonal is ones) and U on and above it in one matrix; for each row, as int32, the
 * row it was exchanged with; and the order of rows that these exchanges make
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const [lu, pivots, permutation] = lax.linalg.lu(np.array([[1, 2], [4, 4]]));
 * if (String(lu) !== "[[4.   4.  ]\n [0.25 1.  ]]") throw new Error();
 * if (String(pivots) !== "[1 1]" || String(permutation) !== "[1 0]") throw new Error();
 * ```
 */
export function lu(x: ArrayLike): [lu: JaxArray, pivots: JaxArray, permutation: JaxArray] {
  return [...bindLu(toArray(x, "lu"))];
}

/**
 * The order of rows that the exchanges of an LU factorisation make.
 *
 * @param pivots `[..., k]`, int32: row i was exchanged with row `pivots[i]`, one after the other
 * @param permutationSize the number of rows, at least k
 * @throws {ValueError} when there are fewer rows than exchanges
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const order = lax.linalg.luPivotsToPermutation(np.int32([2, 2]), 3);
 * if (String(order) !== "[2 0 1]") throw new Error();
 * ```
 */
export function luPivotsToPermutation(pivots: ArrayLike, permutationSize: number): JaxArray {
  const name = "lu_pivots_to_permutation";
  return bindPermutation(
    toArray(pivots, name),
    staticInteger(permutationSize, `permutation_size of ${name}`),
  );
}

/** Options of {@linkcode qr}. */
export interface QrOptions {
  /** Exchange columns so that the diagonal of R decreases; the order of columns is a third result. */
  readonly pivoting?: boolean;
  /** Q is square (default); else it has as many columns as the smaller side. */
  readonly fullMatrices?: boolean;
  /** Has no effect. */
  readonly useMagma?: boolean | null;
}

/**
 * QR factorisation by Householder reflectors: A = Q R, or A[:, p] = Q R with pivoting.
 *
 * @param x matrices `[..., m, n]` of floats or complex numbers
 * @returns Q with orthonormal columns, upper triangular R, and with pivoting p as int32
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const a = np.array([[3, 1], [4, 2]]), [q, r] = lax.linalg.qr(a);
 * if (!np.allclose(q.matmul(r), a, { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function qr(
  x: ArrayLike,
  options: QrOptions & { readonly pivoting: true },
): [q: JaxArray, r: JaxArray, p: JaxArray];
export function qr(x: ArrayLike, options?: QrOptions): [q: JaxArray, r: JaxArray];
export function qr(x: ArrayLike, options: QrOptions = {}): JaxArray[] {
  checkOptions("qr", options, ["pivoting", "fullMatrices", "useMagma"]);
  const { pivoting = false, fullMatrices = true } = options;
  return [
    ...bind(P.qr, [toArray(x, "qr")], { pivoting: Boolean(pivoting), fullMatrices: Boolean(fullMatrices) }),
  ];
}

/**
 * The first columns of the product of Householder reflectors, as LAPACK stores them.
 *
 * @param a matrices `[..., m, n]`, m ≥ n, with the reflectors below the diagonal
 * @param taus their factors, `[..., k]`
 * @throws {ValueError} when m < n or k > n
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const q = lax.linalg.householderProduct(np.zeros([2, 2]), np.zeros([2]));
 * if (String(q) !== "[[1. 0.]\n [0. 1.]]") throw new Error();
 * ```
 */
export function householderProduct(a: ArrayLike, taus: ArrayLike): JaxArray {
  return bindProduct(toArray(a, "householder_product"), toArray(taus, "householder_product", 1));
}

/** Options of {@linkcode ormqr}. */
export interface OrmqrOptions {
  /** Q C (default), else C Q. */
  readonly left?: boolean;
  /** Take the adjoint of Q. */
  readonly transpose?: boolean;
}

/**
 * Product of a matrix with the product Q of Householder reflectors, which is not formed.
 *
 * @param a matrices `[..., m, n]` with the reflectors below the diagonal
 * @param taus their factors, `[..., k]`
 * @param c matrices whose rows (on the left) or columns are m
 * @throws {ValueError} when the sizes differ
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const c = np.ones([2, 3]), y = lax.linalg.ormqr(np.zeros([2, 2]), np.zeros([2]), c);
 * if (!np.arrayEqual(y, c).item()) throw new Error();
 * ```
 */
export function ormqr(a: ArrayLike, taus: ArrayLike, c: ArrayLike, options: OrmqrOptions = {}): JaxArray {
  checkOptions("ormqr", options, ["left", "transpose"]);
  const operands = [a, taus, c].map((x, i) => toArray(x, "ormqr", i));
  const { left = true, transpose = false } = options;
  return bind1(ormqrPrimitive as Primitive, operands, { left: Boolean(left), transpose: Boolean(transpose) });
}

/** Options of {@linkcode symmetricProduct}. */
export interface SymmetricProductOptions {
  /** Factor of the product; 1 by default. */
  readonly alpha?: number;
  /** Factor of the matrix that is added; 0 by default. */
  readonly beta?: number;
  /** Replace the upper triangle by the transpose of the lower one. */
  readonly symmetrizeOutput?: boolean;
}

/**
 * α A Aᵀ + β C.
 *
 * @param aMatrix matrices A, `[..., m, n]`, of floats
 * @param cMatrix symmetric matrices C, `[..., m, m]`
 * @throws {ValueError} when the sizes differ
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const y = lax.linalg.symmetricProduct(np.ones([2, 3]), np.eye(2), { beta: 1 });
 * if (String(y) !== "[[4. 3.]\n [3. 4.]]") throw new Error();
 * ```
 */
export function symmetricProduct(
  aMatrix: ArrayLike,
  cMatrix: ArrayLike,
  options: SymmetricProductOptions = {},
): JaxArray {
  checkOptions("symmetric_product", options, ["alpha", "beta", "symmetrizeOutput"]);
  const { alpha = 1, beta = 0, symmetrizeOutput = false } = options;
  const operands = [toArray(aMatrix, "symmetric_product"), toArray(cMatrix, "symmetric_product", 1)];
  const result = bind1(symmetricProductPrimitive as Primitive, operands, { alpha, beta });
  if (!symmetrizeOutput) return result;
  return raw.add(lowerTriangle(result), transposeMatrix(lowerTriangle(result, -1)));
}
