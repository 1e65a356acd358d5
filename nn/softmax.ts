/**
 * Sums of exponentials and what is normalised by them: `logsumexp`, `logmeanexp`, `softmax`, `logSoftmax`.
 *
 * The axes are one, a list or null for all; negative ones count from the end. `where` is a boolean array that
 * broadcasts with x and tells which elements count.
 *
 * @module
 */
import {
  type ArrayLike,
  type Axis,
  canonicalAxis,
  type JaxArray,
  keywords,
  raw,
  resultType,
  scalarArray,
  staticInteger,
  staticIntegers,
  toArray,
  toInexact,
  typedArrayDType,
} from "../core/mod.ts";
import * as lax from "../lax/mod.ts";
import * as np from "../numpy/mod.ts";
import { optionalArray, optionalJit, parameter } from "./_staged.ts";

/** The axes that a caller gives, as a static value. */
export function axesOf(axis: unknown, name: string, otherwise: Axis): Axis {
  if (axis === undefined) return otherwise;
  if (axis === null) return null;
  const what = `axis argument to ${name}()`;
  if (Array.isArray(axis) || typedArrayDType(axis) !== undefined) return staticIntegers(axis, what);
  return staticInteger(axis, what);
}

/** An array as floats or complex numbers. */
function inexact(x: JaxArray): JaxArray {
  return raw.convert(x, toInexact(x.dtype), x.weakType);
}

const logsumexpOf = optionalJit(
  "logsumexp",
  ([x, weights, where], axis: Axis, keepdims: boolean, returnSign: boolean): JaxArray[] => {
    let a = where === null ? x! : np.where(where!, x!, 0n), b: JaxArray | null = null;
    if (weights === null) a = inexact(a);
    else {
      const { dtype, weakType } = resultType([a, weights!]), to = toInexact(dtype);
      b = raw.convert(weights!, to, weakType);
      a = np.where(np.notEqual(b, 0), raw.convert(a, to, weakType), -Infinity);
    }
    const complex = a.dtype.kind === "complex";
    const dims = axis === null
      ? a.shape.map((_, i) => i)
      : [axis].flat().map((d) => canonicalAxis(d, a.ndim));
    // exp(a) = exp(max) exp(a - max), and the latter cannot overflow.
    const largest = np.max(complex ? raw.real(a) : a, {
      axis: dims,
      keepdims,
      where: where!,
      initial: -Infinity,
    });
    const finite = raw.isFinite(largest);
    const max = lax.stopGradient(raw.selectN(finite, raw.fullLike(largest, 0), largest));
    const spread = keepdims ? max : raw.expandDims(max, [...dims].sort((i, j) => i - j));
    let terms = raw.exp(raw.sub(a, raw.convert(spread, a.dtype, spread.weakType)));
    if (b !== null) terms = np.multiply(terms, b);
    let sum = np.sum(terms, { axis: dims, keepdims, where: where! });
    const sign = raw.sign(sum);
    if (returnSign || !complex) sum = raw.abs(sum);
    const out = raw.add(raw.log(sum), raw.convert(max, sum.dtype, max.weakType));
    if (returnSign) return [out, sign];
    if (b === null || complex) return [out];
    return [np.where(raw.lt(sign, 0), scalarArray(NaN, out.dtype), out)];
  },
  { inline: true },
);

/** Options of {@linkcode logsumexp}. */
export interface LogsumexpOptions {
  /** The axes to reduce; null (the default) for all. */
  readonly axis?: Axis;
  /** Factors of the exponentials; they may be negative. */
  readonly b?: ArrayLike | null;
  /** Keep the reduced axes with size 1. */
  readonly keepdims?: boolean;
  /** Return the logarithm of the absolute value, and the sign. */
  readonly returnSign?: boolean;
  /** Which elements count. */
  readonly where?: ArrayLike | null;
}

const logsumexpNames = ["axis", "b", "keepdims", "returnSign", "where"] as const;

/**
 * log Σ b eᵃ over axes, without overflow in between.
 *
 * @param a Array of numbers of any shape.
 * @param rest axis (all); b, factors that broadcast with `a` (1); keepdims; returnSign; where
 * @returns An array without the axes, of an inexact dtype; with returnSign the logarithm of the absolute value and the
 * sign (a unit complex number for complex ones). A negative sum without returnSign is NaN.
 * @throws {ValueError} For an axis that is not there or given twice, and a mask that is not boolean.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.logsumexp(np.array([1000, 1000]))) !== "1000.6932") throw new Error();
 * const [y, sign] = nn.logsumexp(np.array([0, 0]), { b: np.array([1, -3]), returnSign: true });
 * if (sign.item() !== -1 || Math.abs(Number(y.item()) - Math.LN2) > 1e-6) throw new Error();
 * ```
 */
export function logsumexp(
  a: ArrayLike,
  options: LogsumexpOptions & { readonly returnSign: true },
): [log: JaxArray, sign: JaxArray];
export function logsumexp(
  a: ArrayLike,
  axis: Axis,
  b: ArrayLike | null,
  keepdims: boolean,
  returnSign: true,
  where?: ArrayLike | null,
): [log: JaxArray, sign: JaxArray];
export function logsumexp(
  a: ArrayLike,
  axis: Axis,
  options: Omit<LogsumexpOptions, "axis"> & { readonly returnSign: true },
): [log: JaxArray, sign: JaxArray];
export function logsumexp(
  a: ArrayLike,
  ...rest: [
    axis?: Axis | LogsumexpOptions,
    b?: ArrayLike | null | LogsumexpOptions,
    keepdims?: boolean | LogsumexpOptions,
    returnSign?: false | LogsumexpOptions,
    where?: ArrayLike | null | LogsumexpOptions,
    options?: LogsumexpOptions,
  ]
): JaxArray;
export function logsumexp(a: ArrayLike, ...rest: unknown[]): JaxArray | [JaxArray, JaxArray] {
  const given = keywords("logsumexp", logsumexpNames, rest), name = "logsumexp";
  const x = toArray(a, name), axis = axesOf(given.axis, name, null), returnSign = Boolean(given.returnSign);
  const b = given.b === undefined || given.b === null ? null : parameter(name, x, given.b as ArrayLike, 1);
  const where = optionalArray(name, given.where, 2);
  const [out, sign] = logsumexpOf([x, b, where], axis, Boolean(given.keepdims), returnSign);
  return returnSign ? [out!, sign!] : out!;
}

const logmeanexpOf = optionalJit(
  "logmeanexp",
  ([x, where], axis: Axis, keepdims: boolean): JaxArray[] => {
    const [log] = logsumexpOf([x!, null, where!], axis, keepdims, false) as [JaxArray];
    const dims = axis === null ? x!.shape.map((_, i) => i) : [axis].flat();
    const count = where === null
      ? scalarArray(dims.reduce((n, d) => n * x!.shape.at(d)!, 1), log.dtype)
      : np.sum(np.broadcastTo(where!, x!.shape), { axis, keepdims, dtype: log.dtype });
    return [np.subtract(log, np.log(count))];
  },
);

/** Options of {@linkcode logmeanexp}. */
export interface LogmeanexpOptions {
  /** The axes to reduce; null (the default) for all. */
  readonly axis?: Axis;
  /** Which elements count. */
  readonly where?: ArrayLike | null;
  /** Keep the reduced axes with size 1. */
  readonly keepdims?: boolean;
}

/**
 * log of the mean of eˣ over axes: {@linkcode logsumexp} less the logarithm of the number of elements.
 *
 * @param x Array of numbers of any shape.
 * @param rest axis (all); where; keepdims
 * @returns An array without the axes, of an inexact dtype.
 * @throws {ValueError} For an axis that is not there or given twice, and a mask that is not boolean.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.logmeanexp(np.array([[500, 500], [1, 1]]), 1)) !== "[500.   1.]") throw new Error();
 * ```
 */
export function logmeanexp(
  x: ArrayLike,
  ...rest: [
    axis?: Axis | LogmeanexpOptions,
    where?: ArrayLike | null | LogmeanexpOptions,
    keepdims?: boolean | LogmeanexpOptions,
    options?: LogmeanexpOptions,
  ]
): JaxArray {
  const given = keywords("logmeanexp", ["axis", "where", "keepdims"], rest), name = "logmeanexp";
  const xs = [toArray(x, name), optionalArray(name, given.where, 1)];
  return logmeanexpOf(xs, axesOf(given.axis, name, null), Boolean(given.keepdims))[0]!;
}

/** x less its maximum over axes, which softmax does not change by; masked elements are -∞. */
function shifted(x: JaxArray, axis: Axis, where: JaxArray | null): JaxArray {
  const max = np.max(x, { axis, where, initial: -Infinity, keepdims: true });
  const safe = where === null ? x : np.where(where, x, -Infinity);
  return np.subtract(safe, lax.stopGradient(max));
}

const softmaxOf = optionalJit("softmax", ([x, where], axis: Axis): JaxArray[] => {
  const unnormalized = np.exp(shifted(x!, axis, where!));
  const result = np.divide(unnormalized, np.sum(unnormalized, { axis, where: where!, keepdims: true }));
  return [where === null ? result : np.where(where!, result, 0n)];
}, { inline: true });

/** Options of {@linkcode softmax} and {@linkcode logSoftmax}. */
export interface SoftmaxOptions {
  /** The axes over which the result adds up to 1; null for all. */
  readonly axis?: Axis;
  /** Which elements count. */
  readonly where?: ArrayLike | null;
}

type SoftmaxRest = [
  axis?: Axis | SoftmaxOptions,
  where?: ArrayLike | null | SoftmaxOptions,
  options?: SoftmaxOptions,
];

function callSoftmax(f: typeof softmaxOf, name: string, x: ArrayLike, rest: readonly unknown[]): JaxArray {
  const given = keywords(name, ["axis", "where"], rest);
  return f([toArray(x, name), optionalArray(name, given.where, 1)], axesOf(given.axis, name, -1))[0]!;
}

/**
 * Exponentials normalised to add up to 1 over axes: eˣ / Σ eˣ.
 *
 * @param x Array of numbers of any shape.
 * @param rest axis (-1); where, elements that do not count are 0
 * @returns An array of the shape of `x`, of its dtype if that is inexact, else float32. Where all elements are -∞ or
 * do not count, NaN or 0.
 * @throws {ValueError} For an axis that is not there or given twice, and a mask that is not boolean.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.softmax(np.array([1000, 1000]))) !== "[0.5 0.5]") throw new Error();
 * const x = np.zeros([2, 4]);
 * if (String(nn.softmax(x, { axis: 0 }).sum(0)) !== "[1. 1. 1. 1.]") throw new Error();
 * ```
 */
export function softmax(x: ArrayLike, ...rest: SoftmaxRest): JaxArray {
  return callSoftmax(softmaxOf, "softmax", x, rest);
}

const logSoftmaxOf = optionalJit("log_softmax", ([x, where], axis: Axis): JaxArray[] => {
  const shift = shifted(x!, axis, where!);
  const log = np.log(np.sum(np.exp(shift), { axis, where: where!, keepdims: true }));
  const result = np.subtract(shift, log);
  return [where === null ? result : np.where(where!, result, -Infinity)];
});

/**
 * The logarithm of {@linkcode softmax}, without loss of accuracy: x - log Σ eˣ.
 *
 * @param x Array of numbers of any shape.
 * @param rest axis (-1); where, elements that do not count are -∞
 * @returns An array of the shape of `x`, of its dtype if that is inexact, else float32.
 * @throws {ValueError} For an axis that is not there or given twice, and a mask that is not boolean.
 * @throws {TypeError} For values that are no arrays.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * if (String(nn.logSoftmax(np.array([0, -1000]))) !== "[    0. -1000.]") throw new Error();
 * ```
 */
export function logSoftmax(x: ArrayLike, ...rest: SoftmaxRest): JaxArray {
  return callSoftmax(logSoftmaxOf, "log_softmax", x, rest);
}
