/**
 * Contraction orders by dynamic programming over connected subsets of the operands (Pfeifer, Haegeman and Verstraete
 * 2014), as opt_einsum's `dynamic-programming` finds them.
 *
 * @module
 */
import { type Contraction, type Labels, type Path, sizeOf, ssaToLinear } from "./_contract_path.ts";

/** A tree of contractions: an input, one to be summed alone, or two trees. */
type Tree = number | readonly [number] | readonly [Tree, Tree];

interface Entry {
  readonly labels: Labels;
  readonly cost: number;
  readonly tree: Tree;
}

/** Groups of terms that share no summed labels with each other. */
function connectedGroups(terms: readonly Labels[], output: Labels): number[][] {
  const unused = new Set(terms.keys()), groups: number[][] = [];
  for (const first of unused) {
    unused.delete(first);
    const group = [first];
    for (const member of group) {
      for (const other of unused) {
        if ((terms[member]! & terms[other]! & ~output) !== 0n) {
          unused.delete(other);
          group.push(other);
        }
      }
    }
    groups.push(group.sort((a, b) => a - b));
  }
  return groups;
}

/** The cheapest tree over the terms of a group; `trees` are those of the single terms. */
function bestTree(
  terms: readonly Labels[],
  trees: readonly Tree[],
  group: readonly number[],
  { output, sizes }: Contraction,
): Entry {
  const everything = group.reduce((set, i) => set | 1n << BigInt(i), 0n);
  const all = group.reduce((set, i) => set | terms[i]!, 0n);
  // Subsets of m terms, by their bit mask.
  const levels: Map<bigint, Entry>[] = group.map(() => new Map());
  for (const i of group) {
    levels[0]!.set(1n << BigInt(i), { labels: terms[i]!, cost: 0, tree: trees[i]! });
  }
  const outside = (subset: bigint): Labels => {
    let labels = output;
    for (const i of group) if (!(subset >> BigInt(i) & 1n)) labels |= terms[i]!;
    return labels;
  };
  const smallest = Math.min(...sizes.filter((_, b) => all >> BigInt(b) & 1n));
  const increment = Math.max(2, Number.isFinite(smallest) ? smallest : 2);
  const last = levels.at(-1)!;
  // Only costs up to the cap are followed; it grows until the whole group is reached.
  for (let cap = sizeOf(all & output, sizes); last.size === 0; cap *= increment) {
    for (let n = 2; n <= group.length; n++) {
      for (let m = 1; m <= n >> 1; m++) {
        for (const [s1, e1] of levels[m - 1]!) {
          for (const [s2, e2] of levels[n - m - 1]!) {
            if (s1 & s2 || m === n - m && s1 >= s2 || (e1.labels & e2.labels & ~output) === 0n) continue;
            const either = e1.labels | e2.labels, cost = e1.cost + e2.cost + sizeOf(either, sizes);
            const subset = s1 | s2, known = levels[n - 1]!.get(subset);
            if (cost > cap || known !== undefined && cost >= known.cost) continue;
            const labels = either & outside(subset);
            levels[n - 1]!.set(subset, { labels, cost, tree: [e1.tree, e2.tree] });
          }
        }
      }
    }
  }
  return last.get(everything)!;
}

/** The path of a tree. */
function treePath(tree: Tree, inputs: number): Path {
  const steps: number[][] = [];
  let next = inputs;
  const visit = (node: Tree): number => {
    if (typeof node === "number") return node;
    steps.push(node.map(visit));
    return next++;
  };
  visit(tree);
  return ssaToLinear(steps);
}

/** The path of fewest multiplications that contracts no operands without a common label, but for disconnected groups. */
export function dynamicProgramming(contraction: Contraction): Path {
  const { inputs, output, sizes } = contraction;
  let once = 0n, more = output;
  for (const labels of inputs) {
    more |= labels & once;
    once |= labels;
  }
  const single = once & ~more;
  const done: Entry[] = [], terms: Labels[] = [], trees: Tree[] = [];
  inputs.forEach((labels, i) => {
    const reduced = labels & ~single, tree: Tree = reduced === labels ? i : [i];
    if (reduced === 0n && labels !== 0n) done.push({ labels: 0n, cost: 0, tree });
    else {
      terms.push(reduced);
      trees.push(tree);
    }
  });
  const groups = connectedGroups(terms, output).map((group) => bestTree(terms, trees, group, contraction));
  const parts = [...done, ...groups];
  const sized = parts.map((entry) => ({ entry, size: sizeOf(entry.labels, sizes) }));
  sized.sort((a, b) => a.size - b.size);
  return treePath(sized.map(({ entry }) => entry.tree).reduce((a, b): Tree => [a, b]), inputs.length);
}
