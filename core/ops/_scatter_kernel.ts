/**
 * The kernel of the scatter primitives.
 *
 * @module
 */
import type { KernelBuilder } from "../../kernel/builder.ts";
import { binary, constant, convert, index as constantIndex } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { RoutineOperand, Val } from "../../kernel/lowering.ts";
import { type IndexMode, otherDims, type ScatterDimensionNumbers, windowSizes } from "./dimension_numbers.ts";
import { clampedIndex, indexConditions } from "./_indices.ts";
import { type Axis, mergeAxes, nest, outermost, rowMajorStrides } from "./_loops.ts";
import { every } from "./_shapes.ts";

/** What a scatter does with an element. */
export interface Combination {
  readonly combine: (old: Val, update: Val) => Val;
  /** Whether the old value matters. */
  readonly reads: boolean;
}

interface ScatterOptions {
  readonly dimensionNumbers: ScatterDimensionNumbers;
  readonly mode: IndexMode;
  readonly uniqueIndices: boolean;
}

/**
 * Combines the updates with the elements of the result, which starts as the operand. Positions come in row-major order;
 * those of different batch elements, and all of them when indices are unique, are independent.
 */
export function buildScatter(
  k: KernelBuilder,
  inputs: readonly RoutineOperand[],
  out: RoutineOperand,
  { dimensionNumbers: n, mode, uniqueIndices }: ScatterOptions,
  { combine, reads }: Combination,
): void {
  const [, indices, updates] = inputs as [RoutineOperand, RoutineOperand, RoutineOperand];
  const { shape } = out.aval;
  if (updates.aval.size === 0 || out.aval.size === 0) return;
  const window = windowSizes(shape.length, updates.aval.shape, n);

  const write = (updateAt: Expr, outAt: Expr): void => {
    const old = reads ? k.readVal(out, outAt) : k.readVal(updates, updateAt);
    k.writeVal(out, outAt, combine(old, k.readVal(updates, updateAt)));
  };

  /** Writes one window, whose index vector is at `places[1]`. */
  const writeWindow = (places: readonly Expr[], axes: readonly Axis[]): void => {
    const conditions: Expr[] = [];
    let start = places[2]!;
    n.scatterDimsToOperandDims.forEach((d, c) => {
      const upper = shape[d]! - window[d]!;
      const component = k.readVal(indices, binary("add", places[1]!, constantIndex(c))) as Expr;
      const index = k.let(component);
      if (mode !== "clip") conditions.push(...indexConditions(index, upper));
      const inside = mode === "clip" ? clampedIndex(index, upper) : convert("i32", index);
      start = binary("add", start, binary("mul", inside, constant("i32", strides.out[d]!)));
    });
    k.if(every(conditions, (p, q) => binary("and", p, q)), () => {
      nest(k, axes, [places[0]!, k.let(start)], ([from, to]) => write(from!, to!), true);
    });
  };

  const strides = {
    updates: rowMajorStrides(updates.aval.shape),
    indices: rowMajorStrides(indices.aval.shape),
    out: rowMajorStrides(shape),
  };
  let next = 0;
  const windowAxes = mergeAxes(shape.flatMap((_, d): Axis[] => {
    if (n.insertedWindowDims.includes(d) || n.operandBatchingDims.includes(d)) return [];
    const u = n.updateWindowDims[next++]!;
    return [{ extent: updates.aval.shape[u]!, strides: [strides.updates[u]!, strides.out[d]!] }];
  }));
  const positions = otherDims(updates.aval.ndim, n.updateWindowDims).map((u, i) => {
    const batching = n.scatterIndicesBatchingDims.indexOf(i);
    const outStride = batching < 0 ? 0 : strides.out[n.operandBatchingDims[batching]!]!;
    const axis: Axis = {
      extent: updates.aval.shape[u]!,
      strides: [strides.updates[u]!, strides.indices[i]!, outStride],
    };
    return { axis, independent: uniqueIndices || batching >= 0 };
  });
  const free = mergeAxes(positions.filter((p) => p.independent).map((p) => p.axis));
  const ordered = mergeAxes(positions.filter((p) => !p.independent).map((p) => p.axis));
  if (free.length === 0 && ordered.length === 0) {
    return outermost(k, windowAxes, 2, ([from, to], rest) => {
      writeWindow([from!, constantIndex(0), to!], rest);
    });
  }
  const zero = [constantIndex(0), constantIndex(0), constantIndex(0)];
  const run = (places: readonly Expr[], axes: readonly Axis[]): void =>
    nest(k, axes, places, (at) => writeWindow(at, windowAxes), false);
  if (free.length === 0) return run(zero, ordered);
  const [first, ...rest] = free;
  k.range(first!.extent, (i) => {
    const moved = zero.map((_, v) => binary("mul", i, constantIndex(first!.strides[v]!)));
    run(moved, [...rest, ...ordered]);
  });
}
