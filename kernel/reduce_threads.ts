/**
 * Reductions for devices of many small threads. Each output is one thread's work where there are outputs enough; else
 * the elements of each output are dealt out to parts, and the partial results are reduced again, level by level. Sums
 * come out blockwise, so that float32 suffices for the accumulators.
 *
 * @module
 */
import { monoidIdentity } from "./builder.ts";
import { binary, compare, index, load } from "./expr.ts";
import type { Expr, Monoid, ScalarType } from "./ir.ts";
import { extentOf, indexOfGroups, splitIndex } from "./loops.ts";
import type { Reduction } from "./lowering.ts";
import { finish, likeVals, type ReduceLoops } from "./reduce_loops.ts";
import { componentsOf, KernelScope } from "./scope.ts";

/** Outputs from this number on, or fewer elements than that for each of them, are not worth being split. */
const manyOutputs = 1 << 14;
const fewElements = 256;
/** Threads that a split makes at most, and elements that a part of the first level has at least. */
const mostThreads = 1 << 16;
const leastElements = 64;

/** What one level reads. */
interface Level {
  /** Elements of each output. */
  readonly total: number;
  /** Components of element `r` of output `o` (row-major numbers). */
  readonly value: (scope: KernelScope, o: Expr, r: Expr) => Expr[];
}

/** Writes the kernels of a reduction, in the order that they run. */
export function writeManyThreads(loops: ReduceLoops): KernelScope[] {
  const outputs = extentOf(loops.out), scopes: KernelScope[] = [];
  const reductions = new Map<KernelScope, Reduction>();
  const reductionOf = (scope: KernelScope): Reduction => {
    let made = reductions.get(scope);
    if (made === undefined) reductions.set(scope, made = loops.reduction(scope));
    return made;
  };
  let level: Level = {
    total: loops.total,
    value: (scope, o, r) => {
      const at = indexOfGroups(loops.out, splitIndex(loops.out, o));
      const reduced = indexOfGroups(loops.reduced, splitIndex(loops.reduced, r));
      return reductionOf(scope).value(at, reduced).flatMap(componentsOf);
    },
  };
  let least = leastElements;
  while (outputs < manyOutputs && level.total > fewElements) {
    const parts = Math.min(Math.ceil(level.total / least), Math.ceil(mostThreads / outputs));
    level = writeParts(loops, level, parts, scopes, reductionOf);
    least = fewElements;
  }
  const last = new KernelScope(), reduction = reductionOf(last);
  last.builder.range(outputs, (o) => {
    const init = reduction.init.flatMap(componentsOf);
    const { monoid } = reduction, { total, value } = level;
    const sums = monoid === undefined
      ? combineRun(last, reduction, level, o, { lo: index(0), hi: index(total), init })
      : init.map((e, c) => last.builder.reduce(total, monoid, e, (r) => value(last, o, r)[c]!));
    const at = indexOfGroups(loops.out, splitIndex(loops.out, o));
    finish(last, loops, reduction, at, sums);
  });
  return [...scopes, last];
}

/** Reduces parts of each output's elements into memory; that is what the next level reads. */
function writeParts(
  loops: ReduceLoops,
  level: Level,
  wanted: number,
  scopes: KernelScope[],
  reductionOf: (scope: KernelScope) => Reduction,
): Level {
  const scope = new KernelScope(), k = scope.builder, reduction = reductionOf(scope);
  const outputs = extentOf(loops.out), { monoid } = reduction;
  const types = reduction.init.flatMap(componentsOf).map((e) => e.type);
  // Known monoids commute: neighbouring threads take neighbouring elements. Others take runs, in order.
  const share = Math.ceil(level.total / wanted);
  const parts = monoid === undefined ? Math.ceil(level.total / share) : wanted;
  const places = types.map((type) => loops.task.allocate(type, outputs * parts));
  const slot = (o: Expr, p: Expr): Expr =>
    loops.columns
      ? binary("add", binary("mul", p, index(outputs)), o)
      : binary("add", binary("mul", o, index(parts)), p);
  k.range(outputs * parts, (i) => {
    const [high, low] = loops.columns ? [parts, outputs] : [outputs, parts];
    const first = high === 1 ? index(0) : binary("div", i, index(low));
    const second = low === 1 ? index(0) : binary("rem", i, index(low));
    const [o, p] = loops.columns ? [second, first] : [first, second];
    const sums = monoid === undefined
      ? reduceRun(scope, reduction, level, o, p, share)
      : reduceStrided(scope, monoid, types, level, o, { p, parts });
    places.forEach((place, c) =>
      k.store(scope.rawParam(place, types[c]!, outputs * parts), slot(o, p), sums[c]!)
    );
  });
  scopes.push(scope);
  return {
    total: parts,
    value: (next, o, r) =>
      places.map((place, c) => load(next.rawParam(place, types[c]!, outputs * parts), slot(o, r))),
  };
}

/** Part `p` of `parts` takes elements p, p + parts, ... */
function reduceStrided(
  scope: KernelScope,
  monoid: Monoid,
  types: readonly ScalarType[],
  level: Level,
  o: Expr,
  { p, parts }: { readonly p: Expr; readonly parts: number },
): Expr[] {
  const k = scope.builder, full = Math.floor(level.total / parts), rest = level.total % parts;
  return types.map((type, c) => {
    const value = (j: Expr): Expr =>
      level.value(scope, o, binary("add", binary("mul", j, index(parts)), p))[c]!;
    const sum = k.reduce(full, monoid, monoidIdentity(monoid, type), value);
    if (rest === 0) return k.let(sum);
    const local = k.local(sum);
    k.if(compare("lt", p, index(rest)), () => local.set(binary(monoid, local.get(), value(index(full)))));
    return k.let(local.get());
  });
}

/** Part `p` takes a run of `share` elements, from its first one on. */
function reduceRun(
  scope: KernelScope,
  reduction: Reduction,
  level: Level,
  o: Expr,
  p: Expr,
  share: number,
): Expr[] {
  const k = scope.builder;
  const lo = k.let(binary("mul", p, index(share)));
  const hi = k.let(binary("min", binary("add", lo, index(share)), index(level.total)));
  const init = level.value(scope, o, lo).map((e) => k.let(e));
  return combineRun(scope, reduction, level, o, { lo: binary("add", lo, index(1)), hi, init });
}

/** Combines elements [lo, hi) with `init`, in order. */
function combineRun(
  scope: KernelScope,
  reduction: Reduction,
  level: Level,
  o: Expr,
  { lo, hi, init }: { readonly lo: Expr; readonly hi: Expr; readonly init: readonly Expr[] },
): Expr[] {
  const k = scope.builder;
  const locals = init.map((e) => k.local(e));
  k.for(lo, hi, (r) => {
    const values = likeVals(reduction.init, level.value(scope, o, r));
    const combined = reduction.combine(likeVals(reduction.init, locals.map((l) => l.get())), values);
    const fixed = combined.flatMap(componentsOf).map((e) => k.let(e));
    locals.forEach((local, c) => local.set(fixed[c]!));
  });
  return locals.map((l) => l.get());
}
