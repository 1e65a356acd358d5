/**
 * Cholesky factorisation, and its update by a matrix of rank one.
 *
 * @module
 */
import { binary, compare, constant, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import { tuple } from "../avals.ts";
import type { JaxArray } from "../array.ts";
import { ValueError } from "../errors.ts";
import { type Primitive, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind1 } from "../trace.ts";
import { batchOf, type Dense, eachMatrix, type Matrix } from "./_dense.ts";
import { greatest, least, multiplyAdd, plus, scaleBy, times } from "./_dense_scalars.ts";
import { addProduct, fillAcross, negative } from "./_dense_loops.ts";
import { defineLinalg, identity, lowerTriangle, matmul } from "./linalg.ts";
import { triangularSolve } from "./linalg_triangular.ts";

/**
 * Lower triangular L with L Lᴴ = A, from the lower triangle of a Hermitian positive definite A. NaN in the lower
 * triangle where A is not positive definite, zero above it in any case.
 */
export function cholesky(x: JaxArray): JaxArray {
  return bind1(P.cholesky, [x]);
}

defineLinalg(P.cholesky as Primitive<Record<string, never>>, {
  ranks: [2],
  results([shape]) {
    if (shape![0] !== shape![1]) {
      throw new ValueError(
        `The input to cholesky must be a square matrix. Got shape ${tuple(shape!)}.`,
      );
    }
    return [shape!];
  },

  // dL = L φ(L⁻¹ dA L⁻ᴴ), where φ takes the lower triangle and half of the diagonal (Murray 2016, arXiv 1602.07527).
  jvp([a], [da]) {
    const l = lowerTriangle(cholesky(a!));
    if (da instanceof Zero) return [[l], [new Zero(l.aval.tangent())]];
    const n = l.shape.at(-1)!;
    const right = triangularSolve(l, da as JaxArray, {
      leftSide: false,
      lower: true,
      transposeA: true,
      conjugateA: true,
    });
    const both = triangularSolve(l, right, { leftSide: true, lower: true });
    const halves = raw.add(identity([n, n], l.dtype, l.shape.slice(0, -2)), 1);
    return [[l], [matmul(l, raw.div(lowerTriangle(both), halves))]];
  },

  lower: {
    kind: "routine",
    build(k, [x], [out]) {
      const n = x!.aval.shape.at(-1)!;
      eachMatrix(k, x!.aval.dtype, batchOf(x!, 2), (dense, b) => {
        factor(dense, dense.matrix(x!, b), dense.matrix(out!, b), n);
      });
    },
  },
});

/** Rows that are worked on together. */
const block = 4;

/** Factors A = Uᴴ U by blocks of rows, which are contiguous in U, and leaves L = Uᴴ. */
function factor(dense: Dense, a: Matrix, u: Matrix, n: number): void {
  const { k } = dense;
  fillAcross(dense, u, [n, n], (i, j) => s.conj(a.get(greatest(i, j), least(i, j))));
  const ok = k.local(constant("bool", true));
  const rows = (first: Expr, count: number): void => {
    // U[i, j] −= Σ_d conj(U[d, i]) U[d, j] over the rows above the block.
    addProduct(dense, {
      target: u,
      rows: [first, plus(first, count)],
      columns: [first, n],
      depth: [0, first],
      left: (i, d) => negative(s.conj(u.get(d, i))),
      right: u,
      width: n,
    });
    for (let r = 0; r < count; r++) {
      const i = k.let(plus(first, r));
      for (let p = 0; p < r; p++) {
        const above = plus(first, p), factor = dense.let(negative(s.conj(u.get(above, i))));
        dense.each(i, n, (j) => u.set(i, j, multiplyAdd(factor, u.get(above, j), u.get(i, j))));
      }
      const pivot = k.let(s.real(u.get(i, i)));
      ok.set(binary("and", ok.get(), compare("gt", pivot, dense.real(0))));
      const root = k.let(unary("sqrt", pivot)), inverse = k.let(binary("div", dense.real(1), root));
      u.set(i, i, dense.ofReal(root));
      dense.each(plus(i, 1), n, (j) => u.set(i, j, scaleBy(inverse, u.get(i, j))));
    }
  };
  const whole = Math.floor(n / block);
  k.for(0, whole, (g) => rows(k.let(times(g, block)), block));
  if (n % block > 0) rows(plus(0, whole * block), n % block);

  const nan = dense.complex ? s.complexOf(dense.real(NaN), dense.real(NaN)) : dense.real(NaN);
  const orNaN = (x: Val): Val => s.select(ok.get(), x, nan);
  k.for(0, n, (i) => {
    k.for(0, i, (j) => {
      const x = dense.let(orNaN(s.conj(u.get(j, i))));
      u.set(j, i, dense.constant(0));
      u.set(i, j, x);
    });
    u.set(i, i, orNaN(u.get(i, i)));
  });
}
