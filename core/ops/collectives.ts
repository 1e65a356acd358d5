/**
 * Collectives over axes that vmap names.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { shaped, type ShapedArray } from "../avals.ts";
import { moveAxis, spread, toFront } from "../batching.ts";
import { int32 } from "../dtypes.ts";
import { ValueError } from "../errors.ts";
import {
  type AxisData,
  type BatchDim,
  type Params,
  type Primitive,
  type Tangent,
  type UndefinedPrimal,
  Zero,
} from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { axisSize, bind, bind1 } from "../trace.ts";

const never = (name: string) =>
  ({ kind: "never", reason: `the named axis of ${name} is not bound by a vmap` }) as const;

const linearJvp = (primitive: Primitive) =>
(
  [x]: readonly JaxArray[],
  [t]: readonly Tangent[],
  params: Params,
): readonly [readonly JaxArray[], readonly Tangent[]] => {
  const outs = bind(primitive, [x!], params);
  return [
    outs,
    t instanceof Zero
      ? outs.map((o) => new Zero(o.aval.tangent()))
      : bind(primitive, [t as JaxArray], params),
  ];
};

type Combine = (x: JaxArray, dim: BatchDim, axis: AxisData) => JaxArray;

function defineReduction(primitive: Primitive, combine: Combine, differentiable: boolean): void {
  primitive.define({
    abstractEval(avals, { axes }) {
      for (const name of axes) axisSize(name);
      return avals.map((a) => a);
    },
    jvp: differentiable ? linearJvp(primitive) : "none",
    transpose: differentiable
      ? (
        [ct],
        [x],
        params,
      ) => [
        ct instanceof Zero
          ? new Zero((x as UndefinedPrimal).aval)
          : bind1(primitive, [ct as JaxArray], params),
      ]
      : "nonlinear",
    batch(axis, [x], [dim], params) {
      if (!params.axes.includes(axis.name)) return [bind(primitive, [x!], params), [dim!]];
      const reduced = combine(x!, dim!, axis);
      const axes = params.axes.filter((n: unknown) => n !== axis.name);
      return [axes.length ? bind(primitive, [reduced], { ...params, axes }) : [reduced], [null]];
    },
    lower: never(primitive.name),
    printParams: ({ axes }) => ({ axes, axis_index_groups: null }),
  });
}

defineReduction(
  P.psum,
  (x, dim, { size }) => dim === null ? raw.mul(x, size) : raw.reduceSum(x, [dim]),
  true,
);
defineReduction(P.pmax, (x, dim) => dim === null ? x : raw.reduceMax(x, [dim]), false);
defineReduction(P.pmin, (x, dim) => dim === null ? x : bind1(P.reduce_min, [x], { axes: [dim] }), false);

P.axis_index.define({
  abstractEval(_avals, { axisName }) {
    axisSize(axisName);
    return [shaped([], int32)];
  },
  jvp: "zero",
  transpose: "nonlinear",
  batch: (axis) => [[raw.iota(int32, [axis.size], 0)], [0]],
  lower: never("axis_index"),
  printParams: ({ axisName }) => ({ axis_name: axisName }),
});

const gathered = (a: ShapedArray, { axisName, dimension, tiled }: Params): ShapedArray => {
  const size = axisSize(axisName), shape = [...a.shape];
  if (tiled) shape[dimension] = shape[dimension]! * size;
  else shape.splice(dimension, 0, size);
  return shaped(shape, a.dtype, a.weakType);
};

P.all_gather.define({
  abstractEval: ([a], params) => [gathered(a!, params)],
  jvp: linearJvp(P.all_gather),
  transpose: ([ct], [x], params) => {
    if (ct instanceof Zero) return [new Zero((x as UndefinedPrimal).aval)];
    return [bind1(P.reduce_scatter, [ct as JaxArray], params)];
  },
  batch(axis, [x], [dim], params) {
    const { axisName, dimension, tiled } = params;
    if (axisName !== axis.name) {
      const front = toFront(x!, dim!, axis.size);
      return [bind(P.all_gather, [front], { ...params, dimension: dimension + 1 }), [0]];
    }
    const whole = dim === null ? spread(x!, axis.size, dimension) : moveAxis(x!, dim!, dimension);
    if (!tiled) return [[whole], [null]];
    const shape = [...whole.shape];
    const [size] = shape.splice(dimension, 1);
    shape[dimension] = shape[dimension]! * size!;
    return [[raw.reshape(whole, shape)], [null]];
  },
  lower: never("all_gather"),
  printParams: ({ axisName, dimension, tiled }) => ({
    all_gather_dimension: dimension,
    axis_name: [axisName],
    tiled,
  }),
});

P.reduce_scatter.define({
  abstractEval([a], { axisName, dimension, tiled }) {
    const size = axisSize(axisName), shape = [...a!.shape];
    if (tiled) shape[dimension] = shape[dimension]! / size;
    else shape.splice(dimension, 1);
    return [shaped(shape, a!.dtype, a!.weakType)];
  },
  jvp: linearJvp(P.reduce_scatter),
  transpose: ([ct], [x], params) => [
    ct instanceof Zero
      ? new Zero((x as UndefinedPrimal).aval)
      : bind1(P.all_gather, [ct as JaxArray], params),
  ],
  batch(axis, [x], [dim], params) {
    const { axisName, dimension, tiled } = params;
    if (axisName !== axis.name) {
      const front = toFront(x!, dim!, axis.size);
      return [bind(P.reduce_scatter, [front], { ...params, dimension: dimension + 1 }), [0]];
    }
    // Member i keeps part i of the sum: the sum's own axis becomes the mapped one.
    const total = dim === null ? raw.mul(x!, axis.size) : raw.reduceSum(x!, [dim!]);
    if (!tiled) return [[total], [dimension]];
    const shape = [...total.shape];
    shape.splice(dimension, 1, axis.size, shape[dimension]! / axis.size);
    return [[raw.reshape(total, shape)], [dimension]];
  },
  lower: never("reduce_scatter"),
  printParams: ({ axisName, dimension, tiled }) => ({
    axis_name: [axisName],
    scatter_dimension: dimension,
    tiled,
  }),
});

P.ppermute.define({
  abstractEval([a], { axisName, perm }) {
    const size = axisSize(axisName);
    for (const side of [0, 1] as const) {
      const ends = perm.map((p: readonly number[]) => p[side]);
      if (new Set(ends).size !== ends.length || ends.some((e: number) => e < 0 || e >= size)) {
        throw new ValueError(
          `ppermute sources and destinations must be unique and within the axis of size ${size}, got ${
            JSON.stringify(perm)
          }.`,
        );
      }
    }
    return [a!];
  },
  jvp: linearJvp(P.ppermute),
  transpose: ([ct], [x], params) => [
    ct instanceof Zero ? new Zero((x as UndefinedPrimal).aval) : bind1(P.ppermute, [ct as JaxArray], {
      ...params,
      perm: params.perm.map(([s, d]: readonly number[]) => [d, s]),
    }),
  ],
  batch(axis, [x], [dim], params) {
    if (params.axisName !== axis.name) return [bind(P.ppermute, [x!], params), [dim!]];
    const front = toFront(x!, dim!, axis.size);
    // Members that nobody sends to get zeros.
    const zero = raw.full([1, ...front.shape.slice(1)], 0, front.dtype);
    const source = new Map<number, number>(params.perm.map(([s, d]: readonly number[]) => [d!, s!]));
    const rows = Array.from({ length: axis.size }, (_, i) => {
      const s = source.get(i);
      return s === undefined ? zero : raw.sliceInDim(front, s, s + 1, 0);
    });
    return [[raw.concatenate(rows, 0)], [0]];
  },
  lower: never("ppermute"),
  printParams: ({ axisName, perm }) => ({ axis_name: [axisName], perm }),
});

P.all_to_all.define({
  abstractEval([a], { axisName, splitAxis, concatAxis, tiled }) {
    const size = axisSize(axisName), shape = [...a!.shape];
    if (tiled) {
      if (shape[splitAxis]! % size) {
        throw new ValueError(
          `all_to_all requires the size of the split axis, ${
            shape[splitAxis]
          }, to be a multiple of the mapped axis size ${size}`,
        );
      }
      shape[splitAxis] = shape[splitAxis]! / size;
      shape[concatAxis] = shape[concatAxis]! * size;
      return [shaped(shape, a!.dtype, a!.weakType)];
    }
    if (shape[splitAxis] !== size) {
      throw new ValueError(
        `all_to_all requires the size of the mapped axis axis_name to equal x.shape[split_axis], but they are ${size} and ${
          shape[splitAxis]
        } respectively.`,
      );
    }
    shape.splice(splitAxis, 1);
    shape.splice(concatAxis, 0, size);
    return [shaped(shape, a!.dtype, a!.weakType)];
  },
  jvp: linearJvp(P.all_to_all),
  transpose: ([ct], [x], params) => [
    ct instanceof Zero ? new Zero((x as UndefinedPrimal).aval) : bind1(P.all_to_all, [ct as JaxArray], {
      ...params,
      splitAxis: params.concatAxis,
      concatAxis: params.splitAxis,
    }),
  ],
  batch(axis, [x], [dim], params) {
    const { axisName, splitAxis, concatAxis, tiled } = params;
    const front = toFront(x!, dim!, axis.size);
    if (axisName !== axis.name) {
      return [
        bind(P.all_to_all, [front], { ...params, splitAxis: splitAxis + 1, concatAxis: concatAxis + 1 }),
        [0],
      ];
    }
    if (!tiled) return [[moveAxis(moveAxis(front, splitAxis + 1, 0), 1, concatAxis + 1)], [0]];
    const shape = [...front.shape];
    shape.splice(splitAxis + 1, 1, axis.size, shape[splitAxis + 1]! / axis.size);
    const parts = moveAxis(raw.reshape(front, shape), splitAxis + 1, 0);
    const joined = moveAxis(parts, 1, concatAxis + 1), out = [...joined.shape];
    const [size] = out.splice(concatAxis + 1, 1);
    out[concatAxis + 1] = out[concatAxis + 1]! * size!;
    return [[raw.reshape(joined, out)], [0]];
  },
  lower: never("all_to_all"),
  printParams: ({ axisName, splitAxis, concatAxis, tiled }) => ({
    axis_name: [axisName],
    concat_axis: concatAxis,
    split_axis: splitAxis,
    tiled,
  }),
});
