/**
 * Calls of the host from compiled programs: `pure_callback`, `io_callback`, `debug_callback`.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { sameShape, shaped, type ShapedArray } from "../avals.ts";
import { spread, toFront } from "../batching.ts";
import { ConcreteArray, viewOf } from "../concrete.ts";
import type { DType, TypedArray } from "../dtypes.ts";
import { JaxRuntimeError, NotImplementedError, ValueError } from "../errors.ts";
import { ClosedJaxpr } from "../jaxpr.ts";
import { type AxisData, type BatchDim, type Params, type Primitive, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { stage } from "../staging.ts";
import { bind, withTrace } from "../trace.ts";
import { evalTrace } from "../dispatch.ts";
import { bindScan } from "./scan.ts";

/** Parameters of the callback primitives. */
export interface CallbackParams {
  readonly name: string;
  /** From concrete arrays to concrete arrays (or numbers), flat. */
  readonly callback: (...args: ConcreteArray[]) => readonly JaxArray[];
  readonly results: readonly { readonly shape: readonly number[]; readonly dtype: DType }[];
  /** How a mapped call runs: null is an error. */
  readonly vmapMethod: "sequential" | "sequential_unrolled" | "expand_dims" | "broadcast_all" | null;
  readonly ordered?: boolean;
}

const avalsOf = ({ results }: CallbackParams): ShapedArray[] => results.map((r) => shaped(r.shape, r.dtype));

/** Runs the host function on concrete arrays and checks what it returns. */
function call(params: CallbackParams, args: readonly ConcreteArray[]): ConcreteArray[] {
  const outs = withTrace(evalTrace, () => params.callback(...args));
  if (outs.length !== params.results.length) {
    throw new JaxRuntimeError(
      `INTERNAL: CpuCallback error calling callback: ${params.name} returned ${outs.length} arrays, ` +
        `but the resultShapeDtypes declare ${params.results.length}`,
    );
  }
  return outs.map((x, i) => {
    const want = params.results[i]!;
    if (!(x instanceof ConcreteArray) || !sameShape(x.shape, want.shape)) {
      throw new JaxRuntimeError(
        `INTERNAL: CpuCallback error calling callback: ${params.name} returned ${x.aval} for output ${i}, ` +
          `but the resultShapeDtypes declare ${shaped(want.shape, want.dtype)}`,
      );
    }
    return withTrace(evalTrace, () => raw.convert(x, want.dtype)) as ConcreteArray;
  });
}

function sequential(
  primitive: Primitive,
  axis: AxisData,
  args: readonly JaxArray[],
  dims: readonly BatchDim[],
  params: CallbackParams,
): readonly JaxArray[] {
  const mapped = args.filter((_, i) => dims[i] !== null).map((x, i) =>
    toFront(x, dims.filter((d) => d !== null)[i]!, axis.size)
  );
  const fixed = args.filter((_, i) => dims[i] === null);
  const { jaxpr, consts } = stage((...xs) => {
    let f = 0, m = fixed.length;
    return bind(primitive, dims.map((d) => d === null ? xs[f++]! : xs[m++]!), params);
  }, [...fixed.map((x) => x.aval), ...mapped.map((x) => shaped(x.shape.slice(1), x.dtype, x.weakType))]);
  return bindScan(new ClosedJaxpr(jaxpr, consts), fixed, [], mapped, {
    length: axis.size,
    reverse: false,
    unroll: 1,
  });
}

function batchCallback(primitive: Primitive) {
  return (
    axis: AxisData,
    args: readonly JaxArray[],
    dims: readonly BatchDim[],
    params: CallbackParams,
  ): readonly [readonly JaxArray[], readonly BatchDim[]] => {
    switch (params.vmapMethod) {
      case "sequential":
      case "sequential_unrolled": {
        const outs = sequential(primitive, axis, args, dims, params);
        return [outs, outs.map(() => 0)];
      }
      case "expand_dims":
      case "broadcast_all": {
        const all = args.map((x, i) =>
          dims[i] !== null
            ? toFront(x, dims[i]!, axis.size)
            : params.vmapMethod === "expand_dims"
            ? raw.expandDims(x, [0])
            : spread(x, axis.size, 0)
        );
        const results = params.results.map((r) => ({ shape: [axis.size, ...r.shape], dtype: r.dtype }));
        const outs = bind(primitive, all, { ...params, results });
        return [outs, outs.map(() => 0)];
      }
      case null:
        throw new NotImplementedError(
          `vmap is only supported for ${primitive.name} with a vmapMethod: "sequential", "expand_dims" or "broadcast_all"`,
        );
      default:
        throw new ValueError(
          `vmap method must be one of "sequential", "sequential_unrolled", "expand_dims", "broadcast_all", got ${
            String(params.vmapMethod)
          }`,
        );
    }
  };
}

function define(primitive: Primitive, jvp: "none" | "effect", effects: boolean, message: string): void {
  primitive.define({
    abstractEval: (_avals, params: CallbackParams) => avalsOf(params),
    evaluate: (args, params: CallbackParams) => call(params, args as ConcreteArray[]),
    jvp: jvp === "effect"
      ? (primals, _tangents, params: Params) => {
        const outs = bind(primitive, primals, params);
        return [outs, outs.map((x) => new Zero(x.aval.tangent()))];
      }
      : () => {
        throw new ValueError(message);
      },
    transpose: "nonlinear",
    batch: batchCallback(primitive),
    lower: {
      kind: "region",
      emit(context) {
        const params = context.params as CallbackParams;
        const inAvals = context.inputs.map((x) => x.aval);
        const outs = context.outAvals.map((a) => context.allocate(a));
        const describe = (a: ShapedArray) => ({ shape: a.shape, dtype: a.dtype.name });
        context.callback(
          {
            inputs: inAvals.map(describe),
            outputs: context.outAvals.map(describe),
            call: (inputs) => {
              const args = inputs.map((data, i) => {
                const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
                return new ConcreteArray(inAvals[i]!, { host: viewOf(bytes, inAvals[i]!.dtype) });
              });
              return call(params, args).map((x) => x.dataSync() as TypedArray);
            },
          },
          context.inputs,
          outs,
        );
        return outs;
      },
    },
    effects,
    printParams: ({ name }: CallbackParams) => ({ callback: name }),
  });
}

define(
  P.pure_callback,
  "none",
  false,
  "Pure callbacks do not support JVP. Please use `jax.custom_jvp` to use callbacks while taking gradients.",
);
define(
  P.io_callback,
  "none",
  true,
  "IO callbacks do not support JVP. Please use `jax.custom_jvp` to use callbacks while taking gradients.",
);
define(P.debug_callback, "effect", true, "");
