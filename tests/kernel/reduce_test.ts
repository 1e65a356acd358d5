import { assert, assertAllClose, assertEquals } from "../assert.ts";
import type { JaxArray } from "../../core/array.ts";
import { int32, int8 } from "../../core/dtypes.ts";
import { P } from "../../core/prims.ts";
import * as raw from "../../core/raw.ts";
import { bind1 } from "../../core/trace.ts";
import { arg, f32, run, runUnfused } from "./programs.ts";

const wave = (i: number): number => Math.sin(i * 0.7) * 2;

/** Sum over axes in float64. */
function sumOf(data: ArrayLike<number>, shape: readonly number[], axes: readonly number[]): number[] {
  const kept = shape.map((_, k) => k).filter((k) => !axes.includes(k));
  const out: number[] = new Array(kept.reduce((n, k) => n * shape[k]!, 1)).fill(0);
  const at = shape.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    let rest = i;
    for (let k = shape.length - 1; k >= 0; k--) {
      at[k] = rest % shape[k]!;
      rest = Math.floor(rest / shape[k]!);
    }
    let o = 0;
    for (const k of kept) o = o * shape[k]! + at[k]!;
    out[o]! += data[i]!;
  }
  return out;
}

function checkSum(shape: readonly number[], axes: readonly number[]): void {
  const x = f32(shape, wave);
  const [got] = run((a) => [raw.reduceSum(a!, axes)], x);
  assertAllClose(got as Float32Array, Float32Array.from(sumOf(x.data as Float32Array, shape, axes)), {
    rtol: 1e-5,
    atol: 2e-5,
  });
}

Deno.test("sums over every set of axes, short and long", () => {
  for (const shape of [[3, 4, 5], [2, 70, 33], [300, 5, 7], [7, 600], [600, 7], [40, 700], [700, 40]]) {
    for (let mask = 1; mask < 1 << shape.length; mask++) {
      checkSum(shape, shape.map((_, k) => k).filter((k) => mask >> k & 1));
    }
  }
});

Deno.test("long sums are split and stay accurate", () => {
  for (
    const [shape, axes] of [
      [[300_001], [0]],
      [[150_000, 3], [0]],
      [[3, 150_000], [1]],
      [[600, 700], [0, 1]],
      [[20_000, 64], [0]],
    ] as const
  ) {
    const x = f32(shape, () => 0.1);
    const n = axes.reduce((p: number, k) => p * shape[k]!, 1);
    const [got] = run((a) => [raw.reduceSum(a!, axes)], x);
    for (const g of got as Float32Array) {
      assert(Math.abs(g / (n * Math.fround(0.1)) - 1) < 1e-6, `${shape}: ${g}`);
    }
  }
});

Deno.test("sums of transposed, computed and broadcast operands", () => {
  const x = f32([30, 50], wave), y = f32([50], wave);
  const fns: ((a: JaxArray, b: JaxArray) => JaxArray)[] = [
    (a) => raw.reduceSum(raw.transpose(a, [1, 0]), [0]),
    (a) => raw.reduceSum(raw.transpose(a, [1, 0]), [1]),
    (a, b) => raw.reduceSum(raw.mul(a, raw.broadcastInDim(b, [30, 50], [1])), [0]),
    (a, b) => raw.reduceSum(raw.mul(raw.exp(a), raw.broadcastInDim(b, [30, 50], [1])), [1]),
    (a) => raw.reduceSum(raw.reshape(raw.exp(a), [1500]), [0]),
    (a) => raw.reduceMax(raw.reshape(raw.mul(a, 2), [10, 150]), [1]),
  ];
  for (const fn of fns) {
    const got = run((a, b) => [fn(a!, b!)], x, y), want = runUnfused((a, b) => [fn(a!, b!)], x, y);
    assertAllClose(got[0] as Float32Array, want[0] as Float32Array, { rtol: 1e-5, atol: 1e-5 });
  }
});

Deno.test("integers wrap, positions of extrema", () => {
  const x = arg(int8, [4, 3], Int8Array.from([100, 3, -5, 100, 7, -5, 1, 7, 90, 0, 2, -100]));
  assertEquals([...run((a) => [raw.reduceSum(a!, [0])], x)[0] as Int8Array], [201 - 256, 19, -20]);
  const arg0 = (axis: number) => (a: JaxArray): JaxArray =>
    bind1(P.argmax, [a], { axes: [axis], indexDtype: int32 });
  assertEquals([...run((a) => [arg0(0)(a!)], x)[0] as Int32Array], [0, 1, 2]);
  assertEquals([...run((a) => [arg0(1)(a!)], x)[0] as Int32Array], [0, 0, 2, 1]);
});

Deno.test("empty spaces give the identity", () => {
  const x = f32([0, 3], []);
  assertEquals([...run((a) => [raw.reduceSum(a!, [0])], x)[0] as Float32Array], [0, 0, 0]);
  assertEquals([...run((a) => [raw.reduceMax(a!, [0])], x)[0] as Float32Array], [
    -Infinity,
    -Infinity,
    -Infinity,
  ]);
  assertEquals(run((a) => [raw.reduceSum(a!, [1])], x)[0]!.length, 0);
});

Deno.test("complex numbers add by components and multiply as pairs", () => {
  const re = f32([700, 3], (i) => i % 5), im = f32([700, 3], (i) => i % 7 - 3);
  for (const axes of [[0], [1], [0, 1]]) {
    const [gr, gi] = run(
      (a, b) => {
        const s = raw.reduceSum(raw.complex(a!, b!), axes);
        return [raw.real(s), raw.imag(s)];
      },
      re,
      im,
    );
    assertEquals([...gr as Float32Array], sumOf(re.data as Float32Array, [700, 3], axes));
    assertEquals([...gi as Float32Array], sumOf(im.data as Float32Array, [700, 3], axes));
  }
  const [pr, pi] = run(
    (a, b) => {
      const p = bind1(P.reduce_prod, [raw.complex(a!, b!)], { axes: [0] });
      return [raw.real(p), raw.imag(p)];
    },
    f32([3], [1, 2, 0]),
    f32([3], [1, 0, 1]),
  );
  assertEquals([(pr as Float32Array)[0], (pi as Float32Array)[0]], [-2, 2]);
});
