/**
 * Staging: recording a function's equations as a jaxpr.
 *
 * @module
 */
import type { JaxArray } from "./array.ts";
import type { ShapedArray } from "./avals.ts";
import { ConcreteArray, scalarArray } from "./concrete.ts";
import { type Atom, ClosedJaxpr, constantsToInputs, type Eqn, Jaxpr, Literal, Var } from "./jaxpr.ts";
import type { Params, Primitive } from "./primitive.ts";
import { P } from "./prims.ts";
import {
  bind,
  type CustomJvpCall,
  type CustomVjpCall,
  leakedTracer,
  Trace,
  Tracer,
  withNewTrace,
} from "./trace.ts";

/** A value being staged. */
export class JitTracer extends Tracer {
  readonly owner: StagingTrace;
  readonly variable: Var;

  constructor(trace: StagingTrace, variable: Var) {
    super();
    this.owner = trace;
    this.variable = variable;
  }

  get aval(): ShapedArray {
    return this.variable.aval;
  }

  get kind(): string {
    return "JitTracer";
  }
}

/** Records equations; values from outside become constants (0-d ones known to the host become literals). */
export class StagingTrace extends Trace {
  readonly eqns: Eqn[] = [];
  readonly invars: Var[] = [];
  readonly constvars: Var[] = [];
  readonly consts: JaxArray[] = [];
  #constants = new Map<JaxArray, Atom>();

  /** A new input. */
  input(aval: ShapedArray): JitTracer {
    const v = new Var(aval);
    this.invars.push(v);
    return new JitTracer(this, v);
  }

  /** The variable or literal of a value in this jaxpr. */
  atom(x: JaxArray): Atom {
    if (x instanceof JitTracer && x.owner === this) return x.variable;
    let known = this.#constants.get(x);
    if (known) return known;
    if (x instanceof Tracer && !x.owner.valid) throw leakedTracer(x);
    const literal = x instanceof ConcreteArray ? x.literal : undefined;
    if (literal !== undefined) {
      known = new Literal(literal, x.aval);
    } else {
      if (x instanceof ConcreteArray) x.check();
      known = new Var(x.aval);
      this.constvars.push(known as Var);
      this.consts.push(x);
    }
    this.#constants.set(x, known);
    return known;
  }

  process(primitive: Primitive, args: readonly JaxArray[], params: Params): readonly JaxArray[] {
    const avals: ShapedArray[] = new Array(args.length);
    for (let i = 0; i < args.length; i++) avals[i] = args[i]!.aval;
    const outAvals = primitive.rules.abstractEval(avals, params);
    return this.record(primitive, args, params, outAvals);
  }

  /** Adds an equation whose output types are known. */
  record(
    primitive: Primitive,
    args: readonly JaxArray[],
    params: Params,
    outAvals: readonly ShapedArray[],
  ): readonly JaxArray[] {
    const inputs: Atom[] = new Array(args.length);
    for (let i = 0; i < args.length; i++) inputs[i] = this.atom(args[i]!);
    const outputs = outAvals.map((a) => new Var(a));
    this.eqns.push({ primitive, params, inputs, outputs });
    return outputs.map((v) => new JitTracer(this, v));
  }

  processCustomJvp(call: CustomJvpCall, args: readonly JaxArray[]): readonly JaxArray[] {
    const { jaxpr, consts } = stage((...xs) => call.fun(...xs), args.map((x) => x.aval));
    const closed = new ClosedJaxpr(constantsToInputs(jaxpr));
    const captured = consts.length;
    const params = {
      name: call.name,
      callJaxpr: closed,
      jvp: (primals: readonly JaxArray[], tangents: readonly JaxArray[]) =>
        call.jvp(primals.slice(captured), tangents),
      numConsts: captured + call.numConsts,
    };
    return this.record(P.custom_jvp_call, [...consts, ...args], params, jaxpr.outAvals);
  }

  processCustomVjp(call: CustomVjpCall, args: readonly JaxArray[]): readonly JaxArray[] {
    const { jaxpr, consts } = stage((...xs) => call.fun(...xs), args.map((x) => x.aval));
    const closed = new ClosedJaxpr(constantsToInputs(jaxpr));
    const params = {
      name: call.name,
      callJaxpr: closed,
      fwd: call.fwd,
      bwd: call.bwd,
      numConsts: consts.length,
    };
    return this.record(P.custom_vjp_call, [...consts, ...args], params, jaxpr.outAvals);
  }

  /** The jaxpr with these outputs. */
  finish(outs: readonly JaxArray[]): { jaxpr: Jaxpr; consts: JaxArray[] } {
    const outvars = outs.map((x) => this.atom(x));
    return { jaxpr: new Jaxpr(this.constvars, this.invars, this.eqns, outvars), consts: this.consts };
  }
}

/** Stages a function of flat lists; constants from outside (tracers of outer traces included) stay beside the jaxpr. */
export function stage(
  fun: (...args: JaxArray[]) => readonly JaxArray[],
  avals: readonly ShapedArray[],
): { jaxpr: Jaxpr; consts: JaxArray[] } {
  return withNewTrace(new StagingTrace(), (trace) => {
    const inputs = avals.map((a) => trace.input(a));
    return trace.finish(fun(...inputs));
  });
}

/** Stages a function whose constants, if any, become leading inputs; returns them with the jaxpr. */
export function stageHoisted(
  fun: (...args: JaxArray[]) => readonly JaxArray[],
  avals: readonly ShapedArray[],
): { jaxpr: ClosedJaxpr; consts: JaxArray[] } {
  const { jaxpr, consts } = stage(fun, avals);
  return { jaxpr: new ClosedJaxpr(constantsToInputs(jaxpr)), consts };
}

const hoisted = new WeakMap<ClosedJaxpr, ClosedJaxpr>();

/** A closed jaxpr's program with its constants as leading inputs, and those constants. */
export function hoist(closed: ClosedJaxpr): { jaxpr: ClosedJaxpr; consts: readonly JaxArray[] } {
  if (closed.consts.length === 0) return { jaxpr: closed, consts: [] };
  let jaxpr = hoisted.get(closed);
  if (!jaxpr) hoisted.set(closed, jaxpr = new ClosedJaxpr(constantsToInputs(closed.jaxpr)));
  return { jaxpr, consts: closed.consts };
}

/** Applies a jaxpr to values by binding its equations in the current trace. */
export function evalJaxpr(jaxpr: Jaxpr, consts: readonly JaxArray[], args: readonly JaxArray[]): JaxArray[] {
  const env = new Map<Var, JaxArray>();
  const read = (a: Atom): JaxArray => a instanceof Literal ? literalArray(a) : env.get(a)!;
  jaxpr.constvars.forEach((v, i) => env.set(v, consts[i]!));
  jaxpr.invars.forEach((v, i) => env.set(v, args[i]!));
  for (const eqn of jaxpr.eqns) {
    const outs = bindEqn(eqn, eqn.inputs.map(read));
    for (let i = 0; i < outs.length; i++) env.set(eqn.outputs[i]!, outs[i]!);
  }
  return jaxpr.outvars.map(read);
}

/** Applies a closed jaxpr in the current trace. */
export function evalClosed(closed: ClosedJaxpr, args: readonly JaxArray[]): JaxArray[] {
  return evalJaxpr(closed.jaxpr, closed.consts, args);
}

/** Binds an equation's primitive; calls with custom rules become such calls again. */
export function bindEqn(eqn: Eqn, args: readonly JaxArray[]): readonly JaxArray[] {
  const rebind = rebinders.get(eqn.primitive);
  return rebind ? rebind(args, eqn.params) : bind(eqn.primitive, args, eqn.params);
}

const rebinders = new Map<Primitive, (args: readonly JaxArray[], params: Params) => readonly JaxArray[]>();

/** Says how an equation of a primitive is applied again, when that is not binding it. */
export function setRebind(
  primitive: Primitive,
  rebind: (args: readonly JaxArray[], params: Params) => readonly JaxArray[],
): void {
  rebinders.set(primitive, rebind);
}

/** The array of a literal. */
export function literalArray(literal: Literal): ConcreteArray {
  let known = literalArrays.get(literal);
  if (!known) literalArrays.set(literal, known = scalarOf(literal));
  return known;
}

const literalArrays = new WeakMap<Literal, ConcreteArray>();

function scalarOf(literal: Literal): ConcreteArray {
  return scalarArray(literal.value, literal.aval.dtype, literal.aval.weakType);
}
