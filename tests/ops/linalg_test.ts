import type { JaxArray } from "../../core/array.ts";
import { adjoint, identity, matmul, symmetrize } from "../../core/ops/linalg.ts";
import { cholesky } from "../../core/ops/linalg_cholesky.ts";
import { eig } from "../../core/ops/linalg_eig.ts";
import { eigh } from "../../core/ops/linalg_eigh.ts";
import { hessenberg } from "../../core/ops/linalg_hessenberg.ts";
import { lu, luPivotsToPermutation, luSolve } from "../../core/ops/linalg_lu.ts";
import { geqrf, ormqr, qr } from "../../core/ops/linalg_qr.ts";
import { schur } from "../../core/ops/linalg_schur.ts";
import { svd } from "../../core/ops/linalg_svd.ts";
import { triangularSolve } from "../../core/ops/linalg_triangular.ts";
import { tridiagonal } from "../../core/ops/linalg_tridiagonal.ts";
import { tridiagonalSolve } from "../../core/ops/linalg_tridiagonal_solve.ts";
import { choleskyUpdate } from "../../core/ops/linalg_updates.ts";
import type { Primitive } from "../../core/primitive.ts";
import { P } from "../../core/prims.ts";
import * as raw from "../../core/raw.ts";
import { bind, bind1 } from "../../core/trace.ts";
import { array, random, type Row, testRows } from "./_harness.ts";

const eye = (n: number, like: JaxArray): JaxArray => identity([n, n], like.dtype, like.shape.slice(0, -2));
const definite = (x: JaxArray): JaxArray =>
  raw.add(matmul(x, adjoint(x)), raw.mul(eye(x.shape.at(-2)!, x), 2));
const dominant = (x: JaxArray): JaxArray => raw.add(x, raw.mul(eye(x.shape.at(-1)!, x), 5));

const values = { computeLeftEigenvectors: false, computeRightEigenvectors: false };
const zeros = (m: number, n: number): { re: number; im: number }[][] =>
  Array.from({ length: m }, () => Array.from({ length: n }, () => ({ re: 0, im: 0 })));

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
  {
    name: "eigenvalues",
    f: (x) => eig(x, { ...values, enableEigvecDerivs: true }),
    operands: [random([3, 3])],
  },
  {
    name: "eigenvalues and vectors",
    f: (x) => eig(x, { enableEigvecDerivs: true }),
    operands: [random([3, 3], { seed: 3 })],
  },
  {
    name: "eigenvalues and vectors, complex",
    f: (x) => eig(x, { enableEigvecDerivs: true }),
    operands: [random([3, 3], { dtype: "complex64", seed: 1 })],
    derivativeTolerance: 1e-5,
  },
  ...(["float32", "complex64"] as const).map((dtype): Row => ({
    name: `tridiagonal_solve, ${dtype}`,
    f: (dl, d, du, b) => tridiagonalSolve([dl, raw.add(d, 4), du], b, { perturbSingular: false }),
    operands: [0, 1, 2].map((seed) => random([4], { dtype, seed })).concat(
      random([4, 2], { dtype, seed: 3 }),
    ),
  })),
  {
    name: "tridiagonal_solve with exchanges of rows",
    f: (dl, d, du, b) => tridiagonalSolve([dl, d, du], b, { perturbSingular: false }),
    operands: [
      array([0, 3, 2, 4]),
      array([1, 0.5, -0.25, 1]),
      array([2, 1, 3, 0]),
      random([4, 1]),
    ],
  },
  {
    name: "tridiagonal_solve of a singular matrix",
    f: (dl, d, du, b) => tridiagonalSolve([dl, d, du], b, { perturbSingular: false }),
    operands: [array([0, 0]), array([1, 0]), array([1, 0]), array([[1], [1]])],
    expected: [[NaN], [NaN]],
    order: 0,
  },
  {
    name: "cholesky_update",
    f: (x, w) => {
      const r = choleskyUpdate(adjoint(cholesky(definite(x))), w);
      return matmul(adjoint(r), r);
    },
    operands: [array([[1, 2], [0, 1]]), array([3, 4])],
    expected: [[16, 14], [14, 19]],
    rtol: 1e-5,
    order: 0,
  },
  {
    name: "lu_pivots_to_permutation",
    f: (x) => luPivotsToPermutation(x, 4),
    operands: [array([2, 3, 2], "int32")],
    expected: [2, 3, 0, 1],
    vmap: false, // Rotated elements are no exchanges with later rows.
  },
  { name: "tridiagonal", f: (x) => tridiagonal(symmetrize(x)), operands: [random([4, 4])], order: 0 },
  {
    name: "tridiagonal of the upper triangle",
    f: (x) => tridiagonal(symmetrize(x), false),
    operands: [random([3, 3], { dtype: "complex64" })],
    order: 0,
  },
  { name: "hessenberg", f: (x) => hessenberg(x), operands: [random([4, 4])], order: 0 },
  { name: "schur", f: (x) => schur(x), operands: [random([4, 4])], order: 0 },
  ...[true, false].flatMap((left) =>
    [true, false].map((transpose): Row => ({
      name: `ormqr, left ${left}, transpose ${transpose}`,
      f: (a, c) => {
        const [packed, taus] = geqrf(a), q = bind1(P.householder_product, [packed, taus]);
        const op = transpose ? adjoint(q) : q;
        const y = bind1(ormqr as Primitive, [packed, taus, c], { left, transpose });
        return raw.sub(y, left ? matmul(op, c) : matmul(c, op));
      },
      operands: [
        random([3, 3], { dtype: "complex64" }),
        random(left ? [3, 2] : [2, 3], { dtype: "complex64", seed: 1 }),
      ],
      expected: left ? zeros(3, 2) : zeros(2, 3),
      atol: 3e-6,
      vmap: false, // The difference of equal numbers is compared with itself.
      jit: false, // As above.
      order: 0,
    }))
  ),
]);
