/**
 * How accurate the functions of `kernel/math` are: the largest error measured, in units in the last place.
 *
 * Measured against mpmath on some 10⁵ arguments of each function (float32 also against float64 on 3·10⁵), with `madd` rounding
 * once and twice; `tests/kernel/math_test.ts` holds the functions to these numbers on the arguments of its fixture, which
 * contains the worst ones found. Subnormal arguments and results are included.
 *
 * @module
 */

/** The accuracy of one function. */
export interface Accuracy {
  /** The function's name in `kernel/scalar.ts`. */
  readonly name: string;
  /** Arguments it is measured for; elsewhere the result is NaN or infinite. */
  readonly domain: string;
  /** Largest error in float32, in units in the last place. */
  readonly float32: number;
  /** Largest error in float64, in units in the last place. */
  readonly float64: number;
}

/**
 * The functions of real numbers. For `lgamma` and `digamma`, which have zeros that no float is close to, errors of results
 * smaller than 1 are in units in the last place of 1.
 */
export const ACCURACY: readonly Accuracy[] = [
  { name: "exp", domain: "all", float32: 1.0, float64: 1.1 },
  { name: "exp2", domain: "all", float32: 1.1, float64: 1.1 },
  { name: "expm1", domain: "all", float32: 1.3, float64: 1.1 },
  { name: "logistic", domain: "all", float32: 1.2, float64: 1.1 },
  { name: "log", domain: "x > 0", float32: 0.9, float64: 0.8 },
  { name: "log1p", domain: "x > -1", float32: 0.8, float64: 0.8 },
  { name: "sin", domain: "all", float32: 1, float64: 1 },
  { name: "cos", domain: "all", float32: 1, float64: 1 },
  { name: "tan", domain: "all", float32: 1.3, float64: 1.3 },
  { name: "asin", domain: "|x| <= 1", float32: 0.7, float64: 0.6 },
  { name: "acos", domain: "|x| <= 1", float32: 1.1, float64: 1.1 },
  { name: "atan", domain: "all", float32: 1.4, float64: 1.3 },
  { name: "atan2", domain: "all", float32: 1.4, float64: 1.3 },
  { name: "sinh", domain: "all", float32: 1.6, float64: 1.6 },
  { name: "cosh", domain: "all", float32: 1.4, float64: 1.3 },
  { name: "tanh", domain: "all", float32: 1.3, float64: 1.3 },
  { name: "asinh", domain: "all", float32: 1.2, float64: 1.1 },
  { name: "acosh", domain: "x >= 1", float32: 1.6, float64: 1.5 },
  { name: "atanh", domain: "|x| < 1", float32: 1.7, float64: 1.5 },
  { name: "cbrt", domain: "all", float32: 0.7, float64: 0.7 },
  { name: "rsqrt", domain: "x > 0", float32: 1.5, float64: 1.5 },
  { name: "pow", domain: "x > 0, or integer y", float32: 1.2, float64: 1.3 },
  { name: "hypot", domain: "all", float32: 1.2, float64: 1.2 },
  { name: "erf", domain: "all", float32: 1.3, float64: 1.0 },
  { name: "erfc", domain: "x < 9 (float32), x < 26 (float64)", float32: 4.0, float64: 4.7 },
  { name: "erfInv", domain: "|x| < 1", float32: 3.5, float64: 4.3 },
  { name: "lgamma", domain: "-20 < x", float32: 3.7, float64: 2.3 },
  { name: "digamma", domain: "-20 < x", float32: 6.1, float64: 6.3 },
  { name: "besselI0e", domain: "all", float32: 6.5, float64: 6.2 },
  { name: "besselI1e", domain: "all", float32: 13.1, float64: 9.9 },
];
