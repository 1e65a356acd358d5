// deno-lint-ignore-file no-explicit-any -- results are trees of the caller, whose types only the caller knows
/**
 * Parallel prefix sums.
 *
 * @module
 */
import { checkCallable, flattenArrays, invalidArgument } from "../core/argument.ts";
import type { JaxArray } from "../core/array.ts";
import { tuple } from "../core/avals.ts";
import { ValueError } from "../core/errors.ts";
import { unflatten } from "../core/pytree.ts";
import * as raw from "../core/raw.ts";
import { keywords } from "../core/static.ts";

/** Options of {@linkcode associativeScan}. */
export interface AssociativeScanOptions {
  readonly reverse?: boolean;
  readonly axis?: number;
}

/**
 * All prefix combinations by an associative function, in logarithmic depth (Blelloch, 1990).
 *
 * @param fn combines two trees of slices along `axis` (any number at once); associative
 * @param elems tree of arrays with one size on `axis`
 * @returns the tree of prefixes: element k combines elements 0..k (k..n-1 with `reverse`)
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const sums = lax.associativeScan((a, b) => a.add(b), np.arange(5));
 * if (String(sums) !== "[ 0  1  3  6 10]") throw new Error();
 * ```
 */
export function associativeScan(
  fn: (a: any, b: any) => any,
  elems: unknown,
  ...given: readonly (AssociativeScanOptions | boolean | number)[]
): any {
  checkCallable(fn, "lax.associativeScan");
  const { reverse = false, axis = 0 } = keywords(
    "associative_scan",
    ["reverse", "axis"],
    given,
  ) as AssociativeScanOptions;
  const { arrays, treedef } = flattenArrays(elems, invalidArgument("associative_scan"));
  if (arrays.length === 0) return elems;
  const at = arrays.map((x) => {
    const a = axis < 0 ? axis + x.ndim : axis;
    if (a < 0 || a >= x.ndim) {
      throw new ValueError(`axis ${axis} is out of bounds for array of dimension ${x.ndim}`);
    }
    return a;
  });
  const size = arrays[0]!.shape[at[0]!]!;
  if (arrays.some((x, i) => x.shape[at[i]!] !== size)) {
    throw new ValueError(
      `Array inputs to associative_scan must have the same first dimension. (saw: [${
        arrays.map((x) => tuple(x.shape)).join(", ")
      }])`,
    );
  }
  const combine = (a: readonly JaxArray[], b: readonly JaxArray[]): JaxArray[] =>
    flattenArrays(fn(unflatten(treedef, a), unflatten(treedef, b)), invalidArgument("associative_scan"))
      .arrays;
  const take = (xs: readonly JaxArray[], start: number, stop: number, stride = 1): JaxArray[] =>
    xs.map((x, i) => raw.sliceInDim(x, start, stop, at[i]!, stride));

  const scan = (xs: readonly JaxArray[]): JaxArray[] => {
    const n = xs[0]!.shape[at[0]!]!;
    if (n < 2) return [...xs];
    // Pairs are combined, their prefixes found, and the odd prefixes fill in the even ones.
    const reduced = combine(take(xs, 0, n - 1, 2), take(xs, 1, n, 2));
    const odd = scan(reduced);
    const even = n % 2 === 0
      ? combine(take(odd, 0, odd[0]!.shape[at[0]!]! - 1), take(xs, 2, n, 2))
      : combine(odd, take(xs, 2, n, 2));
    const whole = even.map((e, i) => raw.concatenate([raw.sliceInDim(xs[i]!, 0, 1, at[i]!), e], at[i]!));
    return whole.map((e, i) => interleave(e, odd[i]!, at[i]!));
  };
  const input = reverse ? arrays.map((x, i) => raw.rev(x, [at[i]!])) : arrays;
  const outs = scan(input);
  return unflatten(treedef, reverse ? outs.map((x, i) => raw.rev(x, [at[i]!])) : outs);
}

/** a[0], b[0], a[1], b[1], ... along an axis; a has as many elements as b or one more. */
function interleave(a: JaxArray, b: JaxArray, axis: number): JaxArray {
  const n = a.shape[axis]!, m = b.shape[axis]!;
  const zero = raw.scalar(a.dtype.kind === "bool" ? false : 0, a.dtype);
  const config = (low: number, high: number): [number, number, number][] =>
    a.shape.map((_, i) => i === axis ? [low, high, 1] : [0, 0, 0]);
  const left = raw.pad(a, zero, config(0, n === m ? 1 : 0));
  const right = raw.pad(b, zero, config(1, n === m ? 0 : 1));
  return a.dtype.kind === "bool" ? raw.or(left, right) : raw.add(left, right);
}
