/**
 * `standardize` and `oneHot`.
 *
 * @module
 */
import {
  type ArrayLike,
  asDType,
  type Axis,
  canonicalAxis,
  defaultFloat,
  type DType,
  type DTypeLike,
  JaxArray,
  keywords,
  namedJit,
  raw,
  requestedDType,
  staticInteger,
  toArray,
  toIndexArray,
  ValueError,
} from "../core/mod.ts";
import * as lax from "../lax/mod.ts";
import * as np from "../numpy/mod.ts";
import { float, optionalArray, optionalJit } from "./_staged.ts";
import { axesOf } from "./softmax.ts";

type Algorithm = "fast" | "stable";

const standardizeOf = optionalJit(
  "standardize",
  ([given, mean, variance, epsilon, where], axis: Axis, algorithm: Algorithm): JaxArray[] => {
    const x = given!, over = { axis, keepdims: true, where: where! };
    const center = mean ?? np.mean(x, over);
    let spread = variance!;
    if (variance === null && algorithm === "stable") {
      spread = np.mean(np.square(np.subtract(x, center)), over);
    } else if (variance === null) {
      // E x² - (E x)² may come out negative.
      spread = np.clip(np.subtract(np.mean(np.square(x), over), np.square(center)), 0n);
    }
    return [np.multiply(np.subtract(x, center), lax.rsqrt(np.add(spread, epsilon ?? float(1e-5))))];
  },
);

/** Options of {@linkcode standardize}. */
export interface StandardizeOptions {
  /** The axes to normalise over; null for all. */
  readonly axis?: Axis;
  /** The mean, where it is known. */
  readonly mean?: ArrayLike | null;
  /** The variance, where it is known. */
  readonly variance?: ArrayLike | null;
  /** Added to the variance. */
  readonly epsilon?: ArrayLike;
  /** Which elements count for the mean and the variance. */
  readonly where?: ArrayLike | null;
  /** `"fast"` computes the variance as the mean of squares less the square of the mean, `"stable"` in two passes. */
  readonly algorithm?: Algorithm;
}

const standardizeNames = ["axis", "mean", "variance", "epsilon", "where"] as const;

/**
 * x with its mean subtracted and divided by its standard deviation over axes: (x - mean) / √(variance + epsilon).
 *
 * @param x Array of numbers of any shape.
 * @param rest axis (-1); mean and variance, arrays that broadcast with `x`, computed where they are null; epsilon (1e-5);
 * where, a boolean array that broadcasts with `x`; in the options also algorithm, `"fast"` or `"stable"`
 * @returns An array of the shape of `x`, of its dtype if that is inexact, else float32.
 * @throws {ValueError} For an axis that is not there or given twice, a mask that is not boolean, another algorithm.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * const y = nn.standardize(np.array([[1, 2, 3], [10, 20, 30]]), { epsilon: 0 });
 * if (!np.allclose(y, np.array([-1.2247449, 0, 1.2247449]), { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function standardize(
  x: ArrayLike,
  ...rest: [
    axis?: Axis | StandardizeOptions,
    mean?: ArrayLike | null | StandardizeOptions,
    variance?: ArrayLike | null | StandardizeOptions,
    epsilon?: ArrayLike | StandardizeOptions,
    where?: ArrayLike | null | StandardizeOptions,
    options?: StandardizeOptions,
  ]
): JaxArray {
  const name = "standardize";
  const given = keywords<(typeof standardizeNames)[number] | "algorithm">(name, standardizeNames, rest, [
    "algorithm",
  ]);
  const { mean, variance, epsilon, where, algorithm = "fast" } = given;
  if (algorithm !== "fast" && algorithm !== "stable" && (variance === undefined || variance === null)) {
    throw new ValueError(`Unknown algorithm '${String(algorithm)}'. Expected 'fast' or 'stable'.`);
  }
  const xs = [
    toArray(x, name),
    ...[mean, variance, epsilon, where].map((v, i) => optionalArray(name, v, i + 1)),
  ];
  return standardizeOf(xs, axesOf(given.axis, name, -1), algorithm as Algorithm)[0]!;
}

const oneHotOf = namedJit(
  "_one_hot",
  ([indices], numClasses: number, dtype: DType, axis: number): JaxArray[] => {
    const x = indices!, at = canonicalAxis(axis, x.ndim + 1);
    const shape: number[] = new Array(x.ndim + 1).fill(1);
    shape[at] = numClasses;
    const spread = raw.expandDims(x, [at]), classes = raw.iota(x.dtype, shape, at);
    return [raw.convert(raw.eq(spread, classes), dtype)];
  },
);

/** The part of one-hot vectors along a mapped axis that belongs to this place of it. */
function oneHotAlong(axisName: string, x: JaxArray, numClasses: number, dtype: DType): JaxArray {
  const size = lax.axisSize(axisName);
  if (numClasses !== size) {
    throw new ValueError(
      `Expected num_classes to match the size of axis ${axisName}, but ${numClasses} != ${size}`,
    );
  }
  return raw.convert(np.equal(x, lax.axisIndex(axisName)), dtype);
}

/** Options of {@linkcode oneHot}. */
export interface OneHotOptions {
  /** The dtype of the result; the default float for null. */
  readonly dtype?: DTypeLike | null;
  /** Where the new axis goes, or the name of a mapped axis along which the classes lie. */
  readonly axis?: number | string;
}

/**
 * Vectors with a 1 at the place that each index names, and 0 elsewhere; all 0 for an index out of bounds.
 *
 * @param x Array of integers of any shape, or integers in nested lists.
 * @param numClasses The length of the vectors: a static integer.
 * @param options dtype (float32), axis (-1)
 * @returns An array with one axis of size `numClasses` more than `x`. With the name of a mapped axis of that size, an
 * array of the shape of `x`: the part of the vectors at this place of the axis.
 * @throws {TypeError} For numbers that are not integers.
 * @throws {TracerIntegerConversionError} For a traced `numClasses`.
 * @throws {ValueError} For an axis that is out of bounds, or a mapped axis of another size.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.oneHot([0, 2], 3)) !== "[[1. 0. 0.]\n [0. 0. 1.]]") throw new Error();
 * if (nn.oneHot(np.arange(4), 5, { axis: 0, dtype: np.int32 }).shape.join() !== "5,4") throw new Error();
 * ```
 */
export function oneHot(
  x: ArrayLike | readonly unknown[],
  numClasses: number | bigint,
  options: OneHotOptions = {},
): JaxArray {
  const given = keywords<"dtype" | "axis">("one_hot", [], [options], ["dtype", "axis"]);
  const size = staticInteger(numClasses, "jax.nn.one_hot argument `num_classes`");
  const indices = x instanceof JaxArray ? x : toIndexArray(x);
  const { dtype, axis = -1 } = given;
  const wanted = dtype === undefined || dtype === null
    ? defaultFloat()
    : requestedDType(asDType(dtype as DTypeLike), "one_hot");
  if (typeof axis === "string") return oneHotAlong(axis, indices, size, wanted);
  return oneHotOf([indices], size, wanted, staticInteger(axis, "axis argument to one_hot()"))[0]!;
}
