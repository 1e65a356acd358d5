/**
 * The GPU device: arrays are WebGPU buffers, programs are compute pipelines. Dispatch is asynchronous: calls return at
 * once, and reading waits.
 *
 * @module
 */
import {
  type Backend,
  type Compiled,
  type CompiledStats,
  Device,
  type DeviceBuffer,
} from "../core/backend.ts";
import { RuntimeError } from "../core/errors.ts";
import { ClosedJaxpr, type Jaxpr } from "../core/jaxpr.ts";
import { lowerJaxpr } from "../kernel/lower.ts";
import type { Program } from "../kernel/ir.ts";
import { layoutOf } from "../kernel/layout.ts";
import { programText } from "../kernel/print.ts";
import { pack, widen } from "./_host_data.ts";
import { BufferPool, type GpuBuffer } from "./buffers.ts";
import { Pipelines } from "./kernels.ts";
import { type Plan, type PlanLimits, planProgram } from "./plan.ts";
import { Readback } from "./readback.ts";
import { type Machine, type Resident, Run } from "./run.ts";
import { type Epoch, type Task, Timeline } from "./timeline.ts";

/** Arrays that one kernel takes at most, however many the GPU allows. */
const mostArrays = 32;
/** Results up to this size come to the host while `blockUntilReady` waits. */
const smallBytes = 2 ** 20;
const wideTypes = new Set(["float64", "int64", "uint64", "complex128"]);

/** Frees what belongs to programs that are gone. */
const residents = new FinalizationRegistry<readonly GPUBuffer[]>((buffers) => {
  for (const buffer of buffers) buffer.destroy();
});

/** One call of a program. */
interface Call {
  readonly given: readonly GpuBuffer[];
  readonly from: readonly GPUBuffer[];
  readonly results: readonly GpuBuffer[];
  readonly to: readonly GPUBuffer[];
  /** Whether the function that made the call has not returned. */
  readonly caller: { readonly waits: boolean };
}

class GpuProgram implements Compiled {
  readonly #backend: GpuBackend;
  readonly #program: Program;
  readonly #plan: Plan;
  readonly #resident: Resident;

  constructor(backend: GpuBackend, program: Program) {
    const { device, pool } = backend;
    this.#backend = backend;
    this.#program = program;
    this.#plan = planProgram(program, backend.pipelines, backend.limits);
    const constants = new Map(program.constants.map(({ buffer, data }) => {
      const { storage } = program.buffers[buffer]!, memory = pool.allocate(data.byteLength, storage);
      if (data.byteLength > 0) device.queue.writeBuffer(memory.gpu, 0, widen(data, storage));
      return [buffer, memory] as const;
    }));
    const { UNIFORM, STORAGE, INDIRECT, COPY_DST, COPY_SRC } = GPUBufferUsage;
    const make = (bytes: number, usage: number): GPUBuffer | null =>
      bytes === 0 ? null : device.createBuffer({ size: bytes, usage: usage | COPY_DST });
    const uniforms = make(this.#plan.uniforms.byteLength, UNIFORM);
    const table = make(this.#plan.gates.byteLength, STORAGE);
    const slots = make(12 * this.#plan.slots, STORAGE | INDIRECT | COPY_SRC);
    if (uniforms) device.queue.writeBuffer(uniforms, 0, this.#plan.uniforms);
    if (table) device.queue.writeBuffer(table, 0, this.#plan.gates);
    this.#resident = { constants, uniforms, table, slots };
    residents.register(this, [uniforms, table, slots].filter((b) => b !== null));
  }

  call(inputs: readonly DeviceBuffer[], donated?: readonly boolean[]): readonly DeviceBuffer[] {
    const { timeline, pool } = this.#backend;
    timeline.begin();
    const given = inputs as readonly GpuBuffer[], from = given.map((buffer) => buffer.gpu);
    const { outputs, buffers } = this.#program;
    const results = outputs.map((b) => pool.allocate(buffers[b]!.bytes, buffers[b]!.storage));
    const to = results.map((buffer) => buffer.gpu);
    const caller = { waits: true };
    timeline.run(() => this.#run({ given, from, results, to, caller }));
    caller.waits = false;
    if (donated) given.forEach((buffer, i) => donated[i] && buffer.free());
    return results;
  }

  /** The call in its turn. Errors are the caller's, or those of reading the results once the caller is gone. */
  *#run({ given, from, results, to, caller }: Call): Task {
    const { timeline } = this.#backend;
    const failed = given.find((buffer) => buffer.failure !== null);
    if (failed) return results.forEach((buffer) => buffer.failure = failed.failure);
    const epochs = new Set<Epoch>();
    const compiled = { program: this.#program, plan: this.#plan, resident: this.#resident };
    try {
      timeline.begin();
      for (const blocker of new Run(this.#backend, compiled, from, to).run()) {
        epochs.add(timeline.epoch);
        yield blocker;
        timeline.begin();
      }
    } catch (error) {
      if (caller.waits) throw error;
      results.forEach((buffer) => buffer.failure = error as Error);
    }
    // The inputs are still reachable here, so that their memory was not given to others meanwhile.
    for (const buffer of given) epochs.add(buffer.epoch);
    const { epoch } = timeline;
    for (const earlier of epochs) if (earlier !== epoch) epoch.sources.add(earlier);
    results.forEach((buffer) => buffer.epoch = epoch);
  }

  text(): string {
    return [programText(this.#program), ...this.#plan.kernels.map(({ text }) => text)].join("\n\n");
  }

  stats(): CompiledStats {
    const { buffers, inputs, outputs, constants } = this.#program;
    const sum = (numbers: readonly number[]): number =>
      numbers.reduce((total, number) => total + buffers[number]!.bytes, 0);
    const argumentBytes = sum(inputs), outputBytes = sum(outputs);
    const temporaries = buffers.filter(({ role }) => role === "temp").reduce((n, { bytes }) => n + bytes, 0);
    return {
      argumentBytes,
      outputBytes,
      temporaryBytes: temporaries,
      codeBytes: this.#plan.kernels.reduce((n, { text }) => n + text.length, 0),
      flops: 0,
      bytesAccessed: argumentBytes + outputBytes + sum(constants.map(({ buffer }) => buffer)) +
        2 * temporaries,
    };
  }
}

/** The WebGPU device. */
export class GpuBackend implements Backend, Machine {
  readonly platform = "gpu";
  readonly devices: readonly Device[];
  readonly device: GPUDevice;
  readonly timeline: Timeline;
  readonly pool: BufferPool;
  readonly pipelines: Pipelines;
  readonly readback: Readback;
  readonly limits: PlanLimits;

  constructor(device: GPUDevice, kind: string) {
    this.device = device;
    this.timeline = new Timeline(device);
    this.pool = new BufferPool(device, this.timeline);
    this.pipelines = new Pipelines(device);
    this.readback = new Readback(device);
    this.limits = {
      alignment: device.limits.minUniformBufferOffsetAlignment,
      maxIterations: /llvmpipe/i.test(kind) ? 65000 : Infinity,
      maxBufferSize: device.limits.maxBufferSize,
    };
    this.devices = [new Device(this, 0, kind)];
  }

  upload(bytes: Uint8Array, dtypeName: string): DeviceBuffer {
    this.checkDType(dtypeName);
    this.timeline.begin();
    const { storage } = layoutOf({ name: dtypeName }), buffer = this.pool.allocate(bytes.byteLength, storage);
    if (bytes.byteLength > 0) this.device.queue.writeBuffer(buffer.gpu, 0, widen(bytes, storage));
    return buffer;
  }

  canRead(buffer: DeviceBuffer): boolean {
    return buffer.bytes === 0 || (buffer as GpuBuffer).host !== null;
  }

  read(buffer: DeviceBuffer): Uint8Array {
    return this.readRange(buffer, 0, buffer.bytes);
  }

  readRange(buffer: DeviceBuffer, from: number, to: number): Uint8Array {
    const { host, bytes } = buffer as GpuBuffer;
    if (bytes === 0) return new Uint8Array(0);
    if (host !== null) return host.slice(from, to);
    const small = bytes <= smallBytes ? " (or `await x.blockUntilReady()`)" : "";
    throw new RuntimeError(
      `The values of an array on ${
        this.devices[0]
      } are not on the host, and a GPU cannot be read synchronously. Await ` +
        `them first: \`await x.data()\`${small}, after which item(), toArray(), printing and the like work on x too; or ` +
        "`await deviceGet(tree)` for a whole tree",
    );
  }

  async readAsync(buffer: DeviceBuffer): Promise<Uint8Array> {
    const source = buffer as GpuBuffer;
    if (source.host === null && source.bytes > 0) {
      const { gpu, gpuBytes, storage } = source;
      this.timeline.begin();
      const data = await new Promise<ArrayBuffer>((resolve, reject) =>
        this.timeline.afterwards(() => this.readback.read(gpu, 0, gpuBytes).then(resolve, reject))
      );
      await this.#check(source);
      source.host = pack(data, storage);
    }
    return source.host?.slice() ?? new Uint8Array(0);
  }

  async ready(buffer: DeviceBuffer): Promise<void> {
    const source = buffer as GpuBuffer;
    if (source.host !== null) return;
    if (source.bytes <= smallBytes) return void await this.readAsync(buffer);
    await new Promise<void>((resolve, reject) =>
      this.timeline.afterwards(() => this.device.queue.onSubmittedWorkDone().then(resolve, reject))
    );
    await this.#check(source);
  }

  async #check(buffer: GpuBuffer): Promise<void> {
    if (buffer.failure) throw buffer.failure;
    await this.timeline.check(buffer.epoch);
  }

  compile(jaxpr: Jaxpr): Compiled {
    for (const { dtype } of [...jaxpr.inAvals, ...jaxpr.outAvals]) this.checkDType(dtype.name);
    const limit = this.device.limits.maxStorageBuffersPerShaderStage;
    const program = lowerJaxpr(new ClosedJaxpr(jaxpr), {
      maxArrays: Math.min(limit, mostArrays),
      wide: false,
      threads: "many",
    });
    return this.load(program);
  }

  /** Makes pipelines of a lowered program. */
  load(program: Program): Compiled {
    this.timeline.begin();
    return new GpuProgram(this, program);
  }

  checkDType(dtypeName: string): void {
    if (!wideTypes.has(dtypeName)) return;
    const narrow = dtypeName === "complex128" ? "complex64" : dtypeName.replace("64", "32");
    throw new TypeError(
      `${dtypeName} arrays cannot live on a GPU: WebGPU has no 64-bit types. Cast to ${narrow} first, ` +
        `x.astype("${narrow}"), or keep the array on the CPU, devicePut(x, "cpu")`,
    );
  }
}
