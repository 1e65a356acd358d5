import { ValueError } from "../../core/errors.ts";
import * as tree from "../../tree/mod.ts";
import * as treeUtil from "../../tree/tree_util.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

const { keystr } = treeUtil;

class Node {
  children: unknown[];
  aux: unknown;
  constructor(aux: unknown, ...children: unknown[]) {
    this.aux = aux;
    this.children = children;
  }
  toString(): string {
    return "Node!";
  }
}
tree.registerNode(Node, (node) => [node.children, node.aux], (aux, children) => new Node(aux, ...children));

Deno.test("registered nodes: text, paths, equality by value of the static data", () => {
  assertEquals(String(tree.structure(new Node([2, "x"], 1))), "PyTreeDef(CustomNode(Node[[2, 'x']], [*]))");
  assertEquals(String(tree.structure(new Node("x", 1))), "PyTreeDef(CustomNode(Node[x], [*]))");
  assertEquals(String(tree.structure(new Node(null))), "PyTreeDef(CustomNode(Node[None], []))");
  assertEquals(tree.leavesWithPath(new Node(0, 1, [2])).map(([path]) => keystr(path)), [
    "[<flat index 0>]",
    "[<flat index 1>][0]",
  ]);
  const same = (a: unknown, b: unknown) => tree.structure(new Node(a, 1)) === tree.structure(new Node(b, 1));
  assert(same(3, 3) && same("a", "a") && same(null, null) && same(undefined, undefined) && same(NaN, NaN));
  assert(same([1, { a: [2] }], [1, { a: [2] }]) && same(tree.structure([1]), tree.structure([2])));
  assert(
    !same(1, 2) && !same(1, "1") && !same([1], [2]) && !same([1, 2], [[1, 2]]) && !same({ a: 1 }, { b: 1 }),
  );
  assert(!same(null, undefined) && !same([[], []], [[[]]]) && !same(() => 0, () => 0));
  const f = () => 0;
  assert(same(f, f) && same([f], [f]));
});

Deno.test("registered nodes: static data comes back, containers of it frozen", () => {
  const aux = { sizes: [1, 2], f: new Date(0) };
  const back = tree.map((x: number) => x + 1, new Node(aux, 1) as unknown) as Node;
  assertEquals(back.children, [2]);
  assertEquals(back.aux, aux);
  assert((back.aux as typeof aux).f === aux.f);
  aux.sizes.push(3);
  assertThrows(() => (back.aux as typeof aux).sizes.push(3), TypeError);
  assertEquals((tree.map((x) => x, new Node({ sizes: [1, 2] })) as Node).aux, { sizes: [1, 2] });
});

Deno.test("registered nodes: mismatches", () => {
  const upTo = (prefix: Node, full: unknown) => () => tree.structure(prefix).flattenUpTo(full);
  assertThrows(
    upTo(new Node(2), new Node(3)),
    ValueError,
    "Mismatch custom node data: 2 != 3; value: Node!.",
  );
  assertThrows(
    upTo(new Node(2, 1), new Node(2)),
    ValueError,
    "Custom type arity mismatch: 0 != 1; value: Node!.",
  );
  assertThrows(
    upTo(new Node(2), 3),
    ValueError,
    "Custom node type mismatch: expected type: Node, value: 3.",
  );
  assertThrows(
    () => tree.map((a, b) => [a, b], new Node(2) as unknown, new Node(3)),
    ValueError,
    "different pytree metadata at key path\n    tree.map tree\n",
  );
  assertThrows(
    () => tree.registerNode(Node, () => [[], null], () => new Node(0)),
    ValueError,
    "Duplicate custom PyTreeDef type registration for Node.",
  );
  assertThrows(() => tree.registerNode(Map, () => [[], null], () => new Map()), ValueError, "Duplicate");
  assertThrows(() => tree.registerNode({} as never, () => [[], null], () => 0), TypeError, "must be a class");
});

Deno.test("subclasses are not nodes; an instance seen before registration is one after it", () => {
  class Sub extends Node {}
  const sub = new Sub(0, 1);
  assertEquals(tree.leaves(sub), [sub]);
  tree.registerNode(Sub, (node) => [node.children, null], (_, children) => new Sub(0, ...children));
  assertEquals(tree.leaves(sub), [1]);
  class List extends Array<unknown> {}
  assertEquals(tree.leaves(List.from([1, 2])), [1, 2]);
  treeUtil.registerStatic(List);
  assertEquals(tree.leaves(List.from([1, 2])), []);
});

Deno.test("registration with keys and by methods", () => {
  class Keyed {
    a: unknown;
    constructor(a: unknown) {
      this.a = a;
    }
    treeFlattenWithKeys() {
      return [[[new treeUtil.GetAttrKey("a"), this.a]], "aux"] as const;
    }
    static treeUnflatten(_aux: string, [a]: unknown[]) {
      return new Keyed(a);
    }
  }
  assert(treeUtil.registerPytreeWithKeysClass(Keyed) === Keyed);
  assertEquals(tree.leavesWithPath(new Keyed([1])).map(([path]) => keystr(path)), [".a[0]"]);
  assertEquals(String(tree.structure(new Keyed(1))), "PyTreeDef(CustomNode(Keyed[aux], [*]))");
  assertEquals(tree.map((x: number) => -x, new Keyed(1) as unknown), new Keyed(-1));
  assertThrows(
    () => tree.map((a, b) => [a, b], new Keyed([1]) as unknown, new Keyed([])),
    ValueError,
    "different lengths of list at key path\n    tree.map tree.a\n",
  );
  assertEquals(treeUtil.flattenOneLevelWithKeys(new Keyed(1)), [[[new treeUtil.GetAttrKey("a"), 1]], "aux"]);
});

Deno.test("registerStatic: no leaves, structures by identity", () => {
  class Mode {
    name = "add";
    toString(): string {
      return `Mode(${this.name})`;
    }
  }
  treeUtil.registerStatic(Mode);
  const mode = new Mode();
  assertEquals(tree.leaves([1, mode]), [1]);
  assert(
    tree.structure(mode) === tree.structure(mode) && tree.structure(mode) !== tree.structure(new Mode()),
  );
  assert((tree.map((x: number) => x, [1, mode] as unknown) as unknown[])[1] === mode);
  assertEquals(String(tree.structure(mode)), "PyTreeDef(CustomNode(Mode[Mode(add)], []))");
});

// The golden program tree_register_dataclass.
Deno.test("registerDataclass: fields, static fields, errors", () => {
  class A {
    static fields = { x: null, n: tree.static() };
    x: unknown;
    n: number;
    constructor(x: unknown, n = 3) {
      if (typeof x !== "number") throw new Error("the constructor is not called to rebuild");
      this.x = x;
      this.n = n;
    }
  }
  assert(treeUtil.registerDataclass(A) === A);
  const a = tree.map((x: number) => [x], new A(1) as unknown) as A;
  assert(a instanceof A);
  assertEquals([a.x, a.n], [[1], 3]);
  assertEquals(tree.leavesWithPath(a).map(([path]) => keystr(path)), [".x[0]"]);
  assertEquals(String(tree.structure(new A(1))), "PyTreeDef(CustomNode(A[(3,)], [*]))");
  assert(tree.structure(new A(1)) === tree.structure(new A(2)));
  assertThrows(
    () => tree.structure(new A(1)).flattenUpTo(new A(1, 4)),
    ValueError,
    "Mismatch custom dataclass node data: (3,) != [4]; value: ",
  );
  assertThrows(() => treeUtil.registerDataclass(A), ValueError, "Duplicate custom dataclass PyTreeDef type");
  class B {
    static fields = { x: null, y: null };
  }
  const { registerDataclass } = treeUtil;
  assertThrows(() => registerDataclass(class {}), TypeError, "dataFields and metaFields are required when");
  assertThrows(() => registerDataclass(B, ["x"]), TypeError, "must both be specified");
  assertThrows(
    () => registerDataclass(B, ["x"], ["x"]),
    ValueError,
    "must not overlap. Overlapping fields: ['x']",
  );
  assertThrows(() => registerDataclass(B, ["x"], ["z"]), ValueError, "Missing fields: ['y']");
  assertThrows(() => registerDataclass(B, { dataField: [] } as never), TypeError, "dataFields");
  registerDataclass(B, { dataFields: ["x"], metaFields: [], dropFields: ["y"] });
  assertEquals(tree.leaves(Object.assign(new B(), { x: 1, y: 2 })), [1]);
});

// The golden program tree_partial.
Deno.test("Partial: a function that is a node", () => {
  const { Partial } = treeUtil;
  const f = (a: number, b: number, { c = 1 } = {}) => a + b * c;
  const p = Partial.withKeywords(f, { c: 2 }, 5);
  assertEquals(p(5), 15);
  assertEquals(tree.leaves(p), [5, 2]);
  assertEquals(String(tree.structure(p)), "PyTreeDef(CustomNode(Partial[<function f>], [[*], {'c': *}]))");
  assertEquals(tree.map((x) => Number(x) + 1, p)(1), 9);
  assertEquals(tree.leavesWithPath(p).map(([path]) => keystr(path)), [
    "[<flat index 0>][0]",
    "[<flat index 1>]['c']",
  ]);
  assert(p instanceof Partial && new Partial(f) instanceof Partial && typeof p === "function");
  assert(tree.structure(Partial(f, 1)) === tree.structure(Partial(f, 2)));
  assert(tree.structure(Partial(f, 1)) !== tree.structure(Partial(() => 0, 1)));
  assertEquals(String(p), "Partial(<function f>, 5, c=2)");
  assertEquals(Partial(Partial(f, 1), 2).args, [2]);
  assertEquals(Partial(f, 1).call(null, 2), 3);
});

Deno.test("types: trees keep their types", () => {
  interface Layer {
    w: number[];
    b: number | null;
  }
  type Params = { layers: Layer[]; scale: number; pair: [number, number] };
  const params: Params = { layers: [{ w: [1], b: null }], scale: 2, pair: [3, 4] };
  const doubled: Params = tree.map((x) => 2 * x, params);
  assertEquals(doubled, { layers: [{ w: [2], b: null }], scale: 4, pair: [6, 8] });
  const sum: Params = tree.map((x, y) => x + y, params, params);
  assertEquals(sum, doubled);
  const named: { layers: { w: string[]; b: string | null }[]; scale: string; pair: [string, string] } = tree
    .map(
      String,
      params,
    );
  assertEquals(named.scale, "2");
  const leaves: number[] = tree.leaves(params);
  assertEquals(leaves, [1, 3, 4, 2]);
  const total: number = tree.reduce((a, b) => a + b, params);
  assertEquals(total, 10);
  type Recursive = number | Recursive[] | { [key: string]: Recursive };
  const recursive: Recursive = [1, { a: [2] }];
  assertEquals(tree.leaves(recursive), [1, 2]);
});
