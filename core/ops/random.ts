/**
 * Counter-based random bits: threefry2x32 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011), and
 * key arrays, whose elements are pairs of uint32.
 *
 * @module
 */
import * as e from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import { Pair } from "../../kernel/lowering.ts";
import type { JaxArray } from "../array.ts";
import { shaped, type ShapedArray, tuple } from "../avals.ts";
import { toFront } from "../batching.ts";
import { ConcreteArray, fromHost } from "../concrete.ts";
import { flags } from "../config.ts";
import { type DType, isInteger, isKey, keyDType, uint16, uint32, uint64, uint8 } from "../dtypes.ts";
import type { Params } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";
import { broadcastBatch, broadcastShape, operandIndex } from "./_combinators.ts";
import { Verbatim } from "./_print.ts";

/** Rotation distances of the rounds, alternating in fours. */
const rotations = [[13, 15, 26, 6], [17, 29, 16, 24]] as const;

const u32 = (value: number): Expr => e.constant("u32", value);
const add = (x: Expr, y: Expr): Expr => e.binary("add", x, y);
const xor = (x: Expr, y: Expr): Expr => e.binary("xor", x, y);
const rotate = (x: Expr, by: number): Expr =>
  e.binary("or", e.binary("shl", x, u32(by)), e.binary("shr", x, u32(32 - by)));

/** Twenty rounds of threefry on two words, with a key of two words. */
export function threefry(k0: Expr, k1: Expr, x0: Expr, x1: Expr): [Expr, Expr] {
  const keys = [k0, k1, xor(xor(k0, k1), u32(0x1BD11BDA))];
  let a = add(x0, keys[0]!), b = add(x1, keys[1]!);
  for (let group = 0; group < 5; group++) {
    for (const by of rotations[group % 2]!) {
      a = add(a, b);
      b = xor(rotate(b, by), a);
    }
    a = add(a, keys[(group + 1) % 3]!);
    b = add(b, add(keys[(group + 2) % 3]!, u32(group + 1)));
  }
  return [a, b];
}

const notLinear = { transpose: "nonlinear" } as const;

P.threefry2x32.define({
  abstractEval(avals) {
    if (avals.some((a) => a.dtype !== uint32)) {
      throw new TypeError(
        `Arguments to threefry2x32 must have uint32 type, got ${avals.map((a) => a.dtype.name).join(", ")}`,
      );
    }
    const shape = broadcastShape("threefry2x32", avals);
    return [shaped(shape, uint32), shaped(shape, uint32)];
  },
  jvp: "zero",
  ...notLinear,
  batch(axis, args, dims, params) {
    const [outs, [dim]] = broadcastBatch(() => P.threefry2x32)(axis, args, dims, params);
    return [outs, [dim!, dim!]];
  },
  lower: {
    kind: "pointwise",
    access: "elementwise",
    compute: ({ inputs }, index) => {
      const [k0, k1, x0, x1] = inputs.map((x) => x.at(operandIndex(x.aval, index)) as Expr);
      return threefry(k0!, k1!, x0!, x1!);
    },
  },
});

/** Moves the mapped axis to the front and binds again, for primitives that act on trailing axes or per key. */
const batchFront =
  (name: "random_wrap" | "random_unwrap" | "random_bits" | "random_split" | "random_seed" | "random_clone") =>
  (
    axis: { size: number },
    [x]: readonly JaxArray[],
    [dim]: readonly (number | null)[],
    params: Params,
  ): [readonly JaxArray[], number[]] => [
    bind(P[name], [toFront(x!, dim!, axis.size)], params),
    [0],
  ];

const fry = (): DType => keyDType("threefry2x32");

/** Raises unless the operand is a key array. */
export function checkKey(name: string, a: ShapedArray): void {
  if (!isKey(a.dtype)) throw new TypeError(`${name} requires a key array argument, got ${a}`);
}

P.random_wrap.define({
  abstractEval([a]) {
    const { shape, dtype } = a!;
    const invalid = "JAX encountered invalid PRNG key data: expected";
    if (shape.length === 0) throw new TypeError(`${invalid} key_data.ndim >= 1; got ndim=0`);
    if (shape.at(-1) !== 2) {
      throw new TypeError(
        `${invalid} key_data.shape to end with (2,); got shape=${tuple(shape)} for ` +
          `impl=PRNGImpl(key_shape=(2,), name='threefry2x32', tag='fry')`,
      );
    }
    if (dtype !== uint32) throw new TypeError(`${invalid} key_data.dtype = uint32; got dtype=${dtype.name}`);
    return [shaped(shape.slice(0, -1), fry())];
  },
  jvp: "zero",
  ...notLinear,
  batch: batchFront("random_wrap"),
  lower: {
    kind: "pointwise",
    access: "movement",
    compute: ({ inputs: [data] }, index) => [
      new Pair(data!.at([...index, e.index(0)]) as Expr, data!.at([...index, e.index(1)]) as Expr),
    ],
  },
  printParams: () => ({ impl: new Verbatim("fry") }),
});

P.random_unwrap.define({
  abstractEval([a]) {
    checkKey("random_unwrap", a!);
    return [shaped([...a!.shape, 2], uint32)];
  },
  jvp: "zero",
  ...notLinear,
  batch: batchFront("random_unwrap"),
  lower: {
    kind: "pointwise",
    access: "movement",
    compute: ({ inputs: [key] }, index) => {
      const { re, im } = key!.at(index.slice(0, -1)) as Pair;
      return [e.select(e.compare("eq", index.at(-1)!, e.index(0)), re, im)];
    },
  },
  printParams: () => ({}),
});

/** The two words of each key, followed by `extra` axes of size 1. */
function words(key: JaxArray, extra: number): [JaxArray, JaxArray] {
  const data = bind1(P.random_unwrap, [key]), n = key.ndim;
  const word = (i: number): JaxArray =>
    raw.reshape(raw.sliceInDim(data, i, i + 1, n), [...key.shape, ...new Array(extra).fill(1)]);
  return [word(0), word(1)];
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** 0, 1, ..., n - 1 as uint32 in a shape of n elements, after `lead` axes of size 1. */
function counts(n: number, shape: readonly number[], lead: number): JaxArray {
  if (n > 2 ** 32) {
    throw new RangeError(`random arrays of ${n} elements are not supported: make them in parts`);
  }
  return raw.reshape(raw.iota(uint32, [n], 0), [...new Array(lead).fill(1), ...shape]);
}

/** Both words of threefry for each key and each count of a shape: [...keys, ...shape]. */
function block(key: JaxArray, shape: readonly number[]): readonly JaxArray[] {
  const [k0, k1] = words(key, shape.length), low = counts(product(shape), shape, key.ndim);
  return bind(P.threefry2x32, [k0, k1, raw.full(low.shape, 0, uint32), low]);
}

/**
 * The first n words of each key's stream in the original scheme, [...keys, n]: counts 0, ..., n - 1 (a zero is added
 * to an odd number of them) are hashed in pairs of one from the first half and one from the second.
 */
function originalWords(key: JaxArray, n: number): JaxArray {
  const half = Math.ceil(n / 2), low = counts(half, [half], key.ndim), last = key.ndim;
  const second = raw.add(low, half);
  const high = n % 2 ? raw.where(raw.eq(second, n), 0, second) : second;
  const [a, b] = bind(P.threefry2x32, [...words(key, 1), low, high]);
  return raw.sliceInDim(raw.concatenate([a!, b!], last), 0, n, last);
}

/** Two words as the last axis of a key array. */
function wrap(a: JaxArray, b: JaxArray): JaxArray {
  const data = raw.concatenate([raw.expandDims(a, [a.ndim]), raw.expandDims(b, [b.ndim])], a.ndim);
  return bind1(P.random_wrap, [data]);
}

/**
 * Which stream a key gives. In the partitionable one, the default, element i depends on the key and i alone; `original`
 * is that of `jax_threefry_partitionable=False`.
 */
interface Stream {
  readonly original?: boolean;
}

interface BitsParams extends Stream {
  readonly bitWidth: number;
  readonly shape: readonly number[];
}

const unsigned: Readonly<Record<number, DType>> = { 8: uint8, 16: uint16, 32: uint32, 64: uint64 };

/** Bits in the original scheme: 64-bit elements take words from both halves, narrow ones are parts of a word. */
function originalBits(key: JaxArray, bitWidth: number, shape: readonly number[]): JaxArray {
  const size = product(shape), stream = originalWords(key, Math.ceil(bitWidth * size / 32));
  const dtype = unsigned[bitWidth]!,
    last = key.ndim,
    n = stream.shape[last]!,
    full = [...key.shape, ...shape];
  if (bitWidth === 32) return raw.reshape(stream, full);
  if (bitWidth === 64) {
    const high = raw.convert(raw.sliceInDim(stream, 0, size, last), dtype);
    const low = raw.convert(raw.sliceInDim(stream, size, n, last), dtype);
    return raw.reshape(raw.or(raw.shiftLeft(high, 32n), low), full);
  }
  const parts = 32 / bitWidth;
  const shift = raw.mul(raw.iota(uint32, [...new Array(last + 1).fill(1), parts], last + 1), bitWidth);
  const narrow = raw.convert(raw.shiftRightLogical(raw.expandDims(stream, [last + 1]), shift), dtype);
  const flat = raw.reshape(narrow, [...key.shape, n * parts]);
  return raw.reshape(raw.sliceInDim(flat, 0, size, last), full);
}

P.random_bits.define({
  abstractEval([key], { bitWidth, shape }: BitsParams) {
    checkKey("random_bits", key!);
    const dtype = unsigned[bitWidth];
    if (!dtype) throw new TypeError(`requires 8-, 16-, 32- or 64-bit field width, got ${bitWidth}`);
    return [shaped([...key!.shape, ...shape], dtype)];
  },
  jvp: "zero",
  ...notLinear,
  batch: batchFront("random_bits"),
  lower: {
    kind: "decompose",
    as([key], { bitWidth, shape, original }: BitsParams) {
      if (original) return [originalBits(key!, bitWidth, shape)];
      const [a, b] = block(key!, shape) as [JaxArray, JaxArray];
      if (bitWidth === 64) {
        return [raw.or(raw.shiftLeft(raw.convert(a, uint64), 32n), raw.convert(b, uint64))];
      }
      const bits = raw.xor(a, b);
      return [raw.convert(bits, unsigned[bitWidth]!)];
    },
  },
  printParams: ({ bitWidth, shape }: BitsParams) => ({ bit_width: bitWidth, shape }),
});

interface SplitParams extends Stream {
  readonly shape: readonly number[];
}

P.random_split.define({
  abstractEval([key], { shape }: SplitParams) {
    checkKey("random_split", key!);
    return [shaped([...key!.shape, ...shape], key!.dtype)];
  },
  jvp: "zero",
  ...notLinear,
  batch: batchFront("random_split"),
  lower: {
    kind: "decompose",
    as([key], { shape, original }: SplitParams) {
      if (!original) return [wrap(...block(key!, shape) as [JaxArray, JaxArray])];
      const data = raw.reshape(originalWords(key!, 2 * product(shape)), [...key!.shape, ...shape, 2]);
      return [bind1(P.random_wrap, [data])];
    },
  },
  printParams: ({ shape }: SplitParams) => ({ shape }),
});

const stream = (): Stream => flags.threefryPartitionable ? {} : { original: true };

/** Unsigned integers of random bits, [...key.shape, ...shape], in the stream that the configuration asks for. */
export function randomBits(key: JaxArray, bitWidth: number, shape: readonly number[]): JaxArray {
  return bind1(P.random_bits, [key], { bitWidth, shape: [...shape], ...stream() });
}

/** New keys of each key, [...key.shape, ...shape], in the stream that the configuration asks for. */
export function randomSplit(key: JaxArray, shape: readonly number[]): JaxArray {
  return bind1(P.random_split, [key], { shape: [...shape], ...stream() });
}

/** Samples of the gamma distribution of each parameter in `a`, whose leading axes are those of the keys. */
export function randomGamma(key: JaxArray, a: JaxArray, logSpace: boolean): JaxArray {
  return bind1(P.random_gamma, [key, a], { logSpace, ...stream() });
}

/** The words of an integer seed: high bits (zero for 32-bit seeds) and low bits. */
function seedWords(seed: JaxArray): [JaxArray, JaxArray] {
  const low = raw.convert(seed, uint32);
  if (seed.dtype.bits < 64) return [raw.full(seed.shape, 0, uint32), low];
  return [raw.convert(raw.shiftRightLogical(seed, 32n), uint32), low];
}

/** The key of a seed that the host knows. */
function hostKey(seed: JaxArray): ConcreteArray | null {
  const value = seed instanceof ConcreteArray && seed.committed === null ? seed.literal : undefined;
  if (typeof value !== "number" && typeof value !== "bigint") return null;
  const wide = BigInt(value), high = seed.dtype.bits < 64 ? 0n : wide >> 32n;
  const data = new Uint32Array([Number(BigInt.asUintN(32, high)), Number(BigInt.asUintN(32, wide))]);
  return fromHost({ shape: [], dtype: fry(), weakType: false, data });
}

P.random_seed.define({
  abstractEval([seed]) {
    if (seed!.dtype.kind !== "int" && seed!.dtype.kind !== "uint") {
      throw new TypeError(`PRNG key seed must be an integer; got ${seed}`);
    }
    return [shaped(seed!.shape, fry())];
  },
  jvp: "zero",
  ...notLinear,
  batch: batchFront("random_seed"),
  evaluate([seed]) {
    const key = isInteger(seed!.dtype) ? hostKey(seed!) : null;
    return key && [key];
  },
  lower: { kind: "decompose", as: ([seed]) => [wrap(...seedWords(seed!))] },
  printParams: () => ({ impl: new Verbatim("fry") }),
});

P.random_fold_in.define({
  abstractEval([key, data]) {
    checkKey("random_fold_in", key!);
    return [shaped(broadcastShape("random_fold_in", [key!, data!]), key!.dtype)];
  },
  jvp: "zero",
  ...notLinear,
  batch: broadcastBatch(() => P.random_fold_in),
  lower: {
    kind: "decompose",
    as([key, data]) {
      const [a, b] = bind(P.threefry2x32, [...words(key!, 0), ...seedWords(data!)]) as [JaxArray, JaxArray];
      return [wrap(a, b)];
    },
  },
});

// The same key, for code that checks the reuse of keys.
P.random_clone.define({
  abstractEval([key]) {
    checkKey("random_clone", key!);
    return [key!];
  },
  jvp: "zero",
  ...notLinear,
  batch: batchFront("random_clone"),
  lower: { kind: "identity" },
});
