/** The special forms of the area `tree`: functions with an argument or a result that a case cannot write down. */
import type { Case } from "./cases.ts";
import { type Any, jax, Skipped } from "./jax.ts";
import { decode } from "./values.ts";

const count = (n: number) => Array.from({ length: n }, (_, i) => 100 + i);

/** By `fn`: the result of the case. */
export const treeForms: Readonly<Record<string, (c: Case) => Any>> = {
  "jax.tree.leaves_with_path": (c) => withKeyStrings(jax.tree.leavesWithPath(decode(c.args[0]!))),
  "jax.tree.flatten_with_path": (c) => {
    const [leaves, structure] = jax.tree.flattenWithPath(decode(c.args[0]!));
    return [withKeyStrings(leaves), structure];
  },
  "jax.tree.map_with_path": (c) => jax.tree.mapWithPath(keystr, decode(c.args[0]!)),
  "jax.tree.flatten_none_leaf": (c) => {
    return jax.tree.leaves(decode(c.args[0]!), { isLeaf: (x: Any) => x === null });
  },
  "jax.tree.unflatten": (c) => {
    const structure = jax.tree.structure(decode(c.args[0]!));
    return jax.tree.unflatten(structure, c.args[1] ? decode(c.args[1]) : count(structure.numLeaves));
  },
  "jax.tree.reduce_sum": (c) => jax.tree.reduce((a: number, b: number) => a + b, decode(c.args[0]!), 0),
  "jax.tree.map_tuple_leaf": () => {
    throw new Skipped("a JS array is a list and a tuple at once");
  },
  "jax.tree.transpose": (c) => {
    const tree = decode(c.args[0]!);
    const outer = jax.tree.structure(Array.isArray(tree) ? tree.map(() => 0) : 0);
    return jax.tree.transpose(outer, jax.tree.structure(tree[0]), tree);
  },
  "jax.tree.eq": () => {
    const equal = (a: Any, b: Any) => jax.tree.structure(a).equals(jax.tree.structure(b));
    // The second pair is (1, 2) and [1, 2] in Python, which JavaScript writes alike.
    return [equal([1, 2], [3, 4]), equal([1, 2], [1, 2]), equal({ a: 1 }, { b: 1 })];
  },
  "jax.tree_util.tree_structure.num_leaves": (c) => {
    const structure = jax.tree.structure(decode(c.args[0]!));
    return [structure.numLeaves, structure.numNodes];
  },
  "jax.tree_util.keystr": (c) => {
    const value = c.args[0]!;
    const strings = decode(value);
    const isPath = Array.isArray(strings) && strings.every((x) => typeof x === "string");
    if (!isPath || (c.out && typeof c.out === "object" && "list" in c.out)) {
      return jax.tree.leavesWithPath(strings).map(([path]: Any) => simpleKeystr(path, "/"));
    }
    const [leaf] = jax.tree.leavesWithPath(treeWithPath(strings));
    const path = strings.length ? leaf[0] : [];
    return [keystr(path), simpleKeystr(path, ".")];
  },
  "jax.tree_util.treedef_children": (c) => {
    return jax.treeUtil.treedefChildren(jax.tree.structure(decode(c.args[0]!)));
  },
  "jax.tree_util.treedef_is_leaf": (c) => {
    return jax.treeUtil.treedefIsLeaf(jax.tree.structure(decode(c.args[0]!)));
  },
  "jax.tree_util.treedef_tuple": (c) => {
    return jax.treeUtil.treedefTuple(c.args.map((x) => jax.tree.structure(decode(x))));
  },
};

function keystr(path: Any): string {
  return jax.treeUtil.keystr(path);
}

function simpleKeystr(path: Any, separator: string): string {
  return jax.treeUtil.keystr(path, { simple: true, separator });
}

function withKeyStrings(leaves: Any[]): Any[] {
  return leaves.map(([path, leaf]) => [keystr(path), leaf]);
}

/** A tree with one leaf, at the path that the key strings spell: `["['a']", "[0]"]` is `{ a: [0] }`. */
function treeWithPath(keys: readonly string[]): Any {
  return keys.reduceRight((inner: Any, key) => {
    const index = /^\[(\d+)\]$/.exec(key)?.[1];
    if (index !== undefined) return [...Array(Number(index)).fill(null), inner];
    return { [/^\['(.*)'\]$/.exec(key)![1]!]: inner };
  }, 0);
}
