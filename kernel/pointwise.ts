/**
 * Kernels of pointwise computations: one or more stores over one iteration space.
 *
 * @module
 */
import { sameShape } from "../core/avals.ts";
import { linearize, sizeOf } from "./access.ts";
import type { Expr } from "./ir.ts";
import { layoutOf } from "./layout.ts";
import { Axes, flatGroup, type Group, groupAxes, indexForms, iterate } from "./loops.ts";
import { componentsOf, KernelScope, storeElement } from "./scope.ts";
import { Pair, type Val } from "./lowering.ts";
import type { Place, Tensor } from "./tensors.ts";

/** An array to compute and where it goes. */
export interface Root {
  readonly tensor: Tensor;
  readonly place: Place;
}

/** Whether every array is read in the row-major order of the stores, so that one flat loop does. */
function isFlat(roots: readonly Root[], shape: readonly number[]): boolean {
  const seen = new Set<Tensor>(), stack = roots.map((r) => r.tensor);
  const size = sizeOf(shape);
  for (let t = stack.pop(); t !== undefined; t = stack.pop()) {
    if (seen.has(t) || t.literal !== null) continue;
    seen.add(t);
    const node = t.virtual;
    if (node === null) continue;
    if (node.lowering.computeFlat === undefined && node.lowering.access !== "elementwise") return false;
    for (const input of node.inputs) {
      if (input.literal !== null || input.aval.size === 1) {
        if (input.virtual !== null && !isScalarTree(input)) return false;
        continue;
      }
      const inOrder = node.lowering.computeFlat !== undefined
        ? input.aval.size === size
        : sameShape(input.aval.shape, node.shape);
      if (!inOrder) return false;
      stack.push(input);
    }
  }
  return true;
}

/** Whether a one-element array is computed from one-element arrays only. */
function isScalarTree(tensor: Tensor): boolean {
  const stack = [tensor], seen = new Set<Tensor>();
  for (let t = stack.pop(); t !== undefined; t = stack.pop()) {
    if (seen.has(t)) continue;
    seen.add(t);
    if (t.aval.size !== 1) return false;
    if (t.virtual !== null) stack.push(...t.virtual.inputs);
  }
  return true;
}

function chooseGroups(roots: readonly Root[], shape: readonly number[]): Group[] {
  if (shape.length <= 1 || isFlat(roots, shape)) return [flatGroup(shape)];
  const axes = new Axes(shape);
  const trial = new KernelScope({ trial: true });
  const exprs = roots.flatMap(({ tensor }) => componentsOf(trial.access(tensor).at(axes.index)));
  const variables = new Set(axes.variables.filter((v) => v !== null));
  return groupAxes(axes, indexForms(exprs, variables));
}

/** Writes the kernel that computes arrays of one shape. `shared` are virtual arrays that several of them read. */
export function writePointwise(
  roots: readonly Root[],
  shape: readonly number[],
  shared: ReadonlySet<Tensor>,
): KernelScope {
  const groups = chooseGroups(roots, shape);
  const scope = new KernelScope({ shared });
  iterate(scope.builder, groups, (at) => storeAll(scope, roots, at));
  return scope;
}

/** Computes all values at an index, then stores them: a store may replace what another value reads at that index. */
function storeAll(scope: KernelScope, roots: readonly Root[], at: readonly Expr[]): void {
  const k = scope.builder;
  const several = roots.length > 1;
  const fix = (val: Val): Val =>
    val instanceof Pair ? new Pair(k.let(val.re), k.let(val.im)) : several ? k.let(val) : val;
  const values = roots.map(({ tensor }) => fix(scope.access(tensor).at(at)));
  roots.forEach(({ tensor, place }, i) => {
    const { components } = layoutOf(tensor.aval.dtype);
    const param = scope.param(place, tensor.aval);
    storeElement(k, param, components, linearize(at, tensor.aval.shape), values[i]!);
  });
}
