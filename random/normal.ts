/**
 * Normal numbers, and distributions made of them.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  broadcastTo,
  castScalar,
  complex128,
  type DType,
  type DTypeLike,
  finfo,
  float64,
  isComplex,
  type JaxArray,
  keywords,
  P,
  raw,
  realDType,
  scalarArray,
} from "../core/mod.ts";
import {
  aligned,
  checkSafeToCast,
  floatDType,
  type Key,
  type Key1,
  type Key2,
  type KeyLike,
  meeting,
  type ParameterizedOptions,
  type ParameterizedRest,
  parameters,
  sampler,
  type SampleRest,
  sampleShape,
  type Shape,
  shapeOr,
  singleKey,
  splitTwo,
} from "./_sampler.ts";
import { rademacherCore } from "./discrete.ts";
import { uniform01, uniformBetween, uniformCore } from "./uniform.ts";

/** √2 in a dtype. */
const sqrt2 = (dtype: DType): JaxArray => raw.scalar(Number(castScalar(Math.SQRT2, float64, dtype)), dtype);

// √2 erf⁻¹(u) for u uniform in (−1, 1).
const realNormal = sampler("_normal_real", ([key]: Key, shape: readonly number[], dtype: DType) => {
  const u = uniformBetween(key, shape, dtype, -(1 - finfo(dtype).epsneg), 1);
  return raw.mul(sqrt2(dtype), raw.erfInv(u));
});

/** Standard normal numbers, as a compiled function. */
export const normalCore: (xs: Key, shape: readonly number[], dtype: DType) => JaxArray = sampler(
  "_normal",
  ([key]: Key, shape: readonly number[], dtype: DType) => {
    if (!isComplex(dtype)) return realNormal([key], shape, dtype);
    const [kr, ki] = splitTwo(key), real = realDType(dtype);
    const re = raw.convert(realNormal([kr], shape, real), dtype);
    const im = raw.convert(realNormal([ki], shape, real), dtype);
    const scale = castScalar({ re: Math.SQRT2, im: 0 }, complex128, dtype);
    const i = scalarArray({ re: 0, im: 1 }, dtype);
    return raw.div(raw.add(re, raw.mul(i, im)), scalarArray(scale, dtype));
  },
);

/**
 * Standard normal numbers: mean 0 and variance 1 (for complex ones, of which each part has variance 1/2).
 *
 * @param key a key
 * @param rest shape (by default a scalar) and dtype (a float or complex one)
 * @throws {ValueError} for other dtypes
 *
 * @example
 * ```ts
 * import { numpy as np, random } from "@jaxlet/jaxlet";
 * const x = random.normal(random.key(0), [3]);
 * if (x.sub(np.array([1.6226422, 2.0252647, -0.43359444])).abs().max().item() > 1e-6) throw new Error();
 * ```
 */
export function normal(key: KeyLike, ...rest: SampleRest): JaxArray {
  const given = keywords("normal", ["shape", "dtype"], rest), k = singleKey("normal", key);
  const shape = shapeOr(given.shape), dtype = floatDType("normal", given.dtype, true);
  return normalCore([k], shape, dtype);
}

const truncatedNormalCore = sampler(
  "_truncated_normal",
  ([key, lower, upper]: Key2, shape: readonly number[], dtype: DType) => {
    const root = sqrt2(dtype),
      [low, high] = [lower, upper].map((x) => raw.convert(x, dtype)) as [JaxArray, JaxArray];
    const [a, b] = [low, high].map((x) => raw.erf(raw.div(x, root))) as [JaxArray, JaxArray];
    const out = raw.mul(root, raw.erfInv(uniformCore([key, a, b], shape, dtype)));
    // Rounding must not leave the open interval.
    const inside = (x: JaxArray, towards: number): JaxArray =>
      aligned(
        bind1(P.nextafter, [bind1(P.stop_gradient, [x]), raw.fullLike(x, towards)]),
        shape.length,
      );
    return raw.min(inside(high, -Infinity), raw.max(inside(low, Infinity), out));
  },
);

/**
 * Standard normal numbers on condition that they lie between two bounds.
 *
 * @param key a key
 * @param lower the lower bound
 * @param upper the upper bound
 * @param rest shape (by default the bounds' common shape) and dtype (a float)
 * @throws {ValueError} when the bounds do not broadcast to the shape
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const x = random.truncatedNormal(random.key(0), -1, 1, [100]);
 * if (x.min().item() <= -1 || x.max().item() >= 1) throw new Error();
 * ```
 */
export function truncatedNormal(
  key: KeyLike,
  lower: ArrayLike,
  upper: ArrayLike,
  ...rest: ParameterizedRest
): JaxArray {
  const given = keywords("truncated_normal", ["shape", "dtype"], rest),
    k = singleKey("truncated_normal", key);
  const dtype = floatDType("truncated_normal", given.dtype);
  const [low, high] = parameters("truncated_normal", lower, upper) as [JaxArray, JaxArray];
  const shape = sampleShape("truncated_normal", given.shape, low, high);
  return truncatedNormalCore([k, low, high], shape, dtype);
}

const lognormalCore = sampler(
  "_lognormal",
  ([key, sigma]: Key1, shape: readonly number[], dtype: DType) =>
    raw.exp(raw.mul(normalCore([key], shape, dtype), aligned(raw.convert(sigma, dtype), shape.length))),
  { inline: true },
);

/** Options of {@linkcode lognormal}. */
export interface LognormalOptions extends ParameterizedOptions {
  /** The standard deviation of the logarithm; 1 by default. */
  readonly sigma?: ArrayLike;
}

/**
 * Numbers whose logarithm is normal with mean 0 and standard deviation sigma.
 *
 * @param key a key
 * @param rest sigma (1 by default), shape (by default sigma's) and dtype (a float or complex one)
 * @throws {TypePromotionError} when sigma does not fit the dtype
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const x = random.lognormal(random.key(0), 0.5, [100]);
 * if (x.min().item() <= 0) throw new Error();
 * ```
 */
export function lognormal(
  key: KeyLike,
  ...rest: readonly [
    sigma?: ArrayLike | LognormalOptions,
    shape?: Shape | null | LognormalOptions,
    dtype?: DTypeLike | null | LognormalOptions,
    options?: LognormalOptions,
  ]
): JaxArray {
  const given = keywords("lognormal", ["sigma", "shape", "dtype"], rest), k = singleKey("lognormal", key);
  const dtype = floatDType("lognormal", given.dtype, true);
  const [sigma] = parameters("lognormal", (given.sigma ?? 1) as ArrayLike) as [JaxArray];
  const shape = sampleShape("lognormal", given.shape, sigma);
  checkSafeToCast("lognormal", dtype, sigma);
  return lognormalCore([k, sigma], shape, dtype);
}

/** √Σx² over the last axis. */
const norm = sampler("norm", ([x]: [JaxArray]) => raw.sqrt(raw.reduceSum(raw.mul(x, x), [x.ndim - 1])));

const maxwellCore = sampler(
  "_maxwell",
  ([key]: Key, shape: readonly number[], dtype: DType) => norm([normalCore([key], [...shape, 3], dtype)]),
);

/**
 * Numbers with the Maxwell distribution, of density x² e^(−x²/2): the length of a vector of three normal numbers.
 *
 * @param key a key
 * @param rest shape (by default a scalar) and dtype (a float)
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.maxwell(random.key(0), [100]).min().item() < 0) throw new Error();
 * ```
 */
export function maxwell(key: KeyLike, ...rest: SampleRest): JaxArray {
  const given = keywords("maxwell", ["shape", "dtype"], rest), k = singleKey("maxwell", key);
  const dtype = floatDType("maxwell", given.dtype);
  return maxwellCore([k], shapeOr(given.shape), dtype);
}

const doubleSidedMaxwellCore = sampler(
  "_double_sided_maxwell",
  ([key, loc, scale]: Key2, shape: readonly number[], dtype: DType) => {
    const [magnitudeKey, signKey] = splitTwo(key);
    const magnitude = maxwellCore([magnitudeKey], shape, dtype);
    const signed = raw.mul(rademacherCore([signKey], shape, dtype), magnitude);
    return raw.add(...meeting(raw.mul(...meeting(signed, scale)), loc));
  },
);

/**
 * Numbers with the two-sided Maxwell distribution, of density z² e^(−z²/2) for z = (x − loc)/scale.
 *
 * @param key a key
 * @param loc the center
 * @param scale the scale
 * @param rest shape, to which that of the parameters is added, and dtype (a float)
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const x = random.doubleSidedMaxwell(random.key(0), 5, 2, [100]);
 * if (String(x.shape) !== "100") throw new Error();
 * ```
 */
export function doubleSidedMaxwell(
  key: KeyLike,
  loc: ArrayLike,
  scale: ArrayLike,
  ...rest: SampleRest
): JaxArray {
  const name = "double_sided_maxwell",
    given = keywords(name, ["shape", "dtype"], rest),
    k = singleKey(name, key);
  const dtype = floatDType(name, given.dtype), [m, s] = parameters(name, loc, scale) as [JaxArray, JaxArray];
  const common = sampleShape(name, null, m, s), wanted = shapeOr(given.shape);
  const shape = [...(wanted.length ? wanted : common), ...common];
  return doubleSidedMaxwellCore([k, m, s], shape, dtype);
}

const waldCore = sampler("_wald", ([key, given]: Key1, shape: readonly number[], dtype: DType) => {
  const [k1, k2] = splitTwo(key), mean = broadcastTo(raw.convert(given, dtype), shape);
  const v = normalCore([k1], shape, dtype), z = uniform01(k2, shape, dtype);
  const y = raw.integerPow(v, 2), ySquared = raw.integerPow(y, 2), meanSquared = raw.integerPow(mean, 2);
  const root = raw.sqrt(raw.add(raw.mul(raw.mul(4, mean), y), raw.mul(meanSquared, ySquared)));
  const middle = raw.add(mean, raw.div(raw.mul(meanSquared, y), 2));
  const x = raw.sub(middle, raw.mul(raw.div(mean, 2), root));
  return raw.selectN(raw.le(z, raw.div(mean, raw.add(mean, x))), raw.div(meanSquared, x), x);
});

/**
 * Numbers with the Wald (inverse Gaussian) distribution of scale 1.
 *
 * @param key a key
 * @param mean the mean, positive
 * @param rest shape (by default the mean's) and dtype (a float)
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.wald(random.key(0), 2, [100]).min().item() <= 0) throw new Error();
 * ```
 */
export function wald(key: KeyLike, mean: ArrayLike, ...rest: ParameterizedRest): JaxArray {
  const given = keywords("wald", ["shape", "dtype"], rest), k = singleKey("wald", key);
  const dtype = floatDType("wald", given.dtype), [m] = parameters("wald", mean) as [JaxArray];
  const shape = sampleShape("wald", given.shape, m);
  checkSafeToCast("wald", dtype, m);
  return waldCore([k, m], shape, dtype);
}
