/**
 * Schur form of a complex upper Hessenberg matrix by single-shift QR steps (LAPACK's lahqr for complex matrices).
 *
 * @module
 */
import type { Local } from "../../kernel/builder.ts";
import { binary, branch, compare, constant, index, select, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import { Pair, type Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { Dense } from "./_dense.ts";
import { type Index, least, minus, multiplyAdd, plus } from "./_dense_scalars.ts";
import { negative } from "./_dense_loops.ts";
import type { SchurTask } from "./_real_schur.ts";

const add = (x: Expr, y: Expr): Expr => binary("add", x, y);
const mul = (x: Expr, y: Expr): Expr => binary("mul", x, y);
const div = (x: Expr, y: Expr): Expr => binary("div", x, y);
const abs = (x: Expr): Expr => unary("abs", x);

/** |re| + |im|. */
function size(z: Val): Expr {
  const { re, im } = z as Pair;
  return add(abs(re), abs(im));
}

/** A reflector I − τ v vᴴ of two neighbouring rows, v = (1, v2), that maps a vector to (β, 0). */
interface SmallReflector {
  readonly beta: Val;
  readonly tau: Val;
  readonly v: Val;
}

/** Iterations between exceptional shifts. */
const exceptionalPeriod = 10;
const no: Expr = constant("bool", false);

/** The iteration on one matrix. */
export class ComplexSchur {
  readonly #dense: Dense;
  readonly #task: SchurTask;
  /** Whether all eigenvalues were found so far. */
  readonly ok: Local;

  constructor(dense: Dense, task: SchurTask) {
    this.#dense = dense;
    this.#task = task;
    this.ok = dense.k.local(constant("bool", true));
  }

  #h(i: Index, j: Index): Val {
    return this.#task.h.get(i, j);
  }

  #c(x: number): Expr {
    return this.#dense.real(x);
  }

  /** Numbers below this are zero. */
  get #tiny(): number {
    return (this.#dense.type === "f32" ? 2 ** -126 : 2 ** -1022) * (this.#task.n / this.#dense.epsilon);
  }

  /** Finds eigenvalues from the last row to the first. */
  run(): void {
    const { k } = this.#dense, { n, h, setEigenvalue } = this.#task;
    const last = k.local(index(n - 1)), steps = k.local(index(0));
    k.while(() => compare("ge", last.get(), index(0)), () => {
      const i = k.let(last.get()), low = k.local(i);
      k.while(
        () => branch(compare("gt", low.get(), index(0)), unary("not", this.#small(low.get())), no),
        () => low.set(minus(low.get(), 1)),
      );
      const l = k.let(low.get());
      k.if(compare("gt", l, index(0)), () => h.set(l, minus(l, 1), this.#dense.constant(0)));
      k.if(compare("eq", l, i), () => {
        const { re, im } = this.#h(i, i) as Pair;
        setEigenvalue(i, re, im);
        last.set(minus(i, 1));
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

  /** Whether the element left of the diagonal in row k is negligible (Ahues and Tisseur). */
  #small(k: Expr): Expr {
    const { n } = this.#task, before = minus(k, 1), zero = this.#c(0), tiny = this.#c(this.#tiny);
    const left = size(this.#h(k, before)), above = size(this.#h(before, k));
    const d0 = this.#h(before, before), d1 = this.#h(k, k), own = add(size(d0), size(d1));
    const further = add(
      branch(compare("ge", k, index(2)), size(this.#h(before, minus(k, 2))), zero),
      branch(compare("lt", k, index(n - 1)), size(this.#h(plus(k, 1), k)), zero),
    );
    const whole = select(compare("eq", own, zero), further, own);
    const max = (x: Expr, y: Expr): Expr => binary("max", x, y),
      min = (x: Expr, y: Expr): Expr => binary("min", x, y);
    const ab = max(left, above), ba = min(left, above), rest = size(s.sub(d0, d1));
    const aa = max(size(d1), rest), bb = min(size(d1), rest), sum = add(aa, ab);
    const unit = this.#c(this.#dense.epsilon);
    const fine = compare("le", mul(ba, div(ab, sum)), max(tiny, mul(unit, mul(bb, div(aa, sum)))));
    const coarse = compare("le", left, mul(unit, whole));
    return binary("or", compare("le", left, tiny), binary("and", coarse, fine));
  }

  /** The eigenvalue of the last two rows that is nearer to the last element, or a number that breaks a cycle. */
  #shift(l: Expr, i: Expr, step: Expr): Pair {
    const dense = this.#dense, { k } = dense, p = k.let(minus(i, 1));
    const shift = dense.cell(this.#h(i, i));
    const every = (period: number): Expr => compare("eq", binary("rem", step, index(period)), index(0));
    const offset = (below: Val, corner: Val): void => {
      shift.set(k, s.add(dense.ofReal(mul(this.#c(0.75), size(below))), corner));
    };
    k.if(
      every(2 * exceptionalPeriod),
      () => offset(this.#h(i, p), this.#h(i, i)),
      () =>
        k.if(every(exceptionalPeriod), () => offset(this.#h(plus(l, 1), l), this.#h(l, l)), () => {
          const t = dense.let(this.#h(i, i));
          const u = dense.let(s.mul(s.sqrt(this.#h(p, i)), s.sqrt(this.#h(i, p))));
          k.if(compare("ne", size(u), this.#c(0)), () => {
            const x = dense.let(s.mul(dense.constant(0.5), s.sub(this.#h(p, p), t)));
            const scale = k.let(binary("max", size(u), size(x)));
            const scaled = (z: Val): Val => {
              const { re, im } = z as Pair;
              return new Pair(div(re, scale), div(im, scale));
            };
            const square = (z: Val): Val => s.mul(z, z);
            const root = dense.let(s.sqrt(s.add(square(scaled(x)), square(scaled(u)))));
            const { re, im } = root as Pair, own = x as Pair;
            // The sign that does not cancel.
            const aligned = add(mul(own.re, re), mul(own.im, im));
            const away = compare("lt", aligned, this.#c(0));
            const y = s.mul(dense.ofReal(scale), s.select(away, s.neg(root), root));
            shift.set(k, s.sub(t, s.mul(u, s.div(u, s.add(x, y)))));
          });
        }),
    );
    return dense.let(shift.get()) as Pair;
  }

  /** A step on rows l to i. */
  #sweep(l: Expr, i: Expr, step: Expr): void {
    const dense = this.#dense, { k } = dense, { h } = this.#task;
    const shift = this.#shift(l, i, step);
    const m = k.local(i), first = dense.cell(dense.constant(0)), second = dense.cell(dense.constant(0));
    const search = k.local(constant("bool", true));
    // The step may begin where two elements left of the diagonal are small together.
    k.while(() => search.get(), () => {
      m.set(minus(m.get(), 1));
      const p = k.let(m.get()), next = k.let(plus(p, 1));
      const shifted = dense.let(s.sub(this.#h(p, p), shift)), below = dense.let(this.#h(next, p));
      const sum = k.let(add(size(shifted), size(below)));
      const scaled = (z: Val): Val => {
        const { re, im } = z as Pair;
        return new Pair(div(re, sum), div(im, sum));
      };
      first.set(k, scaled(shifted));
      second.set(k, scaled(below));
      k.if(compare("eq", p, l), () => search.set(no), () => {
        const small = mul(size(this.#h(p, minus(p, 1))), size(second.get()));
        const around = add(size(this.#h(p, p)), size(this.#h(next, next)));
        const bound = mul(this.#c(dense.epsilon), mul(size(first.get()), around));
        k.if(compare("le", small, bound), () => search.set(no));
      });
    });
    const start = k.let(m.get());
    k.for(start, i, (p) => {
      const before = minus(p, 1), next = k.let(plus(p, 1));
      k.if(compare("gt", p, start), () => {
        first.set(k, this.#h(p, before));
        second.set(k, this.#h(next, before));
      });
      const reflector = this.#reflector(dense.let(first.get()), dense.let(second.get()));
      k.if(compare("gt", p, start), () => {
        h.set(p, before, reflector.beta);
        h.set(next, before, dense.constant(0));
      }, () =>
        k.if(compare("gt", start, l), () => {
          h.set(p, before, s.mul(this.#h(p, before), s.sub(dense.constant(1), s.conj(reflector.tau))));
        }));
      this.#apply(reflector, { p, next, l, i });
    });
  }

  /** As LAPACK's larfg: Hᴴ x = (β, 0) with real β. */
  #reflector(x: Val, y: Val): SmallReflector {
    const dense = this.#dense, { k } = dense, zero = this.#c(0), one = this.#c(1);
    const { re, im } = x as Pair, rest = k.let(s.abs(y) as Expr);
    const none = k.let(binary("and", compare("eq", rest, zero), compare("eq", im, zero)));
    const length = s.hypot(s.hypot(re, im), rest) as Expr;
    const beta = k.let(select(none, re, unary("neg", binary("copysign", length, re))));
    const safe = k.let(select(none, one, beta));
    const tau = new Pair(
      k.let(select(none, zero, div(binary("sub", beta, re), safe))),
      k.let(select(none, zero, div(unary("neg", im), safe))),
    );
    const divisor = new Pair(select(none, one, binary("sub", re, beta)), select(none, zero, im));
    return { beta: dense.ofReal(beta), tau, v: dense.let(s.div(y, divisor)) };
  }

  /** Rows p and p + 1 are multiplied by Hᴴ, columns and the unitary matrix by H. */
  #apply(
    { tau, v }: SmallReflector,
    { p, next, l, i }: { readonly p: Expr; readonly next: Expr; readonly l: Expr; readonly i: Expr },
  ): void {
    const dense = this.#dense, { k } = dense, { h, n, form, z } = this.#task;
    const vConj = dense.let(s.conj(v)), tauConj = dense.let(s.conj(tau));
    const left = (x: Val, y: Val): [Val, Val] => {
      const step = dense.let(negative(s.mul(tauConj, multiplyAdd(vConj, y, x))));
      return [dense.let(s.add(x, step)), dense.let(multiplyAdd(step, v, y))];
    };
    const right = (x: Val, y: Val): [Val, Val] => {
      const step = dense.let(negative(s.mul(tau, multiplyAdd(v, y, x))));
      return [dense.let(s.add(x, step)), dense.let(multiplyAdd(step, vConj, y))];
    };
    dense.each(p, form ? n : plus(i, 1), (j) => {
      const [x, y] = left(dense.let(this.#h(p, j)), dense.let(this.#h(next, j)));
      h.set(p, j, x);
      h.set(next, j, y);
    });
    k.for(form ? 0 : l, least(plus(p, 3), plus(i, 1)), (j) => {
      const [x, y] = right(dense.let(this.#h(j, p)), dense.let(this.#h(j, next)));
      h.set(j, p, x);
      h.set(j, next, y);
    });
    if (z) {
      dense.each(0, n, (j) => {
        const [x, y] = right(dense.let(z.get(p, j)), dense.let(z.get(next, j)));
        z.set(p, j, x);
        z.set(next, j, y);
      });
    }
  }
}
