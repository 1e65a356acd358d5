import { customGradient, grad, jit, makeJaxpr, namedCall, numpy as np, vmap } from "../../mod.ts";
import { assert, assertAllClose, assertThrows } from "../assert.ts";

Deno.test("namedCall shows its name in jaxprs", () => {
  const f = namedCall((x: np.Array) => x.mul(2), { name: "double" });
  assert(String(makeJaxpr(f)(np.ones([2]))).includes("name=double"));
});

Deno.test("customGradient: the pullback may capture traced values, and each call has its own", () => {
  const f = customGradient((x: np.Array) => [x.mul(x).sum(), (g: np.Array) => g.mul(7).mul(x)]);
  assertAllClose(grad(f)(np.array([3, 4])), [21, 28]);
  assertAllClose(jit(grad(f))(np.array([1, 2, 3])), [7, 14, 21]);
  assertAllClose(vmap(grad(f))(np.array([[1, 2], [3, 4]])), [[7, 14], [21, 28]]);
  const both = (x: np.Array, y: np.Array) => f(x).add(f(y));
  assertAllClose(grad(both)(np.array([1, 1]), np.array([2, 2, 2])), [7, 7]);
});

Deno.test("customGradient: another result is an error", () => {
  assertThrows(() => customGradient((x: np.Array) => x)(1), TypeError, "[value, pullback]");
});
