// deno-lint-ignore-file no-explicit-any -- results are trees of the caller, whose types only the caller knows
/**
 * Collectives: communication along an axis that vmap names.
 *
 * @module
 */
import { flattenArrays, invalidArgument } from "../core/argument.ts";
import type { JaxArray } from "../core/array.ts";
import { describe, scalarArray } from "../core/concrete.ts";
import { defaultInt, toInexact } from "../core/dtypes.ts";
import { checkOptions, ValueError } from "../core/errors.ts";
import type { Primitive } from "../core/primitive.ts";
import { P } from "../core/prims.ts";
import { unflatten } from "../core/pytree.ts";
import * as raw from "../core/raw.ts";
import { axisSize as sizeOf, bind, bind1 } from "../core/trace.ts";

/** A name that a vmap gave its axis, or several. */
export type AxisName = string | number | readonly (string | number)[];

const names = (axisName: AxisName): readonly (string | number)[] =>
  Array.isArray(axisName) ? axisName : [axisName as string | number];

function single(axisName: AxisName, what: string): string | number {
  const list = names(axisName);
  if (list.length !== 1) throw new ValueError(`${what} takes one axis name, got ${describe(axisName)}`);
  return list[0]!;
}

/** Applies a function to every array of a tree. */
function overTree(x: unknown, what: string, f: (a: JaxArray) => JaxArray): unknown {
  const { arrays, treedef } = flattenArrays(x, invalidArgument(what));
  return unflatten(treedef, arrays.map(f));
}

function reduction(primitive: Primitive, what: string) {
  return (x: unknown, axisName: AxisName, options: { axisIndexGroups?: null } = {}): any => {
    checkOptions(what, options, ["axisIndexGroups"]);
    if (options.axisIndexGroups) {
      throw new ValueError(`${what}: axis_index_groups is not supported under vmap`);
    }
    const axes = [...names(axisName)];
    for (const name of axes) sizeOf(name);
    return overTree(x, what, (a) => {
      const full = a.dtype.kind === "bool" ? raw.convert(a, defaultInt()) : a;
      return bind1(primitive, [full], { axes });
    });
  };
}

type Reduction = (x: unknown, axisName: AxisName, options?: { axisIndexGroups?: null }) => any;

/**
 * The sum over the members of a named axis, for each leaf of a tree.
 *
 * @example
 * ```ts
 * import { lax, numpy as np, vmap } from "@jaxlet/jaxlet";
 * const f = vmap((x) => lax.psum(x, "i"), { axisName: "i" });
 * if (String(f(np.arange(3))) !== "[3 3 3]") throw new Error();
 * ```
 */
export const psum: Reduction = reduction(P.psum, "psum");
/** The largest value over the members of a named axis. */
export const pmax: Reduction = reduction(P.pmax, "pmax");
/** The smallest value over the members of a named axis. */
export const pmin: Reduction = reduction(P.pmin, "pmin");

/** The mean over the members of a named axis. */
export const pmean: Reduction = (x, axisName, options = {}) => {
  const size = names(axisName).reduce<number>((n, name) => n * sizeOf(name), 1);
  return overTree(psum(x, axisName, options), "pmean", (a) => {
    const float = a.dtype.kind === "float" || a.dtype.kind === "complex"
      ? a
      : raw.convert(a, toInexact(a.dtype));
    return raw.div(float, scalarArray(size, float.dtype));
  });
};

/** Number of this member along a named axis: an int32 scalar. */
export function axisIndex(axisName: AxisName): JaxArray {
  return names(axisName).reduce<JaxArray | null>((index, name) => {
    const own = bind1(P.axis_index, [], { axisName: name });
    return index === null ? own : raw.add(raw.mul(index, sizeOf(name)), own);
  }, null)!;
}

/** Number of members of a named axis. */
export function axisSize(axisName: AxisName): number {
  return names(axisName).reduce<number>((n, name) => n * sizeOf(name), 1);
}

/**
 * The values of all members of a named axis, stacked along a new axis (or concatenated along it with `tiled`).
 *
 * @example
 * ```ts
 * import { lax, numpy as np, vmap } from "@jaxlet/jaxlet";
 * const f = vmap((x) => lax.allGather(x, "i").sum(), { axisName: "i" });
 * if (String(f(np.arange(3))) !== "[3 3 3]") throw new Error();
 * ```
 */
export function allGather(
  x: unknown,
  axisName: AxisName,
  options: { axis?: number; tiled?: boolean } = {},
): any {
  checkOptions("all_gather", options, ["axis", "tiled", "axisIndexGroups"]);
  const name = single(axisName, "all_gather");
  const { axis = 0, tiled = false } = options;
  return overTree(x, "all_gather", (a) => {
    const rank = a.ndim + (tiled ? 0 : 1), dimension = axis < 0 ? axis + rank : axis;
    if (dimension < 0 || dimension >= rank) {
      throw new ValueError(`axis ${axis} is out of bounds for array of dimension ${rank}`);
    }
    return bind1(P.all_gather, [a], { axisName: name, dimension, tiled });
  });
}

/** Sends member s's value to member d for each [s, d] of `perm`; members that nobody sends to get zeros. */
export function ppermute(x: unknown, axisName: AxisName, perm: readonly (readonly [number, number])[]): any {
  const name = single(axisName, "ppermute");
  return overTree(
    x,
    "ppermute",
    (a) => bind1(P.ppermute, [a], { axisName: name, perm: perm.map((p) => [...p]) }),
  );
}

/** Gives each member the value of another: member i gets that of member `perm[i]`. */
export function pshuffle(x: unknown, axisName: AxisName, perm: readonly number[]): any {
  if (new Set(perm).size !== perm.length || perm.some((p) => p < 0 || p >= perm.length)) {
    throw new ValueError(`perm does not represent a permutation: ${JSON.stringify(perm)}`);
  }
  return ppermute(x, axisName, perm.map((s, d) => [s, d] as const));
}

/** Exchanges a named axis with an axis of the array. */
export function pswapaxes(x: unknown, axisName: AxisName, axis: number): any {
  return allToAll(x, axisName, axis, axis);
}

/** Splits `splitAxis` among the members and joins what each receives along `concatAxis`. */
export function allToAll(
  x: unknown,
  axisName: AxisName,
  splitAxis: number,
  concatAxis: number,
  options: { tiled?: boolean } = {},
): any {
  checkOptions("all_to_all", options, ["tiled", "axisIndexGroups"]);
  const name = single(axisName, "all_to_all");
  return overTree(x, "all_to_all", (a) => {
    const at = (i: number): number => i < 0 ? i + a.ndim : i;
    return bind1(P.all_to_all, [a], {
      axisName: name,
      splitAxis: at(splitAxis),
      concatAxis: at(concatAxis),
      tiled: options.tiled ?? false,
    });
  });
}

/** As {@linkcode psum}, each member keeping its part of the sum along an axis. */
export function psumScatter(
  x: unknown,
  axisName: AxisName,
  options: { scatterDimension?: number; tiled?: boolean } = {},
): any {
  checkOptions("psum_scatter", options, ["scatterDimension", "tiled", "axisIndexGroups"]);
  const name = single(axisName, "psum_scatter"), size = sizeOf(name);
  const { scatterDimension = 0, tiled = false } = options;
  return overTree(x, "psum_scatter", (a) => {
    const n = a.shape[scatterDimension];
    if (n === undefined || (tiled ? n % size !== 0 : n !== size)) {
      throw new ValueError(
        `reduce_scatter operand scatter dimension size ${n} must ${
          tiled ? "be divisible by" : "match"
        } shard count ${size}`,
      );
    }
    return bind(P.reduce_scatter, [a], { axisName: name, dimension: scatterDimension, tiled })[0]!;
  });
}
