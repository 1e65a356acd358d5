/** Functions with bound arguments as nodes of pytrees. */
import { describe } from "../core/pytree.ts";
import { registerPytreeNode } from "./_register.ts";

// deno-lint-ignore no-explicit-any -- a function of any signature
type AnyFunction = (...args: any[]) => any;

/** A function with bound arguments: a node whose children are the arguments; the function itself is static. */
export interface Partial<F extends AnyFunction = AnyFunction> {
  // deno-lint-ignore no-explicit-any -- the arguments that are not bound yet
  (...rest: any[]): ReturnType<F>;
  /** The function. */
  readonly func: F;
  /** The bound positional arguments. */
  readonly args: readonly unknown[];
  /** The bound options, given to the function as its last argument. */
  readonly keywords: Readonly<Record<string, unknown>>;
}

/** Makes partial functions; see {@link Partial}. */
export interface PartialConstructor {
  /** Binds positional arguments. */
  <F extends AnyFunction>(func: F, ...args: unknown[]): Partial<F>;
  /** Binds positional arguments. */
  new <F extends AnyFunction>(func: F, ...args: unknown[]): Partial<F>;
  /** Binds options, given to the function in one last object, and positional arguments. */
  withKeywords<F extends AnyFunction>(
    func: F,
    keywords: Readonly<Record<string, unknown>>,
    ...args: unknown[]
  ): Partial<F>;
  /** The prototype of all partial functions. */
  readonly prototype: Partial;
}

function make<F extends AnyFunction>(
  func: F,
  args: readonly unknown[],
  keywords: Readonly<Record<string, unknown>>,
): Partial<F> {
  if (typeof func !== "function") throw new TypeError(`Partial: func must be a function, got ${typeof func}`);
  const hasKeywords = Object.keys(keywords).length > 0;
  const call = (...rest: unknown[]) => func(...args, ...rest, ...(hasKeywords ? [keywords] : []));
  Object.setPrototypeOf(call, Partial.prototype);
  return Object.defineProperties(call, {
    name: { value: func.name },
    func: { value: func, enumerable: true },
    args: { value: args, enumerable: true },
    keywords: { value: keywords, enumerable: true },
  }) as unknown as Partial<F>;
}

function construct<F extends AnyFunction>(func: F, ...args: unknown[]): Partial<F> {
  return make(func, args, {});
}

/**
 * A function with some arguments bound, which may be passed to and returned from transformed functions: the bound
 * arguments are children, the function is static.
 *
 * @example
 * ```ts
 * import { tree, treeUtil } from "@jaxlet/jaxlet";
 * import assert from "node:assert/strict";
 *
 * const line = treeUtil.Partial((slope: number, x: number) => slope * x, 2);
 * assert.equal(line(5), 10);
 * assert.deepEqual(tree.leaves(line), [2]);
 * assert.equal(tree.map((slope: number) => slope + 1, line)(5), 15);
 * ```
 */
export const Partial: PartialConstructor = Object.defineProperties(construct, {
  name: { value: "Partial" },
  prototype: { value: Object.create(Function.prototype) },
  withKeywords: {
    value: <F extends AnyFunction>(
      func: F,
      keywords: Readonly<Record<string, unknown>>,
      ...args: unknown[]
    ) => make(func, args, keywords),
  },
}) as unknown as PartialConstructor;

Object.defineProperty(Partial.prototype, "constructor", { value: Partial });
Object.defineProperty(Partial.prototype, "toString", {
  value(this: Partial): string {
    const keywords = Object.entries(this.keywords).map(([name, value]) => `${name}=${describe(value)}`);
    return `Partial(${
      [describe(this.func), ...this.args.map((arg) => describe(arg)), ...keywords].join(", ")
    })`;
  },
});

registerPytreeNode<Partial>(
  Partial,
  (partial) => [[partial.args, partial.keywords], partial.func],
  (func, [args, keywords]) => make(func, args, keywords),
);
