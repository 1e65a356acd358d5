/**
 * Runs of consecutive memory pages: a two-level segregated-fit allocator (Masmano et al., "TLSF", 2004) whose
 * bookkeeping lives in typed arrays beside the memory, never in it.
 *
 * @module
 */

/** Bytes of one page, the unit of {@linkcode Spans}. */
export const PAGE_BYTES = 4096;

/** Eight bins to each doubling of the size; sizes up to 2^20 pages (4 GiB). */
const BINS = 160;
/** How many spans of the best-fitting bin are tried before a larger bin is split. */
const PROBES = 16;

/** Bin that holds free spans of `pages` pages: exact below 16, then eight to a doubling. */
function binOf(pages: number): number {
  if (pages < 16) return pages;
  const log = 31 - Math.clz32(pages);
  return 8 * (log - 3) + (pages >>> (log - 3));
}

/** A copy of `table` with room for `length` entries. */
export function grown<T extends Int32Array | Uint8Array | Uint16Array | Uint32Array>(
  table: T,
  length: number,
): T {
  const copy = new (table.constructor as new (length: number) => T)(length);
  copy.set(table);
  return copy;
}

/**
 * Allocates spans of pages in `[first, end)`. Free spans are merged with their neighbours at once. Pages never
 * handed out before are used only where no free span fits: the first touch of a page is what costs.
 */
export class Spans {
  /** Start of the pages that were never handed out. */
  top: number;
  #end: number;
  /** At the first and last page of a span: its length, negative when the span is free. */
  #length: Int32Array;
  #next: Int32Array;
  #previous: Int32Array;
  readonly #heads: Int32Array = new Int32Array(BINS).fill(-1);
  readonly #occupied: Int32Array = new Int32Array((BINS + 31) >>> 5);

  constructor(first: number, end: number) {
    this.top = first;
    this.#end = end;
    this.#length = new Int32Array(end);
    this.#next = new Int32Array(end);
    this.#previous = new Int32Array(end);
  }

  /** Makes pages up to `end` available. */
  grow(end: number): void {
    this.#end = end;
    this.#length = grown(this.#length, end);
    this.#next = grown(this.#next, end);
    this.#previous = grown(this.#previous, end);
  }

  /** Pages of the span in use that starts at `start`; 0 where none does. */
  lengthAt(start: number): number {
    const length = this.#length[start] ?? 0;
    return length > 0 ? length : 0;
  }

  /** Pages beyond `end` that an allocation of `pages` needs when no free span fits. */
  shortage(pages: number): number {
    return this.top - this.#freeBefore(this.top) + pages - this.#end;
  }

  /** First page of a span of `pages` pages, or -1 where neither a free span nor untouched pages suffice. */
  allocate(pages: number): number {
    const found = this.#find(pages);
    if (found >= 0) return this.#take(found, pages);
    const tail = this.#freeBefore(this.top);
    const start = this.top - tail;
    if (start + pages > this.#end) return -1;
    if (tail > 0) this.#unlink(start);
    this.top = start + pages;
    this.#mark(start, pages, pages);
    return start;
  }

  /** Gives the span that starts at `start` back. */
  release(start: number): void {
    let first = start;
    let pages = this.#length[start]!;
    // A stale length inside a merged span must not look like a span in use.
    this.#length[start] = 0;
    this.#length[start + pages - 1] = 0;
    const after = start + pages;
    if (after < this.top && this.#length[after]! < 0) {
      const length = -this.#length[after]!;
      this.#unlink(after);
      pages += length;
    }
    const before = this.#freeBefore(start);
    if (before > 0) {
      first = start - before;
      this.#unlink(first);
      pages += before;
    }
    this.#link(first, pages);
  }

  /** Length of the free span that ends right before `page`, 0 if there is none. */
  #freeBefore(page: number): number {
    const length = page > 0 ? this.#length[page - 1]! : 0;
    return length < 0 ? -length : 0;
  }

  #find(pages: number): number {
    const bin = binOf(pages);
    let candidate = this.#heads[bin]!;
    for (let i = 0; i < PROBES && candidate >= 0; i++) {
      if (-this.#length[candidate]! >= pages) return candidate;
      candidate = this.#next[candidate]!;
    }
    const from = bin + 1;
    let word = from >>> 5;
    let bits = (this.#occupied[word] ?? 0) & (-1 << (from & 31));
    while (bits === 0) {
      if (++word >= this.#occupied.length) return -1;
      bits = this.#occupied[word]!;
    }
    return this.#heads[(word << 5) + 31 - Math.clz32(bits & -bits)]!;
  }

  #take(start: number, pages: number): number {
    const rest = -this.#length[start]! - pages;
    this.#unlink(start);
    if (rest > 0) this.#link(start + pages, rest);
    this.#mark(start, pages, pages);
    return start;
  }

  #mark(start: number, pages: number, value: number): void {
    this.#length[start] = value;
    this.#length[start + pages - 1] = value;
  }

  #link(start: number, pages: number): void {
    this.#mark(start, pages, -pages);
    const bin = binOf(pages);
    const head = this.#heads[bin]!;
    this.#next[start] = head;
    this.#previous[start] = -1;
    if (head >= 0) this.#previous[head] = start;
    this.#heads[bin] = start;
    this.#occupied[bin >>> 5]! |= 1 << (bin & 31);
  }

  #unlink(start: number): void {
    const pages = -this.#length[start]!;
    const next = this.#next[start]!;
    const previous = this.#previous[start]!;
    if (next >= 0) this.#previous[next] = previous;
    if (previous >= 0) {
      this.#next[previous] = next;
    } else {
      const bin = binOf(pages);
      this.#heads[bin] = next;
      if (next < 0) this.#occupied[bin >>> 5]! &= ~(1 << (bin & 31));
    }
    this.#mark(start, pages, 0);
  }
}
