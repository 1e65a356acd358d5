/**
 * jax.lax: the primitive operations as functions, without promotion, and control flow.
 *
 * @module
 */
export { AccuracyMode, type AccuracyOptions, Tolerance } from "./_bind.ts";
export * from "./associative_scan.ts";
export * from "./bits.ts";
export * from "./compare.ts";
export * from "./control_flow.ts";
export * from "./conv.ts";
export * from "./convert.ts";
export * from "./custom_solve.ts";
export * from "./dot.ts";
export * from "./fft.ts";
export * from "./gather.ts";
export * as linalg from "./linalg/mod.ts";
export * from "./operators.ts";
export * from "./parallel.ts";
export * from "./precision.ts";
export * from "./ragged_dot.ts";
export * from "./random.ts";
export * from "./reductions.ts";
export * from "./shapes.ts";
export * from "./slicing.ts";
export * from "./sorting.ts";
export * from "./special.ts";
export * from "./transcendental.ts";
export * from "./windows.ts";
