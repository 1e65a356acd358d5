/**
 * Operations on bits: logic, shifts, counts, reinterpretation and rounding to fewer bits.
 *
 * @module
 */
import { binary, bitcast, constant, convert, index as indexOf, select } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import type { Access, Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import { shaped, type ShapedArray, tuple } from "../avals.ts";
import { bool_, type DType, isComplex } from "../dtypes.ts";
import { ValueError } from "../errors.ts";
import type { Primitive } from "../primitive.ts";
import { P } from "../prims.ts";
import { bind, bind1 } from "../trace.ts";
import { moveAxis } from "../batching.ts";
import {
  type Accepts,
  defineElementwise,
  floating,
  integer,
  linearJvp,
  linearTranspose,
} from "./_combinators.ts";

const integerOrBool: Accepts = ["integer", "bool"];

function defineBinary(
  primitive: Primitive,
  accepts: Accepts,
  scalar: (x: Val, y: Val, dtype: DType) => Val,
): void {
  defineElementwise(primitive, {
    accepts: [accepts, accepts],
    scalar: ([x, y], { out }) => scalar(x!, y!, out),
    jvp: "zero",
  });
}

defineBinary(P.and, integerOrBool, s.and);
defineBinary(P.or, integerOrBool, s.or);
defineBinary(P.xor, integerOrBool, s.xor);
defineBinary(P.shift_left, integer, s.shl);
defineBinary(P.shift_right_arithmetic, integer, s.shrArithmetic);
defineBinary(P.shift_right_logical, integer, s.shrLogical);

function defineUnary(primitive: Primitive, accepts: Accepts, scalar: (x: Val, dtype: DType) => Val): void {
  defineElementwise(primitive, {
    accepts: [accepts],
    scalar: ([x], { out }) => scalar(x!, out),
    jvp: "zero",
  });
}

defineUnary(P.not, integerOrBool, s.not);
defineUnary(P.clz, integer, s.clz);
defineUnary(P.population_count, integer, s.popcnt);

defineElementwise(P.reduce_precision, {
  accepts: [floating],
  scalar: ([x], { out }, { exponentBits, mantissaBits }) =>
    s.reducePrecision(x!, exponentBits, mantissaBits, out),
  check: (_avals, { exponentBits, mantissaBits }) => {
    if (exponentBits < 1) {
      throw new ValueError(`reduce_precision: exponent_bits must be positive; got ${exponentBits}`);
    }
    if (mantissaBits < 0) {
      throw new ValueError(`reduce_precision: mantissa_bits must be non-negative; got ${mantissaBits}`);
    }
  },
  jvp: linearJvp(() => P.reduce_precision),
  transpose: linearTranspose((ct, _i, _inputs, params) => bind1(P.reduce_precision, [ct], params)),
});

/** An expression of type u32, or u64 when `wide`, by value. */
const word = (x: Expr, wide: boolean): Expr => convert(wide ? "u64" : "u32", x);

/** The bits of a value as an unsigned integer (u64 for 64-bit dtypes, else u32); bits beyond the width are 0. */
function toBits(dtype: DType, x: Expr): Expr {
  if (dtype.bits === 64) return bitcast("u64", x);
  if (dtype.name === "float16") return halfBits(x);
  const bits = bitcast("u32", x);
  if (dtype.bits === 32) return bits;
  if (dtype.name === "bfloat16") return binary("shr", bits, constant("u32", 16));
  return binary("and", bits, constant("u32", 2 ** dtype.bits - 1));
}

/** The value of a dtype whose bits are those of a u32 or u64; higher bits are ignored. */
function fromBits(dtype: DType, bits: Expr): Expr {
  if (dtype.bits === 64) {
    return bitcast(dtype.kind === "float" ? "f64" : dtype.kind === "int" ? "i64" : "u64", bits);
  }
  const low = word(bits, false);
  if (dtype.name === "float16") return halfFromBits(low);
  if (dtype.name === "bfloat16") return bitcast("f32", binary("shl", low, constant("u32", 16)));
  if (dtype.bits === 32) {
    return bitcast(dtype.kind === "float" ? "f32" : dtype.kind === "int" ? "i32" : "u32", low);
  }
  // Sign extension, or zero extension, of the low bits.
  const up = constant("u32", 32 - dtype.bits), top = binary("shl", low, up);
  if (dtype.kind === "uint") return binary("shr", top, up);
  return binary("shr", bitcast("i32", top), bitcast("i32", up));
}

/** IEEE half precision bits of an f32 that holds a half precision number. */
function halfBits(x: Expr): Expr {
  const u = (n: number): Expr => constant("u32", n);
  const bits = bitcast("u32", x);
  const sign = binary("and", binary("shr", bits, u(16)), u(0x8000));
  const magnitude = binary("and", bits, u(0x7fffffff));
  // Normal numbers: the exponent bias falls from 127 to 15. Subnormal ones are multiples of 2^-24.
  const normal = binary("sub", binary("shr", magnitude, u(13)), u(112 << 10));
  const subnormal = convert("u32", binary("mul", bitcast("f32", magnitude), constant("f32", 2 ** 24)));
  const finite = select(s.lt(magnitude, u(113 << 23)), subnormal, normal);
  const special = binary("or", u(0x7c00), binary("and", binary("shr", magnitude, u(13)), u(0x3ff)));
  return binary("or", sign, select(s.ge(magnitude, u(0x7f800000)), special, finite));
}

/** The f32 of half precision bits. */
function halfFromBits(bits: Expr): Expr {
  const u = (n: number): Expr => constant("u32", n);
  const sign = binary("shl", binary("and", bits, u(0x8000)), u(16));
  const magnitude = binary("and", bits, u(0x7fff));
  const shifted = binary("shl", magnitude, u(13));
  const normal = binary("add", shifted, u(112 << 23));
  const special = binary("or", u(0x7f800000), shifted);
  const subnormal = bitcast("u32", binary("mul", convert("f32", magnitude), constant("f32", 2 ** -24)));
  const finite = select(s.lt(magnitude, u(0x400)), subnormal, normal);
  return bitcast("f32", binary("or", sign, select(s.ge(magnitude, u(0x7c00)), special, finite)));
}

function bitcastShape({ shape, dtype }: ShapedArray, newDtype: DType): readonly number[] {
  if (dtype.bits === newDtype.bits) return shape;
  if (dtype.bits > newDtype.bits) return [...shape, dtype.bits / newDtype.bits];
  const last = shape.at(-1) ?? 1;
  if (last * dtype.bits !== newDtype.bits) {
    throw new ValueError(
      `Attempting to convert array of shape ${
        tuple(shape)
      } from ${dtype.name} of size ${dtype.bits} bits to ` +
        `${newDtype.name} of size ${newDtype.bits}, bits but ${last} * ${dtype.bits} != ${newDtype.bits}`,
    );
  }
  return shape.slice(0, -1);
}

/** Element of the result at an index: the same bits, one part of an element's, or those of a last axis together. */
function bitcastElement(x: Access, from: DType, to: DType, index: readonly Expr[]): Val {
  if (from === to) return x.at(index);
  if (from.bits === to.bits) return fromBits(to, toBits(from, x.at(index) as Expr));
  const wide = from.bits === 64 || to.bits === 64;
  if (from.bits > to.bits) {
    const bits = toBits(from, x.at(index.slice(0, -1)) as Expr);
    const shift = binary("mul", index.at(-1)!, indexOf(to.bits));
    return fromBits(to, binary("shr", bits, word(shift, wide)));
  }
  let bits = constant(wide ? "u64" : "u32", 0);
  for (let k = 0; k < to.bits / from.bits; k++) {
    const part = word(toBits(from, x.at([...index, indexOf(k)]) as Expr), wide);
    bits = binary("or", bits, binary("shl", part, constant(part.type, k * from.bits)));
  }
  return fromBits(to, bits);
}

P.bitcast_convert_type.define({
  abstractEval([x], { newDtype }) {
    const { dtype } = x!;
    if (dtype.kind === "key" || newDtype.kind === "key") {
      const key = dtype.kind === "key" ? dtype : newDtype;
      throw new ValueError(
        `lax.bitcast_convert_type does not accept dtype ${key.name}. Use random.keyData instead.`,
      );
    }
    const shape = bitcastShape(x!, newDtype);
    const opaque = (d: DType): boolean => d === bool_ || isComplex(d);
    if ((opaque(dtype) || opaque(newDtype)) && dtype !== newDtype) {
      throw new TypeError(
        "lax.bitcast_convert_type does not support bool or complex values unless the operand and destination types " +
          `match. Got operand dtype=${dtype.name}, new_dtype=dtype('${newDtype.name}'). Consider using the arr.view() ` +
          "method instead.",
      );
    }
    return [shaped(shape, newDtype)];
  },
  jvp: "zero",
  transpose: "nonlinear",
  // A trailing axis comes or goes, so the mapped axis must not be the last one.
  batch: (_axis, [x], [dim], params) => {
    const front = x!.dtype.bits === params.newDtype.bits ? dim! : 0;
    return [bind(P.bitcast_convert_type, [moveAxis(x!, dim!, front)], params), [front]];
  },
  lower: {
    kind: "pointwise",
    access: "movement",
    compute({ inputs: [x], inAvals, params }, index) {
      return [bitcastElement(x!, inAvals[0]!.dtype, params.newDtype, index)];
    },
  },
});
