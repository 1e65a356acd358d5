/**
 * Random vectors and matrices.
 *
 * @module
 */
import {
  type ArrayLike,
  broadcastShapes,
  type DType,
  type DTypeLike,
  type JaxArray,
  keywords,
  raw,
  resultType,
  staticInteger,
  toInexact,
  tuple,
  ValueError,
} from "../core/mod.ts";
import { diagonal, einsum, linalg } from "../numpy/mod.ts";
import {
  asFloat,
  checkShape,
  floatDType,
  type Key,
  type Key1,
  type Key2,
  type KeyLike,
  meeting,
  type ParameterizedOptions,
  parameters,
  type SampleOptions,
  sampler,
  type Shape,
  shapeOr,
  singleKey,
  splitKey,
} from "./_sampler.ts";
import { exponentialCore } from "./continuous.ts";
import { generalizedNormalCore } from "./gamma.ts";
import { normalCore } from "./normal.ts";

// Barthe, Guédon, Mendelson and Naor, "A probabilistic approach to the geometry of the l_p^n-ball" (2005).
const ballCore = sampler("_ball", ([key, p]: Key1, d: number, shape: readonly number[], dtype: DType) => {
  const [k1, k2] = splitKey(key) as [JaxArray, JaxArray], last = shape.length;
  const g = generalizedNormalCore([k1, p], [...shape, d], dtype), e = exponentialCore([k2], shape, dtype);
  const power = raw.reduceSum(raw.pow(...meeting(raw.abs(g), asFloat(p))), [last]);
  const radius = raw.pow(...meeting(raw.add(...meeting(power, e)), raw.div(1, asFloat(p))));
  return raw.div(...meeting(g, raw.expandDims(radius, [last])));
});

/** Options of {@linkcode ball}. */
export interface BallOptions extends SampleOptions {
  /** The exponent of the norm; 2 by default. */
  readonly p?: ArrayLike;
}

/**
 * Points uniform in the unit ball of the Lp norm in d dimensions.
 *
 * @param key a key
 * @param d the number of dimensions
 * @param rest p (2 by default), shape (of the array of points; by default one point) and dtype (a float)
 * @returns an array [...shape, d]
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const x = random.ball(random.key(0), 3, { shape: [10] });
 * if (String(x.shape) !== "10,3" || x.mul(x).sum(-1).max().item() > 1) throw new Error();
 * ```
 */
export function ball(
  key: KeyLike,
  d: number | bigint,
  ...rest: readonly [
    p?: ArrayLike | BallOptions,
    shape?: Shape | BallOptions,
    dtype?: DTypeLike | null | BallOptions,
    options?: BallOptions,
  ]
): JaxArray {
  const given = keywords("ball", ["p", "shape", "dtype"], rest), k = singleKey("ball", key);
  const shape = shapeOr(given.shape), dtype = floatDType("gamma", given.dtype);
  const n = staticInteger(d, "argument d of jax.random.ball()"),
    [p] = parameters("ball", (given.p ?? 2) as ArrayLike);
  return ballCore([k, p!], n, shape, dtype);
}

/** How the covariance is factored. */
export type CovarianceMethod = "cholesky" | "eigh" | "svd";

/** A factor A of a covariance, A Aᵀ. */
function factorOf(cov: JaxArray, method: CovarianceMethod): JaxArray {
  if (method === "cholesky") return linalg.cholesky(cov);
  const [vectors, values] = method === "eigh" ? spectrum(cov) : leftSingular(cov);
  return raw.mul(vectors, raw.expandDims(raw.sqrt(values), [cov.ndim - 2]));
}

/** Eigenvectors as columns, and eigenvalues. */
function spectrum(cov: JaxArray): [JaxArray, JaxArray] {
  const { eigenvectors, eigenvalues } = linalg.eigh(cov);
  return [eigenvectors, eigenvalues];
}

/** Left singular vectors as columns, and singular values. */
function leftSingular(cov: JaxArray): [JaxArray, JaxArray] {
  const { U, S } = linalg.svd(cov);
  return [U, S];
}

// The mean plus a factor of the covariance times standard normal vectors.
const multivariateNormalCore = sampler(
  "_multivariate_normal",
  (
    [key, mean, cov]: Key2,
    shape: readonly number[],
    dtype: DType,
    method: CovarianceMethod,
  ) => {
    const samples = normalCore([key], [...shape, mean.shape.at(-1)!], dtype);
    const scaled = einsum("...ij,...j->...i", ...([factorOf(cov, method), samples] as const));
    return raw.add(...meeting(mean, scaled));
  },
);

/** Options of {@linkcode multivariateNormal}. */
export interface MultivariateNormalOptions extends ParameterizedOptions {
  /** How the covariance is factored: `"cholesky"` by default; `"eigh"` and `"svd"` take singular ones. */
  readonly method?: CovarianceMethod;
}

/**
 * Normal vectors with a mean and a covariance.
 *
 * @param key a key
 * @param mean the mean, along the last axis
 * @param cov the covariance, a symmetric positive definite matrix of the last two axes
 * @param rest shape of the result without its last axis (by default the parameters' common one), dtype (a float; by
 * default that of the parameters) and method
 * @throws {ValueError} when the shapes do not fit together, and for an unknown method
 *
 * @example
 * ```ts
 * import { numpy as np, random } from "@jaxlet/jaxlet";
 * const cov = np.array([[2, 0.5], [0.5, 1]]);
 * const x = random.multivariateNormal(random.key(0), np.array([1, 2]), cov, [10]);
 * if (String(x.shape) !== "10,2") throw new Error();
 * ```
 */
export function multivariateNormal(
  key: KeyLike,
  mean: ArrayLike,
  cov: ArrayLike,
  ...rest: readonly [
    shape?: Shape | null | MultivariateNormalOptions,
    dtype?: DTypeLike | null | MultivariateNormalOptions,
    method?: CovarianceMethod | MultivariateNormalOptions,
    options?: MultivariateNormalOptions,
  ]
): JaxArray {
  const name = "multivariate_normal", given = keywords(name, ["shape", "dtype", "method"], rest);
  const k = singleKey(name, key), method = given.method ?? "cholesky";
  const arrays = parameters(name, mean, cov), type = toInexact(resultType(arrays).dtype);
  const [m, c] = arrays.map((x) => raw.convert(x, type)) as [JaxArray, JaxArray];
  if (method !== "cholesky" && method !== "eigh" && method !== "svd") {
    throw new ValueError(`method must be one of {'svd', 'eigh', 'cholesky'}, got '${method}'`);
  }
  if (m.ndim < 1) throw new ValueError(`${name} requires mean.ndim >= 1, got mean.ndim == ${m.ndim}`);
  if (c.ndim < 2) throw new ValueError(`${name} requires cov.ndim >= 2, got cov.ndim == ${c.ndim}`);
  const n = m.shape.at(-1)!;
  if (c.shape.at(-1) !== n || c.shape.at(-2) !== n) {
    throw new ValueError(
      `${name} requires cov.shape == (..., n, n) for n=${n}, but got cov.shape == ${tuple(c.shape)}.`,
    );
  }
  const dtype = floatDType(name, given.dtype ?? type);
  const batches = [m.shape.slice(0, -1), c.shape.slice(0, -2)];
  const shape = shapeOr(given.shape, broadcastShapes(batches));
  checkShape("normal", shape, ...batches);
  return multivariateNormalCore([k, m, c], shape, dtype, method);
}

// Q of a normal matrix, with signs that make the diagonal of R positive (Mezzadri, "How to generate random matrices
// from the classical compact groups", 2007).
const orthogonalCore = sampler(
  "_orthogonal",
  ([key]: Key, n: number, m: number, shape: readonly number[], dtype: DType) => {
    const z = normalCore([key], [...shape, Math.max(n, m), Math.min(n, m)], dtype),
      { Q: q, R: r } = linalg.qr(z);
    const x = raw.mul(q, raw.expandDims(raw.sign(diagonal(r, { axis1: -2, axis2: -1 })), [r.ndim - 2]));
    return n < m ? x.mT : x;
  },
);

/** Options of {@linkcode orthogonal}. */
export interface OrthogonalOptions extends SampleOptions {
  /** The number of columns; as many as rows by default. */
  readonly m?: number | bigint | null;
}

/**
 * Matrices uniform in the orthogonal group (unitary ones for complex dtypes); with other numbers of rows and columns
 * those whose rows or columns are orthonormal.
 *
 * @param key a key
 * @param n the number of rows
 * @param rest shape (of the array of matrices; by default one), dtype (a float or complex one) and m, the number of
 * columns
 * @returns an array [...shape, n, m]
 *
 * @example
 * ```ts
 * import { random } from "@jaxlet/jaxlet";
 * const q = random.orthogonal(random.key(0), 3);
 * const x = q.matmul(q.T);
 * if (Math.abs(x.sum().item() - 3) > 1e-5) throw new Error();
 * ```
 */
export function orthogonal(
  key: KeyLike,
  n: number | bigint,
  ...rest: readonly [
    shape?: Shape | OrthogonalOptions,
    dtype?: DTypeLike | null | OrthogonalOptions,
    m?: number | bigint | null | OrthogonalOptions,
    options?: OrthogonalOptions,
  ]
): JaxArray {
  const given = keywords("orthogonal", ["shape", "dtype", "m"], rest), k = singleKey("orthogonal", key);
  const what = "of jax.random.orthogonal()", rows = staticInteger(n, `argument n ${what}`);
  const columns = staticInteger(given.m ?? rows, `argument m ${what}`);
  const dtype = floatDType("normal", given.dtype, true);
  return orthogonalCore([k], rows, columns, shapeOr(given.shape), dtype);
}
