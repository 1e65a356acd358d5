/**
 * Choice of loops: adjacent axes become one loop where every index is affine and runs through them as through one.
 *
 * @module
 */
import { type Affine, affine, delinearize, dependsOn } from "./access.ts";
import type { KernelBuilder } from "./builder.ts";
import { binary, index, variable } from "./expr.ts";
import { type Expr, type Param, Variable } from "./ir.ts";
import type { Target } from "./target.ts";

/** The axes of an iteration space, with a variable for each that has more than one index. */
export class Axes {
  readonly shape: readonly number[];
  readonly variables: readonly (Variable | null)[];
  readonly index: readonly Expr[];

  /** `start`: the first index of each axis. */
  constructor(shape: readonly number[], start: readonly number[] = shape.map(() => 0)) {
    this.shape = shape;
    this.variables = shape.map((n) => n === 1 ? null : new Variable("i32", { extent: n }));
    this.index = shifted(this.variables.map((v) => v === null ? index(0) : variable(v)), start);
  }
}

/** A multi-index moved by constants. */
export function shifted(at: readonly Expr[], start: readonly number[]): Expr[] {
  return at.map((e, k) => binary("add", e, index(start[k]!)));
}

/** An affine index that occurs in expressions, with the buffer it reads, if it is a load's. */
export interface IndexForm {
  readonly coefficients: Affine;
  readonly load: Param | null;
}

/** The largest affine indices in expressions that depend on some of the variables. */
export function indexForms(exprs: readonly Expr[], variables: ReadonlySet<Variable>): IndexForm[] {
  const forms: IndexForm[] = [], depends = new Map<Expr, boolean>(), seen = new Set<Expr>();
  const stack: [Expr, Param | null][] = exprs.map((e) => [e, null]);
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [e, load] = next;
    if (!dependsOn(e, variables, depends) || (load === null && seen.has(e))) continue;
    if (load === null) seen.add(e);
    const coefficients = affine(e, variables, depends);
    if (coefficients !== null) {
      forms.push({ coefficients, load });
      continue;
    }
    const inner = e.op === "load" ? e.attr as Param : null;
    for (const arg of e.args) stack.push([arg, inner]);
  }
  return forms;
}

/** Axes that are one loop. */
export interface Group {
  readonly extent: number;
  /** Sizes of the axes it stands for. */
  readonly shape: readonly number[];
  /** Innermost variable of the group in the analysed axes; null for a group of size 1. */
  readonly inner: Variable | null;
}

/** Groups of adjacent axes that all index forms run through as one. Groups of size 1 join their neighbours. */
export function groupAxes(axes: Axes, forms: readonly IndexForm[]): Group[] {
  const groups: { extent: number; shape: number[]; inner: Variable | null }[] = [];
  for (let k = 0; k < axes.shape.length; k++) {
    const n = axes.shape[k]!, v = axes.variables[k]!, last = groups.at(-1);
    const joins = last !== undefined &&
      (v === null || last.inner === null || runsThrough(last.inner, v, n, forms));
    if (!joins) {
      groups.push({ extent: n, shape: [n], inner: v });
      continue;
    }
    last.extent *= n;
    last.shape.push(n);
    if (v !== null) last.inner = v;
  }
  return groups;
}

function runsThrough(outer: Variable, inner: Variable, n: number, forms: readonly IndexForm[]): boolean {
  return forms.every(({ coefficients: c }) => (c.get(outer) ?? 0) === n * (c.get(inner) ?? 0));
}

/** One group for a whole shape. */
export function flatGroup(shape: readonly number[]): Group {
  let extent = 1;
  for (const n of shape) extent *= n;
  return { extent, shape, inner: null };
}

/** Multi-index of the axes, from one index for each group. */
export function indexOfGroups(groups: readonly Group[], at: readonly Expr[]): Expr[] {
  return groups.flatMap((group, i) => delinearize(group.shape, at[i]!));
}

/** Indices of groups from one row-major index over all of them. */
export function splitIndex(groups: readonly Group[], at: Expr): Expr[] {
  return delinearize(groups.map((g) => g.extent), at);
}

/** Number of iterations of groups. */
export function extentOf(groups: readonly Group[]): number {
  let extent = 1;
  for (const g of groups) extent *= g.extent;
  return extent;
}

/** Inner loops up to this many iterations are written out. */
const unrollExtent = 4;
/** A range with fewer iterations than this is split along long inner loops, so that threads can share it. */
const minRange = 16;
const chunk = 16384;

/**
 * Runs `body` for every index of an iteration space, as the kernel's range; iterations are independent. The last
 * group is the innermost loop, unless there are threads enough for each index.
 */
export function iterate(
  k: KernelBuilder,
  groups: readonly Group[],
  body: (at: readonly Expr[]) => void,
  target: Target,
): void {
  if (target.threads === "many") {
    return k.range(extentOf(groups), (i) => body(indexOfGroups(groups, splitIndex(groups, i))));
  }
  const inner = groups.at(-1), outer = groups.slice(0, -1);
  if (inner === undefined) return k.range(1, () => body([]));
  if (outer.length === 0) return k.range(inner.extent, (i) => body(indexOfGroups(groups, [i])));
  const outerExtent = extentOf(outer);
  if (inner.extent <= unrollExtent) {
    return k.range(outerExtent, (i) => {
      const row = splitIndex(outer, i);
      for (let j = 0; j < inner.extent; j++) body(indexOfGroups(groups, [...row, index(j)]));
    });
  }
  const chunks = outerExtent < minRange ? Math.ceil(inner.extent / chunk) : 1;
  k.range(outerExtent * chunks, (i) => {
    const row = splitIndex(outer, binary("div", i, index(chunks)));
    const lo = binary("mul", binary("rem", i, index(chunks)), index(chunk));
    const hi = chunks === 1
      ? index(inner.extent)
      : binary("min", binary("add", lo, index(chunk)), index(inner.extent));
    k.for(lo, hi, (j) => body(indexOfGroups(groups, [...row, j])), { independent: true });
  });
}

/** Sides of a tile: as many rows as elements in a cache line, and few enough lines to stay in the nearest cache. */
const tileRows = 16;
const tileColumns = 32;

/**
 * The group along which some array is contiguous that the innermost loop would read with a large stride; -1 when there
 * is none, or too little to read. Such a pair of loops runs tile by tile, so that each cache line is read once.
 */
export function tiledGroup(groups: readonly Group[], forms: readonly IndexForm[]): number {
  const last = groups.at(-1);
  if (last === undefined || last.inner === null || last.extent < tileColumns) return -1;
  for (let g = groups.length - 2; g >= 0; g--) {
    const { inner, extent } = groups[g]!;
    if (inner === null || extent < tileRows) continue;
    const crosses = forms.some(({ coefficients: c, load }) =>
      load !== null && load.size > tileRows * tileColumns && Math.abs(c.get(inner) ?? 0) === 1 &&
      Math.abs(c.get(last.inner!) ?? 0) > 1
    );
    if (crosses) return g;
  }
  return -1;
}

/** As {@linkcode iterate}, with group `tiled` and the last one in tiles. */
export function iterateTiles(
  k: KernelBuilder,
  groups: readonly Group[],
  tiled: number,
  body: (at: readonly Expr[]) => void,
): void {
  const inner = groups.at(-1)!, across = groups[tiled]!;
  const others = groups.filter((_, g) => g !== tiled && g !== groups.length - 1);
  const rows = Math.ceil(across.extent / tileRows), columns = Math.ceil(inner.extent / tileColumns);
  const clipped = (tile: Expr, size: number, extent: number): [Expr, Expr] => {
    const lo = binary("mul", tile, index(size)), hi = binary("add", lo, index(size));
    return [lo, extent % size === 0 ? hi : binary("min", hi, index(extent))];
  };
  k.range(extentOf(others) * rows * columns, (i) => {
    const [other, row, column] = delinearize([extentOf(others), rows, columns], i) as [Expr, Expr, Expr];
    const at = splitIndex(others, other);
    const [rowLo, rowHi] = clipped(row, tileRows, across.extent).map((e) => k.let(e)) as [Expr, Expr];
    const [lo, hi] = clipped(column, tileColumns, inner.extent).map((e) => k.let(e)) as [Expr, Expr];
    k.for(rowLo, rowHi, (r) => {
      const outer = [...at.slice(0, tiled), r, ...at.slice(tiled)];
      k.for(lo, hi, (j) => body(indexOfGroups(groups, [...outer, j])), { independent: true });
    }, { independent: true });
  });
}
