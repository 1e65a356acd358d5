/**
 * Floats from random bits.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { type DType, finfo, uint16, uint32, uint64 } from "../dtypes.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind1 } from "../trace.ts";
import { randomBits } from "./random.ts";

/** The bits of 1 in a float dtype, and the unsigned dtype that holds them. */
function oneBits(dtype: DType): [bits: bigint, unsigned: DType] {
  const { bits, nmant } = finfo(dtype), bias = (1n << BigInt(bits - nmant - 2)) - 1n;
  return [bias << BigInt(nmant), bits === 16 ? uint16 : bits === 32 ? uint32 : uint64];
}

/** Floats uniform in [0, 1): random bits as the mantissa of a number in [1, 2), less 1. */
export function randomUniform(key: JaxArray, shape: readonly number[], dtype: DType): JaxArray {
  const { bits, nmant } = finfo(dtype), [one, unsigned] = oneBits(dtype);
  const width = nmant < 8 ? 8 : bits, wide = bits === 64;
  const random = raw.convert(randomBits(key, width, shape), unsigned);
  const shift = width - nmant, mantissa = raw.shiftRightLogical(random, wide ? BigInt(shift) : shift);
  const float = raw.or(mantissa, wide ? one : Number(one));
  return raw.sub(bind1(P.bitcast_convert_type, [float], { newDtype: dtype }), 1);
}
