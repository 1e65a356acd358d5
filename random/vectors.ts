/**
 * Random vectors and matrices.
 *
 * @module
 */
import {
  type ArrayLike,
  type DType,
  type DTypeLike,
  type JaxArray,
  keywords,
  raw,
  staticInteger,
} from "../core/mod.ts";
import {
  asFloat,
  floatDType,
  type Key1,
  type KeyLike,
  meeting,
  parameters,
  type SampleOptions,
  sampler,
  type Shape,
  shapeOr,
  singleKey,
  splitKey,
} from "./_sampler.ts";
import { exponentialCore } from "./continuous.ts";
import { generalizedNormalCore } from "./gamma.ts";

// Barthe, Guédon, Mendelson and Naor, "A probabilistic approach to the geometry of the l_p^n-ball" (2005).
const ballCore = sampler("_ball", ([key, p]: Key1, d: number, shape: readonly number[], dtype: DType) => {
  const [k1, k2] = splitKey(key) as [JaxArray, JaxArray], last = shape.length;
  const g = generalizedNormalCore([k1, p], [...shape, d], dtype), e = exponentialCore([k2], shape, dtype);
  const power = raw.reduceSum(raw.pow(...meeting(raw.abs(g), asFloat(p))), [last]);
  const radius = raw.pow(...meeting(raw.add(...meeting(power, e)), raw.div(1, asFloat(p))));
  return raw.div(...meeting(g, raw.expandDims(radius, [last])));
});

/** Options of {@linkcode ball}. */
export interface BallOptions extends SampleOptions {
  /** The exponent of the norm; 2 by default. */
  readonly p?: ArrayLike;
}

/**
 * Points uniform in the unit ball of the Lp norm in d dimensions.
 *
 * @param key a key
 * @param d the number of dimensions
 * @param rest p (2 by default), shape (of the array of points; by default one point) and dtype (a float)
 * @returns an array [...shape, d]
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const x = random.ball(random.key(0), 3, { shape: [10] });
 * if (String(x.shape) !== "10,3" || x.mul(x).sum(-1).max().item() > 1) throw new Error();
 * ```
 */
export function ball(
  key: KeyLike,
  d: number | bigint,
  ...rest: readonly [
    p?: ArrayLike | BallOptions,
    shape?: Shape | BallOptions,
    dtype?: DTypeLike | null | BallOptions,
    options?: BallOptions,
  ]
): JaxArray {
  const given = keywords("ball", ["p", "shape", "dtype"], rest), k = singleKey("ball", key);
  const shape = shapeOr(given.shape), dtype = floatDType("gamma", given.dtype);
  const n = staticInteger(d, "argument d of jax.random.ball()"),
    [p] = parameters("ball", (given.p ?? 2) as ArrayLike);
  return ballCore([k, p!], n, shape, dtype);
}
