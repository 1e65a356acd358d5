/**
 * Removes copies: where a temporary is copied to another place and used no more, it is computed there at once.
 *
 * @module
 */
import type { BufferRef, Step } from "./ir.ts";
import type { Block } from "./tensors.ts";
import { innerSteps, mapRefs, refsOf } from "./walk.ts";

/** Where the steps of one list access each block: positions in the list, in order, steps inside counted with theirs. */
type Accesses = Map<number, number[]>;

/** The steps without the copies that can go. */
export function coalesce(steps: readonly Step[], blocks: readonly Block[]): Step[] {
  const counts = new Map<number, number>();
  countRefs(steps, counts);
  const renamed = new Map<number, BufferRef>();
  coalesceList(steps, blocks, counts, renamed);
  const result = mapRefs(steps, (ref) => resolve(ref, renamed));
  const left = new Map<number, number>();
  countRefs(result, left);
  return dropCopies(
    result,
    ({ from, to }) => sameRef(from, to) || blocks[to.buffer]!.role === "temp" && left.get(to.buffer) === 1,
  );
}

function countRefs(steps: readonly Step[], counts: Map<number, number>): void {
  for (const step of steps) {
    for (const { buffer } of refsOf(step)) counts.set(buffer, (counts.get(buffer) ?? 0) + 1);
    for (const inner of innerSteps(step)) countRefs(inner, counts);
  }
}

/** A reference after the renamings: a renamed block lies at a place in another, which may be renamed itself. */
function resolve(ref: BufferRef, renamed: ReadonlyMap<number, BufferRef>): BufferRef {
  let { buffer, offset, loops } = ref;
  for (let to = renamed.get(buffer); to !== undefined; to = renamed.get(buffer)) {
    offset += to.offset;
    loops = [...to.loops, ...loops];
    buffer = to.buffer;
  }
  return { buffer, offset, loops };
}

function sameRef(a: BufferRef, b: BufferRef): boolean {
  return a.buffer === b.buffer && a.offset === b.offset && a.loops.length === b.loops.length &&
    a.loops.every((l, i) => l.counter === b.loops[i]!.counter && l.stride === b.loops[i]!.stride);
}

function dropCopies(
  steps: readonly Step[],
  useless: (copy: Extract<Step, { kind: "copy" }>) => boolean,
): Step[] {
  return steps.filter((s) => s.kind !== "copy" || !useless(s)).map((step): Step => {
    switch (step.kind) {
      case "loop":
        return { ...step, body: dropCopies(step.body, useless) };
      case "while":
        return {
          ...step,
          condition: dropCopies(step.condition, useless),
          body: dropCopies(step.body, useless),
        };
      case "switch":
        return { ...step, branches: step.branches.map((b) => dropCopies(b, useless)) };
      default:
        return step;
    }
  });
}

/**
 * Decides renamings in one list after those inside it. Counters that a destination moves with belong to loops around
 * the list, so they stand still while it runs.
 */
function coalesceList(
  steps: readonly Step[],
  blocks: readonly Block[],
  counts: Map<number, number>,
  renamed: Map<number, BufferRef>,
): void {
  for (const step of steps) {
    for (const inner of innerSteps(step)) coalesceList(inner, blocks, counts, renamed);
  }
  const accesses: Accesses = new Map(), inside = new Map<number, number>();
  const note = (step: Step, position: number): void => {
    for (const ref of refsOf(step)) {
      const { buffer } = resolve(ref, renamed);
      inside.set(buffer, (inside.get(buffer) ?? 0) + 1);
      const list = accesses.get(buffer);
      if (!list) accesses.set(buffer, [position]);
      else if (list.at(-1) !== position) list.push(position);
    }
    for (const inner of innerSteps(step)) for (const s of inner) note(s, position);
  };
  steps.forEach(note);
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    if (step.kind !== "copy") continue;
    const from = resolve(step.from, renamed), to = resolve(step.to, renamed);
    const block = blocks[from.buffer]!;
    if (block.role !== "temp" || from.offset !== 0 || from.loops.length > 0 || block.bytes !== step.bytes) {
      continue;
    }
    if (from.buffer === to.buffer) continue;
    // Every access is in this list and none is after the copy.
    const own = accesses.get(from.buffer)!;
    if (inside.get(from.buffer) !== counts.get(from.buffer) || own.at(-1) !== i) continue;
    const others = accesses.get(to.buffer)!;
    const between = others.filter((p) => p >= own[0]! && p < i);
    // It may begin as a copy of what it replaces: an update in place.
    const first = steps[own[0]!]!;
    const beginsAsCopy = first.kind === "copy" && own[0] !== i && sameRef(resolve(first.from, renamed), to) &&
      sameRef(resolve(first.to, renamed), from) && first.bytes === step.bytes;
    if (between.length > (beginsAsCopy ? 1 : 0)) continue;
    renamed.set(from.buffer, to);
    counts.set(to.buffer, (counts.get(to.buffer) ?? 0) + counts.get(from.buffer)!);
    inside.set(to.buffer, (inside.get(to.buffer) ?? 0) + inside.get(from.buffer)!);
    accesses.set(to.buffer, [...new Set([...others, ...own])].sort((a, b) => a - b));
    accesses.delete(from.buffer);
  }
}
