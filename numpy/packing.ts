/**
 * Functions of `jax.numpy` that pack truth values into the bits of bytes.
 *
 * @module
 */
import {
  type ArrayLike,
  canonicalAxis,
  isBool,
  isInteger,
  type JaxArray,
  keywords,
  raw,
  staticInteger,
  uint8,
  ValueError,
} from "../core/mod.ts";
import { flat, type OrOptions } from "./_arguments.ts";
import { moveOne } from "./axes.ts";
import { toArray } from "./convert.ts";
import { sumOf } from "./_reduction.ts";
import { staged } from "./_staged.ts";

/** Which bit of a byte comes first: the highest (`"big"`) or the lowest (`"little"`). */
export type BitOrder = "big" | "little";

/** The places of the bits of a byte in their order. */
function places(order: BitOrder): JaxArray {
  const bits = raw.iota(uint8, [8], 0);
  return order === "big" ? raw.rev(bits, [0]) : bits;
}

const packCall = staged("packbits", ([a]: readonly [JaxArray], axis: number | null, order: BitOrder) => {
  const bytes = raw.convert(raw.ne(a, 0), uint8), at = axis ?? 0;
  let x = moveOne(axis === null ? flat(bytes) : bytes, at, -1);
  const last = x.ndim - 1, missing = (8 - x.shape[last]! % 8) % 8;
  if (missing) {
    x = raw.pad(x, raw.scalar(0, uint8), x.shape.map((_, i) => i === last ? [0, missing, 0] : [0, 0, 0]));
  }
  const groups = raw.reshape(x, [...x.shape.slice(0, last), x.shape[last]! / 8, 8]);
  const shifts = raw.reshape(places(order), groups.shape.map((_, i) => i === last + 1 ? 8 : 1));
  const packed = raw.convert(sumOf(raw.shiftLeft(groups, shifts), { axes: [-1] }), uint8);
  return moveOne(packed, -1, at);
});

const unpackCall = staged(
  "unpackbits",
  ([a]: readonly [JaxArray], axis: number | null, order: BitOrder, count: number | null) => {
    const at = axis ?? 0, x = moveOne(axis === null ? flat(a) : a, at, -1);
    const shifts = raw.reshape(places(order), [...x.shape.map(() => 1), 8]);
    const masks = raw.shiftLeft(raw.fullLike(shifts, 1), shifts);
    const set = raw.gt(raw.and(raw.expandDims(x, [x.ndim]), masks), 0);
    const last = x.ndim - 1, n = x.shape[last]! * 8;
    let bits = raw.reshape(raw.convert(set, uint8), [...x.shape.slice(0, last), n]);
    if (count !== null) {
      const wanted = count < 0 ? Math.max(0, n + count) : count;
      bits = wanted <= n ? raw.sliceInDim(bits, 0, wanted, last) : raw.pad(
        bits,
        raw.scalar(0, uint8),
        bits.shape.map((_, i) => i === last ? [0, wanted - n, 0] : [0, 0, 0]),
      );
    }
    return moveOne(bits, -1, at);
  },
);

function bitOrder(order: unknown): BitOrder {
  if (order === undefined || order === "big") return "big";
  if (order === "little") return "little";
  throw new ValueError("'order' must be either 'little' or 'big'");
}

function axisOf(axis: unknown, x: JaxArray): number | null {
  return axis === undefined || axis === null ? null : canonicalAxis(axis, x.ndim);
}

/** Options of {@linkcode packbits}. */
export interface PackOptions {
  /** The axis along which elements are packed; null (the default) for the flat array. */
  readonly axis?: number | null;
  /** Which bit comes first. */
  readonly bitorder?: BitOrder;
}

/**
 * Packs elements, eight at a time, into the bits of bytes: 1 where they are not zero. Missing ones are 0.
 *
 * @param a an array of integers or booleans
 * @param rest axis, bitorder
 * @returns a uint8 array
 * @throws {TypeError} for other dtypes
 * @throws {ValueError} for another bitorder, and when the axis is not there
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.packbits(np.array([true, false, true]))) !== "[160]") throw new Error();
 * ```
 */
export function packbits(
  a: ArrayLike,
  ...rest: OrOptions<[axis?: number | null, bitorder?: BitOrder], PackOptions>
): JaxArray {
  const { axis, bitorder } = keywords("packbits", ["axis", "bitorder"], rest);
  const x = toArray(a, "packbits");
  if (!isInteger(x.dtype) && !isBool(x.dtype)) {
    throw new TypeError(`Expected an input array of integer or boolean data type, got ${x.aval}`);
  }
  return packCall([x], axisOf(axis, x), bitOrder(bitorder));
}

/** Options of {@linkcode unpackbits}. */
export interface UnpackOptions extends PackOptions {
  /** How many bits to give: fewer are cut off, more are 0, a negative number leaves as many out at the end. */
  readonly count?: number | null;
}

/**
 * The bits of bytes, 0 or 1.
 *
 * @param a a uint8 array
 * @param rest axis, count, bitorder
 * @returns a uint8 array, eight times as long along the axis
 * @throws {TypeError} for other dtypes
 * @throws {ValueError} for another bitorder, and when the axis is not there
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.unpackbits(np.uint8([160]), { count: 3 })) !== "[1 0 1]") throw new Error();
 * ```
 */
export function unpackbits(
  a: ArrayLike,
  ...rest: OrOptions<[axis?: number | null, count?: number | null, bitorder?: BitOrder], UnpackOptions>
): JaxArray {
  const { axis, count, bitorder } = keywords("unpackbits", ["axis", "count", "bitorder"], rest);
  const x = toArray(a, "unpackbits");
  if (x.dtype !== uint8) {
    throw new TypeError(`Expected an input array of unsigned byte data type, got ${x.aval}`);
  }
  const bits = count === undefined || count === null
    ? null
    : staticInteger(count, "the count argument of unpackbits");
  return unpackCall([x], axisOf(axis, x), bitOrder(bitorder), bits);
}
