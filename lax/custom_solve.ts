// deno-lint-ignore-file no-explicit-any -- results are trees of the caller, whose types only the caller knows
/**
 * Solvers differentiated implicitly: `customRoot` and `customLinearSolve`.
 *
 * @module
 */
import { checkCallable, flattenArrays, invalidArgument } from "../core/argument.ts";
import type { JaxArray } from "../core/array.ts";
import { linearize, linearTranspose } from "../core/differentiate.ts";
import { checkOptions } from "../core/errors.ts";
import { ClosedJaxpr } from "../core/jaxpr.ts";
import { instantiate, jvpFlat, zeros } from "../core/jvp.ts";
import { bindLinearSolve } from "../core/ops/linear_solve.ts";
import { listDef, type PyTreeDef, unflatten } from "../core/pytree.ts";
import * as raw from "../core/raw.ts";
import { evalClosed, hoist } from "../core/staging.ts";
import { current } from "../core/trace.ts";
import { type AnyFunction, traceBody } from "./_body.ts";

/** Options of {@linkcode customLinearSolve}. */
export interface LinearSolveOptions {
  /** Solves with the transpose; needed for reverse mode unless `symmetric`. */
  readonly transposeSolve?: AnyFunction | null;
  /** The operator equals its transpose. */
  readonly symmetric?: boolean;
  /** `solve` returns `[x, aux]`. */
  readonly hasAux?: boolean;
}

/** Traces a function of one tree; what it captured stays beside the jaxpr. */
function capture(f: AnyFunction, tree: PyTreeDef, like: readonly JaxArray[], what: string): {
  jaxpr: ClosedJaxpr;
  captured: readonly JaxArray[];
  outTree: PyTreeDef;
} {
  const { closed, outTree } = traceBody(f, listDef([tree]), like.map((x) => x.aval.strong()), what);
  const { jaxpr, consts } = hoist(closed);
  return { jaxpr: new ClosedJaxpr(jaxpr.jaxpr), captured: consts, outTree };
}

function checkStructure(what: string, got: PyTreeDef, want: PyTreeDef): void {
  if (got !== want) {
    throw new TypeError(`${what} output pytree structure must match the structure of b: ${want}, got ${got}`);
  }
}

/**
 * Solves `matvec(x) = b` by a function of the caller's, with derivatives from the equation instead of the solver's steps.
 *
 * @param matvec linear function of a tree like `b`
 * @param b tree of arrays
 * @param solve `(matvec, b) => x`
 *
 * @example
 * ```ts
 * import { grad, lax, numpy as np } from "@jaxlet/jaxlet";
 * const f = (b: np.Array) => lax.customLinearSolve((x) => x.mul(4), b, (_, b) => b.div(4), { symmetric: true });
 * if (grad(f)(1).item() !== 0.25) throw new Error();
 * ```
 */
export function customLinearSolve(
  matvec: AnyFunction,
  b: unknown,
  solve: AnyFunction,
  options: LinearSolveOptions = {},
): any {
  checkCallable(matvec, "lax.customLinearSolve");
  checkCallable(solve, "lax.customLinearSolve");
  checkOptions("custom_linear_solve", options, ["transposeSolve", "symmetric", "hasAux"]);
  const { transposeSolve = null, symmetric = false, hasAux = false } = options;
  const { arrays, treedef } = flattenArrays(b, invalidArgument("custom_linear_solve"));
  const forward = capture(matvec, treedef, arrays, "custom_linear_solve matvec");
  checkStructure("matvec", forward.outTree, treedef);
  const solved = capture((rhs: unknown) => solve(matvec, rhs), treedef, arrays, "custom_linear_solve solve");
  const [solutionTree, auxTree] = hasAux
    ? solved.outTree.children() as [PyTreeDef, PyTreeDef]
    : [solved.outTree, null];
  checkStructure("solve", solutionTree, treedef);
  const transposed = symmetric ? matvec : (ct: unknown) => linearTranspose(matvec, b)(ct)[0];
  const backward = symmetric || transposeSolve
    ? capture(transposed, treedef, arrays, "custom_linear_solve vecmat")
    : null;
  const backSolve = symmetric ? solve : transposeSolve;
  const backSolved = backSolve
    ? capture(
      hasAux && symmetric
        ? (rhs: unknown) => backSolve(transposed, rhs)[0]
        : (rhs: unknown) => backSolve(transposed, rhs),
      treedef,
      arrays,
      "custom_linear_solve transpose_solve",
    )
    : null;
  const numAux = auxTree?.numLeaves ?? 0;
  const outs = bindLinearSolve(
    { matvec: forward, vecmat: backward, solve: solved, transposeSolve: backSolved },
    arrays,
    numAux,
  );
  const x = unflatten(treedef, outs.slice(0, arrays.length));
  return auxTree ? [x, unflatten(auxTree, outs.slice(arrays.length))] : x;
}

/**
 * A root of `f` by a function of the caller's, with derivatives by the implicit function theorem.
 *
 * @param f from a tree to a tree of the same structure; may capture traced values
 * @param initialGuess where to start
 * @param solve `(f, guess) => root` (or `[root, aux]` with `hasAux`)
 * @param tangentSolve `(g, y) => x` with linear g(x) = y
 */
export function customRoot(
  f: AnyFunction,
  initialGuess: unknown,
  solve: AnyFunction,
  tangentSolve: AnyFunction,
  options: { hasAux?: boolean } = {},
): any {
  for (const g of [f, solve, tangentSolve]) checkCallable(g, "lax.customRoot");
  checkOptions("custom_root", options, ["hasAux"]);
  const { hasAux = false } = options;
  const { arrays: guess, treedef } = flattenArrays(initialGuess, invalidArgument("custom_root"));
  const traced = capture(f, treedef, guess, "custom_root f");
  checkStructure("f", traced.outTree, treedef);
  const count = traced.captured.length;
  let auxTree: PyTreeDef | null = null;
  const apply = (consts: readonly JaxArray[]) => (x: unknown): unknown =>
    unflatten(
      treedef,
      evalClosed(traced.jaxpr, [...consts, ...flattenArrays(x, invalidArgument("custom_root")).arrays]),
    );
  const run = (...args: JaxArray[]): JaxArray[] => {
    const result = solve(apply(args.slice(0, count)), unflatten(treedef, args.slice(count)));
    const flat = flattenArrays(result, invalidArgument("custom_root solve"));
    const tree = hasAux ? flat.treedef.children()[0]! : flat.treedef;
    if (hasAux) auxTree = flat.treedef.children()[1]!;
    checkStructure("solve", tree, treedef);
    return flat.arrays;
  };
  const outs = current().processCustomJvp({
    name: "custom_root",
    numConsts: 0,
    fun: run,
    jvp: (primals, tangents) => {
      const solution = run(...primals), root = solution.slice(0, guess.length);
      const consts = primals.slice(0, count);
      // f(m, u(m)) = 0: du = -(df/du)⁻¹ (df/dm) dm.
      const { tangents: moved } = jvpFlat(
        (...ms) => evalClosed(traced.jaxpr, [...ms, ...root]),
        consts,
        tangents.slice(0, count),
      );
      const rhs = moved.map((t) => instantiate(t));
      const [, slope] = linearize(apply(consts), unflatten(treedef, root));
      const step = flattenArrays(
        tangentSolve(slope, unflatten(treedef, rhs)),
        invalidArgument("custom_root tangent_solve"),
      );
      const dots = step.arrays.map((x) => raw.neg(x));
      const aux = solution.slice(guess.length).map((x) => zeros(x.aval.tangent()));
      return [solution, [...dots, ...aux]];
    },
  }, [...traced.captured, ...guess]);
  const root = unflatten(treedef, outs.slice(0, guess.length));
  return hasAux ? [root, unflatten(auxTree!, outs.slice(guess.length))] : root;
}
