/**
 * Discrete cosine transforms, as in `jax.scipy.fft`, by Fourier transforms of the reordered elements (J. Makhoul, A fast
 * cosine transform in one and two dimensions, 1980).
 *
 * @module
 */
import {
  type ArrayLike,
  canonicalAxis,
  type JaxArray,
  keywords,
  NotImplementedError,
  raw,
  ValueError,
} from "../../core/mod.ts";
import { promoteDTypes, toArrays } from "../../numpy/convert.ts";
import * as np from "../../numpy/mod.ts";

/** How a transform is scaled: not at all, its inverse by 1/(2n), or both to be orthogonal. */
export type Norm = "backward" | "ortho" | null;

/** Options of {@linkcode dct} and {@linkcode idct}. */
export interface DctOptions {
  /** The type of the transform: 2 alone. */
  readonly type?: 2;
  /** Pad with zeros, or cut, to so many elements. */
  readonly n?: number | null;
  /** The axis to transform (-1). */
  readonly axis?: number;
  readonly norm?: Norm;
}

/** Options of {@linkcode dctn} and {@linkcode idctn}. */
export interface DctnOptions {
  readonly type?: 2;
  /** Pad with zeros, or cut, to these sizes of the axes. */
  readonly s?: readonly number[] | null;
  /** The axes to transform, all by default. */
  readonly axes?: readonly number[] | null;
  readonly norm?: Norm;
}

function argument(name: string, x: ArrayLike, type: unknown, norm: unknown): JaxArray {
  if (type !== undefined && type !== 2) throw new NotImplementedError("Only DCT type 2 is implemented.");
  if (norm !== null && norm !== "backward" && norm !== "ortho") {
    throw new ValueError(`jax.scipy.fft.${name}: norm='${norm}' is not implemented`);
  }
  return promoteDTypes(name, toArrays(name, x), "inexact")[0]!;
}

/** `f` of the real and the imaginary part. */
function eachPart(x: JaxArray, f: (x: JaxArray) => JaxArray): JaxArray {
  return x.dtype.kind === "complex" ? raw.complex(f(raw.real(x)), f(raw.imag(x))) : f(x);
}

/** A vector along one axis of arrays of a rank. */
function along(v: JaxArray, axis: number, rank: number): JaxArray {
  return v.reshape(Array.from({ length: rank }, (_, i) => i === axis ? v.size : 1));
}

function resized(x: JaxArray, n: number | null, axis: number): JaxArray {
  if (n === null || n === x.shape[axis]) return x;
  if (n < x.shape[axis]!) return raw.sliceInDim(x, 0, n, axis);
  return np.pad(x, x.shape.map((size, i): [number, number] => [0, i === axis ? n - size : 0]));
}

/** The even positions, then the odd ones backwards. */
function evenThenOdd(n: number): number[] {
  const positions = Array.from({ length: n }, (_, i) => i);
  return [...positions.filter((i) => i % 2 === 0), ...positions.filter((i) => i % 2).reverse()];
}

/** exp(-πi k / (2n)) for k = 0 ... n - 1 */
function twiddles(x: JaxArray, axis: number): JaxArray {
  const n = x.shape[axis]!, angle = np.multiply(np.arange(n, { dtype: x.dtype }), -Math.PI / (2 * n));
  return along(raw.complex(np.cos(angle), np.sin(angle)), axis, x.ndim);
}

/** √(4n), then √(2n): what makes the transform orthogonal. */
function orthogonalScale(x: JaxArray, axis: number): JaxArray {
  const n = x.shape[axis]!, first = np.equal(np.arange(n), 0);
  const scale = np.where(first, Math.sqrt(4 * n), Math.sqrt(2 * n)).astype(x.dtype);
  return along(scale, axis, x.ndim);
}

function forward(x: JaxArray, axis: number, norm: unknown): JaxArray {
  const v = np.take(x, np.array(evenThenOdd(x.shape[axis]!), { dtype: "int32" }), { axis });
  const product = np.multiply(np.fft.fft(v, { axis }), twiddles(x, axis));
  const y = raw.mul(raw.real(product), 2);
  return norm === "ortho" ? np.divide(y, orthogonalScale(y, axis)) : y;
}

function inverse(x: JaxArray, axis: number, norm: unknown): JaxArray {
  const n = x.shape[axis]!, scale = orthogonalScale(x, axis), once = np.divide(x, scale);
  const y = norm === "ortho" ? once : np.divide(once, scale);
  const spectrum = np.multiply(np.divide(y, twiddles(x, axis)), 2 * n);
  const v = raw.real(np.fft.ifft(spectrum, { axis })), order = evenThenOdd(n);
  const back = order.map((_, i) => order.indexOf(i));
  return np.take(v, np.array(back, { dtype: "int32" }), { axis });
}

type Transform = (x: JaxArray, axis: number, norm: unknown) => JaxArray;
type Rest = [
  type?: 2 | DctOptions,
  n?: number | null | DctOptions,
  axis?: number | DctOptions,
  norm?: Norm | DctOptions,
];
type Restn = [
  type?: 2 | DctnOptions,
  s?: readonly number[] | null | DctnOptions,
  axes?: readonly number[] | null | DctnOptions,
  norm?: Norm | DctnOptions,
];

function one(name: string, transform: Transform, x: ArrayLike, rest: readonly unknown[]): JaxArray {
  const { type, n = null, axis = -1, norm = null } = keywords(name, ["type", "n", "axis", "norm"], rest);
  const a = argument(name, x, type, norm), at = canonicalAxis(axis as number, a.ndim);
  return eachPart(resized(a, n as number | null, at), (part) => transform(part, at, norm));
}

function several(name: string, transform: Transform, x: ArrayLike, rest: readonly unknown[]): JaxArray {
  const given = keywords(name, ["type", "s", "axes", "norm"], rest), { type, norm = null } = given;
  const a = argument(name, x, type, norm);
  const sizes = (given.s ?? null) as readonly number[] | null;
  if (sizes !== null && sizes.length > a.ndim) {
    throw new ValueError(`s must have at most x.ndim (${a.ndim}) elements, got ${sizes.length}`);
  }
  const all = a.shape.map((_, i) => i).slice(sizes === null ? 0 : a.ndim - sizes.length);
  const axes = ((given.axes ?? all) as readonly number[]).map((axis) => canonicalAxis(axis, a.ndim));
  const whole = axes.reduce((y, axis, i) => resized(y, sizes?.[i] ?? null, axis), a);
  return eachPart(whole, (part) => axes.reduce((y, axis) => transform(y, axis, norm), part));
}

/**
 * The discrete cosine transform of type 2: y[k] = 2 Σ x[i] cos(πk (2i + 1) / (2n)).
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest type (2), n (the size to pad or cut to), axis (-1), norm (null, "backward" or "ortho")
 * @throws {NotImplementedError} For other types.
 * @throws {ValueError} For another norm.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (!np.allclose(scipy.fft.dct(np.ones(2)), np.array([4, 0]), { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function dct(x: ArrayLike, ...rest: Rest): JaxArray {
  return one("dct", forward, x, rest);
}

/**
 * The inverse of {@linkcode dct}.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest type (2), n (the size to pad or cut to), axis (-1), norm (null, "backward" or "ortho")
 * @throws {NotImplementedError} For other types.
 * @throws {ValueError} For another norm.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (!np.allclose(scipy.fft.idct(np.array([4, 0])), np.ones(2), { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function idct(x: ArrayLike, ...rest: Rest): JaxArray {
  return one("idct", inverse, x, rest);
}

/**
 * The discrete cosine transform of type 2 over several axes.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest type (2), s (the sizes to pad or cut to), axes (all), norm (null, "backward" or "ortho")
 * @throws {NotImplementedError} For other types.
 * @throws {ValueError} For another norm, and more sizes than axes.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.fft.dctn(np.ones([2, 2])).sum().item() - 16) > 1e-4) throw new Error();
 * ```
 */
export function dctn(x: ArrayLike, ...rest: Restn): JaxArray {
  return several("dctn", forward, x, rest);
}

/**
 * The inverse of {@linkcode dctn}.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @param rest type (2), s (the sizes to pad or cut to), axes (all), norm (null, "backward" or "ortho")
 * @throws {NotImplementedError} For other types.
 * @throws {ValueError} For another norm, and more sizes than axes.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const x = np.eye(3);
 * if (!np.allclose(scipy.fft.idctn(scipy.fft.dctn(x)), x, { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function idctn(x: ArrayLike, ...rest: Restn): JaxArray {
  return several("idctn", inverse, x, rest);
}
