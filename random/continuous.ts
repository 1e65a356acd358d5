/**
 * Distributions sampled by inverting their distribution function at a uniform number.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  broadcastTo,
  type DType,
  type DTypeLike,
  finfo,
  float32,
  type JaxArray,
  keywords,
  P,
  randomBits,
  raw,
  uint32,
  ValueError,
} from "../core/mod.ts";
import {
  aligned,
  asFloat,
  checkSafeToCast,
  floatDType,
  type Key,
  type Key1,
  type Key2,
  type Key3,
  type KeyLike,
  meeting,
  type ParameterizedRest,
  parameters,
  type SampleOptions,
  sampler,
  type SampleRest,
  sampleShape,
  type Shape,
  shapeOr,
  singleKey,
  unstacked,
} from "./_sampler.ts";
import { uniform01, uniformBetween, uniformCore } from "./uniform.ts";

type Core = (xs: Key, shape: readonly number[], dtype: DType) => JaxArray;

/** A sampler without parameters of floats. */
function plain(name: string, core: Core, key: KeyLike, rest: SampleRest): JaxArray {
  const given = keywords(name, ["shape", "dtype"], rest), k = singleKey(name, key);
  const dtype = floatDType(name, given.dtype);
  return core([k], shapeOr(given.shape), dtype);
}

/** Exponential numbers, as a compiled function: −log(1 − u). */
export const exponentialCore: Core = sampler(
  "_exponential",
  ([key]: Key, shape: readonly number[], dtype: DType) =>
    raw.neg(raw.log1p(raw.neg(uniform01(key, shape, dtype)))),
);

/**
 * Numbers with the exponential distribution of rate 1.
 *
 * @param key a key
 * @param rest shape (by default a scalar) and dtype (a float)
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.exponential(random.key(0), [100]).min().item() < 0) throw new Error();
 * ```
 */
export function exponential(key: KeyLike, ...rest: SampleRest): JaxArray {
  return plain("exponential", exponentialCore, key, rest);
}

const cauchyCore = sampler("_cauchy", ([key]: Key, shape: readonly number[], dtype: DType) => {
  const u = uniformCore([key, raw.scalar(finfo(dtype).eps, dtype), raw.scalar(1, dtype)], shape, dtype);
  return raw.tan(raw.mul(raw.like(u, Math.PI), raw.sub(u, 0.5)));
});

/**
 * Numbers with the Cauchy distribution: tan π(u − ½).
 *
 * @param key a key
 * @param rest shape (by default a scalar) and dtype (a float)
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.cauchy(random.key(0), [3]).ndim !== 1) throw new Error();
 * ```
 */
export function cauchy(key: KeyLike, ...rest: SampleRest): JaxArray {
  return plain("cauchy", cauchyCore, key, rest);
}

const laplaceCore = sampler("_laplace", ([key]: Key, shape: readonly number[], dtype: DType) => {
  const u = uniformBetween(key, shape, dtype, -1 + finfo(dtype).epsneg, 1);
  return raw.mul(raw.sign(u), raw.log1p(raw.neg(raw.abs(u))));
});

/**
 * Numbers with the Laplace distribution, of density ½ e^(−|x|).
 *
 * @param key a key
 * @param rest shape (by default a scalar) and dtype (a float)
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.laplace(random.key(0), [3]).ndim !== 1) throw new Error();
 * ```
 */
export function laplace(key: KeyLike, ...rest: SampleRest): JaxArray {
  return plain("laplace", laplaceCore, key, rest);
}

const logisticCore = sampler("_logistic", ([key]: Key, shape: readonly number[], dtype: DType) => {
  const x = uniformBetween(key, shape, dtype, finfo(dtype).tiny, 1);
  return raw.sub(raw.log(x), raw.log1p(raw.neg(x)));
});

/**
 * Numbers with the logistic distribution, of density e^(−x)/(1 + e^(−x))².
 *
 * @param key a key
 * @param rest shape (by default a scalar) and dtype (a float)
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.logistic(random.key(0), [3]).ndim !== 1) throw new Error();
 * ```
 */
export function logistic(key: KeyLike, ...rest: SampleRest): JaxArray {
  return plain("logistic", logisticCore, key, rest);
}

/** How many random bits a Gumbel number is made of: those of one uniform number, of two, or 64. */
export type GumbelMode = "low" | "high" | "highest";

/** A float32 in (0, 1) from a fixed-point number of 64 bits: leading zeros become the exponent. */
function fixedToFloat(high: JaxArray, low: JaxArray): JaxArray {
  const zerosHigh = bind1(P.clz, [high]), zerosLow = bind1(P.clz, [low]), none = raw.eq(zerosHigh, 32);
  const lower = raw.where(
    none,
    raw.shiftLeft(low, zerosLow),
    raw.shiftRightLogical(low, raw.sub(32, zerosHigh)),
  );
  const bits = raw.or(raw.shiftLeft(high, zerosHigh), lower);
  const mantissa = raw.and(raw.shiftRightLogical(bits, 8), 2 ** 23 - 1);
  const zeros = raw.where(none, raw.add(32, zerosLow), zerosHigh);
  const exponent = raw.and(raw.shiftLeft(raw.sub(126, zeros), 23), 2 ** 30 - 2 ** 22);
  return bind1(P.bitcast_convert_type, [raw.or(exponent, mantissa)], { newDtype: float32 });
}

/** −log(−log u) for u in (0, 1) of 64 bits, by log1p below ½. */
function finestGumbel(key: JaxArray, shape: readonly number[]): JaxArray {
  const [high, low] = unstacked(randomBits(key, 32, [2, ...shape])) as [JaxArray, JaxArray];
  // 1 − u in fixed point.
  const notHigh = raw.not(high), notLow = raw.not(low);
  const carry = raw.convert(raw.eq(notLow, 2 ** 32 - 1), uint32);
  const small = raw.lt(high, 2 ** 31);
  const x = fixedToFloat(
    raw.selectN(small, raw.add(notHigh, carry), high),
    raw.selectN(small, raw.add(notLow, 1), low),
  );
  const negLog = (y: JaxArray): JaxArray => raw.neg(raw.log(raw.neg(y)));
  return raw.selectN(small, negLog(raw.log(x)), negLog(raw.log1p(raw.neg(x))));
}

/** Gumbel numbers, as a compiled function. */
export const gumbelCore: (xs: Key, shape: readonly number[], dtype: DType, mode: GumbelMode) => JaxArray =
  sampler(
    "_gumbel",
    ([key]: Key, shape: readonly number[], dtype: DType, mode: GumbelMode) => {
      const { tiny, nmant } = finfo(dtype);
      if (mode === "highest" && dtype === float32) return finestGumbel(key, shape);
      if (mode === "low") {
        return raw.neg(raw.log(raw.neg(raw.log(uniformBetween(key, shape, dtype, tiny, 1)))));
      }
      // The second number gives the bits that the first has not where it is small.
      const [high, low] = unstacked(uniform01(key, [2, ...shape], dtype)) as [JaxArray, JaxArray];
      const fine = raw.add(raw.add(high, raw.mul(2 ** -nmant, low)), tiny);
      const x = raw.selectN(raw.ge(high, 0.5), fine, high);
      return raw.neg(raw.log(raw.neg(raw.log1p(raw.neg(x)))));
    },
  );

/** The mode that a caller asks for. */
export function gumbelMode(mode: unknown): GumbelMode {
  const wanted = mode ?? "low";
  if (wanted === "low" || wanted === "high" || wanted === "highest") return wanted;
  throw new ValueError(`Must provide valid mode for gumbel got: ${wanted}`);
}

/** Options of {@linkcode gumbel}. */
export interface GumbelOptions extends SampleOptions {
  /** How many bits; `"low"` by default, with which a float32 sample is at most about 16. */
  readonly mode?: GumbelMode | null;
}

/**
 * Numbers with the Gumbel distribution: −log(−log u).
 *
 * @param key a key
 * @param rest shape (by default a scalar), dtype (a float) and mode
 * @throws {ValueError} for an unknown mode
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.gumbel(random.key(0), [3]).ndim !== 1) throw new Error();
 * ```
 */
export function gumbel(
  key: KeyLike,
  ...rest: readonly [
    shape?: Shape | GumbelOptions,
    dtype?: DTypeLike | null | GumbelOptions,
    mode?: GumbelMode | null | GumbelOptions,
    options?: GumbelOptions,
  ]
): JaxArray {
  const given = keywords("gumbel", ["shape", "dtype", "mode"], rest), k = singleKey("gumbel", key);
  const dtype = floatDType("gumbel", given.dtype), shape = shapeOr(given.shape);
  return gumbelCore([k], shape, dtype, gumbelMode(given.mode));
}

const paretoCore = sampler(
  "_pareto",
  ([key, b]: Key1, shape: readonly number[], dtype: DType) =>
    raw.exp(raw.div(exponentialCore([key], shape, dtype), aligned(raw.convert(b, dtype), shape.length))),
);

/**
 * Numbers with the Pareto distribution, of density b/x^(b+1) for x ≥ 1.
 *
 * @param key a key
 * @param b the exponent, positive
 * @param rest shape (by default that of b) and dtype (a float)
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.pareto(random.key(0), 2, [100]).min().item() < 1) throw new Error();
 * ```
 */
export function pareto(key: KeyLike, b: ArrayLike, ...rest: ParameterizedRest): JaxArray {
  return withParameter("pareto", paretoCore, key, b, rest);
}

/** A sampler of floats with one parameter, which must lose nothing in their dtype. */
function withParameter(
  name: string,
  core: (xs: Key1, shape: readonly number[], dtype: DType) => JaxArray,
  key: KeyLike,
  parameter: ArrayLike,
  rest: ParameterizedRest,
): JaxArray {
  const given = keywords(name, ["shape", "dtype"], rest), k = singleKey(name, key);
  const dtype = floatDType(name, given.dtype), [a] = parameters(name, parameter) as [JaxArray];
  const shape = sampleShape(name, given.shape, a);
  checkSafeToCast(name, dtype, a);
  return core([k, a], shape, dtype);
}

const rayleighCore = sampler("_rayleigh", ([key, given]: Key1, shape: readonly number[], dtype: DType) => {
  const u = uniform01(key, shape, dtype), scale = broadcastTo(raw.convert(given, dtype), shape);
  return raw.mul(scale, raw.sqrt(raw.mul(raw.log(u), -2)));
});

/**
 * Numbers with the Rayleigh distribution, of density x e^(−x²/2σ²).
 *
 * @param key a key
 * @param scale σ, positive
 * @param rest shape (by default the scale's) and dtype (a float)
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.rayleigh(random.key(0), 2, [100]).min().item() < 0) throw new Error();
 * ```
 */
export function rayleigh(key: KeyLike, scale: ArrayLike, ...rest: ParameterizedRest): JaxArray {
  return withParameter("rayleigh", rayleighCore, key, scale, rest);
}

const weibullCore = sampler(
  "_weibull_min",
  ([key, scale, concentration]: Key2, shape: readonly number[], dtype: DType) => {
    const x = raw.neg(raw.log1p(raw.neg(uniform01(key, shape, dtype))));
    const power = raw.pow(...meeting(x, raw.div(1, asFloat(concentration))));
    return raw.mul(...meeting(power, scale));
  },
);

/**
 * Numbers with the Weibull distribution, of density x^(c−1) e^(−(x/σ)^c).
 *
 * @param key a key
 * @param scale σ, positive
 * @param concentration c, positive
 * @param rest shape (by default a scalar) and dtype (a float)
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.weibullMin(random.key(0), 1, 2, [100]).min().item() < 0) throw new Error();
 * ```
 */
export function weibullMin(
  key: KeyLike,
  scale: ArrayLike,
  concentration: ArrayLike,
  ...rest: SampleRest
): JaxArray {
  const name = "weibull_min", given = keywords(name, ["shape", "dtype"], rest), k = singleKey(name, key);
  const dtype = floatDType(name, given.dtype), shape = shapeOr(given.shape);
  const [s, c] = parameters(name, scale, concentration) as [JaxArray, JaxArray];
  return weibullCore([k, s, c], shape, dtype);
}

const triangularCore = sampler(
  "_triangular",
  ([key, ...given]: Key3, shape: readonly number[], dtype: DType) => {
    const [left, mode, right] = given.map((x) => broadcastTo(raw.convert(x, dtype), shape)) as [
      JaxArray,
      JaxArray,
      JaxArray,
    ];
    const width = raw.sub(right, left), middle = raw.div(raw.sub(mode, left), width);
    const u = uniform01(key, shape, dtype);
    const rising = raw.sqrt(raw.mul(raw.mul(u, width), raw.sub(mode, left)));
    const falling = raw.sqrt(raw.mul(raw.mul(raw.sub(1, u), width), raw.sub(right, mode)));
    return raw.selectN(raw.lt(u, middle), raw.sub(right, falling), raw.add(left, rising));
  },
  { inline: true },
);

/**
 * Numbers with the triangular distribution: the density rises from `left` to `mode`, then falls to `right`.
 *
 * @param key a key
 * @param left the lower limit
 * @param mode where the density is greatest
 * @param right the upper limit
 * @param rest shape (by default the parameters' common shape) and dtype (a float)
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const x = random.triangular(random.key(0), 0, 1, 3, [100]);
 * if (x.min().item() < 0 || x.max().item() > 3) throw new Error();
 * ```
 */
export function triangular(
  key: KeyLike,
  left: ArrayLike,
  mode: ArrayLike,
  right: ArrayLike,
  ...rest: ParameterizedRest
): JaxArray {
  const given = keywords("triangular", ["shape", "dtype"], rest), k = singleKey("triangular", key);
  const dtype = floatDType("triangular", given.dtype);
  const [a, c, b] = parameters("triangular", left, mode, right) as [JaxArray, JaxArray, JaxArray];
  const shape = sampleShape("triangular", given.shape, a, c, b);
  checkSafeToCast("triangular", dtype, a, c, b);
  return triangularCore([k, a, c, b], shape, dtype);
}
