/**
 * The greatest elements along an axis, exactly or as an approximation may give them.
 *
 * @module
 */
import type { KernelBuilder } from "../../kernel/builder.ts";
import { binary, bitcast, compare, constant, index, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { RoutineOperand } from "../../kernel/lowering.ts";
import type { JaxArray } from "../array.ts";
import { shaped, type ShapedArray, tuple } from "../avals.ts";
import { int32, isComplex, isFloating } from "../dtypes.ts";
import { ValueError } from "../errors.ts";
import { type JvpRule, type Primitive, primitive, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind } from "../trace.ts";
import { eachLine, linesOf, partsOf, positionIn, SortBuffers } from "./_sort_kernel.ts";
import { type Carrier, carrierOf } from "./_sort_keys.ts";
import { takeAlong } from "./sort.ts";

/** How many elements, along which axis. */
export interface TopKParams {
  readonly k: number;
  readonly axis: number;
}

/** Up to this many elements are kept in order while looking at the others; more are found by sorting. */
const fewElements = 64;

/** Tangents follow the elements. */
function selectionJvp<Q>(
  primitive: () => Primitive,
  axisOf: (params: Q, ndim: number) => number,
): JvpRule<Q> {
  return ([x], [t], params) => {
    const [values, positions] = bind(primitive(), [x!], params) as [JaxArray, JaxArray];
    const zero = new Zero(positions.aval.tangent());
    if (t instanceof Zero) return [[values, positions], [new Zero(values.aval.tangent()), zero]];
    return [[values, positions], [takeAlong(t as JaxArray, positions, axisOf(params, x!.ndim)), zero]];
  };
}

(P.top_k as Primitive<TopKParams>).define({
  abstractEval([aval], { k, axis }) {
    const { shape, dtype, weakType } = aval!;
    if (isComplex(dtype)) throw new ValueError("top_k is not compatible with complex inputs.");
    if (dtype.num < 0) throw new TypeError(`top_k does not accept dtype ${dtype.name}.`);
    if (k < 0) throw new ValueError(`k argument to top_k must be nonnegative, got ${k}`);
    if (shape.length === 0) {
      throw new TypeError(`top_k operand must have >= 1 dimension, got ${tuple(shape)}`);
    }
    if (!(axis >= 0 && axis < shape.length)) {
      throw new ValueError(`axis argument out of range: axis=${axis} for operand.shape=${tuple(shape)}`);
    }
    if (shape[axis]! < k || !Number.isInteger(k)) {
      throw new ValueError(
        `k argument to top_k must be no larger than size along axis; got k=${k} with shape=[${
          shape.join(", ")
        }] and axis=${axis}`,
      );
    }
    const out = shape.map((n, i) => i === axis ? k : n);
    return [shaped(out, dtype, weakType), shaped(out, int32, weakType)];
  },
  jvp: selectionJvp(() => P.top_k, ({ axis }) => axis),
  transpose: "nonlinear",
  batch: (_axis, args, dims, { k, axis }) => {
    const dim = dims[0]!;
    return [bind(P.top_k, args, { k, axis: dim <= axis ? axis + 1 : axis }), [dim, dim]];
  },
  lower: {
    kind: "routine",
    build(k, [x], [values, positions], params) {
      if (values!.aval.size > 0) buildTopK(k, x!, values!, positions!, params);
    },
  },
});

/** A carrier in which the greatest number has the least key. */
function descending(carrier: Carrier): Carrier {
  const { storage, bits } = carrier;
  const used = constant(storage, (1n << BigInt(bits)) - 1n);
  return { ...carrier, key: (w) => binary("and", unary("not", carrier.key(w)), used) };
}

function buildTopK(
  k: KernelBuilder,
  x: RoutineOperand,
  values: RoutineOperand,
  positions: RoutineOperand,
  { k: count, axis }: TopKParams,
): void {
  const lines = linesOf(x.aval.shape, axis), carrier = descending(carrierOf(x.aval.dtype, true));
  const wordAt = (line: Expr, i: Expr): Expr =>
    carrier.word(k.load(x.param, positionIn(lines, lines.n, line, i)));
  const write = (line: Expr, i: Expr, word: Expr, position: Expr): void => {
    const at = k.let(positionIn(lines, count, line, i));
    k.store(values.param, at, carrier.value(word));
    k.store(positions.param, at, position);
  };
  if (count > fewElements) {
    const buffers = new SortBuffers(k, lines, { payload: true, bits: [carrier.bits] });
    return eachLine(k, lines, (line, part) => {
      buffers.begin(part);
      buffers.sort({ ...carrier, fill: (i) => ({ word: wordAt(line, i), payload: bitcast("u32", i) }) });
      k.for(0, count, (i) => {
        const from = k.let(buffers.at(i));
        const word = k.load(buffers.words(carrier.storage), from);
        write(line, i, word, bitcast("i32", k.load(buffers.payload!, from)));
      });
    });
  }
  const parts = partsOf(k, lines.lines);
  const words = k.scratch(carrier.storage, count * parts), places = k.scratch("i32", count * parts);
  eachLine(k, lines, (line, part) => {
    const start = k.let(binary("mul", part, index(count)));
    const slot = (i: Expr): Expr => binary("add", start, i);
    const filled = k.local(index(0));
    const worst = k.local(constant(carrier.storage, 0));
    k.for(0, lines.n, (i) => {
      const word = k.let(wordAt(line, i)), key = k.let(carrier.key(word));
      const notFull = compare("lt", filled.get(), index(count));
      // Equal elements stay behind those that came before.
      k.if(binary("or", notFull, compare("lt", key, worst.get())), () => {
        const hole = k.local(binary("min", filled.get(), index(count - 1)));
        const moving = k.local(constant("bool", true));
        k.while(() => binary("and", moving.get(), compare("gt", hole.get(), index(0))), () => {
          const before = k.let(slot(binary("sub", hole.get(), index(1))));
          const other = k.let(k.load(words, before));
          k.if(compare("gt", carrier.key(other), key), () => {
            k.store(words, slot(hole.get()), other);
            k.store(places, slot(hole.get()), k.load(places, before));
            hole.set(binary("sub", hole.get(), index(1)));
          }, () => moving.set(constant("bool", false)));
        });
        k.store(words, slot(hole.get()), word);
        k.store(places, slot(hole.get()), i);
        filled.set(binary("min", binary("add", filled.get(), index(1)), index(count)));
        worst.set(carrier.key(k.load(words, slot(binary("sub", filled.get(), index(1))))));
      });
    });
    k.for(0, count, (i) => write(line, i, k.load(words, slot(i)), k.load(places, slot(i))));
  });
}

/** As JAX's, by the names of its params. */
export interface ApproxTopKParams {
  readonly k: number;
  readonly reductionDimension: number;
  readonly recallTarget: number;
  readonly isMaxK: boolean;
  readonly reductionInputSizeOverride: number;
  readonly aggregateToTopk: boolean;
}

/** The approximate greatest or least elements; found exactly. */
export const approxTopK: Primitive<ApproxTopKParams> = primitive("approx_top_k");

/**
 * How many candidates remain for a recall, by the reduction to bins of F. Chern et al., "TPU-KNN: K nearest neighbor
 * search at peak FLOP/s" (2022).
 */
function candidateCount(size: number, ndim: number, params: ApproxTopKParams): number {
  const { k, recallTarget, aggregateToTopk, reductionInputSizeOverride } = params;
  if (aggregateToTopk) return k;
  const tile = ndim === 1 ? 1024 : 128;
  if (size <= tile || recallTarget === 1) return size;
  if (k === 1) return tile;
  const whole = reductionInputSizeOverride >= 0 ? reductionInputSizeOverride : size;
  if (whole < size) {
    throw new ValueError(
      `reduction_input_size_override: ${whole} should be greater equals to operands[reduction_dim]: ${size}`,
    );
  }
  const bins = Math.max(Math.trunc((1 - k) / Math.log(recallTarget)), tile);
  if (whole < 2 * bins) return size;
  const halvings = Math.min(
    Math.floor(Math.log2(Math.floor(whole / bins))),
    Math.ceil(Math.log2(Math.floor(size / tile))),
  );
  return Math.ceil(Math.ceil(size / tile) / 2 ** halvings) * tile;
}

function approximateShape(aval: ShapedArray, params: ApproxTopKParams): readonly number[] {
  const { k, reductionDimension } = params, { shape, ndim } = aval;
  if (k <= 0) throw new ValueError(`k must be positive, got ${k}`);
  if (ndim === 0) throw new TypeError(`approx_top_k operand must have >= 1 dimension, got ${tuple(shape)}`);
  const axis = reductionDimension < 0 ? reductionDimension + ndim : reductionDimension, size = shape[axis]!;
  if (size < k) {
    throw new ValueError(`k must be smaller than the size of reduction_dim ${size}, got ${k}`);
  }
  if (!isFloating(aval.dtype)) throw new ValueError("operand must be a floating type");
  return shape.map((n, i) => i === axis ? candidateCount(n, ndim, params) : n);
}

const axisOf = ({ reductionDimension: axis }: ApproxTopKParams, ndim: number): number =>
  axis < 0 ? axis + ndim : axis;

approxTopK.define({
  abstractEval([aval], params) {
    const shape = approximateShape(aval!, params);
    return [shaped(shape, aval!.dtype, aval!.weakType), shaped(shape, int32, aval!.weakType)];
  },
  jvp: selectionJvp(() => approxTopK as Primitive, axisOf),
  transpose: "nonlinear",
  batch: (_axis, args, dims, params) => {
    const dim = dims[0]!, axis = axisOf(params, args[0]!.ndim - 1);
    const reductionDimension = dim <= axis ? axis + 1 : axis;
    return [bind(approxTopK as Primitive, args, { ...params, reductionDimension }), [dim, dim]];
  },
  // The least elements are the greatest of the negated ones.
  lower: {
    kind: "decompose",
    as([x], params) {
      const axis = axisOf(params, x!.ndim), k = approximateShape(x!.aval, params)[axis]!;
      const [values, positions] = bind(P.top_k, [params.isMaxK ? x! : raw.neg(x!)], { k, axis }) as [
        JaxArray,
        JaxArray,
      ];
      return [params.isMaxK ? values : raw.neg(values), positions];
    },
  },
});
