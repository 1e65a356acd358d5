/**
 * `vmap`: a function of single examples as one of batches.
 *
 * @module
 */
import {
  checkCallable,
  FlatFunction,
  flattenArrays,
  functionName,
  invalidArgument,
  leafArray,
} from "./argument.ts";
import type { JaxArray } from "./array.ts";
import { batchFlat, matchDim } from "./batching.ts";
import { describe, scalarArray } from "./concrete.ts";
import { defaultInt } from "./dtypes.ts";
import { NotImplementedError, ValueError } from "./errors.ts";
import type { BatchDim } from "./primitive.ts";
import { keywords } from "./static.ts";
import { broadcastPrefix, flatten, flattenWithPath, keystr, structure, unflatten } from "./pytree.ts";

/** An axis number, null for "not mapped", or a pytree prefix of these. */
// deno-lint-ignore no-explicit-any -- a prefix of any tree
export type Axes = number | null | readonly any[] | { readonly [key: string]: any };

/** Options of {@linkcode vmap}. */
export interface VmapOptions {
  /** Mapped axis of each argument: one for all, or a list with a prefix of each argument's tree. Default 0. */
  readonly inAxes?: Axes;
  /** Where the mapped axis of the results goes: one for all, or a prefix of the result's tree. Default 0. */
  readonly outAxes?: Axes;
  /** Name of the mapped axis, for collectives in the function. */
  readonly axisName?: string | number;
  /** Size of the mapped axis, when no argument has it. */
  readonly axisSize?: number;
}

// deno-lint-ignore no-explicit-any -- the type of any function
type AnyFunction = (...args: any[]) => any;

const vmapOptions = ["inAxes", "outAxes", "axisName", "axisSize", "spmdAxisName"] as const;

const isAxis = (x: unknown): boolean => x === null || typeof x === "number";

function checkAxes(name: string, axes: readonly unknown[]): asserts axes is (number | null)[] {
  for (const a of axes) {
    if (a !== null && !Number.isInteger(a)) {
      throw new TypeError(
        `vmap ${name} must be an int, null, or a pytree of these matching the arguments, but got ${
          describe(a)
        }`,
      );
    }
  }
}

/**
 * Vectorises a function: each mapped argument loses its mapped axis inside `f`, and each result gains one.
 *
 * @param given {@linkcode VmapOptions}, or `inAxes`, `outAxes`, `axisName`, `axisSize` in this order
 *
 * @example
 * ```ts
 * import { numpy as np, vmap } from "@jaxlet/jaxlet";
 * const rows = vmap((r) => np.dot(r, r))(np.ones([4, 3]));
 * if (String(rows) !== "[3. 3. 3. 3.]") throw new Error();
 * ```
 *
 * @throws ValueError when mapped axes differ in size (the sizes are listed), or when no argument is mapped
 */
export function vmap<F extends AnyFunction>(
  f: F,
  ...given: readonly (VmapOptions | VmapOptions["inAxes"] | string)[]
): F {
  checkCallable(f, "vmap");
  const options = keywords("vmap", vmapOptions, given) as VmapOptions;
  if ((options as { spmdAxisName?: unknown }).spmdAxisName != null) {
    throw new NotImplementedError("vmap: spmdAxisName needs several devices, which are not supported");
  }
  const { inAxes = 0, outAxes = 0, axisName } = options;
  const name = functionName(f);

  function mapped(this: unknown, ...args: unknown[]): unknown {
    if (Array.isArray(inAxes) && inAxes.length !== args.length) {
      throw new ValueError(
        `vmap in_axes must be an int, None, or a tuple of entries corresponding to the positional arguments passed to ` +
          `the function, but got len(in_axes)=${inAxes.length}, len(args)=${args.length}`,
      );
    }
    const [leaves, treedef] = flatten(args);
    const axes = broadcastPrefix(inAxes, args, isAxis, "vmap in_axes");
    checkAxes("in_axes", axes);
    // What is no array and not mapped (a string, say) goes to the function as it is.
    const given = leaves.map((leaf, i) => axes[i] === null ? unmappedArray(leaf) : leafArray(leaf));
    if (given.some((x, i) => x === null && axes[i] !== null)) {
      flattenArrays(args, invalidArgument(`vmap of ${name}`));
    }
    const arrays = given.filter((x) => x !== null), arrayAxes = axes.filter((_, i) => given[i] !== null);
    const paths = flattenWithPath(args)[0].flatMap(([path], i) => given[i] === null ? [] : [keystr(path)]);
    const size = mappedSize(f, paths, arrays, arrayAxes, options.axisSize);
    const dims = arrays.map((x, i): BatchDim => {
      const a = arrayAxes[i]!;
      if (a === null) return null;
      return a < 0 ? a + x.ndim : a;
    });
    const whole = (...xs: JaxArray[]): unknown => {
      let next = 0;
      const all = leaves.map((leaf, i) => given[i] === null ? leaf : xs[next++]!);
      return f.apply(this, unflatten(treedef, all) as unknown[]);
    };
    Object.defineProperty(whole, "name", { value: f.name });
    const flat = new FlatFunction(whole, structure(arrays), "vmap");
    const result = batchFlat(flat.call, { size, name: axisName }, arrays, dims);
    const outTree = flat.outTree!;
    const wanted = broadcastPrefix(outAxes, unflatten(outTree, result.outs), isAxis, "vmap out_axes");
    checkAxes("out_axes", wanted);
    const outs = result.outs.map((x, i): JaxArray => {
      const to = wanted[i]!, from = result.dims[i]!;
      if (to === null) {
        if (from !== null) {
          throw new ValueError(
            `vmap has mapped output (of type ${x.aval}) but out_axes is None: the output depends on a mapped argument`,
          );
        }
        return x;
      }
      const rank = x.ndim + (from === null ? 1 : 0);
      if (to >= rank || to < -rank) {
        throw new ValueError(
          `vmap out_axes ${to} is out of bounds for output of rank ${
            rank - 1
          }: it must lie in [${-rank}, ${rank})`,
        );
      }
      return matchDim(size, x, from, to < 0 ? to + rank : to);
    });
    return unflatten(outTree, outs);
  }
  Object.defineProperty(mapped, "name", { value: f.name });
  return mapped as F;
}

/** An argument that is the same for all: an integer-valued number stays one, as Python's do. */
function unmappedArray(leaf: unknown): JaxArray | null {
  const whole = typeof leaf === "number" && Number.isInteger(leaf) && !Object.is(leaf, -0) &&
    Math.abs(leaf) < 2 ** 31;
  return whole ? scalarArray(leaf, defaultInt(), true) : leafArray(leaf);
}

/** The common size of mapped axes; JAX's error lists them when they differ. */
function mappedSize(
  f: AnyFunction,
  paths: readonly string[],
  arrays: readonly JaxArray[],
  axes: readonly (number | null)[],
  given: number | undefined,
): number {
  const sizes = arrays.map((x, i) => {
    const a = axes[i]!;
    if (a === null) return null;
    if (a >= x.ndim || a < -x.ndim) {
      throw new ValueError(
        `vmap was requested to map its argument along axis ${a}, which implies that its rank should be at least ` +
          `${a < 0 ? -a : a + 1}, but is only ${x.ndim} (its shape is (${x.shape.join(", ")}${
            x.ndim === 1 ? "," : ""
          }))`,
      );
    }
    return x.shape[a < 0 ? a + x.ndim : a]!;
  });
  const distinct = new Set(sizes.filter((n) => n !== null));
  if (given !== undefined) {
    for (const n of distinct) {
      if (n !== given) {
        throw new ValueError(
          `vmap got inconsistent sizes for array axes to be mapped: axis_size=${given} was given, but an argument has size ${n}`,
        );
      }
    }
    return given;
  }
  if (distinct.size === 1) return [...distinct][0]!;
  if (distinct.size === 0) {
    throw new ValueError("vmap must have at least one non-None value in in_axes");
  }
  const lines = sizes.flatMap((n, i) =>
    n === null ? [] : [
      `  * argument args${paths[i]} of type ${arrays[i]!.aval.toString()} has size ${n} on axis ${axes[i]}`,
    ]
  );
  throw new ValueError(
    `vmap got inconsistent sizes for array axes to be mapped in ${functionName(f)}:\n${lines.join("\n")}`,
  );
}
