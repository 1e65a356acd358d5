/**
 * What all ways to write a reduction share: the choice of its loops, and how results leave the accumulators.
 *
 * @module
 */
import type { ShapedArray } from "../core/avals.ts";
import type { Params } from "../core/primitive.ts";
import { countNodes, linearize, sizeOf } from "./access.ts";
import type { Expr, Monoid, StorageType, Variable } from "./ir.ts";
import { layoutOf } from "./layout.ts";
import { Axes, type Group, groupAxes, type IndexForm, indexForms } from "./loops.ts";
import { Pair, type Reduce, type Reduction, type Val } from "./lowering.ts";
import { componentsOf, KernelScope, storeElement } from "./scope.ts";
import type { Target } from "./target.ts";
import type { Place, Tensor } from "./tensors.ts";

/** A reduction to write. */
export interface ReduceTask {
  readonly lowering: Reduce<Params>;
  readonly params: Params;
  readonly inputs: readonly Tensor[];
  readonly outAvals: readonly ShapedArray[];
  readonly outPlaces: readonly Place[];
  /** A block that lives from one kernel to the next. */
  readonly allocate: (storage: StorageType, elements: number) => Place;
  readonly target: Target;
}

/** Float32 sums add up in float32 for this many elements, then in float64. */
export const sumBlock: number = 256;

/** A reduction with its loops chosen. */
export class ReduceLoops {
  readonly task: ReduceTask;
  readonly out: readonly Group[];
  readonly reduced: readonly Group[];
  /** Which reduced group is the innermost loop. */
  readonly innermost: number;
  /** The outputs are the innermost loop. */
  readonly columns: boolean;
  readonly total: number;
  readonly cost: number;

  constructor(task: ReduceTask) {
    this.task = task;
    const trial = new KernelScope({ trial: true });
    const reduction = this.reduction(trial);
    const outAxes = new Axes(this.outShape), reducedAxes = new Axes(reduction.space);
    const values = reduction.value(outAxes.index, reducedAxes.index).flatMap(componentsOf);
    const variables = new Set([...outAxes.variables, ...reducedAxes.variables].filter((v) => v !== null));
    const forms = indexForms(values, variables);
    this.out = groupAxes(outAxes, forms);
    this.reduced = groupAxes(reducedAxes, forms);
    this.total = sizeOf(reduction.space);
    this.cost = countNodes(values);
    const votes = this.reduced.map((g) => contiguousReads(forms, g.inner));
    const best = Math.max(0, ...votes);
    this.innermost = Math.max(0, votes.lastIndexOf(best));
    const lastOut = this.out.at(-1)?.inner ?? null;
    const outVotes = contiguousReads(forms, lastOut);
    this.columns = lastOut !== null && (outVotes > best || outVotes === best && outVotes > 0);
  }

  get outShape(): readonly number[] {
    return this.task.outAvals[0]!.shape;
  }

  reduction(scope: KernelScope): Reduction {
    const { lowering, params, inputs, outAvals } = this.task;
    return lowering.plan(scope.context(params, inputs, outAvals));
  }
}

/** Scalars of buffers that are read contiguously when a variable is the innermost loop. */
function contiguousReads(forms: readonly IndexForm[], v: Variable | null): number {
  let sum = 0;
  for (const { coefficients, load } of forms) {
    const c = v === null ? 0 : Math.abs(coefficients.get(v) ?? 0);
    if (load !== null && (c === 1 || c === 2)) sum += load.size;
  }
  return sum;
}

/** Stores the results of accumulators at an output index. */
export function finish(
  scope: KernelScope,
  loops: ReduceLoops,
  reduction: Reduction,
  at: readonly Expr[],
  components: readonly Expr[],
): void {
  const k = scope.builder, { outAvals, outPlaces } = loops.task;
  const accumulators = likeVals(reduction.init, components);
  const results = reduction.finish ? reduction.finish(accumulators) : accumulators;
  const fixed = results.length === 1 && !(results[0] instanceof Pair)
    ? results
    : results.map((val) => val instanceof Pair ? new Pair(k.let(val.re), k.let(val.im)) : k.let(val));
  outAvals.forEach((aval, i) => {
    const param = scope.param(outPlaces[i]!, aval);
    storeElement(k, param, layoutOf(aval.dtype).components, linearize(at, aval.shape), fixed[i]!);
  });
}

/** Scalars as the values that they are components of. */
export function likeVals(model: readonly Val[], components: readonly Expr[]): Val[] {
  let next = 0;
  return model.map((val) =>
    val instanceof Pair ? new Pair(components[next++]!, components[next++]!) : components[next++]!
  );
}

/** Whether a sum of this many float32 values needs a float64 accumulator to stay accurate. */
export function isWideSum(monoid: Monoid | undefined, init: Expr, total: number): boolean {
  return monoid === "add" && init.type === "f32" && total > 2 * sumBlock;
}
