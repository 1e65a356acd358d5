/**
 * Random orders, and samples of the elements of an array.
 *
 * @module
 */
import {
  type ArrayLike,
  bind,
  canonicalAxis,
  canonicalShape,
  defaultInt,
  isInteger,
  JaxArray,
  keywords,
  P,
  randomBits,
  raw,
  staticInteger,
  toArray,
  toInexact,
  tuple,
  ValueError,
} from "../core/mod.ts";
import { cumsum } from "../lax/mod.ts";
import { searchsorted, take } from "../numpy/mod.ts";
import { type Key1, type KeyLike, reshaped, sampler, singleKey, sizeOf, splitTwo } from "./_sampler.ts";
import { gumbelCore, type GumbelMode, gumbelMode } from "./continuous.ts";
import { randint } from "./discrete.ts";
import { uniform01 } from "./uniform.ts";

/**
 * Shuffles along an axis by sorting on random keys of 32 bits, so often that keys which are equal once are most likely
 * distinct in another round: 3 ln n / ln 2³² rounds.
 */
const shuffle = sampler("_shuffle", ([key, x]: Key1, axis: number) => {
  const rounds = Math.ceil(3 * Math.log(Math.max(1, x.size)) / Math.log(2 ** 32 - 1));
  let from = key, shuffled = x;
  for (let i = 0; i < rounds; i++) {
    const [next, now] = splitTwo(from);
    const order = randomBits(now, 32, x.shape);
    shuffled = bind(P.sort, [order, shuffled], { dimension: axis, isStable: true, numKeys: 1 })[1]!;
    from = next;
  }
  return shuffled;
});

/** 0, 1, ..., n − 1 in random order. */
const shuffledRange = sampler(
  "permutation",
  ([key]: [JaxArray], n: number) => shuffle([key, raw.iota(defaultInt(), [n], 0)], 0),
  { inline: true },
);

/** The rows along an axis in random order. */
const shuffledRows = sampler(
  "permutation",
  ([key, x]: Key1, axis: number) =>
    take(x, shuffledRange([key], x.shape[axis]!), { axis, uniqueIndices: true }),
  { inline: true },
);

/** Options of {@linkcode permutation}. */
export interface PermutationOptions {
  /** The axis to shuffle along; the first by default. */
  readonly axis?: number;
  /** Whether each vector along the axis is shuffled on its own; by default all are shuffled alike. */
  readonly independent?: boolean;
}

/**
 * A number n as the integers below n in random order, or an array in random order along an axis.
 *
 * @param key a key
 * @param x an integer, or an array
 * @param rest axis and independent
 * @throws {TypeError} for a number that is no integer
 * @throws {ValueError} when the array has no such axis
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const x = random.permutation(random.key(0), 10);
 * if (x.sum().item() !== 45) throw new Error();
 * ```
 */
export function permutation(
  key: KeyLike,
  x: ArrayLike,
  ...rest: readonly [
    axis?: number | PermutationOptions,
    independent?: boolean | PermutationOptions,
    options?: PermutationOptions,
  ]
): JaxArray {
  const given = keywords("permutation", ["axis", "independent"], rest), k = singleKey("permutation", key);
  const n = count(x, "argument x of jax.random.permutation()");
  if (n !== null) {
    canonicalAxis(given.axis ?? 0, 1);
    return shuffledRange([k], Math.max(0, n));
  }
  const array = toArray(x, "permutation", 1), axis = canonicalAxis(given.axis ?? 0, array.ndim);
  return given.independent === true || array.ndim === 1
    ? shuffle([k, array], axis)
    : shuffledRows([k, array], axis);
}

/** The integer that stands for a range, or null for an array with axes. */
function count(x: ArrayLike, what: string): number | null {
  if (typeof x === "number" ? Number.isInteger(x) : typeof x === "bigint") return Number(x);
  const array = toArray(x, "permutation", 1);
  if (array.ndim > 0) return null;
  if (!isInteger(array.dtype)) throw new TypeError("x must be an integer or at least 1-dimensional");
  return staticInteger(array, what);
}

/** Positions with given probabilities, drawn one by one: where a uniform number falls among their running sums. */
const drawPositions = sampler("choice", ([key, p]: Key1, shape: readonly number[]) => {
  const sums = cumsum(p), n = p.shape[0]!, total = raw.squeeze(raw.sliceInDim(sums, n - 1, n, 0), [0]);
  const drawn = raw.mul(total, raw.sub(1, uniform01(key, shape, p.dtype)));
  return raw.convert(searchsorted(sums, drawn), defaultInt());
}, { inline: true });

/** The positions of the n greatest sums of log p and Gumbel numbers: a sample without replacement. */
const drawDistinct = sampler("choice", ([key, p]: Key1, n: number, mode: GumbelMode) => {
  const noisy = raw.add(gumbelCore([key], p.shape, p.dtype, mode), raw.log(p));
  return raw.convert(bind(P.top_k, [noisy], { k: n, axis: 0 })[1]!, defaultInt());
}, { inline: true });

/** Options of {@linkcode choice}. */
export interface ChoiceOptions {
  /** The shape of the sample; one element by default. */
  readonly shape?: readonly number[];
  /** Whether an element may come up several times; by default it may. */
  readonly replace?: boolean;
  /** The probabilities of the elements; equal by default. */
  readonly p?: ArrayLike | null;
  /** The axis whose parts are the elements; the first by default. */
  readonly axis?: number;
  /** How many random bits are used with p and without replacement; see {@linkcode GumbelMode}. */
  readonly mode?: GumbelMode | null;
}

/**
 * A random sample of the integers below a number, or of the parts of an array along an axis.
 *
 * @param key a key
 * @param a an integer, or an array
 * @param rest shape, replace, p, axis and mode
 * @throws {ValueError} when there is nothing to choose from, when p has another size, or when more elements are wanted
 * without replacement than there are
 *
 * @example
 * ```ts
 * import { numpy as np, random } from "@jaxlet/jaxlet";
 * const x = random.choice(random.key(0), 5, [3], { p: np.array([0, 0, 1, 0, 0]) });
 * if (String(x) !== "[2 2 2]") throw new Error();
 * ```
 */
export function choice(
  key: KeyLike,
  a: ArrayLike,
  ...rest: readonly [
    shape?: readonly number[] | ChoiceOptions,
    replace?: boolean | ChoiceOptions,
    p?: ArrayLike | null | ChoiceOptions,
    axis?: number | ChoiceOptions,
    mode?: GumbelMode | null | ChoiceOptions,
    options?: ChoiceOptions,
  ]
): JaxArray {
  const given = keywords("choice", ["shape", "replace", "p", "axis", "mode"], rest),
    k = singleKey("choice", key);
  const shape = sampleSizes(given.shape ?? []), draws = sizeOf(shape), replace = given.replace !== false;
  const integer = count(a, "The error occurred in jax.random.choice()");
  const array = integer === null ? toArray(a, "choice", 1) : null;
  const axis = array ? canonicalAxis(given.axis ?? 0, array.ndim) : 0;
  const inputs = array ? array.shape[axis]! : integer!;
  if (draws === 0) return raw.full(shape, 0, array?.dtype ?? defaultInt());
  if (inputs <= 0) throw new ValueError("a must be greater than 0 unless no samples are taken");
  if (!replace && draws > inputs) {
    throw new ValueError(
      `Cannot take a larger sample (size ${draws}) than population (size ${inputs}) when 'replace=False'`,
    );
  }
  const full = array ? [...array.shape.slice(0, axis), ...shape, ...array.shape.slice(axis + 1)] : shape;
  if ((given.p === undefined || given.p === null) && !replace) {
    const shuffled = array ? permutation(k, array, axis) : shuffledRange([k], inputs);
    return reshaped(raw.sliceInDim(shuffled, 0, draws, axis), full);
  }
  const positions = drawn(k, given.p as ArrayLike | null, shape, inputs, replace, gumbelMode(given.mode));
  const result = array ? take(array, positions, { axis }) : positions;
  return reshaped(result, full);
}

/** A shape, which must be a list. */
function sampleSizes(shape: unknown): readonly number[] {
  if (Array.isArray(shape) || shape instanceof JaxArray && shape.ndim === 1) return canonicalShape(shape);
  throw new TypeError(`shape argument of jax.random.choice must be a sequence, got ${shape}`);
}

function drawn(
  key: JaxArray,
  p: ArrayLike | null | undefined,
  shape: readonly number[],
  inputs: number,
  replace: boolean,
  mode: GumbelMode,
): JaxArray {
  if (p === undefined || p === null) return randint(key, shape, 0, inputs);
  const given = toArray(p, "choice", 2), probabilities = raw.convert(given, toInexact(given.dtype));
  if (probabilities.ndim !== 1 || probabilities.shape[0] !== inputs) {
    throw new ValueError(
      `p must be None or a 1D vector with the same size as a.shape[axis]. p has shape ${
        tuple(given.shape)
      } and a.shape[axis] is ${inputs}.`,
    );
  }
  return replace
    ? drawPositions([key, probabilities], shape)
    : drawDistinct([key, probabilities], sizeOf(shape), mode);
}
