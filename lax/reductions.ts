/**
 * Functions of `jax.lax` that combine elements along axes: reductions, positions of extrema, cumulative operations.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import { type ArrayLike, toArray } from "../core/convert.ts";
import { type DTypeLike, requestedDType } from "../core/dtypes.ts";
import { bindReduce } from "../core/ops/reduce_computation.ts";
import type { Primitive } from "../core/primitive.ts";
import { P } from "../core/prims.ts";
import { unflatten } from "../core/pytree.ts";
import * as raw from "../core/raw.ts";
import { keywords, staticInteger, staticIntegers } from "../core/static.ts";
import { bind1 } from "../core/trace.ts";
import { type MonoidName, traceReduction } from "./_monoid.ts";

function reduceWith(primitive: Primitive, operand: ArrayLike, axes: readonly number[]): JaxArray {
  const x = toArray(operand, primitive.name);
  return bind1(primitive, [x], { axes: staticIntegers(axes, `the axes of ${primitive.name}`) });
}

/**
 * Sum over axes. Integers wrap; float16 and bfloat16 are added up in float32, float32 accurately at any length.
 *
 * @param operand array of numbers
 * @param axes which axes; not negative
 * @returns an array of the same dtype without these axes; 0 where there are no elements
 * @throws {TypeError} for booleans
 * @throws {ValueError} for an axis that is not there, or given twice
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(6).reshape(2, 3);
 * if (String(lax.reduceSum(x, [1])) !== "[ 3 12]") throw new Error();
 * ```
 */
export function reduceSum(operand: ArrayLike, axes: readonly number[]): JaxArray {
  return reduceWith(P.reduce_sum, operand, axes);
}

/**
 * Product over axes.
 *
 * @param operand array of numbers
 * @param axes which axes; not negative
 * @returns an array of the same dtype without these axes; 1 where there are no elements
 * @throws {TypeError} for booleans
 * @throws {ValueError} for an axis that is not there, or given twice
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * if (lax.reduceProd(np.array([2, 3, 4]), [0]).item() !== 24) throw new Error();
 * ```
 */
export function reduceProd(operand: ArrayLike, axes: readonly number[]): JaxArray {
  return reduceWith(P.reduce_prod, operand, axes);
}

/**
 * Greatest element over axes; NaN where there is one. Complex numbers compare by real, then imaginary part.
 *
 * @param operand array of any dtype but keys
 * @param axes which axes; not negative
 * @returns an array of the same dtype without these axes; the least number of the dtype where there are no elements
 * @throws {ValueError} for an axis that is not there, or given twice
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[1, 5, 2], [4, 3, 0]]);
 * if (String(lax.reduceMax(x, [0])) !== "[4. 5. 2.]") throw new Error();
 * ```
 */
export function reduceMax(operand: ArrayLike, axes: readonly number[]): JaxArray {
  return reduceWith(P.reduce_max, operand, axes);
}

/**
 * Least element over axes; NaN where there is one. Complex numbers compare by real, then imaginary part.
 *
 * @param operand array of any dtype but keys
 * @param axes which axes; not negative
 * @returns an array of the same dtype without these axes; the greatest number of the dtype where there are no elements
 * @throws {ValueError} for an axis that is not there, or given twice
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[1, 5, 2], [4, 3, 0]]);
 * if (String(lax.reduceMin(x, [1])) !== "[1. 0.]") throw new Error();
 * ```
 */
export function reduceMin(operand: ArrayLike, axes: readonly number[]): JaxArray {
  return reduceWith(P.reduce_min, operand, axes);
}

/**
 * Conjunction over axes, bitwise on integers.
 *
 * @param operand array of booleans or integers
 * @param axes which axes; not negative
 * @throws {TypeError} for other dtypes
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * if (lax.reduceAnd(np.array([true, false]), [0]).item<boolean>()) throw new Error();
 * ```
 */
export function reduceAnd(operand: ArrayLike, axes: readonly number[]): JaxArray {
  return reduceWith(P.reduce_and, operand, axes);
}

/**
 * Disjunction over axes, bitwise on integers.
 *
 * @param operand array of booleans or integers
 * @param axes which axes; not negative
 * @throws {TypeError} for other dtypes
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * if (lax.reduceOr(np.array([1n, 4n]), [0]).item() !== 5) throw new Error();
 * ```
 */
export function reduceOr(operand: ArrayLike, axes: readonly number[]): JaxArray {
  return reduceWith(P.reduce_or, operand, axes);
}

/**
 * Exclusive or over axes, bitwise on integers.
 *
 * @param operand array of booleans or integers
 * @param axes which axes; not negative
 * @throws {TypeError} for other dtypes
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * if (lax.reduceXor(np.array([1n, 5n]), [0]).item() !== 4) throw new Error();
 * ```
 */
export function reduceXor(operand: ArrayLike, axes: readonly number[]): JaxArray {
  return reduceWith(P.reduce_xor, operand, axes);
}

const reductions: Readonly<Record<MonoidName, Primitive>> = {
  add: P.reduce_sum,
  mul: P.reduce_prod,
  max: P.reduce_max,
  min: P.reduce_min,
  and: P.reduce_and,
  or: P.reduce_or,
  xor: P.reduce_xor,
};

/**
 * Reduces over axes with a computation. It must be associative, with the initial values as its identity.
 *
 * A computation that is one of add, mul, max, min, and, or, xor, with its identity, becomes that reduction.
 *
 * @typeParam T the operands: an array or a tree of equally shaped arrays
 * @param operands what is reduced
 * @param initValues a tree like the operands of 0-d arrays or numbers
 * @param computation combines two trees of 0-d arrays
 * @param dimensions the axes
 * @returns a tree like the operands
 * @throws {ValueError} when the trees differ
 * @throws {TypeError} when the dtypes differ, or the computation returns other types than it takes
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(1, 7).reshape(2, 3);
 * if (String(lax.reduce(x, 1, lax.mul, [1])) !== "[  6 120]") throw new Error();
 * ```
 */
export function reduce<T>(
  operands: T,
  initValues: unknown,
  // deno-lint-ignore no-explicit-any -- trees like the operands
  computation: (x: any, y: any) => unknown,
  dimensions: readonly number[],
): T {
  const axes = staticIntegers(dimensions, "the dimensions of reduce");
  const { operands: xs, inits, treedef, jaxpr, consts, monoid } = traceReduction(
    "reduce",
    operands,
    initValues,
    computation,
  );
  if (monoid !== null) {
    const out = bind1(reductions[monoid], xs, { axes });
    return unflatten(treedef, [raw.convert(out, out.dtype, xs[0]!.weakType && inits[0]!.weakType)]) as T;
  }
  const outs = bindReduce([...consts, ...xs, ...inits], {
    jaxpr,
    numConsts: consts.length,
    dimensions: axes,
  });
  return unflatten(treedef, [...outs]) as T;
}

type ArgRest = [
  axis?: number | { readonly axis?: number; readonly indexDtype?: DTypeLike },
  indexDtype?: DTypeLike | { readonly indexDtype?: DTypeLike },
];

function argExtremum(primitive: Primitive, operand: ArrayLike, rest: ArgRest): JaxArray {
  const { name } = primitive, { axis, indexDtype } = keywords(name, ["axis", "indexDtype"], rest);
  const x = toArray(operand, name);
  const dtype = requestedDType(indexDtype as DTypeLike, name);
  return bind1(primitive, [x], { axes: [staticInteger(axis, `the axis of ${name}`)], indexDtype: dtype });
}

/**
 * Position of the greatest element along an axis: the first one, or the first NaN.
 *
 * @param operand array of real numbers or booleans
 * @param axis which axis; not negative
 * @param indexDtype integer dtype of the result
 * @throws {ValueError} when the axis is not there or has no elements
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * if (lax.argmax(np.array([1, NaN, 3]), 0, np.int32).item() !== 1) throw new Error();
 * ```
 */
export function argmax(operand: ArrayLike, ...rest: ArgRest): JaxArray {
  return argExtremum(P.argmax, operand, rest);
}

/**
 * Position of the least element along an axis: the first one, or the first NaN.
 *
 * @param operand array of real numbers or booleans
 * @param axis which axis; not negative
 * @param indexDtype integer dtype of the result
 * @throws {ValueError} when the axis is not there or has no elements
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * if (lax.argmin(np.array([3, 1, 1]), 0, np.int32).item() !== 1) throw new Error();
 * ```
 */
export function argmin(operand: ArrayLike, ...rest: ArgRest): JaxArray {
  return argExtremum(P.argmin, operand, rest);
}

/** Options of the cumulative functions. */
export interface CumulativeOptions {
  /** The axis; 0 by default. */
  readonly axis?: number;
  /** Start from the end. */
  readonly reverse?: boolean;
}

type CumulativeRest = [axis?: number | CumulativeOptions, reverse?: boolean | CumulativeOptions];

function cumulative(primitive: Primitive, operand: ArrayLike, rest: CumulativeRest): JaxArray {
  const { name } = primitive, { axis = 0, reverse = false } = keywords(name, ["axis", "reverse"], rest);
  const x = toArray(operand, name);
  return bind1(primitive, [x], {
    axis: staticInteger(axis, `the axis of ${name}`),
    reverse: Boolean(reverse),
  });
}

/**
 * Cumulative sum along an axis.
 *
 * @param operand array of numbers
 * @returns an array of the same type: element i is the sum of elements 0 to i, or i to the last with `reverse`
 * @throws {ValueError} when the axis is not there; negative ones are not
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * if (String(lax.cumsum(np.arange(4))) !== "[0 1 3 6]") throw new Error();
 * if (String(lax.cumsum(np.arange(4), { reverse: true })) !== "[6 6 5 3]") throw new Error();
 * ```
 */
export function cumsum(operand: ArrayLike, ...rest: CumulativeRest): JaxArray {
  return cumulative(P.cumsum, operand, rest);
}

/**
 * Cumulative product along an axis. The arguments are those of {@linkcode cumsum}.
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * if (String(lax.cumprod(np.arange(1, 5))) !== "[ 1  2  6 24]") throw new Error();
 * ```
 */
export function cumprod(operand: ArrayLike, ...rest: CumulativeRest): JaxArray {
  return cumulative(P.cumprod, operand, rest);
}

/**
 * Cumulative maximum along an axis. The arguments are those of {@linkcode cumsum}.
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * if (String(lax.cummax(np.array([1, 3, 2]))) !== "[1. 3. 3.]") throw new Error();
 * ```
 */
export function cummax(operand: ArrayLike, ...rest: CumulativeRest): JaxArray {
  return cumulative(P.cummax, operand, rest);
}

/**
 * Cumulative minimum along an axis. The arguments are those of {@linkcode cumsum}.
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * if (String(lax.cummin(np.array([3, 1, 2]))) !== "[3. 1. 1.]") throw new Error();
 * ```
 */
export function cummin(operand: ArrayLike, ...rest: CumulativeRest): JaxArray {
  return cumulative(P.cummin, operand, rest);
}

/**
 * Cumulative log Σ eˣ along an axis, without overflow. The arguments are those of {@linkcode cumsum}.
 *
 * @throws {TypeError} for integers
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const y = lax.cumlogsumexp(np.array([1000, 1000])).toArray() as number[];
 * if (Math.abs(y[1]! - 1000 - Math.LN2) > 1e-4) throw new Error();
 * ```
 */
export function cumlogsumexp(operand: ArrayLike, ...rest: CumulativeRest): JaxArray {
  return cumulative(P.cumlogsumexp, operand, rest);
}
