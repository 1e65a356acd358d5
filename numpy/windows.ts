/**
 * Window functions of `jax.numpy`: weights that fall towards the ends of a sequence.
 *
 * Each gives an array with one axis of M elements of the default float dtype, symmetric about the middle; a window of one
 * element is 1.
 *
 * @module
 */
import { type ArrayLike, defaultFloat, type JaxArray, raw, staticInteger } from "../core/mod.ts";
import { promoteInexact } from "./convert.ts";
import { i0 } from "./special.ts";

/** The window of size M, from its elements 0, 1, ..., M − 1. */
function windowOf(name: string, M: unknown, f: (n: JaxArray, last: number) => JaxArray): JaxArray {
  const size = staticInteger(M, `the M argument of jnp.${name}`), dtype = defaultFloat();
  return size <= 1 ? raw.full([size], 1, dtype) : f(raw.iota(dtype, [size], 0), size - 1);
}

/** cos(2π k n / last). */
function cosine(n: JaxArray, k: number, last: number): JaxArray {
  return raw.cos(raw.div(raw.mul(2 * k * Math.PI, n), last));
}

/**
 * The Bartlett window, a triangle: 1 − |2n + 1 − M| / (M − 1).
 *
 * @param M how many elements
 * @throws {TypeError} when it is no integer
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.bartlett(5)) !== "[0.  0.5 1.  0.5 0. ]") throw new Error();
 * ```
 */
export function bartlett(M: number | bigint): JaxArray {
  return windowOf("bartlett", M, (n, last) => {
    const distance = raw.abs(raw.sub(raw.add(raw.mul(2, n), 1), last + 1));
    return raw.sub(1, raw.div(distance, last));
  });
}

/**
 * The Blackman window: 0.42 − 0.5 cos(2πn / (M − 1)) + 0.08 cos(4πn / (M − 1)).
 *
 * @param M how many elements
 * @throws {TypeError} when it is no integer
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (Math.abs(np.blackman(5).get(1).item() - 0.34) > 1e-6) throw new Error();
 * ```
 */
export function blackman(M: number | bigint): JaxArray {
  return windowOf("blackman", M, (n, last) => {
    const first = raw.sub(0.42, raw.mul(0.5, cosine(n, 1, last)));
    return raw.add(first, raw.mul(0.08, cosine(n, 2, last)));
  });
}

/**
 * The Hamming window: 0.54 − 0.46 cos(2πn / (M − 1)).
 *
 * @param M how many elements
 * @throws {TypeError} when it is no integer
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (Math.abs(np.hamming(5).get(0).item() - 0.08) > 1e-6) throw new Error();
 * ```
 */
export function hamming(M: number | bigint): JaxArray {
  return windowOf("hamming", M, (n, last) => raw.sub(0.54, raw.mul(0.46, cosine(n, 1, last))));
}

/**
 * The Hann window: (1 − cos(2πn / (M − 1))) / 2.
 *
 * @param M how many elements
 * @throws {TypeError} when it is no integer
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (Math.abs(np.hanning(5).get(1).item() - 0.5) > 1e-6) throw new Error();
 * ```
 */
export function hanning(M: number | bigint): JaxArray {
  return windowOf("hanning", M, (n, last) => raw.mul(0.5, raw.sub(1, cosine(n, 1, last))));
}

/**
 * The Kaiser window: I₀(β √(1 − ((n − α) / α)²)) / I₀(β) with α = (M − 1) / 2.
 *
 * @param M how many elements
 * @param beta how steeply it falls: 0 is a rectangle
 * @throws {TypeError} when M is no integer
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.kaiser(3, 0)) !== "[1. 1. 1.]") throw new Error();
 * ```
 */
export function kaiser(M: number | bigint, beta: ArrayLike): JaxArray {
  return windowOf("kaiser", M, (n, last) => {
    const place = raw.div(raw.sub(n, last / 2), last / 2);
    const height = raw.sqrt(raw.sub(1, raw.integerPow(place, 2)));
    const [slope, x] = promoteInexact("multiply", beta, height) as [JaxArray, JaxArray];
    return raw.div(i0(raw.mul(slope, x)), i0(slope));
  });
}
