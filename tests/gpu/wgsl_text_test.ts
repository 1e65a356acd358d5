/**
 * Golden text of compute shaders: a change of the generator that is not meant to change them leaves it as it is.
 */
import "../../mod.ts";
import { lax, makeJaxpr, numpy as np } from "../../mod.ts";
import type { ClosedJaxpr } from "../../core/jaxpr.ts";
import { lowerJaxpr } from "../../kernel/lower.ts";
import { productShader } from "../../gpu/_wgsl_product.ts";
import { kernelShader } from "../../gpu/wgsl.ts";
import { assertEquals } from "../assert.ts";
import type { Fn } from "./_compare.ts";

/** The shaders of a function's kernels. */
function shaders(f: Fn, ...args: unknown[]): string[] {
  const closed = makeJaxpr(f)(...args) as unknown as ClosedJaxpr;
  const { steps } = lowerJaxpr(closed, { wide: false, threads: "many", maxArrays: 8 });
  return steps.flatMap((step) => {
    if (step.kind !== "kernel") return [];
    const bindings = step.args.map((_, binding) => ({ binding, moves: false }));
    return [(productShader(step.kernel, bindings) ?? kernelShader(step.kernel, bindings)).text];
  });
}

Deno.test("WGSL: an elementwise kernel", () => {
  const [text] = shaders(
    (x, y) => np.where(x.gt(0), x.mul(y).add(1).sub(x), -1),
    np.ones([100]),
    np.ones([100]),
  );
  assertEquals(
    text,
    `@group(0) @binding(0) var<storage, read> b0: array<f32>;
@group(0) @binding(1) var<storage, read> b1: array<f32>;
@group(0) @binding(2) var<storage, read_write> b2: array<f32>;
var<private> zero: u32;
fn exact(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) | zero); }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  zero = group.z;
  let i0 = i32(group.x * 64u + lane);
  if (i0 >= 100) { return; }
  let t0 = b0[i0];
  b2[i0] = select(-1.0f, exact(exact(t0 * b1[i0]) + 1.0f) - t0, t0 > 0.0f);
}
`,
  );
});

Deno.test("WGSL: a sum along rows", () => {
  const [text] = shaders((x) => np.sum(x, { axis: 1 }), np.ones([4, 100]));
  assertEquals(
    text,
    `@group(0) @binding(0) var<storage, read> b0: array<f32>;
@group(0) @binding(1) var<storage, read_write> b1: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i0 = i32(group.x * 64u + lane);
  if (i0 >= 4) { return; }
  var m0 = 0.0f;
  for (var r0 = 0; r0 < 100; r0 += 32) {
    let r1 = min(r0 + 32, 100);
    var s0 = 0.0f;
    for (var i1 = r0; i1 < r1; i1++) {
      s0 = s0 + b0[(i0 * 100) + i1];
    }
    m0 = m0 + s0;
  }
  b1[i0] = m0;
}
`,
  );
});

Deno.test("WGSL: a masked gather of narrow integers", () => {
  const f: Fn = (x, i) => lax.select(i.lt(0), x.at(i).get(), x.at(i).get().add(1));
  const [text] = shaders(f, np.ones([10], "int8"), np.ones([3], "int32"));
  assertEquals(
    text,
    `@group(0) @binding(0) var<storage, read> b0: array<i32>;
@group(0) @binding(1) var<storage, read> b1: array<i32>;
@group(0) @binding(2) var<storage, read_write> b2: array<i32>;
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let i0 = i32(group.x * 64u + lane);
  if (i0 >= 3) { return; }
  let t0 = b0[i0];
  let t1 = t0 < 0;
  let t2 = b1[min(max(select(t0, t0 + 10, t1), 0), 9)];
  b2[i0] = (select(((t2 + 1) << 24u) >> 24u, t2, t1) << 24u) >> 24u;
}
`,
  );
});
