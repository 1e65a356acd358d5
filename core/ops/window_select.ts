/**
 * The derivatives of extrema of windows: what belongs to the selected element of each window is gathered from there,
 * or added there. Selection is by the first of the greatest (`ge`) or least (`le`) elements.
 *
 * @module
 */
import { branch, compare, index as constantIndex } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { ComputeContext, RoutineOperand, Val } from "../../kernel/lowering.ts";
import type { KernelBuilder } from "../../kernel/builder.ts";
import { delinearize, linearize, sizeOf } from "../../kernel/access.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { shaped, tuple } from "../avals.ts";
import { toFront } from "../batching.ts";
import { NotImplementedError } from "../errors.ts";
import { type JvpRule, type Primitive, type Rules, type UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";
import { Verbatim } from "./_print.ts";
import { branchVal, range } from "./_shapes.ts";
import {
  checkedWindowShape,
  insertWindowAxis,
  printWindow,
  readWindow,
  type WindowParams,
  windowPosition,
} from "./_windows.ts";
import { greatestOf, leastOf } from "./reduce.ts";

/** Windows and how one element of each is chosen. */
export interface SelectWindowParams extends WindowParams {
  /** Comparison that the chosen element holds with the later ones: greatest or least. */
  readonly selectPrim: "ge" | "le";
}

/** Windows over the operand itself, as the scattering primitive has them. */
export interface SelectAndScatterParams {
  readonly selectPrim: "ge" | "le";
  readonly windowDimensions: readonly number[];
  readonly windowStrides: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
}

const compareBy = (select: "ge" | "le"): (x: Val, y: Val) => Expr => select === "ge" ? s.ge : s.le;
const worstOf = (select: "ge" | "le"): typeof leastOf => select === "ge" ? leastOf : greatestOf;

/** For each window, the element of `tangents` where the operand's greatest or least is. */
export function selectAndGatherAdd(
  tangents: JaxArray,
  operand: JaxArray,
  selectPrim: "ge" | "le",
  window: WindowParams,
): JaxArray {
  return bind1(P.select_and_gather_add, [tangents, operand], { selectPrim, ...window });
}

/** Zeros in the operand's shape, plus each element of `source` where its window's greatest or least element is. */
export function selectAndScatterAdd(
  source: JaxArray,
  operand: JaxArray,
  params: SelectAndScatterParams,
): JaxArray {
  return bind1(P.select_and_scatter_add, [source, operand], params);
}

/** Both primitives are linear in their first operand and piecewise constant in the second. */
function firstLinear<Q>(primitive: () => Primitive): JvpRule<Q> {
  return ([x, operand], [t], params) => {
    const out = bind1(primitive(), [x!, operand!], params);
    if (t instanceof Zero) return [[out], [new Zero(out.aval.tangent())]];
    return [[out], [bind1(primitive(), [t as JaxArray, operand!], params)]];
  };
}

function gatherPlan({ params, inputs }: ComputeContext<SelectWindowParams>): ReturnType<
  Extract<Rules<SelectWindowParams>["lower"], { kind: "reduce" }>["plan"]
> {
  const [tangents, operand] = inputs, { dtype } = operand!.aval, prefer = compareBy(params.selectPrim);
  const worst = s.constVal(dtype, worstOf(params.selectPrim)(dtype)), zero = s.zeroOf(tangents!.aval.dtype);
  return {
    space: params.windowDimensions,
    init: [worst, zero],
    value: (out, offset) => [
      readWindow(operand!, params, out, offset, () => worst),
      readWindow(tangents!, params, out, offset, () => zero),
    ],
    combine: ([key, tangent], [nextKey, nextTangent]) => {
      const keep = prefer(key!, nextKey!);
      return [s.select(keep, key!, nextKey!), s.select(keep, tangent!, nextTangent!)];
    },
    finish: ([, tangent]) => [tangent!],
  };
}

(P.select_and_gather_add as Primitive<SelectWindowParams>).define({
  abstractEval([tangents, operand], params) {
    if (tuple(tangents!.shape) !== tuple(operand!.shape)) {
      throw new TypeError(
        `select_and_gather_add tangents and operand shapes must match, got ${tuple(tangents!.shape)} and ` +
          `${tuple(operand!.shape)}.`,
      );
    }
    return [shaped(checkedWindowShape(operand!, params), tangents!.dtype)];
  },
  jvp: firstLinear(() => P.select_and_gather_add),
  transpose([ct], [x, operand], params) {
    const { aval } = x as UndefinedPrimal, { windowDilation, baseDilation } = params;
    if (windowDilation.some((d) => d !== 1)) {
      throw new NotImplementedError(
        "VJP not implemented for select_and_gather (MaxPool) with window dilation, got " +
          `window_dilation=${tuple(windowDilation)}.`,
      );
    }
    if (ct instanceof Zero) return [new Zero(aval.tangent()), null];
    let y = operand as JaxArray;
    const spreadOut = baseDilation.some((d) => d !== 1);
    if (spreadOut) {
      const worst = raw.scalar(worstOf(params.selectPrim)(y.dtype), y.dtype);
      y = raw.pad(y, worst, baseDilation.map((d) => [0, 0, d - 1]));
    }
    const { selectPrim, windowDimensions, windowStrides, padding } = params;
    const result = selectAndScatterAdd(ct as JaxArray, y, {
      selectPrim,
      windowDimensions,
      windowStrides,
      padding,
    });
    return [
      spreadOut ? raw.slice(result, result.shape.map(() => 0), result.shape, baseDilation) : result,
      null,
    ];
  },
  batch(axis, args, dims, params) {
    const front = args.map((x, i) => toFront(x, dims[i]!, axis.size));
    const batched = { selectPrim: params.selectPrim, ...insertWindowAxis(params, 0) };
    return [bind(P.select_and_gather_add, front, batched), [0]];
  },
  lower: { kind: "reduce", plan: gatherPlan },
  printParams: (params) => {
    const { base_dilation, padding, ...rest } = printWindow(params);
    return { base_dilation, padding, select_prim: new Verbatim(params.selectPrim), ...rest };
  },
});

/** The windows of the scattering primitive in full. */
function fullWindow({ windowDimensions, windowStrides, padding }: SelectAndScatterParams): WindowParams {
  const ones = windowDimensions.map(() => 1);
  return { windowDimensions, windowStrides, padding, baseDilation: ones, windowDilation: ones };
}

/** Runs `body` for every index of a shape, in row-major order. */
function forEach(
  k: KernelBuilder,
  shape: readonly number[],
  body: (at: readonly Expr[]) => void,
  at: readonly Expr[] = [],
): void {
  if (at.length === shape.length) return body(at);
  k.for(0, shape[at.length]!, (i) => forEach(k, shape, body, [...at, i]));
}

/** Along axes whose windows are single elements, iterations are independent; along the others windows overlap. */
function buildScatter(
  k: KernelBuilder,
  [source, operand]: readonly RoutineOperand[],
  [out]: readonly RoutineOperand[],
  params: SelectAndScatterParams,
): void {
  const { shape, dtype } = operand!.aval, windows = source!.aval.shape, window = fullWindow(params);
  if (operand!.aval.size === 0) return;
  const prefer = compareBy(params.selectPrim), worst = s.constVal(dtype, worstOf(params.selectPrim)(dtype));
  const alone = range(shape.length).filter((i) =>
    params.windowDimensions[i] === 1 && params.windowStrides[i] === 1 && windows[i] === shape[i]
  );
  const rest = range(shape.length).filter((i) => !alone.includes(i));
  const aloneShape = alone.map((i) => shape[i]!);
  const whole = (at: readonly Expr[], others: readonly Expr[]): Expr[] => {
    const index: Expr[] = new Array(shape.length);
    alone.forEach((a, i) => index[a] = at[i]!);
    rest.forEach((a, i) => index[a] = others[i]!);
    return index;
  };
  const read = (position: Expr): Val => k.readVal(operand!, position);
  k.range(sizeOf(aloneShape), (flat) => {
    const at = delinearize(aloneShape, flat).map((e) => k.let(e));
    forEach(k, rest.map((i) => shape[i]!), (others) => {
      k.writeVal(out!, linearize(whole(at, others), shape), s.zeroOf(dtype));
    });
    forEach(k, rest.map((i) => windows[i]!), (others) => {
      const start = whole(at, others);
      const look = (offset: readonly Expr[]): { position: Expr; value: Expr } => {
        const { at: index, inside } = windowPosition(shape, window, start, offset);
        const position = k.let(branch(inside, linearize(index, shape), constantIndex(-1)));
        const found = compare("ge", position, constantIndex(0));
        return { position, value: k.let(branchVal(found, () => read(position), () => worst) as Expr) };
      };
      const first = look(shape.map(() => constantIndex(0)));
      const best = k.local(first.value), place = k.local(first.position);
      forEach(k, params.windowDimensions, (offset) => {
        const { position, value } = look(offset);
        k.if(prefer(best.get(), value), () => {}, () => {
          best.set(value);
          place.set(position);
        });
      });
      k.if(compare("ge", place.get(), constantIndex(0)), () => {
        const sum = s.add(k.readVal(out!, place.get()), k.readVal(source!, linearize(start, windows)));
        k.writeVal(out!, place.get(), s.narrowVal(dtype, sum));
      });
    });
  });
}

(P.select_and_scatter_add as Primitive<SelectAndScatterParams>).define({
  abstractEval([source, operand], params) {
    const shape = checkedWindowShape(operand!, fullWindow(params));
    if (tuple(shape) !== tuple(source!.shape)) {
      throw new TypeError(
        `select_and_scatter_add source must have one element for each window of the operand: got source shape ` +
          `${tuple(source!.shape)} and ${tuple(shape)} windows.`,
      );
    }
    return [shaped(operand!.shape, source!.dtype)];
  },
  jvp: firstLinear(() => P.select_and_scatter_add),
  transpose([ct], [source, operand], params) {
    if (ct instanceof Zero) return [new Zero((source as UndefinedPrimal).aval.tangent()), null];
    return [
      selectAndGatherAdd(ct as JaxArray, operand as JaxArray, params.selectPrim, fullWindow(params)),
      null,
    ];
  },
  batch(axis, args, dims, params) {
    const front = args.map((x, i) => toFront(x, dims[i]!, axis.size));
    const { windowDimensions, windowStrides, padding } = insertWindowAxis(fullWindow(params), 0);
    const batched = { selectPrim: params.selectPrim, windowDimensions, windowStrides, padding };
    return [bind(P.select_and_scatter_add, front, batched), [0]];
  },
  lower: { kind: "routine", build: buildScatter },
  printParams: ({ padding, selectPrim, windowDimensions, windowStrides }) => ({
    padding,
    select_prim: new Verbatim(selectPrim),
    window_dimensions: windowDimensions,
    window_strides: windowStrides,
  }),
});
