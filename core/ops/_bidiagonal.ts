/**
 * Reduction of matrices to real upper bidiagonal form.
 *
 * @module
 */
import { index } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { type Primitive, primitive } from "../primitive.ts";
import { bind } from "../trace.ts";
import { batchOf, type Dense, eachMatrix, type Matrix, type Vector } from "./_dense.ts";
import { multiplyAdd, plus } from "./_dense_scalars.ts";
import { fill, grouped, negative } from "./_dense_loops.ts";
import { defineLinalg, realDTypeOf } from "./linalg.ts";
import { reflectorOf } from "./_reflectors.ts";

const gebrd: Primitive<Record<string, never>> = primitive("gebrd");

/** What is left of A = Q B Pᴴ. */
export interface Bidiagonal {
  /** The reflectors of Q below the diagonal, and their factors τ. */
  readonly left: JaxArray;
  readonly leftTaus: JaxArray;
  /** The reflectors of P below the first subdiagonal. */
  readonly right: JaxArray;
  readonly rightTaus: JaxArray;
  readonly d: JaxArray;
  /** The superdiagonal. */
  readonly e: JaxArray;
}

/** Reduces a matrix with at least as many rows as columns, and at least one column (LAPACK's gebrd). */
export function bidiagonal(a: JaxArray): Bidiagonal {
  const [left, leftTaus, right, rightTaus, d, e] = bind(gebrd as Primitive, [a]);
  return { left: left!, leftTaus: leftTaus!, right: right!, rightTaus: rightTaus!, d: d!, e: e! };
}

defineLinalg(gebrd, {
  ranks: [2],
  results([shape]) {
    const [m, n] = shape as [number, number];
    return [[m, n], [n], [n, n], [n - 1], [n], [n - 1]];
  },
  dtypes(dtype) {
    const real = realDTypeOf(dtype);
    return [dtype, dtype, dtype, dtype, real, real];
  },
  jvp: "none",
  lower: {
    kind: "routine",
    build(k, [x], [left, leftTaus, right, rightTaus, d, e]) {
      const [m, n] = x!.aval.shape.slice(-2) as [number, number];
      eachMatrix(k, x!.aval.dtype, batchOf(x!, 2), (dense, b) => {
        const from = dense.matrix(x!, b), a = dense.scratch(m, n), real = dense.realPart;
        fill(dense, a, [m, n], (i, j) => from.get(i, j));
        const reduction = new Reduction(dense, a, [m, n]);
        const columns = dense.matrix(left!, b), rows = dense.matrix(right!, b);
        const taus = dense.vector(leftTaus!, b), diagonal = real.vector(d!, b);
        const other = n > 1 ? { taus: dense.vector(rightTaus!, b), e: real.vector(e!, b) } : null;
        const leftStep = (j: Expr): void => {
          const { beta, tau } = reduction.left(j);
          diagonal.set(j, beta);
          taus.set(j, tau);
          k.for(j, m, (i) => columns.set(i, j, reduction.v.get(i)));
        };
        k.for(0, n - 1, (j) => {
          leftStep(j);
          const { beta, tau } = reduction.right(j);
          other!.e.set(j, beta);
          other!.taus.set(j, tau);
          k.for(plus(j, 1), n, (i) => rows.set(i, j, s.conj(reduction.u.get(i))));
        });
        leftStep(index(n - 1));
      });
    },
  },
});

/**
 * The reduction in steps. The matrix is what it is after a step once v r + x u is taken from it; that is done in the
 * pass over the rows that multiplies by the next v.
 */
class Reduction {
  readonly dense: Dense;
  /** Column reflector. */
  readonly v: Vector;
  /** Conjugate of the row reflector. */
  readonly u: Vector;
  readonly #r: Vector;
  readonly #x: Vector;
  readonly #next: Vector;
  readonly #sums: Vector;
  readonly #a: Matrix;
  readonly #m: number;
  readonly #n: number;

  constructor(dense: Dense, a: Matrix, [m, n]: readonly [number, number]) {
    this.dense = dense;
    this.#a = a;
    this.#m = m;
    this.#n = n;
    [this.v, this.#x, this.#next] = [m, m, m].map((size) => dense.scratchVector(size)) as [
      Vector,
      Vector,
      Vector,
    ];
    [this.u, this.#r, this.#sums] = [n, n, n].map((size) => dense.scratchVector(size)) as [
      Vector,
      Vector,
      Vector,
    ];
    for (const [vector, size] of [[this.v, m], [this.#x, m], [this.u, n], [this.#r, n]] as const) {
      dense.each(0, size, (i) => vector.set(i, dense.constant(0)));
    }
  }

  #updated(i: Expr, j: Expr, vi: Val, xi: Val): Val {
    return multiplyAdd(vi, this.#r.get(j), multiplyAdd(xi, this.u.get(j), this.#a.get(i, j)));
  }

  /** The reflector of column j, and its product with the rest of the matrix: r = conj(τ) vᴴ A. */
  left(j: Expr): { beta: Expr; tau: Val } {
    const { dense } = this, { k } = dense, m = this.#m, n = this.#n, a = this.#a, next = this.#next;
    const rj = dense.let(negative(this.#r.get(j))), uj = dense.let(negative(this.u.get(j)));
    k.for(j, m, (i) => {
      next.set(i, multiplyAdd(this.v.get(i), rj, multiplyAdd(this.#x.get(i), uj, a.get(i, j))));
    });
    const below = k.let(plus(j, 1));
    const split = { first: next.get(j), rest: (i: Expr) => next.get(i), lo: below, hi: m, limit: m };
    const { beta, tau, scaled } = reflectorOf(dense, split);
    dense.each(below, m, (i) => next.set(i, scaled(next.get(i))));
    next.set(j, dense.constant(1));
    const factor = dense.let(s.conj(tau));
    this.#pass(j, below);
    dense.each(j, m, (i) => this.v.set(i, next.get(i)));
    dense.each(below, n, (i) => this.#r.set(i, s.mul(factor, this.#sums.get(i))));
    return { beta, tau };
  }

  /** Updates rows from j on, right of column j, and adds up vᴴ A from them. */
  #pass(j: Expr, right: Expr): void {
    const { dense } = this, n = this.#n, a = this.#a, sums = this.#sums;
    dense.each(right, n, (q) => sums.set(q, dense.constant(0)));
    grouped(dense, [j, this.#m], dense.complex ? 2 : 4, (i, count) => {
      const rows = Array.from({ length: count }, (_, p) => {
        const row = dense.k.let(plus(i, p));
        return {
          row,
          vi: dense.let(negative(this.v.get(row))),
          xi: dense.let(negative(this.#x.get(row))),
          factor: dense.let(s.conj(this.#next.get(row))),
        };
      });
      dense.each(right, n, (q) => {
        let sum = sums.get(q);
        for (const { row, vi, xi, factor } of rows) {
          const element = dense.let(this.#updated(row, q, vi, xi));
          a.set(row, q, element);
          sum = multiplyAdd(factor, element, sum);
        }
        sums.set(q, sum);
      });
    });
  }

  /** The reflector of row j right of the diagonal, and x = τ A u below the row. */
  right(j: Expr): { beta: Expr; tau: Val } {
    const { dense } = this, { k } = dense, n = this.#n, a = this.#a, { u } = this, r = this.#r;
    const first = k.let(plus(j, 1)), rest = k.let(plus(j, 2));
    const vj = dense.let(negative(this.v.get(j)));
    dense.each(first, n, (q) => u.set(q, multiplyAdd(vj, r.get(q), a.get(j, q))));
    // The reflector of the row's conjugate; u keeps the conjugate of its vector.
    const row = (q: Expr): Val => s.conj(u.get(q));
    const { beta, tau, scaled } = reflectorOf(dense, {
      first: row(first),
      rest: row,
      lo: rest,
      hi: n,
      limit: n,
    });
    dense.each(rest, n, (q) => u.set(q, s.conj(scaled(row(q)))));
    u.set(first, dense.constant(1));
    const along = dense.dot(first, n, n, (q) => [r.get(q), s.conj(u.get(q))]);
    const set = (row: Expr, product: Val): void => {
      const vi = negative(this.v.get(row));
      this.#x.set(row, s.mul(tau, multiplyAdd(vi, along, product)));
    };
    grouped(dense, [first, this.#m], dense.complex ? 2 : 4, (i, count) => {
      const rows = Array.from({ length: count }, (_, p) => k.let(plus(i, p)));
      const products = dense.dots(first, n, n, count, (q) => {
        const uq = s.conj(u.get(q));
        return rows.map((row) => [a.get(row, q), uq] as const);
      });
      rows.forEach((row, p) => set(row, products[p]!));
    });
    return { beta, tau };
  }
}
