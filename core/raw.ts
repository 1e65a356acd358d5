/**
 * Primitives as functions, for rules and decompositions: no promotion, no conversion but of bare numbers, which take
 * the dtype of the other operand.
 *
 * @module
 */
import { JaxArray } from "./array.ts";
import { ConcreteArray, scalarArray } from "./concrete.ts";
import type { DType } from "./dtypes.ts";
import { castScalar } from "./scalar.ts";
import type { Primitive } from "./primitive.ts";
import { P } from "./prims.ts";
import { bind1 } from "./trace.ts";

/** An array, or a number that takes the other operand's dtype. */
export type Operand = JaxArray | number | bigint | boolean;

/** A 0-d constant of a dtype. */
export function scalar(
  value: number | bigint | boolean | { re: number; im: number },
  dtype: DType,
): JaxArray {
  return scalarArray(value, dtype);
}

/** A 0-d constant of an array's dtype and weak type. */
export function like(x: JaxArray, value: number | bigint | boolean): JaxArray {
  return scalarArray(value, x.dtype, x.weakType);
}

/** One value in the shape, dtype and weak type of an array. */
export function fullLike(x: JaxArray, value: number | bigint | boolean): JaxArray {
  return x.ndim ? broadcastInDim(like(x, value), x.shape, []) : like(x, value);
}

type Binary = (x: Operand, y: Operand) => JaxArray;

function binary(primitive: Primitive): Binary {
  return (x, y) => {
    if (!(x instanceof JaxArray)) x = like(y as JaxArray, x);
    if (!(y instanceof JaxArray)) y = like(x, y);
    return bind1(primitive, [x, y]);
  };
}

type Unary = (x: JaxArray) => JaxArray;
const unary = (primitive: Primitive): Unary => (x) => bind1(primitive, [x]);

export const add: Binary = binary(P.add);
export const sub: Binary = binary(P.sub);
export const mul: Binary = binary(P.mul);
export const div: Binary = binary(P.div);
export const rem: Binary = binary(P.rem);
export const max: Binary = binary(P.max);
export const min: Binary = binary(P.min);
export const pow: Binary = binary(P.pow);
export const atan2: Binary = binary(P.atan2);
export const eq: Binary = binary(P.eq);
export const ne: Binary = binary(P.ne);
export const lt: Binary = binary(P.lt);
export const le: Binary = binary(P.le);
export const gt: Binary = binary(P.gt);
export const ge: Binary = binary(P.ge);
export const and: Binary = binary(P.and);
export const or: Binary = binary(P.or);
export const xor: Binary = binary(P.xor);
export const shiftLeft: Binary = binary(P.shift_left);
export const shiftRightLogical: Binary = binary(P.shift_right_logical);
export const shiftRightArithmetic: Binary = binary(P.shift_right_arithmetic);
export const complex: (re: JaxArray, im: JaxArray) => JaxArray = (re, im) => bind1(P.complex, [re, im]);

export const neg: Unary = unary(P.neg);
export const abs: Unary = unary(P.abs);
export const sign: Unary = unary(P.sign);
export const floor: Unary = unary(P.floor);
export const ceil: Unary = unary(P.ceil);
export const sqrt: Unary = unary(P.sqrt);
export const rsqrt: Unary = unary(P.rsqrt);
export const cbrt: Unary = unary(P.cbrt);
export const square: Unary = unary(P.square);
export const exp: Unary = unary(P.exp);
export const exp2: Unary = unary(P.exp2);
export const expm1: Unary = unary(P.expm1);
export const log: Unary = unary(P.log);
export const log1p: Unary = unary(P.log1p);
export const logistic: Unary = unary(P.logistic);
export const sin: Unary = unary(P.sin);
export const cos: Unary = unary(P.cos);
export const tan: Unary = unary(P.tan);
export const sinh: Unary = unary(P.sinh);
export const cosh: Unary = unary(P.cosh);
export const tanh: Unary = unary(P.tanh);
export const asin: Unary = unary(P.asin);
export const acos: Unary = unary(P.acos);
export const atan: Unary = unary(P.atan);
export const asinh: Unary = unary(P.asinh);
export const acosh: Unary = unary(P.acosh);
export const atanh: Unary = unary(P.atanh);
export const erf: Unary = unary(P.erf);
export const erfc: Unary = unary(P.erfc);
export const erfInv: Unary = unary(P.erf_inv);
export const lgamma: Unary = unary(P.lgamma);
export const digamma: Unary = unary(P.digamma);
export const isFinite: Unary = unary(P.is_finite);
export const not: Unary = unary(P.not);
export const real: Unary = unary(P.real);
export const imag: Unary = unary(P.imag);
export const conj: Unary = (x) => bind1(P.conj, [x], { inputDtype: x.dtype });

/** `cases[which]` elementwise; `which` is bool or int32, 0-d or of the cases' shape. */
export function selectN(which: JaxArray, ...cases: readonly JaxArray[]): JaxArray {
  return bind1(P.select_n, [which, ...cases]);
}

/** `whenTrue` where `condition` holds, else `whenFalse`; numbers take the other's dtype and shape. */
export function where(condition: JaxArray, whenTrue: Operand, whenFalse: Operand): JaxArray {
  const shape = condition.shape;
  const model = whenTrue instanceof JaxArray ? whenTrue : whenFalse as JaxArray;
  const full = (v: Operand): JaxArray => {
    const x = v instanceof JaxArray ? v : like(model, v);
    const target = model.shape.length ? model.shape : shape;
    return x.shape.length === 0 && target.length ? broadcastInDim(x, target, []) : x;
  };
  return selectN(condition, full(whenFalse), full(whenTrue));
}

/** x^y for an integer y. */
export function integerPow(x: JaxArray, y: number): JaxArray {
  return bind1(P.integer_pow, [x], { y });
}

/** Conversion to a dtype; already of it: x itself. Constants are converted at once. */
export function convert(x: JaxArray, dtype: DType, weakType = false): JaxArray {
  if (x.dtype === dtype && x.weakType === weakType) return x;
  const literal = x instanceof ConcreteArray && x.committed === null ? x.literal : undefined;
  if (literal !== undefined && dtype.num >= 0) {
    return scalarArray(castScalar(literal, x.dtype, dtype), dtype, weakType);
  }
  return bind1(P.convert_element_type, [x], { newDtype: dtype, weakType });
}

/** Axis i of x becomes axis `broadcastDimensions[i]` of the result. */
export function broadcastInDim(
  x: JaxArray,
  shape: readonly number[],
  broadcastDimensions: readonly number[],
): JaxArray {
  return bind1(P.broadcast_in_dim, [x], { shape: [...shape], broadcastDimensions: [...broadcastDimensions] });
}

/** A full array of one value. */
export function full(shape: readonly number[], value: number | bigint | boolean, dtype: DType): JaxArray {
  const s = scalarArray(value, dtype);
  return shape.length ? broadcastInDim(s, shape, []) : s;
}

export function reshape(x: JaxArray, newSizes: readonly number[]): JaxArray {
  return bind1(P.reshape, [x], { newSizes: [...newSizes] });
}

export function transpose(x: JaxArray, permutation: readonly number[]): JaxArray {
  if (permutation.every((p, i) => p === i)) return x;
  return bind1(P.transpose, [x], { permutation: [...permutation] });
}

/** Removes axes of size 1. */
export function squeeze(x: JaxArray, dimensions: readonly number[]): JaxArray {
  return dimensions.length ? bind1(P.squeeze, [x], { dimensions: [...dimensions] }) : x;
}

/** Inserts axes of size 1 at these positions of the result. */
export function expandDims(x: JaxArray, dimensions: readonly number[]): JaxArray {
  if (dimensions.length === 0) return x;
  const rank = x.ndim + dimensions.length, shape: number[] = [], kept: number[] = [];
  for (let i = 0, j = 0; i < rank; i++) {
    if (dimensions.includes(i)) shape.push(1);
    else {
      kept.push(i);
      shape.push(x.shape[j++]!);
    }
  }
  return broadcastInDim(x, shape, kept);
}

export function reduceSum(x: JaxArray, axes: readonly number[]): JaxArray {
  return axes.length ? bind1(P.reduce_sum, [x], { axes: [...axes] }) : x;
}

export function reduceMax(x: JaxArray, axes: readonly number[]): JaxArray {
  return axes.length ? bind1(P.reduce_max, [x], { axes: [...axes] }) : x;
}

/** x[start : limit : strides] on each axis; strides null is all ones. */
export function slice(
  x: JaxArray,
  startIndices: readonly number[],
  limitIndices: readonly number[],
  strides: readonly number[] | null = null,
): JaxArray {
  return bind1(P.slice, [x], {
    startIndices: [...startIndices],
    limitIndices: [...limitIndices],
    strides: strides && [...strides],
  });
}

/** Elements [start, limit) of one axis. */
export function sliceInDim(x: JaxArray, start: number, limit: number, axis: number, stride = 1): JaxArray {
  const starts = x.shape.map((_, i) => i === axis ? start : 0);
  const limits = x.shape.map((n, i) => i === axis ? limit : n);
  return slice(x, starts, limits, x.shape.map((_, i) => i === axis ? stride : 1));
}

/** Padding of each axis: [low, high, interior]. */
export function pad(
  x: JaxArray,
  value: JaxArray,
  paddingConfig: readonly (readonly [number, number, number])[],
): JaxArray {
  return bind1(P.pad, [x, value], { paddingConfig: paddingConfig.map((c) => [...c]) });
}

export function concatenate(xs: readonly JaxArray[], dimension: number): JaxArray {
  return xs.length === 1 ? xs[0]! : bind1(P.concatenate, xs, { dimension });
}

export function rev(x: JaxArray, dimensions: readonly number[]): JaxArray {
  return dimensions.length ? bind1(P.rev, [x], { dimensions: [...dimensions] }) : x;
}

/** Indices along one axis of a shape. */
export function iota(dtype: DType, shape: readonly number[], dimension: number): JaxArray {
  return bind1(P.iota, [], { dtype, shape: [...shape], dimension });
}

/** Contracting and batch axes of both operands, as JAX's `(([l], [r]), ([lb], [rb]))`. */
export interface DotDimensionNumbers {
  readonly contract: readonly [readonly number[], readonly number[]];
  readonly batch: readonly [readonly number[], readonly number[]];
}

export function dotGeneral(
  lhs: JaxArray,
  rhs: JaxArray,
  dimensionNumbers: DotDimensionNumbers,
  preferredElementType: DType | null = null,
): JaxArray {
  return bind1(P.dot_general, [lhs, rhs], { dimensionNumbers, precision: null, preferredElementType });
}
