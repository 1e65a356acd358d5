/**
 * The public array type: abstract over concrete arrays and tracers.
 *
 * @module
 */
import type { ArrayMethods, ArrayProperties, MethodTable, PropertyTable } from "./_array_methods.ts";
import type { ShapedArray } from "./avals.ts";
import type { Device } from "./backend.ts";
import type { ConcreteArray } from "./concrete.ts";
import type { DType, TypedArray } from "./dtypes.ts";
import {
  ConcretizationTypeError,
  IndexError,
  TracerArrayConversionError,
  TracerBoolConversionError,
  ValueError,
} from "./errors.ts";
import { isComplexScalar, type Nested, type Scalar, toNested } from "./host.ts";
import type { Index, IndexUpdateRef } from "./indexing.ts";
import { setInspect } from "./inspect.ts";

export type {
  ArgOptions,
  ArrayMethods,
  Axis,
  CompressOptions,
  CumulativeOptions,
  DiagonalOptions,
  DotOptions,
  ExtremumOptions,
  MeanOptions,
  MethodTable,
  PropertyTable,
  ReduceOptions,
  RepeatOptions,
  SortOptions,
  SumOptions,
  TakeOptions,
  TraceOptions,
  VarianceOptions,
} from "./_array_methods.ts";

/**
 * An immutable n-dimensional array, concrete or traced. Make one with `numpy.array`, `numpy.zeros`, ...; operators are
 * methods.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([1, 2, 3]);
 * if (String(x.mul(2).add(1)) !== "[3. 5. 7.]" || x.sum().item() !== 6) throw new Error();
 * ```
 */
export abstract class JaxArray {
  abstract readonly aval: ShapedArray;

  /** Sizes of the axes. */
  get shape(): readonly number[] {
    return this.aval.shape;
  }

  get dtype(): DType {
    return this.aval.dtype;
  }

  /** Number of axes. */
  get ndim(): number {
    return this.aval.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this.aval.size;
  }

  /** Whether the dtype came from a bare number and yields to others in promotion. */
  get weakType(): boolean {
    return this.aval.weakType;
  }

  /** Bytes of one element. */
  get itemsize(): number {
    return this.aval.dtype.itemsize;
  }

  /** Bytes of all elements. */
  get nbytes(): number {
    return this.aval.size * this.aval.dtype.itemsize;
  }

  /**
   * The size of the first axis.
   *
   * @throws {TypeError} for a 0-d array
   */
  get length(): number {
    const { shape } = this.aval;
    if (shape.length === 0) throw new TypeError("len() of unsized object");
    return shape[0]!;
  }

  /**
   * The array whose value this one has: itself if concrete, else that of the traced value where it is known now (under
   * grad outside jit), else null.
   */
  abstract concrete(): ConcreteArray | null;

  /**
   * The value of an array of one element: a number, a boolean, a bigint (64-bit integers) or `{ re, im }`. With
   * arguments, the element at an index: of the flat array, or one for each axis.
   *
   * @typeParam T the type to read it as
   * @throws {ConcretizationTypeError} when the value is not known while tracing
   * @throws {ValueError} when there are several elements and no index
   * @throws {IndexError} for an index that is outside
   */
  item<T = number>(...index: readonly number[]): T {
    const { shape, dtype, size } = this.aval;
    if (dtype.kind === "key") throw new TypeError(`No Python scalar type for arr.dtype=${dtype.name}`);
    const x = this.#known("item()");
    if (index.length === 0 && size !== 1) {
      throw new ValueError("can only convert an array of size 1 to a Python scalar");
    }
    return x.element(index.length ? flatIndex(index, shape) : 0) as T;
  }

  /**
   * The values as nested JS arrays; of a 0-d array the value. Booleans are JS booleans, 64-bit integers bigints,
   * complex numbers `{ re, im }`.
   *
   * @throws {ConcretizationTypeError} when the values are not known while tracing
   */
  toArray<T = Nested>(): T {
    const x = this.#known("toArray()");
    return toNested(x.dataSync(), this.shape, this.dtype) as T;
  }

  /** The values for `JSON.stringify`. */
  toJSON(): Nested {
    return this.toArray();
  }

  /**
   * The elements in row-major order, on every device. See {@linkcode JaxArray.dataSync} for the type.
   *
   * @throws {TracerArrayConversionError} when the values are not known while tracing
   */
  data(): Promise<TypedArray> {
    return this.#values("data()").data();
  }

  /**
   * The elements in row-major order: bool as `Uint8Array`, float16 as `Float16Array`, bfloat16 as `Uint16Array` of the
   * bits, 64-bit integers as `BigInt64Array` or `BigUint64Array`, complex numbers interleaved.
   *
   * @throws {TracerArrayConversionError} when the values are not known while tracing
   */
  dataSync(): TypedArray {
    return this.#values("dataSync()").dataSync();
  }

  /**
   * The bytes of the elements in row-major order.
   *
   * @throws {TracerArrayConversionError} when the values are not known while tracing
   */
  tobytes(): Uint8Array {
    const { buffer, byteOffset, byteLength } = this.dataSync();
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  }

  /** Resolves to this array once its value is computed. */
  blockUntilReady(): Promise<this> {
    return Promise.resolve(this);
  }

  /** The devices that hold the values. */
  devices(): Device[] {
    return [this.device];
  }

  /** The device that holds the values. */
  get device(): Device {
    throw this.#unknown("devices()");
  }

  /** The platform of the device that holds the values: `"cpu"` or `"gpu"`. */
  platform(): string {
    return this.device.platform;
  }

  /** The array on a device, where it stays. */
  toDevice(device: Device): JaxArray {
    return this.#known("toDevice()").putOn(device);
  }

  /** Bytes that the values take on their device. */
  onDeviceSizeInBytes(): number {
    return this.nbytes;
  }

  /** Frees the memory; later use is an error. */
  delete(): void {
    throw this.#unknown("delete()");
  }

  /** Whether the memory was freed. */
  isDeleted(): boolean {
    return false;
  }

  [Symbol.dispose](): void {
    this.delete();
  }

  /**
   * The part of the array at an index, to be read or updated: `x.at(0).set(1)`, `x.at("1:3", null).get()`.
   *
   * @param index an integer, null (a new axis), `"..."`, a slice, or an array of integers or booleans for each axis
   */
  at(...index: Index[]): IndexUpdateRef {
    return indexing.at(this, index);
  }

  /** The part of the array at an index: `x.get(1, 2)`, `x.get(":", 0)`, `x.get(mask)`. */
  get(...index: Index[]): JaxArray {
    return indexing.get(this, index);
  }

  /** The rows: parts along the first axis. */
  [Symbol.iterator](): IterableIterator<JaxArray> {
    if (this.aval.shape.length === 0) throw new TypeError("iteration over a 0-d array");
    return this.rows();
  }

  /** The parts along the first axis, in order. */
  protected *rows(): IterableIterator<JaxArray> {
    for (let i = 0; i < this.shape[0]!; i++) yield this.get(i);
  }

  /** `+x`, `x > 0`, `` `${x}` ``: a concrete 0-d array is a number, every array has a text. */
  [Symbol.toPrimitive](hint: string): string | number {
    if (hint === "string") return this.toString();
    const { shape, dtype } = this.aval;
    const instead = "Arrays take part in arithmetic by methods: x.add(y), x.mul(2), x.gt(0).item(), ...";
    if ((this.concrete() as unknown) !== this) {
      throw new ConcretizationTypeError(
        `Abstract tracer value encountered where concrete value is expected: traced array with shape ${this.aval}\n` +
          `The problem arose with a JavaScript operator or Number(): its result would not be traced. ${instead}`,
      );
    }
    if (shape.length > 0) {
      throw new TypeError(
        `Only scalar arrays can be converted to Python scalars; got arr.ndim=${shape.length}. ${instead}`,
      );
    }
    const value: Scalar = this.item<Scalar>();
    if (isComplexScalar(value)) {
      throw new TypeError(
        `float() argument must be a string or a real number, not 'complex' (${dtype.name}). ${instead}`,
      );
    }
    return Number(value);
  }

  abstract toString(): string;

  /** The array with this value, or the error that there is none. */
  #known(what: string): ConcreteArray {
    const x = this.concrete();
    if (x !== null) return x;
    throw this.#unknown(what);
  }

  #unknown(what: string): Error {
    const { aval } = this;
    if (aval.dtype.kind === "bool" && what === "item()" && aval.ndim === 0) {
      return new TracerBoolConversionError(
        `Attempted boolean conversion of traced array with shape ${aval}.\nThe value is not known while the function ` +
          `is traced (by jit, vmap, scan, ...). Use lax.cond, lax.whileLoop or numpy.where, or mark the argument that ` +
          `it depends on static (jit's staticArgnums)`,
      );
    }
    return new ConcretizationTypeError(
      `Abstract tracer value encountered where concrete value is expected: traced array with shape ${aval}\n` +
        `The problem arose with the ${what} method: the value is not known while the function is traced (by jit, ` +
        `vmap, scan, ...). Return the array and read it outside, or mark the argument that it depends on static ` +
        `(jit's staticArgnums)`,
    );
  }

  /** As {@linkcode #known}, for reading all elements. */
  #values(what: string): ConcreteArray {
    const x = this.concrete();
    if (x !== null) return x;
    throw new TracerArrayConversionError(
      `The array conversion method ${what} was called on traced array with shape ${this.aval}\nThe values are not ` +
        `known while the function is traced (by jit, vmap, scan, ...). Return the array and read it outside`,
    );
  }
}

/** The methods and properties that {@linkcode installMethods} gives to all arrays. */
export interface JaxArray extends ArrayMethods, ArrayProperties {}

/** The position in the flat array of an index: one for the flat array, or one for each axis. */
function flatIndex(index: readonly number[], shape: readonly number[]): number {
  const sizes = index.length === 1 ? [shape.reduce((a, b) => a * b, 1)] : shape;
  if (index.length !== sizes.length) {
    throw new ValueError(
      `incorrect number of indices for array: got ${index.length}, wanted ${shape.length}`,
    );
  }
  return index.reduce((at, i, axis) => {
    const n = sizes[axis]!, from = i < 0 ? i + n : i;
    if (Number.isInteger(from) && from >= 0 && from < n) return at * n + from;
    throw new IndexError(`index ${i} is out of bounds for axis ${axis} with size ${n}`);
  }, 0);
}

/** What indexing needs of `indexing.ts`, which needs arrays. */
interface Indexing {
  readonly at: (x: JaxArray, index: readonly Index[]) => IndexUpdateRef;
  readonly get: (x: JaxArray, index: readonly Index[]) => JaxArray;
}

let indexing: Indexing;

/** Installs indexing. */
export function installIndexing(functions: Indexing): void {
  indexing = functions;
}

/** Makes functions that take an array first methods of all arrays. */
export function installMethods(methods: MethodTable): void {
  for (const [name, f] of Object.entries(methods)) {
    const call = f as (x: JaxArray, ...rest: unknown[]) => unknown;
    const method = function (this: JaxArray, ...rest: unknown[]): unknown {
      return call(this, ...rest);
    };
    Object.defineProperty(method, "name", { value: name });
    Object.defineProperty(JaxArray.prototype, name, { value: method, writable: true, configurable: true });
  }
}

/** Makes functions of an array properties of all arrays. */
export function installProperties(properties: PropertyTable): void {
  for (const [name, f] of Object.entries(properties)) {
    const get = function (this: JaxArray): JaxArray {
      return f(this);
    };
    Object.defineProperty(JaxArray.prototype, name, { get, configurable: true });
  }
}

// A handler on the prototype's own prototype sees the properties that arrays do not have; instances stay cheap to make.
Object.setPrototypeOf(
  JaxArray.prototype,
  new Proxy(Object.prototype, {
    set(_target, property): never {
      const index = String(property);
      throw new TypeError(
        "JAX arrays are immutable and do not support in-place item assignment. Instead of " +
          `x[${index}] = y, use x = x.at(${index}).set(y) or another method of .at()`,
      );
    },
    get(target, property, receiver): unknown {
      if (typeof property === "string" && /^-?\d+$/.test(property)) {
        throw new TypeError(`arrays are not read as x[${property}]: use x.get(${property})`);
      }
      return Reflect.get(target, property, receiver);
    },
  }),
);

setInspect(JaxArray.prototype, String);
