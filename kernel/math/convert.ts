/**
 * Conversion of a value of one dtype to another, by the rules of `lax.convert_element_type`.
 *
 * @module
 */
import type { DType } from "../../core/dtypes.ts";
import type { Expr } from "../ir.ts";
import { bitcast, convert, narrow, select } from "../expr.ts";
import { Pair, type Val } from "../lowering.ts";
import { add, and, eq, gt, like, lt, ne, or, sub } from "./arithmetic.ts";
import { scalarTypeOf, storageOf } from "./storage.ts";

/**
 * `value`, of dtype `from`, as a value of dtype `to`: integers wrap, floats are cut and saturate at the ends of integer
 * dtypes (NaN gives 0), anything but zero is true, complex numbers lose their imaginary part.
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
    if (to.kind === "bool") {
      const zero = like(value.re, 0);
      return or(ne(value.re, zero), ne(value.im, zero));
    }
    return convertReal(to, value.re, true);
  }
  return convertReal(to, value, from.kind === "float");
}

function convertReal(to: DType, x: Expr, fromFloat: boolean): Expr {
  const storage = storageOf(to);
  if (storage === "f16" && x.type === "f64") return narrow("f16", roundToOdd(x));
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

/**
 * An f64 as f32, where an inexact result has an odd last bit: rounding it again to a narrower format is then the same as
 * one rounding.
 */
function roundToOdd(x: Expr): Expr {
  const y = convert("f32", x), rest = sub(x, convert("f64", y));
  const zero = like(x, 0), word = bitcast("i32", y);
  const even = eq(and(word, like(word, 1)), like(word, 0));
  const step = select(eq(gt(rest, zero), gt(x, zero)), like(word, 1), like(word, -1));
  const inexact = or(lt(rest, zero), gt(rest, zero));
  return select(and(inexact, even), bitcast("f32", add(word, step)), y);
}
