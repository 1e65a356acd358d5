/**
 * Singular value decomposition.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { sameShape } from "../avals.ts";
import { NotImplementedError, ValueError } from "../errors.ts";
import { type Primitive, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind } from "../trace.ts";
import { bidiagonal } from "./_bidiagonal.ts";
import { bidiagonalSvd } from "./_bidiagonal_qr.ts";
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
  transposeMatrix,
} from "./linalg.ts";
import { range } from "./_shapes.ts";
import { basis } from "./linalg_eigh.ts";
import { householderProduct, qr } from "./linalg_qr.ts";

/** Which results are computed; all singular values are given. */
export interface SvdParams {
  /** U and V are square. */
  readonly fullMatrices: boolean;
  /** U and Vᴴ are results too. */
  readonly computeUv: boolean;
  readonly subsetByIndex: readonly [number, number] | null;
  readonly algorithm: string | null;
}

/** Singular values in descending order, U and Vᴴ; or the values alone. */
export function svd(a: JaxArray, params: Partial<SvdParams> = {}): readonly JaxArray[] {
  const { fullMatrices = true, computeUv = true, subsetByIndex = null, algorithm = null } = params;
  return bind(P.svd, [a], { fullMatrices, computeUv, subsetByIndex, algorithm });
}

function isAll(subset: SvdParams["subsetByIndex"], rank: number): boolean {
  return subset === null || sameShape(subset, [0, rank]);
}

defineLinalg(P.svd as Primitive<SvdParams>, {
  ranks: [2],
  results([shape], { fullMatrices, computeUv, subsetByIndex }) {
    const [m, n] = shape as [number, number];
    let rank = Math.min(m, n);
    if (subsetByIndex !== null) {
      if (fullMatrices && !isAll(subsetByIndex, rank)) {
        throw new ValueError("full_matrices and subset_by_index cannot both be set");
      }
      rank = Math.min(rank, subsetByIndex[1] - subsetByIndex[0]);
    }
    if (!computeUv) return [[rank]];
    return [[rank], [m, fullMatrices ? m : rank], [fullMatrices ? n : rank, n]];
  },
  dtypes(dtype, { computeUv }) {
    const real = realDTypeOf(dtype);
    return computeUv ? [real, dtype, dtype] : [real];
  },
  jvp: ([a], [da], params) => {
    const { fullMatrices, computeUv } = params;
    const [m, n] = a!.shape.slice(-2) as [number, number];
    const [s, u, vh] = svd(a!, { ...params, fullMatrices: false, computeUv: true }) as [
      JaxArray,
      JaxArray,
      JaxArray,
    ];
    if (computeUv && fullMatrices && m !== n) {
      throw new NotImplementedError("Singular value decomposition JVP not implemented for full matrices");
    }
    const outs = computeUv ? [s, u, vh] : [s];
    if (da instanceof Zero) return [outs, outs.map(noTangent)];
    const inner = matmul(matmul(adjoint(u), da as JaxArray), adjoint(vh));
    const ds = diagonalOf(inner.dtype.kind === "complex" ? raw.real(inner) : inner);
    if (!computeUv) return [outs, [ds]];
    return [outs, [ds, ...vectorTangents({ s, u, vh }, da as JaxArray, inner)]];
  },
  lower: {
    kind: "decompose",
    as: ([a], params) => decompose(a!, params),
  },
});

/** dU and dVᴴ from dS = Uᴴ dA V; distinct singular values are assumed. */
function vectorTangents(
  { s, u, vh }: { readonly s: JaxArray; readonly u: JaxArray; readonly vh: JaxArray },
  da: JaxArray,
  inner: JaxArray,
): readonly [du: JaxArray, dvh: JaxArray] {
  const k = s.shape.at(-1)!, batch = s.shape.slice(0, -1), shape = [...batch, k, k];
  const columns = along(s, -1, shape), rows = along(s, -2, shape), eye = identity([k, k], s.dtype, batch);
  // 1/(s_j² − s_i²) off the diagonal, 0 on it.
  const differences = raw.mul(raw.add(columns, rows), raw.sub(columns, rows));
  const f = asDTypeOf(raw.sub(raw.div(raw.full(shape, 1, s.dtype), raw.add(differences, eye)), eye), inner);
  const right = raw.mul(asDTypeOf(columns, inner), inner), left = raw.mul(asDTypeOf(rows, inner), inner);
  const isZero = raw.convert(raw.eq(s, 0), s.dtype);
  const inverse = raw.sub(raw.div(raw.fullLike(s, 1), raw.add(s, isZero)), isZero);
  const diagonal = raw.mul(eye, along(inverse, -1, shape));
  const phases = raw.mul(raw.mul(raw.sub(inner, adjoint(inner)), 0.5), asDTypeOf(diagonal, inner));
  const v = adjoint(vh);
  let du = matmul(u, raw.add(raw.mul(f, raw.add(right, adjoint(right))), phases));
  let dv = matmul(v, raw.mul(f, raw.add(left, adjoint(left))));
  const [m, n] = da.shape.slice(-2) as [number, number];
  const outside = (x: JaxArray, basisOf: JaxArray): JaxArray => {
    const rest = raw.sub(x, matmul(basisOf, matmul(adjoint(basisOf), x)));
    return raw.div(rest, asDTypeOf(along(s, -1, x.shape), x));
  };
  if (m > n) du = raw.add(du, outside(matmul(da, v), u));
  if (n > m) dv = raw.add(dv, outside(matmul(adjoint(da), u), v));
  return [du, adjoint(dv)];
}

/** From this ratio of rows to columns on, R of a QR factorisation is decomposed instead. */
const tallRatio = 1.6;

function decompose(a: JaxArray, params: SvdParams): readonly JaxArray[] {
  const { fullMatrices, computeUv, subsetByIndex, algorithm } = params;
  if (algorithm === "Jacobi" || algorithm === "polar") {
    throw new NotImplementedError("The SVD Jacobi and Polar algorithms are not implemented on CPU.");
  }
  const [m, n] = a.shape.slice(-2) as [number, number], batch = a.shape.slice(0, -2);
  if (!isAll(subsetByIndex, Math.min(m, n))) {
    throw new NotImplementedError("subset_by_index not implemented for CPU and GPU");
  }
  if (m === 0 || n === 0) {
    const s = raw.full([...batch, 0], 0, realDTypeOf(a.dtype));
    if (!computeUv) return [s];
    const square = (size: number): JaxArray =>
      fullMatrices ? identity([size, size], a.dtype, batch) : raw.full([...batch, size, 0], 0, a.dtype);
    return [s, square(m), transposeMatrix(square(n))];
  }
  if (m < n) {
    // A = U S Vᴴ where Aᴴ = V S Uᴴ.
    const [s, v, uh] = decompose(adjoint(a), params);
    return computeUv ? [s!, adjoint(uh!), adjoint(v!)] : [s!];
  }
  if (m >= tallRatio * n && m > n) {
    const [q, r] = qr(a, computeUv && fullMatrices);
    const square = computeUv && fullMatrices ? raw.sliceInDim(r, 0, n, r.ndim - 2) : r;
    const [s, u, vh] = decompose(square, params);
    if (!computeUv) return [s!];
    const thin = matmul(columnsOf(q, 0, n), u!);
    if (!fullMatrices) return [s!, thin, vh!];
    return [s!, raw.concatenate([thin, columnsOf(q, n, m)], q.ndim - 1), vh!];
  }
  const { left, leftTaus, right, rightTaus, d, e } = bidiagonal(a);
  if (!computeUv) {
    const none = raw.full([...batch, n, 0], 0, a.dtype);
    return [bidiagonalSvd(none, none, d, e)[2]];
  }
  const wide = fullMatrices && m > n
    ? raw.pad(left, raw.like(left, 0), [
      ...range(batch.length + 1).map((): [number, number, number] => [0, 0, 0]),
      [0, m - n, 0],
    ])
    : left;
  const q = householderProduct(wide, leftTaus);
  const [u, vh, s] = bidiagonalSvd(transposeMatrix(q), adjoint(basis(right, rightTaus)), d, e);
  return [s, transposeMatrix(u), vh];
}
