// Adaptive Runge–Kutta in whileLoop, and gradients of a trajectory through scan.
import { grad, jit, lax, numpy as np } from "../mod.ts";

type Field = (t: np.Array, y: np.Array) => np.Array;

// The pair of orders 5 and 4 of Dormand and Prince (1980).
const C = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const A = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const E = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];

function combine(ks: readonly np.Array[], weights: readonly number[]): np.Array {
  return ks.map((k, i) => k.mul(weights[i]!)).reduce((a, b) => a.add(b));
}

/** Integrates y' = f(t, y) from t0 to t1, choosing its steps so that the local error stays below `tolerance`. */
function dormandPrince(f: Field, y0: np.Array, t0: number, t1: number, tolerance = 1e-6) {
  const body = ({ t, y, h, steps }: { t: np.Array; y: np.Array; h: np.Array; steps: np.Array }) => {
    const step = np.minimum(h, np.subtract(t1, t));
    const ks: np.Array[] = [];
    for (let i = 0; i < 7; i++) {
      const yi = i === 0 ? y : y.add(combine(ks, A[i]!).mul(step));
      ks.push(f(t.add(step.mul(C[i]!)), yi));
    }
    const next = y.add(combine(ks.slice(0, 6), A[6]!).mul(step));
    const error = np.max(np.abs(combine(ks, E).mul(step)));
    const accepted = error.le(tolerance);
    const factor = np.clip(np.power(np.divide(tolerance, error.add(1e-30)), 0.2).mul(0.9), 0.2, 5);
    return {
      t: np.where(accepted, t.add(step), t),
      y: np.where(accepted, next, y),
      h: step.mul(factor),
      steps: steps.add(1),
    };
  };
  const start = { t: np.float32(t0), y: y0, h: np.float32((t1 - t0) / 100), steps: np.int32(0) };
  return lax.whileLoop((s: typeof start) => s.t.lt(t1 - 1e-6), body, start);
}

// The harmonic oscillator, whose energy is 1/2 and whose solution at 2π is where it began.
const oscillator: Field = (_t, y) => np.stack([y.get(1), y.get(0).neg()]);
const end = jit((y: np.Array) => dormandPrince(oscillator, y, 0, 2 * Math.PI))(np.array([1, 0]));
console.log(`after one period: ${end.y} in ${end.steps} steps`);

/** Position after `n` fixed steps of classic Runge–Kutta, as a scan, so that reverse mode goes through it. */
function trajectory(stiffness: np.Array, n = 200, dt = 0.02): np.Array {
  const f = (y: np.Array) => np.stack([y.get(1), y.get(0).mul(stiffness).neg()]);
  const body = (y: np.Array, _: null): [np.Array, np.Array] => {
    const k1 = f(y), k2 = f(y.add(k1.mul(dt / 2))), k3 = f(y.add(k2.mul(dt / 2))), k4 = f(y.add(k3.mul(dt)));
    const next = y.add(k1.add(k2.mul(2)).add(k3.mul(2)).add(k4).mul(dt / 6));
    return [next, next.get(0)];
  };
  return lax.scan(body, np.array([1, 0]), null, { length: n })[1];
}

// Recover the stiffness of a spring from its motion by gradient descent.
const observed = trajectory(np.float32(2.5));
const misfit = (k: np.Array) => np.mean(trajectory(k).sub(observed).pow(2));
const step = jit((k: np.Array) => k.sub(grad(misfit)(k).mul(0.3)));
let k = np.float32(1.5);
for (let i = 0; i < 200; i++) k = step(k);
console.log(`recovered stiffness: ${(k.item() as number).toFixed(4)}`);

const returned = np.max(np.abs(end.y.sub(np.array([1, 0])))).item() as number;
if (returned > 1e-4) throw new Error(`the oscillator should return to its start, off by ${returned}`);
if (Math.abs((k.item() as number) - 2.5) > 1e-2) throw new Error("the stiffness should be 2.5");
