/**
 * The kernel of scans along an axis: one pass, with the lines beside it independent.
 *
 * @module
 */
import type { KernelBuilder } from "../../kernel/builder.ts";
import { binary, compare, constant, convert, index, select } from "../../kernel/expr.ts";
import { type Expr, loadedType, type ScalarType } from "../../kernel/ir.ts";
import { layoutOf, scalarTypeOf } from "../../kernel/layout.ts";
import { Pair, type RoutineOperand, type Val } from "../../kernel/lowering.ts";
import { add, narrowVal, sub } from "../../kernel/scalar.ts";
import { likeVals } from "../../kernel/reduce_loops.ts";
import { componentsOf } from "../../kernel/scope.ts";
import type { Target } from "../../kernel/target.ts";

/** How a scan goes on: by a combination of the last result and an element, or by a state of its own. */
export type Recurrence =
  | {
    readonly next: (last: Val, x: Val) => Val;
    /** Is a sum of float32, which accumulates in float64, or in two float32 where there is no float64. */
    readonly wide?: boolean;
  }
  | {
    readonly start: (x: Val) => readonly Val[];
    readonly step: (state: readonly Val[], x: Val) => readonly Val[];
    readonly result: (state: readonly Val[]) => Val;
  };

/** What is scanned. */
export interface ScanTask {
  readonly axis: number;
  readonly reverse: boolean;
  readonly recurrence: Recurrence;
}

interface Steps {
  readonly start: (x: Val) => readonly Val[];
  readonly step: (state: readonly Val[], x: Val) => readonly Val[];
  readonly result: (state: readonly Val[]) => Val;
  /** The state is the last result, as it is stored. */
  readonly stored: boolean;
}

/** Contiguous elements that one iteration of the range takes through all rows. */
const rowChunk = 1024;

const each = (f: (...xs: Expr[]) => Expr, ...xs: Val[]): Val =>
  xs[0] instanceof Pair
    ? new Pair(f(...(xs as Pair[]).map((x) => x.re)), f(...(xs as Pair[]).map((x) => x.im)))
    : f(...xs as Expr[]);

/** Sums with the sum of their rounding errors beside them (D. E. Knuth's two-sum), which is NaN beside infinity. */
const compensatedSums: Steps = {
  start: (x) => [x, each((e) => constant(e.type, 0), x)],
  step([sum, error], x) {
    const next = add(sum!, x), z = sub(next, sum!);
    return [next, add(error!, add(sub(sum!, sub(next, z)), sub(x, z)))];
  },
  result: ([sum, error]) => each((s, e) => select(compare("eq", e, e), binary("add", s, e), s), sum!, error!),
  stored: false,
};

function stepsOf(recurrence: Recurrence, operand: RoutineOperand, target: Target): Steps {
  if ("step" in recurrence) return { ...recurrence, stored: false };
  const { next } = recurrence, { dtype } = operand.aval, type = scalarTypeOf(dtype);
  const to = (t: ScalarType, x: Val): Val =>
    x instanceof Pair ? new Pair(convert(t, x.re), convert(t, x.im)) : convert(t, x);
  if (recurrence.wide && !target.wide) return compensatedSums;
  if (recurrence.wide) {
    return {
      start: (x) => [to("f64", x)],
      step: ([last], x) => [next(last!, to("f64", x))],
      result: ([last]) => to(type, last!),
      stored: false,
    };
  }
  return {
    start: (x) => [x],
    step: ([last], x) => [next(last!, x)],
    result: ([last]) => last!,
    stored: loadedType[layoutOf(dtype).storage] === layoutOf(dtype).storage,
  };
}

/** Writes the scan of `x` into `out`. */
export function buildScan(k: KernelBuilder, x: RoutineOperand, out: RoutineOperand, task: ScanTask): void {
  if (x.aval.size === 0) return;
  const { shape } = x.aval;
  const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
  const outer = product(shape.slice(0, task.axis)), inner = product(shape.slice(task.axis + 1));
  if (inner === 1) scanLines(k, x, out, task, outer);
  else scanRows(k, x, out, task, outer, inner);
}

/** Lines that are contiguous: the state is in variables. */
function scanLines(
  k: KernelBuilder,
  x: RoutineOperand,
  out: RoutineOperand,
  { axis, reverse, recurrence }: ScanTask,
  outer: number,
): void {
  const n = x.aval.shape[axis]!, { dtype } = x.aval, steps = stepsOf(recurrence, x, k.target);
  k.range(outer, (line) => {
    const base = k.let(binary("mul", line, index(n)));
    const place = (i: Expr): Expr => binary("add", base, reverse ? binary("sub", index(n - 1), i) : i);
    const first = k.let(place(index(0)));
    const model = steps.start(k.readVal(x, first));
    const locals = model.flatMap(componentsOf).map((e) => k.local(e));
    const state = (): Val[] => likeVals(model, locals.map((local) => local.get()));
    k.writeVal(out, first, narrowVal(dtype, steps.result(state())));
    k.for(1, n, (i) => {
      const at = k.let(place(i));
      const next = steps.step(state(), k.readVal(x, at)).flatMap(componentsOf).map((e) => k.let(e));
      locals.forEach((local, c) => local.set(next[c]!));
      k.writeVal(out, at, narrowVal(dtype, steps.result(likeVals(model, next))));
    });
  });
}

/** Rows of a scan along an outer axis: each is combined with the one before, element by element. */
function scanRows(
  k: KernelBuilder,
  x: RoutineOperand,
  out: RoutineOperand,
  { axis, reverse, recurrence }: ScanTask,
  outer: number,
  inner: number,
): void {
  const n = x.aval.shape[axis]!, { dtype } = x.aval, steps = stepsOf(recurrence, x, k.target);
  const chunks = Math.ceil(inner / rowChunk);
  const model = steps.start(k.readVal(x, 0)), types = model.flatMap(componentsOf).map((e) => e.type);
  const scratch = steps.stored ? [] : types.map((type) => k.scratch(type, outer * inner));
  k.range(outer * chunks, (part) => {
    const o = k.let(binary("div", part, index(chunks)));
    const lo = k.let(binary("mul", binary("rem", part, index(chunks)), index(rowChunk)));
    const hi = k.let(binary("min", binary("add", lo, index(rowChunk)), index(inner)));
    const rowStart = (i: Expr): Expr => {
      const row = reverse ? binary("sub", index(n - 1), i) : i;
      return k.let(binary("mul", binary("add", binary("mul", o, index(n)), row), index(inner)));
    };
    const slots = k.let(binary("mul", o, index(inner)));
    const finish = (at: Expr, slot: Expr, state: readonly Val[]): void => {
      const fixed = state.flatMap(componentsOf).map((e) => k.let(e));
      scratch.forEach((param, c) => k.store(param, slot, fixed[c]!));
      k.writeVal(out, at, narrowVal(dtype, steps.result(likeVals(model, fixed))));
    };
    const top = rowStart(index(0));
    k.for(lo, hi, (j) => {
      const at = k.let(binary("add", top, j));
      finish(at, binary("add", slots, j), steps.start(k.readVal(x, at)));
    }, { independent: true });
    k.for(1, n, (i) => {
      const row = rowStart(i);
      const last = k.let(binary(reverse ? "add" : "sub", row, index(inner)));
      k.for(lo, hi, (j) => {
        const at = k.let(binary("add", row, j)), slot = k.let(binary("add", slots, j));
        const state = steps.stored
          ? [k.readVal(out, binary("add", last, j))]
          : likeVals(model, scratch.map((param) => k.load(param, slot)));
        finish(at, slot, steps.step(state, k.readVal(x, at)));
      }, { independent: true });
    });
  });
}
