/**
 * Interpolation in images of any number of dimensions, as in `jax.scipy.ndimage`.
 *
 * @module
 */
import {
  type ArrayLike,
  int32,
  isInteger,
  JaxArray,
  keywords,
  NotImplementedError,
  ValueError,
} from "../../core/mod.ts";
import { round } from "../../lax/mod.ts";
import { toArrays } from "../../numpy/convert.ts";
import * as np from "../../numpy/mod.ts";

/** What is beyond the edges: `cval`, the nearest element, a period, or reflections about elements or edges. */
export type BoundaryMode = "constant" | "nearest" | "wrap" | "mirror" | "reflect";

/** A triangular wave: index 0 to n - 1 and back. */
function mirrored(index: JaxArray, size: number): JaxArray {
  const half = size - 1;
  return np.abs(np.subtract(np.mod(np.add(index, half), 2 * half), half));
}

/** From any index to one within the array. */
const fixers: Record<BoundaryMode, (index: JaxArray, size: number) => JaxArray> = {
  constant: (index) => index,
  nearest: (index, size) => np.clip(index, 0, size - 1),
  wrap: (index, size) => np.mod(index, size),
  mirror: mirrored,
  reflect: (index, size) =>
    np.floorDivide(np.subtract(mirrored(np.add(np.multiply(index, 2), 1), 2 * size + 1), 1), 2),
};

/** A neighbour along one axis: its index, whether it is inside (null: surely), its weight. */
interface Neighbour {
  readonly index: JaxArray;
  readonly valid: JaxArray | null;
  readonly weight: JaxArray | null;
}

/** To the nearest integer, halves away from zero. */
function rounded(x: JaxArray): JaxArray {
  return isInteger(x.dtype) ? x : round(x);
}

function neighbours(x: JaxArray, size: number, order: number, mode: BoundaryMode): Neighbour[] {
  const lower = order === 0 ? rounded(x) : np.floor(x);
  const upperWeight = order === 0 ? null : np.subtract(x, lower);
  const first = lower.astype(int32);
  const nodes: [JaxArray, JaxArray | null][] = upperWeight === null
    ? [[first, null]]
    : [[first, np.subtract(1, upperWeight)], [np.add(first, 1), upperWeight]];
  return nodes.map(([index, weight]) => ({
    index: fixers[mode](index, size),
    valid: mode === "constant" ? np.logicalAnd(np.greaterEqual(index, 0), np.less(index, size)) : null,
    weight,
  }));
}

/** Options of {@linkcode mapCoordinates}. */
export interface MapCoordinatesOptions {
  /** What is beyond the edges ("constant"). */
  readonly mode?: BoundaryMode;
  /** The value beyond the edges of mode "constant" (0). */
  readonly cval?: ArrayLike;
}

/**
 * The elements of an array at fractional coordinates: the nearest ones (order 0) or multilinear interpolation (order 1).
 *
 * @param input Array of numbers.
 * @param coordinates For each axis of `input` an array of coordinates, all of one shape.
 * @param order 0 or 1.
 * @param rest mode ("constant", "nearest", "wrap", "mirror" or "reflect"), cval (0)
 * @returns An array of the dtype of `input` and the shape of the coordinates.
 * @throws {ValueError} When there is not one array of coordinates for each axis.
 * @throws {NotImplementedError} For other orders and modes.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const y = scipy.ndimage.mapCoordinates(np.array([1, 3]), [np.array([0.5])], 1);
 * if (String(y) !== "[2.]") throw new Error();
 * ```
 */
export function mapCoordinates(
  input: ArrayLike,
  coordinates: Iterable<ArrayLike>,
  order: number | JaxArray,
  ...rest: [mode?: BoundaryMode | MapCoordinatesOptions, cval?: ArrayLike | MapCoordinatesOptions]
): JaxArray {
  const { mode = "constant", cval = 0 } = keywords("map_coordinates", ["mode", "cval"], rest);
  const [x] = toArrays("map_coordinates", input) as [JaxArray];
  const points = Array.from(coordinates, (c) => np.asarray(c));
  if (points.length !== x.ndim) {
    throw new ValueError(
      `coordinates must be a sequence of length input.ndim, but ${points.length} != ${x.ndim}`,
    );
  }
  if (!Object.hasOwn(fixers, String(mode))) {
    throw new NotImplementedError(
      `jax.scipy.ndimage.map_coordinates does not yet support mode ${mode}. Currently supported modes are {${
        Object.keys(fixers).map((name) => `'${name}'`).join(", ")
      }}.`,
    );
  }
  const degree = order instanceof JaxArray ? Number(order.item()) : order;
  if (degree !== 0 && degree !== 1) {
    throw new NotImplementedError("jax.scipy.ndimage.map_coordinates currently requires order<=1");
  }
  const outside = np.asarray(cval as ArrayLike).astype(x.dtype);
  let corners: Neighbour[][] = [[]];
  points.forEach((point, axis) => {
    const along = neighbours(point, x.shape[axis]!, degree, mode as BoundaryMode);
    corners = corners.flatMap((corner) => along.map((neighbour) => [...corner, neighbour]));
  });
  const terms = corners.map((corner) => {
    let term = x.get(...corner.map(({ index }) => index));
    const valid = corner.flatMap((n) => n.valid === null ? [] : [n.valid]);
    if (valid.length) term = np.where(valid.reduce((a, b) => np.logicalAnd(a, b)), term, outside);
    const weights = corner.flatMap((n) => n.weight === null ? [] : [n.weight]);
    return weights.length ? np.multiply(weights.reduce((a, b) => np.multiply(a, b)), term) : term;
  });
  const sum = terms.reduce((a, b) => np.add(a, b));
  return (isInteger(x.dtype) ? rounded(sum) : sum).astype(x.dtype);
}
