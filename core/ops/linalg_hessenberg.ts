/**
 * Reduction of square matrices to upper Hessenberg form.
 *
 * @module
 */
import type { Expr } from "../../kernel/ir.ts";
import type { Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { tuple } from "../avals.ts";
import { ValueError } from "../errors.ts";
import type { Primitive } from "../primitive.ts";
import { P } from "../prims.ts";
import { bind } from "../trace.ts";
import { batchOf, type Dense, eachMatrix, type Matrix, type Vector } from "./_dense.ts";
import { multiplyAdd, plus } from "./_dense_scalars.ts";
import { fill, grouped, negative } from "./_dense_loops.ts";
import { defineLinalg } from "./linalg.ts";
import { reflectorOf } from "./_reflectors.ts";

/** A = Q H Qᴴ: H on and above the first subdiagonal, the reflectors of Q below it, and their factors τ. */
export function hessenberg(a: JaxArray): readonly [a: JaxArray, taus: JaxArray] {
  return bind(P.hessenberg, [a]) as readonly [JaxArray, JaxArray];
}

defineLinalg(P.hessenberg as Primitive<Record<string, never>>, {
  ranks: [2],
  results([shape]) {
    const [m, n] = shape as [number, number];
    if (m !== n) {
      throw new ValueError(
        `Argument to Hessenberg reduction must have shape [..., n, n], got shape ${tuple(shape!)}`,
      );
    }
    return [shape!, [Math.max(0, n - 1)]];
  },
  jvp: "none",
  lower: {
    kind: "routine",
    build(k, [x], [out, taus]) {
      const n = x!.aval.shape.at(-1)!;
      if (n === 0) return;
      eachMatrix(k, x!.aval.dtype, batchOf(x!, 2), (dense, b) => {
        const from = dense.matrix(x!, b), a = dense.matrix(out!, b);
        fill(dense, a, [n, n], (i, j) => from.get(i, j));
        if (n > 1) new Reduction(dense, a, n).run(dense.vector(taus!, b));
      });
    },
  },
});

/**
 * The reduction. The matrix is what it is after a step once x vᴴ + v r is taken from it; that is done in the pass over
 * the rows that multiplies by the next v from both sides.
 */
class Reduction {
  readonly #dense: Dense;
  readonly #a: Matrix;
  readonly #n: number;
  readonly #v: Vector;
  readonly #vConj: Vector;
  readonly #x: Vector;
  readonly #r: Vector;
  readonly #next: Vector;
  readonly #sums: Vector;
  readonly #products: Vector;

  constructor(dense: Dense, a: Matrix, n: number) {
    this.#dense = dense;
    this.#a = a;
    this.#n = n;
    const vector = (): Vector => {
      const made = dense.scratchVector(n);
      dense.each(0, n, (i) => made.set(i, dense.constant(0)));
      return made;
    };
    this.#v = vector();
    this.#vConj = vector();
    this.#x = vector();
    this.#r = vector();
    this.#next = vector();
    this.#sums = vector();
    this.#products = vector();
  }

  run(taus: Vector): void {
    const { k } = this.#dense, n = this.#n;
    k.for(0, n - 1, (j) => {
      this.#column(j);
      taus.set(j, this.#step(j));
    });
    this.#column(plus(n - 1, 0));
  }

  /** Brings column j up to date. */
  #column(j: Expr): void {
    const { k } = this.#dense, a = this.#a;
    const vj = this.#dense.let(negative(this.#vConj.get(j))), rj = this.#dense.let(negative(this.#r.get(j)));
    k.for(0, this.#n, (i) => {
      a.set(i, j, multiplyAdd(this.#x.get(i), vj, multiplyAdd(this.#v.get(i), rj, a.get(i, j))));
    });
  }

  /** Makes the reflector of column j; gives its τ. */
  #step(j: Expr): Val {
    const dense = this.#dense, { k } = dense, n = this.#n, a = this.#a, next = this.#next;
    const first = k.let(plus(j, 1)), below = k.let(plus(j, 2));
    const column = (i: Expr): Val => a.get(i, j);
    const split = { first: column(first), rest: column, lo: below, hi: n, limit: n };
    const { beta, tau, scaled } = reflectorOf(dense, split);
    dense.each(0, first, (i) => next.set(i, dense.constant(0)));
    next.set(first, dense.constant(1));
    k.for(below, n, (i) => {
      const v = dense.let(scaled(column(i)));
      next.set(i, v);
      a.set(i, j, v);
    });
    a.set(first, j, dense.ofReal(beta));
    this.#pass(first);
    // A H = A − τ (A v) vᴴ, then Hᴴ(A H) = A H − conj(τ) v (vᴴ A H).
    const along = dense.dot(first, n, n, (i) => [s.conj(next.get(i)), this.#products.get(i)]);
    const shift = dense.let(negative(s.mul(tau, along))), factor = dense.let(s.conj(tau));
    dense.each(0, n, (i) => this.#x.set(i, s.mul(tau, this.#products.get(i))));
    dense.each(0, n, (i) => {
      const vi = dense.let(next.get(i)), conj = dense.let(s.conj(vi));
      this.#v.set(i, vi);
      this.#vConj.set(i, conj);
    });
    dense.each(first, n, (i) => {
      this.#r.set(i, s.mul(factor, multiplyAdd(shift, this.#vConj.get(i), this.#sums.get(i))));
    });
    return tau;
  }

  /** Updates all rows from column `first` on, and multiplies by the next v from both sides. */
  #pass(first: Expr): void {
    const dense = this.#dense, n = this.#n, a = this.#a, sums = this.#sums, next = this.#next;
    dense.each(first, n, (q) => sums.set(q, dense.constant(0)));
    grouped(dense, [0, n], dense.complex ? 2 : 4, (i, count) => {
      const rows = Array.from({ length: count }, (_, p) => {
        const row = dense.k.let(plus(i, p));
        return {
          row,
          xi: dense.let(negative(this.#x.get(row))),
          vi: dense.let(negative(this.#v.get(row))),
          factor: dense.let(s.conj(next.get(row))),
        };
      });
      dense.each(first, n, (q) => {
        let sum = sums.get(q);
        for (const { row, xi, vi, factor } of rows) {
          const before = multiplyAdd(vi, this.#r.get(q), a.get(row, q));
          const element = dense.let(multiplyAdd(xi, this.#vConj.get(q), before));
          a.set(row, q, element);
          sum = multiplyAdd(factor, element, sum);
        }
        sums.set(q, sum);
      });
      const products = dense.dots(first, n, n, count, (q) => {
        const v = next.get(q);
        return rows.map(({ row }) => [a.get(row, q), v] as const);
      });
      rows.forEach(({ row }, p) => this.#products.set(row, products[p]!));
    });
  }
}
