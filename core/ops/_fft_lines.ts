/**
 * `fft_lines`: Fourier transforms of many lines of one array, each of which stays in the cache. Appears in lowered
 * programs only.
 *
 * @module
 */
import { binary, index } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { JaxArray } from "../array.ts";
import { fromHost } from "../concrete.ts";
import { type DType, realDType } from "../dtypes.ts";
import { allocate, setScalar } from "../host.ts";
import { type Primitive, primitive } from "../primitive.ts";
import { bind1 } from "../trace.ts";
import { least, minus, plus, times } from "./_dense_scalars.ts";
import { LineKernel, type Lines } from "./_fft_kernel.ts";
import { planOf, type RootTable, rootTable } from "./_fft_plan.ts";

/** Lines that are transformed together. */
const together = 16;
/** Lines whose neighbours are apart in memory are transformed together up to this length. */
const shortLine = 64;
/** Parts of the work that can run at once. */
const maxParts = 64;

const fftLines: Primitive<Lines> = primitive("fft_lines");

/** A constant array of a root table's values. */
function constantOf({ values }: RootTable, dtype: DType): JaxArray {
  const data = allocate(dtype, values.length);
  values.forEach((x, i) => setScalar(data, dtype, i, x));
  return fromHost({ shape: [values.length], dtype, weakType: false, data });
}

/** How many lines are taken at once. */
function blockOf({ lines, length, from, to }: Lines): number {
  const apart = from.line !== 1 && to.line !== 1;
  return apart && length > shortLine ? 1 : Math.min(lines, together);
}

/** Transforms lines. */
export function transformLines(x: JaxArray, lines: Lines): JaxArray {
  const real = realDType(x.dtype), { length, sign, whole } = lines;
  const operands = [x, constantOf(planOf(length, sign).table, real)];
  if (whole !== null) {
    // exp(… k(b·block + c)) is the product of a factor for each block b and one for each place c in it.
    const block = blockOf(lines), blocks = Math.ceil(lines.lines / block);
    const coarse = (i: number): number => sign * (i % length) * block * Math.floor(i / length);
    const fine = (i: number): number => sign * Math.floor(i / block) * (i % block);
    operands.push(
      constantOf(rootTable(length * blocks, whole, coarse), real),
      constantOf(rootTable(length * block, whole, fine), real),
    );
  }
  return bind1(fftLines as Primitive, operands, lines);
}

const never = (): never => {
  throw new Error("fft_lines is made by lowering, after differentiation and batching");
};

fftLines.define({
  abstractEval: ([x]) => [x!.strong()],
  jvp: never,
  transpose: never,
  batch: never,
  lower: {
    kind: "routine",
    build(k, operands, [out], lines) {
      const block = blockOf(lines), blocks = Math.ceil(lines.lines / block);
      const size = lines.lines * lines.length, parts = Math.min(lines.groups * blocks, maxParts);
      const kernel = new LineKernel(k, { operands, out: out!, lines, block, parts });
      const all = lines.groups * blocks, share = Math.ceil(all / parts);
      k.range(parts, (part) => {
        const run = (item: Expr): void => {
          const group = k.let(binary("div", item, index(blocks)));
          kernel.run(part, k.let(times(group, size)), k.let(minus(item, times(group, blocks))));
        };
        if (all === 1) return run(part);
        const lo = k.let(times(part, share));
        k.for(lo, k.let(least(plus(lo, share), all)), run);
      });
    },
  },
});
