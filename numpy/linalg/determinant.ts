/**
 * Determinants, condition numbers and ranks.
 *
 * @module
 */
import {
  type ArrayLike,
  broadcastTo,
  customJvp,
  finfo,
  int32,
  isComplex,
  type JaxArray,
  keywords,
  namedJit,
  NotImplementedError,
  raw,
  tuple,
  ValueError,
} from "../../core/mod.ts";
import { cumprod, reduceProd } from "../../lax/mod.ts";
import { promoteDTypes, toArray } from "../convert.ts";
import { type Named, namedTuple } from "../named_tuple.ts";
import { staged } from "../_staged.ts";
import { where } from "../_where.ts";
import { absolute, sign as signOf } from "../arithmetic.ts";
import { max } from "../reductions.ts";
import { inexactArray } from "./_inexact.ts";
import { diagonalOf, takeRows, traceOf } from "./matrices.ts";
import { luFactors, reflectors, triangularSolve } from "./_primitives.ts";
import { svd, svdvals } from "./factor.ts";
import { norm, type Order } from "./norms.ts";
import { inv, solve } from "./solve.ts";

/** An element of each matrix. */
function element(x: JaxArray, i: number, j: number): JaxArray {
  const n = x.ndim, batch = x.shape.slice(0, -2);
  const one = raw.slice(x, [...batch.map(() => 0), i, j], [...batch, i + 1, j + 1]);
  return raw.squeeze(one, [n - 2, n - 1]);
}

const mul = (...xs: JaxArray[]): JaxArray => xs.reduce((a, b) => raw.mul(a, b));
const real = (x: JaxArray): JaxArray => isComplex(x.dtype) ? raw.real(x) : x;

function det2(a: JaxArray): JaxArray {
  const at = (i: number, j: number): JaxArray => element(a, i, j);
  return raw.sub(mul(at(0, 0), at(1, 1)), mul(at(0, 1), at(1, 0)));
}

function det3(a: JaxArray): JaxArray {
  const at = (i: number, j: number): JaxArray => element(a, i, j);
  const term = (i: number, j: number, k: number): JaxArray => mul(at(0, i), at(1, j), at(2, k));
  const positive = [[1, 2, 0], [2, 0, 1]] as const, negative = [[2, 1, 0], [0, 2, 1], [1, 0, 2]] as const;
  const sum = positive.reduce((s, [i, j, k]) => raw.add(s, term(i, j, k)), term(0, 1, 2));
  return negative.reduce((s, [i, j, k]) => raw.sub(s, term(i, j, k)), sum);
}

/** How often elements of the last axis hold. */
const count = (x: JaxArray): JaxArray => raw.reduceSum(raw.convert(x, int32), [x.ndim - 1]);

/** The number of row exchanges. */
function exchanges(pivots: JaxArray): JaxArray {
  return count(raw.ne(pivots, raw.iota(pivots.dtype, pivots.shape, pivots.ndim - 1)));
}

/** 1 for even numbers, −1 for odd ones. */
function parity(n: JaxArray, like: JaxArray): JaxArray {
  return raw.convert(raw.add(raw.mul(raw.rem(n, 2), -2), 1), like.dtype);
}

/** d log|det A| + i d arg = tr(A⁻¹ dA); the sign of real matrices does not change. */
function slogdetTangents(sign: JaxArray, dlog: JaxArray): [JaxArray, JaxArray] {
  if (!isComplex(sign.dtype)) return [raw.fullLike(sign, 0), dlog];
  const rate = real(dlog);
  return [raw.mul(raw.sub(dlog, raw.convert(rate, dlog.dtype)), sign), rate];
}

type Pair = [sign: JaxArray, logdet: JaxArray];

const slogdetSmall = customJvp(function _slogdet_small(a: JaxArray): Pair {
  const det = a.shape.at(-1) === 1 ? element(a, 0, 0) : det2(a);
  return [signOf(det), raw.log(absolute(det))];
});
slogdetSmall.defjvp(([a]: JaxArray[], [da]: JaxArray[]): [Pair, Pair] => {
  const outs = slogdetSmall(a!), at = (x: JaxArray, i: number, j: number): JaxArray => element(x, i, j);
  if (a!.shape.at(-1) === 1) {
    return [outs, slogdetTangents(outs[0], raw.div(at(da!, 0, 0), at(a!, 0, 0)))];
  }
  const first = raw.sub(mul(at(da!, 0, 0), at(a!, 1, 1)), mul(at(da!, 0, 1), at(a!, 1, 0)));
  const second = raw.sub(mul(at(da!, 1, 1), at(a!, 0, 0)), mul(at(da!, 1, 0), at(a!, 0, 1)));
  return [outs, slogdetTangents(outs[0], raw.div(raw.add(first, second), det2(a!)))];
});

const slogdetLu = customJvp(function _slogdet_lu(a: JaxArray): Pair {
  const [factors, pivots] = luFactors(a), diagonal = diagonalOf(factors), last = diagonal.ndim - 1;
  const zeros = raw.eq(diagonal, 0), singular = raw.gt(count(zeros), 0), magnitudes = absolute(diagonal);
  let flips = exchanges(pivots), unit: JaxArray;
  if (isComplex(a.dtype)) {
    unit = reduceProd(raw.div(diagonal, raw.convert(magnitudes, diagonal.dtype)), [last]);
  } else {
    flips = raw.add(flips, count(raw.lt(diagonal, 0)));
    unit = raw.full(flips.shape, 1, a.dtype);
  }
  const sign = where(singular, raw.fullLike(unit, 0), raw.mul(unit, parity(flips, unit)));
  const logdet = raw.reduceSum(raw.log(magnitudes), [last]);
  return [sign, where(singular, raw.fullLike(logdet, -Infinity), logdet)];
});

const slogdetQr = customJvp(function _slogdet_qr(a: JaxArray): Pair {
  const [packed, taus] = reflectors(a), diagonal = diagonalOf(packed), last = diagonal.ndim - 1;
  const n = a.shape.at(-1)!;
  const reflections = count(raw.ne(raw.sliceInDim(taus, 0, n - 1, last), 0));
  const signs = reduceProd(raw.sign(diagonal), [last]);
  return [
    raw.mul(signs, parity(reflections, signs)),
    raw.reduceSum(raw.log(raw.abs(diagonal)), [last]),
  ];
});

for (const f of [slogdetLu, slogdetQr]) {
  f.defjvp(([a]: JaxArray[], [da]: JaxArray[]): [Pair, Pair] => {
    const outs = f(a!);
    return [outs, slogdetTangents(outs[0], traceOf(solve(a!, da!)))];
  });
}

const slogdetCall = namedJit("slogdet", ([a], method: string): JaxArray[] => {
  if (method === "qr") {
    if (isComplex(a!.dtype)) {
      throw new NotImplementedError("slogdet method='qr' not implemented for complex inputs");
    }
    return slogdetQr(a!);
  }
  const n = a!.shape.at(-1)!;
  return n === 1 || n === 2 ? slogdetSmall(a!) : slogdetLu(a!);
});

/** The sign (a unit complex number for complex matrices) and the logarithm of the absolute value of determinants. */
export type SlogdetResult = Named<[sign: JaxArray, logabsdet: JaxArray], "sign" | "logabsdet">;

/** How {@linkcode slogdet} factorises: `"lu"` (default) or `"qr"`. */
export type SlogdetMethod = "lu" | "qr";

/**
 * The sign and the logarithm of the absolute value of determinants: for matrices whose determinant would overflow.
 *
 * @param a matrices `[..., n, n]`
 * @returns `{ sign, logabsdet }`, also an array of both; 0 and −Infinity for singular matrices
 * @throws {ValueError} for matrices that are not square, or an unknown method
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const { sign, logabsdet } = np.linalg.slogdet(np.eye(3).mul(-1));
 * if (sign.item() !== -1 || logabsdet.item() !== 0) throw new Error();
 * ```
 */
export function slogdet(
  a: ArrayLike,
  options: { readonly method?: SlogdetMethod | null } = {},
): SlogdetResult {
  const { method } = keywords("slogdet", [], [options], ["method"]);
  const x = inexactArray("slogdet", a);
  if (x.ndim < 2 || x.shape.at(-1) !== x.shape.at(-2)) {
    throw new ValueError(`Argument to slogdet() must have shape [..., n, n], got ${tuple(x.shape)}`);
  }
  const how = method ?? "lu";
  if (how !== "lu" && how !== "qr") {
    throw new ValueError(
      `Unknown slogdet method '${String(how)}'. Supported methods are 'lu' (\`None\`), and 'qr'.`,
    );
  }
  const [sign, logabsdet] = slogdetCall([x], how);
  return namedTuple<[JaxArray, JaxArray], "sign" | "logabsdet">(["sign", "logabsdet"], [sign!, logabsdet!]);
}

/**
 * det A and adj(A) B, also for an A of rank n − 1. With A = P L U and D_k = ± U_11 … U_kk, the last element of U is
 * replaced by 1/D_(n−1); what is then solved is scaled back by det A, but for the last row.
 */
function cofactorSolve(a: JaxArray, b: JaxArray): [det: JaxArray, x: JaxArray] {
  const n = a.shape.at(-1)!, at = a.ndim - 2;
  if (n === 1) return [element(a, 0, 0), b];
  const [factors, pivots, permutation] = luFactors(a), diagonal = diagonalOf(factors);
  const sign = parity(exchanges(pivots), a);
  const partial = raw.mul(cumprod(diagonal, at), raw.expandDims(sign, [at]));
  const before = raw.sliceInDim(partial, n - 2, n - 1, at), whole = raw.sliceInDim(partial, n - 1, n, at);
  const corner = raw.div(raw.fullLike(before, 1), before);
  const replaced = factors.at("...", n - 1, n - 1).set(raw.squeeze(corner, [at]));
  const ones = raw.full([...b.shape.slice(0, -1), 1], 1, b.dtype);
  const probe = raw.squeeze(triangularSolve(replaced, ones), [b.ndim - 1]);
  // Where A has rank n − 2 or less the adjugate is zero.
  const broken = raw.gt(count(raw.not(raw.isFinite(absolute(probe)))), 0);
  const mask = broadcastTo(raw.expandDims(broken, [at, at + 1]), b.shape);
  const clear = (x: JaxArray): JaxArray => raw.selectN(mask, x, raw.fullLike(x, 0));
  let x = takeRows(clear(b), permutation);
  x = triangularSolve(replaced, x, { lower: true, unitDiagonal: true });
  const scaled = raw.mul(raw.sliceInDim(x, 0, n - 1, at), raw.expandDims(whole, [at + 1]));
  x = raw.concatenate([scaled, raw.sliceInDim(x, n - 1, n, at)], at);
  return [raw.squeeze(whole, [at]), clear(triangularSolve(replaced, x))];
}

const detLarge = customJvp(function _det(a: JaxArray): JaxArray {
  const [sign, logdet] = slogdetCall([a], "lu");
  return raw.mul(sign!, raw.convert(raw.exp(logdet!), sign!.dtype));
});
// d det A = tr(adj(A) dA).
detLarge.defjvp(([a]: JaxArray[], [da]: JaxArray[]): [JaxArray, JaxArray] => {
  const [det, x] = cofactorSolve(a!, da!);
  return [det, traceOf(x)];
});

const detCall = staged("det", ([a]: [JaxArray]) => {
  const n = a.shape.at(-1)!;
  return n === 2 ? det2(a) : n === 3 ? det3(a) : detLarge(a);
});

/**
 * Determinants.
 *
 * @param a matrices `[..., n, n]`
 * @throws {ValueError} for matrices that are not square
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.linalg.det(np.array([[1, 2], [3, 4]])).item() !== -2) throw new Error();
 * ```
 */
export function det(a: ArrayLike): JaxArray {
  const x = inexactArray("det", a);
  if (x.ndim < 2 || x.shape.at(-1) !== x.shape.at(-2)) {
    throw new ValueError(`Argument to _det() must have shape [..., n, n], got ${tuple(x.shape)}`);
  }
  return detCall([x]);
}

const condCall = staged("cond", ([x]: [JaxArray], p: Order) => {
  if (p === null || p === 2 || p === -2) {
    const s = svdvals(x), last = s.ndim - 1, n = s.shape[last]!;
    const pick = (i: number): JaxArray => raw.squeeze(raw.sliceInDim(s, i, i + 1, last), [last]);
    const ratio = p === -2 ? raw.div(pick(n - 1), pick(0)) : raw.div(pick(0), pick(n - 1));
    return p === -2 ? infinite(ratio, x) : ratio;
  }
  if (x.shape.at(-2) !== x.shape.at(-1)) {
    throw new ValueError(
      `jnp.linalg.cond: for p=${typeof p === "string" ? `'${p}'` : p}, array must be square; got arr.shape=` +
        tuple(x.shape),
    );
  }
  return infinite(raw.mul(norm(x, p, [-2, -1]), norm(inv(x), p, [-2, -1])), x);
});

/** Infinity for the NaN of a singular matrix that has none itself. */
function infinite(ratio: JaxArray, x: JaxArray): JaxArray {
  const given = raw.ne(x, x), axes = [x.ndim - 2, x.ndim - 1];
  const none = raw.eq(raw.reduceSum(raw.convert(given, int32), axes), 0);
  return where(raw.and(raw.ne(ratio, ratio), none), Infinity, ratio);
}

/**
 * Condition numbers: the norm of a matrix times that of its inverse.
 *
 * @param x matrices `[..., m, n]`, square unless p is ±2
 * @param p an order of {@linkcode norm}; default 2: the ratio of the extreme singular values
 * @throws {ValueError} when the shape does not fit
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (!np.allclose(np.linalg.cond(np.array([[1, 0], [0, 4]])), 4, { atol: 1e-4 }).item()) throw new Error();
 * ```
 */
export function cond(x: ArrayLike, ...rest: [p?: Order | { readonly p?: Order }]): JaxArray {
  const { p = null } = keywords("cond", ["p"], rest), a = toArray(x, "cond");
  if (a.ndim < 2) {
    throw new ValueError(`jnp.linalg.cond: input array must be at least 2D; got arr.shape=${tuple(a.shape)}`);
  }
  if (a.shape.slice(-2).includes(0)) {
    throw new ValueError(`jnp.linalg.cond: input array must not be empty; got arr.shape=${tuple(a.shape)}`);
  }
  return condCall([promoteDTypes("cond", [a], "inexact")[0]!], p as Order);
}

const rankCall = staged(
  "matrix_rank",
  ([a, ...limits]: readonly [JaxArray, ...JaxArray[]], hermitian: boolean) => {
    const s = svd(a, { fullMatrices: false, computeUv: false, hermitian }), last = s.ndim - 1;
    const { eps } = finfo(s.dtype), [given] = limits;
    const limit = given === undefined
      ? raw.mul(max(s, { axis: last }), Math.max(...a.shape.slice(-2)) * Number(eps))
      : raw.convert(given, s.dtype);
    const column = raw.expandDims(limit, [limit.ndim]);
    return sumIntegers(raw.gt(s, broadcastTo(column, s.shape)));
  },
);

/** Number of true elements of the last axis, in the default integer dtype. */
function sumIntegers(x: JaxArray): JaxArray {
  return raw.reduceSum(raw.convert(x, toArray(1n, "matrix_rank").dtype), [x.ndim - 1]);
}

/** Options of {@linkcode matrixRank}. */
export interface MatrixRankOptions {
  /** Singular values up to this count as zero; default max(m, n) ε times the greatest. */
  readonly rtol?: ArrayLike | null;
  /** The matrices are Hermitian, which is faster. */
  readonly hermitian?: boolean;
  /** Another name of `rtol`. */
  readonly tol?: ArrayLike | null;
}

/**
 * Ranks of matrices: how many singular values are greater than a limit.
 *
 * @param M matrices `[..., m, n]`
 * @throws {ValueError} when `rtol` and `tol` are both given
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.linalg.matrixRank(np.ones([3, 3])).item() !== 1) throw new Error();
 * ```
 */
export function matrixRank(
  M: ArrayLike,
  ...rest: [rtol?: ArrayLike | null | MatrixRankOptions, options?: MatrixRankOptions]
): JaxArray {
  const { rtol, hermitian = false, tol } = keywords("matrix_rank", ["rtol"], rest, ["hermitian", "tol"]);
  if ((tol ?? null) !== null && (rtol ?? null) !== null) {
    throw new ValueError("matrix_rank: only one of tol or rtol may be specified.");
  }
  const a = inexactArray("matrix_rank", M), limit = rtol ?? tol ?? null;
  if (a.ndim < 2) return raw.convert(raw.gt(count(raw.ne(raw.reshape(a, [a.size]), 0)), 0), int32);
  return rankCall(limit === null ? [a] : [a, toArray(limit, "matrix_rank")], Boolean(hermitian));
}
