/**
 * `hessenberg_qr`: Schur form and eigenvalues of upper Hessenberg matrices. Appears in lowered programs only.
 *
 * @module
 */
import { binary, compare, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import { Pair, type Val } from "../../kernel/lowering.ts";
import type { JaxArray } from "../array.ts";
import { complexDType, isComplex } from "../dtypes.ts";
import { type Primitive, primitive } from "../primitive.ts";
import { bind } from "../trace.ts";
import { ComplexSchur } from "./_complex_schur.ts";
import { batchOf, eachMatrix } from "./_dense.ts";
import { plus, times } from "./_dense_scalars.ts";
import { fill } from "./_dense_loops.ts";
import { defineLinalg } from "./linalg.ts";
import { RealSchur } from "./_real_schur.ts";

/** What is computed. */
interface HessenbergParams {
  /** The Schur form, and not its eigenvalues alone. */
  readonly form: boolean;
  /** The unitary matrix too. */
  readonly vectors: boolean;
}

const hessenbergQr: Primitive<HessenbergParams> = primitive("hessenberg_qr");

/**
 * H = S T Sᴴ with T triangular, or, for real H, with blocks of two rows for pairs of eigenvalues. Gives T, Z Sᵀ from
 * Z = Qᵀ, and the eigenvalues. NaN where the iteration does not end; without `form` the first result is of no use.
 */
export function hessenbergSchur(
  h: JaxArray,
  z: JaxArray,
  params: HessenbergParams,
): readonly [t: JaxArray, z: JaxArray, eigenvalues: JaxArray] {
  return bind(hessenbergQr as Primitive, [h, z], params) as readonly [JaxArray, JaxArray, JaxArray];
}

defineLinalg(hessenbergQr, {
  ranks: [2, 2],
  results: ([h, z]) => [h!, z!, [h![0]!]],
  dtypes: (dtype) => [dtype, dtype, isComplex(dtype) ? dtype : complexDType(dtype)],
  jvp: "none",
  lower: {
    kind: "routine",
    inPlace: 0,
    build(k, [, z], [t, zOut, eigenvalues], { form, vectors }) {
      const n = t!.aval.shape.at(-1)!;
      if (n === 0) return;
      eachMatrix(k, t!.aval.dtype, batchOf(t!, 2), (dense, b) => {
        const rows = dense.matrix(zOut!, b), source = dense.matrix(z!, b), h = dense.matrix(t!, b);
        const [count, length] = z!.aval.shape.slice(-2) as [number, number];
        fill(dense, rows, [count, length], (i, j) => source.get(i, j));
        const first = k.let(times(b, n)), at = (i: Expr): Expr => plus(first, i);
        const task = {
          h,
          n,
          form,
          z: vectors ? rows : null,
          setEigenvalue: (i: Expr, re: Expr, im: Expr) => k.writeVal(eigenvalues!, at(i), new Pair(re, im)),
        };
        const most = dense.greatestIn(h, n, n), scale = dense.scaleFor(most);
        dense.scaleAll(h, n, scale);
        const iteration = dense.complex ? new ComplexSchur(dense, task) : new RealSchur(dense, task);
        // LAPACK takes no infinity or NaN either.
        iteration.ok.set(compare("lt", most, dense.real(Infinity)));
        k.if(iteration.ok.get(), () => iteration.run());
        const unscale = k.let(binary("div", dense.real(1), scale));
        dense.scaleAll(h, n, unscale);
        k.for(0, n, (i) => {
          const { re, im } = k.readVal(eigenvalues!, at(i)) as Pair;
          k.writeVal(eigenvalues!, at(i), new Pair(binary("mul", unscale, re), binary("mul", unscale, im)));
        });
        const nan = dense.real(NaN), none: Val = dense.complex ? new Pair(nan, nan) : nan;
        k.if(unary("not", iteration.ok.get()), () => {
          fill(dense, h, [n, n], () => none);
          fill(dense, rows, [count, length], () => none);
          k.for(0, n, (i) => k.writeVal(eigenvalues!, at(i), new Pair(nan, nan)));
        });
      });
    },
  },
});
