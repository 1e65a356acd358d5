/**
 * Runs a planned program: records its dispatches into command buffers, and waits for the device where the host has to
 * know something.
 *
 * @module
 */
import { RuntimeError } from "../core/errors.ts";
import { asDType, typedArrayFor } from "../core/dtypes.ts";
import { type BufferRef, type Program, storageBytes } from "../kernel/ir.ts";
import { layoutOf } from "../kernel/layout.ts";
import { pack, widen } from "./_host_data.ts";
import { type BufferPool, type GpuBuffer, gpuBytesOf, type Lease } from "./buffers.ts";
import type { Dispatch, Plan, Planned } from "./plan.ts";
import type { Readback } from "./readback.ts";
import type { Task } from "./timeline.ts";

/** Dispatches of one command buffer at most, so that long programs start while they are being recorded. */
const maxRecorded = 4096;
/** Iterations of a `while` before the host looks for the first time whether it is over, and at most between looks. */
const firstLook = 4;
const longestLook = 256;

/** What all programs of a device share. */
export interface Machine {
  readonly device: GPUDevice;
  readonly pool: BufferPool;
  readonly readback: Readback;
}

/** What belongs to a program for as long as it exists. */
export interface Resident {
  readonly constants: ReadonlyMap<number, GpuBuffer>;
  readonly uniforms: GPUBuffer | null;
  readonly table: GPUBuffer | null;
  readonly slots: GPUBuffer | null;
}

/** One call of a program. */
export class Run {
  readonly #machine: Machine;
  readonly #program: Program;
  readonly #plan: Plan;
  readonly #resident: Resident;
  readonly #memory: (GPUBuffer | null)[];
  readonly #leases = new Map<number, Lease>();
  readonly #counters = new Map<number, number>();
  readonly #groups = new Map<Dispatch, GPUBindGroup>();
  #encoder: GPUCommandEncoder | null = null;
  #pass: GPUComputePassEncoder | null = null;
  #recorded = 0;

  constructor(
    machine: Machine,
    compiled: { readonly program: Program; readonly plan: Plan; readonly resident: Resident },
    inputs: readonly GPUBuffer[],
    outputs: readonly GPUBuffer[],
  ) {
    this.#machine = machine;
    this.#program = compiled.program;
    this.#plan = compiled.plan;
    this.#resident = compiled.resident;
    this.#memory = compiled.program.buffers.map(() => null);
    for (const [number, buffer] of compiled.resident.constants) this.#memory[number] = buffer.gpu;
    compiled.program.inputs.forEach((number, i) => this.#memory[number] = inputs[i]!);
    compiled.program.outputs.forEach((number, i) => this.#memory[number] = outputs[i]!);
  }

  /** Runs the program; yields where the host has to wait. */
  *run(): Task {
    try {
      for (const { step, acquire, release } of this.#plan.steps) {
        for (const number of acquire) this.#acquire(number);
        if (step.kind === "dispatch") this.#dispatch(step);
        else yield* this.#step(step);
        for (const number of release) this.#release(number);
      }
      this.#submit();
    } finally {
      for (const number of [...this.#leases.keys()]) this.#release(number);
    }
  }

  #acquire(number: number): void {
    const { bytes, storage } = this.#program.buffers[number]!;
    const lease = this.#machine.pool.acquire(gpuBytesOf(bytes, storage));
    this.#leases.set(number, lease);
    this.#memory[number] = lease.gpu;
  }

  /** Later dispatches may use the memory at once: they run after those that are recorded already. */
  #release(number: number): void {
    this.#machine.pool.release(this.#leases.get(number)!);
    this.#leases.delete(number);
  }

  *#steps(list: readonly Planned[]): Task {
    for (const step of list) {
      if (step.kind === "dispatch") this.#dispatch(step);
      else yield* this.#step(step);
    }
  }

  *#step(step: Exclude<Planned, Dispatch>): Task {
    switch (step.kind) {
      case "sequence":
        return yield* this.#steps(step.steps);
      case "loop":
        for (let i = 0; i < step.count; i++) {
          this.#counters.set(step.counter, step.reverse ? step.count - 1 - i : i);
          yield* this.#steps(step.body);
        }
        return;
      case "while":
        return yield* this.#while(step);
      case "callback":
        return yield* this.#callback(step);
    }
  }

  *#while(step: Extract<Planned, { kind: "while" }>): Task {
    this.#dispatch(step.start);
    for (let look = firstLook;; look = Math.min(2 * look, longestLook)) {
      for (let i = 0; i < look; i++) {
        yield* this.#steps(step.condition);
        this.#dispatch(step.test);
        yield* this.#steps(step.body);
      }
      const goesOn = { value: false };
      yield* this.#isOpen(step.alive, goesOn);
      if (!goesOn.value) return;
    }
  }

  /** Reads whether a slot is open. */
  *#isOpen(slot: number, result: { value: boolean }): Task {
    const source = this.#resident.slots!;
    yield this.#read(source, 12 * slot, 4, (data) => result.value = new Uint32Array(data)[0] !== 0);
  }

  /** Submits what is recorded, then hands bytes of a buffer to `use`. */
  #read(
    source: GPUBuffer,
    offset: number,
    bytes: number,
    use: (data: ArrayBuffer) => void,
  ): Promise<void> {
    this.#submit();
    return this.#machine.readback.read(source, offset, bytes).then(use);
  }

  *#callback(step: Extract<Planned, { kind: "callback" }>): Task {
    if (step.slot >= 0) {
      const runs = { value: false };
      yield* this.#isOpen(step.slot, runs);
      if (!runs.value) return;
    }
    const { callback } = step;
    const sizes = (types: typeof callback.inputs) =>
      types.map(({ shape, dtype }) => {
        const { storage, components } = layoutOf({ name: dtype });
        return { storage, count: shape.reduce((a, b) => a * b, components) };
      });
    const inputs: ArrayBufferView[] = [];
    for (const [i, { storage, count }] of sizes(callback.inputs).entries()) {
      const { dtype } = callback.inputs[i]!, { gpu, offset } = this.#place(step.inputs[i]!);
      const Host = typedArrayFor(asDType(dtype));
      const take = (data: ArrayBuffer): void => {
        const bytes = pack(data, storage);
        inputs.push(new Host(bytes.buffer, bytes.byteOffset, bytes.byteLength / Host.BYTES_PER_ELEMENT));
      };
      if (count === 0) take(new ArrayBuffer(0));
      else yield this.#read(gpu, offset, 4 * count, take);
    }
    this.#submit();
    const results = callback.call(inputs);
    for (const [i, { storage, count }] of sizes(callback.outputs).entries()) {
      const result = results[i], want = count * storageBytes[storage];
      if (result === undefined || result.byteLength !== want) {
        throw new RangeError(
          `callback: result ${i} has ${result?.byteLength ?? 0} bytes; ${callback.outputs[i]!.dtype}[${
            callback.outputs[i]!.shape.join(",")
          }] takes ${want}`,
        );
      }
      if (count === 0) continue;
      const { gpu, offset } = this.#place(step.outputs[i]!);
      const bytes = new Uint8Array(result.buffer as ArrayBuffer, result.byteOffset, result.byteLength);
      this.#machine.device.queue.writeBuffer(gpu, offset, widen(bytes, storage));
    }
  }

  /** Where a place is now, in bytes of GPU memory. */
  #place({ buffer, offset, loops }: BufferRef): { gpu: GPUBuffer; offset: number } {
    const { storage } = this.#program.buffers[buffer]!;
    const at = loops.reduce((sum, l) => sum + this.#counters.get(l.counter)! * l.stride, offset);
    return { gpu: this.#memory[buffer]!, offset: gpuBytesOf(at, storage) };
  }

  #dispatch(step: Dispatch): void {
    if (this.#recorded >= maxRecorded) this.#submit();
    const { device } = this.#machine, { pipeline } = step.pipeline, { uniforms, groups } = step;
    this.#encoder ??= device.createCommandEncoder();
    const pass = this.#pass ??= this.#encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.#groups.get(step) ?? this.#bind(step), uniforms ? [this.#row(step)] : []);
    if (step.slot >= 0) pass.dispatchWorkgroupsIndirect(this.#resident.slots!, 12 * step.slot);
    else pass.dispatchWorkgroups(groups[0], groups[1]);
    this.#recorded++;
  }

  /** Byte offset of the uniforms for the present counters. */
  #row({ uniforms }: Dispatch): number {
    const { base, pitch, strides } = uniforms!;
    return strides.reduce(
      (at, { counter, stride }) => at + this.#counters.get(counter)! * stride * pitch,
      base,
    );
  }

  #bind(step: Dispatch): GPUBindGroup {
    const { resident, memory } = { resident: this.#resident, memory: this.#memory };
    const entries: GPUBindGroupEntry[] = step.buffers.map((buffer, binding) => {
      if (buffer === "slots") return { binding, resource: { buffer: resident.slots! } };
      if (buffer === "table") return { binding, resource: { buffer: resident.table! } };
      const { bytes, storage } = this.#program.buffers[buffer]!;
      const gpu = memory[buffer];
      if (!gpu) throw new RuntimeError(`INTERNAL: buffer ${buffer} of a GPU program has no memory`);
      return { binding, resource: { buffer: gpu, size: Math.max(4, gpuBytesOf(bytes, storage)) } };
    });
    if (step.uniforms) {
      entries.push({
        binding: entries.length,
        resource: { buffer: resident.uniforms!, size: step.uniforms.bytes },
      });
    }
    const group = this.#machine.device.createBindGroup({ layout: step.pipeline.layout, entries });
    this.#groups.set(step, group);
    return group;
  }

  #submit(): void {
    if (this.#encoder === null) return;
    this.#pass!.end();
    this.#machine.device.queue.submit([this.#encoder.finish()]);
    this.#encoder = null;
    this.#pass = null;
    this.#recorded = 0;
  }
}
