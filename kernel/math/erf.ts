/**
 * The error function, its complement and its inverse.
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { madd, select } from "../expr.ts";
import {
  abs,
  add,
  cases,
  copysign,
  div,
  eq,
  ge,
  gt,
  like,
  lt,
  mul,
  neg,
  piecewisePolynomial,
  polynomial,
  sqrt,
  sub,
} from "./arithmetic.ts";
import { leadingHalf } from "./double.ts";
import { exp } from "./exp.ts";
import { log } from "./log.ts";

/** fdlibm `s_erf.c`: numerators and denominators on [0, 0.84375), [0.84375, 1.25), [1.25, 1/0.35), [1/0.35, 28). */
const P0 = [
  1.28379167095512558561e-01,
  -3.25042107247001499370e-01,
  -2.84817495755985104766e-02,
  -5.77027029648944159157e-03,
  -2.37630166566501626084e-05,
];
const Q0 = [
  1,
  3.97917223959155352819e-01,
  6.50222499887672944485e-02,
  5.08130628187576562776e-03,
  1.32494738004321644526e-04,
  -3.96022827877536812320e-06,
];
const P1 = [
  -2.36211856075265944077e-03,
  4.14856118683748331666e-01,
  -3.72207876035701323847e-01,
  3.18346619901161753674e-01,
  -1.10894694282396677476e-01,
  3.54783043256182359371e-02,
  -2.16637559486879084300e-03,
];
const Q1 = [
  1,
  1.06420880400844228286e-01,
  5.40397917702171048937e-01,
  7.18286544141962662868e-02,
  1.26171219808761642112e-01,
  1.36370839120290507362e-02,
  1.19844998467991074170e-02,
];
const R2 = [
  -9.86494403484714822705e-03,
  -6.93858572707181764372e-01,
  -1.05586262253232909814e+01,
  -6.23753324503260060396e+01,
  -1.62396669462573470355e+02,
  -1.84605092906711035994e+02,
  -8.12874355063065934246e+01,
  -9.81432934416914548592e+00,
];
const S2 = [
  1,
  1.96512716674392571292e+01,
  1.37657754143519042600e+02,
  4.34565877475229228821e+02,
  6.45387271733267880336e+02,
  4.29008140027567833386e+02,
  1.08635005541779435134e+02,
  6.57024977031928170135e+00,
  -6.04244152148580987438e-02,
];
const R3 = [
  -9.86494292470009928597e-03,
  -7.99283237680523006574e-01,
  -1.77579549177547519889e+01,
  -1.60636384855821916062e+02,
  -6.37566443368389627722e+02,
  -1.02509513161107724954e+03,
  -4.83519191608651397019e+02,
];
const S3 = [
  1,
  3.03380607434824582924e+01,
  3.25792512996573918826e+02,
  1.53672958608443695994e+03,
  3.19985821950859553908e+03,
  2.55305040643316442583e+03,
  4.74528541206955367215e+02,
  -2.24409524465858183362e+01,
];
const ERX = 8.45062911510467529297e-01;

/** erf(|x|) below 1.25, and erfc(|x|) from there on. */
function erfParts(ax: Expr): { near: Expr; middle: Expr; tail: Expr } {
  const z = mul(ax, ax);
  const near = madd(ax, div(polynomial(z, P0), polynomial(z, Q0)), ax);
  const s = sub(ax, like(ax, 1));
  const middle = div(polynomial(s, P1), polynomial(s, Q1));
  const inverse = div(like(ax, 1), z), far = ge(ax, like(ax, 1 / 0.35));
  const ratio = div(
    piecewisePolynomial(inverse, [far], [R3, R2]),
    piecewisePolynomial(inverse, [far], [S3, S2]),
  );
  // e^(−x²) from the square of the leading half of x, which is exact, and the small rest.
  const h = leadingHalf(ax);
  const a = exp(sub(neg(mul(h, h)), like(ax, 0.5625)));
  const b = exp(add(mul(sub(h, ax), add(h, ax)), ratio));
  return { near, middle, tail: div(mul(a, b), ax) };
}

/** 2/√π ∫₀ˣ e^(−t²) dt. */
export function erf(x: Expr): Expr {
  const ax = abs(x);
  const { near, middle, tail } = erfParts(ax);
  const y = cases([
    [lt(ax, like(x, 0.84375)), near],
    [lt(ax, like(x, 1.25)), add(like(x, ERX), middle)],
    [gt(ax, like(x, 6)), like(x, 1)],
  ], sub(like(x, 1), tail));
  return select(eq(x, like(x, 0)), x, copysign(y, x));
}

/** 1 − erf x, without cancellation for large x. */
export function erfc(x: Expr): Expr {
  const ax = abs(x), one = like(x, 1), negative = lt(x, like(x, 0));
  const { near, middle, tail } = erfParts(ax);
  const upper = cases([
    [lt(ax, like(x, 0.84375)), sub(one, near)],
    [lt(ax, like(x, 1.25)), sub(like(x, 1 - ERX), middle)],
    [gt(ax, like(x, 28)), like(x, 0)],
  ], tail);
  return select(negative, sub(like(x, 2), upper), upper);
}

/** M. Giles, "Approximating the erfinv function" (2010), single precision: in w − 2.5 for w < 5, √w − 3 beyond. */
const INV32 = [
  [
    1.50140941,
    0.246640727,
    -0.00417768164,
    -0.00125372503,
    0.00021858087,
    -4.39150654e-06,
    -3.5233877e-06,
    3.43273939e-07,
    2.81022636e-08,
  ],
  [
    2.83297682,
    1.00167406,
    0.00943887047,
    -0.0076224613,
    0.00573950773,
    -0.00367342844,
    0.00134934322,
    0.000100950558,
    -0.000200214257,
  ],
];

/** The x with erf x = y; ±∞ at ±1, NaN beyond. */
export function erfInv(y: Expr): Expr {
  const ay = abs(y), one = like(y, 1);
  const w = neg(log(mul(sub(one, ay), add(one, ay))));
  const small = lt(w, like(w, 5));
  const t = select(small, sub(w, like(w, 2.5)), sub(sqrt(w), like(w, 3)));
  const x = mul(y, piecewisePolynomial(t, [small], INV32));
  return cases([
    [eq(ay, one), mul(y, like(y, Infinity))],
    [gt(ay, one), like(y, NaN)],
  ], x);
}
