/**
 * User computations on scalars, as reductions take them: evaluated on scalars of a kernel, or on whole arrays.
 *
 * @module
 */
import { constVal } from "../../kernel/scalar.ts";
import { scalarTypeOf } from "../../kernel/layout.ts";
import { variable } from "../../kernel/expr.ts";
import { Variable } from "../../kernel/ir.ts";
import { layoutOf } from "../../kernel/layout.ts";
import { type Access, Pair, type RegionContext, type RegionValue, type Val } from "../../kernel/lowering.ts";
import type { JaxArray } from "../array.ts";
import type { ShapedArray } from "../avals.ts";
import { batchFlat, spread } from "../batching.ts";
import { type Atom, type ClosedJaxpr, type Eqn, type Jaxpr, Literal, type Var } from "../jaxpr.ts";
import type { Params } from "../primitive.ts";
import * as raw from "../raw.ts";
import { evalClosed, stage } from "../staging.ts";

/** A computation that cannot be written as expressions. */
class NotScalar extends Error {}

function refuse(): never {
  throw new NotScalar();
}

/** A scalar in a region that only inlines. */
class ScalarValue implements RegionValue {
  readonly aval: ShapedArray;
  readonly val: Val;
  constructor(aval: ShapedArray, val: Val) {
    this.aval = aval;
    this.val = val;
  }
}

function access({ aval, val }: ScalarValue): Access {
  return { aval, at: () => val, flat: () => val };
}

function evalJaxpr(
  jaxpr: Jaxpr,
  consts: readonly ScalarValue[],
  args: readonly ScalarValue[],
): ScalarValue[] {
  const env = new Map<Var, ScalarValue>();
  const read = (a: Atom): ScalarValue =>
    a instanceof Literal ? new ScalarValue(a.aval, constVal(a.aval.dtype, a.value)) : env.get(a)!;
  jaxpr.constvars.forEach((v, i) => env.set(v, consts[i]!));
  jaxpr.invars.forEach((v, i) => env.set(v, args[i]!));
  for (const eqn of jaxpr.eqns) {
    const outs = evalEqn(eqn, eqn.inputs.map(read));
    eqn.outputs.forEach((v, i) => env.set(v, outs[i]!));
  }
  return jaxpr.outvars.map(read);
}

function evalClosedOnScalars(closed: ClosedJaxpr, args: readonly ScalarValue[]): ScalarValue[] {
  if (closed.consts.length > 0) refuse();
  return evalJaxpr(closed.jaxpr, [], args);
}

function evalEqn(eqn: Eqn, inputs: readonly ScalarValue[]): readonly ScalarValue[] {
  const { primitive, params, outputs } = eqn, { lower } = primitive.rules;
  const outAvals = outputs.map((v) => v.aval);
  if (outAvals.some((a) => a.ndim > 0) || inputs.some((x) => x.aval.ndim > 0)) refuse();
  switch (lower.kind) {
    case "pointwise": {
      const context = { params, inputs: inputs.map(access), inAvals: inputs.map((x) => x.aval), outAvals };
      return lower.compute(context, []).map((val, i) => new ScalarValue(outAvals[i]!, val));
    }
    case "identity":
      return inputs;
    case "decompose": {
      const { jaxpr, consts } = stage((...xs) => lower.as(xs, params), inputs.map((x) => x.aval));
      return consts.length > 0 ? refuse() : evalJaxpr(jaxpr, [], inputs);
    }
    case "region":
      return lower.emit(inliningContext(params, inputs, outAvals)) as readonly ScalarValue[];
    default:
      return refuse();
  }
}

/** A region that can call other jaxprs, and nothing else. */
function inliningContext(
  params: Params,
  inputs: readonly ScalarValue[],
  outAvals: readonly ShapedArray[],
): RegionContext<Params> {
  return {
    params,
    inputs,
    outAvals,
    constant: (aval, value) => aval.ndim > 0 ? refuse() : new ScalarValue(aval, constVal(aval.dtype, value)),
    inline: (jaxpr, values) => evalClosedOnScalars(jaxpr, values as readonly ScalarValue[]),
    allocate: refuse,
    copy: refuse,
    loop: refuse,
    row: refuse,
    while: refuse,
    switch: refuse,
    callback: refuse,
  };
}

/** Values of a computation's outputs from values of its inputs. It must be one that {@linkcode isScalar} accepts. */
export function evalScalar(closed: ClosedJaxpr, args: readonly Val[]): Val[] {
  const inputs = closed.inAvals.map((aval, i) => new ScalarValue(aval, args[i]!));
  return evalClosedOnScalars(closed, inputs).map((x) => x.val);
}

const scalars = new WeakMap<Jaxpr, boolean>();

/** Whether a computation is arithmetic on scalars alone, which a kernel can hold. */
export function isScalar(closed: ClosedJaxpr): boolean {
  let known = scalars.get(closed.jaxpr);
  if (known === undefined) scalars.set(closed.jaxpr, known = tryScalar(closed));
  return known;
}

function tryScalar(closed: ClosedJaxpr): boolean {
  if (closed.jaxpr.effects || closed.inAvals.some((a) => a.ndim > 0)) return false;
  try {
    evalScalar(closed, closed.inAvals.map(unknownScalar));
    return true;
  } catch (e) {
    if (e instanceof NotScalar) return false;
    throw e;
  }
}

function unknownScalar({ dtype }: ShapedArray): Val {
  const one = () => variable(new Variable(scalarTypeOf(dtype)));
  return layoutOf(dtype).components === 2 ? new Pair(one(), one()) : one();
}

/** Applies a computation on scalars to each element of equally shaped arrays, beside arrays that stay whole. */
export function applyElementwise(
  closed: ClosedJaxpr,
  whole: readonly JaxArray[],
  arrays: readonly JaxArray[],
): JaxArray[] {
  const { shape, size } = arrays[0]!;
  const { outs, dims } = batchFlat(
    (...args) => evalClosed(closed, args),
    { size, name: undefined },
    [...whole, ...arrays.map((x) => raw.reshape(x, [size]))],
    [...whole.map(() => null), ...arrays.map(() => 0)],
  );
  return outs.map((out, i) => raw.reshape(dims[i] === null ? spread(out, size, 0) : out, shape));
}
