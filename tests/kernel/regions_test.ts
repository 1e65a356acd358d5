import { assertAllClose, assertEquals } from "../assert.ts";
import type { JaxArray } from "../../core/array.ts";
import { shaped } from "../../core/avals.ts";
import { float32, int32 } from "../../core/dtypes.ts";
import { ClosedJaxpr } from "../../core/jaxpr.ts";
import { P } from "../../core/prims.ts";
import * as raw from "../../core/raw.ts";
import { stage } from "../../core/staging.ts";
import { bind } from "../../core/trace.ts";
import { programText } from "../../kernel/print.ts";
import { arg, f32, type Fn, kernelCount, lower, run } from "./programs.ts";

const f = (...shape: number[]): ReturnType<typeof shaped> => shaped(shape, float32);
const i32 = shaped([], int32);

function closed(fn: Fn, ...avals: ReturnType<typeof shaped>[]): ClosedJaxpr {
  const { jaxpr, consts } = stage(fn, avals);
  return new ClosedJaxpr(jaxpr, consts);
}

interface ScanOptions {
  readonly numConsts: number;
  readonly numCarry: number;
  readonly length: number;
  readonly reverse?: boolean;
}

function scan(jaxpr: ClosedJaxpr, args: readonly JaxArray[], options: ScanOptions): readonly JaxArray[] {
  const inputs = jaxpr.inAvals.length;
  return bind(P.scan, args, {
    jaxpr,
    reverse: false,
    unroll: 1,
    linear: new Array(inputs).fill(false),
    ...options,
  });
}

Deno.test("scan: carries, constants and stacked results", () => {
  const body = closed(
    (k, c, x) => [raw.add(c!, raw.mul(k!, x!)), raw.mul(c!, 10)],
    f(),
    f(),
    f(),
  );
  const fn = (reverse: boolean): Fn => (k, c, xs) =>
    scan(body, [k!, c!, xs!], { numConsts: 1, numCarry: 1, length: 4, reverse });
  const args = [f32([], [2]), f32([], [1]), f32([4], [1, 2, 3, 4])] as const;
  const [last, ys] = run(fn(false), ...args);
  assertEquals([...last as Float32Array], [21]);
  assertEquals([...ys as Float32Array], [10, 30, 70, 130]);
  const [last2, ys2] = run(fn(true), ...args);
  assertEquals([...last2 as Float32Array], [21]);
  assertEquals([...ys2 as Float32Array], [190, 150, 90, 10]);
});

Deno.test("carries that trade places are assigned at once", () => {
  const body = closed((a, b) => [raw.add(b!, 1), a!], f(3), f(3));
  const fn: Fn = (a, b) => scan(body, [a!, b!], { numConsts: 0, numCarry: 2, length: 3 });
  const [a, b] = run(fn, f32([3], [1, 2, 3]), f32([3], [10, 20, 30]));
  assertEquals([...a as Float32Array], [12, 22, 32]);
  assertEquals([...b as Float32Array], [2, 3, 4]);
  const rotate = closed((x, y, z) => [y!, z!, x!], f(), f(), f());
  const out = run(
    (x, y, z) => scan(rotate, [x!, y!, z!], { numConsts: 0, numCarry: 3, length: 4 }),
    f32([], [1]),
    f32([], [2]),
    f32([], [3]),
  );
  assertEquals(out.map((o) => (o as Float32Array)[0]), [2, 3, 1]);
});

Deno.test("a carry that is read out of step is not overwritten too early", () => {
  const body = closed((x) => [raw.add(raw.transpose(x!, [1, 0]), x!)], f(2, 2));
  const [x] = run(
    (a) => scan(body, [a!], { numConsts: 0, numCarry: 1, length: 2 }),
    f32([2, 2], [1, 2, 3, 4]),
  );
  assertEquals([...x as Float32Array], [4, 10, 10, 16]);
});

Deno.test("scalar loops run one kernel an iteration", () => {
  const body = closed((x, v) => [raw.add(x!, raw.mul(v!, 0.5)), raw.sub(v!, raw.mul(x!, 0.5))], f(), f());
  const program = lower((x, v) => scan(body, [x!, v!], { numConsts: 0, numCarry: 2, length: 100 }), [
    f(),
    f(),
  ]);
  const loop = program.steps.find((s) => s.kind === "loop")!;
  assertEquals(loop.kind === "loop" && loop.body.length, 1, programText(program));
});

Deno.test("updates in place do not copy the carry", () => {
  const body = closed(
    (i, x) => {
      const [y] = bind(P.dynamic_update_slice, [x!, raw.full([1], 7, float32), i!], {});
      return [raw.add(i!, 1), y!];
    },
    i32,
    f(100),
  );
  const fn: Fn = (i, x) => scan(body, [i!, x!], { numConsts: 0, numCarry: 2, length: 5 });
  const [, x] = run(fn, arg(int32, [], [0]), f32([100], () => 1));
  assertEquals([...(x as Float32Array).slice(0, 7)], [7, 7, 7, 7, 7, 1, 1]);
  const program = lower(fn, [i32, f(100)]);
  const loop = program.steps.find((s) => s.kind === "loop")!;
  assertEquals(
    loop.kind === "loop" && loop.body.every((s) => s.kind === "kernel"),
    true,
    programText(program),
  );
});

Deno.test("while", () => {
  const cond = closed((n) => [raw.lt(n!, raw.scalar(10, int32))], i32, f(2));
  const body = closed((n, x) => [raw.add(n!, 1), raw.mul(x!, 2)], i32, f(2));
  const fn: Fn = (n, x) =>
    bind(P.while, [n!, x!], { condJaxpr: cond, bodyJaxpr: body, condNconsts: 0, bodyNconsts: 0 });
  const [n, x] = run(fn, arg(int32, [], [7]), f32([2], [1, 3]));
  assertEquals([...n as Int32Array], [10]);
  assertEquals([...x as Float32Array], [8, 24]);
});

Deno.test("cond, nested in a scan", () => {
  const double = closed((x) => [raw.mul(x!, 2)], f()), decrement = closed((x) => [raw.sub(x!, 1)], f());
  const body = closed((x) => {
    const which = raw.convert(raw.gt(x!, 10), int32);
    return bind(P.cond, [which, x!], { branches: [double, decrement] });
  }, f());
  const [x] = run((a) => scan(body, [a!], { numConsts: 0, numCarry: 1, length: 5 }), f32([], [3]));
  assertEquals([...x as Float32Array], [20]);
});

Deno.test("what a loop reads of outside is computed once, before it", () => {
  const body = closed((k, c) => [raw.add(c!, k!)], f(4), f(4));
  const fn: Fn = (x, c) => scan(body, [raw.exp(raw.sin(x!)), c!], { numConsts: 1, numCarry: 1, length: 3 });
  const program = lower(fn, [f(4), f(4)]);
  assertEquals(kernelCount(program), 2, programText(program));
  const [got] = run(fn, f32([4], [0, 1, 2, 3]), f32([4], [0, 0, 0, 0]));
  assertAllClose(got as Float32Array, Float32Array.from([0, 1, 2, 3], (v) => 3 * Math.exp(Math.sin(v))), {
    rtol: 1e-6,
    atol: 0,
  });
});

Deno.test("a nested scan: matrix of partial sums", () => {
  const inner = closed((c, x) => [raw.add(c!, x!), raw.add(c!, x!)], f(), f());
  const outer = closed(
    (c, row) => {
      const [last, sums] = scan(inner, [c!, row!], { numConsts: 0, numCarry: 1, length: 3 });
      return [last!, sums!];
    },
    f(),
    f(3),
  );
  const fn: Fn = (c, m) => scan(outer, [c!, m!], { numConsts: 0, numCarry: 1, length: 2 });
  const [last, sums] = run(fn, f32([], [0]), f32([2, 3], [1, 2, 3, 4, 5, 6]));
  assertEquals([...last as Float32Array], [21]);
  assertEquals([...sums as Float32Array], [1, 3, 6, 10, 15, 21]);
});

Deno.test("a jit call fuses with what is around it", () => {
  const inner = closed((x) => [raw.mul(x!, x!)], f(4));
  const fn: Fn = (x) => {
    const [y] = bind(P.jit, [raw.sin(x!)], { name: "inner", jaxpr: inner });
    return [raw.add(y!, 1)];
  };
  assertEquals(kernelCount(lower(fn, [f(4)])), 1);
});
