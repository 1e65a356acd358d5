/**
 * jax.extend.random: the hash that keys are made of.
 *
 * @module
 */
import { type ArrayLike, bind, type JaxArray, P, raw, toArray, uint32 } from "../core/mod.ts";

const name = "threefry_2x32";

/** The two words of a key: an array of them, or a list of two scalars. */
function wordsOf(keypair: ArrayLike | readonly ArrayLike[]): JaxArray[] {
  if (Array.isArray(keypair)) return keypair.map((x, i) => toArray(x, name, i));
  const x = toArray(keypair, name);
  if (x.ndim !== 1) return [x];
  return Array.from({ length: x.shape[0]! }, (_, i) => raw.squeeze(raw.slice(x, [i], [i + 1]), [0]));
}

/**
 * Threefry with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) of counts, in pairs of
 * one from the first half of the flat array and one from the second; a zero is added to an odd number of them.
 *
 * @param keypair the key: uint32[2], or two scalars
 * @param count the counts, uint32
 * @returns an array of the shape of the counts
 * @throws {TypeError} for other dtypes, and when the key has not two words
 *
 * @example
 * ```ts
 * import { extend } from "@jaxlet/jaxlet";
 * const out = extend.random.threefry2x32(new Uint32Array([0, 0]), new Uint32Array([0, 0]));
 * if (String(out) !== "[1797259609 2579123966]") throw new Error(String(out));
 * ```
 */
export function threefry2x32(keypair: ArrayLike | readonly ArrayLike[], count: ArrayLike): JaxArray {
  const words = wordsOf(keypair), counts = toArray(count, name, 1);
  if (words.length !== 2 || words.some((x) => x.ndim > 0)) {
    throw new TypeError(
      `${name} requires a key of two uint32 words, got ${words.map((x) => x.aval).join(", ")}`,
    );
  }
  if ([...words, counts].some((x) => x.dtype !== uint32)) {
    const dtypes = [...words, counts].map((x) => x.dtype.name).join(", ");
    throw new TypeError(`${name} requires uint32 arguments, got [${dtypes}]`);
  }
  const { size, shape } = counts, flat = raw.reshape(counts, [size]), half = Math.ceil(size / 2);
  const even = size % 2 ? raw.concatenate([flat, raw.full([1], 0, uint32)], 0) : flat;
  const halves = [raw.sliceInDim(even, 0, half, 0), raw.sliceInDim(even, half, 2 * half, 0)];
  const out = raw.concatenate(bind(P.threefry2x32, [...words, ...halves]), 0);
  return raw.reshape(raw.sliceInDim(out, 0, size, 0), shape);
}
