/**
 * Jitted programs on the GPU and on the CPU: many operations, control flow, derivatives, batching, callbacks; and a long
 * loop in bounded memory.
 */
import {
  debug,
  devicePut,
  grad,
  hessian,
  jit,
  jvp,
  lax,
  numpy as np,
  pureCallback,
  ShapeDtypeStruct,
  valueAndGrad,
  vmap,
} from "../../mod.ts";
import type { JaxArray } from "../../core/array.ts";
import { assert, assertAllClose, assertEquals, assertRejects } from "../assert.ts";
import { compare, wave } from "./_compare.ts";
import { gpuBackend, gpuTest } from "./_setup.ts";

// deno-lint-ignore no-explicit-any -- carries and operands of control flow are trees of arrays
type Tree = any;
const close = { tolerance: 1e-4 };
const m = wave([7, 9], 2), v = wave([11], 3);

gpuTest("programs of many operations", async () => {
  const mlp = (x: JaxArray, ...weights: JaxArray[]) => {
    let h = x;
    for (const w of weights) h = np.tanh(np.matmul(h, w).add(0.1));
    const shifted = h.sub(h.max({ axis: 1, keepdims: true }));
    return shifted.sub(np.log(np.exp(shifted).sum({ axis: 1, keepdims: true })));
  };
  await compare("mlp", mlp, [wave([33, 40]), wave([40, 70], 2).mul(0.1), wave([70, 10], 3).mul(0.1)], close);
  const chain = (x: JaxArray) => {
    let y = x;
    for (let i = 0; i < 60; i++) y = np.sin(y.mul(1.01).add(i)).sub(y.T.T.mul(0.5));
    return [y, y.sum({ axis: 0 }), np.cumsum(y, { axis: 1 })];
  };
  await compare("chain", chain, [m], { tolerance: 1e-3 });
});

gpuTest("loops of a known count", async () => {
  await compare("foriLoop", (x) => lax.foriLoop(0, 10, (i: Tree, c: Tree) => c.mul(0.5).add(i), x), [m]);
  const body = (c: Tree, row: Tree) => [c.add(row), c.mul(row).sum()];
  await compare("scan", (x) => lax.scan(body, np.zeros([9]), x), [m], close);
  await compare("scan in reverse", (x) => lax.scan(body, np.zeros([9]), x, { reverse: true }), [m], close);
  const nested = (x: Tree) =>
    lax.scan((c: Tree, row: Tree) => lax.scan((d: Tree, y: Tree) => [d.add(y), d], c, row), 0, x);
  await compare("scan in scan", nested, [m], close);
});

gpuTest("branches", async () => {
  const f = (x: Tree, p: Tree) =>
    lax.cond(p.gt(0), (y: Tree) => y.mul(2).sum(), (y: Tree) => y.add(2).max(), x);
  for (const p of [1, -1]) await compare(`cond ${p}`, f, [m, np.array(p)], close);
  const branches = [(x: Tree) => x.mul(2), (x: Tree) => x.add(2), (x: Tree) => np.sort(x)];
  for (const i of [-3n, 0n, 1n, 2n, 9n]) {
    await compare(`switch ${i}`, (x, k) => lax.switch(k, branches, x), [v, np.array(i)], close);
  }
  await compare("cond under vmap", (x) => vmap((row: Tree) => f(row, row.sum()))(x), [m], close);
});

gpuTest("loops with a condition", async () => {
  const grow = (limit: number) => (x: Tree) =>
    lax.whileLoop((c: Tree) => c[0].sum().lt(limit), (c: Tree) => [c[0].mul(1.5), c[1].add(1)], [
      np.abs(x),
      0,
    ]);
  for (const limit of [-1, 60, 1000, 1e30]) await compare(`while < ${limit}`, grow(limit), [m], close);
  const inScan = (x: Tree) =>
    lax.scan(
      (c: Tree, row: Tree) => {
        const n = lax.whileLoop((s: Tree) => s.lt(row.sum()), (s: Tree) => s.add(1), 0);
        return [c.add(n), n];
      },
      0,
      x,
    );
  await compare("while in scan", inScan, [np.abs(m)], close);
  const nested = (x: Tree, q: Tree) =>
    lax.whileLoop((c: Tree) => c[1].lt(6), (c: Tree) => [
      lax.cond(
        c[1].gt(q),
        (y: Tree) => lax.whileLoop((s: Tree) => s.sum().lt(100), (s: Tree) => s.mul(1.3).add(0.1), y),
        (y: Tree) => y.add(1),
        c[0],
      ),
      c[1].add(1),
    ], [np.abs(x), 0]);
  await compare("while in cond in while", nested, [v, np.array(2)], close);
  const mapped = (x: Tree) =>
    vmap((y: Tree) => lax.whileLoop((s: Tree) => s.lt(10), (s: Tree) => s.mul(1.7), y))(x);
  await compare("while under vmap", mapped, [np.array([1, 2, 30, 4.5])], close);
});

gpuTest("calls after a loop with a condition wait for it", async () => {
  const slow = jit((x: JaxArray) =>
    lax.whileLoop((c: Tree) => c.lt(1000), (c: Tree) => c.add(1), x) as JaxArray
  );
  const x = devicePut(np.array(0), "gpu");
  const y = slow(x);
  const z = y.add(1).mul(2);
  y.delete();
  assertEquals((await z.data())[0], 2002);
});

gpuTest("derivatives and batching", async () => {
  const loss = (w: JaxArray, x: JaxArray) => np.tanh(np.matmul(x, w)).sum();
  const w = wave([30, 10], 9).mul(0.1), x = wave([20, 30]);
  await compare("grad", (a, b) => grad(loss)(a, b), [w, x], close);
  const scanned = (xs: JaxArray) =>
    (lax.scan((c: Tree, row: Tree) => [np.sin(c.add(row)), c.sum()], np.zeros([9]), xs)[1] as JaxArray).sum();
  await compare("valueAndGrad of scan", (a) => valueAndGrad(scanned)(a), [m], { tolerance: 1e-3 });
  await compare("hessian", (a) => hessian((u: JaxArray) => np.sin(u).mul(u).sum())(a), [v], {
    tolerance: 1e-3,
  });
  await compare("vmap", (a) => vmap((row: JaxArray) => np.outer(row, row).sum({ axis: 0 }))(a), [m], {
    tolerance: 1e-3,
  });
  await compare("jvp", (a) => jvp((u: JaxArray) => np.exp(u).sum({ axis: 0 }), [a], [a]), [m], close);
  // Without jit: primals are computed as they come, on the GPU.
  const eager = grad((u: JaxArray) => np.sin(u).mul(u).sum())(devicePut(v, "gpu"));
  assertAllClose(await eager.data(), (grad((u: JaxArray) => np.sin(u).mul(u).sum())(v)).dataSync());
});

gpuTest("callbacks run in order, with the values of their turn", async () => {
  const seen: number[] = [];
  const f = jit((x: JaxArray) => {
    const y = x.mul(2);
    debug.callback((a: JaxArray) => void seen.push(a.item()), y.sum());
    const shape = new ShapeDtypeStruct(y.shape, y.dtype);
    const z = pureCallback((a: JaxArray) => np.array(a.dataSync()).add(1), shape, y) as JaxArray;
    debug.callback((a: JaxArray) => void seen.push(a.item()), z.sum());
    return z.add(0.5);
  });
  const out = f(devicePut(np.array([1, 2, 3]), "gpu"));
  assertAllClose(await out.data(), [3.5, 5.5, 7.5]);
  assertEquals(seen, [12, 15]);
});

gpuTest("an error in a callback comes with its results", async () => {
  const shape = new ShapeDtypeStruct([3], np.float32);
  const f = jit((x: JaxArray) =>
    pureCallback(
      () => {
        throw new RangeError("no luck");
      },
      shape,
      x,
    ) as JaxArray
  );
  const out = f(devicePut(np.array([1, 2, 3]), "gpu")), later = out.add(1);
  await assertRejects(() => out.data(), RangeError, "no luck");
  await assertRejects(() => later.data(), RangeError, "no luck");
  assertAllClose(await devicePut(np.array([1]), "gpu").add(1).data(), [2]);
});

gpuTest("five hundred steps in one job take bounded memory", async () => {
  const { pool } = gpuBackend(), size = 2 ** 18;
  const step = jit((p: JaxArray, g: JaxArray) => p.sub(g.mul(0.001)).mul(0.999));
  let p = devicePut(np.ones([size]), "gpu");
  const g = devicePut(np.ones([size]), "gpu");
  const before = pool.statistics;
  for (let i = 0; i < 500; i++) p = step(p, g);
  const { peak, idle } = pool.statistics;
  assert(peak - before.used < 400e6, `${peak} bytes at the peak`);
  assert(idle < 1.1e9, `${idle} bytes idle`);
  let want = 1;
  for (let i = 0; i < 500; i++) want = (want - 0.001) * 0.999;
  const data = await p.data();
  assertAllClose([data[0], data[size - 1]], [want, want], { rtol: 1e-4 });
});

gpuTest("donated arrays give up their memory", async () => {
  const { pool } = gpuBackend();
  const step = jit((p: JaxArray) => p.mul(2), { donateArgnums: 0 });
  let p = devicePut(np.ones([2 ** 18]), "gpu");
  const before = pool.statistics.used;
  for (let i = 0; i < 20; i++) p = step(p);
  assert(pool.statistics.used <= before + 2 ** 20, `${pool.statistics.used} bytes in use, ${before} before`);
  assertEquals((await p.data())[5], 2 ** 20);
});
