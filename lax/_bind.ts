/**
 * Binding primitives to what callers give.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import { lift, liftIntegers, toArray } from "../core/convert.ts";
import { checkOptions, ValueError } from "../core/errors.ts";
import type { Params, Primitive } from "../core/primitive.ts";
import { bind1 } from "../core/trace.ts";

/** Applies a primitive of one operand. */
export function unary(primitive: Primitive, x: unknown, params?: Params): JaxArray {
  return bind1(primitive, [toArray(x, primitive.name)], params);
}

/** Applies a primitive to operands of one dtype, which scalars take. */
export function nary(primitive: Primitive, ...xs: unknown[]): JaxArray {
  return bind1(primitive, lift(primitive.name, ...xs));
}

/** Applies a primitive of integers: integral numbers are ints. */
export function integers(primitive: Primitive, ...xs: unknown[]): JaxArray {
  return bind1(primitive, liftIntegers(primitive.name, ...xs));
}

/**
 * How accurate an elementary function must be. Every mode gives the same: results within two units in the last place.
 */
export const AccuracyMode: { readonly HIGHEST: "HIGHEST"; readonly DEFAULT: "DEFAULT" } = Object.freeze({
  HIGHEST: "HIGHEST",
  DEFAULT: "DEFAULT",
});

/** The error that an elementary function may have. */
export class Tolerance {
  readonly atol: number;
  readonly rtol: number;
  readonly ulps: number;

  /**
   * @param atol Greatest absolute error.
   * @param rtol Greatest relative error.
   * @param ulps Greatest error in units in the last place.
   * @throws {ValueError} When one is negative, or all are zero.
   */
  constructor(atol = 0, rtol = 0, ulps = 0) {
    if (atol < 0 || rtol < 0 || ulps < 0) throw new ValueError("Tolerances must be non-negative.");
    if (atol === 0 && rtol === 0 && ulps === 0) {
      throw new ValueError("At least one of atol, rtol, or ulps must be set.");
    }
    this.atol = atol;
    this.rtol = rtol;
    this.ulps = ulps;
  }
}

/** Options of the elementary functions. */
export interface AccuracyOptions {
  /** Wanted accuracy; the functions here meet every one that JAX's CPU and GPU functions do. */
  readonly accuracy?: keyof typeof AccuracyMode | Tolerance | null;
}

/** Applies an elementary function. */
export function elementary(primitive: Primitive, x: unknown, options: AccuracyOptions | undefined): JaxArray {
  if (options !== undefined) {
    checkOptions(primitive.name, options, ["accuracy"]);
    const { accuracy } = options;
    const known = accuracy === undefined || accuracy === null || accuracy instanceof Tolerance ||
      Object.hasOwn(AccuracyMode, accuracy);
    if (!known) {
      throw new ValueError(
        `${primitive.name}: accuracy must be an AccuracyMode or a Tolerance, got ${String(accuracy)}`,
      );
    }
  }
  return unary(primitive, x);
}
