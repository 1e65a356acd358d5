/**
 * jax.extend.
 *
 * @module
 */
export * as random from "./threefry.ts";
