/** Integers, booleans, conversions, comparisons and constants of kernel/scalar.ts. */
import { Variable } from "../../kernel/ir.ts";
import type { Expr, ScalarType } from "../../kernel/ir.ts";
import { variable } from "../../kernel/expr.ts";
import { layoutOf } from "../../kernel/layout.ts";
import { Pair, type Val } from "../../kernel/lowering.ts";
import * as s from "../../kernel/scalar.ts";
import * as dt from "../../core/dtypes.ts";
import type { DType } from "../../core/dtypes.ts";
import { assert, assertEquals, assertThrows } from "../assert.ts";
import { evaluator, type Value } from "./evaluate.ts";

const INTEGERS = [dt.int8, dt.uint8, dt.int16, dt.uint16, dt.int32, dt.uint32, dt.int64, dt.uint64];

/** A function on values of a dtype; pairs are flat. */
function on(dtypes: readonly DType[], f: (...x: Val[]) => Val): (...x: Value[]) => Value[] {
  const variables: Variable[] = [];
  const fresh = (type: ScalarType): Expr => {
    const v = new Variable(type, { mutable: true });
    variables.push(v);
    return variable(v);
  };
  const operands = dtypes.map((d) => {
    const type = s.scalarTypeOf(d);
    return layoutOf(d).components === 2 ? new Pair(fresh(type), fresh(type)) : fresh(type);
  });
  const out = f(...operands);
  return evaluator(out instanceof Pair ? [out.re, out.im] : [out], variables);
}

function edges(d: DType): bigint[] {
  const bits = BigInt(d.bits);
  const [lo, hi] = d.kind === "uint"
    ? [0n, (1n << bits) - 1n]
    : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
  const all = [
    0n,
    1n,
    2n,
    3n,
    5n,
    7n,
    8n,
    15n,
    16n,
    31n,
    32n,
    33n,
    63n,
    64n,
    100n,
    -1n,
    -2n,
    -8n,
    lo,
    lo + 1n,
    hi,
    hi / 3n,
  ];
  return [...new Set(all)].filter((x) => x >= lo && x <= hi);
}

const wrap = (d: DType, x: bigint): bigint =>
  d.kind === "uint" ? BigInt.asUintN(d.bits, x) : BigInt.asIntN(d.bits, x);
const host = (d: DType, x: bigint): Value => d.bits === 64 ? x : Number(x);

Deno.test("scalar: binary operations on integers are those of their width", () => {
  const outside = (d: DType, n: bigint): boolean => n < 0n || n >= BigInt(d.bits);
  const operations: Record<
    string,
    [(d: DType) => (x: Val, y: Val) => Val, (d: DType, x: bigint, y: bigint) => bigint]
  > = {
    shl: [(d) => (x, y) => s.shl(x, y, d), (d, x, n) => outside(d, n) ? 0n : x << n],
    shrArithmetic: [
      (d) => (x, y) => s.shrArithmetic(x, y, d),
      (d, x, n) => BigInt.asIntN(d.bits, x) >> (outside(d, n) ? 63n : n),
    ],
    shrLogical: [
      (d) => (x, y) => s.shrLogical(x, y, d),
      (d, x, n) => outside(d, n) ? 0n : BigInt.asUintN(d.bits, x) >> n,
    ],
    mulhi: [(d) => (x, y) => s.mulhi(x, y, d), (d, x, y) => (x * y) >> BigInt(d.bits)],
    add: [(d) => (x, y) => s.narrowVal(d, s.add(x, y)), (_, x, y) => x + y],
    sub: [(d) => (x, y) => s.narrowVal(d, s.sub(x, y)), (_, x, y) => x - y],
    mul: [(d) => (x, y) => s.narrowVal(d, s.mul(x, y)), (_, x, y) => x * y],
    div: [(d) => (x, y) => s.narrowVal(d, s.div(x, y)), (_, x, y) => y === 0n ? -1n : x / y],
    rem: [(d) => (x, y) => s.narrowVal(d, s.rem(x, y)), (_, x, y) => y === 0n ? x : x % y],
    min: [() => s.min, (_, x, y) => x < y ? x : y],
    max: [() => s.max, (_, x, y) => x > y ? x : y],
  };
  for (const [name, [make, want]] of Object.entries(operations)) {
    for (const d of INTEGERS) {
      const f = on([d, d], make(d));
      for (const x of edges(d)) {
        for (const y of edges(d)) {
          assertEquals(
            f(host(d, x), host(d, y)),
            [host(d, wrap(d, want(d, x, y)))],
            `${name}(${x}, ${y}) of ${d.name}`,
          );
        }
      }
    }
  }
});

Deno.test("scalar: unary operations on integers are those of their width", () => {
  const length = (d: DType, x: bigint): number => x === 0n ? 0 : BigInt.asUintN(d.bits, x).toString(2).length;
  const ones = (d: DType, x: bigint): number =>
    BigInt.asUintN(d.bits, x).toString(2).replaceAll("0", "").length;
  const operations: Record<string, [(d: DType) => (x: Val) => Val, (d: DType, x: bigint) => bigint]> = {
    clz: [(d) => (x) => s.clz(x, d), (d, x) => BigInt(d.bits - length(d, x))],
    popcnt: [(d) => (x) => s.popcnt(x, d), (d, x) => BigInt(ones(d, x))],
    not: [(d) => (x) => s.not(x, d), (_, x) => ~x],
    neg: [(d) => (x) => s.narrowVal(d, s.neg(x)), (_, x) => -x],
    abs: [(d) => (x) => s.narrowVal(d, s.abs(x)), (_, x) => x < 0n ? -x : x],
    sign: [() => s.sign, (_, x) => x > 0n ? 1n : x < 0n ? -1n : 0n],
    cube: [(d) => (x) => s.narrowVal(d, s.integerPow(x, 3)), (_, x) => x ** 3n],
  };
  for (const [name, [make, want]] of Object.entries(operations)) {
    for (const d of INTEGERS) {
      const f = on([d], make(d));
      for (const x of edges(d)) {
        assertEquals(f(host(d, x)), [host(d, wrap(d, want(d, x)))], `${name}(${x}) of ${d.name}`);
      }
    }
  }
});

Deno.test("scalar: booleans are ordered, and their arithmetic is logical", () => {
  const table: Record<string, [(x: Val, y: Val) => Val, (x: number, y: number) => boolean]> = {
    add: [s.add, (x, y) => x + y > 0],
    mul: [s.mul, (x, y) => x * y > 0],
    min: [s.min, (x, y) => Math.min(x, y) > 0],
    max: [s.max, (x, y) => Math.max(x, y) > 0],
    xor: [s.xor, (x, y) => x !== y],
    eq: [s.eq, (x, y) => x === y],
    ne: [s.ne, (x, y) => x !== y],
    lt: [s.lt, (x, y) => x < y],
    le: [s.le, (x, y) => x <= y],
    gt: [s.gt, (x, y) => x > y],
    ge: [s.ge, (x, y) => x >= y],
  };
  for (const [name, [f, want]] of Object.entries(table)) {
    const run = on([dt.bool_, dt.bool_], f);
    for (const x of [0, 1]) {
      for (const y of [0, 1]) assertEquals(run(x === 1, y === 1), [want(x, y)], `${name}(${x}, ${y})`);
    }
  }
  const choose = on([dt.bool_, dt.bool_, dt.bool_], (c, x, y) => s.select(c as Expr, x, y));
  assertEquals(choose(true, true, false), [true]);
  assertEquals(choose(false, true, false), [false]);
});

Deno.test("scalar: complex numbers and keys compare by components", () => {
  const lt = on([dt.complex64, dt.complex64], (x, y) => s.ltComplex(x as Pair, y as Pair));
  const le = on([dt.complex64, dt.complex64], (x, y) => s.leComplex(x as Pair, y as Pair));
  assertEquals([lt(1, 2, 1, 3), lt(1, 3, 1, 3), lt(0, 9, 1, 0), lt(2, 0, 1, 9)], [[true], [false], [true], [
    false,
  ]]);
  assertEquals([le(1, 3, 1, 3), le(1, 4, 1, 3)], [[true], [false]]);
  const max = on([dt.complex64, dt.complex64], s.max), min = on([dt.complex64, dt.complex64], s.min);
  assertEquals([max(1, 2, 1, 3), min(1, 2, 1, 3), max(0, 9, 1, 0)], [[1, 3], [1, 2], [1, 0]]);
  const key = dt.keyDType("threefry2x32");
  const same = on([key, key], s.eq), differ = on([key, key], s.ne);
  assertEquals([same(1, 2, 1, 2), same(1, 2, 1, 3), differ(1, 2, 0, 2), differ(1, 2, 1, 2)], [
    [true],
    [false],
    [true],
    [false],
  ]);
});

Deno.test("scalar: conversions wrap, cut, saturate and round as in JAX", () => {
  const rows: readonly (readonly [DType, DType, Value, Value])[] = [
    [dt.float32, dt.int8, 300, 127],
    [dt.float32, dt.int8, -300, -128],
    [dt.float32, dt.uint8, -3.5, 0],
    [dt.float32, dt.uint8, 255.9, 255],
    [dt.float32, dt.int32, NaN, 0],
    [dt.float32, dt.int32, -2.7, -2],
    [dt.float64, dt.int64, 1e30, 9223372036854775807n],
    [dt.int32, dt.int8, 300, 44],
    [dt.int32, dt.uint16, -1, 65535],
    [dt.int64, dt.float32, 2n ** 60n + 2n ** 36n + 1n, Math.fround(2 ** 60 + 2 ** 37)],
    [dt.float32, dt.bool_, NaN, true],
    [dt.float32, dt.bool_, -0, false],
    [dt.bool_, dt.float32, true, 1],
    [dt.bool_, dt.int64, true, 1n],
    [dt.float32, dt.float16, 65520, Infinity],
    [dt.float32, dt.float16, 65519, 65504],
    [dt.float32, dt.bfloat16, 1 + 2 ** -8, 1],
    [dt.float64, dt.float32, 0.1, Math.fround(0.1)],
  ];
  for (const [from, to, x, want] of rows) {
    assertEquals(
      on([from], (v) => s.convertVal(to, from, v))(x),
      [want],
      `${x} of ${from.name} as ${to.name}`,
    );
  }
  assertEquals(on([dt.float32], (v) => s.convertVal(dt.complex64, dt.float32, v))(2), [2, 0]);
  assertEquals(on([dt.complex64], (v) => s.convertVal(dt.float32, dt.complex64, v))(2, 5), [2]);
  assertThrows(() => on([dt.complex64], (v) => s.convertVal(dt.keyDType("rbg"), dt.complex64, v)), TypeError);
});

Deno.test("scalar: nextafter steps through the numbers of its dtype", () => {
  const rows: readonly (readonly [DType, number, number, number])[] = [
    [dt.float32, 1, 2, 1 + 2 ** -23],
    [dt.float32, 1, 0, 1 - 2 ** -24],
    [dt.float32, 0, -1, -(2 ** -149)],
    [dt.float32, 2 ** -149, 0, 0],
    [dt.float32, -(2 ** -149), 1, -0],
    [dt.float32, Infinity, 0, 3.4028234663852886e38],
    [dt.float32, 0, -0, -0],
    [dt.float64, 1, 2, 1 + 2 ** -52],
    [dt.float64, 0, 1, 5e-324],
    [dt.float64, NaN, 1, NaN],
    [dt.float16, 1, 2, 1 + 2 ** -10],
    [dt.float16, 2 ** -14, 0, 2 ** -14 - 2 ** -24],
    [dt.float16, 2 ** -24, 0, 0],
    [dt.float16, 0, -1, -(2 ** -24)],
    [dt.float16, 65504, Infinity, Infinity],
    [dt.float16, Infinity, 0, 65504],
    [dt.float16, -Infinity, 0, -65504],
    [dt.bfloat16, 1, 2, 1 + 2 ** -7],
    [dt.bfloat16, 0, 1, 2 ** -133],
  ];
  for (const [d, x, y, want] of rows) {
    assertEquals(
      on([d, d], (a, b) => s.nextafter(a, b, d))(x, y),
      [want],
      `nextafter(${x}, ${y}) of ${d.name}`,
    );
  }
});

Deno.test("scalar: reducePrecision rounds to a format", () => {
  const reduce = (d: DType, e: number, m: number): (x: number) => Value => {
    const f = on([d], (x) => s.reducePrecision(x, e, m, d));
    return (x) => f(x)[0]!;
  };
  const half = reduce(dt.float32, 5, 10);
  assertEquals([half(65520), half(65519), half(1e-6), half(-1e-6)], [Infinity, 65504, 0, -0]);
  assertEquals([half(1 + 2 ** -11), half(1 + 3 * 2 ** -11), half(NaN)], [1, 1 + 2 ** -9, NaN]);
  const same = reduce(dt.float16, 5, 10), fewer = reduce(dt.float16, 8, 7);
  assertEquals([same(2 ** -24), same(1 + 2 ** -10), fewer(2 ** -24), fewer(-3 * 2 ** -24)], [
    2 ** -24,
    1 + 2 ** -10,
    0,
    -0,
  ]);
  assertEquals(reduce(dt.float64, 8, 23)(0.1), Math.fround(0.1));
  const pair = on([dt.complex64], (z) => s.reducePrecision(z, 8, 7));
  assertEquals(pair(1 + 2 ** -8, 3), [1, 3]);
});

Deno.test("scalar: integer powers square and multiply, or give the reciprocal", () => {
  for (const n of [0, 1, 2, 3, 7, -1, -3]) {
    assertEquals(on([dt.float64], (x) => s.integerPow(x, n))(2), [2 ** n]);
  }
  assertEquals(on([dt.complex128], (z) => s.integerPow(z, 2))(1, 2), [-3, 4]);
  assertEquals(on([dt.complex128], (z) => s.integerPow(z, 0))(1, 2), [1, 0]);
});

Deno.test("scalar: constants, parts and predicates", () => {
  assertEquals(on([], () => s.constVal(dt.complex64, { re: 1, im: -2 }))(), [1, -2]);
  assertEquals(on([], () => s.oneOf(dt.complex128))(), [1, 0]);
  assertEquals(on([], () => s.zeroOf(dt.int64))(), [0n]);
  assertEquals(on([], () => s.constVal(dt.int8, 200))(), [-56]);
  assertEquals(on([], () => s.oneOf(dt.bool_))(), [true]);
  assertThrows(() => s.constVal(dt.float32, { re: 1, im: 0 }), TypeError);
  assertEquals(on([dt.complex64], s.conj)(1, 2), [1, -2]);
  assertEquals(on([dt.complex64], s.imag)(1, 2), [2]);
  assertEquals(on([dt.float32], s.imag)(1), [0]);
  const finite = on([dt.float32], s.isFinite);
  assertEquals([finite(1), finite(Infinity), finite(NaN)], [[true], [false], [false]]);
  assert(s.isFinite(s.oneOf(dt.int32)).attr === true);
});
