/**
 * Frequencies of Fourier transforms, and their order.
 *
 * @module
 */
import {
  canonicalAxis,
  defaultFloat,
  type DTypeLike,
  int32,
  type JaxArray,
  keywords,
  raw,
  scalarArray,
  staticInteger,
  staticIntegers,
  toInexact,
  ValueError,
} from "../core/mod.ts";
import { range } from "./axes.ts";
import { type ArrayLike, toArray, toArrays } from "./convert.ts";
import { list } from "./_fft.ts";
import { type DeviceLike, onDevice, wantedDType } from "./arrays.ts";
import { roll } from "./rearrange.ts";

/** Optional arguments of {@linkcode fftfreq}. */
export interface FrequencyOptions {
  /** Distance of samples; 1 by default. */
  readonly d?: ArrayLike;
  readonly dtype?: DTypeLike | null;
  readonly device?: DeviceLike;
}

type FrequencyRest = [d?: ArrayLike | FrequencyOptions, options?: FrequencyOptions];

function frequencies(
  name: string,
  n: unknown,
  rest: FrequencyRest,
  numbers: (count: number) => JaxArray,
): JaxArray {
  const { d = 1, dtype, device } = keywords(name, ["d"], rest, ["dtype", "device"]);
  if (Array.isArray(n)) {
    throw new ValueError(`The n argument of jax.numpy.fft.${name} only takes an int. Got n = ${list(n)}.`);
  }
  if (Array.isArray(d)) {
    throw new ValueError(
      `The d argument of jax.numpy.fft.${name} only takes a single value. Got d = ${list(d)}.`,
    );
  }
  const count = staticInteger(n, "n"),
    out = wantedDType(dtype, name) ?? defaultFloat(),
    real = toInexact(out);
  const [spacing] = toArrays(name, d);
  const span = typeof d === "number"
    ? scalarArray(d * count, real)
    : raw.convert(raw.mul(spacing!, count), real);
  return onDevice(raw.convert(raw.div(raw.convert(numbers(count), real), span), out), device);
}

/**
 * Frequencies of the numbers that `fft` gives: 0, 1, ..., −2, −1, divided by n·d.
 *
 * @param n length of the transform
 * @throws {ValueError} when n or d is a list
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fft.fftfreq(4)) !== "[ 0.    0.25 -0.5  -0.25]") throw new Error();
 * ```
 */
export function fftfreq(n: number, ...rest: FrequencyRest): JaxArray {
  return frequencies("fftfreq", n, rest, (count) => {
    const i = raw.iota(int32, [count], 0);
    return raw.where(raw.lt(i, Math.ceil(count / 2)), i, raw.sub(i, count));
  });
}

/**
 * Frequencies of the numbers that `rfft` gives: 0, 1, ..., ⌊n/2⌋, divided by n·d.
 *
 * @param n length of the transform
 * @throws {ValueError} when n or d is a list
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fft.rfftfreq(4)) !== "[0.   0.25 0.5 ]") throw new Error();
 * ```
 */
export function rfftfreq(n: number, ...rest: FrequencyRest): JaxArray {
  return frequencies("rfftfreq", n, rest, (count) => raw.iota(int32, [Math.floor(count / 2) + 1], 0));
}

type ShiftRest = [
  axes?: number | readonly number[] | null | { readonly axes?: number | readonly number[] | null },
];

function shifted(name: string, x: ArrayLike, rest: ShiftRest, direction: 1 | -1): JaxArray {
  const array = toArray(x, name), { axes = null } = keywords(name, ["axes"], rest);
  const given = axes === null
    ? range(array.ndim)
    : typeof axes === "number"
    ? [axes]
    : axes as readonly number[];
  const chosen = staticIntegers(given, "axes");
  const shifts = chosen.map((i) => direction * Math.floor(array.shape[canonicalAxis(i, array.ndim)]! / 2));
  return roll(array, shifts, chosen);
}

/**
 * Moves frequency zero to the middle of axes, all by default.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fft.fftshift(np.arange(4))) !== "[2 3 0 1]") throw new Error();
 * ```
 */
export function fftshift(x: ArrayLike, ...rest: ShiftRest): JaxArray {
  return shifted("fftshift", x, rest, 1);
}

/**
 * Inverse of {@linkcode fftshift}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fft.ifftshift(np.fft.fftshift(np.arange(5)))) !== "[0 1 2 3 4]") throw new Error();
 * ```
 */
export function ifftshift(x: ArrayLike, ...rest: ShiftRest): JaxArray {
  return shifted("ifftshift", x, rest, -1);
}
