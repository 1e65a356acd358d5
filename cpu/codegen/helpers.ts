/**
 * Functions that a module carries only when a kernel calls them: exact float remainder and half precision.
 *
 * @module
 */
import type { FunctionBuilder, ModuleBuilder } from "../wasm/encoder.ts";

type HalfType = "f16" | "bf16";

/** The helper functions of one module, each emitted at its first use. */
export class Helpers {
  readonly #module: ModuleBuilder;
  readonly #functions = new Map<string, number>();

  constructor(module: ModuleBuilder) {
    this.#module = module;
  }

  #once(name: string, make: () => FunctionBuilder): number {
    const known = this.#functions.get(name);
    if (known !== undefined) return known;
    const index = make().index;
    this.#functions.set(name, index);
    return index;
  }

  /** `(x: f64, y: f64) => f64`: C's fmod, exact. For f32 operands too: the remainder of two f32 is an f32. */
  fmod(): number {
    return this.#once("fmod", () => emitFmod(this.#module.function(["f64", "f64"], ["f64"])));
  }

  /** `(x: v128, y: v128) => v128`: i32 or u32 lanes divided as the kernel IR defines it. */
  laneDivision(op: "div" | "rem", unsigned: boolean): number {
    const name = `${op}-${unsigned ? "u" : "s"}`;
    return this.#once(name, () => {
      const f = this.#module.function(["v128", "v128"], ["v128"]);
      emitLaneDivision(f, op, unsigned ? "u" : "s");
      return f;
    });
  }

  /** `(bits: v128) => v128`: the low 16 bits of each i32 lane as f16, widened to f32. */
  unpackF16(): number {
    return this.#once("unpackF16", () => emitUnpackF16(this.#module.function(["v128"], ["v128"])));
  }

  /** `(x: v128) => v128`: each f32 lane rounded to nearest even, its bits in the low half of an i32 lane. */
  packHalf(type: HalfType): number {
    const emit = type === "f16" ? emitPackF16 : emitPackBF16;
    return this.#once(`pack-${type}`, () => emit(this.#module.function(["v128"], ["v128"])));
  }

  /** `(x: v128) => v128`: each f32 lane rounded to a half-precision value, still f32. */
  roundHalf(type: HalfType): number {
    const pack = this.packHalf(type);
    if (type === "bf16") {
      return this.#once("round-bf16", () => {
        const f = this.#module.function(["v128"], ["v128"]);
        f.get(0).call(pack).i32(16).op("i32x4.shl");
        return f;
      });
    }
    const unpack = this.unpackF16();
    return this.#once("round-f16", () => {
      const f = this.#module.function(["v128"], ["v128"]);
      f.get(0).call(pack).call(unpack);
      return f;
    });
  }
}

/**
 * x = mx·2^ex and y = my·2^ey with 53-bit significands: the remainder is mx·2^(ex-ey) mod my, 11 bits of the
 * exponent difference at a time, which is what a 64-bit dividend leaves room for.
 */
function emitFmod(f: FunctionBuilder): FunctionBuilder {
  const [x, y] = [0, 1];
  const [mx, my] = [f.local("i64"), f.local("i64")];
  const [ex, ey, step, sign] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("f64")];
  f.get(x).set(sign);
  f.get(x).op("f64.abs").set(x);
  f.get(y).op("f64.abs").set(y);
  // NaN operands, infinite x and zero y give NaN; an infinite y leaves x.
  f.get(x).f64(Infinity).op("f64.lt").get(y).f64(0).op("f64.gt").op("i32.and").op("i32.eqz").if(() => {
    f.f64(NaN).op("return");
  });
  f.get(x).get(y).op("f64.lt").if(() => f.get(sign).op("return"));
  const split = (value: number, significand: number, exponent: number): void => {
    f.get(value).op("i64.reinterpret_f64").tee(significand).i64(52n).op("i64.shr_u").op("i32.wrap_i64");
    f.set(exponent);
    f.get(significand).i64((1n << 52n) - 1n).op("i64.and").set(significand);
    f.get(exponent).if(
      () => f.get(significand).i64(1n << 52n).op("i64.or").set(significand),
      () => f.i32(1).set(exponent),
    );
  };
  split(x, mx, ex);
  split(y, my, ey);
  f.get(ex).get(ey).op("i32.sub").set(ex);
  f.get(mx).get(my).op("i64.rem_u").set(mx);
  f.block((done) => {
    f.loop((again) => {
      f.get(ex).op("i32.eqz").brIf(done);
      f.i32(11).get(ex).get(ex).i32(11).op("i32.gt_s").op("select").set(step);
      f.get(mx).get(step).op("i64.extend_i32_u").op("i64.shl").get(my).op("i64.rem_u").set(mx);
      f.get(ex).get(step).op("i32.sub").set(ex).br(again);
    });
  });
  // mx < 2^53 is exact in f64, and scaling by 2^(ey - 1075) exact too: the remainder is a multiple of y's last place.
  // Two factors, because the scale itself can be subnormal or its reciprocal overflow.
  const power = (): void => {
    f.op("i64.extend_i32_u").i64(52n).op("i64.shl").op("f64.reinterpret_i64").op("f64.mul");
  };
  f.get(mx).op("f64.convert_i64_u");
  // 2^(ey-1075) = 2^(a-1023) · 2^(b-1023) with a + b = ey + 971, both in the range of normal exponents.
  f.get(ey).i32(971).op("i32.add").i32(1).op("i32.shr_u").tee(step);
  power();
  f.get(ey).i32(971).op("i32.add").get(step).op("i32.sub");
  power();
  f.get(sign).op("f64.copysign");
  return f;
}

/**
 * 32-bit lanes divided as f64, which is exact after truncation: a quotient that is not whole is at least 2^-32 away
 * from the nearest integer, relative to a magnitude below 2^32, and f64 resolves 2^-52.
 */
function emitLaneDivision(f: FunctionBuilder, op: "div" | "rem", sign: "s" | "u"): void {
  const [x, y, quotient] = [0, 1, f.local("v128")];
  const low = (of: number): void => {
    f.get(of).op(`f64x2.convert_low_i32x4_${sign}`);
  };
  const high = (of: number): void => {
    f.get(of).get(of).shuffle([8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]);
    f.op(`f64x2.convert_low_i32x4_${sign}`);
  };
  for (const half of [low, high]) {
    half(x);
    half(y);
    f.op("f64x2.div").op(`i32x4.trunc_sat_f64x2_${sign}_zero`);
  }
  f.shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]).set(quotient);
  // x / 0 = -1, and the least integer / -1 is itself.
  f.splat("i32", -1).get(quotient).get(y).splat("i32", 0).op("i32x4.eq").op("v128.bitselect").set(quotient);
  if (sign === "s") {
    f.get(x).op("i32x4.neg").get(quotient).get(y).splat("i32", -1).op("i32x4.eq").op("v128.bitselect");
    f.set(quotient);
  }
  if (op === "div") f.get(quotient);
  else f.get(x).get(quotient).get(y).op("i32x4.mul").op("i32x4.sub");
}

/** f16 to f32: shift exponent and significand into place and rescale by 2^112, which handles subnormals. */
function emitUnpackF16(f: FunctionBuilder): FunctionBuilder {
  const magnitude = f.local("v128");
  f.get(0).splat("i32", 0x7fff).op("v128.and").i32(13).op("i32x4.shl").set(magnitude);
  // Infinity and NaN: an exponent of all ones stays one.
  f.get(magnitude).splat("i32", 0x7f80_0000).op("v128.or");
  f.get(magnitude).splat("f32", 2 ** 112).op("f32x4.mul");
  f.get(magnitude).splat("i32", 0x0f80_0000).op("i32x4.ge_s").op("v128.bitselect");
  f.get(0).i32(16).op("i32x4.shl").splat("i32", -(2 ** 31)).op("v128.and").op("v128.or");
  return f;
}

/** f32 to f16, to nearest even. */
function emitPackF16(f: FunctionBuilder): FunctionBuilder {
  const [bits, magnitude, result] = [f.local("v128"), f.local("v128"), f.local("v128")];
  f.get(0).set(bits);
  f.get(bits).splat("i32", 0x7fff_ffff).op("v128.and").set(magnitude);
  // Normal results: rebias the exponent by -112 and round the significand at bit 13, ties to even.
  f.get(magnitude).splat("i32", 0xfff - (112 << 23)).op("i32x4.add");
  f.get(magnitude).i32(13).op("i32x4.shr_u").splat("i32", 1).op("v128.and").op("i32x4.add");
  f.i32(13).op("i32x4.shr_u").set(result);
  // Subnormal results, below 2^-14: adding 1/2 leaves the multiple of 2^-24 in the low bits of the sum.
  f.get(magnitude).splat("f32", 0.5).op("f32x4.add").splat("f32", 0.5).op("i32x4.sub");
  f.get(result).get(magnitude).splat("i32", 0x3880_0000).op("i32x4.lt_s").op("v128.bitselect").set(result);
  // From 65520 on: infinity.
  f.splat("i32", 0x7c00).get(result).get(magnitude).splat("i32", 0x477f_f000).op("i32x4.ge_s");
  f.op("v128.bitselect").set(result);
  // NaN: quiet, with the leading payload bits.
  f.get(magnitude).i32(13).op("i32x4.shr_u").splat("i32", 0x3ff).op("v128.and").splat("i32", 0x7e00);
  f.op("v128.or").get(result).get(magnitude).splat("i32", 0x7f80_0000).op("i32x4.gt_s");
  f.op("v128.bitselect");
  f.get(bits).i32(16).op("i32x4.shr_u").splat("i32", 0x8000).op("v128.and").op("v128.or");
  return f;
}

/** f32 to bf16, to nearest even: the high half of the bits after rounding. */
function emitPackBF16(f: FunctionBuilder): FunctionBuilder {
  f.get(0).splat("i32", 0x7fff).op("i32x4.add");
  f.get(0).i32(16).op("i32x4.shr_u").splat("i32", 1).op("v128.and").op("i32x4.add").i32(16).op("i32x4.shr_u");
  f.get(0).i32(16).op("i32x4.shr_u").splat("i32", 0x40).op("v128.or");
  f.get(0).get(0).op("f32x4.eq").op("v128.bitselect");
  return f;
}
