/**
 * Functions of `jax.numpy` that put elements in order.
 *
 * Sorting is stable and ascending: −0 and 0 are equal, NaN come last, complex numbers compare by real, then imaginary
 * part.
 *
 * @module
 */
import {
  bind,
  canonicalAxis,
  checkOptions,
  complexDType,
  defaultInt,
  type DType,
  type DTypeLike,
  float32,
  int32,
  isComplex,
  type JaxArray,
  keywords,
  namedJit,
  NotImplementedError,
  P,
  raw,
  sameShape,
  type SortOptions,
  staticInteger,
  ValueError,
  vmap,
} from "../core/mod.ts";
import { topK as greatest } from "../lax/mod.ts";
import { flat, optionalDType, type OrOptions } from "./_arguments.ts";
import { type ArrayLike, toArray } from "./convert.ts";

/** The sort of arrays by the first `numKeys` of them. */
function sorted(
  xs: readonly JaxArray[],
  dimension: number,
  isStable = true,
  numKeys = 1,
): readonly JaxArray[] {
  return bind(P.sort, xs, { dimension, isStable, numKeys });
}

interface Order {
  readonly axis: number | null;
  readonly stable: boolean;
  readonly descending: boolean;
}

/** The array with the axis to sort along; the flat array without one. */
function along(a: JaxArray, axis: number | null): [x: JaxArray, dimension: number] {
  const x = axis === null ? flat(a) : a;
  return [x, canonicalAxis(axis ?? 0, x.ndim)];
}

const sortCall = namedJit<[Order]>("sort", ([a], { axis, stable, descending }) => {
  const [x, dimension] = along(a!, axis);
  const out = sorted([x], dimension, stable)[0]!;
  return [descending ? raw.rev(out, [dimension]) : out];
});

const argsortCall = namedJit<[Order, DType]>("argsort", ([a], { axis, stable, descending }, dtype) => {
  const [x, dimension] = along(a!, axis);
  const positions = raw.iota(dtype, x.shape, dimension);
  // Stability in descending order: the sort of the reversed array, reversed.
  const turned = descending && stable;
  const xs = turned ? [raw.rev(x, [dimension]), raw.rev(positions, [dimension])] : [x, positions];
  const out = sorted(xs, dimension, stable)[1]!;
  return [descending ? raw.rev(out, [dimension]) : out];
});

type Key = "axis" | "kind" | "order" | "stable" | "descending" | "dtype";

function orderOf(name: string, rest: readonly unknown[], only: readonly Key[]): {
  order: Order;
  dtype: unknown;
} {
  const given = keywords<Key>(name, ["axis"], rest, only);
  if (given.kind !== undefined && given.kind !== null) {
    throw new TypeError(
      `'kind' argument to ${name} is not supported. Use stable=True or stable=False to specify sort stability.`,
    );
  }
  if (given.order !== undefined && given.order !== null) {
    throw new TypeError(`'order' argument to ${name} is not supported.`);
  }
  const { axis = -1 } = given;
  return {
    order: {
      axis: axis === null ? null : staticInteger(axis, `the axis of ${name}`),
      stable: given.stable !== false,
      descending: Boolean(given.descending),
    },
    dtype: given.dtype,
  };
}

/**
 * The elements sorted along an axis.
 *
 * @param a an array of any dtype but keys
 * @param rest axis, the last by default; null for the flat array. In the options also stable and descending; kind and
 * order are not supported
 * @returns an array of the same shape and dtype; with one axis where the axis is null
 * @throws {ValueError} when the axis is not there
 * @throws {TypeError} for kind and order
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[3, 1], [2, 4]]);
 * if (String(np.sort(x)) !== "[[1. 3.]\n [2. 4.]]") throw new Error();
 * if (String(np.sort(x, null, { descending: true })) !== "[4. 3. 2. 1.]") throw new Error();
 * ```
 */
export function sort(a: ArrayLike, ...rest: OrOptions<[axis?: number | null], SortOptions>): JaxArray {
  const { order } = orderOf("sort", rest, ["kind", "order", "stable", "descending"]);
  return sortCall([toArray(a, "sort")], order)[0]!;
}

/** Options of {@linkcode argsort}. */
export interface ArgsortOptions extends SortOptions {
  /** Integer dtype of the result. */
  readonly dtype?: DTypeLike | null;
}

/**
 * The positions of the elements in sorted order along an axis: `np.takeAlongAxis(a, np.argsort(a, axis), axis)` is
 * sorted.
 *
 * @param a an array of any dtype but keys
 * @param rest axis, the last by default; null for the flat array. In the options also stable, descending and dtype (int32;
 * int64 with x64); kind and order are not supported
 * @returns an integer array of the same shape
 * @throws {ValueError} when the axis is not there
 * @throws {TypeError} for kind and order
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.argsort(np.array([30, 10, 20]))) !== "[1 2 0]") throw new Error();
 * ```
 */
export function argsort(a: ArrayLike, ...rest: OrOptions<[axis?: number | null], ArgsortOptions>): JaxArray {
  const { order, dtype } = orderOf("argsort", rest, ["kind", "order", "stable", "descending", "dtype"]);
  return argsortCall([toArray(a, "argsort")], order, optionalDType(dtype, "argsort") ?? defaultInt())[0]!;
}

const lexsortCall = namedJit<[axis: number]>("lexsort", (keys, axis) => {
  const positions = raw.iota(defaultInt(), keys[0]!.shape, axis);
  return [sorted([...keys.toReversed(), positions], axis, true, keys.length).at(-1)!];
});

/**
 * The positions that sort by several keys, the last key first.
 *
 * @param keys equally shaped arrays; or one array, whose rows are the keys
 * @param rest axis, the last by default
 * @returns an integer array (int32; int64 with x64) of the shape of a key
 * @throws {TypeError} without keys
 * @throws {ValueError} when the shapes differ, or the axis is not there
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const year = np.array([2001, 1999, 2001]), name = np.array([2, 9, 1]);
 * if (String(np.lexsort([name, year])) !== "[1 2 0]") throw new Error();
 * ```
 */
export function lexsort(
  keys: readonly ArrayLike[] | JaxArray,
  ...rest: OrOptions<[axis?: number], { readonly axis?: number }>
): JaxArray {
  const { axis = -1 } = keywords("lexsort", ["axis"], rest);
  const arrays = Array.from(keys as Iterable<unknown>, (key, i) => toArray(key, "lexsort", i));
  if (arrays.length === 0) throw new TypeError("need sequence of keys with len > 0 in lexsort");
  const { shape } = arrays[0]!;
  if (!arrays.every((key) => sameShape(key.shape, shape))) {
    throw new ValueError("all keys need to be the same shape");
  }
  if (shape.length === 0) return raw.scalar(0, defaultInt());
  return lexsortCall(arrays, canonicalAxis(axis, shape.length))[0]!;
}

/** The k least elements along the last axis in ascending order, and their positions. */
function least(x: JaxArray, k: number): [values: JaxArray, positions: JaxArray] {
  // −x reverses the order; of unsigned integers −(x + 1) does, which is ~x.
  const unsigned = x.dtype.kind === "uint";
  const [values, positions] = greatest(unsigned ? raw.neg(raw.add(x, 1)) : raw.neg(x), k);
  return [unsigned ? raw.sub(raw.neg(values), 1) : raw.neg(values), positions];
}

/** Checked arguments of the partitions: the axis comes last. */
function partitionable(a: JaxArray, name: string, kth: number, axis: number): [x: JaxArray, k: number] {
  if (isComplex(a.dtype)) throw new NotImplementedError(`jnp.${name} for complex dtype is not implemented.`);
  return [swapLast(a, axis), canonicalAxis(kth, a.shape[axis]!)];
}

/** An axis exchanged with the last. */
function swapLast(x: JaxArray, axis: number): JaxArray {
  const order = x.shape.map((_, i) => i);
  [order[axis], order[x.ndim - 1]] = [x.ndim - 1, axis];
  return raw.transpose(x, order);
}

const partitionCall = namedJit<[kth: number, axis: number]>("partition", ([a], kth, axis) => {
  const [x, k] = partitionable(a!, "partition", kth, axis), n = x.shape.at(-1)!;
  const [bottom] = least(x, k + 1), [top] = greatest(x, n - k - 1);
  return [swapLast(raw.concatenate([bottom, top], x.ndim - 1), axis)];
});

const argpartitionCall = namedJit<[kth: number, axis: number]>("argpartition", ([a], kth, axis) => {
  const [x, k] = partitionable(a!, "argpartition", kth, axis), n = x.shape.at(-1)!;
  const [, bottom] = least(x, k + 1);
  let unmark = (rest: JaxArray, taken: JaxArray): JaxArray => rest.at(taken).set(0);
  for (let i = 1; i < x.ndim; i++) unmark = vmap(unmark);
  const [, top] = greatest(unmark(raw.full(x.shape, 1, float32), bottom), n - k - 1);
  return [swapLast(raw.concatenate([bottom, top], x.ndim - 1), axis)];
});

type PartitionRest = OrOptions<[axis?: number], { readonly axis?: number }>;

function partitioned(
  call: typeof partitionCall,
  name: string,
  a: unknown,
  kth: unknown,
  rest: PartitionRest,
): JaxArray {
  const { axis = -1 } = keywords(name, ["axis"], rest);
  const x = toArray(a, name);
  return call([x], staticInteger(kth, `the kth argument of ${name}`), canonicalAxis(axis, x.ndim))[0]!;
}

/**
 * The elements along an axis in an order in which element `kth` is where sorting would put it: those before it are not
 * greater, those after it not less.
 *
 * @param a an array of real numbers
 * @param kth the position, which may be negative
 * @param rest axis, the last by default
 * @throws {ValueError} when the position or the axis is not there
 * @throws {NotImplementedError} for complex numbers
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.partition(np.array([9, 1, 7, 3, 5]), 2);
 * if (x.get(2).item() !== 5) throw new Error();
 * ```
 */
export function partition(a: ArrayLike, kth: number | bigint, ...rest: PartitionRest): JaxArray {
  return partitioned(partitionCall, "partition", a, kth, rest);
}

/**
 * The positions of the elements in the order of {@linkcode partition}. The arguments and errors are those of it.
 *
 * @returns an int32 array of the same shape
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.argpartition(np.array([9, 1, 7, 3, 5]), 2).get(2).item() !== 4) throw new Error();
 * ```
 */
export function argpartition(a: ArrayLike, kth: number | bigint, ...rest: PartitionRest): JaxArray {
  return partitioned(argpartitionCall, "argpartition", a, kth, rest);
}

const sortComplexCall = namedJit("sort_complex", ([a]) => {
  const out = sorted([a!], canonicalAxis(-1, a!.ndim))[0]!;
  return [raw.convert(out, complexDType(out.dtype))];
});

/**
 * The elements sorted along the last axis, as complex numbers.
 *
 * @param a an array of any dtype but keys, with at least one axis
 * @returns a complex array of the same shape
 * @throws {ValueError} for a scalar
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.sortComplex(np.array([3, 1, 2]));
 * if (x.dtype !== np.complex64 || x.real.get(0).item() !== 1) throw new Error();
 * ```
 */
export function sortComplex(a: ArrayLike): JaxArray {
  return sortComplexCall([toArray(a, "sort_complex")])[0]!;
}

/** Options of {@linkcode topK}. */
export interface TopKOptions {
  /** The axis; the last by default. */
  readonly axis?: number;
  /** Whether the greatest or the least elements are wanted. */
  readonly mode?: "largest" | "smallest";
  /** Whether they must be in order; they are in any case. */
  readonly sorted?: boolean;
}

const topKCall = namedJit<[k: number, axis: number, smallest: boolean]>("top_k", ([a], k, axis, smallest) => {
  if (!smallest) return greatest(a!, k, { axis });
  const outs = sorted([a!, raw.iota(int32, a!.shape, axis)], axis);
  return outs.map((out) => raw.sliceInDim(out, 0, k, axis));
});

/**
 * The k greatest (or least) elements along an axis in order, and their positions; of equal elements the first come first.
 * NaN are greatest.
 *
 * @param a an array of real numbers
 * @param k how many
 * @returns two arrays of the shape of `a` with k elements along the axis: the elements, and their positions as int32
 * @throws {ValueError} when the axis is not there, for k that is negative or greater than its size, and another mode
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([5, 9, 1, 7]);
 * const [values, positions] = np.topK(x, 2);
 * if (String(values) !== "[9. 7.]" || String(positions) !== "[1 3]") throw new Error();
 * if (String(np.topK(x, 2, { mode: "smallest" })[0]) !== "[1. 5.]") throw new Error();
 * ```
 */
export function topK(
  a: ArrayLike,
  k: number | bigint,
  options: TopKOptions = {},
): [values: JaxArray, positions: JaxArray] {
  checkOptions("top_k", options, ["axis", "mode", "sorted"]);
  const { axis = -1, mode = "largest" } = options;
  if (mode !== "largest" && mode !== "smallest") {
    throw new ValueError(`top_k: mode must be 'largest' or 'smallest', got ${JSON.stringify(mode)}`);
  }
  const x = toArray(a, "top_k"), count = staticInteger(k, "k argument to top_k");
  const at = canonicalAxis(axis, x.ndim);
  if (count < 0 || count > x.shape[at]!) {
    throw new ValueError(
      `k argument to top_k must be nonnegative and no larger than size along axis ${at}, got ${count} for ${x.aval}`,
    );
  }
  const [values, positions] = topKCall([x], count, at, mode === "smallest");
  return [values!, positions!];
}
