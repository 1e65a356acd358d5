/**
 * Linear algebra, as in `jax.scipy.linalg`.
 *
 * @module
 */
export * from "./expm.ts";
export * from "./factor.ts";
export * from "./solve.ts";
export * from "./structured.ts";
