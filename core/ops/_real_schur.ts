/**
 * Real Schur form of an upper Hessenberg matrix by double-shift QR steps (Francis; LAPACK's lahqr, with the
 * deflation criterion of Ahues and Tisseur).
 *
 * @module
 */
import type { Local } from "../../kernel/builder.ts";
import { binary, branch, compare, constant, index, select, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import * as s from "../../kernel/scalar.ts";
import type { Dense, Matrix } from "./_dense.ts";
import { type Index, least, minus, plus } from "./_dense_scalars.ts";
import { standardBlock } from "./_standard_block.ts";

/** What a Schur iteration works on. */
export interface SchurTask {
  /** The Hessenberg matrix; becomes the Schur form where `form` is set, else only its eigenvalues are found. */
  readonly h: Matrix;
  readonly n: number;
  readonly form: boolean;
  /** Row i is column i of the unitary matrix. */
  readonly z: Matrix | null;
  readonly setEigenvalue: (i: Expr, re: Expr, im: Expr) => void;
}

const add = (x: Expr, y: Expr): Expr => binary("add", x, y);
const sub = (x: Expr, y: Expr): Expr => binary("sub", x, y);
const mul = (x: Expr, y: Expr): Expr => binary("mul", x, y);
const div = (x: Expr, y: Expr): Expr => binary("div", x, y);
const abs = (x: Expr): Expr => unary("abs", x);

/** Shifts of a double step: a pair of conjugates, or one real number twice. */
interface Shifts {
  readonly re: readonly [Local, Local];
  readonly im: readonly [Local, Local];
}

/** A reflector of three neighbouring rows, or two: v = (1, v2, v3). */
interface SmallReflector {
  readonly beta: Expr;
  readonly tau: Expr;
  readonly v: readonly Expr[];
}

/** Iterations between exceptional shifts. */
const exceptionalPeriod = 10;

/** The iteration on one matrix. */
export class RealSchur {
  readonly #dense: Dense;
  readonly #task: SchurTask;
  /** Whether all eigenvalues were found so far. */
  readonly ok: Local;

  constructor(dense: Dense, task: SchurTask) {
    this.#dense = dense;
    this.#task = task;
    this.ok = dense.k.local(constant("bool", true));
  }

  #h(i: Index, j: Index): Expr {
    return this.#task.h.get(i, j) as Expr;
  }

  #c(x: number): Expr {
    return this.#dense.real(x);
  }

  get #unit(): number {
    return this.#dense.epsilon;
  }

  /** Numbers below this are zero. */
  get #tiny(): number {
    return (this.#dense.type === "f32" ? 2 ** -126 : 2 ** -1022) * (this.#task.n / this.#unit);
  }

  /** Finds eigenvalues from the last rows to the first. */
  run(): void {
    const { k } = this.#dense, { n, h } = this.#task;
    const last = k.local(index(n - 1)), steps = k.local(index(0));
    k.while(() => compare("ge", last.get(), index(0)), () => {
      const i = k.let(last.get()), low = k.local(i);
      k.while(
        () => branch(compare("gt", low.get(), index(0)), unary("not", this.#small(low.get())), no),
        () => low.set(minus(low.get(), 1)),
      );
      const l = k.let(low.get());
      k.if(compare("gt", l, index(0)), () => h.set(l, minus(l, 1), this.#c(0)));
      k.if(compare("ge", l, minus(i, 1)), () => {
        this.#deflate(l, i);
        last.set(minus(l, 1));
        steps.set(index(0));
      }, () => {
        steps.set(plus(steps.get(), 1));
        k.if(compare("gt", steps.get(), index(30 * Math.max(10, n))), () => {
          this.ok.set(no);
          last.set(index(-1));
        }, () => this.#sweep(l, i, k.let(steps.get())));
      });
    });
  }

  /** Whether the element left of the diagonal in row k is negligible. */
  #small(k: Expr): Expr {
    const { n } = this.#task, before = minus(k, 1), zero = this.#c(0), tiny = this.#c(this.#tiny);
    const left = abs(this.#h(k, before)), above = abs(this.#h(before, k));
    const d0 = this.#h(before, before), d1 = this.#h(k, k);
    const own = add(abs(d0), abs(d1));
    const further = add(
      branch(compare("ge", k, index(2)), abs(this.#h(before, minus(k, 2))), zero),
      branch(compare("lt", k, index(n - 1)), abs(this.#h(plus(k, 1), k)), zero),
    );
    const size = select(compare("eq", own, zero), further, own);
    const max = (x: Expr, y: Expr): Expr => binary("max", x, y),
      min = (x: Expr, y: Expr): Expr => binary("min", x, y);
    const ab = max(left, above), ba = min(left, above), rest = abs(sub(d0, d1));
    const aa = max(abs(d1), rest), bb = min(abs(d1), rest), sum = add(aa, ab);
    const unit = this.#c(this.#unit);
    const fine = compare("le", mul(ba, div(ab, sum)), max(tiny, mul(unit, mul(bb, div(aa, sum)))));
    const coarse = compare("le", left, mul(unit, size));
    return binary("or", compare("le", left, tiny), binary("and", coarse, fine));
  }

  /** One eigenvalue, or a pair: the last block is brought to standard form. */
  #deflate(l: Expr, i: Expr): void {
    const { k } = this.#dense, { h, n, form, setEigenvalue, z } = this.#task;
    k.if(compare("eq", l, i), () => setEigenvalue(i, this.#h(i, i), this.#c(0)), () => {
      const p = k.let(minus(i, 1));
      const block = standardBlock(k, [this.#h(p, p), this.#h(p, i), this.#h(i, p), this.#h(i, i)]);
      const [a, b, c, d] = block.elements;
      h.set(p, p, a);
      h.set(p, i, b);
      h.set(i, p, c);
      h.set(i, i, d);
      setEigenvalue(p, a, block.imaginary);
      setEigenvalue(i, d, unary("neg", block.imaginary));
      const turn = (x: Expr, y: Expr): [Expr, Expr] => [
        k.let(add(mul(block.c, x), mul(block.s, y))),
        k.let(sub(mul(block.c, y), mul(block.s, x))),
      ];
      if (form) {
        this.#dense.each(plus(i, 1), n, (j) => {
          const [x, y] = turn(this.#h(p, j), this.#h(i, j));
          h.set(p, j, x);
          h.set(i, j, y);
        });
        k.for(0, p, (j) => {
          const [x, y] = turn(this.#h(j, p), this.#h(j, i));
          h.set(j, p, x);
          h.set(j, i, y);
        });
      }
      if (z) {
        this.#dense.each(0, n, (j) => {
          const [x, y] = turn(z.get(p, j) as Expr, z.get(i, j) as Expr);
          z.set(p, j, x);
          z.set(i, j, y);
        });
      }
    });
  }

  /** Eigenvalues of the last block of two rows, or after some vain steps numbers that break a cycle. */
  #shifts(l: Expr, i: Expr, step: Expr): Shifts {
    const { k } = this.#dense, p = k.let(minus(i, 1)), zero = this.#c(0);
    const h11 = k.local(this.#h(p, p)), h21 = k.local(this.#h(i, p));
    const h12 = k.local(this.#h(p, i)), h22 = k.local(this.#h(i, i));
    const exceptional = (size: Expr, corner: Expr): void => {
      const sum = k.let(size);
      h11.set(add(mul(this.#c(0.75), sum), corner));
      h12.set(mul(this.#c(-0.4375), sum));
      h21.set(sum);
      h22.set(h11.get());
    };
    const every = (period: number): Expr => compare("eq", binary("rem", step, index(period)), index(0));
    k.if(
      every(2 * exceptionalPeriod),
      () => exceptional(add(abs(this.#h(i, p)), abs(this.#h(p, minus(i, 2)))), this.#h(i, i)),
      () =>
        k.if(every(exceptionalPeriod), () => {
          const next = plus(l, 1);
          exceptional(add(abs(this.#h(next, l)), abs(this.#h(plus(l, 2), next))), this.#h(l, l));
        }),
    );
    const scale = k.let(
      add(add(abs(h11.get()), abs(h12.get())), add(abs(h21.get()), abs(h22.get()))),
    );
    const re = [k.local(zero), k.local(zero)] as const, im = [k.local(zero), k.local(zero)] as const;
    k.if(compare("ne", scale, zero), () => {
      const a = k.let(div(h11.get(), scale)), b = k.let(div(h12.get(), scale));
      const c = k.let(div(h21.get(), scale)), d = k.let(div(h22.get(), scale));
      const mean = k.let(mul(this.#c(0.5), add(a, d)));
      const determinant = k.let(sub(mul(sub(a, mean), sub(d, mean)), mul(b, c)));
      const root = k.let(unary("sqrt", abs(determinant)));
      k.if(compare("ge", determinant, zero), () => {
        re[0].set(mul(mean, scale));
        re[1].set(re[0].get());
        im[0].set(mul(root, scale));
        im[1].set(unary("neg", im[0].get()));
      }, () => {
        const x = k.let(add(mean, root)), y = k.let(sub(mean, root));
        const nearer = select(compare("le", abs(sub(x, d)), abs(sub(y, d))), x, y);
        re[0].set(mul(nearer, scale));
        re[1].set(re[0].get());
      });
    });
    return { re, im };
  }

  /** A double-shift step on rows l to i. */
  #sweep(l: Expr, i: Expr, step: Expr): void {
    const { k } = this.#dense, { h } = this.#task;
    const { re: [r1, r2], im: [i1, i2] } = this.#shifts(l, i, step);
    const m = k.local(minus(i, 1)), v = [0, 0, 0].map((x) => k.local(this.#c(x))) as [Local, Local, Local];
    const search = k.local(constant("bool", true));
    // The step may begin where two elements left of the diagonal are small together.
    k.while(() => search.get(), () => {
      m.set(minus(m.get(), 1));
      const p = k.let(m.get()), next = k.let(plus(p, 1));
      const d = k.let(this.#h(p, p)), dn = k.let(this.#h(next, next)), below = k.let(this.#h(next, p));
      const sum = k.let(add(add(abs(sub(d, r2.get())), abs(i2.get())), abs(below)));
      const ratio = k.let(div(below, sum));
      const first = sub(
        add(mul(ratio, this.#h(p, next)), mul(sub(d, r1.get()), div(sub(d, r2.get()), sum))),
        mul(i1.get(), div(i2.get(), sum)),
      );
      v[0].set(first);
      v[1].set(mul(ratio, sub(sub(add(d, dn), r1.get()), r2.get())));
      v[2].set(mul(ratio, this.#h(plus(p, 2), next)));
      const size = k.let(add(add(abs(v[0].get()), abs(v[1].get())), abs(v[2].get())));
      for (const x of v) x.set(div(x.get(), size));
      k.if(compare("eq", p, l), () => search.set(no), () => {
        const before = minus(p, 1);
        const small = mul(abs(this.#h(p, before)), add(abs(v[1].get()), abs(v[2].get())));
        const around = add(add(abs(this.#h(before, before)), abs(d)), abs(dn));
        const bound = mul(mul(this.#c(this.#unit), abs(v[0].get())), around);
        k.if(compare("le", small, bound), () => search.set(no));
      });
    });
    const start = k.let(m.get());
    k.for(start, minus(i, 1), (p) => {
      k.if(compare("gt", p, start), () => {
        const before = minus(p, 1);
        v.forEach((x, r) => x.set(this.#h(plus(p, r), before)));
      });
      const reflector = this.#reflector(v.map((x) => x.get()));
      this.#left(reflector, { p, start, l });
      this.#apply(reflector, { p, l, i });
    });
    const p = k.let(minus(i, 1)), before = k.let(minus(p, 1));
    const reflector = this.#reflector([this.#h(p, before), this.#h(i, before)]);
    h.set(p, before, reflector.beta);
    h.set(i, before, this.#c(0));
    this.#apply(reflector, { p, l, i });
  }

  /** The column left of the rows that a reflector changes: its elements become (β, 0, 0). */
  #left(
    { beta, tau }: SmallReflector,
    { p, start, l }: { readonly p: Expr; readonly start: Expr; readonly l: Expr },
  ): void {
    const { k } = this.#dense, { h } = this.#task, before = minus(p, 1), zero = this.#c(0);
    k.if(compare("gt", p, start), () => {
      h.set(p, before, beta);
      h.set(plus(p, 1), before, zero);
      h.set(plus(p, 2), before, zero);
    }, () =>
      k.if(
        compare("gt", start, l),
        () => h.set(p, before, mul(this.#h(p, before), sub(this.#c(1), tau))),
      ));
  }

  #reflector(x: readonly Expr[]): SmallReflector {
    const { k } = this.#dense, zero = this.#c(0), one = this.#c(1);
    const values = x.map((e) => k.let(e)), rest = values.slice(1), first = values[0]!;
    const norm = k.let(rest.length === 2 ? s.hypot(rest[0]!, rest[1]!) as Expr : abs(rest[0]!));
    const none = k.let(compare("eq", norm, zero));
    const length = s.hypot(first, norm) as Expr;
    const beta = k.let(select(none, first, unary("neg", binary("copysign", length, first))));
    const tau = k.let(select(none, zero, div(sub(beta, first), select(none, one, beta))));
    const divisor = k.let(select(none, one, sub(first, beta)));
    return { beta, tau, v: rest.map((e) => k.let(div(e, divisor))) };
  }

  /** Rows and columns p, p + 1, ... are reflected. */
  #apply(
    { tau, v }: SmallReflector,
    { p, l, i }: { readonly p: Expr; readonly l: Expr; readonly i: Expr },
  ): void {
    const dense = this.#dense, { k } = dense, { h, n, form, z } = this.#task;
    const reflect = (x: readonly Expr[]): Expr[] => {
      const sum = k.let(v.reduce((total, e, r) => add(total, mul(e, x[r + 1]!)), x[0]!));
      const step = k.let(mul(tau, sum));
      return x.map((e, r) => k.let(sub(e, r === 0 ? step : mul(v[r - 1]!, step))));
    };
    const places = [p, ...v.map((_, r) => plus(p, r + 1))];
    dense.each(p, form ? n : plus(i, 1), (j) => {
      const x = reflect(places.map((row) => k.let(this.#h(row, j))));
      places.forEach((row, r) => h.set(row, j, x[r]!));
    });
    k.for(form ? 0 : l, least(plus(p, v.length + 2), plus(i, 1)), (j) => {
      const x = reflect(places.map((column) => k.let(this.#h(j, column))));
      places.forEach((column, r) => h.set(j, column, x[r]!));
    });
    if (z) {
      dense.each(0, n, (j) => {
        const x = reflect(places.map((row) => k.let(z.get(row, j) as Expr)));
        places.forEach((row, r) => z.set(row, j, x[r]!));
      });
    }
  }
}

const no: Expr = constant("bool", false);
