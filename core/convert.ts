/**
 * From what callers give to arrays: what counts as an array, and how bare numbers take the dtypes of arrays beside them.
 *
 * @module
 */
import { JaxArray } from "./array.ts";
import { type ConcreteArray, fromHost, scalarArray } from "./concrete.ts";
import {
  bool_,
  defaultComplex,
  defaultFloat,
  defaultInt,
  type DType,
  isInexact,
  type TypedArray,
} from "./dtypes.ts";
import { type Complex, convertScalar, isComplexScalar, parseArray, typedArrayDType } from "./host.ts";

/** What functions take for an array: an array, a number or boolean, a complex number, or a typed array. */
export type ArrayLike = JaxArray | number | bigint | boolean | Complex | TypedArray;

/** Python's name of the class of a value, for messages. */
function className(x: unknown): string {
  if (x === null || x === undefined) return "NoneType";
  if (Array.isArray(x)) return "list";
  switch (typeof x) {
    case "string":
      return "str";
    case "function":
      return "function";
    case "object": {
      const name = (x as { constructor?: { name?: string } }).constructor?.name ?? "Object";
      return name === "Object" ? "dict" : name;
    }
    default:
      return typeof x;
  }
}

/** The error for an argument that is no array: JAX's, and what to do about nested arrays. */
function notAnArray(name: string, x: unknown, position: number): TypeError {
  const hint = Array.isArray(x) ? " Make an array of it first: numpy.array(...)." : "";
  return new TypeError(
    `${name} requires ndarray or scalar arguments, got <class '${
      className(x)
    }'> at position ${position}.${hint}`,
  );
}

/** A scalar of the language. */
type HostScalar = number | bigint | boolean | Complex;

/** Whether a value is a scalar of the language. */
export function isScalar(x: unknown): x is HostScalar {
  return typeof x === "number" || typeof x === "bigint" || typeof x === "boolean" || isComplexScalar(x);
}

/** An array, or the array of a typed array; undefined for everything else. */
function asArray(x: unknown): JaxArray | undefined {
  if (x instanceof JaxArray) return x;
  return typedArrayDType(x) === undefined ? undefined : fromHost(parseArray(x));
}

/**
 * The array that one argument stands for. A number alone is a weak float, a bigint a weak int.
 *
 * @param x The argument.
 * @param name The function, for the message.
 * @param position Which argument it is, for the message.
 * @throws {TypeError} For nested arrays, strings, objects and null: they are no arrays.
 */
export function toArray(x: unknown, name: string, position = 0): JaxArray {
  const array = asArray(x);
  if (array !== undefined) return array;
  if (!isScalar(x)) throw notAnArray(name, x, position);
  return weakScalar(x, ownDType(x));
}

/** The dtype of a scalar with no array beside it. */
function ownDType(x: HostScalar): DType {
  switch (typeof x) {
    case "boolean":
      return bool_;
    case "bigint":
      return defaultInt();
    case "number":
      return defaultFloat();
    default:
      return defaultComplex();
  }
}

/** A 0-d array of a scalar; booleans are not weak. */
function weakScalar(x: HostScalar, dtype: DType): ConcreteArray {
  return scalarArray(convertScalar(x, dtype), dtype, typeof x !== "boolean");
}

/**
 * The dtype that a scalar takes beside an array of dtype `model`: that of the array if its kind can hold the scalar, as
 * a Python scalar does; an integral number counts as an int beside integers and booleans.
 */
function dtypeBeside(x: HostScalar, model: DType): DType {
  if (typeof x === "boolean") return bool_;
  if (typeof x === "object") return model.kind === "complex" ? model : defaultComplex();
  if (isInexact(model)) return model;
  const integral = typeof x === "bigint" || Number.isInteger(x);
  if (!integral) return defaultFloat();
  return model.kind === "int" || model.kind === "uint" ? model : defaultInt();
}

/** The dtype in which scalars without an array meet; booleans stay booleans. */
function commonDType(scalars: readonly HostScalar[], integers: boolean): DType {
  let dtype = defaultInt();
  for (const x of scalars) {
    if (typeof x === "object") return defaultComplex();
    if (typeof x === "number" && !(integers && Number.isInteger(x))) dtype = defaultFloat();
  }
  return dtype;
}

function liftAs(name: string, xs: readonly unknown[], integers: boolean): JaxArray[] {
  const arrays = xs.map(asArray);
  const model = arrays.find((a) => a !== undefined)?.dtype;
  const scalars = xs.map((x, i) => {
    if (arrays[i] !== undefined) return false;
    if (!isScalar(x)) throw notAnArray(name, x, i);
    return x;
  });
  const common = model ?? commonDType(scalars, integers);
  return arrays.map((a, i) => {
    if (a !== undefined) return a;
    const x = scalars[i]!;
    return weakScalar(
      x,
      typeof x === "boolean" ? bool_ : model === undefined ? common : dtypeBeside(x, model),
    );
  });
}

/**
 * The arrays that the operands of one operation stand for. Scalars are weakly typed and take the dtype of the first array
 * among the operands where its kind allows (`add(x, 1)` for any x of numbers); nothing else is promoted, the operation
 * checks that the dtypes agree. Without an array, numbers are floats, bigints ints.
 *
 * @throws {TypeError} For nested arrays, strings, objects and null: they are no arrays.
 */
export function lift(name: string, ...xs: unknown[]): JaxArray[] {
  return liftAs(name, xs, false);
}

/** As {@linkcode lift}, for operations on integers: without an array, integral numbers are ints. */
export function liftIntegers(name: string, ...xs: unknown[]): JaxArray[] {
  return liftAs(name, xs, true);
}
