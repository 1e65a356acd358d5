/**
 * What the functions of distributions have in common: promotion to floats, optional location and scale, compilation.
 *
 * @module
 */
import { type ArrayLike, bind1, type JaxArray, keywords, namedJit, P, raw } from "../../core/mod.ts";
import { toArrays } from "../../numpy/convert.ts";
import { promoted } from "../special/elementwise.ts";

/** The location as an option. */
export interface LocOptions {
  /** What is subtracted from the argument (0). */
  readonly loc?: ArrayLike;
}

/** Location and scale as options. */
export interface LocScaleOptions extends LocOptions {
  /** What the argument is divided by (1). */
  readonly scale?: ArrayLike;
}

/** An optional location, by position or by name. */
export type Loc = [loc?: ArrayLike | LocOptions];

/** Optional location and scale, by position or by name. */
export type LocScale = [loc?: ArrayLike | LocScaleOptions, scale?: ArrayLike | LocScaleOptions];

/** A function whose required arguments come apart from the optional ones. */
export type Compiled = (xs: readonly unknown[], rest: readonly unknown[]) => JaxArray;

/**
 * Compiles an elementwise function of floats, which come promoted to one dtype and shape.
 *
 * @param defaults The names of the optional arguments, which come last, with their defaults.
 * @param f From all arguments to the result.
 */
export function distribution<A extends readonly JaxArray[]>(
  name: string,
  defaults: Readonly<Record<string, number>>,
  f: (...xs: A) => JaxArray,
): Compiled {
  const names = Object.keys(defaults);
  const inner = namedJit(name, (xs) => [f(...promoted(name, xs, true) as unknown as A)], { inline: true });
  return (xs, rest) => {
    const given = keywords(name, names, rest);
    return inner(toArrays(name, ...xs, ...names.map((key) => given[key] ?? defaults[key])))[0]!;
  };
}

/** (x - loc) / scale */
export function standardized(x: JaxArray, loc: JaxArray, scale: JaxArray): JaxArray {
  return raw.div(raw.sub(x, loc), scale);
}

/** `x` within two bounds; its derivative is 0 outside. */
export function clamp(x: JaxArray, low: number, high: number): JaxArray {
  return bind1(P.clamp, [raw.like(x, low), x, raw.like(x, high)]);
}

/** Whether any condition holds. */
export function any(...conditions: readonly JaxArray[]): JaxArray {
  return conditions.reduce((x, y) => raw.or(x, y));
}

/** NaN where `p` is no probability, else `value`. */
export function ofProbability(p: JaxArray, value: JaxArray): JaxArray {
  return raw.where(any(raw.ne(p, p), raw.lt(p, 0), raw.gt(p, 1)), NaN, value);
}
