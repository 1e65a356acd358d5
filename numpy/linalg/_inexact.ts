/**
 * Arguments of the functions of this folder.
 *
 * @module
 */
import type { JaxArray } from "../../core/mod.ts";
import { promoteDTypes, toArray } from "../convert.ts";

/** An argument as an inexact array. */
export function inexactArray(name: string, x: unknown): JaxArray {
  return promoteDTypes(name, [toArray(x, `jnp.linalg.${name}`)], "inexact")[0]!;
}
