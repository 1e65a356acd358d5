/**
 * The dtype objects `float32`, `int8`, ..., their kinds, and the host arrays that hold their elements.
 *
 * A dtype is a function, as in NumPy: `float32(1)` makes a scalar array. There is one object for each dtype, so
 * dtypes compare with `===`.
 *
 * @module
 */

import type { JaxArray } from "./array.ts";
import { flags } from "./config.ts";
import { suggest, ValueError } from "./errors.ts";

/** The family of a dtype. */
export type DTypeKind = "bool" | "int" | "uint" | "float" | "complex" | "key" | "float0";

/** A dtype: the type of the elements of an array. Calling it makes a scalar (or converts an array-like) of it. */
export interface DType {
  (value: unknown): JaxArray;
  /** The name, as `float32`; `key<fry>` for keys. */
  readonly name: string;
  /** The family. */
  readonly kind: DTypeKind;
  /** The bytes of one element. */
  readonly itemsize: number;
  /** The bits of one element. */
  readonly bits: number;
  /** The name in jaxprs, as `f32`. */
  readonly short: string;
  /** A small integer that is unique among the numeric dtypes and `bool`, for tables; -1 for keys and `float0`. */
  readonly num: number;
  /** The PRNG implementation of a key dtype, as `threefry2x32`; null for all others. */
  readonly impl: string | null;
  /** The name. */
  toString(): string;
}

/** The names of the dtypes that arrays of numbers and booleans have. */
export type DTypeName =
  | "bool"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "bfloat16"
  | "float16"
  | "float32"
  | "float64"
  | "complex64"
  | "complex128";

/** What can stand for a dtype: the object, its name, a NumPy code such as `"f4"`, or anything that has a dtype. */
export type DTypeLike = DType | DTypeName | (string & Record<never, never>) | { readonly dtype: DType };

/** An array type of the host that can hold the elements of an array. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float16Array
  | Float32Array
  | Float64Array;

/** The constructor of a {@linkcode TypedArray}. */
export interface TypedArrayConstructor {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): TypedArray;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): TypedArray;
}

let scalarConstructor: ((value: unknown, dtype: DType) => unknown) | null = null;

/** Sets what calling a dtype does. The array layer calls it once, when it is loaded. */
export function setScalarConstructor(construct: (value: unknown, dtype: DType) => unknown): void {
  scalarConstructor = construct;
}

interface DTypeSpec {
  readonly name: string;
  readonly kind: DTypeKind;
  readonly bits: number;
  readonly short: string;
  readonly num: number;
  readonly impl: string | null;
  /** What inspecting it shows, NumPy's `repr`. */
  readonly repr: string;
}

function makeDType(spec: DTypeSpec): DType {
  const dtype = (value: unknown): unknown => {
    if (scalarConstructor === null) {
      throw new TypeError(`${spec.name}() needs the array layer: import it from mod.ts or numpy/mod.ts`);
    }
    return scalarConstructor(value, dtype as unknown as DType);
  };
  const { repr, ...properties } = spec;
  const own = { ...properties, itemsize: spec.bits / 8 };
  for (const [key, value] of Object.entries(own)) {
    Object.defineProperty(dtype, key, { value, enumerable: true });
  }
  for (const key of [Symbol.for("nodejs.util.inspect.custom"), Symbol.for("Deno.customInspect")]) {
    Object.defineProperty(dtype, key, { value: () => repr });
  }
  Object.defineProperty(dtype, "toString", { value: () => spec.name });
  return Object.freeze(dtype) as unknown as DType;
}

function numeric(num: number, kind: DTypeKind, name: DTypeName, bits: number, short: string): DType {
  const repr = name === "bfloat16" ? "dtype(bfloat16)" : `dtype('${name}')`;
  return makeDType({ name, kind, bits, short, num, impl: null, repr });
}

/** Booleans, one byte each. */
export const bool_: DType = numeric(0, "bool", "bool", 8, "bool");
/** Unsigned integers of 8 bits. */
export const uint8: DType = numeric(1, "uint", "uint8", 8, "u8");
/** Unsigned integers of 16 bits. */
export const uint16: DType = numeric(2, "uint", "uint16", 16, "u16");
/** Unsigned integers of 32 bits. */
export const uint32: DType = numeric(3, "uint", "uint32", 32, "u32");
/** Unsigned integers of 64 bits; need `jax_enable_x64`. */
export const uint64: DType = numeric(4, "uint", "uint64", 64, "u64");
/** Signed integers of 8 bits. */
export const int8: DType = numeric(5, "int", "int8", 8, "i8");
/** Signed integers of 16 bits. */
export const int16: DType = numeric(6, "int", "int16", 16, "i16");
/** Signed integers of 32 bits. */
export const int32: DType = numeric(7, "int", "int32", 32, "i32");
/** Signed integers of 64 bits; need `jax_enable_x64`. */
export const int64: DType = numeric(8, "int", "int64", 64, "i64");
/** Brain floats: 8 bits of exponent, 7 of mantissa. */
export const bfloat16: DType = numeric(9, "float", "bfloat16", 16, "bf16");
/** IEEE half precision floats. */
export const float16: DType = numeric(10, "float", "float16", 16, "f16");
/** IEEE single precision floats. */
export const float32: DType = numeric(11, "float", "float32", 32, "f32");
/** IEEE double precision floats; need `jax_enable_x64`. */
export const float64: DType = numeric(12, "float", "float64", 64, "f64");
/** Complex numbers of two `float32`. */
export const complex64: DType = numeric(13, "complex", "complex64", 64, "c64");
/** Complex numbers of two `float64`; need `jax_enable_x64`. */
export const complex128: DType = numeric(14, "complex", "complex128", 128, "c128");

/** The dtype of the tangents of integers, booleans and keys: it has one value, zero, and takes no memory. */
export const float0: DType = makeDType({
  name: "float0",
  kind: "float0",
  bits: 0,
  short: "float0",
  num: -1,
  impl: null,
  repr: "dtype([('float0', 'V')])",
});

/** The dtypes of numbers and booleans; `dtypesByNum[dtype.num] === dtype`. */
export const dtypesByNum: readonly DType[] = Object.freeze([
  bool_,
  uint8,
  uint16,
  uint32,
  uint64,
  int8,
  int16,
  int32,
  int64,
  bfloat16,
  float16,
  float32,
  float64,
  complex64,
  complex128,
]);

/** PRNG implementations: the tag in the name of the key dtype, and the `uint32` words of a key. */
const KEY_IMPLS: Readonly<Record<string, readonly [tag: string, words: number]>> = {
  threefry2x32: ["fry", 2],
  rbg: ["rbg", 4],
  unsafe_rbg: ["urbg", 4],
};

const keyDTypes = new Map<string, DType>();

/**
 * The dtype of typed PRNG keys of an implementation, one object for each.
 *
 * @param impl `"threefry2x32"`, `"rbg"` or `"unsafe_rbg"`.
 * @returns The dtype; its name is `key<fry>`, `key<rbg>` or `key<urbg>`.
 * @throws {ValueError} When there is no such implementation.
 */
export function keyDType(impl: string): DType {
  const interned = keyDTypes.get(impl);
  if (interned !== undefined) return interned;
  const entry = Object.hasOwn(KEY_IMPLS, impl) ? KEY_IMPLS[impl] : undefined;
  if (entry === undefined) {
    const known = Object.keys(KEY_IMPLS);
    throw new ValueError(
      `unrecognized PRNG implementation ${JSON.stringify(impl)}${suggest(impl, known)} ` +
        `(implementations: ${known.join(", ")})`,
    );
  }
  const [tag, words] = entry;
  const name = `key<${tag}>`;
  const dtype = makeDType({ name, kind: "key", bits: 32 * words, short: name, num: -1, impl, repr: name });
  keyDTypes.set(impl, dtype);
  return dtype;
}

/** Whether `x` is a dtype object. */
export function isDType(x: unknown): x is DType {
  return typeof x === "function" && "kind" in x && "itemsize" in x && "short" in x;
}

/** Whether it is a real floating dtype. */
export function isFloating(dtype: DType): boolean {
  return dtype.kind === "float";
}
/** Whether it is a complex dtype. */
export function isComplex(dtype: DType): boolean {
  return dtype.kind === "complex";
}
/** Whether it is a floating or complex dtype: those that have derivatives. */
export function isInexact(dtype: DType): boolean {
  return dtype.kind === "float" || dtype.kind === "complex";
}
/** Whether it is an integer dtype, signed or unsigned. */
export function isInteger(dtype: DType): boolean {
  return dtype.kind === "int" || dtype.kind === "uint";
}
/** Whether it is a signed integer dtype. */
export function isSigned(dtype: DType): boolean {
  return dtype.kind === "int";
}
/** Whether it is an unsigned integer dtype. */
export function isUnsigned(dtype: DType): boolean {
  return dtype.kind === "uint";
}
/** Whether it is `bool`. */
export function isBool(dtype: DType): boolean {
  return dtype === bool_;
}
/** Whether it is a dtype of PRNG keys. */
export function isKey(dtype: DType): boolean {
  return dtype.kind === "key";
}
/** Whether it is an integer, floating or complex dtype. */
export function isNumeric(dtype: DType): boolean {
  return dtype.num > 0;
}

/** The dtype of a float literal: `float32`, or `float64` with x64. */
export function defaultFloat(): DType {
  return flags.x64 ? float64 : float32;
}
/** The dtype of an integer literal: `int32`, or `int64` with x64. */
export function defaultInt(): DType {
  return flags.x64 ? int64 : int32;
}
/** The unsigned dtype as wide as {@linkcode defaultInt}. */
export function defaultUint(): DType {
  return flags.x64 ? uint64 : uint32;
}
/** The dtype of a complex literal: `complex64`, or `complex128` with x64. */
export function defaultComplex(): DType {
  return flags.x64 ? complex128 : complex64;
}

/** The 32-bit dtype that stands for a 64-bit one with x64 off; all others as they are. */
export function narrowDType(dtype: DType): DType {
  if (dtype === float64) return float32;
  if (dtype === int64) return int32;
  if (dtype === uint64) return uint32;
  if (dtype === complex128) return complex64;
  return dtype;
}

/** The dtype under the present configuration: 64-bit types become 32-bit with x64 off. */
export function canonicalizeDType(dtype: DType): DType {
  return flags.x64 ? dtype : narrowDType(dtype);
}

/** The real dtype of the components of a complex dtype; others as they are. */
export function realDType(dtype: DType): DType {
  if (dtype === complex64) return float32;
  if (dtype === complex128) return float64;
  return dtype;
}

/** The complex dtype that holds a dtype: `complex128` for 64-bit types, else `complex64`. */
export function complexDType(dtype: DType): DType {
  const inexact = toInexact(dtype);
  return inexact === float64 || inexact === complex128 ? complex128 : complex64;
}

/** The dtype of functions such as `sin` of it: 64-bit integers become `float64`, other integers and bool `float32`. */
export function toInexact(dtype: DType): DType {
  if (isInexact(dtype)) return dtype;
  if (dtype.num < 0) {
    throw new TypeError(`dtype ${dtype.name} has no inexact counterpart; wanted bool or a dtype of numbers`);
  }
  return dtype.bits === 64 ? float64 : float32;
}

/** The dtype of tangents: itself if inexact, else {@linkcode float0}. */
export function tangentDType(dtype: DType): DType {
  return isInexact(dtype) ? dtype : float0;
}

/**
 * The bits of a half precision number as the host sees them: `Float16Array` where the engine has it, else
 * `Uint16Array` of the IEEE bits.
 */
const Float16Host: TypedArrayConstructor =
  (globalThis as { Float16Array?: TypedArrayConstructor }).Float16Array ?? Uint16Array;

const HOST_ARRAYS: readonly TypedArrayConstructor[] = [
  Uint8Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
  BigUint64Array,
  Int8Array,
  Int16Array,
  Int32Array,
  BigInt64Array,
  Uint16Array,
  Float16Host,
  Float32Array,
  Float64Array,
  Float32Array,
  Float64Array,
];

/**
 * The host array type for the data of a dtype: `Uint8Array` for bool, `Uint16Array` of the bits for bfloat16,
 * interleaved `Float32Array` or `Float64Array` for complex, the `Uint32Array` words of keys. A half precision array
 * is a `Float16Array` where the engine has one, else a `Uint16Array` of the bits.
 */
export function typedArrayFor(dtype: DType): TypedArrayConstructor {
  return HOST_ARRAYS[dtype.num] ?? (dtype.kind === "key" ? Uint32Array : Uint8Array);
}

/** How many elements of the host array one element takes: 2 for complex, the words of a key, 0 for float0, else 1. */
export function wordsPerElement(dtype: DType): number {
  return dtype.itemsize / typedArrayFor(dtype).BYTES_PER_ELEMENT;
}
