/**
 * Functions of `jax.numpy` that rearrange and repeat elements: flip, roll, rot90, tile, repeat.
 *
 * @module
 */
import {
  canonicalAxis,
  isInteger,
  JaxArray,
  keywords,
  raw,
  staticInteger,
  staticIntegers,
  toIndexArray,
  Tracer,
  TracerIntegerConversionError,
  tuple,
  typedArrayDType,
  ValueError,
} from "../core/mod.ts";
import { cumsum, dynamicSlice, sliceInDim } from "../lax/mod.ts";
import { integerList, range } from "./axes.ts";
import { integerArray, integersOf, known } from "./_concrete.ts";
import { type ArrayLike, toArray } from "./convert.ts";
import { floorMod } from "./_modulo.ts";
import { repeatEach, reversed, tiled } from "./_movement.ts";
import { staged } from "./_staged.ts";
import { takeAlong } from "./_take.ts";

type AxisRest = [
  axis?: number | readonly number[] | null | { readonly axis?: number | readonly number[] | null },
];

/**
 * Reverses the order of elements along axes: those given, or all.
 *
 * @throws {ValueError} for an axis that the array does not have
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.flip(np.arange(3))) !== "[2 1 0]") throw new Error();
 * ```
 */
export function flip(m: ArrayLike, ...rest: AxisRest): JaxArray {
  const { axis } = keywords("flip", ["axis"], rest), x = toArray(m, "flip");
  const axes = axis === undefined || axis === null
    ? range(x.ndim)
    : integerList(axis, "axis").map((i) => canonicalAxis(i, x.ndim));
  return reversed(x, axes);
}

/**
 * Reverses the order of elements along axis 1.
 *
 * @throws {ValueError} for an array of fewer than two axes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fliplr(np.array([[1, 2]]))) !== "[[2. 1.]]") throw new Error();
 * ```
 */
export function fliplr(m: ArrayLike): JaxArray {
  const x = toArray(m, "fliplr");
  return reversed(x, [canonicalAxis(1, x.ndim)]);
}

/**
 * Reverses the order of elements along axis 0.
 *
 * @throws {ValueError} for an array without axes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.flipud(np.array([1, 2]))) !== "[2. 1.]") throw new Error();
 * ```
 */
export function flipud(m: ArrayLike): JaxArray {
  const x = toArray(m, "flipud");
  return reversed(x, [canonicalAxis(0, x.ndim)]);
}

const rot90Call = staged("rot90", ([x]: [JaxArray], k: number, from: number, to: number) => {
  const permutation = range(x.ndim);
  permutation[from] = to;
  permutation[to] = from;
  switch (k) {
    case 0:
      return x;
    case 1:
      return raw.transpose(reversed(x, [to]), permutation);
    case 2:
      return reversed(reversed(x, [from]), [to]);
    default:
      return reversed(raw.transpose(x, permutation), [to]);
  }
});

/** Options of {@linkcode rot90}. */
export interface Rot90Options {
  /** How many quarter turns, default 1; negative ones turn the other way. */
  readonly k?: number;
  /** The plane: turned from the first axis to the second, default [0, 1]. */
  readonly axes?: readonly number[];
}

/**
 * Turns an array by 90 degrees in the plane of two axes.
 *
 * @throws {ValueError} for an array of fewer than two axes, or a plane of one axis
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.rot90(np.array([[1, 2], [3, 4]]))) !== "[[2. 4.]\n [1. 3.]]") throw new Error();
 * ```
 */
export function rot90(
  m: ArrayLike,
  ...rest: [k?: number | Rot90Options, axes?: readonly number[] | Rot90Options]
): JaxArray {
  const { k = 1, axes = [0, 1] } = keywords("rot90", ["k", "axes"], rest), x = toArray(m, "rot90");
  if (x.ndim < 2) {
    throw new ValueError(
      "rot90 requires its first argument to have ndim at least two, but got first argument of shape " +
        `${tuple(x.shape)}, which has ndim ${x.ndim}`,
    );
  }
  const [from, to, ...more] = integerList(axes, "axes").map((i) => canonicalAxis(i, x.ndim));
  if (to === undefined || more.length > 0) throw new ValueError("rot90: axes must be two axes");
  if (from === to) throw new ValueError("Axes must be different");
  const turns = staticInteger(k, "k") % 4;
  return rot90Call([x], turns < 0 ? turns + 4 : turns, from!, to);
}

/** The shifts and axes of a roll in pairs. */
function pairs(shifts: readonly number[], axes: readonly number[]): [shift: number, axis: number][] {
  const n = Math.max(shifts.length, axes.length);
  if (shifts.length !== 1 && shifts.length !== n || axes.length !== 1 && axes.length !== n) {
    throw new ValueError(
      `shape mismatch: 'shift' has ${shifts.length} and 'axis' ${axes.length} entries, which do not fit together`,
    );
  }
  return range(n).map((i) => [shifts[shifts.length === 1 ? 0 : i]!, axes[axes.length === 1 ? 0 : i]!]);
}

const rollStatic = staged(
  "_roll_static",
  ([x]: [JaxArray], shifts: readonly number[], axes: readonly number[]) => {
    for (const [shift, axis] of pairs(shifts, axes)) {
      const n = x.shape[axis]!;
      if (n === 0) continue;
      const at = ((-shift % n) + n) % n;
      x = raw.concatenate([sliceInDim(x, at, n, { axis }), sliceInDim(x, 0, at, { axis })], axis);
    }
    return x;
  },
);

const rollDynamic = staged("_roll_dynamic", ([x, shift]: [JaxArray, JaxArray], axes: readonly number[]) => {
  const flat = raw.reshape(raw.convert(shift, toIndexArray(0).dtype), [shift.size]);
  for (const [i, axis] of pairs(range(flat.size), axes)) {
    const n = x.shape[axis]!;
    if (n === 0) continue;
    const by = floorMod(raw.squeeze(raw.slice(flat, [i], [i + 1]), [0]), n);
    const zero = raw.like(by, 0), from = raw.sub(raw.like(by, n), by);
    const starts = x.shape.map((_, k) => k === axis ? from : zero);
    x = dynamicSlice(raw.concatenate([x, x], axis), starts, [...x.shape]);
  }
  return x;
});

/** The shifts when they are known, else null. */
function knownShifts(shift: unknown): number[] | null {
  try {
    return integerList(shift, "shift");
  } catch (error) {
    if (error instanceof TracerIntegerConversionError) return null;
    if (shift instanceof Tracer) return null;
    throw error;
  }
}

/**
 * Moves elements along axes, those that leave at one end coming in at the other. Without an axis the flattened array is
 * rolled.
 *
 * @param shift by how much, one number or one for each axis; may be traced
 * @param axis an axis or a list of them
 * @throws {ValueError} for an axis that the array does not have
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.roll(np.arange(4), 1)) !== "[3 0 1 2]") throw new Error();
 * ```
 */
export function roll(
  a: ArrayLike,
  shift: number | readonly number[] | JaxArray,
  ...rest: AxisRest
): JaxArray {
  const { axis } = keywords("roll", ["axis"], rest), x = toArray(a, "roll");
  if (axis === undefined || axis === null) {
    const flat = x.ndim === 1 ? x : raw.reshape(x, [x.size]);
    const rolled = roll(flat, shift, 0);
    return x.ndim === 1 ? rolled : raw.reshape(rolled, x.shape);
  }
  const axes = integerList(axis, "axis").map((i) => canonicalAxis(i, x.ndim));
  const shifts = knownShifts(shift);
  if (shifts !== null) return rollStatic([x], shifts, axes);
  const traced = Array.isArray(shift) ? toIndexArray(shift) : shift as JaxArray;
  if (traced.ndim > 1) {
    throw new ValueError("'shift' and 'axis' arguments to roll must be scalars or 1D arrays");
  }
  return rollDynamic([x, traced], axes);
}

/**
 * Repeats an array as a whole: `reps[i]` times along axis i. The shorter of shape and `reps` counts as padded with
 * leading ones.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.tile(np.arange(2), 2)) !== "[0 1 0 1]") throw new Error();
 * ```
 */
export function tile(A: ArrayLike, reps: number | readonly number[]): JaxArray {
  const x = toArray(A, "tile"), given = integerList(reps, "reps");
  const all = [...new Array(Math.max(0, x.ndim - given.length)).fill(1), ...given];
  return tiled(raw.expandDims(x, range(all.length - x.ndim)), all);
}

/** Options of {@linkcode repeat}. */
export interface RepeatOptions {
  /** The axis to repeat along; null (the default) repeats the elements of the flattened array. */
  readonly axis?: number | null;
  /** The size of the result's axis, needed when `repeats` is traced. What is missing repeats the last element. */
  readonly totalRepeatLength?: number | null;
  readonly outSharding?: null;
}

/** The element of each place of the result when element i stands `counts[i]` times, in `total` places. */
function repeatedPositions(counts: readonly number[], total: number): number[] {
  const positions: number[] = [];
  counts.forEach((count, i) => {
    for (let k = 0; k < count && positions.length < total; k++) positions.push(i);
  });
  while (positions.length < total) positions.push(counts.length - 1);
  return positions;
}

/**
 * As {@linkcode repeatedPositions} for traced counts: 1 is added where each element starts, and the sum so far of these
 * counts elements.
 */
function tracedPositions(counts: JaxArray, total: number): JaxArray {
  const n = counts.size, ends = cumsum(counts, 0);
  const starts = raw.concatenate([raw.full([1], 0, counts.dtype), raw.slice(ends, [0], [n - 1])], 0);
  const marks = raw.full([total], 0, integerArray([]).dtype).at(starts).add(1);
  return raw.sub(cumsum(marks, 0), 1);
}

/**
 * Repeats each element (or slice along an axis).
 *
 * @param repeats how often: one number, or one for each element
 * @throws {ConcretizationTypeError} when `repeats` is traced and there is no `totalRepeatLength`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.repeat(np.arange(2), 2)) !== "[0 0 1 1]") throw new Error();
 * if (String(np.repeat(np.arange(2), [1, 2])) !== "[0 1 1]") throw new Error();
 * ```
 */
export function repeat(
  a: ArrayLike,
  repeats: number | readonly number[] | JaxArray | ArrayBufferView,
  ...rest: [axis?: number | null | RepeatOptions, options?: RepeatOptions]
): JaxArray {
  const { axis, totalRepeatLength } = keywords("repeat", ["axis"], rest, [
    "totalRepeatLength",
    "outSharding",
  ]);
  let x = toArray(a, "repeat");
  const flatten = axis === undefined || axis === null;
  if (flatten && x.ndim !== 1) x = raw.reshape(x, [x.size]);
  const at = flatten ? 0 : canonicalAxis(axis, x.ndim), size = x.shape[at]!;
  const total = totalRepeatLength === undefined || totalRepeatLength === null
    ? null
    : staticInteger(totalRepeatLength, "totalRepeatLength");
  const times = repeatCounts(repeats, total === null);
  if (times instanceof JaxArray) {
    if (total === 0 || size === 0) return takeAlong(x, integerArray([]), at);
    const flat = times.ndim === 1 ? times : raw.reshape(times, [times.size]);
    const each = flat.size === size ? flat : raw.broadcastInDim(raw.squeeze(flat, [0]), [size], []);
    return takeAlong(x, tracedPositions(each, total!), at);
  }
  if (typeof times === "number" && total === null) return repeatEach(x, times, at);
  const counts = typeof times === "number" || times.length === 1
    ? new Array<number>(size).fill(typeof times === "number" ? times : times[0]!)
    : times;
  if (counts.length !== size) {
    throw new ValueError(
      `operands could not be broadcast together with remapped shapes [original->remapped]: (${counts.length},) and ` +
        `requested shape (${size},)`,
    );
  }
  if (size === 0) return x;
  return takeAlong(x, integerArray(repeatedPositions(counts, total ?? sum(counts))), at);
}

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

/** Counts that are known as numbers, others as an array. */
function repeatCounts(repeats: unknown, needed: boolean): number | number[] | JaxArray {
  if (Array.isArray(repeats)) {
    if (!repeats.some((r) => r instanceof Tracer)) return staticIntegers(repeats, "repeats");
    return repeatCounts(toIndexArray(repeats), needed);
  }
  if (typedArrayDType(repeats) !== undefined) return staticIntegers(repeats, "repeats");
  if (!(repeats instanceof JaxArray)) return staticInteger(repeats, "repeats");
  if (!isInteger(repeats.dtype)) {
    throw new TypeError(`repeat: repeats must be integers, got ${repeats.aval}`);
  }
  if (!needed && repeats.concrete() === null) return repeats;
  const counts = integersOf(known(
    repeats,
    "When jit-compiling jnp.repeat, the total number of repeats must be static. To fix this, either specify a static " +
      "value for `repeats`, or pass a static value to `total_repeat_length`.",
  ));
  return repeats.ndim === 0 ? counts[0]! : counts;
}
