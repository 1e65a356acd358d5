/**
 * Functions of `jax.numpy` for indices of diagonals and triangles.
 *
 * @module
 */
import { defaultInt, type JaxArray, keywords, raw, staticInteger, ValueError } from "../core/mod.ts";
import { integerArray } from "./_concrete.ts";
import { type ArrayLike, toArray } from "./convert.ts";
import { wantedDType } from "./arrays.ts";
import { nonzero } from "./nonzero.ts";
import type { NonzeroOptions } from "./selection.ts";

type KRest = [k?: number | { readonly k?: number }];

/**
 * The indices of the main diagonal of an array whose axes all have size n.
 *
 * @param n the size of the axes
 * @param ndim their number, default 2
 * @returns one array of integers for each axis
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.zeros([2, 2]).at(...np.diagIndices(2)).set(1);
 * if (String(x) !== "[[1. 0.]\n [0. 1.]]") throw new Error();
 * ```
 */
export function diagIndices(n: number, ...rest: [ndim?: number | { readonly ndim?: number }]): JaxArray[] {
  const { ndim = 2 } = keywords("diag_indices", ["ndim"], rest);
  const size = staticInteger(n, "'n' argument of jnp.diag_indices()");
  const axes = staticInteger(ndim, "'ndim' argument of jnp.diag_indices()");
  if (size < 0) throw new ValueError(`n argument to diag_indices must be nonnegative, got ${size}`);
  if (axes < 0) throw new ValueError(`ndim argument to diag_indices must be nonnegative, got ${axes}`);
  return new Array(axes).fill(raw.iota(defaultInt(), [size], 0));
}

/**
 * The indices of the main diagonal of an array.
 *
 * @throws {ValueError} for an array of fewer than two axes, or of axes that differ in size
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.diagIndicesFrom(np.ones([3, 3])).length !== 2) throw new Error();
 * ```
 */
export function diagIndicesFrom(arr: ArrayLike): JaxArray[] {
  const { shape, ndim } = toArray(arr, "diag_indices_from");
  if (ndim < 2) throw new ValueError("input array must be at least 2-d");
  if (shape.some((n) => n !== shape[0])) {
    throw new ValueError("All dimensions of input must be of equal length");
  }
  return diagIndices(shape[0]!, ndim);
}

/** Options of {@linkcode triuIndices}. */
export interface TriangleOptions {
  /** The diagonal that bounds the triangle, default 0. */
  readonly k?: number;
  /** The number of columns, default the number of rows. */
  readonly m?: number | null;
}

type TriangleRest = [k?: number | TriangleOptions, m?: number | null | TriangleOptions];

/** Row and column indices of the elements of an n × m matrix that `within` accepts, in row-major order. */
function triangleIndices(
  n: number,
  m: number,
  within: (i: number, j: number) => boolean,
): [rows: JaxArray, columns: JaxArray] {
  const rows: number[] = [], columns: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      if (!within(i, j)) continue;
      rows.push(i);
      columns.push(j);
    }
  }
  const array = (list: number[]): JaxArray => integerArray(list, [list.length], defaultInt());
  return [array(rows), array(columns)];
}

function triangle(name: string, n: unknown, rest: readonly unknown[]): { n: number; m: number; k: number } {
  const { k = 0, m } = keywords(name, ["k", "m"], rest);
  const size = staticInteger(n, `n argument of jnp.${name}`);
  return {
    n: size,
    m: m === undefined || m === null ? size : staticInteger(m, `m argument of jnp.${name}`),
    k: staticInteger(k, `k argument of jnp.${name}`),
  };
}

/**
 * Row and column indices of the upper triangle of an n × m matrix.
 *
 * @param n the number of rows
 * @param k the diagonal that it starts at, default 0
 * @param m the number of columns, default n
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [rows, columns] = np.triuIndices(2);
 * if (String(rows) !== "[0 0 1]" || String(columns) !== "[0 1 1]") throw new Error();
 * ```
 */
export function triuIndices(n: number, ...rest: TriangleRest): [rows: JaxArray, columns: JaxArray] {
  const t = triangle("triu_indices", n, rest);
  return triangleIndices(t.n, t.m, (i, j) => j - i >= t.k);
}

/**
 * Row and column indices of the lower triangle of an n × m matrix.
 *
 * @param n the number of rows
 * @param k the diagonal that it ends at, default 0
 * @param m the number of columns, default n
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [rows, columns] = np.trilIndices(2);
 * if (String(rows) !== "[0 1 1]" || String(columns) !== "[0 0 1]") throw new Error();
 * ```
 */
export function trilIndices(n: number, ...rest: TriangleRest): [rows: JaxArray, columns: JaxArray] {
  const t = triangle("tril_indices", n, rest);
  return triangleIndices(t.n, t.m, (i, j) => j - i <= t.k);
}

function matrixShape(name: string, arr: unknown): [number, number] {
  const shape = (arr as { readonly shape?: readonly number[] }).shape ?? toArray(arr, name).shape;
  if (shape.length !== 2) throw new ValueError("Only 2-D inputs are accepted");
  return [shape[0]!, shape[1]!];
}

/**
 * {@linkcode triuIndices} for the shape of a matrix.
 *
 * @throws {ValueError} for an array of another number of axes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.triuIndicesFrom(np.ones([2, 3]))[0].size !== 5) throw new Error();
 * ```
 */
export function triuIndicesFrom(
  arr: ArrayLike | { readonly shape: readonly number[] },
  ...rest: KRest
): [rows: JaxArray, columns: JaxArray] {
  const { k = 0 } = keywords("triu_indices_from", ["k"], rest),
    [n, m] = matrixShape("triu_indices_from", arr);
  return triuIndices(n, k as number, m);
}

/**
 * {@linkcode trilIndices} for the shape of a matrix.
 *
 * @throws {ValueError} for an array of another number of axes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.trilIndicesFrom(np.ones([2, 3]))[0].size !== 3) throw new Error();
 * ```
 */
export function trilIndicesFrom(
  arr: ArrayLike | { readonly shape: readonly number[] },
  ...rest: KRest
): [rows: JaxArray, columns: JaxArray] {
  const { k = 0 } = keywords("tril_indices_from", ["k"], rest),
    [n, m] = matrixShape("tril_indices_from", arr);
  return trilIndices(n, k as number, m);
}

/**
 * Indices where a function such as `triu` keeps elements of an n × n matrix of ones.
 *
 * @param maskFunc from a matrix and `k` to a matrix
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [rows] = np.maskIndices(2, np.triu);
 * if (String(rows) !== "[0 0 1]") throw new Error();
 * ```
 */
export function maskIndices(
  n: number,
  maskFunc: (x: JaxArray, k: number) => JaxArray,
  ...rest: [k?: number | ({ readonly k?: number } & NonzeroOptions), options?: Pick<NonzeroOptions, "size">]
): [rows: JaxArray, columns: JaxArray] {
  const { k = 0, size } = keywords("mask_indices", ["k"], rest, ["size"]), ones = eyeOnes(n);
  const options = size === undefined ? {} : { size: size as number | null };
  return nonzero(maskFunc(ones, k as number), options) as [JaxArray, JaxArray];
}

function eyeOnes(n: number): JaxArray {
  const size = staticInteger(n, "n");
  return raw.full([size, size], 1, wantedDType("float", "mask_indices")!);
}
