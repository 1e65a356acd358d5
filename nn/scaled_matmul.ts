/**
 * Products of matrices with a scale for each block of columns.
 *
 * @module
 */
import {
  type ArrayLike,
  asDType,
  type DTypeLike,
  float32,
  type JaxArray,
  keywords,
  NotImplementedError,
  raw,
  requestedDType,
  toArray,
  tuple,
  ValueError,
} from "../core/mod.ts";
import * as lax from "../lax/mod.ts";
import * as np from "../numpy/mod.ts";

/** Options of {@linkcode scaledMatmul} and {@linkcode scaledDotGeneral}. */
export interface PreferredElementType {
  /** The dtype of the result. */
  readonly preferredElementType?: DTypeLike | null;
}

/** Each scale once for each column of its block. */
function spread(name: string, scales: JaxArray, columns: number): JaxArray {
  const blocks = scales.shape[2]!, size = columns / blocks;
  if (!Number.isInteger(size)) {
    throw new ValueError(
      `scaled_matmul requires the number of ${name} to divide the contract (K) dimension, got ${blocks} for K=${columns}`,
    );
  }
  return np.repeat(scales, size, { axis: 2, totalRepeatLength: columns });
}

/**
 * Batched product of matrices whose columns are scaled by blocks: (lhs · lhsScales) (rhs · rhsScales)ᵀ.
 *
 * @param lhs [B,M,K].
 * @param rhs [B,N,K].
 * @param lhsScales [B,M,L], where L divides K: each scale belongs to K / L columns.
 * @param rhsScales [B,N,L].
 * @param rest preferredElementType (float32), the dtype to multiply in and to return
 * @returns An array [B,M,N].
 * @throws {ValueError} For shapes that do not fit together.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * const a = np.array([[[1, 2, 3]]]), b = np.array([[[4, 5, 6]]]), half = np.array([[[0.5]]]);
 * if (String(nn.scaledMatmul(a, b, half, half)) !== "[[[8.]]]") throw new Error();
 * ```
 */
export function scaledMatmul(
  lhs: ArrayLike,
  rhs: ArrayLike,
  lhsScales: ArrayLike,
  rhsScales: ArrayLike,
  ...rest: [preferredElementType?: DTypeLike | null | PreferredElementType, options?: PreferredElementType]
): JaxArray {
  const { preferredElementType } = keywords("scaled_matmul", ["preferredElementType"], rest);
  const [a, b, s, t] = [lhs, rhs, lhsScales, rhsScales].map((x, i) => toArray(x, "scaled_matmul", i)) as [
    JaxArray,
    JaxArray,
    JaxArray,
    JaxArray,
  ];
  if ([a, b, s, t].some((x) => x.ndim !== 3)) {
    throw new ValueError("scaled_matmul requires all inputs to be 3-dimensional arrays");
  }
  if (a.shape[2] !== b.shape[2] || a.shape[0] !== b.shape[0]) {
    throw new ValueError(
      "scaled_matmul requires inputs a and b to have matching batch (B) and contract (K) dimensions, but got shapes " +
        `${tuple(a.shape)} and ${tuple(b.shape)}`,
    );
  }
  if (s.shape[2] !== t.shape[2] || s.shape[0] !== t.shape[0]) {
    throw new ValueError(
      "scaled_matmul requires scales to have matching batch (B) and contract (K) dimensions, but got shapes " +
        `${tuple(s.shape)} and ${tuple(t.shape)}`,
    );
  }
  if (s.shape[1] !== a.shape[1] || t.shape[1] !== b.shape[1] || s.shape[0] !== a.shape[0]) {
    throw new ValueError(
      "scaled_matmul requires scales to match non-contract dimensions of inputs, but got shapes " +
        `a: ${tuple(a.shape)}, b: ${tuple(b.shape)}, a_scales: ${tuple(s.shape)}, b_scales: ${
          tuple(t.shape)
        }`,
    );
  }
  const dtype = preferredElementType === undefined || preferredElementType === null
    ? float32
    : requestedDType(asDType(preferredElementType as DTypeLike), "scaled_matmul");
  const columns = a.shape[2]!, wide = (x: JaxArray): JaxArray => raw.convert(x, dtype);
  const left = np.multiply(wide(a), spread("a_scales", wide(s), columns));
  const right = np.multiply(wide(b), spread("b_scales", wide(t), columns));
  return raw.dotGeneral(left, right, { contract: [[2], [2]], batch: [[0], [0]] }, dtype);
}

const quantized = (name: string): NotImplementedError =>
  new NotImplementedError(
    `${name}: quantization to float8 and float4 needs dtypes that jaxlet does not have. Without configs ` +
      "scaledDotGeneral is lax.dotGeneral",
  );

/**
 * The configuration of a quantization for {@linkcode scaledDotGeneral}.
 *
 * @param mode `"nvfp4"` or `"mxfp8"`.
 * @throws {NotImplementedError} For both modes: there are no float8 and float4 dtypes here.
 * @throws {ValueError} For other modes.
 *
 * @example
 * ```ts
 * import { nn } from "@jaxlet/jaxlet";
 * let name = "";
 * try {
 *   nn.getScaledDotGeneralConfig("mxfp8");
 * } catch (error) {
 *   name = (error as Error).name;
 * }
 * if (name !== "NotImplementedError") throw new Error();
 * ```
 */
export function getScaledDotGeneralConfig(mode: "nvfp4" | "mxfp8", ..._rest: unknown[]): never {
  if (mode === "nvfp4" || mode === "mxfp8") throw quantized("get_scaled_dot_general_config");
  throw new ValueError(`Unsupported mode: ${String(mode)}`);
}

/** Options of {@linkcode scaledDotGeneral}. */
export interface ScaledDotGeneralOptions extends PreferredElementType {
  /** Quantizations of the operands; null for none. */
  readonly configs?: null;
  /** Ignored. */
  readonly implementation?: "cudnn" | null;
}

/**
 * General contraction of operands that may be quantized by blocks; without configs it is `lax.dotGeneral`.
 *
 * @param lhs Array.
 * @param rhs Array of the same dtype.
 * @param dimensionNumbers `[[lhsContracting, rhsContracting], [lhsBatch, rhsBatch]]`
 * @param rest preferredElementType (float32), configs (null)
 * @returns An array with the batch axes, then the others of lhs, then the others of rhs.
 * @throws {TypeError} When contracted or batch axes differ in size.
 * @throws {NotImplementedError} For configs: there are no float8 and float4 dtypes here.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * const y = nn.scaledDotGeneral(np.ones([2, 3]), np.ones([3, 4]), [[[1], [0]], [[], []]]);
 * if (y.shape.join() !== "2,4" || y.get(0, 0).item() !== 3) throw new Error();
 * ```
 */
export function scaledDotGeneral(
  lhs: ArrayLike,
  rhs: ArrayLike,
  dimensionNumbers: lax.DotDimensionNumbers,
  ...rest: [
    preferredElementType?: DTypeLike | null | ScaledDotGeneralOptions,
    configs?: null | ScaledDotGeneralOptions,
    implementation?: "cudnn" | null | ScaledDotGeneralOptions,
    options?: ScaledDotGeneralOptions,
  ]
): JaxArray {
  const { preferredElementType, configs } = keywords(
    "scaled_dot_general",
    ["preferredElementType", "configs", "implementation"],
    rest,
  );
  if (configs !== undefined && configs !== null) throw quantized("scaled_dot_general");
  const dtype = preferredElementType === undefined ? float32 : preferredElementType as DTypeLike | null;
  return lax.dotGeneral(lhs, rhs, dimensionNumbers, { preferredElementType: dtype });
}
