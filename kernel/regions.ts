/**
 * Control flow: structured steps around inlined jaxprs, and the assignments that carry values through them.
 *
 * @module
 */
import type { ShapedArray } from "../core/avals.ts";
import type { ClosedJaxpr } from "../core/jaxpr.ts";
import type { Params } from "../core/primitive.ts";
import { survey } from "./fuse.ts";
import { type Emitter, refOf } from "./emitter.ts";
import type { HostCallback, Step } from "./ir.ts";
import { bytesOf } from "./layout.ts";
import { literalVal } from "./literals.ts";
import type { RegionContext, RegionValue } from "./lowering.ts";
import type { Root } from "./pointwise.ts";
import { type Block, Node, samePlace, Tensor } from "./tensors.ts";

/** What a region needs of the lowering around it. */
export interface RegionHost {
  readonly emitter: Emitter;
  inline(closed: ClosedJaxpr, inputs: readonly Tensor[]): Tensor[];
}

/** The context that a region's lowering works with. */
export class RegionEmitter implements RegionContext<Params> {
  readonly params: Params;
  readonly inputs: readonly Tensor[];
  readonly outAvals: readonly ShapedArray[];
  readonly #host: RegionHost;
  readonly #emitter: Emitter;
  /** Results of jaxprs inlined here, which count as read until the region ends. */
  readonly #held: Tensor[] = [];
  /** Arrays of outer step lists that inner ones may read. */
  #visible: Tensor[];
  /** Of these, the ones that came from outer step lists. */
  #outer: ReadonlySet<Tensor> = new Set();
  #copies: { readonly from: Tensor; readonly to: Tensor }[] = [];

  constructor(host: RegionHost, params: Params, inputs: readonly Tensor[], outAvals: readonly ShapedArray[]) {
    this.#host = host;
    this.#emitter = host.emitter;
    this.params = params;
    this.inputs = inputs;
    this.outAvals = outAvals;
    this.#visible = [...inputs];
  }

  allocate(aval: ShapedArray): RegionValue {
    return Tensor.ofPlace(aval, this.#emitter.place(aval));
  }

  constant(aval: ShapedArray, value: number | bigint | boolean): RegionValue {
    return Tensor.ofLiteral(aval, literalVal(aval, value));
  }

  copy(from: RegionValue, to: RegionValue): void {
    let source = from as Tensor;
    const place = source.place;
    if (place !== null) {
      // What an earlier copy brings there is what is copied on.
      const earlier = this.#copies.findLast((c) => c.to.place!.block === place.block);
      if (earlier && samePlace(earlier.to.place!, place)) source = earlier.from;
      else if (earlier) this.flush();
    }
    this.#copies.push({ from: source, to: to as Tensor });
  }

  inline(jaxpr: ClosedJaxpr, inputs: readonly RegionValue[]): readonly RegionValue[] {
    this.flush();
    const own = (inputs as readonly Tensor[]).map((t) => this.#outer.has(t) ? privateCopy(t) : t);
    const results = this.#host.inline(jaxpr, own);
    this.#held.push(...results);
    this.#visible.push(...results);
    return results;
  }

  loop(count: number, reverse: boolean, body: (counter: number) => void): void {
    if (count === 0) return this.flush();
    const counter = this.#emitter.nextCounter++;
    const steps = this.#inner(() => body(counter));
    this.#emitter.steps.push({ kind: "loop", counter, count, reverse, body: steps });
  }

  row(stacked: RegionValue, counter: number): RegionValue {
    const whole = stacked as Tensor, { shape } = whole.aval;
    this.flush();
    if (whole.place === null) this.#emitter.materialize([whole]);
    const aval = whole.aval.withShape(shape.slice(1)), { block, offset, loops } = whole.place!;
    return Tensor.ofPlace(aval, { block, offset, loops: [...loops, { counter, stride: bytesOf(aval) }] });
  }

  while(condition: () => RegionValue, body: () => void): void {
    let predicate: Tensor | null = null;
    const test = this.#inner(() => {
      predicate = condition() as Tensor;
      this.flush();
      this.#emitter.materialize([predicate]);
    });
    const steps = this.#inner(body);
    this.#emitter.steps.push({
      kind: "while",
      condition: test,
      predicate: refOf(predicate!.place!),
      body: steps,
    });
  }

  switch(index: RegionValue, branches: readonly (() => void)[]): void {
    this.flush();
    const at = index as Tensor;
    this.#emitter.materialize([at]);
    const lists = branches.map((branch) => this.#inner(branch));
    this.#emitter.steps.push({ kind: "switch", index: refOf(at.place!), branches: lists });
  }

  callback(callback: HostCallback, inputs: readonly RegionValue[], outputs: readonly RegionValue[]): void {
    this.flush();
    const emitter = this.#emitter, from = inputs as readonly Tensor[], to = outputs as readonly Tensor[];
    emitter.materialize(from);
    const number = emitter.callbacks.push(callback) - 1;
    emitter.steps.push({
      kind: "callback",
      callback: number,
      inputs: from.map((t) => refOf(t.place!)),
      outputs: to.map((t) => refOf(t.place!)),
    });
  }

  /** The region is over and its results are bound. */
  release(): void {
    for (const t of this.#held) t.release();
  }

  /** Collects the steps of an inner list. What it may read of outer lists is computed before it. */
  #inner(body: () => void): Step[] {
    this.flush();
    this.#emitter.materialize(this.#visible.filter((t) => t.virtual !== null && !isRepeatable(t)));
    const visible = this.#visible, outer = this.#outer;
    this.#visible = [...visible];
    this.#outer = new Set(visible);
    const steps = this.#emitter.collect(() => {
      body();
      this.flush();
    });
    this.#visible = visible;
    this.#outer = outer;
    return steps;
  }

  /**
   * Emits the copies asked for since the last flush, as one simultaneous assignment: an array is read before it is
   * replaced. Virtual arrays are computed straight into their destinations where nothing reads those out of step.
   */
  flush(): void {
    if (this.#copies.length === 0) return;
    const copies = this.#copies.filter(({ from, to }) =>
      bytesOf(to.aval) > 0 && !(from.place !== null && samePlace(from.place, to.place!))
    );
    this.#copies = [];
    // Destinations change later: an array that others still read gets memory of its own.
    this.#emitter.materialize(
      copies.map(({ from }) => from).filter((t) => t.virtual !== null && this.#isReadAgain(t)),
    );
    const byShape = new Map<string, Assignment>();
    const waiting: Assignment[] = [];
    for (const { from, to } of copies) {
      const root: Root = { tensor: from, place: to.place! };
      const computed = from.literal !== null || from.virtual !== null;
      const key = from.aval.shape.join(), group = computed ? byShape.get(key) : undefined;
      if (group) group.roots.push(root);
      else {
        const made: Assignment = { roots: [root], copies: false };
        if (computed) byShape.set(key, made);
        else made.copies = true;
        waiting.push(made);
      }
    }
    this.#assign(waiting);
  }

  /** Whether anything else reads this operand: equations after this region, or the region itself in another role. */
  #isReadAgain(tensor: Tensor): boolean {
    return tensor.uses > 1 && this.inputs.includes(tensor);
  }

  #assign(waiting: Assignment[]): void {
    while (waiting.length > 0) {
      const reads = waiting.map(readBlocks);
      const next = waiting.findIndex((one, i) =>
        this.#isSelfSafe(one) &&
        one.roots.every(({ place }) => reads.every((blocks, j) => i === j || !blocks.has(place.block)))
      );
      if (next >= 0) {
        const [{ roots, copies }] = waiting.splice(next, 1) as [Assignment];
        if (!copies) this.#emitter.compute(roots);
        else for (const { tensor, place } of roots) this.#copy(tensor, place);
        continue;
      }
      // A cycle: the first one is computed aside, and copied when its destination is free.
      const first = waiting.shift()!;
      if (!first.copies) this.#emitter.materialize(first.roots.map((r) => r.tensor));
      for (const { tensor, place } of first.roots) {
        let source = tensor;
        if (first.copies) {
          source = Tensor.ofPlace(tensor.aval, this.#emitter.place(tensor.aval));
          this.#copy(tensor, source.place!);
        }
        waiting.push({ roots: [{ tensor: source, place }], copies: true });
      }
    }
  }

  /** Whether every read of what a kernel stores is at the index that is stored. */
  #isSelfSafe({ roots, copies }: Assignment): boolean {
    if (copies) return true;
    const { shape } = roots[0]!.tensor.aval, stored = roots.map((r) => r.place);
    const { reads } = survey(roots.flatMap(({ tensor }) => tensor.virtual ?? []), shape);
    const clashes = [...reads.values()].filter((r) => stored.some((place) => place.block === r.place.block));
    if (clashes.length === 0) return true;
    if (!clashes.every((r) => r.aligned && stored.some((place) => samePlace(place, r.place)))) return false;
    // One kernel must hold all of them: what is computed before it, or beside it, would read too late.
    return this.#emitter.fitsOneKernel(roots);
  }

  #copy(from: Tensor, to: Root["place"]): void {
    this.#emitter.copy(from.place!, to, bytesOf(from.aval));
  }
}

/** Stores that one kernel, or one copy, makes. */
interface Assignment {
  readonly roots: Root[];
  copies: boolean;
}

/** Blocks that an assignment reads. */
function readBlocks({ roots, copies }: Assignment): Set<Block> {
  if (copies) return new Set(roots.map(({ tensor }) => tensor.place!.block));
  const { reads } = survey(roots.flatMap(({ tensor }) => tensor.virtual ?? []));
  return new Set([...reads.values()].map((r) => r.place.block));
}

/** Whether a virtual array depends on no memory and costs next to nothing: it is computed wherever it is read. */
function isRepeatable(tensor: Tensor): boolean {
  const node = tensor.virtual;
  return tensor.literal !== null ||
    node !== null && node.cost <= 4 && survey([node]).reads.size === 0;
}

/** The same virtual array under another identity: where it is stored in an inner list, outer ones do not see it. */
function privateCopy(tensor: Tensor): Tensor {
  const { virtual } = tensor;
  if (virtual === null) return tensor;
  const { name, lowering, params, inputs, outAvals, ownCost } = virtual;
  for (const input of inputs) input.uses++;
  return new Node(name, lowering, params, inputs, outAvals, ownCost).outputs[tensor.output]!;
}
