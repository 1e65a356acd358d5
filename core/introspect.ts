/**
 * Looking at functions without running them: `makeJaxpr`, `evalShape`, `closureConvert`.
 *
 * @module
 */
import {
  checkCallable,
  FlatFunction,
  functionName,
  invalidArgument,
  leafAval,
  normalizeArgnums,
  ShapeDtypeStruct,
} from "./argument.ts";
import { checkOptions } from "./errors.ts";
import { ClosedJaxpr } from "./jaxpr.ts";
import type { JaxArray } from "./array.ts";
import { flatten, type PyTreeDef, unflatten } from "./pytree.ts";
import { evalJaxpr, stage } from "./staging.ts";

// deno-lint-ignore no-explicit-any -- the type of any function
type AnyFunction = (...args: any[]) => any;

function stageTree(f: AnyFunction, args: readonly unknown[], what: string, statics: readonly number[] = []): {
  closed: ClosedJaxpr;
  outTree: PyTreeDef;
} {
  const dynamic = args.filter((_, i) => !statics.includes(i));
  const [leaves, treedef] = flatten(dynamic);
  const avals = leaves.map((x) => {
    const aval = leafAval(x);
    if (!aval) throw new TypeError(invalidArgument(functionName(f))(x, ""));
    return aval;
  });
  const partial = statics.length
    ? (...dyn: unknown[]) => {
      let next = 0;
      return f(...args.map((a, i) => statics.includes(i) ? a : dyn[next++]));
    }
    : f;
  const flat = new FlatFunction(partial, treedef, what);
  const { jaxpr, consts } = stage(flat.call, avals);
  return { closed: new ClosedJaxpr(jaxpr, consts), outTree: flat.outTree! };
}

/**
 * A function that gives the jaxpr of `f` for its arguments (arrays, numbers or ShapeDtypeStructs).
 *
 * @example
 * ```ts
 * import { makeJaxpr, numpy as np } from "@jaxlet/jaxlet";
 * const text = String(makeJaxpr((x) => x.mul(2))(np.ones([3])));
 * if (text !== "{ lambda ; a:f32[3]. let b:f32[3] = mul a 2.0:f32[] in (b,) }") throw new Error(text);
 * ```
 */
export function makeJaxpr(
  f: AnyFunction,
  options: { staticArgnums?: number | readonly number[]; returnShape?: boolean } = {},
  // deno-lint-ignore no-explicit-any -- a jaxpr, or a pair with the output's types
): (...args: any[]) => any {
  checkCallable(f, "makeJaxpr");
  checkOptions("makeJaxpr", options, ["staticArgnums", "returnShape", "axisEnv", "abstractedAxes"]);
  return (...args) => {
    const { closed, outTree } = stageTree(
      f,
      args,
      "make_jaxpr",
      normalizeArgnums(options.staticArgnums, args.length),
    );
    if (!options.returnShape) return closed;
    return [closed, unflatten(outTree, closed.outAvals.map(struct))];
  };
}

function struct(
  a: { shape: readonly number[]; dtype: ShapeDtypeStruct["dtype"]; weakType: boolean },
): ShapeDtypeStruct {
  return new ShapeDtypeStruct(a.shape, a.dtype, { weakType: a.weakType });
}

/**
 * Types of the results of `f` for arguments of these types, without computing anything.
 *
 * @returns the tree of results with a {@linkcode ShapeDtypeStruct} at each leaf
 */
// deno-lint-ignore no-explicit-any -- the tree of the function's result
export function evalShape(f: AnyFunction, ...args: unknown[]): any {
  checkCallable(f, "evalShape");
  const { closed, outTree } = stageTree(f, args, "eval_shape");
  return unflatten(outTree, closed.outAvals.map(struct));
}

/**
 * Makes a function's captured traced values into explicit arguments.
 *
 * @returns `[converted, captured]` with `converted(...args, ...captured)` equal to `f(...args)`
 */
export function closureConvert(f: AnyFunction, ...examples: unknown[]): [AnyFunction, JaxArray[]] {
  checkCallable(f, "closureConvert");
  const { closed, outTree } = stageTree(f, examples, "closure_convert");
  const count = flatten(examples)[0].length;
  const converted = (...args: unknown[]): unknown => {
    const captured = args.slice(examples.length) as JaxArray[];
    const flat = flatten(args.slice(0, examples.length))[0] as JaxArray[];
    if (flat.length !== count) {
      throw new TypeError(
        `the converted function takes ${count} arrays before the captured ones, got ${flat.length}`,
      );
    }
    return unflatten(outTree, evalJaxpr(closed.jaxpr, captured, flat));
  };
  return [converted, [...closed.consts]];
}
