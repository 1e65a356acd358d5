/**
 * The text of single elements, as NumPy aligns them in an array and as it writes them alone.
 *
 * @module
 */
import {
  binary16,
  binary32,
  binary64,
  type FloatFormat,
  type NumberStyle,
  positional,
  scientific,
} from "./dragon4.ts";
import { type DType, realDType } from "./dtypes.ts";
import type { Formatters, PrintOptions } from "./_print_options.ts";
import { type Complex, roundFloat, type Scalar } from "./scalar.ts";

/** Writes one element. */
export type ElementFormat = (x: Scalar) => string;

/**
 * The text of single elements, padded so that those of one array align.
 *
 * @param digits the float (or complex) dtype as whose numbers the elements are written; by default their own
 */
export function elementFormat(
  values: Scalar[],
  dtype: DType,
  ndim: number,
  options: PrintOptions,
  digits: DType = dtype,
): ElementFormat {
  const own = ownFormat(dtype, options.formatter);
  if (own) return own;
  switch (dtype.kind) {
    case "bool":
      return (x) => x ? (ndim > 0 ? " True" : "True") : "False";
    case "int":
    case "uint":
      return integerFormat(values as (number | bigint)[], options.sign);
    case "complex": {
      const part = realDType(dtype), shown = realDType(digits);
      const re = floatFormat(values.map((x) => (x as Complex).re), part, options, options.sign, shown);
      const im = floatFormat(values.map((x) => (x as Complex).im), part, options, "+", shown);
      return (x) => re((x as Complex).re) + im((x as Complex).im).replace(/ *$/, "j$&");
    }
    case "float": {
      if (dtype.name === "bfloat16") return (x) => scalarText(x, dtype);
      const format = floatFormat(values as number[], dtype, options, options.sign, digits);
      return (x) => format(x as number);
    }
    default:
      return (x) => scalarText(x, dtype);
  }
}

/** The user's formatter for a dtype: that of the type itself, else of its kind, else of all. */
function ownFormat(dtype: DType, formatter: Formatters | null): ElementFormat | null | undefined {
  if (formatter === null) return null;
  if (dtype.kind === "bool") return formatter.bool ?? formatter.all;
  if (dtype.kind === "int" || dtype.kind === "uint") {
    return formatter.int ?? formatter.int_kind ?? formatter.all;
  }
  if (dtype.kind === "complex") return formatter.complexfloat ?? formatter.complex_kind ?? formatter.all;
  if (dtype.kind === "float" && dtype.name !== "bfloat16") {
    return formatter.float ?? formatter.float_kind ?? formatter.all;
  }
  return formatter.numpystr ?? formatter.str_kind ?? formatter.all;
}

function integerFormat(values: (number | bigint)[], sign: string): ElementFormat {
  let most = values[0]!;
  let least = most;
  for (const x of values) {
    if (x > most) most = x;
    if (x < least) least = x;
  }
  const mark = sign === " " && least < 0 ? "-" : sign;
  const signed = most >= 0 && mark !== "-" ? 1 : 0;
  const width = Math.max(String(most).length + signed, String(least).length);
  return (x) => ((mark !== "-" && (x as number) >= 0 ? mark : "") + String(x)).padStart(width);
}

/** The width of the significand and the magnitudes from which NumPy writes an exponent, for each float dtype. */
const floatLimits: Readonly<Record<string, { format: FloatFormat; array: number; scalar: number }>> = {
  float16: { format: binary16, array: 1e3, scalar: 1e3 },
  float32: { format: binary32, array: 1e6, scalar: 1e6 },
  float64: { format: binary64, array: 1e8, scalar: 1e16 },
};

/** The text of the floats of one array, aligned at the point. */
function floatFormat(
  values: number[],
  dtype: DType,
  options: PrintOptions,
  sign: "-" | "+" | " ",
  digits: DType,
): (x: number) => string {
  const { floatmode, nanstr, infstr } = options;
  const finite = values.filter(Number.isFinite);
  const fixed = floatmode === "fixed";
  const precision = floatmode === "unique" ? -1 : options.precision;
  const base = { format: floatLimits[dtype.name]!.format, sign: sign === "+" };
  const exponential = needsExponent(finite, dtype, options.suppress);
  const probe: NumberStyle = { ...base, unique: !fixed, precision, trim: fixed ? "k" : "." };

  let padLeft = 0;
  let padRight = 0;
  let style: NumberStyle = probe;
  if (finite.length > 0) {
    const texts = finite.map((x) => (exponential ? scientific : positional)(x, probe));
    const parts = texts.map((text) => text.split(/[.e]/));
    padLeft = widest(parts.map(([whole]) => whole!));
    const fraction = widest(parts.map(([, digits]) => digits!));
    const exponentDigits = exponential ? widest(parts.map(([, , power]) => power!)) - 1 : -1;
    padRight = exponential ? exponentDigits + 2 + fraction : fraction;
    if (sign === " " && !finite.some((x) => x < 0 || Object.is(x, -0))) padLeft++;
    if (exponential) {
      style = { ...probe, precision: fraction, minDigits: fraction, trim: "k", exponentDigits };
    } else if (fixed || floatmode === "maxprec_equal") {
      style = { ...probe, precision: fraction, minDigits: fraction, trim: "k", padRight };
    } else {
      style = { ...probe, minDigits: 0, padRight };
    }
  }
  if (finite.length < values.length) {
    const infSign = sign !== "-" || values.includes(-Infinity) ? 1 : 0;
    padLeft = Math.max(padLeft, nanstr.length - padRight - 1, infstr.length + infSign - padRight - 1);
  }
  style = { ...style, padLeft, format: floatLimits[digits.name]!.format };
  const width = padLeft + padRight + 1;
  return (x) => {
    if (Number.isFinite(x)) return exponential ? scientific(x, style) : positional(x, style);
    const mark = x === -Infinity ? "-" : sign === "+" ? "+" : "";
    return (mark + (Number.isNaN(x) ? nanstr : infstr)).padStart(width);
  };
}

function needsExponent(finite: number[], dtype: DType, suppress: boolean): boolean {
  let most = 0;
  let least = Infinity;
  for (const x of finite) {
    const size = Math.abs(x);
    if (size > most) most = size;
    if (size > 0 && size < least) least = size;
  }
  if (most === 0) return false;
  if (most >= floatLimits[dtype.name]!.array) return true;
  return !suppress && (least < roundFloat(0.0001, dtype) || roundFloat(most / least, dtype) > 1000);
}

function widest(texts: string[]): number {
  let width = 0;
  for (const text of texts) if (text.length > width) width = text.length;
  return width;
}

/** NumPy's `str` of a single element: `1.0`, `1e-07`, `(1+2j)`, `True`. */
export function scalarText(x: Scalar, dtype: DType): string {
  switch (dtype.kind) {
    case "bool":
      return x ? "True" : "False";
    case "float0":
      return "(b'',)";
    case "float":
      return dtype.name === "bfloat16" ? generalText(x as number) : floatText(x as number, dtype, "0");
    case "complex": {
      const { re, im } = x as Complex;
      const part = realDType(dtype);
      const imText = `${floatText(im, part, "-")}j`;
      if (Object.is(re, 0)) return imText;
      return `(${floatText(re, part, "-")}${imText.startsWith("-") ? "" : "+"}${imText})`;
    }
    default:
      return String(x);
  }
}

function floatText(x: number, dtype: DType, trim: "0" | "-"): string {
  if (!Number.isFinite(x)) return nonFiniteText(x);
  const { format, scalar } = floatLimits[dtype.name]!;
  const size = Math.abs(x);
  const plain = size === 0 || (size >= 1e-4 && size < scalar);
  return plain
    ? positional(x, { format, unique: true, precision: -1, trim })
    : scientific(x, { format, unique: true, precision: -1, trim: "-" });
}

/** C's `%g`, which is how ml_dtypes writes a bfloat16: six significant digits. */
function generalText(x: number): string {
  if (!Number.isFinite(x)) return nonFiniteText(x);
  const text = scientific(x, { format: binary32, unique: false, precision: 5, trim: "." }).replace(".e", "e");
  const power = Number(text.slice(text.indexOf("e") + 1));
  if (power < -4 || power >= 6) return text;
  return positional(x, { format: binary32, unique: false, precision: 5 - power, trim: "-" });
}

function nonFiniteText(x: number): string {
  return Number.isNaN(x) ? "nan" : x < 0 ? "-inf" : "inf";
}
