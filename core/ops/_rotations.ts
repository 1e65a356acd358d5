/**
 * Plane rotations in kernels.
 *
 * @module
 */
import { binary, compare, constant, index, select } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import * as s from "../../kernel/scalar.ts";
import type { Dense, Matrix } from "./_dense.ts";
import { plus } from "./_dense_scalars.ts";

/** c, s and r with c f + s g = r and c g − s f = 0. */
export interface Rotation {
  readonly c: Expr;
  readonly s: Expr;
  readonly r: Expr;
}

/** The rotation that maps (f, g) to (r, 0). */
export function rotationOf({ k }: Dense, f: Expr, g: Expr): Rotation {
  const zero = constant(f.type, 0), one = constant(f.type, 1);
  const length = k.let(s.hypot(f, g) as Expr), none = compare("eq", length, zero);
  const divisor = k.let(select(none, one, length));
  return {
    c: k.let(select(none, one, binary("div", f, divisor))),
    s: k.let(binary("div", g, divisor)),
    r: length,
  };
}

/** Rotations of neighbouring rows that are applied together. */
export interface Sweep {
  /** Number of rotations. */
  readonly count: Expr;
  /** Row of place p; there are `count` + 1 places. */
  readonly row: (place: Expr) => Expr;
  /** Rotation number q turns the rows of places q and q + 1. */
  readonly c: (q: Expr) => Expr;
  readonly s: (q: Expr) => Expr;
}

/**
 * Applies rotations to rows: row q ← c row q + s row q+1 and row q + 1 ← c row q+1 − s row q, for q from the first
 * to the last. Each row is loaded and stored once.
 */
export function rotateRows(dense: Dense, rows: Matrix, length: number, { count, row, c, s }: Sweep): void {
  const { k } = dense;
  dense.each(0, length, (j) => {
    const carried = k.local(rows.get(row(index(0)), j) as Expr);
    k.for(0, count, (q) => {
      const x = k.let(rows.get(row(plus(q, 1)), j) as Expr), old = carried.get(), cq = c(q), sq = s(q);
      rows.set(row(q), j, binary("add", binary("mul", sq, x), binary("mul", cq, old)));
      carried.set(binary("sub", binary("mul", cq, x), binary("mul", sq, old)));
    });
    rows.set(row(count), j, carried.get());
  });
}

/** The real matrix in the same memory, a complex number taking two columns. */
export function asReal(dense: Dense, matrix: Matrix): Matrix {
  return dense.complex ? matrix.asReal(dense.realPart) : matrix;
}
