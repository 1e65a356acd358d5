/**
 * Jaxprs of scalar functions inside a kernel: the operations of one element, from values to values.
 *
 * @module
 */
import { delinearize, linearize } from "../../kernel/access.ts";
import { compare, index as constantIndex } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { Access, Val } from "../../kernel/lowering.ts";
import { constVal, convertVal, select } from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import type { ShapedArray } from "../avals.ts";
import { ConcreteArray } from "../concrete.ts";
import { int32 } from "../dtypes.ts";
import { NotImplementedError } from "../errors.ts";
import { type Atom, ClosedJaxpr, type Eqn, Literal, type Var } from "../jaxpr.ts";
import { P } from "../prims.ts";
import { stage } from "../staging.ts";

/** The function of a jaxpr whose inputs and outputs are scalars, on scalar values. */
export function scalarFunction(closed: ClosedJaxpr): (inputs: readonly Val[]) => Val[] {
  return (inputs) => {
    const given = inputs.map((value, i) => scalarAccess(closed.inAvals[i]!, value));
    return evaluate(closed, given).map((out) => out.at([]));
  };
}

function scalarAccess(aval: ShapedArray, value: Val): Access {
  return { aval, at: () => value, flat: () => value };
}

/** An array as a function of its index; a scalar is computed once. */
function virtualAccess(aval: ShapedArray, compute: (index: readonly Expr[]) => Val): Access {
  if (aval.shape.length === 0) {
    let value: Val | null = null;
    const at = (): Val => value ??= compute([]);
    return { aval, at, flat: at };
  }
  const flat = (offset: Expr): Val => compute(delinearize(aval.shape, offset));
  return { aval, at: compute, flat };
}

function constantAccess(x: JaxArray): Access {
  const literal = x instanceof ConcreteArray ? x.literal : undefined;
  if (literal === undefined) {
    throw new NotImplementedError(
      `a function applied to single elements can't close over ${x.aval}: ` +
        `it can use numbers, and arguments of its own`,
    );
  }
  return scalarAccess(x.aval, constVal(x.dtype, literal));
}

function evaluate({ jaxpr, consts }: ClosedJaxpr, inputs: readonly Access[]): Access[] {
  const env = new Map<Var, Access>();
  jaxpr.constvars.forEach((v, i) => env.set(v, constantAccess(consts[i]!)));
  jaxpr.invars.forEach((v, i) => env.set(v, inputs[i]!));
  const read = (a: Atom): Access =>
    a instanceof Literal ? scalarAccess(a.aval, constVal(a.aval.dtype, a.value)) : env.get(a)!;
  for (const eqn of jaxpr.eqns) {
    const outs = apply(eqn, eqn.inputs.map(read));
    eqn.outputs.forEach((v, i) => env.set(v, outs[i]!));
  }
  return jaxpr.outvars.map(read);
}

function apply(eqn: Eqn, inputs: readonly Access[]): Access[] {
  const { primitive, params } = eqn, { lower } = primitive.rules;
  if (primitive === P.jit) return evaluate(params.jaxpr, inputs);
  if (primitive === P.custom_jvp_call || primitive === P.custom_vjp_call) {
    return evaluate(params.callJaxpr, inputs);
  }
  if (primitive === P.cond) return choose(params.branches, inputs);
  const inAvals = inputs.map((x) => x.aval), outAvals = eqn.outputs.map((v) => v.aval);
  switch (lower.kind) {
    case "identity":
      return outAvals.map((aval, i) => ({ ...inputs[i]!, aval }));
    case "pointwise": {
      const context = { params, inputs, inAvals, outAvals };
      return outAvals.map((aval, i) =>
        virtualAccess(aval, (index) => {
          const { computeFlat } = lower;
          if (computeFlat && index.length > 0) return computeFlat(context, linearize(index, aval.shape))[i]!;
          return lower.compute(context, index)[i]!;
        })
      );
    }
    case "decompose": {
      const { jaxpr, consts } = stage((...xs) => lower.as(xs, params), inAvals);
      return evaluate(new ClosedJaxpr(jaxpr, consts), inputs);
    }
    default:
      throw new NotImplementedError(
        `a function applied to single elements can't use ${primitive.name}: it can use elementwise operations`,
      );
  }
}

/** Each branch is computed; the results are those of the one whose number (clamped) the first input is. */
function choose(branches: readonly ClosedJaxpr[], [which, ...operands]: readonly Access[]): Access[] {
  const index = convertVal(int32, which!.aval.dtype, which!.at([])) as Expr;
  const results = branches.map((b) => evaluate(b, operands));
  return branches[0]!.outAvals.map((aval, i) =>
    virtualAccess(aval, (at) => {
      let value = results.at(-1)![i]!.at(at);
      for (let b = branches.length - 2; b >= 0; b--) {
        value = select(compare("le", index, constantIndex(b)), results[b]![i]!.at(at), value);
      }
      return value;
    })
  );
}
