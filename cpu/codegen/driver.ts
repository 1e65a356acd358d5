/**
 * The driver: a WebAssembly function that runs a program's steps in order, with loops and branches inside.
 *
 * It takes the address of a call table of i32: pointers of the inputs, of the outputs, of the arena, and room for the
 * arguments of parallel kernels and callbacks. Bodies of loops are functions of their own, so that an engine that
 * compiles in tiers can replace them while the loop runs.
 *
 * @module
 */
import type { BufferRef, Kernel, Program, Step } from "../../kernel/ir.ts";
import type { FunctionBuilder, ModuleBuilder } from "../wasm/encoder.ts";
import { type KernelFunction, PARALLEL_COST } from "./kernel_function.ts";

/** Work of a part of a kernel, in vector operations. */
const PART_COST = 50_000;

/** Slots of the call table. */
export interface CallTable {
  readonly inputs: number;
  readonly outputs: number;
  readonly arena: number;
  readonly args: number;
  readonly bytes: number;
}

/** Where things are in the call table of a program. */
export function callTable(program: Program): CallTable {
  const inputs = 0;
  const outputs = inputs + program.inputs.length;
  const arena = outputs + program.outputs.length;
  const args = arena + 1;
  return { inputs, outputs, arena, args, bytes: 4 * (args + longestArguments(program.steps)) };
}

function longestArguments(steps: readonly Step[]): number {
  let longest = 0;
  for (const step of steps) {
    if (step.kind === "kernel") longest = Math.max(longest, step.args.length);
    if (step.kind === "callback") longest = Math.max(longest, step.inputs.length + step.outputs.length);
    for (const nested of nestedSteps(step)) longest = Math.max(longest, longestArguments(nested));
  }
  return longest;
}

function nestedSteps(step: Step): readonly (readonly Step[])[] {
  if (step.kind === "loop") return [step.body];
  if (step.kind === "while") return [step.condition, step.body];
  return step.kind === "switch" ? step.branches : [];
}

/** Buffers that steps use, apart from those in bodies of loops. */
function usedBuffers(steps: readonly Step[], into: Set<number> = new Set()): Set<number> {
  const use = (refs: readonly BufferRef[]): void => refs.forEach((ref) => into.add(ref.buffer));
  for (const step of steps) {
    if (step.kind === "kernel") use(step.args);
    else if (step.kind === "copy") use([step.from, step.to]);
    else if (step.kind === "callback") use([...step.inputs, ...step.outputs]);
    else if (step.kind === "switch") {
      use([step.index]);
      for (const branch of step.branches) usedBuffers(branch, into);
    }
  }
  return into;
}

/** What the driver calls. */
export interface DriverContext {
  readonly module: ModuleBuilder;
  readonly program: Program;
  readonly table: CallTable;
  /** Address of each constant buffer. */
  readonly constants: ReadonlyMap<number, number>;
  /** Function of a kernel; the same for equal kernels. */
  readonly kernelFunction: (kernel: Kernel) => KernelFunction;
  /** Number of a kernel among those that can run in parts. */
  readonly partNumber: (fn: KernelFunction) => number;
  /** `(kernel, arguments, extent, grain)`: runs a kernel's range in parts. */
  readonly parallel: number;
  /** `(callback, arguments)`: calls the host. */
  readonly callback: number;
}

/** Emits the driver and returns its function index; its one parameter is the address of the call table. */
export function emitDriver(context: DriverContext): number {
  const { steps } = context.program;
  return emitFunction(context, { counters: [], steps, body: (driver) => driver.steps(steps) }).index;
}

/** A function of the call table and the counters of the loops around it. */
interface StepFunction {
  readonly counters: readonly number[];
  /** The steps whose buffers it uses. */
  readonly steps: readonly Step[];
  readonly body: (driver: StepEmitter) => void;
  readonly results?: readonly "i32"[];
  /** A buffer that it reads itself. */
  readonly predicate?: BufferRef;
}

function emitFunction(
  context: DriverContext,
  { counters, steps, body, results = [], predicate }: StepFunction,
): FunctionBuilder {
  const f = context.module.function(["i32", ...counters.map(() => "i32" as const)], results);
  const driver = new StepEmitter(context, f, counters);
  const used = usedBuffers(steps);
  if (predicate !== undefined) used.add(predicate.buffer);
  driver.loadBases(used);
  body(driver);
  return f;
}

class StepEmitter {
  readonly #context: DriverContext;
  readonly #f: FunctionBuilder;
  /** Numbers of the loops around, outermost first; local 1 + i holds the counter of the i-th. */
  readonly #counters: readonly number[];
  readonly #bases = new Map<number, number>();
  #arena: number | null = null;

  constructor(context: DriverContext, f: FunctionBuilder, counters: readonly number[]) {
    this.#context = context;
    this.#f = f;
    this.#counters = counters;
  }

  /** Loads the addresses of buffers from the call table. */
  loadBases(buffers: ReadonlySet<number>): void {
    const { program, table } = this.#context;
    const f = this.#f;
    for (const buffer of buffers) {
      const info = program.buffers[buffer]!;
      if (info.role === "const") continue;
      if (info.role === "temp" && this.#arena !== null) continue;
      const local = f.local("i32");
      const slot = info.role === "temp" ? table.arena : table[`${info.role}s`] + info.offset;
      f.get(0).memory("i32.load", 4 * slot).set(local);
      if (info.role === "temp") this.#arena = local;
      else this.#bases.set(buffer, local);
    }
  }

  #pointer(ref: BufferRef): void {
    const f = this.#f;
    const { program, constants } = this.#context;
    const info = program.buffers[ref.buffer]!;
    let offset = ref.offset;
    if (info.role === "const") {
      f.i32((constants.get(ref.buffer)! + offset) | 0);
      offset = 0;
    } else if (info.role === "temp") {
      f.get(this.#arena!);
      offset += info.offset;
    } else {
      f.get(this.#bases.get(ref.buffer)!);
    }
    if (offset !== 0) f.i32(offset).op("i32.add");
    for (const { counter, stride } of ref.loops) {
      f.get(1 + this.#counters.indexOf(counter)).i32(stride).op("i32.mul").op("i32.add");
    }
  }

  steps(steps: readonly Step[]): void {
    for (const step of steps) {
      if (step.kind === "kernel") this.#kernel(step.kernel, step.args);
      else if (step.kind === "copy") this.#copy(step.from, step.to, step.bytes);
      else if (step.kind === "loop") this.#loop(step);
      else if (step.kind === "while") this.#while(step);
      else if (step.kind === "switch") this.#switch(step);
      else this.#callback(step);
    }
  }

  #kernel(kernel: Kernel, args: readonly BufferRef[]): void {
    const f = this.#f;
    const extent = kernel.range?.extent ?? 1;
    if (extent === 0) return;
    const fn = this.#context.kernelFunction(kernel);
    if (kernel.range !== null && fn.cost > PARALLEL_COST && extent > fn.granularity) {
      const parts = Math.ceil(fn.cost / PART_COST);
      const grain = Math.ceil(extent / parts / fn.granularity) * fn.granularity;
      this.#storeArguments(args);
      f.i32(this.#context.partNumber(fn));
      this.#pushArguments();
      f.i32(extent).i32(grain).call(this.#context.parallel);
      return;
    }
    for (const ref of args) this.#pointer(ref);
    if (kernel.range !== null) f.i32(0).i32(extent);
    f.call(fn.index);
  }

  #storeArguments(refs: readonly BufferRef[]): void {
    refs.forEach((ref, i) => {
      this.#f.get(0);
      this.#pointer(ref);
      this.#f.memory("i32.store", 4 * (this.#context.table.args + i));
    });
  }

  #pushArguments(): void {
    this.#f.get(0).i32(4 * this.#context.table.args).op("i32.add");
  }

  #copy(from: BufferRef, to: BufferRef, bytes: number): void {
    const f = this.#f;
    if (bytes === 0) return;
    if (bytes > 64) {
      this.#pointer(to);
      this.#pointer(from);
      f.i32(bytes).memoryCopy();
      return;
    }
    const [source, target] = [f.local("i32"), f.local("i32")];
    this.#pointer(from);
    f.set(source);
    this.#pointer(to);
    f.set(target);
    let at = 0;
    const moves = [
      [16, "v128.load", "v128.store"],
      [8, "i64.load", "i64.store"],
      [4, "i32.load", "i32.store"],
      [2, "i32.load16_u", "i32.store16"],
      [1, "i32.load8_u", "i32.store8"],
    ] as const;
    for (const [size, load, store] of moves) {
      for (; bytes - at >= size; at += size) f.get(target).get(source).memory(load, at).memory(store, at);
    }
    f.release(source);
    f.release(target);
  }

  #pushContext(): void {
    this.#f.get(0);
    this.#counters.forEach((_, i) => this.#f.get(1 + i));
  }

  #loop(step: Extract<Step, { kind: "loop" }>): void {
    if (step.count === 0) return;
    const f = this.#f;
    const body = emitFunction(this.#context, {
      counters: [...this.#counters, step.counter],
      steps: step.body,
      body: (driver) => driver.steps(step.body),
    });
    const counter = f.local("i32");
    f.i32(step.reverse ? step.count - 1 : 0).set(counter);
    f.loop((again) => {
      this.#pushContext();
      f.get(counter).call(body.index);
      if (step.reverse) f.get(counter).i32(1).op("i32.sub").tee(counter).i32(0).op("i32.ge_s");
      else f.get(counter).i32(1).op("i32.add").tee(counter).i32(step.count).op("i32.lt_s");
      f.brIf(again);
    });
    f.release(counter);
  }

  /** One function runs the condition and, where it holds, the body; it returns whether it did. */
  #while(step: Extract<Step, { kind: "while" }>): void {
    const round = emitFunction(this.#context, {
      counters: this.#counters,
      steps: [...step.condition, ...step.body],
      predicate: step.predicate,
      results: ["i32"],
      body: (driver) => {
        driver.steps(step.condition);
        driver.#pointer(step.predicate);
        driver.#f.memory("i32.load8_u").if(() => {
          driver.steps(step.body);
          driver.#f.i32(1).op("return");
        }).i32(0);
      },
    });
    this.#f.loop((again) => {
      this.#pushContext();
      this.#f.call(round.index).brIf(again);
    });
  }

  #switch(step: Extract<Step, { kind: "switch" }>): void {
    const f = this.#f;
    const count = step.branches.length;
    const chosen = f.local("i32");
    this.#pointer(step.index);
    f.memory("i32.load").set(chosen);
    if (count === 2) {
      f.get(chosen).i32(0).op("i32.gt_s").if(
        () => this.steps(step.branches[1]!),
        () => this.steps(step.branches[0]!),
      );
    } else {
      // Negative numbers are taken as 0 here, those beyond the last branch by the table's default.
      f.i32(0).get(chosen).get(chosen).i32(0).op("i32.lt_s").op("select").set(chosen);
      f.block((done) =>
        this.#cases(step.branches, (labels) => f.get(chosen).brTable(labels, labels.at(-1)!), done)
      );
    }
    f.release(chosen);
  }

  /** Nested blocks, of which the i-th ends where branch i starts. */
  #cases(
    branches: readonly (readonly Step[])[],
    dispatch: (labels: readonly { readonly depth: number }[]) => void,
    done: { readonly depth: number },
  ): void {
    const f = this.#f;
    const nest = (level: number, labels: readonly { readonly depth: number }[]): void => {
      f.block((label) => {
        const all = [label, ...labels];
        if (level === 0) dispatch(all);
        else nest(level - 1, all);
      });
      this.steps(branches[level]!);
      f.br(done);
    };
    nest(branches.length - 1, []);
  }

  #callback(step: Extract<Step, { kind: "callback" }>): void {
    this.#storeArguments([...step.inputs, ...step.outputs]);
    this.#f.i32(step.callback);
    this.#pushArguments();
    this.#f.call(this.#context.callback);
  }
}
