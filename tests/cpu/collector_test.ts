/**
 * Blocks live exactly as long as they are reachable: nothing reachable is freed, and long synchronous jobs run in bounded
 * memory. `MockArray` stands for an array that owns a block.
 */
import process from "node:process";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { RuntimeError } from "../../core/errors.ts";
import { type Block, Collector } from "../../cpu/collector.ts";
import { Heap } from "../../cpu/heap.ts";

const MIB = 2 ** 20;

/** An array that owns a block, filled with its own number. */
class MockArray {
  static #count = 0;
  readonly block: Block;
  readonly shape: readonly number[];
  readonly mark: number;

  constructor(collector: Collector, bytes: number) {
    const { heap } = collector;
    this.block = collector.allocate(bytes);
    this.shape = [bytes >>> 2];
    this.mark = MockArray.#count = (MockArray.#count + 1) | 0;
    const first = this.block.ptr >>> 2;
    for (let i = 0; i < bytes >>> 2; i += 1024) heap.i32[first + i] = this.mark;
    if (bytes >= 4) heap.i32[first + (bytes >>> 2) - 1] = this.mark;
  }

  /** Fails if another block was given the same memory. */
  check(heap: Heap): void {
    const first = this.block.ptr >>> 2;
    const words = this.shape[0]!;
    for (let i = 0; i < words; i += 1024) assertEquals(heap.i32[first + i], this.mark);
    if (words > 0) assertEquals(heap.i32[first + words - 1], this.mark);
  }
}

function make(limit = 1024 * MIB): Collector {
  return new Collector(new Heap({ limit }));
}

function resident(): number {
  return process.memoryUsage().rss;
}

/** Runs `step` `count` times; the most that resident memory was above what it was before. */
function peakResident(count: number, step: (i: number) => void): number {
  const before = resident();
  const every = Math.ceil(count / 64);
  let peak = before;
  for (let i = 0; i < count; i++) {
    step(i);
    if (i % every === 0) peak = Math.max(peak, resident());
  }
  return Math.max(peak, resident()) - before;
}

/** Drops `count` blocks; a function of its own, so that no stack slot holds one. */
function drop(collector: Collector, count: number, bytes: number): void {
  for (let i = 0; i < count; i++) new MockArray(collector, bytes);
}

Deno.test("this engine's collector can be had", () => {
  assert(make().available);
});

Deno.test("a full sweep frees what is unreachable", () => {
  const collector = make();
  drop(collector, 1000, 5000);
  drop(collector, 10000, 40);
  const before = collector.heap.bytesInUse;
  const freed = collector.sweep();
  assert(freed > 0.98 * before, `${freed} of ${before} bytes`);
  assertEquals(collector.heap.bytesInUse, before - freed);
  assertEquals(collector.statistics().fullSweeps, 1);
});

Deno.test("1,000,000 small results in one job", () => {
  const collector = make();
  let last: MockArray | undefined;
  const peak = peakResident(1_000_000, () => last = new MockArray(collector, 40));
  last!.check(collector.heap);
  assert(peak < 300 * MIB, `${peak / MIB} MiB`);
  assert(collector.heap.statistics().peakBytes < 64 * MIB);
});

Deno.test("2,000 results of 8 MB in one job", () => {
  const collector = make(3.5 * 1024 * MIB);
  let previous: MockArray | undefined;
  const peak = peakResident(2000, () => {
    const next = new MockArray(collector, 8e6);
    previous?.check(collector.heap);
    previous = next;
  });
  assert(peak < 1500 * MIB, `${peak / MIB} MiB`);
});

Deno.test("20,000 steps that replace 4 MB of parameters", () => {
  const collector = make(3.5 * 1024 * MIB);
  const sizes = [3_000_000, 900_000, 100_000, 40];
  let parameters = sizes.map((size) => new MockArray(collector, size));
  const peak = peakResident(20_000, () => {
    parameters = parameters.map((old, i) => {
      old.check(collector.heap);
      return new MockArray(collector, sizes[i]!);
    });
  });
  parameters.forEach((array) => array.check(collector.heap));
  assert(peak < 1500 * MIB, `${peak / MIB} MiB`);
});

Deno.test("a budget far below what a job allocates is enough", () => {
  const collector = make(48 * MIB);
  for (let i = 0; i < 2000; i++) new MockArray(collector, 1e6).check(collector.heap);
  assert(collector.heap.statistics().touchedBytes <= 48 * MIB);
});

Deno.test("what is reachable stays, whoever holds it", () => {
  const collector = make();
  const { heap } = collector;
  const create = (i: number) => new MockArray(collector, [40, 0, 300, 4096, 5000, 100_000][i % 6]!);
  const map = new Map<number, MockArray>();
  const weak = new WeakMap<object, MockArray>();
  const keys: object[] = [];
  const closures: (() => MockArray)[] = [];
  const onlyBlocks: { block: Block; mark: number }[] = [];
  const generators: Generator<MockArray>[] = [];
  const chain: { array: MockArray; next: unknown }[] = [];
  for (let i = 0; i < 3000; i++) {
    const array = create(i);
    const key = {};
    create(i + 1);
    if (i % 7 === 0) map.set(i, array);
    if (i % 7 === 1) keys.push(key), weak.set(key, array);
    if (i % 7 === 2) closures.push(() => array);
    if (i % 7 === 3 && array.shape[0]) onlyBlocks.push({ block: array.block, mark: array.mark });
    if (i % 7 === 4) generators.push(suspended(array));
    if (i % 7 === 5) chain.push({ array, next: chain.at(-1) });
    if (i % 500 === 0) collector.sweep(i % 1000 === 0 ? "young" : "full");
    if (i % 3 === 0) map.delete(i - 21);
  }
  collector.sweep("young");
  collector.sweep("full");
  map.forEach((array) => array.check(heap));
  keys.forEach((key) => weak.get(key)!.check(heap));
  closures.forEach((closure) => closure().check(heap));
  generators.forEach((held) => (held.next().value as MockArray).check(heap));
  chain.forEach(({ array }) => array.check(heap));
  onlyBlocks.forEach(({ block, mark }) => assertEquals(heap.i32[block.ptr >>> 2], mark));
});

function* suspended(array: MockArray): Generator<MockArray> {
  yield array;
}

Deno.test("random lifetimes under sweeps of both kinds", () => {
  const collector = make(256 * MIB);
  let seed = 1;
  const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const held: (MockArray | null)[] = new Array(500).fill(null);
  for (let step = 0; step < 100_000; step++) {
    const slot = Math.floor(random() * held.length);
    held[slot]?.check(collector.heap);
    if (random() < 0.2) held[slot]?.block.free();
    held[slot] = new MockArray(collector, Math.floor(2 ** (random() * 16)));
    if (random() < 0.0005) collector.sweep(random() < 0.7 ? "young" : "full");
  }
  held.forEach((array) => array?.check(collector.heap));
  held.fill(null);
  collector.sweep();
  collector.sweep();
  assert(collector.heap.bytesInUse < 4 * MIB, `${collector.heap.bytesInUse} bytes are left`);
});

Deno.test("a WeakRef to an owner does not keep it, and reading one does", () => {
  const collector = make();
  const references = Array.from({ length: 100 }, () => new WeakRef(new MockArray(collector, 10_000)));
  collector.sweep();
  const left = references.filter((reference) => reference.deref() !== undefined).length;
  assert(left <= 2, `${left} of 100 left`);
  const array = new MockArray(collector, 10_000);
  const reference = new WeakRef(array);
  collector.sweep();
  reference.deref()!.check(collector.heap);
  array.check(collector.heap);
});

Deno.test("explicit release is at once, idempotent, and final", () => {
  const collector = make();
  const { heap } = collector;
  for (const bytes of [40, 4096, 8e6]) {
    const blocks = Array.from({ length: 40 }, () => collector.allocate(bytes));
    const before = heap.bytesInUse;
    blocks.forEach((block) => block.free());
    blocks.forEach((block) => block.free());
    assert(heap.bytesInUse <= before - 38 * bytes, `${bytes} bytes`);
    assert(blocks[0]!.freed);
    assertThrows(() => blocks[0]!.ptr, RuntimeError, "deleted");
  }
  collector.sweep();
  const [first, second] = [collector.allocate(8e6), collector.allocate(8e6)];
  assert(first.ptr !== second.ptr);
  {
    using scoped = collector.allocate(40);
    assert(!scoped.freed);
  }
});

Deno.test("one block in use at a time takes one block of memory", () => {
  const collector = make();
  const pointers = new Set<number>();
  for (let i = 0; i < 1000; i++) {
    for (const bytes of [40, 8e6]) {
      const block = collector.allocate(bytes);
      pointers.add(block.ptr);
      block.free();
    }
  }
  assert(pointers.size <= 2, `${pointers.size} addresses`);
  assertEquals(collector.statistics().fullSweeps, 0);
});

Deno.test("sweeps work inside promise jobs, timers and async functions", async () => {
  const job = () => {
    const collector = make(64 * MIB);
    for (let i = 0; i < 300; i++) new MockArray(collector, 2e6).check(collector.heap);
  };
  await Promise.resolve().then(job);
  await new Promise<void>((resolve) => setTimeout(() => (job(), resolve()), 0));
  await (async () => {
    await null;
    job();
  })();
});

Deno.test("between jobs the engine's own collections free memory, without a sweep", async () => {
  const collector = make();
  const turn = () => new Promise((resolve) => setTimeout(resolve, 1));
  await turn();
  drop(collector, 200, 100_000);
  await turn();
  const before = collector.heap.bytesInUse;
  const garbage: unknown[] = [];
  for (let i = 0; i < 1000 && collector.heap.bytesInUse > before / 2; i++) {
    // Arrays that live long enough to become old, so that the engine collects old objects from time to time.
    for (let j = 0; j < 100; j++) garbage[j + 100 * (i % 10)] = new Array(8000).fill(i);
    await turn();
  }
  assert(collector.heap.bytesInUse <= before / 2, `${collector.heap.bytesInUse} of ${before} bytes are left`);
  assertEquals(collector.statistics().sweeps, 0);
});

Deno.test("an engine without a collector still allocates, frees explicitly and says so", () => {
  const collector = new Collector(new Heap({ limit: 64 * MIB }), null);
  assert(!collector.available);
  for (let i = 0; i < 1000; i++) collector.allocate(1e6).free();
  const held = Array.from({ length: 50 }, () => collector.allocate(1e6));
  assertThrows(() => collector.allocate(40e6), RuntimeError, "RESOURCE_EXHAUSTED");
  held.forEach((block) => block.free());
  collector.allocate(40e6).free();
});
