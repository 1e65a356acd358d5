/**
 * Density estimation with Gaussian kernels, as in `jax.scipy.stats.gaussian_kde`.
 *
 * @module
 */
import {
  type ArrayLike,
  type JaxArray,
  keywords,
  NotImplementedError,
  pytree,
  raw,
  ValueError,
  vmap,
} from "../../core/mod.ts";
import { cholesky } from "../../core/ops/linalg_cholesky.ts";
import { triangularSolve } from "../../core/ops/linalg_triangular.ts";
import { isHostScalar, promoteDTypes, toArrays } from "../../numpy/convert.ts";
import * as np from "../../numpy/mod.ts";
import { choice, multivariateNormal, split } from "../../random/mod.ts";
import { logsumexp, ndtr } from "../special/mod.ts";

/** A bandwidth: the name of a rule, a factor, or a function from the estimate to a factor. */
export type BandwidthMethod = "scott" | "silverman" | number | JaxArray | ((kde: GaussianKde) => ArrayLike);

/** Options of {@linkcode gaussianKde}. */
export interface GaussianKdeOptions {
  /** The bandwidth ("scott"). */
  readonly bwMethod?: BandwidthMethod | null;
  /** Weights of the points, equal by default. */
  readonly weights?: ArrayLike | null;
}

const array = (name: string, x: unknown): JaxArray => toArrays(name, x)[0]!;

function refuseComplex(x: JaxArray, what: string): void {
  if (x.dtype.kind === "complex") {
    throw new NotImplementedError(`gaussian_kde does not support complex ${what}`);
  }
}

/** The mean of a Gaussian kernel at `mean` over weighted points: norm Σ w exp(-½ dᵀ C⁻¹ d), C = L Lᵀ. */
function convolve(l: JaxArray, points: JaxArray, weights: JaxArray, mean: JaxArray): JaxArray {
  const diff = np.subtract(points, np.expandDims(mean, 1));
  const y = triangularSolve(l, diff, { leftSide: true, lower: true });
  const norm = np.divide(1, np.multiply(Math.sqrt(2 * Math.PI) ** diff.shape[0]!, np.prod(np.diag(l))));
  const sum = np.sum(np.multiply(np.exp(np.multiply(np.sum(np.square(y), 0), -0.5)), weights));
  return np.multiply(norm, sum);
}

/** An estimate of a density: a Gaussian about each point of a data set. */
export class GaussianKde {
  /** The effective number of points, 1 / Σ w². */
  readonly neff: JaxArray;
  /** The points, `[d, n]`. */
  readonly dataset: JaxArray;
  /** Their weights `[n]`, of sum 1. */
  readonly weights: JaxArray;
  /** The covariance of the kernel, `[d, d]`. */
  readonly covariance: JaxArray;
  /** Its inverse. */
  readonly invCov: JaxArray;

  constructor(parts: readonly [JaxArray, JaxArray, JaxArray, JaxArray, JaxArray]) {
    [this.neff, this.dataset, this.weights, this.covariance, this.invCov] = parts;
  }

  /** The number of dimensions. */
  get d(): number {
    return this.dataset.shape[0]!;
  }

  /** The number of points. */
  get n(): number {
    return this.dataset.shape[1]!;
  }

  #points(name: string, x: ArrayLike): JaxArray {
    const given = array(name, x);
    refuseComplex(given, "coordinates");
    const points = np.atleast2d(given) as JaxArray, [d, m] = points.shape;
    if (d === this.d) return points;
    if (d === 1 && m === this.d) return np.reshape(points, [this.d, 1]);
    throw new ValueError(`points have dimension ${d}, dataset has dimension ${this.d}`);
  }

  /** The terms of the estimate, kernels along the last axis: logarithms without the weights. */
  #kernels(x: JaxArray): readonly [log: JaxArray, weights: JaxArray] {
    const [points, weights, at, precision] = promoteDTypes("gaussian_kde", [
      this.dataset,
      this.weights,
      x,
      this.invCov,
    ], "inexact") as [JaxArray, JaxArray, JaxArray, JaxArray];
    const whitening = cholesky(precision), [d] = points.shape as [number];
    const white = np.dot(np.transpose(points), whitening), from = np.dot(np.transpose(at), whitening);
    const logNorm = raw.sub(np.sum(raw.log(np.diag(whitening))), 0.5 * d * Math.log(2 * Math.PI));
    const squares = np.square(np.subtract(np.expandDims(white, 0), np.expandDims(from, 1)));
    return [np.subtract(logNorm, np.multiply(np.sum(squares, -1), 0.5)), weights];
  }

  /**
   * The density at points `[d, m]` (or `[m]` in one dimension): `[m]`.
   *
   * @throws {ValueError} For points of another dimension.
   * @throws {NotImplementedError} For complex points.
   */
  evaluate(points: ArrayLike): JaxArray {
    const [log, weights] = this.#kernels(this.#points("evaluate", points));
    return np.sum(np.multiply(weights, np.exp(log)), -1);
  }

  /** As {@linkcode evaluate}. */
  pdf(x: ArrayLike): JaxArray {
    return this.evaluate(x);
  }

  /** The logarithm of {@linkcode evaluate}, precise where that underflows. */
  logpdf(x: ArrayLike): JaxArray {
    const [log, weights] = this.#kernels(this.#points("logpdf", x));
    return logsumexp(np.add(np.log(weights), log), { axis: -1 });
  }

  /**
   * The integral of the estimate times a normal density of a mean `[d]` and a covariance `[d, d]`.
   *
   * @throws {ValueError} For other shapes.
   */
  integrateGaussian(mean: ArrayLike, cov: ArrayLike): JaxArray {
    const [m, c] = toArrays("integrate_gaussian", mean, cov) as [JaxArray, JaxArray];
    const at = np.atleast1d(np.squeeze(m)) as JaxArray, covariance = np.atleast2d(c) as JaxArray;
    if (at.ndim !== 1 || at.shape[0] !== this.d) {
      throw new ValueError(`mean does not have dimension ${this.d}`);
    }
    if (covariance.ndim !== 2 || covariance.shape.some((n) => n !== this.d)) {
      throw new ValueError(`covariance does not have dimension ${this.d}`);
    }
    return convolve(cholesky(np.add(this.covariance, covariance)), this.dataset, this.weights, at);
  }

  /**
   * The integral from `low` to `high`, in one dimension.
   *
   * @throws {ValueError} For more dimensions, and bounds that are no scalars.
   */
  integrateBox1d(low: ArrayLike, high: ArrayLike): JaxArray {
    if (this.d !== 1) throw new ValueError("integrate_box_1d() only handles 1D pdfs");
    const bounds = toArrays("integrate_box_1d", low, high);
    if (bounds.some((x) => x.ndim > 0)) {
      throw new ValueError("the limits of integration in integrate_box_1d must be scalars");
    }
    const sigma = np.squeeze(np.sqrt(this.covariance));
    const [a, b] = bounds.map((x) => ndtr(np.squeeze(np.divide(np.subtract(x, this.dataset), sigma))));
    return np.sum(np.multiply(this.weights, np.subtract(b!, a!)));
  }

  /** Not there: only intervals are, as in JAX. */
  integrateBox(_lowBounds: ArrayLike, _highBounds: ArrayLike): never {
    throw new NotImplementedError("only 1D box integrations are supported; use `integrate_box_1d`");
  }

  /**
   * The integral of the product with another estimate.
   *
   * @throws {ValueError} For estimates of different dimensions.
   */
  integrateKde(other: GaussianKde): JaxArray {
    if (other.d !== this.d) throw new ValueError("KDEs are not the same dimensionality");
    const [small, large] = this.n < other.n ? [this, other] : [other, this] as const;
    const l = cholesky(np.add(this.covariance, other.covariance));
    const at = vmap((mean: JaxArray) => convolve(l, large.dataset, large.weights, mean), 1)(small.dataset);
    return np.sum(np.multiply(at as JaxArray, small.weights));
  }

  /** Samples `[d, ...shape]` of the estimate. */
  resample(
    key: JaxArray,
    ...rest: [shape?: readonly number[] | { readonly shape?: readonly number[] }]
  ): JaxArray {
    const shape = (keywords("resample", ["shape"], rest).shape ?? []) as readonly number[];
    const [pointKey, noiseKey] = split(key) as Iterable<JaxArray> as [JaxArray, JaxArray];
    const at = choice(pointKey, this.n, shape, { p: this.weights });
    const zeros = np.zeros(this.d, { dtype: this.covariance.dtype });
    const noise = multivariateNormal(noiseKey, zeros, this.covariance, shape, { dtype: this.dataset.dtype });
    return np.add(np.take(this.dataset, at, { axis: 1 }), np.transpose(noise));
  }

  /** Not there: an estimate is immutable, as in JAX. */
  setBandwidth(_bwMethod?: BandwidthMethod | null): never {
    throw new NotImplementedError("dynamically changing the bandwidth method is not supported");
  }
}

type Parts = [JaxArray, JaxArray, JaxArray, JaxArray, JaxArray];

pytree.register({
  type: GaussianKde,
  name: "gaussian_kde",
  noun: "custom node",
  flatten(node) {
    const kde = node as GaussianKde;
    return [[kde.neff, kde.dataset, kde.weights, kde.covariance, kde.invCov], null];
  },
  unflatten: (_, parts) => new GaussianKde(parts as Parts),
});

function factorOf(kde: GaussianKde, method: unknown): ArrayLike {
  const power = -1 / (kde.d + 4);
  if (method === "scott") return np.power(kde.neff, power);
  if (method === "silverman") return np.power(np.multiply(kde.neff, (kde.d + 2) / 4), power);
  if (typeof method === "function") return method(kde) as ArrayLike;
  if (isHostScalar(method)) return method;
  if (method instanceof Object && "ndim" in method && method.ndim === 0) return method as JaxArray;
  throw new ValueError("`bw_method` should be 'scott', 'silverman', a scalar, or a callable.");
}

/**
 * An estimate of a density from a data set: a Gaussian about each point, of the covariance of the data times the square
 * of the bandwidth factor (Scott's rule n^(-1/(d + 4)) by default).
 *
 * @param dataset Points `[d, n]`, or `[n]` in one dimension.
 * @param rest bwMethod ("scott"; "silverman", a factor or a function), weights (equal)
 * @throws {ValueError} For fewer than two elements, weights of another shape, and an unknown bandwidth.
 * @throws {NotImplementedError} For complex data.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const kde = scipy.stats.gaussianKde(np.array([-1, 0, 1]));
 * if (Math.abs(kde.integrateBox1d(-20, 20).item() - 1) > 1e-5) throw new Error();
 * ```
 */
export function gaussianKde(
  dataset: ArrayLike,
  ...rest: [
    bwMethod?: BandwidthMethod | null | GaussianKdeOptions,
    weights?: ArrayLike | null | GaussianKdeOptions,
  ]
): GaussianKde {
  const { bwMethod, weights = null } = keywords("gaussian_kde", ["bwMethod", "weights"], rest);
  let data = np.atleast2d(array("gaussian_kde", dataset)) as JaxArray;
  refuseComplex(data, "data");
  if (data.size <= 1) throw new ValueError("`dataset` input should have multiple elements.");
  const n = data.shape[1]!;
  let w: JaxArray;
  if (weights === null) {
    [data] = promoteDTypes("gaussian_kde", [data], "inexact") as [JaxArray];
    w = np.full([n], 1 / n, { dtype: data.dtype });
  } else {
    const given = array("gaussian_kde", weights);
    [data, w] = promoteDTypes("gaussian_kde", [data, given], "inexact") as [JaxArray, JaxArray];
    w = np.atleast1d(w) as JaxArray;
    if (w.ndim !== 1) throw new ValueError("`weights` input should be one-dimensional.");
    if (w.size !== n) throw new ValueError("`weights` input should be of length n");
    w = np.divide(w, np.sum(w));
  }
  const neff = np.divide(1, np.sum(np.square(w)));
  const covariance = np.atleast2d(np.cov(data, { rowvar: true, bias: false, aweights: w })) as JaxArray;
  const inverse = np.linalg.inv(covariance);
  const factor = factorOf(new GaussianKde([neff, data, w, covariance, inverse]), bwMethod ?? "scott");
  const square = np.square(factor);
  return new GaussianKde([neff, data, w, np.multiply(covariance, square), np.divide(inverse, square)]);
}
