/**
 * QR factorisation by Householder reflectors, in blocks.
 *
 * @module
 */
import type { Expr } from "../../kernel/ir.ts";
import type { Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { tuple } from "../avals.ts";
import { int32 } from "../dtypes.ts";
import { ValueError } from "../errors.ts";
import { type Primitive, primitive, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";
import { batchOf, type Dense, eachMatrix, type Matrix, type Vector } from "./_dense.ts";
import { compareIndex, least, minus, plus } from "./_dense_scalars.ts";
import { fill, fillAcross } from "./_dense_loops.ts";
import {
  adjoint,
  asDTypeOf,
  columnsOf,
  defineLinalg,
  identity,
  lowerTriangle,
  matmul,
  noTangent,
  rowsOf,
  takeRows,
  transposeMatrix,
  upperTriangle,
} from "./linalg.ts";
import {
  applyReflectors,
  blockSize,
  eachBlock,
  ReflectorBlock,
  reflectorOf,
  reflectRow,
} from "./_reflectors.ts";
import { range } from "./_shapes.ts";
import { lu, luSolve } from "./linalg_lu.ts";
import { pivotedQr } from "./linalg_qr_pivoted.ts";
import { triangularSolve } from "./linalg_triangular.ts";

type None = Record<string, never>;

/** Reflectors below the diagonal of the first result, R on and above it; their factors τ in the second. */
export function geqrf(a: JaxArray): readonly [a: JaxArray, taus: JaxArray] {
  return bind(P.geqrf, [a]) as readonly [JaxArray, JaxArray];
}

/** The first columns of the product of reflectors, of the shape of the matrix that holds them. */
export function householderProduct(a: JaxArray, taus: JaxArray): JaxArray {
  return bind1(P.householder_product, [a, taus]);
}

defineLinalg(P.geqrf as Primitive<None>, {
  ranks: [2],
  results: ([shape]) => [shape!, [Math.min(shape![0]!, shape![1]!)]],
  jvp: "none",
  lower: {
    kind: "routine",
    build(k, [x], [out, taus]) {
      const [m, n] = x!.aval.shape.slice(-2) as [number, number];
      if (m * n === 0) return;
      eachMatrix(k, x!.aval.dtype, batchOf(x!, 2), (dense, b) => {
        const from = dense.matrix(x!, b), a = dense.matrix(out!, b);
        fill(dense, a, [m, n], (i, j) => from.get(i, j));
        factor(dense, a, [m, n], dense.vector(taus!, b));
      });
    },
  },
});

/** Factors in place: a panel of columns, and its reflectors on the columns to its right. */
function factor(dense: Dense, a: Matrix, [m, n]: readonly [number, number], taus: Vector): void {
  const { k } = dense, total = Math.min(m, n);
  const block = new ReflectorBlock(dense, { length: m, count: Math.min(blockSize, total), width: n });
  const { vectors } = block;
  eachBlock(dense, total, true, (first, count) => {
    k.for(first, m, (i) => k.for(0, count, (p) => vectors.set(p, i, a.get(i, plus(first, p)))));
    k.for(0, count, (p) => {
      const row = k.let(plus(first, p)), below = k.let(plus(row, 1));
      const rest = (i: Expr): Val => vectors.get(p, i);
      const { beta, tau, scaled } = reflectorOf(dense, {
        first: rest(row),
        rest,
        lo: below,
        hi: m,
        limit: m,
      });
      taus.set(row, tau);
      dense.each(below, m, (i) => vectors.set(p, i, scaled(vectors.get(p, i))));
      vectors.set(p, row, dense.constant(1));
      k.for(plus(p, 1), count, (q) =>
        reflectRow(dense, (i) => vectors.get(q, i), {
          v: (i) => vectors.get(p, i),
          factor: s.conj(tau),
          lo: row,
          hi: m,
          limit: m,
          set: (i, x) => vectors.set(q, i, x),
        }));
      // What is above the diagonal of the panel is R, and no part of the vectors.
      k.for(0, p, (q) => {
        const i = k.let(plus(first, q));
        a.set(i, row, vectors.get(p, i));
        vectors.set(p, i, dense.constant(0));
      });
      a.set(row, row, dense.ofReal(beta));
    });
    k.for(plus(first, 1), m, (i) => {
      k.for(0, k.let(least(minus(i, first), count)), (p) => a.set(i, plus(first, p), vectors.get(p, i)));
    });
    if (n <= count) return;
    const right = k.let(plus(first, count));
    k.if(compareIndex("lt", right, n), () => {
      block.makeFactor(first, count, (p) => taus.get(plus(first, p)));
      block.apply(a, { first, count, columns: [right, n], adjoint: true });
    });
  });
}

defineLinalg(P.householder_product as Primitive<None>, {
  ranks: [2, 1],
  results([a, taus]) {
    const [m, n] = a as [number, number];
    if (m < n) {
      throw new ValueError(
        `The first argument to householder_product must have at least as many rows as columns, got shape ${
          tuple(a!)
        }`,
      );
    }
    if (taus![0]! > n) {
      throw new ValueError(
        "The second argument to householder_product must not have more rows than the minimum of the first argument's " +
          "rows and columns.",
      );
    }
    return [a!];
  },
  jvp: "none",
  lower: {
    kind: "routine",
    build(k, [x, taus], [out]) {
      const [m, n] = x!.aval.shape.slice(-2) as [number, number], total = taus!.aval.shape.at(-1)!;
      eachMatrix(k, x!.aval.dtype, batchOf(x!, 2), (dense, b) => {
        const a = dense.matrix(x!, b), q = dense.matrix(out!, b), factors = dense.vector(taus!, b);
        fill(dense, q, [m, n], (i, j) => dense.indicator(i, j));
        // Columns before a block's first are still those of the identity.
        const options = { width: n, adjoint: false, from: (first: Expr) => first };
        applyReflectors(dense, { a, tau: (p) => factors.get(p), total, length: m }, q, options);
      });
    },
  },
});

/** How a matrix is multiplied by the product Q of reflectors. */
export interface MultiplyParams {
  /** Q C, else C Q. */
  readonly left: boolean;
  /** The adjoint of Q. */
  readonly transpose: boolean;
}

/** Products with Q that do not form it. */
export const ormqr: Primitive<MultiplyParams> = primitive("ormqr");

defineLinalg(ormqr, {
  ranks: [2, 1, 2],
  results([a, , c], { left }) {
    const [m] = a as [number, number];
    if (c![left ? 0 : 1] !== m) {
      throw new ValueError(
        `ormqr with left=${left ? "True" : "False"} expects c to have the same number of ${
          left ? "rows" : "columns"
        } as the Householder matrix a${left ? "" : " has rows"}. Got a shape ${tuple(a!)} and c shape ${
          tuple(c!)
        }.`,
      );
    }
    return [c!];
  },
  jvp: "none",
  lower: {
    kind: "routine",
    build(k, [x, taus, c], [out], { left, transpose }) {
      const [rows, columns] = c!.aval.shape.slice(-2) as [number, number];
      const total = taus!.aval.shape.at(-1)!, length = x!.aval.shape.at(-2)!;
      eachMatrix(k, x!.aval.dtype, batchOf(x!, 2), (dense, b) => {
        const from = dense.matrix(c!, b), to = dense.matrix(out!, b), factors = dense.vector(taus!, b);
        const reflectors = { a: dense.matrix(x!, b), tau: (p: Expr) => factors.get(p), total, length };
        if (left) {
          fill(dense, to, [rows, columns], (i, j) => from.get(i, j));
          return applyReflectors(dense, reflectors, to, { width: columns, adjoint: transpose });
        }
        // C Q = (Qᴴ Cᴴ)ᴴ.
        const work = dense.scratch(columns, rows);
        fillAcross(dense, work, [columns, rows], (i, j) => s.conj(from.get(j, i)));
        applyReflectors(dense, reflectors, work, { width: rows, adjoint: !transpose });
        fillAcross(dense, to, [rows, columns], (i, j) => s.conj(work.get(j, i)));
      });
    },
  },
});

/** Which results a QR factorisation gives. */
export interface QrParams {
  /** Columns are exchanged so that the diagonal of R decreases; their order is the third result. */
  readonly pivoting: boolean;
  /** Q is square. */
  readonly fullMatrices: boolean;
}

/** A = Q R. */
export function qr(a: JaxArray, fullMatrices = false): readonly [q: JaxArray, r: JaxArray] {
  return bind(P.qr, [a], { pivoting: false, fullMatrices }) as readonly [JaxArray, JaxArray];
}

/** Derivatives of Q and R for as many rows as columns, or more (j-towns.github.io/papers/qr-derivative.pdf). */
function thinTangents(q: JaxArray, r: JaxArray, dx: JaxArray): readonly [dq: JaxArray, dr: JaxArray] {
  const right = triangularSolve(r, dx), inner = matmul(adjoint(q), right);
  const lower = lowerTriangle(inner, -1), skew = raw.sub(lower, adjoint(lower));
  const n = r.shape.at(-1)!, eye = identity([n, n], q.dtype, q.shape.slice(0, -2));
  const imaginary = q.dtype.kind === "complex"
    ? raw.mul(eye, raw.sub(inner, asDTypeOf(raw.real(inner), inner)))
    : null;
  const omega = imaginary === null ? skew : raw.add(skew, imaginary);
  return [
    raw.add(matmul(q, raw.sub(omega, inner)), right),
    matmul(raw.sub(inner, omega), r),
  ];
}

/** Derivative of the columns that complete Q (arXiv 2409.13374, equations 32 and 33). */
function completionTangent(q: JaxArray, dqThin: JaxArray, n: number): JaxArray {
  const m = q.shape.at(-2)!, thin = columnsOf(q, 0, n), rest = columnsOf(q, n, m);
  const top = rowsOf(thin, 0, n), bottom = rowsOf(thin, n, m);
  const shifted = raw.sub(top, identity([n, n], q.dtype, q.shape.slice(0, -2)));
  const [factors, , permutation] = lu(shifted);
  const zh = luSolve([factors, permutation], adjoint(bottom), 2), z = adjoint(zh);
  const residual = raw.sub(rowsOf(dqThin, n, m), matmul(z, rowsOf(dqThin, 0, n)));
  return raw.sub(matmul(dqThin, zh), matmul(raw.add(thin, matmul(rest, z)), adjoint(residual)));
}

defineLinalg(P.qr as Primitive<QrParams>, {
  ranks: [2],
  results([shape], { pivoting, fullMatrices }) {
    const [m, n] = shape as [number, number], k = fullMatrices ? m : Math.min(m, n);
    return pivoting ? [[m, k], [k, n], [n]] : [[m, k], [k, n]];
  },
  dtypes: (dtype, { pivoting }) => pivoting ? [dtype, dtype, int32] : [dtype, dtype],
  printParams: ({ fullMatrices, pivoting }) => ({ full_matrices: fullMatrices, pivoting, use_magma: null }),

  jvp([x], [dx], params) {
    const outs = bind(P.qr, [x!], params), [q, r, order] = outs as readonly JaxArray[];
    const rest = order === undefined ? [] : [noTangent(order)];
    if (dx instanceof Zero) return [outs, [noTangent(q!), noTangent(r!), ...rest]];
    const [m, n] = x!.shape.slice(-2) as [number, number];
    const dxOrdered = order === undefined
      ? dx as JaxArray
      : transposeMatrix(takeRows(transposeMatrix(dx as JaxArray), order));
    if (m < n) {
      // [X₁ X₂] = Q [R₁ R₂]: dR₂ = dQᴴ X₂ + Qᴴ dX₂.
      const xOrdered = order === undefined ? x! : transposeMatrix(takeRows(transposeMatrix(x!), order));
      const [dq, dr] = thinTangents(q!, columnsOf(r!, 0, m), columnsOf(dxOrdered, 0, m));
      const right = raw.add(
        matmul(adjoint(dq), columnsOf(xOrdered, m, n)),
        matmul(adjoint(q!), columnsOf(dxOrdered, m, n)),
      );
      return [outs, [dq, raw.concatenate([dr, right], dr.ndim - 1), ...rest]];
    }
    const full = params.fullMatrices && m > n;
    const [dq, dr] = thinTangents(
      full ? columnsOf(q!, 0, n) : q!,
      full ? rowsOf(r!, 0, n) : r!,
      dxOrdered,
    );
    if (!full) return [outs, [dq, dr, ...rest]];
    const zeros = raw.full([...dr.shape.slice(0, -2), m - n, n], 0, dr.dtype);
    return [outs, [
      raw.concatenate([dq, completionTangent(q!, dq, n)], dq.ndim - 1),
      raw.concatenate([dr, zeros], dr.ndim - 2),
      ...rest,
    ]];
  },

  lower: {
    kind: "decompose",
    as([a], { pivoting, fullMatrices }) {
      const x = a!, batch = x.shape.slice(0, -2), [m, n] = x.shape.slice(-2) as [number, number];
      const k = fullMatrices ? m : Math.min(m, n);
      if (m === 0 || n === 0) {
        const q = identity([m, k], x.dtype, batch), r = raw.full([...batch, k, n], 0, x.dtype);
        return pivoting ? [q, r, raw.full([...batch, n], 0, int32)] : [q, r];
      }
      const [packed, taus, order] = pivoting ? pivotedQr(x) : geqrf(x);
      const wide = m < n ? columnsOf(packed, 0, m) : packed;
      const square = fullMatrices && m > n
        ? raw.pad(wide, raw.like(wide, 0), [
          ...range(batch.length + 1).map((): [number, number, number] => [0, 0, 0]),
          [0, m - n, 0],
        ])
        : wide;
      const q = householderProduct(square, taus);
      const r = upperTriangle(fullMatrices || m < n ? packed : rowsOf(packed, 0, n));
      return pivoting ? [q, r, order!] : [q, r];
    },
  },
});
