/**
 * Scatter: windows of updates put into an operand, or combined with it, at starts that another array holds. Updates
 * that meet in one element are all applied, in row-major order of their positions.
 *
 * @module
 */
import * as s from "../../kernel/scalar.ts";
import type { Val } from "../../kernel/lowering.ts";
import type { JaxArray } from "../array.ts";
import { shaped, type ShapedArray } from "../avals.ts";
import { moveAxis, toFront } from "../batching.ts";
import { int32, isInteger } from "../dtypes.ts";
import { NotImplementedError, ValueError } from "../errors.ts";
import { type ClosedJaxpr, Jaxpr, Var } from "../jaxpr.ts";
import { addTangents, instantiate, zeros } from "../jvp.ts";
import type { BatchRule, JvpRule, Primitive, TransposeRule } from "../primitive.ts";
import { type Tangent, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind1 } from "../trace.ts";
import { anyNumber, checkAccepts, checkSameDType } from "./_combinators.ts";
import { evalScalar } from "./_computation.ts";
import {
  checkScatter,
  dimensionNumbersText,
  type IndexMode,
  modeText,
  otherDims,
  type ScatterDimensionNumbers,
  toGather,
  windowSizes,
} from "./dimension_numbers.ts";
import { buildScatter } from "./_scatter_kernel.ts";
import { shifted } from "./_shapes.ts";
import { gather } from "./gather.ts";

export { isScalar } from "./_computation.ts";

/** Parameters of the scatter primitives. */
export interface ScatterParams {
  readonly dimensionNumbers: ScatterDimensionNumbers;
  readonly indicesAreSorted: boolean;
  readonly uniqueIndices: boolean;
  readonly mode: IndexMode;
  /** For `scatter` only: the function of the old element that gives the new one; null: the update replaces it. */
  readonly updateJaxpr: ClosedJaxpr | null;
}

/** Moves mapped axes to the front: windows get taller, or with mapped indices each element scatters by itself. */
export function batchScatter(primitive: Primitive): BatchRule<ScatterParams> {
  return (axis, [operand, indices, updates], [dim, indicesDim, updatesDim], params) => {
    const { dimensionNumbers: n } = params;
    const x = toFront(operand!, dim!, axis.size), y = toFront(updates!, updatesDim!, axis.size);
    const mapped = indicesDim !== null && indicesDim !== undefined;
    const dimensionNumbers: ScatterDimensionNumbers = {
      updateWindowDims: mapped ? shifted(n.updateWindowDims) : [0, ...shifted(n.updateWindowDims)],
      insertedWindowDims: shifted(n.insertedWindowDims),
      scatterDimsToOperandDims: shifted(n.scatterDimsToOperandDims),
      operandBatchingDims: mapped ? [0, ...shifted(n.operandBatchingDims)] : shifted(n.operandBatchingDims),
      scatterIndicesBatchingDims: mapped
        ? [0, ...shifted(n.scatterIndicesBatchingDims)]
        : n.scatterIndicesBatchingDims,
    };
    const positions = mapped ? moveAxis(indices!, indicesDim, 0) : indices!;
    return [[bind1(primitive, [x, positions, y], { ...params, dimensionNumbers })], [0]];
  };
}

/** What the primitives differ in. */
interface Scatter {
  /** The new element from the old one and the update. */
  readonly combine: (old: Val, update: Val) => Val;
  /** The binary primitive that combines, for the jaxpr's text; null: the update replaces. */
  readonly shown: Primitive | null;
  /** Takes numbers only. */
  readonly arithmetic?: boolean;
  readonly jvp: JvpRule<ScatterParams>;
  readonly transpose: TransposeRule<ScatterParams> | "nonlinear";
}

function defineScatter(primitive: Primitive, spec: Scatter): void {
  primitive.define({
    abstractEval(avals, params: ScatterParams) {
      const [operand, indices, updates] = avals as [ShapedArray, ShapedArray, ShapedArray];
      if (!isInteger(indices.dtype)) throw new ValueError("indices must have an integer type");
      if (spec.arithmetic) checkAccepts(spec.shown!.name, operand.dtype, anyNumber, 0);
      checkSameDType("scatter", [operand, updates]);
      checkScatter(operand, indices, updates, params.dimensionNumbers);
      return [operand];
    },
    jvp: spec.jvp,
    transpose: spec.transpose,
    batch: batchScatter(primitive),
    lower: {
      kind: "routine",
      inPlace: 0,
      build(k, inputs, outputs, params: ScatterParams) {
        const { updateJaxpr } = params, dtype = outputs[0]!.aval.dtype;
        const combine = updateJaxpr === null
          ? (old: Val, update: Val) => s.narrowVal(dtype, spec.combine(old, update))
          : (old: Val) => evalScalar(updateJaxpr, [old])[0]!;
        const reads = updateJaxpr !== null || spec.shown !== null;
        buildScatter(k, inputs, outputs[0]!, params, { combine, reads });
      },
    },
    subJaxprs: ({ updateJaxpr }: ScatterParams) => updateJaxpr ? [updateJaxpr.jaxpr] : [],
    printParams: (params: ScatterParams, [operand]) => ({
      dimension_numbers: dimensionNumbersText(params.dimensionNumbers),
      indices_are_sorted: params.indicesAreSorted,
      mode: modeText(params.mode),
      unique_indices: params.uniqueIndices,
      update_consts: [],
      update_jaxpr: params.updateJaxpr ?? (spec.shown && combinationJaxpr(spec.shown, operand!)),
    }),
  });
}

/** The jaxpr of `(old, update) => old op update` on scalars, as JAX shows it among a scatter's params. */
function combinationJaxpr(primitive: Primitive, operand: ShapedArray): Jaxpr {
  const aval = shaped([], operand.dtype);
  const inputs = [new Var(aval), new Var(aval)], output = new Var(aval);
  return new Jaxpr([], inputs, [{ primitive, params: {}, inputs, outputs: [output] }], [output]);
}

const isLinear = (x: JaxArray | UndefinedPrimal): boolean => x instanceof UndefinedPrimal;

/** The elements of `x` that a scatter's windows lie over. */
function windowsOf(
  x: JaxArray,
  indices: JaxArray,
  updatesShape: readonly number[],
  params: ScatterParams,
  mode: IndexMode = params.mode,
): JaxArray {
  return gather(x, indices, {
    dimensionNumbers: toGather(params.dimensionNumbers),
    sliceSizes: windowSizes(x.ndim, updatesShape, params.dimensionNumbers),
    mode,
    fillValue: mode === "fill" ? 0 : null,
    indicesAreSorted: false,
    uniqueIndices: false,
  });
}

/** A scatter that is linear in operand and updates together: tangents scatter as the values do. */
function linearJvp(primitive: Primitive): JvpRule<ScatterParams> {
  return ([operand, indices, updates], [operandDot, , updatesDot], params) => {
    if (params.updateJaxpr !== null) throw new NotImplementedError("scatter_apply JVP not implemented");
    const tangents = [instantiate(operandDot!), indices!, instantiate(updatesDot!)];
    return [[bind1(primitive, [operand!, indices!, updates!], params)], [bind1(primitive, tangents, params)]];
  };
}

/** A transpose rule from the cotangents of the operand and of the updates. */
function scatterTranspose(
  toOperand: (ct: JaxArray, indices: JaxArray, updates: ShapedArray, params: ScatterParams) => JaxArray,
  toUpdates: (
    ct: JaxArray,
    inputs: { operand: JaxArray | UndefinedPrimal; indices: JaxArray; updates: ShapedArray },
    params: ScatterParams,
  ) => JaxArray,
): TransposeRule<ScatterParams> {
  return ([ct], [operand, indices, updates], params) => {
    if (ct instanceof Zero) {
      const zero = (x: JaxArray | UndefinedPrimal): Tangent | null =>
        isLinear(x) ? new Zero(x.aval.tangent()) : null;
      return [zero(operand!), null, zero(updates!)];
    }
    const t = ct as JaxArray, at = indices as JaxArray, { aval } = updates!;
    return [
      isLinear(operand!) ? toOperand(t, at, aval, params) : null,
      null,
      isLinear(updates!) ? toUpdates(t, { operand: operand!, indices: at, updates: aval }, params) : null,
    ];
  };
}

/** For each update, a number from 1 on that all elements of its window share. */
function updateNumbers(updates: ShapedArray, { updateWindowDims }: ScatterDimensionNumbers): JaxArray {
  const dims = otherDims(updates.ndim, updateWindowDims), sizes = dims.map((d) => updates.shape[d]!);
  const count = sizes.reduce((a, b) => a * b, 1);
  const numbers = raw.add(raw.reshape(raw.iota(int32, [count], 0), sizes), 1);
  return raw.broadcastInDim(numbers, updates.shape, dims);
}

defineScatter(P.scatter, {
  combine: (_old, update) => update,
  shown: null,
  jvp: linearJvp(P.scatter),
  // Elements that were replaced had no influence; an update had it where it came last.
  transpose: scatterTranspose(
    (ct, indices, updates, params) =>
      bind1(P.scatter, [ct, indices, zeros(shaped(updates.shape, ct.dtype))], params),
    (ct, { indices, updates }, params) => {
      const part = windowsOf(ct, indices, updates.shape, params);
      if (params.uniqueIndices) return part;
      const numbers = updateNumbers(updates, params.dimensionNumbers);
      const winners = bind1(P.scatter, [raw.full(ct.shape, 0, int32), indices, numbers], params);
      const last = raw.eq(windowsOf(winners, indices, updates.shape, params), numbers);
      return raw.where(last, part, 0);
    },
  ),
});

const ctOfOperand = (ct: JaxArray): JaxArray => ct;

defineScatter(P.scatter_add, {
  combine: s.add,
  shown: P.add,
  arithmetic: true,
  jvp: linearJvp(P.scatter_add),
  transpose: scatterTranspose(
    ctOfOperand,
    (ct, { indices, updates }, params) => windowsOf(ct, indices, updates.shape, params),
  ),
});

defineScatter(P.scatter_sub, {
  combine: s.sub,
  shown: P.sub,
  arithmetic: true,
  jvp: linearJvp(P.scatter_sub),
  transpose: scatterTranspose(
    ctOfOperand,
    (ct, { indices, updates }, params) => raw.neg(windowsOf(ct, indices, updates.shape, params)),
  ),
});

function checkUnique({ uniqueIndices }: ScatterParams): void {
  if (uniqueIndices) return;
  throw new NotImplementedError("scatter_mul gradients are only implemented if `unique_indices=True`");
}

defineScatter(P.scatter_mul, {
  combine: s.mul,
  shown: P.mul,
  arithmetic: true,
  // d(x·y) = dx·y + x·dy, where dy is 0 outside the windows.
  jvp: ([operand, indices, updates], [operandDot, , updatesDot], params) => {
    const out = bind1(P.scatter_mul, [operand!, indices!, updates!], params);
    let tangent: Tangent = new Zero(out.aval.tangent());
    if (!(operandDot instanceof Zero)) {
      tangent = bind1(P.scatter_mul, [operandDot as JaxArray, indices!, updates!], params);
    }
    if (!(updatesDot instanceof Zero)) {
      checkUnique(params);
      const zero = zeros(operand!.aval.strong());
      const spread = bind1(P.scatter_add, [zero, indices!, updatesDot as JaxArray], params);
      tangent = addTangents(tangent, raw.mul(operand!, spread));
    }
    return [[out], [tangent]];
  },
  transpose: ([ct], [operand, indices, updates], params) => {
    const zero = (x: JaxArray | UndefinedPrimal): Tangent | null =>
      isLinear(x) ? new Zero(x.aval.tangent()) : null;
    if (ct instanceof Zero) return [zero(operand!), null, zero(updates!)];
    const t = ct as JaxArray, at = indices as JaxArray;
    if (isLinear(operand!)) {
      return [bind1(P.scatter_mul, [t, at, updates as JaxArray], params), null, null];
    }
    checkUnique(params);
    return [null, null, windowsOf(raw.mul(t, operand as JaxArray), at, updates!.aval.shape, params)];
  },
});

/**
 * Derivative of scatter_min and scatter_max: the tangent of an element is the mean of the tangents of those, among its
 * old value and its updates, that attain the result.
 */
function extremalJvp(primitive: Primitive): JvpRule<ScatterParams> {
  return ([operand, indices, updates], [operandDot, , updatesDot], params) => {
    const out = bind1(primitive, [operand!, indices!, updates!], params);
    const xDot = instantiate(operandDot!), yDot = instantiate(updatesDot!);
    const { shape } = updates!, plain: ScatterParams = { ...params, uniqueIndices: false };
    const windows = (x: JaxArray): JaxArray => windowsOf(x, indices!, shape, params, "promise_in_bounds");
    const sums = (y: JaxArray): JaxArray =>
      windows(bind1(P.scatter_add, [zeros(operand!.aval.strong()), indices!, y], plain));
    const one = raw.full(shape, 1, updates!.dtype), zero = raw.full(shape, 0, updates!.dtype);
    const target = windows(out);
    const attains = raw.eq(updates!, target), kept = raw.eq(windows(operand!), target);
    const count = sums(raw.selectN(attains, zero, one)), all = sums(one);
    const shared = raw.div(one, raw.add(count, one));
    const share = raw.selectN(attains, zero, raw.selectN(kept, raw.div(one, count), shared));
    // Each of the updates of an element takes its part of the change of the old value's weight from 1 to its share.
    const change = raw.div(raw.sub(raw.selectN(kept, zero, shared), one), all);
    const tangent = raw.add(raw.mul(windows(xDot), change), raw.mul(yDot, share));
    return [[out], [bind1(P.scatter_add, [xDot, indices!, tangent], params)]];
  };
}

defineScatter(P.scatter_min, {
  combine: s.min,
  shown: P.min,
  jvp: extremalJvp(P.scatter_min),
  transpose: "nonlinear",
});

defineScatter(P.scatter_max, {
  combine: s.max,
  shown: P.max,
  jvp: extremalJvp(P.scatter_max),
  transpose: "nonlinear",
});
