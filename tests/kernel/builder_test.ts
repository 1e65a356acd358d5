import { assertEquals, assertThrows } from "../assert.ts";
import { binary, compare, constant, index } from "../../kernel/expr.ts";
import { Param, type Program, storageBytes } from "../../kernel/ir.ts";
import { KernelBuilder } from "../../kernel/builder.ts";
import { runReference } from "../../kernel/reference.ts";

/** A program of one kernel: the first parameters are inputs, the others outputs. */
function program(k: KernelBuilder, params: readonly Param[], inputs: number): Program {
  const kernel = k.build("k");
  return {
    buffers: kernel.params.map((p, i) => ({
      role: i < inputs ? "input" : i < params.length ? "output" : "temp",
      bytes: p.size * storageBytes[p.storage],
      storage: p.storage,
      offset: 0,
    })),
    inputs: params.slice(0, inputs).map((_, i) => i),
    outputs: params.slice(inputs).map((_, i) => i + inputs),
    constants: [],
    steps: [{
      kind: "kernel",
      kernel,
      args: kernel.params.map((_, i) => ({ buffer: i, offset: 0, loops: [] })),
    }],
    arenaBytes: 4096,
    callbacks: [],
  };
}

const bytes = (x: ArrayBufferView): Uint8Array =>
  new Uint8Array(x.buffer as ArrayBuffer, x.byteOffset, x.byteLength);

Deno.test("a range kernel doubles floats", () => {
  const x = new Param("f32", 4, "x"), y = new Param("f32", 4, "y");
  const k = new KernelBuilder([x, y]);
  k.range(4, (i) => k.store(y, i, binary("mul", k.load(x, i), constant("f32", 2))));
  const [out] = runReference(program(k, [x, y], 1), [bytes(Float32Array.of(1, 2, 3, -4))]);
  assertEquals([...new Float32Array(out!.buffer as ArrayBuffer)], [2, 4, 6, -8]);
});

Deno.test("while, if, locals and scratch: Collatz lengths", () => {
  const x = new Param("i32", 3, "x"), y = new Param("i32", 3, "y");
  const k = new KernelBuilder([x, y]);
  const tmp = k.scratch("i32", 1);
  k.for(0, 3, (i) => {
    const n = k.local(k.load(x, i)), steps = k.local(index(0));
    k.while(() => compare("gt", n.get(), index(1)), () => {
      k.if(
        compare("eq", binary("and", n.get(), index(1)), index(0)),
        () => n.set(binary("div", n.get(), index(2))),
        () => n.set(binary("add", binary("mul", n.get(), index(3)), index(1))),
      );
      steps.set(binary("add", steps.get(), index(1)));
    });
    k.store(tmp, 0, steps.get());
    k.store(y, i, k.load(tmp, 0));
  });
  const [out] = runReference(program(k, [x, y], 1), [bytes(Int32Array.of(1, 6, 27))]);
  assertEquals([...new Int32Array(out!.buffer as ArrayBuffer)], [0, 8, 111]);
});

Deno.test("let fixes a value before a store: swap", () => {
  const y = new Param("i64", 2, "y");
  const k = new KernelBuilder([y]);
  k.store(y, 0, constant("i64", 7n));
  k.store(y, 1, constant("i64", -9n));
  const a = k.let(k.load(y, 0)), b = k.let(k.load(y, 1));
  k.store(y, 0, b);
  k.store(y, 1, a);
  const [out] = runReference(program(k, [y], 0), []);
  assertEquals([...new BigInt64Array(out!.buffer as ArrayBuffer)], [-9n, 7n]);
});

Deno.test("reduce with known monoids", () => {
  const x = new Param("i16", 5, "x"), y = new Param("i32", 2, "y");
  const k = new KernelBuilder([x, y]);
  k.store(y, 0, k.reduce(5, "add", index(100), (r) => k.load(x, r)));
  k.store(y, 1, k.reduce(5, "max", index(-1000), (r) => k.load(x, r)));
  const [out] = runReference(program(k, [x, y], 1), [bytes(Int16Array.of(3, -7, 11, 2, 0))]);
  assertEquals([...new Int32Array(out!.buffer as ArrayBuffer)], [109, 11]);
});

Deno.test("misuse raises", () => {
  const y = new Param("f32", 2, "y");
  const k = new KernelBuilder([y]);
  assertThrows(() => k.store(y, 0, index(1)), TypeError, "store of i32 to y");
  k.store(y, 0, constant("f32", 1));
  assertThrows(() => k.range(2, () => {}), Error, "range must be the only outermost statement");
});
