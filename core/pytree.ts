/**
 * Pytrees: nested containers of leaves. Nodes are arrays, plain objects (keys sorted), Maps (keys sorted), `null` and
 * `undefined` (no leaf) and instances of registered classes. Everything else is a leaf: numbers, bigints, booleans,
 * strings, functions, typed arrays, arrays, complex scalars `{ re, im }`, instances of other classes.
 *
 * @module
 */
import { flatten, type IsLeaf } from "./_pytree_flatten.ts";
import { flattenUpTo } from "./_pytree_prefix.ts";
import { nodeKind, typeName } from "./_pytree_registry.ts";
import type { Leaf, WithLeaves } from "./_pytree_types.ts";

export * from "./_pytree_flatten.ts";
export * from "./_pytree_keys.ts";
export {
  broadcastPrefix,
  flattenUpTo,
  type Prefix,
  type PrefixError,
  prefixErrors,
} from "./_pytree_prefix.ts";
export { type Class, nodeKind, register, type Registration, typeName } from "./_pytree_registry.ts";
export { PyTreeDef, sameValue } from "./_treedef.ts";
export { customDef, keyedDef, leafDef, listDef, noneDef } from "./_treedef_intern.ts";
export type { Leaf, WithLeaves } from "./_pytree_types.ts";

/** Options of {@link map}. */
export interface MapOptions {
  /** Which nodes of the first tree to take as leaves. */
  readonly isLeaf?: IsLeaf | null | undefined;
}

/** Whether the last of variadic arguments is an options object: not empty, and every key one of `names`. */
export function isOptions(x: unknown, names: readonly string[]): x is Record<string, unknown> {
  if (nodeKind(x) !== "dict") return false;
  const keys = Object.keys(x as object);
  return keys.length > 0 && keys.every((key) => names.includes(key));
}

/** Splits the options off the rest of the arguments of {@link map}. */
export function splitMapOptions(rest: readonly unknown[]): [trees: readonly unknown[], options: MapOptions] {
  const last = rest.at(-1);
  if (!isOptions(last, ["isLeaf"])) return [rest, {}];
  const { isLeaf } = last;
  const isTree = typeof isLeaf !== "function" && isLeaf !== null && isLeaf !== undefined;
  return isTree ? [rest, {}] : [rest.slice(0, -1), last];
}

/**
 * Applies a function to the leaves of trees.
 *
 * @param f given a leaf of `tree` and the subtrees of the others at its place
 * @param tree the tree that gives the structure
 * @param rest trees that `tree` is a prefix of, then options if the last one is `{ isLeaf }`
 * @returns a tree of the structure of `tree` with the results
 * @throws {ValueError} naming the key path where a tree does not match
 *
 * @example
 * ```ts
 * import { tree } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const params = { w: [1, 2], b: 3 };
 * const step = { w: [10, 20], b: 30 };
 * assert.deepEqual(tree.map((p, s) => p + s, params, step), { w: [11, 22], b: 33 });
 * assert.deepEqual(tree.map((x) => x ?? 0, [1, null], { isLeaf: (x) => x === null }), [1, 0]);
 * ```
 */
export function map<T, U>(f: (leaf: Leaf<T>) => U, tree: T, options?: MapOptions): WithLeaves<T, U>;
export function map<T, A, U>(
  f: (leaf: Leaf<T>, a: Leaf<A>) => U,
  tree: T,
  a: A,
  options?: MapOptions,
): WithLeaves<T, U>;
export function map<T, A, B, U>(
  f: (leaf: Leaf<T>, a: Leaf<A>, b: Leaf<B>) => U,
  tree: T,
  a: A,
  b: B,
  options?: MapOptions,
): WithLeaves<T, U>;
export function map<T, U>(
  // deno-lint-ignore no-explicit-any -- subtrees of any number of trees
  f: (...subtrees: any[]) => U,
  tree: T,
  ...rest: readonly unknown[]
): WithLeaves<T, U>;
export function map(f: (...subtrees: unknown[]) => unknown, tree: unknown, ...rest: unknown[]): unknown {
  return mapNamed("tree.map", f, tree, ...splitMapOptions(rest));
}

/** {@link map} for a caller of another name, with the trees and the options apart. */
export function mapNamed(
  name: string,
  f: (...subtrees: unknown[]) => unknown,
  tree: unknown,
  trees: readonly unknown[],
  options: MapOptions = {},
): unknown {
  if (typeof f !== "function") throw new TypeError(`${name}: f must be a function, got ${typeName(f)}`);
  const isLeaf = options.isLeaf ?? undefined;
  const [flat, def] = flatten(tree, isLeaf);
  if (trees.length === 0) return def.unflatten(flat.map((leaf) => f(leaf)));
  const columns = trees.map((other) => flattenUpTo(def, other, { name: `${name} tree`, tree, isLeaf }));
  return def.unflatten(flat.map((leaf, i) => f(leaf, ...columns.map((column) => column[i]))));
}
