/**
 * Systems of equations with a triangular matrix.
 *
 * @module
 */
import { index } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { tuple } from "../avals.ts";
import { moveAxis, toFront } from "../batching.ts";
import { ValueError } from "../errors.ts";
import { addTangents } from "../jvp.ts";
import { type BatchRule, type Primitive, type Tangent, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind1 } from "../trace.ts";
import { batchOf, type Dense, eachMatrix, type Matrix } from "./_dense.ts";
import { multiplyAdd, plus, times } from "./_dense_scalars.ts";
import { addProduct, fill, fillAcross, negative, type Span } from "./_dense_loops.ts";
import { conjugate, defineLinalg, lowerTriangle, matmul, transposeMatrix, upperTriangle } from "./linalg.ts";

/** Which system is solved: op(A) X = B with `leftSide`, else X op(A) = B. */
export interface TriangularParams {
  readonly leftSide: boolean;
  /** A is its lower triangle; the other one is not read. */
  readonly lower: boolean;
  readonly transposeA: boolean;
  readonly conjugateA: boolean;
  /** The diagonal of A is taken to be ones. */
  readonly unitDiagonal: boolean;
}

/** Solves a triangular system; what is not given is false. */
export function triangularSolve(a: JaxArray, b: JaxArray, params: Partial<TriangularParams> = {}): JaxArray {
  return bind1(P.triangular_solve, [a, b], {
    leftSide: params.leftSide ?? false,
    lower: params.lower ?? false,
    transposeA: params.transposeA ?? false,
    conjugateA: (params.conjugateA ?? false) && a.dtype.kind === "complex",
    unitDiagonal: params.unitDiagonal ?? false,
  });
}

/** dX from dA: A dX = −dA X, in the order of products that is cheaper. */
function tangentOfMatrix(
  da: JaxArray,
  x: JaxArray,
  a: JaxArray,
  params: TriangularParams,
): JaxArray {
  const { leftSide, lower, transposeA, conjugateA, unitDiagonal } = params;
  const [m, n] = x.shape.slice(-2) as [number, number], skip = unitDiagonal ? 1 : 0;
  let g = raw.neg(lower ? lowerTriangle(da, -skip) : upperTriangle(da, skip));
  if (transposeA) g = transposeMatrix(g);
  if (conjugateA) g = conjugate(g);
  const solve = (rhs: JaxArray): JaxArray => triangularSolve(a, rhs, params);
  if (leftSide) return m > n ? solve(matmul(g, x)) : matmul(solve(g), x);
  return m < n ? solve(matmul(x, g)) : matmul(x, solve(g));
}

const batch: BatchRule<TriangularParams> = (axis, [a, b], [da, db], params) => {
  if (da !== null) {
    const x = triangularSolve(toFront(a!, da!, axis.size), toFront(b!, db!, axis.size), params);
    return [[x], [0]];
  }
  // One matrix for all: the right sides stand beside each other.
  const { leftSide } = params;
  const at = b!.ndim - (leftSide ? 1 : 2), y = moveAxis(b!, db!, at);
  const merged = y.shape.slice(0, leftSide ? -2 : -3);
  const [p, q, r] = y.shape.slice(-3) as [number, number, number];
  const flat = raw.reshape(y, leftSide ? [...merged, q * r] : [...merged, p * q, r]);
  return [[raw.reshape(triangularSolve(a!, flat, params), y.shape)], [at]];
};

defineLinalg(P.triangular_solve as Primitive<TriangularParams>, {
  ranks: [2, 2],
  results([a, b], { leftSide }) {
    if (a![0] !== a![1]) {
      throw new ValueError(
        `The first input to triangular_solve must be a square matrix. Got shape ${tuple(a!)}.`,
      );
    }
    if (a![1] !== b![leftSide ? 0 : 1]) {
      throw new ValueError(
        `Incompatible shapes for arguments to triangular_solve: ${tuple(a!)} and ${tuple(b!)}.`,
      );
    }
    return [b!];
  },

  jvp([a, b], [da, db], params) {
    const x = triangularSolve(a!, b!, params);
    let out: Tangent = new Zero(x.aval.tangent());
    if (!(da instanceof Zero)) out = addTangents(out, tangentOfMatrix(da as JaxArray, x, a!, params));
    if (!(db instanceof Zero)) out = addTangents(out, triangularSolve(a!, db as JaxArray, params));
    return [[x], [out]];
  },

  transpose([ct], [a, b], params) {
    if (ct instanceof Zero) return [null, new Zero((b as UndefinedPrimal).aval.tangent())];
    if (a instanceof UndefinedPrimal) {
      throw new Error("triangular_solve is linear in its right side only");
    }
    const transposed = { ...params, transposeA: !params.transposeA };
    return [null, triangularSolve(a!, ct as JaxArray, transposed)];
  },

  batch,

  lower: {
    kind: "routine",
    build(k, [a, b], [out], params) {
      const [p, q] = b!.aval.shape.slice(-2) as [number, number];
      const [n, width] = params.leftSide ? [p, q] : [q, p];
      eachMatrix(k, b!.aval.dtype, batchOf(b!, 2), (dense, number) => {
        const from = dense.matrix(b!, number), to = dense.matrix(out!, number);
        const matrix = dense.matrix(a!, number);
        // X op(A) = B is op(A)ᵀ Xᵀ = Bᵀ.
        const transposed = params.transposeA === params.leftSide;
        const view = transposed ? matrix.transposed : matrix;
        const system: System = {
          entry: (i, j) => params.conjugateA ? s.conj(view.get(i, j)) : view.get(i, j),
          forward: params.lower !== transposed,
          unitDiagonal: params.unitDiagonal,
          n,
          columns: [0, width],
          width,
        };
        if (params.leftSide) {
          fill(dense, to, [n, width], (i, j) => from.get(i, j));
          return solveRows(dense, system, to);
        }
        const work = width === 1 ? to.transposed : dense.scratch(n, width);
        fillAcross(dense, work, [n, width], (i, j) => from.get(j, i));
        solveRows(dense, system, work);
        if (width > 1) fillAcross(dense, to, [width, n], (i, j) => work.get(j, i));
      });
    },
  },
});

/** A triangular system of n equations. */
export interface System {
  readonly entry: (i: Expr, j: Expr) => Val;
  /** The matrix is lower triangular: rows are solved from the first to the last. */
  readonly forward: boolean;
  readonly unitDiagonal: boolean;
  readonly n: number;
  /** Columns of right sides, and the most that there can be. */
  readonly columns: Span;
  readonly width: number;
}

/** Rows that are solved together. */
const block = 4;

/** Replaces the rows of B by those of X, block after block: products with the rows before, then within the block. */
export function solveRows(dense: Dense, system: System, b: Matrix): void {
  const { k } = dense, { entry, forward, unitDiagonal, n, columns, width } = system;
  const solve = (first: Expr, count: number): void => {
    const end = plus(first, count);
    addProduct(dense, {
      target: b,
      rows: [first, end],
      columns,
      depth: forward ? [0, first] : [end, n],
      left: (i, d) => negative(entry(i, d)),
      right: b,
      width,
    });
    for (let p = 0; p < count; p++) {
      const r = forward ? p : count - 1 - p, i = plus(first, r);
      for (let q = 0; q < p; q++) {
        const d = plus(first, forward ? q : count - 1 - q), factor = dense.let(negative(entry(i, d)));
        dense.each(columns[0], columns[1], (j) => b.set(i, j, multiplyAdd(factor, b.get(d, j), b.get(i, j))));
      }
      if (unitDiagonal) continue;
      const divide = dense.divider(entry(i, i));
      dense.each(columns[0], columns[1], (j) => b.set(i, j, divide(b.get(i, j))));
    }
  };
  const whole = Math.floor(n / block), edge = index(whole * block);
  if (forward) {
    k.for(0, whole, (g) => solve(k.let(times(g, block)), block));
    if (n % block > 0) solve(edge, n % block);
  } else {
    if (n % block > 0) solve(edge, n % block);
    dense.down(0, whole, (g) => solve(k.let(times(g, block)), block));
  }
}
