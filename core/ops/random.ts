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
import { type DType, isKey, keyDType, uint16, uint32, uint64, uint8 } from "../dtypes.ts";
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
function threefry(k0: Expr, k1: Expr, x0: Expr, x1: Expr): [Expr, Expr] {
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
  (name: "random_wrap" | "random_unwrap" | "random_bits" | "random_split" | "random_seed") =>
  (
    axis: { size: number },
    [x]: readonly JaxArray[],
    [dim]: readonly (number | null)[],
    params: Params,
  ): [readonly JaxArray[], number[]] => [
    bind(P[name], [toFront(x!, dim!, axis.size)], params),
    [0],
  ];

const fry = (): DType => keyDType("fry");

function checkKey(name: string, a: ShapedArray): void {
  if (!isKey(a.dtype)) throw new TypeError(`${name} requires a key array argument, got ${a}`);
}

P.random_wrap.define({
  abstractEval([a]) {
    const { shape, dtype } = a!;
    if (dtype !== uint32) {
      throw new TypeError(
        `JAX encountered invalid PRNG key data: expected key_data.dtype = uint32; got dtype=${dtype.name}`,
      );
    }
    if (shape.at(-1) !== 2) {
      throw new TypeError(
        `JAX encountered invalid PRNG key data: expected key_data.shape to end with (2,); got shape=${
          tuple(shape)
        } for ` +
          `impl=PRNGImpl(key_shape=(2,), tag=fry)`,
      );
    }
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

/** Row-major counts 0, 1, ... of a shape as uint32 words (high, low), with `lead` axes of size 1 before. */
function counts(shape: readonly number[], lead: number): [JaxArray, JaxArray] {
  const full = [...new Array(lead).fill(1), ...shape], n = product(shape);
  if (n > 2 ** 32) {
    throw new RangeError(`random arrays of ${n} elements are not supported: make them in parts`);
  }
  const low = raw.reshape(raw.iota(uint32, [n], 0), full);
  return [raw.full(full, 0, uint32), low];
}

/** Both words of threefry for each key and each count of a shape: [...keys, ...shape]. */
function block(key: JaxArray, shape: readonly number[]): readonly JaxArray[] {
  const [k0, k1] = words(key, shape.length), [high, low] = counts(shape, key.ndim);
  return bind(P.threefry2x32, [k0, k1, high, low]);
}

/** Two words as the last axis of a key array. */
function wrap(a: JaxArray, b: JaxArray): JaxArray {
  const data = raw.concatenate([raw.expandDims(a, [a.ndim]), raw.expandDims(b, [b.ndim])], a.ndim);
  return bind1(P.random_wrap, [data]);
}

P.random_bits.define({
  abstractEval([key], { bitWidth, shape }) {
    checkKey("random_bits", key!);
    const dtype = ({ 8: uint8, 16: uint16, 32: uint32, 64: uint64 } as Record<number, DType>)[bitWidth];
    if (!dtype) throw new TypeError(`requires 8-, 16-, 32- or 64-bit field width, got ${bitWidth}`);
    return [shaped([...key!.shape, ...shape], dtype)];
  },
  jvp: "zero",
  ...notLinear,
  batch: batchFront("random_bits"),
  lower: {
    kind: "decompose",
    as([key], { bitWidth, shape }) {
      const [a, b] = block(key!, shape) as [JaxArray, JaxArray];
      if (bitWidth === 64) {
        return [raw.or(raw.shiftLeft(raw.convert(a, uint64), 32n), raw.convert(b, uint64))];
      }
      const bits = raw.xor(a, b);
      return [bitWidth === 32 ? bits : raw.convert(bits, bitWidth === 16 ? uint16 : uint8)];
    },
  },
});

P.random_split.define({
  abstractEval([key], { shape }) {
    checkKey("random_split", key!);
    return [shaped([...key!.shape, ...shape], key!.dtype)];
  },
  jvp: "zero",
  ...notLinear,
  batch: batchFront("random_split"),
  lower: {
    kind: "decompose",
    as([key], { shape }) {
      const [a, b] = block(key!, shape) as [JaxArray, JaxArray];
      return [wrap(a, b)];
    },
  },
});

/** The words of an integer seed: high bits (zero for 32-bit seeds) and low bits. */
function seedWords(seed: JaxArray): [JaxArray, JaxArray] {
  const low = raw.convert(seed, uint32);
  if (seed.dtype.bits < 64) return [raw.full(seed.shape, 0, uint32), low];
  return [raw.convert(raw.shiftRightLogical(seed, 32n), uint32), low];
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
  lower: { kind: "decompose", as: ([seed]) => [wrap(...seedWords(seed!))] },
  printParams: () => ({ impl: new Verbatim("fry") }),
});

P.random_fold_in.define({
  abstractEval([key, data]) {
    checkKey("random_fold_in", key!);
    const shape = key!.ndim ? key!.shape : data!.shape;
    return [shaped(shape, key!.dtype)];
  },
  jvp: "zero",
  ...notLinear,
  batch(axis, [key, data], [kd, dd]) {
    // Keys and data are matched element by element, the mapped axis in front.
    const front = (x: JaxArray, d: number | null): JaxArray => d === null ? x : toFront(x, d, axis.size);
    const k = front(key!, kd!), d = front(data!, dd!);
    const rank = Math.max(k.ndim + (kd === null ? 1 : 0), d.ndim + (dd === null ? 1 : 0));
    const target = [
      axis.size,
      ...(k.ndim + (kd === null ? 1 : 0) === rank
        ? k.shape.slice(kd === null ? 0 : 1)
        : d.shape.slice(dd === null ? 0 : 1)),
    ];
    const spread = (x: JaxArray, mapped: boolean): JaxArray => {
      const own = x.ndim - (mapped ? 1 : 0);
      const dims = [...(mapped ? [0] : []), ...Array.from({ length: own }, (_, i) => rank - own + i)];
      return raw.broadcastInDim(x, target, dims);
    };
    return [bind(P.random_fold_in, [spread(k, kd !== null), spread(d, dd !== null)], {}), [0]];
  },
  lower: {
    kind: "decompose",
    as([key, data]) {
      const [k0, k1] = words(key!, 0), [d0, d1] = seedWords(data!);
      const shape = key!.ndim ? key!.shape : data!.shape;
      const spread = (x: JaxArray): JaxArray =>
        x.ndim === 0 && shape.length ? raw.broadcastInDim(x, shape, []) : x;
      const [a, b] = bind(P.threefry2x32, [k0, k1, d0, d1].map(spread)) as [JaxArray, JaxArray];
      return [wrap(a, b)];
    },
  },
});
