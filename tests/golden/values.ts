/** Python values of the cases as values of this library. */
import { camelCase } from "../../scripts/names.ts";
import { type ArrayValue, type Case, entries, type KeyValue, parseNumber, type Value } from "./cases.ts";
import { type Any, jax, member, Skipped } from "./jax.ts";

/** The value as an argument: tuples and lists are JS arrays, Python numbers are JS numbers. */
export function decode(value: Value): Any {
  if (value === null || typeof value !== "object") return value;
  if ("data" in value) return decodeArray(value);
  if ("key" in value) return decodeKey(value);
  if ("int" in value) return Number(value.int);
  if ("float" in value) return parseNumber(value.float);
  if ("complex" in value) return { re: parseNumber(value.complex[0]), im: parseNumber(value.complex[1]) };
  if ("str" in value) return value.str;
  if ("tuple" in value) return value.tuple.map(decode);
  if ("list" in value) return value.list.map(decode);
  if ("dict" in value) return Object.fromEntries(Object.entries(value.dict).map(([k, x]) => [k, decode(x)]));
  if ("dt" in value) return offered(value.dt);
  if ("slice" in value) return jax.slice(...value.slice.map((x) => typeof x === "number" ? x : decode(x)));
  if ("ellipsis" in value) return "...";
  if ("fn" in value) return member(value.fn);
  throw new Skipped(`a value of kind ${Object.keys(value).join()} is only ever a result`);
}

/** A Python int as the BigInt that stands for it among JS numbers; other values as they are. */
export function asBigInt(value: Value): Value {
  const isInt = value !== null && typeof value === "object" && "int" in value;
  return isInt ? { dtype: "int32", shape: [], data: [value.int], weak: true } : value;
}

/** The keyword arguments as what follows the positional ones: one options object, or nothing. */
export function options(kwargs: Case["kwargs"]): Record<string, Any>[] {
  const pairs = Object.entries(kwargs ?? {}).map(([name, value]) => [camelCase(name), decode(value)]);
  return pairs.length ? [Object.fromEntries(pairs)] : [];
}

/** The indices in `x[index]`: a tuple is several. */
export function indices(value: Value): Any[] {
  return value !== null && typeof value === "object" && "tuple" in value
    ? value.tuple.map(decode)
    : [decode(value)];
}

/** Ints given one by one, in a tuple or in a list. */
export function ints(value: Value): number[] {
  return entries(value).map((x) => typeof x === "number" ? x : decode(x) as number);
}

/** The name of a dtype, which must be one of this library's. */
function offered(dtype: string): string {
  if (/^(float[48]_|u?int[24]$)/.test(dtype)) throw new Skipped(`${dtype} is not a dtype of this library`);
  return dtype;
}

function decodeArray({ dtype, shape, data, weak }: ArrayValue): Any {
  offered(dtype);
  const flat = dtype.startsWith("complex")
    ? Array.from({ length: data.length / 2 }, (_, i) => ({
      re: parseNumber(data[2 * i]!),
      im: parseNumber(data[2 * i + 1]!),
    }))
    : data.map((x) => dtype === "bool" ? Boolean(x) : /int64$/.test(dtype) ? BigInt(x) : parseNumber(x));
  // A weakly typed scalar is a literal of the language.
  if (weak && shape.length === 0) return dtype.startsWith("int") ? BigInt(flat[0] as number) : flat[0];
  return jax.numpy.array(flat, { dtype }).reshape(shape);
}

function decodeKey({ key, shape = [], impl }: KeyValue): Any {
  const words = jax.numpy.array(key.flat(), { dtype: "uint32" });
  const width = key.flat().length / shape.reduce((a, b) => a * b, 1);
  return jax.random.wrapKeyData(words.reshape([...shape, width]), ...(impl ? [{ impl }] : []));
}
