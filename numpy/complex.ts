/**
 * Parts of complex numbers.
 *
 * @module
 */
import {
  type ArrayLike,
  defaultFloat,
  isInexact,
  type JaxArray,
  keywords,
  namedJit,
  raw,
} from "../core/mod.ts";
import { literalLike, refuseOptions, toArray } from "./convert.ts";
import type { NoOptions } from "./_ufunc.ts";

/**
 * The real part; real arrays as they are.
 *
 * @param val Array or scalar.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.real(np.complex(1, 2))) !== "1.0") throw new Error();
 * ```
 */
export function real(val: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("real", options);
  const x = toArray(val, "real");
  return x.dtype.kind === "complex" ? raw.real(x) : x;
}

/**
 * The imaginary part; zeros for real arrays.
 *
 * @param val Array or scalar.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.imag(np.complex(1, 2))) !== "2.0") throw new Error();
 * ```
 */
export function imag(val: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("imag", options);
  const x = toArray(val, "imag");
  return x.dtype.kind === "complex" ? raw.imag(x) : raw.fullLike(x, 0);
}

/**
 * The complex conjugate; real arrays as they are.
 *
 * @param x Array or scalar.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.conjugate(np.complex(1, 2))) !== "(1-2j)") throw new Error();
 * ```
 */
export function conjugate(x: ArrayLike, options?: NoOptions): JaxArray {
  if (options !== undefined) refuseOptions("conjugate", options);
  const a = toArray(x, "conjugate");
  return a.dtype.kind === "complex" ? raw.conj(a) : a;
}

const argument = namedJit("angle", ([z], deg: boolean): JaxArray[] => {
  const complex = z!.dtype.kind === "complex";
  let re = complex ? raw.real(z!) : z!, im = complex ? raw.imag(z!) : raw.fullLike(z!, 0);
  if (!isInexact(re.dtype) || z!.dtype.kind === "float" && z!.ndim === 0) {
    re = raw.convert(re, defaultFloat());
    im = raw.convert(im, defaultFloat());
  }
  const radians = raw.atan2(im, re);
  return [deg ? raw.mul(radians, literalLike(radians, 180 / Math.PI)) : radians];
});

/**
 * The angle of complex numbers from the positive real axis, in (-π, π].
 *
 * @param z Array or scalar.
 * @param rest `deg`: in degrees (false).
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.angle(np.complex(0, 1), { deg: true })) !== "90.0") throw new Error();
 * ```
 */
export function angle(z: ArrayLike, ...rest: [deg?: boolean | { readonly deg?: boolean }]): JaxArray {
  const { deg = false } = keywords("angle", ["deg"], rest);
  return argument([toArray(z, "angle")], Boolean(deg))[0]!;
}

export { conjugate as conj };
