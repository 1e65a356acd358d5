/**
 * Sine, cosine and tangent, over the whole range of the type.
 *
 * x = n·π/2 + r with |r| ≤ π/4. Up to 2¹³ (f32) or 2²⁰ (f64) quarter turns, n·π/2 is subtracted in pieces so short that
 * each product is exact (Cody and Waite); beyond, the product with 2/π is formed in integers. Polynomials on [−π/4, π/4]:
 * minimax, computed with mpmath (Remez), in the arrangement of fdlibm `k_sin.c`, `k_cos.c`.
 *
 * @module
 */
import type { Expr } from "../ir.ts";
import { branch, madd, select } from "../expr.ts";
import {
  abs,
  add,
  and,
  bitsOf,
  div,
  floatOf,
  type FloatType,
  gt,
  integerShift,
  like,
  mul,
  ne,
  nearest,
  polynomial,
  shiftLeft,
  sub,
  xor,
} from "./arithmetic.ts";
import { type Double, fastTwoSum } from "./double.ts";
import { type Reduced, reduceHuge } from "./payne_hanek.ts";

/** π/2 in pieces of 11 (f32) or 32 (f64) bits, and the rest. */
const HALF_PI = {
  f32: [1.5703125, 0.0004837512969970703, 7.549533620476723e-08, 2.563344151594519e-12],
  f64: [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32],
} as const;

/** (sin r − r) / r³ and (cos r − 1 + r²/2) / r⁴ in powers of r². */
const SIN = {
  f32: [-0.16666655, 0.00833219, -0.00019518405],
  f64: [
    -0.16666666666666632,
    0.008333333333322455,
    -0.0001984126982981342,
    2.7557313687576494e-06,
    -2.505075671511815e-08,
    1.5896681906691982e-10,
  ],
} as const;
const COS = {
  f32: [0.041666646, -0.0013887301, 2.443067e-05],
  f64: [
    0.0416666666666666,
    -0.0013888888888874441,
    2.4801587289636314e-05,
    -2.7557314387469883e-07,
    2.087572705897872e-09,
    -1.1359802471593814e-11,
  ],
} as const;

/** (tan r − r) / r³ in powers of r². */
const TAN: Readonly<Record<FloatType, readonly number[]>> = {
  f32: [0.3333335, 0.13332674, 0.054059178, 0.02128451, 0.010832495, 9.117746e-05, 0.004376463],
  f64: [
    0.3333333333333338,
    0.13333333333325342,
    0.05396825397290301,
    0.021869488399327754,
    0.00886323792205278,
    0.0035921008863243676,
    0.0014560455021939854,
    0.0005888647818203106,
    0.0002437507624361647,
    8.355830537251593e-05,
    6.72258543006771e-05,
    -2.5642469653045322e-05,
    4.864629236641292e-05,
    -2.4280606348825775e-05,
    9.800875048351778e-06,
  ],
};

/** Angles above this, 2¹³ or 2²⁰ quarter turns, need the exact reduction. */
const HUGE = { f32: 12867, f64: 1647099 } as const;

/**
 * Subtracts n·π/2, for 0 ≤ x ≤ HUGE. The leading differences are exact; a later one either is exact or has the larger
 * operand first.
 */
function reduce(x: Expr): Reduced {
  const [p1, p2, p3, p4] = HALF_PI[x.type as FloatType];
  const n = nearest(mul(x, like(x, 2 / Math.PI)));
  const t1 = madd(n, like(x, -p1), x);
  const t2: Double = x.type === "f32"
    ? { hi: madd(n, like(x, -p2), t1), lo: like(x, 0) }
    : fastTwoSum(t1, mul(n, like(x, -p2)));
  const t3 = fastTwoSum(t2.hi, mul(n, like(x, -p3)));
  const lo = x.type === "f32" ? t3.lo : add(t2.lo, t3.lo);
  const quadrant = bitsOf(add(n, like(n, integerShift(n.type))));
  return { quadrant, r: fastTwoSum(t3.hi, madd(n, like(x, -p4), lo)) };
}

/** f of the reduced angle, for x ≥ 0; the costly reduction is only done where an angle is huge. */
function ofReduced(x: Expr, f: (reduced: Reduced) => Expr): Expr {
  const huge = gt(x, like(x, HUGE[x.type as FloatType]));
  const fast = f(reduce(x));
  return select(huge, branch(huge, f(reduceHuge(x)), like(x, 0)), fast);
}

/** sin(hi + lo), |hi + lo| ≤ π/4. */
function sinKernel({ hi, lo }: Double): Expr {
  const z = mul(hi, hi), c = SIN[hi.type as FloatType];
  return add(hi, madd(mul(hi, z), polynomial(z, c), lo));
}

/** cos(hi + lo), |hi + lo| ≤ π/4. */
function cosKernel({ hi, lo }: Double): Expr {
  const z = mul(hi, hi), c = COS[hi.type as FloatType];
  const rest = sub(mul(mul(z, z), polynomial(z, c)), mul(hi, lo));
  return sub(like(z, 1), sub(mul(z, like(z, 0.5)), rest));
}

/** The sign bit, and the place of the second lowest bit of a quadrant under it. */
const signBit = (x: Expr): Expr => bitsOf(like(x, -0));
const toSign = (quadrant: Expr): Expr => shiftLeft(quadrant, quadrant.type === "i32" ? 30 : 62);

/** x with its sign changed where that of `y` is set. */
function flipSign(x: Expr, y: Expr): Expr {
  return floatOf(xor(bitsOf(x), and(y, signBit(x))));
}

/** sin of r moved on by `quadrant` quarter turns. */
function sinAt({ quadrant, r }: Reduced): Expr {
  const odd = ne(and(quadrant, like(quadrant, 1)), like(quadrant, 0));
  return flipSign(select(odd, cosKernel(r), sinKernel(r)), toSign(quadrant));
}

/** Sine. */
export function sin(x: Expr): Expr {
  return flipSign(ofReduced(abs(x), sinAt), bitsOf(x));
}

/** Cosine. */
export function cos(x: Expr): Expr {
  return ofReduced(abs(x), ({ quadrant, r }) => sinAt({ quadrant: add(quadrant, like(quadrant, 1)), r }));
}

/** tan(hi + lo) turned by `quadrant` quarter turns: t = hi + rest, or −1/t, the rest to first order. */
function tanAt({ quadrant, r: { hi, lo } }: Reduced): Expr {
  const z = mul(hi, hi), p = mul(z, polynomial(z, TAN[hi.type as FloatType]));
  const t = fastTwoSum(hi, madd(hi, p, madd(lo, z, lo)));
  const q = div(like(hi, -1), t.hi);
  const reciprocal = madd(mul(q, q), t.lo, q);
  return select(ne(and(quadrant, like(quadrant, 1)), like(quadrant, 0)), reciprocal, t.hi);
}

/** Tangent. */
export function tan(x: Expr): Expr {
  return flipSign(ofReduced(abs(x), tanAt), bitsOf(x));
}

/** sin πf and cos πf for 0 ≤ f ≤ ½. */
export function sinCosPi(f: Expr): { sin: Expr; cos: Expr } {
  const upper = gt(f, like(f, 0.25));
  const angle: Double = { hi: mul(like(f, Math.PI), select(upper, sub(like(f, 0.5), f), f)), lo: like(f, 0) };
  const s = sinKernel(angle), c = cosKernel(angle);
  return { sin: select(upper, c, s), cos: select(upper, s, c) };
}
