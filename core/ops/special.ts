/**
 * Special functions of one variable with closed forms or series of fixed length.
 *
 * @module
 */
import type { Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import { finfo } from "../dtypes.ts";
import type { Primitive } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind1 } from "../trace.ts";
import { defineElementwise, type Derivative, floating } from "./_combinators.ts";

function define(primitive: Primitive, scalar: (x: Val) => Val, derivative: Derivative): void {
  defineElementwise(primitive, { accepts: [floating], scalar: ([x]) => scalar(x!), jvp: [derivative] });
}

const { exp, mul, neg, square, sub } = raw;

// erf' = 2/√π e^(−x²)
define(P.erf, s.erf, (t, _y, x) => mul(2 / Math.sqrt(Math.PI), mul(t, exp(neg(square(x!))))));
define(P.erfc, s.erfc, (t, _y, x) => mul(-2 / Math.sqrt(Math.PI), mul(t, exp(neg(square(x!))))));
// (erf⁻¹)' = √π/2 e^(y²)
define(P.erf_inv, s.erfInv, (t, y) => mul(Math.sqrt(Math.PI) / 2, mul(t, exp(square(y)))));

define(P.lgamma, s.lgamma, (t, _y, x) => mul(t, raw.digamma(x!)));
define(P.digamma, s.digamma, (t, _y, x) => mul(t, bind1(P.polygamma, [raw.like(x!, 1), x!])));

// i0e' = i1e − sign(x) i0e
define(
  P.bessel_i0e,
  s.besselI0e,
  (t, y, x) => mul(t, sub(bind1(P.bessel_i1e, [x!]), mul(raw.sign(x!), y))),
);

// i1e' = i0e − i1e (sign(x) + 1/x), which tends to 1/2 at 0.
define(P.bessel_i1e, s.besselI1e, (t, y, x) => {
  const eps = Number(finfo(x!.dtype).eps);
  const notTiny = raw.gt(raw.abs(x!), eps);
  const safe = raw.selectN(notTiny, raw.fullLike(x!, eps), x!);
  const steep = mul(y, raw.add(raw.sign(safe), raw.integerPow(safe, -1)));
  const slope = sub(bind1(P.bessel_i0e, [safe]), steep);
  return mul(t, raw.selectN(notTiny, raw.fullLike(x!, 0.5), slope));
});
