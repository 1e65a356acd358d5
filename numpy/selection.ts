/**
 * Choosing elements by conditions, and limiting them to a range.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  bool_,
  broadcastArrays,
  finfo,
  int32,
  isInexact,
  isInteger,
  type JaxArray,
  keywords,
  namedJit,
  NotImplementedError,
  P,
  raw,
  ValueError,
  vmap,
} from "../core/mod.ts";
import { switch as switchBranches } from "../lax/mod.ts";
import { promote, promoteDTypes, toArray, toArrays } from "./convert.ts";
import { where as whereArrays } from "./_where.ts";
import { asarray, type NestedArrayLike } from "./arrays.ts";
import { remainder } from "./arithmetic.ts";
import { isneginf, isposinf } from "./comparison.ts";

/** Options of {@linkcode where} with one argument. */
export interface NonzeroOptions {
  /** How many indices to give; needed under jit. */
  readonly size?: number | null;
  /** What the indices are beyond the number that there are. */
  readonly fillValue?: ArrayLike | readonly ArrayLike[] | null;
}

/**
 * Elements of one array where a condition holds, and of another where it does not. With the condition alone the indices
 * where it holds, as `nonzero` gives them.
 *
 * @param condition Array of booleans; other dtypes hold where they are not zero.
 * @param x Array or scalar.
 * @param y Array or scalar.
 * @returns An array of the shape that all three broadcast to.
 * @throws {ValueError} When only one of `x` and `y` is given, and for shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(4);
 * if (String(np.where(x.gt(1), x, -1)) !== "[-1 -1  2  3]") throw new Error();
 * ```
 */
export function where(condition: ArrayLike, x: ArrayLike, y: ArrayLike): JaxArray;
export function where(condition: ArrayLike, options?: NonzeroOptions): JaxArray[];
export function where(condition: ArrayLike, ...rest: unknown[]): JaxArray | JaxArray[] {
  const { x = null, y = null, size, fillValue } = keywords("where", ["x", "y"], rest, [
    "size",
    "fillValue",
  ]) as { x?: unknown; y?: unknown } & NonzeroOptions;
  const which = toArray(condition, "where");
  if (x === null && y === null) return which.nonzero({ size: size ?? null, fillValue: fillValue ?? null });
  if (x === null || y === null) {
    throw new ValueError(
      "Either both or neither of the x and y arguments should be provided to jax.numpy.where, " +
        `got ${x === null ? "None" : x} and ${y === null ? "None" : y}.`,
    );
  }
  if (size !== undefined || fillValue !== undefined) {
    throw new ValueError("size and fill_value arguments cannot be used in three-term where function.");
  }
  return whereArrays(which, x, y);
}

/**
 * Elements of the first array whose condition holds.
 *
 * @param condlist Boolean arrays.
 * @param choicelist As many arrays or scalars.
 * @param options `default`: what is chosen where no condition holds (0).
 * @throws {ValueError} For lists of unequal lengths, or empty ones.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(5);
 * if (String(np.select([x.lt(2), x.gt(3)], [x, x.mul(10)], -1)) !== "[ 0  1 -1 -1 40]") throw new Error();
 * ```
 */
export function select(
  condlist: readonly ArrayLike[],
  choicelist: readonly ArrayLike[],
  ...options: [default_?: ArrayLike | { readonly default?: ArrayLike }]
): JaxArray {
  if (condlist.length !== choicelist.length) {
    throw new ValueError(
      `condlist must have length equal to choicelist (${condlist.length} vs ${choicelist.length})`,
    );
  }
  if (condlist.length === 0) throw new ValueError("condlist must be non-empty");
  const { default: otherwise = 0 } = keywords("select", ["default"], options);
  const values = promoteDTypes("select", toArrays("select", otherwise, ...choicelist));
  const conditions = condlist.map((c) => raw.convert(toArray(c, "select"), bool_));
  const spread = broadcastArrays([...values, ...conditions]), count = values.length;
  let result = spread[0]!;
  for (let i = count - 1; i > 0; i--) result = raw.selectN(spread[count + i - 1]!, result, spread[i]!);
  return result;
}

/** Options of {@linkcode choose}. */
export interface ChooseOptions {
  /** Out of bounds: `"raise"` (the default), `"wrap"` or `"clip"`. */
  readonly mode?: string;
  /** Not supported: arrays are immutable. */
  readonly out?: null;
}

/**
 * Elements of several arrays, chosen by an array of their numbers.
 *
 * @param a Array of integers.
 * @param choices The arrays, or one array of them.
 * @param rest {@linkcode ChooseOptions}.
 * @throws {ValueError} For a number that is no choice, and an array that is not of integers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.choose(np.array([1n, 0n]), [np.array([1, 2]), np.array([10, 20])]);
 * if (String(x) !== "[10.  2.]") throw new Error();
 * ```
 */
export function choose(
  a: ArrayLike,
  choices: ArrayLike | readonly NestedArrayLike[],
  ...rest: [out?: null | ChooseOptions, mode?: string | ChooseOptions]
): JaxArray {
  const { out = null, mode = "raise" } = keywords("choose", ["out", "mode"], rest);
  if (out !== null) throw new NotImplementedError("The 'out' argument to jnp.choose is not supported.");
  const list = Array.isArray(choices) ? choices.map((c) => asarray(c)) : [...toArray(choices, "choose", 1)];
  const count = list.length, which = chosen(toArray(a, "choose"), count, mode);
  const values = broadcastArrays([raw.convert(which, int32), ...promoteDTypes("choose", list)]);
  return raw.selectN(values[0]!, ...values.slice(1));
}

function chosen(a: JaxArray, count: number, mode: unknown): JaxArray {
  if (!isInteger(a.dtype)) throw new ValueError("`a` array must be integer typed");
  switch (mode) {
    case "raise": {
      const numbers = a.toArray<unknown>();
      if ([numbers].flat(Infinity).some((n) => Number(n) < 0 || Number(n) >= count)) {
        throw new ValueError("invalid entry in choice array");
      }
      return a;
    }
    case "wrap":
      return remainder(a, count);
    case "clip":
      return clip(a, 0, count - 1);
    default:
      throw new ValueError(`mode='${mode}' not understood. Must be 'raise', 'wrap', or 'clip'`);
  }
}

/** A constant, or a function of one element. */
// deno-lint-ignore no-explicit-any -- functions get further arguments of any kind
export type Piece = ArrayLike | ((x: JaxArray, ...args: any[]) => ArrayLike);

/**
 * A function in pieces: on the elements where a condition holds, the function that belongs to it.
 *
 * @param x Array.
 * @param condlist Boolean arrays of the shape of `x`.
 * @param funclist A constant or a function of one element for each; one more is for where none holds (else 0).
 * @param args Further arguments of the functions.
 * @throws {ValueError} For lists whose lengths do not fit.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([-2, 3]);
 * if (String(np.piecewise(x, [x.lt(0)], [(v) => v.neg(), (v) => v.mul(2)])) !== "[2. 6.]") throw new Error();
 * ```
 */
export function piecewise(
  x: ArrayLike,
  condlist: readonly NestedArrayLike[] | JaxArray,
  funclist: readonly Piece[],
  ...args: unknown[]
): JaxArray {
  const a = toArray(x, "piecewise"), conditions = [...condlist].map((c) => asarray(c, bool_));
  const nc = conditions.length, nf = funclist.length;
  if (nf !== nc && nf !== nc + 1) {
    throw new ValueError(
      `with ${nc} condition(s), either ${nc} or ${nc + 1} functions are expected; got ${nf}`,
    );
  }
  const pieces: Piece[] = [nf === nc ? 0 : funclist[nc]!, ...funclist.slice(0, nc)];
  const branches = pieces.map((piece) => (v: JaxArray): JaxArray =>
    raw.convert(toArray(typeof piece === "function" ? piece(v, ...args) : piece, "piecewise"), a.dtype)
  );
  const spread = broadcastArrays([a, ...conditions]);
  // The last condition that holds decides.
  const index = conditions.reduce(
    (at, _, i) => raw.selectN(spread[i + 1]!, at, raw.fullLike(at, i + 1)),
    raw.full(spread[0]!.shape, 0, int32),
  );
  const size = [index.size], flat = (v: JaxArray): JaxArray => raw.reshape(v, size);
  const apply = vmap((i: JaxArray, v: JaxArray): JaxArray => switchBranches(i, branches, v));
  return raw.reshape(apply(flat(index), flat(spread[0]!)), spread[0]!.shape);
}

const complexValues =
  "Clip received a complex value either through the input or the min/max keywords. Complex values " +
  "have no ordering and cannot be clipped. Please convert to a real value or array by taking the real or imaginary " +
  "components via jax.numpy.real/imag respectively.";

const clipped = namedJit("clip", ([x, ...bounds], hasMin: boolean, hasMax: boolean): JaxArray[] => {
  let result = x!;
  if (hasMin) result = bind1(P.max, promote("clip", bounds[0], result));
  if (hasMax) result = bind1(P.min, promote("clip", bounds.at(-1), result));
  return [result];
});

/** Options of {@linkcode clip}. */
export interface ClipOptions {
  /** The least value, or null. */
  readonly min?: ArrayLike | null;
  /** The greatest value, or null. */
  readonly max?: ArrayLike | null;
}

/**
 * Elements limited to a range.
 *
 * @param arr Array or scalar of real numbers.
 * @param rest `min` and `max`, either of which may be null, or {@linkcode ClipOptions}.
 * @throws {ValueError} For complex numbers.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.clip(np.arange(5), 1, 3)) !== "[1 1 2 3 3]") throw new Error();
 * ```
 */
export function clip(
  arr: ArrayLike,
  ...rest: [min?: ArrayLike | null | ClipOptions, max?: ArrayLike | null | ClipOptions]
): JaxArray {
  if (arr === null || arr === undefined) throw new ValueError("No input was provided to the clip function.");
  const { min = null, max = null } = keywords("clip", ["min", "max"], rest);
  const xs = toArrays("clip", ...[arr, min, max].filter((v) => v !== null));
  if (xs.some((v) => v.dtype.kind === "complex")) throw new ValueError(complexValues);
  return clipped(xs, min !== null, max !== null)[0]!;
}

/** Options of {@linkcode nanToNum}. */
export interface NanToNumOptions {
  readonly copy?: boolean;
  /** What stands for NaN (0). */
  readonly nan?: ArrayLike;
  /** What stands for infinity; by default the greatest number of the dtype. */
  readonly posinf?: ArrayLike | null;
  /** What stands for negative infinity; by default the least number of the dtype. */
  readonly neginf?: ArrayLike | null;
}

const finite = namedJit("nan_to_num", ([x, ...values], given: string): JaxArray[] => {
  const a = x!;
  if (a.dtype.kind === "complex") {
    const part = (v: JaxArray): JaxArray => finite([v, ...values], given)[0]!;
    return [raw.complex(part(raw.real(a)), part(raw.imag(a)))];
  }
  const info = finfo(a.dtype), names = given.split(",");
  const value = (name: string, otherwise: number): JaxArray => {
    const i = names.indexOf(name);
    return i < 0 ? raw.scalar(otherwise, a.dtype) : raw.convert(values[i]!, a.dtype);
  };
  let out = whereArrays(raw.ne(a, a), value("nan", 0), a);
  out = whereArrays(isposinf(out), value("posinf", info.max), out);
  return [whereArrays(isneginf(out), value("neginf", info.min), out)];
});

/**
 * NaN and infinities replaced by numbers.
 *
 * @param x Array or scalar; exact dtypes as they are.
 * @param rest `copy` (which makes no difference), `nan` (0), `posinf`, `neginf`, or {@linkcode NanToNumOptions}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.nanToNum(np.array([1, NaN, Infinity]), { posinf: 9 })) !== "[1. 0. 9.]") throw new Error();
 * ```
 */
export function nanToNum(
  x: ArrayLike,
  ...rest: [
    copy?: boolean | NanToNumOptions,
    nan?: ArrayLike | NanToNumOptions,
    posinf?: ArrayLike | null | NanToNumOptions,
    neginf?: ArrayLike | null | NanToNumOptions,
  ]
): JaxArray {
  const given = keywords("nan_to_num", ["copy", "nan", "posinf", "neginf"], rest);
  const a = toArray(x, "nan_to_num");
  if (!isInexact(a.dtype)) return a;
  const names = (["nan", "posinf", "neginf"] as const).filter((name) => (given[name] ?? null) !== null);
  return finite([a, ...names.map((name) => toArray(given[name], "nan_to_num"))], names.join(","))[0]!;
}
