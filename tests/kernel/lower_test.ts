import { assert, assertAllClose, assertEquals, assertThrows } from "../assert.ts";
import { shaped } from "../../core/avals.ts";
import { float32 } from "../../core/dtypes.ts";
import { P } from "../../core/prims.ts";
import * as raw from "../../core/raw.ts";
import { bind1 } from "../../core/trace.ts";
import { programText } from "../../kernel/print.ts";
import { f32, type Fn, kernelCount, lower, run, runUnfused } from "./programs.ts";

const wave = (i: number): number => Math.sin(i * 0.7) * 2;
const aval = (...shape: number[]): ReturnType<typeof shaped> => shaped(shape, float32);

function agrees(fn: Fn, ...args: ReturnType<typeof f32>[]): void {
  const got = run(fn, ...args), want = runUnfused(fn, ...args);
  assertEquals(got.length, want.length);
  got.forEach((g, i) =>
    assertAllClose(g as Float32Array, want[i] as Float32Array, { rtol: 1e-5, atol: 1e-6 })
  );
}

Deno.test("a chain of elementwise equations is one flat kernel", () => {
  const fn: Fn = (x) => [raw.add(raw.mul(raw.sin(x!), x!), raw.exp(raw.neg(raw.mul(x!, x!))))];
  const program = lower(fn, [aval(3, 4)]);
  assertEquals(kernelCount(program), 1);
  assertEquals(program.steps[0]!.kind === "kernel" && program.steps[0]!.kernel.range?.extent, 12);
  agrees(fn, f32([3, 4], wave));
});

Deno.test("broadcasts are read in place", () => {
  const fn: Fn = (x, row, col) => [
    raw.add(raw.mul(x!, raw.broadcastInDim(row!, [3, 4], [1])), raw.broadcastInDim(col!, [3, 4], [0])),
  ];
  assertEquals(kernelCount(lower(fn, [aval(3, 4), aval(4), aval(3)])), 1);
  agrees(fn, f32([3, 4], wave), f32([4], wave), f32([3], wave));
});

Deno.test("softmax", () => {
  const fn: Fn = (x) => {
    const m = raw.reduceMax(x!, [1]);
    const e = raw.exp(raw.sub(x!, raw.broadcastInDim(m, [5, 7], [0])));
    return [raw.div(e, raw.broadcastInDim(raw.reduceSum(e, [1]), [5, 7], [0]))];
  };
  agrees(fn, f32([5, 7], wave));
});

Deno.test("outputs that share work, repeat, or are inputs", () => {
  const fn: Fn = (x) => {
    const y = raw.exp(x!);
    return [raw.add(y, 1), raw.mul(y, 2), y, y, x!];
  };
  assertEquals(kernelCount(lower(fn, [aval(8)])), 1);
  agrees(fn, f32([8], wave));
});

Deno.test("transposes and reshapes", () => {
  agrees((x) => [raw.add(raw.transpose(x!, [1, 0]), x!)], f32([5, 5], wave));
  agrees((x) => [raw.reshape(raw.mul(raw.transpose(x!, [2, 0, 1]), 3), [4, 6])], f32([2, 3, 4], wave));
  agrees((x) => [raw.reshape(raw.exp(x!), [6, 4]), raw.reshape(x!, [24])], f32([2, 3, 4], wave));
  agrees((x) => [raw.slice(raw.exp(x!), [1, 0], [5, 6], [2, 3])], f32([5, 7], wave));
});

Deno.test("empty arrays", () => {
  agrees((x) => [raw.exp(x!), raw.reduceSum(x!, [0]), raw.reduceSum(x!, [1])], f32([0, 3], wave));
});

Deno.test("padding and concatenation of large arrays run box by box", () => {
  const n = 120, x = f32([n, n], wave), y = f32([n, n], (i) => i);
  const fn: Fn = (a, b) => [
    bind1(P.concatenate, [
      raw.pad(raw.sin(a!), raw.scalar(5, float32), [[1, 2, 0], [-3, 4, 0]]),
      raw.pad(b!, raw.scalar(6, float32), [[0, 0, 0], [0, 1, 0]]),
    ], { dimension: 0 }),
  ];
  assert(kernelCount(lower(fn, [aval(n, n), aval(n, n)])) > 4);
  const [got] = run(fn, x, y), want: number[] = [];
  for (let r = 0; r < 2 * n + 3; r++) {
    for (let c = 0; c < n + 1; c++) {
      const inside = r >= 1 && r <= n && c < n - 3;
      want.push(
        r >= n + 3 ? c < n ? (r - n - 3) * n + c : 6 : inside ? Math.sin(wave((r - 1) * n + c + 3)) : 5,
      );
    }
  }
  assertAllClose(got as Float32Array, Float32Array.from(want), { rtol: 1e-5, atol: 1e-6 });
});

Deno.test("arrays that cannot be addressed raise", () => {
  const fn: Fn = (x) => [raw.broadcastInDim(raw.sin(x!), [30_000, 30_000], [0])];
  assertThrows(() => lower(fn, [aval(30_000)]), RangeError, "float32[30000,30000] takes 3600000000 bytes");
});

Deno.test("a long chain whose values are all used twice stays in bounds", () => {
  const fn: Fn = (x) => {
    let y = x!;
    for (let i = 0; i < 200; i++) y = raw.mul(raw.sin(y), raw.add(y, 1));
    return [y];
  };
  agrees(fn, f32([3], wave));
});

Deno.test("lowering is linear in the number of equations", () => {
  const fn: Fn = (x) => {
    let y = x!, z = x!;
    for (let i = 0; i < 1250; i++) {
      z = raw.add(raw.mul(z, y), 1);
      y = raw.sub(y, raw.mul(z, 0.5));
    }
    return [y, z];
  };
  lower((x) => [raw.sin(x!)], [aval(4)]);
  const start = performance.now();
  lower(fn, [aval(16)]);
  const took = performance.now() - start;
  assert(took < 1500, `took ${took} ms`);
});

Deno.test("text of a program", () => {
  const program = lower((x) => [raw.add(raw.mul(x!, x!), 1)], [aval(4)]);
  assertEquals(
    programText(program),
    `program (b0) -> (b1), arena 0 bytes
  b0: input f32 16 bytes
  b1: output f32 16 bytes
  k0 mul_add(b0, b1)
k0 mul_add(p0: f32[4], p1: f32[4])
  range i0 in 0..4
    t0 = p0[i0]
    p1[i0] = (t0 * t0) + 1.0`,
  );
});
