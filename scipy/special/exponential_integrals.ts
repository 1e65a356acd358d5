/**
 * Exponential integrals, after Cephes (S. Moshier, netlib.org/cephes), `ei.c` and `expn.c`.
 *
 * @module
 */
import { type ArrayLike, finfo, type JaxArray, raw } from "../../core/mod.ts";
import { all, differentiable, elementwise, inSingle, iterate, type Ratio, ratioAt } from "./elementwise.ts";

const eulerGamma = 0.5772156649015329;

/** Coefficients within (0, 2], (2, 4], (4, 8], (8, 16], (16, 32], (32, 64] and above. */
const intervals: readonly Ratio[] = [
  {
    p: [
      -5.350447357812543,
      218.50491688166133,
      -4176.572384826693,
      55411.76756393557,
      -331338.13311781443,
      1592627.1633849454,
    ],
    q: [
      1,
      -52.505479591128626,
      1259.6161867867906,
      -17565.495819735348,
      149306.2117002726,
      -729494.9239640528,
      1592627.1633849454,
    ],
  },
  {
    p: [
      0.019818085032596897,
      -1.2716456259849176,
      -2.0881603356812284,
      2.7555445091879367,
      -0.44095070487016,
      0.046656238059358916,
      -0.0015450426796734852,
      7.059980605299618e-5,
    ],
    q: [
      1,
      1.4764986709149215,
      0.5629177174822436,
      0.16990178978793072,
      0.02291647179034212,
      0.0044501504397287525,
      0.00017274396122065214,
      3.953167195549672e-5,
    ],
  },
  {
    p: [
      -1.3732153758712087,
      -0.7084559133740839,
      1.580806855547941,
      -0.2601500427425623,
      0.029946746941137137,
      -0.001038086040188744,
      4.371064420753005e-5,
      2.141783679522603e-6,
    ],
    q: [
      1,
      0.8585231423622028,
      0.4483285822873995,
      0.07687932158124476,
      0.024498682410218877,
      0.0008832165941927797,
      0.00045909522995113536,
      -4.729848351866523e-6,
      2.66519553739071e-6,
    ],
  },
  {
    p: [
      -2.1069346016919166,
      1.7327338696646881,
      -0.2423619178935842,
      0.02322724180937566,
      0.00023728804404931798,
      -8.343219561192553e-5,
      1.3634087956052505e-5,
      -3.655412321999254e-7,
      1.4649417339759612e-8,
      6.17640786371036e-10,
    ],
    q: [
      1,
      -0.2298062239901678,
      0.11050770414740378,
      -0.015665429666307924,
      0.002761106850817353,
      -0.00020891480122840484,
      1.7085289388076754e-5,
      -4.4593117963566865e-7,
      1.3946349303538475e-8,
      6.150865933977338e-10,
    ],
  },
  {
    p: [
      -0.24581193676740204,
      -0.14833822533220778,
      0.07248291795735552,
      -0.013483156873809405,
      0.001342775069788637,
      -7.942465637159712e-5,
      2.644179518984236e-6,
      -4.239473659313765e-8,
    ],
    q: [
      1,
      -0.10442259084438711,
      -0.26764531281014026,
      0.09695000254621984,
      -0.01601745692712991,
      0.001496414899205908,
      -8.462452563778485e-5,
      2.7289384034767266e-6,
      -4.239462431819542e-8,
    ],
  },
  {
    p: [
      0.12125611181054567,
      -0.5823133179043894,
      0.2348887314557017,
      -0.030400343181132484,
      0.0015100821468651906,
      -2.5231370954995714e-5,
    ],
    q: [
      1,
      -1.002252150365854,
      0.2928709694872224,
      -0.03337004338674008,
      0.0015605448811273888,
      -2.5231370936032347e-5,
    ],
  },
  {
    p: [
      -0.7657847078286127,
      0.6886192415566705,
      -0.2132598113545206,
      0.033461075523841935,
      -0.003076541477344756,
      0.00017471193164549074,
      -6.1037116822741705e-6,
      1.218032765428652e-7,
      -1.0860761027932903e-9,
    ],
    q: [
      1,
      -1.8888028686623086,
      1.066691687211409,
      -0.27519159823063805,
      0.039308526882338234,
      -0.003414684558602365,
      0.00018668443707035555,
      -6.345146083130515e-6,
      1.239754287483207e-7,
      -1.0860761027931265e-9,
    ],
  },
];

/** Ei for x > 0: γ + log x + x P/Q(x) near 0, else eˣ/x (1 + P/Q(1/x)/x). */
function positiveExpi(x: JaxArray): JaxArray {
  const near = raw.add(raw.add(raw.mul(x, ratioAt(intervals[0]!, x)), eulerGamma), raw.log(x));
  const w = raw.div(1, x), exp = raw.exp(x);
  const far = (i: number): JaxArray =>
    raw.mul(raw.mul(exp, w), raw.add(raw.mul(w, ratioAt(intervals[i]!, w)), 1));
  let out = far(6);
  for (let i = 5; i >= 1; i--) out = raw.where(all(raw.gt(x, 2 ** i), raw.le(x, 2 ** (i + 1))), far(i), out);
  return raw.where(all(raw.gt(x, 0), raw.le(x, 2)), near, out);
}

/** d Ei = eˣ/x dx */
const expiRule = differentiable(
  "expi",
  (x) => {
    const one = raw.fullLike(x!, 1), negative = raw.neg(exponentialIntegral(one, raw.neg(x!)));
    return raw.where(raw.lt(x!, 0), negative, positiveExpi(x!));
  },
  ([dx], [x]) => raw.mul(raw.div(raw.exp(x!), x!), dx!),
);

const expiOf = elementwise("expi", expiRule);

/**
 * The exponential integral Ei(x) = ∫ eᵗ/t dt from -∞ to x.
 *
 * @param x Real array; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.expi(1).item() - 1.8951178) > 1e-5) throw new Error();
 * ```
 */
export function expi(x: ArrayLike): JaxArray {
  return expiOf(x);
}

/** For x ≤ 1 a power series. */
function powerSeries(n: JaxArray, x: JaxArray, here: JaxArray): JaxArray {
  const eps = finfo(x.dtype).eps, minus = raw.neg(x), first = raw.eq(n, 1);
  const [, psi] = iterate(
    ([i]) => raw.lt(i!, n),
    ([i, psi]) => [raw.add(i!, 1), raw.add(psi!, raw.div(1, i!))],
    [raw.fullLike(x, 1), raw.sub(-eulerGamma, raw.log(x))],
    here,
  );
  const start = raw.where(first, 0, raw.div(1, raw.sub(1, raw.where(first, 2, n))));
  const [, , sum] = iterate(
    ([, , , , t]) => all(raw.gt(x, 0), raw.gt(t!, eps)),
    ([k, y, sum, p]) => {
      const next = raw.add(k!, 1), term = raw.mul(y!, raw.div(minus, next)), divisor = raw.add(p!, 1);
      const total = raw.add(sum!, raw.where(raw.ne(divisor, 0), raw.div(term, divisor), 0));
      return [next, term, total, divisor, raw.where(raw.ne(total, 0), raw.abs(raw.div(term, total)), 1)];
    },
    [raw.fullLike(x, 0), raw.fullLike(x, 1), start, raw.sub(1, n), raw.fullLike(x, Infinity)],
    here,
  );
  const scale = raw.div(raw.mul(raw.pow(minus, raw.sub(n, 1)), psi!), raw.exp(raw.lgamma(n)));
  return raw.sub(scale, sum!);
}

/** For x > 1 a continued fraction. */
function continuedFraction(n: JaxArray, x: JaxArray, here: JaxArray): JaxArray {
  const eps = finfo(x.dtype).eps, big = 1.44115188075855872e17;
  const one = raw.fullLike(x, 1), sum = raw.add(x, n);
  const [, , , , , out] = iterate(
    (state) => raw.gt(state[6]!, eps),
    ([index, p2, q2, p1, q1, ans, , r]) => {
      const k = raw.add(index!, 1), odd = raw.eq(raw.rem(k, 2), 1);
      const y = raw.where(odd, 1, x);
      const f = raw.where(odd, raw.add(n, raw.div(raw.sub(k, 1), 2)), raw.div(k, 2));
      const p = raw.add(raw.mul(p1!, y), raw.mul(p2!, f)), q = raw.add(raw.mul(q1!, y), raw.mul(q2!, f));
      const nonzero = raw.ne(q, 0), ratio = raw.where(nonzero, raw.div(p, q), r!);
      const change = raw.where(nonzero, raw.abs(raw.div(raw.sub(ans!, ratio), ratio)), 1);
      const overflows = raw.gt(raw.abs(p), big);
      const scaled = (v: JaxArray): JaxArray => raw.where(overflows, raw.div(v, big), v);
      const value = raw.where(nonzero, ratio, ans!);
      return [k, scaled(p1!), scaled(q1!), scaled(p), scaled(q), value, change, ratio];
    },
    [one, one, x, one, sum, raw.div(1, sum), raw.fullLike(x, Infinity), raw.fullLike(x, 0)],
    here,
  );
  return raw.mul(out!, raw.exp(raw.neg(x)));
}

/** For large n an asymptotic expansion. */
function largeOrder(n: JaxArray, x: JaxArray): JaxArray {
  const sum = raw.add(x, n), y = raw.div(1, raw.mul(sum, sum)), n2 = raw.mul(n, n);
  const quadratic = raw.add(raw.sub(raw.mul(raw.mul(x, x), 6), raw.mul(raw.mul(n, x), 8)), n2);
  let ans = raw.mul(raw.mul(y, n), quadratic);
  ans = raw.mul(y, raw.add(ans, raw.mul(n, raw.sub(n, raw.mul(x, 2)))));
  ans = raw.mul(y, raw.add(ans, n));
  return raw.div(raw.mul(raw.add(ans, 1), raw.exp(raw.neg(x))), sum);
}

/** At x = 0 it is ∞ for n < 2, else 1/n as in JAX (the integral itself is 1/(n - 1)). */
function exponentialIntegralValue(n: JaxArray, x: JaxArray): JaxArray {
  const invalid = raw.or(raw.lt(n, 0), raw.lt(x, 0)), zero = raw.eq(x, 0), order0 = raw.eq(n, 0);
  const large = raw.ge(n, 5000), above = raw.gt(x, 1), special = raw.or(raw.or(invalid, zero), order0);
  const regular = raw.not(raw.or(special, large));
  const series = powerSeries(n, x, all(regular, raw.not(above)));
  const fraction = continuedFraction(n, x, all(regular, above));
  let out = raw.where(large, largeOrder(n, x), raw.where(above, fraction, series));
  out = raw.where(order0, raw.div(raw.exp(raw.neg(x)), x), out);
  const first = raw.lt(n, 2), atZero = raw.div(1, raw.where(first, 2, n));
  out = raw.where(zero, raw.where(first, Infinity, atZero), out);
  return raw.where(raw.or(invalid, raw.ne(x, x)), NaN, out);
}

/** d/dx Eₙ = -Eₙ₋₁ */
const exponentialIntegral = differentiable(
  "expn",
  (n, x) => inSingle((order, y) => exponentialIntegralValue(order!, y!))(n!, x!),
  ([, dx], [n, x]): JaxArray => raw.mul(raw.neg(dx!), exponentialIntegral(raw.sub(n!, 1), x!)),
);

const expnOf = elementwise("expn", exponentialIntegral);

/**
 * The generalised exponential integral Eₙ(x) = ∫ e^(-xt) t⁻ⁿ dt from 1 to ∞; differentiable with respect to `x` alone.
 *
 * @param n Array of integral numbers, not negative; it becomes one of floats.
 * @param x Real array that broadcasts with `n`, not negative; integers and booleans become floats.
 * @returns An array of the common shape; NaN for negative arguments. At x = 0 it is JAX's 1/n for n ≥ 2, where the
 * integral is 1/(n - 1).
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.expn(2, 1).item() - 0.1484955) > 1e-5) throw new Error();
 * ```
 */
export function expn(n: ArrayLike, x: ArrayLike): JaxArray {
  return expnOf(n, x);
}

const exp1Of = elementwise("exp1", (x) => exponentialIntegral(raw.fullLike(x!, 1), x!));

/**
 * The exponential integral E₁(x) = ∫ e⁻ᵗ/t dt from x to ∞.
 *
 * @param x Real array; integers and booleans become floats.
 * @returns An array of the shape of `x`; NaN for negative arguments.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.exp1(1).item() - 0.2193839) > 1e-5) throw new Error();
 * ```
 */
export function exp1(x: ArrayLike): JaxArray {
  return exp1Of(x);
}
