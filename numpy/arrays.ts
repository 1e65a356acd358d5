/**
 * Arrays from values: `array`, `asarray`, `copy`, `astype`.
 *
 * @module
 */
import {
  type ArrayLike,
  bind1,
  bool_,
  canonicalizeDType,
  ConcreteArray,
  convertScalar,
  defaultComplex,
  defaultFloat,
  defaultInt,
  type Device,
  devices,
  type DType,
  type DTypeLike,
  fromHost,
  type HostArray,
  isComplexScalar,
  JaxArray,
  keywords,
  NotImplementedError,
  P,
  parseArray,
  raw,
  requestedDType,
  resultType,
  scalarArray,
  setScalarConstructor,
  staticInteger,
  Tracer,
  tuple,
  type TypedArray,
  typedArrayDType,
  ValueError,
  type WeakDType,
} from "../core/mod.ts";
import { isHostScalar, toArray } from "./convert.ts";

/** Values that make an array: scalars, typed arrays, arrays, and nested JS arrays of these. */
export type NestedArrayLike = ArrayLike | readonly NestedArrayLike[];

/** A device, the name of a platform, or none. */
export type DeviceLike = Device | string | null;

/** Options of {@linkcode array}. */
export interface ArrayOptions {
  /** The dtype; by default that of the values. */
  readonly dtype?: DTypeLike | null;
  /** Whether an array is copied (the default). */
  readonly copy?: boolean | null;
  /** Only `"K"`: arrays have one order. */
  readonly order?: string | null;
  /** The least number of axes; missing ones are put in front. */
  readonly ndmin?: number;
  /** Where the array is put. */
  readonly device?: DeviceLike;
}

/** The array committed to a device; null leaves it where it is. */
export function onDevice(x: JaxArray, device: unknown): JaxArray {
  if (device === undefined || device === null || !(x instanceof ConcreteArray)) return x;
  return x.putOn(typeof device === "string" ? devices(device)[0]! : device as Device);
}

/** The dtype that a caller asks for, or undefined. */
export function wantedDType(dtype: unknown, name: string): DType | undefined {
  return dtype === undefined || dtype === null ? undefined : requestedDType(dtype as DTypeLike, name);
}

const readArray = (x: unknown): HostArray | undefined =>
  x instanceof ConcreteArray
    ? { shape: [...x.shape], dtype: x.dtype, weakType: x.weakType, data: x.dataSync() }
    : undefined;

/** Whether nested values hold an array whose elements the host does not have: a traced one, or a key. */
function needsStacking(x: unknown): boolean {
  if (Array.isArray(x)) return x.some(needsStacking);
  return x instanceof JaxArray &&
    (x instanceof Tracer || x.dtype.num < 0 || (x as ConcreteArray).device.platform !== "cpu");
}

function leavesOf(x: unknown): unknown[] {
  return Array.isArray(x) ? x.flatMap(leavesOf) : [x];
}

/** The dtype in which nested values meet; beside arrays, integral numbers are ints. */
function commonDType(leaves: readonly unknown[]): DType {
  const exact = leaves.every((x) => typeof x !== "number" || Number.isInteger(x));
  const types = leaves.map((x): WeakDType => {
    if (x instanceof JaxArray) return x;
    switch (typeof x) {
      case "boolean":
        return { dtype: bool_, weakType: false };
      case "bigint":
        return { dtype: defaultInt(), weakType: true };
      case "number":
        return { dtype: exact ? defaultInt() : defaultFloat(), weakType: true };
      default:
        return isComplexScalar(x)
          ? { dtype: defaultComplex(), weakType: true }
          : { dtype: toArray(x, "array").dtype, weakType: false };
    }
  });
  return resultType(types).dtype;
}

/** Nested values with traced arrays among them, put together along new axes. */
function stacked(x: unknown, dtype: DType): JaxArray {
  if (!Array.isArray(x)) {
    return isHostScalar(x)
      ? scalarArray(convertScalar(x, dtype), dtype)
      : raw.convert(toArray(x, "array"), dtype);
  }
  let parts = x.map((item) => stacked(item, dtype));
  const odd = parts.find((p) => tuple(p.shape) !== tuple(parts[0]!.shape));
  if (odd !== undefined) {
    throw new ValueError(
      "setting an array element with a sequence. The requested array has an inhomogeneous shape: items of shapes " +
        `${tuple(parts[0]!.shape)} and ${tuple(odd.shape)}`,
    );
  }
  parts = parts.map((p) => raw.expandDims(p, [0]));
  // One concatenation of very many operands is slow to compile: a tree of them is not.
  const fan = 16;
  while (parts.length > fan) {
    const groups: JaxArray[] = [];
    for (let i = 0; i < parts.length; i += fan) groups.push(raw.concatenate(parts.slice(i, i + fan), 0));
    parts = groups;
  }
  return raw.concatenate(parts, 0);
}

function makeArray(object: unknown, dtype: DType | undefined, copy: boolean, name: string): JaxArray {
  if (object instanceof JaxArray) {
    const x = dtype === undefined ? object : raw.convert(object, dtype);
    return copy && x === object ? bind1(P.copy, [x]) : x;
  }
  if (Array.isArray(object) && needsStacking(object)) {
    return stacked(object, dtype ?? commonDType(leavesOf(object)));
  }
  if (object === undefined) {
    throw new TypeError(`${name}() missing 1 required positional argument: 'object'`);
  }
  return fromHost(parseArray(object, dtype, undefined, readArray));
}

/**
 * An array of values. A number makes a weakly typed scalar; numbers are float32 (float64 with x64), bigints int32,
 * booleans bool; typed arrays keep their dtype.
 *
 * @param object A scalar, a typed array, an array, or nested JS arrays of these.
 * @param options The dtype, then {@linkcode ArrayOptions}.
 * @throws {ValueError} For nested arrays of unequal lengths, and null.
 * @throws {OverflowError} For an integer that does not fit.
 * @throws {TypeError} For values of other kinds.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[1, 2], [3, 4]], { dtype: np.int32 });
 * if (String(x) !== "[[1 2]\n [3 4]]" || np.array([1n, 2n]).dtype !== np.int32) throw new Error();
 * ```
 */
export function array(
  object: NestedArrayLike,
  ...options: [dtype?: DTypeLike | null | ArrayOptions, options?: ArrayOptions]
): JaxArray {
  return parsed("array", object, options, true);
}

/**
 * The array of values: an array of the same dtype is returned as it is, the rest as by {@linkcode array}.
 *
 * @param a A scalar, a typed array, an array, or nested JS arrays of these.
 * @param options The dtype, then {@linkcode ArrayOptions}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(3);
 * if (np.asarray(x) !== x) throw new Error();
 * ```
 */
export function asarray(
  a: NestedArrayLike,
  ...options: [dtype?: DTypeLike | null | ArrayOptions, options?: ArrayOptions]
): JaxArray {
  return parsed("asarray", a, options, false);
}

function parsed(name: string, object: unknown, options: readonly unknown[], copies: boolean): JaxArray {
  const names = copies ? ["dtype", "copy", "order", "ndmin"] as const : ["dtype", "order"] as const;
  const given = keywords(name, names, options, ["copy", "order", "ndmin", "device", "outSharding"]) as {
    readonly [K in keyof ArrayOptions]?: unknown;
  };
  const { order, ndmin = 0 } = given;
  if (order !== undefined && order !== null && order !== "K" && !(order === "C" && !copies)) {
    throw new NotImplementedError("Only implemented for order='K'");
  }
  const copy = given.copy === undefined || given.copy === null ? copies : Boolean(given.copy);
  const x = makeArray(object, wantedDType(given.dtype, name), copy, name);
  const missing = staticInteger(ndmin, "ndmin") - x.ndim;
  const padded = missing > 0 ? raw.expandDims(x, Array.from({ length: missing }, (_, i) => i)) : x;
  return onDevice(padded, given.device);
}

/**
 * A copy of an array.
 *
 * @param a Array, scalar or nested JS arrays.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.arange(3), y = np.copy(x);
 * if (x === y || String(y) !== "[0 1 2]") throw new Error();
 * ```
 */
export function copy(
  a: ArrayLike,
  ...options: [order?: string | null | { readonly order?: string | null }]
): JaxArray {
  const { order } = keywords("copy", ["order"], options);
  return array(toArray(a, "copy"), { copy: true, order: order as string | null });
}

/** Options of {@linkcode astype}. */
export interface AstypeOptions {
  /** Whether an array that has the dtype is copied. */
  readonly copy?: boolean;
  readonly device?: DeviceLike;
}

/**
 * An array in another dtype: floats are cut for integers and saturate, integers wrap, NaN becomes 0.
 *
 * @param x Array or scalar.
 * @param dtype The dtype; null for the default float.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.astype(np.array([1.7, -1.7]), np.int32)) !== "[ 1 -1]") throw new Error();
 * ```
 */
export function astype(x: ArrayLike, dtype: DTypeLike | null, options: AstypeOptions = {}): JaxArray {
  const { copy = false, device } = keywords("astype", ["copy", "device"], [options]);
  const a = toArray(x, "astype"), to = wantedDType(dtype, "astype") ?? defaultFloat();
  if (to.num < 0 && to !== a.dtype) {
    throw new TypeError(`Cannot convert an array of dtype ${a.dtype.name} to ${to.name} in astype`);
  }
  // A complex number is true when either part is not zero.
  const result = a.dtype.kind === "complex" && to === bool_ ? raw.ne(a, 0) : raw.convert(a, to);
  return onDevice(copy ? bind1(P.copy, [result]) : result, device);
}

/**
 * A complex scalar, weakly typed as a number is.
 *
 * @param re The real part.
 * @param im The imaginary part.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.complex(1, 2).mul(np.complex(0, 1))) !== "(-2+1j)") throw new Error();
 * ```
 */
export function complex(re: number, im = 0): JaxArray {
  return fromHost(parseArray({ re, im }));
}

/** Whether a value can be iterated over: an array with axes, or a JS iterable. */
export function iterable(y: unknown): boolean {
  if (y instanceof JaxArray) return y.ndim > 0;
  return y !== null && y !== undefined && Symbol.iterator in Object(y);
}

/**
 * Whether a value is a scalar: a number, bigint, boolean, complex number or string, or an array without axes.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (!np.isscalar(3) || np.isscalar([3]) || np.isscalar(np.ones(1))) throw new Error();
 * ```
 */
export function isscalar(element: unknown): boolean {
  if (element instanceof JaxArray) return element.ndim === 0;
  return isHostScalar(element) || typeof element === "string";
}

/** The shape of an array, or of nested JS arrays. */
function shapeOf(a: unknown, name: string): readonly number[] {
  if (typeof a === "object" && a !== null && "shape" in a && Array.isArray(a.shape)) return a.shape;
  if (Array.isArray(a)) return parseArray(a, undefined, name, readArray).shape;
  return typedArrayDType(a) === undefined ? toArray(a, name).shape : [(a as TypedArray).length];
}

/** The sizes of the axes of an array. */
export function shape(a: NestedArrayLike | { readonly shape: readonly number[] }): number[] {
  return [...shapeOf(a, "shape")];
}

/** The number of axes of an array. */
export function ndim(a: NestedArrayLike | { readonly shape: readonly number[] }): number {
  return shapeOf(a, "ndim").length;
}

/**
 * The number of elements of an array, or along some of its axes.
 *
 * @throws {ValueError} For an axis that the array does not have.
 */
export function size(
  a: NestedArrayLike | { readonly shape: readonly number[] },
  ...options: [
    axis?: number | readonly number[] | null | { readonly axis?: number | readonly number[] | null },
  ]
): number {
  const { axis } = keywords("size", ["axis"], options), sizes = shapeOf(a, "size");
  const axes = axis === undefined || axis === null ? sizes.map((_, i) => i) : [axis].flat();
  return axes.reduce((n: number, item) => {
    const i = staticInteger(item, "axis"), at = i < 0 ? i + sizes.length : i;
    if (!(at in sizes)) {
      throw new ValueError(`axis ${i} is out of bounds for array of dimension ${sizes.length}`);
    }
    return n * sizes[at]!;
  }, 1);
}

setScalarConstructor((value, dtype) => {
  const wanted = canonicalizeDType(dtype) === dtype ? dtype : requestedDType(dtype, dtype.name);
  if (typeof value === "string") {
    throw new ValueError(`could not convert string to ${dtype.kind}: '${value}'`);
  }
  if (value instanceof JaxArray) return astype(value, wanted);
  return makeArray(value, wanted, false, dtype.name);
});
