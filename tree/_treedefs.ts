/** Structures made of structures, and the registry of nodes. */
import { flatten, listDef, type PyTreeDef } from "../core/pytree.ts";
import { flattenOneLevel, flattenOneLevelWithKeys, isTreeNode, treeFlattenWithPath } from "./_flatten.ts";
import { registerDataclass, registerPytreeNode } from "./_register.ts";

/**
 * The structure of an array of trees of the given structures.
 *
 * @param treedefs the structures
 * @returns the structure of the array
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const pair = treeUtil.treedefTuple([tree.structure(1), tree.structure({ a: 2 })]);
 * assert.ok(pair.equals(tree.structure([1, { a: 2 }])));
 * ```
 */
export function treedefTuple(treedefs: Iterable<PyTreeDef>): PyTreeDef {
  return listDef([...treedefs]);
}

/**
 * The structures of the children of the root.
 *
 * @param treedef a structure
 * @returns one structure for each child
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const children = treeUtil.treedefChildren(tree.structure({ a: 1, b: [2] }));
 * assert.deepEqual(children.map(String), ["PyTreeDef(*)", "PyTreeDef([*])"]);
 * ```
 */
export function treedefChildren(treedef: PyTreeDef): PyTreeDef[] {
  return treedef.children();
}

/**
 * Whether a structure is a single node: a leaf, `null` or an empty container.
 *
 * @param treedef a structure
 * @returns true if it has one node
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * assert.equal(treeUtil.treedefIsLeaf(tree.structure(1)), true);
 * assert.equal(treeUtil.treedefIsLeaf(tree.structure([1])), false);
 * ```
 */
export function treedefIsLeaf(treedef: PyTreeDef): boolean {
  return treedef.numNodes === 1;
}

/**
 * The tree of a structure whose nodes take their children from nested iterables, of whatever kind these are.
 *
 * @param treedef the structure
 * @param xs an iterable for every node, with one entry for each child
 * @returns the tree
 * @throws {ValueError} if a node has another number of children than its iterable has entries
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const treedef = tree.structure({ a: 0, b: [0, 0] });
 * assert.deepEqual(treeUtil.buildTree(treedef, [1, [2, 3]]), { a: 1, b: [2, 3] });
 * ```
 */
// deno-lint-ignore no-explicit-any -- the type of the tree is known to the caller only
export function buildTree<T = any>(treedef: PyTreeDef, xs: unknown): T {
  return treedef.fromIterableTree(xs) as T;
}

/** The methods of {@link defaultRegistry}. */
export interface PyTreeRegistry {
  /** As `tree.flatten`. */
  readonly flatten: typeof flatten;
  /** As `tree.flattenWithPath`. */
  readonly flattenWithPath: typeof treeFlattenWithPath;
  /** As `treeUtil.flattenOneLevel`. */
  readonly flattenOneLevel: typeof flattenOneLevel;
  /** As `treeUtil.flattenOneLevelWithKeys`. */
  readonly flattenOneLevelWithKeys: typeof flattenOneLevelWithKeys;
  /** As `treeUtil.isTreeNode`. */
  readonly isNode: typeof isTreeNode;
  /** As `treeUtil.registerPytreeNode`. */
  readonly registerNode: typeof registerPytreeNode;
  /** As `treeUtil.registerDataclass`. */
  readonly registerDataclassNode: typeof registerDataclass;
}

/**
 * The registry of nodes that all functions use.
 *
 * @example
 * ```ts
 * import { treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * assert.equal(treeUtil.defaultRegistry.isNode(Array), true);
 * ```
 */
export const defaultRegistry: PyTreeRegistry = {
  flatten,
  flattenWithPath: treeFlattenWithPath,
  flattenOneLevel,
  flattenOneLevelWithKeys,
  isNode: isTreeNode,
  registerNode: registerPytreeNode,
  registerDataclassNode: registerDataclass,
};
