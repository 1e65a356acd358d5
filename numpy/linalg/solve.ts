/**
 * Systems of linear equations, inverses and powers of matrices.
 *
 * @module
 */
import {
  type ArrayLike,
  canonicalAxis,
  customJvp,
  finfo,
  isComplex,
  type JaxArray,
  keywords,
  namedJit,
  raw,
  staticInteger,
  staticIntegers,
  tuple,
  ValueError,
} from "../../core/mod.ts";
import { movePermutation, product } from "../axes.ts";
import { promoteDTypes, toArray, toArrays } from "../convert.ts";
import { staged } from "../_staged.ts";
import { where } from "../_where.ts";
import { matmul as matmulOf } from "../products.ts";
import { vectorize } from "../vectorize.ts";
import { inexactArray } from "./_inexact.ts";
import { adjoint, identity, matmul, symmetrize, transposeMatrix } from "./matrices.ts";
import { luFactors, luSolve } from "./_primitives.ts";
import { svd } from "./factor.ts";
import { norm } from "./norms.ts";

/**
 * X with A X = B, for one matrix A and a matrix B: d(A⁻¹ B) = A⁻¹ (dB − dA X) by the same factors. Their own derivatives
 * count in the second order alone.
 */
const solveMatrix = customJvp(function _solve(a: JaxArray, b: JaxArray): JaxArray {
  const [factors, , permutation] = luFactors(a);
  return luSolve(factors, permutation, b);
});
solveMatrix.defjvp(([a, b]: JaxArray[], [da, db]: JaxArray[]): [JaxArray, JaxArray] => {
  const [factors, , permutation] = luFactors(a!), x = luSolve(factors, permutation, b!);
  return [x, luSolve(factors, permutation, raw.sub(db!, matmul(da!, x)))];
});

/** X with A X = B, for one matrix A and a vector or matrix B. */
function solveOne(a: JaxArray, b: JaxArray): JaxArray {
  return b.ndim === 2 ? solveMatrix(a, b) : raw.squeeze(solveMatrix(a, raw.expandDims(b, [1])), [1]);
}

const solveCall = staged("solve", ([a, b]: [JaxArray, JaxArray]) => {
  const signature = b.ndim === 1 ? "(m,m),(m)->(m)" : "(m,m),(m,n)->(m,n)";
  return vectorize(solveOne, { signature })(a, b);
});

/**
 * The solution X of A X = B.
 *
 * @param a matrices `[..., m, m]`
 * @param b a vector `[m]`, or matrices `[..., m, n]` whose leading axes broadcast with those of `a`
 * @throws {ValueError} when the shapes do not fit
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.linalg.solve(np.array([[2, 0], [0, 4]]), np.array([2, 2]));
 * if (String(x) !== "[1.  0.5]") throw new Error();
 * ```
 */
export function solve(a: ArrayLike, b: ArrayLike): JaxArray {
  const [x, y] = promoteDTypes("solve", toArrays("jnp.linalg.solve", a, b), "inexact") as [
    JaxArray,
    JaxArray,
  ];
  if (x.ndim < 2) {
    throw new ValueError(`left hand array must be at least two dimensional; got a.shape=${tuple(x.shape)}`);
  }
  const m = x.shape.at(-1);
  if (y.ndim > 1 && x.ndim === y.ndim + 1 && m === y.shape.at(-1) && m !== y.shape.at(-2)) {
    throw new ValueError(
      `Invalid shapes for solve: ${tuple(x.shape)}, ${
        tuple(y.shape)
      }. For a batched 1-dimensional solve, use ` +
        "solve(a, expandDims(b, -1)) and squeeze the last axis.",
    );
  }
  return solveCall([x, y]);
}

const invCall = staged("inv", ([a]: [JaxArray]) => {
  const n = a.shape.at(-1)!;
  return solve(a, identity(n, a.dtype, a.shape.slice(0, -2)));
});

/**
 * The inverse of matrices. To solve a system use {@linkcode solve}, which is faster and more accurate.
 *
 * @param a matrices `[..., n, n]`; the inverse of a singular one has infinities or NaN
 * @throws {ValueError} for matrices that are not square
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.linalg.inv(np.array([[2, 0], [0, 4]]));
 * if (String(x) !== "[[0.5  0.  ]\n [0.   0.25]]") throw new Error();
 * ```
 */
export function inv(a: ArrayLike): JaxArray {
  const x = toArray(a, "jnp.linalg.inv");
  if (x.ndim < 2 || x.shape.at(-1) !== x.shape.at(-2)) {
    throw new ValueError(`Argument to inv must have shape [..., n, n], got ${tuple(x.shape)}.`);
  }
  return invCall([promoteDTypes("inv", [x], "inexact")[0]!]);
}

const powerCall = staged("matrix_power", ([a]: [JaxArray], exponent: number) => {
  if (exponent === 0) {
    const n = a.shape.at(-1)!;
    return identity(n, a.dtype, a.shape.slice(0, -2));
  }
  const base = exponent < 0 ? inv(a) : a;
  let n = Math.abs(exponent);
  if (n === 3) return matmulOf(matmulOf(base, base), base);
  let square = base, result: JaxArray | null = null;
  for (;;) {
    if (n % 2 === 1) result = result === null ? square : matmulOf(result, square);
    n = Math.floor(n / 2);
    if (n === 0) return result!;
    square = matmulOf(square, square);
  }
});

/**
 * Powers of matrices by repeated squaring; negative ones are powers of the inverse.
 *
 * @param a matrices `[..., n, n]`
 * @param n an integer
 * @throws {TypeError} for matrices that are not square, or an exponent that is no integer
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.linalg.matrixPower(np.array([[1, 1], [0, 1]]), 5);
 * if (String(x) !== "[[1. 5.]\n [0. 1.]]") throw new Error();
 * ```
 */
export function matrixPower(a: ArrayLike, n: number): JaxArray {
  const x = toArray(a, "jnp.linalg.matrix_power");
  if (x.ndim < 2) {
    throw new TypeError(`${x.ndim}-dimensional array given. Array must be at least two-dimensional`);
  }
  if (x.shape.at(-2) !== x.shape.at(-1)) {
    throw new TypeError("Last 2 dimensions of the array must be square");
  }
  return powerCall([x], staticInteger(n, "exponent"));
}

interface PinvStatics {
  readonly hermitian: boolean;
}

/** The pseudo-inverse from the singular values that are greater than `rtol` times the greatest. */
function pinvOf(a: JaxArray, rtol: JaxArray, { hermitian }: PinvStatics): JaxArray {
  const [u, s, vh] = svd(isComplex(a.dtype) ? raw.conj(a) : a, { fullMatrices: false, hermitian });
  const n = s.ndim - 1, batch = s.shape.slice(0, -1);
  const relative = rtol.ndim === 0
    ? raw.broadcastInDim(rtol, [...batch, 1], [])
    : raw.expandDims(rtol, [rtol.ndim]);
  const cutoff = raw.mul(raw.convert(relative, s.dtype), raw.sliceInDim(s, 0, 1, n));
  const kept = raw.convert(where(raw.gt(s, cutoff), s, Infinity), u.dtype);
  return matmul(transposeMatrix(vh), raw.div(transposeMatrix(u), raw.expandDims(kept, [n + 1])));
}

const pinvCall = customJvp(
  function _pinv(statics: PinvStatics, a: JaxArray, rtol: JaxArray): JaxArray {
    return pinvStaged([a, rtol], statics);
  },
  { nondiffArgnums: [0] },
);
const pinvStaged = staged(
  "_pinv",
  ([a, rtol]: [JaxArray, JaxArray], statics: PinvStatics) => pinvOf(a, rtol, statics),
);
// Golub and Pereyra 1973, equation 4.12. Products are grouped so that the small sides are multiplied first.
pinvCall.defjvp((statics: PinvStatics, [x, rtol]: JaxArray[], [dx]: JaxArray[]): [JaxArray, JaxArray] => {
  const p = pinvCall(statics, x!, rtol!);
  const [a, da] = statics.hermitian ? [symmetrize(x!), symmetrize(dx!)] : [x!, dx!];
  const mul = (...ms: JaxArray[]): JaxArray => ms.reduce(matmul), pH = adjoint(p), daH = adjoint(da);
  if (a.shape.at(-2)! >= a.shape.at(-1)!) {
    const s = mul(p, pH, daH), t = mul(daH, pH, p);
    const first = raw.sub(s, mul(raw.neg(p), raw.neg(da), p));
    return [p, raw.sub(raw.add(raw.sub(first, mul(s, a, p)), t), mul(p, a, t))];
  }
  const s = matmul(p, matmul(pH, daH)), t = matmul(daH, matmul(pH, p));
  const first = raw.sub(s, matmul(p, matmul(da, p)));
  return [p, raw.sub(raw.add(raw.sub(first, matmul(s, matmul(a, p))), t), matmul(p, matmul(a, t)))];
});

/** Options of {@linkcode pinv}. */
export interface PinvOptions {
  /** Singular values up to this part of the greatest count as zero; default 10 max(m, n) ε. */
  readonly rtol?: ArrayLike | null;
  /** The matrices are Hermitian, which is faster. */
  readonly hermitian?: boolean;
  /** Another name of `rtol`. */
  readonly rcond?: ArrayLike | null;
}

/**
 * The Moore-Penrose pseudo-inverse of matrices.
 *
 * @param a matrices `[..., m, n]`
 * @returns matrices `[..., n, m]`
 * @throws {ValueError} when `rtol` and `rcond` are both given
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[1, 0], [0, 2], [0, 0]]);
 * if (!np.allclose(np.linalg.pinv(x).matmul(x), np.eye(2), { atol: 1e-5 }).item()) throw new Error();
 * ```
 */
export function pinv(
  a: ArrayLike,
  ...rest: [rtol?: ArrayLike | null | PinvOptions, hermitian?: boolean | PinvOptions, options?: PinvOptions]
): JaxArray {
  const { rtol, hermitian = false, rcond } = keywords("pinv", ["rtol", "hermitian"], rest, ["rcond"]);
  if ((rtol ?? null) !== null && (rcond ?? null) !== null) {
    throw new ValueError("pinv: only one of rtol and rcond may be specified.");
  }
  const x = inexactArray("pinv", a), [m, n] = x.shape.slice(-2) as [number, number];
  if (m === 0 || n === 0) return raw.full([...x.shape.slice(0, -2), n, m], 0, x.dtype);
  const { eps, dtype } = finfo(x.dtype), given = rtol ?? rcond;
  const relative = given === undefined || given === null
    ? raw.scalar(10 * Math.max(m, n) * Number(eps), dtype)
    : toArray(given, "pinv");
  return pinvCall({ hermitian: Boolean(hermitian) }, x, relative);
}

/**
 * The solution X of a tensor equation: `tensordot(a, x, x.ndim) = b`.
 *
 * @param axes axes of `a` to move to its end first
 * @throws {ValueError} when the shapes do not fit
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const a = np.eye(4).reshape(2, 2, 4);
 * if (String(np.linalg.tensorsolve(a, np.ones([2, 2]))) !== "[1. 1. 1. 1.]") throw new Error();
 * ```
 */
export function tensorsolve(
  a: ArrayLike,
  b: ArrayLike,
  ...rest: [axes?: readonly number[] | null | { readonly axes?: readonly number[] | null }]
): JaxArray {
  const { axes } = keywords("tensorsolve", ["axes"], rest);
  const [given, y] = toArrays("tensorsolve", a, b) as [JaxArray, JaxArray], n = given.ndim;
  let x = given;
  if (axes !== undefined && axes !== null) {
    // One after the other to the end, so that they keep their order.
    const list = staticIntegers(axes, "axes").map((i) => canonicalAxis(i, n));
    x = raw.transpose(x, movePermutation(n, list, list.map(() => n - 1)));
  }
  const lead = x.shape.slice(0, y.ndim), shape = x.shape.slice(y.ndim);
  if (tuple(lead) !== tuple(y.shape)) {
    throw new ValueError(
      `After moving axes to end, leading shape of a must match shape of b. got a.shape=${
        tuple(x.shape)
      }, b.shape=` +
        tuple(y.shape),
    );
  }
  if (y.size !== product(shape)) {
    throw new ValueError(
      "Input arrays must have prod(a.shape[:b.ndim]) == prod(a.shape[b.ndim:]); got a.shape=" +
        `${tuple(x.shape)}, b.ndim=${y.ndim}.`,
    );
  }
  const solution = solve(raw.reshape(x, [y.size, y.size]), raw.reshape(y, [y.size]));
  return raw.reshape(solution, shape);
}

/**
 * The inverse of a tensor with respect to `tensordot(tensorinv(a), a, ind)`.
 *
 * @param ind how many leading axes the inverse contracts, default 2
 * @throws {ValueError} when their sizes and those of the others have different products
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.linalg.tensorinv(np.eye(4).reshape(2, 2, 4));
 * if (String(x.shape) !== "4,2,2") throw new Error();
 * ```
 */
export function tensorinv(a: ArrayLike, ...rest: [ind?: number | { readonly ind?: number }]): JaxArray {
  const x = toArray(a, "tensorinv");
  const ind = staticInteger(keywords("tensorinv", ["ind"], rest).ind ?? 2, "ind");
  if (ind <= 0) throw new ValueError(`ind must be a positive integer; got ind=${ind}`);
  const lead = x.shape.slice(0, ind), others = x.shape.slice(ind);
  if (product(lead) !== product(others)) {
    throw new ValueError(
      "tensorinv is only possible when the product of the first `ind` dimensions equals that of the remaining " +
        `dimensions. got arr.shape=${tuple(x.shape)} with ind=${ind}.`,
    );
  }
  return raw.reshape(inv(raw.reshape(x, [product(lead), product(others)])), [...others, ...lead]);
}

/** Options of {@linkcode lstsq}. */
export interface LstsqOptions {
  /** Singular values up to this part of the greatest count as zero; default max(m, n) ε. */
  readonly rcond?: number | null;
  /** As NumPy, no residuals when the rank is less than n or there are no more equations than unknowns. */
  readonly numpyResid?: boolean;
}

const lstsqCall = namedJit("_lstsq", ([a, b], rcond: number | null): JaxArray[] => {
  const [m, n] = a!.shape as [number, number], info = finfo(a!.dtype), eps = Number(info.eps);
  const limit = rcond === null ? eps * Math.max(n, m) : rcond < 0 ? eps : rcond;
  const [u, s, vh] = svd(a!, { fullMatrices: false });
  const largest = raw.broadcastInDim(raw.squeeze(raw.slice(s, [0], [1]), [0]), s.shape, []);
  const used = raw.and(raw.gt(s, 0), raw.ge(s, raw.mul(largest, limit)));
  const rank = raw.reduceSum(raw.convert(used, toIntegers()), [0]);
  const inverse = where(used, raw.div(raw.fullLike(s, 1), where(used, s, 1)), 0);
  const scaled = raw.mul(raw.convert(raw.expandDims(inverse, [1]), a!.dtype), matmul(adjoint(u), b!));
  const x = matmul(adjoint(vh), scaled);
  const residuals = raw.square(norm(raw.sub(b!, matmul(a!, x)), { axis: 0 }));
  return [x, residuals, rank, s];
});

const toIntegers = (): JaxArray["dtype"] => toArray(1n, "lstsq").dtype;

/**
 * The least-squares solution of A X = B: of all X that make the norm of B − A X least, the smallest.
 *
 * @param a a matrix `[m, n]`
 * @param b a vector `[m]` or a matrix `[m, k]`
 * @returns X, the squared norms of the columns of B − A X, the rank of A, and its singular values
 * @throws {ValueError} when the numbers of rows differ
 * @throws {TypeError} for arrays of other numbers of axes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [x] = np.linalg.lstsq(np.array([[1, 0], [1, 1], [1, 2]]), np.array([1, 3, 5]));
 * if (!np.allclose(x, np.array([1, 2]), { atol: 1e-4 }).item()) throw new Error();
 * ```
 */
export function lstsq(
  a: ArrayLike,
  b: ArrayLike,
  ...rest: [rcond?: number | null | LstsqOptions, options?: LstsqOptions]
): [x: JaxArray, residuals: JaxArray, rank: JaxArray, s: JaxArray] {
  const { rcond = null, numpyResid = false } = keywords("lstsq", ["rcond"], rest, ["numpyResid"]);
  const [p, q] = promoteDTypes("lstsq", toArrays("jnp.linalg.lstsq", a, b), "inexact") as [
    JaxArray,
    JaxArray,
  ];
  if (p.shape[0] !== q.shape[0]) throw new ValueError("Leading dimensions of input arrays must match");
  const y = q.ndim === 1 ? raw.expandDims(q, [1]) : q;
  if (p.ndim !== 2) throw new TypeError(`${p.ndim}-dimensional array given. Array must be two-dimensional`);
  if (y.ndim !== 2) {
    throw new TypeError(`${y.ndim}-dimensional array given. Array must be one or two-dimensional`);
  }
  const [m, n] = p.shape as [number, number];
  const flat = (x: JaxArray): JaxArray => q.ndim === 1 ? raw.reshape(x, [x.size]) : x;
  if (p.size === 0) {
    const x = raw.full([n, y.shape[1]!], 0, p.dtype), none = raw.full([0], 0, finfo(p.dtype).dtype);
    const residuals = numpyResid ? none : raw.square(norm(y, { axis: 0 }));
    return [flat(x), residuals, toArray(raw.full([], 0, toIntegers()), "lstsq"), none];
  }
  const limit = rcond === null ? null : Number(rcond);
  const [x, residuals, rank, s] = lstsqCall([p, y], limit) as [JaxArray, JaxArray, JaxArray, JaxArray];
  const full = !numpyResid || m > n && rank.item() === n;
  return [flat(x), full ? residuals : raw.full([0], 0, residuals.dtype), rank, s];
}
