/**
 * Identity and triangular matrices.
 *
 * @module
 */
import {
  type ArrayLike,
  bool_,
  broadcastTo,
  defaultFloat,
  type DType,
  type DTypeLike,
  float32,
  int32,
  isInteger,
  JaxArray,
  keywords,
  namedJit,
  raw,
  scalarArray,
  staticInteger,
  toIndexArray,
  ValueError,
} from "../core/mod.ts";
import { toArrays } from "./convert.ts";
import { type DeviceLike, onDevice, wantedDType } from "./arrays.ts";

/** Options of {@linkcode eye}. */
export interface EyeOptions {
  /** The number of columns; by default as many as rows. */
  readonly M?: number | null;
  /** Which diagonal: above the main one when positive. */
  readonly k?: number | bigint | JaxArray;
  readonly dtype?: DTypeLike | null;
  readonly device?: DeviceLike;
}

/**
 * A matrix with ones on a diagonal and zeros elsewhere.
 *
 * @param N The number of rows.
 * @param rest The number of columns, the diagonal, the dtype (float32), or {@linkcode EyeOptions}.
 * @throws {ValueError} For negative sizes.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.eye(2)) !== "[[1. 0.]\n [0. 1.]]") throw new Error();
 * ```
 */
export function eye(
  N: number | bigint,
  ...rest: [
    M?: number | null | EyeOptions,
    k?: number | bigint | JaxArray | EyeOptions,
    dtype?: DTypeLike | null | EyeOptions,
    options?: EyeOptions,
  ]
): JaxArray {
  const { M = null, k = 0, dtype, device } = keywords("eye", ["M", "k", "dtype"], rest, ["device"]);
  const type = wantedDType(dtype, "eye") ?? defaultFloat();
  const rows = staticInteger(N, "N"), columns = M === null ? rows : staticInteger(M, "M");
  if (rows < 0 || columns < 0) {
    throw new ValueError(
      `negative dimensions are not allowed, got ${rows} and ${M === null ? "None" : columns}`,
    );
  }
  const offset = k instanceof JaxArray ? k : toIndexArray(k);
  if (offset.ndim !== 0 || !isInteger(offset.dtype)) {
    throw new ValueError(`k must be a scalar integer; got ${offset}`);
  }
  const shape = [rows, columns];
  const i = raw.iota(offset.dtype, shape, 0), j = raw.iota(offset.dtype, shape, 1);
  return onDevice(raw.convert(raw.eq(raw.add(i, offset), j), type), device);
}

/**
 * The identity matrix.
 *
 * @param n The number of rows and columns.
 * @param options The dtype (float32).
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.identity(2, np.int32)) !== "[[1 0]\n [0 1]]") throw new Error();
 * ```
 */
export function identity(
  n: number | bigint,
  ...options: [dtype?: DTypeLike | null | { readonly dtype?: DTypeLike | null }]
): JaxArray {
  const { dtype } = keywords("identity", ["dtype"], options);
  return eye(n, { dtype: dtype as DTypeLike | null });
}

function triangle(dtype: DType, rows: number, columns: number, k: number): JaxArray {
  const shape = [rows, columns];
  const i = raw.add(raw.iota(int32, shape, 0), scalarArray(k, int32));
  return raw.convert(raw.ge(i, raw.iota(int32, shape, 1)), dtype);
}

/** Options of {@linkcode tri}. */
export interface TriOptions {
  readonly M?: number | null;
  readonly k?: number;
  readonly dtype?: DTypeLike | null;
}

/**
 * A matrix with ones on and below a diagonal and zeros above.
 *
 * @param N The number of rows.
 * @param rest The number of columns (as rows), the diagonal (0), the dtype (float32), or {@linkcode TriOptions}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.tri(2)) !== "[[1. 0.]\n [1. 1.]]") throw new Error();
 * ```
 */
export function tri(
  N: number,
  ...rest: [M?: number | null | TriOptions, k?: number | TriOptions, dtype?: DTypeLike | null | TriOptions]
): JaxArray {
  const { M = null, k = 0, dtype } = keywords("tri", ["M", "k", "dtype"], rest);
  const rows = staticInteger(N, "N"), columns = M === null ? rows : staticInteger(M, "M");
  return triangle(wantedDType(dtype, "tri") ?? float32, rows, columns, staticInteger(k, "k"));
}

function triangular(name: "tril" | "triu"): (m: ArrayLike, rest: readonly unknown[]) => JaxArray {
  const lower = name === "tril";
  const jitted = namedJit(name, ([m], k: number): JaxArray[] => {
    const x = m!, [rows, columns] = x.shape.slice(-2) as [number, number];
    const mask = triangle(bool_, rows, columns, lower ? k : k - 1);
    const which = broadcastTo(mask, x.shape), zeros = raw.fullLike(x, 0);
    return [lower ? raw.selectN(which, zeros, x) : raw.selectN(which, x, zeros)];
  });
  return (m, rest) => {
    const { k = 0 } = keywords(name, ["k"], rest), [x] = toArrays(name, m) as [JaxArray];
    if (x.ndim < 2) throw new ValueError(`Argument to jax.numpy.${name} must be at least 2D`);
    return jitted([x], staticInteger(k, "k"))[0]!;
  };
}

const lowerTriangle = triangular("tril"), upperTriangle = triangular("triu");

/**
 * The lower triangle of matrices; zeros above it.
 *
 * @param m Array of at least two axes.
 * @param options `k`: the last diagonal that is kept (0, the main one).
 * @throws {ValueError} For an array of fewer axes.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.tril(np.ones([2, 2]))) !== "[[1. 0.]\n [1. 1.]]") throw new Error();
 * ```
 */
export function tril(m: ArrayLike, ...options: [k?: number | { readonly k?: number }]): JaxArray {
  return lowerTriangle(m, options);
}

/**
 * The upper triangle of matrices; zeros below it.
 *
 * @param m Array of at least two axes.
 * @param options `k`: the first diagonal that is kept (0, the main one).
 * @throws {ValueError} For an array of fewer axes.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.triu(np.ones([2, 2]))) !== "[[1. 1.]\n [0. 1.]]") throw new Error();
 * ```
 */
export function triu(m: ArrayLike, ...options: [k?: number | { readonly k?: number }]): JaxArray {
  return upperTriangle(m, options);
}
