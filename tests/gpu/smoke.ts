/**
 * A first look at a GPU: what it is, whether results agree with the CPU's, and how long things take.
 *
 *   deno run -A tests/gpu/smoke.ts
 */
import { devicePut, grad, init, jit, lax, numpy as np, random } from "../../mod.ts";
import type { JaxArray } from "../../core/array.ts";
import { backendOf, setDefaultDevice } from "../../core/backend.ts";
import type { GpuBackend } from "../../gpu/backend.ts";
import { compare, type CompareOptions, type Fn, wave } from "./_compare.ts";

// deno-lint-ignore no-explicit-any -- carries of loops
type Tree = any;

const device = await init({ platform: "gpu" });
const backend = backendOf("gpu") as GpuBackend, { limits } = backend.device;
setDefaultDevice(backendOf("cpu").devices[0]!);
console.log(`adapter     ${device.deviceKind}`);
for (
  const name of [
    "maxBufferSize",
    "maxStorageBufferBindingSize",
    "maxStorageBuffersPerShaderStage",
    "maxComputeWorkgroupStorageSize",
    "maxComputeInvocationsPerWorkgroup",
    "minUniformBufferOffsetAlignment",
  ] as const
) console.log(`${name.padEnd(34)} ${limits[name]}`);

const special = np.array([
  0,
  -0,
  1,
  -1,
  0.5,
  3.7,
  -3.7,
  1e5,
  1e10,
  1e20,
  -1e30,
  1e-20,
  1e-40,
  NaN,
  Infinity,
  -Infinity,
  88,
]);
const functions = lax as unknown as Record<string, Fn>;
const x = wave([300, 700]), m = wave([64, 96], 2), key = random.key(3);
const checks: [name: string, f: Fn, args: unknown[], options?: CompareOptions][] = [
  ...[
    "exp",
    "log",
    "sin",
    "cos",
    "tan",
    "tanh",
    "erf",
    "lgamma",
    "sqrt",
    "rsqrt",
    "cbrt",
    "asin",
    "atan",
    "expm1",
  ]
    .map((name): [string, Fn, unknown[], CompareOptions] => [name, functions[name]!, [special], { ulps: 8 }]),
  ...["add", "sub", "mul", "div", "rem", "pow", "max", "min", "atan2", "lt", "ne"]
    .map((name): [string, Fn, unknown[], CompareOptions] => [
      name,
      functions[name]!,
      [np.repeat(special, special.size), np.tile(special, special.size)],
      { ulps: 8 },
    ]),
  ["x - x", (v) => v.sub(v), [special], { tolerance: 0 }],
  ["(x + 1e8) - x", (v) => v.add(1e8).sub(v), [x], { tolerance: 0 }],
  ["sum of all", (v) => v.add(3).sum(), [x], { tolerance: 1e-5 }],
  ["sum of 0.1", (v) => v.sum(), [np.full([3_000_000], 0.1)], { tolerance: 1e-6 }],
  ["sum of rows", (v) => v.sum({ axis: 1 }), [x], { tolerance: 1e-4 }],
  ["sum of columns", (v) => v.sum({ axis: 0 }), [x], { tolerance: 1e-4 }],
  ["argmax", (v) => v.argmax(), [x]],
  ["transpose, pad, slice", (v) => np.pad(v.T, 3).get("2:-2"), [x], { tolerance: 0 }],
  ["gather", (v, i) => np.take(v, i, { axis: 0 }), [x, np.array([5n, 0n, 299n])], { tolerance: 0 }],
  ["scatter", (v, i) => v.at(i).add(1), [x, np.array([5n, 0n, 5n])]],
  ["sort", (v) => np.sort(v, { axis: 1 }), [m], { tolerance: 0 }],
  ["cumsum", (v) => np.cumsum(v, { axis: 1 }), [m], { tolerance: 1e-5 }],
  ["matmul", (a, b) => np.matmul(a, b), [x, wave([700, 130], 3)], { tolerance: 2e-3 }],
  ["random bits", (k) => random.bits(k, [1000]), [key], { tolerance: 0 }],
  ["random normal", (k) => random.normal(k, [1000]), [key], { ulps: 16 }],
  ["scan", (v) => lax.scan((c: Tree, row: Tree) => [c.mul(0.5).add(row), c.sum()], np.zeros([96]), v), [m], {
    tolerance: 1e-4,
  }],
  ["while", (v) => lax.whileLoop((c: Tree) => c.sum().lt(1e6), (c: Tree) => c.mul(1.1), np.abs(v)), [m], {
    tolerance: 1e-4,
  }],
  ["cond", (v) => lax.cond(v.sum().gt(0), (u: Tree) => u.mul(2), (u: Tree) => u.sub(1), v), [m], {
    tolerance: 1e-5,
  }],
  ["grad", (v) => grad((u: JaxArray) => np.tanh(np.matmul(u, u.T)).sum())(v), [m], { tolerance: 1e-3 }],
];
let failed = 0;
for (const [name, f, args, options] of checks) {
  try {
    await compare(name, f, args, options);
  } catch (error) {
    failed++;
    console.log(`differs: ${error}`);
  }
}
console.log(`\ncorrect     ${checks.length - failed} of ${checks.length} checks`);

/** Milliseconds of one call, the median of some, each of `calls` calls in a row. */
async function time(f: () => JaxArray, calls: number): Promise<number> {
  const wait = () => backend.device.queue.onSubmittedWorkDone();
  f();
  await wait();
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    for (let k = 0; k < calls; k++) f();
    await wait();
    times.push((performance.now() - start) / calls);
  }
  return times.sort((a, b) => a - b)[2]!;
}

const software = /llvmpipe|swiftshader/i.test(device.deviceKind);
const row = (name: string, ms: number, rate: string): void =>
  console.log(`${name.padEnd(34)} ${ms.toFixed(3).padStart(10)} ms   ${rate}`);
const on = (shape: readonly number[]): JaxArray => devicePut(np.full(shape, 0.5), "gpu");

console.log("\ntimings");
for (const n of software ? [256] : [1024, 2048, 4096]) {
  const a = on([n, n]), b = on([n, n]), f = jit((p: JaxArray, q: JaxArray) => np.matmul(p, q));
  const ms = await time(() => f(a, b), software ? 1 : 10);
  row(`matmul ${n}`, ms, `${(2 * n ** 3 / ms / 1e6).toFixed(0)} GFLOP/s`);
}
const size = software ? 2 ** 18 : 2 ** 25, big = on([size]);
const elementwise: [string, (v: JaxArray) => JaxArray, number][] = [
  ["x + 1", (v) => v.add(1), 2],
  ["sin(x)·x + exp(-x²)", (v) => np.sin(v).mul(v).add(np.exp(v.mul(v).neg())), 2],
  ["sum", (v) => v.sum(), 1],
];
for (const [name, f, accesses] of elementwise) {
  const jitted = jit(f), ms = await time(() => jitted(big), software ? 1 : 10);
  row(`${name}, ${size}`, ms, `${(accesses * 4 * size / ms / 1e6).toFixed(1)} GB/s`);
}
const side = software ? 256 : 4096, square = on([side, side]);
for (
  const [name, f] of [
    ["sum of rows", (v: JaxArray) => v.sum({ axis: 1 })],
    ["sum of columns", (v: JaxArray) => v.sum({ axis: 0 })],
    ["x + x.T", (v: JaxArray) => v.add(v.T)],
    ["softmax of rows", (v: JaxArray) => {
      const e = np.exp(v.sub(v.max({ axis: 1, keepdims: true })));
      return e.div(e.sum({ axis: 1, keepdims: true }));
    }],
  ] as const
) {
  const jitted = jit(f), ms = await time(() => jitted(square), software ? 1 : 10);
  row(`${name}, ${side}²`, ms, `${(4 * side ** 2 / ms / 1e6).toFixed(1)} GB/s read once`);
}
const small = on([10]), plusOne = jit((v: JaxArray) => v.add(1));
row("one call, 10 elements", await time(() => plusOne(small), 100), "");
const start = performance.now();
for (let i = 0; i < 20; i++) await plusOne(small).data();
row("one call and its result", (performance.now() - start) / 20, "");
const loop = jit((v: JaxArray) =>
  lax.foriLoop(0, 1000, (_: Tree, c: Tree) => c.mul(0.999).add(0.1), v) as JaxArray
);
row("foriLoop of 1000 steps", await time(() => loop(small), 1), "");
if (failed > 0) Deno.exit(1);
