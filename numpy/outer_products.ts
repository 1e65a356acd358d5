/**
 * Products of all elements with all, and of vectors of three elements: outer, Kronecker and cross products.
 *
 * @module
 */
import { type JaxArray, keywords, raw, staticInteger, ValueError } from "../core/mod.ts";
import { flat, refuseOut } from "./_arguments.ts";
import { moveOne, range } from "./axes.ts";
import { type ArrayLike, promoteDTypes, toArrays } from "./convert.ts";
import { staged } from "./_staged.ts";

/**
 * All products of an element of one flattened array and one of another.
 *
 * @returns an array of shape `[a.size, b.size]` of the common dtype
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.outer(np.arange(3), np.arange(2))) !== "[[0 0]\n [0 1]\n [0 2]]") throw new Error();
 * ```
 */
export function outer(
  a: ArrayLike,
  b: ArrayLike,
  ...rest: [out?: null | { readonly out?: null }]
): JaxArray {
  refuseOut(keywords("outer", ["out"], rest).out, "outer");
  const [x, y] = promoteDTypes("outer", toArrays("outer", a, b));
  return outerCall([x!, y!]);
}

const outerCall = staged(
  "outer",
  ([x, y]: [JaxArray, JaxArray]) => raw.mul(raw.expandDims(flat(x), [1]), raw.expandDims(flat(y), [0])),
  { inline: true },
);

const kronCall = staged("kron", ([a, b]: [JaxArray, JaxArray]) => {
  const [x, y] = promoteDTypes("kron", [a, b]), n = Math.max(a.ndim, b.ndim);
  const left = raw.expandDims(x!, range(n - x!.ndim)), right = raw.expandDims(y!, range(n - y!.ndim));
  const products = raw.mul(
    raw.expandDims(left, range(n).map((i) => 2 * i + 1)),
    raw.expandDims(right, range(n).map((i) => 2 * i)),
  );
  return raw.reshape(products, left.shape.map((m, i) => m * right.shape[i]!));
});

/**
 * The Kronecker product: each element of `a` times the whole of `b`.
 *
 * @returns an array whose sizes are the products of the operands' sizes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.kron(np.arange(1, 3), np.arange(2))) !== "[0 1 0 2]") throw new Error();
 * ```
 */
export function kron(a: ArrayLike, b: ArrayLike): JaxArray {
  return kronCall(toArrays("kron", a, b) as [JaxArray, JaxArray]);
}

const crossCall = staged("cross", (
  [a, b]: [JaxArray, JaxArray],
  axisa: number,
  axisb: number,
  axisc: number,
) => {
  const promoted = promoteDTypes("cross", [a, b]);
  const x = moveOne(promoted[0]!, axisa, -1), y = moveOne(promoted[1]!, axisb, -1);
  const m = x.shape.at(-1)!, n = y.shape.at(-1)!;
  if (![2, 3].includes(m) || ![2, 3].includes(n)) {
    throw new ValueError("Dimension must be either 2 or 3 for cross product");
  }
  const components = (z: JaxArray): JaxArray[] =>
    range(z.shape.at(-1)!).map((i) => {
      const starts = [...z.shape.slice(0, -1).map(() => 0), i], axis = z.ndim - 1;
      return raw.squeeze(raw.slice(z, starts, z.shape.with(axis, i + 1)), [axis]);
    });
  const rank = Math.max(x.ndim, y.ndim) - 1;
  const [p, q] = [x, y].map((z) => components(z).map((c) => raw.expandDims(c, range(rank - c.ndim))));
  for (const c of [p!, q!]) if (m !== n && c.length === 2) c.push(raw.fullLike(c[0]!, 0));
  const minor = (i: number, j: number): JaxArray => raw.sub(raw.mul(p![i]!, q![j]!), raw.mul(p![j]!, q![i]!));
  if (m === 2 && n === 2) return minor(0, 1);
  const parts = [minor(1, 2), minor(2, 0), minor(0, 1)].map((c) => raw.expandDims(c, [0]));
  return moveOne(raw.concatenate(parts, 0), 0, axisc);
});

/** Options of {@linkcode cross}. */
export interface CrossOptions {
  /** The axis of the vectors of `a`, default −1. */
  readonly axisa?: number;
  /** The axis of the vectors of `b`, default −1. */
  readonly axisb?: number;
  /** The axis of the vectors of the result, default −1. */
  readonly axisc?: number;
  /** One axis for all three. */
  readonly axis?: number | null;
}

/**
 * Cross products of vectors of 2 or 3 elements; of two vectors of 2 elements the third component alone.
 *
 * @throws {ValueError} for vectors of other sizes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.cross(np.array([1, 0, 0]), np.array([0, 1, 0]))) !== "[0. 0. 1.]") throw new Error();
 * ```
 */
export function cross(
  a: ArrayLike,
  b: ArrayLike,
  ...rest: [axisa?: number | CrossOptions, axisb?: number | CrossOptions, ...number[]]
): JaxArray {
  const { axisa = -1, axisb = -1, axisc = -1, axis } = keywords(
    "cross",
    ["axisa", "axisb", "axisc", "axis"],
    rest,
  );
  const [x, y] = toArrays("cross", a, b) as [JaxArray, JaxArray];
  const one = axis === undefined || axis === null ? null : staticInteger(axis, "axis");
  const at = (own: unknown, name: string): number => one ?? staticInteger(own, name);
  return crossCall([x, y], at(axisa, "axisa"), at(axisb, "axisb"), at(axisc, "axisc"));
}
