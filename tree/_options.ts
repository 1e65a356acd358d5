/** Options of the functions on trees: positional or in an object, as in Python. */
import { checkOptions } from "../core/errors.ts";
import type { IsLeaf, IsLeafWithPath } from "../core/pytree.ts";

/** Options of functions that flatten a tree. */
export interface TreeOptions {
  /** Which nodes to take as leaves. */
  readonly isLeaf?: IsLeaf | null | undefined;
}

/** Options of functions that give key paths. */
export interface PathOptions {
  /** Which nodes to take as leaves; given the key path first where `isLeafTakesPath`. */
  readonly isLeaf?: IsLeaf | IsLeafWithPath | null | undefined;
  /** Whether `isLeaf` is called as `isLeaf(path, x)`. */
  readonly isLeafTakesPath?: boolean | undefined;
}

/** The predicate of a function called as `f(tree, isLeaf)` or `f(tree, { isLeaf })`. */
export function predicate(name: string, given: IsLeaf | TreeOptions | null | undefined): IsLeaf | undefined {
  if (given === null || given === undefined) return undefined;
  const isLeaf = typeof given === "function" ? given : optionsOf(name, given).isLeaf ?? undefined;
  if (isLeaf === undefined || typeof isLeaf === "function") return isLeaf;
  throw new TypeError(`${name}: isLeaf must be a function or null, got ${typeof isLeaf}`);
}

function optionsOf(name: string, given: TreeOptions): TreeOptions {
  checkOptions(name, given, ["isLeaf"]);
  return given;
}

/** The predicate of a function called as `f(tree, isLeaf, isLeafTakesPath)` or `f(tree, { isLeaf, isLeafTakesPath })`. */
export function pathPredicate(
  name: string,
  given: IsLeaf | IsLeafWithPath | PathOptions | null | undefined,
  takesPath: boolean | undefined,
): IsLeafWithPath | undefined {
  if (given === null || given === undefined) return undefined;
  if (typeof given === "function") return takesPath ? given : (_path, x) => (given as IsLeaf)(x);
  checkOptions(name, given, ["isLeaf", "isLeafTakesPath"]);
  return pathPredicate(name, given.isLeaf, given.isLeafTakesPath);
}
