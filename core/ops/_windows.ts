/**
 * Windows that slide over padded and dilated arrays: their shapes, checks, indices and the slices they are made of.
 *
 * @module
 */
import { binary, compare, constant, index as constantIndex } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { Access, Val } from "../../kernel/lowering.ts";
import type { JaxArray } from "../array.ts";
import { type ShapedArray, tuple } from "../avals.ts";
import * as raw from "../raw.ts";
import { branchVal, checkShapelike, every, inserted, range } from "./_shapes.ts";

/** Where windows lie: one entry for each axis. */
export interface WindowParams {
  readonly windowDimensions: readonly number[];
  readonly windowStrides: readonly number[];
  /** Elements before and after; negative ones are cut off. */
  readonly padding: readonly (readonly [number, number])[];
  readonly baseDilation: readonly number[];
  readonly windowDilation: readonly number[];
}

/** Just the window parts of params. */
export function windowOf(params: WindowParams): WindowParams {
  const { windowDimensions, windowStrides, padding, baseDilation, windowDilation } = params;
  return { windowDimensions, windowStrides, padding, baseDilation, windowDilation };
}

/** The window params as jaxprs show them. */
export function printWindow(params: WindowParams): Record<string, unknown> {
  return {
    base_dilation: params.baseDilation,
    padding: params.padding,
    window_dilation: params.windowDilation,
    window_dimensions: params.windowDimensions,
    window_strides: params.windowStrides,
  };
}

/** Size of an axis with `dilation - 1` gaps between elements. */
export function dilated(size: number, dilation: number): number {
  return dilation === 1 ? size : Math.max(0, 1 + dilation * (size - 1));
}

/** Number of windows of each axis. */
export function windowShape(shape: readonly number[], params: WindowParams): number[] {
  return shape.map((n, i) => {
    const [low, high] = params.padding[i]!;
    const padded = dilated(n, params.baseDilation[i]!) + low + high;
    const window = dilated(params.windowDimensions[i]!, params.windowDilation[i]!);
    return Math.max(0, Math.floor((padded - window) / params.windowStrides[i]!) + 1);
  });
}

function checkPositive(name: string, list: readonly number[], nonzero: boolean): void {
  checkShapelike("reduce_window", name, list);
  if (nonzero && list.some((n) => n === 0)) {
    throw new TypeError(
      `reduce_window ${name} must have every element be strictly positive, got ${tuple(list)}.`,
    );
  }
}

/** Number of windows of each axis; raises JAX's errors for params that do not fit the operand. */
export function checkedWindowShape(aval: ShapedArray, params: WindowParams): readonly number[] {
  const { windowDimensions, windowStrides, padding, baseDilation, windowDilation } = params;
  checkPositive("window_dimensions", windowDimensions, true);
  checkPositive("window_strides", windowStrides, true);
  checkPositive("base_dilation", baseDilation, false);
  checkPositive("window_dilation", windowDilation, false);
  const window = tuple(windowDimensions);
  if (aval.ndim !== windowDimensions.length) {
    throw new TypeError(
      "reduce_window got the wrong number of window_dimensions for operand: got operand shape " +
        `${tuple(aval.shape)} with window_dimensions ${window}.`,
    );
  }
  const lists = {
    window_strides: windowStrides,
    base_dilation: baseDilation,
    window_dilation: windowDilation,
  };
  for (const [name, list] of Object.entries(lists)) {
    if (list.length === windowDimensions.length) continue;
    throw new TypeError(
      `reduce_window got inconsistent ${name} and window_dimensions: got ${name} ${tuple(list)} and ` +
        `window_dimensions ${window}.`,
    );
  }
  if (padding.length !== windowDimensions.length) {
    throw new TypeError(
      `reduce_window got inconsistent padding and window_dimensions: got padding ` +
        `${tuple(padding.map(tuple))} and window_dimensions ${window}.`,
    );
  }
  return windowShape(aval.shape, params);
}

/** The params with a trivial window along a new axis. */
export function insertWindowAxis(params: WindowParams, at: number): WindowParams {
  return {
    windowDimensions: inserted(params.windowDimensions, at, 1),
    windowStrides: inserted(params.windowStrides, at, 1),
    padding: inserted(params.padding, at, [0, 0] as const),
    baseDilation: inserted(params.baseDilation, at, 1),
    windowDilation: inserted(params.windowDilation, at, 1),
  };
}

/** Where the operand is read at an offset into a window, and whether there is an element of it. */
export function windowPosition(
  shape: readonly number[],
  params: WindowParams,
  window: readonly Expr[],
  offset: readonly Expr[],
): { at: Expr[]; inside: Expr } {
  const inside: Expr[] = shape.includes(0) ? [constant("bool", false)] : [];
  const at = shape.map((n, i) => {
    const [low, high] = params.padding[i]!, base = params.baseDilation[i]!;
    const scaled = binary("mul", window[i]!, constantIndex(params.windowStrides[i]!));
    const step = binary("mul", offset[i]!, constantIndex(params.windowDilation[i]!));
    const position = binary("sub", binary("add", scaled, step), constantIndex(low));
    // Windows leave the operand only over positive padding.
    if (low > 0) inside.push(compare("ge", position, constantIndex(0)));
    if (high > 0) inside.push(compare("lt", position, constantIndex(dilated(n, base))));
    if (base === 1) return position;
    inside.push(compare("eq", binary("rem", position, constantIndex(base)), constantIndex(0)));
    return binary("div", position, constantIndex(base));
  });
  return { at, inside: every(inside, (x, y) => binary("and", x, y)) };
}

/** Element of the padded, dilated operand at an offset into a window; `outside` where there is none. */
export function readWindow(
  operand: Access,
  params: WindowParams,
  window: readonly Expr[],
  offset: readonly Expr[],
  outside: () => Val,
): Val {
  const { at, inside } = windowPosition(operand.aval.shape, params, window, offset);
  return branchVal(inside, () => operand.at(at), outside);
}

/** For each offset into the windows, in row-major order, the elements that windows have there. */
export function windowSlices(x: JaxArray, outside: JaxArray, params: WindowParams): JaxArray[] {
  const { windowDimensions, windowStrides, padding, baseDilation, windowDilation } = params;
  const count = windowShape(x.shape, params);
  const padded = raw.pad(x, outside, padding.map(([low, high], i) => [low, high, baseDilation[i]! - 1]));
  let offsets: number[][] = [[]];
  for (const n of windowDimensions) offsets = offsets.flatMap((o) => range(n).map((i) => [...o, i]));
  return offsets.map((offset) => {
    const start = offset.map((o, i) => o * windowDilation[i]!);
    const limit = start.map((s, i) => count[i] === 0 ? s : s + (count[i]! - 1) * windowStrides[i]! + 1);
    return raw.slice(padded, start, limit, windowStrides);
  });
}
