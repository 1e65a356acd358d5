/**
 * `namedCall` and `customGradient`.
 *
 * @module
 */
import { checkCallable, flattenArrays, invalidArgument } from "./argument.ts";
import type { JaxArray } from "./array.ts";
import { describe } from "./concrete.ts";
import { customVjp } from "./custom_derivatives.ts";
import { checkOptions } from "./errors.ts";
import { jit, type Jitted } from "./jit.ts";
import type { Jaxpr } from "./jaxpr.ts";
import { unflatten } from "./pytree.ts";
import { evalJaxpr, stage } from "./staging.ts";

// deno-lint-ignore no-explicit-any -- the type of any function
type AnyFunction = (...args: any[]) => any;

/**
 * A function that appears under a name of its own in jaxprs.
 *
 * @example
 * ```ts
 * import { makeJaxpr, namedCall, numpy as np } from "@jaxlet/jaxlet";
 * const f = namedCall((x: np.Array) => x.mul(2), { name: "double" });
 * if (!String(makeJaxpr(f)(np.ones([2]))).includes("name=double")) throw new Error();
 * ```
 */
export function namedCall<F extends AnyFunction>(f: F, options: { name?: string } = {}): Jitted<F> {
  checkCallable(f, "namedCall");
  checkOptions("named_call", options, ["name"]);
  const named = function (this: unknown, ...args: unknown[]): unknown {
    return f.apply(this, args);
  };
  Object.defineProperty(named, "name", { value: options.name ?? f.name });
  return jit(named as F);
}

/**
 * A function that gives its value together with its pullback: `f(...args)` returns `[value, pull]`, where `pull` takes the
 * cotangent of the value to that of the argument (a list for several arguments).
 *
 * @example
 * ```ts
 * import { customGradient, grad, numpy as np } from "@jaxlet/jaxlet";
 * const f = customGradient((x: np.Array) => [x.mul(x), (g: np.Array) => g.mul(7)]);
 * if (grad(f)(3).item() !== 7) throw new Error();
 * ```
 */
export function customGradient(f: AnyFunction): AnyFunction {
  checkCallable(f, "customGradient");
  const pair = (args: readonly unknown[]): [unknown, AnyFunction] => {
    const result = f(...args);
    if (!Array.isArray(result) || result.length !== 2 || typeof result[1] !== "function") {
      throw new TypeError(
        `the function given to customGradient must return [value, pullback], but got ${describe(result)}`,
      );
    }
    return result as [unknown, AnyFunction];
  };
  const call = (...given: unknown[]): unknown => {
    // One rule for each call: its pullback is traced where it is made, so that what it captured becomes residuals.
    let backward: Jaxpr;
    const wrapped = customVjp((...args: unknown[]) => pair(args)[0]);
    wrapped.defvjp(
      (...args: unknown[]) => {
        const [value, pull] = pair(args);
        const { arrays, treedef } = flattenArrays(value, invalidArgument("customGradient"));
        const { jaxpr, consts } = stage((...cts) => {
          const result = pull(unflatten(treedef, cts));
          const list = args.length === 1 ? [result] : result;
          return flattenArrays(list, invalidArgument("the pullback of customGradient")).arrays;
        }, arrays.map((x) => x.aval.tangent()));
        backward = jaxpr;
        return [value, [consts, args]];
      },
      ([consts, args]: [JaxArray[], unknown[]], ct: unknown) => {
        const cts = flattenArrays(ct, invalidArgument("customGradient")).arrays;
        const { treedef } = flattenArrays(args, invalidArgument("customGradient"));
        return unflatten(treedef, evalJaxpr(backward, consts, cts)) as unknown[];
      },
    );
    return wrapped(...given);
  };
  Object.defineProperty(call, "name", { value: f.name });
  return call;
}

/** The type of an array or number as jaxprs know it: `float32[3]`. */
export function typeOf(x: unknown): JaxArray["aval"] {
  return flattenArrays([x], invalidArgument("typeof")).arrays[0]!.aval;
}
