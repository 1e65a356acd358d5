/** Taking trees apart. */
import {
  flatten,
  flattenOneLevelWithKeys as oneLevelWithKeys,
  flattenWithPath,
  type IsLeaf,
  type IsLeafWithPath,
  type KeyEntry,
  type KeyPath,
  type Leaf,
  nodeKind,
  type PyTreeDef,
  structure,
} from "../core/pytree.ts";
import { type PathOptions, pathPredicate, predicate, type TreeOptions } from "./_options.ts";

/**
 * Takes a tree apart into its leaves and its structure.
 *
 * @param tree any tree
 * @param isLeaf which nodes to take as leaves; also as `{ isLeaf }`
 * @returns the leaves in order (keys sorted), and the structure
 * @throws {ValueError} if the tree contains itself, or a Map in it has keys without a common order
 *
 * @example
 * ```ts
 * import { tree } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const [leaves, treedef] = tree.flatten({ b: 1, a: [2, null, 3] });
 * assert.deepEqual(leaves, [2, 3, 1]);
 * assert.equal(String(treedef), "PyTreeDef({'a': [*, None, *], 'b': *})");
 * assert.deepEqual(tree.unflatten(treedef, leaves), { a: [2, null, 3], b: 1 });
 * ```
 */
export function treeFlatten<T>(
  tree: T,
  isLeaf?: IsLeaf | TreeOptions | null,
): [leaves: Leaf<T>[], treedef: PyTreeDef] {
  return flatten(tree, predicate("tree.flatten", isLeaf));
}

/**
 * Puts a tree together; the inverse of `tree.flatten`.
 *
 * @param treedef the structure
 * @param leaves as many values as the structure has leaves
 * @returns the tree
 * @throws {ValueError} if there are too few or too many leaves
 *
 * @example
 * ```ts
 * import { tree } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const treedef = tree.structure({ a: 0, b: [0, 0] });
 * assert.deepEqual(tree.unflatten(treedef, [1, 2, 3]), { a: 1, b: [2, 3] });
 * assert.throws(() => tree.unflatten(treedef, [1]), { name: "ValueError" });
 * ```
 */
// deno-lint-ignore no-explicit-any -- the type of the tree is known to the caller only
export function treeUnflatten<T = any>(treedef: PyTreeDef, leaves: Iterable<unknown>): T {
  if (!(typeof treedef === "object" && treedef !== null && "unflatten" in treedef)) {
    throw new TypeError("tree.unflatten: treedef must be a PyTreeDef, as tree.structure gives it");
  }
  return treedef.unflatten(leaves) as T;
}

/**
 * The leaves of a tree, in order.
 *
 * @param tree any tree
 * @param isLeaf which nodes to take as leaves; also as `{ isLeaf }`
 * @returns the leaves
 * @throws {ValueError} as `tree.flatten`
 *
 * @example
 * ```ts
 * import { tree } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(tree.leaves([1, [2, null], { c: 3 }]), [1, 2, 3]);
 * assert.deepEqual(tree.leaves([1, null], { isLeaf: (x) => x === null }), [1, null]);
 * ```
 */
export function treeLeaves<T>(tree: T, isLeaf?: IsLeaf | TreeOptions | null): Leaf<T>[] {
  return flatten(tree, predicate("tree.leaves", isLeaf))[0];
}

/**
 * The structure of a tree.
 *
 * @param tree any tree
 * @param isLeaf which nodes to take as leaves; also as `{ isLeaf }`
 * @returns the structure
 * @throws {ValueError} as `tree.flatten`
 *
 * @example
 * ```ts
 * import { tree } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const treedef = tree.structure({ w: 1, b: 2 });
 * assert.equal(treedef.numLeaves, 2);
 * assert.ok(treedef.equals(tree.structure({ b: 3, w: 4 })));
 * ```
 */
export function treeStructure(tree: unknown, isLeaf?: IsLeaf | TreeOptions | null): PyTreeDef {
  return structure(tree, predicate("tree.structure", isLeaf));
}

/**
 * As `tree.flatten`, with the key path of each leaf.
 *
 * @param tree any tree
 * @param isLeaf which nodes to take as leaves; also as `{ isLeaf, isLeafTakesPath }`
 * @param isLeafTakesPath whether to call `isLeaf(path, x)` instead of `isLeaf(x)`
 * @returns pairs of key path and leaf, and the structure
 * @throws {ValueError} as `tree.flatten`
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const [entries] = tree.flattenWithPath({ a: [5, 6] });
 * assert.deepEqual(entries.map(([path, leaf]) => [treeUtil.keystr(path), leaf]), [["['a'][0]", 5], ["['a'][1]", 6]]);
 * ```
 */
export function treeFlattenWithPath<T>(
  tree: T,
  isLeaf?: IsLeaf | IsLeafWithPath | PathOptions | null,
  isLeafTakesPath?: boolean,
): [entries: [path: KeyPath, leaf: Leaf<T>][], treedef: PyTreeDef] {
  return flattenWithPath(tree, pathPredicate("tree.flattenWithPath", isLeaf, isLeafTakesPath));
}

/**
 * The leaves of a tree with their key paths.
 *
 * @param tree any tree
 * @param isLeaf which nodes to take as leaves; also as `{ isLeaf, isLeafTakesPath }`
 * @param isLeafTakesPath whether to call `isLeaf(path, x)` instead of `isLeaf(x)`
 * @returns pairs of key path and leaf
 * @throws {ValueError} as `tree.flatten`
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const names = tree.leavesWithPath({ a: 1, b: { c: 2 } })
 *   .map(([path]) => treeUtil.keystr(path, { simple: true, separator: "/" }));
 * assert.deepEqual(names, ["a", "b/c"]);
 * ```
 */
export function treeLeavesWithPath<T>(
  tree: T,
  isLeaf?: IsLeaf | IsLeafWithPath | PathOptions | null,
  isLeafTakesPath?: boolean,
): [path: KeyPath, leaf: Leaf<T>][] {
  return flattenWithPath(tree, pathPredicate("tree.leavesWithPath", isLeaf, isLeafTakesPath))[0];
}

/**
 * The leaves of a tree with their key paths; the same as `tree.leavesWithPath`.
 *
 * @example
 * ```ts
 * import { treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const [[path, leaf]] = treeUtil.generateKeyPaths([7]) as [[treeUtil.KeyPath, number]];
 * assert.equal(treeUtil.keystr(path), "[0]");
 * assert.equal(leaf, 7);
 * ```
 */
export const generateKeyPaths: typeof treeLeavesWithPath = treeLeavesWithPath;

/**
 * Whether every element is a leaf.
 *
 * @param iterable the elements
 * @param isLeaf which nodes to take as leaves; also as `{ isLeaf }`
 * @returns false if an element is an array, a plain object, `null` or another node
 *
 * @example
 * ```ts
 * import { treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * assert.equal(treeUtil.allLeaves([1, 2]), true);
 * assert.equal(treeUtil.allLeaves([1, [2]]), false);
 * ```
 */
export function allLeaves(iterable: Iterable<unknown>, isLeaf?: IsLeaf | TreeOptions | null): boolean {
  const taken = predicate("treeUtil.allLeaves", isLeaf);
  return [...iterable].every((x) => nodeKind(x) === "leaf" || taken?.(x) === true);
}

/**
 * Whether something is a node of pytrees: a class whose instances are nodes, or such an instance.
 *
 * @param x a class or a value
 * @returns true for registered classes, `Array`, `Object` and `Map`, and for instances of them
 *
 * @example
 * ```ts
 * import { treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * assert.equal(treeUtil.isTreeNode(Map), true);
 * assert.equal(treeUtil.isTreeNode([1]), true);
 * assert.equal(treeUtil.isTreeNode(Date), false);
 * ```
 */
export function isTreeNode(x: unknown): boolean {
  if (typeof x !== "function" || nodeKind(x) !== "leaf") return nodeKind(x) !== "leaf";
  const isClass = typeof x.prototype === "object" && x.prototype !== null;
  return isClass && (x === Object || x === Array || nodeKind(Object.create(x.prototype)) !== "leaf");
}

/**
 * The children of a node, and its static data.
 *
 * @param tree a node
 * @returns the children, and sorted keys for objects and Maps, `null` for arrays and `null`, or a class's own data
 * @throws {ValueError} if `tree` is a leaf
 *
 * @example
 * ```ts
 * import { treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(treeUtil.flattenOneLevel({ b: [1], a: 2 }), [[2, [1]], ["a", "b"]]);
 * ```
 */
export function flattenOneLevel(tree: unknown): [children: unknown[], auxData: unknown] {
  const [entries, auxData] = oneLevelWithKeys(tree);
  return [entries.map(([, child]) => child), auxData];
}

/**
 * The children of a node with their keys, and its static data.
 *
 * @param tree a node
 * @returns pairs of key and child, and the data as `flattenOneLevel` gives it
 * @throws {ValueError} if `tree` is a leaf
 *
 * @example
 * ```ts
 * import { treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const [entries] = treeUtil.flattenOneLevelWithKeys(["x"]);
 * assert.deepEqual(entries, [[new treeUtil.SequenceKey(0), "x"]]);
 * ```
 */
export function flattenOneLevelWithKeys(
  tree: unknown,
): [children: (readonly [key: KeyEntry, child: unknown])[], auxData: unknown] {
  return oneLevelWithKeys(tree);
}
