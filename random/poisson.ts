/**
 * The Poisson distribution.
 *
 * @module
 */
import {
  type ArrayLike,
  bool_,
  broadcastTo,
  type DType,
  float32,
  iinfo,
  int32,
  isInteger,
  type JaxArray,
  raw,
  ValueError,
} from "../core/mod.ts";
import { whileLoop } from "../lax/mod.ts";
import {
  anywhere,
  intDType,
  type Key1,
  type KeyLike,
  parameters,
  sampler,
  sampleShape,
  singleKey,
  splitKey,
  splitTwo,
  usedTwice,
} from "./_sampler.ts";
import { type GammaRest, options } from "./gamma.ts";
import { uniform01 } from "./uniform.ts";

type Core = (xs: Key1, shape: readonly number[], dtype: DType) => JaxArray;
type State = [step: JaxArray, counts: JaxArray, key: JaxArray, last: JaxArray];

/** No loop takes more steps than the dtype of the results can count. */
const within = (step: JaxArray, dtype: DType): JaxArray => {
  const { max } = iinfo(dtype), most = iinfo(step.dtype).max;
  return raw.lt(step, BigInt(max) < BigInt(most) ? max : most);
};

const counter = (): JaxArray => raw.scalar(0, int32);

// Knuth: uniform numbers are multiplied while their product is above e^(−λ).
const knuth: Core = sampler("_poisson_knuth", ([key, lam]: Key1, shape: readonly number[], dtype: DType) => {
  const limit = raw.neg(lam);
  const going = ([step, , , logs]: State): JaxArray =>
    raw.and(anywhere(raw.gt(logs, limit)), within(step, dtype));
  const step = ([i, counts, from, logs]: State): State => {
    const [next, now] = splitTwo(from);
    const k = raw.selectN(raw.gt(logs, limit), counts, raw.add(counts, 1));
    return [raw.add(i, 1), k, next, raw.add(logs, raw.log(uniform01(now, shape, float32)))];
  };
  const init: State = [counter(), raw.full(shape, 0, dtype), key, raw.full(shape, 0, float32)];
  return raw.sub((whileLoop(going, step, init) as State)[1], 1);
});

// Hörmann, "The transformed rejection method for generating Poisson random variables" (1993), algorithm PTRS.
const rejection: Core = sampler(
  "_poisson_rejection",
  ([key, lam]: Key1, shape: readonly number[], dtype: DType) => {
    const logLam = raw.log(lam), b = raw.add(0.931, raw.mul(2.53, raw.sqrt(lam)));
    const a = raw.add(-0.059, raw.mul(0.02483, b));
    const inverseAlpha = raw.add(1.1239, raw.div(1.1328, raw.sub(b, 3.4)));
    const accepting = raw.sub(0.9277, raw.div(3.6224, raw.sub(b, 2)));
    const going = ([i, , , accepted]: State): JaxArray =>
      raw.and(anywhere(raw.not(accepted)), within(i, dtype));
    const step = ([i, counts, from, accepted]: State): State => {
      const [next, keyU, keyV] = splitKey(from, 3) as [JaxArray, JaxArray, JaxArray];
      const u = raw.sub(uniform01(keyU, shape, lam.dtype), 0.5), v = uniform01(keyV, shape, lam.dtype);
      const us = raw.sub(0.5, raw.abs(u)), slope = raw.div(raw.mul(2, a), us);
      const k = raw.floor(raw.add(raw.add(raw.mul(raw.add(slope, b), u), lam), 0.43));
      const density = raw.add(raw.div(a, raw.mul(us, us)), b);
      const s = raw.log(raw.div(raw.mul(v, inverseAlpha), density));
      const t = raw.sub(raw.add(raw.neg(lam), raw.mul(k, logLam)), raw.lgamma(raw.add(k, 1)));
      const quick = raw.and(raw.ge(us, 0.07), raw.le(v, accepting));
      const outside = raw.or(raw.lt(k, 0), raw.and(raw.lt(us, 0.013), raw.gt(v, us)));
      const accept = raw.or(quick, raw.and(raw.not(outside), raw.le(s, t)));
      return [raw.add(i, 1), raw.selectN(accept, counts, k), next, raw.or(accepted, accept)];
    };
    const init: State = [counter(), raw.full(shape, -1, lam.dtype), key, raw.full(shape, false, bool_)];
    return raw.convert((whileLoop(going, step, init) as State)[1], dtype);
  },
);

// Each method for its rates: those of the other are replaced by one that it handles fast.
const poissonCore: Core = sampler("_poisson", ([key, lam]: Key1, shape: readonly number[], dtype: DType) => {
  const small = raw.or(raw.ne(lam, lam), raw.lt(lam, 10));
  const result = raw.selectN(
    small,
    rejection([usedTwice(key), raw.selectN(small, lam, raw.fullLike(lam, 1e5))], shape, dtype),
    knuth([key, raw.selectN(small, raw.fullLike(lam, 0), lam)], shape, dtype),
  );
  return raw.selectN(raw.eq(lam, 0), result, raw.fullLike(result, 0));
});

/**
 * Numbers of events at a rate: k with probability λ^k e^(−λ)/k!.
 *
 * @param key a key
 * @param lam the rate λ, not negative
 * @param rest shape (by default the rate's) and dtype (an integer one; int32, or int64 with x64)
 * @returns integers; −1 where the rate is NaN
 * @throws {ValueError} for dtypes that are no integers, and when the rate does not broadcast to the shape
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.poisson(random.key(0), 3, [100]).min().item() < 0) throw new Error();
 * ```
 */
export function poisson(key: KeyLike, lam: ArrayLike, ...rest: GammaRest): JaxArray {
  const given = options("poisson", rest),
    k = singleKey("poisson", key),
    dtype = intDType("poisson", given.dtype);
  if (!isInteger(dtype)) throw new ValueError(`Invalid integer data type '${dtype.name}' in poisson.`);
  const [rate] = parameters("poisson", lam) as [JaxArray], shape = sampleShape("poisson", given.shape, rate);
  return poissonCore([k, raw.convert(broadcastTo(rate, shape), float32)], shape, dtype);
}
