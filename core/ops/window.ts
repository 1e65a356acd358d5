/**
 * Reductions of windows that slide over an array: with known monoids, and with a computation of the user's.
 *
 * @module
 */
import type { ComputeContext } from "../../kernel/lowering.ts";
import type { JaxArray } from "../array.ts";
import { shaped, type ShapedArray } from "../avals.ts";
import { moveAxis, spread } from "../batching.ts";
import type { ClosedJaxpr } from "../jaxpr.ts";
import { jvpFlat } from "../jvp.ts";
import { type Primitive, type Rules, type UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";
import { linearJvp } from "./_combinators.ts";
import { applyElementwise, evalScalar, isScalar } from "./_computation.ts";
import {
  checkedWindowShape,
  dilated,
  insertWindowAxis,
  printWindow,
  readWindow,
  windowOf,
  type WindowParams,
  windowShape,
  windowSlices,
} from "./_windows.ts";
import { type Reducer, reducers, reductionOf } from "./reduce.ts";
import { batchExpanded, splitInputs } from "./reduce_computation.ts";
import { selectAndGatherAdd } from "./window_select.ts";

export { dilated, windowShape } from "./_windows.ts";

function defineWindow(
  primitive: Primitive,
  spec: {
    readonly reducer: Reducer;
    readonly check?: (aval: ShapedArray) => void;
    readonly jvp: Rules<WindowParams>["jvp"];
    readonly transpose?: Rules<WindowParams>["transpose"];
  },
): void {
  (primitive as Primitive<WindowParams>).define({
    abstractEval([aval], params) {
      spec.check?.(aval!);
      return [aval!.withShape(checkedWindowShape(aval!, params))];
    },
    jvp: spec.jvp,
    transpose: spec.transpose ?? "nonlinear",
    batch: (_axis, args, dims, params) => [
      bind(primitive, args, insertWindowAxis(params, dims[0]!)),
      [dims[0]!],
    ],
    lower: {
      kind: "reduce",
      plan({ params, inputs }: ComputeContext<WindowParams>) {
        const x = inputs[0]!, reduction = reductionOf(spec.reducer, x.aval.dtype);
        return {
          ...reduction,
          space: params.windowDimensions,
          value: (out, offset) => [readWindow(x, params, out, offset, () => reduction.init[0]!)],
        };
      },
    },
    printParams: printWindow,
  });
}

defineWindow(P.reduce_window_sum, {
  reducer: reducers.add,
  check({ dtype }) {
    if (dtype.num > 0) return;
    throw new TypeError(`operand to reduce_window_sum must have a number dtype, got ${dtype.name}`);
  },
  jvp: linearJvp(() => P.reduce_window_sum),
  // An element gets the cotangents of the windows it is in: the same windows, over the cotangents spread by the strides.
  transpose: ([ct], [x], params) => {
    const { aval } = x as UndefinedPrimal;
    if (ct instanceof Zero) return [new Zero(aval.tangent())];
    const y = ct as JaxArray, { windowDimensions, windowStrides, baseDilation, windowDilation } = params;
    const config = aval.shape.map((n, i) => {
      const window = dilated(windowDimensions[i]!, windowDilation[i]!);
      const before = window - params.padding[i]![0] - 1;
      const after = dilated(n, baseDilation[i]!) + window - 1 - dilated(y.shape[i]!, windowStrides[i]!) -
        before;
      return [before, after, windowStrides[i]! - 1] as const;
    });
    const spreadOut = raw.pad(y, raw.scalar(0, y.dtype), config);
    return [bind1(P.reduce_window_sum, [spreadOut], {
      windowDimensions,
      windowStrides: baseDilation,
      padding: aval.shape.map(() => [0, 0]),
      baseDilation: aval.shape.map(() => 1),
      windowDilation,
    })];
  },
});

/** The tangent of a window's extremum is that of the element that attains it. */
function extremumJvp(primitive: () => Primitive, select: "ge" | "le"): Rules<WindowParams>["jvp"] {
  return ([x], [t], params) => {
    const out = bind1(primitive(), [x!], params);
    if (t instanceof Zero) return [[out], [new Zero(out.aval.tangent())]];
    return [[out], [selectAndGatherAdd(t as JaxArray, x!, select, windowOf(params))]];
  };
}

defineWindow(P.reduce_window_max, {
  reducer: reducers.max,
  jvp: extremumJvp(() => P.reduce_window_max, "ge"),
});
defineWindow(P.reduce_window_min, {
  reducer: reducers.min,
  jvp: extremumJvp(() => P.reduce_window_min, "le"),
});

/** Inputs of the equation are constants of the computation, the operands, and as many initial values. */
export interface ReduceWindowParams extends WindowParams {
  readonly jaxpr: ClosedJaxpr;
  readonly numConsts: number;
}

/** The same reduction made of slices, one for each offset into a window, and elementwise operations. */
function expand(inputs: readonly JaxArray[], params: ReduceWindowParams): JaxArray[] {
  const { consts, operands, inits } = splitInputs(inputs, params.numConsts);
  const shape = windowShape(operands[0]!.shape, params);
  const start = inits.map((init) => raw.broadcastInDim(init, shape, []));
  const slices = operands.map((x, i) => windowSlices(x, inits[i]!, params));
  let terms = slices[0]!.map((_, w) => slices.map((s) => s[w]!));
  // Neighbours are combined first, so that the depth stays logarithmic.
  while (terms.length > 1) {
    const next: JaxArray[][] = [];
    for (let k = 0; k + 1 < terms.length; k += 2) {
      next.push(applyElementwise(params.jaxpr, consts, [...terms[k]!, ...terms[k + 1]!]));
    }
    if (terms.length % 2 === 1) next.push(terms.at(-1)!);
    terms = next;
  }
  return applyElementwise(params.jaxpr, consts, [...start, ...terms[0]!]);
}

/** Reduces windows with a computation; one that is more than arithmetic on scalars works on whole arrays. */
export function bindReduceWindow(
  inputs: readonly JaxArray[],
  params: ReduceWindowParams,
): readonly JaxArray[] {
  if (isScalar(params.jaxpr)) return bind(P.reduce_window, inputs, params);
  (P.reduce_window as Primitive<ReduceWindowParams>).rules.abstractEval(inputs.map((x) => x.aval), params);
  return expand(inputs, params);
}

const dtypeText = (avals: readonly ShapedArray[]): string =>
  `[${avals.map((a) => `dtype('${a.dtype.name}')`).join(", ")}]`;

(P.reduce_window as Primitive<ReduceWindowParams>).define({
  abstractEval(avals, params) {
    const { operands, inits } = splitInputs(avals, params.numConsts);
    if (operands.some((a, i) => a.dtype !== inits[i]!.dtype)) {
      throw new TypeError(
        "reduce_window got inconsistent dtypes for operands and init_values: got operand dtypes " +
          `${dtypeText(operands)} and init_value dtypes ${dtypeText(inits)}.`,
      );
    }
    if (inits.some((a) => a.ndim > 0)) {
      const shapes = inits.map((a) => `(${a.shape.join(", ")}${a.ndim === 1 ? "," : ""})`).join(", ");
      throw new TypeError(
        `reduce_window expected init_values to be scalars but init_values have shapes [${shapes}].`,
      );
    }
    const shape = checkedWindowShape(operands[0]!, params);
    return operands.map((a) => shaped(shape, a.dtype));
  },

  jvp(primals, tangents, params) {
    if (splitInputs(tangents, params.numConsts).inits.some((t) => !(t instanceof Zero))) {
      throw new TypeError("reduce_window jvp does not support non-zero init_value_tangent.");
    }
    const { outs, tangents: outTangents } = jvpFlat((...xs) => expand(xs, params), primals, tangents);
    return [outs, outTangents];
  },

  transpose: "nonlinear",

  batch(axis, args, dims, params) {
    const mapped = splitInputs(dims, params.numConsts);
    if ([...mapped.consts, ...mapped.inits].some((d) => d !== null)) {
      return batchExpanded((...xs) => expand(xs, params), axis, args, dims);
    }
    const { consts, operands, inits } = splitInputs(args, params.numConsts);
    const front = operands.map((x, i) => {
      const dim = mapped.operands[i]!;
      return dim === null ? spread(x, axis.size, 0) : moveAxis(x, dim, 0);
    });
    const outs = bindReduceWindow([...consts, ...front, ...inits], {
      jaxpr: params.jaxpr,
      numConsts: params.numConsts,
      ...insertWindowAxis(params, 0),
    });
    return [outs, outs.map(() => 0)];
  },

  lower: {
    kind: "reduce",
    plan({ params, inputs }: ComputeContext<ReduceWindowParams>) {
      const { consts, operands, inits } = splitInputs(inputs, params.numConsts);
      return {
        space: params.windowDimensions,
        init: inits.map((init) => init.at([])),
        value: (out, offset) =>
          operands.map((x, i) => readWindow(x, params, out, offset, () => inits[i]!.at([]))),
        combine: (accumulators, values) =>
          evalScalar(params.jaxpr, [...consts.map((c) => c.at([])), ...accumulators, ...values]),
      };
    },
  },

  subJaxprs: ({ jaxpr }) => [jaxpr.jaxpr],
  printParams: (params) => {
    const { base_dilation, ...rest } = printWindow(params);
    return { base_dilation, consts: [], jaxpr: params.jaxpr, ...rest };
  },
});
