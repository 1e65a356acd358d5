/**
 * What the reductions of `jax.numpy` have in common: dtypes, axes, masks, initial values.
 *
 * @module
 */
import {
  bind1,
  bool_,
  canonicalAxis,
  defaultInt,
  type DType,
  iinfo,
  isBool,
  isComplex,
  isInexact,
  type JaxArray,
  P,
  type Primitive,
  raw,
  scalarArray,
  tuple,
  ValueError,
} from "../core/mod.ts";
import { accumulatorDType, computationDType } from "./_arguments.ts";
import { integerList } from "./axes.ts";
import { toArray } from "./convert.ts";
import { where as select } from "./_where.ts";

/** Axes as callers give them, checked for kind alone: null is all of them. */
export type StaticAxes = readonly number[] | null;

/** The axes that a caller gives: an integer or a list of them. */
export function staticAxes(axis: unknown, name: string): StaticAxes {
  return axis === undefined || axis === null ? null : integerList(axis, `axis argument to jnp.${name}()`);
}

/**
 * Axes counted from the front.
 *
 * @throws {ValueError} when the array has no such axis, or one is given twice
 */
export function canonicalAxes(axes: StaticAxes, ndim: number): number[] {
  if (axes === null) return Array.from({ length: ndim }, (_, i) => i);
  const canonical = axes.map((axis) => canonicalAxis(axis, ndim));
  if (new Set(canonical).size !== canonical.length) {
    throw new ValueError(`duplicate value in 'axis': ${tuple(axes)}`);
  }
  return canonical;
}

/** The mask that a caller gives. */
export function maskArray(where: unknown, name: string): JaxArray | null {
  if (where === undefined || where === null) return null;
  const mask = toArray(where, name);
  if (isBool(mask.dtype)) return mask;
  throw new ValueError(
    `jnp.${name}: where must be None or a boolean array; got where.dtype=dtype('${mask.dtype.name}').`,
  );
}

/** A reduction by one associative operation. */
export interface ReductionKind {
  readonly name: string;
  readonly primitive: Primitive;
  readonly combine: (x: JaxArray, y: JaxArray) => JaxArray;
  /** The same on booleans, where it is another. */
  readonly onBool?: readonly [primitive: Primitive, combine: (x: JaxArray, y: JaxArray) => JaxArray];
  /** The value that leaves others as they are. */
  readonly identity: number;
  /** False where empty sets have no result. */
  readonly hasIdentity: boolean;
  readonly prepare: (x: JaxArray) => JaxArray;
}

/** Booleans as integers. */
function toNumeric(x: JaxArray): JaxArray {
  return isBool(x.dtype) ? raw.convert(x, defaultInt()) : x;
}

/** Truth values: whether elements, or their real parts, are not zero. */
function toBool(x: JaxArray): JaxArray {
  return raw.convert(isComplex(x.dtype) ? raw.real(x) : x, bool_);
}

const unchanged = (x: JaxArray): JaxArray => x;

export const sumKind: ReductionKind = {
  name: "sum",
  primitive: P.reduce_sum,
  combine: raw.add,
  onBool: [P.reduce_or, raw.or],
  identity: 0,
  hasIdentity: true,
  prepare: toNumeric,
};
export const prodKind: ReductionKind = {
  name: "prod",
  primitive: P.reduce_prod,
  combine: raw.mul,
  onBool: [P.reduce_and, raw.and],
  identity: 1,
  hasIdentity: true,
  prepare: toNumeric,
};
export const maxKind: ReductionKind = {
  name: "max",
  primitive: P.reduce_max,
  combine: raw.max,
  identity: -Infinity,
  hasIdentity: false,
  prepare: unchanged,
};
export const minKind: ReductionKind = {
  name: "min",
  primitive: P.reduce_min,
  combine: raw.min,
  identity: Infinity,
  hasIdentity: false,
  prepare: unchanged,
};
export const allKind: ReductionKind = {
  name: "all",
  primitive: P.reduce_and,
  combine: raw.and,
  identity: 1,
  hasIdentity: true,
  prepare: toBool,
};
export const anyKind: ReductionKind = {
  name: "any",
  primitive: P.reduce_or,
  combine: raw.or,
  identity: 0,
  hasIdentity: true,
  prepare: toBool,
};

/** An identity in a dtype; infinities are the extreme integers. */
export function identityScalar(identity: number, dtype: DType): JaxArray {
  if (isBool(dtype)) return scalarArray(identity > 0, dtype);
  if (isInexact(dtype) || Number.isFinite(identity)) return scalarArray(identity, dtype);
  const { min, max } = iinfo(dtype);
  return scalarArray(identity < 0 ? min : max, dtype);
}

/** Parameters of {@linkcode reduceArray}. */
export interface ReduceParameters {
  readonly axes: StaticAxes;
  readonly keepdims?: boolean;
  readonly initial?: JaxArray | null;
  readonly where?: JaxArray | null;
  readonly dtype?: DType | null;
  /** Accumulate narrow integers in the default integer dtype. */
  readonly promoteIntegers?: boolean;
  /** Accumulate half precision in float32. */
  readonly upcast?: boolean;
}

/** A reduction of an array: JAX's `_reduction`. */
export function reduceArray(kind: ReductionKind, array: JaxArray, parameters: ReduceParameters): JaxArray {
  const { axes, keepdims, dtype, promoteIntegers } = parameters;
  const { name } = kind, where = parameters.where ?? null, initial = parameters.initial ?? null;
  if (initial === null && !kind.hasIdentity && where !== null) {
    throw new ValueError(
      `reduction operation ${name} does not have an identity, so to use a where mask one has to specify 'initial'`,
    );
  }
  let x = kind.prepare(array);
  const dims = canonicalAxes(axes, x.ndim);
  if (initial === null && !kind.hasIdentity && dims.some((d) => x.shape[d]! < 1)) {
    throw new ValueError(`zero-size array to reduction operation ${name} which has no identity`);
  }
  const result = dtype ?? (promoteIntegers ? accumulatorDType(x.dtype) : x.dtype);
  x = raw.convert(x, parameters.upcast ? computationDType(result) : result);
  const [primitive, combine] = isBool(x.dtype) && kind.onBool ? kind.onBool : [kind.primitive, kind.combine];
  if (where !== null) x = select(where, x, identityScalar(kind.identity, x.dtype));
  let out = bind1(primitive, [x], { axes: dims });
  if (initial !== null) {
    if (initial.ndim > 0) {
      throw new ValueError(`initial value must be a scalar. Got array of shape ${tuple(initial.shape)}`);
    }
    out = combine(raw.convert(initial, out.dtype), out);
  }
  if (keepdims) out = raw.expandDims(out, [...dims].sort((a, b) => a - b));
  return raw.convert(out, result);
}

/** Sum of an array, as `numpy.sum` has it. */
export function sumOf(x: JaxArray, parameters: ReduceParameters): JaxArray {
  const { dtype } = parameters;
  return reduceArray(sumKind, x, { promoteIntegers: true, upcast: !dtype, ...parameters });
}
