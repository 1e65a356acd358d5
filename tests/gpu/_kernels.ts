/**
 * Runs kernels and programs on the GPU and on the reference, and compares what they store.
 */
import type { Kernel, Program } from "../../kernel/ir.ts";
import { runReference } from "../../kernel/reference.ts";
import { assertSameData, type Comparison, type Data, kernelProgram, viewAs } from "../cpu/kernels.ts";
import { gpuBackend } from "./_setup.ts";

/** Names of dtypes with given storage. */
export const dtypeOf = {
  bool: "bool",
  i8: "int8",
  u8: "uint8",
  i16: "int16",
  u16: "uint16",
  i32: "int32",
  u32: "uint32",
  f16: "float16",
  bf16: "bfloat16",
  f32: "float32",
  i64: "int64",
  u64: "uint64",
  f64: "float64",
} as const;

/** Runs a program on the GPU. */
export async function runOnGpu(program: Program, inputs: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const backend = gpuBackend(), compiled = backend.load(program);
  const buffers = inputs.map((bytes, i) =>
    backend.upload(bytes, dtypeOf[program.buffers[program.inputs[i]!]!.storage])
  );
  return await Promise.all(compiled.call(buffers).map((buffer) => backend.readAsync(buffer)));
}

/** Runs a kernel both ways and compares. */
export async function checkOnGpu(
  kernel: Kernel,
  inputs: readonly Data[],
  comparison: Comparison & { readonly results?: number } = {},
): Promise<void> {
  const results = comparison.results ?? 1, program = kernelProgram(kernel, results);
  const bytes = inputs.map((d) => new Uint8Array(d.buffer, d.byteOffset, d.byteLength));
  const got = await runOnGpu(program, bytes);
  const want = runReference(program, bytes.map((b) => b.slice()));
  want.forEach((expected, i) => {
    const { storage } = kernel.params[kernel.params.length - results + i]!;
    const label = comparison.label ?? kernel.name;
    assertSameData(viewAs(storage, got[i]!), viewAs(storage, expected), { ...comparison, label });
  });
}
