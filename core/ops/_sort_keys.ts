/**
 * Numbers as unsigned words in the same order, which sorts compare and take digits of.
 *
 * @module
 */
import { binary, bitcast, compare, constant, convert, index, select, unary } from "../../kernel/expr.ts";
import type { Expr } from "../../kernel/ir.ts";
import { scalarTypeOf } from "../../kernel/layout.ts";
import type { Pair, RoutineOperand, Val } from "../../kernel/lowering.ts";
import type { DType } from "../dtypes.ts";

/** How numbers of a dtype travel as words, and the keys of these words. */
export interface Carrier {
  readonly storage: "u32" | "u64";
  /** Bits of a key that can be set. */
  readonly bits: number;
  /** The bits of a number. */
  readonly word: (x: Expr) => Expr;
  /** The number of these bits. */
  readonly value: (word: Expr) => Expr;
  /** Unsigned number in the order of the numbers. */
  readonly key: (word: Expr) => Expr;
}

/** Bits of a float32 that are always zero in numbers that were widened. */
const unusedBits: Readonly<Record<string, number>> = { float16: 13, bfloat16: 16 };

/**
 * The carrier of a real dtype. With `total`, floats are in the total order of IEEE 754, in which NaN with the sign
 * bit set comes first and -0 before +0; else all NaN are equal and last, and -0 equals +0.
 */
export function carrierOf(dtype: DType, total: boolean): Carrier {
  const type = scalarTypeOf(dtype),
    storage = type === "i64" || type === "u64" || type === "f64" ? "u64" : "u32";
  const word = (x: Expr): Expr => type === "bool" ? convert("u32", x) : bitcast(storage, x);
  const value = (w: Expr): Expr => type === "bool" ? convert("bool", w) : bitcast(type, w);
  const width = storage === "u64" ? 64 : 32, sign = constant(storage, 1n << BigInt(width - 1));
  switch (dtype.kind) {
    case "int": {
      // The least number becomes 0.
      const offset = constant(storage, 1n << BigInt(dtype.bits - 1));
      return { storage, bits: dtype.bits, word, value, key: (w) => binary("add", w, offset) };
    }
    case "float": {
      const unused = unusedBits[dtype.name] ?? 0;
      const key = (w: Expr): Expr => {
        const k = total ? totalKey(w, sign) : canonicalKey(w, sign);
        return unused === 0 ? k : binary("shr", k, constant(storage, unused));
      };
      return { storage, bits: width - unused, word, value, key };
    }
    default:
      return { storage, bits: dtype.kind === "bool" ? 1 : dtype.bits, word, value, key: (w) => w };
  }
}

/** Negative floats have all bits flipped, so that greater magnitudes are less; others only the sign. */
function totalKey(w: Expr, sign: Expr): Expr {
  const signed = w.type === "u64" ? "i64" : "i32", bits = w.type === "u64" ? 63 : 31;
  const spread = bitcast(w.type, binary("shr", bitcast(signed, w), constant(signed, bits)));
  return binary("xor", w, binary("or", spread, sign));
}

function canonicalKey(w: Expr, sign: Expr): Expr {
  const infinity = constant(w.type, w.type === "u64" ? 0x7ff0000000000000n : 0x7f800000);
  const magnitude = binary("and", w, unary("not", sign));
  const key = select(compare("eq", magnitude, constant(w.type, 0)), sign, totalKey(w, sign));
  return select(compare("gt", magnitude, infinity), constant(w.type, -1), key);
}

/** A part of an operand that is compared. */
export interface SortKey {
  readonly operand: RoutineOperand;
  readonly carrier: Carrier;
  /** The number in an element of the operand. */
  readonly part: (x: Val) => Expr;
}

/** The keys of an operand, the most significant first: complex numbers compare by real, then imaginary part. */
export function keysOf(operand: RoutineOperand, real: DType, total: boolean): SortKey[] {
  const carrier = carrierOf(real, total);
  if (operand.aval.dtype.kind !== "complex") return [{ operand, carrier, part: (x) => x as Expr }];
  return [
    { operand, carrier, part: (x) => (x as Pair).re },
    { operand, carrier, part: (x) => (x as Pair).im },
  ];
}

/** Digit `place` of a key, of `bits` bits: an index. */
export function digit(key: Expr, place: number, bits: number): Expr {
  const shifted = place === 0 ? key : binary("shr", key, constant(key.type, place * bits));
  return binary("and", bitcast("i32", convert("u32", shifted)), index((1 << bits) - 1));
}
