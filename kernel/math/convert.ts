/**
 * Conversion of a value of one dtype to another, by the rules of `lax.convert_element_type`, and constants of a dtype.
 *
 * @module
 */
import type { DType } from "../../core/dtypes.ts";
import type { Expr } from "../ir.ts";
import { constant, convert, narrow, select } from "../expr.ts";
import { Pair, type Val } from "../lowering.ts";
import { gt, like, lt } from "./arithmetic.ts";
import { layoutOf, scalarTypeOf } from "../layout.ts";

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
  const storage = layoutOf(to).storage;
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

/** A complex number on the host. */
interface HostComplex {
  readonly re: number;
  readonly im: number;
}

/** The constant of a dtype; a real number for a complex dtype has imaginary part 0. */
export function constVal(dtype: DType, value: number | bigint | boolean | HostComplex): Val {
  const type = scalarTypeOf(dtype);
  if (typeof value === "object") {
    if (dtype.kind !== "complex") {
      throw new TypeError(`constant of dtype ${dtype.name} from a complex number`);
    }
    return new Pair(constant(type, value.re), constant(type, value.im));
  }
  if (layoutOf(dtype).components === 2) return new Pair(constant(type, value), constant(type, 0));
  return narrowVal(dtype, constant(type, value));
}

/** 0 of a dtype. */
export function zeroOf(dtype: DType): Val {
  return constVal(dtype, 0);
}

/** 1 of a dtype. */
export function oneOf(dtype: DType): Val {
  return constVal(dtype, 1);
}

/** Wraps or rounds a value in its widened type to a narrow dtype; others stay as they are. */
export function narrowVal(dtype: DType, x: Val): Val {
  return x instanceof Pair ? x : narrow(layoutOf(dtype).storage, x);
}
