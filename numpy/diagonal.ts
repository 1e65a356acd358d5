/**
 * Functions of `jax.numpy` for diagonals of matrices.
 *
 * @module
 */
import {
  bool_,
  canonicalAxis,
  defaultInt,
  type DType,
  type DTypeLike,
  JaxArray,
  keywords,
  NotImplementedError,
  raw,
  staticInteger,
  tuple,
  ValueError,
} from "../core/mod.ts";
import { flat, refuseOut } from "./_arguments.ts";
import { movePermutation } from "./axes.ts";
import { type ArrayLike, toArray, toArrays } from "./convert.ts";
import { tileToSize } from "./_movement.ts";
import { sumOf } from "./_reduction.ts";
import { staged } from "./_staged.ts";
import { where } from "./_where.ts";
import { diagIndices } from "./triangle.ts";
import { power } from "./arithmetic.ts";
import { wantedDType } from "./arrays.ts";
import { eye } from "./triangles.ts";

/** The array with two axes moved to the end. */
function planeLast(x: JaxArray, axis1: number, axis2: number): JaxArray {
  return raw.transpose(x, movePermutation(x.ndim, [axis1, axis2], [x.ndim - 2, x.ndim - 1]));
}

const diagonalCall = staged("diagonal", ([x]: [JaxArray], offset: number, axis1: number, axis2: number) => {
  const rows = x.shape[axis1]!, columns = x.shape[axis2]!;
  const n = Math.max(0, Math.min(rows + Math.min(offset, 0), columns - Math.max(offset, 0)));
  const index = (start: number): JaxArray => {
    const steps = raw.iota(defaultInt(), [n], 0);
    return start === 0 ? steps : raw.add(steps, start);
  };
  return planeLast(x, axis1, axis2).get("...", index(Math.max(0, -offset)), index(Math.max(0, offset)));
});

/** Options of {@linkcode diagonal}. */
export interface DiagonalOptions {
  /** Which diagonal: 0 the main one, positive ones above it, negative ones below. */
  readonly offset?: number;
  /** The axis of rows, default 0. */
  readonly axis1?: number;
  /** The axis of columns, default 1. */
  readonly axis2?: number;
}

type DiagonalRest = [
  offset?: number | DiagonalOptions,
  axis1?: number | DiagonalOptions,
  axis2?: number | DiagonalOptions,
];

/**
 * A diagonal of the matrices on two axes.
 *
 * @returns the other axes, then one for the diagonal
 * @throws {ValueError} for an array of fewer than two axes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(6).reshape(2, 3);
 * if (String(np.diagonal(x, 1)) !== "[1 5]") throw new Error();
 * ```
 */
export function diagonal(a: ArrayLike, ...rest: DiagonalRest): JaxArray {
  const { offset = 0, axis1 = 0, axis2 = 1 } = keywords("diagonal", ["offset", "axis1", "axis2"], rest);
  const x = toArray(a, "diagonal");
  if (x.ndim < 2) throw new ValueError("diagonal requires an array of at least two dimensions.");
  const first = canonicalAxis(axis1, x.ndim), second = canonicalAxis(axis2, x.ndim);
  if (first === second) {
    throw new ValueError(`axis1 and axis2 can not be same. axis1=${axis1} and axis2=${axis2}`);
  }
  return diagonalCall([x], staticInteger(offset, "'offset' argument of jnp.diagonal()"), first, second);
}

const diagCall = staged("_diag", ([v]: [JaxArray], k: number) => {
  if (v.ndim === 2) return diagonal(v, k);
  const n = v.shape[0]! + Math.abs(k), zero = raw.like(v, 0);
  const padded = raw.pad(v, zero, [[Math.max(0, -k), Math.max(0, k), 0]]);
  return where(eye(n, { k, dtype: bool_ }), raw.expandDims(padded, [1]), zero);
});

type KRest = [k?: number | { readonly k?: number }];

/**
 * A matrix with a vector on a diagonal and zeros elsewhere; or the diagonal of a matrix.
 *
 * @param v an array of one or two axes
 * @param k which diagonal: 0 the main one (default), positive ones above it, negative ones below
 * @throws {ValueError} for an array of another number of axes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.diag(np.arange(1, 3))) !== "[[1 0]\n [0 2]]") throw new Error();
 * if (String(np.diag(np.ones([2, 2]))) !== "[1. 1.]") throw new Error();
 * ```
 */
export function diag(v: ArrayLike, ...rest: KRest): JaxArray {
  const { k = 0 } = keywords("diag", ["k"], rest), x = toArray(v, "diag");
  if (x.ndim !== 1 && x.ndim !== 2) throw new ValueError("diag input must be 1d or 2d");
  return diagCall([x], staticInteger(k, "k"));
}

/**
 * A matrix with the flattened array on a diagonal and zeros elsewhere.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.diagflat(np.ones([1, 1]), 1)) !== "[[0. 1.]\n [0. 0.]]") throw new Error();
 * ```
 */
export function diagflat(v: ArrayLike, ...rest: KRest): JaxArray {
  const { k = 0 } = keywords("diagflat", ["k"], rest);
  return diagCall([flat(toArray(v, "diagflat"))], staticInteger(k, "k"));
}

const traceCall = staged(
  "trace",
  (
    [x, ...offsets]: readonly [JaxArray, ...JaxArray[]],
    offset: number,
    axis1: number,
    axis2: number,
    dtype: DType | null,
  ) => {
    const [rows, columns] = [x.shape[axis1]!, x.shape[axis2]!], plane = planeLast(x, axis1, axis2);
    const mask = eye(rows, { M: columns, k: offsets[0] ?? offset, dtype: bool_ });
    return sumOf(where(mask, plane, raw.fullLike(plane, 0)), { axes: [-2, -1], dtype });
  },
);

/** Options of {@linkcode trace}. */
export interface TraceOptions {
  /** Which diagonal; may be traced. */
  readonly offset?: number | JaxArray;
  readonly axis1?: number;
  readonly axis2?: number;
  /** Dtype to sum in and return. */
  readonly dtype?: DTypeLike | null;
  /** Not supported: arrays are immutable. */
  readonly out?: null;
}

/**
 * The sum of a diagonal of the matrices on two axes.
 *
 * @throws {ValueError} when the axes are the same, or the array does not have them
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.trace(np.eye(3)).item() !== 3) throw new Error();
 * ```
 */
export function trace(
  a: ArrayLike,
  ...rest: [
    offset?: number | JaxArray | TraceOptions,
    axis1?: number | TraceOptions,
    axis2?: number | TraceOptions,
    dtype?: DTypeLike | null | TraceOptions,
    out?: null | TraceOptions,
  ]
): JaxArray {
  const names = ["offset", "axis1", "axis2", "dtype", "out"] as const;
  const { offset = 0, axis1 = 0, axis2 = 1, dtype, out } = keywords("trace", names, rest);
  refuseOut(out, "trace");
  const x = toArray(a, "trace"), first = canonicalAxis(axis1, x.ndim), second = canonicalAxis(axis2, x.ndim);
  if (first === second) {
    throw new ValueError(`axis1 and axis2 can not be same. axis1=${axis1} and axis2=${axis2}`);
  }
  const type = wantedDType(dtype, "trace") ?? null, traced = offset instanceof JaxArray;
  const k = traced ? 0 : staticInteger(offset, "offset");
  return traceCall(traced ? [x, offset] : [x], k, first, second, type);
}

/** Options of {@linkcode fillDiagonal}. */
export interface FillDiagonalOptions {
  /** Not supported. */
  readonly wrap?: boolean;
  /** Must be false: arrays are immutable, and a new one is returned. */
  readonly inplace?: boolean;
}

/**
 * An array with values on its main diagonal.
 *
 * @param a an array of at least two axes, of equal sizes if there are more
 * @param val a scalar, or values that are repeated in turn
 * @throws {NotImplementedError} when `inplace` is not false, or `wrap` is set
 * @throws {ValueError} when the shape does not fit
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.fillDiagonal(np.zeros([2, 2]), 5, { inplace: false });
 * if (String(x) !== "[[5. 0.]\n [0. 5.]]") throw new Error();
 * ```
 */
export function fillDiagonal(
  a: ArrayLike,
  val: ArrayLike,
  ...rest: [wrap?: boolean | FillDiagonalOptions, options?: FillDiagonalOptions]
): JaxArray {
  const { wrap = false, inplace = true } = keywords("fill_diagonal", ["wrap"], rest, ["inplace"]);
  if (inplace) throw new NotImplementedError("JAX arrays are immutable, must use inplace=False");
  if (wrap) throw new NotImplementedError("wrap=True is not implemented, must use wrap=False");
  const [x, value] = toArrays("fill_diagonal", a, val) as [JaxArray, JaxArray];
  if (x.ndim < 2) throw new ValueError("array must be at least 2-d");
  if (x.ndim > 2 && x.shape.some((n) => n !== x.shape[0])) {
    throw new ValueError(`All dimensions of input must be of equal length, got shape ${tuple(x.shape)}`);
  }
  const n = Math.min(...x.shape);
  return x.at(...diagIndices(n, x.ndim)).set(value.ndim === 0 ? value : tileToSize(flat(value), n));
}

const vanderCall = staged("vander", ([x]: [JaxArray], n: number, increasing: boolean) => {
  const steps = raw.iota(x.dtype, [n], 0);
  const exponents = increasing ? steps : raw.sub(raw.like(steps, n - 1), steps);
  return power(raw.expandDims(x, [1]), raw.expandDims(exponents, [0]));
});

/** Options of {@linkcode vander}. */
export interface VanderOptions {
  /** The number of columns, default that of the elements. */
  readonly N?: number | null;
  /** Exponents grow from left to right (default: they fall). */
  readonly increasing?: boolean;
}

/**
 * The Vandermonde matrix of a vector: its powers as columns.
 *
 * @throws {ValueError} for an array of another number of axes, or a negative number of columns
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.vander(np.array([2, 3]), 3)) !== "[[4. 2. 1.]\n [9. 3. 1.]]") throw new Error();
 * ```
 */
export function vander(
  x: ArrayLike,
  ...rest: [N?: number | null | VanderOptions, increasing?: boolean | VanderOptions]
): JaxArray {
  const { N, increasing = false } = keywords("vander", ["N", "increasing"], rest), v = toArray(x, "vander");
  if (v.ndim !== 1) throw new ValueError("x must be a one-dimensional array");
  const n = N === undefined || N === null ? v.size : staticInteger(N, "'N' argument of jnp.vander()");
  if (n < 0) throw new ValueError("N must be nonnegative");
  return vanderCall([v], n, Boolean(increasing));
}
