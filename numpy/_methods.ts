/**
 * Gives arrays the functions of this folder as methods.
 *
 * @module
 */
import { type ArrayLike, installMethods, installProperties, type JaxArray } from "../core/mod.ts";
import { byteswap, view } from "./_view.ts";
import { argmax, argmin } from "./arg_extrema.ts";
import {
  absolute,
  add,
  divmod,
  floorDivide,
  multiply,
  negative,
  positive,
  power,
  remainder,
  subtract,
  trueDivide,
} from "./arithmetic.ts";
import { astype, copy } from "./arrays.ts";
import { bitwiseAnd, bitwiseOr, bitwiseXor, invert, leftShift, rightShift } from "./bitwise.ts";
import { equal, greater, greaterEqual, less, lessEqual, notEqual } from "./comparison.ts";
import { conjugate, imag, real } from "./complex.ts";
import { cumprod, cumsum } from "./cumulative.ts";
import { diagonal, trace } from "./diagonal.ts";
import { mean, std, var as variance } from "./moments.ts";
import { compress, nonzero } from "./nonzero.ts";
import { dot, matmul } from "./products.ts";
import { repeat } from "./rearrange.ts";
import { all, any, max, min, prod, ptp, sum } from "./reductions.ts";
import { round } from "./rounding.ts";
import { searchsorted } from "./searching.ts";
import { choose, clip } from "./selection.ts";
import { matrixTranspose, ravel, reshape, squeeze, swapaxes, transpose } from "./shape.ts";
import { argpartition, argsort, sort } from "./sorting.ts";
import { take } from "./take.ts";

/** Sizes or axes given one by one, or as one list; an options object may follow. */
function listArgument(args: readonly unknown[]): [list: unknown, ...rest: unknown[]] {
  const last = args.at(-1),
    hasOptions = typeof last === "object" && last !== null && !Array.isArray(last) &&
      Object.getPrototypeOf(last) === Object.prototype;
  const given = hasOptions ? args.slice(0, -1) : args, rest = hasOptions ? [last] : [];
  return given.length === 1 ? [given[0], ...rest] : [given, ...rest];
}

installMethods({
  add,
  sub: subtract,
  subtract,
  mul: multiply,
  multiply,
  div: trueDivide,
  divide: trueDivide,
  floorDivide,
  mod: remainder,
  divmod,
  pow: power,
  matmul,
  neg: negative,
  pos: positive,
  abs: absolute,
  eq: equal,
  ne: notEqual,
  lt: less,
  le: lessEqual,
  gt: greater,
  ge: greaterEqual,
  and: bitwiseAnd,
  or: bitwiseOr,
  xor: bitwiseXor,
  invert,
  lshift: leftShift,
  rshift: rightShift,
  all,
  any,
  argmax,
  argmin,
  argpartition,
  argsort,
  astype,
  byteswap,
  choose,
  clip,
  compress: (x: JaxArray, condition: ArrayLike, ...rest: never[]) => compress(condition, x, ...rest),
  conj: conjugate,
  conjugate,
  copy,
  cumprod,
  cumsum,
  diagonal,
  dot,
  flatten: ravel,
  max,
  mean,
  min,
  nonzero,
  prod,
  ptp,
  ravel,
  repeat,
  reshape: (x: JaxArray, ...shape: unknown[]) => reshape(x, ...listArgument(shape) as [number[]]),
  round,
  searchsorted,
  sort,
  squeeze,
  std,
  sum,
  swapaxes,
  take,
  trace,
  transpose: (x: JaxArray, ...axes: unknown[]) =>
    axes.length ? transpose(x, ...listArgument(axes) as [number[]]) : transpose(x),
  var: variance,
  view,
});

installProperties({ real, imag, T: (x) => transpose(x), mT: matrixTranspose });
