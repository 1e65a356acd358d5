/** Random programs with loops and branches, whose values are read again after them: jit against op by op. */
import { disableJit, grad, jit, lax, numpy as np, vmap } from "../../mod.ts";
import { assertAllClose, AssertionError, type Tolerance } from "../assert.ts";

/** A small generator (mulberry32), so that failures can be repeated. */
function generator(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6D2B79F5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const n = 4;
const matrix = np.array([[0.2, -0.1, 0, 0.3], [0.1, 0.4, -0.2, 0], [0, 0.1, 0.1, 0.1], [-0.3, 0, 0.2, 0.2]]);

/** One step on a list of vectors: reads any, appends one or two. */
function step(pick: (k: number) => number, values: np.Array[], depth: number): void {
  const any = (): np.Array => values[pick(values.length)]!;
  const [a, b] = [any(), any()];
  switch (pick(depth > 0 ? 12 : 8)) {
    case 0:
      values.push(a.add(b));
      break;
    case 1:
      values.push(np.sin(a).mul(0.5));
      break;
    case 2:
      values.push(matrix.matmul(a));
      break;
    case 3:
      values.push(np.flip(a).sub(b));
      break;
    case 4:
      values.push(np.where(a.gt(0), b, a.mul(0.25)));
      break;
    case 5:
      values.push(np.cumsum(a).mul(0.3));
      break;
    case 6:
      values.push(a.at(pick(n)).set(b.sum().mul(0.1)));
      break;
    case 7:
      values.push(np.sort(a));
      break;
    case 8: {
      const inner = pick(1000) + 1, count = pick(4);
      const body = (_: np.Array, carry: np.Array[]): np.Array[] => {
        const made = [...carry, a];
        const local = generator(inner);
        for (let i = 0; i < 3; i++) step(local, made, depth - 1);
        return [made.at(-1)!, made.at(-2)!].map((x) => np.tanh(x));
      };
      values.push(...lax.foriLoop(0, count, body, [a, b]) as np.Array[]);
      break;
    }
    case 9: {
      const inner = pick(1000) + 1;
      const body = (carry: np.Array, x: np.Array): [np.Array, np.Array] => {
        const made = [carry, x.mul(np.ones([n])), b];
        const local = generator(inner);
        for (let i = 0; i < 3; i++) step(local, made, depth - 1);
        return [np.tanh(made.at(-1)!), made.at(-2)!.sum()];
      };
      const [carry, ys] = lax.scan(body, a, any());
      values.push(carry, ys);
      break;
    }
    case 10: {
      const inner = pick(1000) + 1;
      const branch = (scale: number) => (x: np.Array, y: np.Array): np.Array => {
        const made = [x, y, a];
        const local = generator(inner + scale);
        for (let i = 0; i < 3; i++) step(local, made, depth - 1);
        return np.tanh(made.at(-1)!);
      };
      values.push(lax.cond(a.sum().sub(b.sum()).gt(0.037), branch(1), branch(2), b, any()));
      break;
    }
    case 11:
      values.push(
        (lax.whileLoop(
          ([i]: np.Array[]) => i!.lt(3),
          ([i, x]: np.Array[]) => [i!.add(1), np.tanh(x!.add(b))],
          [np.int32(pick(3)), a],
        ) as np.Array[])[1]!,
      );
  }
}

function program(seed: number): (x: np.Array, y: np.Array) => np.Array[] {
  return (x, y) => {
    const pick = generator(seed), values = [x, y];
    for (let i = 0; i < 8; i++) step(pick, values, 2);
    return values.slice(2);
  };
}

/** Compares, naming the program in the error. */
function close(got: np.Array, want: np.Array, tolerance: Tolerance, where: string): void {
  try {
    assertAllClose(got, want, tolerance);
  } catch (error) {
    throw new AssertionError(`${where}: ${(error as Error).message}`);
  }
}

const x = np.array([0.5, -1.25, 0.75, 2]), y = np.array([-0.3, 0.9, 1.1, -0.6]);

Deno.test("random programs give the same under jit as op by op", () => {
  for (let seed = 1; seed <= 120; seed++) {
    const f = program(seed), got = jit(f)(x, y), want = disableJit(() => f(x, y));
    // Fused and separate operations round differently in the last bits, which the iterations amplify a little.
    got.forEach((g, i) => close(g, want[i]!, { rtol: 2e-4, atol: 2e-5 }, `seed ${seed}, value ${i}`));
  }
});

Deno.test("vmap of random programs is a loop over them", () => {
  const xs = np.stack([x, y, x.mul(y)]), ys = np.stack([y, x.add(y), x]);
  for (let seed = 1; seed <= 40; seed++) {
    const f = program(seed), got = jit(vmap(f))(xs, ys);
    for (let row = 0; row < 3; row++) {
      const want = f(xs.get(row), ys.get(row));
      got.forEach((g, i) =>
        close(
          g.get(row),
          want[i]!,
          { rtol: 2e-4, atol: 2e-5 },
          `seed ${seed}, value ${i}, row ${row}`,
        )
      );
    }
  }
});

Deno.test("gradients of random programs are the same under jit", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const f = program(seed);
    const g = grad((x: np.Array) => f(x, y).map((v) => v.sum()).reduce((a, b) => a.add(b)));
    let want: np.Array;
    try {
      want = g(x);
    } catch (error) {
      // While loops have no reverse mode.
      if (!String(error).includes("Reverse-mode")) throw error;
      continue;
    }
    close(jit(g)(x), want, { rtol: 1e-3, atol: 1e-4 }, `seed ${seed}`);
  }
});
