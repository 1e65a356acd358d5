// Arrays never change: updates give new arrays.
import { numpy as np } from "../mod.ts";

const x = np.arange(5); // [0 1 2 3 4]
const y = x.at(0).set(99); // NEW array [99 1 2 3 4]
const z = x.at(1).add(10); // NEW array [ 0 11 2 3 4]
console.log(`x ${x}\ny ${y}\nz ${z}`);
