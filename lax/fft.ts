/**
 * Fourier transforms: `lax.fft`.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import { toArray } from "../core/convert.ts";
import type { ArrayLike } from "../core/convert.ts";
import { complexDType, type DType, isComplex, toInexact } from "../core/dtypes.ts";
import { ValueError } from "../core/errors.ts";
import { namedJit } from "../core/named_jit.ts";
import { fft as bindFft, type FftTypeName } from "../core/ops/fft.ts";
import * as raw from "../core/raw.ts";
import { staticIntegers } from "../core/static.ts";

/** The transforms. */
export const FftType: Readonly<Record<FftTypeName, FftTypeName>> = Object.freeze({
  /** Forward transform of complex numbers. */
  FFT: "FFT",
  /** Inverse transform of complex numbers. */
  IFFT: "IFFT",
  /** Forward transform of real numbers: half of the spectrum, the rest of which mirrors it. */
  RFFT: "RFFT",
  /** Inverse transform of half a spectrum to real numbers. */
  IRFFT: "IRFFT",
});

/** A transform, by its member of {@linkcode FftType} or its name. */
export type FftType = FftTypeName | Lowercase<FftTypeName>;

/** The complex dtype that holds numbers of a dtype. */
function complexOf(dtype: DType): DType {
  const wide = toInexact(dtype);
  return isComplex(wide) ? wide : complexDType(wide);
}

const transform = namedJit("fft", ([x], fftType: FftTypeName, fftLengths: readonly number[]) => {
  const dtype = fftType === "RFFT" ? toInexact(x!.dtype) : complexOf(x!.dtype);
  return [bindFft(raw.convert(x!, dtype), fftType, fftLengths)];
});

/**
 * Fourier transform of the last axes, X_k = Σ x_j exp(−2πi jk/n). The inverse has the opposite sign and the factor 1/n.
 * It takes n log n operations for every length: stages of radix 2 to 13, and Bluestein's algorithm where a length has a
 * larger prime factor.
 *
 * @param x array; integers become floats, and real numbers complex ones unless the type is RFFT
 * @param fftType which transform; RFFT gives the n/2 + 1 numbers of half a spectrum, IRFFT takes them
 * @param fftLengths lengths of the last axes: of the array, or, for IRFFT, of the result
 * @returns complex64 or complex128; for IRFFT float32 or float64
 * @throws {ValueError} for an unknown type, for lengths that are not those of the array, for complex numbers in RFFT
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const spectrum = lax.fft(np.array([1, 2, 3, 4]), "RFFT", [4]);
 * if (String(spectrum) !== "[10.+0.j -2.+2.j -2.+0.j]") throw new Error();
 * ```
 */
export function fft(x: ArrayLike, fftType: FftType, fftLengths: readonly number[]): JaxArray {
  const array = toArray(x, "fft"), name = String(fftType), type = name.toUpperCase();
  if (!Object.hasOwn(FftType, type) || name !== type && name !== type.toLowerCase()) {
    throw new ValueError(`Unknown FFT type '${name}'`);
  }
  if (type === "RFFT" && isComplex(array.dtype)) {
    throw new ValueError("only real valued inputs supported for rfft");
  }
  return transform([array], type as FftTypeName, staticIntegers(fftLengths, "fft_lengths"))[0]!;
}
