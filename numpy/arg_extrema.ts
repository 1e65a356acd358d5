/**
 * Functions of `jax.numpy` that find where extrema are.
 *
 * @module
 */
import {
  type ArgOptions,
  bind1,
  canonicalAxis,
  defaultInt,
  IndexError,
  isInexact,
  type JaxArray,
  keywords,
  namedJit,
  P,
  type Primitive,
  raw,
  staticInteger,
  ValueError,
} from "../core/mod.ts";
import { flat, isNaNMask, type OrOptions, refuseOut } from "./_arguments.ts";
import { type ArrayLike, toArray, weakArray } from "./convert.ts";
import { allKind, reduceArray } from "./_reduction.ts";
import { where as select } from "./_where.ts";

/** The position of an extremum along an axis, or in the flat array. */
function position(primitive: Primitive, a: JaxArray, axis: number | null, keepdims: boolean): JaxArray {
  const x = axis === null ? flat(a) : a, along = axis ?? 0;
  const size = x.shape[along < 0 ? along + x.ndim : along];
  if (size === undefined) throw new IndexError("tuple index out of range");
  if (size === 0) throw new ValueError(`attempt to get ${primitive.name} of an empty sequence`);
  const at = canonicalAxis(along, x.ndim);
  const out = bind1(primitive, [x], { axes: [at], indexDtype: defaultInt() });
  if (!keepdims) return out;
  return raw.expandDims(out, axis === null ? a.shape.map((_, i) => i) : [at]);
}

/** As {@linkcode position}, for the elements that are numbers; −1 where there are none. */
function numberPosition(
  primitive: Primitive,
  a: JaxArray,
  axis: number | null,
  keepdims: boolean,
): JaxArray {
  if (!isInexact(a.dtype)) return position(primitive, a, axis, keepdims);
  const mask = isNaNMask(a), worst = primitive === P.argmax ? -Infinity : Infinity;
  const found = position(primitive, select(mask, worst, a), axis, keepdims);
  const none = reduceArray(allKind, mask, { axes: axis === null ? null : [axis], keepdims });
  return select(none, weakArray(-1, true), found);
}

type Find = (xs: readonly JaxArray[], axis: number | null, keepdims: boolean) => readonly JaxArray[];

const argmaxCall: Find = namedJit(
  "_argmax",
  ([x], axis: number | null, keepdims: boolean) => [position(P.argmax, x!, axis, keepdims)],
  { inline: true },
);
const argminCall: Find = namedJit(
  "_argmin",
  ([x], axis: number | null, keepdims: boolean) => [position(P.argmin, x!, axis, keepdims)],
  { inline: true },
);
const nanargmaxCall: Find = namedJit(
  "_nanargmax",
  ([x], axis: number | null, keepdims: boolean) => [numberPosition(P.argmax, x!, axis, keepdims)],
);
const nanargminCall: Find = namedJit(
  "_nanargmin",
  ([x], axis: number | null, keepdims: boolean) => [numberPosition(P.argmin, x!, axis, keepdims)],
);

type ArgRest = OrOptions<[axis?: number | null, out?: null, keepdims?: boolean | null], ArgOptions>;

function find(call: Find, name: string, a: unknown, rest: readonly unknown[]): JaxArray {
  const { axis, out, keepdims } = keywords(name, ["axis", "out", "keepdims"], rest);
  refuseOut(out, name);
  const along = axis === undefined || axis === null ? null : staticInteger(axis, `the axis of ${name}`);
  return call([toArray(a, name)], along, Boolean(keepdims))[0]!;
}

/**
 * Position of the first maximum along an axis, or in the flat array. NaN counts as greatest.
 *
 * @param a an array of real numbers or booleans
 * @param rest axis (null: the flat array); out (not supported); keepdims
 * @returns an integer array (int32; int64 with x64) without the axis
 * @throws {ValueError} when there are no elements
 * @throws {IndexError} when the axis is not there
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[1, 9, 2], [7, 3, 8]]);
 * if (np.argmax(x).item() !== 1 || String(np.argmax(x, { axis: 1 })) !== "[1 2]") throw new Error();
 * ```
 */
export function argmax(a: ArrayLike, ...rest: ArgRest): JaxArray {
  return find(argmaxCall, "argmax", a, rest);
}

/**
 * Position of the first minimum along an axis, or in the flat array. NaN counts as least. The arguments are those of
 * {@linkcode argmax}.
 *
 * @throws {ValueError} when there are no elements
 * @throws {IndexError} when the axis is not there
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.argmin(np.array([4, 2, 2])).item() !== 1) throw new Error();
 * ```
 */
export function argmin(a: ArrayLike, ...rest: ArgRest): JaxArray {
  return find(argminCall, "argmin", a, rest);
}

/**
 * Position of the first maximum among the numbers along an axis; −1 where all are NaN. The arguments are those of
 * {@linkcode argmax}.
 *
 * @throws {ValueError} when there are no elements
 * @throws {IndexError} when the axis is not there
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.nanargmax(np.array([1, NaN, 3])).item() !== 2) throw new Error();
 * ```
 */
export function nanargmax(a: ArrayLike, ...rest: ArgRest): JaxArray {
  return find(nanargmaxCall, "nanargmax", a, rest);
}

/**
 * Position of the first minimum among the numbers along an axis; −1 where all are NaN. The arguments are those of
 * {@linkcode argmax}.
 *
 * @throws {ValueError} when there are no elements
 * @throws {IndexError} when the axis is not there
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.nanargmin(np.array([NaN, 5, 3])).item() !== 2) throw new Error();
 * ```
 */
export function nanargmin(a: ArrayLike, ...rest: ArgRest): JaxArray {
  return find(nanargminCall, "nanargmin", a, rest);
}
