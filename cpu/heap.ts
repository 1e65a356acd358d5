/**
 * The CPU heap: `malloc` and `free` over one growable WebAssembly memory. Small blocks come from 64 KiB chunks of
 * equal slots with a free list each (mimalloc's layout), large ones from {@linkcode Spans} of pages. The size of a
 * block follows from its address, so blocks carry no header and no JavaScript object.
 *
 * @module
 */
import { RuntimeError } from "../core/errors.ts";
import { grown, PAGE_BYTES, Spans } from "./_spans.ts";
import { defaultLimit, environmentLimit, MAX_MEMORY_BYTES } from "./memory_limit.ts";

const WASM_PAGE_BYTES = 65536;
const PAGES_PER_WASM_PAGE = WASM_PAGE_BYTES / PAGE_BYTES;
const CHUNK_BYTES = 65536;
const CHUNK_PAGES = CHUNK_BYTES / PAGE_BYTES;
/** The largest block that comes from a chunk. */
const SMALL_BYTES = 16384;
/** The memory grows by at least this much, and by at least half of its size: V8 answers growth with collections. */
const GROWTH_BYTES = 256 * 2 ** 20;
/** Addresses below are never handed out, so that a zero pointer is recognisably none. */
const RESERVED_BYTES = 64;
const DEFAULT_STACK_BYTES = 256 * 1024;

/** Class of a small size: steps of 16 bytes to 128, then four classes to each doubling. */
export function sizeClass(bytes: number): number {
  if (bytes <= 128) return bytes <= 16 ? 0 : (bytes - 1) >>> 4;
  const log = 31 - Math.clz32(bytes - 1);
  return 4 * (log - 7) + (((bytes - 1) >>> (log - 2)) & 3) + 8;
}

function classSizes(): Uint32Array {
  const sizes: number[] = [];
  for (let size = 16; size <= 128; size += 16) sizes.push(size);
  for (let base = 128; base < SMALL_BYTES; base *= 2) {
    for (let quarter = 5; quarter <= 8; quarter++) sizes.push(base * quarter / 4);
  }
  return Uint32Array.from(sizes);
}

const SIZES = classSizes();

/** Bytes of a block of class `kind`. */
export function classSize(kind: number): number {
  return SIZES[kind]!;
}

/** How a {@linkcode Heap} is made. */
export interface HeapOptions {
  /** Whether the memory can be shared with workers. Default: false. */
  readonly shared?: boolean;
  /** Bytes the memory may grow to. Default: `JAXLET_MEMORY_LIMIT`, else {@linkcode defaultLimit}. */
  readonly limit?: number;
  /** Bytes of the stack for call tables. Default: 256 KiB. */
  readonly stackBytes?: number;
}

/** What a {@linkcode Heap} holds. Sizes count what blocks occupy, rounded up to their size class. */
export interface HeapStatistics {
  /** Bytes of all blocks that are allocated now. */
  readonly bytesInUse: number;
  /** The most that `bytesInUse` ever was. */
  readonly peakBytes: number;
  /** Blocks that are allocated now. */
  readonly blocks: number;
  /** Bytes of memory that were ever handed out: what the operating system may have had to provide. */
  readonly touchedBytes: number;
  /** 64 KiB pages of the WebAssembly memory. */
  readonly wasmPages: number;
  /** Bytes the memory may grow to. */
  readonly limit: number;
}

/** A WebAssembly memory of one page that can grow to 4 GiB less a page. */
export function createMemory({ shared = false }: { readonly shared?: boolean } = {}): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: MAX_MEMORY_BYTES / WASM_PAGE_BYTES, shared });
}

/** `2147483648` as `"2.00 GiB"`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), 4);
  return `${(bytes / 1024 ** power).toFixed(2)} ${["", "KiB", "MiB", "GiB", "TiB"][power]}`;
}

/**
 * An allocator over one WebAssembly memory. Blocks are aligned to 16 bytes, those of 256 bytes and more to 64, and
 * padded to a multiple of 16 bytes. Their contents are undefined. Only the heap may grow its memory.
 */
export class Heap {
  readonly memory: WebAssembly.Memory;
  /** Views of the whole memory. They are replaced when it grows, so hold the heap, not a view. */
  declare u8: Uint8Array;
  declare i8: Int8Array;
  declare u16: Uint16Array;
  declare i16: Int16Array;
  declare u32: Uint32Array;
  declare i32: Int32Array;
  declare f32: Float32Array;
  declare f64: Float64Array;
  declare i64: BigInt64Array;
  declare u64: BigUint64Array;
  declare view: DataView;
  /**
   * Called before memory would run out; frees what it can and says whether anything was freed. A collector sets it.
   */
  onExhausted: (() => boolean) | null = null;

  /** Null until it matters. */
  #limit: number | null;
  readonly #spans: Spans;
  readonly #stackEnd: number;
  #stackTop: number = RESERVED_BYTES;
  #bytesInUse = 0;
  #peakBytes = 0;
  #blocks = 0;

  /** For each class, first page of the first chunk that has a free slot; 0 if none has. */
  readonly #open: Int32Array = new Int32Array(SIZES.length);
  /** For each page: 1 + class where it is part of a chunk, else 0; and the first page of that chunk. */
  #kind: Uint8Array;
  #chunk: Int32Array;
  /** For the first page of each chunk: its free slots, its untouched slots, slots in use, neighbours in the open list. */
  #free: Uint32Array;
  #fresh: Uint32Array;
  #used: Uint16Array;
  #next: Int32Array;
  #previous: Int32Array;

  constructor(options: HeapOptions = {}) {
    this.#limit = options.limit ?? environmentLimit();
    this.memory = createMemory({ shared: options.shared ?? false });
    this.#stackEnd = RESERVED_BYTES + (options.stackBytes ?? DEFAULT_STACK_BYTES);
    const first = Math.ceil(this.#stackEnd / PAGE_BYTES);
    const initial = Math.ceil(first / PAGES_PER_WASM_PAGE);
    if (initial > 1) this.memory.grow(initial - 1);
    const pages = initial * PAGES_PER_WASM_PAGE;
    this.#spans = new Spans(first, pages);
    this.#kind = new Uint8Array(pages);
    this.#chunk = new Int32Array(pages);
    this.#free = new Uint32Array(pages);
    this.#fresh = new Uint32Array(pages);
    this.#used = new Uint16Array(pages);
    this.#next = new Int32Array(pages);
    this.#previous = new Int32Array(pages);
    this.#refreshViews();
  }

  /** Bytes the memory may grow to. */
  get limit(): number {
    return this.#limit ??= defaultLimit();
  }

  /**
   * Address of a new block of at least `bytes` bytes; 0 bytes give a block too.
   *
   * @throws {RuntimeError} `RESOURCE_EXHAUSTED` when the budget does not allow it.
   */
  malloc(bytes: number): number {
    if (bytes <= SMALL_BYTES) return this.#mallocSmall(sizeClass(bytes));
    const pages = Math.ceil(bytes / PAGE_BYTES);
    const start = this.#allocatePages(pages, bytes);
    this.#count(pages * PAGE_BYTES);
    return start * PAGE_BYTES;
  }

  /**
   * Gives the block at `ptr` back.
   *
   * @throws {RuntimeError} if `ptr` is not the address of a large block in use.
   */
  free(ptr: number): void {
    const page = ptr >>> 12;
    const kind = this.#kind[page] ?? 0;
    this.#blocks--;
    if (kind !== 0) {
      this.#bytesInUse -= SIZES[kind - 1]!;
      this.#freeSmall(ptr, this.#chunk[page]!, kind - 1);
      return;
    }
    const pages = this.#spans.lengthAt(page);
    if (pages === 0 || ptr % PAGE_BYTES !== 0) {
      this.#blocks++;
      throw new RuntimeError(`free: no block in use starts at address ${ptr}`);
    }
    this.#bytesInUse -= pages * PAGE_BYTES;
    this.#spans.release(page);
  }

  /** Bytes that the block at `ptr` occupies: what was asked for, rounded up. */
  sizeOf(ptr: number): number {
    const page = ptr >>> 12;
    const kind = this.#kind[page] ?? 0;
    return kind !== 0 ? SIZES[kind - 1]! : this.#spans.lengthAt(page) * PAGE_BYTES;
  }

  /** The top of the stack, to hand to {@linkcode stackReset} later. */
  get stackMark(): number {
    return this.#stackTop;
  }

  /**
   * Address of `bytes` bytes (aligned to 16) on the stack, valid until {@linkcode stackReset}.
   *
   * @throws {RuntimeError} if the stack is full.
   */
  stackAlloc(bytes: number): number {
    const ptr = this.#stackTop;
    const top = ptr + ((bytes + 15) & ~15);
    if (top > this.#stackEnd) {
      throw new RuntimeError(
        `RESOURCE_EXHAUSTED: Out of call-table memory allocating ${bytes} bytes: ` +
          `${ptr - RESERVED_BYTES} of ${
            this.#stackEnd - RESERVED_BYTES
          } bytes are in use (calls nest too deeply)`,
      );
    }
    this.#stackTop = top;
    return ptr;
  }

  /** Frees everything on the stack that was allocated since {@linkcode stackMark} was `mark`. */
  stackReset(mark: number): void {
    this.#stackTop = mark;
  }

  /** Bytes of all blocks that are allocated now. */
  get bytesInUse(): number {
    return this.#bytesInUse;
  }

  /** What the heap holds now. */
  statistics(): HeapStatistics {
    return {
      bytesInUse: this.#bytesInUse,
      peakBytes: this.#peakBytes,
      blocks: this.#blocks,
      touchedBytes: this.#spans.top * PAGE_BYTES,
      wasmPages: this.u8.length / WASM_PAGE_BYTES,
      limit: this.limit,
    };
  }

  #count(size: number): void {
    this.#blocks++;
    this.#bytesInUse += size;
    if (this.#bytesInUse > this.#peakBytes) this.#peakBytes = this.#bytesInUse;
  }

  #mallocSmall(kind: number): number {
    const size = SIZES[kind]!;
    const chunk = this.#open[kind]! || this.#openChunk(kind);
    let ptr = this.#free[chunk]!;
    if (ptr !== 0) {
      this.#free[chunk] = this.u32[ptr >>> 2]!;
    } else {
      ptr = this.#fresh[chunk]!;
      this.#fresh[chunk] = ptr + size;
    }
    if (++this.#used[chunk]! * size > CHUNK_BYTES - size) this.#unlink(chunk, kind);
    this.#count(size);
    return ptr;
  }

  #freeSmall(ptr: number, chunk: number, kind: number): void {
    const size = SIZES[kind]!;
    const used = this.#used[chunk]!;
    this.u32[ptr >>> 2] = this.#free[chunk]!;
    this.#free[chunk] = ptr;
    this.#used[chunk] = used - 1;
    if (used * size > CHUNK_BYTES - size) {
      this.#link(chunk, kind);
    } else if (used === 1 && (this.#next[chunk] !== 0 || this.#open[kind] !== chunk)) {
      this.#unlink(chunk, kind);
      this.#kind.fill(0, chunk, chunk + CHUNK_PAGES);
      this.#spans.release(chunk);
    }
  }

  #openChunk(kind: number): number {
    const chunk = this.#allocatePages(CHUNK_PAGES, SIZES[kind]!);
    this.#kind.fill(kind + 1, chunk, chunk + CHUNK_PAGES);
    this.#chunk.fill(chunk, chunk, chunk + CHUNK_PAGES);
    this.#free[chunk] = 0;
    this.#fresh[chunk] = chunk * PAGE_BYTES;
    this.#used[chunk] = 0;
    this.#link(chunk, kind);
    return chunk;
  }

  #link(chunk: number, kind: number): void {
    const head = this.#open[kind]!;
    this.#next[chunk] = head;
    this.#previous[chunk] = 0;
    if (head !== 0) this.#previous[head] = chunk;
    this.#open[kind] = chunk;
  }

  #unlink(chunk: number, kind: number): void {
    const next = this.#next[chunk]!;
    const previous = this.#previous[chunk]!;
    if (next !== 0) this.#previous[next] = previous;
    if (previous !== 0) this.#next[previous] = next;
    else this.#open[kind] = next;
  }

  #allocatePages(pages: number, bytes: number): number {
    let start = this.#spans.allocate(pages);
    if (start < 0 && this.#grow(this.#spans.shortage(pages))) start = this.#spans.allocate(pages);
    if (start < 0 && this.onExhausted?.()) {
      start = this.#spans.allocate(pages);
      if (start < 0 && this.#grow(this.#spans.shortage(pages))) start = this.#spans.allocate(pages);
    }
    if (start < 0) throw this.#outOfMemory(bytes);
    return start;
  }

  /** Makes at least `pages` more pages available, if the budget and the engine allow it. */
  #grow(pages: number): boolean {
    const current = this.u8.length;
    const room = Math.floor(Math.min(this.limit, MAX_MEMORY_BYTES) / WASM_PAGE_BYTES) * WASM_PAGE_BYTES -
      current;
    const needed = Math.ceil(pages / PAGES_PER_WASM_PAGE) * WASM_PAGE_BYTES;
    if (needed > room) return false;
    const wanted = Math.max(needed, GROWTH_BYTES, current / 2);
    const bytes = Math.min(Math.ceil(wanted / WASM_PAGE_BYTES) * WASM_PAGE_BYTES, room);
    if (!this.#growBy(bytes) && !(bytes > needed && this.#growBy(needed))) return false;
    const end = this.u8.length / PAGE_BYTES;
    this.#spans.grow(end);
    this.#kind = grown(this.#kind, end);
    this.#chunk = grown(this.#chunk, end);
    this.#free = grown(this.#free, end);
    this.#fresh = grown(this.#fresh, end);
    this.#used = grown(this.#used, end);
    this.#next = grown(this.#next, end);
    this.#previous = grown(this.#previous, end);
    return true;
  }

  #growBy(bytes: number): boolean {
    try {
      this.memory.grow(bytes / WASM_PAGE_BYTES);
    } catch {
      return false; // The engine or the operating system refused.
    }
    this.#refreshViews();
    return true;
  }

  #refreshViews(): void {
    const buffer = this.memory.buffer;
    this.u8 = new Uint8Array(buffer);
    this.i8 = new Int8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.i16 = new Int16Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.i64 = new BigInt64Array(buffer);
    this.u64 = new BigUint64Array(buffer);
    this.view = new DataView(buffer);
  }

  #outOfMemory(bytes: number): RuntimeError {
    return new RuntimeError(
      `RESOURCE_EXHAUSTED: Out of memory allocating ${bytes} bytes: ${formatBytes(this.#bytesInUse)} ` +
        `(${this.#bytesInUse} bytes in ${this.#blocks} blocks) of the budget of ${
          formatBytes(this.limit)
        } are in ` +
        `use. Drop references to arrays that are no longer needed, or raise the budget with the environment ` +
        `variable JAXLET_MEMORY_LIMIT (for example JAXLET_MEMORY_LIMIT=3G)`,
    );
  }
}
