/**
 * Grids of coordinates and indices.
 *
 * @module
 */
import {
  type ArrayLike,
  defaultFloat,
  defaultInt,
  type DTypeLike,
  isComplexScalar,
  type JaxArray,
  keywords,
  raw,
  staticIntegers,
  tuple,
  ValueError,
  vmap,
} from "../core/mod.ts";
import { toArrays } from "./convert.ts";
import { array, wantedDType } from "./arrays.ts";

/** Options of {@linkcode meshgrid}. */
export interface MeshgridOptions {
  /** `"xy"` (the default): the first two axes of the grid are exchanged; `"ij"`: in the order of the arguments. */
  readonly indexing?: "xy" | "ij";
  /** Leave axes of size 1 that broadcasting would stretch. */
  readonly sparse?: boolean;
  /** Only true. */
  readonly copy?: boolean;
}

/**
 * The coordinates of a grid: for each vector, an array of its numbers at every point.
 *
 * @param args One-dimensional arrays, then {@linkcode MeshgridOptions}.
 * @throws {ValueError} For arrays that are not one-dimensional.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [x, y] = np.meshgrid(np.arange(3), np.arange(2));
 * if (String(x) !== "[[0 1 2]\n [0 1 2]]" || String(y) !== "[[0 0 0]\n [1 1 1]]") throw new Error();
 * ```
 */
export function meshgrid(...args: (ArrayLike | MeshgridOptions)[]): JaxArray[] {
  const last = args.at(-1);
  const hasOptions = typeof last === "object" && last !== null &&
    Object.getPrototypeOf(last) === Object.prototype &&
    !isComplexScalar(last);
  const given = keywords("meshgrid", [], hasOptions ? [last] : [], ["indexing", "sparse", "copy"]);
  const { indexing = "xy", sparse = false, copy = true } = given;
  const axes = toArrays("meshgrid", ...(hasOptions ? args.slice(0, -1) : args));
  if (!copy) throw new ValueError("jax.numpy.meshgrid only supports copy=True");
  if (indexing !== "xy" && indexing !== "ij") {
    throw new ValueError(`Valid values for indexing are 'xy' and 'ij', got ${String(indexing)}`);
  }
  if (axes.some((a) => a.ndim !== 1)) {
    throw new ValueError(
      `Arguments to jax.numpy.meshgrid must be 1D, got shapes [${
        axes.map((a) => tuple(a.shape)).join(", ")
      }]`,
    );
  }
  const swap = (list: JaxArray[]): JaxArray[] =>
    indexing === "xy" && list.length >= 2 ? [list[1]!, list[0]!, ...list.slice(2)] : list;
  const ordered = swap(axes), sizes = ordered.map((a) => a.shape[0]!);
  return swap(
    ordered.map((a, i) => raw.broadcastInDim(a, sparse ? sizes.map((n, j) => j === i ? n : 1) : sizes, [i])),
  );
}

/** Options of {@linkcode indices}. */
export interface IndicesOptions {
  readonly dtype?: DTypeLike | null;
  /** One array for each axis, with size 1 on the others. */
  readonly sparse?: boolean;
}

/**
 * The indices of every element of a shape, along a new leading axis.
 *
 * @param dimensions The shape.
 * @param rest The dtype (int32), whether sparse, or {@linkcode IndicesOptions}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.indices([2, 2]).get(0)) !== "[[0 0]\n [1 1]]") throw new Error();
 * ```
 */
export function indices(
  dimensions: readonly number[],
  options: IndicesOptions & { readonly sparse: true },
): JaxArray[];
export function indices(
  dimensions: readonly number[],
  dtype?: DTypeLike | null | IndicesOptions,
  sparse?: boolean | IndicesOptions,
): JaxArray;
export function indices(dimensions: readonly number[], ...rest: unknown[]): JaxArray | JaxArray[] {
  const given = keywords("indices", ["dtype", "sparse"], rest);
  const dtype = wantedDType(given.dtype, "indices") ?? defaultInt();
  const sizes = staticIntegers(dimensions, "dimensions");
  const parts = sizes.map((n, i) =>
    raw.broadcastInDim(
      raw.iota(dtype, [n], 0),
      given.sparse ? sizes.map((m, j) => j === i ? m : 1) : sizes,
      [i],
    )
  );
  if (given.sparse) return parts;
  return parts.length ? raw.concatenate(parts.map((x) => raw.expandDims(x, [0])), 0) : array([], { dtype });
}

/**
 * A function of indices, applied to every index of a shape. It is mapped: it sees one index at a time.
 *
 * @param f From one scalar for each axis to an array.
 * @param shape The shape.
 * @param options `dtype`: of the indices (float32).
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fromfunction((i, j) => i.add(j), [2, 2], { dtype: np.int32 })) !== "[[0 1]\n [1 2]]") throw new Error();
 * ```
 */
export function fromfunction(
  f: (...index: JaxArray[]) => JaxArray,
  shape: readonly number[],
  options: { readonly dtype?: DTypeLike | null } = {},
): JaxArray {
  const { dtype = null } = keywords("fromfunction", [], [options], ["dtype"]);
  const sizes = staticIntegers(shape, "shape"), type = wantedDType(dtype, "fromfunction") ?? defaultFloat();
  let mapped = f;
  for (let i = 0; i < sizes.length; i++) {
    const inAxes = sizes.map((_, j) => j === sizes.length - 1 - i ? 0 : null);
    mapped = vmap(mapped, { inAxes });
  }
  return mapped(...sizes.map((n) => raw.iota(type, [n], 0)));
}
