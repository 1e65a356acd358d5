/**
 * The bytes of arrays seen as elements of another dtype, or in the other order.
 *
 * @module
 */
import {
  bind1,
  bool_,
  complex64,
  type DType,
  type DTypeLike,
  float32,
  float64,
  type JaxArray,
  P,
  raw,
  uint8,
  ValueError,
} from "../core/mod.ts";
import { wantedDType } from "./arrays.ts";

function bitcast(x: JaxArray, newDType: DType): JaxArray {
  return x.dtype === newDType ? x : bind1(P.bitcast_convert_type, [x], { newDtype: newDType });
}

/** Complex numbers as their real and imaginary parts, one after the other along the last axis. */
function interleaved(x: JaxArray): JaxArray {
  const part = (v: JaxArray): JaxArray => raw.expandDims(v, [x.ndim]);
  const pairs = raw.concatenate([part(raw.real(x)), part(raw.imag(x))], x.ndim);
  return raw.reshape(pairs, [...x.shape.slice(0, -1), 2 * x.shape.at(-1)!]);
}

/** Every second element of the last axis. */
function alternate(x: JaxArray, start: number): JaxArray {
  return raw.sliceInDim(x, start, x.shape.at(-1)!, x.ndim - 1, 2);
}

/** The bytes of an array as elements of another dtype; see `x.view`. */
export function view(x: JaxArray, dtypeLike: DTypeLike | null = null): JaxArray {
  const to = wantedDType(dtypeLike, "view"), { dtype: from, ndim } = x;
  if (to === undefined || to === from) return x;
  if (ndim === 0) {
    if (from.bits !== to.bits) {
      throw new ValueError("view() of a 0d array is only supported if the itemsize is unchanged.");
    }
    return raw.squeeze(view(raw.expandDims(x, [0]), to), [0]);
  }
  const last = x.shape[ndim - 1]!;
  if (last * from.bits % to.bits !== 0) {
    throw new ValueError(
      "When changing to a larger dtype, its size must be a divisor of the total size in bytes of the last axis of " +
        `the array: view of ${x.aval} as ${to.name}.`,
    );
  }
  if (from === bool_) return view(raw.convert(x, uint8), to);
  if (from.kind === "complex") return view(interleaved(x), to);
  if (to === bool_) return raw.convert(view(x, uint8), bool_);
  if (to.kind === "complex") {
    const parts = view(x, to === complex64 ? float32 : float64);
    return raw.complex(alternate(parts, 0), alternate(parts, 1));
  }
  if (from.bits === to.bits) return bitcast(x, to);
  const lead = x.shape.slice(0, -1), size = last * from.bits / to.bits;
  if (from.bits > to.bits) return raw.reshape(bitcast(x, to), [...lead, size]);
  return bitcast(raw.reshape(x, [...lead, size, to.bits / from.bits]), to);
}

/** The bytes of each element in the other order. */
export function byteswap(x: JaxArray): JaxArray {
  if (x.dtype.kind === "complex") return raw.complex(byteswap(raw.real(x)), byteswap(raw.imag(x)));
  if (x.itemsize === 1) return x;
  return bitcast(raw.rev(bitcast(x, uint8), [x.ndim]), x.dtype);
}
