/**
 * Gradients of scalar functions: `grad`, `valueAndGrad`.
 *
 * @module
 */
import { checkCallable, flattenArrays, normalizeArgnums } from "./argument.ts";
import { JaxArray } from "./array.ts";
import { tuple } from "./avals.ts";
import { describe, scalarArray } from "./concrete.ts";
import { type AnyFunction, AuxFunction, checkPair, vjpFlat } from "./differentiate.ts";
import { instantiate } from "./jvp.ts";
import { Zero } from "./primitive.ts";
import { unflatten, type WithLeaves } from "./pytree.ts";
import { keywords } from "./static.ts";

/** The type of a gradient: the argument's tree with arrays for leaves. */
export type Gradient<A> = A extends JaxArray ? A : WithLeaves<A, JaxArray>;

/** Options of {@linkcode grad} and {@linkcode valueAndGrad}. */
export interface GradOptions {
  /** Which positional arguments to differentiate with respect to; a list gives a list of gradients. Default 0. */
  readonly argnums?: number | readonly number[];
  /** Whether `f` returns `[value, aux]`; then the gradient comes as `[gradient, aux]`. */
  readonly hasAux?: boolean;
  /** Whether `f` is holomorphic, with complex arguments and result. */
  readonly holomorphic?: boolean;
  /** Allow integer arguments; their gradients have dtype float0. */
  readonly allowInt?: boolean;
}

/** Names of the options of {@linkcode grad}. */
export const gradOptions = ["argnums", "hasAux", "holomorphic", "allowInt"] as const;

/** How options may be given: in an object, or the first ones in their positions. */
export type GivenOptions = GradOptions | number | readonly number[];

/** Raises unless `x` can be differentiated with respect to. */
function checkInput(name: string, x: JaxArray, holomorphic: boolean, allowInt: boolean): void {
  const { kind } = x.dtype;
  if (kind === "key") throw new TypeError(`${name} cannot differentiate with respect to ${x.aval}`);
  if (holomorphic) {
    if (kind !== "complex") {
      throw new TypeError(
        `${name} with holomorphic=True requires inputs with complex dtype, but got ${x.dtype.name}.`,
      );
    }
    return;
  }
  if ((kind === "int" || kind === "uint" || kind === "bool") && !allowInt) {
    throw new TypeError(
      `${name} requires real- or complex-valued inputs (input dtype that is a sub-dtype of np.inexact), but got ` +
        `${x.dtype.name}. If you want to use Boolean- or integer-valued inputs, use vjp or set allow_int to True ` +
        `({ allowInt: true }).`,
    );
  }
}

/** Raises unless the output is a scalar that can be differentiated. */
function checkOutput(name: string, result: unknown, holomorphic: boolean): void {
  const bad = (text: string): never => {
    throw new TypeError(`Gradient only defined for scalar-output functions. Output ${text}.`);
  };
  if (result === null || result === undefined) bad("was None");
  if (!(result instanceof JaxArray)) {
    if (typeof result === "number" || typeof result === "boolean" || typeof result === "bigint") return;
    bad(`was ${Array.isArray(result) ? `(${result.map(String).join(", ")})` : describe(result)}`);
    return;
  }
  if (result.shape.length) bad(`had shape: ${tuple(result.shape)}`);
  const { kind } = result.dtype;
  if (holomorphic) {
    if (kind !== "complex") {
      throw new TypeError(
        `${name} with holomorphic=True requires outputs with complex dtype, but got ${result.dtype.name}.`,
      );
    }
  } else if (kind === "complex") {
    throw new TypeError(
      `${name} requires real-valued outputs (output dtype that is a sub-dtype of np.floating), but got ` +
        `${result.dtype.name}. For holomorphic differentiation, pass holomorphic=True. For differentiation of ` +
        `non-holomorphic functions involving complex outputs, use jax.vjp directly.`,
    );
  } else if (kind !== "float") {
    throw new TypeError(
      `${name} requires real-valued outputs (output dtype that is a sub-dtype of np.floating), but got ` +
        `${result.dtype.name}. For differentiation of functions with integer outputs, use jax.vjp directly.`,
    );
  }
}

/** Value and gradient with respect to the chosen arguments, for both public forms. */
function valueAndGradients(
  name: string,
  f: AnyFunction,
  options: GradOptions,
  self: unknown,
  args: readonly unknown[],
): { value: unknown; gradients: unknown; aux: unknown } {
  const { argnums = 0, hasAux = false, holomorphic = false, allowInt = false } = options;
  const nums = normalizeArgnums(argnums, args.length);
  const most = Math.max(...nums), least = Math.min(...nums);
  if (most >= args.length || least < 0) {
    const shown = typeof argnums === "number" ? argnums : tuple(argnums);
    throw new TypeError(
      `differentiating with respect to argnums=${shown} requires at least ${
        Math.max(most + 1, 1)
      } positional ` +
        `arguments to be passed by the caller, but got only ${args.length} positional arguments.`,
    );
  }
  const chosen = nums.map((n) => args[n]);
  const p = flattenArrays(
    chosen,
    (leaf) => `Argument '${String(leaf)}' of type ${typeof leaf} is not a valid JAX type.`,
  );
  for (const x of p.arrays) checkInput(name, x, holomorphic, allowInt);
  let checked: unknown = undefined;
  const partial = (...dyn: unknown[]): unknown => {
    const all = [...args];
    nums.forEach((n, k) => all[n] = dyn[k]);
    const result = f.apply(self, all);
    const pair = hasAux ? checkPair(result) as unknown[] : null;
    checked = pair ? pair[0] : result;
    if (!(checked instanceof Promise)) checkOutput(name, checked, holomorphic);
    return result;
  };
  Object.defineProperty(partial, "name", { value: f.name });
  const fun = new AuxFunction(partial, p.treedef, name, hasAux, undefined);
  const { outs, pull } = vjpFlat(fun.flat, p.arrays, () => fun.count);
  const one = scalarArray(1, outs[0]!.dtype, outs[0]!.weakType);
  const cotangents = pull([one, ...outs.slice(1, fun.count).map((o) => new Zero(o.aval.tangent()))]);
  const gradients = unflatten(p.treedef, cotangents.map((t) => instantiate(t))) as unknown[];
  return {
    value: unflatten(fun.outTree!, outs.slice(0, fun.count)),
    gradients: typeof argnums === "number" ? gradients[0] : gradients,
    aux: hasAux ? unflatten(fun.auxTree!, outs.slice(fun.count)) : undefined,
  };
}

type First<F extends AnyFunction> = Parameters<F> extends [infer A, ...unknown[]] ? Gradient<A> : JaxArray;

/** Arguments as a function takes them, numbers wherever it takes arrays. */
export type Arguments<P extends readonly unknown[]> = {
  [K in keyof P]: P[K] extends JaxArray ? P[K] | number : P[K];
};

/** The type of {@linkcode grad}'s function. */
export type GradFunction<F extends AnyFunction, O extends GivenOptions> = (
  ...args: Arguments<Parameters<F>>
) => O extends { hasAux: true } ? [Gradients<F, O>, Aux<F>] : Gradients<F, O>;

/** The gradients for the options given. */
export type Gradients<F extends AnyFunction, O extends GivenOptions> = O extends number
  ? Parameters<F>[O] extends infer A ? Gradient<A> : never
  // deno-lint-ignore no-explicit-any -- one gradient for each of several arguments
  : O extends readonly number[] ? any[]
  : O extends { argnums: infer N } ? N extends number ? Parameters<F>[N] extends infer A ? Gradient<A> : never
      // deno-lint-ignore no-explicit-any -- one gradient for each of several arguments
    : any[]
  : First<F>;

type Aux<F extends AnyFunction> = ReturnType<F> extends [unknown, infer X] ? X
  : ReturnType<F> extends readonly (infer X)[] ? X
  : unknown;

/**
 * The gradient of a scalar function, as a function.
 *
 * @param f function of pytrees of arrays with a real scalar result (complex with `holomorphic`)
 * @returns a function of the same arguments giving the gradient with respect to argument `argnums`, a tree of its
 *   structure, shapes and dtypes; a list of gradients when `argnums` is a list; `[gradient, aux]` with `hasAux`
 * @throws TypeError for results that are not scalars and for integer arguments (without `allowInt`)
 *
 * @example
 * ```ts
 * import { grad, numpy as np } from "@jaxlet/jaxlet";
 * const f = (x: np.Array) => x.mul(x).mul(x);
 * if (grad(f)(2).item() !== 12) throw new Error();
 * if (grad(grad(f))(2).item() !== 12) throw new Error();
 * ```
 */
export function grad<F extends AnyFunction, const O extends GivenOptions = Record<never, never>>(
  f: F,
  ...given: readonly [O?, ...unknown[]]
): GradFunction<F, O> {
  checkCallable(f, "grad");
  const options = keywords("grad", gradOptions, given) as GradOptions;
  function gradient(this: unknown, ...args: unknown[]): unknown {
    const { gradients, aux } = valueAndGradients("grad", f, options, this, args);
    return options.hasAux ? [gradients, aux] : gradients;
  }
  Object.defineProperty(gradient, "name", { value: f.name });
  return gradient as GradFunction<F, O>;
}

/**
 * As {@linkcode grad}, giving `[value, gradient]` (with `hasAux`: `[[value, aux], gradient]`).
 *
 * @example
 * ```ts
 * import { valueAndGrad } from "@jaxlet/jaxlet";
 * const [y, dy] = valueAndGrad((x) => x.mul(x))(3);
 * if (y.item() !== 9 || dy.item() !== 6) throw new Error();
 * ```
 */
export function valueAndGrad<F extends AnyFunction, const O extends GivenOptions = Record<never, never>>(
  f: F,
  ...given: readonly [O?, ...unknown[]]
): (...args: Arguments<Parameters<F>>) => [ReturnType<F>, Gradients<F, O>] {
  checkCallable(f, "valueAndGrad");
  const options = keywords("valueAndGrad", gradOptions, given) as GradOptions;
  function valueAndGradient(this: unknown, ...args: unknown[]): unknown {
    const { value, gradients, aux } = valueAndGradients("value_and_grad", f, options, this, args);
    return [options.hasAux ? [value, aux] : value, gradients];
  }
  Object.defineProperty(valueAndGradient, "name", { value: f.name });
  return valueAndGradient as never;
}
