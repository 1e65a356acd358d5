/**
 * Functions of `jax.numpy` for discrete differences, derivatives and integrals.
 *
 * @module
 */
import {
  type ArrayLike,
  broadcastTo,
  canonicalAxis,
  isBool,
  JaxArray,
  keywords,
  namedJit,
  NotImplementedError,
  raw,
  staticInteger,
  ValueError,
} from "../core/mod.ts";
import { flat, optionalJit, type OrOptions } from "./_arguments.ts";
import { axisList, moveOne, range } from "./axes.ts";
import { isHostScalar, promoteDTypes, promoteShapes, toArray, toArrays } from "./convert.ts";
import { sumOf } from "./_reduction.ts";

/** Elements `start` to the one before `n − skipped` along an axis. */
function part(x: JaxArray, start: number, skipped: number, axis: number): JaxArray {
  const from = Math.min(start, x.shape[axis]!);
  return raw.sliceInDim(x, from, Math.max(from, x.shape[axis]! - skipped), axis);
}

/** Differences of neighbours along an axis; of booleans whether they differ. */
function neighbours(x: JaxArray, axis: number): JaxArray {
  const here = part(x, 1, 0, axis), before = part(x, 0, 1, axis);
  return isBool(x.dtype) ? raw.ne(here, before) : raw.sub(here, before);
}

/** An array that goes before or after another along an axis; a scalar is one slice. */
function joined(x: JaxArray, like: JaxArray, axis: number): JaxArray {
  return x.ndim ? x : broadcastTo(x, like.shape.map((n, i) => i === axis ? 1 : n));
}

const diffCall = optionalJit<[n: number, axis: number]>("diff", ([a, prepend, append], n, axis) => {
  if (n === 0) return [a!];
  const all = [prepend && joined(prepend, a!, axis), a!, append && joined(append, a!, axis)];
  const parts = all.filter((x) => x !== null && x !== undefined) as JaxArray[];
  let x = raw.concatenate(promoteDTypes("concatenate", parts), axis);
  for (let i = 0; i < n; i++) x = neighbours(x, axis);
  return [x];
});

/** Options of {@linkcode diff}. */
export interface DiffOptions {
  /** How often to take differences (1). */
  readonly n?: number;
  /** The axis; the last by default. */
  readonly axis?: number;
  /** What goes before the array along the axis: a scalar, or an array with as many axes. */
  readonly prepend?: ArrayLike | null;
  /** What goes after the array along the axis: a scalar, or an array with as many axes. */
  readonly append?: ArrayLike | null;
}

/**
 * Differences of neighbours along an axis, n times: aᵢ₊₁ − aᵢ.
 *
 * @param a an array with at least one axis; of booleans it is whether neighbours differ
 * @param rest n, axis, prepend, append
 * @returns an array of the same dtype, n elements shorter along the axis
 * @throws {ValueError} for negative n, a scalar, and an axis that is not there
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([1, 4, 9]);
 * if (String(np.diff(x)) !== "[3. 5.]" || String(np.diff(x, 2)) !== "[2.]") throw new Error();
 * if (String(np.diff(x, { prepend: 0 })) !== "[1. 3. 5.]") throw new Error();
 * ```
 */
export function diff(
  a: ArrayLike,
  ...rest: OrOptions<
    [n?: number, axis?: number, prepend?: ArrayLike | null, append?: ArrayLike | null],
    DiffOptions
  >
): JaxArray {
  const given = keywords("diff", ["n", "axis", "prepend", "append"], rest);
  const n = staticInteger(given.n ?? 1, "the 'n' argument of jnp.diff");
  const { prepend = null, append = null } = given;
  const ends = [prepend, append].filter((x) => x !== null);
  const [x, ...others] = toArrays("diff", a, ...ends);
  if (n < 0) throw new ValueError(`order must be non-negative but got ${n}`);
  if (n > 0 && x!.ndim === 0) {
    throw new ValueError(`diff requires input that is at least one dimensional; got ${x}`);
  }
  const axis = n === 0 ? 0 : canonicalAxis(given.axis ?? -1, x!.ndim);
  const first = prepend === null ? null : others.shift()!;
  return diffCall([x!, first, append === null ? null : others.shift()!], n, axis)[0]!;
}

const ediff1dCall = optionalJit("ediff1d", ([a, end, begin]) => {
  const x = flat(a!), own = (y: JaxArray): JaxArray => flat(raw.convert(y, x.dtype));
  const middle = raw.sub(part(x, 1, 0, 0), part(x, 0, 1, 0));
  return [raw.concatenate([...(begin ? [own(begin)] : []), middle, ...(end ? [own(end)] : [])], 0)];
});

/** Options of {@linkcode ediff1d}. */
export interface Ediff1dOptions {
  /** What goes after the differences. */
  readonly toEnd?: ArrayLike | null;
  /** What goes before the differences. */
  readonly toBegin?: ArrayLike | null;
}

/**
 * Differences of neighbours in the flat array.
 *
 * @param ary an array of any shape
 * @param rest toEnd, toBegin: converted to the dtype of `ary`
 * @returns an array with one axis of the same dtype
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.ediff1d(np.array([1, 4, 9]), { toBegin: 0 })) !== "[0. 3. 5.]") throw new Error();
 * ```
 */
export function ediff1d(
  ary: ArrayLike,
  ...rest: OrOptions<[toEnd?: ArrayLike | null, toBegin?: ArrayLike | null], Ediff1dOptions>
): JaxArray {
  const { toEnd = null, toBegin = null } = keywords("ediff1d", ["toEnd", "toBegin"], rest);
  const x = toArray(ary, "ediff1d");
  const beside = (y: unknown): JaxArray | null => y === null ? null : toArrays("ediff1d", x, y)[1]!;
  return ediff1dCall([x, beside(toEnd), beside(toBegin)])[0]!;
}

/** The derivative along an axis with equal steps h: central differences inside, one-sided ones at the ends. */
function equalSteps(x: JaxArray, h: JaxArray | null, axis: number): JaxArray {
  const step = (y: JaxArray): JaxArray => h === null ? raw.div(y, 1) : raw.div(y, h);
  const n = x.shape[axis]!;
  const first = raw.sub(raw.sliceInDim(x, 1, 2, axis), raw.sliceInDim(x, 0, 1, axis));
  const last = raw.sub(raw.sliceInDim(x, n - 1, n, axis), raw.sliceInDim(x, n - 2, n - 1, axis));
  const inner = raw.mul(raw.sub(part(x, 2, 0, axis), part(x, 0, 2, axis)), 0.5);
  return raw.concatenate([step(first), step(inner), step(last)], axis);
}

/**
 * The derivative along an axis at given coordinates. Inside it is that of the parabola through three points:
 * with the steps d₁ before and d₂ after, (d₁² f₊ − d₂² f₋ + (d₂² − d₁²) f) / (d₁ d₂ (d₁ + d₂)).
 */
function unequalSteps(x: JaxArray, coordinates: JaxArray, axis: number): JaxArray {
  const n = x.shape[axis]!;
  if (coordinates.size !== n) {
    throw new ValueError(
      "Spacing arrays must have the same length as the dimension along which the gradient is calculated.",
    );
  }
  const h = raw.reshape(coordinates, x.shape.map((_, i) => i === axis ? n : 1));
  const steps = raw.sub(part(h, 1, 0, axis), part(h, 0, 1, axis));
  const changes = raw.sub(part(x, 1, 0, axis), part(x, 0, 1, axis));
  const slope = (i: number): JaxArray =>
    raw.div(raw.sliceInDim(changes, i, i + 1, axis), raw.sliceInDim(steps, i, i + 1, axis));
  const d1 = part(steps, 0, 1, axis), d2 = part(steps, 1, 0, axis), both = raw.add(d1, d2);
  const a = raw.div(raw.neg(d2), raw.mul(d1, both));
  const b = raw.div(raw.sub(d2, d1), raw.mul(d1, d2));
  const c = raw.div(d1, raw.mul(d2, both));
  const inner = raw.add(
    raw.add(raw.mul(a, part(x, 0, 2, axis)), raw.mul(b, raw.sliceInDim(x, 1, n - 1, axis))),
    raw.mul(c, part(x, 2, 0, axis)),
  );
  return raw.concatenate([slope(0), inner, slope(n - 2)], axis);
}

const gradientCall = namedJit<[axes: readonly number[]]>(
  "gradient",
  ([x, ...spacing], axes) =>
    axes.map((axis, i) => {
      const h = spacing.length === 1 ? spacing[0] : spacing[i];
      if (h === undefined || h.ndim === 0) return equalSteps(x!, h ?? null, axis);
      if (h.ndim > 1) throw new ValueError("Spacing arrays must be 1D arrays or scalars.");
      return unequalSteps(x!, h, axis);
    }),
);

/** Options of {@linkcode gradient}. */
export interface GradientOptions {
  /** One axis or several; null (the default) for all. */
  readonly axis?: number | readonly number[] | null;
  /** Not supported: at the ends differences are of first order. */
  readonly edgeOrder?: null;
}

/**
 * The gradient of sampled values: central differences inside, one-sided differences at the ends.
 *
 * @param f an array of values on a grid, with at least two elements along each axis
 * @param args the spacing: nothing (1), a number or an array of coordinates for all axes, or one for each axis; then
 * {@linkcode GradientOptions}
 * @returns the derivative along the axis, or a list of them where there are several
 * @throws {ValueError} for axes of less than two elements, and coordinates of another size
 * @throws {TypeError} for another number of spacings
 * @throws {NotImplementedError} for edgeOrder
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.gradient(np.array([1, 4, 9]))) !== "[3. 4. 5.]") throw new Error();
 * if (String(np.gradient(np.array([1, 4, 9]), 2)) !== "[1.5 2.  2.5]") throw new Error();
 * ```
 */
export function gradient(
  f: ArrayLike,
  ...args: (ArrayLike | GradientOptions)[]
): JaxArray | JaxArray[] {
  const options = args.at(-1);
  const hasOptions = options !== undefined && !(options instanceof JaxArray) && !isHostScalar(options) &&
    !ArrayBuffer.isView(options);
  const { axis = null, edgeOrder = null } = keywords<keyof GradientOptions>(
    "gradient",
    [],
    hasOptions ? [options] : [],
    ["axis", "edgeOrder"],
  );
  if (edgeOrder !== null) {
    throw new NotImplementedError("The 'edge_order' argument to jnp.gradient is not supported.");
  }
  const given = hasOptions ? args.slice(0, -1) : args;
  const [x, ...spacing] = promoteDTypes("gradient", toArrays("gradient", f, ...given), "inexact");
  const axes = axisList(axis, x!.ndim);
  if (axes.length === 0) return [];
  if (axes.some((i) => x!.shape[i]! < 2)) {
    throw new ValueError(
      "Shape of array too small to calculate a numerical gradient, at least 2 elements are required.",
    );
  }
  if (spacing.length > 1 && spacing.length !== axes.length) {
    throw new TypeError(
      `Invalid number of spacing arguments ${spacing.length} for axis=${axis === null ? "None" : axis}`,
    );
  }
  const outs = gradientCall([x!, ...spacing], axes);
  return axes.length === 1 ? outs[0]! : [...outs];
}

/** The product of two arrays that broadcast. */
function product(x: JaxArray, y: JaxArray): JaxArray {
  const [a, b] = promoteShapes("multiply", promoteDTypes("multiply", [x, y]));
  return raw.mul(a!, b!);
}

const trapezoidCall = optionalJit<[axis: number]>("trapezoid", ([values, x, dx], axis) => {
  const [y, coordinates] = promoteDTypes("trapezoid", x ? [values!, x] : [values!], "inexact");
  let steps: JaxArray;
  if (coordinates === undefined) {
    steps = dx ?? toArray(1, "trapezoid");
    if (steps.ndim > 0) {
      steps = moveOne(raw.expandDims(steps, range(Math.max(0, y!.ndim - steps.ndim))), axis, -1);
    }
  } else if (coordinates.ndim === 1) steps = diffCall([coordinates, null, null], 1, 0)[0]!;
  else {
    const at = canonicalAxis(axis, coordinates.ndim);
    steps = moveOne(diffCall([coordinates, null, null], 1, at)[0]!, at, -1);
  }
  const f = moveOne(y!, axis, -1), last = f.ndim - 1, n = f.shape[last]!;
  if (steps.ndim === 0 || steps.shape.at(-1) === 1) {
    const width = steps.ndim === 0 ? steps : raw.squeeze(steps, [steps.ndim - 1]);
    const total = sumOf(f, { axes: [last] });
    const end = (i: number): JaxArray => raw.squeeze(raw.sliceInDim(f, i, i + 1, last), [last]);
    const ends = raw.mul(0.5, raw.add(end(0), end(n - 1)));
    return [product(width, raw.sub(total, ends))];
  }
  const sums = raw.add(part(f, 1, 0, last), part(f, 0, 1, last));
  return [raw.mul(0.5, sumOf(product(steps, sums), { axes: [-1] }))];
});

/** Options of {@linkcode trapezoid}. */
export interface TrapezoidOptions {
  /** The coordinates of the values: one axis, or the shape of `y`. */
  readonly x?: ArrayLike | null;
  /** The distance of the values where there are no coordinates (1). */
  readonly dx?: ArrayLike;
  /** The axis to integrate along; the last by default. */
  readonly axis?: number;
}

/**
 * The integral along an axis by the trapezoidal rule: Σ (xᵢ₊₁ − xᵢ) (yᵢ + yᵢ₊₁) / 2.
 *
 * @param y an array of values
 * @param rest x, dx, axis
 * @returns an array of an inexact dtype without the axis
 * @throws {ValueError} when the axis is not there
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.trapezoid(np.array([1, 2, 3])).item() !== 4) throw new Error();
 * if (np.trapezoid(np.array([1, 3]), np.array([0, 2])).item() !== 4) throw new Error();
 * ```
 */
export function trapezoid(
  y: ArrayLike,
  ...rest: OrOptions<[x?: ArrayLike | null, dx?: ArrayLike, axis?: number], TrapezoidOptions>
): JaxArray {
  const { x = null, dx, axis = -1 } = keywords("trapezoid", ["x", "dx", "axis"], rest);
  const [values, coordinates] = x === null ? [toArray(y, "trapezoid")] : toArrays("trapezoid", y, x);
  const steps = x === null && dx !== undefined ? toArray(dx, "trapezoid", 2) : null;
  const at = canonicalAxis(axis, values!.ndim);
  return trapezoidCall([values!, coordinates ?? null, steps], at)[0]!;
}
