/**
 * `jax.scipy`: the parts of SciPy that JAX has.
 *
 * @module
 */
export * as special from "./special/mod.ts";
export * as stats from "./stats/mod.ts";
