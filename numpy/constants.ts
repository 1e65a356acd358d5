/**
 * Constants of `jax.numpy`.
 *
 * @module
 */

/** The ratio of a circle's circumference to its diameter. */
export const pi: number = Math.PI;
/** The base of the natural logarithm. */
export const e: number = Math.E;
/** Euler's constant γ. */
export const eulerGamma: number = 0.5772156649015329;
/** Positive infinity. */
export const inf: number = Infinity;
/** Not a number. */
export const nan: number = NaN;
/** A new axis, in an index. */
export const newaxis: null = null;
