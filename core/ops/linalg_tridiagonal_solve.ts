/**
 * Systems of equations with a tridiagonal matrix.
 *
 * @module
 */
import { binary, compare, constant, index, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import { Pair, type Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { sameShape } from "../avals.ts";
import { moveAxis, toFront } from "../batching.ts";
import { addTangents, instantiate } from "../jvp.ts";
import { type BatchRule, type Primitive, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind1 } from "../trace.ts";
import { batchOf, type Dense, eachMatrix, type Matrix, type Vector } from "./_dense.ts";
import { multiplyAdd, plus } from "./_dense_scalars.ts";
import { fill, negative } from "./_dense_loops.ts";
import { along, defineLinalg, rowsOf } from "./linalg.ts";

/** How singular matrices are treated. */
export interface TridiagonalSolveParams {
  /** Pivots near zero are moved away from it; else the solution is NaN where one is zero. */
  readonly perturbSingular: boolean;
}

/**
 * X with A X = B, where A has the diagonals `dl` (below: its first element is not used), `d` and `du` (above: its last
 * element is not used).
 */
export function tridiagonalSolve(
  [dl, d, du]: readonly [JaxArray, JaxArray, JaxArray],
  b: JaxArray,
  params: TridiagonalSolveParams,
): JaxArray {
  return bind1(P.tridiagonal_solve, [dl, d, du, b], params);
}

/** A X. */
function product([dl, d, du]: readonly JaxArray[], x: JaxArray): JaxArray {
  const m = x.shape.at(-2)!, axis = x.ndim - 2;
  const spread = (v: JaxArray): JaxArray => along(v, -2, x.shape);
  const shift = (y: JaxArray, low: number): JaxArray =>
    raw.pad(y, raw.like(y, 0), y.shape.map((_, i) => i === axis ? [low, 1 - low, 0] : [0, 0, 0]));
  const own = raw.mul(spread(d!), x);
  if (m < 2) return own;
  const before = raw.mul(spread(dl!), shift(rowsOf(x, 0, m - 1), 1));
  const after = raw.mul(spread(du!), shift(rowsOf(x, 1, m), 0));
  return raw.add(raw.add(own, before), after);
}

/** A vector moved by one place along its last axis, with zero where nothing comes in. */
function shifted(v: JaxArray, by: 1 | -1): JaxArray {
  const last = v.ndim - 1;
  return raw.pad(v, raw.like(v, 0), v.shape.map((_, i) => i === last ? [by, -by, 0] : [0, 0, 0]));
}

const batch: BatchRule<TridiagonalSolveParams> = (axis, args, dims, params) => {
  const [dl, d, du, b] = args as [JaxArray, JaxArray, JaxArray, JaxArray];
  if (dims.slice(0, 3).every((dim) => dim === null)) {
    // One matrix for all: the right sides stand beside each other.
    const at = b.ndim - 2, y = moveAxis(b, dims[3]!, at), shape = y.shape;
    const flat = raw.reshape(y, [...shape.slice(0, -2), shape.at(-2)! * shape.at(-1)!]);
    return [[raw.reshape(tridiagonalSolve([dl, d, du], flat, params), shape)], [at]];
  }
  const front = args.map((x, i) => toFront(x, dims[i]!, axis.size)) as [
    JaxArray,
    JaxArray,
    JaxArray,
    JaxArray,
  ];
  return [[tridiagonalSolve([front[0], front[1], front[2]], front[3], params)], [0]];
};

defineLinalg(P.tridiagonal_solve as Primitive<TridiagonalSolveParams>, {
  ranks: [1, 1, 1, 2],
  results([dl, d, du, b]) {
    if (!sameShape(dl!, d!) || !sameShape(dl!, du!)) {
      throw new TypeError("tridiagonal_solve requires that all diagonal arguments have the same shape.");
    }
    if (dl![0] !== b![0]) {
      throw new TypeError(
        "tridiagonal_solve requires that the leading ndim-1 dimensions of b equal the dimensions of the diagonal " +
          "arguments.",
      );
    }
    return [b!];
  },

  // A dX = dB − dA X.
  jvp(primals, tangents, params) {
    const [dl, d, du, b] = primals as [JaxArray, JaxArray, JaxArray, JaxArray];
    const x = tridiagonalSolve([dl, d, du], b, params), db = tangents[3]!;
    const diagonals = tangents.slice(0, 3), fixed = diagonals.filter((t) => t instanceof Zero).length === 3;
    const rhs = fixed ? db : addTangents(db, raw.neg(product(diagonals.map((t) => instantiate(t)), x)));
    if (rhs instanceof Zero) return [[x], [new Zero(x.aval.tangent())]];
    return [[x], [tridiagonalSolve([dl, d, du], rhs as JaxArray, params)]];
  },

  transpose([ct], [dl, d, du, b], params) {
    if (ct instanceof Zero) return [null, null, null, new Zero((b as UndefinedPrimal).aval.tangent())];
    if ([dl, d, du].some((x) => x instanceof UndefinedPrimal)) {
      throw new Error("tridiagonal_solve is linear in its right side only");
    }
    const transposed = [shifted(du as JaxArray, 1), d as JaxArray, shifted(dl as JaxArray, -1)] as const;
    return [null, null, null, tridiagonalSolve(transposed, ct as JaxArray, params)];
  },

  batch,

  lower: {
    kind: "routine",
    build(k, [dl, d, du, b], [out], { perturbSingular }) {
      const [m, n] = b!.aval.shape.slice(-2) as [number, number];
      eachMatrix(k, b!.aval.dtype, batchOf(b!, 2), (dense, number) => {
        const from = dense.matrix(b!, number), x = dense.matrix(out!, number);
        const given = [dl, d, du].map((v) => dense.vector(v!, number));
        const work = [0, 1, 2, 3].map(() => dense.scratchVector(m + 1)) as [Vector, Vector, Vector, Vector];
        const [below, diagonal, above, second] = work;
        fill(dense, x, [m, n], (i, j) => from.get(i, j));
        dense.each(0, m, (i) => {
          below.set(i, given[0]!.get(i));
          diagonal.set(i, given[1]!.get(i));
          above.set(i, given[2]!.get(i));
          second.set(i, dense.constant(0));
        });
        eliminate(dense, { below, diagonal, above, second }, x, [m, n], perturbSingular);
      });
    },
  },
});

interface Bands {
  readonly below: Vector;
  readonly diagonal: Vector;
  readonly above: Vector;
  /** The second diagonal above, which exchanges of rows fill. */
  readonly second: Vector;
}

/** |re| + |im|. */
function size(z: Val): Expr {
  if (!(z instanceof Pair)) return unary("abs", z);
  return binary("add", unary("abs", z.re), unary("abs", z.im));
}

/** Gaussian elimination with exchanges of neighbouring rows (LAPACK's gtsv), and substitution. */
function eliminate(
  dense: Dense,
  { below, diagonal, above, second }: Bands,
  x: Matrix,
  [m, n]: readonly [number, number],
  perturb: boolean,
): void {
  const { k } = dense, ok = k.local(constant("bool", true)), zero = dense.real(0);
  const most = k.local(zero);
  if (perturb) {
    for (const v of [below, diagonal, above]) {
      most.set(dense.greatestSize(0, m, (i) => v.get(i), k.let(most.get())));
    }
  }
  const settle = (i: Expr): void => {
    const pivot = dense.let(diagonal.get(i));
    if (!perturb) return ok.set(binary("and", ok.get(), compare("ne", size(pivot), zero)));
    const least = k.let(binary("mul", dense.real(dense.epsilon), most.get()));
    k.if(compare("lt", size(pivot), least), () => {
      diagonal.set(i, dense.ofReal(binary("copysign", least, s.real(pivot))));
    });
  };
  k.for(0, m - 1, (i) => {
    const next = k.let(plus(i, 1)), lower = dense.let(below.get(next)), pivot = dense.let(diagonal.get(i));
    const subtract = (factor: Val, from: (j: Expr) => Val, what: (j: Expr) => Val, at: Expr): void => {
      dense.each(0, n, (j) => x.set(at, j, multiplyAdd(factor, what(j), from(j))));
    };
    k.if(compare("ge", size(pivot), size(lower)), () => {
      settle(i);
      const factor = dense.let(negative(s.div(lower, diagonal.get(i))));
      diagonal.set(next, multiplyAdd(factor, above.get(i), diagonal.get(next)));
      subtract(factor, (j) => x.get(next, j), (j) => x.get(i, j), next);
    }, () => {
      const factor = dense.let(negative(s.div(pivot, lower)));
      const right = dense.let(diagonal.get(next)), upper = dense.let(above.get(i));
      diagonal.set(i, lower);
      settle(i);
      above.set(i, right);
      diagonal.set(next, multiplyAdd(factor, right, upper));
      k.if(compare("lt", next, index(m - 1)), () => {
        const far = dense.let(above.get(next));
        second.set(i, far);
        above.set(next, s.mul(factor, far));
      });
      dense.each(0, n, (j) => {
        const a = dense.let(x.get(i, j)), b = dense.let(x.get(next, j));
        x.set(i, j, b);
        x.set(next, j, multiplyAdd(factor, b, a));
      });
    });
  });
  if (m > 0) settle(index(m - 1));
  dense.down(0, m, (i) => {
    const divide = dense.divider(diagonal.get(i));
    const first = dense.let(negative(above.get(i))), far = dense.let(negative(second.get(i)));
    const inside = (offset: number): Expr => compare("lt", plus(i, offset), index(m));
    k.if(
      inside(1),
      () => dense.each(0, n, (j) => x.set(i, j, multiplyAdd(first, x.get(plus(i, 1), j), x.get(i, j)))),
    );
    k.if(
      inside(2),
      () => dense.each(0, n, (j) => x.set(i, j, multiplyAdd(far, x.get(plus(i, 2), j), x.get(i, j)))),
    );
    dense.each(0, n, (j) => x.set(i, j, divide(x.get(i, j))));
  });
  const nan = dense.real(NaN), none = dense.complex ? new Pair(nan, nan) : nan;
  k.if(unary("not", ok.get()), () => fill(dense, x, [m, n], () => none));
}
