/**
 * Decides what a kernel computes itself and what must lie in memory before it.
 *
 * @module
 */
import { sameShape, type ShapedArray } from "../core/avals.ts";
import type { Params, Primitive } from "../core/primitive.ts";
import { countNodes, sizeOf } from "./access.ts";
import { index, variable } from "./expr.ts";
import { type Expr, Variable } from "./ir.ts";
import { layoutOf, scalarTypeOf } from "./layout.ts";
import { type Access, Pair, type Pointwise, type Val } from "./lowering.ts";
import { componentsOf } from "./scope.ts";
import { Node, type Place, type Tensor } from "./tensors.ts";

/** Repeating up to this much work is no dearer than a trip through memory. */
const cheap = 4;
/** Expression nodes in one kernel. */
const maxOperations = 1500;

const costs = new WeakMap<Primitive, Map<string, number>>();

/** Expression nodes that a pointwise equation evaluates for one element. Moving elements is free. */
export function ownCost(
  primitive: Primitive,
  lowering: Pointwise<Params>,
  params: Params,
  inAvals: readonly ShapedArray[],
  outAvals: readonly ShapedArray[],
): number {
  if (lowering.access === "movement") return inAvals.length > 1 ? 1 : 0;
  if (lowering.access === "indexed") return 2;
  let byTypes = costs.get(primitive);
  if (!byTypes) costs.set(primitive, byTypes = new Map());
  const types = [...inAvals, ...outAvals].map((a) => a.dtype.name).join();
  let cost = byTypes.get(types);
  if (cost === undefined) {
    const inputs = inAvals.map(sample);
    const at = outAvals[0]!.shape.map(() => index(0));
    const values = lowering.compute({ params, inputs, inAvals, outAvals }, at);
    byTypes.set(types, cost = countNodes(values.flatMap(componentsOf)));
  }
  return cost;
}

/** An operand of unknown value. */
function sample(aval: ShapedArray): Access {
  const type = scalarTypeOf(aval.dtype);
  const one = (): Expr => variable(new Variable(type));
  const value: Val = layoutOf(aval.dtype).components === 2 ? new Pair(one(), one()) : one();
  return { aval, at: () => value, flat: () => value };
}

/** Whether a node and the virtual arrays it reads, counted once each, are too much for one kernel. */
export function isTooLarge(node: Node, maxArrays: number): boolean {
  const size = node.size;
  if (size.operations <= maxOperations && size.arrays < maxArrays) return false;
  // The sizes of the inputs count what they share twice; only now is the exact count worth its time.
  const seen = new Set<Node | Tensor>([node]), stack: Node[] = [node];
  size.operations = size.arrays = 0;
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    size.operations += next.ownCost + 1;
    for (const input of next.inputs) {
      if (input.literal !== null) continue;
      const found = input.virtual ?? input;
      if (seen.has(found)) continue;
      seen.add(found);
      if (found instanceof Node) stack.push(found);
      else size.arrays++;
    }
    if (size.operations > maxOperations || size.arrays >= maxArrays) return true;
  }
  return false;
}

/** How a kernel reads an array in memory. */
export interface LeafRead {
  readonly place: Place;
  /** Only at the kernel's own index. */
  aligned: boolean;
}

/** Expression nodes of virtual computations, each counted once, and the arrays in memory that they read. */
export function survey(
  nodes: readonly Node[],
  shape: readonly number[] | null = null,
): { cost: number; reads: Map<Tensor, LeafRead> } {
  const reads = new Map<Tensor, LeafRead>(), visited = new Map<Node, boolean>();
  const stack = nodes.map((node) => ({ node, aligned: shape !== null }));
  const one = shape !== null && sizeOf(shape) === 1;
  let cost = 0;
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, aligned } = next, was = visited.get(node);
    if (was !== undefined && (!was || aligned)) continue;
    visited.set(node, aligned);
    if (was === undefined) cost += node.ownCost + 1;
    const inLine = aligned && node.lowering.access === "elementwise";
    for (const input of node.inputs) {
      const same = one && input.aval.size === 1 || inLine && sameShape(input.aval.shape, shape!);
      if (input.virtual !== null) stack.push({ node: input.virtual, aligned: same });
      else if (input.place !== null) {
        const known = reads.get(input);
        if (known) known.aligned &&= same;
        else reads.set(input, { place: input.place, aligned: same });
      }
    }
  }
  return { cost, reads };
}

/** What a kernel over some roots reads. */
export interface FusionPlan {
  /** Virtual arrays to store before the kernel runs. */
  readonly before: readonly Tensor[];
  /** Virtual arrays that the kernel computes on the way and others will read: it stores them too. */
  readonly along: readonly Tensor[];
  /** Virtual arrays read more than once, all at the kernel's own index. */
  readonly shared: ReadonlySet<Tensor>;
  /** Names of the equations, outermost last. */
  readonly names: readonly string[];
}

interface Reading {
  /** Times that it is read inside the kernel. */
  count: number;
  /** Read only at the kernel's own index. */
  aligned: boolean;
}

/**
 * Looks at everything a kernel would inline. `shape`: the index space of its stores, or null for a reduction, whose
 * operands are read elsewhere. `evaluations`: times that each root's value is computed.
 */
export function planFusion(
  roots: readonly Tensor[],
  shape: readonly number[] | null,
  evaluations: number,
): FusionPlan {
  const readings = new Map<Tensor, Reading>(), before = new Set<Tensor>(), names: string[] = [];
  const rootSet = new Set(roots);
  const visited = new Map<Node, boolean>();
  const stack: { node: Node; aligned: boolean; times: number; again: boolean }[] = [];
  const read = (t: Tensor, aligned: boolean, times: number, root: boolean, again: boolean): void => {
    const node = t.virtual;
    if (node === null) return;
    if (!root) {
      const reading = readings.get(t);
      if (reading) {
        if (!again) reading.count++;
        reading.aligned &&= aligned;
      } else readings.set(t, { count: 1, aligned });
      if (!aligned && t.cost > cheap && (t.uses > 1 || times > 1.5 * t.aval.size)) {
        before.add(t);
        return;
      }
    }
    const was = visited.get(node);
    if (was === undefined) names.push(node.name);
    // A second visit matters only when it shows that the node is read out of line.
    if (was === undefined || was && !aligned) {
      visited.set(node, aligned);
      stack.push({ node, aligned, times, again: was !== undefined });
    }
  };
  for (const root of roots) read(root, shape !== null, evaluations, shape !== null, false);
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, aligned, times, again } = next;
    const inLine = aligned && node.lowering.access === "elementwise";
    const joins = node.lowering.access === "movement" && node.inputs.length > 1;
    for (const input of node.inputs) {
      if (input.virtual === null) continue;
      const same = inLine && sameShape(input.aval.shape, shape!);
      read(input, same, joins ? Math.min(times, input.aval.size) : times, false, again);
    }
  }
  const along: Tensor[] = [], shared = new Set<Tensor>();
  for (const [t, { count, aligned }] of readings) {
    if (!aligned || before.has(t)) continue;
    if (count > 1 || rootSet.has(t)) shared.add(t);
    if (!rootSet.has(t) && t.uses > count && t.cost > cheap) {
      along.push(t);
      shared.add(t);
    }
  }
  return { before: [...before], along, shared, names: names.reverse() };
}
