/**
 * Sorting for machines of many threads: a bitonic network (K. E. Batcher, "Sorting networks and their applications",
 * 1968), of which each step compares all pairs at once. `sort_key` and `sort_step` appear in lowered programs only.
 *
 * @module
 */
import { binary, compare, index, select } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import { Pair } from "../../kernel/lowering.ts";
import type { JaxArray } from "../array.ts";
import type { ShapedArray } from "../avals.ts";
import { int32, uint32 } from "../dtypes.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind } from "../trace.ts";
import { realOf } from "./_combinators.ts";
import { linesOf, positionIn } from "./_sort_kernel.ts";
import { carrierOf } from "./_sort_keys.ts";

const never = (): never => {
  throw new Error("sorting networks are made by lowering, after differentiation and batching");
};

/** Numbers as uint32 in the same order; a complex array gives two, the more significant first. */
P.sort_key.define({
  abstractEval: ([aval]) => {
    const words = aval!.withDType(uint32);
    return aval!.dtype.kind === "complex" ? [words, words] : [words];
  },
  jvp: never,
  transpose: never,
  batch: never,
  lower: {
    kind: "pointwise",
    access: "elementwise",
    compute({ inputs: [x] }, at) {
      const { word, key } = carrierOf(realOf(x!.aval.dtype), false), value = x!.at(at);
      return (value instanceof Pair ? [value.re, value.im] : [value]).map((e) => key(word(e)));
    },
  },
});

/** Elements of the last operand, which are all different, decide where the others are equal. */
interface StepParams {
  readonly axis: number;
  /** Element i is compared with element i xor mask, and the lesser one goes to the lower place. */
  readonly mask: number;
}

P.sort_step.define({
  abstractEval: (avals) => avals,
  jvp: never,
  transpose: never,
  batch: never,
  lower: {
    kind: "routine",
    build(k, inputs, outputs, { axis, mask }: StepParams) {
      const { shape, size } = inputs[0]!.aval, lines = linesOf(shape, axis), { n, inner } = lines;
      k.range(size, (at) => {
        const i = k.let(binary("rem", binary("div", at, index(inner)), index(n)));
        const line = binary(
          "add",
          binary("mul", binary("div", at, index(n * inner)), index(inner)),
          binary("rem", at, index(inner)),
        );
        const partner = k.let(binary("xor", i, index(mask)));
        const from = k.let(positionIn(lines, n, line, partner));
        const mine = inputs.map((x) => k.let(k.load(x.param, at)));
        const other = inputs.map((x) => k.let(k.load(x.param, from)));
        const isLow = compare("lt", i, partner), isLess = precedes(mine, other);
        const moves = k.let(binary("xor", isLow, isLess));
        outputs.forEach((out, c) => k.store(out.param, at, select(moves, other[c]!, mine[c]!)));
      });
    },
  },
});

/** Whether words come before others, the first ones being the most significant. */
function precedes(mine: readonly Expr[], other: readonly Expr[]): Expr {
  const last = mine.length - 1;
  return mine.slice(0, last).reduceRight(
    (rest, word, c) =>
      binary(
        "or",
        compare("lt", word, other[c]!),
        binary("and", compare("eq", word, other[c]!), rest),
      ),
    compare("lt", mine[last]!, other[last]!),
  );
}

/** Lines that a thread each sorts, and lines that are enough for as many threads. */
const shortLine = 256;
const manyLines = 1024;

/** Whether a sort gains from a network: a few long lines of keys that words of 32 bits hold. */
export function wantsNetwork(avals: readonly ShapedArray[], axis: number, numKeys: number): boolean {
  const { lines, n } = linesOf(avals[0]!.shape, axis);
  return n > shortLine && lines < manyLines &&
    avals.slice(0, numKeys).every((aval) => carrierOf(realOf(aval.dtype), false).storage === "u32");
}

/** The places of elements in sorted order, int32; equal ones keep theirs. */
export function networkOrder(operands: readonly JaxArray[], axis: number): JaxArray {
  const { shape } = operands[0]!, n = shape[axis]!;
  const whole = 2 ** Math.ceil(Math.log2(n)), rest = whole - n;
  const widths = shape.map((_, k) => [0, k === axis ? rest : 0, 0] as const);
  const last = raw.scalar(0xffffffff, uint32);
  const keys = operands.flatMap((x) => bind(P.sort_key, [x], {})).map((key) =>
    rest === 0 ? key : raw.pad(key, last, widths)
  );
  const places = raw.iota(int32, shape.map((size, k) => k === axis ? whole : size), axis);
  let state: readonly JaxArray[] = [...keys, places];
  const step = (mask: number): void => void (state = bind(P.sort_step, state, { axis, mask }));
  // Two sorted runs, the second one backwards, are halves of a bitonic sequence.
  for (let run = 2; run <= whole; run *= 2) {
    step(run - 1);
    for (let distance = run / 4; distance >= 1; distance /= 2) step(distance);
  }
  return raw.sliceInDim(state.at(-1)!, 0, n, axis);
}
