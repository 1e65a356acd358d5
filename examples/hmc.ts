// Hamiltonian Monte Carlo (Neal, 2011): vmap over chains inside scan over samples.
import { grad, jit, lax, numpy as np, random, vmap } from "../mod.ts";

const chains = 64, samples = 500, leapfrogs = 20, stepSize = 0.15;

// A correlated Gaussian with mean (1, -1).
const precision = np.array([[2, -1.2], [-1.2, 2]]);
const mean = np.array([1, -1]);
function logDensity(x: np.Array): np.Array {
  const d = x.sub(mean);
  return np.dot(d, precision.matmul(d)).mul(-0.5);
}
const score = grad(logDensity);

/** One transition of one chain. */
function transition(key: np.Array, x: np.Array): [np.Array, np.Array] {
  const [momentumKey, acceptKey] = random.split(key);
  const p0 = random.normal(momentumKey!, x.shape);
  const leap = (_i: np.Array, [q, p]: [np.Array, np.Array]): [np.Array, np.Array] => {
    const half = p.add(score(q).mul(stepSize / 2));
    const moved = q.add(half.mul(stepSize));
    return [moved, half.add(score(moved).mul(stepSize / 2))];
  };
  const [q, p] = lax.foriLoop(0, leapfrogs, leap, [x, p0]);
  const energy = (x: np.Array, p: np.Array) => logDensity(x).sub(np.dot(p, p).mul(0.5));
  const accept = np.log(random.uniform(acceptKey!)).lt(energy(q, p).sub(energy(x, p0)));
  return [np.where(accept, q, x), accept];
}

const run = jit((key: np.Array) => {
  const start = random.normal(random.foldIn(key, 0), [chains, 2]);
  const body = (x: np.Array, k: np.Array): [np.Array, [np.Array, np.Array]] => {
    const [next, accepted] = vmap(transition)(random.split(k, chains), x);
    return [next, [next, accepted]];
  };
  return lax.scan(body, start, random.split(random.foldIn(key, 1), samples))[1];
});

const [draws, accepted] = run(random.key(0));
const kept = draws.get(`${samples / 5}:`).reshape([-1, 2]);
const average = np.mean(kept, { axis: 0 });
const covariance = np.cov(kept.T);
console.log(`acceptance ${(np.mean(accepted).item() as number).toFixed(3)}`);
console.log(`mean ${average} (exactly ${mean})`);
console.log(`covariance\n${covariance}\n(exactly\n${np.array([[2, 1.2], [1.2, 2]]).div(2.56)})`);
const off = np.max(np.abs(average.sub(mean))).item() as number;
if (off > 0.05) throw new Error(`the mean is off by ${off}`);
