/**
 * Reductions and scans of log depth, made of slices and one elementwise combination: their derivatives of any order
 * follow from the combination's.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import * as raw from "../raw.ts";
import { range } from "./_shapes.ts";

/** Combines two lists of equally shaped arrays elementwise; associative. */
export type Combine = (xs: readonly JaxArray[], ys: readonly JaxArray[]) => readonly JaxArray[];

/**
 * Combines all elements along axes, pairing neighbours: n elements in ⌈log₂ n⌉ rounds. Without elements the results
 * are `inits`, which have no part in it otherwise.
 */
export function reduceTree(
  combine: Combine,
  operands: readonly JaxArray[],
  inits: readonly JaxArray[],
  axes: readonly number[],
): JaxArray[] {
  const { shape } = operands[0]!;
  const kept = range(shape.length).filter((i) => !axes.includes(i));
  const outShape = kept.map((i) => shape[i]!);
  let n = 1;
  for (const a of axes) n *= shape[a]!;
  if (n === 0) return inits.map((init) => raw.broadcastInDim(init, outShape, []));
  let xs: readonly JaxArray[] = operands.map((x) =>
    raw.reshape(raw.transpose(x, [...axes, ...kept]), [n, ...outShape])
  );
  for (; n > 1; n = Math.ceil(n / 2)) {
    const pairs = 2 * Math.floor(n / 2);
    const combined = combine(
      xs.map((x) => raw.sliceInDim(x, 0, pairs - 1, 0, 2)),
      xs.map((x) => raw.sliceInDim(x, 1, pairs, 0, 2)),
    );
    xs = pairs === n
      ? combined
      : combined.map((x, i) => raw.concatenate([x, raw.sliceInDim(xs[i]!, pairs, n, 0)], 0));
  }
  return xs.map((x) => raw.reshape(x, outShape));
}

/**
 * All prefixes along an axis: element i of a result combines elements 0 to i. The even-odd scheme of G. Blelloch,
 * "Prefix sums and their applications" (1990): linear work, log depth.
 */
export function associativeScan(
  combine: Combine,
  elements: readonly JaxArray[],
  axis: number,
): readonly JaxArray[] {
  const n = elements[0]!.shape[axis]!;
  if (n < 2) return elements;
  const every = (xs: readonly JaxArray[], start: number, limit: number, stride = 1): JaxArray[] =>
    xs.map((x) => raw.sliceInDim(x, start, limit, axis, stride));
  // Scanning combined pairs gives the prefixes that end at odd positions.
  const pairs = combine(every(elements, 0, n - 1, 2), every(elements, 1, n, 2));
  const odd = associativeScan(combine, pairs, axis);
  const first = every(elements, 0, 1);
  if (n === 2) return odd.map((x, i) => raw.concatenate([first[i]!, x], axis));
  const before = n % 2 === 0 ? every(odd, 0, n / 2 - 1) : odd;
  const later = combine(before, every(elements, 2, n, 2));
  return later.map((x, i) => interleave(raw.concatenate([first[i]!, x], axis), odd[i]!, axis));
}

/** Elements of two arrays in turn; the first may have one more. */
function interleave(even: JaxArray, odd: JaxArray, axis: number): JaxArray {
  const n = odd.shape[axis]!, rest = even.shape[axis]! - n;
  const paired = raw.concatenate(
    [rest ? raw.sliceInDim(even, 0, n, axis) : even, odd].map((x) => raw.expandDims(x, [axis + 1])),
    axis + 1,
  );
  const joined = raw.reshape(paired, odd.shape.map((m, i) => i === axis ? 2 * m : m));
  return rest ? raw.concatenate([joined, raw.sliceInDim(even, n, n + 1, axis)], axis) : joined;
}
