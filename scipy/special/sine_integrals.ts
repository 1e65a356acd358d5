/**
 * The sine and cosine integrals, after Cephes (S. Moshier, netlib.org/cephes), `sici.c`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw, toArray, ValueError } from "../../core/mod.ts";
import * as np from "../../numpy/mod.ts";
import { all, differentiablePair, polyval, promoted, type Ratio } from "./elementwise.ts";

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
