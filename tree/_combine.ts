/** Functions of whole trees: mapping with paths, broadcasting, transposing, reducing. */
import { checkOptions, ValueError } from "../core/errors.ts";
import {
  broadcastPrefix,
  flatten,
  flattenUpTo,
  flattenWithPath,
  type IsLeaf,
  isOptions,
  type KeyPath,
  type Leaf,
  type PyTreeDef,
  structure,
  typeName,
  type WithLeaves,
} from "../core/pytree.ts";
import { type PathOptions, pathPredicate, predicate, type TreeOptions } from "./_options.ts";

/**
 * As `tree.map`, with the key path of the leaf as the first argument.
 *
 * @param f given a key path, the leaf there and the subtrees of the others at its place
 * @param tree the tree that gives the structure
 * @param rest trees that `tree` is a prefix of, then options if the last one has only `isLeaf`, `isLeafTakesPath`
 * @returns a tree of the structure of `tree` with the results
 * @throws {ValueError} naming the key path where a tree does not match
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const named = tree.mapWithPath((path, x) => `${treeUtil.keystr(path)}=${x}`, { a: 1, b: [2] });
 * assert.deepEqual(named, { a: "['a']=1", b: ["['b'][0]=2"] });
 * ```
 */
export function treeMapWithPath<T, U>(
  f: (path: KeyPath, leaf: Leaf<T>) => U,
  tree: T,
  options?: PathOptions,
): WithLeaves<T, U>;
export function treeMapWithPath<T, U>(
  // deno-lint-ignore no-explicit-any -- subtrees of any number of trees
  f: (path: KeyPath, ...subtrees: any[]) => U,
  tree: T,
  ...rest: readonly unknown[]
): WithLeaves<T, U>;
export function treeMapWithPath(
  f: (path: KeyPath, ...subtrees: unknown[]) => unknown,
  tree: unknown,
  ...rest: unknown[]
): unknown {
  const name = "tree.mapWithPath";
  if (typeof f !== "function") throw new TypeError(`${name}: f must be a function, got ${typeName(f)}`);
  const last = rest.at(-1);
  const hasOptions = isOptions(last, ["isLeaf", "isLeafTakesPath"]);
  const trees = hasOptions ? rest.slice(0, -1) : rest;
  const [entries, treedef] = flattenWithPath(
    tree,
    pathPredicate(name, hasOptions ? last as PathOptions : null, false),
  );
  const columns = trees.map((other) => flattenUpTo(treedef, other, { name: `${name} tree`, tree }));
  const results = entries.map(([path, leaf], i) => f(path, leaf, ...columns.map((column) => column[i])));
  return treedef.unflatten(results);
}

/**
 * Repeats each leaf of a prefix of a tree for all leaves below its place.
 *
 * @param prefixTree a tree that is the top of `fullTree`
 * @param fullTree the whole tree
 * @param isLeaf which nodes of `prefixTree` to take as leaves; also as `{ isLeaf }`
 * @returns a tree of the structure of `fullTree` with the leaves of `prefixTree`
 * @throws {ValueError} naming the key path where `prefixTree` is no prefix
 *
 * @example
 * ```ts
 * import { tree } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(tree.broadcast({ a: 1, b: 2 }, { a: [0, 0], b: { c: 0 } }), { a: [1, 1], b: { c: 2 } });
 * ```
 */
export function treeBroadcast<P, T>(
  prefixTree: P,
  fullTree: T,
  isLeaf?: IsLeaf | TreeOptions | null,
): WithLeaves<T, Leaf<P>> {
  const leaves = broadcastPrefix(
    prefixTree,
    fullTree,
    predicate("tree.broadcast", isLeaf),
    "tree.broadcast prefixTree",
  );
  return structure(fullTree).unflatten(leaves) as WithLeaves<T, Leaf<P>>;
}

/**
 * Turns a tree of trees inside out.
 *
 * @param outerTreedef structure of the outer tree
 * @param innerTreedef structure of the inner trees; `null` takes that of the first one
 * @param pytreeToTranspose a tree of structure `outerTreedef` whose leaves have structure `innerTreedef`
 * @returns a tree of structure `innerTreedef` whose leaves have structure `outerTreedef`
 * @throws {TypeError} if the tree has another number of leaves
 *
 * @example
 * ```ts
 * import { tree } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const points = [{ x: 1, y: 2 }, { x: 3, y: 4 }];
 * const columns = tree.transpose(tree.structure([0, 0]), null, points);
 * assert.deepEqual(columns, { x: [1, 3], y: [2, 4] });
 * ```
 */
// deno-lint-ignore no-explicit-any -- the type of the result is known to the caller only
export function treeTranspose<T = any>(
  outerTreedef: PyTreeDef,
  innerTreedef: PyTreeDef | null | undefined,
  pytreeToTranspose: unknown,
): T {
  const [leaves, treedef] = flatten<unknown>(pytreeToTranspose);
  const inner = innerTreedef ?? structure(outerTreedef.flattenUpTo(pytreeToTranspose)[0]);
  const columns = inner.numLeaves;
  if (leaves.length !== columns * outerTreedef.numLeaves) {
    throw new TypeError(`tree.transpose: Mismatch\n${treedef}\n != \n${outerTreedef.compose(inner)}`);
  }
  const subtrees = Array.from({ length: columns }, (_, column) => {
    return outerTreedef.unflatten(leaves.filter((_, i) => i % columns === column));
  });
  return inner.unflatten(subtrees) as T;
}

/** Options of {@link treeReduce}. */
export interface ReduceOptions<A> extends TreeOptions {
  /** What the reduction starts from. */
  readonly initializer?: A;
}

/**
 * Folds the leaves of a tree from the first to the last.
 *
 * @param f from the value so far and a leaf to the next value
 * @param tree any tree
 * @param initializer what to start from; the first leaf if absent. Also as `{ initializer, isLeaf }`
 * @param isLeaf which nodes to take as leaves; also as `{ isLeaf }`
 * @returns the last value
 * @throws {TypeError} if there is neither a leaf nor an initial value
 *
 * @example
 * ```ts
 * import { tree } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * assert.equal(tree.reduce((a: number, b: number) => a + b, { x: 1, y: [2, 3] }), 6);
 * assert.equal(tree.reduce((count: number) => count + 1, ["a", ["b"]], 0), 2);
 * ```
 */
export function treeReduce<T, A = Leaf<T>>(
  f: (accumulated: A, leaf: Leaf<T>) => A,
  tree: T,
  initializer?: A | ReduceOptions<A>,
  isLeaf?: IsLeaf | TreeOptions | null,
): A {
  const name = "tree.reduce";
  const options = isOptions(initializer, ["initializer", "isLeaf"]) ? initializer as ReduceOptions<A> : null;
  const start = options ? options.initializer : initializer as A | undefined;
  const leaves = flatten(tree, predicate(name, options ? options.isLeaf : isLeaf))[0];
  if (start !== undefined) return leaves.reduce<A>((sum, leaf) => f(sum, leaf), start);
  if (leaves.length === 0) throw new TypeError(`${name}: reduce() of empty iterable with no initial value`);
  return leaves.slice(1).reduce<A>((sum, leaf) => f(sum, leaf), leaves[0] as A);
}

/** Options of {@link treeReduceAssociative}. */
export interface AssociativeOptions<A> extends TreeOptions {
  /** The result for a tree without leaves. */
  readonly identity?: A;
}

/**
 * Combines the leaves of a tree by an associative operation in a balanced order, of logarithmic depth.
 *
 * @param operation combines two values
 * @param tree any tree
 * @param options `identity`, the result for a tree without leaves, and `isLeaf`
 * @returns the combination of all leaves
 * @throws {TypeError} if there is neither a leaf nor an identity
 *
 * @example
 * ```ts
 * import { tree } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const nested = tree.reduceAssociative((a: string, b: string) => `(${a}${b})`, ["a", "b", ["c", "d"]]);
 * assert.equal(nested, "((ab)(cd))");
 * ```
 */
export function treeReduceAssociative<T>(
  operation: (a: Leaf<T>, b: Leaf<T>) => Leaf<T>,
  tree: T,
  options: AssociativeOptions<Leaf<T>> = {},
): Leaf<T> {
  const name = "tree.reduceAssociative";
  checkOptions(name, options, ["identity", "isLeaf"]);
  const leaves = flatten(tree, options.isLeaf ?? undefined)[0];
  if (leaves.length === 0) {
    if (options.identity !== undefined) return options.identity;
    throw new TypeError(`${name}: Must specify identity for parallel reduction of empty sequence.`);
  }
  const reduce = (from: number, to: number): Leaf<T> => {
    if (to - from === 1) return leaves[from]!;
    const middle = from + Math.floor((to - from) / 2);
    return operation(reduce(from, middle), reduce(middle, to));
  };
  return reduce(0, leaves.length);
}

/**
 * Whether all leaves are true, as Python judges: nonzero numbers (NaN too), nonempty strings, arrays of one nonzero
 * element.
 *
 * @param tree any tree
 * @param options `isLeaf`: which nodes to take as leaves
 * @returns true if no leaf is false
 * @throws {ValueError} if a leaf is an array with another number of elements than one
 *
 * @example
 * ```ts
 * import { tree } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * assert.equal(tree.all({ a: true, b: [1, 2] }), true);
 * assert.equal(tree.all([true, [false]]), false);
 * ```
 */
export function treeAll(tree: unknown, options?: TreeOptions | IsLeaf | null): boolean {
  return flatten<unknown>(tree, predicate("tree.all", options))[0].every(truth);
}

// Python's bool().
function truth(leaf: unknown): boolean {
  if (typeof leaf === "number") return leaf !== 0;
  if (typeof leaf !== "object" || leaf === null) return Boolean(leaf);
  if ("item" in leaf && typeof leaf.item === "function" && "size" in leaf) {
    if (leaf.size === 1) return truth(leaf.item());
    const what = leaf.size === 0 ? "an empty array" : "an array with more than one element";
    throw new ValueError(
      `tree.all: The truth value of ${what} is ambiguous. Reduce it first, as by np.all(x)`,
    );
  }
  if ("re" in leaf && "im" in leaf) return leaf.re !== 0 || leaf.im !== 0;
  return true;
}
