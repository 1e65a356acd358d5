/** What is measured: each row is made of arrays that are ready, and runs synchronously. */
import { grad, jit, lax, numpy as np, random, tree } from "../mod.ts";

/** One row of the table. */
export interface Row {
  readonly name: string;
  /** The unit of `figure`. */
  readonly unit: "ms" | "us" | "GFLOP/s";
  /** From milliseconds of one run to the figure. */
  readonly figure: (ms: number) => number;
  /** Prepares, and gives what is run. */
  readonly jaxlet: () => () => unknown;
  /** The same in Python: statements that prepare, and the expression that is run and waited for. */
  readonly python: readonly [setup: string, run: string];
}

const ms = { unit: "ms", figure: (t: number): number => t } as const;
const each = (n: number) => ({ unit: "us", figure: (t: number): number => t * 1000 / n }) as const;
const flops = (n: number) => ({ unit: "GFLOP/s", figure: (t: number): number => n / t / 1e6 }) as const;

const uniform = (shape: number[]): np.Array => random.uniform(random.key(0), shape);

/** The rows, in the order of the table. */
export const rows: readonly Row[] = [
  {
    name: "float32 matmul 1024",
    ...flops(2 * 1024 ** 3),
    jaxlet: () => {
      const a = uniform([1024, 1024]), b = uniform([1024, 1024]);
      return () => np.matmul(a, b);
    },
    python: ["a = u((1024, 1024)); b = u((1024, 1024))", "a @ b"],
  },
  {
    name: "sin(x)*x + exp(-x*x), 1e7, jit",
    ...ms,
    jaxlet: () => {
      const x = uniform([1e7]), f = jit((x: np.Array) => np.sin(x).mul(x).add(np.exp(x.mul(x).neg())));
      return () => f(x);
    },
    python: ["x = u((10**7,)); f = jax.jit(lambda x: jnp.sin(x) * x + jnp.exp(-x * x))", "f(x)"],
  },
  {
    name: "x + 1, 1e7",
    ...ms,
    jaxlet: () => {
      const x = uniform([1e7]);
      return () => x.add(1);
    },
    python: ["x = u((10**7,))", "x + 1"],
  },
  {
    name: "sum, 1e7",
    ...ms,
    jaxlet: () => {
      const x = uniform([1e7]);
      return () => x.sum();
    },
    python: ["x = u((10**7,))", "x.sum()"],
  },
  {
    name: "sum over axis 0, 3000 x 3000",
    ...ms,
    jaxlet: () => {
      const x = uniform([3000, 3000]);
      return () => x.sum(0);
    },
    python: ["x = u((3000, 3000))", "x.sum(0)"],
  },
  {
    name: "x.T + x, 3000 x 3000, jit",
    ...ms,
    jaxlet: () => {
      const x = uniform([3000, 3000]), f = jit((x: np.Array) => x.T.add(x));
      return () => f(x);
    },
    python: ["x = u((3000, 3000)); f = jax.jit(lambda x: x.T + x)", "f(x)"],
  },
  {
    name: "eager x + 1, 10 elements",
    ...each(1000),
    jaxlet: () => {
      const x = uniform([10]);
      return () => {
        let y = x;
        for (let i = 0; i < 1000; i++) y = y.add(1);
        return y;
      };
    },
    python: ["x = u((10,))\ndef f(y):\n  for _ in range(1000): y = y + 1\n  return y", "f(x)"],
  },
  {
    name: "jitted function of 20 operations, 10 elements",
    ...each(1000),
    jaxlet: () => {
      const x = uniform([10]);
      const f = jit((x: np.Array) => {
        let y = x;
        for (let i = 0; i < 10; i++) y = y.mul(x).add(0.5);
        return y;
      });
      return () => {
        let y = x;
        for (let i = 0; i < 1000; i++) y = f(x);
        return y;
      };
    },
    python: [
      "x = u((10,))\ndef g(x):\n  y = x\n  for _ in range(10): y = y * x + 0.5\n  return y\ng = jax.jit(g)\ndef f(x):\n  for _ in range(1000): y = g(x)\n  return y",
      "f(x)",
    ],
  },
  {
    name: "sort, 1e6",
    ...ms,
    jaxlet: () => {
      const x = uniform([1e6]);
      return () => np.sort(x);
    },
    python: ["x = u((10**6,))", "jnp.sort(x)"],
  },
  {
    name: "argsort, 1e6",
    ...ms,
    jaxlet: () => {
      const x = uniform([1e6]);
      return () => np.argsort(x);
    },
    python: ["x = u((10**6,))", "jnp.argsort(x)"],
  },
  {
    name: "cumsum, 1e7",
    ...ms,
    jaxlet: () => {
      const x = uniform([1e7]);
      return () => np.cumsum(x);
    },
    python: ["x = u((10**7,))", "jnp.cumsum(x)"],
  },
  {
    name: "random.normal, 1e7",
    ...ms,
    jaxlet: () => {
      const key = random.key(0);
      return () => random.normal(key, [1e7]);
    },
    python: ["k = jax.random.key(0)", "jax.random.normal(k, (10**7,))"],
  },
  {
    name: "fori_loop, 1e6 scalar steps, jit",
    ...ms,
    jaxlet: () => {
      const x = np.float32(0),
        f = jit((x: np.Array) => lax.foriLoop(0, 1e6, (_: np.Array, c: np.Array) => c.add(1), x));
      return () => f(x);
    },
    python: [
      "x = jnp.float32(0); f = jax.jit(lambda x: jax.lax.fori_loop(0, 10**6, lambda i, c: c + 1, x))",
      "f(x)",
    ],
  },
  {
    name: "scan, 1e6 scalar steps, jit",
    ...ms,
    jaxlet: () => {
      const x = uniform([1e6]);
      const f = jit((x: np.Array) =>
        lax.scan((c: np.Array, x: np.Array) => [c.mul(0.5).add(x), null], np.float32(0), x)[0]
      );
      return () => f(x);
    },
    python: [
      "x = u((10**6,)); f = jax.jit(lambda x: jax.lax.scan(lambda c, x: (c * 0.5 + x, None), jnp.float32(0), x)[0])",
      "f(x)",
    ],
  },
  {
    name: "MLP training step, batch 128, 784-256-10",
    ...ms,
    jaxlet: () => {
      const params = {
        w1: uniform([784, 256]),
        b1: np.zeros([256]),
        w2: uniform([256, 10]),
        b2: np.zeros([10]),
      };
      const x = uniform([128, 784]), y = uniform([128, 10]);
      const loss = (p: typeof params, x: np.Array, y: np.Array): np.Array => {
        const h = np.maximum(x.matmul(p.w1).add(p.b1), 0);
        return np.mean(h.matmul(p.w2).add(p.b2).sub(y).pow(2));
      };
      const step = jit((p: typeof params, x: np.Array, y: np.Array) =>
        tree.map((p: np.Array, g: np.Array) => p.sub(g.mul(1e-3)), p, grad(loss)(p, x, y))
      );
      return () => step(params, x, y);
    },
    python: [
      "p = dict(w1=u((784, 256)), b1=jnp.zeros(256), w2=u((256, 10)), b2=jnp.zeros(10)); x = u((128, 784)); y = u((128, 10))\ndef loss(p, x, y):\n  h = jnp.maximum(x @ p['w1'] + p['b1'], 0)\n  return jnp.mean((h @ p['w2'] + p['b2'] - y) ** 2)\nstep = jax.jit(lambda p, x, y: jax.tree.map(lambda a, g: a - 1e-3 * g, p, jax.grad(loss)(p, x, y)))",
      "step(p, x, y)",
    ],
  },
];
