import type { JaxArray } from "../../core/array.ts";
import { adjoint, identity, matmul, symmetrize } from "../../core/ops/_linalg.ts";
import { cholesky } from "../../core/ops/linalg_cholesky.ts";
import { eigh } from "../../core/ops/linalg_eigh.ts";
import { lu, luSolve } from "../../core/ops/linalg_lu.ts";
import { qr } from "../../core/ops/linalg_qr.ts";
import { svd } from "../../core/ops/linalg_svd.ts";
import { triangularSolve } from "../../core/ops/linalg_triangular.ts";
import { P } from "../../core/prims.ts";
import * as raw from "../../core/raw.ts";
import { bind } from "../../core/trace.ts";
import { random, type Row, testRows } from "./_harness.ts";

const eye = (n: number, like: JaxArray): JaxArray => identity([n, n], like.dtype, like.shape.slice(0, -2));
const definite = (x: JaxArray): JaxArray =>
  raw.add(matmul(x, adjoint(x)), raw.mul(eye(x.shape.at(-2)!, x), 2));
const dominant = (x: JaxArray): JaxArray => raw.add(x, raw.mul(eye(x.shape.at(-1)!, x), 5));

const triangular: Row[] = [
  { leftSide: true, lower: true },
  { leftSide: true, lower: false, transposeA: true },
  { leftSide: false, lower: false },
  { leftSide: false, lower: true, transposeA: true, conjugateA: true },
  { leftSide: true, lower: true, unitDiagonal: true, transposeA: true },
].flatMap((params) =>
  (["float32", "complex64"] as const).map((dtype): Row => ({
    name: `${JSON.stringify(params)} ${dtype}`,
    f: (a, b) => triangularSolve(dominant(a), b, params),
    operands: [
      random([3, 3], { dtype }),
      random(params.leftSide ? [3, 2] : [2, 3], { dtype, seed: 1 }),
    ],
  }))
);
testRows("triangular_solve", triangular);

testRows("linalg", [
  { name: "cholesky", f: (x) => cholesky(definite(x)), operands: [random([3, 3])] },
  { name: "cholesky of a batch", f: (x) => cholesky(definite(x)), operands: [random([2, 2, 3])] },
  {
    name: "cholesky, complex",
    f: (x) => cholesky(definite(x)),
    operands: [random([3, 2], { dtype: "complex64" })],
  },
  { name: "lu", f: (x) => lu(x), operands: [random([3, 3])] },
  { name: "lu, tall", f: (x) => lu(x), operands: [random([4, 2])] },
  { name: "lu, wide and complex", f: (x) => lu(x), operands: [random([2, 4], { dtype: "complex64" })] },
  ...([0, 1, 2] as const).map((op): Row => ({
    name: `solve with factors, ${op}`,
    f: (a, b) => {
      const [factors, , permutation] = lu(a);
      return luSolve([factors, permutation], b, op);
    },
    operands: [random([3, 3], { dtype: "complex64" }), random([3, 2], { dtype: "complex64", seed: 1 })],
  })),
  { name: "qr", f: (x) => qr(x), operands: [random([4, 3])] },
  { name: "qr, full", f: (x) => qr(x, true), operands: [random([4, 2])] },
  { name: "qr, wide", f: (x) => qr(x), operands: [random([2, 4])] },
  { name: "qr, complex", f: (x) => qr(x), operands: [random([3, 2], { dtype: "complex64" })] },
  {
    name: "qr, pivoted",
    f: (x) => bind(P.qr, [x], { pivoting: true, fullMatrices: false }),
    operands: [random([4, 3])],
  },
  { name: "eigh", f: (x) => eigh(symmetrize(x)), operands: [random([4, 4])] },
  {
    name: "eigh, complex, upper triangle",
    f: (x) => {
      const [v, w] = eigh(symmetrize(x), { lower: false });
      // Independent of the phases of vectors.
      return [
        w,
        matmul(raw.mul(v, raw.broadcastInDim(raw.exp(raw.convert(w, v.dtype)), v.shape, [1])), adjoint(v)),
      ];
    },
    operands: [random([3, 3], { dtype: "complex64", low: -1, high: 1 })],
  },
  { name: "svd", f: (x) => svd(x), operands: [random([3, 3])] },
  { name: "svd, tall", f: (x) => svd(x, { fullMatrices: false }), operands: [random([4, 2])] },
  { name: "svd, wide", f: (x) => svd(x, { fullMatrices: false }), operands: [random([3, 4])] },
  { name: "singular values", f: (x) => svd(x, { computeUv: false }), operands: [random([3, 4])] },
  {
    name: "singular values, complex",
    f: (x) => svd(x, { computeUv: false }),
    operands: [random([4, 3], { dtype: "complex64" })],
  },
  { name: "svd, all vectors", f: (x) => svd(x), operands: [random([5, 2])], order: 0 },
]);
