/**
 * Quantiles of arrays, for the functions of this folder.
 *
 * @module
 */
import {
  bind,
  broadcastTo,
  canonicalAxis,
  defaultInt,
  isComplex,
  type JaxArray,
  NotImplementedError,
  P,
  raw,
  sameShape,
  tuple,
  ValueError,
} from "../core/mod.ts";
import { clamp, gather } from "../lax/mod.ts";
import { flat, isNaNMask } from "./_arguments.ts";
import { product, range } from "./axes.ts";
import { promoteDTypes, weakArray } from "./convert.ts";
import { allKind, anyKind, canonicalAxes, reduceArray, type StaticAxes, sumOf } from "./_reduction.ts";
import { where as select } from "./_where.ts";
import { cumsum } from "./cumulative.ts";
import { takeAlongAxis } from "./take.ts";

/** How a quantile between two elements is found. */
export type QuantileMethod = "linear" | "lower" | "higher" | "midpoint" | "nearest" | "inverted_cdf";

/** What quantiles are taken over, and how. */
export interface QuantileParameters {
  /** One axis (a number), several as one, or the flat array. */
  readonly axis: number | StaticAxes;
  readonly method: QuantileMethod;
  readonly keepdims: boolean;
  /** Leave NaN out; else it makes the result NaN. */
  readonly skipNaN: boolean;
}

const methods: readonly string[] = ["linear", "lower", "higher", "midpoint", "nearest", "inverted_cdf"];

/** The array and weights with one axis to reduce, and the shape to give the result in the end. */
interface Prepared {
  readonly a: JaxArray;
  readonly weights: JaxArray | null;
  readonly axis: number;
  /** Sizes with the reduced axes kept; null where the axis is kept as it is. */
  readonly keptShape: readonly number[] | null;
}

/** Several axes moved to the end and joined to one. */
function joinAxes(x: JaxArray, axes: readonly number[]): JaxArray {
  const kept = range(x.ndim).filter((i) => !axes.includes(i));
  const joined = range(x.ndim).filter((i) => axes.includes(i));
  const moved = raw.transpose(x, [...kept, ...joined]);
  return raw.reshape(moved, [...kept.map((i) => x.shape[i]!), product(joined.map((i) => x.shape[i]!))]);
}

function prepare(a: JaxArray, weights: JaxArray | null, axis: number | StaticAxes): Prepared {
  if (axis === null) {
    return { a: flat(a), weights: weights && flat(weights), axis: 0, keptShape: a.shape.map(() => 1) };
  }
  if (typeof axis === "number") {
    return { a, weights, axis: canonicalAxis(axis, a.ndim), keptShape: null };
  }
  const axes = axis.map((i) => canonicalAxis(i, a.ndim));
  if (new Set(axes).size !== axes.length) throw new ValueError("repeated axis");
  const joined = joinAxes(a, axes);
  return {
    a: joined,
    weights: weights && joinAxes(weights, axes),
    axis: joined.ndim - 1,
    keptShape: a.shape.map((n, i) => axes.includes(i) ? 1 : n),
  };
}

/** Weights of the shape of the array; they may be given for the reduced axes alone. */
function fullWeights(a: JaxArray, weights: JaxArray, axis: number | StaticAxes): JaxArray {
  if (sameShape(weights.shape, a.shape)) return weights;
  if (axis === null) throw new ValueError("Weights shape must match 'a' shape when axis is None.");
  const axes = canonicalAxes(typeof axis === "number" ? [axis] : axis, a.ndim);
  const sizes = axes.map((i) => a.shape[i]!);
  if (!sameShape(weights.shape, sizes)) {
    throw new ValueError(`Weights shape ${tuple(weights.shape)} must match reduction axes ${tuple(sizes)}`);
  }
  return raw.broadcastInDim(weights, a.shape, axes);
}

/** The neighbours of each quantile among sorted elements, and how much the upper one counts. */
interface Neighbours {
  readonly low: JaxArray;
  readonly high: JaxArray;
  readonly lowWeight: JaxArray;
  readonly highWeight: JaxArray;
}

/** Places and weights of the neighbours of the place q (n − 1). */
function neighbours(place: JaxArray, last: JaxArray): Neighbours {
  const low = raw.floor(place), high = raw.ceil(place), highWeight = raw.sub(place, low);
  const inside = (x: JaxArray): JaxArray => raw.convert(clamp(raw.like(x, 0), x, last), defaultInt());
  return { low: inside(low), high: inside(high), lowWeight: raw.sub(1, highWeight), highWeight };
}

/** Neighbours where all elements count. */
function allNeighbours(a: JaxArray, q: JaxArray, axis: number, keepdims: boolean): Neighbours {
  const size = raw.scalar(a.shape[axis]!, q.dtype), lead = q.ndim;
  const { low, high, lowWeight, highWeight } = neighbours(
    raw.mul(q, raw.sub(size, 1)),
    raw.sub(size, 1),
  );
  const rest = a.ndim - (keepdims ? 0 : 1);
  const at = (index: JaxArray): JaxArray =>
    gather(a, raw.expandDims(index, [lead]), {
      offsetDims: range(rest).map((i) => i + lead),
      collapsedSliceDims: keepdims ? [] : [axis],
      startIndexMap: [axis],
    }, a.shape.map((n, i) => i === axis ? 1 : n));
  const values = [at(low), at(high)] as const;
  const spread = (w: JaxArray): JaxArray => lead ? raw.broadcastInDim(w, values[0].shape, [0]) : w;
  return { low: values[0], high: values[1], lowWeight: spread(lowWeight), highWeight: spread(highWeight) };
}

/** Neighbours among the elements that are numbers, which come first in `a`. */
function numberNeighbours(a: JaxArray, q: JaxArray, axis: number, keepdims: boolean): Neighbours {
  const lead = q.ndim;
  const counts = sumOf(raw.not(isNaNMask(a)), { axes: [axis], dtype: q.dtype, keepdims });
  const rest = range(counts.ndim).map((i) => i + lead);
  const count = raw.expandDims(counts, range(lead));
  const last = raw.sub(count, 1);
  const place = raw.mul(raw.expandDims(q, rest), last);
  const shape = [...q.shape, ...counts.shape];
  const found = neighbours(place, broadcastTo(last, shape));
  const grid = rest.map((i) => raw.iota(defaultInt(), shape, i));
  const at = (index: JaxArray): JaxArray =>
    a.get(...grid.slice(0, axis), index, ...grid.slice(keepdims ? axis + 1 : axis));
  return { ...found, low: at(found.low), high: at(found.high) };
}

/** The values between neighbours that a method takes. */
function between(n: Neighbours, method: Exclude<QuantileMethod, "inverted_cdf">, q: JaxArray): JaxArray {
  switch (method) {
    case "linear":
      return raw.add(
        raw.mul(raw.convert(n.low, q.dtype), n.lowWeight),
        raw.mul(raw.convert(n.high, q.dtype), n.highWeight),
      );
    case "lower":
      return n.low;
    case "higher":
      return n.high;
    case "nearest": {
      const nearer = raw.le(n.highWeight, 0.5);
      return raw.selectN(nearer, n.high, n.low);
    }
    case "midpoint":
      return raw.mul(raw.add(n.low, n.high), 0.5);
  }
}

/**
 * The first sorted element at which the cumulative weight reaches the share q of the total. NaN where a weight is
 * negative or NaN, and where the data has NaN or nothing but NaN.
 */
function invertedCdf(
  a: JaxArray,
  weights: JaxArray,
  q: JaxArray,
  { axis, keepdims, skipNaN }: { axis: number; keepdims: boolean; skipNaN: boolean },
): JaxArray {
  const lead = range(q.ndim), missing = isNaNMask(a);
  const bad = raw.or(raw.lt(weights, raw.fullLike(weights, 0)), isNaNMask(weights));
  const clean = raw.selectN(raw.or(bad, missing), weights, raw.fullLike(weights, 0));
  const reached = cumsum(clean, { axis });
  const end = raw.sliceInDim(reached, a.shape[axis]! - 1, a.shape[axis]!, axis);
  const target = raw.mul(
    raw.reshape(q, [...q.shape, ...a.shape.map(() => 1)]),
    raw.expandDims(end, lead),
  );
  const below = raw.lt(raw.expandDims(reached, lead), target);
  const place = sumOf(raw.convert(below, defaultInt()), { axes: [axis + q.ndim], keepdims: true });
  const counts = skipNaN
    ? sumOf(raw.not(missing), { axes: [axis], dtype: defaultInt(), keepdims: true })
    : raw.full(end.shape, a.shape[axis]!, defaultInt());
  const last = raw.expandDims(raw.sub(counts, 1), lead);
  const index = raw.max(0, raw.min(place, last));
  // One quantile is one more element along the axis.
  const along = raw.transpose(raw.reshape(index, [q.size, ...end.shape]), [
    ...range(axis).map((i) => i + 1),
    0,
    ...range(a.ndim - axis).map((i) => i + axis + 1),
  ]);
  const taken = takeAlongAxis(a, raw.reshape(along, a.shape.map((n, i) => i === axis ? q.size : n)), axis);
  const order = [axis, ...range(a.ndim).filter((i) => i !== axis)];
  const rows = raw.transpose(taken, order);
  const values = raw.reshape(rows, [...q.shape, ...end.shape]);
  const anyBad = reduceArray(anyKind, bad, { axes: [axis], keepdims: true });
  const noValue = skipNaN
    ? reduceArray(allKind, missing, { axes: [axis], keepdims: true })
    : reduceArray(anyKind, missing, { axes: [axis], keepdims: true });
  const invalid = raw.expandDims(raw.or(anyBad, noValue), lead);
  const out = select(invalid, raw.fullLike(values, NaN), values);
  return keepdims ? out : raw.squeeze(out, [axis + q.ndim]);
}

/** Quantiles of an array, optionally weighted: JAX's `_quantile`. */
export function quantileOf(
  array: JaxArray,
  q: JaxArray,
  givenWeights: JaxArray | null,
  { axis: givenAxis, method, keepdims, skipNaN }: QuantileParameters,
): JaxArray {
  if (!methods.includes(method)) {
    throw new ValueError(
      "method can only be 'linear', 'lower', 'higher', 'midpoint', 'nearest' or 'inverted_cdf'",
    );
  }
  let inputs: [a: JaxArray, weights: JaxArray | null];
  if (givenWeights === null) inputs = [promoteDTypes("quantile", [array], "inexact")[0]!, null];
  else {
    if (isComplex(givenWeights.dtype)) throw new ValueError("Weights cannot be complex types.");
    if (method !== "inverted_cdf") {
      throw new NotImplementedError(
        `${method} doesn't support weights. Only method 'inverted_cdf' supports weights.`,
      );
    }
    const [a, w] = promoteDTypes("quantile", [array, givenWeights], "inexact");
    inputs = [a!, fullWeights(a!, w!, givenAxis)];
  }
  if (isComplex(inputs[0].dtype)) {
    throw new ValueError(
      "quantile does not support complex input, as the operation is poorly defined.",
    );
  }
  const { a: unsorted, weights: unordered, axis, keptShape } = prepare(...inputs, givenAxis);
  if (q.ndim > 1) throw new ValueError(`q must be have rank <= 1, got shape ${tuple(q.shape)}`);
  const mask = isNaNMask(unsorted);
  const spoilt = skipNaN ? mask : reduceArray(anyKind, mask, { axes: [axis], keepdims: true });
  const data = select(spoilt, weakArray(NaN, false), unsorted);
  const [a, weights] = bind(P.sort, unordered ? [data, unordered] : [data], {
    dimension: axis,
    isStable: true,
    numKeys: 1,
  });
  let result: JaxArray;
  if (method === "inverted_cdf") {
    result = invertedCdf(a!, weights ?? raw.fullLike(a!, 1), q, { axis, keepdims, skipNaN });
  } else {
    const find = skipNaN ? numberNeighbours : allNeighbours;
    result = between(find(a!, q, axis, keepdims), method, q);
  }
  if (keepdims && keptShape) result = raw.reshape(result, [...q.shape, ...keptShape]);
  return raw.convert(result, a!.dtype);
}
