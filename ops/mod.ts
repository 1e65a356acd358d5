/**
 * jax.ops: sums, products and extrema over segments of an array.
 *
 * @module
 */
export * from "./segments.ts";
