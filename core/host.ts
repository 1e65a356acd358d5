/**
 * Arrays in host memory: what the values of the language become, and how they are read back.
 *
 * @module
 */
import {
  bfloat16,
  bool_,
  canonicalizeDType,
  defaultComplex,
  defaultFloat,
  defaultInt,
  type DType,
  float16,
  float32,
  float64,
  int16,
  int32,
  int64,
  int8,
  resultType,
  type TypedArray,
  typedArrayFor,
  uint16,
  uint32,
  uint64,
  uint8,
  wordsPerElement,
} from "./dtypes.ts";
import { OverflowError, ValueError } from "./errors.ts";
import {
  bfloat16Bits,
  castScalar,
  convertScalar,
  integerRange,
  isBigDType,
  isComplexScalar,
  type Scalar,
  scalarAt,
  setScalar,
} from "./scalar.ts";

export {
  bfloat16Bits,
  bfloat16FromBits,
  castScalar,
  type Complex,
  convertScalar,
  float16Bits,
  float16FromBits,
  integerRange,
  isComplexScalar,
  type Scalar,
  scalarAt,
  setScalar,
} from "./scalar.ts";

/** An array in host memory: row-major flat data, of the type that the dtype asks for (see scalar.ts). */
export interface HostArray {
  shape: number[];
  dtype: DType;
  weakType: boolean;
  data: TypedArray;
}

/** Nested arrays of elements, as `toArray()` gives them. */
export type Nested = Scalar | Nested[];

/** Reads a value that is an array of another kind (a jax array), or gives undefined. */
export type LeafReader = (x: unknown) => HostArray | undefined;

const MAX_DIMS = 64;

/** Zeros of a dtype, with room for `size` elements. */
export function allocate(dtype: DType, size: number): TypedArray {
  return new (typedArrayFor(dtype))(size * wordsPerElement(dtype));
}

/**
 * The array that a value of the language stands for.
 *
 * @param value a number, bigint, boolean, `{ re, im }`, typed array, or nested JS arrays of these
 * @param dtype the wanted dtype; without it, numbers are the default float, bigints the default int, mixtures promote
 * @param context the name of the calling function, put before error messages
 * @param leaf reads arrays of other kinds, at any depth
 * @returns a lone scalar without dtype is weakly typed (booleans are not), everything else is not
 * @throws ValueError for ragged nesting and null, OverflowError for an integer that does not fit, TypeError for the rest
 */
export function parseArray(value: unknown, dtype?: DType, context?: string, leaf?: LeafReader): HostArray {
  const wanted = dtype === undefined ? undefined : canonicalizeDType(dtype);
  try {
    if (Array.isArray(value)) return parseNested(value, wanted, leaf);
    const array = arrayLeaf(value, leaf);
    if (array === undefined) return parseScalar(value, wanted);
    return wanted === undefined ? array : castHost(array, wanted);
  } catch (error) {
    if (context !== undefined && error instanceof Error && !error.message.startsWith(context)) {
      error.message = `${context}: ${error.message}`;
    }
    throw error;
  }
}

/** The array with another dtype, by the rules of `astype` (integers wrap, floats saturate); not weakly typed. */
export function castHost(array: HostArray, dtype: DType): HostArray {
  if (array.dtype === dtype) return array.weakType ? { ...array, weakType: false } : array;
  const { shape, data, dtype: from } = array;
  if (dtype.num < 0 || from.num < 0) throw new TypeError(`cannot convert ${from.name} to ${dtype.name}`);
  const size = sizeOf(shape);
  const out = allocate(dtype, size);
  const plain = isPlainNumber(from) || from === bool_;
  if (plain && isPlainNumber(dtype) && (dtype.kind === "float" || from.kind !== "float")) {
    // The typed array's own conversion rounds to nearest even and wraps integers.
    (out as Float64Array).set(data as Float64Array);
  } else if (plain && dtype === bfloat16) {
    for (let i = 0; i < size; i++) out[i] = bfloat16Bits(data[i] as number);
  } else {
    for (let i = 0; i < size; i++) setScalar(out, dtype, i, castScalar(scalarAt(data, from, i), from, dtype));
  }
  return { shape, dtype, weakType: false, data: out };
}

/**
 * Flat data as nested JS arrays; a 0-d array gives its element. Booleans are JS booleans, 64-bit integers bigints,
 * complex numbers `{ re, im }`.
 *
 * @throws TypeError for key arrays
 */
export function toNested(data: TypedArray, shape: readonly number[], dtype: DType): Nested {
  if (dtype.kind === "key") {
    throw new TypeError(
      "JAX array with PRNGKey dtype cannot be converted to a JS array. " +
        "Use random.keyData(arr) if you wish to extract the underlying integer array.",
    );
  }
  const plain = isPlainNumber(dtype) || isBigDType(dtype);
  let next = 0;
  const build = (axis: number): Nested => {
    if (axis === shape.length) return scalarAt(data, dtype, next++);
    const length = shape[axis]!;
    if (plain && axis === shape.length - 1) {
      next += length;
      return Array.from(data.subarray(next - length, next) as Float64Array);
    }
    return Array.from({ length }, () => build(axis + 1));
  };
  return build(0);
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** The dtype of a typed array's elements, or undefined for what is no typed array. */
export function typedArrayDType(value: unknown): DType | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  return typedArrayDTypes.get((value as TypedArray)[Symbol.toStringTag]);
}

const typedArrayDTypes = new Map<string | undefined, DType>([
  ["Int8Array", int8],
  ["Int16Array", int16],
  ["Int32Array", int32],
  ["BigInt64Array", int64],
  ["Uint8Array", uint8],
  ["Uint8ClampedArray", uint8],
  ["Uint16Array", uint16],
  ["Uint32Array", uint32],
  ["BigUint64Array", uint64],
  ["Float16Array", float16],
  ["Float32Array", float32],
  ["Float64Array", float64],
]);

/** Whether the flat data holds the elements themselves, as JS numbers. */
function isPlainNumber(dtype: DType): boolean {
  return (dtype.kind === "int" || dtype.kind === "uint" || dtype.kind === "float") && dtype !== bfloat16 &&
    !isBigDType(dtype);
}

/** A copy of a typed array with its canonical dtype, or what the reader gives; undefined for everything else. */
function arrayLeaf(value: unknown, leaf: LeafReader | undefined): HostArray | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const dtype = typedArrayDType(value);
  if (dtype === undefined) return leaf?.(value);
  const view = value as TypedArray;
  const array: HostArray = { shape: [view.length], dtype, weakType: false, data: view };
  const canonical = canonicalizeDType(dtype);
  if (canonical !== dtype) return castHost(array, canonical);
  array.data = allocate(dtype, view.length);
  (array.data as Float64Array).set(view as Float64Array);
  return array;
}

function parseScalar(value: unknown, dtype: DType | undefined): HostArray {
  checkScalar(value);
  const own = scalarDType(value);
  const weakType = dtype === undefined && own !== bool_;
  if (weakType && typeof value === "bigint") checkDefaultInt(value, own);
  const target = dtype ?? own;
  const data = allocate(target, 1);
  setScalar(data, target, 0, convertScalar(value, target));
  return { shape: [], dtype: target, weakType, data };
}

function checkDefaultInt(value: bigint, dtype: DType): void {
  const [lo, hi] = integerRange(dtype);
  if (value >= lo && value <= hi) return;
  throw new OverflowError(`Python int ${value} too large to convert to ${dtype.name}`);
}

/** The dtype of a lone scalar. */
function scalarDType(value: Scalar): DType {
  switch (typeof value) {
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

/** What a walk over nested arrays finds. */
interface Survey {
  /** Lengths along the first path, outermost first, down to and including the shape of an array there. */
  readonly shape: number[];
  /** Outermost depth at which another path disagrees; infinity if none does. */
  raggedAt: number;
  numbers: boolean;
  fractions: boolean;
  bigints: boolean;
  booleans: boolean;
  complexes: boolean;
  /** The leaves that are arrays, by the value they were read from. */
  readonly arrays: Map<unknown, HostArray>;
}

function parseNested(value: unknown[], dtype: DType | undefined, leaf: LeafReader | undefined): HostArray {
  const survey = surveyNested(value, leaf);
  const { shape, raggedAt } = survey;
  if (raggedAt !== Infinity) {
    throw new ValueError(
      "setting an array element with a sequence. The requested array has an inhomogeneous shape after " +
        `${raggedAt} dimensions. The detected shape was (${shape.slice(0, raggedAt).join(", ")}` +
        `${raggedAt === 1 ? "," : ""}) + inhomogeneous part.`,
    );
  }
  const target = dtype ?? nestedDType(survey);
  const data = allocate(target, sizeOf(shape));
  fill(data, target, value, survey.arrays);
  return { shape, dtype: target, weakType: false, data };
}

/** The dtype that the elements promote to. Beside arrays, integer-valued numbers count as integers. */
function nestedDType(survey: Survey): DType {
  const types: { dtype: DType; weakType: boolean }[] = [];
  for (const { dtype, weakType } of survey.arrays.values()) types.push({ dtype, weakType });
  const integral = types.length > 0 && !survey.fractions;
  if (survey.numbers) types.push({ dtype: integral ? defaultInt() : defaultFloat(), weakType: true });
  if (survey.bigints) types.push({ dtype: defaultInt(), weakType: true });
  if (survey.booleans) types.push({ dtype: bool_, weakType: false });
  if (survey.complexes) types.push({ dtype: defaultComplex(), weakType: true });
  return types.length === 0 ? defaultFloat() : resultType(types).dtype;
}

function surveyNested(value: unknown[], leaf: LeafReader | undefined): Survey {
  const shape: number[] = [];
  let first: unknown = value;
  while (Array.isArray(first)) {
    shape.push(first.length);
    if (shape.length > MAX_DIMS) {
      throw new ValueError(
        "setting an array element with a sequence. The requested array would exceed the maximum number of " +
          `dimension of ${MAX_DIMS}.`,
      );
    }
    first = first[0];
  }
  const array = arrayLeaf(first, leaf);
  if (array !== undefined) shape.push(...array.shape);
  const survey: Survey = {
    shape,
    raggedAt: Infinity,
    numbers: false,
    fractions: false,
    bigints: false,
    booleans: false,
    complexes: false,
    arrays: new Map(),
  };
  surveyLevel(value, 0, survey, leaf);
  return survey;
}

/** Looks at the items of a JS array at some depth; `survey.shape[depth]` is the length it should have. */
function surveyLevel(items: unknown[], depth: number, survey: Survey, leaf: LeafReader | undefined): void {
  const { shape } = survey;
  const below = depth + 1;
  if (items.length !== shape[depth]) raggedFrom(survey, depth);
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (typeof item === "number") {
      survey.numbers = true;
      if (!Number.isInteger(item)) survey.fractions = true;
    } else if (Array.isArray(item)) {
      if (below < shape.length) surveyLevel(item, below, survey, leaf);
      else raggedFrom(survey, below);
      continue;
    } else if (typeof item === "bigint") {
      survey.bigints = true;
    } else if (typeof item === "boolean") {
      survey.booleans = true;
    } else {
      const array = survey.arrays.get(item) ?? arrayLeaf(item, leaf);
      if (array !== undefined) {
        survey.arrays.set(item, array);
        const ndim = Math.max(array.shape.length, shape.length - below);
        for (let axis = ndim - 1; axis >= 0; axis--) {
          if (array.shape[axis] !== shape[below + axis]) raggedFrom(survey, below + axis);
        }
        continue;
      }
      checkScalar(item);
      survey.complexes = true;
    }
    if (below < shape.length) raggedFrom(survey, below);
  }
}

function raggedFrom(survey: Survey, depth: number): void {
  if (depth < survey.raggedAt) survey.raggedAt = depth;
}

/** Writes the elements of nested arrays, in order. */
function fill(data: TypedArray, dtype: DType, value: unknown[], arrays: Map<unknown, HostArray>): void {
  const float = dtype === float32 || dtype === float64 || dtype === float16;
  const width = wordsPerElement(dtype);
  let next = 0;
  const walk = (items: unknown[]): void => {
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (typeof item === "number" && float) {
        data[next++] = item;
      } else if (Array.isArray(item)) {
        walk(item);
      } else {
        const array = arrays.size > 0 ? arrays.get(item) : undefined;
        if (array === undefined) {
          setScalar(data, dtype, next++, convertScalar(item as Scalar, dtype));
        } else {
          const cast = castHost(array, dtype).data;
          (data as Float64Array).set(cast as Float64Array, next * width);
          next += cast.length / width;
        }
      }
    }
  };
  walk(value);
}

function checkScalar(value: unknown): asserts value is Scalar {
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return;
  if (isComplexScalar(value)) return;
  if (value === null) {
    throw new ValueError("None is not a valid value for an array; give numbers or nested arrays");
  }
  const text = typeof value === "string"
    ? `'${value}' with dtype <U${value.length}`
    : `'${describe(value)}' with dtype object`;
  throw new TypeError(
    `Value ${text} is not a valid JAX array type. Only arrays of numeric types are supported by JAX.`,
  );
}

/** Short text of a value that is no array, for errors. */
function describe(value: unknown): string {
  if (typeof value === "function") return `<function ${value.name || "<lambda>"}>`;
  if (typeof value !== "object" || value === null) return String(value);
  const name = (value as { constructor?: { name?: string } }).constructor?.name ?? "Object";
  return name === "Object" ? `{ ${Object.keys(value).join(", ")} }` : `<${name} object>`;
}
