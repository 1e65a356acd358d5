/**
 * Comparisons and selection.
 *
 * @module
 */
import { binary, bitcast, compare, constant } from "../../kernel/expr.ts";
import type { Expr, ScalarType } from "../../kernel/ir.ts";
import { Pair, type Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { sameShape, shaped, tuple } from "../avals.ts";
import { matchDim, toFront } from "../batching.ts";
import { bool_, isInteger } from "../dtypes.ts";
import { addTangents } from "../jvp.ts";
import { type BatchDim, type Primitive, type Tangent, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";
import {
  type Accepts,
  anyDType,
  broadcastTo,
  checkAccepts,
  checkSameDType,
  defineElementwise,
  elementwise,
  floating,
  operandIndex,
} from "./_combinators.ts";

const ordered: Accepts = ["integer", "floating", "bool"];
const numberOrBool: Accepts = ["integer", "floating", "complexfloating", "bool"];

function defineComparison(primitive: Primitive, accepts: Accepts, scalar: (x: Val, y: Val) => Val): void {
  defineElementwise(primitive, {
    accepts: [accepts, accepts],
    result: () => bool_,
    scalar: ([x, y]) => scalar(x!, y!),
    jvp: "zero",
  });
}

defineComparison(P.eq, anyDType, s.eq);
defineComparison(P.ne, anyDType, s.ne);
defineComparison(P.lt, ordered, s.lt);
defineComparison(P.le, ordered, s.le);
defineComparison(P.gt, ordered, s.gt);
defineComparison(P.ge, ordered, s.ge);

/** An integer that orders floats as IEEE's totalOrder: −NaN < −∞ < … < −0 < +0 < … < +∞ < +NaN. */
function totalOrder(x: Expr): Expr {
  if (x.type !== "f32" && x.type !== "f64") return x;
  const type: ScalarType = x.type === "f32" ? "i32" : "i64";
  const bits = bitcast(type, x);
  // Negative floats grow with falling magnitude: their other bits are complemented.
  const sign = binary("shr", bits, constant(type, type === "i32" ? 31 : 63));
  const mask = binary("and", sign, constant(type, type === "i32" ? 0x7fffffff : 0x7fffffffffffffffn));
  return binary("xor", bits, mask);
}

const totalVal = (x: Val): Val =>
  x instanceof Pair ? new Pair(totalOrder(x.re), totalOrder(x.im)) : totalOrder(x);

defineComparison(P.eq_to, numberOrBool, (x, y) => s.eq(totalVal(x), totalVal(y)));
defineComparison(P.lt_to, ordered, (x, y) => s.lt(totalVal(x), totalVal(y)));
defineComparison(P.le_to, ordered, (x, y) => s.le(totalVal(x), totalVal(y)));

defineElementwise(P.is_finite, {
  accepts: [floating],
  result: () => bool_,
  scalar: ([x]) => s.isFinite(x!),
  jvp: "zero",
});

/** Splits a selection among `cases` numbered from `offset`: halves by comparing `which` with the middle. */
function selectCase(which: Expr, cases: readonly Val[], offset = 0): Val {
  if (cases.length === 1) return cases[0]!;
  const mid = cases.length >> 1;
  const below = compare("lt", which, constant(which.type, offset + mid));
  const low = selectCase(which, cases.slice(0, mid), offset);
  return s.select(below, low, selectCase(which, cases.slice(mid), offset + mid));
}

P.select_n.define({
  abstractEval([which, ...cases]) {
    const first = cases[0];
    if (first === undefined) throw new TypeError("select must have at least one case");
    if (cases.some((c) => !sameShape(c.shape, first.shape))) {
      const shapes = cases.map((c) => tuple(c.shape)).join(", ");
      throw new TypeError(`select cases must have the same shapes, got [${shapes}].`);
    }
    const { shape, dtype } = which!;
    if (shape.length && !sameShape(shape, first.shape)) {
      throw new TypeError(
        "select `which` must be scalar or have the same shape as cases, got `which` shape " +
          `${tuple(shape)} but case shape ${tuple(first.shape)}.`,
      );
    }
    checkSameDType("select", cases);
    if (dtype !== bool_ && !isInteger(dtype)) {
      throw new TypeError(`select \`which\` must be boolean or integer type, got ${dtype.name}.`);
    }
    if (dtype === bool_ && cases.length > 2) {
      throw new TypeError("select with boolean `which` cannot have > 2 cases.");
    }
    return [shaped(first.shape, first.dtype, cases.every((c) => c.weakType))];
  },
  jvp([which, ...cases], [, ...tangents]) {
    const out = raw.selectN(which!, ...cases);
    const model = tangents.find((t): t is JaxArray => !(t instanceof Zero));
    if (model === undefined) return [[out], [new Zero(out.aval.tangent())]];
    const zero = tangents.some((t) => t instanceof Zero) ? raw.fullLike(model, 0) : model;
    return [[out], [raw.selectN(which!, ...tangents.map((t) => t instanceof Zero ? zero : t))]];
  },
  transpose([ct], [which, ...cases]) {
    const linear = cases.map((c) => c instanceof UndefinedPrimal ? c.aval : null);
    if (ct instanceof Zero) return [null, ...linear.map((a) => a && new Zero(a.tangent()))];
    const zero = raw.fullLike(ct!, 0);
    const only = (i: number): JaxArray =>
      raw.selectN(which as JaxArray, ...cases.map((_, k) => k === i ? ct! : zero));
    return [null, ...linear.map((a, i) => a && only(i))];
  },
  batch(axis, [which, ...cases], [whichDim, ...dims]) {
    const whichRank = which!.ndim - (whichDim === null ? 0 : 1);
    const caseRank = cases[0]!.ndim - (dims[0] === null ? 0 : 1);
    // The mapped axis is where all cases have it, else in front.
    const agree = dims[0] !== null && dims.every((d) => d === dims[0]);
    const dim = agree ? dims[0]! : 0;
    const placed = cases.map((c, i) => matchDim(axis.size, c, dims[i]!, dim));
    if (whichDim === null && whichRank === 0) return [[raw.selectN(which!, ...placed)], [dim]];
    const selector = whichRank < caseRank
      ? raw.broadcastInDim(which!, placed[0]!.shape, [dim])
      : matchDim(axis.size, which!, whichDim!, dim);
    return [[raw.selectN(selector, ...placed)], [dim]];
  },
  lower: {
    kind: "pointwise",
    access: "elementwise",
    compute({ inputs: [which, ...cases], inAvals }, index) {
      const selector = which!.at(operandIndex(which!.aval, index)) as Expr;
      const values = cases.map((c) => c.at(index));
      if (values.length === 1) return values;
      if (inAvals[0]!.dtype === bool_) return [s.select(selector, values[1]!, values[0]!)];
      return [selectCase(selector, values)];
    },
  },
});

P.clamp.define({
  abstractEval(avals) {
    const [min, x, max] = avals;
    for (const [name, bound] of [["min", min!], ["max", max!]] as const) {
      if (bound.shape.length === 0 || sameShape(bound.shape, x!.shape)) continue;
      throw new TypeError(
        `clamp requires ${name}.shape == operand.shape or ${name}.shape == (), got ${name}.shape=${
          tuple(bound.shape)
        }, operand.shape=${tuple(x!.shape)}.`,
      );
    }
    avals.forEach((a, i) => checkAccepts("clamp", a.dtype, numberOrBool, i));
    checkSameDType("clamp", avals);
    return [shaped(x!.shape, x!.dtype, avals.every((a) => a.weakType))];
  },
  // The result is one of the three; at ties between x and a bound neither's tangent passes.
  jvp([min, x, max], tangents) {
    const out = bind1(P.clamp, [min!, x!, max!]);
    const where = [
      () => raw.and(raw.gt(min!, x!), raw.lt(min!, max!)),
      () => raw.and(raw.gt(x!, min!), raw.lt(x!, max!)),
      () => raw.lt(max!, x!),
    ];
    let total: Tangent = new Zero(out.aval.tangent());
    tangents.forEach((t, i) => {
      if (t instanceof Zero) return;
      const spread = broadcastTo(t, out.shape);
      const mask = broadcastTo(where[i]!(), out.shape);
      total = addTangents(total, raw.selectN(mask, raw.fullLike(spread, 0), spread));
    });
    return [[out], [total]];
  },
  transpose: "nonlinear",
  batch(axis, args, dims) {
    const [, x] = args, [, xDim] = dims;
    const rank = x!.ndim - (xDim === null ? 0 : 1);
    const agree = xDim !== null &&
      args.every((a, i) => dims[i] === null ? a.ndim === 0 : dims[i] === xDim && a.ndim === x!.ndim);
    if (agree) return [bind(P.clamp, args), [xDim!]];
    const operand = toFront(x!, xDim!, axis.size);
    const bound = (b: JaxArray, d: BatchDim): JaxArray => {
      if (d === null && b.ndim === 0) return b;
      if (d !== null && b.ndim === 1 && rank > 0) return raw.broadcastInDim(b, operand.shape, [0]);
      return toFront(b, d ?? null, axis.size);
    };
    return [bind(P.clamp, [bound(args[0]!, dims[0]!), operand, bound(args[2]!, dims[2]!)]), [0]];
  },
  lower: elementwise(([min, x, max]) => s.min(s.max(min!, x!), max!)),
});
