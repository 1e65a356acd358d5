/**
 * Associated Legendre functions and spherical harmonics.
 *
 * @module
 */
import {
  type ArrayLike,
  type JaxArray,
  keywords,
  namedJit,
  NotImplementedError,
  raw,
  staticInteger,
  toArray,
  ValueError,
} from "../../core/mod.ts";
import * as np from "../../numpy/mod.ts";
import { singleOrDouble } from "./elementwise.ts";

/** A constant table of numbers in the dtype of an array. */
const table = (rows: readonly unknown[], x: JaxArray): JaxArray =>
  np.array(rows as number[], { dtype: x.dtype });

const range = (size: number): number[] => Array.from({ length: size }, (_, i) => i);

/** The factors of x Pₗ₋₁ᵐ and of -Pₗ₋₂ᵐ in Pₗᵐ, for m < l. */
function recurrence(m: number, l: number, normalized: boolean): [number, number] {
  if (m >= l) return [0, 0];
  if (!normalized) return [(2 * l - 1) / (l - m), (l + m - 1) / (l - m)];
  const difference = l * l - m * m, before = (l - 1) ** 2 - m * m;
  return [
    Math.sqrt((4 * l * l - 1) / difference),
    m < l - 1 ? Math.sqrt((2 * l + 1) * before / ((2 * l - 3) * difference)) : 0,
  ];
}

/**
 * Pₗᵐ(x) for 0 ≤ m, l ≤ lMax as an array of shape `[m, l, x]`, by recurrence over l from
 * Pₘᵐ = (-1)ᵐ (2m - 1)!! (1 - x²)^(m/2). The normalized ones are those of spherical harmonics.
 */
function legendre(lMax: number, x: JaxArray, normalized: boolean): JaxArray {
  const orders = range(lMax + 1), sin = raw.sqrt(raw.sub(1, raw.mul(x, x))), row = raw.expandDims(x, [0]);
  const column = (values: readonly number[]): JaxArray => table(values.map((v) => [v]), x);
  const unit = (i: number): JaxArray => column(orders.map((m) => m === i ? 1 : 0));
  let factor = normalized ? 0.5 / Math.sqrt(Math.PI) : 1, power = raw.fullLike(x, 1);
  const columns: JaxArray[] = [];
  for (const l of orders) {
    if (l > 0) {
      factor *= normalized ? -Math.sqrt(1 + 0.5 / l) : 1 - 2 * l;
      power = raw.mul(power, sin);
    }
    let p = raw.mul(unit(l), raw.expandDims(raw.mul(power, factor), [0]));
    const steps = orders.map((m) => recurrence(m, l, normalized));
    if (l > 0) p = raw.add(p, raw.mul(raw.mul(column(steps.map(([d]) => d)), row), columns[l - 1]!));
    if (l > 1) p = raw.sub(p, raw.mul(column(steps.map(([, d]) => d)), columns[l - 2]!));
    columns.push(p);
  }
  return np.stack(columns, { axis: 1 });
}

/**
 * The factors of Pₗ₋₁ᵏ in dPₗᵐ/dx for m ≠ 1, from
 * dPₗᵐ/dx = ((l + m)(l - m + 1) Pₗᵐ⁻¹ - Pₗᵐ⁺¹) / 2√(1 - x²) and
 * Pₗᵐ/√(1 - x²) = -(Pₗ₋₁ᵐ⁺¹ + (l + m - 1)(l + m) Pₗ₋₁ᵐ⁻¹) / 2m.
 */
function derivativeFactors(m: number, l: number, size: number): number[] {
  const row = new Array<number>(size).fill(0);
  if (m === 1 || m > l) return row;
  const sum = l + m, down = sum * (l - m + 1) / 2, a = -0.5 / (m - 1), d = -0.5 / (m + 1);
  const two = down * a * (sum - 2) * (sum - 1);
  row[m] = down * a - 0.5 * d * sum * (sum + 1);
  if (m + 2 < size) row[m + 2] = -0.5 * d;
  if (m >= 2) row[m - 2] = two;
  // Pₗ₋₁⁻² = Pₗ₋₁² / ((l + 1) l (l - 1) (l - 2))
  if (m === 0 && l >= 3) row[2]! += two / ((l + 1) * l * (l - 1) * (l - 2));
  return row;
}

/** The derivatives of what {@linkcode legendre} gives. */
function derivatives(p: JaxArray, x: JaxArray): JaxArray {
  const size = p.shape[0]!, orders = range(size);
  const factors = orders.map((l) => orders.map((m) => derivativeFactors(m, l, size)));
  const before = np.pad(p, [[0, 0], [1, 0], [0, 0]]).at(":", slice(size)).get();
  const out = np.einsum("lmk,klx->mlx", table(factors, x), before);
  if (size < 2) return out;
  // dPₗ¹/dx = (l (l + 1) Pₗ⁰ - Pₗ²) / 2√(1 - x²)
  const inverse = raw.div(0.5, raw.sqrt(raw.sub(1, raw.mul(x, x))));
  const first = orders.map((l) => orders.map((k) => l === 0 ? 0 : k === 0 ? (l + 1) * l : k === 2 ? -1 : 0));
  const row = raw.mul(np.einsum("lk,klx->lx", table(first, x), p), raw.expandDims(inverse, [0]));
  return out.at(1, slice(1, size)).set(row.at(slice(1, size)).get());
}

const slice = (start: number, stop?: number): string => stop === undefined ? `:${start}` : `${start}:${stop}`;

const valuesOf = namedJit(
  "lpmn_values",
  ([x], lMax: number, normalized: boolean): JaxArray[] => [legendre(lMax, x!, normalized)],
);

const lpmnOf = namedJit("lpmn", ([x], lMax: number): JaxArray[] => {
  const p = legendre(lMax, x!, false);
  return [p, derivatives(p, x!)];
});

/** The argument and the largest degree. */
function checked(name: string, m: unknown, n: unknown, z: ArrayLike): [JaxArray, number] {
  const x = singleOrDouble(z, name);
  if (x.ndim !== 1) throw new ValueError(`${name}: z must be a 1D array, got shape [${x.shape}].`);
  const order = staticInteger(m, `Argument m of ${name}.`),
    degree = staticInteger(n, `Argument n of ${name}.`);
  if (order !== degree) {
    throw new NotImplementedError(`${name}: Computations for m!=n are not yet supported: give m = n.`);
  }
  if (degree < 0) throw new ValueError(`${name}: n must not be negative, got ${degree}`);
  return [x, degree];
}

/**
 * The associated Legendre functions Pₗᵐ(z) of orders m and degrees l up to n, and their derivatives.
 *
 * @param m The largest order, equal to `n`.
 * @param n The largest degree.
 * @param z Array of float32 or float64 with one axis.
 * @returns The values and the derivatives, each of shape `[m + 1, n + 1, z.length]`; 0 for orders above the degree.
 * @throws {TypeError} For other dtypes, and an `m` or `n` that is traced.
 * @throws {ValueError} For other ranks.
 * @throws {NotImplementedError} For an `m` other than `n`.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const [p, dp] = scipy.special.lpmn(1, 1, np.array([0.5]));
 * if (p.at(0, 1, 0).get().item() !== 0.5 || dp.at(0, 1, 0).get().item() !== 1) throw new Error();
 * ```
 */
export function lpmn(m: number, n: number, z: ArrayLike): [values: JaxArray, derivatives: JaxArray] {
  const [x, degree] = checked("lpmn", m, n, z);
  return lpmnOf([x], degree) as [JaxArray, JaxArray];
}

/**
 * The associated Legendre functions Pₗᵐ(z) of orders m and degrees l up to n.
 *
 * @param m The largest order, equal to `n`.
 * @param n The largest degree.
 * @param z Array of float32 or float64 with one axis.
 * @param isNormalized Whether to normalise as in spherical harmonics, by √((2l + 1)(l - m)! / (4π (l + m)!)).
 * @returns An array of shape `[m + 1, n + 1, z.length]`; 0 for orders above the degree.
 * @throws {TypeError} For other dtypes, and an `m` or `n` that is traced.
 * @throws {ValueError} For other ranks.
 * @throws {NotImplementedError} For an `m` other than `n`.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const p = scipy.special.lpmnValues(2, 2, np.array([0.5]), false);
 * if (p.at(0, 2, 0).get().item() !== -0.125) throw new Error();
 * ```
 */
export function lpmnValues(m: number, n: number, z: ArrayLike, isNormalized: boolean): JaxArray {
  const [x, degree] = checked("lpmn_values", m, n, z);
  return valuesOf([x], degree, Boolean(isNormalized))[0]!;
}

const harmonicsOf = namedJit("_sph_harm", ([n, m, theta, phi], nMax: number): JaxArray[] => {
  const p = legendre(nMax, raw.cos(theta!), true), order = raw.abs(m!);
  const value = p.at(order, n!, np.arange(n!.shape[0]!)).get({ mode: "clip" });
  const angle = np.multiply(order, phi!);
  const harmonic = raw.complex(np.multiply(value, np.cos(angle)), np.multiply(value, np.sin(angle)));
  const sign = np.where(np.equal(np.remainder(order, 2n), 0n), 1, -1);
  return [np.where(np.less(m!, 0n), np.multiply(sign, np.conjugate(harmonic)), harmonic)];
});

/** Options of {@linkcode sphHarmY}. */
export interface SphHarmYOptions {
  /** The order of derivatives: not there, as in JAX. */
  readonly diffN?: number | null;
  /** The largest degree, where `n` is traced; by default that in `n`. */
  readonly nMax?: number | null;
}

/**
 * The spherical harmonics Yₙᵐ(θ, φ).
 *
 * @param n Array of integers with one axis: the degrees.
 * @param m Array of integers of the shape of `n`: the orders, |m| ≤ n.
 * @param theta Real array with one axis, or a scalar: the polar angles (colatitudes) in [0, π].
 * @param phi As `theta`: the azimuths in [0, 2π].
 * @param rest diffN (absent); nMax, the largest degree
 * @returns A complex array of the shape of `n`.
 * @throws {NotImplementedError} For `diffN`.
 * @throws {TypeError} For a traced `n` without `nMax`.
 * @throws {ValueError} For an `n` that has not one axis.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const y = scipy.special.sphHarmY(np.arange(1), np.arange(1), np.array([0.3]), np.array([0.2]));
 * if (Math.abs(y.real.at(0).get().item() - 0.5 / Math.sqrt(Math.PI)) > 1e-6) throw new Error();
 * ```
 */
export function sphHarmY(
  n: ArrayLike,
  m: ArrayLike,
  theta: ArrayLike,
  phi: ArrayLike,
  ...rest: [diffN?: number | null | SphHarmYOptions, nMax?: number | null | SphHarmYOptions]
): JaxArray {
  const { diffN, nMax } = keywords("sph_harm_y", ["diffN", "nMax"], rest);
  if (diffN !== undefined && diffN !== null) {
    throw new NotImplementedError("The 'diff_n' argument to jax.scipy.special.sph_harm_y is not supported.");
  }
  const name = "sph_harm_y", degrees = toArray(n, name), orders = toArray(m, name, 1);
  if (degrees.ndim !== 1) {
    throw new ValueError(`${name}: n must be a 1D array, got shape [${degrees.shape}].`);
  }
  const angles = [toArray(theta, name, 2), toArray(phi, name, 3)].map((x) => np.atleast1d(x) as JaxArray);
  const largest = nMax ?? np.max(degrees);
  const lMax = staticInteger(
    largest,
    "The `n_max` argument of `jnp.scipy.special.sph_harm` must be statically specified to use `sph_harm` within JAX " +
      "transformations.",
  );
  return harmonicsOf([degrees, orders, ...angles], lMax)[0]!;
}
