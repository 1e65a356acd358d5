/**
 * Initializers whose variance goes by the numbers of inputs and outputs: `varianceScaling` and those named after
 * Glorot, LeCun and He.
 *
 * @module
 */
import {
  type DType,
  type DTypeLike,
  JaxArray,
  keywords,
  realDType,
  scalarArray,
  ValueError,
} from "../core/mod.ts";
import * as np from "../numpy/mod.ts";
import * as random from "../random/mod.ts";
import {
  type Axes,
  type DTypeOption,
  factor,
  type Initializer,
  initializer,
  type RealNumeric,
  sizeAlong,
} from "./_initializer.ts";

/** Which numbers of inputs and outputs the variance goes by. */
type Mode = "fan_in" | "fan_out" | "fan_avg" | "fan_geo_avg";

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
