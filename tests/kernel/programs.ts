/**
 * Stages functions of arrays, lowers them and runs them on the reference backend: as one program, or equation by
 * equation, which knows no fusion.
 *
 * @module
 */
import "../../core/ops/mod.ts";
import "../../core/ops/cond.ts";
import "../../core/ops/jit.ts";
import "../../core/ops/reduce.ts";
import "../../core/ops/scan.ts";
import "../../core/ops/while.ts";
import type { JaxArray } from "../../core/array.ts";
import { shaped, type ShapedArray } from "../../core/avals.ts";
import type { ConcreteArray } from "../../core/concrete.ts";
import { type DType, float32, typedArrayFor } from "../../core/dtypes.ts";
import type { TypedArray } from "../../core/dtypes.ts";
import { type Atom, ClosedJaxpr, Jaxpr, type Literal, Var } from "../../core/jaxpr.ts";
import { allocate } from "../../core/host.ts";
import { setScalar } from "../../core/scalar.ts";
import { stage } from "../../core/staging.ts";
import type { Program } from "../../kernel/ir.ts";
import { lowerJaxpr, setDecomposer } from "../../kernel/lower.ts";
import { runReference } from "../../kernel/reference.ts";

export type Fn = (...args: JaxArray[]) => readonly JaxArray[];

setDecomposer((fn, avals) => {
  const { jaxpr, consts } = stage(fn, avals);
  return new ClosedJaxpr(jaxpr, consts);
});

/** Bytes of flat data. */
export function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}

const constantBytes = (x: JaxArray): Uint8Array => bytesOf((x as ConcreteArray).dataSync());

/** The program of a function on types. */
export function lower(fn: Fn, avals: readonly ShapedArray[]): Program {
  const { jaxpr, consts } = stage(fn, avals);
  return lowerJaxpr(new ClosedJaxpr(jaxpr, consts), { constantBytes });
}

/** An argument: shape, flat data, dtype. */
export interface Arg {
  readonly aval: ShapedArray;
  readonly data: TypedArray;
}

/** A float32 argument. */
export function f32(shape: readonly number[], data: ArrayLike<number> | ((i: number) => number)): Arg {
  const aval = shaped(shape, float32);
  return {
    aval,
    data: typeof data === "function"
      ? Float32Array.from({ length: aval.size }, (_, i) => data(i))
      : Float32Array.from(data),
  };
}

/** An argument of any dtype. */
export function arg(dtype: DType, shape: readonly number[], data: ArrayLike<number | bigint>): Arg {
  return {
    aval: shaped(shape, dtype),
    data: (typedArrayFor(dtype) as unknown as typeof Float32Array).from(data as number[]),
  };
}

function view(bytes: Uint8Array, dtype: DType): TypedArray {
  return new (typedArrayFor(dtype))(bytes.slice().buffer as ArrayBuffer) as TypedArray;
}

/** Runs a function as one program. */
export function run(fn: Fn, ...args: readonly Arg[]): TypedArray[] {
  const { jaxpr, consts } = stage(fn, args.map((a) => a.aval));
  const program = lowerJaxpr(new ClosedJaxpr(jaxpr, consts), { constantBytes });
  return runReference(program, args.map((a) => bytesOf(a.data))).map((b, i) =>
    view(b, jaxpr.outAvals[i]!.dtype)
  );
}

/** Runs a function equation by equation. */
export function runUnfused(fn: Fn, ...args: readonly Arg[]): TypedArray[] {
  const { jaxpr, consts } = stage(fn, args.map((a) => a.aval));
  const values = new Map<Var, Uint8Array>();
  jaxpr.invars.forEach((v, i) => values.set(v, bytesOf(args[i]!.data)));
  jaxpr.constvars.forEach((v, i) => values.set(v, constantBytes(consts[i]!)));
  const read = (x: Atom): Uint8Array => {
    if (x instanceof Var) return values.get(x)!;
    const data = allocate(x.aval.dtype, 1);
    setScalar(data, x.aval.dtype, 0, (x as Literal).value);
    return bytesOf(data);
  };
  for (const eqn of jaxpr.eqns) {
    const inputs = eqn.inputs.map((x) => new Var(x.aval));
    const one = new Jaxpr([], inputs, [{ ...eqn, inputs }], eqn.outputs);
    const outs = runReference(lowerJaxpr(new ClosedJaxpr(one), { constantBytes }), eqn.inputs.map(read));
    eqn.outputs.forEach((v, i) => values.set(v, outs[i]!));
  }
  return jaxpr.outvars.map((x) => view(read(x), x.aval.dtype));
}

/** Numbers of the kernels in a program's top-level and inner steps. */
export function kernelCount(program: Program): number {
  let n = 0;
  const walk = (steps: Program["steps"]): void => {
    for (const step of steps) {
      if (step.kind === "kernel") n++;
      else if (step.kind === "loop") walk(step.body);
      else if (step.kind === "while") {
        walk(step.condition);
        walk(step.body);
      } else if (step.kind === "switch") step.branches.forEach(walk);
    }
  };
  walk(program.steps);
  return n;
}
