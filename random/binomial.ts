/**
 * The binomial and multinomial distributions.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  bool_,
  broadcastTo,
  checkOptions,
  defaultFloat,
  type DType,
  type DTypeLike,
  fromHost,
  int32,
  type JaxArray,
  keywords,
  P,
  parseArray,
  randomSplit,
  raw,
  requestedDType,
  resultType,
  toInexact,
} from "../core/mod.ts";
import { cumsum, scan, whileLoop } from "../lax/mod.ts";
import { take } from "../numpy/mod.ts";
import {
  anywhere,
  asFloat,
  floatDType,
  type Key2,
  type KeyLike,
  type ParameterizedRest,
  parameters,
  sampler,
  sampleShape,
  type Shape,
  shapeOr,
  singleKey,
  splitKey,
  splitTwo,
  usedTwice,
} from "./_sampler.ts";
import { uniform01 } from "./uniform.ts";

/** log k! − Stirling's formula, for k = 0, ..., 9. */
const stirlingTails = [
  0.0810614667953272,
  0.0413406959554092,
  0.0276779256849983,
  0.02079067210376509,
  0.0166446911898211,
  0.0138761288230707,
  0.0118967099458917,
  0.0104112652619720,
  0.00925546218271273,
  0.00833056343336287,
];

/** The error of Stirling's formula for log k!: from the table, or three terms of its series. */
function stirlingTail(k: JaxArray): JaxArray {
  const table = fromHost(parseArray(stirlingTails, k.dtype));
  const inTable = raw.le(k, 9), clamped = bind1(P.clamp, [raw.like(k, 0), k, raw.like(k, 9)]);
  const next = raw.add(clamped, 1), square = raw.mul(next, next);
  const inner = raw.sub(1 / 360, raw.div(raw.like(k, 1 / 1260), square));
  const series = raw.div(raw.sub(1 / 12, raw.div(inner, square)), next);
  const tabulated = take(table, raw.convert(raw.floor(clamped), int32), { mode: "clip" });
  return raw.selectN(inTable, series, tabulated);
}

type Core = (xs: Key2, shape: readonly number[], dtype: DType) => JaxArray;
type State = [step: JaxArray, counts: JaxArray, last: JaxArray, key: JaxArray];
const counter = (): JaxArray => raw.scalar(0, int32);
const limit = 2 ** 31 - 1;

// Geometric numbers are added until they exceed the count.
const inversion: Core = sampler("_binomial_inversion", ([key, count, prob], shape, dtype) => {
  const logFailure = raw.log1p(raw.neg(prob));
  const going = ([i, , sum]: State): JaxArray => raw.and(anywhere(raw.le(sum, count)), raw.lt(i, limit));
  const step = ([i, successes, sum, from]: State): State => {
    const [now, next] = splitTwo(from);
    const counted = raw.selectN(raw.le(sum, count), successes, raw.add(successes, 1));
    const trials = raw.ceil(raw.div(raw.log(uniform01(now, shape, prob.dtype)), logFailure));
    return [raw.add(i, 1), counted, raw.add(sum, trials), next];
  };
  const zero = raw.full(shape, 0, prob.dtype);
  const [, successes] = whileLoop(going, step, [counter(), zero, zero, key]) as State;
  return raw.convert(raw.sub(successes, 1), dtype);
}, { inline: true });

// Hörmann, "The generation of binomial random variates" (1993), algorithm BTRS.
const transformedRejection: Core = sampler("_btrs", ([key, count, prob], shape, dtype) => {
  const { add, sub, mul, div, log } = raw;
  const mean = mul(count, prob), deviation = raw.sqrt(mul(mean, sub(1, prob)));
  const b = add(1.15, mul(2.53, deviation));
  const a = add(add(-0.0873, mul(0.0248, b)), mul(0.01, prob));
  const center = add(mean, 0.5), accepting = sub(0.92, div(4.2, b)), odds = div(prob, sub(1, prob));
  const alpha = mul(add(2.83, div(5.1, b)), deviation), mode = raw.floor(mul(add(count, 1), prob));
  const going = ([i, , accepted]: State): JaxArray => raw.and(anywhere(raw.not(accepted)), raw.lt(i, limit));
  const step = ([i, counts, accepted, from]: State): State => {
    const [next, keyU, keyV] = splitKey(from, 3) as [JaxArray, JaxArray, JaxArray];
    const u = sub(uniform01(keyU, shape, prob.dtype), 0.5), v = uniform01(keyV, shape, prob.dtype);
    const us = sub(0.5, raw.abs(u)), quick = raw.and(raw.ge(us, 0.07), raw.le(v, accepting));
    const k = raw.floor(add(mul(add(div(mul(2, a), us), b), u), center));
    const outside = raw.or(raw.lt(k, 0), raw.gt(k, count));
    const height = log(div(mul(v, alpha), add(div(a, mul(us, us)), b)));
    const rest = add(sub(count, mode), 1), left = add(sub(count, k), 1);
    const bound = [
      mul(add(mode, 0.5), log(div(add(mode, 1), mul(odds, rest)))),
      mul(add(count, 1), log(div(rest, left))),
      mul(add(k, 0.5), log(div(mul(odds, left), add(k, 1)))),
      stirlingTail(mode),
      stirlingTail(sub(count, mode)),
      raw.neg(stirlingTail(k)),
      raw.neg(stirlingTail(sub(count, k))),
    ].reduce(add);
    const accept = raw.or(quick, raw.and(raw.not(outside), raw.le(height, bound)));
    return [add(i, 1), raw.selectN(accept, counts, k), raw.or(accepted, accept), next];
  };
  const init: State = [counter(), raw.full(shape, -1, prob.dtype), raw.full(shape, false, bool_), key];
  return raw.convert((whileLoop(going, step, init) as State)[1], dtype);
}, { inline: true });

/** The count below which sums of geometric numbers are used: n·p ≤ 10 for the rarer outcome. */
const binomialCore: Core = sampler("_binomial", ([key, n, p], shape, dtype) => {
  const probability = asFloat(p), type = probability.dtype;
  const prob = broadcastTo(raw.convert(probability, type), shape),
    count = broadcastTo(raw.convert(n, type), shape);
  const isNaN = (x: JaxArray): JaxArray => raw.ne(x, x);
  const rare = raw.lt(prob, 0.5), given = raw.selectN(rare, raw.sub(1, prob), prob);
  const noCount = raw.or(isNaN(count), raw.lt(count, 0)), infinite = raw.eq(raw.abs(count), Infinity);
  const noProbability = raw.or(isNaN(given), raw.lt(given, 0));
  const q = raw.selectN(noProbability, given, raw.fullLike(given, 0.01));
  const few = raw.or(noCount, raw.le(raw.mul(count, q), 10)), whole = raw.floor(count);
  const samples = raw.selectN(
    few,
    transformedRejection(
      [
        usedTwice(key),
        raw.selectN(few, whole, raw.fullLike(whole, 1e4)),
        raw.selectN(few, q, raw.fullLike(q, 0.5)),
      ],
      shape,
      dtype,
    ),
    inversion([key, raw.selectN(few, raw.fullLike(whole, 0), whole), q], shape, dtype),
  );
  const invalid = raw.or(noProbability, noCount);
  const valid = raw.selectN(invalid, samples, raw.fullLike(samples, NaN));
  const finite = raw.selectN(
    raw.and(infinite, raw.not(invalid)),
    valid,
    raw.fullLike(valid, Infinity),
  );
  const direct = raw.or(raw.or(rare, noCount), raw.or(isNaN(given), infinite));
  return raw.selectN(direct, raw.sub(raw.convert(whole, dtype), finite), finite);
}, { inline: true });

/**
 * The number of successes in n trials that succeed with probability p.
 *
 * @param key a key
 * @param n the number of trials
 * @param p the probability of success
 * @param rest shape (by default the parameters' common shape) and dtype (a float)
 * @returns whole numbers as floats; NaN where p or n is NaN or negative
 * @throws {ValueError} for dtypes that are no floats, and when the parameters do not broadcast to the shape
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const x = random.binomial(random.key(0), 10, 0.3, [100]);
 * if (x.min().item() < 0 || x.max().item() > 10) throw new Error();
 * ```
 */
export function binomial(key: KeyLike, n: ArrayLike, p: ArrayLike, ...rest: ParameterizedRest): JaxArray {
  const given = keywords("binomial", ["shape", "dtype"], rest), k = singleKey("binomial", key);
  const dtype = floatDType("binomial", given.dtype),
    [count, prob] = parameters("binomial", n, p) as [
      JaxArray,
      JaxArray,
    ];
  return binomialCore([k, count, prob], sampleShape("binomial", given.shape, count, prob), dtype);
}

/** Options of {@linkcode multinomial}. */
export interface MultinomialOptions {
  /** The shape of the result, to which p broadcasts; by default that of p. */
  readonly shape?: Shape | null;
  /** The dtype of the result. */
  readonly dtype?: DTypeLike | null;
  /** How many outcomes a step of the compiled loop takes. */
  readonly unroll?: number | boolean;
}

// The count of each outcome is binomial, given those of the outcomes before it.
const multinomialCore = sampler(
  "multinomial",
  ([key, n, p]: Key2, unroll: number | boolean) => {
    const last = p.ndim - 1, axes = p.shape.map((_, i) => i).slice(0, -1);
    const first = raw.transpose(p, [last, ...axes]), remaining = cumsum(first, 0, { reverse: true });
    const ratios = raw.div(first, raw.where(raw.eq(remaining, 0), 1, remaining));
    const step = (left: JaxArray, [ratio, own]: [JaxArray, JaxArray]): [JaxArray, JaxArray] => {
      const inside = raw.min(raw.max(ratio, 0), 1);
      const count = binomialCore([own, left, inside], left.shape, left.dtype);
      return [raw.sub(left, count), count];
    };
    const keys = randomSplit(key, [first.shape[0]!]);
    const [, counts] = scan(step, n, [ratios, keys], { unroll });
    return raw.transpose(counts, [...axes.map((i) => i + 1), 0]);
  },
  { inline: true },
);

/**
 * How often each of several outcomes comes up in n trials.
 *
 * @param key a key
 * @param n the number of trials; broadcasts to the shape of p without its last axis
 * @param p the probabilities of the outcomes, along the last axis
 * @returns counts as floats, in the shape of p
 *
 * @example
 * ```ts
 * import { numpy as np, random } from "@jaxlet/jaxlet";
 * const x = random.multinomial(random.key(0), 10, np.array([0.2, 0.3, 0.5]));
 * if (x.sum().item() !== 10) throw new Error();
 * ```
 */
export function multinomial(
  key: KeyLike,
  n: ArrayLike,
  p: ArrayLike,
  options: MultinomialOptions = {},
): JaxArray {
  checkOptions("multinomial", options, ["shape", "dtype", "unroll"]);
  const k = singleKey("multinomial", key), given = parameters("multinomial", n, p);
  const type = toInexact(resultType(given).dtype);
  const [trials, probabilities] = given.map((x) => raw.convert(x, type)) as [JaxArray, JaxArray];
  const shape = shapeOr(options.shape, probabilities.shape);
  const dtype = options.dtype === undefined || options.dtype === null
    ? defaultFloat()
    : requestedDType(options.dtype, "multinomial");
  const counts = multinomialCore(
    [k, broadcastTo(trials, shape.slice(0, -1)), broadcastTo(probabilities, shape)],
    options.unroll ?? 1,
  );
  return raw.convert(counts, dtype);
}
