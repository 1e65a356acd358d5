/**
 * Functions of `jax.numpy` for cumulative sums and products.
 *
 * @module
 */
import {
  bind1,
  bool_,
  canonicalAxis,
  checkOptions,
  type CumulativeOptions,
  type DType,
  type DTypeLike,
  isBool,
  type JaxArray,
  keywords,
  namedJit,
  P,
  type Primitive,
  raw,
  staticInteger,
  ValueError,
} from "../core/mod.ts";
import { accumulatorDType, flat, isNaNMask, optionalDType, type OrOptions, refuseOut } from "./_arguments.ts";
import { type ArrayLike, toArray } from "./convert.ts";
import { where as select } from "./_where.ts";

/** What elements are combined by, and what stands for NaN (null: NaN itself). */
interface Kind {
  readonly primitive: Primitive;
  readonly fill: number | null;
  readonly promoteIntegers: boolean;
}

/** Cumulative results along an axis, of the flat array without one. */
function cumulate(a: JaxArray, axis: number | null, dtype: DType | null, kind: Kind): JaxArray {
  let x = axis === null || (a.ndim === 0 && a.weakType) ? flat(a) : a;
  const along = canonicalAxis(axis ?? 0, x.ndim);
  if (kind.fill !== null) x = select(isNaNMask(x), raw.scalar(kind.fill, x.dtype), x);
  const widened = kind.promoteIntegers || isBool(x.dtype);
  const result = dtype ?? (widened ? accumulatorDType(x.dtype) : x.dtype);
  if (result === bool_ && !isBool(x.dtype)) x = raw.ne(x, 0);
  const computation = result === bool_ ? accumulatorDType(result) : result;
  const out = bind1(kind.primitive, [raw.convert(x, computation)], { axis: along, reverse: false });
  return raw.convert(out, result);
}

type Cumulate = (
  xs: readonly JaxArray[],
  axis: number | null,
  dtype: DType | null,
) => readonly JaxArray[];

function compiled(name: string, kind: Kind): Cumulate {
  return namedJit(
    name,
    ([x], axis: number | null, dtype: DType | null) => [cumulate(x!, axis, dtype, kind)],
  );
}

const sums = { primitive: P.cumsum, fill: null, promoteIntegers: false };
const products = { primitive: P.cumprod, fill: null, promoteIntegers: false };
const cumsumCall = compiled("cumsum", sums);
const cumprodCall = compiled("cumprod", products);
const nancumsumCall = compiled("nancumsum", { ...sums, fill: 0 });
const nancumprodCall = compiled("nancumprod", { ...products, fill: 1 });
const cumulativeSumCall = compiled("_cumsum_with_promotion", { ...sums, promoteIntegers: true });

type CumulativeRest = OrOptions<
  [axis?: number | null, dtype?: DTypeLike | null, out?: null],
  CumulativeOptions
>;

function call(name: string, f: Cumulate, a: unknown, rest: readonly unknown[]): JaxArray {
  const { axis, dtype, out } = keywords(name, ["axis", "dtype", "out"], rest);
  refuseOut(out, name);
  const along = axis === undefined || axis === null ? null : staticInteger(axis, `the axis of ${name}`);
  return f([toArray(a, name)], along, optionalDType(dtype, name))[0]!;
}

/**
 * Cumulative sum along an axis: element i is the sum of elements 0 to i.
 *
 * @param a an array of any shape and numeric dtype; booleans are added as integers
 * @param rest axis (null, the default: the flat array); dtype to compute and return (that of `a`); out (not supported)
 * @returns an array of the shape of `a`, or with one axis of its size
 * @throws {ValueError} when the axis is not there
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[1, 2], [3, 4]]);
 * if (String(np.cumsum(x)) !== "[ 1.  3.  6. 10.]") throw new Error();
 * if (String(np.cumsum(x, { axis: 0 })) !== "[[1. 2.]\n [4. 6.]]") throw new Error();
 * ```
 */
export function cumsum(a: ArrayLike, ...rest: CumulativeRest): JaxArray {
  return call("cumsum", cumsumCall, a, rest);
}

/**
 * Cumulative product along an axis. The arguments and errors are those of {@linkcode cumsum}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.cumprod(np.arange(1, 5))) !== "[ 1  2  6 24]") throw new Error();
 * ```
 */
export function cumprod(a: ArrayLike, ...rest: CumulativeRest): JaxArray {
  return call("cumprod", cumprodCall, a, rest);
}

/**
 * Cumulative sum along an axis, with 0 in the place of NaN. The arguments and errors are those of {@linkcode cumsum}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.nancumsum(np.array([1, NaN, 2]))) !== "[1. 1. 3.]") throw new Error();
 * ```
 */
export function nancumsum(a: ArrayLike, ...rest: CumulativeRest): JaxArray {
  return call("nancumsum", nancumsumCall, a, rest);
}

/**
 * Cumulative product along an axis, with 1 in the place of NaN. The arguments and errors are those of
 * {@linkcode cumsum}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.nancumprod(np.array([2, NaN, 3]))) !== "[2. 2. 6.]") throw new Error();
 * ```
 */
export function nancumprod(a: ArrayLike, ...rest: CumulativeRest): JaxArray {
  return call("nancumprod", nancumprodCall, a, rest);
}

/** Options of {@linkcode cumulativeSum} and {@linkcode cumulativeProd}. */
export interface CumulativeInitialOptions {
  /** The axis; it may be left out for an array with one. */
  readonly axis?: number | null;
  /** The dtype to compute and return. */
  readonly dtype?: DTypeLike | null;
  /** Begin with the result of no elements, so that the axis grows by one. */
  readonly includeInitial?: boolean;
}

function cumulative(
  [name, noun]: readonly [name: string, noun: string],
  x: unknown,
  options: CumulativeInitialOptions,
  [f, initial]: readonly [f: Cumulate, initial: number],
): JaxArray {
  checkOptions(name, options, ["axis", "dtype", "includeInitial"]);
  const a = toArray(x, name);
  if (a.ndim === 0) {
    throw new ValueError(
      `The input must be non-scalar to take a cumulative ${noun}, however a scalar value or scalar array was given.`,
    );
  }
  const given = options.axis ?? null;
  if (given === null && a.ndim > 1) {
    throw new ValueError(
      `The input array has rank ${a.ndim}, however axis was not set to an explicit value. The axis argument is only ` +
        `optional for one-dimensional arrays.`,
    );
  }
  const axis = canonicalAxis(given ?? 0, a.ndim);
  const out = f([a], axis, optionalDType(options.dtype, name))[0]!;
  if (!options.includeInitial) return out;
  const first = raw.full(a.shape.map((n, i) => i === axis ? 1 : n), initial, out.dtype);
  return raw.concatenate([first, out], axis);
}

/**
 * Cumulative sum along an axis, of the array API. Narrow integers are added in the default integer dtype.
 *
 * @param x an array with at least one axis, of a numeric dtype
 * @returns an array of the shape of `x`; with `includeInitial` one longer, beginning with 0
 * @throws {ValueError} for a scalar, for several axes and none given, and when the axis is not there
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.cumulativeSum(np.arange(4), { includeInitial: true })) !== "[0 0 1 3 6]") throw new Error();
 * ```
 */
export function cumulativeSum(x: ArrayLike, options: CumulativeInitialOptions = {}): JaxArray {
  return cumulative(["cumulative_sum", "sum"], x, options, [cumulativeSumCall, 0]);
}

const plainProducts: Cumulate = ([x], axis, dtype) => [cumulate(x!, axis, dtype, products)];

/**
 * Cumulative product along an axis, of the array API. The arguments and errors are those of {@linkcode cumulativeSum}.
 *
 * @returns an array of the shape of `x`; with `includeInitial` one longer, beginning with 1
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.cumulativeProd(np.arange(1, 4))) !== "[1 2 6]") throw new Error();
 * ```
 */
export function cumulativeProd(x: ArrayLike, options: CumulativeInitialOptions = {}): JaxArray {
  return cumulative(["cumulative_prod", "product"], x, options, [plainProducts, 1]);
}
