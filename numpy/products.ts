/**
 * Products of vectors, matrices and tensors.
 *
 * @module
 */
import {
  canonicalAxis,
  type DTypeLike,
  isComplex,
  JaxArray,
  keywords,
  raw,
  requestedDType,
  staticInteger,
  ValueError,
} from "../core/mod.ts";
import {
  contract,
  matmulArrays,
  productOperands,
  type ProductOptions,
  productOptions,
  type ProductType,
} from "./_contract.ts";
import { flat } from "./_arguments.ts";
import { moveOne, range } from "./axes.ts";
import { type ArrayLike, promoteDTypes, toArrays } from "./convert.ts";
import { staged } from "./_staged.ts";
import { vectorize } from "./vectorize.ts";

/** Options of a product that were given. */
function given(
  name: string,
  options: ProductOptions | undefined,
): ProductOptions {
  return keywords(name, [], options === undefined ? [] : [options], productOptions) as ProductOptions;
}

/**
 * The dot product: over the last axis of `a` and the second to last of `b`. Vectors give their inner product, matrices
 * the matrix product, a scalar multiplies.
 *
 * @param a an array of any shape
 * @param b an array whose contracted axis has the same size
 * @returns the other axes of `a`, then those of `b`; of the common dtype
 * @throws {TypeError} when the contracted axes differ in size
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.dot(np.arange(3), np.arange(3)).item() !== 5) throw new Error();
 * ```
 */
export function dot(a: ArrayLike, b: ArrayLike, options?: ProductOptions): JaxArray {
  const { xs: [x, y], type } = productOperands("dot", [a, b], given("dot", options));
  return dotArrays(x!, y!, type);
}

function dotArrays(x: JaxArray, y: JaxArray, type: ProductType): JaxArray {
  const axes: [number[], number[]] = x.ndim === 0 || y.ndim === 0
    ? [[], []]
    : [[x.ndim - 1], [y.ndim === 1 ? 0 : y.ndim - 2]];
  return contract(x, y, { contract: axes, batch: [[], []] }, type);
}

const matmulCall = staged(
  "matmul",
  ([x, y]: [JaxArray, JaxArray], type: ProductType) => matmulArrays(x, y, type),
  { inline: true },
);

/**
 * The matrix product over the last two axes; the axes before them broadcast. A vector counts as a row on the left, as a
 * column on the right.
 *
 * @param a an array of shape `[..., n, k]` or `[k]`
 * @param b an array of shape `[..., k, m]` or `[k]`
 * @returns an array of shape `[..., n, m]` of the common dtype
 * @throws {ValueError} for a scalar, and leading axes that do not broadcast
 * @throws {TypeError} when the contracted axes differ in size
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.matmul(np.ones([5, 2, 3]), np.ones([3, 4]));
 * if (String(x.shape) !== "5,2,4") throw new Error();
 * ```
 */
export function matmul(a: ArrayLike, b: ArrayLike, options?: ProductOptions): JaxArray {
  const { xs: [x, y], type } = productOperands("matmul", [a, b], given("matmul", options));
  [x!, y!].forEach((operand, i) => {
    if (operand.ndim < 1) {
      throw new ValueError(
        `matmul input operand ${i} must have ndim at least 1, but it has ndim ${operand.ndim}`,
      );
    }
  });
  return x!.ndim <= 2 && y!.ndim <= 2
    ? contract(
      x!,
      y!,
      { contract: [[x!.ndim - 1], [y!.ndim === 1 ? 0 : y!.ndim - 2]], batch: [[], []] },
      type,
    )
    : matmulCall([x!, y!], type);
}

const dotPair = (x: JaxArray, y: JaxArray): JaxArray => matmul(x, y);

const matvecCall = staged(
  "matvec",
  ([x, y]: [JaxArray, JaxArray]) => vectorize(dotPair, { signature: "(n,m),(m)->(n)" })(x, y),
);

/**
 * Matrices times vectors: `[..., n, m]` and `[..., m]` give `[..., n]`.
 *
 * @throws {ValueError} when the sizes do not fit
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.matvec(np.ones([2, 3]), np.ones([5, 3])).shape) !== "5,2") throw new Error();
 * ```
 */
export function matvec(x1: ArrayLike, x2: ArrayLike): JaxArray {
  return matvecCall(toArrays("matvec", x1, x2) as [JaxArray, JaxArray]);
}

const vecmatCall = staged(
  "vecmat",
  ([x, y]: [JaxArray, JaxArray]) => vectorize(dotPair, { signature: "(n),(n,m)->(m)" })(conjugate(x), y),
);

const conjugate = (x: JaxArray): JaxArray => isComplex(x.dtype) ? raw.conj(x) : x;

/**
 * Conjugated vectors times matrices: `[..., n]` and `[..., n, m]` give `[..., m]`.
 *
 * @throws {ValueError} when the sizes do not fit
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.vecmat(np.ones(2), np.ones([2, 3]))) !== "[2. 2. 2.]") throw new Error();
 * ```
 */
export function vecmat(x1: ArrayLike, x2: ArrayLike): JaxArray {
  return vecmatCall(toArrays("matvec", x1, x2) as [JaxArray, JaxArray]);
}

function vdotArrays(x: JaxArray, y: JaxArray, type: ProductType): JaxArray {
  return dotArrays(flat(conjugate(x)), flat(y), type);
}

/**
 * The inner product of two flattened arrays, the first one conjugated.
 *
 * @throws {TypeError} when the numbers of elements differ
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (np.vdot(np.ones([2, 2]), np.arange(4)).item() !== 6) throw new Error();
 * ```
 */
export function vdot(a: ArrayLike, b: ArrayLike, options?: ProductOptions): JaxArray {
  const { xs: [x, y], type } = productOperands("vdot", [a, b], given("vdot", options));
  return vdotArrays(x!, y!, type);
}

const vecdotCall = staged(
  "vecdot",
  ([x, y]: [JaxArray, JaxArray], type: ProductType) =>
    vectorize((p: JaxArray, q: JaxArray) => vdotArrays(p, q, type), { signature: "(n),(n)->()" })(x, y),
  { inline: true },
);

/** Options of {@linkcode vecdot}. */
export interface VecdotOptions extends ProductOptions {
  /** The axis of the vectors, default −1. */
  readonly axis?: number;
}

/**
 * Inner products of vectors along an axis, the first ones conjugated; the other axes broadcast.
 *
 * @throws {ValueError} when the axes differ in size
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.vecdot(np.ones([2, 3]), np.arange(3))) !== "[3. 3.]") throw new Error();
 * ```
 */
export function vecdot(x1: ArrayLike, x2: ArrayLike, options?: VecdotOptions): JaxArray {
  const options_ = keywords("vecdot", [], options === undefined ? [] : [options], [
    "axis",
    ...productOptions,
  ]);
  const { xs: [x, y], type } = productOperands("vecdot", [x1, x2], options_);
  const axis = staticInteger(options_.axis ?? -1, "axis");
  if (x!.shape.at(axis) !== y!.shape.at(axis)) {
    throw new ValueError(
      `axes must match; got shapes (${x!.shape.join(", ")}) and (${y!.shape.join(", ")}) with axis=${axis}`,
    );
  }
  return vecdotCall([moveOne(x!, axis, -1), moveOne(y!, axis, -1)], type);
}

/** Axes of a {@linkcode tensordot}: how many, one of each operand, or a list for each. */
export type TensordotAxes =
  | number
  | readonly [number | readonly number[], number | readonly number[]]
  | readonly (number | readonly number[])[];

/** The axes of both operands that a tensordot contracts. */
function contractedAxes(given: unknown, x: JaxArray, y: JaxArray): [number[], number[]] {
  const axes = given instanceof JaxArray ? staticInteger(given, "axes") : given;
  if (typeof axes === "number") {
    if (axes > Math.min(x.ndim, y.ndim)) {
      throw new TypeError(
        `Number of tensordot axes (axes ${axes}) exceeds input ranks ((${x.shape.join(", ")}) and ` +
          `(${y.shape.join(", ")}))`,
      );
    }
    return [range(axes).map((i) => x.ndim - axes + i), range(axes)];
  }
  if (!Array.isArray(axes) || axes.length !== 2) {
    throw new TypeError(
      "tensordot axes argument must be an int, a pair of ints, or a pair of lists/tuples of ints.",
    );
  }
  const [p, q] = axes as [unknown, unknown];
  if (typeof p === "number" && typeof q === "number") {
    return [[canonicalAxis(p, x.ndim)], [canonicalAxis(q, y.ndim)]];
  }
  if (!Array.isArray(p) || !Array.isArray(q)) {
    throw new TypeError(
      `tensordot requires both axes lists to be either ints, tuples or lists, got ${p} and ${q}`,
    );
  }
  if (p.length !== q.length) {
    throw new TypeError(`tensordot requires axes lists to have equal length, got [${p}] and [${q}].`);
  }
  return [p.map((i) => canonicalAxis(i, x.ndim)), q.map((i) => canonicalAxis(i, y.ndim))];
}

/** Options of {@linkcode tensordot}. */
export interface TensordotOptions extends ProductOptions {
  /** Axes to sum over: the last of `a` with the first of `b` (a number, default 2), or given ones. */
  readonly axes?: TensordotAxes;
}

/**
 * Sums products over axes of two arrays.
 *
 * @param axes a number of axes (the last of `a`, the first of `b`; default 2), one axis of each, or a list of each
 * @returns the other axes of `a`, then those of `b`; of the common dtype
 * @throws {TypeError} when the axes do not fit
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.tensordot(np.ones([2, 3, 4]), np.ones([4, 3]), [[1, 2], [1, 0]]);
 * if (String(x) !== "[12. 12.]") throw new Error();
 * ```
 */
export function tensordot(
  a: ArrayLike,
  b: ArrayLike,
  ...rest: [axes?: TensordotAxes | TensordotOptions, options?: TensordotOptions]
): JaxArray {
  const options = keywords("tensordot", ["axes"], rest, productOptions);
  const { xs: [x, y], type } = productOperands("tensordot", [a, b], options);
  const axes = contractedAxes(options.axes ?? 2, x!, y!);
  return contract(x!, y!, { contract: axes, batch: [[], []] }, type);
}

/**
 * Sums products over the last axis of both arrays; a scalar multiplies.
 *
 * @returns the other axes of `a`, then those of `b`; of the common dtype
 * @throws {TypeError} when the last axes differ in size
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.inner(np.ones([2, 3]), np.arange(3))) !== "[3. 3.]") throw new Error();
 * ```
 */
export function inner(a: ArrayLike, b: ArrayLike, options?: ProductOptions): JaxArray {
  const options_ = given("inner", options), [x, y] = toArrays("inner", a, b) as [JaxArray, JaxArray];
  if (x.ndim > 0 && y.ndim > 0) return tensordot(x, y, [-1, -1], options_);
  const wanted = options_.preferredElementType;
  const operands = wanted === undefined || wanted === null
    ? promoteDTypes("inner", [x, y])
    : [x, y].map((z) => raw.convert(z, requestedDType(wanted as DTypeLike, "inner")));
  return raw.mul(operands[0]!, operands[1]!);
}
