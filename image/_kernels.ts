/**
 * Kernels of resampling, as functions of the distance to a pixel.
 *
 * @module
 */
import { type JaxArray, ValueError } from "../core/mod.ts";
import * as np from "../numpy/mod.ts";

/** How an image is resampled. */
export type ResizeMethodName =
  | "nearest"
  | "linear"
  | "lanczos3"
  | "lanczos5"
  | "cubic"
  | "cubic-pytorch"
  | "area";

const synonyms: Readonly<Record<string, ResizeMethodName>> = {
  nearest: "nearest",
  linear: "linear",
  bilinear: "linear",
  trilinear: "linear",
  triangle: "linear",
  lanczos3: "lanczos3",
  lanczos5: "lanczos5",
  cubic: "cubic",
  bicubic: "cubic",
  tricubic: "cubic",
  "cubic-pytorch": "cubic-pytorch",
  "bicubic-pytorch": "cubic-pytorch",
  area: "area",
};

/** The methods of resampling by JAX's names, and the method that a name such as `"bilinear"` stands for. */
export const ResizeMethod: {
  /** The nearest pixel. */
  readonly NEAREST: "nearest";
  /** Straight lines between pixels; a triangular filter when downsampling. */
  readonly LINEAR: "linear";
  /** Lanczos' kernel of radius 3. */
  readonly LANCZOS3: "lanczos3";
  /** Lanczos' kernel of radius 5. */
  readonly LANCZOS5: "lanczos5";
  /** Keys' cubic kernel. */
  readonly CUBIC: "cubic";
  /** Without antialiasing PyTorch's cubic kernel, and edges that are continued; with it `CUBIC`. */
  readonly CUBIC_PYTORCH: "cubic-pytorch";
  /** The mean of what the area of a pixel covers. */
  readonly AREA: "area";
  /** The method of a name. */
  fromString(name: string): ResizeMethodName;
} = Object.freeze({
  NEAREST: "nearest",
  LINEAR: "linear",
  LANCZOS3: "lanczos3",
  LANCZOS5: "lanczos5",
  CUBIC: "cubic",
  CUBIC_PYTORCH: "cubic-pytorch",
  AREA: "area",
  fromString(name: string): ResizeMethodName {
    if (Object.hasOwn(synonyms, name)) return synonyms[name]!;
    throw new ValueError(`Unknown resize method "${String(name)}"`);
  },
});

/** Lanczos' kernel: sinc(x) sinc(x / radius) within the radius. */
function lanczos(radius: number): (x: JaxArray) => JaxArray {
  return (x) => {
    const y = np.multiply(
      np.multiply(radius, np.sin(np.multiply(Math.PI, x))),
      np.sin(np.divide(np.multiply(Math.PI, x), radius)),
    );
    // Near 0 the kernel is 1, and the quotient is not to be divided by 0.
    const far = np.greater(x, 1e-3), nonzero = np.notEqual(x, 0);
    const square = np.where(nonzero, np.multiply(Math.PI ** 2, np.power(x, 2)), 1n);
    const inside = np.where(far, np.divide(y, square), 1n);
    return np.where(np.greater(x, radius), 0, inside);
  };
}

/** ((a x + b) x + c) x + d. */
function cubicPolynomial(x: JaxArray, a: number, b: number, c: number, d: number): JaxArray {
  const first = np.multiply(np.add(np.multiply(a, x), b), x);
  return np.add(np.multiply(c === 0 ? first : np.add(first, c), x), d);
}

/**
 * The cubic convolution kernel with the slope a at 1 (Keys 1981, "Cubic Convolution Interpolation for Digital Image
 * Processing"): (a + 2)|x|³ - (a + 3)|x|² + 1 within 1, and a|x|³ - 5a|x|² + 8a|x| - 4a within 2.
 */
function cubic(a: number): (x: JaxArray) => JaxArray {
  return (x) => {
    const near = cubicPolynomial(x, a + 2, -(a + 3), 0, 1);
    const far = cubicPolynomial(x, a, -5 * a, 8 * a, -4 * a);
    return np.where(np.greaterEqual(x, 2), 0, np.where(np.greaterEqual(x, 1), far, near));
  };
}

/** A kernel, and the distance beyond which it is 0. */
export interface Kernel {
  readonly radius: number;
  readonly weight: (x: JaxArray) => JaxArray;
}

/** The kernels of the methods that have one. */
export const kernels: Readonly<Record<Exclude<ResizeMethodName, "nearest" | "area">, Kernel>> = {
  linear: { radius: 1, weight: (x) => np.maximum(0, np.subtract(1, np.abs(x))) },
  lanczos3: { radius: 3, weight: lanczos(3) },
  lanczos5: { radius: 5, weight: lanczos(5) },
  cubic: { radius: 2, weight: cubic(-0.5) },
  "cubic-pytorch": { radius: 2, weight: cubic(-0.75) },
};
