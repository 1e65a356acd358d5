/**
 * jax.numpy.
 *
 * @module
 */
export { JaxArray as Array } from "../core/mod.ts";
