/**
 * The call of a compiled function as a primitive.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { batchJaxpr, toFront } from "../batching.ts";
import { runJaxpr } from "../dispatch.ts";
import { type ClosedJaxpr, ClosedJaxpr as Closed, dceJaxpr, Var } from "../jaxpr.ts";
import { jvpJaxpr } from "../jvp.ts";
import { partialEvalJaxpr, type PartialEvalTrace } from "../partial_eval.ts";
import { type Tangent, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import { hoist } from "../staging.ts";
import { bind } from "../trace.ts";
import { transposeJaxpr } from "../transpose.ts";

/** Parameters of a jit call; the jaxpr has no constants. */
export interface JitParams {
  readonly name: string;
  readonly jaxpr: ClosedJaxpr;
  /** Inputs whose memory the call may take over. */
  readonly donated?: readonly boolean[];
}

/** Binds a jit call of a closed jaxpr; its constants become leading arguments. */
export function bindJit(closed: ClosedJaxpr, args: readonly JaxArray[], name: string): readonly JaxArray[] {
  const { jaxpr, consts } = hoist(closed);
  return bind(P.jit, [...consts, ...args], { name, jaxpr });
}

/** Splits a call with unknown inputs: the known half runs now, the unknown half is recorded. */
export function partialEvalCall(
  trace: PartialEvalTrace,
  args: readonly JaxArray[],
  closed: ClosedJaxpr,
  emitKnown: (jaxpr: ClosedJaxpr, args: readonly JaxArray[]) => readonly JaxArray[],
  recordUnknown: (jaxpr: ClosedJaxpr, args: readonly JaxArray[]) => readonly JaxArray[],
): readonly JaxArray[] {
  const unknownIn = args.map((x) => trace.isUnknown(x));
  const split = partialEvalJaxpr(closed, unknownIn, false);
  const knownArgs = args.filter((_, i) => !unknownIn[i]);
  const results = forwarded(split.known, knownArgs, emitKnown);
  const knownCount = split.unknownOut.filter((u) => !u).length;
  const residuals = results.slice(knownCount);
  const later = split.unknownOut.some(Boolean)
    ? recordUnknown(split.unknown, [...residuals, ...args.filter((_, i) => unknownIn[i])])
    : [];
  let k = 0, u = 0;
  return split.unknownOut.map((unknown) => unknown ? later[u++]! : results[k++]!);
}

/** Runs a call, taking outputs that are inputs from there instead of copying them through the call. */
function forwarded(
  closed: ClosedJaxpr,
  args: readonly JaxArray[],
  emit: (jaxpr: ClosedJaxpr, args: readonly JaxArray[]) => readonly JaxArray[],
): readonly JaxArray[] {
  const { jaxpr } = closed;
  const source = new Map<unknown, JaxArray>();
  jaxpr.invars.forEach((v, i) => source.set(v, args[i]!));
  const through = jaxpr.outvars.map((v) => v instanceof Var ? source.get(v) : undefined);
  if (through.every((x) => x === undefined)) return emit(closed, args);
  const kept = prunedOutputs(closed, through.map((x) => x === undefined));
  const outs = kept.jaxpr.outvars.length ? emit(kept, args) : [];
  let k = 0;
  return through.map((x) => x ?? outs[k++]!);
}

const pruned = new WeakMap<ClosedJaxpr, ClosedJaxpr>();

function prunedOutputs(closed: ClosedJaxpr, keep: readonly boolean[]): ClosedJaxpr {
  let result = pruned.get(closed);
  if (!result) {
    const { jaxpr } = dceJaxpr(closed.jaxpr, keep, true);
    pruned.set(closed, result = new Closed(jaxpr, closed.consts));
  }
  return result;
}

P.jit.define({
  abstractEval: (_avals, { jaxpr }: JitParams) => jaxpr.outAvals,

  evaluate: (args, { jaxpr, name, donated }: JitParams) => runJaxpr(jaxpr, args, name, donated),

  jvp(primals, tangents, { jaxpr, name }: JitParams) {
    const nonzero = tangents.map((t) => !(t instanceof Zero));
    const made = jvpJaxpr(jaxpr, nonzero, false);
    const outs = bindJit(made.jaxpr, [
      ...primals,
      ...tangents.filter((t): t is JaxArray => !(t instanceof Zero)),
    ], name);
    const n = jaxpr.outAvals.length;
    let next = n;
    return [
      outs.slice(0, n),
      made.nonzeroOut.map((nz, i) => nz ? outs[next++]! : new Zero(jaxpr.outAvals[i]!.tangent())),
    ];
  },

  partialEval(trace: PartialEvalTrace, args, { jaxpr, name }: JitParams) {
    return partialEvalCall(
      trace,
      args,
      jaxpr,
      (known, xs) => bindJit(known, xs, name),
      (unknown, xs) => trace.record(P.jit, xs, { name, jaxpr: unknown }, unknown.outAvals),
    );
  },

  transpose(cts, inputs, { jaxpr, name }: JitParams) {
    const linear = inputs.map((x) => x instanceof UndefinedPrimal);
    const has = cts.map((ct) => !(ct instanceof Zero));
    const made = transposeJaxpr(jaxpr, linear, has);
    const args = [
      ...inputs.filter((x): x is JaxArray => !(x instanceof UndefinedPrimal)),
      ...cts.filter((ct): ct is JaxArray => !(ct instanceof Zero)),
    ];
    const outs = bindJit(made.jaxpr, args, name);
    let next = 0, k = 0;
    return inputs.map((x): Tangent | null => {
      if (!(x instanceof UndefinedPrimal)) return null;
      return made.nonzero[k++] ? outs[next++]! : new Zero(x.aval.tangent());
    });
  },

  batch(axis, args, dims, { jaxpr, name }: JitParams) {
    const made = batchJaxpr(jaxpr, axis, dims.map((d) => d !== null), false);
    const outs = bindJit(
      made.jaxpr,
      args.map((x, i) => dims[i] === null ? x : toFront(x, dims[i]!, axis.size)),
      name,
    );
    return [outs, made.mappedOut.map((m) => m ? 0 : null)];
  },

  lower: { kind: "region", emit: (context) => context.inline(context.params.jaxpr, context.inputs) },

  dce(used, { jaxpr, ...rest }: JitParams) {
    const smaller = dceJaxpr(jaxpr.jaxpr, used);
    const params = { ...rest, jaxpr: new Closed(smaller.jaxpr) };
    return { usedInputs: smaller.usedInputs, params };
  },

  subJaxprs: ({ jaxpr }: JitParams) => [jaxpr.jaxpr],
  printParams: ({ name, jaxpr }: JitParams) => ({ name, jaxpr }),
});
