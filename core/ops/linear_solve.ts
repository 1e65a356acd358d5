/**
 * `custom_linear_solve`: the solution of a linear system by functions that the caller gives, differentiated implicitly.
 *
 * @module
 */
import type { JaxArray } from "../array.ts";
import { batchJaxpr, toFront } from "../batching.ts";
import { NotImplementedError } from "../errors.ts";
import type { ClosedJaxpr } from "../jaxpr.ts";
import { instantiate, jvpFlat } from "../jvp.ts";
import { type Tangent, UndefinedPrimal, Zero } from "../primitive.ts";
import { P } from "../prims.ts";
import * as raw from "../raw.ts";
import { evalClosed, hoist } from "../staging.ts";
import { bind } from "../trace.ts";

/** A jaxpr whose leading inputs are values that the function captured. */
export interface Captured {
  readonly jaxpr: ClosedJaxpr;
  readonly count: number;
}

/** Parameters: inputs are the captured values of each function in this order, then the right-hand side. */
export interface LinearSolveParams {
  /** x to A x. */
  readonly matvec: Captured;
  /** x to Aᵀ x; null where there is none. */
  readonly vecmat: Captured | null;
  /** b to A⁻¹ b (and auxiliary results). */
  readonly solve: Captured;
  /** b to A⁻ᵀ b. */
  readonly transposeSolve: Captured | null;
  /** Number of auxiliary results of `solve`. */
  readonly numAux: number;
}

const parts = ["matvec", "vecmat", "solve", "transposeSolve"] as const;

/** The captured values of each function, and the right-hand side. */
function split<T>(
  inputs: readonly T[],
  params: LinearSolveParams,
): { captured: Record<typeof parts[number], T[]>; b: T[] } {
  const captured = {} as Record<typeof parts[number], T[]>;
  let at = 0;
  for (const name of parts) {
    const count = params[name]?.count ?? 0;
    captured[name] = inputs.slice(at, at + count);
    at += count;
  }
  return { captured, b: inputs.slice(at) };
}

/** Binds with functions that may have constants of their own, which join the captured values. */
export function bindLinearSolve(
  functions: Readonly<
    Record<typeof parts[number], { jaxpr: ClosedJaxpr; captured: readonly JaxArray[] } | null>
  >,
  b: readonly JaxArray[],
  numAux: number,
): readonly JaxArray[] {
  const inputs: JaxArray[] = [], params: Record<string, Captured | null | number> = { numAux };
  for (const name of parts) {
    const f = functions[name];
    if (!f) {
      params[name] = null;
      continue;
    }
    const { jaxpr, consts } = hoist(f.jaxpr);
    const all = [...consts, ...f.captured];
    inputs.push(...all);
    params[name] = { jaxpr, count: all.length };
  }
  return bind(P.custom_linear_solve, [...inputs, ...b], params);
}

const given = (
  part: Captured | null,
  captured: readonly JaxArray[],
): { jaxpr: ClosedJaxpr; captured: readonly JaxArray[] } | null => part && { jaxpr: part.jaxpr, captured };

P.custom_linear_solve.define({
  abstractEval: (_avals, { solve }: LinearSolveParams) => solve.jaxpr.outAvals,

  /** A x = b gives A dx = db - dA x. */
  jvp(primals, tangents, params: LinearSolveParams) {
    const { captured, b } = split(primals, params),
      { captured: captureDots, b: dots } = split(tangents, params);
    const outs = bind(P.custom_linear_solve, primals, params);
    const x = outs.slice(0, b.length);
    const moves = captureDots.matvec.some((t) => !(t instanceof Zero));
    const matrixPart = moves
      ? jvpFlat(
        (...consts) => evalClosed(params.matvec.jaxpr, [...consts, ...x]),
        captured.matvec,
        captureDots.matvec,
      ).tangents
      : x.map((v): Tangent => new Zero(v.aval.tangent()));
    const rhs = dots.map((t, i) => {
      const m = matrixPart[i]!;
      if (m instanceof Zero) return instantiate(t);
      return t instanceof Zero ? raw.neg(m) : raw.sub(t as JaxArray, m);
    });
    const all = [...parts.flatMap((name) => captured[name]), ...rhs];
    const solved = bind(P.custom_linear_solve, all, params);
    const aux = outs.slice(b.length).map((o): Tangent => new Zero(o.aval.tangent()));
    return [outs, [...solved.slice(0, b.length), ...aux]];
  },

  transpose(cts, inputs, params: LinearSolveParams) {
    const { captured, b } = split(inputs, params);
    if (!params.transposeSolve || !params.vecmat) {
      throw new TypeError(
        "transpose_solve required for backwards mode automatic differentiation of custom_linear_solve",
      );
    }
    const values = (name: typeof parts[number]): JaxArray[] => captured[name] as JaxArray[];
    const rhs = b.map((_, i) => instantiate(cts[i]!));
    const outs = bindLinearSolve(
      {
        matvec: given(params.vecmat, values("vecmat")),
        vecmat: given(params.matvec, values("matvec")),
        solve: given(params.transposeSolve, values("transposeSolve")),
        transposeSolve: given(params.solve, values("solve")),
      },
      rhs,
      0,
    );
    const count = inputs.length - b.length;
    return [
      ...new Array<null>(count).fill(null),
      ...b.map((x, i) => x instanceof UndefinedPrimal ? outs[i]! : null),
    ];
  },

  batch(axis, args, dims, params: LinearSolveParams) {
    const front = args.map((x, i) => dims[i] === null ? x : toFront(x, dims[i]!, axis.size));
    const { captured, b } = split(front, params), { captured: dimsOf } = split(dims, params);
    // Everything that takes or gives a solution is mapped, whether its right-hand side is or not.
    const mappedB = b.map((x, i) =>
      dims[args.length - b.length + i] === null ? toFront(x, null, axis.size) : x
    );
    const batched = (
      name: typeof parts[number],
    ): { jaxpr: ClosedJaxpr; captured: readonly JaxArray[] } | null => {
      const part = params[name];
      if (!part) return null;
      const mapped = [...dimsOf[name].map((d) => d !== null), ...b.map(() => true)];
      return { jaxpr: batchJaxpr(part.jaxpr, axis, mapped, true).jaxpr, captured: captured[name] };
    };
    const outs = bindLinearSolve(
      {
        matvec: batched("matvec"),
        vecmat: batched("vecmat"),
        solve: batched("solve"),
        transposeSolve: batched("transposeSolve"),
      },
      mappedB,
      params.numAux,
    );
    return [outs, outs.map(() => 0)];
  },

  lower: {
    kind: "region",
    emit(context) {
      const { captured, b } = split(context.inputs, context.params);
      return context.inline(context.params.solve.jaxpr, [...captured.solve, ...b]);
    },
  },

  subJaxprs: (params: LinearSolveParams) =>
    parts.flatMap((name) => params[name] ? [params[name].jaxpr.jaxpr] : []),
});

/** Parameters of a call with a batching rule of its own. */
export interface CustomVmapParams {
  readonly name: string;
  readonly call: ClosedJaxpr;
  /** From the mapped axis and values (mapped axis in front) to results and whether each is mapped. */
  readonly rule: (
    axisSize: number,
    mapped: readonly boolean[],
    args: readonly JaxArray[],
  ) => { readonly outs: readonly JaxArray[]; readonly mapped: readonly boolean[] };
}

P.custom_vmap_call.define({
  abstractEval: (_avals, { call }: CustomVmapParams) => call.outAvals,
  jvp: (primals, tangents, { call }: CustomVmapParams) => {
    const { outs, tangents: dots } = jvpFlat((...xs) => evalClosed(call, xs), primals, tangents);
    return [outs, dots];
  },
  transpose: () => {
    throw new NotImplementedError("custom_vmap functions cannot be transposed: give them a custom_vjp rule");
  },
  batch(axis, args, dims, { rule }: CustomVmapParams) {
    const front = args.map((x, i) => dims[i] === null ? x : toFront(x, dims[i]!, axis.size));
    const { outs, mapped } = rule(axis.size, dims.map((d) => d !== null), front);
    return [outs, mapped.map((m) => m ? 0 : null)];
  },
  lower: { kind: "region", emit: (context) => context.inline(context.params.call, context.inputs) },
  subJaxprs: ({ call }: CustomVmapParams) => [call.jaxpr],
  printParams: ({ call }: CustomVmapParams) => ({ call }),
});
