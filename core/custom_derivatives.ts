/**
 * `customJvp` and `customVjp`: functions with derivative rules of their own.
 *
 * @module
 */
import {
  checkCallable,
  FlatFunction,
  flattenArrays,
  functionName,
  invalidArgument,
  invalidResult,
  normalizeArgnums,
} from "./argument.ts";
import type { JaxArray } from "./array.ts";
import { sameShape, shaped } from "./avals.ts";
import { describe, scalarArray } from "./concrete.ts";
import { float0 } from "./dtypes.ts";
import { AttributeError, checkOptions, ValueError } from "./errors.ts";
import { zeros } from "./jvp.ts";
import { broadcastPrefix, flatten, type PyTreeDef, unflatten } from "./pytree.ts";
import * as raw from "./raw.ts";
import { current } from "./trace.ts";

// deno-lint-ignore no-explicit-any -- the type of any function
type AnyFunction = (...args: any[]) => any;

interface Options {
  /** Positions of arguments that are not differentiated; rules get them first. */
  readonly nondiffArgnums?: number | readonly number[];
}

/** Splits arguments by whether they are differentiated. */
function splitArguments(args: readonly unknown[], nondiff: Options["nondiffArgnums"]): {
  fixed: unknown[];
  dynamic: unknown[];
  merge: (dynamic: readonly unknown[]) => unknown[];
} {
  const held = new Set(normalizeArgnums(nondiff, args.length));
  const merge = (dynamic: readonly unknown[]): unknown[] => {
    let next = 0;
    return args.map((a, i) => held.has(i) ? a : dynamic[next++]);
  };
  return { fixed: args.filter((_, i) => held.has(i)), dynamic: args.filter((_, i) => !held.has(i)), merge };
}

/** A function with a custom forward rule. */
export type CustomJvp<F extends AnyFunction> = F & {
  /**
   * Sets the rule: `(primals, tangents) => [out, tangentOut]`, after the arguments of `nondiffArgnums`. The tangent of
   * the output must be linear in `tangents`.
   */
  defjvp<R extends AnyFunction>(rule: R, options?: { symbolicZeros?: boolean }): R;
  /** Sets one rule for each argument, `(tangent, out, ...primals) => tangentOut`; null is zero. */
  defjvps(...rules: readonly (AnyFunction | null)[]): void;
};

/**
 * Gives a function its own forward-mode rule, from which reverse mode follows too.
 *
 * @example
 * ```ts
 * import { customJvp, grad, numpy as np } from "@jaxlet/jaxlet";
 * const f = customJvp((x) => np.sin(x));
 * f.defjvp(([x], [t]) => [f(x), t.mul(10)]);
 * if (grad(f)(1).item() !== 10) throw new Error();
 * ```
 */
export function customJvp<F extends AnyFunction>(f: F, options: Options = {}): CustomJvp<F> {
  checkCallable(f, "customJvp");
  checkOptions("customJvp", options, ["nondiffArgnums"]);
  const name = functionName(f);
  let rule: AnyFunction | null = null;

  function call(this: unknown, ...args: unknown[]): unknown {
    if (!rule) throw new AttributeError(`No JVP defined for custom_jvp function ${name} using defjvp.`);
    const { fixed, dynamic, merge } = splitArguments(args, options.nondiffArgnums);
    const { arrays, treedef } = flattenArrays(dynamic, invalidArgument(`custom_jvp function ${name}`));
    const flat = new FlatFunction(
      (...dyn: unknown[]) => f.apply(this, merge(dyn)),
      treedef,
      "custom_jvp",
      this,
    );
    let outTree: PyTreeDef | null = null;
    const outs = current().processCustomJvp({
      name,
      numConsts: 0,
      fun: (...xs) => {
        const result = flat.call(...xs);
        outTree = flat.outTree;
        return result;
      },
      jvp: (primals, tangents) => {
        const pair = rule!(...fixed, unflatten(treedef, primals), unflatten(treedef, tangents));
        const [outs, dots, tree] = checkJvpResult(name, pair);
        outTree = tree;
        return [outs, dots];
      },
    }, arrays);
    return unflatten(outTree!, outs);
  }
  Object.defineProperty(call, "name", { value: f.name });
  return Object.assign(call, {
    defjvp<R extends AnyFunction>(jvp: R): R {
      checkCallable(jvp, "defjvp");
      rule = jvp;
      return jvp;
    },
    defjvps(...rules: readonly (AnyFunction | null)[]): void {
      rule = (primals: readonly unknown[], tangents: readonly JaxArray[]) => {
        const out = call(...primals) as JaxArray;
        let total: JaxArray | null = null;
        rules.forEach((r, i) => {
          if (!r) return;
          const t = r(tangents[i], out, ...primals) as JaxArray;
          total = total ? raw.add(total, t) : t;
        });
        return [out, total ?? zeros(out.aval.tangent())];
      };
    },
  }) as unknown as CustomJvp<F>;
}

function checkJvpResult(name: string, pair: unknown): [JaxArray[], JaxArray[], PyTreeDef] {
  if (!Array.isArray(pair) || pair.length !== 2) {
    throw new TypeError(
      `Custom JVP rule for function ${name} must produce a pair (list or tuple of length two) representing primal and ` +
        `tangent outputs, but got ${describe(pair)}.`,
    );
  }
  const out = flattenArrays(pair[0], invalidResult(name, "the custom JVP rule"));
  const dot = flattenArrays(pair[1], invalidResult(name, "the custom JVP rule"));
  if (out.treedef !== dot.treedef) {
    throw new TypeError(
      `Custom JVP rule for function ${name} must produce primal and tangent outputs with equal container (pytree) ` +
        `structures, but got ${out.treedef} and ${dot.treedef} respectively.`,
    );
  }
  const dots = dot.arrays.map((t, i) => {
    const want = out.arrays[i]!.aval.tangent();
    if (want.dtype === float0) return scalarArray(false, float0);
    if (sameShape(t.shape, want.shape) && (t.dtype === want.dtype || t.weakType)) {
      return raw.convert(t, want.dtype);
    }
    throw new TypeError(
      `Custom JVP rule must produce primal and tangent outputs with corresponding shapes and dtypes. Expected ${want} ` +
        `for the tangent of output ${i} (primal ${out.arrays[i]!.aval}), but got ${t.aval}.`,
    );
  });
  return [out.arrays, dots, out.treedef];
}

/** A function with a custom reverse rule. */
export type CustomVjp<F extends AnyFunction> = F & {
  /**
   * Sets the rules: `fwd(...args) => [out, residuals]` and `bwd(residuals, cotangent) => cotangents`, one for each
   * differentiated argument (null: zero). `bwd` gets the arguments of `nondiffArgnums` first.
   */
  defvjp(fwd: AnyFunction, bwd: AnyFunction): void;
};

/**
 * Gives a function its own reverse-mode rule.
 *
 * @example
 * ```ts
 * import { customVjp, grad, numpy as np } from "@jaxlet/jaxlet";
 * const clipped = customVjp((x) => x.mul(x));
 * clipped.defvjp((x) => [x.mul(x), x], (x, ct) => [np.clip(ct.mul(2).mul(x), -1, 1)]);
 * if (grad(clipped)(3).item() !== 1) throw new Error();
 * ```
 */
export function customVjp<F extends AnyFunction>(f: F, options: Options = {}): CustomVjp<F> {
  checkCallable(f, "customVjp");
  checkOptions("customVjp", options, ["nondiffArgnums"]);
  const name = functionName(f);
  let rules: { fwd: AnyFunction; bwd: AnyFunction } | null = null;

  function call(this: unknown, ...args: unknown[]): unknown {
    if (!rules) throw new AttributeError(`No VJP defined for custom_vjp function ${name} using defvjp.`);
    const { fwd, bwd } = rules;
    const { fixed, dynamic, merge } = splitArguments(args, options.nondiffArgnums);
    const { arrays, treedef } = flattenArrays(dynamic, invalidArgument(`custom_vjp function ${name}`));
    const flat = new FlatFunction(
      (...dyn: unknown[]) => f.apply(this, merge(dyn)),
      treedef,
      "custom_vjp",
      this,
    );
    let outTree: PyTreeDef | null = null, residualTree: PyTreeDef | null = null;
    const avals = arrays.map((x) => x.aval);
    const outs = current().processCustomVjp({
      name,
      numConsts: 0,
      fun: (...xs) => {
        const result = flat.call(...xs);
        outTree = flat.outTree;
        return result;
      },
      fwd: (...xs) => {
        const pair = fwd.apply(this, merge(unflatten(treedef, xs) as unknown[]));
        if (!Array.isArray(pair) || pair.length !== 2) {
          throw new TypeError(
            `Custom VJP fwd rule for function ${name} must produce a pair (list or tuple of length two) where the first ` +
              `element represents the primal output and the second element represents residuals (i.e. values stored from ` +
              `the forward-pass for use on the backward-pass), but got ${describe(pair)}.`,
          );
        }
        const out = flattenArrays(pair[0], invalidResult(name, "the custom VJP fwd rule"));
        const residual = flattenArrays(pair[1], invalidResult(name, "the custom VJP fwd rule"));
        if (outTree && out.treedef !== outTree) {
          throw new TypeError(
            `Custom VJP fwd rule for function ${name} must produce a pair whose first element has the same container ` +
              `(pytree) structure as the output of the function: expected ${outTree}, got ${out.treedef}.`,
          );
        }
        outTree = out.treedef;
        residualTree = residual.treedef;
        return { residuals: residual.arrays, outs: out.arrays };
      },
      bwd: (residuals, cotangents) => {
        const result = bwd.call(
          this,
          ...fixed,
          unflatten(residualTree!, residuals),
          unflatten(outTree!, cotangents),
        );
        return checkCotangents(name, result, treedef, avals);
      },
    }, arrays);
    return unflatten(outTree!, outs);
  }
  Object.defineProperty(call, "name", { value: f.name });
  return Object.assign(call, {
    defvjp(fwd: AnyFunction, bwd: AnyFunction): void {
      checkCallable(fwd, "defvjp");
      checkCallable(bwd, "defvjp");
      rules = { fwd, bwd };
    },
  }) as unknown as CustomVjp<F>;
}

/** One cotangent for each input leaf; null anywhere stands for zeros. */
function checkCotangents(
  name: string,
  result: unknown,
  inTree: PyTreeDef,
  avals: readonly JaxArray["aval"][],
): JaxArray[] {
  const count = inTree.children().length;
  if (!Array.isArray(result)) {
    throw new TypeError(
      `Custom VJP bwd rule ${name} must produce a tuple (an array, one cotangent for each argument) but got ${
        describe(result)
      }.`,
    );
  }
  const structureError = (): TypeError =>
    new TypeError(
      `Custom VJP bwd rule must produce an output with the same container (pytree) structure as the args tuple of the ` +
        `primal function, and in particular must produce a tuple of length equal to the number of arguments to the primal ` +
        `function, but got a list of length ${
          (result as unknown[]).length
        } for ${count} arguments of function ${name}.`,
    );
  if (result.length !== count) throw structureError();
  const dummies = unflatten(inTree, avals.map((_, i) => i));
  let spread: unknown[];
  try {
    spread = broadcastPrefix(result, dummies, (x) => x === null);
  } catch {
    throw structureError();
  }
  // A prefix may stand for a subtree only where it is null: elsewhere leaves must correspond.
  const [leaves] = flatten(result, (x) => x === null);
  if (leaves.filter((x) => x !== null).length !== spread.filter((x) => x !== null).length) {
    throw structureError();
  }
  return spread.map((ct, i) => {
    const want = avals[i]!.tangent();
    if (want.dtype === float0) return scalarArray(false, float0);
    if (ct === null) return zeros(want);
    const { arrays } = flattenArrays(ct, invalidResult(name, "the custom VJP bwd rule"));
    const x = arrays[0]!;
    if (sameShape(x.shape, want.shape) && (x.dtype === want.dtype || x.weakType)) {
      return raw.convert(x, want.dtype);
    }
    throw new ValueError(
      `Custom VJP bwd rule must produce an output with the same type as the args tuple of the primal function, but at ` +
        `output[${i}] the bwd rule produced an output of type ${x.aval} corresponding to an input of type ` +
        `${shaped(want.shape, want.dtype)} (function ${name}).`,
    );
  });
}
