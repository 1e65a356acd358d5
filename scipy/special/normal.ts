/**
 * The distribution function of the normal distribution, its inverse and its logarithm.
 *
 * The rational approximations are those of Cephes (S. Moshier, netlib.org/cephes), `ndtr.c` and `ndtri.c`.
 *
 * @module
 */
import { type ArrayLike, float64, type JaxArray, keywords, raw, ValueError } from "../../core/mod.ts";
import { differentiable, elementwise, polyval, singleOrDouble } from "./elementwise.ts";

/** Φ of float32 and float64: by erf in the middle and by erfc in the tails. */
function distribution(x: JaxArray): JaxArray {
  const w = raw.mul(x, Math.SQRT1_2), z = raw.abs(w), tail = raw.erfc(z);
  const y = raw.where(
    raw.lt(z, Math.SQRT1_2),
    raw.add(raw.erf(w), 1),
    raw.where(raw.gt(w, 0), raw.sub(2, tail), tail),
  );
  return raw.mul(y, 0.5);
}

const ndtrOf = elementwise("ndtr", (x) => distribution(x!), { complex: true });

/**
 * The distribution function Φ of the standard normal distribution.
 *
 * @param x Array of float32 or float64.
 * @returns An array of the shape and dtype of `x`.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (scipy.special.ndtr(0).item() !== 0.5) throw new Error();
 * ```
 */
export function ndtr(x: ArrayLike): JaxArray {
  return ndtrOf(singleOrDouble(x, "ndtr"));
}

/** P0/Q0: the middle. P1/Q1 and P2/Q2: the tails, z = √(-2 log p) within [2, 8) and from 8. */
const coefficients: readonly (readonly [p: readonly number[], q: readonly number[]])[] = [
  [
    [
      -59.9633501014107895267,
      98.0010754185999661536,
      -56.6762857469070293439,
      13.9312609387279679503,
      -1.23916583867381258016,
    ],
    [
      1,
      1.95448858338141759834,
      4.67627912898881538453,
      86.3602421390890590575,
      -225.462687854119370527,
      200.260212380060660359,
      -82.0372256168333339912,
      15.9056225126211695515,
      -1.18331621121330003142,
    ],
  ],
  [
    [
      4.05544892305962419923,
      31.5251094599893866154,
      57.1628192246421288162,
      44.08050738932008347,
      14.6849561928858024014,
      2.18663306850790267539,
      -0.140256079171354495875,
      -0.0350424626827848203418,
      -8.57456785154685413611e-4,
    ],
    [
      1,
      15.7799883256466749731,
      45.3907635128879210584,
      41.317203825467203044,
      15.0425385692907503408,
      2.50464946208309415979,
      -0.142182922854787788574,
      -0.0380806407691578277194,
      -9.33259480895457427372e-4,
    ],
  ],
  [
    [
      3.2377489177694603597,
      6.91522889068984211695,
      3.93881025292474443415,
      1.33303460815807542389,
      0.201485389549179081538,
      0.0123716634817820021358,
      3.01581553508235416007e-4,
      2.65806974686737550832e-6,
      6.23974539184983293730e-9,
    ],
    [
      1,
      6.02427039364742014255,
      3.67983563856160859403,
      1.37702099489081330271,
      0.216236993594496635890,
      0.0134204006088543189037,
      3.28014464682127739104e-4,
      2.89247864745380683936e-6,
      6.79019408009981274425e-9,
    ],
  ],
];

/** P/Q at x, with index i into the coefficients. */
const ratio = (i: number, x: JaxArray): JaxArray =>
  raw.div(polyval(coefficients[i]![0], x), polyval(coefficients[i]![1], x));

function quantile(p: JaxArray): JaxArray {
  const lowest = Math.exp(-2), upper = raw.where(raw.gt(p, -Math.expm1(-2)), raw.sub(1, p), p);
  // At 0 and 1 the result is set below; until then they must not make NaN.
  const q = raw.where(raw.eq(upper, 0), 0.5, upper);
  const w = raw.sub(q, 0.5), ww = raw.square(w);
  const middle = raw.mul(raw.add(w, raw.mul(raw.mul(w, ww), ratio(0, ww))), -Math.sqrt(2 * Math.PI));
  const z = raw.sqrt(raw.mul(raw.log(q), -2)), first = raw.sub(z, raw.div(raw.log(z), z));
  const reciprocal = raw.div(1, z);
  const tail = raw.sub(first, raw.div(ratio(1, reciprocal), z));
  const farTail = raw.sub(first, raw.div(ratio(2, reciprocal), z));
  const x = raw.where(raw.gt(q, lowest), middle, raw.where(raw.ge(z, 8), farTail, tail));
  const signed = raw.where(raw.gt(p, 1 - lowest), x, raw.neg(x));
  return raw.where(raw.eq(p, 0), -Infinity, raw.where(raw.eq(p, 1), Infinity, signed));
}

const ndtriOf = elementwise("ndtri", (p) => quantile(p!), { complex: true });

/**
 * The inverse Φ⁻¹(p) of {@linkcode ndtr}: -∞ at 0, ∞ at 1, NaN outside.
 *
 * @param p Array of float32 or float64.
 * @returns An array of the shape and dtype of `p`.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.ndtri(0.975).item() - 1.9599640) > 1e-5) throw new Error();
 * ```
 */
export function ndtri(p: ArrayLike): JaxArray {
  return ndtriOf(singleOrDouble(p, "ndtri"));
}

/** 1 + Σ (-1)ⁿ (2n - 1)!! / x²ⁿ, n = 1 ... order: the asymptotic series of Φ(x) / (φ(x) / -x). */
function asymptoticSeries(x: JaxArray, order: number): JaxArray {
  const square = raw.square(x);
  let even = raw.fullLike(x, 0), odd = even, power = square, factorial = 1;
  for (let n = 1; n <= order; n++) {
    factorial *= 2 * n - 1;
    const term = raw.div(factorial, power);
    if (n % 2) odd = raw.add(odd, term);
    else even = raw.add(even, term);
    power = raw.mul(power, square);
  }
  return raw.sub(raw.add(even, 1), odd);
}

const halfLog2Pi = 0.5 * Math.log(2 * Math.PI);

/** log Φ: by the series in the lower tail, by log(1 - ε) ≈ -ε in the upper one. */
function logDistribution(x: JaxArray, order: number): JaxArray {
  const [lower, upper] = x.dtype === float64 ? [-20, 8] : [-10, 5];
  const high = raw.gt(x, upper!);
  const phi = distribution(raw.where(high, raw.neg(x), raw.max(x, raw.fullLike(x, lower!))));
  const low = raw.min(x, raw.fullLike(x, lower!));
  const scale = raw.sub(
    raw.sub(raw.mul(raw.square(low), -0.5), raw.log(raw.neg(low))),
    halfLog2Pi,
  );
  const tail = raw.add(scale, raw.log(asymptoticSeries(low, order)));
  return raw.where(high, raw.neg(phi), raw.where(raw.gt(x, lower!), raw.log(phi), tail));
}

/** d log Φ = φ/Φ dx */
function makeLogNdtr(order: number): (x: unknown) => JaxArray {
  const f = differentiable(
    "log_ndtr",
    (x) => logDistribution(x!, order),
    ([dx], [x], out) => {
      const logDensity = raw.sub(raw.mul(raw.square(x!), -0.5), halfLog2Pi);
      return raw.mul(dx!, raw.exp(raw.sub(logDensity, out)));
    },
  );
  return elementwise("log_ndtr", f, { complex: true });
}

const byOrder: ((x: unknown) => JaxArray)[] = [];

/** Options of {@linkcode logNdtr}. */
export interface LogNdtrOptions {
  /** The number of terms of the asymptotic series in the lower tail, up to 30 (3). */
  readonly seriesOrder?: number;
}

/**
 * The logarithm of {@linkcode ndtr}, precise in the tails too.
 *
 * @param x Array of float32 or float64.
 * @param rest seriesOrder, the number of terms of the asymptotic series in the lower tail (3)
 * @returns An array of the shape and dtype of `x`.
 * @throws {TypeError} For other dtypes, and a `seriesOrder` that is no integer.
 * @throws {ValueError} For a `seriesOrder` outside of [0, 30].
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.logNdtr(-20).item() + 203.91716) > 1e-3) throw new Error();
 * ```
 */
export function logNdtr(x: ArrayLike, ...rest: [seriesOrder?: number | LogNdtrOptions]): JaxArray {
  const order = keywords("log_ndtr", ["seriesOrder"], rest).seriesOrder ?? 3;
  if (!Number.isInteger(order)) {
    throw new TypeError("series_order must be a Python integer: an integral number.");
  }
  const terms = order as number;
  if (terms < 0) throw new ValueError("series_order must be non-negative.");
  if (terms > 30) throw new ValueError("series_order must be <= 30.");
  return (byOrder[terms] ??= makeLogNdtr(terms))(singleOrDouble(x, "log_ndtr"));
}
