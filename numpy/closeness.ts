/**
 * Equality within a tolerance.
 *
 * @module
 */
import { type ArrayLike, bind1, type JaxArray, keywords, namedJit, P, raw, realDType } from "../core/mod.ts";
import { promoteDTypes, promoteInexact, toArray, toArrays } from "./convert.ts";
import { isfinite } from "./comparison.ts";

/** Options of {@linkcode isclose}. */
export interface CloseOptions {
  /** The allowed difference relative to the second operand (1e-5). */
  readonly rtol?: ArrayLike;
  /** The allowed absolute difference (1e-8). */
  readonly atol?: ArrayLike;
  /** Whether NaN is close to NaN (false). */
  readonly equalNan?: boolean;
}

const close = namedJit("isclose", ([x, y, r, t], equalNan: boolean): JaxArray[] => {
  if (x!.dtype.kind === "key") return [raw.eq(x!, y!)];
  const [a, b] = promoteInexact("isclose", ...promoteDTypes("isclose", [x!, y!])) as [JaxArray, JaxArray];
  const dtype = realDType(a.dtype), rtol = raw.convert(r!, dtype), atol = raw.convert(t!, dtype);
  const bothNan = raw.and(raw.ne(a, a), raw.ne(b, b)), finite = isfinite(b);
  const inRange = raw.le(raw.abs(raw.sub(a, b)), raw.add(atol, raw.mul(rtol, raw.abs(b))));
  const result = raw.or(raw.eq(a, b), raw.and(finite, inRange));
  return [equalNan ? raw.or(result, bothNan) : result];
});

type CloseRest = [
  rtol?: ArrayLike | CloseOptions,
  atol?: ArrayLike | CloseOptions,
  equalNan?: boolean | CloseOptions,
];

function closeness(name: string, a: unknown, b: unknown, rest: readonly unknown[]): {
  arrays: JaxArray[];
  equalNan: boolean;
} {
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = keywords(name, ["rtol", "atol", "equalNan"], rest);
  const arrays = [...toArrays(name, a, b), toArray(rtol, name, 2), toArray(atol, name, 3)];
  return { arrays, equalNan: Boolean(equalNan) };
}

/**
 * Whether elements are equal within |a - b| ≤ atol + rtol |b|.
 *
 * @param a Array or scalar.
 * @param b Array or scalar, broadcast with `a`.
 * @param rest `rtol` (1e-5), `atol` (1e-8), `equalNan` (false), or {@linkcode CloseOptions}.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.isclose(np.array([1, 2]), np.array([1 + 1e-7, 2.1]))) !== "[ True False]") throw new Error();
 * ```
 */
export function isclose(a: ArrayLike, b: ArrayLike, ...rest: CloseRest): JaxArray {
  const { arrays, equalNan } = closeness("isclose", a, b, rest);
  return close(arrays, equalNan)[0]!;
}

const allNear = namedJit("allclose", (xs, equalNan: boolean): JaxArray[] => {
  const near = close(xs, equalNan)[0]!;
  return [bind1(P.reduce_and, [near], { axes: near.shape.map((_, i) => i) })];
});

/**
 * Whether all elements are equal as by {@linkcode isclose}.
 *
 * @param a Array or scalar.
 * @param b Array or scalar, broadcast with `a`.
 * @param rest `rtol` (1e-5), `atol` (1e-8), `equalNan` (false), or {@linkcode CloseOptions}.
 * @throws {TypeError} For shapes that do not broadcast.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (!np.allclose(np.ones(2), 1).item()) throw new Error();
 * ```
 */
export function allclose(a: ArrayLike, b: ArrayLike, ...rest: CloseRest): JaxArray {
  const { arrays, equalNan } = closeness("allclose", a, b, rest);
  return allNear(arrays, equalNan)[0]!;
}
