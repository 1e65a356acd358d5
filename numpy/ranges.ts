/**
 * Ranges of numbers.
 *
 * @module
 */
import {
  type ArrayLike,
  broadcastShapes,
  broadcastTo,
  canonicalAxis,
  castScalar,
  ConcretizationTypeError,
  defaultFloat,
  type DType,
  type DTypeLike,
  finfo,
  float32,
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
  toInexact,
  ValueError,
  type WeakDType,
} from "../core/mod.ts";
import { className, isHostScalar, promoteDTypes, toArrays, weakArray } from "./convert.ts";
import { type DeviceLike, onDevice, wantedDType } from "./arrays.ts";

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
