/**
 * What initializers of weights have in common.
 *
 * @module
 */
import {
  canonicalShape,
  defaultFloat,
  type DType,
  type DTypeLike,
  errors,
  type JaxArray,
  keywords,
  requestedDType,
  staticInteger,
  staticIntegers,
} from "../core/mod.ts";
import * as np from "../numpy/mod.ts";
import type * as random from "../random/mod.ts";

/** A size, or a list of sizes. */
export type Shape = number | readonly number[];

/** A real number, or a 0-d array. */
export type RealNumeric = number | JaxArray;

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

/** The first dtype that is given; the default float where none is. */
export function dtypeOf(name: string, ...choices: readonly unknown[]): DType {
  const wanted = choices.find((dtype) => dtype !== undefined && dtype !== null);
  return wanted === undefined ? defaultFloat() : requestedDType(wanted as DTypeLike, name);
}

/** An initializer from a function of a checked shape and dtype. */
export function initializer(
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
export function factor(scale: unknown, dtype: DType): JaxArray {
  return np.asarray(scale as RealNumeric, dtype);
}

/** One axis or several. */
export type Axes = number | readonly number[];

/** The product of the sizes of axes. */
export function sizeAlong(name: string, shape: readonly number[], axes: unknown): number {
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
