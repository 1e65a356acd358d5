/**
 * Host functions inside transformed ones: `pureCallback`, `ioCallback`, `debug.print`, `debug.callback`.
 *
 * @module
 */
import {
  checkCallable,
  checkNotPromise,
  flattenArrays,
  functionName,
  invalidArgument,
  leafArray,
  leafAval,
} from "./argument.ts";
import type { JaxArray } from "./array.ts";
import { describe } from "./concrete.ts";
import { checkOptions, ValueError } from "./errors.ts";
import type { CallbackParams } from "./ops/callback.ts";
import type { Primitive } from "./primitive.ts";
import { P } from "./prims.ts";
import { flatten, isOptions, unflatten } from "./pytree.ts";
import { bind } from "./trace.ts";

// deno-lint-ignore no-explicit-any -- the type of any function
type AnyFunction = (...args: any[]) => any;

/** Options of {@linkcode pureCallback}. */
export interface CallbackOptions {
  /** How the call runs under vmap; null (default) makes vmap an error. */
  readonly vmapMethod?: CallbackParams["vmapMethod"];
}

const callbackOptions = ["vmapMethod", "ordered", "sharding", "vectorized"];

function bindCallback(
  primitive: Primitive,
  what: string,
  f: AnyFunction,
  resultShapeDtypes: unknown,
  args: readonly unknown[],
  options: CallbackOptions,
): unknown {
  checkCallable(f, what);
  checkOptions(what, options, ["vmapMethod", "ordered"]);
  const { arrays, treedef } = flattenArrays(args, invalidArgument(what));
  const [structs, outTree] = flatten(resultShapeDtypes);
  const results = structs.map((s) => {
    const aval = leafAval(s);
    if (!aval) {
      throw new TypeError(
        `${what}: resultShapeDtypes must be ShapeDtypeStructs or arrays, got ${describe(s)}`,
      );
    }
    return { shape: aval.shape, dtype: aval.dtype };
  });
  const params: CallbackParams = {
    name: functionName(f),
    results,
    vmapMethod: options.vmapMethod ?? null,
    callback: (...flat) => {
      const result = f(...unflatten(treedef, flat) as unknown[]);
      checkNotPromise(result, what);
      return flatten(result)[0].map((x) => {
        const array = leafArray(x);
        if (!array) {
          throw new TypeError(
            `${what}: the callback ${functionName(f)} returned ${describe(x)}, not an array`,
          );
        }
        return array;
      });
    },
  };
  return unflatten(outTree, bind(primitive, arrays, params));
}

function split(args: readonly unknown[]): [readonly unknown[], CallbackOptions] {
  const last = args.at(-1);
  return isOptions(last, callbackOptions) ? [args.slice(0, -1), last as CallbackOptions] : [args, {}];
}

/**
 * Calls a pure function of the host from transformed code.
 *
 * @param f gets concrete arrays, returns arrays, numbers or typed arrays of the declared types
 * @param resultShapeDtypes tree of ShapeDtypeStructs of what `f` returns
 * @throws JaxRuntimeError when `f` returns other shapes; under vmap without `vmapMethod` an error
 */
// deno-lint-ignore no-explicit-any -- the tree that the caller declares
export function pureCallback(f: AnyFunction, resultShapeDtypes: unknown, ...args: unknown[]): any {
  const [operands, options] = split(args);
  return bindCallback(P.pure_callback, "pureCallback", f, resultShapeDtypes, operands, options);
}

/** As {@linkcode pureCallback}, for functions with side effects: runs once for each execution, in order. */
// deno-lint-ignore no-explicit-any -- the tree that the caller declares
export function ioCallback(f: AnyFunction, resultShapeDtypes: unknown, ...args: unknown[]): any {
  const [operands, options] = split(args);
  return bindCallback(P.io_callback, "ioCallback", f, resultShapeDtypes, operands, options);
}

/** Calls a host function for its side effect, with the values there are; results are ignored. */
function callback(f: AnyFunction, ...args: unknown[]): void {
  checkCallable(f, "debug.callback");
  const last = args.at(-1);
  const operands = isOptions(last, ["ordered", "partitioned"]) ? args.slice(0, -1) : args;
  const { arrays, treedef } = flattenArrays(operands, invalidArgument("debug.callback"));
  const params: CallbackParams = {
    name: functionName(f),
    results: [],
    vmapMethod: "sequential",
    callback: (...flat) => {
      f(...unflatten(treedef, flat) as unknown[]);
      return [];
    },
  };
  bind(P.debug_callback, arrays, params);
}

/** Replaces `{}`, `{0}` and `{name}` by values; `{{` and `}}` are braces. */
function fill(
  format: string,
  positional: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
): string {
  let next = 0;
  return format.replace(/\{\{|\}\}|\{([^{}:]*)(?::[^{}]*)?\}/g, (match, key: string | undefined) => {
    if (match === "{{") return "{";
    if (match === "}}") return "}";
    const value = key === "" || key === undefined
      ? positional[next++]
      : /^\d+$/.test(key)
      ? positional[Number(key)]
      : named[key];
    return String(value);
  });
}

/**
 * Prints values at run time, also from jitted code: `debug.print("x = {}", x)` or `debug.print("x = {x}", { x })`.
 */
function print(format: string, ...args: unknown[]): void {
  if (typeof format !== "string") {
    throw new TypeError(`debug.print wants a format string first, got ${describe(format)}`);
  }
  const holes = [...format.matchAll(/\{\{|\}\}|\{([^{}:]*)(?::[^{}]*)?\}/g)].flatMap((m) =>
    m[1] === undefined ? [] : [m[1]]
  );
  const names = holes.filter((h) => h !== "" && !/^\d+$/.test(h));
  const last = args.at(-1);
  const hasNamed = names.length > 0;
  const named = hasNamed ? last as Record<string, unknown> : {};
  const positional = hasNamed ? args.slice(0, -1) : args;
  const wanted = Math.max(
    holes.filter((h) => h === "").length,
    ...holes.filter((h) => /^\d+$/.test(h)).map((h) => Number(h) + 1),
    0,
  );
  if (positional.length < wanted) {
    throw new ValueError(
      `debug.print: the format ${
        JSON.stringify(format)
      } has ${wanted} places, but ${positional.length} values were given`,
    );
  }
  const missing = names.filter((n) => typeof named !== "object" || named === null || !(n in named));
  if (missing.length) {
    throw new ValueError(`debug.print: no value for {${missing[0]}}: give an object with that key last`);
  }
  const f = (values: readonly JaxArray[], byName: Readonly<Record<string, unknown>>): void => {
    console.log(fill(format, values, byName));
  };
  Object.defineProperty(f, "name", { value: "print" });
  callback(f, positional, named);
}

/** Looking at values inside transformed functions. */
export const debug: { print: typeof print; callback: typeof callback } = { print, callback };
