// Explicit randomness: split before you draw.
import { random } from "../mod.ts";

const key = random.key(0); // seed -> reproducible
const [k1, k2] = random.split(key); // two independent keys
const a = random.normal(k1!, [3]); // never reuse a key
const b = random.uniform(k2!, [3]); // another stream
console.log(`a ${a}\nb ${b}`);

// The same key gives the same numbers:
console.log(String(random.normal(key, [3]))); // [ 1.6226422   2.0252647  -0.43359444]
console.log(String(random.normal(key, [3]))); // identical to the line above
