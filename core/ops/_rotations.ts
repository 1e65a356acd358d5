/**
 * Plane rotations in kernels.
 *
 * @module
 */
import { binary, compare, constant, convert, index, select } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import * as s from "../../kernel/scalar.ts";
import { type Dense, type Matrix, minus, plus, times, type Vector } from "./_dense.ts";

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
  /** Row of place p: places run over `count` + 1 rows, in either direction. */
  readonly row: (place: Expr) => Expr;
  /** Rotation number q turns the rows of places q and q + 1. */
  readonly c: (q: Expr) => Expr;
  readonly s: (q: Expr) => Expr;
}

/**
 * Applies rotations to rows, each row loaded and stored once: row q + 1 ← s row q + c row q+1 and
 * row q ← c row q − s row q+1, for q from the last to the first.
 */
export function rotateRows(dense: Dense, rows: Matrix, length: number, { count, row, c, s }: Sweep): void {
  const { k } = dense;
  dense.each(0, length, (j) => {
    const carried = k.local(rows.get(row(count), j) as Expr);
    k.for(0, count, (t) => {
      const q = minus(minus(count, 1), t), x = k.let(rows.get(row(q), j) as Expr), old = carried.get();
      const cq = c(q), sq = s(q);
      rows.set(row(plus(q, 1)), j, binary("add", binary("mul", sq, x), binary("mul", cq, old)));
      carried.set(binary("sub", binary("mul", cq, x), binary("mul", sq, old)));
    });
    rows.set(row(index(0)), j, carried.get());
  });
}

/** The real matrix in the same memory, a complex number taking two columns. */
export function asReal(dense: Dense, matrix: Matrix): Matrix {
  return dense.complex ? matrix.asReal(dense.realPart) : matrix;
}

/** Scratch for rotations: cosines and sines in the type of components. */
export interface RotationStore {
  readonly c: Vector;
  readonly s: Vector;
}

/** A scalar in float64. */
export function wide(x: Expr): Expr {
  return convert("f64", x);
}

/** Product of a direction, 1 or −1, with a place. */
export function directed(origin: Expr, direction: Expr, place: Expr): Expr {
  return plus(origin, times(direction, place));
}
