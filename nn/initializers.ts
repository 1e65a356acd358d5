/**
 * jax.nn.initializers: functions that make an {@linkcode Initializer}, which draws initial weights from a key.
 *
 * The options of each may be given by position, in JAX's order, or in one object.
 *
 * @module
 */
import {
  type ArrayLike,
  canonicalShape,
  defaultFloat,
  type DType,
  type DTypeLike,
  errors,
  JaxArray,
  keywords,
  realDType,
  requestedDType,
  scalarArray,
  staticInteger,
  staticIntegers,
  ValueError,
} from "../core/mod.ts";
import * as np from "../numpy/mod.ts";
import * as random from "../random/mod.ts";

/** A size, or a list of sizes. */
type Shape = number | readonly number[];

/** A real number, or a 0-d array. */
type RealNumeric = number | JaxArray;

/** Options of an {@linkcode Initializer}. */
export interface InitializerOptions {
  /** The dtype of the weights; by default the one given to the function that made the initializer, else float32. */
  readonly dtype?: DTypeLike | null;
}

/** Draws weights of a shape and dtype. */
export type Initializer = (
  key: random.KeyLike,
  shape: Shape,
  ...rest: [dtype?: DTypeLike | null | InitializerOptions]
) => JaxArray;

/** Options that every maker of initializers has. */
export interface DTypeOption {
  /** The dtype of the weights where the initializer is given none. */
  readonly dtype?: DTypeLike | null;
}

function dtypeOf(name: string, ...choices: readonly unknown[]): DType {
  const wanted = choices.find((dtype) => dtype !== undefined && dtype !== null);
  return wanted === undefined ? defaultFloat() : requestedDType(wanted as DTypeLike, name);
}

/** An initializer from a function of a checked shape and dtype. */
function initializer(
  name: string,
  dtype: unknown,
  init: (key: random.KeyLike, shape: readonly number[], dtype: DType) => JaxArray,
): Initializer {
  return (key, shape, ...rest) => {
    const given = keywords(name, ["dtype"], rest);
    return init(key, canonicalShape(shape), dtypeOf(name, given.dtype, dtype));
  };
}

/** A factor in the dtype of what it multiplies. */
const factor = (scale: unknown, dtype: DType): JaxArray => np.asarray(scale as RealNumeric, dtype);

/**
 * Weights that are all 0; the key is ignored.
 *
 * @param key A key.
 * @param shape The shape of the result.
 * @param rest dtype (float32)
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * if (String(nn.initializers.zeros(random.key(0), [2])) !== "[0. 0.]") throw new Error();
 * ```
 */
export function zeros(
  _key: random.KeyLike,
  shape: Shape,
  ...rest: [dtype?: DTypeLike | null | InitializerOptions]
): JaxArray {
  return np.zeros(shape, { dtype: dtypeOf("zeros", keywords("zeros", ["dtype"], rest).dtype) });
}

/**
 * Weights that are all 1; the key is ignored.
 *
 * @param key A key.
 * @param shape The shape of the result.
 * @param rest dtype (float32)
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * if (String(nn.initializers.ones(random.key(0), [2])) !== "[1. 1.]") throw new Error();
 * ```
 */
export function ones(
  _key: random.KeyLike,
  shape: Shape,
  ...rest: [dtype?: DTypeLike | null | InitializerOptions]
): JaxArray {
  return np.ones(shape, { dtype: dtypeOf("ones", keywords("ones", ["dtype"], rest).dtype) });
}

/** Options of {@linkcode constant}. */
export interface ConstantOptions extends DTypeOption {
  /** The value of every weight; an array broadcasts to the shape. */
  readonly value?: ArrayLike;
}

/**
 * Weights of one value.
 *
 * @param rest value, dtype
 * @throws {TypeError} Without a value.
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * if (String(nn.initializers.constant(-7)(random.key(0), [2])) !== "[-7. -7.]") throw new Error();
 * ```
 */
export function constant(
  ...rest: [
    value: ArrayLike | ConstantOptions,
    dtype?: DTypeLike | null | ConstantOptions,
    options?: ConstantOptions,
  ]
): Initializer {
  const { value, dtype } = keywords("constant", ["value", "dtype"], rest);
  if (value === undefined) throw new TypeError("constant() missing 1 required positional argument: 'value'");
  return initializer(
    "constant",
    dtype,
    (_key, shape, dtype) => np.full(shape, value as ArrayLike, { dtype }),
  );
}

/** Options of {@linkcode uniform}. */
export interface UniformOptions extends DTypeOption {
  /** The upper limit. */
  readonly scale?: RealNumeric;
}

/**
 * Weights uniform in [0, scale).
 *
 * @param rest scale (0.01), dtype (a float)
 * @throws {ValueError} When called for a dtype that is no float.
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * const w = nn.initializers.uniform(10)(random.key(42), [2, 3]);
 * if (w.min().item() < 0 || w.max().item() >= 10 || w.max().item() < 1) throw new Error();
 * ```
 */
export function uniform(
  ...rest: [
    scale?: RealNumeric | UniformOptions,
    dtype?: DTypeLike | null | UniformOptions,
    options?: UniformOptions,
  ]
): Initializer {
  const { scale = 0.01, dtype } = keywords("uniform", ["scale", "dtype"], rest);
  return initializer(
    "uniform",
    dtype,
    (key, shape, dtype) => np.multiply(random.uniform(key, shape, dtype), factor(scale, dtype)),
  );
}

/** Options of {@linkcode normal}. */
export interface NormalOptions extends DTypeOption {
  /** The standard deviation. */
  readonly stddev?: RealNumeric;
}

/**
 * Normal weights of mean 0.
 *
 * @param rest stddev (0.01), dtype (a float or complex one)
 * @throws {ValueError} When called for another dtype.
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * const w = nn.initializers.normal({ stddev: 5 })(random.key(42), [1000]);
 * if (Math.abs(w.std().item() - 5) > 0.5) throw new Error();
 * ```
 */
export function normal(
  ...rest: [
    stddev?: RealNumeric | NormalOptions,
    dtype?: DTypeLike | null | NormalOptions,
    options?: NormalOptions,
  ]
): Initializer {
  const { stddev = 0.01, dtype } = keywords("normal", ["stddev", "dtype"], rest);
  return initializer(
    "normal",
    dtype,
    (key, shape, dtype) => np.multiply(random.normal(key, shape, dtype), factor(stddev, dtype)),
  );
}

/** Options of {@linkcode truncatedNormal}. */
export interface TruncatedNormalOptions extends NormalOptions {
  /** The lower bound, before the multiplication by the standard deviation. */
  readonly lower?: RealNumeric;
  /** The upper bound, before the multiplication by the standard deviation. */
  readonly upper?: RealNumeric;
}

/**
 * Normal weights on condition that they lie between bounds. `stddev` is the standard deviation before that.
 *
 * @param rest stddev (0.01), dtype (a float), lower (-2), upper (2)
 * @throws {ValueError} When called for a dtype that is no float.
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * const w = nn.initializers.truncatedNormal(5)(random.key(42), [100]);
 * if (w.min().item() <= -10 || w.max().item() >= 10) throw new Error();
 * ```
 */
export function truncatedNormal(
  ...rest: [
    stddev?: RealNumeric | TruncatedNormalOptions,
    dtype?: DTypeLike | null | TruncatedNormalOptions,
    lower?: RealNumeric | TruncatedNormalOptions,
    upper?: RealNumeric | TruncatedNormalOptions,
    options?: TruncatedNormalOptions,
  ]
): Initializer {
  const { stddev = 0.01, dtype, lower = -2, upper = 2 } = keywords(
    "truncated_normal",
    ["stddev", "dtype", "lower", "upper"],
    rest,
  );
  return initializer("truncated_normal", dtype, (key, shape, dtype) =>
    np.multiply(
      random.truncatedNormal(key, lower as RealNumeric, upper as RealNumeric, shape, dtype),
      factor(stddev, dtype),
    ));
}

/** Which numbers of inputs and outputs the variance goes by. */
type Mode = "fan_in" | "fan_out" | "fan_avg" | "fan_geo_avg";

/** One axis or several. */
type Axes = number | readonly number[];

/** Options of the initializers that go by the numbers of inputs and outputs. */
export interface FanOptions extends DTypeOption {
  /** The axes of inputs; -2 by default. */
  readonly inAxis?: Axes;
  /** The axes of outputs; -1 by default. */
  readonly outAxis?: Axes;
  /** Axes that do not count; none by default. The rest are the receptive field of a convolution. */
  readonly batchAxis?: Axes;
}

/** Options of {@linkcode varianceScaling}. */
export interface VarianceScalingOptions extends FanOptions {
  /** The variance, times the number that `mode` names. */
  readonly scale?: RealNumeric;
  /** The inputs, the outputs, or their arithmetic or geometric mean. */
  readonly mode?: Mode;
  readonly distribution?: "truncated_normal" | "normal" | "uniform";
}

/** The product of the sizes of axes. */
function sizeAlong(name: string, shape: readonly number[], axes: unknown): number {
  const list = Array.isArray(axes) ? staticIntegers(axes, name) : [staticInteger(axes, name)];
  return list.reduce((product, axis) => {
    const size = shape.at(axis);
    if (size === undefined || axis < -shape.length) {
      throw new errors.IndexError(
        `${name} ${axis} is out of range for a weights tensor of rank ${shape.length}`,
      );
    }
    return product * size;
  }, 1);
}

/** Numbers of inputs and outputs of one unit of a linear or convolutional layer. */
function fans(
  shape: readonly number[],
  { inAxis = -2, outAxis = -1, batchAxis = [] }: FanOptions,
): [fanIn: number, fanOut: number] {
  if (inAxis === -2 && shape.length <= 1) {
    throw new ValueError(
      `Can't compute input and output sizes of a ${shape.length}-dimensional weights tensor with default in_axis. ` +
        "Must be at least 2D or specify in_axis explicitly.",
    );
  }
  const inputs = sizeAlong("in_axis", shape, inAxis), outputs = sizeAlong("out_axis", shape, outAxis);
  const batch = sizeAlong("batch_axis", shape, batchAxis);
  if (inputs * outputs * batch === 0) {
    throw new ValueError(
      `Can't compute input and output sizes of a weights tensor of shape (${shape}): it is empty`,
    );
  }
  const field = shape.reduce((a, b) => a * b, 1) / inputs / outputs / batch;
  return [inputs * field, outputs * field];
}

function denominatorOf(mode: unknown, fanIn: number, fanOut: number): number {
  switch (mode) {
    case "fan_in":
      return fanIn;
    case "fan_out":
      return fanOut;
    case "fan_avg":
      return (fanIn + fanOut) / 2;
    case "fan_geo_avg":
      return Math.sqrt(fanIn * fanOut);
    default:
      throw new ValueError(`invalid mode for variance scaling initializer: ${String(mode)}`);
  }
}

/** Complex numbers of random moduli and angles. */
function polar(
  key: random.KeyLike,
  shape: readonly number[],
  dtype: DType,
  modulus: (u: JaxArray) => JaxArray,
): JaxArray {
  const keys = random.split(key), real = realDType(dtype);
  const draw = (i: number): JaxArray => random.uniform(keys.get(i), shape, real);
  const r = modulus(draw(0)), theta = np.multiply(2 * Math.PI, draw(1).astype(dtype));
  return np.multiply(r, np.exp(np.multiply(scalarArray({ re: 0, im: 1 }, dtype), theta)));
}

/** Complex numbers uniform in a disk, of mean 0 and variance 1. */
function complexUniform(key: random.KeyLike, shape: readonly number[], dtype: DType): JaxArray {
  return polar(key, shape, dtype, (u) => np.sqrt(np.multiply(2, u)).astype(dtype));
}

/** Complex normal numbers of mean 0 and variance 1, on condition that their modulus is at most a bound. */
function complexTruncatedNormal(
  key: random.KeyLike,
  upper: number,
  shape: readonly number[],
  dtype: DType,
): JaxArray {
  return polar(key, shape, dtype, (u) => {
    const inside = np.subtract(1, np.exp(factor(-(upper ** 2), dtype)));
    return np.sqrt(np.negative(np.log(np.subtract(1, np.multiply(inside, u.astype(dtype))))));
  });
}

/** Standard deviations of standard normal numbers, real and complex, truncated to a modulus of 2. */
const truncatedDeviation = { real: 0.87962566103423978, complex: 0.95311164380491208 };

function scaled(
  distribution: unknown,
  key: random.KeyLike,
  shape: readonly number[],
  dtype: DType,
  variance: JaxArray,
): JaxArray {
  const real = dtype.kind === "float";
  switch (distribution) {
    case "truncated_normal": {
      const own = factor(real ? truncatedDeviation.real : truncatedDeviation.complex, dtype);
      const deviation = np.divide(np.sqrt(variance), own);
      const sample = real
        ? random.truncatedNormal(key, -2, 2, shape, dtype)
        : complexTruncatedNormal(key, 2, shape, dtype);
      return np.multiply(sample, deviation);
    }
    case "normal":
      return np.multiply(random.normal(key, shape, dtype), np.sqrt(variance));
    case "uniform":
      return real
        ? np.multiply(random.uniform(key, shape, dtype, -1), np.sqrt(np.multiply(3, variance)))
        : np.multiply(complexUniform(key, shape, dtype), np.sqrt(variance));
    default:
      throw new ValueError(`invalid distribution for variance scaling initializer: ${String(distribution)}`);
  }
}

type VarianceRest = [
  scale: RealNumeric | VarianceScalingOptions,
  mode?: Mode | VarianceScalingOptions,
  distribution?: "truncated_normal" | "normal" | "uniform" | VarianceScalingOptions,
  inAxis?: Axes | VarianceScalingOptions,
  outAxis?: Axes | VarianceScalingOptions,
  batchAxis?: Axes | VarianceScalingOptions,
  dtype?: DTypeLike | null | VarianceScalingOptions,
  options?: VarianceScalingOptions,
];

/**
 * Weights of variance scale / n, where n is the number of inputs (`"fan_in"`), of outputs (`"fan_out"`), or their
 * arithmetic (`"fan_avg"`) or geometric (`"fan_geo_avg"`) mean.
 *
 * They are normal, truncated to two standard deviations (`"truncated_normal"`) or not (`"normal"`), or uniform: in an
 * interval about 0, or in a disk for complex dtypes.
 *
 * @param rest scale, mode, distribution, inAxis (-2), outAxis (-1), batchAxis (none), dtype
 * @throws {ValueError} When called: for an unknown mode or distribution, and for a shape whose inputs and outputs are
 * not known.
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * const init = nn.initializers.varianceScaling(1, "fan_in", "normal");
 * const w = init(random.key(0), [100, 50]);
 * if (Math.abs(w.std().item() - 0.1) > 0.01) throw new Error();
 * ```
 */
export function varianceScaling(...rest: VarianceRest): Initializer {
  const names = ["scale", "mode", "distribution", "inAxis", "outAxis", "batchAxis", "dtype"] as const;
  const given = keywords("variance_scaling", names, rest);
  for (const name of names.slice(0, 3)) {
    if (given[name] === undefined) {
      throw new TypeError(`variance_scaling() missing 1 required positional argument: '${name}'`);
    }
  }
  const { scale, mode, distribution } = given;
  return initializer("variance_scaling", given.dtype, (key, shape, dtype) => {
    const [fanIn, fanOut] = fans(shape, given as FanOptions), n = denominatorOf(mode, fanIn, fanOut);
    const ratio = scale instanceof JaxArray ? np.divide(scale, n) : scale as number / n;
    return scaled(distribution, key, shape, dtype, factor(ratio, dtype));
  });
}

type FanRest = [
  inAxis?: Axes | FanOptions,
  outAxis?: Axes | FanOptions,
  batchAxis?: Axes | FanOptions,
  dtype?: DTypeLike | null | FanOptions,
  options?: FanOptions,
];

function fanScaled(
  name: string,
  scale: number,
  mode: Mode,
  distribution: "truncated_normal" | "uniform",
  rest: FanRest,
): Initializer {
  const given = keywords(name, ["inAxis", "outAxis", "batchAxis", "dtype"], rest);
  return varianceScaling({ scale, mode, distribution, ...given as FanOptions });
}

/**
 * Glorot's uniform weights, of variance 1 / mean(inputs, outputs). `xavierUniform` is another name of it.
 *
 * See Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks".
 *
 * @param rest inAxis (-2), outAxis (-1), batchAxis (none), dtype
 * @throws {ValueError} When called for a shape of fewer than two axes with the default inAxis.
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * const w = nn.initializers.glorotUniform()(random.key(0), [3, 3]);
 * if (w.abs().max().item() > 1) throw new Error();
 * ```
 */
export function glorotUniform(...rest: FanRest): Initializer {
  return fanScaled("glorot_uniform", 1, "fan_avg", "uniform", rest);
}

/**
 * Glorot's normal weights, truncated, of variance 1 / mean(inputs, outputs). `xavierNormal` is another name of it.
 *
 * See Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks".
 *
 * @param rest inAxis (-2), outAxis (-1), batchAxis (none), dtype
 * @throws {ValueError} When called for a shape of fewer than two axes with the default inAxis.
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * const w = nn.initializers.glorotNormal()(random.key(0), [100, 100]);
 * if (Math.abs(w.std().item() - 0.1) > 0.01) throw new Error();
 * ```
 */
export function glorotNormal(...rest: FanRest): Initializer {
  return fanScaled("glorot_normal", 1, "fan_avg", "truncated_normal", rest);
}

/**
 * LeCun's uniform weights, of variance 1 / inputs.
 *
 * See LeCun et al. 1998, "Efficient BackProp".
 *
 * @param rest inAxis (-2), outAxis (-1), batchAxis (none), dtype
 * @throws {ValueError} When called for a shape of fewer than two axes with the default inAxis.
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * const w = nn.initializers.lecunUniform()(random.key(0), [3, 3]);
 * if (w.abs().max().item() > 1) throw new Error();
 * ```
 */
export function lecunUniform(...rest: FanRest): Initializer {
  return fanScaled("lecun_uniform", 1, "fan_in", "uniform", rest);
}

/**
 * LeCun's normal weights, truncated, of variance 1 / inputs.
 *
 * See LeCun et al. 1998, "Efficient BackProp".
 *
 * @param rest inAxis (-2), outAxis (-1), batchAxis (none), dtype
 * @throws {ValueError} When called for a shape of fewer than two axes with the default inAxis.
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * const w = nn.initializers.lecunNormal()(random.key(0), [100, 50]);
 * if (Math.abs(w.std().item() - 0.1) > 0.01) throw new Error();
 * ```
 */
export function lecunNormal(...rest: FanRest): Initializer {
  return fanScaled("lecun_normal", 1, "fan_in", "truncated_normal", rest);
}

/**
 * He's uniform weights, of variance 2 / inputs. `kaimingUniform` is another name of it.
 *
 * See He et al. 2015, "Delving Deep into Rectifiers".
 *
 * @param rest inAxis (-2), outAxis (-1), batchAxis (none), dtype
 * @throws {ValueError} When called for a shape of fewer than two axes with the default inAxis.
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * const w = nn.initializers.heUniform()(random.key(0), [6, 3]);
 * if (w.abs().max().item() > 1) throw new Error();
 * ```
 */
export function heUniform(...rest: FanRest): Initializer {
  return fanScaled("he_uniform", 2, "fan_in", "uniform", rest);
}

/**
 * He's normal weights, truncated, of variance 2 / inputs. `kaimingNormal` is another name of it.
 *
 * See He et al. 2015, "Delving Deep into Rectifiers".
 *
 * @param rest inAxis (-2), outAxis (-1), batchAxis (none), dtype
 * @throws {ValueError} When called for a shape of fewer than two axes with the default inAxis.
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * const w = nn.initializers.heNormal()(random.key(0), [200, 50]);
 * if (Math.abs(w.std().item() - 0.1) > 0.01) throw new Error();
 * ```
 */
export function heNormal(...rest: FanRest): Initializer {
  return fanScaled("he_normal", 2, "fan_in", "truncated_normal", rest);
}

export {
  glorotNormal as xavierNormal,
  glorotUniform as xavierUniform,
  heNormal as kaimingNormal,
  heUniform as kaimingUniform,
};

/** Options of {@linkcode orthogonal} and {@linkcode deltaOrthogonal}. */
export interface OrthogonalOptions extends DTypeOption {
  /** A factor. */
  readonly scale?: RealNumeric;
  /** The axis of the columns; -1 by default. */
  readonly columnAxis?: number;
}

type OrthogonalRest = [
  scale?: RealNumeric | OrthogonalOptions,
  columnAxis?: number | OrthogonalOptions,
  dtype?: DTypeLike | null | OrthogonalOptions,
  options?: OrthogonalOptions,
];

/** A matrix with orthonormal rows or columns, whichever are fewer, in a shape. */
function orthogonalArray(
  key: random.KeyLike,
  shape: readonly number[],
  dtype: DType,
  scale: unknown,
  columnAxis: number,
): JaxArray {
  if (shape.length < 2) throw new ValueError("orthogonal initializer requires at least a 2D shape");
  if (shape.includes(0)) return np.zeros(shape, { dtype });
  const columns = sizeAlong("column_axis", shape, columnAxis);
  const rows = shape.reduce((a, b) => a * b, 1) / columns;
  const at = columnAxis < 0 ? columnAxis + shape.length : columnAxis;
  const q = random.orthogonal(key, rows, { shape: [], dtype, m: columns });
  const split = np.reshape(q, [...shape.filter((_, i) => i !== at), columns]);
  return np.multiply(factor(scale, dtype), np.moveaxis(split, -1, at));
}

function orthogonalArguments(
  name: string,
  rest: OrthogonalRest,
): [scale: unknown, columnAxis: number, dtype: unknown] {
  const given = keywords(name, ["scale", "columnAxis", "dtype"], rest);
  return [given.scale ?? 1, staticInteger(given.columnAxis ?? -1, `column_axis of ${name}`), given.dtype];
}

/**
 * Weights that are uniform orthogonal matrices: the rows or the columns, whichever are fewer, are orthonormal. The
 * axes but `columnAxis` together are the rows.
 *
 * See Saxe et al. 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks".
 *
 * @param rest scale (1), columnAxis (-1), dtype
 * @throws {ValueError} When called for a shape of fewer than two axes.
 *
 * @example
 * ```ts
 * import { nn, numpy as np, random } from "@jaxlet/jaxlet";
 * const w = nn.initializers.orthogonal()(random.key(0), [3, 3]);
 * if (!np.allclose(w.matmul(w.T), np.eye(3), { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function orthogonal(...rest: OrthogonalRest): Initializer {
  const [scale, columnAxis, dtype] = orthogonalArguments("orthogonal", rest);
  return initializer(
    "orthogonal",
    dtype,
    (key, shape, dtype) => orthogonalArray(key, shape, dtype, scale, columnAxis),
  );
}

/**
 * Kernels of convolutions that are an orthogonal matrix at their middle and 0 elsewhere, so that the convolution keeps
 * norms.
 *
 * See Xiao et al. 2018, "Dynamical Isometry and a Mean Field Theory of CNNs".
 *
 * @param rest scale (1), columnAxis (-1), dtype
 * @throws {ValueError} When called for a shape of other than 3 to 5 axes, or with more inputs than outputs.
 *
 * @example
 * ```ts
 * import { nn, random } from "@jaxlet/jaxlet";
 * const w = nn.initializers.deltaOrthogonal()(random.key(0), [3, 2, 2]);
 * if (w.get(0).abs().sum().item() !== 0 || w.get(1).abs().sum().item() < 1) throw new Error();
 * ```
 */
export function deltaOrthogonal(...rest: OrthogonalRest): Initializer {
  const [scale, columnAxis, dtype] = orthogonalArguments("delta_orthogonal", rest);
  return initializer("delta_orthogonal", dtype, (key, shape, dtype) => {
    if (shape.length < 3 || shape.length > 5) {
      throw new ValueError("Delta orthogonal initializer requires a 3D, 4D or 5D shape.");
    }
    const [inputs, outputs] = shape.slice(-2) as [number, number];
    if (outputs < inputs) throw new ValueError("`fan_in` must be less or equal than `fan_out`. ");
    const matrix = orthogonalArray(key, [inputs, outputs], dtype, scale, columnAxis);
    const middle = shape.slice(0, -2).map((n) => Math.floor((n - 1) / 2));
    return np.zeros(shape, { dtype }).at(...middle, "...").set(matrix);
  });
}
