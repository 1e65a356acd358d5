/**
 * The multivariate normal distribution, as in `jax.scipy.stats.multivariate_normal`.
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
  ValueError,
} from "../../core/mod.ts";
import { cholesky } from "../../core/ops/linalg_cholesky.ts";
import { triangularSolve } from "../../core/ops/linalg_triangular.ts";
import { promoteDTypes, toArrays } from "../../numpy/convert.ts";
import { symmetrize } from "../../numpy/linalg/matrices.ts";
import * as np from "../../numpy/mod.ts";

const log2Pi = Math.log(2 * Math.PI);

/** -y² / (2 cov) - n (log 2π + log cov)/2 */
function isotropic(squares: JaxArray, cov: JaxArray, n: number): JaxArray {
  const quadratic = np.divide(np.multiply(squares, -0.5), cov);
  return np.subtract(quadratic, raw.mul(raw.add(raw.log(cov), log2Pi), n / 2));
}

/** The lower triangular factor and the right side, with the leading axes of both. */
function whitened(factor: JaxArray, y: JaxArray): JaxArray {
  const n = y.shape.at(-1)!, batch = np.broadcastShapes(factor.shape.slice(0, -2), y.shape.slice(0, -1));
  const a = np.broadcastTo(factor, [...batch, n, n]), b = np.broadcastTo(y, [...batch, n]);
  const solution = triangularSolve(a, raw.expandDims(b, [b.ndim]), { leftSide: true, lower: true });
  return raw.squeeze(solution, [b.ndim]);
}

const logpdfOf = namedJit("multivariate_normal.logpdf", (given) => {
  const [x, mean, cov] = promoteDTypes("multivariate_normal.logpdf", given, "inexact") as [
    JaxArray,
    JaxArray,
    JaxArray,
  ];
  const centred = np.subtract(x, mean);
  if (mean.ndim === 0) return [isotropic(raw.square(centred), cov, 1)];
  const n = mean.shape.at(-1)!;
  if (cov.ndim === 0) return [isotropic(np.einsum("...i,...i->...", centred, centred), cov, n)];
  const factor = cholesky(symmetrize(cov)), y = whitened(factor, centred);
  const quadratic = raw.sub(raw.mul(np.einsum("...i,...i->...", y, y), -0.5), n / 2 * log2Pi);
  const diagonal = np.diagonal(factor, { axis1: -1, axis2: -2 });
  return [np.subtract(quadratic, np.sum(raw.log(diagonal), { axis: -1 }))];
}, { inline: true });

/** Options of {@linkcode logpdf}. */
export interface LogpdfOptions {
  /** Singular covariances: not there, as in JAX. */
  readonly allowSingular?: null;
}

/**
 * The logarithm of the density: -(x - m)ᵀ C⁻¹ (x - m)/2 - log det(2πC)/2, by the Cholesky factor of C.
 *
 * @param x Array `[..., n]`; integers and booleans become floats.
 * @param mean Array `[..., n]`, or a scalar for one variable.
 * @param cov Covariances `[..., n, n]`, positive definite, or a scalar variance.
 * @returns Floats of the leading axes.
 * @throws {ValueError} For a covariance of another shape.
 * @throws {NotImplementedError} For `allowSingular`.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const log = scipy.stats.multivariateNormal.logpdf(np.zeros(2), np.zeros(2), np.eye(2));
 * if (Math.abs(log.item() + Math.log(2 * Math.PI)) > 1e-5) throw new Error();
 * ```
 */
export function logpdf(
  x: ArrayLike,
  mean: ArrayLike,
  cov: ArrayLike,
  ...rest: [allowSingular?: null | LogpdfOptions]
): JaxArray {
  const { allowSingular = null } = keywords("multivariate_normal.logpdf", ["allowSingular"], rest);
  if (allowSingular !== null) {
    throw new NotImplementedError("allow_singular argument of multivariate_normal.logpdf");
  }
  const arrays = toArrays("multivariate_normal.logpdf", x, mean, cov), [, m, c] = arrays;
  if (m!.ndim && c!.ndim) {
    const n = m!.shape.at(-1);
    if (c!.ndim < 2 || c!.shape.at(-1) !== n || c!.shape.at(-2) !== n) {
      throw new ValueError(
        `multivariate_normal.logpdf got incompatible shapes: mean ${m!.aval}, cov ${c!.aval}; ` +
          `cov must be a scalar or of shape [..., ${n}, ${n}]`,
      );
    }
  }
  return logpdfOf(arrays)[0]!;
}

/**
 * The density: exp(-(x - m)ᵀ C⁻¹ (x - m)/2) / √det(2πC).
 *
 * @param x Array `[..., n]`; integers and booleans become floats.
 * @param mean Array `[..., n]`, or a scalar for one variable.
 * @param cov Covariances `[..., n, n]`, positive definite, or a scalar variance.
 * @returns Floats of the leading axes.
 * @throws {ValueError} For a covariance of another shape.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const density = scipy.stats.multivariateNormal.pdf(np.zeros(2), np.zeros(2), np.eye(2));
 * if (Math.abs(density.item() - 1 / (2 * Math.PI)) > 1e-5) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, mean: ArrayLike, cov: ArrayLike): JaxArray {
  return raw.exp(logpdf(x, mean, cov));
}
