/**
 * Matrices of a given structure, as in `jax.scipy.linalg`.
 *
 * @module
 */
import {
  type ArrayLike,
  defaultComplex,
  defaultFloat,
  type DTypeLike,
  type JaxArray,
  keywords,
  raw,
  staticInteger,
  tuple,
  ValueError,
} from "../../core/mod.ts";
import { promoteDTypes, toArrays } from "../../numpy/convert.ts";
import * as np from "../../numpy/mod.ts";
import { vectorize } from "../../numpy/vectorize.ts";
import { comb } from "../special/mod.ts";

/**
 * The block diagonal matrix of matrices, zero elsewhere.
 *
 * @param arrs Matrices; vectors are rows, scalars one element. Without any the matrix is `[1, 0]`.
 * @throws {ValueError} For more than two axes.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (String(scipy.linalg.blockDiag(np.array([[1]]), 2)) !== "[[1. 0.]\n [0. 2.]]") throw new Error();
 * ```
 */
export function blockDiag(...arrs: readonly ArrayLike[]): JaxArray {
  const given = arrs.length ? toArrays("block_diag", ...arrs) : [np.zeros([1, 0])];
  const blocks = promoteDTypes("block_diag", given);
  const bad = blocks.findIndex((x) => x.ndim > 2);
  if (bad >= 0) {
    throw new ValueError(
      `Arguments to jax.scipy.linalg.block_diag must have at most 2 dimensions, got ${
        blocks[bad]!.aval
      } at argument ${bad}.`,
    );
  }
  const matrices = blocks.map((x) => np.atleast2d(x) as JaxArray);
  const total = matrices.reduce((sum, x) => sum + x.shape[1]!, 0);
  let at = 0;
  const rows = matrices.map((x) => {
    const before = at;
    at += x.shape[1]!;
    return np.pad(x, [[0, 0], [before, total - at]]);
  });
  return np.concatenate(rows, 0);
}

/** The matrix of elements `c[i]` and `r[j]` at distances: element (i, j) is that number i - j of c reversed, then r. */
const toeplitzOf = vectorize((c: JaxArray, r: JaxArray): JaxArray => {
  const [m] = c.shape as [number], [n] = r.shape as [number];
  if (m === 0 || n === 0) return np.zeros([m, n], { dtype: np.promoteTypes(c.dtype, r.dtype) });
  const elements = np.concatenate([np.flip(c), r.get("1:")]);
  const at = np.add(np.subtract(np.arange(n).reshape(1, n), np.arange(m).reshape(m, 1)), m - 1);
  return np.take(elements, at);
}, { signature: "(m),(n)->(m,n)" });

const vector = (x: JaxArray): JaxArray => np.atleast1d(x) as JaxArray;

/**
 * The Toeplitz matrix, constant along diagonals, of a first column and row.
 *
 * @param c The first column `[..., m]`.
 * @param r The first row `[..., n]`, whose first element is not read; the conjugate of `c` by default.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (String(scipy.linalg.toeplitz(np.array([1, 2]))) !== "[[1. 2.]\n [2. 1.]]") throw new Error();
 * ```
 */
export function toeplitz(c: ArrayLike, r?: ArrayLike | null): JaxArray {
  const [x, y] = r === undefined || r === null ? toArrays("toeplitz", c) : toArrays("toeplitz", c, r);
  return toeplitzOf(vector(x!), vector(y ?? np.conjugate(x!)));
}

/**
 * The Hankel matrix, constant along antidiagonals, of a first column and a last row.
 *
 * @param c The first column `[..., m]`.
 * @param r The last row `[..., n]`, whose first element is not read; zeros by default.
 * @throws {ValueError} For scalars.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (String(scipy.linalg.hankel(np.array([1, 2]))) !== "[[1. 2.]\n [2. 0.]]") throw new Error();
 * ```
 */
export function hankel(c: ArrayLike, r?: ArrayLike | null): JaxArray {
  const [x, given] = r === undefined || r === null ? toArrays("hankel", c) : toArrays("hankel", c, r);
  const y = given ?? np.zerosLike(x!);
  if (x!.ndim === 0) throw new ValueError("hankel: c must be at least 1-dimensional, got a scalar.");
  if (y.ndim === 0) throw new ValueError("hankel: r must be at least 1-dimensional, got a scalar.");
  return np.flip(
    toeplitz(np.flip(x!, -1), np.concatenate([x!.get("...", "-1:"), y.get("...", "1:")], -1)),
    -2,
  );
}

/**
 * The circulant matrix, each column the one before shifted down by one, of a first column.
 *
 * @param c The first column `[..., n]`.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (String(scipy.linalg.circulant(np.array([1, 2]))) !== "[[1. 2.]\n [2. 1.]]") throw new Error();
 * ```
 */
export function circulant(c: ArrayLike): JaxArray {
  const x = vector(toArrays("circulant", c)[0]!);
  return toeplitzOf(x, np.roll(np.flip(x, -1), 1, -1));
}

/**
 * The Hilbert matrix, 1 / (i + j + 1).
 *
 * @param n The number of rows and columns.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (scipy.linalg.hilbert(2).get(0, 1).item() !== 0.5) throw new Error();
 * ```
 */
export function hilbert(n: number): JaxArray {
  const a = np.arange(staticInteger(n, "hilbert"), { dtype: defaultFloat() });
  return np.divide(1, np.add(np.add(np.expandDims(a, 1), a), 1));
}

/**
 * The inverse of the Hilbert matrix, by binomial coefficients.
 *
 * @param n The number of rows and columns.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.linalg.invhilbert(2).get(1, 1).item() - 12) > 1e-3) throw new Error();
 * ```
 */
export function invhilbert(n: number): JaxArray {
  const j = np.arange(staticInteger(n, "invhilbert"), { dtype: defaultFloat() }), i = np.expandDims(j, 1);
  const sum = np.add(i, j), signed = np.multiply(np.power(-1, sum), np.add(sum, 1));
  const left = comb(np.add(i, n), raw.sub(raw.sub(raw.like(j, n), j), 1));
  const right = comb(np.add(j, n), raw.sub(raw.sub(raw.like(i, n), i), 1));
  return [left, right, np.square(comb(sum, i))].reduce((x, y) => np.multiply(x, y), signed);
}

/**
 * The Hadamard matrix, of elements ±1 and orthogonal rows (Sylvester's construction).
 *
 * @param n The number of rows and columns, a power of 2.
 * @throws {ValueError} For another number.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (String(scipy.linalg.hadamard(2)) !== "[[ 1  1]\n [ 1 -1]]") throw new Error();
 * ```
 */
export function hadamard(n: number, ...rest: [dtype?: DTypeLike | { readonly dtype?: DTypeLike }]): JaxArray {
  const dtype = (keywords("hadamard", ["dtype"], rest).dtype ?? "int32") as DTypeLike;
  if (n < 1 || !Number.isInteger(Math.log2(n))) {
    throw new ValueError(`n must be a positive power of 2; got ${n}.`);
  }
  let h = np.ones([1, 1], { dtype });
  while (h.shape[0]! < n) {
    h = np.concatenate([np.concatenate([h, h], 1), np.concatenate([h, np.negative(h)], 1)], 0);
  }
  return h;
}

/** Options of {@linkcode dft}. */
export interface DftOptions {
  /** Divide by √n or n. */
  readonly scale?: "sqrtn" | "n" | null;
}

/**
 * The matrix of the discrete Fourier transform, exp(-2πi jk/n).
 *
 * @param n The number of rows and columns.
 * @param rest scale (null, "sqrtn" or "n": what to divide by)
 * @throws {ValueError} For another scale.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (scipy.linalg.dft(1).item<{ re: number }>().re !== 1) throw new Error();
 * ```
 */
export function dft(n: number, ...rest: [scale?: "sqrtn" | "n" | null | DftOptions]): JaxArray {
  const scale = keywords("dft", ["scale"], rest).scale ?? null;
  if (scale !== null && scale !== "sqrtn" && scale !== "n") {
    throw new ValueError(`scale must be None, 'sqrtn', or 'n'; got '${scale}'.`);
  }
  const k = np.arange(staticInteger(n, "dft"), { dtype: defaultComplex() });
  const product = np.multiply(np.multiply(np.complex(0, -2 * Math.PI), np.expandDims(k, 1)), k);
  const omegas = np.exp(np.divide(product, n));
  return scale === null ? omegas : np.divide(omegas, scale === "n" ? n : Math.sqrt(n));
}

/**
 * The Fiedler matrix |aᵢ - aⱼ|.
 *
 * @param a Array `[..., n]`.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (scipy.linalg.fiedler(np.array([1, 4])).get(0, 1).item() !== 3) throw new Error();
 * ```
 */
export function fiedler(a: ArrayLike): JaxArray {
  const x = vector(toArrays("fiedler", a)[0]!);
  return np.abs(np.subtract(np.expandDims(x, -1), np.expandDims(x, -2)));
}

/**
 * The Leslie matrix: `f` in the first row, `s` below the diagonal.
 *
 * @param f Fecundities `[n]`.
 * @param s Survival rates `[n - 1]`.
 * @throws {ValueError} For other lengths.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (String(scipy.linalg.leslie(np.array([1, 2]), np.array([3]))) !== "[[1. 2.]\n [3. 0.]]") throw new Error();
 * ```
 */
export const leslie: (f: ArrayLike, s: ArrayLike) => JaxArray = (f, s) => {
  const [x, y] = toArrays("leslie", f, s).map(vector) as [JaxArray, JaxArray];
  const n = x.shape.at(-1)!;
  if (n < 2) {
    throw new ValueError(
      `The length of f along the last axis must be at least 2; got shape ${tuple(x.shape)}.`,
    );
  }
  if (y.shape.at(-1) !== n - 1) {
    throw new ValueError(
      "Incorrect lengths for f and s. The length of s along the last axis must be one less than the length of f; " +
        `got f shape ${tuple(x.shape)} and s shape ${tuple(y.shape)}.`,
    );
  }
  const one = (top: JaxArray, below: JaxArray): JaxArray => {
    const lower = np.pad(np.diag(below), [[0, 0], [0, 1]]);
    return np.concatenate([np.expandDims(top, 0), lower], 0);
  };
  return vectorize(one, { signature: "(n),(m)->(n,n)" })(x, y);
};

/**
 * The companion matrix of a polynomial: -aᵢ/a₀ in the first row, ones below the diagonal.
 *
 * @param a Coefficients `[..., n]`, that of the highest power first; integers become floats.
 * @throws {ValueError} For fewer than two coefficients.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (String(scipy.linalg.companion(np.array([1, 2, 3]))) !== "[[-2. -3.]\n [ 1.  0.]]") throw new Error();
 * ```
 */
export function companion(a: ArrayLike): JaxArray {
  const x = vector(promoteDTypes("companion", toArrays("companion", a), "inexact")[0]!);
  if (x.shape.at(-1)! < 2) {
    throw new ValueError(
      `The length of \`a\` along the last axis must be at least 2; got shape ${tuple(x.shape)}.`,
    );
  }
  const one = (c: JaxArray): JaxArray => {
    const top = np.divide(np.negative(c.get("1:")), c.get(0)), n = top.size;
    return np.concatenate([np.expandDims(top, 0), np.eye(n - 1, n, { dtype: c.dtype })], 0);
  };
  return vectorize(one, { signature: "(n)->(m,m)" })(x);
}

/** Options of {@linkcode convolutionMatrix}. */
export interface ConvolutionMatrixOptions {
  /** Which rows there are: all, as many as the longer vector has, or those of complete overlap. */
  readonly mode?: "full" | "same" | "valid";
}

/**
 * The Toeplitz matrix whose product with a vector of `n` elements is its convolution with `a`.
 *
 * @param a Array `[..., m]`.
 * @param n The number of columns.
 * @param rest mode ("full", "same" or "valid")
 * @throws {ValueError} For an unknown mode, empty or scalar arrays, and an `n` that is not positive.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const m = scipy.linalg.convolutionMatrix(np.array([1, 2]), 2);
 * if (String(m) !== "[[1. 0.]\n [2. 1.]\n [0. 2.]]") throw new Error();
 * ```
 */
export function convolutionMatrix(
  a: ArrayLike,
  n: number,
  ...rest: [mode?: "full" | "same" | "valid" | ConvolutionMatrixOptions]
): JaxArray {
  const { mode = "full" } = keywords("convolution_matrix", ["mode"], rest);
  const columns = staticInteger(n, "convolution_matrix");
  if (columns <= 0) throw new ValueError(`n must be a positive integer; got ${columns}.`);
  const [x] = toArrays("convolution_matrix", a) as [JaxArray];
  if (x.ndim === 0) {
    throw new ValueError("convolution_matrix: a must be at least 1-dimensional, got a scalar.");
  }
  const m = x.shape.at(-1)!;
  if (m < 1) throw new ValueError(`len(a) must be at least 1; got shape ${tuple(x.shape)}.`);
  if (mode !== "full" && mode !== "valid" && mode !== "same") {
    throw new ValueError(`mode must be one of 'full', 'valid', 'same'; got '${mode}'.`);
  }
  const widths = x.shape.map((_, i): [number, number] => [0, i === x.ndim - 1 ? columns - 1 : 0]);
  const column = np.pad(x, widths), row = np.pad(np.flip(x, -1), widths);
  const length = m + columns - 1, trim = Math.min(columns, m) - 1;
  const before = mode === "full" ? 0 : mode === "valid" ? trim : Math.floor(trim / 2);
  const after = mode === "full" ? 0 : mode === "valid" ? trim : trim - before;
  return toeplitz(
    column.get("...", `${before}:${length - after}`),
    row.get("...", `${length - columns - before}:${length - before}`),
  );
}
