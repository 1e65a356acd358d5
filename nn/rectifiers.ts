/**
 * Activations in pieces: rectified linear units and their smooth and clipped relatives, elementwise.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, keywords, raw, toArray } from "../core/mod.ts";
import * as np from "../numpy/mod.ts";
import { float, parameter, staged, stagedWith, withTangent } from "./_staged.ts";

/** The tangent where a condition holds, else 0. */
function gate(condition: JaxArray, tangent: JaxArray): JaxArray {
  return raw.selectN(condition, raw.fullLike(tangent, 0), tangent);
}

// d relu = dx where x > 0, else 0, at 0 too
const reluOf = withTangent("relu", (x) => np.maximum(x, 0), (t, x) => gate(raw.gt(x, 0), t));

/**
 * Rectified linear unit, max(x, 0). Its derivative at 0 is 0.
 *
 * See Bertoin et al. 2021, "Numerical influence of ReLU'(0) on backpropagation".
 *
 * @param x Array of real numbers of any shape; a boolean one counts as integers.
 * @returns An array of the shape and dtype of `x`.
 * @throws {TypeError} For nested arrays and other values that are no arrays.
 *
 * @example
 * ```ts
 * import { grad, nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.relu(np.array([-2, 0, 3]))) !== "[0. 0. 3.]") throw new Error();
 * if (grad(nn.relu)(0).item() !== 0) throw new Error();
 * ```
 */
export function relu(x: ArrayLike): JaxArray {
  return reluOf(toArray(x, "relu"));
}

// d relu6 = dx where 0 < x < 6, else 0
const relu6Of = withTangent(
  "relu6",
  (x) => np.minimum(np.maximum(x, 0), float(6)),
  (t, x) => gate(raw.and(raw.gt(x, 0), raw.lt(x, 6)), t),
);

/**
 * Rectified linear unit clipped at 6, min(max(x, 0), 6). Its derivatives at 0 and 6 are 0.
 *
 * @param x Array of real numbers of any shape.
 * @returns An array of the shape of `x`, of its dtype if that is a float, else float32.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.relu6(np.array([-1, 3, 8]))) !== "[0. 3. 6.]") throw new Error();
 * ```
 */
export function relu6(x: ArrayLike): JaxArray {
  return relu6Of(toArray(x, "relu6"));
}

const leakyReluOf = stagedWith("leaky_relu", (x, slope = float(0.01)) => {
  const positive = np.greaterEqual(x, 0);
  return np.where(positive, x, np.multiply(slope, x));
});

/** Options of {@linkcode leakyRelu}. */
export interface LeakyReluOptions {
  /** The slope where x is negative; a number or an array that broadcasts with x. */
  readonly negativeSlope?: ArrayLike;
}

/**
 * Leaky rectified linear unit: x where it is at least 0, else `negativeSlope` x.
 *
 * @param x Array of real numbers of any shape.
 * @param rest negativeSlope (0.01)
 * @returns An array of the shape and the float dtype of `x` (float32 for integers).
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.leakyRelu(np.array([-4, 2]), 0.5)) !== "[-2.  2.]") throw new Error();
 * ```
 */
export function leakyRelu(
  x: ArrayLike,
  ...rest: [negativeSlope?: ArrayLike | LeakyReluOptions, options?: LeakyReluOptions]
): JaxArray {
  return withParameter("leaky_relu", leakyReluOf, x, "negativeSlope", rest);
}

const eluOf = stagedWith("elu", (x, alpha = float(1)) => {
  const positive = np.greater(x, 0);
  // Large values must not overflow in the branch that is not taken.
  const safe = np.where(np.greater(x, 0), float(0), x);
  return np.where(positive, x, np.multiply(alpha, np.expm1(safe)));
});

/** Options of {@linkcode elu} and {@linkcode celu}. */
export interface AlphaOptions {
  /** The limit at -∞, negated; a number or an array that broadcasts with x. */
  readonly alpha?: ArrayLike;
}

/**
 * Exponential linear unit: x where it is positive, else alpha (eˣ - 1).
 *
 * @param x Array of real numbers of any shape.
 * @param rest alpha (1)
 * @returns An array of the shape and the float dtype of `x` (float32 for integers).
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.elu(np.array([-Infinity, 0, 2]), 0.5)) !== "[-0.5  0.   2. ]") throw new Error();
 * ```
 */
export function elu(
  x: ArrayLike,
  ...rest: [alpha?: ArrayLike | AlphaOptions, options?: AlphaOptions]
): JaxArray {
  return withParameter("elu", eluOf, x, "alpha", rest);
}

const celuOf = stagedWith("celu", (x, alpha = float(1)) => {
  const positive = np.maximum(x, float(0));
  const negative = np.expm1(np.divide(np.minimum(x, float(0)), alpha));
  return np.add(positive, np.multiply(alpha, negative));
});

/**
 * Continuously differentiable exponential linear unit: x where it is positive, else alpha (e^(x / alpha) - 1).
 *
 * See Barron 2017, "Continuously Differentiable Exponential Linear Units".
 *
 * @param x Array of real numbers of any shape.
 * @param rest alpha (1)
 * @returns An array of the shape and the float dtype of `x` (float32 for integers).
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.celu(np.array([-Infinity, 0, 3]), 2)) !== "[-2.  0.  3.]") throw new Error();
 * ```
 */
export function celu(
  x: ArrayLike,
  ...rest: [alpha?: ArrayLike | AlphaOptions, options?: AlphaOptions]
): JaxArray {
  return withParameter("celu", celuOf, x, "alpha", rest);
}

function withParameter(
  name: string,
  f: (x: JaxArray, parameter?: JaxArray) => JaxArray,
  x: ArrayLike,
  key: string,
  rest: readonly unknown[],
): JaxArray {
  const array = toArray(x, name), value = keywords(name, [key], rest)[key];
  return value === undefined ? f(array) : f(array, parameter(name, array, value as ArrayLike, 1));
}

const seluOf = staged("selu", (x) => {
  const alpha = 1.6732632423543772, scale = 1.0507009873554805;
  return np.multiply(float(scale), eluOf(x, float(alpha)));
});

/**
 * Scaled exponential linear unit: λ x where x is positive, else λ α (eˣ - 1), with λ = 1.0507... and α = 1.6732... such
 * that activations keep mean 0 and variance 1.
 *
 * See Klambauer et al. 2017, "Self-Normalizing Neural Networks".
 *
 * @param x Array of real numbers of any shape.
 * @returns An array of the shape and the float dtype of `x` (float32 for integers).
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.selu(np.array([-Infinity, 1]))) !== "[-1.7580993  1.050701 ]") throw new Error();
 * ```
 */
export function selu(x: ArrayLike): JaxArray {
  return seluOf(toArray(x, "selu"));
}

const hardTanhOf = staged("hard_tanh", (x) => {
  const above = np.greater(x, 1), below = np.less(x, -1);
  return np.where(above, 1n, np.where(below, -1n, x));
});

/**
 * x limited to [-1, 1].
 *
 * @param x Array of real numbers of any shape.
 * @returns An array of the shape and dtype of `x`.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.hardTanh(np.array([-3, 0.5, 2]))) !== "[-1.   0.5  1. ]") throw new Error();
 * ```
 */
export function hardTanh(x: ArrayLike): JaxArray {
  return hardTanhOf(toArray(x, "hard_tanh"));
}

const hardSigmoidOf = staged("hard_sigmoid", (x) => np.divide(relu6Of(np.add(x, float(3))), float(6)));

/**
 * The sigmoid in three straight pieces, relu6(x + 3) / 6.
 *
 * @param x Array of real numbers of any shape.
 * @returns An array of the shape and the float dtype of `x` (float32 for integers).
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.hardSigmoid(np.array([-3, 0, 3]))) !== "[0.  0.5 1. ]") throw new Error();
 * ```
 */
export function hardSigmoid(x: ArrayLike): JaxArray {
  return hardSigmoidOf(toArray(x, "hard_sigmoid"));
}

const hardSiluOf = staged("hard_silu", (x) => np.multiply(x, hardSigmoidOf(x)));

/**
 * {@linkcode silu} with the hard sigmoid, x relu6(x + 3) / 6. `hardSwish` is another name of it.
 *
 * @param x Array of real numbers of any shape.
 * @returns An array of the shape and the float dtype of `x` (float32 for integers).
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.hardSilu(np.array([-4, 0, 4]))) !== "[-0.  0.  4.]") throw new Error();
 * ```
 */
export function hardSilu(x: ArrayLike): JaxArray {
  return hardSiluOf(toArray(x, "hard_silu"));
}

export { hardSilu as hardSwish };
