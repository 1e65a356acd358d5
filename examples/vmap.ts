// vmap: write for one, run for a batch.
import { numpy as np, vmap } from "../mod.ts";

// Written for a single pair of vectors.
const dot = (a: np.Array, b: np.Array): np.Array => np.dot(a, b);

const A = np.ones([4, 3]);
const B = np.ones([4, 3]);
console.log(String(vmap(dot)(A, B))); // [3. 3. 3. 3.], over the leading axis

// Hold the second argument fixed:
const add = (x: np.Array, y: np.Array): np.Array => x.add(y);
console.log(String(vmap(add, { inAxes: [0, null] })(np.arange(3), np.int32(10)))); // [10 11 12]
