/**
 * Combinators that make most primitives a few lines: elementwise (unary, n-ary) and movement rules.
 *
 * @module
 */
import { index as constantIndex } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { ComputeContext, Pointwise, Val } from "../../kernel/lowering.ts";
import { narrowVal } from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { sameShape, shaped, type ShapedArray, tuple } from "../avals.ts";
import { moveAxis } from "../batching.ts";
import { type DType, realDType } from "../dtypes.ts";
import {
  type AxisData,
  type BatchRule,
  type JvpRule,
  type Params,
  type Primitive,
  type Rules,
  type Tangent,
  type TransposeRule,
  UndefinedPrimal,
  Zero,
} from "../primitive.ts";
import { addTangents } from "../jvp.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";

/** Dtypes that an operand may have: kinds by NumPy's abstract names, or single dtypes. */
export type Accepts = readonly (
  | "bool"
  | "integer"
  | "unsignedinteger"
  | "signedinteger"
  | "floating"
  | "complexfloating"
  | "key"
  | "float32"
  | "float64"
)[];

const kinds: Readonly<Record<Accepts[number], readonly string[]>> = {
  bool: ["bool"],
  integer: ["int", "uint"],
  signedinteger: ["int"],
  unsignedinteger: ["uint"],
  floating: ["float"],
  complexfloating: ["complex"],
  key: ["key"],
  float32: [],
  float64: [],
};

export const anyNumber: Accepts = ["integer", "floating", "complexfloating"];
export const anyDType: Accepts = ["bool", "integer", "floating", "complexfloating", "key"];
export const inexact: Accepts = ["floating", "complexfloating"];
export const realNumber: Accepts = ["integer", "floating"];
export const floating: Accepts = ["floating"];
export const integer: Accepts = ["integer"];

/** Raises JAX's TypeError unless the dtype is accepted. */
export function checkAccepts(name: string, dtype: DType, accepts: Accepts, position: number | null): void {
  for (const a of accepts) if (a === dtype.name || kinds[a].includes(dtype.kind)) return;
  if (dtype.kind === "float0") {
    throw new TypeError(
      `Called ${name} with a float0${
        position === null ? " array" : ` at position ${position}`
      }. float0s do not ` +
        "support any operations by design, because they are not compatible with non-trivial vector spaces. No " +
        "implicit dtype conversion is done. If you didn't expect to get a float0 you might have accidentally taken a " +
        "gradient with respect to an integer argument.",
    );
  }
  const shown = accepts.filter((a) => a !== "key").join(", ");
  const at = position === null ? "" : ` at position ${position}`;
  throw new TypeError(
    `${name} does not accept dtype ${dtype.name}${at}. Accepted dtypes${at} are subtypes of ${shown}.`,
  );
}

/** Shape of an elementwise result: operands of one rank (size-1 axes stretch) or rank 0. */
export function broadcastShape(name: string, avals: readonly ShapedArray[]): readonly number[] {
  let shape: readonly number[] = [];
  for (const a of avals) {
    if (a.shape.length) {
      shape = a.shape;
      break;
    }
  }
  let same = true;
  for (const a of avals) {
    if (a.shape.length === 0 || a.shape === shape) continue;
    if (a.shape.length !== shape.length) {
      const ranks = [...new Set(avals.filter((b) => b.shape.length).map((b) => b.shape.length))];
      throw new TypeError(
        `${name}: arrays must have the same number of dimensions, got {${
          ranks.sort((p, q) => p - q).join(", ")
        }}`,
      );
    }
    for (let i = 0; i < shape.length; i++) if (a.shape[i] !== shape[i]) same = false;
  }
  if (same) return shape;
  return shape.map((_, i) => {
    let n = 1;
    for (const a of avals) {
      const m = a.shape.length ? a.shape[i]! : 1;
      if (m === 1 || m === n) continue;
      if (n !== 1) {
        const shapes = avals.filter((b) => b.shape.length).map((b) => tuple(b.shape));
        throw new TypeError(`${name} got incompatible shapes for broadcasting: ${shapes.join(", ")}.`);
      }
      n = m;
    }
    return n;
  });
}

/** The functions of jax.numpy that promote, by the names of the strict ones of lax. */
const promoting: Readonly<Record<string, string>> = {
  add: "add",
  atan2: "arctan2",
  div: "divide",
  eq: "equal",
  max: "maximum",
  min: "minimum",
  mul: "multiply",
  ne: "not_equal",
  nextafter: "nextafter",
  pow: "float_power",
  select: "where",
  shift_left: "left_shift",
  shift_right_arithmetic: "right_shift",
  shift_right_logical: "right_shift",
  sub: "subtract",
};

/** Raises JAX's TypeError unless the operands have one dtype. */
export function checkSameDType(name: string, avals: readonly ShapedArray[]): void {
  const first = avals[0]!.dtype;
  if (avals.every((a) => a.dtype === first)) return;
  const dtypes = avals.map((a) => a.dtype.name).join(", ");
  const tip = Object.hasOwn(promoting, name)
    ? ` (Tip: jnp.${promoting[name]} is a similar function that does automatic type promotion on inputs).`
    : "";
  throw new TypeError(`lax.${name} requires arguments to have the same dtypes, got ${dtypes}.${tip}`);
}

/** Sums a cotangent down to an operand's shape (rank 0 or with size-1 axes). */
export function unbroadcast(aval: ShapedArray, ct: JaxArray): JaxArray {
  const { shape } = aval;
  if (sameShape(shape, ct.shape)) return ct;
  if (shape.length === 0) return raw.reduceSum(ct, ct.shape.map((_, i) => i));
  const axes = shape.flatMap((n, i) => n === 1 && ct.shape[i] !== 1 ? [i] : []);
  return raw.reshape(raw.reduceSum(ct, axes), shape);
}

/** An array in the shape of a result: rank 0 and size-1 axes are spread out. */
export function broadcastTo(x: JaxArray, shape: readonly number[]): JaxArray {
  if (sameShape(x.shape, shape)) return x;
  return raw.broadcastInDim(x, shape, x.ndim === 0 ? [] : shape.map((_, i) => i));
}

/** Dtypes that an elementwise computation sees: of the first operand, of the result, of every operand. */
export interface ScalarDTypes {
  readonly in: DType;
  readonly out: DType;
  readonly operands: readonly DType[];
}

/** Value of one output from values of the operands. */
export type ScalarRule = (values: readonly Val[], dtypes: ScalarDTypes, params: Params) => Val;

/** An elementwise lowering: the result is narrowed to its dtype. */
export function elementwise<P>(
  rule: (values: readonly Val[], dtypes: ScalarDTypes, params: P) => Val,
): Pointwise<P> {
  return {
    kind: "pointwise",
    access: "elementwise",
    compute(context, index) {
      const values = context.inputs.map((input) => input.at(operandIndex(input.aval, index)));
      const out = context.outAvals[0]!.dtype, operands = context.inAvals.map((a) => a.dtype);
      return [narrowVal(out, rule(values, { in: operands[0]!, out, operands }, context.params))];
    },
  };
}

/** The index at which an elementwise operand is read: axes of size 1 at 0, rank 0 nowhere. */
export function operandIndex(aval: ShapedArray, index: readonly Expr[]): readonly Expr[] {
  if (aval.shape.length === 0) return [];
  return aval.shape.map((n, i) => n === 1 ? constantIndex(0) : index[i]!);
}

/** The batching rule of a primitive of unary operands: it is applied to the whole, the mapped axis stays. */
export function sameAxisBatch(primitive: () => Primitive): BatchRule<Params> {
  return (_axis, args, dims, params) => [bind(primitive(), args, params), dims];
}

/**
 * Batches an elementwise primitive: mapped axes go to the front unless all operands agree; operands of lower rank get
 * size-1 axes, which stretch.
 */
export function broadcastBatch(primitive: () => Primitive): BatchRule<Params> {
  return (_axis: AxisData, args, dims, params) => {
    const operands = args.map((x, i) => ({ x, dim: dims[i]!, rank: x.ndim - (dims[i] === null ? 0 : 1) }));
    const rank = Math.max(...operands.map((s) => s.rank));
    const first = operands.find((s) => s.dim !== null && s.rank === rank);
    const agree = first &&
      operands.every((s) => s.dim === null ? s.x.ndim === 0 : s.rank === rank && s.dim === first.dim);
    if (agree) return [bind(primitive(), args, params), [first.dim]];
    const front = operands.map(({ x, dim, rank: r }) => {
      if (dim === null) return x.ndim === 0 ? x : raw.expandDims(x, [0]);
      return raw.expandDims(moveAxis(x, dim, 0), Array.from({ length: rank - r }, (_, i) => i + 1));
    });
    return [bind(primitive(), front, params), [0]];
  };
}

/** Derivative of one operand: `(tangent, result, ...operands) => tangent of the result`; null: zero. */
export type Derivative = (t: JaxArray, out: JaxArray, ...xs: JaxArray[]) => JaxArray;

/** A jvp rule that adds each operand's contribution; each derivative is linear in its tangent. */
export function derivatives(
  primitive: () => Primitive,
  rules: readonly (Derivative | null)[],
): JvpRule<Params> {
  return (primals, tangents, params) => {
    const outs = bind(primitive(), primals, params), out = outs[0]!;
    let total: Tangent = new Zero(out.aval.tangent());
    for (let i = 0; i < tangents.length; i++) {
      const t = tangents[i]!, rule = rules[i];
      if (t instanceof Zero || !rule) continue;
      total = addTangents(total, broadcastTo(rule(t, out, ...primals), out.shape));
    }
    return [outs, [total]];
  };
}

/** What an elementwise primitive of n operands says of itself. */
export interface Elementwise {
  /** Accepted dtypes of each operand. */
  readonly accepts: readonly Accepts[];
  /** Result dtype from the operands'; default: the first's. */
  readonly result?: (dtypes: readonly DType[], params: Params) => DType;
  /** Value of an element of the result, for the pointwise lowering. */
  readonly scalar?: ScalarRule;
  readonly jvp: readonly (Derivative | null)[] | JvpRule<Params> | "zero" | "none";
  readonly transpose?: TransposeRule<Params>;
  /** Extra checks. */
  readonly check?: (avals: readonly ShapedArray[], params: Params) => void;
  readonly printParams?: Rules<Params>["printParams"];
  /** Operands need not have one dtype. */
  readonly mixed?: boolean;
  /** Result weak type; default: all operands weak. */
  readonly weak?: (avals: readonly ShapedArray[], params: Params) => boolean;
  /** The lowering, where it is not the pointwise one of `scalar`. */
  readonly lower?: Rules<Params>["lower"];
}

const allWeak = (avals: readonly ShapedArray[]): boolean => avals.every((a) => a.weakType);

/** Defines an elementwise primitive. */
export function defineElementwise(primitive: Primitive, spec: Elementwise): void {
  const { name } = primitive, unary = spec.accepts.length === 1;
  primitive.define({
    abstractEval(avals, params) {
      const shape = unary ? avals[0]!.shape : broadcastShape(name, avals);
      for (let i = 0; i < avals.length; i++) {
        checkAccepts(name, avals[i]!.dtype, spec.accepts[i]!, unary ? null : i);
      }
      if (!unary && !spec.mixed) checkSameDType(name, avals);
      spec.check?.(avals, params);
      const dtype = spec.result ? spec.result(avals.map((a) => a.dtype), params) : avals[0]!.dtype;
      return [shaped(shape, dtype, (spec.weak ?? allWeak)(avals, params))];
    },
    jvp: typeof spec.jvp === "object" ? derivatives(() => primitive, spec.jvp) : spec.jvp,
    transpose: spec.transpose ?? "nonlinear",
    batch: unary ? sameAxisBatch(() => primitive) : broadcastBatch(() => primitive),
    lower: spec.lower ?? elementwise(spec.scalar!),
    ...(spec.printParams ? { printParams: spec.printParams } : {}),
  });
}

/** Transposes an operation that is linear in each operand alone, by what each one's cotangent is. */
export function linearTranspose(
  rule: (
    ct: JaxArray,
    position: number,
    inputs: readonly (JaxArray | UndefinedPrimal)[],
    params: Params,
  ) => JaxArray,
): TransposeRule<Params> {
  return ([ct], inputs, params) =>
    inputs.map((x, i) => {
      if (!(x instanceof UndefinedPrimal)) return null;
      if (ct instanceof Zero) return new Zero(x.aval.tangent());
      return unbroadcast(x.aval, rule(ct as JaxArray, i, inputs, params));
    });
}

/** The jvp rule of a primitive that is linear in its one operand: itself, on the tangent. */
export function linearJvp(primitive: () => Primitive): JvpRule<Params> {
  return ([x], [t], params) => [
    bind(primitive(), [x!], params),
    [t instanceof Zero ? t : bind1(primitive(), [t as JaxArray], params)],
  ];
}

/** What a primitive of one array operand that only moves elements says of itself. */
export interface Movement<P> {
  readonly shape: (aval: ShapedArray, params: P) => readonly number[];
  /** Index into the operand for an index of the result. */
  readonly index: (context: ComputeContext<P>, index: readonly Expr[]) => readonly Expr[];
  /** Keeps row-major order: element at an offset is the operand's at that offset. */
  readonly rowMajor?: boolean;
  readonly transpose: (ct: JaxArray, aval: ShapedArray, params: P) => JaxArray;
  readonly batch: (x: JaxArray, dim: number, params: P) => readonly [JaxArray, number];
  readonly weak?: (aval: ShapedArray, params: P) => boolean;
  readonly printParams?: Rules<P>["printParams"];
  readonly evaluate?: Rules<P>["evaluate"];
}

/** Defines a movement primitive of one operand: linear, differentiated by itself. */
export function defineMovement<P>(primitive: Primitive<P>, spec: Movement<P>): void {
  primitive.define({
    abstractEval: (
      [aval],
      params,
    ) => [
      shaped(spec.shape(aval!, params), aval!.dtype, spec.weak ? spec.weak(aval!, params) : aval!.weakType),
    ],
    jvp: (
      [x],
      [t],
      params,
    ) => [
      bind(primitive as Primitive, [x!], params),
      t instanceof Zero
        ? [new Zero(shaped(spec.shape(x!.aval, params), t.aval.dtype))]
        : bind(primitive as Primitive, [t as JaxArray], params),
    ],
    transpose: ([ct], [x], params) => {
      const aval = (x as UndefinedPrimal).aval;
      return [ct instanceof Zero ? new Zero(aval.tangent()) : spec.transpose(ct as JaxArray, aval, params)];
    },
    batch: (_axis, [x], [dim], params) => {
      const [out, outDim] = spec.batch(x!, dim!, params);
      return [[out], [outDim]];
    },
    lower: {
      kind: "pointwise",
      access: "movement",
      compute: (context, index) => [context.inputs[0]!.at(spec.index(context, index))],
      ...(spec.rowMajor
        ? { computeFlat: (context: ComputeContext<P>, offset: Expr) => [context.inputs[0]!.flat(offset)] }
        : {}),
    },
    ...(spec.evaluate ? { evaluate: spec.evaluate } : {}),
    ...(spec.printParams ? { printParams: spec.printParams } : {}),
  });
}

/** The real dtype of a complex one, or the dtype itself. */
export function realOf(dtype: DType): DType {
  return dtype.kind === "complex" ? realDType(dtype) : dtype;
}
