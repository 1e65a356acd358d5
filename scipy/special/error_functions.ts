/**
 * The error function and its relatives.
 *
 * @module
 */
import { type ArrayLike, finfo, float32, float64, type JaxArray, raw } from "../../core/mod.ts";
import { all, differentiable, elementwise, inSingle, polyval, withTangent } from "./elementwise.ts";

const erfOf = elementwise("erf", (x) => raw.erf(x!), { complex: true });

/**
 * The error function.
 *
 * @param x Real array; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {TypeError} For complex numbers, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.erf(0.5).item() - 0.5204999) > 1e-6) throw new Error();
 * ```
 */
export function erf(x: ArrayLike): JaxArray {
  return erfOf(x);
}

const erfcOf = elementwise("erfc", (x) => raw.erfc(x!), { complex: true });

/**
 * The complementary error function 1 - erf x, precise for large x.
 *
 * @param x Real array; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {TypeError} For complex numbers, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.erfc(0.5).item() - 0.4795001) > 1e-6) throw new Error();
 * ```
 */
export function erfc(x: ArrayLike): JaxArray {
  return erfcOf(x);
}

const erfinvOf = elementwise("erfinv", (x) => raw.erfInv(x!), { complex: true });

/**
 * The inverse of the error function: ±∞ at ±1, NaN outside.
 *
 * @param x Real array; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {TypeError} For complex numbers, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.erfinv(0.5).item() - 0.4769363) > 1e-6) throw new Error();
 * ```
 */
export function erfinv(x: ArrayLike): JaxArray {
  return erfinvOf(x);
}

/** Σ cₙ x⁻²ⁿ / (x √π), with cₙ = (-1)ⁿ (2n - 1)!! / 2ⁿ: erfcx for large x. */
const asymptotic = [7918.06640625, -1055.7421875, 162.421875, -29.53125, 6.5625, -1.875, 0.75, -0.5, 1];

/** e^(x²) erfc x; from where e^(x²) overflows, by the asymptotic series. */
function scaledErfc(x: JaxArray): JaxArray {
  const double = x.dtype === float64, threshold = Math.sqrt(Math.log(Number(finfo(x.dtype).max)));
  const large = raw.gt(x, threshold), safe = raw.where(large, 1, x);
  const direct = raw.mul(raw.exp(raw.square(safe)), raw.erfc(safe));
  const series = polyval(asymptotic.slice(double ? 0 : 4), raw.div(1, raw.square(x)));
  return raw.where(large, raw.div(series, raw.mul(x, Math.sqrt(Math.PI))), direct);
}

const slope = 2 / Math.sqrt(Math.PI);

/** d erfcx = (2x erfcx - 2/√π) dx */
const realErfcx = differentiable(
  "_erfcx",
  (x) => inSingle((y) => scaledErfc(y!))(x!),
  ([dx], [x], out) => raw.mul(dx!, raw.sub(raw.mul(raw.mul(x!, 2), out), slope)),
);

/** J. A. C. Weideman, "Computation of the complex error function", SIAM J. Numer. Anal. 31, 1994, with 32 terms. */
const faddeeva = [
  -1.3034426067909105e-12,
  3.741183837373847e-12,
  8.030427700497756e-12,
  -2.154359355749088e-11,
  -5.544244996323793e-11,
  1.165824698850374e-10,
  4.1537441121999766e-10,
  -5.231020211492061e-10,
  -3.2080151339721323e-9,
  8.124886421653591e-10,
  2.3797556530014025e-8,
  2.2930438438915445e-8,
  -1.4813078929137642e-7,
  -4.1840763750512053e-7,
  4.2558331397138446e-7,
  4.401531731283225e-6,
  6.821031944357515e-6,
  -2.1409619201999998e-5,
  -0.0001307544925457942,
  -0.00024532980270038237,
  0.00039259136070109705,
  0.004519541105349309,
  0.0190061557848455,
  0.05730440352983728,
  0.14060716226893755,
  0.2954445107150874,
  0.5460139720639338,
  0.9019254893648001,
  1.345544169234545,
  1.8256696296324815,
  2.2635372999002676,
  2.5722534081245696,
];
const faddeevaL = 4.7568284600108841;

/** w(z) in the upper half plane. */
function upperFaddeeva(z: JaxArray): JaxArray {
  const iz = raw.complex(raw.neg(raw.imag(z)), raw.real(z)), difference = raw.sub(faddeevaL, iz);
  const polynomial = polyval(faddeeva, raw.div(raw.add(faddeevaL, iz), difference));
  return raw.add(
    raw.div(raw.mul(polynomial, 2), raw.mul(difference, difference)),
    raw.div(1 / Math.sqrt(Math.PI), difference),
  );
}

/** w(z) = 2 e^(-z²) - w(-z); dw = (2i/√π - 2zw) dz */
const complexWofz = differentiable(
  "_wofz",
  (z) => {
    const upper = raw.ge(raw.imag(z!), 0), w = upperFaddeeva(raw.where(upper, z!, raw.neg(z!)));
    return raw.where(upper, w, raw.sub(raw.mul(raw.exp(raw.neg(raw.mul(z!, z!))), 2), w));
  },
  ([dz], [z], out) => {
    const constant = raw.scalar({ re: 0, im: slope }, z!.dtype);
    return raw.mul(dz!, raw.sub(constant, raw.mul(raw.mul(z!, 2), out)));
  },
);

const erfcxOf = elementwise("erfcx", (x) => {
  if (x!.dtype.kind !== "complex") return realErfcx(x!);
  return complexWofz(raw.complex(raw.neg(raw.imag(x!)), raw.real(x!)));
}, { complex: true });

/**
 * The scaled complementary error function e^(x²) erfc x, which does not vanish for large x.
 *
 * @param x Array of numbers; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.erfcx(100).item() - 0.005641613) > 1e-7) throw new Error();
 * ```
 */
export function erfcx(x: ArrayLike): JaxArray {
  return erfcxOf(x);
}

const wofzOf = elementwise("wofz", (z) => {
  if (z!.dtype.kind === "complex") return complexWofz(z!);
  const re = raw.convert(z!, z!.dtype === float64 ? float64 : float32);
  return complexWofz(raw.complex(re, raw.fullLike(re, 0)));
}, { complex: true });

/**
 * The Faddeeva function w(z) = e^(-z²) erfc(-iz).
 *
 * @param z Array of numbers; real ones become complex.
 * @returns A complex array of the shape of `z`.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.wofz(np.complex(0, 1)).real.item() - 0.4275836) > 1e-6) throw new Error();
 * ```
 */
export function wofz(z: ArrayLike): JaxArray {
  return wofzOf(z);
}

/** Dawson's integral below 3.25, below 6.25 and above: W. J. Cody, K. A. Paciorek, H. C. Thacher, Math. Comp. 24, 1970. */
const dawson = {
  low: {
    p: [
      1.1368149897175597e-11,
      8.492622676674738e-10,
      1.9443420417555306e-8,
      9.531517412544844e-7,
      3.078283098749132e-6,
      0.00035251336852028877,
      -0.0008501498467244109,
      0.04226182230055466,
      -0.09174803717734524,
      1,
    ],
    q: [
      2.403720730667626e-11,
      1.488646813684934e-9,
      5.212652810105416e-8,
      1.2725847827318697e-6,
      2.324902498207895e-5,
      0.00032552474182605793,
      0.003488058146571626,
      0.027944853119882897,
      0.15887424196012057,
      0.5749186294893204,
      1,
    ],
  },
  middle: {
    p: [
      0.5089551564179009,
      -0.24475441814269785,
      0.09415123353035344,
      -0.021871125514203903,
      0.003662076123295692,
      -0.0004232091144603888,
      3.5964130479389666e-5,
      -2.1464035171996896e-6,
      9.100107800763914e-8,
      -2.4027452082825098e-9,
      3.592333854409284e-11,
    ],
    q: [
      1,
      -0.6318398698733682,
      0.2367067882282487,
      -0.053180636700322324,
      0.008480417185862954,
      -0.0009479967684866654,
      7.810255929445524e-5,
      -4.558751532524426e-6,
      1.8910035811142186e-7,
      -4.913246913319206e-9,
      7.184664032357345e-11,
    ],
  },
  high: {
    p: [
      -0.5905928605347732,
      0.6292352427243688,
      -0.17285897538038814,
      0.016483704782518965,
      -0.0004868276130204627,
    ],
    q: [
      1,
      -2.698200571975449,
      1.7327079904594784,
      -0.3937085822819395,
      0.03442789240412334,
      -0.0009736552260409412,
    ],
  },
};

function dawsonIntegral(x: JaxArray): JaxArray {
  const a = raw.abs(x), below = raw.lt(a, 3.25), far = raw.ge(a, 6.25);
  const ratio = ({ p, q }: typeof dawson.low, t: JaxArray): JaxArray => raw.div(polyval(p, t), polyval(q, t));
  // In the branches not taken the argument is 1, where everything is finite.
  const near = raw.where(below, a, 1);
  const low = raw.mul(near, ratio(dawson.low, raw.square(near)));
  /** (1 + t P(t)/Q(t)) / 2a, for t = 1/a². */
  const tail = (here: JaxArray, coefficients: typeof dawson.low): JaxArray => {
    const safe = raw.where(here, a, 1), t = raw.where(here, raw.div(1, raw.square(a)), 1);
    return raw.mul(raw.div(0.5, safe), raw.add(raw.mul(t, ratio(coefficients, t)), 1));
  };
  const middle = tail(all(raw.not(below), raw.not(far)), dawson.middle);
  const size = raw.where(below, low, raw.where(far, tail(far, dawson.high), middle));
  return raw.mul(raw.sign(x), size);
}

/** d dawsn = (1 - 2x dawsn) dx */
const dawsnOf = withTangent(
  "dawsn",
  (x) => inSingle((y) => dawsonIntegral(y!))(x!),
  ([dx], [x], out) => raw.mul(dx!, raw.sub(1, raw.mul(raw.mul(x!, 2), out))),
);

/**
 * Dawson's integral e^(-x²) ∫₀ˣ e^(t²) dt.
 *
 * @param x Real array; integers and booleans become floats.
 * @returns An array of the shape of `x`.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.dawsn(1).item() - 0.5380795) > 1e-6) throw new Error();
 * ```
 */
export function dawsn(x: ArrayLike): JaxArray {
  return dawsnOf(x);
}
