/**
 * Emits the steps of a program: keeps the list of memory blocks, and computes virtual arrays when they are needed.
 *
 * @module
 */
import type { ShapedArray } from "../core/avals.ts";
import { planFusion, survey } from "./fuse.ts";
import type { BufferRef, BufferRole, HostCallback, Kernel, Param, Step, StorageType } from "./ir.ts";
import { storageBytes } from "./ir.ts";
import { usedParams } from "./walk.ts";
import { bytesOf, layoutOf, maxBytes } from "./layout.ts";
import type { Val } from "./lowering.ts";
import { literalBytes } from "./literals.ts";
import { type Root, writePointwise } from "./pointwise.ts";
import type { KernelScope } from "./scope.ts";
import type { Target } from "./target.ts";
import { type Block, type Place, samePlace, type Tensor } from "./tensors.ts";

/** Roots of one kernel: their costs add up to at most this. */
const maxRootCost = 900;

/** A program under construction. */
export class Emitter {
  readonly blocks: Block[] = [];
  readonly constants: { readonly block: Block; readonly data: Uint8Array }[] = [];
  readonly callbacks: HostCallback[] = [];
  readonly target: Target;
  steps: Step[] = [];
  /** Numbers for the counters of loops. */
  nextCounter = 0;
  #literalBlocks = new Map<string, Block>();

  constructor(target: Target) {
    this.target = target;
  }

  /** Memory of a size. */
  block(role: BufferRole, storage: StorageType, bytes: number, position = -1): Block {
    if (bytes > maxBytes) {
      throw new RangeError(
        `an intermediate result takes ${bytes} bytes, and a buffer can have at most ${maxBytes}`,
      );
    }
    const made: Block = { id: this.blocks.length, role, bytes, storage, position };
    this.blocks.push(made);
    return made;
  }

  /** Memory for an array. */
  place(aval: ShapedArray, role: BufferRole = "temp", position = -1): Place {
    const block = this.block(role, layoutOf(aval.dtype).storage, bytesOf(aval), position);
    return { block, offset: 0, loops: [] };
  }

  /** Memory for scalars that live from one kernel to a later one. */
  temporary(storage: StorageType, elements: number): Place {
    return { block: this.block("temp", storage, elements * storageBytes[storage]), offset: 0, loops: [] };
  }

  /** Memory with constant contents; equal constants share it. */
  constant(aval: ShapedArray, data: Uint8Array, key: string | null = null): Place {
    let block = key === null ? undefined : this.#literalBlocks.get(key);
    if (block === undefined) {
      block = this.place(aval, "const", this.constants.length).block;
      this.constants.push({ block, data });
      if (key !== null) this.#literalBlocks.set(key, block);
    }
    return { block, offset: 0, loops: [] };
  }

  /** Runs `body` with the steps that it emits collected apart. */
  collect(body: () => void): Step[] {
    const outer = this.steps, inner: Step[] = [];
    this.steps = inner;
    try {
      body();
    } finally {
      this.steps = outer;
    }
    return inner;
  }

  copy(from: Place, to: Place, bytes: number): void {
    if (bytes === 0 || samePlace(from, to)) return;
    this.steps.push({ kind: "copy", from: refOf(from), to: refOf(to), bytes });
  }

  /** Emits a routine's kernel; operands that it does not use are dropped. */
  routine(kernel: Kernel, places: readonly Place[], scratch: readonly Param[]): void {
    if (kernel.body.length === 0) return;
    const used = usedParams(kernel.body), all = [...places, ...this.#scratch(scratch)];
    const params = kernel.params.filter((p) => used.has(p));
    const args = all.filter((_, i) => used.has(kernel.params[i]!)).map(refOf);
    this.steps.push({ kind: "kernel", kernel: { ...kernel, params }, args });
  }

  /** Emits the kernel that a scope has written. */
  scope(scope: KernelScope, names: readonly string[]): void {
    const { builder } = scope, kernel = builder.build(kernelName(names));
    if (kernel.body.length === 0) return;
    const args = [...scope.places, ...this.#scratch(builder.scratchParams)].map(refOf);
    this.steps.push({ kind: "kernel", kernel, args });
  }

  #scratch(params: readonly Param[]): Place[] {
    return params.map((p) => this.temporary(p.storage, p.size));
  }

  /** Computes virtual arrays and uploads constants, so that all lie in memory. */
  materialize(tensors: readonly Tensor[]): void {
    const roots: Root[] = [];
    for (const t of new Set(tensors)) {
      if (t.literal !== null) t.place ??= this.#literal(t.aval, t.literal);
      else if (t.virtual !== null && !this.#alias(t)) roots.push({ tensor: t, place: this.place(t.aval) });
    }
    this.compute(roots);
  }

  #literal(aval: ShapedArray, value: Val): Place {
    const data = literalBytes(aval, value);
    const head = data.subarray(0, 16).join();
    return this.constant(aval, data, `${aval.dtype.name}[${aval.size}]${head}`);
  }

  /** A reshaped array lies where its operand lies. */
  #alias(tensor: Tensor): boolean {
    const base = this.#reshapeBase(tensor);
    if (base === tensor) return false;
    this.materialize([base]);
    tensor.store(base.place!);
    return true;
  }

  /** The array that this one is a reshape of, through any number of them. */
  #reshapeBase(tensor: Tensor): Tensor {
    let base = tensor;
    for (let node = base.virtual; node !== null; node = base.virtual) {
      const { computeFlat, access } = node.lowering;
      if (computeFlat === undefined || access !== "movement" || node.inputs.length !== 1) break;
      const input = node.inputs[0]!;
      if (input.literal !== null || bytesOf(input.aval) !== bytesOf(base.aval)) break;
      base = input;
    }
    return base;
  }

  /** Computes arrays into places. Reads of what is stored may only be at the same index. */
  compute(roots: readonly Root[]): void {
    const byShape = new Map<string, Root[]>();
    for (const root of roots) {
      if (bytesOf(root.tensor.aval) === 0) {
        root.tensor.store(root.place);
        continue;
      }
      // A reshape of what lies in memory is a copy, which may turn out to be needless.
      const base = this.#reshapeBase(root.tensor);
      if (base !== root.tensor && base.place !== null) root.tensor.store(base.place);
      const key = root.tensor.aval.shape.join();
      const group = byShape.get(key);
      if (group) group.push(root);
      else byShape.set(key, [root]);
    }
    for (const group of byShape.values()) this.#computeGroup(group);
  }

  #computeGroup(group: readonly Root[]): void {
    let batch: Root[] = [], cost = 0;
    for (const root of group) {
      if (batch.length > 0 && cost + root.tensor.cost > maxRootCost) {
        this.#computeBatch(batch);
        batch = [], cost = 0;
      }
      batch.push(root);
      cost += root.tensor.cost;
    }
    this.#computeBatch(batch);
  }

  /** Whether one kernel computes all these arrays of one shape, and everything virtual that they read. */
  fitsOneKernel(roots: readonly Root[]): boolean {
    const cost = roots.reduce((sum, r) => sum + r.tensor.cost, 0);
    if (roots.length > 1 && cost > maxRootCost || this.#spareArrays(roots) < 0) return false;
    const { shape, size } = roots[0]!.tensor.aval;
    return planFusion(roots.map((r) => r.tensor), shape, size).before.length === 0;
  }

  /** How many more arrays a kernel could take. */
  #spareArrays(roots: readonly Root[]): number {
    const { reads } = survey(roots.flatMap(({ tensor }) => tensor.virtual ?? []));
    return this.target.maxArrays - new Set([...reads.values()].map((r) => r.place.block)).size - roots.length;
  }

  #computeBatch(batch: readonly Root[]): void {
    const { shape, size } = batch[0]!.tensor.aval;
    let roots = batch;
    for (;;) {
      const placed = roots.filter(({ tensor }) => tensor.literal === null && tensor.virtual === null);
      for (const { tensor, place } of placed) this.copy(tensor.place!, place, bytesOf(tensor.aval));
      roots = roots.filter((r) => !placed.includes(r));
      if (roots.length === 0) return;
      const plan = planFusion(roots.map((r) => r.tensor), shape, size);
      if (plan.before.length > 0) {
        this.materialize(plan.before);
        continue;
      }
      const spare = this.#spareArrays(roots);
      if (spare < 0 && roots.length > 1) {
        const half = roots.length >> 1;
        this.#computeBatch(roots.slice(0, half));
        return this.#computeBatch(roots.slice(half));
      }
      const along = plan.along.slice(0, Math.max(0, spare));
      const all = [...roots, ...along.map((tensor) => ({ tensor, place: this.place(tensor.aval) }))];
      for (const scope of writePointwise(all, shape, plan.shared, this.target)) this.scope(scope, plan.names);
      for (const { tensor, place } of all) if (tensor.virtual !== null) tensor.store(place);
      return;
    }
  }
}

/** A place as steps refer to it. */
export function refOf(place: Place): BufferRef {
  return { buffer: place.block.id, offset: place.offset, loops: place.loops };
}

function kernelName(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  const shown = distinct.slice(-6).join("_");
  return distinct.length > 6 ? `fused_${shown}` : shown || "fill";
}
