/**
 * Functions of `jax.numpy` that count elements by value.
 *
 * @module
 */
import {
  defaultInt,
  type DType,
  int32,
  isBool,
  isInteger,
  JaxArray,
  keywords,
  namedJit,
  NotImplementedError,
  raw,
  sameShape,
  staticInteger,
  toIndexArray,
  toInexact,
  tuple,
  ValueError,
} from "../core/mod.ts";
import { flat, type OrOptions } from "./_arguments.ts";
import { product, range as upTo } from "./axes.ts";
import { integersOf, known } from "./_concrete.ts";
import { type ArrayLike, promoteDTypes, toArray, toArrays } from "./convert.ts";
import { maxKind, minKind, reduceArray, sumOf } from "./_reduction.ts";
import { search } from "./_search.ts";
import { where as select } from "./_where.ts";
import { asarray, type NestedArrayLike } from "./arrays.ts";
import { linspace } from "./ranges.ts";

/** The least and the greatest value that are counted. */
export type HistogramRange = JaxArray | readonly [ArrayLike, ArrayLike];

/** Options of the histograms of one variable. */
export interface HistogramOptions {
  /** How many bins of equal width (10), or an array of their edges in ascending order. */
  readonly bins?: ArrayLike;
  /** The outermost edges; by default the least and the greatest element. */
  readonly range?: HistogramRange | null;
  /** How much each element counts. */
  readonly weights?: ArrayLike | null;
  /** Give the density: counts divided by their sum and the widths of the bins. */
  readonly density?: boolean | null;
}

/** The first or last element of an array with one axis. */
function element(x: JaxArray, i: number): JaxArray {
  const at = i < 0 ? i + x.size : i;
  return raw.squeeze(raw.slice(x, [at], [at + 1]), [0]);
}

/** Edges of bins of equal width; a range without width is made one wide. */
const equalBins = namedJit<[count: number, dtype: DType]>(
  "histogram_bin_edges",
  ([range], count, dtype) => {
    const low = element(range!, 0), high = element(range!, 1);
    const same = raw.eq(raw.sub(raw.max(low, high), raw.min(low, high)), 0);
    const start = select(same, raw.sub(low, 0.5), low), stop = select(same, raw.add(high, 0.5), high);
    return [linspace(start, stop, count + 1, { dtype })];
  },
  { inline: true },
);

const extremes = namedJit<[dtype: DType]>("histogram_range", ([x], dtype) => {
  const ends = [minKind, maxKind].map((kind) => reduceArray(kind, x!, { axes: null }));
  return [raw.concatenate(ends.map((end) => raw.expandDims(raw.convert(end, dtype), [0])), 0)];
}, { inline: true });

/** Edges of the bins of an array. */
function binEdges(x: JaxArray, bins: unknown, range: unknown): JaxArray {
  if (typeof bins === "string") throw new NotImplementedError("string values for `bins` not implemented.");
  const dtype = toInexact(x.dtype), given = toArray(bins, "histogram_bin_edges", 1);
  if (given.ndim === 1) return raw.convert(given, dtype);
  if (given.ndim > 1) {
    throw new TypeError("Only integer scalar arrays can be converted to a scalar index.");
  }
  const count = staticInteger(bins, "bins argument of histogram_bin_edges");
  if (range === undefined || range === null) return equalBins(extremes([x], dtype), count, dtype)[0]!;
  const ends = asarray(range as NestedArrayLike, { dtype });
  if (!sameShape(ends.shape, [2])) {
    throw new ValueError(`\`range\` must be either None or a sequence of scalars, got ${ends}`);
  }
  return equalBins([ends], count, dtype)[0]!;
}

/**
 * The edges of the bins of a histogram.
 *
 * @param a an array of any shape
 * @param rest bins (10), range; weights, which make no difference
 * @returns an array with one axis of an inexact dtype, one longer than the number of bins
 * @throws {NotImplementedError} for the name of a method to find bins
 * @throws {TypeError} for bins that are neither an integer nor an array with one axis
 * @throws {ValueError} for a range that is no pair
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.histogramBinEdges(np.array([0, 1, 4]), 2)) !== "[0. 2. 4.]") throw new Error();
 * ```
 */
export function histogramBinEdges(
  a: ArrayLike,
  ...rest: OrOptions<
    [bins?: ArrayLike, range?: HistogramRange | null, weights?: ArrayLike | null],
    Omit<HistogramOptions, "density">
  >
): JaxArray {
  const { bins = 10, range } = keywords("histogram_bin_edges", ["bins", "range", "weights"], rest);
  return binEdges(toArray(a, "histogram_bin_edges"), bins, range);
}

const countCall = namedJit<[density: boolean]>("histogram", ([x, edges, weights], density) => {
  const n = edges!.size;
  const place = search(edges!, x!, { side: "right", method: "scan" });
  const index = select(raw.eq(x!, element(edges!, -1)), raw.full([], n - 1, int32), place);
  const all = raw.full([n], 0, weights!.dtype).at(index).add(weights!);
  const counts = raw.slice(all, [1], [n]);
  if (!density) return [counts];
  const widths = raw.convert(
    raw.sub(raw.slice(edges!, [1], [n]), raw.slice(edges!, [0], [n - 1])),
    counts.dtype,
  );
  return [raw.div(raw.div(counts, widths), sumOf(counts, { axes: null }))];
}, { inline: true });

/**
 * How many elements are in each bin. A bin holds its lower edge, the last one both edges; other elements do not count.
 *
 * @param a an array of any shape
 * @param rest bins, a number of bins of equal width (10) or an array of edges; range, the outermost edges; weights, an
 * array of the shape of `a`; density, whether to divide by the sum and the widths
 * @returns the counts, of an inexact dtype, and the edges, one more of them
 * @throws {ValueError} for weights of another shape, and a range that is no pair
 * @throws {TypeError} for bins that are neither an integer nor an array with one axis
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [counts, edges] = np.histogram(np.array([1, 2, 2, 5]), 2);
 * if (String(counts) !== "[3. 1.]" || String(edges) !== "[1. 3. 5.]") throw new Error();
 * ```
 */
export function histogram(
  a: ArrayLike,
  ...rest: OrOptions<
    [
      bins?: ArrayLike,
      range?: HistogramRange | null,
      weights?: ArrayLike | null,
      density?: boolean | null,
    ],
    HistogramOptions
  >
): [counts: JaxArray, binEdges: JaxArray] {
  const names = ["bins", "range", "weights", "density"] as const;
  const { bins = 10, range, weights = null, density } = keywords("histogram", names, rest);
  let x: JaxArray, w: JaxArray;
  if (weights === null) {
    [x] = promoteDTypes("histogram", [toArray(a, "histogram")], "inexact") as [JaxArray];
    w = raw.full(x.shape, 1, x.dtype);
  } else {
    const given = toArrays("histogram", a, weights);
    if (!sameShape(given[0]!.shape, given[1]!.shape)) {
      throw new ValueError("weights should have the same shape as a.");
    }
    [x, w] = promoteDTypes("histogram", given, "inexact") as [JaxArray, JaxArray];
  }
  const edges = binEdges(x, bins, range);
  return [countCall([x, edges, w], Boolean(density))[0]!, edges];
}

/** Bins of each variable: a number for all, or for each a number or an array of edges. */
export type BinsOfAll = ArrayLike | readonly ArrayLike[];

/** Options of the histograms of several variables. */
export interface HistogramddOptions {
  /** For all, or for each variable, a number of bins (10) or an array of edges. */
  readonly bins?: BinsOfAll;
  /** For each variable the outermost edges, or null. */
  readonly range?: readonly (HistogramRange | null)[] | null;
  /** How much each sample counts. */
  readonly weights?: ArrayLike | null;
  /** Give the density: counts divided by their sum and the sizes of the bins. */
  readonly density?: boolean | null;
}

type HistogramddRest = OrOptions<
  [
    bins?: BinsOfAll,
    range?: readonly (HistogramRange | null)[] | null,
    weights?: ArrayLike | null,
    density?: boolean | null,
  ],
  HistogramddOptions
>;

const gridCounts = namedJit<[density: boolean, weighted: boolean]>(
  "histogramdd",
  ([sample, weights, ...edges], density, weighted) => {
    const sizes = edges.map((e) => e.size + 1);
    let place = raw.full([sample!.shape[0]!], 0, defaultInt());
    edges.forEach((e, i) => {
      const x = raw.squeeze(raw.sliceInDim(sample!, i, i + 1, 1), [1]);
      const found = search(e, x, { side: "right", method: "scan" });
      const index = raw.selectN(raw.eq(x, element(e, -1)), found, raw.sub(found, 1));
      place = raw.add(raw.mul(place, sizes[i]!), raw.convert(index, defaultInt()));
    });
    const count = raw.full([product(sizes)], 0, weighted ? weights!.dtype : defaultInt());
    const grid = raw.reshape(
      weighted ? count.at(place).add(weights!) : count.at(place).add(1n),
      sizes,
    );
    // The outermost cells hold what is outside of the edges.
    let inside = raw.slice(grid, sizes.map(() => 1), sizes.map((n) => n - 1));
    if (density) {
      inside = raw.convert(inside, sample!.dtype);
      inside = raw.div(inside, sumOf(inside, { axes: null }));
      edges.forEach((e, i) => {
        const widths = raw.sub(raw.slice(e, [1], [e.size]), raw.slice(e, [0], [e.size - 1]));
        inside = raw.div(inside, raw.reshape(widths, inside.shape.map((_, k) => k === i ? e.size - 1 : 1)));
      });
    }
    return [inside];
  },
  { inline: true },
);

/** The bins of each of D variables. */
function binsOfEach(bins: unknown, variables: number): unknown[] {
  const list = Array.isArray(bins) ? bins : bins instanceof JaxArray && bins.ndim > 0 ? [...bins] : null;
  if (list === null) return upTo(variables).map(() => bins);
  if (list.length !== variables) throw new ValueError("should be a bin for each dimension.");
  return list;
}

/**
 * How many samples are in each cell of a grid.
 *
 * @param sample an array of N samples of D variables, of shape [N, D]
 * @param rest bins, for all or for each variable a number (10) or an array of edges; range, for each variable the
 * outermost edges or null; weights, an array of shape [N]; density, whether to divide by the sum and the sizes of the
 * cells
 * @returns the counts with D axes, and a list of the edges of each variable
 * @throws {ValueError} for another number of bins or ranges than variables, and weights of another shape
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const sample = np.array([[0, 0], [0, 1], [1, 1]]);
 * const [counts, edges] = np.histogramdd(sample, 2);
 * if (String(counts) !== "[[1 1]\n [0 1]]" || edges.length !== 2) throw new Error();
 * ```
 */
export function histogramdd(sample: ArrayLike, ...rest: HistogramddRest): [
  counts: JaxArray,
  binEdges: JaxArray[],
] {
  const names = ["bins", "range", "weights", "density"] as const;
  const given = keywords("histogramdd", names, rest);
  const { bins = 10, weights = null } = given, ranges = (given.range ?? null) as readonly unknown[] | null;
  const arrays = weights === null
    ? [toArray(sample, "histogramdd")]
    : toArrays("histogramdd", sample, weights);
  if (weights !== null && !sameShape(arrays[1]!.shape, arrays[0]!.shape.slice(0, 1))) {
    throw new ValueError("should have one weight for each sample.");
  }
  const [x, w] = promoteDTypes("histogramdd", arrays, "inexact");
  if (x!.ndim !== 2) {
    throw new ValueError(`histogramdd: sample must have two axes, [samples, variables]; got ${x!.aval}`);
  }
  const variables = x!.shape[1]!;
  if (ranges !== null && ranges.length !== variables) {
    throw new ValueError(
      `For sample.shape=${tuple(x!.shape)}, range must be a sequence of ${variables} pairs or Nones; got ` +
        `${ranges.length} of them`,
    );
  }
  const edges = binsOfEach(bins, variables).map((each, i) =>
    binEdges(raw.squeeze(raw.sliceInDim(x!, i, i + 1, 1), [1]), each, ranges?.[i])
  );
  const [counts] = gridCounts([x!, w ?? x!, ...edges], Boolean(given.density), w !== undefined);
  return [counts!, edges];
}

/**
 * How many points are in each cell of a grid.
 *
 * @param x the first coordinates, an array with one axis
 * @param y the second coordinates, of the same size
 * @param rest bins, for both or for each coordinate a number (10) or an array of edges; range, for each coordinate the
 * outermost edges or null; weights; density
 * @returns the counts, with an axis for each coordinate, and the edges of both
 * @throws {ValueError} for arrays of different sizes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const [counts, xEdges] = np.histogram2d(np.array([0, 0, 1]), np.array([0, 2, 2]), 2);
 * if (String(counts) !== "[[1 1]\n [0 1]]" || String(xEdges) !== "[0.  0.5 1. ]") throw new Error();
 * ```
 */
export function histogram2d(
  x: ArrayLike,
  y: ArrayLike,
  ...rest: HistogramddRest
): [counts: JaxArray, xEdges: JaxArray, yEdges: JaxArray] {
  const names = ["bins", "range", "weights", "density"] as const;
  const given = keywords("histogram2d", names, rest);
  let bins = (given.bins ?? 10) as BinsOfAll;
  const length = Array.isArray(bins) ? bins.length : bins instanceof JaxArray && bins.ndim ? bins.length : 1;
  if (length > 2) {
    const edges = asarray(bins as NestedArrayLike);
    bins = [edges, edges];
  }
  const points = promoteDTypes("histogram2d", toArrays("histogram2d", x, y));
  const sample = raw.concatenate(points.map((p) => raw.expandDims(flat(p), [1])), 1);
  const [counts, edges] = histogramdd(sample, { ...given as HistogramddOptions, bins });
  return [counts, edges[0]!, edges[1]!];
}

/** Options of {@linkcode bincount}. */
export interface BincountOptions {
  /** How much each element counts. */
  readonly weights?: ArrayLike | null;
  /** The least size of the result. */
  readonly minlength?: number;
  /** The size of the result; needed where the values are not known. Greater values do not count. */
  readonly length?: number | null;
  readonly outSharding?: null;
}

const bincountCall = namedJit<[length: number]>("bincount", ([x, weights], length) => [
  raw.full([length], 0, weights!.dtype).at(raw.max(x!, 0)).add(weights!, { mode: "drop" }),
], { inline: true });

/**
 * How often each of the integers 0, 1, 2, ... is there. Negative ones count as 0.
 *
 * @param x an array with one axis of integers or booleans
 * @param rest weights, an array of the shape of `x`; minlength; in the options also length
 * @returns an array with one axis, one longer than the greatest element, of the dtype of the weights (integer without)
 * @throws {ConcretizationTypeError} when the values are not known and `length` is not given
 * @throws {TypeError} for floats
 * @throws {ValueError} for several axes, and weights of another shape
 *
 * @example
 * ```ts
 * import { jit, numpy as np } from "@jaxlet/jaxlet";
 * if (String(np.bincount(np.int32([0, 2, 2]))) !== "[1 0 2]") throw new Error();
 * const count = jit((x) => np.bincount(x, { length: 4 }));
 * if (String(count(np.int32([3, 3]))) !== "[0 0 0 2]") throw new Error();
 * ```
 */
export function bincount(
  x: ArrayLike | readonly (number | bigint)[],
  ...rest: OrOptions<[weights?: ArrayLike | null, minlength?: number], BincountOptions>
): JaxArray {
  const names = ["weights", "minlength"] as const;
  const given = keywords<keyof BincountOptions>("bincount", names, rest, ["length", "outSharding"]);
  let values = x instanceof JaxArray ? x : toIndexArray(x);
  if (isBool(values.dtype)) values = raw.convert(values, int32);
  if (!isInteger(values.dtype)) {
    throw new TypeError(`x argument to bincount must have an integer type; got ${values.dtype.name}`);
  }
  if (values.ndim !== 1) throw new ValueError("only 1-dimensional input supported.");
  const least = staticInteger(given.minlength ?? 0, "the 'minlength' argument of jnp.bincount");
  let length: number;
  if (given.length === undefined || given.length === null) {
    const elements = integersOf(known(
      values,
      "The error occurred because of argument 'x' of jnp.bincount. To avoid this error, pass a static `length` argument.",
    ));
    length = elements.reduce((n, element) => Math.max(n, element + 1), Math.max(least, values.size ? 1 : 0));
  } else length = staticInteger(given.length, "the 'length' argument of jnp.bincount");
  const weights = given.weights === undefined || given.weights === null
    ? raw.scalar(1, defaultInt())
    : toArray(given.weights, "bincount", 1);
  if (
    weights.ndim > 0
      ? !sameShape(weights.shape, values.shape)
      : given.weights !== undefined && given.weights !== null
  ) {
    throw new ValueError(
      `type of weights must match type of x. Got typeof(x)=${values.aval} and typeof(weights)=${weights.aval}`,
    );
  }
  return bincountCall([values, weights], length)[0]!;
}
