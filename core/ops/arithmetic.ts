/**
 * Arithmetic primitives with their rules, as jax.lax has them.
 *
 * @module
 */
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { type DType, isComplex, isInteger, resultType } from "../dtypes.ts";
import { addTangents } from "../jvp.ts";
import { type JvpRule, type Params, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind } from "../trace.ts";
import {
  type Accepts,
  anyDType,
  anyNumber,
  broadcastTo,
  defineElementwise,
  floating,
  inexact,
  integer,
  linearTranspose,
  realNumber,
  realOf,
} from "./_combinators.ts";

/** `onTrue` where the condition holds, else `onFalse`. */
function select(condition: JaxArray, onTrue: JaxArray, onFalse: JaxArray): JaxArray {
  return raw.selectN(condition, onFalse, onTrue);
}

/** x, with ones where it is zero. */
export function replaceZero(x: JaxArray): JaxArray {
  return select(raw.eq(x, 0), raw.fullLike(x, 1), x);
}

defineElementwise(P.neg, {
  accepts: [anyNumber],
  scalar: ([x]) => s.neg(x!),
  jvp: [(t) => raw.neg(t)],
  transpose: linearTranspose((ct) => raw.neg(ct)),
});

/** Tangent of x + y (sign 1) or x − y (sign −1); spread to the result's shape. */
function sumJvp(combine: (x: JaxArray, y: JaxArray) => JaxArray, sign: 1 | -1): JvpRule<Params> {
  return ([x, y], [dx, dy]) => {
    const out = combine(x!, y!);
    const dz = dx instanceof Zero
      ? (dy instanceof Zero ? dx : sign === 1 ? dy! : raw.neg(dy!))
      : dy instanceof Zero
      ? dx!
      : combine(dx!, dy!);
    return [[out], [dz instanceof Zero ? new Zero(out.aval.tangent()) : broadcastTo(dz, out.shape)]];
  };
}

defineElementwise(P.add, {
  accepts: [anyNumber, anyNumber],
  scalar: ([x, y]) => s.add(x!, y!),
  jvp: sumJvp(raw.add, 1),
  transpose: linearTranspose((ct) => ct),
});

defineElementwise(P.sub, {
  accepts: [anyNumber, anyNumber],
  scalar: ([x, y]) => s.sub(x!, y!),
  jvp: sumJvp(raw.sub, -1),
  transpose: linearTranspose((ct, i) => i === 0 ? ct : raw.neg(ct)),
});

// The addition that differentiation makes.
defineElementwise(P.add_any, {
  accepts: [anyDType, anyDType],
  scalar: ([x, y]) => s.add(x!, y!),
  jvp: ([x, y], [dx, dy], params) => [bind(P.add_any, [x!, y!], params), [addTangents(dx!, dy!)]],
  transpose: linearTranspose((ct) => ct),
});

defineElementwise(P.mul, {
  accepts: [anyNumber, anyNumber],
  scalar: ([x, y]) => s.mul(x!, y!),
  jvp: [(t, _z, _x, y) => raw.mul(t, y!), (t, _z, x) => raw.mul(x!, t)],
  transpose: linearTranspose((ct, i, [x, y]) =>
    i === 0 ? raw.mul(ct, y as JaxArray) : raw.mul(x as JaxArray, ct)
  ),
});

// d(x/y) = dx/y − x y⁻² dy
defineElementwise(P.div, {
  accepts: [anyNumber, anyNumber],
  scalar: ([x, y]) => s.div(x!, y!),
  jvp: [
    (t, _z, _x, y) => raw.div(t, y!),
    (t, _z, x, y) => raw.mul(raw.mul(raw.neg(t), x!), raw.integerPow(y!, -2)),
  ],
  transpose: linearTranspose((ct, i, [, y]) => {
    if (i !== 0 || y instanceof UndefinedPrimal) throw new Error("div is not linear in its divisor");
    return raw.div(ct, y as JaxArray);
  }),
});

// rem(x, y) = x − y trunc(x/y), and trunc is piecewise constant.
defineElementwise(P.rem, {
  accepts: [realNumber, realNumber],
  scalar: ([x, y]) => s.rem(x!, y!),
  jvp: [
    (t) => t,
    (t, _z, x, y) =>
      raw.mul(
        raw.neg(t),
        raw.mul(raw.sign(raw.div(x!, y!)), raw.floor(raw.abs(raw.div(x!, y!)))),
      ),
  ],
});

/** 1 where x is the result, 0 where it is not, 1/2 where y is too. */
function share(x: JaxArray, z: JaxArray, y: JaxArray): JaxArray {
  return raw.div(
    select(raw.eq(x, z), raw.fullLike(z, 1), raw.fullLike(z, 0)),
    select(raw.eq(y, z), raw.fullLike(z, 2), raw.fullLike(z, 1)),
  );
}

const comparable: Accepts = ["integer", "floating", "complexfloating", "bool"];

defineElementwise(P.max, {
  accepts: [comparable, comparable],
  scalar: ([x, y]) => s.max(x!, y!),
  jvp: [
    (t, z, x, y) => raw.mul(t, share(x!, z, y!)),
    (t, z, x, y) => raw.mul(t, share(y!, z, x!)),
  ],
});

defineElementwise(P.min, {
  accepts: [comparable, comparable],
  scalar: ([x, y]) => s.min(x!, y!),
  jvp: [
    (t, z, x, y) => raw.mul(t, share(x!, z, y!)),
    (t, z, x, y) => raw.mul(t, share(y!, z, x!)),
  ],
});

// d|x| = sign(x) dx; for complex x, Re(x̄/|x| dx).
defineElementwise(P.abs, {
  accepts: [["floating", "complexfloating", "signedinteger"]],
  result: ([dtype]) => realOf(dtype!),
  scalar: ([x]) => s.abs(x!),
  jvp: [(t, y, x) => {
    if (!isComplex(x!.dtype)) return select(raw.ge(x!, 0), t, raw.neg(t));
    return raw.real(raw.mul(t, raw.div(raw.conj(x!), replaceZero(raw.convert(y, x!.dtype)))));
  }],
});

defineElementwise(P.sign, { accepts: [anyNumber], scalar: ([x]) => s.sign(x!), jvp: "zero" });
defineElementwise(P.floor, { accepts: [floating], scalar: ([x]) => s.floor(x!), jvp: "zero" });
defineElementwise(P.ceil, { accepts: [floating], scalar: ([x]) => s.ceil(x!), jvp: "zero" });

// roundingMethod: 0 rounds halves away from zero, 1 to the even neighbour.
defineElementwise(P.round, {
  accepts: [floating],
  scalar: ([x], _dtypes, { roundingMethod }) =>
    (roundingMethod === 0 ? s.roundHalfAway : s.roundHalfEven)(x!),
  jvp: "zero",
});

defineElementwise(P.nextafter, {
  accepts: [floating, floating],
  scalar: ([x, y], { out }) => s.nextafter(x!, y!, out),
  jvp: "none",
});

defineElementwise(P.mulhi, {
  accepts: [integer, integer],
  scalar: ([x, y], { out }) => s.mulhi(x!, y!, out),
  jvp: "zero",
});

defineElementwise(P.sqrt, {
  accepts: [inexact],
  scalar: ([x]) => s.sqrt(x!),
  jvp: [(t, y) => raw.mul(t, raw.div(0.5, y))],
});

defineElementwise(P.rsqrt, {
  accepts: [inexact],
  scalar: ([x]) => s.rsqrt(x!),
  jvp: [(t, y, x) => raw.mul(t, raw.mul(-0.5, raw.div(y, x!)))],
});

defineElementwise(P.cbrt, {
  accepts: [floating],
  scalar: ([x]) => s.cbrt(x!),
  jvp: [(t, y) => raw.mul(t, raw.mul(1 / 3, raw.integerPow(y, -2)))],
});

defineElementwise(P.square, {
  accepts: [anyNumber],
  scalar: ([x]) => s.square(x!),
  jvp: [(t, _y, x) => raw.mul(t, raw.mul(2, x!))],
});

defineElementwise(P.integer_pow, {
  accepts: [anyNumber],
  scalar: ([x], _dtypes, { y }) => s.integerPow(x!, y),
  check: ([x], { y }) => {
    if (y >= 0 || !isInteger(x!.dtype)) return;
    throw new TypeError(`Integers cannot be raised to negative powers, got integer_pow(${x}, ${y})`);
  },
  jvp: ([x], [t], { y }) => {
    const out = raw.integerPow(x!, y);
    if (y === 0 || t instanceof Zero) return [[out], [new Zero(out.aval.tangent())]];
    if (y === 1) return [[out], [t!]];
    const slope = raw.mul(y, y === 2 ? x! : raw.integerPow(x!, y - 1));
    return [[out], [raw.mul(t!, slope)]];
  },
});

function powDType([x, y]: readonly DType[]): DType {
  if (x === y || isInteger(y!)) return x!;
  throw new TypeError(
    "the first argument to pow must have an inexact dtype (float or complex), and the second argument must have an " +
      `inexact or integer dtype, and two inexact dtypes must match, but got ${x!.name} and ${
        y!.name
      } respectively.`,
  );
}

/** y xʸ⁻¹; for integer y, 0 where y is 0, whatever x is. */
function powSlope(x: JaxArray, y: JaxArray, shape: readonly number[]): JaxArray {
  const { dtype } = resultType([x, y]);
  const integral = isInteger(y.dtype);
  x = raw.convert(x, dtype);
  y = raw.convert(y, dtype);
  if (!integral) return raw.mul(y, raw.pow(x, raw.sub(y, 1)));
  x = broadcastTo(x, shape);
  y = broadcastTo(y, shape);
  const one = (): JaxArray => raw.fullLike(y, 1);
  return select(
    raw.eq(y, 0),
    raw.fullLike(y, 0),
    raw.mul(replaceZero(y), raw.pow(x, raw.sub(y, one()))),
  );
}

// ∂xʸ/∂x = y xʸ⁻¹, ∂xʸ/∂y = xʸ log x, the logarithm being 0 at x = 0.
defineElementwise(P.pow, {
  accepts: [inexact, anyNumber],
  mixed: true,
  result: powDType,
  scalar: ([x, y], { out, operands }) => s.pow(x!, s.convertVal(out, operands[1]!, y!)),
  jvp: [
    (t, z, x, y) => raw.mul(t, powSlope(x!, y!, z.shape)),
    (t, z, x, y) => raw.convert(raw.mul(t, raw.mul(raw.log(replaceZero(x!)), z)), y!.dtype, y!.weakType),
  ],
});
