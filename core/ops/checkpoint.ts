/**
 * `checkpoint` (rematerialisation): intermediate values are recomputed in the backward pass, except those a policy
 * saves.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { batchJaxpr, toFront } from "../batching.ts";
import { runJaxpr } from "../dispatch.ts";
import { type Atom, ClosedJaxpr, dceJaxpr, Jaxpr, Var } from "../jaxpr.ts";
import { instantiate, jvpJaxpr } from "../jvp.ts";
import { partialEvalJaxpr, type PartialEvalTrace } from "../partial_eval.ts";
import { type Params, type Primitive, type Tangent, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import { evalClosed, hoist } from "../staging.ts";
import { bind } from "../trace.ts";
import { backwardPass } from "../transpose.ts";
import { nonzeroMask, nonzeroTangents } from "./regions.ts";

/** Whether the outputs of an equation are saved for the backward pass. */
export type Policy = (primitive: Primitive, inAvals: readonly Var["aval"][], params: Params) => boolean;

/** Parameters of checkpoint. */
export interface CheckpointParams {
  readonly jaxpr: ClosedJaxpr;
  readonly policy: Policy | null;
  readonly preventCse: boolean;
  readonly name: string;
  /** Whether it is already part of a derivative. */
  readonly differentiated: boolean;
}

function bindCheckpoint(
  closed: ClosedJaxpr,
  args: readonly JaxArray[],
  params: CheckpointParams,
): readonly JaxArray[] {
  const { jaxpr, consts } = hoist(closed);
  return bind(P.checkpoint, [...consts, ...args], { ...params, jaxpr });
}

/** The known equations as a jaxpr giving known outputs and saved values, and the rest, which recomputes what it needs. */
function split(jaxpr: Jaxpr, unknownIn: readonly boolean[], policy: Policy | null): {
  known: Jaxpr;
  rest: Jaxpr;
  restInputs: readonly boolean[];
  unknownOut: boolean[];
  saved: number;
} {
  const unknown = new Set<Var>(jaxpr.invars.filter((_, i) => unknownIn[i]));
  const isUnknown = (a: Atom): boolean => a instanceof Var && unknown.has(a);
  const knownEqns = jaxpr.eqns.filter((eqn) => {
    if (!eqn.inputs.some(isUnknown)) return true;
    for (const v of eqn.outputs) unknown.add(v);
    return false;
  });
  const saved = policy
    ? knownEqns.filter((eqn) => policy(eqn.primitive, eqn.inputs.map((a) => a.aval), eqn.params)).flatMap((
      eqn,
    ) => [...eqn.outputs])
    : [];
  const unknownOut = jaxpr.outvars.map(isUnknown);
  const knownOuts = [...jaxpr.outvars.filter((_, i) => !unknownOut[i]), ...saved];
  const forward = new Jaxpr([], jaxpr.invars.filter((_, i) => !unknownIn[i]), knownEqns, knownOuts);
  const savedSet = new Set(saved);
  const again = jaxpr.eqns.filter((eqn) => !eqn.outputs.every((v) => savedSet.has(v)));
  const whole = new Jaxpr(
    [],
    [...saved, ...jaxpr.invars],
    again,
    jaxpr.outvars.filter((_, i) => unknownOut[i]),
  );
  const { jaxpr: rest, usedInputs } = dceJaxpr(whole, whole.outvars.map(() => true));
  return {
    known: dceJaxpr(forward, knownOuts.map(() => true), true).jaxpr,
    rest,
    restInputs: usedInputs,
    unknownOut,
    saved: saved.length,
  };
}

P.checkpoint.define({
  abstractEval: (_avals, { jaxpr }: CheckpointParams) => jaxpr.outAvals,
  evaluate: (args, { jaxpr, name }: CheckpointParams) => runJaxpr(jaxpr, args, name),

  jvp(primals, tangents, params: CheckpointParams) {
    const made = jvpJaxpr(params.jaxpr, nonzeroMask(tangents), false);
    const outs = bindCheckpoint(made.jaxpr, [...primals, ...nonzeroTangents(tangents)], params);
    const avals = params.jaxpr.outAvals;
    let next = avals.length;
    return [
      outs.slice(0, avals.length),
      avals.map((a, i) => made.nonzeroOut[i] ? outs[next++]! : new Zero(a.tangent())),
    ];
  },

  partialEval(trace: PartialEvalTrace, args, params: CheckpointParams) {
    const { jaxpr } = params.jaxpr;
    const unknownIn = args.map((x) => trace.isUnknown(x));
    const parts = split(jaxpr, unknownIn, params.policy);
    const knownArgs = args.filter((_, i) => !unknownIn[i]);
    const results = evalClosed(new ClosedJaxpr(parts.known), knownArgs);
    const saved = results.slice(results.length - parts.saved);
    const inputs = [...saved, ...args].filter((_, i) => parts.restInputs[i]);
    const rest = new ClosedJaxpr(parts.rest);
    const later = parts.unknownOut.some(Boolean)
      ? trace.record(P.checkpoint, inputs, { ...params, jaxpr: rest, differentiated: true }, rest.outAvals)
      : [];
    let k = 0, u = 0;
    return parts.unknownOut.map((unknown) => unknown ? later[u++]! : results[k++]!);
  },

  transpose(cts, inputs, { jaxpr }: CheckpointParams) {
    const linear = inputs.map((x) => x instanceof UndefinedPrimal);
    const made = partialEvalJaxpr(jaxpr, linear, true);
    const known = inputs.filter((x): x is JaxArray => !(x instanceof UndefinedPrimal));
    const residuals = evalClosed(made.known, known);
    const unknownAvals = jaxpr.inAvals.filter((_, i) => linear[i]);
    const result = backwardPass(
      made.unknown.jaxpr,
      made.unknown.consts,
      [...residuals, ...unknownAvals.map((a) => new UndefinedPrimal(a))],
      cts.map((ct, i): Tangent => ct instanceof Zero ? ct : instantiate(ct, jaxpr.outAvals[i]!)),
    ).slice(residuals.length);
    let next = 0;
    return linear.map((l) => l ? result[next++]! : null);
  },

  batch(axis, args, dims, params: CheckpointParams) {
    const made = batchJaxpr(params.jaxpr, axis, dims.map((d) => d !== null), false);
    const outs = bindCheckpoint(
      made.jaxpr,
      args.map((x, i) => dims[i] === null ? x : toFront(x, dims[i]!, axis.size)),
      params,
    );
    return [outs, made.mappedOut.map((m) => m ? 0 : null)];
  },

  lower: { kind: "region", emit: (context) => context.inline(context.params.jaxpr, context.inputs) },

  dce(used, params: CheckpointParams) {
    const smaller = dceJaxpr(params.jaxpr.jaxpr, used);
    return { usedInputs: smaller.usedInputs, params: { ...params, jaxpr: new ClosedJaxpr(smaller.jaxpr) } };
  },

  subJaxprs: ({ jaxpr }: CheckpointParams) => [jaxpr.jaxpr],
  printParams: ({ jaxpr, policy, preventCse, differentiated }: CheckpointParams) => ({
    differentiated,
    jaxpr: jaxpr.jaxpr,
    policy: policy && policy.name,
    prevent_cse: preventCse,
  }),
});
