/**
 * The sine, cosine and Fresnel integrals and the dilogarithm, after Cephes (S. Moshier, netlib.org/cephes), `sici.c`,
 * `fresnl.c` and `spence.c`.
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
  ValueError,
} from "../../core/mod.ts";
import * as np from "../../numpy/mod.ts";
import {
  all,
  differentiablePair,
  elementwise,
  polyval,
  promoted,
  type Ratio,
  ratioAt,
  singleOrDouble,
} from "./_elementwise.ts";

const eulerGamma = 0.5772156649015329;

/** Up to 4, of t = x²: Si = x P/Q, Ci = γ + log x + t P/Q. */
const nearSi: Ratio = {
  p: [
    -8.391678279103039e-11,
    4.625917144270128e-8,
    -9.757593038436328e-6,
    0.0009769454381704354,
    -0.04134703162294066,
    1,
  ],
  q: [
    2.0326926619595193e-12,
    1.279978911799433e-9,
    4.418278428012189e-7,
    9.964121220438756e-5,
    0.01420852393261499,
    1,
  ],
};
const nearCi: Ratio = {
  p: [
    2.0252400238910228e-11,
    -1.3524950491579076e-8,
    3.593250514199931e-6,
    -0.0004740072068734079,
    0.028915965260755523,
    -1,
  ],
  q: [
    4.077460400618806e-12,
    3.067809975818878e-9,
    1.2321035568588342e-6,
    0.00031744202477503275,
    0.051002805623644606,
    4,
  ],
};

/** The auxiliary functions f and g of t = 1/x² below 8 and above: f = P/Q / x, g = t P/Q. */
const auxiliary: readonly { readonly f: Ratio; readonly g: Ratio }[] = [
  {
    f: {
      p: [
        4.236128628922166,
        5.4593771716181285,
        1.6208328770153833,
        0.16700661183132304,
        0.006810201324725182,
        0.00010893658065032867,
        5.489002234213736e-7,
      ],
      q: [
        1,
        8.16496634205391,
        7.308288225055645,
        1.867922579501842,
        0.1787920529631499,
        0.007017106683227897,
        0.00011003435715391573,
        5.489002527562557e-7,
      ],
    },
    g: {
      p: [
        0.08710016989731142,
        0.6113791099522193,
        0.3971802963923375,
        0.07485277376284691,
        0.005388686814621773,
        0.00016199979459893403,
        1.9796387414096365e-6,
        7.825790407440903e-9,
      ],
      q: [
        1,
        1.6440220241335535,
        0.666296701268988,
        0.09887717612776888,
        0.006223963454417684,
        0.0001732210814741771,
        2.0265918208634397e-6,
        7.825792189335346e-9,
      ],
    },
  },
  {
    f: {
      p: [
        0.4558808734704653,
        0.7137152741001467,
        0.16030015822231947,
        0.01160642294081244,
        0.00034955644244785906,
        4.8621543082645475e-6,
        3.200927900910049e-8,
        9.41779576128513e-11,
        9.70507110881952e-14,
      ],
      q: [
        1,
        0.9174636118736841,
        0.17868554533207454,
        0.012225359477197129,
        0.00035869648188185157,
        4.924350643178815e-6,
        3.21956939101046e-8,
        9.437205903502767e-11,
        9.70507110881952e-14,
      ],
    },
    g: {
      p: [
        0.6973599534432762,
        0.33041097930563207,
        0.03848787676499743,
        0.001717182390523479,
        3.4894116550227946e-5,
        3.471311670841167e-7,
        1.7040445278204452e-9,
        3.859459254302766e-12,
        3.1404009894636335e-15,
      ],
      q: [
        1,
        1.6854889881101165,
        0.48785225869530496,
        0.04679131942596258,
        0.0019028442667439953,
        3.684755044425611e-5,
        3.5704322344374083e-7,
        1.7269374896631615e-9,
        3.878301660239547e-12,
        3.1404009894636335e-15,
      ],
    },
  },
];

/** Si and Ci of |x|, and for all x. */
function sineAndCosine(x: JaxArray): [JaxArray, JaxArray] {
  const a = raw.abs(x), t = raw.mul(a, a), sin = raw.sin(a), cos = raw.cos(a), zero = raw.eq(a, 0);
  const si4 = raw.where(zero, 0, raw.div(raw.mul(a, polyval(nearSi.p, t)), polyval(nearSi.q, t)));
  const ci4 = raw.where(
    zero,
    -Infinity,
    raw.add(raw.add(raw.log(a), eulerGamma), raw.div(raw.mul(t, polyval(nearCi.p, t)), polyval(nearCi.q, t))),
  );
  const z = raw.div(1, t), below8 = raw.lt(a, 8);
  const [f, g] = (["f", "g"] as const).map((name) => {
    const values = auxiliary.map(({ [name]: { p, q } }) =>
      name === "f"
        ? raw.div(polyval(p, z), raw.mul(a, polyval(q, z)))
        : raw.div(raw.mul(z, polyval(p, z)), polyval(q, z))
    );
    return raw.where(below8, values[0]!, values[1]!);
  }) as [JaxArray, JaxArray];
  const siFar = raw.sub(raw.sub(Math.PI / 2, raw.mul(f, cos)), raw.mul(g, sin));
  const ciFar = raw.sub(raw.mul(f, sin), raw.mul(g, cos));
  const infinite = raw.eq(a, Infinity);
  const siLimit = raw.where(infinite, Math.PI / 2, raw.sub(Math.PI / 2, raw.div(cos, a)));
  const ciLimit = raw.where(infinite, 0, raw.div(sin, a));
  const near = raw.le(a, 4), far = all(raw.gt(a, 4), raw.le(a, 1e9));
  const si = raw.where(near, si4, raw.where(far, siFar, siLimit));
  const ci = raw.where(near, ci4, raw.where(far, ciFar, ciLimit));
  return [raw.mul(raw.sign(x), si), raw.where(raw.eq(x, -Infinity), NaN, ci)];
}

/** d Si = sin x / x dx, d Ci = cos x / x dx */
const siciOf = differentiablePair("sici", sineAndCosine, (dx, x) => [
  raw.mul(np.sinc(raw.div(x, Math.PI)), dx),
  raw.mul(raw.div(raw.cos(x), x), dx),
]);

/**
 * The sine integral Si(x) = ∫ sin t / t dt from 0 and the cosine integral Ci(x) = -∫ cos t / t dt to ∞.
 *
 * @param x Real array; integers and booleans become floats. Ci of a negative x is the real part.
 * @returns Two arrays of the shape of `x`.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * const [si, ci] = scipy.special.sici(1);
 * if (Math.abs(si.item() - 0.9460831) + Math.abs(ci.item() - 0.3374039) > 1e-5) throw new Error();
 * ```
 */
export function sici(x: ArrayLike): [si: JaxArray, ci: JaxArray] {
  const array = toArray(x, "sici");
  if (array.dtype.kind === "complex") {
    throw new ValueError(`Argument \`x\` to sici must be real-valued. Got dtype ${array.dtype.name}.`);
  }
  return siciOf(...promoted("sici", [array], false) as [JaxArray]);
}

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

/** The dilogarithm at 1 - w is -w P/Q(w). */
const dilogarithm: Ratio = {
  p: [
    4.6512858607399003e-5,
    0.007315890452380947,
    0.13384763957830903,
    0.8796913117545303,
    2.7114985119655346,
    4.256971560081218,
    3.297713409852251,
    1,
  ],
  q: [
    0.0006909904889125533,
    0.02540437639325444,
    0.2829748606025681,
    1.4117259775183106,
    3.6380053334513707,
    5.03278880143317,
    3.547713409852251,
    1,
  ],
};

/** Outside of [1/2, 3/2] by the values at 1/x or 1 - x. */
function dilog(value: JaxArray): JaxArray {
  const x = raw.where(raw.gt(value, 2), raw.div(1, value), value);
  const high = raw.gt(x, 1.5), low = raw.lt(x, 0.5), inverted = raw.or(raw.gt(value, 2), high);
  const w = raw.where(high, raw.sub(raw.div(1, x), 1), raw.where(low, raw.neg(x), raw.sub(x, 1)));
  const { p, q } = dilogarithm, log = raw.log(x);
  const y = raw.div(raw.mul(raw.neg(w), polyval(p, w)), polyval(q, w));
  const reflected = raw.sub(raw.sub(Math.PI ** 2 / 6, raw.mul(log, raw.log(raw.sub(1, x)))), y);
  const z = raw.where(low, reflected, y);
  return raw.where(inverted, raw.sub(raw.mul(raw.mul(log, log), -0.5), z), z);
}

const spenceOf = elementwise("spence", (x) => {
  const value = raw.where(raw.eq(x!, 0), Math.PI ** 2 / 6, raw.where(raw.eq(x!, 1), 0, dilog(x!)));
  return raw.where(raw.lt(x!, 0), NaN, value);
});

/**
 * Spence's function, the dilogarithm Li₂(1 - x) = ∫ log t / (1 - t) dt from 1 to x.
 *
 * @param x Array of float32 or float64, not negative.
 * @returns An array of the shape and dtype of `x`; NaN for negative arguments. As in JAX, reverse mode gives NaN within
 * [1/2, 2], where forward mode gives the derivative.
 * @throws {TypeError} For other dtypes.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.spence(0).item() - Math.PI ** 2 / 6) > 1e-6) throw new Error();
 * ```
 */
export function spence(x: ArrayLike): JaxArray {
  return spenceOf(singleOrDouble(x, "spence"));
}
