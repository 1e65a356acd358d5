/**
 * Elementary functions of `jax.numpy`: exponentials, logarithms, roots and trigonometry, elementwise. Each is right to
 * about two units in the last place over its whole domain and NaN outside it.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, P, raw, realDType, ValueError } from "../core/mod.ts";
import { constantLike, literalLike, promoteInexact, refuseOptions, toArray } from "./convert.ts";
import { call, compiled, inexact, inexactBinary, inexactUnary, type NoOptions } from "./_ufunc.ts";
import { where } from "./_where.ts";

/**
 * The exponential function e^x.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.exp(0)) !== "1.0") throw new Error();
 * ```
 */
export function exp(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("exp", P.exp, x, options);
}

/**
 * The power of two 2^x.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.exp2(3)) !== "8.0") throw new Error();
 * ```
 */
export function exp2(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("exp2", P.exp2, x, options);
}

/**
 * e^x - 1, exact for small x.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.expm1(0)) !== "0.0") throw new Error();
 * ```
 */
export function expm1(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("expm1", P.expm1, x, options);
}

/**
 * The natural logarithm.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.log(1)) !== "0.0") throw new Error();
 * ```
 */
export function log(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("log", P.log, x, options);
}

/**
 * log(1 + x), exact for small x.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.log1p(0)) !== "0.0") throw new Error();
 * ```
 */
export function log1p(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("log1p", P.log1p, x, options);
}

const logarithm2 = compiled("log2", ([x]) => {
  const a = inexact("log2", x!);
  if (a.dtype.kind !== "complex") return raw.div(raw.log(a), raw.log(constantLike(a, 2)));
  const r = raw.log(a), re = raw.real(r), ln2 = raw.log(constantLike(re, 2));
  return raw.complex(raw.div(re, ln2), raw.div(raw.imag(r), ln2));
}, { inline: true });

/**
 * The logarithm to base 2.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.log2(8)) !== "3.0") throw new Error();
 * ```
 */
export function log2(x: ArrayLike, options?: NoOptions): JaxArray {
  return call(logarithm2, "log2", options, x);
}

const logarithm10 = compiled("log10", ([x]) => {
  const a = inexact("log10", x!), scale = raw.scalar(1 / Math.LN10, realDType(a.dtype)), r = raw.log(a);
  if (a.dtype.kind !== "complex") return raw.mul(r, scale);
  return raw.complex(raw.mul(raw.real(r), scale), raw.mul(raw.imag(r), scale));
}, { inline: true });

/**
 * The logarithm to base 10.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.log10(1)) !== "0.0") throw new Error();
 * ```
 */
export function log10(x: ArrayLike, options?: NoOptions): JaxArray {
  return call(logarithm10, "log10", options, x);
}

/**
 * The square root; of complex numbers the principal one.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.sqrt(9)) !== "3.0") throw new Error();
 * ```
 */
export function sqrt(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("sqrt", P.sqrt, x, options);
}

/**
 * The cube root.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.cbrt(-8)) !== "-2.0") throw new Error();
 * ```
 */
export function cbrt(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("cbrt", P.cbrt, x, options);
}

/**
 * The sine of an angle in radians.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.sin(0)) !== "0.0") throw new Error();
 * ```
 */
export function sin(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("sin", P.sin, x, options);
}

/**
 * The cosine of an angle in radians.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.cos(0)) !== "1.0") throw new Error();
 * ```
 */
export function cos(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("cos", P.cos, x, options);
}

/**
 * The tangent of an angle in radians.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.tan(0)) !== "0.0") throw new Error();
 * ```
 */
export function tan(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("tan", P.tan, x, options);
}

/**
 * The angle in [-π/2, π/2] with this sine.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.arcsin(0)) !== "0.0") throw new Error();
 * ```
 */
export function arcsin(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("arcsin", P.asin, x, options);
}

/**
 * The angle in [0, π] with this cosine.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.arccos(1)) !== "0.0") throw new Error();
 * ```
 */
export function arccos(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("arccos", P.acos, x, options);
}

/**
 * The angle in [-π/2, π/2] with this tangent.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.arctan(0)) !== "0.0") throw new Error();
 * ```
 */
export function arctan(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("arctan", P.atan, x, options);
}

/**
 * The angle in [-π, π] of the point (x2, x1), in radians.
 *
 * @param x1 Array of real numbers: the second coordinate.
 * @param x2 Array of real numbers: the first coordinate.
 * @throws {TypeError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.arctan2(0, 1)) !== "0.0") throw new Error();
 * ```
 */
export function arctan2(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return inexactBinary("arctan2", P.atan2, x1, x2, options);
}

/**
 * The hyperbolic sine.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.sinh(0)) !== "0.0") throw new Error();
 * ```
 */
export function sinh(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("sinh", P.sinh, x, options);
}

/**
 * The hyperbolic cosine.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.cosh(0)) !== "1.0") throw new Error();
 * ```
 */
export function cosh(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("cosh", P.cosh, x, options);
}

/**
 * The hyperbolic tangent.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.tanh(0)) !== "0.0") throw new Error();
 * ```
 */
export function tanh(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("tanh", P.tanh, x, options);
}

/**
 * The inverse of the hyperbolic sine.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.arcsinh(0)) !== "0.0") throw new Error();
 * ```
 */
export function arcsinh(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("arcsinh", P.asinh, x, options);
}

const inverseCosh = compiled("arccosh", ([x]) => {
  const y = raw.acosh(inexact("arccosh", x!));
  // NumPy's branch for complex numbers has a real part that is not negative.
  return y.dtype.kind === "complex" ? where(raw.lt(raw.real(y), 0), raw.neg(y), y) : y;
});

/**
 * The inverse of the hyperbolic cosine, not negative.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.arccosh(1)) !== "0.0") throw new Error();
 * ```
 */
export function arccosh(x: ArrayLike, options?: NoOptions): JaxArray {
  return call(inverseCosh, "arccosh", options, x);
}

/**
 * The inverse of the hyperbolic tangent.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.arctanh(0)) !== "0.0") throw new Error();
 * ```
 */
export function arctanh(x: ArrayLike, options?: NoOptions): JaxArray {
  return inexactUnary("arctanh", P.atanh, x, options);
}

/**
 * Degrees as radians.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.deg2rad(0)) !== "0.0") throw new Error();
 * ```
 */
export function deg2rad(x: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("deg2rad", options);
  const a = inexact("deg2rad", toArray(x, "deg2rad"));
  return raw.mul(a, literalLike(a, Math.PI / 180));
}

/**
 * Radians as degrees.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.rad2deg(Math.PI)) !== "180.0") throw new Error();
 * ```
 */
export function rad2deg(x: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("rad2deg", options);
  const a = inexact("rad2deg", toArray(x, "rad2deg"));
  return raw.mul(a, literalLike(a, 180 / Math.PI));
}

/** √(a² + b²) = p √(1 + (q/p)²) for p = max(|a|, |b|): squares of a and b themselves would overflow. */
const hypotenuse = compiled("hypot", ([x, y]) => {
  const [a, b] = promoteInexact("hypot", x!, y!) as [JaxArray, JaxArray];
  if (a.dtype.kind === "complex") {
    throw new ValueError(
      "jnp.hypot is not well defined for complex-valued inputs. Please convert to real values first, such as by using " +
        "abs(x)",
    );
  }
  const p = raw.abs(a), q = raw.abs(b), infinite = raw.or(raw.eq(p, Infinity), raw.eq(q, Infinity));
  const large = raw.max(p, q), small = raw.min(p, q), isZero = raw.eq(large, 0);
  const ratio = raw.div(small, where(isZero, raw.fullLike(large, 1), large));
  const root = raw.sqrt(raw.add(1, raw.square(ratio)));
  const result = where(isZero, large, raw.mul(large, root));
  return where(infinite, literalLike(result, Infinity), result);
});

/**
 * √(x1² + x2²), without overflow in between.
 *
 * @param x1 Array of real numbers.
 * @param x2 Array of real numbers.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.hypot(3, 4)) !== "5.0") throw new Error();
 * ```
 */
export function hypot(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return call(hypotenuse, "hypot", options, x1, x2);
}

export {
  arccos as acos,
  arccosh as acosh,
  arcsin as asin,
  arcsinh as asinh,
  arctan as atan,
  arctan2 as atan2,
  arctanh as atanh,
  deg2rad as radians,
  rad2deg as degrees,
};
