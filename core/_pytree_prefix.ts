/**
 * Prefix trees: one tree that is the top of another, as `inAxes` is of the arguments of `vmap`; and what is wrong
 * where it is not.
 *
 * @module
 */
import { ValueError } from "./errors.ts";
import { describe, type KeyEntry, type KeyPath, keystr } from "./_pytree_keys.ts";
import { nodeKind, typeName } from "./_pytree_registry.ts";
import { type PyTreeDef, sameValue } from "./_treedef.ts";
import { flatten, flattenOneLevelWithKeys, type IsLeaf, structure } from "./_pytree_flatten.ts";

/** A mismatch between a prefix and a full tree; call it with the name of the prefix to get the error. */
export type PrefixError = (name: string) => ValueError;

const keyText = (entry: KeyEntry) => keystr([entry], { simple: true });

function typesDiffer(path: KeyPath, prefix: unknown, full: unknown): PrefixError {
  return (name) =>
    new ValueError(
      `pytree structure error: different types at key path\n    ${name}${keystr(path)}\n` +
        `At that key path, the prefix pytree ${name} has a subtree of type\n    ${typeName(prefix)}\n` +
        `but at the same key path the full pytree has a subtree of different type\n    ${typeName(full)}.`,
    );
}

function lengthsDiffer(path: KeyPath, prefix: readonly unknown[], full: readonly unknown[]): PrefixError {
  return (name) =>
    new ValueError(
      `pytree structure error: different lengths of list at key path\n    ${name}${keystr(path)}\n` +
        `At that key path, the prefix pytree ${name} has a subtree of type list of length ${prefix.length}, ` +
        `but the full pytree has a subtree of the same type but of length ${full.length}.`,
    );
}

function countsDiffer(path: KeyPath, type: string, prefix: string[], full: string[]): PrefixError {
  const only = [
    ...prefix.filter((key) => !full.includes(key)),
    ...full.filter((key) => !prefix.includes(key)),
  ].sort();
  return (name) =>
    new ValueError(
      `pytree structure error: different numbers of pytree children at key path\n    ${name}${
        keystr(path)
      }\n` +
        `At that key path, the prefix pytree ${name} has a subtree of type\n    ${type}\n` +
        `with ${prefix.length} child keys\n    ${prefix.join(" ")}\n` +
        `but at the same key path the full pytree has a subtree of the same type but with ${full.length} ` +
        `child keys\n    ${full.join(" ")}\n` +
        `so the symmetric difference on key sets is\n    ${only.join(" ")}`,
    );
}

function metadataDiffers(path: KeyPath, type: string, prefix: unknown, full: unknown): PrefixError {
  return (name) =>
    new ValueError(
      `pytree structure error: different pytree metadata at key path\n    ${name}${keystr(path)}\n` +
        `At that key path, the prefix pytree ${name} has a subtree of type\n    ${type}\n` +
        `with metadata\n    ${describe(prefix)}\n` +
        `but at the same key path the full pytree has a subtree of the same type but with metadata\n` +
        `    ${describe(full)}`,
    );
}

function collect(path: KeyPath, prefix: unknown, full: unknown, isLeaf: IsLeaf | undefined): PrefixError[] {
  const kind = nodeKind(prefix);
  if (kind === "leaf" || isLeaf?.(prefix)) return [];
  if (nodeKind(full) !== kind) return [typesDiffer(path, prefix, full)];
  if (kind === "none") return [];
  const [prefixEntries, prefixData] = flattenOneLevelWithKeys(prefix);
  const [fullEntries, fullData] = flattenOneLevelWithKeys(full);
  if (prefixEntries.length !== fullEntries.length) {
    if (kind === "list") return [lengthsDiffer(path, prefix as unknown[], full as unknown[])];
    const names = (entries: typeof prefixEntries) => entries.map(([key]) => keyText(key));
    return [countsDiffer(path, typeName(prefix), names(prefixEntries), names(fullEntries))];
  }
  if (!sameValue(prefixData, fullData)) {
    return [metadataDiffers(path, typeName(prefix), prefixData, fullData)];
  }
  return prefixEntries.flatMap(([key, child], i) =>
    collect([...path, key], child, fullEntries[i]![1], isLeaf)
  );
}

/**
 * Why `prefix` is not a prefix of `full`: one entry for each place where they differ, none if it is one.
 *
 * @param prefix the tree that should be the top of `full`
 * @param full the whole tree
 * @param isLeaf which nodes of `prefix` count as leaves
 * @returns functions from the name of the prefix (`"vmap inAxes"`) to an error that names the key path
 */
export function prefixErrors(prefix: unknown, full: unknown, isLeaf?: IsLeaf): PrefixError[] {
  return collect([], prefix, full, isLeaf);
}

/** The prefix that {@link flattenUpTo} names in its errors. */
export interface Prefix {
  /** What messages call it. */
  readonly name: string;
  /** The prefix itself. */
  readonly tree: unknown;
  /** Which of its nodes count as leaves. */
  readonly isLeaf?: IsLeaf | undefined;
}

/**
 * `treedef.flattenUpTo(full)`, with errors that name the key path.
 *
 * @param treedef structure of the prefix
 * @param full the whole tree
 * @param prefix the prefix, for the error
 * @returns the subtree of `full` at each leaf of the prefix
 * @throws {ValueError} naming the key path where the prefix is no prefix of `full`
 */
export function flattenUpTo(treedef: PyTreeDef, full: unknown, prefix: Prefix): unknown[] {
  try {
    return treedef.flattenUpTo(full);
  } catch (error) {
    throw prefixErrors(prefix.tree, full, prefix.isLeaf)[0]?.(prefix.name) ?? error;
  }
}

/**
 * Repeats each leaf of a prefix for all leaves below its place.
 *
 * @param prefix a tree that is the top of `full`
 * @param full the whole tree
 * @param isLeaf which nodes of `prefix` count as leaves
 * @param name what messages call the prefix
 * @returns one leaf of `prefix` for each leaf of `full`
 * @throws {ValueError} naming the key path where `prefix` is no prefix of `full`
 */
export function broadcastPrefix(
  prefix: unknown,
  full: unknown,
  isLeaf?: IsLeaf,
  name: string = "broadcastPrefix prefix",
): unknown[] {
  const [prefixLeaves, treedef] = flatten(prefix, isLeaf);
  const out: unknown[] = [];
  flattenUpTo(treedef, full, { name, tree: prefix, isLeaf }).forEach((subtree, i) => {
    for (let n = structure(subtree).numLeaves; n > 0; n--) out.push(prefixLeaves[i]);
  });
  return out;
}
