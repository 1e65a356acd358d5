/**
 * Primitives that put arrays together and take them apart: concatenate, pad, split.
 *
 * @module
 */
import { binary, compare, index as constantIndex } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { Access, ComputeContext, Val } from "../../kernel/lowering.ts";
import type { JaxArray } from "../array.ts";
import { shaped, type ShapedArray, tuple } from "../avals.ts";
import { moveAxis, spread, toFront } from "../batching.ts";
import { bool_ } from "../dtypes.ts";
import { ValueError } from "../errors.ts";
import { instantiate } from "../jvp.ts";
import { type Tangent, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";
import { checkSameDType } from "./_combinators.ts";
import { atLeast, below, branchVal, every, inserted, range } from "./_shapes.ts";

/** The axis along which operands follow each other. */
export interface ConcatenateParams {
  readonly dimension: number;
}

const shapesText = (avals: readonly ShapedArray[]): string => avals.map((a) => tuple(a.shape)).join(", ");

P.concatenate.define({
  abstractEval: (avals, { dimension }: ConcatenateParams) => {
    if (avals.length === 0) throw new TypeError("concatenate expects at least one operand, got 0.");
    const first = avals[0]!;
    if (avals.some((a) => a.ndim !== first.ndim)) {
      throw new TypeError(
        `Cannot concatenate arrays with different numbers of dimensions: got ${shapesText(avals)}.`,
      );
    }
    if (!(dimension >= 0 && dimension < first.ndim)) {
      throw new TypeError(
        `concatenate dimension out of bounds: dimension ${dimension} for shapes ${shapesText(avals)}.`,
      );
    }
    if (avals.some((a) => a.shape.some((n, i) => i !== dimension && n !== first.shape[i]))) {
      throw new TypeError(
        `Cannot concatenate arrays with shapes that differ in dimensions other than the one being concatenated: ` +
          `concatenating along dimension ${dimension} for shapes ${shapesText(avals)}.`,
      );
    }
    checkSameDType("concatenate", avals);
    const shape = first.shape.slice();
    shape[dimension] = avals.reduce((sum, a) => sum + a.shape[dimension]!, 0);
    return [shaped(shape, first.dtype, avals.every((a) => a.weakType))];
  },

  jvp: (primals, tangents, params: ConcatenateParams) => [
    bind(P.concatenate, primals, params),
    bind(P.concatenate, tangents.map((t) => instantiate(t)), params),
  ],

  transpose: ([ct], inputs, { dimension }: ConcatenateParams) => {
    const linear = inputs.map((x) => x instanceof UndefinedPrimal);
    if (ct instanceof Zero) {
      return inputs.map((x) => x instanceof UndefinedPrimal ? new Zero(x.aval.tangent()) : null);
    }
    const sizes = inputs.map((x) => x.aval.shape[dimension]!);
    const parts = bind(P.split, [ct!], { sizes, axis: dimension });
    return parts.map((part, i) => linear[i] ? part : null);
  },

  batch: (axis, args, dims, { dimension }: ConcatenateParams) => {
    const fronts = args.map((x, i) => toFront(x, dims[i]!, axis.size));
    return [bind(P.concatenate, fronts, { dimension: dimension + 1 }), [0]];
  },

  lower: {
    kind: "pointwise",
    access: "movement",
    compute({ inputs, params: { dimension } }: ComputeContext<ConcatenateParams>, index: readonly Expr[]) {
      let offset = 0;
      const pieces: Piece[] = [];
      for (const access of inputs) {
        const size = access.aval.shape[dimension]!;
        if (size > 0) pieces.push({ access, offset });
        offset += size;
      }
      return [pick(pieces.length ? pieces : [{ access: inputs[0]!, offset: 0 }], index, dimension)];
    },
  },
});

interface Piece {
  readonly access: Access;
  readonly offset: number;
}

/** The element at an index, from the operand that it falls in, found by bisection. */
function pick(pieces: readonly Piece[], index: readonly Expr[], dimension: number): Val {
  const { access, offset } = pieces[0]!;
  if (pieces.length === 1) {
    const at = index.slice();
    at[dimension] = binary("add", index[dimension]!, constantIndex(-offset));
    return access.at(at);
  }
  const middle = pieces.length >> 1;
  return branchVal(
    below(index[dimension]!, pieces[middle]!.offset),
    () => pick(pieces.slice(0, middle), index, dimension),
    () => pick(pieces.slice(middle), index, dimension),
  );
}

/** Elements added before, after (negative: removed) and between the elements of each axis. */
export interface PadParams {
  readonly paddingConfig: readonly (readonly [number, number, number])[];
}

const configText = (config: PadParams["paddingConfig"]): string => tuple(config.map(tuple));

P.pad.define({
  abstractEval: ([x, value], { paddingConfig }: PadParams) => {
    if (x!.dtype !== value!.dtype) {
      throw new TypeError(
        `pad operand and padding_value must be same dtype: got ${x!.dtype.name} and ${value!.dtype.name}.`,
      );
    }
    if (value!.ndim !== 0) {
      throw new ValueError(
        `padding_value must be a scalar; got np.shape(padding_value)=${tuple(value!.shape)}`,
      );
    }
    if (paddingConfig.length !== x!.ndim) {
      throw new ValueError(
        `length of padding_config must equal the number of axes of operand, got padding_config ` +
          `${configText(paddingConfig)} for operand shape ${tuple(x!.shape)}`,
      );
    }
    if (paddingConfig.some(([, , interior]) => interior < 0)) {
      throw new ValueError(
        `interior padding in padding_config must be nonnegative, got padding_config ${
          configText(paddingConfig)
        }`,
      );
    }
    const shape = x!.shape.map((n, i) => {
      const [low, high, interior] = paddingConfig[i]!;
      return low + high + (n === 0 ? 0 : 1 + (n - 1) * (interior + 1));
    });
    if (shape.some((n) => n < 0)) {
      throw new ValueError(
        `Dimension size after padding is not at least 0, got result shape ${
          tuple(shape)
        }, for padding_config ` +
          `${configText(paddingConfig)} and operand shape ${tuple(x!.shape)}`,
      );
    }
    return [shaped(shape, x!.dtype, x!.weakType && value!.weakType)];
  },

  jvp: (primals, tangents, params: PadParams) => [
    bind(P.pad, primals, params),
    bind(P.pad, tangents.map((t) => instantiate(t)), params),
  ],

  // The operand's cotangent is what lies at its elements, the padding value's the sum of all the rest.
  transpose: ([ct], [x, value], { paddingConfig }: PadParams) => {
    const isLinear = (v: JaxArray | UndefinedPrimal): boolean => v instanceof UndefinedPrimal;
    if (ct instanceof Zero) {
      return [x!, value!].map((v) => isLinear(v) ? new Zero(v.aval.tangent()) : null);
    }
    const t = ct as JaxArray;
    const unpadded = raw.pad(
      t,
      raw.scalar(0, t.dtype),
      paddingConfig.map(([low, high]) => [-low, -high, 0] as const),
    );
    const operand = raw.slice(
      unpadded,
      unpadded.shape.map(() => 0),
      unpadded.shape,
      paddingConfig.map(([, , interior]) => interior + 1),
    );
    const total = (v: JaxArray): JaxArray => raw.reduceSum(v, range(v.ndim));
    return [isLinear(x!) ? operand : null, isLinear(value!) ? raw.sub(total(t), total(operand)) : null];
  },

  batch: (axis, [x, value], [dim, valueDim], { paddingConfig }: PadParams) => {
    const operand = dim === null ? spread(x!, axis.size, 0) : x!, at = dim ?? 0;
    const config = inserted(paddingConfig, at, [0, 0, 0] as const);
    if (valueDim === null) return [[raw.pad(operand, value!, config)], [at]];
    const padded = raw.pad(operand, raw.like(operand, 0), config);
    const mask = raw.pad(raw.full(operand.shape, true, bool_), raw.scalar(false, bool_), config);
    return [[raw.selectN(mask, raw.broadcastInDim(value!, padded.shape, [at]), padded)], [at]];
  },

  lower: {
    kind: "pointwise",
    access: "movement",
    compute({ inputs, params: { paddingConfig } }: ComputeContext<PadParams>, index: readonly Expr[]) {
      const [x, value] = inputs as [Access, Access];
      if (x.aval.size === 0) return [value.at([])];
      const inside: Expr[] = [], at: Expr[] = [];
      x.aval.shape.forEach((n, i) => {
        const [low, high, interior] = paddingConfig[i]!;
        const offset = binary("add", index[i]!, constantIndex(-low)), step = constantIndex(interior + 1);
        const which = binary("div", offset, step);
        if (low > 0) inside.push(atLeast(offset, 0));
        if (high > 0) inside.push(below(which, n));
        if (interior > 0) inside.push(compare("eq", binary("rem", offset, step), constantIndex(0)));
        at.push(which);
      });
      const and = (p: Expr, q: Expr): Expr => binary("and", p, q);
      return [branchVal(every(inside, and), () => x.at(at), () => value.at([]))];
    },
  },

  printParams: ({ paddingConfig }: PadParams) => ({ padding_config: paddingConfig }),
});

/** Sizes of the parts along an axis. */
export interface SplitParams {
  readonly sizes: readonly number[];
  readonly axis: number;
}

P.split.define({
  abstractEval: ([aval], { sizes, axis }: SplitParams) => {
    const { shape, dtype, weakType } = aval!;
    if (sizes.some((n) => n < 0)) {
      throw new ValueError(`Sizes passed to split must be nonnegative, got [${sizes.join(", ")}]`);
    }
    const sum = sizes.reduce((a, b) => a + b, 0);
    if (shape[axis] !== sum) {
      throw new ValueError(
        `Sum of sizes ${sum} must be equal to dimension ${axis} of the operand shape [${shape.join(", ")}]`,
      );
    }
    return sizes.map((n) => shaped(shape.map((m, i) => i === axis ? n : m), dtype, weakType));
  },

  jvp: (
    [x],
    [t],
    params: SplitParams,
  ) => [bind(P.split, [x!], params), bind(P.split, [t as JaxArray], params)],

  transpose: (cts: readonly Tangent[], [x], { axis }: SplitParams) => {
    if (cts.every((ct): boolean => ct instanceof Zero)) return [new Zero(x!.aval.tangent())];
    return [bind1(P.concatenate, cts.map((ct) => instantiate(ct)), { dimension: axis })];
  },

  batch: (_axis, [x], [dim], { sizes, axis }: SplitParams) => {
    const outs = bind(P.split, [moveAxis(x!, dim!, 0)], { sizes, axis: axis + 1 });
    return [outs, outs.map(() => 0)];
  },

  lower: {
    kind: "decompose",
    as([x], { sizes, axis }: SplitParams) {
      let start = 0;
      return sizes.map((n) => raw.sliceInDim(x!, start, start += n, axis));
    },
  },
});
