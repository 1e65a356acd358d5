/**
 * Tree structures without their leaves, made by `_treedef_intern.ts`.
 *
 * @module
 */
import { ValueError } from "./errors.ts";
import { describe, describeShort } from "./_pytree_keys.ts";
import { nodeKind, type Registration, sortedKeys, sortedMapKeys } from "./_pytree_registry.ts";

/** The form of a node in a treedef. */
export type Form = "leaf" | "none" | "list" | "dict" | "map" | "custom";

/** What a node of a treedef is made of. */
export interface NodeParts {
  readonly form: Form;
  readonly children: readonly PyTreeDef[];
  readonly keys?: readonly unknown[];
  readonly registration?: Registration;
  readonly aux?: unknown;
  readonly pinned: boolean;
  /** The same node with other children; absent for leaves and `None`. */
  readonly remake?: (children: readonly PyTreeDef[]) => PyTreeDef;
}

/**
 * The structure of a pytree: what remains when its leaves are taken out. Compare with `equals`; equal structures are
 * nearly always the same object, so `===` may serve as a fast first test or as a cache key.
 */
export class PyTreeDef {
  /** How many leaves a tree of this structure has. */
  readonly numLeaves: number;
  /** How many nodes it has, leaves and `None` nodes counted. */
  readonly numNodes: number;
  /** Form of the root. */
  readonly form: Form;
  readonly #children: readonly PyTreeDef[];
  readonly #keys: readonly unknown[];
  readonly #registration: Registration | undefined;
  readonly #aux: unknown;
  readonly #remake: ((children: readonly PyTreeDef[]) => PyTreeDef) | undefined;
  /** Whether the structure holds no object or function besides registered classes. */
  readonly pinned: boolean;

  /** For `_treedef_intern.ts` alone: other code gets treedefs from `structure`. */
  constructor(parts: NodeParts) {
    this.form = parts.form;
    this.#children = parts.children;
    this.#keys = parts.keys ?? [];
    this.#registration = parts.registration;
    this.#aux = parts.aux;
    this.#remake = parts.remake;
    this.pinned = parts.pinned;
    let numLeaves = parts.form === "leaf" ? 1 : 0;
    let numNodes = 1;
    for (const child of parts.children) {
      numLeaves += child.numLeaves;
      numNodes += child.numNodes;
    }
    this.numLeaves = numLeaves;
    this.numNodes = numNodes;
  }

  /** Structures of the children of the root, in order. */
  children(): PyTreeDef[] {
    return [...this.#children];
  }

  /** Type and static data of the root: `[Object, ["a", "b"]]` for a dict; `null` for a leaf. */
  nodeData(): [type: unknown, data: unknown] | null {
    switch (this.form) {
      case "leaf":
        return null;
      case "none":
        return [null, null];
      case "list":
        return [Array, null];
      case "dict":
        return [Object, [...this.#keys]];
      case "map":
        return [Map, [...this.#keys]];
      case "custom":
        return [this.#registration!.type, this.#aux];
    }
  }

  /**
   * The tree of this structure with the given leaves.
   *
   * @param leaves as many values as the structure has leaves
   * @returns the tree; dict keys in sorted order
   * @throws {ValueError} if there are too few or too many leaves
   */
  unflatten(leaves: Iterable<unknown>): unknown {
    const flat = Array.isArray(leaves) ? leaves : [...leaves];
    if (flat.length < this.numLeaves) {
      throw new ValueError(`Too few leaves for PyTreeDef; expected ${this.numLeaves}, got ${flat.length}`);
    }
    if (flat.length > this.numLeaves) {
      throw new ValueError(`Too many leaves for PyTreeDef; expected ${this.numLeaves}.`);
    }
    return this.#build(flat, 0);
  }

  #build(leaves: readonly unknown[], at: number): unknown {
    if (this.form === "leaf") return leaves[at];
    if (this.form === "none") return null;
    const values = new Array<unknown>(this.#children.length);
    for (let i = 0; i < values.length; i++) {
      const child = this.#children[i]!;
      values[i] = child.form === "leaf" ? leaves[at] : child.#build(leaves, at);
      at += child.numLeaves;
    }
    return this.#assemble(values);
  }

  // The node whose children are `values`.
  #assemble(values: unknown[]): unknown {
    switch (this.form) {
      case "dict":
        return assembleDict(this.#keys as readonly string[], values);
      case "map":
        return new Map(this.#keys.map((key, i) => [key, values[i]]));
      case "custom":
        return this.#registration!.unflatten(this.#aux, values);
      default:
        return values;
    }
  }

  /**
   * Takes apart a tree of which this structure is a prefix.
   *
   * @param tree a tree with at least the nodes of this structure
   * @returns the subtree at each leaf of this structure, in order
   * @throws {ValueError} where the tree has another node than this structure
   */
  flattenUpTo(tree: unknown): unknown[] {
    const out: unknown[] = [];
    this.#flattenUpTo(tree, out);
    return out;
  }

  #flattenUpTo(x: unknown, out: unknown[]): void {
    if (this.form === "leaf") {
      out.push(x);
      return;
    }
    if (this.form === "none") {
      if (x !== null && x !== undefined) throw new ValueError(`Expected None, got ${describeShort(x)}.`);
      return;
    }
    const values = this.form === "custom" ? this.#customChildren(x) : this.#containerChildren(x);
    for (let i = 0; i < values.length; i++) this.#children[i]!.#flattenUpTo(values[i], out);
  }

  #containerChildren(x: unknown): readonly unknown[] {
    const name = this.form === "map" ? "Map" : this.form;
    if (nodeKind(x) !== this.form) throw new ValueError(`Expected ${name}, got ${describeShort(x)}.`);
    if (this.form === "list") {
      const list = x as unknown[];
      const wanted = this.#children.length;
      if (list.length !== wanted) {
        throw new ValueError(
          `List arity mismatch: ${list.length} != ${wanted}; list: ${describeShort(list)}.`,
        );
      }
      return list;
    }
    const keys = this.form === "map" ? sortedMapKeys(x as Map<unknown, unknown>) : sortedKeys(x as object);
    if (!sameValues(keys, this.#keys)) {
      const text = `expected keys: ${describeShort(this.#keys)}; present keys: ${describeShort(keys)}`;
      throw new ValueError(`${name === "Map" ? "Map" : "Dict"} key mismatch; ${text}.`);
    }
    if (this.form === "map") return keys.map((key) => (x as Map<unknown, unknown>).get(key));
    return keys.map((key) => (x as Record<string, unknown>)[key as string]);
  }

  #customChildren(x: unknown): readonly unknown[] {
    const { noun, name, flatten } = this.#registration!;
    if (nodeKind(x) !== this.#registration) {
      throw new ValueError(`Custom node type mismatch: expected type: ${name}, value: ${describeShort(x)}.`);
    }
    const [values, aux] = flatten(x);
    if (!sameValue(aux, this.#aux)) {
      const texts = `${this.#auxText()} != ${describeShort(aux)}`;
      throw new ValueError(`Mismatch ${noun} data: ${texts}; value: ${describeShort(x)}.`);
    }
    const children = [...values];
    if (children.length !== this.#children.length) {
      const counts = `${children.length} != ${this.#children.length}`;
      throw new ValueError(`Custom type arity mismatch: ${counts}; value: ${describeShort(x)}.`);
    }
    return children;
  }

  /** Whether `other` is the same structure: same containers, keys and static data. */
  equals(other: unknown): boolean {
    if (this === other) return true;
    if (!(other instanceof PyTreeDef) || this.form !== other.form) return false;
    if (this.numNodes !== other.numNodes || this.#registration !== other.#registration) return false;
    if (!sameValues(this.#keys, other.#keys) || !sameValue(this.#aux, other.#aux)) return false;
    return this.#children.length === other.#children.length &&
      this.#children.every((child, i) => child.equals(other.#children[i]));
  }

  /**
   * This structure with every leaf replaced by `inner`.
   *
   * @param inner structure of the subtrees
   */
  compose(inner: PyTreeDef): PyTreeDef {
    if (this.form === "leaf") return inner;
    return this.#children.length === 0 ? this : this.#remake!(this.#children.map((c) => c.compose(inner)));
  }

  /**
   * Folds a tree of this structure bottom-up.
   *
   * @param fNode given the results of a node's children and the node's static data
   * @param fLeaf given a leaf
   * @param leaves as many values as the structure has leaves
   * @returns the result at the root
   */
  walk(
    fNode: (children: unknown[], data: unknown) => unknown,
    fLeaf: ((leaf: unknown) => unknown) | null,
    leaves: Iterable<unknown>,
  ): unknown {
    const flat = [...leaves];
    if (flat.length !== this.numLeaves) this.unflatten(flat);
    const visit = (def: PyTreeDef, at: number): unknown => {
      if (def.form === "leaf") return fLeaf ? fLeaf(flat[at]) : flat[at];
      const results = def.#children.map((child) => {
        const result = visit(child, at);
        at += child.numLeaves;
        return result;
      });
      return fNode(results, def.nodeData()![1]);
    };
    return visit(this, 0);
  }

  /**
   * The tree of this structure whose nodes take their children from nested iterables.
   *
   * @param xs an iterable for every node, with one entry for each child
   * @throws {ValueError} if a node has another number of children than its iterable has entries
   */
  fromIterableTree(xs: unknown): unknown {
    if (this.form === "leaf") return xs;
    if (this.form === "none") return null;
    const iterable = xs !== null && typeof xs === "object" && Symbol.iterator in xs;
    const values = iterable ? [...xs as Iterable<unknown>] : Object.values(xs ?? {});
    if (values.length !== this.#children.length) throw new ValueError("Arity mismatch between trees");
    return this.#assemble(this.#children.map((child, i) => child.fromIterableTree(values[i])));
  }

  #auxText(): string {
    const { auxText } = this.#registration!;
    if (auxText) return auxText(this.#aux);
    return typeof this.#aux === "string" ? this.#aux : describe(this.#aux);
  }

  #text(): string {
    const children = this.#children.map((child) => child.#text());
    const keyText = (key: unknown) => describe(key);
    switch (this.form) {
      case "leaf":
        return "*";
      case "none":
        return "None";
      case "list":
        return `[${children.join(", ")}]`;
      case "dict":
        return `{${children.map((child, i) => `${keyText(this.#keys[i])}: ${child}`).join(", ")}}`;
      case "map":
        return `CustomNode(Map[${this.#keys.map(keyText).join(", ")}], [${children.join(", ")}])`;
      case "custom":
        return `CustomNode(${this.#registration!.name}[${this.#auxText()}], [${children.join(", ")}])`;
    }
  }

  /** JAX's text, arrays written as lists: `PyTreeDef({'a': *, 'b': [*, None]})`. */
  toString(): string {
    return `PyTreeDef(${this.#text()})`;
  }
}

// `console.log` shows the text.
for (const inspect of ["Deno.customInspect", "nodejs.util.inspect.custom"]) {
  Object.defineProperty(PyTreeDef.prototype, Symbol.for(inspect), {
    value(this: PyTreeDef): string {
      return this.toString();
    },
  });
}

function assembleDict(keys: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const node: Record<string, unknown> = {};
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (key === "__proto__") {
      Object.defineProperty(node, key, {
        value: values[i],
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } else node[key] = values[i];
  }
  return node;
}

/** Whether `x` is an object literal. */
export function isPlain(x: object): boolean {
  const proto = Object.getPrototypeOf(x);
  return proto === Object.prototype || proto === null;
}

function sameValues(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameValue(a[i], b[i])) return false;
  return true;
}

/** Equality of static data: by value for primitives, arrays, plain objects and treedefs; else by identity. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof PyTreeDef) return a.equals(b);
  if (Array.isArray(a)) return Array.isArray(b) && sameValues(a, b);
  if (!isPlain(a) || !isPlain(b)) return false;
  const keys = sortedKeys(a);
  if (!sameValues(keys, sortedKeys(b))) return false;
  return keys.every((k) => sameValue((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k]));
}
