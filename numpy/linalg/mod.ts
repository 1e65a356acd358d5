/**
 * jax.numpy.linalg.
 *
 * @module
 */
export * from "./determinant.ts";
export * from "./factor.ts";
export * from "./norms.ts";
export * from "./products.ts";
export * from "./solve.ts";
