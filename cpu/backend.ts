/**
 * The CPU device: arrays are blocks of one heap, programs are WebAssembly modules on it. Importing this module
 * registers the device.
 *
 * @module
 */
import {
  type Backend,
  type Compiled,
  type CompiledStats,
  Device,
  type DeviceBuffer,
  registerBackend,
} from "../core/backend.ts";
import { ClosedJaxpr, type Jaxpr } from "../core/jaxpr.ts";
import { lowerJaxpr } from "../kernel/lower.ts";
import type { Program } from "../kernel/ir.ts";
import { type Block, Collector } from "./collector.ts";
import { compileProgram, type Executable } from "./executable.ts";
import { Heap } from "./heap.ts";

/** Blocks of the calls that are running: they are reachable from here while only their addresses are in use. */
interface Running {
  readonly inputs: readonly DeviceBuffer[];
  readonly outputs: readonly Block[];
  readonly outer: Running | null;
}
let running: Running | null = null;

class CpuProgram implements Compiled {
  readonly #collector: Collector;
  readonly #executable: Executable;
  readonly #outputBytes: readonly number[];

  constructor(program: Program, collector: Collector) {
    this.#collector = collector;
    this.#executable = compileProgram(program, { heap: collector.heap });
    this.#outputBytes = program.outputs.map((buffer) => program.buffers[buffer]!.bytes);
  }

  call(inputs: readonly DeviceBuffer[], donated?: readonly boolean[]): readonly DeviceBuffer[] {
    const outputs = this.#outputBytes.map((bytes) => this.#collector.allocate(bytes));
    const outer = running;
    running = { inputs, outputs, outer };
    try {
      this.#executable.call((inputs as readonly Block[]).map(addressOf), outputs.map(addressOf));
    } finally {
      running = outer;
    }
    if (donated) inputs.forEach((buffer, i) => donated[i] && buffer.free());
    return outputs;
  }

  text(): string {
    return this.#executable.text();
  }

  stats(): CompiledStats {
    const { program, wasm } = this.#executable;
    const sum = (buffers: readonly number[]): number =>
      buffers.reduce((total, buffer) => total + program.buffers[buffer]!.bytes, 0);
    const argumentBytes = sum(program.inputs), outputBytes = sum(program.outputs);
    const constantBytes = sum(program.constants.map(({ buffer }) => buffer));
    return {
      argumentBytes,
      outputBytes,
      temporaryBytes: program.arenaBytes,
      codeBytes: wasm.length,
      flops: this.#executable.costs().reduce((total, { cost }) => total + cost, 0),
      bytesAccessed: argumentBytes + outputBytes + constantBytes + 2 * program.arenaBytes,
    };
  }
}

function addressOf(block: Block): number {
  return block.ptr;
}

class CpuBackend implements Backend {
  readonly platform = "cpu";
  readonly devices: readonly Device[] = [new Device(this, 0, "cpu")];
  #made: Collector | null = null;

  /** Made at first use, because it reads the machine's memory size. */
  get collector(): Collector {
    return this.#made ??= new Collector(new Heap());
  }

  upload(bytes: Uint8Array): DeviceBuffer {
    const block = this.collector.allocate(bytes.byteLength);
    this.collector.heap.u8.set(bytes, block.ptr);
    return block;
  }

  read(buffer: DeviceBuffer): Uint8Array {
    return this.readRange(buffer, 0, buffer.bytes);
  }

  readRange(buffer: DeviceBuffer, from: number, to: number): Uint8Array {
    const { ptr } = buffer as Block;
    return this.collector.heap.u8.slice(ptr + from, ptr + to);
  }

  readAsync(buffer: DeviceBuffer): Promise<Uint8Array> {
    return Promise.resolve(this.read(buffer));
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  compile(jaxpr: Jaxpr): Compiled {
    return new CpuProgram(lowerJaxpr(new ClosedJaxpr(jaxpr)), this.collector);
  }

  /** Every dtype lives here. */
  checkDType(): void {}
}

const backend = new CpuBackend();

/** The heap and collector of the CPU device, for memory statistics. */
export function cpuCollector(): Collector {
  return backend.collector;
}

registerBackend(backend);
