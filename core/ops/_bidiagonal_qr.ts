/**
 * Singular values and vectors of real upper bidiagonal matrices by implicit QR steps, with zero shifts where the
 * accuracy of small singular values asks for them (Demmel and Kahan 1990, LAPACK's bdsqr).
 *
 * @module
 */
import { binary, branch, compare, constant, index, select, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { JaxArray } from "../array.ts";
import { type Primitive, primitive } from "../primitive.ts";
import { bind } from "../trace.ts";
import { batchOf, eachMatrix, type Matrix } from "./_dense.ts";
import { minus, plus } from "./_dense_scalars.ts";
import { type Block, Diagonals } from "./_diagonals.ts";
import { defineLinalg, realDTypeOf } from "./linalg.ts";
import { asReal, rotateRows, rotationOf } from "./_rotations.ts";

const bidiagonalQr: Primitive<Record<string, never>> = primitive("bidiagonal_qr");

/**
 * Singular values of B in descending order, and rows turned into singular vectors: with A = Q B Pᴴ, the first rows of
 * Qᵀ become left singular vectors of A, and rows of Pᴴ adjoints of right ones. NaN where the iteration does not end.
 */
export function bidiagonalSvd(
  left: JaxArray,
  right: JaxArray,
  d: JaxArray,
  e: JaxArray,
): readonly [left: JaxArray, right: JaxArray, values: JaxArray] {
  return bind(bidiagonalQr as Primitive, [left, right, d, e]) as readonly [JaxArray, JaxArray, JaxArray];
}

defineLinalg(bidiagonalQr, {
  ranks: [2, 2, 1, 1],
  mixed: true,
  results: ([left, right, d]) => [left!, right!, d!],
  dtypes: (dtype) => [dtype, dtype, realDTypeOf(dtype)],
  jvp: "none",
  lower: {
    kind: "routine",
    inPlace: 0,
    build(k, [, right, d, e], [leftOut, rightOut, values]) {
      const n = d!.aval.shape.at(-1)!;
      eachMatrix(k, leftOut!.aval.dtype, batchOf(values!, 1), (dense, b) => {
        const real = dense.realPart, from = real.vector(d!, b), to = real.vector(values!, b);
        const beside = n > 1 ? real.vector(e!, b) : null;
        const components = dense.complex ? 2 : 1;
        const rowsOf = (operand: typeof right): Rows => ({
          rows: asReal(dense, dense.matrix(operand!, b)),
          count: operand!.aval.shape.at(-2)!,
          length: operand!.aval.shape.at(-1)! * components,
        });
        const l = rowsOf(leftOut), r = rowsOf(rightOut), source = rowsOf(right);
        k.for(0, r.count, (i) => dense.each(0, r.length, (j) => r.rows.set(i, j, source.rows.get(i, j))));
        const bi = new Diagonals(dense, n, 2);
        bi.load((i) => from.get(i) as Expr, (i) => beside!.get(i) as Expr);
        k.if(bi.ok.get(), () => new Iteration(bi, l, r).run());
        positive(bi, r);
        const vectors = [l, r].filter(({ length }) => length > 0);
        bi.sort("gt", vectors);
        bi.finish((i, x) => to.set(i, x), vectors);
      });
    },
  },
});

interface Rows {
  readonly rows: Matrix;
  readonly count: number;
  readonly length: number;
}

/** Makes values positive by changing signs of right singular vectors. */
function positive(bi: Diagonals, { rows, length }: Rows): void {
  const { dense, n } = bi, { k } = dense;
  k.for(0, n, (i) => {
    k.if(compare("lt", bi.d(i), bi.zero), () => {
      bi.setD(i, unary("neg", bi.d(i)));
      if (length > 0) dense.each(0, length, (j) => rows.set(i, j, unary("neg", rows.get(i, j) as Expr)));
    });
  });
}

const add = (x: Expr, y: Expr): Expr => binary("add", x, y);
const sub = (x: Expr, y: Expr): Expr => binary("sub", x, y);
const mul = (x: Expr, y: Expr): Expr => binary("mul", x, y);
const div = (x: Expr, y: Expr): Expr => binary("div", x, y);
const abs = (x: Expr): Expr => unary("abs", x);
/** The sets of rotations that a sweep keeps. */
const outer = 0, inner = 1;

/** The iteration on one matrix. */
class Iteration {
  readonly #bi: Diagonals;
  readonly #left: Rows;
  readonly #right: Rows;
  /** Relative size of what is neglected. */
  readonly #tolerance: number;
  readonly #unit: number;

  constructor(bi: Diagonals, left: Rows, right: Rows) {
    this.#bi = bi;
    this.#left = left;
    this.#right = right;
    this.#unit = bi.dense.epsilon / 2;
    this.#tolerance = Math.max(10, Math.min(100, this.#unit ** (-1 / 8))) * this.#unit;
  }

  /** Elements below this are zero in any case: a bound of the least singular value, times the tolerance. */
  #threshold(): Expr {
    const bi = this.#bi, { n } = bi, { k } = bi.dense;
    const mu = k.local(abs(bi.d(0))), least = k.local(mu.get());
    k.for(1, n, (i) => {
      const shrink = div(mu.get(), add(mu.get(), abs(bi.e(minus(i, 1)))));
      mu.set(select(compare("gt", mu.get(), bi.zero), mul(abs(bi.d(i)), shrink), bi.zero));
      least.set(binary("min", least.get(), mu.get()));
    });
    const bound = mul(bi.constant(this.#tolerance / Math.sqrt(n)), least.get());
    return k.let(binary("max", bound, bi.constant(6 * n * n * bi.tiny)));
  }

  /** Works from the last rows to the first: finds the last unreduced block and runs steps on it. */
  run(): void {
    const bi = this.#bi, { n } = bi, { k } = bi.dense;
    if (n === 1) return;
    const threshold = this.#threshold();
    const budget = k.local(index(6 * n * n + 30)), hi = k.local(index(n - 1));
    // The block of the step before, and the direction that was chosen for it.
    const oldLo = k.local(index(-1)), oldHi = k.local(index(-1)), back = k.local(constant("bool", false));
    k.while(() => compare("gt", hi.get(), index(0)), () => {
      const last = k.let(hi.get()), lo = k.local(last);
      const large = (): Expr => compare("gt", abs(bi.e(minus(lo.get(), 1))), threshold);
      k.while(
        () => branch(compare("gt", lo.get(), index(0)), large(), constant("bool", false)),
        () => lo.set(minus(lo.get(), 1)),
      );
      const first = k.let(lo.get());
      k.if(compare("gt", first, index(0)), () => bi.setE(minus(first, 1), bi.zero));
      k.if(compare("eq", first, last), () => hi.set(minus(last, 1)), () => {
        const fresh = binary(
          "or",
          compare("gt", first, oldHi.get()),
          compare("lt", last, oldLo.get()),
        );
        k.if(fresh, () => back.set(compare("lt", abs(bi.d(first)), abs(bi.d(last)))));
        oldLo.set(first);
        oldHi.set(last);
        budget.set(minus(budget.get(), 1));
        k.if(compare("gt", budget.get(), index(0)), () => {
          this.#step(bi.block(first, last, back.get()), back.get(), [first, last], threshold);
        }, () => {
          bi.ok.set(constant("bool", false));
          hi.set(index(0));
        });
      });
    });
  }

  /** Tests for convergence, and runs a step if nothing could be neglected. */
  #step(block: Block, back: Expr, [first, last]: readonly [Expr, Expr], threshold: Expr): void {
    const bi = this.#bi, { k } = bi.dense;
    const d = (p: Expr): Expr => bi.d(bi.row(block, p)), e = (p: Expr): Expr => bi.e(bi.gap(block, p));
    const end = k.let(minus(block.last, 1)), tolerance = bi.constant(this.#tolerance);
    const done = k.local(compare("le", abs(e(end)), mul(tolerance, abs(d(block.last)))));
    const mu = k.local(abs(d(index(0)))), least = k.local(mu.get()), place = k.local(index(0));
    k.if(done.get(), () => bi.setE(bi.gap(block, end), bi.zero), () => {
      // mu bounds the least singular value of what was passed from below.
      k.while(() => compare("lt", place.get(), block.last), () => {
        const p = k.let(place.get()), gap = k.let(abs(e(p)));
        k.if(compare("le", gap, mul(tolerance, mu.get())), () => {
          bi.setE(bi.gap(block, p), bi.zero);
          done.set(constant("bool", true));
          place.set(block.last);
        }, () => {
          mu.set(mul(abs(d(plus(p, 1))), div(mu.get(), add(mu.get(), gap))));
          least.set(binary("min", least.get(), mu.get()));
          place.set(plus(p, 1));
        });
      });
    });
    k.if(unary("not", done.get()), () => {
      const shift = this.#shift(block, least.get(), [first, last]);
      const chase = this.#bi.dense.k.let(shift);
      k.if(
        compare("eq", chase, bi.zero),
        () => this.#zeroShift(block),
        () => this.#shifted(block, chase),
      );
      const gap = bi.gap(block, end);
      k.if(compare("le", abs(bi.e(gap)), threshold), () => bi.setE(gap, bi.zero));
      this.#rotate(block, back);
    });
  }

  /** The least singular value of the last two rows, or zero where a shift would spoil the small values. */
  #shift(block: Block, least: Expr, [first, last]: readonly [Expr, Expr]): Expr {
    const bi = this.#bi, { k } = bi.dense, unit = this.#unit, tolerance = this.#tolerance;
    const d = (p: Expr): Expr => bi.d(bi.row(block, p)), e = (p: Expr): Expr => bi.e(bi.gap(block, p));
    const most = k.local(bi.zero);
    k.for(first, plus(last, 1), (i) => most.set(binary("max", most.get(), abs(bi.d(i)))));
    k.for(first, last, (i) => most.set(binary("max", most.get(), abs(bi.e(i)))));
    const relative = mul(bi.constant(bi.n * tolerance), div(least, most.get()));
    const small = compare("le", relative, bi.constant(Math.max(unit, 0.01 * tolerance)));
    const end = k.let(minus(block.last, 1));
    const value = k.let(leastSingularValue(d(end), e(end), d(block.last)));
    const ratio = div(value, abs(d(index(0))));
    const pointless = compare("lt", mul(ratio, ratio), bi.constant(unit));
    return select(binary("or", small, pointless), bi.zero, value);
  }

  /** A step without shift, which computes every element to high relative accuracy. */
  #zeroShift(block: Block): void {
    const bi = this.#bi, { dense } = bi, { k } = dense, one = bi.constant(1);
    const d = (p: Expr): Expr => bi.d(bi.row(block, p)), e = (p: Expr): Expr => bi.e(bi.gap(block, p));
    const cosine = k.local(one), oldCosine = k.local(one), oldSine = k.local(bi.zero);
    k.for(0, block.last, (p) => {
      const next = k.let(plus(p, 1));
      const a = rotationOf(dense, k.let(mul(d(p), cosine.get())), k.let(e(p)));
      k.if(compare("gt", p, index(0)), () => bi.setE(bi.gap(block, minus(p, 1)), mul(oldSine.get(), a.r)));
      const b = rotationOf(dense, k.let(mul(oldCosine.get(), a.r)), k.let(mul(d(next), a.s)));
      bi.setD(bi.row(block, p), b.r);
      bi.keep(outer, p, a.c, a.s);
      bi.keep(inner, p, b.c, b.s);
      cosine.set(a.c);
      oldCosine.set(b.c);
      oldSine.set(b.s);
    });
    const h = k.let(mul(d(block.last), cosine.get()));
    bi.setD(bi.row(block, block.last), mul(h, oldCosine.get()));
    bi.setE(bi.gap(block, minus(block.last, 1)), mul(h, oldSine.get()));
  }

  /** A step with shift: the bulge is chased from the first place to the last. */
  #shifted(block: Block, shift: Expr): void {
    const bi = this.#bi, { dense } = bi, { k } = dense;
    const d = (p: Expr): Expr => bi.d(bi.row(block, p)), e = (p: Expr): Expr => bi.e(bi.gap(block, p));
    const d0 = k.let(d(index(0))), signed = binary("copysign", bi.constant(1), d0);
    const f = k.local(mul(sub(abs(d0), shift), add(signed, div(shift, d0))));
    const g = k.local(e(index(0)));
    k.for(0, block.last, (p) => {
      const next = k.let(plus(p, 1));
      const a = rotationOf(dense, f.get(), g.get());
      k.if(compare("gt", p, index(0)), () => bi.setE(bi.gap(block, minus(p, 1)), a.r));
      const dp = k.let(d(p)), ep = k.let(e(p)), dn = k.let(d(next));
      const e1 = k.let(sub(mul(a.c, ep), mul(a.s, dp))), d1 = k.let(mul(a.c, dn));
      const b = rotationOf(dense, k.let(add(mul(a.c, dp), mul(a.s, ep))), k.let(mul(a.s, dn)));
      bi.setD(bi.row(block, p), b.r);
      f.set(add(mul(b.c, e1), mul(b.s, d1)));
      bi.setD(bi.row(block, next), sub(mul(b.c, d1), mul(b.s, e1)));
      k.if(compare("lt", next, block.last), () => {
        const en = k.let(e(next));
        g.set(mul(b.s, en));
        bi.setE(bi.gap(block, next), mul(b.c, en));
      });
      bi.keep(outer, p, a.c, a.s);
      bi.keep(inner, p, b.c, b.s);
    });
    bi.setE(bi.gap(block, minus(block.last, 1)), f.get());
  }

  /** The first rotations turn columns of B, the others its rows; going backwards, the other way round. */
  #rotate(block: Block, back: Expr): void {
    const bi = this.#bi, { dense } = bi, { k } = dense;
    const apply = ({ rows, length }: Rows, forwards: number, backwards: number): void => {
      if (length === 0) return;
      const set = k.let(select(back, index(backwards), index(forwards)));
      rotateRows(dense, rows, length, {
        count: block.last,
        row: (place) => bi.row(block, place),
        c: (q) => bi.kept(set, q, 0),
        s: (q) => bi.kept(set, q, 1),
      });
    };
    apply(this.#right, outer, inner);
    apply(this.#left, inner, outer);
  }
}

/** The lesser singular value of [[f, g], [0, h]] (LAPACK's las2). */
function leastSingularValue(f: Expr, g: Expr, h: Expr): Expr {
  const zero = constant(f.type, 0),
    one = constant(f.type, 1),
    two = constant(f.type, 2),
    fa = abs(f),
    ga = abs(g),
    ha = abs(h);
  const least = binary("min", fa, ha), most = binary("max", fa, ha);
  const sqrt = (x: Expr): Expr => unary("sqrt", x), square = (x: Expr): Expr => mul(x, x);
  const safe = select(compare("gt", most, zero), most, one);
  const sum = add(one, div(least, safe)), difference = div(sub(most, least), safe);
  const ratio = div(ga, safe), inverse = div(most, select(compare("gt", ga, zero), ga, one));
  const narrow = div(
    two,
    add(sqrt(add(square(sum), square(ratio))), sqrt(add(square(difference), square(ratio)))),
  );
  const wide = div(
    one,
    add(
      sqrt(add(one, square(mul(sum, inverse)))),
      sqrt(add(one, square(mul(difference, inverse)))),
    ),
  );
  const ofWide = mul(two, mul(mul(least, wide), inverse));
  return select(
    compare("eq", least, zero),
    zero,
    select(compare("lt", ga, most), mul(least, narrow), ofWide),
  );
}
