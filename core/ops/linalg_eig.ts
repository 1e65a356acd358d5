/**
 * Eigenvalues and vectors of general square matrices.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { tuple } from "../avals.ts";
import { complexDType, type DType, int32, isComplex } from "../dtypes.ts";
import { NotImplementedError, ValueError } from "../errors.ts";
import { type Primitive, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";
import { balance } from "./_balance.ts";
import { hessenbergSchur } from "./_hessenberg_qr.ts";
import {
  adjoint,
  along,
  defineLinalg,
  diagonalOf,
  matmul,
  noTangent,
  takeRows,
  transposeMatrix,
  upperTriangle,
} from "./linalg.ts";
import { range } from "./_shapes.ts";
import { triangularEigenvectors } from "./_triangular_eigenvectors.ts";
import { basis, inverseDifferences } from "./linalg_eigh.ts";
import { hessenberg } from "./linalg_hessenberg.ts";
import { lu, luSolve } from "./linalg_lu.ts";

/** Which results are computed. */
export interface EigParams {
  readonly computeLeftEigenvectors: boolean;
  readonly computeRightEigenvectors: boolean;
  /** Eigenvectors may be differentiated. */
  readonly enableEigvecDerivs: boolean;
  readonly implementation: string | null;
}

/** Eigenvalues, left eigenvectors and right eigenvectors, as far as they are asked for; all complex. */
export function eig(a: JaxArray, params: Partial<EigParams> = {}): readonly JaxArray[] {
  const {
    computeLeftEigenvectors = true,
    computeRightEigenvectors = true,
    enableEigvecDerivs = false,
    implementation = null,
  } = params;
  return bind(P.eig, [a], {
    computeLeftEigenvectors,
    computeRightEigenvectors,
    enableEigvecDerivs,
    implementation,
  });
}

const complexOf = (dtype: DType): DType => isComplex(dtype) ? dtype : complexDType(dtype);

/** X with A X = B. */
function solve(a: JaxArray, b: JaxArray): JaxArray {
  const [factors, , permutation] = lu(a);
  return luSolve([factors, permutation], b);
}

/** The positions of the elements of largest size in columns, as ones among zeros. */
function largestMask(v: JaxArray): JaxArray {
  const axis = v.ndim - 2;
  const position = bind1(P.argmax, [raw.abs(v)], { axes: [axis], indexDtype: int32 });
  return raw.eq(raw.iota(int32, v.shape, axis), along(position, -1, v.shape));
}

/**
 * dλ and dV for A V = V Λ: V⁻¹ dA V off the diagonal over the differences of eigenvalues, and what keeps unit length
 * and the largest component real.
 */
function tangents(w: JaxArray, v: JaxArray, da: JaxArray): readonly [dw: JaxArray, dv: JaxArray] {
  const inner = matmul(solve(v, da), v), free = matmul(v, raw.mul(inverseDifferences(w), inner));
  const axis = v.ndim - 2, mask = largestMask(v);
  const largest = (x: JaxArray): JaxArray => raw.reduceSum(raw.where(mask, x, raw.fullLike(x, 0)), [axis]);
  const re = raw.neg(raw.real(raw.reduceSum(raw.mul(raw.conj(v), free), [axis])));
  const im = raw.neg(raw.div(raw.imag(largest(free)), raw.real(largest(v))));
  return [diagonalOf(inner), raw.add(free, raw.mul(v, along(raw.complex(re, im), -1, v.shape)))];
}

defineLinalg(P.eig as Primitive<EigParams>, {
  ranks: [2],
  results([shape], { computeLeftEigenvectors, computeRightEigenvectors }) {
    if (shape![0] !== shape![1]) {
      throw new ValueError(`The input to eig must be a square matrix. Got shape ${tuple(shape!)}.`);
    }
    const vectors = Number(computeLeftEigenvectors) + Number(computeRightEigenvectors);
    return [[shape![0]!], ...Array.from({ length: vectors }, () => shape!)];
  },
  dtypes(dtype, { computeLeftEigenvectors, computeRightEigenvectors }) {
    const vectors = Number(computeLeftEigenvectors) + Number(computeRightEigenvectors);
    return Array.from({ length: 1 + vectors }, () => complexOf(dtype));
  },

  jvp([a], [da], params) {
    const { computeLeftEigenvectors: left, computeRightEigenvectors: right } = params;
    if ((left || right) && !params.enableEigvecDerivs) {
      throw new NotImplementedError(
        "Derivatives of non-symmetric eigenvectors are only valid under assumptions on the input that JAX cannot check " +
          "(see the enable_eigvec_derivs argument to jax.lax.linalg.eig). Pass enableEigvecDerivs: true to " +
          "lax.linalg.eig to opt in. See https://github.com/jax-ml/jax/issues/2748 for discussion.",
      );
    }
    const all = eig(a!, { ...params, computeRightEigenvectors: true });
    const w = all[0]!, vr = all.at(-1)!, outs = right ? all : all.slice(0, -1);
    if (da instanceof Zero) return [outs, outs.map(noTangent)];
    const change = raw.convert(da as JaxArray, vr.dtype);
    if (!left && !right) {
      const products = raw.mul(solve(vr, change), transposeMatrix(vr));
      return [outs, [raw.reduceSum(products, [vr.ndim - 1])]];
    }
    const [dw, dvr] = tangents(w, vr, change), out = [dw];
    if (left) out.push(tangents(raw.conj(w), all[1]!, adjoint(change))[1]);
    if (right) out.push(dvr);
    return [outs, out];
  },

  lower: { kind: "decompose", as: ([a], params) => decompose(a!, params) },
});

function decompose(a: JaxArray, params: EigParams): readonly JaxArray[] {
  const { computeLeftEigenvectors: left, computeRightEigenvectors: right, implementation } = params;
  if (implementation !== null && implementation !== "lapack") {
    throw new ValueError("Only the lapack implementation is supported on CPU.");
  }
  const n = a.shape.at(-1)!, batch = a.shape.slice(0, -2), type = complexOf(a.dtype);
  if (n === 0) {
    const none = raw.full(a.shape, 0, type);
    return [raw.full([...batch, 0], 0, type), ...(left ? [none] : []), ...(right ? [none] : [])];
  }
  const [balanced, scale, places, unscale] = balance(a);
  const [packed, taus] = hessenberg(balanced), form = left || right;
  const rows = form ? transposeMatrix(basis(packed, taus)) : raw.full([...batch, 0, n], 0, a.dtype);
  const [t, z, w] = hessenbergSchur(upperTriangle(packed, -1), rows, { form, vectors: form });
  const restored = (vectors: JaxArray, diagonal: JaxArray): JaxArray =>
    normalised(takeRows(timesReal(along(diagonal, -2, vectors.shape), vectors), places), w, a.dtype);
  const outs = [timesReal(raw.broadcastInDim(unscale, w.shape, range(w.ndim)), w)];
  if (left) {
    // Left eigenvectors are those of Tᴴ, which both axes reversed is triangular again.
    const axes = [t.ndim - 2, t.ndim - 1], reversed = raw.rev(adjoint(t), axes);
    const values = raw.rev(raw.conj(w), [w.ndim - 1]);
    const vectors = raw.rev(triangularEigenvectors(reversed, values), axes);
    outs.push(restored(product(transposeMatrix(z), vectors), raw.div(raw.fullLike(scale, 1), scale)));
  }
  if (right) outs.push(restored(product(transposeMatrix(z), triangularEigenvectors(t, w)), scale));
  return outs;
}

/** Product of a matrix that may be real with a complex one. */
function product(x: JaxArray, y: JaxArray): JaxArray {
  if (isComplex(x.dtype)) return matmul(x, y);
  return raw.complex(matmul(x, raw.real(y)), matmul(x, raw.imag(y)));
}

function timesReal(factors: JaxArray, x: JaxArray): JaxArray {
  return raw.complex(raw.mul(factors, raw.real(x)), raw.mul(factors, raw.imag(x)));
}

/** Columns of unit length whose largest component is real; those of real eigenvalues of real matrices stay real. */
function normalised(v: JaxArray, w: JaxArray, dtype: DType): JaxArray {
  const axis = v.ndim - 2, re = raw.real(v), im = raw.imag(v);
  // Scaled first, so that squares do not overflow.
  const size = raw.max(raw.reduceMax(raw.abs(re), [axis]), raw.reduceMax(raw.abs(im), [axis]));
  const inverse = along(raw.div(raw.fullLike(size, 1), size), -1, v.shape);
  const a = raw.mul(re, inverse), b = raw.mul(im, inverse);
  const squares = raw.add(raw.mul(a, a), raw.mul(b, b));
  const length = along(raw.sqrt(raw.reduceSum(squares, [axis])), -1, v.shape);
  const unit = raw.complex(raw.div(a, length), raw.div(b, length));
  const mask = largestMask(unit);
  const largest = raw.reduceSum(raw.where(mask, unit, raw.fullLike(unit, 0)), [axis]);
  const phase = raw.div(raw.conj(largest), raw.complex(raw.abs(largest), raw.fullLike(size, 0)));
  const turned = raw.mul(unit, along(phase, -1, v.shape));
  const settled = raw.complex(
    raw.real(turned),
    raw.where(mask, raw.full(v.shape, 0, size.dtype), raw.imag(turned)),
  );
  if (isComplex(dtype)) return settled;
  const isReal = along(raw.eq(raw.imag(w), 0), -1, v.shape);
  return raw.where(isReal, unit, settled);
}
