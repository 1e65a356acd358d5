/**
 * Bessel functions.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  type JaxArray,
  keywords,
  namedJit,
  P,
  raw,
  staticInteger,
  toArray,
  ValueError,
} from "../../core/mod.ts";
import { foriLoop } from "../../lax/mod.ts";
import { elementwise, promoted } from "./elementwise.ts";

const i0eOf = elementwise("i0e", (x) => bind1(P.bessel_i0e, [x!]), { complex: true });

/**
 * The exponentially scaled modified Bessel function of order 0, e^(-|x|) I₀(x).
 *
 * @param x Real array; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {TypeError} For complex numbers, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (scipy.special.i0e(0).item() !== 1) throw new Error();
 * ```
 */
export function i0e(x: ArrayLike): JaxArray {
  return i0eOf(x);
}

const unscaled = (x: JaxArray, scaled: JaxArray): JaxArray => raw.mul(raw.exp(raw.abs(x)), scaled);

const i0Of = elementwise("i0", (x) => unscaled(x!, bind1(P.bessel_i0e, [x!])), { complex: true });

/**
 * The modified Bessel function of order 0, I₀(x).
 *
 * @param x Real array; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {TypeError} For complex numbers, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.i0(1).item() - 1.2660659) > 1e-5) throw new Error();
 * ```
 */
export function i0(x: ArrayLike): JaxArray {
  return i0Of(x);
}

const i1eOf = elementwise("i1e", (x) => bind1(P.bessel_i1e, [x!]), { complex: true });

/**
 * The exponentially scaled modified Bessel function of order 1, e^(-|x|) I₁(x).
 *
 * @param x Real array; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {TypeError} For complex numbers, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (scipy.special.i1e(0).item() !== 0) throw new Error();
 * ```
 */
export function i1e(x: ArrayLike): JaxArray {
  return i1eOf(x);
}

const i1Of = elementwise("i1", (x) => unscaled(x!, bind1(P.bessel_i1e, [x!])), { complex: true });

/**
 * The modified Bessel function of order 1, I₁(x).
 *
 * @param x Real array; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {TypeError} For complex numbers, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.i1(1).item() - 0.5651591) > 1e-6) throw new Error();
 * ```
 */
export function i1(x: ArrayLike): JaxArray {
  return i1Of(x);
}

/**
 * Miller's algorithm: fₖ = 2(k + 1) fₖ₊₁ / z - fₖ₊₂ downwards from fₙ₊₁ = 10⁻¹⁶, normalised by
 * J₀ + 2 (J₂ + J₄ + ...) = 1.
 */
const besselJnOf = namedJit("bessel_jn", ([x], v: number, nIter: number): JaxArray[] => {
  const [z] = promoted("bessel_jn", [x!], false) as [JaxArray], { dtype, weakType } = z;
  const next = (k: JaxArray | number, f0: JaxArray, f1: JaxArray): JaxArray =>
    raw.sub(raw.div(raw.mul(raw.mul(f1, 2), raw.add(k, raw.like(z, 1))), z), f0);
  const zero = raw.fullLike(z, 0), init = [zero, raw.fullLike(z, 1e-16), zero];
  // Orders above v are but summed.
  let [f0, f1, sum] = foriLoop(0, Math.max(0, nIter - v), (i: JaxArray, [f0, f1, sum]: JaxArray[]) => {
    const k = raw.sub(nIter, i), f = next(raw.convert(k, dtype, weakType), f0!, f1!);
    const even = raw.eq(raw.rem(k, 2), 0);
    return [
      f1!,
      f,
      raw.add(sum!, raw.mul(f, raw.convert(raw.mul(raw.convert(even, k.dtype), 2), dtype, weakType))),
    ];
  }, init) as [JaxArray, JaxArray, JaxArray];
  const values: JaxArray[] = [];
  for (let k = Math.min(v, nIter); k >= 0; k--) {
    const f = next(k, f0, f1);
    if (k % 2 === 0) sum = raw.add(sum, raw.mul(f, 2));
    values.unshift(f);
    [f0, f1] = [f1, f];
  }
  const scale = raw.sub(sum, f1);
  return [raw.concatenate(values.map((f) => raw.expandDims(raw.div(f, scale), [0])), 0)];
});

/** Options of {@linkcode besselJn}. */
export interface BesselJnOptions {
  /** The largest order. */
  readonly v: number;
  /** The order from which the recurrence runs down, more than `v` and |z| (50). */
  readonly nIter?: number;
}

/**
 * The Bessel functions of the first kind of orders 0 ... v, by Miller's algorithm of downward recurrence.
 *
 * @param z Real array; integers and booleans become floats. Not 0, where the recurrence divides by z.
 * @param options v; nIter (50)
 * @returns An array of shape `[v + 1, ...z.shape]`.
 * @throws {ValueError} For complex numbers, and a negative `v`.
 * @throws {TypeError} For a `v` or `nIter` that is traced.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.besselJn(1, { v: 1 }).at(0).get().item() - 0.7651977) > 1e-5) throw new Error();
 * ```
 */
export function besselJn(z: ArrayLike, options: BesselJnOptions): JaxArray {
  const given = keywords("bessel_jn", ["v", "nIter"], [options]);
  const v = staticInteger(given.v, "Argument v of bessel_jn.");
  const nIter = staticInteger(given.nIter ?? 50, "Argument n_iter of bessel_jn.");
  if (v < 0) throw new ValueError(`bessel_jn: v must not be negative, got ${v}`);
  return besselJnOf([toArray(z, "bessel_jn")], v, nIter)[0]!;
}
