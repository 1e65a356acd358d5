/**
 * Shared by control-flow primitives: jaxprs of one signature, and parallel copies.
 *
 * @module
 */
import type { RegionContext, RegionValue } from "../../kernel/lowering.ts";
import type { JaxArray } from "../array.ts";
import { ClosedJaxpr, Jaxpr, Var } from "../jaxpr.ts";
import type { Params, Tangent } from "../primitive.ts";
import { Zero } from "../primitive.ts";

/** Jaxprs that take all of their constants together as leading inputs, and those constants, each once. */
export function joinConsts(closed: readonly ClosedJaxpr[]): { jaxprs: ClosedJaxpr[]; consts: JaxArray[] } {
  const consts = [...new Set(closed.flatMap((c) => [...c.consts]))];
  if (consts.length === 0) return { jaxprs: [...closed], consts };
  const jaxprs = closed.map(({ jaxpr, consts: own }) => {
    const leading = consts.map((x) => {
      const at = own.indexOf(x);
      return at < 0 ? new Var(x.aval) : jaxpr.constvars[at]!;
    });
    return new ClosedJaxpr(new Jaxpr([], [...leading, ...jaxpr.invars], jaxpr.eqns, jaxpr.outvars));
  });
  return { jaxprs, consts };
}

/** A jaxpr with its inputs in another order: input k of the result is input `order[k]` of the original. */
export function permuteInputs(closed: ClosedJaxpr, order: readonly number[]): ClosedJaxpr {
  const { jaxpr, consts } = closed;
  return new ClosedJaxpr(
    new Jaxpr(jaxpr.constvars, order.map((i) => jaxpr.invars[i]!), jaxpr.eqns, jaxpr.outvars),
    consts,
  );
}

/** A jaxpr with more inputs, which it ignores, after position `at`. */
export function padInputs(closed: ClosedJaxpr, at: number, extra: readonly Var["aval"][]): ClosedJaxpr {
  const { jaxpr, consts } = closed;
  const invars = [...jaxpr.invars.slice(0, at), ...extra.map((a) => new Var(a)), ...jaxpr.invars.slice(at)];
  return new ClosedJaxpr(new Jaxpr(jaxpr.constvars, invars, jaxpr.eqns, jaxpr.outvars), consts);
}

/** Copies values into places all at once: a source that is also a target is read before it is written. */
export function copyAll(
  context: RegionContext<Params>,
  from: readonly RegionValue[],
  to: readonly RegionValue[],
): void {
  const staged = from.map((value, i) => {
    if (value === to[i] || !to.includes(value)) return value;
    const temporary = context.allocate(value.aval);
    context.copy(value, temporary);
    return temporary;
  });
  staged.forEach((value, i) => {
    if (value !== to[i]) context.copy(value, to[i]!);
  });
}

/** The tangents that are not zero. */
export function nonzeroTangents(tangents: readonly Tangent[]): JaxArray[] {
  return tangents.filter((t): t is JaxArray => !(t instanceof Zero));
}

/** Whether each tangent is not zero. */
export function nonzeroMask(tangents: readonly Tangent[]): boolean[] {
  return tangents.map((t) => !(t instanceof Zero));
}
