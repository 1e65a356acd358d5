/**
 * Singular value decompositions, as the functions of this folder use them.
 *
 * @module
 */
import type { JaxArray } from "../../core/mod.ts";
import { svd } from "../../core/ops/linalg_svd.ts";

/** The first and last index of the singular values that are wanted. */
export type Subset = readonly [number, number] | null;

/** U, the singular values in descending order, and Vᴴ. */
export function singular(
  x: JaxArray,
  fullMatrices: boolean,
  subsetByIndex: Subset = null,
): [u: JaxArray, s: JaxArray, vh: JaxArray] {
  const [s, u, vh] = svd(x, { fullMatrices, subsetByIndex });
  return [u!, s!, vh!];
}

/** Singular values in descending order. */
export function singularValues(x: JaxArray, subsetByIndex: Subset = null): JaxArray {
  return svd(x, { computeUv: false, subsetByIndex })[0]!;
}
