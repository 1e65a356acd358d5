/**
 * `jax.scipy`: the parts of SciPy that JAX has.
 *
 * @module
 */
export * as fft from "./fft/mod.ts";
export * as integrate from "./integrate/mod.ts";
export * as linalg from "./linalg/mod.ts";
export * as ndimage from "./ndimage/mod.ts";
export * as signal from "./signal/mod.ts";
export * as special from "./special/mod.ts";
export * as stats from "./stats/mod.ts";
