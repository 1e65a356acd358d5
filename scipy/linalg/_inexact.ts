/**
 * Matrices as floats, and functions of matrices over leading axes.
 *
 * @module
 */
import type { JaxArray } from "../../core/mod.ts";
import { promoteDTypes, toArrays } from "../../numpy/convert.ts";
import { vectorize } from "../../numpy/vectorize.ts";

/** Arrays of one dtype; integers and booleans become floats. */
export function inexactArrays(name: string, ...xs: readonly unknown[]): JaxArray[] {
  return promoteDTypes(name, toArrays(name, ...xs), "inexact");
}

/** `f` of each pair of a square matrix and a right side, which is a vector where it has one axis. */
export function eachSystem(a: JaxArray, b: JaxArray, f: (a: JaxArray, b: JaxArray) => JaxArray): JaxArray {
  const vector = b.ndim === 1 || a.ndim === b.ndim + 1 && a.shape.at(-1) === b.shape.at(-1);
  return vectorize(f, { signature: vector ? "(n,n),(n)->(n)" : "(n,n),(n,k)->(n,k)" })(a, b);
}
