/**
 * Partial evaluation: with some inputs known, what can be computed now is, and the rest is recorded as a jaxpr.
 * `linearize` is jvp followed by this, with primals known and tangents unknown.
 *
 * @module
 */
import type { JaxArray } from "./array.ts";
import type { ShapedArray } from "./avals.ts";
import { ConcreteArray } from "./concrete.ts";
import { type Atom, ClosedJaxpr, dceJaxpr, type Eqn, Jaxpr, Literal, Var } from "./jaxpr.ts";
import type { Params, Primitive } from "./primitive.ts";
import { evalClosed, stage } from "./staging.ts";
import {
  current,
  type CustomJvpCall,
  type CustomVjpCall,
  leakedTracer,
  Trace,
  Tracer,
  withTrace,
} from "./trace.ts";

/** How an equation with unknown inputs is split; gives its outputs, known or unknown. */
export type PartialEvalRule<P> = (
  trace: PartialEvalTrace,
  args: readonly JaxArray[],
  params: P,
) => readonly JaxArray[];

/** A value that is not known yet. */
export class UnknownTracer extends Tracer {
  readonly owner: PartialEvalTrace;
  readonly variable: Var;

  constructor(trace: PartialEvalTrace, variable: Var) {
    super();
    this.owner = trace;
    this.variable = variable;
  }

  get aval(): ShapedArray {
    return this.variable.aval;
  }

  get kind(): string {
    return "JaxprTracer";
  }
}

/** Computes what it can in the parent trace and records the rest. */
export class PartialEvalTrace extends Trace {
  readonly parent: Trace;
  readonly invars: Var[] = [];
  readonly eqns: Eqn[] = [];
  readonly residualVars: Var[] = [];
  readonly residuals: JaxArray[] = [];
  #atoms = new Map<JaxArray, Atom>();

  constructor(parent: Trace) {
    super();
    this.parent = parent;
  }

  input(aval: ShapedArray): UnknownTracer {
    const v = new Var(aval);
    this.invars.push(v);
    return new UnknownTracer(this, v);
  }

  isUnknown(x: JaxArray): x is UnknownTracer {
    return x instanceof UnknownTracer && x.owner === this;
  }

  /** The variable of an unknown value; a known one becomes a residual (a literal where the host knows it). */
  atom(x: JaxArray): Atom {
    if (this.isUnknown(x)) return x.variable;
    let known = this.#atoms.get(x);
    if (known) return known;
    if (x instanceof Tracer && !x.owner.valid) throw leakedTracer(x);
    const literal = x instanceof ConcreteArray ? x.literal : undefined;
    if (literal !== undefined) {
      known = new Literal(literal, x.aval);
    } else {
      known = new Var(x.aval);
      this.residualVars.push(known as Var);
      this.residuals.push(x);
    }
    this.#atoms.set(x, known);
    return known;
  }

  process(primitive: Primitive, args: readonly JaxArray[], params: Params): readonly JaxArray[] {
    if (!args.some((x) => this.isUnknown(x))) return this.parent.process(primitive, args, params);
    const { partialEval } = primitive.rules;
    if (partialEval) return withTrace(this.parent, () => partialEval(this, args, params));
    return this.record(primitive, args, params);
  }

  /** Records an equation. */
  record(
    primitive: Primitive,
    args: readonly JaxArray[],
    params: Params,
    outAvals?: readonly ShapedArray[],
  ): readonly JaxArray[] {
    const types = outAvals ?? primitive.rules.abstractEval(args.map((x) => x.aval), params);
    const outputs = types.map((a) => new Var(a));
    this.eqns.push({ primitive, params, inputs: args.map((x) => this.atom(x)), outputs });
    return outputs.map((v) => new UnknownTracer(this, v));
  }

  processCustomJvp(call: CustomJvpCall, args: readonly JaxArray[]): readonly JaxArray[] {
    if (!args.some((x) => this.isUnknown(x))) return this.parent.processCustomJvp(call, args);
    return call.fun(...args);
  }

  processCustomVjp(call: CustomVjpCall, args: readonly JaxArray[]): readonly JaxArray[] {
    if (!args.some((x) => this.isUnknown(x))) return this.parent.processCustomVjp(call, args);
    return call.fun(...args);
  }

  /** The recorded jaxpr (residuals are its constvars) with these unknown outputs; unused equations are dropped. */
  finish(outs: readonly JaxArray[]): { jaxpr: Jaxpr; residuals: JaxArray[] } {
    const outvars = outs.map((x) => this.atom(x));
    const whole = new Jaxpr(this.residualVars, this.invars, this.eqns, outvars);
    const { jaxpr } = dceJaxpr(whole, outvars.map(() => true), true);
    const used = new Set<Var>();
    for (const eqn of jaxpr.eqns) for (const a of eqn.inputs) if (a instanceof Var) used.add(a);
    for (const a of jaxpr.outvars) if (a instanceof Var) used.add(a);
    const keep = jaxpr.constvars.map((v) => used.has(v));
    const constvars = jaxpr.constvars.filter((_, i) => keep[i]);
    return {
      jaxpr: new Jaxpr(constvars, jaxpr.invars, jaxpr.eqns, jaxpr.outvars),
      residuals: this.residuals.filter((_, i) => keep[i]),
    };
  }
}

/** The result of partially evaluating a function of flat lists. */
export interface PartialResult {
  /** Known outputs; null where the output is unknown. */
  readonly known: readonly (JaxArray | null)[];
  /** Computes the unknown outputs from residuals (constvars) and unknown inputs. */
  readonly jaxpr: Jaxpr;
  readonly residuals: JaxArray[];
}

/** Evaluates what `known` (null: unknown, of type `avals[i]`) determines. `instantiate[i]` makes output i unknown. */
export function partialEvalFlat(
  fun: (...args: JaxArray[]) => readonly JaxArray[],
  known: readonly (JaxArray | null)[],
  avals: readonly ShapedArray[],
  instantiate: readonly boolean[] | boolean,
): PartialResult {
  const trace = new PartialEvalTrace(current());
  try {
    const args = known.map((x, i) => x ?? trace.input(avals[i]!));
    const outs = withTrace(trace, () => fun(...args));
    const unknown = outs.map((x, i) =>
      trace.isUnknown(x) || instantiate === true || (instantiate !== false && Boolean(instantiate[i]))
    );
    const { jaxpr, residuals } = trace.finish(outs.filter((_, i) => unknown[i]));
    return { known: outs.map((x, i) => unknown[i] ? null : x), jaxpr, residuals };
  } finally {
    trace.valid = false;
  }
}

/** A jaxpr split in two. */
export interface SplitJaxpr {
  /** Known inputs to known outputs followed by residuals. */
  readonly known: ClosedJaxpr;
  /** Residuals followed by unknown inputs to unknown outputs. */
  readonly unknown: ClosedJaxpr;
  readonly unknownOut: readonly boolean[];
  readonly residualAvals: readonly ShapedArray[];
}

const splitCache = new WeakMap<Jaxpr, Map<string, SplitJaxpr>>();

/** Splits a jaxpr (without constants) by which inputs are unknown. */
export function partialEvalJaxpr(
  closed: ClosedJaxpr,
  unknownIn: readonly boolean[],
  instantiate: readonly boolean[] | boolean,
): SplitJaxpr {
  const key = `${unknownIn.map(Number).join("")}|${
    instantiate === true ? "*" : instantiate === false ? "" : instantiate.map(Number).join("")
  }`;
  let byKey = splitCache.get(closed.jaxpr);
  if (!byKey) splitCache.set(closed.jaxpr, byKey = new Map());
  const cached = byKey.get(key);
  if (cached && closed.consts.length === 0) return cached;
  const avals = closed.inAvals;
  let later!: Jaxpr, unknownOut: boolean[] = [];
  let residualAvals: ShapedArray[] = [];
  const { jaxpr, consts } = stage((...xs) => {
    let next = 0;
    const known = avals.map((_, i) => unknownIn[i] ? null : xs[next++]!);
    const result = partialEvalFlat((...args) => evalClosed(closed, args), known, avals, instantiate);
    later = result.jaxpr;
    unknownOut = result.known.map((x) => x === null);
    residualAvals = result.residuals.map((x) => x.aval);
    return [...result.known.filter((x) => x !== null), ...result.residuals];
  }, avals.filter((_, i) => !unknownIn[i]));
  const unknown = new ClosedJaxpr(
    new Jaxpr([], [...later.constvars, ...later.invars], later.eqns, later.outvars),
  );
  const made = { known: new ClosedJaxpr(jaxpr, consts), unknown, unknownOut, residualAvals };
  if (closed.consts.length === 0) byKey.set(key, made);
  return made;
}
