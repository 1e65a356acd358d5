/**
 * Householder reflectors in kernels: I − τ v vᴴ, single ones and blocks of them in the form I − V T Vᴴ (Schreiber and
 * Van Loan 1989).
 *
 * @module
 */
import { binary, compare, convert, index, select, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import { Pair, type Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { Dense, Matrix } from "./_dense.ts";
import { type Index, least, minus, multiplyAdd, plus, scaleBy, times } from "./_dense_scalars.ts";
import { addProduct, negative } from "./_dense_loops.ts";

/** A reflector that maps a vector to β e₁. */
export interface Reflector {
  readonly beta: Expr;
  readonly tau: Val;
  /** What the elements after the first are divided by to give v; v₁ = 1. */
  readonly scaled: (x: Val) => Val;
}

/** A vector in parts: its first element, and the others at positions [lo, hi), at most `limit` of them. */
export interface Split {
  readonly first: Val;
  readonly rest: (i: Expr) => Val;
  readonly lo: Index;
  readonly hi: Index;
  readonly limit: number;
}

/**
 * The reflector H = I − τ v vᴴ with Hᴴ (α, x) = (β, 0) and real β (LAPACK's larfg). It is the identity, τ = 0, where
 * x = 0 and α is real.
 */
export function reflectorOf(dense: Dense, { first, rest, lo, hi, limit }: Split): Reflector {
  const { k } = dense, zero = dense.real(0), one = dense.real(1);
  const alpha = dense.let(first);
  const { scale, norm } = scaledNorm(dense, alpha, { rest, lo, hi, limit });
  const a = k.let(binary("mul", scale, s.real(alpha)));
  const b = alpha instanceof Pair ? k.let(binary("mul", scale, alpha.im)) : null;
  let sum = multiplyAdd(norm, norm, binary("mul", a, a)), trivial = compare("eq", norm, zero);
  if (b !== null) {
    sum = multiplyAdd(b, b, sum);
    trivial = binary("and", trivial, compare("eq", b, zero));
  }
  const none = k.let(trivial), length = unary("sqrt", sum as Expr);
  const beta = k.let(select(none, a, unary("neg", binary("copysign", length, a))));
  const safe = select(none, one, beta);
  const part = (x: Expr): Expr => k.let(select(none, zero, binary("div", x, safe)));
  const divisor = select(none, one, binary("sub", a, beta));
  const divide = dense.divider(b === null ? divisor : new Pair(divisor, select(none, zero, b)));
  const tau = part(binary("sub", beta, a));
  return {
    beta: k.let(binary("div", beta, scale)),
    tau: b === null ? tau : new Pair(tau, part(unary("neg", b))),
    scaled: (x) => divide(scaleBy(scale, x)),
  };
}

/** The norm of the rest times a power of two with which the squares of the whole are in range. */
function scaledNorm(
  dense: Dense,
  alpha: Val,
  { rest, lo, hi, limit }: Omit<Split, "first">,
): { scale: Expr; norm: Expr } {
  const { k } = dense;
  const own = alpha instanceof Pair
    ? binary("max", unary("abs", alpha.re), unary("abs", alpha.im))
    : unary("abs", alpha);
  if (dense.wide === dense.type) {
    const scale = dense.scaleFor(dense.greatestSize(lo, hi, rest, k.let(own)));
    const sum = dense.squares(lo, hi, limit, rest, (x) => binary("mul", x, scale));
    return { scale, norm: k.let(unary("sqrt", sum)) };
  }
  const norm = k.let(unary("sqrt", dense.squares(lo, hi, limit, rest, (x) => convert("f64", x))));
  const scale = dense.scaleFor(k.let(convert("f32", binary("max", norm, convert("f64", own)))));
  return { scale, norm: k.let(convert("f32", binary("mul", norm, convert("f64", scale)))) };
}

/** Columns that one block of reflectors has. */
export const blockSize = 32;

/** Room for one block: its vectors as rows, with what is before their first element stored too, T, and products. */
export class ReflectorBlock {
  readonly dense: Dense;
  /** Row p is vector p, over all positions. */
  readonly vectors: Matrix;
  /** The triangular factor. */
  readonly factor: Matrix;
  readonly #product: Matrix;
  readonly #length: number;
  readonly #width: number;

  /** `length`: of the vectors; `count`: most reflectors in a block; `width`: most columns they are applied to. */
  constructor(dense: Dense, { length, count, width }: { length: number; count: number; width: number }) {
    this.dense = dense;
    this.vectors = dense.scratch(count, length);
    this.factor = dense.scratch(count, count);
    this.#product = dense.scratch(count, width);
    this.#length = length;
    this.#width = width;
  }

  /**
   * Makes T of `count` vectors, of which vector p begins at position first + p, with a one:
   * T[:, p] = −τ_p T Vᴴ v_p above the diagonal, τ_p on it.
   */
  makeFactor(first: Expr, count: number, tau: (p: Expr) => Val): void {
    const { dense, vectors, factor } = this, { k } = dense, length = this.#length;
    k.for(0, count, (p) => {
      const scale = dense.let(tau(p)), start = k.let(plus(first, p));
      k.for(0, p, (q) => {
        const product = dense.dot(
          start,
          length,
          length,
          (i) => [s.conj(vectors.get(q, i)), vectors.get(p, i)],
        );
        factor.set(q, p, s.mul(negative(scale), product));
      });
      // T times the new column, from its first element on: what is still needed is not overwritten.
      k.for(0, p, (q) => {
        const sum = dense.cell(dense.constant(0));
        k.for(q, p, (r) => sum.set(k, multiplyAdd(factor.get(q, r), factor.get(r, p), sum.get())));
        factor.set(q, p, sum.get());
      });
      factor.set(p, p, scale);
    });
  }

  /**
   * C ← (I − V T Vᴴ) C, or with Tᴴ for the adjoint, on the rows of C from `first` on and some of its columns.
   * `C` has the row numbers of the vectors' positions.
   */
  apply(
    c: Matrix,
    { first, count, columns, adjoint }: {
      readonly first: Expr;
      readonly count: number;
      readonly columns: readonly [Index, Index];
      readonly adjoint: boolean;
    },
  ): void {
    const { dense, vectors, factor } = this, { k } = dense, w = this.#product;
    const [lo, hi] = columns, length = this.#length, width = this.#width;
    k.for(0, count, (p) => dense.each(lo, hi, (j) => w.set(p, j, dense.constant(0))));
    const add = {
      columns,
      width,
    };
    addProduct(dense, {
      ...add,
      target: w,
      rows: [0, count],
      depth: [first, length],
      left: (p, i) => s.conj(vectors.get(p, i)),
      right: c,
    });
    // Rows of the product with T are made in the order in which the old rows are no longer needed.
    const row = (p: Expr): void => {
      const own = dense.let(adjoint ? s.conj(factor.get(p, p)) : factor.get(p, p));
      dense.each(lo, hi, (j) => w.set(p, j, s.mul(own, w.get(p, j))));
      addProduct(dense, {
        ...add,
        target: w,
        rows: [p, plus(p, 1)],
        depth: adjoint ? [0, p] : [plus(p, 1), count],
        left: (_, q) => adjoint ? s.conj(factor.get(q, p)) : factor.get(p, q),
        right: w,
      });
    };
    if (adjoint) dense.down(0, count, row);
    else k.for(0, count, row);
    addProduct(dense, {
      ...add,
      target: c,
      rows: [first, length],
      depth: [0, count],
      left: (i, p) => negative(vectors.get(p, i)),
      right: w,
    });
  }
}

/** Runs `body` on blocks of `total` reflectors, from the first to the last or back; counts are known when it is made. */
export function eachBlock(
  { k }: Dense,
  total: number,
  forward: boolean,
  body: (first: Expr, count: number) => void,
): void {
  const whole = Math.floor(total / blockSize), rest = total % blockSize;
  const last = (): void => {
    if (rest > 0) body(index(whole * blockSize), rest);
  };
  if (!forward) last();
  k.for(0, whole, (g) => {
    const p = forward ? g : minus(whole - 1, g);
    body(k.let(times(p, blockSize)), blockSize);
  });
  if (forward) last();
}

/**
 * Copies `count` vectors into a block: vector p from below row first + p of column first + p of a matrix, which has
 * `length` rows.
 */
function loadVectors(
  { dense, vectors }: ReflectorBlock,
  a: Matrix,
  { first, count, length }: { readonly first: Expr; readonly count: number; readonly length: number },
): void {
  const { k } = dense;
  k.for(first, length, (i) => {
    const below = k.let(least(minus(i, first), count));
    k.for(0, below, (p) => vectors.set(p, i, a.get(i, plus(first, p))));
  });
  k.for(0, count, (p) => {
    const one = k.let(plus(first, p));
    dense.each(first, one, (i) => vectors.set(p, i, dense.constant(0)));
    vectors.set(p, one, dense.constant(1));
  });
}

/** Applies one reflector to a row vector from the left: x ← x − factor·(Σ conj(v)·x)·v over [lo, hi). */
export function reflectRow(
  dense: Dense,
  x: (i: Expr) => Val,
  { v, factor, lo, hi, limit, set }: {
    readonly v: (i: Expr) => Val;
    readonly factor: Val;
    readonly lo: Index;
    readonly hi: Index;
    readonly limit: number;
    readonly set: (i: Expr, value: Val) => void;
  },
): void {
  const product = dense.dot(lo, hi, limit, (i) => [s.conj(v(i)), x(i)]);
  const step = dense.let(negative(s.mul(factor, product)));
  dense.each(lo, hi, (i) => set(i, multiplyAdd(step, v(i), x(i))));
}

/** Reflectors in the columns of a matrix, below its diagonal, and their factors τ. */
export interface Reflectors {
  readonly a: Matrix;
  readonly tau: (p: Expr) => Val;
  readonly total: number;
  /** Rows of the matrix. */
  readonly length: number;
}

/** C ← Q C or Qᴴ C for the product Q of all reflectors; `from` is the first column that a block changes. */
export function applyReflectors(
  dense: Dense,
  { a, tau, total, length }: Reflectors,
  c: Matrix,
  options: {
    readonly width: number;
    readonly adjoint: boolean;
    readonly from?: (first: Expr) => Expr;
  },
): void {
  const { width, adjoint, from } = options;
  if (total === 0 || width === 0) return;
  const block = new ReflectorBlock(dense, { length, count: Math.min(blockSize, total), width });
  eachBlock(dense, total, adjoint, (first, count) => {
    loadVectors(block, a, { first, count, length });
    block.makeFactor(first, count, (p) => tau(plus(first, p)));
    block.apply(c, { first, count, columns: [from?.(first) ?? 0, width], adjoint });
  });
}
