/** The functions of kernel/scalar.ts as the CPU computes them, over SIMD lanes, against mpmath's values. */
import { load } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import { ACCURACY } from "../../kernel/math/accuracy.ts";
import { compileProgram } from "../../cpu/executable.ts";
import { assert } from "../assert.ts";
import { heap, kernelProgram, makeKernel, runExecutable } from "../cpu/kernels.ts";
import { errorOf, type FloatType, functions, realPoints } from "./math_fixture.ts";

type Floats = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;
const bytesOf = (view: Floats): Uint8Array => new Uint8Array(view.buffer);

/** Elementwise application on the CPU. */
function onCpu(name: string, type: FloatType, columns: readonly Floats[]): Floats {
  const size = columns[0]!.length;
  const params = Array.from({ length: columns.length + 1 }, () => [type, size] as const);
  const kernel = makeKernel(name, params, (k, ...p) =>
    k.range(size, (i) => {
      const operands = p.slice(0, -1).map((param) => load(param, i));
      k.store(p.at(-1)!, i, functions[name]!(...operands) as Expr);
    }));
  const executable = compileProgram(kernelProgram(kernel, 1), { heap });
  const bytes = runExecutable(executable, columns.map(bytesOf))[0]!.slice();
  executable.delete();
  return type === "f32" ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer);
}

const arrayOf = (type: FloatType, values: readonly number[]): Floats =>
  type === "f32" ? Float32Array.from(values) : Float64Array.from(values);

for (const { name, float32, float64 } of ACCURACY) {
  Deno.test(`math on the CPU: ${name} is as accurate as stated`, () => {
    for (const type of ["f32", "f64"] as const) {
      const { columns, want, rest } = realPoints(name, type), bound = type === "f32" ? float32 : float64;
      const got = onCpu(name, type, columns.map((c) => arrayOf(type, c)));
      want.forEach((w, i) => {
        const error = errorOf(name, type, got[i]!, w, rest[i]!), x = columns.map((c) => c[i]!);
        assert(error <= bound, `${name}(${x}) in ${type} is ${got[i]}, wanted ${w}: ${error} ulp > ${bound}`);
      });
    }
  });
}

Deno.test("math on the CPU: NaN stays NaN, whatever its sign and payload", () => {
  const payloads32 = [0x7fc00000, 0x7fc00001, 0xffffffff, 0x7fffffff, 0xffc12345, 0x7fd55555, 0x7fe00000];
  const payloads64 = payloads32.map((low, i) => (i % 2 ? 0x7ff80000n : 0xfffc0000n) << 32n | BigInt(low));
  for (const { name } of ACCURACY) {
    const arity = realPoints(name, "f32").columns.length;
    const nan32 = new Float32Array(Uint32Array.from(payloads32).buffer);
    const nan64 = new Float64Array(BigUint64Array.from(payloads64).buffer);
    for (const [type, nan] of [["f32", nan32], ["f64", nan64]] as const) {
      const got = onCpu(name, type, Array.from({ length: arity }, () => nan));
      assert(got.every((v: number) => Number.isNaN(v)), `${name} of NaN in ${type}: ${got}`);
    }
  }
});
