/**
 * Evaluation: an eager call is a program of one equation, compiled once for each primitive, params and types.
 *
 * @module
 */
import type { JaxArray } from "./array.ts";
import type { ShapedArray } from "./avals.ts";
import type { Compiled, Device, DeviceBuffer } from "./backend.ts";
import { commonDevice, ConcreteArray } from "./concrete.ts";
import { flags } from "./config.ts";
import { FloatingPointError } from "./errors.ts";
import { type ClosedJaxpr, type Eqn, Jaxpr, Literal, Var } from "./jaxpr.ts";
import { canonicalText, paramsKey } from "./jaxpr_key.ts";
import { jaxprSignature, primitiveSignature, withKeyCheck } from "./key_reuse.ts";
import { LruMap } from "./lru.ts";
import type { Params, Primitive } from "./primitive.ts";
import {
  type CustomJvpCall,
  type CustomVjpCall,
  leakedTracer,
  setEvalTrace,
  Trace,
  type Tracer,
} from "./trace.ts";

interface Entry {
  readonly compiled: Compiled;
  readonly outAvals: readonly ShapedArray[];
}

const eagerCaches = new WeakMap<Primitive, LruMap<string, Entry>>();
let programs = new LruMap<string, Compiled>(4096);
let compiledJaxprs = new WeakMap<Jaxpr, Map<Device["backend"], Compiled>>();
let eagerEpoch = 0;

/** Empties the caches of compiled programs. */
export function clearCompiled(): void {
  programs = new LruMap(4096);
  compiledJaxprs = new WeakMap();
  eagerEpoch++;
}

/** The program of a jaxpr without constants on a backend; equal jaxprs share one. */
export function compileJaxpr(jaxpr: Jaxpr, device: Device, name: string): Compiled {
  let byBackend = compiledJaxprs.get(jaxpr);
  const known = byBackend?.get(device.backend);
  if (known) return known;
  const text = canonicalText(jaxpr);
  const key = text === null ? null : `${device.backend.platform}|${text}`;
  let compiled = key === null ? undefined : programs.get(key);
  if (!compiled) {
    compiled = device.backend.compile(jaxpr, name);
    if (key !== null) programs.set(key, compiled);
  }
  if (!byBackend) compiledJaxprs.set(jaxpr, byBackend = new Map());
  byBackend.set(device.backend, compiled);
  return compiled;
}

/** Runs a compiled program on concrete arrays. */
export function execute(
  compiled: Compiled,
  args: readonly JaxArray[],
  outAvals: readonly ShapedArray[],
  device: Device,
  name: string,
  donated?: readonly boolean[],
): ConcreteArray[] {
  const buffers: DeviceBuffer[] = new Array(args.length);
  let committed: Device | null = null;
  for (let i = 0; i < args.length; i++) {
    const x = args[i]!;
    if (!(x instanceof ConcreteArray)) throw leakedTracer(x as Tracer);
    buffers[i] = x.bufferOn(device);
    if (x.committed) committed = x.committed;
  }
  const results = compiled.call(buffers, donated);
  if (donated) { for (let i = 0; i < args.length; i++) if (donated[i]) (args[i] as ConcreteArray).donate(); }
  const outs: ConcreteArray[] = new Array(results.length);
  for (let i = 0; i < results.length; i++) {
    outs[i] = new ConcreteArray(outAvals[i]!, { buffer: results[i]!, device }, committed);
  }
  if (flags.debugNans || flags.debugInfs) checkFinite(outs, name);
  return outs;
}

function checkFinite(outs: readonly ConcreteArray[], name: string): void {
  for (const out of outs) {
    if (out.dtype.kind !== "float" && out.dtype.kind !== "complex") continue;
    if (out.dtype.bits === 16 && out.dtype.name === "bfloat16") {
      for (const bits of out.dataSync() as Uint16Array) {
        if ((bits & 0x7f80) === 0x7f80) raiseNonFinite((bits & 0x7f) !== 0, name);
      }
      continue;
    }
    for (const x of out.dataSync() as Float32Array) {
      if (x !== x) raiseNonFinite(true, name);
      else if (x === Infinity || x === -Infinity) raiseNonFinite(false, name);
    }
  }
}

function raiseNonFinite(nan: boolean, name: string): void {
  if (nan ? flags.debugNans : flags.debugInfs) {
    throw new FloatingPointError(`invalid value (${nan ? "nan" : "inf"}) encountered in ${name}`);
  }
}

function eagerEntry(primitive: Primitive, args: readonly JaxArray[], params: Params, device: Device): Entry {
  let cache = eagerCaches.get(primitive);
  if (!cache) eagerCaches.set(primitive, cache = new LruMap(2048));
  let key = paramsKey(params);
  if (device.backend.platform !== "cpu") key += `@${device.backend.platform}`;
  key += `#${eagerEpoch}`;
  for (const x of args) key += `,${x.aval.id}`;
  let entry = cache.get(key);
  if (entry) return entry;
  const avals = args.map((x) => x.aval);
  const outAvals = primitive.rules.abstractEval(avals, params);
  const invars = avals.map((a) => new Var(a)), outvars = outAvals.map((a) => new Var(a));
  const eqn: Eqn = { primitive, params, inputs: invars, outputs: outvars };
  const compiled = device.backend.compile(new Jaxpr([], invars, [eqn], outvars), primitive.name);
  cache.set(key, entry = { compiled, outAvals });
  return entry;
}

class EvalTrace extends Trace {
  process(primitive: Primitive, args: readonly JaxArray[], params: Params): readonly JaxArray[] {
    for (let i = 0; i < args.length; i++) {
      if (!(args[i] instanceof ConcreteArray)) throw leakedTracer(args[i] as Tracer);
    }
    const keys = flags.debugKeyReuse ? primitiveSignature(primitive, params, args) : null;
    if (keys === null) return this.#evaluate(primitive, args, params);
    return withKeyCheck(keys, args, primitive.name, () => this.#evaluate(primitive, args, params));
  }

  #evaluate(primitive: Primitive, args: readonly JaxArray[], params: Params): readonly JaxArray[] {
    const direct = primitive.rules.evaluate?.(args, params);
    if (direct) return direct;
    const device = commonDevice(args, primitive.name);
    const entry = eagerEntry(primitive, args, params, device);
    return execute(entry.compiled, args, entry.outAvals, device, primitive.name);
  }

  processCustomJvp(call: CustomJvpCall, args: readonly JaxArray[]): readonly JaxArray[] {
    return call.fun(...args);
  }

  processCustomVjp(call: CustomVjpCall, args: readonly JaxArray[]): readonly JaxArray[] {
    return call.fun(...args);
  }
}

/** The trace that evaluates. */
export const evalTrace: Trace = new EvalTrace();
setEvalTrace(evalTrace);

/** Runs a closed jaxpr as one compiled program on concrete arrays. */
export function runJaxpr(
  closed: ClosedJaxpr,
  args: readonly JaxArray[],
  name: string,
  donated?: readonly boolean[],
): ConcreteArray[] {
  const { jaxpr, consts } = closed;
  const all = consts.length ? [...consts, ...args] : args;
  const device = commonDevice(all, name);
  const compiled = compileJaxpr(jaxpr, device, name);
  const gone = donated && consts.length ? [...consts.map(() => false), ...donated] : donated;
  const run = () => execute(compiled, all, jaxpr.outAvals, device, name, gone);
  if (!flags.debugKeyReuse) return run();
  return [...withKeyCheck(jaxprSignature(jaxpr), all, "jit-compiled function", run)];
}

export { Literal };
