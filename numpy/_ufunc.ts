/**
 * What the elementwise functions of `jax.numpy` have in common.
 *
 * @module
 */
import {
  bind1,
  broadcastArrays,
  type FlatFunctionOf,
  isInexact,
  type JaxArray,
  namedJit,
  type NamedJitOptions,
  type Primitive,
  raw,
} from "../core/mod.ts";
import {
  promote,
  promoteDTypes,
  promoteInexact,
  promoteNumeric,
  refuseOptions,
  toArray,
  toArrays,
  toIntegerArrays,
} from "./convert.ts";

/** The options of functions that have none: any key is an error. */
export type NoOptions = Readonly<Record<string, never>>;

/** Applies a primitive of floats and complex numbers to one operand: integers and booleans become floats. */
export function inexactUnary(name: string, primitive: Primitive, x: unknown, options: unknown): JaxArray {
  if (options !== undefined) refuseOptions(name, options);
  const a = toArray(x, name);
  return bind1(primitive, [isInexact(a.dtype) ? a : inexact(name, a)]);
}

/** An array as floats or complex numbers. */
export function inexact(name: string, x: JaxArray): JaxArray {
  return promoteDTypes(name, [x], "inexact")[0]!;
}

/** Applies a primitive to two promoted operands. */
export function binary(
  name: string,
  primitive: Primitive,
  x: unknown,
  y: unknown,
  options: unknown,
): JaxArray {
  if (options !== undefined) refuseOptions(name, options);
  return bind1(primitive, promote(name, x, y));
}

/** Applies a primitive of integers to two promoted operands; integral numbers are ints. */
export function integerBinary(
  name: string,
  primitive: Primitive,
  x: unknown,
  y: unknown,
  options: unknown,
): JaxArray {
  if (options !== undefined) refuseOptions(name, options);
  return bind1(primitive, promote(name, ...toIntegerArrays(name, x, y)));
}

/** As {@linkcode integerBinary}: booleans become ints. */
export function shift(
  name: string,
  primitiveOf: (x: JaxArray) => Primitive,
  x: unknown,
  y: unknown,
  options: unknown,
): JaxArray {
  if (options !== undefined) refuseOptions(name, options);
  const operands = promoteNumeric(name, ...toIntegerArrays(name, x, y));
  return bind1(primitiveOf(operands[0]!), operands);
}

/** As {@linkcode binary}: integers and booleans become floats. */
export function inexactBinary(
  name: string,
  primitive: Primitive,
  x: unknown,
  y: unknown,
  options: unknown,
): JaxArray {
  if (options !== undefined) refuseOptions(name, options);
  return bind1(primitive, promoteInexact(name, x, y));
}

/** A comparison; complex numbers compare by their real parts, and by their imaginary parts where those are equal. */
export function ordered(primitive: Primitive, x: JaxArray, y: JaxArray): JaxArray {
  if (x.dtype.kind !== "complex") return bind1(primitive, [x, y]);
  const [a, b] = broadcastArrays([x, y]) as [JaxArray, JaxArray];
  const real = [raw.real(a), raw.real(b)] as const, imaginary = [raw.imag(a), raw.imag(b)] as const;
  return raw.selectN(raw.eq(...real), bind1(primitive, real), bind1(primitive, imaginary));
}

/** Compiles an elementwise function of one result. */
export function compiled<S extends readonly unknown[]>(
  name: string,
  f: (xs: readonly JaxArray[], ...statics: S) => JaxArray,
  options?: NamedJitOptions,
): FlatFunctionOf<S> {
  return namedJit(name, (xs: readonly JaxArray[], ...statics: S) => [f(xs, ...statics)], options);
}

/** Calls a compiled function of one result on integers: integral numbers are ints. */
export function callIntegers(
  f: FlatFunctionOf<[]>,
  name: string,
  options: unknown,
  ...xs: unknown[]
): JaxArray {
  if (options !== undefined) refuseOptions(name, options);
  return f(toIntegerArrays(name, ...xs))[0]!;
}

/** Calls a compiled function of one result. */
export function call(f: FlatFunctionOf<[]>, name: string, options: unknown, ...xs: unknown[]): JaxArray {
  if (options !== undefined) refuseOptions(name, options);
  return f(toArrays(name, ...xs))[0]!;
}
