/**
 * Vectorisation: each value may carry a mapped axis; primitives' `batch` rules push it through.
 *
 * @module
 */
import type { JaxArray } from "./array.ts";
import { shaped, type ShapedArray } from "./avals.ts";
import { scalarArray } from "./concrete.ts";
import { ClosedJaxpr } from "./jaxpr.ts";
import type { AxisData, BatchDim, Params, Primitive } from "./primitive.ts";
import { P } from "./prims.ts";
import { evalClosed, stage } from "./staging.ts";
import {
  axisEnvironment,
  bind1,
  current,
  type CustomJvpCall,
  type CustomVjpCall,
  Trace,
  Tracer,
  withAxis,
  withTrace,
} from "./trace.ts";

/** A value with a mapped axis, seen without it. */
export class BatchTracer extends Tracer {
  readonly owner: BatchTrace;
  readonly value: JaxArray;
  readonly dim: number;
  readonly aval: ShapedArray;

  constructor(trace: BatchTrace, value: JaxArray, dim: number) {
    super();
    this.owner = trace;
    this.value = value;
    this.dim = dim;
    const { shape, dtype, weakType } = value.aval;
    this.aval = shaped([...shape.slice(0, dim), ...shape.slice(dim + 1)], dtype, weakType);
  }

  get kind(): string {
    return "VmapTracer";
  }

  override toString(): string {
    return `${this.kind}(aval=${this.aval.weakType ? "~" : ""}${this.aval}, batched=${this.value.aval})`;
  }
}

/** Carries the mapped axis along; batched operations go to the parent trace. */
export class BatchTrace extends Trace {
  readonly parent: Trace;
  readonly axis: AxisData;
  /** Traces of one vmap share it: a function batched later still knows the values it captured. */
  readonly tag: object;

  constructor(parent: Trace, axis: AxisData, tag: object = {}) {
    super();
    this.parent = parent;
    this.axis = axis;
    this.tag = tag;
  }

  /** The value and mapped axis; values of other traces are not mapped. */
  split(x: JaxArray): [JaxArray, BatchDim] {
    if (x instanceof BatchTracer && x.owner.tag === this.tag) return [x.value, x.dim];
    return [x, null];
  }

  wrap(value: JaxArray, dim: BatchDim): JaxArray {
    return dim === null ? value : new BatchTracer(this, value, dim);
  }

  process(primitive: Primitive, args: readonly JaxArray[], params: Params): readonly JaxArray[] {
    const values: JaxArray[] = new Array(args.length), dims: BatchDim[] = new Array(args.length);
    let mapped = false;
    for (let i = 0; i < args.length; i++) {
      const [value, dim] = this.split(args[i]!);
      values[i] = value;
      dims[i] = dim;
      if (dim !== null) mapped = true;
    }
    if (!mapped && !involvesAxis(params, this.axis.name)) {
      return this.parent.process(primitive, values, params);
    }
    const [outs, outDims] = withTrace(
      this.parent,
      () => primitive.rules.batch(this.axis, values, dims, params),
    );
    return outs.map((out, i) => this.wrap(out, outDims[i]!));
  }

  /** Runs a function on mapped values, giving every result with its mapped axis in front. */
  #front(
    fun: (...args: JaxArray[]) => readonly JaxArray[],
    args: readonly JaxArray[],
    dims: readonly BatchDim[],
  ): JaxArray[] {
    const { outs, dims: from } = batchFlat(fun, this.axis, args, dims, this.tag);
    return outs.map((x, i) => x.dtype.kind === "float0" ? x : toFront(x, from[i]!, this.axis.size));
  }

  processCustomJvp(call: CustomJvpCall, args: readonly JaxArray[]): readonly JaxArray[] {
    const split = args.map((x) => this.split(x));
    if (split.every(([, d]) => d === null)) return this.parent.processCustomJvp(call, args);
    const dims = split.map(([, d]) => d), argDims = dims.slice(call.numConsts);
    const batched: CustomJvpCall = {
      name: call.name,
      numConsts: call.numConsts,
      fun: (...xs) => this.#front(call.fun, xs, dims),
      jvp: (primals, tangents) => {
        const n = primals.length;
        const both = (...xs: JaxArray[]): JaxArray[] => call.jvp(xs.slice(0, n), xs.slice(n)).flat();
        const outs = this.#front(both, [...primals, ...tangents], [...dims, ...argDims]);
        return [outs.slice(0, outs.length / 2), outs.slice(outs.length / 2)];
      },
    };
    const outs = withTrace(this.parent, () => this.parent.processCustomJvp(batched, split.map(([v]) => v)));
    return outs.map((out) => this.wrap(out, 0));
  }

  processCustomVjp(call: CustomVjpCall, args: readonly JaxArray[]): readonly JaxArray[] {
    const split = args.map((x) => this.split(x));
    if (split.every(([, d]) => d === null)) return this.parent.processCustomVjp(call, args);
    const dims = split.map(([, d]) => d);
    const batched: CustomVjpCall = {
      name: call.name,
      numConsts: call.numConsts,
      fun: (...xs) => this.#front(call.fun, xs, dims),
      fwd: (...xs) => {
        let count = 0;
        const both = (...ys: JaxArray[]): JaxArray[] => {
          const { residuals, outs } = call.fwd(...ys);
          count = residuals.length;
          return [...residuals, ...outs];
        };
        const results = this.#front(both, xs, dims);
        return { residuals: results.slice(0, count), outs: results.slice(count) };
      },
      bwd: (residuals, cotangents) =>
        batchBackward(call.bwd, this, residuals, cotangents, dims.slice(call.numConsts)),
    };
    const outs = withTrace(this.parent, () => this.parent.processCustomVjp(batched, split.map(([v]) => v)));
    return outs.map((out) => this.wrap(out, 0));
  }
}

/**
 * A backward rule on residuals and cotangents mapped in front; the cotangent of an input is mapped as the input is,
 * summed over the mapped axis where the input is not.
 */
export function batchBackward(
  bwd: CustomVjpCall["bwd"],
  { axis, tag }: { readonly axis: AxisData; readonly tag?: object },
  residuals: readonly JaxArray[],
  cotangents: readonly JaxArray[],
  dims: readonly BatchDim[],
): JaxArray[] {
  const n = residuals.length, args = [...residuals, ...cotangents];
  const result = batchFlat((...xs) => bwd(xs.slice(0, n), xs.slice(n)), axis, args, args.map(() => 0), tag);
  return result.outs.map((ct, i) => {
    if (ct.dtype.kind === "float0") return ct;
    const from = result.dims[i]!, to = dims[i]!;
    if (to !== null) return matchDim(axis.size, ct, from, to);
    if (from === null) return bind1(P.mul, [ct, scalarArray(axis.size, ct.dtype)]);
    return bind1(P.reduce_sum, [ct], { axes: [from] });
  });
}

/** Whether a primitive's params name this vmap's axis (collectives do). */
function involvesAxis(params: Params, name: unknown): boolean {
  if (name === undefined || name === null) return false;
  const axes = params.axes, single = params.axisName;
  return single !== undefined && (single === name || Array.isArray(single) && single.includes(name)) ||
    Array.isArray(axes) && axes.includes(name);
}

/** Moves an axis of an array. */
export function moveAxis(x: JaxArray, from: number, to: number): JaxArray {
  if (from === to) return x;
  const permutation = x.shape.map((_, i) => i).filter((i) => i !== from);
  permutation.splice(to, 0, from);
  return bind1(P.transpose, [x], { permutation });
}

/** Repeats an array along a new axis. */
export function spread(x: JaxArray, size: number, dim: number): JaxArray {
  const shape = [...x.shape];
  shape.splice(dim, 0, size);
  const broadcastDimensions = shape.map((_, i) => i).filter((i) => i !== dim);
  return bind1(P.broadcast_in_dim, [x], { shape, broadcastDimensions });
}

/** An array with its mapped axis where `to` says; null leaves an unmapped array unmapped. */
export function matchDim(size: number, x: JaxArray, from: BatchDim, to: BatchDim): JaxArray {
  if (to === null) {
    if (from !== null) throw new Error(`a mapped value of type ${x.aval} cannot be made unmapped`);
    return x;
  }
  return from === null ? spread(x, size, to) : moveAxis(x, from, to);
}

/** An array with its mapped axis in front. */
export function toFront(x: JaxArray, dim: BatchDim, size: number): JaxArray {
  return matchDim(size, x, dim, 0);
}

/** Runs a function of flat lists on mapped values. */
export function batchFlat(
  fun: (...args: JaxArray[]) => readonly JaxArray[],
  axis: AxisData,
  args: readonly JaxArray[],
  dims: readonly BatchDim[],
  tag?: object,
): { outs: JaxArray[]; dims: BatchDim[] } {
  const trace = new BatchTrace(current(), axis, tag);
  try {
    const results = withTrace(
      trace,
      () => withAxis(axis, () => fun(...args.map((x, i) => trace.wrap(x, dims[i]!)))),
    );
    const pairs = results.map((x) => trace.split(x));
    return { outs: pairs.map(([v]) => v), dims: pairs.map(([, d]) => d) };
  } finally {
    trace.valid = false;
  }
}

interface BatchedJaxpr {
  readonly jaxpr: ClosedJaxpr;
  readonly mappedOut: readonly boolean[];
}

const batchCache = new WeakMap<object, Map<string, BatchedJaxpr>>();

/**
 * The jaxpr over values whose mapped axis is in front. `forced[i]` asks for output i to be mapped in any case.
 */
export function batchJaxpr(
  closed: ClosedJaxpr,
  axis: AxisData,
  mapped: readonly boolean[],
  forced: readonly boolean[] | boolean,
): BatchedJaxpr {
  const named = axis.name === undefined || axis.name === null;
  const key = `${axis.size}|${named ? "" : String(axis.name)}|${mapped.map(Number).join("")}|${
    forced === true ? "*" : forced === false ? "" : forced.map(Number).join("")
  }|${axisEnvironment().map((a) => `${String(a.name)}:${a.size}`).join()}`;
  let byKey = batchCache.get(closed.jaxpr);
  if (!byKey) batchCache.set(closed.jaxpr, byKey = new Map());
  const known = byKey.get(key);
  if (known && closed.consts.length === 0) return known;
  const avals = closed.inAvals.map((a, i) =>
    mapped[i] ? shaped([axis.size, ...a.shape], a.dtype, a.weakType) : a
  );
  let mappedOut: boolean[] = [];
  const { jaxpr, consts } = stage((...xs) => {
    const result = batchFlat(
      (...args) => evalClosed(closed, args),
      axis,
      xs,
      mapped.map((m) => m ? 0 : null),
    );
    mappedOut = result.dims.map((d, i) =>
      d !== null || forced === true || (forced !== false && Boolean(forced[i]))
    );
    return result.outs.map((out, i) => mappedOut[i] ? toFront(out, result.dims[i]!, axis.size) : out);
  }, avals);
  const made = { jaxpr: new ClosedJaxpr(jaxpr, consts), mappedOut };
  if (closed.consts.length === 0) byKey.set(key, made);
  return made;
}
