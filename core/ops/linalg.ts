/**
 * What linear algebra primitives have in common: leading batch axes, checks, and matrix functions for rules.
 *
 * @module
 */
import type { Lowering } from "../../kernel/lowering.ts";
import type { JaxArray } from "../array.ts";
import { shaped, type ShapedArray, tuple } from "../avals.ts";
import { toFront } from "../batching.ts";
import { bool_, type DType, int32 } from "../dtypes.ts";
import { NotImplementedError } from "../errors.ts";
import type { BatchRule, Params, Primitive, Rules } from "../primitive.ts";
import { Zero } from "../primitive.ts";
import * as raw from "../raw.ts";
import { bind } from "../trace.ts";
import { type Accepts, checkAccepts, checkSameDType, inexact, realOf } from "./_combinators.ts";
import { range } from "./_shapes.ts";
import { gather } from "./gather.ts";

/** What a linear algebra primitive says of itself. */
export interface Linalg<P> {
  /** How many last axes of each operand are the matrix or vector; those before them are batch axes. */
  readonly ranks: readonly number[];
  readonly accepts?: readonly Accepts[];
  /** Shapes of the results for one matrix; checks the operands. */
  readonly results: (shapes: readonly (readonly number[])[], params: P) => readonly (readonly number[])[];
  /** Dtypes of the results; default: all are the first operand's. */
  readonly dtypes?: (dtype: DType, params: P) => readonly DType[];
  readonly jvp: Rules<P>["jvp"];
  readonly transpose?: Rules<P>["transpose"];
  readonly batch?: Rules<P>["batch"];
  readonly lower: Lowering<P>;
  /** Operands may have different dtypes. */
  readonly mixed?: boolean;
  readonly unbatched?: boolean;
  readonly printParams?: Rules<P>["printParams"];
}

/** The batching rule of a primitive with leading batch axes: the mapped axis becomes the first of them. */
function leadingBatch(primitive: Primitive): BatchRule<Params> {
  return (axis, args, dims, params) => {
    const outs = bind(primitive, args.map((x, i) => toFront(x, dims[i]!, axis.size)), params);
    return [outs, outs.map(() => 0)];
  };
}

/** Defines a linear algebra primitive. */
export function defineLinalg<P>(primitive: Primitive<P>, spec: Linalg<P>): void {
  const { name } = primitive, { ranks } = spec;
  const check = (avals: readonly ShapedArray[]): readonly number[] => {
    avals.forEach(({ dtype }, i) => {
      checkAccepts(name, dtype, spec.accepts?.[i] ?? inexact, avals.length === 1 ? null : i);
      if (dtype.kind === "float" && dtype.bits < 32) {
        throw new NotImplementedError(
          `${name}: unsupported dtype ${dtype.name}: convert to float32 first, with x.astype("float32")`,
        );
      }
    });
    if (!spec.mixed) checkSameDType(name, avals);
    avals.forEach(({ shape }, i) => {
      const rank = ranks[i]!;
      if (shape.length < rank) {
        throw new TypeError(
          `Input ${i} to ${name} must have rank at least ${rank}, but got shape=${tuple(shape)}`,
        );
      }
      if (spec.unbatched && shape.length !== rank) {
        throw new TypeError(
          `Input ${i} to ${name} must have a rank of exactly ${rank}, but got shape=${tuple(shape)}`,
        );
      }
    });
    const batches = avals.map(({ shape }, i) => shape.slice(0, shape.length - ranks[i]!));
    if (batches.some((b) => b.length !== batches[0]!.length)) {
      throw new TypeError(
        `All inputs to ${name} must have the same number of batch dimensions, but got [${
          batches.map((b) => b.length).join(", ")
        }] batch dimensions for the inputs.`,
      );
    }
    if (batches.some((b) => b.some((n, i) => n !== batches[0]![i]))) {
      throw new TypeError(
        `All inputs to ${name} must have the same batch dimensions, but got ${
          batches.map(tuple).join(", ")
        } for the inputs.`,
      );
    }
    return batches[0]!;
  };
  primitive.define({
    abstractEval(avals, params) {
      const batch = check(avals);
      const shapes = spec.results(avals.map(({ shape }, i) => shape.slice(shape.length - ranks[i]!)), params);
      const { dtype } = avals[0]!, dtypes = spec.dtypes?.(dtype, params) ?? shapes.map(() => dtype);
      const weak = avals.every((a) => a.weakType);
      return shapes.map((shape, i) => shaped([...batch, ...shape], dtypes[i]!, weak && dtypes[i] === dtype));
    },
    jvp: spec.jvp,
    transpose: spec.transpose ?? "nonlinear",
    batch: spec.batch ?? leadingBatch(primitive as Primitive) as BatchRule<P>,
    lower: spec.lower,
    ...(spec.printParams ? { printParams: spec.printParams } : {}),
  });
}

/** The zero tangent of a result that does not depend smoothly on operands. */
export function noTangent(x: JaxArray): Zero {
  return new Zero(x.aval.tangent());
}

/** The matrix with rows and columns exchanged, over leading axes. */
export function transposeMatrix(x: JaxArray): JaxArray {
  const n = x.ndim;
  return raw.transpose(x, [...range(n - 2), n - 1, n - 2]);
}

/** Complex conjugate; of real arrays, themselves. */
export function conjugate(x: JaxArray): JaxArray {
  return x.dtype.kind === "complex" ? raw.conj(x) : x;
}

/** Conjugate transpose of matrices. */
export function adjoint(x: JaxArray): JaxArray {
  return conjugate(transposeMatrix(x));
}

/** Products of matrices over equal leading axes. */
export function matmul(x: JaxArray, y: JaxArray): JaxArray {
  const batch = range(x.ndim - 2);
  return raw.dotGeneral(x, y, { contract: [[x.ndim - 1], [y.ndim - 2]], batch: [batch, batch] });
}

/** The identity matrix, for each leading index. */
export function identity(
  [rows, columns]: readonly [number, number],
  dtype: DType,
  batch: readonly number[] = [],
): JaxArray {
  const shape = [rows, columns];
  const eye = raw.convert(raw.eq(raw.iota(int32, shape, 0), raw.iota(int32, shape, 1)), dtype);
  const b = batch.length;
  return b === 0 ? eye : raw.broadcastInDim(eye, [...batch, ...shape], [b, b + 1]);
}

/** Where column − row ≤ `diagonal`. */
function lowerMask(x: JaxArray, diagonal: number): JaxArray {
  const n = x.ndim, shape = x.shape.slice(-2);
  const last = raw.add(raw.iota(int32, shape, 0), diagonal), mask = raw.ge(last, raw.iota(int32, shape, 1));
  return n === 2 ? mask : raw.broadcastInDim(mask, x.shape, [n - 2, n - 1]);
}

/** Elements on and below a diagonal, zero above it. */
export function lowerTriangle(x: JaxArray, diagonal = 0): JaxArray {
  return raw.selectN(lowerMask(x, diagonal), raw.fullLike(x, 0), x);
}

/** Elements on and above a diagonal, zero below it. */
export function upperTriangle(x: JaxArray, diagonal = 0): JaxArray {
  return raw.selectN(lowerMask(x, diagonal - 1), x, raw.fullLike(x, 0));
}

/** Half of the sum of a matrix and its adjoint. */
export function symmetrize(x: JaxArray): JaxArray {
  return raw.div(raw.add(x, adjoint(x)), 2);
}

/** The main diagonals of matrices, as vectors. */
export function diagonalOf(x: JaxArray): JaxArray {
  const n = x.ndim, [rows, columns] = x.shape.slice(-2) as [number, number];
  const size = Math.min(rows, columns);
  const square = raw.slice(x, x.shape.map(() => 0), [...x.shape.slice(0, -2), size, size]);
  const eye = identity([size, size], bool_, x.shape.slice(0, -2));
  return raw.reduceSum(raw.selectN(eye, raw.fullLike(square, 0), square), [n - 2]);
}

/** Vectors as columns (axis −1) or rows (axis −2) of matrices with as many of the others. */
export function along(v: JaxArray, axis: -1 | -2, shape: readonly number[]): JaxArray {
  const n = shape.length, kept = axis === -1 ? n - 1 : n - 2;
  return raw.broadcastInDim(v, shape, [...range(n - 2), kept]);
}

/** Some columns of matrices. */
export function columnsOf(x: JaxArray, lo: number, hi: number): JaxArray {
  return raw.sliceInDim(x, lo, hi, x.ndim - 1);
}

/** Some rows of matrices. */
export function rowsOf(x: JaxArray, lo: number, hi: number): JaxArray {
  return raw.sliceInDim(x, lo, hi, x.ndim - 2);
}

/** Conversion of a real array to the dtype of another that may be complex. */
export function asDTypeOf(x: JaxArray, model: JaxArray): JaxArray {
  return raw.convert(x, model.dtype);
}

/** The dtype of absolute values. */
export const realDTypeOf: (dtype: DType) => DType = realOf;

/** Rows of matrices at given positions, over equal leading axes. */
export function takeRows(x: JaxArray, positions: JaxArray): JaxArray {
  const n = x.ndim - 2, batch = range(n);
  if (x.size === 0) return x;
  return gather(x, raw.expandDims(positions, [n + 1]), {
    dimensionNumbers: {
      offsetDims: [n + 1],
      collapsedSliceDims: [n],
      startIndexMap: [n],
      operandBatchingDims: batch,
      startIndicesBatchingDims: batch,
    },
    sliceSizes: [...batch.map(() => 1), 1, x.shape[n + 1]!],
    mode: "promise_in_bounds",
    fillValue: null,
    indicesAreSorted: false,
    uniqueIndices: true,
  });
}
