/**
 * Finding a GPU.
 *
 * @module
 */
import { backendOf, defaultDevice, type Device, registerBackend, setDefaultDevice } from "../core/backend.ts";
import { readVariable } from "../core/config.ts";
import { checkOptions, RuntimeError, ValueError } from "../core/errors.ts";
import { GpuBackend } from "./backend.ts";

/** Options of {@linkcode init}. */
export interface InitOptions {
  /** `gpu`: a GPU or an error, and one in software counts; `cpu`: no GPU. Default: `JAXLET_PLATFORM`, or what there is. */
  readonly platform?: "cpu" | "gpu";
  /** Which of several GPUs. Default: `high-performance`. */
  readonly powerPreference?: GPUPowerPreference;
}

/** Limits that are asked for in full. */
const limits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
] as const;

let found: Promise<GpuBackend | null> | null = null;
let isSoftware = false;

/**
 * Looks for a GPU and makes it the default device. Nothing before this call touches WebGPU. A GPU in software is used
 * only when `platform` (or the variable `JAXLET_PLATFORM`) is `gpu`; without a GPU the CPU stays the default device.
 *
 * @returns The default device.
 * @throws {RuntimeError} When `platform` is `gpu` and there is none.
 *
 * @example
 * ```ts
 * import { defaultBackend, init } from "@jaxlet/jaxlet";
 * await init({ platform: "cpu" });
 * if (defaultBackend() !== "cpu") throw new Error();
 * ```
 */
export async function init(options: InitOptions = {}): Promise<Device> {
  checkOptions("init", options, ["platform", "powerPreference"]);
  const platform = options.platform ?? readVariable("JAXLET_PLATFORM") ?? "";
  if (!["", "cpu", "gpu"].includes(platform)) {
    throw new ValueError(`init: platform must be "cpu" or "gpu", got ${JSON.stringify(platform)}`);
  }
  if (platform === "cpu") {
    setDefaultDevice(backendOf("cpu").devices[0]!);
    return defaultDevice();
  }
  const backend = await (found ??= findBackend(options.powerPreference ?? "high-performance"));
  if (backend === null) found = null;
  if (backend === null && platform === "gpu") {
    throw new RuntimeError(
      typeof navigator === "undefined" || navigator.gpu === undefined
        ? "init: this JavaScript engine has no WebGPU. Use Deno, or run on the CPU"
        : "init: no GPU was found. Install a Vulkan driver (a software one is mesa-vulkan-drivers), or run on the CPU",
    );
  }
  if (backend !== null && (platform === "gpu" || !isSoftware)) {
    registerBackend(backend);
    setDefaultDevice(backend.devices[0]!);
  }
  return defaultDevice();
}

/** The backend of the GPU that there is. */
async function findBackend(powerPreference: GPUPowerPreference): Promise<GpuBackend | null> {
  const gpu = typeof navigator === "undefined" ? undefined : navigator.gpu as GPU | undefined;
  const adapter = await gpu?.requestAdapter({ powerPreference }) ??
    await gpu?.requestAdapter({ forceFallbackAdapter: true });
  if (!adapter) return null;
  const { info } = adapter;
  isSoftware = info.isFallbackAdapter || /llvmpipe|swiftshader|basic render/i.test(info.description);
  const requiredLimits = Object.fromEntries(limits.map((name) => [name, adapter.limits[name]]));
  const device = await adapter.requestDevice({ requiredLimits });
  device.lost.then(() => found = null);
  return new GpuBackend(device, info.description || info.device || info.vendor || "gpu");
}
