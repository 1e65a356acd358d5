/**
 * NumPy's print options.
 *
 * @module
 */
import { checkOptions, ValueError } from "./errors.ts";
import type { Scalar } from "./scalar.ts";

/** Functions that give the text of an element, by NumPy's names of element types. */
export type Formatters = {
  readonly [K in FormatterKey]?: ((x: Scalar) => string) | null;
};

type FormatterKey =
  | "all"
  | "bool"
  | "int"
  | "int_kind"
  | "float"
  | "float_kind"
  | "complexfloat"
  | "complex_kind"
  | "numpystr"
  | "str_kind";

/** NumPy's print options. */
export interface PrintOptions {
  /** Digits after the point (8). */
  readonly precision: number;
  /** Arrays with more elements are summarised (1000). */
  readonly threshold: number;
  /** Elements at each end of an axis of a summarised array (3). */
  readonly edgeitems: number;
  /** Characters of a line (75). */
  readonly linewidth: number;
  /** Never scientific notation because of small numbers (false). */
  readonly suppress: boolean;
  /** Text of NaN ("nan"). */
  readonly nanstr: string;
  /** Text of infinity ("inf"). */
  readonly infstr: string;
  /** Sign of positive numbers: none, "+", or a space. */
  readonly sign: "-" | "+" | " ";
  /** Whether digits are as many as needed (at most `precision`, for all elements alike) or a fixed count. */
  readonly floatmode: "fixed" | "unique" | "maxprec" | "maxprec_equal";
  /** Own text of elements. */
  readonly formatter: Formatters | null;
}

const defaults: PrintOptions = {
  precision: 8,
  threshold: 1000,
  edgeitems: 3,
  linewidth: 75,
  suppress: false,
  nanstr: "nan",
  infstr: "inf",
  sign: "-",
  floatmode: "maxprec",
  formatter: null,
};

let current = defaults;

/** The print options in force. */
export function getPrintoptions(): PrintOptions {
  return { ...current };
}

/**
 * Changes the print options; those not given stay.
 *
 * @throws ValueError for an unknown `floatmode` or `sign`, a NaN `threshold` or a negative `precision`
 * @example
 * ```ts
 * import { arrayStr, getPrintoptions, setPrintoptions } from "./format.ts";
 * import { parseArray } from "./host.ts";
 *
 * const before = getPrintoptions();
 * setPrintoptions({ precision: 2 });
 * console.assert(arrayStr(parseArray([0.125, 3])) === "[0.12 3.  ]");
 * setPrintoptions(before);
 * ```
 */
export function setPrintoptions(options: Partial<PrintOptions>): void {
  current = withOptions("setPrintoptions", options);
}

/** The options in force with these in place of some; `fn` is named in errors. */
export function withOptions(fn: string, options: Partial<PrintOptions> | undefined): PrintOptions {
  if (options === undefined) return current;
  checkOptions(fn, options, Object.keys(defaults));
  const merged: Record<string, unknown> = { ...current };
  for (const [key, value] of Object.entries(options)) {
    if (key === "formatter" || (value !== undefined && value !== null)) merged[key] = value ?? null;
  }
  const result = merged as unknown as PrintOptions;
  if (!["fixed", "unique", "maxprec", "maxprec_equal"].includes(result.floatmode)) {
    throw new ValueError(`floatmode option must be one of "fixed", "unique", "maxprec", "maxprec_equal"`);
  }
  if (!["-", "+", " "].includes(result.sign)) {
    throw new ValueError("sign option must be one of ' ', '+', or '-'");
  }
  if (typeof result.threshold !== "number") throw new TypeError("threshold must be numeric");
  if (Number.isNaN(result.threshold)) {
    throw new ValueError("threshold must be non-NAN, try Infinity for untruncated representation");
  }
  if (!Number.isInteger(result.precision)) throw new TypeError("precision must be an integer");
  if (result.precision < 0) throw new ValueError("precision must be >= 0");
  return result;
}
