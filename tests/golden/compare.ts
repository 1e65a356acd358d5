/** How a result is compared with JAX's. */
import { camelCase } from "../../scripts/names.ts";
import { type ArrayValue, type Case, hasPythonInt, hasWeakArray, parseNumber, type Value } from "./cases.ts";
import { type Any, jax } from "./jax.ts";

/** What is different, in a few words, or null if `got` is what JAX gave. */
export async function difference(got: Any, want: Value, how: Case): Promise<string | null> {
  if (want === null) return got === null || got === undefined ? null : `wanted null, got ${got}`;
  if (typeof want === "boolean") {
    return got === want || got?.item?.() === want ? null : `wanted ${want}, got ${got}`;
  }
  if ("data" in want) return await arrayDifference(got, want, how);
  if ("tuple" in want) return await itemsDifference(got, want.tuple, how);
  if ("list" in want) return await itemsDifference(got, want.list, how);
  if ("dict" in want) return await dictDifference(got, want.dict, how);
  if ("int" in want) return numberDifference(got, want.int, how);
  if ("float" in want) return numberDifference(got, want.float, how);
  if ("complex" in want) {
    const [re, im] = want.complex.map(parseNumber) as [number, number];
    const number = got?.item?.() ?? got;
    return close(number?.re, re, how) && close(number?.im, im, how)
      ? null
      : `wanted ${re}+${im}j, got ${got}`;
  }
  if ("dt" in want) return textDifference(got?.name ?? got, want.dt);
  if ("str" in want) return textDifference(listsForTuples(String(got)), listsForTuples(want.str));
  if ("treedef" in want) return textDifference(listsForTuples(String(got)), listsForTuples(want.treedef));
  if ("key" in want) {
    const data: ArrayValue = {
      dtype: "uint32",
      shape: [...(want.shape ?? []), want.key.flat().length / (want.shape ?? []).reduce((a, b) => a * b, 1)],
      data: want.key.flat(),
    };
    return await arrayDifference(jax.random.keyData(got), data, how);
  }
  return `cannot compare with ${JSON.stringify(want)}`;
}

function textDifference(got: unknown, want: string): string | null {
  return String(got) === want ? null : `wanted ${want}, got ${got}`;
}

/** The text of a tree structure with lists for tuples, which JavaScript does not tell apart. */
function listsForTuples(text: string): string {
  const tree = /^PyTreeDef\((.*)\)$/s.exec(text)?.[1];
  return tree === undefined ? text : tree.replace(/,?\)/g, "]").replaceAll("(", "[");
}

async function itemsDifference(got: Any, want: readonly Value[], how: Case): Promise<string | null> {
  const items: Any[] = Array.isArray(got) ? got : Object.values(got ?? {});
  if (items.length !== want.length) return `wanted ${want.length} results, got ${items.length}`;
  for (const [i, item] of items.entries()) {
    const problem = await difference(item, want[i]!, how);
    if (problem) return `[${i}] ${problem}`;
  }
  return null;
}

async function dictDifference(got: Any, want: Record<string, Value>, how: Case): Promise<string | null> {
  const camelKeys = new Set(Object.keys(want).map(camelCase));
  const extra = Object.keys(got ?? {}).filter((key) => !(key in want) && !camelKeys.has(key));
  if (extra.length) return `unexpected ${extra.join(", ")}`;
  for (const [key, value] of Object.entries(want)) {
    const problem = await difference(got?.[key] ?? got?.[camelCase(key)], value, how);
    if (problem) return `.${key} ${problem}`;
  }
  return null;
}

function numberDifference(got: Any, want: number | string, how: Case): string | null {
  return close(Number(got?.item?.() ?? got), parseNumber(want), how) ? null : `wanted ${want}, got ${got}`;
}

async function arrayDifference(got: Any, want: ArrayValue, how: Case): Promise<string | null> {
  // A NumPy scalar is a number here.
  if (typeof got === "number" && want.shape.length === 0) {
    return numberDifference(got, String(want.data[0]), how);
  }
  if (got?.shape === undefined) return `wanted ${want.dtype}[${want.shape}], got ${typeof got} ${got}`;
  if (String(got.shape) !== String(want.shape)) return `wanted shape [${want.shape}], got [${got.shape}]`;
  // A Python int has no exact counterpart among JS numbers: dtypes are compared only where none was involved.
  const looseType = want.weak || hasPythonInt(how.args);
  const dtype = String(got.dtype?.name ?? got.dtype);
  if (!looseType && dtype !== want.dtype) return `wanted ${want.dtype}, got ${dtype}`;
  const weak = Boolean(want.weak);
  if (!hasPythonInt(how.args) && !hasWeakArray(how.args) && got.weakType !== weak) {
    return weak ? "wanted a weak type" : "wanted a type that is not weak";
  }
  if (how.upto === "partition" || how.upto === "triangle") return null;
  const host = await jax.deviceGet(got);
  const flat: Any[] = want.shape.length ? host.toArray().flat(Infinity) : [host.item()];
  if (flat.length * (want.dtype.startsWith("complex") ? 2 : 1) !== want.data.length) {
    return `wanted ${want.data.length} numbers, got ${flat.length} elements`;
  }
  if (how.upto === "order") return setDifference(flat, want, how);
  const at = flat.findIndex((x, i) => !sameElement(x, want, i, how));
  return at < 0 ? null : `at ${at}: wanted ${elementText(want, at)}, got ${show(flat[at])}`;
}

/** Elements in any order: each wanted one takes the nearest that is left. */
function setDifference(flat: Any[], want: ArrayValue, how: Case): string | null {
  const { upto: _, ...rest } = how;
  const left = [...flat];
  for (let i = 0; i < flat.length; i++) {
    const at = left.findIndex((x) => sameElement(x, want, i, rest));
    if (at < 0) return `wanted ${elementText(want, i)} among ${flat.map(show).join(", ")}`;
    left.splice(at, 1);
  }
  return null;
}

function sameElement(got: Any, want: ArrayValue, i: number, how: Case): boolean {
  if (want.dtype === "bool") return Boolean(got) === want.data[i];
  if (/int64$/.test(want.dtype)) return BigInt(got) === BigInt(want.data[i]!);
  if (want.dtype.startsWith("complex")) {
    const re = parseNumber(want.data[2 * i]!), im = parseNumber(want.data[2 * i + 1]!);
    if (typeof got !== "object") got = { re: Number(got), im: 0 };
    // Up to a unit factor only the modulus is defined.
    if (how.upto) return close(Math.hypot(got.re, got.im), Math.hypot(re, im), how);
    return close(got.re, re, how) && close(got.im, im, how);
  }
  const decimal = parseNumber(want.data[i]!);
  const number = how.exact && want.dtype === "float32" ? Math.fround(decimal) : decimal;
  if (how.upto === "sign") return close(Math.abs(Number(got)), Math.abs(number), how);
  return close(Number(got), number, how);
}

function close(got: number, want: number, { exact, rtol = 1e-5, atol = 1e-6 }: Case): boolean {
  if (got === want || (Number.isNaN(got) && Number.isNaN(want))) return true;
  return !exact && Number.isFinite(want) && Math.abs(got - want) <= atol + rtol * Math.abs(want);
}

function elementText(want: ArrayValue, i: number): string {
  return want.dtype.startsWith("complex")
    ? `${want.data[2 * i]}+${want.data[2 * i + 1]}j`
    : String(want.data[i]);
}

function show(x: Any): string {
  return x !== null && typeof x === "object" ? `${x.re}+${x.im}j` : String(x);
}
