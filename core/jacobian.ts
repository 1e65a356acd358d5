/**
 * Jacobians and Hessians over pytrees.
 *
 * @module
 */
import { flattenArrays, invalidArgument, normalizeArgnums } from "./argument.ts";
import { checkCallable } from "./argument.ts";
import type { JaxArray } from "./array.ts";
import { tuple } from "./avals.ts";
import { type AnyFunction, jvp, vjp } from "./differentiate.ts";
import { type GradOptions, gradOptions } from "./grad.ts";
import { type DType, int32 } from "./dtypes.ts";
import { flatten, unflatten } from "./pytree.ts";
import * as raw from "./raw.ts";
import { keywords } from "./static.ts";
import { vmap } from "./vmap.ts";

/** Splits arguments into differentiated ones and the function of those. */
function partially(
  f: AnyFunction,
  self: unknown,
  args: readonly unknown[],
  argnums: number | readonly number[],
): {
  fun: AnyFunction;
  chosen: unknown[];
} {
  const nums = normalizeArgnums(argnums, args.length);
  if (nums.some((n) => n < 0 || n >= args.length)) {
    throw new TypeError(
      `differentiating with respect to argnums=${
        typeof argnums === "number" ? argnums : tuple(argnums)
      } requires at least ` +
        `${
          Math.max(...nums) + 1
        } positional arguments to be passed by the caller, but got only ${args.length} positional arguments.`,
    );
  }
  const fun = (...dyn: unknown[]): unknown => {
    const all = [...args];
    nums.forEach((n, k) => all[n] = dyn[k]);
    return f.apply(self, all);
  };
  return { fun, chosen: nums.map((n) => args[n]) };
}

/** Rows of the identity, cut into one [total, ...shape] basis array for each leaf. */
function standardBasis(leaves: readonly JaxArray[]): JaxArray[] {
  const total = leaves.reduce((n, x) => n + x.size, 0);
  let offset = 0;
  return leaves.map((x) => {
    const rows = raw.iota(int32, [total, x.size], 0), columns = raw.iota(int32, [total, x.size], 1);
    const eye = raw.convert(raw.eq(raw.sub(rows, offset), columns), x.dtype);
    offset += x.size;
    return raw.reshape(eye, [total, ...x.shape]);
  });
}

/** Cuts axis `axis` of an array into one piece of each leaf's size, shaped like the leaf in its place. */
function unravelAxis(
  x: JaxArray,
  leaves: readonly { readonly shape: readonly number[]; readonly size: number }[],
  axis: number,
): JaxArray[] {
  let start = 0;
  return leaves.map((leaf) => {
    const piece = raw.sliceInDim(x, start, start + leaf.size, axis);
    start += leaf.size;
    return raw.reshape(piece, [...x.shape.slice(0, axis), ...leaf.shape, ...x.shape.slice(axis + 1)]);
  });
}

function checkDType(
  name: string,
  dtype: DType,
  holomorphic: boolean,
  place: "input" | "output",
  allowInt: boolean,
): void {
  const wanted = holomorphic ? "complex" : "float";
  if (
    dtype.kind === wanted ||
    (place === "input" && name === "jacrev" && !holomorphic && dtype.kind === "complex")
  ) return;
  if (allowInt && (dtype.kind === "int" || dtype.kind === "uint" || dtype.kind === "bool")) return;
  if (holomorphic) {
    throw new TypeError(
      `${name} with holomorphic=True requires ${place}s with complex dtype, but got ${dtype.name}.`,
    );
  }
  throw new TypeError(
    `${name} requires real-valued ${place}s (${place} dtype that is a sub-dtype of np.floating), but got ${dtype.name}. ` +
      `For holomorphic differentiation, pass holomorphic=True. For differentiation of non-holomorphic functions involving ` +
      `complex ${place}s, use jax.${name === "jacfwd" ? "jvp" : "vjp"} directly.`,
  );
}

/**
 * The Jacobian by forward mode, one pass for each input element: for tall Jacobians.
 *
 * @returns a function of `f`'s arguments giving the tree of `f`'s output with, at each leaf, the tree of the argument
 *   whose leaves have shape `[...output.shape, ...input.shape]`
 *
 * @example
 * ```ts
 * import { jacfwd, numpy as np } from "@jaxlet/jaxlet";
 * const j = jacfwd((x) => np.square(x))(np.array([1, 2]));
 * if (j.shape.join() !== "2,2" || j.sum().item() !== 6) throw new Error();
 * ```
 */
export function jacfwd<F extends AnyFunction>(
  f: F,
  ...given: readonly unknown[]
): (...args: Parameters<F>) => ReturnType<F> {
  checkCallable(f, "jacfwd");
  const options = keywords("jacfwd", gradOptions, given) as GradOptions;
  const { argnums = 0, hasAux = false, holomorphic = false } = options;
  return function (this: unknown, ...args: unknown[]): unknown {
    const { fun, chosen } = partially(f, this, args, argnums);
    const { arrays, treedef } = flattenArrays(chosen, invalidArgument("jacfwd"));
    for (const x of arrays) checkDType("jacfwd", x.dtype, holomorphic, "input", false);
    let aux: unknown;
    const push = (...tangents: JaxArray[]): unknown => {
      const result = jvp(
        fun,
        unflatten(treedef, arrays) as unknown[],
        unflatten(treedef, tangents) as unknown[],
        { hasAux },
      );
      for (const y of flatten(result[0])[0]) {
        checkDType("jacfwd", (y as JaxArray).dtype, holomorphic, "output", false);
      }
      return hasAux ? [result[1], result[2]] : result[1];
    };
    const outAxes = hasAux ? [-1, null] : -1;
    const result = vmap(push, { outAxes })(...standardBasis(arrays));
    const dots = hasAux ? (result as unknown[])[0] : result;
    if (hasAux) aux = (result as unknown[])[1];
    const [leaves, outTree] = flatten(dots);
    const rows = leaves.map((d) => {
      const pieces = unravelAxis(d as JaxArray, arrays, (d as JaxArray).ndim - 1);
      const trees = unflatten(treedef, pieces) as unknown[];
      return typeof argnums === "number" ? trees[0] : trees;
    });
    const jacobian = unflatten(outTree, rows);
    return hasAux ? [jacobian, aux] : jacobian;
  } as never;
}

/**
 * The Jacobian by reverse mode, one pass for each output element: for wide Jacobians. Arguments and result as for
 * {@linkcode jacfwd}.
 *
 * @example
 * ```ts
 * import { jacrev, numpy as np } from "@jaxlet/jaxlet";
 * const j = jacrev((x) => np.square(x))(np.array([1, 2]));
 * if (j.shape.join() !== "2,2" || j.sum().item() !== 6) throw new Error();
 * ```
 */
export function jacrev<F extends AnyFunction>(
  f: F,
  ...given: readonly unknown[]
): (...args: Parameters<F>) => ReturnType<F> {
  checkCallable(f, "jacrev");
  const options = keywords("jacrev", gradOptions, given) as GradOptions;
  const { argnums = 0, hasAux = false, holomorphic = false, allowInt = false } = options;
  return function (this: unknown, ...args: unknown[]): unknown {
    const { fun, chosen } = partially(f, this, args, argnums);
    for (const x of flattenArrays(chosen, invalidArgument("jacrev")).arrays) {
      checkDType("jacrev", x.dtype, holomorphic, "input", allowInt);
    }
    const [y, pull, aux] = hasAux ? vjp(fun, ...chosen, { hasAux: true }) : vjp(fun, ...chosen);
    const [outs, outTree] = flatten(y) as unknown as [JaxArray[], ReturnType<typeof flatten>[1]];
    for (const out of outs) checkDType("jacrev", out.dtype, holomorphic, "output", false);
    const pulled = vmap((...cts: JaxArray[]) => pull(unflatten(outTree, cts)))(...standardBasis(outs));
    const [leaves, inTree] = flatten(pulled) as unknown as [JaxArray[], ReturnType<typeof flatten>[1]];
    const byInput = leaves.map((x) => unravelAxis(x, outs, 0));
    const rows = outs.map((_, o) => {
      const trees = unflatten(inTree, byInput.map((pieces) => pieces[o]!)) as unknown[];
      return typeof argnums === "number" ? trees[0] : trees;
    });
    const jacobian = unflatten(outTree, rows);
    return hasAux ? [jacobian, aux] : jacobian;
  } as never;
}

/**
 * The Hessian: `jacfwd(jacrev(f))`.
 *
 * @returns a function of `f`'s arguments; for an array argument and a scalar result, an array of shape
 *   `[...x.shape, ...x.shape]`
 *
 * @example
 * ```ts
 * import { hessian, numpy as np } from "@jaxlet/jaxlet";
 * const h = hessian((x) => np.sum(np.square(x)))(np.array([1, 2]));
 * if (String(h) !== "[[2. 0.]\n [0. 2.]]") throw new Error();
 * ```
 */
export function hessian<F extends AnyFunction>(
  f: F,
  ...given: readonly unknown[]
): (...args: Parameters<F>) => ReturnType<F> {
  checkCallable(f, "hessian");
  const options = keywords("hessian", gradOptions, given);
  return jacfwd(jacrev(f, options), options) as (...args: Parameters<F>) => ReturnType<F>;
}
