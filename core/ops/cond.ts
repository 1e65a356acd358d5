/**
 * `cond`: one of several branches, chosen by an int32 index.
 *
 * @module
 */
import { JaxArray } from "../array.ts";
import type { ShapedArray } from "../avals.ts";
import { batchJaxpr, toFront } from "../batching.ts";
import { ClosedJaxpr, dceJaxpr } from "../jaxpr.ts";
import { jvpJaxpr, zeros } from "../jvp.ts";
import { partialEvalJaxpr, type PartialEvalTrace } from "../partial_eval.ts";
import { type Tangent, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { evalClosed, stage } from "../staging.ts";
import { bind } from "../trace.ts";
import { transposeJaxpr } from "../transpose.ts";
import { joinConsts, nonzeroMask, nonzeroTangents } from "./regions.ts";

/** Parameters of cond: jaxprs of one signature, without constants. */
export interface CondParams {
  readonly branches: readonly ClosedJaxpr[];
}

/** Binds cond; constants of the branches become operands. */
function bindCond(
  index: JaxArray,
  branches: readonly ClosedJaxpr[],
  operands: readonly JaxArray[],
): readonly JaxArray[] {
  const { jaxprs, consts } = joinConsts(branches);
  return bind(P.cond, [index, ...consts, ...operands], { branches: jaxprs });
}

const union = (masks: readonly (readonly boolean[])[]): boolean[] =>
  masks[0]!.map((_, i) => masks.some((m) => m[i]));

P.cond.define({
  abstractEval: (_avals, { branches }: CondParams) => branches[0]!.outAvals,

  jvp([index, ...ops], [, ...tangents], { branches }: CondParams) {
    const nonzero = nonzeroMask(tangents);
    const out = union(branches.map((b) => jvpJaxpr(b, nonzero, false).nonzeroOut as boolean[]));
    const made = branches.map((b) => jvpJaxpr(b, nonzero, out).jaxpr);
    const outs = bindCond(index!, made, [...ops, ...nonzeroTangents(tangents)]);
    const avals = branches[0]!.outAvals;
    let next = avals.length;
    return [outs.slice(0, avals.length), avals.map((a, i) => out[i] ? outs[next++]! : new Zero(a.tangent()))];
  },

  partialEval(trace: PartialEvalTrace, args, { branches }: CondParams) {
    const [index, ...ops] = args;
    if (trace.isUnknown(index!)) return trace.record(P.cond, args, { branches }, branches[0]!.outAvals);
    const unknownIn = ops.map((x) => trace.isUnknown(x));
    const out = union(branches.map((b) => partialEvalJaxpr(b, unknownIn, false).unknownOut as boolean[]));
    const splits = branches.map((b) => partialEvalJaxpr(b, unknownIn, out));
    const residualAvals: ShapedArray[] = splits.flatMap((s) => [...s.residualAvals]);
    const knownOps = ops.filter((_, i) => !unknownIn[i]);
    const knownCount = out.filter((u) => !u).length;
    // Every branch gives the residuals of all, with zeros for those of the others.
    const known = splits.map((s, k) => {
      const { jaxpr, consts } = stage((...xs) => {
        const results = evalClosed(s.known, xs);
        const residuals = splits.flatMap((other, j) =>
          j === k ? results.slice(knownCount) : other.residualAvals.map((a) => zeros(a))
        );
        return [...results.slice(0, knownCount), ...residuals];
      }, knownOps.map((x) => x.aval));
      return new ClosedJaxpr(jaxpr, consts);
    });
    const results = bindCond(index!, known, knownOps);
    const unknownOps = ops.filter((_, i) => unknownIn[i]);
    const later = splits.map((s, k) => {
      const start = splits.slice(0, k).reduce((n, o) => n + o.residualAvals.length, 0);
      const { jaxpr, consts } = stage(
        (...xs) =>
          evalClosed(s.unknown, [
            ...xs.slice(start, start + s.residualAvals.length),
            ...xs.slice(residualAvals.length),
          ]),
        [...residualAvals, ...unknownOps.map((x) => x.aval)],
      );
      return new ClosedJaxpr(jaxpr, consts);
    });
    const joined = joinConsts(later);
    const recorded = out.some(Boolean)
      ? trace.record(
        P.cond,
        [index!, ...joined.consts, ...results.slice(knownCount), ...unknownOps],
        { branches: joined.jaxprs },
        later[0]!.outAvals,
      )
      : [];
    let k = 0, u = 0;
    return out.map((unknown) => unknown ? recorded[u++]! : results[k++]!);
  },

  transpose(cts, [index, ...ops], { branches }: CondParams) {
    const linear = ops.map((x) => x instanceof UndefinedPrimal);
    const has = nonzeroMask(cts);
    const made = branches.map((b) => transposeJaxpr(b, linear, has, true).jaxpr);
    const operands = [...ops.filter((x): x is JaxArray => x instanceof JaxArray), ...nonzeroTangents(cts)];
    const outs = bindCond(index as JaxArray, made, operands);
    let next = 0;
    return [null, ...ops.map((_, i): Tangent | null => linear[i] ? outs[next++]! : null)];
  },

  batch(axis, [index, ...ops], [indexDim, ...dims], { branches }: CondParams) {
    const { size } = axis;
    if (indexDim === null) {
      const mapped = dims.map((d) => d !== null);
      const out = union(branches.map((b) => batchJaxpr(b, axis, mapped, false).mappedOut as boolean[]));
      const made = branches.map((b) => batchJaxpr(b, axis, mapped, out).jaxpr);
      const operands = ops.map((x, i) => dims[i] === null ? x : toFront(x, dims[i]!, size));
      return [bindCond(index!, made, operands), out.map((m) => m ? 0 : null)];
    }
    // A mapped index: every branch runs on everything, and each element takes its own. Operands of elements that a
    // branch is not for are cut off from derivatives, which might not be finite there.
    const operands = ops.map((x, i) => toFront(x, dims[i]!, size));
    const which = toFront(index!, indexDim!, size);
    const over = (selector: JaxArray, x: JaxArray): JaxArray =>
      x.ndim > 1 ? raw.broadcastInDim(selector, x.shape, [0]) : selector;
    const results = branches.map((b, k) => {
      const made = batchJaxpr(b, axis, operands.map(() => true), true).jaxpr;
      const chosen = raw.eq(which, k);
      const guarded = operands.map((x) =>
        x.dtype.kind === "float" || x.dtype.kind === "complex"
          ? raw.selectN(over(chosen, x), bind(P.stop_gradient, [x])[0]!, x)
          : x
      );
      return evalClosed(made, guarded);
    });
    const outs = results[0]!.map((first, i) =>
      results.length === 1 ? first : raw.selectN(over(which, first), ...results.map((r) => r[i]!))
    );
    return [outs, outs.map(() => 0)];
  },

  lower: {
    kind: "region",
    emit(context) {
      const { branches } = context.params as CondParams;
      const [index, ...operands] = context.inputs;
      const outs = context.outAvals.map((a) => context.allocate(a));
      context.switch(
        index!,
        branches.map((b) => () => {
          const results = context.inline(b, operands);
          results.forEach((r, i) => context.copy(r, outs[i]!));
        }),
      );
      return outs;
    },
  },

  dce(used, { branches }: CondParams) {
    const smaller = branches.map((b) => dceJaxpr(b.jaxpr, used));
    const usedInputs = union(smaller.map((s) => s.usedInputs));
    const pruned = branches.map((b) => new ClosedJaxpr(dceJaxpr(b.jaxpr, used, usedInputs).jaxpr));
    return { usedInputs: [true, ...usedInputs], params: { branches: pruned } };
  },

  subJaxprs: ({ branches }: CondParams) => branches.map((b) => b.jaxpr),
});
