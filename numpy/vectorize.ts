/**
 * Functions of single elements, vectors or matrices as functions of arrays of these: `vectorize`, `applyAlongAxis`,
 * `applyOverAxes`.
 *
 * @module
 */
import {
  broadcastShapes,
  canonicalAxis,
  checkOptions,
  flags,
  JaxArray,
  keywords,
  raw,
  staticIntegers,
  tuple,
  ValueError,
  vmap,
} from "../core/mod.ts";
import { range } from "./axes.ts";
import { type ArrayLike, toArray, toArrays } from "./convert.ts";
import { asarray } from "./arrays.ts";

// deno-lint-ignore no-explicit-any -- the type of any function
type AnyFunction = (...args: any[]) => any;

/** Names of the core axes of each argument or result. */
type CoreAxes = readonly (readonly string[])[];

const argument = /\(\s*(?:\w+(?:\s*,\s*\w+)*)?\s*\)/g;

/** The core axes that a signature such as `"(n,m),(m)->(n)"` names, of arguments and results. */
function parseSignature(signature: string): { inputs: CoreAxes; outputs: CoreAxes } {
  const part = "\\((?:\\w+(?:,\\w+)*)?\\)", list = `${part}(?:,${part})*`;
  if (!new RegExp(`^${list}->${list}$`).test(signature)) {
    throw new ValueError(`not a valid gufunc signature: ${signature}`);
  }
  const [inputs, outputs] = signature.split("->").map((side) =>
    (side.match(argument) ?? []).map((text) => text.match(/\w+/g) ?? [])
  );
  return { inputs: inputs!, outputs: outputs! };
}

/** Names of core axes as Python's tuple of them. */
const namesText = (names: readonly string[]): string => tuple(names.map((name) => `'${name}'`));

/** Notes the sizes of core axes, which must agree. */
function noteSizes(
  sizes: Map<string, number>,
  shape: readonly number[],
  names: readonly string[],
  context: string,
): void {
  names.forEach((name, i) => {
    const size = shape[shape.length - names.length + i]!, before = sizes.get(name);
    if (before === undefined) sizes.set(name, size);
    else if (before !== size) {
      throw new ValueError(`inconsistent size for core dimension '${name}': ${size} vs ${before} ${context}`);
    }
  });
}

/** The function with the shapes of its results checked against the signature. */
function checkedOutputs(
  f: AnyFunction,
  sizes: ReadonlyMap<string, number>,
  outputs: CoreAxes,
  context: string,
): AnyFunction {
  return (...args) => {
    const result = f(...args), list = Array.isArray(result) ? result : [result];
    if (outputs.length > 1 && !Array.isArray(result)) {
      throw new TypeError(
        `output must be a tuple when multiple outputs are expected, got: ${result}\n${context}`,
      );
    }
    if (list.length !== outputs.length) {
      throw new TypeError(
        `wrong number of output arguments: expected ${outputs.length}, got ${list.length} ${context}`,
      );
    }
    const known = new Map(sizes);
    list.forEach((x, i) => {
      const shape = x instanceof JaxArray ? x.shape : [], names = outputs[i]!;
      if (shape.length !== names.length) {
        throw new ValueError(
          `output shape ${tuple(shape)} does not match core dimensions ${namesText(names)} ${context}`,
        );
      }
      noteSizes(known, shape, names, context);
    });
    return result;
  };
}

/** Warns of, or refuses, arguments of different ranks, as `jax_numpy_rank_promotion` asks. */
function checkRanks(args: readonly JaxArray[], inputs: CoreAxes, signature: string | null): void {
  if (flags.rankPromotion === "allow") return;
  const ranks = new Set(args.flatMap((x, i) => x.ndim === 0 ? [] : [x.ndim - inputs[i]!.length]));
  if (ranks.size <= 1) return;
  const text =
    `operands with shapes [${args.map((x) => tuple(x.shape)).join(", ")}] require rank promotion ` +
    `for jnp.vectorize function with signature ${
      signature ?? "None"
    }. Set the jax_numpy_rank_promotion config ` +
    "option to 'allow' to disable this message; for more information, see " +
    "https://docs.jax.dev/en/latest/rank_promotion_warning.html.";
  if (flags.rankPromotion === "raise") throw new ValueError(text);
  console.warn(text);
}

/** `f` over arrays whose axes before the core ones broadcast. */
function vectorized(
  f: AnyFunction,
  args: readonly JaxArray[],
  inputs: CoreAxes,
  outputs: CoreAxes | null,
  context: string,
  signature: string | null,
): unknown {
  if (args.length !== inputs.length) {
    throw new TypeError(
      `wrong number of positional arguments: expected ${inputs.length}, got ${args.length} ${context}`,
    );
  }
  const sizes = new Map<string, number>();
  const loops = args.map((x, i) => {
    const names = inputs[i]!;
    if (x.ndim < names.length) {
      throw new ValueError(
        `input with shape ${tuple(x.shape)} does not have enough dimensions for all core dimensions ` +
          `${namesText(names)} ${context}`,
      );
    }
    noteSizes(sizes, x.shape, names, context);
    return x.shape.slice(0, x.ndim - names.length);
  });
  const shape = broadcastShapes(loops);
  checkRanks(args, inputs, signature);
  let mapped = outputs === null ? f : checkedOutputs(f, sizes, outputs, context);
  // From the last broadcast axis to the first: each vmap takes the axis in front of those already taken.
  const inserted: number[] = [];
  for (let back = 1; back <= shape.length; back++) {
    const inAxes = loops.map((loop) => (loop[loop.length - back] ?? 1) === 1 ? null : 0);
    if (inAxes.every((axis) => axis === null)) inserted.unshift(shape.length - back);
    else mapped = vmap(mapped, { inAxes });
  }
  const squeezed = args.map((x, i) => raw.squeeze(x, loops[i]!.flatMap((n, axis) => n === 1 ? [axis] : [])));
  const result: unknown = mapped(...squeezed);
  if (inserted.length === 0) return result;
  const expand = (x: unknown): JaxArray => raw.expandDims(toArray(x, "vectorize"), inserted);
  return Array.isArray(result) ? result.map(expand) : expand(result);
}

/** Options of {@linkcode vectorize}. */
export interface VectorizeOptions {
  /** Positions of arguments (or names of options in a last object) that are passed as they are. */
  readonly excluded?: Iterable<number | string>;
  /** Core axes of arguments and results, as `"(n,m),(m)->(n)"`; default: scalars. */
  readonly signature?: string | null;
}

/**
 * A function of scalars (or of the vectors and matrices that a signature names) as one of arrays, which broadcast; made
 * with {@linkcode vmap}.
 *
 * @param pyfunc a function of arrays
 * @throws {ValueError} for an invalid signature; when called, for sizes that do not agree with it
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const f = np.vectorize((m: np.Array, v: np.Array) => np.dot(m, v), { signature: "(n,m),(m)->(n)" });
 * if (String(f(np.ones([2, 3]), np.ones([4, 3])).shape) !== "4,2") throw new Error();
 * ```
 */
export function vectorize<F extends AnyFunction>(pyfunc: F, options: VectorizeOptions = {}): F {
  checkOptions("vectorize", options, ["excluded", "signature"]);
  const excluded = [...options.excluded ?? []], signature = options.signature ?? null;
  for (const e of excluded) {
    if (typeof e !== "string" && !Number.isInteger(e)) {
      throw new TypeError(
        `jax.numpy.vectorize can only exclude integer or string arguments, but excluded={${
          excluded.join(", ")
        }}`,
      );
    }
    if (typeof e === "number" && e < 0) {
      throw new ValueError(`excluded={${excluded.join(", ")}} contains negative numbers`);
    }
  }
  const parsed = signature === null ? null : parseSignature(signature.replaceAll(" ", ""));
  const set = excluded.length ? `frozenset({${excluded.join(", ")}})` : "frozenset()";
  const context = `on vectorized function with excluded=${set} and signature=` +
    (signature === null ? "None" : `'${signature}'`);
  const isNamed = (x: unknown): boolean => {
    if (typeof x !== "object" || x === null || x instanceof JaxArray || Array.isArray(x)) return false;
    const keys = Object.keys(x);
    return keys.length > 0 && keys.every((key) => excluded.includes(key));
  };

  const wrapped = (...args: unknown[]): unknown => {
    const named = args.length > 0 && isNamed(args.at(-1)) ? args.pop() : undefined;
    // Positional arguments that are left out of the signature, and nulls, which must be scalars in it.
    const held = (i: number): boolean => excluded.includes(i);
    const dynamic = range(args.length).filter((i) => !held(i));
    const inputs = parsed?.inputs ?? dynamic.map(() => []);
    const nulls = dynamic.flatMap((i, k) => args[i] === null ? [k] : []);
    if (nulls.some((k) => (inputs[k]?.length ?? 0) > 0)) {
      throw new ValueError(
        `Cannot pass None at locations {${nulls.join(", ")}} with signature='${signature}'`,
      );
    }
    const positions = dynamic.filter((i) => args[i] !== null);
    const call = (...xs: unknown[]): unknown => {
      const all = [...args];
      positions.forEach((i, k) => all[i] = xs[k]);
      return named === undefined ? pyfunc(...all) : pyfunc(...all, named);
    };
    const given = positions.map((i) => Array.isArray(args[i]) ? asarray(args[i]) : args[i]);
    const axes = inputs.filter((_, k) => !nulls.includes(k));
    return vectorized(
      call,
      toArrays("vectorize", ...given),
      axes,
      parsed?.outputs ?? null,
      context,
      signature,
    );
  };
  Object.defineProperty(wrapped, "name", { value: pyfunc.name });
  return wrapped as F;
}

/**
 * Applies a function of one axis to all slices of an array along it.
 *
 * @param func1d from an array of one axis (and further arguments) to an array
 * @param axis the axis of the slices
 * @param arr an array
 * @param args further arguments of the function, passed as they are
 * @returns the axis is replaced by those of the function's result
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.applyAlongAxis((row: np.Array) => np.sum(row), 1, np.ones([2, 3]));
 * if (String(x) !== "[3. 3.]") throw new Error();
 * ```
 */
export function applyAlongAxis(
  func1d: AnyFunction,
  axis: number,
  arr: ArrayLike,
  ...args: readonly unknown[]
): JaxArray {
  const x = toArray(arr, "apply_along_axis"), at = canonicalAxis(axis, x.ndim);
  let f: AnyFunction = (slice: JaxArray) => func1d(slice, ...args);
  for (let i = 1; i < x.ndim - at; i++) f = vmap(f, { inAxes: i, outAxes: -1 });
  for (let i = 0; i < at; i++) f = vmap(f);
  return f(x) as JaxArray;
}

/**
 * Applies a function of an array and an axis along several axes in turn; axes that it removes are put back with size 1.
 *
 * @param func as `np.sum`: from an array and an axis to an array with or without it
 * @throws {ValueError} when the function's result has another number of axes
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const x = np.applyOverAxes(np.sum, np.ones([2, 3]), [0, 1]);
 * if (String(x) !== "[[6.]]") throw new Error();
 * ```
 */
export function applyOverAxes(
  func: AnyFunction,
  a: ArrayLike,
  ...rest: [axes?: readonly number[] | { readonly axes?: readonly number[] }]
): JaxArray {
  const { axes } = keywords("apply_over_axes", ["axes"], rest);
  let x = toArray(a, "apply_over_axes");
  for (const axis of staticIntegers(axes, "axes")) {
    const y = func(x, axis) as JaxArray;
    if (y.ndim === x.ndim) x = y;
    else if (y.ndim === x.ndim - 1) x = raw.expandDims(y, [canonicalAxis(axis, x.ndim)]);
    else throw new ValueError("function is not returning an array of the correct shape");
  }
  return x;
}
