/**
 * Random bits, and numbers uniform in an interval.
 *
 * @module
 */
import {
  type ArrayLike,
  defaultUint,
  type DType,
  type DTypeLike,
  isUnsigned,
  type JaxArray,
  keywords,
  randomBits,
  randomUniform,
  raw,
  requestedDType,
  ValueError,
} from "../core/mod.ts";
import {
  floatDType,
  type Key2,
  type KeyLike,
  parameters,
  reshaped,
  type SampleOptions,
  sampler,
  type SampleRest,
  type Shape,
  shapeOr,
  singleKey,
  toRank,
} from "./_sampler.ts";

/**
 * Random bits, as unsigned integers.
 *
 * @param key a key
 * @param rest shape (by default a scalar) and dtype (unsigned; uint32, or uint64 with x64)
 * @throws {ValueError} for dtypes that are not unsigned
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const x = random.bits(random.key(0), [3], "uint8");
 * if (String(x) !== "[167 146  40]") throw new Error();
 * ```
 */
export function bits(key: KeyLike, ...rest: SampleRest): JaxArray {
  const given = keywords("bits", ["shape", "dtype"], rest);
  const k = singleKey("bits", key);
  const dtype = given.dtype === undefined || given.dtype === null
    ? defaultUint()
    : requestedDType(given.dtype as DTypeLike, "bits");
  if (!isUnsigned(dtype)) {
    throw new ValueError(`dtype argument to \`bits\` must be an unsigned int dtype, got ${dtype.name}`);
  }
  return randomBits(k, dtype.bits, shapeOr(given.shape));
}

/** Numbers uniform in [low, high), as a compiled function. */
export const uniformCore: (xs: Key2, shape: readonly number[], dtype: DType) => JaxArray = sampler(
  "_uniform",
  ([key, minval, maxval]: Key2, shape: readonly number[], dtype: DType) => {
    const [least, limit] = [minval, maxval].map((x) => raw.convert(x, dtype)) as [JaxArray, JaxArray];
    const low = toRank(least, shape.length), high = toRank(limit, shape.length);
    const floats = randomUniform(key, shape, dtype);
    const scaled = raw.add(raw.mul(floats, raw.sub(high, low)), low);
    return raw.max(low, reshaped(scaled, shape));
  },
);

/** Numbers uniform between two numbers of the dtype. */
export function uniformBetween(
  key: JaxArray,
  shape: readonly number[],
  dtype: DType,
  low: number,
  high: number,
): JaxArray {
  return uniformCore([key, raw.scalar(low, dtype), raw.scalar(high, dtype)], shape, dtype);
}

/** Numbers uniform in [0, 1). */
export function uniform01(key: JaxArray, shape: readonly number[], dtype: DType): JaxArray {
  const [low, high] = parameters("uniform", 0, 1);
  return uniformCore([key, low!, high!], shape, dtype);
}

/** Options of {@linkcode uniform}. */
export interface UniformOptions extends SampleOptions {
  /** The least value, which may be drawn; 0 by default. */
  readonly minval?: ArrayLike;
  /** The upper limit, which is not drawn; 1 by default. */
  readonly maxval?: ArrayLike;
}

/**
 * Numbers uniform in [minval, maxval).
 *
 * @param key a key
 * @param rest shape (by default a scalar), dtype (a float), minval and maxval, which broadcast to the shape
 * @throws {ValueError} for dtypes that are no floats
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const x = random.uniform(random.key(0), [3], { minval: -1, maxval: 1 });
 * if (x.min().item() < -1 || x.max().item() >= 1) throw new Error();
 * ```
 */
export function uniform(
  key: KeyLike,
  ...rest: readonly [
    shape?: Shape | UniformOptions,
    dtype?: DTypeLike | null | UniformOptions,
    minval?: ArrayLike | UniformOptions,
    maxval?: ArrayLike | UniformOptions,
    options?: UniformOptions,
  ]
): JaxArray {
  const given = keywords("uniform", ["shape", "dtype", "minval", "maxval"], rest);
  const k = singleKey("uniform", key),
    dtype = floatDType("uniform", given.dtype),
    shape = shapeOr(given.shape);
  const [low, high] = parameters(
    "uniform",
    (given.minval ?? 0) as ArrayLike,
    (given.maxval ?? 1) as ArrayLike,
  );
  return uniformCore([k, low!, high!], shape, dtype);
}
