/**
 * The Dirichlet distribution, as in `jax.scipy.stats.dirichlet`.
 *
 * @module
 */
import { type ArrayLike, bind1, type JaxArray, namedJit, P, raw, tuple, ValueError } from "../../core/mod.ts";
import { promoteDTypes, toArrays } from "../../numpy/convert.ts";
import * as np from "../../numpy/mod.ts";
import { gammaln, xlogy } from "../special/mod.ts";

function checkShapes(x: JaxArray, alpha: JaxArray): void {
  if (alpha.ndim !== 1) {
    throw new ValueError(`\`alpha\` must be one-dimensional; got alpha.shape=${tuple(alpha.shape)}`);
  }
  const [n] = alpha.shape as [number];
  if (x.shape[0] !== n && x.shape[0] !== n - 1) {
    throw new ValueError(
      `\`x\` must have either the same number of entries as \`alpha\` or one entry fewer; got x.shape=${
        tuple(x.shape)
      }, alpha.shape=${tuple(alpha.shape)}`,
    );
  }
}

/** Whether the first axis sums to 1, with positive elements. */
function isSimplex(x: JaxArray): JaxArray {
  const sum = raw.reduceSum(x, [0]);
  return raw.and(np.all(raw.gt(x, 0), { axis: 0 }), raw.lt(raw.abs(raw.sub(sum, 1)), 1e-6));
}

const logpdfOf = namedJit("dirichlet.logpdf", (given) => {
  let [x, alpha] = promoteDTypes("dirichlet.logpdf", given, "inexact") as [JaxArray, JaxArray];
  if (x.shape[0] !== alpha.shape[0]) {
    x = raw.concatenate([x, raw.sub(1, np.sum(x, { axis: 0, keepdims: true }))], 0);
  }
  const normalizer = raw.sub(
    raw.reduceSum(gammaln(alpha), [0]),
    bind1(P.lgamma, [raw.reduceSum(alpha, [0])]),
  );
  const powers = raw.broadcastInDim(raw.sub(alpha, 1), x.shape, [0]);
  const log = raw.sub(raw.reduceSum(xlogy(powers, x), [0]), normalizer);
  return [raw.where(isSimplex(x), log, -Infinity)];
}, { inline: true });

/**
 * The logarithm of the density: Σ (αᵢ - 1) log xᵢ + log Γ(Σ αᵢ) - Σ log Γ(αᵢ), -∞ outside of the simplex.
 *
 * @param x Array whose first axis holds the entries, or all but the last one; integers and booleans become floats.
 * @param alpha Array `[n]` of concentrations.
 * @returns Floats of the other axes of `x`.
 * @throws {ValueError} For an `alpha` that is no vector, and sizes that do not match.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const log = scipy.stats.dirichlet.logpdf(np.array([0.5, 0.5]), np.array([2, 2]));
 * if (Math.abs(log.item() - Math.log(1.5)) > 1e-5) throw new Error();
 * ```
 */
export function logpdf(x: ArrayLike, alpha: ArrayLike): JaxArray {
  const given = toArrays("dirichlet.logpdf", x, alpha);
  checkShapes(given[0]!, given[1]!);
  return logpdfOf(given)[0]!;
}

/**
 * The density, proportional to Π xᵢ^(αᵢ - 1); 0 outside of the simplex.
 *
 * @param x Array whose first axis holds the entries, or all but the last one; integers and booleans become floats.
 * @param alpha Array `[n]` of concentrations.
 * @returns Floats of the other axes of `x`.
 * @throws {ValueError} For an `alpha` that is no vector, and sizes that do not match.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const density = scipy.stats.dirichlet.pdf(np.array([0.5, 0.5]), np.array([2, 2]));
 * if (Math.abs(density.item() - 1.5) > 1e-5) throw new Error();
 * ```
 */
export function pdf(x: ArrayLike, alpha: ArrayLike): JaxArray {
  return raw.exp(logpdf(x, alpha));
}
