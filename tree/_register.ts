/** Classes as nodes of pytrees: how users register theirs. */
import { checkOptions, ValueError } from "../core/errors.ts";
import { type Class, describe, GetAttrKey, type KeyEntry, register } from "../core/pytree.ts";

/** Takes a node apart: its children in order, and the static rest. */
export type Flatten<T> = (node: T) => readonly [children: Iterable<unknown>, auxData: unknown];

/** Puts a node together; `children` are in the order of {@link Flatten}, and may be anything, tracers included. */
// deno-lint-ignore no-explicit-any -- what a class stores in its nodes is its own affair
export type Unflatten<T> = (auxData: any, children: any[]) => T;

/** As {@link Flatten}, with a key for each child. */
export type FlattenWithKeys<T> = (
  node: T,
) => readonly [children: Iterable<readonly [key: KeyEntry, child: unknown]>, auxData: unknown];

function secondOf(pair: readonly [unknown, unknown]): unknown {
  return pair[1];
}

/**
 * Registers a class as a node of pytrees. Exactly its instances become nodes; subclasses register themselves.
 *
 * The static data takes part in comparisons of structures, and so in the cache of `jit`: by value where it is made of
 * numbers, strings, booleans, `null`, arrays and plain objects, else by identity. Containers in it are frozen.
 *
 * @typeParam T the class's instances
 * @param nodetype the class
 * @param flattenFunc from an instance to `[children, auxData]`
 * @param unflattenFunc from `auxData` and children to an instance; it must not look into the children
 * @param flattenWithKeysFunc from an instance to `[[key, child] pairs, auxData]`, for key paths
 * @throws {ValueError} if the class is registered already
 *
 * @example
 * ```ts
 * import { tree } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * class Interval {
 *   lower: number;
 *   upper: number;
 *   unit: string;
 *   constructor(lower: number, upper: number, unit: string) {
 *     this.lower = lower;
 *     this.upper = upper;
 *     this.unit = unit;
 *   }
 * }
 * tree.registerNode(
 *   Interval,
 *   (x) => [[x.lower, x.upper], x.unit],
 *   (unit, [lower, upper]) => new Interval(lower, upper, unit),
 * );
 * const doubled = tree.map((x: number) => 2 * x, new Interval(1, 2, "m"));
 * assert.deepEqual(doubled, new Interval(2, 4, "m"));
 * ```
 */
export function registerPytreeNode<T>(
  nodetype: Class<T>,
  flattenFunc: Flatten<T>,
  unflattenFunc: Unflatten<T>,
  flattenWithKeysFunc?: FlattenWithKeys<T> | null,
): void {
  register({
    type: nodetype,
    name: nodetype?.name,
    noun: "custom node",
    flatten: (node) => flattenFunc(node as T),
    unflatten: unflattenFunc,
    keys: flattenWithKeysFunc ? (node) => keysOf(flattenWithKeysFunc(node as T)) : undefined,
  });
}

function keysOf([pairs]: ReturnType<FlattenWithKeys<unknown>>): KeyEntry[] {
  return Array.from(pairs, ([key]) => key);
}

/**
 * Registers a class as a node of pytrees whose children have keys.
 *
 * @typeParam T the class's instances
 * @param nodetype the class
 * @param flattenWithKeys from an instance to `[[key, child] pairs, auxData]`
 * @param unflattenFunc from `auxData` and children to an instance
 * @param flattenFunc a faster way to the children without keys
 * @throws {ValueError} if the class is registered already
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * class Pair {
 *   first: unknown;
 *   second: unknown;
 *   constructor(first: unknown, second: unknown) {
 *     this.first = first;
 *     this.second = second;
 *   }
 * }
 * const { GetAttrKey, keystr } = treeUtil;
 * treeUtil.registerPytreeWithKeys(
 *   Pair,
 *   (p) => [[[new GetAttrKey("first"), p.first], [new GetAttrKey("second"), p.second]], null],
 *   (_aux, [first, second]) => new Pair(first, second),
 * );
 * const paths = tree.leavesWithPath(new Pair(1, [2])).map(([path]) => keystr(path));
 * assert.deepEqual(paths, [".first", ".second[0]"]);
 * ```
 */
export function registerPytreeWithKeys<T>(
  nodetype: Class<T>,
  flattenWithKeys: FlattenWithKeys<T>,
  unflattenFunc: Unflatten<T>,
  flattenFunc?: Flatten<T> | null,
): void {
  const withoutKeys = (node: T) => {
    const [pairs, aux] = flattenWithKeys(node);
    return [Array.from(pairs, secondOf), aux] as const;
  };
  registerPytreeNode(nodetype, flattenFunc ?? withoutKeys, unflattenFunc, flattenWithKeys);
}

/** A class that knows how to flatten itself. */
export interface PytreeNodeClass<T extends { treeFlatten(): ReturnType<Flatten<unknown>> }> extends Class<T> {
  /** Puts an instance together. */
  treeUnflatten: Unflatten<T>;
}

/**
 * Registers a class that has a method `treeFlatten` and a static method `treeUnflatten`.
 *
 * @param cls the class
 * @returns the class, so that this also serves as a decorator
 * @throws {ValueError} if the class is registered already
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * class Point {
 *   x: number;
 *   y: number;
 *   constructor(x: number, y: number) {
 *     this.x = x;
 *     this.y = y;
 *   }
 *   treeFlatten() {
 *     return [[this.x, this.y], null] as const;
 *   }
 *   static treeUnflatten(_aux: null, [x, y]: number[]) {
 *     return new Point(x!, y!);
 *   }
 * }
 * treeUtil.registerPytreeNodeClass(Point);
 * assert.deepEqual(tree.leaves(new Point(1, 2)), [1, 2]);
 * ```
 */
export function registerPytreeNodeClass<
  C extends PytreeNodeClass<{ treeFlatten(): ReturnType<Flatten<unknown>> }>,
>(cls: C): C {
  registerPytreeNode(cls, (node) => node.treeFlatten(), (aux, children) => cls.treeUnflatten(aux, children));
  return cls;
}

/** An instance that knows how to flatten itself with keys. */
export interface FlattensWithKeys {
  /** The children with their keys, and the static rest. */
  treeFlattenWithKeys(): ReturnType<FlattenWithKeys<unknown>>;
  /** A faster way to the children without keys. */
  treeFlatten?(): ReturnType<Flatten<unknown>>;
}

/** A class that knows how to flatten itself with keys. */
export interface PytreeWithKeysClass extends Class<FlattensWithKeys> {
  /** Puts an instance together. */
  treeUnflatten: Unflatten<FlattensWithKeys>;
}

/**
 * Registers a class that has a method `treeFlattenWithKeys`, a static method `treeUnflatten`, and perhaps a method
 * `treeFlatten`.
 *
 * @param cls the class
 * @returns the class, so that this also serves as a decorator
 * @throws {ValueError} if the class is registered already
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * class Named {
 *   value: unknown;
 *   constructor(value: unknown) {
 *     this.value = value;
 *   }
 *   treeFlattenWithKeys() {
 *     return [[[new treeUtil.GetAttrKey("value"), this.value]], null] as const;
 *   }
 *   static treeUnflatten(_aux: null, [value]: unknown[]) {
 *     return new Named(value);
 *   }
 * }
 * treeUtil.registerPytreeWithKeysClass(Named);
 * const [[path]] = tree.leavesWithPath(new Named(3)) as [[treeUtil.KeyPath, unknown]];
 * assert.equal(treeUtil.keystr(path), ".value");
 * ```
 */
export function registerPytreeWithKeysClass<C extends PytreeWithKeysClass>(cls: C): C {
  const flattens = typeof cls.prototype?.treeFlatten === "function";
  registerPytreeWithKeys<FlattensWithKeys>(
    cls,
    (node) => node.treeFlattenWithKeys(),
    (aux, children) => cls.treeUnflatten(aux, children),
    flattens ? (node) => node.treeFlatten!() : null,
  );
  return cls;
}

/**
 * Registers a class whose instances are nodes without leaves: static under `jit`. Two of them are the same structure
 * if they are the same object.
 *
 * @param cls the class
 * @returns the class, so that this also serves as a decorator
 * @throws {ValueError} if the class is registered already
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * class Mode {
 *   name = "add";
 * }
 * treeUtil.registerStatic(Mode);
 * assert.deepEqual(tree.leaves([1, new Mode()]), [1]);
 * ```
 */
export function registerStatic<C extends Class>(cls: C): C {
  registerPytreeNode<unknown>(cls, (node) => [[], node], (node) => node);
  return cls;
}

/** Marks a field as static in the static property `fields` of a class; made by {@link staticField}. */
export interface StaticField {
  /** Always true. */
  readonly static: true;
}

/**
 * Marks a field as static in the table `static fields` of a class for `registerDataclass`.
 *
 * @returns the mark
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * class Op {
 *   static fields = { x: {}, name: tree.static() };
 *   x = 1;
 *   name = "add";
 * }
 * treeUtil.registerDataclass(Op);
 * assert.deepEqual(tree.leaves(new Op()), [1]);
 * ```
 */
export function staticField(): StaticField {
  return { static: true };
}

/** Which fields of a class are children and which are static. */
export interface DataclassFields {
  /** Fields with arrays, scalars or trees of these: the children. */
  readonly dataFields?: readonly string[] | null | undefined;
  /** Static fields. */
  readonly metaFields?: readonly string[] | null | undefined;
  /** Fields of the table `static fields` that are neither: they are lost on the way. */
  readonly dropFields?: readonly string[] | undefined;
}

/** A class, perhaps with a table of its fields. */
export interface DataclassType<T = unknown> extends Class<T> {
  /** A name for each field, with `tree.static()` for static ones. */
  readonly fields?: Readonly<Record<string, StaticField | object | null>>;
}

function isFieldList(x: unknown): x is readonly string[] | null | undefined {
  return x === null || x === undefined || Array.isArray(x);
}

function checkFields(name: string, declared: readonly string[], given: readonly string[]): void {
  const missing = declared.filter((field) => !given.includes(field));
  const unexpected = given.filter((field) => !declared.includes(field));
  if (missing.length === 0 && unexpected.length === 0) return;
  const texts = ["dataFields and metaFields must include all fields of the class and only them."];
  if (missing.length) {
    texts.push(`Missing fields: ${describe(missing)}. Add them to dropFields to suppress this error.`);
  }
  if (unexpected.length) texts.push(`Unexpected fields: ${describe(unexpected)}.`);
  throw new ValueError(`registerDataclass(${name}): ${texts.join(" ")}`);
}

function fieldsOf(cls: DataclassType, options: DataclassFields): [data: string[], meta: string[]] {
  const { dataFields, metaFields, dropFields = [] } = options;
  const declared = Object.entries(cls.fields ?? {}).filter(([name]) => !dropFields.includes(name));
  if (!dataFields || !metaFields) {
    if (dataFields || metaFields) {
      throw new TypeError(
        "registerDataclass: dataFields and metaFields must both be specified when either is specified. " +
          `Got dataFields=${describe(dataFields)} metaFields=${describe(metaFields)}`,
      );
    }
    if (!cls.fields) {
      throw new TypeError(
        "registerDataclass: dataFields and metaFields are required when the class has no static property `fields`. " +
          `Got nodetype=${cls.name}`,
      );
    }
    const isStatic = (field: unknown) => (field as Partial<StaticField> | null)?.static === true;
    const names = (want: boolean) => declared.filter(([, f]) => isStatic(f) === want).map(([name]) => name);
    return [names(false), names(true)];
  }
  const overlap = dataFields.filter((field) => metaFields.includes(field));
  if (overlap.length > 0) {
    throw new ValueError(
      `registerDataclass: dataFields and metaFields must not overlap. Overlapping fields: ${
        describe(overlap)
      }`,
    );
  }
  if (cls.fields) checkFields(cls.name, declared.map(([name]) => name), [...dataFields, ...metaFields]);
  return [[...dataFields], [...metaFields]];
}

/**
 * Registers a class whose instances are their fields. Instances are put together without calling the constructor
 * (which could not expect tracers); a class with private fields registers with {@link registerPytreeNode}.
 *
 * @param nodetype the class
 * @param dataFields names of the fields that are children; by default those of `static fields` that are not static
 * @param metaFields names of the static fields; by default those marked with `tree.static()`
 * @param dropFields names of fields of `static fields` to leave out
 * @returns the class, so that this also serves as a decorator
 * @throws {TypeError} if only one of `dataFields` and `metaFields` is given, or none and the class has no `fields`
 * @throws {ValueError} if the lists overlap, differ from `static fields`, or the class is registered already
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * class Affine {
 *   scale = 2;
 *   offset = 1;
 *   unit = "m";
 * }
 * treeUtil.registerDataclass(Affine, ["scale", "offset"], ["unit"]);
 * assert.equal(String(tree.structure(new Affine())), "PyTreeDef(CustomNode(Affine[('m',)], [*, *]))");
 * const { scale, offset } = tree.map((x) => 10 * Number(x), new Affine());
 * assert.deepEqual([scale, offset], [20, 10]);
 * ```
 */
export function registerDataclass<C extends DataclassType>(
  nodetype: C,
  dataFields?: readonly string[] | DataclassFields | null,
  metaFields?: readonly string[] | null,
  dropFields?: readonly string[],
): C {
  let options: DataclassFields;
  if (isFieldList(dataFields)) options = { dataFields, metaFields, dropFields };
  else {
    checkOptions("registerDataclass", dataFields, ["dataFields", "metaFields", "dropFields"]);
    options = dataFields;
  }
  const [data, meta] = fieldsOf(nodetype, options);
  const keys = data.map((name) => new GetAttrKey(name));
  const values = (node: unknown, names: readonly string[]) =>
    names.map((name) => (node as Record<string, unknown>)[name]);
  register({
    type: nodetype,
    name: nodetype?.name,
    noun: "custom dataclass node",
    flatten: (node) => [values(node, data), values(node, meta)],
    unflatten: (aux, children) => {
      const node = Object.create(nodetype.prototype);
      data.forEach((name, i) => setField(node, name, children[i]));
      meta.forEach((name, i) => setField(node, name, (aux as unknown[])[i]));
      return node;
    },
    keys: () => keys,
    auxText: (aux) => tupleText(aux as unknown[]),
  });
  return nodetype;
}

// Defined, not assigned: a field may hide an accessor of the class.
function setField(node: object, name: string, value: unknown): void {
  Object.defineProperty(node, name, { value, writable: true, enumerable: true, configurable: true });
}

function tupleText(values: readonly unknown[]): string {
  return `(${values.map((value) => describe(value)).join(", ")}${values.length === 1 ? "," : ""})`;
}
