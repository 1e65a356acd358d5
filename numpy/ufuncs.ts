/**
 * The functions of `jax.numpy` that are universal functions: they have `reduce`, `accumulate`, `outer`, `at` and
 * `reduceat`.
 *
 * @module
 */
import {
  type Axis,
  bind1,
  canonicalAxis,
  type JaxArray,
  P,
  type Primitive,
  raw,
  type ReduceOptions,
} from "../core/mod.ts";
import { toArray } from "./convert.ts";
import { select, toBool } from "./_where.ts";
import * as arithmetic from "./arithmetic.ts";
import * as bitwise from "./bitwise.ts";
import * as comparison from "./comparison.ts";
import * as extremes from "./extremes.ts";
import { type BinaryUfunc, ufunc, type UfuncReduceOptions, type UnaryUfunc } from "./ufunc.ts";

/** A reduction by a primitive, with its identity in place of elements that do not count. */
function byPrimitive(
  primitive: Primitive,
  identity: boolean | number,
  prepare: (x: JaxArray) => JaxArray,
): (a: JaxArray, options: UfuncReduceOptions) => JaxArray {
  return (a, { axis = 0, keepdims = false, where = null, initial = null }) => {
    const x = prepare(a), neutral = raw.fullLike(x, identity);
    const counted = where === null ? x : select(toArray(where, primitive.name), x, neutral);
    const axes = axis === null
      ? a.shape.map((_, i) => i)
      : [axis as Axis].flat().map((i) => canonicalAxis(i, a.ndim));
    const reduced = bind1(primitive, [counted], { axes });
    const kept = keepdims ? reduced.reshape(a.shape.map((n, i) => axes.includes(i) ? 1 : n)) : reduced;
    if (initial === null) return kept;
    const start = prepare(toArray(initial, primitive.name));
    return primitive === P.reduce_and
      ? kept.and(start)
      : primitive === P.reduce_or
      ? kept.or(start)
      : kept.xor(start);
  };
}

const same = (x: JaxArray): JaxArray => x;

/** The sum; see {@linkcode arithmetic.add}. */
export const add: BinaryUfunc = ufunc(arithmetic.add, "add", {
  nin: 2,
  nout: 1,
  identity: 0,
  reduce: (a, options) => a.sum(options),
  accumulate: (a, options) => a.cumsum(options),
  at: (a, indices, b) => a.at(...indices).add(b),
});

/** The product; see {@linkcode arithmetic.multiply}. */
export const multiply: BinaryUfunc = ufunc(arithmetic.multiply, "multiply", {
  nin: 2,
  nout: 1,
  identity: 1,
  reduce: (a, options) => a.prod(options),
  accumulate: (a, options) => a.cumprod(options),
  at: (a, indices, b) => a.at(...indices).multiply(b),
});

/** The difference; see {@linkcode arithmetic.subtract}. */
export const subtract: BinaryUfunc = ufunc(arithmetic.subtract, "subtract", {
  nin: 2,
  nout: 1,
  identity: null,
  at: (a, indices, b) => a.at(...indices).subtract(b),
});

/** The negation; see {@linkcode arithmetic.negative}. */
export const negative: UnaryUfunc = ufunc(arithmetic.negative, "negative", {
  nin: 1,
  nout: 1,
  identity: null,
});

const extremum = ({ dtype: _dtype, ...options }: UfuncReduceOptions): ReduceOptions =>
  options as ReduceOptions;

/** The larger one; see {@linkcode extremes.maximum}. */
export const maximum: BinaryUfunc = ufunc(extremes.maximum, "maximum", {
  nin: 2,
  nout: 1,
  identity: null,
  reduce: (a, options) => a.max(extremum(options)),
});

/** The smaller one; see {@linkcode extremes.minimum}. */
export const minimum: BinaryUfunc = ufunc(extremes.minimum, "minimum", {
  nin: 2,
  nout: 1,
  identity: null,
  reduce: (a, options) => a.min(extremum(options)),
});

/** log(e^x1 + e^x2); see {@linkcode extremes.logaddexp}. */
export const logaddexp: BinaryUfunc = ufunc(extremes.logaddexp, "logaddexp", {
  nin: 2,
  nout: 1,
  identity: -Infinity,
});

/** log₂(2^x1 + 2^x2); see {@linkcode extremes.logaddexp2}. */
export const logaddexp2: BinaryUfunc = ufunc(extremes.logaddexp2, "logaddexp2", {
  nin: 2,
  nout: 1,
  identity: -Infinity,
});

/** The bits that are set in both; see {@linkcode bitwise.bitwiseAnd}. */
export const bitwiseAnd: BinaryUfunc = ufunc(bitwise.bitwiseAnd, "bitwise_and", {
  nin: 2,
  nout: 1,
  identity: -1,
  reduce: byPrimitive(P.reduce_and, -1, same),
});

/** The bits that are set in either; see {@linkcode bitwise.bitwiseOr}. */
export const bitwiseOr: BinaryUfunc = ufunc(bitwise.bitwiseOr, "bitwise_or", {
  nin: 2,
  nout: 1,
  identity: 0,
  reduce: byPrimitive(P.reduce_or, 0, same),
});

/** The bits that are set in exactly one; see {@linkcode bitwise.bitwiseXor}. */
export const bitwiseXor: BinaryUfunc = ufunc(bitwise.bitwiseXor, "bitwise_xor", {
  nin: 2,
  nout: 1,
  identity: 0,
  reduce: byPrimitive(P.reduce_xor, 0, same),
});

/** Whether both are true; see {@linkcode comparison.logicalAnd}. */
export const logicalAnd: BinaryUfunc = ufunc(comparison.logicalAnd, "logical_and", {
  nin: 2,
  nout: 1,
  identity: true,
  reduce: byPrimitive(P.reduce_and, true, toBool),
});

/** Whether either is true; see {@linkcode comparison.logicalOr}. */
export const logicalOr: BinaryUfunc = ufunc(comparison.logicalOr, "logical_or", {
  nin: 2,
  nout: 1,
  identity: false,
  reduce: byPrimitive(P.reduce_or, false, toBool),
});

/** Whether exactly one is true; see {@linkcode comparison.logicalXor}. */
export const logicalXor: BinaryUfunc = ufunc(comparison.logicalXor, "logical_xor", {
  nin: 2,
  nout: 1,
  identity: false,
  reduce: byPrimitive(P.reduce_xor, false, toBool),
});
