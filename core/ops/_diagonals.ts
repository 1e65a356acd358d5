/**
 * The two diagonals of a real tridiagonal or bidiagonal matrix while it is made diagonal, and the rotations that do it.
 *
 * @module
 */
import type { Local } from "../../kernel/builder.ts";
import { binary, compare, constant, convert, index, select } from "../../kernel/expr.ts";
import type { Expr, Param } from "../../kernel/ir.ts";
import type { Dense, Matrix } from "./_dense.ts";
import { type Index, minus, plus, times } from "./_dense_scalars.ts";
import { swapRows } from "./_dense_loops.ts";

/** Neighbouring rows in either direction: place p is row origin + step·p. */
export interface Block {
  readonly origin: Expr;
  readonly step: Expr;
  /** What is added to a place's row for the element between it and the next place. */
  readonly between: Expr;
  /** The last place. */
  readonly last: Expr;
}

/** Diagonals d of n elements and e of n − 1, e[n − 1] = 0, in the wide type of the numbers. */
export class Diagonals {
  readonly n: number;
  readonly dense: Dense;
  /** Whether the iteration has come to an end so far. */
  readonly ok: Local;
  readonly #start: Expr;
  readonly #d: Param;
  readonly #e: Param;
  readonly #rotations: Param;
  readonly #sets: number;
  #unscale: Expr;

  /** `sets` of rotations are kept for one sweep. */
  constructor(dense: Dense, n: number, sets: number) {
    const { k, parts } = dense;
    this.dense = dense;
    this.n = n;
    this.#start = k.let(times(dense.part, n));
    this.#d = k.scratch(dense.wide, n * parts);
    this.#e = k.scratch(dense.wide, n * parts);
    this.#rotations = k.scratch(dense.type, 2 * sets * n * parts);
    this.#sets = sets;
    this.ok = k.local(constant("bool", true));
    this.#unscale = this.constant(1);
  }

  constant(x: number): Expr {
    return constant(this.dense.wide, x);
  }

  get zero(): Expr {
    return this.constant(0);
  }

  /** The least normal number. */
  get tiny(): number {
    return this.dense.wide === "f32" ? 2 ** -126 : 2 ** -1022;
  }

  d(i: Index): Expr {
    return this.dense.k.load(this.#d, plus(this.#start, i));
  }

  setD(i: Index, x: Expr): void {
    this.dense.k.store(this.#d, plus(this.#start, i), x);
  }

  e(i: Index): Expr {
    return this.dense.k.load(this.#e, plus(this.#start, i));
  }

  setE(i: Index, x: Expr): void {
    this.dense.k.store(this.#e, plus(this.#start, i), x);
  }

  /**
   * Takes the elements, times a power of two that keeps squares in range; it is mostly 1. Gives up where one is
   * infinite or NaN.
   */
  load(d: (i: Expr) => Expr, e: (i: Expr) => Expr): void {
    const { dense, n } = this, { k } = dense;
    k.for(0, n, (i) => this.setD(i, convert(dense.wide, d(i))));
    k.for(0, n - 1, (i) => this.setE(i, convert(dense.wide, e(i))));
    this.setE(n - 1, this.zero);
    const most = dense.greatestSize(
      0,
      n,
      (i) => this.e(i),
      dense.greatestSize(0, n, (i) => this.d(i), this.zero),
    );
    this.ok.set(compare("lt", most, this.constant(Infinity)));
    if (dense.type !== dense.wide) return;
    const factor = dense.scaleFor(most);
    k.for(0, n, (i) => {
      this.setD(i, binary("mul", factor, this.d(i)));
      this.setE(i, binary("mul", factor, this.e(i)));
    });
    this.#unscale = k.let(binary("div", this.constant(1), factor));
  }

  /** Rows lo to hi, upwards or downwards. */
  block(lo: Expr, hi: Expr, back: Expr): Block {
    const { k } = this.dense;
    return {
      origin: k.let(select(back, hi, lo)),
      step: k.let(select(back, index(-1), index(1))),
      between: k.let(select(back, index(-1), index(0))),
      last: k.let(minus(hi, lo)),
    };
  }

  /** The row of a place. */
  row({ origin, step }: Block, p: Index): Expr {
    return plus(origin, times(step, p));
  }

  /** Where the element between a place and the next one is. */
  gap(block: Block, p: Index): Expr {
    return plus(this.row(block, p), block.between);
  }

  /** Keeps rotation q of a sweep. */
  keep(set: Index, q: Expr, c: Expr, s: Expr): void {
    const { k, type } = this.dense, at = k.let(this.#slot(set, q));
    k.store(this.#rotations, at, convert(type, c));
    k.store(this.#rotations, plus(at, 1), convert(type, s));
  }

  /** Cosine (0) or sine (1) of rotation q. */
  kept(set: Index, q: Expr, component: 0 | 1): Expr {
    return this.dense.k.load(this.#rotations, plus(this.#slot(set, q), component));
  }

  #slot(set: Index, q: Expr): Expr {
    const n = this.n, part = times(this.dense.part, 2 * this.#sets * n);
    return plus(part, times(set, 2 * n), times(q, 2));
  }

  /** Exchanges elements of d, and rows of the matrices that go with them, so that `before(x, y)` holds in order. */
  sort(before: "lt" | "gt", matrices: readonly { readonly rows: Matrix; readonly length: number }[]): void {
    const { dense, n } = this, { k } = dense;
    k.for(0, n - 1, (i) => {
      const best = k.local(this.d(i)), place = k.local(i);
      k.for(plus(i, 1), n, (j) => {
        const x = k.let(this.d(j));
        k.if(compare(before, x, best.get()), () => {
          best.set(x);
          place.set(j);
        });
      });
      const from = k.let(place.get());
      k.if(compare("ne", from, i), () => {
        this.setD(from, this.d(i));
        this.setD(i, best.get());
        for (const { rows, length } of matrices) swapRows(dense, rows, i, from, [0, length]);
      });
    });
  }

  /** Gives the elements of d, and NaN everywhere if the iteration did not end. */
  finish(
    set: (i: Expr, value: Expr) => void,
    matrices: readonly { readonly rows: Matrix; readonly count: number; readonly length: number }[],
  ): void {
    const { dense, n } = this, { k, type } = dense, nan = dense.real(NaN);
    k.for(0, n, (i) => {
      set(i, select(this.ok.get(), convert(type, binary("mul", this.#unscale, this.d(i))), nan));
    });
    k.if(compare("eq", select(this.ok.get(), index(1), index(0)), index(0)), () => {
      for (const { rows, count, length } of matrices) {
        k.for(0, count, (i) => dense.each(0, length, (j) => rows.set(i, j, nan)));
      }
    });
  }
}
