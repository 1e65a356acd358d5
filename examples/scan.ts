// lax.scan: the carry-and-collect loop.
import { lax, numpy as np } from "../mod.ts";

const body = (carry: np.Array, x: np.Array): [np.Array, np.Array] => {
  const next = carry.add(x);
  return [next, next]; // new carry, per-step output
};

const [total, prefixSums] = lax.scan(body, 0, np.arange(4));
console.log(`total ${total}  prefix sums ${prefixSums}`); // 6 and [0 1 3 6]
