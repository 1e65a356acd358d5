/**
 * jax.lax: the primitive operations as functions, without promotion.
 *
 * @module
 */
export { AccuracyMode, type AccuracyOptions, Tolerance } from "./_bind.ts";
export * from "./bits.ts";
export * from "./compare.ts";
export * from "./convert.ts";
export * from "./operators.ts";
export * from "./special.ts";
export * from "./transcendental.ts";
