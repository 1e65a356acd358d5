/**
 * `dotProductAttention`.
 *
 * Letters of axes: B batch, T queries, S keys, N heads of queries, K heads of keys, G = N / K, H size of a head.
 *
 * @module
 */
import {
  type ArrayLike,
  bool_,
  castScalar,
  type DType,
  errors,
  finfo,
  float32,
  float64,
  int32,
  JaxArray,
  keywords,
  NotImplementedError,
  raw,
  scalarArray,
  staticInteger,
  staticIntegers,
  toIndexArray,
  tuple,
  ValueError,
  vmap,
} from "../core/mod.ts";
import * as lax from "../lax/mod.ts";
import * as np from "../numpy/mod.ts";
import type { NestedArrayLike } from "../numpy/mod.ts";
import { optionalJit } from "./_staged.ts";
import { logsumexp, softmax } from "./softmax.ts";

/** How many keys before and after its own place a query sees. */
type Window = readonly [left: number, right: number];

/** What attention depends on besides arrays. */
interface AttentionStatics {
  readonly causal: boolean;
  readonly window: Window | null;
  readonly residual: boolean;
}

/** Lengths of the sequences of a batch, beyond which there is padding. */
interface Lengths {
  readonly query: JaxArray | null;
  readonly keyValue: JaxArray | null;
}

/** A large negative number that stays finite in float32. */
function largeNegative(dtype: DType): JaxArray {
  const max = Math.min(Number(finfo(dtype).max), Number(finfo(float32).max));
  return scalarArray(castScalar(-0.7 * max, float64, dtype), dtype);
}

/** Indices 0, 1, ... along one axis of a rank. */
function positions(size: number, rank: number, axis: number): JaxArray {
  return np.expandDims(np.arange(size), Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis));
}

/** Which keys each query sees within a window: bool[1,1,T,S]. */
function windowMask(T: number, S: number, [left, right]: Window): JaxArray {
  const query = positions(T, 2, 0), key = positions(S, 2, 1);
  const within = np.logicalAnd(
    np.greaterEqual(query, np.subtract(key, right)),
    np.lessEqual(query, np.add(key, left)),
  );
  return np.expandDims(within, [0, 1]);
}

/** Which pairs are no padding: bool[B,1,T or 1,S or 1]. */
function paddingMask(T: number, S: number, { query, keyValue }: Lengths): JaxArray {
  const own = query && np.less(positions(T, 3, 1), np.expandDims(query, [1, 2]));
  const other = keyValue && np.less(positions(S, 3, 2), np.expandDims(keyValue, [1, 2]));
  return np.expandDims(np.logicalAnd(own ?? true, other ?? true), 1);
}

/** Logits f[B,K,T,S], large negative where a query does not see a key. */
function masked(
  logits: JaxArray,
  mask: JaxArray | null,
  { causal, window }: AttentionStatics,
  lengths: Lengths,
): JaxArray {
  const padded = lengths.query !== null || lengths.keyValue !== null;
  if (mask === null && !causal && window === null && !padded) return logits;
  const [, , T, S] = logits.shape as [number, number, number, number];
  let seen = raw.full(logits.shape, true, bool_);
  if (mask) seen = np.logicalAnd(seen, mask);
  if (causal) seen = np.logicalAnd(seen, np.expandDims(np.tril(raw.full([T, S], true, bool_)), [0, 1]));
  if (window) seen = np.logicalAnd(seen, windowMask(T, S, window));
  if (padded) seen = np.logicalAnd(seen, paddingMask(T, S, lengths));
  return np.where(seen, logits, largeNegative(logits.dtype));
}

/** Attention for one query head of each group: query f[B,T,K,H], key and value f[B,S,K,H]. */
function attendHead(
  query: JaxArray,
  key: JaxArray,
  value: JaxArray,
  bias: JaxArray | null,
  mask: JaxArray | null,
  scale: JaxArray,
  lengths: Lengths,
  statics: AttentionStatics,
): JaxArray[] {
  const dtype = np.promoteTypes(query.dtype, float32);
  let logits = np.einsum("BTNH,BSNH->BNTS", query, key, { preferredElementType: dtype });
  logits = np.multiply(logits, raw.convert(scale, dtype));
  if (bias) logits = raw.convert(np.add(logits, bias), dtype);
  const padded = raw.convert(masked(logits, mask, statics, lengths), float32);
  const probabilities = raw.convert(softmax(padded), key.dtype);
  let encoded = np.einsum("BNTS,BSNH->BTNH", probabilities, value);
  if (lengths.query) {
    const real = np.less(positions(query.shape[1]!, 2, 1), np.expandDims(lengths.query, 1));
    encoded = np.multiply(encoded, raw.convert(np.expandDims(real, [2, 3]), encoded.dtype));
  }
  if (!statics.residual) return [encoded];
  const residual = raw.convert(logsumexp(padded, -1), key.dtype);
  return [encoded, lax.stopGradient(raw.transpose(residual, [0, 2, 1]))];
}

/** A bias or mask [b,n,t,s] by groups of heads: [b,K,G,t,s], or [b,1,G,t,s] where it has one head. */
function byGroups(x: JaxArray, heads: number, groups: number): JaxArray {
  const [b, n, t, s] = x.shape as [number, number, number, number];
  if (n === 1) return np.broadcastTo(np.expandDims(x, 2), [b, n, groups, t, s]);
  if (n !== heads) {
    throw new errors.AssertionError(
      `bias and mask must have 1 head or as many as the query: got ${n} for ${heads} heads`,
    );
  }
  return np.reshape(x, [b, heads / groups, groups, t, s]);
}

const attend = optionalJit(
  "dot_product_attention",
  (
    [query, key, value, bias, mask, scale, queryLengths, keyLengths],
    statics: AttentionStatics,
  ): JaxArray[] => {
    const [B, T, N, H] = query!.shape as [number, number, number, number], K = key!.shape[2]!;
    const groups = N / K, lengths: Lengths = { query: queryLengths!, keyValue: keyLengths! };
    const grouping = np.reshape(query!, [B, T, K, groups, H]);
    const grouped = [bias, mask].map((x) => x ? byGroups(x, N, groups) : null);
    // vmap over the query heads that share a key head.
    const [encoded, residual] = vmap(
      (q: JaxArray, k: JaxArray, v: JaxArray, b: JaxArray | null, m: JaxArray | null) =>
        attendHead(q, k, v, b, m, scale!, lengths, statics),
      { inAxes: [3, null, null, 2, 2], outAxes: 3 },
    )(grouping, key!, value!, grouped[0]!, grouped[1]!);
    const outs = [np.reshape(encoded!, [B, T, N, H])];
    return residual ? [...outs, np.reshape(residual, [B, T, N])] : outs;
  },
  { inline: true },
);

/** Options of {@linkcode dotProductAttention}. */
export interface DotProductAttentionOptions {
  /** Added to the logits: [B,N,T,S], with sizes of 1 that stretch. */
  readonly bias?: NestedArrayLike | null;
  /** Which pairs count: bool[B,N,T,S], with sizes of 1 that stretch. */
  readonly mask?: NestedArrayLike | null;
  /** Factor of the logits; 1 / √H by default. */
  readonly scale?: number | JaxArray | null;
  /** Queries see only keys at their own place and before. */
  readonly isCausal?: boolean;
  /** int32[B]: how many queries there are in each sequence; the result is 0 beyond. */
  readonly querySeqLengths?: JaxArray | readonly number[] | null;
  /** int32[B]: how many keys there are in each sequence. */
  readonly keyValueSeqLengths?: JaxArray | readonly number[] | null;
  /** How many keys before and after its own place a query sees: one number, or both. */
  readonly localWindowSize?: number | readonly [left: number, right: number] | null;
  /** `"xla"` or null. */
  readonly implementation?: "xla" | "cudnn" | null;
  /** Whether to return the logarithms of the sums of exponentials too. */
  readonly returnResidual?: boolean;
}

/** Raises unless an array has a shape (-1 stands for any size) and a dtype. */
function check(name: string, x: JaxArray | null, shape: readonly number[], dtype: DType | null): void {
  if (x === null) return;
  if (x.ndim !== shape.length) {
    throw new ValueError(`${name} ndim should be ${shape.length}, but got ${x.ndim}`);
  }
  if (dtype !== null && x.dtype !== dtype) {
    throw new ValueError(`${name} dtype should be ${dtype.name}, but got ${x.dtype.name}`);
  }
  if (shape.some((n, i) => n !== -1 && x.shape[i] !== n)) {
    throw new ValueError(`${name} shape should be [${shape.join(", ")}]: but got ${tuple(x.shape)}`);
  }
}

/** An argument with leading axes of size 1 up to rank 4. */
function rank4(x: NestedArrayLike): JaxArray {
  const array = np.asarray(x), missing = 4 - array.ndim;
  return missing > 0 ? np.expandDims(array, Array.from({ length: missing }, (_, i) => i)) : array;
}

const given = (x: unknown): boolean => x !== undefined && x !== null;

function sequenceLengths(x: unknown): JaxArray | null {
  return !given(x) ? null : x instanceof JaxArray ? x : toIndexArray(x);
}

function windowOf(size: unknown): Window | null {
  if (!given(size)) return null;
  const what = "localWindowSize of dot_product_attention";
  const list = Array.isArray(size) ? staticIntegers(size, what) : [staticInteger(size, what)];
  if (list.length > 2 || list.length === 0) {
    throw new ValueError(`${what} must be one integer or two, got ${tuple(list)}`);
  }
  return [list[0]!, list[1] ?? list[0]!];
}

function checkImplementation(implementation: unknown): void {
  if (!given(implementation) || implementation === "xla") return;
  if (implementation === "cudnn") {
    throw new NotImplementedError(
      'dot_product_attention: implementation "cudnn" needs an NVIDIA GPU with cuDNN, which jaxlet does not use; use ' +
        '"xla" or null',
    );
  }
  throw new ValueError(`Unsupported implementation option: ${String(implementation)}`);
}

/**
 * Scaled dot product attention: softmax(scale query keyᵀ + bias) value, for each head.
 *
 * Query heads share key heads where there are fewer of these (grouped-query attention; with one, multi-query). The
 * softmax is computed in float32.
 *
 * @param query f[B,T,N,H], or f[T,N,H] without a batch.
 * @param key f[B,S,K,H], where K divides N.
 * @param value f[B,S,K,H].
 * @param rest bias; mask; and {@linkcode DotProductAttentionOptions}
 * @returns An array of the shape of `query` and the dtype of `value`; with returnResidual also the logarithms of the
 * sums of exponentials, of the shape without the last axis.
 * @throws {ValueError} For shapes and dtypes that do not fit together, and an unknown implementation.
 * @throws {NotImplementedError} For the implementation `"cudnn"`.
 *
 * @example
 * ```ts
 * import { nn, numpy as np } from "@jaxlet/jaxlet";
 * const q = np.ones([1, 3, 4, 2]), kv = np.arange(12).reshape(1, 3, 2, 2).astype(np.float32);
 * const out = nn.dotProductAttention(q, np.zeros([1, 3, 2, 2]), kv, { isCausal: true });
 * if (out.shape.join() !== "1,3,4,2") throw new Error();
 * if (String(out.get(0, ":", 0, 0)) !== "[0. 2. 4.]") throw new Error();
 * ```
 */
export function dotProductAttention(
  query: NestedArrayLike,
  key: NestedArrayLike,
  value: NestedArrayLike,
  options: DotProductAttentionOptions & { readonly returnResidual: true },
): [encoded: JaxArray, residual: JaxArray];
export function dotProductAttention(
  query: NestedArrayLike,
  key: NestedArrayLike,
  value: NestedArrayLike,
  bias: NestedArrayLike | null,
  mask: NestedArrayLike | null,
  options: DotProductAttentionOptions & { readonly returnResidual: true },
): [encoded: JaxArray, residual: JaxArray];
export function dotProductAttention(
  query: NestedArrayLike,
  key: NestedArrayLike,
  value: NestedArrayLike,
  ...rest: [
    bias?: NestedArrayLike | null | DotProductAttentionOptions,
    mask?: NestedArrayLike | null | DotProductAttentionOptions,
    options?: DotProductAttentionOptions,
  ]
): JaxArray;
export function dotProductAttention(
  query: NestedArrayLike,
  key: NestedArrayLike,
  value: NestedArrayLike,
  ...rest: unknown[]
): JaxArray | [JaxArray, JaxArray] {
  const options = keywords<keyof DotProductAttentionOptions>(
    "dot_product_attention",
    ["bias", "mask"],
    rest,
    [
      "scale",
      "isCausal",
      "querySeqLengths",
      "keyValueSeqLengths",
      "localWindowSize",
      "implementation",
      "returnResidual",
    ],
  );
  const outShape = np.shape(query);
  const [q, k, v] = [query, key, value].map(rank4) as [JaxArray, JaxArray, JaxArray];
  const [bias, mask] = [options.bias, options.mask].map((x) => given(x) ? rank4(x as ArrayLike) : null);
  const queryLengths = sequenceLengths(options.querySeqLengths);
  const keyLengths = sequenceLengths(options.keyValueSeqLengths);
  check("key", k, [-1, -1, -1, -1], null);
  const [B, S, K, H] = k.shape as [number, number, number, number];
  check("value", v, [B, S, K, H], k.dtype);
  check("query", q, [B, -1, -1, H], k.dtype);
  check("mask", mask!, [-1, -1, -1, -1], bool_);
  check("bias", bias!, [-1, -1, -1, -1], null);
  check("query_seq_lengths", queryLengths, [B], int32);
  check("key_value_seq_lengths", keyLengths, [B], int32);
  if (q.shape[2]! % K !== 0) {
    throw new ValueError(
      `The number of query heads must be a multiple of key/value heads, but got ${q.shape[2]} vs ${K}`,
    );
  }
  checkImplementation(options.implementation);
  const scale = np.asarray(given(options.scale) ? options.scale as number | JaxArray : 1 / Math.sqrt(H));
  const statics = {
    causal: Boolean(options.isCausal),
    window: windowOf(options.localWindowSize),
    residual: Boolean(options.returnResidual),
  };
  const [encoded, residual] = attend([q, k, v, bias!, mask!, scale, queryLengths, keyLengths], statics);
  const out = np.reshape(encoded!, outShape);
  return residual ? [out, np.reshape(residual, outShape.slice(0, -1))] : out;
}
