/**
 * Eigenvalues, singular values, and the reductions that lead to them.
 *
 * @module
 */
import type { JaxArray } from "../../core/array.ts";
import { type ArrayLike, toArray } from "../../core/convert.ts";
import { checkOptions, ValueError } from "../../core/errors.ts";
import { symmetrize } from "../../core/ops/linalg.ts";
import { eig as bindEig } from "../../core/ops/linalg_eig.ts";
import { eigh as bindEigh } from "../../core/ops/linalg_eigh.ts";
import { hessenberg as bindHessenberg } from "../../core/ops/linalg_hessenberg.ts";
import { svd as bindSvd } from "../../core/ops/linalg_svd.ts";
import { tridiagonal as bindTridiagonal } from "../../core/ops/linalg_tridiagonal.ts";
import { P } from "../../core/prims.ts";
import { staticIntegers } from "../../core/static.ts";
import { bind } from "../../core/trace.ts";

/** Where eigenvalues of general matrices are computed: always here, with LAPACK's method. */
export const EigImplementation: {
  readonly CUSOLVER: "cusolver";
  readonly MAGMA: "magma";
  readonly LAPACK: "lapack";
} = Object.freeze({ CUSOLVER: "cusolver", MAGMA: "magma", LAPACK: "lapack" });

/** How eigenvalues of Hermitian matrices are computed; `QR` alone is supported on CPU, as in JAX. */
export const EighImplementation: { readonly QR: "qr"; readonly JACOBI: "jacobi"; readonly QDWH: "qdwh" } =
  Object
    .freeze({ QR: "qr", JACOBI: "jacobi", QDWH: "qdwh" });

/** How singular values are computed; `JACOBI` and `POLAR` are not supported on CPU, as in JAX. */
export const SvdAlgorithm: {
  readonly DEFAULT: "default";
  readonly QR: "QR";
  readonly JACOBI: "Jacobi";
  readonly POLAR: "polar";
  readonly DIVIDE_AND_CONQUER: "divide_and_conquer";
} = Object.freeze({
  DEFAULT: "default",
  QR: "QR",
  JACOBI: "Jacobi",
  POLAR: "polar",
  DIVIDE_AND_CONQUER: "divide_and_conquer",
});

/** The member of an enumeration that a caller names, or null. */
function chosen<E extends Readonly<Record<string, string>>>(
  value: unknown,
  members: E,
  what: string,
): E[keyof E] | null {
  if (value === undefined || value === null) return null;
  const found = Object.values(members).find((m) => m === value);
  if (found === undefined) {
    throw new ValueError(`${what} must be one of ${Object.values(members).join(", ")}, got ${String(value)}`);
  }
  return found as E[keyof E];
}

/** A pair of bounds, or null. */
function subset(value: readonly number[] | null | undefined): readonly [number, number] | null {
  if (value === undefined || value === null) return null;
  return staticIntegers(value, "subset_by_index") as [number, number];
}

/** Options of {@linkcode eig}. */
export interface EigOptions {
  readonly computeLeftEigenvectors?: boolean;
  readonly computeRightEigenvectors?: boolean;
  /**
   * Allow derivatives of eigenvectors, which are right where all eigenvalues differ and each eigenvector has one
   * largest component.
   */
  readonly enableEigvecDerivs?: boolean;
  readonly implementation?: typeof EigImplementation[keyof typeof EigImplementation] | null;
  /** Has no effect. */
  readonly useMagma?: boolean | null;
}

/**
 * Eigenvalues and eigenvectors of square matrices: A v = λ v and uᴴ A = λ uᴴ. Matrices are balanced and reduced to
 * Hessenberg form, on which QR steps with implicit shifts run (LAPACK's geev).
 *
 * @param x matrices `[..., n, n]` of floats or complex numbers
 * @returns eigenvalues, and as far as they are asked for left and right eigenvectors as columns, of unit length and
 * with a real largest component; all complex. NaN for matrices that are not finite.
 * @throws {ValueError} for matrices that are not square
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const [w] = lax.linalg.eig(np.array([[0, 1], [-1, 0]]), { computeLeftEigenvectors: false });
 * if (!np.allclose(np.abs(w), np.ones([2])).item()) throw new Error();
 * ```
 */
export function eig(x: ArrayLike, options: EigOptions = {}): [w: JaxArray, ...vectors: JaxArray[]] {
  checkOptions("eig", options, [
    "computeLeftEigenvectors",
    "computeRightEigenvectors",
    "enableEigvecDerivs",
    "implementation",
    "useMagma",
  ]);
  const [w, ...vectors] = bindEig(toArray(x, "eig"), {
    computeLeftEigenvectors: options.computeLeftEigenvectors !== false,
    computeRightEigenvectors: options.computeRightEigenvectors !== false,
    enableEigvecDerivs: options.enableEigvecDerivs === true,
    implementation: chosen(options.implementation, EigImplementation, "implementation of eig"),
  });
  return [w!, ...vectors];
}

/** Options of {@linkcode eigh}. */
export interface EighOptions {
  /** Which triangle is read when the input is not symmetrised; the lower one by default. */
  readonly lower?: boolean;
  /** Take half of the sum of the matrix and its adjoint (default). */
  readonly symmetrizeInput?: boolean;
  /** Eigenvalues are sorted in any case. */
  readonly sortEigenvalues?: boolean;
  /** `[0, n]`: all eigenvalues are computed, as in JAX on CPU. */
  readonly subsetByIndex?: readonly number[] | null;
  readonly implementation?: typeof EighImplementation[keyof typeof EighImplementation] | null;
}

/**
 * Eigenvalues and eigenvectors of Hermitian matrices, by reduction to tridiagonal form and the implicit QL algorithm.
 *
 * @param x matrices `[..., n, n]` of floats or complex numbers
 * @returns eigenvectors as orthonormal columns, and real eigenvalues in ascending order
 * @throws {ValueError} for matrices that are not square
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const [v, w] = lax.linalg.eigh(np.array([[2, 1], [1, 2]]));
 * if (!np.allclose(w, np.array([1, 3]), { atol: 1e-5 }).item() || v.shape.join() !== "2,2") throw new Error();
 * ```
 */
export function eigh(x: ArrayLike, options: EighOptions = {}): [v: JaxArray, w: JaxArray] {
  checkOptions("eigh", options, [
    "lower",
    "symmetrizeInput",
    "sortEigenvalues",
    "subsetByIndex",
    "implementation",
  ]);
  const a = toArray(x, "eigh");
  return [
    ...bindEigh(options.symmetrizeInput === false ? a : symmetrize(a), {
      lower: options.lower !== false,
      sortEigenvalues: options.sortEigenvalues !== false,
      subsetByIndex: subset(options.subsetByIndex),
      algorithm: chosen(options.implementation, EighImplementation, "implementation of eigh"),
    }),
  ];
}

/** Options of {@linkcode svd}. */
export interface SvdOptions {
  /** U and V are square (default); else they have as many columns as the smaller side. */
  readonly fullMatrices?: boolean;
  /** U and Vᴴ are results too (default). */
  readonly computeUv?: boolean;
  /** `[0, min(m, n)]`: all singular values are computed, as in JAX on CPU. */
  readonly subsetByIndex?: readonly number[] | null;
  readonly algorithm?: typeof SvdAlgorithm[keyof typeof SvdAlgorithm] | null;
}

/**
 * Singular value decomposition A = U S Vᴴ, by reduction to bidiagonal form and implicit QR steps, which find small
 * singular values too to high relative accuracy.
 *
 * @param x matrices `[..., m, n]` of floats or complex numbers
 * @returns U, the singular values in descending order, and Vᴴ; or the values alone
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const s = lax.linalg.svd(np.array([[3, 0], [0, -4]]), { computeUv: false });
 * if (String(s) !== "[4. 3.]") throw new Error();
 * ```
 */
export function svd(x: ArrayLike, options: SvdOptions & { readonly computeUv: false }): JaxArray;
export function svd(x: ArrayLike, options?: SvdOptions): [u: JaxArray, s: JaxArray, vh: JaxArray];
export function svd(
  x: ArrayLike,
  options: SvdOptions = {},
): JaxArray | [u: JaxArray, s: JaxArray, vh: JaxArray] {
  checkOptions("svd", options, ["fullMatrices", "computeUv", "subsetByIndex", "algorithm"]);
  const [s, u, vh] = bindSvd(toArray(x, "svd"), {
    fullMatrices: options.fullMatrices !== false,
    computeUv: options.computeUv !== false,
    subsetByIndex: subset(options.subsetByIndex),
    algorithm: chosen(options.algorithm, SvdAlgorithm, "algorithm of svd"),
  });
  return options.computeUv === false ? s! : [u!, s!, vh!];
}

/** Options of {@linkcode schur}. */
export interface SchurOptions {
  /** The unitary matrix is a result too (default). */
  readonly computeSchurVectors?: boolean;
  /** Refused, as by JAX. */
  readonly sortEigVals?: boolean;
  /** Has no effect. */
  readonly selectCallable?: unknown;
}

/**
 * Schur decomposition A = Q T Qᴴ. T is upper triangular; for real matrices it is real, with blocks of two rows for
 * pairs of complex eigenvalues.
 *
 * @param x matrices `[..., n, n]` of floats or complex numbers
 * @returns T, and Q unless it is not asked for
 * @throws {ValueError} for matrices that are not square
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const a = np.array([[1, 2], [3, 4]]), [t, q] = lax.linalg.schur(a);
 * if (!np.allclose(q.matmul(t).matmul(q.T), a, { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function schur(
  x: ArrayLike,
  options: SchurOptions & { readonly computeSchurVectors: false },
): [JaxArray];
export function schur(x: ArrayLike, options?: SchurOptions): [t: JaxArray, q: JaxArray];
export function schur(x: ArrayLike, options: SchurOptions = {}): JaxArray[] {
  checkOptions("schur", options, ["computeSchurVectors", "sortEigVals", "selectCallable"]);
  return [
    ...bind(P.schur, [toArray(x, "schur")], {
      computeSchurVectors: options.computeSchurVectors !== false,
      sortEigVals: options.sortEigVals === true,
      selectCallable: null,
    }),
  ];
}

/**
 * Reduction to upper Hessenberg form, A = Q H Qᴴ.
 *
 * @param a matrices `[..., n, n]` of floats or complex numbers
 * @returns H on and above the first subdiagonal with the reflectors of Q below it, and their factors
 * @throws {ValueError} for matrices that are not square
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const [h, taus] = lax.linalg.hessenberg(np.eye(3));
 * if (h.shape.join() !== "3,3" || taus.shape.join() !== "2") throw new Error();
 * ```
 */
export function hessenberg(a: ArrayLike): [a: JaxArray, taus: JaxArray] {
  return [...bindHessenberg(toArray(a, "hessenberg"))];
}

/**
 * Reduction of Hermitian matrices to real tridiagonal form, A = Q T Qᴴ.
 *
 * @param a matrices `[..., n, n]` of floats or complex numbers
 * @param options `lower`: which triangle is read, and holds the reflectors; the lower one by default
 * @returns T and the reflectors of Q in one matrix, the diagonal of T, its other diagonal, and the factors of the
 * reflectors
 * @throws {ValueError} for matrices that are not square, or empty
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const [, d, e] = lax.linalg.tridiagonal(np.array([[2, 1], [1, 3]]));
 * if (String(d) !== "[2. 3.]" || String(e) !== "[1.]") throw new Error();
 * ```
 */
export function tridiagonal(
  a: ArrayLike,
  options: { readonly lower?: boolean } = {},
): [a: JaxArray, d: JaxArray, e: JaxArray, taus: JaxArray] {
  checkOptions("tridiagonal", options, ["lower"]);
  return [...bindTridiagonal(toArray(a, "tridiagonal"), options.lower !== false)];
}
