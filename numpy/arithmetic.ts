/**
 * Arithmetic of `jax.numpy`, elementwise with promotion and broadcasting.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  bool_,
  isInexact,
  isInteger,
  JaxArray,
  namedJit,
  P,
  raw,
} from "../core/mod.ts";
import {
  promote,
  promoteDTypes,
  promoteNumeric,
  promoteShapes,
  refuseOptions,
  toArray,
  toArrays,
} from "./convert.ts";
import { binary, call, compiled, inexact, inexactBinary, type NoOptions } from "./_ufunc.ts";
import { select, where } from "./_where.ts";

/**
 * The sum; of booleans whether either is true.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.add(np.arange(3), 10)) !== "[10 11 12]") throw new Error();
 * ```
 */
export function add(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("add", options);
  const operands = promote("add", x1, x2);
  return bind1(operands[0]!.dtype === bool_ ? P.or : P.add, operands);
}

/**
 * The difference.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For booleans, and shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.subtract(np.arange(3), 1)) !== "[-1  0  1]") throw new Error();
 * ```
 */
export function subtract(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return binary("subtract", P.sub, x1, x2, options);
}

/**
 * The product; of booleans whether both are true.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.multiply(np.arange(3), 2)) !== "[0 2 4]") throw new Error();
 * ```
 */
export function multiply(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("multiply", options);
  const operands = promote("multiply", x1, x2);
  return bind1(operands[0]!.dtype === bool_ ? P.and : P.mul, operands);
}

/**
 * The quotient, as floats or complex numbers.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.trueDivide(np.arange(3), 2)) !== "[0.  0.5 1. ]") throw new Error();
 * ```
 */
export function trueDivide(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return inexactBinary("true_divide", P.div, x1, x2, options);
}

/** CPython's `float_divmod`: the remainder has the sign of the divisor, and the quotient is exact. */
function floatDivmod(x: JaxArray, y: JaxArray): [JaxArray, JaxArray] {
  const mod = raw.rem(x, y);
  const quotient = raw.div(where(raw.eq(y, 0), x, raw.sub(x, mod)), y);
  const adjust = raw.and(raw.ne(mod, 0), raw.ne(raw.sign(y), raw.sign(mod)));
  const rounded = select(adjust, raw.sub(quotient, 1), quotient);
  return [bind1(P.round, [rounded], { roundingMethod: 0 }), select(adjust, raw.add(mod, y), mod)];
}

function refuseComplex(name: string, x: JaxArray): void {
  if (x.dtype.kind === "complex") throw new TypeError(`${name} does not support complex-valued inputs`);
}

const floorQuotient = compiled("floor_divide", ([x1, x2]) => {
  const [x, y] = promoteNumeric("floor_divide", x1!, x2!) as [JaxArray, JaxArray];
  refuseComplex("floor_divide", x);
  if (isInexact(x.dtype)) return floatDivmod(x, y)[0];
  const quotient = raw.div(x, y);
  if (x.dtype.kind === "uint") return quotient;
  const inexactly = raw.and(raw.ne(raw.sign(x), raw.sign(y)), raw.ne(raw.rem(x, y), 0));
  return where(inexactly, raw.sub(quotient, 1), quotient);
});

/**
 * The greatest integer not above the quotient; integers stay integers.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For complex numbers, and shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.floorDivide(np.array([7n, -7n]), 2)) !== "[ 3 -4]") throw new Error();
 * ```
 */
export function floorDivide(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return call(floorQuotient, "floor_divide", options, x1, x2);
}

const floorRemainder = compiled("remainder", ([x1, x2]) => {
  const [x, divisor] = promoteNumeric("remainder", x1!, x2!) as [JaxArray, JaxArray];
  const y = isInteger(divisor.dtype) ? where(raw.eq(divisor, 0), raw.fullLike(divisor, 1), divisor) : divisor;
  const truncated = raw.rem(x, y), notZero = raw.ne(truncated, 0);
  const other = raw.ne(raw.lt(truncated, 0), raw.lt(y, 0));
  return select(raw.and(other, notZero), raw.add(truncated, y), truncated);
});

/**
 * The remainder of {@linkcode floorDivide}: it has the sign of the divisor.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For complex numbers, and shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.remainder(np.array([7n, -7n]), 3)) !== "[1 2]") throw new Error();
 * ```
 */
export function remainder(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return call(floorRemainder, "remainder", options, x1, x2);
}

const quotientAndRemainder = namedJit("divmod", ([x1, x2]): JaxArray[] => {
  const [x, y] = promoteNumeric("divmod", x1!, x2!) as [JaxArray, JaxArray];
  refuseComplex("divmod", x);
  return isInexact(x.dtype) ? floatDivmod(x, y) : [floorQuotient([x, y])[0]!, floorRemainder([x, y])[0]!];
});

/**
 * Quotient and remainder of the division that rounds down.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @returns `[np.floorDivide(x1, x2), np.remainder(x1, x2)]`.
 * @throws {TypeError} For complex numbers, and shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [q, r] = np.divmod(np.array([7n, -7n]), 2);
 * if (String(q) !== "[ 3 -4]" || String(r) !== "[1 1]") throw new Error();
 * ```
 */
export function divmod(
  x1: ArrayLike,
  x2: ArrayLike,
  options?: NoOptions,
): [quotient: JaxArray, remainder: JaxArray] {
  if (options !== undefined) refuseOptions("divmod", options);
  return quotientAndRemainder(toArrays("divmod", x1, x2)) as [JaxArray, JaxArray];
}

const truncatedRemainder = compiled("fmod", ([x, divisor]) => {
  const integers = isInteger(promoteDTypes("fmod", [x!, divisor!])[0]!.dtype);
  const y = integers ? where(raw.eq(divisor!, 0), raw.fullLike(divisor!, 1), divisor!) : divisor!;
  return bind1(P.rem, promoteNumeric("fmod", x!, y));
});

/**
 * The remainder of the division that rounds towards zero: it has the sign of the dividend.
 *
 * @param x1 Array or scalar.
 * @param x2 Array or scalar, broadcast with `x1`.
 * @throws {TypeError} For complex numbers, and shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fmod(np.array([7n, -7n]), 3)) !== "[ 1 -1]") throw new Error();
 * ```
 */
export function fmod(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return call(truncatedRemainder, "fmod", options, x1, x2);
}

/** Bits of an exponent that matter: a power with more of them overflows for every base but 0, 1 and -1. */
const EXPONENT_BITS = 6;

/** xⁿ by repeated squaring. */
function integerPower(x: JaxArray, n: JaxArray): JaxArray {
  const zero = raw.like(n, 0), one = raw.like(n, 1);
  let result = where(raw.and(raw.eq(x, zero), raw.ne(n, zero)), zero, one);
  let base = x, exponent = n;
  for (let bit = 0; bit < EXPONENT_BITS; bit++) {
    result = where(raw.and(exponent, one), raw.mul(result, base), result);
    base = raw.mul(base, base);
    exponent = raw.shiftRightLogical(exponent, one);
  }
  return result;
}

const generalPower = compiled("_power", ([x1, x2]) => {
  const [x, y] = promoteShapes("power", [x1!, x2!]) as [JaxArray, JaxArray];
  const [a, b] = promoteDTypes("power", [x, y], "numeric") as [JaxArray, JaxArray];
  if (!isInexact(a.dtype)) return integerPower(a, b);
  // An integer exponent stays one: then the derivative exists at x = 0 too.
  return isInexact(x.dtype) && isInteger(y.dtype) ? raw.pow(x, y) : raw.pow(a, b);
}, { inline: true });

/** An exponent that is an integer known now, or undefined. */
function staticExponent(y: unknown): number | undefined {
  if (typeof y === "number") return Number.isInteger(y) ? y : undefined;
  if (typeof y === "bigint") return Number(y);
  if (!(y instanceof JaxArray) || y.ndim !== 0 || !isInteger(y.dtype)) return undefined;
  return y.concrete() === null ? undefined : Number(y.item<number | bigint>());
}

/**
 * x1 to the power x2. An integer exponent that is known (`2`, `3n`) multiplies, which is exact for integers.
 *
 * @param x1 Array or scalar: the base.
 * @param x2 Array or scalar: the exponent.
 * @throws {TypeError} For integers to a negative power, and shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.power(np.arange(4), 2)) !== "[0 1 4 9]") throw new Error();
 * ```
 */
export function power(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("power", options);
  const exponent = staticExponent(x2);
  if (exponent === undefined) return generalPower(toArrays("power", x1, x2))[0]!;
  const x = promoteDTypes("power", [toArray(x1, "power")], "numeric")[0]!;
  return raw.integerPow(x, exponent);
}

/**
 * x1 to the power x2, as floats or complex numbers.
 *
 * @param x1 Array or scalar: the base.
 * @param x2 Array or scalar: the exponent.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.floatPower(np.arange(3), 2)) !== "[0. 1. 4.]") throw new Error();
 * ```
 */
export function floatPower(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return inexactBinary("float_power", P.pow, x1, x2, options);
}

/**
 * The negation.
 *
 * @param x Array of numbers.
 * @throws {TypeError} For booleans.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.negative(np.arange(3))) !== "[ 0 -1 -2]") throw new Error();
 * ```
 */
export function negative(x: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("negative", options);
  return raw.neg(toArray(x, "negative"));
}

/**
 * The array itself.
 *
 * @param x Array.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.positive(np.arange(3))) !== "[0 1 2]") throw new Error();
 * ```
 */
export function positive(x: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("positive", options);
  return toArray(x, "positive");
}

/**
 * The absolute value; of complex numbers the modulus, a float.
 *
 * @param x Array.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.absolute(np.array([-1.5, 2]))) !== "[1.5 2. ]") throw new Error();
 * ```
 */
export function absolute(x: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("absolute", options);
  const a = toArray(x, "absolute");
  return a.dtype === bool_ || a.dtype.kind === "uint" ? a : raw.abs(a);
}

/**
 * The absolute value, as floats.
 *
 * @param x Array of real numbers.
 * @throws {TypeError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fabs(np.array([-1n, 2n]))) !== "[1. 2.]") throw new Error();
 * ```
 */
export function fabs(x: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("fabs", options);
  const a = toArray(x, "fabs");
  if (a.dtype.kind === "complex") throw new TypeError("ufunc 'fabs' does not support complex dtypes");
  return raw.abs(inexact("fabs", a));
}

/**
 * -1, 0 or 1 by the sign; z / |z| for complex numbers.
 *
 * @param x Array of numbers.
 * @throws {TypeError} For booleans.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.sign(np.array([-3, 0, 2]))) !== "[-1.  0.  1.]") throw new Error();
 * ```
 */
export function sign(x: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("sign", options);
  return raw.sign(toArray(x, "sign"));
}

/**
 * The square.
 *
 * @param x Array.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.square(np.arange(3))) !== "[0 1 4]") throw new Error();
 * ```
 */
export function square(x: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("square", options);
  return raw.square(promoteDTypes("square", [toArray(x, "square")], "numeric")[0]!);
}

/**
 * 1 / x, as floats or complex numbers.
 *
 * @param x Array.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.reciprocal(np.array([2, 4]))) !== "[0.5  0.25]") throw new Error();
 * ```
 */
export function reciprocal(x: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("reciprocal", options);
  return raw.integerPow(inexact("reciprocal", toArray(x, "reciprocal")), -1);
}

export { absolute as abs, power as pow, remainder as mod, trueDivide as divide };
