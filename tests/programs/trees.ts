import type { Any } from "../golden/jax.ts";
import type { Programs } from "./program.ts";

/** Programs of the area `tree`: classes of one's own as nodes. */
export const trees: Programs = {
  tree_register_node: ({ tree, treeUtil }, x) => {
    class A {
      x: Any;
      y: number;
      constructor(x: Any, y: number) {
        this.x = x;
        this.y = y;
      }
    }
    treeUtil.registerPytreeNode(A, (a: A) => [[a.x], a.y], (y: number, [x]: Any[]) => new A(x, y));
    const r = tree.map((v: Any) => v.mul(2), new A(x, 7));
    return [r.x, r.y, tree.leaves(r)];
  },
  tree_register_dataclass: ({ jit, tree, treeUtil }, x) => {
    class A {
      x: Any;
      n: number;
      constructor({ x, n = 3 }: { x: Any; n?: number }) {
        this.x = x;
        this.n = n;
      }
    }
    treeUtil.registerDataclass(A, ["x"], ["n"]);
    const r = jit((a: A) => tree.map((v: Any) => v.add(a.n), a))(new A({ x }));
    return [r.x, r.n, treeUtil.treeLeavesWithPath(r).map(([path]: Any) => treeUtil.keystr(path))];
  },
  tree_partial: ({ tree, treeUtil }, x) => {
    const f = (a: Any, b: Any, { c = 1 } = {}) => a.add(b.mul(c));
    const p = treeUtil.Partial.withKeywords(f, { c: 2 }, x);
    return [p(x), tree.leaves(p)];
  },
};
