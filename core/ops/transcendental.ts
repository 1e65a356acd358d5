/**
 * Exponential, logarithmic, trigonometric and hyperbolic primitives. All are holomorphic: one derivative serves real and
 * complex operands.
 *
 * @module
 */
import type { Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { Primitive } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { defineElementwise, type Derivative, inexact } from "./_combinators.ts";

function define(primitive: Primitive, scalar: (x: Val) => Val, derivative: Derivative): void {
  defineElementwise(primitive, { accepts: [inexact], scalar: ([x]) => scalar(x!), jvp: [derivative] });
}

const { add, div, mul, neg, rsqrt, square, sub } = raw;

// dy = y dx
define(P.exp, s.exp, (t, y) => mul(t, y));
// dy = ln 2 · y dx
define(P.exp2, s.exp2, (t, y) => mul(Math.LN2, mul(t, y)));
// dy = (y + 1) dx
define(P.expm1, s.expm1, (t, y) => mul(t, add(y, 1)));
define(P.log, s.log, (t, _y, x) => div(t, x!));
define(P.log1p, s.log1p, (t, _y, x) => div(t, add(x!, 1)));
// dy = y (1 − y) dx
define(P.logistic, s.logistic, (t, y) => mul(t, mul(y, sub(1, y))));

define(P.sin, s.sin, (t, _y, x) => mul(t, raw.cos(x!)));
define(P.cos, s.cos, (t, _y, x) => neg(mul(t, raw.sin(x!))));
// dy = (1 + y²) dx
define(P.tan, s.tan, (t, y) => mul(t, add(1, square(y))));
define(P.asin, s.asin, (t, _y, x) => mul(t, rsqrt(sub(1, square(x!)))));
define(P.acos, s.acos, (t, _y, x) => mul(t, neg(rsqrt(sub(1, square(x!))))));
define(P.atan, s.atan, (t, _y, x) => div(t, add(1, square(x!))));

define(P.sinh, s.sinh, (t, _y, x) => mul(t, raw.cosh(x!)));
define(P.cosh, s.cosh, (t, _y, x) => mul(t, raw.sinh(x!)));
// dy = (1 + y)(1 − y) dx
define(P.tanh, s.tanh, (t, y) => mul(add(t, mul(t, y)), sub(1, y)));
define(P.asinh, s.asinh, (t, _y, x) => mul(t, rsqrt(add(square(x!), 1))));
define(P.acosh, s.acosh, (t, _y, x) => mul(t, rsqrt(sub(square(x!), 1))));
// dy = dx / ((1 + x)(1 − x))
define(P.atanh, s.atanh, (t, _y, x) => mul(raw.integerPow(add(1, x!), -1), div(t, sub(1, x!))));

// d atan2(x, y) = (y dx − x dy) / (x² + y²)
defineElementwise(P.atan2, {
  accepts: [inexact, inexact],
  scalar: ([x, y]) => s.atan2(x!, y!),
  jvp: [
    (t, _z, x, y) => mul(t, div(y!, add(square(x!), square(y!)))),
    (t, _z, x, y) => mul(t, div(neg(x!), add(square(x!), square(y!)))),
  ],
});
