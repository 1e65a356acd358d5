/**
 * A GPU for tests, in hardware or software. Where there is none, tests that need one are ignored. The CPU stays the
 * default device: a test puts arrays on the GPU itself.
 */
import { defaultBackend, init, numpy } from "../../mod.ts";
import { backendOf, type Device, setDefaultDevice } from "../../core/backend.ts";
import type { GpuBackend } from "../../gpu/backend.ts";

export { numpy as np };

/** The GPU, or null. */
export const gpu: Device | null = await init({ platform: "gpu" }).then((device) => device, () => null);
setDefaultDevice(backendOf("cpu").devices[0]!);
if (defaultBackend() !== "cpu") throw new Error("tests start on the CPU");

/** The backend of the GPU. */
export function gpuBackend(): GpuBackend {
  return backendOf("gpu") as GpuBackend;
}

/** A test that needs a GPU. */
export function gpuTest(name: string, fn: () => void | Promise<void>): void {
  const ignore = gpu === null;
  Deno.test({ name: ignore ? `${name} (ignored: no WebGPU adapter)` : name, ignore, fn });
}

/** Makes the GPU the default device while a function runs. */
export async function onGpu<T>(body: () => T | Promise<T>): Promise<T> {
  setDefaultDevice(gpu);
  try {
    return await body();
  } finally {
    setDefaultDevice(backendOf("cpu").devices[0]!);
  }
}
