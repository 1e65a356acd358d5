/** Collectives and callbacks: against the same computed on whole arrays, nested, and differentiated. */
import { grad, jit, jvp, lax, numpy as np, pureCallback, ShapeDtypeStruct, vjp, vmap } from "../../mod.ts";
import { assertAllClose, assertThrows } from "../assert.ts";

const x = np.array([[1, -2, 0.5], [3, 0.25, -1], [2, 4, 1.5]]);
const over = (f: (x: np.Array) => np.Array) => vmap(f, { axisName: "i" });

type Collective = readonly [name: string, f: (x: np.Array) => np.Array, whole: (x: np.Array) => np.Array];
const rows = (x: np.Array): np.Array => np.broadcastTo(x, [3, ...x.shape]);
const collectives: readonly Collective[] = [
  ["psum", (r) => lax.psum(r, "i"), (x) => rows(x.sum(0))],
  ["pmean", (r) => lax.pmean(r, "i"), (x) => rows(x.mean(0))],
  ["allGather", (r) => lax.allGather(r, "i"), (x) => rows(x)],
  ["allGather, tiled", (r) => lax.allGather(r, "i", { tiled: true }), (x) => rows(x.reshape([9]))],
  ["ppermute", (r) => lax.ppermute(r, "i", [[0, 1], [1, 2], [2, 0]]), (x) => np.roll(x, 1, { axis: 0 })],
  ["ppermute with a gap", (r) => lax.ppermute(r, "i", [[0, 2]]), (x) => np.zeros([3, 3]).at(2).set(x.get(0))],
  ["allToAll", (r) => lax.allToAll(r, "i", 0, 0), (x) => x.T],
  ["allToAll, tiled", (r) => lax.allToAll(r, "i", 0, 0, { tiled: true }), (x) => x.T],
  ["psumScatter", (r) => lax.psumScatter(r, "i"), (x) => x.sum(0)],
  ["psumScatter, tiled", (r) => lax.psumScatter(r, "i", { tiled: true }), (x) => x.sum(0).reshape([3, 1])],
];

for (const [name, f, whole] of collectives) {
  Deno.test(`${name}: values, jit, derivatives, and under another vmap`, () => {
    assertAllClose(over(f)(x), whole(x));
    assertAllClose(jit(over(f))(x), whole(x));
    const t = np.sin(x), squared = (g: (x: np.Array) => np.Array) => (x: np.Array) => g(x.mul(x));
    assertAllClose(jvp(squared(over(f)), [x], [t])[1], jvp(squared(whole), [x], [t])[1]);
    const [y, pull] = vjp(squared(over(f)), x),
      ct = np.cos(np.arange(y.size).astype(np.float32)).reshape(y.shape);
    assertAllClose(pull(ct)[0], vjp(squared(whole), x)[1](ct)[0]);
    const stack = np.stack([x, x.mul(2)]);
    assertAllClose(vmap(over(f))(stack), vmap(whole)(stack));
    assertAllClose(
      over((r) => vmap(f)(np.stack([r, r.mul(2)])))(x),
      np.stack([whole(x), whole(x.mul(2))], { axis: 1 }),
    );
  });
}

Deno.test("pmax, pmin, axisIndex, and a value that is not mapped", () => {
  assertAllClose(over((r) => lax.pmax(r, "i"))(x), rows(x.max(0)));
  assertAllClose(over((r) => lax.pmin(r, "i"))(x), rows(x.min(0)));
  assertAllClose(over((r) => r.mul(lax.axisIndex("i")))(x), x.mul(np.array([[0], [1], [2]])));
  assertAllClose(over((r) => r.add(lax.psum(1, "i")))(x), x.add(3));
  assertThrows(() => lax.psum(x, "j"), Error, "unbound axis name");
});

Deno.test("pureCallback: jit, vmap methods, and no derivative", () => {
  const f = (vmapMethod: "sequential" | "expand_dims" | null) => (x: np.Array) =>
    pureCallback((x: np.Array) => np.sin(x), new ShapeDtypeStruct(x.shape, x.dtype), x, { vmapMethod });
  assertAllClose(jit(f(null))(x), np.sin(x));
  assertAllClose(vmap(f("sequential"))(x), np.sin(x));
  assertAllClose(jit(vmap(f("expand_dims")))(x), np.sin(x));
  assertThrows(() => vmap(f(null))(x), Error, "vmapMethod");
  assertThrows(() => grad((x: np.Array) => f(null)(x).sum())(x), RangeError, "do not support JVP");
});
