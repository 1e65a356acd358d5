/**
 * Arrays from nothing but a shape and a value.
 *
 * @module
 */
import {
  type ArrayLike,
  broadcastTo,
  canonicalShape,
  castScalar,
  defaultFloat,
  type DType,
  type DTypeLike,
  type JaxArray,
  keywords,
  raw,
  scalarArray,
  type ShapeDtypeStruct,
} from "../core/mod.ts";
import { asarray, type DeviceLike, type NestedArrayLike, onDevice, wantedDType } from "./arrays.ts";
import { isHostScalar, toArray, weakArray } from "./convert.ts";

/** The sizes of the axes: one integer, or a list of them. */
export type ShapeLike = number | bigint | JaxArray | readonly (number | bigint | JaxArray)[];

/** Options of the functions that make an array of a shape. */
export interface FullOptions {
  readonly dtype?: DTypeLike | null;
  readonly device?: DeviceLike;
  /** Make the result weakly typed, as a number is. */
  readonly weakType?: boolean;
}

/** Options of the functions that make an array like another. */
export interface LikeOptions extends FullOptions {
  readonly shape?: ShapeLike | null;
}

/** What has a shape and a dtype. */
export type Prototype = ArrayLike | ShapeDtypeStruct | {
  readonly shape: readonly number[];
  readonly dtype: DType;
};

/** One value everywhere. */
function filled(shape: readonly number[], value: JaxArray): JaxArray {
  return shape.length === 0 ? value : raw.broadcastInDim(value, shape, []);
}

const fullOptions = ["device", "outSharding", "weakType"] as const;

function constantArray(name: string, shape: unknown, value: number, rest: readonly unknown[]): JaxArray {
  if (typeof rest[0] === "number" && typeof shape === "number") {
    throw new TypeError(
      `Cannot interpret '${rest[0]}' as a data type.\n\nDid you accidentally write np.${name}(${shape}, ${
        rest[0]
      }) ` +
        `when you meant np.${name}([${shape}, ${rest[0]}]), i.e. with a single list for the shape?`,
    );
  }
  const { dtype, device, weakType } = keywords(name, ["dtype"], rest, fullOptions);
  const type = wantedDType(dtype, name) ?? defaultFloat();
  const element = scalarArray(castScalar(value, type, type), type, Boolean(weakType));
  return onDevice(filled(canonicalShape(shape), element), device);
}

/**
 * An array of zeros.
 *
 * @param shape The sizes of its axes.
 * @param options The dtype (float32), then {@linkcode FullOptions}.
 * @throws {TypeError} For sizes that are negative, fractions or traced.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.zeros([2, 2], np.int32)) !== "[[0 0]\n [0 0]]") throw new Error();
 * ```
 */
export function zeros(
  shape: ShapeLike,
  ...options: [dtype?: DTypeLike | null | FullOptions, options?: FullOptions]
): JaxArray {
  return constantArray("zeros", shape, 0, options);
}

/**
 * An array of ones.
 *
 * @param shape The sizes of its axes.
 * @param options The dtype (float32), then {@linkcode FullOptions}.
 * @throws {TypeError} For sizes that are negative, fractions or traced.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.ones(3)) !== "[1. 1. 1.]") throw new Error();
 * ```
 */
export function ones(
  shape: ShapeLike,
  ...options: [dtype?: DTypeLike | null | FullOptions, options?: FullOptions]
): JaxArray {
  return constantArray("ones", shape, 1, options);
}

/**
 * An array whose elements do not matter: zeros, as in JAX.
 *
 * @param shape The sizes of its axes.
 * @param options The dtype (float32), then {@linkcode FullOptions}.
 * @throws {TypeError} For sizes that are negative, fractions or traced.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.empty([2, 3]).size !== 6) throw new Error();
 * ```
 */
export function empty(
  shape: ShapeLike,
  ...options: [dtype?: DTypeLike | null | FullOptions, options?: FullOptions]
): JaxArray {
  return constantArray("empty", shape, 0, options);
}

/** A fill value in a dtype, or in its own. */
function fillValue(value: unknown, dtype: DType | undefined, weakType: boolean, name: string): JaxArray {
  const x = isHostScalar(value) ? weakArray(value, false) : toArray(value, name, 1);
  return dtype === undefined ? x : raw.convert(x, dtype, weakType);
}

/**
 * An array of one value.
 *
 * @param shape The sizes of its axes.
 * @param fillValue A scalar, or an array that broadcasts to the shape.
 * @param options The dtype (that of the value), then {@linkcode FullOptions}.
 * @throws {ValueError} When the value does not broadcast to the shape.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.full([3], 2.5)) !== "[2.5 2.5 2.5]") throw new Error();
 * ```
 */
export function full(
  shape: ShapeLike,
  fillValue: NestedArrayLike,
  ...options: [dtype?: DTypeLike | null | FullOptions, options?: FullOptions]
): JaxArray {
  const { dtype, device } = keywords("full", ["dtype"], options, fullOptions);
  const value = fill("full", fillValue, wantedDType(dtype, "full"), false);
  return onDevice(broadcastTo(value, canonicalShape(shape)), device);
}

function fill(name: string, value: unknown, dtype: DType | undefined, weakType: boolean): JaxArray {
  return fillValue(Array.isArray(value) ? asarray(value) : value, dtype, weakType, name);
}

function likeArray(name: string, prototype: unknown, value: unknown, rest: readonly unknown[]): JaxArray {
  const given = keywords(name, ["dtype", "shape"], rest, fullOptions);
  const isModel = typeof prototype === "object" && prototype !== null && "shape" in prototype &&
    "dtype" in prototype;
  const model = isModel ? prototype as JaxArray : toArray(prototype, name);
  const asked = wantedDType(given.dtype, name);
  const weakType = asked === undefined && Boolean(model.weakType);
  const shape = given.shape === undefined || given.shape === null ? model.shape : canonicalShape(given.shape);
  const element = fill(name, value, asked ?? model.dtype, weakType);
  return onDevice(broadcastTo(element, shape), given.device);
}

/**
 * Zeros with the shape and dtype of an array.
 *
 * @param a An array, or anything with a shape and a dtype.
 * @param options Another dtype, another shape, then {@linkcode LikeOptions}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.zerosLike(np.arange(3))) !== "[0 0 0]") throw new Error();
 * ```
 */
export function zerosLike(
  a: Prototype,
  ...options: [
    dtype?: DTypeLike | null | LikeOptions,
    shape?: ShapeLike | null | LikeOptions,
    options?: LikeOptions,
  ]
): JaxArray {
  return likeArray("zeros_like", a, 0, options);
}

/**
 * Ones with the shape and dtype of an array.
 *
 * @param a An array, or anything with a shape and a dtype.
 * @param options Another dtype, another shape, then {@linkcode LikeOptions}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.onesLike(np.arange(3))) !== "[1 1 1]") throw new Error();
 * ```
 */
export function onesLike(
  a: Prototype,
  ...options: [
    dtype?: DTypeLike | null | LikeOptions,
    shape?: ShapeLike | null | LikeOptions,
    options?: LikeOptions,
  ]
): JaxArray {
  return likeArray("ones_like", a, 1, options);
}

/**
 * An array with the shape and dtype of another, whose elements do not matter: zeros.
 *
 * @param prototype An array, or anything with a shape and a dtype.
 * @param options Another dtype, another shape, then {@linkcode LikeOptions}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.emptyLike(np.arange(3)).dtype !== np.int32) throw new Error();
 * ```
 */
export function emptyLike(
  prototype: Prototype,
  ...options: [
    dtype?: DTypeLike | null | LikeOptions,
    shape?: ShapeLike | null | LikeOptions,
    options?: LikeOptions,
  ]
): JaxArray {
  return likeArray("empty_like", prototype, 0, options);
}

/**
 * One value with the shape and dtype of an array.
 *
 * @param a An array, or anything with a shape and a dtype.
 * @param fillValue A scalar, or an array that broadcasts to the shape.
 * @param options Another dtype, another shape, then {@linkcode LikeOptions}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fullLike(np.arange(3), 7)) !== "[7 7 7]") throw new Error();
 * ```
 */
export function fullLike(
  a: Prototype,
  fillValue: NestedArrayLike,
  ...options: [
    dtype?: DTypeLike | null | LikeOptions,
    shape?: ShapeLike | null | LikeOptions,
    options?: LikeOptions,
  ]
): JaxArray {
  return likeArray("full_like", a, fillValue, options);
}
