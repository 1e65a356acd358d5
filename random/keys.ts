/**
 * Keys: made from seeds, split, and taken apart.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  checkOptions,
  defaultInt,
  type DType,
  fromHost,
  isKey,
  JaxArray,
  keyDType as keyDTypeOf,
  P,
  parseArray,
  randomSplit,
  raw,
  scalarArray,
  settings,
  toArray,
  tuple,
  uint32,
  ValueError,
} from "../core/mod.ts";
import { checkImplementation, type KeyLike, type Shape, shapeOr, singleKey, typedKey } from "./_sampler.ts";

/** Which generator a key is for. */
export interface KeyOptions {
  /** The name of the implementation; `"threefry2x32"` is the one there is. */
  readonly impl?: string | DType | null;
  /** The same, as a key dtype or its implementation's name. */
  readonly dtype?: string | DType | null;
}

/** The implementation that options name. */
function implementation(fn: string, options: KeyOptions, allowed: readonly string[]): void {
  checkOptions(fn, options, allowed);
  const { impl = null, dtype = null } = options;
  if (impl !== null && dtype !== null) {
    throw new ValueError(`Cannot specify both \`impl\` and \`dtype\` arguments to jax.random.${fn}`);
  }
  checkImplementation(impl ?? dtype);
}

/** An integer of any size as an int64, then in the default integer dtype: high bits are dropped with x64 off. */
function seedScalar(seed: number | bigint): JaxArray {
  const offset = BigInt(settings.flags.randomSeedOffset), wide = BigInt.asIntN(64, BigInt(seed) + offset);
  const dtype = defaultInt();
  return scalarArray(dtype.bits === 64 ? wide : Number(BigInt.asIntN(32, wide)), dtype);
}

function makeKey(fn: string, given: ArrayLike): JaxArray {
  const seed = typeof given === "boolean" ? Number(given) : given;
  if (typeof seed === "bigint" || typeof seed === "number" && Number.isInteger(seed)) {
    if (typeof seed === "number" && !Number.isSafeInteger(seed)) {
      throw new ValueError(`${fn}: seed ${seed} is beyond 2^53, where numbers are not exact: give a bigint`);
    }
    return bind1(P.random_seed, [seedScalar(seed)]);
  }
  const x = toArray(seed, fn);
  if (isKey(x.dtype)) throw new TypeError(`${fn} accepts a scalar seed, but was given a PRNG key.`);
  if (x.ndim > 0) {
    throw new TypeError(
      `${fn} accepts a scalar seed, but was given an array of shape ${
        tuple(x.shape)
      } != (). Use jax.vmap for batching`,
    );
  }
  if (x.weakType && x.dtype.kind === "float") {
    throw new TypeError(
      `PRNG key seed must be an integer; got ${x}. Numbers given to a transformed function are floats: pass ` +
        `np.int32(seed) or a bigint, or mark the argument static (jit's staticArgnums)`,
    );
  }
  const offset = settings.flags.randomSeedOffset;
  return bind1(P.random_seed, [offset === 0 ? x : raw.add(x, offset)]);
}

/**
 * A key from an integer seed: 32 bits of it with x64 off, 64 with x64 on.
 *
 * @param seed an integer; an array of one is taken as it is
 * @returns a scalar of dtype `key<fry>`
 * @throws {TypeError} when the seed is no integer scalar
 * @throws {ValueError} for an unknown implementation
 *
 * @example
 * ```ts
 * import { numpy as np, random } from "@jaxlet/jaxlet";
 * if (String(random.keyData(random.key(42))) !== "[ 0 42]") throw new Error();
 * ```
 */
export function key(seed: ArrayLike, options: KeyOptions = {}): JaxArray {
  implementation("key", options, ["impl", "dtype"]);
  return makeKey("key", seed);
}

/**
 * As {@linkcode key}, but in the old style: the two words of the key, which every function here takes too.
 *
 * @returns an array uint32[2]
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (String(random.PRNGKey(42)) !== "[ 0 42]") throw new Error();
 * ```
 */
export function PRNGKey(seed: ArrayLike, options: Pick<KeyOptions, "impl"> = {}): JaxArray {
  implementation("PRNGKey", options, ["impl"]);
  return bind1(P.random_unwrap, [makeKey("PRNGKey", seed)]);
}

/** A result in the style of the key that was given: typed, or the words. */
function likeKey(given: KeyLike, result: JaxArray): JaxArray {
  return given instanceof JaxArray && isKey(given.dtype) ? result : bind1(P.random_unwrap, [result]);
}

/**
 * New keys from one, independent of each other. The old key is used up: do not use it again.
 *
 * @param key a key
 * @param num how many, or the shape of the array of keys
 * @returns an array of keys, which iterates over them
 * @throws {ValueError} for an array of keys
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const [a, b] = random.split(random.key(0));
 * if (String(random.keyData(a!)) !== "[1797259609 2579123966]" || b!.ndim !== 0) throw new Error();
 * ```
 */
export function split(key: KeyLike, num: Shape | { readonly num?: Shape } = 2): JaxArray {
  let count: unknown = num;
  if (typeof num === "object" && !Array.isArray(num) && !(num instanceof JaxArray)) {
    checkOptions("split", num, ["num"]);
    count = (num as { num?: Shape }).num ?? 2;
  }
  return likeKey(key, randomSplit(singleKey("split", key), shapeOr(count)));
}

/** What is folded into a key, as uint32. */
function foldedData(data: ArrayLike): JaxArray {
  if (typeof data === "number" || typeof data === "bigint") {
    return fromHost(
      parseArray(typeof data === "number" && Number.isInteger(data) ? BigInt(data) : data, uint32),
    );
  }
  const x = toArray(data, "fold_in");
  if (x.ndim > 0) {
    throw new TypeError(
      `fold_in accepts a scalar, but was given an array of shape ${
        tuple(x.shape)
      } != (). Use jax.vmap for batching.`,
    );
  }
  return raw.convert(x, uint32);
}

/**
 * A new key from a key and a 32-bit integer, such as the number of a step.
 *
 * @throws {TypeError} when the data is no scalar
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const key = random.foldIn(random.key(0), 1);
 * if (String(random.keyData(key)) !== "[ 928981903 3453687069]") throw new Error();
 * ```
 */
export function foldIn(key: KeyLike, data: ArrayLike): JaxArray {
  return likeKey(key, bind1(P.random_fold_in, [singleKey("fold_in", key), foldedData(data)]));
}

/**
 * The words of keys.
 *
 * @returns an array uint32[..., 2]
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (String(random.keyData(random.key(1))) !== "[0 1]") throw new Error();
 * ```
 */
export function keyData(keys: KeyLike): JaxArray {
  return bind1(P.random_unwrap, [typedKey(keys)]);
}

/**
 * The keys of these words.
 *
 * @param keyBitsArray an array uint32[..., 2]
 * @throws {TypeError} for arrays of another dtype or trailing size
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const key = random.wrapKeyData(new Uint32Array([0, 42]));
 * if (!key.eq(random.key(42)).item()) throw new Error();
 * ```
 */
export function wrapKeyData(keyBitsArray: ArrayLike, options: KeyOptions = {}): JaxArray {
  implementation("wrap_key_data", options, ["impl", "dtype"]);
  return bind1(P.random_wrap, [toArray(keyBitsArray, "wrap_key_data")]);
}

/**
 * The name of the generator that keys are for.
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.keyImpl(random.key(0)) !== "threefry2x32") throw new Error();
 * ```
 */
export function keyImpl(keys: KeyLike): string {
  typedKey(keys);
  return "threefry2x32";
}

/**
 * The dtype of keys of an implementation.
 *
 * @throws {ValueError} for an unknown implementation
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * if (random.keyDtype() !== random.key(0).dtype) throw new Error();
 * ```
 */
export function keyDtype(implSpec: string | DType | null = null): DType {
  checkImplementation(implSpec);
  return keyDTypeOf("threefry2x32");
}

/**
 * The same key again, for using it twice on purpose: the check of `jax_debug_key_reuse` takes it for a new one.
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const key = random.key(0), again = random.clone(key);
 * if (random.uniform(key).item() !== random.uniform(again).item()) throw new Error();
 * ```
 */
export function clone(key: KeyLike): JaxArray {
  return likeKey(key, bind1(P.random_clone, [typedKey(key)]));
}
