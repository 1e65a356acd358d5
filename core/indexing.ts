/**
 * NumPy-style indexing: `x.get(i, j)` and `x.at(i, j).set(v)`.
 *
 * @module
 */
import { DynamicSlice, expandBooleans, type Parsed, parseIndex, Slice } from "./_index.ts";
import { dynamicSliceOf, type IndexGather, indexGather, staticSlice } from "./_index_gather.ts";
import { installIndexing, JaxArray } from "./array.ts";
import { tuple } from "./avals.ts";
import { broadcastTo } from "./broadcasting.ts";
import { describe, fromHost } from "./concrete.ts";
import { flags } from "./config.ts";
import { type ArrayLike, lift } from "./convert.ts";
import { defaultFloat, defaultInt, isInteger, resultType, toInexact } from "./dtypes.ts";
import { checkOptions, ValueError } from "./errors.ts";
import {
  type ElementFunction,
  type GatherScatterMode,
  gatherSlices,
  parseMode,
  scatterApply,
  type ScatterKind,
  type ScatterOptions,
  scatterWindows,
} from "./gather_scatter.ts";
import { type Nested, parseArray } from "./host.ts";
import { toScatter } from "./ops/dimension_numbers.ts";
import * as raw from "./raw.ts";
import { staticInteger } from "./static.ts";

export { DynamicSlice, Slice };

/** A bound of a slice. */
export type SliceBound = number | bigint | null | JaxArray;

/**
 * A range of indices of an axis, Python's `start:stop:step`. With one argument that is the stop.
 *
 * @example
 * ```ts
 * import { numpy as np, slice } from "@jaxlet/jaxlet";
 * if (String(np.arange(10).get(slice(1, 8, 3))) !== "[1 4 7]") throw new Error();
 * ```
 */
export function slice(start: SliceBound, stop?: SliceBound, step: SliceBound = null): Slice {
  return stop === undefined ? new Slice(null, start, null) : new Slice(start, stop, step);
}

/**
 * `size` indices from a start that may be traced: `x.get(ds(i, 2))`. A slice that would leave the array is moved inside.
 *
 * @example
 * ```ts
 * import { ds, jit, numpy as np } from "@jaxlet/jaxlet";
 * const f = jit((x, i) => x.get(ds(i, 2)));
 * if (String(f(np.arange(5), np.int32(3))) !== "[3 4]") throw new Error();
 * ```
 */
export function ds(start: number | JaxArray | null, size?: number | null, stride = 1): Slice | DynamicSlice {
  if (start === null) return new Slice(null, null, null);
  const count = size === undefined || size === null ? start : size;
  const first = size === undefined || size === null ? 0 : start;
  return new DynamicSlice(first, staticInteger(count, "size"), staticInteger(stride, "stride"));
}

/** Nested lists of integers or of booleans. */
export type NestedIndices = readonly (number | bigint | boolean | JaxArray | NestedIndices)[];

/**
 * One entry of an index: an integer, null (a new axis), `"..."`, a slice (`":"`, `"1:5:2"` or {@linkcode slice}), or an
 * array of integers or booleans.
 */
export type Index =
  | number
  | bigint
  | boolean
  | null
  | string
  | Slice
  | DynamicSlice
  | JaxArray
  | NestedIndices
  | ArrayBufferView;

/** Options of `x.at(...).get()`. */
export interface GetOptions {
  readonly indicesAreSorted?: boolean;
  readonly uniqueIndices?: boolean;
  /** Out of bounds: `"clip"` and `"promise_in_bounds"` (the default) read the nearest element, `"fill"` a fill value. */
  readonly mode?: GatherScatterMode | null;
  /** Default NaN, the least (or greatest unsigned) integer, or true. */
  readonly fillValue?: unknown;
  /** Negative indices count from the end (the default). */
  readonly wrapNegativeIndices?: boolean;
  readonly outSharding?: null;
}

/** Options of the updates of `x.at(...)`. */
export interface UpdateOptions {
  readonly indicesAreSorted?: boolean;
  readonly uniqueIndices?: boolean;
  /** Out of bounds: `"drop"` (the default) leaves updates out, `"clip"` moves them inside. */
  readonly mode?: GatherScatterMode | null;
  /** Negative indices count from the end (the default). */
  readonly wrapNegativeIndices?: boolean;
  readonly outSharding?: null;
}

const getNames = [
  "indicesAreSorted",
  "uniqueIndices",
  "mode",
  "fillValue",
  "wrapNegativeIndices",
  "outSharding",
];
const updateNames = getNames.filter((name) => name !== "fillValue");

/** x[indices]. */
export function getIndex(
  x: JaxArray,
  indices: readonly unknown[],
  options: GetOptions = {},
): JaxArray {
  const index = parseIndex(indices, x.shape), wrap = options.wrapNegativeIndices ?? true;
  const mode = parseMode(options.mode, "promise_in_bounds");
  if (mode !== "fill") {
    const sliced = staticSlice(x, index, { clip: mode === "clip", wrap }) ?? dynamicSliceOf(x, index, wrap);
    if (sliced !== null) return sliced;
  }
  const gather = indexGather(expandBooleans(index, x.shape), x.shape, wrap);
  checkFillValue(options.fillValue);
  const y = raw.expandDims(x, gather.operandInserted);
  if (gather.shape.includes(0)) return raw.full(gather.shape, 0, x.dtype);
  const slices = gather.indices.size === 0
    ? y
    : gatherSlices(y, gather.indices, gather.dimensionNumbers, gather.sliceSizes, {
      mode,
      fillValue: options.fillValue,
      indicesAreSorted: gather.unique || options.indicesAreSorted,
      uniqueIndices: gather.unique || options.uniqueIndices,
    });
  return raw.expandDims(raw.rev(slices, gather.reversed), gather.inserted);
}

function checkFillValue(value: unknown): void {
  if (value instanceof JaxArray ? value.ndim === 0 : !Array.isArray(value)) return;
  throw new ValueError("fill_value argument to indexed get() must be a scalar");
}

/** Nested arrays of values to put in: integral numbers are integers beside integers. */
function valueArray(x: JaxArray, value: unknown): JaxArray {
  if (!Array.isArray(value)) return lift("at", x, value)[1]!;
  const flat = value.flat(Infinity) as Nested[];
  const integral = isInteger(x.dtype) && flat.every((v) => typeof v === "number" && Number.isInteger(v));
  const numbers = flat.length > 0 && flat.every((v) => typeof v === "number");
  const dtype = integral ? defaultInt() : numbers ? defaultFloat() : undefined;
  return fromHost(parseArray(value, dtype, "at"));
}

const warned = new Set<string>();

/** Warns once, as JAX does, when values must be narrowed to go into an array. */
function warnUnsafe(from: JaxArray, to: JaxArray): void {
  const text = `FutureWarning: scatter inputs have incompatible types: cannot safely cast value from dtype=` +
    `${from.dtype.name} to dtype=${to.dtype.name} with jax_numpy_dtype_promotion=${flags.promotion}. ` +
    `In future JAX releases this will result in an error.`;
  if (warned.has(text)) return;
  warned.add(text);
  console.warn(text);
}

/** x with values put in, or combined, at an index: promoted for the update, of x's dtype again after it. */
function update(
  x: JaxArray,
  index: readonly Parsed[],
  value: JaxArray,
  options: UpdateOptions,
  scatter: (operands: readonly [JaxArray, JaxArray, JaxArray], gather: IndexGather) => JaxArray,
): JaxArray {
  const gather = indexGather(
    expandBooleans(index, x.shape),
    x.shape,
    options.wrapNegativeIndices ?? true,
  );
  if (gather.shape.includes(0)) return x;
  const { dtype } = resultType([x, value]);
  if (dtype !== x.dtype && x.dtype.kind !== "key") warnUnsafe(value, x);
  const operand = raw.expandDims(raw.convert(x, dtype), gather.operandInserted);
  const spread = raw.squeeze(broadcastTo(raw.convert(value, dtype), gather.shape), gather.inserted);
  const out = scatter([operand, gather.indices, raw.rev(spread, gather.reversed)], gather);
  return raw.convert(raw.squeeze(out, gather.operandInserted), x.dtype, x.weakType);
}

function scatterOptions(gather: IndexGather, options: UpdateOptions): ScatterOptions {
  return {
    mode: options.mode,
    indicesAreSorted: gather.unique || options.indicesAreSorted,
    uniqueIndices: gather.unique || options.uniqueIndices,
  };
}

/**
 * Part of an array, to be read or updated: `x.at(i, j)`. Arrays are immutable: each method gives a new array. Updates of
 * one element by several indices are all applied, in order.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.zeros(3).at([0, 0, 2]).add(1);
 * if (String(x) !== "[2. 0. 1.]") throw new Error();
 * ```
 */
export class IndexUpdateRef {
  readonly #array: JaxArray;
  readonly #indices: readonly unknown[];

  constructor(array: JaxArray, indices: readonly unknown[]) {
    this.#array = array;
    this.#indices = indices;
  }

  toString(): string {
    return `IndexUpdateRef(${describe(this.#array)}, ${tuple(this.#indices.map(String))})`;
  }

  /** The part itself: x[index]. */
  get(options: GetOptions = {}): JaxArray {
    checkOptions("get", options, getNames);
    return getIndex(this.#array, this.#indices, options);
  }

  /** x[index] = values. Values broadcast to the part's shape. */
  set(values: ArrayLike | readonly unknown[], options: UpdateOptions = {}): JaxArray {
    return this.#scatter("set", "set", values, options);
  }

  /** x[index] += values. */
  add(values: ArrayLike | readonly unknown[], options: UpdateOptions = {}): JaxArray {
    return this.#scatter("add", "add", values, options);
  }

  /** x[index] −= values. */
  subtract(values: ArrayLike | readonly unknown[], options: UpdateOptions = {}): JaxArray {
    return this.#scatter("subtract", "sub", values, options);
  }

  /** x[index] *= values. */
  multiply(values: ArrayLike | readonly unknown[], options: UpdateOptions = {}): JaxArray {
    return this.#scatter("multiply", "mul", values, options);
  }

  /** As {@linkcode IndexUpdateRef.multiply}. */
  mul(values: ArrayLike | readonly unknown[], options: UpdateOptions = {}): JaxArray {
    return this.#scatter("mul", "mul", values, options);
  }

  /** x[index] = min(x[index], values). */
  min(values: ArrayLike | readonly unknown[], options: UpdateOptions = {}): JaxArray {
    return this.#scatter("min", "min", values, options);
  }

  /** x[index] = max(x[index], values). */
  max(values: ArrayLike | readonly unknown[], options: UpdateOptions = {}): JaxArray {
    return this.#scatter("max", "max", values, options);
  }

  /** x[index] /= values; integers become floats. */
  divide(values: ArrayLike | readonly unknown[], options: UpdateOptions = {}): JaxArray {
    const x = this.#array, divisor = this.#factors("divide", values, options), dtype = toInexact(x.dtype);
    return raw.div(raw.convert(x, dtype, x.weakType), raw.convert(divisor, dtype, x.weakType));
  }

  /** x[index] **= values. */
  power(values: ArrayLike | readonly unknown[], options: UpdateOptions = {}): JaxArray {
    const x = this.#array, exponents = this.#factors("power", values, options);
    return isInteger(x.dtype) ? integerPower(x, exponents) : raw.pow(x, exponents);
  }

  /** x[index] = f(x[index]), for a function of one element; once more for each time that an index is repeated. */
  apply(f: ElementFunction, options: UpdateOptions = {}): JaxArray {
    checkOptions("apply", options, updateNames);
    const x = this.#array;
    return update(
      x,
      parseIndex(this.#indices, x.shape),
      raw.like(x, 0),
      options,
      ([operand, indices, updates], gather) =>
        scatterApply(operand, indices, f, toScatter(gather.dimensionNumbers), {
          ...scatterOptions(gather, options),
          updateShape: updates.shape,
        }),
    );
  }

  #scatter(name: string, kind: ScatterKind, values: unknown, options: UpdateOptions): JaxArray {
    checkOptions(name, options, updateNames);
    const x = this.#array, value = valueArray(x, values);
    return update(
      x,
      parseIndex(this.#indices, x.shape),
      value,
      options,
      (operands, gather) =>
        scatterWindows(kind, operands, toScatter(gather.dimensionNumbers), scatterOptions(gather, options)),
    );
  }

  /** Ones, multiplied by the values at the index. */
  #factors(name: string, values: unknown, options: UpdateOptions): JaxArray {
    const x = this.#array;
    const ones = raw.full(x.shape, 1, x.dtype);
    const weak = raw.convert(ones, x.dtype, x.weakType);
    return new IndexUpdateRef(weak, this.#indices).#scatter(name, "mul", valueArray(x, values), options);
  }
}

/**
 * xⁿ for integers by repeated squaring over the six lowest bits of n: more would overflow for every x but 0, 1 and −1.
 */
function integerPower(x: JaxArray, n: JaxArray): JaxArray {
  const zero = raw.full(x.shape, 0, x.dtype), one = raw.full(x.shape, 1, x.dtype);
  let result = raw.selectN(raw.and(raw.eq(x, 0), raw.ne(n, 0)), one, zero), base = x, rest = n;
  for (let bit = 0; bit < 6; bit++) {
    result = raw.selectN(raw.ne(raw.and(rest, 1), 0), result, raw.mul(result, base));
    base = raw.mul(base, base);
    rest = raw.shiftRightLogical(rest, 1);
  }
  return result;
}

installIndexing({
  at: (x, index) => new IndexUpdateRef(x, index),
  get: (x, index) => getIndex(x, index),
});
