/**
 * Rounding, elementwise.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  bool_,
  defaultFloat,
  type DType,
  finfo,
  float16,
  float32,
  isInexact,
  isInteger,
  type JaxArray,
  keywords,
  namedJit,
  NotImplementedError,
  P,
  raw,
  staticInteger,
} from "../core/mod.ts";
import { literalLike, refuseOptions, toArray } from "./convert.ts";
import { call, compiled, type NoOptions } from "./_ufunc.ts";
import { where } from "./_where.ts";

const exact = (dtype: DType): boolean => isInteger(dtype) || dtype === bool_;

function roundTo(name: string, primitive: typeof P.floor, x: unknown, options: unknown): JaxArray {
  if (options !== undefined) refuseOptions(name, options);
  const a = toArray(x, name);
  return exact(a.dtype) ? a : bind1(primitive, [a]);
}

/** The nearest integer, halves to even. */
function nearest(x: JaxArray): JaxArray {
  return bind1(P.round, [x], { roundingMethod: 1 });
}

/**
 * The greatest integer not above; integers as they are.
 *
 * @param x Array of real numbers.
 * @throws {TypeError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.floor(np.array([1.5, -1.5]))) !== "[ 1. -2.]") throw new Error();
 * ```
 */
export function floor(x: ArrayLike, options?: NoOptions): JaxArray {
  return roundTo("floor", P.floor, x, options);
}

/**
 * The least integer not below; integers as they are.
 *
 * @param x Array of real numbers.
 * @throws {TypeError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.ceil(np.array([1.5, -1.5]))) !== "[ 2. -1.]") throw new Error();
 * ```
 */
export function ceil(x: ArrayLike, options?: NoOptions): JaxArray {
  return roundTo("ceil", P.ceil, x, options);
}

const truncated = compiled(
  "trunc",
  ([x]) => exact(x!.dtype) ? x! : where(raw.lt(x!, literalLike(x!, 0)), raw.ceil(x!), raw.floor(x!)),
);

/**
 * The integer part, towards zero; integers as they are.
 *
 * @param x Array of real numbers.
 * @throws {TypeError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.trunc(np.array([1.5, -1.5]))) !== "[ 1. -1.]") throw new Error();
 * ```
 */
export function trunc(x: ArrayLike, options?: NoOptions): JaxArray {
  return call(truncated, "trunc", options, x);
}

const toInteger = compiled("rint", ([x]) => {
  const a = x!;
  if (exact(a.dtype)) return raw.convert(a, defaultFloat());
  return a.dtype.kind === "complex" ? raw.complex(nearest(raw.real(a)), nearest(raw.imag(a))) : nearest(a);
});

/**
 * The nearest integer, halves to even, as floats.
 *
 * @param x Array of numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.rint(np.array([0.5, 1.5, 2.6]))) !== "[0. 2. 3.]") throw new Error();
 * ```
 */
export function rint(x: ArrayLike, options?: NoOptions): JaxArray {
  return call(toInteger, "rint", options, x);
}

/** Rounded to 10^-decimals: the value is scaled, rounded and scaled back. */
function roundFloat(x: JaxArray, decimals: number): JaxArray {
  if (decimals === 0) return nearest(x);
  // Scaled half precision numbers would overflow.
  const a = x.dtype === float16 ? raw.convert(x, float32) : x, factor = literalLike(a, 10 ** decimals);
  return raw.convert(raw.div(nearest(raw.mul(a, factor)), factor), x.dtype);
}

const rounded = namedJit("round", ([x], decimals: number): JaxArray[] => {
  const a = x!, { dtype } = a;
  if (isInteger(dtype)) {
    if (decimals < 0) throw new NotImplementedError("integer np.round not implemented for decimals < 0");
    return [a];
  }
  if (isInexact(dtype) && decimals > Math.log10(finfo(dtype).max)) return [a];
  if (dtype.kind !== "complex") return [roundFloat(a, decimals)];
  return [raw.complex(roundFloat(raw.real(a), decimals), roundFloat(raw.imag(a), decimals))];
});

/** Options of {@linkcode round}. */
export interface RoundOptions {
  /** How many decimals are kept (0). */
  readonly decimals?: number;
  /** Not supported: arrays are immutable. */
  readonly out?: null;
}

/**
 * Rounded to a number of decimals, halves to even; integers as they are.
 *
 * @param a Array of numbers.
 * @param rest `decimals` (0), or {@linkcode RoundOptions}.
 * @throws {NotImplementedError} For integers and negative `decimals`.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.round(np.array([1.25, 2.75]), 1)) !== "[1.2 2.8]") throw new Error();
 * ```
 */
export function round(
  a: ArrayLike,
  ...rest: [decimals?: number | RoundOptions, out?: null | RoundOptions]
): JaxArray {
  const { decimals = 0, out = null } = keywords("round", ["decimals", "out"], rest);
  if (out !== null) throw new NotImplementedError("The 'out' argument to jnp.round is not supported.");
  return rounded([toArray(a, "round")], staticInteger(decimals, "decimals"))[0]!;
}

export { round as around };
