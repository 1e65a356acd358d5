/**
 * Sorting of several arrays by the first ones.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { sameShape, tuple } from "../avals.ts";
import { moveAxis, spread } from "../batching.ts";
import { uint32 } from "../dtypes.ts";
import { type Primitive, type Tangent, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind } from "../trace.ts";
import { realOf } from "./_combinators.ts";
import { range } from "./_shapes.ts";
import { buildSort } from "./_sort_kernel.ts";
import { keysOf } from "./_sort_keys.ts";
import { networkOrder, wantsNetwork } from "./_sort_network.ts";
import { gather } from "./gather.ts";

/** The axis, and how many of the operands are keys. Equal elements keep their order whether or not `isStable` asks. */
export interface SortParams {
  readonly dimension: number;
  readonly isStable: boolean;
  readonly numKeys: number;
}

/** Along an axis, the elements of an array at given positions; other axes agree. */
export function takeAlong(x: JaxArray, positions: JaxArray, axis: number): JaxArray {
  const others = range(x.ndim).filter((i) => i !== axis);
  return gather(x, raw.expandDims(positions, [x.ndim]), {
    dimensionNumbers: {
      offsetDims: [],
      collapsedSliceDims: [axis],
      startIndexMap: [axis],
      operandBatchingDims: others,
      startIndicesBatchingDims: others,
    },
    sliceSizes: x.shape.map(() => 1),
    mode: "promise_in_bounds",
    fillValue: null,
    indicesAreSorted: false,
    uniqueIndices: false,
  });
}

(P.sort as Primitive<SortParams>).define({
  abstractEval(avals) {
    if (avals.some((a) => !sameShape(a.shape, avals[0]!.shape))) {
      const shapes = avals.map((a) => tuple(a.shape)).join(" ");
      throw new TypeError(`Arguments to sort must have equal shapes, got: ${shapes}`);
    }
    return avals;
  },

  // Tangents follow their primals.
  jvp(primals, tangents, params) {
    const { dimension } = params;
    const outs = bind(P.sort, [...primals, raw.iota(uint32, primals[0]!.shape, dimension)], params);
    const positions = outs.at(-1)!;
    const moved = tangents.map((t): Tangent =>
      t instanceof Zero ? t : takeAlong(t as JaxArray, positions, dimension)
    );
    return [outs.slice(0, -1), moved];
  },

  transpose: "nonlinear",

  batch(axis, args, dims, params) {
    const dim = dims.find((d) => d !== null)!;
    const placed = args.map((x, i) =>
      dims[i] === null ? spread(x, axis.size, dim) : moveAxis(x, dims[i]!, dim)
    );
    const dimension = params.dimension + (dim <= params.dimension ? 1 : 0);
    return [bind(P.sort, placed, { ...params, dimension }), args.map(() => dim)];
  },

  lower: {
    kind: "routine",
    build(k, inputs, outputs, { dimension, numKeys }) {
      const keys = inputs.slice(0, numKeys).flatMap((x) => keysOf(x, realOf(x.aval.dtype), false));
      buildSort(k, inputs, outputs, keys, dimension);
    },
    forThreads(avals, { dimension, numKeys }) {
      if (!wantsNetwork(avals, dimension, numKeys)) return null;
      return (args) => {
        const order = networkOrder(args.slice(0, numKeys), dimension);
        return args.map((x) => takeAlong(x, order, dimension));
      };
    },
  },
});
