/**
 * Primitives that move the elements of one array: each element of the result is an element of the operand at an
 * index that the params alone determine.
 *
 * @module
 */
import { linearize } from "../../kernel/access.ts";
import { binary, index as constantIndex } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { ComputeContext } from "../../kernel/lowering.ts";
import { convertVal } from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { shaped, tuple } from "../avals.ts";
import { moveAxis } from "../batching.ts";
import { type DType, int32 } from "../dtypes.ts";
import { ValueError } from "../errors.ts";
import { type UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";
import { defineMovement } from "./_combinators.ts";
import { checkShapelike, inserted, inversePermutation, range, shifted } from "./_shapes.ts";

const zero = (): Expr => constantIndex(0);

/** Axis i of the operand becomes axis `broadcastDimensions[i]`; axes of size 1 stretch. */
export interface BroadcastInDimParams {
  readonly shape: readonly number[];
  readonly broadcastDimensions: readonly number[];
}

defineMovement<BroadcastInDimParams>(P.broadcast_in_dim, {
  shape(aval, { shape, broadcastDimensions }) {
    const name = "broadcast_in_dim", { ndim } = aval, dims = broadcastDimensions;
    checkShapelike(name, "shape", shape);
    checkShapelike(name, "broadcast_dimensions", dims);
    if (ndim !== dims.length) {
      throw new TypeError(
        `${name} broadcast_dimensions must have length equal to operand ndim; got broadcast_dimensions ` +
          `${tuple(dims)} for operand ndim ${ndim}.`,
      );
    }
    if (shape.length < ndim) {
      throw new TypeError(
        `${name} target broadcast shape must have equal or higher rank to the operand shape; got operand ndim ` +
          `${ndim} and target broadcast ndim ${shape.length}.`,
      );
    }
    if (dims.some((d) => d >= shape.length)) {
      throw new TypeError(
        `${name} broadcast_dimensions must be a subset of output dimensions, got ${
          tuple(dims)
        } for operand ndim ` +
          `${ndim} and shape ${tuple(shape)}.`,
      );
    }
    if (aval.shape.some((n, i) => n !== 1 && n !== shape[dims[i]!])) {
      throw new TypeError(
        `${name} operand dimension sizes must either be 1, or be equal to their corresponding dimensions in the ` +
          `target broadcast shape; got operand of shape ${tuple(aval.shape)}, target broadcast shape ` +
          `${tuple(shape)}, broadcast_dimensions ${tuple(dims)} `,
      );
    }
    if (new Set(dims).size !== dims.length) {
      throw new TypeError(
        `${name} broadcast_dimensions must not contain duplicates, got broadcast_dimensions ${tuple(dims)}`,
      );
    }
    return shape;
  },
  index: ({ inAvals, params }, index) =>
    inAvals[0]!.shape.map((n, i) => n === 1 ? zero() : index[params.broadcastDimensions[i]!]!),
  // Each element of the operand is spread over the new and stretched axes: its cotangent is their sum.
  transpose(ct, aval, { shape, broadcastDimensions }) {
    const unit = range(aval.ndim).filter((i) => aval.shape[i] === 1);
    const kept = broadcastDimensions.filter((_, i) => aval.shape[i] !== 1);
    return raw.expandDims(raw.reduceSum(ct, range(shape.length).filter((i) => !kept.includes(i))), unit);
  },
  batch: (x, dim, { shape, broadcastDimensions }) => [
    raw.broadcastInDim(moveAxis(x, dim, 0), [x.shape[dim]!, ...shape], [0, ...shifted(broadcastDimensions)]),
    0,
  ],
  printParams: ({ broadcastDimensions }): Record<string, unknown> =>
    broadcastDimensions.length ? { broadcast_dimensions: broadcastDimensions } : {},
});

/** The elements in row-major order, in a new shape. A permutation comes as a transpose before. */
export interface ReshapeParams {
  readonly newSizes: readonly number[];
}

P.reshape.define({
  abstractEval: ([aval], { newSizes }: ReshapeParams) => {
    if (newSizes.some((n) => n < 0)) {
      throw new TypeError(`reshape new_sizes must all be positive, got ${tuple(newSizes)}.`);
    }
    checkShapelike("reshape", "new_sizes", newSizes);
    const out = shaped(newSizes, aval!.dtype, aval!.weakType);
    if (out.size !== aval!.size) {
      throw new TypeError(
        `cannot reshape array of shape ${tuple(aval!.shape)} (size ${aval!.size}) into shape ${
          tuple(newSizes)
        } ` +
          `(size ${out.size})`,
      );
    }
    return [out];
  },
  jvp: (
    [x],
    [t],
    params: ReshapeParams,
  ) => [bind(P.reshape, [x!], params), bind(P.reshape, [t as JaxArray], params)],
  transpose: ([ct], [x]) => {
    const { aval } = x as UndefinedPrimal;
    return [ct instanceof Zero ? new Zero(aval.tangent()) : raw.reshape(ct!, aval.shape)];
  },
  batch: (_axis, [x], [dim], { newSizes }: ReshapeParams) => [
    [raw.reshape(moveAxis(x!, dim!, 0), [x!.shape[dim!]!, ...newSizes])],
    [0],
  ],
  lower: {
    kind: "pointwise",
    access: "movement",
    compute: ({ inputs, outAvals }, index) => [inputs[0]!.flat(linearize(index, outAvals[0]!.shape))],
    computeFlat: ({ inputs }, offset) => [inputs[0]!.flat(offset)],
  },
  printParams: ({ newSizes }) => ({ dimensions: null, new_sizes: newSizes, sharding: null }),
});

function isPermutation(list: readonly number[], n: number): boolean {
  return list.length === n && range(n).every((i) => list.includes(i));
}

/** Axis i of the result is axis `permutation[i]` of the operand. */
export interface TransposeParams {
  readonly permutation: readonly number[];
}

defineMovement<TransposeParams>(P.transpose, {
  shape(aval, { permutation }) {
    if (!isPermutation(permutation, aval.ndim)) {
      throw new TypeError(
        `transpose permutation isn't a permutation of operand dimensions, got permutation ${
          tuple(permutation)
        } for operand shape ${tuple(aval.shape)}.`,
      );
    }
    return permutation.map((p) => aval.shape[p]!);
  },
  index: ({ params }, index) => inversePermutation(params.permutation).map((i) => index[i]!),
  transpose: (ct, _aval, { permutation }) => raw.transpose(ct, inversePermutation(permutation)),
  batch: (x, dim, { permutation }) => [
    raw.transpose(x, [dim, ...permutation.map((p) => p < dim ? p : p + 1)]),
    0,
  ],
});

/** Axes of size 1 to remove, sorted. */
export interface SqueezeParams {
  readonly dimensions: readonly number[];
}

defineMovement<SqueezeParams>(P.squeeze, {
  shape(aval, { dimensions }) {
    const { shape } = aval;
    if (new Set(dimensions).size !== dimensions.length) {
      throw new ValueError(`dimensions are not unique: ${tuple(dimensions)}`);
    }
    if (dimensions.some((d) => d < 0 || d >= shape.length)) {
      throw new ValueError(`dimensions outside range [0, ndim): ${tuple(dimensions)}`);
    }
    if (dimensions.some((d) => shape[d] !== 1)) {
      throw new ValueError(
        `cannot select an axis to squeeze out which has size not equal to one, got shape=${
          tuple(shape)
        } and ` +
          `dimensions=${tuple(dimensions)}`,
      );
    }
    return shape.filter((_, i) => !dimensions.includes(i));
  },
  index({ inAvals, params }, index) {
    let next = 0;
    return inAvals[0]!.shape.map((_, i) => params.dimensions.includes(i) ? zero() : index[next++]!);
  },
  rowMajor: true,
  transpose: (ct, _aval, { dimensions }) => raw.expandDims(ct, dimensions),
  batch: (x, dim, { dimensions }) => [raw.squeeze(moveAxis(x, dim, 0), shifted(dimensions)), 0],
});

/** Axes whose order of elements is reversed. */
export interface RevParams {
  readonly dimensions: readonly number[];
}

defineMovement<RevParams>(P.rev, {
  shape(aval, { dimensions }) {
    checkShapelike("rev", "dimensions", dimensions);
    if (new Set(dimensions).size !== dimensions.length) {
      throw new TypeError(`rev dimensions must be unique, got ${tuple(dimensions)}.`);
    }
    if (dimensions.some((d) => d >= aval.ndim)) {
      throw new TypeError(
        `rev dimensions must all be less than operand ndim, got dimensions ${
          tuple(dimensions)
        } for operand ndim ${aval.ndim}.`,
      );
    }
    return aval.shape;
  },
  index: ({ inAvals, params }, index) =>
    index.map((i, k) =>
      params.dimensions.includes(k) ? binary("sub", constantIndex(inAvals[0]!.shape[k]! - 1), i) : i
    ),
  transpose: (ct, _aval, { dimensions }) => raw.rev(ct, dimensions),
  batch: (x, dim, { dimensions }) => [raw.rev(x, dimensions.map((d) => d < dim ? d : d + 1)), dim],
});

/** How often each axis is repeated as a whole. */
export interface TileParams {
  readonly reps: readonly number[];
}

defineMovement<TileParams>(P.tile, {
  shape(aval, { reps }) {
    if (reps.length !== aval.ndim) {
      throw new TypeError(
        `reps length must be equal to the ndim of x, got len(reps)=${reps.length} and x.ndim=${aval.ndim}.`,
      );
    }
    checkShapelike("tile", "reps", reps);
    return aval.shape.map((n, i) => n * reps[i]!);
  },
  index: ({ inAvals, params }, index) =>
    inAvals[0]!.shape.map((n, i) => {
      if (n === 1) return zero();
      return params.reps[i] === 1 ? index[i]! : binary("rem", index[i]!, constantIndex(n));
    }),
  transpose(ct, aval, { reps }) {
    const split = raw.reshape(ct, aval.shape.flatMap((n, i) => [reps[i]!, n]));
    return raw.reduceSum(split, aval.shape.map((_, i) => 2 * i));
  },
  batch: (x, dim, { reps }) => [bind1(P.tile, [x], { reps: inserted(reps, dim, 1) }), dim],
});

/** Indices along one axis. */
export interface IotaParams {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly dimension: number;
}

P.iota.define({
  abstractEval: (_avals, { dtype, shape, dimension }: IotaParams) => {
    checkShapelike("iota", "shape", shape);
    if (dtype.num <= 0) {
      throw new TypeError(
        `iota does not accept dtype ${dtype.name}. Accepted dtypes are subtypes of integer, floating, complexfloating.`,
      );
    }
    if (!(dimension >= 0 && dimension < shape.length)) {
      throw new ValueError(
        `iota dimension must be between 0 and len(shape), got dimension=${dimension} for shape=${
          tuple(shape)
        }`,
      );
    }
    return [shaped(shape, dtype)];
  },
  jvp: "zero",
  transpose: "nonlinear",
  batch: (_axis, _args, _dims, params: IotaParams) => [bind(P.iota, [], params), [null]],
  lower: {
    kind: "pointwise",
    access: "movement",
    compute: ({ params: { dtype, dimension } }: ComputeContext<IotaParams>, index: readonly Expr[]) => [
      convertVal(dtype, int32, index[dimension]!),
    ],
  },
  printParams: ({ dtype, shape, dimension }: IotaParams) => ({ dimension, dtype, shape, sharding: null }),
});
