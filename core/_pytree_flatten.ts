/**
 * Taking trees apart into leaves and structure.
 *
 * @module
 */
import { ValueError } from "./errors.ts";
import {
  DictKey,
  FlattenedIndexKey,
  type KeyEntry,
  type KeyPath,
  keystr,
  SequenceKey,
} from "./_pytree_keys.ts";
import { nodeKind, sortedKeys, sortedMapKeys, typeName } from "./_pytree_registry.ts";
import type { PyTreeDef } from "./_treedef.ts";
import { customDef, flatListDef, keyedDef, leafDef, listDef, noneDef } from "./_treedef_intern.ts";
import type { Leaf } from "./_pytree_types.ts";

/** Says of any value met while walking a tree whether to take it as a leaf. */
// deno-lint-ignore no-explicit-any -- a predicate on whatever a tree may hold
export type IsLeaf = (x: any) => boolean;

/** As {@link IsLeaf}, given the key path too. */
// deno-lint-ignore no-explicit-any -- a predicate on whatever a tree may hold
export type IsLeafWithPath = (path: KeyPath, x: any) => boolean;

/** Deepest nesting of a tree. */
const MAX_DEPTH = 1000;

function walk(x: unknown, out: unknown[], isLeaf: IsLeaf | undefined, depth: number): PyTreeDef {
  const kind = isLeaf !== undefined && isLeaf(x) ? "leaf" : nodeKind(x);
  if (kind === "leaf") {
    out.push(x);
    return leafDef;
  }
  if (kind === "none") return noneDef;
  if (depth === MAX_DEPTH) throw tooDeep(x);
  if (kind === "list") return walkList(x as unknown[], out, isLeaf, depth + 1);
  if (kind === "dict") return walkDict(x as Record<string, unknown>, out, isLeaf, depth + 1);
  if (kind === "map") {
    const keys = sortedMapKeys(x as Map<unknown, unknown>);
    const values = keys.map((key) => (x as Map<unknown, unknown>).get(key));
    return keyedDef("map", keys, values.map((value) => walk(value, out, isLeaf, depth + 1)));
  }
  const [values, aux] = kind.flatten(x);
  return customDef(kind, aux, Array.from(values, (child) => walk(child, out, isLeaf, depth + 1)));
}

function walkList(
  xs: readonly unknown[],
  out: unknown[],
  isLeaf: IsLeaf | undefined,
  depth: number,
): PyTreeDef {
  const n = xs.length;
  let i = 0;
  if (isLeaf === undefined) {
    while (i < n && nodeKind(xs[i]) === "leaf") out.push(xs[i++]);
    if (i === n) return flatListDef(n);
  }
  const children = new Array<PyTreeDef>(n).fill(leafDef);
  for (; i < n; i++) children[i] = walk(xs[i], out, isLeaf, depth);
  return listDef(children);
}

function walkDict(
  x: Record<string, unknown>,
  out: unknown[],
  isLeaf: IsLeaf | undefined,
  depth: number,
): PyTreeDef {
  const keys = sortedKeys(x);
  const children = new Array<PyTreeDef>(keys.length);
  for (let i = 0; i < keys.length; i++) children[i] = walk(x[keys[i]!], out, isLeaf, depth);
  return keyedDef("dict", keys, children);
}

// The error for a tree too deep at `x`: most often because a node there is among its own descendants.
function tooDeep(x: unknown): ValueError {
  const cycle = findCycle(x, [], new Map(), new Set());
  if (cycle === undefined) return new ValueError(`Pytree is nested more than ${MAX_DEPTH} levels deep`);
  const [node, path] = cycle;
  return new ValueError(
    `Pytree contains a cycle: a ${typeName(node)} in it leads back to itself at key path ${keystr(path)}; ` +
      "a pytree must be finite",
  );
}

function findCycle(
  node: unknown,
  path: KeyPath,
  ancestors: Map<unknown, number>,
  done: Set<unknown>,
): [node: unknown, path: KeyPath] | undefined {
  const kind = nodeKind(node);
  if (kind === "leaf" || kind === "none" || done.has(node) || path.length > MAX_DEPTH) return undefined;
  const since = ancestors.get(node);
  if (since !== undefined) return [node, path.slice(since)];
  ancestors.set(node, path.length);
  for (const [key, child] of flattenOneLevelWithKeys(node)[0]) {
    const cycle = findCycle(child, [...path, key], ancestors, done);
    if (cycle !== undefined) return cycle;
  }
  ancestors.delete(node);
  done.add(node);
  return undefined;
}

/**
 * Takes a tree apart.
 *
 * @param tree any tree
 * @param isLeaf which nodes to take as leaves
 * @returns the leaves in order, and the structure
 * @throws {ValueError} if the tree contains itself, or the keys of a Map have no common order
 */
export function flatten<T>(tree: T, isLeaf?: IsLeaf): [leaves: Leaf<T>[], treedef: PyTreeDef];
export function flatten(tree: unknown, isLeaf?: IsLeaf): [leaves: unknown[], treedef: PyTreeDef] {
  const out: unknown[] = [];
  const def = walk(tree, out, isLeaf, 0);
  return [out, def];
}

/** The leaves of a tree, in order. */
export function leaves<T>(tree: T, isLeaf?: IsLeaf): Leaf<T>[] {
  return flatten(tree, isLeaf)[0];
}

/** The structure of a tree. */
export function structure(tree: unknown, isLeaf?: IsLeaf): PyTreeDef {
  return walk(tree, [], isLeaf, 0);
}

/**
 * Puts a tree together.
 *
 * @param treedef its structure
 * @param leaves its leaves, in order
 * @throws {ValueError} if there are too few or too many leaves
 */
export function unflatten(treedef: PyTreeDef, leaves: Iterable<unknown>): unknown {
  return treedef.unflatten(leaves);
}

/**
 * The children of a node with their keys, and its static data.
 *
 * @param node a node that is not a leaf
 * @throws {ValueError} if it is a leaf
 */
export function flattenOneLevelWithKeys(node: unknown): [(readonly [KeyEntry, unknown])[], unknown] {
  const kind = nodeKind(node);
  if (kind === "leaf") throw new ValueError(`can't tree-flatten type: ${typeName(node)}`);
  if (kind === "none") return [[], null];
  if (kind === "list") {
    return [Array.from(node as unknown[], (child, i) => [new SequenceKey(i), child]), null];
  }
  if (kind === "dict") {
    const keys = sortedKeys(node as object);
    return [keys.map((key) => [new DictKey(key), (node as Record<string, unknown>)[key]]), keys];
  }
  if (kind === "map") {
    const keys = sortedMapKeys(node as Map<unknown, unknown>);
    return [keys.map((key) => [new DictKey(key), (node as Map<unknown, unknown>).get(key)]), keys];
  }
  const [values, aux] = kind.flatten(node);
  const keys = kind.keys?.(node);
  return [Array.from(values, (child, i) => [keys?.[i] ?? new FlattenedIndexKey(i), child]), aux];
}

// The path itself, whose text is that of `keystr`.
function withText(path: KeyPath): KeyPath {
  return Object.defineProperty(path, "toString", { value: () => keystr(path) });
}

/**
 * Leaves with their key paths, and the structure.
 *
 * @param tree any tree
 * @param isLeaf which nodes to take as leaves
 * @returns pairs of key path and leaf, in the order of `flatten`, and the structure
 */
export function flattenWithPath<T>(
  tree: T,
  isLeaf?: IsLeafWithPath,
): [entries: [path: KeyPath, leaf: Leaf<T>][], treedef: PyTreeDef];
export function flattenWithPath(
  tree: unknown,
  isLeaf?: IsLeafWithPath,
): [entries: [path: KeyPath, leaf: unknown][], treedef: PyTreeDef] {
  const entries: [KeyPath, unknown][] = [];
  const visit = (path: KeyPath, x: unknown): PyTreeDef => {
    const kind = nodeKind(x);
    if (kind === "leaf" || isLeaf?.(path, x)) {
      entries.push([path, x]);
      return leafDef;
    }
    if (kind === "none") return noneDef;
    if (path.length === MAX_DEPTH) throw tooDeep(x);
    const [children, aux] = flattenOneLevelWithKeys(x);
    const defs = children.map(([key, child]) => visit(withText([...path, key]), child));
    if (kind === "list") return listDef(defs);
    return typeof kind === "string" ? keyedDef(kind, aux as unknown[], defs) : customDef(kind, aux, defs);
  };
  const def = visit(withText([]), tree);
  return [entries, def];
}
