/**
 * Reduction of Hermitian matrices to real tridiagonal form.
 *
 * @module
 */
import { index } from "../../kernel/expr.ts";
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
import { minus, multiplyAdd, plus } from "./_dense_scalars.ts";
import { fill, fillAcross, grouped, negative } from "./_dense_loops.ts";
import { defineLinalg, realDTypeOf } from "./linalg.ts";
import { reflectorOf } from "./_reflectors.ts";

/** Which triangle of the matrix is read, and holds the reflectors in the result. */
export interface TridiagonalParams {
  readonly lower: boolean;
}

/**
 * A = Q T Qᴴ with real T: the reflectors of Q beside the diagonals of T in one matrix, the diagonal and the other
 * diagonal of T, and the factors τ of the reflectors (LAPACK's hetrd).
 */
export function tridiagonal(
  a: JaxArray,
  lower = true,
): readonly [a: JaxArray, d: JaxArray, e: JaxArray, taus: JaxArray] {
  return bind(P.tridiagonal, [a], { lower }) as readonly [JaxArray, JaxArray, JaxArray, JaxArray];
}

defineLinalg(P.tridiagonal as Primitive<TridiagonalParams>, {
  ranks: [2],
  results([shape]) {
    const [m, n] = shape as [number, number];
    if (m !== n || n === 0) {
      throw new ValueError(`The input to tridiagonal must be a square matrix. Got shape ${tuple(shape!)}.`);
    }
    return [[n, n], [n], [n - 1], [n - 1]];
  },
  dtypes: (dtype) => [dtype, realDTypeOf(dtype), realDTypeOf(dtype), dtype],
  jvp: "none",
  lower: {
    kind: "routine",
    build(k, [x], [out, d, e, taus], { lower }) {
      const n = x!.aval.shape.at(-1)!;
      eachMatrix(k, x!.aval.dtype, batchOf(x!, 2), (dense, b) => {
        const real = dense.realPart, from = dense.matrix(x!, b), to = dense.matrix(out!, b);
        // With both axes reversed, the upper triangle becomes the lower one.
        const at = (i: Expr, count: number): Expr => lower ? i : minus(count - 1, i);
        const work = dense.scratch(n, n);
        fillAcross(dense, work, [n, n], (i, j) => {
          const element = (p: Expr, q: Expr): Val => from.get(at(p, n), at(q, n));
          const below = k.let(s.gt(i, j));
          const one = dense.let(
            element(s.select(below, i, j) as Expr, s.select(below, j, i) as Expr),
          );
          const mirrored = dense.complex ? s.select(below, one, s.conj(one)) : one;
          return s.select(s.eq(i, j), dense.ofReal(s.real(one)), mirrored);
        });
        fill(dense, to, [n, n], (i, j) => from.get(i, j));
        const diagonal = real.vector(d!, b);
        const [beside, factors] = n > 1 ? [real.vector(e!, b), dense.vector(taus!, b)] : [null, null];
        reduce(dense, work, n, {
          diagonal(i, value) {
            diagonal.set(at(i, n), value);
            to.set(at(i, n), at(i, n), dense.ofReal(value));
          },
          column(j, { beta, tau, v }) {
            beside!.set(at(j, n - 1), beta);
            factors!.set(at(j, n - 1), tau);
            to.set(at(plus(j, 1), n), at(j, n), dense.ofReal(beta));
            k.for(plus(j, 2), n, (i) => to.set(at(i, n), at(j, n), v(i)));
          },
        });
      });
    },
  },
});

interface Results {
  readonly diagonal: (i: Expr, value: Expr) => void;
  readonly column: (
    j: Expr,
    reflector: { readonly beta: Expr; readonly tau: Val; readonly v: (i: Expr) => Val },
  ) => void;
}

/**
 * Reduces a full Hermitian matrix. The update A − v wᴴ − w vᴴ of one step is made in the pass over the rows that
 * multiplies by the next v, so that each element is loaded and stored once in a step.
 */
function reduce(dense: Dense, a: Matrix, n: number, results: Results): void {
  const { k } = dense;
  const v = dense.scratchVector(n), w = dense.scratchVector(n), next = dense.scratchVector(n);
  const vConj = dense.scratchVector(n), wConj = dense.scratchVector(n), yConj = dense.scratchVector(n);
  dense.each(0, n, (i) => {
    for (const vector of [v, w, vConj, wConj]) vector.set(i, dense.constant(0));
  });
  const updated = (i: Expr, j: Expr, vi: Val, wi: Val): Val =>
    multiplyAdd(vi, wConj.get(j), multiplyAdd(wi, vConj.get(j), a.get(i, j)));
  const diagonal = (j: Expr): void => {
    const vj = dense.let(negative(v.get(j))), wj = dense.let(negative(w.get(j)));
    dense.each(j, n, (i) => a.set(j, i, updated(j, i, vj, wj)));
    results.diagonal(j, k.let(s.real(a.get(j, j))));
  };
  k.for(0, n - 1, (j) => {
    diagonal(j);
    const first = k.let(plus(j, 1));
    const { beta, tau } = makeReflector(dense, { a, next, j, n });
    results.column(j, { beta, tau, v: (i) => next.get(i) });
    pass(dense, { first, n, next, yConj, a, v, w, updated });
    finish(dense, { first, n, tau, next, yConj, v, w, vConj, wConj });
  });
  diagonal(index(n - 1));
}

/** The reflector of column j, whose conjugate stands in row j. */
function makeReflector(
  dense: Dense,
  { a, next, j, n }: { a: Matrix; next: Vector; j: Expr; n: number },
): { beta: Expr; tau: Val } {
  const { k } = dense, first = k.let(plus(j, 1)), below = k.let(plus(j, 2));
  const column = (i: Expr): Val => s.conj(a.get(j, i));
  const split = { first: column(first), rest: column, lo: below, hi: n, limit: n };
  const { beta, tau, scaled } = reflectorOf(dense, split);
  next.set(first, dense.constant(1));
  dense.each(below, n, (i) => next.set(i, scaled(column(i))));
  return { beta, tau };
}

/** Updates the rows from `first` on, and adds up conj(A next) from them. */
function pass(dense: Dense, { first, n, next, yConj, a, v, w, updated }: {
  readonly first: Expr;
  readonly n: number;
  readonly next: Vector;
  readonly yConj: Vector;
  readonly a: Matrix;
  readonly v: Vector;
  readonly w: Vector;
  readonly updated: (i: Expr, j: Expr, vi: Val, wi: Val) => Val;
}): void {
  dense.each(first, n, (j) => yConj.set(j, dense.constant(0)));
  grouped(dense, [first, n], dense.complex ? 2 : 4, (i, count) => {
    const rows = Array.from({ length: count }, (_, r) => {
      const row = dense.k.let(plus(i, r));
      return {
        row,
        vi: dense.let(negative(v.get(row))),
        wi: dense.let(negative(w.get(row))),
        factor: dense.let(s.conj(next.get(row))),
      };
    });
    dense.each(first, n, (j) => {
      let sum = yConj.get(j);
      for (const { row, vi, wi, factor } of rows) {
        const element = dense.let(updated(row, j, vi, wi));
        a.set(row, j, element);
        sum = multiplyAdd(factor, element, sum);
      }
      yConj.set(j, sum);
    });
  });
}

/** v ← next and w ← τ A v − ½ |τ|² (vᴴ A v) v. */
function finish(dense: Dense, { first, n, tau, next, yConj, v, w, vConj, wConj }: {
  readonly first: Expr;
  readonly n: number;
  readonly tau: Val;
  readonly next: Vector;
  readonly yConj: Vector;
  readonly v: Vector;
  readonly w: Vector;
  readonly vConj: Vector;
  readonly wConj: Vector;
}): void {
  const product = dense.dot(first, n, n, (i) => [yConj.get(i), next.get(i)]);
  const size = s.real(s.mul(tau, s.conj(tau)));
  const half = dense.k.let(
    s.mul(dense.real(-0.5), s.mul(size, s.real(product))) as Expr,
  );
  dense.each(first, n, (i) => {
    const vi = dense.let(next.get(i));
    const wi = dense.let(multiplyAdd(half, vi, s.mul(tau, s.conj(yConj.get(i)))));
    v.set(i, vi);
    w.set(i, wi);
    vConj.set(i, s.conj(vi));
    wConj.set(i, s.conj(wi));
  });
}
