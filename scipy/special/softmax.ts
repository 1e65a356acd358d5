/**
 * Softmax with the defaults of SciPy.
 *
 * @module
 */
import { type ArrayLike, type Axis, checkOptions, type JaxArray } from "../../core/mod.ts";
import * as nn from "../../nn/mod.ts";

/** Options of {@linkcode softmax} and {@linkcode logSoftmax}. */
export interface SoftmaxOptions {
  /** The axes to normalise over; null (the default) for all. */
  readonly axis?: Axis;
}

/**
 * eˣ normalised to the sum 1 over axes.
 *
 * @param x Array of numbers of any shape.
 * @param options axis, all axes by default
 * @returns An array of the shape of `x`.
 * @throws {ValueError} For an axis that is not there or given twice.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (String(scipy.special.softmax(np.zeros([2, 2]))) !== "[[0.25 0.25]\n [0.25 0.25]]") throw new Error();
 * ```
 */
export function softmax(x: ArrayLike, options: SoftmaxOptions = {}): JaxArray {
  checkOptions("softmax", options, ["axis"]);
  return nn.softmax(x, { axis: options.axis ?? null });
}

/**
 * The logarithm of {@linkcode softmax}, without underflow in between.
 *
 * @param x Array of numbers of any shape.
 * @param options axis, all axes by default
 * @returns An array of the shape of `x`.
 * @throws {ValueError} For an axis that is not there or given twice.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (String(scipy.special.logSoftmax(np.array([0, -1000]))) !== "[    0. -1000.]") throw new Error();
 * ```
 */
export function logSoftmax(x: ArrayLike, options: SoftmaxOptions = {}): JaxArray {
  checkOptions("log_softmax", options, ["axis"]);
  return nn.logSoftmax(x, { axis: options.axis ?? null });
}
