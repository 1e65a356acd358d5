/**
 * `jit`: traces a function once for each combination of types and static arguments, and runs compiled programs.
 *
 * @module
 */
import {
  checkCallable,
  FlatFunction,
  flattenArrays,
  functionName,
  invalidArgument,
  leafAval,
  normalizeArgnums,
  ShapeDtypeStruct,
} from "./argument.ts";
import { JaxArray } from "./array.ts";
import type { ShapedArray } from "./avals.ts";
import { type CompiledStats, defaultDevice } from "./backend.ts";
import { ConcreteArray, describe } from "./concrete.ts";
import { flags } from "./config.ts";
import { clearCompiled, compileJaxpr, evalTrace, runJaxpr } from "./dispatch.ts";
import { checkOptions, ValueError } from "./errors.ts";
import type { ClosedJaxpr } from "./jaxpr.ts";
import { LruMap } from "./lru.ts";
import { P } from "./prims.ts";
import { flatten, type PyTreeDef, unflatten } from "./pytree.ts";
import { evalClosed, stageHoisted } from "./staging.ts";
import { axisEnvironment, bind, current, Tracer } from "./trace.ts";

/** Options of {@linkcode jit}. */
export interface JitOptions {
  /** Positions of arguments that are compile-time constants, compared by value. */
  readonly staticArgnums?: number | readonly number[];
  /** The same by parameter name (or by key of a trailing options object). */
  readonly staticArgnames?: string | readonly string[];
  /** Positions of arguments whose memory the call may reuse; they are deleted by it. */
  readonly donateArgnums?: number | readonly number[];
  readonly donateArgnames?: string | readonly string[];
  /** Inline into an enclosing jaxpr instead of making a call. */
  readonly inline?: boolean;
  /** Keep arguments that the function does not use. */
  readonly keepUnused?: boolean;
}

interface Traced {
  readonly jaxpr: ClosedJaxpr;
  readonly consts: readonly JaxArray[];
  readonly outTree: PyTreeDef;
  readonly donated: readonly boolean[] | undefined;
}

let allCaches: WeakRef<{ clear(): void }>[] = [];

/** Adds a cache to those that {@linkcode clearCaches} empties. */
export function registerCache(cache: { clear(): void }): void {
  allCaches.push(new WeakRef(cache));
}

/** Empties every cache of traced and compiled functions. */
export function clearCaches(): void {
  for (const ref of allCaches) ref.deref()?.clear();
  allCaches = allCaches.filter((ref) => ref.deref());
  clearCompiled();
}

const treeIds = new WeakMap<PyTreeDef, number>();
let nextTree = 0;
function treeId(tree: PyTreeDef): number {
  let id = treeIds.get(tree);
  if (id === undefined) treeIds.set(tree, id = nextTree++);
  return id;
}

const objectIds = new WeakMap<object, number>();
let nextObject = 0;

/** Text equal for equal static values. */
export function staticKey(value: unknown, where: string): string {
  switch (typeof value) {
    case "number":
      return Object.is(value, -0) ? "-0" : `${value}`;
    case "string":
      return `"${value.length}:${value}`;
    case "bigint":
      return `${value}n`;
    case "boolean":
    case "undefined":
      return `${value}`;
    case "symbol":
      throw new ValueError(`Non-hashable static argument ${where}: a symbol cannot be compared by value`);
    default:
      break;
  }
  if (value === null) return "null";
  if (value instanceof JaxArray || ArrayBuffer.isView(value)) {
    throw new ValueError(
      `Non-hashable static arguments are not supported. An error occurred while trying to hash ${
        describe(value)
      } ` +
        `(${where}): arrays are traced; do not mark them static, or pass plain numbers`,
    );
  }
  if (Array.isArray(value)) return `[${value.map((v) => staticKey(v, where)).join()}]`;
  if (typeof value === "object") {
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      const entries = Object.keys(value).sort().map((k) =>
        `${k.length}:${k}=${staticKey((value as Record<string, unknown>)[k], where)}`
      );
      return `{${entries.join()}}`;
    }
  }
  const object = value as object;
  let id = objectIds.get(object);
  if (id === undefined) objectIds.set(object, id = nextObject++);
  return `@${id}`;
}

/** Names of a function's parameters as written, for `staticArgnames`; null where they cannot be read. */
function parameterNames(f: (...args: never[]) => unknown): string[] | null {
  const text = Function.prototype.toString.call(f).replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
  const match =
    /^(?:async\s*)?(?:function\b\s*\*?\s*[\w$]*\s*)?\(([^()]*)\)|^([\w$]+)\s*=>|^[\w$]+\s*\(([^()]*)\)/.exec(
      text.trim(),
    );
  if (!match) return null;
  const list = match[1] ?? match[2] ?? match[3] ?? "";
  return list.split(",").map((p) => p.trim().replace(/^\.\.\./, "").replace(/\s*=.*$/s, "")).filter((p) =>
    p !== ""
  );
}

const nameList = (names: string | readonly string[] | undefined): readonly string[] =>
  names === undefined ? [] : typeof names === "string" ? [names] : names;

// deno-lint-ignore no-explicit-any -- the type of any function
type AnyFunction = (...args: any[]) => any;

/** A jitted function: called like the original, with ways to look inside. */
export type Jitted<F extends AnyFunction> = F & {
  /** Traces and lowers for these arguments (arrays or {@linkcode ShapeDtypeStruct}s) without running. */
  lower(...args: unknown[]): Lowered;
  /** The types of the results. */
  evalShape(...args: Parameters<F>): unknown;
  /** Traces to a jaxpr. */
  trace(...args: unknown[]): { readonly jaxpr: ClosedJaxpr };
  clearCache(): void;
};

/** A traced function, not yet compiled. */
export class Lowered {
  readonly #traced: Traced;
  readonly #inTree: PyTreeDef;
  readonly #name: string;
  constructor(traced: Traced, inTree: PyTreeDef, name: string) {
    this.#traced = traced;
    this.#inTree = inTree;
    this.#name = name;
  }

  /** The program before compilation. */
  get jaxpr(): ClosedJaxpr {
    return this.#traced.jaxpr;
  }

  asText(): string {
    return String(this.#traced.jaxpr);
  }

  compile(): CompiledFunction {
    return new CompiledFunction(this.#traced, this.#inTree, this.#name);
  }
}

/** A compiled function for arguments of fixed types. */
export class CompiledFunction {
  readonly #traced: Traced;
  readonly #inTree: PyTreeDef;
  readonly #name: string;
  readonly #compiled: ReturnType<typeof compileJaxpr>;

  constructor(traced: Traced, inTree: PyTreeDef, name: string) {
    this.#traced = traced;
    this.#inTree = inTree;
    this.#name = name;
    this.#compiled = compileJaxpr(traced.jaxpr.jaxpr, defaultDevice(), name);
  }

  /** Calls it; arguments of other types are an error. */
  call(...args: unknown[]): unknown {
    const { arrays, treedef } = flattenArrays(args, invalidArgument(this.#name));
    const want = this.#traced.jaxpr.inAvals.slice(this.#traced.consts.length);
    const wrong = arrays.findIndex((x, i) => !want[i] || !x.aval.sameType(want[i]!));
    if (treedef !== this.#inTree || wrong >= 0) {
      throw new TypeError(
        `Argument types differ from the types for which this computation was compiled: compiled for ` +
          `(${want.join(", ")}), called with (${arrays.map((x) => x.aval).join(", ")})`,
      );
    }
    const outs = runJaxpr(
      this.#traced.jaxpr,
      [...this.#traced.consts, ...arrays],
      this.#name,
      this.#traced.donated,
    );
    return unflatten(this.#traced.outTree, outs);
  }

  /** The machine code as text. */
  asText(): string {
    return this.#compiled.text();
  }

  /** Estimated operations and bytes moved by one call. */
  costAnalysis(): { flops: number; "bytes accessed": number } {
    const { flops, bytesAccessed } = this.#compiled.stats();
    return { flops, "bytes accessed": bytesAccessed };
  }

  /** Sizes in bytes. */
  memoryAnalysis(): CompiledStats {
    return this.#compiled.stats();
  }
}

/**
 * Compiles a function: it is traced once for each combination of argument types, and later calls run a compiled
 * program. It must be pure; arguments that decide its structure go in `staticArgnums`.
 *
 * @example
 * ```ts
 * import { jit, numpy as np } from "@jaxlet/jaxlet";
 * const f = jit((x: np.Array) => x.mul(2).add(1));
 * if (String(f(np.arange(3))) !== "[1 3 5]") throw new Error();
 * ```
 *
 * @throws TypeError when given something else than a synchronous function
 */
export function jit<F extends AnyFunction>(f: F, options: JitOptions = {}): Jitted<F> {
  checkCallable(f, "jit");
  checkOptions("jit", options, [
    "staticArgnums",
    "staticArgnames",
    "donateArgnums",
    "donateArgnames",
    "inline",
    "keepUnused",
  ]);
  const name = functionName(f);
  const resolve = argumentResolver(f, options);
  const cache = new LruMap<string, Traced>(4096);
  registerCache(cache);
  const plain = options.staticArgnums === undefined && options.staticArgnames === undefined &&
    options.donateArgnums === undefined && options.donateArgnames === undefined;

  const trace = (
    self: unknown,
    args: readonly unknown[],
    avalsOf: ((leaf: unknown) => ShapedArray | null) | null,
  ): {
    traced: Traced;
    arrays: readonly JaxArray[];
    inTree: PyTreeDef;
  } => {
    let dynamic = args, key = "";
    let roles: Roles | null = null;
    if (!plain) {
      roles = resolve(args);
      dynamic = args.filter((_, i) => !roles!.isStatic[i]);
      args.forEach((a, i) => {
        if (roles!.isStatic[i]) key += `${i}:${staticKey(a, `argument ${i} of ${name}`)};`;
      });
    }
    let arrays: readonly JaxArray[] = [], treedef: PyTreeDef, avals: ShapedArray[];
    if (avalsOf) {
      const [leaves, def] = flatten(dynamic);
      treedef = def;
      avals = leaves.map((leaf) => {
        const aval = avalsOf(leaf);
        if (aval === null) throw new TypeError(invalidArgument(name)(leaf, ""));
        return aval;
      });
    } else {
      const flat = flattenArrays(dynamic, invalidArgument(name));
      arrays = flat.arrays;
      treedef = flat.treedef;
      avals = new Array(arrays.length);
      for (let i = 0; i < arrays.length; i++) avals[i] = arrays[i]!.aval;
    }
    key += `${treeId(treedef)}#${flags.epoch}`;
    for (const a of avals) key += `,${a.id}`;
    const environment = axisEnvironment();
    for (const a of environment) key += `|${String(a.name)}:${a.size}`;
    let traced = self === undefined ? cache.get(key) : undefined;
    if (traced && traced.consts.some((c) => c instanceof Tracer && !c.owner.valid)) traced = undefined;
    if (!traced) {
      const full = roles === null ? f : (...dyn: unknown[]) => {
        let next = 0;
        return f.apply(self, args.map((a, i) => roles!.isStatic[i] ? a : dyn[next++]));
      };
      const flat = new FlatFunction(full, treedef, "jit", self);
      const staged = stageHoisted(flat.call, avals);
      const donated = roles && roles.donated.some(Boolean) ? donatedLeaves(roles, dynamic) : undefined;
      traced = { jaxpr: staged.jaxpr, consts: staged.consts, outTree: flat.outTree!, donated };
      if (self === undefined) cache.set(key, traced);
    }
    return { traced, arrays, inTree: treedef };
  };

  function jitted(this: unknown, ...args: unknown[]): unknown {
    if (flags.disableJit) return f.apply(this, args);
    const { traced, arrays } = trace(this, args, null);
    const all = traced.consts.length ? [...traced.consts, ...arrays] : arrays;
    const donated = traced.donated && [...traced.consts.map(() => false), ...traced.donated];
    let outs: readonly JaxArray[];
    if (current() === evalTrace) outs = runJaxpr(traced.jaxpr, all, name, donated);
    else if (options.inline) outs = evalClosed(traced.jaxpr, all);
    else {outs = bind(
        P.jit,
        all,
        donated ? { name, jaxpr: traced.jaxpr, donated } : { name, jaxpr: traced.jaxpr },
      );}
    return unflatten(traced.outTree, outs);
  }

  Object.defineProperty(jitted, "name", { value: f.name });
  Object.defineProperty(jitted, "length", { value: f.length });
  return Object.assign(jitted, {
    lower(...args: unknown[]): Lowered {
      const { traced, inTree } = trace(undefined, args, leafAval);
      return new Lowered(traced, inTree, name);
    },
    trace(...args: unknown[]) {
      return { jaxpr: trace(undefined, args, leafAval).traced.jaxpr };
    },
    evalShape(...args: unknown[]) {
      const { traced } = trace(undefined, args, leafAval);
      const structs = traced.jaxpr.outAvals.map((a) =>
        new ShapeDtypeStruct(a.shape, a.dtype, { weakType: a.weakType })
      );
      return unflatten(traced.outTree, structs);
    },
    clearCache(): void {
      cache.clear();
    },
  }) as unknown as Jitted<F>;
}

interface Roles {
  readonly isStatic: readonly boolean[];
  readonly donated: readonly boolean[];
}

function donatedLeaves(roles: Roles, dynamic: readonly unknown[]): boolean[] {
  const flags = roles.donated.filter((_, i) => !roles.isStatic[i]);
  return dynamic.flatMap((arg, i) => new Array(flatten(arg)[0].length).fill(Boolean(flags[i])));
}

/** Which arguments of a call are static and which are donated. */
function argumentResolver(f: AnyFunction, options: JitOptions): (args: readonly unknown[]) => Roles {
  const parameters = parameterNames(f);
  const staticNames = nameList(options.staticArgnames), donatedNames = nameList(options.donateArgnames);
  const intersection = staticNames.filter((n) => donatedNames.includes(n));
  const staticNums = options.staticArgnums, donateNums = options.donateArgnums;
  const positions = (
    nums: number | readonly number[] | undefined,
    names: readonly string[],
    count: number,
    option: string,
  ): number[] => {
    const list = normalizeArgnums(nums, count);
    for (const n of list) {
      if (n < 0 || n >= Math.max(count, f.length)) {
        throw new ValueError(
          `Jitted function has ${option}=(${[nums].flat().join(", ")},), but only accepts ${
            Math.max(count, f.length)
          } positional arguments.`,
        );
      }
    }
    for (const name of names) {
      const at = parameters?.indexOf(name) ?? -1;
      if (at < 0) {
        throw new ValueError(
          `Jitted function has invalid argnames {'${name}'} in ${
            option.replace("nums", "names")
          }. Function does not take these args.`,
        );
      }
      list.push(at);
    }
    return list;
  };
  return (args) => {
    const count = args.length;
    const statics = positions(staticNums, staticNames, count, "static_argnums");
    const donates = positions(donateNums, donatedNames, count, "donate_argnums");
    const both = statics.filter((n) => donates.includes(n));
    if (both.length || intersection.length) {
      const names = both.map((n) => `'${parameters?.[n] ?? n}'`).join(", ") || intersection.join(", ");
      throw new ValueError(
        `static_argnames and donate_argnames cannot intersect. Argument names {${names}} appear in both static_argnames and donate_argnames`,
      );
    }
    return {
      isStatic: args.map((_, i) => statics.includes(i)),
      donated: args.map((x, i) => donates.includes(i) && !(x instanceof ConcreteArray && x.isDeleted())),
    };
  };
}
