/**
 * Axes and shapes as callers give them: one or a list, negative ones counted from the end.
 *
 * @module
 */
import {
  canonicalAxis,
  type JaxArray,
  raw,
  staticInteger,
  staticIntegers,
  typedArrayDType,
  ValueError,
} from "../core/mod.ts";

/** One integer or a list of them, as a list. */
export function integerList(x: unknown, what: string): number[] {
  return Array.isArray(x) || typedArrayDType(x) !== undefined || isVector(x)
    ? staticIntegers(x, what)
    : [staticInteger(x, what)];
}

const isVector = (x: unknown): boolean => typeof x === "object" && x !== null && (x as JaxArray).ndim === 1;

/**
 * One axis or a list of them counted from the front; null is all.
 *
 * @throws {ValueError} when the array has no such axis, or one is given twice
 */
export function axisList(axis: unknown, ndim: number): number[] {
  if (axis === null || axis === undefined) return Array.from({ length: ndim }, (_, i) => i);
  const axes = integerList(axis, "axis").map((i) => canonicalAxis(i, ndim));
  if (new Set(axes).size !== axes.length) throw new ValueError(`repeated axis: (${axes.join(", ")})`);
  return axes;
}

/** The permutation that moves axes `source` to positions `destination`; both are counted from the front. */
export function movePermutation(
  ndim: number,
  source: readonly number[],
  destination: readonly number[],
): number[] {
  const permutation = Array.from({ length: ndim }, (_, i) => i).filter((i) => !source.includes(i));
  const moves = source.map((s, i) => [destination[i]!, s] as const).sort((a, b) =>
    a[0] - b[0] || a[1] - b[1]
  );
  for (const [to, from] of moves) permutation.splice(to, 0, from);
  return permutation;
}

/** An array with one axis moved; both positions may be negative. */
export function moveOne(x: JaxArray, source: number, destination: number): JaxArray {
  const from = canonicalAxis(source, x.ndim), to = canonicalAxis(destination, x.ndim);
  return from === to ? x : raw.transpose(x, movePermutation(x.ndim, [from], [to]));
}

/** The product of sizes. */
export function product(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => a * b, 1);
}

/** 0, 1, ..., n − 1. */
export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
