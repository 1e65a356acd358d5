/**
 * Special functions, as in `jax.scipy.special`.
 *
 * @module
 */
export * from "./bessel.ts";
export * from "./beta.ts";
export * from "./error_functions.ts";
export * from "./exponential_integrals.ts";
export * from "./fresnel.ts";
export * from "./gamma.ts";
export * from "./hypergeometric.ts";
export * from "./legendre.ts";
export * from "./logarithms.ts";
export * from "./normal.ts";
export * from "./owens_t.ts";
export * from "./sine_integrals.ts";
export * from "./softmax.ts";
export * from "./spence.ts";
export * from "./zeta.ts";
export { logsumexp, type LogsumexpOptions } from "../../nn/mod.ts";
