/**
 * The Hurwitz zeta function and the Bernoulli numbers.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  defaultFloat,
  finfo,
  float32,
  type JaxArray,
  jvp,
  NotImplementedError,
  P,
  raw,
  staticInteger,
  ValueError,
} from "../../core/mod.ts";
import * as np from "../../numpy/mod.ts";
import { withTangent } from "./elementwise.ts";

/** (2k)! / B₂ₖ for k = 1, 2, ... */
const coefficients = [
  12,
  -720,
  30240,
  -1209600,
  47900160,
  -1307674368000 / 691,
  74724249600,
  -10670622842880000 / 3617,
  5109094217170944000 / 43867,
  -802857662698291200000 / 174611,
  14101100039391805440000 / 77683,
  -1693824136731743669452800000 / 236364091,
  186134520519971831808000000 / 657931,
  -37893265687455865519472640000000 / 3392780147,
  759790291646040068357842010112000000 / 1723168255201,
  -134196726836183700385281186201600000000 / 7709321041217,
];

/**
 * ζ(s, a) by the Euler-Maclaurin formula with N terms of each sum, to be differentiated: F. Johansson, "Rigorous
 * high-precision computation of the Hurwitz zeta function and its derivatives", Numer. Algorithms 69, 2015, formula (5).
 */
function series(s: JaxArray, a: JaxArray): JaxArray {
  const n = a.dtype === float32 ? 8 : 16, minus = raw.neg(s), far = raw.add(a, n);
  let sum = raw.pow(a, minus);
  for (let k = 1; k < n; k++) sum = raw.add(sum, raw.pow(raw.add(a, k), minus));
  const integral = raw.div(raw.pow(far, raw.sub(1, s)), raw.sub(s, 1));
  const largest = raw.fullLike(a, Number(finfo(a.dtype).max));
  let product = raw.div(s, far), tail = raw.fullLike(a, 0.5);
  coefficients.slice(0, n).forEach((c, i) => {
    if (i > 0) {
      for (const m of [2 * i - 1, 2 * i]) product = raw.mul(product, raw.div(raw.add(s, m), far));
    }
    tail = raw.add(tail, raw.div(raw.min(product, largest), c));
  });
  return raw.add(raw.add(sum, integral), raw.mul(raw.pow(far, minus), tail));
}

const zetaOf = withTangent(
  "zeta",
  (x, q) => bind1(P.zeta, [x!, q!]),
  (tangents, xs) => jvp((s: JaxArray, a: JaxArray) => series(s, a), xs, tangents)[1] as JaxArray,
  { complex: true },
);

/**
 * The Hurwitz zeta function Σ (n + q)⁻ˣ, n = 0, 1, ...; its derivatives come from a series.
 *
 * @param x Real array; integers and booleans become floats.
 * @param q As `x`, with which it broadcasts. With q = 1 it is Riemann's zeta function.
 * @returns An array of the common shape.
 * @throws {NotImplementedError} Without `q`.
 * @throws {TypeError} For complex numbers, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.zeta(2, 1).item() - Math.PI ** 2 / 6) > 1e-5) throw new Error();
 * ```
 */
export function zeta(x: ArrayLike, q?: ArrayLike | null): JaxArray {
  if (q === undefined || q === null) {
    throw new NotImplementedError(
      "Riemann zeta function not implemented; pass q != None to compute the Hurwitz Zeta function: q = 1 gives Riemann's.",
    );
  }
  return zetaOf(x, q);
}

/**
 * The Bernoulli numbers B₀ ... Bₙ: Bₘ = -2 m! (2πi)⁻ᵐ ζ(m) for even m, with 48 terms of ζ (Chowla and Hartung).
 *
 * @param n An integer, not negative.
 * @returns An array of n + 1 floats.
 * @throws {ValueError} For a negative `n`.
 * @throws {TypeError} For an `n` that is no integer or is traced.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.bernoulli(4).at(4).get().item() + 1 / 30) > 1e-6) throw new Error();
 * ```
 */
export function bernoulli(n: number): JaxArray {
  const count = staticInteger(n, "Argument n of bernoulli");
  if (count < 0) throw new ValueError("n must be a non-negative integer.");
  const numbers = [1, -1 / 2, 1 / 6, ...new Array<number>(Math.max(0, count - 2)).fill(0)];
  let factor = 1 / Math.PI ** 2;
  for (let m = 4; m <= count; m += 2) {
    factor *= -(m - 1) * m / 4 / Math.PI ** 2;
    let zetaTail = 0;
    for (let k = 2; k < 50; k++) zetaTail += k ** -m;
    numbers[m] = factor * (1 + zetaTail);
  }
  return np.array(numbers.slice(0, count + 1), { dtype: defaultFloat() });
}
