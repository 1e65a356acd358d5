/**
 * Arguments and results of transformed functions: pytrees to flat lists of arrays and back.
 *
 * @module
 */
import { JaxArray } from "./array.ts";
import { shaped, type ShapedArray } from "./avals.ts";
import { describe, fromHost, scalarArray } from "./concrete.ts";
import { bool_, canonicalizeDType, defaultComplex, defaultFloat, type DType } from "./dtypes.ts";
import { isComplexScalar, parseArray } from "./host.ts";
import { flattenWithPath, keystr, type PyTreeDef } from "./pytree.ts";
import { flatten, unflatten } from "./pytree.ts";

/** Shape and dtype of an array that is not there: for `evalShape`, `makeJaxpr` and `lower`. */
export class ShapeDtypeStruct {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly weakType: boolean;

  constructor(
    shape: readonly number[],
    dtype: DType | { readonly dtype: DType },
    options: { weakType?: boolean } = {},
  ) {
    this.shape = [...shape];
    this.dtype = canonicalizeDType(typeof dtype === "function" ? dtype : dtype.dtype);
    this.weakType = options.weakType ?? false;
  }

  get ndim(): number {
    return this.shape.length;
  }

  get size(): number {
    return this.shape.reduce((a, b) => a * b, 1);
  }

  toString(): string {
    return `ShapeDtypeStruct(shape=${
      this.shape.length === 1 ? `(${this.shape[0]},)` : `(${this.shape.join(", ")})`
    }, dtype=${this.dtype.name}${this.weakType ? ", weak_type=True" : ""})`;
  }
}

/** The array of a leaf: numbers are weak floats, bigints weak ints. Null when the leaf is no array at all. */
export function leafArray(x: unknown): JaxArray | null {
  if (x instanceof JaxArray) return x;
  switch (typeof x) {
    case "number":
      return scalarArray(x, defaultFloat(), true);
    case "boolean":
      return scalarArray(x, bool_);
    case "bigint":
      return fromHost(parseArray(x));
    case "object":
      if (isComplexScalar(x)) return scalarArray(x, defaultComplex(), true);
      if (ArrayBuffer.isView(x)) return fromHost(parseArray(x));
      return null;
    default:
      return null;
  }
}

/** The arrays of a tree's leaves; a leaf that is none is an error naming its place. */
export function flattenArrays(
  tree: unknown,
  message: (leaf: unknown, path: string) => string,
): { arrays: JaxArray[]; treedef: PyTreeDef } {
  const [leaves, treedef] = flatten(tree);
  const arrays: JaxArray[] = new Array(leaves.length);
  for (let i = 0; i < leaves.length; i++) {
    const x = leafArray(leaves[i]);
    if (x === null) throw new TypeError(message(leaves[i], keystr(flattenWithPath(tree)[0][i]![0])));
    arrays[i] = x;
  }
  return { arrays, treedef };
}

/** The message for an argument that is no array. */
export function invalidArgument(what: string): (leaf: unknown, path: string) => string {
  return (leaf, path) =>
    `Error interpreting argument to ${what} as an abstract array. The problematic value is of type ${
      typeText(leaf)
    } ` +
    `(${
      describe(leaf)
    }) and was passed to the function at path args${path}. Give an array or a number, or mark the ` +
    `argument static (jit's staticArgnums).`;
}

/** The message for a result that is no array. */
export function invalidResult(name: string, what: string): (leaf: unknown, path: string) => string {
  return (leaf, path) =>
    `function ${name} traced for ${what} returned a value of type ${typeText(leaf)}${
      path ? ` at output component ${path}` : ""
    }, ` +
    `which is not a valid JAX type`;
}

function typeText(x: unknown): string {
  return typeof x === "object" && x !== null ? x.constructor?.name ?? "object" : typeof x;
}

/** Abstract values of leaves that may be arrays, scalars or {@linkcode ShapeDtypeStruct}s. */
export function leafAval(x: unknown): ShapedArray | null {
  if (x instanceof ShapeDtypeStruct) return shaped(x.shape, x.dtype, x.weakType);
  return leafArray(x)?.aval ?? null;
}

const asyncFunction = (async () => {}).constructor;

/** Raises unless `f` is a function that gives its result at once. */
export function checkCallable(f: unknown, what: string): asserts f is (...args: unknown[]) => unknown {
  if (typeof f !== "function") {
    throw new TypeError(`Expected a callable value, got ${describe(f)} (in ${what})`);
  }
  if (f instanceof asyncFunction) {
    throw new TypeError(
      `${what} was given the async function ${
        f.name || "<lambda>"
      }. Transformed functions are traced in one go and ` +
        `must be synchronous: await values before the call and pass them as arguments`,
    );
  }
}

/** Raises when a function gave a promise. */
export function checkNotPromise(result: unknown, what: string): void {
  if (result instanceof Promise) {
    result.catch(() => {});
    throw new TypeError(
      `the function given to ${what} returned a Promise. Transformed functions are traced in one go and must be ` +
        `synchronous: await values before the call and pass them as arguments`,
    );
  }
}

/** A function's name as jaxprs show it. */
export function functionName(f: { readonly name: string }): string {
  const { name } = f;
  return name === "" ? "<lambda>" : name;
}

/** A function of pytrees as one of flat lists, remembering the structure of its last result. */
export class FlatFunction {
  readonly what: string;
  readonly name: string;
  readonly call: (...flat: JaxArray[]) => JaxArray[];
  outTree: PyTreeDef | null = null;

  constructor(f: (...args: never[]) => unknown, inTree: PyTreeDef, what: string, self?: unknown) {
    this.what = what;
    this.name = functionName(f);
    this.call = (...flat) => {
      const args = unflatten(inTree, flat) as never[];
      const result = f.apply(self, args);
      checkNotPromise(result, what);
      const { arrays, treedef } = flattenArrays(result, invalidResult(this.name, what));
      this.outTree = treedef;
      return arrays;
    };
  }
}

/** Indices given as a number or list of numbers, negative ones counted from the end. */
export function normalizeArgnums(argnums: number | readonly number[] | undefined, count: number): number[] {
  const list = argnums === undefined ? [] : typeof argnums === "number" ? [argnums] : argnums;
  return list.map((n) => {
    if (!Number.isInteger(n)) throw new TypeError(`argnums must be integers, got ${String(n)}`);
    return n < 0 ? n + count : n;
  });
}
