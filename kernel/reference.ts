/**
 * The reference backend: runs a {@linkcode Program} in plain JavaScript. It is slow and follows the semantics of
 * `ir.ts` to the letter; tests compare the other backends with it.
 *
 * @module
 */
import {
  type BufferRef,
  type Kernel,
  type Program,
  type Step,
  storageBytes,
  type StorageType,
} from "./ir.ts";
import { layoutOf } from "./layout.ts";
import { kernelSource } from "./reference_source.ts";
import { helpers } from "./reference_ops.ts";

type View =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Typed arrays that hold a storage type; half precision as its bits. */
const views: Readonly<
  Record<StorageType, new (buffer: ArrayBuffer, byteOffset: number, length: number) => View>
> = {
  bool: Uint8Array,
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  f16: Uint16Array,
  bf16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  f32: Float32Array,
  i64: BigInt64Array,
  u64: BigUint64Array,
  f64: Float64Array,
};

type KernelFunction = (views: readonly View[], lo: number, hi: number, helpers: unknown) => void;
const compiled = new WeakMap<Kernel, KernelFunction>();

function compileKernel(kernel: Kernel): KernelFunction {
  let fn = compiled.get(kernel);
  if (!fn) {
    fn = new Function("p", "lo", "hi", "h", kernelSource(kernel)) as KernelFunction;
    compiled.set(kernel, fn);
  }
  return fn;
}

/** Where a step's operand is: bytes of one buffer. */
interface Located {
  readonly memory: ArrayBuffer;
  readonly start: number;
}

class Run {
  readonly #program: Program;
  readonly #bases: Located[];
  readonly #counters = new Map<number, number>();

  constructor(program: Program, inputs: readonly Uint8Array[]) {
    this.#program = program;
    const arena = new ArrayBuffer(program.arenaBytes);
    // Temporaries start as garbage, so that a read before the first write shows.
    new Uint8Array(arena).fill(0xa5);
    this.#bases = program.buffers.map((info) =>
      info.role === "temp"
        ? { memory: arena, start: info.offset }
        : { memory: new ArrayBuffer(info.bytes), start: 0 }
    );
    program.inputs.forEach((number, i) => this.#fill(number, inputs[i]!));
    for (const { buffer, data } of program.constants) this.#fill(buffer, data);
  }

  #fill(number: number, data: Uint8Array): void {
    const wanted = this.#program.buffers[number]!.bytes;
    if (data.byteLength !== wanted) {
      throw new RangeError(`buffer ${number} got ${data.byteLength} bytes, wanted ${wanted}`);
    }
    new Uint8Array(this.#bases[number]!.memory).set(data);
  }

  outputs(): Uint8Array[] {
    return this.#program.outputs.map((number) => new Uint8Array(this.#bases[number]!.memory));
  }

  #locate(ref: BufferRef, bytes: number): Located {
    const base = this.#bases[ref.buffer]!;
    let at = ref.offset;
    for (const { counter, stride } of ref.loops) at += this.#counters.get(counter)! * stride;
    if (at < 0 || at + bytes > this.#program.buffers[ref.buffer]!.bytes) {
      throw new RangeError(`bytes [${at}, ${at + bytes}) are outside of buffer ${ref.buffer}`);
    }
    return { memory: base.memory, start: base.start + at };
  }

  run(steps: readonly Step[]): void {
    for (const step of steps) this.#step(step);
  }

  #step(step: Step): void {
    switch (step.kind) {
      case "kernel": {
        const args = step.kernel.params.map((param, i) => {
          const at = this.#locate(step.args[i]!, param.size * storageBytes[param.storage]);
          return new views[param.storage](at.memory, at.start, param.size);
        });
        return compileKernel(step.kernel)(args, 0, step.kernel.range?.extent ?? 1, helpers);
      }
      case "copy": {
        const from = this.#locate(step.from, step.bytes), to = this.#locate(step.to, step.bytes);
        new Uint8Array(to.memory, to.start, step.bytes).set(
          new Uint8Array(from.memory, from.start, step.bytes),
        );
        return;
      }
      case "loop":
        for (let i = 0; i < step.count; i++) {
          this.#counters.set(step.counter, step.reverse ? step.count - 1 - i : i);
          this.run(step.body);
        }
        return;
      case "while":
        for (;;) {
          this.run(step.condition);
          const at = this.#locate(step.predicate, 1);
          if (!new Uint8Array(at.memory)[at.start]) return;
          this.run(step.body);
        }
      case "switch": {
        const at = this.#locate(step.index, 4);
        const chosen = new DataView(at.memory).getInt32(at.start, true);
        return this.run(step.branches[Math.min(Math.max(chosen, 0), step.branches.length - 1)]!);
      }
      case "callback": {
        const callback = this.#program.callbacks[step.callback]!;
        const results = callback.call(
          callback.inputs.map((type, i) => this.#hostView(step.inputs[i]!, type)),
        );
        callback.outputs.forEach((type, i) => {
          const to = this.#hostView(step.outputs[i]!, type), from = results[i]!;
          new Uint8Array(to.buffer, to.byteOffset, to.byteLength).set(
            new Uint8Array(from.buffer as ArrayBuffer, from.byteOffset, from.byteLength),
          );
        });
      }
    }
  }

  #hostView(ref: BufferRef, type: { readonly shape: readonly number[]; readonly dtype: string }): View {
    const { storage, components } = layoutOf({ name: type.dtype });
    const length = type.shape.reduce((a, b) => a * b, 1) * components;
    const at = this.#locate(ref, length * storageBytes[storage]);
    const Host = storage === "f16" ? Float16Array as unknown as typeof views.f16 : views[storage];
    return new Host(at.memory, at.start, length);
  }
}

/** Runs a program on the bytes of its inputs; gives the bytes of its outputs. */
export function runReference(program: Program, inputs: readonly Uint8Array[]): Uint8Array[] {
  const run = new Run(program, inputs);
  run.run(program.steps);
  return run.outputs();
}
