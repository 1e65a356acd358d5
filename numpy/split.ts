/**
 * Functions of `jax.numpy` that divide arrays.
 *
 * @module
 */
import {
  IndexError,
  JaxArray,
  keywords,
  staticInteger,
  staticIntegers,
  typedArrayDType,
  ValueError,
} from "../core/mod.ts";
import { split as splitSizes, unstack as unstackRows } from "../lax/mod.ts";
import { range } from "./axes.ts";
import { type ArrayLike, toArray } from "./convert.ts";

/** How to divide: into so many equal parts, or before these indices. */
export type Sections = number | readonly number[] | JaxArray;

function divide(name: string, x: JaxArray, sections: unknown, axis: number): JaxArray[] {
  const at = axis < 0 ? axis + x.ndim : axis, size = x.shape[at];
  if (size === undefined) {
    throw new IndexError(`${name}: axis ${axis} is out of bounds for array of dimension ${x.ndim}`);
  }
  const isList = Array.isArray(sections) || typedArrayDType(sections) !== undefined ||
    sections instanceof JaxArray && sections.ndim > 0;
  let sizes: number[];
  if (isList) {
    const bounds = [0, ...staticIntegers(sections, "indices_or_sections"), size];
    sizes = bounds.slice(1).map((b, i) => b - bounds[i]!);
  } else {
    const n = staticInteger(sections, `in jax.numpy.${name} argument 1`), rest = size % n;
    if (n <= 0) throw new ValueError(`${name}: the number of sections must be positive, got ${n}`);
    if (rest !== 0 && name !== "array_split") {
      throw new ValueError(`array split does not result in an equal division: rest is ${rest}`);
    }
    sizes = range(n).map((i) => Math.floor(size / n) + (i < rest ? 1 : 0));
  }
  return splitSizes(x, sizes, at);
}

type AxisRest = [axis?: number | { readonly axis?: number }];

/**
 * Divides an array along an axis into equal parts, or before given indices.
 *
 * @param indicesOrSections the number of parts, or where all but the first of them start
 * @throws {ValueError} when the parts would not be equal; {@linkcode arraySplit} allows that
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [, y] = np.split(np.arange(6), 2);
 * if (String(y) !== "[3 4 5]" || np.split(np.arange(6), [1, 3]).length !== 3) throw new Error();
 * ```
 */
export function split(ary: ArrayLike, indicesOrSections: Sections, ...rest: AxisRest): JaxArray[] {
  const { axis = 0 } = keywords("split", ["axis"], rest);
  return divide("split", toArray(ary, "split"), indicesOrSections, staticInteger(axis, "axis"));
}

/**
 * As {@linkcode split}, but parts need not be equal: the first ones are longer by one.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.arraySplit(np.arange(5), 2)[0]) !== "[0 1 2]") throw new Error();
 * ```
 */
export function arraySplit(ary: ArrayLike, indicesOrSections: Sections, ...rest: AxisRest): JaxArray[] {
  const { axis = 0 } = keywords("array_split", ["axis"], rest);
  return divide("array_split", toArray(ary, "array_split"), indicesOrSections, staticInteger(axis, "axis"));
}

/**
 * {@linkcode split} along the first axis.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.vsplit(np.ones([4, 2]), 2)[0]!.shape) !== "2,2") throw new Error();
 * ```
 */
export function vsplit(ary: ArrayLike, indicesOrSections: Sections): JaxArray[] {
  return divide("vsplit", toArray(ary, "vsplit"), indicesOrSections, 0);
}

/**
 * {@linkcode split} along the second axis; along the first of an array of one axis.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.hsplit(np.ones([4, 2]), 2)[0]!.shape) !== "4,1") throw new Error();
 * ```
 */
export function hsplit(ary: ArrayLike, indicesOrSections: Sections): JaxArray[] {
  const x = toArray(ary, "hsplit");
  return divide("hsplit", x, indicesOrSections, x.ndim === 1 ? 0 : 1);
}

/**
 * {@linkcode split} along the third axis.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.dsplit(np.ones([1, 2, 4]), 2)[0]!.shape) !== "1,2,2") throw new Error();
 * ```
 */
export function dsplit(ary: ArrayLike, indicesOrSections: Sections): JaxArray[] {
  return divide("dsplit", toArray(ary, "dsplit"), indicesOrSections, 2);
}

/**
 * The parts of an array along an axis, which they do not have.
 *
 * @throws {ValueError} for an array without axes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [x, y] = np.unstack(np.ones([2, 3]));
 * if (String(x!.add(y!)) !== "[2. 2. 2.]") throw new Error();
 * ```
 */
export function unstack(x: ArrayLike, ...rest: AxisRest): JaxArray[] {
  const { axis = 0 } = keywords("unstack", ["axis"], rest);
  return unstackRows(toArray(x, "unstack"), axis as number);
}
