/**
 * Names of precisions. Products are computed in the operands' own precision, whichever is asked for.
 *
 * @module
 */

/** JAX's precisions of products. */
export const Precision: { readonly DEFAULT: "default"; readonly HIGH: "high"; readonly HIGHEST: "highest" } =
  Object
    .freeze({ DEFAULT: "default", HIGH: "high", HIGHEST: "highest" });
