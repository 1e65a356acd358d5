/**
 * Arrays from bytes and texts.
 *
 * @module
 */
import {
  asDType,
  canonicalizeDType,
  castHost,
  defaultFloat,
  type DTypeLike,
  float64,
  fromHost,
  type HostArray,
  type JaxArray,
  keywords,
  NotImplementedError,
  parseArray,
  staticInteger,
  type TypedArray,
  typedArrayFor,
  ValueError,
  wordsPerElement,
} from "../core/mod.ts";
import type { HostScalar } from "./convert.ts";
import { wantedDType } from "./arrays.ts";

/**
 * Raw bytes as a one-dimensional array. A 64-bit dtype is read as such, and narrowed with x64 off.
 *
 * @param buffer The bytes: an ArrayBuffer, a typed array or a DataView.
 * @param options The dtype (float64), the number of elements (all) and the byte to begin at.
 * @throws {ValueError} When the bytes do not hold that many elements.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const bytes = new Uint8Array([1, 0, 2, 0]);
 * if (String(np.frombuffer(bytes, { dtype: np.int16 })) !== "[1 2]") throw new Error();
 * ```
 */
export function frombuffer(
  buffer: ArrayBufferLike | ArrayBufferView,
  ...options: [
    dtype?: DTypeLike | null | FrombufferOptions,
    count?: number | FrombufferOptions,
    offset?: number | FrombufferOptions,
  ]
): JaxArray {
  const { dtype, count = -1, offset = 0 } = keywords("frombuffer", ["dtype", "count", "offset"], options);
  const type = dtype === undefined || dtype === null ? float64 : asDType(dtype as DTypeLike, "frombuffer");
  const view = ArrayBuffer.isView(buffer) ? buffer : new Uint8Array(buffer as ArrayBuffer);
  const start = staticInteger(offset, "offset");
  if (start < 0 || start > view.byteLength) {
    throw new ValueError(
      `offset must be non-negative and no greater than buffer length (${view.byteLength})`,
    );
  }
  const bytes = new Uint8Array(view.buffer, view.byteOffset + start, view.byteLength - start);
  const wanted = staticInteger(count, "count");
  if (wanted < 0 && bytes.length % type.itemsize !== 0) {
    throw new ValueError("buffer size must be a multiple of element size");
  }
  const size = wanted < 0 ? bytes.length / type.itemsize : wanted;
  if (size * type.itemsize > bytes.length) throw new ValueError("buffer is smaller than requested size");
  const own = bytes.slice(0, size * type.itemsize);
  const data = new (typedArrayFor(type))(own.buffer as ArrayBuffer, 0, size * wordsPerElement(type));
  const host: HostArray = { shape: [size], dtype: type, weakType: false, data: data as TypedArray };
  return fromHost(castHost(host, canonicalizeDType(type)));
}

/** Options of {@linkcode frombuffer}. */
export interface FrombufferOptions {
  readonly dtype?: DTypeLike | null;
  readonly count?: number;
  readonly offset?: number;
}

/**
 * Numbers written in a text, as a one-dimensional array.
 *
 * @param string The text.
 * @param options The dtype (float), the number of elements (all), and the separator (required).
 * @throws {ValueError} When a part is no number, or there are too few.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.fromstring("1, 2, 3", { dtype: np.int32, sep: "," })) !== "[1 2 3]") throw new Error();
 * ```
 */
export function fromstring(
  string: string,
  ...options: [
    dtype?: DTypeLike | null | FromstringOptions,
    count?: number | FromstringOptions,
    options?: FromstringOptions,
  ]
): JaxArray {
  const { dtype, count = -1, sep } = keywords("fromstring", ["dtype", "count"], options, ["sep"]);
  if (typeof sep !== "string" || sep === "") {
    throw new TypeError("fromstring() missing required keyword argument: 'sep' (a text that is not empty)");
  }
  const type = wantedDType(dtype, "fromstring") ?? defaultFloat();
  const parts = string.trim().split(sep.trim() === "" ? /\s+/ : sep.trim()).map((part) => part.trim());
  const wanted = staticInteger(count, "count");
  const texts = (parts.at(-1) === "" ? parts.slice(0, -1) : parts).slice(0, wanted < 0 ? undefined : wanted);
  if (texts.length < wanted) throw new ValueError(`string is smaller than requested size (${wanted})`);
  const values = texts.map((text): HostScalar => {
    const value = type.kind === "int" || type.kind === "uint"
      ? /^[+-]?\d+$/.test(text) ? BigInt(text) : NaN
      : Number(text);
    if (text === "" || typeof value === "number" && Number.isNaN(value) && !/^[+-]?nan$/i.test(text)) {
      throw new ValueError(`string or file could not be read to its end due to unmatched data: '${text}'`);
    }
    return value;
  });
  return fromHost(parseArray(values, type));
}

/** Options of {@linkcode fromstring}. */
export interface FromstringOptions {
  readonly dtype?: DTypeLike | null;
  readonly count?: number;
  readonly sep?: string;
}

function unsafe(name: string, instead: string): never {
  throw new NotImplementedError(
    `jnp.${name}() is not implemented because it may be non-pure and thus unsafe for use with JIT and other JAX ` +
      `transformations. Consider using ${instead} instead.`,
  );
}

/**
 * Not available: reading a file is no function of its arguments.
 *
 * @throws {NotImplementedError} Always: it says what to use.
 */
export function fromfile(..._args: unknown[]): never {
  return unsafe("fromfile", "np.frombuffer(Deno.readFileSync(path), { dtype })");
}

/**
 * Not available: consuming an iterable is no function of its arguments.
 *
 * @throws {NotImplementedError} Always: it says what to use.
 */
export function fromiter(..._args: unknown[]): never {
  return unsafe("fromiter", "np.array([...iterable])");
}
