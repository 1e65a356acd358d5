/**
 * `resize` and `scaleAndTranslate`: each axis is multiplied by a matrix of weights.
 *
 * @module
 */
import {
  type ArrayLike,
  canonicalAxis,
  canonicalShape,
  finfo,
  float32,
  int32,
  type JaxArray,
  keywords,
  namedJit,
  raw,
  resultType,
  staticIntegers,
  toArray,
  toInexact,
  tuple,
  ValueError,
} from "../core/mod.ts";
import * as np from "../numpy/mod.ts";
import type { NestedArrayLike } from "../numpy/mod.ts";
import { kernels, ResizeMethod, type ResizeMethodName } from "./_kernels.ts";

/** How the weights of an axis are computed. */
interface Sampling {
  readonly method: Exclude<ResizeMethodName, "nearest">;
  readonly antialias: boolean;
  readonly precision: string | readonly string[] | null;
}

/** A factor or shift of coordinates. */
type Coordinate = number | JaxArray;

/** The weights a[input, output] with their sums over the inputs made 1, and 0 where nothing is near. */
function normalized(weights: JaxArray): JaxArray {
  const total = np.sum(weights, { axis: 0, keepdims: true });
  const covered = np.greater(np.abs(total), 1000 * Number(finfo(float32).eps));
  return np.where(covered, np.divide(weights, np.where(np.notEqual(total, 0), total, 1n)), 0n);
}

/** How much of the area of each output pixel each input pixel covers. */
function overlaps(left: JaxArray, width: Coordinate, pixels: JaxArray): JaxArray {
  const row = (x: JaxArray): JaxArray => np.expandDims(x, 0),
    column = (x: JaxArray): JaxArray => np.expandDims(x, 1);
  const right = np.add(left, width);
  const upper = np.minimum(row(right), column(np.add(pixels, 1)));
  return np.maximum(0, np.subtract(upper, np.maximum(row(left), column(pixels))));
}

/** Weights [input, output] of one axis. */
function weightMatrix(
  inputs: number,
  outputs: number,
  scale: Coordinate,
  translation: Coordinate,
  { method, antialias }: Sampling,
): JaxArray {
  const { dtype } = resultType([np.asarray(scale), np.asarray(translation)]);
  const inverse = typeof scale === "number" ? 1 / scale : np.divide(1, scale);
  // A kernel that is wider than an input pixel filters what the output cannot show.
  const width = antialias ? np.maximum(inverse, 1) : 1;
  const shift = typeof translation === "number" && typeof inverse === "number"
    ? translation * inverse
    : np.multiply(translation, inverse);
  const centers = np.multiply(np.add(np.arange(outputs, { dtype }), 0.5), inverse);
  // The coordinates of the centres of output pixels among those of the input.
  const samples = np.subtract(np.subtract(centers, shift), 0.5);

  const continued = method === "cubic-pytorch", margin = continued ? kernels[method].radius : 0;
  const pixels = np.arange(-margin, inputs + margin, { dtype });
  let weights: JaxArray;
  if (method === "area") {
    const left = np.subtract(np.multiply(np.arange(outputs, { dtype }), inverse), shift);
    weights = overlaps(left, inverse, pixels);
  } else {
    const distance = np.abs(np.subtract(np.expandDims(samples, 0), np.expandDims(pixels, 1)));
    weights = kernels[method].weight(np.divide(distance, width));
  }
  if (continued) {
    // Weights of pixels outside go to the pixels at the edge.
    const nearest = np.expandDims(np.clip(pixels.astype(int32), 0, inputs - 1), 1);
    const columns = raw.broadcastInDim(np.arange(outputs), [inputs + 2 * margin, outputs], [1]);
    return normalized(np.zeros([inputs, outputs], { dtype }).at(nearest, columns).add(weights));
  }
  const filled = normalized(weights);
  const inside = np.logicalAnd(np.greaterEqual(samples, -0.5), np.lessEqual(samples, inputs - 0.5));
  return np.where(np.expandDims(inside, 0), filled, 0n);
}

function resample(
  x: JaxArray,
  shape: readonly number[],
  axes: readonly number[],
  scale: readonly Coordinate[],
  translation: readonly Coordinate[],
  sampling: Sampling,
): JaxArray {
  if (axes.length === 0) return x;
  const operands: (JaxArray | number[])[] = [x, x.shape.map((_, i) => i)], out = x.shape.map((_, i) => i);
  axes.forEach((axis, i) => {
    const weights = weightMatrix(x.shape[axis]!, shape[axis]!, scale[i]!, translation[i]!, sampling);
    operands.push(weights.astype(x.dtype), [axis, x.ndim + i]);
    out[axis] = x.ndim + i;
  });
  return np.einsum(...operands, out, { precision: sampling.precision as string });
}

/** The image at the pixels nearest to those of the result. */
function nearest(x: JaxArray, shape: readonly number[]): JaxArray {
  return shape.reduce((image, n, axis) => {
    const m = image.shape[axis]!;
    if (m === n) return image;
    // In float32 whatever the settings, as JAX computes it.
    const centers = np.add(np.arange(n, { dtype: float32 }), 0.5);
    const offsets = np.floor(np.divide(np.multiply(centers, m), n)).astype(int32);
    return image.get(...new Array<string>(axis).fill(":"), offsets);
  }, x);
}

/** An image as floats or complex numbers. */
function inexact(x: JaxArray): JaxArray {
  return raw.convert(x, toInexact(x.dtype), x.weakType);
}

function checkRank(shape: readonly number[], image: JaxArray): void {
  if (shape.length === image.ndim) return;
  throw new ValueError(
    `shape must have length equal to the number of dimensions of x;  ${tuple(shape)} vs ${
      tuple(image.shape)
    }`,
  );
}

/** The method and its settings; PyTorch's cubic kernel is the usual one with antialiasing. */
function samplingOf(
  method: Sampling["method"],
  antialias: boolean,
  precision: Sampling["precision"],
): Sampling {
  return { method: method === "cubic-pytorch" && antialias ? "cubic" : method, antialias, precision };
}

const resizeOf = namedJit(
  "_resize",
  (
    [image],
    shape: readonly number[],
    method: ResizeMethodName,
    antialias: boolean,
    precision: Sampling["precision"],
  ): JaxArray[] => {
    if (method === "nearest") return [nearest(image!, shape)];
    const x = inexact(image!);
    const axes = shape.flatMap((n, i) => n === x.shape[i] ? [] : [i]);
    const scale = axes.map((d) => shape[d] === 0 ? 1 : shape[d]! / x.shape[d]!);
    return [resample(x, shape, axes, scale, axes.map(() => 0), samplingOf(method, antialias, precision))];
  },
);

/** A method of resampling: a member of {@linkcode ResizeMethod}, or one of the names that it knows. */
export type ResizeMethodLike =
  | ResizeMethodName
  | "bilinear"
  | "trilinear"
  | "triangle"
  | "bicubic"
  | "tricubic"
  | "bicubic-pytorch";

/** Options of {@linkcode resize} and {@linkcode scaleAndTranslate}. */
export interface ResizeOptions {
  /** The method, where it is not given in its position. */
  readonly method?: ResizeMethodLike;
  /** Filter what the result cannot show, where it is smaller (the default). */
  readonly antialias?: boolean;
  /** The precision of the contraction, `"highest"` by default; products are computed in full precision anyway. */
  readonly precision?: string | readonly string[] | null;
}

type ResizeRest = [
  method: ResizeMethodLike | ResizeOptions,
  antialias?: boolean | ResizeOptions,
  precision?: Sampling["precision"] | ResizeOptions,
  options?: ResizeOptions,
];

function resizeArguments(
  name: string,
  rest: ResizeRest,
): { method: ResizeMethodName; antialias: boolean; precision: Sampling["precision"] } {
  const { method, antialias = true, precision = "highest" } = keywords(
    name,
    ["method", "antialias", "precision"],
    rest,
  );
  if (method === undefined) throw new TypeError(`${name}() missing 1 required positional argument: 'method'`);
  return {
    method: ResizeMethod.fromString(method as string),
    antialias: Boolean(antialias),
    precision: precision as Sampling["precision"],
  };
}

/**
 * An image of another size.
 *
 * @param image Array of numbers of any rank.
 * @param shape The shape of the result, of the same rank; axes of the same size (batches, channels) stay as they are.
 * @param rest method: `"nearest"`; `"linear"` (`"bilinear"`, `"trilinear"`, `"triangle"`); `"cubic"` (`"bicubic"`,
 * `"tricubic"`); `"cubic-pytorch"` (`"bicubic-pytorch"`); `"lanczos3"`; `"lanczos5"`; `"area"`; see
 * {@linkcode ResizeMethod}; antialias (true); precision
 * @returns An array of the shape: of the dtype of `image` if that is inexact or the method is `"nearest"`, else float32.
 * @throws {ValueError} For a shape of another rank, and an unknown method.
 *
 * @example
 * ```ts
 * import { image, numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[0, 2], [4, 6]]);
 * if (String(image.resize(x, [1, 1], "linear")) !== "[[3.]]") throw new Error();
 * if (String(image.resize(np.arange(2), [4], "nearest")) !== "[0 0 1 1]") throw new Error();
 * ```
 */
export function resize(image: ArrayLike, shape: number | readonly number[], ...rest: ResizeRest): JaxArray {
  const { method, antialias, precision } = resizeArguments("resize", rest);
  const x = toArray(image, "resize"), sizes = canonicalShape(shape);
  checkRank(sizes, x);
  return resizeOf([x], sizes, method, antialias, precision)[0]!;
}

const scaleAndTranslateOf = namedJit(
  "scale_and_translate",
  (
    [image, scale, translation],
    shape: readonly number[],
    axes: readonly number[],
    sampling: Sampling,
  ): JaxArray[] => {
    const each = (x: JaxArray): JaxArray[] => axes.map((_, i) => x.get(i));
    return [resample(inexact(image!), shape, axes, each(scale!), each(translation!), sampling)];
  },
  { inline: true },
);

/**
 * An image scaled and moved: what was at x along an axis is at scale x + translation in the result, where the middle of
 * the first pixel is at 0.5. Pixels that come from outside are 0.
 *
 * @param image Array of numbers of any rank.
 * @param shape The shape of the result, of the same rank.
 * @param spatialDims The K axes that are resampled.
 * @param scale f[K], the factor of each axis; may be traced.
 * @param translation f[K], the shift of each axis in pixels of the result; may be traced.
 * @param rest method, as for {@linkcode resize} but not `"nearest"`; antialias (true); precision
 * @returns An array of the shape, of the dtype of `image` if that is inexact, else float32.
 * @throws {ValueError} For a shape of another rank, numbers of scales and translations that differ from that of the
 * axes, the method `"nearest"` and unknown ones.
 *
 * @example
 * ```ts
 * import { image, numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([1, 2, 3, 4]);
 * const y = image.scaleAndTranslate(x, [4], [0], np.array([1]), np.array([1]), "linear");
 * if (String(y) !== "[0. 1. 2. 3.]") throw new Error(String(y));
 * ```
 */
export function scaleAndTranslate(
  image: ArrayLike,
  shape: number | readonly number[],
  spatialDims: readonly number[],
  scale: NestedArrayLike,
  translation: NestedArrayLike,
  ...rest: ResizeRest
): JaxArray {
  const name = "scale_and_translate", { method, antialias, precision } = resizeArguments(name, rest);
  const x = toArray(image, name), sizes = canonicalShape(shape);
  checkRank(sizes, x);
  if (method === "nearest") {
    throw new ValueError("Nearest neighbor resampling is not currently supported for scale_and_translate.");
  }
  const axes = staticIntegers(spatialDims, "spatial_dims").map((d) => canonicalAxis(d, x.ndim));
  const coordinates = [np.asarray(scale), np.asarray(translation)] as const;
  for (const [i, what] of ["scale", "translation"].entries()) {
    const { shape } = coordinates[i]!;
    if (shape.length !== 1 || shape[0] !== axes.length) {
      throw new ValueError(
        `${name}: ${what} must have one element for each of the ${axes.length} spatial_dims, got shape ${
          tuple(shape)
        }`,
      );
    }
  }
  const { dtype, weakType } = resultType(coordinates), to = toInexact(dtype);
  const xs = [x, ...coordinates.map((c) => raw.convert(c, to, weakType))];
  return scaleAndTranslateOf(xs, sizes, axes, samplingOf(method, antialias, precision))[0]!;
}
