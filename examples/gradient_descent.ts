// Gradient descent: grad + jit + a pytree of parameters.
import { grad, jit, numpy as np, tree } from "../mod.ts";

interface Params {
  w: np.Array;
  b: np.Array;
}

let params: Params = { w: np.array(0), b: np.array(0) };
const xs = np.array([1, 2, 3]);
const ys = np.array([2, 4, 6]);

function loss(params: Params, xs: np.Array, ys: np.Array): np.Array {
  const preds = params.w.mul(xs).add(params.b);
  return np.mean(preds.sub(ys).pow(2));
}

const step = jit((params: Params, xs: np.Array, ys: np.Array, lr = 0.1): Params => {
  const grads = grad(loss)(params, xs, ys); // a tree of the same structure as params
  return tree.map((p: np.Array, g: np.Array) => p.sub(g.mul(lr)), params, grads) as Params;
});

for (let i = 0; i < 200; i++) params = step(params, xs, ys);
console.log(`w ${params.w}  b ${params.b}`); // approximately 2 and 0
