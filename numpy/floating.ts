/**
 * Parts and neighbours of floating point numbers.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  bool_,
  customJvp,
  type DType,
  finfo,
  float16,
  int16,
  int32,
  int64,
  isInexact,
  isInteger,
  type JaxArray,
  namedJit,
  P,
  raw,
  ValueError,
} from "../core/mod.ts";
import { constantLike, literalLike, promoteInexact, refuseOptions, toArray, toArrays } from "./convert.ts";
import { call, compiled, inexact, inexactBinary, type NoOptions } from "./_ufunc.ts";
import { where } from "./_where.ts";

/** The signed integer dtype with as many bits as a float dtype. */
function integerOf(dtype: DType): DType {
  return dtype.bits === 16 ? int16 : dtype.bits === 32 ? int32 : int64;
}

function bitcast(x: JaxArray, newDtype: DType): JaxArray {
  return bind1(P.bitcast_convert_type, [x], { newDtype });
}

const negativeSign = compiled("signbit", ([x]) => {
  const a = x!, { dtype } = a;
  if (isInteger(dtype)) return raw.lt(a, constantLike(a, 0));
  if (dtype === bool_) return raw.full(a.shape, false, bool_);
  if (dtype.kind !== "float") throw new ValueError(`jax.numpy.signbit is not well defined for ${dtype.name}`);
  return raw.lt(bitcast(a, integerOf(dtype)), raw.scalar(dtype.bits === 64 ? 0n : 0, integerOf(dtype)));
});

/**
 * Whether the sign is negative, of -0 too.
 *
 * @param x Array of real numbers.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.signbit(np.array([-0, 0, 1]))) !== "[ True False False]") throw new Error();
 * ```
 */
export function signbit(x: ArrayLike, options?: NoOptions): JaxArray {
  return call(negativeSign, "signbit", options, x);
}

const withSign = compiled("copysign", ([x, y]) => {
  const [a, b] = promoteInexact("copysign", x!, y!) as [JaxArray, JaxArray];
  if (a.dtype.kind === "complex") throw new TypeError("copysign does not support complex-valued inputs");
  const magnitude = raw.abs(a);
  return where(negativeSign([b])[0]!, raw.neg(magnitude), magnitude);
});

/**
 * The magnitude of x1 with the sign of x2.
 *
 * @param x1 Array of real numbers.
 * @param x2 Array of real numbers, broadcast with `x1`.
 * @throws {TypeError} For complex numbers, and shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.copysign(np.array([1, 2]), -1)) !== "[-1. -2.]") throw new Error();
 * ```
 */
export function copysign(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return call(withSign, "copysign", options, x1, x2);
}

/**
 * The next floating point number after x1 towards x2.
 *
 * @param x1 Array of real numbers.
 * @param x2 Array of real numbers, broadcast with `x1`.
 * @throws {TypeError} For complex numbers, and shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.nextafter(1, 2).item() !== 1 + 2 ** -23) throw new Error();
 * ```
 */
export function nextafter(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return inexactBinary("nextafter", P.nextafter, x1, x2, options);
}

const gap = compiled("spacing", ([x]) => {
  const a = inexact("spacing", x!);
  if (a.dtype.kind === "complex") throw new ValueError("jnp.spacing is not defined for complex inputs.");
  const next = (to: JaxArray): JaxArray => raw.sub(bind1(P.nextafter, [a, to]), a);
  if (a.dtype === float16) return next(literalLike(a, Infinity));
  const result = next(withSign([literalLike(a, Infinity), a])[0]!);
  const least = constantLike(a, finfo(a.dtype).smallestSubnormal);
  return where(raw.eq(result, 0), withSign([least, a])[0]!, result);
}, { inline: true });

/**
 * The distance to the next floating point number away from zero.
 *
 * @param x Array of real numbers.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.spacing(1).item() !== 2 ** -23) throw new Error();
 * ```
 */
export function spacing(x: ArrayLike, options?: NoOptions): JaxArray {
  return call(gap, "spacing", options, x);
}

/** The bits of a number that is not subnormal, and by what power of two it was scaled to be so. */
function normalBits(x: JaxArray): [bits: JaxArray, exponent: JaxArray] {
  const { smallestNormal, nmant } = finfo(x.dtype), type = integerOf(x.dtype);
  const subnormal = raw.lt(raw.abs(x), raw.like(x, smallestNormal));
  const scaled = where(subnormal, raw.mul(x, raw.like(x, 2 ** nmant)), x);
  return [bitcast(scaled, type), where(subnormal, raw.scalar(-nmant, type), raw.scalar(0, type))];
}

const split = customJvp(function _frexp(x: JaxArray): [JaxArray, JaxArray] {
  const { nexp, nmant, minexp } = finfo(x.dtype), mask = 2 ** nexp - 1, bias = 1 - minexp;
  const [bits, shift] = normalBits(x), { dtype } = bits;
  const word = (n: bigint): JaxArray => raw.scalar(dtype === int64 ? n : Number(n), dtype);
  const field = raw.and(raw.shiftRightArithmetic(bits, word(BigInt(nmant))), word(BigInt(mask)));
  const exponent = raw.add(shift, raw.add(field, word(BigInt(1 - bias))));
  const cleared = raw.and(bits, word(~(BigInt(mask) << BigInt(nmant))));
  const mantissa = bitcast(raw.or(cleared, word(BigInt(bias - 1) << BigInt(nmant))), x.dtype);
  const special = raw.or(raw.not(raw.isFinite(x)), raw.eq(x, 0));
  return [where(special, x, mantissa), raw.convert(where(special, raw.like(exponent, 0), exponent), int32)];
});
// The exponent is piecewise constant: dm = 2⁻ᵉ dx.
split.defjvp(([x]: JaxArray[], [dx]: JaxArray[]) => {
  const [m, e] = split(x!);
  return [[m, e], [raw.mul(dx!, raw.exp2(raw.neg(raw.convert(e, dx!.dtype)))), e]];
});

const mantissaAndExponent = namedJit("frexp", ([x]): JaxArray[] => {
  const a = inexact("frexp", x!);
  if (a.dtype.kind === "complex") throw new TypeError("frexp does not support complex-valued inputs");
  return split(a);
});

/**
 * Mantissa and exponent: x = m · 2^e with 1/2 ≤ |m| < 1.
 *
 * @param x Array of real numbers.
 * @returns The mantissa in the dtype of `x`, and the exponent as int32.
 * @throws {TypeError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [m, e] = np.frexp(np.array([3, 8]));
 * if (String(m) !== "[0.75 0.5 ]" || String(e) !== "[2 4]") throw new Error();
 * ```
 */
export function frexp(x: ArrayLike, options?: NoOptions): [mantissa: JaxArray, exponent: JaxArray] {
  if (options !== undefined) refuseOptions("frexp", options);
  return mantissaAndExponent([toArray(x, "frexp")]) as [JaxArray, JaxArray];
}

const scaledByPower = compiled("ldexp", ([x1, x2]) => {
  if (x1!.dtype.kind === "complex" || isInexact(x2!.dtype)) {
    throw new ValueError(`ldexp not supported for input types (${x1!.dtype.name}, ${x2!.dtype.name})`);
  }
  const x = inexact("ldexp", x1!), shift = raw.convert(x2!, x.dtype);
  // The exponent is taken out first, so that a small x with a large shift does not overflow in between.
  const [m, e] = split(x);
  const sum = raw.add(raw.convert(e, x.dtype), shift);
  // An exponent that is too large by one can still have a finite result.
  const mantissa = where(raw.gt(sum, 0), raw.mul(m, 2), m),
    power = where(raw.gt(sum, 0), raw.sub(sum, 1), sum);
  const result = raw.mul(mantissa, raw.exp2(power));
  return where(raw.or(raw.eq(raw.abs(x), Infinity), raw.eq(x, 0)), x, result);
});

/**
 * x1 · 2^x2.
 *
 * @param x1 Array of real numbers.
 * @param x2 Array of integers, broadcast with `x1`.
 * @throws {ValueError} For complex numbers, or a second operand that is no integer.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.ldexp(np.array([1, 1.5]), 2)) !== "[4. 6.]") throw new Error();
 * ```
 */
export function ldexp(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("ldexp", options);
  const exponents = typeof x2 === "number" && Number.isInteger(x2) ? BigInt(x2) : x2;
  return scaledByPower(toArrays("ldexp", x1, exponents))[0]!;
}

const parts = namedJit("modf", ([x]): JaxArray[] => {
  const a = inexact("modf", x!), whole = where(raw.ge(a, 0), raw.floor(a), raw.ceil(a));
  return [raw.sub(a, whole), whole];
});

/**
 * Fractional and integer part, both with the sign of x.
 *
 * @param x Array of real numbers.
 * @throws {TypeError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [fraction, whole] = np.modf(np.array([1.5, -2.25]));
 * if (String(fraction) !== "[ 0.5  -0.25]" || String(whole) !== "[ 1. -2.]") throw new Error();
 * ```
 */
export function modf(x: ArrayLike, options?: NoOptions): [fraction: JaxArray, whole: JaxArray] {
  if (options !== undefined) refuseOptions("modf", options);
  return parts([toArray(x, "modf")]) as [JaxArray, JaxArray];
}
