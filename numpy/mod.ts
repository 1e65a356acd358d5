/**
 * jax.numpy.
 *
 * @module
 */
export { JaxArray as Array } from "../core/mod.ts";
export * from "./arrays.ts";
export * from "./creation.ts";
export * from "./ranges.ts";
