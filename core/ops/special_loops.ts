/**
 * Special functions of several variables: series and continued fractions that run until each element has converged, as
 * `jax/_src/lax/special.py` and XLA's math library (after Cephes) do.
 *
 * @module
 */
import { delinearize, linearize } from "../../kernel/access.ts";
import type { KernelBuilder, Local } from "../../kernel/builder.ts";
import { binary, constant, convert, select, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { Routine } from "../../kernel/lowering.ts";
import {
  abs,
  add,
  and,
  div,
  eq,
  ge,
  gt,
  le,
  like,
  lt,
  mul,
  ne,
  neg,
  not,
  or,
  sub,
} from "../../kernel/math/arithmetic.ts";
import { exp } from "../../kernel/math/exp.ts";
import { digamma, lgamma } from "../../kernel/math/gamma.ts";
import { log, log1p } from "../../kernel/math/log.ts";
import { pow } from "../../kernel/math/pow.ts";
import { narrowVal } from "../../kernel/scalar.ts";
import { finfo, float32, float64 } from "../dtypes.ts";
import { ValueError } from "../errors.ts";
import type { Primitive } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind1 } from "../trace.ts";
import { defineElementwise, type Derivative, floating, operandIndex } from "./_combinators.ts";

/** Value of a function at one element; statements of loops go to `k`. */
type Compute = (k: KernelBuilder, ...xs: Expr[]) => Expr;

/** A routine over the elements of the broadcast operands. */
function perElement(compute: Compute): Routine<unknown> {
  return {
    kind: "routine",
    build(k, inputs, [out]) {
      const { shape, size, dtype } = out!.aval;
      k.range(size, (i) => {
        const index = delinearize(shape, i);
        const xs = inputs.map(({ param, aval }) =>
          k.let(k.load(param, linearize(operandIndex(aval, index), aval.shape)))
        );
        k.writeVal(out!, i, narrowVal(dtype, compute(k, ...xs)));
      });
    },
  };
}

/** Limits of the type that elements are computed in. */
const limits = (x: Expr) => finfo(x.type === "f64" ? float64 : float32);
const isNaN = (x: Expr): Expr => ne(x, x);
const any = (...conditions: Expr[]): Expr => conditions.reduce(or);

/** Sets several locals at once: all values are computed before any is assigned. */
function assign(k: KernelBuilder, pairs: readonly (readonly [Local, Expr])[]): void {
  const values = pairs.map(([, value]) => k.let(value));
  pairs.forEach(([local], i) => local.set(values[i]!));
}

/** What of the incomplete gamma function is wanted: P(a, x), its derivative by a, or that of a gamma sample x by a. */
type Mode = "value" | "derivative" | "sample";

/** x^a e^−x / Γ(a), and whether it underflows. */
function gammaWeight(k: KernelBuilder, a: Expr, x: Expr): { ax: Expr; underflow: Expr } {
  const logarithm = k.let(sub(sub(mul(a, log(x)), x), lgamma(a)));
  return { ax: k.let(exp(logarithm)), underflow: lt(logarithm, like(x, -Math.log(limits(x).max))) };
}

/** P(a, x) by its power series, for x < max(1, a). */
function gammaSeries(k: KernelBuilder, ax: Expr, x: Expr, a: Expr, enabled: Expr, mode: Mode): Expr {
  const eps = like(x, limits(x).eps), one = like(x, 1), zero = like(x, 0);
  const going = k.local(enabled), r = k.local(a), c = k.local(one), sum = k.local(one);
  const dc = k.local(zero), dsum = k.local(zero);
  k.while(() => going.get(), () => {
    const next = k.let(add(r.get(), one)), ratio = k.let(div(x, next));
    const term = k.let(mul(c.get(), ratio)), total = k.let(add(sum.get(), term));
    if (mode === "value") {
      going.set(gt(div(term, total), eps));
    } else {
      const dterm = k.let(sub(mul(dc.get(), ratio), div(mul(c.get(), x), mul(next, next))));
      const dtotal = k.let(add(dsum.get(), dterm));
      going.set(gt(abs(div(dterm, dtotal)), eps));
      dc.set(dterm);
      dsum.set(dtotal);
    }
    r.set(next);
    c.set(term);
    sum.set(total);
  });
  if (mode === "value") return div(mul(sum.get(), ax), a);
  const dlog = sub(log(x), digamma(add(a, one)));
  const slope = k.let(add(mul(sum.get(), dlog), dsum.get()));
  return mode === "derivative" ? div(mul(ax, slope), a) : div(mul(neg(slope), x), a);
}

/** 1 − P(a, x) by its continued fraction, for x > max(1, a). */
function gammaFraction(k: KernelBuilder, ax: Expr, x: Expr, a: Expr, enabled: Expr, mode: Mode): Expr {
  const eps = like(x, limits(x).eps), one = like(x, 1), zero = like(x, 0);
  const y0 = k.let(sub(one, a)), z0 = k.let(add(add(x, y0), one));
  const p1 = k.let(add(x, one)), q1 = k.let(mul(z0, x)), first = k.let(div(p1, q1));
  const going = k.local(enabled), y = k.local(y0), z = k.local(z0), c = k.local(zero);
  // Numerators p and denominators q of the last two convergents, and their derivatives by a.
  const pkm2 = k.local(one), qkm2 = k.local(x), pkm1 = k.local(p1), qkm1 = k.local(q1);
  const dpkm2 = k.local(zero), dqkm2 = k.local(zero), dpkm1 = k.local(zero), dqkm1 = k.local(neg(x));
  const ans = k.local(first), dans = k.local(div(mul(first, x), q1));
  const derivative = mode !== "value";
  k.while(() => and(going.get(), lt(c.get(), like(x, 2000))), () => {
    const n = k.let(add(c.get(), one));
    const yn = k.let(add(y.get(), one)), zn = k.let(add(z.get(), like(x, 2))), yc = k.let(mul(yn, n));
    const recur = (last: Local, before: Local): Expr => sub(mul(last.get(), zn), mul(before.get(), yc));
    const pk = k.let(recur(pkm1, pkm2)), qk = k.let(recur(qkm1, qkm2));
    const nonzero = k.let(ne(qk, zero)), r = k.let(div(pk, qk));
    const error = k.let(select(nonzero, abs(div(sub(ans.get(), r), r)), one));
    const value = k.let(select(nonzero, r, ans.get()));
    const scale = k.let(select(gt(abs(pk), like(x, 1 / limits(x).eps)), eps, one));
    const shift = (last: Local, before: Local, next: Expr): void => {
      before.set(mul(last.get(), scale));
      last.set(mul(next, scale));
    };
    if (derivative) {
      const recurD = (dlast: Local, dbefore: Local, last: Local, before: Local): Expr =>
        add(sub(recur(dlast, dbefore), last.get()), mul(before.get(), n));
      const dpk = k.let(recurD(dpkm1, dpkm2, pkm1, pkm2)), dqk = k.let(recurD(dqkm1, dqkm2, qkm1, qkm2));
      const slope = k.let(select(nonzero, div(sub(dpk, mul(value, dqk)), qk), dans.get()));
      going.set(gt(select(nonzero, abs(sub(slope, dans.get())), one), eps));
      dans.set(slope);
      shift(dpkm1, dpkm2, dpk);
      shift(dqkm1, dqkm2, dqk);
    } else {
      going.set(gt(error, eps));
    }
    shift(pkm1, pkm2, pk);
    shift(qkm1, qkm2, qk);
    assign(k, [[c, n], [y, yn], [z, zn], [ans, value]]);
  });
  if (mode === "value") return mul(ans.get(), ax);
  const slope = k.let(add(dans.get(), mul(ans.get(), sub(log(x), digamma(a)))));
  return mode === "derivative" ? mul(ax, slope) : neg(mul(slope, x));
}

/** P(a, x), or 1 − P(a, x). */
function incompleteGamma(complement: boolean): Compute {
  return (k, a, x) => {
    const zero = like(x, 0), one = like(x, 1);
    const xInfinite = eq(x, like(x, Infinity)), aZero = eq(a, zero), xZero = eq(x, zero);
    const outside = k.let(any(lt(x, zero), lt(a, zero), and(aZero, xZero), isNaN(a), isNaN(x)));
    const byFraction = complement ? not(or(lt(x, one), lt(x, a))) : and(ge(x, one), gt(x, a));
    const { ax, underflow } = gammaWeight(k, a, x);
    const enabled = k.let(not(any(complement ? aZero : xZero, outside, underflow, xInfinite)));
    const result = k.local(zero);
    k.if(
      byFraction,
      () => {
        const upper = gammaFraction(k, ax, x, a, enabled, "value");
        result.set(complement ? upper : sub(one, upper));
      },
      () => {
        const lower = gammaSeries(k, ax, x, a, enabled, "value");
        result.set(complement ? sub(one, lower) : lower);
      },
    );
    const limit = complement
      ? select(or(xInfinite, aZero), zero, result.get())
      : select(xInfinite, one, select(xZero, zero, result.get()));
    return select(outside, like(x, NaN), limit);
  };
}

/** Derivative by a of P(a, x), or of the x with P(a, x) given. */
function gammaDerivative(mode: "derivative" | "sample"): Compute {
  return (k, a, x) => {
    const zero = like(x, 0);
    const outside = k.let(any(lt(x, zero), le(a, zero), isNaN(a), isNaN(x))), xZero = eq(x, zero);
    const { ax, underflow } = gammaWeight(k, a, x);
    const enabled = k.let(not(any(xZero, outside, underflow)));
    const result = k.local(zero);
    k.if(
      and(gt(x, like(x, 1)), gt(x, a)),
      () => result.set(neg(gammaFraction(k, ax, x, a, enabled, mode))),
      () => result.set(gammaSeries(k, ax, x, a, enabled, mode)),
    );
    return select(outside, like(x, NaN), select(xZero, zero, result.get()));
  };
}

/** Regularized incomplete beta function by the continued fraction DLMF 8.17.22, with Lentz's algorithm. */
const incompleteBeta: Compute = (k, a0, b0, x0) => {
  const like0 = (value: number): Expr => like(x0, value);
  const zero = like0(0), one = like0(1), two = like0(2), infinity = like0(Infinity);
  const { eps, tiny } = limits(x0);
  const aZero = k.let(or(eq(a0, zero), eq(b0, infinity))), bZero = k.let(or(eq(b0, zero), eq(a0, infinity)));
  const xZero = eq(x0, zero), xOne = eq(x0, one);
  const outside = k.let(any(
    or(lt(a0, zero), lt(b0, zero)),
    or(lt(x0, zero), gt(x0, one)),
    and(aZero, bZero),
    any(isNaN(a0), isNaN(b0), isNaN(x0)),
  ));
  // I_x(a, b) = 1 − I_{1−x}(b, a), and the fraction converges fast for x < (a + 1) / (a + b + 2).
  const direct = k.let(lt(x0, div(add(a0, one), add(add(a0, b0), two))));
  const a = k.let(select(direct, a0, b0)), b = k.let(select(direct, b0, a0));
  const x = k.let(select(direct, x0, sub(one, x0)));
  const small = like0(eps / 2);
  const guard = (y: Expr): Expr => select(lt(abs(y), small), small, y);
  const going = k.local(not(outside)), iteration = k.local(constant("i32", 1));
  const c = k.local(small), d = k.local(zero), h = k.local(small);
  const last = constant("i32", x0.type === "f64" ? 600 : 200);
  k.while(() => and(going.get(), lt(iteration.get(), last)), () => {
    const i = k.let(iteration.get());
    const step = k.let(binary("div", sub(i, constant("i32", 1)), constant("i32", 2)));
    const m = k.let(convert(x.type, step)), a2m = k.let(add(a, mul(two, m)));
    const even = div(
      mul(mul(neg(add(a, m)), add(add(a, b), m)), x),
      mul(a2m, add(a2m, one)),
    );
    // Where m is 0, a cancels: that holds for tiny a too.
    const first = div(mul(neg(add(a, b)), x), add(a, one));
    const odd = div(mul(mul(m, sub(b, m)), x), mul(sub(a2m, one), a2m));
    const isEven = eq(binary("and", i, constant("i32", 1)), constant("i32", 0));
    const term = select(isEven, select(eq(m, zero), first, even), odd);
    const numerator = k.let(select(eq(i, constant("i32", 1)), one, term));
    const cn = k.let(guard(add(one, div(numerator, c.get()))));
    const dn = k.let(div(one, guard(add(one, mul(numerator, d.get())))));
    const delta = k.let(mul(cn, dn));
    going.set(ge(abs(sub(delta, one)), small));
    h.set(mul(h.get(), delta));
    c.set(cn);
    d.set(dn);
    iteration.set(add(i, constant("i32", 1)));
  });
  const lbetaRest = k.let(sub(lgamma(b), lgamma(add(a, b))));
  const logRest = k.let(mul(log1p(neg(x)), b));
  const factor = select(
    lt(a, like0(2 * tiny)),
    exp(sub(logRest, lbetaRest)),
    div(exp(sub(add(mul(log(x), a), logRest), add(lgamma(a), lbetaRest))), a),
  );
  const fraction = k.let(mul(h.get(), factor));
  const value = select(direct, fraction, sub(one, fraction));
  const isZero = or(and(bZero, not(xOne)), and(aZero, xZero));
  const isOne = or(and(aZero, not(xZero)), and(bZero, xOne));
  return select(outside, like0(NaN), select(isOne, one, select(isZero, zero, value)));
};

/** (2k)! / B₂ₖ for k = 1 .. 12, the coefficients of the Euler-Maclaurin formula. */
const eulerMaclaurin = [
  12,
  -720,
  30240,
  -1209600,
  47900160,
  -1.8924375803183791606e9,
  7.47242496e10,
  -2.950130727918164224e12,
  1.1646782814350067249e14,
  -4.5979787224074726105e15,
  1.8152105401943546773e17,
  -7.1661652561756670113e18,
];

/** Hurwitz zeta Σ (q + n)^−x: nine terms, then the Euler-Maclaurin formula. */
const hurwitzZeta: Compute = (k, x, q) => {
  const c = (value: number): Expr => like(x, value);
  const minusX = k.let(neg(x)), one = c(1);
  const sum = k.local(pow(q, minusX)), a = k.local(q);
  k.for(0, 9, () => {
    a.set(add(a.get(), one));
    sum.set(add(sum.get(), pow(a.get(), minusX)));
  });
  const end = k.let(add(a.get(), one)), power = k.let(pow(end, minusX)), initial = k.let(sum.get());
  const inverseSquare = k.let(div(one, mul(end, end)));
  let horner = c(0);
  for (let j = 12; j >= 2; j--) {
    const factor = mul(add(x, c(2 * j - 3)), add(x, c(2 * j - 2)));
    horner = k.let(mul(mul(factor, inverseSquare), add(horner, c(1 / eulerMaclaurin[j - 1]!))));
  }
  const correction = add(c(0.5), mul(div(x, end), add(c(1 / 12), horner)));
  const integral = div(mul(power, end), sub(x, one));
  const full = add(add(initial, integral), mul(power, correction));
  const enough = lt(abs(power), mul(abs(initial), c(limits(x).eps)));
  const value = select(enough, initial, full);
  // At q = 0, −1, … there is a pole: +∞ for even x. At other q ≤ 0 the terms are real for integer x only.
  const floor = (y: Expr): Expr => unary("floor", y);
  const integral0 = and(le(q, c(0)), eq(floor(q), q));
  const evenX = eq(mul(floor(mul(x, c(0.5))), c(2)), x);
  const pole = select(evenX, c(Infinity), c(NaN));
  const invalid = or(lt(x, one), and(le(q, c(0)), ne(x, floor(x))));
  const proper = select(integral0, pole, select(invalid, c(NaN), value));
  return select(eq(x, one), c(Infinity), select(eq(x, c(Infinity)), c(NaN), proper));
};

/** ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹ n! ζ(n + 1, x) for natural n; ψ for n = 0. */
const polygamma: Compute = (k, n, x) => {
  const one = like(x, 1), zero = like(x, 0), next = k.let(add(n, one));
  const size = k.let(mul(exp(lgamma(next)), hurwitzZeta(k, next, x)));
  const even = eq(mul(unary("floor", mul(n, like(x, 0.5))), like(x, 2)), n);
  const value = select(eq(n, zero), digamma(x), select(even, neg(size), size));
  const natural = and(eq(unary("floor", n), n), ge(n, zero));
  return select(natural, value, like(x, NaN));
};

function define(
  primitive: Primitive,
  operands: number,
  compute: Compute,
  jvp: readonly Derivative[] | "none",
): void {
  const accepts = new Array(operands).fill(floating);
  defineElementwise(primitive, { accepts, lower: perElement(compute), jvp });
}

const unsupported = (message: string): Derivative => () => {
  throw new ValueError(message);
};

// ∂P/∂x = x^(a−1) e^−x / Γ(a)
const gammaDensity: Derivative = (t, _y, a, x) =>
  raw.mul(
    t,
    raw.exp(raw.sub(raw.add(raw.neg(x!), raw.mul(raw.sub(a!, 1), raw.log(x!))), raw.lgamma(a!))),
  );
const gammaByA: Derivative = (t, _y, a, x) => raw.mul(t, bind1(P.igamma_grad_a, [a!, x!]));
const negated = (derivative: Derivative): Derivative => (t, y, ...xs) => raw.neg(derivative(t, y, ...xs));

define(P.igamma, 2, incompleteGamma(false), [gammaByA, gammaDensity]);
define(P.igammac, 2, incompleteGamma(true), [negated(gammaByA), negated(gammaDensity)]);
define(P.igamma_grad_a, 2, gammaDerivative("derivative"), "none");
define(P.random_gamma_grad, 2, gammaDerivative("sample"), "none");

// ∂I/∂x = x^(a−1) (1 − x)^(b−1) / B(a, b)
const betaUnsupported = unsupported("Betainc gradient with respect to a and b not supported.");
define(P.regularized_incomplete_beta, 3, incompleteBeta, [
  betaUnsupported,
  betaUnsupported,
  (t, _y, a, b, x) => {
    const lbeta = raw.sub(raw.add(raw.lgamma(a!), raw.lgamma(b!)), raw.lgamma(raw.add(a!, b!)));
    const right = raw.mul(raw.sub(b!, 1), raw.log1p(raw.neg(x!)));
    const left = raw.mul(raw.sub(a!, 1), raw.log(x!));
    return raw.mul(t, raw.exp(raw.sub(raw.add(right, left), lbeta)));
  },
]);

define(P.zeta, 2, hurwitzZeta, "none");
define(P.polygamma, 2, polygamma, [
  unsupported("polygamma gradient with respect to m is not supported"),
  (t, _y, m, x) => raw.mul(t, bind1(P.polygamma, [raw.add(m!, 1), x!])),
]);
