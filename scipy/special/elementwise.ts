/**
 * What the elementwise functions of `jax.scipy.special` have in common: promotion to floats, compilation, derivatives.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  broadcastArrays,
  current,
  customJvp,
  evalTrace,
  float32,
  float64,
  type JaxArray,
  namedJit,
  P,
  raw,
  resultType,
  toArray,
  toInexact,
  ValueError,
} from "../../core/mod.ts";
import { whileLoop } from "../../lax/mod.ts";

/** A function of arrays of one dtype and shape. */
export type ArrayFunction = (...xs: JaxArray[]) => JaxArray;

/** A tangent of the result, linear in the tangents of the arguments. */
export type TangentRule = (tangents: JaxArray[], xs: JaxArray[], out: JaxArray) => JaxArray;

/** A function that takes what callers give. */
export type Elementwise = (...xs: unknown[]) => JaxArray;

/** Arguments as floats (complex numbers where `complex`) of one dtype and shape. */
export function promoted(name: string, xs: readonly JaxArray[], complex: boolean): JaxArray[] {
  const { dtype, weakType } = resultType(xs), to = toInexact(dtype);
  if (!complex && to.kind === "complex") {
    throw new ValueError(`${name} does not support complex-valued inputs.`);
  }
  const arrays = xs.map((x) => raw.convert(x, to, weakType));
  return arrays.length === 1 ? arrays : broadcastArrays(arrays);
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
  return (...xs) => inner(xs.map((x, i) => toArray(x, name, i)))[0]!;
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

/** Computes in float32 what is half precision. */
export function inSingle(f: ArrayFunction): ArrayFunction {
  return (...xs) => {
    const { dtype } = xs[0]!;
    if (dtype === float32 || dtype === float64) return f(...xs);
    return raw.convert(f(...xs.map((x) => raw.convert(x, float32))), dtype);
  };
}

/** The array of an argument of a function that knows float32 and float64 alone. */
export function singleOrDouble(value: ArrayLike, name: string): JaxArray {
  const x = toArray(value, name);
  if (x.dtype === float32 || x.dtype === float64) return x;
  throw new TypeError(
    `x.dtype=${x.dtype.name} is not supported by ${name}, see docstring for supported types. Convert it first: ` +
      `x.astype(np.float32).`,
  );
}

/** Coefficients of a quotient of polynomials, those of the highest power first. */
export interface Ratio {
  readonly p: readonly number[];
  readonly q: readonly number[];
}

/** P(x) / Q(x). */
export function ratioAt({ p, q }: Ratio, x: JaxArray): JaxArray {
  return raw.div(polyval(p, x), polyval(q, x));
}

/** As {@linkcode differentiable}, compiled, for a function of one array with two results. */
export function differentiablePair(
  name: string,
  f: (x: JaxArray) => [JaxArray, JaxArray],
  rule: (tangent: JaxArray, x: JaxArray) => [JaxArray, JaxArray],
): (x: JaxArray) => [JaxArray, JaxArray] {
  const inner = namedJit(name, ([x]) => f(x!), { inline: true });
  const custom = customJvp(Object.defineProperty((x: JaxArray) => f(x), "name", { value: name }));
  custom.defjvp(([x]: [JaxArray], [t]: [JaxArray]) => [custom(x), rule(t, x)]);
  return (x) => current() === evalTrace ? inner([x]) as [JaxArray, JaxArray] : custom(x);
}

/**
 * Iterates elementwise while a condition holds, within `here`: elements where it fails no longer change.
 *
 * @param condition of the values, as a boolean array of their shape
 * @param step the next values
 * @param values arrays of one shape
 */
export function iterate(
  condition: (values: readonly JaxArray[]) => JaxArray,
  step: (values: readonly JaxArray[]) => readonly JaxArray[],
  values: readonly JaxArray[],
  here: JaxArray,
): readonly JaxArray[] {
  const holds = (v: readonly JaxArray[]): JaxArray => raw.and(condition(v), here);
  return whileLoop(
    (v: JaxArray[]) => reduceOr(holds(v)),
    (v: JaxArray[]) => {
      const active = holds(v);
      return step(v).map((next, i) => raw.where(active, next, v[i]!));
    },
    values.map((x) => raw.convert(x, x.dtype)),
  );
}

/** Whether any element is true. */
function reduceOr(x: JaxArray): JaxArray {
  return x.ndim ? bind1(P.reduce_or, [x], { axes: x.shape.map((_, i) => i) }) : x;
}
