/**
 * Comparisons, logic and classification of `jax.numpy`: elementwise functions that give booleans.
 *
 * @module
 */
import { type ArrayLike, bool_, type JaxArray, P, raw, ValueError } from "../core/mod.ts";
import { asarray, type NestedArrayLike } from "./arrays.ts";
import { constantLike, literalLike, promote, refuseOptions, toArray } from "./convert.ts";
import { binary, call, compiled, type NoOptions, ordered } from "./_ufunc.ts";
import { toBool } from "./_where.ts";

/**
 * Whether elements are equal.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.equal(np.arange(3), 1)) !== "[False  True False]") throw new Error();
 * ```
 */
export function equal(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return binary("equal", P.eq, x1, x2, options);
}

/**
 * Whether elements differ; NaN differs from everything.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.notEqual(np.arange(3), 1)) !== "[ True False  True]") throw new Error();
 * ```
 */
export function notEqual(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return binary("not_equal", P.ne, x1, x2, options);
}

/**
 * Whether x1 < x2. Complex numbers compare lexicographically.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.less(np.arange(3), 1)) !== "[ True False False]") throw new Error();
 * ```
 */
export function less(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("less", options);
  const [x, y] = promote("less", x1, x2) as [JaxArray, JaxArray];
  return ordered(P.lt, x, y);
}

/**
 * Whether x1 ≤ x2. Complex numbers compare lexicographically.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.lessEqual(np.arange(3), 1)) !== "[ True  True False]") throw new Error();
 * ```
 */
export function lessEqual(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("less_equal", options);
  const [x, y] = promote("less_equal", x1, x2) as [JaxArray, JaxArray];
  return ordered(P.le, x, y);
}

/**
 * Whether x1 > x2. Complex numbers compare lexicographically.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.greater(np.arange(3), 1)) !== "[False False  True]") throw new Error();
 * ```
 */
export function greater(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("greater", options);
  const [x, y] = promote("greater", x1, x2) as [JaxArray, JaxArray];
  return ordered(P.gt, x, y);
}

/**
 * Whether x1 ≥ x2. Complex numbers compare lexicographically.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.greaterEqual(np.arange(3), 1)) !== "[False  True  True]") throw new Error();
 * ```
 */
export function greaterEqual(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("greater_equal", options);
  const [x, y] = promote("greater_equal", x1, x2) as [JaxArray, JaxArray];
  return ordered(P.ge, x, y);
}

function logic(
  name: string,
  combine: (x: JaxArray, y: JaxArray) => JaxArray,
): (x1: unknown, x2: unknown, options: unknown) => JaxArray {
  return (x1, x2, options) => {
    if (options !== undefined) refuseOptions(name, options);
    const [x, y] = promote(name, x1, x2) as [JaxArray, JaxArray];
    return combine(toBool(x), toBool(y));
  };
}

const both = logic("logical_and", raw.and), either = logic("logical_or", raw.or);
const oneOf = logic("logical_xor", raw.xor);

/**
 * Whether both are true (not zero).
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.logicalAnd(np.arange(3), np.array([1, 1, 0]))) !== "[False  True False]") throw new Error();
 * ```
 */
export function logicalAnd(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return both(x1, x2, options);
}

/**
 * Whether either is true (not zero).
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.logicalOr(np.arange(3), np.array([1, 0, 0]))) !== "[ True  True  True]") throw new Error();
 * ```
 */
export function logicalOr(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return either(x1, x2, options);
}

/**
 * Whether exactly one is true (not zero).
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.logicalXor(np.arange(3), np.array([1, 1, 0]))) !== "[ True False  True]") throw new Error();
 * ```
 */
export function logicalXor(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return oneOf(x1, x2, options);
}

/**
 * Whether elements are zero or false.
 *
 * @param x Array.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.logicalNot(np.arange(3))) !== "[ True False False]") throw new Error();
 * ```
 */
export function logicalNot(x: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("logical_not", options);
  return raw.not(toBool(toArray(x, "logical_not")));
}

function constantBool(x: JaxArray, value: boolean): JaxArray {
  return raw.full(x.shape, value, bool_);
}

/**
 * Whether elements are neither infinite nor NaN.
 *
 * @param x Array.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.isfinite(np.array([1, Infinity, NaN]))) !== "[ True False False]") throw new Error();
 * ```
 */
export function isfinite(x: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("isfinite", options);
  const a = toArray(x, "isfinite");
  if (a.dtype.kind === "float") return raw.isFinite(a);
  if (a.dtype.kind !== "complex") return constantBool(a, true);
  return raw.and(raw.isFinite(raw.real(a)), raw.isFinite(raw.imag(a)));
}

const infinite = compiled("isinf", ([x]) => {
  const a = x!,
    isInfinite = (part: JaxArray): JaxArray => raw.eq(raw.abs(part), constantLike(part, Infinity));
  if (a.dtype.kind === "float") return isInfinite(a);
  return a.dtype.kind === "complex"
    ? raw.or(isInfinite(raw.real(a)), isInfinite(raw.imag(a)))
    : constantBool(a, false);
});

/**
 * Whether elements are infinite.
 *
 * @param x Array.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.isinf(np.array([1, -Infinity, NaN]))) !== "[False  True False]") throw new Error();
 * ```
 */
export function isinf(x: ArrayLike, options?: NoOptions): JaxArray {
  return call(infinite, "isinf", options, x);
}

/**
 * Whether elements are NaN.
 *
 * @param x Array.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.isnan(np.array([1, NaN]))) !== "[False  True]") throw new Error();
 * ```
 */
export function isnan(x: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("isnan", options);
  const a = toArray(x, "isnan");
  return raw.ne(a, a);
}

function isInfinity(name: string, x: unknown, infinity: number, options: unknown): JaxArray {
  if (options !== undefined) refuseOptions(name, options);
  const a = toArray(x, name);
  if (a.dtype.kind === "complex") {
    throw new ValueError("isposinf/isneginf are not well defined for complex types");
  }
  return a.dtype.kind === "float" ? raw.eq(a, constantLike(a, infinity)) : constantBool(a, false);
}

/**
 * Whether elements are positive infinity.
 *
 * @param x Array of real numbers.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.isposinf(np.array([1, Infinity]))) !== "[False  True]") throw new Error();
 * ```
 */
export function isposinf(x: ArrayLike, options?: NoOptions): JaxArray {
  return isInfinity("isposinf", x, Infinity, options);
}

/**
 * Whether elements are negative infinity.
 *
 * @param x Array of real numbers.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.isneginf(np.array([1, -Infinity]))) !== "[False  True]") throw new Error();
 * ```
 */
export function isneginf(x: ArrayLike, options?: NoOptions): JaxArray {
  return isInfinity("isneginf", x, -Infinity, options);
}

const imaginary = (x: JaxArray): JaxArray => x.dtype.kind === "complex" ? raw.imag(x) : raw.fullLike(x, 0);
const hasImaginary = compiled("iscomplex", ([x]) => raw.ne(imaginary(x!), literalLike(imaginary(x!), 0)));
const hasNoImaginary = compiled("isreal", ([x]) => raw.eq(imaginary(x!), literalLike(imaginary(x!), 0)));

/**
 * Whether elements have an imaginary part that is not zero.
 *
 * @param x Array.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.iscomplex(np.array([1, np.complex(1, 1)]))) !== "[False  True]") throw new Error();
 * ```
 */
export function iscomplex(x: ArrayLike, options?: NoOptions): JaxArray {
  return call(hasImaginary, "iscomplex", options, x);
}

/**
 * Whether elements have no imaginary part, or one that is zero.
 *
 * @param x Array.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.isreal(np.array([1, np.complex(1, 1)]))) !== "[ True False]") throw new Error();
 * ```
 */
export function isreal(x: ArrayLike, options?: NoOptions): JaxArray {
  return call(hasNoImaginary, "isreal", options, x);
}

/**
 * Whether a value is complex or an array of a complex dtype.
 *
 * @param x Array, scalar or nested JS arrays.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (!np.iscomplexobj(np.complex(1)) || np.iscomplexobj(1)) throw new Error();
 * ```
 */
export function iscomplexobj(x: unknown): boolean {
  return x !== null && asarray(x as NestedArrayLike).dtype.kind === "complex";
}

/**
 * Whether a value is not complex: {@linkcode iscomplexobj} is false.
 *
 * @param x Array, scalar or nested JS arrays.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (!np.isrealobj(1)) throw new Error();
 * ```
 */
export function isrealobj(x: unknown): boolean {
  return !iscomplexobj(x);
}
