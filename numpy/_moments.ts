/**
 * Means, averages and the parts of variances of arrays, for the functions of this folder.
 *
 * @module
 */
import {
  broadcastTo,
  type DType,
  isComplex,
  isInexact,
  type JaxArray,
  raw,
  realDType,
  toInexact,
  ValueError,
} from "../core/mod.ts";
import { computationDType } from "./_arguments.ts";
import { promoteDTypes, toArray, weakArray } from "./convert.ts";
import { canonicalAxes, type StaticAxes, sumOf } from "./_reduction.ts";

/** What the moments are taken over. */
export interface MomentParameters {
  readonly axes: StaticAxes;
  readonly dtype: DType | null;
  readonly keepdims: boolean;
}

/** The number of elements that a result stands for. */
export function countOf(
  x: JaxArray,
  mask: JaxArray | null,
  parameters: MomentParameters & { dtype: DType },
): JaxArray {
  if (mask !== null) return sumOf(broadcastTo(mask, x.shape), parameters);
  return raw.scalar(
    canonicalAxes(parameters.axes, x.ndim).reduce((n, d) => n * x.shape[d]!, 1),
    parameters.dtype,
  );
}

/** The mean over axes; without a dtype half precision is computed in float32. */
export function meanOf(x: JaxArray, mask: JaxArray | null, parameters: MomentParameters): JaxArray {
  const { dtype } = parameters, result = dtype ?? toInexact(x.dtype);
  const within = { ...parameters, dtype: dtype === null ? computationDType(result) : result };
  const count = countOf(x, mask, within);
  return raw.convert(raw.div(sumOf(x, { ...within, where: mask }), count), result);
}

/** Weights of some axes, placed so that they broadcast with the array. */
function placedWeights(a: JaxArray, weights: JaxArray, axes: StaticAxes): JaxArray {
  if (axes === null) throw new ValueError("Axis must be specified when shapes of a and weights differ.");
  const dims = canonicalAxes(axes, a.ndim);
  if (weights.ndim !== dims.length || dims.some((d, i) => weights.shape[i] !== a.shape[d])) {
    throw new ValueError("Shape of weights must be consistent with shape of a along specified axis.");
  }
  const order = dims.map((_, i) => i).sort((i, j) => dims[i]! - dims[j]!);
  return raw.reshape(raw.transpose(weights, order), a.shape.map((n, i) => dims.includes(i) ? n : 1));
}

/** Averages and the sums of the weights, which broadcast with them. */
export function averageOf(
  array: JaxArray,
  givenWeights: JaxArray | null,
  axes: StaticAxes,
  keepdims = false,
): [average: JaxArray, weights: JaxArray] {
  if (givenWeights === null) {
    const [a] = promoteDTypes("average", [array], "inexact");
    const average = meanOf(a!, null, { axes, keepdims, dtype: null });
    const count = canonicalAxes(axes, a!.ndim).reduce((n, d) => n * a!.shape[d]!, 1);
    return [average, raw.scalar(count, average.dtype)];
  }
  const [a, w] = promoteDTypes("average", [array, givenWeights], "inexact");
  const sameShape = a!.ndim === w!.ndim && a!.shape.every((n, i) => n === w!.shape[i]);
  const weights = sameShape ? w! : placedWeights(a!, w!, axes);
  const total = sumOf(weights, { axes, keepdims });
  return [raw.div(sumOf(raw.mul(a!, weights), { axes, keepdims }), total), total];
}

/** The dtypes that a variance is computed in and returned in. */
export function varianceDTypes(dtype: DType, wanted: DType | null): [computation: DType, result: DType] {
  if (wanted !== null) {
    if (!isComplex(wanted) && isComplex(dtype)) {
      throw new ValueError(
        "jax.numpy.var does not yet support real dtype parameters when computing the variance of an array of complex " +
          "values. The semantics of numpy.var seem unclear in this case. Please comment on " +
          "https://github.com/jax-ml/jax/issues/2283 if this behavior is important to you.",
      );
    }
    return [computationDType(wanted), wanted];
  }
  if (!isInexact(dtype)) return [toInexact(dtype), toInexact(dtype)];
  return [computationDType(dtype), realDType(dtype)];
}

/** |x|². */
export function squaredMagnitude(x: JaxArray): JaxArray {
  return isComplex(x.dtype) ? raw.real(raw.mul(x, raw.conj(x))) : raw.square(x);
}

/** The scalar that a number or 0-d array stands for; an integral number is an int. */
export function correctionArray(x: unknown, name: string): JaxArray {
  return typeof x === "number" ? weakArray(x, true) : toArray(x, name);
}
