/**
 * Fourier transforms over the last axes.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { shaped, tuple } from "../avals.ts";
import { moveAxis } from "../batching.ts";
import { fromHost } from "../concrete.ts";
import { complexDType, type DType, isComplex, realDType } from "../dtypes.ts";
import { ValueError } from "../errors.ts";
import { allocate, setScalar } from "../host.ts";
import { type Primitive, type UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind1 } from "../trace.ts";
import { linearJvp } from "./_combinators.ts";
import { transformLines } from "./_fft_lines.ts";
import { chirp, isSmooth, type Planes, powerOfTwo, root, splitLength, transformOnHost } from "./_fft_plan.ts";
import { conjugate } from "./linalg.ts";
import { range } from "./_shapes.ts";

/** Forward and inverse transforms, and the forward one of real numbers with its inverse. */
export type FftTypeName = "FFT" | "IFFT" | "RFFT" | "IRFFT";

/** The transform, and the lengths of the last axes of the numbers that it is of (IRFFT: that it gives). */
export interface FftParams {
  readonly fftType: FftTypeName;
  readonly fftLengths: readonly number[];
}

/** Transforms the last axes; without lengths, the array itself. */
export function fft(x: JaxArray, fftType: FftTypeName, fftLengths: readonly number[]): JaxArray {
  return fftLengths.length === 0 ? x : bind1(P.fft, [x], { fftType, fftLengths: [...fftLengths] });
}

const total = (lengths: readonly number[]): number => lengths.reduce((a, b) => a * b, 1);

/** Ones, but twos at the places of a half spectrum that stand for two. */
function multiplicity(length: number, x: JaxArray, dtype: DType): JaxArray {
  const n = Math.floor(length / 2) + 1, data = allocate(dtype, n);
  for (let k = 0; k < n; k++) setScalar(data, dtype, k, k === 0 || 2 * k === length ? 1 : 2);
  const weights = fromHost({ shape: [n], dtype, weakType: false, data });
  return raw.broadcastInDim(weights, x.shape, [x.ndim - 1]);
}

function transposed(ct: JaxArray, { fftType, fftLengths }: FftParams): JaxArray {
  const last = fftLengths.at(-1)!, size = total(fftLengths);
  if (fftType === "RFFT") {
    const weights = raw.convert(multiplicity(last, ct, realDType(ct.dtype)), ct.dtype);
    return raw.mul(fft(raw.div(conjugate(ct), weights), "IRFFT", fftLengths), size);
  }
  if (fftType === "IRFFT") {
    const spectrum = fft(ct, "RFFT", fftLengths);
    const weights = raw.mul(multiplicity(last, spectrum, ct.dtype), 1 / size);
    return conjugate(raw.mul(raw.convert(weights, spectrum.dtype), spectrum));
  }
  return fft(ct, fftType, fftLengths);
}

(P.fft as Primitive<FftParams>).define({
  abstractEval([x], { fftType, fftLengths }) {
    const { shape, dtype, weakType } = x!, rank = fftLengths.length, ends = shape.slice(shape.length - rank);
    if (rank > shape.length) {
      throw new ValueError(
        `FFT input shape ${tuple(shape)} must have at least as many input dimensions as fft_lengths ${
          tuple(fftLengths)
        }.`,
      );
    }
    const before = shape.slice(0, shape.length - rank), name = fftType === "IFFT" ? "FFT" : fftType;
    if (fftType === "RFFT" ? dtype.kind !== "float" || dtype.bits < 32 : !isComplex(dtype)) {
      const wanted = fftType === "RFFT" ? "float32 or float64" : "complex64 or complex128";
      throw new ValueError(`${name} input must be ${wanted}, got ${dtype.name}`);
    }
    const differs = fftLengths.some((n, i) => n !== ends[i] && !(fftType === "IRFFT" && i === rank - 1));
    if (differs) {
      throw new ValueError(
        `${name} input shape ${tuple(shape)} minor dimensions must be equal to ${
          fftType === "IRFFT" ? "all except the last fft_length, got fft_lengths=" : "fft_lengths "
        }${tuple(fftLengths)}`,
      );
    }
    if (fftType === "RFFT") {
      const out = [...before, ...fftLengths.slice(0, -1), Math.floor(fftLengths[rank - 1]! / 2) + 1];
      return [shaped(out, complexDType(dtype), weakType)];
    }
    if (fftType === "IRFFT") return [shaped([...before, ...fftLengths], realDType(dtype), weakType)];
    return [x!];
  },
  jvp: linearJvp(() => P.fft),
  transpose: ([ct], [x], params) => [
    ct instanceof Zero ? new Zero((x as UndefinedPrimal).aval.tangent()) : transposed(ct as JaxArray, params),
  ],
  batch: (_axis, [x], [dim], params) => [[bind1(P.fft, [moveAxis(x!, dim!, 0)], params)], [0]],
  lower: { kind: "decompose", as: ([x], params) => [decompose(x!, params)] },
  printParams: ({ fftType, fftLengths }) => ({
    fft_lengths: tuple(fftLengths),
    fft_type: ["FFT", "IFFT", "RFFT", "IRFFT"].indexOf(fftType),
  }),
});

function decompose(x: JaxArray, { fftType, fftLengths }: FftParams): JaxArray {
  const rank = fftLengths.length, first = x.ndim - rank, last = x.ndim - 1, n = fftLengths[rank - 1]!;
  const others = range(rank - 1).map((i) => first + i);
  const along = (y: JaxArray, axes: readonly number[], sign: -1 | 1, scale = 1): JaxArray =>
    axes.reduce((z, axis, i) => transformAxis(z, axis, sign, i === axes.length - 1 ? scale : 1), y);
  switch (fftType) {
    case "FFT":
      return along(x, [...others, last], -1);
    case "IFFT":
      return along(x, [...others, last], 1, 1 / total(fftLengths));
    case "RFFT":
      return along(ofReal(x, n), others, -1);
    case "IRFFT":
      return toReal(along(x, others, 1), n, 1 / total(fftLengths));
  }
}

/** exp(sign·2πi k·step/n) for k in [0, count), along the last axis of a shape. */
function rootsAlong(
  { shape, dtype }: { readonly shape: readonly number[]; readonly dtype: DType },
  n: number,
  sign: -1 | 1,
): JaxArray {
  const count = shape.at(-1)!, data = allocate(dtype, count);
  for (let k = 0; k < count; k++) {
    const [re, im] = root(sign * k, n);
    setScalar(data, dtype, k, { re, im });
  }
  const roots = fromHost({ shape: [count], dtype, weakType: false, data });
  return raw.broadcastInDim(roots, shape, [shape.length - 1]);
}

/**
 * Half of the spectrum of n real numbers. An even length is a complex transform of half the length, whose numbers are
 * pairs of neighbours; with Z its spectrum, X_k = ½(Z_k + Z̄_{h−k}) − ½i w^k (Z_k − Z̄_{h−k}).
 */
function ofReal(x: JaxArray, n: number): JaxArray {
  const last = x.ndim - 1, before = x.shape.slice(0, -1), dtype = complexDType(x.dtype);
  const count = Math.floor(n / 2) + 1;
  if (n % 2 === 1 || n === 0) {
    return raw.sliceInDim(transformAxis(raw.convert(x, dtype), last, -1, 1), 0, count, last);
  }
  const half = n / 2, pairs = raw.reshape(x, [...before, half, 2]);
  const part = (i: number): JaxArray => raw.squeeze(raw.sliceInDim(pairs, i, i + 1, last + 1), [last + 1]);
  const z = transformAxis(raw.complex(part(0), part(1)), last, -1, 1);
  const whole = raw.concatenate([z, raw.sliceInDim(z, 0, 1, last)], last);
  const mirrored = conjugate(raw.rev(whole, [last]));
  const turn = raw.mul(rootsAlong(whole.aval, n, -1), timesI(raw.sub(mirrored, whole)));
  return raw.mul(raw.add(raw.add(whole, mirrored), turn), 0.5);
}

function timesI(x: JaxArray): JaxArray {
  return raw.complex(raw.neg(raw.imag(x)), raw.real(x));
}

/** The n real numbers of half a spectrum; imaginary parts at frequency zero and one half are left out. */
function toReal(x: JaxArray, n: number, scale: number): JaxArray {
  const last = x.ndim - 1, before = x.shape.slice(0, -1), count = Math.floor(n / 2) + 1;
  const used = raw.sliceInDim(fitted(x, count), 0, count, last);
  const at = (k: number): JaxArray => {
    const one = raw.real(raw.sliceInDim(used, k, k + 1, last));
    return raw.complex(one, raw.fullLike(one, 0));
  };
  const inside = raw.sliceInDim(used, 1, n % 2 === 0 ? count - 1 : count, last);
  const half = raw.concatenate([at(0), inside, ...(n % 2 === 0 && n > 0 ? [at(count - 1)] : [])], last);
  if (n % 2 === 1) {
    const full = raw.concatenate([half, conjugate(raw.rev(inside, [last]))], last);
    return raw.real(transformAxis(full, last, 1, scale));
  }
  // Z_k = (X_k + X̄_{h−k}) + i w^−k (X_k − X̄_{h−k}) is the spectrum of the pairs of neighbours, doubled.
  const mirrored = conjugate(raw.rev(half, [last]));
  const turn = raw.mul(rootsAlong(half.aval, n, 1), timesI(raw.sub(half, mirrored)));
  const z = raw.sliceInDim(raw.add(raw.add(half, mirrored), turn), 0, n / 2, last);
  const pairs = transformAxis(z, last, 1, scale);
  const columns = [raw.real(pairs), raw.imag(pairs)].map((y) => raw.expandDims(y, [last + 1]));
  return raw.reshape(raw.concatenate(columns, last + 1), [...before, n]);
}

/** The array with zeros appended to its last axis up to a length. */
function fitted(x: JaxArray, count: number): JaxArray {
  const missing = count - x.shape.at(-1)!;
  if (missing <= 0) return x;
  return raw.pad(x, raw.like(x, 0), x.shape.map((_, i) => [0, i === x.ndim - 1 ? missing : 0, 0]));
}

/** Transforms one axis: by stages in the cache, in two halves of a long length, or as a convolution. */
function transformAxis(x: JaxArray, axis: number, sign: -1 | 1, scale: number): JaxArray {
  const length = x.shape[axis]!;
  if (x.size === 0) return x;
  if (!isSmooth(length)) return convolved(x, axis, sign, scale);
  const inner = total(x.shape.slice(axis + 1)), outer = x.size / (length * inner);
  const split = splitLength(length);
  if (split === null) {
    if (inner === 1) {
      const line = { step: 1, line: length };
      return transformLines(x, {
        groups: 1,
        lines: outer,
        length,
        from: line,
        to: line,
        sign,
        scale,
        whole: null,
      });
    }
    const line = { step: inner, line: 1 };
    return transformLines(x, {
      groups: outer,
      lines: inner,
      length,
      from: line,
      to: line,
      sign,
      scale,
      whole: null,
    });
  }
  if (inner > 1) {
    return moveAxis(transformAxis(moveAxis(x, axis, x.ndim - 1), x.ndim - 1, sign, scale), x.ndim - 1, axis);
  }
  // x[j₁, j₂]: transforms over j₁, factors w^(k₁ j₂), transforms over j₂; element k₁ + n₁ k₂ of the result.
  const [n1, n2] = split, columns = { step: n2, line: 1 };
  const partial = transformLines(x, {
    groups: outer,
    lines: n2,
    length: n1,
    from: columns,
    to: columns,
    sign,
    scale: 1,
    whole: length,
  });
  return transformLines(partial, {
    groups: outer,
    lines: n1,
    length: n2,
    from: { step: 1, line: n2 },
    to: { step: n1, line: 1 },
    sign,
    scale,
    whole: null,
  });
}

function constantPlanes({ re, im }: Planes, dtype: DType): JaxArray {
  const data = allocate(dtype, re.length);
  re.forEach((x, i) => setScalar(data, dtype, i, { re: x, im: im[i]! }));
  return fromHost({ shape: [re.length], dtype, weakType: false, data });
}

/**
 * Bluestein's algorithm: with jk = (j² + k² − (k − j)²)/2, a transform of any length is a convolution with a chirp,
 * which transforms of a power of two make.
 */
function convolved(x: JaxArray, axis: number, sign: -1 | 1, scale: number): JaxArray {
  const last = x.ndim - 1, n = x.shape[axis]!;
  if (axis !== last) return moveAxis(convolved(moveAxis(x, axis, last), last, sign, scale), last, axis);
  const size = powerOfTwo(2 * n - 1), wave = chirp(n, sign);
  const kernel = { re: new Float64Array(size), im: new Float64Array(size) };
  for (let j = 0; j < n; j++) {
    for (const at of j === 0 ? [0] : [j, size - j]) {
      kernel.re[at] = wave.re[j]!;
      kernel.im[at] = -wave.im[j]!;
    }
  }
  transformOnHost(kernel);
  const along = (y: JaxArray): JaxArray =>
    raw.broadcastInDim(y, [...x.shape.slice(0, -1), y.shape[0]!], [last]);
  const factors = along(constantPlanes(wave, x.dtype));
  const spectrum = transformAxis(fitted(raw.mul(x, factors), size), last, -1, 1);
  const filtered = raw.mul(spectrum, along(constantPlanes(kernel, x.dtype)));
  const result = raw.mul(raw.sliceInDim(transformAxis(filtered, last, 1, 1 / size), 0, n, last), factors);
  return scale === 1 ? result : raw.mul(result, scale);
}
