/**
 * Transforms of a few numbers, as expressions.
 *
 * @module
 */
import { binary, constant, madd, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import { Pair } from "../../kernel/lowering.ts";
import { root } from "./_fft_plan.ts";

const add = (x: Expr, y: Expr): Expr => binary("add", x, y);
const sub = (x: Expr, y: Expr): Expr => binary("sub", x, y);
const neg = (x: Expr): Expr => unary("neg", x);

/** Sum of complex numbers. */
export function sum(x: Pair, y: Pair): Pair {
  return new Pair(add(x.re, y.re), add(x.im, y.im));
}

/** Difference of complex numbers. */
export function difference(x: Pair, y: Pair): Pair {
  return new Pair(sub(x.re, y.re), sub(x.im, y.im));
}

/** Product of complex numbers. */
export function product(x: Pair, y: Pair): Pair {
  return new Pair(
    sub(binary("mul", x.re, y.re), binary("mul", x.im, y.im)),
    madd(x.re, y.im, binary("mul", x.im, y.re)),
  );
}

/** A complex number times a constant real one. */
export function scaled(x: Pair, factor: number): Pair {
  const f = constant(x.re.type, factor);
  return new Pair(binary("mul", f, x.re), binary("mul", f, x.im));
}

/** ± i times a number. */
function turned(x: Pair, sign: -1 | 1): Pair {
  return sign === 1 ? new Pair(neg(x.im), x.re) : new Pair(x.im, neg(x.re));
}

/**
 * Σ_j x_j exp(sign·2πi jk/r) for k in [0, r). `keep` evaluates a value once, where it is used several times.
 */
export function transform(xs: readonly Pair[], sign: -1 | 1, keep: (x: Pair) => Pair): Pair[] {
  if (xs.length === 2) return [sum(xs[0]!, xs[1]!), difference(xs[0]!, xs[1]!)];
  if (xs.length === 4) return transformFour(xs, sign, keep);
  return transformOdd(xs, sign, keep);
}

function transformFour(xs: readonly Pair[], sign: -1 | 1, keep: (x: Pair) => Pair): Pair[] {
  const [a, b, c, d] = xs as [Pair, Pair, Pair, Pair];
  const even = keep(sum(a, c)), odd = keep(sum(b, d));
  const evenRest = keep(difference(a, c)), oddRest = keep(turned(difference(b, d), sign));
  return [sum(even, odd), sum(evenRest, oddRest), difference(even, odd), difference(evenRest, oddRest)];
}

/** An odd length: x_j and x_{r−j} have the same cosines and opposite sines. */
function transformOdd(xs: readonly Pair[], sign: -1 | 1, keep: (x: Pair) => Pair): Pair[] {
  const r = xs.length, half = (r - 1) / 2, first = xs[0]!, { type } = first.re;
  const sums: Pair[] = [], differences: Pair[] = [];
  for (let j = 1; j <= half; j++) {
    sums.push(keep(sum(xs[j]!, xs[r - j]!)));
    differences.push(keep(difference(xs[j]!, xs[r - j]!)));
  }
  const out: Pair[] = new Array(r);
  out[0] = sums.reduce(sum, first);
  for (let k = 1; k <= half; k++) {
    let cosines = first, sines: Pair | null = null;
    for (let j = 1; j <= half; j++) {
      const [c, s] = root(j * k, r), x = sums[j - 1]!, y = differences[j - 1]!;
      const cos = constant(type, c), sin = constant(type, sign * s);
      cosines = new Pair(madd(cos, x.re, cosines.re), madd(cos, x.im, cosines.im));
      sines = sines === null
        ? new Pair(binary("mul", sin, y.re), binary("mul", sin, y.im))
        : new Pair(madd(sin, y.re, sines.re), madd(sin, y.im, sines.im));
    }
    const even = keep(cosines), odd = keep(turned(sines!, 1));
    out[k] = sum(even, odd);
    out[r - k] = difference(even, odd);
  }
  return out;
}
