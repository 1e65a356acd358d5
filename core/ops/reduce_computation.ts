/**
 * The reduction with a computation of the user's, over several arrays at once.
 *
 * @module
 */
import type { ComputeContext } from "../../kernel/lowering.ts";
import type { JaxArray } from "../array.ts";
import { shaped, tuple } from "../avals.ts";
import { batchFlat, moveAxis, spread } from "../batching.ts";
import { NotImplementedError, ValueError } from "../errors.ts";
import type { ClosedJaxpr } from "../jaxpr.ts";
import { jvpFlat } from "../jvp.ts";
import { type AxisData, type BatchDim, type Primitive, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind } from "../trace.ts";
import { applyElementwise, evalScalar, isScalar } from "./_computation.ts";
import { reduceTree } from "./_tree.ts";
import { reducedShape, reducedSpace } from "./reduce.ts";

/** Inputs of the equation are constants of the computation, the operands, and as many initial values. */
export interface ReduceComputationParams {
  /** From constants, accumulators and elements to accumulators; all but the constants are 0-d. */
  readonly jaxpr: ClosedJaxpr;
  readonly numConsts: number;
  readonly dimensions: readonly number[];
}

/** The inputs by what they are. */
export function splitInputs<T>(inputs: readonly T[], numConsts: number): {
  consts: readonly T[];
  operands: readonly T[];
  inits: readonly T[];
} {
  const n = (inputs.length - numConsts) / 2;
  return {
    consts: inputs.slice(0, numConsts),
    operands: inputs.slice(numConsts, numConsts + n),
    inits: inputs.slice(numConsts + n),
  };
}

/** The same reduction made of slices and elementwise operations. */
function expand(
  inputs: readonly JaxArray[],
  { jaxpr, numConsts, dimensions }: ReduceComputationParams,
): JaxArray[] {
  const { consts, operands, inits } = splitInputs(inputs, numConsts);
  const combine = (xs: readonly JaxArray[], ys: readonly JaxArray[]): JaxArray[] =>
    applyElementwise(jaxpr, consts, [...xs, ...ys]);
  const outs = reduceTree(combine, operands, inits, dimensions);
  if (dimensions.some((d) => operands[0]!.shape[d] === 0)) return outs;
  return combine(inits.map((init, i) => raw.broadcastInDim(init, outs[i]!.shape, [])), outs);
}

/** Reduces with a computation; one that is more than arithmetic on scalars becomes operations on whole arrays. */
export function bindReduce(
  inputs: readonly JaxArray[],
  params: ReduceComputationParams,
): readonly JaxArray[] {
  if (isScalar(params.jaxpr)) return bind(P.reduce, inputs, params);
  (P.reduce as Primitive<ReduceComputationParams>).rules.abstractEval(inputs.map((x) => x.aval), params);
  return expand(inputs, params);
}

/** Batches a function of flat lists whose own rule does not cover how its inputs are mapped. */
export function batchExpanded(
  expanded: (...args: JaxArray[]) => readonly JaxArray[],
  axis: AxisData,
  args: readonly JaxArray[],
  dims: readonly BatchDim[],
): [JaxArray[], number[]] {
  const { outs, dims: outDims } = batchFlat(expanded, { size: axis.size, name: undefined }, args, dims);
  return [
    outs.map((out, i) => outDims[i] === null ? spread(out, axis.size, 0) : moveAxis(out, outDims[i]!, 0)),
    outs.map(() => 0),
  ];
}

(P.reduce as Primitive<ReduceComputationParams>).define({
  abstractEval(avals, { numConsts, dimensions }) {
    const { operands, inits } = splitInputs(avals, numConsts);
    if (inits.some((a) => a.ndim > 0)) {
      const shapes = inits.map((a) => tuple(a.shape)).join(", ");
      throw new ValueError(`reduce found non-scalar initial value: [${shapes}]`);
    }
    if (operands.some((a, i) => a.dtype !== inits[i]!.dtype)) {
      const text = (list: typeof operands): string =>
        `[${list.map((a) => `ShapedArray(${a}${a.weakType ? ", weak_type=True" : ""})`).join(", ")}]`;
      throw new TypeError(
        "reduce operand dtypes should match corresponding initial value dtypes, " +
          `got operands=${text(operands)} and initial_values=${text(inits)}`,
      );
    }
    return operands.map((a, i) =>
      shaped(reducedShape(a, dimensions), a.dtype, a.weakType && inits[i]!.weakType)
    );
  },

  jvp(primals, tangents, params) {
    if (splitInputs(tangents, params.numConsts).inits.some((t) => !(t instanceof Zero))) {
      throw new NotImplementedError(
        "Gradient of general lax.reduce with non-zero tangents for initial values to reduction not implemented",
      );
    }
    const { outs, tangents: outTangents } = jvpFlat((...xs) => expand(xs, params), primals, tangents);
    return [outs, outTangents];
  },

  transpose: "nonlinear",

  batch(axis, args, dims, params) {
    const { numConsts, dimensions } = params, mapped = splitInputs(dims, numConsts);
    if ([...mapped.consts, ...mapped.inits].some((d) => d !== null)) {
      return batchExpanded((...xs) => expand(xs, params), axis, args, dims);
    }
    const { consts, operands, inits } = splitInputs(args, numConsts);
    const front = operands.map((x, i) => {
      const dim = mapped.operands[i]!;
      return dim === null ? spread(x, axis.size, 0) : moveAxis(x, dim, 0);
    });
    const outs = bindReduce([...consts, ...front, ...inits], {
      ...params,
      dimensions: dimensions.map((d) => d + 1),
    });
    return [outs, outs.map(() => 0)];
  },

  lower: {
    kind: "reduce",
    plan({ params, inputs }: ComputeContext<ReduceComputationParams>) {
      const { consts, operands, inits } = splitInputs(inputs, params.numConsts);
      const { space, index } = reducedSpace(operands[0]!.aval.shape, params.dimensions);
      return {
        space,
        init: inits.map((init) => init.at([])),
        value: (out, reduced) => operands.map((x) => x.at(index(out, reduced))),
        combine: (accumulators, values) =>
          evalScalar(params.jaxpr, [...consts.map((c) => c.at([])), ...accumulators, ...values]),
      };
    },
  },

  subJaxprs: ({ jaxpr }) => [jaxpr.jaxpr],
  printParams: ({ dimensions, jaxpr }) => ({ dimensions, jaxpr }),
});
