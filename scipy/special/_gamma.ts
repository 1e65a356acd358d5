/**
 * The gamma function of floats.
 *
 * @module
 */
import { type JaxArray, raw } from "../../core/mod.ts";
import * as np from "../../numpy/mod.ts";
import { all, isNan } from "./elementwise.ts";

/** The sign of Γ(x): that of zero at 0, NaN at negative integers. */
export function gammaSign(x: JaxArray): JaxArray {
  const floor = raw.floor(x), negative = raw.lt(x, 0);
  const odd = all(negative, raw.ne(raw.rem(floor, 2), 0));
  const negativeZero = all(raw.eq(x, 0), np.signbit(x));
  const signs = raw.where(raw.or(odd, negativeZero), raw.fullLike(x, -1), raw.fullLike(x, 1));
  return raw.where(raw.or(all(negative, raw.eq(x, floor)), isNan(x)), NaN, signs);
}

/** Γ(x). */
export function realGamma(x: JaxArray): JaxArray {
  return raw.mul(gammaSign(x), raw.exp(raw.lgamma(x)));
}
