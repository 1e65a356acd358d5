/**
 * Reductions along outer axes: a row of accumulators, one for each output of a contiguous run, takes in row after
 * row, so that the innermost loop runs along memory and over independent outputs.
 *
 * @module
 */
import { linearize, sizeOf } from "./access.ts";
import { type KernelBuilder, monoidIdentity } from "./builder.ts";
import { binary, constant, convert, index, load } from "./expr.ts";
import { type Expr, loadedType, type Param, type ScalarType } from "./ir.ts";
import { layoutOf } from "./layout.ts";
import { extentOf, indexOfGroups, splitIndex } from "./loops.ts";
import type { Reduction } from "./lowering.ts";
import { finish, isWideSum, likeVals, type ReduceLoops } from "./reduce_loops.ts";
import { componentsOf, KernelScope } from "./scope.ts";
import type { Place } from "./tensors.ts";

/** Rows that one pass over the accumulators takes in. */
const rowsAtOnce = 4;
/** Float32 sums add up this many rows in float32, then in float64. */
const rowBlock = 64;
const minWidth = 64, maxWidth = 1024;
/** Below this many runs, rows are split among parts that are combined afterwards. */
const minRuns = 4;
const splitWork = 1 << 18;
const splitParts = 32;

/** Memory of the accumulators: one scalar for each output and component. */
interface Accumulator {
  readonly type: ScalarType;
  /** Takes in rows. */
  readonly near: Param;
  /** Takes in blocks of rows of long float32 sums. */
  readonly far: Param | null;
}

interface Layout {
  readonly width: number;
  readonly runs: number;
  readonly parts: number;
}

function chooseLayout(loops: ReduceLoops, splittable: boolean): Layout {
  const inner = loops.out.at(-1)!.extent, outer = extentOf(loops.out) / inner;
  const width = Math.min(maxWidth, Math.max(minWidth, Math.ceil(inner / 4 / minWidth) * minWidth));
  const runs = Math.ceil(inner / width);
  const work = loops.total * extentOf(loops.out);
  const rows = loops.reduced[0]?.extent ?? 1;
  const parts = splittable && runs * outer < minRuns && work >= splitWork && rows >= 2 * splitParts
    ? splitParts
    : 1;
  return { width, runs, parts };
}

/** Writes the kernels of a reduction along outer axes. */
export function writeColumns(loops: ReduceLoops): KernelScope[] {
  const trial = loops.reduction(new KernelScope({ trial: true }));
  const layout = chooseLayout(loops, trial.monoid !== undefined);
  const scope = new KernelScope(), reduction = loops.reduction(scope);
  if (layout.parts === 1) {
    writeRuns(scope, loops, reduction, layout, null);
    return [scope];
  }
  const monoid = trial.monoid!, outSize = sizeOf(loops.outShape);
  const init = trial.init.flatMap(componentsOf);
  const types = init.map((e): ScalarType => isWideSum(monoid, e, loops.total) ? "f64" : e.type);
  const places = types.map((t) => loops.task.allocate(t, layout.parts * outSize));
  writeRuns(scope, loops, reduction, layout, places);

  const second = new KernelScope(), last = loops.reduction(second), k = second.builder;
  k.range(outSize, (o) => {
    const sums = places.map((place, c) => {
      const param = second.rawParam(place, types[c]!, layout.parts * outSize);
      const sum = k.reduce(
        layout.parts,
        monoid,
        convert(types[c]!, init[c]!),
        (p) => k.load(param, binary("add", binary("mul", p, index(outSize)), o)),
      );
      return convert(init[c]!.type, sum);
    });
    finish(second, loops, last, indexOfGroups(loops.out, splitIndex(loops.out, o)), sums);
  });
  return [scope, second];
}

/** Reduces each run of outputs; with `partials`, for each part of the rows, into those blocks. */
function writeRuns(
  scope: KernelScope,
  loops: ReduceLoops,
  reduction: Reduction,
  layout: Layout,
  partials: readonly Place[] | null,
): void {
  const k = scope.builder, { monoid } = reduction;
  const inner = loops.out.at(-1)!.extent, outerGroups = loops.out.slice(0, -1);
  const outSize = sizeOf(loops.outShape), copies = outSize * layout.parts;
  const init = reduction.init.flatMap(componentsOf);
  const direct = partials === null && init.length === 1 ? directParam(scope, loops, init[0]!.type) : null;
  const accumulators = init.map((e, c): Accumulator => {
    const wide = isWideSum(monoid, e, loops.total);
    const given = partials === null ? null : scope.rawParam(partials[c]!, wide ? "f64" : e.type, copies);
    return {
      type: e.type,
      near: wide ? direct ?? k.scratch(e.type, copies) : given ?? direct ?? k.scratch(e.type, copies),
      far: wide ? given ?? k.scratch("f64", copies) : null,
    };
  });
  const wide = accumulators.some((a) => a.far !== null);

  k.range(extentOf(outerGroups) * layout.runs * layout.parts, (i) => {
    const part = binary("div", i, index(extentOf(outerGroups) * layout.runs));
    const run = binary("rem", i, index(extentOf(outerGroups) * layout.runs));
    const row = splitIndex(outerGroups, binary("div", run, index(layout.runs)));
    const lo = k.let(binary("mul", binary("rem", run, index(layout.runs)), index(layout.width)));
    const hi = layout.runs === 1
      ? index(inner)
      : k.let(binary("min", binary("add", lo, index(layout.width)), index(inner)));
    const base = k.let(binary("mul", part, index(outSize)));
    /** Runs along the outputs of this run: index of the output, and of its accumulators. */
    const along = (body: (at: readonly Expr[], slot: Expr) => void): void =>
      k.for(lo, hi, (j) => {
        const at = indexOfGroups(loops.out, [...row, j]);
        body(at, binary("add", base, linearize(at, loops.outShape)));
      }, { independent: true });
    const start = (e: Expr): Expr => partials !== null ? monoidIdentity(monoid!, e.type) : e;

    along((_, slot) =>
      accumulators.forEach(({ near, far, type }, c) => {
        if (far === null) k.store(near, slot, start(init[c]!));
        else {
          k.store(near, slot, constant(type, 0));
          k.store(far, slot, convert("f64", start(init[c]!)));
        }
      })
    );
    const takeIn = (rows: readonly (readonly Expr[])[]): void =>
      along((at, slot) => combineRows(k, reduction, accumulators, at, slot, rows));
    const flush = (): void =>
      along((_, slot) =>
        accumulators.forEach(({ near, far }) => {
          if (far === null) return;
          k.store(far, slot, binary("add", load(far, slot), convert("f64", load(near, slot))));
          k.store(near, slot, constant(loadedType[near.storage], 0));
        })
      );
    eachRow(k, loops, layout, part, wide ? flush : null, takeIn);
    if (partials !== null || direct !== null && !wide && finishesAsIs(reduction, load(direct, lo))) return;
    along((at, slot) => {
      const sums = accumulators.map(({ near, far, type }) =>
        far === null ? load(near, slot) : convert(type, load(far, slot))
      );
      finish(scope, loops, reduction, at, sums);
    });
  });
}

/** The output itself, where it can hold the accumulators. */
function directParam(scope: KernelScope, loops: ReduceLoops, type: ScalarType): Param | null {
  const { outAvals, outPlaces } = loops.task;
  const { storage, components } = layoutOf(outAvals[0]!.dtype);
  if (outAvals.length !== 1 || components !== 1 || storage !== type) return null;
  return scope.param(outPlaces[0]!, outAvals[0]!);
}

/** Whether the result is the accumulator itself. */
function finishesAsIs(reduction: Reduction, accumulator: Expr): boolean {
  return reduction.finish === undefined || reduction.finish([accumulator])[0] === accumulator;
}

/** Combines rows into the accumulators at a slot. */
function combineRows(
  k: KernelBuilder,
  reduction: Reduction,
  accumulators: readonly Accumulator[],
  at: readonly Expr[],
  slot: Expr,
  rows: readonly (readonly Expr[])[],
): void {
  // Neighbours first, then the accumulator: fewer roundings fall on a long sum.
  let values = rows.map((row) => reduction.value(at, row));
  while (values.length > 1) {
    values = Array.from(
      { length: values.length / 2 },
      (_, i) => reduction.combine(values[2 * i]!, values[2 * i + 1]!),
    );
  }
  const before = likeVals(reduction.init, accumulators.map(({ near }) => load(near, slot)));
  const current = reduction.combine(before, values[0]!);
  const combined = current.flatMap(componentsOf);
  const fixed = combined.length === 1 ? combined : combined.map((e) => k.let(e));
  accumulators.forEach(({ near }, c) => k.store(near, slot, fixed[c]!));
}

/** Calls `takeIn` with the reduction indices in order, some rows at once; `flush` after each block of rows. */
function eachRow(
  k: KernelBuilder,
  loops: ReduceLoops,
  layout: Layout,
  part: Expr,
  flush: (() => void) | null,
  takeIn: (rows: readonly (readonly Expr[])[]) => void,
): void {
  const groups = loops.reduced, position: Expr[] = groups.map(() => index(0));
  const innermost = groups.length - 1;
  const several = flush !== null || loops.cost <= 40 ? rowsAtOnce : 1;
  const bounds = (g: number): [Expr, Expr] => {
    const n = groups[g]!.extent;
    if (g > 0 || layout.parts === 1) return [index(0), index(n)];
    const rows = Math.floor(n / layout.parts);
    // The last part takes the rows that are left over.
    const lo = binary("mul", part, index(rows));
    const rest = binary(
      "mul",
      binary("div", binary("add", part, index(1)), index(layout.parts)),
      index(n % layout.parts),
    );
    return [k.let(lo), k.let(binary("add", binary("add", lo, index(rows)), rest))];
  };
  const rowAt = (at: Expr): Expr[] => {
    position[innermost] = at;
    return indexOfGroups(groups, position);
  };
  const rows = (lo: Expr, hi: Expr): void => {
    if (several === 1) return k.for(lo, hi, (r) => takeIn([rowAt(r)]));
    const full = k.let(binary("div", binary("sub", hi, lo), index(several)));
    k.for(0, full, (q) => {
      const first = k.let(binary("add", lo, binary("mul", q, index(several))));
      takeIn(Array.from({ length: several }, (_, s) => rowAt(binary("add", first, index(s)))));
    });
    k.for(binary("add", lo, binary("mul", full, index(several))), hi, (r) => takeIn([rowAt(r)]));
  };
  const nest = (g: number): void => {
    if (g < innermost) {
      const [lo, hi] = bounds(g);
      return k.for(lo, hi, (r) => {
        position[g] = r;
        nest(g + 1);
      });
    }
    if (innermost < 0) return takeIn([[]]);
    const [lo, hi] = bounds(g);
    if (flush === null) return rows(lo, hi);
    const blocks = k.let(
      binary("div", binary("add", binary("sub", hi, lo), index(rowBlock - 1)), index(rowBlock)),
    );
    k.for(0, blocks, (b) => {
      const from = k.let(binary("add", lo, binary("mul", b, index(rowBlock))));
      rows(from, k.let(binary("min", binary("add", from, index(rowBlock)), hi)));
      flush();
    });
  };
  nest(0);
}
