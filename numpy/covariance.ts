/**
 * Functions of `jax.numpy` for covariance and correlation.
 *
 * @module
 */
import {
  type ArrayLike,
  defaultFloat,
  type DType,
  type DTypeLike,
  int32,
  isComplex,
  isInexact,
  isInteger,
  type JaxArray,
  keywords,
  raw,
  RuntimeError,
  staticInteger,
  ValueError,
} from "../core/mod.ts";
import { optionalDType, optionalJit, type OrOptions } from "./_arguments.ts";
import { promoteDTypes, promoteInexact, toArray } from "./convert.ts";
import { averageOf } from "./_moments.ts";
import { withRank } from "./_movement.ts";
import { sumOf } from "./_reduction.ts";
import { dot } from "./products.ts";

/** Options of {@linkcode cov}. */
export interface CovOptions {
  /** More variables, in the form of `m`. */
  readonly y?: ArrayLike | null;
  /** Whether rows are variables and columns are observations (the default), or the other way round. */
  readonly rowvar?: boolean;
  /** Divide by the number of observations, not by one less. */
  readonly bias?: boolean;
  /** Subtracted from the number of observations in the divisor; goes before `bias`. */
  readonly ddof?: number | null;
  /** How often each observation was made: integers. */
  readonly fweights?: ArrayLike | null;
  /** How much each observation counts. */
  readonly aweights?: ArrayLike | null;
  /** The dtype to compute and return. */
  readonly dtype?: DTypeLike | null;
}

interface Covariance {
  readonly rowvar: boolean;
  readonly ddof: number;
  readonly dtype: DType | null;
}

/** The product of promoted operands. */
function multiply(x: JaxArray, y: JaxArray): JaxArray {
  const [a, b] = promoteDTypes("multiply", [x, y]);
  return raw.mul(a!, b!);
}

function checkWeights(name: string, weights: JaxArray, observations: number): void {
  if (weights.ndim > 1) throw new RuntimeError(`cannot handle multidimensional ${name}`);
  if (weights.shape[0] !== observations) {
    throw new RuntimeError(`incompatible numbers of samples and ${name}`);
  }
}

/** Variables as rows. */
function variables(m: JaxArray, rowvar: boolean, transposable: boolean): JaxArray {
  const x = withRank(m, 2);
  return !rowvar && transposable ? raw.transpose(x, [1, 0]) : x;
}

const covCall = optionalJit<[Covariance]>("cov", ([m, y, fweights, aweights], { rowvar, ddof, dtype }) => {
  let x = variables(m!, rowvar, m!.ndim !== 1);
  if (x.shape[0] === 0) return [raw.full([0, 0], 0, defaultFloat())];
  if (y) x = raw.concatenate([x, variables(y, rowvar, withRank(y, 2).shape[0] !== 1)], 0);
  const [count, observations] = x.shape as readonly [number, number];
  if (observations === 0) return [raw.full(count === 1 ? [] : [count, count], NaN, x.dtype)];
  let w: JaxArray | null = null, aw: JaxArray | null = null;
  if (fweights) {
    checkWeights("fweights", fweights, observations);
    if (!isInteger(fweights.dtype)) throw new TypeError("fweights must be integer.");
    w = fweights.dtype.kind === "uint" ? fweights : raw.abs(fweights);
  }
  if (aweights) {
    checkWeights("aweights", aweights, observations);
    aw = raw.abs(aweights);
    w = w === null ? aw : multiply(w, aw);
  }
  if (dtype !== null) {
    x = raw.convert(x, dtype);
    w = w && raw.convert(w, dtype);
  }
  const [mean, total] = averageOf(x, w, [1]);
  const [data, center] = promoteDTypes("subtract", [x, raw.expandDims(mean, [1])]);
  const centered = raw.sub(data!, center!);
  let factor: JaxArray;
  if (w === null) factor = raw.scalar(observations - ddof, centered.dtype);
  else {
    const sum = total.ndim ? raw.squeeze(raw.slice(total, [0], [1]), [0]) : total;
    const loss = aw === null
      ? raw.like(sum, ddof)
      : raw.div(raw.mul(ddof, sumOf(raw.convert(multiply(w, aw), sum.dtype), { axes: null })), sum);
    factor = ddof === 0 ? sum : raw.sub(sum, loss);
  }
  const weighted = w === null ? centered : multiply(centered, raw.expandDims(w, [0]));
  const turned = raw.transpose(weighted, [1, 0]);
  const products = dot(centered, isComplex(turned.dtype) ? raw.conj(turned) : turned);
  const [numerator, divisor] = promoteDTypes("true_divide", [products, factor], "inexact");
  const out = raw.div(numerator!, divisor!);
  return [raw.squeeze(out, out.shape.flatMap((n, i) => n === 1 ? [i] : []))];
});

/** The observations that a caller gives, promoted. */
function observed(name: string, m: unknown, y: unknown): [JaxArray, JaxArray | null] {
  const arrays = y === undefined || y === null ? promoteInexact(name, m) : promoteInexact(name, m, y);
  const [a, b = null] = arrays as [JaxArray, JaxArray?];
  if (b && b.ndim > 2) throw new ValueError("y has more than 2 dimensions");
  if (a.ndim > 2) throw new ValueError("m has more than 2 dimensions");
  return [a, b];
}

/** A dtype that covariances can have. */
function inexactDType(dtype: unknown, name: string): DType | null {
  const wanted = optionalDType(dtype, name);
  if (wanted === null || isInexact(wanted)) return wanted;
  throw new ValueError(`${name}: dtype must be a subclass of float or complex; got dtype=${wanted.name}`);
}

const optionalArray = (x: unknown, name: string): JaxArray | null =>
  x === undefined || x === null ? null : toArray(x, name);

/**
 * The covariance matrix of variables: Σₖ (xᵢₖ − x̄ᵢ)(xⱼₖ − x̄ⱼ)* / (n − 1).
 *
 * @param m observations: an array with one axis (one variable) or two (a row for each variable)
 * @param rest y, more variables; rowvar; bias; ddof; fweights; aweights; dtype
 * @returns a matrix with a row and a column for each variable, of an inexact dtype; 0-d for one variable
 * @throws {ValueError} for arrays with more than two axes, and a dtype that is not inexact
 * @throws {RuntimeError} for weights of another size
 * @throws {TypeError} for fweights that are not integers
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.array([[0, 1, 2], [2, 1, 0]]);
 * if (String(np.cov(x)) !== "[[ 1. -1.]\n [-1.  1.]]") throw new Error();
 * if (np.cov(x.get(0), { bias: true, aweights: np.array([1, 0, 1]) }).item() !== 1) throw new Error();
 * ```
 */
export function cov(
  m: ArrayLike,
  ...rest: OrOptions<
    [
      y?: ArrayLike | null,
      rowvar?: boolean,
      bias?: boolean,
      ddof?: number | null,
      fweights?: ArrayLike | null,
      aweights?: ArrayLike | null,
      dtype?: DTypeLike | null,
    ],
    CovOptions
  >
): JaxArray {
  const names = ["y", "rowvar", "bias", "ddof", "fweights", "aweights", "dtype"] as const;
  const given = keywords("cov", names, rest);
  const weights = [optionalArray(given.fweights, "cov"), optionalArray(given.aweights, "cov")];
  return covCall([...observed("cov", m, given.y), ...weights], {
    rowvar: given.rowvar !== false,
    ddof: given.ddof === undefined || given.ddof === null
      ? given.bias ? 0 : 1
      : staticInteger(given.ddof, "the ddof argument of cov"),
    dtype: inexactDType(given.dtype, "cov"),
  })[0]!;
}

/** Options of {@linkcode corrcoef}. */
export type CorrcoefOptions = Pick<CovOptions, "y" | "rowvar" | "dtype">;

const corrcoefCall = optionalJit<[Covariance]>("corrcoef", (arrays, parameters) => {
  const c = covCall([...arrays, null, null], parameters)[0]!;
  if (c.ndim === 0) return [raw.div(c, c)];
  const places = raw.iota(int32, [c.shape[0]!], 0);
  const variances = c.get(places, places);
  const deviations = raw.convert(raw.sqrt(isComplex(c.dtype) ? raw.real(variances) : variances), c.dtype);
  const scaled = raw.div(raw.div(c, raw.expandDims(deviations, [1])), raw.expandDims(deviations, [0]));
  const clip = (x: JaxArray): JaxArray => raw.min(1, raw.max(-1, x));
  if (!isComplex(c.dtype)) return [clip(scaled)];
  return [raw.complex(clip(raw.real(scaled)), clip(raw.imag(scaled)))];
});

/**
 * Pearson's correlation coefficients of variables: covariances divided by both standard deviations, from −1 to 1.
 *
 * @param x observations: an array with one axis (one variable) or two (a row for each variable)
 * @param rest y, more variables; rowvar; dtype
 * @returns a matrix with a row and a column for each variable, of an inexact dtype; 0-d for one variable
 * @throws {ValueError} for arrays with more than two axes, and a dtype that is not inexact
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const c = np.corrcoef(np.array([1, 2, 3]), np.array([6, 4, 2]));
 * if (String(c) !== "[[ 1. -1.]\n [-1.  1.]]") throw new Error();
 * ```
 */
export function corrcoef(
  x: ArrayLike,
  ...rest: OrOptions<[y?: ArrayLike | null, rowvar?: boolean, dtype?: DTypeLike | null], CorrcoefOptions>
): JaxArray {
  const given = keywords("corrcoef", ["y", "rowvar", "dtype"], rest);
  return corrcoefCall(observed("corrcoef", x, given.y), {
    rowvar: given.rowvar !== false,
    ddof: 1,
    dtype: inexactDType(given.dtype, "corrcoef"),
  })[0]!;
}
