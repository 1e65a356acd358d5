/**
 * The fixture `math_cases.json`, which `math_cases.py` writes, and the measure of errors.
 *
 * @module
 */
import type { Val } from "../../kernel/lowering.ts";
import * as scalar from "../../kernel/scalar.ts";
import cases from "./math_cases.json" with { type: "json" };

/** The scalar types of the fixture. */
export type FloatType = "f32" | "f64";
type RealCase = { readonly args: readonly string[]; readonly want: string; readonly rest?: string };
type ComplexCase = { readonly args: readonly string[]; readonly want: readonly string[] };

const real = cases.real as unknown as Record<string, Record<FloatType, RealCase>>;
const complex = cases.complex as unknown as Record<string, Record<FloatType, ComplexCase>>;

/** The functions of `kernel/scalar.ts` by name. */
export const functions = scalar as unknown as Record<string, (...values: Val[]) => Val>;

function unpack(text: string, form: "f32" | "f64" | "i8"): number[] {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const array = { f32: Float32Array, f64: Float64Array, i8: Int8Array }[form];
  return Array.from(new array(bytes.buffer));
}

/** Arguments of a function (one list each) and its values: `want` rounded to float64, `rest` what it lacks in ulp. */
export interface RealPoints {
  readonly columns: readonly number[][];
  readonly want: readonly number[];
  readonly rest: readonly number[];
}

/** The points of a function of reals. */
export function realPoints(name: string, type: FloatType): RealPoints {
  const { args, want, rest } = real[name]![type];
  const values = unpack(want, "f64");
  return {
    columns: args.map((a) => unpack(a, type)),
    want: values,
    rest: rest === undefined ? values.map(() => 0) : unpack(rest, "i8").map((r) => r / 200),
  };
}

/** The functions with complex points. */
export const complexNames: readonly string[] = Object.keys(complex);

/** The points of a function of complex numbers: real and imaginary parts are lists of their own. */
export function complexPoints(name: string, type: FloatType): { columns: number[][]; want: number[][] } {
  const { args, want } = complex[name]![type];
  return { columns: args.map((a) => unpack(a, type)), want: want.map((w) => unpack(w, "f64")) };
}

/** The unit in the last place at w. */
export function ulp(type: FloatType, w: number): number {
  const [bits, least, most] = type === "f32" ? [23, -126, 127] : [52, -1022, 1023];
  let e = Math.floor(Math.log2(Math.abs(w)));
  if (2 ** e > Math.abs(w)) e--;
  if (2 ** (e + 1) <= Math.abs(w)) e++;
  return Math.max(5e-324, 2 ** (Math.min(Math.max(e, least), most) - bits));
}

/**
 * Error in units in the last place, of 1 for small results of functions with zeros; a result that rounds to infinity may be
 * infinite.
 */
export function errorOf(name: string, type: FloatType, got: number, want: number, rest: number): number {
  if (Number.isNaN(want)) return Number.isNaN(got) ? 0 : Infinity;
  const end = type === "f32" ? 2 ** 128 : Infinity;
  if (Math.abs(want) >= end) {
    return got === Math.sign(want) * Infinity ? 0 : Math.abs(got) > 0.999999 * end ? 1 : Infinity;
  }
  const floor = name === "lgamma" || name === "digamma" ? 1 : 0;
  const finite = Number.isFinite(got) ? got : Math.sign(got) * Math.min(end, Number.MAX_VALUE);
  const error = Math.abs((finite - want) / ulp(type, Math.max(Math.abs(want), floor)) - rest);
  return Number.isNaN(error) ? Infinity : error;
}
