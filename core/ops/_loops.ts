/**
 * Loop nests over several strided views at once, in kernels.
 *
 * @module
 */
import type { KernelBuilder } from "../../kernel/builder.ts";
import { binary, index as constantIndex } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";

/** An axis that views run along together: its extent and how far each view moves in one step. */
export interface Axis {
  readonly extent: number;
  readonly strides: readonly number[];
}

/** Row-major strides of a shape. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides: number[] = new Array(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

/** The same nest with fewer axes: size-1 axes go, and neighbours that every view runs through without a gap join. */
export function mergeAxes(axes: readonly Axis[]): Axis[] {
  const merged: Axis[] = [];
  for (const axis of axes) {
    if (axis.extent === 1) continue;
    const outer = merged.at(-1);
    if (outer && outer.strides.every((s, k) => s === axis.strides[k]! * axis.extent)) {
      merged[merged.length - 1] = { extent: outer.extent * axis.extent, strides: axis.strides };
    } else merged.push(axis);
  }
  return merged;
}

/** The places of the views: where each is, moved by `steps` along an axis. */
export function advance(places: readonly Expr[], axis: Axis, step: Expr): Expr[] {
  return places.map((p, k) =>
    axis.strides[k] === 0 ? p : binary("add", p, binary("mul", step, constantIndex(axis.strides[k]!)))
  );
}

/** Nested loops over the axes, outermost first; `independent` iterations may run in any order. */
export function nest(
  k: KernelBuilder,
  axes: readonly Axis[],
  places: readonly Expr[],
  body: (places: readonly Expr[]) => void,
  independent: boolean,
): void {
  const [axis, ...inner] = axes;
  if (axis === undefined) return body(places);
  k.for(0, axis.extent, (i) => nest(k, inner, advance(places, axis, i), body, independent), { independent });
}

/** Elements that one iteration of a split axis runs over: enough to pay for the iteration, few enough to share out. */
const blockSize = 4096;

/**
 * The outermost loop over independent axes as the kernel's range, so that threads may share it; `body` gets the places
 * and the axes that are left to run through.
 */
export function outermost(
  k: KernelBuilder,
  axes: readonly Axis[],
  views: number,
  body: (places: readonly Expr[], inner: readonly Axis[]) => void,
): void {
  const start = Array.from({ length: views }, () => constantIndex(0));
  const [first, ...rest] = axes;
  if (first === undefined) return k.range(1, () => body(start, []));
  if (rest.length > 0) {
    return k.range(first.extent, (i) => body(advance(start, first, i), rest));
  }
  const blocks = Math.floor(first.extent / blockSize);
  if (blocks < 2 || first.extent % blocks !== 0) return k.range(1, () => body(start, axes));
  const size = first.extent / blocks;
  const outer: Axis = { extent: blocks, strides: first.strides.map((s) => s * size) };
  k.range(blocks, (i) => body(advance(start, outer, i), [{ extent: size, strides: first.strides }]));
}
