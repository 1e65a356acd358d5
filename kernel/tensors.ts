/**
 * What a lowering knows of each array: where it lies, or the computation that would make it.
 *
 * @module
 */
import type { ShapedArray } from "../core/avals.ts";
import type { Params } from "../core/primitive.ts";
import type { BufferRole, StorageType } from "./ir.ts";
import type { Pointwise, RegionValue, Val } from "./lowering.ts";

/** A block of memory of the program being lowered. */
export interface Block {
  readonly id: number;
  role: BufferRole;
  readonly bytes: number;
  readonly storage: StorageType;
  /** Position among inputs, outputs or constants. */
  position: number;
}

/** A place in a block; `loops` are the enclosing counted loops that move it. */
export interface Place {
  readonly block: Block;
  readonly offset: number;
  readonly loops: readonly { readonly counter: number; readonly stride: number }[];
}

/** Whether two places are the same bytes in every iteration. */
export function samePlace(a: Place, b: Place): boolean {
  return a.block === b.block && a.offset === b.offset && a.loops.length === b.loops.length &&
    a.loops.every((l, i) => l.counter === b.loops[i]!.counter && l.stride === b.loops[i]!.stride);
}

/** A pointwise equation that has not been computed: it may be inlined where its outputs are read. */
export class Node {
  readonly name: string;
  readonly lowering: Pointwise<Params>;
  readonly params: Params;
  readonly inputs: readonly Tensor[];
  readonly inAvals: readonly ShapedArray[];
  readonly outputs: readonly Tensor[];
  readonly outAvals: readonly ShapedArray[];
  /** Expression nodes of this equation alone. */
  readonly ownCost: number;
  /** Cost of one element with the virtual inputs inlined (they may be counted more than once). */
  readonly cost: number;
  /** At most so much, with the virtual inputs counted once each: operations, and arrays in memory that are read. */
  readonly size: { operations: number; arrays: number };
  /** Outputs that are neither stored nor dead. */
  pending: number;

  constructor(
    name: string,
    lowering: Pointwise<Params>,
    params: Params,
    inputs: readonly Tensor[],
    outAvals: readonly ShapedArray[],
    ownCost: number,
  ) {
    this.name = name;
    this.lowering = lowering;
    this.params = params;
    this.inputs = inputs;
    this.inAvals = inputs.map((t) => t.aval);
    this.outAvals = outAvals;
    this.outputs = outAvals.map((aval, i) => Tensor.ofNode(aval, this, i));
    this.ownCost = ownCost;
    this.pending = outAvals.length;
    let cost = ownCost;
    this.size = { operations: ownCost + 1, arrays: 0 };
    for (const input of inputs) {
      cost += input.cost;
      this.size.operations += input.virtual?.size.operations ?? 0;
      this.size.arrays += input.virtual?.size.arrays ?? (input.place === null ? 0 : 1);
    }
    this.cost = Math.min(cost, 1e6);
  }

  get shape(): readonly number[] {
    return this.outAvals[0]!.shape;
  }
}

/** An array of the program being lowered: a constant element, a place in memory, or an output of a {@linkcode Node}. */
export class Tensor implements RegionValue {
  readonly aval: ShapedArray;
  /** Every element is this constant. */
  readonly literal: Val | null;
  place: Place | null;
  readonly node: Node | null;
  readonly output: number;
  /** Equations and results that will still read it. */
  uses = 0;

  private constructor(
    aval: ShapedArray,
    literal: Val | null,
    place: Place | null,
    node: Node | null,
    output: number,
  ) {
    this.aval = aval;
    this.literal = literal;
    this.place = place;
    this.node = node;
    this.output = output;
  }

  static ofLiteral(aval: ShapedArray, value: Val): Tensor {
    return new Tensor(aval, value, null, null, 0);
  }

  static ofPlace(aval: ShapedArray, place: Place): Tensor {
    return new Tensor(aval, null, place, null, 0);
  }

  static ofNode(aval: ShapedArray, node: Node, output: number): Tensor {
    return new Tensor(aval, null, null, node, output);
  }

  /** Its computation, while it has not been stored. */
  get virtual(): Node | null {
    return this.place === null ? this.node : null;
  }

  /** Cost of computing one element where it is read. */
  get cost(): number {
    return this.literal !== null ? 0 : this.place !== null ? 1 : this.node!.cost;
  }

  /** One use is over. An uncomputed one without uses lets go of its inputs. */
  release(): void {
    this.uses--;
    if (this.uses === 0 && this.virtual !== null) settle(this.virtual);
  }

  /** Lets go of its inputs when nothing will read it. */
  dropIfUnused(): void {
    if (this.uses === 0 && this.virtual !== null) settle(this.virtual);
  }

  /** It has been stored. */
  store(place: Place): void {
    const node = this.virtual;
    this.place = place;
    if (node !== null && this.uses > 0) settle(node);
  }
}

/** One output of a node is stored or dead; after the last one the node reads its inputs no more. */
function settle(node: Node): void {
  const stack = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (--next.pending !== 0) continue;
    for (const input of next.inputs) {
      input.uses--;
      if (input.uses === 0 && input.virtual !== null) stack.push(input.virtual);
    }
  }
}
