/**
 * Eigenvectors of triangular matrices, and of real ones with blocks of two rows, by substitution from the last row up.
 *
 * @module
 */
import { binary, compare, index, select, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import { Pair, type Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { complexDType, isComplex } from "../dtypes.ts";
import { type Primitive, primitive } from "../primitive.ts";
import { bind1 } from "../trace.ts";
import { batchOf, Dense, eachMatrix, type Matrix, type Vector } from "./_dense.ts";
import { minus, plus, scaleBy } from "./_dense_scalars.ts";
import { addProduct, fill, negative } from "./_dense_loops.ts";
import { defineLinalg } from "./linalg.ts";

const substitution: Primitive<Record<string, never>> = primitive("triangular_eigenvectors");

/**
 * Column k of the result is an eigenvector of T for eigenvalue k, the k-th element of `eigenvalues`, which are those of
 * the diagonal blocks in order. Where eigenvalues are equal, a tiny number takes the place of their difference.
 */
export function triangularEigenvectors(t: JaxArray, eigenvalues: JaxArray): JaxArray {
  return bind1(substitution as Primitive, [t, eigenvalues]);
}

defineLinalg(substitution, {
  ranks: [2, 1],
  mixed: true,
  results: ([t]) => [t!],
  dtypes: (dtype) => [isComplex(dtype) ? dtype : complexDType(dtype)],
  jvp: "none",
  lower: {
    kind: "routine",
    build(k, [t, eigenvalues], [out]) {
      const n = t!.aval.shape.at(-1)!;
      if (n === 0) return;
      eachMatrix(k, t!.aval.dtype, batchOf(t!, 2), (dense, b) => {
        const complex = new Dense(k, out!.aval.dtype, dense.parts);
        complex.part = dense.part;
        const vectors = complex.matrix(out!, b), w = complex.vector(eigenvalues!, b);
        new Substitution(complex, dense.matrix(t!, b), vectors, w, n).run();
      });
    },
  },
});

const add = (x: Expr, y: Expr): Expr => binary("add", x, y);
const abs = (x: Expr): Expr => unary("abs", x);

/** |re| + |im|. */
function size(z: Val): Expr {
  return add(abs(s.real(z)), abs(s.imag(z)));
}

/** The rows of eigenvectors from the last to the first, each for all vectors at once. */
class Substitution {
  readonly #dense: Dense;
  readonly #t: Matrix;
  readonly #x: Matrix;
  readonly #w: Vector;
  readonly #n: number;

  constructor(dense: Dense, t: Matrix, x: Matrix, w: Vector, n: number) {
    this.#dense = dense;
    this.#t = t;
    this.#x = x;
    this.#w = w;
    this.#n = n;
  }

  run(): void {
    const dense = this.#dense, { k } = dense, n = this.#n, x = this.#x, t = this.#t;
    fill(dense, x, [n, n], () => dense.constant(0));
    const row = k.local(index(n - 1));
    k.while(() => compare("ge", row.get(), index(0)), () => {
      const j = k.let(row.get());
      const alone = (): void => {
        this.#accumulate(j, plus(j, 1));
        x.set(j, j, dense.constant(1));
        k.for(plus(j, 1), n, (c) => {
          const difference = this.#guarded(s.sub(this.#real(t.get(j, j)), this.#w.get(c)), c);
          this.#makeRoom(j, c, [x.get(j, c)], difference);
          x.set(j, c, s.div(x.get(j, c), difference));
        });
        row.set(minus(j, 1));
      };
      if (t.dense.complex) return alone();
      const above = k.local(dense.real(0));
      k.if(
        compare("gt", j, index(0)),
        () => above.set(t.get(j, minus(j, 1)) as Expr),
      );
      k.if(compare("eq", above.get(), dense.real(0)), alone, () => {
        this.#pair(k.let(minus(j, 1)), j);
        row.set(minus(j, 2));
      });
    });
  }

  #real(x: Val): Val {
    return x instanceof Pair ? x : new Pair(x, this.#dense.real(0));
  }

  /** A number, or, where it is smaller, the precision times the size of eigenvalue c (at least a tiny number). */
  #guarded(z: Val, c: Expr): Val {
    const dense = this.#dense, fixed = dense.let(z);
    const tiny = dense.real(dense.type === "f32" ? 2 ** -90 : 2 ** -900);
    const least = binary("max", binary("mul", dense.real(dense.epsilon), size(this.#w.get(c))), tiny);
    return dense.let(s.select(compare("lt", size(fixed), least), dense.ofReal(least), fixed));
  }

  /** x[row, c] = −Σ T[row, p] x[p, c] over the rows p from `from` on, for all c after them and their own. */
  #accumulate(row: Expr, from: Expr): void {
    const n = this.#n, t = this.#t;
    addProduct(this.#dense, {
      target: this.#x,
      rows: [row, plus(row, 1)],
      columns: [from, n],
      depth: [from, n],
      left: (i, p) => negative(t.get(i, p)),
      right: this.#x,
      width: n,
    });
  }

  /** Scales a vector down, from a row on, where the quotients of its elements by a number would be too large. */
  #makeRoom(row: Expr, column: Expr, elements: readonly Val[], divisor: Val): void {
    const dense = this.#dense, { k } = dense, x = this.#x, edge = dense.type === "f32" ? 2 ** 40 : 2 ** 400;
    const largest = k.let(elements.map(size).reduce((a, b) => binary("max", a, b)));
    const limit = k.let(binary("mul", dense.real(edge), size(divisor)));
    k.if(compare("gt", largest, limit), () => {
      const factor = k.let(binary("div", limit, largest));
      k.for(row, this.#n, (i) => x.set(i, column, scaleBy(factor, x.get(i, column))));
    });
  }

  /** Rows p and q of a block with two conjugate eigenvalues. */
  #pair(p: Expr, q: Expr): void {
    const dense = this.#dense, { k } = dense, t = this.#t, x = this.#x, n = this.#n;
    const real = (i: Expr, j: Expr): Expr => k.let(t.get(i, j) as Expr);
    const a = real(p, p), b = real(p, q), c = real(q, p), d = real(q, q);
    const after = k.let(plus(q, 1));
    this.#accumulate(q, after);
    this.#accumulate(p, after);
    // The block's own vectors: (a − λ) x_p + b x_q = 0.
    for (const own of [p, q]) {
      const im = k.let(s.imag(this.#w.get(own)));
      const byB = compare("ge", abs(b), abs(c)), zero = dense.real(0), one = dense.real(1);
      const ratio = (by: Expr): Expr => binary("div", im, by);
      x.set(p, own, new Pair(select(byB, one, zero), select(byB, zero, ratio(c))));
      x.set(q, own, new Pair(select(byB, zero, one), select(byB, ratio(b), zero)));
    }
    k.for(after, n, (column) => {
      const lambda = this.#w.get(column);
      const m11 = dense.let(s.sub(this.#real(a), lambda)), m22 = dense.let(s.sub(this.#real(d), lambda));
      // Elimination with the larger of the first column's elements.
      const swap = k.let(compare("gt", abs(c), size(m11)));
      const pick = (yes: Val, no: Val): Val => dense.let(s.select(swap, yes, no));
      const u11 = this.#guarded(pick(this.#real(c), m11), column), u12 = pick(m22, this.#real(b));
      const l21 = pick(m11, this.#real(c)), l22 = pick(this.#real(b), m22);
      const factor = dense.let(s.div(l21, u11));
      const last = this.#guarded(s.sub(l22, s.mul(factor, u12)), column);
      const above = (): Val => x.get(p, column), below = (): Val => x.get(q, column);
      this.#makeRoom(p, column, [above(), below()], last);
      const r1 = dense.let(above()), r2 = dense.let(below()), y1 = pick(r2, r1), y2 = pick(r1, r2);
      x.set(q, column, s.div(s.sub(y2, s.mul(factor, y1)), last));
      x.set(p, column, y1);
      this.#makeRoom(p, column, [above(), s.mul(u12, below())], u11);
      x.set(p, column, s.div(s.sub(above(), s.mul(u12, below())), u11));
    });
  }
}
