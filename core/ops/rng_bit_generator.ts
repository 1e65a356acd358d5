/**
 * Random bits from a generator's state, as XLA's RngBitGenerator: Philox 4x32 with 10 rounds and threefry2x32 (Salmon
 * et al., "Parallel random numbers: as easy as 1, 2, 3", 2011). The state is a key and a counter of 64 bits each.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { shaped, tuple } from "../avals.ts";
import { moveAxis } from "../batching.ts";
import { type DType, isUnsigned, uint32, uint64 } from "../dtypes.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";
import { Verbatim } from "./_print.ts";

/** The generators; the default one is Philox. */
export type GeneratorName = "RNG_DEFAULT" | "RNG_THREE_FRY" | "RNG_PHILOX";

interface GeneratorParams {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly algorithm: GeneratorName;
}

/** A number of 64 bits as two words. */
type Wide = readonly [low: JaxArray, high: JaxArray];

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Element i of a vector. */
const element = (x: JaxArray, i: number): JaxArray => raw.squeeze(raw.slice(x, [i], [i + 1]), [0]);

/** The key and the counter of a state: four words, or two numbers of 64 bits. */
function parts(state: JaxArray): { key: Wide; counter: Wide } {
  const wide = (i: number): Wide => {
    if (state.dtype === uint32) return [element(state, 2 * i), element(state, 2 * i + 1)];
    const x = element(state, i);
    return [raw.convert(x, uint32), raw.convert(raw.shiftRightLogical(x, 32n), uint32)];
  };
  return { key: wide(0), counter: wide(1) };
}

/** A counter plus words, and whether it wrapped around. */
function advanced([low, high]: Wide, by: JaxArray): { sum: Wide; wrapped: JaxArray } {
  const sum = raw.add(low, by), carry = raw.convert(raw.lt(sum, by), uint32), top = raw.add(high, carry);
  return { sum: [sum, top], wrapped: raw.lt(top, carry) };
}

const product64 = (x: JaxArray, by: number): Wide => {
  const factor = raw.fullLike(x, by);
  return [raw.mul(x, factor), bind1(P.mulhi, [x, factor])];
};

/** Four words for each block: the counter of 128 bits has the state's counter below and its key above. */
function philox(key: Wide, counter: Wide, blocks: number): JaxArray[] {
  const { sum: [c0, c1], wrapped } = advanced(counter, raw.iota(uint32, [blocks], 0));
  const { sum: [c2, c3] } = advanced(key, raw.convert(wrapped, uint32));
  let x = [c0, c1, c2, c3], [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const [low0, high0] = product64(x[0]!, 0xD2511F53), [low1, high1] = product64(x[2]!, 0xCD9E8D57);
    x = [raw.xor(raw.xor(high1, x[1]!), k0), low1, raw.xor(raw.xor(high0, x[3]!), k1), low0];
    k0 = raw.add(k0, 0x9E3779B9);
    k1 = raw.add(k1, 0xBB67AE85);
  }
  return x;
}

/** Two words for each count. */
function threefryWords(key: Wide, counter: Wide, blocks: number): Wide {
  const { sum } = advanced(counter, raw.iota(uint32, [blocks], 0));
  return bind(P.threefry2x32, [...key, ...sum]) as unknown as Wide;
}

/** Two words as one number of 64 bits. */
const joined = ([low, high]: Wide): JaxArray =>
  raw.or(raw.shiftLeft(raw.convert(high, uint64), 32n), raw.convert(low, uint64));

/** Vectors of one length, taken in turns. */
function interleaved(xs: readonly JaxArray[]): JaxArray {
  const columns = raw.concatenate(xs.map((x) => raw.expandDims(x, [1])), 1);
  return raw.reshape(columns, [columns.size]);
}

/** The first elements of a vector, in a shape. */
const inShape = (x: JaxArray, shape: readonly number[]): JaxArray =>
  raw.reshape(raw.sliceInDim(x, 0, product(shape), 0), shape);

/**
 * The two words of each count side by side along one axis: the first of even size, or the longest, whose last slice is
 * then cut off.
 */
function paired(words: (blocks: number) => Wide, shape: readonly number[]): [JaxArray, blocks: number] {
  if (shape.length === 0) return [raw.reshape(words(1)[0], []), 1];
  const even = shape.findIndex((n) => n % 2 === 0);
  const axis = even >= 0 ? even : shape.indexOf(Math.max(...shape));
  const half = shape.map((n, i) => i === axis ? Math.ceil(n / 2) : n), blocks = product(half);
  const columns = words(blocks).map((x) => raw.expandDims(raw.reshape(x, half), [axis + 1]));
  const full = half.map((n, i) => i === axis ? 2 * n : n);
  return [
    raw.sliceInDim(raw.reshape(raw.concatenate(columns, axis + 1), full), 0, shape[axis]!, axis),
    blocks,
  ];
}

/** The bits, and how many counts they took. */
function generate(state: JaxArray, { shape, dtype, algorithm }: GeneratorParams): [JaxArray, number] {
  const { key, counter } = parts(state), size = product(shape), wide = dtype === uint64;
  if (size === 0) return [raw.full(shape, 0, dtype), 0];
  if (algorithm === "RNG_THREE_FRY") {
    if (wide) return [inShape(joined(threefryWords(key, counter, size)), shape), size];
    const [bits, blocks] = paired((n) => threefryWords(key, counter, n), shape);
    return [raw.convert(bits, dtype), blocks];
  }
  const blocks = Math.ceil(size / (wide ? 2 : 4)), [a, b, c, d] = philox(key, counter, blocks);
  if (wide) return [inShape(interleaved([joined([a!, b!]), joined([c!, d!])]), shape), blocks];
  return [raw.convert(inShape(interleaved([a!, b!, c!, d!]), shape), dtype), blocks];
}

/** The state with its counter advanced. */
function nextState(state: JaxArray, blocks: number): JaxArray {
  const { key, counter } = parts(state), { sum } = advanced(counter, raw.scalar(blocks, uint32));
  const values = state.dtype === uint32 ? [...key, ...sum] : [joined(key), joined(sum)];
  return raw.concatenate(values.map((x) => raw.reshape(x, [1])), 0);
}

P.rng_bit_generator.define({
  abstractEval([state], { shape, dtype }: GeneratorParams) {
    const { shape: given, dtype: word } = state!;
    const fits = given.length === 1 &&
      (word === uint32 && given[0] === 4 || word === uint64 && given[0] === 2);
    if (!fits) {
      throw new TypeError(
        `rng_bit_generator requires a key of type uint32[4] or uint64[2], got ${state} of shape ${
          tuple(given)
        }.`,
      );
    }
    if (!isUnsigned(dtype)) throw new TypeError(`rng_bit_generator: unsupported dtype ${dtype.name}`);
    return [state!, shaped(shape, dtype)];
  },
  jvp: "zero",
  transpose: "nonlinear",
  // As in JAX the first state gives all the bits, and it alone is advanced.
  batch(axis, [states], [dim], params: GeneratorParams) {
    const front = moveAxis(states!, dim!, 0), rest = raw.sliceInDim(front, 1, axis.size, 0);
    const first = raw.squeeze(raw.sliceInDim(front, 0, 1, 0), [0]);
    const shape = [axis.size, ...params.shape];
    const [next, bits] = bind(P.rng_bit_generator, [first], { ...params, shape }) as [JaxArray, JaxArray];
    return [[raw.concatenate([raw.expandDims(next, [0]), rest], 0), bits], [0, 0]];
  },
  lower: {
    kind: "decompose",
    as([state], params: GeneratorParams) {
      const [bits, blocks] = generate(state!, params);
      return [nextState(state!, blocks), bits];
    },
  },
  printParams: ({ shape, dtype, algorithm }: GeneratorParams) => ({
    algorithm: new Verbatim(algorithm),
    dtype,
    out_sharding: null,
    shape,
  }),
});
