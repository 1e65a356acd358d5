/**
 * Norms of vectors and matrices.
 *
 * @module
 */
import {
  canonicalAxis,
  finfo,
  isComplex,
  type JaxArray,
  keywords,
  raw,
  tuple,
  ValueError,
} from "../../core/mod.ts";
import { integerList, movePermutation, range } from "../axes.ts";
import { type ArrayLike, promoteDTypes, toArray } from "../convert.ts";
import { sumOf } from "../_reduction.ts";
import { staged } from "../_staged.ts";
import { absolute } from "../arithmetic.ts";
import { max, min } from "../reductions.ts";
import { svd } from "./factor.ts";

/** Which norm: a number, infinity, or for matrices `"fro"` (`"f"`) or `"nuc"`. */
export type Order = number | string | null;

/** Options of {@linkcode norm}. */
export interface NormOptions {
  /** Default: the 2-norm of vectors, the Frobenius norm of matrices. */
  readonly ord?: Order;
  /** One axis for norms of vectors, two for norms of matrices; default all. */
  readonly axis?: number | readonly number[] | null;
  /** Keep the reduced axes with size 1. */
  readonly keepdims?: boolean;
}

interface Reduced {
  readonly axes: readonly number[] | null;
  readonly keepdims: boolean;
}

/** The root of the sum of |x|². */
function euclidean(x: JaxArray, { axes, keepdims }: Reduced): JaxArray {
  const squares = isComplex(x.dtype) ? raw.real(raw.mul(x, raw.conj(x))) : raw.mul(x, x);
  return raw.sqrt(sumOf(squares, { axes, keepdims }));
}

function vectorNormOf(given: JaxArray, ord: Order, reduced: Reduced): JaxArray {
  const { axes, keepdims } = reduced, options = { axis: axes, keepdims };
  const x = promoteDTypes("vector_norm", [given], "inexact")[0]!;
  if (ord === null || ord === 2) return euclidean(x, reduced);
  if (typeof ord === "string") {
    const hint = ord === "inf"
      ? "Use 'jax.numpy.inf' instead."
      : ord === "-inf"
      ? "Use '-jax.numpy.inf' instead."
      : "";
    throw new ValueError(`Invalid order '${ord}' for vector norm.${hint}`);
  }
  const magnitude = absolute(x);
  switch (ord) {
    case Infinity:
      return max(magnitude, { ...options, initial: 0 });
    case -Infinity:
      return min(magnitude, options);
    case 0:
      return sumOf(raw.ne(x, 0), { axes, keepdims, dtype: finfo(x.dtype).dtype });
    case 1:
      return sumOf(magnitude, { axes, keepdims });
  }
  const powers = raw.pow(magnitude, raw.like(magnitude, ord));
  const total = sumOf(powers, { axes, keepdims });
  return raw.pow(total, raw.like(total, 1 / ord));
}

/** The extreme of the sums of |x| along one axis. */
function extremeSum(x: JaxArray, along: number, over: number, keepdims: boolean, largest: boolean): JaxArray {
  const sums = sumOf(absolute(x), { axes: [along], keepdims });
  const options = { axis: !keepdims && over > along ? over - 1 : over, keepdims };
  return largest ? max(sums, { ...options, initial: 0 }) : min(sums, options);
}

function matrixNormOf(x: JaxArray, ord: Order, [row, column]: [number, number], keepdims: boolean): JaxArray {
  switch (ord) {
    case null:
    case "f":
    case "fro":
      return euclidean(x, { axes: [row, column], keepdims });
    case 1:
    case -1:
      return extremeSum(x, row, column, keepdims, ord > 0);
    case Infinity:
    case -Infinity:
      return extremeSum(x, column, row, keepdims, ord > 0);
    case 2:
    case -2:
    case "nuc": {
      const matrices = raw.transpose(x, movePermutation(x.ndim, [row, column], [x.ndim - 2, x.ndim - 1]));
      const s = svd(matrices, { computeUv: false }), axis = -1;
      const y = ord === 2
        ? max(s, { axis, initial: 0 })
        : ord === -2
        ? min(s, { axis })
        : sumOf(s, { axes: [axis] });
      return keepdims ? raw.expandDims(y, [row, column].sort((a, b) => a - b)) : y;
    }
    default:
      throw new ValueError(`Invalid order '${ord}' for matrix norm.`);
  }
}

const normCall = staged(
  "norm",
  ([x]: [JaxArray], ord: Order, axis: readonly number[] | null, keepdims: boolean) => {
    if (axis === null && ord === null) return euclidean(x, { axes: null, keepdims });
    const axes = axis ?? range(x.ndim);
    if (axes.length === 1) return vectorNormOf(x, ord ?? 2, { axes, keepdims });
    if (axes.length === 2) return matrixNormOf(x, ord, axes as [number, number], keepdims);
    throw new ValueError(
      `Improper number of axes for norm: axis=${
        tuple(axes)
      }. Pass one axis to compute a vector-norm, or two axes to ` +
        "compute a matrix-norm.",
    );
  },
);

/**
 * The norm of an array, or of its vectors (one axis) or matrices (two axes).
 *
 * @param x an array; integers become floats
 * @param ord for vectors: a number p gives (Σ|x|ᵖ)^(1/p), 0 the number of nonzero elements, ±Infinity the extreme |x|.
 * For matrices: `"fro"`, `"nuc"` (the sum of singular values), ±2 (the extreme singular value), ±1 and ±Infinity
 * (the extreme sum of |x| in columns and rows)
 * @param axis default: all, as one vector if there is no `ord`
 * @param keepdims keep the reduced axes with size 1
 * @throws {ValueError} for an order or a number of axes that there is no norm for
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.linalg.norm(np.array([3, 4])).item() !== 5) throw new Error();
 * if (String(np.linalg.norm(np.ones([2, 4]), { ord: 1, axis: 1 })) !== "[4. 4.]") throw new Error();
 * ```
 */
export function norm(
  x: ArrayLike,
  ...rest: [
    ord?: Order | NormOptions,
    axis?: number | readonly number[] | null | NormOptions,
    keepdims?: boolean | NormOptions,
  ]
): JaxArray {
  const { ord = null, axis, keepdims = false } = keywords("norm", ["ord", "axis", "keepdims"], rest);
  const [a] = promoteDTypes("norm", [toArray(x, "jnp.linalg.norm")], "inexact") as [JaxArray];
  const axes = axis === undefined || axis === null
    ? null
    : integerList(axis, "axis").map((i) => canonicalAxis(i, a.ndim));
  return normCall([a], ord as Order, axes, Boolean(keepdims));
}

/** Options of {@linkcode vectorNorm}. */
export interface VectorNormOptions {
  /** One axis, several (as one vector), or null (the default) for all. */
  readonly axis?: number | readonly number[] | null;
  readonly keepdims?: boolean;
  /** Default 2. */
  readonly ord?: Order;
}

const vectorNormCall = staged(
  "vector_norm",
  ([x]: [JaxArray], ord: Order, reduced: Reduced) => vectorNormOf(x, ord, reduced),
  { inline: true },
);

/**
 * Norms of vectors.
 *
 * @throws {ValueError} for an order that is text
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.linalg.vectorNorm(np.array([1, -2]), { ord: 1 }).item() !== 3) throw new Error();
 * ```
 */
export function vectorNorm(x: ArrayLike, options: VectorNormOptions = {}): JaxArray {
  const { axis, keepdims = false, ord = 2 } = keywords("vector_norm", [], [options], [
    "axis",
    "keepdims",
    "ord",
  ]);
  const a = toArray(x, "jnp.linalg.vector_norm");
  const axes = axis === undefined || axis === null ? null : integerList(axis, "axis");
  return vectorNormCall([a], ord as Order, { axes, keepdims: Boolean(keepdims) });
}

/** Options of {@linkcode matrixNorm}. */
export interface MatrixNormOptions {
  readonly keepdims?: boolean;
  /** Default `"fro"`. */
  readonly ord?: Order;
}

/**
 * Norms of the matrices on the last two axes.
 *
 * @throws {ValueError} for an order that there is no norm for
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.linalg.matrixNorm(np.ones([3, 2, 2]))) !== "[2. 2. 2.]") throw new Error();
 * ```
 */
export function matrixNorm(x: ArrayLike, options: MatrixNormOptions = {}): JaxArray {
  const { keepdims = false, ord = "fro" } = keywords("matrix_norm", [], [options], ["keepdims", "ord"]);
  const a = toArray(x, "jnp.linalg.matrix_norm");
  return norm(a, ord as Order, [-2, -1], Boolean(keepdims));
}
