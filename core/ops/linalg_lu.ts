/**
 * LU factorisation with partial pivoting, and permutations from its row exchanges.
 *
 * @module
 */
import { binary, compare, constant, index, unary } from "../../kernel/expr.ts";
import type { Expr, Param } from "../../kernel/ir.ts";
import { Pair, type RoutineOperand, type Val } from "../../kernel/lowering.ts";
import type { JaxArray } from "../array.ts";
import { int32 } from "../dtypes.ts";
import { ValueError } from "../errors.ts";
import { type Primitive, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";
import { integer } from "./_combinators.ts";
import { batchOf, type Dense, eachMatrix, type Matrix } from "./_dense.ts";
import { multiplyAdd, plus, times } from "./_dense_scalars.ts";
import { addProduct, fill, negative, swapRows } from "./_dense_loops.ts";
import {
  columnsOf,
  defineLinalg,
  identity,
  lowerTriangle,
  matmul,
  noTangent,
  rowsOf,
  takeRows,
  upperTriangle,
} from "./linalg.ts";
import { range } from "./_shapes.ts";
import { solveRows, triangularSolve } from "./linalg_triangular.ts";

/** P A = L U: both factors in one matrix, the row exchanges, and the permutation that they make. */
export function lu(a: JaxArray): readonly [lu: JaxArray, pivots: JaxArray, permutation: JaxArray] {
  return bind(P.lu, [a]) as readonly [JaxArray, JaxArray, JaxArray];
}

/** The order of rows that exchanging row i with row `pivots[i]`, one after the other, makes. */
export function luPivotsToPermutation(pivots: JaxArray, permutationSize: number): JaxArray {
  return bind1(P.lu_pivots_to_permutation, [pivots], { permutationSize });
}

/** X from factors of A: op(A) X = B, where op transposes (1) or takes the adjoint (2). */
export function luSolve(
  [factors, permutation]: readonly [JaxArray, JaxArray],
  b: JaxArray,
  op: 0 | 1 | 2 = 0,
): JaxArray {
  const common = { leftSide: true, transposeA: op > 0, conjugateA: op === 2 };
  const lower = { ...common, lower: true, unitDiagonal: true };
  if (op === 0) {
    return triangularSolve(factors, triangularSolve(factors, takeRows(b, permutation), lower), common);
  }
  const x = triangularSolve(factors, triangularSolve(factors, b, common), lower);
  const [, order] = bind(P.sort, [permutation, raw.iota(int32, permutation.shape, permutation.ndim - 1)], {
    dimension: permutation.ndim - 1,
    isStable: true,
    numKeys: 1,
  });
  return takeRows(x, order!);
}

/** A matrix padded with zeros to a shape, over leading axes. */
function padded(x: JaxArray, rows: number, columns: number): JaxArray {
  const [m, n] = x.shape.slice(-2) as [number, number];
  if (m === rows && n === columns) return x;
  const batch = range(x.ndim - 2).map((): [number, number, number] => [0, 0, 0]);
  return raw.pad(x, raw.like(x, 0), [...batch, [0, rows - m, 0], [0, columns - n, 0]]);
}

/** L dU + dL U = P dA: with M = L⁻¹ P dA U⁻¹, dL = L·(M below the diagonal) and dU = (the rest of M)·U. */
function tangentOfFactors(factors: JaxArray, da: JaxArray, permutation: JaxArray): JaxArray {
  const [m, n] = da.shape.slice(-2) as [number, number], k = Math.min(m, n);
  const batch = da.shape.slice(0, -2);
  const l = raw.add(
    padded(lowerTriangle(columnsOf(factors, 0, k), -1), m, m),
    identity([m, m], da.dtype, batch),
  );
  const top = padded(upperTriangle(rowsOf(factors, 0, k)), n, n);
  const rest = raw.sub(identity([n, n], da.dtype, batch), padded(identity([k, k], da.dtype, batch), n, n));
  const u = k === n ? top : raw.add(top, rest);
  const left = triangularSolve(l, takeRows(da, permutation), {
    leftSide: true,
    lower: true,
    unitDiagonal: true,
  });
  const both = triangularSolve(u, left);
  return raw.add(matmul(l, lowerTriangle(both, -1)), matmul(upperTriangle(both), u));
}

defineLinalg(P.lu as Primitive<Record<string, never>>, {
  ranks: [2],
  results: ([shape]) => [shape!, [Math.min(shape![0]!, shape![1]!)], [shape![0]!]],
  dtypes: (dtype) => [dtype, int32, int32],

  jvp([a], [da]) {
    const outs = lu(a!), [factors, pivots, permutation] = outs;
    const tangent = da instanceof Zero
      ? noTangent(factors)
      : tangentOfFactors(factors, da as JaxArray, permutation);
    return [outs, [tangent, noTangent(pivots), noTangent(permutation)]];
  },

  lower: {
    kind: "routine",
    build(k, [x], [out, pivots, permutation]) {
      const [m, n] = x!.aval.shape.slice(-2) as [number, number];
      eachMatrix(k, x!.aval.dtype, batchOf(x!, 2), (dense, b) => {
        const from = dense.matrix(x!, b), to = dense.matrix(out!, b);
        fill(dense, to, [m, n], (i, j) => from.get(i, j));
        const firstPivot = k.let(times(b, Math.min(m, n)));
        factor(dense, to, [m, n], { param: pivots!.param, first: firstPivot });
        permute(dense, pivots!, firstPivot, Math.min(m, n), permutation!, k.let(times(b, m)), m);
      });
    },
  },
});

defineLinalg(P.lu_pivots_to_permutation as Primitive<{ readonly permutationSize: number }>, {
  ranks: [1],
  accepts: [integer],
  results([shape], { permutationSize }) {
    const [count] = shape as [number];
    if (permutationSize < count) {
      throw new ValueError(
        `Output permutation size ${permutationSize} has to exceed the trailing dimension of the pivots. Got ` +
          `pivots size ${count}`,
      );
    }
    return [[permutationSize]];
  },
  jvp: "zero",
  lower: {
    kind: "routine",
    build(k, [pivots], [out], { permutationSize }) {
      const count = pivots!.aval.shape.at(-1)!;
      eachMatrix(k, pivots!.aval.dtype, batchOf(pivots!, 1), (dense, b) => {
        const first = k.let(times(b, count)), start = k.let(times(b, permutationSize));
        permute(dense, pivots!, first, count, out!, start, permutationSize);
      });
    },
  },
});

/** Writes the permutation that exchanges make. */
function permute(
  { k }: Dense,
  pivots: RoutineOperand,
  first: Expr,
  count: number,
  out: RoutineOperand,
  start: Expr,
  size: number,
): void {
  k.for(0, size, (i) => k.store(out.param, plus(start, i), i), { independent: true });
  k.for(0, count, (i) => {
    const other = k.let(plus(start, k.load(pivots.param, plus(first, i)))), here = k.let(plus(start, i));
    const a = k.let(k.load(out.param, here)), b = k.let(k.load(out.param, other));
    k.store(out.param, here, b);
    k.store(out.param, other, a);
  });
}

/** Columns that are factored together. */
const panel = 32;

interface Pivots {
  readonly param: Param;
  readonly first: Expr;
}

/** Factors in place by panels of columns: the panel, the rows right of it, and the product with what is below. */
function factor(dense: Dense, a: Matrix, [m, n]: readonly [number, number], pivots: Pivots): void {
  const { k } = dense, steps = Math.min(m, n);
  if (steps === 0) return;
  const columns = dense.scratch(Math.min(panel, steps), m);
  const step = (c: Expr, width: number): void => {
    const end = k.let(plus(c, width));
    // The panel's columns are worked on as contiguous rows.
    k.for(c, m, (i) => k.for(0, width, (q) => columns.set(q, i, a.get(i, plus(c, q)))));
    factorPanel(dense, columns, c, [width, m], pivots);
    k.for(0, width, (q) => {
      const row = k.let(plus(c, q)), pivot = k.let(k.load(pivots.param, plus(pivots.first, row)));
      k.if(compare("ne", row, pivot), () => {
        swapRows(dense, a, row, pivot, [0, c]);
        swapRows(dense, a, row, pivot, [end, n]);
      });
    });
    k.for(c, m, (i) => k.for(0, width, (q) => a.set(i, plus(c, q), columns.get(q, i))));
    if (n <= width) return;
    const corner = a.from(c, c);
    solveRows(dense, {
      entry: (i, j) => corner.get(i, j),
      forward: true,
      unitDiagonal: true,
      n: width,
      columns: [width, k.let(binary("sub", index(n), c))],
      width: n - width,
    }, corner);
    addProduct(dense, {
      target: a,
      rows: [end, m],
      columns: [end, n],
      depth: [c, end],
      left: (i, d) => negative(a.get(i, d)),
      right: a,
      width: n - width,
    });
  };
  const whole = Math.floor(steps / panel);
  k.for(0, whole, (p) => step(k.let(times(p, panel)), panel));
  if (steps % panel > 0) step(index(whole * panel), steps % panel);
}

/** |re| + |im|, by which pivots are chosen. */
function size(x: Val): Expr {
  if (!(x instanceof Pair)) return unary("abs", x);
  return binary("add", unary("abs", x.re), unary("abs", x.im));
}

/** Factors a panel whose column q stands in row q of `columns`, and exchanges its rows. */
function factorPanel(
  dense: Dense,
  columns: Matrix,
  first: Expr,
  [width, m]: readonly [number, number],
  pivots: Pivots,
): void {
  const { k } = dense;
  k.for(0, width, (q) => {
    const row = k.let(plus(first, q));
    const best = k.local(size(columns.get(q, row))), pivot = k.local(row);
    k.for(plus(row, 1), m, (i) => {
      const candidate = k.let(size(columns.get(q, i)));
      // A NaN is taken, and kept.
      const larger = binary(
        "and",
        unary("not", compare("le", candidate, best.get())),
        compare("eq", best.get(), best.get()),
      );
      k.if(larger, () => {
        best.set(candidate);
        pivot.set(i);
      });
    });
    k.store(pivots.param, plus(pivots.first, row), pivot.get());
    const chosen = k.let(pivot.get());
    k.if(compare("ne", chosen, row), () => {
      k.for(0, width, (c) => {
        const x = dense.let(columns.get(c, row)), y = dense.let(columns.get(c, chosen));
        columns.set(c, row, y);
        columns.set(c, chosen, x);
      });
    });
    k.if(compare("ne", best.get(), constant(dense.type, 0)), () => {
      const divide = dense.divider(columns.get(q, row));
      dense.each(plus(row, 1), m, (i) => columns.set(q, i, divide(columns.get(q, i))));
    });
    k.for(plus(q, 1), width, (c) => {
      const factor = dense.let(negative(columns.get(c, row)));
      dense.each(
        plus(row, 1),
        m,
        (i) => columns.set(c, i, multiplyAdd(factor, columns.get(q, i), columns.get(c, i))),
      );
    });
  });
}
