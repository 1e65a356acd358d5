/**
 * The text of arrays, as NumPy's functions give it.
 *
 * `String(x)` and `console.log(x)` show an array with as few digits as tell its numbers apart. NumPy's own functions,
 * which JAX offers too, see the elements of a JAX array as double precision numbers.
 *
 * @module
 */
import {
  array2string,
  type ArrayLike,
  bool_,
  complex128,
  ConcreteArray,
  type DType,
  type ElementSource,
  float64,
  getPrintoptions,
  int64,
  type JaxArray,
  keywords,
  type PrintOptions,
  scalarAt,
  setPrintoptions,
  tuple,
} from "../core/mod.ts";
import { toArray } from "./convert.ts";

export { getPrintoptions, type PrintOptions, setPrintoptions };

/** Options of {@linkcode arrayStr} and {@linkcode arrayRepr}. */
export interface TextOptions {
  /** Characters of a line. */
  readonly maxLineWidth?: number | null;
  /** Digits after the point. */
  readonly precision?: number | null;
  /** Never scientific notation because of small numbers. */
  readonly suppressSmall?: boolean | null;
}

const names = ["maxLineWidth", "precision", "suppressSmall"] as const;

function settings(fn: string, rest: readonly unknown[]): Partial<PrintOptions> {
  const given = keywords(fn, names, rest) as TextOptions, result: Record<string, unknown> = {};
  if ((given.maxLineWidth ?? null) !== null) result.linewidth = given.maxLineWidth;
  if ((given.precision ?? null) !== null) result.precision = given.precision;
  if ((given.suppressSmall ?? null) !== null) result.suppress = given.suppressSmall;
  return result as Partial<PrintOptions>;
}

/** The dtype whose digits NumPy shows for the elements of a JAX array. */
function shownDType(dtype: DType): DType {
  return dtype.kind === "float" ? float64 : dtype.kind === "complex" ? complex128 : dtype;
}

function elements(x: JaxArray): ElementSource {
  const known = x.concrete();
  if (!(known instanceof ConcreteArray)) return { shape: [], dtype: bool_, weakType: false, at: () => false };
  const { shape, dtype } = known, data = known.dataSync();
  return { shape, dtype, weakType: false, at: (i) => scalarAt(data, dtype, i) };
}

/** What NumPy says of an array of bfloat16, of which it knows nothing but that its elements are arrays. */
function opaqueText(x: JaxArray, separator: string): string | null {
  if (x.dtype.name !== "bfloat16" || x.ndim !== 1) return null;
  return `[${[...x].map((row) => `Array(${elementText(row)}, dtype=bfloat16)`).join(separator)}]`;
}

function elementText(x: JaxArray): string {
  return array2string(elements(x), {}, { precision: 5 });
}

/**
 * The elements of an array as text.
 *
 * @param a Array or scalar.
 * @param rest `maxLineWidth`, `precision`, `suppressSmall`, or {@linkcode TextOptions}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.arrayStr(np.array([0.5, 2])) !== "[0.5 2. ]") throw new Error();
 * ```
 */
export function arrayStr(
  a: ArrayLike,
  ...rest: [
    maxLineWidth?: number | null | TextOptions,
    precision?: number | null | TextOptions,
    suppressSmall?: boolean | null | TextOptions,
  ]
): string {
  const x = toArray(a, "array_str"), options = settings("array_str", rest);
  if (x.concrete() === null || x.dtype.num < 0 || x.ndim === 0) return x.toString();
  return opaqueText(x, " ") ?? array2string(elements(x), { digits: shownDType(x.dtype) }, options);
}

/**
 * An array as text, with its dtype.
 *
 * @param arr Array or scalar.
 * @param rest `maxLineWidth`, `precision`, `suppressSmall`, or {@linkcode TextOptions}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.arrayRepr(np.array([0.5, 2])) !== "ArrayImpl([0.5, 2. ], dtype=float32)") throw new Error();
 * ```
 */
export function arrayRepr(
  arr: ArrayLike,
  ...rest: [
    maxLineWidth?: number | null | TextOptions,
    precision?: number | null | TextOptions,
    suppressSmall?: boolean | null | TextOptions,
  ]
): string {
  const x = toArray(arr, "array_repr"), options = settings("array_repr", rest);
  if (x.concrete() === null || x.dtype.num < 0) return x.toString();
  const { linewidth, threshold } = { ...getPrintoptions(), ...options }, { dtype, shape, size } = x;
  const prefix = "ArrayImpl(";
  const body = opaqueText(x, ", ") ??
    array2string(elements(x), { separator: ", ", prefix, suffix: ")", digits: shownDType(dtype) }, options);
  const extras: string[] = [];
  if (size === 0 && shape.length !== 1 || size > threshold) extras.push(`shape=${tuple(shape)}`);
  const implied = dtype === bool_ || dtype === int64 || dtype === float64 || dtype === complex128;
  if (!implied || size === 0) extras.push(`dtype=${dtype.name}`);
  if (extras.length === 0) return `${prefix}${body})`;
  const text = `${prefix}${body},`, extra = `${extras.join(", ")})`;
  const lastLine = text.length - (text.lastIndexOf("\n") + 1);
  const gap = lastLine + extra.length + 1 > linewidth ? `\n${" ".repeat(prefix.length)}` : " ";
  return `${text}${gap}${extra}`;
}

/**
 * Runs a function under other print options, and puts the old ones back.
 *
 * @param options The print options that change.
 * @param f What to run.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const text = np.printoptions({ precision: 1 }, () => String(np.array([0.25, 3])));
 * if (text !== "[0.2 3. ]") throw new Error(text);
 * ```
 */
export function printoptions<T>(options: Partial<PrintOptions>, f: () => T): T {
  const before = getPrintoptions();
  setPrintoptions(options);
  try {
    return f();
  } finally {
    setPrintoptions(before);
  }
}
