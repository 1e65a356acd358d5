/**
 * jax.numpy.
 *
 * @module
 */
export { JaxArray as Array } from "../core/mod.ts";
export * from "./arrays.ts";
export * from "./creation.ts";
export * from "./ranges.ts";
export * from "./join.ts";
export * from "./rearrange.ts";
export * from "./shape.ts";
export * from "./take.ts";
export * from "./arg_extrema.ts";
export * from "./cumulative.ts";
export * from "./moments.ts";
export * from "./nan_reductions.ts";
export * from "./reductions.ts";
export * from "./quantiles.ts";
export * from "./einsum.ts";
export * from "./products.ts";
export * from "./vectorize.ts";
