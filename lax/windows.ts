/**
 * Functions of `jax.lax` about windows that slide over arrays.
 *
 * @module
 */
import { RuntimeError, ValueError } from "../core/errors.ts";
import { describe } from "../core/concrete.ts";
import { bindReduceWindow, dilated, windowShape } from "../core/ops/window.ts";
import type { Primitive } from "../core/primitive.ts";
import { P } from "../core/prims.ts";
import { unflatten } from "../core/pytree.ts";
import { keywords, staticIntegers } from "../core/static.ts";
import { bind } from "../core/trace.ts";
import { type MonoidName, traceReduction } from "./_monoid.ts";

/** How arrays are padded: by name, or with elements before and after each axis. */
export type Padding =
  | "VALID"
  | "SAME"
  | "SAME_LOWER"
  | (string & Record<never, never>)
  | readonly (readonly [
    number,
    number,
  ])[];

/**
 * Elements to pad each axis with, before and after.
 *
 * @param inShape sizes of the axes
 * @param windowShape sizes of the windows
 * @param windowStrides steps of the windows
 * @param padding `"VALID"` (none), `"SAME"` (⌈size / stride⌉ windows, an odd element after) or `"SAME_LOWER"` (before)
 * @throws {RuntimeError} for another name
 * @throws {TypeError} for anything else
 *
 * @example
 * ```ts
 * import { lax } from "@jaxlet/jaxlet";
 * const [[low, high]] = lax.padtypeToPads([5], [4], [2], "SAME") as [[number, number]];
 * if (low !== 1 || high !== 2) throw new Error();
 * ```
 */
export function padtypeToPads(
  inShape: readonly number[],
  windowShape: readonly number[],
  windowStrides: readonly number[],
  padding: string,
): [number, number][] {
  if (typeof padding !== "string") throw new TypeError(`Unknown padding type: ${describe(padding)}.`);
  const name = padding.toUpperCase();
  if (name !== "VALID" && name !== "SAME" && name !== "SAME_LOWER") {
    throw new RuntimeError(
      `Unrecognized padding type: expected 'VALID', 'SAME', or 'SAME_LOWER', got ${padding}.`,
    );
  }
  const { length } = inShape;
  if (windowShape.length !== length || windowStrides.length !== length) {
    throw new ValueError(
      `padtype_to_pads: the shape, the window and its strides must have equal lengths, got ${length}, ` +
        `${windowShape.length} and ${windowStrides.length}`,
    );
  }
  return inShape.map((n, i) => {
    if (name === "VALID") return [0, 0];
    const stride = windowStrides[i]!, count = Math.ceil(n / stride);
    const total = Math.max((count - 1) * stride + windowShape[i]! - n, 0), half = Math.floor(total / 2);
    return name === "SAME" ? [half, total - half] : [total - half, half];
  });
}

/**
 * Number of windows along each axis.
 *
 * @param operandShape sizes of the axes
 * @param windowDimensions sizes of the windows
 * @param windowStrides steps of the windows
 * @param padding elements before and after each axis
 * @param baseDilation distances between elements of the operand; 1 by default
 * @param windowDilation distances between elements of a window; 1 by default
 *
 * @example
 * ```ts
 * import { lax } from "@jaxlet/jaxlet";
 * if (lax.reduceWindowShapeTuple([10], [3], [2], [[0, 0]])[0] !== 4) throw new Error();
 * ```
 */
export function reduceWindowShapeTuple(
  operandShape: readonly number[],
  windowDimensions: readonly number[],
  windowStrides: readonly number[],
  padding: readonly (readonly [number, number])[],
  baseDilation?: readonly number[] | null,
  windowDilation?: readonly number[] | null,
): number[] {
  const ones = operandShape.map(() => 1);
  return windowShape(operandShape, {
    windowDimensions,
    windowStrides,
    padding,
    baseDilation: baseDilation ?? ones,
    windowDilation: windowDilation ?? ones,
  });
}

/** Options of {@linkcode reduceWindow}. */
export interface ReduceWindowOptions {
  /** Steps of the windows; 1 by default. */
  readonly windowStrides?: readonly number[] | null;
  /** `"VALID"` by default. Padding holds the initial value. */
  readonly padding?: Padding;
  /** Distances between elements of the operand; 1 by default. */
  readonly baseDilation?: readonly number[] | null;
  /** Distances between elements of a window; 1 by default. */
  readonly windowDilation?: readonly number[] | null;
}

type List = readonly number[] | null;

const windowed: Readonly<Partial<Record<MonoidName, Primitive>>> = {
  add: P.reduce_window_sum,
  max: P.reduce_window_max,
  min: P.reduce_window_min,
};

/** Pairs of padding as plain integers. */
function explicitPadding(padding: unknown): [number, number][] {
  if (!Array.isArray(padding)) {
    throw new TypeError(
      `padding of reduce_window must be a name or a list of pairs, got ${describe(padding)}`,
    );
  }
  return padding.map((pair) => {
    const list = staticIntegers(pair, "a pair of the padding of reduce_window");
    if (list.length !== 2) {
      throw new ValueError(`padding of reduce_window must be pairs, got one of length ${list.length}`);
    }
    return [list[0]!, list[1]!];
  });
}

/**
 * Reduces windows that slide over an array. The computation must be associative, with the initial values as its
 * identity; sums, maxima and minima are recognised.
 *
 * @typeParam T the operands: an array or a tree of equally shaped arrays
 * @param operand what the windows slide over
 * @param initValue a tree like the operand of 0-d arrays or numbers
 * @param computation combines two trees of 0-d arrays
 * @param windowDimensions sizes of the windows, one for each axis
 * @returns a tree like the operand, of one element for each window
 * @throws {TypeError} when lists have other lengths than the operand has axes, or dtypes differ
 * @throws {RuntimeError} for an unknown name of a padding
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const y = lax.reduceWindow(np.arange(5).astype(np.float32), -Infinity, lax.max, [2], { windowStrides: [2] });
 * if (String(y) !== "[1. 3.]") throw new Error();
 * ```
 */
export function reduceWindow<T>(
  operand: T,
  initValue: unknown,
  // deno-lint-ignore no-explicit-any -- trees like the operand
  computation: (x: any, y: any) => unknown,
  windowDimensions: readonly number[],
  ...rest: [
    windowStrides?: List | ReduceWindowOptions,
    padding?: Padding | ReduceWindowOptions,
    baseDilation?: List | ReduceWindowOptions,
    windowDilation?: List | ReduceWindowOptions,
  ]
): T {
  const given = keywords(
    "reduce_window",
    ["windowStrides", "padding", "baseDilation", "windowDilation"],
    rest,
  );
  const window = staticIntegers(windowDimensions, "window_dimensions");
  const listOf = (x: unknown, name: string): number[] =>
    x === undefined || x === null ? window.map(() => 1) : staticIntegers(x, name);
  const windowStrides = listOf(given.windowStrides, "window_strides");
  const baseDilation = listOf(given.baseDilation, "base_dilation");
  const windowDilation = listOf(given.windowDilation, "window_dilation");
  const { operands, inits, treedef, jaxpr, consts, monoid } = traceReduction(
    "reduce_window",
    operand,
    initValue,
    computation,
  );
  const asked = given.padding ?? "VALID";
  const { shape } = operands[0]!, fits = shape.length === window.length;
  // Lists that do not fit are refused with the primitive's own message.
  const padding = typeof asked === "string"
    ? padtypeToPads(
      fits ? shape : window,
      window.map((n, i) => dilated(n, windowDilation[i] ?? 1)),
      window.map((_, i) => windowStrides[i] ?? 1),
      asked,
    )
    : explicitPadding(asked);
  const params = { windowDimensions: window, windowStrides, padding, baseDilation, windowDilation };
  const known = monoid === null ? undefined : windowed[monoid];
  const outs = known
    ? bind(known, operands, params)
    : bindReduceWindow([...consts, ...operands, ...inits], { jaxpr, numConsts: consts.length, ...params });
  return unflatten(treedef, [...outs]) as T;
}
