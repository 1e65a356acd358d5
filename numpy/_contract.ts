/**
 * Contractions of promoted operands, as the products of `jax.numpy` make them.
 *
 * @module
 */
import {
  type DType,
  type DTypeLike,
  type JaxArray,
  raw,
  requestedDType,
  resultType,
  ValueError,
} from "../core/mod.ts";
import type { DotDimensionNumbers } from "../core/raw.ts";
import { checkPrecision, type DotOptions } from "../lax/mod.ts";
import { range } from "./axes.ts";
import { toArrays } from "./convert.ts";

/** Options of products. */
export interface ProductOptions {
  /** Products are computed in the operands' precision whatever is asked; the value is checked. */
  readonly precision?: DotOptions["precision"];
  /** Dtype to sum in and return; default: the operands' common one. */
  readonly preferredElementType?: DTypeLike | null;
  readonly outSharding?: null;
}

/** Names of {@linkcode ProductOptions}. */
export const productOptions = ["precision", "preferredElementType", "outSharding"] as const;

/** The dtype of a product, and whether it is weakly typed. */
export interface ProductType {
  readonly dtype: DType;
  readonly weakType: boolean;
}

/** Operands of a product in their common dtype, and the dtype of the result. */
export function productOperands(
  name: string,
  operands: readonly unknown[],
  options: { readonly precision?: unknown; readonly preferredElementType?: unknown },
): { xs: JaxArray[]; type: ProductType } {
  checkPrecision(name, options.precision as DotOptions["precision"]);
  const xs = toArrays(name, ...operands), common = resultType(xs), wanted = options.preferredElementType;
  const type = wanted === undefined || wanted === null
    ? common
    : { dtype: requestedDType(wanted as DTypeLike, name), weakType: false };
  const alike = xs.every((x) => x.dtype === common.dtype);
  return { xs: alike ? xs : xs.map((x) => raw.convert(x, common.dtype, x.weakType)), type };
}

/** A contraction with a result of this type. */
export function contract(
  a: JaxArray,
  b: JaxArray,
  dimensionNumbers: DotDimensionNumbers,
  { dtype, weakType }: ProductType,
): JaxArray {
  return raw.convert(raw.dotGeneral(a, b, dimensionNumbers, dtype), dtype, weakType);
}

/**
 * Matrix product over broadcast leading axes. Axes that only one operand has (or in which the other has size 1) are no
 * batch axes: they count among the rows or columns.
 */
export function matmulArrays(a: JaxArray, b: JaxArray, type: ProductType): JaxArray {
  const aMatrix = a.ndim > 1, bMatrix = b.ndim > 1;
  const aLead = aMatrix ? a.shape.slice(0, -2) : [], bLead = bMatrix ? b.shape.slice(0, -2) : [];
  const lead = Math.max(aLead.length, bLead.length);
  const aSqueeze: number[] = [], bSqueeze: number[] = [], ones: number[] = [];
  const aBatch: number[] = [], bBatch: number[] = [];
  // Which axes of the result come from the batch, from a alone, from b alone.
  const batch: number[] = [], aOther: number[] = [], bOther: number[] = [];
  for (let i = 0; i < lead; i++) {
    const m = aLead[i - lead + aLead.length], n = bLead[i - lead + bLead.length];
    const aAxis = batch.length + aOther.length, bAxis = batch.length + bOther.length;
    if (m === undefined) bOther.push(i);
    else if (n === undefined) aOther.push(i);
    else if (m === 1 || n === 1) {
      if (m === 1) aSqueeze.push(aAxis + aSqueeze.length);
      if (n === 1) bSqueeze.push(bAxis + bSqueeze.length);
      (m !== 1 ? aOther : n !== 1 ? bOther : ones).push(i);
    } else if (m === n) {
      aBatch.push(aAxis);
      bBatch.push(bAxis);
      batch.push(i);
    } else {
      throw new ValueError(
        `Incompatible types for matmul arguments: ${a.aval.short()} and ${b.aval.short()}`,
      );
    }
  }
  if (aMatrix) aOther.push(lead);
  if (bMatrix) bOther.push(lead + (aMatrix ? 1 : 0));
  const left = raw.squeeze(a, aSqueeze), right = raw.squeeze(b, bSqueeze);
  const out = raw.dotGeneral(
    left,
    right,
    { contract: [[left.ndim - 1], [right.ndim - (bMatrix ? 2 : 1)]], batch: [aBatch, bBatch] },
    type.dtype,
  );
  const order = [...batch, ...aOther, ...bOther];
  const permutation = range(order.length).sort((i, j) => order[i]! - order[j]!);
  return raw.convert(raw.expandDims(raw.transpose(out, permutation), ones), type.dtype, type.weakType);
}
