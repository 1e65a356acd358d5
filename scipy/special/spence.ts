/**
 * Spence's function, after Cephes (S. Moshier, netlib.org/cephes), `spence.c`.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { elementwise, polyval, type Ratio, singleOrDouble } from "./elementwise.ts";

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
