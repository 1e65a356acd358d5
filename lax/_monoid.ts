/**
 * Computations of reductions: traced, and recognised where they are a known monoid.
 *
 * @module
 */
import { checkCallable, FlatFunction, flattenArrays, invalidArgument } from "../core/argument.ts";
import type { JaxArray } from "../core/array.ts";
import { shaped } from "../core/avals.ts";
import { ConcreteArray } from "../core/concrete.ts";
import { lift } from "../core/convert.ts";
import { type DType, iinfo, isBool, isInteger } from "../core/dtypes.ts";
import { NotImplementedError, ValueError } from "../core/errors.ts";
import type { ClosedJaxpr, Jaxpr } from "../core/jaxpr.ts";
import { greatestOf, leastOf } from "../core/ops/reduce.ts";
import type { Primitive } from "../core/primitive.ts";
import { P } from "../core/prims.ts";
import { flatten, listDef, type PyTreeDef, structure } from "../core/pytree.ts";
import { stageHoisted } from "../core/staging.ts";
import { Tracer } from "../core/trace.ts";

/** The monoids that have reductions of their own. */
export type MonoidName = "add" | "mul" | "max" | "min" | "and" | "or" | "xor";

/** Operands with their initial values, and the computation that combines them. */
export interface Reduction {
  readonly operands: readonly JaxArray[];
  readonly inits: readonly JaxArray[];
  readonly treedef: PyTreeDef;
  readonly jaxpr: ClosedJaxpr;
  readonly consts: readonly JaxArray[];
  /** The known monoid that it is, with its identity as the initial value; null for all others. */
  readonly monoid: MonoidName | null;
}

/** Flattens operands and initial values and traces the computation on 0-d arrays of their dtypes. */
export function traceReduction(
  name: string,
  operands: unknown,
  initValues: unknown,
  // deno-lint-ignore no-explicit-any -- a function of two trees like the operands
  computation: (x: any, y: any) => unknown,
): Reduction {
  checkCallable(computation, `lax.${name}`);
  const treedef = structure(operands), initDef = structure(initValues);
  if (treedef !== initDef) {
    throw new ValueError(
      `Operands must have the same tree structure as init_values: ${treedef} vs. ${initDef}`,
    );
  }
  const given = flatten(initValues)[0];
  const xs = flattenArrays(operands, invalidArgument(name)).arrays;
  if (xs.length === 0) throw new ValueError(`${name} must have at least one operand.`);
  const inits = xs.map((x, i) => lift(name, x, given[i])[1]!);
  const scalars = xs.map((x) => shaped([], x.dtype));
  const flat = new FlatFunction(computation, listDef([treedef, treedef]), name);
  const { jaxpr, consts } = stageHoisted(flat.call, [...scalars, ...scalars]);
  if (flat.outTree !== treedef) {
    throw new ValueError(
      `${name} output must have the same tree structure as the operands ${treedef} vs. ${flat.outTree}`,
    );
  }
  jaxpr.outAvals.forEach((out, i) => {
    if (out.sameType(scalars[i]!)) return;
    throw new TypeError(
      `${name}: the computation must return a value of the type that it combines, ${scalars[i]}; got ${out}`,
    );
  });
  if (consts.some((c) => c instanceof Tracer)) {
    throw new NotImplementedError(
      "Reduction computations can't close over Tracers: they may use constants and their two arguments only",
    );
  }
  const monoid = xs.length === 1 ? monoidOf(jaxpr.jaxpr) : null;
  const known = monoid !== null && isIdentity(monoid, inits[0]!) ? monoid : null;
  return { operands: xs, inits, treedef, jaxpr, consts, monoid: known };
}

const monoids: ReadonlyMap<Primitive, MonoidName> = new Map(
  (["add", "mul", "max", "min", "and", "or", "xor"] as const).map((name) => [P[name], name]),
);

/** The monoid of a jaxpr that is one operation on its two inputs. */
function monoidOf({ invars, eqns, outvars }: Jaxpr): MonoidName | null {
  const [eqn] = eqns;
  if (eqns.length !== 1 || invars.length !== 2 || outvars[0] !== eqn!.outputs[0]) return null;
  if (!invars.every((v) => eqn!.inputs.includes(v)) || eqn!.inputs.length !== 2) return null;
  if (eqn!.primitive === P.jit) return monoidOf(eqn!.params.jaxpr.jaxpr);
  return monoids.get(eqn!.primitive) ?? null;
}

/** Whether a 0-d array is known to be the identity of a monoid that its dtype has. */
function isIdentity(monoid: MonoidName, init: JaxArray): boolean {
  const { dtype } = init;
  const value = init instanceof ConcreteArray ? init.literal : undefined;
  const wanted = identityOf(monoid, dtype);
  if (value === undefined || wanted === null) return false;
  if (typeof value === "object") return value.re === wanted && value.im === 0;
  return Number(value) === Number(wanted) && (typeof value !== "bigint" || value === BigInt(wanted));
}

function identityOf(monoid: MonoidName, dtype: DType): number | bigint | boolean | null {
  const bits = isBool(dtype) || isInteger(dtype);
  switch (monoid) {
    case "add":
      return dtype.num > 0 ? 0 : null;
    case "mul":
      return dtype.num > 0 ? 1 : null;
    case "max":
      return leastOf(dtype);
    case "min":
      return greatestOf(dtype);
    case "and":
      return !bits ? null : isBool(dtype) ? true : dtype.kind === "int" ? -1 : iinfo(dtype).max;
    default:
      return bits ? 0 : null;
  }
}
