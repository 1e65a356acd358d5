/**
 * Transposition of linear jaxprs: reverse mode runs the equations backwards, accumulating cotangents.
 *
 * @module
 */
import type { JaxArray } from "./array.ts";
import type { ShapedArray } from "./avals.ts";
import { NotImplementedError } from "./errors.ts";
import { type Atom, ClosedJaxpr, type Eqn, type Jaxpr, Literal, Var } from "./jaxpr.ts";
import { addTangents, instantiate } from "./jvp.ts";
import { type Tangent, UndefinedPrimal, Zero } from "./primitive.ts";
import { bindEqn, literalArray, stage } from "./staging.ts";

/**
 * Cotangents of the inputs of a jaxpr from cotangents of its outputs. Inputs given as {@linkcode UndefinedPrimal} are
 * the linear ones; equations that do not depend on them are evaluated first. Others get null.
 */
export function backwardPass(
  jaxpr: Jaxpr,
  consts: readonly (JaxArray | UndefinedPrimal)[],
  args: readonly (JaxArray | UndefinedPrimal)[],
  cotangents: readonly Tangent[],
): (Tangent | null)[] {
  const values = new Map<Var, JaxArray>();
  const linear = new Set<Var>();
  const enter = (v: Var, x: JaxArray | UndefinedPrimal): void => {
    if (x instanceof UndefinedPrimal) linear.add(v);
    else values.set(v, x);
  };
  jaxpr.constvars.forEach((v, i) => enter(v, consts[i]!));
  jaxpr.invars.forEach((v, i) => enter(v, args[i]!));

  const isLinear = (a: Atom): boolean => a instanceof Var && linear.has(a);
  const read = (a: Atom): JaxArray => a instanceof Literal ? literalArray(a) : values.get(a)!;
  const backwards: Eqn[] = [];
  for (const eqn of jaxpr.eqns) {
    if (eqn.inputs.some(isLinear)) {
      for (const v of eqn.outputs) linear.add(v);
      backwards.push(eqn);
    } else {
      const outs = bindEqn(eqn, eqn.inputs.map(read));
      eqn.outputs.forEach((v, i) => values.set(v, outs[i]!));
    }
  }

  const cts = new Map<Var, Tangent>();
  const accumulate = (a: Atom, ct: Tangent | null): void => {
    if (ct === null || ct instanceof Zero || !(a instanceof Var) || !linear.has(a)) return;
    const before = cts.get(a);
    cts.set(a, before ? addTangents(before, ct) : ct);
  };
  jaxpr.outvars.forEach((a, i) => accumulate(a, cotangents[i]!));

  for (let k = backwards.length - 1; k >= 0; k--) {
    const eqn = backwards[k]!;
    let any = false;
    const outCts = eqn.outputs.map((v): Tangent => {
      const ct = cts.get(v);
      if (ct === undefined) return new Zero(v.aval.tangent());
      cts.delete(v);
      any = true;
      return ct;
    });
    if (!any) continue;
    const { transpose } = eqn.primitive.rules;
    if (transpose === "nonlinear") {
      throw new NotImplementedError(
        `Transpose rule (for reverse-mode differentiation) for '${eqn.primitive.name}' not implemented`,
      );
    }
    const inputs = eqn.inputs.map((a) => isLinear(a) ? new UndefinedPrimal(a.aval) : read(a));
    const inCts = transpose(outCts, inputs, eqn.params);
    eqn.inputs.forEach((a, i) => accumulate(a, inCts[i] ?? null));
  }
  const result = (v: Var, x: JaxArray | UndefinedPrimal): Tangent | null =>
    x instanceof UndefinedPrimal ? cts.get(v) ?? new Zero(v.aval.tangent()) : null;
  return jaxpr.invars.map((v, i) => result(v, args[i]!));
}

/** The transposed jaxpr of a call. */
export interface TransposedJaxpr {
  /** Nonlinear inputs followed by the cotangents of outputs that have one, to the nonzero input cotangents. */
  readonly jaxpr: ClosedJaxpr;
  /** For each linear input, whether its cotangent is among the outputs (else it is zero). */
  readonly nonzero: readonly boolean[];
}

const transposeCache = new WeakMap<Jaxpr, Map<string, TransposedJaxpr>>();

/** Transposes a jaxpr without constants, linear in the inputs that `linear` marks. */
export function transposeJaxpr(
  closed: ClosedJaxpr,
  linear: readonly boolean[],
  hasCotangent: readonly boolean[],
  instantiated = false,
): TransposedJaxpr {
  const key = `${linear.map(Number).join("")}|${hasCotangent.map(Number).join("")}|${instantiated}`;
  let byKey = transposeCache.get(closed.jaxpr);
  if (!byKey) transposeCache.set(closed.jaxpr, byKey = new Map());
  const known = byKey.get(key);
  if (known && closed.consts.length === 0) return known;
  const inAvals = closed.inAvals, outAvals = closed.outAvals;
  const avals: ShapedArray[] = [
    ...inAvals.filter((_, i) => !linear[i]),
    ...outAvals.filter((_, i) => hasCotangent[i]).map((a) => a.tangent()),
  ];
  let nonzero: boolean[] = [];
  const { jaxpr, consts } = stage((...xs) => {
    let next = 0;
    const args = inAvals.map((a, i) => linear[i] ? new UndefinedPrimal(a) : xs[next++]!);
    const cts = outAvals.map((a, i) => hasCotangent[i] ? xs[next++]! : new Zero(a.tangent()));
    const result = backwardPass(closed.jaxpr, closed.consts, args, cts).filter((_, i) =>
      linear[i]
    ) as Tangent[];
    nonzero = result.map((ct) => instantiated || !(ct instanceof Zero));
    return result.flatMap((ct, i) => nonzero[i] ? [instantiate(ct)] : []);
  }, avals);
  const made = { jaxpr: new ClosedJaxpr(jaxpr, consts), nonzero };
  if (closed.consts.length === 0) byKey.set(key, made);
  return made;
}
