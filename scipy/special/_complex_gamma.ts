/**
 * The gamma function of complex numbers: Lanczos' approximation with g = 7 and nine terms.
 *
 * C. Lanczos, "A Precision Approximation of the Gamma Function", SIAM J. Numer. Anal. B 1, 1964; the coefficients are
 * those of the GNU Scientific Library.
 *
 * @module
 */
import { int32, type JaxArray, raw } from "../../core/mod.ts";
import { whileLoop } from "../../lax/mod.ts";
import * as np from "../../numpy/mod.ts";
import { all, isNan } from "./elementwise.ts";

const lanczos = [
  676.5203681218851,
  -1259.1392167224028,
  771.32342877765313,
  -176.61502916214059,
  12.507343278686905,
  -0.13857109526572012,
  9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/** log Γ(z) on some branch; Γ(z) = π / (sin(πz) Γ(1 - z)) left of 1/2. */
function lanczosLog(z: JaxArray): JaxArray {
  const reflect = raw.lt(raw.real(z), 0.5);
  const one = raw.fullLike(z, 1), w = raw.sub(raw.where(reflect, raw.sub(one, z), z), 1);
  let sum = raw.fullLike(z, 0.99999999999980993);
  lanczos.forEach((c, i) => sum = raw.add(sum, raw.div(raw.fullLike(z, c), raw.add(w, i + 1))));
  const t = raw.add(w, 7.5);
  const log = raw.add(
    raw.sub(raw.add(raw.mul(raw.add(w, 0.5), raw.log(t)), 0.5 * Math.log(2 * Math.PI)), t),
    raw.log(sum),
  );
  // The branch not taken must have a finite derivative too.
  const safe = raw.where(reflect, z, 0.5);
  const reflected = raw.sub(
    raw.sub(raw.fullLike(z, Math.log(Math.PI)), raw.log(raw.sin(raw.mul(safe, Math.PI)))),
    log,
  );
  return raw.where(reflect, reflected, log);
}

/** `f` but at poles of Γ and at NaN, where the result is NaN. */
function apartFromPoles(z: JaxArray, f: (z: JaxArray) => JaxArray): JaxArray {
  const re = raw.real(z);
  const pole = all(raw.eq(raw.imag(z), 0), raw.eq(re, raw.floor(re)), raw.le(re, 0));
  const singular = raw.or(pole, isNan(z));
  const nan = raw.complex(raw.fullLike(re, NaN), raw.fullLike(re, NaN));
  return raw.where(singular, nan, f(raw.where(singular, 1, z)));
}

/** Γ(z). */
export function complexGamma(z: JaxArray): JaxArray {
  return apartFromPoles(z, (x) => raw.exp(lanczosLog(x)));
}

/** The principal log Γ(z): log Γ(z + n) - Σ log(z + k), k = 0 ... n - 1, where z + n lies right of 1/2. */
export function complexLoggamma(z: JaxArray): JaxArray {
  return apartFromPoles(z, (x) => {
    const re = raw.real(x);
    const n = raw.convert(raw.max(raw.ceil(raw.sub(raw.fullLike(re, 0.5), re)), 0), int32);
    const shifted = (k: JaxArray): JaxArray => raw.add(x, raw.convert(k, x.dtype));
    const [, sum] = whileLoop(
      ([k]: [JaxArray, JaxArray]) => np.any(np.less(k, n)),
      ([k, logs]: [JaxArray, JaxArray]): [JaxArray, JaxArray] => {
        const here = np.less(k, n), factor = np.where(here, shifted(k), 1);
        return [raw.add(k, 1), raw.add(logs, raw.convert(np.log(factor), x.dtype))];
      },
      [raw.scalar(0, int32), raw.mul(x, 0)],
    );
    return raw.sub(lanczosLog(shifted(n)), sum);
  });
}
