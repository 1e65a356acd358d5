/**
 * `jax.dtypes`: what the public module of dtypes has.
 *
 * @module
 */
import {
  bool_,
  canonicalizeDType,
  defaultComplex,
  defaultFloat,
  defaultInt,
  type DType,
  type DTypeLike,
} from "./_dtype.ts";
import { asDType } from "./_dtype_parse.ts";
import { JaxArray } from "./array.ts";
import type { ArrayLike } from "./convert.ts";
import { ValueError } from "./errors.ts";
import { isComplexScalar, typedArrayDType } from "./host.ts";
import { resultType as promoteAll, type WeakDType } from "./promotion.ts";

export { bfloat16, float0 } from "./_dtype.ts";
export { extended, finfo, iinfo, issubdtype, prngKey } from "./_dtype_info.ts";
export { TypePromotionError } from "./errors.ts";

/**
 * The dtype under the present configuration: 64-bit dtypes become 32-bit ones with x64 off.
 *
 * @throws {TypeError} When it stands for no dtype.
 * @throws {ValueError} For key dtypes, unless they are allowed.
 */
export function canonicalizeDtype(
  dtype: DTypeLike,
  options: { readonly allowExtendedDtype?: boolean } = {},
): DType {
  const type = asDType(dtype, "canonicalize_dtype");
  if (type.kind === "key" && !options.allowExtendedDtype) {
    throw new ValueError(
      `Internal: canonicalize_dtype called on extended dtype ${type.name} with allow_extended_dtype=False`,
    );
  }
  return canonicalizeDType(type);
}

/** The bits of one element. */
export function itemsizeBits(dtype: DTypeLike): number {
  return asDType(dtype, "itemsize_bits").bits;
}

/** The type of an operand of a promotion: of a dtype, an array, or a scalar. */
function operandType(x: unknown): WeakDType {
  if (x instanceof JaxArray) return x;
  switch (typeof x) {
    case "boolean":
      return { dtype: bool_, weakType: false };
    case "bigint":
      return { dtype: defaultInt(), weakType: true };
    case "number":
      return { dtype: defaultFloat(), weakType: true };
    default: {
      if (isComplexScalar(x)) return { dtype: defaultComplex(), weakType: true };
      return { dtype: typedArrayDType(x) ?? asDType(x as DTypeLike, "result_type"), weakType: false };
    }
  }
}

/**
 * The dtype of the result of an operation on operands of several types, by JAX's rules of promotion.
 *
 * @param args Arrays, scalars and dtypes.
 * @throws {ValueError} Without operands.
 */
export function resultType(...args: readonly (ArrayLike | DTypeLike)[]): DType {
  return canonicalizeDType(promoteAll(args.map(operandType)).dtype);
}
