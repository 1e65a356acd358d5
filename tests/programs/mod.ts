/** The Python programs of the golden cases, in TypeScript, by the name of their case. */
import { controlFlow } from "./control_flow.ts";
import { arrayErrors } from "./errors_arrays.ts";
import { transformationErrors } from "./errors_transformations.ts";
import { jaxprText } from "./jaxpr_text.ts";
import type { Programs } from "./program.ts";
import { transformations } from "./transformations.ts";
import { trees } from "./trees.ts";

export type { Program, Programs } from "./program.ts";

/** All programs. */
export const programs: Programs = {
  ...controlFlow,
  ...transformations,
  ...jaxprText,
  ...trees,
  ...arrayErrors,
  ...transformationErrors,
};

/** Programs that have no counterpart in JavaScript, with the reason. */
export const skippedPrograms: Readonly<Record<string, string>> = {
  hash_array: "JavaScript has no hash(): an array as a key of a Map stands for itself",
  len_scalar: "JavaScript has no len(): arrays have shape and size",
  jit_missing_arg: "a JavaScript function may be called with fewer arguments",
  int4_float8: "int4 is not a dtype of this library",
};
