/**
 * Programs of several steps: loops, while, switch, copies, callbacks and parallel kernels, against the reference.
 */
import { binary, compare, constant, convert, index, load } from "../../kernel/expr.ts";
import {
  type BufferRef,
  type HostCallback,
  Param,
  type Program,
  type Step,
  storageBytes,
  type StorageType,
} from "../../kernel/ir.ts";
import { KernelBuilder } from "../../kernel/builder.ts";
import { runReference } from "../../kernel/reference.ts";
import { compileProgram, type ParallelRunner } from "../../cpu/executable.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { assertSameData, type Data, heap, runExecutable, viewAs } from "./kernels.ts";

type Role = "input" | "output" | "temp" | "const";

/** Writes programs buffer by buffer. */
class ProgramWriter {
  readonly buffers: Program["buffers"][number][] = [];
  readonly constants: { buffer: number; data: Uint8Array }[] = [];
  readonly callbacks: HostCallback[] = [];
  #arena = 0;

  buffer(role: Role, storage: StorageType, size: number, values?: Data): number {
    const bytes = size * storageBytes[storage];
    let offset = this.buffers.filter((other) => other.role === role).length;
    if (role === "temp") {
      offset = this.#arena;
      this.#arena += (bytes + 63) & ~63;
    }
    const number = this.buffers.push({ role, storage, bytes, offset }) - 1;
    if (values !== undefined) {
      this.constants.push({ buffer: number, data: new Uint8Array(values.buffer as ArrayBuffer) });
    }
    return number;
  }

  ref(buffer: number, offset = 0, loops: BufferRef["loops"] = []): BufferRef {
    return { buffer, offset, loops };
  }

  program(steps: readonly Step[]): Program {
    const of = (role: Role): number[] => this.buffers.flatMap((info, i) => info.role === role ? [i] : []);
    return {
      buffers: this.buffers,
      inputs: of("input"),
      outputs: of("output"),
      constants: this.constants,
      steps,
      arenaBytes: this.#arena,
      callbacks: this.callbacks,
    };
  }
}

function kernelStep(
  args: readonly (readonly [BufferRef, StorageType, number])[],
  build: (k: KernelBuilder, ...params: Param[]) => void,
): Step {
  const params = args.map(([, storage, size], i) => new Param(storage, size, `p${i}`));
  const k = new KernelBuilder(params);
  build(k, ...params);
  return { kind: "kernel", kernel: k.build("step"), args: args.map(([ref]) => ref) };
}

function check(program: Program, inputs: readonly Data[]): Uint8Array[] {
  const executable = compileProgram(program, { heap });
  const bytes = inputs.map((view) => new Uint8Array(view.buffer as ArrayBuffer));
  const want = runReference(program, bytes);
  let got: Uint8Array[] = [];
  for (let repeat = 0; repeat < 2; repeat++) {
    got = runExecutable(executable, bytes);
    want.forEach((expected, i) => assertSameData(got[i]!, expected, { label: `output ${i}` }));
  }
  assert(executable.text().startsWith("program ("));
  executable.delete();
  return got;
}

const increment = (
  args: readonly (readonly [BufferRef, StorageType, number])[],
  size: number,
  by: number,
): Step =>
  kernelStep(
    args,
    (k, x, out) => k.range(size, (i) => k.store(out!, i, binary("add", load(x!, i), constant("i32", by)))),
  );

Deno.test("kernels in order through temporaries, constants and copies", () => {
  const w = new ProgramWriter();
  const x = w.buffer("input", "i32", 20),
    c = w.buffer("const", "i32", 20, Int32Array.from({ length: 20 }, (_, i) => i * i));
  const t = w.buffer("temp", "i32", 20), u = w.buffer("temp", "i32", 20);
  const y = w.buffer("output", "i32", 20), z = w.buffer("output", "i32", 3);
  check(
    w.program([
      kernelStep(
        [[w.ref(x), "i32", 20], [w.ref(c), "i32", 20], [w.ref(t), "i32", 20]],
        (k, a, b, out) => k.range(20, (i) => k.store(out!, i, binary("mul", load(a!, i), load(b!, i)))),
      ),
      increment([[w.ref(t), "i32", 20], [w.ref(u), "i32", 20]], 20, 5),
      { kind: "copy", from: w.ref(u), to: w.ref(y), bytes: 80 },
      { kind: "copy", from: w.ref(c, 8), to: w.ref(z), bytes: 12 },
    ]),
    [Int32Array.from({ length: 20 }, (_, i) => i - 7)],
  );
});

Deno.test("counted loops step through rows, forwards and backwards, nested", () => {
  for (const reverse of [false, true]) {
    const w = new ProgramWriter();
    const x = w.buffer("input", "i32", 24),
      carry = w.buffer("temp", "i32", 4),
      y = w.buffer("output", "i32", 24);
    const inner = [{ counter: 7, stride: 48 }, { counter: 3, stride: 16 }];
    check(
      w.program([
        kernelStep([[w.ref(carry), "i32", 4]], (k, out) => k.range(4, (i) => k.store(out!, i, i))),
        {
          kind: "loop",
          counter: 7,
          count: 2,
          reverse,
          body: [{
            kind: "loop",
            counter: 3,
            count: 3,
            reverse: !reverse,
            body: [
              kernelStep(
                [[w.ref(x, 0, inner), "i32", 4], [w.ref(carry), "i32", 4], [w.ref(y, 0, inner), "i32", 4]],
                (k, a, c, out) => {
                  k.for(0, 4, (i) => {
                    const sum = k.let(binary("add", binary("mul", load(c!, i), index(3)), load(a!, i)));
                    k.store(out!, i, sum);
                    k.store(c!, i, sum);
                  }, { independent: true });
                },
              ),
            ],
          }],
        },
      ]),
      [Int32Array.from({ length: 24 }, (_, i) => i)],
    );
  }
});

Deno.test("while runs until its predicate is false, switch clamps its index", () => {
  const w = new ProgramWriter();
  const x = w.buffer("input", "i32", 1), state = w.buffer("temp", "i32", 1), go = w.buffer("temp", "bool", 1);
  const which = w.buffer("input", "i32", 1),
    y = w.buffer("output", "i32", 1),
    z = w.buffer("output", "i32", 1);
  const branches = [10, 20, 30].map((value) => [
    kernelStep([[w.ref(z), "i32", 1]], (k, out) => k.store(out!, 0, index(value))),
  ]);
  const program = w.program([
    { kind: "copy", from: w.ref(x), to: w.ref(state), bytes: 4 },
    {
      kind: "while",
      condition: [
        kernelStep(
          [[w.ref(state), "i32", 1], [w.ref(go), "bool", 1]],
          (k, s, out) => k.store(out!, 0, compare("lt", load(s!, index(0)), index(1000))),
        ),
      ],
      predicate: w.ref(go),
      body: [
        kernelStep(
          [[w.ref(state), "i32", 1]],
          (k, s) => k.store(s!, 0, binary("mul", load(s!, index(0)), index(3))),
        ),
      ],
    },
    { kind: "copy", from: w.ref(state), to: w.ref(y), bytes: 4 },
    { kind: "switch", index: w.ref(which), branches },
  ]);
  for (const [start, branch] of [[1, 0], [2, 1], [5000, 2], [7, 9], [7, -4]] as const) {
    const [value, chosen] = check(program, [Int32Array.of(start), Int32Array.of(branch)]);
    if (start === 1) assertEquals([...viewAs("i32", value!)], [2187]);
    assertEquals([...viewAs("i32", chosen!)], [[10, 20, 30][Math.min(Math.max(branch, 0), 2)]!]);
  }
  const two = w.program([{ kind: "switch", index: w.ref(which), branches: branches.slice(0, 2) }]);
  for (const branch of [-1, 0, 1, 5]) check(two, [Int32Array.of(1), Int32Array.of(branch)]);
});

Deno.test("callbacks get copies, may call the program again, and their errors pass through", () => {
  const w = new ProgramWriter();
  const x = w.buffer("input", "f32", 6), t = w.buffer("temp", "f32", 6), y = w.buffer("output", "f32", 6);
  let depth = 0, fail = false;
  w.callbacks.push({
    inputs: [{ shape: [2, 3], dtype: "float32" }],
    outputs: [{ shape: [6], dtype: "float32" }],
    call: ([values]) => {
      if (fail) throw new TypeError("refused");
      if (depth++ === 0) {
        const [again] = runExecutable(executable, [new Uint8Array(Float32Array.of(9, 9, 9, 9, 9, 9).buffer)]);
        assertEquals([...viewAs("f32", again!)], [20, 20, 20, 20, 20, 20]);
      }
      return [(values as Float32Array).map((value) => 2 * value)];
    },
  });
  const program = w.program([
    kernelStep(
      [[w.ref(x), "f32", 6], [w.ref(t), "f32", 6]],
      (k, a, out) => k.range(6, (i) => k.store(out!, i, binary("add", load(a!, i), constant("f32", 1)))),
    ),
    { kind: "callback", callback: 0, inputs: [w.ref(t)], outputs: [w.ref(y)] },
  ]);
  const executable = compileProgram(program, { heap });
  const input = new Uint8Array(Float32Array.of(0, 1, 2, 3, 4, 5).buffer);
  const [result] = runExecutable(executable, [input]);
  assertEquals([...viewAs("f32", result!)], [2, 4, 6, 8, 10, 12]);
  assertEquals(depth, 2);
  fail = true;
  const mark = heap.stackMark;
  assertThrows(() => runExecutable(executable, [input]), TypeError, "refused");
  assertEquals(heap.stackMark, mark);
});

Deno.test("kernels with much work run in parts that cover the range once", () => {
  const w = new ProgramWriter();
  const n = 300_007;
  const x = w.buffer("input", "i32", n), y = w.buffer("output", "f32", n);
  const program = w.program([
    kernelStep(
      [[w.ref(x), "i32", n], [w.ref(y), "f32", n]],
      (k, a, out) =>
        k.range(n, (i) => k.store(out!, i, binary("div", convert("f32", load(a!, i)), constant("f32", 3)))),
    ),
  ]);
  const parts: [number, number][] = [];
  const backwards: ParallelRunner = ({ dispatch, kernel, args, extent, grain }) => {
    for (let lo = Math.floor((extent - 1) / grain) * grain; lo >= 0; lo -= grain) {
      parts.push([lo, Math.min(lo + grain, extent)]);
      dispatch(kernel, args, lo, Math.min(lo + grain, extent));
    }
  };
  const input = Int32Array.from({ length: n }, (_, i) => i);
  check(program, [input]);
  const executable = compileProgram(program, { heap, parallel: backwards });
  const [got] = runExecutable(executable, [new Uint8Array(input.buffer)]);
  assertSameData(viewAs("f32", got!), Float32Array.from(input, (value) => value / 3));
  assert(parts.length > 2 && parts.every(([lo]) => lo % 64 === 0), `${parts.length} parts`);
});

Deno.test("equal kernels share one function", () => {
  const size = (count: number): number => {
    const w = new ProgramWriter();
    const x = w.buffer("input", "i32", 50), y = w.buffer("output", "i32", 50);
    const steps = Array.from(
      { length: count },
      (_, i) => increment([[w.ref(i === 0 ? x : y), "i32", 50], [w.ref(y), "i32", 50]], 50, 1),
    );
    check(w.program(steps), [new Int32Array(50)]);
    return compileProgram(w.program(steps), { heap }).wasm.length;
  };
  assert(size(30) - size(2) < 28 * 30);
});
