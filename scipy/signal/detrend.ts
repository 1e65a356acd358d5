/**
 * Removal of trends, as in `jax.scipy.signal`.
 *
 * @module
 */
import { type ArrayLike, canonicalAxis, type JaxArray, keywords, ValueError } from "../../core/mod.ts";
import { promoteDTypes, toArrays } from "../../numpy/convert.ts";
import * as np from "../../numpy/mod.ts";

/** Options of {@linkcode detrend}. */
export interface DetrendOptions {
  /** The axis of the samples (-1). */
  readonly axis?: number;
  /** Subtract the least-squares line (default) or the mean. */
  readonly type?: "linear" | "constant";
  /** Where a new line starts. */
  readonly bp?: number | readonly number[];
}

/** Samples `[n, m]` without their least-squares lines. */
function withoutLine(x: JaxArray): JaxArray {
  const n = x.shape[0]!, ones = np.ones(n, { dtype: x.dtype });
  const a = np.stack([ones, np.divide(np.arange(1, n + 1, { dtype: x.dtype }), n)], 1);
  const [coefficients] = np.linalg.lstsq(a, x) as unknown as [JaxArray];
  return np.subtract(x, np.matmul(a, coefficients));
}

/**
 * Samples without their trend: a least-squares line between breakpoints, or the mean.
 *
 * @param data Array of numbers; integers and booleans become floats.
 * @param rest axis (-1), type ("linear" or "constant"), bp (0; breakpoints)
 * @throws {ValueError} For another type, and breakpoints outside.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (!np.allclose(scipy.signal.detrend(np.array([1, 2, 3])), 0, { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function detrend(
  data: ArrayLike,
  ...rest: [
    axis?: number | DetrendOptions,
    type?: "linear" | "constant" | DetrendOptions,
    bp?: number | readonly number[] | DetrendOptions,
  ]
): JaxArray {
  const { axis = -1, type = "linear", bp = 0 } = keywords("detrend", ["axis", "type", "bp"], rest);
  if (type !== "constant" && type !== "linear") {
    throw new ValueError("Trend type must be 'linear' or 'constant'.");
  }
  const [x] = promoteDTypes("detrend", toArrays("detrend", data), "inexact") as [JaxArray];
  const at = canonicalAxis(axis as number, x.ndim);
  if (type === "constant") return np.subtract(x, np.mean(x, { axis: at, keepdims: true }));
  const n = x.shape[at]!;
  const breaks = [...new Set([0, n, ...[bp].flat() as number[]])].sort((a, b) => a - b);
  if (breaks[0]! < 0 || breaks.at(-1)! > n) {
    throw new ValueError("Breakpoints must be non-negative and less than length of data along given axis.");
  }
  const first = np.moveaxis(x, at, 0), flat = first.reshape(n, -1);
  const pieces = breaks.slice(1).map((end, i) => withoutLine(flat.get(`${breaks[i]}:${end}`)));
  return np.moveaxis(np.concatenate(pieces, 0).reshape([...first.shape]), 0, at);
}
