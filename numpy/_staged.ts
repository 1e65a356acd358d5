/**
 * Functions that are jitted under JAX's name for them, so that jaxprs show the same calls.
 *
 * @module
 */
import { jit } from "../core/mod.ts";

// deno-lint-ignore no-explicit-any -- the type of any function
type AnyFunction = (...args: any[]) => any;

/**
 * A function jitted under a name.
 *
 * @param name what jaxprs call it
 * @param f a function of arrays (and trees of them) and static values
 * @param staticArgnums positions of the static values
 */
export function staged<F extends AnyFunction>(
  name: string,
  f: F,
  staticArgnums: readonly number[] = [],
): F {
  Object.defineProperty(f, "name", { value: name });
  return jit(f, staticArgnums.length ? { staticArgnums } : {});
}
