/**
 * From jaxprs to programs: the scalar IR that all backends share, and the lowering that makes it.
 *
 * @module
 */
export * from "./ir.ts";
export * from "./lowering.ts";
export { KernelBuilder, Local } from "./builder.ts";
export { delinearize, linearize } from "./access.ts";
export { layoutOf, scalarTypeOf } from "./layout.ts";
export { type Decomposer, lowerJaxpr, type LowerOptions, setDecomposer } from "./lower.ts";
export { kernelText, programText } from "./print.ts";
export { runReference } from "./reference.ts";
