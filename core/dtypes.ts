/**
 * Dtypes: the objects, what stands for them, their limits and their promotion.
 *
 * @module
 */

export * from "./_dtype.ts";
export * from "./_dtype_info.ts";
export * from "./_dtype_parse.ts";
export * from "./promotion.ts";
