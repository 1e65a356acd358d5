/**
 * The JavaScript engine's own garbage collector, called from inside a running job.
 *
 * A `WeakRef` keeps its target alive until the job that made or read it ends (ECMA-262, "KeptAlive"), and collectors run
 * when the engine likes. Both are worked around: running a script in a context with its own microtask queue ends the
 * engine's list of kept targets, and the collections are asked for.
 *
 * @module
 */

/** Ways to make `WeakRef`s of unreachable objects empty, in one synchronous job. */
export interface EngineGc {
  /** Lets the targets of `WeakRef`s that were made or read in this job die. Microseconds. */
  endKeptAlive(): void;
  /** Collects everything. Milliseconds to hundreds of them, by the size of the JavaScript heap. */
  collect(): void;
  /** Collects young objects only; false where the engine did not, or spared those that `WeakRef`s point to. */
  collectYoung(): boolean;
}

interface NodeVm {
  createContext(sandbox: object, options: { microtaskMode: "afterEvaluate" }): object;
  runInNewContext(code: string): unknown;
  Script: new (code: string) => { runInContext(context: object): unknown };
}

interface NodeV8 {
  setFlagsFromString(flags: string): void;
}

/** Bun's door to JavaScriptCore. */
interface BunJsc {
  releaseWeakRefs(): void;
  edenGC(): void;
  fullGC(): void;
}

type BuiltinModules = (id: string) => unknown;

/** Canaries of which a collection must free at least one: engines that scan the stack conservatively keep a few. */
const CANARIES = 8;
/** V8's young generation has at most 32 MiB. */
const NURSERY_MIB = 34;
/** Arrays of 64 KiB. */
const ARRAY_LENGTH = 8190;
const ARRAYS_A_MIB = 16;
/** Where the arrays go, so that no optimisation removes them. */
const nursery: { garbage: unknown } = { garbage: null };

/** The engine's collector, or null where it cannot be had (as in a browser). Needs no permission. */
export function engineGc(): EngineGc | null {
  const host = globalThis as { Bun?: unknown; process?: { getBuiltinModule?: BuiltinModules } };
  const builtin = host.process?.getBuiltinModule;
  if (!builtin) return null;
  try {
    const gc = host.Bun ? javaScriptCore(builtin) : v8(builtin);
    return gc.collectYoung() || frees(gc, gc.collect) ? gc : null;
  } catch {
    return null;
  }
}

function javaScriptCore(builtin: BuiltinModules): EngineGc {
  const jsc = builtin("bun:jsc") as BunJsc;
  const gc: EngineGc = {
    endKeptAlive: () => jsc.releaseWeakRefs(),
    collect: () => jsc.fullGC(),
    collectYoung: () => frees(gc, () => jsc.edenGC()),
  };
  return gc;
}

function v8(builtin: BuiltinModules): EngineGc {
  const vm = builtin("node:vm") as NodeVm;
  const context = vm.createContext({}, { microtaskMode: "afterEvaluate" });
  const nothing = new vm.Script("0");
  (builtin("node:v8") as NodeV8).setFlagsFromString("--expose-gc");
  const collect = vm.runInNewContext("gc") as () => void;
  const endKeptAlive = () => void nothing.runInContext(context);
  return { endKeptAlive, collect: () => collect(), collectYoung: () => scavenge(endKeptAlive) };
}

/** Whether a collection empties `WeakRef`s of objects that just became unreachable. */
function frees(gc: EngineGc, collect: () => void): boolean {
  const canaries = Array.from({ length: CANARIES }, unreachable);
  gc.endKeptAlive();
  collect();
  return canaries.some((canary) => canary.deref() === undefined);
}

function unreachable(): WeakRef<object> {
  return new WeakRef({});
}

/**
 * Makes V8 scavenge by allocating arrays until a canary is gone. Kept targets go first: a list of them that has grown old
 * would hold its entries through young collections. While V8 marks incrementally it spares what `WeakRef`s point to;
 * then the allocations here let the marking finish.
 */
function scavenge(endKeptAlive: () => void): boolean {
  endKeptAlive();
  const canaries = Array.from({ length: NURSERY_MIB }, unreachable);
  endKeptAlive();
  for (const canary of canaries) {
    for (let i = 0; i < ARRAYS_A_MIB; i++) nursery.garbage = new Array(ARRAY_LENGTH);
    nursery.garbage = null;
    if (canary.deref() === undefined) return true;
  }
  return false;
}
