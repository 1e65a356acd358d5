/**
 * The gamma distribution and those that are made of gamma numbers.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  broadcastTo,
  type DType,
  type DTypeLike,
  type JaxArray,
  keywords,
  P,
  type Primitive,
  randomGamma,
  raw,
  ValueError,
} from "../core/mod.ts";
import {
  aligned,
  asFloat,
  checkSafeToCast,
  checkShape,
  floatDType,
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
  splitKey,
  splitTwo,
} from "./_sampler.ts";
import { rademacherCore } from "./discrete.ts";
import { normalCore } from "./normal.ts";

/** Options of the samplers that gamma numbers are made by. */
export interface GammaOptions extends ParameterizedOptions {
  /** The algorithm; there is `"exact"`. */
  readonly method?: "exact";
}

/** The trailing arguments of these samplers: by position, or in one object at the end. */
export type GammaRest = readonly [
  shape?: Shape | null | GammaOptions,
  dtype?: DTypeLike | null | GammaOptions,
  options?: GammaOptions,
];

/** The options of a call, of which `method` must be the one there is. */
export function options(
  name: string,
  rest: GammaRest,
): { readonly shape?: unknown; readonly dtype?: unknown } {
  const given = keywords<"shape" | "dtype" | "method">(name, ["shape", "dtype"], rest, ["method"]);
  if (given.method !== undefined && given.method !== "exact") {
    throw new ValueError(`method argument to \`${name}\` must be 'exact', got '${given.method}'`);
  }
  return given;
}

/** The primitive that gamma numbers are made by. */
export const randomGammaP: Primitive = P.random_gamma;

/** Gamma numbers or their logarithms, as a compiled function. */
export const gammaCore: (
  xs: Key1,
  shape: readonly number[],
  dtype: DType,
  logSpace: boolean,
) => JaxArray = sampler(
  "_gamma",
  ([key, a]: Key1, shape: readonly number[], dtype: DType, logSpace: boolean) =>
    randomGamma(key, broadcastTo(raw.convert(a, dtype), shape), logSpace),
);

function sampleGamma(name: string, key: KeyLike, a: ArrayLike, rest: GammaRest, logSpace: boolean): JaxArray {
  const given = options(name, rest), k = singleKey(name, key);
  const dtype = floatDType(name, given.dtype), [parameter] = parameters(name, a) as [JaxArray];
  return gammaCore([k, parameter], sampleShape("gamma", given.shape, parameter), dtype, logSpace);
}

/**
 * Numbers with the gamma distribution of scale 1, of density x^(a−1) e^(−x). Differentiable by a (implicitly, as
 * `lax.randomGammaGrad` says).
 *
 * @param key a key
 * @param a the shape parameter, positive
 * @param rest shape of the result (by default that of a) and dtype (a float)
 * @throws {ValueError} when the parameter does not broadcast to the shape
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.gamma(random.key(0), 2, [100]).min().item() <= 0) throw new Error();
 * ```
 */
export function gamma(key: KeyLike, a: ArrayLike, ...rest: GammaRest): JaxArray {
  return sampleGamma("gamma", key, a, rest, false);
}

/**
 * Logarithms of gamma numbers: those of {@linkcode gamma} with the same key, and exact where these are close to zero.
 *
 * @param key a key
 * @param a the shape parameter, positive
 * @param rest shape of the result (by default that of a) and dtype (a float)
 * @throws {ValueError} when the parameter does not broadcast to the shape
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const x = random.loggamma(random.key(0), 2), y = random.gamma(random.key(0), 2);
 * if (Math.abs(Math.exp(x.item()) - y.item()) > 1e-5) throw new Error();
 * ```
 */
export function loggamma(key: KeyLike, a: ArrayLike, ...rest: GammaRest): JaxArray {
  return sampleGamma("loggamma", key, a, rest, true);
}

const betaCore = sampler("_beta", ([key, ...given]: Key2, shape: readonly number[], dtype: DType) => {
  const [a, b] = given.map((x) => raw.convert(x, dtype)), [keyA, keyB] = splitTwo(key);
  const x = gammaCore([keyA, broadcastTo(a!, shape)], shape, dtype, true);
  const y = gammaCore([keyB, broadcastTo(b!, shape)], shape, dtype, true);
  // x / (x + y) for the exponentials, without overflow.
  const most = raw.max(x, y), scaledX = raw.exp(raw.sub(x, most)), scaledY = raw.exp(raw.sub(y, most));
  return raw.div(scaledX, raw.add(scaledX, scaledY));
});

/**
 * Numbers with the beta distribution, of density x^(a−1) (1 − x)^(b−1). Differentiable by both parameters.
 *
 * @param key a key
 * @param a the first parameter, positive
 * @param b the second parameter, positive
 * @param rest shape of the result (by default the parameters' common shape) and dtype (a float)
 * @throws {ValueError} when the parameters do not broadcast to the shape
 * @throws {TypePromotionError} when a parameter does not fit the dtype
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const x = random.beta(random.key(0), 2, 3, [100]);
 * if (x.min().item() < 0 || x.max().item() > 1) throw new Error();
 * ```
 */
export function beta(key: KeyLike, a: ArrayLike, b: ArrayLike, ...rest: GammaRest): JaxArray {
  const given = options("beta", rest), k = singleKey("beta", key), dtype = floatDType("beta", given.dtype);
  const [x, y] = parameters("beta", a, b) as [JaxArray, JaxArray];
  checkSafeToCast("beta", dtype, x, y);
  return betaCore([k, x, y], sampleShape("beta", given.shape, x, y), dtype);
}

const chisquareCore = sampler("_chisquare", ([key, given]: Key1, shape: readonly number[], dtype: DType) => {
  const half = raw.div(raw.convert(given, dtype), 2);
  return raw.mul(raw.exp(gammaCore([key, half], shape, dtype, true)), 2);
});

/**
 * Numbers with the chi-square distribution, of density x^(df/2−1) e^(−x/2).
 *
 * @param key a key
 * @param df the degrees of freedom, positive
 * @param rest shape of the result (by default that of df) and dtype (a float)
 * @throws {ValueError} when the parameter does not broadcast to the shape
 * @throws {TypePromotionError} when it does not fit the dtype
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.chisquare(random.key(0), 3, [100]).min().item() <= 0) throw new Error();
 * ```
 */
export function chisquare(key: KeyLike, df: ArrayLike, ...rest: GammaRest): JaxArray {
  const given = options("chisquare", rest), k = singleKey("chisquare", key);
  const dtype = floatDType("chisquare", given.dtype), [n] = parameters("chisquare", df) as [JaxArray];
  const shape = sampleShape("chisquare", given.shape, n);
  checkSafeToCast("chisquare", dtype, n);
  return chisquareCore([k, n], shape, dtype);
}

const fCore = sampler("_f", ([key, dfnum, dfden]: Key2, shape: readonly number[], dtype: DType) => {
  const den = raw.convert(dfden, dtype), num = raw.convert(dfnum, dtype), [keyDen, keyNum] = splitTwo(key);
  const x = chisquareCore([keyNum, num], shape, dtype), y = chisquareCore([keyDen, den], shape, dtype);
  return raw.div(raw.div(x, aligned(num, shape.length)), raw.div(y, aligned(den, shape.length)));
});

/**
 * Numbers with the F distribution: the quotient of two chi-square numbers over their degrees of freedom.
 *
 * @param key a key
 * @param dfnum the degrees of freedom of the numerator, positive
 * @param dfden the degrees of freedom of the denominator, positive
 * @param rest shape of the result (by default the parameters' common shape) and dtype (a float)
 * @throws {ValueError} when the parameters do not broadcast to the shape
 * @throws {TypePromotionError} when a parameter does not fit the dtype
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.f(random.key(0), 3, 5, [100]).min().item() <= 0) throw new Error();
 * ```
 */
export function f(key: KeyLike, dfnum: ArrayLike, dfden: ArrayLike, ...rest: ParameterizedRest): JaxArray {
  const given = keywords("f", ["shape", "dtype"], rest), k = singleKey("f", key);
  const dtype = floatDType("f", given.dtype),
    [num, den] = parameters("f", dfnum, dfden) as [JaxArray, JaxArray];
  const shape = sampleShape("f", given.shape, num, den);
  checkSafeToCast("f", dtype, num, den);
  return fCore([k, num, den], shape, dtype);
}

const tCore = sampler("_t", ([key, given]: Key1, shape: readonly number[], dtype: DType) => {
  const [normalKey, gammaKey] = splitTwo(key), half = raw.div(raw.convert(given, dtype), 2);
  const n = normalCore([normalKey], shape, dtype), g = gammaCore([gammaKey, half], shape, dtype, false);
  return raw.mul(n, raw.sqrt(raw.div(aligned(half, shape.length), g)));
});

/**
 * Numbers with Student's t distribution, of density (1 + t²/df)^(−(df+1)/2). Differentiable by df.
 *
 * @param key a key
 * @param df the degrees of freedom, positive
 * @param rest shape of the result (by default that of df) and dtype (a float)
 * @throws {ValueError} when the parameter does not broadcast to the shape
 * @throws {TypePromotionError} when it does not fit the dtype
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.t(random.key(0), 3, [100]).shape[0] !== 100) throw new Error();
 * ```
 */
export function t(key: KeyLike, df: ArrayLike, ...rest: ParameterizedRest): JaxArray {
  const given = keywords("t", ["shape", "dtype"], rest), k = singleKey("t", key);
  const dtype = floatDType("t", given.dtype), [n] = parameters("t", df) as [JaxArray];
  const shape = sampleShape("t", given.shape, n);
  checkSafeToCast("t", dtype, n);
  return tCore([k, n], shape, dtype);
}

/** e^x / Σe^x over the last axis. */
function softmax(x: JaxArray): JaxArray {
  const last = x.ndim - 1, rows = (v: JaxArray): JaxArray => raw.expandDims(v, [last]);
  const most = bind1(P.stop_gradient, [rows(raw.reduceMax(x, [last]))]), e = raw.exp(raw.sub(x, most));
  return raw.div(e, rows(raw.reduceSum(e, [last])));
}

// Gamma numbers over their sum; from logarithms, as small parameters give numbers close to zero.
const dirichletCore = sampler("_dirichlet", ([key, given]: Key1, shape: readonly number[], dtype: DType) => {
  const alpha = raw.convert(given, dtype);
  return softmax(gammaCore([key, alpha], [...shape, alpha.shape.at(-1)!], dtype, true));
});

/**
 * Vectors with the Dirichlet distribution, of density Π xᵢ^(αᵢ−1), which sum to 1. Differentiable by alpha.
 *
 * @param key a key
 * @param alpha the parameters, positive, along the last axis
 * @param rest shape of the result without its last axis (by default that of alpha without it) and dtype (a float)
 * @throws {ValueError} when alpha is a scalar, or does not broadcast to the shape
 *
 * @example
 * ```ts
 * import { numpy as np, random } from "@jaxlet/jaxlet";
 * const x = random.dirichlet(random.key(0), np.array([1, 2, 3]), [10]);
 * if (String(x.shape) !== "10,3" || Math.abs(x.sum().item() - 10) > 1e-4) throw new Error();
 * ```
 */
export function dirichlet(key: KeyLike, alpha: ArrayLike, ...rest: ParameterizedRest): JaxArray {
  const given = keywords("dirichlet", ["shape", "dtype"], rest), k = singleKey("dirichlet", key);
  const dtype = floatDType("dirichlet", given.dtype), [a] = parameters("dirichlet", alpha) as [JaxArray];
  if (a.ndim < 1) throw new ValueError(`dirichlet requires alpha.ndim >= 1, got alpha.ndim == ${a.ndim}`);
  const batch = a.shape.slice(0, -1), shape = shapeOr(given.shape, batch);
  checkShape("dirichlet", shape, batch);
  return dirichletCore([k, a], shape, dtype);
}

/** Numbers of density e^(−|x|^p), as a compiled function: a sign times a gamma number to the power 1/p. */
export const generalizedNormalCore: (xs: Key1, shape: readonly number[], dtype: DType) => JaxArray = sampler(
  "_generalized_normal",
  ([key, p]: Key1, shape: readonly number[], dtype: DType) => {
    const [gammaKey, signKey] = splitKey(key) as [JaxArray, JaxArray], inverse = raw.div(1, asFloat(p));
    const g = gammaCore([gammaKey, inverse], shape, dtype, false);
    return raw.mul(...meeting(rademacherCore([signKey], shape, dtype), raw.pow(...meeting(g, inverse))));
  },
);

/**
 * Numbers with the generalized normal distribution, of density e^(−|x|^p).
 *
 * @param key a key
 * @param p the exponent, positive
 * @param rest shape (by default a scalar) and dtype (a float)
 * @throws {ValueError} when the exponent does not broadcast to the shape
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.generalizedNormal(random.key(0), 3, [5]).shape[0] !== 5) throw new Error();
 * ```
 */
export function generalizedNormal(key: KeyLike, p: ArrayLike, ...rest: SampleRest): JaxArray {
  const name = "generalized_normal",
    given = keywords(name, ["shape", "dtype"], rest),
    k = singleKey(name, key);
  const dtype = floatDType("gamma", given.dtype), shape = shapeOr(given.shape);
  const [exponent] = parameters(name, p) as [JaxArray];
  checkShape("gamma", shape, exponent.shape);
  return generalizedNormalCore([k, exponent], shape, dtype);
}
