/**
 * Polar decomposition.
 *
 * @module
 */
import type { JaxArray } from "../../core/array.ts";
import { type ArrayLike, toArray } from "../../core/convert.ts";
import { bool_, int32, isFloating, realDType } from "../../core/dtypes.ts";
import { checkOptions, NotImplementedError, ValueError } from "../../core/errors.ts";
import {
  adjoint,
  conjugate,
  identity,
  matmul,
  rowsOf,
  symmetrize,
  transposeMatrix,
} from "../../core/ops/linalg.ts";
import { cholesky } from "../../core/ops/linalg_cholesky.ts";
import { qr } from "../../core/ops/linalg_qr.ts";
import { triangularSolve } from "../../core/ops/linalg_triangular.ts";
import * as raw from "../../core/raw.ts";
import { staticInteger } from "../../core/static.ts";
import { whileLoop } from "../control_flow.ts";

/** Options of {@linkcode qdwh}. */
export interface QdwhOptions {
  /** Has no effect. */
  readonly isHermitian?: boolean;
  /** Most steps; 10 by default. */
  readonly maxIterations?: number | null;
  /** The last step changes the matrix by less than ∛(5 eps) in norm; the precision of the dtype by default. */
  readonly eps?: number | null;
  /** Not supported: give the matrix in its own shape. */
  readonly dynamicShape?: null;
}

/** Weights of a Halley step. */
interface Weights {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Above this weight, a step is computed from a QR factorisation, which is more accurate. */
const choleskyCutoff = 100;

/** The weights of the steps that bring singular values from [l, 1] to 1. */
function weightsOf(eps: number, maxIterations: number): Weights[] {
  const steps: Weights[] = [];
  for (let l = eps; l + 5 * eps < 1 && steps.length < maxIterations;) {
    const l2 = l * l, dd = Math.cbrt(4 * (1 / l2 - 1) / l2), root = Math.sqrt(1 + dd);
    const a = root + Math.sqrt(2 - dd + 2 * (2 - l2) / (l2 * root)), b = (a - 1) ** 2 / 4, c = a + b - 1;
    l = l * (a + b * l2) / (1 + c * l2);
    steps.push({ a, b, c });
  }
  return steps;
}

function withQr(u: JaxArray, { a, b, c }: Weights): JaxArray {
  const [m, n] = u.shape as [number, number], root = Math.sqrt(c), e = b / c;
  const [q] = qr(raw.concatenate([raw.mul(u, root), identity([n, n], u.dtype)], 0));
  const product = matmul(rowsOf(q, 0, m), adjoint(rowsOf(q, m, m + n)));
  return raw.add(raw.mul(u, e), raw.mul(product, (a - e) / root));
}

function withCholesky(u: JaxArray, { a, b, c }: Weights): JaxArray {
  const n = u.shape[1]!, e = b / c;
  const x = raw.add(raw.mul(matmul(adjoint(u), u), c), identity([n, n], u.dtype)), y = cholesky(x);
  const half = conjugate(
    triangularSolve(y, transposeMatrix(u), { leftSide: true, lower: true, conjugateA: true }),
  );
  const z = triangularSolve(y, half, { leftSide: true, lower: true, transposeA: true, conjugateA: true });
  return raw.add(raw.mul(u, e), raw.mul(adjoint(z), a - e));
}

/** Σ|x|², without the root. */
function squaredNorm(x: JaxArray): JaxArray {
  const size = raw.abs(x);
  return raw.reduceSum(raw.mul(size, size), [0, 1]);
}

/**
 * Polar decomposition A = U H with orthonormal columns in U and Hermitian positive semidefinite H, by dynamically
 * weighted Halley iteration (Nakatsukasa, Bai and Gygi 2010).
 *
 * @param x matrix of full rank, `[m, n]` with m ≥ n
 * @returns U, H, the number of steps (int32), and whether they converged
 * @throws {ValueError} unless it is a matrix with at least as many rows as columns
 *
 * @example
 * ```ts
 * import { lax, numpy as np } from "@jaxlet/jaxlet";
 * const a = np.array([[1, 2], [3, 4]]), [u, h] = lax.linalg.qdwh(a);
 * if (!np.allclose(u.matmul(h), a, { atol: 1e-4 }).item()) throw new Error();
 * ```
 */
export function qdwh(
  x: ArrayLike,
  options: QdwhOptions = {},
): [u: JaxArray, h: JaxArray, numIters: JaxArray, isConverged: JaxArray] {
  checkOptions("qdwh", options, ["isHermitian", "maxIterations", "eps", "dynamicShape"]);
  if (options.dynamicShape !== undefined && options.dynamicShape !== null) {
    throw new NotImplementedError("qdwh with dynamic_shape: give the matrix in its own shape");
  }
  const a = toArray(x, "qdwh");
  if (a.ndim !== 2 || a.shape[0]! < a.shape[1]!) {
    throw new ValueError(
      `The input matrix of shape M x N must have M >= N, got (${a.shape.join(", ")})`,
    );
  }
  const real = isFloating(a.dtype) ? a.dtype : realDType(a.dtype);
  const eps = options.eps ?? (real.bits === 32 ? 2 ** -23 : 2 ** -52);
  const maxIterations = staticInteger(options.maxIterations ?? 10, "max_iterations");
  const size = raw.abs(a), oneNorm = raw.reduceMax(raw.reduceSum(size, [0]), [0]);
  const infinityNorm = raw.reduceMax(raw.reduceSum(size, [1]), [0]);
  const inverse = raw.where(
    raw.eq(oneNorm, 0),
    raw.fullLike(oneNorm, 1),
    raw.mul(raw.rsqrt(oneNorm), raw.rsqrt(infinityNorm)),
  );
  const spread = (s: JaxArray): JaxArray => raw.broadcastInDim(raw.convert(s, a.dtype), a.shape, []);
  const tolerance = Math.cbrt(5 * eps), steps = weightsOf(eps, maxIterations);
  let u = raw.mul(a, spread(inverse)), previous = u, tested = false;
  for (const weights of steps) {
    previous = u;
    tested = weights.c <= choleskyCutoff;
    u = tested ? withCholesky(u, weights) : withQr(u, weights);
  }
  const moves = (now: JaxArray, before: JaxArray): JaxArray =>
    raw.gt(raw.sqrt(squaredNorm(raw.sub(now, before))), tolerance);
  const halley = { a: 3, b: 1, c: 3 };
  const start = [
    raw.scalar(steps.length, int32),
    u,
    tested ? moves(u, previous) : raw.scalar(true, bool_),
  ];
  const [count, unitary, unfinished] = whileLoop(
    ([k, , moving]: JaxArray[]) => raw.and(moving!, raw.lt(k!, maxIterations)),
    ([k, before]: JaxArray[]) => {
      const next = withCholesky(before!, halley);
      return [raw.add(k!, 1), next, moves(next, before!)];
    },
    start,
  ) as [JaxArray, JaxArray, JaxArray];
  // A Newton–Schulz step brings the columns to orthonormality in the last digits.
  const gram = matmul(adjoint(unitary), unitary);
  const refined = raw.sub(raw.mul(unitary, 1.5), raw.mul(matmul(unitary, gram), 0.5));
  return [refined, symmetrize(matmul(adjoint(refined), a)), count, raw.not(unfinished)];
}
