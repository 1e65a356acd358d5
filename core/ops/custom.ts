/**
 * Calls of functions with custom derivative rules, as staged in jaxprs, and the linear call that a custom VJP leaves.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { shaped, type ShapedArray } from "../avals.ts";
import { batchBackward, toFront } from "../batching.ts";
import { float0 } from "../dtypes.ts";
import type { ClosedJaxpr } from "../jaxpr.ts";
import { instantiate, setCustomLinear } from "../jvp.ts";
import { type Params, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import { Verbatim } from "./_print.ts";
import { evalClosed, setRebind } from "../staging.ts";
import { bind, current, type CustomJvpCall, type CustomVjpCall } from "../trace.ts";

interface CustomJvpParams extends Omit<CustomJvpCall, "fun"> {
  readonly callJaxpr: ClosedJaxpr;
}

interface CustomVjpParams extends Omit<CustomVjpCall, "fun"> {
  readonly callJaxpr: ClosedJaxpr;
}

const unreachable = (name: string) => (): never => {
  throw new Error(`${name} is differentiated and batched through its call, not as a primitive`);
};

setRebind(
  P.custom_jvp_call,
  (args, { callJaxpr, ...call }: CustomJvpParams) =>
    current().processCustomJvp({ ...call, fun: (...xs) => evalClosed(callJaxpr, xs) }, args),
);

setRebind(
  P.custom_vjp_call,
  (args, { callJaxpr, ...call }: CustomVjpParams) =>
    current().processCustomVjp({ ...call, fun: (...xs) => evalClosed(callJaxpr, xs) }, args),
);

P.custom_jvp_call.define({
  abstractEval: (_avals, { callJaxpr }: CustomJvpParams) => callJaxpr.outAvals,
  jvp: unreachable("custom_jvp_call"),
  transpose: "nonlinear",
  batch: unreachable("custom_jvp_call"),
  lower: { kind: "region", emit: (context) => context.inline(context.params.callJaxpr, context.inputs) },
  subJaxprs: ({ callJaxpr }: CustomJvpParams) => [callJaxpr.jaxpr],
  printParams: ({ name, callJaxpr }: CustomJvpParams) => ({
    name,
    call_jaxpr: callJaxpr,
    jvp: new Verbatim("jvp"),
    symbolic_zeros: false,
  }),
});

P.custom_vjp_call.define({
  abstractEval: (_avals, { callJaxpr }: CustomVjpParams) => callJaxpr.outAvals,
  jvp: unreachable("custom_vjp_call"),
  transpose: "nonlinear",
  batch: unreachable("custom_vjp_call"),
  lower: { kind: "region", emit: (context) => context.inline(context.params.callJaxpr, context.inputs) },
  subJaxprs: ({ callJaxpr }: CustomVjpParams) => [callJaxpr.jaxpr],
  printParams: ({ name, callJaxpr }: CustomVjpParams) => ({
    name,
    call_jaxpr: callJaxpr,
    fwd_jaxpr_thunk: new Verbatim("fwd"),
    bwd: new Verbatim("bwd"),
    out_trees: new Verbatim("out_trees"),
    symbolic_zeros: false,
  }),
});

interface LinearParams {
  readonly name: string;
  readonly numResiduals: number;
  readonly bwd: CustomVjpCall["bwd"];
  readonly outs: readonly { readonly shape: readonly number[]; readonly dtype: ShapedArray["dtype"] }[];
}

const forward = "can't apply forward-mode autodiff (jvp) to a custom_vjp function.";

/** Linear in its tangents; known only by its transpose, the user's backward rule. */
P.custom_lin.define({
  abstractEval: (_avals, { outs }: LinearParams) => outs.map((o) => shaped(o.shape, o.dtype)),
  evaluate: () => {
    throw new TypeError(forward);
  },
  jvp: () => {
    throw new TypeError(forward);
  },
  transpose(cts, inputs, { numResiduals, bwd, outs }: LinearParams) {
    const residuals = inputs.slice(0, numResiduals) as JaxArray[];
    const full = cts.map((ct, i) => instantiate(ct, shaped(outs[i]!.shape, outs[i]!.dtype)));
    const result = bwd(residuals, full);
    return [
      ...residuals.map(() => null),
      ...inputs.slice(numResiduals).map((x, i) => {
        if (!(x instanceof UndefinedPrimal)) return null;
        const ct = result[i]!;
        return ct.dtype === float0 ? new Zero(x.aval) : ct;
      }),
    ];
  },
  batch(axis, args, dims, params: LinearParams) {
    const front = args.map((x, i) => toFront(x, dims[i]!, axis.size));
    const inputDims = dims.slice(params.numResiduals).map(() => 0);
    const outs = bind(P.custom_lin, front, {
      ...params,
      outs: params.outs.map((o) => ({ shape: [axis.size, ...o.shape], dtype: o.dtype })),
      bwd: (residuals: readonly JaxArray[], cts: readonly JaxArray[]) =>
        batchBackward(params.bwd, { axis }, residuals, cts, inputDims),
    });
    return [outs, outs.map(() => 0)];
  },
  lower: { kind: "never", reason: forward },
  printParams: ({ name }: LinearParams) => ({ name }),
});

setCustomLinear((call, residuals, tangents, outAvals) => {
  const params: Params = {
    name: call.name,
    numResiduals: residuals.length,
    bwd: call.bwd,
    outs: outAvals.map((a) => ({ shape: a.shape, dtype: a.dtype })),
  };
  return bind(P.custom_lin, [...residuals, ...tangents], params);
});
