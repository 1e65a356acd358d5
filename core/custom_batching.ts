/**
 * `customBatching.customVmap`: functions with a batching rule of their own.
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
} from "./argument.ts";
import type { JaxArray } from "./array.ts";
import { AttributeError, ValueError } from "./errors.ts";
import type { CustomVmapParams } from "./ops/linear_solve.ts";
import { P } from "./prims.ts";
import { broadcastPrefix, type PyTreeDef, unflatten } from "./pytree.ts";
import { stageHoisted } from "./staging.ts";
import { bind } from "./trace.ts";

// deno-lint-ignore no-explicit-any -- the type of any function
type AnyFunction = (...args: any[]) => any;

/** A function with a custom batching rule. */
export type CustomVmap<F extends AnyFunction> = F & {
  /**
   * Sets the rule: `(axisSize, inBatched, ...args) => [out, outBatched]`, where `inBatched` has a boolean for each leaf of
   * the arguments and mapped arguments have their mapped axis in front; so must mapped results.
   */
  defVmap<R extends AnyFunction>(rule: R): R;
};

/**
 * Gives a function its own rule under vmap.
 *
 * @example
 * ```ts
 * import { customBatching, numpy as np, vmap } from "@jaxlet/jaxlet";
 * const f = customBatching.customVmap((x) => np.sin(x));
 * f.defVmap((_size, _batched, x) => [x.mul(100), true]);
 * if (String(vmap(f)(np.ones([2]))) !== "[100. 100.]") throw new Error();
 * ```
 */
export function customVmap<F extends AnyFunction>(f: F): CustomVmap<F> {
  checkCallable(f, "customVmap");
  const name = functionName(f);
  let rule: AnyFunction | null = null;
  function call(this: unknown, ...args: unknown[]): unknown {
    const { arrays, treedef } = flattenArrays(args, invalidArgument(`custom_vmap function ${name}`));
    const flat = new FlatFunction(f, treedef, "custom_vmap", this);
    const { jaxpr, consts } = stageHoisted(flat.call, arrays.map((x) => x.aval));
    const outTree: PyTreeDef = flat.outTree!;
    const params: CustomVmapParams = {
      name,
      call: jaxpr,
      rule: (axisSize, mapped, values) => {
        if (!rule) {
          throw new AttributeError(
            `No batching rule defined for custom_vmap function ${name} using defVmap.`,
          );
        }
        if (mapped.slice(0, consts.length).some(Boolean)) {
          throw new ValueError(
            `custom_vmap function ${name} captures a mapped value: pass it as an argument`,
          );
        }
        const own = values.slice(consts.length), flags = mapped.slice(consts.length);
        const pair = rule(axisSize, unflatten(treedef, flags), ...unflatten(treedef, own) as unknown[]);
        if (!Array.isArray(pair) || pair.length !== 2) {
          throw new TypeError(`the batching rule of ${name} must return [out, outBatched]`);
        }
        const out = flattenArrays(pair[0], invalidResult(name, "the custom_vmap rule"));
        if (out.treedef !== outTree) {
          throw new ValueError(
            `structure of output value and output batching specification returned by custom vmap rule (${name}) do not match original function: ${out.treedef} and ${outTree}`,
          );
        }
        const outMapped = broadcastPrefix(pair[1], pair[0]).map(Boolean);
        return { outs: out.arrays as readonly JaxArray[], mapped: outMapped };
      },
    };
    return unflatten(outTree, bind(P.custom_vmap_call, [...consts, ...arrays], params));
  }
  Object.defineProperty(call, "name", { value: f.name });
  return Object.assign(call, {
    defVmap<R extends AnyFunction>(r: R): R {
      checkCallable(r, "defVmap");
      rule = r;
      return r;
    },
  }) as unknown as CustomVmap<F>;
}
