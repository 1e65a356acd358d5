/**
 * Functions of `jax.lax` that change shapes, make arrays of one value, and join and divide arrays.
 *
 * @module
 */
import { JaxArray } from "../core/array.ts";
import { sameShape, tuple } from "../core/avals.ts";
import { broadcastShapes as commonShape, broadcastTo } from "../core/broadcasting.ts";
import { scalarArray } from "../core/concrete.ts";
import { type ArrayLike, lift, toArray } from "../core/convert.ts";
import { asDType, type DType, type DTypeLike, requestedDType } from "../core/dtypes.ts";
import { ValueError } from "../core/errors.ts";
import { convertScalar, type Scalar } from "../core/host.ts";
import { P } from "../core/prims.ts";
import * as raw from "../core/raw.ts";
import { canonicalAxis, canonicalShape, keywords, staticInteger, staticIntegers } from "../core/static.ts";
import { bind, bind1 } from "../core/trace.ts";

/** A shape: sizes of axes, or the size of a single one. */
export type Shape = number | readonly number[];

/**
 * Puts new axes before those of an array and repeats it along them.
 *
 * @param operand an array
 * @param sizes sizes of the new leading axes
 * @returns an array of shape `[...sizes, ...operand.shape]`
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const x = lax.broadcast(np.array([1, 2]), [2]);
 * if (String(x) !== "[[1. 2.]\n [1. 2.]]") throw new Error();
 * ```
 */
export function broadcast(operand: ArrayLike, sizes: readonly number[]): JaxArray {
  const x = toArray(operand, "broadcast"), lead = canonicalShape(sizes);
  if (lead.length === 0) return x;
  return raw.broadcastInDim(x, [...lead, ...x.shape], x.shape.map((_, i) => i + lead.length));
}

/**
 * Axis i of the operand becomes axis `broadcastDimensions[i]` of the result; axes of size 1 stretch.
 *
 * @throws {TypeError} when the shapes do not fit
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const x = lax.broadcastInDim(np.array([1, 2]), [2, 2], [0]);
 * if (String(x) !== "[[1. 1.]\n [2. 2.]]") throw new Error();
 * ```
 */
export function broadcastInDim(
  operand: ArrayLike,
  shape: Shape,
  broadcastDimensions: readonly number[],
): JaxArray {
  const x = toArray(operand, "broadcast_in_dim"), target = canonicalShape(shape);
  const dims = staticIntegers(broadcastDimensions, "broadcast_dimensions");
  if (x.ndim === target.length && dims.length === 0) return x;
  return raw.broadcastInDim(x, target, dims);
}

/** Spreads an array to the shape of another, by NumPy's rules. */
export function broadcastLike(operand: ArrayLike, like: ArrayLike): JaxArray {
  return broadcastTo(toArray(operand, "broadcast_like"), toArray(like, "broadcast_like", 1).shape);
}

/**
 * The shape that arrays of these shapes broadcast to, by NumPy's rules.
 *
 * @throws {ValueError} when they do not fit together
 *
 * @example
 * ```ts
 * import { lax } from "@jaxlet/jaxlet";
 * if (String(lax.broadcastShapes([2, 1], [3])) !== "2,3") throw new Error();
 * ```
 */
export function broadcastShapes(...shapes: readonly Shape[]): number[] {
  return commonShape(shapes.map(canonicalShape));
}

/** Puts axes of size 1 in front until an array has `rank` axes. */
export function broadcastToRank(operand: ArrayLike, rank: number): JaxArray {
  const x = toArray(operand, "broadcast_to_rank");
  if (rank < x.ndim) {
    throw new ValueError(`broadcast_to_rank: an array of dimension ${x.ndim} cannot have rank ${rank}`);
  }
  return broadcast(x, new Array(rank - x.ndim).fill(1));
}

/**
 * Indices 0, 1, ..., size − 1 as an array.
 *
 * @throws {TypeError} for a dtype that is not numeric, or a negative size
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * if (String(lax.iota(np.int32, 3)) !== "[0 1 2]") throw new Error();
 * ```
 */
export function iota(dtype: DTypeLike, size: number): JaxArray {
  return broadcastedIota(dtype, [size], 0);
}

/** Indices along axis `dimension` of an array of shape `shape`. */
export function broadcastedIota(dtype: DTypeLike, shape: Shape, dimension: number): JaxArray {
  const axis = staticInteger(dimension, "dimension argument of lax.broadcasted_iota");
  return raw.iota(requestedDType(dtype, "broadcasted_iota"), canonicalShape(shape), axis);
}

/**
 * Makes one axis of the axes from `startDimension` up to `stopDimension` (not included; default: all that follow).
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const x = lax.collapse(np.zeros([2, 3, 4]), 1);
 * if (String(x.shape) !== "2,12") throw new Error();
 * ```
 */
export function collapse(
  operand: ArrayLike,
  startDimension: number,
  ...rest: [stopDimension?: number | null | { readonly stopDimension?: number | null }]
): JaxArray {
  const { stopDimension } = keywords("collapse", ["stopDimension"], rest);
  const x = toArray(operand, "collapse"), n = x.ndim;
  const within = (i: number): number => Math.min(Math.max(i < 0 ? i + n : i, 0), n);
  const low = within(staticInteger(startDimension, "start_dimension"));
  const high = stopDimension === undefined || stopDimension === null
    ? n
    : within(staticInteger(stopDimension, "stop_dimension"));
  if (high < low) {
    throw new ValueError(
      `Invalid dimension range passed to collapse: ${tuple(x.shape)}[${startDimension}:${
        stopDimension ?? "None"
      }]`,
    );
  }
  const size = x.shape.slice(low, high).reduce((a, b) => a * b, 1);
  return reshape(x, [...x.shape.slice(0, low), size, ...x.shape.slice(high)]);
}

/**
 * Joins arrays of one dtype along an existing axis.
 *
 * @throws {TypeError} when ranks, other axes or dtypes differ
 * @throws {ValueError} when the list is empty
 */
export function concatenate(
  operands: readonly ArrayLike[],
  ...rest: [dimension: number | { readonly dimension: number }]
): JaxArray {
  const { dimension } = keywords("concatenate", ["dimension"], rest);
  if (operands.length === 0) throw new ValueError("concatenate requires a non-empty sequences of arrays");
  const xs = lift("concatenate", ...operands);
  return raw.concatenate(xs, staticInteger(dimension, "dimension argument of lax.concatenate"));
}

/**
 * Joins arrays of one shape along a new axis.
 *
 * @throws {ValueError} when the shapes differ or the list is empty
 */
export function stack(
  operands: readonly ArrayLike[],
  ...rest: [axis?: number | { readonly axis?: number }]
): JaxArray {
  const { axis = 0 } = keywords("stack", ["axis"], rest);
  if (operands.length === 0) throw new ValueError("stack expects at least one operand, got 0.");
  const xs = lift("stack", ...operands), first = xs[0]!;
  const at = canonicalAxis(axis, first.ndim + 1), shapes = xs.map((x) => tuple(x.shape)).join(", ");
  if (xs.some((x) => x.ndim !== first.ndim)) {
    throw new ValueError(`Cannot stack arrays with different numbers of dimensions: got ${shapes}.`);
  }
  if (xs.some((x) => !sameShape(x.shape, first.shape))) {
    throw new ValueError(`All input arrays must have the same shape. Got ${shapes}.`);
  }
  return raw.concatenate(xs.map((x) => raw.expandDims(x, [at])), at);
}

/** The parts of an array along an axis, without that axis. */
export function unstack(
  operand: ArrayLike,
  ...rest: [axis?: number | { readonly axis?: number }]
): JaxArray[] {
  const { axis = 0 } = keywords("unstack", ["axis"], rest);
  const x = toArray(operand, "unstack"), at = canonicalAxis(axis, x.ndim);
  const sizes: number[] = new Array(x.shape[at]!).fill(1);
  if (sizes.length === 0) return [];
  return bind(P.split, [x], { sizes, axis: at }).map((part) => raw.squeeze(part, [at]));
}

/**
 * Divides an array along an axis into parts of these sizes.
 *
 * @throws {ValueError} when the sizes do not add up to the size of the axis
 */
export function split(
  operand: ArrayLike,
  sizes: readonly number[],
  ...rest: [axis?: number | { readonly axis?: number }]
): JaxArray[] {
  const { axis = 0 } = keywords("split", ["axis"], rest);
  const x = toArray(operand, "split");
  const params = { sizes: staticIntegers(sizes, "sizes"), axis: canonicalAxis(axis, x.ndim) };
  return [...bind(P.split, [x], params)];
}

/**
 * Inserts axes of size 1 at these positions of the result.
 *
 * @throws {ValueError} for positions that are repeated or out of bounds
 */
export function expandDims(operand: ArrayLike, dimensions: readonly number[]): JaxArray {
  const x = toArray(operand, "expand_dims"), given = staticIntegers(dimensions, "dimensions");
  const dims = given.map((d) => canonicalAxis(d, x.ndim + given.length));
  if (new Set(dims).size !== dims.length) {
    throw new ValueError(`repeated axis in lax.expand_dims: ${tuple(given)}`);
  }
  return raw.expandDims(x, dims);
}

/**
 * Removes axes of size 1.
 *
 * @throws {ValueError} for an axis of another size
 */
export function squeeze(operand: ArrayLike, dimensions: readonly number[]): JaxArray {
  const x = toArray(operand, "squeeze");
  const dims = staticIntegers(dimensions, "dimensions").map((d) => canonicalAxis(d, x.ndim));
  return raw.squeeze(x, dims.sort((a, b) => a - b));
}

/**
 * The same elements in row-major order in another shape; with `dimensions`, those of the transposed operand.
 *
 * @throws {TypeError} when the number of elements differs
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * if (String(lax.reshape(np.arange(4), [2, 2])) !== "[[0 1]\n [2 3]]") throw new Error();
 * ```
 */
export function reshape(
  operand: ArrayLike,
  newSizes: Shape,
  ...rest: [
    dimensions?: readonly number[] | null | {
      readonly dimensions?: readonly number[] | null;
      readonly outSharding?: null;
    },
  ]
): JaxArray {
  const { dimensions } = keywords("reshape", ["dimensions"], rest, ["outSharding"]);
  const x = toArray(operand, "reshape"), sizes = canonicalShape(newSizes);
  const dims = dimensions === undefined || dimensions === null
    ? null
    : staticIntegers(dimensions, "dimensions");
  if (dims !== null && !dims.every((d, i) => d === i)) return reshape(transpose(x, dims), sizes);
  return x.ndim > 0 && sameShape(x.shape, sizes) ? x : raw.reshape(x, sizes);
}

/**
 * Permutes axes: axis i of the result is axis `permutation[i]` of the operand.
 *
 * @throws {TypeError} when it is no permutation of the axes
 */
export function transpose(operand: ArrayLike, permutation: readonly number[]): JaxArray {
  const x = toArray(operand, "transpose"), list = staticIntegers(permutation, "permutation");
  if (list.length !== x.ndim) return bind1(P.transpose, [x], { permutation: list });
  return raw.transpose(x, list);
}

/** Reverses the order of elements along these axes. */
export function rev(operand: ArrayLike, dimensions: readonly number[]): JaxArray {
  return raw.rev(toArray(operand, "rev"), staticIntegers(dimensions, "dimensions"));
}

/**
 * Adds elements of one value: `[low, high, interior]` for each axis, before, after and between; negative low and high
 * take elements away.
 *
 * @throws {TypeError} when the dtypes of operand and value differ
 * @throws {ValueError} when the configuration does not fit
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const x = lax.pad(np.array([1, 2]), 0, [[1, 0, 1]]);
 * if (String(x) !== "[0. 1. 0. 2.]") throw new Error();
 * ```
 */
export function pad(
  operand: ArrayLike,
  paddingValue: ArrayLike,
  paddingConfig: readonly (readonly number[])[],
): JaxArray {
  const [x, value] = lift("pad", operand, paddingValue) as [JaxArray, JaxArray];
  const config = paddingConfig.map((item) => {
    const [low, high, interior, ...more] = staticIntegers(item, "padding_config");
    if (interior === undefined || more.length > 0) {
      throw new ValueError(`padding_config must be a list of [low, high, interior], got ${tuple(item)}`);
    }
    return [low!, high!, interior] as const;
  });
  return raw.pad(x, value, config);
}

/** Repeats an array `reps[i]` times along axis i. */
export function tile(operand: ArrayLike, reps: readonly number[]): JaxArray {
  return bind1(P.tile, [toArray(operand, "tile")], { reps: staticIntegers(reps, "reps") });
}

/** A fill value as a 0-d array: of a dtype if one is given, else of its own, weakly typed if it is a number. */
function fillArray(value: unknown, dtype: DType | null, weakType: boolean): JaxArray {
  if (dtype === null) return toArray(value, "full", 1);
  if (!(value instanceof JaxArray) && !ArrayBuffer.isView(value) && dtype.kind !== "key") {
    toArray(value, "full", 1);
    return scalarArray(convertScalar(value as Scalar, dtype), dtype, weakType);
  }
  return raw.convert(toArray(value, "full", 1), dtype, weakType);
}

function filled(shape: readonly number[], value: JaxArray): JaxArray {
  if (value.ndim !== 0) {
    throw new TypeError(
      `full must be called with scalar fill_value, got fill_value.shape ${tuple(value.shape)}.`,
    );
  }
  return shape.length === 0 ? value : raw.broadcastInDim(value, shape, []);
}

/**
 * An array of one value.
 *
 * @param shape its shape
 * @param fillValue a scalar
 * @param dtype default: that of the value
 * @throws {TypeError} when the value is no scalar
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * if (String(lax.full([2], 7, np.int32)) !== "[7 7]") throw new Error();
 * ```
 */
export function full(
  shape: Shape,
  fillValue: ArrayLike,
  ...rest: [dtype?: DTypeLike | null | { readonly dtype?: DTypeLike | null; readonly sharding?: null }]
): JaxArray {
  const { dtype } = keywords("full", ["dtype"], rest, ["sharding"]);
  const type = dtype === undefined || dtype === null ? null : requestedDType(dtype as DTypeLike, "full");
  return filled(canonicalShape(shape), fillArray(fillValue, type, false));
}

/** An array of one value with the shape and dtype of another, unless others are given. */
export function fullLike(
  like: ArrayLike | { readonly shape: readonly number[]; readonly dtype: DType },
  fillValue: ArrayLike,
  ...rest: [
    dtype?: DTypeLike | null | {
      readonly dtype?: DTypeLike | null;
      readonly shape?: Shape | null;
      readonly sharding?: null;
    },
    shape?: Shape | null | { readonly shape?: Shape | null; readonly sharding?: null },
  ]
): JaxArray {
  const { dtype, shape } = keywords("full_like", ["dtype", "shape"], rest, ["sharding"]);
  const model = typeof like === "object" && "shape" in like && "dtype" in like
    ? like as { shape: readonly number[]; dtype: DType; weakType?: boolean }
    : toArray(like, "full_like");
  const own = dtype === undefined || dtype === null;
  const type = own ? model.dtype : requestedDType(dtype as DTypeLike, "full_like");
  const sizes = shape === undefined || shape === null ? model.shape : canonicalShape(shape);
  return filled(sizes, fillArray(fillValue, type, own && Boolean(model.weakType)));
}

/** An array whose elements are not specified: here zeros. */
export function empty(shape: Shape, dtype: DTypeLike): JaxArray {
  return filled(canonicalShape(shape), fillArray(0, requestedDType(dtype, "empty"), false));
}

/** A shape as an int32 array. */
export function shapeAsValue(shape: Shape): JaxArray {
  const sizes = canonicalShape(shape), dtype = asDType("int32");
  if (sizes.length === 0) return raw.full([0], 0, dtype);
  return raw.concatenate(
    sizes.map((n) => raw.broadcastInDim(scalarArray(n, dtype), [1], [])),
    0,
  );
}
