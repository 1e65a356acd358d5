/**
 * Tracing: the current trace decides what binding a primitive to arguments means. There is no trace stack; each trace
 * knows its parent, and a transformation sets the current one for the extent of a call.
 *
 * @module
 */
import { JaxArray } from "./array.ts";
import type { ShapedArray } from "./avals.ts";
import type { ConcreteArray } from "./concrete.ts";
import { UnboundAxisError, UnexpectedTracerError } from "./errors.ts";
import type { Params, Primitive } from "./primitive.ts";

/** What custom differentiation rules are made of, as traces see them: functions over flat lists of arrays. */
export interface CustomJvpCall {
  readonly name: string;
  /** How many leading arguments are captured values, which the rule does not differentiate. */
  readonly numConsts: number;
  readonly fun: (...args: JaxArray[]) => JaxArray[];
  /** From primals (captured values first) and tangents of the arguments to outputs and output tangents. */
  readonly jvp: (primals: readonly JaxArray[], tangents: readonly JaxArray[]) => [JaxArray[], JaxArray[]];
}

/** A function with its own reverse rule; `fwd` takes captured values too, `bwd` gives cotangents of the others. */
export interface CustomVjpCall {
  readonly name: string;
  /** How many leading arguments are captured values, which the rule does not differentiate. */
  readonly numConsts: number;
  readonly fun: (...args: JaxArray[]) => JaxArray[];
  /** From inputs to residuals and outputs. */
  readonly fwd: (...args: JaxArray[]) => { residuals: JaxArray[]; outs: JaxArray[] };
  /** From residuals and cotangents to one cotangent for each input. */
  readonly bwd: (residuals: readonly JaxArray[], cotangents: readonly JaxArray[]) => JaxArray[];
}

/** Interprets primitives: evaluates, differentiates, batches, or records them. */
export abstract class Trace {
  /** False once the transformation that made it has returned. */
  valid = true;

  /** Applies a primitive to arguments, of which some may be this trace's tracers. */
  abstract process(primitive: Primitive, args: readonly JaxArray[], params: Params): readonly JaxArray[];
  abstract processCustomJvp(call: CustomJvpCall, args: readonly JaxArray[]): readonly JaxArray[];
  abstract processCustomVjp(call: CustomVjpCall, args: readonly JaxArray[]): readonly JaxArray[];
}

/** An array standing for a value that a trace follows. */
export abstract class Tracer extends JaxArray {
  abstract readonly owner: Trace;

  /** The tracer's class as JAX names it in messages: `JitTracer`, `GradTracer`, `BatchTracer`, ... */
  abstract get kind(): string;

  /** The array that this one stands for when its value is known now (under grad outside jit), else null. */
  override concrete(): ConcreteArray | null {
    return null;
  }

  override toString(): string {
    return `${this.kind}(${this.aval.weakType ? "~" : ""}${this.aval})`;
  }
}

let currentTrace: Trace;

/** The trace that interprets primitives now. */
export function current(): Trace {
  return currentTrace;
}

/** Sets the outermost trace, which evaluates. */
export function setEvalTrace(trace: Trace): void {
  currentTrace = trace;
}

/** Runs `f` with `trace` interpreting primitives. */
export function withTrace<T>(trace: Trace, f: () => T): T {
  const saved = currentTrace;
  currentTrace = trace;
  try {
    return f();
  } finally {
    currentTrace = saved;
  }
}

/** Runs `f` under a new trace that ends with it: tracers that escape are detected. */
export function withNewTrace<R extends Trace, T>(trace: R, f: (trace: R) => T): T {
  try {
    return withTrace(trace, () => f(trace));
  } finally {
    trace.valid = false;
  }
}

/** Applies a primitive in the current trace. */
export function bind(
  primitive: Primitive,
  args: readonly JaxArray[],
  params: Params = noParams,
): readonly JaxArray[] {
  return currentTrace.process(primitive, args, params);
}

/** Applies a primitive of one result. */
export function bind1(primitive: Primitive, args: readonly JaxArray[], params: Params = noParams): JaxArray {
  return currentTrace.process(primitive, args, params)[0]!;
}

/** The params of primitives that have none. */
export const noParams: Readonly<Record<string, never>> = Object.freeze({});

/** The error for a tracer used after its transformation has returned. */
export function leakedTracer(tracer: Tracer): UnexpectedTracerError {
  return new UnexpectedTracerError(
    `Encountered an unexpected tracer. A function transformed by JAX had a side effect, allowing for a reference to an ` +
      `intermediate value with type ${tracer.aval} wrapped in a ${tracer.kind} to escape the scope of the ` +
      `transformation.\nJAX transformations require that functions explicitly return their outputs, and disallow ` +
      `saving intermediate values to global state: return the value from the function instead.`,
  );
}

/** A named axis that vmap binds. */
export interface NamedAxis {
  readonly name: unknown;
  readonly size: number;
}

let axes: readonly NamedAxis[] = [];

/** The named axes in scope, innermost last. */
export function axisEnvironment(): readonly NamedAxis[] {
  return axes;
}

/** Runs `f` with a named axis in scope (nothing is bound when the name is undefined or null). */
export function withAxis<T>(axis: NamedAxis, f: () => T): T {
  if (axis.name === undefined || axis.name === null) return f();
  return withAxes([...axes, axis], f);
}

/** Runs `f` with exactly these named axes in scope. */
export function withAxes<T>(environment: readonly NamedAxis[], f: () => T): T {
  const saved = axes;
  axes = environment;
  try {
    return f();
  } finally {
    axes = saved;
  }
}

/** Size of a named axis; an axis that no vmap binds is an error. */
export function axisSize(name: unknown): number {
  for (let i = axes.length - 1; i >= 0; i--) if (axes[i]!.name === name) return axes[i]!.size;
  throw new UnboundAxisError(
    `unbound axis name: ${String(name)}. The following axis names are available: [${
      axes.map((a) => String(a.name)).join(", ")
    }]. Bind it with vmap(f, { axisName: ${JSON.stringify(name)} })`,
  );
}

/** Abstract value of an array. */
export function avalOf(x: JaxArray): ShapedArray {
  return x.aval;
}
