/**
 * Arguments that must be known when a program is traced: shapes, axes, integers, options.
 *
 * @module
 */
import { JaxArray } from "./array.ts";
import { tuple } from "./avals.ts";
import { ConcreteArray, fromHost, scalarArray } from "./concrete.ts";
import { bool_, defaultInt, isInteger } from "./dtypes.ts";
import { checkOptions, TracerIntegerConversionError, ValueError } from "./errors.ts";
import { isComplexScalar, parseArray, typedArrayDType } from "./host.ts";
import * as raw from "./raw.ts";
import { Tracer } from "./trace.ts";

/** Python's text of a static argument, for messages. */
function text(x: unknown): string {
  if (Array.isArray(x)) return tuple(x.map(text));
  if (x === null) return "None";
  return x instanceof JaxArray ? x.toString() : typeof x === "bigint" ? `${x}` : String(x);
}

/** An integer that stands for itself, or undefined. */
function plainInteger(x: unknown): number | undefined {
  if (typeof x === "number") return Number.isInteger(x) ? x : undefined;
  if (typeof x === "bigint") return Number(x);
  if (!(x instanceof JaxArray) || x.ndim !== 0 || !isInteger(x.dtype)) return undefined;
  const concrete = x instanceof Tracer ? x.concrete() : x;
  return concrete instanceof ConcreteArray ? Number(concrete.dataSync()[0]) : undefined;
}

/**
 * A static integer: an integer-valued number, a bigint, or a concrete 0-d integer array.
 *
 * @param what the argument in words, for the message
 * @throws {TracerIntegerConversionError} when it is traced
 * @throws {TypeError} when it is no integer
 */
export function staticInteger(x: unknown, what: string): number {
  const n = plainInteger(x);
  if (n !== undefined) return n;
  if (x instanceof Tracer) {
    throw new TracerIntegerConversionError(
      `The __index__() method was called on traced array with shape ${x.aval} (${what}). It must be known when the ` +
        `function is traced: mark the argument static with jit's staticArgnums, or give a number`,
    );
  }
  throw new TypeError(`${what} must be an integer, got ${text(x)}`);
}

/**
 * A shape: an integer or a list of them.
 *
 * @throws {TypeError} with JAX's message for anything else, tracers included
 */
export function canonicalShape(shape: unknown): number[] {
  const list = Array.isArray(shape)
    ? shape
    : typedArrayDType(shape) !== undefined
    ? Array.from(shape as Int32Array)
    : typeof shape === "number" || typeof shape === "bigint" || shape instanceof JaxArray && shape.ndim === 0
    ? [shape]
    : null;
  const sizes = list?.map(plainInteger);
  if (sizes && !sizes.includes(undefined)) return sizes as number[];
  const hint = list?.some((n) => n instanceof Tracer)
    ? " If using `jit`, try using `staticArgnums` or applying `jit` to smaller subfunctions."
    : "";
  const got = list ? tuple(list.map(text)) : text(shape);
  throw new TypeError(`Shapes must be 1D sequences of concrete values of integer type, got ${got}.${hint}`);
}

/**
 * An axis counted from the front.
 *
 * @throws {ValueError} when the array has no such axis
 */
export function canonicalAxis(axis: unknown, ndim: number): number {
  const n = staticInteger(axis, "axis");
  if (n >= -ndim && n < ndim) return n < 0 ? n + ndim : n;
  throw new ValueError(`axis ${n} is out of bounds for array of dimension ${ndim}`);
}

/** A list of static integers. */
export function staticIntegers(list: unknown, what: string): number[] {
  if (typedArrayDType(list) !== undefined) return Array.from(list as Int32Array);
  if (list instanceof JaxArray && list.ndim === 1 && !(list instanceof Tracer) && isInteger(list.dtype)) {
    return Array.from((list as ConcreteArray).dataSync() as Int32Array, Number);
  }
  if (!Array.isArray(list)) throw new TypeError(`${what} must be a list of integers, got ${text(list)}`);
  return list.map((x) => staticInteger(x, `each of ${what}`));
}

/** The hint for a number that became a float array because it was an argument of a transformed function. */
const floatHint = ". Numbers given to a transformed function are floats: mark the argument static " +
  "(jit's staticArgnums), or pass np.int32(i) or a bigint such as 1n";

/** What JAX says of an index that is no integer; `dtype` is the indexer's. */
export function indexerTypeError(dtype: string, weak: boolean): TypeError {
  return new TypeError(
    `Indexer must have integer or boolean type, got indexer with type ${dtype}${weak ? floatHint : ""}`,
  );
}

/**
 * An array of integers or booleans: an array, an integer-valued number, a boolean, or nested arrays of these.
 *
 * @throws {TypeError} when it holds anything but integers or booleans
 */
export function toIndexArray(x: unknown): JaxArray {
  if (x instanceof JaxArray) {
    if (isInteger(x.dtype) || x.dtype === bool_) return x;
    throw indexerTypeError(x.dtype.name, x.weakType && x.ndim === 0);
  }
  if (typeof x === "number" || typeof x === "bigint") {
    if (typeof x === "number" && !Number.isInteger(x)) throw indexerTypeError("float64", false);
    return scalarArray(typeof x === "bigint" ? Number(x) : x, defaultInt());
  }
  if (typeof x === "boolean") return scalarArray(x, bool_);
  if (Array.isArray(x)) {
    if (hasArrays(x)) return stacked(x.map(toIndexArray));
    const all = leaves(x);
    if (all.every((leaf) => typeof leaf === "boolean") && all.length > 0) {
      return fromHost(parseArray(x, bool_));
    }
    if (
      all.every((leaf) => typeof leaf === "bigint" || Number.isInteger(leaf) || typeof leaf === "boolean")
    ) {
      return fromHost(parseArray(x, defaultInt()));
    }
    throw indexerTypeError("float32", false);
  }
  const dtype = typedArrayDType(x);
  if (dtype !== undefined) {
    if (isInteger(dtype)) return fromHost(parseArray(x));
    throw indexerTypeError(dtype.name, false);
  }
  throw new TypeError(`wanted integers, got ${text(x)}`);
}

const leaves = (x: unknown): unknown[] => Array.isArray(x) ? x.flatMap(leaves) : [x];
const hasArrays = (x: unknown): boolean => Array.isArray(x) ? x.some(hasArrays) : x instanceof JaxArray;

/** Arrays of one shape along a new leading axis, in the first's dtype. */
function stacked(parts: readonly JaxArray[]): JaxArray {
  const dtype = parts.find((p) => p instanceof Tracer)?.dtype ?? parts[0]!.dtype;
  return raw.concatenate(parts.map((p) => raw.expandDims(raw.convert(p, dtype), [0])), 0);
}

/** A plain object, as options are; a complex scalar is none. */
function isOptions(x: unknown): x is Record<string, unknown> {
  if (typeof x !== "object" || x === null || isComplexScalar(x)) return false;
  const prototype = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
}

/**
 * The optional arguments of a call by name: each may be given in its position, or in one options object at the end.
 *
 * @param fn the function's name
 * @param names the optional positional parameters, in order
 * @param given what the caller gave from the first optional parameter on
 * @param only names of parameters that only the options object has
 * @throws {TypeError} for an unknown name, or one that is given twice
 */
export function keywords<K extends string>(
  fn: string,
  names: readonly K[],
  given: readonly unknown[],
  only: readonly K[] = [],
): { readonly [N in K]?: unknown } {
  const result: { [N in K]?: unknown } = {};
  let count = given.length;
  while (count > 0 && given[count - 1] === undefined) count--;
  const last = count > 0 ? given[count - 1] : undefined;
  if (isOptions(last)) {
    count--;
    checkOptions(fn, last, [...names, ...only]);
    for (const name in last) {
      const position = names.indexOf(name as K);
      if (position >= 0 && position < count) {
        throw new TypeError(`${fn}() got multiple values for argument '${name}'`);
      }
      if (last[name] !== undefined) result[name as K] = last[name];
    }
  }
  if (count > names.length) {
    throw new TypeError(
      `${fn}() takes at most ${names.length} optional arguments (${names.join(", ")}), got ${count}`,
    );
  }
  for (let i = 0; i < count; i++) if (given[i] !== undefined) result[names[i]!] = given[i];
  return result;
}
