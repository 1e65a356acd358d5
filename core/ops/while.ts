/**
 * `while`: repeats a body while a predicate of the carry holds.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { batchJaxpr, toFront } from "../batching.ts";
import { NotImplementedError, ValueError } from "../errors.ts";
import { ClosedJaxpr, dceJaxpr } from "../jaxpr.ts";
import { instantiate, jvpJaxpr } from "../jvp.ts";
import { partialEvalJaxpr, type PartialEvalTrace } from "../partial_eval.ts";
import { Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { evalClosed, hoist, stage } from "../staging.ts";
import { bind } from "../trace.ts";
import { copyAll, nonzeroMask, nonzeroTangents, padInputs, permuteInputs } from "./regions.ts";

/** Parameters of while; inputs are the condition's constants, the body's, and the carry. */
export interface WhileParams {
  readonly condJaxpr: ClosedJaxpr;
  readonly condNconsts: number;
  readonly bodyJaxpr: ClosedJaxpr;
  readonly bodyNconsts: number;
}

/** Binds while from jaxprs that may have constants of their own. */
export function bindWhile(
  cond: ClosedJaxpr,
  condConsts: readonly JaxArray[],
  body: ClosedJaxpr,
  bodyConsts: readonly JaxArray[],
  init: readonly JaxArray[],
): readonly JaxArray[] {
  const c = hoist(cond), b = hoist(body);
  const cc = [...c.consts, ...condConsts], bc = [...b.consts, ...bodyConsts];
  return bind(P.while, [...cc, ...bc, ...init], {
    condJaxpr: c.jaxpr,
    condNconsts: cc.length,
    bodyJaxpr: b.jaxpr,
    bodyNconsts: bc.length,
  });
}

function parts<T>(list: readonly T[], { condNconsts, bodyNconsts }: WhileParams): [T[], T[], T[]] {
  const c = condNconsts, b = condNconsts + bodyNconsts;
  return [list.slice(0, c), list.slice(c, b), list.slice(b)];
}

/** Grows `carry` until the body, given it, asks for no more. */
function fixpoint(carry: boolean[], step: (carry: boolean[]) => readonly boolean[]): boolean[] {
  for (;;) {
    const out = step(carry);
    const grown = carry.map((c, i) => c || Boolean(out[i]));
    if (grown.every((g, i) => g === carry[i])) return carry;
    carry = grown;
  }
}

P.while.define({
  abstractEval(avals, params: WhileParams) {
    return params.bodyJaxpr.outAvals.length ? params.bodyJaxpr.outAvals : parts(avals, params)[2];
  },

  jvp(primals, tangents, params: WhileParams) {
    const [condConsts, bodyConsts, init] = parts(primals, params);
    const [, bodyTangents, initTangents] = parts(tangents, params);
    const constNonzero = nonzeroMask(bodyTangents);
    const carry = fixpoint(
      nonzeroMask(initTangents),
      (c) => jvpJaxpr(params.bodyJaxpr, [...constNonzero, ...c], c).nonzeroOut,
    );
    const made = jvpJaxpr(params.bodyJaxpr, [...constNonzero, ...carry], carry);
    // The jvp body takes (consts, carry, const tangents, carry tangents); while wants constants first.
    const nb = params.bodyNconsts, nc = init.length, nt = constNonzero.filter(Boolean).length;
    const ct = carry.filter(Boolean).length;
    const order = [
      ...range(0, nb),
      ...range(nb + nc, nb + nc + nt),
      ...range(nb, nb + nc),
      ...range(nb + nc + nt, nb + nc + nt + ct),
    ];
    const body = permuteInputs(made.jaxpr, order);
    const carryTangents = initTangents.flatMap((t, i) => carry[i] ? [instantiate(t)] : []);
    const cond = padInputs(params.condJaxpr, params.condNconsts + nc, carryTangents.map((t) => t.aval));
    const outs = bindWhile(cond, condConsts, body, [...bodyConsts, ...nonzeroTangents(bodyTangents)], [
      ...init,
      ...carryTangents,
    ]);
    let next = nc;
    return [outs.slice(0, nc), init.map((x, i) => carry[i] ? outs[next++]! : new Zero(x.aval.tangent()))];
  },

  /** Known carries are computed now by a loop of their own; the recorded loop computes everything again. */
  partialEval(trace: PartialEvalTrace, args, params: WhileParams) {
    const [condConsts, bodyConsts, init] = parts(args, params);
    const constUnknown = bodyConsts.map((x) => trace.isUnknown(x));
    const carry = fixpoint(
      init.map((x) => trace.isUnknown(x)),
      (c) => partialEvalJaxpr(params.bodyJaxpr, [...constUnknown, ...c], c).unknownOut,
    );
    const condUnknown = condConsts.some((x) => trace.isUnknown(x)) || partialEvalJaxpr(
      params.condJaxpr,
      [...condConsts.map(() => false), ...carry],
      false,
    ).unknownOut[0];
    if (condUnknown || carry.every(Boolean)) {
      return trace.record(
        P.while,
        args,
        params,
        init.map((x) => x.aval),
      );
    }
    const knownBody = knownPart(params.bodyJaxpr, [...constUnknown, ...carry], carry);
    const knownCond = knownPart(params.condJaxpr, [...condConsts.map(() => false), ...carry], [false]);
    const known = bindWhile(
      knownCond,
      condConsts,
      knownBody,
      bodyConsts.filter((_, i) => !constUnknown[i]),
      init.filter((_, i) => !carry[i]),
    );
    const later = trace.record(P.while, args, params, init.map((x) => x.aval));
    let next = 0;
    return carry.map((unknown, i) => unknown ? later[i]! : known[next++]!);
  },

  transpose() {
    throw new ValueError(
      "Reverse-mode differentiation does not work for lax.while_loop or lax.fori_loop with dynamic start/stop values. " +
        "Try using lax.scan, or using fori_loop with static start/stop.",
    );
  },

  batch(axis, args, dims, params: WhileParams) {
    const [condConsts, bodyConsts, init] = parts(args, params);
    const [condDims, bodyDims, initDims] = parts(dims, params);
    const mapped = (ds: readonly (number | null)[]): boolean[] => ds.map((d) => d !== null);
    const { condJaxpr, bodyJaxpr } = params;
    let predicate = false;
    const carry = fixpoint(mapped(initDims), (c) => {
      predicate ||= Boolean(batchJaxpr(condJaxpr, axis, [...mapped(condDims), ...c], false).mappedOut[0]);
      if (predicate) return c.map(() => true);
      return batchJaxpr(bodyJaxpr, axis, [...mapped(bodyDims), ...c], c).mappedOut;
    });
    const front = (
      xs: readonly JaxArray[],
      ds: readonly (number | null)[],
      wanted?: readonly boolean[],
    ): JaxArray[] => xs.map((x, i) => ds[i] !== null || wanted?.[i] ? toFront(x, ds[i]!, axis.size) : x);
    const cc = front(condConsts, condDims),
      bc = front(bodyConsts, bodyDims),
      start = front(init, initDims, carry);
    const body = batchJaxpr(bodyJaxpr, axis, [...mapped(bodyDims), ...carry], carry).jaxpr;
    if (!predicate) {
      const cond = batchJaxpr(condJaxpr, axis, [...mapped(condDims), ...carry], false).jaxpr;
      return [bindWhile(cond, cc, body, bc, start), carry.map((m) => m ? 0 : null)];
    }
    // Some elements may be done before others: the loop runs while any goes on, and those that are done stay.
    const cond = batchJaxpr(condJaxpr, axis, [...mapped(condDims), ...carry], true).jaxpr;
    const any = stage(
      (...xs) => [bind(P.reduce_or, evalClosed(cond, xs), { axes: [0] })[0]!],
      [...cc, ...start].map((x) => x.aval),
    );
    const step = stage((...xs) => {
      const c = xs.slice(0, cc.length), b = xs.slice(cc.length, cc.length + bc.length);
      const old = xs.slice(cc.length + bc.length);
      const going = evalClosed(cond, [...c, ...old])[0]!;
      return evalClosed(body, [...b, ...old]).map((x, i) => {
        const which = x.ndim > 1 ? raw.broadcastInDim(going, x.shape, [0]) : going;
        return raw.selectN(which, old[i]!, x);
      });
    }, [...cc, ...bc, ...start].map((x) => x.aval));
    const outs = bindWhile(
      new ClosedJaxpr(any.jaxpr, any.consts),
      cc,
      new ClosedJaxpr(step.jaxpr, step.consts),
      [...cc, ...bc],
      start,
    );
    return [outs, outs.map(() => 0)];
  },

  lower: {
    kind: "region",
    emit(context) {
      const params = context.params as WhileParams;
      const [condConsts, bodyConsts, init] = parts(context.inputs, params);
      const carry = init.map((x) => context.allocate(x.aval));
      init.forEach((x, i) => context.copy(x, carry[i]!));
      context.while(
        () => context.inline(params.condJaxpr, [...condConsts, ...carry])[0]!,
        () => copyAll(context, context.inline(params.bodyJaxpr, [...bodyConsts, ...carry]), carry),
      );
      return carry;
    },
  },

  subJaxprs: ({ condJaxpr, bodyJaxpr }: WhileParams) => [condJaxpr.jaxpr, bodyJaxpr.jaxpr],
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

/** The known half of a split jaxpr without its residuals. */
function knownPart(
  closed: ClosedJaxpr,
  unknownIn: readonly boolean[],
  instantiated: readonly boolean[],
): ClosedJaxpr {
  const split = partialEvalJaxpr(closed, unknownIn, instantiated);
  const count = split.unknownOut.filter((u) => !u).length;
  const { jaxpr, consts } = split.known;
  if (jaxpr.effects) throw new NotImplementedError("a while loop with effects cannot be partially evaluated");
  const { jaxpr: pruned } = dceJaxpr(jaxpr, jaxpr.outvars.map((_, i) => i < count), true);
  return new ClosedJaxpr(pruned, consts);
}
