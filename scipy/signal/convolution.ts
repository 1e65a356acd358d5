/**
 * Convolution and correlation in any number of dimensions, as in `jax.scipy.signal`.
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
  tuple,
  ValueError,
  vmap,
} from "../../core/mod.ts";
import { convGeneralDilated } from "../../lax/mod.ts";
import { promoteDTypes, toArrays } from "../../numpy/convert.ts";
import * as np from "../../numpy/mod.ts";

/** Which offsets there is a result for: overlap at all, as many as the first input has, or complete overlap. */
export type Mode = "full" | "same" | "valid";

/** Options of {@linkcode convolve} and {@linkcode correlate}. */
export interface ConvolveOptions {
  readonly mode?: Mode;
  /** By definition (`"direct"`, also `"auto"`) or by Fourier transforms. */
  readonly method?: "auto" | "direct" | "fft";
  readonly precision?: string | null;
}

/** Options of {@linkcode convolve2d} and {@linkcode correlate2d}. */
export interface Convolve2dOptions {
  readonly mode?: Mode;
  /** What is beyond the edges: zeros alone. */
  readonly boundary?: "fill";
  readonly fillvalue?: 0;
  readonly precision?: string | null;
}

/** Options of {@linkcode fftconvolve}. */
export interface FftconvolveOptions {
  readonly mode?: Mode;
  /** The axes to convolve over, all by default. */
  readonly axes?: number | readonly number[] | null;
}

const larger = (x: JaxArray, y: JaxArray): boolean => x.shape.every((n, i) => n >= y.shape[i]!);

/** Zeros before and after one axis, for a window of `n` elements; `out` is the size that decides the centre. */
function padding(mode: Mode, n: number, out: number): [number, number] {
  if (mode === "valid") return [0, 0];
  if (mode === "full") return [n - 1, n - 1];
  const half = Math.floor((out - 1) / 2);
  return [n - 1 - half, n - out + half];
}

/** Σ x[k] y[i - k], in the dtype of both. */
function direct(x: JaxArray, y: JaxArray, mode: unknown, precision: unknown): JaxArray {
  if (mode !== "full" && mode !== "same" && mode !== "valid") {
    throw new ValueError("mode must be one of ['full', 'same', 'valid']");
  }
  if (x.ndim !== y.ndim) throw new ValueError("in1 and in2 must have the same number of dimensions");
  if (x.size === 0 || y.size === 0) {
    throw new ValueError(
      `zero-size arrays not supported in convolutions, got shapes ${tuple(x.shape)} and ${tuple(y.shape)}.`,
    );
  }
  let [a, b] = promoteDTypes("convolve", [x, y], "inexact") as [JaxArray, JaxArray];
  if (!larger(a, b) && !larger(b, a)) {
    throw new ValueError("One input must be smaller than the other in every dimension.");
  }
  const outs = b.shape;
  if (larger(b, a)) [a, b] = [b, a];
  const pads = b.shape.map((n, i) => padding(mode, n, outs[i]!));
  const result = convGeneralDilated(
    raw.expandDims(a, [0, 1]),
    raw.expandDims(np.flip(b), [0, 1]),
    b.shape.map(() => 1),
    pads,
    { precision: precision ?? null },
  );
  return raw.squeeze(result, [0, 1]);
}

function fourier(first: JaxArray, second: JaxArray, mode: Mode): JaxArray {
  let x = first, y = second;
  const full = x.shape.map((n, i) => n + y.shape[i]! - 1);
  if (mode === "valid") {
    if (!larger(x, y) && !larger(y, x)) {
      throw new ValueError(
        "For 'valid' mode, One input must be at least as large as the other in every dimension.",
      );
    }
    if (larger(y, x)) [x, y] = [y, x];
  }
  let product: JaxArray;
  if (x.shape.every((n, i) => n === 1 || y.shape[i] === 1)) product = np.multiply(x, y);
  else if (x.dtype.kind === "complex") {
    product = np.fft.ifftn(np.multiply(np.fft.fftn(x, full), np.fft.fftn(y, full)), full);
  } else product = np.fft.irfftn(np.multiply(np.fft.rfftn(x, full), np.fft.rfftn(y, full)), full);
  const sizes = mode === "full"
    ? full
    : mode === "same"
    ? x.shape
    : x.shape.map((n, i) => n - y.shape[i]! + 1);
  const starts = full.map((n, i) => Math.floor((n - sizes[i]!) / 2));
  return raw.slice(product, starts, starts.map((start, i) => start + sizes[i]!));
}

/**
 * Convolution by Fourier transforms.
 *
 * @param in1 Array of numbers; integers and booleans become floats.
 * @param in2 As `in1`, with as many axes.
 * @param rest mode ("full", "same" or "valid"), axes (all)
 * @throws {ValueError} For an unknown mode, and shapes that do not fit.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const y = scipy.signal.fftconvolve(np.array([1, 2]), np.array([1, 1]));
 * if (!np.allclose(y, np.array([1, 3, 2]), { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function fftconvolve(
  in1: ArrayLike,
  in2: ArrayLike,
  ...rest: [mode?: Mode | FftconvolveOptions, axes?: number | readonly number[] | null | FftconvolveOptions]
): JaxArray {
  const { mode = "full", axes = null } = keywords("fftconvolve", ["mode", "axes"], rest);
  const [x, y] = promoteDTypes("fftconvolve", toArrays("fftconvolve", in1, in2), "inexact") as [
    JaxArray,
    JaxArray,
  ];
  if (x.ndim !== y.ndim) throw new ValueError("in1 and in2 should have the same dimensionality");
  if (mode !== "full" && mode !== "same" && mode !== "valid") {
    throw new ValueError("mode must be one of ['same', 'full', 'valid']");
  }
  let f = (a: JaxArray, b: JaxArray): JaxArray => fourier(a, b, mode);
  if (axes === null) return f(x, y);
  const over = [axes].flat().map((axis) => canonicalAxis(axis as number, x.ndim));
  const mapped = x.shape.map((_, i) => i).filter((i) => !over.includes(i));
  if (mapped.some((i) => x.shape[i] !== y.shape[i])) {
    throw new ValueError(
      `mapped axes must have same shape; got in1.shape=${tuple(x.shape)} in2.shape=${tuple(y.shape)} axes=${
        tuple(over)
      }`,
    );
  }
  for (const axis of mapped) f = vmap(f, axis, axis) as typeof f;
  return f(x, y);
}

function convolveArrays(
  x: JaxArray,
  y: JaxArray,
  given: { mode?: unknown; method?: unknown; precision?: unknown },
): JaxArray {
  const { mode = "full", method = "auto", precision } = given;
  if (method === "fft") return fftconvolve(x, y, { mode: mode as Mode });
  if (method === "direct" || method === "auto") return direct(x, y, mode, precision);
  throw new ValueError(`Got method='${method}'; expected 'auto', 'fft', or 'direct'.`);
}

/**
 * Convolution: Σ in1[k] in2[i - k].
 *
 * @param in1 Array of numbers; integers and booleans become floats.
 * @param in2 As `in1`, with as many axes; one is no larger than the other along every axis.
 * @param rest mode ("full", "same" or "valid"), method ("auto", "direct" or "fft"), precision
 * @throws {ValueError} For an unknown mode or method, and shapes that do not fit.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const y = scipy.signal.convolve(np.array([1, 2]), np.array([1, 1]));
 * if (String(y) !== "[1. 3. 2.]") throw new Error();
 * ```
 */
export function convolve(
  in1: ArrayLike,
  in2: ArrayLike,
  ...rest: [mode?: Mode | ConvolveOptions, method?: string | ConvolveOptions]
): JaxArray {
  const [x, y] = toArrays("convolve", in1, in2) as [JaxArray, JaxArray];
  return convolveArrays(x, y, keywords("convolve", ["mode", "method", "precision"], rest));
}

/**
 * Correlation: Σ in1[i + k] conj(in2[k]).
 *
 * @param in1 Array of numbers; integers and booleans become floats.
 * @param in2 As `in1`, with as many axes; one is no larger than the other along every axis.
 * @param rest mode ("full", "same" or "valid"), method ("auto", "direct" or "fft"), precision
 * @throws {ValueError} For an unknown mode or method, and shapes that do not fit.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const y = scipy.signal.correlate(np.array([1, 2]), np.array([1, 1]));
 * if (String(y) !== "[1. 3. 2.]") throw new Error();
 * ```
 */
export function correlate(
  in1: ArrayLike,
  in2: ArrayLike,
  ...rest: [mode?: Mode | ConvolveOptions, method?: string | ConvolveOptions]
): JaxArray {
  const [x, y] = toArrays("correlate", in1, in2) as [JaxArray, JaxArray];
  const given = keywords("correlate", ["mode", "method", "precision"], rest);
  return convolveArrays(x, np.flip(np.conjugate(y)), given);
}

type Rest2d = [mode?: Mode | Convolve2dOptions, boundary?: string | Convolve2dOptions];

function matrices(name: string, in1: ArrayLike, in2: ArrayLike, rest: readonly unknown[]) {
  const given = keywords(name, ["mode", "boundary", "fillvalue", "precision"], rest);
  if ((given.boundary ?? "fill") !== "fill" || (given.fillvalue ?? 0) !== 0) {
    throw new NotImplementedError(`${name}() only supports boundary='fill', fillvalue=0`);
  }
  const [x, y] = toArrays(name, in1, in2) as [JaxArray, JaxArray];
  if (x.ndim !== 2 || y.ndim !== 2) throw new ValueError(`${name}() only supports 2-dimensional inputs.`);
  return { x, y, mode: given.mode ?? "full", precision: given.precision };
}

/**
 * Convolution of matrices, with zeros beyond the edges.
 *
 * @param in1 Matrix of numbers; integers and booleans become floats.
 * @param in2 As `in1`; one is no larger than the other along both axes.
 * @param rest mode ("full", "same" or "valid")
 * @throws {ValueError} For an unknown mode, and shapes that do not fit.
 * @throws {NotImplementedError} For other boundaries.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const y = scipy.signal.convolve2d(np.ones([2, 2]), np.ones([2, 2]), { mode: "valid" });
 * if (y.item() !== 4) throw new Error();
 * ```
 */
export function convolve2d(in1: ArrayLike, in2: ArrayLike, ...rest: Rest2d): JaxArray {
  const { x, y, mode, precision } = matrices("convolve2d", in1, in2, rest);
  return direct(x, y, mode, precision);
}

/**
 * Correlation of matrices, with zeros beyond the edges.
 *
 * @param in1 Matrix of numbers; integers and booleans become floats.
 * @param in2 As `in1`; one is no larger than the other along both axes.
 * @param rest mode ("full", "same" or "valid")
 * @throws {ValueError} For an unknown mode, and shapes that do not fit.
 * @throws {NotImplementedError} For other boundaries.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const y = scipy.signal.correlate2d(np.ones([2, 2]), np.ones([2, 2]), { mode: "valid" });
 * if (y.item() !== 4) throw new Error();
 * ```
 */
export function correlate2d(in1: ArrayLike, in2: ArrayLike, ...rest: Rest2d): JaxArray {
  const { x, y, mode, precision } = matrices("correlate2d", in1, in2, rest);
  const swap = larger(y, x), same = swap && larger(x, y);
  if (swap && (mode === "full" || mode === "valid" && !same)) {
    const result = direct(np.flip(y), np.conjugate(x), mode, precision);
    return mode === "full" ? np.conjugate(result) : result;
  }
  return np.flip(direct(np.flip(x), np.conjugate(y), mode, precision));
}
