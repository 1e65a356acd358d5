/**
 * Values of the language as host arrays, and back.
 *
 * @module
 */
import {
  bfloat16Bits,
  bfloat16FromBits,
  castHost,
  castScalar,
  convertScalar,
  float16Bits,
  float16FromBits,
  type HostArray,
  parseArray,
  type Scalar,
  scalarAt,
  setScalar,
  toNested,
} from "../../core/host.ts";
import {
  bfloat16,
  bool_,
  complex128,
  complex64,
  type DType,
  float16,
  float32,
  float64,
  int16,
  int32,
  int64,
  int8,
  keyDType,
  uint32,
  uint64,
  uint8,
} from "../../core/dtypes.ts";
import { flags } from "../../core/config.ts";
import { OverflowError, ValueError } from "../../core/errors.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

function withX64(body: () => void): void {
  const before = flags.x64;
  flags.x64 = true;
  try {
    body();
  } finally {
    flags.x64 = before;
  }
}

/** Type, shape and elements of a parsed array, in short. */
function summary(array: HostArray): string {
  const elements = JSON.stringify(
    toNested(array.data, array.shape, array.dtype),
    (_, x) => typeof x === "bigint" ? `${x}n` : typeof x === "number" && !Number.isFinite(x) ? String(x) : x,
  );
  return `${array.weakType ? "~" : ""}${array.dtype.short}[${array.shape}] ${elements}`;
}

const parsed: [value: unknown, want: string][] = [
  [2, "~f32[] 2"],
  [2.5, "~f32[] 2.5"],
  [3n, "~i32[] 3"],
  [true, "bool[] true"],
  [{ re: 1, im: -2 }, '~c64[] {"re":1,"im":-2}'],
  [[1, 2, 3], "f32[3] [1,2,3]"],
  [[1n, 2n], "i32[2] [1,2]"],
  [[true, false], "bool[2] [true,false]"],
  [[true, 2], "f32[2] [1,2]"],
  [[true, 2n], "i32[2] [1,2]"],
  [[1n, 2.5], "f32[2] [1,2.5]"],
  [[1, { re: 0, im: 1 }], 'c64[2] [{"re":1,"im":0},{"re":0,"im":1}]'],
  [[], "f32[0] []"],
  [[[], []], "f32[2,0] [[],[]]"],
  [[[1, 2], [3, 4]], "f32[2,2] [[1,2],[3,4]]"],
  [[[[1n]], [[2n]]], "i32[2,1,1] [[[1]],[[2]]]"],
  [new Int16Array([1, -2]), "i16[2] [1,-2]"],
  [new Uint8ClampedArray([1, 255]), "u8[2] [1,255]"],
  [new Float16Array([0.5]), "f16[1] [0.5]"],
  [new Float64Array([0.5, 1e300]), 'f32[2] [0.5,"Infinity"]'],
  [new BigInt64Array([2n ** 40n + 3n, -1n]), "i32[2] [3,-1]"],
  [new BigUint64Array([2n ** 32n + 7n]), "u32[1] [7]"],
  [[[1, 2], new Float32Array([3, 4])], "f32[2,2] [[1,2],[3,4]]"],
  [[new Int8Array([3, 4]), [1, 2]], "i8[2,2] [[3,4],[1,2]]"],
  [[new Int8Array([3, 4]), [1, 2.5]], "f32[2,2] [[3,4],[1,2.5]]"],
  [[new Uint8Array([1]), new Int8Array([-1])], "i16[2,1] [[1],[-1]]"],
];

Deno.test("parseArray: dtypes, weak types and shapes without a dtype", () => {
  for (const [value, want] of parsed) assertEquals(summary(parseArray(value)), want);
});

Deno.test("parseArray: defaults and typed arrays are 64-bit with x64", () => {
  withX64(() => {
    assertEquals(summary(parseArray(2)), "~f64[] 2");
    assertEquals(summary(parseArray([2n ** 40n])), 'i64[1] ["1099511627776n"]');
    assertEquals(
      summary(parseArray(new BigUint64Array([2n ** 64n - 1n]))),
      'u64[1] ["18446744073709551615n"]',
    );
    assertEquals(summary(parseArray([{ re: 0.1, im: 0 }])), 'c128[1] [{"re":0.1,"im":0}]');
    assertEquals(summary(parseArray(new Float64Array([0.1]))), "f64[1] [0.1]");
    const error = assertThrows(() => parseArray(2n ** 63n), OverflowError);
    assertEquals(error.message, "Python int 9223372036854775808 too large to convert to int64");
  });
});

Deno.test("parseArray: conversion to an explicit dtype", () => {
  const cases: [unknown, DType, string][] = [
    [2, int32, "i32[] 2"],
    [[1.9, -1.9, true, -0], int32, "i32[4] [1,-1,1,0]"],
    [[0, 0.5, NaN], bool_, "bool[3] [false,true,true]"],
    [[3.14159], bfloat16, "bf16[1] [3.140625]"],
    [[0.1, 70000], float16, 'f16[2] [0.0999755859375,"Infinity"]'],
    [[1, 2n, true], complex64, 'c64[3] [{"re":1,"im":0},{"re":2,"im":0},{"re":1,"im":0}]'],
    [2n ** 31n, uint32, "u32[] 2147483648"],
    [2n ** 70n, float32, "f32[] 1.1805916207174113e+21"],
    [[[1, 2], [3, 4]], uint8, "u8[2,2] [[1,2],[3,4]]"],
    [new Float32Array([300.5, -3.7, NaN, Infinity]), int8, "i8[4] [127,-3,0,127]"],
    [new Int32Array([300, -3]), int8, "i8[2] [44,-3]"],
    [new Int32Array([300, -3]), bfloat16, "bf16[2] [300,-3]"],
    [[1.5], int64, "i32[1] [1]"],
    [[1.5], float64, "f32[1] [1.5]"],
  ];
  for (const [value, dtype, want] of cases) assertEquals(summary(parseArray(value, dtype)), want);
});

Deno.test("parseArray: integers that do not fit raise", () => {
  const message = (value: unknown, dtype?: DType) =>
    assertThrows(() => parseArray(value, dtype), OverflowError).message;
  assertEquals(message(2n ** 40n), "Python int 1099511627776 too large to convert to int32");
  assertEquals(message([2n ** 40n]), "Python integer 1099511627776 out of bounds for int32");
  assertEquals(message(300, int8), "Python integer 300 out of bounds for int8");
  assertEquals(message([-1], uint8), "Python integer -1 out of bounds for uint8");
  assertEquals(message(1e10, int32), "Python integer 10000000000 out of bounds for int32");
  assertEquals(message([2n ** 1100n], float32), "int too large to convert to float (dtype float32)");
  assert(message(Infinity, int32).startsWith("cannot convert float infinity to integer"));
  assertThrows(() => parseArray(NaN, int32), ValueError, "cannot convert float NaN to integer");
  assertThrows(() => parseArray([{ re: 1, im: 0 }], float32), TypeError, "not 'complex'");
});

Deno.test("parseArray: ragged nesting raises NumPy's error", () => {
  const text = (depth: number, shape: string) =>
    "setting an array element with a sequence. The requested array has an inhomogeneous shape after " +
    `${depth} dimensions. The detected shape was ${shape} + inhomogeneous part.`;
  const cases: [unknown, number, string][] = [
    [[[1, 2], [3]], 1, "(2,)"],
    [[1, [3]], 1, "(2,)"],
    [[[1, 2], 3], 1, "(2,)"],
    [[[], [1]], 1, "(2,)"],
    [[[[1, 2], [3]], [[1, 2], [3, 4]]], 2, "(2, 2)"],
    [[[[1], [2, 3]], [5]], 1, "(2,)"],
    [[new Float32Array(2), new Float32Array(3)], 1, "(2,)"],
    [[new Float32Array(2), 1], 1, "(2,)"],
    [[1, new Float32Array(2)], 1, "(2,)"],
  ];
  for (const [value, depth, shape] of cases) {
    assertEquals(assertThrows(() => parseArray(value), ValueError).message, text(depth, shape));
  }
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  assertThrows(() => parseArray(cyclic), ValueError, "maximum number of dimension");
});

Deno.test("parseArray: what is no array raises, naming the function", () => {
  assertThrows(
    () => parseArray("abc", undefined, "np.sin"),
    TypeError,
    "np.sin: Value 'abc' with dtype <U3 is not a valid JAX array type. Only arrays of numeric types are supported by JAX.",
  );
  for (
    const value of [undefined, { a: 1 }, () => 1, new Map(), new DataView(new ArrayBuffer(4)), [undefined]]
  ) {
    assertThrows(() => parseArray(value), TypeError, "is not a valid JAX array type");
  }
  assertThrows(() => parseArray([1, null]), ValueError, "None is not a valid value");
});

Deno.test("parseArray: leaves read by the callback", () => {
  class Foreign {
    readonly host: HostArray;
    constructor(host: HostArray) {
      this.host = host;
    }
  }
  const leaf = (x: unknown) => x instanceof Foreign ? x.host : undefined;
  const scalar = new Foreign(parseArray(2n));
  const row = new Foreign(parseArray([5, 6], int8));
  const parse = (value: unknown, dtype?: DType) => summary(parseArray(value, dtype, undefined, leaf));
  assertEquals(parse(scalar), "~i32[] 2");
  assertEquals(parse(scalar, float16), "f16[] 2");
  assertEquals(parse([scalar, 3]), "i32[2] [2,3]");
  assertEquals(parse([scalar, 3.5]), "f32[2] [2,3.5]");
  assertEquals(parse([row, row]), "i8[2,2] [[5,6],[5,6]]");
  assertEquals(parse([row, [1, scalar]]), "i8[2,2] [[5,6],[1,2]]");
  const key = new Foreign({
    shape: [],
    dtype: keyDType("threefry2x32"),
    weakType: false,
    data: new Uint32Array([1, 2]),
  });
  const keys = parseArray([key, key], undefined, undefined, leaf);
  assertEquals([keys.shape, [...keys.data as Uint32Array]], [[2], [1, 2, 1, 2]]);
  assertThrows(() => parse([key, 1]), Error);
  assertThrows(() => parse([key], float32), TypeError, "key<fry>");
});

Deno.test("parseArray: the data is a copy", () => {
  const source = new Float32Array([1, 2]);
  const array = parseArray(source);
  source[0] = 9;
  assertEquals(array.data[0], 1);
});

Deno.test("toNested: elements by dtype", () => {
  assertEquals(toNested(new Uint8Array([1, 0]), [2], bool_), [true, false]);
  assertEquals(toNested(new BigInt64Array([1n, 2n]), [1, 2], int64), [[1n, 2n]]);
  assertEquals(toNested(new Float64Array([1, 2]), [], complex128), { re: 1, im: 2 });
  assertEquals(toNested(new Uint16Array([0x3fc0]), [1], bfloat16), [1.5]);
  assertEquals(toNested(new Int16Array(6), [3, 0, 2], int16), [[], [], []]);
  assertEquals(toNested(new Float16Array([1, 2, 3, 4]), [2, 2], float16), [[1, 2], [3, 4]]);
  assertThrows(() => toNested(new Uint32Array(2), [], keyDType("threefry2x32")), TypeError, "keyData");
});

Deno.test("half precision: bits to number and back is the identity", () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const brain = bfloat16FromBits(bits);
    if (!Number.isNaN(brain)) assertEquals(bfloat16Bits(brain), bits);
    else assertEquals(bfloat16Bits(brain) & 0x7fff, 0x7fc0);
    const half = float16FromBits(bits);
    if (!Number.isNaN(half)) assertEquals(float16Bits(half), bits);
  }
});

Deno.test("half precision: numbers round to nearest, ties to even", () => {
  for (
    const [toBits, fromBits] of [[bfloat16Bits, bfloat16FromBits], [float16Bits, float16FromBits]] as const
  ) {
    for (let bits = 0; bits < 0x7c00; bits += 13) {
      const [low, high] = [fromBits(bits), fromBits(bits + 1)];
      if (!Number.isFinite(high)) continue;
      const middle = (low + high) / 2;
      assertEquals(toBits(middle), bits + (bits & 1), `tie above ${low}`);
      assertEquals(toBits(-middle), 0x8000 | (bits + (bits & 1)));
      assertEquals(toBits(low + (high - low) * 0.499), bits);
      assertEquals(toBits(low + (high - low) * 0.501), bits + 1);
    }
  }
  assertEquals(bfloat16Bits(3.4e38), 0x7f80);
  assertEquals(bfloat16Bits(1e-45), 0);
  assertEquals(bfloat16Bits(-Infinity), 0xff80);
  assertEquals(float16Bits(65519.99), 0x7bff);
  assertEquals(float16Bits(65520), 0x7c00);
  assert(Number.isNaN(float16FromBits(float16Bits(NaN))));
});

Deno.test("scalars: writing and reading an element", () => {
  const cases: [DType, Scalar][] = [
    [bool_, true],
    [int8, -128],
    [uint64, 2n ** 64n - 1n],
    [int64, -5n],
    [float16, 0.5],
    [bfloat16, -1.5],
    [float64, 0.1],
    [complex64, { re: 1.5, im: -2 }],
  ];
  for (const [dtype, value] of cases) {
    const data = parseArrayZeros(dtype);
    setScalar(data, dtype, 1, value);
    assertEquals(scalarAt(data, dtype, 1), value);
    assertEquals(Number(isZero(scalarAt(data, dtype, 0))), 1);
  }
});

function parseArrayZeros(dtype: DType): HostArray["data"] {
  let data!: HostArray["data"];
  withX64(() => data = parseArray([false, false], dtype).data);
  return data;
}

function isZero(x: Scalar): boolean {
  return typeof x === "object" ? x.re === 0 && x.im === 0 : Number(x) === 0;
}

Deno.test("scalars: integers convert to floats with one rounding", () => {
  // Just above the middle of two float32 neighbours; through float64 it would fall on the tie.
  const value = (2n ** 24n + 1n) * 2n ** 39n + 1n;
  assertEquals(convertScalar(value, float32), 2 ** 63 + 2 ** 40);
  assertEquals(castScalar(-value, int64, float32), -(2 ** 63) - 2 ** 40);
  assertEquals(convertScalar(2n ** 53n + 1n, float64), 2 ** 53);
});

Deno.test("castHost: the rules of astype", () => {
  const cast = (value: unknown, from: DType, to: DType) => {
    let result = "";
    withX64(() => result = summary(castHost(parseArray(value, from), to)));
    return result;
  };
  assertEquals(cast([-1n, 2n ** 40n], int64, uint8), "u8[2] [255,0]");
  assertEquals(
    cast([1e30, -1e30, NaN], float64, int64),
    'i64[3] ["9223372036854775807n","-9223372036854775808n","0n"]',
  );
  assertEquals(cast([-1.5, 300], float32, uint8), "u8[2] [0,255]");
  assertEquals(cast([{ re: 2.7, im: 5 }], complex128, int32), "i32[1] [2]");
  assertEquals(cast([{ re: 0, im: 5 }], complex64, bool_), "bool[1] [true]");
  assertEquals(cast([true, false], bool_, float16), "f16[2] [1,0]");
  assertEquals(cast([1.5, 2], bfloat16, complex64), 'c64[2] [{"re":1.5,"im":0},{"re":2,"im":0}]');
  assertEquals(cast([-3, 5], int8, bfloat16), "bf16[2] [-3,5]");
});
