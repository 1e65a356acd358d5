/**
 * Factorisations of matrices and their eigenvalues. Leading axes are batches; integers become floats.
 *
 * @module
 */
import { type ArrayLike, int32, type JaxArray, keywords, namedJit, raw, ValueError } from "../../core/mod.ts";
import { type Named, namedTuple } from "../named_tuple.ts";
import { staged } from "../_staged.ts";
import { sort } from "../../lax/mod.ts";
import { takeAlongAxis } from "../take.ts";
import { inexactArray } from "./_inexact.ts";
import { adjoint, lowerTriangle, symmetrize } from "./matrices.ts";
import {
  choleskyFactor,
  generalEigen,
  hermitianEigen,
  qrFactors,
  reflectors,
  singular,
  singularValues,
  type Subset,
} from "./_primitives.ts";

const choleskyCall = staged("cholesky", ([a]: [JaxArray], upper: boolean, symmetric: boolean) => {
  const l = lowerTriangle(choleskyFactor(symmetric ? symmetrize(a) : a));
  return upper ? adjoint(l) : l;
});

/** Options of {@linkcode cholesky}. */
export interface CholeskyOptions {
  /** Give the upper factor. */
  readonly upper?: boolean;
  /** Take half of the sum of the matrix and its adjoint (default); else the lower triangle alone is read. */
  readonly symmetrizeInput?: boolean;
}

/**
 * The Cholesky factor: the lower triangular L with L Lᴴ = A.
 *
 * @param a Hermitian positive definite matrices, `[..., n, n]`; where one is not positive definite the result is NaN
 * @throws {ValueError} for matrices that are not square
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const l = np.linalg.cholesky(np.array([[4, 2], [2, 2]]));
 * if (String(l) !== "[[2. 0.]\n [1. 1.]]") throw new Error();
 * ```
 */
export function cholesky(a: ArrayLike, options: CholeskyOptions = {}): JaxArray {
  const { upper = false, symmetrizeInput = true } = keywords("cholesky", [], [options], [
    "upper",
    "symmetrizeInput",
  ]);
  return choleskyCall([inexactArray("cholesky", a)], Boolean(upper), Boolean(symmetrizeInput));
}

/** How {@linkcode qr} factorises. */
export type QrMode = "reduced" | "complete" | "r" | "raw" | "full";

/** Q and R. */
export type QrResult = Named<[Q: JaxArray, R: JaxArray], "Q" | "R">;

const qrCall = namedJit("qr", ([a], mode: string): JaxArray[] => {
  switch (mode) {
    case "raw": {
      const [packed, taus] = reflectors(a!), n = packed.ndim;
      return [raw.transpose(packed, packed.shape.map((_, i) => i < n - 2 ? i : 2 * n - 3 - i)), taus];
    }
    case "r":
      return [qrFactors(a!, false)[1]];
    case "reduced":
    case "full":
    case "complete":
      return qrFactors(a!, mode === "complete");
    default:
      throw new ValueError(`Unsupported QR decomposition mode '${mode}'`);
  }
});

/**
 * The QR factorisation: A = Q R with orthonormal columns in Q and R upper triangular.
 *
 * @param a matrices `[..., m, n]`
 * @param mode `"reduced"` (default): Q is `[..., m, min(m, n)]`; `"complete"`: Q is square; `"r"`: R alone; `"raw"`: LAPACK's
 * reflectors and their factors
 * @returns `{ Q, R }`, also an array of both
 * @throws {ValueError} for an unknown mode
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const { Q, R } = np.linalg.qr(np.array([[1, 2], [3, 4]]));
 * if (!np.allclose(Q.matmul(R), np.array([[1, 2], [3, 4]]), { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function qr(a: ArrayLike, mode: "r" | { readonly mode: "r" }): JaxArray;
export function qr(a: ArrayLike, ...rest: [mode?: QrMode | { readonly mode?: QrMode }]): QrResult;
export function qr(a: ArrayLike, ...rest: readonly unknown[]): JaxArray | QrResult {
  const { mode = "reduced" } = keywords("qr", ["mode"], rest);
  const parts = qrCall([inexactArray("qr", a)], String(mode));
  if (mode === "r") return parts[0]!;
  return namedTuple<[JaxArray, JaxArray], "Q" | "R">(["Q", "R"], [parts[0]!, parts[1]!]);
}

/** Options of {@linkcode eigh}. */
export interface EighOptions {
  /** The triangle that is read when the input is not symmetrised: `"L"` (default) or `"U"`. */
  readonly UPLO?: "L" | "U" | null;
  /** Take half of the sum of the matrix and its adjoint (default). */
  readonly symmetrizeInput?: boolean;
}

/** Eigenvalues and eigenvectors. */
export type EigenResult = Named<
  [eigenvalues: JaxArray, eigenvectors: JaxArray],
  "eigenvalues" | "eigenvectors"
>;

function eigenResult(w: JaxArray, v: JaxArray): EigenResult {
  return namedTuple<[JaxArray, JaxArray], "eigenvalues" | "eigenvectors">(["eigenvalues", "eigenvectors"], [
    w,
    v,
  ]);
}

const eighCall = namedJit("eigh", ([a], lower: boolean, symmetric: boolean): JaxArray[] => {
  const [v, w] = hermitianEigen(symmetric ? symmetrize(a!) : a!, lower);
  return [w, v];
});

function isLower(UPLO: unknown): boolean {
  if (UPLO === undefined || UPLO === null || UPLO === "L") return true;
  if (UPLO === "U") return false;
  throw new ValueError(`UPLO must be one of None, 'L', or 'U', got ${String(UPLO)}`);
}

/**
 * Eigenvalues, in ascending order, and eigenvectors of Hermitian matrices.
 *
 * @param a matrices `[..., n, n]`
 * @returns `{ eigenvalues, eigenvectors }`, also an array of both: `[..., n]` real, and `[..., n, n]` with the vectors as
 * columns
 * @throws {ValueError} for matrices that are not square, or another `UPLO`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const { eigenvalues } = np.linalg.eigh(np.array([[2, 0], [0, 1]]));
 * if (String(eigenvalues) !== "[1. 2.]") throw new Error();
 * ```
 */
export function eigh(
  a: ArrayLike,
  ...rest: [UPLO?: "L" | "U" | null | EighOptions, symmetrizeInput?: boolean | EighOptions]
): EigenResult {
  const { UPLO, symmetrizeInput = true } = keywords("eigh", ["UPLO", "symmetrizeInput"], rest);
  const [w, v] = eighCall([inexactArray("eigh", a)], isLower(UPLO), Boolean(symmetrizeInput));
  return eigenResult(w!, v!);
}

const eigvalshCall = staged(
  "eigvalsh",
  ([a]: [JaxArray], lower: boolean, symmetric: boolean) => eighCall([a], lower, symmetric)[0]!,
);

/**
 * Eigenvalues of Hermitian matrices in ascending order.
 *
 * @param a matrices `[..., n, n]`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.linalg.eigvalsh(np.eye(2))) !== "[1. 1.]") throw new Error();
 * ```
 */
export function eigvalsh(
  a: ArrayLike,
  ...rest: [UPLO?: "L" | "U" | null | EighOptions, options?: Pick<EighOptions, "symmetrizeInput">]
): JaxArray {
  const { UPLO, symmetrizeInput = true } = keywords("eigvalsh", ["UPLO"], rest, ["symmetrizeInput"]);
  return eigvalshCall([inexactArray("eigvalsh", a)], isLower(UPLO), Boolean(symmetrizeInput));
}

/**
 * Eigenvalues and right eigenvectors of general matrices, in no particular order.
 *
 * @param a matrices `[..., n, n]`
 * @returns `{ eigenvalues, eigenvectors }`, also an array of both; complex
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const { eigenvalues } = np.linalg.eig(np.array([[0, -1], [1, 0]]));
 * if (!np.allclose(np.abs(eigenvalues), 1).item()) throw new Error();
 * ```
 */
export function eig(a: ArrayLike): EigenResult {
  const [w, v] = generalEigen(inexactArray("eig", a), true);
  return eigenResult(w!, v!);
}

const eigvalsCall = staged("eigvals", ([a]: [JaxArray]) => generalEigen(a, false)[0]!);

/**
 * Eigenvalues of general matrices, in no particular order.
 *
 * @param a matrices `[..., n, n]`
 * @returns complex numbers `[..., n]`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const w = np.linalg.eigvals(np.array([[1, 1], [0, 2]]));
 * if (!np.allclose(np.sort(np.real(w)), np.array([1, 2]), { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function eigvals(a: ArrayLike): JaxArray {
  return eigvalsCall([inexactArray("eigvals", a)]);
}

/** Options of {@linkcode svd}. */
export interface SvdOptions {
  /** U and V are square (default); else they have as many columns as there are singular values. */
  readonly fullMatrices?: boolean;
  /** Also U and Vᴴ (default); else the singular values alone. */
  readonly computeUv?: boolean;
  /** The matrices are Hermitian, which is faster. */
  readonly hermitian?: boolean;
  /** Which singular values: from the first index up to the second. */
  readonly subsetByIndex?: readonly [number, number] | null;
}

/** U, singular values, Vᴴ. */
export type SvdResult = Named<[U: JaxArray, S: JaxArray, Vh: JaxArray], "U" | "S" | "Vh">;

/** Decomposition of a Hermitian matrix: singular values are absolute eigenvalues, their signs go to Vᴴ. */
function hermitianSingular(a: JaxArray): JaxArray[] {
  const [vectors, values] = hermitianEigen(symmetrize(a)), n = values.ndim - 1;
  const positions = raw.iota(int32, values.shape, n);
  const [s, order, sign] = sort([raw.abs(values), positions, raw.sign(values)], { dimension: n, numKeys: 1 });
  const descending = (x: JaxArray): JaxArray => raw.rev(x, [n]);
  const u = takeAlongAxis(vectors, raw.expandDims(descending(order!), [n]), -1);
  const signs = raw.convert(raw.expandDims(descending(sign!), [n]), u.dtype);
  return [u, descending(s!), adjoint(raw.mul(u, signs))];
}

const svdCall = namedJit(
  "svd",
  ([a], full: boolean, uv: boolean, hermitian: boolean, subset: Subset): JaxArray[] => {
    if (hermitian) {
      const parts = hermitianSingular(a!);
      return uv ? parts : [parts[1]!];
    }
    return uv ? singular(a!, full, subset) : [singularValues(a!, subset)];
  },
);

/**
 * The singular value decomposition: A = U diag(S) Vᴴ with orthonormal columns in U and V, and S descending.
 *
 * @param a matrices `[..., m, n]`
 * @returns `{ U, S, Vh }`, also an array of the three; S alone without `computeUv`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const { S } = np.linalg.svd(np.array([[3, 0], [0, 4]]));
 * if (!np.allclose(S, np.array([4, 3])).item()) throw new Error();
 * ```
 */
export function svd(a: ArrayLike, options: SvdOptions & { readonly computeUv: false }): JaxArray;
export function svd(a: ArrayLike, fullMatrices: boolean, computeUv: false): JaxArray;
export function svd(
  a: ArrayLike,
  ...rest: [
    fullMatrices?: boolean | SvdOptions,
    computeUv?: boolean | SvdOptions,
    hermitian?: boolean | SvdOptions,
  ]
): SvdResult;
export function svd(a: ArrayLike, ...rest: readonly unknown[]): JaxArray | SvdResult {
  const names = ["fullMatrices", "computeUv", "hermitian", "subsetByIndex"] as const;
  const { fullMatrices = true, computeUv = true, hermitian = false, subsetByIndex } = keywords(
    "svd",
    names,
    rest,
  );
  const subset = (subsetByIndex ?? null) as Subset;
  const x = inexactArray("svd", a);
  const [u, s, vh] = svdCall([x], Boolean(fullMatrices), Boolean(computeUv), Boolean(hermitian), subset);
  if (!computeUv) return u!;
  return namedTuple<[JaxArray, JaxArray, JaxArray], "U" | "S" | "Vh">(["U", "S", "Vh"], [u!, s!, vh!]);
}

/**
 * Singular values in descending order.
 *
 * @param x matrices `[..., m, n]`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (!np.allclose(np.linalg.svdvals(np.eye(2)), 1).item()) throw new Error();
 * ```
 */
export function svdvals(x: ArrayLike): JaxArray {
  return svd(x, { computeUv: false });
}
