/**
 * From names to dtypes: what a user may write where a function takes a dtype.
 *
 * @module
 */

import {
  bool_,
  canonicalizeDType,
  complex128,
  complex64,
  defaultComplex,
  defaultFloat,
  defaultInt,
  defaultUint,
  type DType,
  type DTypeLike,
  dtypesByNum,
  float16,
  float32,
  float64,
  int16,
  int32,
  int64,
  int8,
  isDType,
  uint16,
  uint32,
  uint64,
  uint8,
} from "./_dtype.ts";
import { suggest, ValueError } from "./errors.ts";

/** NumPy's names and type codes, besides the names of the dtypes themselves. */
const ALIASES: ReadonlyMap<string, DType> = new Map<string, DType>(
  Object.entries({
    "?": bool_,
    b1: bool_,
    bool_,
    i1: int8,
    b: int8,
    byte: int8,
    i2: int16,
    h: int16,
    short: int16,
    i4: int32,
    i: int32,
    intc: int32,
    i8: int64,
    l: int64,
    q: int64,
    p: int64,
    long: int64,
    longlong: int64,
    intp: int64,
    u1: uint8,
    B: uint8,
    ubyte: uint8,
    u2: uint16,
    H: uint16,
    ushort: uint16,
    u4: uint32,
    I: uint32,
    uintc: uint32,
    u8: uint64,
    L: uint64,
    Q: uint64,
    P: uint64,
    ulong: uint64,
    ulonglong: uint64,
    uintp: uint64,
    f2: float16,
    e: float16,
    half: float16,
    f4: float32,
    f: float32,
    single: float32,
    f8: float64,
    d: float64,
    double: float64,
    c8: complex64,
    F: complex64,
    csingle: complex64,
    c16: complex128,
    D: complex128,
    cdouble: complex128,
  }),
);

const byName: ReadonlyMap<string, DType> = new Map(dtypesByNum.map((dtype) => [dtype.name, dtype]));
const byShort: ReadonlyMap<string, DType> = new Map(dtypesByNum.map((dtype) => [dtype.short, dtype]));

/** NumPy's and ml_dtypes' other types: known names that arrays cannot have here. */
const UNSUPPORTED =
  /^([<|=]?[SUVMmaOgGT][0-9]*(\[.*\])?|[<|=]?(f16|c32)|>[?a-zA-Z][0-9]*|object_?|str_?|bytes_?|void|longdouble|clongdouble|u?int[124]|float[468]_\w+|(datetime|timedelta)64.*)$/;

function parseDType(text: string, where: string): DType {
  switch (text) {
    case "int":
    case "int_":
      return defaultInt();
    case "uint":
      return defaultUint();
    case "float":
      return defaultFloat();
    case "complex":
      return defaultComplex();
  }
  const found = byName.get(text) ?? ALIASES.get(/^[<|=]/.test(text) ? text.slice(1) : text);
  if (found !== undefined) return found;
  if (UNSUPPORTED.test(text)) throw new TypeError(unsupported(text, where));
  const short = byShort.get(text);
  const hint = short ? `; did you mean "${short.name}"?` : suggest(text, [...byName.keys()]);
  throw new TypeError(`data type '${text}' not understood${where}${hint}`);
}

function unsupported(got: string, where: string): string {
  return `JAX only supports number, bool, and string dtypes, got dtype ${got}${where} ` +
    `(dtypes: ${[...byName.keys()].join(", ")})`;
}

/**
 * The dtype that something stands for, not narrowed (`"int"`, `"uint"`, `"float"`, `"complex"` have the default width).
 *
 * @param x A dtype, its name, a NumPy code, or an object with a dtype.
 * @param context The function that asks, for the error.
 * @throws {TypeError} When it stands for no dtype that arrays can have.
 */
export function asDType(x: DTypeLike, context?: string): DType {
  if (isDType(x)) return x;
  const where = context === undefined ? "" : ` in ${context}`;
  if (typeof x === "string") return parseDType(x, where);
  if (x === null || x === undefined) throw new ValueError(`dtype must be specified${where}`);
  if (typeof x === "object" && "dtype" in x && isDType(x.dtype)) return x.dtype;
  throw new TypeError(unsupported(describe(x), where));
}

function describe(x: unknown): string {
  if (typeof x === "function") return x.name === "" ? "<function>" : `<class '${x.name}'>`;
  if (typeof x === "object" && x !== null) return `of type ${x.constructor?.name ?? "Object"}`;
  return String(x);
}

const warned = new Set<string>();

/**
 * The dtype for an explicit request by the user, under the present configuration. A 64-bit dtype with x64 off is
 * narrowed, with one warning for each function.
 *
 * @param x What the user gave.
 * @param fn The function that was called.
 * @throws {TypeError} As {@linkcode asDType}.
 */
export function requestedDType(x: DTypeLike, fn: string): DType {
  const dtype = asDType(x, fn);
  const canonical = canonicalizeDType(dtype);
  if (canonical !== dtype && !warned.has(fn)) {
    warned.add(fn);
    console.warn(
      `UserWarning: Explicitly requested dtype ${dtype.name} requested in ${fn} is not available, and will be ` +
        `truncated to dtype ${canonical.name}. To enable more dtypes, set the jax_enable_x64 configuration option ` +
        `(config.update("jax_enable_x64", true)) or the JAX_ENABLE_X64 shell environment variable. ` +
        `See https://github.com/jax-ml/jax#current-gotchas for more.`,
    );
  }
  return canonical;
}
