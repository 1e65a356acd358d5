/**
 * Kernels of pointwise computations: one or more stores over one iteration space.
 *
 * @module
 */
import { sameShape } from "../core/avals.ts";
import { linearize, sizeOf } from "./access.ts";
import { type Box, splitBoxes } from "./boxes.ts";
import type { Expr } from "./ir.ts";
import { layoutOf } from "./layout.ts";
import {
  Axes,
  flatGroup,
  groupAxes,
  indexForms,
  iterate,
  iterateTiles,
  shifted,
  tiledGroup,
} from "./loops.ts";
import { componentsOf, KernelScope, storeElement } from "./scope.ts";
import { Pair, type Val } from "./lowering.ts";
import type { Target } from "./target.ts";
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

/** Writes the kernels that compute arrays of one shape. `shared` are virtual arrays that several of them read. */
export function writePointwise(
  roots: readonly Root[],
  shape: readonly number[],
  shared: ReadonlySet<Tensor>,
  target: Target,
): KernelScope[] {
  if (isFlat(roots, shape)) {
    const scope = new KernelScope({ shared });
    iterate(scope.builder, [flatGroup(shape)], (at) => storeAll(scope, roots, at), target);
    return [scope];
  }
  const axes = new Axes(shape), values = trialValues(roots, axes);
  const boxes = splitBoxes(axes, values);
  if (boxes.length === 1) return [writeBox(roots, boxes[0]!, { shared, axes, values, target })];
  return boxes.map((box) => {
    const own = new Axes(box.shape, box.start);
    return writeBox(roots, box, { shared, axes: own, values: trialValues(roots, own), target });
  });
}

/** The values at the axes' index, and where they are stored. */
function trialValues(roots: readonly Root[], axes: Axes): Expr[] {
  const scope = new KernelScope({ trial: true });
  return roots.flatMap(({ tensor }) => [
    ...componentsOf(scope.access(tensor).at(axes.index)),
    linearize(axes.index, tensor.aval.shape),
  ]);
}

interface BoxOptions {
  readonly shared: ReadonlySet<Tensor>;
  readonly axes: Axes;
  /** What is stored, at the axes' index. */
  readonly values: readonly Expr[];
  readonly target: Target;
}

/** Writes the kernel for a part of the index space, with the loops that fit its values. */
function writeBox(
  roots: readonly Root[],
  box: Box,
  { shared, axes, values, target }: BoxOptions,
): KernelScope {
  const forms = indexForms(values, new Set(axes.variables.filter((v) => v !== null)));
  const groups = groupAxes(axes, forms), tiled = target.threads === "many" ? -1 : tiledGroup(groups, forms);
  const scope = new KernelScope({ shared });
  const store = (at: readonly Expr[]): void => storeAll(scope, roots, shifted(at, box.start));
  if (tiled < 0) iterate(scope.builder, groups, store, target);
  else iterateTiles(scope.builder, groups, tiled, store);
  return scope;
}

/** Computes all values at an index, then stores them: a store may replace what another value reads at that index. */
function storeAll(scope: KernelScope, roots: readonly Root[], at: readonly Expr[]): void {
  const k = scope.builder;
  const several = roots.length > 1, fixed = new Map<Expr, Expr>();
  const fixOne = (e: Expr): Expr => {
    let known = fixed.get(e);
    if (known === undefined) fixed.set(e, known = k.let(e));
    return known;
  };
  const fix = (val: Val): Val =>
    val instanceof Pair ? new Pair(fixOne(val.re), fixOne(val.im)) : several ? fixOne(val) : val;
  const values = roots.map(({ tensor }) => fix(scope.access(tensor).at(at)));
  roots.forEach(({ tensor, place }, i) => {
    const { components } = layoutOf(tensor.aval.dtype);
    const param = scope.param(place, tensor.aval);
    storeElement(k, param, components, linearize(at, tensor.aval.shape), values[i]!);
  });
}
