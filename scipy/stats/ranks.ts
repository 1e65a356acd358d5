/**
 * Ranks, modes and standard errors of samples, as in `jax.scipy.stats`.
 *
 * @module
 */
import {
  type ArrayLike,
  defaultFloat,
  type JaxArray,
  keywords,
  NotImplementedError,
  ValueError,
  vmap,
} from "../../core/mod.ts";
import { promoteInexact, toArrays } from "../../numpy/convert.ts";
import { axisList } from "../../numpy/axes.ts";
import { type Named, namedTuple } from "../../numpy/named_tuple.ts";
import * as np from "../../numpy/mod.ts";

/** What to do with NaN: `"propagate"` alone is there. */
export type NanPolicy = "propagate" | "omit" | "raise";

function checkPolicy(name: string, policy: unknown): void {
  if (policy === "propagate") return;
  if (policy === "omit") {
    throw new NotImplementedError(`Logic for \`nan_policy\` of ${policy} is not implemented`);
  }
  if (policy === "raise") {
    throw new NotImplementedError(
      `In order to best JIT compile \`${name}\`, we cannot know whether \`x\` contains nans. Please check if nans ` +
        `exist in \`x\` outside of the \`${name}\` function.`,
    );
  }
  throw new ValueError(
    `Illegal nan_policy value '${policy}'; expected one of {'propagate', 'omit', 'raise'}`,
  );
}

/** Options of {@linkcode mode}. */
export interface ModeOptions {
  /** The axis of the samples (0); null for all elements. */
  readonly axis?: number | null;
  readonly nanPolicy?: NanPolicy;
  /** Keep the axis, with size 1 (false). */
  readonly keepdims?: boolean;
}

/** The most frequent values and their counts. */
export type ModeResult = Named<[mode: JaxArray, count: JaxArray], "mode" | "count">;

/**
 * The most frequent value along an axis, the least of them where several are, and its count.
 *
 * @param a Array of numbers.
 * @param rest axis (0; null for all elements), nanPolicy ("propagate"), keepdims (false)
 * @returns `{ mode, count }`, also an array of both.
 * @throws {ValueError} For an unknown policy.
 * @throws {NotImplementedError} For the policies "omit" and "raise".
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * const { mode, count } = scipy.stats.mode(np.array([2, 3, 3]));
 * if (mode.item() !== 3 || count.item() !== 2) throw new Error();
 * ```
 */
export function mode(
  a: ArrayLike,
  ...rest: [
    axis?: number | null | ModeOptions,
    nanPolicy?: NanPolicy | ModeOptions,
    keepdims?: boolean | ModeOptions,
  ]
): ModeResult {
  const { axis = 0, nanPolicy = "propagate", keepdims = false } = keywords(
    "mode",
    ["axis", "nanPolicy", "keepdims"],
    rest,
  );
  checkPolicy("mode", nanPolicy);
  const x = np.atleast1d(toArrays("mode", a)[0]!) as JaxArray;
  const at = axis === null ? null : axisList(axis, x.ndim)[0]!;
  const shape = x.shape.flatMap((n, i) => at === null || i === at ? (keepdims ? [1] : []) : [n]);
  const samples = at === null ? x.reshape(1, x.size) : np.moveaxis(x, at, -1).reshape(-1, x.shape[at]!);
  const ofSample = (sample: JaxArray): JaxArray[] => {
    if (sample.size === 0) {
      return [np.array(NaN, { dtype: defaultFloat() }), np.array(0, { dtype: defaultFloat() })];
    }
    const [values, counts] = np.unique(sample, { returnCounts: true, size: sample.size }) as unknown as [
      JaxArray,
      JaxArray,
    ];
    return [values.get(np.argmax(counts)), np.max(counts)];
  };
  const [values, counts] = vmap(ofSample)(samples) as [JaxArray, JaxArray];
  return namedTuple<[JaxArray, JaxArray], "mode" | "count">(["mode", "count"], [
    values.reshape(shape),
    counts.reshape(shape),
  ]);
}

/** How {@linkcode rankdata} ranks equal elements. */
export type RankMethod = "average" | "min" | "max" | "dense" | "ordinal";

const methods: readonly unknown[] = ["average", "min", "max", "dense", "ordinal"];

/** Options of {@linkcode rankdata}. */
export interface RankdataOptions {
  readonly method?: RankMethod;
  /** Rank along this axis; all elements as one sample by default. */
  readonly axis?: number | null;
  readonly nanPolicy?: NanPolicy;
}

function ranks(a: JaxArray, method: RankMethod): JaxArray {
  const float = defaultFloat(), n = a.size;
  const order = np.argsort(a), inverse = np.argsort(order);
  if (method === "ordinal") return inverse.add(1).astype(float);
  const sorted = np.take(a, order);
  const first = np.concatenate([
    np.ones(Math.min(n, 1), { dtype: "bool" }),
    np.notEqual(sorted.get("1:"), sorted.get(":-1")),
  ]);
  const dense = np.take(np.cumsum(first), inverse);
  if (method === "dense") return dense.astype(float);
  // The position of each first element, and the end.
  const starts = (np.nonzero(first, { size: n + 1, fillValue: n })[0] as JaxArray).astype(float);
  const max = np.take(starts, dense);
  if (method === "max") return max;
  const min = np.take(starts, dense.sub(1));
  return method === "min" ? min.add(1) : max.add(min).add(1).mul(0.5);
}

/**
 * Ranks from 1 on. Equal elements get the average, least or greatest of their ranks, consecutive ranks (`"dense"`), or
 * ranks in order of place (`"ordinal"`); with a NaN in the sample all ranks are NaN.
 *
 * @param a Array of numbers.
 * @param rest method ("average"), axis (null for all elements as one sample), nanPolicy ("propagate")
 * @returns Floats: of the shape of `a` along an axis, else flat.
 * @throws {ValueError} For an unknown method or policy.
 * @throws {NotImplementedError} For the policies "omit" and "raise".
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (String(scipy.stats.rankdata(np.array([0, 2, 3, 2]))) !== "[1.  2.5 4.  2.5]") throw new Error();
 * ```
 */
export function rankdata(
  a: ArrayLike,
  ...rest: [method?: RankMethod | RankdataOptions, options?: RankdataOptions]
): JaxArray {
  const { method = "average", axis = null, nanPolicy = "propagate" } = keywords(
    "rankdata",
    ["method"],
    rest,
    [
      "axis",
      "nanPolicy",
    ],
  );
  checkPolicy("rankdata", nanPolicy);
  if (!methods.includes(method)) throw new ValueError(`unknown method '${method}'`);
  const ranked = (x: JaxArray): JaxArray =>
    np.where(np.any(np.isnan(x)), NaN, ranks(x, method as RankMethod)).astype(defaultFloat());
  const x = toArrays("rankdata", a)[0]!;
  if (axis === null) return ranked(np.ravel(x));
  const at = axisList(axis, x.ndim)[0]!, last = np.moveaxis(x, at, -1);
  const rows = vmap(ranked)(last.reshape(-1, x.shape[at]!)) as JaxArray;
  return np.moveaxis(rows.reshape([...last.shape]), -1, at);
}

/** Options of {@linkcode sem}. */
export interface SemOptions {
  /** The axis of the samples (0); null for all elements. */
  readonly axis?: number | null;
  /** Taken from the number of elements in the variance (1). */
  readonly ddof?: number;
  readonly nanPolicy?: "propagate" | "omit";
  /** Keep the axis, with size 1 (false). */
  readonly keepdims?: boolean;
}

/**
 * The standard error of the mean: the standard deviation over √n.
 *
 * @param a Array of numbers; integers and booleans become floats.
 * @param rest axis (0; null for all elements), ddof (1), nanPolicy ("propagate" or "omit"), keepdims (false)
 * @returns Floats, without the axis.
 * @throws {ValueError} For another policy.
 *
 * @example
 * ```ts
 * import { numpy as np, scipy } from "@jaxlet/jaxlet";
 * if (Math.abs(scipy.stats.sem(np.array([1, 3])).item() - 1) > 1e-6) throw new Error();
 * ```
 */
export function sem(
  a: ArrayLike,
  ...rest: [axis?: number | null | SemOptions, ddof?: number | SemOptions, nanPolicy?: string | SemOptions]
): JaxArray {
  const given = keywords("sem", ["axis", "ddof", "nanPolicy"], rest, ["keepdims"]);
  const { nanPolicy = "propagate", keepdims = false, ddof = 1 } = given;
  const axis = (given.axis === undefined ? 0 : given.axis) as number | null;
  const [x] = promoteInexact("sem", a) as [JaxArray];
  const options = { axis, ddof: ddof as number, keepdims: Boolean(keepdims) };
  if (nanPolicy === "propagate") {
    const size = axis === null ? x.size : x.shape[axisList(axis, x.ndim)[0]!]!;
    return np.divide(np.std(x, options), np.sqrt(size).astype(x.dtype));
  }
  if (nanPolicy === "omit") {
    const count = np.sum(np.logicalNot(np.isnan(x)), { axis, keepdims: Boolean(keepdims) });
    return np.divide(np.nanstd(x, options), np.sqrt(count).astype(x.dtype));
  }
  throw new ValueError(`${nanPolicy} is not supported`);
}
