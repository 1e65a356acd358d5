/**
 * Matrices on the last two axes, as the functions of this folder use them among themselves.
 *
 * @module
 */
import { type DType, int32, isComplex, type JaxArray, raw } from "../../core/mod.ts";
import { range } from "../axes.ts";
import { takeAlongAxis } from "../take.ts";

/** The matrix with rows and columns exchanged. */
export function transposeMatrix(x: JaxArray): JaxArray {
  const n = x.ndim;
  return raw.transpose(x, [...range(n - 2), n - 1, n - 2]);
}

/** Conjugate transpose. */
export function adjoint(x: JaxArray): JaxArray {
  const transposed = transposeMatrix(x);
  return isComplex(x.dtype) ? raw.conj(transposed) : transposed;
}

/** Half of the sum of a matrix and its adjoint. */
export function symmetrize(x: JaxArray): JaxArray {
  return raw.div(raw.add(x, adjoint(x)), 2);
}

/** Products over equal leading axes. */
export function matmul(x: JaxArray, y: JaxArray): JaxArray {
  const batch = range(x.ndim - 2);
  return raw.dotGeneral(x, y, { contract: [[x.ndim - 1], [y.ndim - 2]], batch: [batch, batch] });
}

/** Where the row is the column, for each leading index. */
function diagonalMask(n: number, batch: readonly number[]): JaxArray {
  const mask = raw.eq(raw.iota(int32, [n, n], 0), raw.iota(int32, [n, n], 1)), b = batch.length;
  return b === 0 ? mask : raw.broadcastInDim(mask, [...batch, n, n], [b, b + 1]);
}

/** The identity matrix for each leading index. */
export function identity(n: number, dtype: DType, batch: readonly number[] = []): JaxArray {
  return raw.convert(diagonalMask(n, batch), dtype);
}

/** The lower triangle with the diagonal, zero above it. */
export function lowerTriangle(x: JaxArray): JaxArray {
  const n = x.ndim, shape = x.shape.slice(-2);
  const mask = raw.ge(raw.iota(int32, shape, 0), raw.iota(int32, shape, 1));
  return raw.selectN(
    n === 2 ? mask : raw.broadcastInDim(mask, x.shape, [n - 2, n - 1]),
    raw.fullLike(x, 0),
    x,
  );
}

/** The main diagonal of square matrices. */
export function diagonalOf(x: JaxArray): JaxArray {
  const masked = raw.selectN(diagonalMask(x.shape.at(-1)!, x.shape.slice(0, -2)), raw.fullLike(x, 0), x);
  return raw.reduceSum(masked, [x.ndim - 2]);
}

/** The sum of the main diagonal. */
export function traceOf(x: JaxArray): JaxArray {
  return raw.reduceSum(diagonalOf(x), [x.ndim - 2]);
}

/** Rows at given positions. */
export function takeRows(x: JaxArray, positions: JaxArray): JaxArray {
  return takeAlongAxis(x, raw.expandDims(positions, [positions.ndim]), -2, "promise_in_bounds");
}
