/**
 * `sinc`, `i0`, interpolation and the unwrapping of angles.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  canonicalAxis,
  customJvp,
  finfo,
  int32,
  isInteger,
  type JaxArray,
  keywords,
  namedJit,
  P,
  raw,
  staticInteger,
  ValueError,
} from "../core/mod.ts";
import { sortKeyVal } from "../lax/mod.ts";
import { literalLike, promoteDTypes, toArray, toArrays } from "./convert.ts";
import { call, compiled, inexact, type NoOptions } from "./_ufunc.ts";
import { where } from "./_where.ts";
import { absolute, floorDivide, remainder, trueDivide } from "./arithmetic.ts";

type Curve = ((x: JaxArray) => JaxArray) & {
  defjvp(rule: (x: JaxArray[], t: JaxArray[]) => JaxArray[]): unknown;
};

const derivatives: Curve[] = [];

/**
 * The kth derivative of sin(x)/x at x = 0, to be used there alone: (−1)^(k/2) / (k + 1) for even k, else 0. Its own
 * derivative is the next one, so that derivatives of every order are right.
 */
function sincAtZero(k: number): Curve {
  let known = derivatives[k];
  if (known === undefined) {
    const value = k % 2 === 1 ? 0 : (-1) ** (k / 2) / (k + 1);
    known = customJvp(function _sinc_maclaurin(x: JaxArray) {
      const zero = raw.mul(x, 0);
      return value === 0 ? zero : raw.add(zero, raw.like(x, value));
    }) as Curve;
    known.defjvp(([x], [t]) => [sincAtZero(k)(x!), raw.mul(sincAtZero(k + 1)(x!), t!)]);
    derivatives[k] = known;
  }
  return known;
}

const sincFunction = compiled("sinc", ([x]) => {
  const a = inexact("sinc", x!), isZero = raw.eq(a, 0);
  const angle = raw.mul(literalLike(a, Math.PI), a), safe = where(isZero, literalLike(a, 1), angle);
  return where(isZero, sincAtZero(0)(angle), raw.div(raw.sin(safe), safe));
});

/**
 * The normalised sinc function sin(πx) / (πx), 1 at zero.
 *
 * @param x Array of numbers; integers and booleans become floats.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.sinc(0)) !== "1.0") throw new Error();
 * ```
 */
export function sinc(x: ArrayLike, options?: NoOptions): JaxArray {
  return call(sincFunction, "sinc", options, x);
}

const bessel = customJvp(function _i0(x: JaxArray): JaxArray {
  const a = raw.abs(x);
  return raw.mul(raw.exp(a), bind1(P.bessel_i0e, [a]));
});
// I₀′ = I₁, an odd function: its sign is that of x, and 0 at 0.
bessel.defjvp(([x]: JaxArray[], [t]: JaxArray[]) => {
  const a = raw.abs(x!), slope = raw.mul(raw.exp(a), bind1(P.bessel_i1e, [x!]));
  return [bessel(x!), raw.mul(t!, slope)];
});

const i0Function = compiled("i0", ([x]) => {
  const a = inexact("i0", x!);
  if (a.dtype.kind !== "float") {
    throw new ValueError(`Unsupported input type to jax.numpy.i0: ${a.dtype.name}`);
  }
  return bessel(a);
});

/**
 * The modified Bessel function of the first kind and order zero.
 *
 * @param x Array of real numbers; integers and booleans become floats.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.i0(0)) !== "1.0") throw new Error();
 * ```
 */
export function i0(x: ArrayLike, options?: NoOptions): JaxArray {
  return call(i0Function, "i0", options, x);
}

/** What interpolation gives outside of the data: a value, an extrapolation, or the value at the end (null). */
export type Outside = ArrayLike | "extrapolate" | null;

/** Options of {@linkcode interp}. */
export interface InterpOptions {
  /** Below the first point. */
  readonly left?: Outside;
  /** Above the last point. */
  readonly right?: Outside;
  /** Period of the coordinates; then `left` and `right` do not matter. */
  readonly period?: ArrayLike | null;
}

/** Elements of a one-dimensional array at indices that are inside. */
const at = (x: JaxArray, i: JaxArray): JaxArray => x.get(i);

const piecewiseLinear = namedJit("_interp", (xs, given: string): JaxArray[] => {
  const [x0, xp0, fp0, ...values] = xs as [JaxArray, JaxArray, JaxArray], names = given.split(",");
  const value = (name: string): JaxArray | undefined => values[names.indexOf(name)];
  let [x, xp] = promoteDTypes("interp", [x0, xp0], "inexact") as [JaxArray, JaxArray];
  let fp = inexact("interp", fp0);
  if (x.dtype.kind === "complex") throw new ValueError("jnp.interp: complex x values not supported.");
  const period = value("period");
  if (period !== undefined) {
    if (period.ndim !== 0) throw new ValueError(`period must be a scalar; got ${period}`);
    const length = raw.convert(absolute(period), x.dtype);
    x = remainder(x, length);
    [xp, fp] = sortKeyVal(remainder(xp, length), fp) as [JaxArray, JaxArray];
    const n = xp.size, first = (v: JaxArray): JaxArray => raw.slice(v, [0], [1]);
    const last = (v: JaxArray): JaxArray => raw.slice(v, [n - 1], [n]);
    xp = raw.concatenate([raw.sub(last(xp), length), xp, raw.add(first(xp), length)], 0);
    fp = raw.concatenate([last(fp), fp, first(fp)], 0);
  }
  const position = raw.convert(xp.searchsorted(x, { side: "right" }), int32);
  const i = raw.min(raw.max(position, 1), Math.max(1, xp.size - 1)), before = raw.sub(i, 1);
  const f0 = at(fp, before), x1 = at(xp, before), dx = raw.sub(at(xp, i), x1);
  // A gap as small as this is none: dividing by it would give derivatives that are NaN.
  const least = finfo(xp.dtype).eps ** 2;
  const none = raw.le(raw.abs(dx), least),
    slope = trueDivide(raw.sub(x, x1), where(none, raw.like(dx, 1), dx));
  const rise = raw.sub(at(fp, i), f0);
  let f = where(none, f0, raw.add(f0, raw.mul(raw.convert(slope, rise.dtype), rise)));
  if (period !== undefined) return [f];
  const end = (index: number): JaxArray => raw.squeeze(raw.slice(fp, [index], [index + 1]), [0]);
  const bound = (index: number): JaxArray => raw.squeeze(raw.slice(xp, [index], [index + 1]), [0]);
  if (!names.includes("extrapolateLeft")) {
    f = where(raw.lt(x, bound(0)), value("left") ?? end(0), f);
  }
  if (!names.includes("extrapolateRight")) {
    f = where(raw.gt(x, bound(xp.size - 1)), value("right") ?? end(fp.size - 1), f);
  }
  return [f];
});

function outside(side: "left" | "right", value: unknown): string[] {
  if (typeof value !== "string") return [];
  if (value !== "extrapolate") {
    throw new ValueError(`the only valid string value of \`${side}\` is 'extrapolate', but got: '${value}'`);
  }
  return [side === "left" ? "extrapolateLeft" : "extrapolateRight"];
}

/**
 * Piecewise linear interpolation of data at points.
 *
 * @param x Array or scalar: where to interpolate.
 * @param xp The coordinates of the data, increasing; one-dimensional.
 * @param fp The values of the data, real or complex.
 * @param rest `left`, `right`, `period`, or {@linkcode InterpOptions}.
 * @throws {ValueError} For data that are not one-dimensional or of unequal lengths.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.interp(2.5, np.array([1, 2, 3]), np.array([3, 2, 0])).item() !== 1) throw new Error();
 * ```
 */
export function interp(
  x: ArrayLike,
  xp: ArrayLike,
  fp: ArrayLike,
  ...rest: [
    left?: Outside | InterpOptions,
    right?: Outside | InterpOptions,
    period?: ArrayLike | null | InterpOptions,
  ]
): JaxArray {
  const { left = null, right = null, period = null } = keywords("interp", ["left", "right", "period"], rest);
  const data = toArrays("interp", x, xp, fp) as [JaxArray, JaxArray, JaxArray];
  if (data[1].ndim !== 1 || data[2].ndim !== 1 || data[1].size !== data[2].size) {
    throw new ValueError("xp and fp must be one-dimensional arrays of equal size");
  }
  const names: string[] = [], values: JaxArray[] = [];
  for (const [name, value] of Object.entries({ left, right, period })) {
    if (value === null || typeof value === "string") continue;
    names.push(name);
    values.push(toArray(value, "interp"));
  }
  const flags = [...outside("left", left), ...outside("right", right)];
  return piecewiseLinear([...data, ...values], [...names, ...flags].join(","))[0]!;
}

/** Options of {@linkcode unwrap}. */
export interface UnwrapOptions {
  /** Smaller steps are left as they are; at least half the period (the default). */
  readonly discont?: ArrayLike | null;
  /** The axis to follow (the last). */
  readonly axis?: number;
  /** The period (2π). */
  readonly period?: ArrayLike;
}

const unwrapped = namedJit("unwrap", (xs, axis: number): JaxArray[] => {
  const [p, period] = promoteDTypes("unwrap", xs.slice(0, 2)) as [JaxArray, JaxArray];
  if (p.dtype.kind === "complex") throw new ValueError("jnp.unwrap does not support complex inputs.");
  const n = p.shape[axis]!;
  if (n === 0) return [p];
  const discont = xs[2] ?? trueDivide(period, 2);
  const interval = isInteger(p.dtype) ? floorDivide(period, 2) : raw.div(period, 2);
  const step = raw.sub(raw.sliceInDim(p, 1, n, axis), raw.sliceInDim(p, 0, n - 1, axis));
  const wrapped = raw.sub(remainder(raw.add(step, interval), period), interval);
  // A step of half the period keeps its direction.
  const half = raw.and(raw.eq(wrapped, raw.neg(interval)), raw.gt(step, 0));
  const correction = where(
    absolute(step).lt(discont),
    raw.like(step, 0),
    raw.sub(where(half, interval, wrapped), step),
  );
  const rest = raw.add(raw.sliceInDim(p, 1, n, axis), correction.cumsum(axis));
  return [raw.concatenate([raw.sliceInDim(p, 0, 1, axis), rest], axis)];
});

/**
 * Angles made continuous: steps of more than half the period are replaced by their complement.
 *
 * @param p Array of real numbers.
 * @param rest `discont`, the axis (-1), the period (2π), or {@linkcode UnwrapOptions}.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.unwrap(np.array([0, 1, 6, 7]), { period: 6 })) !== "[0. 1. 0. 1.]") throw new Error();
 * ```
 */
export function unwrap(
  p: ArrayLike,
  ...rest: [
    discont?: ArrayLike | null | UnwrapOptions,
    axis?: number | UnwrapOptions,
    period?: ArrayLike | UnwrapOptions,
  ]
): JaxArray {
  const given = keywords("unwrap", ["discont", "axis", "period"], rest), { discont = null } = given;
  const xs = toArrays("unwrap", p, given.period ?? 2 * Math.PI) as [JaxArray, JaxArray];
  const axis = canonicalAxis(staticInteger(given.axis ?? -1, "axis"), xs[0].ndim);
  return unwrapped(discont === null ? xs : [...xs, toArray(discont, "unwrap")], axis)[0]!;
}
