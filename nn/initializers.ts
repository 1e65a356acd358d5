/**
 * jax.nn.initializers: functions that make an {@linkcode Initializer}, which draws initial weights from a key.
 *
 * The options of each may be given by position, in JAX's order, or in one object.
 *
 * @module
 */
import { type ArrayLike, type DTypeLike, type JaxArray, keywords } from "../core/mod.ts";
import * as np from "../numpy/mod.ts";
import * as random from "../random/mod.ts";
import {
  dtypeOf,
  type DTypeOption,
  factor,
  type Initializer,
  initializer,
  type InitializerOptions,
  type RealNumeric,
  type Shape,
} from "./_initializer.ts";

export type { DTypeOption, Initializer, InitializerOptions };
export * from "./orthogonal.ts";
export * from "./variance_scaling.ts";

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
