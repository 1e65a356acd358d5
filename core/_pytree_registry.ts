/**
 * What counts as a node of a pytree: the built-in containers and the registered classes.
 *
 * @module
 */
import { ValueError } from "./errors.ts";
import { describeShort, type KeyEntry } from "./_pytree_keys.ts";

/** A class: anything with a prototype. */
// deno-lint-ignore no-explicit-any -- a class of any construct signature, abstract ones included
export type Class<T = unknown> = abstract new (...args: any[]) => T;

/** How a registered class is taken apart and put together again. */
export interface Registration {
  /** The class itself. */
  readonly type: Class;
  /** Name of the class in the text of treedefs. */
  readonly name: string;
  /** Children in order, and the static rest. */
  readonly flatten: (node: unknown) => readonly [Iterable<unknown>, unknown];
  /** The inverse of `flatten`. */
  readonly unflatten: (auxData: unknown, children: unknown[]) => unknown;
  /** As `flatten`, with a key for each child; absent where children are known by position only. */
  readonly keys?: ((node: unknown) => readonly KeyEntry[]) | undefined;
  /** Text of the static rest in treedefs; `describe` if absent. */
  readonly auxText?: ((auxData: unknown) => string) | undefined;
  /** What messages call the node: `custom node` or `custom dataclass node`. */
  readonly noun: string;
}

/** The kind of a value as a node of a pytree. */
export type NodeKind = "leaf" | "none" | "list" | "dict" | "map" | Registration;

const registry = new Map<object, Registration>();
// The prototype that was last found to belong to leaves: most leaves of a tree are of one class.
let leafPrototype: object | undefined = undefined;
const builtin: readonly Class[] = [Array, Object, Map];

/**
 * Adds a class to the registry; exactly its instances become nodes, those of subclasses do not.
 *
 * @throws {ValueError} if the class is registered already, or is a built-in node
 */
export function register(registration: Registration): void {
  const { type, noun } = registration;
  if (typeof type !== "function" || typeof type.prototype !== "object") {
    throw new TypeError(`registerPytreeNode: nodetype must be a class, got ${describeShort(type)}`);
  }
  if (registry.has(type.prototype) || builtin.includes(type)) {
    const what = noun.replace(/ ?node$/, "");
    throw new ValueError(`Duplicate ${what} PyTreeDef type registration for ${registration.name}.`);
  }
  registry.set(type.prototype, registration);
  leafPrototype = undefined;
}

function isComplexScalar(x: { re?: unknown; im?: unknown }): boolean {
  return typeof x.re === "number" && typeof x.im === "number" && Object.keys(x).length === 2;
}

// Object.prototype of another realm (a worker's, a vm context's) is not ours, but has its properties and no parent.
function isForeignObjectPrototype(proto: object): boolean {
  return Object.getPrototypeOf(proto) === null && Object.hasOwn(proto, "hasOwnProperty");
}

/** What `x` is in a pytree; see the module `core/pytree.ts` for the list. */
export function nodeKind(x: unknown): NodeKind {
  if (x === null || x === undefined) return "none";
  if (typeof x === "object") {
    const proto = Object.getPrototypeOf(x);
    if (proto === leafPrototype) return "leaf";
    if (proto === Array.prototype) return "list";
    if (proto === Object.prototype || proto === null) return isComplexScalar(x) ? "leaf" : "dict";
    if (proto === Map.prototype) return "map";
    const registration = registry.get(proto);
    if (registration !== undefined) return registration;
    if (Array.isArray(x)) return "list";
    if (isForeignObjectPrototype(proto)) return isComplexScalar(x) ? "leaf" : "dict";
    leafPrototype = proto;
    return "leaf";
  }
  if (typeof x === "function") {
    const proto = Object.getPrototypeOf(x);
    if (proto !== Function.prototype && proto !== null) return registry.get(proto) ?? "leaf";
  }
  return "leaf";
}

/** Name of the type of a value, for messages: `list`, `dict`, `None`, `number`, the name of a class. */
export function typeName(x: unknown): string {
  const kind = nodeKind(x);
  if (typeof kind === "object") return kind.name;
  if (kind === "none") return "None";
  if (kind === "map") return "Map";
  if (kind !== "leaf") return kind;
  return typeof x === "object" ? x?.constructor?.name ?? "object" : typeof x;
}

function keysInOrder(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i++) if (keys[i - 1]! > keys[i]!) return false;
  return true;
}

/** Own enumerable string keys of a plain object, sorted. */
export function sortedKeys(x: object): string[] {
  const keys = Object.keys(x);
  return keysInOrder(keys) ? keys : keys.sort();
}

/**
 * Keys of a Map, sorted.
 *
 * @throws {ValueError} if the keys have no common order
 */
export function sortedMapKeys(x: ReadonlyMap<unknown, unknown>): unknown[] {
  const sorts = new Set<string>();
  for (const key of x.keys()) sorts.add(typeof key === "bigint" ? "number" : typeof key);
  const keys = [...x.keys()] as (string | number)[];
  const comparable = ["string", "number", "boolean"].some((sort) => sorts.has(sort));
  if (sorts.size > 1 || (keys.length > 1 && !comparable)) {
    throw new ValueError(
      "Comparator raised exception while sorting pytree dictionary keys. The keys of a Map must be all strings, " +
        `all numbers or all booleans, got ${describeShort(keys)}`,
    );
  }
  return keys.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
