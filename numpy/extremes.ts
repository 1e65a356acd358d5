/**
 * Extremes and sums of exponentials of `jax.numpy`, elementwise with promotion and broadcasting.
 *
 * @module
 */
import { type ArrayLike, customJvp, type JaxArray, P, raw } from "../core/mod.ts";
import { literalLike, promote, promoteDTypes, promoteInexact } from "./convert.ts";
import { binary, call, compiled, type NoOptions, ordered } from "./_ufunc.ts";
import { select, where } from "./_where.ts";

/** x, with zeros where its real part is infinite. */
function replaceInfinite(x: JaxArray): JaxArray {
  const re = x.dtype.kind === "complex" ? raw.real(x) : x;
  return select(raw.eq(re, Infinity), raw.fullLike(x, 0), x);
}

/** The imaginary part moved into [-limit, limit]. */
function wrapImaginary(z: JaxArray, limit: number): JaxArray {
  const im = raw.imag(z), period = raw.like(im, 2 * limit);
  const shifted = raw.rem(raw.add(im, limit), period);
  const wrapped = select(raw.lt(shifted, 0), raw.add(shifted, period), shifted);
  return raw.complex(raw.real(z), raw.sub(wrapped, limit));
}

/** log(bᵖ + bᵠ) to the base b, whose natural logarithm is `lnBase`. */
function logAddExp(
  name: string,
  exponential: (x: JaxArray) => JaxArray,
  lnBase: number,
): (x: JaxArray, y: JaxArray) => JaxArray {
  const log1p = (x: JaxArray): JaxArray => lnBase === 1 ? raw.log1p(x) : raw.mul(1 / lnBase, raw.log1p(x));
  const sum = customJvp(Object.defineProperty(
    (x: JaxArray, y: JaxArray): JaxArray => {
      const larger = raw.max(x, y);
      if (x.dtype.kind === "complex") {
        const delta = raw.sub(raw.add(x, y), raw.mul(larger, 2));
        return wrapImaginary(raw.add(larger, log1p(exponential(delta))), Math.PI / lnBase);
      }
      const delta = raw.sub(x, y);
      // The difference is NaN for infinities of one sign, whose sum is right.
      return select(
        raw.ne(delta, delta),
        raw.add(x, y),
        raw.add(larger, log1p(exponential(raw.neg(raw.abs(delta))))),
      );
    },
    "name",
    { value: name },
  ));
  // d log(bᵖ + bᵠ) = bᵖ⁻ʳ dp + bᵠ⁻ʳ dq for the result r
  sum.defjvp(([x, y]: JaxArray[], [dx, dy]: JaxArray[]) => {
    const r = sum(x!, y!), rest = replaceInfinite(r);
    const share = (t: JaxArray, p: JaxArray): JaxArray =>
      raw.mul(t, exponential(raw.sub(replaceInfinite(p), rest)));
    return [r, raw.add(share(dx!, x!), share(dy!, y!))];
  });
  return sum;
}

const naturalSum = logAddExp("logaddexp", raw.exp, 1),
  binarySum = logAddExp("logaddexp2", raw.exp2, Math.LN2);
const logSum = compiled("logaddexp", ([x, y]) => {
  const [a, b] = promoteInexact("logaddexp", x!, y!) as [JaxArray, JaxArray];
  return naturalSum(a, b);
}, { inline: true });
const logSum2 = compiled("logaddexp2", ([x, y]) => {
  const [a, b] = promoteInexact("logaddexp2", x!, y!) as [JaxArray, JaxArray];
  return binarySum(a, b);
}, { inline: true });

/**
 * log(e^x1 + e^x2), without overflow in between.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.logaddexp(0, -Infinity)) !== "0.0") throw new Error();
 * ```
 */
export function logaddexp(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return call(logSum, "logaddexp", options, x1, x2);
}

/**
 * log₂(2^x1 + 2^x2), without overflow in between.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.logaddexp2(1, 1)) !== "2.0") throw new Error();
 * ```
 */
export function logaddexp2(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return call(logSum2, "logaddexp2", options, x1, x2);
}

/**
 * The larger one; NaN if either is. Complex numbers compare lexicographically.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.maximum(np.arange(4), 2)) !== "[2 2 2 3]") throw new Error();
 * ```
 */
export function maximum(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return binary("maximum", P.max, x1, x2, options);
}

/**
 * The smaller one; NaN if either is. Complex numbers compare lexicographically.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.minimum(np.arange(4), 2)) !== "[0 1 2 2]") throw new Error();
 * ```
 */
export function minimum(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return binary("minimum", P.min, x1, x2, options);
}

const largerNumber = compiled("fmax", ([x, y]) => {
  const [a, b] = promote("fmax", x!, y!) as [JaxArray, JaxArray];
  return where(raw.or(ordered(P.gt, a, b), raw.ne(b, b)), x!, y!);
});
const smallerNumber = compiled("fmin", ([x, y]) => {
  const [a, b] = promote("fmin", x!, y!) as [JaxArray, JaxArray];
  return where(raw.or(ordered(P.lt, a, b), raw.ne(b, b)), x!, y!);
});

/**
 * The larger one; where one is NaN the other.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fmax(np.array([1, NaN]), 0)) !== "[1. 0.]") throw new Error();
 * ```
 */
export function fmax(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return call(largerNumber, "fmax", options, x1, x2);
}

/**
 * The smaller one; where one is NaN the other.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fmin(np.array([-1, NaN]), 0)) !== "[-1.  0.]") throw new Error();
 * ```
 */
export function fmin(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return call(smallerNumber, "fmin", options, x1, x2);
}

const step = compiled("heaviside", ([x1, x2]) => {
  const [x, half] = promoteDTypes("heaviside", [x1!, x2!], "inexact") as [JaxArray, JaxArray];
  const zero = literalLike(x, 0), one = literalLike(x, 1);
  return where(raw.lt(x, zero), zero, where(raw.gt(x, zero), one, where(raw.ne(x, x), x, half)));
});

/**
 * The step function: 0 for negative x1, 1 for positive, and x2 at zero.
 *
 * @param x1 Array of real numbers.
 * @param x2 Array of real numbers, broadcast with `x1`.
 * @throws {TypeError} For complex numbers, and shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.heaviside(np.array([-1, 0, 2]), 0.5)) !== "[0.  0.5 1. ]") throw new Error();
 * ```
 */
export function heaviside(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return call(step, "heaviside", options, x1, x2);
}
