/**
 * Operations on the bits of integers and floats, elementwise and without promotion.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import { type ArrayLike, toArray } from "../core/convert.ts";
import { type DTypeLike, requestedDType } from "../core/dtypes.ts";
import { P } from "../core/prims.ts";
import { staticInteger } from "../core/static.ts";
import { bind1 } from "../core/trace.ts";
import { integers, unary } from "./_bind.ts";

/**
 * Complement `~x`; logical on booleans.
 *
 * @param x Array of integers or booleans.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.bitwiseNot(new Int32Array([0, 5])).toArray(), [-1, -6]);
 * ```
 */
export function bitwiseNot(x: ArrayLike): JaxArray {
  return integers(P.not, x);
}

/**
 * `x & y`; logical on booleans.
 *
 * @param x Array of integers or booleans.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.bitwiseAnd(new Int32Array([5, 6]), new Int32Array([3, 4])).toArray(), [1, 4]);
 * ```
 */
export function bitwiseAnd(x: ArrayLike, y: ArrayLike): JaxArray {
  return integers(P.and, x, y);
}

/**
 * `x | y`; logical on booleans.
 *
 * @param x Array of integers or booleans.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.bitwiseOr(new Int32Array([5, 6]), new Int32Array([3, 4])).toArray(), [7, 6]);
 * ```
 */
export function bitwiseOr(x: ArrayLike, y: ArrayLike): JaxArray {
  return integers(P.or, x, y);
}

/**
 * `x ^ y`; logical on booleans.
 *
 * @param x Array of integers or booleans.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.bitwiseXor(new Int32Array([5, 6]), new Int32Array([3, 4])).toArray(), [6, 2]);
 * ```
 */
export function bitwiseXor(x: ArrayLike, y: ArrayLike): JaxArray {
  return integers(P.xor, x, y);
}

/**
 * `x << y`; 0 where `y` is not less than the bits of the dtype.
 *
 * @param x Array of integers.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.shiftLeft(new Int32Array([1, 3]), 4).toArray(), [16, 48]);
 * ```
 */
export function shiftLeft(x: ArrayLike, y: ArrayLike): JaxArray {
  return integers(P.shift_left, x, y);
}

/**
 * `x >> y`, copying the highest bit.
 *
 * @param x Array of integers.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.shiftRightArithmetic(new Int32Array([16, -16]), 2).toArray(), [4, -4]);
 * ```
 */
export function shiftRightArithmetic(x: ArrayLike, y: ArrayLike): JaxArray {
  return integers(P.shift_right_arithmetic, x, y);
}

/**
 * `x >>> y`, filling with zeros.
 *
 * @param x Array of integers.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.shiftRightLogical(new Int32Array([16, -1]), 28).toArray(), [0, 15]);
 * ```
 */
export function shiftRightLogical(x: ArrayLike, y: ArrayLike): JaxArray {
  return integers(P.shift_right_logical, x, y);
}

/**
 * Number of leading zero bits.
 *
 * @param x Array of integers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.clz(new Int32Array([1, 0, -1])).toArray(), [31, 32, 0]);
 * ```
 */
export function clz(x: ArrayLike): JaxArray {
  return integers(P.clz, x);
}

/**
 * Number of bits that are 1.
 *
 * @param x Array of integers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.populationCount(new Int32Array([7, -1])).toArray(), [3, 32]);
 * ```
 */
export function populationCount(x: ArrayLike): JaxArray {
  return integers(P.population_count, x);
}

/**
 * The same bits as elements of another dtype. To a narrower dtype, a last axis of the parts is added (low bits
 * first); to a wider one, the last axis, which must have just the parts of one element, goes.
 *
 * @param operand Array of integers or floats.
 * @param newDtype A dtype of integers or floats.
 * @throws {TypeError} For booleans and complex numbers. {ValueError} When the last axis does not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.bitcastConvertType(new Float32Array([1, -2]), "int32").toArray(), [0x3f800000, -0x40000000]);
 * assert.deepEqual(lax.bitcastConvertType(new Int32Array([16909060]), "int8").toArray(), [[4, 3, 2, 1]]);
 * ```
 */
export function bitcastConvertType(operand: ArrayLike, newDtype: DTypeLike): JaxArray {
  const dtype = requestedDType(newDtype, "bitcast_convert_type");
  return bind1(P.bitcast_convert_type, [toArray(operand, "bitcast_convert_type")], { newDtype: dtype });
}

/**
 * Rounds to a float format with fewer bits; the dtype stays.
 *
 * @param operand Array of floats.
 * @param exponentBits Bits of the exponent; at least 1.
 * @param mantissaBits Bits of the fraction; at least 0.
 * @throws {TypeError} For other dtypes. {ValueError} For numbers of bits that are too small.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.reducePrecision(new Float32Array([1.01, 3]), 8, 4).toArray(), [1, 3]);
 * ```
 */
export function reducePrecision(operand: ArrayLike, exponentBits: number, mantissaBits: number): JaxArray {
  return unary(P.reduce_precision, operand, {
    exponentBits: staticInteger(exponentBits, "exponent_bits of reduce_precision"),
    mantissaBits: staticInteger(mantissaBits, "mantissa_bits of reduce_precision"),
  });
}
