/**
 * Gather: slices of an operand at starts that another array holds.
 *
 * @module
 */
import { binary, constant } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import { type Access, type ComputeContext, Pair, type Val } from "../../kernel/lowering.ts";
import { constVal, scalarTypeOf } from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { shaped } from "../avals.ts";
import { moveAxis } from "../batching.ts";
import { type DType, isInteger } from "../dtypes.ts";
import { ValueError } from "../errors.ts";
import { zeros } from "../jvp.ts";
import { type BatchRule, type UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import { bind1 } from "../trace.ts";
import {
  dimensionNumbersText,
  type GatherDimensionNumbers,
  gatherShape,
  type IndexMode,
  modeText,
  otherDims,
  toScatter,
} from "./dimension_numbers.ts";
import { clampedIndex, indexConditions } from "./_indices.ts";
import { branchVal, every, shifted } from "./_shapes.ts";

/** Parameters of gather. `fillValue` is null unless the mode is `"fill"`. */
export interface GatherParams {
  readonly dimensionNumbers: GatherDimensionNumbers;
  readonly sliceSizes: readonly number[];
  readonly mode: IndexMode;
  readonly fillValue: FillValue | null;
  readonly indicesAreSorted: boolean;
  readonly uniqueIndices: boolean;
}

/** What elements of slices that lie outside the operand are. */
export type FillValue = number | bigint | boolean | { readonly re: number; readonly im: number };

/** Binds gather. */
export function gather(operand: JaxArray, indices: JaxArray, params: GatherParams): JaxArray {
  return bind1(P.gather, [operand, indices], params);
}

/** Batching: a mapped operand alone makes slices taller, mapped indices add positions, both together batch. */
export const batchGather: BatchRule<GatherParams> = (
  _axis,
  [operand, indices],
  [dim, indicesDim],
  params,
) => {
  const { dimensionNumbers: n, sliceSizes } = params;
  if (indicesDim === null || indicesDim === undefined) {
    const x = moveAxis(operand!, dim!, 0);
    const out = gather(x, indices!, {
      ...params,
      sliceSizes: [x.shape[0]!, ...sliceSizes],
      dimensionNumbers: {
        offsetDims: [0, ...shifted(n.offsetDims)],
        collapsedSliceDims: shifted(n.collapsedSliceDims),
        startIndexMap: shifted(n.startIndexMap),
        operandBatchingDims: shifted(n.operandBatchingDims),
        startIndicesBatchingDims: n.startIndicesBatchingDims,
      },
    });
    return [[out], [0]];
  }
  const positions = moveAxis(indices!, indicesDim, 0);
  if (dim === null || dim === undefined) {
    // Different positions may now read the same element, in any order.
    const out = gather(operand!, positions, {
      ...params,
      uniqueIndices: false,
      indicesAreSorted: false,
      dimensionNumbers: {
        ...n,
        offsetDims: shifted(n.offsetDims),
        startIndicesBatchingDims: shifted(n.startIndicesBatchingDims),
      },
    });
    return [[out], [0]];
  }
  const x = moveAxis(operand!, dim, 0);
  const out = gather(x, positions, {
    ...params,
    sliceSizes: [Math.min(1, x.shape[0]!), ...sliceSizes],
    dimensionNumbers: {
      offsetDims: shifted(n.offsetDims),
      collapsedSliceDims: shifted(n.collapsedSliceDims),
      startIndexMap: shifted(n.startIndexMap),
      operandBatchingDims: [0, ...shifted(n.operandBatchingDims)],
      startIndicesBatchingDims: [0, ...shifted(n.startIndicesBatchingDims)],
    },
  });
  return [[out], [0]];
};

P.gather.define({
  abstractEval: ([operand, indices], params: GatherParams) => {
    if (!isInteger(indices!.dtype)) throw new ValueError("indices must have an integer type");
    const shape = gatherShape(operand!, indices!, params.dimensionNumbers, params.sliceSizes);
    return [shaped(shape, operand!.dtype, operand!.weakType)];
  },

  // Filled elements do not depend on the operand.
  jvp: ([operand, indices], [t], params: GatherParams) => [
    [gather(operand!, indices!, params)],
    [gather(t as JaxArray, indices!, { ...params, fillValue: params.mode === "fill" ? 0 : null })],
  ],

  // An element that several slices read gets the sum of their cotangents.
  transpose: ([ct], [operand, indices], params: GatherParams) => {
    const { aval } = operand as UndefinedPrimal;
    if (ct instanceof Zero) return [new Zero(aval.tangent()), null];
    const { dimensionNumbers, indicesAreSorted, uniqueIndices, mode } = params;
    const scatter = {
      dimensionNumbers: toScatter(dimensionNumbers),
      indicesAreSorted,
      uniqueIndices,
      mode,
      updateJaxpr: null,
    };
    return [bind1(P.scatter_add, [zeros(aval.strong()), indices as JaxArray, ct!], scatter), null];
  },

  batch: batchGather,

  lower: {
    kind: "pointwise",
    access: "indexed",
    compute: ({ inputs, params }: ComputeContext<GatherParams>, index: readonly Expr[]) => [
      gathered(inputs[0]!, inputs[1]!, params, index),
    ],
  },

  printParams: (params: GatherParams) => ({
    dimension_numbers: dimensionNumbersText(params.dimensionNumbers),
    fill_value: params.fillValue,
    indices_are_sorted: params.indicesAreSorted,
    mode: modeText(params.mode),
    slice_sizes: params.sliceSizes,
    unique_indices: params.uniqueIndices,
  }),
});

/** The element of the result at an index. */
function gathered(operand: Access, indices: Access, params: GatherParams, index: readonly Expr[]): Val {
  const { dimensionNumbers: n, sliceSizes, mode, fillValue } = params, { shape, dtype } = operand.aval;
  const position = otherDims(index.length, n.offsetDims).map((d) => index[d]!);
  const conditions: Expr[] = [];
  let window = 0;
  const at = shape.map((size, d): Expr => {
    const batching = n.operandBatchingDims.indexOf(d);
    if (batching >= 0) return position[n.startIndicesBatchingDims[batching]!]!;
    const offset = n.collapsedSliceDims.includes(d) ? null : index[n.offsetDims[window++]!]!;
    const component = n.startIndexMap.indexOf(d);
    if (component < 0) return offset ?? constant("i32", 0);
    const start = indices.at([...position, constant("i32", component)]);
    const upper = size - sliceSizes[d]!;
    if (mode === "fill") conditions.push(...indexConditions(start, upper));
    const first = clampedIndex(start, upper);
    return offset === null ? first : binary("add", first, offset);
  });
  if (mode !== "fill") return operand.at(at);
  const inside = every(conditions, (p, q) => binary("and", p, q));
  return branchVal(inside, () => operand.at(at), () => fillVal(dtype, fillValue ?? 0));
}

/** The fill value of a dtype; all words of a key are filled. */
function fillVal(dtype: DType, value: FillValue): Val {
  if (dtype.kind === "key" && typeof value !== "object") {
    const word = constant(scalarTypeOf(dtype), value);
    return new Pair(word, word);
  }
  return constVal(dtype, value);
}

/** The fill value that JAX takes when none is given: NaN, the least or greatest integer, or true. */
export function defaultFill(dtype: DType): FillValue {
  switch (dtype.kind) {
    case "bool":
      return true;
    case "int":
      return dtype.bits === 64 ? -(2n ** 63n) : -(2 ** (dtype.bits - 1));
    case "uint":
      return dtype.bits === 64 ? 2n ** 64n - 1n : 2 ** dtype.bits - 1;
    case "key":
      return 2 ** 32 - 1;
    default:
      return NaN;
  }
}
