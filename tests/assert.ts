/**
 * The assertions of the tests. They have no dependencies, so that the same test file runs in Deno and in Bun.
 *
 * Values may be numbers, booleans, bigints, `{ re, im }`, nested JS arrays of these, TypedArrays, and anything
 * with a `toArray()` method, such as jax arrays.
 */

/** Raised by every assertion of this module. */
export class AssertionError extends Error {
  override name = "AssertionError";
}

/** Tolerances of {@linkcode assertAllClose}: `|got - want| <= atol + rtol * |want|`. */
export interface Tolerance {
  rtol?: number;
  atol?: number;
}

interface Complex {
  re: number;
  im: number;
}

// deno-lint-ignore no-explicit-any
type ErrorClass = abstract new (...args: any[]) => unknown;

/** Raises unless `condition` is truthy. */
export function assert(condition: unknown, message = "Assertion failed"): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Raises unless `got` equals `want` in depth; numbers are compared by `Object.is`, arrays by their items. */
export function assertEquals(got: unknown, want: unknown, message?: string): void {
  const at = firstDifference(got, want, "");
  if (at === null) return;
  const where = at === "" ? "" : ` at ${at}`;
  throw new AssertionError(
    `${message ? `${message}: ` : ""}values differ${where}\n  got:    ${show(got)}\n  wanted: ${show(want)}`,
  );
}

/** Raises unless `fn` throws; returns what it threw, checked against a class and a part of its message. */
export function assertThrows(fn: () => unknown, errorClass?: ErrorClass, messagePart?: string): Error {
  let result: unknown;
  try {
    result = fn();
  } catch (error) {
    return checkError(error, errorClass, messagePart);
  }
  throw new AssertionError(`Expected ${errorClass?.name ?? "an error"}, but got the result ${show(result)}`);
}

/** Raises unless the promise of `fn` rejects; resolves to the reason, checked as in {@linkcode assertThrows}. */
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  errorClass?: ErrorClass,
  messagePart?: string,
): Promise<Error> {
  let result: unknown;
  try {
    result = await fn();
  } catch (error) {
    return checkError(error, errorClass, messagePart);
  }
  throw new AssertionError(`Expected ${errorClass?.name ?? "an error"}, but got the result ${show(result)}`);
}

/**
 * Raises unless `got` and `want` have the same nesting and `|got - want| <= atol + rtol * |want|` everywhere.
 * NaN equals NaN and infinities must agree in sign; booleans and bigints are compared exactly.
 */
export function assertAllClose(
  got: unknown,
  want: unknown,
  { rtol = 1e-5, atol = 1e-6 }: Tolerance = {},
): void {
  compareNested(
    got,
    want,
    (a, b) => Math.abs(a - b) <= atol + rtol * Math.abs(b),
    `rtol=${rtol}, atol=${atol}`,
  );
}

/** Raises unless `got` and `want` have the same nesting and equal numbers; NaN equals NaN, and -0 equals 0. */
export function assertArrayEquals(got: unknown, want: unknown): void {
  compareNested(got, want, () => false, "exactly");
}

function compareNested(
  got: unknown,
  want: unknown,
  close: (a: number, b: number) => boolean,
  how: string,
): void {
  const a = nested(got), b = nested(want);
  const shapeA = shapeOf(a), shapeB = shapeOf(b);
  if (shapeA !== shapeB) {
    throw new AssertionError(`Arrays differ in shape: got [${shapeA}], wanted [${shapeB}]`);
  }
  const flatA = flatten(a), flatB = flatten(b);
  if (flatA.length !== flatB.length) {
    throw new AssertionError(`Arrays differ in size: got ${flatA.length} elements, wanted ${flatB.length}`);
  }
  const wrong = flatA.flatMap((x, i) => sameScalar(x, flatB[i], close) ? [] : [i]);
  const first = wrong[0];
  if (first === undefined) return;
  throw new AssertionError(
    `Arrays of shape [${shapeA}] differ (${how}) in ${wrong.length} of ${flatA.length} elements, first at flat ` +
      `index ${first}: got ${show(flatA[first])}, wanted ${show(flatB[first])}\n  got:    ${
        show(a)
      }\n  wanted: ${show(b)}`,
  );
}

function sameScalar(a: unknown, b: unknown, close: (a: number, b: number) => boolean): boolean {
  if (isComplex(a) || isComplex(b)) {
    const [x, y] = [toComplex(a), toComplex(b)];
    return sameNumber(x.re, y.re, close) && sameNumber(x.im, y.im, close);
  }
  if (typeof a === "boolean" || typeof b === "boolean") return a === b;
  if (typeof a === "bigint" || typeof b === "bigint") return toBigInt(a) === toBigInt(b) && a !== undefined;
  return typeof a === "number" && typeof b === "number" && sameNumber(a, b, close);
}

function sameNumber(a: number, b: number, close: (a: number, b: number) => boolean): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  return Number.isFinite(a) && Number.isFinite(b) && close(a, b);
}

function toBigInt(x: unknown): bigint | undefined {
  if (typeof x === "bigint") return x;
  return Number.isInteger(x) ? BigInt(x as number) : undefined;
}

function isComplex(x: unknown): x is Complex {
  return typeof x === "object" && x !== null && "re" in x && "im" in x;
}

function toComplex(x: unknown): Complex {
  return isComplex(x) ? x : { re: Number(x), im: 0 };
}

/** The value as nested JS arrays. */
function nested(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(nested);
  if (ArrayBuffer.isView(x) && !(x instanceof DataView)) return Array.from(x as unknown as Iterable<unknown>);
  if (typeof x === "object" && x !== null && "toArray" in x && typeof x.toArray === "function") {
    return x.toArray();
  }
  return x;
}

function shapeOf(x: unknown): string {
  const shape: number[] = [];
  for (let at = x; Array.isArray(at); at = at[0]) shape.push(at.length);
  return shape.join(",");
}

function flatten(x: unknown): unknown[] {
  return Array.isArray(x) ? x.flatMap(flatten) : [x];
}

function checkError(error: unknown, errorClass?: ErrorClass, messagePart?: string): Error {
  if (!(error instanceof Error)) throw new AssertionError(`Expected an Error, but ${show(error)} was thrown`);
  if (errorClass && !(error instanceof errorClass)) {
    throw new AssertionError(`Expected ${errorClass.name}, but got ${error.name}: ${error.message}`);
  }
  if (messagePart !== undefined && !error.message.includes(messagePart)) {
    throw new AssertionError(
      `Expected a message with ${JSON.stringify(messagePart)}, but got: ${error.message}`,
    );
  }
  return error;
}

/** The path of the first difference in depth, `""` for the values themselves, or null if they are equal. */
function firstDifference(a: unknown, b: unknown, path: string): string | null {
  if (Object.is(a, b)) return null;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return path;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return path;
  if (a instanceof Error && b instanceof Error) return a.message === b.message ? null : path;
  const x: unknown = a instanceof Map || a instanceof Set ? [...a] : a;
  const y: unknown = b instanceof Map || b instanceof Set ? [...b] : b;
  const [left, right] = [x as Record<string, unknown>, y as Record<string, unknown>];
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return path;
  // Objects without enumerable properties carry their state privately, so that only identity tells.
  if (keys.length === 0 && !Array.isArray(x) && !isPlain(x) && !ArrayBuffer.isView(x)) return path;
  for (const key of keys) {
    if (!Object.hasOwn(right, key)) return `${path}.${key}`;
    const at = firstDifference(left[key], right[key], `${path}.${key}`);
    if (at !== null) return at;
  }
  return null;
}

function isPlain(x: unknown): boolean {
  const prototype = Object.getPrototypeOf(x);
  return prototype === Object.prototype || prototype === null;
}

function show(x: unknown): string {
  if (x instanceof Error) return `${x.name}: ${x.message}`;
  if (typeof x === "bigint") return `${x}n`;
  if (typeof x === "string") return JSON.stringify(x);
  if (Array.isArray(x)) return `[${x.slice(0, 100).map(show).join(", ")}${x.length > 100 ? ", ..." : ""}]`;
  if (ArrayBuffer.isView(x)) return `${x.constructor.name} ${show(nested(x))}`;
  if (typeof x === "object" && x !== null && isPlain(x)) {
    return `{ ${Object.entries(x).map(([k, v]) => `${k}: ${show(v)}`).join(", ")} }`;
  }
  return Object.is(x, -0) ? "-0" : String(x);
}
