/**
 * jax.numpy.fft: discrete Fourier transforms.
 *
 * @module
 */
import {
  canonicalAxis,
  type JaxArray,
  keywords,
  raw,
  staticInteger,
  staticIntegers,
  ValueError,
} from "../core/mod.ts";
import { type ArrayLike, toArray } from "./convert.ts";
import { type Kind, list, transformAxes } from "./_fft.ts";

export { fftfreq, fftshift, type FrequencyOptions, ifftshift, rfftfreq } from "./_fft_frequencies.ts";

/**
 * What transforms are multiplied by: `"backward"` (default) 1/n in the inverse ones, `"forward"` 1/n in the forward
 * ones, `"ortho"` 1/√n in both.
 */
export type FftNorm = "backward" | "ortho" | "forward";

/** Optional arguments of the transforms of one axis. */
export interface FftOptions {
  /** Length of the transform: the axis is cut or filled up with zeros. */
  readonly n?: number | null;
  /** The axis; the last by default. */
  readonly axis?: number;
  readonly norm?: FftNorm | null;
}

/** Length, axis and norm, or options with these names. */
export type FftRest = [
  n?: number | null | FftOptions,
  axis?: number | FftOptions,
  norm?: FftNorm | null | FftOptions,
];

interface OneAxis {
  readonly n: number | null;
  readonly axis: number;
  readonly norm: unknown;
}

function oneAxis(name: string, rest: FftRest): OneAxis {
  const { n, axis = -1, norm } = keywords(name, ["n", "axis", "norm"], rest);
  if (Array.isArray(axis)) {
    const full = `jax.numpy.fft.${name}`;
    throw new ValueError(
      `${full} does not support multiple axes. Please use ${full}n. Got axis = ${list(axis)}.`,
    );
  }
  return {
    n: n === undefined || n === null ? null : staticInteger(n, "n"),
    axis: staticInteger(axis, "axis"),
    norm,
  };
}

function along(name: string, kind: Kind, a: unknown, { n, axis, norm }: OneAxis): JaxArray {
  return transformAxes(a, { name, kind, s: n === null ? null : [n], axes: [axis], norm });
}

/** Optional arguments of the transforms of several axes. */
export interface FftnOptions {
  /** Lengths of the transforms: the axes are cut or filled up with zeros. */
  readonly s?: readonly number[] | null;
  /** The axes; all, or as many of the last as there are lengths, by default. */
  readonly axes?: readonly number[] | null;
  readonly norm?: FftNorm | null;
}

/** Lengths, axes and norm, or options with these names. */
export type FftnRest = [
  s?: readonly number[] | null | FftnOptions,
  axes?: readonly number[] | null | FftnOptions,
  norm?: FftNorm | null | FftnOptions,
];

function severalAxes(
  name: string,
  kind: Kind,
  a: unknown,
  rest: FftnRest,
  otherwise: readonly number[] | null = null,
): JaxArray {
  const { s = null, axes = otherwise, norm } = keywords(name, ["s", "axes", "norm"], rest);
  const given = axes === null ? null : staticIntegers(axes as readonly number[], "axes");
  if (otherwise !== null && given?.length !== 2) {
    throw new ValueError(`jax.numpy.fft.${name} only supports 2 axes. Got axes = ${list(given ?? [])}.`);
  }
  const lengths = s === null ? null : staticIntegers(s as readonly number[], "s");
  return transformAxes(a, { name, kind, s: lengths, axes: given, norm });
}

/**
 * Fourier transform of one axis, X_k = Σ x_j exp(−2πi jk/n).
 *
 * @param a array of numbers
 * @returns a complex array
 * @throws {ValueError} for a length that is not positive, an axis that is not there, or an unknown norm
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fft.fft(np.array([1, 0, 0]))) !== "[1.+0.j 1.+0.j 1.+0.j]") throw new Error();
 * ```
 */
export function fft(a: ArrayLike, ...rest: FftRest): JaxArray {
  return along("fft", "FFT", a, oneAxis("fft", rest));
}

/**
 * Inverse of {@linkcode fft}: x_j = 1/n Σ X_k exp(2πi jk/n).
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([1, 2, 3]);
 * if (!np.allclose(np.fft.ifft(np.fft.fft(x)), x, { atol: 1e-6 }).item()) throw new Error();
 * ```
 */
export function ifft(a: ArrayLike, ...rest: FftRest): JaxArray {
  return along("ifft", "IFFT", a, oneAxis("ifft", rest));
}

/**
 * Fourier transform of one axis of a real array: the first n/2 + 1 numbers of the spectrum, of which the others are
 * conjugates.
 *
 * @throws {ValueError} for complex numbers
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fft.rfft(np.array([1, 2, 3, 4]))) !== "[10.+0.j -2.+2.j -2.+0.j]") throw new Error();
 * ```
 */
export function rfft(a: ArrayLike, ...rest: FftRest): JaxArray {
  return along("rfft", "RFFT", a, oneAxis("rfft", rest));
}

/**
 * Inverse of {@linkcode rfft}: n real numbers, by default 2(m − 1) from m numbers of half a spectrum.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([1, 2, 3, 4]);
 * if (!np.allclose(np.fft.irfft(np.fft.rfft(x)), x, { atol: 1e-6 }).item()) throw new Error();
 * ```
 */
export function irfft(a: ArrayLike, ...rest: FftRest): JaxArray {
  return along("irfft", "IRFFT", a, oneAxis("irfft", rest));
}

/**
 * Real spectrum of a signal that is half of a Hermitian one: n·irfft of the conjugate.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const y = np.fft.hfft(np.array([1, 2, 3]));
 * if (!np.allclose(y, np.array([8, -2, 0, -2]), { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function hfft(a: ArrayLike, ...rest: FftRest): JaxArray {
  const options = oneAxis("hfft", rest), x = toArray(a, "jax.numpy.fft.hfft");
  const conjugate = x.dtype.kind === "complex" ? raw.conj(x) : x;
  const n = options.n ?? 2 * (x.shape[canonicalAxis(options.axis, x.ndim)]! - 1);
  return raw.mul(along("hfft", "IRFFT", conjugate, options), n);
}

/**
 * Inverse of {@linkcode hfft}: conjugate of rfft, divided by n.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([1, 2, 3]);
 * if (!np.allclose(np.fft.ihfft(np.fft.hfft(x)), x, { atol: 1e-6 }).item()) throw new Error();
 * ```
 */
export function ihfft(a: ArrayLike, ...rest: FftRest): JaxArray {
  const options = oneAxis("ihfft", rest), x = toArray(a, "jax.numpy.fft.ihfft");
  const n = options.n ?? x.shape[canonicalAxis(options.axis, x.ndim)]!;
  return raw.mul(raw.conj(along("ihfft", "RFFT", x, options)), 1 / n);
}

/**
 * Fourier transform of two axes, the last two by default.
 *
 * @throws {ValueError} unless there are two different axes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fft.fft2(np.ones([2, 2]))) !== "[[4.+0.j 0.+0.j]\n [0.+0.j 0.+0.j]]") throw new Error();
 * ```
 */
export function fft2(a: ArrayLike, ...rest: FftnRest): JaxArray {
  return severalAxes("fft2", "FFT", a, rest, [-2, -1]);
}

/**
 * Inverse of {@linkcode fft2}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.real(np.fft.ifft2(np.ones([2, 2]))).get(0, 0).item() !== 1) throw new Error();
 * ```
 */
export function ifft2(a: ArrayLike, ...rest: FftnRest): JaxArray {
  return severalAxes("ifft2", "IFFT", a, rest, [-2, -1]);
}

/**
 * Fourier transform of two axes of a real array; the last of them is halved as by {@linkcode rfft}.
 *
 * @throws {ValueError} for complex numbers
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.fft.rfft2(np.ones([2, 4])).shape.join() !== "2,3") throw new Error();
 * ```
 */
export function rfft2(a: ArrayLike, ...rest: FftnRest): JaxArray {
  return severalAxes("rfft2", "RFFT", a, rest, [-2, -1]);
}

/**
 * Inverse of {@linkcode rfft2}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(8).reshape(2, 4);
 * if (!np.allclose(np.fft.irfft2(np.fft.rfft2(x)), x, { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function irfft2(a: ArrayLike, ...rest: FftnRest): JaxArray {
  return severalAxes("irfft2", "IRFFT", a, rest, [-2, -1]);
}

/**
 * Fourier transform of several axes, all by default.
 *
 * @param a array of numbers
 * @returns a complex array
 * @throws {ValueError} for axes that repeat, and where lengths and axes differ in number
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.real(np.fft.fftn(np.ones([2, 3, 4]))).get(0, 0, 0).item() !== 24) throw new Error();
 * ```
 */
export function fftn(a: ArrayLike, ...rest: FftnRest): JaxArray {
  return severalAxes("fftn", "FFT", a, rest);
}

/**
 * Inverse of {@linkcode fftn}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(8).reshape(2, 2, 2);
 * if (!np.allclose(np.fft.ifftn(np.fft.fftn(x)), x, { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function ifftn(a: ArrayLike, ...rest: FftnRest): JaxArray {
  return severalAxes("ifftn", "IFFT", a, rest);
}

/**
 * Fourier transform of several axes of a real array; the last of them is halved as by {@linkcode rfft}.
 *
 * @throws {ValueError} for complex numbers
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.fft.rfftn(np.ones([2, 3, 4])).shape.join() !== "2,3,3") throw new Error();
 * ```
 */
export function rfftn(a: ArrayLike, ...rest: FftnRest): JaxArray {
  return severalAxes("rfftn", "RFFT", a, rest);
}

/**
 * Inverse of {@linkcode rfftn}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(8).reshape(2, 2, 2);
 * if (!np.allclose(np.fft.irfftn(np.fft.rfftn(x)), x, { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function irfftn(a: ArrayLike, ...rest: FftnRest): JaxArray {
  return severalAxes("irfftn", "IRFFT", a, rest);
}
