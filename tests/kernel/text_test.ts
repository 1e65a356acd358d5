import { assertEquals } from "../assert.ts";
import type { JaxArray } from "../../core/array.ts";
import { shaped } from "../../core/avals.ts";
import { float32, int32 } from "../../core/dtypes.ts";
import { ClosedJaxpr } from "../../core/jaxpr.ts";
import { P } from "../../core/prims.ts";
import * as raw from "../../core/raw.ts";
import { stage } from "../../core/staging.ts";
import { bind } from "../../core/trace.ts";
import { programText } from "../../kernel/print.ts";
import { type Fn, lower } from "./programs.ts";

const f = (...shape: number[]): ReturnType<typeof shaped> => shaped(shape, float32);

function checkText(fn: Fn, avals: readonly ReturnType<typeof shaped>[], want: string): void {
  assertEquals(programText(lower(fn, avals)), want);
}

Deno.test("text: normalised rows", () => {
  const spread = (v: JaxArray): JaxArray => raw.broadcastInDim(v, [4, 32], [0]);
  const fn: Fn = (x) => [raw.div(raw.neg(x!), spread(raw.reduceSum(raw.abs(x!), [1])))];
  checkText(
    fn,
    [f(4, 32)],
    `program (b0) -> (b2), arena 64 bytes
  b0: input f32 512 bytes
  b1: temp f32 16 bytes at 0
  b2: output f32 512 bytes
  k0 abs_reduce_sum(b0, b1)
  k1 broadcast_in_dim_neg_div(b0, b1, b2)
k0 abs_reduce_sum(p0: f32[128], p1: f32[4])
  range i0 in 0..4
    var m0 = 0.0
    var m1 = 0.0
    reduce add m1, i1 in 0..32
      abs(p0[(i0 * 32) + i1])
    m0 = m0 + m1
    p1[i0] = m0
k1 broadcast_in_dim_neg_div(p0: f32[128], p1: f32[4], p2: f32[128])
  range i0 in 0..4
    for i1 in 0..32 independent
      t0 = ((i0 * 32) + i1)
      p2[t0] = neg(p0[t0]) / p1[i0]`,
  );
});

Deno.test("text: a sum along rows that lie far apart", () => {
  checkText(
    (x) => [raw.reduceMax(x!, [0])],
    [f(40, 300)],
    `program (b0) -> (b1), arena 0 bytes
  b0: input f32 48000 bytes
  b1: output f32 1200 bytes
  k0 reduce_max(b1, b0)
k0 reduce_max(p0: f32[300], p1: f32[12000])
  range i0 in 0..3
    let v0 = i0 * 128
    let v1 = min(v0 + 128, 300)
    for i1 in v0..v1 independent
      p0[i1] = -Infinity
    for i2 in 0..10
      let v2 = i2 * 4
      for i3 in v0..v1 independent
        t0 = (v2 * 300)
        p0[i3] = max(p0[i3], max(max(p1[t0 + i3], p1[(t0 + 300) + i3]), max(p1[(t0 + 600) + i3], p1[(t0 + 900) + i3])))`,
  );
});

Deno.test("text: a loop that updates its carries in place", () => {
  const { jaxpr } = stage((i, x, row) => {
    const [y] = bind(P.dynamic_update_slice, [x!, raw.reshape(row!, [1, 2]), i!, raw.scalar(0, int32)], {});
    return [raw.add(i!, 1), y!, raw.mul(row!, 2)];
  }, [shaped([], int32), f(3, 2), f(2)]);
  checkText(
    (i, x, rows) =>
      bind(P.scan, [i!, x!, rows!], {
        jaxpr: new ClosedJaxpr(jaxpr),
        length: 3,
        reverse: false,
        unroll: 1,
        numConsts: 0,
        numCarry: 2,
        linear: [false, false, false],
      }),
    [shaped([], int32), f(3, 2), f(3, 2)],
    `program (b0, b1, b2) -> (b3, b4, b5), arena 0 bytes
  b0: input i32 4 bytes
  b1: input f32 24 bytes
  b2: input f32 24 bytes
  b3: output i32 4 bytes
  b4: output f32 24 bytes
  b5: output f32 24 bytes
  copy b0 -> b3, 4 bytes
  copy b1 -> b4, 24 bytes
  loop c0 in 0..3
    k0 dynamic_update_slice(b2+c0*8, b3, b4)
    k1 mul(b2+c0*8, b5+c0*8)
    k2 add(b3)
k0 dynamic_update_slice(p0: f32[2], p1: i32[1], p2: f32[6])
  let v0 = min(max(p1[0], 0), 2) * 2
  for i0 in 0..2 independent
    p2[v0 + i0] = p0[i0]
k1 mul(p0: f32[2], p1: f32[2])
  range i0 in 0..2
    p1[i0] = p0[i0] * 2.0
k2 add(p0: i32[1])
  p0[0] = p0[0] + 1`,
  );
});
