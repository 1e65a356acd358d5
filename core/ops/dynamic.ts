/**
 * Slices at starts that are only known when the program runs: dynamic_slice and dynamic_update_slice. Starts are
 * scalars of one integer dtype; a slice that would leave the operand is moved inside.
 *
 * @module
 */
import type { KernelBuilder } from "../../kernel/builder.ts";
import { binary, constant, index as constantIndex } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { ComputeContext, RoutineOperand } from "../../kernel/lowering.ts";
import type { JaxArray } from "../array.ts";
import { shaped, type ShapedArray, tuple } from "../avals.ts";
import { toFront } from "../batching.ts";
import { int32, isInteger } from "../dtypes.ts";
import { instantiate, zeros } from "../jvp.ts";
import { type AxisData, type BatchDim, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind1 } from "../trace.ts";
import { checkSameDType } from "./_combinators.ts";
import { clampedIndex } from "./_indices.ts";
import { mergeAxes, nest, outermost, rowMajorStrides } from "./_loops.ts";
import { range } from "./_shapes.ts";
import { batchGather } from "./gather.ts";
import { batchScatter } from "./scatter.ts";

/** Sizes of the slice. */
export interface DynamicSliceParams {
  readonly sliceSizes: readonly number[];
}

/** Binds dynamic_slice. */
export function dynamicSlice(
  x: JaxArray,
  starts: readonly JaxArray[],
  sliceSizes: readonly number[],
): JaxArray {
  return bind1(P.dynamic_slice, [x, ...starts], { sliceSizes: [...sliceSizes] });
}

/** Binds dynamic_update_slice. */
export function dynamicUpdateSlice(x: JaxArray, update: JaxArray, starts: readonly JaxArray[]): JaxArray {
  return bind1(P.dynamic_update_slice, [x, update, ...starts]);
}

function checkStarts(what: string, starts: readonly ShapedArray[], comma: string): void {
  if (starts.some((s) => s.ndim !== 0)) {
    throw new TypeError(
      `start_indices arguments to ${what} must be scalars, ${
        what === "dynamic_slice" ? " " : ""
      }got indices ` +
        tuple(starts),
    );
  }
  if (starts.every((s) => s.dtype === starts[0]!.dtype && isInteger(s.dtype))) return;
  throw new TypeError(
    `index arguments to ${what} must be integers of the same type, got${comma} ` +
      starts.map((s) => s.dtype.name).join(", "),
  );
}

/** Start indices as index vectors: one vector, or one for each mapped element. */
function indexVectors(
  axis: AxisData,
  starts: readonly JaxArray[],
  dims: readonly BatchDim[],
): readonly [JaxArray, BatchDim] {
  if (starts.length === 0) return [raw.full([0], 0, int32), null];
  if (dims.every((d) => d === null)) {
    return [raw.concatenate(starts.map((s) => raw.broadcastInDim(s, [1], [])), 0), null];
  }
  const columns = starts.map((s, i) => raw.broadcastInDim(s, [axis.size, 1], dims[i] === null ? [] : [0]));
  return [raw.concatenate(columns, 1), 0];
}

P.dynamic_slice.define({
  abstractEval: ([x, ...starts], { sliceSizes }: DynamicSliceParams) => {
    const { shape, dtype, weakType } = x!;
    if (sliceSizes.length !== shape.length || starts.length !== shape.length) {
      throw new TypeError(
        `dynamic_slice start_indices and slice_sizes must have length equal to the rank of operand, got ` +
          `${starts.length} indices and slice_sizes ${tuple(sliceSizes)} for operand shape ${tuple(shape)}.`,
      );
    }
    if (sliceSizes.some((n, i) => n > shape[i]!)) {
      throw new TypeError(
        `slice slice_sizes must be less than or equal to operand shape, got slice_sizes ${
          tuple(sliceSizes)
        } for ` +
          `operand shape ${tuple(shape)}.`,
      );
    }
    if (sliceSizes.some((n) => n < 0)) {
      throw new TypeError(
        `slice slice_sizes must be greater than or equal to zero, got slice_sizes of ${tuple(sliceSizes)}.`,
      );
    }
    checkStarts("dynamic_slice", starts, ":");
    return [shaped(sliceSizes, dtype, weakType)];
  },

  jvp: ([x, ...starts], [t], { sliceSizes }: DynamicSliceParams) => [
    [dynamicSlice(x!, starts, sliceSizes)],
    [dynamicSlice(t as JaxArray, starts, sliceSizes)],
  ],

  transpose: ([ct], [x, ...starts]) => {
    const { aval } = x as UndefinedPrimal, none = starts.map(() => null);
    if (ct instanceof Zero) return [new Zero(aval.tangent()), ...none];
    return [dynamicUpdateSlice(zeros(aval.strong()), ct as JaxArray, starts as JaxArray[]), ...none];
  },

  batch: (axis, [x, ...starts], [dim, ...startDims], { sliceSizes }: DynamicSliceParams) => {
    const all = range(sliceSizes.length);
    const [indices, indicesDim] = indexVectors(axis, starts, startDims);
    const dimensionNumbers = {
      offsetDims: all,
      collapsedSliceDims: [],
      startIndexMap: all,
      operandBatchingDims: [],
      startIndicesBatchingDims: [],
    };
    const params = {
      dimensionNumbers,
      sliceSizes,
      mode: "clip",
      fillValue: null,
      indicesAreSorted: true,
      uniqueIndices: true,
    } as const;
    return batchGather(axis, [x!, indices], [dim!, indicesDim], params);
  },

  lower: {
    kind: "pointwise",
    access: "indexed",
    compute({ inputs, outAvals }: ComputeContext<DynamicSliceParams>, index: readonly Expr[]) {
      const [x, ...starts] = inputs, sizes = outAvals[0]!.shape;
      const at = x!.aval.shape.map((n, i) =>
        n === sizes[i] ? index[i]! : binary("add", clampedIndex(starts[i]!.at([]), n - sizes[i]!), index[i]!)
      );
      return [x!.at(at)];
    },
  },

  printParams: ({ sliceSizes }: DynamicSliceParams) => ({ slice_sizes: sliceSizes }),
});

P.dynamic_update_slice.define({
  abstractEval: (avals) => {
    const [x, update, ...starts] = avals as [ShapedArray, ShapedArray, ...ShapedArray[]];
    const name = "dynamic_update_slice";
    if (x.ndim !== update.ndim) {
      throw new TypeError(
        `${name} update must have the same rank as operand, got update shape ${
          tuple(update.shape)
        } for operand ` +
          `shape ${tuple(x.shape)}.`,
      );
    }
    if (x.ndim !== starts.length) {
      throw new TypeError(
        `${name} start_indices must have length equal to the rank of operand, got indices ${
          tuple(starts)
        } for ` +
          `operand shape ${tuple(x.shape)}.`,
      );
    }
    if (update.shape.some((n, i) => n > x.shape[i]!)) {
      throw new TypeError(
        `${name} update shape must be smaller than operand shape, got update shape ${
          tuple(update.shape)
        } for ` +
          `operand shape ${tuple(x.shape)}.`,
      );
    }
    checkSameDType(name, [x, update]);
    checkStarts(name, starts, "");
    return [shaped(x.shape, x.dtype, avals.every((a) => a.weakType))];
  },

  jvp: ([x, update, ...starts], [xDot, updateDot]) => [
    [dynamicUpdateSlice(x!, update!, starts)],
    [dynamicUpdateSlice(instantiate(xDot!), instantiate(updateDot!), starts)],
  ],

  transpose: ([ct], [x, update, ...starts]) => {
    const none = starts.map(() => null), at = starts as JaxArray[];
    const isLinear = (v: JaxArray | UndefinedPrimal): boolean => v instanceof UndefinedPrimal;
    if (ct instanceof Zero) {
      return [...[x!, update!].map((v) => isLinear(v) ? new Zero(v.aval.tangent()) : null), ...none];
    }
    const t = ct as JaxArray, { shape } = update!.aval;
    return [
      isLinear(x!) ? dynamicUpdateSlice(t, zeros(shaped(shape, t.dtype)), at) : null,
      isLinear(update!) ? dynamicSlice(t, at, shape) : null,
      ...none,
    ];
  },

  batch: (axis, [x, update, ...starts], [dim, updateDim, ...startDims]) => {
    if (startDims.every((d) => d === null)) {
      const at = [raw.scalar(0, starts[0]?.dtype ?? int32), ...starts];
      const out = dynamicUpdateSlice(
        toFront(x!, dim!, axis.size),
        toFront(update!, updateDim!, axis.size),
        at,
      );
      return [[out], [0]];
    }
    const all = range(starts.length);
    const [indices, indicesDim] = indexVectors(axis, starts, startDims);
    return batchScatter(P.scatter)(axis, [x!, indices, update!], [dim!, indicesDim, updateDim!], {
      dimensionNumbers: {
        updateWindowDims: all,
        insertedWindowDims: [],
        scatterDimsToOperandDims: all,
        operandBatchingDims: [],
        scatterIndicesBatchingDims: [],
      },
      indicesAreSorted: true,
      uniqueIndices: true,
      mode: "clip",
      updateJaxpr: null,
    });
  },

  lower: { kind: "routine", inPlace: 0, build: writeSlice },
});

/** Copies the update over the elements of the result (which starts as the operand) at the clamped starts. */
function writeSlice(
  k: KernelBuilder,
  inputs: readonly RoutineOperand[],
  outputs: readonly RoutineOperand[],
): void {
  const [, update, ...starts] = inputs as [RoutineOperand, RoutineOperand, ...RoutineOperand[]];
  const out = outputs[0]!, { shape } = out.aval, sizes = update.aval.shape;
  if (update.aval.size === 0) return;
  const from = rowMajorStrides(sizes), to = rowMajorStrides(shape);
  const axes = mergeAxes(sizes.map((extent, i) => ({ extent, strides: [from[i]!, to[i]!] })));
  outermost(k, axes, 2, ([source, target], inner) => {
    let first: Expr = constantIndex(0);
    starts.forEach((start, i) => {
      const upper = shape[i]! - sizes[i]!;
      if (upper === 0) return;
      const at = clampedIndex(k.readVal(start, 0), upper);
      first = binary("add", first, binary("mul", at, constant("i32", to[i]!)));
    });
    const offset = k.let(first);
    nest(k, inner, [source!, binary("add", target!, offset)], ([s, t]) => {
      k.writeVal(out, t!, k.readVal(update, s!));
    }, true);
  });
}
