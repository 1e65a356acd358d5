/**
 * Pytrees: nested arrays, plain objects, Maps and registered classes with numbers and arrays as leaves. The names are
 * those of `jax.tree`; `registerNode` makes a class a node.
 *
 * @example
 * ```ts
 * import { tree } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const params = { w: [1, 2], b: 3 };
 * assert.deepEqual(tree.map((x) => 10 * x, params), { w: [10, 20], b: 30 });
 * assert.deepEqual(tree.leaves(params), [3, 1, 2]);
 * assert.equal(String(tree.structure(params)), "PyTreeDef({'b': *, 'w': [*, *]})");
 * ```
 *
 * @module
 */
export {
  registerPytreeNode as registerNode,
  treeAll as all,
  treeBroadcast as broadcast,
  treeFlatten as flatten,
  treeFlattenWithPath as flattenWithPath,
  treeLeaves as leaves,
  treeLeavesWithPath as leavesWithPath,
  treeMap as map,
  treeMapWithPath as mapWithPath,
  treeReduce as reduce,
  treeReduceAssociative as reduceAssociative,
  treeStructure as structure,
  treeTranspose as transpose,
  treeUnflatten as unflatten,
} from "./tree_util.ts";
export { staticField as static } from "./_register.ts";
export type { IsLeaf, KeyPath, Leaf, PathOptions, PyTreeDef, TreeOptions, WithLeaves } from "./tree_util.ts";
