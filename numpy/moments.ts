/**
 * Functions of `jax.numpy` for means and variances along axes.
 *
 * The axes are one, a list or null for all (the default); `keepdims` leaves them with size 1. Optional arguments may be
 * given in JAX's order or in one options object. Half precision is computed in float32.
 *
 * @module
 */
import {
  type Axis,
  broadcastTo,
  type DTypeLike,
  isInexact,
  type JaxArray,
  keywords,
  type MeanOptions,
  raw,
  ValueError,
  type VarianceOptions as BaseVarianceOptions,
} from "../core/mod.ts";
import {
  type OptionalArraysFunction,
  optionalDType,
  optionalJit,
  type OrOptions,
  refuseOut,
} from "./_arguments.ts";
import { type ArrayLike, toArray, toArrays, weakArray } from "./convert.ts";
import {
  averageOf,
  correctionArray,
  countOf,
  meanOf,
  type MomentParameters,
  squaredMagnitude,
  varianceDTypes,
} from "./_moments.ts";
import { maskArray, type StaticAxes, staticAxes, sumOf } from "./_reduction.ts";
import { where as select } from "./_where.ts";

const meanCall = optionalJit<[MomentParameters]>(
  "mean",
  ([x, mask], parameters) => [meanOf(x!, mask!, parameters)],
  { inline: true },
);

/**
 * Arithmetic mean over axes.
 *
 * @param a an array of any shape and numeric dtype
 * @param rest axis; dtype to compute and return (that of `a`; integers become float32); out (not supported); keepdims;
 * in the options also where, a boolean array that broadcasts with `a`: only elements where it is true count
 * @returns an array without the axes; NaN where there are no elements
 * @throws {ValueError} for an axis that is not there or given twice, and a mask that is not boolean
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[1, 2], [3, 4]]);
 * if (np.mean(x).item() !== 2.5) throw new Error();
 * if (String(np.mean(x, { axis: 1, keepdims: true })) !== "[[1.5]\n [3.5]]") throw new Error();
 * ```
 */
export function mean(
  a: ArrayLike,
  ...rest: OrOptions<[axis?: Axis, dtype?: DTypeLike | null, out?: null, keepdims?: boolean], MeanOptions>
): JaxArray {
  type Key = "axis" | "dtype" | "out" | "keepdims" | "where";
  const given = keywords<Key>("mean", ["axis", "dtype", "out", "keepdims"], rest, ["where"]);
  refuseOut(given.out, "mean");
  return meanCall([toArray(a, "mean"), maskArray(given.where, "mean")], {
    axes: staticAxes(given.axis, "mean"),
    dtype: optionalDType(given.dtype, "mean"),
    keepdims: Boolean(given.keepdims),
  })[0]!;
}

/** Options of {@linkcode average}. */
export interface AverageOptions {
  /** The axes to reduce; null (the default) for all. */
  readonly axis?: Axis;
  /** How much each element counts: of the shape of `a`, or of its axes. */
  readonly weights?: ArrayLike | null;
  /** Whether to return the sum of the weights too. */
  readonly returned?: boolean;
  /** Keep the reduced axes with size 1. */
  readonly keepdims?: boolean;
}

const averageCall = optionalJit<[axes: StaticAxes, returned: boolean, keepdims: boolean]>(
  "average",
  ([a, weights], axes, returned, keepdims) => {
    const [average, total] = averageOf(a!, weights!, axes, keepdims);
    return returned ? [average, broadcastTo(total, average.shape)] : [average];
  },
  { inline: true },
);

/**
 * Weighted mean over axes: Σ wᵢ aᵢ / Σ wᵢ.
 *
 * @param a an array of any shape and numeric dtype
 * @param rest axis; weights, an array of the shape of `a` or of its axes (all ones); returned; keepdims
 * @returns an array without the axes, of an inexact dtype; with `returned` it and the sums of the weights
 * @throws {ValueError} for an axis that is not there, and weights of another shape
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[1, 2], [3, 4]]);
 * if (String(np.average(x, { axis: 0, weights: np.array([3, 1]) })) !== "[1.5 2.5]") throw new Error();
 * ```
 */
export function average(
  a: ArrayLike,
  options: AverageOptions & { readonly returned: true },
): [average: JaxArray, sumOfWeights: JaxArray];
export function average(
  a: ArrayLike,
  axis: Axis,
  weights: ArrayLike | null,
  returned: true,
  keepdims?: boolean,
): [average: JaxArray, sumOfWeights: JaxArray];
export function average(
  a: ArrayLike,
  ...rest: OrOptions<
    [axis?: Axis, weights?: ArrayLike | null, returned?: boolean, keepdims?: boolean],
    AverageOptions
  >
): JaxArray;
export function average(a: ArrayLike, ...rest: unknown[]): JaxArray | [JaxArray, JaxArray] {
  const given = keywords("average", ["axis", "weights", "returned", "keepdims"], rest);
  const weighted = given.weights !== undefined && given.weights !== null;
  const [x, weights] = weighted ? toArrays("average", a, given.weights) : [toArray(a, "average"), null];
  const returned = Boolean(given.returned);
  const outs = averageCall(
    [x!, weights!],
    staticAxes(given.axis, "average"),
    returned,
    Boolean(given.keepdims),
  );
  return returned ? [outs[0]!, outs[1]!] : outs[0]!;
}

/** Options of {@linkcode variance} and {@linkcode std}. */
export interface VarianceOptions extends BaseVarianceOptions {
  /** The mean, where it is known already, with the reduced axes of size 1. */
  readonly mean?: ArrayLike | null;
}

const nan = (): JaxArray => weakArray(NaN, false);

/** Variance of an array, given the correction of the divisor, a mask and the mean. */
const varianceCall = optionalJit<[MomentParameters]>("_var", ([a, correction, mask, given], parameters) => {
  const { axes, keepdims } = parameters;
  const [computation, result] = varianceDTypes(a!.dtype, parameters.dtype);
  const x = raw.convert(a!, computation);
  const center = given
    ? raw.convert(given, computation)
    : meanOf(x, mask!, { axes, keepdims: true, dtype: computation });
  const deviations = squaredMagnitude(raw.sub(x, center));
  const within = { axes, keepdims, dtype: deviations.dtype };
  const divisor = raw.sub(countOf(x, mask!, within), raw.convert(correction!, deviations.dtype));
  const total = sumOf(deviations, { ...within, where: mask! });
  const variance = raw.convert(raw.div(total, divisor), result);
  return [select(raw.gt(divisor, 0), variance, nan())];
});

const deviationCall = optionalJit<[MomentParameters]>("_std", (arrays, parameters) => {
  const { dtype } = parameters;
  if (dtype !== null && !isInexact(dtype)) {
    throw new ValueError(`dtype argument to jnp.std must be inexact; got ${dtype.name}`);
  }
  return [raw.sqrt(varianceCall(arrays, parameters)[0]!)];
});

type VarianceRest = OrOptions<
  [axis?: Axis, dtype?: DTypeLike | null, out?: null, ddof?: number, keepdims?: boolean],
  VarianceOptions
>;

function spread(
  call: OptionalArraysFunction<[MomentParameters]>,
  name: string,
  a: unknown,
  rest: readonly unknown[],
): JaxArray {
  type Key = "axis" | "dtype" | "out" | "ddof" | "keepdims" | "where" | "mean" | "correction";
  const positional: Key[] = ["axis", "dtype", "out", "ddof", "keepdims"];
  const given = keywords<Key>(name, positional, rest, ["where", "mean", "correction"]);
  const { ddof = 0, correction } = given;
  if (correction !== undefined && correction !== null && ddof !== 0) {
    throw new ValueError("ddof and correction can't be provided simultaneously.");
  }
  refuseOut(given.out, name);
  const known = given.mean === undefined || given.mean === null ? null : toArray(given.mean, name);
  const arrays = [
    toArray(a, name),
    correctionArray(correction ?? ddof, name),
    maskArray(given.where, name),
    known,
  ];
  return call(arrays, {
    axes: staticAxes(given.axis, name),
    dtype: optionalDType(given.dtype, name),
    keepdims: Boolean(given.keepdims),
  })[0]!;
}

/**
 * Variance over axes: Σ |xᵢ − x̄|² / (n − ddof).
 *
 * @param a an array of any shape and numeric dtype
 * @param rest axis; dtype to compute and return; out (not supported); ddof, subtracted from the number of elements;
 * keepdims; in the options also correction, another name of ddof; where, a boolean array that broadcasts with `a`; mean
 * @returns an array without the axes, of a real floating dtype; NaN where the divisor is not positive
 * @throws {ValueError} for an axis that is not there, ddof together with correction, and a real dtype for complex `a`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([1, 2, 3, 4]);
 * if (np.var(x).item() !== 1.25) throw new Error();
 * if (np.var(x.get(":2"), { ddof: 1 }).item() !== 0.5) throw new Error();
 * ```
 */
function variance(a: ArrayLike, ...rest: VarianceRest): JaxArray {
  return spread(varianceCall, "var", a, rest);
}
export { variance as var };

/**
 * Standard deviation over axes: the square root of the variance. The arguments are those of {@linkcode variance}.
 *
 * @returns an array without the axes, of a real floating dtype; NaN where the divisor is not positive
 * @throws {ValueError} as {@linkcode variance}, and for a dtype that is not inexact
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.std(np.array([1, 3])).item() !== 1) throw new Error();
 * ```
 */
export function std(a: ArrayLike, ...rest: VarianceRest): JaxArray {
  return spread(deviationCall, "std", a, rest);
}
