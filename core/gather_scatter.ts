/**
 * Gather and scatter as callers ask for them: modes and fill values by name, functions of single elements.
 *
 * @module
 */
import { checkNotPromise, functionName, invalidResult, leafArray } from "./argument.ts";
import { JaxArray } from "./array.ts";
import { shaped } from "./avals.ts";
import { ConcreteArray } from "./concrete.ts";
import type { DType } from "./dtypes.ts";
import { NotImplementedError, ValueError } from "./errors.ts";
import { convertScalar, type Scalar, scalarAt } from "./host.ts";
import { ClosedJaxpr } from "./jaxpr.ts";
import type { GatherDimensionNumbers, IndexMode, ScatterDimensionNumbers } from "./ops/dimension_numbers.ts";
import { defaultFill, type FillValue, gather } from "./ops/gather.ts";
import { isScalar, type ScatterParams } from "./ops/scatter.ts";
import type { Primitive } from "./primitive.ts";
import { P } from "./prims.ts";
import * as raw from "./raw.ts";
import { stage } from "./staging.ts";
import { bind1, Tracer } from "./trace.ts";

export type { GatherDimensionNumbers, IndexMode, ScatterDimensionNumbers };

/** What gather and scatter do with windows out of bounds. */
export type GatherScatterMode = "clip" | "fill" | "drop" | "promise_in_bounds" | "one_hot";

/**
 * The modes by JAX's names: `CLIP` moves a window inside, `FILL_OR_DROP` fills what is read and drops what is written,
 * `PROMISE_IN_BOUNDS` takes the caller's word (reads are then clipped, writes dropped).
 */
export const GatherScatterMode: Readonly<
  Record<"CLIP" | "FILL_OR_DROP" | "PROMISE_IN_BOUNDS" | "ONE_HOT", GatherScatterMode>
> = Object.freeze({
  CLIP: "clip",
  FILL_OR_DROP: "fill",
  PROMISE_IN_BOUNDS: "promise_in_bounds",
  ONE_HOT: "one_hot",
});

/** The mode that a caller names; `otherwise` for none. */
export function parseMode(mode: unknown, otherwise: IndexMode): IndexMode {
  switch (mode) {
    case undefined:
    case null:
      return otherwise;
    case "clip":
    case "promise_in_bounds":
      return mode;
    case "fill":
    case "drop":
      return "fill";
    default:
      throw new ValueError(
        `Unknown gather mode "${String(mode)}" (modes: "clip", "fill", "drop", "promise_in_bounds")`,
      );
  }
}

/** Options of a gather. */
export interface GatherOptions {
  readonly mode?: unknown;
  readonly fillValue?: unknown;
  readonly indicesAreSorted?: boolean | undefined;
  readonly uniqueIndices?: boolean | undefined;
}

/** The fill value as an element of the dtype. */
function fillScalar(value: unknown, dtype: DType): FillValue {
  if (value === undefined || value === null) return defaultFill(dtype);
  let scalar = value as Scalar;
  if (value instanceof JaxArray) {
    const concrete = value instanceof Tracer ? value.concrete() : value;
    if (value.ndim !== 0) throw new ValueError("fill_value argument to indexed get() must be a scalar");
    if (!(concrete instanceof ConcreteArray)) {
      throw new TypeError(
        `fill_value argument to indexed get() must be concrete, got ${value}: give a number`,
      );
    }
    scalar = scalarAt(concrete.dataSync(), value.dtype, 0);
  }
  return dtype.kind === "key" ? scalar : convertScalar(scalar, dtype);
}

/** Slices of an operand at the index vectors along the last axis of `indices`. */
export function gatherSlices(
  operand: JaxArray,
  indices: JaxArray,
  dimensionNumbers: GatherDimensionNumbers,
  sliceSizes: readonly number[],
  options: GatherOptions = {},
): JaxArray {
  const mode = parseMode(options.mode, "promise_in_bounds");
  return gather(operand, indices, {
    dimensionNumbers,
    sliceSizes: [...sliceSizes],
    mode,
    fillValue: mode === "fill" ? fillScalar(options.fillValue, operand.dtype) : null,
    indicesAreSorted: Boolean(options.indicesAreSorted),
    uniqueIndices: Boolean(options.uniqueIndices),
  });
}

/** Options of a scatter. */
export interface ScatterOptions {
  readonly mode?: unknown;
  readonly indicesAreSorted?: boolean | undefined;
  readonly uniqueIndices?: boolean | undefined;
}

/** How updates meet what they are put over. */
export type ScatterKind = "set" | "add" | "sub" | "mul" | "min" | "max";

const primitives: Readonly<Record<ScatterKind, Primitive>> = {
  set: P.scatter,
  add: P.scatter_add,
  sub: P.scatter_sub,
  mul: P.scatter_mul,
  min: P.scatter_min,
  max: P.scatter_max,
};

function scatterParams(
  dimensionNumbers: ScatterDimensionNumbers,
  options: ScatterOptions,
  updateJaxpr: ClosedJaxpr | null,
): ScatterParams {
  return {
    dimensionNumbers,
    indicesAreSorted: Boolean(options.indicesAreSorted),
    uniqueIndices: Boolean(options.uniqueIndices),
    mode: parseMode(options.mode, "fill"),
    updateJaxpr,
  };
}

/** The operand with windows of updates put over it or combined with it. */
export function scatterWindows(
  kind: ScatterKind,
  [operand, indices, updates]: readonly [JaxArray, JaxArray, JaxArray],
  dimensionNumbers: ScatterDimensionNumbers,
  options: ScatterOptions = {},
): JaxArray {
  return bind1(
    primitives[kind],
    [operand, indices, updates],
    scatterParams(dimensionNumbers, options, null),
  );
}

/** A function of an array-like element. */
export type ElementFunction = (x: JaxArray) => unknown;

const elementJaxprs = new WeakMap<ElementFunction, Map<DType, ClosedJaxpr>>();

/** The jaxpr of a function on one element of a dtype. */
function elementJaxpr(f: ElementFunction, dtype: DType): ClosedJaxpr {
  let byDType = elementJaxprs.get(f);
  if (!byDType) elementJaxprs.set(f, byDType = new Map());
  const known = byDType.get(dtype);
  if (known) return known;
  const aval = shaped([], dtype), name = functionName(f);
  const { jaxpr, consts } = stage((x) => {
    const result = f(x!);
    checkNotPromise(result, "scatter_apply");
    const out = leafArray(result);
    if (out === null) throw new TypeError(invalidResult(name, "scatter_apply")(result, ""));
    const same = out.weakType ? raw.convert(out, dtype) : out;
    if (same.aval !== aval) {
      throw new TypeError(
        `scatter_apply: function ${name} must return ${aval} for an element ${aval}, got ${out.aval}`,
      );
    }
    return [same];
  }, [aval]);
  const closed = new ClosedJaxpr(jaxpr, consts);
  if (consts.length > 0 || !isScalar(closed)) {
    throw new NotImplementedError(
      `scatter_apply: function ${name} must be elementwise arithmetic on its argument and numbers; ` +
        `use x.at(...).get() and x.at(...).set(v) for anything else`,
    );
  }
  byDType.set(dtype, closed);
  return closed;
}

/** The operand with a function applied at the windows, once for each time that an element is in one. */
export function scatterApply(
  operand: JaxArray,
  indices: JaxArray,
  f: ElementFunction,
  dimensionNumbers: ScatterDimensionNumbers,
  options: ScatterOptions & { readonly updateShape?: readonly number[] } = {},
): JaxArray {
  const unused = raw.full(options.updateShape ?? [], 0, operand.dtype);
  const params = scatterParams(dimensionNumbers, options, elementJaxpr(f, operand.dtype));
  return bind1(P.scatter, [operand, indices, unused], params);
}
