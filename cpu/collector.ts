/**
 * Ownership of heap memory by garbage-collected objects. An array owns a {@linkcode Block}; when the block object becomes
 * unreachable its memory is freed, also inside one long synchronous job, where no `FinalizationRegistry` callback runs:
 * the collector sweeps, i.e. asks the engine for a collection and looks which of its `WeakRef`s are empty.
 *
 * A `WeakRef` costs about 0.4 us in V8. Small blocks therefore share one: they come in batches, every block holds its
 * batch, and the memory of a batch is freed when all of its blocks are gone.
 *
 * @module
 */
import { RuntimeError } from "../core/errors.ts";
import { type EngineGc, engineGc } from "../core/engine_gc.ts";
import { Pacer } from "../core/pacer.ts";
import { classSize, type Heap, sizeClass } from "./heap.ts";

/** Blocks up to this size come in batches of up to eight, of up to 16 KiB together. */
const BATCHED_BYTES = 4096;
const BATCH_BLOCKS = 8;
const BATCH_BYTES = 16384;
/**
 * New references after which their targets may die. The engine's own collections then find most of them dead and young,
 * and the list that keeps them does not grow old itself.
 */
const KEPT_ALIVE = 64;
/** Young collections that may fail in a row before they are no longer tried. */
const YOUNG_TRIALS = 2;
/** Collections after which an object is surely old. */
const SENTINEL_AGE = 3;
/** Old references that are looked at in every sweep, beside half as many as there are new ones. */
const OLD_VISITS = 64;

/** A weak reference to the batch that owns the memory at `ptr`, which is 0 once that was freed. */
class Tracked extends WeakRef<Batch> {
  ptr: number;
  readonly #heap: Heap;

  constructor(batch: Batch, heap: Heap) {
    super(batch);
    this.ptr = batch.ptr;
    this.#heap = heap;
  }

  release(): void {
    if (this.ptr !== 0) this.#heap.free(this.ptr);
    this.ptr = 0;
  }
}

/** Memory of one or more blocks of equal size that is freed together. */
class Batch {
  readonly ptr: number;
  /** Bytes from one block to the next, and where the last one ends. */
  readonly stride: number;
  readonly end: number;
  /** Where the next block goes. */
  next: number;
  /** Blocks that were handed out and not freed explicitly. */
  live = 0;
  /** Null as long as the collector hands out blocks of this batch. */
  tracked: Tracked | null = null;

  constructor(ptr: number, stride: number, count: number) {
    this.ptr = ptr;
    this.stride = stride;
    this.end = ptr + stride * count;
    this.next = ptr;
  }

  release(): void {
    if (--this.live > 0) return;
    if (this.tracked !== null) this.tracked.release();
    else this.next = this.ptr;
  }
}

/**
 * Memory on the heap that lives as long as this object is reachable, or until {@linkcode free}. Only
 * {@linkcode Collector.allocate} makes blocks.
 *
 * Sweeps happen only inside `allocate` (and `Heap.malloc` when memory is exhausted). Read `ptr` after the last allocation
 * of an operation: an optimising compiler may let a block die once only its address is in use.
 */
export class Block {
  /** Bytes that were asked for. The memory is padded to a multiple of 16 bytes. */
  readonly bytes: number;
  readonly #ptr: number;
  #batch: Batch | null;

  constructor(ptr: number, bytes: number, batch: Batch) {
    this.bytes = bytes;
    this.#ptr = ptr;
    this.#batch = batch;
  }

  /**
   * Address of the first byte.
   *
   * @throws {RuntimeError} if the block was freed.
   */
  get ptr(): number {
    if (this.#batch === null) throw new RuntimeError("Array has been deleted: its memory was freed");
    return this.#ptr;
  }

  /** Whether {@linkcode free} was called. */
  get freed(): boolean {
    return this.#batch === null;
  }

  /** Gives the memory back now. Calling it again does nothing. */
  free(): void {
    const batch = this.#batch;
    this.#batch = null;
    batch?.release();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

/** What a {@linkcode Collector} did. */
export interface CollectorStatistics {
  /** Sweeps so far. */
  readonly sweeps: number;
  /** How many of them collected the whole JavaScript heap. */
  readonly fullSweeps: number;
  /** Milliseconds that sweeps took altogether. */
  readonly sweepTime: number;
  /** Weak references that are watched: one for each large block and each batch of small ones. */
  readonly tracked: number;
}

/** How thoroughly to sweep: at least look for owners that died young, or look for all. */
export type SweepKind = "young" | "full";

/**
 * Hands out {@linkcode Block}s of a heap and frees those that became unreachable. A heap has at most one collector.
 */
export class Collector {
  readonly heap: Heap;
  readonly #pacer: Pacer;
  /** Undefined until the first sweep: getting it takes milliseconds. */
  #engine: EngineGc | null | undefined;
  /** Young collections that failed since the last that worked. */
  #youngFailures = 0;

  /** For each size class the batch that small blocks are taken from. */
  readonly #open: (Batch | null)[] = [];
  /** References made since the last sweep, those that survived one sweep, and the others. */
  #young: Tracked[] = [];
  #aging: Tracked[] = [];
  readonly #old: Tracked[] = [];
  /** Where the next partial walk of the old references goes on. */
  #cursor = 0;

  /** Bytes in use after the last sweep. */
  #live = 0;
  #keptAlive = 0;
  #sweeping = false;
  #sweeps = 0;
  #fullSweeps = 0;
  #sweepTime = 0;

  /**
   * Two sentinels stand for all owners: one dies with the next collection, one is held until it is old and dies with the
   * next that collects old objects. Then the references tell who else died. Between jobs references to old objects are
   * not read at other times, since a reference that is read while the engine marks keeps its target for that cycle.
   */
  readonly #registry: FinalizationRegistry<SweepKind>;
  #youngSentinel = false;
  #oldSentinel: object | null | undefined;
  #collectionsSeen = 0;

  /** `engine` replaces the JavaScript engine's collector; null stands for an engine that offers none. */
  constructor(heap: Heap, engine?: EngineGc | null) {
    this.heap = heap;
    this.#engine = engine;
    this.#pacer = new Pacer(heap, performance.now());
    this.#registry = new FinalizationRegistry((kind) => this.#collected(kind));
    heap.onExhausted = () => this.sweep("full") > 0;
  }

  /** Whether memory can be swept inside a job. Where not, it is freed between jobs and by {@linkcode Block.free}. */
  get available(): boolean {
    return this.#gc() !== null;
  }

  /**
   * A new block of `bytes` bytes (0 is allowed) with undefined contents. May sweep first.
   *
   * @throws {RuntimeError} `RESOURCE_EXHAUSTED` when the heap's budget does not allow it.
   */
  allocate(bytes: number): Block {
    const batched = bytes <= BATCHED_BYTES;
    const kind = batched ? sizeClass(bytes) : -1;
    const batch = (batched ? this.#open[kind] : null) ?? this.#newBatch(bytes, kind);
    const ptr = batch.next;
    batch.next += batch.stride;
    batch.live++;
    if (batch.next === batch.end) {
      if (batched) this.#open[kind] = null;
      this.#track(batch);
    }
    return new Block(ptr, bytes, batch);
  }

  /**
   * Frees the memory of unreachable blocks now; returns how many bytes that gave. Where no collector is
   * {@linkcode available} it only looks for what the engine has collected by itself.
   */
  sweep(kind: SweepKind = "full"): number {
    if (this.#sweeping) return 0;
    this.#sweeping = true;
    try {
      const gc = this.#gc();
      const start = performance.now();
      const before = this.heap.bytesInUse;
      const young = kind === "young" && gc !== null && !this.#pacer.affordsFull(start) &&
        this.#sweepYoung(gc);
      const middle = performance.now();
      const full = !young || this.#pacer.wantsFull(this.heap.bytesInUse, middle);
      if (full) this.#sweepFull(gc);
      this.#watch();
      const end = performance.now();
      const live = this.heap.bytesInUse;
      const freed = before - live;
      this.#pacer.record({ young, full, start, middle, end, added: before - this.#live, freed, live });
      this.#live = live;
      this.#sweeps++;
      this.#sweepTime += end - start;
      return freed;
    } finally {
      this.#sweeping = false;
    }
  }

  /** What was done so far. */
  statistics(): CollectorStatistics {
    return {
      sweeps: this.#sweeps,
      fullSweeps: this.#fullSweeps,
      sweepTime: this.#sweepTime,
      tracked: this.#young.length + this.#aging.length + this.#old.length,
    };
  }

  #gc(): EngineGc | null {
    return this.#engine === undefined ? this.#engine = engineGc() : this.#engine;
  }

  #newBatch(bytes: number, kind: number): Batch {
    const stride = kind < 0 ? bytes : classSize(kind);
    const count = kind < 0 ? 1 : Math.min(BATCH_BLOCKS, Math.floor(BATCH_BYTES / stride));
    const size = stride * count;
    if (this.#sweepIsDue(size)) this.sweep("young");
    const batch = new Batch(this.heap.malloc(size), stride, count);
    if (kind >= 0) this.#open[kind] = batch;
    return batch;
  }

  #sweepIsDue(bytes: number): boolean {
    if (this.heap.bytesInUse + bytes - this.#live > this.#pacer.bytes) return true;
    if (this.#young.length < this.#pacer.references) return false;
    // Those whose blocks were freed explicitly do not count.
    this.#young = this.#young.filter((tracked) => tracked.ptr !== 0);
    return this.#young.length >= this.#pacer.references / 2;
  }

  #track(batch: Batch): void {
    batch.tracked = new Tracked(batch, this.heap);
    this.#young.push(batch.tracked);
    if (!this.#youngSentinel) this.#watch();
    if (++this.#keptAlive < KEPT_ALIVE) return;
    this.#keptAlive = 0;
    this.#engine?.endKeptAlive();
  }

  /** Whether a young collection worked. */
  #sweepYoung(gc: EngineGc): boolean {
    if (this.#youngFailures >= YOUNG_TRIALS) return false;
    // The first may have had to let an incremental marking finish.
    if (!gc.collectYoung() && !gc.collectYoung()) {
      this.#youngFailures++;
      return false;
    }
    this.#youngFailures = 0;
    this.#walk(OLD_VISITS + (this.#young.length >>> 1));
    gc.endKeptAlive();
    return true;
  }

  #sweepFull(gc: EngineGc | null): void {
    gc?.endKeptAlive();
    gc?.collect();
    this.#walk(Infinity);
    gc?.endKeptAlive();
    this.#fullSweeps++;
  }

  /** Frees what dead owners owned; looks at no more than `visits` old references. */
  #walk(visits: number): void {
    this.#walkOld(visits);
    for (const tracked of this.#aging) {
      if (isLive(tracked)) this.#old.push(tracked);
    }
    this.#aging = this.#young.filter(isLive);
    this.#young = [];
  }

  #walkOld(visits: number): void {
    const old = this.#old;
    for (let left = Math.min(visits, old.length); left > 0; left--) {
      if (this.#cursor >= old.length) this.#cursor = 0;
      if (isLive(old[this.#cursor]!)) {
        this.#cursor++;
        continue;
      }
      old[this.#cursor] = old[old.length - 1]!;
      old.pop();
    }
  }

  /** Registers the sentinels that are missing. */
  #watch(): void {
    if (this.#young.length + this.#aging.length + this.#old.length === 0) return;
    if (!this.#youngSentinel) this.#registry.register({}, "young");
    this.#youngSentinel = true;
    if (this.#oldSentinel !== undefined) return;
    this.#oldSentinel = {};
    this.#collectionsSeen = 0;
    this.#registry.register(this.#oldSentinel, "full");
  }

  /** Called between jobs after the engine collected. */
  #collected(kind: SweepKind): void {
    if (kind === "full") this.#oldSentinel = undefined;
    else this.#youngSentinel = false;
    if (++this.#collectionsSeen === SENTINEL_AGE && this.#oldSentinel) this.#oldSentinel = null;
    this.#walk(kind === "full" ? Infinity : 0);
    this.#watch();
  }
}

/** Whether memory is still owned; frees it if its owner is gone. */
function isLive(tracked: Tracked): boolean {
  if (tracked.ptr === 0) return false;
  if (tracked.deref() !== undefined) return true;
  tracked.release();
  return false;
}
