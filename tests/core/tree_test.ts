import { inspect } from "node:util";
import { ValueError } from "../../core/errors.ts";
import {
  broadcastPrefix,
  describe,
  flatten,
  flattenWithPath,
  map,
  prefixErrors,
  PyTreeDef,
  structure,
} from "../../core/pytree.ts";
import * as tree from "../../tree/mod.ts";
import * as treeUtil from "../../tree/tree_util.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { type Case, parseNumber, readCases, type Value } from "../golden/cases.ts";

const { DictKey, FlattenedIndexKey, GetAttrKey, keystr, SequenceKey } = treeUtil;

// The golden cases of tree.jsonl, without arrays of the library: an array is an object of this class, a leaf.
class Numbers {
  dtype: string;
  shape: readonly number[];
  data: readonly number[];
  constructor(dtype: string, shape: readonly number[], data: readonly number[]) {
    this.dtype = dtype;
    this.shape = shape;
    this.data = data;
  }
}

function decode(value: Value): unknown {
  if (value === null || typeof value !== "object") return value;
  if ("data" in value) {
    return new Numbers(
      value.dtype,
      value.shape,
      value.data.map((x) => Math.fround(parseNumber(x))),
    );
  }
  if ("int" in value) return Number(value.int);
  if ("float" in value) return Number(value.float);
  if ("str" in value) return value.str.startsWith("PyTreeDef") ? asLists(value.str) : value.str;
  if ("tuple" in value) return value.tuple.map(decode);
  if ("list" in value) return value.list.map(decode);
  if ("dict" in value) {
    return Object.fromEntries(Object.entries(value.dict).map(([key, x]) => [key, decode(x)]));
  }
  if ("treedef" in value) return asLists(value.treedef);
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}

// Python's tuples are arrays here, and arrays are written as lists.
function asLists(treedef: string): string {
  if (treedef === "PyTreeDef(*)" || treedef === "PyTreeDef(None)") return treedef;
  const inner = treedef.slice("PyTreeDef(".length, -1);
  return `PyTreeDef(${inner.replaceAll("(", "[").replaceAll(",)", "]").replaceAll(")", "]")})`;
}

const elements = (x: unknown): readonly number[] => x instanceof Numbers ? x.data : [x as number];

const pointwise = (f: (a: number, b: number) => number) => (a: unknown, b: unknown = 0) => {
  const [x, y] = [elements(a), elements(b)];
  const data = Array.from({ length: Math.max(x.length, y.length) }, (_, i) => {
    return Math.fround(f(x[i] ?? x[0]!, y[i] ?? y[0]!));
  });
  const of = x.length < y.length ? b : a;
  return new Numbers("float32", of instanceof Numbers ? of.shape : [], data);
};

const functions: Readonly<Record<string, (a: unknown, b?: unknown) => unknown>> = {
  "jax.numpy.add": pointwise((a, b) => a + b),
  "jax.numpy.multiply": pointwise((a, b) => a * b),
  "jax.numpy.negative": pointwise((a) => -a),
};

const texts = (entries: readonly (readonly [treeUtil.KeyPath, unknown])[]) =>
  entries.map(([path, leaf]) => [keystr(path), leaf]);

// From the arguments to the result, by the name of the function after `jax.tree.` or `jax.tree_util.`.
const forms: Readonly<Record<string, (...args: never[]) => unknown>> = {
  leaves: (x) => tree.leaves(x),
  structure: (x) => String(tree.structure(x)),
  flatten: (x) => [tree.leaves(x), String(tree.flatten(x)[1])],
  "tree_structure.num_leaves": (x) => [tree.structure(x).numLeaves, tree.structure(x).numNodes],
  leaves_with_path: (x) => texts(tree.leavesWithPath(x)),
  flatten_with_path: (x) => [texts(tree.flattenWithPath(x)[0]), String(tree.flattenWithPath(x)[1])],
  unflatten: (x, leaves) => {
    const treedef = tree.structure(x);
    return tree.unflatten(treedef, leaves ?? Array.from({ length: treedef.numLeaves }, (_, i) => 100 + i));
  },
  flatten_none_leaf: (x) => tree.leaves(x, { isLeaf: (y) => y === null }),
  treedef_children: (x) => treeUtil.treedefChildren(tree.structure(x)).map(String),
  treedef_is_leaf: (x) => treeUtil.treedefIsLeaf(tree.structure(x)),
  treedef_tuple: (...xs) => String(treeUtil.treedefTuple(xs.map((x) => tree.structure(x)))),
  map: (f, x, ...rest) => tree.map(f as (...leaves: unknown[]) => unknown, x, ...rest as unknown[]),
  map_with_path: (x) => tree.mapWithPath((path) => keystr(path), x),
  reduce_sum: (x) => tree.reduce((a: number, b: number) => a + b, x, 0),
  tree_reduce: (f, x, start) => treeUtil.treeReduce(f, x, start),
  reduce_associative: (f, x) => tree.reduceAssociative(f, x, { identity: 0 as never }),
  all: (x) => tree.all(x),
  all_leaves: (x) => treeUtil.allLeaves(x),
  broadcast: (prefix, x) => tree.broadcast(prefix, x),
  tree_broadcast: (prefix, x) => treeUtil.treeBroadcast(prefix, x),
  is_tree_node: (x) => treeUtil.isTreeNode(x),
  transpose: (x: unknown[]) => {
    return tree.transpose(tree.structure(x.map(() => 0)), tree.structure(x[0]), x);
  },
};

function run({ fn, args }: Case): unknown {
  const name = fn.replace(/^jax\.tree(_util)?\./, "");
  const values = args!.map((arg) => {
    return arg !== null && typeof arg === "object" && "fn" in arg ? functions[arg.fn] : decode(arg);
  });
  return forms[name]!(...values as never[]);
}

// Numbers of the library have no Python type: an int result of an array function is float32 here.
function comparable(x: unknown): unknown {
  if (x instanceof Numbers) return x.data.length === 1 ? x.data[0] : x.data.map(Math.fround);
  return x;
}

// What JavaScript cannot tell apart: tuples from lists, and the dict keys 1 and "1".
const beyond = ["tree.eq/0", "tree.leaves/20", ...[0, 1, 3, 4, 6, 7].map((i) => `tree.map_tuple_leaf/${i}`)];

Deno.test("golden cases of jax.tree and jax.tree_util", () => {
  let count = 0;
  for (const c of readCases("tree")) {
    if (c.fn === "program" || c.fn.endsWith("keystr") || beyond.includes(c.id)) continue;
    count++;
    if ("raises" in c) {
      const message = c.message!.replace("of tuple", "of list");
      assertThrows(() => run(c), ValueError, message);
    } else assertEquals(map(comparable, run(c)), map(comparable, decode(c.out!)), c.id);
  }
  assert(count >= 170, `${count} cases`);
});

Deno.test("golden cases of keystr", () => {
  for (const c of readCases("tree")) {
    if (!c.fn.endsWith("keystr")) continue;
    const arg = decode(c.args![0]!) as string[];
    if ("list" in (c.out as object)) {
      const paths = tree.leavesWithPath(arg).map(([path]) => keystr(path, { simple: true, separator: "/" }));
      assertEquals(paths, decode(c.out!), c.id);
    } else {
      const path = arg.map((key) =>
        /\d/.test(key) ? new SequenceKey(Number(key.slice(1, -1))) : new DictKey("a")
      );
      assertEquals([keystr(path), keystr(path, { simple: true, separator: "." })], decode(c.out!), c.id);
    }
  }
});

Deno.test("key paths: every kind of key, as JAX writes it", () => {
  const path = [
    new SequenceKey(1),
    new DictKey("a'b"),
    new DictKey(3),
    new GetAttrKey("x"),
    new FlattenedIndexKey(2),
  ];
  assertEquals(keystr(path), `[1]["a'b"][3].x[<flat index 2>]`);
  assertEquals(keystr(path, { simple: true, separator: "/" }), "1/a'b/3/x/2");
  assertEquals(tree.leavesWithPath({ a: [1] }).map(([p]) => `${p}`), ["['a'][0]"]);
});

Deno.test("what is a leaf and what is a node", () => {
  class Plain {
    x = 1;
  }
  const opaque = [1, 2n, true, "s", () => 0, new Float32Array(2), new Plain(), new Date(0), Symbol("s")];
  for (const x of opaque) assertEquals(tree.leaves(x).length, 1, describe(x));
  assertEquals(tree.leaves([null, undefined]), []);
  assertEquals(tree.unflatten(tree.structure([undefined]), []), [null]);
  assertEquals(tree.leaves({ re: 1, im: 2 }), [{ re: 1, im: 2 }]);
  assertEquals(tree.leaves({ re: 1, im: 2, extra: 3 }), [3, 2, 1]);
  assertEquals(tree.leaves({ re: [1], im: 2 }), [2, 1]);
  assertEquals(tree.leaves(Object.assign(Object.create(null), { b: 1, a: 2 })), [2, 1]);
  const named = Object.assign([3, 4], { values: 3, vectors: 4 });
  assertEquals(tree.leaves(named), [3, 4]);
  assertEquals(tree.leaves(new Map([["b", 1], ["a", 2]])), [2, 1]);
  assertEquals(tree.leaves(new Map([[10, "x"], [9, "y"]])), ["y", "x"]);
  const mapped = tree.map((x: number) => x + 1, new Map([["b", 1], ["a", 2]]));
  assertEquals([...mapped], [["a", 3], ["b", 2]]);
  assertEquals(String(tree.structure(new Map([["b", 1]]))), "PyTreeDef(CustomNode(Map['b'], [*]))");
  const mixed = new Map<unknown, number>([["b", 1], [1, 2]]);
  assertThrows(() => tree.leaves(mixed), ValueError, "Comparator raised exception while sorting pytree");
  const own = tree.map((x: number) => x + 1, JSON.parse('{"__proto__": 1}'));
  assertEquals(Object.entries(own), [["__proto__", 2]]);
});

Deno.test("equal structures are one object", () => {
  const make = () => ({ a: [1, { b: 2 }], c: null, m: new Map([["k", [3]]]) });
  assert(tree.structure(make()) === tree.structure(make()));
  assert(tree.structure([1, 2]) === tree.structure([3, 4]));
  assert(tree.structure([1, 2]) === tree.structure([3, null], (x) => x === null || x === 3));
  assert(tree.structure([1, 2]) !== tree.structure([1, [2]]));
  assert(!tree.structure({ a: 1 }).equals(tree.structure({ b: 1 })));
  assert(!tree.structure([[1], 2]).equals(tree.structure([1, [2]])));
  assert(!tree.structure([]).equals(null));
});

Deno.test("structures stay equal when very many have been seen", () => {
  const before = structure({ a: [1, [2]] });
  for (let i = 0; i < 40_000; i++) structure({ [`key ${i}`]: i });
  const after = structure({ a: [1, [2]] });
  assert(before.equals(after));
  assert(!before.equals(structure({ a: [1, [2, 3]] })));
});

Deno.test("treedefs: node data, children, composition, folding, text", () => {
  const treedef = tree.structure({ b: 1, a: [2, 3] });
  assertEquals(treedef.nodeData(), [Object, ["a", "b"]]);
  assertEquals(tree.structure([1]).nodeData(), [Array, null]);
  assertEquals(tree.structure(1).nodeData(), null);
  assertEquals(tree.structure(null).nodeData(), [null, null]);
  assertEquals(
    String(tree.structure([1, 2]).compose(tree.structure({ a: 1 }))),
    "PyTreeDef([{'a': *}, {'a': *}])",
  );
  assert(treedef.compose(tree.structure(0)) === treedef);
  const folded = treedef.walk((children, data) => [data, ...children], (x) => 10 * (x as number), [1, 2, 3]);
  assertEquals(folded, [["a", "b"], [null, 10, 20], 30]);
  assertThrows(
    () => treedef.walk(() => 0, null, [1]),
    ValueError,
    "Too few leaves for PyTreeDef; expected 3, got 1",
  );
  assertEquals(inspect(treedef), "PyTreeDef({'a': [*, *], 'b': *})");
  assert(treedef instanceof PyTreeDef);
  assertEquals(treeUtil.buildTree(treedef, [new Set([1, 2]), 3]), { a: [1, 2], b: 3 });
  assertThrows(() => treeUtil.buildTree(treedef, [1]), ValueError, "Arity mismatch between trees");
});

Deno.test("flattenUpTo: JAX's messages", () => {
  const upTo = (prefix: unknown, full: unknown) => () => structure(prefix).flattenUpTo(full);
  assertEquals(upTo({ a: 0, b: [0] }, { a: [1, 2], b: [{ c: 3 }] })(), [[1, 2], { c: 3 }]);
  assertThrows(upTo([1, 2], [1, 2, 3]), ValueError, "List arity mismatch: 3 != 2; list: [1, 2, 3].");
  assertThrows(
    upTo({ a: 1 }, { b: 1 }),
    ValueError,
    "Dict key mismatch; expected keys: ['a']; present keys: ['b'].",
  );
  assertThrows(upTo({ a: 1 }, [1]), ValueError, "Expected dict, got [1].");
  assertThrows(upTo([1], { a: 1 }), ValueError, "Expected list, got {'a': 1}.");
  assertThrows(upTo(null, 1), ValueError, "Expected None, got 1.");
});

Deno.test("mismatches name the function and the key path", () => {
  const message = (prefix: unknown, full: unknown) =>
    assertThrows(() => tree.map((a, b) => [a, b], prefix, full), ValueError).message;
  assertEquals(
    message({ a: [[1]] }, { a: [3] }),
    "pytree structure error: different types at key path\n    tree.map tree['a'][0]\n" +
      "At that key path, the prefix pytree tree.map tree has a subtree of type\n    list\n" +
      "but at the same key path the full pytree has a subtree of different type\n    number.",
  );
  assertEquals(
    message([1, 2], [1, 2, 3]),
    "pytree structure error: different lengths of list at key path\n    tree.map tree\n" +
      "At that key path, the prefix pytree tree.map tree has a subtree of type list of length 2, " +
      "but the full pytree has a subtree of the same type but of length 3.",
  );
  assert(message({ a: 1 }, { a: 1, b: 2 }).endsWith("so the symmetric difference on key sets is\n    b"));
  assert(message({ a: 1 }, { b: 1 }).includes("with metadata\n    ['a']\n"));
  assertEquals(prefixErrors([0, { a: 0 }], [[1], { a: [2] }]), []);
  assertEquals(prefixErrors([[0], { a: 0 }], [1, [2]]).length, 2);
  assertThrows(
    () => broadcastPrefix([0, { c: 1 }], [1, [2]], undefined, "vmap inAxes"),
    ValueError,
    "vmap inAxes[1]",
  );
});

Deno.test("map: options, subtrees, nulls", () => {
  assertEquals(tree.map((a, b) => [a, b], [1, 2] as unknown, [[1], { a: 2 }]), [[1, [1]], [2, { a: 2 }]]);
  assertEquals(tree.map((x) => x, { isLeaf: 1 }), { isLeaf: 1 });
  assertEquals(tree.map((a: number, b: number) => a + b, { isLeaf: 1 }, { isLeaf: 2 }), { isLeaf: 3 });
  assertThrows(() => tree.map(((a: number) => a) as never, { a: 1 }, {}), ValueError, "different numbers");
  assertEquals(tree.map((x) => x === null ? 0 : x, [1, null], { isLeaf: (x) => x === null }), [1, 0]);
  assertThrows(() => tree.map(3 as never, [1]), TypeError, "tree.map: f must be a function, got number");
  assertThrows(() => tree.leaves([1], { isleaf: () => true } as never), TypeError, "isLeaf");
  assertEquals(broadcastPrefix([0, null], [[1, { a: 3, b: null }], 5], (x) => x === null), [0, 0, null]);
});

Deno.test("isLeaf that takes the path", () => {
  const isLeaf = (path: treeUtil.KeyPath, _x: unknown) => keystr(path) === "['a']";
  const want = [["['a']", [1, 2]], ["['b'][0]", 3]];
  assertEquals(texts(tree.leavesWithPath({ a: [1, 2], b: [3] }, isLeaf, true)), want);
  assertEquals(texts(tree.leavesWithPath({ a: [1, 2], b: [3] }, { isLeaf, isLeafTakesPath: true })), want);
  const lengths = tree.mapWithPath((path, x) => [keystr(path), x], { a: [1], b: 2 }, {
    isLeaf: Array.isArray,
  });
  assertEquals(lengths, { a: ["['a']", [1]], b: ["['b']", 2] });
  assertEquals(tree.mapWithPath((path, x, y) => keystr(path) + x + y, [1], [2]), ["[0]12"]);
});

Deno.test("a tree inside itself is an error", () => {
  const inner: unknown[] = [3];
  const cyclic = { x: 1, d: inner };
  inner.push(cyclic);
  const text = "Pytree contains a cycle: a dict in it leads back to itself at key path ['d'][1]";
  assertThrows(() => flatten(cyclic), ValueError, text);
  assertThrows(() => flattenWithPath(cyclic), ValueError, text);
  let deep: unknown = 1;
  for (let i = 0; i < 5000; i++) deep = [deep];
  assertThrows(() => flatten(deep), ValueError, "nested more than 1000 levels deep");
  const shared = [1];
  assertEquals(tree.leaves([shared, shared]), [1, 1]);
});

Deno.test("reduce and reduceAssociative", () => {
  const pair = (a: unknown, b: unknown) => [a, b];
  assertEquals(tree.reduceAssociative(pair as never, [1, 2, 3, 4, 5, 6, 7]), [[1, [2, 3]], [[4, 5], [6, 7]]]);
  assertThrows(() => tree.reduceAssociative(pair as never, []), TypeError, "Must specify identity");
  assertEquals(tree.reduceAssociative(pair as never, [], { identity: 5 as never }), 5);
  assertThrows(() => tree.reduce(pair, []), TypeError, "reduce() of empty iterable with no initial value");
  assertEquals(tree.reduce((a: number, b: number) => a + b, [1, 2], { initializer: 10 }), 13);
  assertEquals(tree.reduce((a: object | null, _: number) => a, [1, 2], null), null);
});

Deno.test("all judges truth as Python does", () => {
  assertEquals([NaN, "a", 2n, { re: 0, im: 1 }, []].map((x) => tree.all(x)), [true, true, true, true, true]);
  assertEquals([0, -0, "", 0n, { re: 0, im: 0 }, false].some((x) => tree.all(x)), false);
  class Vector {
    size = 2;
    item() {}
  }
  assertThrows(
    () => tree.all([new Vector()]),
    ValueError,
    "truth value of an array with more than one element",
  );
});

Deno.test("transpose: JAX's results and message", () => {
  const { transpose, structure } = tree;
  assertEquals(transpose(structure([1, 2]), structure({ a: 1 }), [{ a: 1 }, { b: 1 }]), { a: [1, 1] });
  const got = transpose(structure([1, 2]), null, [{ a: 1, b: 2 }, { a: 1, b: 2 }]);
  assertEquals(got, { a: [1, 1], b: [2, 2] });
  assertThrows(
    () => transpose(structure([1, 2]), structure({ a: 1 }), [{ a: 1 }]),
    TypeError,
    "Mismatch\nPyTreeDef([{'a': *}])\n != \nPyTreeDef([{'a': *}, {'a': *}])",
  );
});

Deno.test("one level", () => {
  assertEquals(treeUtil.flattenOneLevel({ b: 1, a: 2 }), [[2, 1], ["a", "b"]]);
  assertEquals(treeUtil.flattenOneLevel(null), [[], null]);
  assertThrows(() => treeUtil.flattenOneLevel(3), ValueError, "can't tree-flatten type: number");
  assertEquals([Array, Object, Map, Set, () => 0, null, 3].map(treeUtil.isTreeNode), [
    ...[true, true, true, false, false, true, false],
  ]);
});
