/**
 * Functions of `jax.numpy` between indices along axes and flat indices.
 *
 * @module
 */
import {
  canonicalShape,
  defaultInt,
  type DType,
  type DTypeLike,
  iinfo,
  isInteger,
  type JaxArray,
  keywords,
  raw,
  requestedDType,
  resultType,
  staticIntegers,
  toIndexArray,
  tuple,
  ValueError,
} from "../core/mod.ts";
import { integersOf, known } from "./_concrete.ts";
import { floorMod } from "./_modulo.ts";
import { where } from "./_where.ts";
import type { Indices } from "./take.ts";
import type { Shape } from "./shape.ts";

/**
 * The indices along each axis of flat indices; those out of bounds give the nearest element.
 *
 * @param indices integers; negative ones count from the end
 * @param shape the shape that they index
 * @returns one array of integers for each axis
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [rows, columns] = np.unravelIndex([1, 5], [2, 3]);
 * if (String(rows) !== "[0 1]" || String(columns) !== "[1 2]") throw new Error();
 * ```
 */
export function unravelIndex(
  indices: Indices,
  ...rest: [shape?: Shape | { readonly shape?: Shape }]
): JaxArray[] {
  const sizes = canonicalShape(keywords("unravel_index", ["shape"], rest).shape);
  let left = toIndexArray(indices);
  const along = sizes.toReversed().map((n) => {
    const index = floorMod(left, n);
    left = raw.div(raw.sub(left, index), n);
    return index;
  }).reverse();
  const above = raw.gt(left, 0), below = left.dtype.kind === "uint" ? null : raw.lt(left, -1);
  return along.map((index, i) => {
    const low = below === null ? index : where(below, raw.like(index, 0), index);
    return where(above, raw.like(index, sizes[i]! - 1), low);
  });
}

/** Options of {@linkcode ravelMultiIndex}. */
export interface RavelMultiIndexOptions {
  /** Out of bounds: `"raise"` (default), `"wrap"`, `"clip"`, or `"ignore"`. */
  readonly mode?: string;
  /** `"C"`: row-major (default); `"F"`: column-major. */
  readonly order?: string;
  /** An integer dtype, default that of the indices and the default int. */
  readonly dtype?: DTypeLike | null;
}

function resultDType(indices: readonly JaxArray[], dtype: unknown, dims: readonly number[]): DType {
  const wanted = dtype === undefined || dtype === null
    ? resultType([{ dtype: defaultInt(), weakType: true }, ...indices]).dtype
    : requestedDType(dtype as DTypeLike, "ravel_multi_index");
  if (!isInteger(wanted)) throw new ValueError(`dtype=${wanted.name} is not an integer type.`);
  const size = dims.reduce((a, b) => a * b, 1);
  if (size - 1 > Number(iinfo(wanted).max)) {
    throw new ValueError(
      `jnp.ravel_multi_index: dtype=${wanted.name} not large enough to hold flattened index for dims=${
        tuple(dims)
      }. ` +
        "Use the dtype argument to pass a suitable dtype.",
    );
  }
  return wanted;
}

/**
 * Flat indices from indices along each axis.
 *
 * @param multiIndex integers for each axis
 * @param dims the sizes of the axes
 * @throws {ValueError} for an index out of bounds (in mode `"raise"`)
 * @throws {ConcretizationTypeError} when an index is traced in mode `"raise"`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.ravelMultiIndex([[0, 1], [1, 2]], [2, 3])) !== "[1 5]") throw new Error();
 * ```
 */
export function ravelMultiIndex(
  multiIndex: readonly Indices[],
  ...rest: [
    dims?: readonly number[] | ({ readonly dims?: readonly number[] } & RavelMultiIndexOptions),
    mode?: string | RavelMultiIndexOptions,
    order?: string | RavelMultiIndexOptions,
    options?: RavelMultiIndexOptions,
  ]
): JaxArray {
  const given = keywords("ravel_multi_index", ["dims", "mode", "order"], rest, ["dtype"]);
  const { mode = "raise", order = "C" } = given;
  const dims = staticIntegers(given.dims, "dims");
  let indices = [...multiIndex].map(toIndexArray);
  if (indices.length !== dims.length) {
    throw new ValueError(`len(multi_index)=${indices.length} != len(dims)=${dims.length}`);
  }
  const dtype = resultDType(indices, given.dtype, dims);
  if (indices.some((index) => !isInteger(index.dtype))) throw new TypeError("only int indices permitted");
  switch (mode) {
    case "raise":
      indices.forEach((index, i) => {
        const values = integersOf(known(
          index,
          "The error occurred because ravel_multi_index was jit-compiled with mode='raise'. Use mode='wrap' or " +
            "mode='clip' instead.",
        ));
        if (values.some((v) => v < 0 || v >= dims[i]!)) {
          throw new ValueError("invalid entry in coordinates array");
        }
      });
      break;
    case "clip":
      indices = indices.map((index, i) => raw.min(raw.max(index, 0), dims[i]! - 1));
      break;
    case "wrap":
      indices = indices.map((index, i) => floorMod(index, dims[i]!));
      break;
    case "ignore":
      break;
    default:
      throw new ValueError(
        `invalid mode='${String(mode)}'. Expected 'raise', 'wrap', 'clip', or 'ignore'.`,
      );
  }
  if (order !== "C" && order !== "F") {
    throw new ValueError(`invalid order='${String(order)}'. Expected 'C' or 'F'`);
  }
  let stride = 1;
  const strides = (order === "F" ? dims : dims.toReversed()).map((n) => {
    const own = stride;
    stride *= n;
    return own;
  });
  if (order === "C") strides.reverse();
  const terms = indices.map((index, i) => raw.mul(raw.convert(index, dtype), strides[i]!));
  if (terms.length === 0) return raw.full([], 0, dtype);
  return terms.reduce((sum, term) => addBroadcast(sum, term));
}

function addBroadcast(x: JaxArray, y: JaxArray): JaxArray {
  const rank = Math.max(x.ndim, y.ndim);
  const lift = (z: JaxArray): JaxArray =>
    z.ndim === 0 ? z : raw.expandDims(z, Array.from({ length: rank - z.ndim }, (_, i) => i));
  return raw.add(lift(x), lift(y));
}
