/**
 * `conv_general_dilated`: convolution over any layout, lowered to patches times a matrix of filters (Chellapilla et
 * al., "High performance convolutional neural networks for document processing", 2006).
 *
 * @module
 */
import * as e from "../../kernel/expr.ts";
import type { JaxArray } from "../array.ts";
import { shaped, type ShapedArray, tuple } from "../avals.ts";
import { type DType, isComplex, realDType } from "../dtypes.ts";
import { ValueError } from "../errors.ts";
import { addTangents } from "../jvp.ts";
import { type BatchDim, type Tangent, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";
import { Verbatim } from "./_print.ts";

/** Where batch, feature and spatial axes are, in this order: `lhsSpec` [N, C, ...], `rhsSpec` [O, I, ...]. */
export interface ConvDimensionNumbers {
  readonly lhsSpec: readonly number[];
  readonly rhsSpec: readonly number[];
  readonly outSpec: readonly number[];
}

/** Parameters of conv_general_dilated. */
export interface ConvParams {
  readonly windowStrides: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly lhsDilation: readonly number[];
  readonly rhsDilation: readonly number[];
  readonly dimensionNumbers: ConvDimensionNumbers;
  readonly featureGroupCount: number;
  readonly batchGroupCount: number;
  readonly precision: unknown;
  readonly preferredElementType: DType | null;
}

const pick = (shape: readonly number[], axes: readonly number[]): number[] => axes.map((i) => shape[i]!);
const dilated = (shape: readonly number[], by: readonly number[]): number[] =>
  shape.map((n, i) => n === 0 ? 0 : (n - 1) * by[i]! + 1);
const product = (ns: readonly number[]): number => ns.reduce((a, b) => a * b, 1);
const inverse = (spec: readonly number[]): number[] => {
  const out = new Array(spec.length);
  spec.forEach((axis, i) => out[axis] = i);
  return out;
};

/** Spatial sizes of a convolution's result. */
export function convSpatialShape(
  lhs: readonly number[],
  rhs: readonly number[],
  { windowStrides, padding, lhsDilation, rhsDilation }: Pick<
    ConvParams,
    "windowStrides" | "padding" | "lhsDilation" | "rhsDilation"
  >,
): number[] {
  const input = dilated(lhs, lhsDilation), window = dilated(rhs, rhsDilation);
  return input.map((n, i) => {
    const padded = n + padding[i]![0] + padding[i]![1];
    if (padded < 0) {
      throw new ValueError(
        `conv_general_dilated padding results in a negative size for spatial dimension ${i}: ${padded}`,
      );
    }
    return Math.max(0, Math.floor((padded - window[i]!) / windowStrides[i]!) + 1);
  });
}

function convShape(lhs: ShapedArray, rhs: ShapedArray, params: ConvParams): number[] {
  const { dimensionNumbers: { lhsSpec, rhsSpec, outSpec }, featureGroupCount: fg, batchGroupCount: bg } =
    params;
  const [n, c, ...lhsSpace] = pick(lhs.shape, lhsSpec), [o, i, ...rhsSpace] = pick(rhs.shape, rhsSpec);
  const count = lhsSpace.length, name = "conv_general_dilated";
  for (
    const [what, list] of Object.entries({
      window_strides: params.windowStrides,
      padding: params.padding,
      lhs_dilation: params.lhsDilation,
      rhs_dilation: params.rhsDilation,
    })
  ) {
    if (list.length !== count) {
      throw new TypeError(
        `${name} window and ${what} must have the same number of dimensions: got ${count} spatial dimensions and ${what} of length ${list.length}.`,
      );
    }
  }
  const positive = (what: string, list: readonly number[]): void => {
    if (list.some((x) => !(x > 0))) throw new TypeError(`All ${what} must be positive. Got ${tuple(list)}.`);
  };
  positive("window_strides", params.windowStrides);
  positive("lhs_dilation", params.lhsDilation);
  positive("rhs_dilation", params.rhsDilation);
  if (!(fg > 0)) throw new ValueError(`${name} feature_group_count must be a positive integer, got ${fg}.`);
  if (!(bg > 0)) throw new ValueError(`${name} batch_group_count must be a positive integer, got ${bg}.`);
  if (c! % fg !== 0) {
    throw new ValueError(
      `${name} feature_group_count must divide lhs feature dimension size, but ${fg} does not divide ${c}.`,
    );
  }
  if (c! / fg !== i) {
    throw new ValueError(
      `${name} lhs feature dimension size divided by feature_group_count must equal the rhs input feature dimension size, ` +
        `but ${c} // ${fg} != ${i}.`,
    );
  }
  if (o! % fg !== 0) {
    throw new ValueError(
      `${name} rhs output feature dimension size must be a multiple of feature_group_count, but ${o} is not a multiple of ${fg}.`,
    );
  }
  if (n! % bg !== 0) {
    throw new ValueError(
      `${name} batch_group_count must divide lhs batch dimension size, but ${bg} does not divide ${n}.`,
    );
  }
  if (o! % bg !== 0) {
    throw new ValueError(
      `${name} rhs output feature dimension size must be a multiple of batch_group_count, but ${o} is not a multiple of ${bg}.`,
    );
  }
  if (bg > 1 && fg > 1) {
    throw new ValueError(
      `At most one of batch_group_count and feature_group_count may be > 1, got batch_group_count=${bg} and feature_group_count=${fg}`,
    );
  }
  const out = [n! / bg, o!, ...convSpatialShape(lhsSpace, rhsSpace, params)];
  return inverse(outSpec).map((k) => out[k]!);
}

/** Merges axis `src` into axis `dst` (its position once `src` is gone), as the slower of the two. */
function mergeAxis(src: number, dst: number, x: JaxArray): JaxArray {
  const permutation = x.shape.map((_, i) => i).filter((i) => i !== src);
  const shape = permutation.map((i) => x.shape[i]!);
  shape[dst] = shape[dst]! * x.shape[src]!;
  permutation.splice(dst, 0, src);
  return raw.reshape(raw.transpose(x, permutation), shape);
}

/** Splits axis `src` in two, the slower of size `size`. */
function splitAxis(src: number, size: number, x: JaxArray): JaxArray {
  const shape = [...x.shape];
  shape.splice(src, 1, size, shape[src]! / size);
  return raw.reshape(x, shape);
}

const swapped = ([a, b, ...space]: readonly number[]): number[] => [b!, a!, ...space];

function transposeLhs(g: JaxArray, lhs: ShapedArray, rhs: JaxArray, params: ConvParams): JaxArray {
  const { dimensionNumbers: { lhsSpec, rhsSpec, outSpec }, batchGroupCount } = params;
  let { featureGroupCount } = params, weights = rhs;
  const groups = featureGroupCount > 1 ? featureGroupCount : batchGroupCount;
  if (groups > 1) {
    weights = mergeAxis(rhsSpec[0]!, rhsSpec[1]!, splitAxis(rhsSpec[0]!, groups, weights));
    featureGroupCount = groups;
  }
  const input = dilated(pick(lhs.shape, lhsSpec.slice(2)), params.lhsDilation);
  const window = dilated(pick(weights.shape, rhsSpec.slice(2)), params.rhsDilation);
  const output = dilated(pick(g.shape, outSpec.slice(2)), params.windowStrides);
  const padding = input.map((n, i) => {
    const before = window[i]! - params.padding[i]![0] - 1;
    return [before, n + window[i]! - 1 - output[i]! - before] as const;
  });
  const out = bind1(P.conv_general_dilated, [g, raw.rev(weights, rhsSpec.slice(2))], {
    ...params,
    windowStrides: params.lhsDilation,
    padding,
    lhsDilation: params.windowStrides,
    dimensionNumbers: { lhsSpec: outSpec, rhsSpec: swapped(rhsSpec), outSpec: lhsSpec },
    featureGroupCount,
    batchGroupCount: 1,
    preferredElementType: lhs.dtype,
  });
  if (batchGroupCount === 1) return out;
  return mergeAxis(lhsSpec[1]!, lhsSpec[0]!, splitAxis(lhsSpec[1]!, batchGroupCount, out));
}

function transposeRhs(g: JaxArray, lhs: JaxArray, rhs: ShapedArray, params: ConvParams): JaxArray {
  const { dimensionNumbers: { lhsSpec, rhsSpec, outSpec }, featureGroupCount, batchGroupCount } = params;
  const input = dilated(pick(lhs.shape, lhsSpec.slice(2)), params.lhsDilation);
  const window = dilated(pick(rhs.shape, rhsSpec.slice(2)), params.rhsDilation);
  const output = dilated(pick(g.shape, outSpec.slice(2)), params.windowStrides);
  const padding = input.map((n, i) => {
    const low = params.padding[i]![0];
    return [low, output[i]! - n + window[i]! - low - 1] as const;
  });
  return bind1(P.conv_general_dilated, [lhs, g], {
    ...params,
    windowStrides: params.rhsDilation,
    padding,
    rhsDilation: params.windowStrides,
    dimensionNumbers: { lhsSpec: swapped(lhsSpec), rhsSpec: swapped(outSpec), outSpec: swapped(rhsSpec) },
    featureGroupCount: batchGroupCount,
    batchGroupCount: featureGroupCount,
    preferredElementType: rhs.dtype,
  });
}

P.conv_general_dilated.define({
  abstractEval([lhs, rhs], params: ConvParams) {
    const l = lhs!, r = rhs!;
    if (l.ndim !== r.ndim) {
      throw new TypeError(`convolution requires lhs and rhs ndim to be equal, got ${l.ndim} and ${r.ndim}.`);
    }
    if (l.dtype !== r.dtype) {
      throw new TypeError(
        `lax.conv_general_dilated requires arguments to have the same dtypes, got ${l.dtype.name}, ${r.dtype.name}.`,
      );
    }
    if (l.dtype.kind === "bool" || l.dtype.kind === "key") {
      throw new TypeError(
        `conv_general_dilated does not accept dtype ${l.dtype.name} at position 0. Accepted dtypes at position 0 are subtypes of integer, floating, complexfloating.`,
      );
    }
    const weak = params.preferredElementType === null && l.weakType && r.weakType;
    return [shaped(convShape(l, r, params), params.preferredElementType ?? l.dtype, weak)];
  },

  jvp([lhs, rhs], [dl, dr], params: ConvParams) {
    const outs = bind(P.conv_general_dilated, [lhs!, rhs!], params);
    let total: Tangent = new Zero(outs[0]!.aval.tangent());
    if (!(dl instanceof Zero)) {
      total = addTangents(total, bind1(P.conv_general_dilated, [dl as JaxArray, rhs!], params));
    }
    if (!(dr instanceof Zero)) {
      total = addTangents(total, bind1(P.conv_general_dilated, [lhs!, dr as JaxArray], params));
    }
    return [outs, [total]];
  },

  transpose([ct], [lhs, rhs], params: ConvParams) {
    const linear = lhs instanceof UndefinedPrimal ? lhs.aval : (rhs as UndefinedPrimal).aval;
    const result = ct instanceof Zero
      ? new Zero(linear.tangent())
      : ct!.aval.size === 0
      ? raw.full(linear.shape, 0, linear.dtype)
      : lhs instanceof UndefinedPrimal
      ? transposeLhs(ct as JaxArray, linear, rhs as JaxArray, params)
      : transposeRhs(ct as JaxArray, lhs as JaxArray, linear, params);
    const matched = result instanceof Zero ? result : raw.convert(result, linear.dtype);
    return lhs instanceof UndefinedPrimal ? [matched, null] : [null, matched];
  },

  batch(axis, [lhs, rhs], [ld, rd], params: ConvParams) {
    const { dimensionNumbers: { lhsSpec, rhsSpec, outSpec }, featureGroupCount: fg, batchGroupCount: bg } =
      params;
    const { size } = axis;
    const conv = (l: JaxArray, r: JaxArray, changes: Partial<ConvParams> = {}): JaxArray =>
      bind1(P.conv_general_dilated, [l, r], { ...params, ...changes });
    const done = (out: JaxArray, dim: number): readonly [JaxArray[], BatchDim[]] => [[out], [dim]];
    const [ln, lc] = [lhsSpec[0]!, lhsSpec[1]!], ro = rhsSpec[0]!, [on, oc] = [outSpec[0]!, outSpec[1]!];
    if (ld !== null && rd !== null) {
      const l = bg > 1 ? mergeAxis(ld!, ln, lhs!) : mergeAxis(ld!, lc, lhs!);
      const counts = bg > 1 ? { batchGroupCount: bg * size } : { featureGroupCount: fg * size };
      return done(splitAxis(oc, size, conv(l, mergeAxis(rd!, ro, rhs!), counts)), oc);
    }
    if (ld !== null) {
      if (bg === 1) return done(splitAxis(on, size, conv(mergeAxis(ld!, ln, lhs!), rhs!)), on);
      // Groups stay outermost in the batch axis.
      let l = splitAxis(ln + (ld! <= ln ? 1 : 0), bg, lhs!);
      l = mergeAxis(ld! + (ln < ld! ? 1 : 0), ln + 1, l);
      return done(splitAxis(on, size, conv(mergeAxis(ln, ln, l), rhs!)), on);
    }
    if (fg === 1 && bg === 1) return done(splitAxis(oc, size, conv(lhs!, mergeAxis(rd!, ro, rhs!))), oc);
    const groups = fg > 1 ? fg : bg;
    let r = splitAxis(ro + (rd! <= ro ? 1 : 0), groups, rhs!);
    r = mergeAxis(rd! + (ro < rd! ? 1 : 0), ro + 1, r);
    let out = splitAxis(oc, groups, conv(lhs!, mergeAxis(ro, ro, r)));
    out = splitAxis(oc + 1, size, out);
    return done(mergeAxis(oc, oc + 1, out), oc);
  },

  lower: { kind: "decompose", as: ([lhs, rhs], params: ConvParams) => [lowered(lhs!, rhs!, params)] },

  printParams: (params: ConvParams) => {
    const { lhsSpec, rhsSpec, outSpec } = params.dimensionNumbers;
    const text = `ConvDimensionNumbers(lhs_spec=${tuple(lhsSpec)}, rhs_spec=${tuple(rhsSpec)}, out_spec=${
      tuple(outSpec)
    })`;
    return {
      batch_group_count: params.batchGroupCount,
      dimension_numbers: new Verbatim(text),
      feature_group_count: params.featureGroupCount,
      lhs_dilation: params.lhsDilation,
      out_sharding: null,
      padding: params.padding,
      precision: params.precision ?? null,
      preferred_element_type: params.preferredElementType,
      rhs_dilation: params.rhsDilation,
      window_strides: params.windowStrides,
    };
  },
});

/** As patches times filters; complex convolutions as four real ones. */
function lowered(lhs: JaxArray, rhs: JaxArray, params: ConvParams): JaxArray {
  const out = params.preferredElementType ?? lhs.dtype;
  if (isComplex(lhs.dtype)) {
    const type = realDType(lhs.dtype), real = { ...params, preferredElementType: type };
    const a = raw.real(lhs), b = raw.imag(lhs), c = raw.real(rhs), d = raw.imag(rhs);
    const re = raw.sub(lowered(a, c, real), lowered(b, d, real));
    return raw.convert(raw.complex(re, raw.add(lowered(a, d, real), lowered(b, c, real))), out);
  }
  const { lhsSpec, rhsSpec, outSpec } = params.dimensionNumbers;
  let x = raw.transpose(lhs, lhsSpec), groups = params.featureGroupCount;
  const w = raw.transpose(rhs, rhsSpec);
  if (params.batchGroupCount > 1) {
    // Groups of the batch become groups of features.
    groups = params.batchGroupCount;
    x = mergeAxis(0, 1, splitAxis(0, groups, x));
  }
  const n = x.shape[0], [o, i, ...window] = w.shape as readonly number[];
  const space = convSpatialShape(x.shape.slice(2), window, params);
  const config = x.shape.map((_, k): [number, number, number] =>
    k < 2 ? [0, 0, 0] : [...params.padding[k - 2]!, params.lhsDilation[k - 2]! - 1]
  );
  const plain = config.every(([lo, hi, inner]) => lo === 0 && hi === 0 && inner === 0);
  const padded = plain ? x : raw.pad(x, raw.scalar(0, x.dtype), config);
  const depth = i! * product(window), positions = product(space);
  const patches = raw.reshape(
    bind1(P.conv_patches, [padded], {
      window,
      space,
      strides: params.windowStrides,
      dilation: params.rhsDilation,
    }),
    [n!, groups, depth, positions],
  );
  const filters = raw.reshape(w, [groups, o! / groups, depth]);
  const spread = raw.broadcastInDim(filters, [n!, groups, o! / groups, depth], [1, 2, 3]);
  const result = raw.dotGeneral(spread, patches, { contract: [[3], [2]], batch: [[0, 1], [0, 1]] }, out);
  return raw.transpose(raw.reshape(result, [n!, o!, ...space]), inverse(outSpec));
}

interface PatchParams {
  readonly window: readonly number[];
  readonly space: readonly number[];
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
}

const never = (): never => {
  throw new Error("conv_patches is made by lowering, after differentiation and batching");
};

/** [n, c, ...padded] to [n, c, ...window, ...space]: what each filter element sees at each position. */
P.conv_patches.define({
  abstractEval([x], { window, space }: PatchParams) {
    return [shaped([x!.shape[0]!, x!.shape[1]!, ...window, ...space], x!.dtype)];
  },
  jvp: never,
  transpose: never,
  batch: never,
  lower: {
    kind: "pointwise",
    access: "movement",
    compute({ inputs: [x], params: { window, strides, dilation } }, index) {
      const k = window.length;
      const at = (window as readonly number[]).map((_, i) =>
        e.binary(
          "add",
          e.binary("mul", index[2 + k + i]!, e.index(strides[i]!)),
          e.binary("mul", index[2 + i]!, e.index(dilation[i]!)),
        )
      );
      return [x!.at([index[0]!, index[1]!, ...at])];
    },
  },
});
