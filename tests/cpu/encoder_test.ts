/**
 * The encoder: LEB128, module structure, and instructions of every family run against their meaning in JS.
 */
import { assert, assertEquals, assertThrows } from "../assert.ts";
import {
  ByteWriter,
  type FunctionBuilder,
  type LaneOpcode,
  type MemoryOpcode,
  ModuleBuilder,
  type PlainOpcode,
  type ValueType,
} from "../../cpu/wasm/encoder.ts";
import { wasmFeatures } from "../../cpu/wasm/features.ts";
import { atomicOpcodes, scalarMemoryOpcodes, scalarOpcodes } from "../../cpu/wasm/opcodes.ts";
import {
  simdLaneMemoryOpcodes,
  simdLaneOpcodes,
  simdMemoryOpcodes,
  simdOpcodes,
} from "../../cpu/wasm/simd_opcodes.ts";
import type { LaneMemoryOpcode } from "../../cpu/wasm/encoder.ts";

type Signature = readonly [parameters: readonly ValueType[], results: readonly ValueType[]];
type WasmFunction = (...operands: (number | bigint)[]) => number | bigint | undefined;

function keys<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table) as K[];
}

/** Signature of an instruction without immediates, read off its name. */
function signatureOf(name: PlainOpcode): Signature {
  const [prefix = "", operation = ""] = name.split(".");
  const vector = prefix === "v128" || /x\d+$/.test(prefix);
  if (!vector) {
    const type = prefix as ValueType;
    const source = /_(i32|i64|f32|f64)(_[su])?$/.exec(operation)?.[1] as ValueType | undefined;
    if (source !== undefined) return [[source], [type]];
    if (operation === "eqz") return [[type], ["i32"]];
    if (/^(eq|ne|[lg][te])(_[su])?$/.test(operation)) return [[type, type], ["i32"]];
    if (/^(clz|ctz|popcnt|abs|neg|ceil|floor|trunc|nearest|sqrt|extend\d+_s)$/.test(operation)) {
      return [[type], [type]];
    }
    return [[type, type], [type]];
  }
  if (operation === "splat") {
    const lane = prefix.split("x")[0] ?? "";
    return [[(lane === "i8" || lane === "i16" ? "i32" : lane) as ValueType], ["v128"]];
  }
  if (/^(any_true|all_true|bitmask)$/.test(operation)) return [["v128"], ["i32"]];
  if (/^(shl|shr_[su])$/.test(operation)) return [["v128", "i32"], ["v128"]];
  if (/^(bitselect|relaxed_n?madd|relaxed_laneselect|relaxed_dot_i8x16_i7x16_add_s)$/.test(operation)) {
    return [["v128", "v128", "v128"], ["v128"]];
  }
  const unary =
    /^(not|abs|neg|sqrt|popcnt|ceil|floor|trunc|nearest|extend_|extadd_|convert_|demote_|promote_|trunc_sat|relaxed_trunc)/;
  return [unary.test(operation) ? ["v128"] : ["v128", "v128"], ["v128"]];
}

function build(
  signature: Signature,
  emit: (body: FunctionBuilder) => void,
  shared = false,
): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder();
  module.memory(shared ? { initial: 1, maximum: 1, shared } : { initial: 1 });
  const body = module.function(...signature);
  emit(body);
  module.exportFunction("run", body.index);
  module.exportMemory("memory");
  return module.toBytes();
}

function instantiate(bytes: Uint8Array<ArrayBuffer>): { run: WasmFunction; memory: WebAssembly.Memory } {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  return { run: exports.run as WasmFunction, memory: exports.memory as WebAssembly.Memory };
}

function assertValid(bytes: Uint8Array<ArrayBuffer>, what: string): void {
  assert(WebAssembly.validate(bytes), `${what} does not validate`);
}

Deno.test("LEB128 covers the range of each integer type", () => {
  const encode = (write: (into: ByteWriter) => void): number[] => {
    const into = new ByteWriter(1);
    write(into);
    return [...into.toBytes()];
  };
  assertEquals(encode((into) => into.u32(624485)), [0xe5, 0x8e, 0x26]);
  assertEquals(encode((into) => into.u32(0xffff_ffff)), [0xff, 0xff, 0xff, 0xff, 0x0f]);
  assertEquals(encode((into) => into.i32(-123456)), [0xc0, 0xbb, 0x78]);
  assertEquals(encode((into) => into.i32(64)), [0xc0, 0x00]);
  assertEquals(encode((into) => into.i32(-64)), [0x40]);
  for (const value of [0, 1, -1, 63, 64, -65, 2 ** 31 - 1, -(2 ** 31)]) {
    assertEquals(instantiate(build([[], ["i32"]], (body) => body.i32(value))).run(), value);
  }
  for (const value of [0n, -1n, 64n, -65n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    assertEquals(instantiate(build([[], ["i64"]], (body) => body.i64(value))).run(), value);
  }
  for (const value of [0, -0, 1.5, Infinity, NaN, 2 ** -1074]) {
    assertEquals(instantiate(build([[], ["f64"]], (body) => body.f64(value))).run(), value);
  }
});

Deno.test("every instruction validates with the signature its name states", () => {
  for (const name of [...keys(scalarOpcodes), ...keys(simdOpcodes)]) {
    if (!name.includes(".")) continue;
    if (/relaxed/.test(name) && !wasmFeatures().relaxedSimd) continue;
    const signature = signatureOf(name);
    assertValid(
      build(signature, (body) => {
        signature[0].forEach((_, operand) => body.get(operand));
        body.op(name);
      }),
      name,
    );
  }
  const accesses: MemoryOpcode[] = [...keys(scalarMemoryOpcodes), ...keys(simdMemoryOpcodes)];
  for (const name of accesses) {
    const type = name.split(".")[0] as ValueType;
    const signature: Signature = /store/.test(name) ? [["i32", type], []] : [["i32"], [type]];
    assertValid(
      build(signature, (body) => {
        signature[0].forEach((_, operand) => body.get(operand));
        body.memory(name, 8);
      }),
      name,
    );
  }
  const lanes: LaneOpcode[] = keys(simdLaneOpcodes);
  for (const name of lanes) {
    const shape = name.split("x")[0] ?? "";
    const type = (shape === "i8" || shape === "i16" ? "i32" : shape) as ValueType;
    const signature: Signature = /replace/.test(name) ? [["v128", type], ["v128"]] : [["v128"], [type]];
    assertValid(
      build(signature, (body) => {
        signature[0].forEach((_, operand) => body.get(operand));
        body.lane(name, 1);
      }),
      name,
    );
  }
  const laneAccesses: LaneMemoryOpcode[] = keys(simdLaneMemoryOpcodes);
  for (const name of laneAccesses) {
    const results: ValueType[] = /load/.test(name) ? ["v128"] : [];
    assertValid(build([["i32", "v128"], results], (body) => body.get(0).get(1).laneMemory(name, 1, 4)), name);
  }
  const atomics: MemoryOpcode[] = keys(atomicOpcodes);
  for (const name of atomics) {
    const type = name.split(".")[0] as ValueType;
    let signature: Signature = [["i32", type], [type]];
    if (/notify/.test(name)) signature = [["i32", "i32"], ["i32"]];
    else if (/wait/.test(name)) signature = [["i32", /32$/.test(name) ? "i32" : "i64", "i64"], ["i32"]];
    else if (/cmpxchg/.test(name)) signature = [["i32", type, type], [type]];
    else if (/load/.test(name)) signature = [["i32"], [type]];
    else if (/store/.test(name)) signature = [["i32", type], []];
    assertValid(
      build(signature, (body) => {
        signature[0].forEach((_, operand) => body.get(operand));
        body.memory(name);
      }, true),
      name,
    );
  }
});

Deno.test("scalar instructions compute what their names say", () => {
  const rows: [PlainOpcode, (number | bigint)[], number | bigint][] = [
    ["i32.eqz", [0], 1],
    ["i32.lt_s", [-1, 1], 1],
    ["i32.lt_u", [-1, 1], 0],
    ["i32.ge_u", [-1, 1], 1],
    ["i64.eqz", [0n], 1],
    ["i64.gt_s", [-1n, 1n], 0],
    ["i64.gt_u", [-1n, 1n], 1],
    ["f32.lt", [1, NaN], 0],
    ["f32.ge", [2, 2], 1],
    ["f64.ne", [NaN, NaN], 1],
    ["f64.le", [1, 2], 1],
    ["i32.clz", [1], 31],
    ["i32.ctz", [8], 3],
    ["i32.popcnt", [-1], 32],
    ["i32.sub", [3, 5], -2],
    ["i32.div_s", [-7, 2], -3],
    ["i32.div_u", [-1, 2], 0x7fff_ffff],
    ["i32.rem_s", [-7, 2], -1],
    ["i32.xor", [6, 3], 5],
    ["i32.shl", [1, 4], 16],
    ["i32.shr_s", [-8, 1], -4],
    ["i32.shr_u", [-8, 1], 0x7fff_fffc],
    ["i32.rotl", [1, 31], -(2 ** 31)],
    ["i32.rotr", [1, 1], -(2 ** 31)],
    ["i64.mul", [3n, -4n], -12n],
    ["i64.rem_u", [7n, 4n], 3n],
    ["i64.rotr", [1n, 1n], -(2n ** 63n)],
    ["f32.abs", [-1.5], 1.5],
    ["f32.nearest", [2.5], 2],
    ["f32.sqrt", [9], 3],
    ["f32.div", [1, 4], 0.25],
    ["f32.min", [-0, 0], -0],
    ["f32.copysign", [1, -2], -1],
    ["f64.neg", [1], -1],
    ["f64.ceil", [1.2], 2],
    ["f64.floor", [-1.2], -2],
    ["f64.trunc", [-1.7], -1],
    ["f64.max", [1, NaN], NaN],
    ["f64.copysign", [3, -0], -3],
    ["i32.wrap_i64", [2n ** 32n + 5n], 5],
    ["i64.extend_i32_s", [-1], -1n],
    ["i64.extend_i32_u", [-1], 0xffff_ffffn],
    ["f32.convert_i64_u", [-1n], 2 ** 64],
    ["f32.demote_f64", [0.1], Math.fround(0.1)],
    ["f64.convert_i32_u", [-1], 2 ** 32 - 1],
    ["f64.promote_f32", [0.5], 0.5],
    ["i32.reinterpret_f32", [1], 0x3f80_0000],
    ["f64.reinterpret_i64", [0x3ff0_0000_0000_0000n], 1],
    ["i32.extend8_s", [0xff], -1],
    ["i32.extend16_s", [0x8000], -0x8000],
    ["i64.extend32_s", [0xffff_ffffn], -1n],
    ["i32.trunc_sat_f32_s", [1e20], 2 ** 31 - 1],
    ["i32.trunc_sat_f64_u", [-5], 0],
    ["i64.trunc_sat_f64_s", [NaN], 0n],
    ["i64.trunc_sat_f64_u", [1e30], -1n],
  ];
  for (const [name, operands, expected] of rows) {
    const { run } = instantiate(build(signatureOf(name), (body) => {
      operands.forEach((_, operand) => body.get(operand));
      body.op(name);
    }));
    assertEquals(run(...operands), expected, name);
  }
});

/** Lanes of `a op b` (or `op a`) computed in wasm; operands and result pass through memory. */
function runVector(name: PlainOpcode, a: ArrayBufferView, b: ArrayBufferView): ArrayBuffer {
  const [parameters, results] = signatureOf(name);
  const { run, memory } = instantiate(build([["i32"], []], (body) => {
    if (results[0] === "v128") body.i32(48);
    body.i32(0).memory("v128.load");
    if (parameters[1] === "v128") body.i32(16).memory("v128.load");
    if (parameters[1] === "i32") body.get(0);
    if (parameters[2] === "v128") body.i32(32).memory("v128.load");
    body.op(name);
    body.memory("v128.store");
  }));
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(new Uint8Array(a.buffer, a.byteOffset, 16), 0);
  bytes.set(new Uint8Array(b.buffer, b.byteOffset, 16), 16);
  bytes.set(new Uint8Array(b.buffer, b.byteOffset, 16), 32);
  run(1);
  return bytes.slice(48, 64).buffer;
}

Deno.test("lane-wise integer SIMD instructions agree with JS on every shape", () => {
  const shapes = [
    ["i8x16", Int8Array, Uint8Array, 8],
    ["i16x8", Int16Array, Uint16Array, 16],
    ["i32x4", Int32Array, Uint32Array, 32],
  ] as const;
  for (const [shape, Signed, Unsigned, bits] of shapes) {
    const indices = [...Array(128 / bits).keys()];
    const a = Signed.of(...indices.map((i) => (i * 37 - 90) ** 3));
    const b = Signed.of(...indices.map((i) => i % 3 === 0 ? a[i]! : 55 - i * 29));
    const ua = new Unsigned(a.buffer), ub = new Unsigned(b.buffer);
    const compare = (op: (x: number, y: number) => boolean) => (x: number, y: number) => op(x, y) ? -1 : 0;
    const rows: [string, (x: number, y: number) => number, boolean?][] = [
      ["add", (x, y) => x + y],
      ["sub", (x, y) => x - y],
      ["eq", compare((x, y) => x === y)],
      ["ne", compare((x, y) => x !== y)],
      ["lt_s", compare((x, y) => x < y)],
      ["lt_u", compare((x, y) => x < y), true],
      ["gt_s", compare((x, y) => x > y)],
      ["gt_u", compare((x, y) => x > y), true],
      ["le_s", compare((x, y) => x <= y)],
      ["le_u", compare((x, y) => x <= y), true],
      ["ge_s", compare((x, y) => x >= y)],
      ["ge_u", compare((x, y) => x >= y), true],
      ["min_s", Math.min],
      ["min_u", Math.min, true],
      ["max_s", Math.max],
      ["max_u", Math.max, true],
      ["abs", Math.abs],
      ["neg", (x) => -x],
      ["shl", (x) => x << 1],
      ["shr_s", (x) => x >> 1],
      ["shr_u", (x) => x >>> 1, true],
    ];
    if (bits > 8) rows.push(["mul", Math.imul]);
    for (const [operation, expected, unsigned = false] of rows) {
      const name = `${shape}.${operation}` as PlainOpcode;
      const [x, y] = unsigned ? [ua, ub] : [a, b];
      const wanted = Signed.of(...indices.map((i) => expected(x[i]!, y[i]!)));
      assertEquals([...new Signed(runVector(name, a, b))], [...wanted], name);
    }
  }
});

Deno.test("64-bit, floating, bitwise and converting SIMD instructions", () => {
  const a64 = BigInt64Array.of(-5n, 7n), b64 = BigInt64Array.of(3n, 7n);
  const rows64: [string, (x: bigint, y: bigint) => bigint][] = [
    ["add", (x, y) => x + y],
    ["sub", (x, y) => x - y],
    ["mul", (x, y) => x * y],
    ["eq", (x, y) => x === y ? -1n : 0n],
    ["ne", (x, y) => x !== y ? -1n : 0n],
    ["lt_s", (x, y) => x < y ? -1n : 0n],
    ["gt_s", (x, y) => x > y ? -1n : 0n],
    ["le_s", (x, y) => x <= y ? -1n : 0n],
    ["ge_s", (x, y) => x >= y ? -1n : 0n],
    ["abs", (x) => x < 0n ? -x : x],
    ["neg", (x) => -x],
    ["shl", (x) => x << 1n],
    ["shr_s", (x) => x >> 1n],
  ];
  for (const [operation, expected] of rows64) {
    const name = `i64x2.${operation}` as PlainOpcode;
    const wanted = BigInt64Array.from(a64, (value, i) => expected(value, b64[i]!));
    assertEquals([...new BigInt64Array(runVector(name, a64, b64))], [...wanted], name);
  }
  const mask = (test: boolean) => test;
  const floatRows: [string, (x: number, y: number) => number | boolean][] = [
    ["add", (x, y) => x + y],
    ["sub", (x, y) => x - y],
    ["mul", (x, y) => x * y],
    ["div", (x, y) => x / y],
    ["min", Math.min],
    ["max", Math.max],
    ["pmin", (x, y) => y < x ? y : x],
    ["pmax", (x, y) => x < y ? y : x],
    ["abs", Math.abs],
    ["neg", (x) => -x],
    ["sqrt", Math.sqrt],
    ["ceil", Math.ceil],
    ["floor", Math.floor],
    ["trunc", Math.trunc],
    ["nearest", (x) => Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x)],
    ["eq", (x, y) => mask(x === y)],
    ["ne", (x, y) => mask(x !== y)],
    ["lt", (x, y) => mask(x < y)],
    ["gt", (x, y) => mask(x > y)],
    ["le", (x, y) => mask(x <= y)],
    ["ge", (x, y) => mask(x >= y)],
  ];
  if (wasmFeatures().relaxedSimd) {
    floatRows.push(["relaxed_madd", (x, y) => x * y + y], ["relaxed_nmadd", (x, y) => -(x * y) + y]);
    floatRows.push(["relaxed_min", Math.min], ["relaxed_max", Math.max]);
  }
  for (
    const [shape, Floats, Bits] of [["f32x4", Float32Array, Int32Array], [
      "f64x2",
      Float64Array,
      BigInt64Array,
    ]] as const
  ) {
    const values: [number[], number[]] = [[-2.5, 4, 1.5, 9], [2, -0.5, 1.5, 3]];
    const a = Floats.from(values[0].slice(0, 16 / Floats.BYTES_PER_ELEMENT));
    const b = Floats.from(values[1].slice(0, a.length));
    for (const [operation, expected] of floatRows) {
      const name = `${shape}.${operation}` as PlainOpcode;
      const result = runVector(name, a, b);
      const got = new Floats(result), bits = new Bits(result);
      a.forEach((value, i) => {
        const wanted = expected(value, b[i]!);
        if (typeof wanted === "boolean") assertEquals(Number(bits[i]), wanted ? -1 : 0, name);
        else assertEquals(got[i], Floats.of(wanted)[0], name);
      });
    }
  }
  const bits = Int32Array.of(0b1100, -1, 0, 5), other = Int32Array.of(0b1010, 7, 9, 4);
  const bitRows: [PlainOpcode, (x: number, y: number) => number][] = [
    ["v128.not", (x) => ~x],
    ["v128.and", (x, y) => x & y],
    ["v128.andnot", (x, y) => x & ~y],
    ["v128.or", (x, y) => x | y],
    ["v128.xor", (x, y) => x ^ y],
    ["v128.bitselect", (x, y) => (x & y) | (y & ~y)],
  ];
  for (const [name, expected] of bitRows) {
    assertEquals(
      [...new Int32Array(runVector(name, bits, other))],
      [...bits].map((x, i) => expected(x, other[i]!)),
    );
  }
  const floats = Float32Array.of(1.5, -2.5, 1e20, NaN), doubles = Float64Array.of(1.5, -2.5);
  const ints = (name: PlainOpcode, x: ArrayBufferView) => [...new Int32Array(runVector(name, x, x))];
  assertEquals(ints("i32x4.trunc_sat_f32x4_s", floats), [1, -2, 2 ** 31 - 1, 0]);
  assertEquals(ints("i32x4.trunc_sat_f32x4_u", floats), [1, 0, -1, 0]);
  assertEquals(ints("i32x4.trunc_sat_f64x2_s_zero", doubles), [1, -2, 0, 0]);
  const signed = Int32Array.of(-1, 2, 3, -4);
  assertEquals([...new Float32Array(runVector("f32x4.convert_i32x4_s", signed, signed))], [-1, 2, 3, -4]);
  assertEquals([...new Float32Array(runVector("f32x4.convert_i32x4_u", signed, signed))][0], 2 ** 32);
  assertEquals([...new Float64Array(runVector("f64x2.convert_low_i32x4_s", signed, signed))], [-1, 2]);
  assertEquals([...new Float32Array(runVector("f32x4.demote_f64x2_zero", doubles, doubles))], [
    1.5,
    -2.5,
    0,
    0,
  ]);
  assertEquals([...new Float64Array(runVector("f64x2.promote_low_f32x4", floats, floats))], [1.5, -2.5]);
  assertEquals([...new BigInt64Array(runVector("i64x2.extend_low_i32x4_s", signed, signed))], [-1n, 2n]);
  assertEquals([...new BigInt64Array(runVector("i64x2.extend_high_i32x4_u", signed, signed))], [
    3n,
    2n ** 32n - 4n,
  ]);
  assertEquals([...new BigInt64Array(runVector("i64x2.extmul_low_i32x4_s", signed, signed))], [1n, 4n]);
});

Deno.test("lanes, shuffles and lane accesses", () => {
  const { run, memory } = instantiate(build([[], ["i32"]], (body) => {
    const vector = body.local("v128");
    body.splat("i32", 7).i32(9).lane("i32x4.replace_lane", 2).set(vector);
    body.i32(16).get(vector).get(vector);
    body.shuffle([8, 9, 10, 11, 0, 1, 2, 3, 24, 25, 26, 27, 4, 5, 6, 7]).memory("v128.store");
    body.i32(32).get(vector).laneMemory("v128.store32_lane", 2);
    body.i32(32).get(vector).laneMemory("v128.load32_lane", 0).lane("i32x4.extract_lane", 0);
  }));
  assertEquals(run(), 9);
  assertEquals([...new Int32Array(memory.buffer, 16, 5)], [9, 7, 9, 7, 9]);
});

Deno.test("control flow: loops, conditionals and branch tables", () => {
  const factorial = instantiate(build([["i64"], ["i64"]], (body) => {
    const product = body.local("i64");
    body.i64(1n).set(product);
    body.block((done) => {
      body.loop((again) => {
        body.get(0).op("i64.eqz").brIf(done);
        body.get(product).get(0).op("i64.mul").set(product);
        body.get(0).i64(1n).op("i64.sub").set(0).br(again);
      });
    });
    body.get(product);
  }));
  assertEquals(factorial.run(20n), 2432902008176640000n);
  const sign = instantiate(build([["f64"], ["i32"]], (body) => {
    body.get(0).f64(0).op("f64.lt").if(() => body.i32(-1), () => body.i32(1), "i32");
  }));
  assertEquals([sign.run(-3), sign.run(3)], [-1, 1]);
  const table = instantiate(build([["i32"], ["i32"]], (body) => {
    body.block((other) => {
      body.block((one) => {
        body.block((zero) => body.get(0).brTable([zero, one], other));
        body.i32(100).op("return");
      });
      body.i32(101).op("return");
    });
    body.i32(-1);
  }));
  assertEquals([0, 1, 2, 50].map((index) => table.run(index)), [100, 101, -1, -1]);
});

Deno.test("modules: imports, tables, globals, data and bulk memory", () => {
  const module = new ModuleBuilder();
  const twice = module.importFunction(["host", "twice"], ["i32"], ["i32"]);
  module.importMemory(["host", "memory"], { initial: 1, maximum: 4, shared: true });
  const base = module.importGlobal(["host", "base"], "i32");
  const counter = module.global("i32", 5);
  const table = module.table(2);
  const add = module.function(["i32"], ["i32"]);
  add.get(0).globalGet(base).op("i32.add");
  const run = module.function(["i32", "i32"], ["i32"]);
  run.globalGet(counter).i32(1).op("i32.add").globalSet(counter);
  run.i32(64).i32(0).i32(4).memoryCopy().i32(80).i32(0xff).i32(4).memoryFill();
  run.get(0).get(1).callIndirect(add.typeIndex, table);
  module.elements(0, [twice, add.index]);
  module.data(0, Uint8Array.of(1, 2, 3, 4));
  module.exportFunction("run", run.index);
  module.exportGlobal("counter", counter);
  module.exportTable("table", table);
  assertThrows(() => module.importFunction(["host", "late"], [], []), TypeError);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), {
    host: { twice: (x: number) => 2 * x, memory, base: 40 },
  });
  const call = exports.run as (value: number, slot: number) => number;
  assertEquals([call(4, 0), call(4, 1)], [8, 44]);
  assertEquals((exports.counter as WebAssembly.Global).value, 7);
  const bytes = new Uint8Array(memory.buffer);
  assertEquals([...bytes.slice(64, 69), ...bytes.slice(80, 84)], [1, 2, 3, 4, 0, 255, 255, 255, 255]);
});

Deno.test("atomics on a shared memory", () => {
  const { run, memory } = instantiate(build([[], ["i32"]], (body) => {
    body.i32(0).i32(5).memory("i32.atomic.store").i32(0).i32(3).memory("i32.atomic.rmw.add").op("drop");
    body.i32(0).i32(8).i32(20).memory("i32.atomic.rmw.cmpxchg").op("drop");
    body.atomicFence().i32(0).i32(1).memory("memory.atomic.notify").op("drop");
    body.i32(0).i32(1).i64(0n).memory("memory.atomic.wait32").op("drop");
    body.i32(0).memory("i32.atomic.load");
  }, true));
  assertEquals(run(), 20);
  assertEquals(new Int32Array(memory.buffer)[0], 20);
});

Deno.test("released locals are reused by type", () => {
  const body = new ModuleBuilder().function(["i32"], []);
  const first = body.local("v128");
  body.release(first);
  assertEquals(body.local("v128"), first);
  assert(body.local("i32") !== first);
  assertThrows(() => body.release(0), RangeError);
});
