/**
 * The factorisation primitives as functions.
 *
 * @module
 */
import { bind, bind1, type JaxArray, P } from "../../core/mod.ts";
import { takeRows } from "./matrices.ts";

/** Lower triangular L with L Lᴴ = A, from the lower triangle of A. */
export function choleskyFactor(a: JaxArray): JaxArray {
  return bind1(P.cholesky, [a]);
}

/** P A = L U: both factors in one matrix, the row exchanges, and the permutation that they make. */
export function luFactors(a: JaxArray): [factors: JaxArray, pivots: JaxArray, permutation: JaxArray] {
  return bind(P.lu, [a]) as [JaxArray, JaxArray, JaxArray];
}

/** How {@linkcode triangularSolve} reads A. */
export interface TriangularOptions {
  readonly lower?: boolean;
  readonly unitDiagonal?: boolean;
}

/** X with A X = B for a triangular A. */
export function triangularSolve(a: JaxArray, b: JaxArray, options: TriangularOptions = {}): JaxArray {
  const { lower = false, unitDiagonal = false } = options;
  const params = { leftSide: true, lower, transposeA: false, conjugateA: false, unitDiagonal };
  return bind1(P.triangular_solve, [a, b], params);
}

/** X with A X = B from the factors of A. */
export function luSolve(factors: JaxArray, permutation: JaxArray, b: JaxArray): JaxArray {
  const x = triangularSolve(factors, takeRows(b, permutation), { lower: true, unitDiagonal: true });
  return triangularSolve(factors, x);
}

/** The reflectors of a QR factorisation below R, and their factors. */
export function reflectors(a: JaxArray): [packed: JaxArray, taus: JaxArray] {
  return bind(P.geqrf, [a]) as [JaxArray, JaxArray];
}

/** Q and R. */
export function qrFactors(a: JaxArray, fullMatrices: boolean): [q: JaxArray, r: JaxArray] {
  return bind(P.qr, [a], { pivoting: false, fullMatrices }) as [JaxArray, JaxArray];
}

/** Eigenvectors as columns and eigenvalues in ascending order, from one triangle of a Hermitian matrix. */
export function hermitianEigen(a: JaxArray, lower = true): [vectors: JaxArray, values: JaxArray] {
  const params = { lower, sortEigenvalues: true, subsetByIndex: null, algorithm: null };
  return bind(P.eigh, [a], params) as [JaxArray, JaxArray];
}

/** Eigenvalues and, when wanted, right eigenvectors of general matrices. */
export function generalEigen(a: JaxArray, vectors: boolean): readonly JaxArray[] {
  return bind(P.eig, [a], {
    computeLeftEigenvectors: false,
    computeRightEigenvectors: vectors,
    enableEigvecDerivs: false,
    implementation: null,
  });
}

/** The first and last index of the singular values that are wanted. */
export type Subset = readonly [number, number] | null;

/** U, the singular values in descending order, and Vᴴ. */
export function singular(
  a: JaxArray,
  fullMatrices: boolean,
  subsetByIndex: Subset = null,
): [u: JaxArray, s: JaxArray, vh: JaxArray] {
  const [s, u, vh] = bind(P.svd, [a], { fullMatrices, computeUv: true, subsetByIndex, algorithm: null });
  return [u!, s!, vh!];
}

/** Singular values in descending order. */
export function singularValues(a: JaxArray, subsetByIndex: Subset = null): JaxArray {
  return bind(P.svd, [a], { fullMatrices: true, computeUv: false, subsetByIndex, algorithm: null })[0]!;
}
