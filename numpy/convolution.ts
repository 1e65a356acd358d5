/**
 * Functions of `jax.numpy` that slide one sequence over another.
 *
 * @module
 */
import {
  type ArrayLike,
  type DType,
  type DTypeLike,
  type JaxArray,
  keywords,
  raw,
  ValueError,
} from "../core/mod.ts";
import { convGeneralDilated } from "../lax/mod.ts";
import { optionalDType, type OrOptions } from "./_arguments.ts";
import { promoteDTypes, toArrays } from "./convert.ts";
import { reversed } from "./_movement.ts";
import { staged } from "./_staged.ts";

/** Which offsets of the sequences there is a result for. */
export type ConvolutionMode = "full" | "same" | "valid";

/** Options of {@linkcode convolve} and {@linkcode correlate}. */
export interface ConvolutionOptions {
  /** Overlap at all (`"full"`), as many as the longer sequence has (`"same"`), or complete overlap (`"valid"`). */
  readonly mode?: ConvolutionMode;
  /** How accurately an accelerator multiplies. */
  readonly precision?: string | null;
  /** The dtype to add up and return. */
  readonly preferredElementType?: DTypeLike | null;
}

interface Convolution {
  readonly mode: ConvolutionMode;
  readonly precision: string | null;
  readonly preferred: DType | null;
}

/** Elements of zero padding before and after the longer sequence, for a window of n elements. */
function padding(mode: ConvolutionMode, n: number): [number, number] {
  switch (mode) {
    case "valid":
      return [0, 0];
    case "same":
      return [Math.floor(n / 2), n - Math.floor(n / 2) - 1];
    case "full":
      return [n - 1, n - 1];
    default:
      throw new ValueError("mode must be one of ['full', 'same', 'valid']");
  }
}

const slide = staged(
  "_conv",
  ([a, v]: readonly [JaxArray, JaxArray], name: "convolve" | "correlate", options: Convolution) => {
    const { mode, precision, preferred } = options;
    if (a.ndim !== 1 || v.ndim !== 1) throw new ValueError(`${name}() only support 1-dimensional inputs.`);
    let [x, y] = promoteDTypes(name, [a, v], preferred === null ? "inexact" : "keep") as [JaxArray, JaxArray];
    if (x.size === 0 || y.size === 0) {
      throw new ValueError(
        `${name}: inputs cannot be empty, got shapes (${x.size},) and (${y.size},).`,
      );
    }
    const swapped = x.size < y.size, conjugated = name === "correlate" && y.dtype.kind === "complex";
    if (conjugated) y = raw.conj(y);
    if (swapped) [x, y] = [y, x];
    if (name === "convolve") y = reversed(y, [0]);
    const pads = [padding(mode, y.size)];
    const wide = (z: JaxArray): JaxArray => raw.expandDims(z, [0, 1]);
    const out = convGeneralDilated(wide(x), wide(y), [1], pads, {
      precision,
      preferredElementType: preferred,
    });
    const result = raw.squeeze(out, [0, 1]);
    // Correlation is not symmetric: exchanged, it comes out reversed.
    return swapped && name === "correlate" ? raw.rev(result, [0]) : result;
  },
);

const convolveCall = staged(
  "convolve",
  (xs: readonly [JaxArray, JaxArray], options: Convolution) => slide(xs, "convolve", options),
);
const correlateCall = staged(
  "correlate",
  (xs: readonly [JaxArray, JaxArray], options: Convolution) => slide(xs, "correlate", options),
);

type Rest = OrOptions<[mode?: ConvolutionMode], ConvolutionOptions>;

function convolution(
  name: "convolve" | "correlate",
  mode: ConvolutionMode,
  [a, v]: readonly [a: unknown, v: unknown],
  rest: readonly unknown[],
): JaxArray {
  const given = keywords<keyof ConvolutionOptions>(name, ["mode"], rest, [
    "precision",
    "preferredElementType",
  ]);
  const arrays = toArrays(name, a, v) as [JaxArray, JaxArray];
  const call = name === "convolve" ? convolveCall : correlateCall;
  return call(arrays, {
    mode: (given.mode ?? mode) as ConvolutionMode,
    precision: (given.precision ?? null) as string | null,
    preferred: optionalDType(given.preferredElementType, name),
  });
}

/**
 * The convolution of two sequences: cₖ = Σᵢ aᵢ vₖ₋ᵢ.
 *
 * @param a an array with one axis of N numbers
 * @param v an array with one axis of M numbers
 * @param rest mode: `"full"` (the default) gives N + M − 1 results, `"same"` max(N, M), `"valid"` the
 * max(N, M) − min(N, M) + 1 without padding; in the options also precision and preferredElementType
 * @returns an array with one axis of an inexact dtype
 * @throws {ValueError} for several axes, empty sequences and another mode
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const y = np.convolve(np.array([1, 2, 3]), np.array([1, 1]));
 * if (String(y) !== "[1. 3. 5. 3.]") throw new Error();
 * ```
 */
export function convolve(a: ArrayLike, v: ArrayLike, ...rest: Rest): JaxArray {
  return convolution("convolve", "full", [a, v], rest);
}

/**
 * The cross-correlation of two sequences: cₖ = Σᵢ aᵢ₊ₖ v̄ᵢ.
 *
 * @param a an array with one axis of N numbers
 * @param v an array with one axis of M numbers
 * @param rest mode: `"valid"` (the default), `"same"` or `"full"`, as in {@linkcode convolve}; in the options also
 * precision and preferredElementType
 * @returns an array with one axis of an inexact dtype
 * @throws {ValueError} for several axes, empty sequences and another mode
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const y = np.correlate(np.array([1, 2, 3, 4]), np.array([0, 1, 0.5]));
 * if (String(y) !== "[3.5 5. ]") throw new Error();
 * ```
 */
export function correlate(a: ArrayLike, v: ArrayLike, ...rest: Rest): JaxArray {
  return convolution("correlate", "valid", [a, v], rest);
}
