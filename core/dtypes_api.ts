/**
 * `jax.dtypes`: what the public module of dtypes has.
 *
 * @module
 */
import { canonicalizeDType, type DType, type DTypeLike } from "./_dtype.ts";
import { asDType } from "./_dtype_parse.ts";
import { ValueError } from "./errors.ts";

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
