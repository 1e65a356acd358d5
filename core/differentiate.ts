/**
 * Derivatives over pytrees: `jvp`, `linearize`, `vjp`, `linearTranspose`.
 *
 * @module
 */
import { checkCallable, FlatFunction, flattenArrays, invalidArgument, leafAval } from "./argument.ts";
import type { JaxArray } from "./array.ts";
import { type ShapedArray, tuple } from "./avals.ts";
import { describe } from "./concrete.ts";
import { float0 } from "./dtypes.ts";
import { checkOptions, ValueError } from "./errors.ts";
import type { Jaxpr } from "./jaxpr.ts";
import { instantiate, jvpFlat, zeros } from "./jvp.ts";
import { partialEvalFlat } from "./partial_eval.ts";
import { type Tangent, UndefinedPrimal, Zero } from "./primitive.ts";
import { flatten, isOptions, type PyTreeDef, unflatten } from "./pytree.ts";
import { convert } from "./raw.ts";
import { evalJaxpr, stage } from "./staging.ts";
import { backwardPass } from "./transpose.ts";

// deno-lint-ignore no-explicit-any -- the type of any function
export type AnyFunction = (...args: any[]) => any;

/** A function of flat lists whose pytree result carries auxiliary data beside it. */
export class AuxFunction {
  readonly flat: (...args: JaxArray[]) => JaxArray[];
  outTree: PyTreeDef | null = null;
  auxTree: PyTreeDef | null = null;
  count = 0;

  constructor(f: AnyFunction, inTree: PyTreeDef, what: string, hasAux: boolean, self: unknown) {
    const inner = hasAux ? (...args: unknown[]) => checkPair(f.apply(self, args)) : f;
    const whole = new FlatFunction(inner, inTree, what, self);
    this.flat = (...args) => {
      const outs = whole.call(...args);
      if (!hasAux) {
        this.outTree = whole.outTree;
        this.count = outs.length;
        return outs;
      }
      const [main, aux] = whole.outTree!.children();
      this.outTree = main!;
      this.auxTree = aux!;
      this.count = main!.numLeaves;
      return outs;
    };
  }
}

/** The pair that a function with auxiliary data returns. */
export function checkPair(result: unknown): unknown {
  if (Array.isArray(result) && result.length === 2) return result;
  throw new TypeError(
    `expected function with aux output to return a two-element tuple, but got type ${describe(result)}: ` +
      `return [output, aux]`,
  );
}

/** Splits an options object off variadic arguments. */
function splitOptions<O extends object>(args: readonly unknown[], names: readonly string[]): [unknown[], O] {
  const last = args.at(-1);
  if (args.length > 0 && isOptions(last, names)) return [args.slice(0, -1), last as O];
  return [[...args], {} as O];
}

/** Raises unless each tangent has its primal's shape and tangent dtype; float0 becomes symbolic zero. */
function checkTangents(primals: readonly JaxArray[], tangents: readonly JaxArray[]): Tangent[] {
  return primals.map((p, i) => {
    const t = tangents[i]!, want = p.aval.tangent();
    if (t.dtype !== want.dtype) {
      // A number given as the tangent of a float is of that dtype.
      if (t.weakType && t.ndim === 0 && want.dtype !== float0 && p.ndim === 0) {
        return convert(t, want.dtype);
      }
      throw new TypeError(
        `primal and tangent arguments to jax.jvp do not match; dtypes must be equal, or in case of int/bool primal ` +
          `dtype the tangent dtype must be float0.Got primal dtype ${p.dtype.name} and so expected tangent dtype ` +
          `${want.dtype.name}, but got tangent dtype ${t.dtype.name} instead.`,
      );
    }
    if (t.shape.length !== p.shape.length || t.shape.some((n, k) => n !== p.shape[k])) {
      throw new ValueError(
        `jvp called with different primal and tangent shapes;Got primal shape ${
          tuple(p.shape)
        } and tangent shape as ${tuple(t.shape)}`,
      );
    }
    return want.dtype === float0 ? new Zero(want) : t;
  });
}

/**
 * Forward-mode derivative: values and directional derivatives of `f` at `primals` along `tangents`.
 *
 * @param primals list of arguments (pytrees of arrays)
 * @param tangents list of the same structure, shapes and tangent dtypes (float0 for integers)
 * @returns `[outputs, outputTangents]`, or `[outputs, outputTangents, aux]` with `hasAux`
 *
 * @example
 * ```ts
 * import { jvp, numpy as np } from "@jaxlet/jaxlet";
 * const [y, dy] = jvp((x) => np.square(x), [3], [1]);
 * if (y.item() !== 9 || dy.item() !== 6) throw new Error();
 * ```
 */
export function jvp<F extends AnyFunction>(
  f: F,
  primals: readonly unknown[],
  tangents: readonly unknown[],
  options: { hasAux?: boolean } = {},
  // deno-lint-ignore no-explicit-any -- the tangent has the output's own type, which a caller may know
): any[] {
  checkCallable(f, "jvp");
  checkOptions("jvp", options, ["hasAux"]);
  if (!Array.isArray(primals) || !Array.isArray(tangents)) {
    throw new TypeError(
      `primal and tangent arguments to jax.jvp must be tuples or lists; found ${describe(primals)} and ${
        describe(tangents)
      }.`,
    );
  }
  const p = flattenArrays(primals, invalidArgument("jvp")),
    t = flattenArrays(tangents, invalidArgument("jvp"));
  if (p.treedef !== t.treedef) {
    throw new TypeError(
      `primal and tangent arguments to jax.jvp must have the same tree structure; primals have tree structure ` +
        `${p.treedef} whereas tangents have tree structure ${t.treedef}.`,
    );
  }
  const fun = new AuxFunction(f, p.treedef, "jvp", options.hasAux ?? false, undefined);
  const result = jvpFlat(fun.flat, p.arrays, checkTangents(p.arrays, t.arrays));
  const outs = unflatten(fun.outTree!, result.outs.slice(0, fun.count));
  const dots = unflatten(fun.outTree!, result.tangents.slice(0, fun.count).map((x) => instantiate(x)));
  return options.hasAux ? [outs, dots, unflatten(fun.auxTree!, result.outs.slice(fun.count))] : [outs, dots];
}

/** A function linearised at a point: outputs, and a linear jaxpr from input tangents to output tangents. */
interface Linearized {
  readonly outs: JaxArray[];
  readonly jaxpr: Jaxpr;
  readonly residuals: JaxArray[];
  /** Which inputs the jaxpr takes tangents of (inexact ones). */
  readonly inexact: readonly boolean[];
  /** Which output tangents the jaxpr gives; others are zero. */
  readonly nonzero: readonly boolean[];
}

/** Linearises a function of flat lists at a point; only the first `count()` outputs are differentiated. */
function linearizeFlat(
  fun: (...args: JaxArray[]) => JaxArray[],
  primals: readonly JaxArray[],
  count: () => number,
): Linearized {
  const inexact = primals.map((p) => p.aval.tangent().dtype !== float0);
  const tangentAvals = primals.filter((_, i) => inexact[i]).map((p) => p.aval.tangent());
  let outCount = 0, nonzero: boolean[] = [];
  const n = primals.length;
  const result = partialEvalFlat(
    (...args) => {
      let next = n;
      const tangents = primals.map((p, i) => inexact[i] ? args[next++]! : new Zero(p.aval.tangent()));
      const { outs, tangents: dots } = jvpFlat(fun, args.slice(0, n), tangents, true);
      outCount = outs.length;
      nonzero = dots.map((t, i) => i < count() && !(t instanceof Zero));
      return [...outs, ...dots.filter((_, i) => nonzero[i]) as JaxArray[]];
    },
    [...primals, ...tangentAvals.map(() => null)],
    [...primals.map((p) => p.aval), ...tangentAvals],
    false,
  );
  const outs = result.known.slice(0, outCount) as JaxArray[];
  // Tangents that turned out known are constants of the linear jaxpr: ask for them again as unknown.
  if (result.known.slice(outCount).some((x) => x !== null)) {
    return linearizeInstantiated(fun, primals, count, inexact, tangentAvals);
  }
  return { outs, jaxpr: result.jaxpr, residuals: result.residuals, inexact, nonzero };
}

function linearizeInstantiated(
  fun: (...args: JaxArray[]) => JaxArray[],
  primals: readonly JaxArray[],
  count: () => number,
  inexact: readonly boolean[],
  tangentAvals: readonly ShapedArray[],
): Linearized {
  const n = primals.length;
  let nonzero: boolean[] = [], outs: JaxArray[] = [];
  const { jaxpr, residuals } = partialEvalFlat(
    (...args) => {
      let next = n;
      const tangents = primals.map((p, i) => inexact[i] ? args[next++]! : new Zero(p.aval.tangent()));
      const result = jvpFlat(fun, args.slice(0, n), tangents, true);
      outs = result.outs;
      nonzero = result.tangents.map((t, i) => i < count() && !(t instanceof Zero));
      return result.tangents.filter((_, i) => nonzero[i]) as JaxArray[];
    },
    [...primals, ...tangentAvals.map(() => null)],
    [...primals.map((p) => p.aval), ...tangentAvals],
    true,
  );
  return { outs, jaxpr, residuals, inexact, nonzero };
}

/**
 * Linear approximation of `f` at a point: the outputs there, and the derivative as a function of input tangents that
 * does not evaluate `f` again.
 *
 * @returns `[outputs, linear]`, or `[outputs, linear, aux]` with `hasAux`
 *
 * @example
 * ```ts
 * import { linearize, numpy as np } from "@jaxlet/jaxlet";
 * const [y, df] = linearize((x) => np.square(x), 3);
 * if (y.item() !== 9 || df(2).item() !== 12) throw new Error();
 * ```
 */
// deno-lint-ignore no-explicit-any -- outputs have the function's own type
export function linearize(f: AnyFunction, ...args: unknown[]): any[] {
  checkCallable(f, "linearize");
  const [primals, options] = splitOptions<{ hasAux?: boolean }>(args, ["hasAux"]);
  const p = flattenArrays(primals, invalidArgument("linearize"));
  const fun = new AuxFunction(f, p.treedef, "linearize", options.hasAux ?? false, undefined);
  const lin = linearizeFlat(fun.flat, p.arrays, () => fun.count);
  const outTree = fun.outTree!, count = fun.count, auxTree = fun.auxTree;
  const linear = (...tangents: unknown[]): unknown => {
    const t = flattenArrays(tangents, invalidArgument("linearize"));
    if (t.treedef !== p.treedef) {
      throw new TypeError(
        `linearized function called with tangents of structure ${t.treedef}, but primals have structure ${p.treedef}`,
      );
    }
    const checked = checkTangents(p.arrays, t.arrays);
    const inputs = checked.filter((_, i) => lin.inexact[i]).map((x) => instantiate(x));
    const dots = evalJaxpr(lin.jaxpr, lin.residuals, inputs);
    let next = 0;
    return unflatten(
      outTree,
      lin.outs.slice(0, count).map((o, i) => lin.nonzero[i] ? dots[next++]! : zeros(o.aval.tangent())),
    );
  };
  const outs = unflatten(outTree, lin.outs.slice(0, count));
  return options.hasAux ? [outs, linear, unflatten(auxTree!, lin.outs.slice(count))] : [outs, linear];
}

/** Outputs of a function of flat lists, and its pullback of output cotangents. */
export function vjpFlat(
  fun: (...args: JaxArray[]) => JaxArray[],
  primals: readonly JaxArray[],
  count: () => number,
): { outs: JaxArray[]; pull: (cts: readonly Tangent[]) => Tangent[] } {
  const lin = linearizeFlat(fun, primals, count);
  const pull = (cts: readonly Tangent[]): Tangent[] => {
    const used = cts.filter((_, i) => lin.nonzero[i]);
    const args = primals.filter((_, i) => lin.inexact[i]).map((p) => new UndefinedPrimal(p.aval.tangent()));
    const result = backwardPass(lin.jaxpr, lin.residuals, args, used);
    let next = 0;
    return primals.map((p, i) => lin.inexact[i] ? result[next++]! : new Zero(p.aval.tangent()));
  };
  return { outs: lin.outs, pull };
}

/**
 * Reverse-mode derivative: the outputs of `f` at `primals`, and the function that pulls output cotangents back to one
 * cotangent for each argument (a list).
 *
 * @returns `[outputs, pullback]`, or `[outputs, pullback, aux]` with `hasAux`
 *
 * @example
 * ```ts
 * import { numpy as np, vjp } from "@jaxlet/jaxlet";
 * const [y, pull] = vjp((x) => np.square(x), 3);
 * const [dx] = pull(1);
 * if (y.item() !== 9 || dx.item() !== 6) throw new Error();
 * ```
 */
// deno-lint-ignore no-explicit-any -- outputs have the function's own type
export function vjp(f: AnyFunction, ...args: unknown[]): any[] {
  checkCallable(f, "vjp");
  const [primals, options] = splitOptions<{ hasAux?: boolean }>(args, ["hasAux"]);
  const p = flattenArrays(primals, invalidArgument("vjp"));
  const fun = new AuxFunction(f, p.treedef, "vjp", options.hasAux ?? false, undefined);
  const { outs, pull } = vjpFlat(fun.flat, p.arrays, () => fun.count);
  const outTree = fun.outTree!, count = fun.count, auxTree = fun.auxTree;
  const pullback = (ct: unknown): unknown => {
    const c = flattenArrays([ct], invalidArgument("the VJP function"));
    const tree = c.treedef.children()[0]!;
    if (tree !== outTree) {
      throw new ValueError(
        `unexpected tree structure.\n\nThe cotangent passed to a VJP function must have the structure of the function's ` +
          `output, which is ${outTree}, but got ${tree}.`,
      );
    }
    const cts = c.arrays.map((x, i): Tangent => {
      const want = outs[i]!.aval.tangent();
      if (want.dtype === float0) return new Zero(want);
      const fits = x.shape.length === want.shape.length && x.shape.every((n, k) => n === want.shape[k]);
      if (fits && x.dtype === want.dtype) return x;
      if (fits && x.weakType && x.ndim === 0) return convert(x, want.dtype);
      throw new ValueError(
        `unexpected JAX type (e.g. shape/dtype) for argument to VJP function: got ${x.aval}, but expected ${want} ` +
          `because the corresponding output of the differentiated function had JAX type ${outs[i]!.aval}`,
      );
    });
    return unflatten(p.treedef, pull(cts).map((t) => instantiate(t)));
  };
  const result = unflatten(outTree, outs.slice(0, count));
  return options.hasAux ? [result, pullback, unflatten(auxTree!, outs.slice(count))] : [result, pullback];
}

/**
 * The transpose of a linear function: from output cotangents to input cotangents (a list, one for each argument).
 *
 * @param primals example arguments (arrays or ShapeDtypeStructs); only their types matter
 */
// deno-lint-ignore no-explicit-any -- arguments have the function's own types
export function linearTranspose(f: AnyFunction, ...primals: unknown[]): (ct: unknown) => any[] {
  checkCallable(f, "linearTranspose");
  const [exemplars, inTree] = flatten(primals);
  const avals = exemplars.map((x) => {
    const aval = leafAval(x);
    if (!aval) throw new TypeError(invalidArgument("linearTranspose")(x, ""));
    if (aval.tangent().dtype === float0) {
      throw new TypeError(`linear_transpose only supports [float or complex] inputs, but got ${aval}`);
    }
    return aval;
  });
  const flat = new FlatFunction(f, inTree, "linearTranspose");
  const { jaxpr, consts } = stage(flat.call, avals);
  const outTree = flat.outTree!;
  return (ct) => {
    const c = flattenArrays([ct], invalidArgument("linearTranspose"));
    if (c.treedef.children()[0] !== outTree) {
      throw new TypeError(
        `cotangent tree does not match function output, expected ${outTree} but got ${
          c.treedef.children()[0]
        }`,
      );
    }
    jaxpr.outAvals.forEach((a, i) => {
      const x = c.arrays[i]!.aval;
      if (!x.sameType(a) && !(x.weakType && x.ndim === 0 && a.ndim === 0)) {
        throw new TypeError(
          `cotangent type does not match function output, expected ${a} but got ${x}`,
        );
      }
    });
    const cts = c.arrays.map((x, i) => convert(x, jaxpr.outAvals[i]!.dtype));
    const result = backwardPass(jaxpr, consts, avals.map((a) => new UndefinedPrimal(a)), cts) as Tangent[];
    return unflatten(inTree, result.map((t) => instantiate(t))) as unknown[];
  };
}
