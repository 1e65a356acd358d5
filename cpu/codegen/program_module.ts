/**
 * A program as one WebAssembly module: its kernels, the helper functions they call, the driver, and a dispatcher that
 * runs a part of one kernel's range, which is what threads call.
 *
 * @module
 */
import type { Kernel, Program } from "../../kernel/ir.ts";
import { ModuleBuilder } from "../wasm/encoder.ts";
import { wasmFeatures } from "../wasm/features.ts";
import { Analysis } from "./analysis.ts";
import { type CallTable, callTable, emitDriver } from "./driver.ts";
import { Helpers } from "./helpers.ts";
import { emitKernelFunction, type KernelContext, type KernelFunction } from "./kernel_function.ts";
import { kernelKey, kernelSignature } from "./kernel_key.ts";

/** The limits of the memory that a module imports. */
export interface ImportedMemory {
  readonly shared: boolean;
  /** Pages that the memory may grow to. */
  readonly maximum: number;
}

/** A compiled program before it is instantiated. */
export interface ProgramModule {
  /** Imports `env.memory`, `env.parallel`, `env.callback`; exports `run(table)` and `dispatch(kernel, args, lo, hi)`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly table: CallTable;
  /** Each distinct kernel, with its estimated work. */
  readonly kernels: readonly KernelFunction[];
}

/** Compiles a program for a memory in which its constants lie at the given addresses. */
export function compileModule(
  program: Program,
  options: { readonly constants: ReadonlyMap<number, number>; readonly memory: ImportedMemory },
): ProgramModule {
  const module = new ModuleBuilder();
  const { shared, maximum } = options.memory;
  module.importMemory(["env", "memory"], { initial: 1, maximum, shared });
  const parallel = module.importFunction(["env", "parallel"], ["i32", "i32", "i32", "i32"], []);
  const callback = module.importFunction(["env", "callback"], ["i32", "i32"], []);
  const context: KernelContext = {
    module,
    helpers: new Helpers(module),
    analysis: new Analysis(),
    relaxed: wasmFeatures().relaxedSimd,
  };
  const kernels = new KernelTable(context);
  const table = callTable(program);
  const parts: KernelFunction[] = [];
  const run = emitDriver({
    module,
    program,
    table,
    constants: options.constants,
    parallel,
    callback,
    kernelFunction: (kernel) => kernels.get(kernel),
    partNumber: (fn) => {
      const known = parts.indexOf(fn);
      return known >= 0 ? known : parts.push(fn) - 1;
    },
  });
  module.exportFunction("run", run);
  if (parts.length > 0) module.exportFunction("dispatch", emitDispatch(module, parts));
  return { bytes: module.toBytes(), table, kernels: kernels.all };
}

/** Kernel functions of a module; equal kernels share one. */
class KernelTable {
  readonly #context: KernelContext;
  readonly #known = new Map<Kernel, KernelFunction>();
  /** Kernels that may be equal, by a signature that is cheap to make, and then by full keys. */
  readonly #alike = new Map<string, Map<string, KernelFunction>>();
  readonly all: KernelFunction[] = [];

  constructor(context: KernelContext) {
    this.#context = context;
  }

  get(kernel: Kernel): KernelFunction {
    let fn = this.#known.get(kernel);
    if (fn !== undefined) return fn;
    const signature = kernelSignature(kernel);
    let alike = this.#alike.get(signature);
    if (alike === undefined) this.#alike.set(signature, alike = new Map());
    // The first kernel of its signature gets its key when a second one comes.
    const first = alike.get("");
    if (first !== undefined) {
      alike.delete("");
      alike.set(kernelKey(first.kernel), first);
    }
    const key = alike.size === 0 ? "" : kernelKey(kernel);
    fn = alike.get(key);
    if (fn === undefined) {
      fn = emitKernelFunction(this.#context, kernel);
      alike.set(key, fn);
      this.all.push(fn);
    }
    this.#known.set(kernel, fn);
    return fn;
  }
}

/** `(kernel, arguments, lo, hi)`: runs iterations [lo, hi) of a kernel whose pointers lie at `arguments`. */
function emitDispatch(module: ModuleBuilder, parts: readonly KernelFunction[]): number {
  const f = module.function(["i32", "i32", "i32", "i32"], []);
  const [number, args, lo, hi] = [0, 1, 2, 3];
  parts.forEach((fn, i) => {
    f.get(number).i32(i).op("i32.eq").if(() => {
      fn.kernel.params.forEach((_, position) => f.get(args).memory("i32.load", 4 * position));
      f.get(lo).get(hi).call(fn.index).op("return");
    });
  });
  return f.index;
}
