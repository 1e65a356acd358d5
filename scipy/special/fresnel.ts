/**
 * The Fresnel integrals, after Cephes (S. Moshier, netlib.org/cephes), `fresnl.c`.
 *
 * @module
 */
import {
  type ArrayLike,
  float32,
  float64,
  type JaxArray,
  NotImplementedError,
  raw,
  toArray,
} from "../../core/mod.ts";
import { differentiablePair, polyval, promoted, type Ratio, ratioAt } from "./elementwise.ts";

/** Of x⁴ for small x and of 1/(πx²)² beyond; in float32 polynomials alone. */
const single = {
  s: [
    1.6476294637887e-9,
    -1.522754752581096e-7,
    8.4247488085024e-6,
    -0.0003120693124703272,
    0.007244727626597022,
    -0.09228055941124598,
    0.5235987735681432,
  ],
  c: [
    1.416802502367354e-8,
    -1.157231412229871e-6,
    5.387223446683264e-5,
    -0.001604381798862293,
    0.02818489036795073,
    -0.2467398198317899,
    0.9999999760004487,
  ],
  f: [
    -1903009855649.792,
    135594238805.0252,
    -4158143148.511033,
    73438484.63587323,
    -873235.6681548485,
    8560.51546627547,
    -103.2877601091159,
    2.999401847870011,
  ],
  g: [
    -186084399762.465,
    12783506733.93208,
    -377938771.3202229,
    6492611.570598858,
    -77877.89623358162,
    860.2931494734327,
    -14.93439396592284,
    0.9999841934744914,
  ],
};
const double: Readonly<Record<keyof typeof single, Ratio>> = {
  s: {
    p: [
      -2991.8191940101983,
      708840.0452577386,
      -62974148.62058625,
      2548908805.7337637,
      -44297951805.96978,
      318016297876.5678,
    ],
    q: [
      1,
      281.3762688899943,
      45584.78108065326,
      5173438.887700964,
      419320245.8981112,
      22441179564.534092,
      607366389490.0846,
    ],
  },
  c: {
    p: [
      -4.9884311457357354e-8,
      9.504280628298596e-6,
      -0.0006451914356839651,
      0.018884331939670384,
      -0.20552590095501388,
      1,
    ],
    q: [
      3.99982968972496e-12,
      9.154392157746574e-10,
      1.2500186247959882e-7,
      1.2226278902417902e-5,
      0.0008680295429417843,
      0.04121420907221998,
      1,
    ],
  },
  f: {
    p: [
      0.4215435550436775,
      0.1434079197807589,
      0.011522095507358577,
      0.000345017939782574,
      4.6361374928786735e-6,
      3.055689837902576e-8,
      1.0230451416490724e-10,
      1.7201074326816183e-13,
      1.3428327623306275e-16,
      3.763297112699879e-20,
    ],
    q: [
      1,
      0.7515863983533789,
      0.11688892585919138,
      0.0064405152650885865,
      0.00015593440916415301,
      1.8462756734893055e-6,
      1.1269922476399903e-8,
      3.6014002958937136e-11,
      5.887545336215784e-14,
      4.5200143407412973e-17,
      1.2544323709001127e-20,
    ],
  },
  g: {
    p: [
      0.5044420736433832,
      0.1971028335255234,
      0.018764858409257526,
      0.0006840793809153931,
      1.1513882611188428e-5,
      9.828524436884223e-8,
      4.4534441586175015e-10,
      1.0826804113902088e-12,
      1.375554606332618e-15,
      8.363544356306774e-19,
      1.8695871016278324e-22,
    ],
    q: [
      1,
      1.4749575992512833,
      0.33774898912002,
      0.02536037414203388,
      0.0008146791071843061,
      1.2754507566772912e-5,
      1.0431458965757199e-7,
      4.6068072814652043e-10,
      1.1027321506624028e-12,
      1.3879653125957886e-15,
      8.391588162831187e-19,
      1.8695871016278324e-22,
    ],
  },
};

/** sin(πx²/2) and cos(πx²/2), with x²/2 reduced modulo 2 before it is rounded. */
function sinCosHalfSquare(value: JaxArray): [sin: JaxArray, cos: JaxArray] {
  const x = raw.abs(value),
    s = raw.rem(x, 2),
    sinPi = (t: JaxArray): JaxArray => raw.sin(raw.mul(t, Math.PI));
  const r = raw.rem(raw.mul(s, raw.sub(x, raw.div(s, 2))), 2);
  const upper = raw.where(raw.gt(r, 1.5), sinPi(raw.sub(r, 2)), raw.neg(sinPi(raw.sub(r, 1))));
  const cos = raw.where(raw.lt(r, 1), raw.neg(sinPi(raw.sub(r, 0.5))), sinPi(raw.sub(r, 1.5)));
  return [raw.where(raw.lt(r, 0.5), sinPi(r), upper), raw.where(raw.eq(r, 0.5), 0, cos)];
}

/** S and C in float32 or float64. */
function fresnelIntegrals(value: JaxArray): [JaxArray, JaxArray] {
  const x = raw.abs(value), x2 = raw.mul(x, x), t = raw.mul(x2, x2), isDouble = value.dtype === float64;
  const at = (name: keyof typeof single, u: JaxArray): JaxArray =>
    isDouble ? ratioAt(double[name], u) : polyval(single[name], u);
  const sSmall = raw.mul(raw.mul(x, x2), at("s", t)), cSmall = raw.mul(x, at("c", t));
  const [sin, cos] = sinCosHalfSquare(x), half = raw.fullLike(x, 0.5);
  const inverse = raw.div(1 / Math.PI, x);
  const sLarge = isDouble ? raw.sub(0.5, raw.mul(inverse, cos)) : half;
  const cLarge = isDouble ? raw.add(0.5, raw.mul(inverse, sin)) : half;
  const area = raw.mul(x2, Math.PI), u = raw.div(1, raw.mul(area, area));
  const f = raw.sub(1, raw.mul(u, at("f", u))), g = raw.mul(raw.div(1, area), at("g", u));
  const angle = raw.mul(x, Math.PI);
  const cOther = raw.add(0.5, raw.div(raw.sub(raw.mul(f, sin), raw.mul(g, cos)), angle));
  const sOther = raw.sub(0.5, raw.div(raw.add(raw.mul(f, cos), raw.mul(g, sin)), angle));
  const small = raw.lt(x2, 2.5625), large = raw.gt(x, 36974), infinite = raw.eq(x, Infinity);
  const negative = raw.lt(value, 0);
  const pick = (near: JaxArray, far: JaxArray, other: JaxArray): JaxArray => {
    const y = raw.where(infinite, 0.5, raw.where(small, near, raw.where(large, far, other)));
    return raw.where(negative, raw.neg(y), y);
  };
  return [pick(sSmall, sLarge, sOther), pick(cSmall, cLarge, cOther)];
}

/** dS = sin(πx²/2) dx, dC = cos(πx²/2) dx */
const fresnelOf = differentiablePair("fresnel", (x) => {
  if (x.dtype === float32 || x.dtype === float64) return fresnelIntegrals(x);
  const [s, c] = fresnelIntegrals(raw.convert(x, float32));
  return [raw.convert(s, x.dtype), raw.convert(c, x.dtype)];
}, (dx, x) => {
  const [sin, cos] = sinCosHalfSquare(x);
  return [raw.mul(sin, dx), raw.mul(cos, dx)];
});

/**
 * The Fresnel integrals S(x) = ∫ sin(πt²/2) dt and C(x) = ∫ cos(πt²/2) dt from 0 to x.
 *
 * @param x Real array; integers and booleans become floats.
 * @returns Two arrays of the shape of `x`.
 * @throws {NotImplementedError} For complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * const [s, c] = scipy.special.fresnel(1);
 * if (Math.abs(s.item() - 0.4382591) + Math.abs(c.item() - 0.7798934) > 1e-5) throw new Error();
 * ```
 */
export function fresnel(x: ArrayLike): [s: JaxArray, c: JaxArray] {
  const array = toArray(x, "fresnel");
  if (array.dtype.kind === "complex") {
    throw new NotImplementedError("Support for complex-valued inputs is not implemented yet.");
  }
  return fresnelOf(...promoted("fresnel", [array], false) as [JaxArray]);
}
