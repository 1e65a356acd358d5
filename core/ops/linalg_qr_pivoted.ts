/**
 * QR factorisation with column pivoting.
 *
 * @module
 */
import { binary, compare, index, select, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { int32 } from "../dtypes.ts";
import { type Primitive, primitive } from "../primitive.ts";
import { bind } from "../trace.ts";
import { batchOf, type Dense, eachMatrix, type Matrix, type Vector } from "./_dense.ts";
import { plus, times } from "./_dense_scalars.ts";
import { fill, fillAcross } from "./_dense_loops.ts";
import { defineLinalg } from "./linalg.ts";
import { reflectorOf, reflectRow } from "./_reflectors.ts";

const geqp3: Primitive<Record<string, never>> = primitive("geqp3");

/** A[:, order] = Q R: reflectors and R in one matrix, their factors τ, and the order of columns. */
export function pivotedQr(a: JaxArray): readonly [a: JaxArray, taus: JaxArray, order: JaxArray] {
  return bind(geqp3 as Primitive, [a]) as readonly [JaxArray, JaxArray, JaxArray];
}

defineLinalg(geqp3, {
  ranks: [2],
  results: ([shape]) => [shape!, [Math.min(shape![0]!, shape![1]!)], [shape![1]!]],
  dtypes: (dtype) => [dtype, dtype, int32],
  jvp: "none",
  lower: {
    kind: "routine",
    build(k, [x], [out, taus, order]) {
      const [m, n] = x!.aval.shape.slice(-2) as [number, number];
      if (m * n === 0) return;
      eachMatrix(k, x!.aval.dtype, batchOf(x!, 2), (dense, b) => {
        const from = dense.matrix(x!, b), to = dense.matrix(out!, b), first = k.let(times(b, n));
        const columns = dense.scratch(n, m);
        fillAcross(dense, columns, [n, m], (j, i) => from.get(i, j));
        k.for(0, n, (j) => k.store(order!.param, plus(first, j), j));
        factor(dense, columns, [m, n], dense.vector(taus!, b), (p, q) => {
          const i = plus(first, p), j = plus(first, q);
          const a = k.let(k.load(order!.param, i)), c = k.let(k.load(order!.param, j));
          k.store(order!.param, i, c);
          k.store(order!.param, j, a);
        });
        fill(dense, to, [m, n], (i, j) => columns.get(j, i));
      });
    },
  },
});

/** Factors the matrix whose columns stand in rows, bringing the longest of the rest to the front in each step. */
function factor(
  dense: Dense,
  columns: Matrix,
  [m, n]: readonly [number, number],
  taus: Vector,
  exchanged: (p: Expr, q: Expr) => void,
): void {
  const { k } = dense, real = dense.realPart;
  // Norms of the rest of each column: the present one, and the last one that was computed from the elements.
  const norms = real.scratchVector(n), exact = real.scratchVector(n);
  const setNorm = (j: Expr, from: Expr): void => {
    const norm = dense.norm(from, m, m, (i) => columns.get(j, i));
    norms.set(j, norm);
    exact.set(j, norm);
  };
  k.for(0, n, (j) => setNorm(j, index(0)));
  k.for(0, Math.min(m, n), (p) => {
    const best = k.local(s.real(norms.get(p))), chosen = k.local(p);
    k.for(plus(p, 1), n, (j) => {
      const norm = k.let(s.real(norms.get(j)));
      k.if(compare("gt", norm, best.get()), () => {
        best.set(norm);
        chosen.set(j);
      });
    });
    const pivot = k.let(chosen.get());
    k.if(compare("ne", pivot, p), () => {
      dense.each(0, m, (i) => {
        const x = dense.let(columns.get(p, i)), y = dense.let(columns.get(pivot, i));
        columns.set(p, i, y);
        columns.set(pivot, i, x);
      });
      norms.set(pivot, norms.get(p));
      exact.set(pivot, exact.get(p));
      exchanged(p, pivot);
    });
    const below = k.let(plus(p, 1));
    const rest = (i: Expr): Val => columns.get(p, i);
    const { beta, tau, scaled } = reflectorOf(dense, { first: rest(p), rest, lo: below, hi: m, limit: m });
    taus.set(p, tau);
    dense.each(below, m, (i) => columns.set(p, i, scaled(columns.get(p, i))));
    columns.set(p, p, dense.constant(1));
    k.for(below, n, (j) => {
      reflectRow(dense, (i) => columns.get(j, i), {
        v: (i) => columns.get(p, i),
        factor: s.conj(tau),
        lo: p,
        hi: m,
        limit: m,
        set: (i, x) => columns.set(j, i, x),
      });
      // ‖rest‖² loses the square of the new element of R; after too much cancellation it is computed again.
      const old = k.let(s.real(norms.get(j))), element = k.let(s.abs(columns.get(j, p)) as Expr);
      const zero = dense.real(0), one = dense.real(1);
      const ratio = k.let(binary("div", element, select(compare("eq", old, zero), one, old)));
      const left = k.let(binary("max", zero, binary("sub", one, binary("mul", ratio, ratio))));
      const change = k.let(binary("div", old, select(compare("eq", old, zero), one, s.real(exact.get(j)))));
      const kept = binary("mul", left, binary("mul", change, change));
      k.if(
        compare("le", kept, dense.real(Math.sqrt(dense.epsilon))),
        () => setNorm(j, below),
        () => norms.set(j, binary("mul", old, unary("sqrt", left))),
      );
    });
    columns.set(p, p, dense.ofReal(beta));
  });
}
