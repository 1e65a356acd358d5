/**
 * What is known about a dtype: its place among the abstract types, and the limits of its numbers.
 *
 * @module
 */

import {
  bfloat16,
  type DType,
  type DTypeLike,
  dtypesByNum,
  float16,
  float32,
  isDType,
  realDType,
} from "./_dtype.ts";
import { asDType } from "./_dtype_parse.ts";
import { ValueError } from "./errors.ts";

/** A type that only stands for a family of dtypes, for {@linkcode issubdtype}. */
export interface AbstractDType {
  /** The name, as `floating`. */
  readonly name: string;
  /** The family just above; null for `generic`. */
  readonly parent: AbstractDType | null;
  /** The name. */
  toString(): string;
}

const abstractTypes = new Map<string, AbstractDType>();

function abstractType(name: string, parent: AbstractDType | null): AbstractDType {
  const type = Object.freeze({ name, parent, toString: () => name });
  abstractTypes.set(name, type);
  return type;
}

/** All dtypes. */
export const generic: AbstractDType = abstractType("generic", null);
/** Integers, floats and complex numbers. */
export const number: AbstractDType = abstractType("number", generic);
/** Integers, signed or unsigned. */
export const integer: AbstractDType = abstractType("integer", number);
/** Signed integers. */
export const signedinteger: AbstractDType = abstractType("signedinteger", integer);
/** Unsigned integers. */
export const unsignedinteger: AbstractDType = abstractType("unsignedinteger", integer);
/** Floats and complex numbers. */
export const inexact: AbstractDType = abstractType("inexact", number);
/** Floats. */
export const floating: AbstractDType = abstractType("floating", inexact);
/** Complex numbers. */
export const complexfloating: AbstractDType = abstractType("complexfloating", inexact);
/** Dtypes that are not NumPy's. */
export const extended: AbstractDType = abstractType("extended", generic);
/** Dtypes of typed PRNG keys. */
export const prngKey: AbstractDType = abstractType("prng_key", extended);

/** The family of a dtype. */
function familyOf(dtype: DType): AbstractDType {
  switch (dtype.kind) {
    case "int":
      return signedinteger;
    case "uint":
      return unsignedinteger;
    case "float":
      return floating;
    case "complex":
      return complexfloating;
    case "key":
      return prngKey;
    default:
      return generic;
  }
}

function isAbstract(x: unknown): x is AbstractDType {
  return typeof x === "object" && x !== null && "name" in x && abstractTypes.get(String(x.name)) === x;
}

function dtypeOrAbstract(x: DTypeLike | AbstractDType): DType | AbstractDType {
  if (isAbstract(x)) return x;
  const named = typeof x === "string" ? abstractTypes.get(x) : undefined;
  return named ?? asDType(x, "issubdtype");
}

/**
 * Whether a type is equal to or below another in NumPy's hierarchy of types.
 *
 * @param a A dtype, an abstract type, or the name of either.
 * @param b The same.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bfloat16, floating, int32, issubdtype } from "./dtypes.ts";
 *
 * assert(issubdtype(bfloat16, floating));
 * assert(issubdtype(int32, "signedinteger"));
 * ```
 */
export function issubdtype(a: DTypeLike | AbstractDType, b: DTypeLike | AbstractDType): boolean {
  const lower = dtypeOrAbstract(a);
  const upper = dtypeOrAbstract(b);
  if (lower === upper) return true;
  if (isDType(upper)) return false;
  let family: AbstractDType | null = isDType(lower) ? familyOf(lower) : lower.parent;
  while (family !== null && family !== upper) family = family.parent;
  return family === upper;
}

/** The limits of a floating dtype, named as NumPy's `finfo`. */
export interface FInfo {
  /** The dtype; for a complex one that of its components. */
  readonly dtype: DType;
  /** The bits of a number. */
  readonly bits: number;
  /** From 1 to the next number: `2 ** machep`. */
  readonly eps: number;
  /** The exponent of {@linkcode FInfo.eps}. */
  readonly machep: number;
  /** From 1 to the number before: `2 ** negep`. */
  readonly epsneg: number;
  /** The exponent of {@linkcode FInfo.epsneg}. */
  readonly negep: number;
  /** The largest finite number. */
  readonly max: number;
  /** The most negative finite number. */
  readonly min: number;
  /** The least power of two that overflows has this exponent. */
  readonly maxexp: number;
  /** The exponent of {@linkcode FInfo.smallestNormal}. */
  readonly minexp: number;
  /** Same as {@linkcode FInfo.smallestNormal}. */
  readonly tiny: number;
  /** The smallest positive number with full precision. */
  readonly smallestNormal: number;
  /** The smallest positive number. */
  readonly smallestSubnormal: number;
  /** The decimal digits that are always kept. */
  readonly precision: number;
  /** `10 ** -precision`, in the dtype. */
  readonly resolution: number;
  /** The bits of the mantissa that are stored. */
  readonly nmant: number;
  /** The bits of the exponent. */
  readonly nexp: number;
  /** The bits of the exponent. */
  readonly iexp: number;
  /** NumPy's short text. */
  toString(): string;
}

/** The limits of an integer dtype, named as NumPy's `iinfo`. */
export interface IInfo {
  /** The dtype. */
  readonly dtype: DType;
  /** The bits of a number. */
  readonly bits: number;
  /** The least number; a bigint for 64-bit types. */
  readonly min: number | bigint;
  /** The greatest number; a bigint for 64-bit types. */
  readonly max: number | bigint;
  /** NumPy's text. */
  toString(): string;
}

function inspectable<T extends object>(info: T, text: string): T {
  Object.defineProperty(info, "toString", { value: () => text });
  for (const key of [Symbol.for("nodejs.util.inspect.custom"), Symbol.for("Deno.customInspect")]) {
    Object.defineProperty(info, key, { value: () => text });
  }
  return Object.freeze(info);
}

/** The bits of the exponent and of the mantissa, and NumPy's text of `resolution` and `max`. */
function floatFormat(dtype: DType): readonly [nexp: number, nmant: number, resolution: string, max: string] {
  if (dtype === bfloat16) return [8, 7, "0.0100098", "3.38953e+38"];
  if (dtype === float16) return [5, 10, "0.001", "6.55040e+04"];
  if (dtype === float32) return [8, 23, "1e-06", "3.4028235e+38"];
  return [11, 52, "1e-15", "1.7976931348623157e+308"];
}

function makeFInfo(dtype: DType): FInfo {
  const [nexp, nmant, resolutionText, maxText] = floatFormat(dtype);
  const maxexp = 2 ** (nexp - 1);
  const minexp = 2 - maxexp;
  const eps = 2 ** -nmant;
  const max = (2 - eps) * 2 ** (maxexp - 1);
  const precision = Math.floor(nmant * Math.log10(2));
  const decimal = Number(`1e-${precision}`);
  const spacing = 2 ** (Math.floor(Math.log2(decimal)) - nmant);
  const info = {
    dtype,
    bits: dtype.bits,
    eps,
    machep: -nmant,
    epsneg: eps / 2,
    negep: -nmant - 1,
    max,
    min: -max,
    maxexp,
    minexp,
    tiny: 2 ** minexp,
    smallestNormal: 2 ** minexp,
    smallestSubnormal: 2 ** (minexp - nmant),
    precision,
    resolution: Math.round(decimal / spacing) * spacing,
    nmant,
    nexp,
    iexp: nexp,
  };
  return inspectable(
    info,
    `finfo(resolution=${resolutionText}, min=-${maxText}, max=${maxText}, dtype=${dtype.name})`,
  );
}

function makeIInfo(dtype: DType): IInfo {
  const signed = dtype.kind === "int";
  const bits = BigInt(dtype.bits);
  const [low, high] = signed ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
  const [min, max] = dtype.bits === 64 ? [low, high] : [Number(low), Number(high)];
  return inspectable(
    { dtype, bits: dtype.bits, min, max },
    `iinfo(min=${low}, max=${high}, dtype=${dtype.name})`,
  );
}

const finfos = new Map<DType, FInfo>(
  dtypesByNum.filter(({ kind }) => kind === "float").map((dtype) => [dtype, makeFInfo(dtype)]),
);
const iinfos = new Map<DType, IInfo>(
  dtypesByNum.filter(({ kind }) => kind === "int" || kind === "uint").map((
    dtype,
  ) => [dtype, makeIInfo(dtype)]),
);

/**
 * The limits of a floating dtype. For a complex dtype those of its components.
 *
 * @throws {ValueError} When the dtype is not floating or complex.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { finfo, float32 } from "./dtypes.ts";
 *
 * assert(finfo(float32).eps === 2 ** -23);
 * ```
 */
export function finfo(x: DTypeLike): FInfo {
  const dtype = asDType(x, "finfo");
  const info = finfos.get(realDType(dtype));
  if (info !== undefined) return info;
  const hint = iinfos.has(dtype) ? `; use iinfo("${dtype.name}")` : "";
  throw new ValueError(
    `data type '${dtype.name}' not inexact: finfo takes a floating or complex dtype${hint}`,
  );
}

/** NumPy's letter for the kind of a dtype. */
const KIND_LETTERS = {
  bool: "b",
  int: "i",
  uint: "u",
  float: "f",
  complex: "c",
  key: "V",
  float0: "V",
} as const;

/**
 * The limits of an integer dtype.
 *
 * @throws {ValueError} When the dtype is not an integer one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { iinfo, int8 } from "./dtypes.ts";
 *
 * assert(iinfo(int8).max === 127);
 * ```
 */
export function iinfo(x: DTypeLike): IInfo {
  const dtype = asDType(x, "iinfo");
  const info = iinfos.get(dtype);
  if (info !== undefined) return info;
  const hint = finfos.has(realDType(dtype)) ? `; use finfo("${dtype.name}")` : "";
  throw new ValueError(
    `Invalid integer data type '${
      KIND_LETTERS[dtype.kind]
    }': iinfo takes an integer dtype, got ${dtype.name}${hint}`,
  );
}
