/**
 * Compiled kernels: pipelines, cached by the text of their shaders.
 *
 * @module
 */
import { RuntimeError } from "../core/errors.ts";
import { LruMap } from "../core/lru.ts";
import type { Shader } from "./shader.ts";

/** A shader that is ready to run. */
export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** The pipelines of one device. */
export class Pipelines {
  readonly #device: GPUDevice;
  readonly #made: LruMap<string, Pipeline> = new LruMap(4096);
  readonly #layouts = new Map<string, GPUBindGroupLayout>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** The pipeline of a shader; `name` is shown in error messages. */
  get(name: string, shader: Shader): Pipeline {
    let made = this.#made.get(shader.text);
    if (made !== undefined) return made;
    const limit = this.#device.limits.maxStorageBuffersPerShaderStage;
    if (shader.writes.length > limit) {
      throw new RuntimeError(
        `${name} reads and writes ${shader.writes.length} arrays at once, and this GPU allows ${limit}. Run it on the ` +
          `CPU: devicePut(x, "cpu")`,
      );
    }
    const device = this.#device, layout = this.#layout(shader);
    const module = device.createShaderModule({ code: shader.text, label: name });
    const pipeline = device.createComputePipeline({
      label: name,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: "main" },
    });
    this.#made.set(shader.text, made = { pipeline, layout });
    return made;
  }

  #layout({ writes, moving }: Shader): GPUBindGroupLayout {
    const key = writes.map((w) => w ? "w" : "r").join("") + (moving.length > 0 ? "o" : "");
    let layout = this.#layouts.get(key);
    if (layout === undefined) {
      const entries: GPUBindGroupLayoutEntry[] = writes.map((w, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: w ? "storage" : "read-only-storage" },
      }));
      if (moving.length > 0) {
        entries.push({
          binding: writes.length,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type: "uniform", hasDynamicOffset: true },
        });
      }
      this.#layouts.set(key, layout = this.#device.createBindGroupLayout({ entries }));
    }
    return layout;
  }
}
