/**
 * Universal functions: elementwise functions of two operands that can also reduce, accumulate and combine arrays.
 *
 * @module
 */
import {
  type ArrayLike,
  type Axis,
  bool_,
  broadcastShapes,
  broadcastTo,
  canonicalAxis,
  type DType,
  type DTypeLike,
  evalShape,
  type Index,
  int32,
  JaxArray,
  keywords,
  NotImplementedError,
  raw,
  scalarArray,
  ShapeDtypeStruct,
  staticInteger,
  toIndexArray,
  tuple,
  ValueError,
} from "../core/mod.ts";
import { foriLoop } from "../lax/mod.ts";
import { moveOne } from "./axes.ts";
import { type HostScalar, isHostScalar, toArray, weakArray } from "./convert.ts";
import type { NoOptions } from "./_ufunc.ts";
import { select } from "./_where.ts";
import { asarray, type NestedArrayLike, wantedDType } from "./arrays.ts";
import { take } from "./take.ts";
import { vectorize } from "./vectorize.ts";

/** Options of `reduce`. */
export interface UfuncReduceOptions {
  /** The axis to reduce (0), or null for all. */
  readonly axis?: Axis;
  readonly dtype?: DTypeLike | null;
  readonly keepdims?: boolean;
  /** What the reduction begins with. */
  readonly initial?: ArrayLike | null;
  /** Which elements count. */
  readonly where?: ArrayLike | null;
  readonly out?: null;
}

/** Options of `accumulate` and `reduceat`. */
export interface UfuncAxisOptions {
  readonly axis?: number;
  readonly dtype?: DTypeLike | null;
  readonly out?: null;
}

/** What universal functions can do beside being called. */
export interface UfuncMethods {
  /** How many operands there are. */
  readonly nin: number;
  /** How many results there are. */
  readonly nout: number;
  /** How many operands and results a call can name. */
  readonly nargs: number;
  /** What does not change the other operand, or null. */
  readonly identity: HostScalar | null;
  /** All elements along an axis combined, one after the other. */
  reduce(
    a: ArrayLike,
    axis?: Axis | UfuncReduceOptions,
    dtype?: DTypeLike | null | UfuncReduceOptions,
    out?: null | UfuncReduceOptions,
    keepdims?: boolean | UfuncReduceOptions,
  ): JaxArray;
  /** The partial results of a reduction along an axis. */
  accumulate(a: ArrayLike, axis?: number | UfuncAxisOptions, options?: UfuncAxisOptions): JaxArray;
  /** Each element of one array combined with each of another. */
  outer(a: ArrayLike, b: ArrayLike): JaxArray;
  /** The array with elements at an index combined with values, repeated indices several times. */
  at(
    a: ArrayLike,
    indices: Index | readonly Index[],
    b: ArrayLike | null | undefined,
    options: { readonly inplace: false },
  ): JaxArray;
  /** Reductions of the parts that begin at these indices. */
  reduceat(
    a: ArrayLike,
    indices: NestedArrayLike,
    axis?: number | UfuncAxisOptions,
    options?: UfuncAxisOptions,
  ): JaxArray;
}

/** A universal function of two operands. */
export type BinaryUfunc =
  & ((x1: ArrayLike, x2: ArrayLike, options?: NoOptions) => JaxArray)
  & UfuncMethods;

/** A universal function of one operand. */
export type UnaryUfunc = ((x: ArrayLike, options?: NoOptions) => JaxArray) & UfuncMethods;

// deno-lint-ignore no-explicit-any -- functions of any number of arrays
type ElementFunction = (...xs: any[]) => any;

/** How a universal function does its work where it does not do it element by element. */
export interface UfuncSpec {
  readonly nin: number;
  readonly nout: number;
  readonly identity: HostScalar | null;
  readonly reduce?: (a: JaxArray, options: UfuncReduceOptions) => JaxArray;
  readonly accumulate?: (a: JaxArray, options: UfuncAxisOptions) => JaxArray;
  readonly at?: (a: JaxArray, indices: readonly Index[], b: JaxArray) => JaxArray;
}

/** Gives an elementwise function the methods of universal functions. */
export function ufunc<F extends ElementFunction>(f: F, name: string, spec: UfuncSpec): F & UfuncMethods {
  const { nin, nout, identity } = spec;
  const check = (method: string): void => {
    if (nin !== 2) throw new ValueError(`${method} only supported for binary ufuncs`);
    if (nout !== 1) throw new ValueError(`${method} only supported for functions returning a single value`);
  };
  const noOut = (method: string, out: unknown): void => {
    if ((out ?? null) !== null) throw new NotImplementedError(`out argument of ${name}.${method}()`);
  };
  const methods: UfuncMethods = {
    nin,
    nout,
    nargs: nin,
    identity,
    reduce(a, ...rest) {
      check("reduce");
      const names = ["axis", "dtype", "out", "keepdims", "initial", "where"] as const;
      const given = keywords(`${name}.reduce`, names, rest) as UfuncReduceOptions;
      noOut("reduce", given.out);
      const x = toArray(a, `${name}.reduce`),
        options = { ...given, axis: given.axis === undefined ? 0 : given.axis };
      checkWhere(name, options, identity);
      return spec.reduce ? spec.reduce(x, options) : reduceByLoop(f, name, identity, x, options);
    },
    accumulate(a, ...rest) {
      check("accumulate");
      const given = keywords(`${name}.accumulate`, ["axis", "dtype", "out"], rest) as UfuncAxisOptions;
      noOut("accumulate", given.out);
      if (given.axis === null || Array.isArray(given.axis)) {
        throw new ValueError("accumulate does not allow multiple axes");
      }
      const x = toArray(a, `${name}.accumulate`), options = { axis: 0, ...given };
      return spec.accumulate ? spec.accumulate(x, options) : accumulateByLoop(f, x, options);
    },
    outer(a, b) {
      check("outer");
      const x = toArray(a, `${name}.outer`), y = toArray(b, `${name}.outer`, 1);
      return f(raw.expandDims(x, Array.from({ length: y.ndim }, (_, i) => x.ndim + i)), y);
    },
    at(a, indices, b, options) {
      const { inplace = true } = keywords(`${name}.at`, [], [options], ["inplace"]);
      if (inplace !== false) {
        throw new NotImplementedError(
          `Because JAX arrays are immutable, ${name}.at() cannot operate inplace. Pass { inplace: false } to get the ` +
            `updated array`,
        );
      }
      const list = Array.isArray(indices) ? indices as Index[] : [indices as Index];
      const x = toArray(a, `${name}.at`);
      if (b !== null && b !== undefined) {
        const y = toArray(b, `${name}.at`, 2);
        return spec.at ? spec.at(x, list, y) : updateByLoop(f, x, list, y);
      }
      return updateByLoop(f, x, list, null);
    },
    reduceat(a, indices, ...rest) {
      check("reduceat");
      const given = keywords(`${name}.reduceat`, ["axis", "dtype", "out"], rest) as UfuncAxisOptions;
      noOut("reduceat", given.out);
      return reduceAt(f, toArray(a, `${name}.reduceat`), asarray(indices), given);
    },
  };
  return Object.assign(f, methods);
}

function checkWhere(name: string, { where, initial }: UfuncReduceOptions, identity: unknown): void {
  if ((where ?? null) === null) return;
  if (identity === null && (initial ?? null) === null) {
    throw new ValueError(
      `reduction operation '${name}' does not have an identity, so to use a where mask one has to specify 'initial'.`,
    );
  }
  const { dtype } = toArray(where, name);
  if (dtype !== bool_) throw new ValueError(`where argument must have dtype=bool; got dtype=${dtype.name}`);
}

/** The dtype of a function's result for elements of an array. */
function resultOf(f: ElementFunction, x: JaxArray, asked: unknown, name: string): DType {
  const element = new ShapeDtypeStruct([], x.dtype);
  return wantedDType(asked, name) ?? (evalShape(f, element, element) as ShapeDtypeStruct).dtype;
}

const row = (x: JaxArray, i: JaxArray): JaxArray => x.get(i);

function reduceByLoop(
  f: ElementFunction,
  name: string,
  identity: HostScalar | null,
  a: JaxArray,
  options: UfuncReduceOptions,
): JaxArray {
  if (Array.isArray(options.axis)) throw new NotImplementedError("tuple of axes");
  const { axis, keepdims = false } = options, dtype = resultOf(f, a, options.dtype, `${name}.reduce`);
  const all = axis === null, at = all ? 0 : canonicalAxis(axis, a.ndim);
  const kept = all ? [] : a.shape.toSpliced(at, 1);
  const shape = !keepdims ? kept : all ? a.shape.map(() => 1) : a.shape.with(at, 1);
  const lined = (x: JaxArray): JaxArray => all ? raw.reshape(x, [x.size]) : moveOne(x, at, 0);
  const x = lined(raw.convert(a, dtype)), n = x.shape[0]!;
  const mask = (options.where ?? null) === null
    ? null
    : lined(broadcastTo(toArray(options.where, name), a.shape));
  const initial = options.initial ?? identity;
  if (n === 0 && initial === null) {
    throw new ValueError(`zero-size array to reduction operation ${name} which has no identity`);
  }
  const start = initial === null
    ? raw.squeeze(raw.sliceInDim(x, 0, 1, 0), [0])
    : broadcastTo(raw.convert(scalarOf(initial, name), dtype), x.shape.slice(1));
  const step = (i: JaxArray, value: JaxArray): JaxArray => {
    const next = raw.convert(f(value, row(x, i)), dtype);
    return mask === null ? next : select(row(mask, i), next, value);
  };
  return raw.reshape(foriLoop(initial === null ? 1 : 0, n, step, start), shape);
}

function scalarOf(value: unknown, name: string): JaxArray {
  return isHostScalar(value) ? weakArray(value, true) : toArray(value, name);
}

function accumulateByLoop(f: ElementFunction, a: JaxArray, options: UfuncAxisOptions): JaxArray {
  const axis = canonicalAxis(options.axis, a.ndim), dtype = resultOf(f, a, options.dtype, "accumulate");
  if (a.size === 0) return raw.full(a.shape, 0, dtype);
  const x = moveOne(raw.convert(a, dtype), axis, 0);
  const step = (i: JaxArray, out: JaxArray): JaxArray =>
    out.at(i).set(raw.convert(f(row(out, raw.sub(i, 1)), row(x, i)), dtype));
  return moveOne(foriLoop(1, x.shape[0]!, step, x), 0, axis);
}

function updateByLoop(
  f: ElementFunction,
  a: JaxArray,
  indices: readonly Index[],
  b: JaxArray | null,
): JaxArray {
  const arrays = indices.map((index) =>
    typeof index === "string" || index === null ? index : toIndexArray(index)
  );
  const shape = broadcastShapes(arrays.flatMap((x) => x instanceof JaxArray ? [x.shape] : []));
  const count = shape.reduce((n, size) => n * size, 1);
  const flat = arrays.map((x) => x instanceof JaxArray ? raw.reshape(broadcastTo(x, shape), [count]) : x);
  const values = b === null ? null : raw.reshape(
    broadcastTo(b, [...shape, ...b.shape.slice(shape.length)]),
    [count, ...b.shape.slice(shape.length)],
  );
  const step = (i: JaxArray, out: JaxArray): JaxArray => {
    const part = out.at(...flat.map((x) => x instanceof JaxArray ? row(x, i) : x) as Index[]);
    return part.set(raw.convert(values === null ? f(part.get()) : f(part.get(), row(values, i)), out.dtype));
  };
  return foriLoop(0, count, step, a);
}

function reduceAt(f: ElementFunction, a: JaxArray, indices: JaxArray, options: UfuncAxisOptions): JaxArray {
  if (a.ndim === 0) throw new ValueError("reduceat: a must have 1 or more dimension, got a.shape=()");
  if (indices.ndim !== 1) {
    throw new ValueError(
      `reduceat: indices must be one-dimensional, got indices.shape=${tuple(indices.shape)}`,
    );
  }
  const axis = canonicalAxis(options.axis ?? 0, a.ndim), n = a.shape[axis]!;
  const x = raw.convert(a, wantedDType(options.dtype, "reduceat") ?? a.dtype),
    starts = raw.convert(indices, int32);
  const ends = raw.concatenate([
    raw.sliceInDim(starts, 1, starts.size, 0),
    raw.broadcastInDim(scalarArray(n, int32), [1], []),
  ], 0);
  const shape = a.shape.with(axis, starts.size),
    spread = (v: JaxArray): JaxArray => raw.broadcastInDim(v, shape, [axis]);
  const begin = spread(starts), end = spread(ends);
  const step = (i: JaxArray, out: JaxArray): JaxArray => {
    const next = take(x, raw.expandDims(i, [0]), { axis });
    const inside = raw.and(raw.gt(i, begin), raw.lt(i, end));
    return select(inside, raw.convert(f(out, next), out.dtype), out);
  };
  return foriLoop(0, n, step, take(x, starts, { axis }));
}

/**
 * A universal function made of a function of scalars; it is mapped over the elements.
 *
 * @param func From `nin` scalars to `nout` of them.
 * @param nin How many operands there are.
 * @param nout How many results there are.
 * @param options `identity`: what does not change the other operand.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const f = np.frompyfunc((x: np.Array, y: np.Array) => x.mul(10).add(y), 2, 1);
 * if (String(f.reduce(np.arange(4))) !== "123") throw new Error();
 * ```
 */
export function frompyfunc<F extends ElementFunction>(
  func: F,
  nin: number,
  nout: number,
  options: { readonly identity?: HostScalar | null } = {},
): F & UfuncMethods {
  const { identity = null } = keywords("frompyfunc", [], [options], ["identity"]);
  const mapped = vectorize((...xs: JaxArray[]) => func(...xs));
  const call = ((...xs: unknown[]) => mapped(...xs.map((x, i) => toArray(x, func.name, i)))) as unknown as F;
  return ufunc(call, func.name, {
    nin: staticInteger(nin, "nin"),
    nout: staticInteger(nout, "nout"),
    identity: identity as HostScalar | null,
  });
}
