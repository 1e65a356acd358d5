/**
 * Eigenvalues and vectors of real symmetric tridiagonal matrices by the implicit QL algorithm.
 *
 * @module
 */
import type { KernelBuilder, Local } from "../../kernel/builder.ts";
import { binary, branch, compare, constant, convert, index, select, unary } from "../../kernel/expr.ts";
import type { Expr, Param } from "../../kernel/ir.ts";
import { realDType } from "../dtypes.ts";
import { type Primitive, primitive } from "../primitive.ts";
import type { JaxArray } from "../array.ts";
import { bind } from "../trace.ts";
import { batchOf, type Dense, eachMatrix, type Matrix, minus, plus, times } from "./_dense.ts";
import { fill } from "./_dense_loops.ts";
import { defineLinalg } from "./_linalg.ts";
import { rotateRows, rotationOf } from "./_rotations.ts";

const tridiagonalQl: Primitive<Record<string, never>> = primitive("tridiagonal_ql");

/**
 * Eigenvalues of T in ascending order, from its diagonals `d` and `e`, and the rows of Z turned into eigenvectors: with
 * A = Q T Qᴴ and Z = Qᵀ, row i becomes the eigenvector of A for eigenvalue i. NaN where the iteration does not end.
 */
export function tridiagonalEigen(
  d: JaxArray,
  e: JaxArray,
  z: JaxArray,
): readonly [values: JaxArray, vectors: JaxArray] {
  return bind(tridiagonalQl as Primitive, [d, e, z]) as readonly [JaxArray, JaxArray];
}

const never = (): never => {
  throw new Error("tridiagonal_ql is made by lowering, after differentiation and batching");
};

defineLinalg(tridiagonalQl, {
  ranks: [1, 1, 2],
  mixed: true,
  results: ([d, , z]) => [d!, z!],
  dtypes: never,
  jvp: "none",
  lower: { kind: "routine", build: never },
});
