/** Calls of JAX with their results, one JSON object a line, and how they are made and compared here. */
import * as jax from "../../mod.ts";
import type { JaxArray } from "../../core/mod.ts";
import { assert } from "../assert.ts";

// deno-lint-ignore no-explicit-any -- values of cases are of any kind
type Any = any;

/** A call and its result. */
export interface Case {
  readonly id: string;
  /** The name of the function, in JAX's spelling. */
  readonly fn: string;
  readonly args: readonly Any[];
  readonly kwargs: Readonly<Record<string, Any>>;
  readonly x64?: boolean;
  /** Bits are those of `jax_threefry_partitionable=False`. */
  readonly original?: boolean;
  readonly exact?: boolean;
  readonly rtol?: number;
  readonly atol?: number;
  /** The result with its type, or the class of the error that is raised. */
  readonly out?: Any;
  readonly raises?: string;
  /** The result where its type is not recorded. */
  readonly shape?: readonly number[];
  readonly data?: readonly (number | string | boolean)[];
}

/** The objects of a file of this folder. */
export function readLines<T>(file: string): T[] {
  const text = Deno.readTextFileSync(new URL(file, import.meta.url));
  return text.trim().split("\n").map((line) => JSON.parse(line) as T);
}

const camelCase = (name: string): string => name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase());

function number(x: number | string | boolean): number {
  return x === "nan" ? NaN : x === "inf" ? Infinity : x === "-inf" ? -Infinity : Number(x);
}

const sampler = (name: string): Any => (jax.random as Any)[camelCase(name)];

function decode(v: Any): Any {
  if (v === null || typeof v !== "object") return v;
  if ("int" in v) return Number(v.int);
  if ("float" in v) return number(v.float);
  if ("str" in v) return v.str;
  if ("dt" in v) return v.dt;
  if ("tuple" in v) return v.tuple.map(decode);
  if (v.call === "get") return decode(v.args[0]).get(decode(v.args[1]));
  if ("call" in v) return sampler(v.call)(...v.args.map(decode));
  if ("key" in v) return jax.random.wrapKeyData(keyWords(v));
  const wide = /int64$/.test(v.dtype);
  const data = v.data.map((x: Any) => v.dtype === "bool" ? x : wide ? BigInt(x) : number(x));
  return jax.numpy.array(data, { dtype: v.dtype }).reshape(v.shape);
}

const keyWords = (v: Any): JaxArray =>
  jax.numpy.array(v.key, { dtype: "uint32" }).reshape([...(v.shape ?? []), 2]);

/** Makes the call of a case under its settings. */
export function call(c: Case): JaxArray {
  return under(c, () => {
    const options = Object.fromEntries(Object.entries(c.kwargs).map(([k, v]) => [camelCase(k), decode(v)]));
    const rest = Object.keys(options).length ? [options] : [];
    return sampler(c.fn.replace("jax.random.", ""))(...c.args.map(decode), ...rest);
  });
}

/** Runs a function with the settings of a case. */
export function under<T>(c: Pick<Case, "x64" | "original">, f: () => T): T {
  return jax.withConfig(
    { jax_enable_x64: c.x64 ?? false, jax_threefry_partitionable: !c.original },
    f,
  );
}

/** Raises unless the elements are the wanted ones: all bits of integers, floats within the tolerances. */
function checkElements(c: Case, got: JaxArray, data: readonly (number | string | boolean)[]): void {
  const complex = got.dtype.kind === "complex", inexact = complex || got.dtype.kind === "float";
  const flat = complex
    ? Array.from(got.dataSync() as Float32Array, Number)
    : ([got.toArray<Any>()].flat(Infinity as 20) as Any[]);
  assert(flat.length === data.length, `${c.id}: wanted ${data.length} elements, got ${flat.length}`);
  flat.forEach((x, i) => {
    const want = data[i]!;
    if (!inexact) return assert(String(x) === String(want), `${c.id} at ${i}: wanted ${want}, got ${x}`);
    const g = Number(x), w = number(want), tolerance = (c.atol ?? 0) + (c.rtol ?? 0) * Math.abs(w);
    const same = Object.is(g, w) || g === w || Math.abs(g - w) <= tolerance ||
      c.exact === true && got.dtype.name === "float32" && g === Math.fround(w);
    assert(same, `${c.id} at ${i}: wanted ${w}, got ${g}`);
  });
}

/** Raises unless the result of a case has the recorded type and elements. */
export function checkResult(c: Case, got: JaxArray): void {
  const { out } = c;
  if (out === undefined) {
    assert(String(got.shape) === String(c.shape), `${c.id}: wanted shape [${c.shape}], got [${got.shape}]`);
    return checkElements(c, got, c.data!);
  }
  if ("key" in out) {
    const words = under(c, () => jax.random.keyData(got));
    assert(
      String(got.shape) === String(out.shape),
      `${c.id}: wanted keys [${out.shape}], got [${got.shape}]`,
    );
    return checkElements(c, words, out.key);
  }
  const type = `${got.dtype.name}[${got.shape}]${got.weakType ? " weak" : ""}`;
  const want = `${out.dtype}[${out.shape}]${out.weak ? " weak" : ""}`;
  assert(type === want, `${c.id}: wanted ${want}, got ${type}`);
  checkElements(c, got, out.data);
}

/** Raises unless the call of a case gives its result, or raises its error. */
export function checkCase(c: Case): void {
  if (c.raises === undefined) return checkResult(c, call(c));
  let raised: unknown = null;
  try {
    call(c);
  } catch (error) {
    raised = error;
  }
  const name = raised instanceof Error ? raised.name : "nothing";
  assert(name === c.raises, `${c.id}: wanted ${c.raises}, got ${name}`);
}
