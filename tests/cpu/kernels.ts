/**
 * Runs kernels on the CPU and on the reference, and compares what they store.
 */
import { assert } from "../assert.ts";
import { KernelBuilder } from "../../kernel/builder.ts";
import {
  type Kernel,
  Param,
  type Program,
  type Step,
  storageBytes,
  type StorageType,
} from "../../kernel/ir.ts";
import { runReference } from "../../kernel/reference.ts";
import { compileProgram, type Executable } from "../../cpu/executable.ts";
import { Heap } from "../../cpu/heap.ts";

/** Flat data of a buffer; half precision as bits. */
export type Data =
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

/** The bytes of a buffer as elements of a storage type; NaNs in half precision, which are bits here, become one. */
export function viewAs(storage: StorageType, bytes: Uint8Array): Data {
  const view = new arrays[storage](bytes.slice().buffer);
  if (storage !== "f16" && storage !== "bf16") return view;
  const infinity = storage === "f16" ? 0x7c00 : 0x7f80;
  return Uint16Array.from(view as Uint16Array, (bits) => (bits & 0x7fff) > infinity ? 0x7fff : bits);
}

const arrays = {
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
} as const;

/** A heap for tests. */
export const heap: Heap = new Heap({ limit: 2 ** 30 });

/** Data of a storage type from numbers. */
export function data(storage: StorageType, values: readonly (number | bigint)[]): Data {
  if (storage === "i64" || storage === "u64") return arrays[storage].from(values.map((v) => BigInt(v)));
  return arrays[storage].from(values.map(Number));
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** A program that runs one kernel: all parameters but the last `results` are inputs. */
export function kernelProgram(kernel: Kernel, results: number): Program {
  const count = kernel.params.length - results;
  const buffers = kernel.params.map((param, i) => ({
    role: i < count ? "input" as const : "output" as const,
    bytes: param.size * storageBytes[param.storage],
    storage: param.storage,
    offset: i < count ? i : i - count,
  }));
  const numbers = buffers.map((_, i) => i);
  const step: Step = {
    kind: "kernel",
    kernel,
    args: numbers.map((buffer) => ({ buffer, offset: 0, loops: [] })),
  };
  return {
    buffers,
    inputs: numbers.slice(0, count),
    outputs: numbers.slice(count),
    constants: [],
    steps: [step],
    arenaBytes: 0,
    callbacks: [],
  };
}

/** Runs a compiled program on copies of the inputs. */
export function runExecutable(executable: Executable, inputs: readonly Uint8Array[]): Uint8Array[] {
  const { program } = executable;
  const place = (bytes: number): number => heap.malloc(bytes + 64);
  const inputPointers = inputs.map((bytes) => {
    const pointer = place(bytes.length);
    heap.u8.set(bytes, pointer);
    return pointer;
  });
  const sizes = program.outputs.map((buffer) => program.buffers[buffer]!.bytes);
  const outputPointers = sizes.map((bytes) => {
    const pointer = place(bytes);
    heap.u8.fill(0, pointer, pointer + bytes + 64);
    return pointer;
  });
  executable.call(inputPointers, outputPointers);
  const outputs = sizes.map((bytes, i) => {
    const end = outputPointers[i]! + bytes;
    assert(heap.u8.subarray(end, end + 64).every((byte) => byte === 0), "stores beyond the end of an output");
    return heap.u8.slice(outputPointers[i]!, end);
  });
  for (const pointer of [...inputPointers, ...outputPointers]) heap.free(pointer);
  return outputs;
}

/** Tolerance in units of the larger magnitude; 0: bit for bit, but for NaN. */
export interface Comparison {
  readonly tolerance?: number;
  readonly label?: string;
}

/** Asserts that outputs agree. */
export function assertSameData(got: Data, want: Data, { tolerance = 0, label = "" }: Comparison = {}): void {
  for (let i = 0; i < want.length; i++) {
    const [g, w] = [got[i]!, want[i]!];
    const near = typeof g === "number" && typeof w === "number" && tolerance > 0 &&
      Math.abs(g - w) <= tolerance * Math.max(Math.abs(g), Math.abs(w), 1e-38);
    if (!Object.is(g, w) && !near) throw new Error(`${label}: element ${i} is ${g}, wanted ${w}`);
  }
}

/** Runs a kernel both ways and compares; returns the outputs. */
export function checkKernel(
  kernel: Kernel,
  inputs: readonly Data[],
  comparison: Comparison & { results?: number; compare?: StorageType } = {},
): Data[] {
  const results = comparison.results ?? 1;
  const program = kernelProgram(kernel, results);
  const executable = compileProgram(program, { heap });
  const bytes = inputs.map(bytesOf);
  const got = runExecutable(executable, bytes);
  const want = runReference(program, bytes.map((b) => b.slice()));
  executable.delete();
  return want.map((expected, i) => {
    const storage = comparison.compare ?? kernel.params[kernel.params.length - results + i]!.storage;
    const label = comparison.label ?? kernel.name;
    assertSameData(viewAs(storage, got[i]!), viewAs(storage, expected), { ...comparison, label });
    return viewAs(storage, got[i]!);
  });
}

/** A kernel over parameters of the given storages and sizes. */
export function makeKernel(
  name: string,
  params: readonly (readonly [StorageType, number])[],
  build: (k: KernelBuilder, ...params: Param[]) => void,
): Kernel {
  const made = params.map(([storage, size], i) => new Param(storage, size, `p${i}`));
  const k = new KernelBuilder(made);
  build(k, ...made);
  return k.build(name);
}
