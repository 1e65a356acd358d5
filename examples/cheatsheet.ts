// Every line of the JAX cheat sheet, in its order, with the result it states. `deno task demo` runs this file.
import {
  type Array,
  defaultBackend,
  devicePut,
  devices,
  grad,
  hessian,
  jacobian,
  jit,
  lax,
  makeJaxpr,
  numpy as np,
  random,
  tree,
  valueAndGrad,
  vmap,
  withConfig,
} from "../mod.ts";

/** Prints a line of the sheet with its result, and checks the result where the sheet states one. */
function line(code: string, result: unknown, want?: unknown): void {
  const text = show(result);
  if (want !== undefined && !agree(result, want)) {
    throw new Error(`${code}\n  gave   ${text}\n  wanted ${show(want)}`);
  }
  console.log(`${code.padEnd(62)} ${text.includes("\n") ? `\n${text}` : text}`);
}

function section(title: string): void {
  console.log(`\n${title}\n${"─".repeat(title.length)}`);
}

function show(x: unknown): string {
  if (x === null || typeof x !== "object") return String(x);
  if (isArray(x)) return x.ndim === 0 ? String(x) : String(x);
  if (globalThis.Array.isArray(x)) return `(${x.map(show).join(", ")})`;
  const own = Object.getPrototypeOf(x) === Object.prototype;
  return own ? `{${Object.entries(x).map(([k, v]) => `${k}: ${show(v)}`).join(", ")}}` : String(x);
}

function isArray(x: unknown): x is Array {
  return typeof x === "object" && x !== null && "dtype" in x && "toArray" in x;
}

/** Equality to four digits, in depth: as many as the sheet shows. */
function agree(got: unknown, want: unknown): boolean {
  const a = isArray(got) ? got.toArray<unknown>() : got, b = isArray(want) ? want.toArray<unknown>() : want;
  if (typeof a === "number" && typeof b === "number") {
    return Math.abs(a - b) <= 6e-5 * Math.max(1, Math.abs(b));
  }
  if (globalThis.Array.isArray(a) && globalThis.Array.isArray(b)) {
    return a.length === b.length && a.every((x, i) => agree(x, b[i]));
  }
  if (typeof a === "object" && typeof b === "object" && a !== null && b !== null) {
    const keys = Object.keys(b);
    return keys.length === Object.keys(a).length &&
      keys.every((k) => agree((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k]));
  }
  return a === b;
}

section("Arrays & devices");
line("np.array([1, 2, 3])", np.array([1, 2, 3]), [1, 2, 3]);
line("np.array([1, 2, 3]).dtype", String(np.array([1, 2, 3]).dtype), "float32");
line("np.arange(5)", np.arange(5), [0, 1, 2, 3, 4]);
line("np.linspace(0, 1, 3)", np.linspace(0, 1, 3), [0, 0.5, 1]);
line("np.asarray(new Int32Array([1, 2]))", np.asarray(new Int32Array([1, 2])), [1, 2]);
line("devices().length, defaultBackend()", [devices().length, defaultBackend()], [1, "cpu"]);
const x = np.arange(5);
line("devicePut(x, devices()[0])", devicePut(x, devices()[0]!), [0, 1, 2, 3, 4]);
line("await x.blockUntilReady()", await x.blockUntilReady(), [0, 1, 2, 3, 4]);

section("NumPy-style API & immutable updates");
const m = np.array([[1n, 2n, 3n], [4n, 5n, 6n]]);
line("np.exp(np.array([0, 1]))", np.exp(np.array([0, 1])), [1, Math.E]);
line("x.mul(2).add(1)", x.mul(2).add(1), [1, 3, 5, 7, 9]);
line("m.matmul(m.T)", m.matmul(m.T), [[14, 32], [32, 77]]);
line("np.dot(m, m.T)", np.dot(m, m.T), [[14, 32], [32, 77]]);
line("m.sum(0)", m.sum(0), [5, 7, 9]);
line("m.mean()", m.mean(), 3.5);
line("m.get(1, 2)", m.get(1, 2), 6);
line('m.get(":", 0)', m.get(":", 0), [1, 4]);
line("x.at(0).set(99)", x.at(0).set(99), [99, 1, 2, 3, 4]);
line("x.at(1).add(10)", x.at(1).add(10), [0, 11, 2, 3, 4]);
line("x", x, [0, 1, 2, 3, 4]);

section("Automatic differentiation");
const cube = (x: Array): Array => x.mul(x).mul(x);
const loss = (w: Array, b: Array, x: Array): Array => np.mean(w.mul(x).add(b).pow(2));
const xs = np.array([1, 2, 3]), w = np.array(2), b = np.array(0.5);
line("grad(cube)(2)", grad(cube)(np.array(2)), 12);
line("valueAndGrad(cube)(2)", valueAndGrad(cube)(np.array(2)), [8, 12]);
line("grad(loss, { argnums: [0, 1] })(w, b, xs)", grad(loss, { argnums: [0, 1] })(w, b, xs), [62 / 3, 9]);
line("grad(grad(cube))(2)", grad(grad(cube))(np.array(2)), 12);
line("jacobian((x) => x.mul(x))(xs)", jacobian((x: Array) => x.mul(x))(xs), [[2, 0, 0], [0, 4, 0], [
  0,
  0,
  6,
]]);
line(
  "hessian((x) => x.pow(3).sum())(xs)",
  hessian((x: Array) => x.pow(3).sum())(xs),
  [[6, 0, 0], [0, 12, 0], [0, 0, 18]],
);

section("JIT compilation");
let traces = 0;
const f = jit((x: Array): Array => {
  traces++;
  return x.mul(2).add(1);
});
line("f = jit(...); f(x); f(x)", [f(x), f(x)][1], [1, 3, 5, 7, 9]);
line("times traced", traces, 1);
const power = jit((x: Array, n: number): Array => x.pow(n), { staticArgnums: [1] });
line("jit(power, { staticArgnums: [1] })(xs, 3)", power(xs, 3), [1, 8, 27]);
line("makeJaxpr((x) => x.mul(2).add(1))(xs)", makeJaxpr((x: Array) => x.mul(2).add(1))(xs));
line("await f(x).blockUntilReady()", await f(x).blockUntilReady(), [1, 3, 5, 7, 9]);

section("Auto-vectorisation (vmap)");
const dot = (a: Array, b: Array): Array => np.dot(a, b);
const A = np.ones([4, 3]), B = np.ones([4, 3]);
line("vmap((x) => x.sum())(A)", vmap((x: Array) => x.sum())(A), [3, 3, 3, 3]);
line("vmap(dot)(A, B)", vmap(dot)(A, B), [3, 3, 3, 3]);
line(
  "vmap(add, { inAxes: [0, null] })(np.arange(3), 10)",
  vmap((x: Array, y: Array | number) => x.add(y), { inAxes: [0, null] })(np.arange(3), 10),
  [10, 11, 12],
);
line(
  "vmap(outer, { outAxes: 1 })(np.arange(2))",
  vmap((x: Array) => x.mul(np.ones([3])), { outAxes: 1 })(np.arange(2)),
  [
    [0, 1],
    [0, 1],
    [0, 1],
  ],
);
line("vmap(grad(cube))(xs)", vmap(grad(cube))(xs), [3, 12, 27]);

section("Random numbers (explicit keys)");
const key = random.key(0);
const [k1, k2] = random.split(key);
line("random.split(key) differ", !agree(random.normal(k1!, [3]), random.normal(k2!, [3])), true);
line("random.normal(key, [3])", random.normal(key, [3]), [1.6226, 2.0253, -0.4336]);
line("random.uniform(key, [3]) in [0, 1)", np.all(random.uniform(key, [3]).lt(1)), true);
line("random.randint(key, [3], 0, 10)", random.randint(key, [3], 0, 10), [9, 0, 2]);
line(
  "random.foldIn(key, 1) is stable",
  agree(random.bits(random.foldIn(key, 1)), random.bits(random.foldIn(key, 1))),
  true,
);

section("Control flow & loops");
line("lax.cond(true, inc, dec, 10)", lax.cond(true, (x: Array) => x.add(1), (x: Array) => x.sub(1), 10), 11);
line(
  "lax.foriLoop(0, 5, (i, acc) => acc.add(i), 0)",
  lax.foriLoop(0, 5, (i: Array, acc: Array) => acc.add(i), 0),
  10,
);
line(
  "lax.whileLoop((x) => x.lt(10), (x) => x.add(4), 0)",
  lax.whileLoop((x: Array) => x.lt(10), (x: Array) => x.add(4), 0),
  12,
);
const body = (c: Array, x: Array): [Array, Array] => [c.add(x), c.add(x)];
line("lax.scan(body, 0, np.arange(4))", lax.scan(body, 0, np.arange(4)), [6, [0, 1, 3, 6]]);
line(
  "grad((x) => lax.stopGradient(x).mul(x))(3)",
  grad((x: Array) => lax.stopGradient(x).mul(x))(np.array(3)),
  3,
);

section("Pytrees & parameters");
const params = { w: np.array([1, 2]), b: np.array(3) };
line("tree.map((x) => x.mul(2), params)", tree.map((x: Array) => x.mul(2), params), { b: 6, w: [2, 4] });
line("tree.leaves(params)", tree.leaves(params), [3, [1, 2]]);
const [leaves, treedef] = tree.flatten(params);
line("tree.flatten(params)", treedef, undefined);
line("tree.unflatten(treedef, leaves)", tree.unflatten(treedef, leaves), { b: 3, w: [1, 2] });
const treeLoss = (p: typeof params): Array => p.w.mul(p.b).sum();
const grads = grad(treeLoss)(params);
line("grad(loss)(params)", grads, { b: 3, w: [3, 3] });
line(
  "tree.map((p, g) => p.sub(g.mul(0.1)), params, grads)",
  tree.map((p: Array, g: Array) => p.sub(g.mul(0.1)), params, grads),
  { b: 2.7, w: [0.7, 1.7] },
);

section("Sample programs");
const predict = (w: Array, b: Array, x: Array): Array => w.mul(x).add(b);
const mse = (w: Array, b: Array, xs: Array, ys: Array): Array => np.mean(predict(w, b, xs).sub(ys).pow(2));
const ys = np.array([2, 4, 6]), zero = np.array(0);
line(
  "[gw, gb] = grad(mse, { argnums: [0, 1] })(0, 0, xs, ys)",
  grad(mse, { argnums: [0, 1] })(zero, zero, xs, ys),
  [
    -56 / 3,
    -8,
  ],
);
line("jit(mse)(0, 0, xs, ys)", jit(mse)(zero, zero, xs, ys), 56 / 3);
const fit = (p: { w: Array; b: Array }): Array => mse(p.w, p.b, xs, ys);
const descend = jit((p: { w: Array; b: Array }) =>
  tree.map((p: Array, g: Array) => p.sub(g.mul(0.1)), p, grad(fit)(p))
);
let fitted = { w: zero, b: zero };
for (let i = 0; i < 200; i++) fitted = descend(fitted) as typeof fitted;
line("after 200 steps of descent", fitted);
if (Math.abs(fitted.w.item() - 2) > 0.01 || Math.abs(fitted.b.item()) > 0.01) {
  throw new Error("the fit should be w = 2, b = 0");
}
line("the same key gives the same numbers", agree(random.normal(key, [3]), random.normal(key, [3])), true);
line(
  "np.array([1, 2]).dtype with jax_enable_x64",
  withConfig({ jax_enable_x64: true }, () => String(np.array([1, 2]).dtype)),
  "float64",
);
console.log("\nEvery line gave what the sheet states.");
