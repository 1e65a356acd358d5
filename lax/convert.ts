/**
 * Conversions between dtypes, complex numbers and their parts, and functions that only steer transformations.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import { leafArray } from "../core/argument.ts";
import { type ArrayLike, isScalar, toArray } from "../core/convert.ts";
import { ConcreteArray, describe, scalarArray } from "../core/concrete.ts";
import { type DType, type DTypeLike, float64, int64, requestedDType } from "../core/dtypes.ts";
import { castScalar, type Scalar } from "../core/host.ts";
import { P } from "../core/prims.ts";
import { flatten, unflatten, type WithLeaves } from "../core/pytree.ts";
import { convert } from "../core/raw.ts";
import { bind, bind1 } from "../core/trace.ts";
import { nary, unary } from "./_bind.ts";

/** A literal as an element of a dtype: integers wrap, fractions are cut, anything but zero is true. */
function castLiteral(x: Scalar, dtype: DType): JaxArray {
  const integral = typeof x === "bigint" || typeof x === "boolean" || Number.isInteger(x);
  const value = integral ? castScalar(BigInt(x as number), int64, dtype) : castScalar(x, float64, dtype);
  return scalarArray(value, dtype);
}

/**
 * Converts to another dtype: integers wrap, floats are cut and saturate at the ends of integer dtypes (NaN gives
 * 0), complex numbers lose their imaginary part.
 *
 * @param operand Array.
 * @param newDtype The dtype, or its name.
 * @throws {ValueError} For random keys.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.convertElementType(new Float32Array([1.7, -1.7, 300]), "int8").toArray(), [1, -1, 127]);
 * ```
 */
export function convertElementType(operand: ArrayLike, newDtype: DTypeLike): JaxArray {
  const dtype = requestedDType(newDtype, "convert_element_type");
  if (isScalar(operand) && dtype.num >= 0) return castLiteral(operand, dtype);
  return convert(toArray(operand, "convert_element_type"), dtype);
}

/**
 * Complex numbers `x + iy` from their parts.
 *
 * @param x Array of float32 or float64: the real part.
 * @param y As `x`, of the same dtype; axes of size 1 and scalars stretch.
 * @throws {TypeError} For other dtypes, dtypes that differ, or shapes that do not fit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.complex(new Float32Array([1, 2]), 3).toArray(), [{ re: 1, im: 3 }, { re: 2, im: 3 }]);
 * ```
 */
export function complex(x: ArrayLike, y: ArrayLike): JaxArray {
  return nary(P.complex, x, y);
}

/**
 * Complex conjugate; real numbers become complex.
 *
 * @param x Array of complex numbers, float32 or float64.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.conj({ re: 1, im: 2 }).toArray(), { re: 1, im: -2 });
 * ```
 */
export function conj(x: ArrayLike): JaxArray {
  const operand = toArray(x, "conj");
  return bind1(P.conj, [operand], { inputDtype: operand.dtype });
}

/**
 * Real part.
 *
 * @param x Array of complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.real({ re: 1, im: 2 }).toArray(), 1);
 * ```
 */
export function real(x: ArrayLike): JaxArray {
  return unary(P.real, x);
}

/**
 * Imaginary part.
 *
 * @param x Array of complex numbers.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * assert.deepEqual(lax.imag({ re: 1, im: 2 }).toArray(), 2);
 * ```
 */
export function imag(x: ArrayLike): JaxArray {
  return unary(P.imag, x);
}

/** The arrays of the leaves of a tree. */
function leafArrays(
  tree: unknown,
  name: string,
): { arrays: JaxArray[]; rebuild: (outs: readonly JaxArray[]) => unknown } {
  const [leaves, treedef] = flatten(tree);
  const arrays = leaves.map((x) => {
    const array = leafArray(x);
    if (array === null) {
      throw new TypeError(`${name} requires a tree of arrays and numbers, got ${describe(x)}`);
    }
    return array;
  });
  return { arrays, rebuild: (outs) => unflatten(treedef, outs) };
}

/**
 * The same values, which differentiation takes for constants: their tangents are zero, to every order.
 *
 * @param x Tree of arrays.
 * @throws {TypeError} When a leaf is no array or number.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * import { grad } from "@jaxlet/jaxlet";
 *
 * const f = (x: number) => lax.mul(lax.stopGradient(x), x);
 * assert.equal(grad(f)(3).item(), 3);
 * ```
 */
export function stopGradient<T>(x: T): WithLeaves<T, JaxArray> {
  const { arrays, rebuild } = leafArrays(x, "stop_gradient");
  // Values that no transformation follows have no gradient to stop.
  const stop = (a: JaxArray): JaxArray =>
    a instanceof ConcreteArray || a.dtype.kind === "key" ? a : bind1(P.stop_gradient, [a]);
  return rebuild(arrays.map(stop)) as WithLeaves<T, JaxArray>;
}

/**
 * The same values; what uses them is evaluated after all of them.
 *
 * @param operand Tree of arrays.
 * @throws {TypeError} When a leaf is no array or number.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lax } from "@jaxlet/jaxlet";
 *
 * const [x, y] = lax.optimizationBarrier([new Float32Array([1]), new Float32Array([2])] as const);
 * assert.deepEqual([x.toArray(), y.toArray()], [[1], [2]]);
 * ```
 */
export function optimizationBarrier<T>(operand: T): WithLeaves<T, JaxArray> {
  const { arrays, rebuild } = leafArrays(operand, "optimization_barrier");
  return rebuild(arrays.length ? bind(P.optimization_barrier, arrays) : []) as WithLeaves<T, JaxArray>;
}
