/**
 * Ranges of numbers, and grids of them.
 *
 * @module
 */
import {
  type ArrayLike,
  bool_,
  broadcastShapes,
  broadcastTo,
  canonicalAxis,
  castScalar,
  ConcretizationTypeError,
  defaultFloat,
  defaultInt,
  type DType,
  type DTypeLike,
  finfo,
  float32,
  int32,
  isComplexScalar,
  isInteger,
  JaxArray,
  keywords,
  namedJit,
  raw,
  realDType,
  resultDType,
  type Scalar,
  scalarArray,
  staticInteger,
  staticIntegers,
  toIndexArray,
  toInexact,
  tuple,
  ValueError,
  vmap,
  type WeakDType,
} from "../core/mod.ts";
import { className, isHostScalar, promoteDTypes, toArrays, weakArray } from "./_convert.ts";
import { array, type DeviceLike, onDevice, wantedDType } from "./arrays.ts";

/** The value of an argument that must be known now. */
function knownScalar(x: unknown, name: string): Scalar {
  if (isHostScalar(x)) return x;
  if (!(x instanceof JaxArray)) {
    throw new TypeError(
      `arange requires ndarray, scalar, or None arguments, got ${className(x)} for argument '${name}'`,
    );
  }
  if (x.ndim > 0) {
    throw new ValueError(`jax.numpy.arange: arguments must be scalars; got ${name}=${x}`);
  }
  if (x.concrete() === null) {
    throw new ConcretizationTypeError(
      `Abstract tracer value encountered where concrete value is expected: traced array with shape ${x.aval}\n` +
        `It arose in the jnp.arange argument '${name}'. The size of an array must be known when a function is traced: ` +
        `mark the argument static (jit's staticArgnums), or give a number`,
    );
  }
  return x.item<Scalar>();
}

/** The type that an argument of `arange` has: integral numbers are ints. */
function typeOf(x: unknown): WeakDType {
  return isHostScalar(x) ? weakArray(x, true) : x as JaxArray;
}

function constant(value: Scalar, dtype: DType): JaxArray {
  return scalarArray(castScalar(value, defaultFloat(), dtype), dtype);
}

/** Options of {@linkcode arange}. */
export interface ArangeOptions {
  readonly stop?: ArrayLike | null;
  readonly step?: ArrayLike | null;
  readonly dtype?: DTypeLike | null;
  readonly device?: DeviceLike;
}

/**
 * Numbers from `start` (0) up to but without `stop`, by `step` (1). Integral numbers make an int array.
 *
 * @param start The first number; the end, when it is the only one.
 * @param rest `stop`, `step`, the dtype, then {@linkcode ArangeOptions}.
 * @throws {ConcretizationTypeError} For a traced argument.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.arange(3)) !== "[0 1 2]" || String(np.arange(0, 1, 0.25)) !== "[0.   0.25 0.5  0.75]") throw new Error();
 * ```
 */
export function arange(
  start: ArrayLike,
  ...rest: [
    stop?: ArrayLike | null | ArangeOptions,
    step?: ArrayLike | null | ArangeOptions,
    dtype?: DTypeLike | null | ArangeOptions,
    options?: ArangeOptions,
  ]
): JaxArray {
  if (start === undefined) throw new TypeError("arange() missing 1 required positional argument: 'start'");
  const given = keywords("arange", ["stop", "step", "dtype"], rest, ["device", "outSharding"]);
  const alone = (given.stop ?? null) === null;
  const from = alone ? 0 : start, stop = alone ? start : given.stop, step = given.step ?? null;
  const values = [
    knownScalar(from, "start"),
    knownScalar(stop, "stop"),
    step === null ? 1 : knownScalar(step, "step"),
  ];
  if (values.some(isComplexScalar)) {
    throw new ValueError(
      "Passing complex start/stop/step to jnp.arange is no longer supported starting in JAX v0.10.0.",
    );
  }
  const types = (step === null ? [start, stop] : [start, stop, step]).map(typeOf);
  const dtype = wantedDType(given.dtype, "arange") ?? resultDType(types);
  const [a, b, by] = values.map(Number) as [number, number, number];
  const count = Math.ceil((b - a) / by), size = count > 0 ? count : 0;
  if (!Number.isFinite(size)) {
    throw new ValueError(`Maximum allowed size exceeded: arange of ${count} numbers`);
  }
  return onDevice(progression(values[0]!, step === null ? null : values[2]!, size, dtype), given.device);
}

/** start + step · [0, size). Narrow floats are computed in float32. */
function progression(start: Scalar, step: Scalar | null, size: number, dtype: DType): JaxArray {
  if (step === null) {
    const indices = raw.iota(dtype, [size], 0);
    return Number(start) === 0 ? indices : raw.add(constant(start, dtype), indices);
  }
  const working = dtype.kind === "float" && dtype.bits < 32 ? float32 : dtype;
  const steps = raw.mul(constant(step, working), raw.iota(working, [size], 0));
  return raw.convert(raw.add(constant(start, working), steps), dtype);
}

/** Options of {@linkcode linspace}. */
export interface LinspaceOptions {
  readonly num?: number;
  /** Whether `stop` is the last number (the default). */
  readonly endpoint?: boolean;
  /** Also give the step. */
  readonly retstep?: boolean;
  readonly dtype?: DTypeLike | null;
  /** Where the new axis goes, when the bounds are arrays. */
  readonly axis?: number;
  readonly device?: DeviceLike;
}

const spaced = namedJit(
  "_linspace",
  ([first, last], num: number, endpoint: boolean, dtypeName: DType, axis: number): JaxArray[] => {
    const dtype = dtypeName, computation = toInexact(dtype);
    const start = raw.convert(first!, computation), stop = raw.convert(last!, computation);
    const bounds = broadcastShapes([start.shape, stop.shape]);
    const at = axis < 0 ? bounds.length + axis + 1 : axis;
    const shape = bounds.toSpliced(at, 0, 1);
    const column = (x: JaxArray): JaxArray => raw.reshape(broadcastTo(x, bounds), shape);
    const div = endpoint ? num - 1 : num;
    const integral = (x: JaxArray): JaxArray => raw.convert(isInteger(dtype) ? raw.floor(x) : x, dtype);
    if (num > 1) {
      const delta = raw.div(raw.sub(stop, start), div);
      const real = finfo(computation).dtype;
      const fractions = raw.div(raw.iota(real, [div], 0), div);
      const step = raw.convert(raw.reshape(fractions, shape.map((_, i) => i === at ? div : 1)), computation);
      // Both ends are exact in this form.
      const inner = raw.add(raw.mul(column(start), raw.sub(1, step)), raw.mul(column(stop), step));
      const out = endpoint
        ? raw.concatenate([inner, raw.expandDims(broadcastTo(stop, bounds), [at])], at)
        : inner;
      return [integral(out), delta];
    }
    const delta = num === 1 && !endpoint
      ? raw.sub(stop, start)
      : raw.scalar(computation.kind === "complex" ? { re: NaN, im: 0 } : NaN, computation);
    if (num === 1) return [integral(column(start)), delta];
    return [raw.full(bounds.toSpliced(at, 0, 0), 0, dtype), delta];
  },
);

/**
 * Evenly spaced numbers between two bounds.
 *
 * @param start The first number, or an array of them.
 * @param stop The last number, or an array of them.
 * @param rest `num` (50), `endpoint` (true), `retstep` (false), the dtype (float32), the axis, then
 * {@linkcode LinspaceOptions}.
 * @returns The numbers; with `retstep` a pair of them and the step.
 * @throws {ValueError} For a negative number of samples.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.linspace(0, 1, 3)) !== "[0.  0.5 1. ]") throw new Error();
 * ```
 */
export function linspace(
  start: ArrayLike,
  stop: ArrayLike,
  num: number | undefined,
  options: LinspaceOptions & { readonly retstep: true },
): [samples: JaxArray, step: JaxArray];
export function linspace(
  start: ArrayLike,
  stop: ArrayLike,
  options: LinspaceOptions & { readonly retstep: true },
): [samples: JaxArray, step: JaxArray];
export function linspace(
  start: ArrayLike,
  stop: ArrayLike,
  num?: number | LinspaceOptions,
  endpoint?: boolean | LinspaceOptions,
  retstep?: boolean | LinspaceOptions,
  dtype?: DTypeLike | null | LinspaceOptions,
  axis?: number | LinspaceOptions,
): JaxArray;
export function linspace(
  start: ArrayLike,
  stop: ArrayLike,
  ...rest: unknown[]
): JaxArray | [JaxArray, JaxArray] {
  const names = ["num", "endpoint", "retstep", "dtype", "axis"] as const;
  const given = keywords("linspace", names, rest, ["device"]);
  const count = samples(given.num), axis = staticInteger(given.axis ?? 0, "axis");
  const bounds = toArrays("linspace", start, stop);
  const dtype = wantedDType(given.dtype, "linspace") ?? toInexact(resultDType(bounds));
  const [out, step] = spaced(bounds, count, (given.endpoint ?? true) as boolean, dtype, axis) as [
    JaxArray,
    JaxArray,
  ];
  const result = onDevice(out, given.device);
  return given.retstep ? [result, step] : result;
}

function samples(num: unknown): number {
  const count = staticInteger(num ?? 50, "num");
  if (count < 0) throw new ValueError(`Number of samples, ${count}, must be non-negative.`);
  return count;
}

/** Options of {@linkcode logspace}. */
export interface LogspaceOptions {
  readonly num?: number;
  readonly endpoint?: boolean;
  /** What is raised to the power (10). */
  readonly base?: ArrayLike;
  readonly dtype?: DTypeLike | null;
  readonly axis?: number;
}

const logSpaced = namedJit(
  "_logspace",
  ([start, stop, base], num: number, endpoint: boolean, dtype: DType, axis: number): JaxArray[] => {
    const computation = toInexact(dtype);
    const bounds = [raw.convert(start!, computation), raw.convert(stop!, computation)];
    const exponents = spaced(bounds, num, endpoint, computation, axis)[0]!;
    const [b, e] = promoteDTypes("power", [base!, exponents], "inexact") as [JaxArray, JaxArray];
    return [raw.convert(raw.pow(b, e), dtype)];
  },
);

/**
 * Numbers evenly spaced on a logarithmic scale: `base ** start` to `base ** stop`.
 *
 * @param start The first exponent, or an array of them.
 * @param stop The last exponent, or an array of them.
 * @param rest `num` (50), `endpoint` (true), `base` (10), the dtype (float32), the axis, or {@linkcode LogspaceOptions}.
 * @throws {ValueError} For a negative number of samples.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.logspace(0, 2, 3)) !== "[  1.  10. 100.]") throw new Error();
 * ```
 */
export function logspace(
  start: ArrayLike,
  stop: ArrayLike,
  ...rest: [
    num?: number | LogspaceOptions,
    endpoint?: boolean | LogspaceOptions,
    base?: ArrayLike | LogspaceOptions,
    dtype?: DTypeLike | null | LogspaceOptions,
    axis?: number | LogspaceOptions,
  ]
): JaxArray {
  const given = keywords("logspace", ["num", "endpoint", "base", "dtype", "axis"], rest);
  const count = samples(given.num), axis = staticInteger(given.axis ?? 0, "axis");
  const [first, last, base] = toArrays("logspace", start, stop, given.base ?? 10) as [
    JaxArray,
    JaxArray,
    JaxArray,
  ];
  const dtype = wantedDType(given.dtype, "logspace") ?? toInexact(resultDType([first, last]));
  return logSpaced([first, last, base], count, (given.endpoint ?? true) as boolean, dtype, axis)[0]!;
}

/** Options of {@linkcode geomspace}. */
export interface GeomspaceOptions {
  readonly num?: number;
  readonly endpoint?: boolean;
  readonly dtype?: DTypeLike | null;
  readonly axis?: number;
}

const geomSpaced = namedJit(
  "_geomspace",
  ([first, last], num: number, endpoint: boolean, dtype: DType, axis: number): JaxArray[] => {
    const computation = toInexact(dtype);
    const start = raw.convert(first!, computation), stop = raw.convert(last!, computation);
    const sign = raw.sign(start), scale = 1 / Math.LN10;
    const log10 = (x: JaxArray): JaxArray =>
      raw.mul(raw.log(x), raw.convert(raw.scalar(scale, realDType(computation)), computation));
    const exponents = [log10(raw.div(start, sign)), log10(raw.div(stop, sign))];
    const base = constant(10, computation);
    const powers = logSpaced([...exponents, base], num, endpoint, computation, 0)[0]!;
    const out = raw.mul(sign.ndim ? broadcastTo(raw.expandDims(sign, [0]), powers.shape) : sign, powers);
    const at = canonicalAxis(axis, out.ndim);
    const order = Array.from({ length: out.ndim }, (_, i) => i < at ? i + 1 : i === at ? 0 : i);
    return [raw.convert(raw.transpose(out, order), dtype)];
  },
);

/**
 * Numbers in geometric progression between two bounds.
 *
 * @param start The first number, or an array of them; not zero.
 * @param stop The last number, or an array of them; not zero.
 * @param rest `num` (50), `endpoint` (true), the dtype (float32), the axis, or {@linkcode GeomspaceOptions}.
 * @throws {ValueError} For a negative number of samples.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.geomspace(1, 100, 3).round()) !== "[  1.  10. 100.]") throw new Error();
 * ```
 */
export function geomspace(
  start: ArrayLike,
  stop: ArrayLike,
  ...rest: [
    num?: number | GeomspaceOptions,
    endpoint?: boolean | GeomspaceOptions,
    dtype?: DTypeLike | null | GeomspaceOptions,
    axis?: number | GeomspaceOptions,
  ]
): JaxArray {
  const given = keywords("geomspace", ["num", "endpoint", "dtype", "axis"], rest);
  const count = samples(given.num), axis = staticInteger(given.axis ?? 0, "axis");
  const bounds = toArrays("geomspace", start, stop);
  const dtype = wantedDType(given.dtype, "geomspace") ?? toInexact(resultDType(bounds));
  return geomSpaced(bounds, count, (given.endpoint ?? true) as boolean, dtype, axis)[0]!;
}

/** Options of {@linkcode eye}. */
export interface EyeOptions {
  /** The number of columns; by default as many as rows. */
  readonly M?: number | null;
  /** Which diagonal: above the main one when positive. */
  readonly k?: number | bigint | JaxArray;
  readonly dtype?: DTypeLike | null;
  readonly device?: DeviceLike;
}

/**
 * A matrix with ones on a diagonal and zeros elsewhere.
 *
 * @param N The number of rows.
 * @param rest The number of columns, the diagonal, the dtype (float32), or {@linkcode EyeOptions}.
 * @throws {ValueError} For negative sizes.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.eye(2)) !== "[[1. 0.]\n [0. 1.]]") throw new Error();
 * ```
 */
export function eye(
  N: number | bigint,
  ...rest: [
    M?: number | null | EyeOptions,
    k?: number | bigint | JaxArray | EyeOptions,
    dtype?: DTypeLike | null | EyeOptions,
    options?: EyeOptions,
  ]
): JaxArray {
  const { M = null, k = 0, dtype, device } = keywords("eye", ["M", "k", "dtype"], rest, ["device"]);
  const type = wantedDType(dtype, "eye") ?? defaultFloat();
  const rows = staticInteger(N, "N"), columns = M === null ? rows : staticInteger(M, "M");
  if (rows < 0 || columns < 0) {
    throw new ValueError(
      `negative dimensions are not allowed, got ${rows} and ${M === null ? "None" : columns}`,
    );
  }
  const offset = k instanceof JaxArray ? k : toIndexArray(k);
  if (offset.ndim !== 0 || !isInteger(offset.dtype)) {
    throw new ValueError(`k must be a scalar integer; got ${offset}`);
  }
  const shape = [rows, columns];
  const i = raw.iota(offset.dtype, shape, 0), j = raw.iota(offset.dtype, shape, 1);
  return onDevice(raw.convert(raw.eq(raw.add(i, offset), j), type), device);
}

/**
 * The identity matrix.
 *
 * @param n The number of rows and columns.
 * @param options The dtype (float32).
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.identity(2, np.int32)) !== "[[1 0]\n [0 1]]") throw new Error();
 * ```
 */
export function identity(
  n: number | bigint,
  ...options: [dtype?: DTypeLike | null | { readonly dtype?: DTypeLike | null }]
): JaxArray {
  const { dtype } = keywords("identity", ["dtype"], options);
  return eye(n, { dtype: dtype as DTypeLike | null });
}

/** Options of {@linkcode meshgrid}. */
export interface MeshgridOptions {
  /** `"xy"` (the default): the first two axes of the grid are exchanged; `"ij"`: in the order of the arguments. */
  readonly indexing?: "xy" | "ij";
  /** Leave axes of size 1 that broadcasting would stretch. */
  readonly sparse?: boolean;
  /** Only true. */
  readonly copy?: boolean;
}

/**
 * The coordinates of a grid: for each vector, an array of its numbers at every point.
 *
 * @param args One-dimensional arrays, then {@linkcode MeshgridOptions}.
 * @throws {ValueError} For arrays that are not one-dimensional.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [x, y] = np.meshgrid(np.arange(3), np.arange(2));
 * if (String(x) !== "[[0 1 2]\n [0 1 2]]" || String(y) !== "[[0 0 0]\n [1 1 1]]") throw new Error();
 * ```
 */
export function meshgrid(...args: (ArrayLike | MeshgridOptions)[]): JaxArray[] {
  const last = args.at(-1);
  const hasOptions = typeof last === "object" && last !== null &&
    Object.getPrototypeOf(last) === Object.prototype &&
    !isComplexScalar(last);
  const given = keywords("meshgrid", [], hasOptions ? [last] : [], ["indexing", "sparse", "copy"]);
  const { indexing = "xy", sparse = false, copy = true } = given;
  const axes = toArrays("meshgrid", ...(hasOptions ? args.slice(0, -1) : args));
  if (!copy) throw new ValueError("jax.numpy.meshgrid only supports copy=True");
  if (indexing !== "xy" && indexing !== "ij") {
    throw new ValueError(`Valid values for indexing are 'xy' and 'ij', got ${String(indexing)}`);
  }
  if (axes.some((a) => a.ndim !== 1)) {
    throw new ValueError(
      `Arguments to jax.numpy.meshgrid must be 1D, got shapes [${
        axes.map((a) => tuple(a.shape)).join(", ")
      }]`,
    );
  }
  const swap = (list: JaxArray[]): JaxArray[] =>
    indexing === "xy" && list.length >= 2 ? [list[1]!, list[0]!, ...list.slice(2)] : list;
  const ordered = swap(axes), sizes = ordered.map((a) => a.shape[0]!);
  return swap(
    ordered.map((a, i) => raw.broadcastInDim(a, sparse ? sizes.map((n, j) => j === i ? n : 1) : sizes, [i])),
  );
}

/** Options of {@linkcode indices}. */
export interface IndicesOptions {
  readonly dtype?: DTypeLike | null;
  /** One array for each axis, with size 1 on the others. */
  readonly sparse?: boolean;
}

/**
 * The indices of every element of a shape, along a new leading axis.
 *
 * @param dimensions The shape.
 * @param rest The dtype (int32), whether sparse, or {@linkcode IndicesOptions}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.indices([2, 2]).get(0)) !== "[[0 0]\n [1 1]]") throw new Error();
 * ```
 */
export function indices(
  dimensions: readonly number[],
  options: IndicesOptions & { readonly sparse: true },
): JaxArray[];
export function indices(
  dimensions: readonly number[],
  dtype?: DTypeLike | null | IndicesOptions,
  sparse?: boolean | IndicesOptions,
): JaxArray;
export function indices(dimensions: readonly number[], ...rest: unknown[]): JaxArray | JaxArray[] {
  const given = keywords("indices", ["dtype", "sparse"], rest);
  const dtype = wantedDType(given.dtype, "indices") ?? defaultInt();
  const sizes = staticIntegers(dimensions, "dimensions");
  const parts = sizes.map((n, i) =>
    raw.broadcastInDim(
      raw.iota(dtype, [n], 0),
      given.sparse ? sizes.map((m, j) => j === i ? m : 1) : sizes,
      [i],
    )
  );
  if (given.sparse) return parts;
  return parts.length ? raw.concatenate(parts.map((x) => raw.expandDims(x, [0])), 0) : array([], { dtype });
}

/**
 * A function of indices, applied to every index of a shape. It is mapped: it sees one index at a time.
 *
 * @param f From one scalar for each axis to an array.
 * @param shape The shape.
 * @param options `dtype`: of the indices (float32).
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fromfunction((i, j) => i.add(j), [2, 2], { dtype: np.int32 })) !== "[[0 1]\n [1 2]]") throw new Error();
 * ```
 */
export function fromfunction(
  f: (...index: JaxArray[]) => JaxArray,
  shape: readonly number[],
  options: { readonly dtype?: DTypeLike | null } = {},
): JaxArray {
  const { dtype = null } = keywords("fromfunction", [], [options], ["dtype"]);
  const sizes = staticIntegers(shape, "shape"), type = wantedDType(dtype, "fromfunction") ?? defaultFloat();
  let mapped = f;
  for (let i = 0; i < sizes.length; i++) {
    const inAxes = sizes.map((_, j) => j === sizes.length - 1 - i ? 0 : null);
    mapped = vmap(mapped, { inAxes });
  }
  return mapped(...sizes.map((n) => raw.iota(type, [n], 0)));
}

function triangle(dtype: DType, rows: number, columns: number, k: number): JaxArray {
  const shape = [rows, columns];
  const i = raw.add(raw.iota(int32, shape, 0), scalarArray(k, int32));
  return raw.convert(raw.ge(i, raw.iota(int32, shape, 1)), dtype);
}

/** Options of {@linkcode tri}. */
export interface TriOptions {
  readonly M?: number | null;
  readonly k?: number;
  readonly dtype?: DTypeLike | null;
}

/**
 * A matrix with ones on and below a diagonal and zeros above.
 *
 * @param N The number of rows.
 * @param rest The number of columns (as rows), the diagonal (0), the dtype (float32), or {@linkcode TriOptions}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.tri(2)) !== "[[1. 0.]\n [1. 1.]]") throw new Error();
 * ```
 */
export function tri(
  N: number,
  ...rest: [M?: number | null | TriOptions, k?: number | TriOptions, dtype?: DTypeLike | null | TriOptions]
): JaxArray {
  const { M = null, k = 0, dtype } = keywords("tri", ["M", "k", "dtype"], rest);
  const rows = staticInteger(N, "N"), columns = M === null ? rows : staticInteger(M, "M");
  return triangle(wantedDType(dtype, "tri") ?? float32, rows, columns, staticInteger(k, "k"));
}

function triangular(name: "tril" | "triu"): (m: ArrayLike, rest: readonly unknown[]) => JaxArray {
  const lower = name === "tril";
  const jitted = namedJit(name, ([m], k: number): JaxArray[] => {
    const x = m!, [rows, columns] = x.shape.slice(-2) as [number, number];
    const mask = triangle(bool_, rows, columns, lower ? k : k - 1);
    const which = broadcastTo(mask, x.shape), zeros = raw.fullLike(x, 0);
    return [lower ? raw.selectN(which, zeros, x) : raw.selectN(which, x, zeros)];
  });
  return (m, rest) => {
    const { k = 0 } = keywords(name, ["k"], rest), [x] = toArrays(name, m) as [JaxArray];
    if (x.ndim < 2) throw new ValueError(`Argument to jax.numpy.${name} must be at least 2D`);
    return jitted([x], staticInteger(k, "k"))[0]!;
  };
}

const lowerTriangle = triangular("tril"), upperTriangle = triangular("triu");

/**
 * The lower triangle of matrices; zeros above it.
 *
 * @param m Array of at least two axes.
 * @param options `k`: the last diagonal that is kept (0, the main one).
 * @throws {ValueError} For an array of fewer axes.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.tril(np.ones([2, 2]))) !== "[[1. 0.]\n [1. 1.]]") throw new Error();
 * ```
 */
export function tril(m: ArrayLike, ...options: [k?: number | { readonly k?: number }]): JaxArray {
  return lowerTriangle(m, options);
}

/**
 * The upper triangle of matrices; zeros below it.
 *
 * @param m Array of at least two axes.
 * @param options `k`: the first diagonal that is kept (0, the main one).
 * @throws {ValueError} For an array of fewer axes.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.triu(np.ones([2, 2]))) !== "[[1. 1.]\n [0. 1.]]") throw new Error();
 * ```
 */
export function triu(m: ArrayLike, ...options: [k?: number | { readonly k?: number }]): JaxArray {
  return upperTriangle(m, options);
}
