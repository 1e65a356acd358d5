/**
 * Factorisations of matrices, as in `jax.scipy.linalg`. Leading axes are batches; integers become floats.
 *
 * @module
 */
import {
  type ArrayLike,
  type JaxArray,
  keywords,
  NotImplementedError,
  realDType,
  ValueError,
} from "../../core/mod.ts";
import { cholesky as choleskyPrimitive } from "../../core/ops/linalg_cholesky.ts";
import { eigh as eighPrimitive } from "../../core/ops/linalg_eigh.ts";
import { lu as luPrimitive } from "../../core/ops/linalg_lu.ts";
import { qr as qrPrimitive } from "../../core/ops/linalg_qr.ts";
import { adjoint } from "../../numpy/linalg/matrices.ts";
import type { SvdResult } from "../../numpy/linalg/mod.ts";
import * as np from "../../numpy/mod.ts";
import { inexactArrays } from "./_inexact.ts";

/** Options that change nothing here: arrays are immutable, and are not checked. */
export interface StorageOptions {
  readonly overwriteA?: boolean;
  readonly checkFinite?: boolean;
}

/** Options of {@linkcode cholesky} and {@linkcode choFactor}. */
export interface CholeskyOptions extends StorageOptions {
  /** Give the lower factor (false: the upper one). */
  readonly lower?: boolean;
}

/**
 * The Cholesky factor: the upper triangular R with A = Rᴴ R, or the lower triangular L with A = L Lᴴ.
 *
 * @param a Hermitian positive definite matrices `[..., n, n]`, of which that triangle is read; where one is not positive
 * definite the result is NaN.
 * @param rest lower (false)
 * @throws {ValueError} For matrices that are not square.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const l = scipy.linalg.cholesky(np.array([[4, 2], [2, 2]]), { lower: true });
 * if (String(l) !== "[[2. 0.]\n [1. 1.]]") throw new Error();
 * ```
 */
export function cholesky(a: ArrayLike, ...rest: [lower?: boolean | CholeskyOptions]): JaxArray {
  const { lower } = keywords("cholesky", ["lower", "overwriteA", "checkFinite"], rest);
  const [x] = inexactArrays("cholesky", a) as [JaxArray];
  if (lower) return choleskyPrimitive(x);
  return adjoint(choleskyPrimitive(x.ndim < 2 ? x : adjoint(x)));
}

/**
 * The Cholesky factor and whether it is the lower one, for {@linkcode choSolve}.
 *
 * @param a Hermitian positive definite matrices `[..., n, n]`.
 * @param rest lower (false)
 * @throws {ValueError} For matrices that are not square.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const [c, lower] = scipy.linalg.choFactor(np.eye(2));
 * if (lower || c.sum().item() !== 2) throw new Error();
 * ```
 */
export function choFactor(a: ArrayLike, ...rest: [lower?: boolean | CholeskyOptions]): [JaxArray, boolean] {
  const { lower } = keywords("cho_factor", ["lower", "overwriteA", "checkFinite"], rest);
  return [cholesky(a, { lower: Boolean(lower) }), Boolean(lower)];
}

/** Options of {@linkcode lu}. */
export interface LuOptions extends StorageOptions {
  /** Give P L and U (false: P, L and U). */
  readonly permuteL?: boolean;
}

/**
 * The factors of A = P L U: a permutation, a lower triangular matrix with ones on its diagonal, an upper triangular one.
 *
 * @param a Matrices `[..., m, n]`.
 * @param rest permuteL (false: P, L and U; true: P L and U)
 * @throws {ValueError} For fewer than two axes.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const [p, l, u] = scipy.linalg.lu(np.array([[1, 2], [3, 4]]));
 * if (!np.allclose(p.matmul(l).matmul(u!), np.array([[1, 2], [3, 4]])).item()) throw new Error();
 * ```
 */
export function lu(a: ArrayLike, permuteL: true | { readonly permuteL: true }): [pl: JaxArray, u: JaxArray];
export function lu(
  a: ArrayLike,
  ...rest: [permuteL?: boolean | LuOptions]
): [p: JaxArray, l: JaxArray, u: JaxArray];
export function lu(a: ArrayLike, ...rest: readonly unknown[]): JaxArray[] {
  const { permuteL } = keywords("lu", ["permuteL", "overwriteA", "checkFinite"], rest);
  const [x] = inexactArrays("lu", a) as [JaxArray];
  const [factors, , permutation] = luPrimitive(x);
  const [m, n] = x.shape.slice(-2) as [number, number], k = Math.min(m, n);
  const rows = np.arange(m).reshape(m, 1);
  const p = np.equal(np.expandDims(permutation, -2), rows).astype(
    realDType(x.dtype),
  );
  const l = np.add(np.tril(factors, -1).get("...", `:${k}`), np.eye(m, k, { dtype: x.dtype }));
  const u = np.triu(factors).get("...", `:${k}`, ":");
  return permuteL ? [np.matmul(p.astype(x.dtype), l), u] : [p, l, u];
}

/** Options of {@linkcode qr}. */
export interface QrOptions extends StorageOptions {
  readonly lwork?: unknown;
  /** `"full"` (default): Q is square; `"economic"`: Q is `[..., m, min(m, n)]`; `"r"`: R alone. */
  readonly mode?: "full" | "r" | "economic";
  readonly pivoting?: false;
}

/**
 * The QR factorisation: A = Q R with orthonormal columns in Q and R upper triangular.
 *
 * @param a Matrices `[..., m, n]`.
 * @returns Q and R; with mode "r" an array of R alone.
 * @throws {ValueError} For an unknown mode.
 * @throws {NotImplementedError} For `pivoting`.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const [q, r] = scipy.linalg.qr(np.array([[1, 2], [3, 4]]), { mode: "economic" });
 * if (!np.allclose(q!.matmul(r!), np.array([[1, 2], [3, 4]]), { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function qr(a: ArrayLike, options: QrOptions = {}): JaxArray[] {
  const names = ["overwriteA", "lwork", "mode", "pivoting", "checkFinite"] as const;
  const { mode = "full", pivoting } = keywords("qr", names, [options]);
  if (mode !== "full" && mode !== "r" && mode !== "economic") {
    throw new ValueError(`Unsupported QR decomposition mode '${mode}'`);
  }
  if (pivoting) throw new NotImplementedError("qr with pivoting: leave pivoting out");
  const [q, r] = qrPrimitive(inexactArrays("qr", a)[0]!, mode !== "economic");
  return mode === "r" ? [r] : [q, r];
}

/** Options of {@linkcode eigh}. */
export interface EighOptions extends StorageOptions {
  readonly b?: null;
  /** Which triangle is read (true: the lower one). */
  readonly lower?: boolean;
  /** Give the eigenvalues alone (false). */
  readonly eigvalsOnly?: boolean;
  readonly overwriteB?: boolean;
  readonly turbo?: boolean;
  readonly eigvals?: null;
  readonly type?: number;
}

/**
 * Eigenvalues in ascending order, and eigenvectors as columns, of Hermitian matrices.
 *
 * @param a Matrices `[..., n, n]`.
 * @returns The eigenvalues and the eigenvectors; the eigenvalues with `eigvalsOnly`.
 * @throws {NotImplementedError} For generalized problems and subsets of the eigenvalues.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const [w] = scipy.linalg.eigh(np.diag(np.array([2, 1])));
 * if (!np.allclose(w, np.array([1, 2])).item()) throw new Error();
 * ```
 */
export function eigh(a: ArrayLike, options: EighOptions & { readonly eigvalsOnly: true }): JaxArray;
export function eigh(
  a: ArrayLike,
  ...rest: [b?: null | EighOptions, lower?: boolean | EighOptions]
): [w: JaxArray, v: JaxArray];
export function eigh(a: ArrayLike, ...rest: readonly unknown[]): JaxArray | [JaxArray, JaxArray] {
  const { b = null, lower = true, eigvalsOnly = false, eigvals = null, type = 1 } = keywords("eigh", [
    "b",
    "lower",
    "eigvalsOnly",
    "overwriteA",
    "overwriteB",
    "turbo",
    "eigvals",
    "type",
    "checkFinite",
  ], rest);
  if (b !== null) throw new NotImplementedError("Only the b=None case of eigh is implemented");
  if (type !== 1) throw new NotImplementedError("Only the type=1 case of eigh is implemented.");
  if (eigvals !== null) throw new NotImplementedError("Only the eigvals=None case of eigh is implemented.");
  const [x] = inexactArrays("eigh", a) as [JaxArray];
  const triangle = lower ? np.tril(x) : np.triu(x), strict = lower ? np.tril(x, -1) : np.triu(x, 1);
  const [v, w] = eighPrimitive(np.add(triangle, adjoint(strict)), { lower: Boolean(lower) });
  return eigvalsOnly ? w : [w, v];
}

/** Options of {@linkcode svd}. */
export interface SvdOptions extends StorageOptions {
  /** Give square U and Vᴴ (true). */
  readonly fullMatrices?: boolean;
  /** Give U and Vᴴ (true). */
  readonly computeUv?: boolean;
  readonly lapackDriver?: string;
}

/**
 * The singular value decomposition A = U diag(S) Vᴴ.
 *
 * @param a Matrices `[..., m, n]`.
 * @returns U, S and Vᴴ; S alone without `computeUv`.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const s = scipy.linalg.svd(np.eye(2), { computeUv: false });
 * if (!np.allclose(s, 1).item()) throw new Error();
 * ```
 */
export function svd(a: ArrayLike, options: SvdOptions & { readonly computeUv: false }): JaxArray;
export function svd(a: ArrayLike, ...rest: [fullMatrices?: boolean | SvdOptions]): SvdResult;
export function svd(a: ArrayLike, ...rest: readonly unknown[]): JaxArray | SvdResult {
  const names = ["fullMatrices", "computeUv", "overwriteA", "checkFinite", "lapackDriver"] as const;
  const { fullMatrices = true, computeUv = true } = keywords("svd", names, rest);
  const x = inexactArrays("svd", a)[0]!;
  if (!computeUv) return np.linalg.svd(x, { fullMatrices: Boolean(fullMatrices), computeUv: false });
  return np.linalg.svd(x, { fullMatrices: Boolean(fullMatrices) });
}

/**
 * The determinant.
 *
 * @param a Matrices `[..., n, n]`.
 * @throws {ValueError} For matrices that are not square.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (scipy.linalg.det(np.eye(2)).item() !== 1) throw new Error();
 * ```
 */
export function det(a: ArrayLike, options: StorageOptions = {}): JaxArray {
  keywords("det", ["overwriteA", "checkFinite"], [options]);
  return np.linalg.det(a);
}

/**
 * The inverse.
 *
 * @param a Matrices `[..., n, n]`.
 * @throws {ValueError} For matrices that are not square.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (scipy.linalg.inv(np.eye(2)).sum().item() !== 2) throw new Error();
 * ```
 */
export function inv(a: ArrayLike, options: StorageOptions = {}): JaxArray {
  keywords("inv", ["overwriteA", "checkFinite"], [options]);
  return np.linalg.inv(a);
}

/** Options of {@linkcode polar}. */
export interface PolarOptions {
  /** Which factor is positive semidefinite: the right one (default) or the left one. */
  readonly side?: "right" | "left";
}

/**
 * The polar decomposition A = U P (or P U) with orthonormal U and positive semidefinite P, by singular values.
 *
 * @param a Matrices `[..., m, n]`; integers become floats.
 * @param rest side ("right")
 * @returns U and P.
 * @throws {ValueError} For another side, and fewer than two axes.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const [u] = scipy.linalg.polar(np.diag(np.array([2, -3])));
 * if (!np.allclose(u, np.diag(np.array([1, -1])), { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function polar(
  a: ArrayLike,
  ...rest: [side?: "right" | "left" | PolarOptions]
): [u: JaxArray, p: JaxArray] {
  const { side = "right" } = keywords("polar", ["side"], rest);
  const [x] = inexactArrays("polar", a) as [JaxArray];
  if (x.ndim < 2) throw new ValueError("The input `a` must be at least a 2-D array.");
  if (side !== "right" && side !== "left") {
    throw new ValueError("The argument `side` must be either 'right' or 'left'.");
  }
  const [u, s, vh] = np.linalg.svd(x, { fullMatrices: false });
  const scale = np.expandDims(s, -2), basis = side === "right" ? adjoint(vh) : u;
  return [np.matmul(u, vh), np.matmul(np.multiply(basis, scale), adjoint(basis))];
}
