/**
 * Error classes, with JAX's names and messages.
 *
 * Python's `TypeError` is JavaScript's. `ValueError`, `IndexError` and `OverflowError` extend `RangeError`; Python's
 * other built-in errors extend `Error`. The classes of `jax.errors` end their message with a link to JAX's page about
 * the error, as in JAX.
 *
 * @module
 */

/** A value of the right kind but outside what the function accepts. */
export class ValueError extends RangeError {
  static {
    this.prototype.name = "ValueError";
  }
}

/** An index or axis outside the array, or of a kind that cannot index. */
export class IndexError extends RangeError {
  static {
    this.prototype.name = "IndexError";
  }
}

/** An integer that does not fit its dtype. */
export class OverflowError extends RangeError {
  static {
    this.prototype.name = "OverflowError";
  }
}

/** A combination of arguments that JAX does not implement either. */
export class NotImplementedError extends Error {
  static {
    this.prototype.name = "NotImplementedError";
  }
}

/** A NaN or an infinity was produced under `jax_debug_nans` or `jax_debug_infs`. */
export class FloatingPointError extends Error {
  static {
    this.prototype.name = "FloatingPointError";
  }
}

/** An operation on something in a state that does not allow it, such as a deleted array. */
export class RuntimeError extends Error {
  static {
    this.prototype.name = "RuntimeError";
  }
}

/** A collective names an axis that no enclosing `vmap` binds (JAX raises `NameError`). */
export class UnboundAxisError extends Error {
  static {
    this.prototype.name = "UnboundAxisError";
  }
}

/** An attribute or configuration key that does not exist. */
export class AttributeError extends Error {
  static {
    this.prototype.name = "AttributeError";
  }
}

/** A check that the caller asked for does not hold. */
export class AssertionError extends Error {
  static {
    this.prototype.name = "AssertionError";
  }
}

/** Dtypes that have no implicit promotion path. */
export class TypePromotionError extends ValueError {
  static {
    this.prototype.name = "TypePromotionError";
  }
}

/** An error that a computation raised while it ran, as those of `checkify`. */
export class JaxRuntimeError extends RuntimeError {
  static {
    this.prototype.name = "JaxRuntimeError";
  }
}

/** `message`, then the line with the address of JAX's page about the error class `name`. */
function withErrorPage(message: string, name: string): string {
  return `${message}\nSee https://docs.jax.dev/en/latest/errors.html#jax.errors.${name}`;
}

/** Base of the type errors that are JAX's own. */
export class JAXTypeError extends TypeError {
  constructor(message: string, options?: ErrorOptions) {
    super(withErrorPage(message, new.target.prototype.name), options);
  }
  static {
    this.prototype.name = "JAXTypeError";
  }
}

/** Base of the index errors that are JAX's own. */
export class JAXIndexError extends IndexError {
  constructor(message: string, options?: ErrorOptions) {
    super(withErrorPage(message, new.target.prototype.name), options);
  }
  static {
    this.prototype.name = "JAXIndexError";
  }
}

/** A traced value was used where a concrete one is needed. */
export class ConcretizationTypeError extends JAXTypeError {
  static {
    this.prototype.name = "ConcretizationTypeError";
  }
}

/** A traced value was used as a condition of the host language. */
export class TracerBoolConversionError extends ConcretizationTypeError {
  static {
    this.prototype.name = "TracerBoolConversionError";
  }
}

/** The data of a traced array was asked for on the host. */
export class TracerArrayConversionError extends JAXTypeError {
  static {
    this.prototype.name = "TracerArrayConversionError";
  }
}

/** A traced value was used where the host needs an integer: a shape, an axis, a loop bound. */
export class TracerIntegerConversionError extends JAXTypeError {
  static {
    this.prototype.name = "TracerIntegerConversionError";
  }
}

/** A traced boolean array was used as an index, so the shape of the result would depend on its values. */
export class NonConcreteBooleanIndexError extends JAXIndexError {
  static {
    this.prototype.name = "NonConcreteBooleanIndexError";
  }
}

/** A traced value was used after the transformation that made it had ended. */
export class UnexpectedTracerError extends JAXTypeError {
  static {
    this.prototype.name = "UnexpectedTracerError";
  }
}

/** A random key was used twice under `jax_debug_key_reuse`. */
export class KeyReuseError extends JAXTypeError {
  static {
    this.prototype.name = "KeyReuseError";
  }
}

/**
 * The Levenshtein distance between two words: the number of single character insertions, deletions and
 * substitutions, case-insensitive (Wagner and Fischer 1974, one row at a time).
 */
function editDistance(a: string, b: string): number {
  const s = a.toLowerCase();
  const t = b.toLowerCase();
  let row = Array.from({ length: t.length + 1 }, (_, j) => j);
  for (let i = 1; i <= s.length; i++) {
    const next = [i];
    for (let j = 1; j <= t.length; j++) {
      const substituted = row[j - 1]! + (s[i - 1] === t[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[t.length]!;
}

/**
 * The part of an error message that offers the known name nearest to `name`.
 *
 * @param name What the caller wrote.
 * @param known The names that exist.
 * @returns `; did you mean "axis"?`, or the empty string when no name is near: the edit distance must be at most a
 * third of the length of the longer word (at least one), or one word must begin with the other.
 */
export function suggest(name: string, known: readonly string[]): string {
  let best = "";
  let bestDistance = Infinity;
  for (const candidate of known) {
    const longer = Math.max(name.length, candidate.length);
    let distance = editDistance(name, candidate);
    if (distance > Math.max(1, longer / 3)) {
      const shorter = Math.min(name.length, candidate.length);
      const isPrefix = shorter >= 3 &&
        name.slice(0, shorter).toLowerCase() === candidate.slice(0, shorter).toLowerCase();
      if (!isPrefix) continue;
      distance += longer;
    }
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best === "" ? "" : `; did you mean ${JSON.stringify(best)}?`;
}

/**
 * Checks the keys of an options object.
 *
 * @param fn The name of the function that takes the options.
 * @param options What the caller gave; `undefined` when nothing.
 * @param known The options of the function.
 * @throws {TypeError} When `options` is not an object, or has a key that is not known.
 */
export function checkOptions(fn: string, options: object | undefined, known: readonly string[]): void {
  if (options === undefined) return;
  if (options === null || typeof options !== "object" || Array.isArray(options)) {
    const got = options === null ? "null" : Array.isArray(options) ? "an array" : `a ${typeof options}`;
    throw new TypeError(`${fn}() takes its options as an object, got ${got}${listOptions(known)}`);
  }
  for (const key in options) {
    if (!known.includes(key)) {
      const hint = suggest(key, known);
      throw new TypeError(
        `${fn}() got an unexpected keyword argument '${key}'${hint}${listOptions(known)}`,
      );
    }
  }
}

/** The known options in the form that ends an error message. */
function listOptions(known: readonly string[]): string {
  return known.length === 0 ? " (it has no options)" : ` (options: ${known.join(", ")})`;
}
