/**
 * Conversions between dtypes, complex numbers and their parts, and identities.
 *
 * @module
 */
import * as s from "../../kernel/scalar.ts";
import type { JaxArray } from "../array.ts";
import { shaped } from "../avals.ts";
import { complexDType, float0, isComplex, tangentDType } from "../dtypes.ts";
import { ValueError } from "../errors.ts";
import { instantiate } from "../jvp.ts";
import { type Tangent, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { bind, bind1 } from "../trace.ts";
import {
  type Accepts,
  defineElementwise,
  elementwise,
  linearJvp,
  linearTranspose,
  realOf,
  sameAxisBatch,
} from "./_combinators.ts";

P.convert_element_type.define({
  abstractEval([x], { newDtype, weakType }) {
    const { shape, dtype } = x!;
    if (dtype !== newDtype && (dtype.kind === "key" || newDtype.kind === "key" || dtype === float0)) {
      throw new ValueError(`Cannot convert_element_type from ${dtype.name} to ${newDtype.name}`);
    }
    return [shaped(shape, newDtype, weakType)];
  },
  jvp([x], [t], params) {
    const out = bind(P.convert_element_type, [x!], params);
    const { newDtype, weakType } = params;
    if (t instanceof Zero || tangentDType(newDtype) === float0) {
      return [out, [new Zero(out[0]!.aval.tangent())]];
    }
    return [out, [bind1(P.convert_element_type, [t!], { newDtype, weakType })]];
  },
  transpose([ct], [x]) {
    if (!(x instanceof UndefinedPrimal)) return [null];
    const { dtype, weakType } = x.aval;
    if (ct instanceof Zero || tangentDType(dtype) === float0) return [new Zero(x.aval.tangent())];
    return [bind1(P.convert_element_type, [ct!], { newDtype: dtype, weakType })];
  },
  batch: sameAxisBatch(() => P.convert_element_type),
  lower: elementwise(([x], { in: from, out }) => s.convertVal(out, from, x!)),
});

const complexNumber: Accepts = ["complexfloating"];
const component: Accepts = ["float32", "float64"];

// The transposes make real and imag the parts of the linear map that JAX pairs without conjugation.
defineElementwise(P.real, {
  accepts: [complexNumber],
  result: ([dtype]) => realOf(dtype!),
  scalar: ([x]) => s.real(x!),
  jvp: linearJvp(() => P.real),
  transpose: linearTranspose((ct) => raw.complex(ct, raw.like(ct, 0))),
});

defineElementwise(P.imag, {
  accepts: [complexNumber],
  result: ([dtype]) => realOf(dtype!),
  scalar: ([x]) => s.imag(x!),
  jvp: linearJvp(() => P.imag),
  transpose: linearTranspose((ct) => raw.complex(raw.like(ct, 0), raw.neg(ct))),
});

defineElementwise(P.complex, {
  accepts: [component, component],
  result: ([dtype]) => complexDType(dtype!),
  scalar: ([re, im]) => s.complexOf(re!, im!),
  jvp: ([re, im], tangents) => [
    [raw.complex(re!, im!)],
    [raw.complex(...tangents.map((t) => instantiate(t)) as [JaxArray, JaxArray])],
  ],
  transpose: linearTranspose((ct, i) => i === 0 ? raw.real(ct) : raw.imag(raw.neg(ct))),
});

// The conjugate of a real number is a complex one.
defineElementwise(P.conj, {
  accepts: [["float32", "float64", "complexfloating"]],
  result: ([dtype]) => complexDType(dtype!),
  scalar: ([x], { in: dtype, out }) => isComplex(dtype) ? s.conj(x!) : s.convertVal(out, dtype, x!),
  jvp: linearJvp(() => P.conj),
  transpose: linearTranspose((ct, _i, [x]) =>
    isComplex((x as UndefinedPrimal).aval.dtype) ? raw.conj(ct) : raw.real(ct)
  ),
});

P.copy.define({
  abstractEval: ([x]) => [x!],
  jvp: linearJvp(() => P.copy),
  transpose: linearTranspose((ct) => bind1(P.copy, [ct])),
  batch: sameAxisBatch(() => P.copy),
  lower: { kind: "identity" },
});

P.stop_gradient.define({
  abstractEval: ([x]) => [x!],
  jvp: "zero",
  transpose: "nonlinear",
  batch: sameAxisBatch(() => P.stop_gradient),
  lower: { kind: "identity" },
});

/** A barrier over the tangents that are not zero. */
function barrierOfNonzero(tangents: readonly Tangent[]): Tangent[] {
  const nonzero = tangents.filter((t): t is JaxArray => !(t instanceof Zero));
  const outs = bind(P.optimization_barrier, nonzero);
  let next = 0;
  return tangents.map((t) => t instanceof Zero ? t : outs[next++]!);
}

P.optimization_barrier.define({
  abstractEval: (avals) => avals,
  jvp: (primals, tangents) => [bind(P.optimization_barrier, primals), barrierOfNonzero(tangents)],
  transpose: (cotangents) => barrierOfNonzero(cotangents),
  batch: sameAxisBatch(() => P.optimization_barrier),
  lower: { kind: "identity" },
});
