/**
 * Reshaping, reversing and repeating of arrays, as the functions of this folder do it among themselves.
 *
 * @module
 */
import { bind1, type JaxArray, P, raw, sameShape, ValueError } from "../core/mod.ts";
import { range } from "./axes.ts";
import { staged } from "./_staged.ts";

/** The elements in row-major order in another shape. */
export function withShape(x: JaxArray, sizes: readonly number[]): JaxArray {
  return x.ndim > 0 && sameShape(x.shape, sizes) ? x : raw.reshape(x, sizes);
}

/** An array with leading axes of size 1 up to a rank. */
export function withRank(x: JaxArray, rank: number): JaxArray {
  return raw.expandDims(x, range(Math.max(0, rank - x.ndim)));
}

const flipCall = staged("_flip", ([x]: [JaxArray], axes: readonly number[]) => raw.rev(x, axes));

/** x with some axes reversed. */
export function reversed(x: JaxArray, axes: readonly number[]): JaxArray {
  return flipCall([x], axes);
}

/** x repeated `reps[i]` times along axis i. */
export function tiled(x: JaxArray, reps: readonly number[]): JaxArray {
  return bind1(P.tile, [x], { reps: [...reps] });
}

/** Each slice along an axis `times` times. */
export function repeatEach(x: JaxArray, times: number, axis: number): JaxArray {
  if (times < 0) throw new ValueError(`repeat: repeats may not be negative, got ${times}`);
  const spread = x.shape.toSpliced(axis + 1, 0, times);
  const kept = range(spread.length).filter((i) => i !== axis + 1);
  const sizes = x.shape.map((n, i) => i === axis ? n * times : n);
  return raw.reshape(raw.broadcastInDim(x, spread, kept), sizes);
}

/** The elements of an array of one axis, repeated in turn, or the first of them, so that there are `size`. */
export function tileToSize(x: JaxArray, size: number): JaxArray {
  const long = x.size < size ? tiled(x, [Math.ceil(size / x.size)]) : x;
  return long.size > size ? raw.slice(long, [0], [size]) : long;
}
