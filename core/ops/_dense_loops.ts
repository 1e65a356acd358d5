/**
 * Loops over matrices: products that keep sums in contiguous rows, copies, transposition.
 *
 * @module
 */
import { binary, index } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { Dense, Matrix } from "./_dense.ts";
import { greatest, type Index, least, minus, multiplyAdd, plus, times } from "./_dense_scalars.ts";

/** A range of rows, columns or inner indices. */
export type Span = readonly [lo: Index, hi: Index];

/** target[i, j] += Σ_d left(i, d)·right[d, j]. */
export interface Product {
  readonly target: Matrix;
  readonly rows: Span;
  readonly columns: Span;
  readonly depth: Span;
  readonly left: (i: Expr, d: Expr) => Val;
  readonly right: Matrix;
  /** Most columns that there can be. */
  readonly width: number;
}

/** Columns taken at once: rows of sums and of the right operand stay in the first-level cache. */
const panel = 512;
/** Up to this many columns, sums are made one by one. */
const narrow = 3;

/**
 * Adds a product. Four rows and four inner indices (of complex numbers two rows) are taken at once, so that each
 * vector of sums is loaded and stored once for four products.
 */
export function addProduct(dense: Dense, product: Product): void {
  const { k } = dense, { rows, depth } = product;
  if (product.width <= narrow) return addNarrow(dense, product);
  const tall = dense.complex ? 2 : 4, deep = 4;
  grouped(dense, rows, tall, (i, height) => {
    inPanels(dense, product, (lo, hi) => {
      grouped(dense, depth, deep, (d, thick) => {
        const factors = Array.from(
          { length: height },
          (_, r) => Array.from({ length: thick }, (_, q) => dense.let(product.left(plus(i, r), plus(d, q)))),
        );
        k.for(lo, hi, (j) => {
          const right = Array.from({ length: thick }, (_, q) => product.right.get(plus(d, q), j));
          for (let r = 0; r < height; r++) {
            const at = plus(i, r);
            const sum = right.reduce(
              (total, x, q) => multiplyAdd(factors[r]![q]!, x, total),
              product.target.get(at, j),
            );
            product.target.set(at, j, sum);
          }
        }, { independent: true });
      });
    });
  });
}

function addNarrow(dense: Dense, { target, rows, columns, depth, left, right }: Product): void {
  const { k } = dense;
  k.for(rows[0], rows[1], (i) => {
    k.for(columns[0], columns[1], (j) => {
      const sum = dense.cell(target.get(i, j));
      k.for(
        depth[0],
        depth[1],
        (d) => sum.set(k, multiplyAdd(left(i, d), right.get(d, j), sum.get())),
      );
      target.set(i, j, sum.get());
    });
  });
}

function inPanels(
  { k }: Dense,
  { columns: [lo, hi], width }: Product,
  body: (lo: Index, hi: Index) => void,
): void {
  if (width <= 2 * panel) return body(lo, hi);
  k.for(0, Math.ceil(width / panel), (p) => {
    const from = k.let(plus(lo, times(p, panel)));
    body(from, k.let(least(plus(from, panel), hi)));
  });
}

/** Runs `body` on groups of `size` indices, then on what is left one by one. */
export function grouped(
  { k }: Dense,
  [lo, hi]: Span,
  size: 2 | 4,
  body: (first: Expr, count: number) => void,
): void {
  const shift = index(size === 4 ? 2 : 1), count = minus(hi, lo);
  const whole = count.op === "const"
    ? index(Math.max(0, Number(count.attr)) >> Number(shift.attr))
    : k.let(binary("shr", greatest(count, 0), shift));
  k.for(0, whole, (g) => body(k.let(plus(lo, times(g, size))), size));
  k.for(k.let(plus(lo, times(whole, size))), hi, (i) => body(i, 1));
}

/** Sets elements, row after row. */
export function fill(
  { k }: Dense,
  target: Matrix,
  [rows, columns]: readonly [Index, Index],
  value: (i: Expr, j: Expr) => Val,
): void {
  k.for(0, rows, (i) => k.for(0, columns, (j) => target.set(i, j, value(i, j)), { independent: true }));
}

/** Sets target[i, j] to `value(i, j)`, which reads along columns: in blocks, which stay in cache lines. */
export function fillAcross(
  { k }: Dense,
  target: Matrix,
  [rows, columns]: readonly [number, number],
  value: (i: Expr, j: Expr) => Val,
): void {
  const block = 16;
  if (rows * columns <= 4 * block * block) {
    return k.for(0, rows, (i) => k.for(0, columns, (j) => target.set(i, j, value(i, j))));
  }
  k.for(0, Math.ceil(rows / block), (ib) => {
    k.for(0, Math.ceil(columns / block), (jb) => {
      const ilo = k.let(times(ib, block)), ihi = k.let(least(plus(ilo, block), rows));
      const jlo = k.let(times(jb, block)), jhi = k.let(least(plus(jlo, block), columns));
      k.for(ilo, ihi, (i) => k.for(jlo, jhi, (j) => target.set(i, j, value(i, j))));
    });
  });
}

/** Exchanges rows of a matrix, in a span of columns. */
export function swapRows({ k }: Dense, matrix: Matrix, p: Expr, q: Expr, [lo, hi]: Span): void {
  k.for(lo, hi, (j) => {
    const a = matrix.dense.let(matrix.get(p, j)), b = matrix.dense.let(matrix.get(q, j));
    matrix.set(p, j, b);
    matrix.set(q, j, a);
  }, { independent: true });
}

/** −x, for coefficients of products that are subtracted. */
export const negative: (x: Val) => Val = s.neg;
