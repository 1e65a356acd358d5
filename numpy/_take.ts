/**
 * Taking slices of an array along an axis.
 *
 * @module
 */
import { IndexError, int32, type JaxArray, NotImplementedError, raw, ValueError } from "../core/mod.ts";
import { gather } from "../lax/mod.ts";
import { range } from "./axes.ts";
import { floorMod } from "./_modulo.ts";
import { staged, type StagedFunction } from "./_staged.ts";
import { where } from "./_where.ts";

/** How to take. */
export interface TakeStatics {
  readonly axis: number;
  readonly mode: string | null;
  readonly uniqueIndices: boolean;
  readonly indicesAreSorted: boolean;
  readonly fillValue: unknown;
}

/** Slices of an array along an axis at indices. */
export const takeCall: StagedFunction<[JaxArray, JaxArray], [TakeStatics]> = staged(
  "_take",
  ([x, indices]: [JaxArray, JaxArray], options: TakeStatics) => {
    const { axis, mode } = options, size = x.shape[axis]!;
    let index = indices.dtype.kind === "bool" ? raw.convert(indices, int32) : indices;
    let gatherMode: "fill" | "clip" | "promise_in_bounds";
    switch (mode) {
      case null:
      case "fill":
        gatherMode = "fill";
        if (index.dtype.kind === "int") index = where(raw.lt(index, 0), raw.add(index, size), index);
        break;
      case "clip":
        gatherMode = "clip";
        break;
      case "wrap":
        gatherMode = "promise_in_bounds";
        if (size > 0) index = floorMod(index, size);
        break;
      case "raise":
        throw new NotImplementedError("The 'raise' mode to jnp.take is not supported.");
      default:
        throw new ValueError(`Invalid mode '${mode}' for np.take`);
    }
    if (size === 0) {
      if (index.size !== 0) throw new IndexError("Cannot do a non-empty jnp.take() from an empty axis.");
    }
    if (index.size === 0) {
      return raw.full([...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)], 0, x.dtype);
    }
    return gather(
      x,
      raw.expandDims(index, [index.ndim]),
      {
        offsetDims: [...range(axis), ...range(x.ndim - 1 - axis).map((i) => axis + index.ndim + i)],
        collapsedSliceDims: [axis],
        startIndexMap: [axis],
        operandBatchingDims: [],
        startIndicesBatchingDims: [],
      },
      x.shape.map((n, i) => i === axis ? 1 : n),
      {
        mode: gatherMode,
        fillValue: options.fillValue,
        indicesAreSorted: options.indicesAreSorted,
        uniqueIndices: options.uniqueIndices,
      },
    );
  },
);

/** Slices of an array along an axis at indices that the caller knows to be within bounds. */
export function takeAlong(x: JaxArray, indices: JaxArray, axis: number): JaxArray {
  return takeCall([x, indices], {
    axis,
    mode: null,
    uniqueIndices: false,
    indicesAreSorted: false,
    fillValue: null,
  });
}

/** JAX's error for functions that NumPy has in place. */
export function refuseInPlace(name: string, inplace: unknown): void {
  if (inplace === false) return;
  throw new ValueError(
    `jax.numpy.${name} cannot modify arrays in-place, because JAX arrays are immutable. ` +
      "Pass { inplace: false } to instead return an updated array.",
  );
}
