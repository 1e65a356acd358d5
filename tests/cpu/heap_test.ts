/**
 * The heap's allocator: blocks never overlap, are aligned, are reused and merged, and running out is an error that helps.
 */
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { RuntimeError, ValueError } from "../../core/errors.ts";
import { classSize, createMemory, formatBytes, Heap, sizeClass } from "../../cpu/heap.ts";
import { defaultLimit, environmentLimit, parseBytes } from "../../cpu/memory_limit.ts";

const MIB = 2 ** 20;

/** Deterministic numbers in [0, 1) (Numerical Recipes' linear congruential generator). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

Deno.test("size classes hold their sizes and waste at most a quarter beyond 64 bytes", () => {
  for (let bytes = 0; bytes <= 16384; bytes++) {
    const kind = sizeClass(bytes);
    assert(classSize(kind) >= bytes, `${bytes} bytes in class ${kind}`);
    if (kind > 0) assert(classSize(kind - 1) < bytes, `${bytes} bytes fit class ${kind - 1}`);
    if (bytes > 64) assert(classSize(kind) <= 1.25 * bytes + 12, `${bytes} bytes take ${classSize(kind)}`);
  }
});

Deno.test("blocks are aligned, distinct and reused", () => {
  const heap = new Heap({ limit: 64 * MIB });
  const sizes = [0, 1, 16, 40, 100, 256, 300, 1000, 4096, 16384, 16385, 70000, MIB];
  const blocks = sizes.map((size) => heap.malloc(size));
  blocks.forEach((ptr, i) => {
    assert(ptr > 0 && ptr % (sizes[i]! >= 256 ? 64 : 16) === 0, `${sizes[i]} bytes at ${ptr}`);
    assert(heap.sizeOf(ptr) >= Math.max(sizes[i]!, 1) && heap.sizeOf(ptr) % 16 === 0);
  });
  assertEquals(new Set(blocks).size, blocks.length);
  for (const size of sizes) {
    const ptr = heap.malloc(size);
    heap.free(ptr);
    assertEquals(heap.malloc(size), ptr, `${size} bytes`);
    heap.free(ptr);
  }
  blocks.forEach((ptr) => heap.free(ptr));
  assertEquals(heap.statistics().blocks, 0);
  assertEquals(heap.bytesInUse, 0);
});

Deno.test("random allocations never overlap, and freed memory merges again", () => {
  const heap = new Heap({ limit: 512 * MIB });
  const random = generator(7);
  const live = new Map<number, { words: number; mark: number }>();
  const check = (ptr: number, { words, mark }: { words: number; mark: number }) => {
    const first = ptr >>> 2;
    assert(heap.u32[first] === mark && heap.u32[first + words - 1] === mark + words - 1, `block at ${ptr}`);
  };
  for (let step = 1; step <= 60000; step++) {
    if (random() < 0.55) {
      const bytes = Math.max(Math.floor(2 ** (random() * (random() < 0.05 ? 21 : 14))), 4);
      const ptr = heap.malloc(bytes);
      assert(!live.has(ptr));
      const words = bytes >>> 2;
      const block = { words, mark: Math.floor(random() * 2 ** 31) };
      heap.u32[(ptr >>> 2) + words - 1] = block.mark + words - 1;
      if (words > 1) heap.u32[ptr >>> 2] = block.mark;
      else block.mark = heap.u32[ptr >>> 2]!;
      live.set(ptr, block);
    } else {
      // The order of a Map is that of insertion: skip some, so that blocks of all ages are freed.
      const skip = Math.floor(random() * 20);
      const ptr = [...take(live.keys(), skip + 1)].at(-1);
      if (ptr === undefined) continue;
      check(ptr, live.get(ptr)!);
      heap.free(ptr);
      live.delete(ptr);
    }
  }
  for (const [ptr, block] of live) {
    check(ptr, block);
    heap.free(ptr);
  }
  assertEquals(heap.bytesInUse, 0);
  const { touchedBytes } = heap.statistics();
  // Each size class keeps one empty chunk; what lies between them is whole again.
  while (heap.bytesInUse < 0.75 * touchedBytes) heap.malloc(256 * 1024);
  assertEquals(heap.statistics().touchedBytes, touchedBytes);
});

function* take<T>(items: Iterable<T>, count: number): Generator<T> {
  for (const item of items) {
    if (count-- <= 0) return;
    yield item;
  }
}

Deno.test("freed large blocks merge and are preferred to untouched memory", () => {
  const heap = new Heap({ limit: 256 * MIB });
  const blocks = Array.from({ length: 8 }, () => heap.malloc(4 * MIB));
  const before = heap.statistics().touchedBytes;
  for (const i of [3, 1, 2, 4]) heap.free(blocks[i]!);
  assertEquals(heap.malloc(16 * MIB), blocks[1]);
  heap.free(blocks[7]!);
  assertEquals(heap.malloc(6 * MIB), blocks[7], "the last free block is extended");
  assertEquals(heap.statistics().touchedBytes, before + 2 * MIB);
});

Deno.test("views follow the memory as it grows, and contents stay", () => {
  const heap = new Heap({ limit: 1024 * MIB });
  const ptr = heap.malloc(64);
  const old = heap.f64;
  heap.f64[ptr / 8] = 1.5;
  const big = heap.malloc(600 * MIB);
  assert(heap.f64 !== old);
  assertEquals(heap.f64[ptr / 8], 1.5);
  assertEquals(heap.u8.buffer, heap.memory.buffer);
  heap.u8[big + 600 * MIB - 1] = 9;
  assertEquals(heap.view.getUint8(big + 600 * MIB - 1), 9);
});

Deno.test("addresses beyond 2 GiB work", () => {
  const heap = new Heap({ limit: 3.5 * 1024 * MIB });
  const far = heap.malloc(2.5 * 1024 * MIB);
  const ptr = heap.malloc(5 * MIB);
  const small = [heap.malloc(40), heap.malloc(40)];
  assert(ptr > 2 ** 31 && small[0]! > 2 ** 31);
  heap.free(small[0]!);
  heap.free(small[1]!);
  assertEquals([heap.malloc(40), heap.malloc(40)], [small[1], small[0]]);
  heap.free(ptr);
  heap.free(far);
  assertEquals(heap.malloc(5 * MIB), far);
});

Deno.test("a shared memory can be had", () => {
  const heap = new Heap({ shared: true, limit: 256 * MIB });
  assert(heap.memory.buffer instanceof SharedArrayBuffer);
  const ptr = heap.malloc(100 * MIB);
  heap.i32[ptr >>> 2] = 5;
  assertEquals(Atomics.load(new Int32Array(heap.memory.buffer, ptr, 1), 0), 5);
  assert(createMemory().buffer instanceof ArrayBuffer);
});

Deno.test("the stack gives memory back in reverse and says when it is full", () => {
  const heap = new Heap({ limit: 8 * MIB, stackBytes: 1024 });
  const mark = heap.stackMark;
  const first = heap.stackAlloc(20);
  const second = heap.stackAlloc(16);
  assertEquals([first % 16, second - first], [0, 32]);
  heap.stackReset(mark);
  assertEquals(heap.stackAlloc(1024), first);
  assertThrows(() => heap.stackAlloc(1), RuntimeError, "call-table memory");
});

Deno.test("running out of memory says how much, what is in use, and what to do", () => {
  const heap = new Heap({ limit: 16 * MIB });
  const block = heap.malloc(10 * MIB);
  const { message } = assertThrows(() => heap.malloc(8 * MIB), RuntimeError);
  assert(message.startsWith("RESOURCE_EXHAUSTED: Out of memory allocating 8388608 bytes"), message);
  assert(
    message.includes("10.00 MiB") && message.includes("16.00 MiB") && message.includes("JAXLET_MEMORY_LIMIT"),
  );
  assertEquals(heap.bytesInUse, 10 * MIB);
  heap.free(block);
  heap.free(heap.malloc(15 * MIB));
});

Deno.test("memory is asked back before it runs out", () => {
  const heap = new Heap({ limit: 16 * MIB });
  let spare = heap.malloc(10 * MIB);
  heap.onExhausted = () => {
    if (spare === 0) return false;
    heap.free(spare);
    spare = 0;
    return true;
  };
  const ptr = heap.malloc(12 * MIB);
  assertEquals(spare, 0);
  assertThrows(() => heap.malloc(12 * MIB), RuntimeError, "RESOURCE_EXHAUSTED");
  heap.free(ptr);
});

Deno.test("freeing what is no block is an error", () => {
  const heap = new Heap({ limit: 64 * MIB });
  const ptr = heap.malloc(MIB);
  assertThrows(() => heap.free(ptr + 64), RuntimeError, `${ptr + 64}`);
  heap.free(ptr);
  assertThrows(() => heap.free(ptr), RuntimeError, "no block in use");
  assertEquals(heap.statistics().blocks, 0);
});

Deno.test("sizes are parsed and printed", () => {
  assertEquals(["512M", "2G", "1.5GiB", "1000000", " 3 kb "].map(parseBytes), [
    512 * MIB,
    2048 * MIB,
    1536 * MIB,
    1000000,
    3072,
  ]);
  for (const text of ["", "much", "-1", "0", "2X", "1e9"]) {
    assertThrows(() => parseBytes(text), ValueError, "JAXLET_MEMORY_LIMIT");
  }
  assertEquals([1000, 1536, 2 ** 31].map(formatBytes), ["1000 bytes", "1.50 KiB", "2.00 GiB"]);
  assert(defaultLimit() >= 256 * MIB && defaultLimit() <= 3.5 * 1024 * MIB);
  assertEquals(new Heap().limit, environmentLimit() ?? defaultLimit());
});
