/**
 * Decimal digits of floating point numbers: the shortest ones that identify a number, or a given count of exact ones.
 *
 * The algorithm is Steele and White's Dragon4 ("How to print floating-point numbers accurately", 1990) with the
 * margins of Burger and Dybvig ("Printing floating-point numbers quickly and accurately", 1996), and cutoffs as NumPy
 * applies them, so that the digits are NumPy's.
 *
 * @module
 */

/** A binary float format: the bits of its fraction and the exponent of its least positive number. */
export interface FloatFormat {
  readonly fractionBits: number;
  readonly minExponent: number;
}

/** IEEE binary16. */
export const binary16: FloatFormat = { fractionBits: 10, minExponent: -24 };
/** IEEE binary32. */
export const binary32: FloatFormat = { fractionBits: 23, minExponent: -149 };
/** IEEE binary64. */
export const binary64: FloatFormat = { fractionBits: 52, minExponent: -1074 };

/** What to do with trailing zeros: keep, drop, drop but leave one after the point, drop with the point. */
export type Trim = "k" | "." | "0" | "-";

/** How a finite number is written. */
export interface NumberStyle {
  readonly format: FloatFormat;
  /** Shortest identifying digits, instead of exact ones. */
  readonly unique: boolean;
  /** At most this many digits after the point; -1 for no limit (only if unique). */
  readonly precision: number;
  /** At least this many digits after the point (only if unique). */
  readonly minDigits?: number;
  readonly trim: Trim;
  /** Write the sign of positive numbers too. */
  readonly sign?: boolean;
  /** Least width of what stands before the point, with the sign. */
  readonly padLeft?: number;
  /** Least width of what stands after the point. */
  readonly padRight?: number;
  /** Least number of digits of the exponent. */
  readonly exponentDigits?: number;
}

/** Significant digits of a number, and the decimal exponent of the first of them. */
interface Digits {
  digits: string;
  exponent: number;
}

/** Limits of digit generation; the positions count from the first digit (`total`) or from the decimal point. */
interface Cutoff {
  readonly unique: boolean;
  readonly total: boolean;
  readonly max: number;
  readonly min: number;
}

/** Writes a finite number in positional notation: `-12.5`. */
export function positional(x: number, style: NumberStyle): string {
  const { unique, precision, trim, minDigits = -1, padLeft = -1, padRight = -1 } = style;
  const { digits, exponent } = decimalDigits(Math.abs(x), style.format, {
    unique,
    total: false,
    max: precision,
    min: minDigits,
  });
  const whole = exponent < 0 ? "0" : digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const tail = exponent < 0 ? "0".repeat(-exponent - 1) + digits : digits.slice(exponent + 1);
  const fraction = trimFraction(tail, trim, unique ? minDigits : precision);
  const point = trim === "-" && fraction === "" ? (padRight >= 0 ? " " : "") : ".";
  return (signOf(x, style) + whole).padStart(padLeft) + point + fraction.padEnd(padRight);
}

/** Writes a finite number in scientific notation: `1.25e+01`. */
export function scientific(x: number, style: NumberStyle): string {
  const { unique, precision, trim, minDigits = -1, padLeft = -1, exponentDigits = 2 } = style;
  const { digits, exponent } = decimalDigits(Math.abs(x), style.format, {
    unique,
    total: true,
    max: precision < 0 ? -1 : precision + 1,
    min: minDigits < 0 ? -1 : minDigits + 1,
  });
  const fraction = trimFraction(digits.slice(1), trim, unique ? minDigits : precision);
  const point = trim === "-" && fraction === "" ? "" : ".";
  const power = (exponent < 0 ? "-" : "+") + String(Math.abs(exponent)).padStart(exponentDigits, "0");
  return (signOf(x, style) + digits[0]).padStart(padLeft) + point + fraction + "e" + power;
}

function signOf(x: number, style: NumberStyle): string {
  return x < 0 || Object.is(x, -0) ? "-" : style.sign ? "+" : "";
}

function trimFraction(fraction: string, trim: Trim, wanted: number): string {
  if (trim === "k") return fraction.padEnd(wanted, "0");
  const trimmed = fraction.replace(/0+$/, "");
  return trim === "0" && trimmed === "" ? "0" : trimmed;
}

const scratch = new DataView(new ArrayBuffer(8));

/** `x = mantissa · 2^exponent` with the mantissa of the format; `power` is ⌊log2 x⌋. */
function decompose(x: number, format: FloatFormat): { mantissa: bigint; exponent: number; power: number } {
  scratch.setFloat64(0, x);
  const bits = scratch.getBigUint64(0);
  const field = Number(bits >> 52n);
  const mantissa = (bits & 0xfffffffffffffn) | (field === 0 ? 0n : 1n << 52n);
  const power = field === 0 ? mantissa.toString(2).length - 1075 : field - 1023;
  const exponent = Math.max(power - format.fractionBits, format.minExponent);
  return { mantissa: mantissa >> BigInt(exponent - Math.max(field, 1) + 1075), exponent, power };
}

const powersOfTen: bigint[] = [];

function powerOfTen(n: number): bigint {
  return powersOfTen[n] ??= 10n ** BigInt(n);
}

/** The digits of a non-negative finite number of the format. */
function decimalDigits(x: number, format: FloatFormat, cutoff: Cutoff): Digits {
  if (x === 0) return { digits: "0", exponent: 0 };
  const { mantissa, exponent, power } = decompose(x, format);
  // All quantities are multiples of 1/scale: x = value / scale, and half the distances to the neighbours are
  // low / scale and high / scale. Below a power of two the neighbours are twice as dense.
  const unequal = mantissa === 1n << BigInt(format.fractionBits) && exponent > format.minExponent;
  const extra = unequal ? 2n : 1n;
  const up = BigInt(Math.max(exponent, 0));
  const down = BigInt(Math.max(-exponent, 0));
  let value = mantissa << (up + extra);
  let scale = 1n << (down + extra);
  let low = 1n << up;
  // At most ⌊log10 x⌋ + 1, and at least one less.
  let position = Math.ceil(power * Math.LOG10E * Math.LN2 - 0.69);
  if (cutoff.max >= 0 && !cutoff.total && position <= -cutoff.max) position = 1 - cutoff.max;
  if (position > 0) {
    scale *= powerOfTen(position);
  } else if (position < 0) {
    const factor = powerOfTen(-position);
    value *= factor;
    low *= factor;
  }
  if (value >= scale) {
    position++;
  } else {
    value *= 10n;
    low *= 10n;
  }
  const last = cutoff.max < 0 ? -Infinity : cutoff.total ? position - cutoff.max : -cutoff.max;
  const enough = cutoff.min < 0
    ? position
    : Math.min(position, cutoff.total ? position - cutoff.min : -cutoff.min);
  const first = position - 1;
  const inclusive = (mantissa & 1n) === 0n;
  const digits: number[] = [];
  for (;;) {
    position--;
    const digit = Number(value / scale);
    value %= scale;
    let nearLow = false;
    let nearHigh = false;
    let done = position === last;
    if (cutoff.unique) {
      const top = value + (unequal ? 2n * low : low);
      nearLow = inclusive ? value <= low : value < low;
      nearHigh = inclusive ? top >= scale : top > scale;
      done ||= (nearLow || nearHigh) && position <= enough;
    } else {
      done ||= value === 0n;
    }
    digits.push(digit);
    if (done) return roundLast(digits, first, nearLow, nearHigh, 2n * value - scale);
    value *= 10n;
    low *= 10n;
  }
}

/** Rounds the last digit: to the only neighbour allowed, else to the nearest, ties to even. */
function roundLast(digits: number[], exponent: number, low: boolean, high: boolean, rest: bigint): Digits {
  const last = digits.length - 1;
  const down = low !== high ? low : rest < 0n || (rest === 0n && digits[last]! % 2 === 0);
  if (!down) {
    let i = last;
    while (i >= 0 && digits[i] === 9) i--;
    if (i < 0) return { digits: "1", exponent: exponent + 1 };
    digits[i]!++;
    digits.length = i + 1;
  }
  return { digits: digits.join(""), exponent };
}
