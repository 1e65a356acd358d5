/**
 * Finishes a program: removes copies between blocks that can be one, and lays temporaries out in the arena.
 *
 * @module
 */
import { coalesce } from "./coalesce.ts";
import type { Emitter } from "./emitter.ts";
import type { BufferInfo, BufferRef, Program, Step } from "./ir.ts";
import { maxBytes } from "./layout.ts";
import type { Block } from "./tensors.ts";
import { innerSteps, mapRefs, refsOf } from "./walk.ts";

const alignment = 64;

/** The program of what an emitter has collected. */
export function finishProgram(
  emitter: Emitter,
  inputs: readonly Block[],
  outputs: readonly Block[],
): Program {
  const steps = coalesce(emitter.steps, emitter.blocks);
  const offsets = planArena(steps, emitter.blocks);
  const used = new Set<number>([...inputs, ...outputs].map((b) => b.id));
  const mark = (list: readonly Step[]): void => {
    for (const step of list) {
      for (const ref of refsOf(step)) used.add(ref.buffer);
      innerSteps(step).forEach(mark);
    }
  };
  mark(steps);
  const numbers = new Map<number, number>(), buffers: BufferInfo[] = [];
  const constants: { buffer: number; data: Uint8Array }[] = [];
  const data = new Map(emitter.constants.map((c) => [c.block, c.data]));
  for (const block of emitter.blocks) {
    if (!used.has(block.id)) continue;
    const number = buffers.length, { role, bytes, storage } = block;
    numbers.set(block.id, number);
    let offset = role === "temp" ? offsets.of.get(block.id) ?? 0 : block.position;
    if (role === "const") {
      offset = constants.length;
      constants.push({ buffer: number, data: data.get(block)! });
    }
    buffers.push({ role, bytes, storage, offset });
  }
  const number = (block: Block): number => numbers.get(block.id)!;
  return {
    buffers,
    inputs: inputs.map(number),
    outputs: outputs.map(number),
    constants,
    steps: mapRefs(steps, (ref: BufferRef) => ({ ...ref, buffer: numbers.get(ref.buffer)! })),
    arenaBytes: offsets.bytes,
    callbacks: emitter.callbacks,
  };
}

/** A list of steps: where it hangs in the tree of lists. */
interface ListNode {
  readonly parent: ListNode | null;
  readonly depth: number;
  /** Times of the first and last step of the step that holds this list. */
  start: number;
  end: number;
}

interface Access {
  readonly block: number;
  readonly list: ListNode;
  readonly time: number;
}

/**
 * Times from which to which each block is needed. Within the innermost list that holds all accesses to a block, that
 * is from the first to the last step that has one; a loop counts as one step, so that what outlives an iteration is
 * kept for the whole loop.
 */
function lifetimes(steps: readonly Step[]): Map<number, [start: number, end: number]> {
  const accesses: Access[] = [], common = new Map<number, ListNode>();
  let time = 0;
  const walk = (list: readonly Step[], node: ListNode): void => {
    for (const step of list) {
      const begin = time++;
      const note = (at: ListNode, when: number): void => {
        for (const { buffer } of refsOf(step)) {
          accesses.push({ block: buffer, list: at, time: when });
          const known = common.get(buffer);
          common.set(buffer, known ? commonList(known, at) : at);
        }
      };
      const inner = innerSteps(step);
      if (step.kind !== "while") note(node, begin);
      if (inner.length === 0) continue;
      const nodes = inner.map((): ListNode => ({
        parent: node,
        depth: node.depth + 1,
        start: begin,
        end: begin,
      }));
      inner.forEach((l, i) => walk(l, nodes[i]!));
      // The predicate is read after the condition's steps and before the body's.
      if (step.kind === "while") note(node, time);
      const end = time++;
      for (const n of nodes) n.end = end;
    }
  };
  walk(steps, { parent: null, depth: 0, start: 0, end: 0 });
  const spans = new Map<number, [number, number]>();
  for (const { block, list, time: at } of accesses) {
    const target = common.get(block)!;
    let start = at, end = at;
    for (let node = list; node !== target; node = node.parent!) [start, end] = [node.start, node.end];
    const span = spans.get(block);
    if (!span) spans.set(block, [start, end]);
    else {
      span[0] = Math.min(span[0], start);
      span[1] = Math.max(span[1], end);
    }
  }
  return spans;
}

function commonList(a: ListNode, b: ListNode): ListNode {
  while (a !== b) {
    if (a.depth >= b.depth) a = a.parent!;
    else b = b.parent!;
  }
  return a;
}

/** Offsets of temporaries: first fit in order of their lifetimes. */
function planArena(
  steps: readonly Step[],
  blocks: readonly Block[],
): { of: Map<number, number>; bytes: number } {
  const spans = lifetimes(steps);
  const temps = [...spans].filter(([id]) => blocks[id]!.role === "temp").sort((a, b) => a[1][0] - b[1][0]);
  const of = new Map<number, number>();
  /** Blocks in use, by offset. */
  let live: { offset: number; end: number; until: number }[] = [];
  let total = 0;
  for (const [id, [start, end]] of temps) {
    const size = Math.ceil(blocks[id]!.bytes / alignment) * alignment;
    live = live.filter((l) => l.until >= start);
    let offset = 0, at = 0;
    for (; at < live.length; at++) {
      if (live[at]!.offset - offset >= size) break;
      offset = live[at]!.end;
    }
    live.splice(at, 0, { offset, end: offset + size, until: end });
    of.set(id, offset);
    total = Math.max(total, offset + size);
  }
  if (total > maxBytes) {
    throw new RangeError(
      `the intermediate results take ${total} bytes at once, and a program can have at most ${maxBytes}: compute in ` +
        `smaller blocks, for example with lax.map`,
    );
  }
  return { of, bytes: total };
}
