/**
 * Which WebAssembly proposals the engine accepts, found by validating one small module for each.
 *
 * @module
 */
import { type FunctionBuilder, ModuleBuilder } from "./encoder.ts";

/** Proposals that the code generator may use. */
export type WasmFeatures = {
  /** 128-bit SIMD. */
  readonly simd: boolean;
  /** Relaxed SIMD: fused or unfused multiply-add, whichever is faster. */
  readonly relaxedSimd: boolean;
  /** Shared memories and atomics. */
  readonly threads: boolean;
};

let probed: WasmFeatures | undefined;

/** The engine's features; probed once. */
export function wasmFeatures(): WasmFeatures {
  probed ??= {
    simd: accepts((body) => body.i32(1).op("i32x4.splat").lane("i32x4.extract_lane", 0).op("drop")),
    relaxedSimd: accepts((body) => {
      for (let operand = 0; operand < 3; operand++) body.splat("f32", 1);
      body.op("f32x4.relaxed_madd").op("drop");
    }),
    threads: typeof SharedArrayBuffer !== "undefined" &&
      accepts((body) => body.i32(0).memory("i32.atomic.load").op("drop"), true),
  };
  return probed;
}

function accepts(emit: (body: FunctionBuilder) => void, shared = false): boolean {
  const module = new ModuleBuilder();
  module.memory(shared ? { initial: 1, maximum: 1, shared } : { initial: 1 });
  emit(module.function([], []));
  return WebAssembly.validate(module.toBytes());
}
