/**
 * Library functions that are compiled as a whole: an eager call runs one program, a staged one shows as a call with the
 * function's name in the jaxpr, or is inlined.
 *
 * @module
 */
import type { JaxArray } from "./array.ts";
import { flags } from "./config.ts";
import { evalTrace, runJaxpr } from "./dispatch.ts";
import type { ClosedJaxpr } from "./jaxpr.ts";
import { registerCache, staticKey } from "./jit.ts";
import { LruMap } from "./lru.ts";
import { P } from "./prims.ts";
import { stageHoisted } from "./staging.ts";
import { bind, current } from "./trace.ts";

interface Staged {
  readonly jaxpr: ClosedJaxpr;
  readonly consts: readonly JaxArray[];
}

/** A function of arrays and of static values, which compare by value. */
export type FlatFunctionOf<S extends readonly unknown[]> = (
  xs: readonly JaxArray[],
  ...statics: S
) => readonly JaxArray[];

/** Options of {@linkcode namedJit}. */
export interface NamedJitOptions {
  /** Leave no trace in jaxprs: staged calls record the function's own equations. */
  readonly inline?: boolean;
}

/**
 * Compiles a library function. It must depend on nothing but its arguments and the configuration.
 *
 * @param name its name in jaxprs
 * @param f from arrays and static values to arrays
 * @returns a function called like `f`
 */
export function namedJit<S extends readonly unknown[]>(
  name: string,
  f: FlatFunctionOf<S>,
  options: NamedJitOptions = {},
): FlatFunctionOf<S> {
  const cache = new LruMap<string, Staged>(2048);
  registerCache(cache);
  const inline = options.inline ?? false;

  function staged(xs: readonly JaxArray[], statics: S): Staged {
    let key = `${flags.epoch}`;
    for (let i = 0; i < xs.length; i++) key += `,${xs[i]!.aval.id}`;
    for (let i = 0; i < statics.length; i++) key += `;${staticKey(statics[i], name)}`;
    let known = cache.get(key);
    if (known === undefined) {
      const { jaxpr, consts } = stageHoisted((...args) => f(args, ...statics), xs.map((x) => x.aval));
      cache.set(key, known = { jaxpr, consts });
    }
    return known;
  }

  return (xs, ...statics) => {
    if (flags.disableJit) return f(xs, ...statics);
    const eager = current() === evalTrace;
    if (inline && !eager) return f(xs, ...statics);
    const { jaxpr, consts } = staged(xs, statics);
    const args = consts.length ? [...consts, ...xs] : xs;
    return eager ? runJaxpr(jaxpr, args, name) : bind(P.jit, args, { name, jaxpr });
  };
}
