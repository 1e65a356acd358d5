/**
 * Functions of `jax.numpy` that combine the elements along axes and leave NaN out.
 *
 * The axes are one, a list or null for all (the default); `keepdims` leaves them with size 1. Optional arguments may be
 * given in JAX's order or in one options object.
 *
 * @module
 */
import {
  type Axis,
  type DType,
  type DTypeLike,
  type ExtremumOptions,
  isInexact,
  type JaxArray,
  keywords,
  type MeanOptions,
  raw,
  type SumOptions,
  toInexact,
} from "../core/mod.ts";
import { isNaNMask, optionalDType, optionalJit, type OrOptions, refuseOut } from "./_arguments.ts";
import { type ArrayLike, promoteDTypes, toArray, toArrays, weakArray } from "./convert.ts";
import {
  correctionArray,
  meanOf,
  type MomentParameters,
  squaredMagnitude,
  varianceDTypes,
} from "./_moments.ts";
import {
  allKind,
  identityScalar,
  maskArray,
  maxKind,
  minKind,
  prodKind,
  reduceArray,
  type ReduceParameters,
  type ReductionKind,
  type StaticAxes,
  staticAxes,
  sumKind,
  sumOf,
} from "./_reduction.ts";
import { where as select } from "./_where.ts";
import type { VarianceOptions } from "./moments.ts";

/** A reduction of the elements that are numbers. */
function reduceNumbers(kind: ReductionKind, x: JaxArray, parameters: ReduceParameters): JaxArray {
  if (!isInexact(x.dtype)) return reduceArray(kind, x, parameters);
  const filled = select(isNaNMask(x), identityScalar(kind.identity, x.dtype), x);
  return reduceArray(kind, filled, parameters);
}

/** An extremum of the elements that are numbers; NaN where there are none and no initial value. */
function extremeNumber(kind: ReductionKind, x: JaxArray, parameters: ReduceParameters): JaxArray {
  const out = reduceNumbers(kind, x, parameters);
  if (!isInexact(x.dtype) || parameters.initial) return out;
  const { axes, keepdims = false } = parameters;
  const none = reduceArray(allKind, isNaNMask(x), { axes, keepdims });
  return select(none, raw.scalar(NaN, x.dtype), out);
}

interface Static {
  readonly axes: StaticAxes;
  readonly keepdims: boolean;
}

const nanminCall = optionalJit<[Static]>("nanmin", ([x, initial, where], parameters) => [
  extremeNumber(minKind, x!, { ...parameters, initial: initial!, where: where! }),
]);
const nanmaxCall = optionalJit<[Static]>("nanmax", ([x, initial, where], parameters) => [
  extremeNumber(maxKind, x!, { ...parameters, initial: initial!, where: where! }),
]);

type ExtremumRest = OrOptions<
  [axis?: Axis, out?: null, keepdims?: boolean, initial?: ArrayLike | null, where?: ArrayLike | null],
  ExtremumOptions
>;

function extremum(call: typeof nanminCall, name: string, a: unknown, rest: readonly unknown[]): JaxArray {
  const given = keywords(name, ["axis", "out", "keepdims", "initial", "where"], rest);
  refuseOut(given.out, name);
  const start = given.initial === undefined || given.initial === null;
  const [x, initial] = start ? [toArray(a, name), null] : toArrays(name, a, given.initial);
  return call([x!, initial!, maskArray(given.where, name)], {
    axes: staticAxes(given.axis, name),
    keepdims: Boolean(given.keepdims),
  })[0]!;
}

/**
 * Minimum over axes of the elements that are numbers.
 *
 * @param a an array of any shape and dtype
 * @param rest axis; out (not supported); keepdims; initial, a value to compare with, needed with `where`; where, a
 * boolean array that broadcasts with `a`
 * @returns an array of the same dtype without the axes; NaN where there are only NaN and no initial value
 * @throws {ValueError} where there are no elements and no initial value, and for `where` without one
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.nanmin(np.array([3, NaN, 2])).item() !== 2) throw new Error();
 * ```
 */
export function nanmin(a: ArrayLike, ...rest: ExtremumRest): JaxArray {
  return extremum(nanminCall, "nanmin", a, rest);
}

/**
 * Maximum over axes of the elements that are numbers. The arguments and errors are those of {@linkcode nanmin}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.nanmax(np.array([3, NaN, 2])).item() !== 3) throw new Error();
 * ```
 */
export function nanmax(a: ArrayLike, ...rest: ExtremumRest): JaxArray {
  return extremum(nanmaxCall, "nanmax", a, rest);
}

/** Sum of the elements that are numbers. */
function sumNumbers(x: JaxArray, parameters: ReduceParameters): JaxArray {
  return reduceNumbers(sumKind, x, { promoteIntegers: true, upcast: !parameters.dtype, ...parameters });
}

interface StaticSum extends Static {
  readonly dtype: DType | null;
}

const nansumCall = optionalJit<[StaticSum]>("nansum", ([x, initial, where], parameters) => [
  sumNumbers(x!, { ...parameters, initial: initial!, where: where! }),
]);
const nanprodCall = optionalJit<[StaticSum]>("nanprod", ([x, initial, where], parameters) => [
  reduceNumbers(prodKind, x!, {
    ...parameters,
    initial: initial!,
    where: where!,
    promoteIntegers: true,
    upcast: parameters.dtype === null,
  }),
]);

type SumRest = OrOptions<
  [
    axis?: Axis,
    dtype?: DTypeLike | null,
    out?: null,
    keepdims?: boolean,
    initial?: ArrayLike | null,
    where?: ArrayLike | null,
  ],
  Omit<SumOptions, "promoteIntegers">
>;

function accumulate(call: typeof nansumCall, name: string, a: unknown, rest: readonly unknown[]): JaxArray {
  const given = keywords(name, ["axis", "dtype", "out", "keepdims", "initial", "where"], rest);
  refuseOut(given.out, name);
  const start = given.initial === undefined || given.initial === null;
  const [x, initial] = start ? [toArray(a, name), null] : toArrays(name, a, given.initial);
  return call([x!, initial!, maskArray(given.where, name)], {
    axes: staticAxes(given.axis, name),
    dtype: optionalDType(given.dtype, name),
    keepdims: Boolean(given.keepdims),
  })[0]!;
}

/**
 * Sum over axes of the elements that are numbers.
 *
 * @param a an array of any shape and numeric dtype
 * @param rest axis; dtype to accumulate and return; out (not supported); keepdims; initial, a value added to every sum;
 * where, a boolean array that broadcasts with `a`
 * @returns an array without the axes; 0 where there are no numbers
 * @throws {ValueError} for an axis that is not there or given twice, and a mask that is not boolean
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.nansum(np.array([1, NaN, 2])).item() !== 3) throw new Error();
 * ```
 */
export function nansum(a: ArrayLike, ...rest: SumRest): JaxArray {
  return accumulate(nansumCall, "nansum", a, rest);
}

/**
 * Product over axes of the elements that are numbers. The arguments and errors are those of {@linkcode nansum}.
 *
 * @returns an array without the axes; 1 where there are no numbers
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.nanprod(np.array([2, NaN, 3])).item() !== 6) throw new Error();
 * ```
 */
export function nanprod(a: ArrayLike, ...rest: SumRest): JaxArray {
  return accumulate(nanprodCall, "nanprod", a, rest);
}

/** Mean of the elements that are numbers. */
function meanOfNumbers(x: JaxArray, where: JaxArray | null, parameters: MomentParameters): JaxArray {
  if (!isInexact(x.dtype)) return meanOf(x, where, parameters);
  const within = { ...parameters, dtype: parameters.dtype ?? toInexact(x.dtype), where };
  const count = sumOf(raw.not(isNaNMask(x)), within);
  return raw.div(nansumCall([x, null, where], parametersOf(within))[0]!, count);
}

/** The static part of reduce parameters. */
function parametersOf({ axes, dtype, keepdims }: MomentParameters): StaticSum {
  return { axes, dtype, keepdims };
}

const nanmeanCall = optionalJit<[MomentParameters]>(
  "nanmean",
  ([x, where], parameters) => [meanOfNumbers(x!, where!, parameters)],
);

/**
 * Mean over axes of the elements that are numbers.
 *
 * @param a an array of any shape and numeric dtype
 * @param rest axis; dtype to compute and return; out (not supported); keepdims; where, a boolean array that broadcasts
 * with `a`
 * @returns an array without the axes; NaN where there are no numbers
 * @throws {ValueError} for an axis that is not there or given twice, and a mask that is not boolean
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.nanmean(np.array([1, NaN, 2])).item() !== 1.5) throw new Error();
 * ```
 */
export function nanmean(
  a: ArrayLike,
  ...rest: OrOptions<
    [axis?: Axis, dtype?: DTypeLike | null, out?: null, keepdims?: boolean, where?: ArrayLike | null],
    MeanOptions
  >
): JaxArray {
  const given = keywords("nanmean", ["axis", "dtype", "out", "keepdims", "where"], rest);
  refuseOut(given.out, "nanmean");
  return nanmeanCall([toArray(a, "nanmean"), maskArray(given.where, "nanmean")], {
    axes: staticAxes(given.axis, "nanmean"),
    dtype: optionalDType(given.dtype, "mean"),
    keepdims: Boolean(given.keepdims),
  })[0]!;
}

const nanvarCall = optionalJit<[MomentParameters]>("nanvar", ([a, ddof, where, given], parameters) => {
  const { axes, keepdims } = parameters;
  const [computation, result] = varianceDTypes(a!.dtype, parameters.dtype);
  const x = raw.convert(a!, computation), mask = isNaNMask(x);
  const center = given
    ? raw.convert(given, computation)
    : nanmeanCall([x, where!], { axes, keepdims: true, dtype: computation })[0]!;
  const squares = squaredMagnitude(select(mask, weakArray(0, true), raw.sub(x, center)));
  const count = sumOf(raw.not(mask), { axes, keepdims, where: where! });
  const [n, correction] = promoteDTypes("subtract", [count, ddof!]);
  const divisor = raw.sub(n!, correction!), empty = raw.le(divisor, 0);
  const total = select(empty, weakArray(NaN, false), sumOf(squares, { axes, keepdims, where: where! }));
  const safe = select(empty, weakArray(1, true), divisor);
  return [raw.convert(raw.div(total, raw.convert(safe, total.dtype)), result)];
});

const nanstdCall = optionalJit<[MomentParameters]>(
  "nanstd",
  (arrays, parameters) => [raw.sqrt(nanvarCall(arrays, parameters)[0]!)],
);

type VarianceRest = OrOptions<
  [
    axis?: Axis,
    dtype?: DTypeLike | null,
    out?: null,
    ddof?: number,
    keepdims?: boolean,
    where?: ArrayLike | null,
    mean?: ArrayLike | null,
  ],
  Omit<VarianceOptions, "correction">
>;

function spread(call: typeof nanvarCall, name: string, a: unknown, rest: readonly unknown[]): JaxArray {
  const given = keywords(name, ["axis", "dtype", "out", "ddof", "keepdims", "where", "mean"], rest);
  refuseOut(given.out, name);
  const known = given.mean === undefined || given.mean === null ? null : toArray(given.mean, name);
  const arrays = [
    toArray(a, name),
    correctionArray(given.ddof ?? 0, name),
    maskArray(given.where, name),
    known,
  ];
  return call(arrays, {
    axes: staticAxes(given.axis, name),
    dtype: optionalDType(given.dtype, name),
    keepdims: Boolean(given.keepdims),
  })[0]!;
}

/**
 * Variance over axes of the elements that are numbers.
 *
 * @param a an array of any shape and numeric dtype
 * @param rest axis; dtype to compute and return; out (not supported); ddof, subtracted from the number of elements;
 * keepdims; where, a boolean array that broadcasts with `a`; mean, where it is known already
 * @returns an array without the axes, of a real floating dtype; NaN where the divisor is not positive
 * @throws {ValueError} for an axis that is not there or given twice, and a real dtype for complex `a`
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.nanvar(np.array([1, NaN, 3])).item() !== 1) throw new Error();
 * ```
 */
export function nanvar(a: ArrayLike, ...rest: VarianceRest): JaxArray {
  return spread(nanvarCall, "nanvar", a, rest);
}

/**
 * Standard deviation over axes of the elements that are numbers. The arguments and errors are those of
 * {@linkcode nanvar}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.nanstd(np.array([1, NaN, 3])).item() !== 1) throw new Error();
 * ```
 */
export function nanstd(a: ArrayLike, ...rest: VarianceRest): JaxArray {
  return spread(nanstdCall, "nanstd", a, rest);
}
