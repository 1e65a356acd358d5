/**
 * Functions of `jax.numpy` for quantiles along axes.
 *
 * A quantile q of n sorted elements is at the place q (n − 1). Between two elements the method decides: `"linear"` (the
 * default) interpolates, `"lower"` and `"higher"` take one of them, `"nearest"` the nearer, `"midpoint"` their mean;
 * `"inverted_cdf"` takes the first element at which the share of elements (or of their weights) reaches q.
 *
 * @module
 */
import { type Axis, JaxArray, keywords, raw, ValueError } from "../core/mod.ts";
import { type OptionalArraysFunction, optionalJit, type OrOptions } from "./_arguments.ts";
import { type ArrayLike, promoteDTypes, toArray } from "./convert.ts";
import { type QuantileMethod, quantileOf, type QuantileParameters } from "./_quantile.ts";
import { staticAxes } from "./_reduction.ts";

export type { QuantileMethod };

/** Options of the medians. */
export interface MedianOptions {
  /** One axis, several, or null (the default) for the flat array. */
  readonly axis?: Axis;
  /** Not supported: arrays are immutable. */
  readonly out?: null;
  /** Not supported: arrays are immutable. */
  readonly overwriteInput?: boolean;
  /** Keep the reduced axes with size 1. */
  readonly keepdims?: boolean;
}

/** Options of the quantiles. */
export interface QuantileOptions extends MedianOptions {
  /** What is taken between two elements. */
  readonly method?: QuantileMethod;
  /** How much each element counts, of the shape of the array or of the axes; for `"inverted_cdf"` alone. */
  readonly weights?: ArrayLike | null;
}

type QuantileRest = OrOptions<
  [axis?: Axis, out?: null, overwriteInput?: boolean, method?: QuantileMethod, keepdims?: boolean],
  QuantileOptions
>;
type MedianRest = OrOptions<
  [axis?: Axis, out?: null, overwriteInput?: boolean, keepdims?: boolean],
  MedianOptions
>;

type Statics = Omit<QuantileParameters, "skipNaN">;
type Call = OptionalArraysFunction<[Statics]>;

const quantileCall: Call = optionalJit("quantile", ([a, q, weights], statics: Statics) => [
  quantileOf(a!, q!, weights!, { ...statics, skipNaN: false }),
]);
const nanquantileCall: Call = optionalJit("nanquantile", ([a, q, weights], statics: Statics) => [
  quantileOf(a!, q!, weights!, { ...statics, skipNaN: true }),
]);

/** The quantiles at percents. */
const percents = (name: string, call: Call): Call =>
  optionalJit(name, ([a, q, weights], statics: Statics) => {
    const [share] = promoteDTypes(name, [q!], "inexact");
    return call([a!, raw.div(share!, 100), weights!], statics);
  });
const percentileCall = percents("percentile", quantileCall);
const nanpercentileCall = percents("nanpercentile", nanquantileCall);

const half = (name: string, call: Call): Call =>
  optionalJit(name, ([a], statics: Statics) => call([a!, toArray(0.5, name), null], statics));
const medianCall = half("median", quantileCall);
const nanmedianCall = half("nanmedian", nanquantileCall);

/** The axis as one number, a list, or null for the flat array. */
function axisOf(axis: unknown, name: string): QuantileParameters["axis"] {
  const axes = staticAxes(axis, name);
  const isOne = typeof axis === "number" || typeof axis === "bigint" ||
    axis instanceof JaxArray && !axis.ndim;
  return axes !== null && isOne ? axes[0]! : axes;
}

/** Refuses to write into arguments. */
function checkImmutable(
  given: { readonly out?: unknown; readonly overwriteInput?: unknown },
  name: string,
): void {
  if (given.overwriteInput || (given.out !== undefined && given.out !== null)) {
    throw new ValueError(`jax.numpy.${name} does not support overwrite_input=True or out != None`);
  }
}

function quantiles(call: Call, name: string, a: unknown, q: unknown, rest: readonly unknown[]): JaxArray {
  type Key = "axis" | "out" | "overwriteInput" | "method" | "keepdims" | "weights";
  const positional: Key[] = ["axis", "out", "overwriteInput", "method", "keepdims"];
  const given = keywords<Key>(name, positional, rest, ["weights"]);
  checkImmutable(given, name.replace("percentile", "quantile"));
  const weights = given.weights === undefined || given.weights === null
    ? null
    : toArray(given.weights, name, 2);
  return call([toArray(a, name), toArray(q, name, 1), weights], {
    axis: axisOf(given.axis, name),
    method: (given.method ?? "linear") as QuantileMethod,
    keepdims: Boolean(given.keepdims),
  })[0]!;
}

function middle(call: Call, name: string, a: unknown, rest: readonly unknown[]): JaxArray {
  const given = keywords(name, ["axis", "out", "overwriteInput", "keepdims"], rest);
  checkImmutable(given, name.replace("median", "quantile"));
  return call([toArray(a, name)], {
    axis: axisOf(given.axis, name),
    method: "midpoint",
    keepdims: Boolean(given.keepdims),
  })[0]!;
}

/**
 * Quantiles over axes; NaN where there is a NaN.
 *
 * @param a an array of real numbers
 * @param q which quantiles, floats from 0 to 1: a number, or an array with one axis
 * @param rest axis; out and overwriteInput (not supported); method; keepdims; in the options also weights
 * @returns an array of the dtype of `a` (integers become float32): the axis of `q`, then `a` without the reduced axes
 * @throws {ValueError} for complex numbers, an unknown method, `q` with several axes, weights of another shape
 * @throws {NotImplementedError} for weights with another method than `"inverted_cdf"`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([1, 2, 4, 8]);
 * if (np.quantile(x, 0.5).item() !== 3) throw new Error();
 * if (String(np.quantile(x, np.array([0, 1]))) !== "[1. 8.]") throw new Error();
 * if (np.quantile(x, 0.5, { method: "lower" }).item() !== 2) throw new Error();
 * ```
 */
export function quantile(a: ArrayLike, q: ArrayLike, ...rest: QuantileRest): JaxArray {
  return quantiles(quantileCall, "quantile", a, q, rest);
}

/**
 * Quantiles over axes of the elements that are numbers. The arguments and errors are those of {@linkcode quantile}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.nanquantile(np.array([1, NaN, 3]), 0.5).item() !== 2) throw new Error();
 * ```
 */
export function nanquantile(a: ArrayLike, q: ArrayLike, ...rest: QuantileRest): JaxArray {
  return quantiles(nanquantileCall, "nanquantile", a, q, rest);
}

/**
 * Percentiles over axes: {@linkcode quantile} at `q / 100`.
 *
 * @param q which percentiles, from 0 to 100: a number, or an array with one axis
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[1, 2, 3], [4, 5, 9]]);
 * if (String(np.percentile(x, 50, { axis: 1 })) !== "[2. 5.]") throw new Error();
 * ```
 */
export function percentile(a: ArrayLike, q: ArrayLike, ...rest: QuantileRest): JaxArray {
  return quantiles(percentileCall, "percentile", a, q, rest);
}

/**
 * Percentiles over axes of the elements that are numbers: {@linkcode nanquantile} at `q / 100`.
 *
 * @param q which percentiles, from 0 to 100: a number, or an array with one axis
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.nanpercentile(np.array([1, NaN, 3]), 100).item() !== 3) throw new Error();
 * ```
 */
export function nanpercentile(a: ArrayLike, q: ArrayLike, ...rest: QuantileRest): JaxArray {
  return quantiles(nanpercentileCall, "nanpercentile", a, q, rest);
}

/**
 * Median over axes: the middle element, or the mean of the two in the middle. NaN where there is a NaN.
 *
 * @param a an array of real numbers
 * @param rest axis; out and overwriteInput (not supported); keepdims
 * @returns an array of the dtype of `a` (integers become float32) without the reduced axes
 * @throws {ValueError} for complex numbers, and an axis that is not there
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.median(np.array([3, 1, 10, 2])).item() !== 2.5) throw new Error();
 * ```
 */
export function median(a: ArrayLike, ...rest: MedianRest): JaxArray {
  return middle(medianCall, "median", a, rest);
}

/**
 * Median over axes of the elements that are numbers. The arguments and errors are those of {@linkcode median}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.nanmedian(np.array([3, NaN, 1])).item() !== 2) throw new Error();
 * ```
 */
export function nanmedian(a: ArrayLike, ...rest: MedianRest): JaxArray {
  return middle(nanmedianCall, "nanmedian", a, rest);
}
