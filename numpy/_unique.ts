/**
 * Unique elements of arrays, for the functions of this folder.
 *
 * @module
 */
import {
  bind,
  bind1,
  bool_,
  defaultInt,
  isComplex,
  isInexact,
  type JaxArray,
  namedJit,
  P,
  raw,
  scalarArray,
  staticInteger,
  ValueError,
} from "../core/mod.ts";
import { isNaNMask } from "./_arguments.ts";
import { moveOne, product, range } from "./axes.ts";
import { known } from "./_concrete.ts";
import { anyKind, reduceArray, sumOf } from "./_reduction.ts";
import { where as select } from "./_where.ts";

/** What to do where the number of results is not known while tracing. */
export const sizeHint: string =
  "To make jnp.unique() compatible with JIT and other transforms, you can specify a concrete value " +
  "for the size argument, which will determine the output size.";

/** The number of elements that a caller asks for. */
export function sizeOf(size: unknown, name: string): number | null {
  return size === undefined || size === null ? null : staticInteger(size, `the size argument of ${name}`);
}

/** 0, 1, ..., n − 1 in the default integer dtype. */
export function positions(n: number): JaxArray {
  return raw.iota(defaultInt(), [n], 0);
}

/** The elements from `start` on along the first axis, without the last `skipped`. */
export function rows(x: JaxArray, start: number, skipped = 0): JaxArray {
  const from = Math.min(start, x.shape[0]!);
  return raw.sliceInDim(x, from, Math.max(from, x.shape[0]! - skipped), 0);
}

/** The number of true elements. */
export function countTrue(mask: JaxArray): JaxArray {
  return sumOf(mask, { axes: null });
}

/** Positions of the first `size` true elements; `fill` where there are fewer. */
export function truePositions(mask: JaxArray, size: number, fill = 0): JaxArray {
  const dtype = defaultInt(), n = mask.shape[0]!;
  const place = raw.sub(bind1(P.cumsum, [raw.convert(mask, dtype)], { axis: 0, reverse: false }), 1);
  const target = raw.selectN(mask, raw.full([n], size, dtype), place);
  return raw.full([size], fill, dtype).at(target).set(positions(n), { mode: "drop" });
}

/** Where rows along the first axis differ from the one before; complex NaN were made one before. */
function differs(x: JaxArray, equalNaN: boolean): JaxArray {
  const here = rows(x, 1), before = rows(x, 0, 1);
  let different = raw.ne(here, before);
  if (equalNaN && isInexact(x.dtype)) {
    different = raw.and(different, raw.not(raw.and(isNaNMask(here), isNaNMask(before))));
  }
  return reduceArray(anyKind, different, { axes: range(x.ndim).slice(1) });
}

/** The slices along an axis in sorted order, which of them are the first of their kind, and where they come from. */
const sortedSlices = namedJit<[axis: number, equalNaN: boolean]>(
  "_unique_sorted_mask",
  ([array], axis, equalNaN) => {
    let x = moveOne(array!, axis, 0);
    if (isComplex(x.dtype)) x = select(isNaNMask(x), raw.scalar(NaN, x.dtype), x);
    const n = x.shape[0]!, width = product(x.shape.slice(1));
    let order: JaxArray;
    if (width === 0) order = raw.full([1], 0, defaultInt());
    else {
      const columns = raw.reshape(x, [n, width]);
      const keys = range(width).map((i) => raw.squeeze(raw.sliceInDim(columns, i, i + 1, 1), [1]));
      order = bind(P.sort, [...keys, positions(n)], { dimension: 0, isStable: true, numKeys: width }).at(-1)!;
    }
    const sorted = x.get(order);
    if (sorted.size === 0) return [sorted, raw.full([width === 0 ? 1 : n], false, bool_), order];
    const first = raw.full([1], true, bool_);
    return [sorted, raw.concatenate([first, differs(sorted, equalNaN)], 0), order];
  },
);

/** Which results of {@linkcode uniqueSlices} are wanted. */
export interface UniqueParameters {
  readonly axis: number;
  readonly index?: boolean;
  readonly inverse?: boolean;
  readonly counts?: boolean;
  readonly equalNaN?: boolean;
  /** How many slices to give; null for as many as there are. */
  readonly size?: number | null;
  readonly fillValue?: JaxArray | null;
}

/** Unique slices, and what was asked for about them; `count` is their number. */
export interface UniqueSlices {
  readonly values: JaxArray;
  readonly index: JaxArray;
  readonly inverse: JaxArray;
  readonly counts: JaxArray;
  readonly count: JaxArray;
}

/** For each slice the number of the unique one that it is. */
function inverseOf(mask: JaxArray, order: JaxArray): JaxArray {
  const numbers = bind1(P.cumsum, [raw.convert(mask, defaultInt())], { axis: 0, reverse: false });
  return raw.full(mask.shape, 0, defaultInt()).at(order).set(raw.sub(numbers, 1));
}

/** How often each unique slice is there: distances between the places where they begin. */
function countsOf(mask: JaxArray, size: number | null): JaxArray {
  const n = mask.shape[0]!;
  let starts: JaxArray;
  if (size === null) {
    starts = raw.concatenate([positions(n).get(mask), raw.full([1], n, defaultInt())], 0);
  } else {
    const found = truePositions(mask, size + 1), rest = rows(found, 1);
    const ends = raw.selectN(raw.ne(rest, 0), raw.full([size], n, defaultInt()), rest);
    starts = raw.concatenate([rows(found, 0, size), ends], 0);
  }
  return raw.sub(rows(starts, 1), rows(starts, 0, 1));
}

/**
 * The sorted unique slices of an array along an axis: JAX's `_unique`.
 *
 * @throws {ConcretizationTypeError} without a size, when the array is traced
 */
export function uniqueSlices(array: JaxArray, parameters: UniqueParameters): UniqueSlices {
  const { axis, equalNaN = true, size = null, fillValue = null } = parameters;
  if (array.shape[axis] === 0 && size && fillValue === null) {
    throw new ValueError(
      "jnp.unique: for zero-sized input with nonzero size argument, fill_value must be specified",
    );
  }
  const [sorted, mask, order] = sortedSlices([array], axis, equalNaN) as [JaxArray, JaxArray, JaxArray];
  const chosen = size === null
    ? known(mask, `The error arose in jnp.unique(). ${sizeHint}`)
    : truePositions(mask, size);
  let values = sorted.size ? sorted.get(chosen) : sorted;
  const count = countTrue(mask);
  if (size !== null && fillValue !== null) {
    const fill = raw.convert(fillValue, values.dtype), shape = [size, ...values.shape.slice(1)];
    const valid = raw.lt(positions(size), raw.convert(count, defaultInt()));
    values = values.shape[0]
      ? select(raw.reshape(valid, shape.map((_, i) => i ? 1 : size)), values, fill)
      : raw.broadcastInDim(fill, shape, []);
  }
  const nothing = scalarArray(0, defaultInt());
  const n = array.shape[axis]!;
  return {
    values: moveOne(values, 0, axis),
    index: !parameters.index ? nothing : sorted.size ? order.get(chosen) : order,
    inverse: !parameters.inverse
      ? nothing
      : sorted.size
      ? inverseOf(mask, order)
      : raw.full([n], 0, defaultInt()),
    counts: !parameters.counts
      ? nothing
      : sorted.size
      ? countsOf(mask, size)
      : raw.full([n ? 1 : 0], n, defaultInt()),
    count,
  };
}
