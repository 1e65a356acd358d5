/**
 * Reductions over axes with a known monoid, and the positions of extrema.
 *
 * @module
 */
import type { Expr, Monoid } from "../../kernel/ir.ts";
import type { ComputeContext, Reduction, Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { shaped, type ShapedArray, tuple } from "../avals.ts";
import { type DType, iinfo, int32, isBool, isComplex, isInexact, isInteger } from "../dtypes.ts";
import { ValueError } from "../errors.ts";
import { jvpFlat } from "../jvp.ts";
import {
  type BatchRule,
  type JvpRule,
  type Primitive,
  type Rules,
  type UndefinedPrimal,
  Zero,
} from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";
import { linearJvp } from "./_combinators.ts";
import { range } from "./_shapes.ts";
import { reduceTree } from "./_tree.ts";

/** Axes that are reduced away. */
export interface ReduceParams {
  readonly axes: readonly number[];
}

/** The least element of a dtype, which leaves others as they are under max. */
export function leastOf(dtype: DType): number | bigint | boolean {
  if (isInexact(dtype)) return -Infinity;
  if (isInteger(dtype)) return iinfo(dtype).min;
  if (isBool(dtype)) return false;
  throw new ValueError(`Unsupported dtype for max: ${dtype.name}`);
}

/** The greatest element of a dtype, which leaves others as they are under min. */
export function greatestOf(dtype: DType): number | bigint | boolean {
  if (isInexact(dtype)) return Infinity;
  if (isInteger(dtype)) return iinfo(dtype).max;
  if (isBool(dtype)) return true;
  throw new ValueError(`Unsupported dtype for min: ${dtype.name}`);
}

/** An associative combination of scalars with its identity. */
export interface Reducer {
  /** The identity in a dtype. */
  readonly identity: (dtype: DType) => number | bigint | boolean;
  readonly combine: (x: Val, y: Val) => Val;
  /** Its name where a backend may reorder it component by component. */
  readonly monoid: (dtype: DType) => Monoid | undefined;
}

const boolOr = (onBool: Monoid, otherwise: Monoid) => (dtype: DType): Monoid | undefined =>
  isBool(dtype) ? onBool : isComplex(dtype) ? undefined : otherwise;

/** The reducers by the name of their elementwise operation. */
export const reducers: Readonly<Record<"add" | "mul" | "max" | "min" | "and" | "or" | "xor", Reducer>> = {
  add: { identity: () => 0, combine: s.add, monoid: () => "add" },
  mul: { identity: () => 1, combine: s.mul, monoid: (dtype) => isComplex(dtype) ? undefined : "mul" },
  max: { identity: leastOf, combine: s.max, monoid: boolOr("or", "max") },
  min: { identity: greatestOf, combine: s.min, monoid: boolOr("and", "min") },
  and: { identity: (dtype) => isBool(dtype) ? true : -1, combine: s.and, monoid: () => "and" },
  or: { identity: (dtype) => isBool(dtype) ? false : 0, combine: s.or, monoid: () => "or" },
  xor: { identity: (dtype) => isBool(dtype) ? false : 0, combine: s.xor, monoid: () => "xor" },
};

/** The part of a reduction that does not depend on what is reduced. */
export function reductionOf(
  reducer: Reducer,
  dtype: DType,
): Pick<Reduction, "init" | "combine" | "finish"> & { monoid?: Monoid } {
  const monoid = reducer.monoid(dtype);
  return {
    init: [s.constVal(dtype, reducer.identity(dtype))],
    combine: ([x], [y]) => [reducer.combine(x!, y!)],
    finish: ([x]) => [s.narrowVal(dtype, x!)],
    ...(monoid ? { monoid } : {}),
  };
}

/** The axes that stay. */
export function keptAxes(ndim: number, axes: readonly number[]): number[] {
  return range(ndim).filter((i) => !axes.includes(i));
}

/** Sizes of reduced axes, and the operand's index from an output's and a reduced one. */
export function reducedSpace(shape: readonly number[], axes: readonly number[]): {
  space: readonly number[];
  index: (out: readonly Expr[], reduced: readonly Expr[]) => Expr[];
} {
  const sorted = [...axes].sort((a, b) => a - b), kept = keptAxes(shape.length, axes);
  return {
    space: sorted.map((a) => shape[a]!),
    index(out, reduced) {
      const at: Expr[] = new Array(shape.length);
      kept.forEach((a, i) => at[a] = out[i]!);
      sorted.forEach((a, i) => at[a] = reduced[i]!);
      return at;
    },
  };
}

/** A shape without some of its axes; raises JAX's errors for axes that are not there. */
export function reducedShape(aval: ShapedArray, axes: readonly number[]): readonly number[] {
  if (new Set(axes).size !== axes.length) {
    throw new ValueError(`duplicate value in 'axes' of reduction: ${tuple(axes)}`);
  }
  if (!axes.every((a) => Number.isInteger(a) && a >= 0 && a < aval.ndim)) {
    throw new ValueError(`reduction axes ${tuple(axes)} contains out-of-bounds indices for ${aval}.`);
  }
  return aval.shape.filter((_, i) => !axes.includes(i));
}

/** Axes of an operand after a mapped axis is put in, and where that axis is in the result. */
export function batchedAxes(axes: readonly number[], dim: number): { axes: number[]; outDim: number } {
  const moved = axes.map((a) => a < dim ? a : a + 1);
  return { axes: moved, outDim: dim - moved.filter((a) => a < dim).length };
}

function reduceBatch<Q extends ReduceParams>(primitive: () => Primitive): BatchRule<Q> {
  return (_axis, args, dims, params) => {
    const { axes, outDim } = batchedAxes(params.axes, dims[0]!);
    return [bind(primitive(), args, { ...params, axes }), [outDim]];
  };
}

interface ReduceSpec {
  readonly reducer: Reducer;
  /** Raises unless the dtype is one that the primitive takes. */
  readonly check?: (dtype: DType) => void;
  readonly strong?: boolean;
  readonly jvp: Rules<ReduceParams>["jvp"];
  readonly transpose?: Rules<ReduceParams>["transpose"];
  readonly printParams?: Rules<ReduceParams>["printParams"];
}

function defineReduce(primitive: Primitive, spec: ReduceSpec): void {
  (primitive as Primitive<ReduceParams>).define({
    abstractEval([aval], { axes }) {
      const { dtype, weakType } = aval!;
      const shape = reducedShape(aval!, axes);
      spec.check?.(dtype);
      return [shaped(shape, dtype, weakType && !spec.strong)];
    },
    jvp: spec.jvp,
    transpose: spec.transpose ?? "nonlinear",
    batch: reduceBatch(() => primitive),
    lower: {
      kind: "reduce",
      plan({ params, inputs }: ComputeContext<ReduceParams>) {
        const x = inputs[0]!, { space, index } = reducedSpace(x.aval.shape, params.axes);
        return {
          ...reductionOf(spec.reducer, x.aval.dtype),
          space,
          value: (out, reduced) => [x.at(index(out, reduced))],
        };
      },
    },
    ...(spec.printParams ? { printParams: spec.printParams } : {}),
  });
}

function checkNumber(name: string): (dtype: DType) => void {
  return (dtype) => {
    if (dtype.num > 0) return;
    throw new TypeError(
      `${name} does not accept dtype ${dtype.name}. Accepted dtypes are subtypes of number.`,
    );
  };
}

function checkLogical(dtype: DType): void {
  if (isBool(dtype) || isInteger(dtype)) return;
  throw new TypeError(`logical reduction requires operand dtype bool or int, got ${dtype.name}.`);
}

defineReduce(P.reduce_sum, {
  reducer: reducers.add,
  check: checkNumber("reduce_sum"),
  jvp: linearJvp(() => P.reduce_sum),
  // Each summand has the cotangent of its sum.
  transpose: ([ct], [x], { axes }) => {
    const { aval } = x as UndefinedPrimal;
    if (ct instanceof Zero) return [new Zero(aval.tangent())];
    return [raw.broadcastInDim(ct as JaxArray, aval.shape, keptAxes(aval.ndim, axes))];
  },
  printParams: ({ axes }) => ({ axes, out_sharding: null }),
});

defineReduce(P.reduce_prod, {
  reducer: reducers.mul,
  check: checkNumber("reduce_prod"),
  // Products of halves of halves: no division, so that zeros among the factors do no harm.
  jvp: ([x], [t], { axes }) => {
    const { outs, tangents } = jvpFlat(
      (y) => reduceTree(([a], [b]) => [raw.mul(a!, b!)], [y!], [raw.like(x!, 1)], axes),
      [x!],
      [t!],
    );
    return [outs, tangents];
  },
});

/** The tangent of an extremum is the mean of the tangents of the elements that attain it. */
function extremumJvp(primitive: () => Primitive): JvpRule<ReduceParams> {
  return ([x], [t], params) => {
    const out = bind1(primitive(), [x!], params);
    if (t instanceof Zero) return [[out], [new Zero(out.aval.tangent())]];
    const { axes } = params, tangent = t as JaxArray;
    const unit = x!.shape.map((n, i) => axes.includes(i) ? 1 : n);
    const attained = raw.convert(raw.eq(x!, raw.reshape(out, unit)), tangent.dtype);
    const counts = raw.reduceSum(attained, axes);
    return [[out], [raw.div(raw.reduceSum(raw.mul(tangent, attained), axes), counts)]];
  };
}

defineReduce(P.reduce_max, { reducer: reducers.max, jvp: extremumJvp(() => P.reduce_max) });
defineReduce(P.reduce_min, { reducer: reducers.min, jvp: extremumJvp(() => P.reduce_min) });
defineReduce(P.reduce_and, { reducer: reducers.and, check: checkLogical, strong: true, jvp: "zero" });
defineReduce(P.reduce_or, { reducer: reducers.or, check: checkLogical, strong: true, jvp: "zero" });
defineReduce(P.reduce_xor, { reducer: reducers.xor, check: checkLogical, strong: true, jvp: "zero" });

/** The one axis that is searched, and the dtype of the positions. */
export interface ArgExtremumParams {
  readonly axes: readonly number[];
  readonly indexDtype: DType;
}

function defineArgExtremum(primitive: Primitive, extremum: "max" | "min"): void {
  (primitive as Primitive<ArgExtremumParams>).define({
    abstractEval([aval], { axes, indexDtype }) {
      const { shape, dtype } = aval!, axis = axes[0]!;
      if (!(axis >= 0 && axis < shape.length)) {
        throw new ValueError(`Invalid axis ${axis} for operand shape ${tuple(shape)}`);
      }
      if (shape[axis]! < 1) {
        throw new ValueError(
          `argmin and argmax require non-empty reduced dimension. operand.shape=${tuple(shape)} axis=${axis}`,
        );
      }
      if (!isInteger(indexDtype)) {
        throw new TypeError(`index_dtype must be an integer type, but got ${indexDtype.name}`);
      }
      if (isComplex(dtype) || dtype.num < 0) {
        const name = extremum === "max" ? "gt" : "lt";
        throw new TypeError(
          `${name} does not accept dtype ${dtype.name} at position 0. Accepted dtypes at position 0 are subtypes of ` +
            "integer, floating, bool.",
        );
      }
      return [shaped(shape.filter((_, i) => i !== axis), indexDtype)];
    },
    jvp: "zero",
    transpose: "nonlinear",
    batch: reduceBatch(() => primitive),
    // The first position that holds the extremum or, since NaN is then the extremum, that holds NaN.
    lower: {
      kind: "decompose",
      as([x], { axes, indexDtype }) {
        const { shape } = x!, axis = axes[0]!;
        const best = bind1(extremum === "max" ? P.reduce_max : P.reduce_min, [x!], { axes });
        const unit = raw.reshape(best, shape.map((n, i) => i === axis ? 1 : n));
        let attained = raw.eq(x!, unit);
        if (isInexact(x!.dtype)) attained = raw.or(attained, raw.ne(x!, x!));
        const positions = raw.iota(int32, shape, axis);
        const first = raw.selectN(attained, raw.fullLike(positions, shape[axis]!), positions);
        return [raw.convert(bind1(P.reduce_min, [first], { axes }), indexDtype)];
      },
    },
    printParams: ({ axes, indexDtype }) => ({ axes, index_dtype: indexDtype }),
  });
}

defineArgExtremum(P.argmax, "max");
defineArgExtremum(P.argmin, "min");
