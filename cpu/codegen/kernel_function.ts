/**
 * One kernel as a WebAssembly function of its buffer pointers and, for a kernel with a range, the bounds of the part
 * of the range to run.
 *
 * @module
 */
import type { Kernel } from "../../kernel/ir.ts";
import type { FunctionBuilder, ModuleBuilder } from "../wasm/encoder.ts";
import { type Analysis, loadedParams, useCounts } from "./analysis.ts";
import type { Helpers } from "./helpers.ts";
import { StatementEmitter } from "./statements.ts";
import { type KernelState, ValueCache } from "./state.ts";
import { planVectorization, type VectorPlan } from "./vectorize.ts";

/** Kernels with more work than this, in vector operations, are split into parts; others run their whole range. */
export const PARALLEL_COST = 100_000;

/** Bounds of a part of a range are multiples of this, but for the end of the range, where a range runs over lanes. */
export const RANGE_ALIGNMENT = 64;

/** What kernel functions of one module share. */
export interface KernelContext {
  readonly module: ModuleBuilder;
  readonly helpers: Helpers;
  readonly analysis: Analysis;
  /** Whether to use relaxed SIMD. */
  readonly relaxed: boolean;
}

/** A kernel function and how its work may be split. */
export interface KernelFunction {
  readonly index: number;
  readonly kernel: Kernel;
  /** Estimated work of the whole kernel, in vector operations. */
  readonly cost: number;
  /** Least number of iterations of the range to split off. */
  readonly granularity: number;
}

/** Emits `(pointers..., [lo, hi])` for a kernel. */
export function emitKernelFunction(context: KernelContext, kernel: Kernel): KernelFunction {
  const plan = planVectorization(kernel, context.analysis);
  const parameters = kernel.params.map(() => "i32" as const);
  const f = context.module.function(kernel.range === null ? parameters : [...parameters, "i32", "i32"], []);
  emitKernelBody(context, f, kernel, plan);
  return { index: f.index, kernel, cost: plan.cost, granularity: plan.range !== null ? RANGE_ALIGNMENT : 1 };
}

function emitKernelBody(context: KernelContext, f: FunctionBuilder, kernel: Kernel, plan: VectorPlan): void {
  const { helpers, analysis, relaxed } = context;
  const state: KernelState = {
    f,
    helpers,
    analysis,
    relaxed,
    uses: useCounts(kernel),
    params: new Map(kernel.params.map((param, local) => [param, local])),
    variables: new Map(),
    pointers: new Map(),
    values: new ValueCache(f, analysis),
  };
  const statements = new StatementEmitter(state, plan, loadedParams(kernel.body));
  if (kernel.range === null) {
    statements.emit(kernel.body);
    return;
  }
  const { variable, extent } = kernel.range;
  const lo = kernel.params.length, hi = lo + 1;
  state.variables.set(variable, lo);
  const whole = plan.cost <= PARALLEL_COST;
  const multiple = plan.range !== null ? Math.min(extent & -extent, RANGE_ALIGNMENT) : 1;
  statements.emitRange(
    variable,
    kernel.body,
    whole
      ? { end: { constant: extent }, trip: extent, multiple: extent }
      : { end: { local: hi }, trip: null, multiple },
  );
}
