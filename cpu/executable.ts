/**
 * Compiled programs on the CPU: one WebAssembly instance each, on the heap's memory.
 *
 * @module
 */
import type { HostCallback, Program, StorageType } from "../kernel/ir.ts";
import { storageBytes } from "../kernel/ir.ts";
import { layoutOf } from "../kernel/layout.ts";
import { programText } from "../kernel/print.ts";
import { compileModule, type ProgramModule } from "./codegen/program_module.ts";
import type { Heap } from "./heap.ts";

/** Pages of the largest memory, which every heap's fits into. */
const MAX_PAGES = 65536;

/** A part of a kernel's range that is too much work for one go. */
export interface ParallelTask {
  /** The module, to instantiate on other threads. */
  readonly module: WebAssembly.Module;
  /** Runs iterations [lo, hi) of kernel number `kernel` with the pointers at address `args`, on this thread. */
  readonly dispatch: (kernel: number, args: number, lo: number, hi: number) => void;
  readonly kernel: number;
  readonly args: number;
  /** Iterations of the range. */
  readonly extent: number;
  /** Iterations that make a worthwhile part; parts start at multiples of it. */
  readonly grain: number;
}

/** Runs all parts of a task and returns when they are done. */
export type ParallelRunner = (task: ParallelTask) => void;

/** Runs the parts one after the other: an engine can put optimised code in place between two of them. */
export const runSequentially: ParallelRunner = ({ dispatch, kernel, args, extent, grain }) => {
  for (let lo = 0; lo < extent; lo += grain) dispatch(kernel, args, lo, Math.min(lo + grain, extent));
};

/** How a program is compiled. */
export interface CompileOptions {
  readonly heap: Heap;
  /** How kernels with much work run. Default: {@linkcode runSequentially}. */
  readonly parallel?: ParallelRunner;
}

const freeConstants = new FinalizationRegistry<{ heap: Heap; pointers: readonly number[] }>(
  ({ heap, pointers }) => pointers.forEach((pointer) => heap.free(pointer)),
);

/** A compiled program. Its constants live in the heap as long as it does. */
export class Executable {
  /** The binary module. */
  readonly wasm: Uint8Array;
  readonly program: Program;
  readonly #heap: Heap;
  readonly #compiled: ProgramModule;
  readonly #run: (table: number) => void;
  #constants: readonly number[];

  /**
   * Compiles a program, uploads its constants and instantiates the module.
   *
   * @throws {WebAssembly.CompileError} if the engine refuses the module, which is an error of this library.
   */
  constructor(program: Program, { heap, parallel = runSequentially }: CompileOptions) {
    this.program = program;
    this.#heap = heap;
    const pointers = new Map<number, number>();
    for (const { buffer, data } of program.constants) {
      const pointer = heap.malloc(data.byteLength);
      heap.u8.set(data, pointer);
      pointers.set(buffer, pointer);
    }
    this.#constants = [...pointers.values()];
    freeConstants.register(this, { heap, pointers: this.#constants }, this);
    const shared = typeof SharedArrayBuffer !== "undefined" &&
      heap.memory.buffer instanceof SharedArrayBuffer;
    this.#compiled = compileModule(program, { constants: pointers, memory: { shared, maximum: MAX_PAGES } });
    this.wasm = this.#compiled.bytes;
    const module = new WebAssembly.Module(this.#compiled.bytes);
    const env = {
      memory: heap.memory,
      parallel: (kernel: number, args: number, extent: number, grain: number) =>
        parallel({ module, dispatch, kernel, args: args >>> 0, extent, grain }),
      callback: (number: number, args: number) => callHost(heap, program.callbacks[number]!, args >>> 0),
    };
    const { exports } = new WebAssembly.Instance(module, { env });
    this.#run = exports.run as (table: number) => void;
    const dispatch = exports.dispatch as ParallelTask["dispatch"];
  }

  /** Runs on the addresses of the inputs and writes to those of the outputs. Callbacks may call it again. */
  call(inputs: readonly number[], outputs: readonly number[]): void {
    const heap = this.#heap;
    const { table } = this.#compiled;
    const mark = heap.stackMark;
    const address = heap.stackAlloc(table.bytes);
    const arena = this.program.arenaBytes > 0 ? heap.malloc(this.program.arenaBytes) : 0;
    try {
      const slots = heap.u32, first = address >>> 2;
      for (let i = 0; i < inputs.length; i++) slots[first + table.inputs + i] = inputs[i]!;
      for (let i = 0; i < outputs.length; i++) slots[first + table.outputs + i] = outputs[i]!;
      slots[first + table.arena] = arena;
      this.#run(address);
    } finally {
      if (arena !== 0) heap.free(arena);
      heap.stackReset(mark);
    }
  }

  /** Estimated work, in vector operations, of each distinct kernel by name. */
  costs(): { name: string; cost: number }[] {
    return this.#compiled.kernels.map(({ kernel, cost }) => ({ name: kernel.name, cost }));
  }

  /** A readable listing: buffers, steps and kernels. */
  text(): string {
    return programText(this.program);
  }

  /** Frees the constants now; the program cannot be called afterwards. */
  delete(): void {
    freeConstants.unregister(this);
    for (const pointer of this.#constants) this.#heap.free(pointer);
    this.#constants = [];
  }
}

/** Compiles a program for the memory of a heap. */
export function compileProgram(program: Program, options: CompileOptions): Executable {
  return new Executable(program, options);
}

const hostArrays = {
  bool: Uint8Array,
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  f16: Float16Array,
  bf16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
} as const satisfies Record<StorageType, unknown>;

/** Calls the host with copies of the inputs, and copies what it returns to the outputs. */
function callHost(heap: Heap, callback: HostCallback, args: number): void {
  const sizes = [...callback.inputs, ...callback.outputs].map(({ shape, dtype }) => {
    const { storage, components } = layoutOf({ name: dtype });
    return { storage, bytes: shape.reduce((a, b) => a * b, components) * storageBytes[storage] };
  });
  const pointers = sizes.map((_, i) => heap.u32[(args >>> 2) + i]!);
  const inputs = callback.inputs.map((_, i) => {
    const { storage, bytes } = sizes[i]!;
    const copy = new Uint8Array(bytes);
    copy.set(heap.u8.subarray(pointers[i]!, pointers[i]! + bytes));
    return new hostArrays[storage](copy.buffer);
  });
  const results = callback.call(inputs);
  callback.outputs.forEach(({ shape, dtype }, i) => {
    const at = callback.inputs.length + i;
    const result = results[i];
    const { bytes } = sizes[at]!;
    if (result === undefined || result.byteLength !== bytes) {
      throw new RangeError(
        `callback: result ${i} has ${result?.byteLength ?? 0} bytes; ${dtype}[${
          shape.join(",")
        }] takes ${bytes}`,
      );
    }
    heap.u8.set(new Uint8Array(result.buffer, result.byteOffset, bytes), pointers[at]!);
  });
}
