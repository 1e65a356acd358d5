/**
 * Arrays in files, in NumPy's formats.
 *
 * @module
 */
import { type ArrayLike, checkOptions, type JaxArray, NotImplementedError } from "../core/mod.ts";
import { toArray } from "./convert.ts";
import { decodeNpy, decodeZip, encodeNpy, encodeZip } from "./_npy.ts";

interface FileSystem {
  readFileSync(path: string | URL): Uint8Array;
  writeFileSync(path: string | URL, data: Uint8Array): void;
}

interface Zlib {
  inflateRawSync(data: Uint8Array): Uint8Array;
}

/** A module of the engine, where there is one: not in a browser. */
function builtin<T>(name: string): T {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };
  const module = process?.getBuiltinModule?.(name);
  if (module === undefined) {
    throw new NotImplementedError(`files cannot be read or written here: there is no ${name}`);
  }
  return module as T;
}

/** The name of a file, with the ending that its format has. */
function named(file: string | URL, ending: string): string | URL {
  return typeof file === "string" && !file.endsWith(ending) ? file + ending : file;
}

/**
 * Writes an array to a `.npy` file.
 *
 * @param file The name; `.npy` is appended where it is missing.
 * @param arr Array or scalar.
 * @throws {TypeError} For keys.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const file = `${Deno.makeTempDirSync()}/x.npy`;
 * np.save(file, np.arange(3));
 * if (String(np.load(file)) !== "[0 1 2]") throw new Error();
 * ```
 */
export function save(
  file: string | URL,
  arr: ArrayLike,
  options: { readonly allowPickle?: boolean } = {},
): void {
  checkOptions("save", options, ["allowPickle"]);
  builtin<FileSystem>("node:fs").writeFileSync(named(file, ".npy"), encodeNpy(toArray(arr, "save", 1)));
}

/**
 * Writes several arrays to a `.npz` file: those given one by one are named `arr_0`, `arr_1`, ..., those of an object by
 * its keys.
 *
 * @param file The name; `.npz` is appended where it is missing.
 * @param arrays Arrays, then an object of arrays by name.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jaxlet/jaxlet";
 * const file = `${Deno.makeTempDirSync()}/xy.npz`;
 * np.savez(file, { x: np.arange(3), y: np.ones(2) });
 * const { x } = np.load(file) as Record<string, np.Array>;
 * if (String(x) !== "[0 1 2]") throw new Error();
 * ```
 */
export function savez(
  file: string | URL,
  ...arrays: readonly (ArrayLike | Readonly<Record<string, ArrayLike>>)[]
): void {
  const last = arrays.at(-1);
  const isTable = typeof last === "object" && last !== null &&
    Object.getPrototypeOf(last) === Object.prototype &&
    !("re" in last);
  const list = isTable ? arrays.slice(0, -1) : arrays, files = new Map<string, Uint8Array>();
  list.forEach((x, i) => files.set(`arr_${i}.npy`, encodeNpy(toArray(x, "savez", i))));
  for (const [name, x] of Object.entries(isTable ? last : {})) {
    files.set(`${name}.npy`, encodeNpy(toArray(x, "savez")));
  }
  builtin<FileSystem>("node:fs").writeFileSync(named(file, ".npz"), encodeZip(files));
}

/**
 * Reads a file that {@linkcode save}, {@linkcode savez} or NumPy has written. 64-bit types are narrowed with x64 off.
 *
 * @param file The name.
 * @returns The array of a `.npy` file, or the arrays of a `.npz` file by name.
 * @throws {ValueError} For a file of another format.
 */
export function load(file: string | URL): JaxArray | Record<string, JaxArray> {
  const data = new Uint8Array(builtin<FileSystem>("node:fs").readFileSync(file));
  if (data[0] !== 0x50 || data[1] !== 0x4b) return decodeNpy(data);
  const files = decodeZip(data, (part) => new Uint8Array(builtin<Zlib>("node:zlib").inflateRawSync(part)));
  return Object.fromEntries([...files].map(([name, part]) => [name.replace(/\.npy$/, ""), decodeNpy(part)]));
}
