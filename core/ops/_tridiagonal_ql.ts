/**
 * Eigenvalues and vectors of real symmetric tridiagonal matrices by the implicit QL algorithm.
 *
 * @module
 */
import type { KernelBuilder, Local } from "../../kernel/builder.ts";
import { binary, branch, compare, constant, convert, index, select, unary } from "../../kernel/expr.ts";
import type { Expr, Param } from "../../kernel/ir.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { type Primitive, primitive } from "../primitive.ts";
import { bind } from "../trace.ts";
import { batchOf, type Dense, eachMatrix, type Index, type Matrix, minus, plus, times } from "./_dense.ts";
import { swapRows } from "./_dense_loops.ts";
import { defineLinalg, realDTypeOf } from "./_linalg.ts";
import { asReal, rotateRows, rotationOf } from "./_rotations.ts";

const tridiagonalQl: Primitive<Record<string, never>> = primitive("tridiagonal_ql");

/**
 * Eigenvalues of a tridiagonal T in ascending order, from its diagonals, and rows turned into eigenvectors: with
 * A = Q T Qᴴ and Z = Qᵀ, row i becomes the eigenvector of A for eigenvalue i. NaN where the iteration does not end.
 */
export function tridiagonalEigen(
  z: JaxArray,
  d: JaxArray,
  e: JaxArray,
): readonly [vectors: JaxArray, values: JaxArray] {
  return bind(tridiagonalQl as Primitive, [z, d, e]) as readonly [JaxArray, JaxArray];
}

defineLinalg(tridiagonalQl, {
  ranks: [2, 1, 1],
  mixed: true,
  results: ([z, d]) => [z!, d!],
  dtypes: (dtype) => [dtype, realDTypeOf(dtype)],
  jvp: "none",
  lower: {
    kind: "routine",
    inPlace: 0,
    build(k, [, d, e], [vectors, values]) {
      const [n, length] = vectors!.aval.shape.slice(-2) as [number, number];
      if (n === 0) return;
      eachMatrix(k, vectors!.aval.dtype, batchOf(values!, 1), (dense, b) => {
        const rows = asReal(dense, dense.matrix(vectors!, b)), real = dense.realPart;
        const solver = new Solver(dense, n, rows, length * (dense.complex ? 2 : 1));
        const from = real.vector(d!, b), beside = n > 1 ? real.vector(e!, b) : null;
        solver.load((i) => from.get(i) as Expr, (i) => beside!.get(i) as Expr);
        solver.solve();
        solver.sort();
        const to = real.vector(values!, b);
        solver.finish((i, x) => to.set(i, x));
      });
    },
  },
});

const f64 = (x: number): Expr => constant("f64", x);

/** The iteration on one matrix; its scalars are float64. */
class Solver {
  readonly #k: KernelBuilder;
  readonly #dense: Dense;
  readonly #n: number;
  readonly #rows: Matrix;
  readonly #length: number;
  readonly #start: Expr;
  readonly #d: Param;
  readonly #e: Param;
  readonly #ok: Local;
  #unscale: Expr = f64(1);

  constructor(dense: Dense, n: number, rows: Matrix, length: number) {
    const { k, parts } = dense;
    this.#k = k;
    this.#dense = dense;
    this.#n = n;
    this.#rows = rows;
    this.#length = length;
    this.#start = k.let(times(dense.part, n));
    this.#d = k.scratch("f64", n * parts);
    this.#e = k.scratch("f64", n * parts);
    this.#ok = k.local(constant("bool", true));
  }

  #load(param: Param, i: Index): Expr {
    return this.#k.load(param, plus(this.#start, i));
  }

  #store(param: Param, i: Index, x: Expr): void {
    this.#k.store(param, plus(this.#start, i), x);
  }

  /** Takes the diagonals, scaled by a power of two that keeps squares in range. */
  load(diagonal: (i: Expr) => Expr, beside: (i: Expr) => Expr): void {
    const k = this.#k, n = this.#n, most = k.local(f64(0));
    const take = (param: Param, count: number, of: (i: Expr) => Expr): void =>
      k.for(0, count, (i) => {
        const x = k.let(convert("f64", of(i)));
        this.#store(param, i, x);
        most.set(binary("max", most.get(), unary("abs", x)));
      });
    take(this.#d, n, diagonal);
    take(this.#e, n - 1, beside);
    this.#store(this.#e, n - 1, f64(0));
    if (this.#dense.type === "f32") return;
    const large = compare("gt", most.get(), f64(2 ** 500)), small = compare("lt", most.get(), f64(2 ** -500));
    const factor = k.let(select(large, f64(2 ** -600), select(small, f64(2 ** 600), f64(1))));
    this.#unscale = k.let(binary("div", f64(1), factor));
    for (const param of [this.#d, this.#e]) {
      k.for(0, n, (i) => this.#store(param, i, binary("mul", factor, this.#load(param, i))));
    }
  }

  /** Whether an element beside the diagonal is negligible against its neighbours on it. */
  #negligible(e: Expr, before: Expr, after: Expr): Expr {
    const root = (x: Expr): Expr => unary("sqrt", unary("abs", x));
    const bound = binary("mul", f64(this.#dense.epsilon / 2), binary("mul", root(before), root(after)));
    return compare("le", unary("abs", e), binary("max", bound, f64(2 ** -1022)));
  }

  /** Diagonalises block after block; a block is what lies between negligible elements beside the diagonal. */
  solve(): void {
    const k = this.#k, n = this.#n;
    if (n === 1) return;
    const budget = k.local(index(30 * n)), first = k.local(index(0));
    k.while(() => compare("lt", first.get(), index(n)), () => {
      const lo = k.let(first.get()), hi = k.local(lo);
      const more = (): Expr => {
        const at = hi.get(), next = plus(at, 1);
        const end = this.#negligible(
          this.#load(this.#e, at),
          this.#load(this.#d, at),
          this.#load(this.#d, next),
        );
        return branch(compare("lt", at, index(n - 1)), unary("not", end), constant("bool", false));
      };
      k.while(more, () => hi.set(plus(hi.get(), 1)));
      const last = k.let(hi.get());
      first.set(plus(last, 1));
      this.#store(this.#e, last, f64(0));
      k.if(compare("lt", lo, last), () => this.#block(lo, last, budget));
      k.if(unary("not", this.#ok.get()), () => first.set(index(n)));
    });
  }

  /** Runs QL steps on a block, from the end whose diagonal element is smaller. */
  #block(lo: Expr, hi: Expr, budget: Local): void {
    const k = this.#k, size = (i: Expr): Expr => unary("abs", this.#load(this.#d, i));
    const back = compare("lt", size(hi), size(lo));
    const block: Block = {
      origin: k.let(select(back, hi, lo)),
      step: k.let(select(back, index(-1), index(1))),
      between: k.let(select(back, index(-1), index(0))),
      last: k.let(minus(hi, lo)),
    };
    const front = k.local(index(0));
    k.while(() => compare("le", front.get(), block.last), () => {
      const l = k.let(front.get()), end = k.local(l);
      const more = (): Expr => {
        const p = end.get(), next = plus(p, 1);
        const small = this.#negligible(this.#atE(block, p), this.#atD(block, p), this.#atD(block, next));
        return branch(compare("lt", p, block.last), unary("not", small), constant("bool", false));
      };
      k.while(more, () => end.set(plus(end.get(), 1)));
      const m = k.let(end.get());
      k.if(compare("lt", m, block.last), () => this.#store(this.#e, this.#placeE(block, m), f64(0)));
      k.if(compare("eq", m, l), () => front.set(plus(l, 1)), () => {
        budget.set(minus(budget.get(), 1));
        k.if(compare("gt", budget.get(), index(0)), () => this.#step(block, l, m), () => {
          this.#ok.set(constant("bool", false));
          front.set(plus(block.last, 1));
        });
      });
    });
  }

  #placeD({ origin, step }: Block, p: Expr): Expr {
    return plus(origin, times(step, p));
  }

  #placeE({ origin, step, between }: Block, p: Expr): Expr {
    return plus(origin, times(step, p), between);
  }

  #atD(block: Block, p: Expr): Expr {
    return this.#load(this.#d, this.#placeD(block, p));
  }

  #atE(block: Block, p: Expr): Expr {
    return this.#load(this.#e, this.#placeE(block, p));
  }

  /** One implicit QL step with Wilkinson's shift on places l to m (EISPACK's tql2, LAPACK's steqr). */
  #step(block: Block, l: Expr, m: Expr): void {
    const k = this.#k, dense = this.#dense, one = f64(1);
    const add = (a: Expr, b: Expr): Expr => binary("add", a, b),
      sub = (a: Expr, b: Expr): Expr => binary("sub", a, b);
    const mul = (a: Expr, b: Expr): Expr => binary("mul", a, b),
      div = (a: Expr, b: Expr): Expr => binary("div", a, b);
    const dl = k.let(this.#atD(block, l)), el = k.let(this.#atE(block, l));
    const half = k.let(div(sub(this.#atD(block, plus(l, 1)), dl), mul(f64(2), el)));
    const root = s.hypot(half, one) as Expr;
    const shift = div(el, add(half, binary("copysign", root, half)));
    const g = k.local(add(sub(this.#atD(block, m), dl), shift));
    const sine = k.local(one), cosine = k.local(one), p = k.local(f64(0));
    const count = k.let(minus(m, l));
    k.for(0, count, (t) => {
      const i = k.let(minus(minus(m, 1), t)), next = k.let(plus(i, 1));
      const ei = k.let(this.#atE(block, i));
      const f = k.let(mul(sine.get(), ei)), b = k.let(mul(cosine.get(), ei));
      const { c, s: sn, r } = rotationOf(dense, g.get(), f);
      k.if(compare("ne", t, index(0)), () => this.#store(this.#e, this.#placeE(block, next), r));
      const d1 = k.let(sub(this.#atD(block, next), p.get()));
      const r2 = k.let(add(mul(sub(this.#atD(block, i), d1), sn), mul(f64(2), mul(c, b))));
      p.set(mul(sn, r2));
      this.#store(this.#d, this.#placeD(block, next), add(d1, p.get()));
      g.set(sub(mul(c, r2), b));
      sine.set(sn);
      cosine.set(c);
      this.#keep(minus(i, l), c, sn);
    });
    this.#store(this.#d, this.#placeD(block, l), sub(this.#atD(block, l), p.get()));
    this.#store(this.#e, this.#placeE(block, l), g.get());
    if (this.#length === 0) return;
    const first = k.let(this.#placeD(block, l));
    rotateRows(dense, this.#rows, this.#length, {
      count,
      row: (place) => plus(first, times(block.step, place)),
      c: (q) => this.#kept(0, q),
      s: (q) => this.#kept(1, q),
    });
  }

  #rotations: Param | null = null;

  #keep(q: Expr, c: Expr, sn: Expr): void {
    const { k, type, parts, part } = this.#dense, n = this.#n;
    this.#rotations ??= k.scratch(type, 2 * n * parts);
    const at = k.let(plus(times(part, 2 * n), times(q, 2)));
    k.store(this.#rotations, at, convert(type, c));
    k.store(this.#rotations, plus(at, 1), convert(type, sn));
  }

  #kept(component: 0 | 1, q: Expr): Expr {
    const { k, part } = this.#dense;
    return k.load(this.#rotations!, plus(times(part, 2 * this.#n), times(q, 2), component));
  }

  /** Exchanges values and rows so that values ascend. */
  sort(): void {
    const k = this.#k, n = this.#n;
    k.for(0, n - 1, (i) => {
      const least = k.local(this.#load(this.#d, i)), place = k.local(i);
      k.for(plus(i, 1), n, (j) => {
        const x = k.let(this.#load(this.#d, j));
        k.if(compare("lt", x, least.get()), () => {
          least.set(x);
          place.set(j);
        });
      });
      const from = k.let(place.get());
      k.if(compare("ne", from, i), () => {
        this.#store(this.#d, from, this.#load(this.#d, i));
        this.#store(this.#d, i, least.get());
        if (this.#length > 0) swapRows(this.#dense, this.#rows, i, from, [0, this.#length]);
      });
    });
  }

  /** Gives the values, and NaN everywhere if the iteration did not end. */
  finish(set: (i: Expr, value: Expr) => void): void {
    const k = this.#k, dense = this.#dense, { type } = dense;
    const ok = this.#ok.get(), unscale = this.#unscale;
    k.for(0, this.#n, (i) => {
      const x = convert(type, binary("mul", unscale, this.#load(this.#d, i)));
      set(i, select(ok, x, dense.real(NaN)));
    });
    k.if(unary("not", ok), () => {
      k.for(0, this.#n, (i) => dense.each(0, this.#length, (j) => this.#rows.set(i, j, dense.real(NaN))));
    });
  }
}

/** Neighbouring rows in either direction: place p is row origin + step·p. */
interface Block {
  readonly origin: Expr;
  readonly step: Expr;
  /** What is added to a place's row for the element between it and the next place. */
  readonly between: Expr;
  readonly last: Expr;
}
