/**
 * Logarithm of the gamma function, and its derivative.
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { select, unary } from "../expr.ts";
import { abs, add, and, cases, div, eq, gt, isInfinite, le, like, lt, mul, neg, sub } from "./arithmetic.ts";
import { log } from "./log.ts";
import { cos, sin } from "./trig.ts";

/** C. Lanczos (1964), g = 7, 9 terms (coefficients of P. Godfrey). */
const LANCZOS = [
  0.99999999999980993227684700473478,
  676.520368121885098567009190444019,
  -1259.13921672240287047156078755283,
  771.3234287776530788486528258894,
  -176.61502916214059906584551354,
  12.507343278686904814458936853,
  -0.13857109526572011689554707,
  9.984369578019570859563e-6,
  1.50563273514931155834e-7,
];

/** log |Γ(x)|; +∞ at zero, the negative integers and ±∞. */
export function lgamma(x: Expr): Expr {
  const half = like(x, 0.5), one = like(x, 1), reflect = lt(x, half);
  const z = select(reflect, neg(x), sub(x, one));
  let a = like(x, LANCZOS[0]!);
  for (let i = 1; i < LANCZOS.length; i++) a = add(a, div(like(x, LANCZOS[i]!), add(z, like(x, i))));
  const t = add(z, like(x, 7.5));
  const logGamma = add(
    add(mul(sub(add(z, half), div(t, log(t))), log(t)), like(x, 0.9189385332046727)),
    log(a),
  );
  const fraction = sub(abs(x), unary("floor", abs(x)));
  const reduced = select(gt(fraction, half), sub(one, fraction), fraction);
  const sine = log(sin(mul(like(x, Math.PI), reduced)));
  const y = select(reflect, sub(sub(like(x, Math.log(Math.PI)), sine), logGamma), logGamma);
  return cases([
    [isInfinite(x), like(x, Infinity)],
    [and(le(x, like(x, 0)), eq(unary("floor", x), x)), like(x, Infinity)],
  ], y);
}

/** d log Γ(x) / dx; NaN at zero and the negative integers. */
export function digamma(x: Expr): Expr {
  const one = like(x, 1), reflect = lt(x, like(x, 0.5));
  let z = select(reflect, sub(one, x), x);
  let sum = like(x, 0);
  for (let i = 0; i < 10; i++) {
    const low = lt(z, like(x, 10));
    sum = add(sum, select(low, div(one, z), like(x, 0)));
    z = select(low, add(z, one), z);
  }
  const w = div(one, mul(z, z));
  const series = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12];
  let s = like(x, 0);
  for (const c of series.toReversed()) s = mul(w, add(like(x, c), s));
  const y = sub(sub(sub(log(z), div(like(x, 0.5), z)), s), sum);
  const pix = mul(like(x, Math.PI), sub(x, unary("nearest", x)));
  const reflected = sub(y, div(mul(like(x, Math.PI), cos(pix)), sin(pix)));
  return cases([
    [and(le(x, like(x, 0)), eq(unary("floor", x), x)), like(x, NaN)],
  ], select(reflect, reflected, y));
}
