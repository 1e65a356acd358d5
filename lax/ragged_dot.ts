/**
 * Contractions with a ragged axis: rows in groups, each with operands of its own.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import { type ArrayLike, lift, toArray } from "../core/convert.ts";
import { asDType, type DTypeLike, int32, requestedDType } from "../core/dtypes.ts";
import { NotImplementedError } from "../core/errors.ts";
import { P } from "../core/prims.ts";
import * as raw from "../core/raw.ts";
import { keywords } from "../core/static.ts";
import { bind1 } from "../core/trace.ts";
import type { DotDimensionNumbers, DotOptions } from "./dot.ts";

/** Which axes are contracted, and which are ragged or number the groups. */
export class RaggedDotDimensionNumbers {
  readonly dotDimensionNumbers: DotDimensionNumbers;
  readonly lhsRaggedDimensions: readonly number[];
  readonly rhsGroupDimensions: readonly number[];
  constructor(
    dotDimensionNumbers: DotDimensionNumbers,
    lhsRaggedDimensions: readonly number[],
    rhsGroupDimensions: readonly number[],
  ) {
    this.dotDimensionNumbers = dotDimensionNumbers;
    this.lhsRaggedDimensions = lhsRaggedDimensions;
    this.rhsGroupDimensions = rhsGroupDimensions;
  }
}

const optionNames = ["precision", "preferredElementType", "groupOffset"] as const;

interface RaggedOptions {
  readonly precision?: DotOptions["precision"];
  readonly preferredElementType?: DTypeLike | null;
  readonly groupOffset?: ArrayLike | null;
}

/** [groups, size] mask: whether position i of the ragged axis belongs to group g. */
function groupMask(sizes: JaxArray, size: number): JaxArray {
  const groups = sizes.shape[0]!;
  const ends = raw.broadcastInDim(bind1(P.cumsum, [sizes], { axis: 0, reverse: false }), [groups, size], [0]);
  const starts = raw.sub(ends, raw.broadcastInDim(sizes, [groups, size], [0]));
  const at = raw.iota(int32, [groups, size], 1);
  return raw.and(raw.ge(at, starts), raw.lt(at, ends));
}

/** lhs with a new leading axis of groups, zero where a position is not in the group. */
function masked(lhs: JaxArray, mask: JaxArray, axis: number): JaxArray {
  const shape = [mask.shape[0]!, ...lhs.shape];
  const spread = raw.broadcastInDim(mask, shape, [0, axis + 1]);
  const copies = raw.broadcastInDim(lhs, shape, lhs.shape.map((_, i) => i + 1));
  return raw.selectN(spread, raw.full(shape, 0, lhs.dtype), copies);
}

/**
 * General ragged contraction: the ragged axis of lhs may be kept (rhs has one operand a group), contracted (one result a
 * group) or a batch axis.
 *
 * @param groupSizes [groups] integers: how many positions of the ragged axis each group has; the rest counts as zero
 */
export function raggedDotGeneral(
  lhs: ArrayLike,
  rhs: ArrayLike,
  groupSizes: ArrayLike,
  dimensionNumbers: RaggedDotDimensionNumbers,
  ...args: unknown[]
): JaxArray {
  const { preferredElementType, groupOffset } = keywords(
    "ragged_dot_general",
    optionNames,
    args,
  ) as RaggedOptions;
  const [l, r] = lift("ragged_dot_general", lhs, rhs) as [JaxArray, JaxArray];
  const sizes = raw.convert(toArray(groupSizes, "ragged_dot_general", 2), int32);
  if (groupOffset !== undefined && groupOffset !== null) {
    throw new NotImplementedError(
      "ragged_dot_general: group_offset is not supported; slice group_sizes and rhs instead",
    );
  }
  if (sizes.ndim !== 1) {
    throw new NotImplementedError(
      `ragged_dot_general: group_sizes must have one axis, got ${sizes.aval}; use vmap for batches`,
    );
  }
  const { dotDimensionNumbers: [[lc, rc], [lb, rb]], lhsRaggedDimensions, rhsGroupDimensions } =
    dimensionNumbers;
  if (lhsRaggedDimensions.length !== 1) {
    throw new TypeError(
      `ragged_dot_general expects exactly one lhs ragged dimension, got ${lhsRaggedDimensions.length}.`,
    );
  }
  const ragged = lhsRaggedDimensions[0]!;
  const mask = groupMask(sizes, l.shape[ragged]!);
  const preferred = preferredElementType === undefined || preferredElementType === null
    ? null
    : requestedDType(asDType(preferredElementType), "ragged_dot_general");
  const up = (axes: readonly number[]): number[] => axes.map((i) => i + 1);
  if (lc.includes(ragged)) {
    // A result for each group: the axis of groups comes out after the batch axes, and goes first.
    const out = raw.dotGeneral(
      masked(l, mask, ragged),
      r,
      { contract: [up(lc), rc], batch: [up(lb), rb] },
      preferred,
    );
    const at = lb.length;
    return raw.transpose(out, [at, ...out.shape.map((_, i) => i).filter((i) => i !== at)]);
  }
  if (lb.includes(ragged)) {
    const any = bind1(P.reduce_or, [mask], { axes: [0] });
    const keep = raw.broadcastInDim(any, l.shape, [ragged]);
    const rows = raw.selectN(keep, raw.full(l.shape, 0, l.dtype), l);
    return raw.dotGeneral(rows, r, { contract: [lc, rc], batch: [lb, rb] }, preferred);
  }
  if (rhsGroupDimensions.length !== 1) {
    throw new TypeError(
      `ragged_dot_general expects exactly one rhs group dimension, got ${rhsGroupDimensions.length}.`,
    );
  }
  const group = rhsGroupDimensions[0]!;
  return raw.dotGeneral(
    masked(l, mask, ragged),
    r,
    { contract: [[0, ...up(lc)], [group, ...rc]], batch: [up(lb), rb] },
    preferred,
  );
}

/**
 * Matrix product of rows in groups, each group with a matrix of its own.
 *
 * @param lhs [m, k]
 * @param rhs [groups, k, n]
 * @param groupSizes [groups] integers; rows beyond their sum give zeros
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const y = lax.raggedDot(np.ones([3, 2]), np.ones([2, 2, 4]), np.array([1n, 2n]));
 * if (y.shape.join() !== "3,4" || y.get(2, 0).item() !== 2) throw new Error();
 * ```
 */
export function raggedDot(
  lhs: ArrayLike,
  rhs: ArrayLike,
  groupSizes: ArrayLike,
  ...args: unknown[]
): JaxArray {
  const numbers = new RaggedDotDimensionNumbers([[[1], [1]], [[], []]], [0], [0]);
  return raggedDotGeneral(lhs, rhs, groupSizes, numbers, ...args);
}
