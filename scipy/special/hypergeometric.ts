/**
 * Confluent and Gauss's hypergeometric functions, by the methods compared in J. W. Pearson, S. Olver, M. A. Porter,
 * "Numerical methods for the computation of the confluent and Gauss hypergeometric functions", arXiv:1407.7786.
 *
 * @module
 */
import { type ArrayLike, finfo, int32, type JaxArray, raw } from "../../core/mod.ts";
import { all, differentiable, elementwise, iterate } from "./elementwise.ts";
import { realGamma } from "./_gamma.ts";

/** Terms at most of each series. */
const limit = 250;

const precision = (x: JaxArray): number => finfo(x.dtype).eps;
const everywhere = (x: JaxArray): JaxArray => raw.eq(x, x);
const count = (x: JaxArray): JaxArray => raw.convert(raw.fullLike(x, 1), x.dtype);

/** `a (b) ...`: a product. */
const product = (...xs: readonly JaxArray[]): JaxArray => xs.reduce((x, y) => raw.mul(x, y));
/** The rising step (a + k)(...) / (b + k)(...) of a series whose last term is number k. */
const step = (above: readonly JaxArray[], below: readonly JaxArray[], k: JaxArray): JaxArray =>
  raw.div(product(...above.map((a) => raw.add(a, k))), product(...below.map((b) => raw.add(b, k))));

/**
 * start + Σ tₖ wₖ from k = 1, where tₖ₊₁ = tₖ rₖ, until a term is below the precision of the sum.
 *
 * @param first t₁
 * @param ratio rₖ
 * @param weight wₖ
 */
function series(
  start: number,
  first: JaxArray,
  ratio: (k: JaxArray) => JaxArray,
  weight: ((k: JaxArray) => JaxArray) | null,
  here: JaxArray,
): JaxArray {
  const eps = precision(first);
  const [sum] = iterate(
    ([sum, k, term]) => all(raw.lt(k!, limit), raw.gt(raw.div(raw.abs(term!), raw.abs(sum!)), eps)),
    ([sum, k, term]) => [
      raw.add(sum!, weight ? raw.mul(term!, weight(k!)) : term!),
      raw.add(k!, 1),
      raw.mul(term!, ratio(k!)),
    ],
    [raw.fullLike(first, start), count(first), first],
    here,
  );
  return sum!;
}

/** Π Γ(above) / Π Γ(below) */
const gammas = (above: readonly JaxArray[], below: readonly JaxArray[]): JaxArray =>
  raw.div(product(...above.map(realGamma)), product(...below.map(realGamma)));

/** Σ (a)ₖ / (b)ₖ xᵏ / k!, or for large |x| Γ(b)/Γ(a) eˣ xᵃ⁻ᵇ Σ (b - a)ₖ (1 - a)ₖ / k! x⁻ᵏ. */
function confluent(a: JaxArray, b: JaxArray, x: JaxArray): JaxArray {
  const small = raw.lt(raw.abs(x), 100), one = raw.fullLike(x, 1);
  const power = series(
    1,
    raw.mul(raw.div(a, b), x),
    (k) => raw.div(raw.mul(step([a], [b], k), x), raw.add(k, 1)),
    null,
    small,
  );
  const difference = raw.sub(b, a), rest = raw.sub(1, a);
  const inverse = series(
    1,
    raw.div(raw.mul(difference, rest), x),
    (k) => raw.div(step([difference, rest], [one], k), x),
    null,
    raw.not(small),
  );
  const scale = raw.mul(gammas([b], [a]), raw.exp(x));
  const asymptotic = raw.mul(raw.mul(scale, raw.pow(x, raw.sub(a, b))), inverse);
  const value = raw.where(small, power, asymptotic);
  const zero = raw.eq(a, 0);
  const general = raw.where(raw.eq(b, 0), Infinity, raw.where(raw.eq(a, b), raw.exp(x), value));
  return raw.where(zero, 1, general);
}

/** ψ(p + k) - ψ(p), the derivative of log (p)ₖ. */
const logarithmicDerivative = (p: JaxArray) => (k: JaxArray): JaxArray =>
  raw.sub(raw.digamma(raw.add(p, k)), raw.digamma(p));

/** d₁F₁/dx = a/b ₁F₁(a + 1; b + 1; x); by a and b the terms are those of the series times dlog (a)ₖ and -dlog (b)ₖ. */
const hyp1f1Rule = differentiable(
  "hyp1f1",
  (a, b, x) => confluent(a!, b!, x!),
  ([da, db, dx], [a, b, x]): JaxArray => {
    const first = raw.mul(raw.div(a!, b!), x!), here = everywhere(first);
    const ratio = (k: JaxArray): JaxArray => raw.div(raw.mul(step([a!], [b!], k), x!), raw.add(k, 1));
    const byA = series(0, first, ratio, logarithmicDerivative(a!), here);
    const byB = raw.neg(series(0, first, ratio, logarithmicDerivative(b!), here));
    const byX = raw.mul(raw.div(a!, b!), hyp1f1Rule(raw.add(a!, 1), raw.add(b!, 1), x!));
    return raw.add(raw.add(raw.mul(byA, da!), raw.mul(byB, db!)), raw.mul(byX, dx!));
  },
);

const hyp1f1Of = elementwise("hyp1f1", hyp1f1Rule);

/**
 * The confluent hypergeometric function ₁F₁(a; b; x) = Σ (a)ₖ / (b)ₖ xᵏ / k!.
 *
 * @param a Real array; integers and booleans become floats.
 * @param b As `a`, with which it broadcasts.
 * @param x As `a`. Precise for parameters up to about 50.
 * @returns An array of the common shape.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.hyp1f1(1, 1, 1).item() - Math.E) > 1e-5) throw new Error();
 * ```
 */
export function hyp1f1(a: ArrayLike, b: ArrayLike, x: ArrayLike): JaxArray {
  return hyp1f1Of(a, b, x);
}

const isIntegral = (x: JaxArray, eps: number): JaxArray => raw.lt(raw.abs(raw.sub(x, round(x))), eps);
const isWhole = (x: JaxArray): JaxArray => raw.eq(x, raw.floor(x));

/** Rounds halves to even. */
function round(x: JaxArray): JaxArray {
  const down = raw.floor(raw.add(x, 0.5)), tie = raw.eq(raw.sub(down, x), 0.5);
  return raw.where(all(tie, raw.ne(raw.rem(down, 2), 0)), raw.sub(down, 1), down);
}

/** The polynomial that the series is where a or b is a negative integer. */
function polynomial(a: JaxArray, b: JaxArray, c: JaxArray, x: JaxArray, here: JaxArray): JaxArray {
  const beyond = all(isWhole(c), raw.le(c, 0), raw.gt(c, b));
  const swap = all(raw.lt(b, a), isIntegral(b, precision(x) * 50), raw.not(beyond));
  const degree = raw.abs(raw.where(swap, b, a)), other = raw.where(swap, a, b);
  const [, sum] = iterate(
    ([i]) => raw.lt(i!, raw.add(degree, 1)),
    ([i, sum, term]) => {
      const down = raw.neg(raw.add(raw.sub(degree, i!), 1)), before = raw.sub(i!, 1);
      const factor = raw.div(raw.mul(raw.div(down, raw.add(c, before)), raw.add(other, before)), i!);
      const next = raw.mul(term!, raw.mul(factor, x));
      return [raw.add(i!, 1), raw.add(sum!, next), next];
    },
    [count(x), raw.fullLike(x, 1), raw.fullLike(x, 1)],
    here,
  );
  return sum!;
}

function gaussSeries(a: JaxArray, b: JaxArray, c: JaxArray, x: JaxArray, here: JaxArray): JaxArray {
  const eps = precision(x);
  const [sum] = iterate(
    ([sum, k, term]) => all(raw.lt(k!, limit), raw.gt(raw.abs(term!), raw.mul(raw.abs(sum!), eps))),
    ([sum, k, term]) => {
      const before = raw.sub(k!, 1), factor = raw.div(step([a, b], [c], before), k!);
      return [raw.add(sum!, term!), raw.add(k!, 1), raw.mul(raw.mul(term!, factor), x)];
    },
    [raw.fullLike(x, 0), count(x), raw.fullLike(x, 1)],
    here,
  );
  return sum!;
}

/** Near x = 1, where d = c - a - b is an integer: a series in 1 - x with logarithms (Abramowitz and Stegun 15.3.10-12). */
function logarithmic(a: JaxArray, b: JaxArray, c: JaxArray, x: JaxArray, here: JaxArray): JaxArray {
  const eps = precision(x), d = raw.sub(raw.sub(c, a), b), s = raw.sub(1, x), rd = round(d);
  const up = raw.ge(rd, 0), zero = raw.fullLike(d, 0), e = raw.where(up, d, raw.neg(d));
  const d1 = raw.where(up, d, zero), d2 = raw.where(up, zero, d), size = raw.abs(rd);
  const a1 = raw.add(a, d1), b1 = raw.add(b, d1), a2 = raw.add(a, d2), b2 = raw.add(b, d2);
  const log = raw.log(s), one = raw.fullLike(x, 1), e1 = raw.add(e, 1);
  const term = (t: JaxArray): JaxArray => {
    const below = raw.add(raw.digamma(raw.add(one, t)), raw.digamma(raw.add(e1, t)));
    const above = raw.add(raw.digamma(raw.add(a1, t)), raw.digamma(raw.add(b1, t)));
    return raw.sub(raw.sub(below, above), log);
  };
  const start = raw.div(term(zero), realGamma(e1));
  const first = raw.div(product(a1, b1, s), realGamma(raw.add(e, 2)));
  const [, , , y] = iterate(
    ([t, , q, y]) => all(raw.lt(t!, limit), raw.ge(raw.abs(q!), raw.mul(raw.abs(y!), eps))),
    ([t, p, , y]) => {
      const q = raw.mul(p!, term(t!)), next = raw.mul(raw.mul(p!, s), step([a1, b1], [one, e1], t!));
      return [raw.add(t!, 1), next, q, raw.add(y!, q)];
    },
    [count(x), first, start, start],
    here,
  );
  const [, , , finite] = iterate(
    ([t]) => raw.lt(raw.add(t!, 1), size),
    ([t, p, , sum]) => {
      const r = raw.add(raw.sub(1, e), t!), next = raw.add(t!, 1);
      const q = raw.div(raw.mul(p!, raw.div(product(s, raw.add(a2, t!), raw.add(b2, t!)), r)), next);
      return [next, q, q, raw.add(sum!, q)];
    },
    [zero, one, one, one],
    here,
  );
  const sum1 = raw.mul(finite!, gammas([e, c], [a1, b1])), scaled = raw.mul(y!, gammas([c], [a2, b2]));
  const odd = raw.ne(raw.rem(raw.convert(size, int32), 2), 0), q = raw.pow(s, rd);
  const sum2 = raw.where(odd, raw.neg(scaled), scaled);
  const value = raw.where(raw.gt(rd, 0), raw.add(raw.mul(sum2, q), sum1), raw.add(sum2, raw.mul(sum1, q)));
  return raw.where(raw.eq(rd, 0), raw.mul(y!, gammas([c], [a, b])), value);
}

/** The sum by the method that fits: a polynomial, the series, or near x = 1 for an integer c - a - b the logarithmic one. */
function gaussSum(a: JaxArray, b: JaxArray, c: JaxArray, x: JaxArray, here: JaxArray): JaxArray {
  const eps = precision(x) * 50, d = raw.sub(raw.sub(c, a), b);
  const ends = raw.or(all(raw.le(a, 0), isIntegral(a, eps)), all(raw.le(b, 0), isIntegral(b, eps)));
  const near = all(raw.gt(x, 0.9), raw.not(ends), isIntegral(d, eps));
  const plain = gaussSeries(a, b, c, x, all(here, raw.not(ends), raw.not(near)));
  const other = raw.where(near, logarithmic(a, b, c, x, all(here, near)), plain);
  return raw.where(ends, polynomial(a, b, c, x, all(here, ends)), other);
}

function gauss(a: JaxArray, b: JaxArray, c: JaxArray, x: JaxArray): JaxArray {
  const eps = precision(x) * 50, ca = raw.sub(c, a), cb = raw.sub(c, b);
  const d = raw.sub(ca, b), s = raw.sub(1, x), below = raw.lt(x, 1);
  const trivial = raw.or(raw.eq(x, 0), all(raw.or(raw.eq(a, 0), raw.eq(b, 0)), raw.ne(c, 0)));
  const pole = raw.or(raw.eq(c, 0), all(raw.lt(c, 0), isWhole(c)));
  const complexPower = all(raw.not(isIntegral(d, eps)), raw.lt(s, 0));
  const euler = all(raw.le(d, -1), raw.not(complexPower));
  const general = all(raw.not(trivial), raw.not(pole));
  const transformed = raw.mul(raw.pow(s, d), gaussSum(ca, cb, c, x, all(general, euler)));
  const sum = gaussSum(a, b, c, x, all(general, raw.not(euler), below));
  const atOne = gammas([c, d], [ca, cb]);
  const cases: readonly (readonly [condition: JaxArray, value: JaxArray | number])[] = [
    [trivial, 1],
    [pole, Infinity],
    [euler, transformed],
    [all(raw.le(d, 0), raw.eq(x, 1)), Infinity],
    [all(below, raw.eq(b, c)), raw.pow(s, raw.neg(a))],
    [all(below, raw.eq(a, c)), raw.pow(s, raw.neg(b))],
    [raw.gt(x, 1), Infinity],
    [raw.eq(x, 1), atOne],
  ];
  return cases.toReversed().reduce((otherwise, [here, value]) => raw.where(here, value, otherwise), sum);
}

/** d₂F₁/dx = ab/c ₂F₁(a + 1, b + 1; c + 1; x); by the parameters as for ₁F₁. */
const hyp2f1Rule = differentiable(
  "hyp2f1",
  (a, b, c, x) => gauss(a!, b!, c!, x!),
  ([da, db, dc, dx], [a, b, c, x]): JaxArray => {
    const scale = raw.div(raw.mul(a!, b!), c!), first = raw.mul(scale, x!), here = everywhere(first);
    const ratio = (k: JaxArray): JaxArray => raw.mul(raw.div(step([a!, b!], [c!], k), raw.add(k, 1)), x!);
    const by = (p: JaxArray): JaxArray => series(0, first, ratio, logarithmicDerivative(p), here);
    const byX = raw.mul(scale, hyp2f1Rule(raw.add(a!, 1), raw.add(b!, 1), raw.add(c!, 1), x!));
    const parameters = raw.sub(raw.add(raw.mul(by(a!), da!), raw.mul(by(b!), db!)), raw.mul(by(c!), dc!));
    return raw.add(parameters, raw.mul(byX, dx!));
  },
);

const hyp2f1Of = elementwise("hyp2f1", hyp2f1Rule);

/**
 * Gauss's hypergeometric function ₂F₁(a, b; c; x) = Σ (a)ₖ (b)ₖ / (c)ₖ xᵏ / k!.
 *
 * @param a Real array; integers and booleans become floats.
 * @param b As `a`, with which it broadcasts.
 * @param c As `a`.
 * @param x As `a`; ∞ for x > 1, but where c - a - b ≤ -1.
 * @returns An array of the common shape.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.hyp2f1(1, 1, 2, 0.5).item() - 2 * Math.LN2) > 1e-5) throw new Error();
 * ```
 */
export function hyp2f1(a: ArrayLike, b: ArrayLike, c: ArrayLike, x: ArrayLike): JaxArray {
  return hyp2f1Of(a, b, c, x);
}
