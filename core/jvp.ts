/**
 * Forward-mode differentiation: each value carries its tangent; primitives' `jvp` rules push tangents forward.
 *
 * @module
 */
import type { JaxArray } from "./array.ts";
import type { ShapedArray } from "./avals.ts";
import { type ConcreteArray, scalarArray } from "./concrete.ts";
import { float0 } from "./dtypes.ts";
import { NotImplementedError, UnexpectedTracerError } from "./errors.ts";
import { ClosedJaxpr } from "./jaxpr.ts";
import { evalClosed, stage } from "./staging.ts";
import { type Params, type Primitive, type Tangent, Zero } from "./primitive.ts";
import { P } from "./prims.ts";
import { bind1, current, type CustomJvpCall, type CustomVjpCall, Trace, Tracer, withTrace } from "./trace.ts";

/** A primal value with its tangent. */
export class JvpTracer extends Tracer {
  readonly owner: JvpTrace;
  readonly primal: JaxArray;
  readonly tangent: Tangent;

  constructor(trace: JvpTrace, primal: JaxArray, tangent: Tangent) {
    super();
    this.owner = trace;
    this.primal = primal;
    this.tangent = tangent;
  }

  get aval(): ShapedArray {
    return this.primal.aval;
  }

  get kind(): string {
    return this.owner.reverse ? "GradTracer" : "JVPTracer";
  }

  override concrete(): ConcreteArray | null {
    return this.primal.concrete();
  }

  override toString(): string {
    const { primal, tangent } = this;
    const shown = this.owner.reverse
      ? `typeof(tangent)=${tangent.aval.short()}`
      : `tangent=${tangent instanceof Zero ? `Zero(${tangent.aval.short()})` : tangent}`;
    return `${this.kind}(primal=${primal}, ${shown})`;
  }
}

/** Carries tangents along; primal and tangent operations go to the parent trace. */
export class JvpTrace extends Trace {
  readonly parent: Trace;
  /** Whether it serves reverse mode (for tracers' names in messages). */
  readonly reverse: boolean;

  constructor(parent: Trace, reverse = false) {
    super();
    this.parent = parent;
    this.reverse = reverse;
  }

  /** The primal and tangent of a value; values of other traces are constants. */
  split(x: JaxArray): [JaxArray, Tangent] {
    if (x instanceof JvpTracer && x.owner === this) return [x.primal, x.tangent];
    return [x, new Zero(x.aval.tangent())];
  }

  wrap(primal: JaxArray, tangent: Tangent): JaxArray {
    return tangent instanceof Zero ? primal : new JvpTracer(this, primal, tangent);
  }

  process(primitive: Primitive, args: readonly JaxArray[], params: Params): readonly JaxArray[] {
    const primals: JaxArray[] = new Array(args.length), tangents: Tangent[] = new Array(args.length);
    let allZero = true;
    for (let i = 0; i < args.length; i++) {
      const [primal, tangent] = this.split(args[i]!);
      primals[i] = primal;
      tangents[i] = tangent;
      if (!(tangent instanceof Zero)) allZero = false;
    }
    if (allZero) return this.parent.process(primitive, primals, params);
    const { jvp } = primitive.rules;
    if (jvp === "zero") return this.parent.process(primitive, primals, params);
    if (jvp === "none") {
      throw new NotImplementedError(`Differentiation rule for '${primitive.name}' not implemented`);
    }
    const [outs, outTangents] = withTrace(this.parent, () => jvp(primals, tangents, params));
    return outs.map((out, i) => this.wrap(out, outTangents[i]!));
  }

  processCustomJvp(call: CustomJvpCall, args: readonly JaxArray[]): readonly JaxArray[] {
    const pairs = args.map((x) => this.split(x));
    const primals = pairs.map(([p]) => p);
    if (pairs.every(([, t]) => t instanceof Zero)) return this.parent.processCustomJvp(call, primals);
    checkCaptured("jvp", pairs.slice(0, call.numConsts));
    const [outs, tangents] = withTrace(
      this.parent,
      () => call.jvp(primals, pairs.slice(call.numConsts).map(([p, t]) => instantiate(t, p.aval.tangent()))),
    );
    return outs.map((out, i) =>
      this.wrap(out, tangents[i]!.dtype === float0 ? new Zero(tangents[i]!.aval) : tangents[i]!)
    );
  }

  processCustomVjp(call: CustomVjpCall, args: readonly JaxArray[]): readonly JaxArray[] {
    const pairs = args.map((x) => this.split(x));
    const primals = pairs.map(([p]) => p);
    if (pairs.every(([, t]) => t instanceof Zero)) return this.parent.processCustomVjp(call, primals);
    checkCaptured("vjp", pairs.slice(0, call.numConsts));
    return withTrace(this.parent, () => {
      const { residuals, outs } = call.fwd(...primals);
      const tangents = pairs.slice(call.numConsts).map(([p, t]) => instantiate(t, p.aval.tangent()));
      const outTangents = customLinear(call, residuals, tangents, outs.map((o) => o.aval.tangent()));
      return outs.map((out, i) => this.wrap(out, outTangents[i]!));
    });
  }
}

/** Raises when a captured value of a function with a custom rule is being differentiated. */
function checkCaptured(kind: "jvp" | "vjp", captured: readonly (readonly [JaxArray, Tangent])[]): void {
  if (captured.every(([, t]) => t instanceof Zero)) return;
  const upper = kind.toUpperCase();
  throw new UnexpectedTracerError(
    `Detected differentiation of a custom_${kind} function with respect to a closed-over value. That's not supported ` +
      `because the custom ${upper} rule only specifies how to differentiate the custom_${kind} function with respect to ` +
      `explicit input parameters. Try passing the closed-over value into the custom_${kind} function as an argument, and ` +
      `adapting the custom_${kind} rules.`,
  );
}

/** Makes the linear call that only transposes (by the user's backward rule); set by `ops/custom.ts`. */
export type CustomLinear = (
  call: CustomVjpCall,
  residuals: readonly JaxArray[],
  tangents: readonly JaxArray[],
  outAvals: readonly ShapedArray[],
) => readonly JaxArray[];

let customLinear: CustomLinear;

/** Installs the linear call of custom VJPs. */
export function setCustomLinear(f: CustomLinear): void {
  customLinear = f;
}

/** Zeros of a type. */
export function zeros(aval: ShapedArray): JaxArray {
  const zero = scalarArray(aval.dtype === float0 ? false : 0, aval.dtype, aval.weakType);
  if (aval.shape.length === 0) return zero;
  return bind1(P.broadcast_in_dim, [zero], { shape: aval.shape, broadcastDimensions: [] });
}

/** A tangent as an array. */
export function instantiate(t: Tangent, aval?: ShapedArray): JaxArray {
  return t instanceof Zero ? zeros(aval ?? t.aval) : t;
}

/** The sum of two tangents. */
export function addTangents(a: Tangent, b: Tangent): Tangent {
  if (a instanceof Zero) return b;
  if (b instanceof Zero) return a;
  return bind1(P.add_any, [a, b]);
}

/** Runs a function of flat lists on primals and tangents. */
export function jvpFlat(
  fun: (...args: JaxArray[]) => readonly JaxArray[],
  primals: readonly JaxArray[],
  tangents: readonly Tangent[],
  reverse = false,
): { outs: JaxArray[]; tangents: Tangent[] } {
  const trace = new JvpTrace(current(), reverse);
  try {
    const results = withTrace(trace, () => fun(...primals.map((p, i) => trace.wrap(p, tangents[i]!))));
    const pairs = results.map((x) => trace.split(x));
    return { outs: pairs.map(([p]) => p), tangents: pairs.map(([, t]) => t) };
  } finally {
    trace.valid = false;
  }
}

interface JvpJaxpr {
  /** Takes primals then the nonzero tangents; gives primals then the nonzero output tangents. */
  readonly jaxpr: ClosedJaxpr;
  readonly nonzeroOut: readonly boolean[];
}

const jvpCache = new WeakMap<object, Map<string, JvpJaxpr>>();

/**
 * The jaxpr that computes outputs and tangents together. `instantiated[i]` asks for output tangent i even if zero.
 */
export function jvpJaxpr(
  closed: ClosedJaxpr,
  nonzero: readonly boolean[],
  instantiated: readonly boolean[] | boolean,
): JvpJaxpr {
  const key = `${nonzero.map(Number).join("")}|${
    instantiated === true ? "*" : instantiated === false ? "" : instantiated.map(Number).join("")
  }`;
  let byKey = jvpCache.get(closed.jaxpr);
  if (!byKey) jvpCache.set(closed.jaxpr, byKey = new Map());
  const known = byKey.get(key);
  if (known && closed.consts.length === 0) return known;
  const avals = closed.inAvals;
  const tangentAvals = avals.filter((_, i) => nonzero[i]).map((a) => a.tangent());
  let nonzeroOut: boolean[] = [];
  const { jaxpr, consts } = stage((...xs) => {
    const primals = xs.slice(0, avals.length);
    let next = avals.length;
    const tangents = avals.map((a, i) => nonzero[i] ? xs[next++]! : new Zero(a.tangent()));
    const result = jvpFlat((...args) => evalClosed(closed, args), primals, tangents);
    nonzeroOut = result.tangents.map((t, i) =>
      !(t instanceof Zero) || instantiated === true || (instantiated !== false && Boolean(instantiated[i]))
    );
    const outTangents = result.tangents.flatMap((t, i) => nonzeroOut[i] ? [instantiate(t)] : []);
    return [...result.outs, ...outTangents];
  }, [...avals, ...tangentAvals]);
  const made = { jaxpr: new ClosedJaxpr(jaxpr, consts), nonzeroOut };
  if (closed.consts.length === 0) byKey.set(key, made);
  return made;
}
