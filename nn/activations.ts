/**
 * Smooth activations of `jax.nn`: sigmoids, softplus and what is made of them, elementwise.
 *
 * @module
 */
import {
  type ArrayLike,
  castScalar,
  defaultFloat,
  errors,
  float64,
  isInexact,
  type JaxArray,
  keywords,
  namedJit,
  raw,
  scalarArray,
  staticInteger,
  toArray,
  toInexact,
  tuple,
} from "../core/mod.ts";
import * as lax from "../lax/mod.ts";
import * as np from "../numpy/mod.ts";
import { float, parameter, staged, stagedWith, withTangent } from "./_staged.ts";

export { tanh } from "../numpy/mod.ts";

const identityOf = staged("identity", (x) => x);

/**
 * The argument itself.
 *
 * @param x Array of any shape and dtype.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.identity(np.arange(3))) !== "[0 1 2]") throw new Error();
 * ```
 */
export function identity(x: ArrayLike): JaxArray {
  return identityOf(toArray(x, "identity"));
}

/**
 * The logistic function, 1 / (1 + e⁻ˣ).
 *
 * @param x Array of floats or complex numbers of any shape.
 * @returns An array of the shape and dtype of `x`.
 * @throws {TypeError} For integers and booleans, and for values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.sigmoid(np.array([-Infinity, 0, Infinity]))) !== "[0.  0.5 1. ]") throw new Error();
 * ```
 */
export function sigmoid(x: ArrayLike): JaxArray {
  return lax.logistic(x);
}

const sparseSigmoidOf = staged(
  "sparse_sigmoid",
  (x) => np.multiply(float(0.5), np.clip(np.add(x, float(1)), float(0), float(2))),
);

/**
 * The sigmoid that reaches 0 at -1 and 1 at 1, straight between: the derivative of {@linkcode sparsePlus}.
 *
 * See Blondel et al. 2019, "Learning with Fenchel-Young Losses", section 6.2.
 *
 * @param x Array of real numbers of any shape.
 * @returns An array of the shape and the float dtype of `x` (float32 for integers).
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.sparseSigmoid(np.array([-2, 0, 0.5, 2]))) !== "[0.   0.5  0.75 1.  ]") throw new Error();
 * ```
 */
export function sparseSigmoid(x: ArrayLike): JaxArray {
  return sparseSigmoidOf(toArray(x, "sparse_sigmoid"));
}

const siluOf = staged("silu", (x) => np.multiply(x, sigmoid(x)));

/**
 * Sigmoid linear unit, x sigmoid(x). `swish` is another name of it.
 *
 * @param x Array of floats or complex numbers of any shape.
 * @returns An array of the shape and dtype of `x`.
 * @throws {TypeError} For integers and booleans, and for values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.silu(np.array([0, 100]))) !== "[  0. 100.]") throw new Error();
 * ```
 */
export function silu(x: ArrayLike): JaxArray {
  return siluOf(toArray(x, "silu"));
}

export { silu as swish };

const softplusOf = staged("softplus", (x) => np.logaddexp(x, 0));

/**
 * log(1 + eˣ).
 *
 * @param x Array of numbers of any shape.
 * @returns An array of the shape and the inexact dtype of `x` (float32 for integers).
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.softplus(np.array([-Infinity, 0, 100]))) !== "[  0.          0.6931472 100.       ]") throw new Error();
 * ```
 */
export function softplus(x: ArrayLike): JaxArray {
  return softplusOf(toArray(x, "softplus"));
}

const logSigmoidOf = staged("log_sigmoid", (x) => np.negative(softplusOf(np.negative(x))));

/**
 * log(sigmoid(x)), without loss of accuracy where the sigmoid underflows.
 *
 * @param x Array of numbers of any shape.
 * @returns An array of the shape and the inexact dtype of `x` (float32 for integers).
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.logSigmoid(np.array([-200, 200]))) !== "[-200.   -0.]") throw new Error();
 * ```
 */
export function logSigmoid(x: ArrayLike): JaxArray {
  return logSigmoidOf(toArray(x, "log_sigmoid"));
}

const sparsePlusOf = staged("sparse_plus", (x) => {
  const below = np.lessEqual(x, float(-1)), above = np.greaterEqual(x, float(1));
  const y = np.add(x, float(1));
  return np.where(below, float(0), np.where(above, x, np.divide(np.power(y, 2), 4)));
});

/**
 * Softplus that is 0 below -1 and x above 1: (x + 1)² / 4 between.
 *
 * @param x Array of real numbers of any shape.
 * @returns An array of the shape and the float dtype of `x` (float32 for integers).
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.sparsePlus(np.array([-2, 0, 2]))) !== "[0.   0.25 2.  ]") throw new Error();
 * ```
 */
export function sparsePlus(x: ArrayLike): JaxArray {
  return sparsePlusOf(toArray(x, "sparse_plus"));
}

const softSignOf = staged("soft_sign", (x) => np.divide(x, np.add(np.abs(x), 1)));

/**
 * x / (|x| + 1).
 *
 * @param x Array of numbers of any shape.
 * @returns An array of the shape and the inexact dtype of `x` (float32 for integers).
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.softSign(np.array([-1, 0, 3]))) !== "[-0.5   0.    0.75]") throw new Error();
 * ```
 */
export function softSign(x: ArrayLike): JaxArray {
  return softSignOf(toArray(x, "soft_sign"));
}

const squareplusOf = stagedWith("squareplus", (x, b) => {
  const y = np.add(x, np.sqrt(np.add(np.square(x), b ?? 4)));
  return np.divide(y, 2);
});

/** Options of {@linkcode squareplus}. */
export interface SquareplusOptions {
  /** How smooth it is; a number or an array that broadcasts with x. */
  readonly b?: ArrayLike;
}

/**
 * (x + √(x² + b)) / 2.
 *
 * See Barron 2021, "Squareplus: A Softplus-Like Algebraic Rectifier".
 *
 * @param x Array of numbers of any shape.
 * @param rest b (4)
 * @returns An array of the inexact dtype of `x` (float32 for integers), of the shape to which both broadcast.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.squareplus(np.array([0, 1.5]))) !== "[1. 2.]") throw new Error();
 * ```
 */
export function squareplus(
  x: ArrayLike,
  ...rest: [b?: ArrayLike | SquareplusOptions, options?: SquareplusOptions]
): JaxArray {
  const array = toArray(x, "squareplus"), { b } = keywords("squareplus", ["b"], rest);
  return b === undefined
    ? squareplusOf(array)
    : squareplusOf(array, parameter("squareplus", array, b as ArrayLike, 1));
}

const mishOf = staged("mish", (x) => np.multiply(x, np.tanh(softplusOf(x))));

/**
 * x tanh(softplus(x)).
 *
 * See Misra 2019, "Mish: A Self Regularized Non-Monotonic Activation Function".
 *
 * @param x Array of numbers of any shape.
 * @returns An array of the shape and the inexact dtype of `x` (float32 for integers).
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.mish(np.array([0, 50]))) !== "[ 0. 50.]") throw new Error();
 * ```
 */
export function mish(x: ArrayLike): JaxArray {
  return mishOf(toArray(x, "mish"));
}

/** A constant of the dtype of x, never weak. */
function constant(x: JaxArray, value: number): JaxArray {
  return scalarArray(castScalar(value, float64, x.dtype), x.dtype);
}

const geluOf = namedJit("gelu", ([argument], approximate: boolean): JaxArray[] => {
  const given = argument!;
  const x = isInexact(given.dtype) ? given : raw.convert(given, toInexact(given.dtype), given.weakType);
  if (!approximate) {
    const half = np.multiply(float(0.5), x);
    const erfc = raw.erfc(np.multiply(np.negative(x), constant(x, Math.SQRT1_2)));
    return [np.array(np.multiply(half, erfc), x.dtype)];
  }
  const inner = np.add(x, np.multiply(float(0.044715), np.power(x, 3)));
  const tanh = np.tanh(np.multiply(constant(x, Math.sqrt(2 / Math.PI)), inner));
  return [np.multiply(x, np.multiply(float(0.5), np.add(float(1), tanh)))];
}, { inline: true });

/** Options of {@linkcode gelu}. */
export interface GeluOptions {
  /** Whether to use the approximation by tanh (the default). */
  readonly approximate?: boolean;
}

/**
 * Gaussian error linear unit: x Φ(x) with the normal distribution function, x erfc(-x / √2) / 2, or by default its
 * approximation x (1 + tanh(√(2 / π) (x + 0.044715 x³))) / 2.
 *
 * See Hendrycks and Gimpel 2016, "Gaussian Error Linear Units".
 *
 * @param x Array of numbers of any shape; complex ones only with the approximation.
 * @param rest approximate (true)
 * @returns An array of the shape and the inexact dtype of `x` (float32 for integers).
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.gelu(np.array([-50, 0, 50]))) !== "[-0.  0. 50.]") throw new Error();
 * if (Math.abs(Number(nn.gelu(1, { approximate: false }).item()) - 0.8413447) > 1e-6) throw new Error();
 * ```
 */
export function gelu(
  x: ArrayLike,
  ...rest: [approximate?: boolean | GeluOptions, options?: GeluOptions]
): JaxArray {
  const { approximate = true } = keywords("gelu", ["approximate"], rest);
  return geluOf([toArray(x, "gelu")], Boolean(approximate))[0]!;
}

const gluOf = namedJit("glu", ([x], axis: number): JaxArray[] => {
  const [values, gates] = np.split(x!, 2, { axis }) as [JaxArray, JaxArray];
  return [np.multiply(values, sigmoid(gates))];
});

/** Options of {@linkcode glu}. */
export interface GluOptions {
  /** The axis that is halved. */
  readonly axis?: number;
}

/**
 * Gated linear unit: the first half of an axis times the sigmoid of the second half.
 *
 * @param x Array of floats of at least one axis, of even size.
 * @param rest axis (-1)
 * @returns An array of half the size along the axis.
 * @throws {AssertionError} For an axis of odd size.
 * @throws {IndexError} For an axis that is not there.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.glu(np.array([2, 4, 0, 100]))) !== "[1. 4.]") throw new Error();
 * ```
 */
export function glu(x: ArrayLike, ...rest: [axis?: number | GluOptions, options?: GluOptions]): JaxArray {
  const array = toArray(x, "glu");
  const axis = staticInteger(keywords("glu", ["axis"], rest).axis ?? -1, "axis argument to glu()");
  const size = array.shape.at(axis);
  if (size === undefined || axis < -array.ndim) {
    throw new errors.IndexError(
      `glu: axis ${axis} is out of range for an array of shape ${tuple(array.shape)}`,
    );
  }
  if (size % 2 !== 0) {
    throw new errors.AssertionError(
      `axis size must be divisible by 2, got axis ${axis} of ${array.aval}`,
    );
  }
  return gluOf([array], axis)[0]!;
}

// d log(1 - e⁻ˣ) = dx / (eˣ - 1)
const log1mexpOf = withTangent("log1mexp", (x) => {
  const ln2 = np.log(scalarArray(2, defaultFloat(), true));
  const near = np.less(x, ln2);
  return np.where(
    near,
    np.log(np.negative(np.expm1(np.negative(x)))),
    np.log1p(np.negative(np.exp(np.negative(x)))),
  );
}, (t, x) => np.divide(t, np.expm1(x)));

/**
 * log(1 - e⁻ˣ) for x ≥ 0, accurate near 0 and far from it.
 *
 * See Mächler 2012, "Accurately Computing log(1 - exp(-|a|))".
 *
 * @param x Array of numbers of any shape, not negative; elsewhere NaN.
 * @returns An array of the shape and the inexact dtype of `x` (float32 for integers).
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.log1mexp(np.array([0, Infinity]))) !== "[-inf  -0.]") throw new Error();
 * ```
 */
export function log1mexp(x: ArrayLike): JaxArray {
  return log1mexpOf(toArray(x, "log1mexp"));
}
