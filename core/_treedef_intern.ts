/**
 * The constructors of treedefs. Treedefs are hash-consed: equal structures are one object, found by walking a trie
 * over what tells structures apart (dict keys, child structures, static data of registered classes).
 *
 * @module
 */
import { type Registration, sortedKeys } from "./_pytree_registry.ts";
import { isPlain, PyTreeDef } from "./_treedef.ts";

/** A node of the trie. Steps by objects are weak, so that static data lives no longer than its users. */
class TrieNode {
  def: PyTreeDef | undefined = undefined;
  #strong: Map<unknown, TrieNode> | undefined = undefined;
  #weak: WeakMap<object, TrieNode> | undefined = undefined;

  /** The node behind a string, number or other primitive. */
  step(key: unknown): TrieNode {
    const table = this.#strong ??= new Map();
    return table.get(key) ?? addNode(table, key);
  }

  /** The node behind a child structure. */
  stepDef(def: PyTreeDef): TrieNode {
    return def.pinned ? this.step(def) : this.stepObject(def);
  }

  /** The node behind an object. */
  stepObject(key: object): TrieNode {
    const table = this.#weak ??= new WeakMap();
    return table.get(key) ?? addNode(table, key);
  }

  // A list is known by its runs of equal children, so that a long uniform list takes two steps.
  stepRuns(children: readonly PyTreeDef[], from: number = 0): TrieNode {
    if (from === children.length) return this;
    const child = children[from]!;
    let to = from + 1;
    while (to < children.length && children[to] === child) to++;
    return this.stepDef(child).step(to - from).stepRuns(children, to);
  }

  // Static data, so that data of equal value takes the same steps.
  stepValue(value: unknown): TrieNode {
    if (typeof value === "function") return this.stepObject(value);
    if (typeof value !== "object" || value === null) return this.step(value);
    if (value instanceof PyTreeDef) return this.stepDef(value);
    if (Array.isArray(value)) {
      return value.reduce<TrieNode>((node, v) => node.stepValue(v), this.step(ARRAY).step(value.length));
    }
    if (!isPlain(value)) return this.stepObject(value);
    const keys = sortedKeys(value);
    const start = this.step(OBJECT).step(keys.length);
    return keys.reduce((node, k) => node.step(k).stepValue((value as Record<string, unknown>)[k]), start);
  }
}

function addNode(table: { set(key: unknown, node: TrieNode): unknown }, key: unknown): TrieNode {
  const node = new TrieNode();
  table.set(key, node);
  trieSize++;
  return node;
}

function isPinned(def: PyTreeDef): boolean {
  return def.pinned;
}

const ARRAY = Symbol("array");
const OBJECT = Symbol("object");
const MAX_TRIE_SIZE = 1 << 16;
let trieSize = 0;
let roots = new Map<unknown, TrieNode>();

// Forgetting all structures when there are very many bounds the memory; `equals` compares those that were forgotten.
function root(of: unknown): TrieNode {
  if (trieSize > MAX_TRIE_SIZE) {
    roots = new Map();
    flatLists.length = 0;
    trieSize = 0;
  }
  let node = roots.get(of);
  if (node === undefined) roots.set(of, node = new TrieNode());
  return node;
}

const flatLists: PyTreeDef[] = [];

/** The structure of a single leaf. */
export const leafDef: PyTreeDef = new PyTreeDef({ form: "leaf", children: [], pinned: true });

/** The structure of `null`. */
export const noneDef: PyTreeDef = new PyTreeDef({ form: "none", children: [], pinned: true });

/** The structure of an array of `n` leaves. */
export function flatListDef(n: number): PyTreeDef {
  const known = flatLists[n];
  if (known !== undefined) return known;
  const def = listDef(new Array<PyTreeDef>(n).fill(leafDef));
  if (n <= 64) flatLists[n] = def;
  return def;
}

/** The structure of an array. */
export function listDef(children: readonly PyTreeDef[]): PyTreeDef {
  const node = root("list").stepRuns(children);
  return node.def ??= new PyTreeDef({
    form: "list",
    children,
    pinned: children.every(isPinned),
    remake: listDef,
  });
}

/** The structure of a plain object or Map with the given sorted keys. */
export function keyedDef(
  form: "dict" | "map",
  keys: readonly unknown[],
  children: readonly PyTreeDef[],
): PyTreeDef {
  let node = root(form);
  for (let i = 0; i < keys.length; i++) node = node.step(keys[i]).stepDef(children[i]!);
  return node.def ??= new PyTreeDef({
    form,
    keys,
    children,
    pinned: children.every(isPinned),
    remake: (others) => keyedDef(form, keys, others),
  });
}

// Shared static data must not change: containers are copied and frozen, everything else is kept as it is.
function frozen(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozen));
  if (!isPlain(value)) return value;
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([k, v]) => [k, frozen(v)])));
}

function holdsObject(value: unknown): boolean {
  if (typeof value === "function") return true;
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof PyTreeDef) return !value.pinned;
  if (Array.isArray(value)) return value.some(holdsObject);
  return isPlain(value) ? Object.values(value).some(holdsObject) : true;
}

/** The structure of an instance of a registered class. */
export function customDef(
  registration: Registration,
  aux: unknown,
  children: readonly PyTreeDef[],
): PyTreeDef {
  const node = root(registration).stepValue(aux).stepRuns(children);
  if (node.def === undefined) {
    const pinned = !holdsObject(aux) && children.every(isPinned);
    const kept = frozen(aux);
    const remake = (others: readonly PyTreeDef[]) => customDef(registration, kept, others);
    node.def = new PyTreeDef({ form: "custom", registration, aux: kept, children, pinned, remake });
  }
  return node.def;
}
