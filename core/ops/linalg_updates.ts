/**
 * Updates of a Cholesky factor and of a symmetric matrix.
 *
 * @module
 */
import { binary, compare, select, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { JaxArray } from "../array.ts";
import { tuple } from "../avals.ts";
import { ValueError } from "../errors.ts";
import { type Primitive, primitive } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind1 } from "../trace.ts";
import { floating } from "./_combinators.ts";
import { batchOf, eachMatrix } from "./_dense.ts";
import { defineLinalg, matmul, transposeMatrix } from "./linalg.ts";

/** The upper triangular factor of Rᵀ R + w wᵀ, in n² operations. */
export function choleskyUpdate(r: JaxArray, w: JaxArray): JaxArray {
  return bind1(P.cholesky_update, [r, w]);
}

defineLinalg(P.cholesky_update as Primitive<Record<string, never>>, {
  ranks: [2, 1],
  accepts: [floating, floating],
  results([r, w]) {
    if (r![0] !== r![1] || w![0] !== r![1]) {
      throw new ValueError(
        "Rank-1 update to Cholesky decomposition takes a square matrix and a vector of the same size as input. Got " +
          `shapes ${tuple(r!)} and ${tuple(w!)} instead`,
      );
    }
    return [r!];
  },
  jvp: "none",
  lower: {
    kind: "routine",
    inPlace: 0,
    build(k, [, w], [out]) {
      const n = out!.aval.shape.at(-1)!;
      if (n === 0) return;
      eachMatrix(k, out!.aval.dtype, batchOf(out!, 2), (dense, b) => {
        const r = dense.matrix(out!, b), from = dense.vector(w!, b), z = dense.scratchVector(n);
        const zero = dense.real(0), one = dense.real(1);
        dense.each(0, n, (i) => z.set(i, from.get(i)));
        // A rotation of row i and the vector makes the vector's element i zero.
        k.for(0, n, (i) => {
          const x = k.let(r.get(i, i) as Expr), y = k.let(z.get(i) as Expr);
          const none = compare("eq", y, zero);
          const larger = binary("max", unary("abs", x), unary("abs", y));
          const scale = k.let(select(none, one, larger));
          const a = k.let(binary("div", x, scale)), c = k.let(binary("div", y, scale));
          const length = unary("sqrt", binary("add", binary("mul", a, a), binary("mul", c, c)));
          const safe = k.let(select(none, one, length));
          const cosine = k.let(select(none, one, binary("div", a, safe)));
          const sine = k.let(select(none, zero, binary("div", c, safe)));
          dense.each(0, n, (j) => {
            const row = k.let(r.get(i, j) as Expr), other = k.let(z.get(j) as Expr);
            r.set(i, j, binary("add", binary("mul", cosine, row), binary("mul", sine, other)));
            z.set(j, binary("sub", binary("mul", cosine, other), binary("mul", sine, row)));
          });
        });
      });
    },
  },
});

/** Factors of the terms. */
export interface SymmetricProductParams {
  readonly alpha: number;
  readonly beta: number;
}

/** α A Aᵀ + β C. */
export const symmetricProduct: Primitive<SymmetricProductParams> = primitive("symmetric_product");

defineLinalg(symmetricProduct, {
  ranks: [2, 2],
  accepts: [floating, floating],
  results([a, c]) {
    if (a![0] !== c![1] || c![0] !== c![1]) {
      throw new ValueError(
        `symmetric_update expects a rectangular matrix of shape (m, n) and a square matrix of shape (n, n). Got shapes ${
          tuple(a!)
        } and ${tuple(c!)}.`,
      );
    }
    return [c!];
  },
  jvp: "none",
  lower: {
    kind: "decompose",
    as: ([a, c], { alpha, beta }) => [
      raw.add(raw.mul(matmul(a!, transposeMatrix(a!)), alpha), raw.mul(c!, beta)),
    ],
  },
});
