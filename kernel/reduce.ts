/**
 * Kernels of reductions. The loop order follows the memory order of what is read: the innermost loop runs along the
 * reduced axes (one accumulator), or along the outputs (a row of accumulators).
 *
 * @module
 */
import { delinearize, sizeOf } from "./access.ts";
import { type KernelBuilder, monoidIdentity } from "./builder.ts";
import { binary, convert, index } from "./expr.ts";
import type { Expr, Monoid } from "./ir.ts";
import { extentOf, indexOfGroups, iterate, splitIndex } from "./loops.ts";
import type { Reduction } from "./lowering.ts";
import { writeColumns } from "./reduce_columns.ts";
import { writeManyThreads } from "./reduce_threads.ts";
import { finish, isWideSum, likeVals, ReduceLoops, type ReduceTask, sumBlock } from "./reduce_loops.ts";
import { componentsOf, KernelScope } from "./scope.ts";

/** Reductions of at most this many elements are written out. */
const unrolled = 16;
const maxUnrolledCost = 400;
/** Splitting a reduction into partial ones pays above this many elements, when there are few outputs. */
const splitAbove = 1 << 17;
const fewOutputs = 16;
const splitChunk = 16384;

/** Writes the kernels of a reduction, in the order that they run. */
export function writeReduce(task: ReduceTask): KernelScope[] {
  const loops = new ReduceLoops(task);
  const outSize = sizeOf(loops.outShape);
  if (loops.total <= unrolled && loops.total * loops.cost <= maxUnrolledCost) return [writeUnrolled(loops)];
  if (task.target.threads === "many") return writeManyThreads(loops);
  if (loops.columns && extentOf(loops.out) > 1) return writeColumns(loops);
  const monoid = loops.reduction(new KernelScope({ trial: true })).monoid;
  if (monoid === undefined) return [writeGeneral(loops)];
  if (outSize <= fewOutputs && loops.total >= splitAbove) {
    const split = writeSplit(loops, monoid);
    if (split) return split;
  }
  const scope = new KernelScope(), k = scope.builder, reduction = loops.reduction(scope);
  eachOutput(k, loops, (at) => {
    const init = reduction.init.flatMap(componentsOf);
    const sums = init.map((e, c) => {
      const wide = isWideSum(monoid, e, loops.total);
      const accumulator = k.local(wide ? convert("f64", e) : e);
      accumulate(k, loops, reduction, monoid, at, c, null, (partial) => {
        accumulator.set(binary(monoid, accumulator.get(), wide ? convert("f64", partial) : partial));
      });
      return wide ? convert("f32", accumulator.get()) : accumulator.get();
    });
    finish(scope, loops, reduction, at, sums);
  });
  return [scope];
}

/** The outputs as the kernel's range. */
function eachOutput(k: KernelBuilder, loops: ReduceLoops, body: (at: readonly Expr[]) => void): void {
  k.range(extentOf(loops.out), (i) => body(indexOfGroups(loops.out, splitIndex(loops.out, i))));
}

/** Part of one reduced group: from `lo`, `extent` indices. */
interface Part {
  readonly group: number;
  readonly lo: Expr;
  readonly extent: number;
}

/**
 * Reduces component `c` at an output index, handing partial results to `add`. Each partial result of a float32 sum
 * is of at most {@linkcode sumBlock} elements when the sum is long.
 */
function accumulate(
  k: KernelBuilder,
  loops: ReduceLoops,
  reduction: Reduction,
  monoid: Monoid,
  at: readonly Expr[],
  c: number,
  part: Part | null,
  add: (partial: Expr) => void,
): void {
  const groups = loops.reduced, position: Expr[] = groups.map(() => index(0));
  const order = groups.map((_, g) => g).filter((g) => g !== loops.innermost);
  const type = reduction.init.flatMap(componentsOf)[c]!.type, identity = monoidIdentity(monoid, type);
  const value = (): Expr => reduction.value(at, indexOfGroups(groups, position)).flatMap(componentsOf)[c]!;
  const lowOf = (g: number): Expr => part?.group === g ? part.lo : index(0);
  const extentAt = (g: number): number => part?.group === g ? part.extent : groups[g]!.extent;
  const run = (extent: number, base: Expr): void => {
    add(k.reduce(extent, monoid, identity, (r) => {
      position[loops.innermost] = binary("add", base, r);
      return value();
    }));
  };
  const innermost = (): void => {
    if (groups.length === 0) return run(1, index(0));
    const n = extentAt(loops.innermost), base = lowOf(loops.innermost);
    const block = isWideSum(monoid, identity, n) ? sumBlock : n;
    const blocks = Math.floor(n / block), rest = n - blocks * block;
    if (blocks === 1) run(n - rest, base);
    else k.for(0, blocks, (b) => run(block, binary("add", base, binary("mul", b, index(block)))));
    if (rest > 0) run(rest, binary("add", base, index(blocks * block)));
  };
  const nest = (depth: number): void => {
    if (depth === order.length) return innermost();
    const g = order[depth]!;
    if (extentAt(g) === 1) {
      position[g] = lowOf(g);
      return nest(depth + 1);
    }
    k.for(0, extentAt(g), (i) => {
      position[g] = binary("add", lowOf(g), i);
      nest(depth + 1);
    });
  };
  nest(0);
}

/** All elements of a short reduction in one expression. */
function writeUnrolled(loops: ReduceLoops): KernelScope {
  const scope = new KernelScope(), k = scope.builder, reduction = loops.reduction(scope);
  // Only where outputs are read contiguously does the inner loop gain from standing alone.
  const groups = loops.columns
    ? loops.out
    : [{ extent: extentOf(loops.out), shape: loops.outShape, inner: null }];
  iterate(k, groups, (at) => {
    let accumulators = reduction.init;
    for (let i = 0; i < loops.total; i++) {
      const values = reduction.value(at, delinearize(reduction.space, index(i)));
      accumulators = reduction.combine(accumulators, values);
      if (reduction.monoid === undefined && loops.total > 2) {
        accumulators = likeVals(accumulators, accumulators.flatMap(componentsOf).map((e) => k.let(e)));
      }
    }
    finish(scope, loops, reduction, at, accumulators.flatMap(componentsOf));
  }, loops.task.target);
  return scope;
}

/** Any associative combination, in row-major order. */
function writeGeneral(loops: ReduceLoops): KernelScope {
  const scope = new KernelScope(), k = scope.builder, reduction = loops.reduction(scope);
  eachOutput(k, loops, (at) => {
    const locals = reduction.init.flatMap(componentsOf).map((e) => k.local(e));
    const position: Expr[] = loops.reduced.map(() => index(0));
    const nest = (g: number): void => {
      if (g < loops.reduced.length) {
        return k.for(0, loops.reduced[g]!.extent, (i) => {
          position[g] = i;
          nest(g + 1);
        });
      }
      const values = reduction.value(at, indexOfGroups(loops.reduced, position));
      const combined = reduction.combine(likeVals(reduction.init, locals.map((l) => l.get())), values);
      const fixed = combined.flatMap(componentsOf).map((e) => k.let(e));
      locals.forEach((local, i) => local.set(fixed[i]!));
    };
    if (loops.total > 0) nest(0);
    finish(scope, loops, reduction, at, locals.map((l) => l.get()));
  });
  return scope;
}

/** A long reduction to few outputs: partial results of parts that threads can share, then a reduction of those. */
function writeSplit(loops: ReduceLoops, monoid: Monoid): KernelScope[] | null {
  const groups = loops.reduced;
  const single = groups.length === 1;
  const extent = single ? splitChunk : 1, parts = Math.floor(groups[0]!.extent / extent);
  if (!single && (loops.innermost === 0 || loops.total / parts < 1024)) return null;
  const tail = groups[0]!.extent - parts * extent;
  const outSize = sizeOf(loops.outShape);
  const init = loops.reduction(new KernelScope({ trial: true })).init.flatMap(componentsOf);
  const partials = init.map((e) => {
    const storage = isWideSum(monoid, e, loops.total) ? "f64" : e.type;
    return { storage, place: loops.task.allocate(storage, parts * outSize) };
  });

  const first = new KernelScope(), reduction = loops.reduction(first);
  first.builder.range(outSize * parts, (i) => {
    const k = first.builder, o = binary("div", i, index(parts)), p = binary("rem", i, index(parts));
    const at = indexOfGroups(loops.out, splitIndex(loops.out, o));
    const part: Part = { group: 0, lo: binary("mul", p, index(extent)), extent };
    partials.forEach(({ storage, place }, c) => {
      const sum = k.local(monoidIdentity(monoid, storage));
      accumulate(k, loops, reduction, monoid, at, c, part, (partial) => {
        sum.set(binary(monoid, sum.get(), convert(storage, partial)));
      });
      k.store(first.rawParam(place, storage, parts * outSize), i, sum.get());
    });
  });

  const second = new KernelScope(), last = loops.reduction(second), k = second.builder;
  k.range(outSize, (o) => {
    const at = indexOfGroups(loops.out, splitIndex(loops.out, o));
    const sums = partials.map(({ storage, place }, c) => {
      const param = second.rawParam(place, storage, parts * outSize);
      const sum = k.local(k.reduce(parts, monoid, convert(storage, init[c]!), (r) => {
        return k.load(param, binary("add", binary("mul", o, index(parts)), r));
      }));
      if (tail > 0) {
        const part: Part = { group: 0, lo: index(parts * extent), extent: tail };
        accumulate(k, loops, last, monoid, at, c, part, (partial) => {
          sum.set(binary(monoid, sum.get(), convert(storage, partial)));
        });
      }
      return convert(init[c]!.type, sum.get());
    });
    finish(second, loops, last, at, sums);
  });
  return [first, second];
}
