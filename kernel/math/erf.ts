/**
 * The error function and its complement. Polynomials not attributed otherwise: minimax, computed with mpmath (Remez).
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { madd, select } from "../expr.ts";
import {
  abs,
  add,
  copysign,
  div,
  type FloatType,
  gt,
  like,
  lt,
  mul,
  neg,
  polynomial,
  sub,
} from "./arithmetic.ts";
import { twoProduct } from "./double.ts";
import { exp, expNormal } from "./exp.ts";

/** (erf(x) − x) / x in powers of x², |x| ≤ 0.92. */
const ERF_NEAR = [
  0.12837917,
  -0.37612632,
  0.112836875,
  -0.02685894,
  0.005199907,
  -0.00081300136,
  8.3167804e-05,
];

/** log erfc x for 0.92 ≤ x ≤ 4, as N. Juffa does it. */
const LOG_ERFC = [
  -0.00018073966,
  -1.1277375,
  -0.63707757,
  -0.10402376,
  0.022271486,
  -0.0030544298,
  0.00019708338,
];

/** fdlibm `s_erf.c`: (erf(x) − x) / x in powers of x², |x| ≤ 0.84375, as a quotient. */
const ERF_P = [
  1.28379167095512558561e-01,
  -3.25042107247001499370e-01,
  -2.84817495755985104766e-02,
  -5.77027029648944159157e-03,
  -2.37630166566501626084e-05,
];
const ERF_Q = [
  1,
  3.97917223959155352819e-01,
  6.50222499887672944485e-02,
  5.08130628187576562776e-03,
  1.32494738004321644526e-04,
  -3.96022827877536812320e-06,
];

/**
 * (1 + 2x)·e^(x²)·erfc x for 0 ≤ x ≤ end, in powers of (x − center) / (x + center); the form is M. Shepherd's and
 * J. Laframboise's (1981).
 */
const ERFC: Readonly<Record<FloatType, { center: number; end: number; c: readonly number[] }>> = {
  f32: {
    center: 2,
    end: 10.1,
    c: [
      1.2769784,
      -0.09276398,
      -0.16603142,
      0.16405535,
      -0.054204296,
      -0.008059875,
      0.008631681,
      0.0013135225,
      -0.0012299278,
      -0.00040057706,
    ],
  },
  f64: {
    center: 3,
    end: 27.3,
    c: [
      1.2530080582697296,
      -0.13562110612458056,
      -0.0475622943534495,
      0.12964515870269136,
      -0.11927366341537496,
      0.06830802734627184,
      -0.023770514917127228,
      0.0025293917810704646,
      0.001888690339295757,
      -0.0007798319762178977,
      -0.00010515963503200227,
      0.00012509783088881816,
      4.948597365829989e-06,
      -2.00955807856523e-05,
      -7.283837853314214e-07,
      3.4618223889931355e-06,
      3.496582232541388e-07,
      -6.022404771977066e-07,
      -1.310635911657184e-07,
      8.989681991546919e-08,
      3.24084698936257e-08,
      -7.901711388761167e-09,
      -3.948365517650201e-09,
    ],
  },
};

/** erfc x for x ≥ 0. */
function erfcPositive(x: Expr): Expr {
  const { center, end, c } = ERFC[x.type as FloatType];
  const bounded = select(gt(x, like(x, end)), like(x, end), x);
  const t = div(sub(bounded, like(x, center)), add(bounded, like(x, center)));
  const scaled = div(polynomial(t, c), madd(bounded, like(x, 2), like(x, 1)));
  // e^(−x²) with the square's rounding error to first order.
  const square = twoProduct(bounded, bounded);
  const y = mul(exp(neg(square.hi)), scaled);
  return madd(neg(y), square.lo, y);
}

/** 2/√π ∫₀ˣ e^(−t²) dt. */
export function erf(x: Expr): Expr {
  const ax = abs(x), one = like(x, 1), z = mul(x, x);
  if (x.type === "f32") {
    const bounded = select(gt(ax, like(x, 4)), like(x, 4), ax);
    const far = sub(one, expNormal(polynomial(bounded, LOG_ERFC)));
    return select(gt(ax, like(x, 0.92)), copysign(far, x), madd(x, polynomial(z, ERF_NEAR), x));
  }
  const near = madd(x, div(polynomial(z, ERF_P), polynomial(z, ERF_Q)), x);
  return select(gt(ax, like(x, 0.84375)), copysign(sub(one, erfcPositive(ax)), x), near);
}

/** 1 − erf x, without cancellation for large x. */
export function erfc(x: Expr): Expr {
  const y = erfcPositive(abs(x));
  return select(lt(x, like(x, 0)), sub(like(x, 2), y), y);
}
