// The mental model of transformations: wrap a pure function.
import { grad, jit, numpy as np } from "../mod.ts";

function predict(w: np.Array, b: np.Array, x: np.Array): np.Array {
  return w.mul(x).add(b);
}

function loss(w: np.Array, b: np.Array, xs: np.Array, ys: np.Array): np.Array {
  const preds = predict(w, b, xs);
  return np.mean(preds.sub(ys).pow(2));
}

const xs = np.array([1, 2, 3]);
const ys = np.array([2, 4, 6]);

// grad: a new function computing d(loss)/d(w, b)
const [gw, gb] = grad(loss, { argnums: [0, 1] })(np.array(0), np.array(0), xs, ys);
console.log("gradients", gw, gb);

// jit: compile the loss for fast repeated calls
const fastLoss = jit(loss);
const value = await fastLoss(np.array(0), np.array(0), xs, ys).blockUntilReady();
console.log("loss", value);
