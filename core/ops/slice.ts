/**
 * Slices with static bounds.
 *
 * @module
 */
import { binary, index as constantIndex } from "../../kernel/expr.ts";
import { type ShapedArray, tuple } from "../avals.ts";
import { scalarArray } from "../concrete.ts";
import { int32 } from "../dtypes.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind } from "../trace.ts";
import { defineMovement } from "./_combinators.ts";
import { checkShapelike, inserted } from "./_shapes.ts";

/** Elements start, start + stride, ... below the limit of each axis; null strides are all 1. */
export interface SliceParams {
  readonly startIndices: readonly number[];
  readonly limitIndices: readonly number[];
  readonly strides: readonly number[] | null;
}

/** Shape of a slice; raises JAX's errors. */
function sliceShape(aval: ShapedArray, params: SliceParams): readonly number[] {
  const { shape } = aval, { startIndices: starts, limitIndices: limits, strides } = params;
  checkShapelike("slice", "start_indices", starts);
  checkShapelike("slice", "limit_indices", limits);
  if (starts.length !== shape.length) {
    throw new TypeError(
      `slice start_indices must have length equal to the number of dimensions of the operand, got indices ` +
        `${tuple(starts)} for operand shape ${tuple(shape)}.`,
    );
  }
  if (starts.length !== limits.length) {
    throw new TypeError(
      `slice limit_indices must have the same length as start_indices, got start_indices ${
        tuple(starts)
      } and ` +
        `limit_indices ${tuple(limits)}.`,
    );
  }
  if (limits.some((n, i) => n > shape[i]!)) {
    throw new TypeError(
      `slice limit_indices must be less than or equal to operand shape, got limit_indices ${
        tuple(limits)
      } for ` +
        `operand shape ${tuple(shape)}.`,
    );
  }
  if (limits.some((n, i) => n < starts[i]!)) {
    throw new TypeError(
      `slice limit_indices must be greater than or equal to start_indices, got start_indices ${
        tuple(starts)
      } and limit_indices ${tuple(limits)}.`,
    );
  }
  if (strides === null) return limits.map((n, i) => n - starts[i]!);
  checkShapelike("slice", "strides", strides);
  if (strides.length !== shape.length) {
    throw new TypeError(
      `slice strides must have length equal to the number of dimensions of the operand, got strides ` +
        `${tuple(strides)} for operand shape ${tuple(shape)}.`,
    );
  }
  if (strides.some((s) => s <= 0)) {
    throw new TypeError(`slice strides must be positive, got ${tuple(strides)}`);
  }
  return limits.map((n, i) => Math.ceil((n - starts[i]!) / strides[i]!));
}

defineMovement<SliceParams>(P.slice, {
  shape: sliceShape,
  index: ({ params: { startIndices, strides } }, index) =>
    index.map((i, k) => {
      const step = strides ? binary("mul", i, constantIndex(strides[k]!)) : i;
      return binary("add", step, constantIndex(startIndices[k]!));
    }),
  // Elements that were left out had no influence: zeros go back in their places.
  transpose(ct, aval, { startIndices, strides }) {
    const config = aval.shape.map((n, i): [number, number, number] => {
      const start = startIndices[i]!, stride = strides?.[i] ?? 1, m = ct.shape[i]!;
      const limit = start + (m === 0 ? 0 : 1 + (m - 1) * stride);
      return [start, n - limit, stride - 1];
    });
    return raw.pad(ct, raw.scalar(0, ct.dtype), config);
  },
  batch: (x, dim, { startIndices, limitIndices, strides }) => [
    raw.slice(
      x,
      inserted(startIndices, dim, 0),
      inserted(limitIndices, dim, x.shape[dim]!),
      strides && inserted(strides, dim, 1),
    ),
    dim,
  ],
  // Outside of a program, slices of one size share the program of dynamic_slice, wherever they start.
  evaluate([x], params) {
    const { startIndices, strides } = params;
    if (strides !== null || startIndices.length === 0) return null;
    const sliceSizes = sliceShape(x!.aval, params);
    return bind(P.dynamic_slice, [x!, ...startIndices.map((i) => scalarArray(i, int32))], { sliceSizes });
  },
  printParams: ({ startIndices, limitIndices, strides }) => ({
    limit_indices: limitIndices,
    start_indices: startIndices,
    strides,
  }),
});
