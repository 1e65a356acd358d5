/**
 * jax.image: resampling of images.
 *
 * @module
 */
export { ResizeMethod } from "./_kernels.ts";
export * from "./scale.ts";
