/**
 * Eigenvalues and vectors of Hermitian matrices.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { sameShape, tuple } from "../avals.ts";
import { NotImplementedError, ValueError } from "../errors.ts";
import { type Primitive, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind } from "../trace.ts";
import {
  adjoint,
  along,
  asDTypeOf,
  columnsOf,
  defineLinalg,
  diagonalOf,
  identity,
  matmul,
  noTangent,
  realDTypeOf,
  rowsOf,
  symmetrize,
  transposeMatrix,
} from "./linalg.ts";
import { range } from "./_shapes.ts";
import { tridiagonalEigen } from "./_tridiagonal_ql.ts";
import { householderProduct } from "./linalg_qr.ts";
import { tridiagonal } from "./linalg_tridiagonal.ts";

/** How eigenvalues are computed; they are always sorted, and all of them are given. */
export interface EighParams {
  /** Which triangle of the matrix is read. */
  readonly lower: boolean;
  readonly sortEigenvalues: boolean;
  readonly subsetByIndex: readonly [number, number] | null;
  readonly algorithm: string | null;
}

/** Eigenvectors as columns, and eigenvalues in ascending order. */
export function eigh(
  a: JaxArray,
  params: Partial<EighParams> = {},
): readonly [vectors: JaxArray, values: JaxArray] {
  const { lower = true, sortEigenvalues = true, subsetByIndex = null, algorithm = null } = params;
  return bind(P.eigh, [a], { lower, sortEigenvalues, subsetByIndex, algorithm }) as readonly [
    JaxArray,
    JaxArray,
  ];
}

function isAll(subset: EighParams["subsetByIndex"], n: number): boolean {
  return subset === null || sameShape(subset, [0, n]);
}

/** 1/(λ_j − λ_i) off the diagonal, 0 on it. */
export function inverseDifferences(values: JaxArray): JaxArray {
  const n = values.shape.at(-1)!, batch = values.shape.slice(0, -1), shape = [...batch, n, n];
  const eye = identity([n, n], values.dtype, batch);
  const differences = raw.sub(along(values, -1, shape), along(values, -2, shape));
  return raw.sub(raw.integerPow(raw.add(eye, differences), -1), eye);
}

defineLinalg(P.eigh as Primitive<EighParams>, {
  ranks: [2],
  results([shape], { subsetByIndex }) {
    const [m, n] = shape as [number, number];
    if (m !== n) {
      throw new ValueError(
        `Argument to symmetric eigendecomposition must have shape [..., n, n], got shape ${tuple(shape!)}`,
      );
    }
    const count = subsetByIndex === null ? n : subsetByIndex[1] - subsetByIndex[0];
    return [[n, count], [count]];
  },
  dtypes: (dtype) => [dtype, realDTypeOf(dtype)],

  // dλ = diag(Vᴴ dA V), dV = V (F ∘ Vᴴ dA V) with F = 1/(λ_j − λ_i): distinct eigenvalues are assumed.
  jvp([a], [da], params) {
    if (!isAll(params.subsetByIndex, a!.shape.at(-1)!)) {
      throw new NotImplementedError("Derivatives not defined for partial eigen decomposition.");
    }
    const outs = eigh(symmetrize(a!), params), [v, w] = outs;
    if (da instanceof Zero) return [outs, [noTangent(v), noTangent(w)]];
    const inner = matmul(matmul(adjoint(v), da as JaxArray), v);
    const f = inverseDifferences(asDTypeOf(w, v));
    const dw = diagonalOf(v.dtype.kind === "complex" ? raw.real(inner) : inner);
    return [outs, [matmul(v, raw.mul(f, inner)), dw]];
  },

  lower: {
    kind: "decompose",
    as([x], { lower, subsetByIndex, algorithm }) {
      if (algorithm === "qdwh") {
        throw new NotImplementedError("QDWH implementation is only supported on TPU");
      }
      if (algorithm === "jacobi") {
        throw new NotImplementedError("Jacobi implementation is not supported on CPU");
      }
      const a = x!, n = a.shape.at(-1)!, batch = a.shape.slice(0, -2);
      if (!isAll(subsetByIndex, n)) {
        throw new NotImplementedError("subset_by_index not supported on CPU and GPU");
      }
      if (n === 0) return [a, raw.full([...batch, 0], 0, realDTypeOf(a.dtype))];
      // The upper triangle of A is the lower one of its transpose, whose eigenvectors are the conjugates.
      const [packed, d, e, taus] = tridiagonal(lower ? a : transposeMatrix(a));
      const [rows, values] = tridiagonalEigen(transposeMatrix(basis(packed, taus)), d, e);
      const vectors = transposeMatrix(rows);
      return [lower || a.dtype.kind !== "complex" ? vectors : raw.conj(vectors), values];
    },
  },
});

/** The unitary matrix of the reflectors below the first subdiagonal: 1 in the corner, their product in the rest. */
export function basis(packed: JaxArray, taus: JaxArray): JaxArray {
  const n = packed.shape.at(-1)!, batch = packed.shape.slice(0, -2);
  const corner = identity([n, n], packed.dtype, batch);
  if (n === 1) return corner;
  const product = householderProduct(columnsOf(rowsOf(packed, 1, n), 0, n - 1), taus);
  const edge: [number, number, number] = [1, 0, 0];
  const padded = raw.pad(product, raw.like(product, 0), [
    ...range(batch.length).map((): [number, number, number] => [0, 0, 0]),
    edge,
    edge,
  ]);
  const first = raw.pad(identity([1, 1], packed.dtype, batch), raw.like(product, 0), [
    ...range(batch.length).map((): [number, number, number] => [0, 0, 0]),
    [0, n - 1, 0],
    [0, n - 1, 0],
  ]);
  return raw.add(padded, first);
}
