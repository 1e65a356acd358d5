/**
 * How a value prints in `console.log`: Deno and Node ask for its text through symbols.
 *
 * @module
 */

/** Gives instances of a class their text in `console.log`, in Deno, Node and Bun. */
export function setInspect<T extends object>(prototype: T, text: (self: T) => string): void {
  for (const name of ["Deno.customInspect", "nodejs.util.inspect.custom"]) {
    Object.defineProperty(prototype, Symbol.for(name), {
      configurable: true,
      value(this: T): string {
        return text(this);
      },
    });
  }
}
