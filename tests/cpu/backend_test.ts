/**
 * The CPU device under core: eager calls, jit, control flow and memory.
 */
import "../../core/ops/mod.ts";
import "../../core/dispatch.ts";
import "../../core/decomposition.ts";
import { cpuCollector } from "../../cpu/backend.ts";
import { fromHost } from "../../core/concrete.ts";
import { parseArray } from "../../core/host.ts";
import type { JaxArray } from "../../core/array.ts";
import { grad } from "../../core/grad.ts";
import { jit } from "../../core/jit.ts";
import * as raw from "../../core/raw.ts";
import { backendOf } from "../../core/backend.ts";
import { assert, assertAllClose, assertEquals, assertThrows } from "../assert.ts";

Deno.test("buffers go to the heap and back, whole and in part", () => {
  const backend = backendOf("cpu");
  const buffer = backend.upload(Uint8Array.of(1, 2, 3, 4, 5), "uint8");
  assertEquals([...backend.read(buffer)], [1, 2, 3, 4, 5]);
  assertEquals([...backend.readRange(buffer, 1, 3)], [2, 3]);
  assertEquals(buffer.bytes, 5);
  buffer.free();
  assertThrows(() => backend.read(buffer), Error, "deleted");
});

Deno.test("eager calls, jit and grad agree", () => {
  const x = fromHost(parseArray([0.5, -1, 2]));
  const f = (v: JaxArray): JaxArray => raw.reduceSum(raw.mul(raw.sin(v), v), [0]);
  const wanted = [0.5, -1, 2].map((v) => Math.sin(v) + v * Math.cos(v));
  assertAllClose(grad(f)(x), wanted);
  assertAllClose(jit(grad(f))(x), wanted);
  assertAllClose(jit(f)(x), f(x));
});

Deno.test("a long synchronous loop runs in bounded memory", () => {
  const { heap } = cpuCollector();
  const step = jit((v: JaxArray) => raw.add(v, 1));
  let x: JaxArray = fromHost(parseArray(new Float32Array(250_000)));
  for (let i = 0; i < 1000; i++) x = step(x) as JaxArray;
  assertEquals((x.dataSync() as Float32Array)[7], 1000);
  assert(heap.statistics().peakBytes < 600e6, `${heap.statistics().peakBytes} bytes at the peak`);
});
