/**
 * Memory of a GPU: buffers come from a pool and go back to it when their owner becomes unreachable, also inside one
 * synchronous job.
 *
 * @module
 */
import type { DeviceBuffer } from "../core/backend.ts";
import { type EngineGc, engineGc } from "../core/engine_gc.ts";
import { RuntimeError } from "../core/errors.ts";
import { Pacer } from "../core/pacer.ts";
import { storageBytes, type StorageType } from "../kernel/ir.ts";
import type { Epoch, Timeline } from "./timeline.ts";

/** What sweeps are paced by: WebGPU does not say how much memory there is. */
const budget = { limit: 4 * 2 ** 30 };
/** Idle memory beyond this is given back to the system. */
const mostIdle = 2 ** 30;
/** New references after which their targets may die; see `cpu/collector.ts`. */
const keptAlive = 64;

/** A GPU buffer that is in use. */
export interface Lease {
  readonly gpu: GPUBuffer;
  /** Bytes, a size class. */
  readonly size: number;
  /** It was given back: the buffer may be in use by others. */
  over: boolean;
}

/** Elements in GPU memory, four bytes each, that live as long as this object is reachable or until {@linkcode free}. */
export class GpuBuffer implements DeviceBuffer {
  /** Bytes of the elements on the host. */
  readonly bytes: number;
  readonly storage: StorageType;
  /** The elements on the host, once they have been read. */
  host: Uint8Array | null = null;
  /** When it was written. */
  epoch: Epoch;
  /** Why the program that should have written it did not. */
  failure: Error | null = null;
  readonly #pool: BufferPool;
  #lease: Lease | null;

  constructor(
    pool: BufferPool,
    lease: Lease,
    info: { readonly bytes: number; readonly storage: StorageType; readonly epoch: Epoch },
  ) {
    this.#pool = pool;
    this.#lease = lease;
    this.bytes = info.bytes;
    this.storage = info.storage;
    this.epoch = info.epoch;
  }

  /** Bytes in GPU memory. */
  get gpuBytes(): number {
    return gpuBytesOf(this.bytes, this.storage);
  }

  /** The buffer; raises when it was freed. */
  get gpu(): GPUBuffer {
    if (this.#lease === null) throw new RuntimeError("Array has been deleted: its memory was freed");
    return this.#lease.gpu;
  }

  free(): void {
    const lease = this.#lease;
    this.#lease = null;
    if (lease !== null) this.#pool.releaseAfterwards(lease);
  }
}

/** Bytes in GPU memory of so many bytes on the host. */
export function gpuBytesOf(bytes: number, storage: StorageType): number {
  return bytes / storageBytes[storage] * 4;
}

/** The size class that holds so many bytes: four classes to each power of two. */
function classOf(bytes: number): number {
  if (bytes <= 64) return 64;
  const step = 2 ** Math.max(4, Math.floor(Math.log2(bytes)) - 2);
  return Math.ceil(bytes / step) * step;
}

class Tracked extends WeakRef<GpuBuffer> {
  readonly lease: Lease;
  constructor(buffer: GpuBuffer, lease: Lease) {
    super(buffer);
    this.lease = lease;
  }
}

/** The memory of one device. */
export class BufferPool {
  readonly #device: GPUDevice;
  readonly #timeline: Timeline;
  readonly #idle = new Map<number, GPUBuffer[]>();
  readonly #pacer: Pacer = new Pacer(budget, performance.now());
  readonly #registry: FinalizationRegistry<Lease> = new FinalizationRegistry((lease) => this.release(lease));
  #idleBytes = 0;
  #usedBytes = 0;
  #peakBytes = 0;
  /** Bytes in use after the last sweep. */
  #live = 0;
  #tracked: Tracked[] = [];
  #sinceSweep = 0;
  #engine: EngineGc | null | undefined;

  constructor(device: GPUDevice, timeline: Timeline) {
    this.#device = device;
    this.#timeline = timeline;
  }

  /** Bytes in use now, at most so far, and waiting to be used again. */
  get statistics(): { readonly used: number; readonly peak: number; readonly idle: number } {
    return { used: this.#usedBytes, peak: this.#peakBytes, idle: this.#idleBytes };
  }

  /** A buffer for elements of a storage type, which take so many bytes on the host. */
  allocate(bytes: number, storage: StorageType): GpuBuffer {
    const size = gpuBytesOf(bytes, storage);
    if (
      this.#usedBytes + size - this.#live > this.#pacer.bytes || this.#sinceSweep > this.#pacer.references
    ) {
      this.#sweep();
    }
    const lease = this.acquire(size);
    const buffer = new GpuBuffer(this, lease, { bytes, storage, epoch: this.#timeline.epoch });
    this.#tracked.push(new Tracked(buffer, lease));
    this.#registry.register(buffer, lease);
    if (++this.#sinceSweep % keptAlive === 0) this.#engine?.endKeptAlive();
    return buffer;
  }

  /** Memory without an owner: the caller releases it. */
  acquire(bytes: number): Lease {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.#device.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize), size = classOf(bytes);
    if (bytes > most) {
      throw new RuntimeError(
        `RESOURCE_EXHAUSTED: an array takes ${bytes} bytes of GPU memory (every element takes 4 bytes there), and ` +
          `this GPU's buffers can have at most ${most}. Compute in smaller blocks, or on the CPU: devicePut(x, "cpu")`,
      );
    }
    const waiting = this.#idle.get(size)?.pop();
    if (waiting) this.#idleBytes -= size;
    this.#usedBytes += size;
    this.#peakBytes = Math.max(this.#peakBytes, this.#usedBytes);
    const room = most - most % 4;
    return { gpu: waiting ?? this.#create(Math.min(size, room)), size, over: false };
  }

  /** Puts memory back that programs which wait to run may still need. */
  releaseAfterwards(lease: Lease): void {
    this.#timeline.afterwards(() => this.release(lease));
  }

  /** Puts memory back: what is recorded from now on may use it. */
  release(lease: Lease): void {
    if (lease.over) return;
    lease.over = true;
    const { gpu, size } = lease;
    this.#usedBytes -= size;
    if (this.#idleBytes + size > mostIdle) return gpu.destroy();
    this.#idleBytes += size;
    const list = this.#idle.get(size);
    if (list) list.push(gpu);
    else this.#idle.set(size, [gpu]);
  }

  #create(size: number): GPUBuffer {
    const { COPY_DST, COPY_SRC, STORAGE } = GPUBufferUsage;
    return this.#device.createBuffer({ size, usage: STORAGE | COPY_SRC | COPY_DST });
  }

  /** Releases the memory of unreachable buffers. */
  #sweep(): void {
    const gc = this.#engine === undefined ? this.#engine = engineGc() : this.#engine;
    const start = performance.now(), before = this.#usedBytes;
    const young = gc !== null && !this.#pacer.affordsFull(start) && gc.collectYoung();
    if (young) this.#walk();
    const middle = performance.now();
    const full = !young || this.#pacer.wantsFull(this.#usedBytes, middle);
    if (full) {
      gc?.endKeptAlive();
      gc?.collect();
      this.#walk();
    }
    gc?.endKeptAlive();
    const live = this.#usedBytes, added = before - this.#live;
    this.#pacer.record({
      young,
      full,
      start,
      middle,
      end: performance.now(),
      added,
      freed: before - live,
      live,
    });
    this.#live = live;
    this.#sinceSweep = 0;
  }

  #walk(): void {
    this.#tracked = this.#tracked.filter((ref) => {
      if (ref.lease.over) return false;
      if (ref.deref() !== undefined) return true;
      this.release(ref.lease);
      return false;
    });
  }
}
