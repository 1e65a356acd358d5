/**
 * Integers, signs, booleans and categories.
 *
 * @module
 */
import {
  type ArrayLike,
  bind,
  bind1,
  bool_,
  canonicalAxis,
  defaultFloat,
  defaultInt,
  type DType,
  type DTypeLike,
  finfo,
  iinfo,
  int32,
  isInteger,
  type JaxArray,
  keywords,
  P,
  randomBits,
  raw,
  toArray,
  uint16,
  uint32,
  uint64,
  uint8,
  ValueError,
} from "../core/mod.ts";
import {
  aligned,
  asFloat,
  checkShape,
  intDType,
  type Key,
  type Key1,
  type Key2,
  type KeyLike,
  type ParameterizedRest,
  parameters,
  reshaped,
  sampler,
  type SampleRest,
  sampleShape,
  type Shape,
  shapeOr,
  singleKey,
  sizeOf,
  splitTwo,
  toRank,
  unstacked,
} from "./_sampler.ts";
import { gumbelCore, type GumbelMode, gumbelMode } from "./continuous.ts";
import { uniform01 } from "./uniform.ts";

const clip = sampler(
  "clip",
  ([x, low, high]: [JaxArray, JaxArray, JaxArray]) => raw.min(high, raw.max(low, x)),
);

/** Integers in another dtype: what is beyond it becomes its limit. */
function saturated(x: JaxArray, dtype: DType): JaxArray {
  const from = iinfo(x.dtype), to = iinfo(dtype);
  const low = BigInt(from.min) > BigInt(to.min) ? from.min : to.min;
  const high = BigInt(from.max) < BigInt(to.max) ? from.max : to.max;
  const strong = raw.convert(x, x.dtype);
  return raw.convert(clip([strong, raw.like(strong, low), raw.like(strong, high)]), dtype);
}

const unsigned: Readonly<Record<number, DType>> = { 8: uint8, 16: uint16, 32: uint32, 64: uint64 };

/**
 * Integers in [minval, maxval) from twice as many random bits as they have, modulo the span:
 * (high·2^bits + low) mod span, where 2^bits mod span is the square of 2^(bits/2) mod span.
 */
const randintCore = sampler(
  "_randint",
  ([key, minval, maxval]: Key2, shape: readonly number[], dtype: DType) => {
    const { bits, max } = iinfo(dtype), word = unsigned[bits]!, rank = shape.length;
    const beyond = raw.gt(maxval, saturated(raw.scalar(max, dtype), maxval.dtype));
    const low = toRank(saturated(minval, dtype), rank), high = toRank(saturated(maxval, dtype), rank);
    const [k1, k2] = splitTwo(key), higher = randomBits(k1, bits, shape), lower = randomBits(k2, bits, shape);
    const width = raw.convert(raw.sub(high, low), word);
    // An empty interval gives minval; a limit beyond the dtype is one more than the greatest value.
    const least = raw.selectN(raw.le(high, low), width, raw.fullLike(width, 1));
    const widened = raw.and(...broadcastPair(beyond, raw.gt(high, low)));
    const span = raw.selectN(widened, ...spreadTo(widened, least, raw.add(least, 1)));
    const half = raw.rem(2 ** (bits / 2), span), multiplier = raw.rem(raw.mul(half, half), span);
    const offset = raw.rem(raw.add(raw.mul(raw.rem(higher, span), multiplier), raw.rem(lower, span)), span);
    return raw.add(low, raw.convert(offset, dtype));
  },
);

/** A condition at the rank of another. */
const broadcastPair = (x: JaxArray, y: JaxArray): [JaxArray, JaxArray] => [aligned(x, y.ndim), y];

/** Arrays in the shape of a condition. */
function spreadTo(condition: JaxArray, ...xs: JaxArray[]): JaxArray[] {
  const { shape } = condition;
  return xs.map((x) =>
    x.shape.every((n, i) => n === shape[i]) ? x : raw.broadcastInDim(x, shape, shape.map((_, i) => i))
  );
}

/** A limit of integers: an integral number is an int, floats are cut. */
function limit(x: ArrayLike): JaxArray {
  const integral = typeof x === "number" && Number.isInteger(x);
  const array = toArray(integral ? BigInt(x) : x, "randint");
  return isInteger(array.dtype) ? array : raw.convert(array, defaultInt());
}

/**
 * Integers uniform in [minval, maxval).
 *
 * @param key a key
 * @param shape the shape of the result
 * @param minval the least value
 * @param maxval the limit, which is not drawn; both broadcast to the shape
 * @param rest dtype (an integer one; int32, or int64 with x64)
 * @throws {TypeError} for other dtypes
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const x = random.randint(random.key(0), [100], 0, 10);
 * if (x.min().item() < 0 || x.max().item() > 9) throw new Error();
 * ```
 */
export function randint(
  key: KeyLike,
  shape: Shape,
  minval: ArrayLike,
  maxval: ArrayLike,
  ...rest: readonly [
    dtype?: DTypeLike | null | { readonly dtype?: DTypeLike | null },
    options?: { readonly dtype?: DTypeLike | null },
  ]
): JaxArray {
  const given = keywords("randint", ["dtype"], rest), k = singleKey("randint", key);
  const dtype = intDType("randint", given.dtype), sizes = shapeOr(shape);
  if (!isInteger(dtype)) throw new TypeError(`randint only accepts integer dtypes, got ${dtype.name}`);
  let low = limit(minval), high = limit(maxval);
  checkShape("randint", sizes, low.shape, high.shape);
  if (dtype.bits >= 32) return randintCore([k, low, high], sizes, dtype);
  // Few bits would be biased: 32 are drawn.
  const { min, max } = iinfo(dtype),
    within = (x: JaxArray, least: number, most: number): JaxArray => {
      const wide = raw.convert(x, int32);
      return clip([wide, raw.like(wide, least), raw.like(wide, most)]);
    };
  low = within(low, Number(min), Number(max));
  high = within(high, Number(min), Number(max) + 1);
  return raw.convert(randintCore([k, low, high], sizes, int32), dtype);
}

/** Booleans that hold with probability p, as a compiled function: u < p. */
const bernoulliCore = sampler(
  "_bernoulli",
  ([key, p]: Key1, shape: readonly number[], mode: "low" | "high") => {
    const probability = aligned(p, shape.length);
    if (mode === "low") return raw.lt(uniform01(key, shape, p.dtype), probability);
    const [u, fine] = unstacked(uniform01(key, [2, ...shape], p.dtype)) as [JaxArray, JaxArray];
    return raw.lt(raw.mul(fine, 2 ** -finfo(p.dtype).nmant), raw.sub(probability, u));
  },
);

/** Options of {@linkcode bernoulli}. */
export interface BernoulliOptions {
  /** The probability of true; 0.5 by default. */
  readonly p?: ArrayLike;
  /** The shape of the result; by default that of p. */
  readonly shape?: Shape | null;
  /** `"high"` draws twice the bits, for p below about 1e-7; `"low"` by default. */
  readonly mode?: "low" | "high";
}

/**
 * Booleans that hold with probability p.
 *
 * @param key a key
 * @param rest p (floats), shape (by default that of p) and mode
 * @throws {TypeError} when p holds no floats
 * @throws {ValueError} for an unknown mode
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.bernoulli(random.key(0), 1, [3]).sum().item() !== 3) throw new Error();
 * ```
 */
export function bernoulli(
  key: KeyLike,
  ...rest: readonly [
    p?: ArrayLike | BernoulliOptions,
    shape?: Shape | null | BernoulliOptions,
    mode?: "low" | "high" | BernoulliOptions,
    options?: BernoulliOptions,
  ]
): JaxArray {
  const given = keywords("bernoulli", ["p", "shape", "mode"], rest), mode = given.mode ?? "low";
  if (mode !== "low" && mode !== "high") throw new ValueError(`got mode='${mode}', expected 'high' or 'low'`);
  const k = singleKey("bernoulli", key);
  const [p] = parameters("bernoulli", (given.p ?? 0.5) as ArrayLike) as [JaxArray];
  if (p.dtype.kind !== "float") {
    throw new TypeError(`bernoulli probability \`p\` must have a floating dtype, got ${p.dtype.name}.`);
  }
  const shape = sampleShape("bernoulli", given.shape, p);
  return bernoulliCore([k, raw.convert(p, p.dtype)], shape, mode);
}

/** Signs, as a compiled function. */
export const rademacherCore: (xs: Key, shape: readonly number[], dtype: DType) => JaxArray = sampler(
  "_rademacher",
  ([key]: Key, shape: readonly number[], dtype: DType) => {
    const samples = raw.convert(bernoulliCore([key, raw.scalar(0.5, defaultFloat())], shape, "low"), dtype);
    return raw.sub(raw.mul(2, samples), 1);
  },
);

/**
 * −1 or 1 with equal probability.
 *
 * @param key a key
 * @param rest shape (by default a scalar) and dtype (int32, or int64 with x64, by default)
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.rademacher(random.key(0), [10]).abs().sum().item() !== 10) throw new Error();
 * ```
 */
export function rademacher(key: KeyLike, ...rest: SampleRest): JaxArray {
  const given = keywords("rademacher", ["shape", "dtype"], rest), k = singleKey("rademacher", key);
  const dtype = intDType("rademacher", given.dtype);
  if (dtype === bool_) throw new TypeError("rademacher: bool has no -1, got dtype bool");
  return rademacherCore([k], shapeOr(given.shape), dtype);
}

const geometricCore = sampler("_geometric", ([key, given]: Key1, shape: readonly number[], dtype: DType) => {
  const p = asFloat(given), drawn = uniform01(key, shape, p.dtype);
  const u = raw.where(raw.eq(drawn, 0), 1, drawn);
  const failure = aligned(raw.log1p(raw.neg(p)), shape.length);
  return raw.convert(raw.add(raw.floor(raw.div(raw.log(u), failure)), 1), dtype);
});

/**
 * The number of trials up to the first success: k ≥ 1 with probability p(1 − p)^(k−1).
 *
 * @param key a key
 * @param p the probability of success
 * @param rest shape (by default that of p) and dtype (an integer one; int32, or int64 with x64)
 * @throws {ValueError} for dtypes that are no integers
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.geometric(random.key(0), 0.5, [100]).min().item() < 1) throw new Error();
 * ```
 */
export function geometric(key: KeyLike, p: ArrayLike, ...rest: ParameterizedRest): JaxArray {
  const given = keywords("geometric", ["shape", "dtype"], rest), k = singleKey("geometric", key);
  const dtype = intDType("geometric", given.dtype);
  if (!isInteger(dtype)) {
    throw new ValueError(`dtype argument to \`geometric\` must be an int dtype, got ${dtype.name}`);
  }
  const [a] = parameters("geometric", p) as [JaxArray];
  return geometricCore([k, a], sampleShape("geometric", given.shape, a), dtype);
}

/** Options of {@linkcode categorical}. */
export interface CategoricalOptions {
  /** The axis of the categories; the last by default. */
  readonly axis?: number;
  /** The shape of the result: that of the logits without the axis, after any number of axes of samples. */
  readonly shape?: Shape | null;
  /** Whether one category may come up several times along the axes of samples; by default it may. */
  readonly replace?: boolean;
  /** How many random bits are used; see {@linkcode GumbelMode}. */
  readonly mode?: GumbelMode | null;
}

/**
 * Categories with given logarithms of their probabilities (up to a constant): the greatest of logits + Gumbel numbers,
 * without replacement the k greatest (Kool, van Hoof and Welling, "Stochastic beams and where to find them", 2019).
 *
 * @param key a key
 * @param logits unnormalized logarithms of probabilities, floats
 * @param rest axis, shape, replace and mode
 * @returns indices along the axis; int32, or int64 with x64
 * @throws {ValueError} when the shape does not fit, or more samples than categories are wanted without replacement
 *
 * @example
 * ```ts
 * import { numpy as np, random } from "@jaxlet/jaxlet";
 * const logits = np.array([-1e9, 0, -1e9]);
 * if (random.categorical(random.key(0), logits).item() !== 1) throw new Error();
 * ```
 */
export function categorical(
  key: KeyLike,
  logits: ArrayLike,
  ...rest: readonly [
    axis?: number | CategoricalOptions,
    shape?: Shape | null | CategoricalOptions,
    replace?: boolean | CategoricalOptions,
    mode?: GumbelMode | null | CategoricalOptions,
    options?: CategoricalOptions,
  ]
): JaxArray {
  const given = keywords("categorical", ["axis", "shape", "replace", "mode"], rest);
  const k = singleKey("categorical", key), [x] = parameters("categorical", logits) as [JaxArray];
  const axis = canonicalAxis(given.axis ?? -1, x.ndim), batch = x.shape.filter((_, i) => i !== axis);
  const shape = shapeOr(given.shape, batch);
  checkShape("categorical", shape, batch);
  if (x.dtype.kind !== "float") {
    throw new ValueError(`dtype argument to \`gumbel\` must be a float dtype, got ${x.dtype.name}`);
  }
  const replace = given.replace !== false, samples = sizeOf(shape.slice(0, shape.length - batch.length));
  if (!replace && samples > x.shape[axis]!) {
    throw new ValueError(
      `Number of samples without replacement (${samples}) cannot exceed number of categories (${
        x.shape[axis]
      }).`,
    );
  }
  return (replace ? greatest : severalGreatest)([k, x], axis, shape, gumbelMode(given.mode));
}

type Categorical = (xs: Key1, axis: number, shape: readonly number[], mode: GumbelMode) => JaxArray;

/** Where logits + Gumbel numbers are greatest along the axis, for each sample on numbers of its own. */
const greatest: Categorical = sampler("categorical", ([key, logits], axis, shape, mode) => {
  const lead = shape.length - (logits.ndim - 1), full = [...shape];
  full.splice(lead + axis, 0, logits.shape[axis]!);
  const noise = gumbelCore([key], full, logits.dtype, mode);
  const shifted = raw.expandDims(logits, Array.from({ length: lead }, (_, i) => i));
  return bind1(P.argmax, [raw.add(noise, shifted)], { axes: [lead + axis], indexDtype: defaultInt() });
}, { inline: true });

/** Where logits + Gumbel numbers have their greatest values along the axis, one for each sample. */
const severalGreatest: Categorical = sampler("categorical", ([key, logits], axis, shape, mode) => {
  const last = logits.ndim - 1, k = sizeOf(shape.slice(0, shape.length - last));
  const noisy = raw.add(logits, gumbelCore([key], logits.shape, logits.dtype, mode));
  const order = logits.shape.map((_, i) => i).filter((i) => i !== axis);
  const moved = raw.transpose(noisy, [...order, axis]);
  const indices = bind(P.top_k, [moved], { k, axis: last })[1]!;
  return reshaped(raw.transpose(indices, [last, ...order.map((_, i) => i)]), shape);
}, { inline: true });
