/**
 * Functions of `jax.numpy` that combine the elements along axes: sums, extrema, truth.
 *
 * The axes to reduce are one, a list or null for all (the default); negative ones count from the end. `keepdims` leaves
 * them with size 1. Optional arguments may be given in JAX's order or in one options object.
 *
 * @module
 */
import {
  type Axis,
  defaultInt,
  type DTypeLike,
  type ExtremumOptions,
  type JaxArray,
  keywords,
  namedJit,
  raw,
  type ReduceOptions,
  type SumOptions,
} from "../core/mod.ts";
import { optionalDType, optionalJit, type OrOptions, refuseOut } from "./_arguments.ts";
import { type ArrayLike, toArray, toArrays } from "./convert.ts";
import {
  allKind,
  anyKind,
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

/** A reduction as one program; jaxprs show its own equations. */
type CompiledReduction = (
  arrays: readonly [x: JaxArray, initial: JaxArray | null, where: JaxArray | null],
  parameters: ReduceParameters,
) => JaxArray;

function compiled(kind: ReductionKind): CompiledReduction {
  const call = optionalJit<[ReduceParameters]>(
    kind.name,
    ([x, initial, where], parameters) => [
      reduceArray(kind, x!, { ...parameters, initial: initial!, where: where! }),
    ],
    { inline: true },
  );
  return (arrays, parameters) => call(arrays, parameters)[0]!;
}

/** The array and the optional initial value beside it. */
function withInitial(a: unknown, initial: unknown, name: string): [JaxArray, JaxArray | null] {
  if (initial === undefined || initial === null) return [toArray(a, name), null];
  const [x, value] = toArrays(name, a, initial);
  return [x!, value!];
}

const sumCall = compiled(sumKind);
const prodCall = compiled(prodKind);
const maxCall = compiled(maxKind);
const minCall = compiled(minKind);
const allCall = compiled(allKind);
const anyCall = compiled(anyKind);

const sumNames = ["axis", "dtype", "out", "keepdims", "initial", "where", "promoteIntegers"] as const;
type SumRest = OrOptions<
  [
    axis?: Axis,
    dtype?: DTypeLike | null,
    out?: null,
    keepdims?: boolean,
    initial?: ArrayLike | null,
    where?: ArrayLike | null,
    promoteIntegers?: boolean,
  ],
  SumOptions
>;

function accumulate(call: CompiledReduction, name: string, a: unknown, rest: readonly unknown[]): JaxArray {
  const given = keywords(name, sumNames, rest);
  refuseOut(given.out, name);
  const [x, initial] = withInitial(a, given.initial, name);
  const dtype = optionalDType(given.dtype, name);
  return call([x, initial, maskArray(given.where, name)], {
    axes: staticAxes(given.axis, name),
    dtype,
    keepdims: Boolean(given.keepdims),
    promoteIntegers: given.promoteIntegers !== false,
    upcast: dtype === null,
  });
}

/**
 * Sum over axes. Half precision is added up in float32, integers at least in the default integer dtype, which wraps.
 *
 * @param a an array of any shape and numeric dtype; booleans count as integers
 * @param rest axis; dtype to accumulate and return (that of `a`; integers become int32 or uint32 at least); out (not
 * supported); keepdims; initial, a value added to every sum; where, a boolean array that broadcasts with `a`: only
 * elements where it is true count; promoteIntegers, whether narrow integers are widened (they are)
 * @returns an array without the axes; 0 where there are no elements
 * @throws {ValueError} for an axis that is not there or given twice, a mask that is not boolean, an initial value with axes
 * @throws {TypeError} for nested arrays and other values that are no arrays
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[1, 2], [3, 4]]);
 * if (np.sum(x).item() !== 10) throw new Error();
 * if (String(np.sum(x, { axis: 0 })) !== "[4. 6.]") throw new Error();
 * if (np.sum(x, { where: np.greater(x, 1), initial: 100 }).item() !== 109) throw new Error();
 * ```
 */
export function sum(a: ArrayLike, ...rest: SumRest): JaxArray {
  return accumulate(sumCall, "sum", a, rest);
}

/**
 * Product over axes. The arguments are those of {@linkcode sum}.
 *
 * @returns an array without the axes; 1 where there are no elements
 * @throws {ValueError} for an axis that is not there or given twice, a mask that is not boolean, an initial value with axes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[1, 2], [3, 4]]);
 * if (String(np.prod(x, { axis: 1 })) !== "[ 2. 12.]") throw new Error();
 * ```
 */
export function prod(a: ArrayLike, ...rest: SumRest): JaxArray {
  return accumulate(prodCall, "prod", a, rest);
}

const extremumNames = ["axis", "out", "keepdims", "initial", "where"] as const;
type ExtremumRest = OrOptions<
  [axis?: Axis, out?: null, keepdims?: boolean, initial?: ArrayLike | null, where?: ArrayLike | null],
  ExtremumOptions
>;

function extremum(call: CompiledReduction, name: string, a: unknown, rest: readonly unknown[]): JaxArray {
  const given = keywords(name, extremumNames, rest);
  refuseOut(given.out, name);
  const [x, initial] = withInitial(a, given.initial, name);
  return call([x, initial, maskArray(given.where, name)], {
    axes: staticAxes(given.axis, name),
    keepdims: Boolean(given.keepdims),
  });
}

/**
 * Maximum over axes; NaN where there is one. Complex numbers compare by real, then imaginary part.
 *
 * @param a an array of any shape and dtype
 * @param rest axis; out (not supported); keepdims; initial, a value to compare with, needed for empty arrays and with
 * `where`; where, a boolean array that broadcasts with `a`
 * @returns an array of the same dtype without the axes
 * @throws {ValueError} where there are no elements and no initial value, for `where` without an initial value, and for
 * an axis that is not there or given twice
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[1, 5, 2], [4, 3, 0]]);
 * if (String(np.max(x, { axis: 0 })) !== "[4. 5. 2.]") throw new Error();
 * if (np.max(np.zeros(0), { initial: -1 }).item() !== -1) throw new Error();
 * ```
 */
export function max(a: ArrayLike, ...rest: ExtremumRest): JaxArray {
  return extremum(maxCall, "max", a, rest);
}

/**
 * Minimum over axes; NaN where there is one. The arguments and errors are those of {@linkcode max}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[1, 5, 2], [4, 3, 0]]);
 * if (String(np.min(x, 1, { keepdims: true })) !== "[[1.]\n [0.]]") throw new Error();
 * ```
 */
export function min(a: ArrayLike, ...rest: ExtremumRest): JaxArray {
  return extremum(minCall, "min", a, rest);
}

/**
 * Another name of {@linkcode max}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.amax(np.arange(4)).item() !== 3) throw new Error();
 * ```
 */
export function amax(a: ArrayLike, ...rest: ExtremumRest): JaxArray {
  return extremum(maxCall, "amax", a, rest);
}

/**
 * Another name of {@linkcode min}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.amin(np.arange(4)).item() !== 0) throw new Error();
 * ```
 */
export function amin(a: ArrayLike, ...rest: ExtremumRest): JaxArray {
  return extremum(minCall, "amin", a, rest);
}

type TruthRest = OrOptions<[axis?: Axis, out?: null, keepdims?: boolean], ReduceOptions>;

function truth(call: CompiledReduction, name: string, a: unknown, rest: readonly unknown[]): JaxArray {
  const given = keywords<"axis" | "out" | "keepdims" | "where">(name, ["axis", "out", "keepdims"], rest, [
    "where",
  ]);
  refuseOut(given.out, name);
  return call([toArray(a, name), null, maskArray(given.where, name)], {
    axes: staticAxes(given.axis, name),
    keepdims: Boolean(given.keepdims),
  });
}

/**
 * Whether all elements along axes are true: not zero.
 *
 * @param a an array of any shape and dtype; of complex numbers the real parts count
 * @param rest axis; out (not supported); keepdims; in the options also where, a boolean array that broadcasts with `a`
 * @returns a boolean array without the axes; true where there are no elements
 * @throws {ValueError} for an axis that is not there or given twice, and a mask that is not boolean
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[true, false], [true, true]]);
 * if (String(np.all(x, { axis: 1 })) !== "[False  True]") throw new Error();
 * ```
 */
export function all(a: ArrayLike, ...rest: TruthRest): JaxArray {
  return truth(allCall, "all", a, rest);
}

/**
 * Whether any element along axes is true. The arguments are those of {@linkcode all}.
 *
 * @returns a boolean array without the axes; false where there are no elements
 * @throws {ValueError} for an axis that is not there or given twice, and a mask that is not boolean
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (!np.any(np.array([0, 0, 2])).item()) throw new Error();
 * ```
 */
export function any(a: ArrayLike, ...rest: TruthRest): JaxArray {
  return truth(anyCall, "any", a, rest);
}

const ptpCall = namedJit<[StaticAxes, boolean]>("_ptp", ([x], axes, keepdims) => {
  const greatest = reduceArray(maxKind, x!, { axes, keepdims });
  return [raw.sub(greatest, reduceArray(minKind, x!, { axes, keepdims }))];
});

/**
 * Maximum minus minimum over axes ("peak to peak").
 *
 * @param a an array of numbers
 * @param rest axis; out (not supported); keepdims
 * @returns an array of the same dtype without the axes
 * @throws {ValueError} where there are no elements, and for an axis that is not there or given twice
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.ptp(np.array([3, 9, 4])).item() !== 6) throw new Error();
 * ```
 */
export function ptp(
  a: ArrayLike,
  ...rest: OrOptions<[axis?: Axis, out?: null, keepdims?: boolean], Omit<ReduceOptions, "where">>
): JaxArray {
  const { axis, out, keepdims } = keywords("ptp", ["axis", "out", "keepdims"], rest);
  refuseOut(out, "ptp");
  return ptpCall([toArray(a, "ptp")], staticAxes(axis, "ptp"), Boolean(keepdims))[0]!;
}

const countCall = namedJit<[StaticAxes, boolean]>(
  "count_nonzero",
  ([x], axes, keepdims) => [sumOf(raw.ne(x!, 0), { axes, keepdims, dtype: defaultInt() })],
);

/**
 * Number of elements along axes that are not zero.
 *
 * @param a an array of any shape and dtype
 * @param rest axis; keepdims
 * @returns an integer array (int32; int64 with x64) without the axes
 * @throws {ValueError} for an axis that is not there or given twice
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.countNonzero(np.array([[1, 0], [2, 3]]), 1)) !== "[1 2]") throw new Error();
 * ```
 */
export function countNonzero(
  a: ArrayLike,
  ...rest: OrOptions<[axis?: Axis, keepdims?: boolean], Pick<ReduceOptions, "axis" | "keepdims">>
): JaxArray {
  const { axis, keepdims } = keywords("count_nonzero", ["axis", "keepdims"], rest);
  const x = toArray(a, "count_nonzero");
  return countCall([x], staticAxes(axis, "count_nonzero"), Boolean(keepdims))[0]!;
}
