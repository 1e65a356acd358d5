/**
 * Cumulative sums, products, extrema and log-sum-exps along an axis.
 *
 * @module
 */
import { constant } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { tuple } from "../avals.ts";
import { type DType, isComplex, isInexact } from "../dtypes.ts";
import { ValueError } from "../errors.ts";
import { jvpFlat } from "../jvp.ts";
import { type Primitive, type Rules, type UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1, current } from "../trace.ts";
import { linearJvp } from "./_combinators.ts";
import { buildScan, type Recurrence } from "./_scan_kernel.ts";
import { associativeScan } from "./_tree.ts";

/** The axis, and whether element i combines elements i to n - 1 instead of 0 to i. */
export interface CumulativeParams {
  readonly axis: number;
  readonly reverse: boolean;
}

interface CumulativeSpec {
  readonly recurrence: (dtype: DType) => Recurrence;
  readonly combine: (x: JaxArray, y: JaxArray) => JaxArray;
  readonly jvp: Rules<CumulativeParams>["jvp"];
  readonly transpose?: Rules<CumulativeParams>["transpose"];
  /** Takes floats and complex numbers only. */
  readonly inexact?: boolean;
}

function defineCumulative(primitive: Primitive, spec: CumulativeSpec): void {
  (primitive as Primitive<CumulativeParams>).define({
    abstractEval([aval], { axis }) {
      const { shape, ndim, dtype } = aval!;
      if (axis < 0) throw new ValueError("XLA operations do not allow negative axes");
      if (axis >= ndim) {
        throw new ValueError(`axis ${axis} is out of bounds for array of shape ${tuple(shape)}`);
      }
      if (spec.inexact ? !isInexact(dtype) : dtype.num <= 0) {
        throw new TypeError(
          `${primitive.name} does not accept dtype ${dtype.name}. Accepted dtypes are subtypes of ${
            spec.inexact ? "floating, complexfloating" : "number"
          }.`,
        );
      }
      return [aval!];
    },
    jvp: spec.jvp,
    transpose: spec.transpose ?? "nonlinear",
    batch: (_axis, args, dims, { axis, reverse }) => [
      bind(primitive, args, { axis: axis < dims[0]! ? axis : axis + 1, reverse }),
      dims,
    ],
    lower: {
      kind: "routine",
      build(k, [x], [out], { axis, reverse }) {
        buildScan(k, x!, out!, { axis, reverse, recurrence: spec.recurrence(x!.aval.dtype) });
      },
      forThreads([aval], { axis, reverse }) {
        const n = aval!.shape[axis]!, lines = aval!.size / n;
        if (n <= shortLine || lines >= manyLines) return null;
        return ([x]) => [inBlocks(primitive, spec.combine, x!, { axis, reverse })];
      },
    },
  });
}

/** Lines that a thread each is enough for, and lines that keep enough threads busy. */
const shortLine = 512;
const manyLines = 4096;

/** Cuts each line in blocks, scans these and the blocks' results, and combines both. */
function inBlocks(
  primitive: Primitive,
  combine: CumulativeSpec["combine"],
  x: JaxArray,
  { axis, reverse }: CumulativeParams,
): JaxArray {
  if (reverse) {
    return raw.rev(inBlocks(primitive, combine, raw.rev(x, [axis]), { axis, reverse: false }), [axis]);
  }
  const { shape } = x, n = shape[axis]!;
  const length = Math.min(shortLine, Math.ceil(Math.sqrt(n))), blocks = Math.ceil(n / length);
  const rest = blocks * length - n,
    split = [...shape.slice(0, axis), blocks, length, ...shape.slice(axis + 1)];
  // What is appended comes after everything that is kept.
  const padded = rest === 0
    ? x
    : raw.pad(x, raw.scalar(0, x.dtype), shape.map((_, k) => [0, k === axis ? rest : 0, 0] as const));
  const inner = bind1(primitive, [raw.reshape(padded, split)], { axis: axis + 1, reverse: false });
  const last = raw.squeeze(raw.sliceInDim(inner, length - 1, length, axis + 1), [axis + 1]);
  const totals = bind1(primitive, [last], { axis, reverse: false });
  const before = raw.expandDims(raw.sliceInDim(totals, 0, blocks - 1, axis), [axis + 1]);
  const first = raw.sliceInDim(inner, 0, 1, axis), others = raw.sliceInDim(inner, 1, blocks, axis);
  const spread = raw.broadcastInDim(before, others.shape, before.shape.map((_, k) => k));
  const joined = raw.concatenate([first, combine(spread, others)], axis);
  const whole = raw.reshape(joined, shape.map((size, k) => k === axis ? blocks * length : size));
  return rest === 0 ? whole : raw.sliceInDim(whole, 0, n, axis);
}

/** Differentiates the scan of log depth, which follows from the combination's derivative at any order. */
function scanJvp(combine: (x: JaxArray, y: JaxArray) => JaxArray): Rules<CumulativeParams>["jvp"] {
  return (primals, tangents, { axis, reverse }) => {
    const flip = (x: JaxArray): JaxArray => reverse ? raw.rev(x, [axis]) : x;
    const { outs, tangents: outTangents } = jvpFlat(
      (x) => associativeScan(([a], [b]) => [combine(a!, b!)], [flip(x!)], axis).map(flip),
      primals,
      tangents,
    );
    return [outs, outTangents];
  };
}

defineCumulative(P.cumsum, {
  recurrence: (dtype) => ({ next: s.add, wide: dtype.name === "float32" || dtype.name === "complex64" }),
  combine: raw.add,
  jvp: linearJvp(() => P.cumsum),
  transpose: ([ct], [x], { axis, reverse }) => {
    if (ct instanceof Zero) return [new Zero((x as UndefinedPrimal).aval.tangent())];
    return [bind1(P.cumsum, [ct as JaxArray], { axis, reverse: !reverse })];
  },
});

for (
  const [primitive, next, combine] of [
    [P.cumprod, s.mul, raw.mul],
    [P.cummax, s.max, raw.max],
    [P.cummin, s.min, raw.min],
  ] as const
) defineCumulative(primitive, { recurrence: () => ({ next }), combine, jvp: scanJvp(combine) });

/** log(eˣ + eʸ), from the larger one and the difference. */
function logAddExpValue(x: JaxArray, y: JaxArray): JaxArray {
  const larger = raw.max(x, y);
  if (isComplex(x.dtype)) {
    const difference = raw.sub(raw.add(x, y), raw.mul(larger, 2));
    const out = raw.add(larger, raw.log1p(raw.exp(difference)));
    return raw.complex(raw.real(out), wrapAngle(raw.imag(out)));
  }
  const difference = raw.sub(x, y);
  const regular = raw.add(larger, raw.log1p(raw.exp(raw.neg(raw.abs(difference)))));
  // Equal infinities differ by NaN.
  return raw.selectN(raw.ne(difference, difference), regular, raw.add(x, y));
}

function wrapAngle(x: JaxArray): JaxArray {
  const turn = 2 * Math.PI, rest = raw.rem(raw.add(x, Math.PI), turn);
  return raw.sub(raw.selectN(raw.lt(rest, 0), rest, raw.add(rest, turn)), Math.PI);
}

function withoutInfinity(x: JaxArray): JaxArray {
  const re = isComplex(x.dtype) ? raw.real(x) : x;
  return raw.selectN(raw.eq(re, Infinity), x, raw.fullLike(x, 0));
}

/** log(eˣ + eʸ) elementwise, with the derivative eˣ⁻ᶻ dx + eʸ⁻ᶻ dy that stays finite. */
export function logAddExp(x: JaxArray, y: JaxArray): JaxArray {
  return current().processCustomJvp({
    name: "logaddexp",
    numConsts: 0,
    fun: (a, b) => [logAddExpValue(a!, b!)],
    jvp: ([a, b], [da, db]) => {
      const out = logAddExp(a!, b!), z = withoutInfinity(out);
      const part = (u: JaxArray, du: JaxArray): JaxArray =>
        raw.mul(du, raw.exp(raw.sub(withoutInfinity(u), z)));
      return [[out], [raw.add(part(a!, da!), part(b!, db!))]];
    },
  }, [x, y])[0]!;
}

defineCumulative(P.cumlogsumexp, {
  recurrence: (dtype) => isComplex(dtype) ? complexLogSumExp : logSumExp,
  combine: logAddExp,
  jvp: scanJvp(logAddExp),
  inexact: true,
});

const like = (x: Expr, value: number): Expr => constant(x.type, value);

/** The maximum m and Σ eˣ⁻ᵐ: one exponential for each element, of a number that is never positive. */
const logSumExp: Recurrence = {
  start: (x) => [x, like(s.real(x), 1)],
  step([m, sum], x) {
    const one = like(s.real(x), 1);
    const shrink = s.exp(s.neg(s.abs(s.sub(x, m!)))), larger = s.gt(x, m!);
    const scaled = s.select(larger, s.add(s.mul(sum!, shrink), one), s.add(sum!, shrink));
    // Equal infinities differ by NaN; their ratio counts as one.
    return [s.select(larger, x, m!), s.select(s.eq(x, m!), s.add(sum!, one), scaled)];
  },
  result: ([m, sum]) => s.add(m!, s.log(sum!)),
};

const complexLogSumExp: Recurrence = {
  next(x, y) {
    const larger = s.max(x, y), difference = s.sub(s.add(x, y), s.add(larger, larger));
    const out = s.add(larger, s.log1p(s.exp(difference)));
    const im = s.imag(out), turn = like(im, 2 * Math.PI), half = like(im, Math.PI);
    const rest = s.rem(s.add(im, half), turn);
    const wrapped = s.sub(s.select(s.lt(rest, like(im, 0)), s.add(rest, turn), rest), half);
    return s.complexOf(s.real(out), wrapped);
  },
};
