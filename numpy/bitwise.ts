/**
 * Operations on the bits of integers, and logic of booleans, elementwise.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  broadcastArrays,
  isInteger,
  type JaxArray,
  P,
  type Primitive,
  raw,
  uint8,
  ValueError,
} from "../core/mod.ts";
import { whileLoop } from "../lax/mod.ts";
import { promoteDTypes, refuseOptions, toIntegerArrays } from "./convert.ts";
import { absolute, floorDivide, multiply } from "./arithmetic.ts";
import { callIntegers, compiled, integerBinary, type NoOptions, shift } from "./_ufunc.ts";
import { where } from "./_where.ts";

/**
 * The bits that are set in both; of booleans whether both are true.
 *
 * @param x1 Array or scalar of integers or booleans.
 * @param x2 Array or scalar of integers or booleans, broadcast with `x1`.
 * @throws {TypeError} For floats and complex numbers, and shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.bitwiseAnd(np.arange(4), 2)) !== "[0 0 2 2]") throw new Error();
 * ```
 */
export function bitwiseAnd(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return integerBinary("bitwise_and", P.and, x1, x2, options);
}

/**
 * The bits that are set in either; of booleans whether either is true.
 *
 * @param x1 Array or scalar of integers or booleans.
 * @param x2 Array or scalar of integers or booleans, broadcast with `x1`.
 * @throws {TypeError} For floats and complex numbers, and shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.bitwiseOr(np.arange(4), 2)) !== "[2 3 2 3]") throw new Error();
 * ```
 */
export function bitwiseOr(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return integerBinary("bitwise_or", P.or, x1, x2, options);
}

/**
 * The bits that are set in exactly one; of booleans whether exactly one is true.
 *
 * @param x1 Array or scalar of integers or booleans.
 * @param x2 Array or scalar of integers or booleans, broadcast with `x1`.
 * @throws {TypeError} For floats and complex numbers, and shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.bitwiseXor(np.arange(4), 2)) !== "[2 3 0 1]") throw new Error();
 * ```
 */
export function bitwiseXor(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return integerBinary("bitwise_xor", P.xor, x1, x2, options);
}

/**
 * All bits flipped; of booleans the negation.
 *
 * @param x Array or scalar of integers or booleans.
 * @throws {TypeError} For floats and complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.invert(np.arange(3))) !== "[-1 -2 -3]") throw new Error();
 * ```
 */
export function invert(x: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("invert", options);
  return raw.not(toIntegerArrays("invert", x)[0]!);
}

/**
 * Bits shifted to the left: x1 · 2^x2.
 *
 * @param x1 Array or scalar of integers.
 * @param x2 Array or scalar of integers: by how many bits.
 * @throws {TypeError} For floats and complex numbers, and shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.leftShift(np.arange(3), 2)) !== "[0 4 8]") throw new Error();
 * ```
 */
export function leftShift(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return shift("left_shift", () => P.shift_left, x1, x2, options);
}

/**
 * Bits shifted to the right: ⌊x1 / 2^x2⌋. Signed integers keep their sign.
 *
 * @param x1 Array or scalar of integers.
 * @param x2 Array or scalar of integers: by how many bits.
 * @throws {TypeError} For floats and complex numbers, and shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.rightShift(np.array([8n, -8n]), 2)) !== "[ 2 -2]") throw new Error();
 * ```
 */
export function rightShift(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  const primitiveOf = ({ dtype }: JaxArray): Primitive =>
    dtype.kind === "uint" ? P.shift_right_logical : P.shift_right_arithmetic;
  return shift("right_shift", primitiveOf, x1, x2, options);
}

const setBits = compiled("bitwise_count", ([x]) => {
  const a = promoteDTypes("bitwise_count", [x!], "numeric")[0]!;
  return raw.convert(bind1(P.population_count, [absolute(a)]), uint8);
});

/**
 * How many bits of the absolute value are set, as uint8.
 *
 * @param x Array or scalar of integers.
 * @throws {TypeError} For floats and complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.bitwiseCount(np.arange(4))) !== "[0 1 1 2]") throw new Error();
 * ```
 */
export function bitwiseCount(x: ArrayLike, options?: NoOptions): JaxArray {
  return callIntegers(setBits, "bitwise_count", options, x);
}

function integers(name: string, xs: readonly JaxArray[]): [JaxArray, JaxArray] {
  const [x, y] = promoteDTypes(name, xs) as [JaxArray, JaxArray];
  if (!isInteger(x.dtype)) throw new ValueError(`Arguments to jax.numpy.${name} must be integers.`);
  return broadcastArrays([absolute(x), absolute(y)]) as [JaxArray, JaxArray];
}

/** Euclid's algorithm, on all elements until none has a remainder. */
const commonDivisor = compiled("gcd", (xs) => {
  const [result] = whileLoop(
    ([, y]: [JaxArray, JaxArray]) => bind1(P.reduce_or, [raw.ne(y, 0)], { axes: y.shape.map((_, i) => i) }),
    ([x, y]: [JaxArray, JaxArray]): [JaxArray, JaxArray] => {
      const more = raw.ne(y, 0), rest = raw.selectN(more, raw.fullLike(y, 0), raw.rem(x, y));
      return [raw.selectN(more, x, y), rest];
    },
    integers("gcd", xs),
  );
  return result;
});

const commonMultiple = compiled("lcm", (xs) => {
  const [x, y] = integers("lcm", xs), divisor = commonDivisor([x, y])[0]!;
  return where(raw.eq(divisor, 0), raw.like(divisor, 0), multiply(x, floorDivide(y, divisor)));
});

/**
 * The greatest common divisor.
 *
 * @param x1 Array or scalar of integers.
 * @param x2 Array or scalar of integers, broadcast with `x1`.
 * @throws {ValueError} For other dtypes.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.gcd(np.array([12n, 18n]), 8)) !== "[4 2]") throw new Error();
 * ```
 */
export function gcd(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return callIntegers(commonDivisor, "gcd", options, x1, x2);
}

/**
 * The least common multiple.
 *
 * @param x1 Array or scalar of integers.
 * @param x2 Array or scalar of integers, broadcast with `x1`.
 * @throws {ValueError} For other dtypes.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.lcm(np.array([4n, 6n]), 10)) !== "[20 30]") throw new Error();
 * ```
 */
export function lcm(x1: ArrayLike, x2: ArrayLike, options?: NoOptions): JaxArray {
  return callIntegers(commonMultiple, "lcm", options, x1, x2);
}

export {
  invert as bitwiseInvert,
  invert as bitwiseNot,
  leftShift as bitwiseLeftShift,
  rightShift as bitwiseRightShift,
};
