/**
 * Array text against NumPy 2.4.6 and JAX 0.10.2: format_cases.json holds arrays, print options and both texts.
 *
 * @module
 */
import { allocate, type HostArray, setScalar, sizeOf } from "../../core/host.ts";
import { asDType, type DType, float0, float32, float64, int32, keyDType } from "../../core/dtypes.ts";
import {
  arrayRepr,
  arrayStr,
  type ElementSource,
  getPrintoptions,
  type PrintOptions,
  setPrintoptions,
} from "../../core/format.ts";
import { parseArray } from "../../core/host.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import cases from "./format_cases.json" with { type: "json" };

interface Case {
  dtype: string;
  impl?: string;
  shape: number[];
  data?: (number | string)[];
  /** Start and step, in place of data. */
  arange?: [number, number];
  options?: Partial<PrintOptions>;
  weak?: boolean;
  str: string;
  repr: string;
}

const words: Record<string, number> = { nan: NaN, inf: Infinity, "-inf": -Infinity, "-0": -0 };

function dtypeOf(c: Case): DType {
  if (c.impl !== undefined) return keyDType(c.impl);
  return c.dtype === "float0" ? float0 : asDType(c.dtype);
}

function arrayOf(c: Case): HostArray {
  const dtype = dtypeOf(c);
  const size = sizeOf(c.shape);
  const host: HostArray = {
    shape: c.shape,
    dtype,
    weakType: c.weak ?? false,
    data: allocate(dtype, size),
  };
  const big = dtype.name === "int64" || dtype.name === "uint64";
  const values = c.data?.map((x) => big ? BigInt(x) : typeof x === "string" ? words[x] ?? Number(x) : x);
  if (dtype.kind === "complex" || dtype.kind === "key") {
    const flat = values ?? Array.from({ length: 2 * size }, (_, i) => i % 2 ? 0 : rangeAt(c, i / 2));
    flat.forEach((x, i) => host.data[i] = x as number);
  } else if (dtype.kind !== "float0") {
    for (let i = 0; i < size; i++) setScalar(host.data, dtype, i, values?.[i] ?? rangeAt(c, i));
  }
  return host;
}

function rangeAt(c: Case, i: number): number {
  const [start, step] = c.arange!;
  return i * step + start;
}

Deno.test("format: str and repr are NumPy's and JAX's", () => {
  const wrong: string[] = [];
  for (const c of cases as Case[]) {
    const array = arrayOf(c);
    for (const [got, want] of [[arrayStr(array, c.options), c.str], [arrayRepr(array, c.options), c.repr]]) {
      if (got !== want) {
        wrong.push(`${JSON.stringify({ ...c, str: "", repr: "" }).slice(0, 300)}\n${got}\nwant\n${want}`);
      }
    }
  }
  assertEquals(wrong.length, 0, `${wrong.length} differ:\n${wrong.slice(0, 8).join("\n\n")}`);
});

Deno.test("format: the set print options are the default", () => {
  const before = getPrintoptions();
  try {
    setPrintoptions({ precision: 2 });
    setPrintoptions({ sign: "+" });
    assertEquals(arrayStr(parseArray([1, 2.125])), "[+1.   +2.12]");
    assertEquals(getPrintoptions().precision, 2);
  } finally {
    setPrintoptions(before);
  }
  assertEquals(arrayStr(parseArray([1, 2.125])), "[1.    2.125]");
});

Deno.test("format: formatters by dtype, kind and for all", () => {
  const x = parseArray([1, 2.5]);
  assertEquals(arrayStr(x, { formatter: { float: (v) => `<${v}>` } }), "[<1> <2.5>]");
  assertEquals(arrayStr(x, { formatter: { float_kind: (v) => `${v}f` } }), "[1f 2.5f]");
  assertEquals(arrayStr(parseArray([1n, 2n]), { formatter: { all: () => "x" } }), "[x x]");
  assertEquals(arrayStr(parseArray([1n, 2n]), { formatter: { float: () => "x" } }), "[1 2]");
  assertEquals(
    arrayRepr(parseArray([true]), { formatter: { bool: (v) => v ? "T" : "F" } }),
    "Array([T], dtype=bool)",
  );
});

Deno.test("format: bad options raise", () => {
  assertThrows(() => setPrintoptions({ floatmode: "short" as "fixed" }), RangeError, "floatmode option");
  assertThrows(() => setPrintoptions({ sign: "x" as "+" }), RangeError, "sign option");
  assertThrows(() => setPrintoptions({ threshold: NaN }), RangeError, "non-NAN");
  assertThrows(() => setPrintoptions({ precison: 3 } as Partial<PrintOptions>), TypeError, "precision");
});

Deno.test("format: only the shown elements are read", () => {
  const read = new Set<number>();
  const source: ElementSource = {
    shape: [1e4, 1e4],
    dtype: float32,
    weakType: false,
    at: (i) => {
      read.add(i);
      return i % 7;
    },
  };
  assert(arrayStr(source).startsWith("[[0. 1. 2. ... "));
  assertEquals(read.size, 36);
});

Deno.test("format: long arrays print whole under an infinite threshold", () => {
  const data = Float64Array.from({ length: 3000 }, (_, i) => i / 8);
  const text = arrayStr({ shape: [3000], dtype: float64, weakType: false, data }, { threshold: Infinity });
  assertEquals(text.match(/[0-9.e+-]+/g)!.map(Number), [...data]);
  const ints = Int32Array.from({ length: 3000 }, (_, i) => i);
  const all = arrayRepr({ shape: [3000], dtype: int32, weakType: false, data: ints }, {
    threshold: Infinity,
  });
  assertEquals(all.includes("..."), false);
});
