/**
 * What the elementwise functions of `jax.scipy.special` have in common: promotion to floats, compilation, derivatives.
 *
 * @module
 */
import {
  broadcastArrays,
  current,
  customJvp,
  evalTrace,
  float32,
  float64,
  type JaxArray,
  namedJit,
  raw,
  ValueError,
} from "../../core/mod.ts";
import { promoteInexact, toArrays } from "../../numpy/_convert.ts";

/** A function of arrays of one dtype and shape. */
export type ArrayFunction = (...xs: JaxArray[]) => JaxArray;

/** A tangent of the result, linear in the tangents of the arguments. */
export type TangentRule = (tangents: JaxArray[], xs: JaxArray[], out: JaxArray) => JaxArray;

/** A function that takes what callers give. */
export type Elementwise = (...xs: unknown[]) => JaxArray;

/** Arguments as floats (complex numbers where `complex`) of one dtype and shape. */
export function promoted(name: string, xs: readonly unknown[], complex: boolean): JaxArray[] {
  const arrays = promoteInexact(name, ...xs);
  if (!complex && arrays[0]!.dtype.kind === "complex") {
    throw new ValueError(`${name} does not support complex-valued inputs.`);
  }
  return arrays.length === 1 ? [...arrays] : broadcastArrays(arrays);
}

/** Options of {@linkcode elementwise} and {@linkcode withTangent}. */
export interface ElementwiseOptions {
  /** Complex numbers are allowed. */
  readonly complex?: boolean;
}

/** A function of floats, compiled as one program where nothing is traced. */
export function elementwise(name: string, f: ArrayFunction, options: ElementwiseOptions = {}): Elementwise {
  const complex = options.complex ?? false;
  const inner = namedJit(name, (xs) => [f(...promoted(name, xs, complex))], { inline: true });
  return (...xs) => inner(toArrays(name, ...xs))[0]!;
}

/** A function of arrays that are promoted already, with a derivative of its own. */
export function differentiable(name: string, f: ArrayFunction, rule: TangentRule): ArrayFunction {
  const custom = customJvp(Object.defineProperty((...xs: JaxArray[]) => f(...xs), "name", { value: name }));
  custom.defjvp((xs: JaxArray[], tangents: JaxArray[]) => {
    const out = custom(...xs);
    return [out, rule(tangents, xs, out)];
  });
  // Where nothing is traced there is nothing to differentiate.
  return (...xs) => current() === evalTrace ? f(...xs) : custom(...xs);
}

/** As {@linkcode elementwise}, with a derivative of its own. */
export function withTangent(
  name: string,
  f: ArrayFunction,
  rule: TangentRule,
  options: ElementwiseOptions = {},
): Elementwise {
  return elementwise(name, differentiable(name, f, rule), options);
}

/** The polynomial with these coefficients, that of the highest power first; NaN at infinities, by Horner's rule from 0. */
export function polyval(coefficients: readonly number[], x: JaxArray): JaxArray {
  let y = raw.mul(x, 0);
  coefficients.forEach((c, i) => {
    if (i > 0) y = raw.mul(y, x);
    y = raw.add(y, c);
  });
  return y;
}

/** Whether all conditions hold. */
export function all(...conditions: readonly JaxArray[]): JaxArray {
  return conditions.reduce((x, y) => raw.and(x, y));
}

/** Whether elements are NaN. */
export function isNan(x: JaxArray): JaxArray {
  return raw.ne(x, x);
}

/** An argument of functions that know float32 and float64 alone. */
export function singleOrDouble(x: JaxArray): JaxArray {
  if (x.dtype !== float32 && x.dtype !== float64) {
    throw new TypeError(
      `x.dtype=${x.dtype.name} is not supported, see docstring for supported types. Convert it first: ` +
        `x.astype(np.float32).`,
    );
  }
  return x;
}
