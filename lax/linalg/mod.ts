/**
 * jax.lax.linalg: factorisations and eigenvalues of matrices, over leading batch axes.
 *
 * @module
 */
export * from "./eigen.ts";
export * from "./factor.ts";
export * from "./qdwh.ts";
export * from "./solve.ts";
