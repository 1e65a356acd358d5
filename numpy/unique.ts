/**
 * Functions of `jax.numpy` for the unique elements of arrays.
 *
 * How many there are depends on the values. Under jit and other transformations that do not know them, `size` must say
 * how many to give: fewer are cut off, missing ones are the first unique element, or a fill value.
 *
 * @module
 */
import { type ArrayLike, canonicalAxis, checkOptions, type JaxArray, keywords, raw } from "../core/mod.ts";
import { flat, type OrOptions } from "./_arguments.ts";
import { known } from "./_concrete.ts";
import { toArray, toArrays } from "./convert.ts";
import { type Named, namedTuple } from "./named_tuple.ts";
import { sizeHint, sizeOf, uniqueSlices } from "./_unique.ts";

/** Options of functions of which the size of the result depends on values. */
export interface SizeOptions {
  /** How many elements to give; needed where the values are not known. */
  readonly size?: number | null;
  /** What stands for elements that are missing; by default the first unique one. */
  readonly fillValue?: ArrayLike | null;
}

/** Options of {@linkcode unique}. */
export interface UniqueOptions extends SizeOptions {
  /** Also give where each unique element is first. */
  readonly returnIndex?: boolean;
  /** Also give, for each element, which unique one it is. */
  readonly returnInverse?: boolean;
  /** Also give how often each unique element is there. */
  readonly returnCounts?: boolean;
  /** The axis along which slices are compared; null (the default) for the elements of the flat array. */
  readonly axis?: number | null;
  /** Whether NaN equals NaN (the default). */
  readonly equalNan?: boolean;
  /** Results are sorted in any case. */
  readonly sorted?: boolean;
}

type Flags = [
  returnIndex?: boolean,
  returnInverse?: boolean,
  returnCounts?: boolean,
  axis?: number | null,
];

/** Options by which `unique` gives the unique elements alone. */
type ValuesOnly =
  & Omit<UniqueOptions, "returnIndex" | "returnInverse" | "returnCounts">
  & { readonly returnIndex?: false; readonly returnInverse?: false; readonly returnCounts?: false };

/** The elements to compare, which must be known unless there is a size. */
function comparable(x: JaxArray, size: number | null): JaxArray {
  return size === null ? known(x, `The error arose for the first argument of jnp.unique(). ${sizeHint}`) : x;
}

/**
 * The sorted unique elements, or unique slices along an axis.
 *
 * @param ar an array of any dtype but keys
 * @param rest returnIndex, returnInverse, returnCounts, axis; in the options also equalNan, size, fillValue, sorted
 * @returns an array of the unique elements; with any of the flags a list: it, then for each flag an integer array
 * (int32; int64 with x64). The inverse has the shape of `ar` where the axis is null.
 * @throws {ConcretizationTypeError} when the values are not known and `size` is not given
 * @throws {ValueError} when the axis is not there
 *
 * @example
 * ```ts
 * import { jit, numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([3, 1, 3, 2]);
 * if (String(np.unique(x)) !== "[1. 2. 3.]") throw new Error();
 * const [values, counts] = np.unique(x, { returnCounts: true });
 * if (String(counts) !== "[1 1 2]" || values!.size !== 3) throw new Error();
 * const four = jit((x) => np.unique(x, { size: 4, fillValue: -1 }));
 * if (String(four(x)) !== "[ 1.  2.  3. -1.]") throw new Error();
 * ```
 */
export function unique(ar: ArrayLike, options?: ValuesOnly): JaxArray;
export function unique(ar: ArrayLike, ...rest: OrOptions<Flags, UniqueOptions>): JaxArray[];
export function unique(ar: ArrayLike, ...rest: unknown[]): JaxArray | JaxArray[] {
  const given = keywords<keyof UniqueOptions>(
    "unique",
    ["returnIndex", "returnInverse", "returnCounts", "axis"],
    rest,
    ["equalNan", "size", "fillValue", "sorted"],
  );
  const size = sizeOf(given.size, "unique"), { fillValue = null } = given;
  const original = comparable(toArray(ar, "unique"), size), { axis = null } = given;
  const x = axis === null ? flat(original) : original;
  const { values, index, inverse, counts } = uniqueSlices(x, {
    axis: axis === null ? 0 : canonicalAxis(axis, x.ndim),
    index: Boolean(given.returnIndex),
    inverse: Boolean(given.returnInverse),
    counts: Boolean(given.returnCounts),
    equalNaN: given.equalNan !== false,
    size,
    fillValue: fillValue === null ? null : toArrays("unique", x, fillValue)[1]!,
  });
  const outs = [values];
  if (given.returnIndex) outs.push(index);
  if (given.returnInverse) outs.push(axis === null ? raw.reshape(inverse, original.shape) : inverse);
  if (given.returnCounts) outs.push(counts);
  return outs.length === 1 ? values : outs;
}

/** Unique elements with NaN unequal to NaN, as the array API has them. */
function parts(
  name: string,
  x: unknown,
  options: SizeOptions,
  wanted: { readonly index?: boolean; readonly inverse?: boolean; readonly counts?: boolean },
): { values: JaxArray; index: JaxArray; inverse: JaxArray; counts: JaxArray } {
  checkOptions(name, options, ["size", "fillValue"]);
  const size = sizeOf(options.size, name), { fillValue = null } = options;
  const original = comparable(toArray(x, name), size);
  const found = uniqueSlices(flat(original), {
    ...wanted,
    axis: 0,
    equalNaN: false,
    size,
    fillValue: fillValue === null ? null : toArrays(name, original, fillValue)[1]!,
  });
  return wanted.inverse ? { ...found, inverse: raw.reshape(found.inverse, original.shape) } : found;
}

/**
 * The sorted unique elements, where each is first, which of them each element is, and how often each is there. NaN are
 * not equal.
 *
 * @param x an array of any dtype but keys
 * @returns `[values, indices, inverseIndices, counts]`, which are also properties
 * @throws {ConcretizationTypeError} when the values are not known and `size` is not given
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const { values, inverseIndices, counts } = np.uniqueAll(np.array([7, 5, 7]));
 * if (String(values) !== "[5. 7.]" || String(inverseIndices) !== "[1 0 1]" || String(counts) !== "[1 2]") {
 *   throw new Error();
 * }
 * ```
 */
export function uniqueAll(
  x: ArrayLike,
  options: SizeOptions = {},
): Named<
  [values: JaxArray, indices: JaxArray, inverseIndices: JaxArray, counts: JaxArray],
  "values" | "indices" | "inverseIndices" | "counts"
> {
  const found = parts("unique_all", x, options, { index: true, inverse: true, counts: true });
  return namedTuple(["values", "indices", "inverseIndices", "counts"], [
    found.values,
    found.index,
    found.inverse,
    found.counts,
  ]);
}

/**
 * The sorted unique elements, and how often each is there. NaN are not equal.
 *
 * @param x an array of any dtype but keys
 * @returns `[values, counts]`, which are also properties
 * @throws {ConcretizationTypeError} when the values are not known and `size` is not given
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.uniqueCounts(np.array([7, 5, 7])).counts) !== "[1 2]") throw new Error();
 * ```
 */
export function uniqueCounts(
  x: ArrayLike,
  options: SizeOptions = {},
): Named<[values: JaxArray, counts: JaxArray], "values" | "counts"> {
  const { values, counts } = parts("unique_counts", x, options, { counts: true });
  return namedTuple(["values", "counts"], [values, counts]);
}

/**
 * The sorted unique elements, and which of them each element is. NaN are not equal.
 *
 * @param x an array of any dtype but keys
 * @returns `[values, inverseIndices]`, which are also properties
 * @throws {ConcretizationTypeError} when the values are not known and `size` is not given
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const { values, inverseIndices } = np.uniqueInverse(np.array([7, 5, 7]));
 * if (String(values.get(inverseIndices)) !== "[7. 5. 7.]") throw new Error();
 * ```
 */
export function uniqueInverse(
  x: ArrayLike,
  options: SizeOptions = {},
): Named<[values: JaxArray, inverseIndices: JaxArray], "values" | "inverseIndices"> {
  const { values, inverse } = parts("unique_inverse", x, options, { inverse: true });
  return namedTuple(["values", "inverseIndices"], [values, inverse]);
}

/**
 * The sorted unique elements. NaN are not equal.
 *
 * @param x an array of any dtype but keys
 * @throws {ConcretizationTypeError} when the values are not known and `size` is not given
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.uniqueValues(np.array([7, 5, 7]))) !== "[5. 7.]") throw new Error();
 * ```
 */
export function uniqueValues(x: ArrayLike, options: SizeOptions = {}): JaxArray {
  return parts("unique_values", x, options, {}).values;
}
