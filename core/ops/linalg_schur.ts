/**
 * Schur decomposition of square matrices.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { tuple } from "../avals.ts";
import { NotImplementedError, ValueError } from "../errors.ts";
import type { Primitive } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind } from "../trace.ts";
import { hessenbergSchur } from "./_hessenberg_qr.ts";
import { defineLinalg, transposeMatrix, upperTriangle } from "./linalg.ts";
import { basis } from "./linalg_eigh.ts";
import { hessenberg } from "./linalg_hessenberg.ts";

/** What is computed; `sortEigVals` is refused, as by LAPACK through JAX. */
export interface SchurParams {
  readonly computeSchurVectors: boolean;
  readonly sortEigVals: boolean;
  readonly selectCallable: null;
}

/** T, and with vectors Q, of A = Q T Qᴴ. Real matrices have real T with blocks of two rows for pairs of eigenvalues. */
export function schur(a: JaxArray, computeSchurVectors = true): readonly JaxArray[] {
  return bind(P.schur, [a], { computeSchurVectors, sortEigVals: false, selectCallable: null });
}

defineLinalg(P.schur as Primitive<SchurParams>, {
  ranks: [2],
  results([shape], { computeSchurVectors }) {
    if (shape![0] !== shape![1]) {
      throw new ValueError(`The input to schur must be a square matrix. Got shape ${tuple(shape!)}.`);
    }
    return computeSchurVectors ? [shape!, shape!] : [shape!];
  },
  jvp: "none",
  lower: {
    kind: "decompose",
    as([a], { computeSchurVectors, sortEigVals }) {
      if (sortEigVals) {
        throw new NotImplementedError("The sort feature of LAPACK's gees routine is not implemented.");
      }
      const x = a!, batch = x.shape.slice(0, -2), n = x.shape.at(-1)!;
      if (n === 0) return computeSchurVectors ? [x, x] : [x];
      const [packed, taus] = hessenberg(x);
      const rows = computeSchurVectors
        ? transposeMatrix(basis(packed, taus))
        : raw.full([...batch, 0, n], 0, x.dtype);
      const [t, z] = hessenbergSchur(upperTriangle(packed, -1), rows, {
        form: true,
        vectors: computeSchurVectors,
      });
      return computeSchurVectors ? [t, transposeMatrix(z)] : [t];
    },
  },
});
