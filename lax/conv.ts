/**
 * Convolutions.
 *
 * @module
 */
import type { JaxArray } from "../core/array.ts";
import { describe } from "../core/concrete.ts";
import { type ArrayLike, lift } from "../core/convert.ts";
import { asDType, type DTypeLike, int32, requestedDType } from "../core/dtypes.ts";
import { ValueError } from "../core/errors.ts";
import { convSpatialShape } from "../core/ops/conv.ts";
import { P } from "../core/prims.ts";
import * as raw from "../core/raw.ts";
import { keywords, staticIntegers } from "../core/static.ts";
import { bind1 } from "../core/trace.ts";
import { checkPrecision, dotGeneral, type DotOptions } from "./dot.ts";
import { padtypeToPads } from "./windows.ts";

/** `"SAME"`, `"SAME_LOWER"`, `"VALID"`, or low and high padding of each spatial axis. */
export type ConvPadding = string | readonly (readonly [number, number])[];

/** Axes of batch, feature and space: the first two of each spec are batch (output) and feature (input). */
export class ConvDimensionNumbers {
  readonly lhsSpec: readonly number[];
  readonly rhsSpec: readonly number[];
  readonly outSpec: readonly number[];
  constructor(lhsSpec: readonly number[], rhsSpec: readonly number[], outSpec: readonly number[]) {
    this.lhsSpec = lhsSpec;
    this.rhsSpec = rhsSpec;
    this.outSpec = outSpec;
  }
}

/** Layouts as three strings, such as `["NHWC", "HWIO", "NHWC"]`; null: batch and feature first. */
export type ConvLayout = readonly [string, string, string] | ConvDimensionNumbers | null;

/** Options of {@linkcode convGeneralDilated}. */
export interface ConvOptions {
  readonly lhsDilation?: readonly number[] | null;
  readonly rhsDilation?: readonly number[] | null;
  readonly dimensionNumbers?: ConvLayout;
  readonly featureGroupCount?: number;
  readonly batchGroupCount?: number;
  readonly precision?: DotOptions["precision"];
  readonly preferredElementType?: DTypeLike | null;
}

function permutation(
  spec: string,
  chars: readonly [string, string],
  rank: number,
  spatial: string,
): number[] {
  if (typeof spec !== "string" || spec.length !== rank || new Set(spec).size !== spec.length) {
    throw new TypeError(
      `convolution dimension_numbers specs must be strings of ${rank} distinct characters, got ${
        describe(spec)
      }`,
    );
  }
  for (const c of chars) {
    if (!spec.includes(c)) {
      throw new TypeError(
        `convolution dimension_numbers[${spec}] must contain the characters '${chars[0]}' and '${
          chars[1]
        }' exactly once, got ${spec}`,
      );
    }
  }
  const rest = [...spatial].map((c) => spec.indexOf(c));
  if (rest.includes(-1)) {
    throw new TypeError(
      `convolution dimension_numbers specs must have the same set of spatial characters, got ${spec} and ${spatial}`,
    );
  }
  return [spec.indexOf(chars[0]), spec.indexOf(chars[1]), ...rest];
}

/**
 * Layout strings as axes.
 *
 * @param lhsShape shape of the operand
 * @param rhsShape shape of the filters
 * @param dimensionNumbers three strings over N, C / O, I and spatial letters, or null for batch and feature first
 */
export function convDimensionNumbers(
  lhsShape: readonly number[],
  rhsShape: readonly number[],
  dimensionNumbers: ConvLayout,
): ConvDimensionNumbers {
  if (dimensionNumbers instanceof ConvDimensionNumbers) return dimensionNumbers;
  const rank = lhsShape.length;
  if (rank !== rhsShape.length) {
    throw new TypeError(
      `convolution requires lhs and rhs ndim to be equal, got ${rank} and ${rhsShape.length}.`,
    );
  }
  if (dimensionNumbers === null) {
    const order = lhsShape.map((_, i) => i);
    return new ConvDimensionNumbers(order, order, order);
  }
  if (!Array.isArray(dimensionNumbers) || dimensionNumbers.length !== 3) {
    throw new TypeError(
      `convolution dimension_numbers must be a list of three strings or null, got ${
        describe(dimensionNumbers)
      }`,
    );
  }
  const [lhs, rhs, out] = dimensionNumbers;
  const spatial = [...String(rhs)].filter((c) => c !== "O" && c !== "I").join("");
  return new ConvDimensionNumbers(
    permutation(lhs, ["N", "C"], rank, spatial),
    permutation(rhs, ["O", "I"], rank, spatial),
    permutation(out, ["N", "C"], rank, spatial),
  );
}

/** The axes that bring each of the three layouts to batch, feature, space. */
export function convGeneralPermutations(dimensionNumbers: readonly [string, string, string]): number[][] {
  const rank = dimensionNumbers[0].length, shape = new Array(rank).fill(1);
  const { lhsSpec, rhsSpec, outSpec } = convDimensionNumbers(shape, shape, dimensionNumbers);
  return [[...lhsSpec], [...rhsSpec], [...outSpec]];
}

const optionNames = [
  "windowStrides",
  "padding",
  "lhsDilation",
  "rhsDilation",
  "dimensionNumbers",
  "featureGroupCount",
  "batchGroupCount",
  "precision",
  "preferredElementType",
] as const;

const pick = (shape: readonly number[], axes: readonly number[]): number[] => axes.map((i) => shape[i]!);
const dilate = (n: number, by: number): number => n === 0 ? 0 : (n - 1) * by + 1;

/**
 * General convolution (cross-correlation, as in machine learning).
 *
 * @param lhs operand, by default [batch, features, ...space]
 * @param rhs filters of the same dtype, by default [output features, input features, ...window]
 * @param args `windowStrides`, `padding`, `lhsDilation`, `rhsDilation`, `dimensionNumbers`, `featureGroupCount`,
 *   `batchGroupCount`, `precision`, `preferredElementType`: in this order or in an options object
 * @throws ValueError and TypeError when shapes, groups and layouts do not fit
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const y = lax.convGeneralDilated(np.ones([1, 1, 4, 4]), np.ones([1, 1, 2, 2]), [1, 1], "SAME");
 * if (y.shape.join() !== "1,1,4,4" || y.get(0, 0, 0, 0).item() !== 4) throw new Error();
 * ```
 */
export function convGeneralDilated(lhs: ArrayLike, rhs: ArrayLike, ...args: unknown[]): JaxArray {
  const given = keywords("conv_general_dilated", optionNames, args) as ConvOptions & {
    windowStrides?: readonly number[];
    padding?: ConvPadding;
  };
  const [l, r] = lift("conv_general_dilated", lhs, rhs) as [JaxArray, JaxArray];
  const integers = (list: unknown, what: string): number[] =>
    staticIntegers(list, `conv_general_dilated ${what}`);
  const { padding } = given, windowStrides = integers(given.windowStrides, "window_strides");
  checkPrecision("conv_general_dilated", given.precision);
  const dn = convDimensionNumbers(l.shape, r.shape, given.dimensionNumbers ?? null);
  const ones = l.shape.slice(2).map(() => 1);
  const lhsDilation = given.lhsDilation ? integers(given.lhsDilation, "lhs_dilation") : ones;
  const rhsDilation = given.rhsDilation ? integers(given.rhsDilation, "rhs_dilation") : ones;
  let pads: readonly (readonly [number, number])[];
  if (typeof padding === "string") {
    const space = pick(l.shape, dn.lhsSpec.slice(2)).map((n, i) => dilate(n, lhsDilation[i]!));
    const window = pick(r.shape, dn.rhsSpec.slice(2)).map((n, i) => dilate(n, rhsDilation[i]!));
    pads = padtypeToPads(space, window, windowStrides, padding);
  } else if (Array.isArray(padding) && padding.every((p) => Array.isArray(p) && p.length === 2)) {
    pads = padding.map((p) => integers(p, "padding") as [number, number]);
  } else {
    throw new TypeError(
      `padding argument to conv_general_dilated should be a string or a sequence of (low, high) pairs, got ${
        describe(padding)
      }`,
    );
  }
  const preferred = given.preferredElementType;
  return bind1(P.conv_general_dilated, [l, r], {
    windowStrides,
    padding: pads,
    lhsDilation,
    rhsDilation,
    dimensionNumbers: { lhsSpec: dn.lhsSpec, rhsSpec: dn.rhsSpec, outSpec: dn.outSpec },
    featureGroupCount: given.featureGroupCount ?? 1,
    batchGroupCount: given.batchGroupCount ?? 1,
    precision: null,
    preferredElementType: preferred === undefined || preferred === null
      ? null
      : requestedDType(asDType(preferred), "conv_general_dilated"),
  });
}

/** Convolution with the batch and feature axes first. */
export function conv(
  lhs: ArrayLike,
  rhs: ArrayLike,
  windowStrides: readonly number[],
  padding: string,
  options: Pick<ConvOptions, "precision" | "preferredElementType"> = {},
): JaxArray {
  return convGeneralDilated(lhs, rhs, windowStrides, padding, options);
}

/** As {@linkcode conv}, with explicit padding and dilation. */
export function convWithGeneralPadding(
  lhs: ArrayLike,
  rhs: ArrayLike,
  windowStrides: readonly number[],
  padding: ConvPadding,
  lhsDilation: readonly number[] | null = null,
  rhsDilation: readonly number[] | null = null,
  options: Pick<ConvOptions, "precision" | "preferredElementType"> = {},
): JaxArray {
  return convGeneralDilated(lhs, rhs, windowStrides, padding, { ...options, lhsDilation, rhsDilation });
}

/** Padding that makes a strided convolution's transpose have `"SAME"` or `"VALID"` sizes. */
function transposePadding(k: number, s: number, padding: string): [number, number] {
  if (padding !== "SAME" && padding !== "VALID") {
    throw new ValueError("Padding mode must be `SAME` or `VALID`.");
  }
  const total = padding === "SAME" ? k + s - 2 : k + s - 2 + Math.max(k - s, 0);
  const before = padding === "VALID" || s > k - 1 ? k - 1 : Math.ceil(total / 2);
  return [before, total - before];
}

const transposeNames = [
  "rhsDilation",
  "dimensionNumbers",
  "transposeKernel",
  "precision",
  "preferredElementType",
  "useConsistentPadding",
] as const;

/**
 * Transposed ("fractionally strided") convolution: the gradient of a convolution as a layer.
 *
 * @param strides dilation of the operand
 * @param padding `"SAME"`, `"VALID"`, or low and high padding of each spatial axis
 */
export function convTranspose(
  lhs: ArrayLike,
  rhs: ArrayLike,
  strides: readonly number[],
  padding: ConvPadding,
  ...args: unknown[]
): JaxArray {
  const given = keywords("conv_transpose", transposeNames, args) as ConvOptions & {
    transposeKernel?: boolean;
    useConsistentPadding?: boolean;
  };
  const [l, r] = lift("conv_transpose", lhs, rhs) as [JaxArray, JaxArray];
  const steps = staticIntegers(strides, "conv_transpose strides");
  const layouts: Record<number, [string, string, string]> = {
    2: ["NC", "IO", "NC"],
    3: ["NHC", "HIO", "NHC"],
    4: ["NHWC", "HWIO", "NHWC"],
    5: ["NHWDC", "HWDIO", "NHWDC"],
  };
  const layout = given.dimensionNumbers ?? layouts[l.ndim];
  if (!layout) throw new ValueError("No 4+ dimensional dimension_number defaults.");
  const dn = convDimensionNumbers(l.shape, r.shape, layout);
  const window = pick(r.shape, dn.rhsSpec.slice(2));
  const dilation = given.rhsDilation ?? window.map(() => 1);
  const effective = window.map((k, i) => (k - 1) * dilation[i]! + 1);
  const pads = typeof padding === "string"
    ? effective.map((k, i) => transposePadding(k, steps[i]!, padding))
    : given.useConsistentPadding
    ? padding.map(([lo, hi], i): [number, number] => [effective[i]! - 1 - lo, effective[i]! - 1 - hi])
    : padding;
  let filters = r;
  if (given.transposeKernel) {
    const [o, i] = [dn.rhsSpec[0]!, dn.rhsSpec[1]!];
    const order = r.shape.map((_, k) => k === o ? i : k === i ? o : k);
    filters = raw.transpose(raw.rev(r, dn.rhsSpec.slice(2)), order);
  }
  return convGeneralDilated(l, filters, window.map(() => 1), pads, {
    lhsDilation: steps,
    rhsDilation: dilation,
    dimensionNumbers: dn,
    precision: given.precision ?? null,
    preferredElementType: given.preferredElementType ?? null,
  });
}

const patchNames = [
  "lhsDilation",
  "rhsDilation",
  "dimensionNumbers",
  "precision",
  "preferredElementType",
] as const;

/** What each position of a convolution sees: the feature axis becomes features times the window. */
export function convGeneralDilatedPatches(
  lhs: ArrayLike,
  filterShape: readonly number[],
  windowStrides: readonly number[],
  padding: ConvPadding,
  ...args: unknown[]
): JaxArray {
  const given = keywords("conv_general_dilated_patches", patchNames, args) as ConvOptions;
  const [x] = lift("conv_general_dilated_patches", lhs) as [JaxArray];
  const dn = convDimensionNumbers(x.shape, [1, 1, ...filterShape], given.dimensionNumbers ?? null);
  const size = filterShape.reduce((a, b) => a * b, 1), channels = x.shape[dn.lhsSpec[1]!]!;
  const eye = raw.convert(
    raw.eq(raw.iota(int32, [size, size], 0), raw.iota(int32, [size, size], 1)),
    x.dtype,
  );
  const spread = raw.broadcastInDim(eye, [channels, size, size], [1, 2]);
  const filters = raw.reshape(spread, [channels * size, 1, ...filterShape]);
  // Output and input features go where the layout of filters has them; the window keeps its order.
  const order = new Array<number>(filters.ndim).fill(-1);
  order[dn.rhsSpec[0]!] = 0;
  order[dn.rhsSpec[1]!] = 1;
  let next = 2;
  for (let i = 0; i < order.length; i++) if (order[i] === -1) order[i] = next++;
  return convGeneralDilated(x, raw.transpose(filters, order), windowStrides, padding, {
    ...given,
    dimensionNumbers: dn,
    featureGroupCount: channels,
  });
}

/** Convolution with filters of their own at each position. */
export function convGeneralDilatedLocal(
  lhs: ArrayLike,
  rhs: ArrayLike,
  windowStrides: readonly number[],
  padding: ConvPadding,
  filterShape: readonly number[],
  ...args: unknown[]
): JaxArray {
  const given = keywords(
    "conv_general_dilated_local",
    ["lhsDilation", "rhsDilation", "dimensionNumbers", "precision"] as const,
    args,
  ) as ConvOptions;
  const [x, filters] = lift("conv_general_dilated_local", lhs, rhs) as [JaxArray, JaxArray];
  const patches = convGeneralDilatedPatches(x, filterShape, windowStrides, padding, given);
  const { rhsSpec, outSpec } = convDimensionNumbers(
    x.shape,
    [1, 1, ...filterShape],
    given.dimensionNumbers ?? null,
  );
  const lhsBatch = outSpec.slice(2), rhsBatch = rhsSpec.slice(2);
  const sorted = lhsBatch.map((_, i) => i).sort((a, b) => lhsBatch[a]! - lhsBatch[b]!);
  const out = dotGeneral(patches, filters, [
    [[outSpec[1]!], [rhsSpec[1]!]],
    [sorted.map((i) => lhsBatch[i]!), sorted.map((i) => rhsBatch[i]!)],
  ]);
  const order = new Array<number>(out.ndim).fill(-1);
  order[outSpec[0]!] = out.ndim - 2;
  order[outSpec[1]!] = out.ndim - 1;
  let next = 0;
  for (let i = 0; i < order.length; i++) if (order[i] === -1) order[i] = next++;
  return raw.transpose(out, order);
}

/** Shape of a convolution with batch and feature axes first, from shapes. */
export function convShapeTuple(
  lhsShape: readonly number[],
  rhsShape: readonly number[],
  strides: readonly number[],
  pads: ConvPadding,
  batchGroupCount = 1,
): number[] {
  const [n, , ...space] = lhsShape, [o, , ...window] = rhsShape;
  const padding = typeof pads === "string" ? padtypeToPads(space, window, strides, pads) : pads;
  if (padding.length !== space.length) {
    throw new TypeError(
      `Wrong number of explicit pads for convolution: expected ${space.length}, got ${padding.length}.`,
    );
  }
  if (batchGroupCount > 1 && o! % batchGroupCount !== 0) {
    throw new ValueError(
      `The output feature count ${o} must be a multiple of batch_group_count ${batchGroupCount}`,
    );
  }
  const ones = space.map(() => 1);
  const params = { windowStrides: strides, padding, lhsDilation: ones, rhsDilation: ones };
  return [Math.floor(n! / batchGroupCount), o!, ...convSpatialShape(space, window, params)];
}

/** As {@linkcode convShapeTuple}, in any layout. */
export function convGeneralShapeTuple(
  lhsShape: readonly number[],
  rhsShape: readonly number[],
  windowStrides: readonly number[],
  padding: ConvPadding,
  dimensionNumbers: readonly [string, string, string],
): number[] {
  const [lhs, rhs, out] = convGeneralPermutations(dimensionNumbers) as [number[], number[], number[]];
  const shape = convShapeTuple(pick(lhsShape, lhs), pick(rhsShape, rhs), windowStrides, padding);
  const result = new Array<number>(shape.length);
  out.forEach((axis, i) => result[axis] = shape[i]!);
  return result;
}

/** Shape of {@linkcode convTranspose} with stride-1 padding names, from shapes. */
export function convTransposeShapeTuple(
  lhsShape: readonly number[],
  rhsShape: readonly number[],
  windowStrides: readonly number[],
  padding: ConvPadding,
  dimensionNumbers: readonly [string, string, string],
): number[] {
  const [lhs, rhs, out] = convGeneralPermutations(dimensionNumbers) as [number[], number[], number[]];
  const l = pick(lhsShape, lhs), r = pick(rhsShape, rhs), window = r.slice(2);
  const pads = typeof padding === "string"
    ? window.map((k, i) => transposePadding(k, windowStrides[i]!, padding))
    : padding;
  const space = l.slice(2).map((n, i) =>
    dilate(n, windowStrides[i]!) + pads[i]![0] + pads[i]![1] - window[i]! + 1
  );
  const shape = [l[0]!, r[0]!, ...space], result = new Array<number>(shape.length);
  out.forEach((axis, i) => result[axis] = shape[i]!);
  return result;
}
