/**
 * NumPy's broadcasting of shapes and arrays.
 *
 * @module
 */
import type { JaxArray } from "./array.ts";
import { sameShape, shaped, tuple } from "./avals.ts";
import { ValueError } from "./errors.ts";
import * as raw from "./raw.ts";

/**
 * The shape that arrays of these shapes broadcast to.
 *
 * @throws {ValueError} when they do not fit together
 */
export function broadcastShapes(shapes: readonly (readonly number[])[]): number[] {
  const ndim = Math.max(0, ...shapes.map((s) => s.length));
  return Array.from({ length: ndim }, (_, axis) => {
    let n = 1;
    for (const shape of shapes) {
      const size = shape[axis - ndim + shape.length] ?? 1;
      if (size === 1 || size === n) continue;
      if (n !== 1) {
        throw new ValueError(
          `Incompatible shapes for broadcasting: shapes=[${shapes.map((s) => tuple(s)).join(", ")}]`,
        );
      }
      n = size;
    }
    return n;
  });
}

/**
 * An array spread to a shape.
 *
 * @throws {ValueError} when the shape has fewer axes, or sizes that do not fit
 */
export function broadcastTo(x: JaxArray, shape: readonly number[]): JaxArray {
  if (sameShape(x.shape, shape)) return x;
  const lead = shape.length - x.ndim;
  if (lead < 0) {
    throw new ValueError(
      `Cannot broadcast to shape with fewer dimensions: arr_shape=${tuple(x.shape)} shape=${tuple(shape)}`,
    );
  }
  if (x.shape.some((n, i) => n !== 1 && n !== shape[lead + i])) {
    throw new ValueError(
      `Incompatible types for broadcasting: input type=${x.aval} and requested type=${
        shaped(shape, x.dtype)
      }`,
    );
  }
  return raw.broadcastInDim(x, shape, x.shape.map((_, i) => lead + i));
}

/** Arrays spread to the shape they broadcast to. */
export function broadcastArrays(xs: readonly JaxArray[]): JaxArray[] {
  const shape = broadcastShapes(xs.map((x) => x.shape));
  return xs.map((x) => broadcastTo(x, shape));
}
