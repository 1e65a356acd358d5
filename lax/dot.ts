/**
 * Contractions: `dotGeneral`, `dot`, `batchMatmul`.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import { tuple } from "../core/avals.ts";
import { describe } from "../core/concrete.ts";
import { type ArrayLike, lift } from "../core/convert.ts";
import { asDType, type DTypeLike, requestedDType } from "../core/dtypes.ts";
import { checkOptions, ValueError } from "../core/errors.ts";
import * as raw from "../core/raw.ts";
import { staticIntegers } from "../core/static.ts";

/** `[[lhsContracting, rhsContracting], [lhsBatch, rhsBatch]]`, as JAX writes it. */
export type DotDimensionNumbers = readonly [
  readonly [readonly number[], readonly number[]],
  readonly [readonly number[], readonly number[]],
];

/** Options of {@linkcode dotGeneral}. */
export interface DotOptions {
  /** Products are computed in the operands' precision whatever is asked; the value is checked. */
  readonly precision?: string | readonly string[] | null;
  /** Dtype to sum in and return. */
  readonly preferredElementType?: DTypeLike | null;
}

const precisions = [
  "default",
  "high",
  "highest",
  "bfloat16",
  "tensorfloat32",
  "float32",
  "fastest",
  "bfloat16_3x",
];

/** Raises for a precision that JAX does not know. */
export function checkPrecision(name: string, precision: DotOptions["precision"]): void {
  for (const p of precision === null || precision === undefined ? [] : [precision].flat()) {
    if (typeof p !== "string" || !precisions.includes(p.toLowerCase())) {
      throw new ValueError(`${name}: precision must be one of ${precisions.join(", ")}, got ${describe(p)}`);
    }
  }
}

/**
 * General contraction.
 *
 * @param lhs array
 * @param rhs array of the same dtype
 * @param dimensionNumbers `[[lhsContracting, rhsContracting], [lhsBatch, rhsBatch]]`
 * @returns axes: batch, then the others of lhs, then the others of rhs
 * @throws TypeError when contracted or batch axes differ in size
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const y = lax.dotGeneral(np.ones([2, 3]), np.ones([3, 4]), [[[1], [0]], [[], []]]);
 * if (y.shape.join() !== "2,4" || y.get(0, 0).item() !== 3) throw new Error();
 * ```
 */
export function dotGeneral(
  lhs: ArrayLike,
  rhs: ArrayLike,
  dimensionNumbers: DotDimensionNumbers,
  options: DotOptions = {},
): JaxArray {
  checkOptions("dot_general", options, ["precision", "preferredElementType", "outSharding"]);
  checkPrecision("dot_general", options.precision);
  const [l, r] = lift("dot_general", lhs, rhs) as [JaxArray, JaxArray];
  if (!Array.isArray(dimensionNumbers) || dimensionNumbers.length !== 2) {
    throw new TypeError(
      `dot_general dimension_numbers must be [[lhsContracting, rhsContracting], [lhsBatch, rhsBatch]], got ${
        describe(dimensionNumbers)
      }`,
    );
  }
  const [[lc, rc], [lb, rb]] = dimensionNumbers;
  const at = (axes: readonly number[], x: JaxArray): number[] =>
    staticIntegers(axes, "dot_general dimension_numbers").map((i) => i < 0 ? i + x.ndim : i);
  const preferred = options.preferredElementType;
  return raw.dotGeneral(
    l,
    r,
    { contract: [at(lc, l), at(rc, r)], batch: [at(lb, l), at(rb, r)] },
    preferred === null || preferred === undefined ? null : requestedDType(asDType(preferred), "dot_general"),
  );
}

/**
 * Vector and matrix products of operands of rank 1 and 2.
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * if (lax.dot(np.ones([3]), np.ones([3])).item() !== 3) throw new Error();
 * ```
 */
export function dot(
  lhs: ArrayLike,
  rhs: ArrayLike,
  options: DotOptions & { readonly dimensionNumbers?: DotDimensionNumbers | null } = {},
): JaxArray {
  const { dimensionNumbers, ...rest } = options;
  const [l, r] = lift("dot", lhs, rhs) as [JaxArray, JaxArray];
  if (dimensionNumbers) return dotGeneral(l, r, dimensionNumbers, rest);
  if (l.ndim >= 1 && l.ndim <= 2 && r.ndim >= 1 && r.ndim <= 2 && l.shape.at(-1) === r.shape[0]) {
    return dotGeneral(l, r, [[[l.ndim - 1], [0]], [[], []]], rest);
  }
  throw new TypeError(`Incompatible shapes for dot: got ${tuple(l.shape)} and ${tuple(r.shape)}.`);
}

/** Matrix products of the last two axes, over equal leading axes. */
export function batchMatmul(lhs: ArrayLike, rhs: ArrayLike, options: DotOptions = {}): JaxArray {
  const [l, r] = lift("batch_matmul", lhs, rhs) as [JaxArray, JaxArray];
  if (l.ndim < 2 || r.ndim < 2) {
    throw new ValueError(`Arguments to batch_matmul must be at least 2D, got ${l.ndim}, ${r.ndim}`);
  }
  if (l.ndim !== r.ndim) {
    throw new ValueError(`Arguments to batch_matmul must have same ndim, got ${l.ndim}, ${r.ndim}`);
  }
  const batch = l.shape.slice(0, -2).map((_, i) => i);
  return dotGeneral(l, r, [[[l.ndim - 1], [r.ndim - 2]], [batch, batch]], options);
}
