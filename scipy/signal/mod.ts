/**
 * Signal processing, as in `jax.scipy.signal`.
 *
 * @module
 */
export * from "./convolution.ts";
export * from "./detrend.ts";
