/**
 * Key paths of pytrees: the entries that name one step from a node to a child, and their text.
 *
 * @module
 */

/** The step into element `idx` of a sequence; its text is `[idx]`. */
export class SequenceKey {
  /** Position in the sequence. */
  readonly idx: number;
  /** @param idx position in the sequence */
  constructor(idx: number) {
    this.idx = idx;
  }
  /** `[idx]`. */
  toString(): string {
    return `[${this.idx}]`;
  }
}

/** The step to the value under `key` of a dict (plain object or Map); its text is `['key']`. */
export class DictKey {
  /** Key of the entry: a string for plain objects, any sortable key for a Map. */
  readonly key: unknown;
  /** @param key key of the entry */
  constructor(key: unknown) {
    this.key = key;
  }
  /** `['key']`, quoted as Python quotes. */
  toString(): string {
    return `[${describe(this.key)}]`;
  }
}

/** The step to field `name` of a registered class; its text is `.name`. */
export class GetAttrKey {
  /** Name of the field. */
  readonly name: string;
  /** @param name name of the field */
  constructor(name: string) {
    this.name = name;
  }
  /** `.name`. */
  toString(): string {
    return `.${this.name}`;
  }
}

/** The step to child `key` of a registered class that names no keys; its text is `[<flat index key>]`. */
export class FlattenedIndexKey {
  /** Position among the children. */
  readonly key: number;
  /** @param key position among the children */
  constructor(key: number) {
    this.key = key;
  }
  /** `[<flat index key>]`. */
  toString(): string {
    return `[<flat index ${this.key}>]`;
  }
}

/** One step of a {@link KeyPath}; a class registered with its own keys may use any object with a `toString`. */
export type KeyEntry = SequenceKey | DictKey | GetAttrKey | FlattenedIndexKey | { toString(): string };

/** The steps from the root of a pytree to one of its nodes. */
export type KeyPath = readonly KeyEntry[];

/** How {@link keystr} writes a path. */
export interface KeystrOptions {
  /** Write `a` and `0` instead of `['a']` and `[0]`. */
  readonly simple?: boolean | undefined;
  /** Text between two entries; the empty string by default. */
  readonly separator?: string | undefined;
}

function simpleText(entry: KeyEntry): string {
  if (entry instanceof SequenceKey) return String(entry.idx);
  if (entry instanceof DictKey) return typeof entry.key === "string" ? entry.key : describe(entry.key);
  if (entry instanceof GetAttrKey) return entry.name;
  if (entry instanceof FlattenedIndexKey) return String(entry.key);
  return String(entry);
}

/**
 * Text of a key path: `['a'][0]`, or `a/0` with `{ simple: true, separator: "/" }`.
 *
 * @param keys the path, as `flattenWithPath` gives it
 * @param options how to write it
 * @returns the text
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const [[path]] = tree.leavesWithPath({ a: [7] }) as [[treeUtil.KeyPath, number]];
 * assert.equal(treeUtil.keystr(path), "['a'][0]");
 * assert.equal(treeUtil.keystr(path, { simple: true, separator: "/" }), "a/0");
 * ```
 */
export function keystr(keys: KeyPath, options: KeystrOptions = {}): string {
  const text = options.simple ? simpleText : String;
  return keys.map((entry) => text(entry)).join(options.separator ?? "");
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t")
    .replaceAll("\r", "\\r");
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark;
}

function describeObject(x: object, depth: number): string {
  if ("dtype" in x && "shape" in x && Array.isArray(x.shape)) return `${x.dtype}[${x.shape.join(",")}]`;
  if (depth > 4) return "...";
  const inner = (v: unknown) => describe(v, depth + 1);
  const entries = (pairs: [unknown, unknown][]) =>
    `{${pairs.map(([k, v]) => `${inner(k)}: ${inner(v)}`).join(", ")}}`;
  if (Array.isArray(x)) return `[${x.slice(0, 50).map(inner).join(", ")}${x.length > 50 ? ", ..." : ""}]`;
  const proto = Object.getPrototypeOf(x);
  if (proto === Object.prototype || proto === null) return entries(Object.entries(x));
  if (x instanceof Map) return `Map(${entries([...x])})`;
  const text = String(x);
  return text.startsWith("[object ") ? `<${proto.constructor?.name || "object"} object>` : text;
}

/**
 * Text of a value for messages and for the metadata of treedefs, in Python's spelling: `None`, `'a'`, `[1, 2]`,
 * `{'a': 1}`, arrays as `float32[2,3]`.
 *
 * @param x any value
 * @param depth how many containers enclose it
 * @returns one line of text
 */
export function describe(x: unknown, depth: number = 0): string {
  if (x === null || x === undefined) return "None";
  if (typeof x === "string") return quote(x);
  if (typeof x === "boolean") return x ? "True" : "False";
  if (typeof x === "function" && Object.getPrototypeOf(x) === Function.prototype) {
    return `<function ${x.name || "<lambda>"}>`;
  }
  return typeof x === "object" || typeof x === "function" ? describeObject(x, depth) : String(x);
}

/** {@link describe} cut to at most `limit` characters. */
export function describeShort(x: unknown, limit: number = 200): string {
  const text = describe(x);
  return text.length > limit ? `${text.slice(0, limit - 3)}...` : text;
}
