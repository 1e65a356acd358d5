/**
 * Conversion of a value of one dtype to another, by the rules of `lax.convert_element_type`.
 *
 * @module
 */
import type { DType } from "../../core/dtypes.ts";
import type { Expr } from "../ir.ts";
import { convert, narrow, select } from "../expr.ts";
import { Pair, type Val } from "../lowering.ts";
import { gt, like, lt } from "./arithmetic.ts";
import { scalarTypeOf, storageOf } from "./storage.ts";

/**
 * `value`, of dtype `from`, as a value of dtype `to`: integers wrap, floats are cut and saturate at the ends of integer
 * dtypes (NaN gives 0), anything but zero is true, complex numbers lose their imaginary part first. float64 becomes a
 * 16-bit float by way of float32, as in XLA.
 */
export function convertVal(to: DType, from: DType, value: Val): Val {
  if (to === from) return value;
  if (to.kind === "complex") {
    const type = scalarTypeOf(to);
    if (value instanceof Pair) return new Pair(convert(type, value.re), convert(type, value.im));
    const re = convert(type, value);
    return new Pair(re, like(re, 0));
  }
  if (value instanceof Pair) {
    if (from.kind === "key" || to.kind === "key") {
      throw new TypeError(`cannot convert ${from.name} to ${to.name}`);
    }
    return convertReal(to, value.re, true);
  }
  return convertReal(to, value, from.kind === "float");
}

function convertReal(to: DType, x: Expr, fromFloat: boolean): Expr {
  const storage = storageOf(to);
  const y = convert(scalarTypeOf(to), x);
  if (fromFloat && (to.kind === "int" || to.kind === "uint") && to.bits < 32) return saturate(y, to);
  return narrow(storage, y);
}

/** Clamps an i32 or u32 to the range of a narrow dtype. */
function saturate(y: Expr, to: DType): Expr {
  const lo = to.kind === "uint" ? 0 : -(2 ** (to.bits - 1));
  const hi = to.kind === "uint" ? 2 ** to.bits - 1 : 2 ** (to.bits - 1) - 1;
  const upper = select(gt(y, like(y, hi)), like(y, hi), y);
  return to.kind === "uint" ? upper : select(lt(y, like(y, lo)), like(y, lo), upper);
}
