/**
 * Owen's T function.
 *
 * @module
 */
import { type ArrayLike, type JaxArray, raw } from "../../core/mod.ts";
import { isNan, withTangent } from "./elementwise.ts";

/** Gauss quadrature with 13 points: method T5 of M. Patefield and D. Tandy, J. Stat. Softw. 5, 2000. */
const points = [
  0.0035082039676451716,
  0.031279042338030756,
  0.08526682628321945,
  0.16245071730812277,
  0.25851196049125436,
  0.3680755384069753,
  0.485010929056047,
  0.6027751415261857,
  0.7147788421775323,
  0.814755109887601,
  0.8971102975594897,
  0.9572380808594426,
  0.991788329746297,
];
const weights = [
  0.018831438115323503,
  0.01856708624397765,
  0.018042093461223385,
  0.017263829606398752,
  0.016243219975989858,
  0.014994592034116705,
  0.013535474469662087,
  0.011886351605820165,
  0.010070377242777432,
  0.008113054574229958,
  0.006041900952847024,
  0.0038862217010742057,
  0.001679303108454609,
];

/** T(h, a) ≈ a Σ wᵢ exp(-h² (1 + a² tᵢ) / 2) / (1 + a² tᵢ) */
function quadrature(h: JaxArray, a: JaxArray): JaxArray {
  const a2 = raw.square(a), minusHalfH2 = raw.mul(raw.square(h), -0.5);
  let sum = raw.fullLike(a, 0);
  points.forEach((t, i) => {
    const r = raw.add(raw.mul(a2, t), 1);
    sum = raw.add(sum, raw.mul(raw.div(raw.exp(raw.mul(minusHalfH2, r)), r), weights[i]!));
  });
  return raw.mul(a, sum);
}

/** T for h ≥ 0 and a ≥ 0; for a > 1 by T(h, a) + T(ah, 1/a) = (erfc x + erfc ax - erfc x erfc ax)/4, x = h/√2. */
function positive(h: JaxArray, a: JaxArray): JaxArray {
  const inside = raw.le(a, 1), ah = raw.mul(a, h);
  const b = raw.where(inside, a, raw.div(1, a)), g = raw.where(inside, h, ah), root = raw.div(g, Math.SQRT2);
  const atZero = raw.div(raw.atan(b), 2 * Math.PI);
  const atOne = raw.mul(raw.mul(raw.erfc(raw.neg(root)), 0.125), raw.erfc(root));
  const result = raw.where(raw.eq(b, 1), atOne, raw.where(raw.eq(g, 0), atZero, quadrature(g, b)));
  const x = raw.div(h, Math.SQRT2), ax = raw.mul(a, x), p = raw.erfc(x), q = raw.erfc(ax);
  const near = raw.sub(0.25, raw.mul(raw.mul(raw.erf(x), 0.25), raw.erf(ax)));
  const far = raw.mul(raw.sub(raw.add(p, q), raw.mul(p, q)), 0.25);
  const reflected = raw.sub(raw.where(raw.le(ah, 0.67), near, far), result);
  return raw.where(raw.gt(a, 1), reflected, result);
}

/** dT = -e^(-h²/2) erf(ah/√2) / (2 √(2π)) dh + e^(-(1 + a²) h²/2) / (2π (1 + a²)) da */
const owensTOf = withTangent(
  "owens_t",
  (h, a) => {
    const t = raw.mul(raw.sign(a!), positive(raw.abs(h!), raw.abs(a!)));
    return raw.where(raw.or(isNan(a!), isNan(h!)), NaN, t);
  },
  ([dh, da], [h, a]) => {
    const h2 = raw.square(h!), s = raw.add(raw.square(a!), 1);
    const erf = raw.erf(raw.div(raw.mul(a!, h!), Math.SQRT2));
    const byH = raw.div(raw.mul(raw.neg(raw.exp(raw.mul(h2, -0.5))), erf), 2 * Math.sqrt(2 * Math.PI));
    const byA = raw.div(raw.exp(raw.mul(raw.mul(s, -0.5), h2)), raw.mul(s, 2 * Math.PI));
    return raw.add(raw.mul(byH, dh!), raw.mul(byA, da!));
  },
  { complex: true },
);

/**
 * Owen's T function, ∫ e^(-h² (1 + t²) / 2) / (1 + t²) dt / 2π from 0 to a: the probability of X > h and 0 < Y < aX for
 * independent standard normal X and Y.
 *
 * @param h Real array; integers and booleans become floats.
 * @param a As `h`, with which it broadcasts.
 * @returns An array of the common shape.
 * @throws {TypeError} For complex numbers, and values that are no arrays.
 *
 * @example
 * ```ts
 * import { scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.special.owensT(0, 1).item() - 1 / 8) > 1e-6) throw new Error();
 * ```
 */
export function owensT(h: ArrayLike, a: ArrayLike): JaxArray {
  return owensTOf(h, a);
}
