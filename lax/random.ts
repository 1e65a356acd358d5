/**
 * Random numbers from a generator's state. `jax.random` is made for use; these are the operations of XLA.
 *
 * @module
 */
import {
  type ArrayLike,
  bind,
  bind1,
  canonicalShape,
  type DTypeLike,
  fromHost,
  type GeneratorName,
  ioCallback,
  isUnsigned,
  type JaxArray,
  keywords,
  lift,
  P,
  randomUniform,
  raw,
  requestedDType,
  ShapeDtypeStruct,
  toArray,
  tuple,
  uint32,
  ValueError,
} from "../core/mod.ts";

/** The algorithms of {@linkcode rngBitGenerator}, by JAX's names. */
export const RandomAlgorithm: {
  readonly RNG_DEFAULT: 0;
  readonly RNG_THREE_FRY: 1;
  readonly RNG_PHILOX: 2;
} = Object.freeze({ RNG_DEFAULT: 0, RNG_THREE_FRY: 1, RNG_PHILOX: 2 });

const algorithms: readonly GeneratorName[] = ["RNG_DEFAULT", "RNG_THREE_FRY", "RNG_PHILOX"];

/** An algorithm by its number or its name. */
function algorithmOf(algorithm: unknown): GeneratorName {
  const name = typeof algorithm === "number" ? algorithms[algorithm] : algorithm as GeneratorName;
  if (name !== undefined && algorithms.includes(name)) return name;
  throw new ValueError(
    `rng_bit_generator: unknown algorithm ${String(algorithm)}; there are ${algorithms.join(", ")}`,
  );
}

/** Options of {@linkcode rngBitGenerator}. */
export interface RngBitGeneratorOptions {
  /** The dtype of the bits, unsigned; uint32 by default. */
  readonly dtype?: DTypeLike;
  /** One of {@linkcode RandomAlgorithm}; Philox by default. */
  readonly algorithm?: number | GeneratorName;
}

/**
 * Random bits from the state of a generator, and its next state.
 *
 * @param key the state: uint32[4], or uint64[2]
 * @param shape the shape of the bits
 * @param rest dtype and algorithm
 * @returns the next state, and the bits
 * @throws {TypeError} for a state of another type, and dtypes that are not unsigned
 * @throws {ValueError} for an unknown algorithm
 *
 * @example
 * ```ts
 * import { lax } from "@jaxlet/jaxlet";
 * const [state, bits] = lax.rngBitGenerator(new Uint32Array([1, 2, 3, 4]), [2]);
 * if (String(state) !== "[1 2 4 4]" || String(bits) !== "[ 512747620 1298009047]") throw new Error();
 * ```
 */
export function rngBitGenerator(
  key: ArrayLike,
  shape: number | readonly number[],
  ...rest: readonly [
    dtype?: DTypeLike | RngBitGeneratorOptions,
    algorithm?: number | GeneratorName | RngBitGeneratorOptions,
    options?: RngBitGeneratorOptions,
  ]
): [state: JaxArray, bits: JaxArray] {
  const given = keywords("rng_bit_generator", ["dtype", "algorithm"], rest);
  const dtype = requestedDType((given.dtype ?? uint32) as DTypeLike, "rng_bit_generator");
  if (!isUnsigned(dtype)) throw new TypeError(`rng_bit_generator: unsupported dtype ${dtype.name}`);
  const params = { shape: canonicalShape(shape), dtype, algorithm: algorithmOf(given.algorithm ?? 0) };
  return bind(P.rng_bit_generator, [toArray(key, "rng_bit_generator")], params) as unknown as [
    JaxArray,
    JaxArray,
  ];
}

/** The words of a key that was not used before. */
function freshWords(): JaxArray {
  const data = crypto.getRandomValues(new Uint32Array(2));
  return fromHost({ shape: [2], dtype: uint32, weakType: false, data });
}

/**
 * Numbers uniform in [a, b), others at each run, of compiled programs too: there is no key, so a run cannot be repeated.
 *
 * @param a the least value, a scalar
 * @param b the limit, a scalar of the same dtype
 * @param shape the shape of the result
 * @throws {TypeError} when the limits are no floats
 * @throws {ValueError} when they differ in dtype, or are no scalars
 *
 * @example
 * ```ts
 * import { lax } from "@jaxlet/jaxlet";
 * const x = lax.rngUniform(2, 3, [10]);
 * if (x.min().item() < 2 || x.max().item() >= 3) throw new Error();
 * ```
 */
export function rngUniform(a: ArrayLike, b: ArrayLike, shape: number | readonly number[]): JaxArray {
  const [low, high] = lift("rng_uniform", a, b) as [JaxArray, JaxArray], { dtype } = low;
  if (dtype !== high.dtype) {
    throw new ValueError(
      `Arguments to rng_uniform must have identical dtypes, got ${dtype.name} and ${high.dtype.name}.`,
    );
  }
  if (dtype.kind !== "float") {
    throw new TypeError(
      `rng_uniform requires floats, got ${dtype.name}. Use random.randint(key, ...) for integers`,
    );
  }
  if (low.ndim > 0 || high.ndim > 0) {
    throw new ValueError(
      `Arguments to rng_uniform must be scalars; got shapes ${tuple(low.shape)} and ${tuple(high.shape)}.`,
    );
  }
  const words = ioCallback(freshWords, new ShapeDtypeStruct([2], uint32)) as JaxArray;
  const unit = randomUniform(bind1(P.random_wrap, [words]), canonicalShape(shape), dtype);
  return raw.max(low, raw.add(raw.mul(unit, raw.sub(high, low)), low));
}
