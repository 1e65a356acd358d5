/**
 * `pad`: elements around an array, in every mode of NumPy.
 *
 * @module
 */
import {
  canonicalAxis,
  checkOptions,
  isInexact,
  isInteger,
  JaxArray,
  NotImplementedError,
  raw,
  staticInteger,
  tuple,
  typedArrayDType,
  ValueError,
} from "../core/mod.ts";
import { sliceInDim } from "../lax/mod.ts";
import { integersOf, known } from "./_concrete.ts";
import { type ArrayLike, toArray, weakArray } from "./convert.ts";
import { repeatEach, reversed } from "./_movement.ts";
import { staged } from "./_staged.ts";
import { asarray, type NestedArrayLike } from "./arrays.ts";
import { mean } from "./moments.ts";
import { median } from "./quantiles.ts";
import { linspace } from "./ranges.ts";
import { max, min } from "./reductions.ts";
import { round } from "./rounding.ts";
import { applyAlongAxis } from "./vectorize.ts";

/** A value before and after each axis. */
type Pairs<T> = readonly (readonly [before: T, after: T])[];

/** A value for each side of each axis: one for all, `[before, after]` for all axes, or a pair for each axis. */
export type PadValue<T> = T | readonly T[] | readonly (readonly T[])[];

/** A function that fills a padded slice: of a slice, its `[before, after]`, the axis and the options. */
export type PadFunction = (
  slice: JaxArray,
  width: readonly [before: number, after: number],
  axis: number,
  options: Readonly<Record<string, unknown>>,
) => JaxArray;

/** How {@linkcode pad} finds the new elements. */
export type PadMode =
  | "constant"
  | "edge"
  | "empty"
  | "linear_ramp"
  | "maximum"
  | "mean"
  | "median"
  | "minimum"
  | "reflect"
  | "symmetric"
  | "wrap"
  | PadFunction;

/** Options of {@linkcode pad}; each belongs to some modes. */
export interface PadOptions {
  readonly mode?: PadMode;
  /** The new elements in mode `"constant"`, default 0: one value, or `[before, after]` for all or for each axis. */
  readonly constantValues?: NestedArrayLike;
  /** The values at the ends in mode `"linear_ramp"`, default 0. */
  readonly endValues?: PadValue<number>;
  /** How many elements at each end the statistics of `"maximum"`, `"mean"`, `"median"`, `"minimum"` are over. */
  readonly statLength?: PadValue<number> | null;
  /** `"even"` (default) or `"odd"` (twice the edge less the element) for `"reflect"` and `"symmetric"`. */
  readonly reflectType?: "even" | "odd";
  /** Options for a function given as mode. */
  readonly [key: string]: unknown;
}

const allowedOptions: Readonly<Record<string, readonly string[]>> = {
  constant: ["constantValues"],
  edge: [],
  empty: [],
  linear_ramp: ["endValues"],
  maximum: ["statLength"],
  mean: ["statLength"],
  median: ["statLength"],
  minimum: ["statLength"],
  reflect: ["reflectType"],
  symmetric: ["reflectType"],
  wrap: [],
};

/** Nested lists of host values, arrays read. */
function hostValues(x: unknown, name: string): unknown {
  if (Array.isArray(x)) return x.map((item) => hostValues(item, name));
  if (typedArrayDType(x) !== undefined) return Array.from(x as Int32Array, Number);
  if (!(x instanceof JaxArray)) return typeof x === "bigint" ? Number(x) : x;
  const concrete = known(x, `${name} argument of jnp.pad`);
  return concrete.dtype.bits === 64 && x.ndim === 0 && isInteger(x.dtype)
    ? integersOf(concrete)[0]
    : concrete.toArray<unknown>();
}

const listShape = (x: unknown): number[] => Array.isArray(x) ? [x.length, ...listShape(x[0])] : [];
const sameNesting = (x: unknown, shape: readonly number[]): boolean =>
  Array.isArray(x)
    ? x.length === shape[0] && x.every((item) => sameNesting(item, shape.slice(1)))
    : shape.length === 0;

/** A pair for each of `nd` axes. */
function toPairs<T>(value: unknown, nd: number, name: string): Pairs<T> {
  const nested = hostValues(value, name), shape = listShape(nested);
  if (!sameNesting(nested, shape)) {
    throw new TypeError(`\`${name}\` entries must be the same shape: ${JSON.stringify(nested)}`);
  }
  const all = (pair: readonly [T, T]): Pairs<T> => new Array(nd).fill(pair);
  const list = nested as T[], rows = nested as [T, T][];
  if (shape.length === 0) return all([nested as T, nested as T]);
  if (shape.length === 1 && shape[0] === 1) return all([list[0]!, list[0]!]);
  if (shape.length === 1 && shape[0] === 2) return all([list[0]!, list[1]!]);
  if (shape.length === 2 && shape[1] === 2 && shape[0] === nd) return rows;
  if (shape.length === 2 && shape[1] === 2 && shape[0] === 1) return all(rows[0]!);
  if (shape.length === 1 && shape[0] === 0 && nd === 0) return [];
  throw new ValueError(
    `jnp.pad: ${name} with nd=${nd} has unsupported shape ${tuple(shape)}. ` +
      `Valid shapes are (${nd}, 2), (1, 2), (2,), (1,), or ().`,
  );
}

function checkNoPadding([before, after]: readonly [number, number], mode: string): void {
  if (before > 0 || after > 0) throw new ValueError(`Cannot apply '${mode}' padding to empty axis`);
}

function padConstant(x: JaxArray, widths: Pairs<number>, constants: JaxArray): JaxArray {
  const values = raw.convert(constants, x.dtype, x.weakType), { shape } = values;
  if (shape.length === 0 || shape.length === 1 && shape[0] === 1) {
    const value = shape.length === 0 ? values : raw.squeeze(values, [0]);
    return raw.pad(x, value, widths.map(([before, after]) => [before, after, 0]));
  }
  if (shape.length > 2 || shape.at(-1) !== 1 && shape.at(-1) !== 2) {
    throw new ValueError(
      `jnp.pad: constant_values has unsupported shape ${
        tuple(shape)
      }. If the shape is 1D or 2D, the last dimension ` +
        "must be of size 1 or 2.",
    );
  }
  const at = (axis: number, side: number): JaxArray => {
    const row = values.ndim === 2 ? values.get(values.shape[0] === 1 ? 0 : axis) : values;
    return row.get(row.shape[0] === 1 ? 0 : side);
  };
  const none = [0, 0, 0] as const;
  widths.forEach(([before, after], axis) => {
    const only = (config: readonly [number, number, number]): (readonly [number, number, number])[] =>
      widths.map((_, i) => i === axis ? config : none);
    if (before !== 0) x = raw.pad(x, at(axis, 0), only([before, 0, 0]));
    if (after !== 0) x = raw.pad(x, at(axis, 1), only([0, after, 0]));
  });
  return x;
}

function padWrap(x: JaxArray, widths: Pairs<number>): JaxArray {
  widths.forEach((width, axis) => {
    const size = x.shape[axis]!, [before, after] = width;
    if (size === 0) return checkNoPadding(width, "wrap");
    const parts = new Array<JaxArray>(Math.floor(before / size) + Math.floor(after / size) + 1).fill(x);
    if (before % size > 0) parts.unshift(sliceInDim(x, size - before % size, size, { axis }));
    if (after % size > 0) parts.push(sliceInDim(x, 0, after % size, { axis }));
    x = raw.concatenate(parts, axis);
  });
  return x;
}

/** One side of an axis filled by mirror images, as often as the width needs. */
function mirror(
  x: JaxArray,
  axis: number,
  width: number,
  before: boolean,
  { reflect, odd }: { readonly reflect: boolean; readonly odd: boolean },
): JaxArray {
  const size = x.shape[axis]!, offset = reflect && size > 1 ? 1 : 0;
  const edgeOf = (y: JaxArray): JaxArray => {
    const n = y.shape[axis]!;
    return before ? sliceInDim(y, 0, 1, { axis }) : sliceInDim(y, n - 1, n, { axis });
  };
  let edge = edgeOf(x);
  for (let left = width; left > 0;) {
    const count = Math.min(left, size - offset), n = x.shape[axis]!;
    left -= count;
    const part = before
      ? sliceInDim(x, offset, offset + count, { axis })
      : sliceInDim(x, n - offset - count, n - offset, { axis });
    let image = reversed(part, [axis]);
    if (odd) {
      image = raw.sub(raw.mul(edge, 2), image);
      if (size > 1) edge = edgeOf(image);
    }
    x = raw.concatenate(before ? [image, x] : [x, image], axis);
  }
  return x;
}

function padMirror(x: JaxArray, widths: Pairs<number>, mode: string, reflectType: string): JaxArray {
  const how = { reflect: mode === "reflect", odd: reflectType === "odd" };
  widths.forEach((width, axis) => {
    if (x.shape[axis] === 0) return checkNoPadding(width, mode);
    x = mirror(mirror(x, axis, width[0], true, how), axis, width[1], false, how);
  });
  return x;
}

/** Each axis padded by what a function gives for it. */
function padWith(
  x: JaxArray,
  widths: Pairs<number>,
  sides: (
    x: JaxArray,
    axis: number,
    width: readonly [number, number],
  ) => readonly [JaxArray, JaxArray] | null,
): JaxArray {
  widths.forEach((width, axis) => {
    const pair = sides(x, axis, width);
    if (pair !== null) x = raw.concatenate([pair[0], x, pair[1]], axis);
  });
  return x;
}

function padEdge(x: JaxArray, widths: Pairs<number>): JaxArray {
  return padWith(x, widths, (y, axis, width) => {
    const n = y.shape[axis]!;
    if (n === 0) {
      checkNoPadding(width, "edge");
      return null;
    }
    return [
      repeatEach(sliceInDim(y, 0, 1, { axis }), width[0], axis),
      repeatEach(sliceInDim(y, n - 1, n, { axis }), width[1], axis),
    ];
  });
}

function padRamp(x: JaxArray, widths: Pairs<number>, ends: Pairs<number>): JaxArray {
  return padWith(x, widths, (y, axis, width) => {
    const n = y.shape[axis]!;
    const ramp = (side: 0 | 1, from: number): JaxArray => {
      const edge = raw.squeeze(sliceInDim(y, from, from + 1, { axis }), [axis]);
      const options = { endpoint: false, dtype: y.dtype, axis };
      return raw.convert(linspace(ends[axis]![side], edge, width[side], options), y.dtype, y.weakType);
    };
    return [ramp(0, 0), reversed(ramp(1, n - 1), [axis])];
  });
}

type Statistic = (x: JaxArray, options: { readonly axis: number; readonly keepdims: true }) => JaxArray;

const statistics: Readonly<Record<string, Statistic>> = { maximum: max, minimum: min, mean, median };

function padStatistic(
  x: JaxArray,
  widths: Pairs<number>,
  lengths: Pairs<number> | null,
  statistic: Statistic,
): JaxArray {
  const of = (part: JaxArray, axis: number): JaxArray => {
    const value = statistic(part, { axis, keepdims: true });
    return raw.convert(isInteger(x.dtype) ? round(value) : value, x.dtype, x.weakType);
  };
  return padWith(x, widths, (y, axis, width) => {
    const n = y.shape[axis]!, whole = lengths === null ? of(y, axis) : null;
    const side = (i: 0 | 1): JaxArray => {
      if (whole) return whole;
      const length = Math.min(lengths![axis]![i], n);
      if (length === 0) throw new ValueError("stat_length of 0 yields no value for padding");
      return of(sliceInDim(y, i === 0 ? 0 : n - length, i === 0 ? length : n, { axis }), axis);
    };
    return [repeatEach(side(0), width[0], axis), repeatEach(side(1), width[1], axis)];
  });
}

function padEmpty(x: JaxArray, widths: Pairs<number>): JaxArray {
  return padWith(x, widths, (y, axis, width) => {
    const block = (n: number): JaxArray => raw.full(y.shape.with(axis, n), 0, y.dtype);
    return [block(width[0]), block(width[1])];
  });
}

/** What a mode other than a function needs to know. */
interface PadStatics {
  readonly widths: Pairs<number>;
  readonly mode: string;
  readonly ends: Pairs<number>;
  readonly lengths: Pairs<number> | null;
  readonly reflectType: string;
}

const padCall = staged("_pad", ([x, constants]: [JaxArray, JaxArray], statics: PadStatics) => {
  const { widths, mode, ends, lengths, reflectType } = statics;
  if (x.ndim === 0) return x;
  if (widths.some(([before, after]) => before < 0 || after < 0)) {
    throw new ValueError("index can't contain negative values");
  }
  switch (mode) {
    case "constant":
      return padConstant(x, widths, constants);
    case "wrap":
      return padWrap(x, widths);
    case "symmetric":
    case "reflect":
      return padMirror(x, widths, mode, reflectType);
    case "edge":
      return padEdge(x, widths);
    case "linear_ramp":
      return padRamp(x, widths, ends);
    case "empty":
      return padEmpty(x, widths);
    default:
      return padStatistic(x, widths, lengths, statistics[mode]!);
  }
});

/** The constants as an array: integral numbers as ints, which convert to any dtype. */
function constantArray(value: unknown, x: JaxArray): JaxArray {
  if (typeof value === "number") return weakArray(value, true);
  if (!Array.isArray(value)) return toArray(value, "pad");
  const numbers = (value.flat(Infinity) as unknown[]).every((v) =>
    typeof v === "number" && (isInexact(x.dtype) || Number.isInteger(v))
  );
  return asarray(value as NestedArrayLike, numbers ? { dtype: x.dtype } : {});
}

function padFunction(
  x: JaxArray,
  widths: Pairs<number>,
  f: PadFunction,
  options: Readonly<Record<string, unknown>>,
): JaxArray {
  let padded = padConstant(x, widths, weakArray(0, true));
  widths.forEach((width, axis) => {
    padded = applyAlongAxis(f as never, canonicalAxis(axis, x.ndim), padded, width, axis, options);
  });
  return padded;
}

/**
 * An array with elements added before and after each axis.
 *
 * @param array an array of any dtype, which the result keeps
 * @param padWidth how many: one number, `[before, after]` for all axes, or such a pair for each axis
 * @param mode `"constant"` (default; `constantValues`), `"edge"` (repeats the edge), `"reflect"` and `"symmetric"`
 * (mirror images without and with the edge; `reflectType`), `"wrap"` (from the other end), `"linear_ramp"` (to
 * `endValues`), `"maximum"`, `"minimum"`, `"mean"`, `"median"` (of the axis, or `statLength` elements), `"empty"`, or a
 * function of each padded slice
 * @throws {ValueError} for widths that do not fit the axes, or options that do not fit the mode
 * @throws {NotImplementedError} for an unknown mode
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.pad(np.arange(1, 4), 1)) !== "[0 1 2 3 0]") throw new Error();
 * if (String(np.pad(np.arange(3), [0, 2], "reflect")) !== "[0 1 2 1 0]") throw new Error();
 * ```
 */
export function pad(
  array: ArrayLike,
  padWidth: PadValue<number> | JaxArray | ArrayBufferView,
  ...rest: [mode?: PadMode | PadOptions, options?: PadOptions]
): JaxArray {
  const x = toArray(array, "pad");
  const last = rest.at(-1), options: PadOptions = typeof last === "object" ? last : {};
  const mode = typeof rest[0] === "string" || typeof rest[0] === "function"
    ? rest[0]
    : options.mode ?? "constant";
  const widths = toPairs<number>(padWidth, x.ndim, "pad_width");
  for (const pair of widths) {
    for (const n of pair) {
      if (!Number.isInteger(n)) throw new TypeError("`pad_width` must be of integral type.");
      staticInteger(n, "pad_width");
    }
  }
  if (typeof mode === "function") {
    const { mode: _, ...extra } = options;
    return padFunction(x, widths, mode, extra);
  }
  const allowed = Object.hasOwn(allowedOptions, mode) ? allowedOptions[mode]! : null;
  if (allowed === null) throw new NotImplementedError(`Unimplemented padding mode '${mode}' for np.pad.`);
  checkOptions("pad", options, ["mode", ...Object.values(allowedOptions).flat()]);
  const unsupported = Object.keys(options).filter((key) => key !== "mode" && !allowed.includes(key));
  if (unsupported.length > 0) {
    throw new ValueError(`unsupported keyword arguments for mode '${mode}': {${unsupported.join(", ")}}`);
  }
  const { statLength, endValues = 0, reflectType = "even", constantValues = 0 } = options;
  if (reflectType !== "even" && reflectType !== "odd") {
    throw new ValueError(`pad: reflectType must be "even" or "odd", got ${JSON.stringify(reflectType)}`);
  }
  return padCall([x, constantArray(constantValues, x)], {
    widths,
    mode,
    ends: toPairs<number>(endValues, x.ndim, "end_values"),
    lengths: statLength === undefined || statLength === null
      ? null
      : toPairs(statLength, x.ndim, "stat_length"),
    reflectType,
  });
}
