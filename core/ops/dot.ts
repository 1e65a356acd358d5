/**
 * `dot_general`: contraction over any axes, lowered to batched matrix products in one of four layouts.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { shaped, type ShapedArray, tuple } from "../avals.ts";
import { type DType, float32, int32, isBool, isComplex, realDType, uint32 } from "../dtypes.ts";
import { addTangents } from "../jvp.ts";
import { type BatchDim, type Tangent, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";
import { Verbatim } from "./_print.ts";

/** Parameters of dot_general. */
export interface DotParams {
  readonly dimensionNumbers: raw.DotDimensionNumbers;
  readonly precision: unknown;
  readonly preferredElementType: DType | null;
}

const rest = (ndim: number, ...used: (readonly number[])[]): number[] =>
  Array.from({ length: ndim }, (_, i) => i).filter((i) => !used.some((u) => u.includes(i)));

const sizes = (a: { readonly shape: readonly number[] }, axes: readonly number[]): number[] =>
  axes.map((i) => a.shape[i]!);

const product = (ns: readonly number[]): number => ns.reduce((a, b) => a * b, 1);

function checkAxes(what: string, axes: readonly number[], a: ShapedArray, side: string): void {
  for (const i of axes) {
    if (!Number.isInteger(i) || i < 0 || i >= a.ndim) {
      throw new TypeError(
        `dot_general requires ${what} dimensions to be nonnegative and less than the number of axes of the ${side} ` +
          `value, got ${what} dimensions ${tuple(axes)} for ${a}.`,
      );
    }
  }
  if (new Set(axes).size !== axes.length) {
    throw new TypeError(
      `dot_general requires ${what} dimensions to be distinct, got ${tuple(axes)} of ${side}.`,
    );
  }
}

function dotShape(
  lhs: ShapedArray,
  rhs: ShapedArray,
  { contract, batch }: raw.DotDimensionNumbers,
): number[] {
  const [lc, rc] = contract, [lb, rb] = batch;
  checkAxes("contracting", lc, lhs, "lhs");
  checkAxes("contracting", rc, rhs, "rhs");
  checkAxes("batch", lb, lhs, "lhs");
  checkAxes("batch", rb, rhs, "rhs");
  if (lb.length !== rb.length || sizes(lhs, lb).some((n, i) => n !== rhs.shape[rb[i]!])) {
    throw new TypeError(
      `dot_general requires lhs batch dimensions and rhs batch dimensions to have the same shape, got ` +
        `${tuple(sizes(lhs, lb))} and ${tuple(sizes(rhs, rb))}.`,
    );
  }
  if (lc.length !== rc.length || sizes(lhs, lc).some((n, i) => n !== rhs.shape[rc[i]!])) {
    throw new TypeError(
      `dot_general requires contracting dimensions to have the same shape, got ${
        tuple(sizes(lhs, lc))
      } and ` +
        `${tuple(sizes(rhs, rc))}.`,
    );
  }
  for (const [side, b, c] of [["lhs", lb, lc], ["rhs", rb, rc]] as const) {
    if (b.some((i) => c.includes(i))) {
      throw new TypeError(
        `dot_general requires ${side} batch dimensions to be distinct from contracting dimensions.`,
      );
    }
  }
  return [
    ...sizes(lhs, lb),
    ...sizes(lhs, rest(lhs.ndim, lb, lc)),
    ...sizes(rhs, rest(rhs.ndim, rb, rc)),
  ];
}

const positions = (order: readonly number[]): number[] =>
  order.map((value, i) => [value, i] as const).sort((a, b) => a[0] - b[0]).map(([, i]) => i);

/** Cotangent of one operand: the result's cotangent contracted with the other over the other's kept axes. */
function transposeOne(
  ct: JaxArray,
  x: ShapedArray,
  y: JaxArray,
  [xc, yc]: readonly [readonly number[], readonly number[]],
  [xb, yb]: readonly [readonly number[], readonly number[]],
  swapped: boolean,
): JaxArray {
  const xKept = rest(x.ndim, xc, xb), yKept = rest(y.ndim, yc, yb), nb = xb.length;
  const start = swapped ? nb : nb + xKept.length;
  const ctY = yKept.map((_, i) => start + i), ctBatch = xb.map((_, i) => i);
  const sorted = positions(yc).map((i) => xc[i]!);
  const out = raw.dotGeneral(ct, y, { contract: [ctY, yKept], batch: [ctBatch, yb] }, x.dtype);
  return raw.transpose(out, positions([...xb, ...xKept, ...sorted]));
}

const bump = (axes: readonly number[], dim: number): number[] => axes.map((i) => i >= dim ? i + 1 : i);

P.dot_general.define({
  abstractEval([lhs, rhs], { dimensionNumbers, preferredElementType }: DotParams) {
    const l = lhs!, r = rhs!;
    if (l.dtype !== r.dtype) {
      throw new TypeError(
        `lax.dot_general requires arguments to have the same dtypes, got ${l.dtype.name}, ${r.dtype.name}. ` +
          `(Tip: jnp.dot and jnp.matmul are similar functions that do automatic type promotion on inputs).`,
      );
    }
    if (l.dtype.kind === "key" || l.dtype.kind === "float0") {
      throw new TypeError(`dot_general does not accept dtype ${l.dtype.name}.`);
    }
    const weak = preferredElementType === null && l.weakType && r.weakType;
    return [shaped(dotShape(l, r, dimensionNumbers), preferredElementType ?? l.dtype, weak)];
  },

  jvp([lhs, rhs], [dl, dr], params: DotParams) {
    const outs = bind(P.dot_general, [lhs!, rhs!], params);
    let total: Tangent = new Zero(outs[0]!.aval.tangent());
    if (!(dl instanceof Zero)) {
      total = addTangents(total, bind1(P.dot_general, [dl as JaxArray, rhs!], params));
    }
    if (!(dr instanceof Zero)) {
      total = addTangents(total, bind1(P.dot_general, [lhs!, dr as JaxArray], params));
    }
    return [outs, [total]];
  },

  transpose([ct], [lhs, rhs], { dimensionNumbers: { contract, batch } }: DotParams) {
    const linear = lhs instanceof UndefinedPrimal ? lhs.aval : (rhs as UndefinedPrimal).aval;
    if (ct instanceof Zero) {
      const zero = new Zero(linear.tangent());
      return lhs instanceof UndefinedPrimal ? [zero, null] : [null, zero];
    }
    const g = ct as JaxArray;
    if (lhs instanceof UndefinedPrimal) {
      return [match(transposeOne(g, lhs.aval, rhs as JaxArray, contract, batch, false), lhs.aval), null];
    }
    const swap = <T>([a, b]: readonly [T, T]): [T, T] => [b, a];
    return [null, match(transposeOne(g, linear, lhs as JaxArray, swap(contract), swap(batch), true), linear)];
  },

  batch(_axis, [lhs, rhs], [ld, rd], params: DotParams) {
    const { contract: [lc, rc], batch: [lb, rb] } = params.dimensionNumbers;
    const renumber = (
      contract: raw.DotDimensionNumbers["contract"],
      batch: raw.DotDimensionNumbers["batch"],
    ) => bind(P.dot_general, [lhs!, rhs!], { ...params, dimensionNumbers: { contract, batch } });
    if (ld !== null && rd !== null) {
      const outs = renumber([bump(lc, ld!), bump(rc, rd!)], [[ld!, ...bump(lb, ld!)], [
        rd!,
        ...bump(rb, rd!),
      ]]);
      return [outs, [0]];
    }
    const before = (free: readonly number[], dim: number): number => free.filter((i) => i < dim).length;
    if (rd === null) {
      const dim: BatchDim = lb.length + before(rest(lhs!.ndim - 1, lb, lc), ld!);
      return [renumber([bump(lc, ld!), rc], [bump(lb, ld!), rb]), [dim]];
    }
    const dim: BatchDim = lhs!.ndim - lc.length + before(rest(rhs!.ndim - 1, rb, rc), rd!);
    return [renumber([lc, bump(rc, rd!)], [lb, bump(rb, rd!)]), [dim]];
  },

  lower: {
    kind: "decompose",
    as: ([lhs, rhs], { dimensionNumbers, preferredElementType }: DotParams) => [
      contraction(lhs!, rhs!, dimensionNumbers, preferredElementType ?? lhs!.dtype),
    ],
  },

  printParams: ({ dimensionNumbers: { contract, batch }, preferredElementType, precision }: DotParams) => {
    const pair = ([a, b]: readonly (readonly number[])[]): string =>
      `([${a!.join(", ")}], [${b!.join(", ")}])`;
    return {
      dimension_numbers: new Verbatim(`(${pair(contract)}, ${pair(batch)})`),
      ...(precision === null || precision === undefined ? {} : { precision }),
      preferred_element_type: preferredElementType,
    };
  },
});

/** A cotangent in the dtype of the operand it is for. */
function match(ct: JaxArray, aval: ShapedArray): JaxArray {
  return raw.convert(ct, aval.dtype);
}

/** The contraction through batched matrix products, converting where the machine has no such product. */
function contraction(lhs: JaxArray, rhs: JaxArray, dims: raw.DotDimensionNumbers, out: DType): JaxArray {
  const { dtype } = lhs;
  const again = (a: JaxArray, b: JaxArray, type: DType): JaxArray => contraction(a, b, dims, type);
  if (isComplex(dtype)) {
    const part = realDType(dtype);
    const a = raw.real(lhs), b = raw.imag(lhs), c = raw.real(rhs), d = raw.imag(rhs);
    const re = raw.sub(again(a, c, part), again(b, d, part)),
      im = raw.add(again(a, d, part), again(b, c, part));
    return raw.convert(raw.complex(re, im), out);
  }
  if (isBool(dtype)) {
    const count = again(raw.convert(lhs, int32), raw.convert(rhs, int32), int32);
    return raw.convert(raw.ne(count, 0), out);
  }
  // Sums of narrow types are kept wide until the end.
  const narrow = dtype.bits < 32;
  const sum = narrow ? (dtype.kind === "float" ? float32 : dtype.kind === "int" ? int32 : uint32) : dtype;
  const wider = out.kind === dtype.kind && out.bits > sum.bits ? out : sum;
  const [a, b] = wider === sum ? [lhs, rhs] : [raw.convert(lhs, wider), raw.convert(rhs, wider)];
  return raw.convert(matrixProducts(a, b, dims, wider), out);
}

/** Operands as [batch, rows, inner] and [batch, inner, columns], or transposed where that needs no copy. */
function matrixProducts(
  lhs: JaxArray,
  rhs: JaxArray,
  { contract, batch }: raw.DotDimensionNumbers,
  sum: DType,
): JaxArray {
  const [lc, rc] = contract, [lb, rb] = batch;
  const lf = rest(lhs.ndim, lb, lc), rf = rest(rhs.ndim, rb, rc);
  const [b, m] = [product(sizes(lhs, lb)), product(sizes(lhs, lf))];
  const [k, n] = [product(sizes(lhs, lc)), product(sizes(rhs, rf))];
  const shape = [...sizes(lhs, lb), ...sizes(lhs, lf), ...sizes(rhs, rf)];
  // A matrix of one row or column is both layouts; the untransposed one is what the kernels like best.
  const inOrder = (x: JaxArray, axes: readonly number[]): boolean => {
    const wide = axes.filter((i) => x.shape[i] !== 1);
    return wide.every((a, i) => i === 0 || a > wide[i - 1]!);
  };
  const transposeLhs = !inOrder(lhs, [...lb, ...lf, ...lc]) && inOrder(lhs, [...lb, ...lc, ...lf]);
  // Dot products over contiguous memory pay for few rows; for many, a transposed copy of the right operand does.
  const transposeRhs = !inOrder(rhs, [...rb, ...rc, ...rf]) && inOrder(rhs, [...rb, ...rf, ...rc]) &&
    !transposeLhs &&
    m < 8;
  const left = raw.reshape(
    raw.transpose(lhs, transposeLhs ? [...lb, ...lc, ...lf] : [...lb, ...lf, ...lc]),
    transposeLhs ? [b, k, m] : [b, m, k],
  );
  const right = raw.reshape(
    raw.transpose(rhs, transposeRhs ? [...rb, ...rf, ...rc] : [...rb, ...rc, ...rf]),
    transposeRhs ? [b, n, k] : [b, k, n],
  );
  return raw.reshape(bind1(P.matmul, [left, right], { transposeLhs, transposeRhs, sum }), shape);
}
