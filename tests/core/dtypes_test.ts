import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { config, enableX64, flags, numpyDtypePromotion, withConfig } from "../../core/config.ts";
import {
  asDType,
  bfloat16,
  bool_,
  canonicalizeDType,
  complex128,
  complex64,
  complexDType,
  complexfloating,
  defaultComplex,
  defaultFloat,
  defaultInt,
  type DType,
  dtypesByNum,
  extended,
  finfo,
  float0,
  float16,
  float32,
  float64,
  floating,
  generic,
  iinfo,
  inexact,
  int16,
  int32,
  int64,
  int8,
  isBool,
  isComplex,
  isDType,
  isFloating,
  isInexact,
  isInteger,
  isKey,
  isNumeric,
  isSigned,
  issubdtype,
  isUnsigned,
  keyDType,
  number,
  prngKey,
  promoteTypes,
  realDType,
  requestedDType,
  resultDType,
  resultType,
  signedinteger,
  tangentDType,
  toInexact,
  typedArrayFor,
  uint16,
  uint32,
  uint64,
  uint8,
  type WeakDType,
  wordsPerElement,
} from "../../core/dtypes.ts";
import {
  AttributeError,
  checkOptions,
  ConcretizationTypeError,
  IndexError,
  JaxRuntimeError,
  NonConcreteBooleanIndexError,
  RuntimeError,
  suggest,
  TracerBoolConversionError,
  TypePromotionError,
  ValueError,
} from "../../core/errors.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";

const strong = (dtype: DType): WeakDType => ({ dtype, weakType: false });
const weak = (dtype: DType): WeakDType => ({ dtype, weakType: true });
const name = ({ dtype, weakType }: WeakDType): string => weakType ? `${dtype.name}*` : dtype.name;

/** Golden cases of one area, without those about dtypes that arrays cannot have here. */
function goldenCases(area: string, fn: string): GoldenCase[] {
  const file = new URL(`../golden/data/${area}.jsonl`, import.meta.url);
  const rows = readFileSync(file, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as GoldenCase);
  return rows.filter((row) =>
    row.fn === fn && !/"dt":"(u?int[24]|float[48]_\w+)"/.test(JSON.stringify(row.args))
  );
}

interface GoldenCase {
  id: string;
  fn: string;
  args: GoldenValue[];
  x64: boolean;
  out: GoldenValue;
  weak?: boolean;
}

interface GoldenObject {
  dt: string;
  weak?: boolean;
  str?: string;
  int?: number | string;
  float?: number;
}

type GoldenValue = boolean | GoldenObject;

function operandOf(value: GoldenValue): WeakDType {
  if (typeof value === "boolean") return strong(bool_);
  if ("dt" in value) return { dtype: asDType(value.dt), weakType: value.weak ?? false };
  return weak("int" in value ? defaultInt() : "float" in value ? defaultFloat() : defaultComplex());
}

const textOf = (value: GoldenValue | undefined): string => (value as GoldenObject).str!;
const dtypeOf = (value: GoldenValue | undefined): DType => asDType((value as GoldenObject).dt);

Deno.test("resultType: JAX's promotion table", () => {
  const cases = goldenCases("dtype_promotion", "promote");
  assert(cases.length > 500, `only ${cases.length} cases`);
  for (const { id, args, x64, out, weak } of cases) {
    withConfig({ jax_enable_x64: x64 }, () => {
      const operands = args.map(operandOf);
      const want = { dtype: dtypeOf(out), weakType: weak! };
      assertEquals(name(resultType(operands)), name(want), id);
      if (operands.length === 2 && operands.every((operand) => !operand.weakType)) {
        assertEquals(name(resultType(operands.toReversed())), name(want), `${id}, reversed`);
        assert(canonicalizeDType(promoteTypes(operands[0]!.dtype, operands[1]!.dtype)) === want.dtype, id);
      }
    });
  }
});

Deno.test("promoteTypes and canonicalizeDType: JAX's results", () => {
  for (const { id, args, x64, out } of goldenCases("dtype_promotion", "jax.numpy.promote_types")) {
    const got = enableX64(x64, () => promoteTypes(dtypeOf(args[0]), dtypeOf(args[1])));
    assertEquals(got.name, dtypeOf(out).name, id);
  }
  for (const { id, args, x64, out } of goldenCases("dtype_promotion", "jax.dtypes.canonicalize_dtype")) {
    assertEquals(enableX64(x64, () => canonicalizeDType(dtypeOf(args[0]))).name, dtypeOf(out).name, id);
  }
  assert(promoteTypes("uint8", "int") === uint8);
  assert(promoteTypes("float16", "float") === float16);
});

Deno.test("resultType: bounds of several operands do not depend on their order", () => {
  for (const x64 of [false, true]) {
    enableX64(x64, () => {
      const operands = [...dtypesByNum.map(strong), weak(int32), weak(float32), weak(complex64)];
      for (const a of operands) {
        for (const b of operands) {
          assertEquals(resultType([a, b]), resultType([b, a]));
          for (const c of [int8, uint16, float16, bfloat16].map(strong)) {
            assertEquals(name(resultType([a, b, c])), name(resultType([c, b, a])));
          }
        }
      }
    });
  }
});

Deno.test("resultType: repeated calls give the same object", () => {
  const operands = [strong(int32), weak(float32)];
  assert(resultType(operands) === resultType(operands));
  assertEquals(name(resultType(operands)), "float32*");
  assert(resultDType([strong(uint8), strong(int8)]) === int16);
});

Deno.test("resultType: keys, float0 and nothing", () => {
  const key = keyDType("threefry2x32");
  assert(resultType([strong(key), strong(key)]).dtype === key);
  assertThrows(
    () => resultType([strong(key), strong(float32)]),
    ValueError,
    "dtype=key<fry> is not a valid dtype for JAX type promotion.",
  );
  assertThrows(() => resultType([strong(float32), strong(float0)]), ValueError, "dtype=float0");
  assertThrows(() => resultType([]), ValueError, "at least one array or dtype is required");
});

Deno.test("strict promotion: only weak types promote", () => {
  numpyDtypePromotion("strict", () => {
    assertEquals(name(resultType([strong(float32), weak(int32)])), "float32");
    assertEquals(name(resultType([strong(int8), weak(int32)])), "int8");
    assertEquals(name(resultType([strong(complex64), weak(float32)])), "complex64");
    assertEquals(name(resultType([weak(int32), weak(float32)])), "float32*");
    const refused: [WeakDType[], string][] = [
      [[strong(float32), strong(int32)], "Input dtypes ('float32', 'int32') have no"],
      [[strong(int32), weak(float32)], `Input dtypes ('int32', "<class 'float'>") have no`],
      [[strong(bool_), weak(int32)], `Input dtypes ('bool', "<class 'int'>") have no`],
      [[weak(float32), strong(bfloat16), strong(float16)], `("<class 'float'>", 'bfloat16', 'float16')`],
    ];
    for (const [operands, message] of refused) {
      const error = assertThrows(() => resultType(operands), TypePromotionError, message);
      assert(error.message.includes("when jax_numpy_dtype_promotion=strict"));
    }
    assertThrows(() => promoteTypes("float32", "float64"), TypePromotionError);
  });
  assert(resultDType([strong(float32), strong(int32)]) === float32);
});

Deno.test("dtype objects: names, sizes and text", () => {
  const rows: [DType, string, string, number, string][] = [
    [bool_, "bool", "bool", 1, "dtype('bool')"],
    [uint8, "uint8", "u8", 1, "dtype('uint8')"],
    [uint16, "uint16", "u16", 2, "dtype('uint16')"],
    [uint32, "uint32", "u32", 4, "dtype('uint32')"],
    [uint64, "uint64", "u64", 8, "dtype('uint64')"],
    [int8, "int8", "i8", 1, "dtype('int8')"],
    [int16, "int16", "i16", 2, "dtype('int16')"],
    [int32, "int32", "i32", 4, "dtype('int32')"],
    [int64, "int64", "i64", 8, "dtype('int64')"],
    [bfloat16, "bfloat16", "bf16", 2, "dtype(bfloat16)"],
    [float16, "float16", "f16", 2, "dtype('float16')"],
    [float32, "float32", "f32", 4, "dtype('float32')"],
    [float64, "float64", "f64", 8, "dtype('float64')"],
    [complex64, "complex64", "c64", 8, "dtype('complex64')"],
    [complex128, "complex128", "c128", 16, "dtype('complex128')"],
    [keyDType("threefry2x32"), "key<fry>", "key<fry>", 8, "key<fry>"],
    [keyDType("rbg"), "key<rbg>", "key<rbg>", 16, "key<rbg>"],
    [float0, "float0", "float0", 0, "dtype([('float0', 'V')])"],
  ];
  for (const [dtype, dtypeName, short, itemsize, repr] of rows) {
    assertEquals([dtype.name, String(dtype), dtype.short], [dtypeName, dtypeName, short]);
    assertEquals([dtype.itemsize, dtype.bits], [itemsize, 8 * itemsize], dtypeName);
    assertEquals([inspect(dtype), inspect([dtype])], [repr, `[ ${repr} ]`]);
    assert(isDType(dtype));
  }
  dtypesByNum.forEach((dtype, i) => assertEquals(dtype.num, i));
  assert(keyDType("rbg") === keyDType("rbg"));
  assertEquals(keyDType("threefry2x32").impl, "threefry2x32");
  assertThrows(() => keyDType("threefy2x32"), ValueError, 'did you mean "threefry2x32"?');
});

Deno.test("asDType: names, codes and objects", () => {
  for (const dtype of dtypesByNum) {
    assert(asDType(dtype) === dtype);
    assert(asDType(dtype.name) === dtype);
    assert(asDType({ dtype }) === dtype);
  }
  const codes: Record<string, DType> = {
    "?": bool_,
    i1: int8,
    u2: uint16,
    f4: float32,
    "<f8": float64,
    c8: complex64,
    c16: complex128,
    e: float16,
    d: float64,
    half: float16,
    single: float32,
    double: float64,
    l: int64,
    B: uint8,
  };
  for (const [code, dtype] of Object.entries(codes)) assert(asDType(code) === dtype, code);
  for (const x64 of [false, true]) {
    enableX64(x64, () => {
      assert(asDType("int") === (x64 ? int64 : int32));
      assert(asDType("uint") === (x64 ? uint64 : uint32));
      assert(asDType("float") === defaultFloat());
      assert(asDType("complex") === defaultComplex());
    });
  }
});

Deno.test("asDType: what is no dtype", () => {
  const refused: [unknown, string][] = [
    ["float31", "data type 'float31' not understood in zeros; did you mean"],
    ["nonsense", "data type 'nonsense' not understood"],
    ["f32", 'did you mean "float32"?'],
    ["toString", "data type 'toString' not understood"],
    ["O", "JAX only supports number, bool, and string dtypes, got dtype O in zeros"],
    [Object, "JAX only supports number, bool, and string dtypes, got dtype <class 'Object'> in zeros"],
    ["int4", "got dtype int4 in zeros"],
    ["float8_e4m3fn", "got dtype float8_e4m3fn in zeros"],
    [">f4", "got dtype >f4 in zeros"],
    [3, "got dtype 3 in zeros"],
    [floating, "got dtype of type Object in zeros"],
  ];
  for (const [x, message] of refused) assertThrows(() => asDType(x as DType, "zeros"), TypeError, message);
  assertThrows(
    () => asDType(null as unknown as DType, "zeros"),
    ValueError,
    "dtype must be specified in zeros",
  );
});

Deno.test("requestedDType: one warning for each function", () => {
  const warnings: unknown[] = [];
  const warn = console.warn;
  console.warn = (text: unknown) => warnings.push(text);
  try {
    assert(requestedDType("float64", "zeros") === float32);
    assert(requestedDType("int64", "zeros") === int32);
    assert(requestedDType(complex128, "ones") === complex64);
    assert(requestedDType("int", "arange") === int32);
    assert(enableX64(() => requestedDType("float64", "full")) === float64);
  } finally {
    console.warn = warn;
  }
  assertEquals(warnings.length, 2);
  assert(
    String(warnings[0]).includes(
      "Explicitly requested dtype float64 requested in zeros is not available, and will be truncated to dtype float32.",
    ),
  );
});

Deno.test("kinds of dtypes", () => {
  const names = (test: (dtype: DType) => boolean): string =>
    [...dtypesByNum, keyDType("rbg"), float0].filter(test).map((dtype) => dtype.short).join(" ");
  assertEquals(names(isFloating), "bf16 f16 f32 f64");
  assertEquals(names(isComplex), "c64 c128");
  assertEquals(names(isInexact), "bf16 f16 f32 f64 c64 c128");
  assertEquals(names(isInteger), "u8 u16 u32 u64 i8 i16 i32 i64");
  assertEquals(names(isSigned), "i8 i16 i32 i64");
  assertEquals(names(isUnsigned), "u8 u16 u32 u64");
  assertEquals(names(isBool), "bool");
  assertEquals(names(isKey), "key<rbg>");
  assertEquals(names(isNumeric), "u8 u16 u32 u64 i8 i16 i32 i64 bf16 f16 f32 f64 c64 c128");
});

Deno.test("issubdtype: JAX's hierarchy", () => {
  const cases = goldenCases("numpy_shape", "jax.numpy.issubdtype");
  cases.push(...goldenCases("dtype_promotion", "jax.numpy.issubdtype"));
  assert(cases.length > 60, `only ${cases.length} cases`);
  for (const { id, args, out } of cases) {
    assertEquals(issubdtype(dtypeOf(args[0]), textOf(args[1])), out, id);
  }
  assert(issubdtype(signedinteger, number) && issubdtype(complexfloating, inexact));
  assert(issubdtype("float32", float32) && !issubdtype("float32", "float64"));
  assert(issubdtype(keyDType("rbg"), prngKey) && issubdtype(keyDType("rbg"), extended));
  assert(issubdtype(float0, generic) && !issubdtype(bool_, number));
  assertThrows(() => issubdtype(int32, "x"), TypeError, "data type 'x' not understood");
});

Deno.test("finfo: NumPy's limits", () => {
  // eps, epsneg, max, tiny, smallest_subnormal, resolution, bits, machep, negep, maxexp, minexp, precision, nmant, nexp
  const rows: [DType, number[], string][] = [
    [
      bfloat16,
      // deno-fmt-ignore
      [0.0078125, 0.00390625, 3.3895313892515355e38, 1.1754943508222875e-38, 9.183549615799121e-41, 0.010009765625,
        16, -7, -8, 128, -126, 2, 7, 8],
      "finfo(resolution=0.0100098, min=-3.38953e+38, max=3.38953e+38, dtype=bfloat16)",
    ],
    [
      float16,
      // deno-fmt-ignore
      [0.0009765625, 0.00048828125, 65504, 6.103515625e-05, 5.960464477539063e-08, 0.0010004043579101562,
        16, -10, -11, 16, -14, 3, 10, 5],
      "finfo(resolution=0.001, min=-6.55040e+04, max=6.55040e+04, dtype=float16)",
    ],
    [
      float32,
      // deno-fmt-ignore
      [1.1920928955078125e-07, 5.960464477539063e-08, 3.4028234663852886e38, 1.1754943508222875e-38,
        1.401298464324817e-45, 9.999999974752427e-07, 32, -23, -24, 128, -126, 6, 23, 8],
      "finfo(resolution=1e-06, min=-3.4028235e+38, max=3.4028235e+38, dtype=float32)",
    ],
    [
      float64,
      // deno-fmt-ignore
      [2.220446049250313e-16, 1.1102230246251565e-16, 1.7976931348623157e308, 2.2250738585072014e-308, 5e-324, 1e-15,
        64, -52, -53, 1024, -1022, 15, 52, 11],
      "finfo(resolution=1e-15, min=-1.7976931348623157e+308, max=1.7976931348623157e+308, dtype=float64)",
    ],
  ];
  for (const [dtype, want, text] of rows) {
    const f = finfo(dtype);
    // deno-fmt-ignore
    const got = [f.eps, f.epsneg, f.max, f.tiny, f.smallestSubnormal, f.resolution, f.bits, f.machep, f.negep,
      f.maxexp, f.minexp, f.precision, f.nmant, f.nexp];
    assertEquals(got, want, dtype.name);
    assertEquals([f.min, f.smallestNormal, f.iexp, f.dtype === dtype], [-f.max, f.tiny, f.nexp, true]);
    assertEquals([String(f), inspect(f)], [text, text]);
  }
  assert(finfo("complex64") === finfo(float32) && finfo("complex128") === finfo(float64));
  assertThrows(() => finfo(int32), ValueError, "data type 'int32' not inexact");
  assertThrows(() => finfo(bool_), ValueError, "data type 'bool' not inexact");
});

Deno.test("iinfo: NumPy's limits", () => {
  const rows: [DType, number | bigint, number | bigint][] = [
    [int8, -128, 127],
    [uint8, 0, 255],
    [int16, -32768, 32767],
    [uint16, 0, 65535],
    [int32, -2147483648, 2147483647],
    [uint32, 0, 4294967295],
    [int64, -9223372036854775808n, 9223372036854775807n],
    [uint64, 0n, 18446744073709551615n],
  ];
  for (const [dtype, min, max] of rows) {
    const info = iinfo(dtype);
    assertEquals([info.min, info.max, info.bits, info.dtype === dtype], [min, max, dtype.bits, true]);
    assertEquals(String(info), `iinfo(min=${min}, max=${max}, dtype=${dtype.name})`);
  }
  assertThrows(() => iinfo(float32), ValueError, "Invalid integer data type 'f'");
  assertThrows(() => iinfo("bool"), ValueError, "Invalid integer data type 'b'");
});

Deno.test("finfo and iinfo: JAX's results", () => {
  const camel = (text: string): string => text.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  for (const fn of ["finfo", "iinfo"] as const) {
    const cases = goldenCases("numpy_shape", `jax.numpy.${fn}`);
    assert(cases.length > 10, `only ${cases.length} cases`);
    for (const { id, args, out } of cases) {
      const attribute = camel(textOf(args[1]));
      const info: object = (fn === "finfo" ? finfo : iinfo)(dtypeOf(args[0]));
      const got = (info as Record<string, unknown>)[attribute];
      const { float, int } = out as GoldenObject;
      if (float !== undefined) assertEquals(got, float, id);
      else assertEquals(String(got), String(int), id);
    }
  }
});

Deno.test("dtypes derived from others", () => {
  assert(realDType(complex64) === float32 && realDType(complex128) === float64 && realDType(int8) === int8);
  assert(complexDType(float32) === complex64 && complexDType(float64) === complex128);
  assert(complexDType(bfloat16) === complex64 && complexDType(int64) === complex128);
  assert(toInexact(bool_) === float32 && toInexact(uint32) === float32 && toInexact(int64) === float64);
  assert(toInexact(float16) === float16 && toInexact(complex64) === complex64);
  assertThrows(() => toInexact(keyDType("rbg")), TypeError, "key<rbg>");
  assert(tangentDType(float32) === float32 && tangentDType(complex64) === complex64);
  for (const dtype of [bool_, int32, uint8, keyDType("rbg"), float0]) assert(tangentDType(dtype) === float0);
});

Deno.test("host arrays", () => {
  const hosts: [DType, unknown, number][] = [
    [bool_, Uint8Array, 1],
    [uint8, Uint8Array, 1],
    [int16, Int16Array, 1],
    [uint32, Uint32Array, 1],
    [int64, BigInt64Array, 1],
    [uint64, BigUint64Array, 1],
    [bfloat16, Uint16Array, 1],
    [float16, globalThis.Float16Array ?? Uint16Array, 1],
    [float32, Float32Array, 1],
    [complex64, Float32Array, 2],
    [complex128, Float64Array, 2],
    [keyDType("threefry2x32"), Uint32Array, 2],
    [keyDType("rbg"), Uint32Array, 4],
    [float0, Uint8Array, 0],
  ];
  for (const [dtype, host, words] of hosts) {
    assert(typedArrayFor(dtype) === host, dtype.name);
    assertEquals(wordsPerElement(dtype), words, dtype.name);
  }
});

Deno.test("config: reading, updating, restoring", () => {
  const { epoch } = flags;
  assertEquals([config.jax_enable_x64, config.read("jax_enable_x64")], [false, false]);
  config.update("jax_enable_x64", true);
  assert(flags.x64 && config.values.jax_enable_x64 && flags.epoch !== epoch);
  config.update("jax_enable_x64", false);
  assertEquals(flags.epoch, epoch);

  assertEquals(
    withConfig({ jax_debug_nans: true, jax_random_seed_offset: 3 }, () => flags.randomSeedOffset),
    3,
  );
  assertThrows(() =>
    enableX64(() => {
      throw new IndexError("inside");
    }), IndexError);
  assertEquals([flags.x64, flags.debugNans, flags.randomSeedOffset, flags.epoch], [false, false, 0, epoch]);
  assertThrows(() => enableX64(() => Promise.resolve(1)), TypeError, "enableX64: the function is async");
  assertEquals(flags.epoch, epoch);
});

Deno.test("config: keys and values that are refused", () => {
  const update = config.update as (key: string, value: unknown) => void;
  assertThrows(() => update("jax_enable_x65", true), AttributeError, 'did you mean "jax_enable_x64"?');
  assertThrows(() => update("enableX64", true), AttributeError, 'did you mean "jax_enable_x64"?');
  assertThrows(() => update("toString", true), AttributeError, "Unrecognized config option: toString");
  const refused: [string, unknown, string][] = [
    ["jax_enable_x64", "yes", "new jax_enable_x64 value must be true or false"],
    ["jax_enable_x64", 1, "got 1 of type number"],
    ["jax_numpy_dtype_promotion", "strikt", 'did you mean "strict"?'],
    ["jax_numpy_rank_promotion", null, 'one of "allow", "warn", "raise", got null'],
    ["jax_random_seed_offset", 1.5, "must be an integer"],
    ["jax_platforms", 3, "a string or null"],
  ];
  for (const [key, value, message] of refused) assertThrows(() => update(key, value), ValueError, message);
  assertThrows(() => withConfig({ jax_enable_x64: true, jax_platforms: 3 as never }, () => 0), ValueError);
  assertEquals(config.jax_enable_x64, false);
});

Deno.test("errors: classes and names", () => {
  const error = new TracerBoolConversionError("Attempted boolean conversion");
  assert(error instanceof ConcretizationTypeError && error instanceof TypeError);
  assertEquals(error.name, "TracerBoolConversionError");
  assert(error.stack!.startsWith("TracerBoolConversionError: Attempted"));
  assertEquals(
    error.message,
    "Attempted boolean conversion\n" +
      "See https://docs.jax.dev/en/latest/errors.html#jax.errors.TracerBoolConversionError",
  );
  const index = new NonConcreteBooleanIndexError("x", { cause: 1 });
  assert(index instanceof IndexError && index instanceof RangeError);
  assertEquals([index.name, index.cause], ["NonConcreteBooleanIndexError", 1]);
  assert(
    new JaxRuntimeError("x") instanceof RuntimeError && new TypePromotionError("x") instanceof ValueError,
  );
  assertEquals(String(new ValueError("text")), "ValueError: text");
});

Deno.test("suggest and checkOptions", () => {
  const known = ["axis", "dtype", "keepdims", "where"];
  assertEquals(suggest("axes", known), '; did you mean "axis"?');
  assertEquals(suggest("keepDims", known), '; did you mean "keepdims"?');
  assertEquals(suggest("keep", known), '; did you mean "keepdims"?');
  assertEquals([suggest("precision", known), suggest("x", known)], ["", ""]);
  checkOptions("sum", undefined, known);
  checkOptions("sum", { axis: 0, where: null }, known);
  assertThrows(
    () => checkOptions("sum", { axes: 0 }, known),
    TypeError,
    `sum() got an unexpected keyword argument 'axes'; did you mean "axis"? (options: axis, dtype, keepdims, where)`,
  );
  assertThrows(
    () => checkOptions("sum", [0], known),
    TypeError,
    "sum() takes its options as an object, got an array",
  );
});
