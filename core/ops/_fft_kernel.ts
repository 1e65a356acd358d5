/**
 * The kernel that transforms lines: self-sorting stages (Stockham) between two scratch buffers, which hold real and
 * imaginary parts apart, so that every loop is over contiguous real numbers.
 *
 * @module
 */
import type { KernelBuilder } from "../../kernel/builder.ts";
import { index } from "../../kernel/expr.ts";
import type { Expr, Param } from "../../kernel/ir.ts";
import { scalarTypeOf } from "../../kernel/layout.ts";
import { Pair, type RoutineOperand } from "../../kernel/lowering.ts";
import { type Index, least, minus, plus, times } from "./_dense_scalars.ts";
import { product, scaled, transform } from "./_fft_butterflies.ts";
import { type Plan, planOf, type Stage } from "./_fft_plan.ts";

/**
 * Where lines lie in memory, in elements: element j of line c of a group is j·step + c·line after the group's start.
 */
export interface Lines {
  readonly groups: number;
  readonly lines: number;
  readonly length: number;
  readonly from: { readonly step: number; readonly line: number };
  readonly to: { readonly step: number; readonly line: number };
  /** −1 for the forward transform, 1 for the inverse. */
  readonly sign: -1 | 1;
  /** What results are multiplied by. */
  readonly scale: number;
  /** Element k of line c is multiplied by exp(sign·2πi kc/whole) too; null: by nothing. */
  readonly whole: number | null;
}

/** What a kernel is made for. */
interface Task {
  /** The array, the plan's roots, and the factors of `whole`: for each block and position, for each position and place. */
  readonly operands: readonly RoutineOperand[];
  readonly out: RoutineOperand;
  readonly lines: Lines;
  /** Lines transformed together. */
  readonly block: number;
  /** Parts that run at once. */
  readonly parts: number;
}

/** Numbers by position in the line, base + q, and number of the line in the block. */
interface Source {
  readonly get: (base: Expr, q: Expr, c: Expr) => Pair;
  /** Lines that there are; the others of the block hold nothing. */
  readonly lines: Index;
}
interface Sink {
  readonly set: (base: Expr, q: Expr, c: Expr, value: Pair) => void;
  readonly lines: Index;
  /** Takes lines one by one: positions of one line and of the next do not follow each other. */
  readonly apart: boolean;
}

/** Emits the transforms of blocks of lines. */
export class LineKernel {
  readonly #k: KernelBuilder;
  readonly #task: Task;
  readonly #plan: Plan;
  readonly #scratch: readonly Param[];
  readonly #size: number;

  constructor(k: KernelBuilder, task: Task) {
    const { lines: { length, sign }, block, parts } = task;
    this.#k = k;
    this.#task = task;
    this.#plan = planOf(length, sign);
    this.#size = length * block;
    const type = scalarTypeOf(task.out.aval.dtype) as "f32" | "f64";
    this.#scratch = [0, 1].map(() => k.scratch(type, 2 * this.#size * parts));
  }

  /** Transforms block number `block` of the group that begins at element `start`. */
  run(part: Expr, start: Expr, block: Expr): void {
    const { lines, block: together } = this.#task, { stages } = this.#plan;
    const first = this.#k.let(times(block, together));
    const ragged = lines.lines % together !== 0;
    const count = ragged ? this.#k.let(least(together, minus(lines.lines, first))) : index(together);
    const input = this.#input(start, first, count), output = this.#output({ start, first, count, block });
    const buffers = [0, 1].map((which) => this.#buffer(which as 0 | 1, part));
    if (stages.length === 0) return this.#copy(input, output);
    let from: Source = input, turn = 0;
    const direct = (line: number): boolean => line === 1 || together === 1;
    if (!direct(lines.from.line)) {
      this.#copy(input, buffers[turn]!);
      from = buffers[turn]!;
      turn = 1 - turn;
    }
    stages.forEach((stage, i) => {
      const last = i === stages.length - 1 && direct(lines.to.line);
      this.#stage(stage, from, last ? output : buffers[turn]!);
      from = buffers[turn]!;
      turn = 1 - turn;
    });
    if (!direct(lines.to.line)) this.#copy(from, output);
  }

  #input(start: Expr, first: Expr, count: Expr): Source {
    const { operands, lines: { from } } = this.#task;
    return {
      lines: count,
      get: (base, q, c) => {
        const at = plus(start, times(plus(base, q), from.step), times(plus(first, c), from.line));
        return this.#k.readVal(operands[0]!, at) as Pair;
      },
    };
  }

  #output({ start, first, count, block }: {
    readonly start: Expr;
    readonly first: Expr;
    readonly count: Expr;
    readonly block: Expr;
  }): Sink {
    const k = this.#k, { out, lines: { to, scale, whole, length }, block: together } = this.#task;
    return {
      lines: count,
      apart: together > 1,
      set: (base, q, c, value) => {
        const position = plus(base, q);
        let result = scale === 1 ? value : scaled(value, scale);
        if (whole !== null) {
          const coarse = this.#root(2, plus(times(block, length), position));
          const fine = this.#root(3, plus(times(position, together), c));
          result = product(result, product(coarse, fine));
        }
        k.writeVal(out, plus(start, times(position, to.step), times(plus(first, c), to.line)), result);
      },
    };
  }

  /** Entry of a table of roots, which has cosines and then sines. */
  #root(operand: number, at: Expr): Pair {
    const { param } = this.#task.operands[operand]!, half = param.size / 2;
    return new Pair(this.#k.load(param, at), this.#k.load(param, plus(at, half)));
  }

  #buffer(which: 0 | 1, part: Expr): Source & Sink {
    const k = this.#k, param = this.#scratch[which]!, size = this.#size, { block } = this.#task;
    const start = k.let(times(part, 2 * size));
    const at = (base: Expr, q: Expr, c: Expr): Expr => plus(start, times(plus(base, q), block), c);
    return {
      lines: block,
      apart: false,
      get: (base, q, c) => {
        const i = at(base, q, c);
        return new Pair(k.load(param, i), k.load(param, plus(i, size)));
      },
      set: (base, q, c, { re, im }) => {
        const i = at(base, q, c);
        k.store(param, i, re);
        k.store(param, plus(i, size), im);
      },
    };
  }

  /** Moves all lines, along each. */
  #copy(from: Source, to: Sink): void {
    const k = this.#k, zero = index(0);
    const lines = typeof from.lines === "number" ? to.lines : from.lines;
    k.for(0, lines, (c) => {
      k.for(0, this.#plan.length, (j) => {
        const value = from.get(zero, j, c);
        to.set(zero, j, c, new Pair(k.let(value.re), k.let(value.im)));
      }, { independent: true });
    });
  }

  /** One stage, with its innermost loop over what is longest: interleaved transforms, or roots. */
  #stage({ radix, rest, stride, roots }: Stage, from: Source, to: Sink): void {
    const k = this.#k, { block } = this.#task, { sign } = this.#task.lines, zero = index(0);
    const keep = (x: Pair): Pair => new Pair(k.let(x.re), k.let(x.im));
    const rootsAt = (p: Expr): Pair[] =>
      rest === 1 ? [] : Array.from({ length: radix - 1 }, (_, i) => this.#root(1, plus(p, roots + i * rest)));
    const butterfly = (p: Expr, q: Expr, c: Expr, factors: readonly Pair[]): void => {
      const xs = Array.from(
        { length: radix },
        (_, j) => keep(from.get(times(plus(p, rest * j), stride), q, c)),
      );
      const ys = transform(xs, sign, keep).map((y, i) => {
        return keep(i === 0 || rest === 1 ? y : product(y, factors[i - 1]!));
      });
      ys.forEach((y, i) => to.set(times(plus(times(p, radix), i), stride), q, c, y));
    };
    const inner = { independent: true };
    const width = stride * block, lines = typeof from.lines === "number" ? to.lines : from.lines;
    if (width < 4 && rest > width) {
      return k.for(0, stride, (q) => {
        k.for(0, lines, (c) => k.for(0, rest, (p) => butterfly(p, q, c, rootsAt(p).map(keep)), inner));
      });
    }
    k.for(0, rest, (p) => {
      const factors = rootsAt(p).map(keep);
      if (block === 1) k.for(0, stride, (q) => butterfly(p, q, zero, factors), inner);
      else if (to.apart || stride === 1) {
        k.for(0, stride, (q) => k.for(0, lines, (c) => butterfly(p, q, c, factors), inner));
      } else k.for(0, width, (c) => butterfly(p, zero, c, factors), inner);
    });
  }
}
