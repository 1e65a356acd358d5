/**
 * The methods of arrays that are functions of `jax.numpy`: `x.sum(0)` is `np.sum(x, 0)`. They are declared here and
 * given to arrays by `numpy/`, so that core does not depend on it.
 *
 * Optional arguments may be given in JAX's order or in one options object at the end. What a function raises is
 * written at the function.
 *
 * @module
 */
import type { JaxArray } from "./array.ts";
import type { ArrayLike } from "./convert.ts";
import type { DTypeLike } from "./dtypes.ts";

/** Axes to work along: one, several, or all (null). */
export type Axis = number | readonly number[] | null;

/** Options of the reductions. */
export interface ReduceOptions {
  /** The axes to reduce; null (the default) for all. */
  readonly axis?: Axis;
  /** Keep the reduced axes with size 1. */
  readonly keepdims?: boolean;
  /** Which elements count. */
  readonly where?: ArrayLike | null;
  /** Not supported: arrays are immutable. */
  readonly out?: null;
}

/** Options of `max` and `min`. */
export interface ExtremumOptions extends ReduceOptions {
  /** A value to compare all results with; needed for empty arrays and with `where`. */
  readonly initial?: ArrayLike | null;
}

/** Options of `sum` and `prod`. */
export interface SumOptions extends ExtremumOptions {
  /** The dtype to accumulate and return. */
  readonly dtype?: DTypeLike | null;
  /** Whether narrow integers are accumulated in the default integer dtype (the default). */
  readonly promoteIntegers?: boolean;
}

/** Options of `mean`. */
export interface MeanOptions extends ReduceOptions {
  /** The dtype to compute and return. */
  readonly dtype?: DTypeLike | null;
}

/** Options of `var` and `std`. */
export interface VarianceOptions extends MeanOptions {
  /** Subtracted from the number of elements in the divisor. */
  readonly ddof?: number;
  /** Another name of `ddof`. */
  readonly correction?: number | null;
}

/** Options of `argmax` and `argmin`. */
export interface ArgOptions {
  readonly axis?: number | null;
  readonly keepdims?: boolean | null;
  readonly out?: null;
}

/** Options of `sort` and `argsort`. */
export interface SortOptions {
  readonly axis?: number | null;
  readonly stable?: boolean;
  readonly descending?: boolean;
  readonly kind?: string | null;
  readonly order?: null;
}

/** Options of `cumsum` and `cumprod`. */
export interface CumulativeOptions {
  readonly axis?: number | null;
  readonly dtype?: DTypeLike | null;
  readonly out?: null;
}

/** Options of `take`. */
export interface TakeOptions {
  readonly axis?: number | null;
  /** Out of bounds: `"fill"` (the default), `"clip"` or `"wrap"`. */
  readonly mode?: string | null;
  readonly uniqueIndices?: boolean;
  readonly indicesAreSorted?: boolean;
  readonly fillValue?: ArrayLike | null;
  readonly out?: null;
}

/** Options of `dot`. */
export interface DotOptions {
  readonly precision?: string | null;
  readonly preferredElementType?: DTypeLike | null;
}

/** An optional argument, or the options in its place. */
type Or<T, O> = T | O;

/** What arrays can do by functions of `jax.numpy`. */
export interface ArrayMethods {
  /** `x + y`, elementwise with promotion and broadcasting, as all operators. */
  add(y: ArrayLike): JaxArray;
  /** `x - y`. */
  sub(y: ArrayLike): JaxArray;
  /** `x - y`. */
  subtract(y: ArrayLike): JaxArray;
  /** `x * y`. */
  mul(y: ArrayLike): JaxArray;
  /** `x * y`. */
  multiply(y: ArrayLike): JaxArray;
  /** `x / y`, inexact. */
  div(y: ArrayLike): JaxArray;
  /** `x / y`, inexact. */
  divide(y: ArrayLike): JaxArray;
  /** `⌊x / y⌋`. */
  floorDivide(y: ArrayLike): JaxArray;
  /** The remainder of {@linkcode ArrayMethods.floorDivide}, with the sign of `y`. */
  mod(y: ArrayLike): JaxArray;
  /** `[x.floorDivide(y), x.mod(y)]`. */
  divmod(y: ArrayLike): [quotient: JaxArray, remainder: JaxArray];
  /** `x ** y`. */
  pow(y: ArrayLike): JaxArray;
  /** The matrix product `x @ y`. */
  matmul(y: ArrayLike): JaxArray;
  /** `-x`. */
  neg(): JaxArray;
  /** `+x`. */
  pos(): JaxArray;
  /** `|x|`. */
  abs(): JaxArray;
  /** `x == y`, a boolean array. */
  eq(y: ArrayLike): JaxArray;
  /** `x != y`, a boolean array. */
  ne(y: ArrayLike): JaxArray;
  /** `x < y`, a boolean array. */
  lt(y: ArrayLike): JaxArray;
  /** `x <= y`, a boolean array. */
  le(y: ArrayLike): JaxArray;
  /** `x > y`, a boolean array. */
  gt(y: ArrayLike): JaxArray;
  /** `x >= y`, a boolean array. */
  ge(y: ArrayLike): JaxArray;
  /** `x & y`, of booleans or bitwise of integers. */
  and(y: ArrayLike): JaxArray;
  /** `x | y`, of booleans or bitwise of integers. */
  or(y: ArrayLike): JaxArray;
  /** `x ^ y`, of booleans or bitwise of integers. */
  xor(y: ArrayLike): JaxArray;
  /** `~x`, of booleans or bitwise of integers. */
  invert(): JaxArray;
  /** `x << y`. */
  lshift(y: ArrayLike): JaxArray;
  /** `x >> y`. */
  rshift(y: ArrayLike): JaxArray;

  /** Whether all elements are true. */
  all(axis?: Or<Axis, ReduceOptions>, options?: ReduceOptions): JaxArray;
  /** Whether any element is true. */
  any(axis?: Or<Axis, ReduceOptions>, options?: ReduceOptions): JaxArray;
  /** The index of the first maximum, of the flat array without an axis. */
  argmax(axis?: Or<number | null, ArgOptions>, options?: ArgOptions): JaxArray;
  /** The index of the first minimum, of the flat array without an axis. */
  argmin(axis?: Or<number | null, ArgOptions>, options?: ArgOptions): JaxArray;
  /** Indices that put the `kth` element where sorting would, smaller ones before it. */
  argpartition(kth: number, axis?: Or<number, { readonly axis?: number }>): JaxArray;
  /** Indices that sort. */
  argsort(axis?: Or<number | null, SortOptions>, options?: SortOptions): JaxArray;
  /** With another dtype. */
  astype(dtype: DTypeLike | null, options?: { readonly copy?: boolean; readonly device?: unknown }): JaxArray;
  /** With the bytes of each element reversed. */
  byteswap(): JaxArray;
  /** Elements of `choices`, chosen by this array of indices. */
  choose(choices: ArrayLike | readonly ArrayLike[], options?: { readonly mode?: string }): JaxArray;
  /** Limited to a range; null is no limit. */
  clip(
    min?: Or<ArrayLike | null, { readonly min?: ArrayLike | null; readonly max?: ArrayLike | null }>,
    max?: ArrayLike | null | { readonly max?: ArrayLike | null },
  ): JaxArray;
  /** The slices along an axis where a condition holds. */
  compress(
    condition: ArrayLike | readonly unknown[],
    axis?: Or<number | null, CompressOptions>,
    options?: CompressOptions,
  ): JaxArray;
  /** The complex conjugate. */
  conj(): JaxArray;
  /** The complex conjugate. */
  conjugate(): JaxArray;
  /** A copy. */
  copy(): JaxArray;
  /** Cumulative products, of the flat array without an axis. */
  cumprod(axis?: Or<number | null, CumulativeOptions>, options?: CumulativeOptions): JaxArray;
  /** Cumulative sums, of the flat array without an axis. */
  cumsum(axis?: Or<number | null, CumulativeOptions>, options?: CumulativeOptions): JaxArray;
  /** A diagonal of the matrices on two axes. */
  diagonal(
    offset?: Or<number, DiagonalOptions>,
    axis1?: Or<number, DiagonalOptions>,
    axis2?: Or<number, DiagonalOptions>,
  ): JaxArray;
  /** The dot product: over the last axis of this and the second to last of `b`. */
  dot(b: ArrayLike, options?: DotOptions): JaxArray;
  /** As one axis. */
  flatten(order?: Or<string, { readonly order?: string }>): JaxArray;
  /** The maximum. */
  max(axis?: Or<Axis, ExtremumOptions>, options?: ExtremumOptions): JaxArray;
  /** The mean. */
  mean(axis?: Or<Axis, MeanOptions>, options?: MeanOptions): JaxArray;
  /** The minimum. */
  min(axis?: Or<Axis, ExtremumOptions>, options?: ExtremumOptions): JaxArray;
  /** Indices of the nonzero elements, one array for each axis. Under jit it needs `size`. */
  nonzero(
    options?: {
      readonly size?: number | null;
      readonly fillValue?: ArrayLike | readonly ArrayLike[] | null;
    },
  ): JaxArray[];
  /** The product. */
  prod(axis?: Or<Axis, SumOptions>, options?: SumOptions): JaxArray;
  /** Maximum minus minimum. */
  ptp(axis?: Or<Axis, ReduceOptions>, options?: ReduceOptions): JaxArray;
  /** As one axis. */
  ravel(order?: Or<string, { readonly order?: string }>): JaxArray;
  /** Each element (or slice along an axis) several times. */
  repeat(
    repeats: ArrayLike | readonly number[],
    axis?: Or<number | null, RepeatOptions>,
    options?: RepeatOptions,
  ): JaxArray;
  /** With another shape: `x.reshape(2, 3)`, `x.reshape([2, -1])`; one size may be -1. */
  reshape(...shape: (number | readonly number[] | { readonly order?: string })[]): JaxArray;
  /** Rounded to a number of decimals, halves to even. */
  round(decimals?: Or<number, { readonly decimals?: number }>): JaxArray;
  /** Where to insert values to keep this array sorted. */
  searchsorted(
    v: ArrayLike,
    options?: {
      readonly side?: "left" | "right";
      readonly sorter?: ArrayLike | null;
      readonly method?: string;
    },
  ): JaxArray;
  /** Sorted along an axis (the last), or flat (null). */
  sort(axis?: Or<number | null, SortOptions>, options?: SortOptions): JaxArray;
  /** Without axes of size 1: all, or those given. */
  squeeze(axis?: Or<Axis, { readonly axis?: Axis }>): JaxArray;
  /** The standard deviation. */
  std(axis?: Or<Axis, VarianceOptions>, options?: VarianceOptions): JaxArray;
  /** The sum. */
  sum(axis?: Or<Axis, SumOptions>, options?: SumOptions): JaxArray;
  /** With two axes exchanged. */
  swapaxes(axis1: number, axis2: number): JaxArray;
  /** Elements (or slices along an axis) at indices. */
  take(
    indices: ArrayLike | readonly unknown[],
    axis?: Or<number | null, TakeOptions>,
    options?: TakeOptions,
  ): JaxArray;
  /** The sum of a diagonal. */
  trace(
    offset?: Or<number, TraceOptions>,
    axis1?: Or<number, TraceOptions>,
    axis2?: Or<number, TraceOptions>,
    options?: TraceOptions,
  ): JaxArray;
  /** With axes permuted; reversed by default. */
  transpose(...axes: (number | readonly number[] | null)[]): JaxArray;
  /** The variance. */
  var(axis?: Or<Axis, VarianceOptions>, options?: VarianceOptions): JaxArray;
  /** The same bytes as elements of another dtype; the last axis changes size with the size of an element. */
  view(dtype?: DTypeLike | null): JaxArray;
}

/** Options of `compress`. */
export interface CompressOptions {
  readonly axis?: number | null;
  readonly size?: number | null;
  readonly fillValue?: ArrayLike;
}

/** Options of `diagonal`. */
export interface DiagonalOptions {
  readonly offset?: number;
  readonly axis1?: number;
  readonly axis2?: number;
}

/** Options of `trace`. */
export interface TraceOptions extends DiagonalOptions {
  readonly dtype?: DTypeLike | null;
}

/** Options of `repeat`. */
export interface RepeatOptions {
  readonly axis?: number | null;
  readonly totalRepeatLength?: number | null;
}

/** Properties of arrays that are functions of `jax.numpy`. */
export interface ArrayProperties {
  /** The real part. */
  readonly real: JaxArray;
  /** The imaginary part; zeros for real dtypes. */
  readonly imag: JaxArray;
  /** The transpose: axes reversed. */
  readonly T: JaxArray;
  /** The transpose of the last two axes. */
  readonly mT: JaxArray;
}

/** The functions behind the methods: each takes the array first. */
export type MethodTable = {
  readonly [Name in keyof ArrayMethods]: (x: JaxArray, ...rest: never[]) => unknown;
};

/** The functions behind the properties. */
export type PropertyTable = { readonly [Name in keyof ArrayProperties]: (x: JaxArray) => JaxArray };
