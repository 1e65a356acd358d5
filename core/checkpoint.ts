/**
 * `checkpoint` and its policies.
 *
 * @module
 */
import {
  checkCallable,
  FlatFunction,
  flattenArrays,
  functionName,
  invalidArgument,
  normalizeArgnums,
} from "./argument.ts";
import type { JaxArray } from "./array.ts";
import { checkOptions } from "./errors.ts";
import type { Policy } from "./ops/checkpoint.ts";
import { P } from "./prims.ts";
import { unflatten } from "./pytree.ts";
import { stageHoisted } from "./staging.ts";
import { bind } from "./trace.ts";

// deno-lint-ignore no-explicit-any -- the type of any function
type AnyFunction = (...args: any[]) => any;

/** Options of {@linkcode checkpoint}. */
export interface CheckpointOptions {
  /** Which intermediate values to save instead of recomputing; default: none. */
  readonly policy?: Policy | null;
  /** Keep the recomputation from being merged with the forward pass. */
  readonly preventCse?: boolean;
  readonly staticArgnums?: number | readonly number[];
}

/**
 * Makes a function recompute its intermediate values when it is differentiated, to save memory.
 *
 * @example
 * ```ts
 * import { checkpoint, grad, numpy as np } from "@jaxlet/jaxlet";
 * const f = checkpoint((x) => np.sin(np.sin(x)));
 * const g = grad(f)(0);
 * if (g.item() !== 1) throw new Error();
 * ```
 */
export function checkpoint<F extends AnyFunction>(f: F, options: CheckpointOptions = {}): F {
  checkCallable(f, "checkpoint");
  checkOptions("checkpoint", options, ["policy", "preventCse", "staticArgnums", "concrete"]);
  const name = functionName(f);
  function checkpointed(this: unknown, ...args: unknown[]): unknown {
    const statics = normalizeArgnums(options.staticArgnums, args.length);
    const dynamic = args.filter((_, i) => !statics.includes(i));
    const { arrays, treedef } = flattenArrays(dynamic, invalidArgument(name));
    const full = (...dyn: unknown[]): unknown => {
      let next = 0;
      return f.apply(this, args.map((a, i) => statics.includes(i) ? a : dyn[next++]));
    };
    const flat = new FlatFunction(full, treedef, "checkpoint");
    const { jaxpr, consts } = stageHoisted(flat.call, arrays.map((x) => x.aval));
    const outs: readonly JaxArray[] = bind(P.checkpoint, [...consts, ...arrays], {
      jaxpr,
      policy: options.policy ?? null,
      preventCse: options.preventCse ?? true,
      name,
      differentiated: false,
    });
    return unflatten(flat.outTree!, outs);
  }
  Object.defineProperty(checkpointed, "name", { value: f.name });
  return checkpointed as F;
}

const isDot: Policy = (primitive) => primitive === P.dot_general || primitive === P.conv_general_dilated;

function everythingSaveable(): boolean {
  return true;
}

function nothingSaveable(): boolean {
  return false;
}

const dotsSaveable: Policy = (primitive, avals, params) => isDot(primitive, avals, params);

const dotsWithNoBatchDimsSaveable: Policy = (primitive, _avals, params) =>
  primitive === P.dot_general && params.dimensionNumbers.batch[0].length === 0;

/** What {@linkcode checkpoint} may save: JAX's policies. */
export const checkpointPolicies: {
  readonly everythingSaveable: Policy;
  readonly nothingSaveable: Policy;
  readonly dotsSaveable: Policy;
  readonly checkpointDots: Policy;
  readonly dotsWithNoBatchDimsSaveable: Policy;
  readonly checkpointDotsWithNoBatchDims: Policy;
  saveFromBothPolicies(a: Policy, b: Policy): Policy;
} = {
  everythingSaveable,
  nothingSaveable,
  dotsSaveable,
  checkpointDots: dotsSaveable,
  dotsWithNoBatchDimsSaveable,
  checkpointDotsWithNoBatchDims: dotsWithNoBatchDimsSaveable,
  saveFromBothPolicies: (a, b) => (primitive, avals, params) =>
    a(primitive, avals, params) || b(primitive, avals, params),
};
