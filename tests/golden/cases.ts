/**
 * Golden cases: calls of JAX 0.10.2 with their inputs and results, one JSON object a line, one file an area, in
 * `data/`. The random stream is the default one (threefry, partitionable) unless a case says otherwise.
 */

/** An array: row-major data; complex numbers as flat re, im; nan, infinities and large integers as strings. */
export interface ArrayValue {
  dtype: string;
  shape: number[];
  data: (number | string | boolean)[];
  /** Whether the array is weakly typed. */
  weak?: boolean;
}

/** A typed PRNG key or, with `shape`, an array of keys; `data` of threefry keys unless `impl` names another. */
export interface KeyValue {
  key: number[] | number[][];
  shape?: number[];
  impl?: string;
}

/** A Python value. Tuples and lists are kept apart; `dt` is a dtype, `fn` a function by its full name. */
export type Value =
  | null
  | boolean
  | ArrayValue
  | KeyValue
  | { int: number | string }
  | { float: number | string }
  | { complex: [number | string, number | string] }
  | { str: string }
  | { tuple: Value[] }
  | { list: Value[] }
  | { dict: Record<string, Value> }
  | { dt: string; weak?: boolean }
  | { slice: (number | null | Value)[] }
  | { ellipsis: true }
  | { fn: string }
  | { treedef: string };

/** One case. Fields beyond `args` and `kwargs` belong to the special forms of `fn`, see calls.ts. */
export interface Case {
  id: string;
  /** Full name of the function, or the name of a special form (`vjp`, `getitem`, `program`, ...). */
  fn: string;
  args: Value[];
  kwargs: Record<string, Value>;
  /** Whether 64-bit types are enabled. */
  x64: boolean;
  out?: Value;
  /** Class of the Python exception, instead of `out`. */
  raises?: string;
  /** First line of the exception's message. */
  message?: string;
  rtol?: number;
  atol?: number;
  /** The result must agree bit for bit. */
  exact?: boolean;
  /** In what respect the result is not unique. */
  upto?: "sign" | "phase" | "order" | "partition" | "triangle";
  /** Settings in force for the case. */
  config?: { dict: Record<string, Value> };
  /** The function that a transformation is applied to. */
  of?: string;
  argnums?: Value;
  ct?: Value;
  tangents?: Value;
  in_axes?: Value;
  out_axes?: Value;
  /** Name of a program, its Python source, and the text of its jaxpr where that is stable. */
  name?: string;
  python?: string;
  jaxpr?: string;
}

const data = new URL("data/", import.meta.url);

/** The areas, in alphabetical order. */
export function areas(): string[] {
  const files = [...Deno.readDirSync(data)].map((entry) => entry.name);
  return files.filter((name) => name.endsWith(".jsonl")).map((name) => name.slice(0, -".jsonl".length))
    .sort();
}

/** The cases of an area. */
export function readCases(area: string): Case[] {
  const lines = Deno.readTextFileSync(new URL(`${area}.jsonl`, data)).split("\n");
  return lines.filter((line) => line.trim()).map((line) => JSON.parse(line) as Case);
}

/** The entries of a tuple or list, or the value itself as the only one. */
export function entries(value: Value): Value[] {
  if (value !== null && typeof value === "object") {
    if ("tuple" in value) return value.tuple;
    if ("list" in value) return value.list;
  }
  return [value];
}

/** Whether the values contain a Python int, at any depth. */
export function hasPythonInt(values: readonly Value[]): boolean {
  return JSON.stringify(values).includes('{"int":');
}

/** Whether the values contain a weakly typed array with axes, which no literal of the language makes. */
export function hasWeakArray(values: readonly Value[]): boolean {
  return /"shape":\[\d[^}]*"weak":true/.test(JSON.stringify(values));
}

/** A number as it is written in a case. */
export function parseNumber(x: number | string | boolean): number {
  if (x === "nan") return NaN;
  if (x === "inf") return Infinity;
  if (x === "-inf") return -Infinity;
  return Number(x);
}
